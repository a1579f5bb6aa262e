/*
 * mstcpip.h - options and control codes of Microsoft's TCP/IP, and functions on
 * IP addresses.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef WS2SPI_MSTCPIP_H
#define WS2SPI_MSTCPIP_H

#include "winsock2.h"
#include "ws2ipdef.h"

WS2SPI_BEGIN_C

/* ---- Keep-alive -------------------------------------------------------------------------------- */

#define SIO_KEEPALIVE_VALS _WSAIOW(IOC_VENDOR, 4)

struct tcp_keepalive {
    ULONG onoff;
    ULONG keepalivetime;     /* milliseconds */
    ULONG keepaliveinterval; /* milliseconds */
};

/* ---- Raw sockets that see all traffic ---------------------------------------------------------- */

#define SIO_RCVALL           _WSAIOW(IOC_VENDOR, 1)
#define SIO_RCVALL_MCAST     _WSAIOW(IOC_VENDOR, 2)
#define SIO_RCVALL_IGMPMCAST _WSAIOW(IOC_VENDOR, 3)
#define SIO_RCVALL_MCAST_IF  _WSAIOW(IOC_VENDOR, 13)
#define SIO_RCVALL_IF        _WSAIOW(IOC_VENDOR, 14)

typedef enum RCVALL_VALUE {
    RCVALL_OFF             = 0,
    RCVALL_ON              = 1,
    RCVALL_SOCKETLEVELONLY = 2,
    RCVALL_IPLEVEL         = 3
} RCVALL_VALUE, *PRCVALL_VALUE;

#define RCVALL_MAX RCVALL_IPLEVEL

typedef struct {
    RCVALL_VALUE Mode;
    ULONG        Interface;
} RCVALL_IF, *PRCVALL_IF;

/* ---- Routes, interfaces ------------------------------------------------------------------------ */

#define SIO_ABSORB_RTRALERT    _WSAIOW(IOC_VENDOR, 5)
#define SIO_UCAST_IF           _WSAIOW(IOC_VENDOR, 6)
#define SIO_LIMIT_BROADCASTS   _WSAIOW(IOC_VENDOR, 7)
#define SIO_INDEX_BIND         _WSAIOW(IOC_VENDOR, 8)
#define SIO_INDEX_MCASTIF      _WSAIOW(IOC_VENDOR, 9)
#define SIO_INDEX_ADD_MCAST    _WSAIOW(IOC_VENDOR, 10)
#define SIO_INDEX_DEL_MCAST    _WSAIOW(IOC_VENDOR, 11)
#define SIO_LOOPBACK_FAST_PATH _WSAIOW(IOC_VENDOR, 16)
#define SIO_CPU_AFFINITY       _WSAIOW(IOC_VENDOR, 21)

#define SIO_QUERY_RSS_SCALABILITY_INFO _WSAIOR(IOC_VENDOR, 210)

typedef struct _RSS_SCALABILITY_INFO {
    BOOLEAN RssEnabled;
} RSS_SCALABILITY_INFO, *PRSS_SCALABILITY_INFO;

/* ---- The TCP connection ------------------------------------------------------------------------ */

/* How often and after how long a SYN is sent again. */
#define SIO_TCP_INITIAL_RTO _WSAIOW(IOC_VENDOR, 17)

#define TCP_INITIAL_RTO_DEFAULT_RTT                     0
#define TCP_INITIAL_RTO_DEFAULT_MAX_SYN_RETRANSMISSIONS 0
#define TCP_INITIAL_RTO_UNSPECIFIED_RTT                 ((USHORT)0xFFFF)
#define TCP_INITIAL_RTO_UNSPECIFIED_MAX_SYN_RETRANSMISSIONS ((UCHAR)0xFF)
#define TCP_INITIAL_RTO_NO_SYN_RETRANSMISSIONS              ((UCHAR)0xFE)

typedef struct _TCP_INITIAL_RTO_PARAMETERS {
    USHORT Rtt; /* milliseconds */
    UCHAR  MaxSynRetransmissions;
} TCP_INITIAL_RTO_PARAMETERS, *PTCP_INITIAL_RTO_PARAMETERS;

/* The initial congestion window. */
#define SIO_TCP_SET_ICW _WSAIOW(IOC_VENDOR, 22)

typedef enum TCP_ICW_LEVEL {
    TCP_ICW_LEVEL_DEFAULT      = 0,
    TCP_ICW_LEVEL_HIGH         = 1,
    TCP_ICW_LEVEL_VERY_HIGH    = 2,
    TCP_ICW_LEVEL_AGGRESSIVE   = 3,
    TCP_ICW_LEVEL_EXPERIMENTAL = 4,
    TCP_ICW_LEVEL_COMPAT       = 254,
    TCP_ICW_LEVEL_MAX          = 255
} TCP_ICW_LEVEL, *PTCP_ICW_LEVEL;

