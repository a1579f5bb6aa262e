/* The operations of rows.c and servers.c through the table that WSPStartup fills. */
#ifndef OPS_WS2SPI_H
#define OPS_WS2SPI_H

#define FD_SETSIZE 512
#include <ws2spi.h>

#include "bench.h"

#include <stdio.h>
#include <string.h>

#define SIDE(name) ws2spi_##name
#define SPI

typedef SOCKET sock;
typedef struct sockaddr_in address;
typedef fd_set set;

/* Filled by ws2spi_start. */
extern WSPPROC_TABLE procs;

static inline void op_start(void)
{
    WSPDATA data;
    WSPUPCALLTABLE none;
    memset(&none, 0, sizeof none);
    int answer = WSPStartup(MAKEWORD(2, 2), &data, NULL, none, &procs);
    MUST(answer == 0, answer);
}

static inline void op_cleanup(void)
{
    int error = 0;
    MUST(procs.lpWSPCleanup(&error) == 0, error);
}

static inline sock op_socket(int type)
{
    int error = 0;
    sock s = procs.lpWSPSocket(AF_INET, type, 0, NULL, 0, 0, &error);
    MUST(s != INVALID_SOCKET, error);
    return s;
}

static inline void op_close(sock s)
{
    int error = 0;
    MUST(procs.lpWSPCloseSocket(s, &error) == 0, error);
}

static inline void op_bind(sock s, const address *at)
{
    int error = 0;
    MUST(procs.lpWSPBind(s, (const struct sockaddr *)at, sizeof *at, &error) == 0, error);
}

static inline void op_name(sock s, address *at)
{
    int error = 0, length = sizeof *at;
    MUST(procs.lpWSPGetSockName(s, (struct sockaddr *)at, &length, &error) == 0, error);
}

static inline void op_listen(sock s, int backlog)
{
    int error = 0;
    MUST(procs.lpWSPListen(s, backlog, &error) == 0, error);
}

static inline void op_connect(sock s, const address *to)
{
    int error = 0;
    MUST(procs.lpWSPConnect(s, (const struct sockaddr *)to, sizeof *to, NULL, NULL, NULL, NULL, &error) == 0, error);
}

static inline sock op_accept(sock s)
{
    int error = 0;
    sock accepted = procs.lpWSPAccept(s, NULL, NULL, NULL, 0, &error);
    MUST(accepted != INVALID_SOCKET, error);
    return accepted;
}

static inline void op_nonblocking(sock s)
{
    int error = 0;
    u_long on = 1;
    DWORD returned = 0;
    MUST(procs.lpWSPIoctl(s, FIONBIO, &on, sizeof on, NULL, 0, &returned, NULL, NULL, NULL, &error) == 0, error);
}

static inline void op_keepalive(sock s)
{
    int error = 0, on, length = sizeof on;
    MUST(procs.lpWSPGetSockOpt(s, SOL_SOCKET, SO_KEEPALIVE, (char *)&on, &length, &error) == 0, error);
}

static inline void op_send(sock s, void *bytes, unsigned length)
{
    int error = 0;
    DWORD sent = 0;
    WSABUF buffer = {length, bytes};
    MUST(procs.lpWSPSend(s, &buffer, 1, &sent, 0, NULL, NULL, NULL, &error) == 0 && sent == length, error);
}

/* How much came. */
static inline unsigned op_receive(sock s, void *bytes, unsigned length)
{
    int error = 0;
    DWORD came = 0, flags = 0;
    WSABUF buffer = {length, bytes};
    MUST(procs.lpWSPRecv(s, &buffer, 1, &came, &flags, NULL, NULL, NULL, &error) == 0, error);
    return came;
}

static inline void op_receive_nothing(sock s, void *bytes, unsigned length)
{
    int error = 0;
    DWORD came = 0, flags = 0;
    WSABUF buffer = {length, bytes};
    int answer = procs.lpWSPRecv(s, &buffer, 1, &came, &flags, NULL, NULL, NULL, &error);
    MUST(answer == SOCKET_ERROR && error == WSAEWOULDBLOCK, error);
}

static inline void op_send_to(sock s, void *bytes, unsigned length, const address *to)
{
    int error = 0;
    DWORD sent = 0;
    WSABUF buffer = {length, bytes};
    int answer = procs.lpWSPSendTo(s, &buffer, 1, &sent, 0, (const struct sockaddr *)to, sizeof *to, NULL, NULL, NULL,
                                   &error);
    MUST(answer == 0 && sent == length, error);
}

static inline void op_receive_from(sock s, void *bytes, unsigned length, address *from)
{
    int error = 0, size = sizeof *from;
    DWORD came = 0, flags = 0;
    WSABUF buffer = {length, bytes};
    int answer = procs.lpWSPRecvFrom(s, &buffer, 1, &came, &flags, (struct sockaddr *)from, &size, NULL, NULL, NULL,
                                     &error);
    MUST(answer == 0 && came == length, error);
}

/* Winsock's set is a count and so many handles. */
static inline void op_set_copy(set *to, const set *from)
{
    memcpy(to, from, offsetof(set, fd_array) + from->fd_count * sizeof from->fd_array[0]);
}

/* Waits for a readable socket. */
static inline int op_select(set *readable, sock highest)
{
    int error = 0;
    (void)highest;
    return procs.lpWSPSelect(0, readable, NULL, NULL, NULL, &error);
}

#endif
