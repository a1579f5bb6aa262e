/*
 * ws2ipdef.h - IPv4, IPv6, TCP and UDP as Winsock sees them: addresses, options, multicast.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef WS2IPDEF_H
#define WS2IPDEF_H

#include "ws2def.h"

WS2SPI_BEGIN_C

/* ---- IPv6 addresses ------------------------------------------------------------------------------ */

/* An IPv6 address in network byte order. */
typedef struct WS_in6_addr {
    union {
        UCHAR Byte[16];
        USHORT Word[8];
    } u;
} IN6_ADDR, *PIN6_ADDR, *LPIN6_ADDR;

__extension__ typedef struct WS_sockaddr_in6 {
    SHORT sin6_family;
    USHORT sin6_port;
    ULONG sin6_flowinfo;
    struct WS_in6_addr sin6_addr;
    __extension__ union {
        ULONG sin6_scope_id;
        SCOPE_ID sin6_scope_struct;
    };
} SOCKADDR_IN6, *PSOCKADDR_IN6, *LPSOCKADDR_IN6;

typedef SOCKADDR_IN6 SOCKADDR_IN6_LH, *PSOCKADDR_IN6_LH, *LPSOCKADDR_IN6_LH;
typedef SOCKADDR_IN6 SOCKADDR_IN6_W2KSP1, *PSOCKADDR_IN6_W2KSP1, *LPSOCKADDR_IN6_W2KSP1;

/* Before scope ids there were 24 bytes. */
struct sockaddr_in6_old {
    SHORT sin6_family;
    USHORT sin6_port;
    ULONG sin6_flowinfo;
    struct WS_in6_addr sin6_addr;
};

typedef union sockaddr_gen {
    struct sockaddr Address;
    struct WS_sockaddr_in AddressIn;
    struct sockaddr_in6_old AddressIn6;
} sockaddr_gen;

typedef struct _sockaddr_in6_pair {
    PSOCKADDR_IN6 SourceAddress;
    PSOCKADDR_IN6 DestinationAddress;
} SOCKADDR_IN6_PAIR, *PSOCKADDR_IN6_PAIR;

/* An address of either version. */
typedef union _SOCKADDR_INET {
    SOCKADDR_IN Ipv4;
    SOCKADDR_IN6 Ipv6;
    ADDRESS_FAMILY si_family;
} SOCKADDR_INET, *PSOCKADDR_INET;

#define WS_IN6ADDR_ANY_INIT {{{0}}}
#define WS_IN6ADDR_LOOPBACK_INIT {{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}}}

/* The bytes are libc's objects of these names: an address has one form. */
extern const struct WS_in6_addr WS_in6addr_any __asm__("in6addr_any");
extern const struct WS_in6_addr WS_in6addr_loopback __asm__("in6addr_loopback");

#define WS_IPV6_ADDRESS_BITS 128ULL

/* ---- Network interfaces -------------------------------------------------------------------------- */

#define WS_IFF_UP 0x1
#define WS_IFF_BROADCAST 0x2
#define WS_IFF_LOOPBACK 0x4
#define WS_IFF_POINTTOPOINT 0x8
#define WS_IFF_MULTICAST 0x10

/* What SIO_GET_INTERFACE_LIST lists. */
typedef struct _INTERFACE_INFO {
    ULONG iiFlags;
    sockaddr_gen iiAddress;
    sockaddr_gen iiBroadcastAddress;
    sockaddr_gen iiNetmask;
} INTERFACE_INFO, *LPINTERFACE_INFO;

typedef struct _INTERFACE_INFO_EX {
    ULONG iiFlags;
    SOCKET_ADDRESS iiAddress;
    SOCKET_ADDRESS iiBroadcastAddress;
    SOCKET_ADDRESS iiNetmask;
} INTERFACE_INFO_EX, *LPINTERFACE_INFO_EX;

/* ---- Options of IPPROTO_IP ----------------------------------------------------------------------- */

