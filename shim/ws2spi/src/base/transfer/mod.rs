//! WSPSend, WSPSendTo, WSPRecv and WSPRecvFrom.
//!
//! One buffer without flags is what programs are made of: its way is one look at the socket's state and one system
//! call, without a lock or an allocation. Everything else is kept out of that way:
//!
//! - `buffers`: the caller's array of buffers
//! - `send`, `receive`: the two directions
//! - `later`: overlapped transfers
//! - `message`: WSARecvMsg and WSASendMsg, with the control data of `control`
//! - `judgement`: why a socket cannot transfer, and what the kernel's errors say about it
//! - `urgent`: out-of-band data

mod buffers;
mod control;
mod judgement;
mod later;
mod message;
mod receive;
mod send;
mod urgent;

pub(super) use judgement::{check_not_shut, check_stream_send, datagram_failure, stream_failure};
pub(super) use later::without_waiting;
pub(crate) use message::{receive_message, send_with_control};
pub(crate) use receive::{From, receive, receive_from};
pub(super) use send::default_destination;
pub(crate) use send::{To, send, send_to};

use super::blocking;
use crate::error::{Operation, Result};
use crate::object::table::Reference;
use crate::sys::errno::{self, Errno};
use crate::sys::guard::UserPointer;
use std::time::Duration;

/// Runs one transfer, waiting or not as the socket does. What ends it other than waiting comes back as the kernel's
/// errno, for the caller to judge.
#[inline(always)]
pub(super) fn attempt<T>(
    socket: &Reference,
    operation: Operation,
    mut call: impl FnMut(i32) -> errno::Result<T>,
) -> Result<errno::Result<T>> {
    blocking::uninterrupted(socket, operation, |wait| to_judge(call(wait)))
}

/// [`attempt`] for what goes on with a call that is to end at `limit`.
fn attempt_until<T>(
    socket: &Reference,
    operation: Operation,
    limit: Option<Duration>,
    mut call: impl FnMut(i32) -> errno::Result<T>,
) -> Result<errno::Result<T>> {
    blocking::uninterrupted_until(socket, operation, limit, |wait| to_judge(call(wait)))
}

#[inline(always)]
fn to_judge<T>(outcome: errno::Result<T>) -> errno::Result<errno::Result<T>> {
    match outcome {
        Err(errno @ Errno(libc::EINTR | libc::EAGAIN)) => Err(errno),
        outcome => Ok(outcome),
    }
}

/// Tells the caller how many bytes went; the output may be NULL.
#[inline(always)]
fn report(count: UserPointer<u32>, bytes: usize) -> Result<()> {
    if let Some(count) = count.non_null() {
        count.write(u32::try_from(bytes).unwrap_or(u32::MAX))?;
    }
    Ok(())
}
