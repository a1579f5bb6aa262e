#include "check.h"

#include <errno.h>
#include <sys/syscall.h>

static int connect_with(SOCKET s, const void *address, int length)
{
    return WSPConnect(s, (const struct sockaddr *)address, length, NULL, NULL, NULL, NULL, &error);
}

static struct sockaddr_in local_name(SOCKET s)
{
    struct sockaddr_in address;
    int length = sizeof address;
    SUCCEEDS(WSPGetSockName(s, (struct sockaddr *)&address, &length, &error));
    return address;
}

/* An address that refuses: somebody has it, and does not listen. */
static struct sockaddr_in refusing(void)
{
    unsigned short port = 0;
    CHECK(posix_bind_tcp(&port) >= 0);
    return loopback(port);
}

static int option(SOCKET s, int name)
{
    int value = -2, length = sizeof value;
    SUCCEEDS(WSPGetSockOpt(s, SOL_SOCKET, name, (char *)&value, &length, &error));
    return value;
}

static void set_option(SOCKET s, int name, int value)
{
    SUCCEEDS(WSPSetSockOpt(s, SOL_SOCKET, name, (const char *)&value, sizeof value, &error));
}

/* Waits until the attempt has ended: 1 for the write set, 2 for the except set, 3 for both. */
static int await_attempt(SOCKET s)
{
    fd_set writable, failed;
    FD_ZERO(&writable);
    FD_ZERO(&failed);
    FD_SET(s, &writable);
    FD_SET(s, &failed);
    CHECK(WSPSelect(0, NULL, &writable, &failed, NULL, &error) > 0);
    return (writable.fd_count != 0) + 2 * (failed.fd_count != 0);
}

TEST(a_connected_socket_cannot_connect_again, "WSPConnect.1 WSPConnect.2 WSPConnect.3 OBS.21")
{
    unsigned short port;
    startup();
    int listening = posix_listen(&port, 5);
    struct sockaddr_in address = loopback(port);
    SOCKET s = tcp();
    EQUAL(option(s, SO_CONNECT_TIME), -1);
    SUCCEEDS(connect_to(s, &address));
    EQUAL(option(s, SO_CONNECT_TIME), 0);
    CHECK(local_name(s).sin_port != 0);
    EQUAL(ntohl(local_name(s).sin_addr.s_addr), INADDR_LOOPBACK);
    FAILS(connect_to(s, &address), WSAEISCONN);
    SUCCEEDS(WSPShutdown(s, SD_BOTH, &error));
    FAILS(connect_to(s, &address), WSAEISCONN);
    posix_reset(posix_accept(listening));
    FAILS(connect_to(s, &address), WSAEISCONN);
}

TEST(a_refused_blocking_socket_may_try_again, "WSPConnect.3 OBS.4 OBS.19")
{
    unsigned short port;
    startup();
    posix_listen(&port, 5);
    struct sockaddr_in address = loopback(port), nobody = refusing();
    SOCKET s = tcp();
    FAILS(connect_to(s, &nobody), WSAECONNREFUSED);
    EQUAL(option(s, SO_ERROR), 0);
    FAILS(connect_to(s, &nobody), WSAECONNREFUSED);
    SUCCEEDS(connect_to(s, &address));
}

/* Linux by itself lets go of a port that it has chosen when a connect fails. */
TEST(a_refused_socket_may_listen_where_it_was_bound, "WSPConnect.3 OBS.19")
{
    startup();
    for (u_long nonblocking = 0; nonblocking < 2; nonblocking++) {
        struct sockaddr_in nobody = refusing();
        SOCKET s = tcp();
        struct sockaddr_in bound = bind_loopback(s);
        set_nonblocking(s, nonblocking);
        FAILS(connect_to(s, &nobody), nonblocking ? WSAEWOULDBLOCK : WSAECONNREFUSED);
        if (nonblocking)
            EQUAL(await_attempt(s), 2);
        SUCCEEDS(WSPListen(s, 1, &error));
        EQUAL(local_name(s).sin_port, bound.sin_port);
        CHECK(posix_connect(ntohs(bound.sin_port)) >= 0);
    }
}

