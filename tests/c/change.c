/* SIO_ADDRESS_LIST_CHANGE and SIO_ROUTING_INTERFACE_CHANGE: commands that wait until something changes. */
#include "network.h"
#include "overlapped.h"
#include "waits.h"

#include <signal.h>
#include <ws2kernel.h>

static DWORD returned = 77;

static int change(SOCKET s, DWORD code, OVERLAPPED *overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    struct sockaddr_in any = {.sin_family = AF_INET};
    int needs = code == SIO_ROUTING_INTERFACE_CHANGE;
    return WSPIoctl(s, code, needs ? &any : NULL, needs ? sizeof any : 0, NULL, 0, &returned, overlapped, routine, NULL,
                    &error);
}

static SOCKET overlapped_socket(int family, int type)
{
    SOCKET s = WSPSocket(family, type, 0, NULL, 0, WSA_FLAG_OVERLAPPED, &error);
    if (s == INVALID_SOCKET && family == AF_INET6)
        SKIP("no IPv6");
    CHECK(s != INVALID_SOCKET);
    return s;
}

/* How a request has ended, whose event tells of it. */
static int result(SOCKET s, OVERLAPPED *overlapped)
{
    DWORD count = 1, flags = 1;
    EQUAL(wait_for(overlapped->hEvent, 20000), WSA_WAIT_EVENT_0);
    error = 0;
    if (!WSPGetOverlappedResult(s, overlapped, &count, FALSE, &flags, &error))
        return error;
    EQUAL(count, 0);
    EQUAL(flags, 0);
    return 0;
}

/* Returns when a change that was made before is past for everybody: a request that was posted after it, and before
 * another, has ended. */
static void let_pass(int number)
{
    SOCKET s = overlapped_socket(AF_INET, SOCK_DGRAM);
    OVERLAPPED address = {.hEvent = new_event()};
    FAILS(change(s, SIO_ADDRESS_LIST_CHANGE, &address, NULL), WSA_IO_PENDING);
    set_address(number, 1);
    EQUAL(result(s, &address), 0);
    SUCCEEDS(WSPCloseSocket(s, &error));
}

TEST(a_request_ends_when_the_list_changes, "WSPIoctl.1 WSPIoctl.3 OV.4 OV.6 OV.9 OV.16 OV.20")
{
    OVERLAPPED overlapped;
    char list[1000];
    own_network();
    startup();
    SOCKET s = overlapped_socket(AF_INET, SOCK_DGRAM);
    memset(&overlapped, 0, sizeof overlapped);
    overlapped.hEvent = new_event();
    for (int i = 1; i <= 3; i++) {
        CHECK(WSASetEvent(overlapped.hEvent));
        FAILS(change(s, SIO_ADDRESS_LIST_CHANGE, &overlapped, NULL), WSA_IO_PENDING);
        EQUAL(returned, 77);
        CHECK(!is_signalled(overlapped.hEvent));
        CHECK(!HasOverlappedIoCompleted(&overlapped));
        set_address(1, i % 2);
        EQUAL(result(s, &overlapped), 0);
        /* The list that is asked for then is the new one. */
        DWORD length;
        SUCCEEDS(WSPIoctl(s, SIO_ADDRESS_LIST_QUERY, NULL, 0, list, sizeof list, &length, NULL, NULL, NULL, &error));
        EQUAL(((SOCKET_ADDRESS_LIST *)(void *)list)->iAddressCount, 1 + i % 2);
    }
    /* An interface that goes takes its addresses along. */
    FAILS(change(s, SIO_ADDRESS_LIST_CHANGE, &overlapped, NULL), WSA_IO_PENDING);
    set_up("lo", 0);
    EQUAL(result(s, &overlapped), 0);
}

