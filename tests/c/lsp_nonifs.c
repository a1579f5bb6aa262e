/* A layer with handles of its own: nonifs.c of tests/lsp, alone; and rewrite.c, which lies on the same ground. */
#include "chain.h"
#include "port.h"
#include "waits.h"

static struct layer nonifs;

/* Winsock with nonifs.c in the chains of TCP and UDP. */
static void begin(void)
{
    new_catalog();
    nonifs = install_layer("nonifs", 0);
    winsock();
}

/* The layer goes, and with it everything of its. */
static void end(void)
{
    SUCCEEDS(WSACleanup());
    remove_layer(&nonifs);
    winsock();
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    DWORD_PTR context;
    FAILS(WPUQuerySocketHandleContext(s, &context, &error), WSAENOTSOCK);
}

/* ---- Handles ---- */

TEST(every_socket_has_a_handle_of_its_own,
     "NEED-S6 NEED-S7 NEED-S13 NEED-S14 LP.2 LP.4 C.5 C.8 U.4 WPUCreateSocketHandle.1 WPUQuerySocketHandleContext.1 "
     "WPUCloseSocketHandle.1")
{
    SOCKET pair[2];
    WSAPROTOCOL_INFOW info;
    DWORD_PTR context;
    int length = sizeof info;
    begin();
    winsock_pair(pair);
    WSAPROTOCOL_INFOW chain = chain_of(&nonifs, IPPROTO_TCP);
    EQUAL(chain.dwServiceFlags1 & XP1_IFS_HANDLES, 0);
    for (int i = 0; i < 2; i++) {
        SUCCEEDS(WPUQuerySocketHandleContext(pair[i], &context, &error));
        SUCCEEDS(getsockopt(pair[i], SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)&info, &length));
        CHECK(memcmp(&info, &chain, sizeof info) == 0);
        EQUAL(handle_of(pair[i], SIO_BSP_HANDLE), pair[i]);
        EQUAL(handle_of(pair[i], SIO_BSP_HANDLE_POLL), pair[i]);
        SOCKET base = handle_of(pair[i], SIO_BASE_HANDLE);
        CHECK(base != pair[i]);
        EQUAL(handle_of(pair[i], SIO_BSP_HANDLE_SELECT), base);
        FAILS(WPUQuerySocketHandleContext(base, &context, &error), WSAENOTSOCK);
    }
    EQUAL(CODE(WSAIoctl(pair[0], SIO_BSP_HANDLE, NULL, 0, &info, 4, (DWORD *)&length, NULL, NULL)), WSAEFAULT);
    talk(pair);
    FAILS(WPUQuerySocketHandleContext(pair[0], &context, &error), WSAENOTSOCK);
    EQUAL(CODE(closesocket(pair[0])), WSAENOTSOCK);
    winsock_datagrams(pair);
    carry(pair[0], pair[1], "a datagram");
    end();
}

TEST(names_options_and_modes_pass_through, "NEED-S6 NEED-S14")
{
    SOCKET pair[2];
    char byte;
    u_long on = 1, waiting = 0;
    int value = 12345, length = sizeof value;
    struct sockaddr_in peer;
    begin();
    winsock_pair(pair);
    int name_length = sizeof peer;
    SUCCEEDS(getpeername(pair[0], (struct sockaddr *)&peer, &name_length));
    EQUAL(peer.sin_port, winsock_name(pair[1]).sin_port);
    EQUAL(CODE(setsockopt(pair[0], SOL_SOCKET, SO_RCVBUF, (char *)&value, sizeof value)), 0);
    value = 0;
    EQUAL(CODE(getsockopt(pair[0], SOL_SOCKET, SO_RCVBUF, (char *)&value, &length)), 0);
    EQUAL(value, 12345);
    EQUAL(CODE(ioctlsocket(pair[0], FIONBIO, &on)), 0);
    EQUAL(CODE(recv(pair[0], &byte, 1, 0)), WSAEWOULDBLOCK);
    carry(pair[1], pair[0], "");
    EQUAL(send(pair[1], "123", 3, 0), 3);
    EVENTUALLY(ioctlsocket(pair[0], FIONREAD, &waiting) == 0 && waiting == 3);
    EQUAL(CODE(WSASendDisconnect(pair[1], NULL)), 0);
    EQUAL(CODE(send(pair[1], "x", 1, 0)), WSAESHUTDOWN);
    EQUAL(CODE(getsockopt(pair[0], SOL_SOCKET, 0x12345, (char *)&value, &length)), WSAENOPROTOOPT);
    end();
}

