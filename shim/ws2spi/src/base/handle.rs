//! What holds for handles of every kind: CloseHandle; CancelIo and CancelIoEx; and files as handles. The codes are the
//! system's (ERROR_*).

use crate::abi::{ERROR_NOT_FOUND, ERROR_TOO_MANY_OPEN_FILES, SOCKET, WSAOVERLAPPED};
use crate::error::status::{system, win32};
use crate::error::{Result, WsaError};
use crate::object::apc::ThreadHandle;
use crate::object::event::Event;
use crate::object::file::File;
use crate::object::port::Port;
use crate::object::socket::Socket;
use crate::object::table::{self, Named};
use crate::overlapped::cancel;
use crate::sys::guard::UserPointer;
use crate::sys::socket as kernel;
use std::ffi::c_void;
use std::sync::Arc;

type Handle = UserPointer<c_void>;

/// CloseHandle: the handle names nothing any more. What it named goes with its last user.
pub(crate) fn close(handle: Handle) -> Result<()> {
    let handle = handle.address();
    if table::find::<Socket>(handle).is_some() {
        // A SOCKET is closed like any other handle.
        return super::close::close(handle as SOCKET).map_err(|error| system(win32(error)));
    }
    if let Some(port) = table::find::<Port>(handle) {
        return if port.close() {
            port.abandon();
            Ok(())
        } else {
            Err(WsaError::WSA_INVALID_HANDLE)
        };
    }
    let closed = closed_as::<Event>(handle) || closed_as::<ThreadHandle>(handle) || closed_as::<File>(handle);
    closed.then_some(()).ok_or(WsaError::WSA_INVALID_HANDLE)
}

fn closed_as<T: Named>(handle: usize) -> bool {
    // Another thread may close it at the same time.
    table::find::<T>(handle).is_some_and(|named| named.close())
}

/// CancelIo: ends what the calling thread has requested of a file.
pub(crate) fn cancel_own(file: Handle) -> Result<()> {
    match table::find::<Socket>(file.address()) {
        Some(socket) => cancel::cancel_own(&socket),
        None => check_file(file)?,
    }
    Ok(())
}

/// CancelIoEx: ends one request of a file, or all; ERROR_NOT_FOUND when there is none.
pub(crate) fn cancel(file: Handle, overlapped: UserPointer<WSAOVERLAPPED>) -> Result<()> {
    let found = match table::find::<Socket>(file.address()) {
        Some(socket) => cancel::cancel_of(&socket, overlapped.address()),
        None => check_file(file).map(|()| false)?,
    };
    found.then_some(()).ok_or(system(ERROR_NOT_FOUND))
}

/// A file that is no socket has no requests.
fn check_file(file: Handle) -> Result<()> {
    let found = table::find::<File>(file.address());
    found.map(drop).ok_or(WsaError::WSA_INVALID_HANDLE)
}

/// A file handle for a descriptor, which stays the caller's (NEED-K5).
pub(crate) fn open_file(fd: i32) -> Result<usize> {
    let vacancy = table::reserve().map_err(|_| system(ERROR_TOO_MANY_OPEN_FILES))?;
    let descriptor = kernel::duplicate(fd).map_err(|errno| match errno.0 {
        libc::EBADF => WsaError::WSA_INVALID_HANDLE,
        _ => system(ERROR_TOO_MANY_OPEN_FILES),
    })?;
    Ok(vacancy.fill(Arc::new(File::new(descriptor))))
}
