/* ConnectEx and SO_UPDATE_CONNECT_CONTEXT. */
#include "extension.h"
#include "port.h"
#include "waits.h"

#include <sys/syscall.h>

/* An overlapped socket that is bound to 127.0.0.1. */
static SOCKET bound(void)
{
    SOCKET s = overlapped_tcp();
    bind_loopback(s);
    return s;
}

/* A port of a POSIX listener. */
static struct sockaddr_in posix_listener(int *listening, int backlog)
{
    unsigned short port;
    *listening = posix_listen(&port, backlog);
    return loopback(port);
}

TEST(a_connection_is_made_with_its_first_data, "NEED-S12 OV.3 OV.21")
{
    int listening;
    char bytes[8];
    OVERLAPPED overlapped = {0};
    DWORD count;
    startup();
    struct sockaddr_in address = posix_listener(&listening, 5);
    SOCKET s = bound();
    EQUAL(connect_time(s), -1);
    STARTED(connect_later(s, &address, "hello", 5, NULL, &overlapped));
    EQUAL(outcome(s, &overlapped, &count), 0);
    EQUAL(count, 5);
    EQUAL(connect_time(s), 0);
    int peer = posix_accept(listening);
    EQUAL(posix_read(peer, bytes, 5), 5);
    CHECK(memcmp(bytes, "hello", 5) == 0);
    posix_write(peer, "world", 5);
    SUCCEEDS(receive_bytes(s, bytes, sizeof bytes, &count, 0));
    EQUAL(count, 5);
    SUCCEEDS(send_bytes(s, "more", 4, &count));
    EQUAL(posix_read(peer, bytes, 4), 4);
}

/* Without a buffer its length counts for nothing, and the count is left alone. */
TEST(nothing_is_sent_without_a_buffer, "NEED-S12")
{
    int listening;
    OVERLAPPED overlapped = {0};
    DWORD count, sent = 77;
    startup();
    struct sockaddr_in address = posix_listener(&listening, 5);
    SOCKET s = bound();
    STARTED(connect_later(s, &address, NULL, 5, &sent, &overlapped));
    EQUAL(outcome(s, &overlapped, &count), 0);
    EQUAL(count, 0);
    EQUAL(sent, 77);
    SUCCEEDS(send_bytes(s, "x", 1, &count));
    char byte;
    EQUAL(posix_read(posix_accept(listening), &byte, 1), 1);
    EQUAL(byte, 'x');
}

/* A peer that answers late: the call returns, and the socket is in the hands of its request. */
TEST(a_connection_is_waited_for, "NEED-S12 OV.4 OBS.22")
{
    unsigned short port;
    char bytes[8];
    OVERLAPPED overlapped = {0}, again = {0};
    DWORD count, sent = 77;
    struct sockaddr_in name;
    int length = sizeof name;
    startup();
    int listening = posix_listen_full(&port);
    struct sockaddr_in address = loopback(port);
    SOCKET s = bound();
    REFUSED(connect_later(s, &address, "hello", 5, &sent, &overlapped), WSA_IO_PENDING);
    EQUAL(overlapped.Internal, WSS_OPERATION_IN_PROGRESS);
    EQUAL(connect_time(s), -1);
    REFUSED(connect_later(s, &address, "hello", 5, NULL, &again), WSAEALREADY);
    FAILS(connect_to(s, &address), WSAEALREADY);
    FAILS(send_bytes(s, "x", 1, &count), WSAENOTCONN);
    FAILS(WSPGetPeerName(s, (struct sockaddr *)&name, &length, &error), WSAENOTCONN);
    FAILS(update_connected(s), WSAENOTCONN);
    posix_accept(listening);
    int peer = posix_accept(listening);
    EQUAL(outcome(s, &overlapped, &count), 0);
    EQUAL(count, 5);
    EQUAL(sent, 77);
    EQUAL(posix_read(peer, bytes, 5), 5);
    CHECK(memcmp(bytes, "hello", 5) == 0);
}

