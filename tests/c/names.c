#include "check.h"

#include <errno.h>
#include <sys/syscall.h>

static struct sockaddr_in name;
static int length;

static int local(SOCKET s)
{
    memset(&name, 0x5a, sizeof name);
    length = sizeof name;
    return WSPGetSockName(s, (struct sockaddr *)&name, &length, &error);
}

static int peer(SOCKET s)
{
    memset(&name, 0x5a, sizeof name);
    length = sizeof name;
    return WSPGetPeerName(s, (struct sockaddr *)&name, &length, &error);
}

/* The peer is 127.0.0.1 and `port` (in network order), with nothing else in the structure. */
#define PEER_IS(s, port)                                                                                               \
    do {                                                                                                               \
        struct sockaddr_in expected_ = loopback(ntohs(port));                                                          \
        SUCCEEDS(peer(s));                                                                                             \
        EQUAL(length, sizeof name);                                                                                    \
        CHECK(memcmp(&name, &expected_, sizeof name) == 0);                                                            \
    } while (0)

TEST(handle_and_state_come_before_pointers, "OBS.12 WSPGetSockName.2 WSPGetPeerName.1")
{
    startup();
    FAILS(WSPGetSockName(12345, NULL, NULL, &error), WSAENOTSOCK);
    FAILS(WSPGetPeerName(12345, NULL, NULL, &error), WSAENOTSOCK);
    SOCKET s = tcp();
    FAILS(WSPGetSockName(s, NULL, NULL, &error), WSAEINVAL);
    FAILS(WSPGetPeerName(s, NULL, NULL, &error), WSAENOTCONN);
    SUCCEEDS(WSPCloseSocket(s, &error));
    FAILS(WSPGetSockName(s, NULL, NULL, &error), WSAENOTSOCK);
    FAILS(WSPGetPeerName(s, NULL, NULL, &error), WSAENOTSOCK);
}

TEST(unbound_has_no_name, "OBS.13 WSPGetSockName.2")
{
    startup();
    FAILS(local(tcp()), WSAEINVAL);
    EQUAL(length, sizeof name);
    EQUAL(name.sin_family, 0x5a5a);
    FAILS(local(udp()), WSAEINVAL);
}

TEST(bound_has_its_address, "WSPGetSockName.1 WSPGetSockName.4 OBS.13")
{
    struct sockaddr_in expected;
    startup();
    SOCKET s = tcp();
    expected = bind_loopback(s);
    CHECK(expected.sin_port != 0);
    SUCCEEDS(local(s));
    EQUAL(length, sizeof name);
    /* sin_zero too. */
    CHECK(memcmp(&name, &expected, sizeof name) == 0);
    expected = loopback(ntohs(expected.sin_port));
    CHECK(memcmp(&name, &expected, sizeof name) == 0);
    /* More room than needed. */
    char room[128];
    length = sizeof room;
    SUCCEEDS(WSPGetSockName(s, (struct sockaddr *)room, &length, &error));
    EQUAL(length, sizeof name);
}

TEST(wildcard_reports_its_port, "WSPGetSockName.3")
{
    struct sockaddr_in any = loopback(0);
    any.sin_addr.s_addr = 0;
    startup();
    SOCKET s = tcp();
    SUCCEEDS(WSPBind(s, (struct sockaddr *)&any, sizeof any, &error));
    SUCCEEDS(local(s));
    EQUAL(name.sin_addr.s_addr, 0);
    CHECK(name.sin_port != 0);
}

TEST(implicit_bind_is_learnt, "WSPGetSockName.1 WSPGetSockName.3")
{
    struct sockaddr_in address;
    startup();
    listener(5, &address);
    SOCKET s = tcp();
    SUCCEEDS(connect_to(s, &address));
    SUCCEEDS(local(s));
    EQUAL(name.sin_addr.s_addr, htonl(0x7f000001));
    CHECK(name.sin_port != 0 && name.sin_port != address.sin_port);
}

