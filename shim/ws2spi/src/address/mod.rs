//! Socket addresses: Winsock's on the caller's side, the kernel's on the other.

pub(crate) mod inet;
pub(crate) mod text;

use crate::abi::*;
use crate::error::{Result, WsaError};
use crate::sys::guard::UserPointer;
use socket2::SockAddr;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::os::unix::ffi::OsStrExt;

/// Winsock's sizes: sockaddr_in, sockaddr_in6, and sockaddr_un with its whole path.
const INET_LENGTH: usize = 16;
const INET6_LENGTH: usize = 28;
const UNIX_LENGTH: usize = 110;

/// How many bytes a whole address has in a family that is served here.
pub(crate) const fn length(family: i32) -> Option<usize> {
    match family {
        AF_INET => Some(INET_LENGTH),
        AF_INET6 => Some(INET6_LENGTH),
        AF_UNIX => Some(UNIX_LENGTH),
        _ => None,
    }
}

/// The kernel's number for one of those families.
pub(crate) const fn kernel_family(family: i32) -> i32 {
    match family {
        AF_INET6 => libc::AF_INET6,
        AF_UNIX => libc::AF_UNIX,
        _ => libc::AF_INET,
    }
}

/// An address of one of the families served here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Address {
    Internet(SocketAddr),
    /// The bytes of `sun_path` up to its end; empty for an unnamed socket.
    Unix(Box<[u8]>),
}

/// An address as it stands in the caller's memory: its family, and where the rest is.
#[derive(Clone, Copy)]
pub(crate) struct Unread {
    pub(crate) family: i32,
    at: UserPointer<u8>,
    length: usize,
}

impl Unread {
    /// Looks at the family of the `length` bytes at `name`; WSAEFAULT when they cannot be read or are too few.
    pub(crate) fn new(name: UserPointer<SOCKADDR>, length: i32) -> Result<Self> {
        let length = usize::try_from(length).map_err(|_| WsaError::WSAEFAULT)?;
        if length < size_of::<u16>() {
            return Err(WsaError::WSAEFAULT);
        }
        let family = name.cast::<u16>().read()?;
        Ok(Self {
            family: i32::from(family),
            at: name.cast(),
            length,
        })
    }

    /// Reads the rest; WSAEFAULT when the bytes are too few for the family (OBS.16), more are welcome (OBS.15).
    /// A family that is not served here is WSAEAFNOSUPPORT.
    pub(crate) fn read(self) -> Result<Address> {
        let mut bytes = [0u8; UNIX_LENGTH];
        let (least, most) = match self.family {
            AF_INET => (INET_LENGTH, INET_LENGTH),
            AF_INET6 => (INET6_LENGTH, INET6_LENGTH),
            AF_UNIX => (size_of::<u16>(), UNIX_LENGTH),
            _ => return Err(WsaError::WSAEAFNOSUPPORT),
        };
        if self.length < least {
            return Err(WsaError::WSAEFAULT);
        }
        let bytes = &mut bytes[..self.length.min(most)];
        self.at.read_slice(bytes)?;
        Ok(match self.family {
            AF_INET => Address::Internet(SocketAddr::V4(read_inet(bytes))),
            AF_INET6 => Address::Internet(SocketAddr::V6(read_inet6(bytes))),
            _ => Address::Unix(unix_path(&bytes[2..]).into()),
        })
    }
}

fn read_inet(bytes: &[u8]) -> SocketAddrV4 {
    SocketAddrV4::new(
        Ipv4Addr::from(array::<4>(bytes, 4)),
        u16::from_be_bytes(array(bytes, 2)),
    )
}

fn read_inet6(bytes: &[u8]) -> SocketAddrV6 {
    SocketAddrV6::new(
        Ipv6Addr::from(array::<16>(bytes, 8)),
        u16::from_be_bytes(array(bytes, 2)),
        u32::from_ne_bytes(array(bytes, 4)),
        u32::from_ne_bytes(array(bytes, 24)),
    )
}

/// `N` bytes from `start`; the callers have checked the length.
fn array<const N: usize>(bytes: &[u8], start: usize) -> [u8; N] {
    let mut array = [0; N];
    array.copy_from_slice(&bytes[start..start + N]);
    array
}

/// A path ends at its first NUL, unless that is its first byte: then it is a name in Linux' abstract name space.
fn unix_path(bytes: &[u8]) -> &[u8] {
    if bytes.first() == Some(&0) && bytes.iter().any(|&byte| byte != 0) {
        let end = bytes
            .iter()
            .rposition(|&byte| byte != 0)
            .map_or(0, |last| last + 1);
        return &bytes[..end];
    }
    bytes.split(|&byte| byte == 0).next().unwrap_or_default()
}

