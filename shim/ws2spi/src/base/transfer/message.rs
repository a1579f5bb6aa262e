//! WSARecvMsg and WSASendMsg: datagrams with their address and control data.

use super::buffers::{Array, Message};
use super::control::{self, Arrival, Bytes};
use super::judgement::{check_datagram_receive, check_not_shut, check_reachable, datagram_failure};
use super::later::{carry_out, datagram_destination, without_waiting};
use super::receive::message;
use super::report;
use super::send::{To, check_array, kernel_flags, send_message};
use crate::abi::*;
use crate::address::inet::Inet;
use crate::base::{enter, options};
use crate::error::{Operation, Result, WsaError};
use crate::object::request::{Attempt, Direction, Outcome, Work};
use crate::object::socket::{Socket, State};
use crate::object::table::Reference;
use crate::overlapped::{Overlapped, selection};
use crate::sys::errno;
use crate::sys::guard::UserPointer;
use crate::sys::message::{self as kernel, Control, Received};
use crate::sys::socket::INET_ROOM;
use std::mem::offset_of;

/// No control data that mean something are longer.
const MOST_CONTROL: usize = 1 << 16;

/// What both functions ask first: datagram and raw sockets alone have messages, and a synchronous call must have
/// somewhere to put its count.
fn check_socket(socket: &Reference) -> Result<()> {
    if socket.protocol.is_stream() {
        Err(WsaError::WSAEOPNOTSUPP)
    } else {
        Ok(())
    }
}

fn check_count(count: UserPointer<u32>, overlapped: Overlapped) -> Result<()> {
    if count.is_null() && !overlapped.has_structure() {
        Err(WsaError::WSAEFAULT)
    } else {
        Ok(())
    }
}

/// A pointer with a length: NULL needs the length 0.
fn check_pointer<T>(pointer: *mut T, length: i64) -> Result<()> {
    if pointer.is_null() && length != 0 {
        Err(WsaError::WSAEFAULT)
    } else {
        Ok(())
    }
}

fn array(message: &WSAMSG) -> Result<Array> {
    let array = Array {
        first: UserPointer::from_address(message.lpBuffers as usize),
        count: message.dwBufferCount,
    };
    check_array(array)?;
    Ok(array)
}

/// WSARecvMsg: receives a datagram, its sender, and what the socket's options ask about its arrival.
pub(crate) fn receive_message(
    handle: SOCKET,
    at: UserPointer<WSAMSG>,
    received: UserPointer<u32>,
    overlapped: Overlapped,
) -> Result<()> {
    let socket = enter(handle)?;
    let outcome = receive_on(&socket, at, received, overlapped);
    selection::received(&socket);
    outcome
}

fn receive_on(
    socket: &Reference,
    at: UserPointer<WSAMSG>,
    received: UserPointer<u32>,
    overlapped: Overlapped,
) -> Result<()> {
    check_socket(socket)?;
    check_datagram_receive(socket, true)?;
    let given = at.read()?;
    check_count(received, overlapped)?;
    let overlapped = overlapped.is_asked_on(socket).then_some(overlapped);
    // Looking without taking is for synchronous calls.
    let allowed = if overlapped.is_some() { 0 } else { MSG_PEEK };
    if given.dwFlags & !allowed != 0 {
        return Err(WsaError::WSAEOPNOTSUPP);
    }
    check_pointer(given.name, given.namelen.into())?;
    check_pointer(given.Control.buf, given.Control.len.into())?;
    // So that no datagram is lost because its sender's address does not fit (WSPRecvFrom.2).
    if !given.name.is_null() && given.namelen < Inet::room(socket.protocol.family) {
        return Err(WsaError::WSAEFAULT);
    }
    options::tell_casts(socket);
    let mut work = Receive {
        at,
        message: Message::to_receive(array(&given)?.pieces()?),
        name: UserPointer::from_address(given.name as usize),
        control: UserPointer::from_address(given.Control.buf as usize),
        control_room: given.Control.len,
        flags: libc::MSG_TRUNC
            | if given.dwFlags & MSG_PEEK != 0 {
                libc::MSG_PEEK
            } else {
                0
            },
    };
    let outcome = if overlapped.is_some() || socket.state.has(State::RECEIVES_QUEUED) {
        carry_out(socket, Direction::Receive, overlapped, work)?
    } else {
        let (mut sender, mut control) = ([0; INET_ROOM], Control::EMPTY);
        let came = message(socket, |wait| work.call(socket, wait, &mut sender, &mut control))?;
        work.deliver(socket, &came, sender, &control)?
    };
    if outcome.error.is_none() || outcome.bytes > 0 {
        report(received, outcome.bytes as usize)?;
    }
    outcome.error.map_or(Ok(()), Err)
}

struct Receive {
    /// The caller's structure, whose outputs are written when a datagram has come.
    at: UserPointer<WSAMSG>,
    message: Message,
    name: UserPointer<SOCKADDR>,
    control: UserPointer<u8>,
    control_room: u32,
    /// The kernel's.
    flags: i32,
}

impl Receive {
    fn call(
        &mut self,
        socket: &Socket,
        wait: i32,
        sender: &mut [u8; INET_ROOM],
        control: &mut Control,
    ) -> errno::Result<Received> {
        let flags = self.flags | wait;
        self.message
            .transfer(|pieces| kernel::receive(&socket.descriptor, pieces, flags, sender, control))
    }

