//! The catalog's functions (WSC*).

use super::Library;
use crate::failure::{Failure, Result};
use std::ffi::c_int;
use std::ptr::null_mut;
use ws2spi::abi::*;
use ws2spi::error::WsaError;

/// A name-space provider.
#[derive(Clone, Debug)]
pub(crate) struct NameSpace {
    pub(crate) provider: GUID,
    pub(crate) identifier: String,
    pub(crate) name_space: u32,
    pub(crate) is_active: bool,
    pub(crate) version: u32,
}

/// What Linux' PATH_MAX allows, with the end.
const LONGEST_PATH: usize = 4096;

/// A list can grow between the call that tells its size and the call that fetches it.
const TRIES: usize = 16;

/// An entry to be filled.
// SAFETY: integers and arrays of integers.
const BLANK: WSAPROTOCOL_INFOW = unsafe { std::mem::zeroed() };

impl Library {
    /// Every protocol entry, hidden and layered ones included, in order (WSCEnumProtocols).
    pub(crate) fn protocols(&self) -> Result<Vec<WSAPROTOCOL_INFOW>> {
        let enumerate = self.functions.WSCEnumProtocols()?;
        let mut list = Vec::new();
        for _ in 0..TRIES {
            let (mut length, mut error) = (size_of_val(list.as_slice()) as u32, 0);
            // SAFETY: the buffer has `length` bytes of entries, which any bytes are good for.
            let count = unsafe { enumerate(null_mut(), list.as_mut_ptr(), &raw mut length, &raw mut error) };
            if count != SOCKET_ERROR {
                list.truncate(usize::try_from(count).unwrap_or_default());
                return Ok(list);
            }
            if error != WsaError::WSAENOBUFS.code() {
                return Err(failed("WSCEnumProtocols", error));
            }
            list.resize((length as usize).div_ceil(size_of::<WSAPROTOCOL_INFOW>()), BLANK);
        }
        Err(failed("WSCEnumProtocols", WsaError::WSAENOBUFS.code()))
    }

    /// Where a provider's library is, as it was given at installation (WSCGetProviderPath).
    pub(crate) fn provider_path(&self, provider: &GUID) -> Result<String> {
        let path_of = self.functions.WSCGetProviderPath()?;
        let mut id = *provider;
        let mut units = [0; LONGEST_PATH];
        let (mut length, mut error) = (LONGEST_PATH as c_int, 0);
        // SAFETY: the buffer has `length` units.
        let answer = unsafe { path_of(&raw mut id, units.as_mut_ptr(), &raw mut length, &raw mut error) };
        check("WSCGetProviderPath", answer, error)?;
        Ok(text(&units))
    }

    /// Installs a provider with entries (WSCInstallProvider).
    pub(crate) fn install(&self, provider: &GUID, path: &str, entries: &[WSAPROTOCOL_INFOW]) -> Result<()> {
        let install = self.functions.WSCInstallProvider()?;
        let (mut id, path) = (*provider, units(path));
        let mut error = 0;
        // SAFETY: the path has its end, and the list its count. Neither is written to.
        let answer = unsafe {
            install(
                &raw mut id,
                path.as_ptr(),
                entries.as_ptr().cast_mut(),
                entries.len() as u32,
                &raw mut error,
            )
        };
        if answer == SOCKET_ERROR && error == WsaError::WSAENOBUFS.code() {
            // Of memory there is another code.
            return Err(Failure::problem(format!(
                "WSCInstallProvider: {}: the catalog has no room for more entries",
                WsaError::WSAENOBUFS
            ))
            .advise(
                "remove layers that are not needed (`ws2spi catalog remove`); if there are few entries, all ids have \
                 been given once: begin again with `ws2spi catalog reset`",
            ));
        }
        check("WSCInstallProvider", answer, error)
    }

    /// Replaces the entries of a provider (WSCUpdateProvider).
    pub(crate) fn update(&self, provider: &GUID, path: &str, entries: &[WSAPROTOCOL_INFOW]) -> Result<()> {
        let update = self.functions.WSCUpdateProvider()?;
        let (mut id, path) = (*provider, units(path));
        let mut error = 0;
        // SAFETY: as for WSCInstallProvider.
        let answer = unsafe {
            update(
                &raw mut id,
                path.as_ptr(),
                entries.as_ptr().cast_mut(),
                entries.len() as u32,
                &raw mut error,
            )
        };
        check("WSCUpdateProvider", answer, error)
    }

    /// Removes a provider with all its entries (WSCDeinstallProvider).
    pub(crate) fn deinstall(&self, provider: &GUID) -> Result<()> {
        let deinstall = self.functions.WSCDeinstallProvider()?;
        let (mut id, mut error) = (*provider, 0);
        // SAFETY: both pointers are to values.
        let answer = unsafe { deinstall(&raw mut id, &raw mut error) };
        check("WSCDeinstallProvider", answer, error)
    }

