//! WSPGetSockName and WSPGetPeerName.

use super::enter;
use crate::abi::{SOCKADDR, SOCKET};
use crate::address::Address;
use crate::error::{Operation, Result, WsaError};
use crate::object::socket::State;
use crate::sys::guard::UserPointer;
use crate::sys::socket as kernel;

/// WSPGetSockName: the local address.
pub(crate) fn local(handle: SOCKET, name: UserPointer<SOCKADDR>, length: UserPointer<i32>) -> Result<()> {
    let socket = enter(handle)?;
    if !socket.state.has(State::BOUND) {
        return Err(WsaError::WSAEINVAL);
    }
    let address = kernel::local_address(&socket.descriptor)
        .map_err(|errno| WsaError::from_errno(Operation::Name, errno))?;
    Address::from_kernel(&address)
        .ok_or(WsaError::WSAEINVAL)?
        .write(name, length)
}

/// WSPGetPeerName: the address of the peer.
pub(crate) fn peer(handle: SOCKET, name: UserPointer<SOCKADDR>, length: UserPointer<i32>) -> Result<()> {
    let socket = enter(handle)?;
    if !socket.state.has(State::CONNECTED) {
        return Err(WsaError::WSAENOTCONN);
    }
    let address = kernel::peer_address(&socket.descriptor)
        .map_err(|errno| WsaError::from_errno(Operation::Name, errno))?;
    Address::from_kernel(&address)
        .ok_or(WsaError::WSAENOTCONN)?
        .write(name, length)
}