typedef struct _TCP_ICW_PARAMETERS {
    TCP_ICW_LEVEL Level;
} TCP_ICW_PARAMETERS, *PTCP_ICW_PARAMETERS;

#define SIO_TCP_SET_ACK_FREQUENCY _WSAIOW(IOC_VENDOR, 23)

typedef struct _TCP_ACK_FREQUENCY_PARAMETERS {
    UCHAR TcpDelayedAckFrequency;
} TCP_ACK_FREQUENCY_PARAMETERS, *PTCP_ACK_FREQUENCY_PARAMETERS;

#define SIO_SET_PRIORITY_HINT _WSAIOW(IOC_VENDOR, 24)
#define SIO_PRIORITY_HINT     SIO_SET_PRIORITY_HINT

typedef enum SOCKET_PRIORITY_HINT {
    SocketPriorityHintVeryLow      = 0,
    SocketPriorityHintLow          = 1,
    SocketPriorityHintNormal       = 2,
    SocketMaximumPriorityHintType  = 3
} SOCKET_PRIORITY_HINT, *PSOCKET_PRIORITY_HINT;

typedef struct _PRIORITY_STATUS {
    SOCKET_PRIORITY_HINT Sender;
    SOCKET_PRIORITY_HINT Receiver;
} PRIORITY_STATUS, *PPRIORITY_STATUS;

/* State and counters; the input is the version, a DWORD. */
#define SIO_TCP_INFO _WSAIORW(IOC_VENDOR, 39)

typedef enum _TCPSTATE {
    TCPSTATE_CLOSED,
    TCPSTATE_LISTEN,
    TCPSTATE_SYN_SENT,
    TCPSTATE_SYN_RCVD,
    TCPSTATE_ESTABLISHED,
    TCPSTATE_FIN_WAIT_1,
    TCPSTATE_FIN_WAIT_2,
    TCPSTATE_CLOSE_WAIT,
    TCPSTATE_CLOSING,
    TCPSTATE_LAST_ACK,
    TCPSTATE_TIME_WAIT,
    TCPSTATE_MAX
} TCPSTATE;

typedef struct _TCP_INFO_v0 {
    TCPSTATE State;
    ULONG    Mss;
    ULONG64  ConnectionTimeMs;
    BOOLEAN  TimestampsEnabled;
    ULONG    RttUs;
    ULONG    MinRttUs;
    ULONG    BytesInFlight;
    ULONG    Cwnd;
    ULONG    SndWnd;
    ULONG    RcvWnd;
    ULONG    RcvBuf;
    ULONG64  BytesOut;
    ULONG64  BytesIn;
    ULONG    BytesReordered;
    ULONG    BytesRetrans;
    ULONG    FastRetrans;
    ULONG    DupAcksIn;
    ULONG    TimeoutEpisodes;
    UCHAR    SynRetrans;
} TCP_INFO_v0, *PTCP_INFO_v0;

typedef struct _TCP_INFO_v1 {
    TCPSTATE State;
    ULONG    Mss;
    ULONG64  ConnectionTimeMs;
    BOOLEAN  TimestampsEnabled;
    ULONG    RttUs;
    ULONG    MinRttUs;
    ULONG    BytesInFlight;
    ULONG    Cwnd;
    ULONG    SndWnd;
    ULONG    RcvWnd;
    ULONG    RcvBuf;
    ULONG64  BytesOut;
    ULONG64  BytesIn;
    ULONG    BytesReordered;
    ULONG    BytesRetrans;
    ULONG    FastRetrans;
    ULONG    DupAcksIn;
    ULONG    TimeoutEpisodes;
    UCHAR    SynRetrans;
    /* What held the sender back: the peer's window, congestion, or the program. */
    ULONG    SndLimTransRwin;
    ULONG    SndLimTimeRwin;
    ULONG64  SndLimBytesRwin;
    ULONG    SndLimTransCwnd;
    ULONG    SndLimTimeCwnd;
    ULONG64  SndLimBytesCwnd;
    ULONG    SndLimTransSnd;
    ULONG    SndLimTimeSnd;
    ULONG64  SndLimBytesSnd;
} TCP_INFO_v1, *PTCP_INFO_v1;

WS2SPI_STATIC_ASSERT(sizeof(TCP_INFO_v0) == 88, "TCP_INFO_v0");
WS2SPI_STATIC_ASSERT(sizeof(TCP_INFO_v1) == 136, "TCP_INFO_v1");

