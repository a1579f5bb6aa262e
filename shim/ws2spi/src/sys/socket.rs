//! Sockets as the kernel knows them. One function per system call; no decision is made here.

use super::errno::Result;
use super::guard::UserPointer;
use super::raw::syscall;
use socket2::{SockAddr, SockAddrStorage};
use std::mem::size_of;
use std::os::fd::RawFd;

/// An open descriptor, closed when dropped.
#[derive(Debug)]
pub(crate) struct Descriptor(RawFd);

impl Descriptor {
    /// Takes over a descriptor that nobody else will close.
    pub(crate) const fn from_raw(fd: RawFd) -> Self {
        Self(fd)
    }

    pub(crate) const fn raw(&self) -> RawFd {
        self.0
    }
}

impl Drop for Descriptor {
    fn drop(&mut self) {
        // SAFETY: the number is ours alone. Linux frees it even when it says EINTR.
        let _ = unsafe { syscall!(SYS_close, self.0) };
    }
}

/// `socket(2)`; close-on-exec.
pub(crate) fn socket(family: i32, kind: i32, protocol: i32) -> Result<Descriptor> {
    // SAFETY: no memory is involved.
    let fd = unsafe { syscall!(SYS_socket, family, kind | libc::SOCK_CLOEXEC, protocol) }?;
    Ok(Descriptor(fd as RawFd))
}

/// A descriptor to which nothing happens by itself; close-on-exec.
pub(crate) fn placeholder() -> Result<Descriptor> {
    // SAFETY: no memory is involved.
    let fd = unsafe { syscall!(SYS_eventfd2, 0usize, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK) }?;
    Ok(Descriptor(fd as RawFd))
}

/// `dup3(2)`: puts `new` in the place of what `old` is, under the same number; close-on-exec.
pub(crate) fn replace(old: &Descriptor, new: Descriptor) -> Result<()> {
    // SAFETY: both numbers are ours; what `old` was is in use by no call, or will be by the one that has begun with it.
    unsafe { syscall!(SYS_dup3, new.0, old.0, libc::O_CLOEXEC) }.map(drop)
}

/// Another descriptor for what `fd`, which may be anything, names; close-on-exec.
pub(crate) fn duplicate(fd: RawFd) -> Result<Descriptor> {
    // SAFETY: no memory is involved.
    let fd = unsafe { syscall!(SYS_fcntl, fd, libc::F_DUPFD_CLOEXEC, 0) }?;
    Ok(Descriptor(fd as RawFd))
}

/// `bind(2)`.
pub(crate) fn bind(fd: &Descriptor, address: &SockAddr) -> Result<()> {
    // SAFETY: the address lives until the call returns.
    unsafe { syscall!(SYS_bind, fd.0, address.as_ptr(), address.len()) }.map(drop)
}

/// `listen(2)`.
pub(crate) fn listen(fd: &Descriptor, backlog: i32) -> Result<()> {
    // SAFETY: no memory is involved.
    unsafe { syscall!(SYS_listen, fd.0, backlog) }.map(drop)
}

/// `connect(2)`.
pub(crate) fn connect(fd: &Descriptor, address: &SockAddr) -> Result<()> {
    // SAFETY: the address lives until the call returns.
    unsafe { syscall!(SYS_connect, fd.0, address.as_ptr(), address.len()) }.map(drop)
}

/// `connect(2)` to nowhere: ends a datagram association, or readies a stream socket for another attempt.
pub(crate) fn disconnect(fd: &Descriptor) -> Result<()> {
    let nowhere = libc::sockaddr {
        sa_family: libc::AF_UNSPEC as _,
        sa_data: [0; 14],
    };
    // SAFETY: the address lives until the call returns.
    unsafe { syscall!(SYS_connect, fd.0, &raw const nowhere, size_of::<libc::sockaddr>()) }.map(drop)
}

/// Room for an address, and what the kernel wrote there.
fn with_address(
    call: impl FnOnce(*mut SockAddrStorage, *mut libc::socklen_t) -> Result<usize>,
) -> Result<(usize, SockAddr)> {
    let mut storage = SockAddrStorage::zeroed();
    let mut length = storage.size_of();
    let answer = call(&raw mut storage, &raw mut length)?;
    // SAFETY: the kernel wrote `length` bytes of an address, or none and length 0.
    Ok((answer, unsafe { SockAddr::new(storage, length) }))
}

