/* The upcalls: those of a host that has its own, and the library's, for hosts that leave them to it. */
#include "overlapped.h"
#include "waits.h"

#include <ws2kernel.h>

static WSPUPCALLTABLE no_host(void)
{
    WSPUPCALLTABLE none;
    memset(&none, 0, sizeof none);
    return none;
}

static void start_with(WSPUPCALLTABLE host)
{
    EQUAL(WSPStartup(MAKEWORD(2, 2), &data, NULL, host, &procs), 0);
}

/* ---- A host's events ---- */

struct host_event {
    int set, reset, busy;
};

static BOOL WSPAPI host_set(WSAEVENT event, LPINT code)
{
    struct host_event *named = event;
    int inside = 0;
    (void)code;
    /* Inside a callback the provider is busy. */
    WSPCleanup(&inside);
    __atomic_store_n(&named->busy, inside == WSAEINPROGRESS, __ATOMIC_SEQ_CST);
    __atomic_fetch_add(&named->set, 1, __ATOMIC_SEQ_CST);
    return TRUE;
}

static BOOL WSPAPI host_reset(WSAEVENT event, LPINT code)
{
    (void)code;
    __atomic_fetch_add(&((struct host_event *)event)->reset, 1, __ATOMIC_SEQ_CST);
    return TRUE;
}

static WSPUPCALLTABLE host_of_events(void)
{
    WSPUPCALLTABLE host = no_host();
    host.lpWPUSetEvent = host_set;
    host.lpWPUResetEvent = host_reset;
    return host;
}

TEST(a_hosts_events_are_signalled_by_the_host, "U.1 OV.9 OV.20 C.7")
{
    int peer;
    char room[4];
    struct host_event event = {0, 0, 0};
    start_with(host_of_events());
    SOCKET s = overlapped_with_peer(&peer);
    for (int low_bit = 0; low_bit < 2; low_bit++) {
        OVERLAPPED overlapped = {.hEvent = (HANDLE)((char *)&event + low_bit)};
        EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
        EQUAL(event.reset, low_bit + 1);
        EQUAL(event.set, low_bit);
        posix_write(peer, "x", 1);
        EVENTUALLY(__atomic_load_n(&event.set, __ATOMIC_SEQ_CST) == low_bit + 1);
        CHECK(event.busy);
        CHECK(HasOverlappedIoCompleted(&overlapped));
    }
    EQUAL(event.reset, 2);
    /* Also one that ends at once: sending one byte. */
    OVERLAPPED overlapped = {.hEvent = (HANDLE)&event};
    EQUAL(send_later(s, "x", 1, &overlapped), 0);
    EQUAL(event.reset, 3);
    EQUAL(event.set, 3);
}

static void *write_one(void *peer)
{
    posix_write((int)(long)peer, "x", 1);
    return NULL;
}

/* The provider cannot wait for a host's event, and waits for the request. */
TEST(a_result_is_waited_for_without_the_hosts_help, "WSPGetOverlappedResult.3 U.1")
{
    int peer;
    char room[4];
    DWORD count = 0, flags;
    struct host_event event = {0, 0, 0};
    OVERLAPPED overlapped = {.hEvent = (HANDLE)&event};
    start_with(host_of_events());
    SOCKET s = overlapped_with_peer(&peer);
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
    pthread_t thread = start_thread(write_one, (void *)(long)peer);
    EQUAL(WSPGetOverlappedResult(s, &overlapped, &count, TRUE, &flags, &error), TRUE);
    EQUAL(count, 1);
    join_thread(thread);
}

/* The latest table counts, and in it a NULL entry means the library's own. */
TEST(the_latest_table_counts, "U.1 WSPStartup.10 OV.9")
{
    int peer;
    char room[4];
    struct host_event event = {0, 0, 0};
    start_with(host_of_events());
    startup();
    OVERLAPPED overlapped = {.hEvent = new_event()};
    SOCKET s = overlapped_with_peer(&peer);
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
    posix_write(peer, "x", 1);
    EQUAL(wait_for(overlapped.hEvent, WSA_INFINITE), WSA_WAIT_EVENT_0);
    start_with(host_of_events());
    overlapped.hEvent = (HANDLE)&event;
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
    posix_write(peer, "x", 1);
    EVENTUALLY(__atomic_load_n(&event.set, __ATOMIC_SEQ_CST) == 1);
    EQUAL(event.reset, 1);
}

/* ---- A host's threads ---- */

