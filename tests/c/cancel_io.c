/* CancelIo, CancelIoEx, GetOverlappedResult, CloseHandle, and files as handles. */
#include "port.h"
#include "waits.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

/* ---- Cancelling ---- */

/* A receive that waits, and a place for what it receives. */
struct request {
    OVERLAPPED overlapped;
    char room[4];
    SOCKET socket;
};

static void post(struct request *request, SOCKET s)
{
    request->socket = s;
    EQUAL(receive_later(s, request->room, sizeof request->room, &request->overlapped), WSA_IO_PENDING);
}

static void *post_from_thread(void *request)
{
    post(request, ((struct request *)request)->socket);
    return NULL;
}

static int is_aborted(const struct request *request)
{
    return HasOverlappedIoCompleted(&request->overlapped)
        && request->overlapped.OffsetHigh == WSA_OPERATION_ABORTED
        && (LONG)request->overlapped.Internal == STATUS_CANCELLED;
}

TEST(one_request_is_cancelled, "OV.22 NEED-K1")
{
    int peer;
    DWORD count, flags;
    struct request requests[3] = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    for (int i = 0; i < 3; i++)
        post(&requests[i], s);
    DOES(CancelIoEx((HANDLE)s, &requests[1].overlapped));
    CHECK(is_aborted(&requests[1]));
    FAILS(WSPGetOverlappedResult(s, &requests[1].overlapped, &count, FALSE, &flags, &error), WSA_OPERATION_ABORTED);
    DENIES(CancelIoEx((HANDLE)s, &requests[1].overlapped), ERROR_NOT_FOUND);
    /* The others close ranks. */
    posix_write(peer, "onetwo12", 8);
    EQUAL(outcome(s, &requests[0].overlapped, &count), 0);
    EQUAL(outcome(s, &requests[2].overlapped, &count), 0);
    CHECK(memcmp(requests[0].room, "onet", 4) == 0 && memcmp(requests[2].room, "wo12", 4) == 0);
    CHECK(memcmp(requests[1].room, "\0\0\0", 4) == 0);
}

TEST(all_requests_are_cancelled, "OV.22 NEED-K1")
{
    int peer;
    struct request requests[3] = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    for (int i = 0; i < 2; i++)
        post(&requests[i], s);
    requests[2].socket = s;
    DOES(CancelIoEx((HANDLE)s, NULL));
    CHECK(is_aborted(&requests[0]) && is_aborted(&requests[1]));
    DENIES(CancelIoEx((HANDLE)s, NULL), ERROR_NOT_FOUND);
    /* The socket is as good as before. */
    post(&requests[2], s);
    posix_write(peer, "abcd", 4);
    EVENTUALLY(HasOverlappedIoCompleted(&requests[2].overlapped));
    EQUAL(requests[2].overlapped.InternalHigh, 4);
}

TEST(nothing_to_cancel, "NEED-K1")
{
    int peer;
    OVERLAPPED other = {0};
    struct request request = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer), plain = tcp();
    DENIES(CancelIoEx((HANDLE)s, NULL), ERROR_NOT_FOUND);
    DENIES(CancelIoEx((HANDLE)plain, NULL), ERROR_NOT_FOUND);
    DOES(CancelIo((HANDLE)s));
    DOES(CancelIo((HANDLE)plain));
    post(&request, s);
    DENIES(CancelIoEx((HANDLE)s, &other), ERROR_NOT_FOUND);
    CHECK(!HasOverlappedIoCompleted(&request.overlapped));
    SUCCEEDS(WSPCloseSocket(s, &error));
    HANDLE files[] = {(HANDLE)s, NULL, INVALID_HANDLE_VALUE, (HANDLE)1, new_event(), new_port()};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        DENIES(CancelIo(files[i]), ERROR_INVALID_HANDLE);
        DENIES(CancelIoEx(files[i], NULL), ERROR_INVALID_HANDLE);
    }
}

