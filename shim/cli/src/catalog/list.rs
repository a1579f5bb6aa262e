//! `catalog list`: the fields and the order of `netsh winsock show catalog`.

use super::entries::{chain, is_base, is_layer, name};
use crate::arguments::Category;
use crate::failure::{Failure, Result};
use crate::library::{Library, NameSpace};
use serde::Serialize;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io::Write;
use ws2spi::abi::*;

#[derive(Serialize)]
struct Listing {
    protocols: Vec<Protocol>,
    name_spaces: Vec<NameSpaceProvider>,
}

#[derive(Serialize)]
struct Protocol {
    entry_type: &'static str,
    description: String,
    provider_id: String,
    provider_path: String,
    catalog_entry_id: u32,
    version: i32,
    address_family: i32,
    max_address_length: i32,
    min_address_length: i32,
    socket_type: i32,
    protocol: i32,
    service_flags: u32,
    provider_flags: u32,
    protocol_chain_length: i32,
    protocol_chain: Vec<u32>,
    categories: Vec<String>,
}

#[derive(Serialize)]
struct NameSpaceProvider {
    description: String,
    provider_id: String,
    name_space: u32,
    active: bool,
    version: u32,
}

pub(super) fn run(library: &Library, json: bool, out: &mut dyn Write) -> Result<()> {
    let entries = library.protocols()?;
    // The library reads the catalog for each question, so none is asked twice.
    let mut providers: HashMap<GUID, Provider> = HashMap::new();
    let mut protocols = Vec::new();
    for entry in &entries {
        let provider = match providers.entry(entry.ProviderId) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(provider(library, entry)?),
        };
        protocols.push(protocol(entry, provider));
    }
    let listing = Listing {
        protocols,
        name_spaces: library.name_spaces()?.into_iter().map(name_space).collect(),
    };
    if json {
        let text = serde_json::to_string_pretty(&listing);
        let text = text.map_err(|error| Failure::problem(error.to_string()))?;
        writeln!(out, "{text}")?;
        return Ok(());
    }
    for entry in &listing.protocols {
        print_protocol(entry, out)?;
    }
    for entry in &listing.name_spaces {
        print_name_space(entry, out)?;
    }
    Ok(())
}

/// What all entries of a provider have in common.
struct Provider {
    path: String,
    categories: Vec<String>,
}

fn provider(library: &Library, entry: &WSAPROTOCOL_INFOW) -> Result<Provider> {
    let categories = match is_base(entry) {
        true => None,
        false => library.categories(&entry.ProviderId)?,
    };
    Ok(Provider {
        path: library.provider_path(&entry.ProviderId)?,
        categories: categories.map(Category::names).unwrap_or_default(),
    })
}

fn protocol(entry: &WSAPROTOCOL_INFOW, provider: &Provider) -> Protocol {
    let entry_type = match () {
        () if is_layer(entry) => "Layered Service Provider",
        () if is_base(entry) => "Base Service Provider",
        () => "Layered Chain Entry",
    };
    Protocol {
        entry_type,
        description: name(entry),
        provider_id: entry.ProviderId.to_string(),
        provider_path: provider.path.clone(),
        catalog_entry_id: entry.dwCatalogEntryId,
        version: entry.iVersion,
        address_family: entry.iAddressFamily,
        max_address_length: entry.iMaxSockAddr,
        min_address_length: entry.iMinSockAddr,
        socket_type: entry.iSocketType,
        protocol: entry.iProtocol,
        service_flags: entry.dwServiceFlags1,
        provider_flags: entry.dwProviderFlags,
        protocol_chain_length: entry.ProtocolChain.ChainLen,
        protocol_chain: chain(entry).to_vec(),
        categories: provider.categories.clone(),
    }
}

fn name_space(entry: NameSpace) -> NameSpaceProvider {
    NameSpaceProvider {
        description: entry.identifier,
        provider_id: entry.provider.to_string(),
        name_space: entry.name_space,
        active: entry.is_active,
        version: entry.version,
    }
}

const RULE: &str = "------------------------------------------------------";

fn print_protocol(entry: &Protocol, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "\nWinsock Catalog Provider Entry\n{RULE}")?;
    let mut fields = vec![
        ("Entry Type", String::from(entry.entry_type)),
        ("Description", entry.description.clone()),
        ("Provider ID", entry.provider_id.clone()),
        ("Provider Path", entry.provider_path.clone()),
        ("Catalog Entry ID", entry.catalog_entry_id.to_string()),
        ("Version", entry.version.to_string()),
        ("Address Family", entry.address_family.to_string()),
        ("Max Address Length", entry.max_address_length.to_string()),
        ("Min Address Length", entry.min_address_length.to_string()),
        ("Socket Type", entry.socket_type.to_string()),
        ("Protocol", entry.protocol.to_string()),
        ("Service Flags", format!("{:#x}", entry.service_flags)),
        ("Protocol Chain Length", entry.protocol_chain_length.to_string()),
    ];
    if !entry.protocol_chain.is_empty() {
        let chain: Vec<String> = entry.protocol_chain.iter().map(ToString::to_string).collect();
        fields.push(("Protocol Chain", chain.join(" : ")));
    }
    if !entry.categories.is_empty() {
        fields.push(("Categories", entry.categories.join(", ")));
    }
    print_fields(&fields, out)
}

fn print_name_space(entry: &NameSpaceProvider, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "\nName Space Provider Entry\n{RULE}")?;
    print_fields(
        &[
            ("Description", entry.description.clone()),
            ("Provider ID", entry.provider_id.clone()),
            ("Name Space", entry.name_space.to_string()),
            ("Active", u8::from(entry.active).to_string()),
            ("Version", entry.version.to_string()),
        ],
        out,
    )
}

fn print_fields(fields: &[(&str, String)], out: &mut dyn Write) -> Result<()> {
    for (label, value) in fields {
        writeln!(out, "{:<36}{value}", format!("{label}:"))?;
    }
    Ok(())
}
