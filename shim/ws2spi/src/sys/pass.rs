//! Handing a descriptor to another process: an AF_UNIX socket in Linux' abstract name space, and SCM_RIGHTS.

use super::errno::{Errno, Result};
use super::info;
use super::raw::syscall;
use super::socket::{self, Descriptor};
use socket2::SockAddr;
use std::mem::size_of;
use std::os::fd::RawFd;
use std::time::Duration;

/// The address `name` in the abstract name space, which no file has to be made for.
fn address(name: &str) -> Result<SockAddr> {
    SockAddr::unix(format!("\0{name}")).map_err(|_| Errno(libc::EINVAL))
}

/// Listens at `name`.
pub(crate) fn listen(name: &str) -> Result<Descriptor> {
    let listener = socket::socket(libc::AF_UNIX, libc::SOCK_STREAM | libc::SOCK_NONBLOCK, 0)?;
    socket::bind(&listener, &address(name)?)?;
    socket::listen(&listener, 4)?;
    Ok(listener)
}

/// Connects to `name`; what the other side does not do within `patience` it never does.
pub(crate) fn connect(name: &str, patience: Duration) -> Result<Descriptor> {
    let client = socket::socket(libc::AF_UNIX, libc::SOCK_STREAM, 0)?;
    let milliseconds = patience.as_millis() as u32;
    socket::set_timeout(&client, libc::SO_SNDTIMEO, milliseconds)?;
    socket::set_timeout(&client, libc::SO_RCVTIMEO, milliseconds)?;
    loop {
        match socket::connect(&client, &address(name)?) {
            Err(Errno(libc::EINTR)) => {}
            answer => return answer.map(|()| client),
        }
    }
}

/// The next who connects, and its process.
pub(crate) fn accept(listener: &Descriptor) -> Result<(Descriptor, i32)> {
    let (client, _) = socket::accept(listener, false)?;
    let (process, _) = info::peer_process(&client)?;
    Ok((client, process))
}

/// Whether the process at the other end runs as this process's user, or as root.
pub(crate) fn is_trusted(server: &Descriptor) -> bool {
    // SAFETY: geteuid has no arguments and cannot fail.
    let own = unsafe { libc::geteuid() };
    matches!(info::peer_process(server), Ok((_, user)) if user == own || user == 0)
}

/// Room for a control message with one descriptor, aligned as its header wants.
#[repr(C, align(8))]
struct Control([u8; CONTROL]);

// SAFETY: the macro only computes.
const CONTROL: usize = unsafe { libc::CMSG_SPACE(size_of::<RawFd>() as u32) } as usize;

/// One message with `control` beside it.
fn with_message<T>(bytes: &mut [u8], control: &mut Control, call: impl FnOnce(&mut libc::msghdr) -> T) -> T {
    let mut piece = libc::iovec {
        iov_base: bytes.as_mut_ptr().cast(),
        iov_len: bytes.len(),
    };
    // SAFETY: a msghdr of zeros names nothing.
    let mut message: libc::msghdr = unsafe { std::mem::zeroed() };
    message.msg_iov = &raw mut piece;
    message.msg_iovlen = 1;
    message.msg_control = control.0.as_mut_ptr().cast();
    message.msg_controllen = CONTROL as _;
    call(&mut message)
}

/// Sends `bytes` and a copy of `passed`.
pub(crate) fn send(to: &Descriptor, bytes: &[u8], passed: &Descriptor) -> Result<()> {
    let mut bytes = bytes.to_vec();
    let mut control = Control([0; CONTROL]);
    with_message(&mut bytes, &mut control, |message| {
        // SAFETY: the control buffer has room for one descriptor, which is what is put into it; all of it lives until
        // the call returns.
        unsafe {
            let header = libc::CMSG_FIRSTHDR(message);
            (*header).cmsg_level = libc::SOL_SOCKET;
            (*header).cmsg_type = libc::SCM_RIGHTS;
            (*header).cmsg_len = libc::CMSG_LEN(size_of::<RawFd>() as u32) as _;
            libc::CMSG_DATA(header)
                .cast::<RawFd>()
                .write_unaligned(passed.raw());
            let message: *mut libc::msghdr = message;
            syscall!(
                SYS_sendmsg,
                to.raw(),
                message,
                libc::MSG_NOSIGNAL | libc::MSG_DONTWAIT
            )
        }
    })
    .map(drop)
}

/// Receives what [`send`] sent into `bytes`: how many there were, and the descriptor, close-on-exec. EMFILE when this
/// process had no room for it.
pub(crate) fn receive(from: &Descriptor, bytes: &mut [u8]) -> Result<(usize, Option<Descriptor>)> {
    let mut control = Control([0; CONTROL]);
    with_message(bytes, &mut control, |message| {
        let pointer: *mut libc::msghdr = message;
        let count = loop {
            // SAFETY: the message and its buffers live until the call returns.
            match unsafe { syscall!(SYS_recvmsg, from.raw(), pointer, libc::MSG_CMSG_CLOEXEC) } {
                Err(Errno(libc::EINTR)) => {}
                answer => break answer?,
            }
        };
        // SAFETY: the kernel wrote whole control messages, if any, and the descriptor in one is new and ours.
        let passed = unsafe {
            let header = libc::CMSG_FIRSTHDR(message);
            let is_passed = !header.is_null()
                && (*header).cmsg_level == libc::SOL_SOCKET
                && (*header).cmsg_type == libc::SCM_RIGHTS
                && (*header).cmsg_len as usize >= libc::CMSG_LEN(size_of::<RawFd>() as u32) as usize;
            is_passed.then(|| libc::CMSG_DATA(header).cast::<RawFd>().read_unaligned())
        };
        match passed {
            None if message.msg_flags & libc::MSG_CTRUNC != 0 => Err(Errno(libc::EMFILE)),
            passed => Ok((count, passed.map(Descriptor::from_raw))),
        }
    })
}
