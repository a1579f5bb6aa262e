//! IP addresses as text without a provider: `inet_addr`, `inet_ntoa`, `inet_pton`, `inet_ntop`. None of them needs a
//! WSAStartup.
#![forbid(unsafe_code)]

use crate::abi::{AF_INET, AF_INET6};
use crate::address::text::{format_ipv6, parse_ipv4_host};
use crate::base::lifecycle;
use crate::error::{Result, WsaError};
use crate::sys::guard::{Plain, UserPointer};
use std::cell::Cell;
use std::ffi::c_void;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What `inet_addr` answers for text that is no address.
const INADDR_NONE: u32 = u32::MAX;

/// No text that means an IP address is longer, its end included.
const LONGEST: usize = 65;

/// `inet_addr`: the address in network order; INADDR_NONE for what is none. Text ends at a blank; none at all means
/// INADDR_ANY.
pub(crate) fn address(text: UserPointer<u8>) -> Result<u32> {
    lifecycle::install();
    let Some(bytes) = text.read_string(LONGEST)? else {
        return Ok(INADDR_NONE);
    };
    let host = match bytes.iter().position(u8::is_ascii_whitespace) {
        // A blank alone is as good as nothing.
        Some(0) if bytes.len() > 1 => return Ok(INADDR_NONE),
        Some(end) => &bytes[..end],
        None => &bytes,
    };
    if host.is_empty() {
        return Ok(0);
    }
    let parsed = std::str::from_utf8(host).ok().and_then(parse_ipv4_host);
    Ok(parsed.map_or(INADDR_NONE, |address| address.to_bits().to_be()))
}

/// `inet_ntoa`: the text of an address in network order, which stays until the thread asks again.
pub(crate) fn text_of(address: u32) -> UserPointer<u8> {
    thread_local! {
        static TEXT: Cell<[u8; 16]> = const { Cell::new([0; 16]) };
    }
    let mut text = [0; 16];
    let written = Ipv4Addr::from_bits(u32::from_be(address)).to_string();
    text.iter_mut()
        .zip(written.bytes())
        .for_each(|(to, from)| *to = from);
    TEXT.with(|own| {
        own.set(text);
        UserPointer::from_address(own.as_ptr() as usize)
    })
}

/// Characters of 8 or 16 bits.
pub(crate) trait Character: Plain + Default + PartialEq + From<u8> + TryInto<u8> {}

impl Character for u8 {}
impl Character for u16 {}

/// `inet_pton`: 1, and the address in network order; 0 if the text is none of the family.
pub(crate) fn from_text<T: Character>(
    family: i32,
    text: UserPointer<T>,
    address: UserPointer<c_void>,
) -> Result<i32> {
    lifecycle::install();
    if !matches!(family, AF_INET | AF_INET6) {
        return Err(WsaError::WSAEAFNOSUPPORT);
    }
    let Some(text) = text.read_string(LONGEST)? else {
        return Ok(0);
    };
    // What is none of ASCII is in no address.
    let text: String = text
        .into_iter()
        .map(|unit| unit.try_into().map_or('?', char::from))
        .collect();
    let parsed = if family == AF_INET {
        text.parse().map(IpAddr::V4)
    } else {
        text.parse().map(IpAddr::V6)
    };
    match parsed {
        Ok(IpAddr::V4(ip)) => address.cast::<[u8; 4]>().write(ip.octets())?,
        Ok(IpAddr::V6(ip)) => address.cast::<[u8; 16]>().write(ip.octets())?,
        Err(_) => return Ok(0),
    }
    Ok(1)
}

/// `inet_ntop`: writes the text of an address in network order; where it is. WSA_INVALID_PARAMETER if the room, of `size`
/// characters, is too little.
pub(crate) fn to_text<T: Character>(
    family: i32,
    address: UserPointer<c_void>,
    text: UserPointer<T>,
    size: usize,
) -> Result<UserPointer<T>> {
    lifecycle::install();
    let written = match family {
        AF_INET => Ipv4Addr::from(address.cast::<[u8; 4]>().read()?).to_string(),
        AF_INET6 => format_ipv6(&Ipv6Addr::from(address.cast::<[u8; 16]>().read()?)),
        _ => return Err(WsaError::WSAEAFNOSUPPORT),
    };
    let units: Vec<T> = written.bytes().chain([0]).map(T::from).collect();
    if text.is_null() || size < units.len() {
        return Err(WsaError::WSA_INVALID_PARAMETER);
    }
    text.write_slice(&units)?;
    Ok(text)
}
