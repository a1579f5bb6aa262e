/* Handles of layered providers that have none from the system: made, told apart, completed. */
#include "port.h"
#include "waits.h"

#include <stddef.h>
#include <sys/mman.h>

static SOCKET new_handle(DWORD_PTR context)
{
    SOCKET s = WPUCreateSocketHandle(4711, context, &error);
    CHECK(s != INVALID_SOCKET);
    return s;
}

static void *close_handle(void *s)
{
    SUCCEEDS(WPUCloseSocketHandle((SOCKET)s, &error));
    return NULL;
}

/* What the context points to is the provider's, to be freed when it likes. The thread that closes need not be the one that
 * made the handle. */
TEST(a_handle_keeps_its_context,
     "WPUCreateSocketHandle.1 WPUQuerySocketHandleContext.1 WPUCloseSocketHandle.1 WPUCloseSocketHandle.2 NEED-S6 U.4")
{
    DWORD_PTR context;
    char *attached = malloc(32);
    CHECK(attached != NULL);
    memset(attached, 'x', 32);
    SOCKET first = new_handle((DWORD_PTR)attached), second = new_handle(0);
    CHECK(first != second);
    SUCCEEDS(WPUQuerySocketHandleContext(first, &context, &error));
    EQUAL(context, (DWORD_PTR)attached);
    SUCCEEDS(WPUQuerySocketHandleContext(second, &context, &error));
    EQUAL(context, 0);
    join_thread(start_thread(close_handle, (void *)first));
    FAILS(WPUQuerySocketHandleContext(first, &context, &error), WSAENOTSOCK);
    FAILS(WPUCloseSocketHandle(first, &error), WSAENOTSOCK);
    SUCCEEDS(WPUQuerySocketHandleContext(second, &context, &error));
    FAILS(WPUQuerySocketHandleContext(second, NULL, &error), WSAEFAULT);
    for (int i = 0; i < 32; i++)
        EQUAL(attached[i], 'x');
    free(attached);
    /* Nor need it point to anything. */
    SUCCEEDS(WPUQuerySocketHandleContext(new_handle((DWORD_PTR)0x123456789abcdef0), &context, &error));
    EQUAL(context, (DWORD_PTR)0x123456789abcdef0);
}

/* Foreign handles are recognised, and the base provider knows none of these. */
TEST(the_families_of_handles_are_apart, "U.4 WPUCloseSocketHandle.1 WPUCompleteOverlappedRequest.2 NEED-S6 C.8")
{
    DWORD_PTR context;
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET layered = new_handle(1), s = overlapped_tcp(), closed = new_handle(2);
    SUCCEEDS(WPUCloseSocketHandle(closed, &error));
    const SOCKET foreign[] = {s, closed, (SOCKET)new_event(), (SOCKET)new_port(), 0, INVALID_SOCKET, layered + 1};
    for (unsigned i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        FAILS(WPUQuerySocketHandleContext(foreign[i], &context, &error), WSAENOTSOCK);
        FAILS(WPUCloseSocketHandle(foreign[i], &error), WSAENOTSOCK);
        FAILS(WPUCompleteOverlappedRequest(foreign[i], &overlapped, 0, 0, &error), WSAEINVAL);
    }
    FAILS(WSPListen(layered, 5, &error), WSAENOTSOCK);
    FAILS(WSPCloseSocket(layered, &error), WSAENOTSOCK);
    FAILS(WPUModifyIFSHandle(4711, closed, &error), WSAEINVAL);
    /* A layer of the other kind may lie over the one that has made a handle. */
    EQUAL(WPUModifyIFSHandle(4711, layered, &error), layered);
    SUCCEEDS(WPUQuerySocketHandleContext(layered, &context, &error));
}

/* Each has a descriptor beneath, which goes with it and is nobody else's. */
TEST(the_kernel_knows_of_each_handle, "WPUCreateSocketHandle.1 WPUCloseSocketHandle.1")
{
    startup();
    int before = posix_open_descriptors(), inheritable = posix_inheritable_descriptors();
    SOCKET handles[10];
    for (int i = 0; i < 10; i++)
        handles[i] = new_handle(0);
    EQUAL(posix_open_descriptors(), before + 10);
    EQUAL(posix_inheritable_descriptors(), inheritable);
    for (int i = 0; i < 10; i++)
        SUCCEEDS(WPUCloseSocketHandle(handles[i], &error));
    EQUAL(posix_open_descriptors(), before);
    posix_forbid_descriptors(1);
    FAILS(WPUCreateSocketHandle(4711, 0, &error), WSAENOBUFS);
    posix_forbid_descriptors(0);
    new_handle(0);
}

