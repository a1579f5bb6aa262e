//! WSPRecv and WSPRecvFrom.

use super::buffers::{Array, Batches, one};
use super::judgement::{check_datagram_receive, check_stream_receive, datagram_failure, stream_failure};
use super::{attempt, later, report, urgent};
use crate::abi::*;
use crate::address::inet::Inet;
use crate::base::enter;
use crate::error::{Operation, Result, WsaError};
use crate::object::socket::{Socket, State};
use crate::object::table::Reference;
use crate::overlapped::{Overlapped, selection};
use crate::sys::errno;
use crate::sys::guard::UserPointer;
use crate::sys::socket::{self as kernel, INET_ROOM, Piece};

/// Where a received datagram's sender goes.
#[derive(Clone, Copy)]
pub(crate) struct From {
    pub(crate) name: UserPointer<SOCKADDR>,
    pub(crate) length: UserPointer<i32>,
}

/// WSPRecv: receives on a connected stream or a bound datagram socket.
#[inline(always)]
pub(crate) fn receive(
    handle: SOCKET,
    buffers: UserPointer<WSABUF>,
    count: u32,
    received: UserPointer<u32>,
    flags: UserPointer<u32>,
    overlapped: Overlapped,
) -> Result<()> {
    let socket = enter(handle)?;
    let array = Array {
        first: buffers,
        count,
    };
    if overlapped.is_asked_on(&socket) {
        return later::receive(&socket, array, received, flags, None, Some(overlapped));
    }
    if socket.state.has(APART) {
        return receive_apart(&socket, array, received, flags, None);
    }
    receive_now(&socket, array, received, flags, None)
}

/// WSPRecvFrom: receives a datagram and its sender; on a stream the same as WSPRecv (WSPRecvFrom.3).
#[inline(always)]
pub(crate) fn receive_from(
    handle: SOCKET,
    buffers: UserPointer<WSABUF>,
    count: u32,
    received: UserPointer<u32>,
    flags: UserPointer<u32>,
    from: From,
    overlapped: Overlapped,
) -> Result<()> {
    let socket = enter(handle)?;
    let array = Array {
        first: buffers,
        count,
    };
    if overlapped.is_asked_on(&socket) {
        return later::receive(&socket, array, received, flags, Some(from), Some(overlapped));
    }
    if socket.state.has(APART) {
        return receive_apart(&socket, array, received, flags, Some(from));
    }
    receive_now(&socket, array, received, flags, Some(from))
}

/// What keeps a receive off the short way.
const APART: State = State::RECEIVES_QUEUED.union(State::SELECTED);

/// A receive that others are before (OV.17), or that re-enables network events (WSPRecv.14).
#[cold]
fn receive_apart(
    socket: &Reference,
    array: Array,
    received: UserPointer<u32>,
    flags: UserPointer<u32>,
    from: Option<From>,
) -> Result<()> {
    if socket.state.has(State::RECEIVES_QUEUED) {
        return later::receive(socket, array, received, flags, from, None);
    }
    let outcome = receive_now(socket, array, received, flags, from);
    selection::received(socket);
    outcome
}

/// `from`: what WSPRecvFrom was given.
#[inline(always)]
fn receive_now(
    socket: &Reference,
    array: Array,
    received: UserPointer<u32>,
    flags: UserPointer<u32>,
    from: Option<From>,
) -> Result<()> {
    if socket.protocol.is_stream() {
        receive_from_stream(socket, array, received, flags)
    } else {
        check_datagram_receive(socket, from.is_some())?;
        let from = from.filter(|from| !from.name.is_null());
        receive_datagram(socket, array, received, flags, from)
    }
}

#[inline(always)]
fn receive_from_stream(
    socket: &Reference,
    array: Array,
    received: UserPointer<u32>,
    flags: UserPointer<u32>,
) -> Result<()> {
    check_stream_receive(socket)?;
    let given = flags.read()?;
    if given == 0 && array.count == 1 {
        let (to, length) = one(array.first)?;
        if socket.state.has(State::URGENT) {
            urgent::keep_passed(socket);
        }
        let bytes = stream_call(socket, |wait| {
            kernel::receive(&socket.descriptor, to, length, wait)
        })?;
        return report(received, bytes);
    }
    let bytes = receive_scattered(socket, array, given)?;
    if given != 0 {
        flags.write(given & MSG_OOB)?;
    }
    report(received, bytes)
}

