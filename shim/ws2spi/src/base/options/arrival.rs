//! What WSARecvMsg tells of a datagram's arrival: options that ask for a message of control data each.
//!
//! One message of the kernel's may serve several of Winsock's, and is asked for when one of them is.

use super::Keeper::Ours;
use super::{Entry, number, tell_kernel};
use crate::abi::*;
use crate::error::Result;
use crate::object::options::Switch;
use crate::object::table::Reference;

/// The kernel's option, and the switches that need it on.
const ASKED: [(i32, i32, Switch); 4] = [
    (
        libc::IPPROTO_IP,
        libc::IP_PKTINFO,
        Switch::PACKET_INFO.union(Switch::CASTS_TOLD),
    ),
    (libc::IPPROTO_IP, libc::IP_RECVTOS, Switch::TOS.union(Switch::ECN)),
    (
        libc::IPPROTO_IPV6,
        libc::IPV6_RECVPKTINFO,
        Switch::PACKET_INFO6.union(Switch::CASTS_TOLD),
    ),
    (
        libc::IPPROTO_IPV6,
        libc::IPV6_RECVTCLASS,
        Switch::TRAFFIC_CLASS.union(Switch::ECN6),
    ),
];

macro_rules! switch {
    ($switch:ident) => {
        number(
            0..=1,
            Ours(
                |socket| Ok(socket.options.is_on(Switch::$switch).into()),
                |socket, on| assign(socket, Switch::$switch, on != 0),
            ),
        )
    };
}

/// Those of IPPROTO_IP.
pub(super) fn inet_option(name: i32) -> Option<Entry> {
    Some(match name {
        IP_PKTINFO => switch!(PACKET_INFO),
        IP_RECVTOS => switch!(TOS),
        IP_RECVECN => switch!(ECN),
        _ => return None,
    })
}

/// Those of IPPROTO_IPV6.
pub(super) fn inet6_option(name: i32) -> Option<Entry> {
    Some(match name {
        IPV6_PKTINFO => switch!(PACKET_INFO6),
        IPV6_RECVTCLASS => switch!(TRAFFIC_CLASS),
        IPV6_RECVECN => switch!(ECN6),
        _ => return None,
    })
}

/// WSARecvMsg is used on the socket: from now on it can tell what was sent to many.
pub(in crate::base) fn tell_casts(socket: &Reference) {
    if !socket.options.is_on(Switch::CASTS_TOLD) {
        // Without it two flags are missing, no more.
        let _ = assign(socket, Switch::CASTS_TOLD, true);
    }
}

fn assign(socket: &Reference, switch: Switch, on: bool) -> Result<()> {
    let before = socket.options.is_on(switch);
    socket.options.assign(switch, on);
    let mine = ASKED
        .iter()
        .filter(|(level, ..)| *level == libc::IPPROTO_IP || socket.protocol.family == AF_INET6)
        .filter(|(.., switches)| switches.contains(switch));
    for &(level, name, switches) in mine {
        let asked = socket.options.is_on(switches);
        if let Err(error) = tell_kernel(socket, level, name, i32::from(asked)) {
            socket.options.assign(switch, before);
            return Err(error);
        }
    }
    Ok(())
}
