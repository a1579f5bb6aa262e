//! WSPSend and WSPRecv.

use super::{blocking, enter};
use crate::abi::*;
use crate::error::{Operation, Result, WsaError};
use crate::object::socket::State;
use crate::overlapped::Overlapped;
use crate::sys::guard::UserPointer;
use crate::sys::socket as kernel;

/// One buffer of the caller's array.
fn buffer(array: UserPointer<WSABUF>) -> Result<(UserPointer<u8>, u32)> {
    let described = array.cast::<[u64; 2]>().read()?;
    Ok((
        UserPointer::from_address(described[1] as usize),
        described[0] as u32,
    ))
}

/// Where a received datagram's sender goes.
#[derive(Clone, Copy)]
pub(crate) struct From {
    pub(crate) name: UserPointer<SOCKADDR>,
    pub(crate) length: UserPointer<i32>,
}

/// Where a datagram is to go.
#[derive(Clone, Copy)]
pub(crate) struct To {
    pub(crate) name: UserPointer<SOCKADDR>,
    pub(crate) length: i32,
}

/// WSPSendTo.
pub(crate) fn send_to(
    handle: SOCKET,
    _buffers: UserPointer<WSABUF>,
    _count: u32,
    _sent: UserPointer<u32>,
    _flags: u32,
    _to: To,
    _overlapped: Overlapped,
) -> Result<()> {
    super::not_built(handle)
}

/// WSPRecvFrom.
pub(crate) fn receive_from(
    handle: SOCKET,
    _buffers: UserPointer<WSABUF>,
    _count: u32,
    _received: UserPointer<u32>,
    _flags: UserPointer<u32>,
    _from: From,
    _overlapped: Overlapped,
) -> Result<()> {
    super::not_built(handle)
}

/// WSPSend.
pub(crate) fn send(
    handle: SOCKET,
    buffers: UserPointer<WSABUF>,
    _count: u32,
    sent: UserPointer<u32>,
    _flags: u32,
    overlapped: Overlapped,
) -> Result<()> {
    let socket = enter(handle)?;
    overlapped.must_be_synchronous(&socket)?;
    if !socket.state.has(State::CONNECTED) {
        return Err(WsaError::WSAENOTCONN);
    }
    let (from, length) = buffer(buffers)?;
    let bytes = blocking::uninterrupted(&socket, Operation::Send, |wait| {
        kernel::send(&socket.descriptor, from, length, wait, None)
    })?;
    Ok(sent.write(bytes as u32)?)
}

/// WSPRecv.
pub(crate) fn receive(
    handle: SOCKET,
    buffers: UserPointer<WSABUF>,
    _count: u32,
    received: UserPointer<u32>,
    _flags: UserPointer<u32>,
    overlapped: Overlapped,
) -> Result<()> {
    let socket = enter(handle)?;
    overlapped.must_be_synchronous(&socket)?;
    if !socket.state.has(State::CONNECTED) {
        return Err(WsaError::WSAENOTCONN);
    }
    let (to, length) = buffer(buffers)?;
    let bytes = blocking::uninterrupted(&socket, Operation::Receive, |wait| {
        kernel::receive(&socket.descriptor, to, length, wait)
    })?;
    Ok(received.write(bytes as u32)?)
}
