/*
 * ws2def.h - what every Winsock header shares: addresses, families, options, protocols, control codes.
 *
 * Names that libc has too are defined with WS_ in front and get their plain name at the end (ws2posix.h
 * says how). Sources include winsock2.h, which includes this.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef WS2DEF_H
#define WS2DEF_H

#include "ws2base.h"
#include "ws2posix.h"

WS2SPI_BEGIN_C

/* ---- Berkeley's short type names ----------------------------------------------------------------- */

typedef unsigned char WS_u_char;
typedef unsigned short WS_u_short;
typedef unsigned int WS_u_int;
typedef unsigned int WS_u_long; /* 32 bits, whatever the platform's long has (NEED-H3) */
typedef ULONGLONG u_int64;
typedef int WS_socklen_t;

typedef UINT_PTR SOCKET;
typedef USHORT ADDRESS_FAMILY;

/* ---- Address families ---------------------------------------------------------------------------- */

/* Windows' numbers (NEED-H11). */
#define WS_AF_UNSPEC 0
#define WS_AF_UNIX 1
#define WS_AF_INET 2
#define WS_AF_IMPLINK 3
#define WS_AF_PUP 4
#define WS_AF_CHAOS 5
#define WS_AF_NS 6
#define WS_AF_IPX 6
#define WS_AF_ISO 7
#define WS_AF_OSI 7
#define WS_AF_ECMA 8
#define WS_AF_DATAKIT 9
#define WS_AF_CCITT 10
#define WS_AF_SNA 11
#define WS_AF_DECnet 12
#define WS_AF_DLI 13
#define WS_AF_LAT 14
#define WS_AF_HYLINK 15
#define WS_AF_APPLETALK 16
#define WS_AF_NETBIOS 17
#define WS_AF_VOICEVIEW 18
#define WS_AF_FIREFOX 19
#define WS_AF_UNKNOWN1 20
#define WS_AF_BAN 21
#define WS_AF_ATM 22
#define WS_AF_INET6 23
#define WS_AF_CLUSTER 24
#define WS_AF_12844 25
#define WS_AF_IRDA 26
#define WS_AF_NETDES 28
#define WS_AF_TCNPROCESS 29
#define WS_AF_TCNMESSAGE 30
#define WS_AF_ICLFXBM 31
#define WS_AF_BTH 32
#define WS_AF_LINK 33
#define WS_AF_HYPERV 34
#define WS_AF_MAX 35

#define WS_PF_UNSPEC 0
#define WS_PF_UNIX 1
#define WS_PF_INET 2
#define WS_PF_IMPLINK 3
#define WS_PF_PUP 4
#define WS_PF_CHAOS 5
#define WS_PF_NS 6
#define WS_PF_IPX 6
#define WS_PF_ISO 7
#define WS_PF_OSI 7
#define WS_PF_ECMA 8
#define WS_PF_DATAKIT 9
#define WS_PF_CCITT 10
#define WS_PF_SNA 11
#define WS_PF_DECnet 12
#define WS_PF_DLI 13
#define WS_PF_LAT 14
#define WS_PF_HYLINK 15
#define WS_PF_APPLETALK 16
#define WS_PF_VOICEVIEW 18
#define WS_PF_FIREFOX 19
#define WS_PF_UNKNOWN1 20
#define WS_PF_BAN 21
#define WS_PF_ATM 22
#define WS_PF_INET6 23
#define WS_PF_BTH 32
#define WS_PF_MAX WS_AF_MAX
#define WS_PF_IRDA WS_AF_IRDA

/* ---- Addresses ----------------------------------------------------------------------------------- */

/* An IPv4 address in network byte order. s_addr is a member here, where Windows has a macro for
 * S_un.S_addr: a macro of that name would reach into POSIX's in_addr. */
union ws2spi_in_addr {
    struct {
        UCHAR s_b1, s_b2, s_b3, s_b4;
    } S_un_b;
    struct {
        USHORT s_w1, s_w2;
    } S_un_w;
    ULONG S_addr;
};
__extension__ typedef struct WS_in_addr {
    __extension__ union {
        union ws2spi_in_addr S_un;
        ULONG s_addr;
    };
} IN_ADDR, *PIN_ADDR, *LPIN_ADDR;

/* The same as libc's, in both modes. */
#define WS_sockaddr sockaddr
typedef struct sockaddr SOCKADDR, *PSOCKADDR, *LPSOCKADDR;
WS2SPI_STATIC_ASSERT(sizeof(SOCKADDR) == 16 && offsetof(SOCKADDR, sa_data) == 2, "struct sockaddr is Winsock's");

typedef struct WS_sockaddr_in {
    SHORT sin_family;
    USHORT sin_port;
    struct WS_in_addr sin_addr;
    CHAR sin_zero[8];
} SOCKADDR_IN, *PSOCKADDR_IN, *LPSOCKADDR_IN;

#define _SS_MAXSIZE 128
#define _SS_ALIGNSIZE 8
#define _SS_PAD1SIZE 6ULL
#define _SS_PAD2SIZE 112ULL

/* Room for an address of any family. */
typedef struct WS_sockaddr_storage {
    SHORT ss_family;
    CHAR __ss_pad1[_SS_PAD1SIZE];
    LONGLONG __ss_align;
    CHAR __ss_pad2[_SS_PAD2SIZE];
} SOCKADDR_STORAGE, *PSOCKADDR_STORAGE, *LPSOCKADDR_STORAGE;
typedef SOCKADDR_STORAGE SOCKADDR_STORAGE_XP, *PSOCKADDR_STORAGE_XP, *LPSOCKADDR_STORAGE_XP;

typedef struct _SOCKET_ADDRESS {
    LPSOCKADDR lpSockaddr;
    INT iSockaddrLength;
} SOCKET_ADDRESS, *PSOCKET_ADDRESS, *LPSOCKET_ADDRESS;

typedef struct _SOCKET_ADDRESS_LIST {
    INT iAddressCount;
    SOCKET_ADDRESS Address[1];
} SOCKET_ADDRESS_LIST, *PSOCKET_ADDRESS_LIST, *LPSOCKET_ADDRESS_LIST;

/* The bytes that a list of so many addresses takes, the addresses themselves not counted. */
#define SIZEOF_SOCKET_ADDRESS_LIST(AddressCount) \
    (offsetof(SOCKET_ADDRESS_LIST, Address) + (AddressCount) * sizeof(SOCKET_ADDRESS))

