/*
 * What every C test is made of.
 *
 *     TEST(unbound_socket_cannot_listen, "WSPListen.1")
 *     {
 *         startup();
 *         FAILS(WSPListen(tcp(), 5, &error), WSAEINVAL);
 *     }
 *
 * The second argument names the rules that the test proves: it fails when one of them is broken. Each test runs in a
 * process of its own, with a time limit; `program --list` names them, `program NAME` runs one.
 */
#ifndef CHECK_H
#define CHECK_H

#include <ws2spi.h>
#include <ws2tcpip.h>
#include <mswsock.h>
#include <mstcpip.h>
#include <afunix.h>

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "posix.h"

#define UNUSED __attribute__((unused))

struct test {
    const char *name;
    const char *rules;
    void (*run)(void);
    struct test *next;
};

static struct test *all_tests;
static const char *running = "";

#define TEST(name_, rules_)                                                                                            \
    static void name_(void);                                                                                           \
    __attribute__((constructor)) static void register_##name_(void)                                                    \
    {                                                                                                                  \
        static struct test test = {#name_, rules_, name_, NULL};                                                       \
        test.next = all_tests;                                                                                         \
        all_tests = &test;                                                                                             \
    }                                                                                                                  \
    static void name_(void)

__attribute__((format(printf, 3, 4), noreturn)) static void fail(const char *file, int line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s:%d: in %s: ", file, line, running);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

/* Ends the test without a verdict on a host that lacks what it needs; the runner reports it as ignored. */
#define SKIP(why) (printf("skipped: %s\n", why), exit(77))

/* `condition` holds. */
#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            fail(__FILE__, __LINE__, "not true: %s (error %d)", #condition, error);                                    \
    } while (0)

/* Two integers are equal. */
#define EQUAL(actual, expected)                                                                                        \
    do {                                                                                                               \
        long long actual_ = (long long)(actual), expected_ = (long long)(expected);                                    \
        if (actual_ != expected_)                                                                                      \
            fail(__FILE__, __LINE__, "%s is %lld, not %s (%lld); error %d", #actual, actual_, #expected, expected_,    \
                 error);                                                                                               \
    } while (0)

/* A call that takes &error succeeds, for functions that return int. */
#define SUCCEEDS(call)                                                                                                 \
    do {                                                                                                               \
        error = 0;                                                                                                     \
        if ((call) != 0)                                                                                               \
            fail(__FILE__, __LINE__, "%s failed with %d", #call, error);                                               \
    } while (0)

/* A call that takes &error fails with `code`; works for int, SOCKET and BOOL answers. */
#define FAILS(call, code)                                                                                              \
    do {                                                                                                               \
        error = 0;                                                                                                     \
        long long answer_ = (long long)(call);                                                                         \
        if (answer_ != -1 && !(answer_ == 0 && error != 0))                                                            \
            fail(__FILE__, __LINE__, "%s gave %lld instead of failing with %s", #call, answer_, #code);                \
        if (error != (code))                                                                                           \
            fail(__FILE__, __LINE__, "%s failed with %d, not with %s (%d)", #call, error, #code, (int)(code));         \
    } while (0)

/* `condition` becomes true before long. */
#define EVENTUALLY(condition)                                                                                          \
    do {                                                                                                               \
        long long end_ = posix_milliseconds() + 20000;                                                                 \
        while (!(condition) && posix_milliseconds() < end_)                                                            \
            continue;                                                                                                  \
        CHECK(condition);                                                                                              \
    } while (0)

/* Where every call of a test stores its code. Of the thread, as a program's would be. */
static __thread int error;

static WSPPROC_TABLE procs UNUSED;
static WSPDATA data UNUSED;

/* Starts the provider with an empty upcall table. */
UNUSED static void startup(void)
{
    WSPUPCALLTABLE none;
    memset(&none, 0, sizeof none);
    EQUAL(WSPStartup(MAKEWORD(2, 2), &data, NULL, none, &procs), 0);
}

UNUSED static SOCKET open_socket(int family, int type, int protocol)
{
    SOCKET s = WSPSocket(family, type, protocol, NULL, 0, 0, &error);
    CHECK(s != INVALID_SOCKET);
    return s;
}

UNUSED static SOCKET tcp(void)
{
    return open_socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
}

UNUSED static SOCKET udp(void)
{
    return open_socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
}

/* 127.0.0.1 and a port, in host order; 0 for any. */
UNUSED static struct sockaddr_in loopback(unsigned short port)
{
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(0x7f000001);
    return address;
}

/* Binds to 127.0.0.1, any port; the address it got. */
UNUSED static struct sockaddr_in bind_loopback(SOCKET s)
{
    struct sockaddr_in address = loopback(0);
    int length = sizeof address;
    SUCCEEDS(WSPBind(s, (struct sockaddr *)&address, sizeof address, &error));
    SUCCEEDS(WSPGetSockName(s, (struct sockaddr *)&address, &length, &error));
    return address;
}

/* A listening TCP socket; its address goes to `address`. */
UNUSED static SOCKET listener(int backlog, struct sockaddr_in *address)
{
    SOCKET s = tcp();
    *address = bind_loopback(s);
    SUCCEEDS(WSPListen(s, backlog, &error));
    return s;
}

UNUSED static int connect_to(SOCKET s, const struct sockaddr_in *address)
{
    return WSPConnect(s, (const struct sockaddr *)address, sizeof *address, NULL, NULL, NULL, NULL, &error);
}

/* Two connected TCP sockets: pair[0] connected, pair[1] was accepted. */
UNUSED static void tcp_pair(SOCKET pair[2])
{
    struct sockaddr_in address;
    SOCKET listening = listener(SOMAXCONN, &address);
    pair[0] = tcp();
    SUCCEEDS(connect_to(pair[0], &address));
    pair[1] = WSPAccept(listening, NULL, NULL, NULL, 0, &error);
    CHECK(pair[1] != INVALID_SOCKET);
    SUCCEEDS(WSPCloseSocket(listening, &error));
}

/* A connected TCP socket; its POSIX peer goes to `peer`. */
UNUSED static SOCKET connect_posix(int *peer)
{
    unsigned short port;
    int listening = posix_listen(&port, 5);
    struct sockaddr_in address = loopback(port);
    SOCKET s = tcp();
    SUCCEEDS(connect_to(s, &address));
    *peer = posix_accept(listening);
    posix_close(listening);
    return s;
}

/* Sends one buffer; the answer of WSPSend. */
UNUSED static int send_bytes(SOCKET s, const void *bytes, unsigned length, DWORD *sent)
{
    WSABUF buffer = {length, (char *)bytes};
    return WSPSend(s, &buffer, 1, sent, 0, NULL, NULL, NULL, &error);
}

/* Receives into one buffer; the answer of WSPRecv. */
UNUSED static int receive_bytes(SOCKET s, void *bytes, unsigned length, DWORD *received, DWORD flags)
{
    WSABUF buffer = {length, (char *)bytes};
    return WSPRecv(s, &buffer, 1, received, &flags, NULL, NULL, NULL, &error);
}

UNUSED static void set_nonblocking(SOCKET s, u_long on)
{
    DWORD returned = 0;
    SUCCEEDS(WSPIoctl(s, FIONBIO, &on, sizeof on, NULL, 0, &returned, NULL, NULL, NULL, &error));
}

int main(int count, char **arguments)
{
    if (count == 2 && strcmp(arguments[1], "--list") == 0) {
        for (struct test *test = all_tests; test != NULL; test = test->next)
            printf("%s\t%s\n", test->name, test->rules);
        return 0;
    }
    for (struct test *test = all_tests; test != NULL; test = test->next) {
        if (count == 2 && strcmp(arguments[1], test->name) != 0)
            continue;
        running = test->name;
        test->run();
        if (count == 2)
            return 0;
    }
    return count == 2 ? 2 : 0;
}

#endif
