/*
 * ws2tcpip.h - TCP/IP's part of the Winsock API: name resolution independent of the protocol.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef WS2TCPIP_H
#define WS2TCPIP_H

#include "winsock2.h"
#include "ws2ipdef.h"

WS2SPI_BEGIN_C

/* ---- Constants ----------------------------------------------------------------------------------- */

/* The longest written address, with port and scope. */
#define WS_INET_ADDRSTRLEN 22
#define WS_INET6_ADDRSTRLEN 65

/* What getaddrinfo() and getnameinfo() return: Winsock's errors. */
#define WS_EAI_AGAIN WSATRY_AGAIN
#define WS_EAI_BADFLAGS WSAEINVAL
#define WS_EAI_FAIL WSANO_RECOVERY
#define WS_EAI_FAMILY WSAEAFNOSUPPORT
#define WS_EAI_MEMORY WSA_NOT_ENOUGH_MEMORY
#define WS_EAI_NODATA WS_EAI_NONAME
#define WS_EAI_NONAME WSAHOST_NOT_FOUND
#define WS_EAI_SERVICE WSATYPE_NOT_FOUND
#define WS_EAI_SOCKTYPE WSAESOCKTNOSUPPORT
#define WS_EAI_NOSECURENAME WSA_SECURE_HOST_NOT_FOUND
#define WS_EAI_IPSECPOLICY WSA_IPSEC_NAME_POLICY_ERROR

#define GAI_STRERROR_BUFFER_SIZE 1024

/* WSAIoctl's codes; those with a letter hold their argument's size. */
#define SIO_GET_INTERFACE_LIST 0x4004747f
#define SIO_GET_INTERFACE_LIST_EX 0x4004747e
#define SIO_SET_MULTICAST_FILTER 0x8004747dU
#define SIO_GET_MULTICAST_FILTER 0x8004747cU
#define SIOCSIPMSFILTER SIO_SET_MULTICAST_FILTER
#define SIOCGIPMSFILTER SIO_GET_MULTICAST_FILTER
#define SIOCSMSFILTER 0x8004747eU
#define SIOCGMSFILTER 0x8004747fU
#define SIO_IDEAL_SEND_BACKLOG_QUERY 0x4004747b
#define SIO_IDEAL_SEND_BACKLOG_CHANGE 0x2000747a

/* ---- Types --------------------------------------------------------------------------------------- */

#ifdef UNICODE
typedef ADDRINFOW ADDRINFOT, *PADDRINFOT;
typedef ADDRINFOEXW ADDRINFOEX;
typedef PADDRINFOEXW PADDRINFOEX;
#else
typedef ADDRINFOA ADDRINFOT, *PADDRINFOT;
typedef ADDRINFOEXA ADDRINFOEX;
typedef PADDRINFOEXA PADDRINFOEX;
#endif
typedef ADDRINFOA ADDRINFO, *LPADDRINFO;

typedef void (CALLBACK *LPLOOKUPSERVICE_COMPLETION_ROUTINE)(DWORD dwError, DWORD dwBytes,
    LPWSAOVERLAPPED lpOverlapped);

/* ---- Functions: names and addresses -------------------------------------------------------------- */

WINSOCK_API_LINKAGE int WSAAPI WS_getaddrinfo(const char *nodename, const char *servname,
    const struct WS_addrinfo *hints, struct WS_addrinfo **res);
WINSOCK_API_LINKAGE int WSAAPI GetAddrInfoW(PCWSTR pNodeName, PCWSTR pServiceName, const ADDRINFOW *pHints,
    PADDRINFOW *ppResult);
WINSOCK_API_LINKAGE int WSAAPI GetAddrInfoExA(PCSTR pName, PCSTR pServiceName, DWORD dwNameSpace,
    LPGUID lpNspId, const ADDRINFOEXA *pHints, PADDRINFOEXA *ppResult, PTIMEVAL timeout,
    LPOVERLAPPED lpOverlapped, LPLOOKUPSERVICE_COMPLETION_ROUTINE lpCompletionRoutine, LPHANDLE lpNameHandle);