typedef struct _CSADDR_INFO {
    SOCKET_ADDRESS LocalAddr;
    SOCKET_ADDRESS RemoteAddr;
    INT iSocketType;
    INT iProtocol;
} CSADDR_INFO, *PCSADDR_INFO, *LPCSADDR_INFO;

/* What a scope id is made of. */
typedef enum _SCOPE_LEVEL {
    ScopeLevelInterface = 1,
    ScopeLevelLink = 2,
    ScopeLevelSubnet = 3,
    ScopeLevelAdmin = 4,
    ScopeLevelSite = 5,
    ScopeLevelOrganization = 8,
    ScopeLevelGlobal = 14,
    ScopeLevelCount = 16
} SCOPE_LEVEL;

__extension__ typedef struct _SCOPE_ID {
    __extension__ union {
        __extension__ struct {
            ULONG Zone : 28;
            ULONG Level : 4;
        };
        ULONG Value;
    };
} SCOPE_ID, *PSCOPE_ID;

#define SCOPEID_UNSPECIFIED_INIT {{{0, 0}}}

/* IPv4 addresses and classes, in host byte order. */
#define WS_INADDR_ANY 0x0U
#define WS_INADDR_LOOPBACK 0x7f000001
#define WS_INADDR_BROADCAST 0xffffffffU
#define WS_INADDR_NONE 0xffffffffU
#define ADDR_ANY WS_INADDR_ANY

#define WS_IN_CLASSA_NET 0xff000000U
#define WS_IN_CLASSA_HOST 0xffffff
#define WS_IN_CLASSB_NET 0xffff0000U
#define WS_IN_CLASSB_HOST 0xffff
#define WS_IN_CLASSC_NET 0xffffff00U
#define WS_IN_CLASSC_HOST 0xff
#define WS_IN_CLASSD_NET 0xf0000000U
#define WS_IN_CLASSD_HOST 0xfffffff
#define WS_IN_CLASSA_NSHIFT 24
#define WS_IN_CLASSA_MAX 128
#define WS_IN_CLASSB_NSHIFT 16
#define WS_IN_CLASSB_MAX 65536
#define WS_IN_CLASSC_NSHIFT 8
#define WS_IN_CLASSD_NSHIFT 28
#define WS_IN_CLASSA(i) (((LONG)(i) & 0x80000000U) == 0)
#define WS_IN_CLASSB(i) (((LONG)(i) & 0xc0000000U) == 0x80000000U)
#define WS_IN_CLASSC(i) (((LONG)(i) & 0xe0000000U) == 0xc0000000U)
#define WS_IN_CLASSD(i) (((LONG)(i) & 0xf0000000U) == 0xe0000000U)
#define WS_IN_MULTICAST(i) WS_IN_CLASSD(i)

/* ---- Sockets ------------------------------------------------------------------------------------- */

#define WS_SOCK_STREAM 1
#define WS_SOCK_DGRAM 2
#define WS_SOCK_RAW 3
#define WS_SOCK_RDM 4
#define WS_SOCK_SEQPACKET 5

#define WS_SOL_SOCKET 0xffff
#define WS_SOL_IP 0xfffb
#define WS_SOL_IPV6 0xfffa

/* Options of SOL_SOCKET. */
#define WS_SO_DEBUG 0x1
#define WS_SO_ACCEPTCONN 0x2
#define WS_SO_REUSEADDR 0x4
#define WS_SO_KEEPALIVE 0x8
#define WS_SO_DONTROUTE 0x10
#define WS_SO_BROADCAST 0x20
#define WS_SO_USELOOPBACK 0x40
#define WS_SO_LINGER 0x80
#define WS_SO_OOBINLINE 0x100
#define WS_SO_DONTLINGER ((int)(~WS_SO_LINGER))
#define WS_SO_EXCLUSIVEADDRUSE ((int)(~WS_SO_REUSEADDR))
#define WS_SO_SNDBUF 0x1001
#define WS_SO_RCVBUF 0x1002
#define WS_SO_SNDLOWAT 0x1003
#define WS_SO_RCVLOWAT 0x1004
#define WS_SO_SNDTIMEO 0x1005
#define WS_SO_RCVTIMEO 0x1006
#define WS_SO_ERROR 0x1007
#define WS_SO_TYPE 0x1008
#define WS_SO_BSP_STATE 0x1009
#define WS_SO_GROUP_ID 0x2001
#define WS_SO_GROUP_PRIORITY 0x2002
#define WS_SO_MAX_MSG_SIZE 0x2003
#define WS_SO_PROTOCOL_INFOA 0x2004
#define WS_SO_PROTOCOL_INFOW 0x2005
#ifdef UNICODE
#define WS_SO_PROTOCOL_INFO WS_SO_PROTOCOL_INFOW
#else
#define WS_SO_PROTOCOL_INFO WS_SO_PROTOCOL_INFOA
#endif
#define PVD_CONFIG 0x3001
#define WS_SO_CONDITIONAL_ACCEPT 0x3002
#define WS_SO_PAUSE_ACCEPT 0x3003
#define WS_SO_COMPARTMENT_ID 0x3004
#define WS_SO_RANDOMIZE_PORT 0x3005
#define WS_SO_PORT_SCALABILITY 0x3006
#define WS_SO_REUSE_UNICASTPORT 0x3007
#define WS_SO_REUSE_MULTICASTPORT 0x3008
#define WS_SO_ORIGINAL_DST 0x300f

/* Where options of kernel-mode sockets begin. */
#define WSK_SO_BASE 0x4000

/* The backlog of listen(): as many as is reasonable, or a hint that is clamped to 200..65535. */
#define WS_SOMAXCONN 0x7fffffff
#define WS_SOMAXCONN_HINT(b) (-(b))

#define WS_TCP_NODELAY 1

/* Flags of a transfer. */
#define WS_MSG_OOB 0x1
#define WS_MSG_PEEK 0x2
#define WS_MSG_DONTROUTE 0x4
#define WS_MSG_WAITALL 0x8
#define WS_MSG_INTERRUPT 0x10
#define WS_MSG_PUSH_IMMEDIATE 0x20
#define WS_MSG_ERRQUEUE 0x1000
#define WS_MSG_PARTIAL 0x8000
#define WS_MSG_MAXIOVLEN 16