TEST(bad_pointers_and_short_buffers_fault, "WSPGetSockName.4 WSPGetPeerName.3 OBS.13 OBS.44")
{
    SOCKET pair[2];
    struct sockaddr *wild = (struct sockaddr *)8, *good = (struct sockaddr *)&name;
    startup();
    tcp_pair(pair);
    for (int i = 0; i < 2; i++) {
        int (*get)(SOCKET, struct sockaddr *, LPINT, LPINT) = i == 0 ? WSPGetSockName : WSPGetPeerName;
        length = sizeof name;
        FAILS(get(pair[0], NULL, &length, &error), WSAEFAULT);
        FAILS(get(pair[0], wild, &length, &error), WSAEFAULT);
        FAILS(get(pair[0], good, NULL, &error), WSAEFAULT);
        FAILS(get(pair[0], good, (int *)8, &error), WSAEFAULT);
        name.sin_family = 77;
        length = sizeof name - 1;
        FAILS(get(pair[0], good, &length, &error), WSAEFAULT);
        EQUAL(length, sizeof name - 1);
        EQUAL(name.sin_family, 77);
        length = -1;
        FAILS(get(pair[0], good, &length, &error), WSAEFAULT);
    }
}

TEST(peer_is_known_to_both_ends, "WSPGetPeerName.1 WSPGetPeerName.3")
{
    SOCKET pair[2];
    struct sockaddr_in ends[2];
    startup();
    tcp_pair(pair);
    for (int i = 0; i < 2; i++) {
        SUCCEEDS(local(pair[i]));
        ends[i] = name;
    }
    PEER_IS(pair[0], ends[1].sin_port);
    PEER_IS(pair[1], ends[0].sin_port);
}

TEST(listener_has_no_peer, "WSPGetPeerName.1")
{
    struct sockaddr_in address;
    startup();
    FAILS(peer(listener(5, &address)), WSAENOTCONN);
}

TEST(peer_outlives_the_connection, "OBS.14")
{
    unsigned short port;
    char byte;
    DWORD count;
    startup();
    int listening = posix_listen(&port, 5);
    struct sockaddr_in address = loopback(port);
    /* 0: shut down both ways; 1: the peer closes; 2: the peer resets; 3: both sides are done. */
    for (int how = 0; how < 4; how++) {
        SOCKET s = tcp();
        SUCCEEDS(connect_to(s, &address));
        int other = posix_accept(listening);
        if (how == 0 || how == 3)
            SUCCEEDS(WSPShutdown(s, SD_SEND, &error));
        if (how == 2)
            posix_reset(other);
        else if (how != 0)
            posix_close(other);
        if (how == 0)
            SUCCEEDS(WSPShutdown(s, SD_BOTH, &error));
        else
            /* Returns when the news is here. */
            EQUAL(receive_bytes(s, &byte, 1, &count, 0), how == 2 ? -1 : 0);
        PEER_IS(s, address.sin_port);
        SUCCEEDS(WSPCloseSocket(s, &error));
    }
}

TEST(peer_is_known_while_connecting, "OBS.14")
{
    unsigned short port;
    startup();
    /* A queue for one connection that is full: the next attempt stays pending. */
    posix_listen(&port, 0);
    struct sockaddr_in address = loopback(port);
    for (int i = 0; i < 4; i++) {
        SOCKET s = tcp();
        set_nonblocking(s, 1);
        if (connect_to(s, &address) != 0)
            EQUAL(error, WSAEWOULDBLOCK);
        PEER_IS(s, address.sin_port);
    }
}

TEST(datagram_peer_is_the_connected_one, "WSPGetPeerName.2")
{
    struct sockaddr_in address;
    startup();
    SOCKET s = udp(), other = udp();
    address = bind_loopback(other);
    FAILS(peer(s), WSAENOTCONN);
    SUCCEEDS(connect_to(s, &address));
    PEER_IS(s, address.sin_port);
}

