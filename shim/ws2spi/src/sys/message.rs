//! Datagrams with control data: recvmsg(2) and sendmsg(2) in full.

use super::errno::Result;
use super::raw::syscall;
use super::socket::{Descriptor, INET_ROOM, Piece};

/// Room for the kernel's control data.
#[repr(align(8))]
pub(crate) struct Control([u8; 512]);

impl Control {
    pub(crate) const EMPTY: Self = Self([0; 512]);
}

/// What a receive has brought besides the data.
pub(crate) struct Received {
    /// How many bytes, or how long the datagram is (`MSG_TRUNC`).
    pub(crate) length: usize,
    /// How long the sender's address is.
    pub(crate) sender: usize,
    /// `MSG_*`.
    pub(crate) flags: i32,
    control: usize,
}

impl Received {
    /// The control data, in the room that the receive was given for them.
    pub(crate) fn control<'a>(&self, room: &'a Control) -> &'a [u8] {
        &room.0[..self.control.min(room.0.len())]
    }
}

fn header(pieces: &[Piece]) -> libc::msghdr {
    // SAFETY: a msghdr of zeros names nothing.
    let mut header: libc::msghdr = unsafe { std::mem::zeroed() };
    header.msg_iov = pieces.as_ptr().cast_mut().cast();
    header.msg_iovlen = pieces.len() as _;
    header
}

/// `recvmsg(2)` from an internet socket into the caller's buffers; the sender's address goes to `from`.
pub(crate) fn receive(
    fd: &Descriptor,
    pieces: &[Piece],
    flags: i32,
    from: &mut [u8; INET_ROOM],
    control: &mut Control,
) -> Result<Received> {
    let mut header = header(pieces);
    header.msg_name = from.as_mut_ptr().cast();
    header.msg_namelen = INET_ROOM as libc::socklen_t;
    header.msg_control = control.0.as_mut_ptr().cast();
    header.msg_controllen = control.0.len() as _;
    // SAFETY: the kernel checks the buffers, which the C caller gave to be written; the rest is ours.
    let length = unsafe { syscall!(SYS_recvmsg, fd.raw(), &raw mut header, flags) }?;
    Ok(Received {
        length,
        sender: header.msg_namelen as usize,
        flags: header.msg_flags,
        control: header.msg_controllen,
    })
}

/// `sendmsg(2)` from the caller's buffers with control data, to an address or (empty) to the peer.
pub(crate) fn send(
    fd: &Descriptor,
    pieces: &[Piece],
    flags: i32,
    to: &[u8],
    control: &[u8],
) -> Result<usize> {
    let mut header = header(pieces);
    if !to.is_empty() {
        header.msg_name = to.as_ptr().cast_mut().cast();
        header.msg_namelen = to.len() as libc::socklen_t;
    }
    if !control.is_empty() {
        header.msg_control = control.as_ptr().cast_mut().cast();
        header.msg_controllen = control.len() as _;
    }
    // SAFETY: the kernel checks the buffers, which the C caller gave to be read; the rest is ours.
    unsafe {
        syscall!(
            SYS_sendmsg,
            fd.raw(),
            &raw const header,
            flags | libc::MSG_NOSIGNAL
        )
    }
}
