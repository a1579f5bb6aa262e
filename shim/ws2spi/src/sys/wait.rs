//! Waiting for descriptors.

use super::errno::Result;
use super::raw::syscall;
use super::socket::Descriptor;
use std::mem::size_of;
use std::os::fd::RawFd;
use std::time::Duration;

/// A descriptor and what to wait for; `poll(2)`'s structure.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub(crate) struct Interest(libc::pollfd);

impl Interest {
    /// Waits for nothing.
    pub(crate) const NONE: Self = Self(libc::pollfd {
        fd: -1,
        events: 0,
        revents: 0,
    });

    pub(crate) fn new(fd: &Descriptor, events: i16) -> Self {
        Self(libc::pollfd {
            fd: fd.raw(),
            events,
            revents: 0,
        })
    }

    /// What was found.
    pub(crate) const fn found(&self) -> i16 {
        self.0.revents
    }

    /// The descriptor waited for, -1 if none.
    pub(crate) const fn fd(&self) -> RawFd {
        self.0.fd
    }
}

/// `ppoll(2)`: how many of `interests` have found something before `timeout` is over (`None`: never).
pub(crate) fn poll(interests: &mut [Interest], timeout: Option<Duration>) -> Result<usize> {
    // Linux writes the time left into the structure; it is a copy.
    let mut limit = timeout.map(|timeout| libc::timespec {
        tv_sec: timeout.as_secs().try_into().unwrap_or(libc::time_t::MAX),
        tv_nsec: timeout.subsec_nanos().into(),
    });
    let limit = limit
        .as_mut()
        .map_or(std::ptr::null_mut(), |limit| limit as *mut libc::timespec);
    // SAFETY: both live until the call returns; a NULL signal mask leaves the thread's as it is.
    unsafe {
        syscall!(
            SYS_ppoll,
            interests.as_mut_ptr(),
            interests.len(),
            limit,
            0usize,
            size_of::<u64>()
        )
    }
}
