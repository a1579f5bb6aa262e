/* WSAStartup and WSACleanup: versions, counting, what they tell; and every function before, after, and with nothing. */
#include "waits.h"
#include "winsock_every.h"

#include <sys/mman.h>

/* ---- Versions ---- */

TEST(every_version_from_1_0_is_served, "NEED-H16 WSPStartup.1 WSPStartup.4")
{
    static const struct {
        WORD asked, given;
    } versions[] = {
        {MAKEWORD(1, 0), MAKEWORD(1, 0)}, {MAKEWORD(1, 1), MAKEWORD(1, 1)},   {MAKEWORD(1, 99), MAKEWORD(1, 99)},
        {MAKEWORD(2, 0), MAKEWORD(2, 0)}, {MAKEWORD(2, 1), MAKEWORD(2, 1)},   {MAKEWORD(2, 2), MAKEWORD(2, 2)},
        {MAKEWORD(2, 3), MAKEWORD(2, 2)}, {MAKEWORD(3, 0), MAKEWORD(2, 2)},   {MAKEWORD(3, 255), MAKEWORD(2, 2)},
        {MAKEWORD(255, 0), MAKEWORD(2, 2)}, {MAKEWORD(255, 255), MAKEWORD(2, 2)},
    };
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        WSADATA told;
        memset(&told, 0x55, sizeof told);
        EQUAL(WSAStartup(versions[i].asked, &told), 0);
        EQUAL(told.wVersion, versions[i].given);
        EQUAL(told.wHighVersion, MAKEWORD(2, 2));
        SUCCEEDS(WSACleanup());
    }
}

TEST(versions_below_1_are_refused, "WSPStartup.5")
{
    static const WORD versions[] = {MAKEWORD(0, 0), MAKEWORD(0, 1), MAKEWORD(0, 255)};
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        WSADATA told;
        WSASetLastError(4711);
        EQUAL(WSAStartup(versions[i], &told), WSAVERNOTSUPPORTED);
        EQUAL(told.wHighVersion, MAKEWORD(2, 2));
        EQUAL(WSAGetLastError(), 4711); /* the code is the answer */
        FAILS_WITH(socket(AF_INET, SOCK_STREAM, IPPROTO_TCP), WSANOTINITIALISED);
    }
}

TEST(the_structure_is_filled, "NEED-H16")
{
    WSADATA told;
    memset(&told, 0x55, sizeof told);
    EQUAL(WSAStartup(MAKEWORD(2, 2), &told), 0);
    CHECK(strlen(told.szDescription) > 0 && strlen(told.szDescription) <= WSADESCRIPTION_LEN);
    CHECK(strlen(told.szSystemStatus) <= WSASYS_STATUS_LEN);
    CHECK(told.lpVendorInfo == NULL);
    EQUAL(told.iMaxSockets, 0);
    EQUAL(told.iMaxUdpDg, 0);
    /* A program of Winsock 1 takes these for what it can have. */
    EQUAL(WSAStartup(MAKEWORD(1, 1), &told), 0);
    CHECK(told.iMaxSockets > 0 && told.iMaxUdpDg > 0);
}

TEST(a_bad_structure_is_a_fault, "OBS.44")
{
    char *fenced = posix_fenced(8192), *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EQUAL(WSAStartup(MAKEWORD(2, 2), NULL), WSAEFAULT);
    EQUAL(WSAStartup(MAKEWORD(2, 2), (WSADATA *)(ULONG_PTR)0x10), WSAEFAULT);
    EQUAL(WSAStartup(MAKEWORD(2, 2), (WSADATA *)(void *)(fenced + 4096 - 64)), WSAEFAULT);
    EQUAL(WSAStartup(MAKEWORD(2, 2), (WSADATA *)(void *)page), WSAEFAULT);
    /* None of them counts. */
    FAILS_WITH(WSACleanup(), WSANOTINITIALISED);
}

/* ---- Counting ---- */

