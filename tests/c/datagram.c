#include "check.h"

#include <errno.h>
#include <sys/syscall.h>

#define LONGEST 65507

static int send_to(SOCKET s, const void *bytes, unsigned length, const void *to, int to_length, DWORD *sent)
{
    WSABUF buffer = {length, (char *)bytes};
    return WSPSendTo(s, &buffer, 1, sent, 0, to, to_length, NULL, NULL, NULL, &error);
}

static int receive_from(SOCKET s, void *bytes, unsigned length, void *from, int *from_length, DWORD *received)
{
    WSABUF buffer = {length, bytes};
    DWORD flags = 0;
    return WSPRecvFrom(s, &buffer, 1, received, &flags, from, from_length, NULL, NULL, NULL, &error);
}

/* A bound UDP socket and its address. */
static SOCKET bound(struct sockaddr_in *address)
{
    SOCKET s = udp();
    *address = bind_loopback(s);
    return s;
}

/* A UDP address that nobody has: the sockets of other tests, which run meanwhile, are on 127.0.0.1. */
static struct sockaddr_in nobody(void)
{
    struct sockaddr_in address = loopback(0);
    int length = sizeof address;
    address.sin_addr.s_addr = htonl(0x7f000002);
    SOCKET s = udp();
    SUCCEEDS(WSPBind(s, (struct sockaddr *)&address, sizeof address, &error));
    SUCCEEDS(WSPGetSockName(s, (struct sockaddr *)&address, &length, &error));
    SUCCEEDS(WSPCloseSocket(s, &error));
    return address;
}

static void set_port_unreachable_report(SOCKET s, BOOL on)
{
    DWORD returned = 0;
    SUCCEEDS(WSPIoctl(s, SIO_UDP_CONNRESET, &on, sizeof on, NULL, 0, &returned, NULL, NULL, NULL, &error));
}

TEST(a_datagram_arrives_with_its_sender, "WSPRecvFrom.1 WSPRecvFrom.2 WSPRecv.5 WSPSendTo.1")
{
    struct sockaddr_in to, from, mine;
    int length = 100;
    char bytes[10];
    DWORD count = 0;
    startup();
    SOCKET receiver = bound(&to), sender = bound(&mine);
    SUCCEEDS(send_to(sender, "one", 3, &to, sizeof to, &count));
    EQUAL(count, 3);
    SUCCEEDS(send_to(sender, "four", 4, &to, sizeof to, &count));
    memset(&from, 0x55, sizeof from);
    SUCCEEDS(receive_from(receiver, bytes, sizeof bytes, &from, &length, &count));
    EQUAL(count, 3);
    EQUAL(length, sizeof from);
    CHECK(memcmp(&from, &mine, sizeof from) == 0);
    /* One message per call, though there was room for both. */
    SUCCEEDS(receive_from(receiver, bytes, sizeof bytes, NULL, NULL, &count));
    EQUAL(count, 4);
    CHECK(memcmp(bytes, "four", 4) == 0);
}

