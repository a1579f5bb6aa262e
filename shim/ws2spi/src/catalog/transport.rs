//! WSC* for transport providers: what the functions are given and what they give.

use super::change::Layer;
use super::{Codes, Failure, INSTALL, MOST_ENTRIES, Provider, change, is_base, store};
use crate::abi::*;
use crate::error::{Result, WsaError};
use crate::sys::guard::{Plain, UserPointer};
use crate::sys::{guard, library, process};

/// The longest path of a library, with its end: Linux' PATH_MAX; and that of WSCInstallProviderAndChains (MAX_PATH).
pub(super) const LONGEST_PATH: usize = 4096;
const SHORT_PATH: usize = 260;

/// The longest path or command line of a program, in characters.
const LONGEST_NAME: usize = 1 << 15;

/// No list of protocol numbers is longer.
const MOST_NUMBERS: usize = 1 << 16;

const INSTALL_WITH_CHAINS: Codes = Codes {
    no_memory: WsaError::WSAENOBUFS,
    ..INSTALL
};

const CHANGE: Codes = Codes {
    system: WsaError::WSANO_RECOVERY,
    ..INSTALL
};

/// The functions about what programs admit, whose pages know of no memory.
const PERMIT: Codes = Codes {
    no_memory: WsaError::WSANO_RECOVERY,
    ..CHANGE
};

