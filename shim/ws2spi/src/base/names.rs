//! WSPGetSockName and WSPGetPeerName.

use super::enter;
use crate::abi::{AF_UNIX, SOCKADDR, SOCKET};
use crate::address::Address;
use crate::error::{Operation, Result, WsaError};
use crate::object::socket::{Socket, State};
use crate::sys::errno;
use crate::sys::guard::UserPointer;
use crate::sys::info;
use crate::sys::socket as kernel;
use socket2::SockAddr;

/// WSPGetSockName: the local address. After a bind to the wildcard address that is what is reported, with the port
/// (WSPGetSockName.3).
pub(crate) fn local(handle: SOCKET, name: UserPointer<SOCKADDR>, length: UserPointer<i32>) -> Result<()> {
    let socket = enter(handle)?;
    // Nobody has named a socket that AcceptEx has connected, until it has its context.
    let state = socket.state.get();
    if !state.contains(State::BOUND) || state & (State::NO_CONTEXT | State::NAMED) == State::NO_CONTEXT {
        return Err(WsaError::WSAEINVAL);
    }
    report(
        kernel::local_address(&socket.descriptor),
        WsaError::WSAEINVAL,
        name,
        length,
    )
}

/// WSPGetPeerName: the address of the peer, as soon as a connect is pending and for as long as the socket lives,
/// whatever became of the connection (OBS.14). A connection without its context has none.
pub(crate) fn peer(handle: SOCKET, name: UserPointer<SOCKADDR>, length: UserPointer<i32>) -> Result<()> {
    let socket = enter(handle)?;
    let state = socket.state.get();
    if !state.intersects(State::CONNECTED | State::CONNECTING) || state.contains(State::NO_CONTEXT) {
        return Err(WsaError::WSAENOTCONN);
    }
    report(peer_address(&socket), WsaError::WSAENOTCONN, name, length)
}

/// Asks in the way that also knows of connections that are not made yet, or over; AF_UNIX remembers its peer anyway.
fn peer_address(socket: &Socket) -> errno::Result<SockAddr> {
    if socket.protocol.family == AF_UNIX {
        kernel::peer_address(&socket.descriptor)
    } else {
        let length = Address::any(socket.protocol.family).with_bytes(<[u8]>::len);
        info::peer_name(&socket.descriptor, length)
    }
}

/// Gives the caller what the kernel answered; `nobody` when that is no address.
fn report(
    answer: errno::Result<SockAddr>,
    nobody: WsaError,
    name: UserPointer<SOCKADDR>,
    length: UserPointer<i32>,
) -> Result<()> {
    let address = answer.map_err(|errno| WsaError::from_errno(Operation::Name, errno))?;
    Address::from_kernel(&address).ok_or(nobody)?.write(name, length)
}
