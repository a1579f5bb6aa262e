/* Threads and their APCs: which waits run them, in which order, on which thread; and completion routines, which are APCs. */
#include "overlapped.h"
#include "waits.h"

#include <stddef.h>
#include <ws2kernel.h>

/* ---- APCs ---- */

static WSATHREADID open_thread(void)
{
    WSATHREADID thread;
    SUCCEEDS(WPUOpenCurrentThread(&thread, &error));
    return thread;
}

enum { NOTES = 4096 };
static ULONG_PTR noted[NOTES];
static int notes;

static void CALLBACK note(ULONG_PTR context)
{
    noted[notes++] = context;
}

TEST(a_thread_is_named_once_started,
     "WPUOpenCurrentThread.1 WPUOpenCurrentThread.2 WPUOpenCurrentThread.3 WPUCloseThread.1 WPUCloseThread.2 C.4")
{
    EQUAL(sizeof(WSATHREADID), sizeof(HANDLE) + sizeof(DWORD_PTR));
    EQUAL(offsetof(WSATHREADID, ThreadHandle), 0);
    EQUAL(offsetof(WSATHREADID, Reserved), sizeof(HANDLE));
    WSATHREADID thread = {NULL, 0}, none = {NULL, 0}, copy;
    FAILS(WPUOpenCurrentThread(&thread, &error), WSANOTINITIALISED);
    FAILS(WPUCloseThread(&thread, &error), WSANOTINITIALISED);
    startup();
    SUCCEEDS(WPUOpenCurrentThread(&thread, &error));
    copy = thread;
    SUCCEEDS(WPUCloseThread(&copy, &error));
    FAILS(WPUCloseThread(&thread, &error), WSAEFAULT);
    FAILS(WPUCloseThread(&none, &error), WSAEFAULT);
    FAILS(WPUCloseThread(NULL, &error), WSAEFAULT);
    FAILS(WPUOpenCurrentThread(NULL, &error), WSAEFAULT);
    SUCCEEDS(WPUOpenCurrentThread(&thread, &error));
    SUCCEEDS(WSPCleanup(&error));
    FAILS(WPUCloseThread(&thread, &error), WSANOTINITIALISED);
    FAILS(WPUOpenCurrentThread(&thread, &error), WSANOTINITIALISED);
}

static void *end_at_once(void *thread)
{
    *(WSATHREADID *)thread = open_thread();
    return NULL;
}

TEST(an_apc_needs_a_thread, "WPUQueueApc.1")
{
    WSATHREADID none = {NULL, 0}, gone, ended;
    startup();
    WSATHREADID thread = open_thread(), event = {WSACreateEvent(), 0};
    FAILS(WPUQueueApc(NULL, note, 1, &error), WSAEFAULT);
    FAILS(WPUQueueApc(&none, note, 1, &error), WSAEFAULT);
    FAILS(WPUQueueApc(&event, note, 1, &error), WSAEFAULT);
    FAILS(WPUQueueApc(&thread, NULL, 1, &error), WSAEFAULT);
    gone = thread;
    SUCCEEDS(WPUCloseThread(&thread, &error));
    FAILS(WPUQueueApc(&gone, note, 1, &error), WSAEFAULT);
    join_thread(start_thread(end_at_once, &ended));
    FAILS(WPUQueueApc(&ended, note, 1, &error), WSAEFAULT);
    LEAVES(QueueUserAPC(note, NULL, 1), 0, ERROR_INVALID_HANDLE);
    LEAVES(QueueUserAPC(note, event.ThreadHandle, 1), 0, ERROR_INVALID_HANDLE);
    LEAVES(QueueUserAPC(note, ended.ThreadHandle, 1), 0, ERROR_INVALID_HANDLE);
    thread = open_thread();
    LEAVES(QueueUserAPC(NULL, thread.ThreadHandle, 1), 0, ERROR_INVALID_PARAMETER);
    EQUAL(SleepEx(0, TRUE), 0);
    EQUAL(notes, 0);
}

