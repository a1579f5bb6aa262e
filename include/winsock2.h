/*
 * winsock2.h - the Winsock 2 API: what programs call.
 *
 * May be included anywhere among the standard headers; first is best (ws2posix.h says why, and what
 * WS2SPI_USE_WS_PREFIX and FD_SETSIZE do). Functions whose name libc has are exported as WS_socket,
 * WS_connect, ... so that linking the library interposes nothing (NEED-H10).
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef WINSOCK2_H
#define WINSOCK2_H

/* Sources and Microsoft's older headers ask these two. */
#ifndef _WINSOCK2API_
#define _WINSOCK2API_
#endif
#ifndef _WINSOCKAPI_
#define _WINSOCKAPI_
#endif

#include "ws2base.h"
#include "ws2posix.h"
#include "ws2err.h"
#include "ws2def.h"
#include "ws2ipdef.h"
#include "qos.h"

#ifndef WINSOCK_VERSION
#define WINSOCK_VERSION MAKEWORD(2, 2)
#endif

#ifndef INCL_WINSOCK_API_PROTOTYPES
#define INCL_WINSOCK_API_PROTOTYPES 1
#endif
#ifndef INCL_WINSOCK_API_TYPEDEFS
#define INCL_WINSOCK_API_TYPEDEFS 1
#endif

#ifndef WINSOCK_API_LINKAGE
#define WINSOCK_API_LINKAGE
#endif

WS2SPI_BEGIN_C

/* ---- Start and stop ------------------------------------------------------------------------------ */

#define WSADESCRIPTION_LEN 256
#define WSASYS_STATUS_LEN 128

/* What WSAStartup tells about the implementation. 64-bit Windows puts the strings last. */
typedef struct WSAData {
    WORD wVersion;
    WORD wHighVersion;
    unsigned short iMaxSockets;
    unsigned short iMaxUdpDg;
    char *lpVendorInfo;
    char szDescription[WSADESCRIPTION_LEN + 1];
    char szSystemStatus[WSASYS_STATUS_LEN + 1];
} WSADATA, *LPWSADATA;

/* ---- Sockets, and what is done with them --------------------------------------------------------- */

#define INVALID_SOCKET (SOCKET)(~0)
#define SOCKET_ERROR (-1)

/* WSASocket's type when the protocol info decides. */
#define FROM_PROTOCOL_INFO (-1)

/* shutdown()'s direction. */
#define SD_RECEIVE 0
#define SD_SEND 1
#define SD_BOTH 2

#define MAXGETHOSTSTRUCT 1024

/* struct timeval is libc's (NEED-H7). */
typedef struct timeval TIMEVAL, *PTIMEVAL, *LPTIMEVAL;

typedef struct WS_linger {
    USHORT l_onoff;
    USHORT l_linger;
} LINGER, *PLINGER, *LPLINGER;

/* Protocol and family, as raw sockets store them. */
struct sockproto {
    USHORT sp_family;
    USHORT sp_protocol;
};

/* A set of sockets is a counted array, not a bit map (NEED-H8). Only fd_count members are ever read. */
typedef struct WS_fd_set {
    UINT fd_count;
    SOCKET fd_array[WS_FD_SETSIZE];
} WS_fd_set, FD_SET, *PFD_SET, *LPFD_SET;

WINSOCK_API_LINKAGE int WSAAPI __WSAFDIsSet(SOCKET s, WS_fd_set *set);

static inline void ws2spi_fd_set(SOCKET s, WS_fd_set *set)
{
    UINT i;

    for (i = 0; i < set->fd_count; i++)
        if (set->fd_array[i] == s)
            return;
    if (set->fd_count < WS_FD_SETSIZE)
        set->fd_array[set->fd_count++] = s;
}

static inline void ws2spi_fd_clr(SOCKET s, WS_fd_set *set)
{
    UINT i;

    for (i = 0; i < set->fd_count; i++)
        if (set->fd_array[i] == s) {
            for (set->fd_count--; i < set->fd_count; i++)
                set->fd_array[i] = set->fd_array[i + 1];
            return;
        }
}

#define WS_FD_ZERO(set) (((WS_fd_set *)(set))->fd_count = 0)
#define WS_FD_SET(s, set) ws2spi_fd_set((SOCKET)(s), (WS_fd_set *)(set))
#define WS_FD_CLR(s, set) ws2spi_fd_clr((SOCKET)(s), (WS_fd_set *)(set))
#define WS_FD_ISSET(s, set) __WSAFDIsSet((SOCKET)(s), (WS_fd_set *)(set))

/* ---- Polls --------------------------------------------------------------------------------------- */

#define WS_POLLRDNORM 0x100
#define WS_POLLRDBAND 0x200
#define WS_POLLIN (WS_POLLRDNORM | WS_POLLRDBAND)
#define WS_POLLPRI 0x400
#define WS_POLLWRNORM 0x10
#define WS_POLLOUT WS_POLLWRNORM
#define WS_POLLWRBAND 0x20
#define WS_POLLERR 0x1
#define WS_POLLHUP 0x2
#define WS_POLLNVAL 0x4

typedef struct WS_pollfd {
    SOCKET fd;
    SHORT events;
    SHORT revents;
} WSAPOLLFD, *PWSAPOLLFD, *LPWSAPOLLFD;

/* ---- Databases ----------------------------------------------------------------------------------- */

typedef struct WS_hostent {
    char *h_name;
    char **h_aliases;
    short h_addrtype;
    short h_length;
    char **h_addr_list;
} HOSTENT, *PHOSTENT, *LPHOSTENT;

struct WS_netent {
    char *n_name;
    char **n_aliases;
    short n_addrtype;
    ULONG n_net;
};

/* 64-bit Windows has s_proto before s_port. */
typedef struct WS_servent {
    char *s_name;
    char **s_aliases;
    char *s_proto;
    short s_port;
} SERVENT, *PSERVENT, *LPSERVENT;

typedef struct WS_protoent {
    char *p_name;
    char **p_aliases;
    short p_proto;
} PROTOENT, *PPROTOENT, *LPPROTOENT;

#define WS_h_addr h_addr_list[0]
#define WS_h_errno WSAGetLastError()
#define WS_HOST_NOT_FOUND WSAHOST_NOT_FOUND
#define WS_TRY_AGAIN WSATRY_AGAIN
#define WS_NO_RECOVERY WSANO_RECOVERY
#define WS_NO_DATA WSANO_DATA
#define WS_NO_ADDRESS WSANO_ADDRESS

/* ARPANET's links. */
#define IMPLINK_IP 155
#define IMPLINK_LOWEXPER 156
#define IMPLINK_HIGHEXPER 158

/* ---- Overlapped requests and events -------------------------------------------------------------- */

#define WSAEVENT HANDLE
#define LPWSAEVENT LPHANDLE
#define WSAOVERLAPPED OVERLAPPED
typedef struct _OVERLAPPED *LPWSAOVERLAPPED;

typedef void (CALLBACK *LPWSAOVERLAPPED_COMPLETION_ROUTINE)(DWORD dwError, DWORD cbTransferred,
    LPWSAOVERLAPPED lpOverlapped, DWORD dwFlags);

#define WSA_IO_PENDING ERROR_IO_PENDING
#define WSA_IO_INCOMPLETE ERROR_IO_INCOMPLETE
#define WSA_INVALID_HANDLE ERROR_INVALID_HANDLE
#define WSA_INVALID_PARAMETER ERROR_INVALID_PARAMETER
#define WSA_NOT_ENOUGH_MEMORY ERROR_NOT_ENOUGH_MEMORY
#define WSA_OPERATION_ABORTED ERROR_OPERATION_ABORTED

#define WSA_INVALID_EVENT ((WSAEVENT)NULL)
#define WSA_MAXIMUM_WAIT_EVENTS MAXIMUM_WAIT_OBJECTS
#define WSA_WAIT_FAILED WAIT_FAILED
#define WSA_WAIT_EVENT_0 WAIT_OBJECT_0
#define WSA_WAIT_IO_COMPLETION WAIT_IO_COMPLETION
#define WSA_WAIT_TIMEOUT WAIT_TIMEOUT
#define WSA_INFINITE INFINITE

/* What happens on a socket: WSAEventSelect, WSAAsyncSelect. Each bit n has its error in iErrorCode[n]. */
#define FD_READ_BIT 0
#define FD_WRITE_BIT 1
#define FD_OOB_BIT 2
#define FD_ACCEPT_BIT 3
#define FD_CONNECT_BIT 4
#define FD_CLOSE_BIT 5
#define FD_QOS_BIT 6
#define FD_GROUP_QOS_BIT 7
#define FD_ROUTING_INTERFACE_CHANGE_BIT 8
#define FD_ADDRESS_LIST_CHANGE_BIT 9
#define FD_MAX_EVENTS 10
#define FD_READ (1 << FD_READ_BIT)
#define FD_WRITE (1 << FD_WRITE_BIT)
#define FD_OOB (1 << FD_OOB_BIT)
#define FD_ACCEPT (1 << FD_ACCEPT_BIT)
#define FD_CONNECT (1 << FD_CONNECT_BIT)
#define FD_CLOSE (1 << FD_CLOSE_BIT)
#define FD_QOS (1 << FD_QOS_BIT)
#define FD_GROUP_QOS (1 << FD_GROUP_QOS_BIT)
#define FD_ROUTING_INTERFACE_CHANGE (1 << FD_ROUTING_INTERFACE_CHANGE_BIT)
#define FD_ADDRESS_LIST_CHANGE (1 << FD_ADDRESS_LIST_CHANGE_BIT)
#define FD_ALL_EVENTS ((1 << FD_MAX_EVENTS) - 1)

