/* What tests of the Winsock API share. */
#ifndef WINSOCK_H
#define WINSOCK_H

#include "check.h"

/* Fails with the code in the thread's last error. */
#define FAILS_WITH(call_, code_)                                                                                       \
    do {                                                                                                               \
        WSASetLastError(0);                                                                                            \
        CHECK((long long)(call_) == (long long)SOCKET_ERROR);                                                          \
        EQUAL(WSAGetLastError(), code_);                                                                               \
    } while (0)

/* The same for a function that answers FALSE or NULL then. */
#define REFUSES_WITH(call_, code_)                                                                                     \
    do {                                                                                                               \
        WSASetLastError(0);                                                                                            \
        CHECK((long long)(call_) == 0);                                                                                \
        EQUAL(WSAGetLastError(), code_);                                                                               \
    } while (0)

/* Starts Winsock. */
UNUSED static void winsock(void)
{
    WSADATA started;
    EQUAL(WSAStartup(MAKEWORD(2, 2), &started), 0);
}

/* The local address of a socket. */
UNUSED static struct sockaddr_in winsock_name(SOCKET s)
{
    struct sockaddr_in name;
    int length = sizeof name;
    SUCCEEDS(getsockname(s, (struct sockaddr *)&name, &length));
    return name;
}

/* A TCP socket that listens on a port of 127.0.0.1. */
UNUSED static SOCKET winsock_listen(void)
{
    struct sockaddr_in address = loopback(0);
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    CHECK(s != INVALID_SOCKET);
    SUCCEEDS(bind(s, (struct sockaddr *)&address, sizeof address));
    SUCCEEDS(listen(s, SOMAXCONN));
    return s;
}

#endif
