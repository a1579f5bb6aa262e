/* WSPCloseSocket: every linger case, and those who block meanwhile. */
#include "check.h"

#include <errno.h>
#include <sched.h>
#include <sys/syscall.h>

static void set_linger(SOCKET s, int on, int seconds)
{
    struct linger linger = {(u_short)on, (u_short)seconds};
    SUCCEEDS(WSPSetSockOpt(s, SOL_SOCKET, SO_LINGER, (char *)&linger, sizeof linger, &error));
}

/* Sends until nothing more goes; how much that was. */
static unsigned long fill(SOCKET s)
{
    static char block[65536];
    unsigned long total = 0;
    DWORD count;
    set_nonblocking(s, 1);
    while (send_bytes(s, block, sizeof block, &count) == 0)
        total += count;
    EQUAL(error, WSAEWOULDBLOCK);
    return total;
}

static unsigned long drain(int peer)
{
    static char block[65536];
    unsigned long total = 0, got;
    while ((got = posix_read(peer, block, sizeof block)) > 0)
        total += got;
    return total;
}

TEST(a_closed_handle_is_no_socket, "WSPCloseSocket.1 C.8")
{
    startup();
    SOCKET s = tcp();
    SUCCEEDS(WSPCloseSocket(s, &error));
    FAILS(WSPCloseSocket(s, &error), WSAENOTSOCK);
    FAILS(WSPShutdown(s, SD_BOTH, &error), WSAENOTSOCK);
}

/* By default closing returns at once and the data still arrives, blocking socket or not. */
TEST(by_default_data_is_sent_in_the_background, "WSPCloseSocket.5 WSPCloseSocket.10")
{
    int peer;
    startup();
    for (int nonblocking = 0; nonblocking < 2; nonblocking++) {
        SOCKET s = connect_posix(&peer);
        unsigned long sent = fill(s);
        set_nonblocking(s, (u_long)nonblocking);
        long long before = posix_milliseconds();
        SUCCEEDS(WSPCloseSocket(s, &error));
        CHECK(posix_milliseconds() - before < 5000);
        EQUAL(drain(peer), sent);
        posix_close(peer);
    }
}

TEST(linger_of_no_time_resets, "WSPCloseSocket.6")
{
    int peer;
    startup();
    SOCKET s = connect_posix(&peer);
    fill(s);
    set_linger(s, 1, 0);
    SUCCEEDS(WSPCloseSocket(s, &error));
    EQUAL(posix_drain(peer, NULL), -ECONNRESET);
}

static void *drain_soon(void *peer)
{
    return (void *)drain(*(int *)peer);
}

/* A blocking socket waits until the peer has everything. */
TEST(linger_waits_for_the_data, "WSPCloseSocket.7")
{
    int peer;
    pthread_t thread;
    void *got;
    startup();
    SOCKET s = connect_posix(&peer);
    unsigned long sent = fill(s);
    set_nonblocking(s, 0);
    set_linger(s, 1, 30);
    CHECK(pthread_create(&thread, NULL, drain_soon, &peer) == 0);
    SUCCEEDS(WSPCloseSocket(s, &error));
    pthread_join(thread, &got);
    EQUAL((unsigned long)got, sent);
}

TEST(linger_resets_when_the_time_is_over, "WSPCloseSocket.7")
{
    int peer;
    startup();
    SOCKET s = connect_posix(&peer);
    fill(s);
    set_nonblocking(s, 0);
    set_linger(s, 1, 1);
    long long before = posix_milliseconds();
    SUCCEEDS(WSPCloseSocket(s, &error));
    CHECK(posix_milliseconds() - before >= 1000);
    EQUAL(posix_drain(peer, NULL), -ECONNRESET);
}

static int closing_thread;

static void *close_lingering(void *s)
{
    __atomic_store_n(&closing_thread, posix_thread(), __ATOMIC_RELEASE);
    SUCCEEDS(WSPCloseSocket(*(SOCKET *)s, &error));
    return NULL;
}

static void cancel(int signal)
{
    int code;
    (void)signal;
    WSPCancelBlockingCall(&code);
}

