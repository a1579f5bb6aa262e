//! The control codes of WSPIoctl, and the structures that go with them.

use super::GUID;
use crate::sys::guard::plain;

pub const FIONBIO: u32 = 0x8004_667e;
pub const FIONREAD: u32 = 0x4004_667f;
pub const SIOCATMARK: u32 = 0x4004_7307;

pub const SIO_ASSOCIATE_HANDLE: u32 = 0x8800_0001;
pub const SIO_ENABLE_CIRCULAR_QUEUEING: u32 = 0x2800_0002;
pub const SIO_FIND_ROUTE: u32 = 0x4800_0003;
pub const SIO_FLUSH: u32 = 0x2800_0004;
pub const SIO_GET_BROADCAST_ADDRESS: u32 = 0x4800_0005;
pub const SIO_GET_EXTENSION_FUNCTION_POINTER: u32 = 0xc800_0006;
pub const SIO_GET_QOS: u32 = 0xc800_0007;
pub const SIO_GET_GROUP_QOS: u32 = 0xc800_0008;
pub const SIO_MULTIPOINT_LOOPBACK: u32 = 0x8800_0009;
pub const SIO_MULTICAST_SCOPE: u32 = 0x8800_000a;
pub const SIO_SET_QOS: u32 = 0x8800_000b;
pub const SIO_SET_GROUP_QOS: u32 = 0x8800_000c;
pub const SIO_TRANSLATE_HANDLE: u32 = 0xc800_000d;
pub const SIO_ROUTING_INTERFACE_QUERY: u32 = 0xc800_0014;
pub const SIO_ROUTING_INTERFACE_CHANGE: u32 = 0x8800_0015;
pub const SIO_ADDRESS_LIST_QUERY: u32 = 0x4800_0016;
pub const SIO_ADDRESS_LIST_CHANGE: u32 = 0x2800_0017;
pub const SIO_QUERY_TARGET_PNP_HANDLE: u32 = 0x4800_0018;
pub const SIO_ADDRESS_LIST_SORT: u32 = 0xc800_0019;

pub const SIO_BSP_HANDLE: u32 = 0x4800_001b;
pub const SIO_BSP_HANDLE_SELECT: u32 = 0x4800_001c;
pub const SIO_BSP_HANDLE_POLL: u32 = 0x4800_001d;
pub const SIO_EXT_SELECT: u32 = 0xc800_001e;
pub const SIO_EXT_POLL: u32 = 0xc800_001f;
pub const SIO_EXT_SENDMSG: u32 = 0xc800_0020;
pub const SIO_BASE_HANDLE: u32 = 0x4800_0022;

pub const SIO_GET_INTERFACE_LIST: u32 = 0x4004_747f;
pub const SIO_GET_INTERFACE_LIST_EX: u32 = 0x4004_747e;
pub const SIO_SET_MULTICAST_FILTER: u32 = 0x8004_747d;
pub const SIO_GET_MULTICAST_FILTER: u32 = 0x8004_747c;
pub const SIOCSMSFILTER: u32 = 0x8004_747e;
pub const SIOCGMSFILTER: u32 = 0x8004_747f;
pub const SIO_IDEAL_SEND_BACKLOG_QUERY: u32 = 0x4004_747b;
pub const SIO_IDEAL_SEND_BACKLOG_CHANGE: u32 = 0x2000_747a;