typedef struct _WSANETWORKEVENTS {
    LONG lNetworkEvents;
    int iErrorCode[FD_MAX_EVENTS];
} WSANETWORKEVENTS, *LPWSANETWORKEVENTS;

/* What a posted window message carries. */
#define WSAMAKEASYNCREPLY(buflen, error) MAKELONG(buflen, error)
#define WSAMAKESELECTREPLY(event, error) MAKELONG(event, error)
#define WSAGETASYNCBUFLEN(lParam) LOWORD(lParam)
#define WSAGETASYNCERROR(lParam) HIWORD(lParam)
#define WSAGETSELECTEVENT(lParam) LOWORD(lParam)
#define WSAGETSELECTERROR(lParam) HIWORD(lParam)

/* ---- Quality of service, groups, conditions ------------------------------------------------------ */

typedef struct _QualityOfService {
    FLOWSPEC SendingFlowspec;
    FLOWSPEC ReceivingFlowspec;
    WSABUF ProviderSpecific;
} QOS, *LPQOS;

typedef unsigned int GROUP;
#define SG_UNCONSTRAINED_GROUP 0x1
#define SG_CONSTRAINED_GROUP 0x2

/* What the condition function of WSAAccept answers. */
#define CF_ACCEPT 0x0
#define CF_REJECT 0x1
#define CF_DEFER 0x2

typedef int (CALLBACK *LPCONDITIONPROC)(LPWSABUF lpCallerId, LPWSABUF lpCallerData, LPQOS lpSQOS,
    LPQOS lpGQOS, LPWSABUF lpCalleeId, LPWSABUF lpCalleeData, GROUP *g, DWORD_PTR dwCallbackData);

/* ---- Protocols and their catalog ----------------------------------------------------------------- */

#define MAX_PROTOCOL_CHAIN 7
#define BASE_PROTOCOL 1
#define LAYERED_PROTOCOL 0
#define WSAPROTOCOL_LEN 255

/* ChainLen 0: a layered protocol by itself; 1: a base protocol; more: a chain, its entries from the top. */
typedef struct _WSAPROTOCOLCHAIN {
    int ChainLen;
    DWORD ChainEntries[MAX_PROTOCOL_CHAIN];
} WSAPROTOCOLCHAIN, *LPWSAPROTOCOLCHAIN;

typedef struct _WSAPROTOCOL_INFOA {
    DWORD dwServiceFlags1;
    DWORD dwServiceFlags2;
    DWORD dwServiceFlags3;
    DWORD dwServiceFlags4;
    DWORD dwProviderFlags;
    GUID ProviderId;
    DWORD dwCatalogEntryId;
    WSAPROTOCOLCHAIN ProtocolChain;
    int iVersion;
    int iAddressFamily;
    int iMaxSockAddr;
    int iMinSockAddr;
    int iSocketType;
    int iProtocol;
    int iProtocolMaxOffset;
    int iNetworkByteOrder;
    int iSecurityScheme;
    DWORD dwMessageSize;
    DWORD dwProviderReserved;
    CHAR szProtocol[WSAPROTOCOL_LEN + 1];
} WSAPROTOCOL_INFOA, *LPWSAPROTOCOL_INFOA;

typedef struct _WSAPROTOCOL_INFOW {
    DWORD dwServiceFlags1;
    DWORD dwServiceFlags2;
    DWORD dwServiceFlags3;
    DWORD dwServiceFlags4;
    DWORD dwProviderFlags;
    GUID ProviderId;
    DWORD dwCatalogEntryId;
    WSAPROTOCOLCHAIN ProtocolChain;
    int iVersion;
    int iAddressFamily;
    int iMaxSockAddr;
    int iMinSockAddr;
    int iSocketType;
    int iProtocol;
    int iProtocolMaxOffset;
    int iNetworkByteOrder;
    int iSecurityScheme;
    DWORD dwMessageSize;
    DWORD dwProviderReserved;
    WCHAR szProtocol[WSAPROTOCOL_LEN + 1];
} WSAPROTOCOL_INFOW, *LPWSAPROTOCOL_INFOW;
WS2SPI_STATIC_ASSERT(sizeof(WSAPROTOCOL_INFOW) == 628, "WCHAR is 16 bits (NEED-H19)");

#ifdef UNICODE
typedef WSAPROTOCOL_INFOW WSAPROTOCOL_INFO;
typedef LPWSAPROTOCOL_INFOW LPWSAPROTOCOL_INFO;
#else
typedef WSAPROTOCOL_INFOA WSAPROTOCOL_INFO;
typedef LPWSAPROTOCOL_INFOA LPWSAPROTOCOL_INFO;
#endif

/* dwProviderFlags */
#define PFL_MULTIPLE_PROTO_ENTRIES 0x1
#define PFL_RECOMMENDED_PROTO_ENTRY 0x2
#define PFL_HIDDEN 0x4
#define PFL_MATCHES_PROTOCOL_ZERO 0x8
#define PFL_NETWORKDIRECT_PROVIDER 0x10

/* dwServiceFlags1 */
#define XP1_CONNECTIONLESS 0x1
#define XP1_GUARANTEED_DELIVERY 0x2
#define XP1_GUARANTEED_ORDER 0x4
#define XP1_MESSAGE_ORIENTED 0x8
#define XP1_PSEUDO_STREAM 0x10
#define XP1_GRACEFUL_CLOSE 0x20
#define XP1_EXPEDITED_DATA 0x40
#define XP1_CONNECT_DATA 0x80
#define XP1_DISCONNECT_DATA 0x100
#define XP1_SUPPORT_BROADCAST 0x200
#define XP1_SUPPORT_MULTIPOINT 0x400
#define XP1_MULTIPOINT_CONTROL_PLANE 0x800
#define XP1_MULTIPOINT_DATA_PLANE 0x1000
#define XP1_QOS_SUPPORTED 0x2000
#define XP1_INTERRUPT 0x4000
#define XP1_UNI_SEND 0x8000
#define XP1_UNI_RECV 0x10000
#define XP1_IFS_HANDLES 0x20000
#define XP1_PARTIAL_MESSAGE 0x40000
#define XP1_SAN_SUPPORT_SDP 0x80000

/* iNetworkByteOrder, iSecurityScheme */
#define BIGENDIAN 0x0
#define LITTLEENDIAN 0x1
#define SECURITY_PROTOCOL_NONE 0x0

/* WSAJoinLeaf's and WSASocket's flags. */
#define JL_SENDER_ONLY 0x1
#define JL_RECEIVER_ONLY 0x2
#define JL_BOTH 0x4
#define WSA_FLAG_OVERLAPPED 0x1
#define WSA_FLAG_MULTIPOINT_C_ROOT 0x2
#define WSA_FLAG_MULTIPOINT_C_LEAF 0x4
#define WSA_FLAG_MULTIPOINT_D_ROOT 0x8
#define WSA_FLAG_MULTIPOINT_D_LEAF 0x10
#define WSA_FLAG_ACCESS_SYSTEM_SECURITY 0x40
#define WSA_FLAG_NO_HANDLE_INHERIT 0x80
#define WSA_FLAG_REGISTERED_IO 0x100

/* What a query target's handle is of. */
#define TH_NETDEV 0x1
#define TH_TAPI 0x2

/* ---- Name spaces --------------------------------------------------------------------------------- */

#define SERVICE_MULTIPLE 0x1
#define RES_UNUSED_1 0x1
#define RES_FLUSH_CACHE 0x2
#define RES_SERVICE 0x4

/* WSALookupServiceBegin's and Next's flags. */
#define LUP_DEEP 0x1
#define LUP_CONTAINERS 0x2
#define LUP_NOCONTAINERS 0x4
#define LUP_NEAREST 0x8
#define LUP_RETURN_NAME 0x10
#define LUP_RETURN_TYPE 0x20
#define LUP_RETURN_VERSION 0x40
#define LUP_RETURN_COMMENT 0x80
#define LUP_RETURN_ADDR 0x100
#define LUP_RETURN_BLOB 0x200
#define LUP_RETURN_ALIASES 0x400
#define LUP_RETURN_QUERY_STRING 0x800
#define LUP_RETURN_ALL 0xff0
#define LUP_RES_SERVICE 0x8000
#define LUP_FLUSHCACHE 0x1000
#define LUP_FLUSHPREVIOUS 0x2000
#define LUP_NON_AUTHORITATIVE 0x4000
#define LUP_SECURE 0x8000
#define LUP_RETURN_PREFERRED_NAMES 0x10000
#define LUP_DNS_ONLY 0x20000
#define LUP_RETURN_RESPONSE_FLAGS 0x40000
#define LUP_ADDRCONFIG 0x100000
#define LUP_DUAL_ADDR 0x200000
#define LUP_FILESERVER 0x400000
#define LUP_DISABLE_IDN_ENCODING 0x800000
#define LUP_API_ANSI 0x1000000
#define LUP_EXTENDED_QUERYSET 0x2000000
#define LUP_SECURE_WITH_FALLBACK 0x4000000
#define LUP_EXCLUSIVE_CUSTOM_SERVERS 0x8000000
#define LUP_REQUIRE_SECURE 0x10000000
#define LUP_RETURN_TTL 0x20000000
#define LUP_FORCE_CLEAR_TEXT 0x40000000
#define LUP_RESOLUTION_HANDLE 0x80000000U
#define LUP_RES_RESERVICE LUP_RES_SERVICE /* mingw-w64's spelling */