TEST(handles_run_out, "WPUCreateSocketHandle.1")
{
    SOCKET last = 0, s;
    posix_limit_descriptors(100);
    while ((s = WPUCreateSocketHandle(4711, 0, &error)) != INVALID_SOCKET)
        last = s;
    FAILS(WPUCreateSocketHandle(4711, 0, &error), WSAENOBUFS);
    SUCCEEDS(WPUCloseSocketHandle(last, &error));
    new_handle(0);
}

/* ---- Completing ---- */

static OVERLAPPED begun(HANDLE event)
{
    OVERLAPPED overlapped = {.Internal = WSS_OPERATION_IN_PROGRESS, .hEvent = event};
    overlapped.Offset = 0x11111111;
    overlapped.OffsetHigh = 0x22222222;
    return overlapped;
}

TEST(a_request_is_completed_by_its_event,
     "WPUCompleteOverlappedRequest.1 WPUCompleteOverlappedRequest.3 WPUCompleteOverlappedRequest.4 "
     "WPUCompleteOverlappedRequest.5 NEED-S9 U.3")
{
    SOCKET s = new_handle(1);
    WSAEVENT event = new_event();
    const DWORD codes[] = {0, WSAECONNRESET, WSA_OPERATION_ABORTED, WSA_IO_PENDING, 0x12345678, 259};
    for (unsigned i = 0; i < sizeof codes / sizeof *codes; i++) {
        OVERLAPPED overlapped = begun((HANDLE)((ULONG_PTR)event | (i & 1)));
        SUCCEEDS(WPUCompleteOverlappedRequest(s, &overlapped, codes[i], 1000 + i, &error));
        CHECK(HasOverlappedIoCompleted(&overlapped));
        EQUAL(overlapped.Internal == 0, codes[i] == 0);
        EQUAL(overlapped.InternalHigh, 1000 + i);
        EQUAL(overlapped.Offset, 0x11111111);
        EQUAL(overlapped.OffsetHigh, 0x22222222);
        CHECK(is_signalled(event));
        WSAResetEvent(event);
    }
    /* Without an event, and with none that is one. */
    OVERLAPPED without = begun(NULL), bad = begun((HANDLE)0x7ffffff0);
    SUCCEEDS(WPUCompleteOverlappedRequest(s, &without, 0, 5, &error));
    SUCCEEDS(WPUCompleteOverlappedRequest(s, &bad, 0, 5, &error));
    EQUAL(without.InternalHigh, 5);
    EQUAL(bad.InternalHigh, 5);
    FAILS(WPUCompleteOverlappedRequest(s, NULL, 0, 0, &error), WSAEFAULT);
}

static SOCKET worked_on;
static OVERLAPPED *to_complete;

static void *complete_many(void *count)
{
    for (long i = 0; i < (long)count; i++)
        SUCCEEDS(WPUCompleteOverlappedRequest(worked_on, &to_complete[i], 0, (DWORD)i + 1, &error));
    return NULL;
}

/* Who sees that it has ended finds the count. */
TEST(the_count_is_there_before_the_status, "WPUCompleteOverlappedRequest.4")
{
    enum { REQUESTS = 20000 };
    static OVERLAPPED overlapped[REQUESTS];
    for (int i = 0; i < REQUESTS; i++)
        overlapped[i].Internal = WSS_OPERATION_IN_PROGRESS;
    worked_on = new_handle(1);
    to_complete = overlapped;
    pthread_t thread = start_thread(complete_many, (void *)REQUESTS);
    for (int i = 0; i < REQUESTS; i++) {
        while (__atomic_load_n(&overlapped[i].Internal, __ATOMIC_ACQUIRE) == WSS_OPERATION_IN_PROGRESS)
            continue;
        EQUAL(overlapped[i].InternalHigh, i + 1);
    }
    join_thread(thread);
}

/* Where the count cannot be written the request has not ended: the structure lies over the edge of a page that is only
 * to be read, with Internal alone before it. */