/* What the program finds by the number of another handle it does not get at. */
TEST(foreign_handles_are_told_apart, "NEED-S6 NEED-S13 C.8")
{
    SOCKET pair[2];
    begin();
    winsock_pair(pair);
    /* The same number as the first socket's, with another handle. */
    DWORD_PTR context;
    SUCCEEDS(WPUQuerySocketHandleContext(pair[0], &context, &error));
    SOCKET other = WPUCreateSocketHandle(chain_of(&nonifs, IPPROTO_TCP).dwCatalogEntryId, context, &error);
    CHECK(other != INVALID_SOCKET);
    EQUAL(CODE(send(other, "x", 1, 0)), WSAENOTSOCK);
    EQUAL(CODE(closesocket(other)), WSAENOTSOCK);
    talk(pair);
    SUCCEEDS(WPUCloseSocketHandle(other, &error));
    end();
}

static SOCKET received_on;

static void *receive_until_closed(void *unused)
{
    char byte;
    (void)unused;
    return (void *)(ULONG_PTR)CODE(recv(received_on, &byte, 1, 0));
}

TEST(closing_ends_a_call_of_another_thread, "NEED-S6 WSPCloseSocket.2")
{
    SOCKET pair[2];
    DWORD_PTR context;
    begin();
    winsock_pair(pair);
    received_on = pair[0];
    pthread_t thread = start_thread(receive_until_closed, NULL);
    posix_wait_until_blocked(1);
    EQUAL(CODE(closesocket(pair[0])), 0);
    EQUAL(CODE(closesocket(pair[0])), WSAENOTSOCK);
    EQUAL((ULONG_PTR)join_thread(thread), WSAEINTR);
    /* The last to leave has closed the handle. */
    FAILS(WPUQuerySocketHandleContext(pair[0], &context, &error), WSAENOTSOCK);
    end();
}

TEST(a_duplicate_has_a_handle_of_its_own, "NEED-S15 WSPDuplicateSocket.1")
{
    SOCKET pair[2];
    WSAPROTOCOL_INFOW info;
    begin();
    winsock_pair(pair);
    EQUAL(CODE(WSADuplicateSocketW(pair[0], (DWORD)posix_process(), &info)), 0);
    EQUAL(info.dwCatalogEntryId, chain_of(&nonifs, IPPROTO_TCP).dwCatalogEntryId);
    SOCKET duplicate = WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info, 0,
                                  WSA_FLAG_OVERLAPPED);
    CHECK(duplicate != INVALID_SOCKET && duplicate != pair[0]);
    EQUAL(CODE(closesocket(pair[0])), 0);
    carry(duplicate, pair[1], "duplicated");
    end();
}

/* ---- Overlapped requests ---- */