TEST(an_unreachable_network_does_not_spoil_the_socket, "WSPConnect.3")
{
    unsigned short port;
    startup();
    posix_listen(&port, 5);
    struct sockaddr_in address = loopback(port), everybody = address;
    everybody.sin_addr.s_addr = INADDR_BROADCAST;
    SOCKET s = tcp();
    FAILS(connect_to(s, &everybody), WSAENETUNREACH);
    SUCCEEDS(connect_to(s, &address));
}

TEST(a_nonblocking_attempt_goes_on, "WSPConnect.4 WSPConnect.5 OBS.22")
{
    char byte;
    DWORD count;
    unsigned short port;
    struct sockaddr_in peer;
    int length = sizeof peer;
    startup();
    int listening = posix_listen_full(&port);
    struct sockaddr_in address = loopback(port);
    SOCKET s = tcp();
    set_nonblocking(s, 1);
    FAILS(connect_to(s, &address), WSAEWOULDBLOCK);
    FAILS(connect_to(s, &address), WSAEALREADY);
    FAILS(send_bytes(s, "x", 1, &count), WSAENOTCONN);
    FAILS(receive_bytes(s, &byte, 1, &count, 0), WSAENOTCONN);
    CHECK(local_name(s).sin_port != 0);
    posix_accept(listening);
    EQUAL(await_attempt(s), 1);
    FAILS(connect_to(s, &address), WSAEISCONN);
    EQUAL(option(s, SO_ERROR), 0);
    CHECK(option(s, SO_CONNECT_TIME) >= 0);
    SUCCEEDS(WSPGetPeerName(s, (struct sockaddr *)&peer, &length, &error));
    EQUAL(peer.sin_port, address.sin_port);
    SUCCEEDS(send_bytes(s, "x", 1, &count));
}

TEST(a_failed_nonblocking_attempt_is_told_until_the_next, "WSPConnect.4 OBS.4 OBS.23")
{
    unsigned short port;
    startup();
    posix_listen(&port, 5);
    struct sockaddr_in address = loopback(port), nobody = refusing();
    SOCKET s = tcp();
    set_nonblocking(s, 1);
    FAILS(connect_to(s, &nobody), WSAEWOULDBLOCK);
    EQUAL(await_attempt(s), 2);
    EQUAL(await_attempt(s), 2);
    EQUAL(option(s, SO_ERROR), WSAECONNREFUSED);
    EQUAL(option(s, SO_ERROR), WSAECONNREFUSED);
    FAILS(connect_to(s, &nobody), WSAEWOULDBLOCK);
    EQUAL(await_attempt(s), 2);
    FAILS(connect_to(s, &address), WSAEWOULDBLOCK);
    EQUAL(await_attempt(s), 1);
    EQUAL(option(s, SO_ERROR), 0);
}

TEST(a_connection_reset_at_once_was_a_connection, "WSPConnect.4")
{
    unsigned short port;
    startup();
    int listening = posix_listen(&port, 5);
    struct sockaddr_in address = loopback(port);
    SOCKET s = tcp();
    set_nonblocking(s, 1);
    FAILS(connect_to(s, &address), WSAEWOULDBLOCK);
    posix_reset(posix_accept(listening));
    FAILS(connect_to(s, &address), WSAEISCONN);
}

TEST(a_listening_socket_cannot_connect, "WSPConnect.2")
{
    struct sockaddr_in address;
    startup();
    SOCKET s = listener(1, &address);
    FAILS(connect_to(s, &address), WSAEINVAL);
}

