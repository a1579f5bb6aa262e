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
    await_data(s, 5);
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

/* Arguments that ask for overlapped work mean nothing to a socket that was not made for it. */
TEST(other_sockets_ignore_the_arguments, "OV.2 OV.1")
{
    int peer;
    char room[16];
    DWORD count = 0, flags = 0;
    WSABUF buffer = {sizeof room, room};
    OVERLAPPED overlapped = {0};
    overlapped.Internal = 4711;
    startup();
    SOCKET s = connect_posix(&peer);
    posix_write(peer, "abc", 3);
    SUCCEEDS(WSPRecv(s, &buffer, 1, &count, &flags, &overlapped, NULL, NULL, &error));
    EQUAL(count, 3);
    EQUAL(overlapped.Internal, 4711);
}

/* A failure at once: nothing was started, so nobody is told. */
TEST(a_failure_starts_nothing, "OV.5")
{
    char room[4] = "";
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = overlapped_tcp();
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSAENOTCONN);
    CHECK(HasOverlappedIoCompleted(&overlapped));
    EQUAL(send_later(s, room, sizeof room, &overlapped), WSAENOTCONN);
    EQUAL(receive_later(0x1234560, room, sizeof room, &overlapped), WSAENOTSOCK);
}

/* WSPRecv:WSAEFAULT WSPSend:WSAEFAULT */
TEST(bad_structures_are_faults, "OV.8 OBS.44 WSPGetOverlappedResult.1")
{
    int peer;
    char room[4];
    DWORD count = 5, flags = 7;
    OVERLAPPED *wild = (OVERLAPPED *)0x10, overlapped = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    EQUAL(receive_later(s, room, sizeof room, wild), WSAEFAULT);
    EQUAL(send_later(s, room, sizeof room, wild), WSAEFAULT);
    FAILS(WSPGetOverlappedResult(s, NULL, &count, FALSE, &flags, &error), WSAEFAULT);
    FAILS(WSPGetOverlappedResult(s, wild, &count, FALSE, &flags, &error), WSAEFAULT);
    FAILS(WSPGetOverlappedResult(0x1234560, &overlapped, &count, FALSE, &flags, &error), WSAENOTSOCK);
    EQUAL(count, 5);
    EQUAL(flags, 7);
    FAILS(WSPGetOverlappedResult(s, &overlapped, NULL, FALSE, &flags, &error), WSAEFAULT);
    FAILS(WSPGetOverlappedResult(s, &overlapped, &count, FALSE, NULL, &error), WSAEFAULT);
}

/* The array of buffers is the caller's again when the call has returned; the buffers are not. */
TEST(the_array_of_buffers_is_copied, "OV.7 WSPRecv.3")
{
    enum { PIECES = 1500 };
    static char rooms[PIECES];
    int peer;
    WSABUF buffers[PIECES];
    DWORD count, flags = 0;
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    for (int i = 0; i < PIECES; i++)
        buffers[i] = (WSABUF){1, &rooms[i]};
    FAILS(WSPRecv(s, buffers, PIECES, &count, &flags, &overlapped, NULL, NULL, &error), WSA_IO_PENDING);
    memset(buffers, 0xff, sizeof buffers);
    posix_write(peer, "abcdef", 6);
    EQUAL(outcome(s, &overlapped, &count), 0);
    EQUAL(count, 6);
    CHECK(memcmp(rooms, "abcdef", 6) == 0);
}

