//! Functions of the Winsock API that the headers' macros call.

#![allow(non_snake_case, reason = "the names are the C header's")]

use crate::abi::{SOCKET, fd_set};
use crate::base;
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
