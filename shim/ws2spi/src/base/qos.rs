//! WSPGetQOSByName: no quality-of-service templates are installed on POSIX.

use super::enter;
use crate::abi::{QOS, SOCKET, WSABUF};
use crate::error::{Result, WsaError};
use crate::sys::guard::UserPointer;

/// WSPGetQOSByName: no template bears any name, and the list of names is empty.
pub(crate) fn by_name(handle: SOCKET, name: UserPointer<WSABUF>, template: UserPointer<QOS>) -> Result<()> {
    enter(handle)?;
    let buffer = name.read()?;
    let text: UserPointer<u16> = UserPointer::from_address(buffer.buf as usize);
    if (buffer.len as usize) < size_of::<u16>() {
        return Err(WsaError::WSAEFAULT);
    }
    if text.read()? == 0 {
        // The names of all templates are asked for; the list ends where it begins (WSPGetQOSByName.2).
        return Ok(text.write(0)?);
    }
    template.read()?;
    Err(WsaError::WSAEINVAL)
}
