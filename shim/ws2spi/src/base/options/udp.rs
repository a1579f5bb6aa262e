//! IPPROTO_UDP.

use super::Keeper::Kernel;
use super::{Entry, flag, number};
use crate::abi::*;
use crate::object::table::Reference;

/// `UDP_NO_CHECK6_TX` of <linux/udp.h>.
const UDP_NO_CHECK6_TX: i32 = 101;

/// The options of IPPROTO_UDP, for UDP sockets.
pub(super) fn option(socket: &Reference, name: i32) -> Option<Entry> {
    Some(match name {
        UDP_NOCHECKSUM if socket.protocol.family == AF_INET6 => {
            flag(Kernel(libc::IPPROTO_UDP, UDP_NO_CHECK6_TX))
        }
        UDP_NOCHECKSUM => flag(Kernel(libc::SOL_SOCKET, libc::SO_NO_CHECK)),
        UDP_SEND_MSG_SIZE => number(0..=0xffff, Kernel(libc::IPPROTO_UDP, libc::UDP_SEGMENT)),
        _ => return None,
    })
}