TEST(nobody_has_the_wildcard_or_port_0, "WSPConnect.2 OBS.20")
{
    unsigned short port;
    startup();
    posix_listen(&port, 5);
    struct sockaddr_in wildcard = loopback(port), nowhere = loopback(0);
    wildcard.sin_addr.s_addr = INADDR_ANY;
    struct sockaddr_in6 wildcard6;
    memset(&wildcard6, 0, sizeof wildcard6);
    wildcard6.sin6_family = AF_INET6;
    wildcard6.sin6_port = htons(port);
    SOCKET s = tcp(), s6 = open_socket(AF_INET6, SOCK_STREAM, IPPROTO_TCP);
    FAILS(connect_to(s, &wildcard), WSAEADDRNOTAVAIL);
    FAILS(connect_to(s, &nowhere), WSAEADDRNOTAVAIL);
    FAILS(connect_with(s6, &wildcard6, sizeof wildcard6), WSAEADDRNOTAVAIL);
    FAILS(connect_to(udp(), &nowhere), WSAEADDRNOTAVAIL);
}

TEST(addresses_are_read_with_care, "OBS.12 OBS.16 OBS.20 OBS.44")
{
    unsigned short port;
    startup();
    posix_listen(&port, 5);
    struct sockaddr_in address = loopback(port);
    struct sockaddr_in6 address6;
    memset(&address6, 0, sizeof address6);
    address6.sin6_family = AF_INET6;
    address6.sin6_port = htons(port);
    address6.sin6_addr.s6_addr[15] = 1;
    SOCKET s = tcp(), s6 = open_socket(AF_INET6, SOCK_STREAM, IPPROTO_TCP);
    FAILS(connect_with(s, NULL, sizeof address), WSAEFAULT);
    FAILS(connect_with(s, (void *)8, sizeof address), WSAEFAULT);
    FAILS(connect_with(s, &address, sizeof address - 1), WSAEFAULT);
    FAILS(connect_with(s, &address, 1), WSAEFAULT);
    FAILS(connect_with(s, &address, 0), WSAEFAULT);
    FAILS(connect_with(s, &address, -1), WSAEFAULT);
    FAILS(connect_with(s6, &address6, 24), WSAEFAULT);
    FAILS(connect_with(s, &address6, sizeof address6), WSAEAFNOSUPPORT);
    FAILS(connect_with(s6, &address, sizeof address), WSAEAFNOSUPPORT);
    address.sin_family = AF_UNSPEC;
    FAILS(connect_to(s, &address), WSAEAFNOSUPPORT);
    address.sin_family = 77;
    FAILS(connect_to(s, &address), WSAEAFNOSUPPORT);
    FAILS(connect_to(udp(), &address), WSAEAFNOSUPPORT);
    FAILS(connect_with(s + 1, NULL, 0), WSAENOTSOCK);
    FAILS(connect_with(INVALID_SOCKET, NULL, 0), WSAENOTSOCK);
    address.sin_family = AF_INET;
    SUCCEEDS(connect_with(s, &address, 1000));
}

TEST(connection_data_is_not_carried, "WSPConnect.10 WSPConnect.11")
{
    unsigned short port;
    char text[4] = "abc";
    WSABUF data = {3, text}, none = {0, NULL}, room = {4, text};
    startup();
    posix_listen(&port, 5);
    struct sockaddr_in address = loopback(port);
    const struct sockaddr *name = (struct sockaddr *)&address;
    SOCKET s = tcp();
    FAILS(WSPConnect(s, name, sizeof address, &data, NULL, NULL, NULL, &error), WSAEPROTONOSUPPORT);
    FAILS(WSPConnect(s, name, sizeof address, (LPWSABUF)8, NULL, NULL, NULL, &error), WSAEFAULT);
    FAILS(WSPConnect(s, name, sizeof address, NULL, (LPWSABUF)8, NULL, NULL, &error), WSAEFAULT);
    SUCCEEDS(WSPConnect(s, name, sizeof address, &none, &room, NULL, NULL, &error));
    EQUAL(room.len, 0);
    CHECK(room.buf == text);
    room.len = 4;
    SUCCEEDS(WSPConnect(udp(), name, sizeof address, &data, &room, NULL, NULL, &error));
    EQUAL(room.len, 4);
    SUCCEEDS(WSPConnect(udp(), name, sizeof address, (LPWSABUF)8, (LPWSABUF)8, NULL, NULL, &error));
}

