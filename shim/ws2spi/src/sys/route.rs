//! The kernel's news of the host's addresses and routes: rtnetlink.

use super::errno::{Errno, Result};
use super::raw::syscall;
use super::socket::{self, Descriptor};
use bitflags::bitflags;

bitflags! {
    /// What has changed.
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub(crate) struct Changes: u8 {
        const ADDRESSES = 1;
        const ADDRESSES6 = 1 << 1;
        const ROUTES = 1 << 2;
        const ROUTES6 = 1 << 3;
    }
}

/// A descriptor that hears of every change from now on; it does not block.
pub(crate) fn open() -> Result<Descriptor> {
    let kind = libc::SOCK_RAW | libc::SOCK_NONBLOCK;
    let descriptor = socket::socket(libc::AF_NETLINK, kind, libc::NETLINK_ROUTE)?;
    // SAFETY: an address of zeros is one; it lives until the call returns.
    unsafe {
        let mut address: libc::sockaddr_nl = std::mem::zeroed();
        address.nl_family = libc::AF_NETLINK as u16;
        address.nl_groups = (libc::RTMGRP_LINK
            | libc::RTMGRP_IPV4_IFADDR
            | libc::RTMGRP_IPV6_IFADDR
            | libc::RTMGRP_IPV4_ROUTE
            | libc::RTMGRP_IPV6_ROUTE) as u32;
        let length = size_of::<libc::sockaddr_nl>();
        syscall!(SYS_bind, descriptor.raw(), &raw const address, length)?;
    }
    Ok(descriptor)
}

/// Takes all news that have come; what they say has changed.
pub(crate) fn read(descriptor: &Descriptor) -> Changes {
    let mut changes = Changes::empty();
    let mut news = [0u8; 16 << 10];
    loop {
        match receive(descriptor, &mut news) {
            Ok(length) => changes |= understand(news.get(..length).unwrap_or(&news)),
            Err(Errno(libc::EINTR)) => {}
            // Some were lost.
            Err(Errno(libc::ENOBUFS)) => changes = Changes::all(),
            Err(_) => return changes,
        }
    }
}

/// One datagram of the kernel's; 0 bytes if another process has sent it.
fn receive(descriptor: &Descriptor, news: &mut [u8]) -> Result<usize> {
    // SAFETY: an address of zeros is one; the kernel writes at most as much as there is room for.
    unsafe {
        let mut from: libc::sockaddr_nl = std::mem::zeroed();
        let mut size = size_of::<libc::sockaddr_nl>() as libc::socklen_t;
        let length = syscall!(
            SYS_recvfrom,
            descriptor.raw(),
            news.as_mut_ptr(),
            news.len(),
            libc::MSG_DONTWAIT,
            &raw mut from,
            &raw mut size
        )?;
        Ok(if from.nl_pid == 0 { length } else { 0 })
    }
}

/// The length of a message's head.
const HEAD: usize = 16;

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at + 4)?;
    Some(u32::from_ne_bytes(bytes.try_into().ok()?))
}

/// What the messages of a datagram say.
fn understand(mut news: &[u8]) -> Changes {
    let mut changes = Changes::empty();
    while let Some(length) = word(news, 0) {
        let length = length as usize;
        let Some(message) = news.get(..length).filter(|message| message.len() >= HEAD) else {
            break;
        };
        let kind = u16::from_ne_bytes([message[4], message[5]]);
        changes |= change(kind, &message[HEAD..]).unwrap_or(Changes::empty());
        news = news.get((length + 3) & !3..).unwrap_or_default();
    }
    changes
}

/// What one message says, of which this is the body (`ifaddrmsg`, `rtmsg`, `ifinfomsg`).
fn change(kind: u16, body: &[u8]) -> Option<Changes> {
    let of_family = |inet, inet6| match i32::from(*body.first()?) {
        libc::AF_INET => Some(inet),
        libc::AF_INET6 => Some(inet6),
        _ => None,
    };
    match kind {
        libc::RTM_NEWADDR | libc::RTM_DELADDR => of_family(Changes::ADDRESSES, Changes::ADDRESSES6),
        libc::RTM_NEWROUTE | libc::RTM_DELROUTE => {
            // What the kernel only remembers of a route is none.
            let is_copy = word(body, 8)? & libc::RTM_F_CLONED != 0;
            of_family(Changes::ROUTES, Changes::ROUTES6).filter(|_| !is_copy)
        }
        // An interface that comes or goes brings or takes its addresses and routes.
        libc::RTM_NEWLINK => (word(body, 12)? & libc::IFF_UP as u32 != 0).then_some(Changes::all()),
        libc::RTM_DELLINK => Some(Changes::all()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: u16, body: &[u8]) -> Vec<u8> {
        let mut bytes = ((HEAD + body.len()) as u32).to_ne_bytes().to_vec();
        bytes.extend(kind.to_ne_bytes());
        bytes.resize(HEAD, 0);
        bytes.extend(body);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes
    }

    fn link(change: i32) -> Vec<u8> {
        let mut body = [0; 16];
        body[12..].copy_from_slice(&change.to_ne_bytes());
        message(libc::RTM_NEWLINK, &body)
    }

    fn route(family: i32, flags: u32) -> Vec<u8> {
        let mut body = [family as u8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        body[8..].copy_from_slice(&flags.to_ne_bytes());
        message(libc::RTM_NEWROUTE, &body)
    }

    #[test]
    fn messages_are_understood() {
        let address = message(libc::RTM_DELADDR, &[libc::AF_INET as u8; 9]);
        let address6 = message(libc::RTM_NEWADDR, &[libc::AF_INET6 as u8; 8]);
        let other = message(libc::RTM_NEWADDR, &[libc::AF_UNIX as u8; 8]);
        assert_eq!(understand(&address), Changes::ADDRESSES);
        assert_eq!(understand(&address6), Changes::ADDRESSES6);
        assert_eq!(understand(&other), Changes::empty());
        assert_eq!(understand(&route(libc::AF_INET, 0)), Changes::ROUTES);
        assert_eq!(understand(&route(libc::AF_INET6, 0)), Changes::ROUTES6);
        assert_eq!(
            understand(&route(libc::AF_INET6, libc::RTM_F_CLONED)),
            Changes::empty()
        );
        assert_eq!(understand(&link(libc::IFF_RUNNING)), Changes::empty());
        assert_eq!(understand(&link(libc::IFF_UP)), Changes::all());
        let both: Vec<u8> = [address, other, route(libc::AF_INET6, 0)].concat();
        assert_eq!(understand(&both), Changes::ADDRESSES | Changes::ROUTES6);
    }

    /// Whatever comes, it is read to its end.
    #[test]
    fn what_is_cut_off_says_nothing() {
        let whole = route(libc::AF_INET, 0);
        for length in 0..whole.len() {
            assert_eq!(understand(&whole[..length]), Changes::empty(), "{length}");
        }
        for claimed in [0u32, 3, 15, 16, 17, 100, u32::MAX] {
            let mut bytes = whole.clone();
            bytes[..4].copy_from_slice(&claimed.to_ne_bytes());
            understand(&bytes);
        }
    }
}
