/* The operations of rows.c and servers.c as any C program on Linux performs them. */
#ifndef OPS_POSIX_H
#define OPS_POSIX_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "bench.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#define SIDE(name) posix_##name

typedef int sock;
typedef struct sockaddr_in address;
typedef fd_set set;

static inline void op_start(void)
{
}

static inline sock op_socket(int type)
{
    sock s = socket(AF_INET, type, 0);
    MUST(s >= 0, errno);
    return s;
}

static inline void op_close(sock s)
{
    MUST(close(s) == 0, errno);
}

static inline void op_bind(sock s, const address *at)
{
    MUST(bind(s, (const struct sockaddr *)at, sizeof *at) == 0, errno);
}

static inline void op_name(sock s, address *at)
{
    socklen_t length = sizeof *at;
    MUST(getsockname(s, (struct sockaddr *)at, &length) == 0, errno);
}

static inline void op_listen(sock s, int backlog)
{
    MUST(listen(s, backlog) == 0, errno);
}

static inline void op_connect(sock s, const address *to)
{
    MUST(connect(s, (const struct sockaddr *)to, sizeof *to) == 0, errno);
}

static inline sock op_accept(sock s)
{
    sock accepted = accept(s, NULL, NULL);
    MUST(accepted >= 0, errno);
    return accepted;
}

static inline void op_nonblocking(sock s)
{
    int on = 1;
    MUST(ioctl(s, FIONBIO, &on) == 0, errno);
}

static inline void op_keepalive(sock s)
{
    int on;
    socklen_t length = sizeof on;
    MUST(getsockopt(s, SOL_SOCKET, SO_KEEPALIVE, &on, &length) == 0, errno);
}

static inline void op_send(sock s, void *bytes, unsigned length)
{
    MUST(send(s, bytes, length, MSG_NOSIGNAL) == (ssize_t)length, errno);
}

/* How much came. */
static inline unsigned op_receive(sock s, void *bytes, unsigned length)
{
    ssize_t came = recv(s, bytes, length, 0);
    MUST(came >= 0, errno);
    return (unsigned)came;
}

static inline void op_receive_nothing(sock s, void *bytes, unsigned length)
{
    MUST(recv(s, bytes, length, 0) < 0 && errno == EAGAIN, errno);
}

static inline void op_send_to(sock s, void *bytes, unsigned length, const address *to)
{
    MUST(sendto(s, bytes, length, 0, (const struct sockaddr *)to, sizeof *to) == (ssize_t)length, errno);
}

static inline void op_receive_from(sock s, void *bytes, unsigned length, address *from)
{
    socklen_t size = sizeof *from;
    MUST(recvfrom(s, bytes, length, 0, (struct sockaddr *)from, &size) == (ssize_t)length, errno);
}

static inline void op_set_copy(set *to, const set *from)
{
    *to = *from;
}

/* Waits for a readable socket; `highest` is the highest of the set. */
static inline int op_select(set *readable, sock highest)
{
    return select(highest + 1, readable, NULL, NULL, NULL);
}

#endif