/* ---- Timestamps -------------------------------------------------------------------------------- */

#define SIO_GET_TX_TIMESTAMP _WSAIOW(IOC_VENDOR, 234)
#define SIO_TIMESTAMPING     _WSAIOW(IOC_VENDOR, 235)

#define TIMESTAMPING_FLAG_RX 0x1
#define TIMESTAMPING_FLAG_TX 0x2

typedef struct _TIMESTAMPING_CONFIG {
    ULONG  Flags; /* TIMESTAMPING_FLAG_* */
    USHORT TxTimestampsBuffered;
} TIMESTAMPING_CONFIG, *PTIMESTAMPING_CONFIG;

/* Types of control messages, level SOL_SOCKET. */
#define WS_SO_TIMESTAMP 0x300A
#define SO_TIMESTAMP_ID 0x300B
#ifndef WS2SPI_USE_WS_PREFIX
#define SO_TIMESTAMP WS_SO_TIMESTAMP
#endif

/* ---- Port reservations ------------------------------------------------------------------------- */

#define SIO_ACQUIRE_PORT_RESERVATION   _WSAIOW(IOC_VENDOR, 100)
#define SIO_RELEASE_PORT_RESERVATION   _WSAIOW(IOC_VENDOR, 101)
#define SIO_ASSOCIATE_PORT_RESERVATION _WSAIOW(IOC_VENDOR, 102)

#define INVALID_PORT_RESERVATION_TOKEN ((ULONG64)0)

typedef struct _INET_PORT_RANGE {
    USHORT StartPort; /* network byte order */
    USHORT NumberOfPorts;
} INET_PORT_RANGE, *PINET_PORT_RANGE, INET_PORT_RESERVATION, *PINET_PORT_RESERVATION;

typedef struct {
    ULONG64 Token;
} INET_PORT_RESERVATION_TOKEN, *PINET_PORT_RESERVATION_TOKEN;

/* What SIO_ACQUIRE_PORT_RESERVATION answers. As in the SDK the members of the range and of the
   token are members here, and in C++ the range and the token. */
typedef struct {
#ifdef __cplusplus
    INET_PORT_RESERVATION       Reservation;
    INET_PORT_RESERVATION_TOKEN Token;
#else
    __extension__ union {
        INET_PORT_RESERVATION Reservation;
        __extension__ struct {
            USHORT StartPort; /* network byte order */
            USHORT NumberOfPorts;
        };
    };
    ULONG64 Token;
#endif
} INET_PORT_RESERVATION_INSTANCE, *PINET_PORT_RESERVATION_INSTANCE;

typedef struct {
    ULONG OwningPid;
} INET_PORT_RESERVATION_INFORMATION, *PINET_PORT_RESERVATION_INFORMATION;

/* ---- Transport settings ------------------------------------------------------------------------ */

#define SIO_APPLY_TRANSPORT_SETTING _WSAIOW(IOC_VENDOR, 19)
#define SIO_QUERY_TRANSPORT_SETTING _WSAIOW(IOC_VENDOR, 20)

typedef struct TRANSPORT_SETTING_ID {
    GUID Guid;
} TRANSPORT_SETTING_ID, *PTRANSPORT_SETTING_ID;

#ifdef DEFINE_GUID
DEFINE_GUID(REAL_TIME_NOTIFICATION_CAPABILITY, 0x6b59819a, 0x5cae, 0x492d, 0xa9, 0x01, 0x2a, 0x3c, 0x2c, 0x50, 0x16,
            0x4f);
DEFINE_GUID(REAL_TIME_NOTIFICATION_CAPABILITY_EX, 0x6843da03, 0x154a, 0x4616, 0xa5, 0x08, 0x44, 0x37, 0x12, 0x95,
            0xf9, 0x6b);
DEFINE_GUID(ASSOCIATE_NAMERES_CONTEXT, 0x59a38b67, 0xd4fe, 0x46e1, 0xba, 0x3c, 0x87, 0xea, 0x74, 0xca, 0x30, 0x49);
#endif

typedef struct _REAL_TIME_NOTIFICATION_SETTING_INPUT {
    TRANSPORT_SETTING_ID TransportSettingId;
    GUID                 BrokerEventGuid;
} REAL_TIME_NOTIFICATION_SETTING_INPUT, *PREAL_TIME_NOTIFICATION_SETTING_INPUT;

typedef struct _REAL_TIME_NOTIFICATION_SETTING_INPUT_EX {
    TRANSPORT_SETTING_ID TransportSettingId;
    GUID                 BrokerEventGuid;
    BOOLEAN              Unmark;
} REAL_TIME_NOTIFICATION_SETTING_INPUT_EX, *PREAL_TIME_NOTIFICATION_SETTING_INPUT_EX;

