/* Completion ports: associations, packets, and what the functions say. */
#include "port.h"
#include "waits.h"

#include <malloc.h>

/* ---- Ports and associations ---- */

TEST(a_port_is_made_and_closed, "NEED-K1")
{
    int descriptors = posix_open_descriptors();
    HANDLE port = new_port(), another = new_port();
    CHECK(port != another && (size_t)port % 4 == 0 && (size_t)port < 0x80000000);
    CHECK(posix_open_descriptors() > descriptors);
    DOES(CloseHandle(port));
    DENIES(CloseHandle(port), ERROR_INVALID_HANDLE);
    EMPTY(another);
    DOES(CloseHandle(another));
    EQUAL(posix_open_descriptors(), descriptors);
    posix_forbid_descriptors(TRUE);
    DENIES(CreateIoCompletionPort(NO_FILE, NULL, 0, 0), ERROR_NO_SYSTEM_RESOURCES);
    posix_forbid_descriptors(FALSE);
}

TEST(what_is_no_file_is_not_associated, "NEED-K1")
{
    startup();
    HANDLE port = new_port(), event = WSACreateEvent();
    SOCKET closed = overlapped_tcp();
    SUCCEEDS(WSPCloseSocket(closed, &error));
    HANDLE files[] = {NULL, (HANDLE)closed, (HANDLE)0x7ffffffc, (HANDLE)1, event, port};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        DENIES(CreateIoCompletionPort(files[i], port, 0, 0), ERROR_INVALID_HANDLE);
        DENIES(CreateIoCompletionPort(files[i], NULL, 0, 0), ERROR_INVALID_HANDLE);
        DENIES(SetFileCompletionNotificationModes(files[i], 0), ERROR_INVALID_HANDLE);
    }
    DENIES(CreateIoCompletionPort(NO_FILE, port, 0, 0), ERROR_INVALID_PARAMETER);
}

TEST(what_is_no_port_is_refused, "NEED-K1")
{
    startup();
    OVERLAPPED_ENTRY entry;
    DWORD count = 1;
    SOCKET s = overlapped_tcp();
    HANDLE port = new_port(), closed = new_port(), event = WSACreateEvent();
    DOES(CloseHandle(closed));
    HANDLE ports[] = {closed, (HANDLE)s, event, (HANDLE)1, (HANDLE)0x7ffffffc, INVALID_HANDLE_VALUE, NULL};
    for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++) {
        if (ports[i] != NULL)
            DENIES(CreateIoCompletionPort((HANDLE)s, ports[i], 0, 0), ERROR_INVALID_HANDLE);
        DENIES(PostQueuedCompletionStatus(ports[i], 0, 0, NULL), ERROR_INVALID_HANDLE);
        DENIES(GetQueuedCompletionStatusEx(ports[i], &entry, 1, &count, 0, FALSE), ERROR_INVALID_HANDLE);
        struct packet packet = take(ports[i], INFINITE);
        EQUAL(packet.succeeded, FALSE);
        EQUAL(packet.code, ERROR_INVALID_HANDLE);
        CHECK(packet.overlapped == NULL);
    }
    /* None of that has used up the one association that the socket may have. */
    associate(s, port, 0);
}

TEST(a_socket_must_be_overlapped, "NEED-K1")
{
    int descriptors;
    startup();
    HANDLE port = new_port();
    SOCKET s = tcp();
    descriptors = posix_open_descriptors();
    DENIES(CreateIoCompletionPort((HANDLE)s, port, 0, 0), ERROR_INVALID_PARAMETER);
    DENIES(CreateIoCompletionPort((HANDLE)s, NULL, 0, 0), ERROR_INVALID_PARAMETER);
    DENIES(SetFileCompletionNotificationModes((HANDLE)s, 0), ERROR_INVALID_PARAMETER);
    /* The port that was made for it is gone. */
    EQUAL(posix_open_descriptors(), descriptors);
}

TEST(a_socket_has_one_port, "NEED-K1 NEED-S8")
{
    WSAPROTOCOL_INFOW info;
    startup();
    HANDLE port = new_port();
    SOCKET s = overlapped_tcp();
    associate(s, port, 1);
    DENIES(CreateIoCompletionPort((HANDLE)s, port, 1, 0), ERROR_INVALID_PARAMETER);
    DENIES(CreateIoCompletionPort((HANDLE)s, new_port(), 2, 0), ERROR_INVALID_PARAMETER);
    DENIES(CreateIoCompletionPort((HANDLE)s, NULL, 2, 0), ERROR_INVALID_PARAMETER);
    /* The association is the socket's, whichever handle names it. */
    SUCCEEDS(WSPDuplicateSocket(s, (DWORD)posix_process(), &info, &error));
    SOCKET same = WSPSocket(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info, 0, 0, &error);
    CHECK(same != INVALID_SOCKET);
    DENIES(CreateIoCompletionPort((HANDLE)same, port, 1, 0), ERROR_INVALID_PARAMETER);
}

