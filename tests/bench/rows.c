/* The work of the benchmark, compiled with -DPOSIX, with -DWINSOCK and with neither. */
#include "ops.h"

#include <pthread.h>
#include <stdatomic.h>

enum { SMALL = 64, LARGE = 64 << 10, MANY = 512 };

static char room[2][LARGE];

#ifdef SPI
WSPPROC_TABLE procs;
#endif

void SIDE(start)(void)
{
    op_start();
}

/* ends[0] and ends[1] are connected with each other; so are ends[2] and ends[3]. */
static sock ends[4];

static void open_pair(sock *pair)
{
    open_listener(op_socket(SOCK_STREAM), SOMAXCONN);
    pair[0] = op_socket(SOCK_STREAM);
    op_connect(pair[0], &served);
    pair[1] = op_accept(listening);
    close_listener();
}

static void close_pair(sock *pair)
{
    op_close(pair[1]);
    op_close(pair[0]);
}

static void open_tcp(void)
{
    open_pair(ends);
}

static void close_tcp(void)
{
    close_pair(ends);
}

static address places[2];

static void open_udp(void)
{
    for (int end = 0; end < 2; end++) {
        ends[end] = op_socket(SOCK_DGRAM);
        places[end] = bind_loopback(ends[end]);
    }
}

/* ---- Calls that do nothing ----------------------------------------------------------------------- */

static void open_two_pairs(void)
{
    open_pair(ends);
    open_pair(ends + 2);
}

static void open_empty(void)
{
    open_two_pairs();
    op_nonblocking(ends[0]);
    op_nonblocking(ends[2]);
}

static void close_two_pairs(void)
{
    close_pair(ends);
    close_pair(ends + 2);
}

static void run_recv_empty(unsigned long count, int thread)
{
    sock s = ends[2 * thread];
    while (count-- > 0)
        op_receive_nothing(s, room[thread], SMALL);
}

static void run_getsockopt(unsigned long count, int thread)
{
    (void)thread;
    while (count-- > 0)
        op_keepalive(ends[0]);
}

static void open_listening(void)
{
    open_listener(op_socket(SOCK_STREAM), SOMAXCONN);
}

static void run_listen_again(unsigned long count, int thread)
{
    (void)thread;
    while (count-- > 0)
        op_listen(listening, SOMAXCONN);
}

/* ---- Transfer ------------------------------------------------------------------------------------ */

static void receive_all(sock s, char *bytes, unsigned length)
{
    while (length > 0) {
        unsigned came = op_receive(s, bytes, length);
        MUST(came > 0, 0);
        length -= came;
    }
}

static void run_tcp_alone(unsigned long count, int thread)
{
    while (count-- > 0) {
        op_send(ends[0], room[thread], SMALL);
        receive_all(ends[1], room[thread], SMALL);
        op_send(ends[1], room[thread], SMALL);
        receive_all(ends[0], room[thread], SMALL);
    }
}

static void run_udp_alone(unsigned long count, int thread)
{
    address from;
    while (count-- > 0) {
        op_send_to(ends[0], room[thread], SMALL, &places[1]);
        op_receive_from(ends[1], room[thread], SMALL, &from);
        op_send_to(ends[1], room[thread], SMALL, &from);
        op_receive_from(ends[0], room[thread], SMALL, &from);
    }
}

/* The other end has a thread of its own, told how much to do through the socket itself. */
static pthread_t peer;
static _Atomic unsigned long orders;

static void start_peer(void *(*body)(void *))
{
    MUST(pthread_create(&peer, NULL, body, NULL) == 0, 0);
}

static void *echo_tcp(void *argument)
{
    unsigned came;
    while ((came = op_receive(ends[1], room[1], SMALL)) > 0)
        op_send(ends[1], room[1], came);
    return argument;
}

static void open_tcp_echo(void)
{
    open_pair(ends);
    start_peer(echo_tcp);
}

static void close_with_peer(void)
{
    op_close(ends[0]);
    pthread_join(peer, NULL);
    op_close(ends[1]);
}

