//! Commands about the host's interfaces.

use super::{Request, failed};
use crate::abi::*;
use crate::address::Address;
use crate::error::Result;
use crate::sys::interface::{self, InterfaceAddress};
use socket2::SockAddr;
use std::net::{Ipv4Addr, SocketAddr};

/// The addresses of the host that are of the socket's family.
pub(super) fn addresses(request: &Request<'_>) -> Result<Vec<InterfaceAddress>> {
    let family = request.socket.protocol.family;
    request.applies(matches!(family, AF_INET | AF_INET6))?;
    let mut found = interface::addresses().map_err(failed)?;
    found.retain(|interface| interface.address.is_ipv6() == (family == AF_INET6));
    Ok(found)
}

/// SIO_GET_INTERFACE_LIST: INTERFACE_INFO for each address. IPv6 addresses stand in it without their scope, which the
/// structure has no room for.
pub(super) fn list(request: &Request<'_>) -> Result<usize> {
    let interfaces: Vec<INTERFACE_INFO> = addresses(request)?.iter().map(describe).collect();
    let length = size_of_val(interfaces.as_slice());
    request.check_room(length)?;
    request.buffers.output.cast().write_slice(&interfaces)?;
    Ok(length)
}

fn describe(interface: &InterfaceAddress) -> INTERFACE_INFO {
    const FLAGS: [(i32, u32); 5] = [
        (libc::IFF_UP, IFF_UP),
        (libc::IFF_BROADCAST, IFF_BROADCAST),
        (libc::IFF_LOOPBACK, IFF_LOOPBACK),
        (libc::IFF_POINTOPOINT, IFF_POINTTOPOINT),
        (libc::IFF_MULTICAST, IFF_MULTICAST),
    ];
    INTERFACE_INFO {
        iiFlags: FLAGS
            .iter()
            .filter(|(theirs, _)| interface.is(*theirs))
            .fold(0, |flags, (_, ours)| flags | ours),
        iiAddress: generic(Some(&interface.address), &interface.address),
        iiBroadcastAddress: generic(interface.broadcast.as_ref(), &interface.address),
        iiNetmask: generic(interface.netmask.as_ref(), &interface.address),
    }
}

/// An address in the union's form; what is missing is the wildcard of the family of `like`.
fn generic(address: Option<&SockAddr>, like: &SockAddr) -> sockaddr_gen {
    let missing = || Address::any(if like.is_ipv6() { AF_INET6 } else { AF_INET });
    let address = address.and_then(Address::from_kernel).unwrap_or_else(missing);
    let mut generic = sockaddr_gen::default();
    let sockaddr_gen(bytes) = &mut generic;
    address.with_bytes(|whole| {
        let length = whole.len().min(bytes.len());
        bytes[..length].copy_from_slice(&whole[..length]);
    });
    generic
}

/// SIO_GET_BROADCAST_ADDRESS: the limited broadcast address, for sockets that can use it.
pub(super) fn broadcast_address(request: &Request<'_>) -> Result<usize> {
    let protocol = request.socket.protocol;
    request.applies(protocol.family == AF_INET && !protocol.is_stream())?;
    let everyone = Address::Internet(SocketAddr::from((Ipv4Addr::BROADCAST, 0)));
    everyone.with_bytes(|bytes| request.output_bytes(bytes))
}