/* One buffer of a scattered or gathered transfer. */
typedef struct _WSABUF {
    ULONG len;
    CHAR *buf;
} WSABUF, *LPWSABUF;

/* A datagram with its address and control data. */
typedef struct _WSAMSG {
    LPSOCKADDR name;
    INT namelen;
    LPWSABUF lpBuffers;
    DWORD dwBufferCount;
    WSABUF Control;
    DWORD dwFlags;
} WSAMSG, *PWSAMSG, *LPWSAMSG;

/* ---- Protocols ----------------------------------------------------------------------------------- */

#define WS_IPPROTO_HOPOPTS 0
#define WS_IPPROTO_IP 0
#define WS_IPPROTO_ICMP 1
#define WS_IPPROTO_IGMP 2
#define WS_IPPROTO_GGP 3
#define WS_IPPROTO_IPV4 4
#define WS_IPPROTO_ST 5
#define WS_IPPROTO_TCP 6
#define WS_IPPROTO_CBT 7
#define WS_IPPROTO_EGP 8
#define WS_IPPROTO_IGP 9
#define WS_IPPROTO_PUP 12
#define WS_IPPROTO_UDP 17
#define WS_IPPROTO_IDP 22
#define WS_IPPROTO_RDP 27
#define WS_IPPROTO_IPV6 41
#define WS_IPPROTO_ROUTING 43
#define WS_IPPROTO_FRAGMENT 44
#define WS_IPPROTO_ESP 50
#define WS_IPPROTO_AH 51
#define WS_IPPROTO_ICMPV6 58
#define WS_IPPROTO_NONE 59
#define WS_IPPROTO_DSTOPTS 60
#define WS_IPPROTO_ND 77
#define WS_IPPROTO_ICLFXBM 78
#define WS_IPPROTO_PIM 103
#define WS_IPPROTO_PGM 113
#define WS_IPPROTO_L2TP 115
#define WS_IPPROTO_SCTP 132
#define WS_IPPROTO_RAW 255
#define WS_IPPROTO_MAX 256
/* Windows' own, beyond what an IP header can say. */
#define WS_IPPROTO_RESERVED_RAW 257
#define WS_IPPROTO_RESERVED_IPSEC 258
#define WS_IPPROTO_RESERVED_IPSECOFFLOAD 259
#define WS_IPPROTO_RESERVED_WNV 260
#define WS_IPPROTO_RESERVED_MAX 261

/* Ports. */
#define WS_IPPORT_TCPMUX 1
#define WS_IPPORT_ECHO 7
#define WS_IPPORT_DISCARD 9
#define WS_IPPORT_SYSTAT 11
#define WS_IPPORT_DAYTIME 13
#define WS_IPPORT_NETSTAT 15
#define WS_IPPORT_QOTD 17
#define WS_IPPORT_MSP 18
#define WS_IPPORT_CHARGEN 19
#define WS_IPPORT_FTP_DATA 20
#define WS_IPPORT_FTP 21
#define WS_IPPORT_TELNET 23
#define WS_IPPORT_SMTP 25
#define WS_IPPORT_TIMESERVER 37
#define WS_IPPORT_NAMESERVER 42
#define WS_IPPORT_WHOIS 43
#define WS_IPPORT_MTP 57
#define WS_IPPORT_TFTP 69
#define WS_IPPORT_RJE 77
#define WS_IPPORT_FINGER 79
#define WS_IPPORT_TTYLINK 87
#define WS_IPPORT_SUPDUP 95
#define WS_IPPORT_POP3 110
#define WS_IPPORT_NTP 123
#define WS_IPPORT_EPMAP 135
#define WS_IPPORT_NETBIOS_NS 137
#define WS_IPPORT_NETBIOS_DGM 138
#define WS_IPPORT_NETBIOS_SSN 139
#define WS_IPPORT_IMAP 143
#define WS_IPPORT_SNMP 161
#define WS_IPPORT_SNMP_TRAP 162
#define WS_IPPORT_IMAP3 220
#define WS_IPPORT_LDAP 389
#define WS_IPPORT_HTTPS 443
#define WS_IPPORT_MICROSOFT_DS 445
#define WS_IPPORT_EXECSERVER 512
#define WS_IPPORT_LOGINSERVER 513
#define WS_IPPORT_CMDSERVER 514
#define WS_IPPORT_EFSSERVER 520
#define WS_IPPORT_BIFFUDP 512
#define WS_IPPORT_WHOSERVER 513
#define WS_IPPORT_ROUTESERVER 520
#define WS_IPPORT_RESERVED 1024
#define WS_IPPORT_REGISTERED_MIN 1024
#define WS_IPPORT_REGISTERED_MAX 49151
#define WS_IPPORT_DYNAMIC_MIN 49152
#define WS_IPPORT_DYNAMIC_MAX 65535

/* ---- Control codes ------------------------------------------------------------------------------- */

#define IOCPARM_MASK 0x7f
#define IOC_VOID 0x20000000
#define WS_IOC_OUT 0x40000000
#define WS_IOC_IN 0x80000000U
#define WS_IOC_INOUT 0xc0000000U
#define IOC_UNIX 0x0
#define IOC_WS2 0x8000000
#define IOC_PROTOCOL 0x10000000
#define IOC_VENDOR 0x18000000

/* _IO, _IOR and _IOW are Linux's, whose other headers go on using them; Winsock's are these. */
#define _WSAIO(x, y) (IOC_VOID | (x) | (y))
#define _WSAIOR(x, y) (WS_IOC_OUT | (x) | (y))
#define _WSAIOW(x, y) (WS_IOC_IN | (x) | (y))
#define _WSAIORW(x, y) (WS_IOC_INOUT | (x) | (y))

/* ioctlsocket()'s commands; each holds the size of its argument, 4 (NEED-H3). */
#define WS_FIONREAD 0x4004667f
#define WS_FIONBIO 0x8004667eU
#define WS_FIOASYNC 0x8004667dU
#define SIOCSHIWAT 0x80047300U
#define SIOCGHIWAT 0x40047301
#define SIOCSLOWAT 0x80047302U
#define SIOCGLOWAT 0x40047303
#define WS_SIOCATMARK 0x40047307

