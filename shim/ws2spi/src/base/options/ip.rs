//! IPPROTO_IP: for AF_INET sockets, and for what AF_INET6 sockets do with IPv4 peers.

use super::Keeper::{Always, Exchanged, Kernel, KernelOnly, Ours};
use super::{
    ANY, Entry, Given, Room, arrival, ask_kernel, data, failed, flag, multicast, number, octet, tell_kernel,
};
use crate::abi::*;
use crate::error::{Result, WsaError};
use crate::object::table::Reference;
use crate::sys::socket as kernel;
use std::sync::atomic::Ordering;

/// The options of IPPROTO_IP.
pub(super) fn option(socket: &Reference, name: i32) -> Option<Entry> {
    Some(match name {
        IP_OPTIONS => data(Exchanged(header_options, set_header_options)),
        IP_HDRINCL if socket.protocol.kind == SOCK_RAW => flag(Kernel(libc::IPPROTO_IP, libc::IP_HDRINCL)),
        IP_TOS => octet(0..=255, Kernel(libc::IPPROTO_IP, libc::IP_TOS)),
        IP_TTL => octet(1..=255, Kernel(libc::IPPROTO_IP, libc::IP_TTL)),
        IP_DONTFRAGMENT => flag(Ours(dont_fragment, set_dont_fragment)),
        IP_MTU_DISCOVER => number(
            IP_PMTUDISC_NOT_SET..=IP_PMTUDISC_PROBE,
            Ours(discovery, set_discovery),
        ),
        IP_MTU => number(ANY, KernelOnly(libc::IPPROTO_IP, libc::IP_MTU)),
        // Both in network byte order.
        IP_UNICAST_IF => number(ANY, Kernel(libc::IPPROTO_IP, libc::IP_UNICAST_IF)),
        IP_RECVTTL => number(0..=1, Kernel(libc::IPPROTO_IP, libc::IP_RECVTTL)),
        // The kernel delivers every broadcast.
        IP_RECEIVE_BROADCAST => flag(Always(1)),
        IP_MULTICAST_IF => number(ANY, Ours(interface, set_interface)),
        IP_MULTICAST_TTL => octet(0..=255, Kernel(libc::IPPROTO_IP, libc::IP_MULTICAST_TTL)),
        IP_MULTICAST_LOOP => flag(Kernel(libc::IPPROTO_IP, libc::IP_MULTICAST_LOOP)),
        _ => return arrival::inet_option(name).or_else(|| multicast::inet_option(socket, name)),
    })
}

/// IP_OPTIONS: options of the IP header, as they stand there; at most forty bytes, and without a single one by default.
const LONGEST: usize = 40;

fn header_options(socket: &Reference, room: Room) -> Result<()> {
    let mut bytes = [0; LONGEST];
    let count = kernel::option_bytes(&socket.descriptor, libc::IPPROTO_IP, libc::IP_OPTIONS, &mut bytes)
        .map_err(failed)?;
    room.put_bytes(&bytes[..count.min(LONGEST)])
}

fn set_header_options(socket: &Reference, given: Given) -> Result<()> {
    let mut bytes = [0; LONGEST];
    let bytes = bytes.get_mut(..given.size).ok_or(WsaError::WSAEINVAL)?;
    given.at.read_slice(bytes)?;
    kernel::set_option_bytes(&socket.descriptor, libc::IPPROTO_IP, libc::IP_OPTIONS, bytes).map_err(failed)
}

/// IP_DONTFRAGMENT is path MTU discovery, on or off.
fn dont_fragment(socket: &Reference) -> Result<i32> {
    let discovery = ask_kernel(socket, libc::IPPROTO_IP, libc::IP_MTU_DISCOVER)?;
    Ok((discovery >= libc::IP_PMTUDISC_DO).into())
}

fn set_dont_fragment(socket: &Reference, on: i32) -> Result<()> {
    let discovery = if on != 0 {
        libc::IP_PMTUDISC_DO
    } else {
        libc::IP_PMTUDISC_DONT
    };
    tell_kernel(socket, libc::IPPROTO_IP, libc::IP_MTU_DISCOVER, discovery)
}

fn discovery(socket: &Reference) -> Result<i32> {
    ask_kernel(socket, libc::IPPROTO_IP, libc::IP_MTU_DISCOVER).map(discovery_from_kernel)
}

fn set_discovery(socket: &Reference, discovery: i32) -> Result<()> {
    tell_kernel(
        socket,
        libc::IPPROTO_IP,
        libc::IP_MTU_DISCOVER,
        discovery_to_kernel(discovery),
    )
}

/// IP_PMTUDISC_* have other numbers for the kernel, and "not set" is what it calls "want". IPv6's are the same.
pub(super) const fn discovery_to_kernel(discovery: i32) -> i32 {
    match discovery {
        IP_PMTUDISC_DO => libc::IP_PMTUDISC_DO,
        IP_PMTUDISC_DONT => libc::IP_PMTUDISC_DONT,
        IP_PMTUDISC_PROBE => libc::IP_PMTUDISC_PROBE,
        _ => libc::IP_PMTUDISC_WANT,
    }
}

pub(super) const fn discovery_from_kernel(discovery: i32) -> i32 {
    match discovery {
        libc::IP_PMTUDISC_DO => IP_PMTUDISC_DO,
        libc::IP_PMTUDISC_DONT => IP_PMTUDISC_DONT,
        libc::IP_PMTUDISC_PROBE => IP_PMTUDISC_PROBE,
        _ => IP_PMTUDISC_NOT_SET,
    }
}

/// IP_MULTICAST_IF reads back as it was set: an address or an index, which the kernel does not give back.
fn interface(socket: &Reference) -> Result<i32> {
    Ok(socket.options.multicast_interface.load(Ordering::Relaxed) as i32)
}

fn set_interface(socket: &Reference, value: i32) -> Result<()> {
    let interface = multicast::Interface::new(value.to_ne_bytes());
    tell_kernel(
        socket,
        libc::IPPROTO_IP,
        libc::IP_MULTICAST_IF,
        interface.with_group([0; 4]),
    )?;
    socket
        .options
        .multicast_interface
        .store(value as u32, Ordering::Relaxed);
    Ok(())
}
