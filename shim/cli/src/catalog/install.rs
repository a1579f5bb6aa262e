//! `catalog install`.
//!
//! A layer and its chains are installed one by one with WSCInstallProvider, as installers have always done.
//! WSCInstallProviderAndChains does it in one step, but cannot say over which entry: it takes the topmost that fits a
//! family, type and protocol, and no path above 260 characters. One way that does all is better than two.

use super::entries::{is_base, is_built_in, is_layer, is_library, name};
use super::order;
use crate::failure::{Failure, Result};
use crate::guid;
use crate::library::{Library, text};
use crate::provider::{IS_LIBRARY, ProviderFile};
use std::io::Write;
use std::path::Path;
use ws2spi::abi::*;

/// What is to be installed.
pub(super) struct Wish {
    pub(super) name: String,
    /// Empty for TCP and UDP of the base provider.
    pub(super) over: Vec<u32>,
    pub(super) ifs: bool,
    pub(super) guid: Option<GUID>,
    pub(super) categories: u32,
}

pub(super) fn run(library: &Library, file: &Path, wish: &Wish, out: &mut dyn Write) -> Result<()> {
    let path = check_file(file)?;
    let entries = library.protocols()?;
    if is_library(library, &entries, file)? {
        return Err(
            Failure::problem(format!("{}: it is {IS_LIBRARY}", file.display()))
                .advise("name the file of a layer"),
        );
    }
    check_name(&wish.name, &entries)?;
    check_guid(wish.guid, &entries)?;
    let lower = lower_entries(&wish.over, &entries)?;
    let mut installed = Vec::new();
    let done = install(library, &path, wish, &lower, &mut installed);
    if let Err(failure) = done {
        // In the opposite order, so that no chain is ever without its layer.
        for provider in installed.iter().rev() {
            if let Err(remains) = library.deinstall(provider) {
                eprintln!("ws2spi: {provider} could not be removed again: {remains}");
            }
        }
        return Err(failure);
    }
    let entries = library.protocols()?;
    for provider in &installed {
        for entry in entries.iter().filter(|entry| entry.ProviderId == *provider) {
            writeln!(out, "{}  {}", entry.dwCatalogEntryId, name(entry))?;
        }
    }
    Ok(())
}

/// The provider's absolute path, if the file can be one.
fn check_file(file: &Path) -> Result<String> {
    let refuse = |why: String| Failure::problem(format!("{}: {why}", file.display()));
    let path = std::path::absolute(file).map_err(|error| refuse(error.to_string()))?;
    ProviderFile::read(&path).map_err(refuse)?;
    ws2spi::check_trust(&path).map_err(|why| {
        Failure::problem(why)
            .advise("no program would load the provider from there: `chmod go-w`, or put it elsewhere")
    })?;
    let path = path.into_os_string().into_string();
    path.map_err(|_| {
        refuse(String::from(
            "the path is not UTF-8, which the catalog's functions cannot carry",
        ))
    })
}

fn check_name(name: &str, entries: &[WSAPROTOCOL_INFOW]) -> Result<()> {
    let length = name.encode_utf16().count();
    if length == 0 || length > WSAPROTOCOL_LEN as usize || name.contains('\0') {
        return Err(Failure::usage(format!(
            "catalog: a name has 1 to {WSAPROTOCOL_LEN} characters"
        )));
    }
    match entries
        .iter()
        .find(|entry| is_layer(entry) && text(&entry.szProtocol) == name)
    {
        None => Ok(()),
        Some(other) => Err(Failure::problem(format!(
            "catalog: there is a layer {name} already, entry {}",
            other.dwCatalogEntryId
        ))
        .advise("choose another name, or remove that one first")),
    }
}

fn check_guid(wanted: Option<GUID>, entries: &[WSAPROTOCOL_INFOW]) -> Result<()> {
    let is_base = |id: &GUID| {
        entries
            .iter()
            .any(|entry| is_built_in(entry) && entry.ProviderId == *id)
    };
    match wanted.filter(is_base) {
        None => Ok(()),
        Some(id) => Err(
            Failure::problem(format!("catalog: {id} is the GUID of the base provider"))
                .advise("choose another, or leave out --guid to have a new one"),
        ),
    }
}

