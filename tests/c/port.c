/* Completion ports: associations, packets, and what the functions say. */
#include "port.h"

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
        struct packet packet = take(port, INFINITE);
        EQUAL(packet.succeeded, TRUE);
        EQUAL(packet.bytes, packets[i].bytes);
        EQUAL(packet.key, packets[i].key);
        CHECK(packet.overlapped == packets[i].overlapped);
    }
    EMPTY(port);
}

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
