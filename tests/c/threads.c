/* Many threads, and processes, at once. */
#include "check.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#define THREADS 32
#define POOL 64
#define ROUNDS 1500

/* Sockets that every thread may use and close at any time. Who closes one takes it out, since a handle that were kept
 * would name another socket after its slot was used 511 times more. */
static SOCKET pool[POOL];

static unsigned next(unsigned *random)
{
    *random = *random * 1664525 + 1013904223;
    return *random >> 8;
}

static SOCKET picked(unsigned *random)
{
    return __atomic_load_n(&pool[next(random) % POOL], __ATOMIC_RELAXED);
}

/* Nobody may wait for long in this crowd. */
static void share(SOCKET s, unsigned *random)
{
    u_long on = 1;
    DWORD returned;
    if (s == INVALID_SOCKET)
        return;
    WSPIoctl(s, FIONBIO, &on, sizeof on, NULL, 0, &returned, NULL, NULL, NULL, &error);
    SOCKET before = __atomic_exchange_n(&pool[next(random) % POOL], s, __ATOMIC_RELAXED);
    if (before != 0)
        WSPCloseSocket(before, &error);
}

static void call_at_random(unsigned *random)
{
    struct sockaddr_in address = loopback(0);
    struct sockaddr *name = (struct sockaddr *)&address;
    int length = sizeof address, value = 1, size = sizeof value;
    char bytes[64] = "";
    WSABUF buffer = {sizeof bytes, bytes};
    DWORD count, flags = 0;
    struct timeval now = {0, 0};
    fd_set set;
    SOCKET s = picked(random), other = picked(random);
    switch (next(random) % 22) {
    case 0:
        share(WSPSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0, 0, &error), random);
        break;
    case 1:
        share(WSPSocket(AF_INET, SOCK_DGRAM, IPPROTO_UDP, NULL, 0, 0, &error), random);
        break;
    case 2:
        WSPCloseSocket(__atomic_exchange_n(&pool[next(random) % POOL], 0, __ATOMIC_RELAXED), &error);
        break;
    case 3:
        WSPBind(s, name, length, &error);
        break;
    case 4:
        WSPListen(s, (int)(next(random) % 5), &error);
        break;
    case 5:
        share(WSPAccept(s, name, &length, NULL, 0, &error), random);
        break;
    case 6:
        if (WSPGetSockName(other, name, &length, &error) == 0)
            WSPConnect(s, name, length, NULL, NULL, NULL, NULL, &error);
        break;
    case 7:
        WSPSend(s, &buffer, 1, &count, 0, NULL, NULL, NULL, &error);
        break;
    case 8:
        WSPRecv(s, &buffer, 1, &count, &flags, NULL, NULL, NULL, &error);
        break;
    case 9:
        if (WSPGetSockName(other, name, &length, &error) == 0)
            WSPSendTo(s, &buffer, 1, &count, 0, name, length, NULL, NULL, NULL, &error);
        break;
    case 10:
        WSPRecvFrom(s, &buffer, 1, &count, &flags, name, &length, NULL, NULL, NULL, &error);
        break;
    case 11:
        WSPShutdown(s, (int)(next(random) % 3), &error);
        break;
    case 12:
        WSPGetPeerName(s, name, &length, &error);
        break;
    case 13:
        WSPGetSockOpt(s, SOL_SOCKET, SO_ERROR, (char *)&value, &size, &error);
        break;
    case 14:
        WSPSetSockOpt(s, SOL_SOCKET, SO_KEEPALIVE, (char *)&value, sizeof value, &error);
        break;
    case 15:
        FD_ZERO(&set);
        FD_SET(s, &set);
        FD_SET(other, &set);
        WSPSelect(0, &set, NULL, NULL, &now, &error);
        break;
    case 16:
        WSPIoctl(s, FIONREAD, NULL, 0, &count, sizeof count, &flags, NULL, NULL, NULL, &error);
        break;
    case 17:
        WSPSendDisconnect(s, NULL, &error);
        break;
    case 18:
        WSPRecvDisconnect(s, NULL, &error);
        break;
    case 19:
        WSPGetQOSByName(s, &buffer, NULL, &error);
        break;
    case 20:
        WSPEventSelect(s, NULL, FD_READ, &error);
        break;
    case 21:
        WSPListen((SOCKET)next(random), 5, &error);
        break;
    }
}