/* One byte is enough, unless MSG_WAITALL wants them all. */
/* The last part fills the room, which is not to say that nothing is left. */
TEST(a_receive_need_not_be_filled, "WSPRecv.9 WSPRecv.4 OBS.31")
{
    int peer;
    char room[8];
    DWORD count, flags = MSG_WAITALL;
    WSABUF buffer = {sizeof room, room};
    OVERLAPPED first = {0}, second = {0}, third = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    EQUAL(receive_later(s, room, sizeof room, &first), WSA_IO_PENDING);
    posix_write(peer, "a", 1);
    EQUAL(outcome(s, &first, &count), 0);
    EQUAL(count, 1);
    FAILS(WSPRecv(s, &buffer, 1, &count, &flags, &second, NULL, NULL, &error), WSA_IO_PENDING);
    EQUAL(receive_later(s, room, 1, &third), WSA_IO_PENDING);
    posix_write(peer, "bcde", 4);
    posix_write(peer, "fghi", 4);
    posix_write(peer, "j", 1);
    EQUAL(outcome(s, &third, &count), 0);
    EQUAL(outcome(s, &second, &count), 0);
    EQUAL(count, 8);
    EQUAL(room[0], 'j');
    CHECK(memcmp(room + 1, "cdefghi", 7) == 0);
}

/* What has come together with the end of the stream: the end is not waited for once more. */
TEST(a_stream_ends_right_behind_its_last_bytes, "OV.4 OBS.31 WSPRecv.9")
{
    int peer;
    char room[8];
    DWORD count;
    OVERLAPPED first = {0}, second = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    EQUAL(receive_later(s, room, sizeof room, &first), WSA_IO_PENDING);
    posix_write(peer, "abc", 3);
    posix_close(peer);
    EQUAL(outcome(s, &first, &count), 0);
    EQUAL(count, 3);
    receive_later(s, room, sizeof room, &second);
    EQUAL(outcome(s, &second, &count), 0);
    EQUAL(count, 0);
}

/* A receive ends before an urgent byte; what follows that has been announced already. */
TEST(bytes_behind_an_urgent_one_are_received, "OBS.30 OV.4")
{
    int peer;
    char room[8];
    DWORD count;
    OVERLAPPED first = {0}, second = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    EQUAL(receive_later(s, room, sizeof room, &first), WSA_IO_PENDING);
    posix_write(peer, "ab", 2);
    posix_urgent(peer, 'c');
    posix_write(peer, "de", 2);
    EQUAL(outcome(s, &first, &count), 0);
    EQUAL(count, 2);
    receive_later(s, room, sizeof room, &second);
    EQUAL(outcome(s, &second, &count), 0);
    EQUAL(count, 2);
    CHECK(memcmp(room, "de", 2) == 0);
}

/* How many bytes have come on a connection, urgent ones too. */
static ULONG64 arrived(SOCKET s)
{
    DWORD version = 0, returned;
    TCP_INFO_v0 info;
    SUCCEEDS(WSPIoctl(s, SIO_TCP_INFO, &version, sizeof version, &info, sizeof info, &returned, NULL, NULL, NULL,
                      &error));
    return info.BytesIn;
}

/* Also where it was read before: the kernel goes on stopping there, and says nothing of it any more. */
TEST(bytes_behind_an_urgent_one_that_was_read_are_received, "OBS.30 OV.17")
{
    int peer;
    char rooms[3][8], byte = 0;
    DWORD count, flags;
    OVERLAPPED overlapped[3] = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    /* Waited for here, so that nobody looks at the socket when the urgent byte comes. */
    overlapped[0].hEvent = WSACreateEvent();
    EQUAL(receive_later(s, rooms[0], 8, &overlapped[0]), WSA_IO_PENDING);
    posix_write(peer, "x", 1);
    EQUAL(WSPGetOverlappedResult(s, &overlapped[0], &count, TRUE, &flags, &error), TRUE);
    posix_write(peer, "abc", 3);
    posix_urgent(peer, '!');
    posix_write(peer, "de", 2);
    EVENTUALLY(arrived(s) == 7);
    SUCCEEDS(receive_bytes(s, &byte, 1, &count, MSG_OOB));
    EQUAL(byte, '!');
    for (int i = 1; i < 3; i++)
        receive_later(s, rooms[i], 8, &overlapped[i]);
    EQUAL(outcome(s, &overlapped[1], &count), 0);
    EQUAL(count, 3);
    EQUAL(outcome(s, &overlapped[2], &count), 0);
    EQUAL(count, 2);
    CHECK(memcmp(rooms[1], "abc", 3) == 0 && memcmp(rooms[2], "de", 2) == 0);
}

