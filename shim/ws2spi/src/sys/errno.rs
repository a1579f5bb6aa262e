//! The kernel's error number, and nothing else.

/// An errno as the kernel gave it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Errno(pub(crate) i32);

impl Errno {
    /// The calling thread's errno, after a libc function said -1.
    pub(crate) fn last() -> Self {
        Self(std::io::Error::last_os_error().raw_os_error().unwrap_or(0))
    }
}

/// What a call to the kernel gives.
pub(crate) type Result<T> = std::result::Result<T, Errno>;