TEST(datagrams_over_ipv6_have_winsocks_addresses, "WSPRecvFrom.2 WSPSendTo.5")
{
    struct sockaddr_in6 address, from;
    int length = sizeof address;
    char bytes[10];
    DWORD count = 0;
    startup();
    SOCKET s = open_socket(AF_INET6, SOCK_DGRAM, IPPROTO_UDP);
    memset(&address, 0, sizeof address);
    address.sin6_family = AF_INET6;
    address.sin6_addr.s6_addr[15] = 1;
    if (WSPBind(s, (struct sockaddr *)&address, sizeof address, &error) != 0)
        SKIP("no IPv6 loopback address");
    SUCCEEDS(WSPGetSockName(s, (struct sockaddr *)&address, &length, &error));
    SUCCEEDS(send_to(s, "six", 3, &address, sizeof address, &count));
    length = sizeof from;
    SUCCEEDS(receive_from(s, bytes, sizeof bytes, &from, &length, &count));
    EQUAL(count, 3);
    EQUAL(length, 28);
    EQUAL(from.sin6_family, 23);
    CHECK(memcmp(&from, &address, sizeof from) == 0);
    /* Too little room for this family is enough for the other. */
    length = sizeof(struct sockaddr_in);
    FAILS(receive_from(s, bytes, sizeof bytes, &from, &length, &count), WSAEFAULT);
    /* No path leads from a socket that is for IPv6 only to an IPv4 address. */
    address.sin6_addr.s6_addr[10] = address.sin6_addr.s6_addr[11] = 0xff;
    address.sin6_addr.s6_addr[12] = 127;
    FAILS(send_to(open_socket(AF_INET6, SOCK_DGRAM, 0), "x", 1, &address, sizeof address, &count), WSAENETUNREACH);
    memset(&address.sin6_addr, 0, sizeof address.sin6_addr);
    FAILS(send_to(s, "x", 1, &address, sizeof address, &count), WSAEADDRNOTAVAIL);
}

TEST(the_first_send_binds, "WSPSendTo.4 OBS.33 OBS.24")
{
    struct sockaddr_in to, name;
    int length = sizeof name;
    char byte;
    DWORD count = 0;
    startup();
    SOCKET receiver = bound(&to), s = udp();
    FAILS(receive_bytes(s, &byte, 1, &count, 0), WSAEINVAL);
    SUCCEEDS(send_to(s, "x", 1, &to, sizeof to, &count));
    SUCCEEDS(WSPGetSockName(s, (struct sockaddr *)&name, &length, &error));
    EQUAL(name.sin_addr.s_addr, 0);
    CHECK(name.sin_port != 0);
    /* The receiver can answer. */
    length = sizeof name;
    SUCCEEDS(receive_from(receiver, &byte, 1, &name, &length, &count));
    SUCCEEDS(send_to(receiver, "y", 1, &name, sizeof name, &count));
    SUCCEEDS(receive_bytes(s, &byte, 1, &count, 0));
    EQUAL(byte, 'y');
}

TEST(destinations_are_judged, "WSPSendTo.5 OBS.12 OBS.44 OBS.29")
{
    DWORD sent = 77;
    struct sockaddr_in to;
    startup();
    SOCKET s = udp(), receiver = bound(&to);
    CHECK(receiver != s);
    FAILS(send_to(s, "x", 1, NULL, 0, &sent), WSAEDESTADDRREQ);
    FAILS(send_to(s, "x", 1, &to, sizeof to - 1, &sent), WSAEFAULT);
    FAILS(send_to(s, "x", 1, &to, 0, &sent), WSAEFAULT);
    FAILS(send_to(s, "x", 1, &to, -1, &sent), WSAEFAULT);
    FAILS(send_to(s, "x", 1, (void *)8, sizeof to, &sent), WSAEFAULT);
    FAILS(send_to(s, (void *)8, 1, &to, sizeof to, &sent), WSAEFAULT);
    FAILS(WSPSendTo(s, NULL, 1, &sent, 0, (struct sockaddr *)&to, sizeof to, NULL, NULL, NULL, &error), WSAEFAULT);
    FAILS(WSPSendTo(s, NULL, 0, &sent, 0, (struct sockaddr *)&to, sizeof to, NULL, NULL, NULL, &error), WSAEINVAL);
    to.sin_family = AF_INET6;
    FAILS(send_to(s, "x", 1, &to, sizeof to, &sent), WSAEAFNOSUPPORT);
    to.sin_family = 99;
    FAILS(send_to(s, "x", 1, &to, sizeof to, &sent), WSAEAFNOSUPPORT);
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = 0;
    FAILS(send_to(s, "x", 1, &to, sizeof to, &sent), WSAEADDRNOTAVAIL);
    to = loopback(0);
    FAILS(send_to(s, "x", 1, &to, sizeof to, &sent), WSAEADDRNOTAVAIL);
    /* The loopback network's broadcast address. */
    to = loopback(9);
    to.sin_addr.s_addr = htonl(0x7fffffff);
    FAILS(send_to(s, "x", 1, &to, sizeof to, &sent), WSAEACCES);
    FAILS(WSPSendTo(0x1234, NULL, 0, NULL, 0, NULL, 0, NULL, NULL, NULL, &error), WSAENOTSOCK);
    FAILS(WSPSendTo(tcp(), NULL, 1, NULL, 0, NULL, 0, NULL, NULL, NULL, &error), WSAENOTCONN);
    EQUAL(sent, 77);
}

