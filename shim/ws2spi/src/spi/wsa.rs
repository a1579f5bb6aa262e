//! Functions of the Winsock API: what the headers' macros call, the thread's last error, events and waits. They leave
//! the code of a failure in the thread's last error.

#![allow(non_snake_case, reason = "the names are the C header's")]

use super::spi;
use crate::abi::*;
use crate::base;
use crate::object::thread;
use crate::sys::guard::UserPointer;
use std::ffi::c_int;

/// What `FD_ISSET` calls: tells whether a socket is in a set.
///
/// Returns 1 if it is, 0 if not. Safe on any thread. Source: NEED-H8, WSPSelect.11.
///
/// # Safety
/// The set is NULL, bad (the answer is 0), or one that the caller lets the function read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __WSAFDIsSet(s: SOCKET, set: *mut fd_set) -> c_int {
    // SAFETY: the caller's promise above.
    base::select::is_member(s, unsafe { UserPointer::new(set) }).into()
}

/// The code of the calling thread's latest failure, as `GetLastError` gives it too.
///
/// Returns the code that `WSASetLastError`, `SetLastError` or a failed call left last; 0 in a new thread. Needs no
/// WSPStartup, cannot fail, and may be called in a signal handler. Source: NEED-K4.
#[unsafe(no_mangle)]
pub extern "C" fn WSAGetLastError() -> c_int {
    thread::last_error().cast_signed()
}

/// Sets what `WSAGetLastError` and `GetLastError` give in the calling thread.
///
/// Needs no WSPStartup, cannot fail, and may be called in a signal handler. Source: NEED-K4.
#[unsafe(no_mangle)]
pub extern "C" fn WSASetLastError(iError: c_int) {
    thread::set_last_error(iError.cast_unsigned());
}

spi! {
    /// Makes an event: it stays signalled until it is reset, and is not signalled yet. It is one of WPUCreateEvent.
    ///
    /// Returns the event, to be closed with WSACloseEvent, or NULL (WSA_INVALID_EVENT) with WSA_NOT_ENOUGH_MEMORY. Needs
    /// no WSPStartup. Safe on any thread. Source: WPUCreateEvent.1, NEED-K2.
    fn WSACreateEvent() -> WSAEVENT {
        base::event::create()
    }

    /// Signals an event, and wakes who waits for it.
    ///
    /// Returns TRUE, or FALSE with WSA_INVALID_HANDLE. Needs no WSPStartup. Safe on any thread. Source: WPUSetEvent.1,
    /// NEED-K2.
    fn WSASetEvent(hEvent: WSAEVENT) -> BOOL {
        base::event::set(hEvent.address())
    }

    /// Makes an event nonsignalled.
    ///
    /// Returns TRUE, or FALSE with WSA_INVALID_HANDLE. Needs no WSPStartup. Safe on any thread. Source:
    /// WPUResetEvent.1, NEED-K2.
    fn WSAResetEvent(hEvent: WSAEVENT) -> BOOL {
        base::event::reset(hEvent.address())
    }

    /// Closes an event. Waits for it go on, but nobody can signal it any more.
    ///
    /// Returns TRUE, or FALSE with WSA_INVALID_HANDLE. Needs no WSPStartup. Safe on any thread. Source:
    /// WPUCloseEvent.1, NEED-K2.
    fn WSACloseEvent(hEvent: WSAEVENT) -> BOOL {
        base::event::close(hEvent.address())
    }

    /// Waits for one of `cEvents` events (1 to 64), or for all of them if `fWaitAll` says so, for at most `dwTimeout`
    /// milliseconds (WSA_INFINITE: without end; 0: not at all). `fAlertable`: completion routines and APCs may run, and
    /// end the wait. The waiting thread carries out overlapped requests that can go on.
    ///
    /// Returns WSA_WAIT_EVENT_0 plus the lowest place of a signalled event (plus 0 for all), WSA_WAIT_TIMEOUT,
    /// WSA_WAIT_IO_COMPLETION, or WSA_WAIT_FAILED with WSAEFAULT, WSA_INVALID_HANDLE or WSA_INVALID_PARAMETER (also for
    /// one event twice in a wait for all). Needs no WSPStartup. Safe on any thread. Source: NEED-K2, NEED-K3, OBS.40.
    fn WSAWaitForMultipleEvents(
        cEvents: DWORD,
        lphEvents: *const WSAEVENT,
        fWaitAll: BOOL,
        dwTimeout: DWORD,
        fAlertable: BOOL,
    ) -> DWORD {
        base::wait::for_events(cEvents, lphEvents.cast(), fWaitAll, dwTimeout, fAlertable)
    }
}