static void run_tcp_echo(unsigned long count, int thread)
{
    while (count-- > 0) {
        op_send(ends[0], room[thread], SMALL);
        receive_all(ends[0], room[thread], SMALL);
    }
}

static void *echo_udp(void *argument)
{
    address from;
    do {
        op_receive_from(ends[1], room[1], SMALL, &from);
        op_send_to(ends[1], room[1], SMALL, &from);
    } while (room[1][0] == 0);
    return argument;
}

static void open_udp_echo(void)
{
    open_udp();
    start_peer(echo_udp);
}

static void run_udp_echo(unsigned long count, int thread)
{
    address from;
    while (count-- > 0) {
        op_send_to(ends[0], room[thread], SMALL, &places[1]);
        op_receive_from(ends[0], room[thread], SMALL, &from);
    }
}

static void close_udp_echo(void)
{
    room[0][0] = 1;
    run_udp_echo(1, 0);
    room[0][0] = 0;
    close_with_peer();
}

/* Takes what was ordered, says so, and waits for the next order; ends with the connection. */
static void *sink(void *argument)
{
    for (;;) {
        unsigned came = op_receive(ends[1], room[1], LARGE);
        if (came == 0)
            return argument;
        if (atomic_fetch_sub(&orders, came) == came)
            op_send(ends[1], room[1], 1);
    }
}

static void open_stream(void)
{
    open_pair(ends);
    start_peer(sink);
}

static void run_stream(unsigned long count, int thread)
{
    atomic_store(&orders, count * LARGE);
    while (count-- > 0)
        op_send(ends[0], room[thread], LARGE);
    receive_all(ends[0], room[thread], 1);
}

/* ---- Select -------------------------------------------------------------------------------------- */

static sock many[MANY];
static set members;

/* So many sockets, of which the last has something to read. */
static void open_set(int count)
{
    FD_ZERO(&members);
    for (int at = 0; at < count; at++) {
        many[at] = op_socket(SOCK_DGRAM);
        served = bind_loopback(many[at]);
        FD_SET(many[at], &members);
    }
    op_send_to(many[0], room[0], SMALL, &served);
}

static void run_set(unsigned long count, int sockets)
{
    static set readable;
    while (count-- > 0) {
        op_set_copy(&readable, &members);
        MUST(op_select(&readable, many[sockets - 1]) == 1, 0);
    }
}

static void close_set(int count)
{
    for (int at = 0; at < count; at++)
        op_close(many[at]);
}

#define SELECT(count)                                                                                                  \
    static void open_set_##count(void)                                                                                 \
    {                                                                                                                  \
        open_set(count);                                                                                               \
    }                                                                                                                  \
    static void run_set_##count(unsigned long times, int thread)                                                       \
    {                                                                                                                  \
        (void)thread;                                                                                                  \
        run_set(times, count);                                                                                         \
    }                                                                                                                  \
    static void close_set_##count(void)                                                                                \
    {                                                                                                                  \
        close_set(count);                                                                                              \
    }

SELECT(1)
SELECT(16)
SELECT(64)
SELECT(512)

/* A select that has to wait: the answer comes from another thread. */
static void run_select_wait(unsigned long count, int thread)
{
    static set readable;
    FD_ZERO(&members);
    FD_SET(ends[0], &members);
    while (count-- > 0) {
        op_send(ends[0], room[thread], SMALL);
        op_set_copy(&readable, &members);
        MUST(op_select(&readable, ends[0]) == 1, 0);
        receive_all(ends[0], room[thread], SMALL);
    }
}

/* ---- From birth to death ------------------------------------------------------------------------- */

static void run_socket(unsigned long count, int thread)
{
    (void)thread;
    while (count-- > 0)
        op_close(op_socket(SOCK_STREAM));
}

static void listen_and_close(unsigned long count, int backlog)
{
    const address at = loopback();
    while (count-- > 0) {
        sock s = op_socket(SOCK_STREAM);
        op_bind(s, &at);
        op_listen(s, backlog);
        op_close(s);
    }
}

static void run_listen(unsigned long count, int thread)
{
    (void)thread;
    listen_and_close(count, SOMAXCONN);
}