typedef enum CONTROL_CHANNEL_TRIGGER_STATUS {
    CONTROL_CHANNEL_TRIGGER_STATUS_INVALID                 = 0,
    CONTROL_CHANNEL_TRIGGER_STATUS_SOFTWARE_SLOT_ALLOCATED = 1,
    CONTROL_CHANNEL_TRIGGER_STATUS_HARDWARE_SLOT_ALLOCATED = 2,
    CONTROL_CHANNEL_TRIGGER_STATUS_POLICY_ERROR            = 3,
    CONTROL_CHANNEL_TRIGGER_STATUS_SYSTEM_ERROR            = 4,
    CONTROL_CHANNEL_TRIGGER_STATUS_TRANSPORT_DISCONNECTED  = 5,
    CONTROL_CHANNEL_TRIGGER_STATUS_SERVICE_UNAVAILABLE     = 6
} CONTROL_CHANNEL_TRIGGER_STATUS, *PCONTROL_CHANNEL_TRIGGER_STATUS;

#define CONTROL_CHANNEL_TRIGGER_STATUS_MAX CONTROL_CHANNEL_TRIGGER_STATUS_SYSTEM_ERROR

typedef struct _REAL_TIME_NOTIFICATION_SETTING_OUTPUT {
    CONTROL_CHANNEL_TRIGGER_STATUS ChannelStatus;
} REAL_TIME_NOTIFICATION_SETTING_OUTPUT, *PREAL_TIME_NOTIFICATION_SETTING_OUTPUT;

typedef struct _ASSOCIATE_NAMERES_CONTEXT_INPUT {
    TRANSPORT_SETTING_ID TransportSettingId;
    UINT64               Handle;
} ASSOCIATE_NAMERES_CONTEXT_INPUT, *PASSOCIATE_NAMERES_CONTEXT_INPUT;

/* ---- Secure sockets ---------------------------------------------------------------------------- */

#define SIO_SET_SECURITY            _WSAIOW(IOC_VENDOR, 200)
#define SIO_QUERY_SECURITY          _WSAIORW(IOC_VENDOR, 201)
#define SIO_SET_PEER_TARGET_NAME    _WSAIOW(IOC_VENDOR, 202)
#define SIO_DELETE_PEER_TARGET_NAME _WSAIOW(IOC_VENDOR, 203)

/* Connections that the packet filter redirects. */
#define SIO_QUERY_WFP_ALE_ENDPOINT_HANDLE         _WSAIOR(IOC_VENDOR, 205)
#define SIO_QUERY_WFP_CONNECTION_REDIRECT_RECORDS _WSAIOW(IOC_VENDOR, 220)
#define SIO_QUERY_WFP_CONNECTION_REDIRECT_CONTEXT _WSAIOW(IOC_VENDOR, 221)
#define SIO_SET_WFP_CONNECTION_REDIRECT_RECORDS   _WSAIOW(IOC_VENDOR, 222)

#define SIO_SOCKET_USAGE_NOTIFICATION _WSAIOW(IOC_VENDOR, 204)

typedef enum _SOCKET_USAGE_TYPE {
    SYSTEM_CRITICAL_SOCKET = 1
} SOCKET_USAGE_TYPE;

typedef enum _SOCKET_SECURITY_PROTOCOL {
    SOCKET_SECURITY_PROTOCOL_DEFAULT,
    SOCKET_SECURITY_PROTOCOL_IPSEC,
    SOCKET_SECURITY_PROTOCOL_IPSEC2,
    SOCKET_SECURITY_PROTOCOL_INVALID
} SOCKET_SECURITY_PROTOCOL;

/* SecurityFlags and IpsecFlags of the settings. */
#define SOCKET_SETTINGS_GUARANTEE_ENCRYPTION 0x1
#define SOCKET_SETTINGS_ALLOW_INSECURE       0x2

#define SOCKET_SETTINGS_IPSEC_SKIP_FILTER_INSTANTIATION           0x1
#define SOCKET_SETTINGS_IPSEC_OPTIONAL_PEER_NAME_VERIFICATION     0x2
#define SOCKET_SETTINGS_IPSEC_ALLOW_FIRST_INBOUND_PKT_UNENCRYPTED 0x4
#define SOCKET_SETTINGS_IPSEC_PEER_NAME_IS_RAW_FORMAT             0x8

/* Flags of what is learnt about the peer. */
#define SOCKET_INFO_CONNECTION_SECURED      0x1
#define SOCKET_INFO_CONNECTION_ENCRYPTED    0x2
#define SOCKET_INFO_CONNECTION_IMPERSONATED 0x4