TEST(unix_names_are_whole_structures, "WSPGetSockName.1 WSPGetPeerName.1")
{
    struct sockaddr_un address, got;
    startup();
    memset(&address, 0, sizeof address);
    address.sun_family = AF_UNIX;
    snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "ws2spi-test-names-%d", posix_thread());
    SOCKET listening = open_socket(AF_UNIX, SOCK_STREAM, 0), client = open_socket(AF_UNIX, SOCK_STREAM, 0);
    SUCCEEDS(WSPBind(listening, (struct sockaddr *)&address, sizeof address, &error));
    SUCCEEDS(WSPListen(listening, 5, &error));
    SUCCEEDS(WSPConnect(client, (struct sockaddr *)&address, sizeof address, NULL, NULL, NULL, NULL, &error));
    length = sizeof got;
    SUCCEEDS(WSPGetPeerName(client, (struct sockaddr *)&got, &length, &error));
    EQUAL(length, sizeof got);
    CHECK(memcmp(&got, &address, sizeof got) == 0);
    SUCCEEDS(WSPCloseSocket(listening, &error));
    SUCCEEDS(WSPGetPeerName(client, (struct sockaddr *)&got, &length, &error));
    CHECK(memcmp(&got, &address, sizeof got) == 0);
    SUCCEEDS(WSPGetSockName(client, (struct sockaddr *)&got, &length, &error));
    EQUAL(got.sun_family, AF_UNIX);
    EQUAL(got.sun_path[0], 0);
}

static SOCKET asked_from_callback;
static int callback_answers[2];

static SOCKET WSPAPI ask_from_callback(DWORD entry, SOCKET proposed, LPINT code)
{
    (void)entry, (void)code;
    if (asked_from_callback != 0) {
        callback_answers[0] = local(asked_from_callback) == 0 ? 0 : error;
        callback_answers[1] = peer(asked_from_callback) == 0 ? 0 : error;
    }
    return proposed;
}

TEST(callbacks_cannot_ask_for_names, "C.7")
{
    WSPUPCALLTABLE upcalls;
    memset(&upcalls, 0, sizeof upcalls);
    upcalls.lpWPUModifyIFSHandle = ask_from_callback;
    EQUAL(WSPStartup(MAKEWORD(2, 2), &data, NULL, upcalls, &procs), 0);
    SOCKET s = udp();
    struct sockaddr_in address = bind_loopback(s);
    SUCCEEDS(connect_to(s, &address));
    asked_from_callback = s;
    tcp();
    EQUAL(callback_answers[0], WSAEINPROGRESS);
    EQUAL(callback_answers[1], WSAEINPROGRESS);
}

TEST(no_network_has_no_local_names, "WSPGetSockName.1")
{
    startup();
    SOCKET s = udp();
    bind_loopback(s);
    posix_inject(SYS_getsockname, ENETDOWN);
    FAILS(local(s), WSAENETDOWN);
}

TEST(no_network_has_no_peer_names, "WSPGetPeerName.1")
{
    startup();
    SOCKET s = udp();
    struct sockaddr_in address = bind_loopback(s);
    SUCCEEDS(connect_to(s, &address));
    posix_inject(SYS_getsockopt, ENETDOWN);
    FAILS(peer(s), WSAENETDOWN);
}

/* What a function gives goes into the caller's memory and nowhere beyond: the library hands out none of its own. */
TEST(only_the_room_that_was_given_is_written, "C.6 WSPGetSockName.4")
{
    struct {
        struct sockaddr_in name;
        unsigned char behind[32];
    } room;
    int size = sizeof room.name, type = 0;
    startup();
    SOCKET s = tcp();
    bind_loopback(s);
    memset(&room, 0x5a, sizeof room);
    SUCCEEDS(WSPGetSockName(s, (struct sockaddr *)&room.name, &size, &error));
    EQUAL(size, sizeof room.name);
    size = sizeof type;
    SUCCEEDS(WSPGetSockOpt(s, SOL_SOCKET, SO_TYPE, (char *)&type, &size, &error));
    EQUAL(type, SOCK_STREAM);
    for (size_t i = 0; i < sizeof room.behind; i++)
        EQUAL(room.behind[i], 0x5a);
}