static void run_listen_strict(unsigned long count, int thread)
{
    (void)thread;
    listen_and_close(count, 5);
}

static void open_listener_strict(void)
{
    open_listener(op_socket(SOCK_STREAM), 128);
}

/* The accepting end closes first, so that the client's port is free again at once. */
static void run_connect(unsigned long count, int thread)
{
    (void)thread;
    while (count-- > 0) {
        sock client = op_socket(SOCK_STREAM);
        op_connect(client, &served);
        op_close(op_accept(listening));
        op_close(client);
    }
}

/* ---- What stays ---------------------------------------------------------------------------------- */

enum { IDLE = 10000 };

static sock idle[IDLE];
static unsigned long idle_count;

static void run_idle(unsigned long count, int thread)
{
    (void)thread;
    for (idle_count = 0; idle_count < count && idle_count < IDLE; idle_count++)
        idle[idle_count] = op_socket(SOCK_STREAM);
}

static void close_idle(void)
{
    while (idle_count > 0)
        op_close(idle[--idle_count]);
}

#ifdef SPI

/* ---- The library alone --------------------------------------------------------------------------- */

/*
 * A look-up by itself: WSPShutdown with an absurd `how` fails right after it; with a handle that cannot be one, right
 * before. Everything else of the two calls is the same.
 */
static void fail_to_shut_down(sock s, int code, unsigned long count)
{
    while (count-- > 0) {
        int error = 0;
        MUST(procs.lpWSPShutdown(s, 99, &error) == SOCKET_ERROR && error == code, error);
    }
}

static void run_look_up(unsigned long count, int thread)
{
    fail_to_shut_down(ends[2 * thread], WSAEINVAL, count);
}

static void run_look_up_shared(unsigned long count, int thread)
{
    (void)thread;
    fail_to_shut_down(ends[0], WSAEINVAL, count);
}

static void run_no_look_up(unsigned long count, int thread)
{
    fail_to_shut_down(ends[2 * thread] | 1, WSAENOTSOCK, count);
}

static void run_startup(unsigned long count, int thread)
{
    (void)thread;
    while (count-- > 0) {
        op_start();
        op_cleanup();
    }
}

#endif

const struct work SIDE(work)[] = {
    {"recv-empty", open_empty, run_recv_empty, close_two_pairs},
    {"getsockopt", open_tcp, run_getsockopt, close_tcp},
    {"listen-again", open_listening, run_listen_again, close_listener},
    {"tcp-alone", open_tcp, run_tcp_alone, close_tcp},
    {"tcp-echo", open_tcp_echo, run_tcp_echo, close_with_peer},
    {"stream", open_stream, run_stream, close_with_peer},
    {"udp-alone", open_udp, run_udp_alone, close_tcp},
    {"udp-echo", open_udp_echo, run_udp_echo, close_udp_echo},
    {"select-1", open_set_1, run_set_1, close_set_1},
    {"select-16", open_set_16, run_set_16, close_set_16},
    {"select-64", open_set_64, run_set_64, close_set_64},
    {"select-512", open_set_512, run_set_512, close_set_512},
    {"select-wait", open_tcp_echo, run_select_wait, close_with_peer},
    {"socket", NULL, run_socket, NULL},
    {"listen", NULL, run_listen, NULL},
    {"listen-strict", NULL, run_listen_strict, NULL},
    {"connect", open_listening, run_connect, close_listener},
    {"connect-strict", open_listener_strict, run_connect, close_listener},
    {"idle", NULL, run_idle, close_idle},
#ifdef SPI
    {"look-up", open_two_pairs, run_look_up, close_two_pairs},
    {"look-up-baseline", open_two_pairs, run_no_look_up, close_two_pairs},
    {"look-up-shared", open_two_pairs, run_look_up_shared, close_two_pairs},
    {"look-up-shared-baseline", open_two_pairs, run_no_look_up, close_two_pairs},
    {"startup", NULL, run_startup, NULL},
#endif
    {NULL, NULL, NULL, NULL},
};