TEST(startups_are_counted, "NEED-S16 WSPCleanup.1")
{
    for (int i = 0; i < 3; i++)
        winsock();
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    for (int i = 0; i < 2; i++) {
        SUCCEEDS(WSACleanup());
        EQUAL(winsock_name(winsock_listen()).sin_family, AF_INET);
    }
    SUCCEEDS(WSACleanup());
    FAILS_WITH(WSACleanup(), WSANOTINITIALISED);
    FAILS_WITH(closesocket(s), WSANOTINITIALISED);
    winsock();
    /* What was open is not open again. */
    FAILS_WITH(closesocket(s), WSAENOTSOCK);
    SUCCEEDS(WSACleanup());
    FAILS_WITH(WSACleanup(), WSANOTINITIALISED);
}

/* The last WSACleanup ends connections as a crash would. */
TEST(the_last_cleanup_resets_connections, "WSPCleanup.5 NEED-S16")
{
    unsigned short port;
    int listening = posix_listen(&port, 5);
    struct sockaddr_in address = loopback(port);
    winsock();
    winsock();
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    SUCCEEDS(connect(s, (struct sockaddr *)&address, sizeof address));
    int peer = posix_accept(listening);
    SUCCEEDS(WSACleanup());
    posix_write(peer, "x", 1);
    char byte;
    EQUAL(recv(s, &byte, 1, 0), 1);
    SUCCEEDS(WSACleanup());
    EQUAL(posix_read_error(peer), 104); /* ECONNRESET */
}

/* Both doors count for themselves, and the base provider runs as long as either is open. */
TEST(the_provider_runs_while_either_door_is_open, "WSPStartup.8 WSPCleanup.1")
{
    startup();
    FAILS_WITH(socket(AF_INET, SOCK_STREAM, IPPROTO_TCP), WSANOTINITIALISED);
    SOCKET s = tcp();
    winsock();
    struct sockaddr_in address = loopback(0);
    SUCCEEDS(bind(s, (struct sockaddr *)&address, sizeof address));
    SUCCEEDS(WSPCleanup(&error));
    SUCCEEDS(listen(s, 5));
    startup();
    SUCCEEDS(WSACleanup());
    SUCCEEDS(WSPListen(s, 5, &error));
    FAILS_WITH(listen(s, 5), WSANOTINITIALISED);
    SUCCEEDS(WSPCleanup(&error));
    FAILS(WSPListen(s, 5, &error), WSANOTINITIALISED);
}

/* ---- Every function ---- */

TEST(nothing_runs_before_startup_and_after_cleanup, "C.4")
{
    for (size_t i = 0; i < WINSOCK_FUNCTIONS; i++) {
        WINSOCK_ANSWERS(i, 4, 1, WSANOTINITIALISED);
        WINSOCK_ANSWERS(i, 4, 0, WSANOTINITIALISED);
    }
    winsock();
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    SUCCEEDS(WSACleanup());
    for (size_t i = 0; i < WINSOCK_FUNCTIONS; i++) {
        WINSOCK_ANSWERS(i, s, 0, WSANOTINITIALISED);
        WINSOCK_ANSWERS(i, s, 1, WSANOTINITIALISED);
    }
    winsock();
    FAILS_WITH(closesocket(s), WSAENOTSOCK);
}

static void all_refuse(SOCKET s)
{
    for (size_t i = 0; i < WINSOCK_FUNCTIONS; i++) {
        if (winsock_functions[i].takes_handle) {
            WINSOCK_ANSWERS(i, s, 0, WSAENOTSOCK);
            /* The handle is judged before the pointers. */
            WINSOCK_ANSWERS(i, s, 1, WSAENOTSOCK);
        }
    }
}

