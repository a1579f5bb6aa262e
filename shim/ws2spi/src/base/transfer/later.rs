//! Overlapped transfers, which may go on after the call has returned, and synchronous ones that come after such.

use super::buffers::{Array, MOST_PIECES, Message, Pieces};
use super::judgement::{
    check_datagram_receive, check_not_shut, check_reachable, check_stream_receive, check_stream_send,
    datagram_failure, stream_failure,
};
use super::receive::{From, check_stream_flags};
use super::send::{To, check_array, default_destination, destination, kernel_flags};
use super::{report, urgent};
use crate::abi::*;
use crate::base::bind::bind_implicitly;
use crate::base::blocking::timeout;
use crate::error::{Operation, Result, WsaError};
use crate::object::options::Switch;
use crate::object::request::{Attempt, Direction, Outcome, Work};
use crate::object::socket::{Socket, State};
use crate::object::table::Reference;
use crate::overlapped::{self, Overlapped, selection};
use crate::sys::errno::{self, Errno};
use crate::sys::guard::UserPointer;
use crate::sys::socket::{self as kernel, INET_ROOM, Piece};

/// WSPRecv and WSPRecvFrom with an OVERLAPPED or a completion routine, or (`None`) in turn; `from`: what WSPRecvFrom was
/// given.
#[inline(never)]
pub(super) fn receive(
    socket: &Reference,
    array: Array,
    received: UserPointer<u32>,
    flags: UserPointer<u32>,
    from: Option<From>,
    overlapped: Option<Overlapped>,
) -> Result<()> {
    let outcome = start_receive(socket, array, received, flags, from, overlapped);
    selection::received(socket);
    outcome
}

#[inline(always)]
fn start_receive(
    socket: &Reference,
    array: Array,
    received: UserPointer<u32>,
    flags: UserPointer<u32>,
    from: Option<From>,
    overlapped: Option<Overlapped>,
) -> Result<()> {
    let outcome = if socket.protocol.is_stream() {
        check_stream_receive(socket)?;
        let given = flags.read()?;
        check_stream_flags(socket, given)?;
        let pieces = check_receive(array, given)?;
        let work = StreamReceive {
            total: pieces.iter().map(Piece::length).sum(),
            pieces,
            received: 0,
            flags: given,
        };
        carry_out(socket, Direction::Receive, overlapped, work)?
    } else {
        check_datagram_receive(socket, from.is_some())?;
        let given = flags.read()?;
        if given & !(MSG_PEEK | MSG_PARTIAL) != 0 {
            return Err(WsaError::WSAEOPNOTSUPP);
        }
        let pieces = check_receive(array, given)?;
        let from = from.filter(|from| !from.name.is_null());
        if let Some(from) = from {
            from.check_room(socket)?;
        }
        carry_out(
            socket,
            Direction::Receive,
            overlapped,
            DatagramReceive {
                message: Message::to_receive(pieces),
                from,
            },
        )?
    };
    if outcome.error.is_none() || outcome.bytes > 0 {
        flags.write(outcome.flags)?;
        report(received, outcome.bytes as usize)?;
    }
    outcome.error.map_or(Ok(()), Err)
}

/// Starts an overlapped request; or, for a synchronous call that others are before, waits for its turn and its end.
pub(super) fn carry_out<W: Work + 'static>(
    socket: &Reference,
    direction: Direction,
    overlapped: Option<Overlapped>,
    work: W,
) -> Result<Outcome> {
    let operation = match direction {
        Direction::Receive => Operation::Receive,
        Direction::Send => Operation::Send,
    };
    match overlapped {
        Some(overlapped) => overlapped::start(socket, direction, overlapped, work),
        None => overlapped::in_turn(socket, direction, timeout(socket, operation), work),
    }
}

/// Looking without taking is for synchronous calls (WSPRecv.10).
fn check_receive(array: Array, flags: u32) -> Result<Pieces> {
    if flags & MSG_PEEK != 0 {
        return Err(WsaError::WSAEOPNOTSUPP);
    }
    if array.count == 0 {
        return Err(WsaError::WSAEINVAL);
    }
    array.pieces()
}

