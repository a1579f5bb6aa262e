//! Watching many descriptors at once: epoll, edge-triggered.

use super::errno::Result;
use super::raw::syscall;
use super::socket::Descriptor;
use std::os::fd::RawFd;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

/// Watched descriptors, each with a key, in which any number of threads can wait at once.
#[derive(Debug)]
pub(crate) struct Set {
    epoll: Descriptor,
    /// Written to end a wait.
    bell: Descriptor,
}

/// The key that says that [`Set::ring`] ended the wait.
const BELL: u64 = u64::MAX;

/// What has happened to a watched descriptor.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub(crate) struct Ready(libc::epoll_event);

impl Ready {
    pub(crate) const NOTHING: Self = Self(libc::epoll_event { events: 0, u64: 0 });

    /// The key that the descriptor was added with.
    pub(crate) const fn key(&self) -> u64 {
        self.0.u64
    }

    /// `EPOLL*` of what has happened.
    pub(crate) const fn events(&self) -> i32 {
        self.0.events as i32
    }

    /// Nothing has happened, but somebody rang.
    pub(crate) const fn is_bell(&self) -> bool {
        self.key() == BELL
    }
}

impl Set {
    pub(crate) fn new() -> Result<Self> {
        let (epoll, bell) = Self::descriptors()?;
        let set = Self { epoll, bell };
        set.add_bell()?;
        Ok(set)
    }

    fn descriptors() -> Result<(Descriptor, Descriptor)> {
        // SAFETY: no memory is involved.
        unsafe {
            let epoll = syscall!(SYS_epoll_create1, libc::EPOLL_CLOEXEC)?;
            let epoll = Descriptor::from_raw(epoll as RawFd);
            let bell = syscall!(SYS_eventfd2, 0usize, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK)?;
            Ok((epoll, Descriptor::from_raw(bell as RawFd)))
        }
    }

    fn add_bell(&self) -> Result<()> {
        // Edge-triggered, so that nobody need read the count down.
        self.add(&self.bell, BELL, libc::EPOLLIN)
    }

    /// In the child of a fork: an empty set of the child's own under the same descriptors; the parent's goes on there.
    pub(crate) fn renew(&self) -> Result<()> {
        let (epoll, bell) = Self::descriptors()?;
        // SAFETY: both numbers are this set's.
        unsafe {
            syscall!(SYS_dup3, epoll.raw(), self.epoll.raw(), libc::O_CLOEXEC)?;
            syscall!(SYS_dup3, bell.raw(), self.bell.raw(), libc::O_CLOEXEC)?;
        }
        self.add_bell()
    }

    /// Reports `key` whenever one of `events` (`EPOLL*`) newly happens to `fd`.
    pub(crate) fn add(&self, fd: &Descriptor, key: u64, events: i32) -> Result<()> {
        let mut event = libc::epoll_event {
            events: (events | libc::EPOLLET) as u32,
            u64: key,
        };
        let (epoll, event) = (self.epoll.raw(), &raw mut event);
        // SAFETY: the event lives until the call returns.
        unsafe { syscall!(SYS_epoll_ctl, epoll, libc::EPOLL_CTL_ADD, fd.raw(), event) }.map(drop)
    }

    /// Watches `fd` no longer.
    pub(crate) fn remove(&self, fd: &Descriptor) {
        self.remove_raw(fd.raw());
    }

    fn remove_raw(&self, fd: RawFd) {
        let epoll = self.epoll.raw();
        // SAFETY: no memory is involved.
        let _ = unsafe { syscall!(SYS_epoll_ctl, epoll, libc::EPOLL_CTL_DEL, fd, 0usize) };
    }

    /// Waits until something happens or `timeout` is over (`None`: never), and tells as much as there is room for.
    #[inline]
    pub(crate) fn wait<'a>(&self, room: &'a mut [Ready], timeout: Option<Duration>) -> &'a [Ready] {
        let milliseconds = timeout.map_or(-1, |timeout| {
            // Not earlier than asked.
            let rounded = timeout.as_nanos().div_ceil(1_000_000);
            i32::try_from(rounded).unwrap_or(i32::MAX)
        });
        // SAFETY: the kernel writes at most as many events as there is room for; no signal mask is given.
        let found = unsafe {
            syscall!(
                SYS_epoll_pwait,
                self.epoll.raw(),
                room.as_mut_ptr(),
                room.len(),
                milliseconds,
                0usize,
                8usize
            )
        };
        &room[..found.unwrap_or(0)]
    }

    /// Ends the wait of one thread, or the next if none waits.
    pub(crate) fn ring(&self) {
        let one = 1u64;
        // SAFETY: the eight bytes live until the call returns.
        let _ = unsafe { syscall!(SYS_write, self.bell.raw(), &raw const one, size_of::<u64>()) };
    }

    /// The descriptor that is readable while something is to be told.
    pub(crate) const fn descriptor(&self) -> &Descriptor {
        &self.epoll
    }
}

/// What adds descriptors to a set. Dropping it ends the wait of its [`Waiter`].
#[derive(Debug)]
pub(crate) struct Watch(Arc<Set>);

/// What waits for the descriptors of a set.
#[derive(Debug)]
pub(crate) struct Waiter(Arc<Set>);

/// A descriptor in a watch; leaves it when dropped.
#[derive(Debug)]
pub(crate) struct Watched {
    watch: Arc<Watch>,
    fd: RawFd,
}

impl Watch {
    pub(crate) fn new() -> Result<(Self, Waiter)> {
        let set = Arc::new(Set::new()?);
        Ok((Self(Arc::clone(&set)), Waiter(set)))
    }

    /// Reports `key` whenever something new arrives at `fd`.
    pub(crate) fn add_arrivals(&self, fd: &Descriptor, key: u64) -> Result<()> {
        self.0.add(fd, key, libc::EPOLLIN)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.ring();
    }
}

impl Watched {
    /// Takes note that `fd`, which must outlive this, was added to `watch`.
    pub(crate) fn new(watch: Arc<Watch>, fd: &Descriptor) -> Self {
        Self { watch, fd: fd.raw() }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.watch.0.remove_raw(self.fd);
    }
}

impl Waiter {
    /// Waits for arrivals and gives their keys to `report`; false once the [`Watch`] is gone.
    pub(crate) fn wait(&self, mut report: impl FnMut(u64)) -> bool {
        let mut room = [Ready::NOTHING; 16];
        let found = self.0.wait(&mut room, None);
        for ready in found.iter().filter(|ready| !ready.is_bell()) {
            report(ready.key());
        }
        !found.iter().any(Ready::is_bell)
    }
}

/// Starts a thread that runs `body` with every signal blocked, so that no handler of the program runs on it.
pub(crate) fn start_thread(
    name: &str,
    body: impl FnOnce() + Send + 'static,
) -> std::io::Result<JoinHandle<()>> {
    // SAFETY: the sets are written before they are read; the mask of this thread is put back.
    unsafe {
        let mut all: libc::sigset_t = std::mem::zeroed();
        let mut before: libc::sigset_t = std::mem::zeroed();
        libc::sigfillset(&mut all);
        libc::pthread_sigmask(libc::SIG_SETMASK, &all, &mut before);
        let started = std::thread::Builder::new()
            .name(name.into())
            .stack_size(64 << 10)
            .spawn(body);
        libc::pthread_sigmask(libc::SIG_SETMASK, &before, std::ptr::null_mut());
        started
    }
}
