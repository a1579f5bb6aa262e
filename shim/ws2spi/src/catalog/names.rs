//! The catalog of name-space providers: WSC* that change it and the enumeration, which is the API's too, as none can be
//! hidden.

use super::transport::{LONGEST_PATH, read_order, read_text, read_units};
use super::{Codes, INSTALL, NameSpace, READ, change, store};
use crate::abi::*;
use crate::error::{Result, WsaError};
use crate::sys::guard::{self, Plain, UserPointer};

/// The longest name of a provider, with its end.
const LONGEST_NAME: usize = 1024;

/// The most bytes that an entry can hold for its provider alone.
const MOST_BYTES: usize = 1 << 16;

const INSTALL_NAME_SPACE: Codes = Codes {
    denied: WsaError::WSAEACCES,
    ..INSTALL
};

/// Its page has no code for a missing right (W.3).
const ENABLE: Codes = Codes {
    denied: WsaError::WSASYSCALLFAILURE,
    unusable: WsaError::WSASYSCALLFAILURE,
    ..INSTALL
};

const ENUMERATE: Codes = Codes {
    no_memory: WsaError::WSA_NOT_ENOUGH_MEMORY,
    ..READ
};

const REORDER: Codes = Codes {
    system: WsaError::WSANO_RECOVERY,
    ..INSTALL
};

/// WSCInstallNameSpaceEx, and without `blob` WSCInstallNameSpace.
pub(crate) fn install(
    name: UserPointer<u16>,
    path: UserPointer<u16>,
    name_space: u32,
    version: u32,
    provider: UserPointer<GUID>,
    blob: UserPointer<BLOB>,
) -> Result<()> {
    guard::install();
    let read = || {
        Ok(NameSpace {
            id: provider.read()?,
            name: read_units(name, LONGEST_NAME)?,
            path: read_text(path, LONGEST_PATH)?,
            name_space,
            version,
            enabled: true,
            blob: blob.non_null().map_or(Ok(Vec::new()), read_blob)?,
        })
    };
    // The page has no code for a bad pointer.
    let new = read().map_err(|_: WsaError| WsaError::WSAEINVAL)?;
    // NS_ALL is no name space that one could serve.
    if new.name.is_empty() || name_space == 0 {
        return Err(WsaError::WSAEINVAL);
    }
    change(&INSTALL_NAME_SPACE, |catalog| catalog.install_name_space(new))
}

fn read_blob(blob: UserPointer<BLOB>) -> Result<Vec<u8>> {
    let blob = blob.read()?;
    if blob.cbSize as usize > MOST_BYTES {
        return Err(WsaError::WSAEINVAL);
    }
    let mut bytes = vec![0; blob.cbSize as usize];
    UserPointer::from_address(blob.pBlobData as usize).read_slice(&mut bytes)?;
    Ok(bytes)
}

/// WSCUnInstallNameSpace.
pub(crate) fn uninstall(provider: UserPointer<GUID>) -> Result<()> {
    guard::install();
    let id = provider.read()?;
    change(&INSTALL, |catalog| catalog.uninstall_name_space(&id))
}

/// WSCEnableNSProvider.
pub(crate) fn enable(provider: UserPointer<GUID>, enable: BOOL) -> Result<()> {
    guard::install();
    let id = provider.read()?;
    let enable = enable != BOOL::FALSE;
    change(&ENABLE, |catalog| catalog.enable_name_space(&id, enable))
}

/// WSCWriteNameSpaceOrder.
pub(crate) fn reorder(providers: UserPointer<GUID>, count: u32) -> Result<()> {
    guard::install();
    let ids = read_order(providers, count)?;
    change(&REORDER, |catalog| catalog.reorder_name_spaces(&ids))
}

/// What a provider looks like to one of the four functions that enumerate.
pub(crate) trait Listed: Plain {
    /// Its name's characters, with the terminator.
    fn name(units: &[u16]) -> Vec<u8>;

    /// The structure; its variable parts are at these addresses.
    fn new(provider: &Fixed, name: usize, blob: BLOB) -> Self;

    /// Whether it has a place for what only the provider understands.
    const HAS_BLOB: bool;
}

/// What all four structures have in common.
pub(crate) struct Fixed {
    id: GUID,
    name_space: u32,
    active: BOOL,
    version: u32,
}

fn wide(units: &[u16]) -> Vec<u8> {
    let units = units.iter().chain(&[0]);
    units.flat_map(|unit| unit.to_ne_bytes()).collect()
}

/// In 8-bit characters, that is in UTF-8.
fn narrow(units: &[u16]) -> Vec<u8> {
    let mut bytes = String::from_utf16_lossy(units).into_bytes();
    bytes.push(0);
    bytes
}

macro_rules! listed {
    ($type:ident, $text:ident, $has_blob:literal $($blob:ident)?) => {
        impl Listed for $type {
            const HAS_BLOB: bool = $has_blob;

            fn name(units: &[u16]) -> Vec<u8> {
                $text(units)
            }

            fn new(provider: &Fixed, name: usize, _blob: BLOB) -> Self {
                Self {
                    NSProviderId: provider.id,
                    dwNameSpace: provider.name_space,
                    fActive: provider.active,
                    dwVersion: provider.version,
                    lpszIdentifier: name as *mut _,
                    $($blob: _blob,)?
                }
            }
        }
    };
}

listed!(WSANAMESPACE_INFOA, narrow, false);
listed!(WSANAMESPACE_INFOW, wide, false);
listed!(WSANAMESPACE_INFOEXA, narrow, true ProviderSpecific);
listed!(WSANAMESPACE_INFOEXW, wide, true ProviderSpecific);

/// WSAEnumNameSpaceProviders: how many structures are in the buffer, one after the other, with what they point to behind
/// the last. `length` receives the bytes that are needed if there is not room for all of it.
pub(crate) fn enumerate<T: Listed>(length: UserPointer<u32>, buffer: UserPointer<T>) -> Result<i32> {
    let room = length.read()? as usize;
    let providers = store::name_spaces().map_err(|failure| ENUMERATE.code(failure))?;
    let fixed = providers.len() * size_of::<T>();
    let mut behind = Vec::new();
    let mut listed = Vec::new();
    for provider in providers {
        let mut put = |bytes: &[u8]| {
            // As aligned as the buffer itself.
            behind.resize(behind.len().next_multiple_of(8), 0);
            let place = buffer.cast::<u8>().add(fixed + behind.len()).address();
            behind.extend_from_slice(bytes);
            place
        };
        let name = put(&T::name(&provider.name));
        let blob = match provider.blob.as_slice() {
            bytes if T::HAS_BLOB && !bytes.is_empty() => BLOB {
                cbSize: bytes.len() as u32,
                pBlobData: put(bytes) as *mut u8,
            },
            _ => BLOB {
                cbSize: 0,
                pBlobData: std::ptr::null_mut(),
            },
        };
        let common = Fixed {
            id: provider.id,
            name_space: provider.name_space,
            active: BOOL(provider.enabled.into()),
            version: provider.version,
        };
        listed.push(T::new(&common, name, blob));
    }
    let needed = fixed + behind.len();
    if room < needed || buffer.is_null() {
        length.write(needed as u32)?;
        return Err(WsaError::WSAEFAULT);
    }
    buffer.write_slice(&listed)?;
    buffer.cast::<u8>().add(fixed).write_slice(&behind)?;
    Ok(listed.len() as i32)
}