/* A result's dwOutputFlags. */
#define RESULT_IS_ALIAS 0x1
#define RESULT_IS_ADDED 0x10
#define RESULT_IS_CHANGED 0x20
#define RESULT_IS_DELETED 0x40

typedef enum _WSAEcomparator {
    COMP_EQUAL = 0,
    COMP_NOTLESS
} WSAECOMPARATOR, *PWSAECOMPARATOR, *LPWSAECOMPARATOR;

typedef struct _WSAVersion {
    DWORD dwVersion;
    WSAECOMPARATOR ecHow;
} WSAVERSION, *PWSAVERSION, *LPWSAVERSION;

typedef struct _AFPROTOCOLS {
    INT iAddressFamily;
    INT iProtocol;
} AFPROTOCOLS, *PAFPROTOCOLS, *LPAFPROTOCOLS;

typedef struct _WSAQuerySetA {
    DWORD dwSize;
    LPSTR lpszServiceInstanceName;
    LPGUID lpServiceClassId;
    LPWSAVERSION lpVersion;
    LPSTR lpszComment;
    DWORD dwNameSpace;
    LPGUID lpNSProviderId;
    LPSTR lpszContext;
    DWORD dwNumberOfProtocols;
    LPAFPROTOCOLS lpafpProtocols;
    LPSTR lpszQueryString;
    DWORD dwNumberOfCsAddrs;
    LPCSADDR_INFO lpcsaBuffer;
    DWORD dwOutputFlags;
    LPBLOB lpBlob;
} WSAQUERYSETA, *PWSAQUERYSETA, *LPWSAQUERYSETA;

typedef struct _WSAQuerySetW {
    DWORD dwSize;
    LPWSTR lpszServiceInstanceName;
    LPGUID lpServiceClassId;
    LPWSAVERSION lpVersion;
    LPWSTR lpszComment;
    DWORD dwNameSpace;
    LPGUID lpNSProviderId;
    LPWSTR lpszContext;
    DWORD dwNumberOfProtocols;
    LPAFPROTOCOLS lpafpProtocols;
    LPWSTR lpszQueryString;
    DWORD dwNumberOfCsAddrs;
    LPCSADDR_INFO lpcsaBuffer;
    DWORD dwOutputFlags;
    LPBLOB lpBlob;
} WSAQUERYSETW, *PWSAQUERYSETW, *LPWSAQUERYSETW;

typedef struct _WSAQUERYSET2A {
    DWORD dwSize;
    LPSTR lpszServiceInstanceName;
    LPWSAVERSION lpVersion;
    LPSTR lpszComment;
    DWORD dwNameSpace;
    LPGUID lpNSProviderId;
    LPSTR lpszContext;
    DWORD dwNumberOfProtocols;
    LPAFPROTOCOLS lpafpProtocols;
    LPSTR lpszQueryString;
    DWORD dwNumberOfCsAddrs;
    LPCSADDR_INFO lpcsaBuffer;
    DWORD dwOutputFlags;
    LPBLOB lpBlob;
} WSAQUERYSET2A, *PWSAQUERYSET2A, *LPWSAQUERYSET2A;

typedef struct _WSAQUERYSET2W {
    DWORD dwSize;
    LPWSTR lpszServiceInstanceName;
    LPWSAVERSION lpVersion;
    LPWSTR lpszComment;
    DWORD dwNameSpace;
    LPGUID lpNSProviderId;
    LPWSTR lpszContext;
    DWORD dwNumberOfProtocols;
    LPAFPROTOCOLS lpafpProtocols;
    LPWSTR lpszQueryString;
    DWORD dwNumberOfCsAddrs;
    LPCSADDR_INFO lpcsaBuffer;
    DWORD dwOutputFlags;
    LPBLOB lpBlob;
} WSAQUERYSET2W, *PWSAQUERYSET2W, *LPWSAQUERYSET2W;

typedef enum _WSAESETSERVICEOP {
    RNRSERVICE_REGISTER = 0,
    RNRSERVICE_DEREGISTER,
    RNRSERVICE_DELETE
} WSAESETSERVICEOP, *PWSAESETSERVICEOP, *LPWSAESETSERVICEOP;

/* One property of a service class, and a class of them. */
typedef struct _WSANSClassInfoA {
    LPSTR lpszName;
    DWORD dwNameSpace;
    DWORD dwValueType;
    DWORD dwValueSize;
    LPVOID lpValue;
} WSANSCLASSINFOA, *PWSANSCLASSINFOA, *LPWSANSCLASSINFOA;

typedef struct _WSANSClassInfoW {
    LPWSTR lpszName;
    DWORD dwNameSpace;
    DWORD dwValueType;
    DWORD dwValueSize;
    LPVOID lpValue;
} WSANSCLASSINFOW, *PWSANSCLASSINFOW, *LPWSANSCLASSINFOW;

typedef struct _WSAServiceClassInfoA {
    LPGUID lpServiceClassId;
    LPSTR lpszServiceClassName;
    DWORD dwCount;
    LPWSANSCLASSINFOA lpClassInfos;
} WSASERVICECLASSINFOA, *PWSASERVICECLASSINFOA, *LPWSASERVICECLASSINFOA;

typedef struct _WSAServiceClassInfoW {
    LPGUID lpServiceClassId;
    LPWSTR lpszServiceClassName;
    DWORD dwCount;
    LPWSANSCLASSINFOW lpClassInfos;
} WSASERVICECLASSINFOW, *PWSASERVICECLASSINFOW, *LPWSASERVICECLASSINFOW;

/* A name-space provider, as enumerated. */
typedef struct _WSANAMESPACE_INFOA {
    GUID NSProviderId;
    DWORD dwNameSpace;
    BOOL fActive;
    DWORD dwVersion;
    LPSTR lpszIdentifier;
} WSANAMESPACE_INFOA, *PWSANAMESPACE_INFOA, *LPWSANAMESPACE_INFOA;

typedef struct _WSANAMESPACE_INFOW {
    GUID NSProviderId;
    DWORD dwNameSpace;
    BOOL fActive;
    DWORD dwVersion;
    LPWSTR lpszIdentifier;
} WSANAMESPACE_INFOW, *PWSANAMESPACE_INFOW, *LPWSANAMESPACE_INFOW;

typedef struct _WSANAMESPACE_INFOEXA {
    GUID NSProviderId;
    DWORD dwNameSpace;
    BOOL fActive;
    DWORD dwVersion;
    LPSTR lpszIdentifier;
    BLOB ProviderSpecific;
} WSANAMESPACE_INFOEXA, *PWSANAMESPACE_INFOEXA, *LPWSANAMESPACE_INFOEXA;

typedef struct _WSANAMESPACE_INFOEXW {
    GUID NSProviderId;
    DWORD dwNameSpace;
    BOOL fActive;
    DWORD dwVersion;
    LPWSTR lpszIdentifier;
    BLOB ProviderSpecific;
} WSANAMESPACE_INFOEXW, *PWSANAMESPACE_INFOEXW, *LPWSANAMESPACE_INFOEXW;

