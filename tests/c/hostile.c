/* Calls that no sane program makes: handles of nothing, pointers to nothing, at the wrong time. */
#include "every.h"

#include <sys/mman.h>
#include <unistd.h>

/* C.4; WSPCleanup:WSANOTINITIALISED */
TEST(nothing_runs_outside_a_started_period, "C.4 WSPStartup.8 WSPCleanup.2 WSPCleanup.5")
{
    for (size_t i = 0; i < FUNCTIONS; i++)
        ANSWERS(i, 4, 1, WSANOTINITIALISED);
    FAILS(WSPCancelBlockingCall(&error), WSANOTINITIALISED);
    startup();
    SOCKET s = tcp();
    SUCCEEDS(WSPCleanup(&error));
    for (size_t i = 0; i < FUNCTIONS; i++)
        ANSWERS(i, s, 0, WSANOTINITIALISED);
    startup();
    /* What was open is not open again. */
    FAILS(WSPListen(s, 5, &error), WSAENOTSOCK);
}

static void all_refuse(SOCKET s)
{
    for (size_t i = 0; i < FUNCTIONS; i++) {
        if (functions[i].takes_handle) {
            ANSWERS(i, s, 0, WSAENOTSOCK);
            /* The handle is judged before the pointers. */
            ANSWERS(i, s, 1, WSAENOTSOCK);
        }
    }
}

/* WSPAccept:WSAENOTSOCK WSPBind:WSAENOTSOCK WSPCloseSocket:WSAENOTSOCK WSPConnect:WSAENOTSOCK
 * WSPDuplicateSocket:WSAENOTSOCK WSPGetPeerName:WSAENOTSOCK WSPGetQOSByName:WSAENOTSOCK WSPGetSockName:WSAENOTSOCK
 * WSPGetSockOpt:WSAENOTSOCK WSPIoctl:WSAENOTSOCK WSPJoinLeaf:WSAENOTSOCK WSPListen:WSAENOTSOCK WSPRecv:WSAENOTSOCK
 * WSPRecvDisconnect:WSAENOTSOCK WSPRecvFrom:WSAENOTSOCK WSPSelect:WSAENOTSOCK WSPSend:WSAENOTSOCK
 * WSPSendDisconnect:WSAENOTSOCK WSPSendTo:WSAENOTSOCK WSPSetSockOpt:WSAENOTSOCK WSPShutdown:WSAENOTSOCK */
TEST(what_is_no_socket_is_refused_by_all, "C.8 OBS.12")
{
    startup();
    SOCKET s = tcp(), freed = tcp();
    SUCCEEDS(WSPCloseSocket(freed, &error));
    const SOCKET garbage[] = {0, 1, 2, 3, 5, freed, s + 1, s + 2, s | 1, s + ((SOCKET)1 << 31), s | (SOCKET)1 << 63,
                              INVALID_SOCKET, (SOCKET)-2, (SOCKET)-4, 0x7ffffffc, 0x80000000, 0xdeadbeef};
    for (size_t i = 0; i < sizeof garbage / sizeof *garbage; i++)
        all_refuse(garbage[i]);
    /* Descriptors, those under our sockets too. */
    for (SOCKET fd = 0; fd < 20; fd++)
        all_refuse(fd);
    /* Other generations of a slot that is in use. */
    for (SOCKET generation = 0; generation < 512; generation++) {
        SOCKET other = (s & 0x3fffff) | generation << 22;
        if (other != s)
            FAILS(WSPListen(other, 5, &error), WSAENOTSOCK);
    }
    /* It was left alone. */
    bind_loopback(s);
    SUCCEEDS(WSPListen(s, 5, &error));
}

TEST(no_place_for_the_code_is_tolerated, "C.1")
{
    static int *const places[] = {NULL, (int *)8, (int *)~7ull};
    startup();
    for (size_t place = 0; place < 3; place++) {
        for (size_t i = 0; i < FUNCTIONS; i++) {
            if (functions[i].takes_handle)
                functions[i].call(12345, 0, places[place]);
        }
        CHECK(WSPSocket(77, 0, 0, NULL, 0, 0, places[place]) == INVALID_SOCKET);
        EQUAL(WSPCancelBlockingCall(places[place]), SOCKET_ERROR);
        EQUAL(WSPAddressToString(NULL, 0, NULL, NULL, NULL, places[place]), SOCKET_ERROR);
        EQUAL(WSPStringToAddress(NULL, AF_INET, NULL, NULL, NULL, places[place]), SOCKET_ERROR);
    }
    SUCCEEDS(WSPCleanup(&error));
    EQUAL(WSPCleanup(NULL), SOCKET_ERROR);
}