static void *run(void *argument)
{
    unsigned number = (unsigned)(size_t)argument, random = number;
    SOCKET *pair = malloc(2 * sizeof *pair);
    DWORD count;
    tcp_pair(pair);
    for (unsigned round = 0; round < ROUNDS; round++) {
        call_at_random(&random);
        if (round % 25 == 0) {
            /* What this thread sends to itself comes back, and nothing else does. */
            unsigned mark[2] = {number, round}, got[2];
            SUCCEEDS(send_bytes(pair[0], mark, sizeof mark, &count));
            SUCCEEDS(receive_bytes(pair[1], got, sizeof got, &count, MSG_WAITALL));
            EQUAL(count, sizeof got);
            CHECK(memcmp(mark, got, sizeof got) == 0);
        }
    }
    SUCCEEDS(WSPCloseSocket(pair[0], &error));
    EQUAL(receive_bytes(pair[1], &count, 1, &count, 0), 0);
    EQUAL(count, 0);
    SUCCEEDS(WSPCloseSocket(pair[1], &error));
    free(pair);
    return NULL;
}

TEST(threads_do_not_disturb_each_other, "C.8")
{
    pthread_t threads[THREADS];
    int before = posix_open_descriptors();
    startup();
    for (size_t i = 0; i < THREADS; i++)
        EQUAL(pthread_create(&threads[i], NULL, run, (void *)(i + 1)), 0);
    for (int i = 0; i < THREADS; i++)
        EQUAL(pthread_join(threads[i], NULL), 0);
    for (int i = 0; i < POOL; i++)
        WSPCloseSocket(pool[i], &error);
    SUCCEEDS(WSPCleanup(&error));
    /* The thread that watches listeners may be on its way out still. */
    for (long long end = posix_milliseconds() + 10000; posix_open_descriptors() != before && posix_milliseconds() < end;)
        sched_yield();
    EQUAL(posix_open_descriptors(), before);
}

/* The child of a fork goes on with its copies, and the parent with its own. */
TEST(a_forked_child_uses_its_copies, "C.8")
{
    SOCKET pair[2];
    struct sockaddr_in address;
    DWORD count;
    char bytes[4];
    startup();
    tcp_pair(pair);
    SOCKET listening = listener(SOMAXCONN, &address);
    int child = posix_fork();
    if (child == 0) {
        SUCCEEDS(send_bytes(pair[0], "kid", 3, &count));
        SOCKET s = tcp();
        SUCCEEDS(connect_to(s, &address));
        SUCCEEDS(receive_bytes(s, bytes, 3, &count, MSG_WAITALL));
        CHECK(memcmp(bytes, "dad", 3) == 0);
        /* Ending its handles leaves the parent's alone. */
        SUCCEEDS(WSPCloseSocket(pair[0], &error));
        SUCCEEDS(WSPCloseSocket(listening, &error));
        SUCCEEDS(WSPCleanup(&error));
        _exit(0);
    }
    SUCCEEDS(receive_bytes(pair[1], bytes, 3, &count, MSG_WAITALL));
    CHECK(memcmp(bytes, "kid", 3) == 0);
    SOCKET s = WSPAccept(listening, NULL, NULL, NULL, 0, &error);
    CHECK(s != INVALID_SOCKET);
    SUCCEEDS(send_bytes(s, "dad", 3, &count));
    EQUAL(posix_wait(child), 0);
    SUCCEEDS(send_bytes(pair[0], "on", 2, &count));
    SUCCEEDS(receive_bytes(pair[1], bytes, 2, &count, MSG_WAITALL));
    int client = posix_connect(ntohs(address.sin_port));
    CHECK(client >= 0);
    CHECK(WSPAccept(listening, NULL, NULL, NULL, 0, &error) != INVALID_SOCKET);
}

