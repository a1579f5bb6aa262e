/*
 * Every function of the table on one socket, so that a test can ask all of them the same. Each call gives the code that
 * the function stored, 0 for success. With `null` set the pointers are NULL.
 */
#ifndef EVERY_H
#define EVERY_H

#include "check.h"

struct function {
    const char *name;
    /* Whether it takes a handle, which is judged before all else. */
    int takes_handle;
    void (*call)(SOCKET s, int null, int *code);
};

#define OR_NULL(pointer) (null ? NULL : (pointer))

#define FUNCTION(name_, call_)                                                                                         \
    UNUSED static void every_##name_(SOCKET s, int null, int *code)                                                    \
    {                                                                                                                  \
        struct sockaddr_in address = loopback(9);                                                                      \
        struct sockaddr *name = OR_NULL((struct sockaddr *)&address);                                                  \
        char bytes[256] = "";                                                                                          \
        WCHAR text[64] = {'1', '.', '2', '.', '3', '.', '4', 0};                                                       \
        WSABUF one = {1, bytes}, *buffer = OR_NULL(&one);                                                              \
        WSAPROTOCOL_INFOW protocol, *info = OR_NULL(&protocol);                                                        \
        struct timeval zero = {0, 0};                                                                                  \
        DWORD number = 0, flag = 0, *count = OR_NULL(&number), *flags = OR_NULL(&flag);                                \
        int size = sizeof address, *length = OR_NULL(&size);                                                           \
        WSAOVERLAPPED overlapped;                                                                                      \
        WSANETWORKEVENTS events;                                                                                       \
        QOS qos;                                                                                                       \
        fd_set set;                                                                                                    \
        memset(&overlapped, 0, sizeof overlapped);                                                                     \
        FD_ZERO(&set);                                                                                                 \
        FD_SET(s, &set);                                                                                               \
        (void)name, (void)text, (void)buffer, (void)info, (void)zero, (void)count, (void)flags, (void)length;          \
        (void)events, (void)qos, (void)set, (void)s;                                                                   \
        call_;                                                                                                         \
    }

FUNCTION(WSPAccept, WSPAccept(s, name, length, NULL, 0, code))
FUNCTION(WSPAddressToString, WSPAddressToString(name, sizeof address, NULL, text, OR_NULL(&(DWORD){64}), code))
FUNCTION(WSPAsyncSelect, WSPAsyncSelect(s, NULL, 1, FD_READ, code))
FUNCTION(WSPBind, WSPBind(s, name, sizeof address, code))
FUNCTION(WSPCloseSocket, WSPCloseSocket(s, code))
FUNCTION(WSPCleanup, WSPCleanup(code))
FUNCTION(WSPConnect, WSPConnect(s, name, sizeof address, NULL, NULL, NULL, NULL, code))
FUNCTION(WSPDuplicateSocket, WSPDuplicateSocket(s, 1, info, code))
FUNCTION(WSPEnumNetworkEvents, WSPEnumNetworkEvents(s, NULL, OR_NULL(&events), code))
FUNCTION(WSPEventSelect, WSPEventSelect(s, NULL, FD_READ, code))
FUNCTION(WSPGetOverlappedResult, WSPGetOverlappedResult(s, OR_NULL(&overlapped), count, FALSE, flags, code))
FUNCTION(WSPGetPeerName, WSPGetPeerName(s, name, length, code))
FUNCTION(WSPGetSockName, WSPGetSockName(s, name, length, code))
FUNCTION(WSPGetSockOpt, WSPGetSockOpt(s, SOL_SOCKET, SO_TYPE, OR_NULL(bytes), length, code))
FUNCTION(WSPGetQOSByName, WSPGetQOSByName(s, buffer, OR_NULL(&qos), code))
FUNCTION(WSPIoctl, WSPIoctl(s, FIONREAD, NULL, 0, OR_NULL(bytes), 4, count, NULL, NULL, NULL, code))
FUNCTION(WSPJoinLeaf, WSPJoinLeaf(s, name, sizeof address, NULL, NULL, NULL, NULL, JL_BOTH, code))
FUNCTION(WSPListen, WSPListen(s, 5, code))
FUNCTION(WSPRecv, WSPRecv(s, buffer, 1, count, flags, NULL, NULL, NULL, code))
FUNCTION(WSPRecvDisconnect, WSPRecvDisconnect(s, NULL, code))
FUNCTION(WSPRecvFrom, WSPRecvFrom(s, buffer, 1, count, flags, name, length, NULL, NULL, NULL, code))
FUNCTION(WSPSelect, WSPSelect(0, &set, NULL, NULL, &zero, code))
FUNCTION(WSPSend, WSPSend(s, buffer, 1, count, 0, NULL, NULL, NULL, code))
FUNCTION(WSPSendDisconnect, WSPSendDisconnect(s, NULL, code))
FUNCTION(WSPSendTo, WSPSendTo(s, buffer, 1, count, 0, name, sizeof address, NULL, NULL, NULL, code))
FUNCTION(WSPSetSockOpt, WSPSetSockOpt(s, SOL_SOCKET, SO_KEEPALIVE, OR_NULL(bytes), 4, code))
FUNCTION(WSPShutdown, WSPShutdown(s, SD_SEND, code))
FUNCTION(WSPSocket, (void)WSPSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0, 0, code))
FUNCTION(WSPStringToAddress, WSPStringToAddress(OR_NULL(text), AF_INET, NULL, name, length, code))

#define EVERY(name_, takes_handle_) {#name_, takes_handle_, every_##name_}

/* All but WSPStartup and WSPCancelBlockingCall, which have other answers to most questions. */
static const struct function functions[] UNUSED = {
    EVERY(WSPAccept, 1),
    EVERY(WSPAddressToString, 0),
    EVERY(WSPAsyncSelect, 1),
    EVERY(WSPBind, 1),
    EVERY(WSPCloseSocket, 1),
    EVERY(WSPConnect, 1),
    EVERY(WSPDuplicateSocket, 1),
    EVERY(WSPEnumNetworkEvents, 1),
    EVERY(WSPEventSelect, 1),
    EVERY(WSPGetOverlappedResult, 1),
    EVERY(WSPGetPeerName, 1),
    EVERY(WSPGetSockName, 1),
    EVERY(WSPGetSockOpt, 1),
    EVERY(WSPGetQOSByName, 1),
    EVERY(WSPIoctl, 1),
    EVERY(WSPJoinLeaf, 1),
    EVERY(WSPListen, 1),
    EVERY(WSPRecv, 1),
    EVERY(WSPRecvDisconnect, 1),
    EVERY(WSPRecvFrom, 1),
    EVERY(WSPSelect, 1),
    EVERY(WSPSend, 1),
    EVERY(WSPSendDisconnect, 1),
    EVERY(WSPSendTo, 1),
    EVERY(WSPSetSockOpt, 1),
    EVERY(WSPShutdown, 1),
    EVERY(WSPSocket, 0),
    EVERY(WSPStringToAddress, 0),
    EVERY(WSPCleanup, 0),
};

#define FUNCTIONS (sizeof functions / sizeof *functions)

/* Function `number` answers `expected` for socket `s`. */
#define ANSWERS(number, s, null, expected)                                                                             \
    do {                                                                                                               \
        int code_ = 0;                                                                                                 \
        functions[number].call(s, null, &code_);                                                                       \
        if (code_ != (expected))                                                                                       \
            fail(__FILE__, __LINE__, "%s(%#llx) gave %d, not %s", functions[number].name, (unsigned long long)(s),     \
                 code_, #expected);                                                                                    \
    } while (0)

#endif
