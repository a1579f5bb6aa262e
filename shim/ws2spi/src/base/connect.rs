//! WSPConnect.

use super::{blocking, enter};
use crate::abi::*;
use crate::address::Unread;
use crate::error::{Operation, Result, WsaError};
use crate::object::socket::State;
use crate::object::table::Reference;
use crate::sys::guard::UserPointer;
use crate::sys::socket as kernel;

/// WSPConnect: connects a stream socket, or sets the peer of a datagram socket.
pub(crate) fn connect(
    handle: SOCKET,
    name: UserPointer<SOCKADDR>,
    length: i32,
    _caller_data: UserPointer<WSABUF>,
    _callee_data: UserPointer<WSABUF>,
    _quality: UserPointer<QOS>,
) -> Result<()> {
    let socket = enter(handle)?;
    let address = Unread::new(name, length)?.read()?;
    if socket.state.has(State::LISTENING) {
        return Err(WsaError::WSAEINVAL);
    }
    let to = address.to_kernel()?;
    blocking::uninterrupted(&socket, Operation::Connect, |_| {
        kernel::connect(&socket.descriptor, &to)
    })?;
    socket.state.set(State::BOUND | State::CONNECTED);
    Ok(())
}

/// How an attempt to connect stands.
pub(crate) enum Progress {
    Pending,
    Connected,
    Failed(WsaError),
}

/// Looks how the attempt of a CONNECTING socket stands.
pub(crate) fn settle(socket: &Reference) -> Progress {
    if socket.state.has(State::CONNECTED) {
        Progress::Connected
    } else {
        Progress::Pending
    }
}