#define SIO_ASSOCIATE_HANDLE _WSAIOW(IOC_WS2, 1)
#define SIO_ENABLE_CIRCULAR_QUEUEING _WSAIO(IOC_WS2, 2)
#define SIO_FIND_ROUTE _WSAIOR(IOC_WS2, 3)
#define SIO_FLUSH _WSAIO(IOC_WS2, 4)
#define SIO_GET_BROADCAST_ADDRESS _WSAIOR(IOC_WS2, 5)
#define SIO_GET_EXTENSION_FUNCTION_POINTER _WSAIORW(IOC_WS2, 6)
#define SIO_GET_QOS _WSAIORW(IOC_WS2, 7)
#define SIO_GET_GROUP_QOS _WSAIORW(IOC_WS2, 8)
#define SIO_MULTIPOINT_LOOPBACK _WSAIOW(IOC_WS2, 9)
#define SIO_MULTICAST_SCOPE _WSAIOW(IOC_WS2, 10)
#define SIO_SET_QOS _WSAIOW(IOC_WS2, 11)
#define SIO_SET_GROUP_QOS _WSAIOW(IOC_WS2, 12)
#define SIO_TRANSLATE_HANDLE _WSAIORW(IOC_WS2, 13)
#define SIO_ROUTING_INTERFACE_QUERY _WSAIORW(IOC_WS2, 20)
#define SIO_ROUTING_INTERFACE_CHANGE _WSAIOW(IOC_WS2, 21)
#define SIO_ADDRESS_LIST_QUERY _WSAIOR(IOC_WS2, 22)
#define SIO_ADDRESS_LIST_CHANGE _WSAIO(IOC_WS2, 23)
#define SIO_QUERY_TARGET_PNP_HANDLE _WSAIOR(IOC_WS2, 24)
#define SIO_NSP_NOTIFY_CHANGE _WSAIOW(IOC_WS2, 25)
#define SIO_ADDRESS_LIST_SORT _WSAIORW(IOC_WS2, 25)
#define SIO_RESERVED_1 _WSAIOW(IOC_WS2, 26)
#define SIO_RESERVED_2 _WSAIOW(IOC_WS2, 33)
#define SIO_GET_MULTIPLE_EXTENSION_FUNCTION_POINTER _WSAIORW(IOC_WS2, 36)
#define SIO_QUERY_RSS_PROCESSOR_INFO _WSAIOR(IOC_WS2, 37)

/* What SIO_QUERY_RSS_PROCESSOR_INFO answers. */
typedef struct _PROCESSOR_NUMBER {
    WORD Group;
    BYTE Number;
    BYTE Reserved;
} PROCESSOR_NUMBER, *PPROCESSOR_NUMBER;

typedef struct _SOCKET_PROCESSOR_AFFINITY {
    PROCESSOR_NUMBER Processor;
    USHORT NumaNodeId;
    USHORT Reserved;
} SOCKET_PROCESSOR_AFFINITY, *PSOCKET_PROCESSOR_AFFINITY;

/* ---- Name resolution ----------------------------------------------------------------------------- */

/* What getaddrinfo() answers: an address, and the next. */
typedef struct WS_addrinfo {
    int ai_flags;
    int ai_family;
    int ai_socktype;
    int ai_protocol;
    size_t ai_addrlen;
    char *ai_canonname;
    struct sockaddr *ai_addr;
    struct WS_addrinfo *ai_next;
} ADDRINFOA, *PADDRINFOA;

typedef struct addrinfoW {
    int ai_flags;
    int ai_family;
    int ai_socktype;
    int ai_protocol;
    size_t ai_addrlen;
    PWSTR ai_canonname;
    struct sockaddr *ai_addr;
    struct addrinfoW *ai_next;
} ADDRINFOW, *PADDRINFOW;

/* GetAddrInfoEx's. Version 1 has no version number: ai_flags says AI_EXTENDED where one follows. */
typedef struct addrinfoexA {
    int ai_flags;
    int ai_family;
    int ai_socktype;
    int ai_protocol;
    size_t ai_addrlen;
    LPCSTR ai_canonname;
    struct sockaddr *ai_addr;
    void *ai_blob;
    size_t ai_bloblen;
    LPGUID ai_provider;
    struct addrinfoexA *ai_next;
} ADDRINFOEXA, *PADDRINFOEXA, *LPADDRINFOEXA;

typedef struct addrinfoexW {
    int ai_flags;
    int ai_family;
    int ai_socktype;
    int ai_protocol;
    size_t ai_addrlen;
    LPCWSTR ai_canonname;
    struct sockaddr *ai_addr;
    void *ai_blob;
    size_t ai_bloblen;
    LPGUID ai_provider;
    struct addrinfoexW *ai_next;
} ADDRINFOEXW, *PADDRINFOEXW, *LPADDRINFOEXW;

#define ADDRINFOEX_VERSION_2 2
#define ADDRINFOEX_VERSION_3 3
#define ADDRINFOEX_VERSION_4 4
#define ADDRINFOEX_VERSION_5 5
#define ADDRINFOEX_VERSION_6 6

/* Version 2: the fully qualified name. */
typedef struct addrinfoex2A {
    int ai_flags;
    int ai_family;
    int ai_socktype;
    int ai_protocol;
    size_t ai_addrlen;
    char *ai_canonname;
    struct sockaddr *ai_addr;
    void *ai_blob;
    size_t ai_bloblen;
    LPGUID ai_provider;
    struct addrinfoex2A *ai_next;
    int ai_version;
    char *ai_fqdn;
} ADDRINFOEX2A, *PADDRINFOEX2A, *LPADDRINFOEX2A;

typedef struct addrinfoex2W {
    int ai_flags;
    int ai_family;
    int ai_socktype;
    int ai_protocol;
    size_t ai_addrlen;
    PWSTR ai_canonname;
    struct sockaddr *ai_addr;
    void *ai_blob;
    size_t ai_bloblen;
    LPGUID ai_provider;
    struct addrinfoex2W *ai_next;
    int ai_version;
    PWSTR ai_fqdn;
} ADDRINFOEX2W, *PADDRINFOEX2W, *LPADDRINFOEX2W;

