//! The catalog: which protocols there are, in which order, and whose they are.
//!
//! The base provider's entries are built in. What was installed besides, and the order of all, is kept in a file that
//! people can read (`file`), which many processes may change at once (`store`).
#![forbid(unsafe_code)]

pub(crate) mod base;
mod change;
mod file;
pub(crate) mod names;
pub(crate) mod path;
mod store;
pub(crate) mod transport;

pub use change::chain_over;

use crate::abi::{GUID, WSAPROTOCOL_INFOW};
use crate::error::{Result, WsaError};
use crate::sys::guard::Fault;
use std::fmt;

/// The id of the first entry that is installed; those below are the base provider's, present and future.
pub const FIRST_ID: u32 = 1100;

/// How many protocol entries there can be, and how many of each of the other things.
const MOST_ENTRIES: usize = 4096;

/// Who provides protocols: the base provider, or a library of a layered one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Provider {
    pub(crate) id: GUID,
    /// Where its library is; references like `%HOME%` are kept as they were given (W.4).
    pub(crate) path: String,
    /// What a layered provider does (`LSP_*`), if anybody has said so.
    pub(crate) categories: Option<u32>,
}

/// A program, and what layers it is willing to load (`LSP_*`).
#[derive(Clone, PartialEq, Eq, Debug)]
struct Application {
    path: String,
    /// The arguments it is told apart by; empty where the path is enough.
    extra: String,
    categories: u32,
}

/// A name-space provider.
#[derive(Clone, PartialEq, Eq, Debug)]
struct NameSpace {
    id: GUID,
    /// What people call it, without its end.
    name: Vec<u16>,
    path: String,
    /// Which name space it serves (`NS_*`).
    name_space: u32,
    version: u32,
    /// Whether it takes part in queries (WSCEnableNSProvider.1).
    enabled: bool,
    /// What only the provider understands.
    blob: Vec<u8>,
}

/// What can be had in this process, or was asked for at one time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Catalog {
    /// The entries of every kind, in catalog order: the first that fits a wish serves it (NEED-C4).
    protocols: Vec<WSAPROTOCOL_INFOW>,
    providers: Vec<Provider>,
    applications: Vec<Application>,
    /// In the order in which they are asked.
    name_spaces: Vec<NameSpace>,
    /// What the next entry will be called. An id is given once, also if its entry goes.
    next_id: u32,
}

/// The catalog in effect, as it is now. WSANO_RECOVERY if there is one that cannot be used; the log says why.
pub(crate) fn read() -> Result<Catalog> {
    store::read().map_err(|failure| READ.code(failure))
}

/// Why the catalog could not be read or changed. Each function has its own code for that.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Failure {
    /// The caller lacks the right.
    Denied,
    /// The file is damaged, or others could have written it.
    Unusable,
    NoMemory,
    /// A call that does not fail has failed.
    System,
    /// What the caller asked for cannot be.
    Refused(WsaError),
}

impl From<WsaError> for Failure {
    fn from(code: WsaError) -> Self {
        Self::Refused(code)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Refused(fault.into())
    }
}

/// What a function's page knows of these failures.
struct Codes {
    denied: WsaError,
    unusable: WsaError,
    no_memory: WsaError,
    system: WsaError,
}

/// The functions that install a transport provider.
const INSTALL: Codes = Codes {
    denied: WsaError::WSANO_RECOVERY,
    unusable: WsaError::WSANO_RECOVERY,
    no_memory: WsaError::WSA_NOT_ENOUGH_MEMORY,
    system: WsaError::WSASYSCALLFAILURE,
};

/// The functions that only read.
const READ: Codes = Codes {
    denied: WsaError::WSANO_RECOVERY,
    unusable: WsaError::WSANO_RECOVERY,
    no_memory: WsaError::WSAENOBUFS,
    system: WsaError::WSANO_RECOVERY,
};

/// Changes the catalog for a function that knows of `codes`.
fn change<T>(
    codes: &Codes,
    change: impl FnOnce(&mut Catalog) -> std::result::Result<T, Failure>,
) -> Result<T> {
    store::change(change).map_err(|failure| codes.code(failure))
}

impl Codes {
    fn code(&self, failure: Failure) -> WsaError {
        match failure {
            Failure::Denied => self.denied,
            Failure::Unusable => self.unusable,
            Failure::NoMemory => self.no_memory,
            Failure::System => self.system,
            Failure::Refused(code) => code,
        }
    }
}

impl Catalog {
    /// The base provider alone.
    pub(crate) fn built_in() -> Self {
        Self {
            protocols: base::PROTOCOLS.iter().map(base::Protocol::info).collect(),
            providers: Vec::new(),
            applications: Vec::new(),
            name_spaces: Vec::new(),
            next_id: FIRST_ID,
        }
    }

    /// The entries of every kind, in catalog order.
    pub(crate) fn protocols(&self) -> &[WSAPROTOCOL_INFOW] {
        &self.protocols
    }

