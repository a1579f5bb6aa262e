//! What a socket's connection, made by an extension function, lacks at first; and a socket without its connection.

use crate::address::{self, Address};
use crate::base::events::{self, Inheritance};
use crate::base::{create, options};
use crate::error::{Operation, Result, WsaError};
use crate::object::socket::{Socket, State};
use crate::object::table::{self, Reference};
use crate::overlapped::reactor;
use crate::sys::socket::{self as kernel, Descriptor};
use std::sync::Arc;

/// SO_UPDATE_ACCEPT_CONTEXT: the socket that AcceptEx has connected takes over the properties of the listening socket
/// that it names (WSPAccept.6, OBS.36, EV.4). WSAENOTCONN before there is a connection.
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
    let events = Inheritance::of(&listener, &socket.share())?;
    socket.state.clear(State::NO_CONTEXT);
    if let Some(events) = events {
        events.take_up(socket, socket.handle());
    }
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

/// Readies a socket for another connection. One that was connected stays bound to the address that the program gave
/// it; one that was accepted is bound to none.
pub(super) fn recycle(socket: &Arc<Socket>) -> Result<()> {
    const OF_CONNECTION: State = State::CONNECTED
        .union(State::SHUT_RECEIVE)
        .union(State::SHUT_SEND)
        .union(State::RESET)
        .union(State::FAILED)
        .union(State::NO_CONTEXT)
        .union(State::DISCONNECTED)
        .union(State::RECYCLING)
        .union(State::POLLED)
        .union(State::FROM_WILDCARD);
    const OF_ADDRESS: State = State::BOUND.union(State::NAMED).union(State::REUSING);
    let fresh = fresh(socket)?;
    let bound = socket.state.has(State::NAMED) && bind_again(socket, &fresh).is_some();
    reactor::replace(socket, fresh)?;
    socket.forget_connection();
    events::connect_begins(socket);
    let over = if bound {
        OF_CONNECTION
    } else {
        OF_CONNECTION | OF_ADDRESS
    };
    socket.state.clear(over);
    Ok(())
}

/// Gives a socket a fresh descriptor in the place of the connection that AcceptEx gave it.
pub(super) fn renew(socket: &Arc<Socket>) -> Result<()> {
    reactor::replace(socket, fresh(socket)?)?;
    socket.forget_connection();
    Ok(())
}

/// A descriptor like the socket's, with the options that the program has set.
fn fresh(socket: &Socket) -> Result<Descriptor> {
    let protocol = socket.protocol;
    let family = address::kernel_family(protocol.family);
    let fresh = kernel::socket(family, protocol.kind, socket.protocol_number)
        .map_err(|errno| WsaError::from_errno(Operation::Socket, errno))?;
    create::prepare(&fresh, protocol)?;
    if socket.state.has(State::TUNED) {
        options::carry_over(socket, &fresh);
    }
    if socket.state.has(State::NONBLOCKING) {
        let _ = kernel::set_nonblocking(&fresh, true);
    }
    Ok(fresh)
}

/// Binds `fresh` to the socket's own address, which the ended connection holds as well.
fn bind_again(socket: &Socket, fresh: &Descriptor) -> Option<()> {
    let mut address = Address::from_kernel(&kernel::local_address(&socket.descriptor).ok()?)?;
    if socket.state.has(State::FROM_WILDCARD) {
        address = Address::any(address.family()).with_port(address.port());
    }
    let reuse = |on: i32| kernel::set_option(fresh, libc::SOL_SOCKET, libc::SO_REUSEADDR, on);
    let _ = reuse(1);
    kernel::bind(fresh, &address.to_kernel().ok()?).ok()?;
    // Two sockets with the option can have one port (WSPBind.8).
    let _ = reuse(0);
    Some(())
}
