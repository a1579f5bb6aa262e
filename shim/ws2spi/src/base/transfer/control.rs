//! The control data of a datagram: Winsock's messages for the kernel's, and back.
//!
//! Both lay a message out alike: its length with the head, level and type, then the data, each part aligned to eight
//! bytes. The numbers differ, and some of the data.

use crate::abi::*;
use crate::error::{Result, WsaError};
use crate::object::options::Switch;
use crate::object::socket::Socket;
use crate::sys::socket as kernel;
use smallvec::SmallVec;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Length, level and type.
const HEAD: usize = 16;

/// Most messages fit without an allocation.
pub(super) type Bytes = SmallVec<[u8; 128]>;

/// What the lowest two bits of the type of service say.
const ECN_BITS: i32 = 3;

struct Message<'a> {
    level: i32,
    kind: i32,
    data: &'a [u8],
}

const fn aligned(length: usize) -> usize {
    (length + 7) & !7
}

/// The first `N` bytes from `at` on.
fn field<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at + N)?.try_into().ok()
}

impl Message<'_> {
    fn int(&self) -> Option<i32> {
        field(self.data, 0).map(i32::from_ne_bytes)
    }
}

/// The messages one after the other; `None` in the place of one that is cut off, which is the last.
fn messages(mut bytes: &[u8]) -> impl Iterator<Item = Option<Message<'_>>> {
    std::iter::from_fn(move || {
        if bytes.is_empty() {
            return None;
        }
        let whole = std::mem::take(&mut bytes);
        let message = first(whole);
        if let Some(message) = &message {
            bytes = whole
                .get(aligned(HEAD + message.data.len())..)
                .unwrap_or_default();
        }
        Some(message)
    })
}

fn first(bytes: &[u8]) -> Option<Message<'_>> {
    let length = usize::from_ne_bytes(field(bytes, 0)?);
    Some(Message {
        level: i32::from_ne_bytes(field(bytes, 8)?),
        kind: i32::from_ne_bytes(field(bytes, 12)?),
        data: bytes.get(HEAD..length)?,
    })
}

/// Appends a message, with the padding behind it.
fn put(bytes: &mut Bytes, level: i32, kind: i32, data: &[u8]) {
    bytes.extend_from_slice(&(HEAD + data.len()).to_ne_bytes());
    bytes.extend_from_slice(&level.to_ne_bytes());
    bytes.extend_from_slice(&kind.to_ne_bytes());
    bytes.extend_from_slice(data);
    bytes.resize(aligned(bytes.len()), 0);
}

/// What the program is told of a datagram's arrival.
#[derive(Default)]
pub(super) struct Arrival {
    pub(super) bytes: Bytes,
    /// `MSG_BCAST`, `MSG_MCAST`, and `MSG_CTRUNC` when not all messages found room.
    pub(super) flags: u32,
}

impl Arrival {
    /// Translates the kernel's control data, of which there is `room` for so many bytes.
    pub(super) fn new(socket: &Socket, control: &[u8], room: usize) -> Self {
        let mut arrival = Self::default();
        for message in messages(control).flatten() {
            arrival.take(socket, &message, room);
        }
        arrival
    }