TEST(one_call_makes_the_port_and_associates, "NEED-K1")
{
    int peer;
    char room[4];
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    HANDLE port = CreateIoCompletionPort((HANDLE)s, NULL, 5, 0);
    CHECK(port != NULL);
    posix_write(peer, "x", 1);
    int code = receive_later(s, room, sizeof room, &overlapped);
    CHECK(code == 0 || code == WSA_IO_PENDING);
    EQUAL(take(port, INFINITE).key, 5);
}

/* An accepted socket takes after its listener in much, but not in this. */
TEST(an_accepted_socket_has_no_port_yet, "NEED-K1")
{
    struct sockaddr_in address;
    startup();
    HANDLE port = new_port();
    SOCKET listening = overlapped_tcp(), client = tcp();
    address = bind_loopback(listening);
    SUCCEEDS(WSPListen(listening, 5, &error));
    associate(listening, port, 1);
    SUCCEEDS(connect_to(client, &address));
    SOCKET accepted = WSPAccept(listening, NULL, NULL, NULL, 0, &error);
    CHECK(accepted != INVALID_SOCKET);
    associate(accepted, port, 2);
}

/* ---- Posted packets ---- */

TEST(posted_packets_come_out_unchanged, "NEED-K1")
{
    static const struct packet packets[] = {
        {.bytes = 0, .key = 0, .overlapped = NULL},
        {.bytes = 0xffffffff, .key = ~(ULONG_PTR)0, .overlapped = (OVERLAPPED *)~(ULONG_PTR)0},
        {.bytes = 7, .key = 3, .overlapped = (OVERLAPPED *)1},
        {.bytes = 0x80000000, .key = 0x123456789abcdef0, .overlapped = NULL},
    };
    enum { COUNT = sizeof packets / sizeof packets[0] };
    HANDLE port = new_port();
    for (int i = 0; i < COUNT; i++)
        DOES(PostQueuedCompletionStatus(port, packets[i].bytes, packets[i].key, packets[i].overlapped));
    for (int i = 0; i < COUNT; i++) {
        struct packet packet = take(port, i == 0 ? 0 : INFINITE);
        EQUAL(packet.succeeded, TRUE);
        EQUAL(packet.code, 0);
        EQUAL(packet.bytes, packets[i].bytes);
        EQUAL(packet.key, packets[i].key);
        CHECK(packet.overlapped == packets[i].overlapped);
    }
    EMPTY(port);
}

TEST(without_a_packet_only_the_overlapped_is_written, "NEED-K1")
{
    HANDLE port = new_port();
    for (DWORD milliseconds = 0; milliseconds < 30; milliseconds += 15) {
        long long before = posix_milliseconds();
        struct packet packet = take(port, milliseconds);
        CHECK(posix_milliseconds() - before >= milliseconds);
        EQUAL(packet.succeeded, FALSE);
        EQUAL(packet.code, WAIT_TIMEOUT);
        EQUAL(packet.bytes, 0xabcdef);
        EQUAL(packet.key, 0xfedcba);
        CHECK(packet.overlapped == NULL);
    }
}

/* A packet that cannot be handed over stays first in line. */
TEST(bad_pointers_lose_no_packet, "NEED-K1 OBS.44")
{
    DWORD bytes, count;
    ULONG_PTR key;
    OVERLAPPED *overlapped;
    OVERLAPPED_ENTRY entries[2];
    HANDLE port = new_port();
    char *fence = posix_fenced(8192) + 4096;
    for (DWORD i = 1; i <= 3; i++)
        DOES(PostQueuedCompletionStatus(port, i, 0, NULL));
    for (int round = 0; round < 2; round++) {
        void *bad = round == 0 ? NULL : fence;
        DENIES(GetQueuedCompletionStatus(port, bad, &key, &overlapped, 0), ERROR_NOACCESS);
        DENIES(GetQueuedCompletionStatus(port, &bytes, bad, &overlapped, 0), ERROR_NOACCESS);
        DENIES(GetQueuedCompletionStatus(port, &bytes, &key, bad, 0), ERROR_NOACCESS);
        DENIES(GetQueuedCompletionStatusEx(port, bad, 2, &count, 0, FALSE), ERROR_NOACCESS);
        DENIES(GetQueuedCompletionStatusEx(port, entries, 2, bad, 0, FALSE), ERROR_NOACCESS);
    }
    /* Half of the entries fit. */
    OVERLAPPED_ENTRY *last = (OVERLAPPED_ENTRY *)fence - 1;
    DENIES(GetQueuedCompletionStatusEx(port, last, 2, &count, 0, FALSE), ERROR_NOACCESS);
    for (DWORD i = 1; i <= 3; i++)
        EQUAL(take(port, 0).bytes, i);
    EMPTY(port);
}