#ifdef UNICODE
typedef WSAQUERYSETW WSAQUERYSET;
typedef PWSAQUERYSETW PWSAQUERYSET;
typedef LPWSAQUERYSETW LPWSAQUERYSET;
typedef WSAQUERYSET2W WSAQUERYSET2;
typedef PWSAQUERYSET2W PWSAQUERYSET2;
typedef LPWSAQUERYSET2W LPWSAQUERYSET2;
typedef WSANSCLASSINFOW WSANSCLASSINFO;
typedef PWSANSCLASSINFOW PWSANSCLASSINFO;
typedef LPWSANSCLASSINFOW LPWSANSCLASSINFO;
typedef WSASERVICECLASSINFOW WSASERVICECLASSINFO;
typedef PWSASERVICECLASSINFOW PWSASERVICECLASSINFO;
typedef LPWSASERVICECLASSINFOW LPWSASERVICECLASSINFO;
typedef WSANAMESPACE_INFOW WSANAMESPACE_INFO;
typedef PWSANAMESPACE_INFOW PWSANAMESPACE_INFO;
typedef LPWSANAMESPACE_INFOW LPWSANAMESPACE_INFO;
typedef WSANAMESPACE_INFOEXW WSANAMESPACE_INFOEX;
typedef PWSANAMESPACE_INFOEXW PWSANAMESPACE_INFOEX;
typedef LPWSANAMESPACE_INFOEXW LPWSANAMESPACE_INFOEX;
#else
typedef WSAQUERYSETA WSAQUERYSET;
typedef PWSAQUERYSETA PWSAQUERYSET;
typedef LPWSAQUERYSETA LPWSAQUERYSET;
typedef WSAQUERYSET2A WSAQUERYSET2;
typedef PWSAQUERYSET2A PWSAQUERYSET2;
typedef LPWSAQUERYSET2A LPWSAQUERYSET2;
typedef WSANSCLASSINFOA WSANSCLASSINFO;
typedef PWSANSCLASSINFOA PWSANSCLASSINFO;
typedef LPWSANSCLASSINFOA LPWSANSCLASSINFO;
typedef WSASERVICECLASSINFOA WSASERVICECLASSINFO;
typedef PWSASERVICECLASSINFOA PWSASERVICECLASSINFO;
typedef LPWSASERVICECLASSINFOA LPWSASERVICECLASSINFO;
typedef WSANAMESPACE_INFOA WSANAMESPACE_INFO;
typedef PWSANAMESPACE_INFOA PWSANAMESPACE_INFO;
typedef LPWSANAMESPACE_INFOA LPWSANAMESPACE_INFO;
typedef WSANAMESPACE_INFOEXA WSANAMESPACE_INFOEX;
typedef PWSANAMESPACE_INFOEXA PWSANAMESPACE_INFOEX;
typedef LPWSANAMESPACE_INFOEXA LPWSANAMESPACE_INFOEX;
#endif

/* How WSANSPIoctl tells that it is done. */
typedef enum _WSACOMPLETIONTYPE {
    NSP_NOTIFY_IMMEDIATELY = 0,
    NSP_NOTIFY_HWND,
    NSP_NOTIFY_EVENT,
    NSP_NOTIFY_PORT,
    NSP_NOTIFY_APC
} WSACOMPLETIONTYPE, *PWSACOMPLETIONTYPE, *LPWSACOMPLETIONTYPE;

typedef struct _WSACOMPLETION {
    WSACOMPLETIONTYPE Type;
    union {
        struct {
            HWND hWnd;
            UINT uMsg;
            WPARAM context;
        } WindowMessage;
        struct {
            LPWSAOVERLAPPED lpOverlapped;
        } Event;
        struct {
            LPWSAOVERLAPPED lpOverlapped;
            LPWSAOVERLAPPED_COMPLETION_ROUTINE lpfnCompletionProc;
        } Apc;
        struct {
            LPWSAOVERLAPPED lpOverlapped;
            HANDLE hPort;
            ULONG_PTR Key;
        } Port;
    } Parameters;
} WSACOMPLETION, *PWSACOMPLETION, *LPWSACOMPLETION;

/* ---- Readiness notifications --------------------------------------------------------------------- */

#define SOCK_NOTIFY_REGISTER_EVENT_NONE 0x0
#define SOCK_NOTIFY_REGISTER_EVENT_IN 0x1
#define SOCK_NOTIFY_REGISTER_EVENT_OUT 0x2
#define SOCK_NOTIFY_REGISTER_EVENT_HANGUP 0x4
#define SOCK_NOTIFY_REGISTER_EVENTS_ALL 0x7
#define SOCK_NOTIFY_EVENT_IN 0x1
#define SOCK_NOTIFY_EVENT_OUT 0x2
#define SOCK_NOTIFY_EVENT_HANGUP 0x4
#define SOCK_NOTIFY_EVENT_ERR 0x40
#define SOCK_NOTIFY_EVENT_REMOVE 0x80
#define SOCK_NOTIFY_EVENTS_ALL 0xc7
#define SOCK_NOTIFY_OP_NONE 0x0
#define SOCK_NOTIFY_OP_ENABLE 0x1
#define SOCK_NOTIFY_OP_DISABLE 0x2
#define SOCK_NOTIFY_OP_REMOVE 0x4
#define SOCK_NOTIFY_TRIGGER_ONESHOT 0x1
#define SOCK_NOTIFY_TRIGGER_PERSISTENT 0x2
#define SOCK_NOTIFY_TRIGGER_LEVEL 0x4
#define SOCK_NOTIFY_TRIGGER_EDGE 0x8
#define SOCK_NOTIFY_TRIGGER_ALL 0xf

struct SOCK_NOTIFY_REGISTRATION;

/* ---- Functions: Berkeley's ----------------------------------------------------------------------- */

WINSOCK_API_LINKAGE SOCKET WSAAPI WS_socket(int af, int type, int protocol);
WINSOCK_API_LINKAGE int WSAAPI WS_bind(SOCKET s, const struct sockaddr *name, int namelen);
WINSOCK_API_LINKAGE int WSAAPI WS_listen(SOCKET s, int backlog);
WINSOCK_API_LINKAGE SOCKET WSAAPI WS_accept(SOCKET s, struct sockaddr *addr, int *addrlen);
WINSOCK_API_LINKAGE int WSAAPI WS_connect(SOCKET s, const struct sockaddr *name, int namelen);
WINSOCK_API_LINKAGE int WSAAPI closesocket(SOCKET s);
WINSOCK_API_LINKAGE int WSAAPI WS_shutdown(SOCKET s, int how);
WINSOCK_API_LINKAGE int WSAAPI WS_send(SOCKET s, const char *buf, int len, int flags);
WINSOCK_API_LINKAGE int WSAAPI WS_sendto(SOCKET s, const char *buf, int len, int flags,
    const struct sockaddr *to, int tolen);
WINSOCK_API_LINKAGE int WSAAPI WS_recv(SOCKET s, char *buf, int len, int flags);
WINSOCK_API_LINKAGE int WSAAPI WS_recvfrom(SOCKET s, char *buf, int len, int flags, struct sockaddr *from,
    int *fromlen);
WINSOCK_API_LINKAGE int WSAAPI WS_select(int nfds, WS_fd_set *readfds, WS_fd_set *writefds,
    WS_fd_set *exceptfds, const TIMEVAL *timeout);
WINSOCK_API_LINKAGE int WSAAPI WS_getsockname(SOCKET s, struct sockaddr *name, int *namelen);
WINSOCK_API_LINKAGE int WSAAPI WS_getpeername(SOCKET s, struct sockaddr *name, int *namelen);
WINSOCK_API_LINKAGE int WSAAPI WS_getsockopt(SOCKET s, int level, int optname, char *optval, int *optlen);
WINSOCK_API_LINKAGE int WSAAPI WS_setsockopt(SOCKET s, int level, int optname, const char *optval,
    int optlen);
WINSOCK_API_LINKAGE int WSAAPI ioctlsocket(SOCKET s, LONG cmd, ULONG *argp);
WINSOCK_API_LINKAGE ULONG WSAAPI WS_inet_addr(const char *cp);
WINSOCK_API_LINKAGE char *WSAAPI WS_inet_ntoa(struct WS_in_addr in);
WINSOCK_API_LINKAGE int WSAAPI WS_gethostname(char *name, int namelen);
WINSOCK_API_LINKAGE int WSAAPI GetHostNameW(PWSTR name, int namelen);
WINSOCK_API_LINKAGE struct WS_hostent *WSAAPI WS_gethostbyaddr(const char *addr, int len, int type);
WINSOCK_API_LINKAGE struct WS_hostent *WSAAPI WS_gethostbyname(const char *name);
WINSOCK_API_LINKAGE struct WS_servent *WSAAPI WS_getservbyport(int port, const char *proto);
WINSOCK_API_LINKAGE struct WS_servent *WSAAPI WS_getservbyname(const char *name, const char *proto);
WINSOCK_API_LINKAGE struct WS_protoent *WSAAPI WS_getprotobynumber(int number);
WINSOCK_API_LINKAGE struct WS_protoent *WSAAPI WS_getprotobyname(const char *name);

/* ---- Functions: start, stop, errors, blocking ---------------------------------------------------- */

WINSOCK_API_LINKAGE int WSAAPI WSAStartup(WORD wVersionRequested, LPWSADATA lpWSAData);
WINSOCK_API_LINKAGE int WSAAPI WSACleanup(void);
WINSOCK_API_LINKAGE void WSAAPI WSASetLastError(int iError);
WINSOCK_API_LINKAGE int WSAAPI WSAGetLastError(void);
WINSOCK_API_LINKAGE BOOL WSAAPI WSAIsBlocking(void);
WINSOCK_API_LINKAGE int WSAAPI WSAUnhookBlockingHook(void);
WINSOCK_API_LINKAGE FARPROC WSAAPI WSASetBlockingHook(FARPROC lpBlockFunc);
WINSOCK_API_LINKAGE int WSAAPI WSACancelBlockingCall(void);

/* ---- Functions: asynchronous by window message --------------------------------------------------- */

