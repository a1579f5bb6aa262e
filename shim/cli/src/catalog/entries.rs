//! What an entry is, by its chain (W.1).

use crate::failure::Result;
use crate::library::{Library, text};
use crate::provider::is_same_file;
use std::path::Path;
use ws2spi::abi::*;

/// A layer's own, hidden entry.
pub(crate) const fn is_layer(entry: &WSAPROTOCOL_INFOW) -> bool {
    entry.ProtocolChain.ChainLen == LAYERED_PROTOCOL
}

/// Of the base provider that the library has in it.
pub(crate) const fn is_built_in(entry: &WSAPROTOCOL_INFOW) -> bool {
    entry.dwCatalogEntryId < ws2spi::FIRST_ID
}

pub(crate) const fn is_base(entry: &WSAPROTOCOL_INFOW) -> bool {
    entry.ProtocolChain.ChainLen == BASE_PROTOCOL
}

pub(crate) const fn is_chain(entry: &WSAPROTOCOL_INFOW) -> bool {
    entry.ProtocolChain.ChainLen > BASE_PROTOCOL
}

/// The entries that a chain runs through: its layer, what that lies over, and so on down to the base protocol.
pub(crate) fn chain(entry: &WSAPROTOCOL_INFOW) -> &[u32] {
    let length = usize::try_from(entry.ProtocolChain.ChainLen).unwrap_or_default();
    let length = if length > 1 { length } else { 0 };
    let entries = &entry.ProtocolChain.ChainEntries;
    entries.get(..length).unwrap_or(entries)
}

/// What people call it.
pub(crate) fn name(entry: &WSAPROTOCOL_INFOW) -> String {
    text(&entry.szProtocol)
}

/// Whether a file is the library's own, which is where the base provider is, under whatever name.
pub(crate) fn is_library(library: &Library, entries: &[WSAPROTOCOL_INFOW], file: &Path) -> Result<bool> {
    let Some(base) = entries.iter().find(|entry| is_built_in(entry)) else {
        return Ok(false);
    };
    let own = library.provider_path(&base.ProviderId)?;
    Ok(is_same_file(Path::new(&own), file))
}
