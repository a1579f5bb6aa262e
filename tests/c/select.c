#include "check.h"

#include <errno.h>
#include <sys/mman.h>
#include <time.h>

/* A set of `capacity` handles, for those that fd_set cannot hold. */
struct any_set {
    u_int count;
    SOCKET array[1500];
};

static const struct timeval at_once = {0, 0};

static fd_set set_of(SOCKET s)
{
    fd_set set;
    FD_ZERO(&set);
    FD_SET(s, &set);
    return set;
}

static int poll_sets(fd_set *read, fd_set *write, fd_set *except)
{
    return WSPSelect(0, read, write, except, &at_once, &error);
}

/* What one socket is ready for now: 1 read, 2 write, 4 except. */
static int ready(SOCKET s)
{
    fd_set read = set_of(s), write = set_of(s), except = set_of(s);
    int count = poll_sets(&read, &write, &except);
    CHECK(count >= 0);
    int is = FD_ISSET(s, &read) * 1 + FD_ISSET(s, &write) * 2 + FD_ISSET(s, &except) * 4;
    EQUAL(count, (is & 1) + (is >> 1 & 1) + (is >> 2));
    return is;
}

/* Waits until it is ready for that, at most for the test's time. */
static void await_ready(SOCKET s, int is)
{
    fd_set read = set_of(s), write = set_of(s), except = set_of(s);
    EQUAL(WSPSelect(0, is & 1 ? &read : NULL, is & 2 ? &write : NULL, is & 4 ? &except : NULL, NULL, &error), 1);
}

/* A connected socket whose peer is a POSIX descriptor. */
static SOCKET with_peer(int *peer)
{
    struct sockaddr_in address;
    SOCKET listening = listener(SOMAXCONN, &address);
    *peer = posix_connect(ntohs(address.sin_port));
    CHECK(*peer >= 0);
    SOCKET s = WSPAccept(listening, NULL, NULL, NULL, 0, &error);
    CHECK(s != INVALID_SOCKET);
    SUCCEEDS(WSPCloseSocket(listening, &error));
    return s;
}

TEST(nothing_runs_before_startup, "C.4")
{
    fd_set read = set_of(4);
    FAILS(WSPSelect(0, &read, NULL, NULL, NULL, &error), WSANOTINITIALISED);
}

TEST(nfds_is_ignored, "WSPSelect.1")
{
    int peer;
    startup();
    SOCKET s = with_peer(&peer);
    fd_set write = set_of(s);
    EQUAL(WSPSelect(-12345, NULL, &write, NULL, &at_once, &error), 1);
    EQUAL(write.fd_count, 1);
    EQUAL(WSPSelect(0x7fffffff, NULL, &write, NULL, &at_once, &error), 1);
}

TEST(a_set_is_needed_and_a_socket_in_it, "WSPSelect.2")
{
    int peer;
    fd_set empty;
    FD_ZERO(&empty);
    startup();
    SOCKET s = with_peer(&peer);
    FAILS(WSPSelect(0, NULL, NULL, NULL, &at_once, &error), WSAEINVAL);
    FAILS(WSPSelect(0, NULL, NULL, NULL, NULL, &error), WSAEINVAL);
    FAILS(poll_sets(&empty, NULL, NULL), WSAEINVAL);
    FAILS(poll_sets(&empty, &empty, &empty), WSAEINVAL);
    /* One empty set beside another that is not does no harm. */
    fd_set write = set_of(s);
    EQUAL(poll_sets(&empty, &write, &empty), 1);
}

TEST(the_ready_ones_stay_in_their_order, "WSPSelect.3")
{
    int peers[5];
    SOCKET s[5];
    fd_set read;
    startup();
    FD_ZERO(&read);
    for (int i = 0; i < 5; i++)
        s[i] = with_peer(&peers[i]);
    for (int i = 4; i >= 0; i--)
        FD_SET(s[i], &read);
    posix_write(peers[1], "x", 1);
    posix_write(peers[3], "x", 1);
    await_ready(s[1], 1);
    await_ready(s[3], 1);
    EQUAL(poll_sets(&read, NULL, NULL), 2);
    EQUAL(read.fd_count, 2);
    EQUAL(read.fd_array[0], s[3]);
    EQUAL(read.fd_array[1], s[1]);
}

