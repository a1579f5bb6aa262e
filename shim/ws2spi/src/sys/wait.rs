//! Waiting for descriptors.

use super::errno::Result;
use super::raw::syscall;
use super::socket::Descriptor;
use std::cell::Cell;
use std::mem::size_of;
use std::sync::atomic::Ordering;
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
}

/// How many of `interests` have found something before `timeout` is over (`None`: never).
#[inline]
pub(crate) fn poll(interests: &mut [Interest], timeout: Option<Duration>) -> Result<usize> {
    match timeout {
        None => poll_plainly(interests, -1),
        Some(Duration::ZERO) => poll_plainly(interests, 0),
        Some(timeout) => poll_precisely(interests, Some(timeout)),
    }
}

/// `poll(2)`, which is cheaper than `ppoll(2)`; `milliseconds` is 0 or -1.
#[cfg(target_arch = "x86_64")]
fn poll_plainly(interests: &mut [Interest], milliseconds: i32) -> Result<usize> {
    // SAFETY: the interests live until the call returns.
    unsafe { syscall!(SYS_poll, interests.as_mut_ptr(), interests.len(), milliseconds) }
}

/// Newer processors have only `ppoll(2)`.
#[cfg(not(target_arch = "x86_64"))]
fn poll_plainly(interests: &mut [Interest], milliseconds: i32) -> Result<usize> {
    poll_precisely(interests, (milliseconds == 0).then_some(Duration::ZERO))
}

/// `ppoll(2)`.
fn poll_precisely(interests: &mut [Interest], timeout: Option<Duration>) -> Result<usize> {
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

/// Which of `events` hold now, and whether the descriptor has hung up or has an error; 0 when it cannot be asked.
pub(crate) fn events_now(fd: &Descriptor, events: i16) -> i16 {
    let mut interest = [Interest::new(fd, events)];
    match poll(&mut interest, Some(Duration::ZERO)) {
        Ok(1..) => interest[0].found(),
        _ => 0,
    }
}

thread_local! {
    /// The limit of the thread's [`poll_endable`], where a signal handler can shorten it.
    static LIMIT: Cell<libc::timespec> = const { Cell::new(AT_ONCE) };
}

const AT_ONCE: libc::timespec = libc::timespec {
    tv_sec: 0,
    tv_nsec: 0,
};

/// [`poll`] that [`end_poll`] ends in every case: also when its signal comes after the last look whether to wait
/// (`may_wait`) and before the kernel waits. The kernel reads the limit when it begins, and a signal ends it later.
pub(crate) fn poll_endable(
    interests: &mut [Interest],
    timeout: Option<Duration>,
    may_wait: impl FnOnce() -> bool,
) -> Result<usize> {
    let limit = libc::timespec {
        tv_sec: timeout.map_or(libc::time_t::MAX, |timeout| {
            timeout.as_secs().try_into().unwrap_or(libc::time_t::MAX)
        }),
        tv_nsec: timeout.map_or(0, |timeout| timeout.subsec_nanos().into()),
    };
    LIMIT
        .try_with(|shared| {
            shared.set(limit);
            std::sync::atomic::compiler_fence(Ordering::SeqCst);
            if !may_wait() {
                shared.set(AT_ONCE);
            }
            // SAFETY: both live until the call returns; a NULL signal mask leaves the thread's as it is.
            unsafe {
                syscall!(
                    SYS_ppoll,
                    interests.as_mut_ptr(),
                    interests.len(),
                    shared.as_ptr(),
                    0usize,
                    size_of::<u64>()
                )
            }
        })
        .unwrap_or_else(|_| poll(interests, timeout))
}

/// Ends the thread's [`poll_endable`]; from a signal handler on that thread.
pub(crate) fn end_poll() {
    let _ = LIMIT.try_with(|shared| shared.set(AT_ONCE));
}
