//! Commands about the way to an address.
//!
//! A datagram socket that is connected to the address has been given the local address of the way there, without
//! sending anything: so the kernel's own routing answers.

use super::Request;
use crate::abi::*;
use crate::address::{Address, Unread, kernel_family};
use crate::error::{Operation, Result, WsaError};
use crate::sys::errno::Errno;
use crate::sys::socket as kernel;

/// SIO_ROUTING_INTERFACE_QUERY: the local address from which the address given is reached.
pub(super) fn interface(request: &Request<'_>) -> Result<usize> {
    let source = source_for(&destination(request)?)?;
    source.with_bytes(|bytes| request.output_bytes(bytes))
}

/// SIO_FIND_ROUTE: whether there is a way. Linux looks every time, so nothing cached is to be invalidated.
pub(super) fn find(request: &Request<'_>) -> Result<usize> {
    source_for(&destination(request)?)?;
    Ok(0)
}

/// The address in the input: of the socket's family, or WSAEINVAL.
pub(super) fn address(request: &Request<'_>) -> Result<Address> {
    let family = request.socket.protocol.family;
    request.applies(matches!(family, AF_INET | AF_INET6))?;
    let length = i32::try_from(request.buffers.input_length).unwrap_or(i32::MAX);
    let unread = Unread::new(request.buffers.input.cast(), length)?;
    request.applies(unread.family == family)?;
    unread.read()
}

/// An address that can be a destination.
fn destination(request: &Request<'_>) -> Result<Address> {
    let address = address(request)?;
    request.applies(!address.is_wildcard())?;
    Ok(address)
}

/// The local address, without a port, from which `to` is reached; WSAENETUNREACH when it is not.
pub(super) fn source_for(to: &Address) -> Result<Address> {
    // Some port, since Linux takes 0 for no destination; no datagram is ever sent there.
    const ANY_PORT: u16 = 9;
    let probe = kernel::socket(kernel_family(to.family()), libc::SOCK_DGRAM, 0)
        .map_err(|errno| WsaError::from_errno(Operation::Socket, errno))?;
    let _ = kernel::set_option(&probe, libc::SOL_SOCKET, libc::SO_BROADCAST, 1);
    kernel::connect(&probe, &to.with_port(ANY_PORT).to_kernel()?).map_err(|errno| match errno {
        Errno(libc::ENETDOWN) => WsaError::WSAENETDOWN,
        Errno(libc::ENOBUFS | libc::ENOMEM) => WsaError::WSAENOBUFS,
        // A route that forbids, an address without an interface: there is no way.
        _ => WsaError::WSAENETUNREACH,
    })?;
    let source = kernel::local_address(&probe).map_err(super::failed)?;
    let source = Address::from_kernel(&source).ok_or(WsaError::WSAENETUNREACH)?;
    Ok(source.with_port(0))
}
