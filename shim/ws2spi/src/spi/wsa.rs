//! Functions of the Winsock API: what the headers' macros call, and the thread's last error.

#![allow(non_snake_case, reason = "the names are the C header's")]

use crate::abi::{SOCKET, fd_set};
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