TEST(requests_end_by_their_event,
     "WSCInstallProviderAndChains64_32.4 NEED-S8 NEED-S9 NEED-S11 OV.4 OV.6 OV.7 OV.9 OV.20 OV.21 WPUCreateSocketHandle.4 WPUCompleteOverlappedRequest.3")
{
    SOCKET pair[2];
    char room[8];
    DWORD count = 88;
    WSAEVENT event = new_event();
    OVERLAPPED overlapped = {.hEvent = event};
    begin();
    winsock_pair(pair);
    WSASetEvent(event);
    receive_overlapped(pair[1], room, sizeof room, &overlapped, NULL);
    CHECK(!is_signalled(event));
    EQUAL(overlapped.Internal, WSS_OPERATION_IN_PROGRESS);
    EQUAL(winsock_outcome(pair[1], &overlapped, &count, FALSE), WSA_IO_INCOMPLETE);
    EQUAL(count, 88);
    EQUAL(send(pair[0], "hello", 5, 0), 5);
    EQUAL(wait_for(event, 20000), WSA_WAIT_EVENT_0);
    EQUAL(winsock_outcome(pair[1], &overlapped, &count, FALSE), 0);
    EQUAL(count, 5);
    CHECK(memcmp(room, "hello", 5) == 0);
    /* One that could have ended at once is told of later, too. */
    WSABUF buffer = {5, room};
    EQUAL(CODE(WSASend(pair[1], &buffer, 1, &count, 0, &overlapped, NULL)), WSA_IO_PENDING);
    EQUAL(winsock_outcome(pair[1], &overlapped, &count, TRUE), 0);
    EQUAL(count, 5);
    receive_overlapped(pair[0], room, sizeof room, &overlapped, NULL);
    EQUAL(winsock_outcome(pair[0], &overlapped, &count, TRUE), 0);
    EQUAL(count, 5);
    /* The end of the stream, and a failure. */
    EQUAL(CODE(shutdown(pair[0], SD_SEND)), 0);
    receive_overlapped(pair[1], room, sizeof room, &overlapped, NULL);
    EQUAL(winsock_outcome(pair[1], &overlapped, &count, TRUE), 0);
    EQUAL(count, 0);
    EQUAL(CODE(WSASend(pair[0], &buffer, 1, &count, 0, &overlapped, NULL)), WSAESHUTDOWN);
    CHECK(HasOverlappedIoCompleted(&overlapped));
    end();
}

TEST(requests_end_by_a_packet, "NEED-S8 NEED-S9 NEED-K1 NEED-S6 WPUCreateSocketHandle.3 OV.17")
{
    enum { REQUESTS = 20 };
    SOCKET pair[2];
    char room[REQUESTS];
    OVERLAPPED overlapped[REQUESTS] = {0};
    begin();
    winsock_pair(pair);
    HANDLE port = new_port();
    associate(pair[1], port, 99);
    for (int i = 0; i < REQUESTS; i++)
        receive_overlapped(pair[1], &room[i], 1, &overlapped[i], NULL);
    EQUAL(send(pair[0], "abcdefghijklmnopqrst", REQUESTS, 0), REQUESTS);
    for (int i = 0; i < REQUESTS; i++) {
        struct packet packet = take(port, INFINITE);
        CHECK(packet.succeeded && packet.overlapped == &overlapped[i] && packet.key == 99);
        EQUAL(packet.bytes, 1);
        EQUAL(room[i], 'a' + i);
    }
    /* The layer's own packets stay its own. */
    EMPTY(port);
    /* A failure has its packet as well. */
    DWORD count;
    receive_overlapped(pair[1], room, 1, &overlapped[0], NULL);
    static const LINGER at_once = {1, 0};
    EQUAL(CODE(setsockopt(pair[0], SOL_SOCKET, SO_LINGER, (char *)&at_once, sizeof at_once)), 0);
    EQUAL(CODE(closesocket(pair[0])), 0);
    struct packet packet = take(port, INFINITE);
    CHECK(!packet.succeeded && packet.overlapped == &overlapped[0]);
    EQUAL(packet.code, ERROR_NETNAME_DELETED);
    EQUAL(winsock_outcome(pair[1], &overlapped[0], &count, FALSE), WSAECONNRESET);
    end();
}

static struct {
    int calls;
    DWORD code, bytes, flags;
    OVERLAPPED *overlapped;
    int thread;
} told;