WINSOCK_API_LINKAGE int WSAAPI GetAddrInfoExW(PCWSTR pName, PCWSTR pServiceName, DWORD dwNameSpace,
    LPGUID lpNspId, const ADDRINFOEXW *pHints, PADDRINFOEXW *ppResult, PTIMEVAL timeout,
    LPOVERLAPPED lpOverlapped, LPLOOKUPSERVICE_COMPLETION_ROUTINE lpCompletionRoutine, LPHANDLE lpNameHandle);
WINSOCK_API_LINKAGE int WSAAPI SetAddrInfoExA(PCSTR pName, PCSTR pServiceName, SOCKET_ADDRESS *pAddresses,
    DWORD dwAddressCount, LPBLOB lpBlob, DWORD dwFlags, DWORD dwNameSpace, LPGUID lpNspId, PTIMEVAL timeout,
    LPOVERLAPPED lpOverlapped, LPLOOKUPSERVICE_COMPLETION_ROUTINE lpCompletionRoutine, LPHANDLE lpNameHandle);
WINSOCK_API_LINKAGE int WSAAPI SetAddrInfoExW(PCWSTR pName, PCWSTR pServiceName, SOCKET_ADDRESS *pAddresses,
    DWORD dwAddressCount, LPBLOB lpBlob, DWORD dwFlags, DWORD dwNameSpace, LPGUID lpNspId, PTIMEVAL timeout,
    LPOVERLAPPED lpOverlapped, LPLOOKUPSERVICE_COMPLETION_ROUTINE lpCompletionRoutine, LPHANDLE lpNameHandle);
WINSOCK_API_LINKAGE INT WSAAPI GetAddrInfoExCancel(LPHANDLE lpHandle);
WINSOCK_API_LINKAGE INT WSAAPI GetAddrInfoExOverlappedResult(LPOVERLAPPED lpOverlapped);
WINSOCK_API_LINKAGE void WSAAPI WS_freeaddrinfo(LPADDRINFO pAddrInfo);
WINSOCK_API_LINKAGE void WSAAPI FreeAddrInfoW(PADDRINFOW pAddrInfo);
WINSOCK_API_LINKAGE void WSAAPI FreeAddrInfoEx(PADDRINFOEXA pAddrInfo);
WINSOCK_API_LINKAGE void WSAAPI FreeAddrInfoExW(PADDRINFOEXW pAddrInfo);
WINSOCK_API_LINKAGE int WSAAPI WS_getnameinfo(const struct sockaddr *sa, WS_socklen_t salen, char *host,
    DWORD hostlen, char *serv, DWORD servlen, int flags);
WINSOCK_API_LINKAGE INT WSAAPI GetNameInfoW(const SOCKADDR *pSockaddr, WS_socklen_t SockaddrLength,
    PWCHAR pNodeBuffer, DWORD NodeBufferSize, PWCHAR pServiceBuffer, DWORD ServiceBufferSize, INT Flags);
WINSOCK_API_LINKAGE LPCSTR WSAAPI WS_inet_ntop(INT Family, LPCVOID pAddr, LPSTR pStringBuf,
    size_t StringBufSize);
WINSOCK_API_LINKAGE LPCWSTR WSAAPI InetNtopW(INT Family, LPCVOID pAddr, LPWSTR pStringBuf,
    size_t StringBufSIze);
WINSOCK_API_LINKAGE INT WSAAPI WS_inet_pton(INT Family, LPCSTR pStringBuf, PVOID pAddr);
WINSOCK_API_LINKAGE INT WSAAPI InetPtonW(INT Family, LPCWSTR pStringBuf, PVOID pAddr);
WINSOCK_API_LINKAGE char *WSAAPI gai_strerrorA(int ecode);
WINSOCK_API_LINKAGE WCHAR *WSAAPI gai_strerrorW(int ecode);

