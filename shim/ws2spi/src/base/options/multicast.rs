//! Membership of multicast groups: options of IPPROTO_IP and IPPROTO_IPV6 that are set, and never read.

use super::Keeper::Taken;
use super::{Entry, Given, data, tell_kernel};
use crate::abi::*;
use crate::error::Result;
use crate::object::table::Reference;

/// The kernel's numbers for MCAST_*, which the libc crate does not have.
mod linux {
    pub(super) const MCAST_JOIN_GROUP: i32 = 42;
    pub(super) const MCAST_BLOCK_SOURCE: i32 = 43;
    pub(super) const MCAST_UNBLOCK_SOURCE: i32 = 44;
    pub(super) const MCAST_LEAVE_GROUP: i32 = 45;
    pub(super) const MCAST_JOIN_SOURCE_GROUP: i32 = 46;
    pub(super) const MCAST_LEAVE_SOURCE_GROUP: i32 = 47;
}

/// The options of IPPROTO_IP about groups; a stream cannot be in one.
pub(super) fn inet_option(socket: &Reference, name: i32) -> Option<Entry> {
    if socket.protocol.is_stream() {
        return None;
    }
    Some(data(Taken(match name {
        IP_ADD_MEMBERSHIP => |s, given| member(s, libc::IP_ADD_MEMBERSHIP, given),
        IP_DROP_MEMBERSHIP => |s, given| member(s, libc::IP_DROP_MEMBERSHIP, given),
        IP_ADD_SOURCE_MEMBERSHIP => |s, given| of_source(s, ADD_SOURCE, given),
        IP_DROP_SOURCE_MEMBERSHIP => |s, given| of_source(s, DROP_SOURCE, given),
        IP_BLOCK_SOURCE => |s, given| of_source(s, BLOCK_SOURCE, given),
        IP_UNBLOCK_SOURCE => |s, given| of_source(s, UNBLOCK_SOURCE, given),
        MCAST_JOIN_GROUP => |s, given| group(s, libc::IPPROTO_IP, linux::MCAST_JOIN_GROUP, given),
        MCAST_LEAVE_GROUP => |s, given| group(s, libc::IPPROTO_IP, linux::MCAST_LEAVE_GROUP, given),
        MCAST_BLOCK_SOURCE => |s, given| source(s, libc::IPPROTO_IP, linux::MCAST_BLOCK_SOURCE, given),
        MCAST_UNBLOCK_SOURCE => |s, given| source(s, libc::IPPROTO_IP, linux::MCAST_UNBLOCK_SOURCE, given),
        MCAST_JOIN_SOURCE_GROUP => {
            |s, given| source(s, libc::IPPROTO_IP, linux::MCAST_JOIN_SOURCE_GROUP, given)
        }
        MCAST_LEAVE_SOURCE_GROUP => {
            |s, given| source(s, libc::IPPROTO_IP, linux::MCAST_LEAVE_SOURCE_GROUP, given)
        }
        _ => return None,
    })))
}

/// The options of IPPROTO_IPV6 about groups.
pub(super) fn inet6_option(socket: &Reference, name: i32) -> Option<Entry> {
    if socket.protocol.is_stream() {
        return None;
    }
    Some(data(Taken(match name {
        IPV6_ADD_MEMBERSHIP => |s, given| member6(s, libc::IPV6_ADD_MEMBERSHIP, given),
        IPV6_DROP_MEMBERSHIP => |s, given| member6(s, libc::IPV6_DROP_MEMBERSHIP, given),
        MCAST_JOIN_GROUP => |s, given| group(s, libc::IPPROTO_IPV6, linux::MCAST_JOIN_GROUP, given),
        MCAST_LEAVE_GROUP => |s, given| group(s, libc::IPPROTO_IPV6, linux::MCAST_LEAVE_GROUP, given),
        MCAST_BLOCK_SOURCE => |s, given| source(s, libc::IPPROTO_IPV6, linux::MCAST_BLOCK_SOURCE, given),
        MCAST_UNBLOCK_SOURCE => |s, given| source(s, libc::IPPROTO_IPV6, linux::MCAST_UNBLOCK_SOURCE, given),
        MCAST_JOIN_SOURCE_GROUP => {
            |s, given| source(s, libc::IPPROTO_IPV6, linux::MCAST_JOIN_SOURCE_GROUP, given)
        }
        MCAST_LEAVE_SOURCE_GROUP => {
            |s, given| source(s, libc::IPPROTO_IPV6, linux::MCAST_LEAVE_SOURCE_GROUP, given)
        }
        _ => return None,
    })))
}

type Inet = [u8; 4];

/// An interface as Winsock's IPv4 options name it: one of its addresses, or 0.x.x.x with its index; 0 leaves it to the
/// routing table.
#[derive(Clone, Copy)]
pub(super) struct Interface {
    address: Inet,
    index: i32,
}