#[inline(always)]
fn stream_call(socket: &Reference, call: impl FnMut(i32) -> errno::Result<usize>) -> Result<usize> {
    attempt(socket, Operation::Receive, call)?
        .map_err(|errno| stream_failure(socket, Operation::Receive, errno))
}

/// Receiving from a stream with flags, or into any number of buffers.
#[cold]
fn receive_scattered(socket: &Reference, array: Array, flags: u32) -> Result<usize> {
    check_stream_flags(socket, flags)?;
    if array.count == 0 {
        return Err(WsaError::WSAEINVAL);
    }
    array.total()?;
    let mut batches = Batches::new(array)?;
    if flags & MSG_OOB != 0 {
        return urgent::receive(socket, &batches, flags);
    }
    if socket.state.has(State::URGENT) {
        urgent::keep_passed(socket);
    }
    if flags & MSG_PEEK != 0 {
        return peek(socket, array, &batches);
    }
    let fill = flags & MSG_WAITALL != 0;
    let kernel_flags = if fill { libc::MSG_WAITALL } else { 0 };
    let mut received = 0;
    loop {
        let length = batches.length();
        // Once there is something to deliver, only MSG_WAITALL waits for more (WSPRecv.4).
        let more = received > 0 && !fill;
        let outcome = if more {
            scatter(socket, batches.batch(), libc::MSG_DONTWAIT)
                .map_err(|errno| stream_failure(socket, Operation::Receive, errno))
        } else {
            stream_call(socket, |wait| {
                scatter(socket, batches.batch(), kernel_flags | wait)
            })
        };
        match outcome {
            Ok(bytes) => {
                received += bytes;
                batches.advance(bytes)?;
                // A signal may have cut MSG_WAITALL short; only the end of the stream does so for good (OBS.31).
                if batches.is_done() || bytes == 0 || bytes < length && !fill {
                    return Ok(received);
                }
            }
            // The bytes first; what ended the stream comes with the next call.
            Err(_) if received > 0 => return Ok(received),
            Err(error) => return Err(error),
        }
    }
}

/// One system call into the buffers of a batch.
fn scatter(socket: &Reference, batch: &[Piece], flags: i32) -> errno::Result<usize> {
    kernel::receive_message(&socket.descriptor, batch, flags, &mut [0; INET_ROOM]).map(|(bytes, _)| bytes)
}

/// Looks at what is there without taking it: one system call, since a second would see the same again.
fn peek(socket: &Reference, array: Array, batches: &Batches) -> Result<usize> {
    if array.is_long() {
        let mut bytes = array.room()?;
        let (to, length) = (UserPointer::to_own(&mut bytes), bytes.len() as u32);
        let seen = stream_call(socket, |wait| {
            kernel::receive(&socket.descriptor, to, length, libc::MSG_PEEK | wait)
        })?;
        array.scatter(&bytes[..seen])?;
        return Ok(seen);
    }
    stream_call(socket, |wait| {
        scatter(socket, batches.batch(), libc::MSG_PEEK | wait)
    })
}

/// Which flags a receive from a stream takes, and which go together (WSPRecv.10 to .12, OBS.30).
pub(super) fn check_stream_flags(socket: &Socket, flags: u32) -> Result<()> {
    const KNOWN: u32 = MSG_PEEK | MSG_OOB | MSG_WAITALL | MSG_PUSH_IMMEDIATE;
    let urgent = flags & MSG_OOB != 0;
    let fill = flags & MSG_WAITALL != 0;
    let never_fills = flags & (MSG_PEEK | MSG_OOB) != 0 || socket.state.has(State::NONBLOCKING);
    if flags & !KNOWN != 0 || urgent && !socket.protocol.has_out_of_band() || fill && never_fills {
        Err(WsaError::WSAEOPNOTSUPP)
    } else {
        Ok(())
    }
}

