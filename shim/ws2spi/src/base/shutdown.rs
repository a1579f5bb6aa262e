//! WSPShutdown, WSPSendDisconnect and WSPRecvDisconnect.

use super::connect::{self, Progress};
use super::{enter, sharing};
use crate::abi::*;
use crate::error::{Operation, Result, WsaError};
use crate::object::request::{Attempt, Direction, Outcome, Work};
use crate::object::socket::{Socket, State};
use crate::object::table::Reference;
use crate::overlapped;
use crate::sys::errno::Errno;
use crate::sys::guard::UserPointer;
use crate::sys::socket as kernel;

const BOTH: State = State::SHUT_RECEIVE.union(State::SHUT_SEND);

/// WSPShutdown: ends receiving, sending or both.
pub(crate) fn shutdown(handle: SOCKET, how: i32) -> Result<()> {
    let socket = enter(handle)?;
    check_connected(&socket)?;
    let ended = match how {
        SD_RECEIVE => State::SHUT_RECEIVE,
        SD_SEND => State::SHUT_SEND,
        SD_BOTH => BOTH,
        _ => return Err(WsaError::WSAEINVAL),
    };
    end(&socket, ended)
}

/// WSPSendDisconnect: ends sending; there is no disconnect data in TCP.
pub(crate) fn send_disconnect(handle: SOCKET, data: UserPointer<WSABUF>) -> Result<()> {
    let socket = enter(handle)?;
    check_connected(&socket)?;
    no_disconnect_data(data)?;
    end(&socket, State::SHUT_SEND)
}

/// WSPRecvDisconnect: ends receiving; there is no disconnect data in TCP.
pub(crate) fn receive_disconnect(handle: SOCKET, data: UserPointer<WSABUF>) -> Result<()> {
    let socket = enter(handle)?;
    check_connected(&socket)?;
    no_disconnect_data(data)?;
    end(&socket, State::SHUT_RECEIVE)
}

/// The state is judged before the other arguments (OBS.12). Datagram sockets need no peer (WSPShutdown.1).
fn check_connected(socket: &Reference) -> Result<()> {
    if socket.state.has(State::CONNECTING) && !matches!(connect::settle(socket), Progress::Connected) {
        return Err(WsaError::WSAENOTCONN);
    }
    let state = socket.state.get();
    // A connection of AcceptEx or ConnectEx needs its context for this.
    if socket.protocol.is_stream() && !state.contains(State::CONNECTED) || state.contains(State::NO_CONTEXT) {
        return Err(WsaError::WSAENOTCONN);
    }
    Ok(())
}

fn no_disconnect_data(data: UserPointer<WSABUF>) -> Result<()> {
    match data.non_null() {
        None => Ok(()),
        Some(data) => data
            .read()
            .map_err(WsaError::from)
            .and(Err(WsaError::WSAENOPROTOOPT)),
    }
}

/// Ends the directions `ended`. Receiving ends here alone: lower layers are unaffected, so a receive that waits already
/// goes on (OBS.9). Datagrams are not the kernel's business at all: the peer may go on sending (OBS.25).
fn end(socket: &Reference, ended: State) -> Result<()> {
    let before = socket.state.set(ended);
    if !socket.protocol.is_stream() || before.contains(ended) {
        return Ok(());
    }
    if ended.contains(State::SHUT_RECEIVE) {
        refuse_arrivals(socket);
    }
    if socket.state.has(State::RESET) {
        return Ok(());
    }
    // With both directions shut the kernel itself answers what still arrives with a reset (WSPShutdown.2).
    let how = match before | ended {
        now if now.contains(BOTH) => libc::SHUT_RDWR,
        now if now.contains(State::SHUT_SEND) => libc::SHUT_WR,
        _ => return Ok(()),
    };
    sharing::allow_rebinding(socket);
    if socket.state.has(State::SENDS_QUEUED) {
        // What was posted before goes out before.
        return overlapped::afterwards(socket, Direction::Send, EndSending { how });
    }
    match kernel::shutdown(&socket.descriptor, how) {
        // Both sides had ended sending before: there is no connection left to shut.
        Err(Errno(libc::ENOTCONN)) if before.contains(State::SHUT_SEND) => Ok(()),
        Err(errno) => {
            socket.state.clear(ended - before);
            Err(WsaError::from_errno(Operation::Shutdown, errno))
        }
        Ok(()) => Ok(()),
    }
}

/// The end of sending, after the sends that stand in line.
struct EndSending {
    how: i32,
}

impl Work for EndSending {
    fn attempt(&mut self, socket: &Socket) -> Attempt {
        // A connection that has broken meanwhile needs no end.
        let _ = kernel::shutdown(&socket.descriptor, self.how);
        Attempt::Done {
            outcome: Outcome::success(0, 0),
            drained: false,
        }
    }
}

/// Resets the connection if data has arrived that nobody may receive any more (WSPShutdown.2, OBS.9). Leaving the peer
/// is how Linux sends a reset without closing; a socket of another family has nothing like it.
pub(crate) fn refuse_arrivals(socket: &Reference) {
    let unread = kernel::control(&socket.descriptor, libc::FIONREAD as _, 0).unwrap_or(0);
    if unread > 0 && socket.protocol.family != AF_UNIX && kernel::disconnect(&socket.descriptor).is_ok() {
        socket.break_off(WsaError::WSAECONNABORTED);
    }
}