TEST(a_connected_socket_may_send_elsewhere, "WSPSendTo.1 WSPSend.1 WSPRecvFrom.5 WSPRecv.2")
{
    struct sockaddr_in peers, others, mine, from;
    int length = sizeof from;
    char bytes[10];
    DWORD count = 0;
    startup();
    SOCKET peer = bound(&peers), other = bound(&others), s = bound(&mine);
    SUCCEEDS(connect_to(s, &peers));
    SUCCEEDS(send_to(s, "other", 5, &others, sizeof others, &count));
    SUCCEEDS(receive_bytes(other, bytes, sizeof bytes, &count, 0));
    EQUAL(count, 5);
    SUCCEEDS(send_bytes(s, "peer", 4, &count));
    SUCCEEDS(send_to(s, "peer", 4, NULL, 0, &count));
    SUCCEEDS(receive_bytes(peer, bytes, sizeof bytes, &count, 0));
    SUCCEEDS(receive_bytes(peer, bytes, sizeof bytes, &count, 0));
    EQUAL(count, 4);
    /* Only the peer's datagrams arrive, and asking for their sender is no error. */
    SUCCEEDS(send_to(other, "stranger", 8, &mine, sizeof mine, &count));
    SUCCEEDS(send_to(peer, "friend", 6, &mine, sizeof mine, &count));
    SUCCEEDS(receive_from(s, bytes, sizeof bytes, &from, &length, &count));
    EQUAL(count, 6);
    EQUAL(from.sin_port, peers.sin_port);
}

TEST(a_stream_ignores_the_destination, "WSPSendTo.2 OBS.32")
{
    SOCKET pair[2];
    char bytes[10];
    DWORD count = 0;
    struct sockaddr_in elsewhere = loopback(9);
    startup();
    tcp_pair(pair);
    SUCCEEDS(send_to(pair[0], "one", 3, &elsewhere, sizeof elsewhere, &count));
    SUCCEEDS(send_to(pair[0], "two", 3, (void *)8, -1, &count));
    SUCCEEDS(receive_bytes(pair[1], bytes, 6, &count, MSG_WAITALL));
    EQUAL(count, 6);
}

/* Receives "0123456789" into `count` buffers of two bytes each. */
static int receive_in_twos(SOCKET s, char *bytes, DWORD count, DWORD *received, DWORD *flags, struct sockaddr_in *from)
{
    WSABUF buffers[100];
    int length = sizeof *from;
    memset(from, 0, sizeof *from);
    memset(bytes, '-', 200);
    for (DWORD i = 0; i < count; i++) {
        buffers[i].len = 2;
        buffers[i].buf = bytes + 2 * i;
    }
    return WSPRecvFrom(s, buffers, count, received, flags, (struct sockaddr *)from, &length, NULL, NULL, NULL, &error);
}

