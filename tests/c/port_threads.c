/* Many threads at one completion port: each packet comes out once, and none is lost. */
#include "port.h"
#include "waits.h"

#include <sched.h>

#define QUIT 0xdead

/* ---- Echo ---- */

enum { SOCKETS = 24, SIZE = 64, SENDS = 61 };

/* One side of an echo: a receive is posted, what came is sent back, and so on until the stream ends. */
struct side {
    OVERLAPPED overlapped;
    SOCKET socket;
    int sending;
    char bytes[SIZE];
    unsigned long echoed;
    /* How many requests are on their way: 1, or 0 after the end. */
    int outstanding;
};

static struct side sides[SOCKETS];
static int ended, packets;

static void next_request(struct side *side, DWORD count)
{
    memset(&side->overlapped, 0, sizeof side->overlapped);
    EQUAL(__atomic_fetch_add(&side->outstanding, 1, __ATOMIC_SEQ_CST), 0);
    int code = side->sending ? send_later(side->socket, side->bytes, count, &side->overlapped)
                             : receive_later(side->socket, side->bytes, SIZE, &side->overlapped);
    CHECK(code == 0 || code == WSA_IO_PENDING);
}

static void serve(const struct packet *packet)
{
    struct side *side = (struct side *)packet->overlapped;
    CHECK(side == &sides[packet->key]);
    CHECK(packet->succeeded);
    __atomic_fetch_add(&packets, 1, __ATOMIC_RELAXED);
    /* A packet that came twice would find the request ended. */
    EQUAL(__atomic_fetch_sub(&side->outstanding, 1, __ATOMIC_SEQ_CST), 1);
    if (side->sending)
        side->echoed += packet->bytes;
    if (packet->bytes == 0) {
        __atomic_fetch_add(&ended, 1, __ATOMIC_SEQ_CST);
        return;
    }
    side->sending = !side->sending;
    next_request(side, packet->bytes);
}

/* Serves until it is told to quit. */
static void *serve_all(void *port)
{
    for (;;) {
        struct packet packet = take(port, INFINITE);
        if (packet.key == QUIT)
            return NULL;
        serve(&packet);
    }
}

/* Serves a few packets with a short patience, and goes; somebody else must have the rest. */
static void *serve_some(void *port)
{
    for (int i = 0; i < 20; i++) {
        struct packet packet = take(port, (DWORD)(i % 3));
        if (packet.overlapped != NULL)
            serve(&packet);
    }
    return NULL;
}

static void *serve_alertably(void *port)
{
    for (;;) {
        OVERLAPPED_ENTRY entries[3];
        ULONG count;
        DOES(GetQueuedCompletionStatusEx(port, entries, 3, &count, INFINITE, TRUE));
        for (ULONG i = 0; i < count; i++) {
            if (entries[i].lpCompletionKey == QUIT) {
                /* Whatever else was taken is not this thread's to keep. */
                for (i++; i < count; i++)
                    DOES(PostQueuedCompletionStatus(port, 0, entries[i].lpCompletionKey, entries[i].lpOverlapped));
                return NULL;
            }
            struct packet packet = {TRUE, 0, entries[i].dwNumberOfBytesTransferred, entries[i].lpCompletionKey,
                                    entries[i].lpOverlapped};
            serve(&packet);
        }
    }
}

/* The peers: each sends messages in its turn, some before it reads the answers, and checks what comes back. */
static void *talk(void *argument)
{
    int *peers = argument;
    for (unsigned round = 0; round < SENDS; round++)
        for (int i = 0; i < SOCKETS; i++) {
            unsigned message[2] = {round, (unsigned)i}, answer[2];
            posix_write(peers[i], message, sizeof message);
            if (round % 4 != 0)
                continue;
            for (unsigned back = round == 0 ? 0 : round - 3; back <= round; back++) {
                EQUAL(posix_read(peers[i], answer, sizeof answer), sizeof answer);
                EQUAL(answer[0], back);
                EQUAL(answer[1], i);
            }
        }
    for (int i = 0; i < SOCKETS; i++)
        posix_close(peers[i]);
    return NULL;
}