/* The wait can be cancelled: closing returns, and the data goes on to the peer. */
TEST(a_cancelled_wait_leaves_the_data_to_the_background, "WSPCloseSocket.7 WSPCancelBlockingCall.1")
{
    int peer, thread;
    pthread_t closing;
    startup();
    SOCKET s = connect_posix(&peer);
    unsigned long sent = fill(s);
    set_nonblocking(s, 0);
    set_linger(s, 1, 60);
    CHECK(pthread_create(&closing, NULL, close_lingering, &s) == 0);
    while ((thread = __atomic_load_n(&closing_thread, __ATOMIC_ACQUIRE)) == 0)
        sched_yield();
    posix_await_call(thread, SYS_clock_nanosleep);
    long long before = posix_milliseconds();
    posix_signal(thread, cancel);
    pthread_join(closing, NULL);
    CHECK(posix_milliseconds() - before < 20000);
    EQUAL(drain(peer), sent);
}

/* A non-blocking one refuses: the handle stays valid, and the connection as it was. */
TEST(a_nonblocking_socket_that_lingers_would_block, "WSPCloseSocket.8 WSPCloseSocket.9")
{
    int peer;
    startup();
    SOCKET s = connect_posix(&peer);
    unsigned long sent = fill(s);
    set_linger(s, 1, 5);
    FAILS(WSPCloseSocket(s, &error), WSAEWOULDBLOCK);
    FAILS(WSPCloseSocket(s, &error), WSAEWOULDBLOCK);
    char byte;
    DWORD count;
    FAILS(receive_bytes(s, &byte, 1, &count, 0), WSAEWOULDBLOCK);
    SUCCEEDS(WSPShutdown(s, SD_SEND, &error));
    SUCCEEDS(WSPCloseSocket(s, &error));
    EQUAL(drain(peer), sent);
}

TEST(lingering_ends_when_it_is_switched_off, "WSPCloseSocket.9")
{
    int peer;
    startup();
    SOCKET s = connect_posix(&peer);
    unsigned long sent = fill(s);
    set_linger(s, 1, 5);
    FAILS(WSPCloseSocket(s, &error), WSAEWOULDBLOCK);
    set_linger(s, 0, 0);
    SUCCEEDS(WSPCloseSocket(s, &error));
    EQUAL(drain(peer), sent);
    s = connect_posix(&peer);
    fill(s);
    set_linger(s, 1, 5);
    FAILS(WSPCloseSocket(s, &error), WSAEWOULDBLOCK);
    set_linger(s, 1, 0);
    SUCCEEDS(WSPCloseSocket(s, &error));
    EQUAL(posix_drain(peer, NULL), -ECONNRESET);
}

/* Closing one of two handles ends nothing, and so waits for nothing; the last one does. */
TEST(only_the_last_handle_lingers, "WSPCloseSocket.6 WSPCloseSocket.7 WSPCloseSocket.8 WSPDuplicateSocket.4")
{
    WSAPROTOCOL_INFOW info;
    int peer;
    startup();
    SOCKET first = connect_posix(&peer);
    for (int i = 0; i < 2; i++) {
        SUCCEEDS(WSPDuplicateSocket(first, (DWORD)posix_process(), &info, &error));
        SOCKET second = WSPSocket(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info, 0, 0, &error);
        CHECK(second != INVALID_SOCKET);
        if (i == 0)
            fill(first);
        set_linger(first, 1, i == 0 ? 30 : 0);
        SUCCEEDS(WSPCloseSocket(first, &error));
        first = second;
    }
    set_linger(first, 1, 1);
    FAILS(WSPCloseSocket(first, &error), WSAEWOULDBLOCK);
    set_nonblocking(first, 0);
    long long before = posix_milliseconds();
    SUCCEEDS(WSPCloseSocket(first, &error));
    CHECK(posix_milliseconds() - before >= 1000);
    EQUAL(posix_drain(peer, NULL), -ECONNRESET);
    /* That the time of an earlier handle was 0 does not matter either. */
    first = connect_posix(&peer);
    unsigned long sent = fill(first), got;
    SUCCEEDS(WSPDuplicateSocket(first, (DWORD)posix_process(), &info, &error));
    SOCKET second = WSPSocket(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info, 0, 0, &error);
    set_linger(first, 1, 0);
    SUCCEEDS(WSPCloseSocket(first, &error));
    set_linger(second, 0, 0);
    SUCCEEDS(WSPCloseSocket(second, &error));
    EQUAL(posix_drain(peer, &got), 0);
    EQUAL(got, sent);
}

/* With nothing to send a socket that lingers closes at once. */
TEST(an_idle_socket_does_not_linger, "WSPCloseSocket.8")
{
    int peer;
    char byte;
    startup();
    SOCKET s = connect_posix(&peer);
    set_nonblocking(s, 1);
    set_linger(s, 1, 30);
    SUCCEEDS(WSPCloseSocket(s, &error));
    EQUAL(posix_read(peer, &byte, 1), 0);
}

