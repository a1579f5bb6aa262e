/*
 * mswsock.h - the extensions to Winsock 2: options, control codes and functions
 * that a program asks for by GUID (SIO_GET_EXTENSION_FUNCTION_POINTER).
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef WS2SPI_MSWSOCK_H
#define WS2SPI_MSWSOCK_H

#include "winsock2.h"

WS2SPI_BEGIN_C

/* ---- Options ----------------------------------------------------------------------------------- */

/* Level SOL_SOCKET. */
#define SO_CONNDATA               0x7000
#define SO_CONNOPT                0x7001
#define SO_DISCDATA               0x7002
#define SO_DISCOPT                0x7003
#define SO_CONNDATALEN            0x7004
#define SO_CONNOPTLEN             0x7005
#define SO_DISCDATALEN            0x7006
#define SO_DISCOPTLEN             0x7007
#define SO_OPENTYPE               0x7008
#define SO_MAXDG                  0x7009
#define SO_MAXPATHDG              0x700A
#define SO_UPDATE_ACCEPT_CONTEXT  0x700B
#define SO_CONNECT_TIME           0x700C
#define SO_UPDATE_CONNECT_CONTEXT 0x7010

/* Values of SO_OPENTYPE. */
#define SO_SYNCHRONOUS_ALERT    0x10
#define SO_SYNCHRONOUS_NONALERT 0x20

/* Level IPPROTO_TCP. */
#define TCP_BSDURGENT 0x7000

/* ---- Control codes ----------------------------------------------------------------------------- */

#define SIO_UDP_CONNRESET       _WSAIOW(IOC_VENDOR, 12)
#define SIO_SOCKET_CLOSE_NOTIFY _WSAIOW(IOC_VENDOR, 13)
#define SIO_UDP_NETRESET        _WSAIOW(IOC_VENDOR, 15)

/* Past the layered providers: the handle below them, or their word on it. */
#define SIO_BSP_HANDLE        _WSAIOR(IOC_WS2, 27)
#define SIO_BSP_HANDLE_SELECT _WSAIOR(IOC_WS2, 28)
#define SIO_BSP_HANDLE_POLL   _WSAIOR(IOC_WS2, 29)
#define SIO_BASE_HANDLE       _WSAIOR(IOC_WS2, 34)

/* WSASelect, WSAPoll and WSASendMsg, handed to a layered provider. */
#define SIO_EXT_SELECT  _WSAIORW(IOC_WS2, 30)
#define SIO_EXT_POLL    _WSAIORW(IOC_WS2, 31)
#define SIO_EXT_SENDMSG _WSAIORW(IOC_WS2, 32)

#define SIO_GET_MULTIPLE_EXTENSION_FUNCTION_POINTER _WSAIORW(IOC_WS2, 36)

/* How the stack treats a socket, by the release of Windows it should resemble. */
#define SIO_SET_COMPATIBILITY_MODE _WSAIOW(IOC_VENDOR, 300)

typedef enum _WSA_COMPATIBILITY_BEHAVIOR_ID {
    WsaBehaviorAll = 0,
    WsaBehaviorReceiveBuffering,
    WsaBehaviorAutoTuning
} WSA_COMPATIBILITY_BEHAVIOR_ID, *PWSA_COMPATIBILITY_BEHAVIOR_ID;

typedef struct _WSA_COMPATIBILITY_MODE {
    WSA_COMPATIBILITY_BEHAVIOR_ID BehaviorId;
    ULONG                         TargetOsVersion;
} WSA_COMPATIBILITY_MODE, *PWSA_COMPATIBILITY_MODE;

/* ---- Functions --------------------------------------------------------------------------------- */

int WSAAPI WSARecvEx(SOCKET s, char *buf, int len, int *flags);

/* ---- TransmitFile ------------------------------------------------------------------------------ */

#define TF_DISCONNECT         0x01
#define TF_REUSE_SOCKET       0x02
#define TF_WRITE_BEHIND       0x04
#define TF_USE_DEFAULT_WORKER 0x00
#define TF_USE_SYSTEM_THREAD  0x10
#define TF_USE_KERNEL_APC     0x20

