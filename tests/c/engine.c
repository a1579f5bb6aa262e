/* Who drives overlapped requests: whoever waits, and a thread of the library's where nobody does. */
#include "overlapped.h"

#include <signal.h>
#include <ws2kernel.h>

/* Nobody waits, asks or looks: the request goes on all the same, and its event is set. */
TEST(requests_go_on_while_nobody_waits, "OV.9 OV.20 OV.17")
{
    int peer;
    char room[8];
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    overlapped.hEvent = WSACreateEvent();
    CHECK(WSASetEvent(overlapped.hEvent));
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
    /* Starting it has reset the event. */
    EQUAL(WSAWaitForMultipleEvents(1, &overlapped.hEvent, FALSE, 0, FALSE), WSA_WAIT_TIMEOUT);
    posix_write(peer, "abc", 3);
    EVENTUALLY(HasOverlappedIoCompleted(&overlapped));
    EQUAL(WSAWaitForMultipleEvents(1, &overlapped.hEvent, FALSE, WSA_INFINITE, FALSE), WSA_WAIT_EVENT_0);
}

/* A send that waits for room, while the program does nothing but read at the other end. */
TEST(sends_go_on_while_nobody_waits, "OV.17")
{
    enum { SIZE = 1 << 24 };
    static unsigned char bytes[SIZE], got[SIZE];
    int peer;
    unsigned long length = 0;
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    for (unsigned long i = 0; i < SIZE; i++)
        bytes[i] = (unsigned char)(i * 7 + i / 4099);
    EQUAL(send_later(s, bytes, SIZE, &overlapped), WSA_IO_PENDING);
    while (length < SIZE)
        length += posix_read(peer, got + length, SIZE - length);
    CHECK(memcmp(got, bytes, SIZE) == 0);
}

static int handled;

static void on_signal(int signal)
{
    (void)signal;
    handled = posix_thread();
}

/* The library's thread runs none of the program's signal handlers: with the signal blocked here, it stays pending. */
TEST(the_helper_takes_no_signals, "WSPStartup.13")
{
    int peer;
    char room[8];
    sigset_t set, pending;
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    EQUAL(posix_threads(), 1);
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
    EQUAL(posix_threads(), 2);
    signal(SIGUSR1, on_signal);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    CHECK(kill(posix_process(), SIGUSR1) == 0);
    /* Long enough for the helper to come by, which it does every few milliseconds while a request is pending. */
    posix_write(peer, "abc", 3);
    EVENTUALLY(HasOverlappedIoCompleted(&overlapped));
    EQUAL(handled, 0);
    sigpending(&pending);
    CHECK(sigismember(&pending, SIGUSR1));
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    EQUAL(handled, posix_thread());
}

/* With a request pending and nothing to do, nobody spins: waiting costs next to no processor time. */
TEST(waiting_costs_no_processor, "OV.9")
{
    int peer;
    char room[8];
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    overlapped.hEvent = WSACreateEvent();
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
    long long before = posix_processor_milliseconds(), start = posix_milliseconds();
    EQUAL(WSAWaitForMultipleEvents(1, &overlapped.hEvent, FALSE, 1000, FALSE), WSA_WAIT_TIMEOUT);
    CHECK(posix_milliseconds() - start >= 1000);
    CHECK(posix_processor_milliseconds() - before < 250);
}

struct waiter {
    SOCKET s;
    OVERLAPPED overlapped;
    char room[8];
    int next;
};

static int stop_waiters;