pub const SIO_RCVALL: u32 = 0x9800_0001;
pub const SIO_RCVALL_MCAST: u32 = 0x9800_0002;
pub const SIO_RCVALL_IGMPMCAST: u32 = 0x9800_0003;
pub const SIO_KEEPALIVE_VALS: u32 = 0x9800_0004;
pub const SIO_ABSORB_RTRALERT: u32 = 0x9800_0005;
pub const SIO_UCAST_IF: u32 = 0x9800_0006;
pub const SIO_LIMIT_BROADCASTS: u32 = 0x9800_0007;
pub const SIO_INDEX_BIND: u32 = 0x9800_0008;
pub const SIO_INDEX_MCASTIF: u32 = 0x9800_0009;
pub const SIO_INDEX_ADD_MCAST: u32 = 0x9800_000a;
pub const SIO_INDEX_DEL_MCAST: u32 = 0x9800_000b;
pub const SIO_UDP_CONNRESET: u32 = 0x9800_000c;
pub const SIO_RCVALL_MCAST_IF: u32 = 0x9800_000d;
pub const SIO_RCVALL_IF: u32 = 0x9800_000e;
pub const SIO_UDP_NETRESET: u32 = 0x9800_000f;
pub const SIO_LOOPBACK_FAST_PATH: u32 = 0x9800_0010;
pub const SIO_TCP_INITIAL_RTO: u32 = 0x9800_0011;
pub const SIO_APPLY_TRANSPORT_SETTING: u32 = 0x9800_0013;
pub const SIO_QUERY_TRANSPORT_SETTING: u32 = 0x9800_0014;
pub const SIO_TCP_SET_ICW: u32 = 0x9800_0016;
pub const SIO_TCP_SET_ACK_FREQUENCY: u32 = 0x9800_0017;
pub const SIO_SET_PRIORITY_HINT: u32 = 0x9800_0018;
pub const SIO_TCP_INFO: u32 = 0xd800_0027;
pub const SIO_CPU_AFFINITY: u32 = 0x9800_0015;
pub const SIO_TIMESTAMPING: u32 = 0x9800_00eb;
pub const SIO_GET_TX_TIMESTAMP: u32 = 0x9800_00ea;
pub const SIO_ACQUIRE_PORT_RESERVATION: u32 = 0x9800_0064;
pub const SIO_RELEASE_PORT_RESERVATION: u32 = 0x9800_0065;
pub const SIO_ASSOCIATE_PORT_RESERVATION: u32 = 0x9800_0066;

pub const SIO_AF_UNIX_GETPEERPID: u32 = 0x5800_0100;
pub const SIO_AF_UNIX_SETBINDPARENTPATH: u32 = 0x9800_0101;
pub const SIO_AF_UNIX_SETCONNPARENTPATH: u32 = 0x9800_0102;

/// Codes that the headers leave to their users, as the pages give them.
pub const SIO_QUERY_WFP_ALE_ENDPOINT_HANDLE: u32 = 0x5800_00cd;
pub const SIO_QUERY_RSS_SCALABILITY_INFO: u32 = 0x5800_00d2;
pub const SIO_SET_COMPATIBILITY_MODE: u32 = 0x9800_012c;

pub const IFF_UP: u32 = 0x1;
pub const IFF_BROADCAST: u32 = 0x2;
pub const IFF_LOOPBACK: u32 = 0x4;
pub const IFF_POINTTOPOINT: u32 = 0x8;
pub const IFF_MULTICAST: u32 = 0x10;

pub const RCVALL_OFF: u32 = 0;
pub const RCVALL_ON: u32 = 1;
pub const RCVALL_SOCKETLEVELONLY: u32 = 2;
pub const RCVALL_IPLEVEL: u32 = 3;

pub const TCPSTATE_CLOSED: u32 = 0;
pub const TCPSTATE_LISTEN: u32 = 1;
pub const TCPSTATE_SYN_SENT: u32 = 2;
pub const TCPSTATE_SYN_RCVD: u32 = 3;
pub const TCPSTATE_ESTABLISHED: u32 = 4;
pub const TCPSTATE_FIN_WAIT_1: u32 = 5;
pub const TCPSTATE_FIN_WAIT_2: u32 = 6;
pub const TCPSTATE_CLOSE_WAIT: u32 = 7;
pub const TCPSTATE_CLOSING: u32 = 8;
pub const TCPSTATE_LAST_ACK: u32 = 9;
pub const TCPSTATE_TIME_WAIT: u32 = 10;

