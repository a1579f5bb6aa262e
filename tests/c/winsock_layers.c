/* What the Winsock library itself decides on sockets of layered providers (tests/lsp): where select and WSAPoll run, who
 * carries out WSASendMsg and the extension functions by name, how handles are closed. */
#include "chain.h"
#include "port.h"
#include "waits.h"

static const char *telling;

/* A catalog of its own, and a file for what select_*.c tell. */
static void prepare(const char *answer)
{
    new_catalog();
    telling = output_of("LSP_SELECT_FILE");
    CHECK(setenv("LSP_SELECT", answer, 1) == 0);
}

/* A datagram to itself, so that the socket is readable. */
static void make_readable(SOCKET s)
{
    EQUAL(send(s, "x", 1, 0), 1);
}

/* A UDP socket of the topmost chain, connected to itself; of the base provider with `flags` WITHOUT_LAYERS. */
static SOCKET to_itself(const WSAPROTOCOL_INFOW *entry)
{
    struct sockaddr_in address = loopback(0);
    SOCKET s = entry == NULL ? socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP)
                             : WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO,
                                          (WSAPROTOCOL_INFOW *)entry, 0, WSA_FLAG_OVERLAPPED);
    CHECK(s != INVALID_SOCKET);
    SUCCEEDS(bind(s, (struct sockaddr *)&address, sizeof address));
    address = winsock_name(s);
    SUCCEEDS(connect(s, (struct sockaddr *)&address, sizeof address));
    return s;
}

/* The base provider's entry of UDP. */
static const WSAPROTOCOL_INFOW *base_udp(void)
{
    static WSAPROTOCOL_INFOW entry;
    entry = entries[place_of(1002, all_entries())];
    return &entry;
}

/* select on the first of `count` sockets readable, all of them writable; which of them remain. */
static void select_all(const SOCKET *sockets, unsigned count)
{
    fd_set readable, writable, failed;
    struct timeval zero = {0, 0};
    make_readable(sockets[0]);
    FD_ZERO(&readable), FD_ZERO(&writable), FD_ZERO(&failed);
    for (unsigned i = 0; i < count; i++) {
        FD_SET(sockets[i], &readable);
        FD_SET(sockets[i], &writable);
        FD_SET(sockets[i], &failed);
    }
    EQUAL(select(0, &readable, NULL, NULL, NULL), 1);
    EQUAL(readable.fd_count, 1);
    EQUAL(readable.fd_array[0], sockets[0]);
    for (unsigned i = 1; i < count; i++)
        FD_SET(sockets[i], &readable);
    EQUAL(select(0, &readable, &writable, &failed, &zero), 1 + count);
    CHECK(readable.fd_count == 1 && readable.fd_array[0] == sockets[0]);
    EQUAL(writable.fd_count, count);
    for (unsigned i = 0; i < count; i++)
        EQUAL(writable.fd_array[i], sockets[i]);
    EQUAL(failed.fd_count, 0);
    /* The time is over. */
    char byte;
    EQUAL(recv(sockets[0], &byte, 1, 0), 1);
    for (unsigned i = 0; i < count; i++)
        FD_SET(sockets[i], &failed);
    struct timeval moment = {0, 1000};
    EQUAL(select(0, &readable, NULL, &failed, &moment), 0);
    CHECK(readable.fd_count == 0 && failed.fd_count == 0);
}

/* ---- select ---- */

/* The base provider waits for the sockets below: of no layer, of one with handles of its own, of both. */
TEST(select_runs_on_the_sockets_below, "NEED-S13 WSPSelect.3 OBS.42")
{
    prepare("base");
    install_layer("select_own", 0);
    winsock();
    SOCKET sockets[3] = {to_itself(NULL), to_itself(base_udp()), to_itself(NULL)};
    select_all(sockets, 1);
    select_all(sockets, 3);
    select_all(sockets + 1, 1);
    select_all(sockets + 1, 2);
    says(telling, "");
}

