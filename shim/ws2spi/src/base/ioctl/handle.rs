//! Commands that give handles and functions.

use super::Request;
use crate::abi::*;
use crate::error::{Result, WsaError};

/// SIO_BASE_HANDLE and its kin: the base provider's handle is the one it was asked with.
pub(super) fn own(request: &Request<'_>) -> Result<usize> {
    request.output(request.socket.handle())
}

/// A function beyond the procedure table, and where it is.
#[derive(Debug)]
pub(crate) struct ExtensionFunction {
    guid: GUID,
    function: *const (),
}

impl ExtensionFunction {
    pub(crate) const fn new(guid: GUID, function: *const ()) -> Self {
        Self { guid, function }
    }
}

/// SIO_GET_EXTENSION_FUNCTION_POINTER: a GUID that is none of the functions' is WSAEINVAL (NEED-S12).
pub(super) fn extension_function(request: &Request<'_>) -> Result<usize> {
    let guid = request.input::<GUID>()?;
    let found = request.extensions.iter().find(|extension| extension.guid == guid);
    let extension = found.ok_or(WsaError::WSAEINVAL)?;
    request.output(extension.function as usize)
}
