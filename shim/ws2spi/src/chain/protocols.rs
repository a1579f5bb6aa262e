//! WSAEnumProtocols: what a program can open.
#![forbid(unsafe_code)]

use super::choose::is_dummy;
use super::startup::view;
use crate::abi::{PFL_HIDDEN, WSAPROTOCOL_INFOA, WSAPROTOCOL_INFOW};
use crate::catalog::transport::read_numbers;
use crate::error::{Result, WsaError};
use crate::sys::guard::{Plain, UserPointer};

/// WSAEnumProtocols: fills `buffer` with the entries of those protocols that the list at `wanted` names, which ends with
/// a 0, or with all; how many. WSAENOBUFS and the length that is needed if they do not fit.
pub(crate) fn enumerate<T: Plain>(
    wanted: UserPointer<i32>,
    buffer: UserPointer<T>,
    length: UserPointer<u32>,
    form: impl Fn(&WSAPROTOCOL_INFOW) -> T,
) -> Result<i32> {
    let view = view()?;
    let wanted = read_numbers(wanted)?;
    let found: Vec<T> = view
        .catalog
        .protocols()
        .iter()
        .filter(|entry| !is_dummy(entry) && entry.dwProviderFlags & PFL_HIDDEN == 0)
        .filter(|entry| {
            wanted
                .as_ref()
                .is_none_or(|wanted| wanted.contains(&entry.iProtocol))
        })
        .map(form)
        .collect();
    let needed = u32::try_from(size_of_val(&*found)).unwrap_or(u32::MAX);
    if length.read()? < needed {
        length.write(needed)?;
        return Err(WsaError::WSAENOBUFS);
    }
    buffer.write_slice(&found)?;
    Ok(found.len() as i32)
}

/// The entry with another name, as the structure for names of that kind.
macro_rules! with_name {
    (@copy $entry:ident, $structure:ident, $name:ident: $($field:ident)*) => {
        $structure {
            $($field: $entry.$field,)*
            szProtocol: $name,
        }
    };
    ($entry:ident, $structure:ident, $name:ident) => {
        with_name!(@copy $entry, $structure, $name:
            dwServiceFlags1 dwServiceFlags2 dwServiceFlags3 dwServiceFlags4 dwProviderFlags ProviderId dwCatalogEntryId
            ProtocolChain iVersion iAddressFamily iMaxSockAddr iMinSockAddr iSocketType iProtocol iProtocolMaxOffset
            iNetworkByteOrder iSecurityScheme dwMessageSize dwProviderReserved
        )
    };
}

/// The entry with its name in 8-bit characters: UTF-8, cut at a character's end.
pub(crate) fn narrow(entry: &WSAPROTOCOL_INFOW) -> WSAPROTOCOL_INFOA {
    let mut name = [0; 256];
    let mut end = 0;
    let units = entry.szProtocol.into_iter().take_while(|unit| *unit != 0);
    for letter in char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)) {
        let mut bytes = [0; 4];
        let bytes = letter.encode_utf8(&mut bytes).as_bytes();
        match name.get_mut(end..end + bytes.len()) {
            Some(room) if end + bytes.len() < 256 => room.copy_from_slice(bytes),
            _ => break,
        }
        end += bytes.len();
    }
    with_name!(entry, WSAPROTOCOL_INFOA, name)
}

/// The entry with its name in UTF-16.
pub(crate) fn widen(entry: &WSAPROTOCOL_INFOA) -> WSAPROTOCOL_INFOW {
    let mut name = [0; 256];
    let letters = entry
        .szProtocol
        .iter()
        .copied()
        .take_while(|byte| *byte != 0)
        .collect::<Vec<u8>>();
    let text = String::from_utf8_lossy(&letters);
    name.iter_mut()
        .take(255)
        .zip(text.encode_utf16())
        .for_each(|(unit, from)| *unit = from);
    with_name!(entry, WSAPROTOCOL_INFOW, name)
}