static void echo_with(int threads, void *(*run)(void *), int visitors)
{
    static int peers[SOCKETS];
    pthread_t servers[8], visitor[4], talker;
    startup();
    HANDLE port = new_port();
    for (int i = 0; i < SOCKETS; i++) {
        sides[i].socket = associated_with_peer(port, (ULONG_PTR)i, &peers[i]);
        next_request(&sides[i], 0);
    }
    for (int i = 0; i < threads; i++)
        servers[i] = start_thread(i % 2 == 0 ? serve_all : run, port);
    talker = start_thread(talk, peers);
    while (__atomic_load_n(&ended, __ATOMIC_SEQ_CST) < SOCKETS) {
        for (int i = 0; i < visitors; i++)
            visitor[i] = start_thread(serve_some, port);
        for (int i = 0; i < visitors; i++)
            join_thread(visitor[i]);
        sched_yield();
    }
    join_thread(talker);
    for (int i = 0; i < threads; i++)
        DOES(PostQueuedCompletionStatus(port, 0, QUIT, NULL));
    for (int i = 0; i < threads; i++)
        join_thread(servers[i]);
    EMPTY(port);
    for (int i = 0; i < SOCKETS; i++) {
        EQUAL(sides[i].outstanding, 0);
        EQUAL(sides[i].echoed, SENDS * 2 * sizeof(unsigned));
    }
    CHECK(packets >= SOCKETS * 3);
}

TEST(one_thread_serves_many_sockets, "NEED-S8 OV.17")
{
    echo_with(1, serve_all, 0);
}

TEST(several_threads_share_the_packets, "NEED-S8 OV.17")
{
    echo_with(4, serve_all, 0);
}

/* Threads that wait in both ways, and others that come and go. */
TEST(threads_come_and_go, "NEED-S8 NEED-K3 OV.17")
{
    echo_with(4, serve_alertably, 3);
}

/* Nobody stays: every packet is taken by a thread that was only passing by. */
TEST(threads_only_pass_by, "NEED-S8")
{
    echo_with(0, serve_all, 3);
}

/* ---- Posts ---- */

enum { POSTERS = 4, POSTS = 25000, READERS = 3 };

struct poster {
    HANDLE port;
    ULONG_PTR key;
};

static void *post_all(void *argument)
{
    struct poster *poster = argument;
    for (DWORD i = 0; i < POSTS; i++)
        DOES(PostQueuedCompletionStatus(poster->port, i, poster->key, NULL));
    return NULL;
}

static void start_posters(struct poster *posters, pthread_t *threads, HANDLE port)
{
    for (ULONG_PTR i = 0; i < POSTERS; i++) {
        posters[i] = (struct poster){port, i};
        threads[i] = start_thread(post_all, &posters[i]);
    }
}

/* To one reader they come in the order of each poster. */
TEST(posts_from_many_threads_come_in_order, "NEED-K1")
{
    struct poster posters[POSTERS];
    pthread_t threads[POSTERS];
    DWORD next[POSTERS] = {0};
    HANDLE port = new_port();
    start_posters(posters, threads, port);
    for (int i = 0; i < POSTERS * POSTS; i++) {
        struct packet packet = take(port, INFINITE);
        CHECK(packet.succeeded && packet.key < POSTERS);
        EQUAL(packet.bytes, next[packet.key]++);
    }
    EMPTY(port);
    for (int i = 0; i < POSTERS; i++)
        join_thread(threads[i]);
}

static unsigned char taken[POSTERS][POSTS];

static void *read_all(void *port)
{
    for (;;) {
        struct packet packet = take(port, INFINITE);
        if (packet.key == QUIT)
            return NULL;
        CHECK(packet.key < POSTERS && packet.bytes < POSTS);
        EQUAL(__atomic_fetch_add(&taken[packet.key][packet.bytes], 1, __ATOMIC_RELAXED), 0);
    }
}

