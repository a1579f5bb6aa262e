//! Out-of-band data of streams.
//!
//! Winsock queues urgent bytes up, and they stay readable after the data around them was read (OBS.30). Linux holds
//! one, and drops it when reading passes its place. So from a socket's first interest in urgent data on, a receive
//! that stands at that place takes the byte aside first.

use super::buffers::Batches;
use super::judgement::stream_failure;
use crate::abi::MSG_PEEK;
use crate::base::blocking;
use crate::error::{Operation, Result, WsaError};
use crate::object::options::Switch;
use crate::object::socket::{Socket, State};
use crate::object::table::Reference;
use crate::object::thread::BlockingCall;
use crate::sys::errno::Errno;
use crate::sys::guard::UserPointer;
use crate::sys::info;
use crate::sys::socket::{self as kernel, INET_ROOM};
use crate::sys::time;
use crate::sys::wait::events_now;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Before a receive: keeps the urgent byte that it would pass and lose.
#[cold]
pub(super) fn keep_passed(socket: &Socket) {
    if socket.options.is_on(Switch::OOB_INLINE) {
        return;
    }
    if info::is_at_urgent_mark(&socket.descriptor) != Ok(true) {
        return;
    }
    let mut byte = [0];
    let into = UserPointer::to_own(&mut byte);
    let flags = libc::MSG_OOB | libc::MSG_DONTWAIT;
    if matches!(kernel::receive(&socket.descriptor, into, 1, flags), Ok(1)) {
        socket.urgent.push(byte[0]);
    }
}

/// A receive with MSG_OOB: one urgent byte. Waits for it if the socket blocks; 0 bytes when none can come any more.
pub(super) fn receive(socket: &Reference, into: &Batches, flags: u32) -> Result<usize> {
    if socket.options.is_on(Switch::OOB_INLINE) {
        return Err(WsaError::WSAEINVAL);
    }
    socket.state.set(State::URGENT);
    let peek = flags & MSG_PEEK != 0;
    if let Some(piece) = into.batch().first()
        && let Some(byte) = socket.urgent.take(peek)
    {
        piece.pointer().write(byte)?;
        return Ok(1);
    }
    let flags = libc::MSG_OOB | libc::MSG_DONTWAIT | if peek { libc::MSG_PEEK } else { 0 };
    let blocks = !socket.state.has(State::NONBLOCKING);
    let waiting = blocks.then(|| BlockingCall::start(socket));
    let timeout = socket.options.receive_timeout.load(Ordering::Relaxed);
    let limit = (timeout != 0).then(|| time::monotonic() + Duration::from_millis(timeout.into()));
    loop {
        match kernel::receive_message(&socket.descriptor, into.batch(), flags, &mut [0; INET_ROOM]) {
            Ok((bytes, _)) => return Ok(bytes),
            Err(Errno(libc::EINTR)) => {}
            // There is none, or it is announced and still on its way.
            Err(Errno(libc::EINVAL | libc::EAGAIN)) => match &waiting {
                _ if has_ended(socket)? => return Ok(0),
                None => return Err(WsaError::WSAEWOULDBLOCK),
                Some(waiting) => {
                    let events = libc::POLLPRI | libc::POLLRDHUP;
                    blocking::wait_for(socket, waiting, events, limit)?;
                }
            },
            Err(errno) => return Err(stream_failure(socket, Operation::Receive, errno)),
        }
    }
}

/// Whether the peer sends nothing more; an error when it has broken the connection.
pub(super) fn has_ended(socket: &Socket) -> Result<bool> {
    let found = events_now(&socket.descriptor, libc::POLLRDHUP);
    if found == 0 {
        return Ok(false);
    }
    if found & libc::POLLERR != 0 {
        let (mut byte, flags) = ([0], libc::MSG_PEEK | libc::MSG_DONTWAIT);
        kernel::receive(&socket.descriptor, UserPointer::to_own(&mut byte), 1, flags)
            .map_err(|errno| stream_failure(socket, Operation::Receive, errno))?;
    }
    Ok(true)
}
