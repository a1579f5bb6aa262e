/* The operations of rows.c through the Winsock API, on the base provider or on a chain of layers above it. */
#ifndef OPS_WINSOCK_H
#define OPS_WINSOCK_H

#define FD_SETSIZE 512
#include <ws2spi.h>

#include "bench.h"
#include "catalog.h"

#include <stdio.h>
#include <string.h>

#define SIDE(name) winsock_##name

typedef SOCKET sock;
typedef struct sockaddr_in address;
typedef fd_set set;

static inline void op_start(void)
{
    WSADATA data;
    int answer = WSAStartup(MAKEWORD(2, 2), &data);
    MUST(answer == 0, answer);
}

static inline void op_cleanup(void)
{
    MUST(WSACleanup() == 0, WSAGetLastError());
}

static inline sock op_socket(int type)
{
    sock s = WSASocketW(AF_INET, type, 0, winsock_entry(type), 0, 0);
    MUST(s != INVALID_SOCKET, WSAGetLastError());
    return s;
}

static inline void op_close(sock s)
{
    MUST(closesocket(s) == 0, WSAGetLastError());
}

static inline void op_bind(sock s, const address *at)
{
    MUST(bind(s, (const struct sockaddr *)at, sizeof *at) == 0, WSAGetLastError());
}

static inline void op_name(sock s, address *at)
{
    int length = sizeof *at;
    MUST(getsockname(s, (struct sockaddr *)at, &length) == 0, WSAGetLastError());
}

static inline void op_listen(sock s, int backlog)
{
    MUST(listen(s, backlog) == 0, WSAGetLastError());
}

static inline void op_connect(sock s, const address *to)
{
    MUST(connect(s, (const struct sockaddr *)to, sizeof *to) == 0, WSAGetLastError());
}

static inline sock op_accept(sock s)
{
    sock accepted = accept(s, NULL, NULL);
    MUST(accepted != INVALID_SOCKET, WSAGetLastError());
    return accepted;
}

static inline void op_nonblocking(sock s)
{
    u_long on = 1;
    MUST(ioctlsocket(s, FIONBIO, &on) == 0, WSAGetLastError());
}

static inline void op_keepalive(sock s)
{
    int on, length = sizeof on;
    MUST(getsockopt(s, SOL_SOCKET, SO_KEEPALIVE, (char *)&on, &length) == 0, WSAGetLastError());
}

static inline void op_send(sock s, void *bytes, unsigned length)
{
    MUST(send(s, bytes, (int)length, 0) == (int)length, WSAGetLastError());
}

/* How much came. */
static inline unsigned op_receive(sock s, void *bytes, unsigned length)
{
    int came = recv(s, bytes, (int)length, 0);
    MUST(came >= 0, WSAGetLastError());
    return (unsigned)came;
}

static inline void op_receive_nothing(sock s, void *bytes, unsigned length)
{
    int answer = recv(s, bytes, (int)length, 0);
    MUST(answer == SOCKET_ERROR && WSAGetLastError() == WSAEWOULDBLOCK, WSAGetLastError());
}

static inline void op_send_to(sock s, void *bytes, unsigned length, const address *to)
{
    int sent = sendto(s, bytes, (int)length, 0, (const struct sockaddr *)to, sizeof *to);
    MUST(sent == (int)length, WSAGetLastError());
}

static inline void op_receive_from(sock s, void *bytes, unsigned length, address *from)
{
    int size = sizeof *from, came = recvfrom(s, bytes, (int)length, 0, (struct sockaddr *)from, &size);
    MUST(came == (int)length, WSAGetLastError());
}

/* Winsock's set is a count and so many handles. */
static inline void op_set_copy(set *to, const set *from)
{
    memcpy(to, from, offsetof(set, fd_array) + from->fd_count * sizeof from->fd_array[0]);
}

/* Waits for a readable socket. */
static inline int op_select(set *readable, sock highest)
{
    (void)highest;
    return select(0, readable, NULL, NULL, NULL);
}

#endif