TEST(quality_of_service_is_not_to_be_had, "WSPConnect.12")
{
    unsigned short port;
    QOS quality;
    startup();
    posix_listen(&port, 5);
    struct sockaddr_in address = loopback(port);
    const struct sockaddr *name = (struct sockaddr *)&address;
    SOCKET s = tcp();
    memset(&quality, 0, sizeof quality);
    quality.SendingFlowspec.ServiceType = SERVICETYPE_GUARANTEED;
    FAILS(WSPConnect(s, name, sizeof address, NULL, NULL, &quality, NULL, &error), WSAEOPNOTSUPP);
    FAILS(WSPConnect(s, name, sizeof address, NULL, NULL, (LPQOS)8, NULL, &error), WSAEFAULT);
    quality.SendingFlowspec.ServiceType = SERVICETYPE_BESTEFFORT;
    SUCCEEDS(WSPConnect(s, name, sizeof address, NULL, NULL, &quality, (LPQOS)8, &error));
}

/* One thread that connects, and blocks. */
static SOCKET blocked;
static struct sockaddr_in blocked_on;
static int blocked_code, blocked_thread;
static pthread_barrier_t blocked_barrier;

static void *block(void *unused)
{
    (void)unused;
    blocked_thread = posix_thread();
    pthread_barrier_wait(&blocked_barrier);
    error = 0;
    blocked_code = connect_to(blocked, &blocked_on) == 0 ? 0 : error;
    return NULL;
}

static pthread_t start_blocking(SOCKET s, unsigned short port, long call)
{
    pthread_t thread;
    blocked = s;
    blocked_on = loopback(port);
    pthread_barrier_init(&blocked_barrier, NULL, 2);
    pthread_create(&thread, NULL, block, NULL);
    pthread_barrier_wait(&blocked_barrier);
    posix_await_call(blocked_thread, call);
    return thread;
}

static int end_blocking(pthread_t thread)
{
    pthread_join(thread, NULL);
    return blocked_code;
}

/* The kernel ends a connect(2) when SO_SNDTIMEO is over. */
TEST(a_send_timeout_is_not_for_connecting, "WSPConnect.3")
{
    unsigned short port;
    startup();
    int listening = posix_listen_full(&port);
    SOCKET s = tcp();
    set_option(s, SO_SNDTIMEO, 20);
    pthread_t thread = start_blocking(s, port, posix_poll);
    posix_accept(listening);
    EQUAL(end_blocking(thread), 0);
    CHECK(local_name(s).sin_port != 0);
}

static int cancelled;

static void cancel(int unused)
{
    int code;
    (void)unused;
    cancelled = WSPCancelBlockingCall(&code);
}

/* WSPConnect:WSAEINTR */
TEST(a_blocking_attempt_can_be_cancelled, "WSPConnect.3 WSPCancelBlockingCall.3 WSPCancelBlockingCall.4")
{
    unsigned short port;
    startup();
    int listening = posix_listen_full(&port);
    SOCKET s = tcp();
    cancelled = -1;
    pthread_t thread = start_blocking(s, port, posix_connecting);
    posix_signal(blocked_thread, cancel);
    EQUAL(end_blocking(thread), WSAEINTR);
    EQUAL(cancelled, 0);
    /* The attempt itself goes on. */
    FAILS(connect_to(s, &blocked_on), WSAEALREADY);
    posix_accept(listening);
    EQUAL(await_attempt(s), 1);
    FAILS(connect_to(s, &blocked_on), WSAEISCONN);
}

static void nothing(int unused)
{
    (void)unused;
}

TEST(a_signal_alone_does_not_end_the_attempt, "WSPConnect.3")
{
    unsigned short port;
    startup();
    int listening = posix_listen_full(&port);
    SOCKET s = tcp();
    pthread_t thread = start_blocking(s, port, posix_connecting);
    posix_signal(blocked_thread, nothing);
    posix_await_call(blocked_thread, posix_poll);
    posix_accept(listening);
    EQUAL(end_blocking(thread), 0);
    FAILS(connect_to(s, &blocked_on), WSAEISCONN);
}