/* A message that carries a descriptor ends a receive early, too. */
TEST(bytes_behind_a_descriptor_are_received, "OV.17 OV.4")
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    char rooms[3][8];
    DWORD count;
    OVERLAPPED overlapped[3] = {0};
    startup();
    SOCKET listening = WSPSocket(AF_UNIX, SOCK_STREAM, 0, NULL, 0, WSA_FLAG_OVERLAPPED, &error);
    posix_temporary_path(name.sun_path);
    SUCCEEDS(WSPBind(listening, (struct sockaddr *)&name, sizeof name, &error));
    SUCCEEDS(WSPListen(listening, 5, &error));
    int peer = posix_connect_path(name.sun_path);
    SOCKET s = WSPAccept(listening, NULL, NULL, NULL, 0, &error);
    CHECK(s != INVALID_SOCKET);
    EQUAL(receive_later(s, rooms[0], 8, &overlapped[0]), WSA_IO_PENDING);
    posix_write(peer, "x", 1);
    EQUAL(outcome(s, &overlapped[0], &count), 0);
    posix_send_descriptor(peer, 'a');
    posix_write(peer, "bc", 2);
    for (int i = 1; i < 3; i++)
        receive_later(s, rooms[i], 8, &overlapped[i]);
    EQUAL(outcome(s, &overlapped[1], &count), 0);
    EQUAL(outcome(s, &overlapped[2], &count), 0);
    EQUAL(count, 2);
    CHECK(rooms[1][0] == 'a' && memcmp(rooms[2], "bc", 2) == 0);
}

/* Room for nothing: it tells of arrivals and takes none. */
TEST(a_receive_of_nothing_waits_for_data, "OBS.29 OV.4")
{
    int peer;
    char room[8];
    DWORD count = 9;
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    EQUAL(receive_later(s, room, 0, &overlapped), WSA_IO_PENDING);
    posix_write(peer, "abc", 3);
    EQUAL(outcome(s, &overlapped, &count), 0);
    EQUAL(count, 0);
    SUCCEEDS(receive_bytes(s, room, sizeof room, &count, 0));
    EQUAL(count, 3);
}

TEST(looking_is_for_synchronous_calls, "WSPRecv.10")
{
    int peer;
    char room[8];
    DWORD count, flags = MSG_PEEK;
    WSABUF buffer = {sizeof room, room};
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    FAILS(WSPRecv(s, &buffer, 1, &count, &flags, &overlapped, NULL, NULL, &error), WSAEOPNOTSUPP);
    flags = 0;
    FAILS(WSPRecv(s, &buffer, 0, &count, &flags, &overlapped, NULL, NULL, &error), WSAEINVAL);
}

TEST(the_end_of_the_stream_completes_receives, "WSPRecv.8 WSPRecv.9")
{
    int peer;
    char room[8];
    DWORD count;
    OVERLAPPED overlapped[3] = {{0}};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    for (int i = 0; i < 3; i++)
        EQUAL(receive_later(s, room, sizeof room, &overlapped[i]), WSA_IO_PENDING);
    posix_close(peer);
    for (int i = 0; i < 3; i++) {
        EQUAL(outcome(s, &overlapped[i], &count), 0);
        EQUAL(count, 0);
    }
}

TEST(a_reset_fails_receives, "WSPRecv.8 OV.6 OBS.26")
{
    int peer;
    char room[8];
    DWORD count = 3;
    OVERLAPPED overlapped[3] = {{0}};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    for (int i = 0; i < 3; i++)
        EQUAL(receive_later(s, room, sizeof room, &overlapped[i]), WSA_IO_PENDING);
    posix_reset(peer);
    for (int i = 0; i < 3; i++) {
        EQUAL(outcome(s, &overlapped[i], &count), WSAECONNRESET);
        EQUAL(overlapped[i].OffsetHigh, WSAECONNRESET);
        EQUAL(overlapped[i].InternalHigh, 0);
        EQUAL(count, 3);
    }
}