TEST(failure_has_the_value_of_its_type, "C.2")
{
    startup();
    EQUAL(WSPListen(0, 5, &error), SOCKET_ERROR);
    CHECK(WSPAccept(0, NULL, NULL, NULL, 0, &error) == INVALID_SOCKET);
    CHECK(WSPSocket(77, 0, 0, NULL, 0, 0, &error) == INVALID_SOCKET);
    CHECK(WSPJoinLeaf(0, NULL, 0, NULL, NULL, NULL, NULL, 0, &error) == INVALID_SOCKET);
    EQUAL(WSPGetQOSByName(0, NULL, NULL, &error), FALSE);
    EQUAL(WSPGetOverlappedResult(0, NULL, NULL, FALSE, NULL, &error), FALSE);
}

/* Memory that cannot be touched, and memory that can only be read. */
static char *untouchable, *readable;

static void make_bad_memory(void)
{
    untouchable = mmap(NULL, 65536, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    readable = mmap(NULL, 65536, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(untouchable != MAP_FAILED && readable != MAP_FAILED);
}

/* `call`, an expression with `p`, fails with WSAEFAULT whatever bad pointer `p` is. */
#define FAULTS_IN(p, call)                                                                                             \
    do {                                                                                                               \
        void *const places_[] = {NULL, untouchable, untouchable + 3, (void *)8, (void *)~7ull};                        \
        for (size_t place_ = 0; place_ < sizeof places_ / sizeof *places_; place_++) {                                 \
            void *p = places_[place_];                                                                                 \
            FAILS(call, WSAEFAULT);                                                                                    \
        }                                                                                                              \
    } while (0)

/* The same for what is written: memory for reading is not enough. */
#define FAULTS_OUT(p, call)                                                                                            \
    do {                                                                                                               \
        FAULTS_IN(p, call);                                                                                            \
        void *p = readable;                                                                                            \
        FAILS(call, WSAEFAULT);                                                                                        \
    } while (0)

/* The same where NULL stands for nothing and is no fault. */
#define FAULTS_OUT_IF_GIVEN(p, call)                                                                                   \
    do {                                                                                                               \
        void *const places_[] = {untouchable, (void *)8, readable};                                                    \
        for (size_t place_ = 0; place_ < sizeof places_ / sizeof *places_; place_++) {                                 \
            void *p = places_[place_];                                                                                 \
            FAILS(call, WSAEFAULT);                                                                                    \
        }                                                                                                              \
    } while (0)

TEST(startup_needs_places_for_its_answers, "WSPStartup.3 OBS.44")
{
    WSPUPCALLTABLE none;
    memset(&none, 0, sizeof none);
    make_bad_memory();
    void *const places[] = {NULL, untouchable, readable, (void *)8};
    for (size_t i = 0; i < 4; i++) {
        EQUAL(WSPStartup(MAKEWORD(2, 2), places[i], NULL, none, &procs), WSAEFAULT);
        EQUAL(WSPStartup(MAKEWORD(2, 2), &data, NULL, none, places[i]), WSAEFAULT);
    }
    /* None of them has started anything. */
    FAILS(WSPCleanup(&error), WSANOTINITIALISED);
}

/* WSPGetSockName:WSAEFAULT WSPGetPeerName:WSAEFAULT */
TEST(addresses_that_cannot_be_touched_fault, "OBS.44 WSPAccept.10 WSPGetSockName.4 WSPGetPeerName.3")
{
    struct sockaddr_in address, name;
    int length = sizeof name;
    SOCKET pair[2];
    startup();
    make_bad_memory();
    SOCKET unbound = tcp(), listening = listener(SOMAXCONN, &address);
    tcp_pair(pair);
    FAULTS_IN(p, WSPBind(unbound, p, sizeof name, &error));
    FAULTS_IN(p, WSPConnect(unbound, p, sizeof name, NULL, NULL, NULL, NULL, &error));
    FAULTS_OUT(p, WSPGetSockName(listening, p, &length, &error));
    FAULTS_OUT(p, WSPGetSockName(listening, (struct sockaddr *)&name, p, &error));
    FAULTS_OUT(p, WSPGetPeerName(pair[0], p, &length, &error));
    FAULTS_OUT(p, WSPGetPeerName(pair[0], (struct sockaddr *)&name, p, &error));
    /* The connection stays in the queue until it can be told who it is. */
    CHECK(posix_connect(ntohs(address.sin_port)) >= 0);
    FAULTS_OUT_IF_GIVEN(p, WSPAccept(listening, p, &length, NULL, 0, &error));
    FAULTS_OUT_IF_GIVEN(p, WSPAccept(listening, (struct sockaddr *)&name, p, NULL, 0, &error));
    FAILS(WSPAccept(listening, NULL, NULL, (LPCONDITIONPROC)(DWORD_PTR)untouchable, 0, &error), WSAEFAULT);
    CHECK(WSPAccept(listening, (struct sockaddr *)&name, &length, NULL, 0, &error) != INVALID_SOCKET);
}

TEST(buffers_that_cannot_be_touched_fault, "OBS.44 OBS.29 WSPSend.6")
{
    SOCKET pair[2];
    char byte = 0;
    DWORD count = 77, flags = 0;
    WSABUF one = {1, &byte};
    startup();
    make_bad_memory();
    tcp_pair(pair);
    SOCKET datagrams = udp();
    struct sockaddr_in address = bind_loopback(datagrams);
    FAULTS_IN(p, WSPSend(pair[0], p, 1, &count, 0, NULL, NULL, NULL, &error));
    FAULTS_IN(p, WSPSend(pair[0], (&(WSABUF){1, p}), 1, &count, 0, NULL, NULL, NULL, &error));
    FAULTS_IN(p, WSPSendTo(datagrams, p, 1, &count, 0, (struct sockaddr *)&address, sizeof address, NULL, NULL, NULL,
                           &error));
    FAULTS_IN(p, WSPRecv(pair[1], p, 1, &count, &flags, NULL, NULL, NULL, &error));
    FAULTS_IN(p, WSPRecv(pair[1], &one, 1, &count, p, NULL, NULL, NULL, &error));
    FAULTS_IN(p, WSPRecvFrom(datagrams, p, 1, &count, &flags, NULL, NULL, NULL, NULL, NULL, &error));
    /* The data is there, its place is not: it is not lost. */
    SUCCEEDS(send_bytes(pair[0], "x", 1, &(DWORD){0}));
    FAULTS_OUT(p, WSPRecv(pair[1], (&(WSABUF){1, p}), 1, &count, &flags, NULL, NULL, NULL, &error));
    EQUAL(count, 77);
    SUCCEEDS(receive_bytes(pair[1], &byte, 1, &count, 0));
    EQUAL(byte, 'x');
}

TEST(other_pointers_that_cannot_be_touched_fault, "OBS.44")
{
    SOCKET pair[2];
    int value = 0, length = sizeof value;
    DWORD returned;
    struct timeval now = {0, 0};
    struct sockaddr_in address = loopback(7);
    WCHAR text[32] = {'1', '.', '2', '.', '3', '.', '4', 0};
    DWORD units = 32;
    fd_set set;
    startup();
    make_bad_memory();
    tcp_pair(pair);
    FD_ZERO(&set);
    FD_SET(pair[0], &set);
    FAULTS_OUT(p, WSPGetSockOpt(pair[0], SOL_SOCKET, SO_TYPE, p, &length, &error));
    FAULTS_OUT(p, WSPGetSockOpt(pair[0], SOL_SOCKET, SO_TYPE, (char *)&value, p, &error));
    FAULTS_IN(p, WSPSetSockOpt(pair[0], SOL_SOCKET, SO_KEEPALIVE, p, sizeof value, &error));
    FAULTS_IN(p, WSPIoctl(pair[0], FIONBIO, p, 4, NULL, 0, &returned, NULL, NULL, NULL, &error));
    FAULTS_OUT(p, WSPIoctl(pair[0], FIONREAD, NULL, 0, p, 4, &returned, NULL, NULL, NULL, &error));
    FAULTS_OUT(p, WSPIoctl(pair[0], FIONREAD, NULL, 0, &value, 4, p, NULL, NULL, NULL, &error));
    fd_set *kept = (fd_set *)(void *)readable;
    CHECK(mprotect(readable, 65536, PROT_READ | PROT_WRITE) == 0);
    FD_ZERO(kept);
    FD_SET(pair[0], kept);
    CHECK(mprotect(readable, 65536, PROT_READ) == 0);
    FAILS(WSPSelect(0, NULL, kept, NULL, &now, &error), WSAEFAULT);
    FAILS(WSPSelect(0, &set, (fd_set *)(void *)untouchable, NULL, &now, &error), WSAEFAULT);
    FAILS(WSPSelect(0, &set, NULL, NULL, (struct timeval *)untouchable, &error), WSAEFAULT);
    EQUAL(set.fd_count, 1);
    FAULTS_OUT(p, WSPDuplicateSocket(pair[0], (DWORD)getpid(), p, &error));
    FAILS(WSPSocket(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, (void *)untouchable, 0, 0, &error),
          WSAEFAULT);
    FAULTS_IN(p, WSPGetQOSByName(pair[0], p, NULL, &error));
    FAILS(WSPSendDisconnect(pair[0], (void *)untouchable, &error), WSAEFAULT);
    FAILS(WSPRecvDisconnect(pair[0], (void *)untouchable, &error), WSAEFAULT);
    FAULTS_IN(p, WSPAddressToString(p, sizeof address, NULL, text, &units, &error));
    FAULTS_OUT(p, WSPAddressToString((struct sockaddr *)&address, sizeof address, NULL, p, &units, &error));
    FAULTS_OUT(p, WSPAddressToString((struct sockaddr *)&address, sizeof address, NULL, text, p, &error));
    length = sizeof address;
    FAULTS_IN(p, WSPStringToAddress(p, AF_INET, NULL, (struct sockaddr *)&address, &length, &error));
    FAULTS_OUT(p, WSPStringToAddress(text, AF_INET, NULL, p, &length, &error));
    FAULTS_OUT(p, WSPStringToAddress(text, AF_INET, NULL, (struct sockaddr *)&address, p, &error));
}

TEST(overlapped_sockets_serve_synchronous_calls, "WSPSocket.5 OV.1")
{
    struct sockaddr_in address;
    char byte = 0;
    DWORD count;
    startup();
    SOCKET listening = listener(SOMAXCONN, &address);
    SOCKET s = WSPSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0, WSA_FLAG_OVERLAPPED, &error);
    CHECK(s != INVALID_SOCKET);
    SUCCEEDS(connect_to(s, &address));
    SOCKET peer = WSPAccept(listening, NULL, NULL, NULL, 0, &error);
    SUCCEEDS(send_bytes(s, "x", 1, &count));
    SUCCEEDS(receive_bytes(peer, &byte, 1, &count, 0));
    EQUAL(byte, 'x');
    SUCCEEDS(send_bytes(peer, "y", 1, &count));
    SUCCEEDS(receive_bytes(s, &byte, 1, &count, 0));
    EQUAL(byte, 'y');
}

TEST(datagrams_are_received_where_they_can_arrive, "OV.24 OBS.24 OBS.30")
{
    char byte;
    WSABUF buffer = {1, &byte};
    DWORD count, none = 0, urgent = MSG_OOB;
    startup();
    SOCKET s = udp();
    FAILS(WSPRecvFrom(s, &buffer, 1, &count, &none, NULL, NULL, NULL, NULL, NULL, &error), WSAEINVAL);
    FAILS(WSPRecv(s, &buffer, 1, &count, &none, NULL, NULL, NULL, &error), WSAEINVAL);
    bind_loopback(s);
    FAILS(WSPRecvFrom(s, &buffer, 1, &count, &urgent, NULL, NULL, NULL, NULL, NULL, &error), WSAEOPNOTSUPP);
}