/* Version 3: the interface to ask on. */
typedef struct addrinfoex3 {
    int ai_flags;
    int ai_family;
    int ai_socktype;
    int ai_protocol;
    size_t ai_addrlen;
    PWSTR ai_canonname;
    struct sockaddr *ai_addr;
    void *ai_blob;
    size_t ai_bloblen;
    LPGUID ai_provider;
    struct addrinfoex3 *ai_next;
    int ai_version;
    PWSTR ai_fqdn;
    int ai_interfaceindex;
} ADDRINFOEX3, *PADDRINFOEX3, *LPADDRINFOEX3;

/* Version 4: a handle that carries the resolution's network. */
typedef struct addrinfoex4 {
    int ai_flags;
    int ai_family;
    int ai_socktype;
    int ai_protocol;
    size_t ai_addrlen;
    PWSTR ai_canonname;
    struct sockaddr *ai_addr;
    void *ai_blob;
    size_t ai_bloblen;
    LPGUID ai_provider;
    struct addrinfoex4 *ai_next;
    int ai_version;
    PWSTR ai_fqdn;
    int ai_interfaceindex;
    HANDLE ai_resolutionhandle;
} ADDRINFOEX4, *PADDRINFOEX4, *LPADDRINFOEX4;

/* Version 5: how long the answer holds. */
typedef struct addrinfoex5 {
    int ai_flags;
    int ai_family;
    int ai_socktype;
    int ai_protocol;
    size_t ai_addrlen;
    PWSTR ai_canonname;
    struct sockaddr *ai_addr;
    void *ai_blob;
    size_t ai_bloblen;
    LPGUID ai_provider;
    struct addrinfoex5 *ai_next;
    int ai_version;
    PWSTR ai_fqdn;
    int ai_interfaceindex;
    HANDLE ai_resolutionhandle;
    UINT ai_ttl;
} ADDRINFOEX5, *PADDRINFOEX5, *LPADDRINFOEX5;

/* A DNS server to ask, in version 6. */
typedef struct addrinfo_dns_server {
    ULONG ai_servertype;
    ULONGLONG ai_flags;
    ULONG ai_addrlen;
    LPSOCKADDR ai_addr;
    __extension__ union {
        PWSTR ai_template;
    };
} ADDRINFO_DNS_SERVER;

#define WS_AI_DNS_SERVER_TYPE_UDP 0x1
#define WS_AI_DNS_SERVER_TYPE_DOH 0x2
#define WS_AI_DNS_SERVER_UDP_FALLBACK 0x1
#define WS_AI_DNS_RESPONSE_SECURE 0x1
#define WS_AI_DNS_RESPONSE_HOSTFILE 0x2

/* Version 6: servers of the caller's choice. */
typedef struct addrinfoex6 {
    int ai_flags;
    int ai_family;
    int ai_socktype;
    int ai_protocol;
    size_t ai_addrlen;
    PWSTR ai_canonname;
    struct sockaddr *ai_addr;
    void *ai_blob;
    size_t ai_bloblen;
    LPGUID ai_provider;
    struct addrinfoex6 *ai_next;
    int ai_version;
    PWSTR ai_fqdn;
    int ai_interfaceindex;
    HANDLE ai_resolutionhandle;
    UINT ai_ttl;
    UINT ai_numservers;
    ADDRINFO_DNS_SERVER *ai_servers;
    ULONG64 ai_responseflags;
} ADDRINFOEX6, *PADDRINFOEX6, *LPADDRINFOEX6;

/* Flags of a request for addresses. */
#define WS_AI_PASSIVE 0x1
#define WS_AI_CANONNAME 0x2
#define WS_AI_NUMERICHOST 0x4
#define WS_AI_NUMERICSERV 0x8
#define WS_AI_DNS_ONLY 0x10
#define WS_AI_FORCE_CLEAR_TEXT 0x20
#define WS_AI_BYPASS_DNS_CACHE 0x40
#define WS_AI_RETURN_TTL 0x80
#define WS_AI_ALL 0x100
#define WS_AI_ADDRCONFIG 0x400
#define WS_AI_V4MAPPED 0x800
#define WS_AI_NON_AUTHORITATIVE 0x4000
#define WS_AI_SECURE 0x8000
#define WS_AI_RETURN_PREFERRED_NAMES 0x10000
#define WS_AI_FQDN 0x20000
#define WS_AI_FILESERVER 0x40000
#define WS_AI_DISABLE_IDN_ENCODING 0x80000
#define WS_AI_SECURE_WITH_FALLBACK 0x100000
#define WS_AI_EXCLUSIVE_CUSTOM_SERVERS 0x200000
#define WS_AI_RETURN_RESPONSE_FLAGS 0x10000000
#define WS_AI_REQUIRE_SECURE 0x20000000
#define WS_AI_RESOLUTION_HANDLE 0x40000000
#define WS_AI_EXTENDED 0x80000000U

/* Flags and sizes of a request for names. */
#define WS_NI_NOFQDN 0x1
#define WS_NI_NUMERICHOST 0x2
#define WS_NI_NAMEREQD 0x4
#define WS_NI_NUMERICSERV 0x8
#define WS_NI_DGRAM 0x10
#define WS_NI_MAXHOST 1025
#define WS_NI_MAXSERV 32

/* Name spaces. */
#define NS_ALL 0
#define NS_SAP 1
#define NS_NDS 2
#define NS_PEER_BROWSE 3
#define NS_SLP 5
#define NS_DHCP 6
#define NS_TCPIP_LOCAL 10
#define NS_TCPIP_HOSTS 11
#define NS_DNS 12
#define NS_NETBT 13
#define NS_WINS 14
#define NS_NLA 15
#define NS_BTH 16
#define NS_LOCALNAME 19
#define NS_NBP 20
#define NS_MS 30
#define NS_STDA 31
#define NS_NTDS 32
#define NS_EMAIL 37
#define NS_PNRPNAME 38
#define NS_PNRPCLOUD 39
#define NS_X500 40
#define NS_NIS 41
#define NS_NISPLUS 42
#define NS_WRQ 50
#define NS_NETDES 60

WS2SPI_END_C

/* ---- The plain names ----------------------------------------------------------------------------- */

#ifndef WS2SPI_USE_WS_PREFIX

#define u_char WS_u_char
#define u_short WS_u_short
#define u_int WS_u_int
#define u_long WS_u_long
#define socklen_t WS_socklen_t