/* The receive began before receiving was shut: it survives. */
TEST(a_waiting_receive_survives_the_end_of_receiving, "OBS.9")
{
    int peer;
    char room[8];
    DWORD count;
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
    SUCCEEDS(WSPShutdown(s, SD_RECEIVE, &error));
    posix_write(peer, "abc", 3);
    EQUAL(outcome(s, &overlapped, &count), 0);
    EQUAL(count, 3);
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSAESHUTDOWN);
}

/* An overlapped socket that does not block serves overlapped calls the same. */
TEST(blocking_mode_does_not_matter, "OBS.41 OV.23")
{
    int peer;
    char room[8];
    DWORD count;
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    set_nonblocking(s, 1);
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
    /* A synchronous one comes after it. */
    FAILS(receive_bytes(s, room, sizeof room, &count, 0), WSAEWOULDBLOCK);
    posix_write(peer, "abc", 3);
    EQUAL(outcome(s, &overlapped, &count), 0);
    EQUAL(count, 3);
}

/* What fills the connection, so that the next send has to wait; how many bytes that were. */
static unsigned long fill(SOCKET s)
{
    static char bytes[1 << 16];
    unsigned long total = 0;
    DWORD count;
    set_nonblocking(s, 1);
    while (send_bytes(s, bytes, sizeof bytes, &count) == 0)
        total += count;
    EQUAL(error, WSAEWOULDBLOCK);
    set_nonblocking(s, 0);
    return total;
}

static void read_zeros(int peer, unsigned long total)
{
    static char got[1 << 16];
    while (total > 0) {
        unsigned long count = posix_read(peer, got, total < sizeof got ? total : sizeof got);
        for (unsigned long i = 0; i < count; i++)
            EQUAL(got[i], 0);
        total -= count;
    }
}

struct synchronous {
    SOCKET s;
    const char *bytes;
    unsigned length;
    DWORD sent;
};

static void *send_synchronously(void *argument)
{
    struct synchronous *call = argument;
    SUCCEEDS(send_bytes(call->s, call->bytes, call->length, &call->sent));
    return NULL;
}

/* A synchronous send waits for its turn, and so does the end of sending. */
TEST(later_calls_come_after_queued_sends, "OV.17 WSPShutdown.3 WSPSend.2")
{
    int peer;
    char got[8];
    DWORD count;
    OVERLAPPED overlapped = {0};
    pthread_t thread;
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    unsigned long before = fill(s);
    EQUAL(send_later(s, "first", 5, &overlapped), WSA_IO_PENDING);
    set_nonblocking(s, 1);
    FAILS(send_bytes(s, "x", 1, &count), WSAEWOULDBLOCK);
    set_nonblocking(s, 0);
    struct synchronous second = {s, "2nd", 3, 0};
    CHECK(pthread_create(&thread, NULL, send_synchronously, &second) == 0);
    read_zeros(peer, before);
    for (unsigned long length = 0; length < 8;)
        length += posix_read(peer, got + length, 8 - length);
    CHECK(memcmp(got, "first2nd", 8) == 0);
    pthread_join(thread, NULL);
    EQUAL(second.sent, 3);
    EQUAL(outcome(s, &overlapped, &count), 0);
}

TEST(the_end_of_sending_comes_after_queued_sends, "WSPShutdown.3 WSPSend.7 OV.17")
{
    int peer;
    char got[8];
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    unsigned long before = fill(s);
    EQUAL(send_later(s, "last", 4, &overlapped), WSA_IO_PENDING);
    SUCCEEDS(WSPShutdown(s, SD_SEND, &error));
    EQUAL(send_later(s, "more", 4, &overlapped), WSAESHUTDOWN);
    read_zeros(peer, before);
    for (unsigned long length = 0; length < 4;)
        length += posix_read(peer, got + length, 4 - length);
    CHECK(memcmp(got, "last", 4) == 0);
    EQUAL(posix_read(peer, got, 1), 0);
}

