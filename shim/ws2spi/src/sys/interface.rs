//! The host's network interfaces.

use super::errno::{Errno, Result};
use socket2::{SockAddr, SockAddrStorage};

/// One address of an interface.
#[derive(Debug)]
pub(crate) struct InterfaceAddress {
    /// libc's IFF_*.
    pub(crate) flags: i32,
    pub(crate) address: SockAddr,
    pub(crate) netmask: Option<SockAddr>,
    /// Where the interface can broadcast.
    pub(crate) broadcast: Option<SockAddr>,
}

impl InterfaceAddress {
    pub(crate) fn is(&self, flags: i32) -> bool {
        self.flags & flags == flags
    }
}

/// The internet addresses of all interfaces (`getifaddrs(3)`), in the kernel's order.
pub(crate) fn addresses() -> Result<Vec<InterfaceAddress>> {
    let mut first: *mut libc::ifaddrs = std::ptr::null_mut();
    // SAFETY: `first` is written.
    if unsafe { libc::getifaddrs(&mut first) } != 0 {
        return Err(Errno::last());
    }
    let mut found = Vec::new();
    let mut next = first;
    while !next.is_null() {
        // SAFETY: the list is valid until freeifaddrs.
        let entry = unsafe { &*next };
        next = entry.ifa_next;
        let flags = entry.ifa_flags as i32;
        // SAFETY: the pointers of an entry are NULL or name addresses.
        let (address, netmask, broadcast) = unsafe {
            (
                copied(entry.ifa_addr),
                copied(entry.ifa_netmask),
                copied(entry.ifa_ifu),
            )
        };
        if let Some(address) = address {
            found.push(InterfaceAddress {
                flags,
                address,
                netmask,
                broadcast: broadcast.filter(|_| flags & libc::IFF_BROADCAST != 0),
            });
        }
    }
    // SAFETY: the list is getifaddrs's, and nothing of it is kept.
    unsafe { libc::freeifaddrs(first) };
    Ok(found)
}

/// A copy of an internet address; `None` for other families and NULL.
///
/// # Safety
/// The pointer must be NULL or name an address.
unsafe fn copied(address: *const libc::sockaddr) -> Option<SockAddr> {
    // SAFETY: the caller's promise.
    let family = unsafe { address.as_ref() }?.sa_family;
    let length = match i32::from(family) {
        libc::AF_INET => size_of::<libc::sockaddr_in>(),
        libc::AF_INET6 => size_of::<libc::sockaddr_in6>(),
        _ => return None,
    };
    let mut storage = SockAddrStorage::zeroed();
    // SAFETY: an address of the family has that many bytes, and storage has more.
    unsafe {
        std::ptr::copy_nonoverlapping(address.cast::<u8>(), (&raw mut storage).cast::<u8>(), length);
        Some(SockAddr::new(storage, length as libc::socklen_t))
    }
}