/* The event mask is the platform's long, as sources write it (NEED-H2). */
WINSOCK_API_LINKAGE int WSAAPI WSAAsyncSelect(SOCKET s, HWND hWnd, UINT wMsg, long lEvent);
WINSOCK_API_LINKAGE HANDLE WSAAPI WSAAsyncGetServByName(HWND hWnd, UINT wMsg, const char *name,
    const char *proto, char *buf, int buflen);
WINSOCK_API_LINKAGE HANDLE WSAAPI WSAAsyncGetServByPort(HWND hWnd, UINT wMsg, int port, const char *proto,
    char *buf, int buflen);
WINSOCK_API_LINKAGE HANDLE WSAAPI WSAAsyncGetProtoByName(HWND hWnd, UINT wMsg, const char *name, char *buf,
    int buflen);
WINSOCK_API_LINKAGE HANDLE WSAAPI WSAAsyncGetProtoByNumber(HWND hWnd, UINT wMsg, int number, char *buf,
    int buflen);
WINSOCK_API_LINKAGE HANDLE WSAAPI WSAAsyncGetHostByName(HWND hWnd, UINT wMsg, const char *name, char *buf,
    int buflen);
WINSOCK_API_LINKAGE HANDLE WSAAPI WSAAsyncGetHostByAddr(HWND hWnd, UINT wMsg, const char *addr, int len,
    int type, char *buf, int buflen);
WINSOCK_API_LINKAGE int WSAAPI WSACancelAsyncRequest(HANDLE hAsyncTaskHandle);

/* ---- Functions: sockets -------------------------------------------------------------------------- */

WINSOCK_API_LINKAGE SOCKET WSAAPI WSASocketA(int af, int type, int protocol,
    LPWSAPROTOCOL_INFOA lpProtocolInfo, GROUP g, DWORD dwFlags);
WINSOCK_API_LINKAGE SOCKET WSAAPI WSASocketW(int af, int type, int protocol,
    LPWSAPROTOCOL_INFOW lpProtocolInfo, GROUP g, DWORD dwFlags);
WINSOCK_API_LINKAGE int WSAAPI WSADuplicateSocketA(SOCKET s, DWORD dwProcessId,
    LPWSAPROTOCOL_INFOA lpProtocolInfo);
WINSOCK_API_LINKAGE int WSAAPI WSADuplicateSocketW(SOCKET s, DWORD dwProcessId,
    LPWSAPROTOCOL_INFOW lpProtocolInfo);
WINSOCK_API_LINKAGE SOCKET WSAAPI WSAAccept(SOCKET s, struct sockaddr *addr, LPINT addrlen,
    LPCONDITIONPROC lpfnCondition, DWORD_PTR dwCallbackData);
WINSOCK_API_LINKAGE int WSAAPI WSAConnect(SOCKET s, const struct sockaddr *name, int namelen,
    LPWSABUF lpCallerData, LPWSABUF lpCalleeData, LPQOS lpSQOS, LPQOS lpGQOS);
WINSOCK_API_LINKAGE BOOL WSAAPI WSAConnectByList(SOCKET s, PSOCKET_ADDRESS_LIST SocketAddressList,
    LPDWORD LocalAddressLength, LPSOCKADDR LocalAddress, LPDWORD RemoteAddressLength,
    LPSOCKADDR RemoteAddress, const TIMEVAL *timeout, LPWSAOVERLAPPED Reserved);
WINSOCK_API_LINKAGE BOOL WSAAPI WSAConnectByNameA(SOCKET s, LPSTR nodename, LPSTR servicename,
    LPDWORD LocalAddressLength, LPSOCKADDR LocalAddress, LPDWORD RemoteAddressLength,
    LPSOCKADDR RemoteAddress, const TIMEVAL *timeout, LPWSAOVERLAPPED Reserved);
WINSOCK_API_LINKAGE BOOL WSAAPI WSAConnectByNameW(SOCKET s, LPWSTR nodename, LPWSTR servicename,
    LPDWORD LocalAddressLength, LPSOCKADDR LocalAddress, LPDWORD RemoteAddressLength,
    LPSOCKADDR RemoteAddress, const TIMEVAL *timeout, LPWSAOVERLAPPED Reserved);
WINSOCK_API_LINKAGE SOCKET WSAAPI WSAJoinLeaf(SOCKET s, const struct sockaddr *name, int namelen,
    LPWSABUF lpCallerData, LPWSABUF lpCalleeData, LPQOS lpSQOS, LPQOS lpGQOS, DWORD dwFlags);
WINSOCK_API_LINKAGE int WSAAPI WSASend(SOCKET s, LPWSABUF lpBuffers, DWORD dwBufferCount,
    LPDWORD lpNumberOfBytesSent, DWORD dwFlags, LPWSAOVERLAPPED lpOverlapped,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine);
WINSOCK_API_LINKAGE int WSAAPI WSASendTo(SOCKET s, LPWSABUF lpBuffers, DWORD dwBufferCount,
    LPDWORD lpNumberOfBytesSent, DWORD dwFlags, const struct sockaddr *lpTo, int iTolen,
    LPWSAOVERLAPPED lpOverlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine);
WINSOCK_API_LINKAGE int WSAAPI WSASendMsg(SOCKET s, LPWSAMSG lpMsg, DWORD dwFlags,
    LPDWORD lpNumberOfBytesSent, LPWSAOVERLAPPED lpOverlapped,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine);
WINSOCK_API_LINKAGE int WSAAPI WSASendDisconnect(SOCKET s, LPWSABUF lpOutboundDisconnectData);
WINSOCK_API_LINKAGE int WSAAPI WSARecv(SOCKET s, LPWSABUF lpBuffers, DWORD dwBufferCount,
    LPDWORD lpNumberOfBytesRecvd, LPDWORD lpFlags, LPWSAOVERLAPPED lpOverlapped,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine);
WINSOCK_API_LINKAGE int WSAAPI WSARecvFrom(SOCKET s, LPWSABUF lpBuffers, DWORD dwBufferCount,
    LPDWORD lpNumberOfBytesRecvd, LPDWORD lpFlags, struct sockaddr *lpFrom, LPINT lpFromlen,
    LPWSAOVERLAPPED lpOverlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine);
WINSOCK_API_LINKAGE int WSAAPI WSARecvDisconnect(SOCKET s, LPWSABUF lpInboundDisconnectData);
WINSOCK_API_LINKAGE int WSAAPI WSAIoctl(SOCKET s, DWORD dwIoControlCode, LPVOID lpvInBuffer, DWORD cbInBuffer,
    LPVOID lpvOutBuffer, DWORD cbOutBuffer, LPDWORD lpcbBytesReturned, LPWSAOVERLAPPED lpOverlapped,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine);
WINSOCK_API_LINKAGE BOOL WSAAPI WSAGetOverlappedResult(SOCKET s, LPWSAOVERLAPPED lpOverlapped,
    LPDWORD lpcbTransfer, BOOL fWait, LPDWORD lpdwFlags);
WINSOCK_API_LINKAGE BOOL WSAAPI WSAGetQOSByName(SOCKET s, LPWSABUF lpQOSName, LPQOS lpQOS);
WINSOCK_API_LINKAGE int WSAAPI WSAHtonl(SOCKET s, ULONG hostlong, ULONG *lpnetlong);
WINSOCK_API_LINKAGE int WSAAPI WSAHtons(SOCKET s, USHORT hostshort, USHORT *lpnetshort);
WINSOCK_API_LINKAGE int WSAAPI WSANtohl(SOCKET s, ULONG netlong, ULONG *lphostlong);
WINSOCK_API_LINKAGE int WSAAPI WSANtohs(SOCKET s, USHORT netshort, USHORT *lphostshort);
WINSOCK_API_LINKAGE int WSAAPI WSAPoll(LPWSAPOLLFD fdArray, ULONG fds, INT timeout);
WINSOCK_API_LINKAGE DWORD WSAAPI ProcessSocketNotifications(HANDLE completionPort, UINT32 registrationCount,
    struct SOCK_NOTIFY_REGISTRATION *registrationInfos, UINT32 timeoutMs, ULONG completionCount,
    OVERLAPPED_ENTRY *completionPortEntries, UINT32 *receivedEntryCount);

/* ---- Functions: events --------------------------------------------------------------------------- */

WINSOCK_API_LINKAGE WSAEVENT WSAAPI WSACreateEvent(void);
WINSOCK_API_LINKAGE BOOL WSAAPI WSACloseEvent(WSAEVENT hEvent);
WINSOCK_API_LINKAGE BOOL WSAAPI WSASetEvent(WSAEVENT hEvent);
WINSOCK_API_LINKAGE BOOL WSAAPI WSAResetEvent(WSAEVENT hEvent);
WINSOCK_API_LINKAGE DWORD WSAAPI WSAWaitForMultipleEvents(DWORD cEvents, const WSAEVENT *lphEvents,
    BOOL fWaitAll, DWORD dwTimeout, BOOL fAlertable);
WINSOCK_API_LINKAGE int WSAAPI WSAEventSelect(SOCKET s, WSAEVENT hEventObject, long lNetworkEvents);
WINSOCK_API_LINKAGE int WSAAPI WSAEnumNetworkEvents(SOCKET s, WSAEVENT hEventObject,
    LPWSANETWORKEVENTS lpNetworkEvents);