/// `accept4(2)`; close-on-exec.
pub(crate) fn accept(fd: &Descriptor, nonblocking: bool) -> Result<(Descriptor, SockAddr)> {
    let flags = libc::SOCK_CLOEXEC | if nonblocking { libc::SOCK_NONBLOCK } else { 0 };
    let (accepted, address) = with_address(|storage, length| {
        // SAFETY: storage and length live until the call returns.
        unsafe { syscall!(SYS_accept4, fd.0, storage, length, flags) }
    })?;
    Ok((Descriptor(accepted as RawFd), address))
}

/// `getsockname(2)`.
pub(crate) fn local_address(fd: &Descriptor) -> Result<SockAddr> {
    with_address(|storage, length| {
        // SAFETY: storage and length live until the call returns.
        unsafe { syscall!(SYS_getsockname, fd.0, storage, length) }
    })
    .map(|(_, address)| address)
}

/// `getpeername(2)`.
pub(crate) fn peer_address(fd: &Descriptor) -> Result<SockAddr> {
    with_address(|storage, length| {
        // SAFETY: storage and length live until the call returns.
        unsafe { syscall!(SYS_getpeername, fd.0, storage, length) }
    })
    .map(|(_, address)| address)
}

/// `shutdown(2)`.
pub(crate) fn shutdown(fd: &Descriptor, how: i32) -> Result<()> {
    // SAFETY: no memory is involved.
    unsafe { syscall!(SYS_shutdown, fd.0, how) }.map(drop)
}

/// `recvfrom(2)` without the address, into the caller's buffer.
#[inline(always)]
pub(crate) fn receive(fd: &Descriptor, buffer: UserPointer<u8>, length: u32, flags: i32) -> Result<usize> {
    // SAFETY: the kernel checks the buffer, which the C caller gave to be written.
    unsafe {
        syscall!(
            SYS_recvfrom,
            fd.0,
            buffer.address(),
            length,
            flags,
            0usize,
            0usize
        )
    }
}

/// Room for an internet address.
pub(crate) const INET_ROOM: usize = size_of::<libc::sockaddr_in6>();

/// `recvfrom(2)` into the caller's buffer, from an internet socket: how many bytes, and how long the address is that
/// was put into `from`.
#[inline(always)]
pub(crate) fn receive_from(
    fd: &Descriptor,
    buffer: UserPointer<u8>,
    length: u32,
    flags: i32,
    from: &mut [u8; INET_ROOM],
) -> Result<(usize, usize)> {
    let mut size = INET_ROOM as libc::socklen_t;
    // SAFETY: the kernel checks the buffer, which the C caller gave to be written; the rest is ours.
    let bytes = unsafe {
        syscall!(
            SYS_recvfrom,
            fd.0,
            buffer.address(),
            length,
            flags,
            from.as_mut_ptr(),
            &raw mut size
        )
    }?;
    Ok((bytes, size as usize))
}

/// `sendto(2)` from the caller's buffer, to an address or (empty) to the peer; never raises SIGPIPE.
#[inline(always)]
pub(crate) fn send(
    fd: &Descriptor,
    buffer: UserPointer<u8>,
    length: u32,
    flags: i32,
    to: &[u8],
) -> Result<usize> {
    let address = if to.is_empty() {
        std::ptr::null()
    } else {
        to.as_ptr()
    };
    // SAFETY: the kernel checks the buffer, which the C caller gave to be read; the address lives long enough.
    unsafe {
        syscall!(
            SYS_sendto,
            fd.0,
            buffer.address(),
            length,
            flags | libc::MSG_NOSIGNAL,
            address,
            to.len()
        )
    }
}

/// One piece of a scattered transfer: the caller's memory, as the kernel wants it described.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub(crate) struct Piece(libc::iovec);

// SAFETY: the address is only handed to the kernel, which checks it on any thread.
unsafe impl Send for Piece {}

impl Piece {
    pub(crate) const EMPTY: Self = Self(libc::iovec {
        iov_base: std::ptr::null_mut(),
        iov_len: 0,
    });