/* ---- Packets of requests ---- */

TEST(a_late_receive_yields_a_packet, "NEED-S8 NEED-K1")
{
    int peer;
    char room[16];
    DWORD count, flags;
    OVERLAPPED overlapped = {0};
    startup();
    HANDLE port = new_port();
    SOCKET s = associated_with_peer(port, 77, &peer);
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
    EMPTY(port);
    posix_write(peer, "hello", 5);
    struct packet packet = take(port, INFINITE);
    EQUAL(packet.succeeded, TRUE);
    EQUAL(packet.bytes, 5);
    EQUAL(packet.key, 77);
    CHECK(packet.overlapped == &overlapped);
    EQUAL(WSPGetOverlappedResult(s, &overlapped, &count, FALSE, &flags, &error), TRUE);
    EQUAL(count, 5);
    EMPTY(port);
}

TEST(a_request_that_succeeds_at_once_yields_a_packet, "NEED-S8 OV.3")
{
    int peer;
    char room[16];
    DWORD count, flags;
    OVERLAPPED receive = {0}, send = {0};
    startup();
    HANDLE port = new_port();
    SOCKET s = associated_with_peer(port, 1, &peer);
    EQUAL(send_later(s, "abc", 3, &send), 0);
    struct packet packet = take(port, 0);
    EQUAL(packet.succeeded, TRUE);
    EQUAL(packet.bytes, 3);
    CHECK(packet.overlapped == &send);
    EMPTY(port);
    posix_write(peer, "hello", 5);
    EVENTUALLY(bytes_waiting(s) == 5);
    EQUAL(receive_later(s, room, sizeof room, &receive), 0);
    packet = take(port, 0);
    EQUAL(packet.bytes, 5);
    CHECK(packet.overlapped == &receive);
    EQUAL(WSPGetOverlappedResult(s, &receive, &count, FALSE, &flags, &error), TRUE);
    EQUAL(count, 5);
    EMPTY(port);
}

/* The end of the stream is a success with nothing in it. */
TEST(a_receive_of_nothing_yields_a_packet, "NEED-S8")
{
    int peer;
    char room[16];
    OVERLAPPED overlapped = {0};
    startup();
    HANDLE port = new_port();
    SOCKET s = associated_with_peer(port, 1, &peer);
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
    posix_close(peer);
    struct packet packet = take(port, INFINITE);
    EQUAL(packet.succeeded, TRUE);
    EQUAL(packet.bytes, 0);
    CHECK(packet.overlapped == &overlapped);
}

TEST(a_failed_request_yields_a_packet, "NEED-S8 NEED-K1 OV.21")
{
    int peer;
    char room[16];
    DWORD count, flags;
    OVERLAPPED overlapped = {0};
    startup();
    HANDLE port = new_port();
    SOCKET s = associated_with_peer(port, 9, &peer);
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
    posix_reset(peer);
    struct packet packet = take(port, INFINITE);
    EQUAL(packet.succeeded, FALSE);
    EQUAL(packet.code, ERROR_NETNAME_DELETED);
    EQUAL(packet.bytes, 0);
    EQUAL(packet.key, 9);
    CHECK(packet.overlapped == &overlapped);
    EQUAL((LONG)overlapped.Internal, STATUS_CONNECTION_RESET);
    FAILS(WSPGetOverlappedResult(s, &overlapped, &count, FALSE, &flags, &error), WSAECONNRESET);
}

/* A failure may have brought something: as much of a datagram as there was room for. */
TEST(a_packet_tells_what_a_failed_request_brought, "NEED-S8 NEED-K1")
{
    char room[4];
    OVERLAPPED overlapped = {0};
    startup();
    HANDLE port = new_port();
    SOCKET s = WSPSocket(AF_INET, SOCK_DGRAM, IPPROTO_UDP, NULL, 0, WSA_FLAG_OVERLAPPED, &error);
    struct sockaddr_in address = bind_loopback(s);
    associate(s, port, 1);
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
    posix_datagram(ntohs(address.sin_port), "too long", 8);
    struct packet packet = take(port, INFINITE);
    EQUAL(packet.succeeded, FALSE);
    EQUAL(packet.code, ERROR_MORE_DATA);
    EQUAL(packet.bytes, 4);
    CHECK(packet.overlapped == &overlapped);
    EQUAL((LONG)overlapped.Internal, STATUS_BUFFER_OVERFLOW);
}

