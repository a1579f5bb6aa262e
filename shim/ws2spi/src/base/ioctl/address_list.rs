//! Commands on lists of addresses.

use super::{Request, interface, route};
use crate::abi::*;
use crate::address::{Address, Unread};
use crate::error::{Result, WsaError};
use crate::sys::guard::UserPointer;
use std::net::IpAddr;

/// Where the first SOCKET_ADDRESS stands in a SOCKET_ADDRESS_LIST.
const HEADER: usize = 8;

/// SIO_ADDRESS_LIST_QUERY: the addresses of the socket's family that the host can be reached by; those of the
/// loopback interface only when there are no others.
pub(super) fn query(request: &Request<'_>) -> Result<usize> {
    let mut found = interface::addresses(request)?;
    found.retain(|interface| interface.is(libc::IFF_UP));
    let reachable = found.iter().any(|interface| !interface.is(libc::IFF_LOOPBACK));
    found.retain(|interface| !(reachable && interface.is(libc::IFF_LOOPBACK)));
    let addresses: Vec<Address> = found
        .iter()
        .filter_map(|interface| Address::from_kernel(&interface.address))
        .collect();
    give(request, &addresses)
}

/// Lays a SOCKET_ADDRESS_LIST out in the output, its addresses after it.
fn give(request: &Request<'_>, addresses: &[Address]) -> Result<usize> {
    let count = addresses.len();
    let first_address = HEADER + count * size_of::<SOCKET_ADDRESS>();
    let mut list = vec![0u8; first_address];
    list[..4].copy_from_slice(&(count as i32).to_ne_bytes());
    for (position, address) in addresses.iter().enumerate() {
        let pointer = request.buffers.output.address().wrapping_add(list.len());
        let entry = HEADER + position * size_of::<SOCKET_ADDRESS>();
        address.with_bytes(|bytes| {
            list[entry..entry + 8].copy_from_slice(&pointer.to_ne_bytes());
            list[entry + 8..entry + 12].copy_from_slice(&(bytes.len() as i32).to_ne_bytes());
            list.extend_from_slice(bytes);
        });
    }
    request.output_bytes(&list)
}

/// SIO_ADDRESS_LIST_SORT: the same list with the destinations first that are best reached from here.
pub(super) fn sort(request: &Request<'_>) -> Result<usize> {
    let mut addresses = read(request)?;
    addresses.sort_by_cached_key(preference);
    give(request, &addresses)
}

/// The list in the input.
fn read(request: &Request<'_>) -> Result<Vec<Address>> {
    let count = usize::try_from(request.input::<i32>()?).map_err(|_| WsaError::WSAEINVAL)?;
    let room = request.buffers.input_length as usize - HEADER;
    if room / size_of::<SOCKET_ADDRESS>() < count {
        return Err(WsaError::WSAEFAULT);
    }
    let entries = request.buffers.input.add(HEADER).cast::<SOCKET_ADDRESS>();
    (0..count)
        .map(|position| {
            let entry = entries.add(position).read()?;
            let at = UserPointer::from_address(entry.lpSockaddr);
            let unread = Unread::new(at, entry.iSockaddrLength)?;
            request.applies(matches!(unread.family, AF_INET | AF_INET6))?;
            unread.read()
        })
        .collect()
}

/// The lower the better, as RFC 6724 orders destinations: those without a way last, then those whose source is of
/// another scope, then by the policy table's precedence, then the narrower scope first.
fn preference(address: &Address) -> (bool, bool, u8, u8) {
    let source = route::source_for(address).ok().and_then(|source| source.ip());
    let Some(ip) = address.ip() else {
        return (true, true, 0, 0);
    };
    let other_scope = source.is_none_or(|source| scope(source) != scope(ip));
    (source.is_none(), other_scope, u8::MAX - precedence(ip), scope(ip))
}

/// RFC 6724, section 2.1, as far as it concerns precedence.
fn precedence(ip: IpAddr) -> u8 {
    match ip {
        IpAddr::V6(ip) if ip.is_loopback() => 50,
        IpAddr::V6(ip) if ip.to_ipv4_mapped().is_some() => 35,
        IpAddr::V6(ip) if ip.is_unique_local() => 3,
        IpAddr::V6(ip) if ip.segments()[0] == 0x2002 => 30,
        IpAddr::V6(ip) if ip.segments()[..2] == [0x2001, 0] => 5,
        IpAddr::V6(_) => 40,
        IpAddr::V4(_) => 35,
    }
}

/// RFC 6724, section 3: link-local, or global.
fn scope(ip: IpAddr) -> u8 {
    const LINK_LOCAL: u8 = 2;
    const GLOBAL: u8 = 14;
    let local = match ip {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_link_local(),
        IpAddr::V6(ip) if ip.is_multicast() => return ip.octets()[1] & 0xf,
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unicast_link_local(),
    };
    if local { LINK_LOCAL } else { GLOBAL }
}
