//! WSPGetOverlappedResult, and the kernel's GetOverlappedResult.

use super::{enter, wait};
use crate::abi::{
    BOOL, ERROR_NOACCESS, INFINITE, SOCKET, STATUS_SUCCESS, WSAOVERLAPPED, WSS_OPERATION_IN_PROGRESS,
};
use crate::error::status::{system, win32_of};
use crate::error::{Result, WsaError};
use crate::object::layered::Layered;
use crate::object::table;
use crate::overlapped;
use crate::sys::guard::UserPointer;
use std::ffi::c_void;
use std::sync::atomic::{Ordering, fence};

/// WSPGetOverlappedResult: how the request of `structure` has ended.
pub(crate) fn overlapped_result(
    handle: SOCKET,
    structure: UserPointer<WSAOVERLAPPED>,
    bytes: UserPointer<u32>,
    wait: BOOL,
    flags: UserPointer<u32>,
) -> Result<()> {
    let socket = enter(handle)?;
    let outcome = overlapped::result(&socket, structure, wait != BOOL::FALSE)?;
    if let Some(error) = outcome.error {
        // The count stays as it was (WSPGetOverlappedResult.2).
        return Err(error);
    }
    bytes.write(outcome.bytes)?;
    Ok(flags.write(outcome.flags)?)
}

/// Waits for the event of a request on a handle of a layered provider, which alone tells of its end.
fn wait_for_provider(handle: usize, event: usize) -> Result<()> {
    table::find::<Layered>(handle).ok_or(WsaError::WSA_INVALID_HANDLE)?;
    wait::for_event(event & !1, INFINITE, BOOL::FALSE).map(drop)
}

/// GetOverlappedResult: how the request of `structure` has ended, as the kernel sees it: by its status, and without a look
/// at the file unless there is something to wait for. The count is told of a failed request too.
pub(crate) fn system_result(
    file: UserPointer<c_void>,
    structure: UserPointer<WSAOVERLAPPED>,
    bytes: UserPointer<u32>,
    wait: BOOL,
) -> Result<()> {
    let no_access = |_| system(ERROR_NOACCESS);
    let internal = structure.cast::<usize>().read().map_err(no_access)?;
    if internal as u32 == WSS_OPERATION_IN_PROGRESS {
        if wait == BOOL::FALSE {
            return Err(WsaError::WSA_IO_INCOMPLETE);
        }
        match table::find(file.address()) {
            Some(socket) => drop(overlapped::wait_for_end(&socket, structure)?),
            None => wait_for_provider(
                file.address(),
                structure.read().map_err(no_access)?.hEvent as usize,
            )?,
        }
    }
    // Internal was written last (OV.21).
    fence(Ordering::Acquire);
    let ended = structure.read().map_err(no_access)?;
    bytes.write(ended.InternalHigh as u32).map_err(no_access)?;
    match ended.Internal as u32 {
        STATUS_SUCCESS => Ok(()),
        WSS_OPERATION_IN_PROGRESS => Err(WsaError::WSA_IO_INCOMPLETE),
        status => Err(system(win32_of(status))),
    }
}