static void CALLBACK tell(DWORD code, DWORD bytes, LPWSAOVERLAPPED overlapped, DWORD flags)
{
    told.calls++;
    told.code = code;
    told.bytes = bytes;
    told.flags = flags;
    told.overlapped = overlapped;
    told.thread = posix_thread();
}

TEST(requests_end_by_their_routine, "NEED-S10 NEED-K3 OV.10 OV.11 OV.12 OV.13 OV.15 OV.16 WPUQueueApc.1 WPUQueueApc.3")
{
    SOCKET pair[2];
    char room[8];
    OVERLAPPED overlapped = {.hEvent = (HANDLE)0x1234567}; /* the program's own */
    begin();
    winsock_pair(pair);
    receive_overlapped(pair[1], room, sizeof room, &overlapped, tell);
    EQUAL(send(pair[0], "hello", 5, 0), 5);
    EVENTUALLY(HasOverlappedIoCompleted(&overlapped));
    EQUAL(told.calls, 0);
    while (told.calls == 0)
        EQUAL(SleepEx(20000, TRUE), WAIT_IO_COMPLETION);
    EQUAL(told.calls, 1);
    EQUAL(told.code, 0);
    EQUAL(told.bytes, 5);
    EQUAL(told.flags, 0);
    CHECK(told.overlapped == &overlapped && overlapped.hEvent == (HANDLE)0x1234567);
    EQUAL(told.thread, posix_thread());
    CHECK(memcmp(room, "hello", 5) == 0);
    /* Without a structure. */
    receive_overlapped(pair[1], room, sizeof room, NULL, tell);
    EQUAL(send(pair[0], "abc", 3, 0), 3);
    while (told.calls == 1)
        EQUAL(SleepEx(20000, TRUE), WAIT_IO_COMPLETION);
    CHECK(told.bytes == 3 && told.overlapped == NULL);
    end();
}

/* The handle stays until the request has been told of, and is gone then. */
TEST(closing_aborts_requests, "OV.22 NEED-S6 NEED-S8 WSPCloseSocket.3 WPUCreateSocketHandle.6")
{
    SOCKET pair[2];
    char room[8];
    DWORD_PTR context;
    OVERLAPPED overlapped = {0}, routine = {0};
    begin();
    winsock_pair(pair);
    HANDLE port = new_port();
    associate(pair[1], port, 99);
    receive_overlapped(pair[1], room, sizeof room, &overlapped, NULL);
    EQUAL(CODE(closesocket(pair[1])), 0);
    EQUAL(CODE(recv(pair[1], room, 1, 0)), WSAENOTSOCK);
    struct packet packet = take(port, INFINITE);
    CHECK(!packet.succeeded && packet.overlapped == &overlapped);
    EQUAL(packet.code, ERROR_OPERATION_ABORTED);
    EQUAL(overlapped.OffsetHigh, WSA_OPERATION_ABORTED);
    EVENTUALLY(WPUQuerySocketHandleContext(pair[1], &context, &error) == SOCKET_ERROR);
    winsock_pair(pair);
    receive_overlapped(pair[1], room, sizeof room, &routine, tell);
    EQUAL(CODE(closesocket(pair[1])), 0);
    while (told.calls == 0)
        EQUAL(SleepEx(20000, TRUE), WAIT_IO_COMPLETION);
    EQUAL(told.code, WSA_OPERATION_ABORTED);
    EQUAL(told.bytes, 0);
    end();
}