TEST(what_was_not_started_yields_no_packet, "OV.5")
{
    char room[4];
    OVERLAPPED overlapped = {0};
    startup();
    HANDLE port = new_port();
    SOCKET s = overlapped_tcp();
    associate(s, port, 1);
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSAENOTCONN);
    EQUAL(send_later(s, room, sizeof room, &overlapped), WSAENOTCONN);
    EMPTY(port);
}

TEST(closing_a_socket_yields_packets, "OV.22 WSPCloseSocket.3 NEED-K1")
{
    enum { REQUESTS = 5 };
    int peer;
    char room[4];
    OVERLAPPED overlapped[REQUESTS] = {{0}};
    startup();
    HANDLE port = new_port();
    SOCKET s = associated_with_peer(port, 6, &peer);
    for (int i = 0; i < REQUESTS; i++)
        EQUAL(receive_later(s, room, sizeof room, &overlapped[i]), WSA_IO_PENDING);
    SUCCEEDS(WSPCloseSocket(s, &error));
    for (int i = 0; i < REQUESTS; i++) {
        struct packet packet = take(port, 0);
        EQUAL(packet.succeeded, FALSE);
        EQUAL(packet.code, ERROR_OPERATION_ABORTED);
        EQUAL(packet.bytes, 0);
        EQUAL(packet.key, 6);
        CHECK(packet.overlapped == &overlapped[i]);
        EQUAL((LONG)packet.overlapped->Internal, STATUS_CANCELLED);
    }
    EMPTY(port);
}

/* The port is no socket of the provider's: it goes on when the last cleanup has ended them, without a word. */
TEST(cleanup_yields_no_packets, "OV.22 WSPCleanup.4")
{
    int peer;
    char room[4];
    OVERLAPPED overlapped = {0};
    startup();
    HANDLE port = new_port();
    SOCKET s = associated_with_peer(port, 6, &peer);
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
    SUCCEEDS(WSPCleanup(&error));
    EQUAL(overlapped.OffsetHigh, WSA_OPERATION_ABORTED);
    EMPTY(port);
    DOES(PostQueuedCompletionStatus(port, 1, 2, NULL));
    EQUAL(take(port, 0).key, 2);
}

/* Packets of one socket come in the order in which its requests were carried out. */
TEST(packets_come_in_posting_order, "OV.17")
{
    enum { REQUESTS = 100 };
    static OVERLAPPED overlapped[REQUESTS];
    static char rooms[REQUESTS][4];
    int peer;
    startup();
    HANDLE port = new_port();
    SOCKET s = associated_with_peer(port, 1, &peer);
    for (int i = 0; i < REQUESTS; i++)
        EQUAL(receive_later(s, rooms[i], 4, &overlapped[i]), WSA_IO_PENDING);
    for (int i = 0; i < REQUESTS; i++)
        posix_write(peer, &(int){i}, 4);
    for (int i = 0; i < REQUESTS; i++) {
        CHECK(take(port, INFINITE).overlapped == &overlapped[i]);
        EQUAL(*(int *)rooms[i], i);
    }
}

/* ---- What else tells of a request ---- */

TEST(an_event_is_set_beside_the_packet, "OV.9 NEED-K1")
{
    int peer;
    char room[4];
    OVERLAPPED overlapped = {0};
    startup();
    HANDLE port = new_port();
    SOCKET s = associated_with_peer(port, 1, &peer);
    overlapped.hEvent = new_event();
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
    posix_write(peer, "x", 1);
    CHECK(take(port, INFINITE).overlapped == &overlapped);
    CHECK(is_signalled(overlapped.hEvent));
}

/* With the low bit of hEvent the event alone tells, of success at once, success later and failure alike. */
TEST(the_low_bit_of_the_event_keeps_the_packet_away, "NEED-S9")
{
    int peer;
    char room[4];
    OVERLAPPED overlapped = {0};
    startup();
    HANDLE port = new_port(), event = new_event();
    SOCKET s = associated_with_peer(port, 1, &peer);
    overlapped.hEvent = (HANDLE)((ULONG_PTR)event | 1);
    EQUAL(send_later(s, "abc", 3, &overlapped), 0);
    CHECK(is_signalled(event));
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
    CHECK(!is_signalled(event));
    posix_write(peer, "x", 1);
    EQUAL(wait_for(event, INFINITE), WSA_WAIT_EVENT_0);
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
    SUCCEEDS(WSPCloseSocket(s, &error));
    CHECK(is_signalled(event));
    EMPTY(port);
}