TEST(the_time_being_over_empties_the_sets, "WSPSelect.3 WSPSelect.7")
{
    int peer;
    startup();
    SOCKET s = with_peer(&peer);
    fd_set read = set_of(s), except = set_of(s);
    struct timeval timeout = {0, 30000};
    long long start = posix_milliseconds();
    EQUAL(WSPSelect(0, &read, NULL, &except, &timeout, &error), 0);
    CHECK(posix_milliseconds() - start >= 29);
    EQUAL(read.fd_count, 0);
    EQUAL(except.fd_count, 0);
    EQUAL(timeout.tv_sec, 0);
    EQUAL(timeout.tv_usec, 30000);
}

TEST(a_listener_is_readable_when_somebody_waits, "WSPSelect.4")
{
    struct sockaddr_in address;
    startup();
    SOCKET s = listener(SOMAXCONN, &address);
    EQUAL(ready(s), 0);
    int client = posix_connect(ntohs(address.sin_port));
    CHECK(client >= 0);
    await_ready(s, 1);
    EQUAL(ready(s), 1);
    CHECK(WSPAccept(s, NULL, NULL, NULL, 0, &error) != INVALID_SOCKET);
    EQUAL(ready(s), 0);
}

TEST(data_makes_readable, "WSPSelect.4 WSPSelect.5")
{
    int peer;
    char text[4];
    DWORD count;
    startup();
    SOCKET s = with_peer(&peer);
    EQUAL(ready(s), 2);
    posix_write(peer, "data", 4);
    await_ready(s, 1);
    EQUAL(ready(s), 1 | 2);
    SUCCEEDS(receive_bytes(s, text, 4, &count, 0));
    EQUAL(ready(s), 2);
}

TEST(the_end_of_a_connection_makes_readable, "WSPSelect.4")
{
    int peer;
    startup();
    SOCKET closed = with_peer(&peer);
    posix_close(peer);
    await_ready(closed, 1);
    EQUAL(ready(closed), 1 | 2);
    SOCKET reset = with_peer(&peer);
    posix_reset(peer);
    await_ready(reset, 1);
    EQUAL(ready(reset) & (1 | 4), 1);
}

TEST(a_full_connection_is_not_writable, "WSPSelect.5")
{
    int peer;
    DWORD count;
    static char bytes[65536];
    startup();
    SOCKET s = with_peer(&peer);
    set_nonblocking(s, 1);
    while (send_bytes(s, bytes, sizeof bytes, &count) == 0)
        ;
    EQUAL(error, WSAEWOULDBLOCK);
    EQUAL(ready(s), 0);
}

TEST(urgent_data_shows_in_the_except_set, "WSPSelect.6")
{
    int peer;
    startup();
    SOCKET s = with_peer(&peer);
    posix_urgent(peer, '!');
    await_ready(s, 4);
    EQUAL(ready(s), 2 | 4);
}

TEST(urgent_data_inline_is_readable, "WSPSelect.4 WSPSelect.6")
{
    int peer;
    BOOL on = TRUE;
    startup();
    SOCKET s = with_peer(&peer);
    SUCCEEDS(WSPSetSockOpt(s, SOL_SOCKET, SO_OOBINLINE, (char *)&on, sizeof on, &error));
    posix_urgent(peer, '!');
    await_ready(s, 1);
    EQUAL(ready(s), 1 | 2);
}

TEST(a_fresh_stream_is_in_no_set, "OBS.22")
{
    struct timeval timeout = {0, 1000};
    startup();
    SOCKET s = tcp();
    EQUAL(ready(s), 0);
    bind_loopback(s);
    EQUAL(ready(s), 0);
    fd_set write = set_of(s);
    EQUAL(WSPSelect(0, NULL, &write, NULL, &timeout, &error), 0);
}

