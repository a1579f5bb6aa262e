//! WSPSend and WSPSendTo.

use super::buffers::{Array, Batches, one};
use super::judgement::{check_not_shut, check_stream_send, datagram_failure, stream_failure};
use super::{attempt, attempt_until, later, report};
use crate::abi::*;
use crate::address::inet::Inet;
use crate::base::bind::bind_implicitly;
use crate::base::blocking;
use crate::base::enter;
use crate::error::{Operation, Result, WsaError};
use crate::object::socket::{Socket, State};
use crate::object::table::Reference;
use crate::object::thread;
use crate::overlapped::{Overlapped, selection};
use crate::sys::errno;
use crate::sys::guard::UserPointer;
use crate::sys::socket as kernel;
use std::time::Duration;

/// Where a datagram is to go.
#[derive(Clone, Copy)]
pub(crate) struct To {
    pub(crate) name: UserPointer<SOCKADDR>,
    pub(crate) length: i32,
}

/// WSPSend: sends on a connected socket.
#[inline(always)]
pub(crate) fn send(
    handle: SOCKET,
    buffers: UserPointer<WSABUF>,
    count: u32,
    sent: UserPointer<u32>,
    flags: u32,
    overlapped: Overlapped,
) -> Result<()> {
    let socket = enter(handle)?;
    let array = Array {
        first: buffers,
        count,
    };
    if overlapped.is_asked_on(&socket) {
        return later::send(&socket, array, sent, flags, None, Some(overlapped));
    }
    if socket.state.has(APART) {
        return send_apart(&socket, array, sent, flags, None);
    }
    send_now(&socket, array, sent, flags, None)
}

/// WSPSendTo: sends a datagram to an address; on a stream the same as WSPSend (WSPSendTo.2).
#[inline(always)]
pub(crate) fn send_to(
    handle: SOCKET,
    buffers: UserPointer<WSABUF>,
    count: u32,
    sent: UserPointer<u32>,
    flags: u32,
    to: To,
    overlapped: Overlapped,
) -> Result<()> {
    let socket = enter(handle)?;
    let array = Array {
        first: buffers,
        count,
    };
    if overlapped.is_asked_on(&socket) {
        return later::send(&socket, array, sent, flags, Some(to), Some(overlapped));
    }
    if socket.state.has(APART) {
        return send_apart(&socket, array, sent, flags, Some(to));
    }
    send_now(&socket, array, sent, flags, Some(to))
}

/// What keeps a send off the short way.
const APART: State = State::SENDS_QUEUED.union(State::SELECTED);

/// A send that others are before (OV.17), or that re-enables FD_WRITE (WSPSend.8).
#[cold]
fn send_apart(
    socket: &Reference,
    array: Array,
    sent: UserPointer<u32>,
    flags: u32,
    to: Option<To>,
) -> Result<()> {
    if socket.state.has(State::SENDS_QUEUED) {
        return later::send(socket, array, sent, flags, to, None);
    }
    let outcome = send_now(socket, array, sent, flags, to);
    selection::sent(socket, outcome);
    outcome
}

/// `to`: what WSPSendTo was given.
#[inline(always)]
fn send_now(
    socket: &Reference,
    array: Array,
    sent: UserPointer<u32>,
    flags: u32,
    to: Option<To>,
) -> Result<()> {
    let bytes = if socket.protocol.is_stream() {
        send_on_stream(socket, array, flags)?
    } else {
        check_not_shut(socket)?;
        match to {
            Some(to) if !to.name.is_null() => {
                let to = destination(socket, to)?;
                bind_implicitly(socket)?;
                send_datagram(socket, array, flags, to.as_bytes())?
            }
            to => {
                let nowhere = if to.is_some() {
                    WsaError::WSAEDESTADDRREQ
                } else {
                    WsaError::WSAENOTCONN
                };
                let to = default_destination(socket).ok_or(nowhere)?;
                send_datagram(socket, array, flags, to)?
            }
        }
    };
    report(sent, bytes)
}

/// Where a datagram goes that names no destination: to the peer, whom the kernel knows, or to the socket's multipoint
/// session (WSPJoinLeaf.1).
#[inline]
pub(in crate::base) fn default_destination(socket: &Socket) -> Option<&[u8]> {
    if socket.state.has(State::CONNECTED) {
        Some(&[])
    } else {
        socket.session_destination().map(Inet::as_bytes)
    }
}

/// The destination that the caller names.
#[inline]
pub(super) fn destination(socket: &Socket, to: To) -> Result<Inet> {
    let to = Inet::read(to.name, to.length, socket.protocol.family)?;
    // Raw sockets have no ports.
    if to.is_wildcard() || to.is_portless() && socket.protocol.kind == SOCK_DGRAM {
        return Err(WsaError::WSAEADDRNOTAVAIL);
    }
    Ok(to)
}