/* Nothing but an alertable wait runs it; the structure is not needed any more by then, nor is the handle. */
TEST(an_apc_runs_in_an_alertable_wait, "WPUQueueApc.1 WPUQueueApc.2 WPUCloseThread.1 NEED-K3 NEED-S10")
{
    startup();
    WSATHREADID thread = open_thread();
    const ULONG_PTR wide = (ULONG_PTR)0x123456789abcdef0;
    HANDLE event = new_event();
    SUCCEEDS(WPUQueueApc(&thread, note, wide, &error));
    SUCCEEDS(WPUCloseThread(&thread, &error));
    memset(&thread, 0x55, sizeof thread);
    Sleep(0);
    Sleep(1);
    EQUAL(SleepEx(1, FALSE), 0);
    EQUAL(WSAWaitForMultipleEvents(1, &event, FALSE, 1, FALSE), WSA_WAIT_TIMEOUT);
    EQUAL(WaitForSingleObject(event, 1), WAIT_TIMEOUT);
    EQUAL(notes, 0);
    EQUAL(SleepEx(INFINITE, TRUE), WAIT_IO_COMPLETION);
    EQUAL(notes, 1);
    EQUAL(noted[0], wide);
    EQUAL(SleepEx(0, TRUE), 0);
    EQUAL(SleepEx(1, TRUE), 0);
    EQUAL(notes, 1);
}

TEST(every_alertable_wait_runs_apcs, "NEED-K3")
{
    startup();
    WSATHREADID thread = open_thread();
    HANDLE event = new_event(), port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    OVERLAPPED_ENTRY entry;
    ULONG removed;
    for (int i = 0; i < 8; i++) {
        const DWORD milliseconds = i < 4 ? 0 : INFINITE;
        CHECK(QueueUserAPC(note, thread.ThreadHandle, (ULONG_PTR)i));
        switch (i % 4) {
        case 0: EQUAL(SleepEx(milliseconds, TRUE), WAIT_IO_COMPLETION); break;
        case 1: EQUAL(WSAWaitForMultipleEvents(1, &event, FALSE, milliseconds, TRUE), WSA_WAIT_IO_COMPLETION); break;
        case 2: EQUAL(WaitForSingleObjectEx(event, milliseconds, TRUE), WAIT_IO_COMPLETION); break;
        case 3: EQUAL(WaitForMultipleObjectsEx(1, &event, TRUE, milliseconds, TRUE), WAIT_IO_COMPLETION); break;
        }
        EQUAL(notes, i + 1);
    }
    CHECK(QueueUserAPC(note, thread.ThreadHandle, 8));
    LEAVES(GetQueuedCompletionStatusEx(port, &entry, 1, &removed, INFINITE, TRUE), FALSE, WAIT_IO_COMPLETION);
    EQUAL(notes, 9);
}

/* What is signalled ends the wait, and the APC waits for the next. */
TEST(a_wait_that_need_not_wait_runs_nothing, "NEED-K3 WPUQueueApc.1")
{
    startup();
    WSATHREADID thread = open_thread();
    WSAEVENT event = new_event();
    WSASetEvent(event);
    SUCCEEDS(WPUQueueApc(&thread, note, 1, &error));
    EQUAL(WSAWaitForMultipleEvents(1, &event, FALSE, WSA_INFINITE, TRUE), WSA_WAIT_EVENT_0);
    EQUAL(notes, 0);
    WSAResetEvent(event);
    EQUAL(WSAWaitForMultipleEvents(1, &event, FALSE, WSA_INFINITE, TRUE), WSA_WAIT_IO_COMPLETION);
    EQUAL(notes, 1);
}

/* The wait is over also if an APC signals what it was for. */
static void CALLBACK set_event(ULONG_PTR event)
{
    WSASetEvent((WSAEVENT)event);
}

TEST(an_apc_ends_the_wait, "NEED-K3")
{
    startup();
    WSATHREADID thread = open_thread();
    WSAEVENT event = new_event();
    SUCCEEDS(WPUQueueApc(&thread, set_event, (ULONG_PTR)event, &error));
    EQUAL(WSAWaitForMultipleEvents(1, &event, FALSE, WSA_INFINITE, TRUE), WSA_WAIT_IO_COMPLETION);
    EQUAL(WSAWaitForMultipleEvents(1, &event, FALSE, WSA_INFINITE, TRUE), WSA_WAIT_EVENT_0);
}

