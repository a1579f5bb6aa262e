//! WSPAddressToString and WSPStringToAddress.

use super::enter_without_socket;
use crate::abi::{SOCKADDR, WSAPROTOCOL_INFOW};
use crate::error::{Result, WsaError};
use crate::sys::guard::UserPointer;

/// WSPAddressToString.
pub(crate) fn address_to_string(
    _address: UserPointer<SOCKADDR>,
    _length: u32,
    _info: UserPointer<WSAPROTOCOL_INFOW>,
    _text: UserPointer<u16>,
    _text_length: UserPointer<u32>,
) -> Result<()> {
    enter_without_socket()?;
    Err(WsaError::WSAEOPNOTSUPP)
}

/// WSPStringToAddress.
pub(crate) fn string_to_address(
    _text: UserPointer<u16>,
    _family: i32,
    _info: UserPointer<WSAPROTOCOL_INFOW>,
    _address: UserPointer<SOCKADDR>,
    _length: UserPointer<i32>,
) -> Result<()> {
    enter_without_socket()?;
    Err(WsaError::WSAEOPNOTSUPP)
}