TEST(closing_aborts_queued_sends, "OV.22 WSPSend.4")
{
    int peer;
    OVERLAPPED overlapped[4] = {{0}};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    fill(s);
    for (int i = 0; i < 4; i++)
        EQUAL(send_later(s, "abc", 3, &overlapped[i]), WSA_IO_PENDING);
    SUCCEEDS(WSPCloseSocket(s, &error));
    for (int i = 0; i < 4; i++)
        EQUAL(overlapped[i].OffsetHigh, WSA_OPERATION_ABORTED);
}

/* More buffers than the kernel takes at once, of one byte each. */
enum { MANY = 3000 };

struct many {
    char bytes[MANY];
    WSABUF buffers[MANY];
};

static void spread(struct many *many)
{
    memset(many->bytes, 0, sizeof many->bytes);
    for (int i = 0; i < MANY; i++)
        many->buffers[i] = (WSABUF){1, many->bytes + i};
}

/* Bytes that tell where they stand. */
static void number(char *bytes)
{
    for (int i = 0; i < MANY; i++)
        bytes[i] = (char)(i * 7 + i / 256 + 1);
}

/* An overlapped receive into all of them, and its end, at once or later; the code. */
static int receive_many(SOCKET s, struct many *in, DWORD *count)
{
    DWORD flags = 0;
    OVERLAPPED overlapped = {0};
    error = 0;
    WSPRecv(s, in->buffers, MANY, count, &flags, &overlapped, NULL, NULL, &error);
    CHECK(error == 0 || error == WSA_IO_PENDING);
    return outcome(s, &overlapped, count);
}

/* Whether what is waiting fits into one call of the kernel's or not, it is taken, and no more is waited for. */
TEST(any_number_of_buffers_takes_what_waits, "WSPRecv.3 WSPRecv.4 OV.3 OV.4 OV.7")
{
    static const unsigned lengths[] = {MANY, 1500, 1024, 1025, 1023, 2048, 1};
    static struct many in;
    static char bytes[MANY];
    int peer;
    DWORD count;
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    number(bytes);
    for (unsigned i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        spread(&in);
        posix_write(peer, bytes, lengths[i]);
        await_data(s, lengths[i]);
        EQUAL(receive_many(s, &in, &count), 0);
        EQUAL(count, lengths[i]);
        CHECK(memcmp(in.bytes, bytes, count) == 0);
    }
    /* The end of the stream comes with the next. */
    posix_write(peer, bytes, 1024);
    posix_close(peer);
    await_data(s, 1024);
    for (DWORD expected = 1024; expected != 1; expected = expected == 0 ? 1 : 0) {
        EQUAL(receive_many(s, &in, &count), 0);
        EQUAL(count, expected);
    }
}

/* Nor is less waited for when MSG_WAITALL asks for all. */
TEST(any_number_of_buffers_is_filled, "OBS.31 OV.4 OV.7")
{
    static struct many in;
    static char bytes[MANY];
    int peer;
    DWORD count, flags = MSG_WAITALL;
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    number(bytes);
    spread(&in);
    posix_write(peer, bytes, 1024);
    await_data(s, 1024);
    FAILS(WSPRecv(s, in.buffers, MANY, &count, &flags, &overlapped, NULL, NULL, &error), WSA_IO_PENDING);
    posix_write(peer, bytes + 1024, MANY - 1024);
    EQUAL(outcome(s, &overlapped, &count), 0);
    EQUAL(count, MANY);
    CHECK(memcmp(in.bytes, bytes, MANY) == 0);
}