#define in_addr WS_in_addr
#define sockaddr_in WS_sockaddr_in
#define sockaddr_storage WS_sockaddr_storage
#define addrinfo WS_addrinfo

/* The members of in_addr that only the oldest sources name. */
#define s_net S_un.S_un_b.s_b1
#define s_host S_un.S_un_b.s_b2
#define s_lh S_un.S_un_b.s_b3
#define s_impno S_un.S_un_b.s_b4
#define s_imp S_un.S_un_w.s_w2

#define IN_CLASSA(i) WS_IN_CLASSA(i)
#define IN_CLASSB(i) WS_IN_CLASSB(i)
#define IN_CLASSC(i) WS_IN_CLASSC(i)
#define IN_CLASSD(i) WS_IN_CLASSD(i)
#define IN_MULTICAST(i) WS_IN_MULTICAST(i)
#define SOMAXCONN_HINT(b) WS_SOMAXCONN_HINT(b)

#define AF_UNSPEC WS_AF_UNSPEC
#define AF_UNIX WS_AF_UNIX
#define AF_INET WS_AF_INET
#define AF_IMPLINK WS_AF_IMPLINK
#define AF_PUP WS_AF_PUP
#define AF_CHAOS WS_AF_CHAOS
#define AF_NS WS_AF_NS
#define AF_IPX WS_AF_IPX
#define AF_ISO WS_AF_ISO
#define AF_OSI WS_AF_OSI
#define AF_ECMA WS_AF_ECMA
#define AF_DATAKIT WS_AF_DATAKIT
#define AF_CCITT WS_AF_CCITT
#define AF_SNA WS_AF_SNA
#define AF_DECnet WS_AF_DECnet
#define AF_DLI WS_AF_DLI
#define AF_LAT WS_AF_LAT
#define AF_HYLINK WS_AF_HYLINK
#define AF_APPLETALK WS_AF_APPLETALK
#define AF_NETBIOS WS_AF_NETBIOS
#define AF_VOICEVIEW WS_AF_VOICEVIEW
#define AF_FIREFOX WS_AF_FIREFOX
#define AF_UNKNOWN1 WS_AF_UNKNOWN1
#define AF_BAN WS_AF_BAN
#define AF_ATM WS_AF_ATM
#define AF_INET6 WS_AF_INET6
#define AF_CLUSTER WS_AF_CLUSTER
#define AF_12844 WS_AF_12844
#define AF_IRDA WS_AF_IRDA
#define AF_NETDES WS_AF_NETDES
#define AF_TCNPROCESS WS_AF_TCNPROCESS
#define AF_TCNMESSAGE WS_AF_TCNMESSAGE
#define AF_ICLFXBM WS_AF_ICLFXBM
#define AF_BTH WS_AF_BTH
#define AF_LINK WS_AF_LINK
#define AF_HYPERV WS_AF_HYPERV

#define PF_UNSPEC WS_PF_UNSPEC
#define PF_UNIX WS_PF_UNIX
#define PF_INET WS_PF_INET
#define PF_IMPLINK WS_PF_IMPLINK
#define PF_PUP WS_PF_PUP
#define PF_CHAOS WS_PF_CHAOS
#define PF_NS WS_PF_NS
#define PF_IPX WS_PF_IPX
#define PF_ISO WS_PF_ISO
#define PF_OSI WS_PF_OSI
#define PF_ECMA WS_PF_ECMA
#define PF_DATAKIT WS_PF_DATAKIT
#define PF_CCITT WS_PF_CCITT
#define PF_SNA WS_PF_SNA
#define PF_DECnet WS_PF_DECnet
#define PF_DLI WS_PF_DLI
#define PF_LAT WS_PF_LAT
#define PF_HYLINK WS_PF_HYLINK
#define PF_APPLETALK WS_PF_APPLETALK
#define PF_VOICEVIEW WS_PF_VOICEVIEW
#define PF_FIREFOX WS_PF_FIREFOX
#define PF_UNKNOWN1 WS_PF_UNKNOWN1
#define PF_BAN WS_PF_BAN
#define PF_ATM WS_PF_ATM
#define PF_INET6 WS_PF_INET6
#define PF_BTH WS_PF_BTH

#define AF_MAX WS_AF_MAX

#define PF_MAX WS_PF_MAX
#define PF_IRDA WS_PF_IRDA

#define INADDR_ANY WS_INADDR_ANY
#define INADDR_LOOPBACK WS_INADDR_LOOPBACK
#define INADDR_BROADCAST WS_INADDR_BROADCAST
#define INADDR_NONE WS_INADDR_NONE

#define IN_CLASSA_NET WS_IN_CLASSA_NET
#define IN_CLASSA_HOST WS_IN_CLASSA_HOST
#define IN_CLASSB_NET WS_IN_CLASSB_NET
#define IN_CLASSB_HOST WS_IN_CLASSB_HOST
#define IN_CLASSC_NET WS_IN_CLASSC_NET
#define IN_CLASSC_HOST WS_IN_CLASSC_HOST
#define IN_CLASSD_NET WS_IN_CLASSD_NET
#define IN_CLASSD_HOST WS_IN_CLASSD_HOST
#define IN_CLASSA_NSHIFT WS_IN_CLASSA_NSHIFT
#define IN_CLASSA_MAX WS_IN_CLASSA_MAX
#define IN_CLASSB_NSHIFT WS_IN_CLASSB_NSHIFT
#define IN_CLASSB_MAX WS_IN_CLASSB_MAX
#define IN_CLASSC_NSHIFT WS_IN_CLASSC_NSHIFT
#define IN_CLASSD_NSHIFT WS_IN_CLASSD_NSHIFT

#define SOCK_STREAM WS_SOCK_STREAM
#define SOCK_DGRAM WS_SOCK_DGRAM
#define SOCK_RAW WS_SOCK_RAW
#define SOCK_RDM WS_SOCK_RDM
#define SOCK_SEQPACKET WS_SOCK_SEQPACKET

#define SOL_SOCKET WS_SOL_SOCKET
#define SOL_IP WS_SOL_IP
#define SOL_IPV6 WS_SOL_IPV6

