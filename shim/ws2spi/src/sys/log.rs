//! Where log lines go, and who writes them.

use super::raw::syscall;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI32, Ordering};

/// A setting from the environment; ignored in set-id processes.
pub(crate) fn setting(name: &str) -> Option<String> {
    path_setting(name)?.into_os_string().into_string().ok()
}

/// A setting that names a file, in whatever bytes.
pub(crate) fn path_setting(name: &str) -> Option<PathBuf> {
    if super::process::is_set_id() {
        None
    } else {
        std::env::var_os(name).map(PathBuf::from)
    }
}

pub(crate) fn process() -> i32 {
    // SAFETY: always succeeds.
    unsafe { libc::getpid() }
}

pub(crate) fn thread() -> i32 {
    // SAFETY: always succeeds.
    unsafe { libc::gettid() }
}

/// The log's descriptor: -1 until it is known.
static TARGET: AtomicI32 = AtomicI32::new(-1);

/// Writes one line. What cannot be written is lost: a log must not fail its program.
pub(crate) fn write(line: &[u8]) {
    // SAFETY: the line lives until the call returns.
    let _ = unsafe { syscall!(SYS_write, target(), line.as_ptr(), line.len()) };
}

fn target() -> i32 {
    let known = TARGET.load(Ordering::Relaxed);
    if known >= 0 {
        return known;
    }
    let opened = path_setting("WS2SPI_LOG_FILE").and_then(|path| {
        use std::os::fd::IntoRawFd;
        std::fs::File::options()
            .append(true)
            .create(true)
            .open(path)
            .ok()
            .map(IntoRawFd::into_raw_fd)
    });
    let target = opened.unwrap_or(libc::STDERR_FILENO);
    match TARGET.compare_exchange(-1, target, Ordering::Relaxed, Ordering::Relaxed) {
        Ok(_) => target,
        Err(first) => {
            if let Some(fd) = opened {
                drop(super::socket::Descriptor::from_raw(fd));
            }
            first
        }
    }
}