TEST(what_is_no_socket_is_refused_by_all, "C.8 OBS.12")
{
    winsock();
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP), freed = socket(AF_INET, SOCK_DGRAM, 0);
    SUCCEEDS(closesocket(freed));
    WSAEVENT event = new_event();
    const SOCKET garbage[] = {0,           1,      2,         3,      freed,      s + 1,      s + 2, INVALID_SOCKET,
                              (SOCKET)-2, (SOCKET)-4, 0x7ffffffc, 0x80000000, 0xdeadbeef, (SOCKET)event};
    for (size_t i = 0; i < sizeof garbage / sizeof *garbage; i++)
        all_refuse(garbage[i]);
    for (SOCKET fd = 0; fd < 20; fd++)
        all_refuse(fd);
    /* It was left alone. */
    struct sockaddr_in address = loopback(0);
    SUCCEEDS(bind(s, (struct sockaddr *)&address, sizeof address));
    SUCCEEDS(closesocket(s));
    CHECK(WSACloseEvent(event));
}

/* A pointer to nothing is a code, and no function crashes or loses the socket. */
TEST(pointers_to_nothing_harm_nothing, "OBS.44")
{
    winsock();
    for (size_t i = 0; i + 2 < WINSOCK_FUNCTIONS; i++) {
        SOCKET s = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
        u_long on = 1;
        SUCCEEDS(ioctlsocket(s, FIONBIO, &on));
        winsock_functions[i].call(s, 1);
        if (strcmp(winsock_functions[i].name, "closesocket") != 0)
            SUCCEEDS(closesocket(s));
    }
}

/* What needs no WSAStartup. */
TEST(some_functions_need_no_startup, "NEED-K2 NEED-K4")
{
    WSASetLastError(4711);
    EQUAL(WSAGetLastError(), 4711);
    CHECK(!WSAIsBlocking());
    EQUAL(inet_addr("127.0.0.1"), htonl(INADDR_LOOPBACK));
    struct in_addr in = {.s_addr = htonl(INADDR_LOOPBACK)};
    CHECK(strcmp(inet_ntoa(in), "127.0.0.1") == 0);
    EQUAL(inet_pton(AF_INET, "127.0.0.1", &in), 1);
    char text[64];
    CHECK(inet_ntop(AF_INET, &in, text, sizeof text) == text);
    CHECK(WSACloseEvent(new_event()));
    EQUAL(WSAGetLastError(), 4711);
}

/* ---- The last error ---- */

static void *leave_another(void *unused)
{
    EQUAL(WSAGetLastError(), 0);
    FAILS_WITH(closesocket(1), WSAENOTSOCK);
    return unused;
}

TEST(each_thread_has_its_own_code, "NEED-K4")
{
    winsock();
    FAILS_WITH(socket(77, SOCK_STREAM, 0), WSAEAFNOSUPPORT);
    join_thread(start_thread(leave_another, NULL));
    EQUAL(WSAGetLastError(), WSAEAFNOSUPPORT);
}

TEST(success_leaves_the_code_alone, "NEED-K4")
{
    char bytes[8];
    WSADATA told;
    struct sockaddr_in address = loopback(0);
    WSASetLastError(4711);
    EQUAL(WSAStartup(MAKEWORD(2, 2), &told), 0);
    EQUAL(WSAGetLastError(), 4711);
    SOCKET s = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
    int length = sizeof address;
    u_long waiting, on = 0;
    EQUAL(bind(s, (struct sockaddr *)&address, sizeof address), 0);
    EQUAL(getsockname(s, (struct sockaddr *)&address, &length), 0);
    EQUAL(connect(s, (struct sockaddr *)&address, sizeof address), 0);
    EQUAL(send(s, "hello", 5, 0), 5);
    EQUAL(recv(s, bytes, sizeof bytes, 0), 5);
    EQUAL(ioctlsocket(s, FIONREAD, &waiting), 0);
    EQUAL(ioctlsocket(s, FIONBIO, &on), 0);
    fd_set set;
    FD_ZERO(&set);
    FD_SET(s, &set);
    EQUAL(select(0, NULL, &set, NULL, NULL), 1);
    WSAPOLLFD polled = {s, POLLWRNORM, 0};
    EQUAL(WSAPoll(&polled, 1, -1), 1);
    EQUAL(closesocket(s), 0);
    EQUAL(WSACleanup(), 0);
    EQUAL(WSAGetLastError(), 4711);
}