/* Each family has its own. */
TEST(the_other_familys_list_is_another, "WSPIoctl.1")
{
    OVERLAPPED inet = {0}, inet6 = {0};
    DWORD count, flags;
    own_network();
    startup();
    SOCKET s = overlapped_socket(AF_INET, SOCK_STREAM), s6 = overlapped_socket(AF_INET6, SOCK_STREAM);
    inet.hEvent = new_event();
    inet6.hEvent = new_event();
    FAILS(change(s, SIO_ADDRESS_LIST_CHANGE, &inet, NULL), WSA_IO_PENDING);
    FAILS(change(s6, SIO_ADDRESS_LIST_CHANGE, &inet6, NULL), WSA_IO_PENDING);
    set_address(1, 1);
    EQUAL(result(s, &inet), 0);
    CHECK(CancelIoEx((HANDLE)s6, &inet6));
    EQUAL(result(s6, &inet6), WSA_OPERATION_ABORTED);
    FAILS(change(s, SIO_ADDRESS_LIST_CHANGE, &inet, NULL), WSA_IO_PENDING);
    FAILS(change(s6, SIO_ADDRESS_LIST_CHANGE, &inet6, NULL), WSA_IO_PENDING);
    if (!add_address6(1))
        SKIP("no IPv6");
    EQUAL(result(s6, &inet6), 0);
    FAILS(WSPGetOverlappedResult(s, &inet, &count, FALSE, &flags, &error), WSA_IO_INCOMPLETE);
}

/* A route that comes or goes is no change of addresses; an address brings routes along. */
TEST(routes_change_apart_from_addresses, "WSPIoctl.1")
{
    OVERLAPPED route = {0}, address = {0};
    own_network();
    startup();
    SOCKET s = overlapped_socket(AF_INET, SOCK_DGRAM);
    route.hEvent = new_event();
    address.hEvent = new_event();
    FAILS(change(s, SIO_ADDRESS_LIST_CHANGE, &address, NULL), WSA_IO_PENDING);
    for (int i = 1; i >= 0; i--) {
        FAILS(change(s, SIO_ROUTING_INTERFACE_CHANGE, &route, NULL), WSA_IO_PENDING);
        set_route(1, i);
        EQUAL(result(s, &route), 0);
    }
    CHECK(!HasOverlappedIoCompleted(&address));
    FAILS(change(s, SIO_ROUTING_INTERFACE_CHANGE, &route, NULL), WSA_IO_PENDING);
    set_address(1, 1);
    EQUAL(result(s, &route), 0);
    EQUAL(result(s, &address), 0);
}

/* Whoever waits is told, in whatever way. */
static int routine_calls;

static void CALLBACK routine(DWORD code, DWORD count, LPWSAOVERLAPPED overlapped, DWORD flags)
{
    EQUAL(code, 0);
    EQUAL(count, 0);
    EQUAL(flags, 0);
    CHECK(HasOverlappedIoCompleted(overlapped));
    routine_calls++;
}

TEST(one_change_ends_every_request, "WSPIoctl.1 OV.8 OV.11 OV.15 NEED-K1")
{
    enum { SOCKETS = 10, EACH = 5 };
    static OVERLAPPED overlapped[SOCKETS][EACH], by_port, by_routine;
    SOCKET s[SOCKETS];
    OVERLAPPED *found;
    ULONG_PTR key;
    DWORD count;
    own_network();
    startup();
    for (int i = 0; i < SOCKETS; i++) {
        s[i] = overlapped_socket(AF_INET, i % 2 ? SOCK_DGRAM : SOCK_STREAM);
        for (int j = 0; j < EACH; j++) {
            overlapped[i][j].hEvent = new_event();
            FAILS(change(s[i], SIO_ADDRESS_LIST_CHANGE, &overlapped[i][j], NULL), WSA_IO_PENDING);
        }
    }
    SOCKET reporting = overlapped_socket(AF_INET, SOCK_DGRAM), calling = overlapped_socket(AF_INET, SOCK_DGRAM);
    HANDLE port = CreateIoCompletionPort((HANDLE)reporting, NULL, 7, 0);
    CHECK(port != NULL);
    FAILS(change(reporting, SIO_ADDRESS_LIST_CHANGE, &by_port, NULL), WSA_IO_PENDING);
    FAILS(change(calling, SIO_ADDRESS_LIST_CHANGE, &by_routine, routine), WSA_IO_PENDING);
    set_address(1, 1);
    for (int i = 0; i < SOCKETS; i++)
        for (int j = 0; j < EACH; j++)
            EQUAL(result(s[i], &overlapped[i][j]), 0);
    CHECK(GetQueuedCompletionStatus(port, &count, &key, &found, 20000));
    CHECK(found == &by_port);
    EQUAL(key, 7);
    EQUAL(SleepEx(20000, TRUE), WAIT_IO_COMPLETION);
    EQUAL(routine_calls, 1);
}