#define GetAddrInfoA WS_getaddrinfo
#define FreeAddrInfoA WS_freeaddrinfo
#define FreeAddrInfoExA FreeAddrInfoEx
#define GetNameInfoA WS_getnameinfo
#define InetNtopA WS_inet_ntop
#define InetPtonA WS_inet_pton

#ifdef UNICODE
#define FreeAddrInfo FreeAddrInfoW
#define GetAddrInfo GetAddrInfoW
#define GetAddrInfoEx GetAddrInfoExW
#define GetNameInfo GetNameInfoW
#define InetNtop InetNtopW
#define InetPton InetPtonW
#define SetAddrInfoEx SetAddrInfoExW
#else
#define FreeAddrInfo FreeAddrInfoA
#define GetAddrInfo GetAddrInfoA
#define GetAddrInfoEx GetAddrInfoExA
#define GetNameInfo GetNameInfoA
#define InetNtop InetNtopA
#define InetPton InetPtonA
#define SetAddrInfoEx SetAddrInfoExA
#endif

/* ---- Functions: security of a socket (types in mstcpip.h) ---------------------------------------- */

struct _SOCKET_SECURITY_SETTINGS;
struct _SOCKET_SECURITY_QUERY_TEMPLATE;
struct _SOCKET_SECURITY_QUERY_INFO;
struct _SOCKET_PEER_TARGET_NAME;

WINSOCK_API_LINKAGE int WSAAPI WSASetSocketSecurity(SOCKET Socket,
    const struct _SOCKET_SECURITY_SETTINGS *SecuritySettings, ULONG SecuritySettingsLen, LPWSAOVERLAPPED Overlapped,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE CompletionRoutine);
WINSOCK_API_LINKAGE int WSAAPI WSAQuerySocketSecurity(SOCKET Socket,
    const struct _SOCKET_SECURITY_QUERY_TEMPLATE *SecurityQueryTemplate, ULONG SecurityQueryTemplateLen,
    struct _SOCKET_SECURITY_QUERY_INFO *SecurityQueryInfo, ULONG *SecurityQueryInfoLen, LPWSAOVERLAPPED Overlapped,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE CompletionRoutine);
WINSOCK_API_LINKAGE int WSAAPI WSASetSocketPeerTargetName(SOCKET Socket,
    const struct _SOCKET_PEER_TARGET_NAME *PeerTargetName, ULONG PeerTargetNameLen, LPWSAOVERLAPPED Overlapped,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE CompletionRoutine);
WINSOCK_API_LINKAGE int WSAAPI WSAImpersonateSocketPeer(SOCKET Socket, const struct sockaddr *PeerAddress,
    ULONG peerAddressLen);
WINSOCK_API_LINKAGE int WSAAPI WSARevertImpersonation(void);

/* ---- Function pointers, each of its function's type ---------------------------------------------- */

typedef __typeof__(WS_getaddrinfo) *LPFN_GETADDRINFO;
typedef __typeof__(GetAddrInfoW) *LPFN_GETADDRINFOW;
typedef __typeof__(WS_freeaddrinfo) *LPFN_FREEADDRINFO;
typedef __typeof__(FreeAddrInfoW) *LPFN_FREEADDRINFOW;
typedef __typeof__(WS_getnameinfo) *LPFN_GETNAMEINFO;
typedef __typeof__(GetNameInfoW) *LPFN_GETNAMEINFOW;
typedef __typeof__(GetAddrInfoExA) *LPFN_GETADDRINFOEXA;
typedef __typeof__(GetAddrInfoExW) *LPFN_GETADDRINFOEXW;
typedef __typeof__(SetAddrInfoExA) *LPFN_SETADDRINFOEXA;
typedef __typeof__(SetAddrInfoExW) *LPFN_SETADDRINFOEXW;
typedef __typeof__(FreeAddrInfoEx) *LPFN_FREEADDRINFOEXA;
typedef __typeof__(FreeAddrInfoExW) *LPFN_FREEADDRINFOEXW;
#define LPFN_GETADDRINFOA LPFN_GETADDRINFO
#define LPFN_FREEADDRINFOA LPFN_FREEADDRINFO
#define LPFN_GETNAMEINFOA LPFN_GETNAMEINFO

