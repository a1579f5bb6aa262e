/* DisconnectEx, and sockets that are used again. */
#include "extension.h"
#include "port.h"
#include "waits.h"

/* A socket that ConnectEx has connected to `peer`, bound to 127.0.0.1 or to any address. */
static SOCKET connected(int *peer, int anywhere)
{
    unsigned short port;
    int listening = posix_listen(&port, 1);
    struct sockaddr_in address = loopback(port), any = loopback(0);
    OVERLAPPED overlapped = {0};
    SOCKET s = overlapped_tcp();
    any.sin_addr.s_addr = anywhere ? 0 : any.sin_addr.s_addr;
    SUCCEEDS(WSPBind(s, (struct sockaddr *)&any, sizeof any, &error));
    EQUAL(ENDED(s, connect_later(s, &address, NULL, 0, NULL, &overlapped), &overlapped), 0);
    *peer = posix_accept(listening);
    posix_close(listening);
    return s;
}

/* A socket that AcceptEx has connected to `client`. */
static SOCKET accepted(SOCKET listening, const struct sockaddr_in *address, int *client)
{
    static char room[2 * AREA];
    OVERLAPPED overlapped = {0};
    SOCKET s = overlapped_tcp();
    *client = posix_connect(ntohs(address->sin_port));
    EQUAL(ENDED(listening, accept_later(listening, s, room, 0, &overlapped), &overlapped), 0);
    return s;
}

/* ---- Ending a connection ---- */

/* The peer sees the end behind what was sent; what it still sends can be received. */
TEST(a_connection_is_ended, "NEED-S12 OBS.25")
{
    int peer;
    char bytes[8];
    DWORD count;
    OVERLAPPED overlapped = {0};
    startup();
    for (int later = 0; later < 2; later++) {
        SOCKET s = connected(&peer, 0);
        SUCCEEDS(send_bytes(s, "last", 4, &count));
        if (later)
            EQUAL(ENDED(s, disconnect(s, &overlapped, 0, 0), &overlapped), 0);
        else
            DONE(disconnect(s, NULL, 0, 0));
        FAILS(send_bytes(s, "x", 1, &count), WSAESHUTDOWN);
        EQUAL(posix_read(peer, bytes, sizeof bytes), 4);
        posix_write(peer, "bye", 3);
        SUCCEEDS(receive_bytes(s, bytes, sizeof bytes, &count, 0));
        EQUAL(count, 3);
        posix_close(peer);
        SUCCEEDS(receive_bytes(s, bytes, sizeof bytes, &count, 0));
        EQUAL(count, 0);
        REFUSED(disconnect(s, NULL, 0, 0), WSAENOTCONN);
        SUCCEEDS(WSPCloseSocket(s, &error));
    }
}

/* Sends that stand in line go out before. */
TEST(the_end_comes_after_the_sends_before_it, "OV.17 NEED-S12")
{
    enum { SIZE = 1 << 24 };
    int peer;
    OVERLAPPED sending = {0}, ending = {0};
    DWORD count;
    unsigned long total;
    startup();
    SOCKET s = connected(&peer, 0);
    char *bytes = calloc(1, SIZE);
    EQUAL(send_later(s, bytes, SIZE, &sending), WSA_IO_PENDING);
    REFUSED(disconnect(s, &ending, 0, 0), WSA_IO_PENDING);
    EQUAL(posix_drain(peer, &total), 0);
    EQUAL(total, SIZE);
    EQUAL(outcome(s, &sending, &count), 0);
    EQUAL(count, SIZE);
    EQUAL(outcome(s, &ending, &count), 0);
    EQUAL(count, 0);
    free(bytes);
}