impl Address {
    /// The Winsock number of the family.
    pub(crate) const fn family(&self) -> i32 {
        match self {
            Self::Internet(SocketAddr::V4(_)) => AF_INET,
            Self::Internet(SocketAddr::V6(_)) => AF_INET6,
            Self::Unix(_) => AF_UNIX,
        }
    }

    /// The wildcard address of a family, port 0.
    pub(crate) fn any(family: i32) -> Self {
        match family {
            AF_INET6 => Self::Internet(SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0))),
            AF_UNIX => Self::Unix(Box::default()),
            _ => Self::Internet(SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0))),
        }
    }

    /// The IP address, if it has one.
    pub(crate) fn ip(&self) -> Option<IpAddr> {
        match self {
            Self::Internet(address) => Some(address.ip()),
            Self::Unix(_) => None,
        }
    }

    /// The port; 0 where there is none.
    pub(crate) fn port(&self) -> u16 {
        match self {
            Self::Internet(address) => address.port(),
            Self::Unix(_) => 0,
        }
    }

    /// The same host, another port.
    pub(crate) fn with_port(&self, port: u16) -> Self {
        match self {
            Self::Internet(address) => {
                let mut address = *address;
                address.set_port(port);
                Self::Internet(address)
            }
            Self::Unix(path) => Self::Unix(path.clone()),
        }
    }

    /// All zeros where the host part stands, also as an IPv4 address in IPv6.
    pub(crate) fn is_wildcard(&self) -> bool {
        self.ip().is_some_and(|ip| ip.to_canonical().is_unspecified())
    }

    /// The address in the kernel's form.
    pub(crate) fn to_kernel(&self) -> Result<SockAddr> {
        match self {
            Self::Internet(address) => Ok(SockAddr::from(*address)),
            Self::Unix(path) => {
                SockAddr::unix(std::ffi::OsStr::from_bytes(path)).map_err(|_| WsaError::WSAEFAULT)
            }
        }
    }

    /// An address that the kernel gave.
    pub(crate) fn from_kernel(address: &SockAddr) -> Option<Self> {
        if let Some(address) = address.as_socket() {
            return Some(Self::Internet(address));
        }
        if !address.is_unix() {
            return None;
        }
        let path = match (address.as_pathname(), address.as_abstract_namespace()) {
            (Some(path), _) => path.as_os_str().as_bytes().into(),
            (None, Some(name)) => [b"\0", name].concat().into(),
            (None, None) => Box::default(),
        };
        Some(Self::Unix(path))
    }

    /// Calls `take` with the bytes of the address in Winsock's form; `sin_zero` is zero (OBS.13).
    pub(crate) fn with_bytes<T>(&self, take: impl FnOnce(&[u8]) -> T) -> T {
        let mut bytes = [0u8; UNIX_LENGTH];
        bytes[..2].copy_from_slice(&(self.family() as u16).to_ne_bytes());
        let length = match self {
            Self::Internet(SocketAddr::V4(address)) => {
                bytes[2..4].copy_from_slice(&address.port().to_be_bytes());
                bytes[4..8].copy_from_slice(&address.ip().octets());
                INET_LENGTH
            }
            Self::Internet(SocketAddr::V6(address)) => {
                bytes[2..4].copy_from_slice(&address.port().to_be_bytes());
                bytes[4..8].copy_from_slice(&address.flowinfo().to_ne_bytes());
                bytes[8..24].copy_from_slice(&address.ip().octets());
                bytes[24..28].copy_from_slice(&address.scope_id().to_ne_bytes());
                INET6_LENGTH
            }
            Self::Unix(path) => {
                let length = path.len().min(UNIX_LENGTH - 2);
                bytes[2..2 + length].copy_from_slice(&path[..length]);
                UNIX_LENGTH
            }
        };
        take(&bytes[..length])
    }

    /// Writes the address to the caller: as much room as `*length` says, the true length back. Too little room is
    /// WSAEFAULT with the length untouched (OBS.13).
    pub(crate) fn write(&self, name: UserPointer<SOCKADDR>, length: UserPointer<i32>) -> Result<()> {
        let room = usize::try_from(length.read()?).unwrap_or(0);
        self.with_bytes(|bytes| {
            if name.is_null() || room < bytes.len() {
                return Err(WsaError::WSAEFAULT);
            }
            name.cast::<u8>().write_slice(bytes)?;
            Ok(length.write(bytes.len() as i32)?)
        })
    }
}