/* More than the kernel takes at once. */
TEST(much_data_goes_out_before_the_request_ends, "NEED-S12 OV.4 OV.6")
{
    enum { SIZE = 1 << 24 };
    int listening;
    OVERLAPPED overlapped = {0};
    DWORD count, one;
    unsigned long total = 0;
    startup();
    struct sockaddr_in address = posix_listener(&listening, 5);
    SOCKET s = bound();
    char *bytes = malloc(SIZE);
    for (int i = 0; i < SIZE; i++)
        bytes[i] = (char)(i * 7 / 5);
    REFUSED(connect_later(s, &address, bytes, SIZE, NULL, &overlapped), WSA_IO_PENDING);
    int peer = posix_accept(listening);
    EVENTUALLY(connect_time(s) >= 0);
    CHECK(!HasOverlappedIoCompleted(&overlapped));
    FAILS(send_bytes(s, "x", 1, &one), WSAENOTCONN);
    static char got[1 << 16];
    while (total < SIZE) {
        unsigned long read = posix_read(peer, got, sizeof got);
        CHECK(memcmp(got, bytes + total, read) == 0);
        total += read;
    }
    EQUAL(outcome(s, &overlapped, &count), 0);
    EQUAL(count, SIZE);
    SUCCEEDS(send_bytes(s, "x", 1, &one));
    free(bytes);
}

/* ---- Bad input ---- */

TEST(requests_that_cannot_be_are_refused, "NEED-S12 OBS.12 OBS.20")
{
    struct sockaddr_in address, wildcard = loopback(7), no_port = loopback(0), other;
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address), s = bound(), connected = overlapped_tcp();
    LPFN_CONNECTEX connect_ex;
    void *function = extension_function(s, (GUID)WSAID_CONNECTEX);
    memcpy(&connect_ex, &function, sizeof connect_ex);
    struct sockaddr *name = (struct sockaddr *)&address;
    REFUSED(connect_ex(INVALID_SOCKET, NULL, 0, NULL, 0, NULL, NULL), WSAENOTSOCK);
    REFUSED(connect_later(s, &address, NULL, 0, NULL, NULL), WSA_INVALID_PARAMETER);
    REFUSED(connect_ex(udp(), name, sizeof address, NULL, 0, NULL, &overlapped), WSAEOPNOTSUPP);
    /* The state. */
    REFUSED(connect_later(overlapped_tcp(), &address, NULL, 0, NULL, &overlapped), WSAEINVAL);
    REFUSED(connect_later(listening, &address, NULL, 0, NULL, &overlapped), WSAEINVAL);
    SUCCEEDS(connect_to(connected, &address));
    REFUSED(connect_later(connected, &address, NULL, 0, NULL, &overlapped), WSAEISCONN);
    /* The address. */
    wildcard.sin_addr.s_addr = 0;
    REFUSED(connect_later(s, &wildcard, NULL, 0, NULL, &overlapped), WSAEADDRNOTAVAIL);
    REFUSED(connect_later(s, &no_port, NULL, 0, NULL, &overlapped), WSAEADDRNOTAVAIL);
    other = address;
    other.sin_family = AF_INET6;
    REFUSED(connect_later(s, &other, NULL, 0, NULL, &overlapped), WSAEAFNOSUPPORT);
    REFUSED(connect_ex(s, name, sizeof address - 1, NULL, 0, NULL, &overlapped), WSAEFAULT);
    REFUSED(connect_ex(s, NULL, sizeof address, NULL, 0, NULL, &overlapped), WSAEFAULT);
    /* The other pointers. */
    unsigned long page = 4096;
    char *fence = posix_fenced(2 * page) + page;
    REFUSED(connect_later(s, &address, fence, 5, NULL, &overlapped), WSAEFAULT);
    REFUSED(connect_later(s, &address, fence - 4, 5, NULL, &overlapped), WSAEFAULT);
    REFUSED(connect_later(s, &address, "hello", 5, (DWORD *)(void *)fence, &overlapped), WSAEFAULT);
    REFUSED(connect_later(s, &address, NULL, 0, NULL, (OVERLAPPED *)(void *)fence), WSAEFAULT);
    SUCCEEDS(WSPCloseSocket(overlapped_tcp(), &error));
    /* The socket is as it was. */
    FAILS(update_connected(s), WSAENOTCONN);
    EQUAL(ENDED(s, connect_later(s, &address, fence - 5, 5, NULL, &overlapped), &overlapped), 0);
}

