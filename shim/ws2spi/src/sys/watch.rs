//! Watching many descriptors from one thread: epoll, edge-triggered.

use super::errno::Result;
use super::raw::syscall;
use super::socket::Descriptor;
use std::os::fd::RawFd;

/// An epoll instance, and a descriptor in it that wakes the watching thread for good.
#[derive(Debug)]
pub(crate) struct Watch {
    epoll: Descriptor,
    stop: Descriptor,
}

/// The key that means "stop".
const STOP: u64 = u64::MAX;

impl Watch {
    pub(crate) fn new() -> Result<Self> {
        // SAFETY: no memory is involved.
        let (epoll, stop) = unsafe {
            let epoll = Descriptor::from_raw(syscall!(SYS_epoll_create1, libc::EPOLL_CLOEXEC)? as RawFd);
            let stop = syscall!(SYS_eventfd2, 0usize, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK)?;
            (epoll, Descriptor::from_raw(stop as RawFd))
        };
        let watch = Self { epoll, stop };
        watch.add(&watch.stop, STOP, libc::EPOLLIN)?;
        Ok(watch)
    }

    /// Reports `key` whenever something new arrives at `fd`; ends by itself when the descriptor is closed.
    pub(crate) fn add_arrivals(&self, fd: &Descriptor, key: u64) -> Result<()> {
        self.add(fd, key, libc::EPOLLIN | libc::EPOLLET)
    }

    fn add(&self, fd: &Descriptor, key: u64, events: i32) -> Result<()> {
        let mut event = libc::epoll_event {
            events: events as u32,
            u64: key,
        };
        // SAFETY: the event lives until the call returns.
        unsafe {
            syscall!(
                SYS_epoll_ctl,
                self.epoll.raw(),
                libc::EPOLL_CTL_ADD,
                fd.raw(),
                &raw mut event
            )
        }
        .map(drop)
    }

    /// No longer reports `fd`.
    pub(crate) fn remove(&self, fd: &Descriptor) {
        // SAFETY: no memory is involved.
        let _ = unsafe {
            syscall!(
                SYS_epoll_ctl,
                self.epoll.raw(),
                libc::EPOLL_CTL_DEL,
                fd.raw(),
                0usize
            )
        };
    }

    /// Ends every [`Watch::wait`], now and later.
    pub(crate) fn stop(&self) {
        let one = 1u64;
        // SAFETY: the eight bytes live until the call returns.
        let _ = unsafe { syscall!(SYS_write, self.stop.raw(), &raw const one, size_of::<u64>()) };
    }

    /// Waits for arrivals and gives their keys to `report`; false once stopped.
    pub(crate) fn wait(&self, mut report: impl FnMut(u64)) -> bool {
        let mut events = [libc::epoll_event { events: 0, u64: 0 }; 16];
        // SAFETY: the kernel writes at most as many events as there is room for; no signal mask is given.
        let found = unsafe {
            syscall!(
                SYS_epoll_pwait,
                self.epoll.raw(),
                events.as_mut_ptr(),
                events.len(),
                -1isize,
                0usize,
                8usize
            )
        };
        let found = &events[..found.unwrap_or(0)];
        for event in found.iter().filter(|event| event.u64 != STOP) {
            report(event.u64);
        }
        !found.iter().any(|event| { event.u64 } == STOP)
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
