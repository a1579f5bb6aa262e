#include "check.h"

#include <errno.h>
#include <unistd.h>

static WSPUPCALLTABLE no_host(void)
{
    WSPUPCALLTABLE none;
    memset(&none, 0, sizeof none);
    return none;
}

static int start(WORD version)
{
    return WSPStartup(version, &data, NULL, no_host(), &procs);
}

/* What a provider of 2.2 alone says to each request. */
TEST(versions_are_negotiated, "WSPStartup.1 WSPStartup.2 WSPStartup.3 WSPStartup.4 WSPStartup.5")
{
    static const struct {
        WORD requested;
        int code;
    } cases[] = {
        {MAKEWORD(2, 2), 0},
        {MAKEWORD(2, 3), 0},
        {MAKEWORD(2, 255), 0},
        {MAKEWORD(3, 0), 0},
        {MAKEWORD(255, 255), 0},
        {MAKEWORD(2, 1), WSAVERNOTSUPPORTED},
        {MAKEWORD(2, 0), WSAVERNOTSUPPORTED},
        {MAKEWORD(1, 1), WSAVERNOTSUPPORTED},
        {MAKEWORD(1, 0), WSAVERNOTSUPPORTED},
        /* Greater than 2.2 as a number. */
        {MAKEWORD(1, 255), WSAVERNOTSUPPORTED},
        {MAKEWORD(0, 0), WSAVERNOTSUPPORTED},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        memset(&data, 0xaa, sizeof data);
        EQUAL(start(cases[i].requested), cases[i].code);
        EQUAL(data.wVersion, MAKEWORD(2, 2));
        EQUAL(data.wHighVersion, MAKEWORD(2, 2));
        if (cases[i].code == 0)
            SUCCEEDS(WSPCleanup(&error));
        FAILS(WSPCleanup(&error), WSANOTINITIALISED);
    }
}

TEST(the_provider_describes_itself, "WSPStartup.7")
{
    memset(&data, 0xaa, sizeof data);
    EQUAL(start(MAKEWORD(2, 2)), 0);
    int length = 0;
    for (; length < 256 && data.szDescription[length] != 0; length++)
        CHECK(data.szDescription[length] >= ' ' && data.szDescription[length] < 0x7f);
    CHECK(length > 0 && length < 256);
}

TEST(a_client_may_leave_when_it_does_not_like_the_version, "WSPStartup.6 WSPCleanup.1")
{
    EQUAL(start(MAKEWORD(3, 0)), 0);
    EQUAL(data.wVersion, MAKEWORD(2, 2));
    SUCCEEDS(WSPCleanup(&error));
    FAILS(WSPSocket(AF_INET, SOCK_STREAM, 0, NULL, 0, 0, &error), WSANOTINITIALISED);
}

TEST(every_startup_needs_its_cleanup, "WSPStartup.8 WSPStartup.9 WSPCleanup.1 WSPCleanup.2")
{
    FAILS(WSPCleanup(&error), WSANOTINITIALISED);
    EQUAL(start(MAKEWORD(2, 2)), 0);
    EQUAL(start(MAKEWORD(2, 5)), 0);
    EQUAL(start(MAKEWORD(1, 1)), WSAVERNOTSUPPORTED);
    EQUAL(start(MAKEWORD(2, 2)), 0);
    SOCKET s = tcp();
    bind_loopback(s);
    SUCCEEDS(WSPCleanup(&error));
    SUCCEEDS(WSPCleanup(&error));
    SUCCEEDS(WSPListen(s, 1, &error));
    SUCCEEDS(WSPCleanup(&error));
    FAILS(WSPListen(s, 1, &error), WSANOTINITIALISED);
    FAILS(WSPCleanup(&error), WSANOTINITIALISED);
}