typedef struct _TRANSMIT_FILE_BUFFERS {
    LPVOID Head;
    DWORD  HeadLength;
    LPVOID Tail;
    DWORD  TailLength;
} TRANSMIT_FILE_BUFFERS, *PTRANSMIT_FILE_BUFFERS, *LPTRANSMIT_FILE_BUFFERS;

#define WSAID_TRANSMITFILE { 0xb5367df0, 0xcbac, 0x11cf, { 0x95, 0xca, 0x00, 0x80, 0x5f, 0x48, 0xa1, 0x92 } }

BOOL WSAAPI TransmitFile(SOCKET hSocket, HANDLE hFile, DWORD nNumberOfBytesToWrite, DWORD nNumberOfBytesPerSend,
                         LPOVERLAPPED lpOverlapped, LPTRANSMIT_FILE_BUFFERS lpTransmitBuffers, DWORD dwReserved);

typedef BOOL (WSAAPI *LPFN_TRANSMITFILE)(SOCKET hSocket, HANDLE hFile, DWORD nNumberOfBytesToWrite,
                                         DWORD nNumberOfBytesPerSend, LPOVERLAPPED lpOverlapped,
                                         LPTRANSMIT_FILE_BUFFERS lpTransmitBuffers, DWORD dwReserved);

/* ---- TransmitPackets --------------------------------------------------------------------------- */

#define TP_DISCONNECT         TF_DISCONNECT
#define TP_REUSE_SOCKET       TF_REUSE_SOCKET
#define TP_USE_DEFAULT_WORKER TF_USE_DEFAULT_WORKER
#define TP_USE_SYSTEM_THREAD  TF_USE_SYSTEM_THREAD
#define TP_USE_KERNEL_APC     TF_USE_KERNEL_APC

#define TP_ELEMENT_MEMORY 1
#define TP_ELEMENT_FILE   2
#define TP_ELEMENT_EOP    4

typedef struct _TRANSMIT_PACKETS_ELEMENT {
    ULONG dwElFlags; /* TP_ELEMENT_* */
    ULONG cLength;
    __extension__ union {
        __extension__ struct {
            LARGE_INTEGER nFileOffset;
            HANDLE        hFile;
        };
        PVOID pBuffer;
    };
} TRANSMIT_PACKETS_ELEMENT, *PTRANSMIT_PACKETS_ELEMENT, *LPTRANSMIT_PACKETS_ELEMENT;

#define WSAID_TRANSMITPACKETS { 0xd9689da0, 0x1f90, 0x11d3, { 0x99, 0x71, 0x00, 0xc0, 0x4f, 0x68, 0xc8, 0x76 } }

typedef BOOL (WSAAPI *LPFN_TRANSMITPACKETS)(SOCKET hSocket, LPTRANSMIT_PACKETS_ELEMENT lpPacketArray,
                                            DWORD nElementCount, DWORD nSendSize, LPOVERLAPPED lpOverlapped,
                                            DWORD dwFlags);

/* ---- AcceptEx, ConnectEx, DisconnectEx --------------------------------------------------------- */

#define WSAID_ACCEPTEX             { 0xb5367df1, 0xcbac, 0x11cf, { 0x95, 0xca, 0x00, 0x80, 0x5f, 0x48, 0xa1, 0x92 } }
#define WSAID_GETACCEPTEXSOCKADDRS { 0xb5367df2, 0xcbac, 0x11cf, { 0x95, 0xca, 0x00, 0x80, 0x5f, 0x48, 0xa1, 0x92 } }
#define WSAID_CONNECTEX            { 0x25a207b9, 0xddf3, 0x4660, { 0x8e, 0xe9, 0x76, 0xe5, 0x8c, 0x74, 0x06, 0x3e } }
#define WSAID_DISCONNECTEX         { 0x7fda2e11, 0x8630, 0x436f, { 0xa0, 0x31, 0xf5, 0x36, 0xa6, 0xee, 0xc1, 0x57 } }

/* Flag of DisconnectEx: the socket may be used for another connection. */
#define DE_REUSE_SOCKET TF_REUSE_SOCKET

BOOL WSAAPI AcceptEx(SOCKET sListenSocket, SOCKET sAcceptSocket, PVOID lpOutputBuffer, DWORD dwReceiveDataLength,
                     DWORD dwLocalAddressLength, DWORD dwRemoteAddressLength, LPDWORD lpdwBytesReceived,
                     LPOVERLAPPED lpOverlapped);