#define WS_IP_OPTIONS 1
#define WS_IP_HDRINCL 2
#define WS_IP_TOS 3
#define WS_IP_TTL 4
#define WS_IP_MULTICAST_IF 9
#define WS_IP_MULTICAST_TTL 10
#define WS_IP_MULTICAST_LOOP 11
#define WS_IP_ADD_MEMBERSHIP 12
#define WS_IP_DROP_MEMBERSHIP 13
#define WS_IP_DONTFRAGMENT 14
#define WS_IP_ADD_SOURCE_MEMBERSHIP 15
#define WS_IP_DROP_SOURCE_MEMBERSHIP 16
#define WS_IP_BLOCK_SOURCE 17
#define WS_IP_UNBLOCK_SOURCE 18
#define WS_IP_PKTINFO 19
#define WS_IP_HOPLIMIT 21
#define WS_IP_RECVTTL 21
#define WS_IP_RECEIVE_BROADCAST 22
#define WS_IP_PROTECTION_LEVEL 23
#define WS_IP_RECVIF 24
#define WS_IP_RECVDSTADDR 25
#define WS_IP_IFLIST 28
#define WS_IP_ADD_IFLIST 29
#define WS_IP_DEL_IFLIST 30
#define WS_IP_UNICAST_IF 31
#define WS_IP_RTHDR 32
#define WS_IP_GET_IFLIST 33
#define WS_IP_RECVRTHDR 38
#define WS_IP_TCLASS 39
#define WS_IP_RECVTCLASS 40
#define WS_IP_RECVTOS 40
#define WS_IP_ORIGINAL_ARRIVAL_IF 47
#define WS_IP_ECN 50
#define WS_IP_RECVECN 50
#define WS_IP_PKTINFO_EX 51
#define WS_IP_WFP_REDIRECT_RECORDS 60
#define WS_IP_WFP_REDIRECT_CONTEXT 70
#define WS_IP_MTU_DISCOVER 71
#define WS_IP_MTU 73
#define WS_IP_NRT_INTERFACE 74
#define WS_IP_RECVERR 75
#define WS_IP_USER_MTU 76
#define WS_IP_UNSPECIFIED_TYPE_OF_SERVICE (-1)
#define WS_IP_UNSPECIFIED_HOP_LIMIT (-1)
#define WS_IP_UNSPECIFIED_USER_MTU 0xffffffffU

#define WS_IP_DEFAULT_MULTICAST_TTL 1
#define WS_IP_DEFAULT_MULTICAST_LOOP 1
#define WS_IP_MAX_MEMBERSHIPS 20

/* ---- Options of IPPROTO_IPV6 --------------------------------------------------------------------- */

#define WS_IPV6_HOPOPTS 1
#define WS_IPV6_HDRINCL 2
#define WS_IPV6_UNICAST_HOPS 4
#define WS_IPV6_MULTICAST_IF 9
#define WS_IPV6_MULTICAST_HOPS 10
#define WS_IPV6_MULTICAST_LOOP 11
#define WS_IPV6_ADD_MEMBERSHIP 12
#define WS_IPV6_JOIN_GROUP 12
#define WS_IPV6_DROP_MEMBERSHIP 13
#define WS_IPV6_LEAVE_GROUP 13
#define WS_IPV6_DONTFRAG 14
#define WS_IPV6_PKTINFO 19
#define WS_IPV6_HOPLIMIT 21
#define WS_IPV6_PROTECTION_LEVEL 23
#define WS_IPV6_RECVIF 24
#define WS_IPV6_RECVDSTADDR 25
#define WS_IPV6_CHECKSUM 26
#define WS_IPV6_V6ONLY 27
#define WS_IPV6_IFLIST 28
#define WS_IPV6_ADD_IFLIST 29
#define WS_IPV6_DEL_IFLIST 30
#define WS_IPV6_UNICAST_IF 31
#define WS_IPV6_RTHDR 32
#define WS_IPV6_GET_IFLIST 33
#define WS_IPV6_RECVRTHDR 38
#define WS_IPV6_TCLASS 39
#define WS_IPV6_RECVTCLASS 40
#define WS_IPV6_ECN 50
#define WS_IPV6_RECVECN 50
#define WS_IPV6_PKTINFO_EX 51
#define WS_IPV6_WFP_REDIRECT_RECORDS 60
#define WS_IPV6_WFP_REDIRECT_CONTEXT 70
#define WS_IPV6_MTU_DISCOVER 71
#define WS_IPV6_MTU 72
#define WS_IPV6_NRT_INTERFACE 74
#define WS_IPV6_RECVERR 75
#define WS_IPV6_USER_MTU 76