/* ---- Functions: catalog and name spaces ---------------------------------------------------------- */

WINSOCK_API_LINKAGE int WSAAPI WSAEnumProtocolsA(LPINT lpiProtocols, LPWSAPROTOCOL_INFOA lpProtocolBuffer,
    LPDWORD lpdwBufferLength);
WINSOCK_API_LINKAGE int WSAAPI WSAEnumProtocolsW(LPINT lpiProtocols, LPWSAPROTOCOL_INFOW lpProtocolBuffer,
    LPDWORD lpdwBufferLength);
WINSOCK_API_LINKAGE INT WSAAPI WSAProviderConfigChange(LPHANDLE lpNotificationHandle,
    LPWSAOVERLAPPED lpOverlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine);
WINSOCK_API_LINKAGE INT WSAAPI WSAAddressToStringA(LPSOCKADDR lpsaAddress, DWORD dwAddressLength,
    LPWSAPROTOCOL_INFOA lpProtocolInfo, LPSTR lpszAddressString, LPDWORD lpdwAddressStringLength);
WINSOCK_API_LINKAGE INT WSAAPI WSAAddressToStringW(LPSOCKADDR lpsaAddress, DWORD dwAddressLength,
    LPWSAPROTOCOL_INFOW lpProtocolInfo, LPWSTR lpszAddressString, LPDWORD lpdwAddressStringLength);
WINSOCK_API_LINKAGE INT WSAAPI WSAStringToAddressA(LPSTR AddressString, INT AddressFamily,
    LPWSAPROTOCOL_INFOA lpProtocolInfo, LPSOCKADDR lpAddress, LPINT lpAddressLength);
WINSOCK_API_LINKAGE INT WSAAPI WSAStringToAddressW(LPWSTR AddressString, INT AddressFamily,
    LPWSAPROTOCOL_INFOW lpProtocolInfo, LPSOCKADDR lpAddress, LPINT lpAddressLength);
WINSOCK_API_LINKAGE INT WSAAPI WSALookupServiceBeginA(LPWSAQUERYSETA lpqsRestrictions, DWORD dwControlFlags,
    LPHANDLE lphLookup);
WINSOCK_API_LINKAGE INT WSAAPI WSALookupServiceBeginW(LPWSAQUERYSETW lpqsRestrictions, DWORD dwControlFlags,
    LPHANDLE lphLookup);
WINSOCK_API_LINKAGE INT WSAAPI WSALookupServiceNextA(HANDLE hLookup, DWORD dwControlFlags,
    LPDWORD lpdwBufferLength, LPWSAQUERYSETA lpqsResults);
WINSOCK_API_LINKAGE INT WSAAPI WSALookupServiceNextW(HANDLE hLookup, DWORD dwControlFlags,
    LPDWORD lpdwBufferLength, LPWSAQUERYSETW lpqsResults);
WINSOCK_API_LINKAGE INT WSAAPI WSALookupServiceEnd(HANDLE hLookup);
WINSOCK_API_LINKAGE INT WSAAPI WSANSPIoctl(HANDLE hLookup, DWORD dwControlCode, LPVOID lpvInBuffer,
    DWORD cbInBuffer, LPVOID lpvOutBuffer, DWORD cbOutBuffer, LPDWORD lpcbBytesReturned,
    LPWSACOMPLETION lpCompletion);
WINSOCK_API_LINKAGE INT WSAAPI WSASetServiceA(LPWSAQUERYSETA lpqsRegInfo, WSAESETSERVICEOP essoperation,
    DWORD dwControlFlags);
WINSOCK_API_LINKAGE INT WSAAPI WSASetServiceW(LPWSAQUERYSETW lpqsRegInfo, WSAESETSERVICEOP essoperation,
    DWORD dwControlFlags);
WINSOCK_API_LINKAGE INT WSAAPI WSAInstallServiceClassA(LPWSASERVICECLASSINFOA lpServiceClassInfo);
WINSOCK_API_LINKAGE INT WSAAPI WSAInstallServiceClassW(LPWSASERVICECLASSINFOW lpServiceClassInfo);
WINSOCK_API_LINKAGE INT WSAAPI WSARemoveServiceClass(LPGUID lpServiceClassId);
WINSOCK_API_LINKAGE INT WSAAPI WSAGetServiceClassInfoA(LPGUID lpProviderId, LPGUID lpServiceClassId,
    LPDWORD lpdwBufSize, LPWSASERVICECLASSINFOA lpServiceClassInfo);
WINSOCK_API_LINKAGE INT WSAAPI WSAGetServiceClassInfoW(LPGUID lpProviderId, LPGUID lpServiceClassId,
    LPDWORD lpdwBufSize, LPWSASERVICECLASSINFOW lpServiceClassInfo);
WINSOCK_API_LINKAGE INT WSAAPI WSAGetServiceClassNameByClassIdA(LPGUID lpServiceClassId,
    LPSTR lpszServiceClassName, LPDWORD lpdwBufferLength);
WINSOCK_API_LINKAGE INT WSAAPI WSAGetServiceClassNameByClassIdW(LPGUID lpServiceClassId,
    LPWSTR lpszServiceClassName, LPDWORD lpdwBufferLength);
WINSOCK_API_LINKAGE INT WSAAPI WSAEnumNameSpaceProvidersA(LPDWORD lpdwBufferLength,
    LPWSANAMESPACE_INFOA lpnspBuffer);
WINSOCK_API_LINKAGE INT WSAAPI WSAEnumNameSpaceProvidersW(LPDWORD lpdwBufferLength,
    LPWSANAMESPACE_INFOW lpnspBuffer);
WINSOCK_API_LINKAGE INT WSAAPI WSAEnumNameSpaceProvidersExA(LPDWORD lpdwBufferLength,
    LPWSANAMESPACE_INFOEXA lpnspBuffer);
WINSOCK_API_LINKAGE INT WSAAPI WSAEnumNameSpaceProvidersExW(LPDWORD lpdwBufferLength,
    LPWSANAMESPACE_INFOEXW lpnspBuffer);

#ifdef UNICODE
#define WSAAddressToString WSAAddressToStringW
#define WSAConnectByName WSAConnectByNameW
#define WSADuplicateSocket WSADuplicateSocketW
#define WSAEnumNameSpaceProviders WSAEnumNameSpaceProvidersW
#define WSAEnumNameSpaceProvidersEx WSAEnumNameSpaceProvidersExW
#define WSAEnumProtocols WSAEnumProtocolsW
#define WSAGetServiceClassInfo WSAGetServiceClassInfoW
#define WSAGetServiceClassNameByClassId WSAGetServiceClassNameByClassIdW
#define WSAInstallServiceClass WSAInstallServiceClassW
#define WSALookupServiceBegin WSALookupServiceBeginW
#define WSALookupServiceNext WSALookupServiceNextW
#define WSASetService WSASetServiceW
#define WSASocket WSASocketW
#define WSAStringToAddress WSAStringToAddressW
#else
#define WSAAddressToString WSAAddressToStringA
#define WSAConnectByName WSAConnectByNameA
#define WSADuplicateSocket WSADuplicateSocketA
#define WSAEnumNameSpaceProviders WSAEnumNameSpaceProvidersA
#define WSAEnumNameSpaceProvidersEx WSAEnumNameSpaceProvidersExA
#define WSAEnumProtocols WSAEnumProtocolsA
#define WSAGetServiceClassInfo WSAGetServiceClassInfoA
#define WSAGetServiceClassNameByClassId WSAGetServiceClassNameByClassIdA
#define WSAInstallServiceClass WSAInstallServiceClassA
#define WSALookupServiceBegin WSALookupServiceBeginA
#define WSALookupServiceNext WSALookupServiceNextA
#define WSASetService WSASetServiceA
#define WSASocket WSASocketA
#define WSAStringToAddress WSAStringToAddressA
#endif

/* ---- Function pointers, each of its function's type ---------------------------------------------- */

