//! What a socket's connection, made by an extension function, lacks at first; and a socket without its connection.

use crate::address;
use crate::base::{create, options};
use crate::error::{Operation, Result, WsaError};
use crate::object::socket::{Socket, State};
use crate::object::table::{self, Reference};
use crate::overlapped::reactor;
use crate::sys::socket as kernel;
use std::sync::Arc;

/// SO_UPDATE_ACCEPT_CONTEXT: the socket that AcceptEx has connected takes over the properties of the listening socket
/// that it names (WSPAccept.6, OBS.36). WSAENOTCONN before there is a connection.
pub(crate) fn update_accepted(socket: &Reference, listening: usize) -> Result<()> {
    let listener = table::look_up(listening)?;
    if !socket.state.has(State::CONNECTED) {
        return Err(WsaError::WSAENOTCONN);
    }
    if !listener.state.has(State::LISTENING) || !std::ptr::eq(listener.protocol, socket.protocol) {
        return Err(WsaError::WSAEINVAL);
    }
    if !socket.state.has(State::NO_CONTEXT) {
        return Ok(());
    }
    // The kernel has handed the listener's options on when it made the connection.
    if listener.state.has(State::TUNED) || socket.state.has(State::TUNED) {
        options::carry_over(&listener, &socket.descriptor);
    }
    socket.options.take_over(&listener.options);
    let nonblocking = listener.state.has(State::NONBLOCKING);
    if socket.state.has(State::NONBLOCKING) != nonblocking {
        socket.state.assign(State::NONBLOCKING, nonblocking);
        let _ = kernel::set_nonblocking(&socket.descriptor, nonblocking);
    }
    socket.state.clear(State::NO_CONTEXT);
    Ok(())
}

/// SO_UPDATE_CONNECT_CONTEXT: the socket that ConnectEx has connected is one like any other. WSAENOTCONN before there is
/// a connection.
pub(crate) fn update_connected(socket: &Reference) -> Result<()> {
    if !socket.state.has(State::CONNECTED) {
        return Err(WsaError::WSAENOTCONN);
    }
    socket.state.clear(State::NO_CONTEXT);
    Ok(())
}

/// Gives a socket a fresh descriptor, with the options that the program has set.
pub(super) fn renew(socket: &Arc<Socket>) -> Result<()> {
    let protocol = socket.protocol;
    let family = address::kernel_family(protocol.family);
    let fresh = kernel::socket(family, protocol.kind, socket.protocol_number)
        .map_err(|errno| WsaError::from_errno(Operation::Socket, errno))?;
    create::prepare(&fresh, protocol)?;
    options::carry_over(socket, &fresh);
    if socket.state.has(State::NONBLOCKING) {
        let _ = kernel::set_nonblocking(&fresh, true);
    }
    reactor::replace(socket, fresh)
}