#ifdef UNICODE
#define LPFN_FREEADDRINFOEX LPFN_FREEADDRINFOEXW
#define LPFN_FREEADDRINFOT LPFN_FREEADDRINFOW
#define LPFN_GETADDRINFOEX LPFN_GETADDRINFOEXW
#define LPFN_GETADDRINFOT LPFN_GETADDRINFOW
#define LPFN_GETNAMEINFOT LPFN_GETNAMEINFOW
#define LPFN_SETADDRINFOEX LPFN_SETADDRINFOEXW
#else
#define LPFN_FREEADDRINFOEX LPFN_FREEADDRINFOEXA
#define LPFN_FREEADDRINFOT LPFN_FREEADDRINFOA
#define LPFN_GETADDRINFOEX LPFN_GETADDRINFOEXA
#define LPFN_GETADDRINFOT LPFN_GETADDRINFOA
#define LPFN_GETNAMEINFOT LPFN_GETNAMEINFOA
#define LPFN_SETADDRINFOEX LPFN_SETADDRINFOEXA
#endif

/* ---- The send backlog that a connection would like ----------------------------------------------- */

static inline int idealsendbacklogquery(SOCKET s, ULONG *isb)
{
    DWORD bytes;

    return WSAIoctl(s, SIO_IDEAL_SEND_BACKLOG_QUERY, NULL, 0, isb, sizeof(*isb), &bytes, NULL, NULL);
}

static inline int idealsendbacklognotify(SOCKET s, LPWSAOVERLAPPED overlapped,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    DWORD bytes;

    return WSAIoctl(s, SIO_IDEAL_SEND_BACKLOG_CHANGE, NULL, 0, NULL, 0, &bytes, overlapped, routine);
}

WS2SPI_END_C

/* ---- The plain names ----------------------------------------------------------------------------- */

#ifndef WS2SPI_USE_WS_PREFIX

#define INET_ADDRSTRLEN WS_INET_ADDRSTRLEN

#define INET6_ADDRSTRLEN WS_INET6_ADDRSTRLEN

#define EAI_AGAIN WS_EAI_AGAIN
#define EAI_BADFLAGS WS_EAI_BADFLAGS
#define EAI_FAIL WS_EAI_FAIL
#define EAI_FAMILY WS_EAI_FAMILY
#define EAI_MEMORY WS_EAI_MEMORY
#define EAI_NODATA WS_EAI_NODATA
#define EAI_NONAME WS_EAI_NONAME
#define EAI_SERVICE WS_EAI_SERVICE
#define EAI_SOCKTYPE WS_EAI_SOCKTYPE
#define EAI_NOSECURENAME WS_EAI_NOSECURENAME
#define EAI_IPSECPOLICY WS_EAI_IPSECPOLICY
#ifdef UNICODE
#define gai_strerror gai_strerrorW
#else
#define gai_strerror gai_strerrorA
#endif

WS2SPI_BEGIN_C
#ifndef WS2SPI_LIBC_NETDB
WS2SPI_PLAIN_FUNCTION(freeaddrinfo);
WS2SPI_PLAIN_FUNCTION(getaddrinfo);
WS2SPI_PLAIN_FUNCTION(getnameinfo);
#else
#define freeaddrinfo WS_freeaddrinfo
#define getaddrinfo WS_getaddrinfo
#define getnameinfo WS_getnameinfo
#endif

#ifndef WS2SPI_LIBC_INET
WS2SPI_PLAIN_FUNCTION(inet_ntop);
WS2SPI_PLAIN_FUNCTION(inet_pton);
#else
#define inet_ntop WS_inet_ntop
#define inet_pton WS_inet_pton
#endif
WS2SPI_END_C

#endif /* WS2SPI_USE_WS_PREFIX */

#endif /* WS2TCPIP_H */
