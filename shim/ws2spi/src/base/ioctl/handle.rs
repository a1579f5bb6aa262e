//! Commands that give handles and functions.

use super::Request;
use crate::abi::*;
use crate::error::{Result, WsaError};

/// SIO_BASE_HANDLE and its kin: the base provider's handle is the one it was asked with.
pub(super) fn own(request: &Request<'_>) -> Result<usize> {
    request.output(request.socket.handle())
}

/// The functions beyond the procedure table.
const EXTENSION_FUNCTIONS: [GUID; 9] = [
    WSAID_ACCEPTEX,
    WSAID_CONNECTEX,
    WSAID_DISCONNECTEX,
    WSAID_GETACCEPTEXSOCKADDRS,
    WSAID_TRANSMITFILE,
    WSAID_TRANSMITPACKETS,
    WSAID_WSAPOLL,
    WSAID_WSARECVMSG,
    WSAID_WSASENDMSG,
];

/// SIO_GET_EXTENSION_FUNCTION_POINTER: a GUID that is none of the known functions' is WSAEINVAL (NEED-S12). The known
/// functions are not built yet.
pub(super) fn extension_function(request: &Request<'_>) -> Result<usize> {
    if !EXTENSION_FUNCTIONS.contains(&request.input::<GUID>()?) {
        return Err(WsaError::WSAEINVAL);
    }
    request.check_room(size_of::<usize>())?;
    Err(WsaError::WSAEOPNOTSUPP)
}