TEST(select_runs_below_the_sample, "NEED-S13")
{
    new_catalog();
    install_layer("nonifs", 0);
    winsock();
    SOCKET sockets[2] = {to_itself(NULL), to_itself(NULL)};
    select_all(sockets, 2);
}

/* Where a provider names its own handle, or none, it serves all of them. */
static void serves_itself(const char *answer)
{
    prepare(answer);
    install_layer("select_own", 0);
    winsock();
    SOCKET sockets[3] = {to_itself(base_udp()), to_itself(NULL), to_itself(NULL)};
    select_all(sockets, 3);
    says(telling, "own 3\nown 9\nown 4\n");
    select_all(sockets, 1);
    says(telling, "own 3\nown 9\nown 4\n");
}

TEST(a_provider_that_names_itself_serves_all, "NEED-S13")
{
    serves_itself("own");
}

TEST(a_provider_that_names_nothing_serves_all, "NEED-S13")
{
    serves_itself("refuse");
}

/* Sockets of one layer with the system's handles, and the base provider's. */
TEST(one_ifs_layer_serves_all, "NEED-S13 NEED-S5")
{
    prepare("");
    install_layer("select_ifs", XP1_IFS_HANDLES);
    winsock();
    SOCKET sockets[3] = {to_itself(base_udp()), to_itself(NULL), to_itself(NULL)};
    select_all(sockets, 1);
    says(telling, "");
    select_all(sockets, 3);
    says(telling, "ifs 3\nifs 9\nifs 4\n");
}

/* Two layers, each with sockets of its own: neither knows the other's. */
TEST(two_ifs_layers_leave_it_to_the_base_provider, "NEED-S13 NEED-S5")
{
    prepare("");
    struct layer first = install_layer("select_ifs", XP1_IFS_HANDLES);
    WSAPROTOCOL_INFOW below = chain_of(&first, IPPROTO_UDP);
    install_layer("select_ifs", XP1_IFS_HANDLES);
    winsock();
    SOCKET sockets[2] = {to_itself(&below), to_itself(NULL)};
    select_all(sockets, 2);
    says(telling, "");
    select_all(sockets, 1);
    says(telling, "ifs 1\nifs 3\nifs 2\n");
}

/* A layer with handles that nobody else knows comes before one with the system's, and passes the stranger on. */
TEST(a_remaining_handle_comes_first, "NEED-S13")
{
    prepare("own");
    struct layer first = install_layer("select_ifs", XP1_IFS_HANDLES);
    WSAPROTOCOL_INFOW below = chain_of(&first, IPPROTO_UDP);
    install_layer("select_own", 0);
    winsock();
    SOCKET sockets[2] = {to_itself(&below), to_itself(NULL)};
    select_all(sockets, 2);
    /* Below it lies the other layer. */
    says(telling, "own 2\nifs 2\nown 6\nifs 6\nown 3\nifs 3\n");
}

TEST(select_over_layers_refuses_what_is_bad, "NEED-S13 WSPSelect.8 WSPSelect.9 OBS.42 OBS.44")
{
    fd_set set;
    struct timeval zero = {0, 0}, bad = {0, 1000000};
    new_catalog();
    install_layer("nonifs", 0);
    winsock();
    SOCKET s = to_itself(NULL), closed = to_itself(NULL);
    SUCCEEDS(closesocket(closed));
    FD_ZERO(&set);
    FD_SET(s, &set), FD_SET(closed, &set);
    FAILS_WITH(select(0, NULL, &set, NULL, &zero), WSAENOTSOCK);
    EQUAL(set.fd_count, 2); /* untouched */
    FD_ZERO(&set);
    FD_SET(s, &set);
    FAILS_WITH(select(0, NULL, &set, NULL, &bad), WSAEINVAL);
    FAILS_WITH(select(0, NULL, &set, NULL, (struct timeval *)(ULONG_PTR)16), WSAEFAULT);
    FAILS_WITH(select(0, (fd_set *)(ULONG_PTR)16, &set, NULL, &zero), WSAEFAULT);
    set.fd_count = 0x7fffffff;
    FAILS_WITH(select(0, NULL, &set, NULL, &zero), WSAEFAULT);
    /* Twice the same is two members, and more than 64. */
    struct {
        fd_set first;
        SOCKET more[200];
    } large;
    large.first.fd_count = 264;
    for (int i = 0; i < 264; i++)
        ((SOCKET *)large.first.fd_array)[i] = s;
    EQUAL(select(0, NULL, &large.first, NULL, &zero), 264);
}

