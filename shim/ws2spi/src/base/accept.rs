//! WSPAccept.

use super::{blocking, create, enter};
use crate::abi::*;
use crate::address::Address;
use crate::error::{Operation, Result, WsaError};
use crate::object::socket::{Socket, State};
use crate::object::table;
use crate::sys::guard::UserPointer;
use crate::sys::socket as kernel;
use std::sync::Arc;

/// WSPAccept: the first pending connection as a socket of its own.
pub(crate) fn accept(
    handle: SOCKET,
    name: UserPointer<SOCKADDR>,
    length: UserPointer<i32>,
    _condition: LPCONDITIONPROC,
    _callback_data: DWORD_PTR,
) -> Result<SOCKET> {
    let listener = enter(handle)?;
    if !listener.protocol.is_stream() {
        return Err(WsaError::WSAEOPNOTSUPP);
    }
    if !listener.state.has(State::LISTENING) {
        return Err(WsaError::WSAEINVAL);
    }
    let vacancy = table::reserve()?;
    let nonblocking = listener.state.has(State::NONBLOCKING);
    let (descriptor, peer) = blocking::uninterrupted(&listener, Operation::Accept, |_| {
        kernel::accept(&listener.descriptor, nonblocking)
    })?;
    if let (Some(name), Some(length)) = (name.non_null(), length.non_null()) {
        if let Some(peer) = Address::from_kernel(&peer) {
            peer.write(name, length)?;
        }
    }
    let inherited = listener.state.get() & State::NONBLOCKING;
    let accepted = Socket::new(
        descriptor,
        listener.protocol,
        listener.protocol_number,
        listener.creation_flags,
        inherited | State::BOUND | State::CONNECTED,
        listener.options.inherited(),
    );
    create::publish(vacancy, Arc::new(accepted))
}
