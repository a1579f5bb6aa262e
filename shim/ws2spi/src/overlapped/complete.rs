//! The outcome of a request is told: in its OVERLAPPED, then by event, port or completion routine.

use crate::abi::{WSAOVERLAPPED, WSS_OPERATION_IN_PROGRESS};
use crate::error::status::status;
use crate::error::{Result, WsaError};
use crate::object::port::Packet;
use crate::object::request::{Completion, Outcome};
use crate::object::socket::{Socket, State};
use crate::sys::guard::{Fault, UserPointer};
use crate::upcall;
use std::mem::offset_of;
use std::sync::atomic::{Ordering, fence};

fn field<T>(structure: UserPointer<WSAOVERLAPPED>, offset: usize) -> UserPointer<T> {
    structure.cast::<u8>().add(offset).cast()
}

/// Marks the structure as in progress; its `hEvent`.
#[inline]
pub(super) fn mark_pending(structure: UserPointer<WSAOVERLAPPED>) -> Result<usize> {
    let event = field::<usize>(structure, offset_of!(WSAOVERLAPPED, hEvent)).read()?;
    field(structure, offset_of!(WSAOVERLAPPED, Internal)).write(WSS_OPERATION_IN_PROGRESS as usize)?;
    Ok(event)
}

/// Tells the end of a request, `at_once` or later (OV.3, OV.9, OV.11, OV.22).
pub(super) fn complete(socket: &Socket, completion: &Completion, outcome: Outcome, at_once: bool) {
    let socket = completion.owner.as_deref().unwrap_or(socket);
    only_status(completion, outcome);
    if let Some(thread) = completion.thread {
        upcall::queue_routine(
            completion.routine,
            completion.overlapped.address(),
            outcome,
            thread,
            std::ptr::from_ref(socket) as usize,
        );
    }
    let event = completion.event & !1;
    if event != 0 {
        upcall::set_event(event);
    }
    // The low bit of hEvent keeps the packet away (NEED-S9).
    if let Some(association) = socket.association.get()
        && completion.event & 1 == 0
        && !(at_once && socket.state.has(State::SKIPS_PORT))
    {
        association.port.post(Packet {
            key: association.key,
            overlapped: completion.overlapped.address(),
            bytes: outcome.bytes,
            error: outcome.error,
        });
    }
    super::result::wake(socket);
}

/// Puts the outcome into the OVERLAPPED, in the order of OV.21: who sees that Internal has changed finds the rest in
/// place. A structure that is gone by now is the program's affair.
pub(super) fn only_status(completion: &Completion, outcome: Outcome) {
    if completion.overlapped.is_null() {
        return;
    }
    let _ = fill(completion.overlapped, outcome);
}

fn fill(structure: UserPointer<WSAOVERLAPPED>, outcome: Outcome) -> std::result::Result<(), Fault> {
    let code = outcome.error.map_or(0, WsaError::code) as u32;
    field(structure, offset_of!(WSAOVERLAPPED, Offset)).write([outcome.flags, code])?;
    field(structure, offset_of!(WSAOVERLAPPED, InternalHigh)).write(outcome.bytes as usize)?;
    fence(Ordering::Release);
    field(structure, offset_of!(WSAOVERLAPPED, Internal)).write(outcome.error.map_or(0, status) as usize)
}

/// A request that was not started after all: only the structure is no longer in progress (OV.5).
pub(super) fn nothing_started(completion: &Completion, error: WsaError) {
    if let Some(thread) = completion.thread
        && thread.is_ours
    {
        upcall::close_thread(thread);
    }
    only_status(completion, Outcome::failure(error));
}