TEST(what_does_not_fit_is_lost, "OBS.28 WSPRecv.7 WSPRecvFrom.6")
{
    struct sockaddr_in to, from;
    char bytes[200];
    startup();
    SOCKET s = bound(&to);
    for (DWORD count = 1; count < 5; count++) {
        DWORD received = 0, flags = MSG_PEEK;
        SUCCEEDS(send_to(s, "0123456789", 10, &to, sizeof to, &received));
        /* Looking keeps it. */
        FAILS(receive_in_twos(s, bytes, count, &received, &flags, &from), WSAEMSGSIZE);
        EQUAL(received, 2 * count);
        EQUAL(flags, MSG_PARTIAL);
        flags = 0;
        FAILS(receive_in_twos(s, bytes, count, &received, &flags, &from), WSAEMSGSIZE);
        EQUAL(received, 2 * count);
        EQUAL(flags, MSG_PARTIAL);
        EQUAL(from.sin_port, to.sin_port);
        CHECK(memcmp(bytes, "0123456789", 2 * count) == 0);
        EQUAL(bytes[2 * count], '-');
        /* The rest is gone: the next message is the next datagram. */
        SUCCEEDS(send_to(s, "next", 4, &to, sizeof to, &received));
        flags = MSG_PARTIAL;
        SUCCEEDS(receive_in_twos(s, bytes, 5, &received, &flags, &from));
        EQUAL(received, 4);
        EQUAL(flags, 0);
    }
    /* The same without asking for the sender. */
    DWORD received = 0;
    SUCCEEDS(send_to(s, "0123456789", 10, &to, sizeof to, &received));
    FAILS(receive_bytes(s, bytes, 3, &received, 0), WSAEMSGSIZE);
    EQUAL(received, 3);
    SUCCEEDS(send_to(s, "0123456789", 10, &to, sizeof to, &received));
    FAILS(receive_bytes(s, NULL, 0, &received, 0), WSAEMSGSIZE);
    EQUAL(received, 0);
}

TEST(many_buffers_make_one_datagram, "WSPRecv.3 WSPRecvFrom.1 WSPSendTo.3 OBS.28")
{
    enum { MOST = 3000 };
    static const int counts[] = {2, 5, 32, 33, 100, 1024, 1025, MOST};
    struct sockaddr_in to, from;
    char bytes[MOST], got[MOST];
    WSABUF out[MOST], in[MOST];
    startup();
    SOCKET s = bound(&to);
    for (int i = 0; i < MOST; i++) {
        bytes[i] = (char)(i * 7 + i / 256);
        out[i].len = in[i].len = 1;
        out[i].buf = bytes + i;
        in[i].buf = got + i;
    }
    for (unsigned i = 0; i < sizeof counts / sizeof *counts; i++) {
        DWORD count = (DWORD)counts[i], moved = 0, flags = 0;
        int length = sizeof from;
        SUCCEEDS(WSPSendTo(s, out, count, &moved, 0, (struct sockaddr *)&to, sizeof to, NULL, NULL, NULL, &error));
        EQUAL(moved, count);
        memset(got, 0, sizeof got);
        SUCCEEDS(
            WSPRecvFrom(s, in, count, &moved, &flags, (struct sockaddr *)&from, &length, NULL, NULL, NULL, &error));
        EQUAL(moved, count);
        EQUAL(from.sin_port, to.sin_port);
        CHECK(memcmp(bytes, got, count) == 0);
        /* And with a buffer too few. */
        SUCCEEDS(WSPSendTo(s, out, count, &moved, 0, (struct sockaddr *)&to, sizeof to, NULL, NULL, NULL, &error));
        FAILS(WSPRecv(s, in, count - 1, &moved, &flags, NULL, NULL, NULL, &error), WSAEMSGSIZE);
        EQUAL(moved, count - 1);
        flags = 0;
    }
}