/* Receives again and again, each time waiting for its own event. */
static void *wait_for_own(void *argument)
{
    struct waiter *waiter = argument;
    while (!__atomic_load_n(&stop_waiters, __ATOMIC_SEQ_CST)) {
        DWORD count, flags;
        int code = receive_later(waiter->s, waiter->room, 1, &waiter->overlapped);
        CHECK(code == 0 || code == WSA_IO_PENDING);
        EQUAL(WSAWaitForMultipleEvents(1, &waiter->overlapped.hEvent, FALSE, WSA_INFINITE, FALSE), WSA_WAIT_EVENT_0);
        CHECK(WSPGetOverlappedResult(waiter->s, &waiter->overlapped, &count, FALSE, &flags, &error));
        if (count == 0)
            break;
        EQUAL(waiter->room[0], (char)__atomic_fetch_add(&waiter->next, 1, __ATOMIC_SEQ_CST));
    }
    return NULL;
}

/* Several threads, each waiting for its own socket: one of them drives for all, and hands over when it goes. */
TEST(threads_wait_for_each_others_sockets, "OV.9 OV.17")
{
    enum { THREADS = 4, MESSAGES = 400 };
    static struct waiter waiters[THREADS];
    pthread_t threads[THREADS];
    int peers[THREADS];
    unsigned seed = 1;
    int sent[THREADS] = {0};
    startup();
    for (int i = 0; i < THREADS; i++) {
        waiters[i].s = overlapped_with_peer(&peers[i]);
        waiters[i].overlapped.hEvent = WSACreateEvent();
        CHECK(pthread_create(&threads[i], NULL, wait_for_own, &waiters[i]) == 0);
    }
    for (int i = 0; i < THREADS * MESSAGES; i++) {
        int to = (int)((seed = seed * 1103515245 + 12345) >> 16) % THREADS;
        char byte = (char)sent[to]++;
        posix_write(peers[to], &byte, 1);
        /* Now and then one at a time, so that the threads sleep in between. */
        if (i % 8 == 0)
            EVENTUALLY(__atomic_load_n(&waiters[to].next, __ATOMIC_SEQ_CST) == sent[to]);
    }
    for (int i = 0; i < THREADS; i++)
        posix_close(peers[i]);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        EQUAL(waiters[i].next, sent[i]);
    }
}

static OVERLAPPED of_thread;
static char room_of_thread[8];

static void *start_and_end(void *s)
{
    EQUAL(receive_later((SOCKET)s, room_of_thread, sizeof room_of_thread, &of_thread), WSA_IO_PENDING);
    return NULL;
}

/* What a thread has begun ends with it, and nothing else does. WSPRecv:WSA_OPERATION_ABORTED */
TEST(the_end_of_a_thread_cancels_its_requests, "OV.19 OV.22")
{
    int peer;
    char room[8];
    DWORD count;
    pthread_t thread;
    OVERLAPPED own = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    of_thread.hEvent = WSACreateEvent();
    CHECK(pthread_create(&thread, NULL, start_and_end, (void *)s) == 0);
    pthread_join(thread, NULL);
    EQUAL(receive_later(s, room, sizeof room, &own), WSA_IO_PENDING);
    EQUAL(WSAWaitForMultipleEvents(1, &of_thread.hEvent, FALSE, WSA_INFINITE, FALSE), WSA_WAIT_EVENT_0);
    EQUAL(outcome(s, &of_thread, &count), WSA_OPERATION_ABORTED);
    posix_write(peer, "abc", 3);
    EQUAL(outcome(s, &own, &count), 0);
    EQUAL(count, 3);
}

/* On a socket with a completion port requests are nobody's in particular. */
TEST(the_end_of_a_thread_leaves_a_ports_requests, "OV.19")
{
    int peer;
    DWORD bytes = 0;
    ULONG_PTR key;
    OVERLAPPED *overlapped;
    pthread_t thread;
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    HANDLE port = CreateIoCompletionPort((HANDLE)s, NULL, 5, 0);
    CHECK(port != NULL);
    CHECK(pthread_create(&thread, NULL, start_and_end, (void *)s) == 0);
    pthread_join(thread, NULL);
    posix_write(peer, "abc", 3);
    CHECK(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, INFINITE));
    CHECK(overlapped == &of_thread);
    EQUAL(bytes, 3);
    EQUAL(key, 5);
}

/* ---- Fork ---- */