/* Whom a socket serves: IP_PROTECTION_LEVEL, IPV6_PROTECTION_LEVEL. */
#define PROTECTION_LEVEL_UNRESTRICTED 10
#define PROTECTION_LEVEL_EDGERESTRICTED 20
#define PROTECTION_LEVEL_RESTRICTED 30
#define PROTECTION_LEVEL_DEFAULT 0xffffffffU

/* IP_MTU_DISCOVER, IPV6_MTU_DISCOVER. */
typedef enum _PMTUD_STATE {
    WS_IP_PMTUDISC_NOT_SET,
    WS_IP_PMTUDISC_DO,
    WS_IP_PMTUDISC_DONT,
    WS_IP_PMTUDISC_PROBE,
    WS_IP_PMTUDISC_MAX
} PMTUD_STATE, *PPMTUD_STATE;

/* ---- Multicast ----------------------------------------------------------------------------------- */

/* Of either version of IP. */
#define WS_MCAST_JOIN_GROUP 41
#define WS_MCAST_LEAVE_GROUP 42
#define WS_MCAST_BLOCK_SOURCE 43
#define WS_MCAST_UNBLOCK_SOURCE 44
#define WS_MCAST_JOIN_SOURCE_GROUP 45
#define WS_MCAST_LEAVE_SOURCE_GROUP 46

typedef enum _MULTICAST_MODE_TYPE {
    WS_MCAST_INCLUDE = 0,
    WS_MCAST_EXCLUDE
} MULTICAST_MODE_TYPE;

typedef struct WS_ip_mreq {
    struct WS_in_addr imr_multiaddr;
    struct WS_in_addr imr_interface;
} IP_MREQ, *PIP_MREQ;

typedef struct WS_ip_mreq_source {
    IN_ADDR imr_multiaddr;
    IN_ADDR imr_sourceaddr;
    IN_ADDR imr_interface;
} IP_MREQ_SOURCE, *PIP_MREQ_SOURCE;

typedef struct WS_ip_msfilter {
    IN_ADDR imsf_multiaddr;
    IN_ADDR imsf_interface;
    MULTICAST_MODE_TYPE imsf_fmode;
    ULONG imsf_numsrc;
    IN_ADDR imsf_slist[1];
} WS_IP_MSFILTER, *PIP_MSFILTER; /* libc has an option IP_MSFILTER */

#define WS_IP_MSFILTER_SIZE(numsrc) \
    (sizeof(struct WS_ip_msfilter) - sizeof(IN_ADDR) + (numsrc) * sizeof(IN_ADDR))

typedef struct WS_ipv6_mreq {
    struct WS_in6_addr ipv6mr_multiaddr;
    UINT ipv6mr_interface;
} IPV6_MREQ, *PIPV6_MREQ;

typedef struct WS_group_req {
    ULONG gr_interface;
    SOCKADDR_STORAGE gr_group;
} GROUP_REQ, *PGROUP_REQ;

typedef struct WS_group_source_req {
    ULONG gsr_interface;
    SOCKADDR_STORAGE gsr_group;
    SOCKADDR_STORAGE gsr_source;
} GROUP_SOURCE_REQ, *PGROUP_SOURCE_REQ;

typedef struct WS_group_filter {
    ULONG gf_interface;
    SOCKADDR_STORAGE gf_group;
    MULTICAST_MODE_TYPE gf_fmode;
    ULONG gf_numsrc;
    SOCKADDR_STORAGE gf_slist[1];
} GROUP_FILTER, *PGROUP_FILTER;

#define WS_GROUP_FILTER_SIZE(numsrc) \
    (sizeof(GROUP_FILTER) - sizeof(SOCKADDR_STORAGE) + (numsrc) * sizeof(SOCKADDR_STORAGE))

/* ---- Control data of a datagram ------------------------------------------------------------------ */

/* IP_PKTINFO: where it arrived. Windows puts the address first and has no second one. */
typedef struct WS_in_pktinfo {
    IN_ADDR ipi_addr;
    UINT ipi_ifindex;
} IN_PKTINFO, *PIN_PKTINFO;

