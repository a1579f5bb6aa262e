//! Windows' numbers for the levels and names of socket options, and for what some of them hold.

pub const SOL_SOCKET: i32 = 0xffff;

pub const SO_DEBUG: i32 = 0x1;
pub const SO_ACCEPTCONN: i32 = 0x2;
pub const SO_REUSEADDR: i32 = 0x4;
pub const SO_KEEPALIVE: i32 = 0x8;
pub const SO_DONTROUTE: i32 = 0x10;
pub const SO_BROADCAST: i32 = 0x20;
pub const SO_LINGER: i32 = 0x80;
pub const SO_OOBINLINE: i32 = 0x100;
pub const SO_DONTLINGER: i32 = !SO_LINGER;
pub const SO_EXCLUSIVEADDRUSE: i32 = !SO_REUSEADDR;
pub const SO_SNDBUF: i32 = 0x1001;
pub const SO_RCVBUF: i32 = 0x1002;
pub const SO_SNDTIMEO: i32 = 0x1005;
pub const SO_RCVTIMEO: i32 = 0x1006;
pub const SO_ERROR: i32 = 0x1007;
pub const SO_TYPE: i32 = 0x1008;
pub const SO_BSP_STATE: i32 = 0x1009;
pub const SO_GROUP_ID: i32 = 0x2001;
pub const SO_GROUP_PRIORITY: i32 = 0x2002;
pub const SO_MAX_MSG_SIZE: i32 = 0x2003;
pub const SO_PROTOCOL_INFOA: i32 = 0x2004;
pub const SO_PROTOCOL_INFOW: i32 = 0x2005;
pub const SO_CONDITIONAL_ACCEPT: i32 = 0x3002;
pub const SO_RANDOMIZE_PORT: i32 = 0x3005;
pub const SO_UPDATE_ACCEPT_CONTEXT: i32 = 0x700b;
pub const SO_CONNECT_TIME: i32 = 0x700c;
pub const SO_UPDATE_CONNECT_CONTEXT: i32 = 0x7010;

pub const TCP_NODELAY: i32 = 1;
pub const TCP_EXPEDITED_1122: i32 = 2;
pub const TCP_KEEPALIVE: i32 = 3;
pub const TCP_MAXSEG: i32 = 4;
pub const TCP_MAXRT: i32 = 5;
pub const TCP_MAXRTMS: i32 = 14;
pub const TCP_FASTOPEN: i32 = 15;
pub const TCP_KEEPCNT: i32 = 16;
pub const TCP_KEEPINTVL: i32 = 17;
pub const TCP_BSDURGENT: i32 = 0x7000;

pub const UDP_NOCHECKSUM: i32 = 1;
pub const UDP_SEND_MSG_SIZE: i32 = 2;

pub const IP_OPTIONS: i32 = 1;
pub const IP_HDRINCL: i32 = 2;
pub const IP_TOS: i32 = 3;
pub const IP_TTL: i32 = 4;
pub const IP_MULTICAST_IF: i32 = 9;
pub const IP_MULTICAST_TTL: i32 = 10;
pub const IP_MULTICAST_LOOP: i32 = 11;
pub const IP_ADD_MEMBERSHIP: i32 = 12;
pub const IP_DROP_MEMBERSHIP: i32 = 13;
pub const IP_DONTFRAGMENT: i32 = 14;
pub const IP_ADD_SOURCE_MEMBERSHIP: i32 = 15;
pub const IP_DROP_SOURCE_MEMBERSHIP: i32 = 16;
pub const IP_BLOCK_SOURCE: i32 = 17;
pub const IP_UNBLOCK_SOURCE: i32 = 18;
pub const IP_PKTINFO: i32 = 19;
pub const IP_HOPLIMIT: i32 = 21;
pub const IP_RECVTTL: i32 = 21;
pub const IP_RECEIVE_BROADCAST: i32 = 22;
pub const IP_UNICAST_IF: i32 = 31;
pub const IP_RECVTOS: i32 = 40;
pub const IP_ECN: i32 = 50;
pub const IP_RECVECN: i32 = 50;
pub const IP_MTU_DISCOVER: i32 = 71;
pub const IP_MTU: i32 = 73;

pub const IPV6_HDRINCL: i32 = 2;
pub const IPV6_UNICAST_HOPS: i32 = 4;
pub const IPV6_MULTICAST_IF: i32 = 9;
pub const IPV6_MULTICAST_HOPS: i32 = 10;
pub const IPV6_MULTICAST_LOOP: i32 = 11;
pub const IPV6_ADD_MEMBERSHIP: i32 = 12;
pub const IPV6_DROP_MEMBERSHIP: i32 = 13;
pub const IPV6_DONTFRAG: i32 = 14;
pub const IPV6_PKTINFO: i32 = 19;
pub const IPV6_HOPLIMIT: i32 = 21;
pub const IPV6_CHECKSUM: i32 = 26;
pub const IPV6_V6ONLY: i32 = 27;
pub const IPV6_UNICAST_IF: i32 = 31;
pub const IPV6_RTHDR: i32 = 32;
pub const IPV6_RECVRTHDR: i32 = 38;
pub const IPV6_TCLASS: i32 = 39;
pub const IPV6_RECVTCLASS: i32 = 40;
pub const IPV6_ECN: i32 = 50;
pub const IPV6_RECVECN: i32 = 50;
pub const IPV6_MTU_DISCOVER: i32 = 71;
pub const IPV6_MTU: i32 = 72;

/// These stand at IPPROTO_IP and at IPPROTO_IPV6.
pub const MCAST_JOIN_GROUP: i32 = 41;
pub const MCAST_LEAVE_GROUP: i32 = 42;
pub const MCAST_BLOCK_SOURCE: i32 = 43;
pub const MCAST_UNBLOCK_SOURCE: i32 = 44;
pub const MCAST_JOIN_SOURCE_GROUP: i32 = 45;
pub const MCAST_LEAVE_SOURCE_GROUP: i32 = 46;

/// The values of IP_MTU_DISCOVER and IPV6_MTU_DISCOVER.
pub const IP_PMTUDISC_NOT_SET: i32 = 0;
pub const IP_PMTUDISC_DO: i32 = 1;
pub const IP_PMTUDISC_DONT: i32 = 2;
pub const IP_PMTUDISC_PROBE: i32 = 3;