/* ---- Failures ---- */

TEST(a_refused_connection_can_be_tried_again, "NEED-S12 OBS.19 WSPConnect.13")
{
    unsigned short port;
    OVERLAPPED overlapped = {0};
    struct sockaddr_in before, after;
    int length = sizeof before;
    startup();
    SOCKET s = bound();
    SUCCEEDS(WSPGetSockName(s, (struct sockaddr *)&before, &length, &error));
    /* A port where nobody listens: one that is bound and no more. */
    port = 0;
    int nobody = posix_bind_tcp(&port);
    CHECK(nobody >= 0);
    struct sockaddr_in address = loopback(port);
    for (int i = 0; i < 3; i++)
        EQUAL(ENDED(s, connect_later(s, &address, "hello", 5, NULL, &overlapped), &overlapped), WSAECONNREFUSED);
    EQUAL(connect_time(s), -1);
    SUCCEEDS(WSPGetSockName(s, (struct sockaddr *)&after, &length, &error));
    CHECK(memcmp(&before, &after, sizeof before) == 0);
    int listening;
    address = posix_listener(&listening, 5);
    EQUAL(ENDED(s, connect_later(s, &address, "hello", 5, NULL, &overlapped), &overlapped), 0);
    SUCCEEDS(update_connected(s));
    SUCCEEDS(WSPGetSockName(s, (struct sockaddr *)&after, &length, &error));
    EQUAL(after.sin_port, before.sin_port);
    posix_close(nobody);
}

/* What connect(2) itself says is the answer of the call, and the socket may try again, by other calls too. */
TEST(failures_of_the_kernel_have_the_codes_of_WSPConnect, "WSPConnect.13 NEED-S12")
{
    OVERLAPPED overlapped = {0};
    struct sockaddr_in address;
    startup();
    SOCKET listening = listener(SOMAXCONN, &address), s = bound();
    CHECK(listening != INVALID_SOCKET);
    posix_inject(SYS_connect, 101);
    REFUSED(connect_later(s, &address, NULL, 0, NULL, &overlapped), WSAENETUNREACH);
    REFUSED(connect_later(s, &address, NULL, 0, NULL, &overlapped), WSAENETUNREACH);
    FAILS(connect_to(s, &address), WSAENETUNREACH);
}

/* ---- The context ---- */

TEST(a_connection_gets_its_context, "NEED-S12")
{
    int listening, length;
    OVERLAPPED overlapped = {0};
    struct sockaddr_in name;
    DWORD count;
    startup();
    struct sockaddr_in address = posix_listener(&listening, 5);
    SOCKET s = bound();
    EQUAL(ENDED(s, connect_later(s, &address, NULL, 0, NULL, &overlapped), &overlapped), 0);
    int peer = posix_accept(listening);
    length = sizeof name;
    FAILS(WSPGetPeerName(s, (struct sockaddr *)&name, &length, &error), WSAENOTCONN);
    FAILS(WSPShutdown(s, SD_SEND, &error), WSAENOTCONN);
    /* It was bound before. */
    SUCCEEDS(WSPGetSockName(s, (struct sockaddr *)&name, &length, &error));
    FAILS(connect_to(s, &address), WSAEISCONN);
    SUCCEEDS(send_bytes(s, "x", 1, &count));
    SUCCEEDS(update_connected(s));
    SUCCEEDS(WSPGetPeerName(s, (struct sockaddr *)&name, &length, &error));
    EQUAL(name.sin_port, address.sin_port);
    SUCCEEDS(WSPShutdown(s, SD_SEND, &error));
    char byte;
    EQUAL(posix_read(peer, &byte, 1), 1);
    EQUAL(posix_drain(peer, NULL), 0);
    SUCCEEDS(update_connected(s));
}