#define SO_DEBUG WS_SO_DEBUG
#define SO_ACCEPTCONN WS_SO_ACCEPTCONN
#define SO_REUSEADDR WS_SO_REUSEADDR
#define SO_KEEPALIVE WS_SO_KEEPALIVE
#define SO_DONTROUTE WS_SO_DONTROUTE
#define SO_BROADCAST WS_SO_BROADCAST
#define SO_USELOOPBACK WS_SO_USELOOPBACK
#define SO_LINGER WS_SO_LINGER
#define SO_OOBINLINE WS_SO_OOBINLINE
#define SO_DONTLINGER WS_SO_DONTLINGER
#define SO_EXCLUSIVEADDRUSE WS_SO_EXCLUSIVEADDRUSE
#define SO_SNDBUF WS_SO_SNDBUF
#define SO_RCVBUF WS_SO_RCVBUF
#define SO_SNDLOWAT WS_SO_SNDLOWAT
#define SO_RCVLOWAT WS_SO_RCVLOWAT
#define SO_SNDTIMEO WS_SO_SNDTIMEO
#define SO_RCVTIMEO WS_SO_RCVTIMEO
#define SO_ERROR WS_SO_ERROR
#define SO_TYPE WS_SO_TYPE
#define SO_BSP_STATE WS_SO_BSP_STATE
#define SO_GROUP_ID WS_SO_GROUP_ID
#define SO_GROUP_PRIORITY WS_SO_GROUP_PRIORITY
#define SO_MAX_MSG_SIZE WS_SO_MAX_MSG_SIZE
#define SO_PROTOCOL_INFOA WS_SO_PROTOCOL_INFOA
#define SO_PROTOCOL_INFOW WS_SO_PROTOCOL_INFOW
#define SO_PROTOCOL_INFO WS_SO_PROTOCOL_INFO
#define SO_CONDITIONAL_ACCEPT WS_SO_CONDITIONAL_ACCEPT
#define SO_PAUSE_ACCEPT WS_SO_PAUSE_ACCEPT
#define SO_COMPARTMENT_ID WS_SO_COMPARTMENT_ID
#define SO_RANDOMIZE_PORT WS_SO_RANDOMIZE_PORT
#define SO_PORT_SCALABILITY WS_SO_PORT_SCALABILITY
#define SO_REUSE_UNICASTPORT WS_SO_REUSE_UNICASTPORT
#define SO_REUSE_MULTICASTPORT WS_SO_REUSE_MULTICASTPORT
#define SO_ORIGINAL_DST WS_SO_ORIGINAL_DST

#define SOMAXCONN WS_SOMAXCONN

#define TCP_NODELAY WS_TCP_NODELAY

#define MSG_OOB WS_MSG_OOB
#define MSG_PEEK WS_MSG_PEEK
#define MSG_DONTROUTE WS_MSG_DONTROUTE
#define MSG_WAITALL WS_MSG_WAITALL
#define MSG_INTERRUPT WS_MSG_INTERRUPT
#define MSG_PUSH_IMMEDIATE WS_MSG_PUSH_IMMEDIATE
#define MSG_ERRQUEUE WS_MSG_ERRQUEUE
#define MSG_PARTIAL WS_MSG_PARTIAL
#define MSG_MAXIOVLEN WS_MSG_MAXIOVLEN

#define IPPROTO_HOPOPTS WS_IPPROTO_HOPOPTS
#define IPPROTO_IP WS_IPPROTO_IP
#define IPPROTO_ICMP WS_IPPROTO_ICMP
#define IPPROTO_IGMP WS_IPPROTO_IGMP
#define IPPROTO_GGP WS_IPPROTO_GGP
#define IPPROTO_IPV4 WS_IPPROTO_IPV4
#define IPPROTO_ST WS_IPPROTO_ST
#define IPPROTO_TCP WS_IPPROTO_TCP
#define IPPROTO_CBT WS_IPPROTO_CBT
#define IPPROTO_EGP WS_IPPROTO_EGP
#define IPPROTO_IGP WS_IPPROTO_IGP
#define IPPROTO_PUP WS_IPPROTO_PUP
#define IPPROTO_UDP WS_IPPROTO_UDP
#define IPPROTO_IDP WS_IPPROTO_IDP
#define IPPROTO_RDP WS_IPPROTO_RDP
#define IPPROTO_IPV6 WS_IPPROTO_IPV6
#define IPPROTO_ROUTING WS_IPPROTO_ROUTING
#define IPPROTO_FRAGMENT WS_IPPROTO_FRAGMENT
#define IPPROTO_ESP WS_IPPROTO_ESP
#define IPPROTO_AH WS_IPPROTO_AH
#define IPPROTO_ICMPV6 WS_IPPROTO_ICMPV6
#define IPPROTO_NONE WS_IPPROTO_NONE
#define IPPROTO_DSTOPTS WS_IPPROTO_DSTOPTS
#define IPPROTO_ND WS_IPPROTO_ND
#define IPPROTO_ICLFXBM WS_IPPROTO_ICLFXBM
#define IPPROTO_PIM WS_IPPROTO_PIM
#define IPPROTO_PGM WS_IPPROTO_PGM
#define IPPROTO_L2TP WS_IPPROTO_L2TP
#define IPPROTO_SCTP WS_IPPROTO_SCTP
#define IPPROTO_RAW WS_IPPROTO_RAW
#define IPPROTO_MAX WS_IPPROTO_MAX
#define IPPROTO_RESERVED_RAW WS_IPPROTO_RESERVED_RAW
#define IPPROTO_RESERVED_IPSEC WS_IPPROTO_RESERVED_IPSEC
#define IPPROTO_RESERVED_IPSECOFFLOAD WS_IPPROTO_RESERVED_IPSECOFFLOAD
#define IPPROTO_RESERVED_WNV WS_IPPROTO_RESERVED_WNV
#define IPPROTO_RESERVED_MAX WS_IPPROTO_RESERVED_MAX