VOID WSAAPI GetAcceptExSockaddrs(PVOID lpOutputBuffer, DWORD dwReceiveDataLength, DWORD dwLocalAddressLength,
                                 DWORD dwRemoteAddressLength, struct sockaddr **LocalSockaddr,
                                 LPINT LocalSockaddrLength, struct sockaddr **RemoteSockaddr,
                                 LPINT RemoteSockaddrLength);

typedef BOOL (WSAAPI *LPFN_ACCEPTEX)(SOCKET sListenSocket, SOCKET sAcceptSocket, PVOID lpOutputBuffer,
                                     DWORD dwReceiveDataLength, DWORD dwLocalAddressLength,
                                     DWORD dwRemoteAddressLength, LPDWORD lpdwBytesReceived,
                                     LPOVERLAPPED lpOverlapped);
typedef VOID (WSAAPI *LPFN_GETACCEPTEXSOCKADDRS)(PVOID lpOutputBuffer, DWORD dwReceiveDataLength,
                                                 DWORD dwLocalAddressLength, DWORD dwRemoteAddressLength,
                                                 struct sockaddr **LocalSockaddr, LPINT LocalSockaddrLength,
                                                 struct sockaddr **RemoteSockaddr, LPINT RemoteSockaddrLength);
typedef BOOL (WSAAPI *LPFN_CONNECTEX)(SOCKET s, const struct sockaddr *name, int namelen, PVOID lpSendBuffer,
                                      DWORD dwSendDataLength, LPDWORD lpdwBytesSent, LPOVERLAPPED lpOverlapped);
typedef BOOL (WSAAPI *LPFN_DISCONNECTEX)(SOCKET s, LPOVERLAPPED lpOverlapped, DWORD dwFlags, DWORD dwReserved);

/* ---- WSARecvMsg, WSASendMsg, WSAPoll ----------------------------------------------------------- */

#define WSAID_WSARECVMSG { 0xf689d7c8, 0x6f1f, 0x436b, { 0x8a, 0x53, 0xe5, 0x4f, 0xe3, 0x51, 0xc3, 0x22 } }
#define WSAID_WSASENDMSG { 0xa441e712, 0x754f, 0x43ca, { 0x84, 0xa7, 0x0d, 0xee, 0x44, 0xcf, 0x60, 0x6d } }
#define WSAID_WSAPOLL    { 0x18c76f85, 0xdc66, 0x4964, { 0x97, 0x2e, 0x23, 0xc2, 0x72, 0x38, 0x31, 0x2b } }

typedef INT (WSAAPI *LPFN_WSARECVMSG)(SOCKET s, LPWSAMSG lpMsg, LPDWORD lpdwNumberOfBytesRecvd,
                                      LPWSAOVERLAPPED lpOverlapped,
                                      LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine);
typedef INT (WSAAPI *LPFN_WSASENDMSG)(SOCKET s, LPWSAMSG lpMsg, DWORD dwFlags, LPDWORD lpNumberOfBytesSent,
                                      LPWSAOVERLAPPED lpOverlapped,
                                      LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine);
typedef INT (WSAAPI *LPFN_WSAPOLL)(LPWSAPOLLFD fdarray, ULONG nfds, INT timeout);

/* Flags of WSAMSG.dwFlags on return. */
#define WS_MSG_TRUNC  0x0100
#define WS_MSG_CTRUNC 0x0200
#define MSG_BCAST     0x0400
#define MSG_MCAST     0x0800

/* The head of a message in WSAMSG.Control; its data follow, aligned. */
typedef struct WS_cmsghdr {
    SIZE_T cmsg_len; /* of head and data */
    INT    cmsg_level;
    INT    cmsg_type;
} WSACMSGHDR, *PWSACMSGHDR, *LPWSACMSGHDR;

typedef WSACMSGHDR CMSGHDR, *PCMSGHDR;

#ifndef WS2SPI_USE_WS_PREFIX
#define MSG_TRUNC  WS_MSG_TRUNC
#define MSG_CTRUNC WS_MSG_CTRUNC
#define cmsghdr    WS_cmsghdr
#endif

