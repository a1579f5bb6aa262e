//! `catalog check`.

use super::entries::{chain, is_base, is_library, name};
use crate::failure::Result;
use crate::library::Library;
use crate::provider::{IS_LIBRARY, ProviderFile};
use std::collections::BTreeSet;
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

/// Chains that run through entries that there are not.
pub(crate) fn broken_chains(entries: &[WSAPROTOCOL_INFOW]) -> Vec<String> {
    let is_there = |id: &u32| entries.iter().any(|entry| entry.dwCatalogEntryId == *id);
    let broken = entries.iter().flat_map(|entry| {
        let missing = chain(entry).iter().filter(|id| !is_there(id));
        missing.map(|id| {
            format!(
                "entry {}, {}, runs through {id}, which is not there",
                entry.dwCatalogEntryId,
                name(entry)
            )
        })
    });
    broken.collect()
}

/// What keeps programs from loading a provider, as far as its file shows.
fn file_problem(path: &Path) -> Option<String> {
    let found = ProviderFile::read(path).map_err(|why| format!("{}: {why}", path.display()));
    found.and_then(|_| ws2spi::check_trust(path)).err()
}