TEST(too_long_a_datagram_is_not_sent, "WSPSend.3 WSPSendTo.3 OBS.29")
{
    struct sockaddr_in to;
    DWORD moved = 77;
    char *bytes = calloc(2, LONGEST);
    WSABUF buffers[40], buffer = {LONGEST + 1, bytes};
    startup();
    SOCKET s = bound(&to), datagram = udp();
    SUCCEEDS(connect_to(datagram, &to));
    FAILS(send_bytes(datagram, bytes, LONGEST + 1, &moved), WSAEMSGSIZE);
    FAILS(send_to(datagram, bytes, LONGEST + 1, &to, sizeof to, &moved), WSAEMSGSIZE);
    FAILS(send_bytes(datagram, bytes, 0xffffffff, &moved), WSAEMSGSIZE);
    for (int i = 0; i < 40; i++)
        buffers[i] = buffer;
    FAILS(WSPSend(datagram, buffers, 2, &moved, 0, NULL, NULL, NULL, &error), WSAEMSGSIZE);
    FAILS(WSPSend(datagram, buffers, 40, &moved, 0, NULL, NULL, NULL, &error), WSAEMSGSIZE);
    EQUAL(moved, 77);
    /* The longest that is sent comes first. */
    bytes[0] = 'L';
    SUCCEEDS(send_bytes(datagram, bytes, LONGEST, &moved));
    EQUAL(moved, LONGEST);
    SUCCEEDS(receive_bytes(s, bytes, 2 * LONGEST, &moved, 0));
    EQUAL(moved, LONGEST);
    EQUAL(bytes[0], 'L');
    free(bytes);
}

TEST(empty_datagrams_are_messages, "WSPRecv.8 OBS.29")
{
    struct sockaddr_in to, from;
    int length = sizeof from;
    char byte;
    DWORD moved = 77;
    startup();
    SOCKET s = bound(&to);
    SUCCEEDS(send_to(s, NULL, 0, &to, sizeof to, &moved));
    EQUAL(moved, 0);
    moved = 77;
    SUCCEEDS(receive_from(s, &byte, 1, &from, &length, &moved));
    EQUAL(moved, 0);
    EQUAL(from.sin_port, to.sin_port);
    /* A receive of zero bytes fits it too. */
    SUCCEEDS(send_to(s, NULL, 0, &to, sizeof to, &moved));
    SUCCEEDS(receive_bytes(s, NULL, 0, &moved, 0));
    EQUAL(moved, 0);
}

TEST(no_room_for_the_sender_loses_nothing, "WSPRecvFrom.2 OBS.29 OBS.44")
{
    struct sockaddr_in to, from;
    int length = sizeof from - 1;
    char byte = '-';
    DWORD moved = 0, flags = 0;
    WSABUF buffer = {1, &byte};
    startup();
    SOCKET s = bound(&to);
    SUCCEEDS(send_to(s, "x", 1, &to, sizeof to, &moved));
    moved = 77;
    FAILS(receive_from(s, &byte, 1, &from, &length, &moved), WSAEFAULT);
    EQUAL(length, sizeof from - 1);
    length = -1;
    FAILS(receive_from(s, &byte, 1, &from, &length, &moved), WSAEFAULT);
    FAILS(receive_from(s, &byte, 1, &from, NULL, &moved), WSAEFAULT);
    FAILS(receive_from(s, &byte, 1, &from, (int *)8, &moved), WSAEFAULT);
    FAILS(WSPRecvFrom(s, NULL, 1, &moved, &flags, NULL, NULL, NULL, NULL, NULL, &error), WSAEFAULT);
    FAILS(WSPRecvFrom(s, &buffer, 1, &moved, NULL, NULL, NULL, NULL, NULL, NULL, &error), WSAEFAULT);
    FAILS(WSPRecvFrom(s, &buffer, 0, &moved, &flags, NULL, NULL, NULL, NULL, NULL, &error), WSAEINVAL);
    FAILS(WSPRecvFrom(udp(), &buffer, 1, &moved, NULL, NULL, NULL, NULL, NULL, NULL, &error), WSAEINVAL);
    FAILS(WSPRecvFrom(0x1234, NULL, 1, &moved, NULL, NULL, NULL, NULL, NULL, NULL, &error), WSAENOTSOCK);
    EQUAL(moved, 77);
    EQUAL(byte, '-');
    length = sizeof from;
    SUCCEEDS(receive_from(s, &byte, 1, &from, &length, &moved));
    EQUAL(byte, 'x');
}

