//! WSPGetQOSByName: no quality-of-service templates are installed on POSIX.

use super::enter;
use crate::abi::{FLOWSPEC, QOS, SERVICETYPE_BESTEFFORT, SERVICETYPE_NOTRAFFIC, SOCKET, WSABUF};
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

/// What a connection asks of the network (WSPConnect.12): NULL, no traffic and best effort are what POSIX gives;
/// everything else is WSAEOPNOTSUPP.
pub(crate) fn check_demand(quality: UserPointer<QOS>) -> Result<()> {
    let Some(quality) = quality.non_null() else {
        return Ok(());
    };
    let quality = quality.read()?;
    let modest = |flow: FLOWSPEC| matches!(flow.ServiceType, SERVICETYPE_NOTRAFFIC | SERVICETYPE_BESTEFFORT);
    if modest(quality.SendingFlowspec) && modest(quality.ReceivingFlowspec) {
        Ok(())
    } else {
        Err(WsaError::WSAEOPNOTSUPP)
    }
}