/// Makes a system call that does not wait; `None` when it would have to.
pub(in crate::base) fn without_waiting<T>(
    mut call: impl FnMut() -> errno::Result<T>,
) -> Option<errno::Result<T>> {
    loop {
        match call() {
            Err(Errno(libc::EINTR)) => {}
            Err(Errno(libc::EAGAIN)) => return None,
            outcome => return Some(outcome),
        }
    }
}

struct StreamReceive {
    pieces: Pieces,
    /// How much the buffers hold.
    total: usize,
    received: usize,
    flags: u32,
}

impl StreamReceive {
    fn call(&self, socket: &Socket) -> errno::Result<usize> {
        let flags = libc::MSG_DONTWAIT
            | if self.flags & MSG_OOB != 0 {
                libc::MSG_OOB
            } else {
                0
            };
        match &self.pieces[..] {
            // Room for nothing is a way to hear of arrivals: it takes none.
            [] => {
                let mut byte = [0];
                let into = UserPointer::to_own(&mut byte);
                kernel::receive(&socket.descriptor, into, 1, flags | libc::MSG_PEEK).map(|_| 0)
            }
            [piece] => kernel::receive(&socket.descriptor, piece.pointer(), piece.length() as u32, flags),
            pieces => {
                let most = &pieces[..pieces.len().min(MOST_PIECES)];
                kernel::receive_message(&socket.descriptor, most, flags, &mut [0; INET_ROOM])
                    .map(|(bytes, _)| bytes)
            }
        }
    }

    fn ended(&self, drained: bool) -> Attempt {
        Attempt::Done {
            outcome: Outcome::success(self.received as u32, self.flags & MSG_OOB),
            drained,
        }
    }
}

impl Work for StreamReceive {
    fn attempt(&mut self, socket: &Socket) -> Attempt {
        if socket.state.has(State::RESET) && self.received == 0 {
            return Attempt::failed(socket.broken());
        }
        if self.flags & MSG_OOB != 0 {
            return self.attempt_urgent(socket);
        }
        if socket.state.has(State::URGENT) {
            urgent::keep_passed(socket);
        }
        // After a reset nothing more comes.
        let fill = self.flags & MSG_WAITALL != 0 && !socket.state.has(State::RESET);
        loop {
            match without_waiting(|| self.call(socket)) {
                // Once there is something to deliver, only MSG_WAITALL waits for more (WSPRecv.4).
                None if self.received > 0 && !fill => return self.ended(true),
                None => return Attempt::Later,
                Some(Ok(bytes)) => {
                    let room: usize = self.pieces.iter().take(MOST_PIECES).map(Piece::length).sum();
                    self.received += bytes;
                    // More buffers than one call takes go on with the next.
                    if bytes == 0 || bytes < room && !fill || self.received == self.total {
                        // The end of the stream stays.
                        return self.ended(0 < bytes && bytes < room && takes_all(socket));
                    }
                    advance(&mut self.pieces, bytes);
                }
                // The bytes first; what ended the stream comes with the next request.
                Some(Err(_)) if self.received > 0 => return self.ended(false),
                Some(Err(errno)) => {
                    return Attempt::failed(stream_failure(socket, Operation::Receive, errno));
                }
            }
        }
    }

    /// With MSG_WAITALL it may have taken a part.
    fn cancelled(&mut self, _: &Socket) -> u32 {
        self.received as u32
    }
}

/// Whether a receive that brings less than there was room for has left nothing. Linux stops also where urgent data is,
/// or was before it was read, and on AF_UNIX behind a message that carries descriptors. What another process does to a
/// socket that it shares is not known here.
fn takes_all(socket: &Socket) -> bool {
    socket.protocol.family != AF_UNIX && !socket.state.has(State::URGENT) && !socket.is_shared()
}

