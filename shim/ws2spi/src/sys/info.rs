//! What the kernel tells about a socket beyond its options.

use super::errno::{Errno, Result};
use super::fork;
use super::raw::syscall;
use super::socket::{self, Descriptor};
use super::wait::events_now;
use socket2::{SockAddr, SockAddrStorage};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The peer of an internet socket (`SO_PEERNAME`), which takes `length` bytes. Unlike `getpeername(2)` it also knows
/// the peer of a connection that is still being made, or that is over.
pub(crate) fn peer_name(fd: &Descriptor, length: usize) -> Result<SockAddr> {
    let mut storage = SockAddrStorage::zeroed();
    let mut length = length as libc::socklen_t;
    // SAFETY: storage is longer than any address.
    unsafe {
        syscall!(
            SYS_getsockopt,
            fd.raw(),
            libc::SOL_SOCKET,
            libc::SO_PEERNAME,
            &raw mut storage,
            &raw mut length
        )
    }?;
    // SAFETY: the kernel wrote `length` bytes of an address.
    Ok(unsafe { SockAddr::new(storage, length) })
}

/// The process at the other end of an AF_UNIX socket, and its user.
pub(crate) fn peer_process(fd: &Descriptor) -> Result<(i32, u32)> {
    let credentials: [i32; 3] = socket::option(fd, libc::SOL_SOCKET, libc::SO_PEERCRED)?;
    Ok((credentials[0], credentials[1] as u32))
}

/// Whether calls on the descriptor return rather than wait (O_NONBLOCK).
pub(crate) fn is_nonblocking(fd: &Descriptor) -> Result<bool> {
    // SAFETY: no memory is involved.
    let flags = unsafe { syscall!(SYS_fcntl, fd.raw(), libc::F_GETFL) }?;
    Ok(flags as i32 & libc::O_NONBLOCK != 0)
}

/// The bytes one receive could take: of the stream, or of the first datagram (`FIONREAD`).
pub(crate) fn receivable(fd: &Descriptor) -> Result<u32> {
    socket::control(fd, libc::FIONREAD, 0).map(|bytes| bytes as u32)
}

/// One walk of [`queued`] at a time, since the offset is the socket's. No call meanwhile waits.
static WALK: Mutex<()> = Mutex::new(());

fn walk() -> MutexGuard<'static, ()> {
    WALK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Before a fork.
pub(crate) fn before_fork() {
    fork::hold(walk());
}

/// The bytes of all datagrams in the queue, which `FIONREAD` does not tell: a walk with the peek offset, which skips
/// what was looked at before. `None` where the socket has no peek offset, or where an error waits, which peeking
/// would take away.
pub(crate) fn queued(fd: &Descriptor) -> Option<u32> {
    if events_now(fd, 0) & libc::POLLERR != 0 {
        return None;
    }
    let _walk = walk();
    let peek_offset = |offset: i32| socket::set_option(fd, libc::SOL_SOCKET, libc::SO_PEEK_OFF, offset);
    peek_offset(0).ok()?;
    let mut total = 0u32;
    let counted = loop {
        match peek_lengths(fd) {
            Ok((count, bytes)) => {
                total = total.saturating_add(bytes);
                if count < PEEKED_AT_ONCE {
                    break Some(total);
                }
            }
            Err(Errno(libc::EAGAIN)) => break Some(total),
            Err(Errno(libc::EINTR)) => {}
            Err(_) => break None,
        }
    };
    let _ = peek_offset(-1);
    counted
}

const PEEKED_AT_ONCE: usize = 64;

/// How many datagrams from the peek offset on, and their bytes.
fn peek_lengths(fd: &Descriptor) -> Result<(usize, u32)> {
    // SAFETY: headers of zeros name nothing.
    let mut headers: [libc::mmsghdr; PEEKED_AT_ONCE] = unsafe { std::mem::zeroed() };
    let flags = libc::MSG_PEEK | libc::MSG_TRUNC | libc::MSG_DONTWAIT;
    // SAFETY: the headers live until the call returns and have no buffers.
    let count = unsafe {
        syscall!(
            SYS_recvmmsg,
            fd.raw(),
            headers.as_mut_ptr(),
            PEEKED_AT_ONCE,
            flags,
            0usize
        )
    }?;
    let bytes = headers[..count].iter().map(|header| header.msg_len).sum();
    Ok((count, bytes))
}

/// Whether the next byte to receive is the urgent one.
pub(crate) fn is_at_urgent_mark(fd: &Descriptor) -> Result<bool> {
    // From asm-generic/sockios.h, which every 64-bit Linux uses.
    const SIOCATMARK: libc::c_ulong = 0x8905;
    socket::control(fd, SIOCATMARK, 0).map(|at_mark| at_mark != 0)
}

/// How many bytes were sent that the peer has not acknowledged.
pub(crate) fn unsent_bytes(fd: &Descriptor) -> Result<i32> {
    socket::control(fd, libc::TIOCOUTQ, 0)
}

/// The most connections that this host lets wait (`net.core.somaxconn`).
pub(crate) fn most_connections() -> u32 {
    static MOST: AtomicU32 = AtomicU32::new(0);
    if MOST.load(Ordering::Relaxed) == 0 {
        let setting = std::fs::read_to_string("/proc/sys/net/core/somaxconn").unwrap_or_default();
        MOST.store(setting.trim().parse().unwrap_or(128).max(1), Ordering::Relaxed);
    }
    MOST.load(Ordering::Relaxed)
}
