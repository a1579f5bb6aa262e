/* TransmitPackets. */
#include "transmit.h"

static LPFN_TRANSMITPACKETS packets_function;

#define TransmitPackets (*packets_function)

#define BY_ELEMENTS 0xffffffff

/* Starts the provider, and asks for TransmitPackets. */
static void start(void)
{
    static const GUID guid = WSAID_TRANSMITPACKETS;
    startup();
    SOCKET s = udp();
    *(void **)&packets_function = extension_function(s, guid);
    SUCCEEDS(WSPCloseSocket(s, &error));
}

static TRANSMIT_PACKETS_ELEMENT memory(const void *bytes, unsigned long length, ULONG flags)
{
    TRANSMIT_PACKETS_ELEMENT element = {.dwElFlags = TP_ELEMENT_MEMORY | flags, .cLength = (ULONG)length};
    element.pBuffer = (void *)bytes;
    return element;
}

static TRANSMIT_PACKETS_ELEMENT part(HANDLE file, long long offset, unsigned long length, ULONG flags)
{
    TRANSMIT_PACKETS_ELEMENT element = {.dwElFlags = TP_ELEMENT_FILE | flags, .cLength = (ULONG)length};
    element.nFileOffset.QuadPart = offset;
    element.hFile = file;
    return element;
}

/* Two UDP sockets, of which the second is connected to the first. */
static void udp_pair(SOCKET pair[2])
{
    struct sockaddr_in address;
    pair[0] = udp();
    address = bind_loopback(pair[0]);
    pair[1] = WSPSocket(AF_INET, SOCK_DGRAM, IPPROTO_UDP, NULL, 0, WSA_FLAG_OVERLAPPED, &error);
    CHECK(pair[1] != INVALID_SOCKET);
    SUCCEEDS(connect_to(pair[1], &address));
}

static void expect_datagram(SOCKET s, const void *bytes, unsigned long length)
{
    static unsigned char got[1 << 16];
    DWORD count;
    SUCCEEDS(receive_bytes(s, got, sizeof got, &count, 0));
    EQUAL(count, length);
    CHECK(memcmp(got, bytes, length) == 0);
}

TEST(elements_go_out_one_after_the_other, "NEED-S12 NEED-K5")
{
    int peer;
    start();
    SOCKET s = connect_posix(&peer);
    HANDLE file = new_handle(100000);
    TRANSMIT_PACKETS_ELEMENT elements[] = {
        memory("one", 3, 0),
        part(file, 50, 1000, 0),
        memory("", 0, TP_ELEMENT_EOP),
        memory("two", 3, TP_ELEMENT_EOP),
        part(file, 99000, 0, TP_ELEMENT_EOP),
        part(file, 100000, 0, 0),
        part(new_handle(0), 0, 0, 0),
        part(file, 99990, 5000, 0),
        memory("end", 3, 0),
    };
    /* A file is the default. */
    elements[4].dwElFlags &= ~(ULONG)TP_ELEMENT_FILE;
    DONE(TransmitPackets(s, elements, sizeof elements / sizeof *elements, 700, NULL, TF_USE_SYSTEM_THREAD));
    expect_text(peer, "one");
    expect(peer, 50, 1000);
    expect_text(peer, "two");
    expect(peer, 99000, 1000);
    expect(peer, 99990, 10);
    expect_text(peer, "end");
    /* Nothing at all. */
    DONE(TransmitPackets(s, NULL, 0, 0, NULL, 0));
    SUCCEEDS(WSPCloseSocket(s, &error));
    EQUAL(posix_drain(peer, NULL), 0);
}

/* -1 is where the file stands; what comes there next is behind it. If nothing is sent, nothing moves. */
TEST(elements_move_the_current_offset_on, "NEED-S12")
{
    int peer, fd = new_file(1000), other = new_file(1000);
    start();
    SOCKET s = connect_posix(&peer);
    HANDLE file = open_file(fd);
    TRANSMIT_PACKETS_ELEMENT elements[] = {part(file, -1, 100, 0), part(file, 5, 3, 0), part(open_file(other), -1, 50, 0),
                                           part(file, -1, 200, 0), {0}};
    EQUAL(lseek(fd, 300, SEEK_SET), 300);
    elements[4].dwElFlags = 8;
    REFUSED(TransmitPackets(s, elements, 5, 0, NULL, 0), WSAEINVAL);
    EQUAL(lseek(fd, 0, SEEK_CUR), 300);
    EQUAL(lseek(other, 0, SEEK_CUR), 0);
    DONE(TransmitPackets(s, elements, 4, 0, NULL, 0));
    expect(peer, 300, 100);
    expect(peer, 5, 3);
    expect(peer, 0, 50);
    expect(peer, 400, 200);
    EQUAL(lseek(fd, 0, SEEK_CUR), 600);
    EQUAL(lseek(other, 0, SEEK_CUR), 50);
}