/* CancelIo ends what the calling thread has started, whichever direction; the rest waits on. */
TEST(cancel_io_is_for_the_calling_thread, "OV.22 NEED-K1")
{
    static char much[1 << 20];
    int peer;
    struct request own = {0}, other = {0};
    OVERLAPPED sends[64] = {{0}};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    /* A port, so that the requests of a thread outlive it. */
    associate(s, new_port(), 0);
    post(&own, s);
    other.socket = s;
    join_thread(start_thread(post_from_thread, &other));
    int last = 0;
    while (send_later(s, much, sizeof much, &sends[last]) == 0)
        last++;
    DOES(CancelIo((HANDLE)s));
    CHECK(is_aborted(&own));
    CHECK(!HasOverlappedIoCompleted(&other.overlapped));
    CHECK(HasOverlappedIoCompleted(&sends[last]));
    DOES(CancelIo((HANDLE)s));
    CHECK(!HasOverlappedIoCompleted(&other.overlapped));
    DOES(CancelIoEx((HANDLE)s, NULL));
    CHECK(is_aborted(&other));
}

/* The completion action is performed, of whatever kind. */
TEST(a_cancelled_request_is_told_of, "OV.22 OV.9 NEED-K1")
{
    int peer;
    struct request with_event = {0}, with_port = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    with_event.overlapped.hEvent = new_event();
    post(&with_event, s);
    DOES(CancelIo((HANDLE)s));
    CHECK(is_signalled(with_event.overlapped.hEvent));
    HANDLE port = new_port();
    associate(s, port, 4);
    post(&with_port, s);
    DOES(CancelIoEx((HANDLE)s, &with_port.overlapped));
    struct packet packet = take(port, 0);
    EQUAL(packet.succeeded, FALSE);
    EQUAL(packet.code, ERROR_OPERATION_ABORTED);
    CHECK(packet.overlapped == &with_port.overlapped);
    EMPTY(port);
}

/* What a request has done by then is told: in InternalHigh, by GetOverlappedResult, in the packet. The stream stays
 * whole. */
TEST(a_cancelled_receive_tells_what_it_took, "OV.22 OV.21 OBS.31 NEED-K1 WSPGetOverlappedResult.2")
{
    int peer;
    char room[16] = "";
    WSABUF buffer = {10, room};
    DWORD count = 77, flags = MSG_WAITALL;
    OVERLAPPED overlapped = {0};
    startup();
    HANDLE port = new_port();
    SOCKET s = associated_with_peer(port, 4, &peer);
    posix_write(peer, "abcd", 4);
    await_data(s, 4);
    FAILS(WSPRecv(s, &buffer, 1, &count, &flags, &overlapped, NULL, NULL, &error), WSA_IO_PENDING);
    EQUAL(bytes_waiting(s), 0);
    DOES(CancelIoEx((HANDLE)s, &overlapped));
    CHECK((LONG)overlapped.Internal == STATUS_CANCELLED && overlapped.OffsetHigh == WSA_OPERATION_ABORTED);
    EQUAL(overlapped.InternalHigh, 4);
    CHECK(memcmp(room, "abcd", 5) == 0);
    FAILS(WSPGetOverlappedResult(s, &overlapped, &count, FALSE, &flags, &error), WSA_OPERATION_ABORTED);
    EQUAL(count, 77);
    DENIES(GetOverlappedResult((HANDLE)s, &overlapped, &count, FALSE), ERROR_OPERATION_ABORTED);
    EQUAL(count, 4);
    struct packet packet = take(port, 0);
    EQUAL(packet.succeeded, FALSE);
    EQUAL(packet.code, ERROR_OPERATION_ABORTED);
    EQUAL(packet.bytes, 4);
    CHECK(packet.overlapped == &overlapped);
    EMPTY(port);
}

TEST(a_cancelled_send_tells_what_went, "OV.22 OV.21 OBS.31 NEED-K1")
{
    static char much[1 << 24];
    int peer;
    unsigned long total = 0;
    DWORD count = 77;
    OVERLAPPED overlapped = {0}, queued = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    EQUAL(send_later(s, much, sizeof much, &overlapped), WSA_IO_PENDING);
    EQUAL(send_later(s, much, sizeof much, &queued), WSA_IO_PENDING);
    DOES(CancelIoEx((HANDLE)s, NULL));
    EQUAL(outcome(s, &overlapped, &count), WSA_OPERATION_ABORTED);
    EQUAL(outcome(s, &queued, &count), WSA_OPERATION_ABORTED);
    CHECK(overlapped.InternalHigh > 0 && overlapped.InternalHigh < sizeof much);
    EQUAL(queued.InternalHigh, 0);
    SUCCEEDS(WSPShutdown(s, SD_SEND, &error));
    EQUAL(posix_drain(peer, &total), 0);
    EQUAL(total, overlapped.InternalHigh);
}

enum { ROUNDS = 2000 };

struct racer {
    SOCKET socket;
    int go;
};