TEST(without_a_count_there_is_no_end, "WPUCompleteOverlappedRequest.4 OBS.44")
{
    /* Of several pages on most hosts. */
    const size_t page = 65536;
    char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(pages != MAP_FAILED);
    OVERLAPPED *overlapped = (OVERLAPPED *)(pages + page - offsetof(OVERLAPPED, InternalHigh));
    startup();
    WSAEVENT event = new_event();
    *overlapped = begun(event);
    EQUAL(mprotect(pages + page, page, PROT_READ), 0);
    FAILS(WPUCompleteOverlappedRequest(new_handle(1), overlapped, 0, 1, &error), WSAEFAULT);
    EQUAL(overlapped->Internal, WSS_OPERATION_IN_PROGRESS);
    CHECK(!is_signalled(event));
}

/* The port that the program has associated with the layered handle, also from a worker of the provider's. */
TEST(a_request_is_completed_by_a_packet,
     "WPUCompleteOverlappedRequest.3 WPUCreateSocketHandle.3 NEED-S9 NEED-S6 NEED-K1")
{
    DWORD bytes;
    ULONG_PTR key;
    OVERLAPPED *found, overlapped[2] = {begun(NULL), begun(NULL)};
    startup();
    worked_on = new_handle(1);
    HANDLE port = new_port();
    associate(worked_on, port, 99);
    DENIES(CreateIoCompletionPort((HANDLE)worked_on, port, 100, 0), ERROR_INVALID_PARAMETER);
    DENIES(CreateIoCompletionPort((HANDLE)worked_on, NULL, 100, 0), ERROR_INVALID_PARAMETER);
    to_complete = overlapped;
    pthread_t thread = start_thread(complete_many, (void *)2);
    for (int i = 0; i < 2; i++) {
        DOES(GetQueuedCompletionStatus(port, &bytes, &key, &found, INFINITE));
        EQUAL(bytes, i + 1);
        EQUAL(key, 99);
        CHECK(found == &overlapped[i]);
    }
    join_thread(thread);
    /* A failure, with the system's code; flags and code stay the provider's. */
    OVERLAPPED failed = begun(NULL);
    SUCCEEDS(WPUCompleteOverlappedRequest(worked_on, &failed, WSAECONNRESET, 7, &error));
    DENIES(GetQueuedCompletionStatus(port, &bytes, &key, &found, INFINITE), ERROR_NETNAME_DELETED);
    CHECK(found == &failed && bytes == 7 && key == 99);
    EQUAL(failed.OffsetHigh, 0x22222222);
    DENIES(GetQueuedCompletionStatus(port, &bytes, &key, &found, 0), WAIT_TIMEOUT);
}

TEST(the_low_bit_keeps_the_packet_away, "NEED-S9 WPUCompleteOverlappedRequest.3")
{
    DWORD bytes;
    ULONG_PTR key;
    WSAEVENT event = new_event();
    OVERLAPPED *found, with = begun(event), without = begun((HANDLE)((ULONG_PTR)event | 1));
    startup();
    SOCKET s = new_handle(1);
    HANDLE port = new_port();
    associate(s, port, 99);
    SUCCEEDS(WPUCompleteOverlappedRequest(s, &without, 0, 1, &error));
    CHECK(is_signalled(event));
    DENIES(GetQueuedCompletionStatus(port, &bytes, &key, &found, 0), WAIT_TIMEOUT);
    WSAResetEvent(event);
    /* Both, where both are wanted. */
    SUCCEEDS(WPUCompleteOverlappedRequest(s, &with, 0, 2, &error));
    CHECK(is_signalled(event));
    DOES(GetQueuedCompletionStatus(port, &bytes, &key, &found, 0));
    CHECK(found == &with && bytes == 2);
}

/* What such a handle, and a port, cannot do. */
TEST(what_handles_cannot_do, "WPUCreateSocketHandle.5 WPUCreateSocketHandle.6")
{
    startup();
    SOCKET s = new_handle(1);
    HANDLE handles[2] = {new_event(), new_port()};
    DENIES(CancelIo((HANDLE)s), ERROR_INVALID_HANDLE);
    DENIES(CancelIoEx((HANDLE)s, NULL), ERROR_INVALID_HANDLE);
    LEAVES(WaitForMultipleObjects(2, handles, FALSE, 0), WAIT_FAILED, ERROR_INVALID_HANDLE);
    LEAVES(WSAWaitForMultipleEvents(2, handles, TRUE, 0, FALSE), WSA_WAIT_FAILED, WSA_INVALID_HANDLE);
}