#define SOCKET_QUERY_IPSEC2_ABORT_CONNECTION_ON_FIELD_CHANGE 0x1
#define SOCKET_QUERY_IPSEC2_FIELD_MASK_MM_SA_ID              0x1
#define SOCKET_QUERY_IPSEC2_FIELD_MASK_QM_SA_ID              0x2

#ifdef DEFINE_GUID
DEFINE_GUID(SOCKET_DEFAULT2_QM_POLICY, 0xaec2ef9c, 0x3a4d, 0x4d3e, 0x88, 0x42, 0x23, 0x99, 0x42, 0xe3, 0x9a, 0x47);
#endif

typedef struct _SOCKET_SECURITY_SETTINGS {
    SOCKET_SECURITY_PROTOCOL SecurityProtocol;
    ULONG                    SecurityFlags;
} SOCKET_SECURITY_SETTINGS;

#if defined(__clang__) && defined(__cplusplus)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wc99-extensions" /* arrays of no given length, as in C */
#endif

typedef struct _SOCKET_SECURITY_SETTINGS_IPSEC {
    SOCKET_SECURITY_PROTOCOL SecurityProtocol;
    ULONG                    SecurityFlags;
    ULONG                    IpsecFlags;
    GUID                     AuthipMMPolicyKey;
    GUID                     AuthipQMPolicyKey;
    GUID                     Reserved;
    UINT64                   Reserved2;
    ULONG                    UserNameStringLen;
    ULONG                    DomainNameStringLen;
    ULONG                    PasswordStringLen;
    __extension__ WCHAR      AllStrings[];
} SOCKET_SECURITY_SETTINGS_IPSEC;

typedef struct _SOCKET_PEER_TARGET_NAME {
    SOCKET_SECURITY_PROTOCOL SecurityProtocol;
    SOCKADDR_STORAGE         PeerAddress;
    ULONG                    PeerTargetNameStringLen;
    __extension__ WCHAR      AllStrings[];
} SOCKET_PEER_TARGET_NAME;

#if defined(__clang__) && defined(__cplusplus)
#pragma clang diagnostic pop
#endif

typedef struct _SOCKET_SECURITY_QUERY_TEMPLATE {
    SOCKET_SECURITY_PROTOCOL SecurityProtocol;
    SOCKADDR_STORAGE         PeerAddress;
    ULONG                    PeerTokenAccessMask;
} SOCKET_SECURITY_QUERY_TEMPLATE;

typedef struct _SOCKET_SECURITY_QUERY_TEMPLATE_IPSEC2 {
    SOCKET_SECURITY_PROTOCOL SecurityProtocol;
    SOCKADDR_STORAGE         PeerAddress;
    ULONG                    PeerTokenAccessMask;
    ULONG                    Flags;
    ULONG                    FieldMask;
} SOCKET_SECURITY_QUERY_TEMPLATE_IPSEC2;

typedef struct _SOCKET_SECURITY_QUERY_INFO {
    SOCKET_SECURITY_PROTOCOL SecurityProtocol;
    ULONG                    Flags;
    UINT64                   PeerApplicationAccessTokenHandle;
    UINT64                   PeerMachineAccessTokenHandle;
} SOCKET_SECURITY_QUERY_INFO;

typedef struct _SOCKET_SECURITY_QUERY_INFO_IPSEC2 {
    SOCKET_SECURITY_PROTOCOL SecurityProtocol;
    ULONG                    Flags;
    UINT64                   PeerApplicationAccessTokenHandle;
    UINT64                   PeerMachineAccessTokenHandle;
    UINT64                   MmSaId;
    UINT64                   QmSaId;
    UINT32                   NegotiationWinerr;
    GUID                     SaLookupContext;
} SOCKET_SECURITY_QUERY_INFO_IPSEC2;

/* ---- Addresses as text ------------------------------------------------------------------------- */

/* The Ex forms write and read a port and a scope too and return a status; the
   others return where the text ends. */
LPSTR WSAAPI RtlIpv4AddressToStringA(const IN_ADDR *Addr, LPSTR S);
LPWSTR WSAAPI RtlIpv4AddressToStringW(const IN_ADDR *Addr, LPWSTR S);
LONG WSAAPI RtlIpv4AddressToStringExA(const IN_ADDR *Address, USHORT Port, LPSTR AddressString,
                                      PULONG AddressStringLength);
LONG WSAAPI RtlIpv4AddressToStringExW(const IN_ADDR *Address, USHORT Port, LPWSTR AddressString,
                                      PULONG AddressStringLength);
