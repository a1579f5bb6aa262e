//! Events: our own, as WPUCreateEvent, WSACreateEvent and CreateEvent make them. They are there before WSPStartup and
//! after WSPCleanup too.

use super::lifecycle;
use crate::abi::BOOL;
use crate::error::{Result, WsaError};
use crate::object::event::Event;
use crate::object::table::{self, Reference};
use std::sync::Arc;

/// The event that a handle names; WSA_INVALID_HANDLE for everything else.
#[inline]
pub(super) fn find(handle: usize) -> Result<Reference<Event>> {
    table::find(handle).ok_or(WsaError::WSA_INVALID_HANDLE)
}

/// WPUCreateEvent, WSACreateEvent: a manual-reset event, not signalled (WPUCreateEvent.1).
pub(crate) fn create() -> Result<usize> {
    create_as(true, false)
}

/// CreateEvent, which can give no event a name.
pub(crate) fn create_unnamed(manual_reset: BOOL, signalled: BOOL, is_unnamed: bool) -> Result<usize> {
    if !is_unnamed {
        return Err(WsaError::WSA_INVALID_PARAMETER);
    }
    create_as(manual_reset != BOOL::FALSE, signalled != BOOL::FALSE)
}

fn create_as(manual_reset: bool, signalled: bool) -> Result<usize> {
    lifecycle::install();
    let vacancy = table::reserve().map_err(|_| WsaError::WSA_NOT_ENOUGH_MEMORY)?;
    Ok(vacancy.fill(Arc::new(Event::new(manual_reset, signalled))))
}

/// WPUSetEvent, WSASetEvent, SetEvent.
#[inline]
pub(crate) fn set(handle: usize) -> Result<()> {
    find(handle)?.set();
    Ok(())
}

/// WPUResetEvent, WSAResetEvent, ResetEvent.
#[inline]
pub(crate) fn reset(handle: usize) -> Result<()> {
    find(handle)?.reset();
    Ok(())
}

/// WPUCloseEvent, WSACloseEvent, CloseHandle. A wait for the event goes on; nobody can end it by the handle any more.
pub(crate) fn close(handle: usize) -> Result<()> {
    // Another thread may close it at the same time.
    find(handle)?
        .close()
        .then_some(())
        .ok_or(WsaError::WSA_INVALID_HANDLE)
}