TEST(requests_that_cannot_be_are_refused, "NEED-S12 OBS.12 OBS.44")
{
    int peer;
    OVERLAPPED overlapped = {0};
    struct sockaddr_in address;
    LPFN_DISCONNECTEX disconnect_ex;
    startup();
    SOCKET s = connected(&peer, 0), bound = overlapped_tcp(), other = udp();
    void *function = extension_function(s, (GUID)WSAID_DISCONNECTEX);
    memcpy(&disconnect_ex, &function, sizeof disconnect_ex);
    REFUSED(disconnect_ex(INVALID_SOCKET, NULL, 99, 1), WSAENOTSOCK);
    REFUSED(disconnect(other, &overlapped, 0, 0), WSAEOPNOTSUPP);
    REFUSED(disconnect(bound, &overlapped, 0, 0), WSAENOTCONN);
    bind_loopback(bound);
    REFUSED(disconnect(bound, &overlapped, TF_REUSE_SOCKET, 0), WSAENOTCONN);
    REFUSED(disconnect(listener(SOMAXCONN, &address), NULL, 0, 0), WSAENOTCONN);
    REFUSED(disconnect(s, &overlapped, TF_DISCONNECT, 0), WSAEINVAL);
    REFUSED(disconnect(s, &overlapped, TF_REUSE_SOCKET | 0x100, 0), WSAEINVAL);
    REFUSED(disconnect(s, &overlapped, 0, 1), WSAEINVAL);
    REFUSED(disconnect(s, (OVERLAPPED *)(void *)posix_fenced(4096), TF_REUSE_SOCKET, 0), WSAEFAULT);
    /* The connection is as it was. */
    DWORD count;
    SUCCEEDS(send_bytes(s, "x", 1, &count));
    DONE(disconnect(s, NULL, 0, 0));
    char byte;
    EQUAL(posix_read(peer, &byte, 1), 1);
}

/* ---- Another connection ---- */

static struct sockaddr_in name_of(SOCKET s)
{
    struct sockaddr_in name;
    int length = sizeof name;
    SUCCEEDS(WSPGetSockName(s, (struct sockaddr *)&name, &length, &error));
    return name;
}

/* The request ends when the peer has, whatever it sends before; then the socket is bound as before, and no more. */
static void connect_again(int anywhere)
{
    int peer, listening, keep = 1, length = sizeof keep;
    unsigned short port;
    DWORD count;
    OVERLAPPED overlapped = {0};
    struct sockaddr_in name;
    SOCKET s = connected(&peer, anywhere);
    unsigned short own = name_of(s).sin_port;
    SUCCEEDS(WSPSetSockOpt(s, SOL_SOCKET, SO_KEEPALIVE, (char *)&keep, sizeof keep, &error));
    for (int round = 0; round < 3; round++) {
        REFUSED(disconnect(s, &overlapped, TF_REUSE_SOCKET, 0), WSA_IO_PENDING);
        REFUSED(disconnect(s, NULL, TF_REUSE_SOCKET, 0), WSAENOTCONN);
        EQUAL(posix_drain(peer, NULL), 0);
        posix_write(peer, "unheard", 7);
        CHECK(!HasOverlappedIoCompleted(&overlapped));
        posix_close(peer);
        EQUAL(outcome(s, &overlapped, &count), 0);
        EQUAL(count, 0);
        FAILS(send_bytes(s, "x", 1, &count), WSAENOTCONN);
        EQUAL(connect_time(s), -1);
        EQUAL(name_of(s).sin_port, own);
        EQUAL(name_of(s).sin_addr.s_addr, anywhere ? 0 : htonl(0x7f000001));
        keep = 0;
        SUCCEEDS(WSPGetSockOpt(s, SOL_SOCKET, SO_KEEPALIVE, (char *)&keep, &length, &error));
        EQUAL(keep, 1);
        REFUSED(accept_later(s, s, &count, 0, &overlapped), WSAEINVAL);

        listening = posix_listen(&port, 1);
        struct sockaddr_in address = loopback(port);
        EQUAL(ENDED(s, connect_later(s, &address, "hello", 5, NULL, &overlapped), &overlapped), 0);
        peer = posix_accept(listening);
        char bytes[8];
        EQUAL(posix_read(peer, bytes, 5), 5);
        FAILS(WSPGetPeerName(s, (struct sockaddr *)&name, &(int){sizeof name}, &error), WSAENOTCONN);
        SUCCEEDS(update_connected(s));
        posix_write(peer, "world", 5);
        SUCCEEDS(receive_bytes(s, bytes, sizeof bytes, &count, 0));
        EQUAL(count, 5);
        posix_close(listening);
    }
    SUCCEEDS(WSPCloseSocket(s, &error));
}

