/*
 * Every function of the Winsock API on one socket, so that a test can ask all of them the same. Each call gives the code in
 * the thread's last error, 0 for success, and has answered what its kind answers then. With `null` set the pointers are
 * NULL.
 */
#ifndef WINSOCK_EVERY_H
#define WINSOCK_EVERY_H

#include "winsock.h"

struct winsock_function {
    const char *name;
    /* Whether it takes a handle, which is judged before all else. */
    int takes_handle;
    int (*call)(SOCKET s, int null);
};

#define OR_NULL(pointer) (null ? NULL : (pointer))

#define WINSOCK(name_, failure_, call_)                                                                                \
    UNUSED static int asked_##name_(SOCKET s, int null)                                                              \
    {                                                                                                                  \
        struct sockaddr_in address = loopback(9);                                                                      \
        struct sockaddr *name = OR_NULL((struct sockaddr *)&address);                                                  \
        char bytes[1024] = "", *data_ = OR_NULL(bytes);                                                                \
        WCHAR text[64] = {'1', '.', '2', '.', '3', '.', '4', 0};                                                       \
        char narrow[64] = "1.2.3.4";                                                                                   \
        WSABUF one = {1, bytes}, *buffer = OR_NULL(&one);                                                              \
        WSAPROTOCOL_INFOW protocol, *info = OR_NULL(&protocol);                                                        \
        WSAPROTOCOL_INFOA narrow_protocol, *narrow_info = OR_NULL(&narrow_protocol);                                   \
        struct timeval zero = {0, 0};                                                                                  \
        DWORD number = 0, flag = 0, *count = OR_NULL(&number), *flags = OR_NULL(&flag);                                \
        u_short half, *short_ = OR_NULL(&half);                                                                        \
        int size = sizeof address, *length = OR_NULL(&size), part = 0, *in_out = OR_NULL(&part);                       \
        OVERLAPPED overlapped;                                                                                         \
        WSANETWORKEVENTS events;                                                                                       \
        WSAMSG message, *msg = OR_NULL(&message);                                                                      \
        WSAPOLLFD polled = {s, POLLRDNORM, 0};                                                                         \
        SOCKET_ADDRESS_LIST list;                                                                                      \
        QOS qos;                                                                                                       \
        fd_set set;                                                                                                    \
        memset(&overlapped, 0, sizeof overlapped);                                                                     \
        memset(&message, 0, sizeof message);                                                                           \
        memset(&list, 0, sizeof list);                                                                                 \
        FD_ZERO(&set);                                                                                                 \
        FD_SET(s, &set);                                                                                               \
        (void)name, (void)text, (void)narrow, (void)buffer, (void)info, (void)narrow_info, (void)zero, (void)count;    \
        (void)flags, (void)short_, (void)length, (void)in_out, (void)events, (void)msg, (void)polled, (void)list;      \
        (void)qos, (void)set, (void)data_, (void)s;                                                                    \
        WSASetLastError(0);                                                                                            \
        long long answer_ = (long long)(call_);                                                                        \
        int code_ = WSAGetLastError();                                                                                 \
        if ((answer_ == (long long)(failure_)) != (code_ != 0))                                                        \
            fail(__FILE__, __LINE__, #name_ " gave %lld and left %d", answer_, code_);                                 \
        return code_;                                                                                                  \
    }

WINSOCK(accept, INVALID_SOCKET, accept(s, name, length))
WINSOCK(bind, -1, bind(s, name, sizeof address))
WINSOCK(closesocket, -1, closesocket(s))
WINSOCK(connect, -1, connect(s, name, sizeof address))
WINSOCK(gethostname, -1, gethostname(data_, sizeof bytes))
WINSOCK(GetHostNameW, -1, GetHostNameW(OR_NULL(text), 64))
WINSOCK(getpeername, -1, getpeername(s, name, length))
WINSOCK(getsockname, -1, getsockname(s, name, length))
WINSOCK(getsockopt, -1, getsockopt(s, SOL_SOCKET, SO_TYPE, data_, length))
WINSOCK(ioctlsocket, -1, ioctlsocket(s, FIONREAD, count))
WINSOCK(listen, -1, listen(s, 5))
WINSOCK(recv, -1, recv(s, data_, 1, 0))
WINSOCK(recvfrom, -1, recvfrom(s, data_, 1, 0, name, length))
WINSOCK(select, -1, select(0, &set, NULL, NULL, &zero))
WINSOCK(send, -1, send(s, data_, 1, 0))
WINSOCK(sendto, -1, sendto(s, data_, 1, 0, name, sizeof address))
WINSOCK(setsockopt, -1, setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, data_, 4))
WINSOCK(shutdown, -1, shutdown(s, SD_SEND))
WINSOCK(socket, INVALID_SOCKET, socket(AF_INET, SOCK_STREAM, IPPROTO_TCP))
WINSOCK(WSAAccept, INVALID_SOCKET, WSAAccept(s, name, length, NULL, 0))
WINSOCK(WSAAddressToStringA, -1, WSAAddressToStringA(name, sizeof address, NULL, data_, OR_NULL(&(DWORD){64})))
WINSOCK(WSAAddressToStringW, -1, WSAAddressToStringW(name, sizeof address, NULL, OR_NULL(text), OR_NULL(&(DWORD){64})))
WINSOCK(WSAAsyncSelect, -1, WSAAsyncSelect(s, NULL, 1, FD_READ))
WINSOCK(WSACancelBlockingCall, -1, WSACancelBlockingCall())
WINSOCK(WSACleanup, -1, WSACleanup())
WINSOCK(WSAConnect, -1, WSAConnect(s, name, sizeof address, NULL, NULL, NULL, NULL))
WINSOCK(WSAConnectByList, 0, WSAConnectByList(s, OR_NULL(&list), NULL, NULL, NULL, NULL, NULL, NULL))
WINSOCK(WSADuplicateSocketA, -1, WSADuplicateSocketA(s, 1, narrow_info))
WINSOCK(WSADuplicateSocketW, -1, WSADuplicateSocketW(s, 1, info))
WINSOCK(WSAEnumNetworkEvents, -1, WSAEnumNetworkEvents(s, NULL, OR_NULL(&events)))
WINSOCK(WSAEnumProtocolsA, -1, WSAEnumProtocolsA(NULL, NULL, count))
WINSOCK(WSAEnumProtocolsW, -1, WSAEnumProtocolsW(NULL, NULL, count))
WINSOCK(WSAEventSelect, -1, WSAEventSelect(s, NULL, FD_READ))
WINSOCK(WSAGetOverlappedResult, 0, WSAGetOverlappedResult(s, OR_NULL(&overlapped), count, FALSE, flags))
WINSOCK(WSAGetQOSByName, 0, WSAGetQOSByName(s, buffer, OR_NULL(&qos)))
WINSOCK(WSAHtonl, -1, WSAHtonl(s, 1, count))
WINSOCK(WSAHtons, -1, WSAHtons(s, 1, short_))
WINSOCK(WSAIoctl, -1, WSAIoctl(s, FIONREAD, NULL, 0, data_, 4, count, NULL, NULL))
WINSOCK(WSAJoinLeaf, INVALID_SOCKET, WSAJoinLeaf(s, name, sizeof address, NULL, NULL, NULL, NULL, JL_BOTH))
WINSOCK(WSANtohl, -1, WSANtohl(s, 1, count))
WINSOCK(WSANtohs, -1, WSANtohs(s, 1, short_))
WINSOCK(WSARecv, -1, WSARecv(s, buffer, 1, count, flags, NULL, NULL))
WINSOCK(WSARecvDisconnect, -1, WSARecvDisconnect(s, NULL))
WINSOCK(WSARecvEx, -1, WSARecvEx(s, data_, 1, in_out))
WINSOCK(WSARecvFrom, -1, WSARecvFrom(s, buffer, 1, count, flags, name, length, NULL, NULL))
WINSOCK(WSASend, -1, WSASend(s, buffer, 1, count, 0, NULL, NULL))
WINSOCK(WSASendDisconnect, -1, WSASendDisconnect(s, NULL))
WINSOCK(WSASendMsg, -1, WSASendMsg(s, msg, 0, count, NULL, NULL))
WINSOCK(WSASendTo, -1, WSASendTo(s, buffer, 1, count, 0, name, sizeof address, NULL, NULL))
WINSOCK(WSASocketA, INVALID_SOCKET, WSASocketA(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0, 0))
WINSOCK(WSASocketW, INVALID_SOCKET, WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0, 0))
WINSOCK(WSAStringToAddressA, -1, WSAStringToAddressA(OR_NULL(narrow), AF_INET, NULL, name, length))
WINSOCK(WSAStringToAddressW, -1, WSAStringToAddressW(OR_NULL(text), AF_INET, NULL, name, length))
WINSOCK(WSAPoll, -1, WSAPoll(OR_NULL(&polled), 1, 0))
WINSOCK(AcceptEx, 0, AcceptEx(s, s, data_, 0, 32, 32, count, OR_NULL(&overlapped)))
WINSOCK(TransmitFile, 0, TransmitFile(s, NULL, 0, 0, OR_NULL(&overlapped), NULL, 0))