TEST(a_connect_that_succeeds_makes_writable, "WSPSelect.5 WSPConnect.4")
{
    unsigned short port;
    startup();
    int listening = posix_listen(&port, 5);
    struct sockaddr_in address = loopback(port);
    SOCKET s = tcp();
    set_nonblocking(s, 1);
    FAILS(connect_to(s, &address), WSAEWOULDBLOCK);
    await_ready(s, 2);
    EQUAL(ready(s), 2);
    posix_close(listening);
}

/* A port nobody listens on, kept by a socket that is bound to it. */
static struct sockaddr_in refusing(void)
{
    return bind_loopback(tcp());
}

TEST(a_connect_that_fails_shows_in_the_except_set, "WSPSelect.6 WSPConnect.4 OBS.23")
{
    unsigned short port;
    startup();
    struct sockaddr_in nobody = refusing();
    SOCKET s = tcp();
    set_nonblocking(s, 1);
    FAILS(connect_to(s, &nobody), WSAEWOULDBLOCK);
    await_ready(s, 4);
    EQUAL(ready(s), 4);
    EQUAL(ready(s), 4);
    /* Until the next attempt. */
    posix_listen(&port, 5);
    struct sockaddr_in address = loopback(port);
    FAILS(connect_to(s, &address), WSAEWOULDBLOCK);
    await_ready(s, 2);
    EQUAL(ready(s), 2);
}

/* A listener whose queue is full, so that the next connect stays pending: the kernel drops its SYN. */
static struct sockaddr_in unanswering(void)
{
    unsigned short port;
    posix_listen(&port, 0);
    CHECK(posix_connect(port) >= 0);
    return loopback(port);
}

TEST(a_connect_in_progress_is_in_no_set, "OBS.22")
{
    startup();
    struct sockaddr_in address = unanswering();
    SOCKET s = tcp();
    set_nonblocking(s, 1);
    FAILS(connect_to(s, &address), WSAEWOULDBLOCK);
    EQUAL(ready(s), 0);
}

TEST(datagram_sockets_are_writable_and_readable, "WSPSelect.4 WSPSelect.5")
{
    char byte = 'x';
    DWORD count;
    startup();
    SOCKET s = udp(), other = udp();
    EQUAL(ready(s), 2);
    struct sockaddr_in address = bind_loopback(s);
    EQUAL(ready(s), 2);
    SUCCEEDS(connect_to(other, &address));
    SUCCEEDS(send_bytes(other, &byte, 1, &count));
    await_ready(s, 1);
    EQUAL(ready(s), 1 | 2);
}

TEST(a_refused_datagram_makes_readable, "WSPSelect.4 OBS.27")
{
    char byte = 'x';
    DWORD count;
    startup();
    SOCKET gone = udp(), s = udp();
    struct sockaddr_in address = bind_loopback(gone);
    SUCCEEDS(WSPCloseSocket(gone, &error));
    SUCCEEDS(connect_to(s, &address));
    SUCCEEDS(send_bytes(s, &byte, 1, &count));
    await_ready(s, 1);
    EQUAL(ready(s), 1 | 2);
    /* Also when a send has met the news before a receive could report it. */
    SUCCEEDS(send_bytes(s, &byte, 1, &count));
    EQUAL(ready(s) & 1, 1);
    FAILS(receive_bytes(s, &byte, 1, &count, 0), WSAECONNRESET);
}