static void *cancel_on_signal(void *argument)
{
    struct racer *racer = argument;
    for (int round = 1; round <= ROUNDS; round++) {
        while (__atomic_load_n(&racer->go, __ATOMIC_ACQUIRE) < round)
            sched_yield();
        if (!CancelIoEx((HANDLE)racer->socket, NULL))
            EQUAL(GetLastError(), ERROR_NOT_FOUND);
    }
    return NULL;
}

/* Data and cancelling race: each request ends once, with the data or without, and no byte is lost. */
TEST(cancelling_races_with_data, "OV.22")
{
    struct racer racer = {0};
    int peer, cancelled = 0;
    startup();
    HANDLE port = new_port();
    SOCKET s = racer.socket = associated_with_peer(port, 1, &peer);
    pthread_t thread = start_thread(cancel_on_signal, &racer);
    for (int round = 1; round <= ROUNDS; round++) {
        struct request request = {0};
        struct packet packet = {0};
        for (int written = FALSE; !packet.succeeded; written = TRUE) {
            int code = receive_later(s, request.room, 4, &request.overlapped);
            CHECK(code == 0 || code == WSA_IO_PENDING);
            __atomic_store_n(&racer.go, round, __ATOMIC_RELEASE);
            /* Now the data is faster, now the cancelling. */
            for (volatile int pause = round % 100 * 20; pause > 0; pause--)
                continue;
            if (!written)
                posix_write(peer, &round, 4);
            packet = take(port, INFINITE);
            CHECK(packet.overlapped == &request.overlapped);
            if (!packet.succeeded)
                EQUAL(packet.code, ERROR_OPERATION_ABORTED);
            cancelled += !packet.succeeded;
        }
        EQUAL(packet.bytes, 4);
        EQUAL(*(int *)request.room, round);
    }
    join_thread(thread);
    EMPTY(port);
    CHECK(cancelled <= ROUNDS);
}

/* ---- GetOverlappedResult ---- */

static void *wait_for_result(void *argument)
{
    struct request *request = argument;
    DWORD count = 0;
    BOOL answer = GetOverlappedResult((HANDLE)request->socket, &request->overlapped, &count, TRUE);
    return (void *)(size_t)(answer ? count : 1000 + GetLastError());
}

/* It waits with or without an event. */
TEST(the_result_of_a_request, "OV.21 NEED-K1")
{
    int peer;
    DWORD count = 77;
    struct request request = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    post(&request, s);
    DENIES(GetOverlappedResult((HANDLE)s, &request.overlapped, &count, FALSE), ERROR_IO_INCOMPLETE);
    EQUAL(count, 77);
    for (int round = 0; round < 3; round++) {
        if (round > 0) {
            request.overlapped.hEvent = round == 1 ? new_event() : (HANDLE)((ULONG_PTR)new_event() | 1);
            post(&request, s);
        }
        pthread_t thread = start_thread(wait_for_result, &request);
        posix_write(peer, "abc", 3);
        EQUAL((size_t)join_thread(thread), 3);
    }
    DOES(GetOverlappedResult((HANDLE)s, &request.overlapped, &count, FALSE));
    EQUAL(count, 3);
}

/* The code is the system's, and the count is told of a failed request too. */
TEST(the_result_of_a_failed_request, "OV.21 NEED-K1")
{
    int peer;
    char room[4];
    DWORD count = 77;
    struct request request = {0};
    OVERLAPPED datagram = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    post(&request, s);
    posix_reset(peer);
    DENIES(GetOverlappedResult((HANDLE)s, &request.overlapped, &count, TRUE), ERROR_NETNAME_DELETED);
    EQUAL(count, 0);
    SOCKET u = WSPSocket(AF_INET, SOCK_DGRAM, IPPROTO_UDP, NULL, 0, WSA_FLAG_OVERLAPPED, &error);
    struct sockaddr_in address = bind_loopback(u);
    EQUAL(receive_later(u, room, sizeof room, &datagram), WSA_IO_PENDING);
    posix_datagram(ntohs(address.sin_port), "too long", 8);
    DENIES(GetOverlappedResult((HANDLE)u, &datagram, &count, TRUE), ERROR_MORE_DATA);
    EQUAL(count, 4);
    /* The structure says all; the socket may be gone. */
    s = overlapped_with_peer(&peer);
    post(&request, s);
    SUCCEEDS(WSPCloseSocket(s, &error));
    DENIES(GetOverlappedResult((HANDLE)s, &request.overlapped, &count, TRUE), ERROR_OPERATION_ABORTED);
    EQUAL(count, 0);
}