/* What a receive with MSG_WAITALL has taken comes first; the reset with the next. */
TEST(a_reset_leaves_what_was_taken, "OBS.31 OBS.26 OV.6")
{
    int peer;
    char room[8] = "";
    WSABUF buffer = {sizeof room, room};
    DWORD count, flags = MSG_WAITALL;
    OVERLAPPED overlapped = {0}, next = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    posix_write(peer, "abcd", 4);
    await_data(s, 4);
    FAILS(WSPRecv(s, &buffer, 1, &count, &flags, &overlapped, NULL, NULL, &error), WSA_IO_PENDING);
    posix_reset(peer);
    /* The first that finds out, so that the receive does not hear of it from the kernel. */
    FAILS(send_bytes(s, "x", 1, &count), WSAECONNRESET);
    EQUAL(outcome(s, &overlapped, &count), 0);
    EQUAL(count, 4);
    CHECK(memcmp(room, "abcd", 5) == 0);
    int code = receive_later(s, room, sizeof room, &next);
    EQUAL(code == WSA_IO_PENDING ? outcome(s, &next, &count) : code, WSAECONNRESET);
}

/* A synchronous receive that waits for its turn, and fills its buffers no further than its timeout lets it, gives what
 * has come, as without others before it. */
TEST(a_receive_in_turn_keeps_what_came_in_time, "OBS.31 OV.17")
{
    int peer, timeout = 200;
    char first[3], rest[16] = "";
    WSABUF buffer = {10, rest};
    DWORD count = 77, flags = MSG_WAITALL;
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    SUCCEEDS(WSPSetSockOpt(s, SOL_SOCKET, SO_RCVTIMEO, (char *)&timeout, sizeof timeout, &error));
    EQUAL(receive_later(s, first, sizeof first, &overlapped), WSA_IO_PENDING);
    posix_write(peer, "abcdefg", 7);
    SUCCEEDS(WSPRecv(s, &buffer, 1, &count, &flags, NULL, NULL, NULL, &error));
    EQUAL(count, 4);
    EQUAL(flags, 0);
    CHECK(memcmp(rest, "defg", 5) == 0 && memcmp(first, "abc", 3) == 0);
    /* With nothing to give it is the timeout. */
    EQUAL(receive_later(s, first, sizeof first, &overlapped), WSA_IO_PENDING);
    flags = MSG_WAITALL;
    FAILS(WSPRecv(s, &buffer, 1, &count, &flags, NULL, NULL, NULL, &error), WSAETIMEDOUT);
    EQUAL(count, 4);
    /* The stream goes on where it stood. */
    posix_write(peer, "HIJ", 3);
    EQUAL(outcome(s, &overlapped, &count), 0);
    CHECK(count == 3 && memcmp(first, "HIJ", 3) == 0);
}

/* ---- Datagrams ---- */

static SOCKET overlapped_udp(unsigned short *port)
{
    SOCKET s = WSPSocket(AF_INET, SOCK_DGRAM, IPPROTO_UDP, NULL, 0, WSA_FLAG_OVERLAPPED, &error);
    CHECK(s != INVALID_SOCKET);
    *port = ntohs(bind_loopback(s).sin_port);
    return s;
}

/* The sender is told when the datagram has come, not before. */
TEST(a_datagram_comes_with_its_sender, "WSPRecvFrom.4 WSPRecvFrom.2")
{
    unsigned short port, from_port;
    char room[16];
    DWORD count, flags = 0;
    WSABUF buffer = {sizeof room, room};
    OVERLAPPED overlapped = {0};
    struct sockaddr_in from;
    int length = sizeof from;
    startup();
    SOCKET s = overlapped_udp(&port);
    memset(&from, 0x55, sizeof from);
    FAILS(WSPRecvFrom(s, &buffer, 1, &count, &flags, (struct sockaddr *)&from, &length, &overlapped, NULL, NULL,
                      &error),
          WSA_IO_PENDING);
    EQUAL(from.sin_port, 0x5555);
    int peer = posix_bind_udp(&from_port);
    posix_send_datagram(peer, 'x', port);
    EQUAL(outcome(s, &overlapped, &count), 0);
    EQUAL(count, 1);
    EQUAL(room[0], 'x');
    EQUAL(from.sin_family, AF_INET);
    EQUAL(ntohs(from.sin_port), from_port);
    EQUAL(length, sizeof from);
}