#[inline(always)]
fn receive_datagram(
    socket: &Reference,
    array: Array,
    received: UserPointer<u32>,
    flags: UserPointer<u32>,
    from: Option<From>,
) -> Result<()> {
    let given = flags.read()?;
    // No flag but these means anything without a stream.
    if given & !(MSG_PEEK | MSG_PARTIAL) != 0 {
        return Err(WsaError::WSAEOPNOTSUPP);
    }
    if let Some(from) = from {
        from.check_room(socket)?;
    }
    // The kernel then tells how long the datagram is, not how much of it fits.
    let kernel_flags = libc::MSG_TRUNC | if given & MSG_PEEK != 0 { libc::MSG_PEEK } else { 0 };
    let (bytes, room) = if array.count == 1 {
        let (to, length) = one(array.first)?;
        let bytes = match from {
            None => message(socket, |wait| {
                kernel::receive(&socket.descriptor, to, length, kernel_flags | wait)
            })?,
            Some(from) => {
                let mut sender = [0; INET_ROOM];
                let (bytes, size) = message(socket, |wait| {
                    kernel::receive_from(&socket.descriptor, to, length, kernel_flags | wait, &mut sender)
                })?;
                from.write(socket, sender, size)?;
                bytes
            }
        };
        (bytes, length as usize)
    } else {
        receive_into_many(socket, array, kernel_flags, from)?
    };
    if bytes > room {
        return truncated(room, received, flags);
    }
    if given != 0 {
        flags.write(0)?;
    }
    report(received, bytes)
}

/// Receives one message, waiting for it if the socket blocks.
#[inline(always)]
pub(super) fn message<T>(socket: &Reference, mut call: impl FnMut(i32) -> errno::Result<T>) -> Result<T> {
    let mut attempts = 0;
    loop {
        match attempt(socket, Operation::Receive, &mut call)? {
            Ok(answer) => return Ok(answer),
            Err(errno) => datagram_failure(socket, Operation::Receive, errno, &mut attempts)?,
        }
    }
}

/// The length of the datagram, and how much of it there was room for.
#[cold]
fn receive_into_many(
    socket: &Reference,
    array: Array,
    flags: i32,
    from: Option<From>,
) -> Result<(usize, usize)> {
    if array.count == 0 {
        return Err(WsaError::WSAEINVAL);
    }
    let mut sender = [0; INET_ROOM];
    if array.is_long() {
        let mut bytes = array.room()?;
        let (to, room) = (UserPointer::to_own(&mut bytes), bytes.len());
        let (length, size) = message(socket, |wait| {
            kernel::receive_from(&socket.descriptor, to, room as u32, flags | wait, &mut sender)
        })?;
        array.scatter(&bytes[..length.min(room)])?;
        from.map_or(Ok(()), |from| from.write(socket, sender, size))?;
        return Ok((length, room));
    }
    let batches = Batches::new(array)?;
    let (length, size) = message(socket, |wait| {
        kernel::receive_message(&socket.descriptor, batches.batch(), flags | wait, &mut sender)
    })?;
    from.map_or(Ok(()), |from| from.write(socket, sender, size))?;
    Ok((length, batches.length()))
}

/// A datagram longer than the buffers: what fits is delivered, with its length, and the code says that there was more
/// (OBS.28).
#[cold]
fn truncated(room: usize, received: UserPointer<u32>, flags: UserPointer<u32>) -> Result<()> {
    flags.write(MSG_PARTIAL)?;
    report(received, room)?;
    Err(WsaError::WSAEMSGSIZE)
}

impl From {
    /// The sender's address will fit, so that no datagram is lost because it does not (WSPRecvFrom.2).
    #[inline]
    pub(super) fn check_room(self, socket: &Socket) -> Result<()> {
        if self.length.read()? < Inet::room(socket.protocol.family) {
            return Err(WsaError::WSAEFAULT);
        }
        Ok(())
    }

    #[inline]
    pub(super) fn write(self, socket: &Socket, sender: [u8; INET_ROOM], size: usize) -> Result<()> {
        match Inet::from_kernel(sender, size) {
            Some(sender) => sender.write(self.name, self.length, socket.protocol.family),
            None => Ok(()),
        }
    }
}
