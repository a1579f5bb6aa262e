//! Internet addresses on the way of datagrams, where time counts: sockaddr_in and sockaddr_in6 lie alike in Winsock's
//! memory and the kernel's; only the number of the family differs.

use super::{INET_LENGTH, INET6_LENGTH};
use crate::abi::{AF_INET, AF_INET6, SOCKADDR};
use crate::error::{Result, WsaError};
use crate::sys::guard::UserPointer;
use crate::sys::socket::INET_ROOM;
use std::net::SocketAddr;

/// The bytes of a sockaddr_in or sockaddr_in6 as the kernel has them, and how many they are.
#[derive(Debug)]
pub(crate) struct Inet {
    bytes: [u8; INET_ROOM],
    length: usize,
}

/// How many bytes an address of the family takes.
const fn length_in(family: i32) -> usize {
    if family == AF_INET6 {
        INET6_LENGTH
    } else {
        INET_LENGTH
    }
}

/// The first two bytes of an address of the family, as the kernel has them.
const fn kernel_family(family: i32) -> [u8; 2] {
    (super::kernel_family(family) as u16).to_ne_bytes()
}

impl From<SocketAddr> for Inet {
    fn from(address: SocketAddr) -> Self {
        let mut bytes = [0; INET_ROOM];
        bytes[2..4].copy_from_slice(&address.port().to_be_bytes());
        let (family, length) = match address {
            SocketAddr::V4(address) => {
                bytes[4..8].copy_from_slice(&address.ip().octets());
                (AF_INET, length_in(AF_INET))
            }
            SocketAddr::V6(address) => {
                bytes[4..8].copy_from_slice(&address.flowinfo().to_ne_bytes());
                bytes[8..24].copy_from_slice(&address.ip().octets());
                bytes[24..28].copy_from_slice(&address.scope_id().to_ne_bytes());
                (AF_INET6, length_in(AF_INET6))
            }
        };
        bytes[..2].copy_from_slice(&kernel_family(family));
        Self { bytes, length }
    }
}

impl Inet {
    /// Reads the caller's address for a socket of `family`: WSAEFAULT for too few bytes (OBS.16; more are welcome,
    /// OBS.15), WSAEAFNOSUPPORT for another family's.
    pub(crate) fn read(name: UserPointer<SOCKADDR>, length: i32, family: i32) -> Result<Self> {
        let given = usize::try_from(length).map_err(|_| WsaError::WSAEFAULT)?;
        let needed = length_in(family);
        let mut bytes = [0; INET_ROOM];
        if given < needed {
            return Err(Self::too_short(name, given, family));
        }
        name.cast::<u8>().read_slice(&mut bytes[..needed])?;
        if i32::from(u16::from_ne_bytes([bytes[0], bytes[1]])) != family {
            return Err(WsaError::WSAEAFNOSUPPORT);
        }
        bytes[..2].copy_from_slice(&kernel_family(family));
        Ok(Self {
            bytes,
            length: needed,
        })
    }

    /// The family is judged before the length, where there is one.
    #[cold]
    fn too_short(name: UserPointer<SOCKADDR>, given: usize, family: i32) -> WsaError {
        if given >= size_of::<u16>()
            && name
                .cast::<u16>()
                .read()
                .is_ok_and(|found| i32::from(found) != family)
        {
            WsaError::WSAEAFNOSUPPORT
        } else {
            WsaError::WSAEFAULT
        }
    }

    /// An address that the kernel wrote; `None` if it wrote none.
    pub(crate) const fn from_kernel(bytes: [u8; INET_ROOM], length: usize) -> Option<Self> {
        if length == INET_LENGTH || length == INET6_LENGTH {
            Some(Self { bytes, length })
        } else {
            None
        }
    }

    /// The address in the kernel's form.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// The port, in network order, is 0.
    pub(crate) const fn is_portless(&self) -> bool {
        self.bytes[2] == 0 && self.bytes[3] == 0
    }

    /// All zeros where the host part stands.
    pub(crate) fn is_wildcard(&self) -> bool {
        let host = if self.length == INET6_LENGTH { 8..24 } else { 4..8 };
        self.bytes[host].iter().all(|&byte| byte == 0)
    }

    /// Writes the address to a caller who has told that there is room for one of the socket's `family`, and its length.
    pub(crate) fn write(
        mut self,
        name: UserPointer<SOCKADDR>,
        length: UserPointer<i32>,
        family: i32,
    ) -> Result<()> {
        self.bytes[..2].copy_from_slice(&(family as u16).to_ne_bytes());
        name.cast::<u8>().write_slice(self.as_bytes())?;
        Ok(length.write(self.length as i32)?)
    }

    /// How much room a caller needs for an address of `family`.
    pub(crate) const fn room(family: i32) -> i32 {
        length_in(family) as i32
    }
}