TEST(apcs_run_in_order, "WPUQueueApc.1")
{
    startup();
    WSATHREADID thread = open_thread();
    for (int i = 0; i < NOTES; i++)
        SUCCEEDS(WPUQueueApc(&thread, note, (ULONG_PTR)i, &error));
    EQUAL(SleepEx(0, TRUE), WAIT_IO_COMPLETION);
    EQUAL(notes, NOTES);
    for (int i = 0; i < NOTES; i++)
        EQUAL(noted[i], i);
}

/* Sleeps alertably as many times as it takes for all notes to come. */
static WSATHREADID sleeper;
static int sleeper_number;

static void *sleep_until_noted(void *count)
{
    sleeper = open_thread();
    __atomic_store_n(&sleeper_number, posix_thread(), __ATOMIC_SEQ_CST);
    while (notes < (int)(long)count)
        EQUAL(SleepEx(INFINITE, TRUE), WAIT_IO_COMPLETION);
    EQUAL(notes, (int)(long)count);
    return NULL;
}

static void *queue_half(void *first)
{
    for (ULONG_PTR i = 0; i < NOTES / 2; i++)
        SUCCEEDS(WPUQueueApc(&sleeper, note, (ULONG_PTR)first + i, &error));
    return NULL;
}

/* From any thread, and none is lost. */
TEST(apcs_come_from_any_thread, "WPUQueueApc.1 OV.14 WPUOpenCurrentThread.1")
{
    ULONG_PTR next[2] = {0, NOTES / 2};
    startup();
    pthread_t thread = start_thread(sleep_until_noted, (void *)NOTES);
    EVENTUALLY(__atomic_load_n(&sleeper_number, __ATOMIC_SEQ_CST) != 0);
    await_wait(sleeper_number);
    pthread_t first = start_thread(queue_half, (void *)0), second = start_thread(queue_half, (void *)(NOTES / 2));
    join_thread(first);
    join_thread(second);
    join_thread(thread);
    for (int i = 0; i < NOTES; i++) {
        int half = noted[i] >= NOTES / 2;
        EQUAL(noted[i], next[half]);
        next[half]++;
    }
}

/* What an APC queues runs, now or in the next wait. */
static void CALLBACK queue_another(ULONG_PTR left)
{
    note(left);
    if (left > 0)
        SUCCEEDS(WPUQueueApc(&sleeper, queue_another, left - 1, &error));
}

TEST(an_apc_may_queue_another, "WPUQueueApc.1")
{
    startup();
    sleeper = open_thread();
    SUCCEEDS(WPUQueueApc(&sleeper, queue_another, 10, &error));
    while (notes < 11)
        EQUAL(SleepEx(0, TRUE), WAIT_IO_COMPLETION);
    EQUAL(SleepEx(0, TRUE), 0);
    for (int i = 0; i < 11; i++)
        EQUAL(noted[i], 10 - i);
}

/* A wait within a wait: it may be alertable itself, and what ends it does not end the outer one wrongly. */
static WSAEVENT inner;
static int waiting_inside;

static void CALLBACK wait_inside(ULONG_PTR alertable)
{
    DWORD answer;
    __atomic_store_n(&waiting_inside, posix_thread(), __ATOMIC_SEQ_CST);
    do
        answer = WSAWaitForMultipleEvents(1, &inner, FALSE, WSA_INFINITE, (BOOL)alertable);
    while (answer == WSA_WAIT_IO_COMPLETION);
    note(answer);
}

static void *signal_inner(void *outer)
{
    for (int round = 0; round < 2; round++) {
        EVENTUALLY(__atomic_load_n(&waiting_inside, __ATOMIC_SEQ_CST) != 0);
        await_wait(waiting_inside);
        /* The outer wait has begun, and is not over for this. */
        WSASetEvent(outer);
        SUCCEEDS(WPUQueueApc(&sleeper, note, 77, &error));
        __atomic_store_n(&waiting_inside, 0, __ATOMIC_SEQ_CST);
        WSASetEvent(inner);
    }
    return NULL;
}

