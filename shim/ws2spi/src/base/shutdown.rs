//! WSPShutdown, WSPSendDisconnect and WSPRecvDisconnect.

use super::{bind, enter};
use crate::abi::*;
use crate::error::{Operation, Result, WsaError};
use crate::object::socket::State;
use crate::object::table::Reference;
use crate::sys::guard::UserPointer;
use crate::sys::socket as kernel;

/// WSPShutdown: ends receiving, sending or both.
pub(crate) fn shutdown(handle: SOCKET, how: i32) -> Result<()> {
    let socket = enter(handle)?;
    let ended = match how {
        SD_RECEIVE => State::SHUT_RECEIVE,
        SD_SEND => State::SHUT_SEND,
        SD_BOTH => State::SHUT_RECEIVE | State::SHUT_SEND,
        _ => return Err(WsaError::WSAEINVAL),
    };
    end(&socket, ended)
}

/// WSPSendDisconnect: ends sending; there is no disconnect data in TCP.
pub(crate) fn send_disconnect(handle: SOCKET, data: UserPointer<WSABUF>) -> Result<()> {
    let socket = enter(handle)?;
    no_disconnect_data(data)?;
    end(&socket, State::SHUT_SEND)
}

/// WSPRecvDisconnect: ends receiving; there is no disconnect data in TCP.
pub(crate) fn receive_disconnect(handle: SOCKET, data: UserPointer<WSABUF>) -> Result<()> {
    let socket = enter(handle)?;
    no_disconnect_data(data)?;
    end(&socket, State::SHUT_RECEIVE)
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

fn end(socket: &Reference, ended: State) -> Result<()> {
    if socket.protocol.is_stream() && !socket.state.has(State::CONNECTED) {
        return Err(WsaError::WSAENOTCONN);
    }
    socket.state.set(ended);
    if socket.protocol.is_stream() && ended.contains(State::SHUT_SEND) {
        bind::allow_rebinding(socket);
        kernel::shutdown(&socket.descriptor, libc::SHUT_WR)
            .map_err(|errno| WsaError::from_errno(Operation::Shutdown, errno))?;
    }
    Ok(())
}
