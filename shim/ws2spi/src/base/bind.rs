//! WSPBind.

use super::create::kernel_family;
use super::enter;
use crate::abi::*;
use crate::address::{Address, Unread};
use crate::error::{Operation, Result, WsaError};
use crate::object::socket::{Socket, State};
use crate::sys::guard::UserPointer;
use crate::sys::socket as kernel;

/// WSPBind: gives an unbound socket a local address.
pub(crate) fn bind(handle: SOCKET, name: UserPointer<SOCKADDR>, length: i32) -> Result<()> {
    let socket = enter(handle)?;
    let name = Unread::new(name, length)?;
    if name.family != socket.protocol.family {
        // A known family that is not the socket's, or one that nobody has (WSPBind.3, OBS.3).
        let known = matches!(name.family, AF_INET | AF_INET6 | AF_UNIX);
        return Err(if known {
            WsaError::WSAEFAULT
        } else {
            WsaError::WSAEAFNOSUPPORT
        });
    }
    let address = name.read()?;
    if socket.state.has(State::BOUND) {
        return Err(WsaError::WSAEINVAL);
    }
    kernel::bind(&socket.descriptor, &address.to_kernel()?)
        .map_err(|errno| WsaError::from_errno(Operation::Bind, errno))?;
    socket.state.set(State::BOUND);
    Ok(())
}

/// Binds an unbound socket to the wildcard address, as the functions do that need a local address (OBS.33).
pub(crate) fn bind_implicitly(socket: &Socket) -> Result<()> {
    if socket.state.has(State::BOUND) {
        return Ok(());
    }
    let _ = kernel_family(socket.protocol.family);
    kernel::bind(
        &socket.descriptor,
        &Address::any(socket.protocol.family).to_kernel()?,
    )
    .map_err(|errno| WsaError::from_errno(Operation::Bind, errno))?;
    socket.state.set(State::BOUND);
    Ok(())
}