static void CALLBACK ignore(DWORD code, DWORD count, OVERLAPPED *overlapped, DWORD flags)
{
    (void)code, (void)count, (void)overlapped, (void)flags;
}

/* One completion action at a time: with a port there are no routines. */
TEST(a_port_and_a_routine_do_not_go_together, "OV.10 NEED-K1")
{
    int peer;
    char room[4];
    WSABUF buffer = {sizeof room, room};
    DWORD count, flags = 0;
    OVERLAPPED overlapped = {0};
    startup();
    HANDLE port = new_port();
    SOCKET s = associated_with_peer(port, 1, &peer);
    FAILS(WSPRecv(s, &buffer, 1, &count, &flags, &overlapped, ignore, NULL, &error), WSAEINVAL);
    FAILS(WSPSend(s, &buffer, 1, &count, 0, &overlapped, ignore, NULL, &error), WSAEINVAL);
    EMPTY(port);
}

/* The port gets what ends once it is there, but nothing of a request that has a routine. */
TEST(requests_before_the_association_report_to_the_port, "NEED-K1 OV.13")
{
    int peer;
    char rooms[3][4];
    WSABUF buffer = {4, rooms[0]};
    DWORD count, flags = 0;
    OVERLAPPED routine = {0}, plain = {0}, later = {0};
    startup();
    HANDLE port = new_port();
    SOCKET s = overlapped_with_peer(&peer);
    FAILS(WSPRecv(s, &buffer, 1, &count, &flags, &routine, ignore, NULL, &error), WSA_IO_PENDING);
    EQUAL(receive_later(s, rooms[1], 4, &plain), WSA_IO_PENDING);
    associate(s, port, 3);
    EQUAL(receive_later(s, rooms[2], 4, &later), WSA_IO_PENDING);
    posix_write(peer, "onetwothr", 9);
    EVENTUALLY(HasOverlappedIoCompleted(&routine));
    CHECK(take(port, INFINITE).overlapped == &plain);
    EQUAL(plain.InternalHigh, 4);
    CHECK(take(port, INFINITE).overlapped == &later);
    EMPTY(port);
    HANDLE never = new_event();
    EQUAL(WSAWaitForMultipleEvents(1, &never, FALSE, 0, TRUE), WSA_WAIT_IO_COMPLETION);
}

/* ---- Leaving packets out ---- */

TEST(success_at_once_can_go_without_a_packet, "NEED-K1")
{
    int peer;
    char room[4];
    OVERLAPPED overlapped = {0};
    startup();
    HANDLE port = new_port();
    SOCKET s = associated_with_peer(port, 1, &peer);
    overlapped.hEvent = new_event();
    DOES(SetFileCompletionNotificationModes((HANDLE)s, FILE_SKIP_COMPLETION_PORT_ON_SUCCESS));
    EQUAL(send_later(s, "abc", 3, &overlapped), 0);
    EMPTY(port);
    CHECK(is_signalled(overlapped.hEvent));
    /* What was pending has its packet, success or not. */
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
    posix_write(peer, "x", 1);
    CHECK(take(port, INFINITE).overlapped == &overlapped);
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
    SUCCEEDS(WSPCloseSocket(s, &error));
    EQUAL(take(port, 0).code, ERROR_OPERATION_ABORTED);
    EMPTY(port);
}

TEST(notification_modes_are_added_only, "NEED-K1")
{
    OVERLAPPED overlapped = {0};
    int peer;
    startup();
    HANDLE port = new_port();
    SOCKET s = associated_with_peer(port, 1, &peer);
    DOES(SetFileCompletionNotificationModes((HANDLE)s, FILE_SKIP_SET_EVENT_ON_HANDLE));
    EQUAL(send_later(s, "abc", 3, &overlapped), 0);
    CHECK(take(port, 0).overlapped == &overlapped);
    DENIES(SetFileCompletionNotificationModes((HANDLE)s, 4), ERROR_INVALID_PARAMETER);
    DENIES(SetFileCompletionNotificationModes((HANDLE)s, 0xff), ERROR_INVALID_PARAMETER);
    DOES(SetFileCompletionNotificationModes((HANDLE)s, 3));
    DOES(SetFileCompletionNotificationModes((HANDLE)s, 0));
    EQUAL(send_later(s, "abc", 3, &overlapped), 0);
    EMPTY(port);
}