/* ---- Threads ---- */

enum { THREADS = 32, ROUNDS = 60 };

/* Starts and cleans up; every other round uses what it has started. */
static void *come_and_go(void *number)
{
    for (int round = 0; round < ROUNDS; round++) {
        winsock();
        if ((round + (int)(size_t)number) % 2) {
            struct sockaddr_in address = loopback(0);
            SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
            CHECK(s != INVALID_SOCKET);
            SUCCEEDS(bind(s, (struct sockaddr *)&address, sizeof address));
            SUCCEEDS(listen(s, 5));
            SUCCEEDS(closesocket(s));
        }
        SUCCEEDS(WSACleanup());
    }
    return NULL;
}

/* Opens and closes whether Winsock is started or not: either all goes well, or it is not initialised, or the last
 * WSACleanup has closed the socket. */
static void *open_and_close(void *unused)
{
    for (int round = 0; round < ROUNDS * 4; round++) {
        SOCKET s = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
        if (s == INVALID_SOCKET) {
            EQUAL(WSAGetLastError(), WSANOTINITIALISED);
        } else if (closesocket(s) != 0) {
            CHECK(WSAGetLastError() == WSANOTINITIALISED || WSAGetLastError() == WSAENOTSOCK);
        }
    }
    return unused;
}

TEST(threads_start_and_clean_up_at_once, "WSPCleanup.9 NEED-S16")
{
    pthread_t threads[THREADS + 4];
    come_and_go((void *)0);
    int descriptors = posix_open_descriptors();
    for (size_t i = 0; i < THREADS + 4; i++)
        threads[i] = start_thread(i < THREADS ? come_and_go : open_and_close, (void *)i);
    for (size_t i = 0; i < THREADS + 4; i++)
        join_thread(threads[i]);
    FAILS_WITH(WSACleanup(), WSANOTINITIALISED);
    /* What watched the listeners goes on its own. */
    EVENTUALLY(posix_open_descriptors() <= descriptors);
    EVENTUALLY(posix_threads() == 1);
}

/* ---- Forks ---- */

/* The child goes on with what the parent has started, and cleans up for itself. */
TEST(a_child_goes_on_with_its_parents_winsock, "WSPDuplicateSocket.1 WSPCleanup.5")
{
    char byte;
    winsock();
    SOCKET listening = winsock_listen(), client = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    struct sockaddr_in address = winsock_name(listening);
    SUCCEEDS(connect(client, (struct sockaddr *)&address, sizeof address));
    SOCKET server = accept(listening, NULL, NULL);
    int child = posix_fork();
    if (child == 0) {
        EQUAL(send(client, "c", 1, 0), 1);
        SOCKET own = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
        CHECK(own != INVALID_SOCKET);
        SUCCEEDS(closesocket(own));
        SUCCEEDS(closesocket(client));
        SUCCEEDS(WSACleanup());
        FAILS_WITH(WSACleanup(), WSANOTINITIALISED);
        winsock();
        SUCCEEDS(WSACleanup());
        exit(0);
    }
    EQUAL(posix_wait(child), 0);
    EQUAL(recv(server, &byte, 1, 0), 1);
    EQUAL(byte, 'c');
    /* The connection is the parent's as before. */
    EQUAL(send(client, "p", 1, 0), 1);
    EQUAL(recv(server, &byte, 1, 0), 1);
    EQUAL(byte, 'p');
    SUCCEEDS(WSACleanup());
}

static int running_threads = 1;

static void *start_and_clean_up(void *unused)
{
    while (__atomic_load_n(&running_threads, __ATOMIC_RELAXED)) {
        winsock();
        SUCCEEDS(WSACleanup());
    }
    return unused;
}