TEST(a_startup_with_bad_pointers_is_none, "WSPStartup.9 OBS.44")
{
    EQUAL(WSPStartup(MAKEWORD(2, 2), NULL, NULL, no_host(), &procs), WSAEFAULT);
    EQUAL(WSPStartup(MAKEWORD(2, 2), (LPWSPDATA)8, NULL, no_host(), &procs), WSAEFAULT);
    EQUAL(WSPStartup(MAKEWORD(2, 2), &data, NULL, no_host(), NULL), WSAEFAULT);
    EQUAL(WSPStartup(MAKEWORD(2, 2), &data, NULL, no_host(), (LPWSPPROC_TABLE)8), WSAEFAULT);
    FAILS(WSPSocket(AF_INET, SOCK_STREAM, 0, NULL, 0, 0, &error), WSANOTINITIALISED);
    FAILS(WSPCleanup(&error), WSANOTINITIALISED);
}

/* One provider is all there is in the library. */
TEST(the_protocol_info_selects_nothing, "WSPStartup.12")
{
    EQUAL(WSPStartup(MAKEWORD(2, 2), &data, (LPWSAPROTOCOL_INFOW)8, no_host(), &procs), 0);
    tcp();
}

TEST(the_table_is_filled, "C.3 C.10")
{
    memset(&procs, 0, sizeof procs);
    EQUAL(start(MAKEWORD(2, 2)), 0);
    void *entries[30];
    EQUAL(sizeof entries, sizeof procs);
    memcpy(entries, &procs, sizeof entries);
    for (int i = 0; i < 30; i++) {
        CHECK(entries[i] != NULL);
        for (int j = 0; j < i; j++)
            CHECK(entries[i] != entries[j]);
    }
    SOCKET s = procs.lpWSPSocket(AF_INET, SOCK_STREAM, 0, NULL, 0, 0, &error);
    CHECK(s != INVALID_SOCKET);
    SUCCEEDS(procs.lpWSPCloseSocket(s, &error));
    FAILS(procs.lpWSPCloseSocket(s, &error), WSAENOTSOCK);
    SUCCEEDS(procs.lpWSPCleanup(&error));
}

/* Nothing may be called before WSPStartup, or after the last WSPCleanup. */
static void nothing_works(void)
{
    SOCKET s = 4;
    struct sockaddr *name = NULL;
    FAILS(procs.lpWSPAccept(s, NULL, NULL, NULL, 0, &error), WSANOTINITIALISED);
    FAILS(procs.lpWSPAddressToString(NULL, 0, NULL, NULL, NULL, &error), WSANOTINITIALISED);
    FAILS(procs.lpWSPAsyncSelect(s, NULL, 0, 0, &error), WSANOTINITIALISED);
    FAILS(procs.lpWSPBind(s, name, 0, &error), WSANOTINITIALISED);
    FAILS(procs.lpWSPCancelBlockingCall(&error), WSANOTINITIALISED);
    FAILS(procs.lpWSPCleanup(&error), WSANOTINITIALISED);
    FAILS(procs.lpWSPCloseSocket(s, &error), WSANOTINITIALISED);
    FAILS(procs.lpWSPConnect(s, name, 0, NULL, NULL, NULL, NULL, &error), WSANOTINITIALISED);
    FAILS(procs.lpWSPDuplicateSocket(s, 0, NULL, &error), WSANOTINITIALISED);
    FAILS(procs.lpWSPEnumNetworkEvents(s, NULL, NULL, &error), WSANOTINITIALISED);
    FAILS(procs.lpWSPEventSelect(s, NULL, 0, &error), WSANOTINITIALISED);
    FAILS(procs.lpWSPGetOverlappedResult(s, NULL, NULL, FALSE, NULL, &error), WSANOTINITIALISED);
    FAILS(procs.lpWSPGetPeerName(s, NULL, NULL, &error), WSANOTINITIALISED);
    FAILS(procs.lpWSPGetSockName(s, NULL, NULL, &error), WSANOTINITIALISED);
    FAILS(procs.lpWSPGetSockOpt(s, 0, 0, NULL, NULL, &error), WSANOTINITIALISED);
    FAILS(procs.lpWSPGetQOSByName(s, NULL, NULL, &error), WSANOTINITIALISED);
    FAILS(procs.lpWSPIoctl(s, 0, NULL, 0, NULL, 0, NULL, NULL, NULL, NULL, &error), WSANOTINITIALISED);
    FAILS(procs.lpWSPJoinLeaf(s, name, 0, NULL, NULL, NULL, NULL, 0, &error), WSANOTINITIALISED);
    FAILS(procs.lpWSPListen(s, 0, &error), WSANOTINITIALISED);
    FAILS(procs.lpWSPRecv(s, NULL, 0, NULL, NULL, NULL, NULL, NULL, &error), WSANOTINITIALISED);
    FAILS(procs.lpWSPRecvDisconnect(s, NULL, &error), WSANOTINITIALISED);
    FAILS(procs.lpWSPRecvFrom(s, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, &error), WSANOTINITIALISED);
    FAILS(procs.lpWSPSelect(0, NULL, NULL, NULL, NULL, &error), WSANOTINITIALISED);
    FAILS(procs.lpWSPSend(s, NULL, 0, NULL, 0, NULL, NULL, NULL, &error), WSANOTINITIALISED);
    FAILS(procs.lpWSPSendDisconnect(s, NULL, &error), WSANOTINITIALISED);
    FAILS(procs.lpWSPSendTo(s, NULL, 0, NULL, 0, NULL, 0, NULL, NULL, NULL, &error), WSANOTINITIALISED);
    FAILS(procs.lpWSPSetSockOpt(s, 0, 0, NULL, 0, &error), WSANOTINITIALISED);
    FAILS(procs.lpWSPShutdown(s, 0, &error), WSANOTINITIALISED);
    FAILS(procs.lpWSPSocket(0, 0, 0, NULL, 0, 0, &error), WSANOTINITIALISED);
    FAILS(procs.lpWSPStringToAddress(NULL, 0, NULL, NULL, NULL, &error), WSANOTINITIALISED);
}