static SOCKET closed_meanwhile;

static void *close_it(void *unused)
{
    posix_await_call((int)(size_t)unused, posix_poll);
    SUCCEEDS(closesocket(closed_meanwhile));
    return NULL;
}

/* No lock is held while it waits. */
TEST(a_wait_ends_when_the_socket_is_closed, "NEED-S2 NEED-S13")
{
    fd_set set;
    new_catalog();
    install_layer("nonifs", 0);
    winsock();
    SOCKET s = closed_meanwhile = to_itself(NULL);
    pthread_t thread = start_thread(close_it, (void *)(size_t)posix_thread());
    FD_ZERO(&set);
    FD_SET(s, &set);
    WSASetLastError(0);
    int answer = select(0, &set, NULL, NULL, NULL);
    CHECK(answer == 1 || (answer == SOCKET_ERROR && WSAGetLastError() == WSAENOTSOCK));
    join_thread(thread);
}

/* ---- WSAPoll ---- */

/* WSAPoll on some sockets, of which the first is readable. */
static void poll_all(const SOCKET *sockets, unsigned count)
{
    WSAPOLLFD polled[8];
    char byte;
    make_readable(sockets[0]);
    for (unsigned i = 0; i < count; i++)
        polled[i] = (WSAPOLLFD){sockets[i], POLLRDNORM | (i == 1 ? POLLWRNORM : 0), 0x5555};
    EQUAL(WSAPoll(polled, count, -1), count > 1 ? 2 : 1);
    for (unsigned i = 0; i < count; i++) {
        EQUAL(polled[i].revents, i == 0 ? POLLRDNORM : i == 1 ? POLLWRNORM : 0);
        EQUAL(polled[i].fd, sockets[i]);
    }
    EQUAL(recv(sockets[0], &byte, 1, 0), 1);
    EQUAL(WSAPoll(polled, 1, 1), 0);
    EQUAL(polled[0].revents, 0);
}

/* A provider that names itself is asked by SIO_EXT_POLL, one that names a socket below is left out. */
TEST(polls_reach_every_handle, "NEED-S13")
{
    prepare("own");
    install_layer("select_own", 0);
    winsock();
    SOCKET sockets[3] = {to_itself(NULL), to_itself(base_udp()), to_itself(NULL)};
    poll_all(sockets, 1);
    poll_all(sockets, 3);
    poll_all(sockets + 1, 1);
    poll_all(sockets + 1, 2);
    CHECK(setenv("LSP_SELECT", "base", 1) == 0);
    poll_all(sockets, 3);
    says(telling, "");
}

TEST(polls_of_ifs_sockets_are_the_base_providers, "NEED-S13 NEED-S12")
{
    new_catalog();
    install_layer("pass", XP1_IFS_HANDLES);
    winsock();
    SOCKET sockets[2] = {to_itself(NULL), to_itself(base_udp())};
    poll_all(sockets, 2);
}

TEST(polls_over_layers_refuse_what_is_bad, "NEED-S13 OBS.44")
{
    new_catalog();
    install_layer("nonifs", 0);
    winsock();
    SOCKET s = to_itself(NULL), closed = to_itself(NULL);
    SUCCEEDS(closesocket(closed));
    WSAPOLLFD polled[3] = {{s, POLLWRNORM, 0}, {closed, POLLWRNORM, 0}, {INVALID_SOCKET, POLLWRNORM, 0}};
    EQUAL(WSAPoll(polled, 3, -1), 2);
    EQUAL(polled[0].revents, POLLWRNORM);
    EQUAL(polled[1].revents, POLLNVAL);
    EQUAL(polled[2].revents, POLLNVAL);
    FAILS_WITH(WSAPoll(polled, 0, 0), WSAEINVAL);
    polled[0].events = POLLPRI;
    FAILS_WITH(WSAPoll(polled, 1, 0), WSAEINVAL);
    FAILS_WITH(WSAPoll(polled, 0xffffffff, 0), WSAEFAULT);
}

