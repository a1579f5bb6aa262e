//! Changes of a catalog: each happens whole or not at all.

use super::{Application, Catalog, Failure, MOST_ENTRIES, NameSpace, Provider, is_base};
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
        // The protocols first: no id beyond the last is asked for, which may be the last there is.
        for (protocol, id) in protocols.into_iter().zip(first..) {
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
        let Some(first) = lower.first() else {
            return Err(WsaError::WSANO_RECOVERY.into());
        };
        let hidden = self.new_ids(1 + lower.len())?;
        let (mut chains, mut providers) = (Vec::new(), vec![layer.provider.clone()]);
        for (lower, id) in lower.iter().zip(hidden + 1..) {
            let provider = Provider {
                id: new_guid()?,
                ..layer.provider.clone()
            };
            chains.push(WSAPROTOCOL_INFOW {
                dwServiceFlags1: lower.dwServiceFlags1 & !XP1_IFS_HANDLES
                    | layer.service_flags & XP1_IFS_HANDLES,
                ProviderId: provider.id,
                dwCatalogEntryId: id,
                ProtocolChain: chain_over(hidden, lower).ok_or(WsaError::WSANO_RECOVERY)?,
                szProtocol: name_over(&layer.name, &lower.szProtocol),
                ..*lower
            });
            providers.push(provider);
        }
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
        self.providers.append(&mut providers);
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

    /// Replaces a provider's path and entries. An entry that bears the id of one of the provider's takes that one's id and
    /// place (NEED-C5), another those of the first that is left; what is more comes last, with a new id.
    pub(super) fn update(
        &mut self,
        id: &GUID,
        path: String,
        protocols: Vec<WSAPROTOCOL_INFOW>,
    ) -> Result<(), Failure> {
        if protocols.is_empty() {
            return Err(WsaError::WSAEINVAL.into());
        }
        self.check_installed(id)?;
        let mut old: Vec<u32> = self
            .protocols
            .iter()
            .filter(|info| info.ProviderId == *id)
            .map(|info| info.dwCatalogEntryId)
            .collect();
        let known = protocols.iter().map(|info| take(&mut old, info.dwCatalogEntryId));
        let known: Vec<Option<u32>> = known.collect();
        let mut left = old.into_iter();
        let placed: Vec<Option<u32>> = known.into_iter().map(|id| id.or_else(|| left.next())).collect();
        let mut new_id = self.new_ids(placed.iter().filter(|id| id.is_none()).count())?;
        let gone: Vec<u32> = left.collect();
        for (info, place) in protocols.into_iter().zip(placed) {
            let entry = place.unwrap_or(new_id);
            let info = WSAPROTOCOL_INFOW {
                ProviderId: *id,
                dwCatalogEntryId: entry,
                ..info
            };
            match self
                .protocols
                .iter_mut()
                .find(|old| old.dwCatalogEntryId == entry)
            {
                Some(old) => *old = info,
                None => {
                    self.protocols.push(info);
                    new_id += 1;
                }
            }
        }
        self.protocols
            .retain(|info| !gone.contains(&info.dwCatalogEntryId));
        if let Some(provider) = self.provider_mut(id) {
            provider.path = path;
        }
        Ok(())
    }

    fn provider_mut(&mut self, id: &GUID) -> Option<&mut Provider> {
        self.providers.iter_mut().find(|provider| provider.id == *id)
    }

    /// Puts the entries into the order of `ids`, which has that of each once (NEED-C4, NEED-C9).
    pub(super) fn reorder(&mut self, ids: &[u32]) -> Result<(), Failure> {
        reorder(&mut self.protocols, ids, |info| info.dwCatalogEntryId)
    }

    /// Says what a provider does.
    pub(super) fn set_categories(&mut self, id: &GUID, categories: u32) -> Result<(), Failure> {
        self.check_installed(id)?;
        if let Some(provider) = self.provider_mut(id) {
            provider.categories = Some(categories);
        }
        Ok(())
    }

    /// Adds to what layers a program is willing to load, and gives what it was before
    /// (WSCSetApplicationCategory.1, .2).
    pub(super) fn permit(&mut self, path: &str, extra: &str, categories: u32) -> Result<u32, Failure> {
        let is_meant =
            |application: &&mut Application| application.path == path && application.extra == extra;
        if let Some(application) = self.applications.iter_mut().find(is_meant) {
            let before = application.categories;
            application.categories |= categories;
            return Ok(before);
        }
        if self.applications.len() >= MOST_ENTRIES {
            return Err(WsaError::WSANO_RECOVERY.into());
        }
        self.applications.push(Application {
            path: String::from(path),
            extra: String::from(extra),
            categories,
        });
        Ok(0)
    }

    /// Adds a name-space provider, which comes last.
    pub(super) fn install_name_space(&mut self, new: NameSpace) -> Result<(), Failure> {
        let full = self.name_spaces.len() >= MOST_ENTRIES;
        if full || self.name_spaces.iter().any(|known| known.id == new.id) {
            return Err(WsaError::WSANO_RECOVERY.into());
        }
        self.name_spaces.push(new);
        Ok(())
    }

    /// Takes a name-space provider out.
    pub(super) fn uninstall_name_space(&mut self, id: &GUID) -> Result<(), Failure> {
        let before = self.name_spaces.len();
        self.name_spaces.retain(|known| known.id != *id);
        if self.name_spaces.len() == before {
            return Err(WsaError::WSAEINVAL.into());
        }
        Ok(())
    }

    /// Has a name-space provider take part in queries, or not.
    pub(super) fn enable_name_space(&mut self, id: &GUID, enable: bool) -> Result<(), Failure> {
        match self.name_spaces.iter_mut().find(|known| known.id == *id) {
            Some(known) => known.enabled = enable,
            None => return Err(WsaError::WSAEINVAL.into()),
        }
        Ok(())
    }

    /// Puts the name-space providers into the order of `ids`, which has each once.
    pub(super) fn reorder_name_spaces(&mut self, ids: &[GUID]) -> Result<(), Failure> {
        reorder(&mut self.name_spaces, ids, |known| known.id)
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

/// Takes `id` out of `ids`, if it is there.
fn take(ids: &mut Vec<u32>, id: u32) -> Option<u32> {
    let position = ids.iter().position(|known| *known == id)?;
    Some(ids.remove(position))
}

/// Puts what there is into the order that is named, which must name each once: WSAEINVAL.
fn reorder<T: Clone, I: PartialEq>(
    all: &mut Vec<T>,
    order: &[I],
    name: impl Fn(&T) -> I,
) -> Result<(), Failure> {
    let mut left = std::mem::take(all);
    let before = left.clone();
    for wanted in order {
        match left.iter().position(|one| name(one) == *wanted) {
            Some(position) => all.push(left.remove(position)),
            None => break,
        }
    }
    if order.len() == before.len() && left.is_empty() {
        return Ok(());
    }
    *all = before;
    Err(WsaError::WSAEINVAL.into())
}

/// The chain of a layer over an entry: the layer, the entry, and what that lies over (NEED-C3). `None` where the entry is as
/// long as a chain can be.
pub fn chain_over(layer: u32, lower: &WSAPROTOCOL_INFOW) -> Option<WSAPROTOCOLCHAIN> {
    let length = lower.ProtocolChain.ChainLen.checked_add(1)?;
    if length > MAX_PROTOCOL_CHAIN {
        return None;
    }
    // The entry stands for the layer that its own chain begins with.
    let below = lower.ProtocolChain.ChainEntries.iter().copied().skip(1);
    let all = [layer, lower.dwCatalogEntryId].into_iter().chain(below);
    let mut entries = [0; 7];
    for (place, id) in entries.iter_mut().zip(all).take(length as usize) {
        *place = id;
    }
    Some(WSAPROTOCOLCHAIN {
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(number: u32) -> GUID {
        GUID {
            Data1: number,
            ..GUID::default()
        }
    }

    fn provider(number: u32) -> Provider {
        Provider {
            id: id(number),
            path: format!("/lib/{number}.so"),
            categories: None,
        }
    }

    /// An entry that says in its reserved field which it is.
    fn entry(number: u32, entry: u32) -> WSAPROTOCOL_INFOW {
        WSAPROTOCOL_INFOW {
            dwProviderReserved: number,
            dwCatalogEntryId: entry,
            ..Catalog::built_in().protocols[0]
        }
    }

    /// The last ids are given like others, and then there are none left.
    #[test]
    fn ids_come_to_an_end() {
        let mut catalog = Catalog::built_in();
        catalog.next_id = u32::MAX - 1;
        catalog
            .install(provider(1), vec![entry(1, 0)])
            .expect("an id is left");
        let refused = Err(WsaError::WSAENOBUFS.into());
        assert_eq!(catalog.install(provider(2), vec![entry(2, 0)]), refused);
        assert_eq!(entries_of(&catalog, 1), [(u32::MAX - 1, 1)]);
    }

    /// Id and reserved field of a provider's entries, in their order.
    fn entries_of(catalog: &Catalog, number: u32) -> Vec<(u32, u32)> {
        let own = catalog
            .protocols
            .iter()
            .filter(|info| info.ProviderId == id(number));
        own.map(|info| (info.dwCatalogEntryId, info.dwProviderReserved))
            .collect()
    }

    fn layer(number: u32, over: Option<Vec<(i32, i32, i32)>>) -> Layer {
        Layer {
            provider: provider(number),
            name: format!("layer {number}").encode_utf16().collect(),
            service_flags: 0,
            over,
        }
    }

    fn guids() -> impl FnMut() -> Result<GUID, Failure> {
        let mut next = 1_000_000;
        move || {
            next += 1;
            Ok(id(next))
        }
    }

    const TCP: (i32, i32, i32) = (AF_INET, SOCK_STREAM, IPPROTO_TCP);

    /// NEED-C5
    #[test]
    fn an_update_keeps_ids_and_places() {
        let mut catalog = Catalog::built_in();
        catalog
            .install(provider(1), vec![entry(10, 0), entry(11, 0), entry(12, 0)])
            .expect("room");
        catalog.install(provider(2), vec![entry(20, 0)]).expect("room");
        let before: Vec<u32> = catalog
            .protocols
            .iter()
            .map(|info| info.dwCatalogEntryId)
            .collect();
        // By their ids, in whatever order they come.
        let changed = vec![entry(32, 1102), entry(30, 1100), entry(31, 1101)];
        catalog
            .update(&id(1), String::from("/new.so"), changed)
            .expect("an update");
        assert_eq!(entries_of(&catalog, 1), [(1100, 30), (1101, 31), (1102, 32)]);
        let after: Vec<u32> = catalog
            .protocols
            .iter()
            .map(|info| info.dwCatalogEntryId)
            .collect();
        assert_eq!(before, after);
        assert_eq!(
            catalog.provider(&id(1)).map(|provider| provider.path.as_str()),
            Some("/new.so")
        );
        // Those of other providers are none; what is left is taken in its order, and the rest goes.
        let changed = vec![entry(41, 1103), entry(42, 1102)];
        catalog
            .update(&id(1), String::from("/new.so"), changed)
            .expect("an update");
        assert_eq!(entries_of(&catalog, 1), [(1100, 41), (1102, 42)]);
        assert_eq!(entries_of(&catalog, 2), [(1103, 20)]);
        // More than before come last, and one id twice is one and a new one.
        let changed = vec![entry(50, 1102), entry(51, 1102), entry(52, 0)];
        catalog
            .update(&id(1), String::from("/new.so"), changed)
            .expect("an update");
        assert_eq!(entries_of(&catalog, 1), [(1100, 51), (1102, 50), (1104, 52)]);
        assert_eq!(catalog.next_id, 1105);
    }

    #[test]
    fn the_base_provider_stays_what_it_is() {
        let mut catalog = Catalog::built_in();
        let tcp = catalog.protocols[0].ProviderId;
        let refused = Err(Failure::Refused(WsaError::WSANO_RECOVERY));
        let same = Provider {
            id: tcp,
            ..provider(1)
        };
        assert_eq!(catalog.install(same.clone(), vec![entry(0, 0)]), refused);
        assert_eq!(
            catalog.update(&tcp, String::from("/x"), vec![entry(0, 0)]),
            refused
        );
        assert_eq!(catalog.deinstall(&tcp), refused);
        assert_eq!(catalog.set_categories(&tcp, 1), refused);
        let layer = Layer {
            provider: same,
            ..layer(1, None)
        };
        assert_eq!(
            catalog.install_with_chains(&layer, guids()),
            Err(Failure::Refused(WsaError::WSAEINVAL))
        );
        assert_eq!(catalog, Catalog::built_in());
    }

    /// WSCInstallProviderAndChains.3, WSCInstallProviderAndChains.6: over the topmost entry each time, until a chain is as
    /// long as a chain can be. NEED-C3
    #[test]
    fn layers_pile_up() {
        let mut catalog = Catalog::built_in();
        let mut below = 1001;
        for number in 1..=6 {
            let hidden = catalog
                .install_with_chains(&layer(number, Some(vec![TCP])), guids_from(number))
                .expect("room");
            let top = catalog.protocols[0].ProtocolChain;
            assert_eq!(top.ChainLen, 1 + number as i32);
            assert_eq!(top.ChainEntries[..2], [hidden, below]);
            assert_eq!(top.ChainEntries[number as usize], 1001);
            below = catalog.protocols[0].dwCatalogEntryId;
        }
        let full = catalog.clone();
        let refused = catalog.install_with_chains(&layer(7, Some(vec![TCP])), guids_from(7));
        assert_eq!(refused, Err(Failure::Refused(WsaError::WSANO_RECOVERY)));
        assert_eq!(
            (&catalog.protocols, &catalog.providers),
            (&full.protocols, &full.providers)
        );
        // Over the base provider there is room.
        assert!(
            catalog
                .install_with_chains(&layer(7, None), guids_from(7))
                .is_ok()
        );
    }

    fn guids_from(number: u32) -> impl FnMut() -> Result<GUID, Failure> {
        let mut next = number * 1000;
        move || {
            next += 1;
            Ok(id(next))
        }
    }

    /// WSCInstallProviderAndChains.3: what a base provider of one's own offers, too; nothing twice.
    #[test]
    fn chains_lie_over_every_base_protocol_once() {
        let mut catalog = Catalog::built_in();
        let own = WSAPROTOCOL_INFOW {
            iProtocol: 4711,
            ..entry(0, 0)
        };
        catalog
            .install(provider(1), vec![own, entry(0, 0)])
            .expect("room");
        let kinds = catalog.protocols.len() - 1;
        catalog
            .install_with_chains(&layer(2, None), guids())
            .expect("room");
        let chains: Vec<_> = catalog
            .protocols
            .iter()
            .filter(|info| info.ProtocolChain.ChainLen == 2)
            .collect();
        assert_eq!(chains.len(), kinds);
        assert!(chains.iter().any(|info| info.iProtocol == 4711));
        // A protocol that is named twice is one chain.
        catalog
            .install_with_chains(&layer(3, Some(vec![TCP, TCP])), guids_from(3))
            .expect("room");
        assert_eq!(entries_of(&catalog, 3001).len(), 1);
        assert_eq!(entries_of(&catalog, 3002).len(), 0);
    }

    /// WSCInstallProviderAndChains.5: too long a name is cut off where a chain adds to it.
    #[test]
    fn names_have_room_for_their_end() {
        let mut catalog = Catalog::built_in();
        let long = Layer {
            name: vec![65; 255],
            ..layer(1, None)
        };
        catalog.install_with_chains(&long, guids()).expect("room");
        for info in &catalog.protocols {
            assert_eq!(info.szProtocol[255], 0);
        }
        assert_eq!(catalog.protocols[0].szProtocol[254], 65);
    }

    /// What programs can ask for, with few names so that they meet.
    #[derive(Clone, Debug)]
    enum Wish {
        Install(u32, usize),
        Layer(u32, bool),
        Update(u32, Vec<u32>),
        Deinstall(u32),
        Reorder(Vec<usize>),
    }

    fn wish() -> impl Strategy<Value = Wish> {
        prop_oneof![
            (1u32..5, 0usize..4).prop_map(|(number, count)| Wish::Install(number, count)),
            (1u32..5, any::<bool>()).prop_map(|(number, all)| Wish::Layer(number, all)),
            (1u32..5, prop::collection::vec(1099u32..1130, 0..5))
                .prop_map(|(number, ids)| Wish::Update(number, ids)),
            (1u32..5).prop_map(Wish::Deinstall),
            prop::collection::vec(any::<usize>(), 0..40).prop_map(Wish::Reorder),
        ]
    }

    proptest! {
        /// Whatever is asked for in whatever order, ids are never given twice, and a refusal changes nothing but perhaps
        /// the next id.
        #[test]
        fn a_catalog_stays_one(wishes in prop::collection::vec(wish(), 1..25)) {
            let mut catalog = Catalog::built_in();
            let mut given = std::collections::HashSet::new();
            let mut new_guid = guids();
            for wish in wishes {
                let before = catalog.clone();
                let done = match wish {
                    Wish::Install(number, count) => catalog.install(provider(number), vec![entry(0, 1001); count]),
                    Wish::Layer(number, all) => {
                        let over = (!all).then(|| vec![TCP]);
                        catalog.install_with_chains(&layer(number, over), &mut new_guid).map(drop)
                    }
                    Wish::Update(number, ids) => {
                        let entries = ids.into_iter().map(|id| entry(0, id)).collect();
                        catalog.update(&id(number), String::from("/x"), entries)
                    }
                    Wish::Deinstall(number) => catalog.deinstall(&id(number)),
                    Wish::Reorder(swaps) => {
                        let mut ids: Vec<u32> =
                            catalog.protocols.iter().map(|info| info.dwCatalogEntryId).collect();
                        for (position, with) in swaps.iter().enumerate() {
                            let length = ids.len();
                            ids.swap(position % length, with % length);
                        }
                        let done = catalog.reorder(&ids);
                        let after: Vec<u32> =
                            catalog.protocols.iter().map(|info| info.dwCatalogEntryId).collect();
                        prop_assert_eq!(&ids, &after);
                        ids.pop();
                        prop_assert!(catalog.reorder(&ids).is_err());
                        ids.push(ids[0]);
                        prop_assert!(catalog.reorder(&ids).is_err());
                        done
                    }
                };
                if done.is_err() {
                    prop_assert_eq!(&catalog.protocols, &before.protocols);
                    prop_assert_eq!(&catalog.providers, &before.providers);
                }
                for info in &catalog.protocols {
                    let entry = info.dwCatalogEntryId;
                    prop_assert!(is_base(&info.ProviderId) || catalog.provider(&info.ProviderId).is_some());
                    if before.by_entry(entry).is_none() {
                        prop_assert!(given.insert(entry), "{entry} is given again");
                    }
                    prop_assert!(entry < catalog.next_id);
                    prop_assert_eq!(catalog.by_entry(entry), Some(info));
                }
                for number in 1..5 {
                    let provider = catalog.provider(&id(number));
                    prop_assert_eq!(provider.is_some(), !entries_of(&catalog, number).is_empty());
                }
            }
        }
    }
}