TEST(an_unreachable_port_is_told_once, "OBS.27 WSPRecvFrom.7")
{
    struct sockaddr_in dead, mine;
    char byte;
    DWORD moved = 77;
    startup();
    dead = nobody();
    SOCKET s = bound(&mine);
    SUCCEEDS(send_to(s, "x", 1, &dead, sizeof dead, &moved));
    moved = 77;
    FAILS(receive_from(s, &byte, 1, NULL, NULL, &moved), WSAECONNRESET);
    EQUAL(moved, 77);
    set_nonblocking(s, 1);
    FAILS(receive_from(s, &byte, 1, NULL, NULL, &moved), WSAEWOULDBLOCK);
    /* A connected one learns it as well. */
    SOCKET connected = udp();
    SUCCEEDS(connect_to(connected, &dead));
    SUCCEEDS(send_bytes(connected, "x", 1, &moved));
    FAILS(receive_bytes(connected, &byte, 1, &moved, 0), WSAECONNRESET);
    set_nonblocking(connected, 1);
    FAILS(receive_bytes(connected, &byte, 1, &moved, 0), WSAEWOULDBLOCK);
}

TEST(an_unreachable_port_does_not_disturb_sending, "OBS.27")
{
    struct sockaddr_in dead, mine, other;
    char byte;
    DWORD moved = 0;
    startup();
    dead = nobody();
    SOCKET s = bound(&mine), receiver = bound(&other);
    for (int i = 0; i < 1000; i++)
        SUCCEEDS(send_to(s, "x", 1, &dead, sizeof dead, &moved));
    SUCCEEDS(send_to(s, "y", 1, &other, sizeof other, &moved));
    SUCCEEDS(receive_bytes(receiver, &byte, 1, &moved, 0));
    EQUAL(byte, 'y');
    FAILS(receive_bytes(s, &byte, 1, &moved, 0), WSAECONNRESET);
    /* What came of the others does not stay for ever, and takes no room from datagrams. */
    set_nonblocking(s, 1);
    do {
        error = 0;
        EQUAL(receive_bytes(s, &byte, 1, &moved, 0), SOCKET_ERROR);
    } while (error == WSAECONNRESET);
    EQUAL(error, WSAEWOULDBLOCK);
    SUCCEEDS(send_to(receiver, "z", 1, &mine, sizeof mine, &moved));
    set_nonblocking(s, 0);
    SUCCEEDS(receive_bytes(s, &byte, 1, &moved, 0));
    EQUAL(byte, 'z');
}

TEST(unreachable_ports_can_be_left_untold, "OBS.27")
{
    struct sockaddr_in dead, mine;
    char byte;
    DWORD moved = 0;
    startup();
    dead = nobody();
    SOCKET s = bound(&mine), other = udp();
    set_port_unreachable_report(s, FALSE);
    for (int i = 0; i < 100; i++)
        SUCCEEDS(send_to(s, "x", 1, &dead, sizeof dead, &moved));
    SUCCEEDS(send_to(other, "y", 1, &mine, sizeof mine, &moved));
    SUCCEEDS(receive_bytes(s, &byte, 1, &moved, 0));
    EQUAL(byte, 'y');
    set_nonblocking(s, 1);
    FAILS(receive_bytes(s, &byte, 1, &moved, 0), WSAEWOULDBLOCK);
}