    fn take(&mut self, socket: &Socket, message: &Message<'_>, room: usize) {
        let is_on = |switch| socket.options.is_on(switch);
        let mut tell = |level, kind, data: &[u8]| {
            if aligned(HEAD + data.len()) > room - self.bytes.len() {
                self.flags |= MSG_CTRUNC;
            } else {
                put(&mut self.bytes, level, kind, data);
            }
        };
        match (message.level, message.kind) {
            (libc::IPPROTO_IP, libc::IP_PKTINFO) => {
                let Some(info) = KernelInfo::new(message.data) else {
                    return;
                };
                if is_on(Switch::PACKET_INFO) {
                    tell(IPPROTO_IP, IP_PKTINFO, &info.to_winsock());
                }
                self.flags |= info.casts();
            }
            (libc::IPPROTO_IPV6, libc::IPV6_PKTINFO) => {
                if is_on(Switch::PACKET_INFO6) {
                    tell(IPPROTO_IPV6, IPV6_PKTINFO, message.data);
                }
                let to = field(message.data, 0).map(|bytes: [u8; 16]| Ipv6Addr::from(bytes));
                if to.is_some_and(|to| to.is_multicast()) {
                    self.flags |= MSG_MCAST;
                }
            }
            (libc::IPPROTO_IP, libc::IP_TTL) => tell(IPPROTO_IP, IP_HOPLIMIT, message.data),
            (libc::IPPROTO_IPV6, libc::IPV6_HOPLIMIT) => tell(IPPROTO_IPV6, IPV6_HOPLIMIT, message.data),
            (libc::IPPROTO_IPV6, libc::IPV6_RTHDR) => tell(IPPROTO_IPV6, IPV6_RTHDR, message.data),
            (libc::IPPROTO_IP, libc::IP_TOS) => {
                // One byte, where Winsock has an int.
                let tos = message.data.first().map_or(0, |&tos| i32::from(tos));
                if is_on(Switch::TOS) {
                    tell(IPPROTO_IP, IP_TOS, &tos.to_ne_bytes());
                }
                if is_on(Switch::ECN) {
                    tell(IPPROTO_IP, IP_ECN, &(tos & ECN_BITS).to_ne_bytes());
                }
            }
            (libc::IPPROTO_IPV6, libc::IPV6_TCLASS) => {
                let class = message.int().unwrap_or(0);
                if is_on(Switch::TRAFFIC_CLASS) {
                    tell(IPPROTO_IPV6, IPV6_TCLASS, &class.to_ne_bytes());
                }
                if is_on(Switch::ECN6) {
                    tell(IPPROTO_IPV6, IPV6_ECN, &(class & ECN_BITS).to_ne_bytes());
                }
            }
            _ => {}
        }
    }
}

/// The kernel's `in_pktinfo`.
struct KernelInfo {
    interface: [u8; 4],
    /// Where an answer would come from; the same as `to` unless the datagram was sent to many.
    local: Ipv4Addr,
    to: Ipv4Addr,
}

impl KernelInfo {
    fn new(data: &[u8]) -> Option<Self> {
        Some(Self {
            interface: field(data, 0)?,
            local: Ipv4Addr::from(field::<4>(data, 4)?),
            to: Ipv4Addr::from(field::<4>(data, 8)?),
        })
    }

    fn to_winsock(&self) -> [u8; 8] {
        let mut info = [0; 8];
        info[..4].copy_from_slice(&self.to.octets());
        info[4..].copy_from_slice(&self.interface);
        info
    }

    fn casts(&self) -> u32 {
        // A datagram that came before the kernel was asked for this has no interface and no local address.
        let is_known = self.interface != [0; 4];
        if self.to.is_multicast() {
            MSG_MCAST
        } else if self.to.is_broadcast() || is_known && self.local != self.to {
            MSG_BCAST
        } else {
            0
        }
    }
}

