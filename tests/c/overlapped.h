/* What tests of overlapped work share. */
#ifndef OVERLAPPED_H
#define OVERLAPPED_H

#include "check.h"

/* A TCP socket that does overlapped I/O. */
UNUSED static SOCKET overlapped_tcp(void)
{
    SOCKET s = WSPSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0, WSA_FLAG_OVERLAPPED, &error);
    CHECK(s != INVALID_SOCKET);
    return s;
}

/* The same, connected; its POSIX peer goes to `peer`. */
UNUSED static SOCKET overlapped_with_peer(int *peer)
{
    unsigned short port;
    int listening = posix_listen(&port, 1);
    struct sockaddr_in address = loopback(port);
    SOCKET s = overlapped_tcp();
    SUCCEEDS(connect_to(s, &address));
    *peer = posix_accept(listening);
    posix_close(listening);
    return s;
}

/* Returns when so many bytes have arrived: what a peer has sent need not be there yet. */
UNUSED static void await_data(SOCKET s, u_long length)
{
    u_long there = 0;
    DWORD returned;
    EVENTUALLY(WSPIoctl(s, FIONREAD, NULL, 0, &there, sizeof there, &returned, NULL, NULL, NULL, &error) == 0 &&
               there >= length);
}

/* An overlapped receive into one buffer; the code, 0 for success. */
UNUSED static int receive_later(SOCKET s, void *room, unsigned long length, OVERLAPPED *overlapped)
{
    WSABUF buffer = {(ULONG)length, room};
    DWORD count, flags = 0;
    error = 0;
    int answer = WSPRecv(s, &buffer, 1, &count, &flags, overlapped, NULL, NULL, &error);
    CHECK((answer == 0) == (error == 0));
    return error;
}

/* An overlapped send out of one buffer; the code, 0 for success. */
UNUSED static int send_later(SOCKET s, const void *bytes, unsigned long length, OVERLAPPED *overlapped)
{
    WSABUF buffer = {(ULONG)length, (char *)bytes};
    DWORD count;
    error = 0;
    int answer = WSPSend(s, &buffer, 1, &count, 0, overlapped, NULL, NULL, &error);
    CHECK((answer == 0) == (error == 0));
    return error;
}

/* The outcome of a request that has ended, waiting for it if need be; the code, 0 for success. */
UNUSED static int outcome(SOCKET s, OVERLAPPED *overlapped, DWORD *count)
{
    DWORD flags;
    EVENTUALLY(HasOverlappedIoCompleted(overlapped));
    error = 0;
    return WSPGetOverlappedResult(s, overlapped, count, FALSE, &flags, &error) ? 0 : error;
}

#endif
