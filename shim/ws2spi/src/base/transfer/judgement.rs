//! Why a socket cannot transfer, and what the kernel's errors say about it.

use crate::base::connect::{self, Progress};
use crate::base::shutdown;
use crate::error::{Operation, Result, WsaError};
use crate::object::options::Switch;
use crate::object::request::Direction;
use crate::object::socket::{Socket, State};
use crate::object::table::Reference;
use crate::overlapped::reactor;
use crate::sys::errno::Errno;
use crate::sys::socket as kernel;
use crate::sys::tcp;

/// Whether a stream socket can receive.
#[inline]
pub(super) fn check_stream_receive(socket: &Reference) -> Result<()> {
    const LOOK_AT: State = State::CONNECTED
        .union(State::CONNECTING)
        .union(State::SHUT_RECEIVE)
        .union(State::RESET)
        .union(State::URGENT);
    if socket.state.get() & LOOK_AT == State::CONNECTED {
        Ok(())
    } else {
        examine_stream(socket, Operation::Receive)
    }
}

/// Whether a stream socket can send.
#[inline]
pub(in crate::base) fn check_stream_send(socket: &Reference) -> Result<()> {
    const LOOK_AT: State = State::CONNECTED
        .union(State::CONNECTING)
        .union(State::SHUT_RECEIVE)
        .union(State::SHUT_SEND)
        .union(State::RESET);
    if socket.state.get() & LOOK_AT == State::CONNECTED {
        Ok(())
    } else {
        examine_stream(socket, Operation::Send)
    }
}

#[cold]
fn examine_stream(socket: &Reference, operation: Operation) -> Result<()> {
    // A pending connect may have been decided since (OBS.22).
    if socket.state.has(State::CONNECTING) && !matches!(connect::settle(socket), Progress::Connected) {
        return Err(WsaError::WSAENOTCONN);
    }
    let shut = if operation == Operation::Send {
        State::SHUT_SEND
    } else {
        State::SHUT_RECEIVE
    };
    if !socket.state.has(State::CONNECTED) {
        return Err(WsaError::WSAENOTCONN);
    }
    if socket.state.has(shut) {
        return Err(WsaError::WSAESHUTDOWN);
    }
    // Data that came after SD_RECEIVE has reset the connection; the kernel does not say so (WSPShutdown.2).
    if operation == Operation::Send && socket.state.has(State::SHUT_RECEIVE) {
        shutdown::refuse_arrivals(socket);
    }
    if socket.state.has(State::RESET) {
        return Err(socket.broken());
    }
    Ok(())
}

/// Whether a datagram socket can receive, from `anybody` or from its peer.
#[inline]
pub(super) fn check_datagram_receive(socket: &Reference, anybody: bool) -> Result<()> {
    const LOOK_AT: State = State::BOUND
        .union(State::SHUT_RECEIVE)
        .union(State::UNREACHABLE)
        .union(State::DISSOLVED);
    if socket.state.get() & LOOK_AT == State::BOUND {
        Ok(())
    } else {
        examine_datagram_receive(socket, anybody)
    }
}

#[cold]
fn examine_datagram_receive(socket: &Reference, anybody: bool) -> Result<()> {
    let state = socket.state.get();
    if !state.contains(State::BOUND) {
        // OBS.24.
        Err(WsaError::WSAEINVAL)
    } else if state.contains(State::DISSOLVED) && !anybody {
        // WSPConnect.7.
        Err(WsaError::WSAENOTCONN)
    } else if state.contains(State::SHUT_RECEIVE) {
        Err(WsaError::WSAESHUTDOWN)
    } else if state.contains(State::RECEIVES_QUEUED) {
        // A request that waits is told first.
        Ok(())
    } else {
        check_reachable(socket)
    }
}

/// WSAECONNRESET for the receive that is told of an unreachable port which a send has heard of (OBS.27).
#[inline]
pub(super) fn check_reachable(socket: &Socket) -> Result<()> {
    const UNREACHABLE: State = State::UNREACHABLE;
    if socket.state.has(UNREACHABLE)
        && socket.state.clear(UNREACHABLE).contains(UNREACHABLE)
        && !socket.options.is_on(Switch::NO_UDP_RESET)
    {
        Err(WsaError::WSAECONNRESET)
    } else {
        Ok(())
    }
}