typedef struct WS_in6_pktinfo {
    IN6_ADDR ipi6_addr;
    UINT ipi6_ifindex;
} IN6_PKTINFO, *PIN6_PKTINFO;

/* IP_PKTINFO_EX, IPV6_PKTINFO_EX. */
typedef struct in_pktinfo_ex {
    IN_PKTINFO pkt_info;
    SCOPE_ID scope_id;
} IN_PKTINFO_EX, *PIN_PKTINFO_EX;

typedef struct in6_pktinfo_ex {
    IN6_PKTINFO pkt_info;
    SCOPE_ID scope_id;
} IN6_PKTINFO_EX, *PIN6_PKTINFO_EX;

/* IP_RECVERR, IPV6_RECVERR. */
typedef struct in_recverr {
    INT protocol;
    ULONG info;
    UCHAR type;
    UCHAR code;
} IN_RECVERR, *PIN_RECVERR;

/* ---- Options of IPPROTO_TCP and IPPROTO_UDP ------------------------------------------------------ */

#define WS_TCP_OFFLOAD_NO_PREFERENCE 0
#define WS_TCP_OFFLOAD_NOT_PREFERRED 1
#define WS_TCP_OFFLOAD_PREFERRED 2
#define WS_TCP_EXPEDITED_1122 2
#define WS_TCP_KEEPALIVE 3
#define WS_TCP_KEEPIDLE 3
#define WS_TCP_MAXSEG 4
#define WS_TCP_MAXRT 5
#define WS_TCP_STDURG 6
#define WS_TCP_NOURG 7
#define WS_TCP_ATMARK 8
#define WS_TCP_NOSYNRETRIES 9
#define WS_TCP_TIMESTAMPS 10
#define WS_TCP_OFFLOAD_PREFERENCE 11
#define WS_TCP_CONGESTION_ALGORITHM 12
#define WS_TCP_DELAY_FIN_ACK 13
#define WS_TCP_MAXRTMS 14
#define WS_TCP_FASTOPEN 15
#define WS_TCP_KEEPCNT 16
#define WS_TCP_KEEPINTVL 17
#define WS_TCP_FAIL_CONNECT_ON_ICMP_ERROR 18
#define WS_TCP_ICMP_ERROR_INFO 19

#define WS_UDP_NOCHECKSUM 1
#define WS_UDP_SEND_MSG_SIZE 2
#define WS_UDP_RECV_MAX_COALESCED_SIZE 3
#define WS_UDP_COALESCED_INFO 3
#define WS_UDP_CHECKSUM_COVERAGE 20

/* ---- Questions about an IPv6 address ------------------------------------------------------------- */

