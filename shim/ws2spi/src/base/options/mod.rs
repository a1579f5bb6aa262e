//! WSPGetSockOpt and WSPSetSockOpt.

use super::enter;
use crate::abi::SOCKET;
use crate::error::{Result, WsaError};
use crate::sys::guard::UserPointer;

/// WSPGetSockOpt.
pub(crate) fn get(
    handle: SOCKET,
    _level: i32,
    _name: i32,
    _value: UserPointer<u8>,
    _length: UserPointer<i32>,
) -> Result<()> {
    enter(handle)?;
    Err(WsaError::WSAENOPROTOOPT)
}

/// WSPSetSockOpt.
pub(crate) fn set(
    handle: SOCKET,
    _level: i32,
    _name: i32,
    _value: UserPointer<u8>,
    _length: i32,
) -> Result<()> {
    enter(handle)?;
    Err(WsaError::WSAENOPROTOOPT)
}
