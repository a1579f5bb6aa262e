//! Libraries: where this one was loaded from, and loading others while the process runs.

use crate::abi::{WSAPROTOCOL_INFOW, WSPDATA, WSPPROC_TABLE, WSPUPCALLTABLE};
use libloading::os::unix::Library;
use std::ffi::{CStr, OsStr, c_int, c_void};
use std::mem::ManuallyDrop;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

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

/// A library with a WSPStartup. It stays loaded for good: its code may be running when nobody expects it any more.
#[derive(Debug)]
pub(crate) struct ProviderLibrary {
    library: ManuallyDrop<Library>,
    pub(crate) startup: Startup,
}

/// Loads the library at `path`, which runs its constructors. Its symbols are its own (RTLD_LOCAL), and all that it needs is
/// there or it is not loaded (RTLD_NOW).
pub(crate) fn load_provider(path: &Path) -> Result<ProviderLibrary, Unusable> {
    // SAFETY: what the library's constructors do is the affair of whoever has installed it in the catalog.
    let library = unsafe { Library::open(Some(path), libc::RTLD_NOW | libc::RTLD_LOCAL) };
    let library = ManuallyDrop::new(library.map_err(|error| Unusable::NotLoaded(error.to_string()))?);
    // SAFETY: a symbol of that name in a provider is the function of ws2spi.h.
    let startup = unsafe { library.get::<Startup>(b"WSPStartup\0") }.map(|symbol| *symbol);
    let startup = startup.map_err(|_| Unusable::NoStartup)?;
    Ok(ProviderLibrary { library, startup })
}

impl ProviderLibrary {
    /// Where the library's own function `name` is, or if it has none that of a library that it needs.
    pub(crate) fn function(&self, name: &str) -> Option<usize> {
        // SAFETY: the symbol is only compared.
        let found = unsafe { self.library.get::<*const c_void>(name.as_bytes()) };
        found.ok().map(|symbol| symbol.into_raw() as usize)
    }
}

/// The absolute path of the file that this code was loaded from: the shared library, or a program that it was linked
/// into.
pub(crate) fn path() -> Option<PathBuf> {
    let address = path as *const () as usize;
    match said_by_linker(address) {
        Some(path) if path.is_absolute() => Some(path),
        // It was loaded by a relative path, and the current folder may have changed since.
        _ => mapped(&std::fs::read("/proc/self/maps").ok()?, address),
    }
}

fn said_by_linker(address: usize) -> Option<PathBuf> {
    // SAFETY: a Dl_info of zeros is one; the name that dladdr gives is the loaded object's and lives as long as that.
    let name = unsafe {
        let mut info: libc::Dl_info = std::mem::zeroed();
        if libc::dladdr(address as *const _, &raw mut info) == 0 || info.dli_fname.is_null() {
            return None;
        }
        CStr::from_ptr(info.dli_fname)
    };
    Some(Path::new(OsStr::from_bytes(name.to_bytes())).to_owned())
}

/// The file that /proc/self/maps has at `address`.
fn mapped(maps: &[u8], address: usize) -> Option<PathBuf> {
    maps.split(|&byte| byte == b'\n').find_map(|line| {
        let range = std::str::from_utf8(line.split(|&byte| byte == b' ').next()?).ok()?;
        let (start, end) = range.split_once('-')?;
        let (start, end) = (
            usize::from_str_radix(start, 16).ok()?,
            usize::from_str_radix(end, 16).ok()?,
        );
        let name = line.iter().position(|&byte| byte == b'/')?;
        (start..end)
            .contains(&address)
            .then(|| Path::new(OsStr::from_bytes(line.get(name..).unwrap_or_default())).to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_test_program_finds_itself() {
        let found = path().expect("a path");
        let ours = std::env::current_exe().expect("this program");
        assert_eq!(found.canonicalize().ok(), ours.canonicalize().ok());
        assert!(found.is_absolute());
    }

    #[test]
    fn maps_are_read() {
        let maps = b"1000-2000 r-xp 00000000 fe:00 1 \n\
            2000-3000 r-xp 00000000 fe:00 1    /a/b c.so\n\
            3000-4000 r-xp 00000000 fe:00 1    [heap]\n";
        assert_eq!(mapped(maps, 0x2000), Some(PathBuf::from("/a/b c.so")));
        assert_eq!(mapped(maps, 0x2fff), Some(PathBuf::from("/a/b c.so")));
        for elsewhere in [0x1000, 0x3000, 0x4000, 0] {
            assert_eq!(mapped(maps, elsewhere), None);
        }
        let maps = std::fs::read("/proc/self/maps").expect("maps");
        let address = maps_are_read as *const () as usize;
        assert_eq!(mapped(&maps, address), std::env::current_exe().ok());
    }
}