static inline int WS_IN6_ADDR_EQUAL(const struct WS_in6_addr *a, const struct WS_in6_addr *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

static inline int WS_IN6_IS_ADDR_UNSPECIFIED(const struct WS_in6_addr *a)
{
    return WS_IN6_ADDR_EQUAL(a, &WS_in6addr_any);
}

static inline int WS_IN6_IS_ADDR_LOOPBACK(const struct WS_in6_addr *a)
{
    return WS_IN6_ADDR_EQUAL(a, &WS_in6addr_loopback);
}

static inline int WS_IN6_IS_ADDR_MULTICAST(const struct WS_in6_addr *a)
{
    return a->u.Byte[0] == 0xff;
}

static inline int WS_IN6_IS_ADDR_LINKLOCAL(const struct WS_in6_addr *a)
{
    return a->u.Byte[0] == 0xfe && (a->u.Byte[1] & 0xc0) == 0x80;
}

static inline int WS_IN6_IS_ADDR_SITELOCAL(const struct WS_in6_addr *a)
{
    return a->u.Byte[0] == 0xfe && (a->u.Byte[1] & 0xc0) == 0xc0;
}

/* ::ffff:a.b.c.d, an IPv4 peer of a dual-stack socket. */
static inline int WS_IN6_IS_ADDR_V4MAPPED(const struct WS_in6_addr *a)
{
    return memcmp(a, &WS_in6addr_any, 10) == 0 && a->u.Byte[10] == 0xff && a->u.Byte[11] == 0xff;
}

/* ::a.b.c.d, save :: and ::1. */
static inline int WS_IN6_IS_ADDR_V4COMPAT(const struct WS_in6_addr *a)
{
    return memcmp(a, &WS_in6addr_any, 12) == 0 && !WS_IN6_IS_ADDR_UNSPECIFIED(a) &&
           !WS_IN6_IS_ADDR_LOOPBACK(a);
}

/* Multicast, by scope. */
static inline int WS_IN6_IS_ADDR_MC_NODELOCAL(const struct WS_in6_addr *a)
{
    return WS_IN6_IS_ADDR_MULTICAST(a) && (a->u.Byte[1] & 0xf) == 1;
}

static inline int WS_IN6_IS_ADDR_MC_LINKLOCAL(const struct WS_in6_addr *a)
{
    return WS_IN6_IS_ADDR_MULTICAST(a) && (a->u.Byte[1] & 0xf) == 2;
}

static inline int WS_IN6_IS_ADDR_MC_SITELOCAL(const struct WS_in6_addr *a)
{
    return WS_IN6_IS_ADDR_MULTICAST(a) && (a->u.Byte[1] & 0xf) == 5;
}

static inline int WS_IN6_IS_ADDR_MC_ORGLOCAL(const struct WS_in6_addr *a)
{
    return WS_IN6_IS_ADDR_MULTICAST(a) && (a->u.Byte[1] & 0xf) == 8;
}

static inline int WS_IN6_IS_ADDR_MC_GLOBAL(const struct WS_in6_addr *a)
{
    return WS_IN6_IS_ADDR_MULTICAST(a) && (a->u.Byte[1] & 0xf) == 0xe;
}

static inline void IN6_SET_ADDR_UNSPECIFIED(struct WS_in6_addr *a)
{
    *a = WS_in6addr_any;
}

static inline void IN6_SET_ADDR_LOOPBACK(struct WS_in6_addr *a)
{
    *a = WS_in6addr_loopback;
}

static inline int IN6ADDR_ISANY(const struct WS_sockaddr_in6 *a)
{
    return a->sin6_family == WS_AF_INET6 && WS_IN6_IS_ADDR_UNSPECIFIED(&a->sin6_addr);
}

static inline int IN6ADDR_ISLOOPBACK(const struct WS_sockaddr_in6 *a)
{
    return a->sin6_family == WS_AF_INET6 && WS_IN6_IS_ADDR_LOOPBACK(&a->sin6_addr);
}

static inline void IN6ADDR_SETANY(struct WS_sockaddr_in6 *a)
{
    memset(a, 0, sizeof(*a));
    a->sin6_family = WS_AF_INET6;
}

static inline void IN6ADDR_SETLOOPBACK(struct WS_sockaddr_in6 *a)
{
    IN6ADDR_SETANY(a);
    IN6_SET_ADDR_LOOPBACK(&a->sin6_addr);
}

/* The port of an address of either version. */
#define SS_PORT(ssp) (((PSOCKADDR_IN)(ssp))->sin_port)

WS2SPI_END_C

/* ---- The plain names ----------------------------------------------------------------------------- */

#ifndef WS2SPI_USE_WS_PREFIX

#define in6_addr WS_in6_addr
#define sockaddr_in6 WS_sockaddr_in6
#define ip_mreq WS_ip_mreq
#define ip_mreq_source WS_ip_mreq_source
#define ip_msfilter WS_ip_msfilter
#define ipv6_mreq WS_ipv6_mreq
#define group_req WS_group_req
#define group_source_req WS_group_source_req
#define group_filter WS_group_filter
#define in_pktinfo WS_in_pktinfo
#define in6_pktinfo WS_in6_pktinfo

#define s6_addr u.Byte
#define s6_bytes u.Byte
#define s6_words u.Word

#define in6addr_any WS_in6addr_any
#define in6addr_loopback WS_in6addr_loopback
#define IN6ADDR_ANY_INIT WS_IN6ADDR_ANY_INIT
#define IN6ADDR_LOOPBACK_INIT WS_IN6ADDR_LOOPBACK_INIT

#define IP_MSFILTER WS_IP_MSFILTER
#define IP_MSFILTER_SIZE(numsrc) WS_IP_MSFILTER_SIZE(numsrc)
#define GROUP_FILTER_SIZE(numsrc) WS_GROUP_FILTER_SIZE(numsrc)

#define IN6_ADDR_EQUAL WS_IN6_ADDR_EQUAL
#define IN6_ARE_ADDR_EQUAL WS_IN6_ADDR_EQUAL
#define IN6_IS_ADDR_UNSPECIFIED WS_IN6_IS_ADDR_UNSPECIFIED
#define IN6_IS_ADDR_LOOPBACK WS_IN6_IS_ADDR_LOOPBACK
#define IN6_IS_ADDR_MULTICAST WS_IN6_IS_ADDR_MULTICAST
#define IN6_IS_ADDR_LINKLOCAL WS_IN6_IS_ADDR_LINKLOCAL
#define IN6_IS_ADDR_SITELOCAL WS_IN6_IS_ADDR_SITELOCAL
#define IN6_IS_ADDR_V4MAPPED WS_IN6_IS_ADDR_V4MAPPED
#define IN6_IS_ADDR_V4COMPAT WS_IN6_IS_ADDR_V4COMPAT
#define IN6_IS_ADDR_MC_NODELOCAL WS_IN6_IS_ADDR_MC_NODELOCAL
#define IN6_IS_ADDR_MC_LINKLOCAL WS_IN6_IS_ADDR_MC_LINKLOCAL
#define IN6_IS_ADDR_MC_SITELOCAL WS_IN6_IS_ADDR_MC_SITELOCAL
#define IN6_IS_ADDR_MC_ORGLOCAL WS_IN6_IS_ADDR_MC_ORGLOCAL
#define IN6_IS_ADDR_MC_GLOBAL WS_IN6_IS_ADDR_MC_GLOBAL

#define IPV6_ADDRESS_BITS WS_IPV6_ADDRESS_BITS

#define IFF_UP WS_IFF_UP
#define IFF_BROADCAST WS_IFF_BROADCAST
#define IFF_LOOPBACK WS_IFF_LOOPBACK
#define IFF_POINTTOPOINT WS_IFF_POINTTOPOINT
#define IFF_MULTICAST WS_IFF_MULTICAST

#define IP_OPTIONS WS_IP_OPTIONS
#define IP_HDRINCL WS_IP_HDRINCL
#define IP_TOS WS_IP_TOS
#define IP_TTL WS_IP_TTL
#define IP_MULTICAST_IF WS_IP_MULTICAST_IF
#define IP_MULTICAST_TTL WS_IP_MULTICAST_TTL
#define IP_MULTICAST_LOOP WS_IP_MULTICAST_LOOP
#define IP_ADD_MEMBERSHIP WS_IP_ADD_MEMBERSHIP
#define IP_DROP_MEMBERSHIP WS_IP_DROP_MEMBERSHIP
#define IP_DONTFRAGMENT WS_IP_DONTFRAGMENT
#define IP_ADD_SOURCE_MEMBERSHIP WS_IP_ADD_SOURCE_MEMBERSHIP
#define IP_DROP_SOURCE_MEMBERSHIP WS_IP_DROP_SOURCE_MEMBERSHIP
#define IP_BLOCK_SOURCE WS_IP_BLOCK_SOURCE
#define IP_UNBLOCK_SOURCE WS_IP_UNBLOCK_SOURCE
#define IP_PKTINFO WS_IP_PKTINFO
#define IP_HOPLIMIT WS_IP_HOPLIMIT
#define IP_RECVTTL WS_IP_RECVTTL
#define IP_RECEIVE_BROADCAST WS_IP_RECEIVE_BROADCAST
#define IP_PROTECTION_LEVEL WS_IP_PROTECTION_LEVEL
#define IP_RECVIF WS_IP_RECVIF
#define IP_RECVDSTADDR WS_IP_RECVDSTADDR
#define IP_IFLIST WS_IP_IFLIST
#define IP_ADD_IFLIST WS_IP_ADD_IFLIST
#define IP_DEL_IFLIST WS_IP_DEL_IFLIST
#define IP_UNICAST_IF WS_IP_UNICAST_IF
#define IP_RTHDR WS_IP_RTHDR
#define IP_GET_IFLIST WS_IP_GET_IFLIST
#define IP_RECVRTHDR WS_IP_RECVRTHDR
#define IP_TCLASS WS_IP_TCLASS
#define IP_RECVTCLASS WS_IP_RECVTCLASS
#define IP_RECVTOS WS_IP_RECVTOS
#define IP_ORIGINAL_ARRIVAL_IF WS_IP_ORIGINAL_ARRIVAL_IF
#define IP_ECN WS_IP_ECN
#define IP_RECVECN WS_IP_RECVECN
#define IP_PKTINFO_EX WS_IP_PKTINFO_EX
#define IP_WFP_REDIRECT_RECORDS WS_IP_WFP_REDIRECT_RECORDS
#define IP_WFP_REDIRECT_CONTEXT WS_IP_WFP_REDIRECT_CONTEXT
#define IP_MTU_DISCOVER WS_IP_MTU_DISCOVER
#define IP_MTU WS_IP_MTU
#define IP_NRT_INTERFACE WS_IP_NRT_INTERFACE
#define IP_RECVERR WS_IP_RECVERR
#define IP_USER_MTU WS_IP_USER_MTU
#define IP_UNSPECIFIED_TYPE_OF_SERVICE WS_IP_UNSPECIFIED_TYPE_OF_SERVICE
#define IP_UNSPECIFIED_HOP_LIMIT WS_IP_UNSPECIFIED_HOP_LIMIT
#define IP_UNSPECIFIED_USER_MTU WS_IP_UNSPECIFIED_USER_MTU
#define IP_DEFAULT_MULTICAST_TTL WS_IP_DEFAULT_MULTICAST_TTL
#define IP_DEFAULT_MULTICAST_LOOP WS_IP_DEFAULT_MULTICAST_LOOP
#define IP_MAX_MEMBERSHIPS WS_IP_MAX_MEMBERSHIPS

#define IPV6_HOPOPTS WS_IPV6_HOPOPTS
#define IPV6_HDRINCL WS_IPV6_HDRINCL
#define IPV6_UNICAST_HOPS WS_IPV6_UNICAST_HOPS
#define IPV6_MULTICAST_IF WS_IPV6_MULTICAST_IF
#define IPV6_MULTICAST_HOPS WS_IPV6_MULTICAST_HOPS
#define IPV6_MULTICAST_LOOP WS_IPV6_MULTICAST_LOOP
#define IPV6_ADD_MEMBERSHIP WS_IPV6_ADD_MEMBERSHIP
#define IPV6_JOIN_GROUP WS_IPV6_JOIN_GROUP
#define IPV6_DROP_MEMBERSHIP WS_IPV6_DROP_MEMBERSHIP
#define IPV6_LEAVE_GROUP WS_IPV6_LEAVE_GROUP
#define IPV6_DONTFRAG WS_IPV6_DONTFRAG
#define IPV6_PKTINFO WS_IPV6_PKTINFO
#define IPV6_HOPLIMIT WS_IPV6_HOPLIMIT
#define IPV6_PROTECTION_LEVEL WS_IPV6_PROTECTION_LEVEL
#define IPV6_RECVIF WS_IPV6_RECVIF
#define IPV6_RECVDSTADDR WS_IPV6_RECVDSTADDR
#define IPV6_CHECKSUM WS_IPV6_CHECKSUM
#define IPV6_V6ONLY WS_IPV6_V6ONLY
#define IPV6_IFLIST WS_IPV6_IFLIST
#define IPV6_ADD_IFLIST WS_IPV6_ADD_IFLIST
#define IPV6_DEL_IFLIST WS_IPV6_DEL_IFLIST
#define IPV6_UNICAST_IF WS_IPV6_UNICAST_IF
#define IPV6_RTHDR WS_IPV6_RTHDR
#define IPV6_GET_IFLIST WS_IPV6_GET_IFLIST
#define IPV6_RECVRTHDR WS_IPV6_RECVRTHDR
#define IPV6_TCLASS WS_IPV6_TCLASS
#define IPV6_RECVTCLASS WS_IPV6_RECVTCLASS
#define IPV6_ECN WS_IPV6_ECN
#define IPV6_RECVECN WS_IPV6_RECVECN
#define IPV6_PKTINFO_EX WS_IPV6_PKTINFO_EX
#define IPV6_WFP_REDIRECT_RECORDS WS_IPV6_WFP_REDIRECT_RECORDS
#define IPV6_WFP_REDIRECT_CONTEXT WS_IPV6_WFP_REDIRECT_CONTEXT
#define IPV6_MTU_DISCOVER WS_IPV6_MTU_DISCOVER
#define IPV6_MTU WS_IPV6_MTU
#define IPV6_NRT_INTERFACE WS_IPV6_NRT_INTERFACE
#define IPV6_RECVERR WS_IPV6_RECVERR
#define IPV6_USER_MTU WS_IPV6_USER_MTU

#define IP_PMTUDISC_NOT_SET WS_IP_PMTUDISC_NOT_SET
#define IP_PMTUDISC_DO WS_IP_PMTUDISC_DO
#define IP_PMTUDISC_DONT WS_IP_PMTUDISC_DONT
#define IP_PMTUDISC_PROBE WS_IP_PMTUDISC_PROBE
#define IP_PMTUDISC_MAX WS_IP_PMTUDISC_MAX

#define MCAST_JOIN_GROUP WS_MCAST_JOIN_GROUP
#define MCAST_LEAVE_GROUP WS_MCAST_LEAVE_GROUP
#define MCAST_BLOCK_SOURCE WS_MCAST_BLOCK_SOURCE
#define MCAST_UNBLOCK_SOURCE WS_MCAST_UNBLOCK_SOURCE
#define MCAST_JOIN_SOURCE_GROUP WS_MCAST_JOIN_SOURCE_GROUP
#define MCAST_LEAVE_SOURCE_GROUP WS_MCAST_LEAVE_SOURCE_GROUP
#define MCAST_INCLUDE WS_MCAST_INCLUDE
#define MCAST_EXCLUDE WS_MCAST_EXCLUDE

#define TCP_OFFLOAD_NO_PREFERENCE WS_TCP_OFFLOAD_NO_PREFERENCE
#define TCP_OFFLOAD_NOT_PREFERRED WS_TCP_OFFLOAD_NOT_PREFERRED
#define TCP_OFFLOAD_PREFERRED WS_TCP_OFFLOAD_PREFERRED
#define TCP_EXPEDITED_1122 WS_TCP_EXPEDITED_1122
#define TCP_KEEPALIVE WS_TCP_KEEPALIVE
#define TCP_KEEPIDLE WS_TCP_KEEPIDLE
#define TCP_MAXSEG WS_TCP_MAXSEG
#define TCP_MAXRT WS_TCP_MAXRT
#define TCP_STDURG WS_TCP_STDURG
#define TCP_NOURG WS_TCP_NOURG
#define TCP_ATMARK WS_TCP_ATMARK
#define TCP_NOSYNRETRIES WS_TCP_NOSYNRETRIES
#define TCP_TIMESTAMPS WS_TCP_TIMESTAMPS
#define TCP_OFFLOAD_PREFERENCE WS_TCP_OFFLOAD_PREFERENCE
#define TCP_CONGESTION_ALGORITHM WS_TCP_CONGESTION_ALGORITHM
#define TCP_DELAY_FIN_ACK WS_TCP_DELAY_FIN_ACK
#define TCP_MAXRTMS WS_TCP_MAXRTMS
#define TCP_FASTOPEN WS_TCP_FASTOPEN
#define TCP_KEEPCNT WS_TCP_KEEPCNT
#define TCP_KEEPINTVL WS_TCP_KEEPINTVL
#define TCP_FAIL_CONNECT_ON_ICMP_ERROR WS_TCP_FAIL_CONNECT_ON_ICMP_ERROR
#define TCP_ICMP_ERROR_INFO WS_TCP_ICMP_ERROR_INFO

#define UDP_NOCHECKSUM WS_UDP_NOCHECKSUM
#define UDP_SEND_MSG_SIZE WS_UDP_SEND_MSG_SIZE
#define UDP_RECV_MAX_COALESCED_SIZE WS_UDP_RECV_MAX_COALESCED_SIZE
#define UDP_COALESCED_INFO WS_UDP_COALESCED_INFO
#define UDP_CHECKSUM_COVERAGE WS_UDP_CHECKSUM_COVERAGE
#endif /* WS2SPI_USE_WS_PREFIX */

#endif /* WS2IPDEF_H */