    /// Tells the caller of the datagram. One that is longer than the buffers is cut off (OBS.28).
    fn deliver(
        &self,
        socket: &Socket,
        came: &Received,
        sender: [u8; INET_ROOM],
        control: &Control,
    ) -> Result<Outcome> {
        self.message.deliver(came.length)?;
        if let Some(name) = self.name.non_null()
            && let Some(sender) = Inet::from_kernel(sender, came.sender)
        {
            let length = self.field(offset_of!(WSAMSG, namelen));
            sender.write(name, length, socket.protocol.family)?;
        }
        let arrival = Arrival::new(socket, came.control(control), self.control_room as usize);
        self.control.write_slice(&arrival.bytes)?;
        let control_length = self.field(offset_of!(WSAMSG, Control) + offset_of!(WSABUF, len));
        control_length.write(arrival.bytes.len() as u32)?;
        let room = self.message.room();
        let cut = came.length > room;
        let mut flags = arrival.flags;
        if cut {
            flags |= MSG_TRUNC;
        }
        if came.flags & libc::MSG_CTRUNC != 0 {
            flags |= MSG_CTRUNC;
        }
        self.field(offset_of!(WSAMSG, dwFlags)).write(flags)?;
        Ok(Outcome {
            error: cut.then_some(WsaError::WSAEMSGSIZE),
            bytes: came.length.min(room) as u32,
            flags,
        })
    }

    fn field<T>(&self, offset: usize) -> UserPointer<T> {
        self.at.cast::<u8>().add(offset).cast()
    }
}

impl Work for Receive {
    fn attempt(&mut self, socket: &Socket) -> Attempt {
        if let Err(error) = check_reachable(socket) {
            return Attempt::failed(error);
        }
        let mut attempts = 0;
        loop {
            let (mut sender, mut control) = ([0; INET_ROOM], Control::EMPTY);
            let received =
                without_waiting(|| self.call(socket, libc::MSG_DONTWAIT, &mut sender, &mut control));
            match received {
                None => return Attempt::Later,
                Some(Ok(came)) => {
                    let outcome = self
                        .deliver(socket, &came, sender, &control)
                        .unwrap_or_else(Outcome::failure);
                    return Attempt::Done {
                        outcome,
                        drained: false,
                    };
                }
                Some(Err(errno)) => {
                    if let Err(error) = datagram_failure(socket, Operation::Receive, errno, &mut attempts) {
                        return Attempt::failed(error);
                    }
                }
            }
        }
    }
}

/// WSASendMsg: sends a datagram, with control data that say how.
pub(crate) fn send_with_control(
    handle: SOCKET,
    at: UserPointer<WSAMSG>,
    flags: u32,
    sent: UserPointer<u32>,
    overlapped: Overlapped,
) -> Result<()> {
    let socket = enter(handle)?;
    let outcome = send_on(&socket, at, flags, sent, overlapped);
    selection::sent(&socket, outcome);
    outcome
}

fn send_on(
    socket: &Reference,
    at: UserPointer<WSAMSG>,
    flags: u32,
    sent: UserPointer<u32>,
    overlapped: Overlapped,
) -> Result<()> {
    check_socket(socket)?;
    check_not_shut(socket)?;
    let given = at.read()?;
    check_count(sent, overlapped)?;
    check_pointer(given.name, given.namelen.into())?;
    check_pointer(given.Control.buf, given.Control.len.into())?;
    let to = (!given.name.is_null()).then_some(To {
        name: UserPointer::from_address(given.name as usize),
        length: given.namelen,
    });
    let to = datagram_destination(socket, to)?;
    kernel_flags(socket, flags)?;
    let control = read_control(socket, &given.Control)?;
    let mut work = Send {
        message: Message::to_send(array(&given)?)?,
        to,
        control,
    };
    let total = work.message.room() as u64;
    let overlapped = overlapped.is_asked_on(socket).then_some(overlapped);
    if overlapped.is_some() || socket.state.has(State::SENDS_QUEUED) {
        // WSPSend.3.
        if total > u64::from(socket.protocol.message_size()) && socket.protocol.kind == SOCK_DGRAM {
            return Err(WsaError::WSAEMSGSIZE);
        }
        let outcome = carry_out(socket, Direction::Send, overlapped, work)?;
        return match outcome.error {
            None => report(sent, outcome.bytes as usize),
            Some(error) => Err(error),
        };
    }
    let bytes = send_message(socket, total, |wait| work.call(socket, wait))?;
    report(sent, bytes)
}

fn read_control(socket: &Socket, given: &WSABUF) -> Result<Bytes> {
    let length = given.len as usize;
    if length > MOST_CONTROL {
        return Err(WsaError::WSAEINVAL);
    }
    let mut bytes = vec![0; length];
    UserPointer::from_address(given.buf as usize).read_slice(&mut bytes)?;
    control::to_kernel(socket, &bytes)
}

struct Send {
    message: Message,
    /// Empty for the peer.
    to: Vec<u8>,
    control: Bytes,
}

impl Send {
    fn call(&mut self, socket: &Socket, wait: i32) -> errno::Result<usize> {
        self.message
            .transfer(|pieces| kernel::send(&socket.descriptor, pieces, wait, &self.to, &self.control))
    }
}

impl Work for Send {
    fn attempt(&mut self, socket: &Socket) -> Attempt {
        let mut attempts = 0;
        loop {
            match without_waiting(|| self.call(socket, libc::MSG_DONTWAIT)) {
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