/* On a socket without the flag overlapped arguments mean nothing, whatever the layer's own socket can do. */
TEST(a_plain_socket_is_synchronous, "OV.2 NEED-S7")
{
    SOCKET pair[2];
    char room[8];
    DWORD count, flags = 0;
    OVERLAPPED overlapped = {.Internal = 4711};
    WSABUF buffer = {sizeof room, room};
    begin();
    SOCKET listening = winsock_listen();
    struct sockaddr_in address = winsock_name(listening);
    pair[0] = WSASocketW(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0, 0);
    EQUAL(CODE(connect(pair[0], (struct sockaddr *)&address, sizeof address)), 0);
    pair[1] = accept(listening, NULL, NULL);
    EQUAL(send(pair[1], "hello", 5, 0), 5);
    EQUAL(CODE(WSARecv(pair[0], &buffer, 1, &count, &flags, &overlapped, tell)), 0);
    EQUAL(count, 5);
    EQUAL(overlapped.Internal, 4711);
    EQUAL(SleepEx(0, TRUE), 0);
    EQUAL(told.calls, 0);
    end();
}

/* The lower socket of a duplicate has its port already: the layer carries such requests out at once. */
TEST(a_socket_that_has_a_port_is_synchronous, "NEED-S8 NEED-K1")
{
    SOCKET pair[2];
    WSAPROTOCOL_INFOW info;
    char room[8];
    DWORD count;
    WSAEVENT event = new_event();
    OVERLAPPED first = {.hEvent = event}, second = {.hEvent = event};
    begin();
    winsock_pair(pair);
    associate(handle_of(pair[1], SIO_BASE_HANDLE), new_port(), 1);
    EQUAL(send(pair[0], "hello", 5, 0), 5);
    receive_overlapped(pair[1], room, sizeof room, &first, NULL);
    CHECK(HasOverlappedIoCompleted(&first));
    EQUAL(winsock_outcome(pair[1], &first, &count, FALSE), 0);
    EQUAL(count, 5);
    EQUAL(CODE(WSADuplicateSocketW(pair[0], (DWORD)posix_process(), &info)), 0);
    SOCKET duplicate = WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info, 0,
                                  WSA_FLAG_OVERLAPPED);
    receive_overlapped(duplicate, room, sizeof room, &second, NULL);
    EQUAL(send(pair[1], "abc", 3, 0), 3);
    EQUAL(winsock_outcome(duplicate, &second, &count, TRUE), 0);
    EQUAL(count, 3);
    end();
}

/* An extension function brings no thread: the layer finds out itself. */
TEST(a_routine_without_a_thread, "NEED-S10 WPUOpenCurrentThread.1 WPUOpenCurrentThread.2 WPUCloseThread.1")
{
    SOCKET pair[2];
    char room[8];
    WSABUF buffer = {sizeof room, room};
    WSAMSG message = {.lpBuffers = &buffer, .dwBufferCount = 1};
    LPFN_WSARECVMSG recv_msg;
    begin();
    winsock_datagrams(pair);
    EQUAL(function_of(pair[1], (GUID)WSAID_WSARECVMSG, &recv_msg), 0);
    EQUAL(CODE(recv_msg(pair[1], &message, NULL, NULL, tell)), WSA_IO_PENDING);
    EQUAL(send(pair[0], "hello", 5, 0), 5);
    while (told.calls == 0)
        EQUAL(SleepEx(20000, TRUE), WAIT_IO_COMPLETION);
    CHECK(told.code == 0 && told.bytes == 5 && told.thread == posix_thread());
    end();
}

/* The worker is the parent's; the child's first request makes it another. */
TEST(a_forked_child_goes_on, "NEED-S8 NEED-S2")
{
    SOCKET pair[2];
    char room[8];
    DWORD count;
    OVERLAPPED overlapped = {.hEvent = new_event()};
    begin();
    winsock_pair(pair);
    receive_overlapped(pair[1], room, sizeof room, &overlapped, NULL);
    EQUAL(send(pair[0], "before", 6, 0), 6);
    EQUAL(winsock_outcome(pair[1], &overlapped, &count, TRUE), 0);
    int child = posix_fork();
    if (child == 0) {
        receive_overlapped(pair[1], room, sizeof room, &overlapped, NULL);
        EQUAL(send(pair[0], "within", 6, 0), 6);
        EQUAL(winsock_outcome(pair[1], &overlapped, &count, TRUE), 0);
        EQUAL(count, 6);
        CHECK(memcmp(room, "within", 6) == 0);
        _exit(0);
    }
    EQUAL(posix_wait(child), 0);
    receive_overlapped(pair[1], room, sizeof room, &overlapped, NULL);
    EQUAL(send(pair[0], "after", 5, 0), 5);
    EQUAL(winsock_outcome(pair[1], &overlapped, &count, TRUE), 0);
    EQUAL(count, 5);
    end();
}