/* ---- Many packets at once ---- */

TEST(many_packets_are_taken_at_once, "NEED-K1")
{
    enum { POSTED = 100 };
    OVERLAPPED_ENTRY entries[POSTED];
    ULONG count = 0;
    HANDLE port = new_port();
    for (DWORD i = 0; i < POSTED; i++)
        DOES(PostQueuedCompletionStatus(port, i, i + 1, (OVERLAPPED *)(size_t)(i + 2)));
    DOES(GetQueuedCompletionStatusEx(port, entries, 2, &count, INFINITE, FALSE));
    EQUAL(count, 2);
    EQUAL(entries[1].dwNumberOfBytesTransferred, 1);
    DOES(GetQueuedCompletionStatusEx(port, entries, POSTED, &count, 0, TRUE));
    EQUAL(count, POSTED - 2);
    for (DWORD i = 0; i < count; i++) {
        EQUAL(entries[i].dwNumberOfBytesTransferred, i + 2);
        EQUAL(entries[i].lpCompletionKey, i + 3);
        EQUAL(entries[i].lpOverlapped, i + 4);
        EQUAL(entries[i].Internal, STATUS_SUCCESS);
    }
    DENIES(GetQueuedCompletionStatusEx(port, entries, POSTED, &count, 0, FALSE), WAIT_TIMEOUT);
    EQUAL(count, 0);
    DENIES(GetQueuedCompletionStatusEx(port, entries, POSTED, &count, 15, TRUE), WAIT_TIMEOUT);
    DENIES(GetQueuedCompletionStatusEx(port, entries, 0, &count, 0, FALSE), ERROR_INVALID_PARAMETER);
}

/* It succeeds whatever the requests did, and each entry has its status. */
TEST(entries_have_the_status_of_their_request, "NEED-K1 OV.21")
{
    int peers[3];
    SOCKET sockets[3];
    char room[4];
    OVERLAPPED overlapped[3] = {{0}};
    OVERLAPPED_ENTRY entries[3];
    LONG statuses[3] = {0};
    startup();
    HANDLE port = new_port();
    for (size_t i = 0; i < 3; i++) {
        sockets[i] = associated_with_peer(port, i, &peers[i]);
        EQUAL(receive_later(sockets[i], room, sizeof room, &overlapped[i]), WSA_IO_PENDING);
    }
    posix_write(peers[0], "abc", 3);
    posix_reset(peers[1]);
    SUCCEEDS(WSPCloseSocket(sockets[2], &error));
    for (ULONG all = 0, count; all < 3; all += count) {
        DOES(GetQueuedCompletionStatusEx(port, entries, 3, &count, INFINITE, FALSE));
        for (ULONG i = 0; i < count; i++) {
            ULONG_PTR key = entries[i].lpCompletionKey;
            CHECK(entries[i].lpOverlapped == &overlapped[key]);
            EQUAL(entries[i].Internal, overlapped[key].Internal);
            EQUAL(entries[i].dwNumberOfBytesTransferred, key == 0 ? 3 : 0);
            statuses[key] = (LONG)entries[i].Internal;
        }
    }
    EQUAL(statuses[0], STATUS_SUCCESS);
    EQUAL(statuses[1], STATUS_CONNECTION_RESET);
    EQUAL(statuses[2], STATUS_CANCELLED);
}

static int told_of;

static void CALLBACK note(DWORD code, DWORD count, OVERLAPPED *overlapped, DWORD flags)
{
    (void)overlapped, (void)flags;
    EQUAL(code, 0);
    told_of = (int)count;
}

/* Where a packet is there, nothing else is looked at. */
TEST(an_alertable_wait_runs_routines, "NEED-K3 NEED-K1")
{
    int peer;
    char room[8];
    WSABUF buffer = {sizeof room, room};
    DWORD flags = 0;
    ULONG count;
    OVERLAPPED overlapped = {0};
    OVERLAPPED_ENTRY entries[2];
    startup();
    HANDLE port = new_port();
    SOCKET s = overlapped_with_peer(&peer);
    posix_write(peer, "hello", 5);
    int answer = WSPRecv(s, &buffer, 1, &count, &flags, &overlapped, note, NULL, &error);
    CHECK(answer == 0 || error == WSA_IO_PENDING);
    EVENTUALLY(HasOverlappedIoCompleted(&overlapped));
    DOES(PostQueuedCompletionStatus(port, 0, 0, NULL));
    DOES(GetQueuedCompletionStatusEx(port, entries, 2, &count, INFINITE, TRUE));
    DENIES(GetQueuedCompletionStatusEx(port, entries, 2, &count, 0, FALSE), WAIT_TIMEOUT);
    EQUAL(told_of, 0);
    DENIES(GetQueuedCompletionStatusEx(port, entries, 2, &count, INFINITE, TRUE), WAIT_IO_COMPLETION);
    EQUAL(count, 0);
    EQUAL(told_of, 5);
}

