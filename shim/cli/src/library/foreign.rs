//! A provider's file, loaded as the library loads it.

use super::functions::{file_of, reason};
use libloading::os::unix;
use std::ffi::c_void;
use std::mem::ManuallyDrop;
use std::path::Path;

/// Loads a provider and finds its WSPStartup, which is not called. Whatever constructors it has run, and it stays.
pub(crate) fn load(file: &Path) -> Result<(), String> {
    // SAFETY: the constructors are the provider's own affair. The process was started for them, and does nothing else.
    let handle = unsafe { unix::Library::open(Some(file), libc::RTLD_NOW | libc::RTLD_LOCAL) };
    let handle = ManuallyDrop::new(handle.map_err(|error| reason(&error))?);
    // SAFETY: only the address is asked for.
    let found = unsafe { handle.get::<*mut c_void>("WSPStartup") };
    let start = found.map_err(|error| reason(&error))?.into_raw();
    let owner = file_of(start);
    let is_own = owner.as_deref().and_then(|owner| owner.canonicalize().ok()) == file.canonicalize().ok();
    if is_own {
        Ok(())
    } else {
        let owner = owner.map_or_else(String::new, |owner| format!(": it is {}'s", owner.display()));
        Err(format!("its WSPStartup is not its own{owner}"))
    }
}