/* Whether the socket blocks or not is not the request's concern, and stays as it was. */
TEST(the_blocking_mode_is_kept, "NEED-S12")
{
    int listening;
    char byte;
    DWORD count;
    startup();
    struct sockaddr_in address = posix_listener(&listening, 5);
    for (u_long nonblocking = 0; nonblocking < 2; nonblocking++) {
        OVERLAPPED overlapped = {0};
        int milliseconds = 10;
        SOCKET s = bound();
        set_nonblocking(s, nonblocking);
        SUCCEEDS(WSPSetSockOpt(s, SOL_SOCKET, SO_RCVTIMEO, (char *)&milliseconds, sizeof milliseconds, &error));
        EQUAL(ENDED(s, connect_later(s, &address, NULL, 0, NULL, &overlapped), &overlapped), 0);
        FAILS(receive_bytes(s, &byte, 1, &count, 0), nonblocking ? WSAEWOULDBLOCK : WSAETIMEDOUT);
    }
}

/* ---- Notices ---- */

TEST(a_packet_tells_of_the_connection, "NEED-K1 NEED-S12")
{
    unsigned short port_number;
    OVERLAPPED overlapped = {0};
    startup();
    int listening = posix_listen_full(&port_number);
    struct sockaddr_in address = loopback(port_number);
    HANDLE port = new_port();
    SOCKET s = bound();
    associate(s, port, 9);
    REFUSED(connect_later(s, &address, "hello", 5, NULL, &overlapped), WSA_IO_PENDING);
    EMPTY(port);
    posix_accept(listening);
    struct packet packet = take(port, 20000);
    EQUAL(packet.succeeded, TRUE);
    EQUAL(packet.key, 9);
    EQUAL(packet.bytes, 5);
    CHECK(packet.overlapped == &overlapped);
}

TEST(the_event_of_a_request_is_signalled, "OV.9 OV.20 NEED-S12")
{
    unsigned short port;
    OVERLAPPED overlapped = {0};
    startup();
    int listening = posix_listen_full(&port);
    struct sockaddr_in address = loopback(port);
    SOCKET s = bound();
    WSAEVENT event = new_event();
    CHECK(WSASetEvent(event));
    overlapped.hEvent = event;
    REFUSED(connect_later(s, &address, NULL, 0, NULL, &overlapped), WSA_IO_PENDING);
    CHECK(!is_signalled(event));
    posix_accept(listening);
    EQUAL(wait_for(event, 20000), WSA_WAIT_EVENT_0);
}

/* ---- The end of a request ---- */

TEST(closing_aborts_the_request, "OV.22 WSPCloseSocket.3 NEED-S12")
{
    unsigned short port;
    OVERLAPPED overlapped = {0};
    startup();
    int descriptors = 0;
    for (int round = 0; round < 2; round++) {
        int listening = posix_listen_full(&port);
        struct sockaddr_in address = loopback(port);
        SOCKET s = bound();
        REFUSED(connect_later(s, &address, "hello", 5, NULL, &overlapped), WSA_IO_PENDING);
        SUCCEEDS(WSPCloseSocket(s, &error));
        CHECK(HasOverlappedIoCompleted(&overlapped));
        EQUAL(overlapped.OffsetHigh, WSA_OPERATION_ABORTED);
        posix_close(listening);
        if (round == 0)
            descriptors = posix_open_descriptors();
    }
    /* posix_listen_full has left a client behind, each time. */
    CHECK(posix_open_descriptors() <= descriptors + 2);
}

/* A cancelled attempt leaves the socket bound, for another. */
TEST(a_cancelled_attempt_can_be_followed_by_another, "OV.22 NEED-K1 NEED-S12")
{
    unsigned short port;
    int listening;
    OVERLAPPED overlapped = {0};
    startup();
    posix_listen_full(&port);
    struct sockaddr_in full = loopback(port), address = posix_listener(&listening, 5);
    SOCKET s = bound();
    for (int round = 0; round < 3; round++) {
        REFUSED(connect_later(s, &full, "hello", 5, NULL, &overlapped), WSA_IO_PENDING);
        DOES(CancelIoEx((HANDLE)s, &overlapped));
        EQUAL(outcome(s, &overlapped, &(DWORD){0}), WSA_OPERATION_ABORTED);
        FAILS(update_connected(s), WSAENOTCONN);
    }
    EQUAL(ENDED(s, connect_later(s, &address, "hello", 5, NULL, &overlapped), &overlapped), 0);
}