TEST(nothing_works_outside_of_a_started_period, "C.4 WSPStartup.8 WSPCleanup.2")
{
    FAILS(WSPSocket(AF_INET, SOCK_STREAM, 0, NULL, 0, 0, &error), WSANOTINITIALISED);
    EQUAL(start(MAKEWORD(2, 2)), 0);
    SUCCEEDS(WSPCleanup(&error));
    nothing_works();
}

/* Two hosts; the later one counts. */
static int first_shown, second_shown;

static SOCKET WSPAPI show_first(DWORD entry, SOCKET proposed, LPINT code)
{
    (void)entry, (void)code;
    first_shown++;
    return proposed;
}

static SOCKET WSPAPI show_second(DWORD entry, SOCKET proposed, LPINT code)
{
    (void)entry, (void)code;
    second_shown++;
    return proposed;
}

TEST(the_most_recent_host_is_asked, "WSPStartup.10 WSPStartup.11")
{
    WSPUPCALLTABLE first = no_host(), second = no_host();
    first.lpWPUModifyIFSHandle = show_first;
    second.lpWPUModifyIFSHandle = show_second;
    EQUAL(WSPStartup(MAKEWORD(2, 2), &data, NULL, first, &procs), 0);
    tcp();
    EQUAL(first_shown, 1);
    EQUAL(WSPStartup(MAKEWORD(2, 2), &data, NULL, second, &procs), 0);
    tcp();
    EQUAL(first_shown, 1);
    EQUAL(second_shown, 1);
    /* A startup that fails changes nothing, nor does a cleanup that is not the last. */
    EQUAL(WSPStartup(MAKEWORD(1, 0), &data, NULL, first, &procs), WSAVERNOTSUPPORTED);
    SUCCEEDS(WSPCleanup(&error));
    tcp();
    EQUAL(first_shown, 1);
    EQUAL(second_shown, 2);
    /* An empty table is a table: the library is its own host. */
    EQUAL(start(MAKEWORD(2, 2)), 0);
    tcp();
    EQUAL(second_shown, 2);
}

static int restarted;

static SOCKET WSPAPI start_within(DWORD entry, SOCKET proposed, LPINT code)
{
    (void)entry, (void)code;
    restarted = start(MAKEWORD(2, 2));
    FAILS(WSPCleanup(&error), WSAEINPROGRESS);
    return proposed;
}

