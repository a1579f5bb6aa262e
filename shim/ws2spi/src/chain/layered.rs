//! Handles of layered providers that have none from the kernel (U.4): made, told apart, and completed here; what is done
//! with them is the provider's.

#![forbid(unsafe_code)]

use super::{call, host, serving};
use crate::abi::{SOCKET, WSAOVERLAPPED, WSPPROC_TABLE};
use crate::base;
use crate::error::status::{system, win32};
use crate::error::{Result, WsaError};
use crate::object::layered::Layered;
use crate::object::request::Outcome;
use crate::object::table::{self, Reference};
use crate::overlapped;
use crate::sys::guard::UserPointer;
use crate::sys::socket::placeholder;
use std::ffi::c_void;
use std::sync::Arc;

/// WPUCreateSocketHandle.
pub(crate) fn create(entry: u32, context: usize) -> Result<usize> {
    let vacancy = table::reserve().map_err(|_| WsaError::WSAENOBUFS)?;
    let descriptor = placeholder().map_err(|_| WsaError::WSAENOBUFS)?;
    let server = host::server(entry).map_err(|_| WsaError::WSAENOBUFS)?;
    let handle = vacancy.fill(Arc::new(Layered::new(context, descriptor)));
    table::serve(handle, server);
    Ok(handle)
}

/// Whether a handle is of this kind.
pub(super) fn is_one(handle: usize) -> bool {
    table::find::<Layered>(handle).is_some()
}

/// The handle that stands for `handle` where `code` (SIO_BSP_HANDLE_*) is asked: what its provider says, or itself where
/// the provider does not answer that, and for every handle of another kind.
pub(super) fn target(handle: SOCKET, code: u32, base: &'static WSPPROC_TABLE) -> Result<SOCKET> {
    if !is_one(handle) {
        return Ok(handle);
    }
    let procs = serving(handle, base)?;
    Ok(call::handle_for(procs, handle, code).unwrap_or(handle))
}

/// WSAENOTSOCK for every other handle, a socket of the base provider included (NEED-S6).
fn find(handle: usize) -> Result<Reference<Layered>> {
    table::find(handle).ok_or(WsaError::WSAENOTSOCK)
}

/// WPUQuerySocketHandleContext.
pub(crate) fn context(handle: usize, context: UserPointer<usize>) -> Result<()> {
    Ok(context.write(find(handle)?.context)?)
}

/// WPUCloseSocketHandle.
pub(crate) fn close(handle: usize) -> Result<()> {
    // Another thread may close it at the same time.
    find(handle)?.close().then_some(()).ok_or(WsaError::WSAENOTSOCK)
}

/// CloseHandle: a handle of this kind is closed by its provider, as by WSPCloseSocket; every other is the base's. The codes
/// are the system's.
pub(crate) fn close_handle(handle: UserPointer<c_void>, base: &'static WSPPROC_TABLE) -> Result<()> {
    let address = handle.address();
    match serving(address, base) {
        Ok(procs) if is_one(address) => call::close(procs, address).map_err(|error| system(win32(error))),
        _ => base::handle::close(handle),
    }
}

/// WPUCompleteOverlappedRequest.
pub(crate) fn complete(
    handle: usize,
    structure: UserPointer<WSAOVERLAPPED>,
    error: u32,
    bytes: u32,
) -> Result<()> {
    let layered = find(handle).map_err(|_| WsaError::WSAEINVAL)?;
    let outcome = Outcome {
        error: (error != 0).then_some(WsaError::from_code(error.cast_signed())),
        bytes,
        // In the structure already (WPUCompleteOverlappedRequest.5).
        flags: 0,
    };
    overlapped::complete_layered(&layered, structure, outcome)
}
