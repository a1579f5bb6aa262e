//! The kernel's names that go with Winsock's, as `include/ws2kernel.h` binds them: `GetLastError` is
//! `ws2spi_GetLastError` here, so that no symbol of ours is one of a host that brings its own kernel.

#![allow(non_snake_case, reason = "the names are the C header's")]

use crate::object::thread;

/// `GetLastError`: the code of the calling thread's latest failure, as `WSAGetLastError` gives it too.
///
/// Returns the code that `SetLastError`, `WSASetLastError` or a failed call left last; 0 in a new thread. Needs no
/// WSPStartup, cannot fail, and may be called in a signal handler. Source: NEED-K4.
#[unsafe(no_mangle)]
pub extern "C" fn ws2spi_GetLastError() -> u32 {
    thread::last_error()
}

/// `SetLastError`: sets what `GetLastError` and `WSAGetLastError` give in the calling thread.
///
/// Needs no WSPStartup, cannot fail, and may be called in a signal handler. Source: NEED-K4.
#[unsafe(no_mangle)]
pub extern "C" fn ws2spi_SetLastError(dwErrCode: u32) {
    thread::set_last_error(dwErrCode);
}