/// What the layer's chains are to lie over.
fn lower_entries(over: &[u32], entries: &[WSAPROTOCOL_INFOW]) -> Result<Vec<WSAPROTOCOL_INFOW>> {
    if over.is_empty() {
        let is_usual = |entry: &&WSAPROTOCOL_INFOW| {
            is_base(entry) && [IPPROTO_TCP, IPPROTO_UDP].contains(&entry.iProtocol)
        };
        return Ok(entries.iter().filter(is_usual).copied().collect());
    }
    let mut lower: Vec<WSAPROTOCOL_INFOW> = Vec::new();
    for id in over {
        let entry = entries
            .iter()
            .find(|entry| entry.dwCatalogEntryId == *id)
            .ok_or_else(|| {
                Failure::problem(format!("catalog: there is no entry {id} to be over"))
                    .advise("`ws2spi catalog list` shows the entries")
            })?;
        if is_layer(entry) {
            return Err(Failure::problem(format!(
                "catalog: {id} is a layer's own entry, which carries nothing"
            ))
            .advise("name one of its chains"));
        }
        if ws2spi::chain_over(0, entry).is_none() {
            return Err(too_long(entry));
        }
        if lower.iter().any(|known| known.dwCatalogEntryId == *id) {
            return Err(Failure::usage(format!("catalog: {id} is named twice")));
        }
        lower.push(*entry);
    }
    Ok(lower)
}

fn too_long(entry: &WSAPROTOCOL_INFOW) -> Failure {
    Failure::problem(format!(
        "catalog: {} is as long as a chain can be, {MAX_PROTOCOL_CHAIN} entries",
        entry.dwCatalogEntryId
    ))
}

/// Installs layer, chains and order; notes each provider in `installed` when it is there.
fn install(
    library: &Library,
    path: &str,
    wish: &Wish,
    lower: &[WSAPROTOCOL_INFOW],
    installed: &mut Vec<GUID>,
) -> Result<()> {
    let first = lower
        .first()
        .ok_or_else(|| Failure::problem("catalog: there is nothing to be over"))?;
    let layer = wish.guid.unwrap_or_else(guid::random);
    let hidden = WSAPROTOCOL_INFOW {
        dwServiceFlags1: service_flags(first, wish.ifs),
        dwProviderFlags: PFL_HIDDEN,
        ProtocolChain: WSAPROTOCOLCHAIN {
            ChainLen: LAYERED_PROTOCOL,
            ChainEntries: [0; 7],
        },
        iSocketType: 0,
        iProtocol: 0,
        iProtocolMaxOffset: 0,
        szProtocol: units(&wish.name),
        ..*first
    };
    library.install(&layer, path, &[hidden])?;
    installed.push(layer);
    if wish.categories != 0 {
        library.set_categories(&layer, wish.categories)?;
    }
    let layer_id = id_of(library, &layer)?;

    // Each chain has a GUID of its own: a provider is started once for each (NEED-S3).
    let mut chains = Vec::new();
    for lower in lower {
        let provider = guid::random();
        let chain = WSAPROTOCOL_INFOW {
            dwServiceFlags1: service_flags(lower, wish.ifs),
            ProtocolChain: ws2spi::chain_over(layer_id, lower).ok_or_else(|| too_long(lower))?,
            szProtocol: units(&format!("{} over [{}]", wish.name, name(lower))),
            ..*lower
        };
        library.install(&provider, path, &[chain])?;
        installed.push(provider);
        if wish.categories != 0 {
            library.set_categories(&provider, wish.categories)?;
        }
        chains.push(id_of(library, &provider)?);
    }
    order::to_front(library, &chains)
}

/// A layer's handles are the system's only if it hands out those of the provider below.
const fn service_flags(lower: &WSAPROTOCOL_INFOW, ifs: bool) -> u32 {
    let others = lower.dwServiceFlags1 & !XP1_IFS_HANDLES;
    if ifs {
        others | lower.dwServiceFlags1 & XP1_IFS_HANDLES
    } else {
        others
    }
}

/// The id that the library gave to the entry of a new provider.
fn id_of(library: &Library, provider: &GUID) -> Result<u32> {
    let entries = library.protocols()?;
    let entry = entries.iter().find(|entry| entry.ProviderId == *provider);
    entry
        .map(|entry| entry.dwCatalogEntryId)
        .ok_or_else(|| Failure::problem(format!("catalog: {provider} was removed by somebody else")))
}

/// A name in its place, cut off where there is no room.
fn units(name: &str) -> [u16; 256] {
    let mut units = [0; 256];
    for (place, unit) in units
        .iter_mut()
        .zip(name.encode_utf16())
        .take(WSAPROTOCOL_LEN as usize)
    {
        *place = unit;
    }
    units
}
