//! WSPAddressToString and WSPStringToAddress.

use super::enter_without_socket;
use crate::abi::*;
use crate::address::{self, Unread, text};
use crate::catalog::base::Protocol;
use crate::error::{Result, WsaError};
use crate::sys::guard::UserPointer;

/// No text that means an address is longer, its end included: an AF_UNIX path has 108 bytes.
const LONGEST: usize = 256;

/// WSPAddressToString: numeric text, in UTF-16 with a NUL at its end.
pub(crate) fn address_to_string(
    address: UserPointer<SOCKADDR>,
    length: u32,
    info: UserPointer<WSAPROTOCOL_INFOW>,
    text: UserPointer<u16>,
    text_length: UserPointer<u32>,
) -> Result<()> {
    enter_without_socket()?;
    let family_of_info = family(info)?;
    // Too short an address is a bad address; WSAEFAULT says that the text does not fit.
    if (length as usize) < size_of::<u16>() {
        return Err(WsaError::WSAEINVAL);
    }
    let unread = Unread::new(address, i32::try_from(length).unwrap_or(i32::MAX))?;
    let least = match unread.family {
        // A path may end before its array does.
        AF_UNIX => size_of::<u16>(),
        family => address::length(family).ok_or(WsaError::WSAEINVAL)?,
    };
    if (length as usize) < least || family_of_info.is_some_and(|family| family != unread.family) {
        return Err(WsaError::WSAEINVAL);
    }
    let string = text::format(&unread.read()?).ok_or(WsaError::WSAEINVAL)?;
    let units: Vec<u16> = string.encode_utf16().chain([0]).collect();
    let room = text_length.read()? as usize;
    if room >= units.len() {
        text.write_slice(&units)?;
    }
    // What is needed when it did not fit (WSPAddressToString.2).
    text_length.write(units.len() as u32)?;
    if room < units.len() {
        return Err(WsaError::WSAEFAULT);
    }
    Ok(())
}

/// WSPStringToAddress: the address that a text means.
pub(crate) fn string_to_address(
    text: UserPointer<u16>,
    family: i32,
    info: UserPointer<WSAPROTOCOL_INFOW>,
    address: UserPointer<SOCKADDR>,
    length: UserPointer<i32>,
) -> Result<()> {
    enter_without_socket()?;
    let family = match (family, self::family(info)?) {
        (family, None) => family,
        (AF_UNSPEC, Some(of_info)) => of_info,
        (family, Some(of_info)) if family == of_info => family,
        _ => return Err(WsaError::WSAEINVAL),
    };
    let text = read_string(text)?;
    let room = usize::try_from(length.read()?).unwrap_or(0);
    // Room is judged before the text where the family is known.
    if family != AF_UNSPEC {
        check_room(room, address::length(family).ok_or(WsaError::WSAEINVAL)?, length)?;
    }
    let text = text.ok_or(WsaError::WSAEINVAL)?;
    let parsed = text::parse(&text, family).ok_or(WsaError::WSAEINVAL)?;
    parsed.with_bytes(|bytes| {
        check_room(room, bytes.len(), length)?;
        address.cast::<u8>().write_slice(bytes)?;
        Ok(length.write(bytes.len() as i32)?)
    })
}

/// Too little room: WSAEFAULT with what is needed (WSPStringToAddress.3).
fn check_room(room: usize, needed: usize, length: UserPointer<i32>) -> Result<()> {
    if room >= needed {
        return Ok(());
    }
    length.write(needed as i32)?;
    Err(WsaError::WSAEFAULT)
}

/// The family of the entry, if there is one; it must be one of ours (LP.4).
fn family(info: UserPointer<WSAPROTOCOL_INFOW>) -> Result<Option<i32>> {
    let Some(info) = info.non_null() else {
        return Ok(None);
    };
    match Protocol::of_info(&info.read()?) {
        Some(entry) => Ok(Some(entry.family)),
        None => Err(WsaError::WSAEINVAL),
    }
}

/// Reads up to the NUL; nothing if that does not come in time, or the text is not UTF-16.
fn read_string(from: UserPointer<u16>) -> Result<Option<String>> {
    let units = from.read_string(LONGEST)?;
    Ok(units.and_then(|units| String::from_utf16(&units).ok()))
}
