//! The library's functions, by name and prototype.

use super::winsock::WSADATA;
use crate::failure::{Failure, Result};
use libloading::os::unix;
use std::ffi::{CStr, OsStr, c_int, c_void};
use std::mem::ManuallyDrop;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use ws2spi::abi::*;

/// The loaded file.
pub(super) struct Functions {
    /// Never unloaded.
    handle: ManuallyDrop<unix::Library>,
}

/// A function's look-up, which has its name and its type.
macro_rules! functions {
    ($($name:ident: fn($($type:ty),* $(,)?) -> $answer:ty;)*) => {
        #[allow(non_snake_case, reason = "the names are the C headers'")]
        impl Functions {
            $(
                /// The function, if the library has it.
                pub(super) fn $name(&self) -> Result<unsafe extern "C" fn($($type),*) -> $answer> {
                    // SAFETY: the type is the prototype that the headers give to the name.
                    unsafe { self.find(stringify!($name)) }
                }
            )*
        }
    };
}

functions! {
    WSACleanup: fn() -> c_int;
    WSAEnumNameSpaceProvidersW: fn(*mut DWORD, *mut WSANAMESPACE_INFOW) -> c_int;
    WSAGetLastError: fn() -> c_int;
    WSASocketW: fn(c_int, c_int, c_int, *mut WSAPROTOCOL_INFOW, GROUP, DWORD) -> SOCKET;
    WSAStartup: fn(WORD, *mut WSADATA) -> c_int;
    WSCDeinstallProvider: fn(*mut GUID, *mut c_int) -> c_int;
    WSCEnumProtocols: fn(*mut c_int, *mut WSAPROTOCOL_INFOW, *mut DWORD, *mut c_int) -> c_int;
    WSCGetProviderInfo: fn(*mut GUID, c_int, *mut u8, *mut usize, DWORD, *mut c_int) -> c_int;
    WSCGetProviderPath: fn(*mut GUID, *mut WCHAR, *mut c_int, *mut c_int) -> c_int;
    WSCInstallProvider: fn(*mut GUID, *const WCHAR, *mut WSAPROTOCOL_INFOW, DWORD, *mut c_int) -> c_int;
    WSCSetProviderInfo: fn(*mut GUID, c_int, *mut u8, usize, DWORD, *mut c_int) -> c_int;
    WSCUpdateProvider: fn(*mut GUID, *const WCHAR, *mut WSAPROTOCOL_INFOW, DWORD, *mut c_int) -> c_int;
    WSCWriteProviderOrder: fn(*mut DWORD, DWORD) -> c_int;
    WSPStartup: fn(WORD, *mut WSPDATA, *mut WSAPROTOCOL_INFOW, WSPUPCALLTABLE, *mut WSPPROC_TABLE) -> c_int;
}

impl Functions {
    /// Loads the library: by its path, or by a name without a folder, which the system looks up.
    pub(super) fn load(place: &Path) -> std::result::Result<Self, String> {
        // SAFETY: the library's constructors ask nothing of the process. Its names stay its own (RTLD_LOCAL), as for a
        // program that loads it by itself.
        let handle = unsafe { unix::Library::open(Some(place), libc::RTLD_NOW | libc::RTLD_LOCAL) };
        Ok(Self {
            handle: ManuallyDrop::new(handle.map_err(|error| reason(&error))?),
        })
    }

    /// Whether the library itself has the function: a look-up goes on to the libraries that it needs.
    pub(super) fn has(&self, name: &str) -> bool {
        let owner = self.address(name).and_then(|address| file_of(address));
        owner.is_some() && owner == self.file()
    }

    /// The file that was loaded.
    pub(super) fn file(&self) -> Option<PathBuf> {
        file_of(self.address("WSPStartup")?)
    }

    fn address(&self, name: &str) -> Option<*mut c_void> {
        // SAFETY: only the address is asked for.
        unsafe { self.handle.get::<*mut c_void>(name) }
            .ok()
            .map(|symbol| symbol.into_raw())
    }

    /// # Safety
    /// `T` is the type of the function that has the name.
    unsafe fn find<T: Copy>(&self, name: &str) -> Result<T> {
        // SAFETY: as the caller says.
        let symbol = unsafe { self.handle.get::<T>(name) };
        symbol.map(|symbol| *symbol).map_err(|_| {
            Failure::problem(format!("this libws2spi has no {name}"))
                .advise("it is older than this command: install both from one version")
        })
    }
}

/// Which file a loaded address belongs to.
pub(super) fn file_of(address: *const c_void) -> Option<PathBuf> {
    let mut found = libc::Dl_info {
        dli_fname: std::ptr::null(),
        dli_fbase: std::ptr::null_mut(),
        dli_sname: std::ptr::null(),
        dli_saddr: std::ptr::null_mut(),
    };
    // SAFETY: dladdr takes any address, and writes the structure.
    if unsafe { libc::dladdr(address, &raw mut found) } == 0 || found.dli_fname.is_null() {
        return None;
    }
    // SAFETY: the loader's own text, which lives as long as the library is loaded.
    let name = unsafe { CStr::from_ptr(found.dli_fname) };
    Some(PathBuf::from(OsStr::from_bytes(name.to_bytes())))
}

/// What the loader said, which libloading keeps as the cause.
pub(super) fn reason(error: &libloading::Error) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string)
}