#define IPPORT_TCPMUX WS_IPPORT_TCPMUX
#define IPPORT_ECHO WS_IPPORT_ECHO
#define IPPORT_DISCARD WS_IPPORT_DISCARD
#define IPPORT_SYSTAT WS_IPPORT_SYSTAT
#define IPPORT_DAYTIME WS_IPPORT_DAYTIME
#define IPPORT_NETSTAT WS_IPPORT_NETSTAT
#define IPPORT_QOTD WS_IPPORT_QOTD
#define IPPORT_MSP WS_IPPORT_MSP
#define IPPORT_CHARGEN WS_IPPORT_CHARGEN
#define IPPORT_FTP_DATA WS_IPPORT_FTP_DATA
#define IPPORT_FTP WS_IPPORT_FTP
#define IPPORT_TELNET WS_IPPORT_TELNET
#define IPPORT_SMTP WS_IPPORT_SMTP
#define IPPORT_TIMESERVER WS_IPPORT_TIMESERVER
#define IPPORT_NAMESERVER WS_IPPORT_NAMESERVER
#define IPPORT_WHOIS WS_IPPORT_WHOIS
#define IPPORT_MTP WS_IPPORT_MTP
#define IPPORT_TFTP WS_IPPORT_TFTP
#define IPPORT_RJE WS_IPPORT_RJE
#define IPPORT_FINGER WS_IPPORT_FINGER
#define IPPORT_TTYLINK WS_IPPORT_TTYLINK
#define IPPORT_SUPDUP WS_IPPORT_SUPDUP
#define IPPORT_POP3 WS_IPPORT_POP3
#define IPPORT_NTP WS_IPPORT_NTP
#define IPPORT_EPMAP WS_IPPORT_EPMAP
#define IPPORT_NETBIOS_NS WS_IPPORT_NETBIOS_NS
#define IPPORT_NETBIOS_DGM WS_IPPORT_NETBIOS_DGM
#define IPPORT_NETBIOS_SSN WS_IPPORT_NETBIOS_SSN
#define IPPORT_IMAP WS_IPPORT_IMAP
#define IPPORT_SNMP WS_IPPORT_SNMP
#define IPPORT_SNMP_TRAP WS_IPPORT_SNMP_TRAP
#define IPPORT_IMAP3 WS_IPPORT_IMAP3
#define IPPORT_LDAP WS_IPPORT_LDAP
#define IPPORT_HTTPS WS_IPPORT_HTTPS
#define IPPORT_MICROSOFT_DS WS_IPPORT_MICROSOFT_DS
#define IPPORT_EXECSERVER WS_IPPORT_EXECSERVER
#define IPPORT_LOGINSERVER WS_IPPORT_LOGINSERVER
#define IPPORT_CMDSERVER WS_IPPORT_CMDSERVER
#define IPPORT_EFSSERVER WS_IPPORT_EFSSERVER
#define IPPORT_BIFFUDP WS_IPPORT_BIFFUDP
#define IPPORT_WHOSERVER WS_IPPORT_WHOSERVER
#define IPPORT_ROUTESERVER WS_IPPORT_ROUTESERVER
#define IPPORT_RESERVED WS_IPPORT_RESERVED
#define IPPORT_REGISTERED_MIN WS_IPPORT_REGISTERED_MIN
#define IPPORT_REGISTERED_MAX WS_IPPORT_REGISTERED_MAX
#define IPPORT_DYNAMIC_MIN WS_IPPORT_DYNAMIC_MIN
#define IPPORT_DYNAMIC_MAX WS_IPPORT_DYNAMIC_MAX

#define IOC_OUT WS_IOC_OUT
#define IOC_IN WS_IOC_IN
#define IOC_INOUT WS_IOC_INOUT

#define FIONREAD WS_FIONREAD
#define FIONBIO WS_FIONBIO

#define FIOASYNC WS_FIOASYNC

#define SIOCATMARK WS_SIOCATMARK

#define AI_DNS_SERVER_TYPE_UDP WS_AI_DNS_SERVER_TYPE_UDP
#define AI_DNS_SERVER_TYPE_DOH WS_AI_DNS_SERVER_TYPE_DOH
#define AI_DNS_SERVER_UDP_FALLBACK WS_AI_DNS_SERVER_UDP_FALLBACK
#define AI_DNS_RESPONSE_SECURE WS_AI_DNS_RESPONSE_SECURE
#define AI_DNS_RESPONSE_HOSTFILE WS_AI_DNS_RESPONSE_HOSTFILE
#define AI_PASSIVE WS_AI_PASSIVE
#define AI_CANONNAME WS_AI_CANONNAME
#define AI_NUMERICHOST WS_AI_NUMERICHOST
#define AI_NUMERICSERV WS_AI_NUMERICSERV
#define AI_DNS_ONLY WS_AI_DNS_ONLY
#define AI_FORCE_CLEAR_TEXT WS_AI_FORCE_CLEAR_TEXT
#define AI_BYPASS_DNS_CACHE WS_AI_BYPASS_DNS_CACHE
#define AI_RETURN_TTL WS_AI_RETURN_TTL
#define AI_ALL WS_AI_ALL
#define AI_ADDRCONFIG WS_AI_ADDRCONFIG
#define AI_V4MAPPED WS_AI_V4MAPPED
#define AI_NON_AUTHORITATIVE WS_AI_NON_AUTHORITATIVE
#define AI_SECURE WS_AI_SECURE
#define AI_RETURN_PREFERRED_NAMES WS_AI_RETURN_PREFERRED_NAMES
#define AI_FQDN WS_AI_FQDN
#define AI_FILESERVER WS_AI_FILESERVER
#define AI_DISABLE_IDN_ENCODING WS_AI_DISABLE_IDN_ENCODING
#define AI_SECURE_WITH_FALLBACK WS_AI_SECURE_WITH_FALLBACK
#define AI_EXCLUSIVE_CUSTOM_SERVERS WS_AI_EXCLUSIVE_CUSTOM_SERVERS
#define AI_RETURN_RESPONSE_FLAGS WS_AI_RETURN_RESPONSE_FLAGS
#define AI_REQUIRE_SECURE WS_AI_REQUIRE_SECURE
#define AI_RESOLUTION_HANDLE WS_AI_RESOLUTION_HANDLE
#define AI_EXTENDED WS_AI_EXTENDED

#define NI_NOFQDN WS_NI_NOFQDN
#define NI_NUMERICHOST WS_NI_NUMERICHOST
#define NI_NAMEREQD WS_NI_NAMEREQD
#define NI_NUMERICSERV WS_NI_NUMERICSERV
#define NI_DGRAM WS_NI_DGRAM
#define NI_MAXHOST WS_NI_MAXHOST
#define NI_MAXSERV WS_NI_MAXSERV
#endif /* WS2SPI_USE_WS_PREFIX */

#endif /* WS2DEF_H */