/* Transfers do not come after a request that may never end. */
TEST(a_request_does_not_hold_transfers_up, "WSPIoctl.1 OV.17")
{
    OVERLAPPED waiting = {0}, receive = {0};
    DWORD count;
    char room[10];
    int peer;
    own_network();
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    FAILS(change(s, SIO_ADDRESS_LIST_CHANGE, &waiting, NULL), WSA_IO_PENDING);
    FAILS(change(s, SIO_ROUTING_INTERFACE_CHANGE, &(OVERLAPPED){0}, NULL), WSA_IO_PENDING);
    EQUAL(receive_later(s, room, sizeof room, &receive), WSA_IO_PENDING);
    posix_write(peer, "abc", 3);
    EQUAL(outcome(s, &receive, &count), 0);
    EQUAL(count, 3);
    SUCCEEDS(send_bytes(s, "xyz", 3, &count));
    EQUAL(posix_read(peer, room, 3), 3);
    CHECK(!HasOverlappedIoCompleted(&waiting));
    SUCCEEDS(WSPCloseSocket(s, &error));
}

static OVERLAPPED of_thread;

static void *start_and_end(void *argument)
{
    FAILS(change(*(SOCKET *)argument, SIO_ADDRESS_LIST_CHANGE, &of_thread, NULL), WSA_IO_PENDING);
    return NULL;
}

TEST(requests_are_cancelled_like_all_others, "WSPIoctl.1 OV.19 OV.22 WSPCloseSocket.3")
{
    OVERLAPPED first = {0}, second = {0};
    own_network();
    startup();
    SOCKET s = overlapped_socket(AF_INET, SOCK_DGRAM);
    first.hEvent = new_event();
    second.hEvent = new_event();
    of_thread.hEvent = new_event();
    /* One by its structure, all of the thread's, all. */
    for (int i = 0; i < 3; i++) {
        FAILS(change(s, SIO_ADDRESS_LIST_CHANGE, &first, NULL), WSA_IO_PENDING);
        FAILS(change(s, SIO_ROUTING_INTERFACE_CHANGE, &second, NULL), WSA_IO_PENDING);
        CHECK(i == 0 ? CancelIoEx((HANDLE)s, &first) : i == 1 ? CancelIo((HANDLE)s) : CancelIoEx((HANDLE)s, NULL));
        EQUAL(result(s, &first), WSA_OPERATION_ABORTED);
        if (i == 0) {
            CHECK(!HasOverlappedIoCompleted(&second));
            CHECK(CancelIoEx((HANDLE)s, &second));
        }
        EQUAL(result(s, &second), WSA_OPERATION_ABORTED);
        CHECK(!CancelIoEx((HANDLE)s, NULL));
    }
    /* By the end of their thread. */
    FAILS(change(s, SIO_ADDRESS_LIST_CHANGE, &first, NULL), WSA_IO_PENDING);
    join_thread(start_thread(start_and_end, &s));
    EQUAL(result(s, &of_thread), WSA_OPERATION_ABORTED);
    CHECK(!HasOverlappedIoCompleted(&first));
    /* By closing. */
    SUCCEEDS(WSPCloseSocket(s, &error));
    EQUAL(wait_for(first.hEvent, 0), WSA_WAIT_EVENT_0);
    EQUAL(first.OffsetHigh, WSA_OPERATION_ABORTED);
}

/* The descriptor for the news is there while somebody waits. */
TEST(nothing_is_left_when_nobody_waits, "WSPIoctl.1 WSPCleanup.4 WSPCleanup.9")
{
    OVERLAPPED overlapped = {0}, other = {0};
    own_network();
    int descriptors = posix_open_descriptors(), threads = posix_threads();
    for (int round = 0; round < 3; round++) {
        startup();
        SOCKET s = overlapped_socket(AF_INET, SOCK_DGRAM), t = overlapped_socket(AF_INET, SOCK_DGRAM);
        FAILS(change(s, SIO_ADDRESS_LIST_CHANGE, &overlapped, NULL), WSA_IO_PENDING);
        int waiting = posix_open_descriptors();
        FAILS(change(t, SIO_ADDRESS_LIST_CHANGE, &other, NULL), WSA_IO_PENDING);
        EQUAL(posix_open_descriptors(), waiting);
        CHECK(CancelIoEx((HANDLE)s, NULL));
        EQUAL(posix_open_descriptors(), waiting);
        CHECK(CancelIoEx((HANDLE)t, NULL));
        EQUAL(posix_open_descriptors(), waiting - 1);
        /* It comes back. */
        FAILS(change(t, SIO_ADDRESS_LIST_CHANGE, &other, NULL), WSA_IO_PENDING);
        EQUAL(posix_open_descriptors(), waiting);
        SUCCEEDS(WSPCleanup(&error));
        EQUAL(other.OffsetHigh, WSA_OPERATION_ABORTED);
        EQUAL(posix_open_descriptors(), descriptors);
        EQUAL(posix_threads(), threads);
    }
}

