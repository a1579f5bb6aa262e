//! The catalog: which protocols there are, in which order, and whose they are.

pub(crate) mod base;

use crate::abi::{GUID, WSAPROTOCOL_INFOW};
use crate::error::Result;

/// Who provides protocols: the base provider, or a library of a layered one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Provider {
    pub(crate) id: GUID,
    /// Where its library is; references like `%HOME%` are kept as they were given (W.4).
    pub(crate) path: String,
    /// What a layered provider does (`LSP_*`), if anybody has said so.
    pub(crate) categories: Option<u32>,
}

/// What can be had in this process, or was asked for at one time.
#[derive(Clone, Debug)]
pub(crate) struct Catalog {
    /// The entries of every kind, in catalog order: the first that fits a wish serves it (NEED-C4).
    protocols: Vec<WSAPROTOCOL_INFOW>,
    providers: Vec<Provider>,
}

/// The catalog in effect, as it is now.
pub(crate) fn read() -> Result<Catalog> {
    Ok(Catalog::built_in())
}

impl Catalog {
    /// The base provider alone.
    pub(crate) fn built_in() -> Self {
        Self {
            protocols: base::PROTOCOLS.iter().map(base::Protocol::info).collect(),
            providers: Vec::new(),
        }
    }

    /// The entries of every kind, in catalog order.
    pub(crate) fn protocols(&self) -> &[WSAPROTOCOL_INFOW] {
        &self.protocols
    }

    pub(crate) fn by_entry(&self, id: u32) -> Option<&WSAPROTOCOL_INFOW> {
        self.protocols
            .iter()
            .find(|protocol| protocol.dwCatalogEntryId == id)
    }

    pub(crate) fn provider(&self, id: &GUID) -> Option<&Provider> {
        self.providers.iter().find(|provider| provider.id == *id)
    }

    /// What layers the program at `path`, called with the arguments `extra`, is willing to load; `None` for all
    /// (WSCGetApplicationCategory.3).
    pub(crate) fn permitted_categories(&self, path: &str, extra: &str) -> Option<u32> {
        let _ = (path, extra);
        None
    }
}