TEST(closing_the_socket_ends_a_blocking_attempt, "WSPConnect.3 WSPCloseSocket.2")
{
    unsigned short port;
    startup();
    posix_listen_full(&port);
    SOCKET s = tcp();
    pthread_t thread = start_blocking(s, port, posix_connecting);
    SUCCEEDS(WSPCloseSocket(s, &error));
    EQUAL(end_blocking(thread), WSAEINTR);
}

TEST(another_thread_s_attempt_is_an_attempt, "WSPConnect.5 WSPSocket.3")
{
    unsigned short port;
    startup();
    int listening = posix_listen_full(&port);
    SOCKET s = tcp();
    pthread_t thread = start_blocking(s, port, posix_connecting);
    FAILS(connect_to(s, &blocked_on), WSAEALREADY);
    posix_accept(listening);
    EQUAL(end_blocking(thread), 0);
}

enum { RACERS = 4, ROUNDS = 200 };
static SOCKET raced;
static struct sockaddr_in raced_to;
static pthread_barrier_t race_barrier;
static int race_won, race_lost;

static void *race(void *unused)
{
    (void)unused;
    for (int round = 0; round < ROUNDS; round++) {
        pthread_barrier_wait(&race_barrier);
        error = 0;
        if (connect_to(raced, &raced_to) == 0)
            __atomic_add_fetch(&race_won, 1, __ATOMIC_RELAXED);
        else if (error == WSAEISCONN || error == WSAEALREADY)
            __atomic_add_fetch(&race_lost, 1, __ATOMIC_RELAXED);
        pthread_barrier_wait(&race_barrier);
    }
    return NULL;
}

TEST(of_many_threads_one_connects, "WSPConnect.2 WSPConnect.5")
{
    unsigned short port;
    pthread_t threads[RACERS];
    startup();
    int listening = posix_listen(&port, 5);
    raced_to = loopback(port);
    pthread_barrier_init(&race_barrier, NULL, RACERS + 1);
    for (int i = 0; i < RACERS; i++)
        pthread_create(&threads[i], NULL, race, NULL);
    for (int round = 0; round < ROUNDS; round++) {
        raced = tcp();
        pthread_barrier_wait(&race_barrier);
        pthread_barrier_wait(&race_barrier);
        posix_close(posix_accept(listening));
        SUCCEEDS(WSPCloseSocket(raced, &error));
    }
    for (int i = 0; i < RACERS; i++)
        pthread_join(threads[i], NULL);
    EQUAL(race_won, ROUNDS);
    EQUAL(race_lost, ROUNDS * (RACERS - 1));
}

TEST(one_connection_per_pair_of_addresses, "WSPConnect.13 WSPBind.10")
{
    unsigned short port;
    startup();
    posix_listen(&port, 5);
    struct sockaddr_in address = loopback(port);
    SOCKET first = tcp(), second = tcp();
    set_option(first, SO_REUSEADDR, 1);
    set_option(second, SO_REUSEADDR, 1);
    struct sockaddr_in local = bind_loopback(first);
    SUCCEEDS(WSPBind(second, (struct sockaddr *)&local, sizeof local, &error));
    SUCCEEDS(connect_to(first, &address));
    FAILS(connect_to(second, &address), WSAEADDRINUSE);
}

TEST(a_datagram_socket_has_one_peer, "WSPConnect.1 WSPConnect.6 OBS.24")
{
    char byte = 0;
    DWORD count;
    unsigned short port = 0, other_port = 0;
    startup();
    int peer = posix_bind_udp(&port), other = posix_bind_udp(&other_port);
    struct sockaddr_in address = loopback(port);
    SOCKET s = udp();
    FAILS(send_bytes(s, "x", 1, &count), WSAENOTCONN);
    SUCCEEDS(connect_to(s, &address));
    unsigned short local = ntohs(local_name(s).sin_port);
    CHECK(local != 0);
    SUCCEEDS(send_bytes(s, "x", 1, &count));
    EQUAL(posix_receive_datagram(peer), 'x');
    posix_send_datagram(other, 'o', local);
    posix_send_datagram(peer, 'p', local);
    SUCCEEDS(receive_bytes(s, &byte, 1, &count, 0));
    EQUAL(byte, 'p');
}

