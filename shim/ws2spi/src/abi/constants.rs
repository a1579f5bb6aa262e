//! Windows' numbers for families, types, protocols, flags, options and commands.

/// The failure value of int functions.
pub const SOCKET_ERROR: i32 = -1;
pub const INVALID_SOCKET: usize = usize::MAX;
pub const FROM_PROTOCOL_INFO: i32 = -1;

pub const AF_UNSPEC: i32 = 0;
pub const AF_UNIX: i32 = 1;
pub const AF_INET: i32 = 2;
pub const AF_INET6: i32 = 23;

pub const SOCK_STREAM: i32 = 1;
pub const SOCK_DGRAM: i32 = 2;
pub const SOCK_RAW: i32 = 3;
pub const SOCK_RDM: i32 = 4;
pub const SOCK_SEQPACKET: i32 = 5;

pub const IPPROTO_IP: i32 = 0;
pub const IPPROTO_TCP: i32 = 6;
pub const IPPROTO_UDP: i32 = 17;
pub const IPPROTO_IPV6: i32 = 41;
pub const IPPROTO_RAW: i32 = 255;

/// iNetworkByteOrder of a protocol.
pub const BIGENDIAN: i32 = 0;

pub const FILE_SKIP_COMPLETION_PORT_ON_SUCCESS: u32 = 1;
pub const FILE_SKIP_SET_EVENT_ON_HANDLE: u32 = 2;

pub const WSA_FLAG_OVERLAPPED: u32 = 0x01;
pub const WSA_FLAG_MULTIPOINT_C_ROOT: u32 = 0x02;
pub const WSA_FLAG_MULTIPOINT_C_LEAF: u32 = 0x04;
pub const WSA_FLAG_MULTIPOINT_D_ROOT: u32 = 0x08;
pub const WSA_FLAG_MULTIPOINT_D_LEAF: u32 = 0x10;
pub const WSA_FLAG_ACCESS_SYSTEM_SECURITY: u32 = 0x40;
pub const WSA_FLAG_NO_HANDLE_INHERIT: u32 = 0x80;
pub const WSA_FLAG_REGISTERED_IO: u32 = 0x100;

/// OVERLAPPED.Internal while a request is pending.
pub const WSS_OPERATION_IN_PROGRESS: u32 = 0x103;

/// A wait without end.
pub const INFINITE: u32 = 0xffff_ffff;
pub const MAXIMUM_WAIT_OBJECTS: u32 = 64;
pub const WAIT_OBJECT_0: u32 = 0;
pub const WAIT_IO_COMPLETION: u32 = 0xc0;
pub const WAIT_TIMEOUT: u32 = 0x102;
pub const WAIT_FAILED: u32 = 0xffff_ffff;

/// What WSAPoll is asked for, and answers.
pub const POLLERR: i16 = 0x1;
pub const POLLHUP: i16 = 0x2;
pub const POLLNVAL: i16 = 0x4;
pub const POLLWRNORM: i16 = 0x10;
pub const POLLRDNORM: i16 = 0x100;
pub const POLLRDBAND: i16 = 0x200;

/// Flags of TransmitFile and TransmitPackets.
pub const TF_DISCONNECT: u32 = 0x01;
pub const TF_REUSE_SOCKET: u32 = 0x02;
pub const TF_WRITE_BEHIND: u32 = 0x04;
pub const TF_USE_SYSTEM_THREAD: u32 = 0x10;
pub const TF_USE_KERNEL_APC: u32 = 0x20;
pub const TP_ELEMENT_MEMORY: u32 = 1;
pub const TP_ELEMENT_FILE: u32 = 2;
pub const TP_ELEMENT_EOP: u32 = 4;

pub const JL_SENDER_ONLY: u32 = 1;
pub const JL_RECEIVER_ONLY: u32 = 2;
pub const JL_BOTH: u32 = 4;

pub const SD_RECEIVE: i32 = 0;
pub const SD_SEND: i32 = 1;
pub const SD_BOTH: i32 = 2;

pub const SOMAXCONN: i32 = 0x7fff_ffff;

pub const CF_ACCEPT: i32 = 0;
pub const CF_REJECT: i32 = 1;
pub const CF_DEFER: i32 = 2;

pub const MSG_OOB: u32 = 0x1;
pub const MSG_PEEK: u32 = 0x2;
pub const MSG_DONTROUTE: u32 = 0x4;
pub const MSG_WAITALL: u32 = 0x8;
pub const MSG_INTERRUPT: u32 = 0x10;
pub const MSG_PUSH_IMMEDIATE: u32 = 0x20;
pub const MSG_TRUNC: u32 = 0x0100;
pub const MSG_CTRUNC: u32 = 0x0200;
pub const MSG_BCAST: u32 = 0x0400;
pub const MSG_MCAST: u32 = 0x0800;
pub const MSG_PARTIAL: u32 = 0x8000;

pub const FD_READ: u32 = 0x001;
pub const FD_WRITE: u32 = 0x002;
pub const FD_OOB: u32 = 0x004;
pub const FD_ACCEPT: u32 = 0x008;
pub const FD_CONNECT: u32 = 0x010;
pub const FD_CLOSE: u32 = 0x020;
pub const FD_QOS: u32 = 0x040;
pub const FD_GROUP_QOS: u32 = 0x080;
pub const FD_ROUTING_INTERFACE_CHANGE: u32 = 0x100;
pub const FD_ADDRESS_LIST_CHANGE: u32 = 0x200;

pub const XP1_CONNECTIONLESS: u32 = 0x1;
pub const XP1_GUARANTEED_DELIVERY: u32 = 0x2;
pub const XP1_GUARANTEED_ORDER: u32 = 0x4;
pub const XP1_MESSAGE_ORIENTED: u32 = 0x8;
pub const XP1_GRACEFUL_CLOSE: u32 = 0x20;
pub const XP1_EXPEDITED_DATA: u32 = 0x40;
pub const XP1_SUPPORT_BROADCAST: u32 = 0x200;
pub const XP1_SUPPORT_MULTIPOINT: u32 = 0x400;
pub const XP1_MULTIPOINT_CONTROL_PLANE: u32 = 0x800;
pub const XP1_MULTIPOINT_DATA_PLANE: u32 = 0x1000;
pub const XP1_IFS_HANDLES: u32 = 0x20000;

pub const PFL_HIDDEN: u32 = 0x4;
pub const PFL_MATCHES_PROTOCOL_ZERO: u32 = 0x8;

pub const LSP_SYSTEM: u32 = 0x8000_0000;

pub const LAYERED_PROTOCOL: i32 = 0;
pub const BASE_PROTOCOL: i32 = 1;
pub const MAX_PROTOCOL_CHAIN: i32 = 7;
pub const WSAPROTOCOL_LEN: i32 = 255;

pub const SERVICETYPE_NOTRAFFIC: u32 = 0;
pub const SERVICETYPE_BESTEFFORT: u32 = 1;