static WSATHREADID host_thread;
static int opened, closed, queued, refuse;
static LPWSAUSERAPC queued_procedure;
static DWORD_PTR queued_context;
static WSATHREADID queued_to;

static int WSPAPI host_open(LPWSATHREADID id, LPINT code)
{
    if (refuse) {
        *code = WSAENOBUFS;
        return SOCKET_ERROR;
    }
    *id = host_thread;
    opened++;
    return 0;
}

static int WSPAPI host_close(LPWSATHREADID id, LPINT code)
{
    (void)code;
    CHECK(id->ThreadHandle == host_thread.ThreadHandle && id->Reserved == host_thread.Reserved);
    __atomic_fetch_add(&closed, 1, __ATOMIC_SEQ_CST);
    return 0;
}

static int WSPAPI host_queue(LPWSATHREADID id, LPWSAUSERAPC procedure, DWORD_PTR context, LPINT code)
{
    queued_to = *id;
    queued_procedure = procedure;
    queued_context = context;
    *code = WSAEFAULT;
    int answer = refuse ? SOCKET_ERROR : 0;
    __atomic_fetch_add(&queued, 1, __ATOMIC_SEQ_CST);
    return answer;
}

static WSPUPCALLTABLE host_of_threads(void)
{
    WSPUPCALLTABLE host = no_host();
    host.lpWPUOpenCurrentThread = host_open;
    host.lpWPUCloseThread = host_close;
    host.lpWPUQueueApc = host_queue;
    host_thread = (WSATHREADID){(HANDLE)0x1110, 42};
    return host;
}

static int called;
static DWORD called_count;

static void CALLBACK routine(DWORD code, DWORD count, LPWSAOVERLAPPED overlapped, DWORD flags)
{
    EQUAL(code, 0);
    EQUAL(flags, 0);
    CHECK(overlapped != NULL);
    called++;
    called_count = count;
}

static int receive_then(SOCKET s, char room[4], OVERLAPPED *overlapped, WSATHREADID *thread)
{
    WSABUF buffer = {4, room};
    DWORD count, flags = 0;
    error = 0;
    (void)WSPRecv(s, &buffer, 1, &count, &flags, overlapped, routine, thread, &error);
    return error;
}

TEST(a_hosts_threads_run_routines_by_the_host, "U.1 OV.11 OV.12 OV.13 WPUQueueApc.3 WPUOpenCurrentThread.2 NEED-S10")
{
    int peer;
    char room[4];
    OVERLAPPED overlapped = {0};
    WSATHREADID other = {(HANDLE)0x2220, 43};
    start_with(host_of_threads());
    SOCKET s = overlapped_with_peer(&peer);
    /* The calling thread, opened and closed for this. */
    EQUAL(receive_then(s, room, &overlapped, NULL), WSA_IO_PENDING);
    EQUAL(opened, 1);
    posix_write(peer, "ab", 2);
    EVENTUALLY(__atomic_load_n(&queued, __ATOMIC_SEQ_CST) == 1);
    CHECK(queued_to.ThreadHandle == host_thread.ThreadHandle && queued_to.Reserved == 42);
    EQUAL(called, 0);
    EQUAL(SleepEx(0, TRUE), 0);
    EQUAL(called, 0);
    queued_procedure(queued_context);
    EQUAL(called, 1);
    EQUAL(called_count, 2);
    EQUAL(closed, 1);
    /* The one that is named: a copy, which stays the caller's. */
    EQUAL(receive_then(s, room, &overlapped, &other), WSA_IO_PENDING);
    memset(&other, 0x55, sizeof other);
    posix_write(peer, "abc", 3);
    EVENTUALLY(__atomic_load_n(&queued, __ATOMIC_SEQ_CST) == 2);
    CHECK(queued_to.ThreadHandle == (HANDLE)0x2220 && queued_to.Reserved == 43);
    queued_procedure(queued_context);
    EQUAL(called_count, 3);
    EQUAL(opened, 1);
    EQUAL(closed, 1);
}

/* The last WSPCleanup calls no routine, and gives the thread back that was opened for one. */
TEST(cleanup_closes_a_hosts_thread, "WSPCleanup.4 U.1")
{
    int peer;
    char room[4];
    OVERLAPPED overlapped = {0};
    start_with(host_of_threads());
    SOCKET s = overlapped_with_peer(&peer);
    EQUAL(receive_then(s, room, &overlapped, NULL), WSA_IO_PENDING);
    EQUAL(opened, 1);
    SUCCEEDS(WSPCleanup(&error));
    EQUAL(closed, 1);
    EQUAL(queued, 0);
    EQUAL(called, 0);
    EQUAL(overlapped.OffsetHigh, WSA_OPERATION_ABORTED);
}

