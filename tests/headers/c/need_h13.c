/* NEED-H13: the 30 functions, spelt as providers spell them, convert strictly to the table's types, in the
   table's order; so do the exported ones. Where a header is easily wrong: WSPGetQOSByName and
   WSPGetOverlappedResult return BOOL, WSPAddressToString and WSPStringToAddress INT, WSPStringToAddress takes
   a LPWSTR, and the timeout of WSPSelect is a const struct timeval. */
// must not compile: WRONG_TIMEOUT
// must not compile: WRONG_STRING
// must not compile: WRONG_ORDER
#include <ws2spi.h>

#ifdef WRONG_TIMEOUT
#define TIMEOUT struct timeval
#else
#define TIMEOUT const struct timeval
#endif

#ifdef WRONG_STRING
#define STRING LPCWSTR
#else
#define STRING LPWSTR
#endif

SOCKET MyAccept(SOCKET s, struct sockaddr *addr, LPINT addrlen, LPCONDITIONPROC lpfnCondition,
                DWORD_PTR dwCallbackData, LPINT lpErrno);
INT MyAddressToString(LPSOCKADDR lpsaAddress, DWORD dwAddressLength, LPWSAPROTOCOL_INFOW lpProtocolInfo,
                      LPWSTR lpszAddressString, LPDWORD lpdwAddressStringLength, LPINT lpErrno);
int MyAsyncSelect(SOCKET s, HWND hWnd, unsigned int wMsg, long lEvent, LPINT lpErrno);
int MyBind(SOCKET s, const struct sockaddr *name, int namelen, LPINT lpErrno);
int MyCancelBlockingCall(LPINT lpErrno);
int MyCleanup(LPINT lpErrno);
int MyCloseSocket(SOCKET s, LPINT lpErrno);
int MyConnect(SOCKET s, const struct sockaddr *name, int namelen, LPWSABUF lpCallerData,
              LPWSABUF lpCalleeData, LPQOS lpSQOS, LPQOS lpGQOS, LPINT lpErrno);
int MyDuplicateSocket(SOCKET s, DWORD dwProcessId, LPWSAPROTOCOL_INFOW lpProtocolInfo, LPINT lpErrno);
int MyEnumNetworkEvents(SOCKET s, WSAEVENT hEventObject, LPWSANETWORKEVENTS lpNetworkEvents, LPINT lpErrno);
int MyEventSelect(SOCKET s, WSAEVENT hEventObject, long lNetworkEvents, LPINT lpErrno);
BOOL MyGetOverlappedResult(SOCKET s, LPWSAOVERLAPPED lpOverlapped, LPDWORD lpcbTransfer, BOOL fWait,
                           LPDWORD lpdwFlags, LPINT lpErrno);
int MyGetPeerName(SOCKET s, struct sockaddr *name, LPINT namelen, LPINT lpErrno);
int MyGetSockName(SOCKET s, struct sockaddr *name, LPINT namelen, LPINT lpErrno);
int MyGetSockOpt(SOCKET s, int level, int optname, char *optval, LPINT optlen, LPINT lpErrno);
BOOL MyGetQOSByName(SOCKET s, LPWSABUF lpQOSName, LPQOS lpQOS, LPINT lpErrno);
int MyIoctl(SOCKET s, DWORD dwIoControlCode, LPVOID lpvInBuffer, DWORD cbInBuffer, LPVOID lpvOutBuffer,
            DWORD cbOutBuffer, LPDWORD lpcbBytesReturned, LPWSAOVERLAPPED lpOverlapped,
            LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine, LPWSATHREADID lpThreadId, LPINT lpErrno);
SOCKET MyJoinLeaf(SOCKET s, const struct sockaddr *name, int namelen, LPWSABUF lpCallerData,
                  LPWSABUF lpCalleeData, LPQOS lpSQOS, LPQOS lpGQOS, DWORD dwFlags, LPINT lpErrno);
int MyListen(SOCKET s, int backlog, LPINT lpErrno);
int MyRecv(SOCKET s, LPWSABUF lpBuffers, DWORD dwBufferCount, LPDWORD lpNumberOfBytesRecvd, LPDWORD lpFlags,
           LPWSAOVERLAPPED lpOverlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine,
           LPWSATHREADID lpThreadId, LPINT lpErrno);