    /// The entry with that id.
    pub(crate) fn by_entry(&self, id: u32) -> Option<&WSAPROTOCOL_INFOW> {
        self.protocols
            .iter()
            .find(|protocol| protocol.dwCatalogEntryId == id)
    }

    /// A provider that was installed; the base provider has no entry here.
    pub(crate) fn provider(&self, id: &GUID) -> Option<&Provider> {
        self.providers.iter().find(|provider| provider.id == *id)
    }

    /// What layers the program at `path`, called with the arguments `extra`, is willing to load; `None` for all
    /// (WSCGetApplicationCategory.3). What was said of the program with these arguments counts before what was said of
    /// it with any.
    pub(crate) fn permitted_categories(&self, path: &str, extra: &str) -> Option<u32> {
        self.application(path, extra)
            .or_else(|| self.application(path, ""))
    }

    /// What was said of the program with exactly these arguments.
    fn application(&self, path: &str, extra: &str) -> Option<u32> {
        self.applications
            .iter()
            .find(|application| application.path == path && application.extra == extra)
            .map(|application| application.categories)
    }
}

/// Whether an entry is the base provider's, built in.
fn is_built_in(protocol: &WSAPROTOCOL_INFOW) -> bool {
    base::Protocol::of_info(protocol).is_some()
}

/// Whether a provider is the base provider, built in.
fn is_base(id: &GUID) -> bool {
    base::PROTOCOLS.iter().any(|protocol| protocol.provider() == *id)
}

/// As people write it: `{E70F1AA0-AB8B-11CF-8CA3-00805F48A192}`.
impl fmt::Display for GUID {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second, rest @ ..] = self.Data4;
        write!(
            f,
            "{{{:08X}-{:04X}-{:04X}-{first:02X}{second:02X}-",
            self.Data1, self.Data2, self.Data3
        )?;
        rest.iter().try_for_each(|byte| write!(f, "{byte:02X}"))?;
        f.write_str("}")
    }
}

/// Reads what [`GUID`]'s `Display` writes, in either case.
fn parse_guid(text: &str) -> Option<GUID> {
    let digits = text.strip_prefix('{')?.strip_suffix('}')?;
    let groups: Vec<&str> = digits.split('-').collect();
    let &[first, second, third, fourth, fifth] = groups.as_slice() else {
        return None;
    };
    let number = |group: &str, length: usize| {
        (group.len() == length && group.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .then(|| u64::from_str_radix(group, 16).ok())
            .flatten()
    };
    let rest = number(fourth, 4)? << 48 | number(fifth, 12)?;
    Some(GUID {
        Data1: u32::try_from(number(first, 8)?).ok()?,
        Data2: u16::try_from(number(second, 4)?).ok()?,
        Data3: u16::try_from(number(third, 4)?).ok()?,
        Data4: rest.to_be_bytes(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guids_read_as_people_write_them() {
        let tcp = base::PROTOCOLS[0].provider();
        assert_eq!(tcp.to_string(), "{E70F1AA0-AB8B-11CF-8CA3-00805F48A192}");
        assert_eq!(parse_guid("{e70f1aa0-ab8b-11cf-8ca3-00805f48a192}"), Some(tcp));
        for wrong in [
            "",
            "{}",
            "E70F1AA0-AB8B-11CF-8CA3-00805F48A192",
            "{E70F1AA0-AB8B-11CF-8CA300805F48A192}",
            "{E70F1AA0-AB8B-11CF-8CA3-00805F48A192-}",
            "{+70F1AA0-AB8B-11CF-8CA3-00805F48A192}",
            "{E70F1AA0-AB8B-11CF-8CA3-00805F48A19G}",
            "{E70F1AA0AB8B-11CF-8CA3-00805F48A192-}",
            "{E70F1AA-0AB8B-11CF-8CA3-00805F48A192}",
            "{\u{e9}70F1AA-AB8B-11CF-8CA3-00805F48A192}",
        ] {
            assert_eq!(parse_guid(wrong), None, "{wrong}");
        }
    }

    /// What was said of a program with these arguments counts, then what was said of it with any.
    #[test]
    fn a_program_is_known_by_path_and_arguments() {
        let mut catalog = Catalog::built_in();
        assert_eq!(catalog.permitted_categories("/bin/x", ""), None);
        assert_eq!(catalog.permit("/bin/x", "-k net", 1), Ok(0));
        assert_eq!(catalog.permitted_categories("/bin/x", ""), None);
        assert_eq!(catalog.permitted_categories("/bin/x", "-k net"), Some(1));
        assert_eq!(catalog.permit("/bin/x", "", 2), Ok(0));
        assert_eq!(catalog.permitted_categories("/bin/x", "-k net"), Some(1));
        assert_eq!(catalog.permitted_categories("/bin/x", "-k other"), Some(2));
        assert_eq!(catalog.permitted_categories("/bin/y", "-k net"), None);
        assert_eq!(catalog.permit("/bin/x", "", 4), Ok(2));
        assert_eq!(catalog.permitted_categories("/bin/x", ""), Some(6));
    }
}