/* ---- WSASendMsg and the others by name ---- */

static void send_message(SOCKET s)
{
    char room[8];
    DWORD count = 77, flags;
    WSABUF buffer = {5, (char *)"hello"};
    WSAMSG message = {.lpBuffers = &buffer, .dwBufferCount = 1};
    OVERLAPPED overlapped = {.hEvent = new_event()};
    SUCCEEDS(WSASendMsg(s, &message, 0, &count, NULL, NULL));
    EQUAL(count, 5);
    EQUAL(recv(s, room, sizeof room, 0), 5);
    WSASetLastError(0);
    if (WSASendMsg(s, &message, 0, NULL, &overlapped, NULL) == SOCKET_ERROR)
        EQUAL(WSAGetLastError(), WSA_IO_PENDING);
    CHECK(WSAGetOverlappedResult(s, &overlapped, &count, TRUE, &flags));
    EQUAL(count, 5);
    EQUAL(recv(s, room, sizeof room, 0), 5);
    FAILS_WITH(WSASendMsg(s, NULL, 0, &count, NULL, NULL), WSAEFAULT);
    FAILS_WITH(WSASendMsg(s, &message, MSG_OOB, &count, NULL, NULL), WSAEOPNOTSUPP);
}

static int routine_calls;

static void CALLBACK count_call(DWORD code, DWORD bytes, LPWSAOVERLAPPED overlapped, DWORD flags)
{
    (void)overlapped, (void)flags;
    EQUAL(code, 0);
    EQUAL(bytes, 5);
    routine_calls++;
}

/* Its GUID is refused there, so this goes by SIO_EXT_SENDMSG; the thread is handed along. */
TEST(messages_are_sent_through_own_handles, "NEED-S12 NEED-S13 NEED-S10")
{
    GUID guid = WSAID_WSASENDMSG;
    LPFN_WSASENDMSG function;
    char room[8];
    WSABUF buffer = {5, (char *)"hello"};
    WSAMSG message = {.lpBuffers = &buffer, .dwBufferCount = 1};
    prepare("own");
    install_layer("select_own", 0);
    winsock();
    SOCKET s = to_itself(NULL);
    EQUAL(function_of(s, guid, &function), WSAEINVAL);
    send_message(s);
    WSASetLastError(0);
    if (WSASendMsg(s, &message, 0, NULL, NULL, count_call) == SOCKET_ERROR)
        EQUAL(WSAGetLastError(), WSA_IO_PENDING);
    while (routine_calls == 0)
        EQUAL(SleepEx(INFINITE, TRUE), WAIT_IO_COMPLETION);
    EQUAL(recv(s, room, sizeof room, 0), 5);
    send_message(to_itself(base_udp()));
}

TEST(messages_are_sent_through_ifs_layers, "NEED-S12")
{
    new_catalog();
    install_layer("pass", XP1_IFS_HANDLES);
    winsock();
    send_message(to_itself(NULL));
}

/* AcceptEx and TransmitFile by name are what the socket's provider gives: with the base provider's own the handles would
 * be none. */