TEST(a_connected_socket_connects_again, "NEED-S12")
{
    startup();
    connect_again(0);
    connect_again(1);
}

TEST(an_accepted_socket_accepts_again, "NEED-S12")
{
    static char room[8 + 2 * AREA];
    int client;
    struct sockaddr_in address, name;
    OVERLAPPED overlapped = {0};
    DWORD count;
    startup();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address), s = accepted(listening, &address, &client);
    SUCCEEDS(update_accepted(s, listening));
    for (int round = 0; round < 20; round++) {
        REFUSED(disconnect(s, &overlapped, TF_REUSE_SOCKET, 0), WSA_IO_PENDING);
        EQUAL(posix_drain(client, NULL), 0);
        posix_close(client);
        EQUAL(outcome(s, &overlapped, &count), 0);
        FAILS(WSPGetSockName(s, (struct sockaddr *)&name, &(int){sizeof name}, &error), WSAEINVAL);
        FAILS(WSPGetPeerName(s, (struct sockaddr *)&name, &(int){sizeof name}, &error), WSAENOTCONN);
        /* The listener is not disturbed, and the next client is this socket's. */
        STARTED(accept_later(listening, s, room, 8, &overlapped));
        client = posix_connect(ntohs(address.sin_port));
        posix_write(client, &round, 4);
        EQUAL(outcome(listening, &overlapped, &count), 0);
        EQUAL(count, 4);
        CHECK(memcmp(room, &round, 4) == 0);
        SUCCEEDS(send_bytes(s, "echo", 4, &count));
        char bytes[4];
        EQUAL(posix_read(client, bytes, 4), 4);
    }
}

/* What the kernel still has to send, it sends. */
TEST(nothing_is_lost_by_using_a_socket_again, "NEED-S12")
{
    enum { SIZE = 1 << 16 };
    int client;
    static char bytes[SIZE], room[2 * AREA];
    struct sockaddr_in address;
    OVERLAPPED overlapped = {0};
    DWORD count;
    unsigned long total;
    startup();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address), s = accepted(listening, &address, &client);
    SUCCEEDS(send_bytes(s, bytes, SIZE, &count));
    REFUSED(disconnect(s, &overlapped, TF_REUSE_SOCKET, 0), WSA_IO_PENDING);
    EQUAL(posix_drain(client, &total), 0);
    EQUAL(total, SIZE);
    posix_close(client);
    EQUAL(outcome(s, &overlapped, &count), 0);
    STARTED(accept_later(listening, s, room, 0, &overlapped));
    CHECK(posix_connect(ntohs(address.sin_port)) >= 0);
    EQUAL(outcome(listening, &overlapped, &count), 0);
}

/* Without an OVERLAPPED the call waits, on a socket that does not block as well; a peer that was first is not waited
 * for. */
static void *close_when_waited_for(void *argument)
{
    int *peer = argument;
    EQUAL(posix_drain(*peer, NULL), 0);
    posix_close(*peer);
    return NULL;
}

TEST(a_call_waits_for_the_peer, "NEED-S12 OV.1")
{
    int peer;
    OVERLAPPED overlapped = {0};
    startup();
    for (u_long nonblocking = 0; nonblocking < 2; nonblocking++) {
        SOCKET s = connected(&peer, 0);
        set_nonblocking(s, nonblocking);
        pthread_t thread = start_thread(close_when_waited_for, &peer);
        DONE(disconnect(s, NULL, TF_REUSE_SOCKET, 0));
        join_thread(thread);
        REFUSED(disconnect(s, NULL, 0, 0), WSAENOTCONN);
        SUCCEEDS(WSPCloseSocket(s, &error));
    }
    /* On a socket that is not overlapped the structure is ignored (OV.2). */
    SOCKET s = connect_posix(&peer);
    posix_close(peer);
    overlapped.Internal = 12345;
    DONE(disconnect(s, &overlapped, TF_REUSE_SOCKET, 0));
    EQUAL(overlapped.Internal, 12345);
}

