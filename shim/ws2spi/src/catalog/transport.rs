//! WSC* for transport providers: what the functions are given and what they give.

use super::change::Layer;
use super::{Catalog, Codes, Failure, MOST_ENTRIES, Provider, is_base, store};
use crate::abi::*;
use crate::error::{Result, WsaError};
use crate::sys::guard::UserPointer;
use crate::sys::{guard, library, process};

/// The longest path of a library, with its end: Linux' PATH_MAX; and that of WSCInstallProviderAndChains (MAX_PATH).
const LONGEST_PATH: usize = 4096;
const SHORT_PATH: usize = 260;

/// No list of protocol numbers is longer.
const MOST_NUMBERS: usize = 1 << 16;

const INSTALL: Codes = Codes {
    denied: WsaError::WSANO_RECOVERY,
    unusable: WsaError::WSANO_RECOVERY,
    no_memory: WsaError::WSA_NOT_ENOUGH_MEMORY,
    system: WsaError::WSASYSCALLFAILURE,
};

const INSTALL_WITH_CHAINS: Codes = Codes {
    no_memory: WsaError::WSAENOBUFS,
    ..INSTALL
};

const CHANGE: Codes = Codes {
    system: WsaError::WSANO_RECOVERY,
    ..INSTALL
};

/// Changes the catalog for a function that knows of `codes`.
fn change<T>(
    codes: &Codes,
    change: impl FnOnce(&mut Catalog) -> std::result::Result<T, Failure>,
) -> Result<T> {
    store::change(change).map_err(|failure| codes.code(failure))
}

/// UTF-16 up to its end: at most `room` units with that, else WSAEINVAL.
fn read_units(from: UserPointer<u16>, room: usize) -> Result<Vec<u16>> {
    let mut units = Vec::new();
    for position in 0..room {
        match from.add(position).read()? {
            0 => return Ok(units),
            unit => units.push(unit),
        }
    }
    Err(WsaError::WSAEINVAL)
}

/// A text that names something, and so is neither empty nor ill-formed.
fn read_text(from: UserPointer<u16>, room: usize) -> Result<String> {
    String::from_utf16(&read_units(from, room)?)
        .ok()
        .filter(|text| !text.is_empty())
        .ok_or(WsaError::WSAEINVAL)
}

/// The entries that a caller lists.
fn read_entries(list: UserPointer<WSAPROTOCOL_INFOW>, count: u32) -> Result<Vec<WSAPROTOCOL_INFOW>> {
    let count = count as usize;
    if count > MOST_ENTRIES {
        // Not before it is known that there is such a list.
        list.read()?;
        return Err(WsaError::WSAENOBUFS);
    }
    let entries = (0..count).map(|position| list.add(position).read().map_err(WsaError::from));
    entries.collect()
}

/// What no entry can be, whatever its provider makes of it: a name without an end, a chain that is longer than a chain.
fn check_entries(entries: &[WSAPROTOCOL_INFOW]) -> Result<()> {
    let good = |info: &WSAPROTOCOL_INFOW| {
        info.szProtocol.contains(&0)
            && (LAYERED_PROTOCOL..=MAX_PROTOCOL_CHAIN).contains(&info.ProtocolChain.ChainLen)
    };
    if entries.iter().all(good) {
        Ok(())
    } else {
        Err(WsaError::WSAEINVAL)
    }
}

/// WSCEnumProtocols: the number of entries that `protocols` asks for, which are then in `buffer`.
pub(crate) fn enumerate(
    protocols: UserPointer<i32>,
    buffer: UserPointer<WSAPROTOCOL_INFOW>,
    length: UserPointer<u32>,
) -> Result<i32> {
    guard::install();
    let room = length.read()? as usize;
    let wanted = read_numbers(protocols)?;
    let catalog = super::read()?;
    let is_wanted = |info: &&WSAPROTOCOL_INFOW| {
        wanted
            .as_ref()
            .is_none_or(|wanted| wanted.contains(&info.iProtocol))
    };
    let found: Vec<WSAPROTOCOL_INFOW> = catalog.protocols().iter().filter(is_wanted).copied().collect();
    let size = size_of_val(found.as_slice());
    length.write(size as u32)?;
    if room < size {
        return Err(WsaError::WSAENOBUFS);
    }
    buffer.write_slice(&found)?;
    Ok(found.len() as i32)
}