TEST(no_startup_out_of_a_callback, "C.7")
{
    WSPUPCALLTABLE host = no_host();
    host.lpWPUModifyIFSHandle = start_within;
    EQUAL(WSPStartup(MAKEWORD(2, 2), &data, NULL, host, &procs), 0);
    tcp();
    EQUAL(restarted, WSAEINPROGRESS);
    SUCCEEDS(WSPCleanup(&error));
    FAILS(WSPCleanup(&error), WSANOTINITIALISED);
}

TEST(the_last_cleanup_resets_what_is_open, "WSPCleanup.1 WSPCleanup.5 WSPStartup.9")
{
    struct sockaddr_in address;
    unsigned long got;
    int open = posix_open_descriptors();
    startup();
    startup();
    SOCKET listening = listener(SOMAXCONN, &address);
    int client = posix_connect(ntohs(address.sin_port)), waiting;
    SOCKET s = WSPAccept(listening, NULL, NULL, NULL, 0, &error);
    CHECK(s != INVALID_SOCKET);
    waiting = posix_connect(ntohs(address.sin_port));
    SUCCEEDS(WSPCleanup(&error));
    SUCCEEDS(WSPListen(listening, SOMAXCONN, &error));
    SUCCEEDS(WSPCleanup(&error));
    EQUAL(posix_drain(client, &got), -ECONNRESET);
    EQUAL(posix_drain(waiting, &got), -ECONNRESET);
    CHECK(posix_connect(ntohs(address.sin_port)) < 0);
    posix_close(client);
    posix_close(waiting);
    EQUAL(posix_open_descriptors(), open);
}

TEST(the_library_starts_again, "WSPCleanup.9 C.8")
{
    struct sockaddr_in address;
    for (int i = 0; i < 3; i++) {
        startup();
        SOCKET listening = listener(5, &address);
        SUCCEEDS(WSPCleanup(&error));
        startup();
        /* Handles of an earlier period name nothing. */
        FAILS(WSPListen(listening, 1, &error), WSAENOTSOCK);
        SOCKET again = tcp();
        CHECK(again != listening);
        SUCCEEDS(WSPBind(again, (struct sockaddr *)&address, sizeof address, &error));
        SUCCEEDS(WSPListen(again, 1, &error));
        SUCCEEDS(WSPCleanup(&error));
    }
}

TEST(what_was_closed_goes_on_sending, "WSPCleanup.6 WSPCleanup.7")
{
    enum { SIZE = 100000 };
    static char bytes[SIZE];
    struct sockaddr_in address;
    DWORD sent;
    unsigned long got;
    startup();
    SOCKET listening = listener(5, &address);
    int client = posix_connect(ntohs(address.sin_port));
    SOCKET s = WSPAccept(listening, NULL, NULL, NULL, 0, &error);
    CHECK(s != INVALID_SOCKET);
    SUCCEEDS(send_bytes(s, bytes, SIZE, &sent));
    EQUAL(sent, SIZE);
    SUCCEEDS(WSPCloseSocket(s, &error));
    SUCCEEDS(WSPCleanup(&error));
    EQUAL(posix_drain(client, &got), 0);
    EQUAL(got, SIZE);
}

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

TEST(the_last_cleanup_ends_blocking_calls, "WSPCleanup.3")
{
    pthread_t thread;
    unsigned short port;
    startup();
    posix_listen_full(&port);
    blocked = tcp();
    blocked_on = loopback(port);
    pthread_barrier_init(&blocked_barrier, NULL, 2);
    pthread_create(&thread, NULL, block, NULL);
    pthread_barrier_wait(&blocked_barrier);
    posix_await_call(blocked_thread, posix_connecting);
    SUCCEEDS(WSPCleanup(&error));
    pthread_join(thread, NULL);
    EQUAL(blocked_code, WSAEINTR);
}

static int listen_and_stay(int unused)
{
    struct sockaddr_in address;
    (void)unused;
    startup();
    listener(5, &address);
    return ntohs(address.sin_port);
}

