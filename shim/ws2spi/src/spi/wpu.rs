//! WPU*: what providers ask of their host. These are the library's own, for hosts that leave it to them; a host may
//! give WSPStartup others (U.1).

#![allow(non_snake_case, reason = "the names are the C header's")]

use super::spi;
use crate::abi::{BOOL, SOCKET, WSAEVENT, fd_set};
use crate::base;
use crate::sys::guard::UserPointer;
use std::ffi::c_int;

/// Tells whether a socket is in a set, which is a count and that many handles.
///
/// Returns 1 if it is, 0 if not. Safe on any thread. Source: WPUFDIsSet.1.
///
/// # Safety
/// `fdset` is NULL, bad (the answer is 0), or names a set that the caller lets the function read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn WPUFDIsSet(s: SOCKET, fdset: *mut fd_set) -> c_int {
    // SAFETY: the caller's promise above.
    base::select::is_member(s, unsafe { UserPointer::new(fdset) }).into()
}

spi! {
    /// Makes an event: it stays signalled until it is reset, and is not signalled yet.
    ///
    /// Returns the event, to be closed with WPUCloseEvent, or NULL (WSA_INVALID_EVENT) with WSA_NOT_ENOUGH_MEMORY. Needs
    /// no WSPStartup. Safe on any thread. Source: WPUCreateEvent.1.
    fn WPUCreateEvent(; lpErrno) -> WSAEVENT {
        base::event::create()
    }

    /// Signals an event, and wakes who waits for it.
    ///
    /// Returns TRUE, or FALSE with WSA_INVALID_HANDLE. Needs no WSPStartup. Safe on any thread. Source: WPUSetEvent.1.
    fn WPUSetEvent(hEvent: WSAEVENT; lpErrno) -> BOOL {
        base::event::set(hEvent.address())
    }

    /// Makes an event nonsignalled.
    ///
    /// Returns TRUE, or FALSE with WSA_INVALID_HANDLE. Needs no WSPStartup. Safe on any thread. Source: WPUResetEvent.1.
    fn WPUResetEvent(hEvent: WSAEVENT; lpErrno) -> BOOL {
        base::event::reset(hEvent.address())
    }

    /// Closes an event. Waits for it go on, but nobody can signal it any more.
    ///
    /// Returns TRUE, or FALSE with WSA_INVALID_HANDLE. Needs no WSPStartup. Safe on any thread. Source: WPUCloseEvent.1.
    fn WPUCloseEvent(hEvent: WSAEVENT; lpErrno) -> BOOL {
        base::event::close(hEvent.address())
    }
}