/// Translates the program's control data for a send. WSAEINVAL for what is cut off, unknown, or not for the socket.
pub(super) fn to_kernel(socket: &Socket, control: &[u8]) -> Result<Bytes> {
    let mut bytes = Bytes::new();
    let mut inet = Service::default();
    let mut inet6 = Service::default();
    for message in messages(control) {
        let message = message.ok_or(WsaError::WSAEINVAL)?;
        if message.level == IPPROTO_IPV6 && socket.protocol.family != AF_INET6 {
            return Err(WsaError::WSAEINVAL);
        }
        let int = || message.int().ok_or(WsaError::WSAEINVAL);
        match (message.level, message.kind) {
            (IPPROTO_IP, IP_PKTINFO) => {
                let address: [u8; 4] = field(message.data, 0).ok_or(WsaError::WSAEINVAL)?;
                let interface: [u8; 4] = field(message.data, 4).ok_or(WsaError::WSAEINVAL)?;
                let mut info = [0; 12];
                info[..4].copy_from_slice(&interface);
                info[4..8].copy_from_slice(&address);
                put(&mut bytes, libc::IPPROTO_IP, libc::IP_PKTINFO, &info);
            }
            (IPPROTO_IPV6, IPV6_PKTINFO) => {
                put(&mut bytes, libc::IPPROTO_IPV6, libc::IPV6_PKTINFO, message.data);
            }
            (IPPROTO_IP, IP_HOPLIMIT | IP_TTL) => {
                put(&mut bytes, libc::IPPROTO_IP, libc::IP_TTL, &int()?.to_ne_bytes());
            }
            (IPPROTO_IPV6, IPV6_HOPLIMIT) => {
                let hops = int()?.to_ne_bytes();
                put(&mut bytes, libc::IPPROTO_IPV6, libc::IPV6_HOPLIMIT, &hops);
            }
            (IPPROTO_IP, IP_TOS) => inet.whole = Some(int()?),
            (IPPROTO_IP, IP_ECN) => inet.ecn = Some(int()?),
            (IPPROTO_IPV6, IPV6_TCLASS) => inet6.whole = Some(int()?),
            (IPPROTO_IPV6, IPV6_ECN) => inet6.ecn = Some(int()?),
            (IPPROTO_UDP, UDP_SEND_MSG_SIZE) => {
                let size = u16::try_from(int()?).map_err(|_| WsaError::WSAEINVAL)?;
                put(
                    &mut bytes,
                    libc::IPPROTO_UDP,
                    libc::UDP_SEGMENT,
                    &size.to_ne_bytes(),
                );
            }
            _ => return Err(WsaError::WSAEINVAL),
        }
    }
    inet.put(socket, &mut bytes, libc::IPPROTO_IP, libc::IP_TOS)?;
    inet6.put(socket, &mut bytes, libc::IPPROTO_IPV6, libc::IPV6_TCLASS)?;
    Ok(bytes)
}

/// The type of service, which two of Winsock's messages make up.
#[derive(Default)]
struct Service {
    whole: Option<i32>,
    ecn: Option<i32>,
}

impl Service {
    fn put(&self, socket: &Socket, bytes: &mut Bytes, level: i32, name: i32) -> Result<()> {
        let whole = match (self.whole, self.ecn) {
            (None, None) => return Ok(()),
            (Some(whole), None) => whole,
            (Some(whole), Some(ecn)) => whole & !ECN_BITS | ecn,
            (None, Some(ecn)) => {
                let kept: i32 = kernel::option(&socket.descriptor, level, name).unwrap_or(0);
                kept.max(0) & !ECN_BITS | ecn
            }
        };
        if self.ecn.is_some_and(|ecn| ecn & !ECN_BITS != 0) || whole & !0xff != 0 {
            return Err(WsaError::WSAEINVAL);
        }
        put(bytes, level, name, &whole.to_ne_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(level: i32, kind: i32, data: &[u8]) -> Bytes {
        let mut bytes = Bytes::new();
        put(&mut bytes, level, kind, data);
        bytes
    }

    #[test]
    fn messages_come_back_as_they_were_put() {
        let mut bytes = one(1, 2, b"abc");
        put(&mut bytes, 3, 4, b"");
        put(&mut bytes, 5, 6, b"12345678");
        assert_eq!(bytes.len(), 24 + 16 + 24);
        let found: Vec<_> = messages(&bytes)
            .flatten()
            .map(|message| (message.level, message.kind, message.data.to_vec()))
            .collect();
        let expected = [
            (1, 2, b"abc".to_vec()),
            (3, 4, vec![]),
            (5, 6, b"12345678".to_vec()),
        ];
        assert_eq!(found, expected);
    }

    /// The last message need not be padded, and one that is cut off ends the list, whatever its length claims.
    #[test]
    fn what_is_cut_off_is_the_end() {
        let bytes = one(1, 2, b"abc");
        assert!(messages(&bytes[..19]).all(|message| message.is_some()));
        for cut in 1..19 {
            let mut found = messages(&bytes[..cut]);
            assert!(matches!(found.next(), Some(None)), "{cut}");
            assert!(found.next().is_none());
        }
        for length in [0usize, 15, 25, usize::MAX, usize::MAX - 7] {
            let mut bytes = bytes.clone();
            bytes[..8].copy_from_slice(&length.to_ne_bytes());
            let mut found = messages(&bytes);
            assert!(matches!(found.next(), Some(None)), "{length}");
            assert!(found.next().is_none());
        }
    }
}