    pub(crate) fn new(buffer: UserPointer<u8>, length: usize) -> Self {
        Self(libc::iovec {
            iov_base: buffer.address() as *mut _,
            iov_len: length,
        })
    }

    pub(crate) const fn length(&self) -> usize {
        self.0.iov_len
    }

    pub(crate) fn pointer(&self) -> UserPointer<u8> {
        UserPointer::from_address(self.0.iov_base as usize)
    }

    /// Leaves out the first `count` bytes, which are at most all of it.
    pub(crate) fn advance(&mut self, count: usize) {
        self.0.iov_base = self.0.iov_base.wrapping_byte_add(count);
        self.0.iov_len -= count;
    }
}

fn message(pieces: &[Piece]) -> libc::msghdr {
    // SAFETY: a msghdr of zeros names nothing.
    let mut message: libc::msghdr = unsafe { std::mem::zeroed() };
    message.msg_iov = pieces.as_ptr().cast_mut().cast();
    message.msg_iovlen = pieces.len() as _;
    message
}

/// `recvmsg(2)` into the caller's buffers: how many bytes, and how long an internet address is that was put into `from`.
pub(crate) fn receive_message(
    fd: &Descriptor,
    pieces: &[Piece],
    flags: i32,
    from: &mut [u8; INET_ROOM],
) -> Result<(usize, usize)> {
    let mut message = message(pieces);
    message.msg_name = from.as_mut_ptr().cast();
    message.msg_namelen = INET_ROOM as libc::socklen_t;
    // SAFETY: the kernel checks the buffers, which the C caller gave to be written; the rest is ours.
    let bytes = unsafe { syscall!(SYS_recvmsg, fd.0, &raw mut message, flags) }?;
    Ok((bytes, message.msg_namelen as usize))
}

/// `sendmsg(2)` from the caller's buffers, to an address or (empty) to the peer; never raises SIGPIPE.
pub(crate) fn send_message(fd: &Descriptor, pieces: &[Piece], flags: i32, to: &[u8]) -> Result<usize> {
    let mut message = message(pieces);
    if !to.is_empty() {
        message.msg_name = to.as_ptr().cast_mut().cast();
        message.msg_namelen = to.len() as libc::socklen_t;
    }
    // SAFETY: the kernel checks the buffers, which the C caller gave to be read; the rest is ours.
    unsafe { syscall!(SYS_sendmsg, fd.0, &raw const message, flags | libc::MSG_NOSIGNAL) }
}

/// Takes one entry off the error queue (`MSG_ERRQUEUE`), so that the kernel reports the next; false when it is empty.
pub(crate) fn take_queued_error(fd: &Descriptor) -> bool {
    let mut control = [0u64; 64];
    let mut message = message(&[]);
    message.msg_control = control.as_mut_ptr().cast();
    message.msg_controllen = size_of_val(&control);
    // SAFETY: message and control live until the call returns.
    unsafe {
        syscall!(
            SYS_recvmsg,
            fd.0,
            &raw mut message,
            libc::MSG_ERRQUEUE | libc::MSG_DONTWAIT
        )
    }
    .is_ok()
}

/// `getsockopt(2)` for an option of fixed size.
pub(crate) fn option<T: Copy + Default>(fd: &Descriptor, level: i32, name: i32) -> Result<T> {
    let mut value = T::default();
    let mut length = size_of::<T>() as libc::socklen_t;
    // SAFETY: value has `length` bytes; callers ask with the plain types (integers, libc's structures) that the
    // kernel documents for the option.
    unsafe { syscall!(SYS_getsockopt, fd.0, level, name, &raw mut value, &raw mut length) }?;
    Ok(value)
}

/// `setsockopt(2)` for an option of fixed size.
pub(crate) fn set_option<T: Copy>(fd: &Descriptor, level: i32, name: i32, value: T) -> Result<()> {
    // SAFETY: value lives until the call returns.
    unsafe {
        syscall!(
            SYS_setsockopt,
            fd.0,
            level,
            name,
            &raw const value,
            size_of::<T>()
        )
    }
    .map(drop)
}