struct call {
    SOCKET s;
    DWORD code;
    int thread, answer, error;
};

static void *wait_in_thread(void *argument)
{
    struct call *call = argument;
    __atomic_store_n(&call->thread, posix_thread(), __ATOMIC_RELEASE);
    error = 0;
    call->answer = change(call->s, call->code, NULL, NULL);
    call->error = error;
    return NULL;
}

/* Returns when the call waits. */
static pthread_t begin_call(struct call *call, SOCKET s, DWORD code)
{
    *call = (struct call){.s = s, .code = code};
    pthread_t thread = start_thread(wait_in_thread, call);
    EVENTUALLY(__atomic_load_n(&call->thread, __ATOMIC_ACQUIRE) != 0);
    posix_await_call(call->thread, SYS_epoll_pwait);
    return thread;
}

static void cancel(int signal)
{
    int code;
    (void)signal;
    WSPCancelBlockingCall(&code);
}

TEST(a_blocking_call_waits, "WSPIoctl.2 WSPCancelBlockingCall.3 WSPCloseSocket.2")
{
    struct call call;
    own_network();
    startup();
    /* Neither needs an overlapped socket. */
    SOCKET s = udp();
    for (int i = 0; i < 2; i++) {
        pthread_t thread = begin_call(&call, s, i ? SIO_ROUTING_INTERFACE_CHANGE : SIO_ADDRESS_LIST_CHANGE);
        EQUAL(returned, 77);
        set_address(i, 1);
        join_thread(thread);
        EQUAL(call.answer, 0);
        EQUAL(returned, 0);
        returned = 77;
    }
    pthread_t thread = begin_call(&call, s, SIO_ADDRESS_LIST_CHANGE);
    posix_signal(call.thread, cancel);
    join_thread(thread);
    EQUAL(call.answer, -1);
    EQUAL(call.error, WSAEINTR);
    thread = begin_call(&call, s, SIO_ADDRESS_LIST_CHANGE);
    SUCCEEDS(WSPCloseSocket(s, &error));
    join_thread(thread);
    EQUAL(call.answer, -1);
    EQUAL(call.error, WSAEINTR);
}

static long enumerate(SOCKET s)
{
    WSANETWORKEVENTS events;
    memset(&events, 0x55, sizeof events);
    SUCCEEDS(WSPEnumNetworkEvents(s, NULL, &events, &error));
    for (int bit = 0; bit < 10; bit++)
        if (events.lNetworkEvents & 1 << bit)
            EQUAL(events.iErrorCode[bit], 0);
    return events.lNetworkEvents;
}