typedef __typeof__(WS_accept) *LPFN_ACCEPT;
typedef __typeof__(WS_bind) *LPFN_BIND;
typedef __typeof__(closesocket) *LPFN_CLOSESOCKET;
typedef __typeof__(WS_connect) *LPFN_CONNECT;
typedef __typeof__(ioctlsocket) *LPFN_IOCTLSOCKET;
typedef __typeof__(WS_getpeername) *LPFN_GETPEERNAME;
typedef __typeof__(WS_getsockname) *LPFN_GETSOCKNAME;
typedef __typeof__(WS_getsockopt) *LPFN_GETSOCKOPT;
typedef __typeof__(htonl) *LPFN_HTONL;
typedef __typeof__(htons) *LPFN_HTONS;
typedef __typeof__(WS_inet_addr) *LPFN_INET_ADDR;
typedef __typeof__(WS_inet_ntoa) *LPFN_INET_NTOA;
typedef __typeof__(WS_listen) *LPFN_LISTEN;
typedef __typeof__(ntohl) *LPFN_NTOHL;
typedef __typeof__(ntohs) *LPFN_NTOHS;
typedef __typeof__(WS_recv) *LPFN_RECV;
typedef __typeof__(WS_recvfrom) *LPFN_RECVFROM;
typedef __typeof__(WS_select) *LPFN_SELECT;
typedef __typeof__(WS_send) *LPFN_SEND;
typedef __typeof__(WS_sendto) *LPFN_SENDTO;
typedef __typeof__(WS_setsockopt) *LPFN_SETSOCKOPT;
typedef __typeof__(WS_shutdown) *LPFN_SHUTDOWN;
typedef __typeof__(WS_socket) *LPFN_SOCKET;
typedef __typeof__(WS_gethostbyaddr) *LPFN_GETHOSTBYADDR;
typedef __typeof__(WS_gethostbyname) *LPFN_GETHOSTBYNAME;
typedef __typeof__(WS_gethostname) *LPFN_GETHOSTNAME;
typedef __typeof__(WS_getservbyport) *LPFN_GETSERVBYPORT;
typedef __typeof__(WS_getservbyname) *LPFN_GETSERVBYNAME;
typedef __typeof__(WS_getprotobynumber) *LPFN_GETPROTOBYNUMBER;
typedef __typeof__(WS_getprotobyname) *LPFN_GETPROTOBYNAME;
typedef __typeof__(WSAStartup) *LPFN_WSASTARTUP;
typedef __typeof__(WSACleanup) *LPFN_WSACLEANUP;
typedef __typeof__(WSASetLastError) *LPFN_WSASETLASTERROR;
typedef __typeof__(WSAGetLastError) *LPFN_WSAGETLASTERROR;
typedef __typeof__(WSAIsBlocking) *LPFN_WSAISBLOCKING;
typedef __typeof__(WSAUnhookBlockingHook) *LPFN_WSAUNHOOKBLOCKINGHOOK;
typedef __typeof__(WSASetBlockingHook) *LPFN_WSASETBLOCKINGHOOK;
typedef __typeof__(WSACancelBlockingCall) *LPFN_WSACANCELBLOCKINGCALL;
typedef __typeof__(WSAAsyncGetServByName) *LPFN_WSAASYNCGETSERVBYNAME;
typedef __typeof__(WSAAsyncGetServByPort) *LPFN_WSAASYNCGETSERVBYPORT;
typedef __typeof__(WSAAsyncGetProtoByName) *LPFN_WSAASYNCGETPROTOBYNAME;
typedef __typeof__(WSAAsyncGetProtoByNumber) *LPFN_WSAASYNCGETPROTOBYNUMBER;
typedef __typeof__(WSAAsyncGetHostByName) *LPFN_WSAASYNCGETHOSTBYNAME;
typedef __typeof__(WSAAsyncGetHostByAddr) *LPFN_WSAASYNCGETHOSTBYADDR;
typedef __typeof__(WSACancelAsyncRequest) *LPFN_WSACANCELASYNCREQUEST;
typedef __typeof__(WSAAsyncSelect) *LPFN_WSAASYNCSELECT;
typedef __typeof__(WSAAccept) *LPFN_WSAACCEPT;
typedef __typeof__(WSACloseEvent) *LPFN_WSACLOSEEVENT;
typedef __typeof__(WSAConnect) *LPFN_WSACONNECT;
typedef __typeof__(WSACreateEvent) *LPFN_WSACREATEEVENT;
typedef __typeof__(WSADuplicateSocketA) *LPFN_WSADUPLICATESOCKETA;
typedef __typeof__(WSADuplicateSocketW) *LPFN_WSADUPLICATESOCKETW;
typedef __typeof__(WSAEnumNetworkEvents) *LPFN_WSAENUMNETWORKEVENTS;
typedef __typeof__(WSAEnumProtocolsA) *LPFN_WSAENUMPROTOCOLSA;
typedef __typeof__(WSAEnumProtocolsW) *LPFN_WSAENUMPROTOCOLSW;
typedef __typeof__(WSAEventSelect) *LPFN_WSAEVENTSELECT;
typedef __typeof__(WSAGetOverlappedResult) *LPFN_WSAGETOVERLAPPEDRESULT;
typedef __typeof__(WSAGetQOSByName) *LPFN_WSAGETQOSBYNAME;
typedef __typeof__(WSAHtonl) *LPFN_WSAHTONL;
typedef __typeof__(WSAHtons) *LPFN_WSAHTONS;
typedef __typeof__(WSAIoctl) *LPFN_WSAIOCTL;
typedef __typeof__(WSAJoinLeaf) *LPFN_WSAJOINLEAF;
typedef __typeof__(WSANtohl) *LPFN_WSANTOHL;
typedef __typeof__(WSANtohs) *LPFN_WSANTOHS;
typedef __typeof__(WSARecv) *LPFN_WSARECV;
typedef __typeof__(WSARecvDisconnect) *LPFN_WSARECVDISCONNECT;
typedef __typeof__(WSARecvFrom) *LPFN_WSARECVFROM;
typedef __typeof__(WSAResetEvent) *LPFN_WSARESETEVENT;
typedef __typeof__(WSASend) *LPFN_WSASEND;
typedef __typeof__(WSASendDisconnect) *LPFN_WSASENDDISCONNECT;
typedef __typeof__(WSASendTo) *LPFN_WSASENDTO;
typedef __typeof__(WSASetEvent) *LPFN_WSASETEVENT;
typedef __typeof__(WSASocketA) *LPFN_WSASOCKETA;
typedef __typeof__(WSASocketW) *LPFN_WSASOCKETW;
typedef __typeof__(WSAWaitForMultipleEvents) *LPFN_WSAWAITFORMULTIPLEEVENTS;
typedef __typeof__(WSAAddressToStringA) *LPFN_WSAADDRESSTOSTRINGA;
typedef __typeof__(WSAAddressToStringW) *LPFN_WSAADDRESSTOSTRINGW;
typedef __typeof__(WSAStringToAddressA) *LPFN_WSASTRINGTOADDRESSA;
typedef __typeof__(WSAStringToAddressW) *LPFN_WSASTRINGTOADDRESSW;
typedef __typeof__(WSALookupServiceBeginA) *LPFN_WSALOOKUPSERVICEBEGINA;
typedef __typeof__(WSALookupServiceBeginW) *LPFN_WSALOOKUPSERVICEBEGINW;
typedef __typeof__(WSALookupServiceNextA) *LPFN_WSALOOKUPSERVICENEXTA;
typedef __typeof__(WSALookupServiceNextW) *LPFN_WSALOOKUPSERVICENEXTW;
typedef __typeof__(WSANSPIoctl) *LPFN_WSANSPIOCTL;
typedef __typeof__(WSALookupServiceEnd) *LPFN_WSALOOKUPSERVICEEND;
typedef __typeof__(WSAInstallServiceClassA) *LPFN_WSAINSTALLSERVICECLASSA;
typedef __typeof__(WSAInstallServiceClassW) *LPFN_WSAINSTALLSERVICECLASSW;
typedef __typeof__(WSARemoveServiceClass) *LPFN_WSAREMOVESERVICECLASS;
typedef __typeof__(WSAGetServiceClassInfoA) *LPFN_WSAGETSERVICECLASSINFOA;
typedef __typeof__(WSAGetServiceClassInfoW) *LPFN_WSAGETSERVICECLASSINFOW;
typedef __typeof__(WSAEnumNameSpaceProvidersA) *LPFN_WSAENUMNAMESPACEPROVIDERSA;
typedef __typeof__(WSAEnumNameSpaceProvidersW) *LPFN_WSAENUMNAMESPACEPROVIDERSW;
typedef __typeof__(WSAGetServiceClassNameByClassIdA) *LPFN_WSAGETSERVICECLASSNAMEBYCLASSIDA;
typedef __typeof__(WSAGetServiceClassNameByClassIdW) *LPFN_WSAGETSERVICECLASSNAMEBYCLASSIDW;
typedef __typeof__(WSASetServiceA) *LPFN_WSASETSERVICEA;
typedef __typeof__(WSASetServiceW) *LPFN_WSASETSERVICEW;
typedef __typeof__(WSAProviderConfigChange) *LPFN_WSAPROVIDERCONFIGCHANGE;