/// The kernel's flags for the caller's (WSPSend.5). MSG_DONTROUTE may be ignored, and is.
pub(super) fn kernel_flags(socket: &Socket, flags: u32) -> Result<i32> {
    let allowed = if socket.protocol.has_out_of_band() {
        MSG_DONTROUTE | MSG_OOB
    } else {
        MSG_DONTROUTE
    };
    if flags & !allowed != 0 {
        return Err(WsaError::WSAEOPNOTSUPP);
    }
    Ok(if flags & MSG_OOB != 0 { libc::MSG_OOB } else { 0 })
}

#[inline(always)]
fn send_on_stream(socket: &Reference, array: Array, flags: u32) -> Result<usize> {
    check_stream_send(socket)?;
    let limit = blocking::limit(socket, Operation::Send);
    if flags == 0 && array.count == 1 {
        let (from, length) = one(array.first)?;
        let sent = stream_call(socket, |wait| {
            kernel::send(&socket.descriptor, from, length, wait, &[])
        })?;
        if sent == length as usize || socket.state.has(State::NONBLOCKING) {
            return Ok(sent);
        }
        return send_rest(socket, array, sent, 0, limit);
    }
    let flags = kernel_flags(socket, flags)?;
    send_rest(socket, array, 0, flags, limit)
}

#[inline(always)]
fn stream_call(socket: &Reference, call: impl FnMut(i32) -> errno::Result<usize>) -> Result<usize> {
    attempt(socket, Operation::Send, call)?.map_err(|errno| stream_failure(socket, Operation::Send, errno))
}

/// Sends what the buffers hold beyond the first `sent` bytes: all of it on a blocking socket (OBS.31), as much as there
/// is room for on another (WSPSend.2). `limit`: when SO_SNDTIMEO is over, which began with the program's call.
#[cold]
fn send_rest(
    socket: &Reference,
    array: Array,
    mut sent: usize,
    flags: i32,
    limit: Option<Duration>,
) -> Result<usize> {
    check_array(array)?;
    let nonblocking = socket.state.has(State::NONBLOCKING);
    let mut batches = Batches::new(array)?;
    batches.advance(sent)?;
    loop {
        // The count tells the caller where the stream stands, so that it stays whole (WSPCancelBlockingCall.7).
        if sent > 0 && !nonblocking && thread::was_cancelled() {
            return Ok(sent);
        }
        let length = batches.length();
        // The last byte of all is the urgent one.
        let flags = if batches.is_last() { flags } else { 0 };
        let outcome = attempt_until(socket, Operation::Send, limit, |wait| {
            kernel::send_message(&socket.descriptor, batches.batch(), flags | wait, &[])
        });
        let outcome =
            outcome.and_then(|sent| sent.map_err(|errno| stream_failure(socket, Operation::Send, errno)));
        match outcome {
            Ok(bytes) => {
                sent += bytes;
                batches.advance(bytes)?;
                if batches.is_done() || nonblocking && bytes < length {
                    return Ok(sent);
                }
            }
            Err(WsaError::WSAEWOULDBLOCK) if sent > 0 => return Ok(sent),
            Err(error) => return Err(error),
        }
    }
}

/// There are buffers, and all of the array can be read, before anything goes out.
pub(super) fn check_array(array: Array) -> Result<()> {
    if array.count == 0 {
        return Err(WsaError::WSAEINVAL);
    }
    array.total().map(drop)
}

#[inline(always)]
fn send_datagram(socket: &Reference, array: Array, flags: u32, to: &[u8]) -> Result<usize> {
    if flags != 0 {
        kernel_flags(socket, flags)?;
    }
    if array.count == 1 {
        let (from, length) = one(array.first)?;
        return send_message(socket, length.into(), |wait| {
            kernel::send(&socket.descriptor, from, length, wait, to)
        });
    }
    send_scattered(socket, array, to)
}

#[cold]
fn send_scattered(socket: &Reference, array: Array, to: &[u8]) -> Result<usize> {
    if array.count == 0 {
        return Err(WsaError::WSAEINVAL);
    }
    let total = array.total()?;
    if array.is_long() {
        let mut bytes = array.gather()?;
        let length = bytes.len() as u32;
        let from = UserPointer::to_own(&mut bytes);
        return send_message(socket, total, |wait| {
            kernel::send(&socket.descriptor, from, length, wait, to)
        });
    }
    let batches = Batches::new(array)?;
    send_message(socket, total, |wait| {
        kernel::send_message(&socket.descriptor, batches.batch(), wait, to)
    })
}

/// Sends one message of `length` bytes, whole or not at all.
#[inline(always)]
pub(super) fn send_message(
    socket: &Reference,
    length: u64,
    mut call: impl FnMut(i32) -> errno::Result<usize>,
) -> Result<usize> {
    // WSPSend.3. What a raw socket can send depends on the headers it brings; the kernel knows.
    if length > socket.protocol.message_size().into() && socket.protocol.kind == SOCK_DGRAM {
        return Err(WsaError::WSAEMSGSIZE);
    }
    let mut attempts = 0;
    loop {
        match attempt(socket, Operation::Send, &mut call)? {
            Ok(bytes) => return Ok(bytes),
            Err(errno) => datagram_failure(socket, Operation::Send, errno, &mut attempts)?,
        }
    }
}
