//! Which catalog entry serves a new socket, and which provider serves an entry.
#![forbid(unsafe_code)]

use super::provider::{self, Lease};
use super::startup::{View, view};
use crate::abi::*;
use crate::catalog::base::Protocol;
use crate::error::{Result, WsaError};

/// Who makes a socket: the functions to ask, and the entry to ask with; none where the base provider is to find out
/// itself, and to say why there is none.
pub(crate) struct Choice {
    pub(crate) procs: &'static WSPPROC_TABLE,
    pub(crate) entry: Option<WSAPROTOCOL_INFOW>,
    /// Keeps a layered provider started while the call runs.
    _lease: Option<Lease>,
}

/// WSASocket: the entry that the caller names, or the first in the catalog's order that fits (NEED-C4).
pub(crate) fn for_socket(
    family: i32,
    kind: i32,
    protocol: i32,
    info: Option<WSAPROTOCOL_INFOW>,
) -> Result<Choice> {
    let view = view()?;
    let base = Choice {
        procs: view.host.procs,
        entry: info,
        _lease: None,
    };
    let wanted = match &info {
        Some(info) => view
            .catalog
            .by_entry(info.dwCatalogEntryId)
            .filter(|entry| !is_dummy(entry)),
        None => fitting(&view, family, kind, protocol),
    };
    let Some(entry) = wanted else {
        return Ok(base);
    };
    let entry = permitted(&view, entry);
    let Some(lease) = provider_of(&view, entry)? else {
        return Ok(base);
    };
    let mut entry = *entry;
    // What makes a duplicate of another socket goes down the chain (NEED-S15).
    entry.dwProviderReserved = info.map_or(0, |info| info.dwProviderReserved);
    Ok(Choice {
        procs: lease.procs,
        entry: Some(entry),
        _lease: Some(lease),
    })
}

/// Who reads and writes addresses: of the entry that the caller names, or of the first of the family.
pub(crate) fn for_addresses(family: i32, info: Option<&WSAPROTOCOL_INFOW>) -> Result<Choice> {
    for_socket(family, 0, 0, info.copied())
}

/// The functions of the provider of an entry.
pub(super) fn of_entry(view: &View, entry: u32) -> Result<&'static WSPPROC_TABLE> {
    let entry = view.catalog.by_entry(entry).ok_or(WsaError::WSAEINVAL)?;
    Ok(provider_of(view, entry)?.map_or(view.host.procs, |lease| lease.procs))
}

/// The provider of an entry, started; `None` for the base provider.
fn provider_of(view: &View, entry: &WSAPROTOCOL_INFOW) -> Result<Option<Lease>> {
    if Protocol::of_info(entry).is_some() {
        return Ok(None);
    }
    let provider = view.catalog.provider(&entry.ProviderId);
    let provider = provider.ok_or(WsaError::WSAEPROVIDERFAILEDINIT)?;
    provider::start(&provider.id, &provider.path, entry).map(Some)
}

/// The entry of a layered protocol, which stands for the layer and not for something to open (NEED-C3).
pub(super) fn is_dummy(entry: &WSAPROTOCOL_INFOW) -> bool {
    entry.ProtocolChain.ChainLen == LAYERED_PROTOCOL
}

/// The first entry that fits. The base provider fits nothing to an empty wish, and neither does this.
fn fitting(view: &View, family: i32, kind: i32, protocol: i32) -> Option<&WSAPROTOCOL_INFOW> {
    if (family, kind, protocol) == (0, 0, 0) {
        return None;
    }
    view.catalog.protocols().iter().find(|entry| {
        !is_dummy(entry)
            && (family == 0 || entry.iAddressFamily == family)
            && (kind == 0 || entry.iSocketType == kind)
            && fits_protocol(entry, kind, protocol)
    })
}

fn fits_protocol(entry: &WSAPROTOCOL_INFOW, kind: i32, protocol: i32) -> bool {
    match (entry.iSocketType, protocol) {
        // Only who asks for a raw socket gets one.
        (SOCK_RAW, _) if kind != SOCK_RAW => false,
        (_, 0) => entry.dwProviderFlags & PFL_MATCHES_PROTOCOL_ZERO != 0 || entry.iProtocol == 0,
        _ => protocol
            .checked_sub(entry.iProtocol)
            .is_some_and(|offset| (0..=entry.iProtocolMaxOffset).contains(&offset)),
    }
}

/// The entry itself, or what stands below the layers that the program is not willing to load: those with a category that
/// is not permitted, and in a system process those without any (W.10).
fn permitted<'a>(view: &'a View, entry: &'a WSAPROTOCOL_INFOW) -> &'a WSAPROTOCOL_INFOW {
    let Some(permitted) = view.permitted else {
        return entry;
    };
    let mut entry = entry;
    // A chain is at most so long, and might lead in a circle.
    for _ in 0..MAX_PROTOCOL_CHAIN {
        let chain = chain_of(entry);
        let Some((&layer, rest)) = chain.split_first().filter(|(_, rest)| !rest.is_empty()) else {
            break;
        };
        let layer = view.catalog.by_entry(layer).unwrap_or(entry);
        let provider = view.catalog.provider(&layer.ProviderId);
        let categories = provider.and_then(|provider| provider.categories).unwrap_or(0);
        let is_unknown_to_system = categories == 0 && permitted & LSP_SYSTEM != 0;
        if categories & !permitted == 0 && !is_unknown_to_system {
            break;
        }
        match below(view, rest) {
            Some(below) => entry = below,
            None => break,
        }
    }
    entry
}

/// What a chain leads through; nothing for a base protocol.
fn chain_of(entry: &WSAPROTOCOL_INFOW) -> &[u32] {
    let chain = &entry.ProtocolChain;
    let length = usize::try_from(chain.ChainLen).unwrap_or(0);
    match length {
        0 | 1 => &[],
        length => chain.ChainEntries.get(..length).unwrap_or(&chain.ChainEntries),
    }
}

/// The entry that stands for the rest of a chain: the one that it names first, or where that stands for a layer alone, the
/// chain that leads through the same; at the worst the base protocol.
fn below<'a>(view: &'a View, rest: &[u32]) -> Option<&'a WSAPROTOCOL_INFOW> {
    let named = |id: Option<&u32>| view.catalog.by_entry(*id?).filter(|entry| !is_dummy(entry));
    let same = || {
        view.catalog
            .protocols()
            .iter()
            .find(|entry| chain_of(entry) == rest)
    };
    named(rest.first()).or_else(same).or_else(|| named(rest.last()))
}