/* One that was cancelled while it was sending has no connection either. */
TEST(a_cancelled_request_takes_its_connection_back, "OV.22 NEED-K1 NEED-S12")
{
    enum { SIZE = 1 << 24 };
    int listening;
    OVERLAPPED overlapped = {0};
    startup();
    struct sockaddr_in address = posix_listener(&listening, 5);
    SOCKET s = bound();
    char *bytes = calloc(1, SIZE);
    REFUSED(connect_later(s, &address, bytes, SIZE, NULL, &overlapped), WSA_IO_PENDING);
    int peer = posix_accept(listening);
    EVENTUALLY(connect_time(s) >= 0);
    DOES(CancelIoEx((HANDLE)s, NULL));
    EQUAL(outcome(s, &overlapped, &(DWORD){0}), WSA_OPERATION_ABORTED);
    CHECK(posix_drain(peer, NULL) < 0);
    EQUAL(connect_time(s), -1);
    EQUAL(ENDED(s, connect_later(s, &address, "hello", 5, NULL, &overlapped), &overlapped), 0);
    free(bytes);
}

/* A peer that resets while the first data are under way. */
TEST(a_broken_connection_fails_the_request, "OBS.26 NEED-S12")
{
    enum { SIZE = 1 << 24 };
    int listening;
    OVERLAPPED overlapped = {0};
    DWORD count;
    startup();
    struct sockaddr_in address = posix_listener(&listening, 5);
    SOCKET s = bound();
    char *bytes = calloc(1, SIZE);
    REFUSED(connect_later(s, &address, bytes, SIZE, NULL, &overlapped), WSA_IO_PENDING);
    posix_reset(posix_accept(listening));
    int code = outcome(s, &overlapped, &count);
    CHECK(code == WSAECONNRESET || code == WSAECONNABORTED);
    error = 0;
    send_bytes(s, "x", 1, &count);
    CHECK(error == WSAECONNRESET || error == WSAECONNABORTED);
    free(bytes);
}

TEST(a_connection_of_ipv6_is_made, "NEED-S12")
{
    OVERLAPPED overlapped = {0}, accepted = {0};
    struct sockaddr_in6 address = {0};
    int length = sizeof address;
    static char room[2 * AREA];
    LPFN_CONNECTEX connect_ex;
    startup();
    if (!posix_has_ipv6())
        SKIP("no IPv6");
    address.sin6_family = AF_INET6;
    address.sin6_addr.s6_addr[15] = 1;
    SOCKET sockets[3];
    for (int i = 0; i < 3; i++)
        sockets[i] = WSPSocket(AF_INET6, SOCK_STREAM, IPPROTO_TCP, NULL, 0, WSA_FLAG_OVERLAPPED, &error);
    SOCKET listening = sockets[0], accepting = sockets[1], s = sockets[2];
    SUCCEEDS(WSPBind(s, (struct sockaddr *)&address, sizeof address, &error));
    SUCCEEDS(WSPBind(listening, (struct sockaddr *)&address, sizeof address, &error));
    SUCCEEDS(WSPListen(listening, 5, &error));
    SUCCEEDS(WSPGetSockName(listening, (struct sockaddr *)&address, &length, &error));
    void *function = extension_function(s, (GUID)WSAID_CONNECTEX);
    memcpy(&connect_ex, &function, sizeof connect_ex);
    STARTED(accept_later(listening, accepting, room, 0, &accepted));
    STARTED(connect_ex(s, (struct sockaddr *)&address, sizeof address, (void *)"hello", 5, NULL, &overlapped));
    EQUAL(outcome(s, &overlapped, &(DWORD){0}), 0);
    EQUAL(outcome(listening, &accepted, &(DWORD){0}), 0);
    char bytes[8];
    DWORD count;
    SUCCEEDS(receive_bytes(accepting, bytes, sizeof bytes, &count, 0));
    EQUAL(count, 5);
}