LPSTR WSAAPI RtlIpv6AddressToStringA(const IN6_ADDR *Addr, LPSTR S);
LPWSTR WSAAPI RtlIpv6AddressToStringW(const IN6_ADDR *Addr, LPWSTR S);
LONG WSAAPI RtlIpv6AddressToStringExA(const IN6_ADDR *Address, ULONG ScopeId, USHORT Port, LPSTR AddressString,
                                      PULONG AddressStringLength);
LONG WSAAPI RtlIpv6AddressToStringExW(const IN6_ADDR *Address, ULONG ScopeId, USHORT Port, LPWSTR AddressString,
                                      PULONG AddressStringLength);

LONG WSAAPI RtlIpv4StringToAddressA(PCSTR S, BOOLEAN Strict, LPSTR *Terminator, IN_ADDR *Addr);
LONG WSAAPI RtlIpv4StringToAddressW(PCWSTR S, BOOLEAN Strict, LPWSTR *Terminator, IN_ADDR *Addr);
LONG WSAAPI RtlIpv4StringToAddressExA(PCSTR AddressString, BOOLEAN Strict, IN_ADDR *Address, PUSHORT Port);
LONG WSAAPI RtlIpv4StringToAddressExW(PCWSTR AddressString, BOOLEAN Strict, IN_ADDR *Address, PUSHORT Port);
LONG WSAAPI RtlIpv6StringToAddressA(PCSTR S, PCSTR *Terminator, IN6_ADDR *Addr);
LONG WSAAPI RtlIpv6StringToAddressW(PCWSTR S, PCWSTR *Terminator, IN6_ADDR *Addr);
LONG WSAAPI RtlIpv6StringToAddressExA(PCSTR AddressString, IN6_ADDR *Address, PULONG ScopeId, PUSHORT Port);
LONG WSAAPI RtlIpv6StringToAddressExW(PCWSTR AddressString, IN6_ADDR *Address, PULONG ScopeId, PUSHORT Port);

/* A 48-bit link-layer address: the maker's identifier and the maker's number. */
typedef union _DL_OUI {
    UCHAR Byte[3];
} DL_OUI, *PDL_OUI;

typedef union _DL_EI48 {
    UCHAR Byte[3];
} DL_EI48, *PDL_EI48;

typedef union _DL_EUI48 {
    UCHAR Byte[6];
    __extension__ struct {
        DL_OUI  Oui;
        DL_EI48 Ei48;
    };
} DL_EUI48, *PDL_EUI48;

LPSTR WSAAPI RtlEthernetAddressToStringA(const DL_EUI48 *Addr, LPSTR S);
LPWSTR WSAAPI RtlEthernetAddressToStringW(const DL_EUI48 *Addr, LPWSTR S);
LONG WSAAPI RtlEthernetStringToAddressA(PCSTR S, PCSTR *Terminator, DL_EUI48 *Addr);
LONG WSAAPI RtlEthernetStringToAddressW(PCWSTR S, PCWSTR *Terminator, DL_EUI48 *Addr);

#ifdef UNICODE
#define RtlIpv4AddressToString   RtlIpv4AddressToStringW
#define RtlIpv4AddressToStringEx RtlIpv4AddressToStringExW
#define RtlIpv4StringToAddress   RtlIpv4StringToAddressW
#define RtlIpv4StringToAddressEx RtlIpv4StringToAddressExW
#define RtlIpv6AddressToString   RtlIpv6AddressToStringW
#define RtlIpv6AddressToStringEx RtlIpv6AddressToStringExW
#define RtlIpv6StringToAddress   RtlIpv6StringToAddressW
#define RtlIpv6StringToAddressEx RtlIpv6StringToAddressExW
#define RtlEthernetAddressToString RtlEthernetAddressToStringW
#define RtlEthernetStringToAddress RtlEthernetStringToAddressW
#else
#define RtlIpv4AddressToString   RtlIpv4AddressToStringA
#define RtlIpv4AddressToStringEx RtlIpv4AddressToStringExA
#define RtlIpv4StringToAddress   RtlIpv4StringToAddressA
#define RtlIpv4StringToAddressEx RtlIpv4StringToAddressExA
#define RtlIpv6AddressToString   RtlIpv6AddressToStringA
#define RtlIpv6AddressToStringEx RtlIpv6AddressToStringExA
#define RtlIpv6StringToAddress   RtlIpv6StringToAddressA
#define RtlIpv6StringToAddressEx RtlIpv6StringToAddressExA
#define RtlEthernetAddressToString RtlEthernetAddressToStringA
#define RtlEthernetStringToAddress RtlEthernetStringToAddressA
#endif

WS2SPI_END_C

/* ---- Functions on addresses ---------------------------------------------------------------------- */