#ifdef UNICODE
#define LPFN_WSAADDRESSTOSTRING LPFN_WSAADDRESSTOSTRINGW
#define LPFN_WSADUPLICATESOCKET LPFN_WSADUPLICATESOCKETW
#define LPFN_WSAENUMNAMESPACEPROVIDERS LPFN_WSAENUMNAMESPACEPROVIDERSW
#define LPFN_WSAENUMPROTOCOLS LPFN_WSAENUMPROTOCOLSW
#define LPFN_WSAGETSERVICECLASSINFO LPFN_WSAGETSERVICECLASSINFOW
#define LPFN_WSAGETSERVICECLASSNAMEBYCLASSID LPFN_WSAGETSERVICECLASSNAMEBYCLASSIDW
#define LPFN_WSAINSTALLSERVICECLASS LPFN_WSAINSTALLSERVICECLASSW
#define LPFN_WSALOOKUPSERVICEBEGIN LPFN_WSALOOKUPSERVICEBEGINW
#define LPFN_WSALOOKUPSERVICENEXT LPFN_WSALOOKUPSERVICENEXTW
#define LPFN_WSASETSERVICE LPFN_WSASETSERVICEW
#define LPFN_WSASOCKET LPFN_WSASOCKETW
#define LPFN_WSASTRINGTOADDRESS LPFN_WSASTRINGTOADDRESSW
#else
#define LPFN_WSAADDRESSTOSTRING LPFN_WSAADDRESSTOSTRINGA
#define LPFN_WSADUPLICATESOCKET LPFN_WSADUPLICATESOCKETA
#define LPFN_WSAENUMNAMESPACEPROVIDERS LPFN_WSAENUMNAMESPACEPROVIDERSA
#define LPFN_WSAENUMPROTOCOLS LPFN_WSAENUMPROTOCOLSA
#define LPFN_WSAGETSERVICECLASSINFO LPFN_WSAGETSERVICECLASSINFOA
#define LPFN_WSAGETSERVICECLASSNAMEBYCLASSID LPFN_WSAGETSERVICECLASSNAMEBYCLASSIDA
#define LPFN_WSAINSTALLSERVICECLASS LPFN_WSAINSTALLSERVICECLASSA
#define LPFN_WSALOOKUPSERVICEBEGIN LPFN_WSALOOKUPSERVICEBEGINA
#define LPFN_WSALOOKUPSERVICENEXT LPFN_WSALOOKUPSERVICENEXTA
#define LPFN_WSASETSERVICE LPFN_WSASETSERVICEA
#define LPFN_WSASOCKET LPFN_WSASOCKETA
#define LPFN_WSASTRINGTOADDRESS LPFN_WSASTRINGTOADDRESSA
#endif

/* ---- Numbers in network byte order --------------------------------------------------------------- */

/* To and from network byte order. The plain htonl, htons, ntohl and ntohs are libc's, which do the same. */
static inline ULONGLONG htonll(ULONGLONG Value)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return __builtin_bswap64(Value);
#else
    return Value;
#endif
}

static inline ULONGLONG ntohll(ULONGLONG Value)
{
    return htonll(Value);
}

static inline ULONG WS_htonl(ULONG hostlong)
{
    return htonl(hostlong);
}

static inline USHORT WS_htons(USHORT hostshort)
{
    return htons(hostshort);
}

static inline ULONG WS_ntohl(ULONG netlong)
{
    return ntohl(netlong);
}

static inline USHORT WS_ntohs(USHORT netshort)
{
    return ntohs(netshort);
}

WS2SPI_END_C

/* ---- The plain names ----------------------------------------------------------------------------- */

#ifndef WS2SPI_USE_WS_PREFIX

#define linger WS_linger
#define fd_set WS_fd_set
#ifndef FD_SETSIZE
#define FD_SETSIZE WS_FD_SETSIZE
#endif
#define FD_ZERO(set) WS_FD_ZERO(set)
#define FD_SET(s, set) WS_FD_SET(s, set)
#define FD_CLR(s, set) WS_FD_CLR(s, set)
#define FD_ISSET(s, set) WS_FD_ISSET(s, set)

#define pollfd WS_pollfd
#define hostent WS_hostent
#define netent WS_netent
#define servent WS_servent
#define protoent WS_protoent

#define POLLRDNORM WS_POLLRDNORM
#define POLLRDBAND WS_POLLRDBAND
#define POLLPRI WS_POLLPRI
#define POLLWRNORM WS_POLLWRNORM
#define POLLWRBAND WS_POLLWRBAND
#define POLLERR WS_POLLERR
#define POLLHUP WS_POLLHUP
#define POLLNVAL WS_POLLNVAL
#define POLLIN WS_POLLIN
#define POLLOUT WS_POLLOUT

#define h_addr WS_h_addr
#define h_errno WS_h_errno

#define HOST_NOT_FOUND WS_HOST_NOT_FOUND

#define TRY_AGAIN WS_TRY_AGAIN

#define NO_RECOVERY WS_NO_RECOVERY
#define NO_DATA WS_NO_DATA
#define NO_ADDRESS WS_NO_ADDRESS
/* Functions: an assembler label where libc's declaration is out of sight, else a macro (ws2posix.h). */

WS2SPI_BEGIN_C
#ifndef WS2SPI_LIBC_SOCKET
WS2SPI_PLAIN_FUNCTION(accept);
WS2SPI_PLAIN_FUNCTION(bind);
WS2SPI_PLAIN_FUNCTION(connect);
WS2SPI_PLAIN_FUNCTION(getpeername);
WS2SPI_PLAIN_FUNCTION(getsockname);
WS2SPI_PLAIN_FUNCTION(getsockopt);
WS2SPI_PLAIN_FUNCTION(listen);
WS2SPI_PLAIN_FUNCTION(recv);
WS2SPI_PLAIN_FUNCTION(recvfrom);
WS2SPI_PLAIN_FUNCTION(send);
WS2SPI_PLAIN_FUNCTION(sendto);
WS2SPI_PLAIN_FUNCTION(setsockopt);
WS2SPI_PLAIN_FUNCTION(shutdown);
WS2SPI_PLAIN_FUNCTION(socket);
#else
#define accept WS_accept
#define connect WS_connect
#define getpeername WS_getpeername
#define getsockname WS_getsockname
#define getsockopt WS_getsockopt
#define listen WS_listen
#define recv WS_recv
#define recvfrom WS_recvfrom
#define send WS_send
#define sendto WS_sendto
#define setsockopt WS_setsockopt
#define shutdown WS_shutdown
#define socket WS_socket
#ifndef __cplusplus
#define bind WS_bind
#endif
#endif

#ifndef WS2SPI_LIBC_SELECT
WS2SPI_PLAIN_FUNCTION(select);
#elif !defined(__cplusplus)
#define select WS_select
#endif

#ifndef WS2SPI_LIBC_UNISTD
WS2SPI_PLAIN_FUNCTION(gethostname);
#else
#define gethostname WS_gethostname
#endif

#ifndef WS2SPI_LIBC_INET
WS2SPI_PLAIN_FUNCTION(inet_addr);
WS2SPI_PLAIN_FUNCTION(inet_ntoa);
#else
#define inet_addr WS_inet_addr
#define inet_ntoa WS_inet_ntoa
#endif

#ifndef WS2SPI_LIBC_NETDB
WS2SPI_PLAIN_FUNCTION(gethostbyaddr);
WS2SPI_PLAIN_FUNCTION(gethostbyname);
WS2SPI_PLAIN_FUNCTION(getprotobyname);
WS2SPI_PLAIN_FUNCTION(getprotobynumber);
WS2SPI_PLAIN_FUNCTION(getservbyname);
WS2SPI_PLAIN_FUNCTION(getservbyport);
#else
#define gethostbyaddr WS_gethostbyaddr
#define gethostbyname WS_gethostbyname
#define getprotobyname WS_getprotobyname
#define getprotobynumber WS_getprotobynumber
#define getservbyname WS_getservbyname
#define getservbyport WS_getservbyport
#endif
WS2SPI_END_C

#ifdef __cplusplus
/* Beside libc's own: a set of sockets tells the two select apart, and any length but an unsigned int one,
 * or any SOCKET, the two bind. */
#ifdef WS2SPI_LIBC_SELECT
inline int select(int nfds, WS_fd_set *readfds, WS_fd_set *writefds, WS_fd_set *exceptfds,
    const TIMEVAL *timeout)
{
    return WS_select(nfds, readfds, writefds, exceptfds, timeout);
}
#endif
#ifdef WS2SPI_LIBC_SOCKET
template <class Socket, class Length>
inline int bind(Socket s, const struct sockaddr *name, Length namelen)
{
    return WS_bind((SOCKET)s, name, (int)namelen);
}
#endif
#endif

#endif /* WS2SPI_USE_WS_PREFIX */

#ifdef __cplusplus
/* Sources that hand ioctlsocket() a real unsigned long, which has 32 bits on Windows (NEED-H3). */
template <class Long> struct ws2spi_unsigned_long;
template <> struct ws2spi_unsigned_long<unsigned long> {
    typedef int result;
};
template <class Long>
inline typename ws2spi_unsigned_long<Long>::result ioctlsocket(SOCKET s, LONG cmd, Long *argp)
{
    ULONG value = (ULONG)*argp;
    int result = ioctlsocket(s, cmd, &value);

    *argp = value;
    return result;
}
#endif

WS2SPI_BEGIN_C

/* Down here since its member has the name of a function, which may be a macro by now. */
typedef struct SOCK_NOTIFY_REGISTRATION {
    SOCKET socket;
    PVOID completionKey;
    UINT16 eventFilter;
    UINT8 operation;
    UINT8 triggerFlags;
    DWORD registrationResult;
} SOCK_NOTIFY_REGISTRATION;

/* The events of one packet of ProcessSocketNotifications. */
static inline UINT32 SocketNotificationRetrieveEvents(OVERLAPPED_ENTRY *notification)
{
    return notification->dwNumberOfBytesTransferred;
}

WS2SPI_END_C

#endif /* WINSOCK2_H */