/// `getsockopt(2)` for an option without a fixed size; how many bytes it has.
pub(crate) fn option_bytes(fd: &Descriptor, level: i32, name: i32, value: &mut [u8]) -> Result<usize> {
    let mut length = value.len() as libc::socklen_t;
    // SAFETY: value has `length` bytes.
    unsafe {
        syscall!(
            SYS_getsockopt,
            fd.0,
            level,
            name,
            value.as_mut_ptr(),
            &raw mut length
        )
    }?;
    Ok(length as usize)
}

/// `setsockopt(2)` for an option without a fixed size.
pub(crate) fn set_option_bytes(fd: &Descriptor, level: i32, name: i32, value: &[u8]) -> Result<()> {
    // SAFETY: value lives until the call returns.
    unsafe { syscall!(SYS_setsockopt, fd.0, level, name, value.as_ptr(), value.len()) }.map(drop)
}

/// `ioctl(2)` with an int that goes in and comes back.
pub(crate) fn control(fd: &Descriptor, request: libc::c_ulong, value: i32) -> Result<i32> {
    let mut value = value;
    // SAFETY: callers use requests that take a pointer to int.
    unsafe { syscall!(SYS_ioctl, fd.0, request, &raw mut value) }?;
    Ok(value)
}

/// Sets or clears O_NONBLOCK.
pub(crate) fn set_nonblocking(fd: &Descriptor, nonblocking: bool) -> Result<()> {
    control(fd, libc::FIONBIO as _, i32::from(nonblocking)).map(drop)
}

/// Has the kernel drop requests for a connection to a listening socket (segments with SYN), or no longer. Handshakes
/// under way can end.
pub(crate) fn drop_requests(fd: &Descriptor, on: bool) -> Result<()> {
    if !on {
        return set_option(fd, libc::SOL_SOCKET, libc::SO_DETACH_FILTER, 0);
    }
    const FLAGS: u32 = 13;
    const SYN: u32 = 2;
    const WHOLE: u32 = u32::MAX;
    let step = |code: u32, jt, jf, k| libc::sock_filter {
        code: code as u16,
        jt,
        jf,
        k,
    };
    // The filter sees a segment from its TCP header on; what it returns is how many bytes to keep.
    let mut steps = [
        step(libc::BPF_LD | libc::BPF_B | libc::BPF_ABS, 0, 0, FLAGS),
        step(libc::BPF_JMP | libc::BPF_JSET | libc::BPF_K, 0, 1, SYN),
        step(libc::BPF_RET | libc::BPF_K, 0, 0, 0),
        step(libc::BPF_RET | libc::BPF_K, 0, 0, WHOLE),
    ];
    let program = libc::sock_fprog {
        len: steps.len() as u16,
        filter: steps.as_mut_ptr(),
    };
    set_option(fd, libc::SOL_SOCKET, libc::SO_ATTACH_FILTER, program)
}

/// Makes closing the descriptor reset the connection instead of ending it gracefully.
pub(crate) fn reset_on_close(fd: &Descriptor) {
    let at_once = libc::linger {
        l_onoff: 1,
        l_linger: 0,
    };
    let _ = set_option(fd, libc::SOL_SOCKET, libc::SO_LINGER, at_once);
}

/// Sets how long receiving and sending may block, in milliseconds; 0 for ever.
pub(crate) fn set_timeout(fd: &Descriptor, name: i32, milliseconds: u32) -> Result<()> {
    set_option(fd, libc::SOL_SOCKET, name, timeval(milliseconds, 0))
}

/// Makes calls that block on the descriptor now or soon end at once. Safe in a signal handler.
pub(crate) fn end_waits(fd: RawFd) {
    let shortest = timeval(0, 1);
    for name in [libc::SO_RCVTIMEO, libc::SO_SNDTIMEO] {
        // SAFETY: the value lives until the call returns. The descriptor is in use by the call to be ended.
        let _ = unsafe {
            syscall!(
                SYS_setsockopt,
                fd,
                libc::SOL_SOCKET,
                name,
                &raw const shortest,
                size_of::<libc::timeval>()
            )
        };
    }
}

fn timeval(milliseconds: u32, microseconds: i64) -> libc::timeval {
    libc::timeval {
        tv_sec: (milliseconds / 1000).into(),
        tv_usec: i64::from(milliseconds % 1000 * 1000) + microseconds,
    }
}