/// Whether a datagram socket can send at all.
#[inline]
pub(in crate::base) fn check_not_shut(socket: &Reference) -> Result<()> {
    if socket.state.has(State::SHUT_SEND) {
        Err(WsaError::WSAESHUTDOWN)
    } else {
        Ok(())
    }
}

/// The code for what ended a transfer on a stream. If it was the end of the connection too, the socket remembers, and
/// gives the second code from then on: the kernel would say "end of stream" (OBS.26).
#[cold]
pub(in crate::base) fn stream_failure(socket: &Socket, operation: Operation, errno: Errno) -> WsaError {
    let (now, later) = match errno.0 {
        libc::EPIPE if operation == Operation::Send && has_shut_sending(socket) => {
            return WsaError::WSAESHUTDOWN;
        }
        libc::ECONNRESET | libc::EPIPE => (WsaError::WSAECONNRESET, WsaError::WSAECONNRESET),
        libc::ECONNABORTED => (WsaError::WSAECONNABORTED, WsaError::WSAECONNABORTED),
        // WSPGetSockOpt.6.
        libc::ETIMEDOUT if keeps_alive(socket) => (WsaError::WSAENETRESET, WsaError::WSAENOTCONN),
        // C.12.
        libc::ETIMEDOUT => (WsaError::WSAETIMEDOUT, WsaError::WSAETIMEDOUT),
        // The same end, with what an ICMP message gave as the reason.
        libc::EHOSTUNREACH | libc::ENETUNREACH | libc::EHOSTDOWN | libc::ENONET => {
            (WsaError::WSAECONNABORTED, WsaError::WSAETIMEDOUT)
        }
        _ => return WsaError::from_errno(operation, errno),
    };
    socket.break_off(later);
    now
}

/// Whether this side has ended sending: by its own WSPShutdown, or by that of a process that shares the connection,
/// of which only the kernel tells (WSPDuplicateSocket.5).
fn has_shut_sending(socket: &Socket) -> bool {
    if !socket.state.has(State::SHUT_SEND) && tcp::has_ended_sending(&socket.descriptor) {
        socket.state.set(State::SHUT_SEND);
    }
    socket.state.has(State::SHUT_SEND)
}

fn keeps_alive(socket: &Socket) -> bool {
    kernel::option::<i32>(&socket.descriptor, libc::SOL_SOCKET, libc::SO_KEEPALIVE).is_ok_and(|on| on != 0)
}

/// How often a datagram call is made again for errors that speak of earlier datagrams. More never wait in practice;
/// without an end, an error that is the call's own would be met again for ever.
const PATIENCE: u32 = 64;

/// Judges what ended a call on a datagram socket. `Ok` when it was an ICMP message about an earlier datagram, which
/// is none of this call's business: the call is to be made again.
///
/// The kernel gives such an error to the next call of any kind and keeps a note in the socket's error queue. The note
/// must be taken too: it would fill the receive buffer, and make the socket look ready for ever.
#[cold]
pub(in crate::base) fn datagram_failure(
    socket: &Socket,
    operation: Operation,
    errno: Errno,
    attempts: &mut u32,
) -> Result<()> {
    let noted = kernel::take_queued_error(&socket.descriptor);
    *attempts += 1;
    if errno.0 == libc::ECONNREFUSED && *attempts < PATIENCE {
        return match operation {
            _ if socket.options.is_on(Switch::NO_UDP_RESET) => Ok(()),
            // OBS.27.
            Operation::Receive => Err(WsaError::WSAECONNRESET),
            _ => {
                socket.state.set(State::UNREACHABLE);
                reactor::hurry(socket, Direction::Receive);
                Ok(())
            }
        };
    }
    // Unreachable hosts, smaller packets wanted and the like: Windows tells nobody. A message that is too long for the
    // call itself leaves a note as well, again each time.
    let patience = if errno.0 == libc::EMSGSIZE { 2 } else { PATIENCE };
    if noted && *attempts < patience {
        return Ok(());
    }
    Err(WsaError::from_errno(operation, errno))
}