/* ---- Cleanup ---- */

TEST(cleanup_ends_what_is_left, "NEED-S16 WSPCleanup.3 WSPCleanup.4 WSPCleanup.5 WSPCleanup.9 OV.22")
{
    char room[8];
    DWORD_PTR context;
    begin();
    for (int i = 0; i < 3; i++) {
        unsigned short port;
        int listening = posix_listen(&port, 1);
        struct sockaddr_in address = loopback(port);
        WSAEVENT event = new_event();
        OVERLAPPED overlapped = {.hEvent = event}, routine = {0};
        SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
        EQUAL(CODE(connect(s, (struct sockaddr *)&address, sizeof address)), 0);
        int peer = posix_accept(listening);
        receive_overlapped(s, room, sizeof room, &overlapped, NULL);
        receive_overlapped(s, room, sizeof room, &routine, tell);
        SUCCEEDS(WSACleanup());
        EQUAL(posix_read_error(peer), 104); /* ECONNRESET */
        CHECK(HasOverlappedIoCompleted(&overlapped) && HasOverlappedIoCompleted(&routine));
        EQUAL(overlapped.OffsetHigh, WSA_OPERATION_ABORTED);
        CHECK(!is_signalled(event));
        EQUAL(SleepEx(0, TRUE), 0);
        EQUAL(told.calls, 0);
        FAILS(WPUQuerySocketHandleContext(s, &context, &error), WSAENOTSOCK);
        EQUAL(CODE(send(s, "x", 1, 0)), WSANOTINITIALISED);
        posix_close(peer);
        posix_close(listening);
        winsock();
    }
    EQUAL(posix_threads(), 1);
    end();
}

/* `--child PORT`: connects, leaves a request behind, and ends without a word to Winsock. */
__attribute__((constructor)) static void be_the_client(int count, char **arguments)
{
    static char room[8];
    static OVERLAPPED overlapped;
    if (count != 3 || strcmp(arguments[1], "--child") != 0)
        return;
    running = "the child";
    winsock();
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    struct sockaddr_in address = loopback((unsigned short)atoi(arguments[2]));
    EQUAL(CODE(connect(s, (struct sockaddr *)&address, sizeof address)), 0);
    receive_overlapped(s, room, sizeof room, &overlapped, NULL);
    EQUAL(send(s, "x", 1, 0), 1);
    exit(0);
}

TEST(a_program_may_end_without_cleanup, "NEED-S16 WSPCleanup.8")
{
    unsigned short port;
    char argument[16], byte;
    int pipe, listening = posix_listen(&port, 1);
    begin();
    snprintf(argument, sizeof argument, "%u", port);
    int child = posix_start(argument, &pipe), peer = posix_accept(listening);
    EQUAL(posix_read(peer, &byte, 1), 1);
    EQUAL(posix_wait(child), 0);
    /* Its layer has closed the socket as the last WSPCleanup does. */
    EQUAL(posix_read_error(peer), 104); /* ECONNRESET */
    end();
}

/* ---- Events ---- */

