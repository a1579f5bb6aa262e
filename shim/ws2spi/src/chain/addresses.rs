//! Addresses as text, by the provider of their family or of the entry that the caller names. 8-bit text is UTF-8.
#![forbid(unsafe_code)]

use super::choose::{self, Choice};
use super::protocols::widen;
use super::{call, startup};
use crate::abi::{AF_UNSPEC, SOCKADDR, WSAPROTOCOL_INFOA, WSAPROTOCOL_INFOW};
use crate::error::{Result, WsaError};
use crate::object::thread::check_not_in_progress;
use crate::sys::guard::UserPointer;

/// No text that means an address is longer, its end included: an AF_UNIX path has 108 bytes.
const LONGEST: usize = 256;

/// No provider needs more for one.
const MOST: u32 = 0x1_0000;

/// An address of the caller's, with its length in bytes.
pub(crate) type Given = (UserPointer<SOCKADDR>, u32);

/// Where an address goes, with the length of the room.
pub(crate) type Room = (UserPointer<SOCKADDR>, UserPointer<i32>);

/// Where text goes, with the room in characters, which becomes the length with the NUL.
type TextRoom<T> = (UserPointer<T>, UserPointer<u32>);

/// Who reads or writes the addresses of a family.
fn choose(family: i32, info: Result<Option<WSAPROTOCOL_INFOW>>) -> Result<Choice> {
    check_not_in_progress()?;
    choose::for_addresses(family, info?.as_ref())
}

/// The entry at a pointer that may be NULL.
fn wide(info: UserPointer<WSAPROTOCOL_INFOW>) -> Result<Option<WSAPROTOCOL_INFOW>> {
    Ok(info.non_null().map(UserPointer::read).transpose()?)
}

/// [`wide`] for entries with 8-bit names.
fn narrow(info: UserPointer<WSAPROTOCOL_INFOA>) -> Result<Option<WSAPROTOCOL_INFOW>> {
    let info = info.non_null().map(UserPointer::read).transpose()?;
    Ok(info.as_ref().map(widen))
}

/// The family of an address; the provider judges one that cannot be read.
fn family((address, length): Given) -> i32 {
    let is_there = length as usize >= size_of::<u16>();
    let family = is_there.then(|| address.cast::<u16>().read().ok()).flatten();
    family.map_or(AF_UNSPEC, i32::from)
}

/// WSAAddressToStringW.
pub(crate) fn to_string(
    address: Given,
    info: UserPointer<WSAPROTOCOL_INFOW>,
    (text, length): TextRoom<u16>,
) -> Result<()> {
    startup::check_started()?;
    let choice = choose(family(address), wide(info))?;
    call::address_to_string(&choice, address, text, length)
}

/// WSAAddressToStringA: WSAEFAULT and the length that is needed where the text does not fit.
pub(crate) fn to_string_narrow(
    address: Given,
    info: UserPointer<WSAPROTOCOL_INFOA>,
    (text, length): TextRoom<u8>,
) -> Result<()> {
    startup::check_started()?;
    let choice = choose(family(address), narrow(info))?;
    let mut bytes = written(&choice, address)?.into_bytes();
    bytes.push(0);
    let room = length.read()? as usize;
    if room >= bytes.len() {
        text.write_slice(&bytes)?;
    }
    length.write(bytes.len() as u32)?;
    if room < bytes.len() {
        return Err(WsaError::WSAEFAULT);
    }
    Ok(())
}

/// The text of an address, as the provider writes it.
fn written(choice: &Choice, address: Given) -> Result<String> {
    let mut units = vec![0u16; LONGEST];
    loop {
        let mut length = units.len() as u32;
        let text = UserPointer::to_own_slice(&mut units);
        let outcome = call::address_to_string(choice, address, text, UserPointer::to_own_value(&mut length));
        match outcome {
            Ok(()) => break,
            Err(WsaError::WSAEFAULT) if (units.len() as u32) < length && length <= MOST => {
                units.resize(length as usize, 0);
            }
            Err(code) => return Err(code),
        }
    }
    let length = units.iter().position(|unit| *unit == 0).unwrap_or(units.len());
    Ok(String::from_utf16_lossy(&units[..length]))
}

/// WSAStringToAddressW.
pub(crate) fn from_string(
    text: UserPointer<u16>,
    family: i32,
    info: UserPointer<WSAPROTOCOL_INFOW>,
    room: Room,
) -> Result<()> {
    startup::check_started()?;
    let choice = choose(family, wide(info))?;
    call::string_to_address(&choice, text, family, room)
}

/// WSAStringToAddressA. What is no UTF-8, or too long for an address, is WSAEINVAL.
pub(crate) fn from_string_narrow(
    text: UserPointer<u8>,
    family: i32,
    info: UserPointer<WSAPROTOCOL_INFOA>,
    room: Room,
) -> Result<()> {
    startup::check_started()?;
    let choice = choose(family, narrow(info))?;
    let text = text.read_string(LONGEST)?.ok_or(WsaError::WSAEINVAL)?;
    let text = String::from_utf8(text).map_err(|_| WsaError::WSAEINVAL)?;
    let mut units: Vec<u16> = text.encode_utf16().chain([0]).collect();
    call::string_to_address(&choice, UserPointer::to_own_slice(&mut units), family, room)
}
