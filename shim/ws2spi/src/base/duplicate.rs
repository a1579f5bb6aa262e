//! WSPDuplicateSocket.

use super::enter;
use crate::abi::{SOCKET, WSAPROTOCOL_INFOW};
use crate::error::{Result, WsaError};
use crate::sys::guard::UserPointer;

/// WSPDuplicateSocket.
pub(crate) fn duplicate(handle: SOCKET, _process: u32, _info: UserPointer<WSAPROTOCOL_INFOW>) -> Result<()> {
    enter(handle)?;
    Err(WsaError::WSAEOPNOTSUPP)
}