impl StreamReceive {
    /// One urgent byte (OBS.30).
    fn attempt_urgent(&mut self, socket: &Socket) -> Attempt {
        if socket.options.is_on(Switch::OOB_INLINE) {
            return Attempt::failed(WsaError::WSAEINVAL);
        }
        socket.state.set(State::URGENT);
        if let Some(piece) = self.pieces.first()
            && let Some(byte) = socket.urgent.take(false)
        {
            if piece.pointer().write(byte).is_err() {
                return Attempt::failed(WsaError::WSAEFAULT);
            }
            self.received = 1;
            return self.ended(false);
        }
        match without_waiting(|| self.call(socket)) {
            // There is none, or it is announced and still on its way.
            None | Some(Err(Errno(libc::EINVAL))) => match urgent::has_ended(socket) {
                Ok(false) => Attempt::Later,
                Ok(true) => self.ended(false),
                Err(error) => Attempt::failed(error),
            },
            Some(Ok(bytes)) => {
                self.received = bytes;
                self.ended(false)
            }
            Some(Err(errno)) => Attempt::failed(stream_failure(socket, Operation::Receive, errno)),
        }
    }
}

/// Takes `bytes` transferred bytes off the front.
fn advance(pieces: &mut Pieces, mut bytes: usize) {
    let whole = pieces
        .iter()
        .take_while(|piece| {
            let is_whole = piece.length() <= bytes;
            bytes -= if is_whole { piece.length() } else { 0 };
            is_whole
        })
        .count();
    pieces.drain(..whole);
    if let Some(first) = pieces.first_mut() {
        first.advance(bytes);
    }
}

struct DatagramReceive {
    message: Message,
    from: Option<From>,
}

impl Work for DatagramReceive {
    fn attempt(&mut self, socket: &Socket) -> Attempt {
        if let Err(error) = check_reachable(socket) {
            return Attempt::failed(error);
        }
        let flags = libc::MSG_DONTWAIT | libc::MSG_TRUNC;
        let mut attempts = 0;
        loop {
            let mut sender = [0; INET_ROOM];
            let received = self.message.transfer(|pieces| {
                without_waiting(|| kernel::receive_message(&socket.descriptor, pieces, flags, &mut sender))
            });
            match received {
                None => return Attempt::Later,
                Some(Ok((length, size))) => return self.ended(socket, length, (sender, size)),
                Some(Err(errno)) => {
                    if let Err(error) = datagram_failure(socket, Operation::Receive, errno, &mut attempts) {
                        return Attempt::failed(error);
                    }
                }
            }
        }
    }
}

impl DatagramReceive {
    /// A datagram of `length` bytes has come (OBS.28).
    fn ended(&self, socket: &Socket, length: usize, sender: ([u8; INET_ROOM], usize)) -> Attempt {
        let room = self.message.room();
        let written = self.message.deliver(length).and_then(|()| {
            self.from
                .map_or(Ok(()), |from| from.write(socket, sender.0, sender.1))
        });
        let outcome = match written {
            Err(error) => Outcome::failure(error),
            Ok(()) if length > room => Outcome {
                error: Some(WsaError::WSAEMSGSIZE),
                bytes: room as u32,
                flags: MSG_PARTIAL,
            },
            Ok(()) => Outcome::success(length as u32, 0),
        };
        Attempt::Done {
            outcome,
            drained: false,
        }
    }
}

/// WSPSend and WSPSendTo with an OVERLAPPED or a completion routine, or (`None`) in turn; `to`: what WSPSendTo was given.
#[inline(never)]
pub(super) fn send(
    socket: &Reference,
    array: Array,
    sent: UserPointer<u32>,
    flags: u32,
    to: Option<To>,
    overlapped: Option<Overlapped>,
) -> Result<()> {
    let outcome = start_send(socket, array, sent, flags, to, overlapped);
    selection::sent(socket, outcome);
    outcome
}