/* One notice for one command: another needs another command, and another change. */
TEST(a_nonblocking_socket_is_told_by_an_event, "EV.10 EV.22 WSPIoctl.2")
{
    own_network();
    startup();
    SOCKET s = udp();
    WSAEVENT event = new_event();
    SUCCEEDS(WSPEventSelect(s, event, FD_ADDRESS_LIST_CHANGE | FD_ROUTING_INTERFACE_CHANGE, &error));
    /* Nobody has asked. */
    let_pass(1);
    EQUAL(enumerate(s), 0);
    CHECK(!is_signalled(event));
    for (int i = 2; i <= 4; i += 2) {
        FAILS(change(s, SIO_ADDRESS_LIST_CHANGE, NULL, NULL), WSAEWOULDBLOCK);
        FAILS(change(s, SIO_ADDRESS_LIST_CHANGE, NULL, NULL), WSAEWOULDBLOCK);
        EQUAL(enumerate(s), 0);
        set_address(i, 1);
        EQUAL(wait_for(event, 20000), WSA_WAIT_EVENT_0);
        EQUAL(enumerate(s), FD_ADDRESS_LIST_CHANGE);
        CHECK(WSAResetEvent(event));
        /* Once. */
        let_pass(i + 1);
        EQUAL(enumerate(s), 0);
        CHECK(!is_signalled(event));
    }
    FAILS(change(s, SIO_ROUTING_INTERFACE_CHANGE, NULL, NULL), WSAEWOULDBLOCK);
    set_route(1, 1);
    EQUAL(wait_for(event, 20000), WSA_WAIT_EVENT_0);
    EQUAL(enumerate(s), FD_ROUTING_INTERFACE_CHANGE);
    CHECK(WSAResetEvent(event));
    set_route(1, 0);
    let_pass(9);
    EQUAL(enumerate(s), 0);
    /* An OVERLAPPED asks for its own notice alone, also on a socket that does not block. */
    SOCKET both = overlapped_socket(AF_INET, SOCK_DGRAM);
    OVERLAPPED overlapped = {.hEvent = new_event()};
    SUCCEEDS(WSPEventSelect(both, event, FD_ADDRESS_LIST_CHANGE, &error));
    FAILS(change(both, SIO_ADDRESS_LIST_CHANGE, &overlapped, NULL), WSA_IO_PENDING);
    set_address(10, 1);
    EQUAL(result(both, &overlapped), 0);
    EQUAL(enumerate(both), 0);
}

static int posted;

static BOOL CALLBACK post(HWND window, UINT message, WPARAM socket, LPARAM what)
{
    EQUAL((size_t)window, 64);
    EQUAL(message, 1025);
    CHECK(socket != 0);
    EQUAL(what, FD_ADDRESS_LIST_CHANGE);
    __atomic_add_fetch(&posted, 1, __ATOMIC_SEQ_CST);
    return TRUE;
}

/* However often it was asked for; and while nobody waits for anything. */
TEST(a_window_is_told_once, "EV.10 WSPAsyncSelect.4")
{
    own_network();
    startup();
    ws2spi_SetPostMessage(post);
    SOCKET s = udp();
    SUCCEEDS(WSPAsyncSelect(s, (HWND)64, 1025, FD_ADDRESS_LIST_CHANGE, &error));
    for (int i = 0; i < 5; i++)
        FAILS(change(s, SIO_ADDRESS_LIST_CHANGE, NULL, NULL), WSAEWOULDBLOCK);
    set_address(1, 1);
    EVENTUALLY(__atomic_load_n(&posted, __ATOMIC_SEQ_CST) > 0);
    let_pass(2);
    EQUAL(__atomic_load_n(&posted, __ATOMIC_SEQ_CST), 1);
}

TEST(a_request_ends_while_nobody_waits, "WSPIoctl.1 OV.21")
{
    OVERLAPPED overlapped = {0};
    own_network();
    startup();
    SOCKET s = overlapped_socket(AF_INET, SOCK_DGRAM);
    FAILS(change(s, SIO_ADDRESS_LIST_CHANGE, &overlapped, NULL), WSA_IO_PENDING);
    set_address(1, 1);
    EVENTUALLY(HasOverlappedIoCompleted(&overlapped));
    EQUAL(overlapped.OffsetHigh, 0);
}

/* What is not selected is not told, and what was told to nobody is gone. */
TEST(closing_and_cancelling_leave_events_alone, "EV.10 EV.3")
{
    own_network();
    startup();
    SOCKET s = udp();
    WSAEVENT event = new_event();
    SUCCEEDS(WSPEventSelect(s, event, FD_ADDRESS_LIST_CHANGE, &error));
    FAILS(change(s, SIO_ADDRESS_LIST_CHANGE, NULL, NULL), WSAEWOULDBLOCK);
    /* It is no request. */
    CHECK(!CancelIoEx((HANDLE)s, NULL));
    set_address(1, 1);
    EQUAL(wait_for(event, 20000), WSA_WAIT_EVENT_0);
    EQUAL(enumerate(s), FD_ADDRESS_LIST_CHANGE);
    CHECK(WSAResetEvent(event));
    FAILS(change(s, SIO_ADDRESS_LIST_CHANGE, NULL, NULL), WSAEWOULDBLOCK);
    SUCCEEDS(WSPEventSelect(s, NULL, 0, &error));
    let_pass(2);
    SUCCEEDS(WSPEventSelect(s, event, FD_ADDRESS_LIST_CHANGE, &error));
    EQUAL(enumerate(s), 0);
    FAILS(change(s, SIO_ADDRESS_LIST_CHANGE, NULL, NULL), WSAEWOULDBLOCK);
    SUCCEEDS(WSPCloseSocket(s, &error));
    let_pass(3);
    CHECK(!is_signalled(event));
}

