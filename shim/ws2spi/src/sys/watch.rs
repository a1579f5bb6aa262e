//! Watching many descriptors from one thread: epoll, edge-triggered.

use super::errno::Result;
use super::raw::syscall;
use super::socket::Descriptor;
use std::os::fd::RawFd;
use std::sync::Arc;

/// An epoll instance, and a descriptor in it that ends the wait for good.
#[derive(Debug)]
struct Set {
    epoll: Descriptor,
    stop: Descriptor,
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

/// The key that means "stop".
const STOP: u64 = u64::MAX;

impl Watch {
    pub(crate) fn new() -> Result<(Self, Waiter)> {
        // SAFETY: no memory is involved.
        let (epoll, stop) = unsafe {
            let epoll = syscall!(SYS_epoll_create1, libc::EPOLL_CLOEXEC)?;
            let epoll = Descriptor::from_raw(epoll as RawFd);
            let stop = syscall!(SYS_eventfd2, 0usize, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK)?;
            (epoll, Descriptor::from_raw(stop as RawFd))
        };
        let set = Arc::new(Set { epoll, stop });
        let watch = Self(Arc::clone(&set));
        watch.add(&set.stop, STOP, libc::EPOLLIN)?;
        Ok((watch, Waiter(set)))
    }

    /// Reports `key` whenever something new arrives at `fd`.
    pub(crate) fn add_arrivals(&self, fd: &Descriptor, key: u64) -> Result<()> {
        self.add(fd, key, libc::EPOLLIN | libc::EPOLLET)
    }

    fn add(&self, fd: &Descriptor, key: u64, events: i32) -> Result<()> {
        let mut event = libc::epoll_event {
            events: events as u32,
            u64: key,
        };
        let (epoll, event) = (self.0.epoll.raw(), &raw mut event);
        // SAFETY: the event lives until the call returns.
        unsafe { syscall!(SYS_epoll_ctl, epoll, libc::EPOLL_CTL_ADD, fd.raw(), event) }.map(drop)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let one = 1u64;
        // SAFETY: the eight bytes live until the call returns.
        let _ = unsafe { syscall!(SYS_write, self.0.stop.raw(), &raw const one, size_of::<u64>()) };
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
        let epoll = self.watch.0.epoll.raw();
        // SAFETY: no memory is involved.
        let _ = unsafe { syscall!(SYS_epoll_ctl, epoll, libc::EPOLL_CTL_DEL, self.fd, 0usize) };
    }
}

impl Waiter {
    /// Waits for arrivals and gives their keys to `report`; false once the [`Watch`] is gone.
    pub(crate) fn wait(&self, mut report: impl FnMut(u64)) -> bool {
        let mut events = [libc::epoll_event { events: 0, u64: 0 }; 16];
        let (epoll, room) = (self.0.epoll.raw(), events.len());
        // SAFETY: the kernel writes at most as many events as there is room for; no signal mask is given.
        let found = unsafe {
            syscall!(
                SYS_epoll_pwait,
                epoll,
                events.as_mut_ptr(),
                room,
                -1isize,
                0usize,
                8usize
            )
        };
        let found = &events[..found.unwrap_or(0)];
        for event in found.iter().filter(|event| event.u64 != STOP) {
            report(event.u64);
        }
        !found.iter().any(|event| event.u64 == STOP)
    }
}

/// Starts a thread that runs `body` with every signal blocked, so that no handler of the program runs on it.
pub(crate) fn start_thread(name: &str, body: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
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
        started.map(drop)
    }
}
