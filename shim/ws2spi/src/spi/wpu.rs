//! The upcalls that providers make.

#![allow(non_snake_case, reason = "the names are the C header's")]

use crate::abi::{SOCKET, fd_set};
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