/* The urgent byte was passed by a receive that knew of urgent data. */
TEST(urgent_data_passed_by_still_shows, "WSPSelect.6 OBS.30")
{
    int peer;
    char bytes[4];
    DWORD count, returned;
    BOOL mark;
    startup();
    SOCKET s = with_peer(&peer);
    SUCCEEDS(WSPIoctl(s, SIOCATMARK, NULL, 0, &mark, sizeof mark, &returned, NULL, NULL, NULL, &error));
    posix_write(peer, "a", 1);
    posix_urgent(peer, '!');
    posix_write(peer, "b", 1);
    await_ready(s, 4);
    for (unsigned total = 0; total < 2; total += count)
        SUCCEEDS(receive_bytes(s, bytes, sizeof bytes, &count, 0));
    EQUAL(ready(s), 2 | 4);
    SUCCEEDS(receive_bytes(s, bytes, 1, &count, MSG_OOB));
    EQUAL(bytes[0], '!');
    EQUAL(ready(s), 2);
}

TEST(a_malformed_timeout_is_refused, "WSPSelect.8")
{
    int peer;
    startup();
    SOCKET s = with_peer(&peer);
    fd_set write = set_of(s);
    static const struct timeval bad[] = {{-1, 0}, {0, -1}, {0, 1000000}, {5, 0x7fffffff}};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++)
        FAILS(WSPSelect(0, NULL, &write, NULL, &bad[i], &error), WSAEINVAL);
    EQUAL(write.fd_count, 1);
    static const struct timeval most = {0, 999999};
    EQUAL(WSPSelect(0, NULL, &write, NULL, &most, &error), 1);
}

TEST(a_shortage_is_a_fault, "WSPSelect.8")
{
    int peer;
    startup();
    SOCKET s = with_peer(&peer);
    fd_set write = set_of(s);
    posix_inject(posix_poll, ENOMEM);
    FAILS(poll_sets(NULL, &write, NULL), WSAEFAULT);
    EQUAL(write.fd_count, 1);
}

TEST(the_network_being_down_is_said, "WSPSelect.3")
{
    int peer;
    startup();
    SOCKET s = with_peer(&peer);
    fd_set write = set_of(s);
    posix_inject(posix_poll, ENETDOWN);
    FAILS(poll_sets(NULL, &write, NULL), WSAENETDOWN);
    EQUAL(write.fd_count, 1);
}

TEST(what_is_no_socket_is_refused_and_the_sets_stay, "WSPSelect.9 OBS.42 C.8")
{
    int peer;
    startup();
    SOCKET s = with_peer(&peer), stale = tcp();
    SUCCEEDS(WSPCloseSocket(stale, &error));
    const SOCKET bad[] = {0, INVALID_SOCKET, stale, s + 1, s + 2, (SOCKET)0x12345678};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        fd_set write = set_of(s), except = set_of(s), read = set_of(s);
        FD_SET(bad[i], &except);
        FAILS(poll_sets(&read, &write, &except), WSAENOTSOCK);
        EQUAL(read.fd_count, 1);
        EQUAL(write.fd_count, 1);
        EQUAL(except.fd_count, 2);
        EQUAL(except.fd_array[0], s);
        EQUAL(except.fd_array[1], bad[i]);
    }
}

TEST(bad_pointers_fault, "OBS.44")
{
    int peer;
    startup();
    SOCKET s = with_peer(&peer);
    fd_set write = set_of(s), *wild = (fd_set *)8;
    FAILS(poll_sets(wild, &write, NULL), WSAEFAULT);
    FAILS(poll_sets(NULL, wild, NULL), WSAEFAULT);
    FAILS(poll_sets(NULL, &write, wild), WSAEFAULT);
    FAILS(WSPSelect(0, NULL, &write, NULL, (struct timeval *)8, &error), WSAEFAULT);
    EQUAL(write.fd_count, 1);
}

TEST(a_set_that_cannot_be_written_leaves_the_others, "OBS.42 OBS.44")
{
    int peer;
    startup();
    SOCKET s = with_peer(&peer);
    char *pages = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    fd_set read = set_of(s), *constant = (fd_set *)pages;
    *constant = set_of(s);
    CHECK(mprotect(pages, 4096, PROT_READ) == 0);
    FAILS(poll_sets(&read, constant, NULL), WSAEFAULT);
    EQUAL(read.fd_count, 1);
}

