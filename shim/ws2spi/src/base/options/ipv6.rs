//! IPPROTO_IPV6, for AF_INET6 sockets.

use super::Keeper::{Kernel, KernelOnly, Ours};
use super::ip::{discovery_from_kernel, discovery_to_kernel};
use super::{ANY, Entry, arrival, ask_kernel, flag, multicast, number, octet, tell_kernel};
use crate::abi::*;
use crate::error::Result;
use crate::object::table::Reference;

/// The options of IPPROTO_IPV6.
pub(super) fn option(socket: &Reference, name: i32) -> Option<Entry> {
    let raw = socket.protocol.kind == SOCK_RAW;
    Some(match name {
        IPV6_HDRINCL if raw => flag(Kernel(libc::IPPROTO_IPV6, libc::IPV6_HDRINCL)),
        IPV6_CHECKSUM if raw => number(ANY, Kernel(libc::IPPROTO_IPV6, libc::IPV6_CHECKSUM)),
        IPV6_UNICAST_HOPS => octet(-1..=255, Kernel(libc::IPPROTO_IPV6, libc::IPV6_UNICAST_HOPS)),
        // On by default, as on Windows; decided before binding.
        IPV6_V6ONLY => flag(Kernel(libc::IPPROTO_IPV6, libc::IPV6_V6ONLY)),
        IPV6_DONTFRAG => flag(Kernel(libc::IPPROTO_IPV6, libc::IPV6_DONTFRAG)),
        IPV6_MTU_DISCOVER => number(
            IP_PMTUDISC_NOT_SET..=IP_PMTUDISC_PROBE,
            Ours(discovery, set_discovery),
        ),
        IPV6_MTU => number(ANY, KernelOnly(libc::IPPROTO_IPV6, libc::IPV6_MTU)),
        IPV6_UNICAST_IF => number(ANY, Ours(unicast_interface, set_unicast_interface)),
        IPV6_HOPLIMIT => number(0..=1, Kernel(libc::IPPROTO_IPV6, libc::IPV6_RECVHOPLIMIT)),
        IPV6_TCLASS => number(-1..=255, Kernel(libc::IPPROTO_IPV6, libc::IPV6_TCLASS)),
        IPV6_RECVRTHDR => number(0..=1, Kernel(libc::IPPROTO_IPV6, libc::IPV6_RECVRTHDR)),
        IPV6_MULTICAST_IF => number(ANY, Kernel(libc::IPPROTO_IPV6, libc::IPV6_MULTICAST_IF)),
        IPV6_MULTICAST_HOPS => octet(-1..=255, Kernel(libc::IPPROTO_IPV6, libc::IPV6_MULTICAST_HOPS)),
        IPV6_MULTICAST_LOOP => flag(Kernel(libc::IPPROTO_IPV6, libc::IPV6_MULTICAST_LOOP)),
        _ => return arrival::inet6_option(name).or_else(|| multicast::inet6_option(socket, name)),
    })
}

fn discovery(socket: &Reference) -> Result<i32> {
    ask_kernel(socket, libc::IPPROTO_IPV6, libc::IPV6_MTU_DISCOVER).map(discovery_from_kernel)
}

fn set_discovery(socket: &Reference, discovery: i32) -> Result<()> {
    let discovery = discovery_to_kernel(discovery);
    tell_kernel(socket, libc::IPPROTO_IPV6, libc::IPV6_MTU_DISCOVER, discovery)
}

/// IPV6_UNICAST_IF is an index, for Windows in the host's byte order (IP_UNICAST_IF is not), for the kernel in the
/// network's.
fn unicast_interface(socket: &Reference) -> Result<i32> {
    ask_kernel(socket, libc::IPPROTO_IPV6, libc::IPV6_UNICAST_IF).map(i32::from_be)
}

fn set_unicast_interface(socket: &Reference, index: i32) -> Result<()> {
    tell_kernel(socket, libc::IPPROTO_IPV6, libc::IPV6_UNICAST_IF, index.to_be())
}
