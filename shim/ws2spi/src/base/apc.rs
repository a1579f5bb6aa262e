//! Threads as others name them, and the asynchronous procedure calls (APCs) that are queued to them: our own, as
//! WPUOpenCurrentThread and WPUQueueApc give them to providers.

use super::lifecycle::check_started;
use crate::abi::{HANDLE, LPWSAUSERAPC, WSATHREADID};
use crate::error::{Result, WsaError};
use crate::object::apc::{self, Apc, ThreadHandle};
use crate::object::table::{self, Reference};
use crate::sys::guard::UserPointer;

/// WPUOpenCurrentThread: names the calling thread.
pub(crate) fn open_current_thread(id: UserPointer<WSATHREADID>) -> Result<()> {
    check_started()?;
    let handle = apc::open_current()?;
    let named = WSATHREADID {
        ThreadHandle: handle as HANDLE,
        Reserved: 0,
    };
    id.write(named).map_err(|fault| {
        if let Some(thread) = table::find::<ThreadHandle>(handle) {
            thread.close();
        }
        fault.into()
    })
}

/// The thread that a structure names; WSAEFAULT if it names none (WPUQueueApc.2).
fn find(id: UserPointer<WSATHREADID>) -> Result<Reference<ThreadHandle>> {
    let handle = id.read()?.ThreadHandle as usize;
    table::find(handle).ok_or(WsaError::WSAEFAULT)
}

/// WPUCloseThread: undoes one WPUOpenCurrentThread.
pub(crate) fn close_thread(id: UserPointer<WSATHREADID>) -> Result<()> {
    check_started()?;
    // Another thread may close it at the same time.
    find(id)?.close().then_some(()).ok_or(WsaError::WSAEFAULT)
}

/// WPUQueueApc: has `procedure` called with `context` when the thread next waits alertably. A thread that has ended is
/// none any more.
pub(crate) fn queue(id: UserPointer<WSATHREADID>, procedure: LPWSAUSERAPC, context: usize) -> Result<()> {
    let thread = find(id)?;
    let procedure = procedure.ok_or(WsaError::WSAEFAULT)?;
    let queued = thread.queue(Apc::Procedure(procedure, context));
    queued.then_some(()).ok_or(WsaError::WSAEFAULT)
}

/// QueueUserAPC: the same for the handle alone.
pub(crate) fn queue_to_handle(handle: usize, procedure: LPWSAUSERAPC, context: usize) -> Result<()> {
    let thread = table::find::<ThreadHandle>(handle).ok_or(WsaError::WSA_INVALID_HANDLE)?;
    let procedure = procedure.ok_or(WsaError::WSA_INVALID_PARAMETER)?;
    let queued = thread.queue(Apc::Procedure(procedure, context));
    queued.then_some(()).ok_or(WsaError::WSA_INVALID_HANDLE)
}
