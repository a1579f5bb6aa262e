//! WSPIoctl.

use super::enter;
use crate::abi::SOCKET;
use crate::error::{Result, WsaError};
use crate::overlapped::Overlapped;
use crate::sys::guard::UserPointer;

/// The buffers of a command.
#[derive(Clone, Copy)]
pub(crate) struct Buffers {
    pub(crate) input: UserPointer<u8>,
    pub(crate) input_length: u32,
    pub(crate) output: UserPointer<u8>,
    pub(crate) output_length: u32,
    pub(crate) returned: UserPointer<u32>,
}

/// WSPIoctl.
pub(crate) fn ioctl(handle: SOCKET, _code: u32, _buffers: Buffers, _overlapped: Overlapped) -> Result<()> {
    enter(handle)?;
    Err(WsaError::WSAEOPNOTSUPP)
}
