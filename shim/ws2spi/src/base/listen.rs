//! WSPListen.

use super::enter;
use crate::abi::SOCKET;
use crate::error::{Operation, Result, WsaError};
use crate::object::socket::State;
use crate::sys::socket as kernel;

/// WSPListen: makes a bound socket accept connections.
pub(crate) fn listen(handle: SOCKET, backlog: i32) -> Result<()> {
    let socket = enter(handle)?;
    if !socket.protocol.is_stream() {
        return Err(WsaError::WSAEOPNOTSUPP);
    }
    let state = socket.state.get();
    if state.intersects(State::CONNECTED | State::CONNECTING) {
        return Err(WsaError::WSAEISCONN);
    }
    if !state.contains(State::BOUND) {
        return Err(WsaError::WSAEINVAL);
    }
    kernel::listen(&socket.descriptor, backlog)
        .map_err(|errno| WsaError::from_errno(Operation::Listen, errno))?;
    socket.state.set(State::LISTENING);
    Ok(())
}

/// Before a fork: nothing to do yet.
pub(crate) fn before_fork() {}

/// In the child of a fork: the threads whose calls held references are gone.
pub(crate) fn in_forked_child() {
    crate::object::table::forget_other_threads();
}
