//! The base provider's catalog entries, as Windows lists its own: TCP, UDP and raw sockets over IPv4 and IPv6,
//! and AF_UNIX streams.

use crate::abi::*;

/// One protocol of the base provider: what its catalog entry says, and what the kernel calls it.
#[derive(Debug)]
pub(crate) struct Protocol {
    pub(crate) catalog_entry: u32,
    pub(crate) family: i32,
    pub(crate) kind: i32,
    pub(crate) protocol: i32,
    name: &'static str,
    provider: GUID,
    service_flags: u32,
    provider_flags: u32,
    address_lengths: std::ops::RangeInclusive<i32>,
    message_size: u32,
}

const fn guid(first: u32, second: u16, third: u16, rest: [u8; 8]) -> GUID {
    GUID {
        Data1: first,
        Data2: second,
        Data3: third,
        Data4: rest,
    }
}

const TCPIP: GUID = guid(
    0xe70f_1aa0,
    0xab8b,
    0x11cf,
    [0x8c, 0xa3, 0x00, 0x80, 0x5f, 0x48, 0xa1, 0x92],
);
const TCPIPV6: GUID = guid(
    0xf9ea_b0c0,
    0x26d4,
    0x11d0,
    [0xbb, 0xbf, 0x00, 0xaa, 0x00, 0x6c, 0x34, 0xe4],
);
const UNIX: GUID = guid(
    0xa009_43d9,
    0x9c2e,
    0x4633,
    [0x9b, 0x59, 0x00, 0x57, 0xa3, 0x16, 0x09, 0x94],
);

const STREAM: u32 = XP1_GUARANTEED_DELIVERY | XP1_GUARANTEED_ORDER | XP1_GRACEFUL_CLOSE | XP1_IFS_HANDLES;
const DATAGRAM: u32 = XP1_CONNECTIONLESS
    | XP1_MESSAGE_ORIENTED
    | XP1_SUPPORT_BROADCAST
    | XP1_SUPPORT_MULTIPOINT
    | XP1_IFS_HANDLES;

/// The longest datagram: what is left of 64 KiB after the headers.
const UDP_MESSAGE: u32 = 65507;
const UDP6_MESSAGE: u32 = 65527;
const RAW_MESSAGE: u32 = 65515;

/// The entries, in catalog order.
pub(crate) static PROTOCOLS: [Protocol; 7] = [
    Protocol {
        catalog_entry: 1001,
        family: AF_INET,
        kind: SOCK_STREAM,
        protocol: IPPROTO_TCP,
        name: "MSAFD Tcpip [TCP/IP]",
        provider: TCPIP,
        service_flags: STREAM | XP1_EXPEDITED_DATA,
        provider_flags: PFL_MATCHES_PROTOCOL_ZERO,
        address_lengths: 16..=16,
        message_size: 0,
    },
    Protocol {
        catalog_entry: 1002,
        family: AF_INET,
        kind: SOCK_DGRAM,
        protocol: IPPROTO_UDP,
        name: "MSAFD Tcpip [UDP/IP]",
        provider: TCPIP,
        service_flags: DATAGRAM,
        provider_flags: PFL_MATCHES_PROTOCOL_ZERO,
        address_lengths: 16..=16,
        message_size: UDP_MESSAGE,
    },
    Protocol {
        catalog_entry: 1003,
        family: AF_INET,
        kind: SOCK_RAW,
        protocol: IPPROTO_IP,
        name: "MSAFD Tcpip [RAW/IP]",
        provider: TCPIP,
        service_flags: DATAGRAM,
        provider_flags: PFL_HIDDEN | PFL_MATCHES_PROTOCOL_ZERO,
        address_lengths: 16..=16,
        message_size: RAW_MESSAGE,
    },
    Protocol {
        catalog_entry: 1004,
        family: AF_INET6,
        kind: SOCK_STREAM,
        protocol: IPPROTO_TCP,
        name: "MSAFD Tcpip [TCP/IPv6]",
        provider: TCPIPV6,
        service_flags: STREAM | XP1_EXPEDITED_DATA,
        provider_flags: PFL_MATCHES_PROTOCOL_ZERO,
        address_lengths: 28..=28,
        message_size: 0,
    },
    Protocol {
        catalog_entry: 1005,
        family: AF_INET6,
        kind: SOCK_DGRAM,
        protocol: IPPROTO_UDP,
        name: "MSAFD Tcpip [UDP/IPv6]",
        provider: TCPIPV6,
        service_flags: DATAGRAM,
        provider_flags: PFL_MATCHES_PROTOCOL_ZERO,
        address_lengths: 28..=28,
        message_size: UDP6_MESSAGE,
    },
    Protocol {
        catalog_entry: 1006,
        family: AF_INET6,
        kind: SOCK_RAW,
        protocol: IPPROTO_IP,
        name: "MSAFD Tcpip [RAW/IPv6]",
        provider: TCPIPV6,
        service_flags: DATAGRAM,
        provider_flags: PFL_HIDDEN | PFL_MATCHES_PROTOCOL_ZERO,
        address_lengths: 28..=28,
        message_size: RAW_MESSAGE,
    },
    Protocol {
        catalog_entry: 1007,
        family: AF_UNIX,
        kind: SOCK_STREAM,
        protocol: 0,
        name: "AF_UNIX",
        provider: UNIX,
        service_flags: STREAM,
        provider_flags: PFL_MATCHES_PROTOCOL_ZERO,
        address_lengths: 2..=110,
        message_size: 0,
    },
];

