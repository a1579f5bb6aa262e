//! Each installed provider: its file, and whether it starts.

use super::{Report, probe};
use crate::catalog::{is_chain, is_layer, is_library, name};
use crate::failure::Result;
use crate::library::Library;
use crate::provider::{IS_LIBRARY, ProviderFile};
use std::path::Path;
use ws2spi::abi::{BASE_PROTOCOL, WSAPROTOCOL_INFOW};

pub(super) fn look(library: &Library, report: &mut Report) -> Result<()> {
    let all = library.protocols()?;
    let mut files: Vec<(String, Vec<&WSAPROTOCOL_INFOW>)> = Vec::new();
    for entry in all
        .iter()
        .filter(|entry| entry.ProtocolChain.ChainLen != BASE_PROTOCOL)
    {
        let path = library.provider_path(&entry.ProviderId)?;
        match files.iter_mut().find(|(known, _)| *known == path) {
            Some((_, entries)) => entries.push(entry),
            None => files.push((path, vec![entry])),
        }
    }
    if files.is_empty() {
        report.ok("providers", "none beside the base provider");
    }
    for (path, entries) in &files {
        let named = entries
            .iter()
            .find(|entry| is_layer(entry))
            .or_else(|| entries.first());
        let about = format!("provider {}", named.map_or_else(String::new, |entry| name(entry)));
        let file = ws2spi::expand_path(path);
        if is_library(library, &all, Path::new(&file))? {
            // What it exports would make a long list.
            report.problem(
                &about,
                format!("{file}: it is {IS_LIBRARY}"),
                "remove the provider",
            );
            continue;
        }
        look_at(library, &about, path, entries, report);
    }
    Ok(())
}

fn look_at(library: &Library, about: &str, path: &str, entries: &[&WSAPROTOCOL_INFOW], report: &mut Report) {
    let expanded = ws2spi::expand_path(path);
    let file = Path::new(&expanded);
    if !file.is_absolute() {
        report.problem(
            about,
            format!("{path} is not an absolute path"),
            "install it again from where it is",
        );
        return;
    }
    let read = match ProviderFile::read(file) {
        Ok(read) => read,
        Err(why) => {
            report.problem(
                about,
                format!("{expanded}: {why}"),
                "put the provider's file there, or remove the provider",
            );
            return;
        }
    };
    if let Err(why) = ws2spi::check_trust(file) {
        report.problem(
            about,
            why,
            "only root and the user may be able to change it: chown, chmod go-w",
        );
        return;
    }
    let hidden: Vec<&str> = read.replaceable().filter(|name| library.exports(name)).collect();
    if !hidden.is_empty() {
        report.problem(
            about,
            format!(
                "{expanded}: its own {} would not be called, but the library's of the same name, in every program that \
                 is linked to the library",
                hidden.join(", ")
            ),
            "link the provider with -Wl,-Bsymbolic, or make these functions static",
        );
    }
    let chains: Vec<String> = entries
        .iter()
        .filter(|entry| is_chain(entry))
        .map(|entry| entry.dwCatalogEntryId.to_string())
        .collect();
    let mut question = vec!["inner-provider", &expanded];
    question.extend(chains.iter().map(String::as_str));
    match probe::ask(&question) {
        Ok(said) => report.ok(about, format!("{expanded}: {said}")),
        Err(why) => report.problem(about, format!("{expanded}: {}", why.said), why.advice()),
    }
}