/* WSPRecvFrom:WSAEFAULT */
TEST(the_room_for_the_sender_is_judged_first, "WSPRecvFrom.2")
{
    unsigned short port;
    char room[16];
    DWORD count, flags = 0;
    WSABUF buffer = {sizeof room, room};
    OVERLAPPED overlapped = {0};
    struct sockaddr_in from;
    int length = sizeof from - 1;
    startup();
    SOCKET s = overlapped_udp(&port);
    FAILS(WSPRecvFrom(s, &buffer, 1, &count, &flags, (struct sockaddr *)&from, &length, &overlapped, NULL, NULL,
                      &error),
          WSAEFAULT);
}

TEST(datagrams_fill_requests_in_order, "OV.17 WSPRecv.5")
{
    enum { REQUESTS = 50 };
    unsigned short port;
    char rooms[REQUESTS][4];
    OVERLAPPED overlapped[REQUESTS];
    startup();
    SOCKET s = overlapped_udp(&port);
    memset(overlapped, 0, sizeof overlapped);
    for (int i = 0; i < REQUESTS; i++)
        EQUAL(receive_later(s, rooms[i], 4, &overlapped[i]), WSA_IO_PENDING);
    for (char i = 0; i < REQUESTS; i++)
        posix_datagram(port, &i, 1);
    for (int i = 0; i < REQUESTS; i++) {
        DWORD count;
        EQUAL(outcome(s, &overlapped[i], &count), 0);
        EQUAL(count, 1);
        EQUAL(rooms[i][0], i);
    }
}

/* What fits is there, whether the datagram came before or after. WSPRecv:WSAEMSGSIZE */
TEST(a_datagram_that_is_too_long_is_cut, "OBS.28 WSPRecv.7 OV.6")
{
    unsigned short port;
    char room[4];
    DWORD count = 7, flags;
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = overlapped_udp(&port);
    for (int round = 0; round < 2; round++) {
        memset(room, 0, sizeof room);
        if (round == 1)
            posix_datagram(port, "abcdefgh", 8);
        EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
        if (round == 0)
            posix_datagram(port, "abcdefgh", 8);
        EVENTUALLY(HasOverlappedIoCompleted(&overlapped));
        FAILS(WSPGetOverlappedResult(s, &overlapped, &count, FALSE, &flags, &error), WSAEMSGSIZE);
        EQUAL(overlapped.InternalHigh, 4);
        EQUAL(overlapped.Offset, MSG_PARTIAL);
        CHECK(memcmp(room, "abcd", 4) == 0);
    }
}

/* Each of the buffers counts, before the datagram and after. WSPRecvFrom:WSAEMSGSIZE */
TEST(any_number_of_buffers_makes_one_datagram, "WSPRecv.3 WSPRecvFrom.1 WSPSendTo.3 OBS.28 OV.7")
{
    static const DWORD counts[] = {MANY, 1500, 1025, 1024};
    static struct many out, in;
    unsigned short port;
    DWORD moved, flags;
    OVERLAPPED sends = {0}, receives = {0};
    startup();
    SOCKET s = overlapped_udp(&port);
    struct sockaddr_in to = loopback(port), from;
    int length = sizeof from;
    spread(&out);
    number(out.bytes);
    for (unsigned i = 0; i < 4 * sizeof counts / sizeof *counts; i++) {
        /* One buffer too few in every other round, and pending or not. */
        DWORD count = counts[i / 4], room = count - i % 2;
        int pending = i % 4 < 2;
        spread(&in);
        for (int step = 0; step < 2; step++) {
            if (step == pending) {
                SUCCEEDS(WSPSendTo(s, out.buffers, count, &moved, 0, (struct sockaddr *)&to, sizeof to, &sends, NULL,
                                   NULL, &error));
                EQUAL(moved, count);
                continue;
            }
            flags = 0;
            error = 0;
            int answer = WSPRecvFrom(s, in.buffers, room, &moved, &flags, (struct sockaddr *)&from, &length,
                                     &receives, NULL, NULL, &error);
            CHECK(answer == 0 ? !pending && room == count : error == WSA_IO_PENDING);
        }
        EQUAL(outcome(s, &receives, &moved), room == count ? 0 : WSAEMSGSIZE);
        EQUAL(receives.InternalHigh, room);
        EQUAL(receives.Offset, room == count ? 0 : MSG_PARTIAL);
        EQUAL(from.sin_port, to.sin_port);
        CHECK(memcmp(in.bytes, out.bytes, room) == 0);
        CHECK(room == MANY || in.bytes[room] == 0);
    }
    /* Memory that is not there is found before anything goes out. */
    out.buffers[1500].buf = (char *)16;
    FAILS(WSPSendTo(s, out.buffers, MANY, &moved, 0, (struct sockaddr *)&to, sizeof to, &sends, NULL, NULL, &error),
          WSAEFAULT);
}