/* IN4_* take an address, IN4ADDR_*, IN6ADDR_* and INETADDR_* a socket address, INET_*
   a family and an address of it. IN6_IS_ADDR_* and their like are ws2tcpip.h's.
   INETADDR_* take an address for IPv4 that is not of AF_INET6, as on Windows. */

#define IN4ADDR_ANY       0x00000000 /* network byte order, as the next two */
#define IN4ADDR_LOOPBACK  0x0100007F
#define IN4ADDR_BROADCAST 0xFFFFFFFF

#define IN4ADDR_LOOPBACKPREFIX_LENGTH  8
#define IN4ADDR_LINKLOCALPREFIX_LENGTH 16
#define IN4ADDR_MULTICASTPREFIX_LENGTH 4

/* The address as a number in host byte order. */
static inline ULONG ws2spi_in4_number(const void *address)
{
    UCHAR b[4];
    memcpy(b, address, sizeof b);
    return (ULONG)b[0] << 24 | (ULONG)b[1] << 16 | (ULONG)b[2] << 8 | b[3];
}

static inline BOOLEAN IN4_ADDR_EQUAL(const IN_ADDR *a, const IN_ADDR *b)
{
    return ws2spi_in4_number(a) == ws2spi_in4_number(b);
}

static inline BOOLEAN IN4_IS_ADDR_UNSPECIFIED(const IN_ADDR *a)
{
    return ws2spi_in4_number(a) == 0;
}

static inline BOOLEAN IN4_IS_ADDR_LOOPBACK(const IN_ADDR *a)
{
    return ws2spi_in4_number(a) >> 24 == 127;
}

static inline BOOLEAN IN4_IS_ADDR_BROADCAST(const IN_ADDR *a)
{
    return ws2spi_in4_number(a) == 0xFFFFFFFF;
}

static inline BOOLEAN IN4_IS_ADDR_MULTICAST(const IN_ADDR *a)
{
    return ws2spi_in4_number(a) >> 28 == 14;
}

static inline BOOLEAN IN4_IS_ADDR_LINKLOCAL(const IN_ADDR *a)
{
    return ws2spi_in4_number(a) >> 16 == 0xA9FE; /* 169.254/16 */
}

static inline BOOLEAN IN4_IS_ADDR_RFC1918(const IN_ADDR *a)
{
    ULONG n = ws2spi_in4_number(a);
    return n >> 24 == 10 || n >> 20 == 0xAC1 || n >> 16 == 0xC0A8;
}

static inline BOOLEAN IN4_IS_ADDR_MC_LINKLOCAL(const IN_ADDR *a)
{
    return ws2spi_in4_number(a) >> 8 == 0xE00000; /* 224.0.0/24 */
}

static inline BOOLEAN IN4ADDR_ISANY(const SOCKADDR_IN *a)
{
    return IN4_IS_ADDR_UNSPECIFIED(&a->sin_addr);
}

static inline BOOLEAN IN4ADDR_ISLOOPBACK(const SOCKADDR_IN *a)
{
    return IN4_IS_ADDR_LOOPBACK(&a->sin_addr);
}

/* The port in network byte order, here and below. */
static inline VOID IN4ADDR_SETSOCKADDR(SOCKADDR_IN *a, const IN_ADDR *address, USHORT port)
{
    memset(a, 0, sizeof *a);
    a->sin_family = WS_AF_INET;
    a->sin_port = port;
    a->sin_addr = *address;
}

static inline VOID IN4ADDR_SETANY(SOCKADDR_IN *a)
{
    IN_ADDR any;
    memset(&any, 0, sizeof any);
    IN4ADDR_SETSOCKADDR(a, &any, 0);
}

static inline VOID IN4ADDR_SETLOOPBACK(SOCKADDR_IN *a)
{
    static const UCHAR loopback[4] = {127, 0, 0, 1};
    IN4ADDR_SETANY(a);
    memcpy(&a->sin_addr, loopback, sizeof loopback);
}

static inline VOID IN6ADDR_SETSOCKADDR(SOCKADDR_IN6 *a, const IN6_ADDR *address, SCOPE_ID scope, USHORT port)
{
    memset(a, 0, sizeof *a);
    a->sin6_family = WS_AF_INET6;
    a->sin6_port = port;
    a->sin6_addr = *address;
    a->sin6_scope_struct = scope;
}

/* ::ffff:a.b.c.d. The scope is that of the IPv4 address. */
static inline VOID IN6ADDR_SETV4MAPPED(SOCKADDR_IN6 *a6, const IN_ADDR *a4, SCOPE_ID scope, USHORT port)
{
    static const UCHAR prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    IN6_ADDR mapped;
    memcpy(&mapped, prefix, sizeof prefix);
    memcpy((UCHAR *)&mapped + sizeof prefix, a4, 4);
    IN6ADDR_SETSOCKADDR(a6, &mapped, scope, port);
}