TEST(much_goes_out_later_and_in_order, "NEED-S12 OV.4 OV.6 OV.7 OV.17")
{
    static unsigned char bytes[MUCH / 2];
    OVERLAPPED overlapped = {0}, next = {0};
    DWORD count;
    int peer;
    start();
    SOCKET s = overlapped_with_peer(&peer);
    fill(bytes, 0, sizeof bytes);
    HANDLE file = new_handle(MUCH);
    TRANSMIT_PACKETS_ELEMENT elements[] = {memory(bytes, sizeof bytes, 0), part(file, sizeof bytes, 0, 0)};
    REFUSED(TransmitPackets(s, elements, 2, 0, &overlapped, 0), WSA_IO_PENDING);
    memset(elements, 0x11, sizeof elements);
    CHECK(CloseHandle(file));
    EQUAL(send_later(s, "after", 5, &next), WSA_IO_PENDING);
    expect(peer, 0, MUCH);
    expect_text(peer, "after");
    EQUAL(outcome(s, &overlapped, &count), 0);
    EQUAL(count, MUCH);
    EQUAL(outcome(s, &next, &count), 0);
}

/* Elements up to the end of a packet are one datagram. */
TEST(packets_are_datagrams, "NEED-S12")
{
    static unsigned char bytes[65507];
    unsigned char expected[100];
    SOCKET pair[2];
    DWORD count;
    start();
    udp_pair(pair);
    HANDLE file = new_handle(65507);
    TRANSMIT_PACKETS_ELEMENT elements[] = {
        memory("ab", 2, 0),          part(file, 10, 20, TP_ELEMENT_EOP), part(file, 7, 5, TP_ELEMENT_EOP),
        memory("", 0, TP_ELEMENT_EOP), memory("rest", 4, 0),               memory("!", 1, 0),
    };
    memcpy(expected, "ab", 2);
    fill(expected + 2, 10, 20);
    static const DWORD sizes[] = {0, BY_ELEMENTS, 0xfffffff, 1000};
    for (int i = 0; i < 4; i++) {
        OVERLAPPED overlapped = {0};
        if (i % 2) {
            STARTED(TransmitPackets(pair[1], elements, 6, sizes[i], &overlapped, 0));
            EQUAL(outcome(pair[1], &overlapped, &count), 0);
            EQUAL(count, 32);
        } else
            DONE(TransmitPackets(pair[1], elements, 6, sizes[i], NULL, 0));
        expect_datagram(pair[0], expected, 22);
        expect_datagram(pair[0], (fill(expected + 50, 7, 5), expected + 50), 5);
        expect_datagram(pair[0], "", 0);
        expect_datagram(pair[0], "rest!", 5);
    }
    /* As long as there are. */
    elements[0] = part(file, 0, 0, 0);
    DONE(TransmitPackets(pair[1], elements, 1, 0, NULL, 0));
    fill(bytes, 0, sizeof bytes);
    expect_datagram(pair[0], bytes, sizeof bytes);
    elements[1] = memory("x", 1, 0);
    REFUSED(TransmitPackets(pair[1], elements, 2, 0, NULL, 0), WSAEMSGSIZE);
}

/* The size cuts packets into datagrams, across elements. */
TEST(packets_are_cut_into_datagrams, "NEED-S12")
{
    unsigned char bytes[100];
    SOCKET pair[2];
    start();
    udp_pair(pair);
    fill(bytes, 0, sizeof bytes);
    HANDLE file = new_handle(100);
    TRANSMIT_PACKETS_ELEMENT elements[] = {
        memory(bytes, 25, 0),
        part(file, 25, 30, 0),
        memory(bytes + 55, 2, TP_ELEMENT_EOP),
        part(file, 57, 20, TP_ELEMENT_EOP),
    };
    DONE(TransmitPackets(pair[1], elements, 4, 10, NULL, 0));
    for (int i = 0; i < 50; i += 10)
        expect_datagram(pair[0], bytes + i, 10);
    expect_datagram(pair[0], bytes + 50, 7);
    expect_datagram(pair[0], bytes + 57, 10);
    expect_datagram(pair[0], bytes + 67, 10);
}