#define WINSOCK_EVERY(name_, takes_handle_) {#name_, takes_handle_, asked_##name_}

/* All but WSAStartup, and those that need none. WSACancelBlockingCall and WSACleanup stand at the end: they have answers of
 * their own to most questions. */
static const struct winsock_function winsock_functions[] UNUSED = {
    WINSOCK_EVERY(accept, 1),
    WINSOCK_EVERY(bind, 1),
    WINSOCK_EVERY(closesocket, 1),
    WINSOCK_EVERY(connect, 1),
    WINSOCK_EVERY(gethostname, 0),
    WINSOCK_EVERY(GetHostNameW, 0),
    WINSOCK_EVERY(getpeername, 1),
    WINSOCK_EVERY(getsockname, 1),
    WINSOCK_EVERY(getsockopt, 1),
    WINSOCK_EVERY(ioctlsocket, 1),
    WINSOCK_EVERY(listen, 1),
    WINSOCK_EVERY(recv, 1),
    WINSOCK_EVERY(recvfrom, 1),
    WINSOCK_EVERY(select, 1),
    WINSOCK_EVERY(send, 1),
    WINSOCK_EVERY(sendto, 1),
    WINSOCK_EVERY(setsockopt, 1),
    WINSOCK_EVERY(shutdown, 1),
    WINSOCK_EVERY(socket, 0),
    WINSOCK_EVERY(WSAAccept, 1),
    WINSOCK_EVERY(WSAAddressToStringA, 0),
    WINSOCK_EVERY(WSAAddressToStringW, 0),
    WINSOCK_EVERY(WSAAsyncSelect, 1),
    WINSOCK_EVERY(WSAConnect, 1),
    WINSOCK_EVERY(WSAConnectByList, 1),
    WINSOCK_EVERY(WSADuplicateSocketA, 1),
    WINSOCK_EVERY(WSADuplicateSocketW, 1),
    WINSOCK_EVERY(WSAEnumNetworkEvents, 1),
    WINSOCK_EVERY(WSAEnumProtocolsA, 0),
    WINSOCK_EVERY(WSAEnumProtocolsW, 0),
    WINSOCK_EVERY(WSAEventSelect, 1),
    WINSOCK_EVERY(WSAGetOverlappedResult, 1),
    WINSOCK_EVERY(WSAGetQOSByName, 1),
    WINSOCK_EVERY(WSAHtonl, 1),
    WINSOCK_EVERY(WSAHtons, 1),
    WINSOCK_EVERY(WSAIoctl, 1),
    WINSOCK_EVERY(WSAJoinLeaf, 1),
    WINSOCK_EVERY(WSANtohl, 1),
    WINSOCK_EVERY(WSANtohs, 1),
    WINSOCK_EVERY(WSARecv, 1),
    WINSOCK_EVERY(WSARecvDisconnect, 1),
    WINSOCK_EVERY(WSARecvEx, 1),
    WINSOCK_EVERY(WSARecvFrom, 1),
    WINSOCK_EVERY(WSASend, 1),
    WINSOCK_EVERY(WSASendDisconnect, 1),
    WINSOCK_EVERY(WSASendMsg, 1),
    WINSOCK_EVERY(WSASendTo, 1),
    WINSOCK_EVERY(WSASocketA, 0),
    WINSOCK_EVERY(WSASocketW, 0),
    WINSOCK_EVERY(WSAStringToAddressA, 0),
    WINSOCK_EVERY(WSAStringToAddressW, 0),
    /* A handle that is none is told of in its element. */
    WINSOCK_EVERY(WSAPoll, 0),
    WINSOCK_EVERY(AcceptEx, 1),
    WINSOCK_EVERY(TransmitFile, 1),
    WINSOCK_EVERY(WSACancelBlockingCall, 0),
    WINSOCK_EVERY(WSACleanup, 0),
};

#define WINSOCK_FUNCTIONS (sizeof winsock_functions / sizeof *winsock_functions)

/* Function `number` answers `expected` for socket `s`. */
#define WINSOCK_ANSWERS(number, s, null, expected)                                                                     \
    do {                                                                                                               \
        int found_ = winsock_functions[number].call(s, null);                                                          \
        if (found_ != (expected))                                                                                      \
            fail(__FILE__, __LINE__, "%s(%#llx) left %d, not %s", winsock_functions[number].name,                      \
                 (unsigned long long)(s), found_, #expected);                                                          \
    } while (0)

#endif
