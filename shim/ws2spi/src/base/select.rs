//! WSPSelect.

use super::enter_without_socket;
use crate::abi::fd_set;
use crate::error::{Result, WsaError};
use crate::sys::guard::UserPointer;
use libc::timeval;

/// WSPSelect.
pub(crate) fn select(
    _read: UserPointer<fd_set>,
    _write: UserPointer<fd_set>,
    _except: UserPointer<fd_set>,
    _timeout: UserPointer<timeval>,
) -> Result<i32> {
    enter_without_socket()?;
    Err(WsaError::WSAEOPNOTSUPP)
}