TEST(a_process_may_end_without_cleanup, "WSPCleanup.8")
{
    int process = posix_answerer(listen_and_stay);
    unsigned short port = (unsigned short)posix_ask(process, 0);
    unsigned long got;
    int client = posix_connect(port);
    CHECK(client >= 0);
    posix_end(process);
    EQUAL(posix_drain(client, &got), -ECONNRESET);
    startup();
    struct sockaddr_in address = loopback(port);
    SOCKET s = tcp();
    SUCCEEDS(WSPBind(s, (struct sockaddr *)&address, sizeof address, &error));
    SUCCEEDS(WSPListen(s, 5, &error));
}

enum { ROUNDS = 300, SOCKETS = 100 };
static pthread_barrier_t meeting;

/* Starts with another thread's last cleanup. */
static void *start_meanwhile(void *unused)
{
    WSPDATA own;
    WSPPROC_TABLE table;
    (void)unused;
    for (int i = 0; i < ROUNDS; i++) {
        pthread_barrier_wait(&meeting);
        EQUAL(WSPStartup(MAKEWORD(2, 2), &own, NULL, no_host(), &table), 0);
        SOCKET s = WSPSocket(AF_INET, SOCK_DGRAM, 0, NULL, 0, 0, &error);
        CHECK(s != INVALID_SOCKET);
        bind_loopback(s);
        SUCCEEDS(WSPCloseSocket(s, &error));
        SUCCEEDS(WSPCleanup(&error));
        pthread_barrier_wait(&meeting);
    }
    return NULL;
}

TEST(a_cleanup_takes_nothing_from_who_starts_meanwhile, "WSPStartup.9 WSPCleanup.1 WSPCleanup.9")
{
    pthread_t thread;
    int open = posix_open_descriptors();
    pthread_barrier_init(&meeting, NULL, 2);
    pthread_create(&thread, NULL, start_meanwhile, NULL);
    for (int i = 0; i < ROUNDS; i++) {
        startup();
        for (int j = 0; j < SOCKETS; j++)
            udp();
        pthread_barrier_wait(&meeting);
        SUCCEEDS(WSPCleanup(&error));
        pthread_barrier_wait(&meeting);
        FAILS(WSPCleanup(&error), WSANOTINITIALISED);
        EQUAL(posix_open_descriptors(), open);
    }
    pthread_join(thread, NULL);
}

/* The threads of a process that forks are not in the child, to give back what they hold. */
enum { FORKS = 60 };
static int forking = 1;

static void *start_over_and_over(void *unused)
{
    WSPDATA own;
    WSPPROC_TABLE table;
    (void)unused;
    while (__atomic_load_n(&forking, __ATOMIC_RELAXED)) {
        EQUAL(WSPStartup(MAKEWORD(2, 2), &own, NULL, no_host(), &table), 0);
        SUCCEEDS(WSPCleanup(&error));
    }
    return NULL;
}

static u_long queued(SOCKET s)
{
    u_long bytes = 0;
    DWORD returned;
    SUCCEEDS(WSPIoctl(s, FIONREAD, NULL, 0, &bytes, sizeof bytes, &returned, NULL, NULL, NULL, &error));
    return bytes;
}

static void *look_over_and_over(void *s)
{
    while (__atomic_load_n(&forking, __ATOMIC_RELAXED))
        EQUAL(queued(*(SOCKET *)s), 3);
    return NULL;
}

TEST(a_forked_child_finds_no_lock_taken, "WSPStartup.8 WSPCleanup.1 OBS.8")
{
    pthread_t starter, looker;
    startup();
    SOCKET s = udp();
    struct sockaddr_in address = bind_loopback(s);
    posix_datagram(ntohs(address.sin_port), "abc", 3);
    pthread_create(&starter, NULL, start_over_and_over, NULL);
    pthread_create(&looker, NULL, look_over_and_over, &s);
    for (int i = 0; i < FORKS; i++) {
        int child = posix_fork();
        if (child == 0) {
            alarm(10);
            startup();
            EQUAL(queued(udp()), 0);
            SUCCEEDS(WSPCleanup(&error));
            _exit(0);
        }
        EQUAL(posix_wait(child), 0);
    }
    __atomic_store_n(&forking, 0, __ATOMIC_RELAXED);
    pthread_join(starter, NULL);
    pthread_join(looker, NULL);
}