/* After the end of sending there may be a request for more. */
TEST(an_ended_connection_is_followed_by_another, "NEED-S12")
{
    int client;
    struct sockaddr_in address;
    static char room[2 * AREA];
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address), s = accepted(listening, &address, &client);
    DONE(disconnect(s, NULL, 0, 0));
    posix_close(client);
    EQUAL(ENDED(s, disconnect(s, &overlapped, TF_REUSE_SOCKET, 0), &overlapped), 0);
    STARTED(accept_later(listening, s, room, 0, &overlapped));
    CHECK(posix_connect(ntohs(address.sin_port)) >= 0);
    EQUAL(outcome(listening, &overlapped, &(DWORD){0}), 0);
}

/* A connection that was reset has no end to wait for. */
TEST(a_broken_connection_is_followed_by_another, "NEED-S12 OBS.26")
{
    int client;
    struct sockaddr_in address;
    static char room[2 * AREA];
    char byte;
    DWORD count;
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address), s = accepted(listening, &address, &client);
    posix_reset(client);
    FAILS(receive_bytes(s, &byte, 1, &count, 0), WSAECONNRESET);
    REFUSED(disconnect(s, NULL, 0, 0), WSAENOTCONN);
    EQUAL(ENDED(s, disconnect(s, &overlapped, TF_REUSE_SOCKET, 0), &overlapped), 0);
    STARTED(accept_later(listening, s, room, 0, &overlapped));
    client = posix_connect(ntohs(address.sin_port));
    EQUAL(outcome(listening, &overlapped, &count), 0);
    posix_write(client, "x", 1);
    SUCCEEDS(receive_bytes(s, &byte, 1, &count, 0));
}

/* Receives that were posted before get what was meant for them. */
TEST(receives_before_the_end_get_their_data, "OV.17 NEED-S12")
{
    int peer;
    char rooms[2][4];
    OVERLAPPED receiving[2] = {0}, overlapped = {0};
    DWORD count;
    startup();
    SOCKET s = connected(&peer, 0);
    for (int i = 0; i < 2; i++)
        EQUAL(receive_later(s, rooms[i], 4, &receiving[i]), WSA_IO_PENDING);
    REFUSED(disconnect(s, &overlapped, TF_REUSE_SOCKET, 0), WSA_IO_PENDING);
    EQUAL(posix_drain(peer, NULL), 0);
    posix_write(peer, "data", 4);
    EQUAL(outcome(s, &receiving[0], &count), 0);
    EQUAL(count, 4);
    posix_close(peer);
    EQUAL(outcome(s, &receiving[1], &count), 0);
    EQUAL(count, 0);
    EQUAL(outcome(s, &overlapped, &count), 0);
}

/* ---- Notices and ends ---- */

TEST(a_packet_tells_of_the_end, "NEED-K1 NEED-S12")
{
    int peer;
    OVERLAPPED overlapped = {0}, receiving = {0};
    char byte;
    unsigned short number;
    startup();
    HANDLE port = new_port();
    SOCKET s = connected(&peer, 0);
    associate(s, port, 5);
    /* A use before, so that the engine knows the old descriptor. */
    EQUAL(receive_later(s, &byte, 1, &receiving), WSA_IO_PENDING);
    posix_write(peer, "x", 1);
    CHECK(take(port, 20000).overlapped == &receiving);
    REFUSED(disconnect(s, &overlapped, TF_REUSE_SOCKET, 0), WSA_IO_PENDING);
    EMPTY(port);
    posix_close(peer);
    struct packet packet = take(port, 20000);
    EQUAL(packet.succeeded, TRUE);
    EQUAL(packet.key, 5);
    CHECK(packet.overlapped == &overlapped);
    /* The next connection reports there, too. */
    int listening = posix_listen(&number, 1);
    struct sockaddr_in address = loopback(number);
    STARTED(connect_later(s, &address, NULL, 0, NULL, &overlapped));
    CHECK(take(port, 20000).overlapped == &overlapped);
    peer = posix_accept(listening);
    EQUAL(receive_later(s, &byte, 1, &receiving), WSA_IO_PENDING);
    posix_write(peer, "y", 1);
    packet = take(port, 20000);
    CHECK(packet.overlapped == &receiving);
    EQUAL(byte, 'y');
}