#define WSA_CMSGHDR_ALIGN(length)  (((length) + sizeof(SIZE_T) - 1) & ~(sizeof(SIZE_T) - 1))
#define WSA_CMSGDATA_ALIGN(length) (((length) + MAX_NATURAL_ALIGNMENT - 1) & ~(MAX_NATURAL_ALIGNMENT - 1))

/* A message's bytes without and with the padding behind it, for data of that length. */
#define WSA_CMSG_LEN(length)   (WSA_CMSGDATA_ALIGN(sizeof(WSACMSGHDR)) + (length))
#define WSA_CMSG_SPACE(length) (WSA_CMSGDATA_ALIGN(sizeof(WSACMSGHDR) + WSA_CMSGHDR_ALIGN(length)))

#define WSA_CMSG_DATA(cmsg) ((PUCHAR)(cmsg) + WSA_CMSGDATA_ALIGN(sizeof(WSACMSGHDR)))

/* Null where the buffer has no room for another head. */
#define WSA_CMSG_FIRSTHDR(msg) \
    ((msg)->Control.len >= sizeof(WSACMSGHDR) ? (LPWSACMSGHDR)(void *)(msg)->Control.buf : (LPWSACMSGHDR)NULL)
#define WSA_CMSG_NXTHDR(msg, cmsg)                                                                        \
    ((cmsg) == NULL ? WSA_CMSG_FIRSTHDR(msg)                                                              \
     : (PUCHAR)(cmsg) + WSA_CMSGHDR_ALIGN((cmsg)->cmsg_len) + sizeof(WSACMSGHDR) >                        \
             (PUCHAR)(msg)->Control.buf + (msg)->Control.len                                              \
         ? (LPWSACMSGHDR)NULL                                                                             \
         : (LPWSACMSGHDR)(void *)((PUCHAR)(cmsg) + WSA_CMSGHDR_ALIGN((cmsg)->cmsg_len)))

/* What SIO_EXT_SENDMSG is given. */
typedef struct {
    LPWSAMSG                           lpMsg;
    DWORD                              dwFlags;
    LPDWORD                            lpNumberOfBytesSent;
    LPWSAOVERLAPPED                    lpOverlapped;
    LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine;
} WSASENDMSG, *LPWSASENDMSG;

#if defined(__clang__) && defined(__cplusplus)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wc99-extensions" /* arrays of no given length, as in C */
#endif

/* What SIO_EXT_POLL is given and answers. */
typedef struct {
    int                     result;
    ULONG                   fds;
    INT                     timeout;
    __extension__ WSAPOLLFD fdArray[];
} WSAPOLLDATA, *LPWSAPOLLDATA;

#if defined(__clang__) && defined(__cplusplus)
#pragma clang diagnostic pop
#endif

/* ---- Registered I/O: RIO functions ------------------------------------------------------------- */

#define WSAID_MULTIPLE_RIO { 0x8509e081, 0x96dd, 0x4005, { 0xb1, 0x65, 0x9e, 0x2e, 0xe8, 0xc7, 0x9e, 0x3f } }

#define RIO_MSG_DONT_NOTIFY 0x00000001
#define RIO_MSG_DEFER       0x00000002
#define RIO_MSG_WAITALL     0x00000004
#define RIO_MSG_COMMIT_ONLY 0x00000008

#define RIO_MAX_CQ_SIZE 0x8000000
#define RIO_CORRUPT_CQ  0xFFFFFFFF

typedef struct RIO_BUFFERID_t *RIO_BUFFERID, **PRIO_BUFFERID;
typedef struct RIO_CQ_t       *RIO_CQ, **PRIO_CQ;
typedef struct RIO_RQ_t       *RIO_RQ, **PRIO_RQ;

#define RIO_INVALID_BUFFERID ((RIO_BUFFERID)(ULONG_PTR)0xFFFFFFFF)
#define RIO_INVALID_CQ       ((RIO_CQ)0)
#define RIO_INVALID_RQ       ((RIO_RQ)0)

typedef struct _RIORESULT {
    LONG      Status;
    ULONG     BytesTransferred;
    ULONGLONG SocketContext;
    ULONGLONG RequestContext;
} RIORESULT, *PRIORESULT;

typedef struct _RIO_BUF {
    RIO_BUFFERID BufferId;
    ULONG        Offset;
    ULONG        Length;
} RIO_BUF, *PRIO_BUF;