TEST(only_the_members_are_touched, "NEED-H8")
{
    int peer;
    startup();
    SOCKET s = with_peer(&peer);
    /* A set of one handle at the very end of what can be touched. */
    char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(mprotect(pages + 4096, 4096, PROT_NONE) == 0);
    struct {
        u_int count;
        SOCKET one;
    } *small = (void *)(pages + 4096 - 16);
    small->count = 1;
    small->one = s;
    EQUAL(poll_sets(NULL, (fd_set *)small, NULL), 1);
    EQUAL(small->one, s);
    small->count = 2;
    FAILS(poll_sets(NULL, (fd_set *)small, NULL), WSAEFAULT);
    EQUAL(small->count, 2);
}

TEST(sets_may_be_large_and_hold_duplicates, "OBS.42 NEED-H8")
{
    enum { SOCKETS = 200 };
    static SOCKET s[SOCKETS];
    static struct any_set read, write;
    DWORD count;
    startup();
    for (int i = 0; i < SOCKETS; i++) {
        s[i] = udp();
        struct sockaddr_in address = bind_loopback(s[i]);
        if (i % 3 == 0) {
            SUCCEEDS(connect_to(s[i], &address));
            SUCCEEDS(send_bytes(s[i], "x", 1, &count));
            await_ready(s[i], 1);
        }
    }
    /* More members than the process may have descriptors, each socket several times. */
    write.count = read.count = 1500;
    for (int i = 0; i < 1500; i++)
        read.array[i] = write.array[i] = s[i % SOCKETS];
    int expected = 0;
    for (int i = 0; i < 1500; i++)
        expected += i % SOCKETS % 3 == 0;
    EQUAL(poll_sets((fd_set *)&read, (fd_set *)&write, NULL), expected + 1500);
    EQUAL(read.count, expected);
    EQUAL(write.count, 1500);
    for (int i = 0, kept = 0; i < 1500; i++) {
        EQUAL(write.array[i], s[i % SOCKETS]);
        if (i % SOCKETS % 3 == 0)
            EQUAL(read.array[kept++], s[i % SOCKETS]);
    }
}

TEST(selecting_records_no_events, "WSPSelect.10")
{
    int peer;
    char byte;
    DWORD count;
    startup();
    SOCKET s = with_peer(&peer);
    posix_write(peer, "x", 1);
    await_ready(s, 1);
    /* It takes nothing away: asking again says the same, and the byte is still there. */
    EQUAL(ready(s), 1 | 2);
    EQUAL(ready(s), 1 | 2);
    SUCCEEDS(receive_bytes(s, &byte, 1, &count, 0));
    EQUAL(count, 1);
}

TEST(membership_is_a_test_of_the_array, "WSPSelect.11 WPUFDIsSet.1")
{
    static struct any_set large;
    fd_set set;
    startup();
    FD_ZERO(&set);
    EQUAL(WPUFDIsSet(4, &set), 0);
    FD_SET(4, &set);
    FD_SET(12, &set);
    set.fd_array[2] = 20;
    EQUAL(WPUFDIsSet(4, &set), 1);
    EQUAL(WPUFDIsSet(12, &set), 1);
    EQUAL(WPUFDIsSet(8, &set), 0);
    EQUAL(WPUFDIsSet(20, &set), 0);
    EQUAL(__WSAFDIsSet(12, &set), 1);
    EQUAL(__WSAFDIsSet(20, &set), 0);
    EQUAL(FD_ISSET(12, &set), 1);
    FD_CLR(4, &set);
    EQUAL(WPUFDIsSet(4, &set), 0);
    large.count = 1000;
    large.array[999] = 44;
    large.array[1000] = 48;
    EQUAL(WPUFDIsSet(44, (fd_set *)&large), 1);
    EQUAL(WPUFDIsSet(48, (fd_set *)&large), 0);
    EQUAL(WPUFDIsSet(4, NULL), 0);
    EQUAL(WPUFDIsSet(4, (fd_set *)8), 0);
}

