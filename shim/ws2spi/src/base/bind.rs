//! WSPBind, and the binding that other functions imply.

use super::enter;
use super::sharing;
use crate::abi::*;
use crate::address::{Address, Unread};
use crate::error::{Operation, Result, WsaError};
use crate::object::socket::{Socket, State};
use crate::sys::errno::Errno;
use crate::sys::guard::UserPointer;
use crate::sys::port;
use crate::sys::socket as kernel;
use socket2::SockAddr;
use std::net::IpAddr;

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
    check_local(&socket, &address)?;
    claim(&socket, State::BOUND | State::NAMED)?;
    give(&socket, &address).inspect_err(|_| {
        // A failed bind leaves the socket unbound (OBS.15).
        socket.state.clear(State::BOUND | State::NAMED | State::REUSING);
    })
}

/// Binds an unbound socket to the wildcard address, as the functions do that need a local address (OBS.33).
pub(crate) fn bind_implicitly(socket: &Socket) -> Result<()> {
    if claim(socket, State::BOUND).is_err() {
        return Ok(());
    }
    match give(socket, &Address::any(socket.protocol.family)) {
        // The kernel was first, for another thread that has already used the socket.
        Ok(()) | Err(WsaError::WSAEINVAL) => Ok(()),
        Err(code) => {
            socket.state.clear(State::BOUND);
            Err(code)
        }
    }
}

/// Of several threads lets one bind the socket (WSPBind.4).
fn claim(socket: &Socket, bound: State) -> Result<()> {
    socket
        .state
        .step(|state| (!state.intersects(State::BOUND | State::ACCEPTING)).then_some(state | bound))
        .map(drop)
        .map_err(|_| WsaError::WSAEINVAL)
}

/// Binds a socket again that had the port of `before` and that the kernel has let go.
pub(crate) fn keep_port(socket: &Socket, before: &SockAddr) -> Result<()> {
    let port = |address: &SockAddr| address.as_socket().map_or(0, |address| address.port());
    let now = kernel::local_address(&socket.descriptor)
        .map_err(|errno| WsaError::from_errno(Operation::Name, errno))?;
    if port(before) == 0 || port(&now) != 0 {
        return Ok(());
    }
    let wildcard = Address::any(socket.protocol.family).with_port(port(before));
    kernel::bind(&socket.descriptor, &wildcard.to_kernel()?)
        .map_err(|errno| WsaError::from_errno(Operation::Bind, errno))
}

/// Addresses that Linux takes and Windows does not.
fn check_local(socket: &Socket, address: &Address) -> Result<()> {
    match address.ip() {
        // The broadcast address (OBS.15); raw sockets may have it.
        Some(IpAddr::V4(ip)) if ip.is_broadcast() && socket.protocol.kind != SOCK_RAW => {
            Err(WsaError::WSAEADDRNOTAVAIL)
        }
        // An IPv4 address is none of this socket's while IPV6_V6ONLY is on (OBS.16).
        Some(IpAddr::V6(ip)) if ip.to_ipv4_mapped().is_some() && sharing::is_v6_only(socket) => {
            Err(WsaError::WSAEADDRNOTAVAIL)
        }
        _ => Ok(()),
    }
}

/// Has the kernel bind the socket.
fn give(socket: &Socket, address: &Address) -> Result<()> {
    let has_ports = matches!(address, Address::Internet(_)) && socket.protocol.kind != SOCK_RAW;
    if has_ports && address.port() == 0 {
        return give_any_port(socket, address);
    }
    sharing::prepare(socket, address)?;
    match kernel::bind(&socket.descriptor, &address.to_kernel()?) {
        Err(Errno(libc::EADDRINUSE)) if has_ports => sharing::bind_to_held(socket, address),
        outcome => outcome.map_err(failed),
    }
}

/// How many ports are tried before the kernel is asked to find one.
const ATTEMPTS: usize = 16;

/// Binds to a port of our choosing (WSPBind.6), by its number: the kernel lets go of a port that it has chosen itself
/// when a connect fails, a datagram association is dissolved or a listener refuses.
fn give_any_port(socket: &Socket, address: &Address) -> Result<()> {
    for port in (0..ATTEMPTS).filter_map(|_| port::random()) {
        let chosen = address.with_port(port);
        match kernel::bind(&socket.descriptor, &chosen.to_kernel()?) {
            Err(Errno(libc::EADDRINUSE | libc::EACCES)) => {}
            outcome => return outcome.map_err(failed).and_then(|()| sharing::offer(socket)),
        }
    }
    kernel::bind(&socket.descriptor, &address.to_kernel()?)
        .map_err(failed)
        .and_then(|()| sharing::offer(socket))
}

fn failed(errno: Errno) -> WsaError {
    WsaError::from_errno(Operation::Bind, errno)
}