TEST(an_apc_may_wait, "NEED-K3 WPUQueueApc.1")
{
    startup();
    sleeper = open_thread();
    inner = new_event();
    WSAEVENT outer = new_event();
    pthread_t thread = start_thread(signal_inner, outer);
    for (int alertable = 0; alertable < 2; alertable++) {
        WSAResetEvent(inner);
        WSAResetEvent(outer);
        notes = 0;
        SUCCEEDS(WPUQueueApc(&sleeper, wait_inside, (ULONG_PTR)alertable, &error));
        EQUAL(WSAWaitForMultipleEvents(1, &outer, FALSE, WSA_INFINITE, TRUE), WSA_WAIT_IO_COMPLETION);
        EQUAL(WSAWaitForMultipleEvents(1, &outer, FALSE, WSA_INFINITE, TRUE), WSA_WAIT_EVENT_0);
        while (notes < 2)
            EQUAL(SleepEx(INFINITE, TRUE), WAIT_IO_COMPLETION);
        EQUAL(notes, 2);
        EQUAL(noted[0] + noted[1], 77);
    }
    join_thread(thread);
}

/* ---- Completion routines ---- */

struct done {
    DWORD error, count, flags;
    OVERLAPPED *overlapped;
    int thread;
};
static struct done done[256];
static int done_count, depth, deepest;

static void CALLBACK take_note(DWORD code, DWORD count, LPWSAOVERLAPPED overlapped, DWORD flags)
{
    if (++depth > deepest)
        deepest = depth;
    done[done_count++] = (struct done){code, count, flags, overlapped, posix_thread()};
    depth--;
}

/* An overlapped receive that ends in `routine` on `thread` (NULL: the calling one); the code, 0 for success. */
static int receive_then(SOCKET s, void *room, unsigned length, OVERLAPPED *overlapped,
                        LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, WSATHREADID *thread)
{
    WSABUF buffer = {length, room};
    DWORD count, flags = 0;
    error = 0;
    int answer = WSPRecv(s, &buffer, 1, &count, &flags, overlapped, routine, thread, &error);
    CHECK((answer == 0) == (error == 0));
    return error;
}

static int send_then(SOCKET s, const void *bytes, unsigned length, OVERLAPPED *overlapped,
                     LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    WSABUF buffer = {length, (char *)bytes};
    DWORD count;
    error = 0;
    int answer = WSPSend(s, &buffer, 1, &count, 0, overlapped, routine, NULL, &error);
    CHECK((answer == 0) == (error == 0));
    return error;
}

TEST(a_routine_runs_where_the_request_was_started, "OV.6 OV.11 OV.13 OV.15 OV.16 OBS.40 NEED-K3")
{
    int peer;
    char room[16];
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    EQUAL(receive_then(s, room, sizeof room, &overlapped, take_note, NULL), WSA_IO_PENDING);
    posix_write(peer, "hello", 5);
    /* It has ended, and no call but an alertable wait tells. */
    while (!HasOverlappedIoCompleted(&overlapped))
        EQUAL(SleepEx(1, FALSE), 0);
    EQUAL(SleepEx(0, FALSE), 0);
    EQUAL(done_count, 0);
    EQUAL(SleepEx(INFINITE, TRUE), WAIT_IO_COMPLETION);
    EQUAL(done_count, 1);
    EQUAL(done[0].error, 0);
    EQUAL(done[0].count, 5);
    EQUAL(done[0].flags, 0);
    CHECK(done[0].overlapped == &overlapped);
    EQUAL(done[0].thread, posix_thread());
    CHECK(memcmp(room, "hello", 5) == 0);
    EQUAL(SleepEx(0, TRUE), 0);
}

/* The wait that the routine ends carries the request out itself. */
TEST(an_alertable_wait_is_woken_by_data, "OBS.40 NEED-K3")
{
    int peer;
    char room[16];
    OVERLAPPED overlapped = {0};
    startup();
    WSAEVENT event = new_event();
    SOCKET s = overlapped_with_peer(&peer);
    for (int i = 0; i < 3; i++) {
        EQUAL(receive_then(s, room, sizeof room, &overlapped, take_note, NULL), WSA_IO_PENDING);
        EQUAL(SleepEx(1, TRUE), 0);
        posix_write(peer, "x", 1);
        if (i == 0)
            EQUAL(SleepEx(INFINITE, TRUE), WAIT_IO_COMPLETION);
        else if (i == 1)
            EQUAL(WSAWaitForMultipleEvents(1, &event, FALSE, WSA_INFINITE, TRUE), WSA_WAIT_IO_COMPLETION);
        else
            EQUAL(WaitForSingleObjectEx(event, INFINITE, TRUE), WAIT_IO_COMPLETION);
        EQUAL(done_count, i + 1);
    }
}

