//! `catalog check`.

use super::entries::{chain, is_base, is_layer, is_library, name};
use crate::failure::Result;
use crate::library::Library;
use crate::provider::{IS_LIBRARY, ProviderFile};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use ws2spi::abi::WSAPROTOCOL_INFOW;

/// Reads all there is. A damaged file is a failure of the first call, and the library says where it is damaged.
pub(super) fn run(library: &Library, out: &mut dyn Write) -> Result<ExitCode> {
    let entries = library.protocols()?;
    library.name_spaces()?;
    let mut problems = broken_chains(&entries);
    let mut seen = BTreeSet::new();
    for entry in entries.iter().filter(|entry| !is_base(entry)) {
        let path = library.provider_path(&entry.ProviderId)?;
        if seen.insert(path.clone()) {
            let file = ws2spi::expand_path(&path);
            let file = Path::new(&file);
            let problem = match is_library(library, &entries, file)? {
                true => Some(format!("{}: it is {IS_LIBRARY}", file.display())),
                false => file_problem(file),
            };
            problems.extend(problem.map(|why| format!("{}: {why}", name(entry))));
        }
    }
    for problem in &problems {
        eprintln!("ws2spi: catalog: {problem}");
    }
    if problems.is_empty() {
        writeln!(out, "The catalog is sound: {} entries.", entries.len())?;
        Ok(ExitCode::SUCCESS)
    } else {
        Ok(ExitCode::FAILURE)
    }
}

/// Chains that no socket can be made of, chains without their layer, and layers without chains: what somebody wrote, or
/// an installation left that was ended half-way.
pub(crate) fn broken_chains(entries: &[WSAPROTOCOL_INFOW]) -> Vec<String> {
    let by_id = entries
        .iter()
        .map(|entry| (entry.dwCatalogEntryId, entry))
        .collect();
    let used = entries
        .iter()
        .filter_map(|entry| chain(entry).first().copied())
        .collect();
    let broken = entries.iter().filter_map(|entry| {
        let why = if is_layer(entry) {
            lacks_chains(entry, &used)
        } else {
            wrong_chain(entry, &by_id)
        };
        Some(format!(
            "entry {}, {}, {}",
            entry.dwCatalogEntryId,
            name(entry),
            why?
        ))
    });
    broken.collect()
}

/// `used`: what chains begin with.
fn lacks_chains(layer: &WSAPROTOCOL_INFOW, used: &HashSet<u32>) -> Option<String> {
    let is_used = used.contains(&layer.dwCatalogEntryId);
    (!is_used).then(|| String::from("is a layer without chains, which nothing uses"))
}

type ById<'e> = HashMap<u32, &'e WSAPROTOCOL_INFOW>;

/// What is wrong with a chain: it begins with a layer's own entry, runs through others down to a base protocol, and
/// through none twice (NEED-C3).
fn wrong_chain(entry: &WSAPROTOCOL_INFOW, by_id: &ById<'_>) -> Option<String> {
    let own = entry.dwCatalogEntryId;
    let ids = chain(entry);
    let (first, last) = (ids.first()?, ids.last()?);
    let is = |id: &u32, kind: fn(&WSAPROTOCOL_INFOW) -> bool| by_id.get(id).is_some_and(|entry| kind(entry));
    let twice = |(at, id): (usize, &u32)| ids.iter().take(at).any(|other| other == id).then_some(*id);
    if ids.contains(&own) {
        Some(String::from("runs through itself"))
    } else if !by_id.contains_key(first) {
        Some(format!("is without its layer, {first}, which is not there"))
    } else if let Some(missing) = ids.iter().find(|id| !by_id.contains_key(id)) {
        Some(format!("runs through {missing}, which is not there"))
    } else if let Some(id) = ids.iter().enumerate().find_map(twice) {
        Some(format!("runs through {id} twice"))
    } else if !is(first, is_layer) {
        Some(format!("begins with {first}, which is no layer's own entry"))
    } else if !is(last, is_base) {
        Some(format!("ends with {last}, which is no base protocol"))
    } else if is_in_circle(own, by_id) {
        Some(String::from("runs through chains that lead back to it"))
    } else {
        None
    }
}

/// Whether who goes down from an entry, through the chains of the entries on the way, comes back to it.
fn is_in_circle(start: u32, by_id: &ById<'_>) -> bool {
    let mut seen = HashSet::new();
    let mut to_go = vec![start];
    while let Some(at) = to_go.pop() {
        let below = by_id.get(&at).map_or(&[][..], |entry| chain(entry));
        for id in below {
            if *id == start {
                return true;
            }
            if seen.insert(*id) {
                to_go.push(*id);
            }
        }
    }
    false
}

/// What keeps programs from loading a provider, as far as its file shows.
fn file_problem(path: &Path) -> Option<String> {
    let found = ProviderFile::read(path).map_err(|why| format!("{}: {why}", path.display()));
    found.and_then(|_| ws2spi::check_trust(path)).err()
}