TEST(what_cannot_change_is_refused, "WSPIoctl.1 OBS.12")
{
    OVERLAPPED overlapped = {0};
    struct sockaddr_in any = {.sin_family = AF_INET}, other = {.sin_family = AF_INET6};
    startup();
    SOCKET s = overlapped_socket(AF_INET, SOCK_DGRAM);
    SOCKET local = WSPSocket(AF_UNIX, SOCK_STREAM, 0, NULL, 0, WSA_FLAG_OVERLAPPED, &error);
    FAILS(change(12345, SIO_ADDRESS_LIST_CHANGE, &overlapped, NULL), WSAENOTSOCK);
    FAILS(change(local, SIO_ADDRESS_LIST_CHANGE, &overlapped, NULL), WSAEINVAL);
    FAILS(change(local, SIO_ROUTING_INTERFACE_CHANGE, &overlapped, NULL), WSAEINVAL);
#define ROUTING(at, length)                                                                                            \
    WSPIoctl(s, SIO_ROUTING_INTERFACE_CHANGE, at, length, NULL, 0, &returned, &overlapped, NULL, NULL, &error)
    FAILS(ROUTING(NULL, 16), WSAEFAULT);
    FAILS(ROUTING(&any, 15), WSAEFAULT);
    FAILS(ROUTING((void *)8, 16), WSAEFAULT);
    FAILS(ROUTING(&other, 16), WSAEINVAL);
    FAILS(change(s, SIO_ADDRESS_LIST_CHANGE, (OVERLAPPED *)8, NULL), WSAEFAULT);
    EQUAL(overlapped.Internal, 0);
    /* None of these has begun a request. */
    CHECK(!CancelIoEx((HANDLE)s, NULL));
}

/* The requests are the parent's, and the child has its own. */
TEST(a_fork_leaves_requests_with_the_parent, "WSPIoctl.1 OV.22")
{
    OVERLAPPED overlapped = {0}, childs = {0};
    own_network();
    startup();
    SOCKET s = overlapped_socket(AF_INET, SOCK_DGRAM);
    overlapped.hEvent = new_event();
    childs.hEvent = new_event();
    FAILS(change(s, SIO_ADDRESS_LIST_CHANGE, &overlapped, NULL), WSA_IO_PENDING);
    int child = posix_fork();
    if (child == 0) {
        CHECK(!CancelIoEx((HANDLE)s, NULL));
        FAILS(change(s, SIO_ADDRESS_LIST_CHANGE, &childs, NULL), WSA_IO_PENDING);
        set_address(1, 1);
        EQUAL(result(s, &childs), 0);
        CHECK(!HasOverlappedIoCompleted(&overlapped));
        SUCCEEDS(WSPCleanup(&error));
        exit(0);
    }
    EQUAL(posix_wait(child), 0);
    EQUAL(result(s, &overlapped), 0);
    FAILS(change(s, SIO_ADDRESS_LIST_CHANGE, &overlapped, NULL), WSA_IO_PENDING);
    set_address(2, 1);
    EQUAL(result(s, &overlapped), 0);
}

/* Without descriptors there are no news. */
TEST(a_change_cannot_be_awaited_without_descriptors, "WSPIoctl.1 OV.5")
{
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = overlapped_socket(AF_INET, SOCK_DGRAM);
    posix_forbid_descriptors(1);
    error = 0;
    EQUAL(change(s, SIO_ADDRESS_LIST_CHANGE, &overlapped, NULL), -1);
    CHECK(error == WSAENOBUFS || error == WSAENETDOWN);
    CHECK(HasOverlappedIoCompleted(&overlapped));
    posix_forbid_descriptors(0);
    FAILS(change(s, SIO_ADDRESS_LIST_CHANGE, &overlapped, NULL), WSA_IO_PENDING);
}