/* A host that has no thread to give, and one that loses it. */
TEST(a_host_may_refuse, "U.1 OV.5")
{
    int peer;
    char room[4];
    OVERLAPPED overlapped = {0};
    start_with(host_of_threads());
    SOCKET s = overlapped_with_peer(&peer);
    refuse = 1;
    EQUAL(receive_then(s, room, &overlapped, NULL), WSAENOBUFS);
    CHECK(HasOverlappedIoCompleted(&overlapped));
    refuse = 0;
    EQUAL(receive_then(s, room, &overlapped, NULL), WSA_IO_PENDING);
    refuse = 1;
    posix_write(peer, "x", 1);
    EVENTUALLY(__atomic_load_n(&closed, __ATOMIC_SEQ_CST) == 1);
    EQUAL(queued, 1);
    EQUAL(called, 0);
    CHECK(HasOverlappedIoCompleted(&overlapped));
}

/* ---- The table ---- */

/* The entries stand in their order, and WPUCompleteOverlappedRequest is none of them. */
TEST(the_table_has_its_order, "U.2 U.3")
{
    WSPUPCALLTABLE table = no_host();
    void (*entries[15])(void);
    EQUAL(sizeof table, sizeof entries);
    table.lpWPUCloseEvent = WPUCloseEvent;
    table.lpWPUCloseSocketHandle = WPUCloseSocketHandle;
    table.lpWPUCreateEvent = WPUCreateEvent;
    table.lpWPUCreateSocketHandle = WPUCreateSocketHandle;
    table.lpWPUFDIsSet = WPUFDIsSet;
    table.lpWPUModifyIFSHandle = WPUModifyIFSHandle;
    table.lpWPUPostMessage = WPUPostMessage;
    table.lpWPUQueryBlockingCallback = WPUQueryBlockingCallback;
    table.lpWPUQuerySocketHandleContext = WPUQuerySocketHandleContext;
    table.lpWPUQueueApc = WPUQueueApc;
    table.lpWPUResetEvent = WPUResetEvent;
    table.lpWPUSetEvent = WPUSetEvent;
    table.lpWPUOpenCurrentThread = WPUOpenCurrentThread;
    table.lpWPUCloseThread = WPUCloseThread;
    memcpy(entries, &table, sizeof entries);
#define ENTRY(name) (void (*)(void)) name
    void (*order[15])(void) = {
        ENTRY(WPUCloseEvent),         ENTRY(WPUCloseSocketHandle),        ENTRY(WPUCreateEvent),
        ENTRY(WPUCreateSocketHandle), ENTRY(WPUFDIsSet),                  NULL,
        ENTRY(WPUModifyIFSHandle),    ENTRY(WPUPostMessage),              ENTRY(WPUQueryBlockingCallback),
        ENTRY(WPUQuerySocketHandleContext), ENTRY(WPUQueueApc),           ENTRY(WPUResetEvent),
        ENTRY(WPUSetEvent),           ENTRY(WPUOpenCurrentThread),        ENTRY(WPUCloseThread),
    };
    CHECK(memcmp(entries, order, sizeof order) == 0);
}

/* A host may name the library's own functions as its. */
TEST(a_host_may_pass_the_librarys_own, "U.1 OV.9 OV.11")
{
    int peer;
    char room[4];
    WSPUPCALLTABLE host = no_host();
    host.lpWPUCreateEvent = WPUCreateEvent;
    host.lpWPUSetEvent = WPUSetEvent;
    host.lpWPUResetEvent = WPUResetEvent;
    host.lpWPUCloseEvent = WPUCloseEvent;
    host.lpWPUModifyIFSHandle = WPUModifyIFSHandle;
    host.lpWPUQueryBlockingCallback = WPUQueryBlockingCallback;
    host.lpWPUPostMessage = WPUPostMessage;
    host.lpWPUQueueApc = WPUQueueApc;
    host.lpWPUOpenCurrentThread = WPUOpenCurrentThread;
    host.lpWPUCloseThread = WPUCloseThread;
    start_with(host);
    OVERLAPPED overlapped = {.hEvent = new_event()};
    SOCKET s = overlapped_with_peer(&peer);
    for (int i = 0; i < 2; i++) {
        EQUAL(receive_later(s, room, 1, &overlapped), WSA_IO_PENDING);
        posix_write(peer, "x", 1);
        EQUAL(wait_for(overlapped.hEvent, WSA_INFINITE), WSA_WAIT_EVENT_0);
        EQUAL(receive_then(s, room, &overlapped, NULL), WSA_IO_PENDING);
        posix_write(peer, "x", 1);
        while (called <= i)
            EQUAL(SleepEx(INFINITE, TRUE), WAIT_IO_COMPLETION);
    }
    SUCCEEDS(WSPCloseSocket(s, &error));
}

