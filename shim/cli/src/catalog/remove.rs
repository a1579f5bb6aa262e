//! `catalog remove`.

use super::entries::{chain, is_chain, is_layer, name};
use crate::failure::{Failure, Result};
use crate::guid;
use crate::library::Library;
use std::io::Write;
use ws2spi::abi::WSAPROTOCOL_INFOW;

pub(super) fn run(library: &Library, wanted: &str, with_dependents: bool, out: &mut dyn Write) -> Result<()> {
    let entries = library.protocols()?;
    let layer = find(wanted, &entries)?;
    let own = own(layer, &entries);
    let dependents = dependents(&own, &entries);
    if !dependents.is_empty() && !with_dependents {
        let through: Vec<String> = dependents.iter().map(|entry| described(entry)).collect();
        return Err(Failure::problem(format!(
            "catalog: {} is part of other chains: {}",
            name(layer),
            through.join(", ")
        ))
        .advise("remove those first, or use --with-dependents"));
    }
    // What lies above goes first, so that no chain runs through an entry that is not there any more.
    let doomed: Vec<&WSAPROTOCOL_INFOW> = dependents.into_iter().chain(own).collect();
    let mut done = Vec::new();
    for entry in &doomed {
        if done.contains(&entry.ProviderId) {
            continue;
        }
        let is_doomed = |other: &&WSAPROTOCOL_INFOW| {
            doomed
                .iter()
                .any(|entry| entry.dwCatalogEntryId == other.dwCatalogEntryId)
        };
        let of_provider = entries
            .iter()
            .filter(|other| other.ProviderId == entry.ProviderId);
        let (going, staying): (Vec<_>, Vec<_>) = of_provider.partition(is_doomed);
        if staying.is_empty() {
            library.deinstall(&entry.ProviderId)?;
        } else {
            let staying: Vec<WSAPROTOCOL_INFOW> = staying.into_iter().copied().collect();
            library.update(
                &entry.ProviderId,
                &library.provider_path(&entry.ProviderId)?,
                &staying,
            )?;
        }
        for entry in going {
            writeln!(out, "{}", described(entry))?;
        }
        done.push(entry.ProviderId);
    }
    Ok(())
}

fn described(entry: &WSAPROTOCOL_INFOW) -> String {
    format!("{}  {}", entry.dwCatalogEntryId, name(entry))
}

/// The layer that an id, a GUID or a name means, also those of one of its chains.
fn find<'e>(wanted: &str, entries: &'e [WSAPROTOCOL_INFOW]) -> Result<&'e WSAPROTOCOL_INFOW> {
    let is_meant: Box<dyn Fn(&WSAPROTOCOL_INFOW) -> bool> = if let Ok(id) = wanted.parse::<u32>() {
        Box::new(move |entry| entry.dwCatalogEntryId == id)
    } else if let Some(id) = guid::parse(wanted) {
        Box::new(move |entry| entry.ProviderId == id)
    } else {
        Box::new(|entry| name(entry) == wanted)
    };
    let mut meant = entries.iter().filter(|entry| is_meant(entry)).peekable();
    if meant.peek().is_none() {
        return Err(Failure::problem(format!("catalog: there is no entry {wanted}"))
            .advise("`ws2spi catalog list` shows the entries"));
    }
    let mut layers: Vec<&WSAPROTOCOL_INFOW> = meant.filter_map(|entry| layer_of(entry, entries)).collect();
    layers.dedup_by_key(|layer| layer.dwCatalogEntryId);
    match layers.as_slice() {
        [layer] => Ok(layer),
        [] => Err(Failure::problem(format!(
            "catalog: {wanted} is the base provider's, which is always there"
        ))),
        several => {
            let several: Vec<String> = several.iter().map(|layer| described(layer)).collect();
            Err(Failure::problem(format!(
                "catalog: {wanted} means several layers: {}",
                several.join(", ")
            ))
            .advise("name one by its id"))
        }
    }
}

/// The layer that an entry belongs to. A chain whose layer is gone, or that begins with what is none, stands for itself.
fn layer_of<'e>(
    entry: &'e WSAPROTOCOL_INFOW,
    entries: &'e [WSAPROTOCOL_INFOW],
) -> Option<&'e WSAPROTOCOL_INFOW> {
    if is_layer(entry) {
        return Some(entry);
    }
    let first = chain(entry).first()?;
    let layer = entries
        .iter()
        .find(|other| other.dwCatalogEntryId == *first && is_layer(other));
    Some(layer.unwrap_or(entry))
}

/// The chains that begin with a layer, and then the layer.
fn own<'e>(layer: &'e WSAPROTOCOL_INFOW, entries: &'e [WSAPROTOCOL_INFOW]) -> Vec<&'e WSAPROTOCOL_INFOW> {
    let chains = entries
        .iter()
        .filter(|entry| chain(entry).first() == Some(&layer.dwCatalogEntryId))
        .filter(|entry| entry.dwCatalogEntryId != layer.dwCatalogEntryId);
    chains.chain([layer]).collect()
}

/// What cannot be without the entries of a layer: chains of other layers that run through one of them, and those layers
/// that have no chain left then. Those that run through most come first.
fn dependents<'e>(
    own: &[&WSAPROTOCOL_INFOW],
    entries: &'e [WSAPROTOCOL_INFOW],
) -> Vec<&'e WSAPROTOCOL_INFOW> {
    let mut gone: Vec<u32> = own.iter().map(|entry| entry.dwCatalogEntryId).collect();
    let mut found: Vec<&WSAPROTOCOL_INFOW> = Vec::new();
    loop {
        let is_gone = |id: &u32| gone.contains(id);
        let next = entries.iter().find(|entry| {
            if is_gone(&entry.dwCatalogEntryId) {
                return false;
            }
            let mut chains = entries
                .iter()
                .filter(|other| is_chain(other) && chain(other).first() == Some(&entry.dwCatalogEntryId));
            let had_chains = chains.clone().next().is_some();
            let has_none_left =
                is_layer(entry) && had_chains && chains.all(|chain| is_gone(&chain.dwCatalogEntryId));
            chain(entry).iter().any(is_gone) || has_none_left
        });
        match next {
            None => break,
            Some(entry) => {
                gone.push(entry.dwCatalogEntryId);
                found.push(entry);
            }
        }
    }
    found.sort_by_key(|entry| (is_layer(entry), std::cmp::Reverse(chain(entry).len())));
    found
}