/* ---- Waiting ---- */

struct waiter {
    HANDLE port;
    pthread_t thread;
    int number;
    BOOL alertable;
    struct packet packet;
};

static void *wait_at_port(void *argument)
{
    struct waiter *waiter = argument;
    __atomic_store_n(&waiter->number, posix_thread(), __ATOMIC_SEQ_CST);
    if (waiter->alertable) {
        OVERLAPPED_ENTRY entry;
        ULONG count;
        SetLastError(0);
        waiter->packet.succeeded = GetQueuedCompletionStatusEx(waiter->port, &entry, 1, &count, INFINITE, TRUE);
        waiter->packet.code = GetLastError();
        waiter->packet.key = count == 1 ? entry.lpCompletionKey : 0;
    } else {
        waiter->packet = take(waiter->port, INFINITE);
    }
    return NULL;
}

/* A thread that sleeps at the port. */
static void start_waiter(struct waiter *waiter, HANDLE port)
{
    waiter->port = port;
    waiter->thread = start_thread(wait_at_port, waiter);
    EVENTUALLY(__atomic_load_n(&waiter->number, __ATOMIC_SEQ_CST) != 0);
    posix_await_call(waiter->number, SYS_epoll_pwait);
}

static void handler(int number)
{
    (void)number;
}

TEST(an_infinite_wait_ends_only_by_a_packet, "NEED-K1")
{
    for (BOOL alertable = FALSE; alertable <= TRUE; alertable++) {
        struct waiter waiter = {.alertable = alertable};
        HANDLE port = new_port();
        start_waiter(&waiter, port);
        for (int round = 0; round < 3; round++) {
            posix_signal(waiter.number, handler);
            posix_await_call(waiter.number, SYS_epoll_pwait);
        }
        DOES(PostQueuedCompletionStatus(port, 0, 5, NULL));
        join_thread(waiter.thread);
        EQUAL(waiter.packet.succeeded, TRUE);
        EQUAL(waiter.packet.key, 5);
    }
}

/* Each of them finds out, however they wait. */
TEST(closing_a_port_wakes_its_waiters, "NEED-K1")
{
    struct waiter waiters[6] = {{0}};
    HANDLE port = new_port();
    for (int i = 0; i < 6; i++) {
        waiters[i].alertable = i % 3 == 2;
        start_waiter(&waiters[i], port);
    }
    DOES(CloseHandle(port));
    for (int i = 0; i < 6; i++) {
        join_thread(waiters[i].thread);
        EQUAL(waiters[i].packet.succeeded, FALSE);
        EQUAL(waiters[i].packet.code, ERROR_ABANDONED_WAIT_0);
        CHECK(waiters[i].packet.overlapped == NULL);
    }
    EQUAL(take(port, 0).code, ERROR_INVALID_HANDLE);
}

TEST(cleanup_does_not_end_waits_at_a_port, "WSPCleanup.4 NEED-K1")
{
    struct waiter waiter = {0};
    int peer;
    char room[4];
    OVERLAPPED overlapped = {0};
    startup();
    HANDLE port = new_port();
    SOCKET s = associated_with_peer(port, 1, &peer);
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
    start_waiter(&waiter, port);
    SUCCEEDS(WSPCleanup(&error));
    posix_await_call(waiter.number, SYS_epoll_pwait);
    DOES(PostQueuedCompletionStatus(port, 0, 5, NULL));
    join_thread(waiter.thread);
    EQUAL(waiter.packet.key, 5);
}

/* ---- A port and its sockets ---- */

/* Requests go on when nobody waits at their port, also at one that has outlived a cleanup. */
TEST(requests_go_on_where_nobody_waits, "OV.9 WSPCleanup.9")
{
    HANDLE port = new_port();
    for (int round = 0; round < 3; round++) {
        int peer;
        char room[4];
        OVERLAPPED overlapped = {0};
        startup();
        SOCKET s = associated_with_peer(port, 1, &peer);
        EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
        posix_write(peer, "x", 1);
        EVENTUALLY(HasOverlappedIoCompleted(&overlapped));
        CHECK(take(port, INFINITE).overlapped == &overlapped);
        EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
        SUCCEEDS(WSPCleanup(&error));
    }
}