/* The child has an engine of its own; what was pending stays with the parent. */
TEST(a_forked_child_has_its_own_engine, "OV.17")
{
    int peer, peer_of_child;
    char room[8], room_of_child[8];
    DWORD count;
    OVERLAPPED overlapped = {0}, of_child = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    overlapped.hEvent = WSACreateEvent();
    HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
    int child = posix_fork();
    if (child == 0) {
        ULONG_PTR key;
        OVERLAPPED *done;
        SOCKET own = overlapped_with_peer(&peer_of_child);
        of_child.hEvent = WSACreateEvent();
        EQUAL(receive_later(own, room_of_child, sizeof room_of_child, &of_child), WSA_IO_PENDING);
        posix_write(peer_of_child, "child", 5);
        EQUAL(WSAWaitForMultipleEvents(1, &of_child.hEvent, FALSE, WSA_INFINITE, FALSE), WSA_WAIT_EVENT_0);
        EQUAL(outcome(own, &of_child, &count), 0);
        EQUAL(count, 5);
        /* A port from before the fork is empty, and works. */
        CHECK(CreateIoCompletionPort((HANDLE)own, port, 3, 0) == port);
        EQUAL(receive_later(own, room_of_child, sizeof room_of_child, &of_child), WSA_IO_PENDING);
        posix_write(peer_of_child, "port", 4);
        CHECK(GetQueuedCompletionStatus(port, &count, &key, &done, INFINITE));
        CHECK(done == &of_child);
        EQUAL(count, 4);
        /* The parent's request is not the child's. */
        CHECK(!HasOverlappedIoCompleted(&overlapped));
        SUCCEEDS(WSPCloseSocket(s, &error));
        SUCCEEDS(WSPCleanup(&error));
        CHECK(!HasOverlappedIoCompleted(&overlapped));
        exit(0);
    }
    EQUAL(posix_wait(child), 0);
    posix_write(peer, "abc", 3);
    EQUAL(WSAWaitForMultipleEvents(1, &overlapped.hEvent, FALSE, WSA_INFINITE, FALSE), WSA_WAIT_EVENT_0);
    EQUAL(outcome(s, &overlapped, &count), 0);
    EQUAL(count, 3);
}

static int forks_are_over;

static void *send_and_receive(void *argument)
{
    int peer;
    char room[8], message[8] = "1234567";
    SOCKET s = overlapped_with_peer(&peer);
    OVERLAPPED overlapped = {0};
    overlapped.hEvent = WSACreateEvent();
    while (!__atomic_load_n(&forks_are_over, __ATOMIC_SEQ_CST)) {
        int code = receive_later(s, room, sizeof room, &overlapped);
        CHECK(code == 0 || code == WSA_IO_PENDING);
        posix_write(peer, message, sizeof message);
        EQUAL(WSAWaitForMultipleEvents(1, &overlapped.hEvent, FALSE, WSA_INFINITE, FALSE), WSA_WAIT_EVENT_0);
    }
    return argument;
}

/* A fork in the middle of other threads' requests, again and again: neither side hangs. */
TEST(forks_come_at_any_moment, "OV.17")
{
    enum { THREADS = 3, FORKS = 40 };
    pthread_t threads[THREADS];
    startup();
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, send_and_receive, NULL) == 0);
    for (int i = 0; i < FORKS; i++) {
        int child = posix_fork();
        if (child == 0) {
            int peer;
            char room[4];
            DWORD count;
            OVERLAPPED overlapped = {0};
            SOCKET s = overlapped_with_peer(&peer);
            EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
            posix_write(peer, "abc", 3);
            EQUAL(outcome(s, &overlapped, &count), 0);
            EQUAL(count, 3);
            SUCCEEDS(WSPCleanup(&error));
            exit(0);
        }
        EQUAL(posix_wait(child), 0);
    }
    __atomic_store_n(&forks_are_over, 1, __ATOMIC_SEQ_CST);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}
