/* WSPGetOverlappedResult: how a request has ended, and waiting for that. */
#include "overlapped.h"
#include "waits.h"

#include <ws2kernel.h>

struct waiting {
    SOCKET s;
    OVERLAPPED *overlapped;
    DWORD count, flags;
    BOOL answer;
    int code;
    /* The number of the thread, once it runs. */
    int ready;
};

static void *wait_for_result(void *argument)
{
    struct waiting *call = argument;
    __atomic_store_n(&call->ready, posix_thread(), __ATOMIC_SEQ_CST);
    call->answer = WSPGetOverlappedResult(call->s, call->overlapped, &call->count, TRUE, &call->flags, &call->code);
    return NULL;
}

TEST(waiting_ends_with_the_request, "WSPGetOverlappedResult.4 WSPGetOverlappedResult.6 WSPGetOverlappedResult.7")
{
    int peer;
    char room[8];
    pthread_t thread;
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    overlapped.hEvent = WSACreateEvent();
    for (int round = 0; round < 100; round++) {
        struct waiting call = {s, &overlapped, 77, 77, FALSE, 0, 0};
        EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
        CHECK(pthread_create(&thread, NULL, wait_for_result, &call) == 0);
        if (round % 2 == 0)
            EVENTUALLY(__atomic_load_n(&call.ready, __ATOMIC_SEQ_CST));
        posix_write(peer, "abc", 3);
        pthread_join(thread, NULL);
        EQUAL(call.answer, TRUE);
        EQUAL(call.count, 3);
        EQUAL(call.flags, 0);
    }
}

TEST(waiting_takes_an_event, "WSPGetOverlappedResult.4")
{
    int peer;
    char room[8];
    DWORD count = 7, flags = 9;
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
    FAILS(WSPGetOverlappedResult(s, &overlapped, &count, TRUE, &flags, &error), WSA_INVALID_HANDLE);
    overlapped.hEvent = (WSAEVENT)s;
    FAILS(WSPGetOverlappedResult(s, &overlapped, &count, TRUE, &flags, &error), WSA_INVALID_HANDLE);
    EQUAL(count, 7);
    EQUAL(flags, 9);
    /* The end needs no event to be told of afterwards. */
    posix_write(peer, "abc", 3);
    EVENTUALLY(HasOverlappedIoCompleted(&overlapped));
    EQUAL(WSPGetOverlappedResult(s, &overlapped, &count, TRUE, &flags, &error), TRUE);
    EQUAL(count, 3);
}

/* A closed socket's request is told by its structure; the handle is gone. */
TEST(waiting_ends_when_the_socket_is_closed, "WSPGetOverlappedResult.1 OV.22")
{
    int peer;
    char room[8];
    pthread_t thread;
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    overlapped.hEvent = WSACreateEvent();
    struct waiting call = {s, &overlapped, 77, 77, FALSE, 0, 0};
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
    CHECK(pthread_create(&thread, NULL, wait_for_result, &call) == 0);
    EVENTUALLY(__atomic_load_n(&call.ready, __ATOMIC_SEQ_CST));
    SUCCEEDS(WSPCloseSocket(s, &error));
    pthread_join(thread, NULL);
    EQUAL(call.answer, FALSE);
    CHECK(call.code == WSA_OPERATION_ABORTED || call.code == WSAENOTSOCK);
    EQUAL(overlapped.OffsetHigh, WSA_OPERATION_ABORTED);
    FAILS(WSPGetOverlappedResult(s, &overlapped, &call.count, FALSE, &call.flags, &error), WSAENOTSOCK);
}

static WSAEVENT other_event;
static int leading_thread;

static void *wait_for_other_event(void *unused)
{
    __atomic_store_n(&leading_thread, posix_thread(), __ATOMIC_SEQ_CST);
    EQUAL(wait_for(other_event, WSA_INFINITE), WSA_WAIT_EVENT_0);
    return unused;
}

/* So does the last WSPCleanup end it, also for a thread that another one, which sleeps for all sockets, would wake. */
TEST(waiting_ends_with_the_last_cleanup, "WSPCleanup.3 WSPCleanup.4 OV.22")
{
    int peer;
    char room[8];
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    overlapped.hEvent = new_event();
    other_event = new_event();
    struct waiting call = {s, &overlapped, 77, 77, FALSE, 0, 0};
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
    pthread_t leader = start_thread(wait_for_other_event, NULL);
    EVENTUALLY(__atomic_load_n(&leading_thread, __ATOMIC_SEQ_CST) != 0);
    posix_await_call(leading_thread, SYS_epoll_pwait);
    pthread_t thread = start_thread(wait_for_result, &call);
    EVENTUALLY(__atomic_load_n(&call.ready, __ATOMIC_SEQ_CST) != 0);
    await_wait(call.ready);
    SUCCEEDS(WSPCleanup(&error));
    join_thread(thread);
    EQUAL(call.answer, FALSE);
    EQUAL(call.code, WSA_OPERATION_ABORTED);
    CHECK(!is_signalled(overlapped.hEvent));
    CHECK(WSASetEvent(other_event));
    join_thread(leader);
}