/* A select in a thread of its own, without a time limit unless there is one: then the thread stays until it is let go. */
struct waiting {
    SOCKET s;
    const struct timeval *timeout;
    _Atomic int thread, ended, hold, answer;
    int error;
    u_int left;
    long long milliseconds;
    pthread_t handle;
};

static void *wait_for_data(void *argument)
{
    struct waiting *waiting = argument;
    fd_set read = set_of(waiting->s);
    long long start = posix_milliseconds();
    waiting->thread = posix_thread();
    waiting->answer = WSPSelect(0, &read, NULL, NULL, waiting->timeout, &waiting->error);
    waiting->milliseconds = posix_milliseconds() - start;
    waiting->left = read.fd_count;
    waiting->ended = 1;
    while (waiting->hold)
        sched_yield();
    return NULL;
}

static void start(struct waiting *waiting, SOCKET s, const struct timeval *timeout)
{
    memset(waiting, 0, sizeof *waiting);
    waiting->s = s;
    waiting->timeout = timeout;
    waiting->hold = timeout != NULL;
    EQUAL(pthread_create(&waiting->handle, NULL, wait_for_data, waiting), 0);
    while (waiting->thread == 0)
        sched_yield();
}

static void start_waiting(struct waiting *waiting, SOCKET s)
{
    start(waiting, s, NULL);
    posix_await_call(waiting->thread, posix_poll);
}

static _Atomic int interruptions;

static void interrupt(int number)
{
    (void)number;
    interruptions++;
}

TEST(a_wait_without_end_ends_with_data, "WSPSelect.7")
{
    int peer;
    struct waiting waiting;
    startup();
    SOCKET s = with_peer(&peer);
    start_waiting(&waiting, s);
    posix_write(peer, "x", 1);
    pthread_join(waiting.handle, NULL);
    EQUAL(waiting.answer, 1);
}

TEST(signals_make_the_wait_neither_shorter_nor_longer, "WSPSelect.7")
{
    int peer;
    struct waiting waiting;
    static const struct timeval timeout = {0, 200000};
    static const struct timespec pace = {0, 10000000};
    startup();
    SOCKET s = with_peer(&peer);
    start(&waiting, s, &timeout);
    for (int i = 0; i < 200 && !waiting.ended; i++) {
        posix_signal(waiting.thread, interrupt);
        nanosleep(&pace, NULL);
    }
    waiting.hold = 0;
    pthread_join(waiting.handle, NULL);
    EQUAL(waiting.answer, 0);
    CHECK(interruptions > 0);
    CHECK(waiting.milliseconds >= 199);
    CHECK(waiting.milliseconds < 2000);
}

static int cancelled, in_progress;

static void cancel(int number)
{
    int code = 0;
    (void)number;
    fd_set none = set_of(4);
    if (WSPSelect(0, &none, NULL, NULL, &at_once, &code) == SOCKET_ERROR)
        in_progress = code;
    cancelled = WSPCancelBlockingCall(&code);
}

TEST(a_wait_can_be_cancelled, "WSPSelect.12 WSPCancelBlockingCall.1 WSPCancelBlockingCall.5 C.7 OBS.42")
{
    int peer;
    struct waiting waiting;
    startup();
    SOCKET s = with_peer(&peer);
    start_waiting(&waiting, s);
    cancelled = 1;
    posix_signal(waiting.thread, cancel);
    pthread_join(waiting.handle, NULL);
    EQUAL(waiting.answer, SOCKET_ERROR);
    EQUAL(waiting.error, WSAEINTR);
    EQUAL(waiting.left, 1);
    EQUAL(cancelled, 0);
    EQUAL(in_progress, WSAEINPROGRESS);
    posix_write(peer, "x", 1);
    await_ready(s, 1);
}

static _Atomic int outcome;

static void cancel_if_waiting(int number)
{
    int code = 0;
    (void)number;
    outcome = WSPCancelBlockingCall(&code) == 0 ? 1 : 2;
}