/// UTF-16 up to its end: at most `room` units with that, else WSAEINVAL.
pub(super) fn read_units(from: UserPointer<u16>, room: usize) -> Result<Vec<u16>> {
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
pub(super) fn read_text(from: UserPointer<u16>, room: usize) -> Result<String> {
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

/// The entries to install; there is a list, and something in it.
fn read_good_entries(list: UserPointer<WSAPROTOCOL_INFOW>, count: u32) -> Result<Vec<WSAPROTOCOL_INFOW>> {
    if list.is_null() {
        return Err(WsaError::WSAEFAULT);
    }
    let entries = read_entries(list, count)?;
    check_entries(&entries)?;
    Ok(entries)
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

/// A list of protocol numbers that ends with 0; `None` where there is no list. WSAEINVAL if it does not end.
pub(crate) fn read_numbers(list: UserPointer<i32>) -> Result<Option<Vec<i32>>> {
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
    let entries = read_good_entries(list, count)?;
    change(&INSTALL, |catalog| catalog.install(provider, entries))
}

/// WSCUpdateProvider. The page has no code for buffers.
pub(crate) fn update(
    provider: UserPointer<GUID>,
    path: UserPointer<u16>,
    list: UserPointer<WSAPROTOCOL_INFOW>,
    count: u32,
) -> Result<()> {
    guard::install();
    let id = provider.read()?;
    let path = read_text(path, LONGEST_PATH)?;
    let updated = read_good_entries(list, count)
        .and_then(|entries| change(&CHANGE, |catalog| catalog.update(&id, path, entries)));
    match updated {
        Err(WsaError::WSAENOBUFS) => Err(WsaError::WSA_NOT_ENOUGH_MEMORY),
        done => done,
    }
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

/// The library for 32-bit programs, of which there are none: a path, or none.
pub(crate) fn check_second_path(path: UserPointer<u16>) -> Result<()> {
    guard::install();
    match path.non_null() {
        Some(path) => read_text(path, SHORT_PATH).map(drop),
        None => Ok(()),
    }
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

/// WSCWriteProviderOrder.
pub(crate) fn reorder(ids: UserPointer<u32>, count: u32) -> Result<()> {
    guard::install();
    let ids = read_order(ids, count)?;
    change(&CHANGE, |catalog| catalog.reorder(&ids))
}

/// An order, of no more things than there can be: WSAEINVAL.
pub(super) fn read_order<T: Plain + Default>(list: UserPointer<T>, count: u32) -> Result<Vec<T>> {
    let count = count as usize;
    if count > MOST_ENTRIES {
        list.read()?;
        return Err(WsaError::WSAEINVAL);
    }
    let mut order = vec![T::default(); count];
    list.read_slice(&mut order)?;
    Ok(order)
}

/// What kinds of things are known of a provider (W.11).
const PROVIDER_INFO_LSP_CATEGORIES: i32 = 0;
const PROVIDER_INFO_AUDIT: i32 = 1;

/// There is no audit yet, and nothing else; no flag is known either.
fn check_info_type(info_type: i32, flags: u32) -> Result<()> {
    match info_type {
        PROVIDER_INFO_LSP_CATEGORIES if flags == 0 => Ok(()),
        PROVIDER_INFO_AUDIT => Err(WsaError::ERROR_CALL_NOT_IMPLEMENTED),
        _ => Err(WsaError::WSAEINVAL),
    }
}

/// WSCSetProviderInfo.
pub(crate) fn set_info(
    provider: UserPointer<GUID>,
    info_type: i32,
    info: UserPointer<u8>,
    size: usize,
    flags: u32,
) -> Result<()> {
    guard::install();
    let id = provider.read()?;
    check_info_type(info_type, flags)?;
    if size != size_of::<u32>() {
        return Err(WsaError::WSAEINVAL);
    }
    let categories = info.cast::<u32>().read()?;
    change(&CHANGE, |catalog| catalog.set_categories(&id, categories))
}

/// WSCGetProviderInfo. `size` receives what is needed, also if there was no room.
pub(crate) fn info(
    provider: UserPointer<GUID>,
    info_type: i32,
    info: UserPointer<u8>,
    size: UserPointer<usize>,
    flags: u32,
) -> Result<()> {
    guard::install();
    let id = provider.read()?;
    check_info_type(info_type, flags)?;
    let room = size.read()?;
    let categories = categories_of(&id)?;
    size.write(size_of::<u32>())?;
    if info.is_null() || room < size_of::<u32>() {
        return Err(WsaError::WSAEFAULT);
    }
    Ok(info.cast::<u32>().write(categories)?)
}

/// Those of the base provider, and of one that nobody has spoken of, are none.
fn categories_of(id: &GUID) -> Result<u32> {
    if is_base(id) {
        return Ok(0);
    }
    let catalog = store::read().map_err(|failure| CHANGE.code(failure))?;
    let provider = catalog.provider(id).ok_or(WsaError::WSAEINVALIDPROVIDER)?;
    Ok(provider.categories.unwrap_or(0))
}

/// The name of a program: `length` characters, without a terminator, that are well-formed.
fn read_name(from: UserPointer<u16>, length: u32) -> Result<String> {
    if length as usize > LONGEST_NAME {
        from.read()?;
        return Err(WsaError::WSAEINVAL);
    }
    let mut units = vec![0; length as usize];
    from.read_slice(&mut units)?;
    if units.contains(&0) {
        return Err(WsaError::WSAEINVAL);
    }
    String::from_utf16(&units).map_err(|_| WsaError::WSAEINVAL)
}

/// A program, by its path and, unless `extra` is NULL, its arguments.
fn read_program(
    path: UserPointer<u16>,
    path_length: u32,
    extra: UserPointer<u16>,
    extra_length: u32,
) -> Result<(String, String)> {
    if path.is_null() {
        return Err(WsaError::WSAEFAULT);
    }
    let path = read_name(path, path_length)?;
    if path.is_empty() {
        return Err(WsaError::WSAEINVAL);
    }
    let extra = match extra.non_null() {
        Some(extra) => read_name(extra, extra_length)?,
        None => String::new(),
    };
    Ok((path, extra))
}

/// WSCSetApplicationCategory. `before` receives what the program admitted until now, if it is not NULL.
pub(crate) fn set_application(
    path: UserPointer<u16>,
    path_length: u32,
    extra: UserPointer<u16>,
    extra_length: u32,
    categories: u32,
    before: UserPointer<u32>,
) -> Result<()> {
    guard::install();
    let (path, extra) = read_program(path, path_length, extra, extra_length)?;
    if let Some(before) = before.non_null() {
        before.write(before.read()?)?;
    }
    let old = change(&PERMIT, |catalog| catalog.permit(&path, &extra, categories))?;
    if let Some(before) = before.non_null() {
        before.write(old)?;
    }
    Ok(())
}

/// WSCGetApplicationCategory.
pub(crate) fn application(
    path: UserPointer<u16>,
    path_length: u32,
    extra: UserPointer<u16>,
    extra_length: u32,
    categories: UserPointer<u32>,
) -> Result<()> {
    guard::install();
    let (path, extra) = read_program(path, path_length, extra, extra_length)?;
    let catalog = store::read().map_err(|failure| PERMIT.code(failure))?;
    let found = catalog
        .application(&path, &extra)
        .ok_or(WsaError::WSASERVICE_NOT_FOUND)?;
    Ok(categories.write(found)?)
}

/// WSCInstallQOSTemplate and WSCRemoveQOSTemplate: the arguments are judged, but there is no quality of service to have a
/// template for.
pub(crate) fn change_template(
    provider: UserPointer<GUID>,
    name: UserPointer<WSABUF>,
    qos: Option<UserPointer<QOS>>,
) -> Result<()> {
    guard::install();
    if let Some(provider) = provider.non_null() {
        provider.read()?;
    }
    let name = name.read()?;
    if name.len == 0 {
        return Err(WsaError::WSAEINVAL);
    }
    UserPointer::<u8>::from_address(name.buf as usize).read()?;
    if let Some(qos) = qos {
        qos.read()?;
    }
    Err(WsaError::WSANO_RECOVERY)
}