TEST(events_pass_through, "NEED-S6 EV.4 EV.5")
{
    SOCKET pair[2];
    WSANETWORKEVENTS found;
    WSAEVENT event = new_event();
    char byte;
    begin();
    winsock_pair(pair);
    EQUAL(CODE(WSAEventSelect(pair[1], event, FD_READ | FD_CLOSE)), 0);
    EQUAL(send(pair[0], "x", 1, 0), 1);
    EQUAL(wait_for(event, 20000), WSA_WAIT_EVENT_0);
    EQUAL(CODE(WSAEnumNetworkEvents(pair[1], event, &found)), 0);
    EQUAL(found.lNetworkEvents, FD_READ);
    EQUAL(found.iErrorCode[FD_READ_BIT], 0);
    EQUAL(recv(pair[1], &byte, 1, 0), 1);
    EQUAL(CODE(closesocket(pair[0])), 0);
    EQUAL(wait_for(event, 20000), WSA_WAIT_EVENT_0);
    EQUAL(CODE(WSAEnumNetworkEvents(pair[1], event, &found)), 0);
    EQUAL(found.lNetworkEvents, FD_CLOSE);
    end();
}

/* The messages that have come. */
static struct {
    HWND window;
    UINT message;
    WPARAM s;
    LPARAM event;
} messages[64];
static int posted;

static BOOL CALLBACK take_message(HWND window, UINT message, WPARAM s, LPARAM event)
{
    int place = __atomic_load_n(&posted, __ATOMIC_RELAXED);
    messages[place].window = window;
    messages[place].message = message;
    messages[place].s = s;
    messages[place].event = event;
    __atomic_store_n(&posted, place + 1, __ATOMIC_RELEASE);
    return TRUE;
}

/* The next message says this. */
static void expect_message(int place, SOCKET s, int event)
{
    EVENTUALLY(__atomic_load_n(&posted, __ATOMIC_ACQUIRE) > place);
    CHECK(messages[place].window == (HWND)&posted);
    EQUAL(messages[place].message, 4711);
    EQUAL(messages[place].s, s);
    EQUAL(WSAGETSELECTEVENT(messages[place].event), event);
    EQUAL(WSAGETSELECTERROR(messages[place].event), 0);
}

TEST(messages_name_the_layers_handle, "NEED-S17 WSPAsyncSelect.1 WSPAsyncSelect.2 WSPAsyncSelect.3 WPUPostMessage.1 EV.2 EV.4")
{
    SOCKET listening, client, server;
    WSAEVENT event = new_event();
    WSANETWORKEVENTS found;
    char byte;
    begin();
    ws2spi_SetPostMessage(take_message);
    listening = winsock_listen();
    struct sockaddr_in address = winsock_name(listening);
    EQUAL(CODE(WSAAsyncSelect(listening, NULL, 4711, FD_ACCEPT)), WSAEINVAL);
    EQUAL(CODE(WSAAsyncSelect(listening, (HWND)&posted, 4711, FD_ACCEPT | FD_READ | FD_CLOSE)), 0);
    client = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    EQUAL(CODE(connect(client, (struct sockaddr *)&address, sizeof address)), 0);
    expect_message(0, listening, FD_ACCEPT);
    server = accept(listening, NULL, NULL);
    CHECK(server != INVALID_SOCKET);
    EQUAL(send(client, "12", 2, 0), 2);
    expect_message(1, server, FD_READ);
    EQUAL(CODE(WSAEnumNetworkEvents(server, NULL, &found)), 0);
    EQUAL(found.lNetworkEvents, 0);
    EQUAL(recv(server, &byte, 1, 0), 1);
    expect_message(2, server, FD_READ);
    /* An event in the place of the messages. */
    EQUAL(CODE(WSAEventSelect(server, event, FD_CLOSE)), 0);
    EQUAL(recv(server, &byte, 1, 0), 1);
    EQUAL(CODE(closesocket(client)), 0);
    EQUAL(wait_for(event, 20000), WSA_WAIT_EVENT_0);
    EQUAL(CODE(WSAAsyncSelect(listening, NULL, 0, 0)), 0);
    EQUAL(posted, 3);
    SUCCEEDS(WSACleanup());
    EQUAL(posix_threads(), 1);
}
