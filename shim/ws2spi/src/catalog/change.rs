//! Changes of a catalog: each happens whole or not at all.

use super::{Catalog, Failure, MOST_ENTRIES, Provider, is_base};
use crate::abi::*;
use crate::error::WsaError;

/// What WSCInstallProviderAndChains installs.
pub(super) struct Layer {
    pub(super) provider: Provider,
    /// Without its end.
    pub(super) name: Vec<u16>,
    pub(super) service_flags: u32,
    /// Over which protocols: family, type and number of each; `None` for all of the base provider's.
    pub(super) over: Option<Vec<(i32, i32, i32)>>,
}

impl Catalog {
    /// Adds a provider with entries, which come last in the order and get new ids (NEED-C2).
    pub(super) fn install(
        &mut self,
        provider: Provider,
        protocols: Vec<WSAPROTOCOL_INFOW>,
    ) -> Result<(), Failure> {
        if protocols.is_empty() {
            return Err(WsaError::WSAEINVAL.into());
        }
        if is_base(&provider.id) || self.provider(&provider.id).is_some() {
            return Err(WsaError::WSANO_RECOVERY.into());
        }
        let first = self.new_ids(protocols.len())?;
        for (id, protocol) in (first..).zip(protocols) {
            self.protocols.push(WSAPROTOCOL_INFOW {
                ProviderId: provider.id,
                dwCatalogEntryId: id,
                ..protocol
            });
        }
        self.providers.push(provider);
        Ok(())
    }

    /// The first of `count` ids that were never given before.
    fn new_ids(&mut self, count: usize) -> Result<u32, Failure> {
        if self.protocols.len() + count > MOST_ENTRIES {
            return Err(WsaError::WSAENOBUFS.into());
        }
        let first = self.next_id;
        self.next_id = u32::try_from(count)
            .ok()
            .and_then(|count| first.checked_add(count))
            .ok_or(WsaError::WSAENOBUFS)?;
        Ok(first)
    }

    /// Adds a layer: its hidden entry last, and first in the order a chain over each protocol. `new_guid` names the
    /// provider of a chain. Gives the hidden entry's id.
    pub(super) fn install_with_chains(
        &mut self,
        layer: &Layer,
        mut new_guid: impl FnMut() -> Result<GUID, Failure>,
    ) -> Result<u32, Failure> {
        self.check_new(layer)?;
        let lower = self.lower_entries(layer.over.as_deref())?;
        let hidden = self.new_ids(1 + lower.len())?;
        let mut chains = Vec::new();
        for (id, lower) in (hidden + 1..).zip(&lower) {
            let provider = Provider {
                id: new_guid()?,
                ..layer.provider.clone()
            };
            chains.push(WSAPROTOCOL_INFOW {
                dwServiceFlags1: lower.dwServiceFlags1 & !XP1_IFS_HANDLES
                    | layer.service_flags & XP1_IFS_HANDLES,
                ProviderId: provider.id,
                dwCatalogEntryId: id,
                ProtocolChain: chain_over(hidden, lower)?,
                szProtocol: name_over(&layer.name, &lower.szProtocol),
                ..*lower
            });
            self.providers.push(provider);
        }
        let Some(first) = lower.first() else {
            return Err(WsaError::WSANO_RECOVERY.into());
        };
        self.protocols.splice(0..0, chains);
        self.protocols.push(WSAPROTOCOL_INFOW {
            dwServiceFlags1: first.dwServiceFlags1 & !XP1_IFS_HANDLES | layer.service_flags & XP1_IFS_HANDLES,
            dwProviderFlags: PFL_HIDDEN,
            ProviderId: layer.provider.id,
            dwCatalogEntryId: hidden,
            ProtocolChain: WSAPROTOCOLCHAIN {
                ChainLen: LAYERED_PROTOCOL,
                ChainEntries: [0; 7],
            },
            iSocketType: 0,
            iProtocol: 0,
            iProtocolMaxOffset: 0,
            szProtocol: text(&layer.name),
            ..*first
        });
        self.providers.push(layer.provider.clone());
        Ok(hidden)
    }