#[inline(always)]
fn start_send(
    socket: &Reference,
    array: Array,
    sent: UserPointer<u32>,
    flags: u32,
    to: Option<To>,
    overlapped: Option<Overlapped>,
) -> Result<()> {
    let outcome = if socket.protocol.is_stream() {
        check_stream_send(socket)?;
        let flags = kernel_flags(socket, flags)?;
        check_array(array)?;
        let work = StreamSend {
            pieces: array.pieces()?,
            flags,
            sent: 0,
        };
        carry_out(socket, Direction::Send, overlapped, work)?
    } else {
        check_not_shut(socket)?;
        let to = datagram_destination(socket, to)?;
        kernel_flags(socket, flags)?;
        check_array(array)?;
        // WSPSend.3.
        let limit = u64::from(socket.protocol.message_size());
        if array.total()? > limit && socket.protocol.kind == SOCK_DGRAM {
            return Err(WsaError::WSAEMSGSIZE);
        }
        let message = Message::to_send(array)?;
        carry_out(socket, Direction::Send, overlapped, DatagramSend { message, to })?
    };
    match outcome.error {
        None => report(sent, outcome.bytes as usize),
        Some(error) => Err(error),
    }
}

/// Where a datagram goes, as the kernel wants to be told: to nowhere in particular for the peer.
pub(super) fn datagram_destination(socket: &Reference, to: Option<To>) -> Result<Vec<u8>> {
    match to {
        Some(to) if !to.name.is_null() => {
            let to = destination(socket, to)?;
            bind_implicitly(socket)?;
            Ok(to.as_bytes().to_vec())
        }
        to => default_destination(socket)
            .map(<[u8]>::to_vec)
            .ok_or(if to.is_some() {
                WsaError::WSAEDESTADDRREQ
            } else {
                WsaError::WSAENOTCONN
            }),
    }
}

struct StreamSend {
    pieces: Pieces,
    flags: i32,
    sent: usize,
}

impl StreamSend {
    fn call(&self, socket: &Socket) -> errno::Result<usize> {
        let flags = libc::MSG_DONTWAIT;
        match &self.pieces[..] {
            [] => Ok(0),
            [piece] => kernel::send(
                &socket.descriptor,
                piece.pointer(),
                piece.length() as u32,
                self.flags | flags,
                &[],
            ),
            // The last byte of all is the urgent one.
            pieces if pieces.len() <= MOST_PIECES => {
                kernel::send_message(&socket.descriptor, pieces, self.flags | flags, &[])
            }
            pieces => kernel::send_message(&socket.descriptor, &pieces[..MOST_PIECES], flags, &[]),
        }
    }
}

impl Work for StreamSend {
    fn attempt(&mut self, socket: &Socket) -> Attempt {
        if socket.state.has(State::RESET) {
            return Attempt::failed(socket.broken());
        }
        loop {
            match without_waiting(|| self.call(socket)) {
                None => return Attempt::Later,
                Some(Ok(bytes)) => {
                    self.sent += bytes;
                    advance(&mut self.pieces, bytes);
                    if self.pieces.is_empty() {
                        return Attempt::Done {
                            outcome: Outcome::success(self.sent as u32, 0),
                            drained: false,
                        };
                    }
                }
                Some(Err(errno)) => {
                    return Attempt::Done {
                        outcome: Outcome {
                            error: Some(stream_failure(socket, Operation::Send, errno)),
                            bytes: self.sent as u32,
                            flags: 0,
                        },
                        drained: false,
                    };
                }
            }
        }
    }

    fn cancelled(&mut self, _: &Socket) -> u32 {
        self.sent as u32
    }
}

struct DatagramSend {
    message: Message,
    /// Empty for the peer.
    to: Vec<u8>,
}

impl Work for DatagramSend {
    fn attempt(&mut self, socket: &Socket) -> Attempt {
        let mut attempts = 0;
        loop {
            let sent = self.message.transfer(|pieces| {
                without_waiting(|| {
                    kernel::send_message(&socket.descriptor, pieces, libc::MSG_DONTWAIT, &self.to)
                })
            });
            match sent {
                None => return Attempt::Later,
                Some(Ok(bytes)) => {
                    return Attempt::Done {
                        outcome: Outcome::success(bytes as u32, 0),
                        drained: false,
                    };
                }
                Some(Err(errno)) => {
                    if let Err(error) = datagram_failure(socket, Operation::Send, errno, &mut attempts) {
                        return Attempt::failed(error);
                    }
                }
            }
        }
    }
}