TEST(datagrams_are_sent, "OV.3 WSPSendTo.1 WSPSendTo.4 WSPSendTo.5")
{
    unsigned short port;
    char bytes[] = "abc";
    DWORD count = 0;
    WSABUF buffers[2] = {{2, bytes}, {1, bytes + 2}};
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = WSPSocket(AF_INET, SOCK_DGRAM, IPPROTO_UDP, NULL, 0, WSA_FLAG_OVERLAPPED, &error);
    int peer = posix_bind_udp(&port);
    struct sockaddr_in to = loopback(port), nowhere = loopback(0);
    FAILS(WSPSendTo(s, buffers, 2, &count, 0, NULL, 0, &overlapped, NULL, NULL, &error), WSAEDESTADDRREQ);
    FAILS(WSPSendTo(s, buffers, 2, &count, 0, (struct sockaddr *)&nowhere, sizeof nowhere, &overlapped, NULL, NULL,
                    &error),
          WSAEADDRNOTAVAIL);
    FAILS(WSPSend(s, buffers, 2, &count, 0, &overlapped, NULL, NULL, &error), WSAENOTCONN);
    SUCCEEDS(WSPSendTo(s, buffers, 2, &count, 0, (struct sockaddr *)&to, sizeof to, &overlapped, NULL, NULL, &error));
    EQUAL(count, 3);
    EQUAL(outcome(s, &overlapped, &count), 0);
    EQUAL(count, 3);
    EQUAL(posix_receive(peer, bytes, sizeof bytes), 3);
}

/* A send may be the call that hears of an unreachable port. Which one does is chance, so there are some rounds. */
TEST(an_unreachable_port_ends_a_pending_receive, "OBS.27 OV.6 OV.17")
{
    unsigned short port, dead = 0, live;
    startup();
    posix_close(posix_bind_udp(&dead));
    SOCKET s = overlapped_udp(&port);
    overlapped_udp(&live);
    struct sockaddr_in nobody = loopback(dead), somebody = loopback(live);
    WSABUF byte = {1, "x"};
    for (int i = 0; i < 50; i++) {
        OVERLAPPED overlapped = {0}, next = {0};
        char room[8];
        DWORD count;
        EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
        SUCCEEDS(WSPSendTo(s, &byte, 1, &count, 0, (struct sockaddr *)&nobody, sizeof nobody, NULL, NULL, NULL, &error));
        SUCCEEDS(
            WSPSendTo(s, &byte, 1, &count, 0, (struct sockaddr *)&somebody, sizeof somebody, NULL, NULL, NULL, &error));
        EQUAL(outcome(s, &overlapped, &count), WSAECONNRESET);
        /* Once. */
        EQUAL(receive_later(s, room, sizeof room, &next), WSA_IO_PENDING);
        posix_datagram(port, "y", 1);
        EQUAL(outcome(s, &next, &count), 0);
    }
}
