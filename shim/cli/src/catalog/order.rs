//! `catalog order`.

use crate::failure::{Failure, Result};
use crate::library::{Library, OrderFailure};

/// Another process can change the catalog between our reading and writing, which the library then refuses.
const TRIES: usize = 16;

/// Moves entries to the front, in this order.
pub(super) fn to_front(library: &Library, first: &[u32]) -> Result<()> {
    if let Some(twice) = first
        .iter()
        .enumerate()
        .find(|(at, id)| first.iter().take(*at).any(|other| other == *id))
    {
        return Err(Failure::usage(format!("catalog: {} is named twice", twice.1)));
    }
    for _ in 0..TRIES {
        let ids: Vec<u32> = library
            .protocols()?
            .iter()
            .map(|entry| entry.dwCatalogEntryId)
            .collect();
        if let Some(unknown) = first.iter().find(|id| !ids.contains(id)) {
            return Err(Failure::problem(format!("catalog: there is no entry {unknown}"))
                .advise("`ws2spi catalog list` shows the entries"));
        }
        let others = ids.iter().filter(|id| !first.contains(id));
        let order: Vec<u32> = first.iter().chain(others).copied().collect();
        match library.write_order(&order) {
            Ok(()) => return Ok(()),
            Err(OrderFailure::Outdated) => {}
            Err(OrderFailure::Other(failure)) => return Err(failure),
        }
    }
    Err(Failure::problem("WSCWriteProviderOrder: the catalog changes all the time").advise("try again"))
}
