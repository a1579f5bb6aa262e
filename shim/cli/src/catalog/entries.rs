//! What an entry is, by its chain (W.1).

use crate::library::text;
use ws2spi::abi::*;

/// A layer's own, hidden entry.
pub(crate) const fn is_layer(entry: &WSAPROTOCOL_INFOW) -> bool {
    entry.ProtocolChain.ChainLen == LAYERED_PROTOCOL
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