impl Protocol {
    /// Connection-oriented: it can listen, accept and be connected.
    pub(crate) const fn is_stream(&self) -> bool {
        self.kind == SOCK_STREAM
    }

    /// Offers all of `services` (XP1_*).
    pub(crate) const fn has_service(&self, services: u32) -> bool {
        self.service_flags & services == services
    }

    /// Offers urgent data.
    pub(crate) const fn has_out_of_band(&self) -> bool {
        self.service_flags & XP1_EXPEDITED_DATA != 0
    }

    /// The id of the provider, which is that of the family.
    pub(crate) const fn provider(&self) -> GUID {
        self.provider
    }

    /// The largest message (SO_MAX_MSG_SIZE), 0 where messages have no meaning.
    pub(crate) const fn message_size(&self) -> u32 {
        self.message_size
    }

    /// The entry as programs see it.
    pub(crate) fn info(&self) -> WSAPROTOCOL_INFOW {
        let mut name = [0u16; 256];
        for (unit, letter) in name.iter_mut().zip(self.name.encode_utf16()) {
            *unit = letter;
        }
        WSAPROTOCOL_INFOW {
            dwServiceFlags1: self.service_flags,
            dwServiceFlags2: 0,
            dwServiceFlags3: 0,
            dwServiceFlags4: 0,
            dwProviderFlags: self.provider_flags,
            ProviderId: self.provider,
            dwCatalogEntryId: self.catalog_entry,
            ProtocolChain: WSAPROTOCOLCHAIN {
                ChainLen: BASE_PROTOCOL,
                ChainEntries: [0; 7],
            },
            iVersion: 2,
            iAddressFamily: self.family,
            iMaxSockAddr: *self.address_lengths.end(),
            iMinSockAddr: *self.address_lengths.start(),
            iSocketType: self.kind,
            iProtocol: self.protocol,
            // A raw entry stands for every protocol number.
            iProtocolMaxOffset: if self.kind == SOCK_RAW { IPPROTO_RAW } else { 0 },
            iNetworkByteOrder: 0,
            iSecurityScheme: 0,
            dwMessageSize: self.message_size,
            dwProviderReserved: 0,
            szProtocol: name,
        }
    }

    /// The entry that a structure names, if it is one of ours (LP.4: base providers see their own entries only).
    pub(crate) fn of_info(info: &WSAPROTOCOL_INFOW) -> Option<&'static Self> {
        PROTOCOLS.iter().find(|protocol| {
            protocol.catalog_entry == info.dwCatalogEntryId && protocol.provider == info.ProviderId
        })
    }
}