/* ---- The library's own ---- */

TEST(a_socket_of_ours_stays_what_it_is, "WPUModifyIFSHandle.1 WPUModifyIFSHandle.2")
{
    startup();
    SOCKET s = tcp();
    EQUAL(WPUModifyIFSHandle(1001, s, &error), s);
    /* Also for the entry of a layer above. */
    EQUAL(WPUModifyIFSHandle(4711, s, &error), s);
    FAILS(WPUModifyIFSHandle(1001, (SOCKET)new_event(), &error), WSAEINVAL);
    FAILS(WPUModifyIFSHandle(1001, INVALID_SOCKET, &error), WSAEINVAL);
    FAILS(WPUModifyIFSHandle(1001, 0, &error), WSAEINVAL);
    SUCCEEDS(WSPCloseSocket(s, &error));
    FAILS(WPUModifyIFSHandle(1001, s, &error), WSAEINVAL);
}

/* The base provider's handles are the system's: its entries say so, and none is made by WPUCreateSocketHandle. */
static int made;

static SOCKET WSPAPI host_create(DWORD entry, DWORD_PTR context, LPINT code)
{
    (void)entry, (void)context, (void)code;
    made++;
    return INVALID_SOCKET;
}

TEST(the_base_provider_has_handles_of_the_system, "U.5 C.5")
{
    WSAPROTOCOL_INFOW info;
    int length = sizeof info;
    WSPUPCALLTABLE host = no_host();
    host.lpWPUCreateSocketHandle = host_create;
    start_with(host);
    SOCKET s = tcp();
    SUCCEEDS(WSPGetSockOpt(s, SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)&info, &length, &error));
    CHECK(info.dwServiceFlags1 & XP1_IFS_HANDLES);
    EQUAL(made, 0);
}

static BOOL CALLBACK some_hook(DWORD_PTR context)
{
    return context != 0;
}

TEST(there_is_no_blocking_hook, "WPUQueryBlockingCallback.1 WPUQueryBlockingCallback.3")
{
    for (DWORD entry = 1001; entry <= 1007; entry++) {
        LPBLOCKINGCALLBACK callback = some_hook;
        DWORD_PTR context = 5;
        SUCCEEDS(WPUQueryBlockingCallback(entry, &callback, &context, &error));
        CHECK(callback == NULL);
        EQUAL(context, 0);
    }
    LPBLOCKINGCALLBACK callback;
    DWORD_PTR context;
    FAILS(WPUQueryBlockingCallback(1000, &callback, &context, &error), WSAEINVAL);
    FAILS(WPUQueryBlockingCallback(0, &callback, &context, &error), WSAEINVAL);
    FAILS(WPUQueryBlockingCallback(1001, NULL, &context, &error), WSAEFAULT);
    FAILS(WPUQueryBlockingCallback(1001, &callback, NULL, &error), WSAEFAULT);
}

static struct {
    HWND window;
    UINT message;
    WPARAM wparam;
    LPARAM lparam;
    BOOL answer;
} posted;

static BOOL CALLBACK take_message(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    posted.window = window;
    posted.message = message;
    posted.wparam = wparam;
    posted.lparam = lparam;
    return posted.answer;
}

TEST(messages_go_where_the_program_says, "WPUPostMessage.1 NEED-S17")
{
    EQUAL(WPUPostMessage((HWND)0x10, 0x400, 1, 2), FALSE);
    ws2spi_SetPostMessage(take_message);
    posted.answer = TRUE;
    EQUAL(WPUPostMessage((HWND)0x123456789a, 0x401, (WPARAM)-2, -3), TRUE);
    CHECK(posted.window == (HWND)0x123456789a);
    EQUAL(posted.message, 0x401);
    EQUAL(posted.wparam, (WPARAM)-2);
    EQUAL(posted.lparam, -3);
    posted.answer = FALSE;
    EQUAL(WPUPostMessage(NULL, 7, 8, 9), FALSE);
    EQUAL(posted.message, 7);
    ws2spi_SetPostMessage(NULL);
    EQUAL(WPUPostMessage((HWND)0x10, 0x400, 1, 2), FALSE);
    EQUAL(posted.message, 7);
}