    /// Puts the entries in this order, which must name each (WSCWriteProviderOrder).
    pub(crate) fn write_order(&self, ids: &[u32]) -> std::result::Result<(), OrderFailure> {
        let write = self
            .functions
            .WSCWriteProviderOrder()
            .map_err(OrderFailure::Other)?;
        let mut ids = ids.to_vec();
        // SAFETY: the list has its count.
        match unsafe { write(ids.as_mut_ptr(), ids.len() as u32) } {
            0 => Ok(()),
            code if code == WsaError::WSAEINVAL.code() => Err(OrderFailure::Outdated),
            code => Err(OrderFailure::Other(failed("WSCWriteProviderOrder", code))),
        }
    }

    /// What a layered provider says it does, if anybody has said so (WSCGetProviderInfo).
    pub(crate) fn categories(&self, provider: &GUID) -> Result<Option<u32>> {
        let get = self.functions.WSCGetProviderInfo()?;
        let (mut id, mut categories, mut error) = (*provider, 0u32, 0);
        let mut size = size_of::<u32>();
        // SAFETY: the buffer has `size` bytes.
        let answer = unsafe {
            get(
                &raw mut id,
                PROVIDER_INFO_LSP_CATEGORIES,
                (&raw mut categories).cast(),
                &raw mut size,
                0,
                &raw mut error,
            )
        };
        if answer == SOCKET_ERROR && error == WsaError::WSAEINVALIDPROVIDER.code() {
            return Ok(None);
        }
        check("WSCGetProviderInfo", answer, error)?;
        Ok(Some(categories).filter(|categories| *categories != 0))
    }

    /// Says what a layered provider does (WSCSetProviderInfo).
    pub(crate) fn set_categories(&self, provider: &GUID, categories: u32) -> Result<()> {
        let set = self.functions.WSCSetProviderInfo()?;
        let (mut id, mut categories, mut error) = (*provider, categories, 0);
        // SAFETY: the information has the size beside it.
        let answer = unsafe {
            set(
                &raw mut id,
                PROVIDER_INFO_LSP_CATEGORIES,
                (&raw mut categories).cast(),
                size_of::<u32>(),
                0,
                &raw mut error,
            )
        };
        check("WSCSetProviderInfo", answer, error)
    }
}

/// Why an order was not written.
#[derive(Debug)]
pub(crate) enum OrderFailure {
    /// It does not name the entries that there are.
    Outdated,
    Other(Failure),
}

const PROVIDER_INFO_LSP_CATEGORIES: c_int = 0;

fn check(function: &str, answer: c_int, error: c_int) -> Result<()> {
    if answer == SOCKET_ERROR {
        Err(failed(function, error))
    } else {
        Ok(())
    }
}

fn failed(function: &str, error: c_int) -> Failure {
    Failure::call(function, WsaError::from_code(error))
}

/// UTF-16 with its end, as the functions take it.
fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().chain([0]).collect()
}

/// UTF-16 up to its end.
pub(crate) fn text(units: &[u16]) -> String {
    let text = units.split(|unit| *unit == 0).next().unwrap_or_default();
    String::from_utf16_lossy(text)
}

impl Library {
    /// Every name-space provider (WSAEnumNameSpaceProvidersW).
    pub(crate) fn name_spaces(&self) -> Result<Vec<NameSpace>> {
        const FUNCTION: &str = "WSAEnumNameSpaceProvidersW";
        let _started = self.start_winsock()?;
        let enumerate = self.functions.WSAEnumNameSpaceProvidersW()?;
        // Of words, so that the structures are aligned. The texts lie behind them.
        let mut buffer: Vec<u64> = Vec::new();
        for _ in 0..TRIES {
            let mut length = size_of_val(buffer.as_slice()) as u32;
            // SAFETY: the buffer has `length` bytes.
            let count = unsafe { enumerate(&raw mut length, buffer.as_mut_ptr().cast()) };
            if let Ok(count) = usize::try_from(count) {
                // SAFETY: the library has put that many structures at the buffer's start, each with a text in the
                // buffer that has its end.
                return Ok(unsafe { name_spaces_in(buffer.as_ptr().cast(), count) });
            }
            let error = self.last_error()?;
            if error != WsaError::WSAEFAULT {
                return Err(Failure::call(FUNCTION, error));
            }
            buffer.resize((length as usize).div_ceil(size_of::<u64>()), 0);
        }
        Err(Failure::call(FUNCTION, WsaError::WSAEFAULT))
    }
}

/// # Safety
/// There are `count` structures, and each has a text that is NULL or has its end.
unsafe fn name_spaces_in(first: *const WSANAMESPACE_INFOW, count: usize) -> Vec<NameSpace> {
    // SAFETY: as the caller says.
    let found = unsafe { std::slice::from_raw_parts(first, count) };
    let named = found.iter().map(|info| NameSpace {
        provider: info.NSProviderId,
        // SAFETY: as the caller says.
        identifier: unsafe { text_at(info.lpszIdentifier) },
        name_space: info.dwNameSpace,
        is_active: info.fActive != BOOL::FALSE,
        version: info.dwVersion,
    });
    named.collect()
}

/// # Safety
/// The text is NULL or has its end.
unsafe fn text_at(first: *const WCHAR) -> String {
    if first.is_null() {
        return String::new();
    }
    let mut length = 0;
    // SAFETY: as the caller says; no unit behind the end is looked at.
    let units = unsafe {
        while *first.add(length) != 0 {
            length += 1;
        }
        std::slice::from_raw_parts(first, length)
    };
    String::from_utf16_lossy(units)
}
