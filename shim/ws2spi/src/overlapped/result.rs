//! WSPGetOverlappedResult.

use super::wait::{Limit, Woken, current, until};
use crate::abi::{WSAOVERLAPPED, WSS_OPERATION_IN_PROGRESS};
use crate::error::{Result, WsaError};
use crate::object::apc::Thread;
use crate::object::event::Event;
use crate::object::request::Outcome;
use crate::object::socket::Socket;
use crate::object::table::{self, Reference};
use crate::sys::guard::UserPointer;
use crate::upcall;
use std::sync::Arc;
use std::sync::atomic::{Ordering, fence};

/// The outcome of the request that `structure` belongs to, waiting for its end if `wait` says so; WSA_IO_INCOMPLETE
/// while it runs.
pub(crate) fn result(
    socket: &Reference,
    structure: UserPointer<WSAOVERLAPPED>,
    wait: bool,
) -> Result<Outcome> {
    if let Some(outcome) = ended(structure)? {
        return Ok(outcome);
    }
    if !wait {
        return Err(WsaError::WSA_IO_INCOMPLETE);
    }
    if upcall::events_are_ours() && table::find::<Event>(structure.read()?.hEvent as usize & !1).is_none() {
        return Err(WsaError::WSA_INVALID_HANDLE);
    }
    wait_for_end(socket, structure)
}

/// The outcome of the request, whose end is waited for, whether it has an event or not.
pub(crate) fn wait_for_end(socket: &Reference, structure: UserPointer<WSAOVERLAPPED>) -> Result<Outcome> {
    let thread = current();
    let woken = awaiting(socket, &thread, || {
        until(&thread, Limit::Never, false, || ended(structure).transpose())
    });
    match woken {
        Woken::Satisfied(answer) => answer,
        Woken::TimedOut | Woken::Alerted => Err(WsaError::WSA_IO_INCOMPLETE),
    }
}

/// Has `thread`, the calling one, notified of each end of a request while it waits.
pub(super) fn awaiting<T>(socket: &Socket, thread: &Arc<Thread>, wait: impl FnOnce() -> T) -> T {
    let requests = socket.requests();
    requests.result_awaited.lock().push(Arc::clone(thread));
    requests.is_result_awaited.store(true, Ordering::SeqCst);
    let answer = wait();
    let mut awaited = requests.result_awaited.lock();
    let place = awaited.iter().position(|other| Arc::ptr_eq(other, thread));
    let left = place.map(|place| awaited.swap_remove(place));
    requests
        .is_result_awaited
        .store(!awaited.is_empty(), Ordering::SeqCst);
    drop(awaited);
    drop(left);
    answer
}

/// The outcome of the request, if it has ended.
pub(super) fn ended(structure: UserPointer<WSAOVERLAPPED>) -> Result<Option<Outcome>> {
    let internal = structure.cast::<usize>().read()?;
    if internal as u32 == WSS_OPERATION_IN_PROGRESS {
        return Ok(None);
    }
    // Internal was written last (OV.21).
    fence(Ordering::Acquire);
    let all = structure.read()?;
    Ok(Some(Outcome {
        error: (all.OffsetHigh != 0).then(|| WsaError::from_code(all.OffsetHigh as i32)),
        bytes: all.InternalHigh as u32,
        flags: all.Offset,
    }))
}

/// A request of the socket has ended: who waits for its result looks.
#[inline]
pub(super) fn wake(socket: &Socket) {
    let Some(requests) = socket.requests.get() else {
        return;
    };
    if requests.is_result_awaited.load(Ordering::SeqCst) {
        let awaited = requests.result_awaited.lock().clone();
        awaited.iter().for_each(|thread| thread.sleeper.notify());
    }
}