static int send_one_to(SOCKET s, char byte, const struct sockaddr_in *to)
{
    DWORD count;
    WSABUF buffer = {1, &byte};
    return WSPSendTo(s, &buffer, 1, &count, 0, (const struct sockaddr *)to, sizeof *to, NULL, NULL, NULL, &error);
}

TEST(a_datagram_association_can_be_dissolved, "WSPConnect.7 OBS.24")
{
    char byte;
    DWORD count;
    struct sockaddr_in nobody;
    int length;
    startup();
    for (int way = 0; way < 4; way++) {
        unsigned short port = 0;
        int peer = posix_bind_udp(&port);
        struct sockaddr_in address = loopback(port), before;
        SOCKET s = udp();
        /* Bound by the program, by its first send, or by connecting. */
        if (way % 2 == 0) {
            bind_loopback(s);
        } else if (way == 1) {
            SUCCEEDS(send_one_to(s, 'f', &address));
            EQUAL(posix_receive_datagram(peer), 'f');
        }
        SUCCEEDS(connect_to(s, &address));
        before = local_name(s);
        memset(&nobody, 0, sizeof nobody);
        nobody.sin_family = way < 2 ? AF_INET : AF_UNSPEC;
        SUCCEEDS(connect_to(s, &nobody));
        FAILS(send_bytes(s, "x", 1, &count), WSAENOTCONN);
        length = sizeof nobody;
        FAILS(WSPGetPeerName(s, (struct sockaddr *)&nobody, &length, &error), WSAENOTCONN);
        EQUAL(local_name(s).sin_port, before.sin_port);
        SUCCEEDS(send_one_to(s, 'y', &address));
        EQUAL(posix_receive_datagram(peer), 'y');
        FAILS(receive_bytes(s, &byte, 1, &count, 0), WSAENOTCONN);
    }
    memset(&nobody, 0, sizeof nobody);
    SUCCEEDS(connect_to(udp(), &nobody));
}

TEST(a_new_peer_starts_with_an_empty_queue, "WSPConnect.8")
{
    char byte = 0;
    DWORD count;
    unsigned short port = 0, other_port = 0;
    startup();
    int peer = posix_bind_udp(&port), other = posix_bind_udp(&other_port);
    struct sockaddr_in address = loopback(port), other_address = loopback(other_port);
    SOCKET s = udp();
    SUCCEEDS(connect_to(s, &address));
    unsigned short local = ntohs(local_name(s).sin_port);
    posix_send_datagram(peer, 'a', local);
    posix_send_datagram(peer, 'b', local);
    SUCCEEDS(connect_to(s, &address));
    SUCCEEDS(receive_bytes(s, &byte, 1, &count, 0));
    EQUAL(byte, 'a');
    SUCCEEDS(connect_to(s, &other_address));
    posix_send_datagram(other, 'c', local);
    SUCCEEDS(receive_bytes(s, &byte, 1, &count, 0));
    EQUAL(byte, 'c');
}

TEST(broadcasting_needs_the_option, "WSPConnect.9")
{
    startup();
    SOCKET s = udp();
    struct sockaddr_in everybody = loopback(9);
    everybody.sin_addr.s_addr = INADDR_BROADCAST;
    FAILS(connect_to(s, &everybody), WSAEACCES);
    set_option(s, SO_BROADCAST, 1);
    error = 0;
    /* A host without a route to anywhere has nobody to broadcast to. */
    if (connect_to(s, &everybody) != 0)
        EQUAL(error, WSAENETUNREACH);
}

TEST(a_datagram_connect_never_pends, "WSPConnect.6")
{
    unsigned short port = 0;
    startup();
    posix_bind_udp(&port);
    struct sockaddr_in address = loopback(port);
    SOCKET s = udp();
    set_nonblocking(s, 1);
    SUCCEEDS(connect_to(s, &address));
}