/* The packets go nowhere; all else is as before, and with the last socket the port is gone. */
TEST(sockets_go_on_after_their_port_is_closed, "NEED-K1 OV.9")
{
    int descriptors, peer, another;
    char room[4];
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET first = overlapped_with_peer(&another), other = overlapped_with_peer(&peer);
    EQUAL(receive_later(first, room, sizeof room, &overlapped), WSA_IO_PENDING);
    SUCCEEDS(WSPCloseSocket(first, &error));
    SUCCEEDS(WSPCloseSocket(other, &error));
    posix_close(peer);
    posix_close(another);
    descriptors = posix_open_descriptors();
    HANDLE port = new_port();
    SOCKET s = associated_with_peer(port, 1, &peer);
    overlapped.hEvent = new_event();
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
    DOES(CloseHandle(port));
    posix_write(peer, "x", 1);
    EQUAL(wait_for(overlapped.hEvent, INFINITE), WSA_WAIT_EVENT_0);
    EQUAL(overlapped.InternalHigh, 1);
    for (int round = 0; round < 100; round++)
        EQUAL(send_later(s, "y", 1, &overlapped), 0);
    DENIES(CreateIoCompletionPort((HANDLE)s, new_port(), 1, 0), ERROR_INVALID_PARAMETER);
    SUCCEEDS(WSPCloseSocket(s, &error));
    posix_close(peer);
    EVENTUALLY(posix_open_descriptors() <= descriptors + 2);
}

/* Not even into memory. */
TEST(packets_to_a_closed_port_are_not_kept, "NEED-K1")
{
    enum { SENDS = 2000 };
    int peer;
    OVERLAPPED overlapped = {0};
    startup();
    HANDLE port = new_port();
    SOCKET s = associated_with_peer(port, 1, &peer);
    EQUAL(send_later(s, "x", 1, &overlapped), 0);
    DOES(CloseHandle(port));
    size_t before = mallinfo2().uordblks;
    for (int i = 0; i < SENDS; i++)
        EQUAL(send_later(s, "x", 1, &overlapped), 0);
    CHECK(mallinfo2().uordblks < before + SENDS * sizeof(OVERLAPPED_ENTRY) / 2);
}

/* In the child of a fork a port is the child's own: empty, and in working order. */
TEST(a_forked_child_has_a_port_of_its_own, "NEED-K1")
{
    int peer;
    char room[4];
    OVERLAPPED overlapped = {0};
    startup();
    HANDLE port = new_port();
    SOCKET s = associated_with_peer(port, 1, &peer);
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
    DOES(PostQueuedCompletionStatus(port, 0, 1, NULL));
    int child = posix_fork();
    if (child == 0) {
        EMPTY(port);
        DOES(PostQueuedCompletionStatus(port, 0, 2, NULL));
        EQUAL(take(port, INFINITE).key, 2);
        SOCKET own = associated_with_peer(port, 3, &peer);
        EQUAL(receive_later(own, room, sizeof room, &overlapped), WSA_IO_PENDING);
        posix_write(peer, "x", 1);
        EQUAL(take(port, INFINITE).key, 3);
        exit(0);
    }
    EQUAL(posix_wait(child), 0);
    EQUAL(take(port, INFINITE).key, 1);
    EMPTY(port);
    posix_write(peer, "x", 1);
    CHECK(take(port, INFINITE).overlapped == &overlapped);
}

/* Also one that is closed, and lives on with its sockets only. */
TEST(a_forked_child_goes_on_without_the_port, "NEED-K1 OV.9")
{
    int peer;
    char room[4];
    OVERLAPPED overlapped = {0};
    startup();
    HANDLE port = new_port();
    SOCKET s = associated_with_peer(port, 1, &peer);
    EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
    DOES(CloseHandle(port));
    posix_write(peer, "x", 1);
    EVENTUALLY(HasOverlappedIoCompleted(&overlapped));
    int child = posix_fork();
    if (child == 0) {
        overlapped.hEvent = new_event();
        EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
        posix_write(peer, "yy", 2);
        EQUAL(wait_for(overlapped.hEvent, INFINITE), WSA_WAIT_EVENT_0);
        EQUAL(overlapped.InternalHigh, 2);
        exit(0);
    }
    EQUAL(posix_wait(child), 0);
    EQUAL(overlapped.InternalHigh, 1);
}
