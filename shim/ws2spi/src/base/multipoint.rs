//! WSPJoinLeaf: multicast groups, the only multipoint sessions there are. Every member is a leaf; there is no root.

use super::{bind, enter, events, qos};
use crate::abi::*;
use crate::address::{Address, Unread};
use crate::error::{Operation, Result, WsaError};
use crate::object::socket::{Session, Socket, State};
use crate::object::table::Reference;
use crate::sys::errno::{self, Errno};
use crate::sys::guard::UserPointer;
use crate::sys::socket as kernel;
use libc::{IPPROTO_IP, IPPROTO_IPV6, in_addr, in6_addr, ip_mreqn, ipv6_mreq};
use std::net::{SocketAddr, SocketAddrV4, SocketAddrV6};

/// WSPJoinLeaf: makes a datagram socket a member of the group `name`, a sender to it, or both; answers its handle.
///
/// Data passed along are silently ignored, as on every connectionless socket (WSPConnect.10).
pub(crate) fn join_leaf(
    handle: SOCKET,
    name: UserPointer<SOCKADDR>,
    length: i32,
    _caller_data: UserPointer<WSABUF>,
    _callee_data: UserPointer<WSABUF>,
    quality: UserPointer<QOS>,
    flags: u32,
) -> Result<SOCKET> {
    let socket = enter(handle)?;
    let outcome = join(&socket, name, length, quality, flags);
    events::connect_ended(&socket, outcome);
    outcome.map(|()| handle)
}

fn join(
    socket: &Reference,
    name: UserPointer<SOCKADDR>,
    length: i32,
    quality: UserPointer<QOS>,
    flags: u32,
) -> Result<()> {
    // Only multipoint sockets can join (WSPJoinLeaf.2), and only leaves of both planes exist.
    let leaf = WSA_FLAG_MULTIPOINT_C_LEAF | WSA_FLAG_MULTIPOINT_D_LEAF;
    if socket.protocol.kind != SOCK_DGRAM || socket.creation_flags & leaf != leaf {
        return Err(WsaError::WSAEINVAL);
    }
    let (sends, receives) = match flags {
        JL_SENDER_ONLY => (true, false),
        JL_RECEIVER_ONLY => (false, true),
        JL_BOTH => (true, true),
        _ => return Err(WsaError::WSAEINVAL),
    };
    let name = Unread::new(name, length)?;
    if name.family != socket.protocol.family {
        return Err(WsaError::WSAEAFNOSUPPORT);
    }
    let Address::Internet(group) = name.read()? else {
        return Err(WsaError::WSAEAFNOSUPPORT);
    };
    if !group.ip().is_multicast() {
        return Err(WsaError::WSAEADDRNOTAVAIL);
    }
    qos::check_demand(quality)?;
    if socket.session.get().is_some() || socket.state.has(State::CONNECTED) {
        return Err(WsaError::WSAEISCONN);
    }
    bind::bind_implicitly(socket)?;
    let refused = |errno| WsaError::from_errno(Operation::Join, errno);
    if receives {
        match become_member(socket, &group) {
            // The program has done so itself, with IP_ADD_MEMBERSHIP.
            Ok(()) | Err(Errno(libc::EADDRINUSE)) => {}
            Err(errno) => return Err(refused(errno)),
        }
    }
    // The kernel is not told to connect: it would then drop what the other members send.
    let destination = sends.then(|| group.into());
    socket
        .session
        .set(Box::new(Session::new(destination)))
        .map_err(|_| WsaError::WSAEISCONN)
}

/// Joins the group for receiving, on the interface that the socket is bound to, the one it sends multicast through
/// (IP_MULTICAST_IF), or else the one that the routes say.
fn become_member(socket: &Socket, group: &SocketAddr) -> errno::Result<()> {
    let local = kernel::local_address(&socket.descriptor)?.as_socket();
    match group {
        SocketAddr::V4(group) => join_ipv4(socket, group, local),
        SocketAddr::V6(group) => join_ipv6(socket, group, local),
    }
}

fn join_ipv4(socket: &Socket, group: &SocketAddrV4, local: Option<SocketAddr>) -> errno::Result<()> {
    let interface = match local {
        Some(SocketAddr::V4(local)) if !local.ip().is_unspecified() => local.ip().octets(),
        _ => kernel::option::<[u8; 4]>(&socket.descriptor, IPPROTO_IP, libc::IP_MULTICAST_IF)?,
    };
    let address = |octets| in_addr {
        s_addr: u32::from_ne_bytes(octets),
    };
    let membership = ip_mreqn {
        imr_multiaddr: address(group.ip().octets()),
        imr_address: address(interface),
        imr_ifindex: 0,
    };
    kernel::set_option(
        &socket.descriptor,
        IPPROTO_IP,
        libc::IP_ADD_MEMBERSHIP,
        membership,
    )
}

fn join_ipv6(socket: &Socket, group: &SocketAddrV6, local: Option<SocketAddr>) -> errno::Result<()> {
    let interface = match local {
        _ if group.scope_id() != 0 => group.scope_id(),
        Some(SocketAddr::V6(local)) if local.scope_id() != 0 => local.scope_id(),
        _ => kernel::option::<u32>(&socket.descriptor, IPPROTO_IPV6, libc::IPV6_MULTICAST_IF)?,
    };
    let membership = ipv6_mreq {
        ipv6mr_multiaddr: in6_addr {
            s6_addr: group.ip().octets(),
        },
        ipv6mr_interface: interface,
    };
    kernel::set_option(
        &socket.descriptor,
        IPPROTO_IPV6,
        libc::IPV6_ADD_MEMBERSHIP,
        membership,
    )
}
