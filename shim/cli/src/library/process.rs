//! What the command asks and changes of its own process.

use std::ffi::OsStr;

/// Whether the process has other rights than its user's (set-id): its environment is then not to be trusted.
pub(crate) fn is_privileged() -> bool {
    // SAFETY: getauxval only reads what the kernel gave the process.
    unsafe { libc::getauxval(libc::AT_SECURE) != 0 }
}

/// Sets a variable of the environment, before the library reads it.
pub(crate) fn set_variable(name: &str, value: impl AsRef<OsStr>) {
    // SAFETY: the command starts no thread, and loads nothing that could, before it has called this.
    unsafe { std::env::set_var(name, value) };
}

/// The user whose rights the process has.
pub(crate) fn user() -> u32 {
    // SAFETY: always succeeds.
    unsafe { libc::geteuid() }
}