TEST(extension_functions_by_name_are_the_providers, "NEED-S12 NEED-K5")
{
    enum { AREA_SIZE = sizeof(struct sockaddr_in) + 16 };
    char room[2 * AREA_SIZE], path[100], text[8];
    DWORD count = 0, flags;
    OVERLAPPED overlapped = {.hEvent = new_event()};
    new_catalog();
    install_layer("nonifs", 0);
    install_layer("pass", XP1_IFS_HANDLES);
    install_layer("nonifs", 0);
    winsock();
    SOCKET listening = winsock_listen(), accepted = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP),
           client = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    struct sockaddr_in address = winsock_name(listening);
    REFUSES_WITH(AcceptEx(listening, accepted, room, 0, AREA_SIZE, AREA_SIZE, &count, &overlapped), WSA_IO_PENDING);
    SUCCEEDS(connect(client, (struct sockaddr *)&address, sizeof address));
    CHECK(WSAGetOverlappedResult(listening, &overlapped, &count, TRUE, &flags));
    SUCCEEDS(setsockopt(accepted, SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT, (char *)&listening, sizeof listening));
    posix_temporary_path(path);
    FILE *file = fopen(path, "w+");
    CHECK(file != NULL && fputs("of file", file) >= 0 && fflush(file) == 0);
    HANDLE handle = (HANDLE)ws2spi_OpenFileDescriptor(fileno(file));
    rewind(file);
    CHECK(TransmitFile(client, handle, 0, 0, NULL, NULL, 0));
    EQUAL(recv(accepted, text, sizeof text, 0), 7);
    REFUSES_WITH(TransmitFile(listening, handle, 0, 0, NULL, NULL, 0), WSAENOTCONN);
    REFUSES_WITH(AcceptEx(accepted, INVALID_SOCKET, room, 0, AREA_SIZE, AREA_SIZE, &count, &overlapped), WSAENOTSOCK);
    CHECK(CloseHandle(handle));
    fclose(file);
    unlink(path);
}

/* All of it over several layers. */
TEST(stacks_of_layers_select_and_poll, "NEED-S13 NEED-S2 LP.3")
{
    static const char *const stacks[][3] = {
        {"nonifs", "nonifs", "nonifs"}, {"nonifs", "pass", "nonifs"}, {"pass", "nonifs", "pass"},
        {"select_own", "nonifs", NULL}, {"nonifs", "select_own", NULL}, {"select_own", "select_own", "pass"},
        {"select_ifs", "nonifs", "select_own"}, {"nonifs", "select_ifs", NULL},
    };
    for (size_t stack = 0; stack < sizeof stacks / sizeof *stacks; stack++) {
        BOOL sends_messages = TRUE; /* the samples ask the one below by GUID */
        prepare("own");
        for (int i = 2; i >= 0; i--)
            if (stacks[stack][i] != NULL) {
                BOOL is_ifs = strcmp(stacks[stack][i], "pass") == 0 || strcmp(stacks[stack][i], "select_ifs") == 0;
                install_layer(stacks[stack][i], is_ifs ? XP1_IFS_HANDLES : 0);
                sends_messages &= i == 0 || strcmp(stacks[stack][i], "select_own") != 0;
            }
        winsock();
        SOCKET sockets[3] = {to_itself(NULL), to_itself(base_udp()), to_itself(NULL)};
        select_all(sockets, 3);
        poll_all(sockets, 3);
        if (sends_messages)
            send_message(sockets[0]);
        for (int i = 0; i < 3; i++)
            SUCCEEDS(closesocket(sockets[i]));
        SUCCEEDS(WSACleanup());
        remove_copies();
        remove_catalog();
    }
    EQUAL(posix_threads(), 1);
}

/* ---- Handles ---- */

