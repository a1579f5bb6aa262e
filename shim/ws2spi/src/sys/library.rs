//! Where the library itself was loaded from.

use std::ffi::{CStr, OsStr};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

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