static void *wait_again_and_again(void *argument)
{
    struct waiting *waiting = argument;
    waiting->thread = posix_thread();
    for (int round = 0; round < 40000; round++) {
        fd_set read = set_of(waiting->s);
        int answer = WSPSelect(0, &read, NULL, NULL, NULL, &waiting->error);
        if (answer != SOCKET_ERROR || waiting->error != WSAEINTR)
            break;
        waiting->answer++;
    }
    waiting->milliseconds = 1;
    return NULL;
}

/* Signals come at any moment of the call; each that finds it there ends it, without a second one. */
TEST(no_cancel_is_lost, "WSPCancelBlockingCall.3 WSPSelect.12")
{
    struct waiting waiting;
    startup();
    memset(&waiting, 0, sizeof waiting);
    waiting.s = udp();
    EQUAL(pthread_create(&waiting.handle, NULL, wait_again_and_again, &waiting), 0);
    while (waiting.thread == 0)
        sched_yield();
    int cancels = 0;
    while (cancels < 40000) {
        outcome = 0;
        posix_signal(waiting.thread, cancel_if_waiting);
        while (outcome == 0)
            ;
        if (outcome == 2)
            continue;
        cancels++;
        while (waiting.answer < cancels)
            ;
    }
    pthread_join(waiting.handle, NULL);
    EQUAL(waiting.answer, 40000);
}

/* Whatever its state, a socket that is closed ends the wait for it. */
static void closing_ends_the_wait(SOCKET s)
{
    struct waiting waiting;
    start_waiting(&waiting, s);
    SUCCEEDS(WSPCloseSocket(s, &error));
    pthread_join(waiting.handle, NULL);
    EQUAL(waiting.answer, SOCKET_ERROR);
    EQUAL(waiting.error, WSAENOTSOCK);
    EQUAL(waiting.left, 1);
}

TEST(closing_a_socket_ends_the_wait_for_it, "WSPSelect.9 C.8")
{
    int peer;
    struct sockaddr_in address;
    startup();
    closing_ends_the_wait(with_peer(&peer));
    closing_ends_the_wait(listener(SOMAXCONN, &address));
    closing_ends_the_wait(tcp());
    SOCKET bound = udp();
    bind_loopback(bound);
    closing_ends_the_wait(bound);
    closing_ends_the_wait(udp());
}

TEST(a_dead_connection_does_not_spin, "WSPSelect.6")
{
    int peer;
    struct timeval timeout = {0, 300000};
    startup();
    SOCKET s = with_peer(&peer);
    posix_reset(peer);
    await_ready(s, 1);
    fd_set except = set_of(s);
    long long before = posix_processor_milliseconds();
    EQUAL(WSPSelect(0, NULL, NULL, &except, &timeout, &error), 0);
    CHECK(posix_processor_milliseconds() - before < 30);
}

/* A host whose table has a blocking hook. */
static int hooks;

static BOOL CALLBACK hook(DWORD_PTR context)
{
    (void)context;
    return ++hooks < 3;
}

static int WSPAPI query_hook(DWORD entry, LPBLOCKINGCALLBACK *callback, PDWORD_PTR context, LPINT code)
{
    (void)entry;
    (void)code;
    *callback = hook;
    *context = 0;
    return 0;
}

TEST(the_blocking_hook_runs_unless_polling, "WSPSelect.7 WSPSelect.12")
{
    WSPUPCALLTABLE table;
    memset(&table, 0, sizeof table);
    table.lpWPUQueryBlockingCallback = query_hook;
    EQUAL(WSPStartup(MAKEWORD(2, 2), &data, NULL, table, &procs), 0);
    SOCKET s = udp();
    fd_set read = set_of(s);
    EQUAL(poll_sets(&read, NULL, NULL), 0);
    EQUAL(hooks, 0);
    read = set_of(s);
    FAILS(WSPSelect(0, &read, NULL, NULL, NULL, &error), WSAEINTR);
    EQUAL(hooks, 3);
    EQUAL(read.fd_count, 1);
}