/* A request that ends at once has queued its routine by the time the call returns. */
TEST(a_routine_is_queued_at_once, "OV.3 OV.16")
{
    int peer;
    char room[16];
    OVERLAPPED overlapped[2] = {{0}};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    posix_write(peer, "hello", 5);
    await_data(s, 5);
    EQUAL(receive_then(s, room, sizeof room, &overlapped[0], take_note, NULL), 0);
    EQUAL(send_then(s, "abc", 3, &overlapped[1], take_note), 0);
    EQUAL(done_count, 0);
    EQUAL(SleepEx(0, TRUE), WAIT_IO_COMPLETION);
    EQUAL(done_count, 2);
    CHECK(done[0].overlapped == &overlapped[0] && done[1].overlapped == &overlapped[1]);
    EQUAL(done[0].count, 5);
    EQUAL(done[1].count, 3);
    EQUAL(done[1].flags, 0);
}

/* What goes wrong, and what lpFlags would have held. */
TEST(a_routine_is_told_what_has_happened, "OV.6 OV.15 OV.16 OBS.28")
{
    char room[4];
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = WSPSocket(AF_INET, SOCK_DGRAM, IPPROTO_UDP, NULL, 0, WSA_FLAG_OVERLAPPED, &error);
    unsigned short port = ntohs(bind_loopback(s).sin_port);
    EQUAL(receive_then(s, room, sizeof room, &overlapped, take_note, NULL), WSA_IO_PENDING);
    posix_datagram(port, "abcdefgh", 8);
    EQUAL(SleepEx(INFINITE, TRUE), WAIT_IO_COMPLETION);
    EQUAL(done[0].error, WSAEMSGSIZE);
    EQUAL(done[0].count, 4);
    EQUAL(done[0].flags, MSG_PARTIAL);
}

/* hEvent is the program's. */
TEST(a_routine_leaves_the_event_alone, "OV.10")
{
    int peer;
    char room[16];
    WSAEVENT event = new_event();
    OVERLAPPED overlapped = {.hEvent = event};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    WSASetEvent(event);
    EQUAL(receive_then(s, room, sizeof room, &overlapped, take_note, NULL), WSA_IO_PENDING);
    CHECK(is_signalled(event));
    WSAResetEvent(event);
    posix_write(peer, "x", 1);
    EQUAL(SleepEx(INFINITE, TRUE), WAIT_IO_COMPLETION);
    EQUAL(done_count, 1);
    CHECK(!is_signalled(event));
    CHECK(overlapped.hEvent == event);
    /* Nor need it be an event. */
    overlapped.hEvent = (HANDLE)0x1234567;
    EQUAL(receive_then(s, room, sizeof room, &overlapped, take_note, NULL), WSA_IO_PENDING);
    posix_write(peer, "x", 1);
    EQUAL(SleepEx(INFINITE, TRUE), WAIT_IO_COMPLETION);
    CHECK(overlapped.hEvent == (HANDLE)0x1234567);
}

struct starter {
    SOCKET s;
    WSATHREADID thread;
    OVERLAPPED overlapped;
    char room[16];
};

static void *start_for_another(void *argument)
{
    struct starter *starter = argument;
    WSATHREADID thread = starter->thread;
    EQUAL(receive_then(starter->s, starter->room, sizeof starter->room, &starter->overlapped, take_note, &thread),
          WSA_IO_PENDING);
    memset(&thread, 0x55, sizeof thread);
    posix_write((int)(long)starter->overlapped.hEvent, "x", 1);
    while (!HasOverlappedIoCompleted(&starter->overlapped))
        SleepEx(1, TRUE);
    EQUAL(SleepEx(0, TRUE), 0);
    return NULL;
}

/* The thread that lpThreadId names runs the routine, whoever starts the request; the structure was copied. */
TEST(a_routine_runs_on_the_thread_that_is_named, "OV.11 OV.12 OV.14 WPUOpenCurrentThread.1 NEED-S10")
{
    int peer;
    struct starter starter;
    memset(&starter, 0, sizeof starter);
    startup();
    starter.s = overlapped_with_peer(&peer);
    starter.thread = open_thread();
    starter.overlapped.hEvent = (HANDLE)(long)peer;
    pthread_t thread = start_thread(start_for_another, &starter);
    join_thread(thread);
    EQUAL(done_count, 0);
    EQUAL(SleepEx(INFINITE, TRUE), WAIT_IO_COMPLETION);
    EQUAL(done_count, 1);
    EQUAL(done[0].thread, posix_thread());
    EQUAL(done[0].count, 1);
}

