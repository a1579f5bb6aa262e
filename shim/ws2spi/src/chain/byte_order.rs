//! WSAHtonl and its kin: numbers in the byte order of a socket's protocol.
#![forbid(unsafe_code)]

use super::{call, serving};
use crate::abi::{BIGENDIAN, SOCKET, WSPPROC_TABLE};
use crate::error::Result;
use crate::object::thread::check_not_in_progress;
use crate::sys::guard::UserPointer;

/// Whether the protocol's numbers have their most significant byte first.
fn is_big_endian(s: SOCKET, base: &'static WSPPROC_TABLE) -> Result<bool> {
    let procs = serving(s, base)?;
    check_not_in_progress()?;
    Ok(call::protocol_info(procs, s)?.iNetworkByteOrder == BIGENDIAN)
}

/// WSAHtonl, and WSANtohl, which is the same.
pub(crate) fn convert_long(
    s: SOCKET,
    number: u32,
    to: UserPointer<u32>,
    base: &'static WSPPROC_TABLE,
) -> Result<()> {
    let number = if is_big_endian(s, base)? {
        number.to_be()
    } else {
        number.to_le()
    };
    Ok(to.write(number)?)
}

/// WSAHtons, and WSANtohs, which is the same.
pub(crate) fn convert_short(
    s: SOCKET,
    number: u16,
    to: UserPointer<u16>,
    base: &'static WSPPROC_TABLE,
) -> Result<()> {
    let number = if is_big_endian(s, base)? {
        number.to_be()
    } else {
        number.to_le()
    };
    Ok(to.write(number)?)
}
