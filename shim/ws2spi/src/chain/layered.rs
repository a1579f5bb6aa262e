//! Handles of layered providers that have none from the kernel (U.4): made, told apart, and completed here; what is done
//! with them is the provider's.

#![forbid(unsafe_code)]

use super::host;
use crate::abi::WSAOVERLAPPED;
use crate::error::{Result, WsaError};
use crate::object::layered::Layered;
use crate::object::request::Outcome;
use crate::object::table::{self, Reference};
use crate::overlapped;
use crate::sys::guard::UserPointer;
use crate::sys::socket::placeholder;
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