/* Nothing is started for a thread that is none. */
TEST(a_routine_needs_a_thread, "OV.5 WPUQueueApc.1")
{
    int peer;
    char room[16];
    OVERLAPPED overlapped = {0};
    WSATHREADID none = {(HANDLE)0x7ffffff0, 0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    EQUAL(receive_then(s, room, sizeof room, &overlapped, take_note, &none), WSAEFAULT);
    EQUAL(receive_then(s, room, sizeof room, &overlapped, take_note, (WSATHREADID *)16), WSAEFAULT);
    CHECK(HasOverlappedIoCompleted(&overlapped));
    posix_write(peer, "x", 1);
    await_data(s, 1);
    EQUAL(receive_later(s, room, sizeof room, &overlapped), 0);
    EQUAL(SleepEx(0, TRUE), 0);
    EQUAL(done_count, 0);
}

static void *close_it(void *s)
{
    SUCCEEDS(WSPCloseSocket((SOCKET)s, &error));
    return NULL;
}

/* Whoever closes the socket, the routines run on the thread of the requests. */
TEST(closing_runs_routines_where_they_belong, "OBS.40 OV.22 WSPCloseSocket.3 OV.11")
{
    enum { REQUESTS = 5 };
    int peer;
    char room[REQUESTS];
    OVERLAPPED overlapped[REQUESTS];
    memset(overlapped, 0, sizeof overlapped);
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    for (int i = 0; i < REQUESTS; i++)
        EQUAL(receive_then(s, &room[i], 1, &overlapped[i], take_note, NULL), WSA_IO_PENDING);
    join_thread(start_thread(close_it, (void *)s));
    EQUAL(done_count, 0);
    EQUAL(SleepEx(INFINITE, TRUE), WAIT_IO_COMPLETION);
    EQUAL(done_count, REQUESTS);
    for (int i = 0; i < REQUESTS; i++) {
        EQUAL(done[i].error, WSA_OPERATION_ABORTED);
        EQUAL(done[i].count, 0);
        EQUAL(done[i].thread, posix_thread());
    }
    EQUAL(SleepEx(0, TRUE), 0);
}

/* A routine that waits alertably, while another request of its socket ends, and one of another socket. */
static SOCKET nest_on[2];
static int nest_peer[2];
static OVERLAPPED nested[3];

static void CALLBACK wait_in_routine(DWORD code, DWORD count, LPWSAOVERLAPPED overlapped, DWORD flags)
{
    int before = done_count, other_came = 0;
    depth++;
    posix_write(nest_peer[0], "b", 1);
    posix_write(nest_peer[1], "c", 1);
    while (!HasOverlappedIoCompleted(&nested[1]) || !other_came) {
        SleepEx(1, TRUE);
        for (int i = before; i < done_count; i++) {
            other_came |= done[i].overlapped == &nested[2];
            /* Not the socket's own. */
            CHECK(done[i].overlapped != &nested[1]);
        }
    }
    EQUAL(SleepEx(0, TRUE) & ~(DWORD)WAIT_IO_COMPLETION, 0);
    EQUAL(done_count, before + 1);
    depth--;
    take_note(code, count, overlapped, flags);
}

TEST(routines_of_a_socket_do_not_nest, "OV.18 OV.17")
{
    char room[3];
    startup();
    for (int i = 0; i < 2; i++)
        nest_on[i] = overlapped_with_peer(&nest_peer[i]);
    EQUAL(receive_then(nest_on[0], &room[0], 1, &nested[0], wait_in_routine, NULL), WSA_IO_PENDING);
    EQUAL(receive_then(nest_on[0], &room[1], 1, &nested[1], take_note, NULL), WSA_IO_PENDING);
    EQUAL(receive_then(nest_on[1], &room[2], 1, &nested[2], take_note, NULL), WSA_IO_PENDING);
    posix_write(nest_peer[0], "a", 1);
    while (done_count < 3)
        EQUAL(SleepEx(INFINITE, TRUE), WAIT_IO_COMPLETION);
    CHECK(done[0].overlapped == &nested[2]);
    CHECK(done[1].overlapped == &nested[0]);
    CHECK(done[2].overlapped == &nested[1]);
    CHECK(memcmp(room, "abc", 3) == 0);
}

/* A server of one thread, that lives in its routines: each receive starts a send, and each send a receive. */
static SOCKET echo_socket;
static char echo_room[64];
static OVERLAPPED echo_overlapped;
static int echoed;

static void CALLBACK after_send(DWORD code, DWORD count, LPWSAOVERLAPPED overlapped, DWORD flags);

static void CALLBACK after_receive(DWORD code, DWORD count, LPWSAOVERLAPPED overlapped, DWORD flags)
{
    EQUAL(code, 0);
    EQUAL(flags, 0);
    EQUAL(++depth, 1);
    if (count > 0)
        CHECK(send_then(echo_socket, echo_room, count, overlapped, after_send) % WSA_IO_PENDING == 0);
    else
        SUCCEEDS(WSPCloseSocket(echo_socket, &error));
    echoed += count == 0 ? 1 << 20 : 1;
    depth--;
}

static void CALLBACK after_send(DWORD code, DWORD count, LPWSAOVERLAPPED overlapped, DWORD flags)
{
    EQUAL(code, 0);
    EQUAL(flags, 0);
    CHECK(count > 0);
    EQUAL(++depth, 1);
    CHECK(receive_then(echo_socket, echo_room, sizeof echo_room, overlapped, after_receive, NULL) % WSA_IO_PENDING ==
          0);
    depth--;
}

static void *ask_echo(void *peer)
{
    char asked[8], answer[8];
    for (int i = 0; i < 500; i++) {
        snprintf(asked, sizeof asked, "%07d", i);
        posix_write((int)(long)peer, asked, 7);
        EQUAL(posix_read((int)(long)peer, answer, 7), 7);
        CHECK(memcmp(asked, answer, 7) == 0);
    }
    posix_close((int)(long)peer);
    return NULL;
}

TEST(a_routine_may_start_more_and_close_its_socket, "OV.18 WSPRecv.14 WSPSend.8")
{
    int peer;
    startup();
    echo_socket = overlapped_with_peer(&peer);
    EQUAL(receive_then(echo_socket, echo_room, sizeof echo_room, &echo_overlapped, after_receive, NULL),
          WSA_IO_PENDING);
    pthread_t thread = start_thread(ask_echo, (void *)(long)peer);
    while (echoed < 1 << 20)
        EQUAL(SleepEx(INFINITE, TRUE), WAIT_IO_COMPLETION);
    join_thread(thread);
    CHECK(echoed - (1 << 20) >= 500);
    FAILS(WSPCloseSocket(echo_socket, &error), WSAENOTSOCK);
}

/* Closing in a routine while more requests of the socket wait: they are aborted, and tell so after it. */
static void CALLBACK close_in_routine(DWORD code, DWORD count, LPWSAOVERLAPPED overlapped, DWORD flags)
{
    depth++;
    SUCCEEDS(WSPCloseSocket(nest_on[0], &error));
    EQUAL(SleepEx(0, TRUE) & ~(DWORD)WAIT_IO_COMPLETION, 0);
    EQUAL(done_count, 0);
    depth--;
    take_note(code, count, overlapped, flags);
}

TEST(a_routine_may_close_its_socket_under_others, "OV.18 OV.22 OBS.40")
{
    char room[3];
    startup();
    nest_on[0] = overlapped_with_peer(&nest_peer[0]);
    EQUAL(receive_then(nest_on[0], &room[0], 1, &nested[0], close_in_routine, NULL), WSA_IO_PENDING);
    EQUAL(receive_then(nest_on[0], &room[1], 1, &nested[1], take_note, NULL), WSA_IO_PENDING);
    EQUAL(receive_then(nest_on[0], &room[2], 1, &nested[2], take_note, NULL), WSA_IO_PENDING);
    posix_write(nest_peer[0], "a", 1);
    while (done_count < 3)
        EQUAL(SleepEx(INFINITE, TRUE), WAIT_IO_COMPLETION);
    EQUAL(deepest, 1);
    CHECK(done[0].overlapped == &nested[0] && done[0].error == 0);
    CHECK(done[1].overlapped == &nested[1] && done[1].error == WSA_OPERATION_ABORTED);
    CHECK(done[2].overlapped == &nested[2] && done[2].error == WSA_OPERATION_ABORTED);
}

/* A routine that never returns keeps its own thread, and nobody else. */
static int stuck;

static void CALLBACK never_return(DWORD code, DWORD count, LPWSAOVERLAPPED overlapped, DWORD flags)
{
    (void)code, (void)count, (void)overlapped, (void)flags;
    __atomic_store_n(&stuck, posix_thread(), __ATOMIC_SEQ_CST);
    for (;;)
        SleepEx(INFINITE, FALSE);
}

static void *get_stuck(void *s)
{
    static char room;
    /* The data may be there already when it is tried. */
    int code = receive_then((SOCKET)s, &room, 1, &nested[0], never_return, NULL);
    CHECK(code == 0 || code == WSA_IO_PENDING);
    for (;;)
        SleepEx(INFINITE, TRUE);
    return NULL;
}

TEST(a_routine_need_not_return, "OV.18")
{
    int peer;
    char room[4];
    OVERLAPPED overlapped[2] = {{0}};
    DWORD count;
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    start_thread(get_stuck, (void *)s);
    EVENTUALLY(nested[0].Internal == WSS_OPERATION_IN_PROGRESS);
    posix_write(peer, "a", 1);
    EVENTUALLY(__atomic_load_n(&stuck, __ATOMIC_SEQ_CST) != 0);
    EQUAL(receive_then(s, room, 1, &overlapped[0], take_note, NULL), WSA_IO_PENDING);
    EQUAL(receive_later(s, room + 1, 1, &overlapped[1]), WSA_IO_PENDING);
    posix_write(peer, "bc", 2);
    EQUAL(SleepEx(INFINITE, TRUE), WAIT_IO_COMPLETION);
    EQUAL(done_count, 1);
    EQUAL(outcome(s, &overlapped[1], &count), 0);
    CHECK(memcmp(room, "bc", 2) == 0);
    EQUAL(receive_later(s, room, 1, &overlapped[1]), WSA_IO_PENDING);
    SUCCEEDS(WSPCloseSocket(s, &error));
    EQUAL(overlapped[1].OffsetHigh, WSA_OPERATION_ABORTED);
    SUCCEEDS(WSPCleanup(&error));
}

/* What a thread has started ends with it; its routines with it, too. */
static OVERLAPPED orphans[3];

static void *start_and_end(void *s)
{
    static char room[3];
    EQUAL(receive_then((SOCKET)s, &room[0], 1, &orphans[0], take_note, NULL), WSA_IO_PENDING);
    EQUAL(receive_then((SOCKET)s, &room[1], 1, &orphans[1], take_note, &sleeper), WSA_IO_PENDING);
    EQUAL(receive_later((SOCKET)s, &room[2], 1, &orphans[2]), WSA_IO_PENDING);
    return NULL;
}

TEST(requests_end_with_their_thread, "OV.19 OBS.40")
{
    int peer;
    char room[2];
    OVERLAPPED overlapped = {0};
    DWORD count;
    startup();
    sleeper = open_thread();
    WSAEVENT event = new_event();
    orphans[2].hEvent = event;
    SOCKET s = overlapped_with_peer(&peer);
    EQUAL(receive_later(s, room, 1, &overlapped), WSA_IO_PENDING);
    join_thread(start_thread(start_and_end, (void *)s));
    for (int i = 0; i < 3; i++) {
        EVENTUALLY(HasOverlappedIoCompleted(&orphans[i]));
        EQUAL(orphans[i].OffsetHigh, WSA_OPERATION_ABORTED);
    }
    EQUAL(wait_for(event, WSA_INFINITE), WSA_WAIT_EVENT_0);
    /* Ours goes on, and so does the routine that is ours. */
    EQUAL(SleepEx(INFINITE, TRUE), WAIT_IO_COMPLETION);
    EQUAL(done_count, 1);
    CHECK(done[0].overlapped == &orphans[1]);
    CHECK(!HasOverlappedIoCompleted(&overlapped));
    posix_write(peer, "x", 1);
    EQUAL(outcome(s, &overlapped, &count), 0);
    EQUAL(count, 1);
}
