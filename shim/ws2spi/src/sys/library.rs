//! Libraries that are loaded while the process runs.

use crate::abi::{WSAPROTOCOL_INFOW, WSPDATA, WSPPROC_TABLE, WSPUPCALLTABLE};
use libloading::os::unix::Library;
use std::ffi::c_int;
use std::path::Path;

/// A provider's one exported function (C.3).
pub(crate) type Startup = unsafe extern "C" fn(
    u16,
    *mut WSPDATA,
    *mut WSAPROTOCOL_INFOW,
    WSPUPCALLTABLE,
    *mut WSPPROC_TABLE,
) -> c_int;

/// Why a library is no provider, in words for people.
#[derive(Debug)]
pub(crate) enum Unusable {
    NotLoaded(String),
    NoStartup,
}

/// Loads the library at `path`, for good: its code may be running when nobody expects it any more. Loading runs its
/// constructors. Its symbols are its own (RTLD_LOCAL), and all that it needs is there or it is not loaded (RTLD_NOW).
pub(crate) fn load_provider(path: &Path) -> Result<Startup, Unusable> {
    // SAFETY: what the library's constructors do is the affair of whoever has installed it in the catalog.
    let library = unsafe { Library::open(Some(path), libc::RTLD_NOW | libc::RTLD_LOCAL) };
    let library = library.map_err(|error| Unusable::NotLoaded(error.to_string()))?;
    // SAFETY: a symbol of that name in a provider is the function of ws2spi.h.
    let startup = unsafe { library.get::<Startup>(b"WSPStartup\0") }.map(|symbol| *symbol);
    std::mem::forget(library);
    startup.map_err(|_| Unusable::NoStartup)
}
