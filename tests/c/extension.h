/* What tests of the extension functions share. */
#ifndef EXTENSION_H
#define EXTENSION_H

#include "overlapped.h"

/* Room for an address of any family in AcceptEx's buffer. */
#define AREA (sizeof(struct sockaddr_in6) + 16)

/* A call that leaves its code in the thread's last error fails with `code`. */
#define REFUSED(call, code)                                                                                            \
    do {                                                                                                               \
        WSASetLastError(0);                                                                                            \
        int answer_ = (call);                                                                                          \
        error = WSAGetLastError();                                                                                     \
        if (answer_ || error != (code))                                                                                \
            fail(__FILE__, __LINE__, "%s gave %d and %d, not %s (%d)", #call, answer_, error, #code, (int)(code));     \
    } while (0)

/* Such a call succeeds at once. */
#define DONE(call)                                                                                                     \
    do {                                                                                                               \
        WSASetLastError(0);                                                                                            \
        if (!(call))                                                                                                   \
            fail(__FILE__, __LINE__, "%s failed with %d", #call, WSAGetLastError());                                   \
    } while (0)

/* Such a call succeeds at once, or goes on. */
#define STARTED(call)                                                                                                  \
    do {                                                                                                               \
        WSASetLastError(0);                                                                                            \
        if (!(call) && WSAGetLastError() != WSA_IO_PENDING)                                                            \
            fail(__FILE__, __LINE__, "%s failed with %d", #call, WSAGetLastError());                                   \
    } while (0)

/* What SIO_GET_EXTENSION_FUNCTION_POINTER gives for a GUID. */
UNUSED static void *extension_function(SOCKET s, GUID guid)
{
    void *function = NULL;
    DWORD count = 0;
    SUCCEEDS(WSPIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &guid, sizeof guid, &function, sizeof function, &count,
                      NULL, NULL, NULL, &error));
    EQUAL(count, sizeof function);
    CHECK(function != NULL);
    return function;
}

/* An overlapped socket that listens on 127.0.0.1; its address goes to `address`. */
UNUSED static SOCKET overlapped_listener(int backlog, struct sockaddr_in *address)
{
    SOCKET s = overlapped_tcp();
    *address = bind_loopback(s);
    SUCCEEDS(WSPListen(s, backlog, &error));
    return s;
}

/* AcceptEx with room for `length` bytes in a buffer of at least `length` + 2 * AREA. */
UNUSED static BOOL accept_later(SOCKET listening, SOCKET accepting, void *room, DWORD length, OVERLAPPED *overlapped)
{
    return AcceptEx(listening, accepting, room, length, AREA, AREA, NULL, overlapped);
}

UNUSED static int update_accepted(SOCKET accepted, SOCKET listening)
{
    return WSPSetSockOpt(accepted, SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT, (char *)&listening, sizeof listening, &error);
}

/* SO_CONNECT_TIME. */
UNUSED static int connect_time(SOCKET s)
{
    int seconds = 0, length = sizeof seconds;
    SUCCEEDS(WSPGetSockOpt(s, SOL_SOCKET, SO_CONNECT_TIME, (char *)&seconds, &length, &error));
    return seconds;
}

/* ConnectEx and DisconnectEx, which have no names in C. */
UNUSED static BOOL connect_later(SOCKET s, const struct sockaddr_in *address, const void *bytes, DWORD length,
                                 DWORD *sent, OVERLAPPED *overlapped)
{
    LPFN_CONNECTEX connect_ex;
    void *function = extension_function(s, (GUID)WSAID_CONNECTEX);
    memcpy(&connect_ex, &function, sizeof connect_ex);
    return connect_ex(s, (const struct sockaddr *)address, sizeof *address, (void *)bytes, length, sent, overlapped);
}

UNUSED static BOOL disconnect(SOCKET s, OVERLAPPED *overlapped, DWORD flags, DWORD reserved)
{
    LPFN_DISCONNECTEX disconnect_ex;
    void *function = extension_function(s, (GUID)WSAID_DISCONNECTEX);
    memcpy(&disconnect_ex, &function, sizeof disconnect_ex);
    return disconnect_ex(s, overlapped, flags, reserved);
}

UNUSED static int update_connected(SOCKET s)
{
    return WSPSetSockOpt(s, SOL_SOCKET, SO_UPDATE_CONNECT_CONTEXT, NULL, 0, &error);
}

/* The code of a call that leaves it in the thread's last error and may have started a request, which has then ended. */
#define ENDED(s, call, overlapped)                                                                                     \
    ((call) ? 0 : WSAGetLastError() == WSA_IO_PENDING ? outcome(s, overlapped, &(DWORD){0}) : WSAGetLastError())

#endif