/* A failed request: its code, and nothing is written. */
TEST(a_failure_leaves_the_outputs, "WSPGetOverlappedResult.2 WSPGetOverlappedResult.1")
{
    int peer;
    char room[8];
    DWORD count = 7, flags = 9;
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    overlapped.hEvent = WSACreateEvent();
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
    posix_reset(peer);
    FAILS(WSPGetOverlappedResult(s, &overlapped, &count, TRUE, &flags, &error), WSAECONNRESET);
    FAILS(WSPGetOverlappedResult(s, &overlapped, &count, FALSE, &flags, &error), WSAECONNRESET);
    EQUAL(count, 7);
    EQUAL(flags, 9);
}

/* The structure is used again: the answer is about the last request. */
TEST(the_last_request_of_a_structure_counts, "WSPGetOverlappedResult.5 OV.8")
{
    int peer;
    char room[8];
    DWORD count, flags;
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    for (int length = 1; length < 5; length++) {
        EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
        FAILS(WSPGetOverlappedResult(s, &overlapped, &count, FALSE, &flags, &error), WSA_IO_INCOMPLETE);
        posix_write(peer, "abcdef", (unsigned long)length);
        EQUAL(outcome(s, &overlapped, &count), 0);
        EQUAL(count, length);
    }
}

/* Used again while its first request is pending, as no program should: nothing breaks, and each request ends. */
TEST(a_structure_for_two_requests_breaks_nothing, "OV.8")
{
    int peer;
    char room[2][8];
    DWORD count;
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    EQUAL(receive_later(s, room[0], 1, &overlapped), WSA_IO_PENDING);
    EQUAL(receive_later(s, room[1], 1, &overlapped), WSA_IO_PENDING);
    posix_write(peer, "ab", 2);
    EVENTUALLY(__atomic_load_n(&room[1][0], __ATOMIC_SEQ_CST) == 'b');
    EQUAL(room[0][0], 'a');
    EQUAL(outcome(s, &overlapped, &count), 0);
    EQUAL(receive_later(s, room[0], 1, &overlapped), WSA_IO_PENDING);
    CHECK(CancelIoEx((HANDLE)s, &overlapped));
    EQUAL(outcome(s, &overlapped, &count), WSA_OPERATION_ABORTED);
    EQUAL(count, 1);
}

/* The codes of requests that wait and of requests that were cut off, function by function. */
TEST(requests_wait_and_are_aborted, "OV.4 OV.22")
{
    int peer;
    static char bytes[1 << 20];
    char room[8];
    DWORD count, flags = 0;
    WSABUF in = {sizeof room, room}, out = {sizeof bytes, bytes};
    OVERLAPPED sends[64] = {{0}}, received = {0}, from = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    FAILS(WSPRecv(s, &in, 1, &count, &flags, &received, NULL, NULL, &error), WSA_IO_PENDING);
    FAILS(WSPRecvFrom(s, &in, 1, &count, &flags, NULL, NULL, &from, NULL, NULL, &error), WSA_IO_PENDING);
    int last = 0;
    while (last < 61 && WSPSend(s, &out, 1, &count, 0, &sends[last], NULL, NULL, &error) == 0)
        last++;
    last++;
    FAILS(WSPSend(s, &out, 1, &count, 0, &sends[last], NULL, NULL, &error), WSA_IO_PENDING);
    FAILS(WSPSendTo(s, &out, 1, &count, 0, NULL, 0, &sends[63], NULL, NULL, &error), WSA_IO_PENDING);
    CHECK(CancelIoEx((HANDLE)s, NULL));
    /* WSPSend:WSA_OPERATION_ABORTED WSPSendTo:WSA_OPERATION_ABORTED WSPRecv:WSA_OPERATION_ABORTED
     * WSPRecvFrom:WSA_OPERATION_ABORTED */
    EQUAL(outcome(s, &sends[last], &count), WSA_OPERATION_ABORTED);
    EQUAL(outcome(s, &sends[63], &count), WSA_OPERATION_ABORTED);
    EQUAL(outcome(s, &received, &count), WSA_OPERATION_ABORTED);
    EQUAL(outcome(s, &from, &count), WSA_OPERATION_ABORTED);
}