pub const WSAID_ACCEPTEX: GUID = GUID {
    Data1: 0xb536_7df1,
    Data2: 0xcbac,
    Data3: 0x11cf,
    Data4: [0x95, 0xca, 0x00, 0x80, 0x5f, 0x48, 0xa1, 0x92],
};
pub const WSAID_CONNECTEX: GUID = GUID {
    Data1: 0x25a2_07b9,
    Data2: 0xddf3,
    Data3: 0x4660,
    Data4: [0x8e, 0xe9, 0x76, 0xe5, 0x8c, 0x74, 0x06, 0x3e],
};
pub const WSAID_DISCONNECTEX: GUID = GUID {
    Data1: 0x7fda_2e11,
    Data2: 0x8630,
    Data3: 0x436f,
    Data4: [0xa0, 0x31, 0xf5, 0x36, 0xa6, 0xee, 0xc1, 0x57],
};
pub const WSAID_GETACCEPTEXSOCKADDRS: GUID = GUID {
    Data1: 0xb536_7df2,
    Data2: 0xcbac,
    Data3: 0x11cf,
    Data4: [0x95, 0xca, 0x00, 0x80, 0x5f, 0x48, 0xa1, 0x92],
};
pub const WSAID_TRANSMITFILE: GUID = GUID {
    Data1: 0xb536_7df0,
    Data2: 0xcbac,
    Data3: 0x11cf,
    Data4: [0x95, 0xca, 0x00, 0x80, 0x5f, 0x48, 0xa1, 0x92],
};
pub const WSAID_TRANSMITPACKETS: GUID = GUID {
    Data1: 0xd968_9da0,
    Data2: 0x1f90,
    Data3: 0x11d3,
    Data4: [0x99, 0x71, 0x00, 0xc0, 0x4f, 0x68, 0xc8, 0x76],
};
pub const WSAID_WSAPOLL: GUID = GUID {
    Data1: 0x18c7_6f85,
    Data2: 0xdc66,
    Data3: 0x4964,
    Data4: [0x97, 0x2e, 0x23, 0xc2, 0x72, 0x38, 0x31, 0x2b],
};
pub const WSAID_WSARECVMSG: GUID = GUID {
    Data1: 0xf689_d7c8,
    Data2: 0x6f1f,
    Data3: 0x436b,
    Data4: [0x8a, 0x53, 0xe5, 0x4f, 0xe3, 0x51, 0xc3, 0x22],
};
pub const WSAID_WSASENDMSG: GUID = GUID {
    Data1: 0xa441_e712,
    Data2: 0x754f,
    Data3: 0x43ca,
    Data4: [0x84, 0xa7, 0x0d, 0xee, 0x44, 0xcf, 0x60, 0x6d],
};

#[derive(Clone, Copy)]
#[repr(C)]
pub struct SOCKET_ADDRESS {
    pub lpSockaddr: usize,
    pub iSockaddrLength: i32,
    pub padding: u32,
}

/// What WSAConnectByList is given: a count, and so many addresses.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct SOCKET_ADDRESS_LIST {
    pub iAddressCount: i32,
    pub Address: [SOCKET_ADDRESS; 1],
}

/// The address of an interface: `sockaddr_in`, or the old `sockaddr_in6` without a scope.
#[derive(Clone, Copy, Default)]
#[repr(C, align(4))]
pub struct sockaddr_gen(pub [u8; 24]);

#[derive(Clone, Copy)]
#[repr(C)]
pub struct INTERFACE_INFO {
    pub iiFlags: u32,
    pub iiAddress: sockaddr_gen,
    pub iiBroadcastAddress: sockaddr_gen,
    pub iiNetmask: sockaddr_gen,
}

/// Milliseconds.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct tcp_keepalive {
    pub onoff: u32,
    pub keepalivetime: u32,
    pub keepaliveinterval: u32,
}

#[derive(Clone, Copy, Default)]
#[repr(C)]
pub struct TCP_INFO_v0 {
    pub State: u32,
    pub Mss: u32,
    pub ConnectionTimeMs: u64,
    pub TimestampsEnabled: u8,
    pub padding: [u8; 3],
    pub RttUs: u32,
    pub MinRttUs: u32,
    pub BytesInFlight: u32,
    pub Cwnd: u32,
    pub SndWnd: u32,
    pub RcvWnd: u32,
    pub RcvBuf: u32,
    pub BytesOut: u64,
    pub BytesIn: u64,
    pub BytesReordered: u32,
    pub BytesRetrans: u32,
    pub FastRetrans: u32,
    pub DupAcksIn: u32,
    pub TimeoutEpisodes: u32,
    pub SynRetrans: u8,
    pub padding_at_end: [u8; 3],
}

plain!(SOCKET_ADDRESS, INTERFACE_INFO, tcp_keepalive, TCP_INFO_v0);
