/* Overlapped sends and receives: what is done at once, what is done later, and what is told of it. */
#include "overlapped.h"

TEST(a_receive_waits_and_completes, "OV.4 OV.6 OV.21 OBS.41 WSPGetOverlappedResult.3 WSPGetOverlappedResult.6")
{
    int peer;
    char room[16] = "";
    WSABUF buffer = {sizeof room, room};
    DWORD count = 77, flags = 0;
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    FAILS(WSPRecv(s, &buffer, 1, &count, &flags, &overlapped, NULL, NULL, &error), WSA_IO_PENDING);
    EQUAL(count, 77);
    EQUAL(overlapped.Internal, WSS_OPERATION_IN_PROGRESS);
    flags = 99;
    FAILS(WSPGetOverlappedResult(s, &overlapped, &count, FALSE, &flags, &error), WSA_IO_INCOMPLETE);
    EQUAL(count, 77);
    posix_write(peer, "hello", 5);
    EVENTUALLY(HasOverlappedIoCompleted(&overlapped));
    EQUAL(WSPGetOverlappedResult(s, &overlapped, &count, FALSE, &flags, &error), TRUE);
    EQUAL(count, 5);
    EQUAL(flags, 0);
    EQUAL(overlapped.InternalHigh, 5);
    EQUAL(overlapped.Offset, 0);
    EQUAL(overlapped.OffsetHigh, 0);
    CHECK(memcmp(room, "hello", 5) == 0);
}

/* Data that is there: the call itself brings it. */
TEST(a_receive_completes_at_once, "OV.3")
{
    int peer;
    char room[16] = "";
    DWORD count;
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    posix_write(peer, "hello", 5);
    EQUAL(receive_later(s, room, sizeof room, &overlapped), 0);
    CHECK(HasOverlappedIoCompleted(&overlapped));
    EQUAL(outcome(s, &overlapped, &count), 0);
    EQUAL(count, 5);
}

TEST(receives_are_filled_in_posting_order, "OV.17 OV.8")
{
    enum { REQUESTS = 200 };
    static OVERLAPPED overlapped[REQUESTS];
    static char rooms[REQUESTS][4];
    int peer;
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    for (int i = 0; i < REQUESTS; i++)
        EQUAL(receive_later(s, rooms[i], 4, &overlapped[i]), WSA_IO_PENDING);
    for (int i = 0; i < REQUESTS; i++) {
        char message[4] = {'n', (char)i, (char)(i >> 8), '.'};
        posix_write(peer, message, 4);
    }
    for (int i = 0; i < REQUESTS; i++) {
        DWORD count;
        EQUAL(outcome(s, &overlapped[i], &count), 0);
        EQUAL(count, 4);
        EQUAL(rooms[i][1], (char)i);
        EQUAL(rooms[i][2], (char)(i >> 8));
    }
}

/* More than the kernel takes at once: sends wait, in their order, until the peer reads. */
TEST(sends_go_out_in_posting_order, "OV.17 OV.4 OV.7 WSPSend.4")
{
    enum { REQUESTS = 64, SIZE = 1 << 18 };
    static OVERLAPPED overlapped[REQUESTS];
    static unsigned char bytes[REQUESTS][SIZE], got[SIZE];
    int peer, pending = 0;
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    for (int i = 0; i < REQUESTS; i++) {
        memset(bytes[i], i + 1, SIZE);
        int code = send_later(s, bytes[i], SIZE, &overlapped[i]);
        CHECK(code == 0 || code == WSA_IO_PENDING);
        CHECK(code != 0 || pending == 0);
        pending += code == WSA_IO_PENDING;
    }
    CHECK(pending > 0);
    for (int i = 0; i < REQUESTS; i++) {
        unsigned long length = 0;
        while (length < SIZE)
            length += posix_read(peer, got + length, SIZE - length);
        CHECK(memcmp(got, bytes[i], SIZE) == 0);
    }
    for (int i = 0; i < REQUESTS; i++) {
        DWORD count;
        EQUAL(outcome(s, &overlapped[i], &count), 0);
        EQUAL(count, SIZE);
    }
}

TEST(closing_aborts_what_is_pending, "OV.22 WSPCloseSocket.3")
{
    int peer;
    char room[16];
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
    SUCCEEDS(WSPCloseSocket(s, &error));
    CHECK(HasOverlappedIoCompleted(&overlapped));
    EQUAL(overlapped.OffsetHigh, WSA_OPERATION_ABORTED);
    EQUAL(overlapped.InternalHigh, 0);
}

/* After the last cleanup nothing of the engine is left. */
TEST(cleanup_leaves_nothing_behind, "WSPCleanup.4 WSPCleanup.9")
{
    int descriptors = posix_open_descriptors(), threads = posix_threads();
    startup();
    for (int round = 0; round < 3; round++) {
        int peer;
        char room[16];
        OVERLAPPED overlapped = {0};
        if (round > 0)
            startup();
        SOCKET s = overlapped_with_peer(&peer);
        EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
        SUCCEEDS(WSPCleanup(&error));
        posix_close(peer);
        EQUAL(overlapped.OffsetHigh, WSA_OPERATION_ABORTED);
        EQUAL(posix_open_descriptors(), descriptors);
        EQUAL(posix_threads(), threads);
    }
}