typedef struct _RIO_CMSG_BUFFER {
    ULONG TotalLength; /* followed by the messages */
} RIO_CMSG_BUFFER, *PRIO_CMSG_BUFFER;

typedef enum _RIO_NOTIFICATION_COMPLETION_TYPE {
    RIO_EVENT_COMPLETION = 1,
    RIO_IOCP_COMPLETION  = 2
} RIO_NOTIFICATION_COMPLETION_TYPE, *PRIO_NOTIFICATION_COMPLETION_TYPE;

typedef struct _RIO_NOTIFICATION_COMPLETION {
    RIO_NOTIFICATION_COMPLETION_TYPE Type;
    __extension__ union {
        struct {
            HANDLE EventHandle;
            BOOL   NotifyReset;
        } Event;
        struct {
            HANDLE IocpHandle;
            PVOID  CompletionKey;
            PVOID  Overlapped;
        } Iocp;
    };
} RIO_NOTIFICATION_COMPLETION, *PRIO_NOTIFICATION_COMPLETION;

typedef BOOL (WSAAPI *LPFN_RIORECEIVE)(RIO_RQ SocketQueue, PRIO_BUF pData, ULONG DataBufferCount, DWORD Flags,
                                       PVOID RequestContext);
typedef int (WSAAPI *LPFN_RIORECEIVEEX)(RIO_RQ SocketQueue, PRIO_BUF pData, ULONG DataBufferCount,
                                        PRIO_BUF pLocalAddress, PRIO_BUF pRemoteAddress,
                                        PRIO_BUF pControlContext, PRIO_BUF pFlags, DWORD Flags,
                                        PVOID RequestContext);
typedef BOOL (WSAAPI *LPFN_RIOSEND)(RIO_RQ SocketQueue, PRIO_BUF pData, ULONG DataBufferCount, DWORD Flags,
                                    PVOID RequestContext);
typedef BOOL (WSAAPI *LPFN_RIOSENDEX)(RIO_RQ SocketQueue, PRIO_BUF pData, ULONG DataBufferCount,
                                      PRIO_BUF pLocalAddress, PRIO_BUF pRemoteAddress, PRIO_BUF pControlContext,
                                      PRIO_BUF pFlags, DWORD Flags, PVOID RequestContext);
typedef VOID (WSAAPI *LPFN_RIOCLOSECOMPLETIONQUEUE)(RIO_CQ CQ);
typedef RIO_CQ (WSAAPI *LPFN_RIOCREATECOMPLETIONQUEUE)(DWORD QueueSize,
                                                       PRIO_NOTIFICATION_COMPLETION NotificationCompletion);
typedef RIO_RQ (WSAAPI *LPFN_RIOCREATEREQUESTQUEUE)(SOCKET Socket, ULONG MaxOutstandingReceive,
                                                    ULONG MaxReceiveDataBuffers, ULONG MaxOutstandingSend,
                                                    ULONG MaxSendDataBuffers, RIO_CQ ReceiveCQ, RIO_CQ SendCQ,
                                                    PVOID SocketContext);
typedef ULONG (WSAAPI *LPFN_RIODEQUEUECOMPLETION)(RIO_CQ CQ, PRIORESULT Array, ULONG ArraySize);
typedef VOID (WSAAPI *LPFN_RIODEREGISTERBUFFER)(RIO_BUFFERID BufferId);
typedef INT (WSAAPI *LPFN_RIONOTIFY)(RIO_CQ CQ);
typedef RIO_BUFFERID (WSAAPI *LPFN_RIOREGISTERBUFFER)(PCHAR DataBuffer, DWORD DataLength);
typedef BOOL (WSAAPI *LPFN_RIORESIZECOMPLETIONQUEUE)(RIO_CQ CQ, DWORD QueueSize);
typedef BOOL (WSAAPI *LPFN_RIORESIZEREQUESTQUEUE)(RIO_RQ RQ, DWORD MaxOutstandingReceive,
                                                  DWORD MaxOutstandingSend);