static inline BOOLEAN IN6ADDR_ISV4MAPPED(const SOCKADDR_IN6 *a)
{
    static const UCHAR prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    return memcmp(&a->sin6_addr, prefix, sizeof prefix) == 0;
}

/* ::, or with `last` 1 the loopback address ::1. */
static inline BOOLEAN ws2spi_in6_is(const void *address, UCHAR last)
{
    UCHAR b[16] = {0};
    b[15] = last;
    return memcmp(address, b, sizeof b) == 0;
}

static inline BOOLEAN INET_IS_ADDR_UNSPECIFIED(ADDRESS_FAMILY family, const VOID *a)
{
    return family == WS_AF_INET6 ? ws2spi_in6_is(a, 0) : ws2spi_in4_number(a) == 0;
}

static inline BOOLEAN INET_IS_ADDR_LOOPBACK(ADDRESS_FAMILY family, const VOID *a)
{
    return family == WS_AF_INET6 ? ws2spi_in6_is(a, 1) : ws2spi_in4_number(a) >> 24 == 127;
}

static inline BOOLEAN INET_IS_ADDR_MULTICAST(ADDRESS_FAMILY family, const VOID *a)
{
    return family == WS_AF_INET6 ? *(const UCHAR *)a == 0xFF : ws2spi_in4_number(a) >> 28 == 14;
}

static inline BOOLEAN INET_ADDR_EQUAL(ADDRESS_FAMILY family, const VOID *a, const VOID *b)
{
    return memcmp(a, b, family == WS_AF_INET6 ? 16 : 4) == 0;
}

static inline UCHAR *INETADDR_ADDRESS(const struct sockaddr *a)
{
    return (UCHAR *)a + (a->sa_family == WS_AF_INET6 ? offsetof(SOCKADDR_IN6, sin6_addr)
                                                     : offsetof(SOCKADDR_IN, sin_addr));
}

/* Both families have the port in one place. */
static inline USHORT INETADDR_PORT(const struct sockaddr *a)
{
    USHORT port;
    memcpy(&port, (const UCHAR *)a + offsetof(SOCKADDR_IN, sin_port), sizeof port);
    return port;
}

static inline VOID INETADDR_SET_PORT(struct sockaddr *a, USHORT port)
{
    memcpy((UCHAR *)a + offsetof(SOCKADDR_IN, sin_port), &port, sizeof port);
}

static inline VOID INETADDR_SET_ADDRESS(struct sockaddr *a, const UCHAR *address)
{
    memcpy(INETADDR_ADDRESS(a), address, a->sa_family == WS_AF_INET6 ? 16 : 4);
}

/* An IPv4 address has the scope 0. */
static inline SCOPE_ID INETADDR_SCOPE_ID(const struct sockaddr *a)
{
    SCOPE_ID scope;
    memset(&scope, 0, sizeof scope);
    if (a->sa_family == WS_AF_INET6)
        memcpy(&scope, (const UCHAR *)a + offsetof(SOCKADDR_IN6, sin6_scope_id), sizeof scope);
    return scope;
}

/* By the family that the caller has set; everything else is zeroed. */
static inline VOID INETADDR_SETANY(struct sockaddr *a)
{
    ADDRESS_FAMILY family = a->sa_family;
    memset(a, 0, family == WS_AF_INET6 ? sizeof(SOCKADDR_IN6) : sizeof(SOCKADDR_IN));
    a->sa_family = family;
}

static inline VOID INETADDR_SETLOOPBACK(struct sockaddr *a)
{
    static const UCHAR ipv4[4] = {127, 0, 0, 1};
    static const UCHAR ipv6[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    INETADDR_SETANY(a);
    INETADDR_SET_ADDRESS(a, a->sa_family == WS_AF_INET6 ? ipv6 : ipv4);
}

static inline BOOLEAN INETADDR_ISANY(const struct sockaddr *a)
{
    return INET_IS_ADDR_UNSPECIFIED(a->sa_family, INETADDR_ADDRESS(a));
}

static inline BOOLEAN INETADDR_ISLOOPBACK(const struct sockaddr *a)
{
    return INET_IS_ADDR_LOOPBACK(a->sa_family, INETADDR_ADDRESS(a));
}

static inline BOOLEAN INETADDR_ISV4MAPPED(const struct sockaddr *a)
{
    return a->sa_family == WS_AF_INET6 && memcmp(INETADDR_ADDRESS(a), "\0\0\0\0\0\0\0\0\0\0\377\377", 12) == 0;
}

#endif /* WS2SPI_MSTCPIP_H */