/// A list of protocol numbers that ends with 0; `None` where there is no list.
fn read_numbers(list: UserPointer<i32>) -> Result<Option<Vec<i32>>> {
    if list.is_null() {
        return Ok(None);
    }
    let mut numbers = Vec::new();
    for position in 0..MOST_NUMBERS {
        match list.add(position).read()? {
            0 => return Ok(Some(numbers)),
            number => numbers.push(number),
        }
    }
    Err(WsaError::WSAEINVAL)
}

/// WSCGetProviderPath. `length` counts units, with the end; it receives how many there are, also if there was no room.
pub(crate) fn path(
    provider: UserPointer<GUID>,
    path: UserPointer<u16>,
    length: UserPointer<i32>,
) -> Result<()> {
    guard::install();
    let id = provider.read()?;
    let room = length.read()?;
    let units: Vec<u16> = path_of(&id)?.encode_utf16().chain([0]).collect();
    length.write(units.len() as i32)?;
    if usize::try_from(room).is_ok_and(|room| room >= units.len()) {
        Ok(path.write_slice(&units)?)
    } else {
        Err(WsaError::WSAEFAULT)
    }
}

fn path_of(id: &GUID) -> Result<String> {
    if is_base(id) {
        // Layers load the base provider by this path, and so find this library (NEED-S1).
        return library::path()
            .and_then(|path| path.into_os_string().into_string().ok())
            .ok_or(WsaError::WSANO_RECOVERY);
    }
    let catalog = super::read()?;
    let provider = catalog.provider(id).ok_or(WsaError::WSAEINVAL)?;
    Ok(provider.path.clone())
}

/// WSCInstallProvider.
pub(crate) fn install(
    provider: UserPointer<GUID>,
    path: UserPointer<u16>,
    list: UserPointer<WSAPROTOCOL_INFOW>,
    count: u32,
) -> Result<()> {
    guard::install();
    let provider = Provider {
        id: provider.read()?,
        path: read_text(path, LONGEST_PATH)?,
        categories: None,
    };
    if list.is_null() {
        return Err(WsaError::WSAEFAULT);
    }
    let entries = read_entries(list, count)?;
    check_entries(&entries)?;
    change(&INSTALL, |catalog| catalog.install(provider, entries))
}

/// WSCInstallProviderAndChains. `id` receives the id of the hidden entry, if it is not NULL.
pub(crate) fn install_with_chains(
    provider: UserPointer<GUID>,
    path: UserPointer<u16>,
    name: UserPointer<u16>,
    service_flags: u32,
    list: UserPointer<WSAPROTOCOL_INFOW>,
    count: u32,
    id: UserPointer<u32>,
) -> Result<()> {
    guard::install();
    if provider.is_null() {
        return Err(WsaError::WSAEINVAL);
    }
    let provider = Provider {
        id: provider.read()?,
        path: read_text(path, SHORT_PATH)?,
        categories: None,
    };
    let name = read_units(name, WSAPROTOCOL_LEN as usize + 1)?;
    if name.is_empty() {
        return Err(WsaError::WSAEINVAL);
    }
    let over = match list.non_null() {
        None => None,
        Some(_) if count == 0 => return Err(WsaError::WSAEINVAL),
        Some(list) => {
            let entries = read_entries(list, count)?;
            let kind = |info: &WSAPROTOCOL_INFOW| (info.iAddressFamily, info.iSocketType, info.iProtocol);
            Some(entries.iter().map(kind).collect())
        }
    };
    if let Some(id) = id.non_null() {
        // A place that cannot be written is no reason for half an answer later.
        id.write(id.read()?)?;
    }
    let layer = Layer {
        provider,
        name,
        service_flags,
        over,
    };
    let hidden = change(&INSTALL_WITH_CHAINS, |catalog| {
        catalog.install_with_chains(&layer, new_guid)
    })?;
    if let Some(id) = id.non_null() {
        id.write(hidden)?;
    }
    Ok(())
}

/// A GUID that nobody has (RFC 9562, version 4).
fn new_guid() -> std::result::Result<GUID, Failure> {
    let random = || process::random().map_err(|_| Failure::System);
    let (third, rest) = (random()?, [random()?, random()?]);
    let rest = u64::from(rest[0]) << 32 | u64::from(rest[1]);
    Ok(GUID {
        Data1: random()?,
        Data2: (third >> 16) as u16,
        Data3: third as u16 & 0x0fff | 0x4000,
        Data4: (rest & !(0b11 << 62) | 0b10 << 62).to_be_bytes(),
    })
}

/// WSCDeinstallProvider.
pub(crate) fn deinstall(provider: UserPointer<GUID>) -> Result<()> {
    guard::install();
    let id = provider.read()?;
    change(&CHANGE, |catalog| catalog.deinstall(&id))
}