int MyRecvDisconnect(SOCKET s, LPWSABUF lpInboundDisconnectData, LPINT lpErrno);
int MyRecvFrom(SOCKET s, LPWSABUF lpBuffers, DWORD dwBufferCount, LPDWORD lpNumberOfBytesRecvd,
               LPDWORD lpFlags, struct sockaddr *lpFrom, LPINT lpFromlen, LPWSAOVERLAPPED lpOverlapped,
               LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine, LPWSATHREADID lpThreadId,
               LPINT lpErrno);
int MySelect(int nfds, fd_set *readfds, fd_set *writefds, fd_set *exceptfds, TIMEOUT *timeout, LPINT lpErrno);
int MySend(SOCKET s, LPWSABUF lpBuffers, DWORD dwBufferCount, LPDWORD lpNumberOfBytesSent, DWORD dwFlags,
           LPWSAOVERLAPPED lpOverlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine,
           LPWSATHREADID lpThreadId, LPINT lpErrno);
int MySendDisconnect(SOCKET s, LPWSABUF lpOutboundDisconnectData, LPINT lpErrno);
int MySendTo(SOCKET s, LPWSABUF lpBuffers, DWORD dwBufferCount, LPDWORD lpNumberOfBytesSent, DWORD dwFlags,
             const struct sockaddr *lpTo, int iTolen, LPWSAOVERLAPPED lpOverlapped,
             LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine, LPWSATHREADID lpThreadId, LPINT lpErrno);
int MySetSockOpt(SOCKET s, int level, int optname, const char *optval, int optlen, LPINT lpErrno);
int MyShutdown(SOCKET s, int how, LPINT lpErrno);
SOCKET MySocket(int af, int type, int protocol, LPWSAPROTOCOL_INFOW lpProtocolInfo, GROUP g, DWORD dwFlags,
                LPINT lpErrno);
INT MyStringToAddress(STRING AddressString, INT AddressFamily, LPWSAPROTOCOL_INFOW lpProtocolInfo,
                      LPSOCKADDR lpAddress, LPINT lpAddressLength, LPINT lpErrno);

WSPPROC_TABLE provider = {
#ifndef WRONG_ORDER
    MyAccept,
#endif
    MyAddressToString,
    MyAsyncSelect,
    MyBind,
    MyCancelBlockingCall,
    MyCleanup,
    MyCloseSocket,
    MyConnect,
    MyDuplicateSocket,
    MyEnumNetworkEvents,
    MyEventSelect,
    MyGetOverlappedResult,
    MyGetPeerName,
    MyGetSockName,
    MyGetSockOpt,
    MyGetQOSByName,
    MyIoctl,
    MyJoinLeaf,
    MyListen,
    MyRecv,
    MyRecvDisconnect,
    MyRecvFrom,
    MySelect,
    MySend,
    MySendDisconnect,
    MySendTo,
    MySetSockOpt,
    MyShutdown,
    MySocket,
    MyStringToAddress,
#ifdef WRONG_ORDER
    MyAccept,
#endif
};

WSPPROC_TABLE library = {
    WSPAccept,
    WSPAddressToString,
    WSPAsyncSelect,
    WSPBind,
    WSPCancelBlockingCall,
    WSPCleanup,
    WSPCloseSocket,
    WSPConnect,
    WSPDuplicateSocket,
    WSPEnumNetworkEvents,
    WSPEventSelect,
    WSPGetOverlappedResult,
    WSPGetPeerName,
    WSPGetSockName,
    WSPGetSockOpt,
    WSPGetQOSByName,
    WSPIoctl,
    WSPJoinLeaf,
    WSPListen,
    WSPRecv,
    WSPRecvDisconnect,
    WSPRecvFrom,
    WSPSelect,
    WSPSend,
    WSPSendDisconnect,
    WSPSendTo,
    WSPSetSockOpt,
    WSPShutdown,
    WSPSocket,
    WSPStringToAddress,
};