static struct sockaddr_un unix_name(void)
{
    struct sockaddr_un name;
    memset(&name, 0, sizeof name);
    name.sun_family = AF_UNIX;
    char path[100];
    posix_temporary_path(path);
    memcpy(name.sun_path, path, sizeof path);
    return name;
}

TEST(a_full_unix_queue_refuses, "WSPListen.5 WSPConnect.3")
{
    startup();
    struct sockaddr_un name = unix_name(), missing = unix_name();
    SOCKET listening = open_socket(AF_UNIX, SOCK_STREAM, 0), s = INVALID_SOCKET;
    SUCCEEDS(WSPBind(listening, (struct sockaddr *)&name, sizeof name, &error));
    SUCCEEDS(WSPListen(listening, 1, &error));
    FAILS(connect_with(open_socket(AF_UNIX, SOCK_STREAM, 0), &missing, sizeof missing), WSAECONNREFUSED);
    missing.sun_path[0] = 0;
    FAILS(connect_with(open_socket(AF_UNIX, SOCK_STREAM, 0), &missing, 2), WSAEADDRNOTAVAIL);
    for (int i = 0; i < 4; i++) {
        s = open_socket(AF_UNIX, SOCK_STREAM, 0);
        error = 0;
        if (connect_with(s, &name, sizeof name) != 0)
            break;
        CHECK(i < 3);
    }
    EQUAL(error, WSAECONNREFUSED);
    CHECK(WSPAccept(listening, NULL, NULL, NULL, 0, &error) != INVALID_SOCKET);
    SUCCEEDS(connect_with(s, &name, sizeof name));
}

static SOCKET within;

static SOCKET WSPAPI connect_within(DWORD entry, SOCKET proposed, LPINT code)
{
    struct sockaddr_in address = loopback(9);
    (void)entry, (void)code;
    FAILS(connect_to(within, &address), WSAEINPROGRESS);
    FAILS(WSPBind(within, (struct sockaddr *)&address, sizeof address, &error), WSAEINPROGRESS);
    FAILS(WSPSocket(AF_INET, SOCK_STREAM, 0, NULL, 0, 0, &error), WSAEINPROGRESS);
    return proposed;
}

TEST(no_call_comes_out_of_a_callback, "C.7 WSPConnect.2 WSPBind.1 WSPSocket.7")
{
    WSPUPCALLTABLE host;
    startup();
    within = tcp();
    memset(&host, 0, sizeof host);
    host.lpWPUModifyIFSHandle = connect_within;
    EQUAL(WSPStartup(MAKEWORD(2, 2), &data, NULL, host, &procs), 0);
    tcp();
}

/* What the kernel may say that cannot be brought about here: errno, code. */
static void injected(int errno_, int code)
{
    unsigned short port;
    startup();
    posix_listen(&port, 5);
    struct sockaddr_in address = loopback(port);
    SOCKET s = tcp(), nonblocking = tcp();
    set_nonblocking(nonblocking, 1);
    posix_inject(SYS_connect, errno_);
    FAILS(connect_to(s, &address), code);
    FAILS(connect_to(nonblocking, &address), code);
    FAILS(connect_to(udp(), &address), code);
}

TEST(no_network, "WSPConnect.3")
{
    injected(ENETDOWN, WSAENETDOWN);
}

TEST(no_buffers, "WSPConnect.3")
{
    injected(ENOBUFS, WSAENOBUFS);
}

TEST(no_answer, "WSPConnect.3")
{
    injected(ETIMEDOUT, WSAETIMEDOUT);
}

TEST(no_route, "WSPConnect.3")
{
    injected(EHOSTUNREACH, WSAENETUNREACH);
}

/* An error that stays while the former peer's datagrams are discarded does not keep the call for ever. */
TEST(a_new_peer_is_had_whatever_ails_the_queue, "WSPConnect.8")
{
    startup();
    SOCKET s = udp();
    struct sockaddr_in first = bind_loopback(udp()), second = bind_loopback(udp());
    SUCCEEDS(connect_to(s, &first));
    posix_inject(SYS_recvfrom, ENETDOWN);
    SUCCEEDS(connect_to(s, &second));
}