/* What one of two processes that share a connection has shut, is shut for the other, and no more than that. */
TEST(a_forked_child_may_shut_sending, "WSPDuplicateSocket.5 WSPSend.7 OBS.25")
{
    int peer;
    DWORD count;
    char bytes[4];
    startup();
    SOCKET s = connect_posix(&peer);
    int child = posix_fork();
    if (child == 0) {
        SUCCEEDS(WSPShutdown(s, SD_SEND, &error));
        _exit(0);
    }
    EQUAL(posix_wait(child), 0);
    EQUAL(posix_read(peer, bytes, 1), 0);
    posix_write(peer, "data", 4);
    FAILS(send_bytes(s, "x", 1, &count), WSAESHUTDOWN);
    SUCCEEDS(receive_bytes(s, bytes, sizeof bytes, &count, MSG_WAITALL));
    EQUAL(count, 4);
    CHECK(memcmp(bytes, "data", 4) == 0);
    FAILS(send_bytes(s, "x", 1, &count), WSAESHUTDOWN);
}

/* A program that is executed gets none of our descriptors. */
TEST(descriptors_are_closed_at_exec, "C.8")
{
    SOCKET pair[2];
    struct sockaddr_in address;
    WSAPROTOCOL_INFOW info;
    int before = posix_inheritable_descriptors();
    startup();
    tcp_pair(pair);
    udp();
    listener(3, &address);
    listener(SOMAXCONN, &address);
    SUCCEEDS(WSPDuplicateSocket(pair[0], (DWORD)getpid(), &info, &error));
    CHECK(WSPSocket(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info, 0, 0, &error) != INVALID_SOCKET);
    EQUAL(posix_inheritable_descriptors(), before);
}

static SOCKET closing;
static int gate;

/* Both threads go on from here together. */
static void meet(int turn)
{
    __atomic_add_fetch(&gate, 1, __ATOMIC_ACQ_REL);
    while (__atomic_load_n(&gate, __ATOMIC_ACQUIRE) < 2 * turn)
        continue;
}

enum { CLOSINGS = 3000 };

static void *close_each(void *unused)
{
    for (int turn = 1; turn <= CLOSINGS; turn++) {
        meet(2 * turn - 1);
        SUCCEEDS(WSPCloseSocket(closing, &error));
        meet(2 * turn);
    }
    return unused;
}

/* What prepares for the first request on a socket must not be missed by who closes it. */
TEST(closing_ends_a_first_request_that_just_begins, "OV.22 WSPCloseSocket.3 C.8")
{
    pthread_t thread;
    startup();
    EQUAL(pthread_create(&thread, NULL, close_each, NULL), 0);
    for (int turn = 1; turn <= CLOSINGS; turn++) {
        char byte;
        WSABUF buffer = {1, &byte};
        DWORD count, flags = 0;
        OVERLAPPED overlapped = {0};
        closing = WSPSocket(AF_INET, SOCK_DGRAM, IPPROTO_UDP, NULL, 0, WSA_FLAG_OVERLAPPED, &error);
        CHECK(closing != INVALID_SOCKET);
        bind_loopback(closing);
        meet(2 * turn - 1);
        int answer = WSPRecv(closing, &buffer, 1, &count, &flags, &overlapped, NULL, NULL, &error);
        EQUAL(answer, SOCKET_ERROR);
        if (error == WSA_IO_PENDING)
            EVENTUALLY(HasOverlappedIoCompleted(&overlapped));
        else
            EQUAL(error, WSAENOTSOCK);
        meet(2 * turn);
    }
    EQUAL(pthread_join(thread, NULL), 0);
}