TEST(a_handle_is_closed_by_its_provider, "NEED-K1 NEED-S6 WPUCreateSocketHandle.2")
{
    DWORD_PTR context;
    unsigned short port;
    char byte;
    new_catalog();
    install_layer("nonifs", 0);
    winsock();
    int listening = posix_listen(&port, 5);
    struct sockaddr_in address = loopback(port);
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    SUCCEEDS(connect(s, (struct sockaddr *)&address, sizeof address));
    int peer = posix_accept(listening);
    CHECK(CloseHandle((HANDLE)s));
    EQUAL(posix_read(peer, &byte, 1), 0); /* the lower socket is closed, too */
    FAILS(WPUQuerySocketHandleContext(s, &context, &error), WSAENOTSOCK);
    FAILS_WITH(closesocket(s), WSAENOTSOCK);
    DENIES(CloseHandle((HANDLE)s), ERROR_INVALID_HANDLE);
    /* Requests on it can be asked about, not cancelled. */
    OVERLAPPED overlapped = {.hEvent = new_event()};
    char room[8];
    DWORD count = 77;
    s = to_itself(NULL);
    receive_overlapped(s, room, sizeof room, &overlapped, NULL);
    DENIES(CancelIo((HANDLE)s), ERROR_INVALID_HANDLE);
    DENIES(CancelIoEx((HANDLE)s, &overlapped), ERROR_INVALID_HANDLE);
    DENIES(GetOverlappedResult((HANDLE)s, &overlapped, &count, FALSE), ERROR_IO_INCOMPLETE);
    make_readable(s);
    DOES(GetOverlappedResult((HANDLE)s, &overlapped, &count, TRUE));
    EQUAL(count, 1);
    DOES(CloseHandle((HANDLE)s));
}

/* After WSACleanup nobody knows the handle; before WSAStartup neither. */
TEST(handles_of_nobody_are_none, "NEED-S6")
{
    SOCKET s = WPUCreateSocketHandle(4711, 1, &error);
    DENIES(CloseHandle((HANDLE)s), ERROR_INVALID_HANDLE);
    WSAPOLLFD polled[2] = {{s, POLLWRNORM, 0}, {s, 0, 0}};
    FAILS_WITH(WSAPoll(polled, 2, 0), WSANOTINITIALISED);
    startup();
    polled[1].fd = udp();
    EQUAL(WSAPoll(polled, 2, 0), 1);
    EQUAL(polled[0].revents, POLLNVAL);
    DWORD count;
    OVERLAPPED overlapped = {0};
    REFUSES_WITH(AcceptEx(s, s, NULL, 0, 32, 32, NULL, &overlapped), WSAENOTSOCK);
    FAILS_WITH(WSASendMsg(s, NULL, 0, &count, NULL, NULL), WSAENOTSOCK);
    /* A socket that is registered for a layer is still the base provider's for who knows no layers. */
    SOCKET registered = WPUModifyIFSHandle(4711, polled[1].fd, &error);
    EQUAL(registered, polled[1].fd);
    FAILS_WITH(WSASendMsg(registered, NULL, 0, &count, NULL, NULL), WSAEFAULT);
    SUCCEEDS(WPUCloseSocketHandle(s, &error));
}

/* ---- Numbers and addresses ---- */

TEST(text_and_numbers_go_through_layers, "NEED-S14 LP.1 WSPAddressToString.3 WSPStringToAddress.2")
{
    u_long number;
    char text[64];
    DWORD room = sizeof text;
    struct sockaddr_in address = loopback(80), back;
    int length = sizeof back;
    new_catalog();
    struct layer layer = install_layer("nonifs", 0);
    winsock();
    SOCKET s = to_itself(NULL);
    SUCCEEDS(WSAHtonl(s, 0x01020304, &number));
    EQUAL(number, htonl(0x01020304));
    SUCCEEDS(WSAAddressToStringA((struct sockaddr *)&address, sizeof address, NULL, text, &room));
    SUCCEEDS(WSAStringToAddressA(text, AF_INET, NULL, (struct sockaddr *)&back, &length));
    CHECK(memcmp(&address, &back, sizeof back) == 0);
    /* Also by the layer's own entry. */
    WSAPROTOCOL_INFOW chain = chain_of(&layer, IPPROTO_TCP);
    WCHAR units[64];
    room = 64;
    SUCCEEDS(WSAAddressToStringW((struct sockaddr *)&address, sizeof address, &chain, units, &room));
    CHECK(same_text(units, "127.0.0.1:80"));
    int part = 0;
    make_readable(s);
    EQUAL(WSARecvEx(s, text, sizeof text, &part), 1);
    EQUAL(send(s, "12345678", 8, 0), 8);
    EQUAL(WSARecvEx(s, text, 4, &part), 4);
    EQUAL(part, MSG_PARTIAL);
}
