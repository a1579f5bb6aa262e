//! The outcome of a request is told: in its OVERLAPPED, then by event, port or completion routine.

use crate::abi::{WSAOVERLAPPED, WSS_OPERATION_IN_PROGRESS};
use crate::error::status::status;
use crate::error::{Result, WsaError};
use crate::object::apc::Routine;
use crate::object::layered::Layered;
use crate::object::port::{Association, Packet};
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
    if let (Some(caller), Some(function)) = (&completion.caller, completion.routine) {
        let routine = Routine {
            function,
            overlapped: completion.overlapped.address(),
            outcome,
            socket: std::ptr::from_ref(socket) as usize,
        };
        upcall::queue_routine(caller, routine);
    }
    let association = socket
        .association
        .get()
        // A routine that was asked for before the socket had a port tells all.
        .filter(|_| completion.caller.is_none() && !(at_once && socket.state.has(State::SKIPS_PORT)));
    signal(completion.event, association, completion.overlapped, outcome);
    super::result::wake(socket);
}

/// Tells that a request was ended before its time; with the last WSPCleanup only in its OVERLAPPED (WSPCleanup.4).
pub(super) fn given_up(socket: &Socket, completion: &Completion, outcome: Outcome) {
    let owner = completion.owner.as_deref().unwrap_or(socket);
    if socket.state.has(State::SILENCED) || owner.state.has(State::SILENCED) {
        if let Some(caller) = &completion.caller {
            upcall::release(caller);
        }
        only_status(completion, outcome);
        // A thread that waits for the result is in a blocking call (WSPCleanup.3).
        super::result::wake(owner);
    } else {
        complete(socket, completion, outcome, false);
    }
}

/// Sets the event, and posts a packet unless the low bit of `hEvent` keeps it away (NEED-S9).
#[inline]
fn signal(
    event: usize,
    association: Option<&Association>,
    overlapped: UserPointer<WSAOVERLAPPED>,
    outcome: Outcome,
) {
    if event & !1 != 0 {
        upcall::set_event(event & !1);
    }
    if let Some(association) = association
        && !overlapped.is_null()
        && event & 1 == 0
    {
        association.port.report(Packet {
            key: association.key,
            overlapped: overlapped.address(),
            bytes: outcome.bytes,
            error: outcome.error,
        });
    }
}

/// Puts the outcome into the OVERLAPPED, in the order of OV.21: who sees that Internal has changed finds the rest in
/// place. A structure that is gone by now is the program's affair.
fn only_status(completion: &Completion, outcome: Outcome) {
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

/// Tells the end of a request on a layered provider's handle (WPUCompleteOverlappedRequest.3, .4, NEED-S9). `Offset` and
/// `OffsetHigh` are the provider's.
pub(crate) fn complete_layered(
    layered: &Layered,
    structure: UserPointer<WSAOVERLAPPED>,
    outcome: Outcome,
) -> Result<()> {
    // Once Internal says that the request has ended the structure may be gone.
    let event = field::<usize>(structure, offset_of!(WSAOVERLAPPED, hEvent)).read()?;
    field(structure, offset_of!(WSAOVERLAPPED, InternalHigh)).write(outcome.bytes as usize)?;
    fence(Ordering::Release);
    field(structure, offset_of!(WSAOVERLAPPED, Internal)).write(outcome.error.map_or(0, status) as usize)?;
    signal(event, layered.association.get(), structure, outcome);
    Ok(())
}

/// A request that was not started after all: only the structure is no longer in progress (OV.5).
pub(super) fn nothing_started(completion: &Completion, error: WsaError) {
    if let Some(caller) = &completion.caller {
        upcall::release(caller);
    }
    only_status(completion, Outcome::failure(error));
}