typedef struct _RIO_EXTENSION_FUNCTION_TABLE {
    DWORD                         cbSize;
    LPFN_RIORECEIVE               RIOReceive;
    LPFN_RIORECEIVEEX             RIOReceiveEx;
    LPFN_RIOSEND                  RIOSend;
    LPFN_RIOSENDEX                RIOSendEx;
    LPFN_RIOCLOSECOMPLETIONQUEUE  RIOCloseCompletionQueue;
    LPFN_RIOCREATECOMPLETIONQUEUE RIOCreateCompletionQueue;
    LPFN_RIOCREATEREQUESTQUEUE    RIOCreateRequestQueue;
    LPFN_RIODEQUEUECOMPLETION     RIODequeueCompletion;
    LPFN_RIODEREGISTERBUFFER      RIODeregisterBuffer;
    LPFN_RIONOTIFY                RIONotify;
    LPFN_RIOREGISTERBUFFER        RIORegisterBuffer;
    LPFN_RIORESIZECOMPLETIONQUEUE RIOResizeCompletionQueue;
    LPFN_RIORESIZEREQUESTQUEUE    RIOResizeRequestQueue;
} RIO_EXTENSION_FUNCTION_TABLE, *PRIO_EXTENSION_FUNCTION_TABLE;

/* ---- Network location awareness: NS_NLA -------------------------------------------------------- */

#define NLA_NAMESPACE_GUID     { 0x6642243a, 0x3ba8, 0x4aa6, { 0xba, 0xa5, 0x2e, 0x0b, 0xd7, 0x1f, 0xdd, 0x83 } }
#define NLA_SERVICE_CLASS_GUID { 0x0037e515, 0xb5c9, 0x4a43, { 0xba, 0xda, 0x8b, 0x48, 0xa8, 0x7a, 0xd2, 0x39 } }

#define NLA_ALLUSERS_NETWORK 0x00000001
#define NLA_FRIENDLY_NAME    0x00000002

typedef enum _NLA_BLOB_DATA_TYPE {
    NLA_RAW_DATA        = 0,
    NLA_INTERFACE       = 1,
    NLA_802_1X_LOCATION = 2,
    NLA_CONNECTIVITY    = 3,
    NLA_ICS             = 4
} NLA_BLOB_DATA_TYPE, *PNLA_BLOB_DATA_TYPE;

typedef enum _NLA_CONNECTIVITY_TYPE {
    NLA_NETWORK_AD_HOC    = 0,
    NLA_NETWORK_MANAGED   = 1,
    NLA_NETWORK_UNMANAGED = 2,
    NLA_NETWORK_UNKNOWN   = 3
} NLA_CONNECTIVITY_TYPE, *PNLA_CONNECTIVITY_TYPE;

typedef enum _NLA_INTERNET {
    NLA_INTERNET_UNKNOWN = 0,
    NLA_INTERNET_NO      = 1,
    NLA_INTERNET_YES     = 2
} NLA_INTERNET, *PNLA_INTERNET;

typedef struct _NLA_BLOB {
    struct {
        NLA_BLOB_DATA_TYPE type;
        DWORD              dwSize;
        DWORD              nextOffset;
    } header;
    union {
        CHAR rawData[1];
        struct {
            DWORD dwType;
            DWORD dwSpeed;
            CHAR  adapterName[1];
        } interfaceData;
        struct {
            CHAR information[1];
        } locationData;
        struct {
            NLA_CONNECTIVITY_TYPE type;
            NLA_INTERNET          internet;
        } connectivity;
        struct {
            struct {
                DWORD speed;
                DWORD type;
                DWORD state;
                WCHAR machineName[256];
                WCHAR sharedAdapterName[256];
            } remote;
        } ICS;
    } data;
} NLA_BLOB, *PNLA_BLOB, *LPNLA_BLOB;

WS2SPI_STATIC_ASSERT(sizeof(WSACMSGHDR) == 16, "WSACMSGHDR");
WS2SPI_STATIC_ASSERT(sizeof(TRANSMIT_PACKETS_ELEMENT) == 24, "TRANSMIT_PACKETS_ELEMENT");
WS2SPI_STATIC_ASSERT(sizeof(RIO_EXTENSION_FUNCTION_TABLE) == 112, "RIO_EXTENSION_FUNCTION_TABLE");
WS2SPI_STATIC_ASSERT(sizeof(NLA_BLOB) == 1048, "NLA_BLOB");

WS2SPI_END_C

#endif /* WS2SPI_MSWSOCK_H */