TEST(disconnecting_and_using_again, "NEED-S12")
{
    struct sockaddr_in address;
    OVERLAPPED overlapped = {0};
    unsigned short port;
    DWORD count;
    start();
    int listening = posix_listen(&port, 5);
    SOCKET s = overlapped_tcp();
    address = loopback(port);
    SUCCEEDS(connect_to(s, &address));
    int peer = posix_accept(listening);
    TRANSMIT_PACKETS_ELEMENT element = memory("bye", 3, 0);
    REFUSED(TransmitPackets(s, &element, 1, 0, &overlapped, TP_DISCONNECT | TP_REUSE_SOCKET), WSA_IO_PENDING);
    expect_text(peer, "bye");
    EQUAL(posix_drain(peer, NULL), 0);
    posix_close(peer);
    EQUAL(outcome(s, &overlapped, &count), 0);
    EQUAL(count, 3);
    SUCCEEDS(connect_to(s, &address));
    peer = posix_accept(listening);
    DONE(TransmitPackets(s, &element, 1, 0, NULL, TP_DISCONNECT));
    expect_text(peer, "bye");
    EQUAL(posix_drain(peer, NULL), 0);
}

TEST(what_cannot_be_transmitted_is_refused, "NEED-S12 OBS.12 OBS.44")
{
    OVERLAPPED overlapped = {0};
    SOCKET pair[2];
    DWORD count;
    int peer;
    start();
    udp_pair(pair);
    SOCKET s = overlapped_with_peer(&peer);
    HANDLE file = new_handle(10), closed = new_handle(10);
    CHECK(CloseHandle(closed));
    TRANSMIT_PACKETS_ELEMENT element = part(file, 0, 0, 0);
    REFUSED(TransmitPackets(s + 1, (void *)8, 1, 0, NULL, 99), WSAENOTSOCK);
    REFUSED(TransmitPackets(tcp(), (void *)8, 1, 0, NULL, 99), WSAENOTCONN);
    REFUSED(TransmitPackets(udp(), (void *)8, 1, 0, NULL, 99), WSAENOTCONN);
    REFUSED(TransmitPackets(s, &element, 1, 0, NULL, TP_REUSE_SOCKET), WSAEINVAL);
    REFUSED(TransmitPackets(s, &element, 1, 0, NULL, 0x40), WSAEINVAL);
    REFUSED(TransmitPackets(pair[1], &element, 1, 0, NULL, TP_DISCONNECT), WSAEINVAL);
    REFUSED(TransmitPackets(s, NULL, 1, 0, NULL, 0), WSAEFAULT);
    REFUSED(TransmitPackets(s, (void *)8, 1, 0, NULL, 0), WSAEFAULT);
    REFUSED(TransmitPackets(s, &element, 1, 0, (void *)8, 0), WSAEFAULT);
#define CANNOT(element_, code)                                                                                         \
    do {                                                                                                               \
        element = element_;                                                                                            \
        REFUSED(TransmitPackets(s, &element, 1, 0, &overlapped, 0), code);                                             \
    } while (0)
    CANNOT(memory(NULL, 1, 0), WSAEFAULT);
    CANNOT(memory("x", 1, TP_ELEMENT_FILE), WSAEINVAL);
    CANNOT(memory("x", 1, 8), WSAEINVAL);
    CANNOT(part(file, 11, 0, 0), WSAEINVAL);
    CANNOT(part(file, -2, 0, 0), WSAEINVAL);
    CANNOT(part(closed, 0, 0, 0), WSA_INVALID_HANDLE);
    CANNOT(part(NULL, 0, 0, 0), WSA_INVALID_HANDLE);
    CANNOT(part((HANDLE)s, 0, 0, 0), WSA_INVALID_HANDLE);
    /* All elements together. */
    int fd = new_file(0);
    if (ftruncate(fd, 2147483646) == 0) {
        TRANSMIT_PACKETS_ELEMENT two[] = {part(open_file(fd), 0, 0, 0), memory("x", 1, 0)};
        REFUSED(TransmitPackets(s, two, 2, 0, &overlapped, 0), WSAEINVAL);
    }
    EQUAL(overlapped.Internal, 0);
    /* None of these has sent anything; and memory is read when it is sent. */
    element = memory((void *)8, 1, 0);
    REFUSED(TransmitPackets(pair[1], &element, 1, 0, NULL, 0), WSAEFAULT);
    REFUSED(TransmitPackets(s, &element, 1, 0, NULL, 0), WSAEFAULT);
    element = part(file, 0, 0, 0);
    DONE(TransmitPackets(s, &element, 1, 0, NULL, 0));
    expect(peer, 0, 10);
    SUCCEEDS(WSPShutdown(s, SD_SEND, &error));
    REFUSED(TransmitPackets(s, &element, 1, 0, NULL, 0), WSAESHUTDOWN);
    SUCCEEDS(WSPShutdown(pair[1], SD_SEND, &error));
    REFUSED(TransmitPackets(pair[1], &element, 1, 0, NULL, 0), WSAESHUTDOWN);
    EQUAL(posix_drain(peer, NULL), 0);
    set_nonblocking(pair[0], 1);
    char byte;
    FAILS(receive_bytes(pair[0], &byte, 1, &count, 0), WSAEWOULDBLOCK);
}
