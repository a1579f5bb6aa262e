//! Which catalog entry serves a new socket, and which provider serves an entry.
#![forbid(unsafe_code)]

use super::provider;
use super::startup::{View, view};
use crate::abi::*;
use crate::catalog::base::Protocol;
use crate::error::{Result, WsaError};

/// Who makes a socket: the functions to ask, and the entry to ask with; none where the base provider is to find out
/// itself, and to say why there is none.
pub(crate) struct Choice {
    pub(crate) procs: &'static WSPPROC_TABLE,
    pub(crate) entry: Option<WSAPROTOCOL_INFOW>,
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
    let procs = of(&view, entry)?;
    if std::ptr::eq(procs, view.host.procs) {
        return Ok(base);
    }
    let mut entry = *entry;
    // What makes a duplicate of another socket goes down the chain (NEED-S15).
    entry.dwProviderReserved = info.map_or(0, |info| info.dwProviderReserved);
    Ok(Choice {
        procs,
        entry: Some(entry),
    })
}

/// Who reads and writes addresses: of the entry that the caller names, or of the first of the family.
pub(crate) fn for_addresses(family: i32, info: Option<&WSAPROTOCOL_INFOW>) -> Result<Choice> {
    for_socket(family, 0, 0, info.copied())
}

/// The functions of the provider of an entry.
pub(super) fn of_entry(view: &View, entry: u32) -> Result<&'static WSPPROC_TABLE> {
    let entry = view.catalog.by_entry(entry).ok_or(WsaError::WSAEINVAL)?;
    of(view, entry)
}

fn of(view: &View, entry: &WSAPROTOCOL_INFOW) -> Result<&'static WSPPROC_TABLE> {
    if Protocol::of_info(entry).is_some() {
        return Ok(view.host.procs);
    }
    let provider = view.catalog.provider(&entry.ProviderId);
    let provider = provider.ok_or(WsaError::WSAEPROVIDERFAILEDINIT)?;
    provider::start(&provider.id, &provider.path, entry)
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
        let chain = &entry.ProtocolChain;
        if chain.ChainLen <= BASE_PROTOCOL {
            break;
        }
        let layer = view.catalog.by_entry(chain.ChainEntries[0]).unwrap_or(entry);
        let provider = view.catalog.provider(&layer.ProviderId);
        let categories = provider.and_then(|provider| provider.categories).unwrap_or(0);
        let is_unknown_to_system = categories == 0 && permitted & LSP_SYSTEM != 0;
        if categories & !permitted == 0 && !is_unknown_to_system {
            break;
        }
        match view.catalog.by_entry(chain.ChainEntries[1]) {
            Some(below) => entry = below,
            None => break,
        }
    }
    entry
}