TEST(a_shut_datagram_socket, "OBS.25 WSPShutdown.1 WSPShutdown.2 WSPShutdown.3 WSPSend.7 WSPRecv.13 WSPSendTo.3")
{
    struct sockaddr_in to, mine;
    char byte;
    DWORD moved = 0;
    startup();
    SOCKET s = bound(&mine), peer = bound(&to);
    SUCCEEDS(connect_to(s, &to));
    SUCCEEDS(WSPShutdown(s, SD_SEND, &error));
    FAILS(send_bytes(s, "x", 1, &moved), WSAESHUTDOWN);
    FAILS(send_to(s, "x", 1, &to, sizeof to, &moved), WSAESHUTDOWN);
    SUCCEEDS(send_to(peer, "x", 1, &mine, sizeof mine, &moved));
    SUCCEEDS(receive_bytes(s, &byte, 1, &moved, 0));
    SUCCEEDS(WSPShutdown(s, SD_RECEIVE, &error));
    FAILS(receive_bytes(s, &byte, 1, &moved, 0), WSAESHUTDOWN);
    FAILS(receive_from(s, &byte, 1, NULL, NULL, &moved), WSAESHUTDOWN);
    /* The peer may go on sending, and no ICMP message tells it otherwise. */
    for (int i = 0; i < 100; i++)
        SUCCEEDS(send_to(peer, "x", 1, &mine, sizeof mine, &moved));
    set_nonblocking(peer, 1);
    FAILS(receive_bytes(peer, &byte, 1, &moved, 0), WSAEWOULDBLOCK);
}

/* What the kernel says when networking fails. */
static void injected(int code, int send_code, int receive_code)
{
    struct sockaddr_in to;
    char byte;
    DWORD moved = 77;
    startup();
    SOCKET s = bound(&to);
    posix_inject(send_code != 0 ? SYS_sendto : SYS_recvfrom, code);
    if (send_code != 0)
        FAILS(send_to(s, "x", 1, &to, sizeof to, &moved), send_code);
    else
        FAILS(receive_from(s, &byte, 1, NULL, NULL, &moved), receive_code);
    EQUAL(moved, 77);
}

TEST(sending_where_networking_is_down, "WSPSendTo.5")
{
    injected(ENETDOWN, WSAENETDOWN, 0);
}

TEST(sending_where_no_path_leads, "WSPSendTo.5")
{
    injected(EHOSTUNREACH, WSAENETUNREACH, 0);
}

TEST(sending_without_buffer_space, "WSPSendTo.5")
{
    injected(ENOBUFS, WSAENOBUFS, 0);
}

TEST(sending_with_a_full_buffer, "WSPSendTo.3")
{
    struct sockaddr_in to;
    DWORD moved = 77;
    startup();
    SOCKET s = bound(&to);
    set_nonblocking(s, 1);
    posix_inject(SYS_sendto, EAGAIN);
    FAILS(send_to(s, "x", 1, &to, sizeof to, &moved), WSAEWOULDBLOCK);
    EQUAL(moved, 77);
}

TEST(receiving_where_networking_is_down, "WSPRecvFrom.1")
{
    injected(ENETDOWN, 0, WSAENETDOWN);
}

static void *receive_one(void *argument)
{
    struct { SOCKET s; int thread, code; } *receiver = argument;
    char byte;
    DWORD received;
    __atomic_store_n(&receiver->thread, posix_thread(), __ATOMIC_RELEASE);
    error = 0;
    receive_from(receiver->s, &byte, 1, NULL, NULL, &received);
    receiver->code = error;
    return NULL;
}

static void cancel(int signal)
{
    int code = 0;
    (void)signal;
    WSPCancelBlockingCall(&code);
}

static void interrupted(int by_closing)
{
    struct { SOCKET s; int thread, code; } receiver = {0, 0, 0};
    struct sockaddr_in mine;
    pthread_t handle;
    startup();
    receiver.s = bound(&mine);
    EQUAL(pthread_create(&handle, NULL, receive_one, &receiver), 0);
    while (__atomic_load_n(&receiver.thread, __ATOMIC_ACQUIRE) == 0)
        ;
    posix_await_call(receiver.thread, SYS_recvfrom);
    if (by_closing)
        SUCCEEDS(WSPCloseSocket(receiver.s, &error));
    else
        posix_signal(receiver.thread, cancel);
    pthread_join(handle, NULL);
    EQUAL(receiver.code, WSAEINTR);
}

TEST(closing_the_socket_ends_a_datagrams_receive, "WSPCloseSocket.2")
{
    interrupted(1);
}

TEST(a_cancelled_datagrams_receive_is_interrupted, "WSPCancelBlockingCall.3")
{
    interrupted(0);
}