    /// The same layer again is WSANO_RECOVERY; another with its GUID or its name is WSAEINVAL.
    fn check_new(&self, layer: &Layer) -> Result<(), Failure> {
        let name = text(&layer.name);
        let called_so = |info: &WSAPROTOCOL_INFOW| {
            info.ProtocolChain.ChainLen == LAYERED_PROTOCOL && info.szProtocol == name
        };
        if is_base(&layer.provider.id) {
            return Err(WsaError::WSAEINVAL.into());
        }
        let namesake = self.protocols.iter().find(|info| called_so(info));
        match (self.provider(&layer.provider.id), namesake) {
            (None, None) => Ok(()),
            (Some(provider), Some(entry))
                if entry.ProviderId == provider.id && provider.path == layer.provider.path =>
            {
                Err(WsaError::WSANO_RECOVERY.into())
            }
            _ => Err(WsaError::WSAEINVAL.into()),
        }
    }

    /// What a layer's chains are to lie over: for each wish the topmost entry that a socket could be made of, or without
    /// wishes each protocol's base entry.
    fn lower_entries(&self, over: Option<&[(i32, i32, i32)]>) -> Result<Vec<WSAPROTOCOL_INFOW>, Failure> {
        let kind = |info: &WSAPROTOCOL_INFOW| (info.iAddressFamily, info.iSocketType, info.iProtocol);
        let mut found: Vec<WSAPROTOCOL_INFOW> = Vec::new();
        let Some(over) = over else {
            for info in &self.protocols {
                let known = found.iter().any(|other| kind(other) == kind(info));
                if info.ProtocolChain.ChainLen == BASE_PROTOCOL && !known {
                    found.push(*info);
                }
            }
            return Ok(found);
        };
        for &wish in over {
            let fits = |info: &&WSAPROTOCOL_INFOW| {
                info.ProtocolChain.ChainLen != LAYERED_PROTOCOL && kind(info) == wish
            };
            let entry = self.protocols.iter().find(fits).ok_or(WsaError::WSAEINVAL)?;
            if !found.iter().any(|other| kind(other) == wish) {
                found.push(*entry);
            }
        }
        Ok(found)
    }

    /// Takes a provider out, with all its entries.
    pub(super) fn deinstall(&mut self, id: &GUID) -> Result<(), Failure> {
        self.check_installed(id)?;
        self.providers.retain(|provider| provider.id != *id);
        self.protocols.retain(|info| info.ProviderId != *id);
        Ok(())
    }

    /// WSAEINVAL if there is no such provider; the base provider is built in and cannot be changed, WSANO_RECOVERY.
    fn check_installed(&self, id: &GUID) -> Result<(), Failure> {
        if is_base(id) {
            Err(WsaError::WSANO_RECOVERY.into())
        } else if self.provider(id).is_none() {
            Err(WsaError::WSAEINVAL.into())
        } else {
            Ok(())
        }
    }
}

/// The chain of a layer over an entry: the layer, the entry, and what that lies over (NEED-C3).
fn chain_over(hidden: u32, lower: &WSAPROTOCOL_INFOW) -> Result<WSAPROTOCOLCHAIN, Failure> {
    let length = lower.ProtocolChain.ChainLen + 1;
    if length > MAX_PROTOCOL_CHAIN {
        return Err(WsaError::WSANO_RECOVERY.into());
    }
    // The entry stands for the layer that its own chain begins with.
    let below = lower.ProtocolChain.ChainEntries.iter().copied().skip(1);
    let all = [hidden, lower.dwCatalogEntryId].into_iter().chain(below);
    let mut entries = [0; 7];
    for (place, id) in entries.iter_mut().zip(all).take(length as usize) {
        *place = id;
    }
    Ok(WSAPROTOCOLCHAIN {
        ChainLen: length,
        ChainEntries: entries,
    })
}

/// `Name over [Lower]`, as far as there is room.
fn name_over(name: &[u16], lower: &[u16; 256]) -> [u16; 256] {
    let lower = lower.iter().copied().take_while(|&unit| unit != 0);
    let units = name.iter().copied();
    let units: Vec<u16> = units
        .chain(" over [".encode_utf16())
        .chain(lower)
        .chain("]".encode_utf16())
        .take(WSAPROTOCOL_LEN as usize)
        .collect();
    text(&units)
}

fn text(units: &[u16]) -> [u16; 256] {
    let mut name = [0; 256];
    for (place, unit) in name.iter_mut().zip(units).take(WSAPROTOCOL_LEN as usize) {
        *place = *unit;
    }
    name
}