/* Forks while other threads start and clean up: the child is never caught in their locks. */
TEST(a_fork_meets_no_startup_half_way, "WSPCleanup.9")
{
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        threads[i] = start_thread(start_and_clean_up, NULL);
    for (int round = 0; round < 30; round++) {
        int child = posix_fork();
        if (child == 0) {
            winsock();
            SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
            exit(s != INVALID_SOCKET && closesocket(s) == 0 && WSACleanup() == 0 ? 0 : 1);
        }
        EQUAL(posix_wait(child), 0);
    }
    __atomic_store_n(&running_threads, 0, __ATOMIC_RELAXED);
    for (int i = 0; i < 4; i++)
        join_thread(threads[i]);
}

/* ---- Duplicates ---- */

/* `--child`: reads a WSAPROTOCOL_INFOW, makes the socket of it, and sends. */
__attribute__((constructor)) static void be_the_other_process(int count, char **arguments)
{
    WSAPROTOCOL_INFOW info;
    if (count != 3 || strcmp(arguments[1], "--child") != 0)
        return;
    running = "the child";
    EQUAL(posix_read(0, &info, sizeof info), sizeof info);
    winsock();
    SOCKET s = WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info, 0, WSA_FLAG_OVERLAPPED);
    CHECK(s != INVALID_SOCKET);
    EQUAL(send(s, arguments[2], 1, 0), 1);
    /* It works once. */
    CHECK(WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info, 0, 0) == INVALID_SOCKET);
    SUCCEEDS(WSACleanup());
    exit(0);
}

TEST(a_socket_is_given_to_another_process, "WSPDuplicateSocket.1 WSPDuplicateSocket.2 NEED-S15")
{
    char byte;
    int pipe;
    WSAPROTOCOL_INFOW info;
    winsock();
    SOCKET listening = winsock_listen(), client = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    struct sockaddr_in address = winsock_name(listening);
    SUCCEEDS(connect(client, (struct sockaddr *)&address, sizeof address));
    SOCKET server = accept(listening, NULL, NULL);
    int child = posix_start("d", &pipe);
    SUCCEEDS(WSADuplicateSocketW(client, (DWORD)child, &info));
    posix_write(pipe, &info, sizeof info);
    EQUAL(posix_wait(child), 0);
    EQUAL(recv(server, &byte, 1, 0), 1);
    EQUAL(byte, 'd');
    EQUAL(send(client, "p", 1, 0), 1);
    EQUAL(recv(server, &byte, 1, 0), 1);
    EQUAL(byte, 'p');
}

/* A forked child is another process; the narrow functions do the same. */
TEST(a_socket_is_given_to_a_forked_child, "WSPDuplicateSocket.1 NEED-S15")
{
    char byte;
    int ends[2];
    WSAPROTOCOL_INFOA info;
    posix_pipe(ends);
    winsock();
    SOCKET s = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
    struct sockaddr_in address = loopback(0);
    SUCCEEDS(bind(s, (struct sockaddr *)&address, sizeof address));
    address = winsock_name(s);
    int child = posix_fork();
    if (child == 0) {
        EQUAL(posix_read(ends[0], &info, sizeof info), sizeof info);
        SOCKET own = WSASocketA(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info, 0, 0);
        CHECK(own != INVALID_SOCKET);
        EQUAL(winsock_name(own).sin_port, address.sin_port);
        EQUAL(sendto(own, "f", 1, 0, (struct sockaddr *)&address, sizeof address), 1);
        exit(0);
    }
    SUCCEEDS(WSADuplicateSocketA(s, (DWORD)child, &info));
    EQUAL(info.iAddressFamily, AF_INET);
    CHECK(strstr(info.szProtocol, "UDP") != NULL);
    posix_put(ends[1], &info, sizeof info);
    EQUAL(recv(s, &byte, 1, 0), 1);
    EQUAL(byte, 'f');
    EQUAL(posix_wait(child), 0);
}