TEST(posts_reach_one_of_many_readers_each, "NEED-K1")
{
    struct poster posters[POSTERS];
    pthread_t threads[POSTERS], readers[READERS];
    HANDLE port = new_port();
    for (int i = 0; i < READERS; i++)
        readers[i] = start_thread(read_all, port);
    start_posters(posters, threads, port);
    for (int i = 0; i < POSTERS; i++)
        join_thread(threads[i]);
    for (int i = 0; i < READERS; i++)
        DOES(PostQueuedCompletionStatus(port, 0, QUIT, NULL));
    for (int i = 0; i < READERS; i++)
        join_thread(readers[i]);
    for (int poster = 0; poster < POSTERS; poster++)
        for (int i = 0; i < POSTS; i++)
            EQUAL(taken[poster][i], 1);
}

/* Two threads that meet once a round, at about the same time: the one that goes to sleep, and the other. */
struct meeting {
    HANDLE port;
    int round, done;
};

static void meet(struct meeting *meeting, int round)
{
    __atomic_store_n(&meeting->round, round, __ATOMIC_RELEASE);
}

/* Returns shortly after the other has come, a little later each time. */
static void await_meeting(struct meeting *meeting, int round)
{
    for (int looks = 0; __atomic_load_n(&meeting->round, __ATOMIC_ACQUIRE) < round; looks++)
        if (looks > 10000)
            sched_yield();
    for (volatile int pause = round % 400; pause > 0; pause--)
        continue;
}

enum { POSTS_IN_TIME = 100000, CLOSES_IN_TIME = 4000 };

static void *post_in_time(void *argument)
{
    struct meeting *meeting = argument;
    for (int round = 1; round <= POSTS_IN_TIME; round++) {
        await_meeting(meeting, round);
        DOES(PostQueuedCompletionStatus(meeting->port, (DWORD)round, 0, NULL));
    }
    return NULL;
}

/* The post finds the other thread about to sleep, or asleep. */
TEST(no_wake_up_is_lost, "NEED-K1")
{
    struct meeting meeting = {.port = new_port()};
    pthread_t thread = start_thread(post_in_time, &meeting);
    for (int round = 1; round <= POSTS_IN_TIME; round++) {
        meet(&meeting, round);
        EQUAL(take(meeting.port, INFINITE).bytes, round);
    }
    join_thread(thread);
}

static struct visitor {
    HANDLE port;
    int round, number, done;
} visitor;

enum { VISITS = 20 };

static void *visit(void *unused)
{
    __atomic_store_n(&visitor.number, posix_thread(), __ATOMIC_SEQ_CST);
    for (int round = 1; round <= VISITS; round++) {
        while (__atomic_load_n(&visitor.round, __ATOMIC_ACQUIRE) < round)
            sched_yield();
        EQUAL(take(visitor.port, INFINITE).key, round);
        __atomic_store_n(&visitor.done, round, __ATOMIC_RELEASE);
    }
    return unused;
}

/* The host's event is set by whoever carries the request out, and while that happens a thread comes to the port. */
static BOOL WSPAPI invite(WSAEVENT event, LPINT code)
{
    (void)event, (void)code;
    int round = visitor.round + 1;
    __atomic_store_n(&visitor.round, round, __ATOMIC_RELEASE);
    posix_await_call(visitor.number, SYS_epoll_pwait);
    DOES(PostQueuedCompletionStatus(visitor.port, 0, (ULONG_PTR)round, NULL));
    return TRUE;
}

/* Who comes while the library's own thread carries requests out, because nobody waited, is woken like any other. */
TEST(who_comes_late_is_woken_too, "NEED-K1")
{
    WSPUPCALLTABLE upcalls = {.lpWPUSetEvent = invite};
    int peer;
    EQUAL(WSPStartup(MAKEWORD(2, 2), &data, NULL, upcalls, &procs), 0);
    visitor.port = new_port();
    SOCKET s = associated_with_peer(visitor.port, 0, &peer);
    pthread_t thread = start_thread(visit, NULL);
    EVENTUALLY(__atomic_load_n(&visitor.number, __ATOMIC_SEQ_CST) != 0);
    for (int round = 1; round <= VISITS; round++) {
        char room[4];
        /* An event of the host's, and no packet. */
        OVERLAPPED overlapped = {.hEvent = (HANDLE)0x1001};
        EQUAL(receive_later(s, room, 4, &overlapped), WSA_IO_PENDING);
        posix_write(peer, "x", 1);
        EVENTUALLY(__atomic_load_n(&visitor.done, __ATOMIC_ACQUIRE) == round);
    }
    join_thread(thread);
}