struct blocked {
    SOCKET s;
    int code;
};

static void *receive_until_closed(void *given)
{
    struct blocked *blocked = given;
    char byte;
    DWORD count;
    blocked->code = receive_bytes(blocked->s, &byte, 1, &count, 0) == 0 ? 0 : error;
    return NULL;
}

TEST(closing_ends_a_blocked_receive, "WSPCloseSocket.2")
{
    int peer;
    startup();
    SOCKET sockets[] = {connect_posix(&peer), udp()};
    bind_loopback(sockets[1]);
    for (int i = 0; i < 2; i++) {
        pthread_t thread;
        struct blocked blocked = {sockets[i], 0};
        CHECK(pthread_create(&thread, NULL, receive_until_closed, &blocked) == 0);
        posix_wait_until_blocked(1);
        SUCCEEDS(WSPCloseSocket(blocked.s, &error));
        pthread_join(thread, NULL);
        EQUAL(blocked.code, WSAEINTR);
    }
}

/* Closing in the process that forked leaves the child's connection alone, and still ends who blocks here. */
TEST(closing_spares_the_copy_of_a_forked_child, "WSPCloseSocket.1 WSPCloseSocket.2")
{
    int peer, go[2];
    char byte;
    pthread_t thread;
    startup();
    SOCKET s = connect_posix(&peer);
    posix_pipe(go);
    int child = posix_fork();
    if (child == 0) {
        DWORD count;
        posix_read(go[0], &byte, 1);
        SUCCEEDS(send_bytes(s, "x", 1, &count));
        SUCCEEDS(WSPCloseSocket(s, &error));
        _Exit(0);
    }
    struct blocked blocked = {s, 0};
    CHECK(pthread_create(&thread, NULL, receive_until_closed, &blocked) == 0);
    posix_wait_until_blocked(1);
    SUCCEEDS(WSPCloseSocket(s, &error));
    pthread_join(thread, NULL);
    EQUAL(blocked.code, WSAEINTR);
    posix_put(go[1], "g", 1);
    EQUAL(posix_wait(child), 0);
    EQUAL(posix_read(peer, &byte, 1), 1);
    EQUAL(posix_read(peer, &byte, 1), 0);
}

/* Nor does the last cleanup of a forked child reset what its parent goes on with. */
TEST(a_cleanup_in_a_forked_child_spares_the_parent, "WSPCleanup.5")
{
    int peer;
    DWORD count;
    char byte;
    startup();
    SOCKET s = connect_posix(&peer);
    int child = posix_fork();
    if (child == 0) {
        SUCCEEDS(WSPCleanup(&error));
        _Exit(0);
    }
    EQUAL(posix_wait(child), 0);
    SUCCEEDS(send_bytes(s, "x", 1, &count));
    SUCCEEDS(WSPCloseSocket(s, &error));
    EQUAL(posix_read(peer, &byte, 1), 1);
    EQUAL(posix_read_error(peer), 0);
}

/* Connections that nobody accepted are reset, wherever they waited. */
TEST(closing_a_listener_resets_who_waits, "WSPCloseSocket.1")
{
    struct sockaddr_in address;
    static const int backlogs[] = {SOMAXCONN, 2};
    startup();
    for (int i = 0; i < 2; i++) {
        SOCKET listening = listener(backlogs[i], &address);
        int first = posix_connect(ntohs(address.sin_port)), second = posix_connect(ntohs(address.sin_port));
        if (backlogs[i] == 2)
            EQUAL(posix_connect(ntohs(address.sin_port)), -ECONNREFUSED);
        SUCCEEDS(WSPCloseSocket(listening, &error));
        EQUAL(posix_read_error(first), ECONNRESET);
        EQUAL(posix_read_error(second), ECONNRESET);
        EQUAL(posix_connect(ntohs(address.sin_port)), -ECONNREFUSED);
    }
}

TEST(no_descriptor_is_left, "WSPCloseSocket.1")
{
    struct sockaddr_in address;
    SOCKET pair[2];
    startup();
    int before = posix_open_descriptors();
    for (int i = 0; i < 20; i++) {
        tcp_pair(pair);
        SUCCEEDS(WSPCloseSocket(pair[0], &error));
        SUCCEEDS(WSPCloseSocket(pair[1], &error));
        SUCCEEDS(WSPCloseSocket(listener(3, &address), &error));
    }
    /* The watching thread closes its own when it has noticed. */
    for (long long end = posix_milliseconds() + 10000; posix_open_descriptors() != before;)
        CHECK(posix_milliseconds() < end);
}