impl Interface {
    pub(super) fn new(named: Inet) -> Self {
        match (named[0], i32::from_be_bytes(named)) {
            (0, index) => Self {
                address: [0; 4],
                index,
            },
            _ => Self {
                address: named,
                index: 0,
            },
        }
    }

    /// The kernel's structure for a group on this interface.
    pub(super) fn with_group(self, group: Inet) -> libc::ip_mreqn {
        libc::ip_mreqn {
            imr_multiaddr: address(group),
            imr_address: address(self.address),
            imr_ifindex: self.index,
        }
    }
}

fn address(bytes: Inet) -> libc::in_addr {
    libc::in_addr {
        s_addr: u32::from_ne_bytes(bytes),
    }
}

/// IP_ADD_MEMBERSHIP and IP_DROP_MEMBERSHIP: `ip_mreq`, group and interface.
fn member(socket: &Reference, name: i32, given: Given) -> Result<()> {
    let [group, interface]: [Inet; 2] = given.value()?;
    tell_kernel(
        socket,
        libc::IPPROTO_IP,
        name,
        Interface::new(interface).with_group(group),
    )
}

/// IPV6_ADD_MEMBERSHIP and IPV6_DROP_MEMBERSHIP: `ipv6_mreq` is the same on both sides.
fn member6(socket: &Reference, name: i32, given: Given) -> Result<()> {
    tell_kernel(socket, libc::IPPROTO_IPV6, name, given.value::<[u8; 20]>()?)
}

/// The kernel's two names for one wish about a source: with the interface's address, and with its index.
#[derive(Clone, Copy)]
struct Wish {
    by_address: i32,
    by_index: i32,
}

const ADD_SOURCE: Wish = Wish {
    by_address: libc::IP_ADD_SOURCE_MEMBERSHIP,
    by_index: linux::MCAST_JOIN_SOURCE_GROUP,
};
const DROP_SOURCE: Wish = Wish {
    by_address: libc::IP_DROP_SOURCE_MEMBERSHIP,
    by_index: linux::MCAST_LEAVE_SOURCE_GROUP,
};
const BLOCK_SOURCE: Wish = Wish {
    by_address: libc::IP_BLOCK_SOURCE,
    by_index: linux::MCAST_BLOCK_SOURCE,
};
const UNBLOCK_SOURCE: Wish = Wish {
    by_address: libc::IP_UNBLOCK_SOURCE,
    by_index: linux::MCAST_UNBLOCK_SOURCE,
};

/// `ip_mreq_source`: group, source, interface. The kernel's has the last two the other way round, and no index.
fn of_source(socket: &Reference, wish: Wish, given: Given) -> Result<()> {
    let [group, source, interface]: [Inet; 3] = given.value()?;
    let interface = Interface::new(interface);
    if interface.index == 0 {
        let wanted = libc::ip_mreq_source {
            imr_multiaddr: address(group),
            imr_interface: address(interface.address),
            imr_sourceaddr: address(source),
        };
        return tell_kernel(socket, libc::IPPROTO_IP, wish.by_address, wanted);
    }
    let mut wanted = [0; SOURCE_SIZE];
    wanted[..4].copy_from_slice(&interface.index.to_ne_bytes());
    for (at, host) in [(GROUP, group), (SOURCE, source)] {
        wanted[at..at + 2].copy_from_slice(&(AF_INET as u16).to_ne_bytes());
        wanted[at + 4..at + 8].copy_from_slice(&host);
    }
    tell_kernel(socket, libc::IPPROTO_IP, wish.by_index, wanted)
}

/// `group_req` and `group_source_req` have one layout on both sides: an index, and addresses at these places.
const GROUP: usize = 8;
const SOURCE: usize = 136;
const GROUP_SIZE: usize = 136;
const SOURCE_SIZE: usize = 264;

/// MCAST_JOIN_GROUP and MCAST_LEAVE_GROUP.
fn group(socket: &Reference, level: i32, name: i32, given: Given) -> Result<()> {
    let mut wanted = given.value::<[u8; GROUP_SIZE]>()?;
    translate_family(&mut wanted, GROUP);
    tell_kernel(socket, level, name, wanted)
}

/// MCAST_BLOCK_SOURCE and the others with a source.
fn source(socket: &Reference, level: i32, name: i32, given: Given) -> Result<()> {
    let mut wanted = given.value::<[u8; SOURCE_SIZE]>()?;
    translate_family(&mut wanted, GROUP);
    translate_family(&mut wanted, SOURCE);
    tell_kernel(socket, level, name, wanted)
}

/// Only the number of the family differs, for IPv6.
fn translate_family(structure: &mut [u8], at: usize) {
    if structure[at..at + 2] == (AF_INET6 as u16).to_ne_bytes() {
        structure[at..at + 2].copy_from_slice(&(libc::AF_INET6 as u16).to_ne_bytes());
    }
}