/* ---- Closing ---- */

static void *take_until_closed(void *port)
{
    for (;;) {
        struct packet packet = take(port, INFINITE);
        if (packet.succeeded)
            continue;
        CHECK(packet.overlapped == NULL);
        CHECK(packet.code == ERROR_ABANDONED_WAIT_0 || packet.code == ERROR_INVALID_HANDLE);
        return NULL;
    }
}

static void *close_in_time(void *argument)
{
    struct meeting *meeting = argument;
    for (int round = 1; round <= CLOSES_IN_TIME; round++) {
        await_meeting(meeting, round);
        DOES(CloseHandle(meeting->port));
    }
    return NULL;
}

/* Closing finds the other thread about to sleep, or asleep. */
TEST(closing_races_with_a_wait, "NEED-K1")
{
    struct meeting meeting = {0};
    pthread_t thread = start_thread(close_in_time, &meeting);
    for (int round = 1; round <= CLOSES_IN_TIME; round++) {
        HANDLE port = meeting.port = new_port();
        meet(&meeting, round);
        take_until_closed(port);
    }
    join_thread(thread);
}

/* Closing comes upon threads that wait, that are about to, and that have just taken something. */
TEST(closing_races_with_waits_and_posts, "NEED-K1")
{
    int descriptors = posix_open_descriptors();
    for (int round = 0; round < 300; round++) {
        pthread_t threads[4];
        HANDLE port = new_port();
        for (int i = 0; i < 4; i++)
            threads[i] = start_thread(take_until_closed, port);
        for (int i = 0; i < round % 7; i++)
            DOES(PostQueuedCompletionStatus(port, 0, 0, NULL));
        for (volatile int pause = round * 50; pause > 0; pause--)
            continue;
        DOES(CloseHandle(port));
        for (int i = 0; i < 4; i++)
            join_thread(threads[i]);
    }
    EQUAL(posix_open_descriptors(), descriptors);
}

struct associator {
    SOCKET socket;
    HANDLE port;
    int go;
};

static void *associate_on_signal(void *argument)
{
    struct associator *associator = argument;
    for (int round = 1; round <= 300; round++) {
        while (__atomic_load_n(&associator->go, __ATOMIC_ACQUIRE) < round)
            sched_yield();
        associate(associator->socket, associator->port, (ULONG_PTR)round);
        __atomic_store_n(&associator->go, -round, __ATOMIC_RELEASE);
    }
    return NULL;
}

/* A socket gets its port while its first request is posted, which reports there all the same. */
TEST(associating_races_with_the_first_request, "NEED-K1")
{
    struct associator associator = {0};
    startup();
    associator.port = new_port();
    pthread_t thread = start_thread(associate_on_signal, &associator);
    for (int round = 1; round <= 300; round++) {
        int peer;
        char room[4];
        OVERLAPPED overlapped = {0};
        SOCKET s = associator.socket = overlapped_with_peer(&peer);
        __atomic_store_n(&associator.go, round, __ATOMIC_RELEASE);
        for (volatile int pause = round % 30 * 20; pause > 0; pause--)
            continue;
        EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
        while (__atomic_load_n(&associator.go, __ATOMIC_ACQUIRE) != -round)
            sched_yield();
        posix_write(peer, "x", 1);
        struct packet packet = take(associator.port, INFINITE);
        CHECK(packet.succeeded && packet.overlapped == &overlapped);
        EQUAL(packet.key, round);
        SUCCEEDS(WSPCloseSocket(s, &error));
        posix_close(peer);
    }
    join_thread(thread);
}
