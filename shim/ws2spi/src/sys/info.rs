//! What the kernel tells about a socket beyond its options.

use super::errno::{Errno, Result};
use super::raw::syscall;
use super::socket::{self, Descriptor};
use super::wait::{self, Interest};
use socket2::{SockAddr, SockAddrStorage};
use std::mem::size_of;
use std::sync::Mutex;
use std::time::Duration;

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

/// Whether `events` hold now.
pub(crate) fn has(fd: &Descriptor, events: i16) -> bool {
    let mut interest = [Interest::new(fd, events)];
    matches!(wait::poll(&mut interest, Some(Duration::ZERO)), Ok(found) if found > 0)
        && interest[0].found() & events != 0
}

/// The bytes one receive could take: of the stream, or of the first datagram (`FIONREAD`).
pub(crate) fn receivable(fd: &Descriptor) -> Result<u32> {
    socket::control(fd, libc::FIONREAD, 0).map(|bytes| bytes as u32)
}

/// The bytes of all datagrams in the queue, which `FIONREAD` does not tell: a walk with the peek offset, which skips
/// what was looked at before. `None` where the socket has no peek offset, or where an error waits, which peeking
/// would take away.
pub(crate) fn queued(fd: &Descriptor) -> Option<u32> {
    /// One walk at a time, since the offset is the socket's. No call below waits.
    static WALK: Mutex<()> = Mutex::new(());
    if has(fd, libc::POLLERR) {
        return None;
    }
    let _walk = WALK.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
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

/// `struct tcp_info` as far as it is used here; what an older kernel does not know stays 0.
#[derive(Clone, Copy, Default, Debug)]
#[repr(C)]
pub(crate) struct TcpInfo {
    pub(crate) state: u8,
    _congestion: [u8; 4],
    pub(crate) options: u8,
    _scale: [u8; 2],
    _timers: [u32; 2],
    pub(crate) send_segment: u32,
    _receive_segment: u32,
    pub(crate) unacknowledged: u32,
    _counts: [u32; 10],
    pub(crate) round_trip: u32,
    _variance: [u32; 2],
    pub(crate) congestion_window: u32,
    _advertised: [u32; 3],
    pub(crate) receive_space: u32,
    pub(crate) retransmitted: u32,
    _rates: [u64; 3],
    pub(crate) bytes_received: u64,
    _segments: [u32; 3],
    pub(crate) least_round_trip: u32,
    _data_segments: [u32; 2],
    _delivery: [u64; 4],
    _delivered: [u32; 2],
    pub(crate) bytes_sent: u64,
    pub(crate) bytes_retransmitted: u64,
    _disorder: [u32; 3],
    pub(crate) send_window: u32,
    pub(crate) receive_window: u32,
    _rehash: u32,
    pub(crate) timeouts: u16,
    _recoveries: u16,
    _timeout_time: u32,
}

const _: () = assert!(size_of::<TcpInfo>() == 248);

impl TcpInfo {
    /// Time stamps are in use.
    pub(crate) const TIMESTAMPS: u8 = 1;

    pub(crate) fn of(fd: &Descriptor) -> Result<Self> {
        socket::option(fd, libc::IPPROTO_TCP, libc::TCP_INFO)
    }
}