TEST(closing_aborts_the_request, "OV.22 WSPCloseSocket.3 NEED-S12")
{
    int peer;
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = connected(&peer, 0);
    REFUSED(disconnect(s, &overlapped, TF_REUSE_SOCKET, 0), WSA_IO_PENDING);
    SUCCEEDS(WSPCloseSocket(s, &error));
    CHECK(HasOverlappedIoCompleted(&overlapped));
    EQUAL(overlapped.OffsetHigh, WSA_OPERATION_ABORTED);
    EQUAL(posix_drain(peer, NULL), 0);
}

/* The connection has ended all the same, and may be asked to be followed by another later. */
TEST(a_cancelled_request_can_be_made_again, "OV.22 NEED-K1 NEED-S12")
{
    int peer;
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = connected(&peer, 0);
    for (int round = 0; round < 3; round++) {
        REFUSED(disconnect(s, &overlapped, TF_REUSE_SOCKET, 0), WSA_IO_PENDING);
        DOES(CancelIoEx((HANDLE)s, &overlapped));
        EQUAL(outcome(s, &overlapped, &(DWORD){0}), WSA_OPERATION_ABORTED);
    }
    posix_close(peer);
    EQUAL(ENDED(s, disconnect(s, &overlapped, TF_REUSE_SOCKET, 0), &overlapped), 0);
}

static void expect_event(SOCKET s, WSAEVENT event, long expected)
{
    WSANETWORKEVENTS events;
    EQUAL(wait_for(event, 20000), WSA_WAIT_EVENT_0);
    SUCCEEDS(WSPEnumNetworkEvents(s, event, &events, &error));
    EQUAL(events.lNetworkEvents, expected);
}

/* Also the end, which nothing re-enables while the connection is the same. */
TEST(events_of_the_next_connection_are_new, "EV.5 EV.17 NEED-S12")
{
    int client;
    struct sockaddr_in address;
    static char room[2 * AREA];
    char byte;
    DWORD count;
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address), s = accepted(listening, &address, &client);
    WSAEVENT event = new_event();
    SUCCEEDS(WSPEventSelect(s, event, FD_READ | FD_CLOSE, &error));
    for (int round = 0; round < 3; round++) {
        posix_write(client, "x", 1);
        expect_event(s, event, FD_READ);
        SUCCEEDS(receive_bytes(s, &byte, 1, &count, 0));
        posix_close(client);
        expect_event(s, event, FD_CLOSE);
        EQUAL(ENDED(s, disconnect(s, &overlapped, TF_REUSE_SOCKET, 0), &overlapped), 0);
        STARTED(accept_later(listening, s, room, 0, &overlapped));
        client = posix_connect(ntohs(address.sin_port));
        EQUAL(outcome(listening, &overlapped, &(DWORD){0}), 0);
    }
}

/* Connection after connection: no descriptor stays. */
TEST(sockets_are_used_again_and_again, "NEED-S12")
{
    enum { ROUNDS = 50 };
    static char room[2 * AREA];
    struct sockaddr_in address;
    OVERLAPPED accepting = {0}, connecting = {0}, ending = {0}, following = {0};
    DWORD count;
    int descriptors = 0;
    startup();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address), server = overlapped_tcp();
    for (int round = 0; round < ROUNDS; round++) {
        SOCKET client = overlapped_tcp();
        char byte;
        bind_loopback(client);
        STARTED(accept_later(listening, server, room, 0, &accepting));
        STARTED(connect_later(client, &address, "x", 1, NULL, &connecting));
        EQUAL(outcome(client, &connecting, &count), 0);
        EQUAL(outcome(listening, &accepting, &count), 0);
        SUCCEEDS(receive_bytes(server, &byte, 1, &count, 0));
        STARTED(disconnect(client, &ending, TF_REUSE_SOCKET, 0));
        STARTED(disconnect(server, &following, TF_REUSE_SOCKET, 0));
        EQUAL(outcome(client, &ending, &count), 0);
        EQUAL(outcome(server, &following, &count), 0);
        SUCCEEDS(WSPCloseSocket(client, &error));
        if (round == 0)
            descriptors = posix_open_descriptors();
    }
    EVENTUALLY(posix_open_descriptors() <= descriptors);
}