TEST(a_result_that_cannot_be_had, "NEED-K1 OBS.44")
{
    int peer;
    DWORD count;
    struct request request = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    HANDLE event = new_event();
    post(&request, s);
    DENIES(GetOverlappedResult(event, &request.overlapped, &count, TRUE), ERROR_INVALID_HANDLE);
    DENIES(GetOverlappedResult((HANDLE)s, NULL, &count, FALSE), ERROR_NOACCESS);
    posix_write(peer, "a", 1);
    EVENTUALLY(HasOverlappedIoCompleted(&request.overlapped));
    DENIES(GetOverlappedResult((HANDLE)s, &request.overlapped, NULL, FALSE), ERROR_NOACCESS);
}

/* ---- Handles ---- */

TEST(handles_of_every_kind_are_closed, "NEED-K1 NEED-K2")
{
    int descriptors = posix_open_descriptors();
    WSATHREADID id;
    startup();
    EQUAL(WPUOpenCurrentThread(&id, &error), 0);
    HANDLE handles[] = {new_event(), new_port(), id.ThreadHandle, (HANDLE)tcp(), ws2spi_OpenFileDescriptor(1)};
    for (size_t i = 0; i < sizeof handles / sizeof handles[0]; i++) {
        DOES(CloseHandle(handles[i]));
        DENIES(CloseHandle(handles[i]), ERROR_INVALID_HANDLE);
    }
    EQUAL(posix_open_descriptors(), descriptors);
    DENIES(CloseHandle(NULL), ERROR_INVALID_HANDLE);
    DENIES(CloseHandle(INVALID_HANDLE_VALUE), ERROR_INVALID_HANDLE);
    DENIES(CloseHandle((HANDLE)1), ERROR_INVALID_HANDLE);
    DENIES(CloseHandle((HANDLE)0x7ffffffc), ERROR_INVALID_HANDLE);
}

/* A SOCKET is closed like any handle, and then as by WSPCloseSocket. */
TEST(closing_a_socket_as_a_handle, "NEED-K1 OV.22")
{
    int peer;
    char byte;
    struct request request = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    post(&request, s);
    DOES(CloseHandle((HANDLE)s));
    CHECK(is_aborted(&request));
    EQUAL(posix_receive(peer, &byte, 1), 0);
    FAILS(WSPCloseSocket(s, &error), WSAENOTSOCK);
}

/* A file handle is a descriptor of its own, which a program that is started does not get. */
TEST(a_descriptor_becomes_a_file_handle, "NEED-K5")
{
    int ends[2], inheritable;
    char byte = 0;
    EQUAL(pipe(ends), 0);
    EQUAL(fcntl(ends[0], F_SETFD, FD_CLOEXEC) | fcntl(ends[1], F_SETFD, FD_CLOEXEC), 0);
    inheritable = posix_inheritable_descriptors();
    HANDLE file = ws2spi_OpenFileDescriptor(ends[1]);
    CHECK(file != INVALID_HANDLE_VALUE && file != NULL);
    EQUAL(posix_inheritable_descriptors(), inheritable);
    DOES(CancelIo(file));
    DENIES(CancelIoEx(file, NULL), ERROR_NOT_FOUND);
    DENIES(CreateIoCompletionPort(file, NULL, 0, 0), ERROR_INVALID_PARAMETER);
    DENIES(SetFileCompletionNotificationModes(file, 0), ERROR_INVALID_PARAMETER);
    startup();
    FAILS(WSPCloseSocket((SOCKET)file, &error), WSAENOTSOCK);
    /* The pipe is open until both are closed. */
    EQUAL(close(ends[1]), 0);
    EQUAL(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
    EQUAL(read(ends[0], &byte, 1), -1);
    EQUAL(errno, EAGAIN);
    DOES(CloseHandle(file));
    EQUAL(read(ends[0], &byte, 1), 0);
    DENIES(ws2spi_OpenFileDescriptor(ends[1]), ERROR_INVALID_HANDLE);
    DENIES(ws2spi_OpenFileDescriptor(-1), ERROR_INVALID_HANDLE);
    posix_forbid_descriptors(TRUE);
    DENIES(ws2spi_OpenFileDescriptor(ends[0]), ERROR_TOO_MANY_OPEN_FILES);
    posix_forbid_descriptors(FALSE);
}