/* Streams of AF_UNIX have it all, too. */
TEST(streams_of_a_path_are_used_again, "NEED-S12")
{
    static char room[8 + 2 * (sizeof(struct sockaddr_un) + 16)];
    enum { UNIX_AREA = sizeof(struct sockaddr_un) + 16 };
    struct sockaddr_un names[2] = {{.sun_family = AF_UNIX}, {.sun_family = AF_UNIX}};
    OVERLAPPED accepting = {0}, connecting = {0}, ending = {0}, following = {0};
    LPFN_CONNECTEX connect_ex;
    SOCKET sockets[3];
    char bytes[8];
    DWORD count;
    startup();
    for (int i = 0; i < 3; i++) {
        sockets[i] = WSPSocket(AF_UNIX, SOCK_STREAM, 0, NULL, 0, WSA_FLAG_OVERLAPPED, &error);
        CHECK(sockets[i] != INVALID_SOCKET);
    }
    SOCKET listening = sockets[0], client = sockets[1], server = sockets[2];
    for (int i = 0; i < 2; i++) {
        posix_temporary_path(names[i].sun_path);
        SUCCEEDS(WSPBind(sockets[i], (struct sockaddr *)&names[i], sizeof names[i], &error));
    }
    SUCCEEDS(WSPListen(listening, 5, &error));
    void *function = extension_function(client, (GUID)WSAID_CONNECTEX);
    memcpy(&connect_ex, &function, sizeof connect_ex);
    for (int round = 0; round < 3; round++) {
        STARTED(AcceptEx(listening, server, room, 8, UNIX_AREA, UNIX_AREA, NULL, &accepting));
        if (round == 0) {
            STARTED(connect_ex(client, (struct sockaddr *)&names[0], sizeof names[0], (void *)"hello", 5, NULL,
                               &connecting));
            EQUAL(outcome(client, &connecting, &count), 0);
        } else {
            client = WSPSocket(AF_UNIX, SOCK_STREAM, 0, NULL, 0, WSA_FLAG_OVERLAPPED, &error);
            SUCCEEDS(WSPConnect(client, (struct sockaddr *)&names[0], sizeof names[0], NULL, NULL, NULL, NULL, &error));
            SUCCEEDS(send_bytes(client, "hello", 5, &count));
        }
        EQUAL(outcome(listening, &accepting, &count), 0);
        EQUAL(count, 5);
        if (round == 0) {
            struct sockaddr *local, *remote;
            int lengths[2];
            GetAcceptExSockaddrs(room, 8, UNIX_AREA, UNIX_AREA, &local, &lengths[0], &remote, &lengths[1]);
            CHECK(strcmp(((struct sockaddr_un *)local)->sun_path, names[0].sun_path) == 0);
            CHECK(strcmp(((struct sockaddr_un *)remote)->sun_path, names[1].sun_path) == 0);
        }
        SUCCEEDS(send_bytes(server, "world", 5, &count));
        STARTED(disconnect(server, &following, TF_REUSE_SOCKET, 0));
        SUCCEEDS(receive_bytes(client, bytes, sizeof bytes, &count, 0));
        EQUAL(count, 5);
        EQUAL(ENDED(client, disconnect(client, &ending, 0, 0), &ending), 0);
        EQUAL(outcome(server, &following, &count), 0);
        SUCCEEDS(WSPCloseSocket(client, &error));
    }
}
