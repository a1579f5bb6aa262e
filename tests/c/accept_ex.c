/* AcceptEx, GetAcceptExSockaddrs and SO_UPDATE_ACCEPT_CONTEXT. */
#include "extension.h"
#include "port.h"
#include "waits.h"

/* ---- One request ---- */

/* The request waits, a client comes, and the socket is connected. */
TEST(a_request_waits_for_a_connection, "NEED-S12 OV.4 OV.21")
{
    static char room[2 * AREA];
    char bytes[8];
    struct sockaddr_in address;
    OVERLAPPED overlapped = {0};
    DWORD count = 77;
    startup();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address), accepting = overlapped_tcp();
    REFUSED(AcceptEx(listening, accepting, room, 0, AREA, AREA, &count, &overlapped), WSA_IO_PENDING);
    EQUAL(overlapped.Internal, WSS_OPERATION_IN_PROGRESS);
    EQUAL(connect_time(accepting), -1);
    int client = posix_connect(ntohs(address.sin_port));
    EVENTUALLY(HasOverlappedIoCompleted(&overlapped));
    EQUAL(count, 77);
    EQUAL(outcome(listening, &overlapped, &count), 0);
    EQUAL(count, 0);
    EQUAL(connect_time(accepting), 0);
    posix_write(client, "hello", 5);
    SUCCEEDS(receive_bytes(accepting, bytes, sizeof bytes, &count, 0));
    EQUAL(count, 5);
    CHECK(memcmp(bytes, "hello", 5) == 0);
    SUCCEEDS(send_bytes(accepting, "world", 5, &count));
    EQUAL(posix_read(client, bytes, 5), 5);
}

/* A client that is there already: the call itself brings it. */
TEST(a_request_completes_at_once, "NEED-S12 OV.3")
{
    static char room[2 * AREA];
    struct sockaddr_in address;
    OVERLAPPED overlapped = {0};
    DWORD count = 77;
    startup();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address), accepting = overlapped_tcp();
    CHECK(posix_connect(ntohs(address.sin_port)) >= 0);
    DONE(AcceptEx(listening, accepting, room, 0, AREA, AREA, &count, &overlapped));
    EQUAL(count, 0);
    CHECK(HasOverlappedIoCompleted(&overlapped));
    /* The count may be unwanted. */
    SOCKET another = overlapped_tcp();
    CHECK(posix_connect(ntohs(address.sin_port)) >= 0);
    DONE(AcceptEx(listening, another, room, 0, AREA, AREA, NULL, &overlapped));
}

/* With room for data the request ends with the first of them; the connection can be seen before. */
TEST(a_request_waits_for_the_first_data, "NEED-S12 OV.4 OV.6")
{
    static char room[64 + 2 * AREA];
    struct sockaddr_in address;
    OVERLAPPED overlapped = {0};
    DWORD count = 77;
    startup();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address), accepting = overlapped_tcp();
    REFUSED(AcceptEx(listening, accepting, room, 64, AREA, AREA, &count, &overlapped), WSA_IO_PENDING);
    int client = posix_connect(ntohs(address.sin_port));
    EVENTUALLY(connect_time(accepting) == 0);
    CHECK(!HasOverlappedIoCompleted(&overlapped));
    /* It is not the program's yet. */
    FAILS(receive_bytes(accepting, room, 1, &count, 0), WSAENOTCONN);
    posix_write(client, "first", 5);
    EQUAL(outcome(listening, &overlapped, &count), 0);
    EQUAL(count, 5);
    CHECK(memcmp(room, "first", 5) == 0);
    posix_write(client, "second", 6);
    SUCCEEDS(receive_bytes(accepting, room, 64, &count, 0));
    EQUAL(count, 6);
}

/* No more than there is room for; the rest is for the program to receive. */
TEST(the_first_data_are_what_there_is_room_for, "NEED-S12")
{
    static char room[4 + 2 * AREA];
    char rest[16];
    struct sockaddr_in address;
    OVERLAPPED overlapped = {0};
    DWORD count;
    startup();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address), accepting = overlapped_tcp();
    int client = posix_connect(ntohs(address.sin_port));
    posix_write(client, "abcdefgh", 8);
    STARTED(accept_later(listening, accepting, room, 4, &overlapped));
    EQUAL(outcome(listening, &overlapped, &count), 0);
    EQUAL(count, 4);
    CHECK(memcmp(room, "abcd", 4) == 0);
    SUCCEEDS(receive_bytes(accepting, rest, sizeof rest, &count, 0));
    EQUAL(count, 4);
    CHECK(memcmp(rest, "efgh", 4) == 0);
}

/* A stream that ends without data has ended; one that is reset has failed, and its socket may serve again. */
TEST(a_connection_without_data_ends_the_request, "NEED-S12")
{
    static char room[8 + 2 * AREA];
    struct sockaddr_in address;
    OVERLAPPED overlapped = {0};
    DWORD count;
    startup();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address), accepting = overlapped_tcp();
    STARTED(accept_later(listening, accepting, room, 8, &overlapped));
    posix_close(posix_connect(ntohs(address.sin_port)));
    EQUAL(outcome(listening, &overlapped, &count), 0);
    EQUAL(count, 0);
    SUCCEEDS(receive_bytes(accepting, room, 8, &count, 0));
    EQUAL(count, 0);

    SOCKET another = overlapped_tcp();
    STARTED(accept_later(listening, another, room, 8, &overlapped));
    int client = posix_connect(ntohs(address.sin_port));
    EVENTUALLY(connect_time(another) == 0);
    posix_reset(client);
    EQUAL(outcome(listening, &overlapped, &count), WSAECONNRESET);
    EQUAL(connect_time(another), -1);
    STARTED(accept_later(listening, another, room, 8, &overlapped));
    client = posix_connect(ntohs(address.sin_port));
    posix_write(client, "again", 5);
    EQUAL(outcome(listening, &overlapped, &count), 0);
    EQUAL(count, 5);
}

/* ---- Bad input ---- */

TEST(requests_that_cannot_be_are_refused, "NEED-S12 OBS.12 WSPAccept.8")
{
    static char room[2 * AREA];
    struct sockaddr_in address;
    OVERLAPPED overlapped = {0};
    REFUSED(AcceptEx(4, 8, room, 0, AREA, AREA, NULL, &overlapped), WSANOTINITIALISED);
    startup();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address), accepting = overlapped_tcp();
    REFUSED(AcceptEx(INVALID_SOCKET, accepting, room, 0, AREA, AREA, NULL, &overlapped), WSAENOTSOCK);
    REFUSED(AcceptEx(listening, INVALID_SOCKET, room, 0, AREA, AREA, NULL, &overlapped), WSAENOTSOCK);
    REFUSED(AcceptEx(INVALID_SOCKET, accepting, NULL, 0, 0, 0, NULL, NULL), WSAENOTSOCK);
    REFUSED(AcceptEx(listening, accepting, room, 0, AREA, AREA, NULL, NULL), WSA_INVALID_PARAMETER);
    REFUSED(AcceptEx(udp(), accepting, room, 0, AREA, AREA, NULL, &overlapped), WSAEOPNOTSUPP);
    /* A listener that does not listen. */
    REFUSED(AcceptEx(overlapped_tcp(), accepting, room, 0, AREA, AREA, NULL, &overlapped), WSAEINVAL);
    /* A socket that has another use. */
    SOCKET bound = overlapped_tcp();
    bind_loopback(bound);
    SOCKET connected = overlapped_tcp();
    SUCCEEDS(connect_to(connected, &address));
    SOCKET others[] = {listening, bound, connected, udp(), open_socket(AF_INET6, SOCK_STREAM, IPPROTO_TCP)};
    for (unsigned i = 0; i < sizeof others / sizeof *others; i++)
        REFUSED(AcceptEx(listening, others[i], room, 0, AREA, AREA, NULL, &overlapped), WSAEINVAL);
    /* Too little room, and none. */
    enum { LEAST = sizeof(struct sockaddr_in) + 16 };
    REFUSED(AcceptEx(listening, accepting, room, 0, LEAST - 1, LEAST, NULL, &overlapped), WSAEFAULT);
    REFUSED(AcceptEx(listening, accepting, room, 0, LEAST, LEAST - 1, NULL, &overlapped), WSAEFAULT);
    REFUSED(AcceptEx(listening, accepting, room, 0, LEAST, 0, NULL, &overlapped), WSAEFAULT);
    REFUSED(AcceptEx(listening, accepting, NULL, 0, AREA, AREA, NULL, &overlapped), WSAEFAULT);
    /* None of this has used the socket up: the connection that waits is its. */
    DONE(AcceptEx(listening, accepting, room, 0, LEAST, LEAST, NULL, &overlapped));
}

TEST(bad_pointers_are_refused, "OBS.44 NEED-S12")
{
    static char room[2 * AREA];
    struct sockaddr_in address;
    OVERLAPPED overlapped = {0};
    unsigned long page = 4096;
    char *fence = posix_fenced(2 * page) + page;
    startup();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address), accepting = overlapped_tcp();
    REFUSED(AcceptEx(listening, accepting, fence, 0, AREA, AREA, NULL, &overlapped), WSAEFAULT);
    REFUSED(AcceptEx(listening, accepting, fence - AREA, 0, AREA, AREA, NULL, &overlapped), WSAEFAULT);
    REFUSED(AcceptEx(listening, accepting, room, 0, AREA, AREA, (DWORD *)(void *)fence, &overlapped), WSAEFAULT);
    REFUSED(AcceptEx(listening, accepting, room, 0, AREA, AREA, NULL, (OVERLAPPED *)(void *)fence), WSAEFAULT);
    struct sockaddr *local, *remote;
    int local_length = 77, remote_length = 77;
    WSASetLastError(0);
    GetAcceptExSockaddrs(fence, 0, AREA, AREA, &local, &local_length, &remote, &remote_length);
    EQUAL(WSAGetLastError(), WSAEFAULT);
    EQUAL(remote_length, 77);
    /* The socket is still free, and room up to the last byte is enough. */
    STARTED(accept_later(listening, accepting, fence - 2 * AREA, 0, &overlapped));
    CHECK(posix_connect(ntohs(address.sin_port)) >= 0);
    DWORD count;
    EQUAL(outcome(listening, &overlapped, &count), 0);
}

/* A socket waits for one connection at a time, and is nobody else's meanwhile. */
TEST(a_waiting_socket_is_taken, "NEED-S12")
{
    static char room[2 * AREA], second[2 * AREA];
    struct sockaddr_in address, any = loopback(0);
    OVERLAPPED overlapped = {0}, again = {0};
    startup();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address), accepting = overlapped_tcp();
    REFUSED(accept_later(listening, accepting, room, 0, &overlapped), WSA_IO_PENDING);
    REFUSED(accept_later(listening, accepting, second, 0, &again), WSAEINVAL);
    FAILS(connect_to(accepting, &address), WSAEINVAL);
    FAILS(WSPBind(accepting, (struct sockaddr *)&any, sizeof any, &error), WSAEINVAL);
    FAILS(WSPListen(accepting, 5, &error), WSAEINVAL);
    DWORD count;
    FAILS(send_bytes(accepting, "x", 1, &count), WSAENOTCONN);
    CHECK(posix_connect(ntohs(address.sin_port)) >= 0);
    EQUAL(outcome(listening, &overlapped, &count), 0);
    /* And then it has one. */
    REFUSED(accept_later(listening, accepting, second, 0, &again), WSAEINVAL);
}

/* ---- Addresses ---- */

/* Connects a socket of ours to `address`, and checks what AcceptEx says of the two ends. The buffer lies `shift` bytes
 * off, and the areas have `more` bytes than they need. */
static void check_addresses(int family, int length, unsigned shift, DWORD more)
{
    enum { DATA = 6, ALL = 1024, UNTOUCHED = 0x5a };
    struct sockaddr_storage any = {0}, local = {0}, remote = {0};
    int size = length;
    OVERLAPPED overlapped = {0};
    DWORD area = (DWORD)length + 16 + more, count;
    any.ss_family = (unsigned short)family;
    if (family == AF_INET)
        ((struct sockaddr_in *)&any)->sin_addr.s_addr = htonl(0x7f000001);
    else
        ((struct sockaddr_in6 *)&any)->sin6_addr.s6_addr[15] = 1;
    SOCKET listening = WSPSocket(family, SOCK_STREAM, IPPROTO_TCP, NULL, 0, WSA_FLAG_OVERLAPPED, &error);
    SUCCEEDS(WSPBind(listening, (struct sockaddr *)&any, length, &error));
    SUCCEEDS(WSPListen(listening, SOMAXCONN, &error));
    SUCCEEDS(WSPGetSockName(listening, (struct sockaddr *)&local, &size, &error));
    SOCKET accepting = WSPSocket(family, SOCK_STREAM, IPPROTO_TCP, NULL, 0, WSA_FLAG_OVERLAPPED, &error);
    SOCKET client = open_socket(family, SOCK_STREAM, IPPROTO_TCP);
    SUCCEEDS(WSPConnect(client, (struct sockaddr *)&local, length, NULL, NULL, NULL, NULL, &error));
    SUCCEEDS(WSPGetSockName(client, (struct sockaddr *)&remote, &size, &error));
    SUCCEEDS(send_bytes(client, "bytes!", DATA, &count));

    char *room = malloc(ALL), *buffer = room + 8 + shift;
    memset(room, UNTOUCHED, ALL);
    STARTED(AcceptEx(listening, accepting, buffer, DATA, area, area, NULL, &overlapped));
    EQUAL(outcome(listening, &overlapped, &count), 0);
    EQUAL(count, DATA);
    CHECK(memcmp(buffer, "bytes!", DATA) == 0);
    for (char *at = room; at < room + ALL; at++)
        if (at == buffer)
            at += DATA + 2 * area - 1;
        else
            EQUAL(*at, UNTOUCHED);

    LPFN_GETACCEPTEXSOCKADDRS find;
    void *function = extension_function(accepting, (GUID)WSAID_GETACCEPTEXSOCKADDRS);
    memcpy(&find, &function, sizeof find);
    struct sockaddr *there, *here;
    int here_length = 0, there_length = 0;
    find(buffer, DATA, area, area, &here, &here_length, &there, &there_length);
    EQUAL(here_length, length);
    EQUAL(there_length, length);
    CHECK(memcmp(here, &local, (size_t)length) == 0);
    CHECK(memcmp(there, &remote, (size_t)length) == 0);
    CHECK((char *)here >= buffer + DATA && (char *)here + length <= buffer + DATA + area);
    CHECK((char *)there >= buffer + DATA + area && (char *)there + length <= buffer + DATA + 2 * area);
    EQUAL((size_t)here % 8, 0);
    EQUAL((size_t)there % 8, 0);
    /* What is not wanted is left out. */
    find(buffer, DATA, area, area, NULL, NULL, &there, NULL);
    free(room);
}

TEST(addresses_are_found_in_the_buffer, "NEED-S12")
{
    startup();
    for (unsigned shift = 0; shift < 9; shift++)
        check_addresses(AF_INET, sizeof(struct sockaddr_in), shift, shift % 3);
}

TEST(addresses_of_ipv6_are_found_in_the_buffer, "NEED-S12")
{
    startup();
    if (!posix_has_ipv6())
        SKIP("no IPv6");
    for (unsigned shift = 0; shift < 9; shift++)
        check_addresses(AF_INET6, sizeof(struct sockaddr_in6), shift, shift % 3);
}

/* ---- The context ---- */

/* A socket that AcceptEx has connected to `*client`, without its context. */
static SOCKET accept_now(SOCKET listening, const struct sockaddr_in *address, int *client)
{
    static char room[2 * AREA];
    OVERLAPPED overlapped = {0};
    SOCKET accepting = overlapped_tcp();
    *client = posix_connect(ntohs(address->sin_port));
    CHECK(*client >= 0);
    DONE(accept_later(listening, accepting, room, 0, &overlapped));
    return accepting;
}

TEST(a_connection_gets_its_context, "WSPAccept.6 NEED-S12")
{
    struct sockaddr_in address, name;
    int client, length = sizeof name;
    DWORD count;
    startup();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address);
    SOCKET accepted = accept_now(listening, &address, &client);
    FAILS(WSPGetPeerName(accepted, (struct sockaddr *)&name, &length, &error), WSAENOTCONN);
    FAILS(WSPGetSockName(accepted, (struct sockaddr *)&name, &length, &error), WSAEINVAL);
    FAILS(WSPShutdown(accepted, SD_SEND, &error), WSAENOTCONN);
    SUCCEEDS(send_bytes(accepted, "x", 1, &count));
    SUCCEEDS(update_accepted(accepted, listening));
    SUCCEEDS(WSPGetPeerName(accepted, (struct sockaddr *)&name, &length, &error));
    EQUAL(ntohl(name.sin_addr.s_addr), 0x7f000001);
    SUCCEEDS(WSPGetSockName(accepted, (struct sockaddr *)&name, &length, &error));
    EQUAL(name.sin_port, address.sin_port);
    SUCCEEDS(WSPShutdown(accepted, SD_SEND, &error));
    char byte;
    EQUAL(posix_read(client, &byte, 1), 1);
    EQUAL(posix_drain(client, NULL), 0);
    /* Once more changes nothing. */
    SUCCEEDS(update_accepted(accepted, listening));
}

TEST(a_context_needs_a_connection_and_its_listener, "NEED-S12 WSPSetSockOpt.9")
{
    struct sockaddr_in address;
    int client;
    startup();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address), fresh = overlapped_tcp();
    SOCKET accepted = accept_now(listening, &address, &client);
    FAILS(update_accepted(fresh, listening), WSAENOTCONN);
    FAILS(update_accepted(accepted, INVALID_SOCKET), WSAENOTSOCK);
    FAILS(update_accepted(accepted, fresh), WSAEINVAL);
    FAILS(WSPSetSockOpt(accepted, SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT, (char *)&listening, 4, &error), WSAEFAULT);
    FAILS(WSPSetSockOpt(accepted, SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT, NULL, sizeof listening, &error), WSAEFAULT);
    FAILS(WSPGetSockOpt(accepted, SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT, (char *)&fresh, &(int){sizeof fresh}, &error),
          WSAENOPROTOOPT);
    SUCCEEDS(update_accepted(accepted, listening));
}

static void set_number(SOCKET s, int level, int option, int value)
{
    SUCCEEDS(WSPSetSockOpt(s, level, option, (char *)&value, sizeof value, &error));
}

static int get_number(SOCKET s, int level, int option)
{
    int value = 0, length = sizeof value;
    SUCCEEDS(WSPGetSockOpt(s, level, option, (char *)&value, &length, &error));
    return value;
}

/* Sends and receives that cannot be done at once are refused. */
static int is_nonblocking(SOCKET s)
{
    char byte;
    DWORD count;
    set_number(s, SOL_SOCKET, SO_RCVTIMEO, 1);
    error = 0;
    receive_bytes(s, &byte, 1, &count, 0);
    CHECK(error == WSAEWOULDBLOCK || error == WSAETIMEDOUT);
    return error == WSAEWOULDBLOCK;
}

TEST(the_context_brings_the_listeners_properties, "WSPAccept.6 OBS.36")
{
    struct sockaddr_in address;
    LINGER linger = {1, 33}, got = {0, 0};
    int client, length = sizeof got;
    startup();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address);
    SOCKET before = accept_now(listening, &address, &client);
    set_number(listening, SOL_SOCKET, SO_RCVBUF, 55555);
    set_number(listening, SOL_SOCKET, SO_SNDBUF, 44444);
    set_number(listening, SOL_SOCKET, SO_SNDTIMEO, 3210);
    set_number(listening, SOL_SOCKET, SO_KEEPALIVE, 1);
    set_number(listening, IPPROTO_TCP, TCP_NODELAY, 1);
    SUCCEEDS(WSPSetSockOpt(listening, SOL_SOCKET, SO_LINGER, (char *)&linger, sizeof linger, &error));
    set_nonblocking(listening, 1);
    SOCKET after = accept_now(listening, &address, &client);
    EQUAL(get_number(after, SOL_SOCKET, SO_SNDTIMEO), 0);
    CHECK(!is_nonblocking(after));
    SUCCEEDS(WSPGetSockOpt(after, SOL_SOCKET, SO_LINGER, (char *)&got, &length, &error));
    EQUAL(got.l_onoff, 0);
    /* Whether the options came before the connection or after. */
    SOCKET both[] = {before, after};
    for (int i = 0; i < 2; i++) {
        SUCCEEDS(update_accepted(both[i], listening));
        EQUAL(get_number(both[i], SOL_SOCKET, SO_RCVBUF), 55555);
        EQUAL(get_number(both[i], SOL_SOCKET, SO_SNDBUF), 44444);
        EQUAL(get_number(both[i], SOL_SOCKET, SO_SNDTIMEO), 3210);
        EQUAL(get_number(both[i], SOL_SOCKET, SO_KEEPALIVE), 1);
        EQUAL(get_number(both[i], IPPROTO_TCP, TCP_NODELAY), 1);
        SUCCEEDS(WSPGetSockOpt(both[i], SOL_SOCKET, SO_LINGER, (char *)&got, &length, &error));
        EQUAL(got.l_linger, 33);
        CHECK(is_nonblocking(both[i]));
    }
}

/* Until then the socket has its own. */
TEST(without_its_context_a_socket_has_its_own_options, "WSPAccept.6 NEED-S12")
{
    static char room[2 * AREA];
    struct sockaddr_in address;
    OVERLAPPED overlapped = {0};
    DWORD count;
    char byte;
    startup();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address), accepting = overlapped_tcp();
    set_number(accepting, SOL_SOCKET, SO_KEEPALIVE, 1);
    set_number(accepting, IPPROTO_TCP, TCP_NODELAY, 1);
    set_number(accepting, SOL_SOCKET, SO_RCVTIMEO, 20);
    STARTED(accept_later(listening, accepting, room, 0, &overlapped));
    set_nonblocking(accepting, 1);
    CHECK(posix_connect(ntohs(address.sin_port)) >= 0);
    EQUAL(outcome(listening, &overlapped, &count), 0);
    EQUAL(get_number(accepting, SOL_SOCKET, SO_KEEPALIVE), 1);
    EQUAL(get_number(accepting, IPPROTO_TCP, TCP_NODELAY), 1);
    FAILS(receive_bytes(accepting, &byte, 1, &count, 0), WSAEWOULDBLOCK);
    set_nonblocking(accepting, 0);
    FAILS(receive_bytes(accepting, &byte, 1, &count, 0), WSAETIMEDOUT);
    SUCCEEDS(update_accepted(accepting, listening));
    EQUAL(get_number(accepting, SOL_SOCKET, SO_KEEPALIVE), 0);
    EQUAL(get_number(accepting, IPPROTO_TCP, TCP_NODELAY), 0);
}

/* The events that are selected for the listener, too. */
TEST(the_context_brings_the_listeners_events, "EV.4 WSPAccept.6")
{
    struct sockaddr_in address;
    int client;
    startup();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address);
    WSAEVENT event = new_event();
    SUCCEEDS(WSPEventSelect(listening, event, FD_READ | FD_CLOSE, &error));
    SOCKET accepted = accept_now(listening, &address, &client);
    SUCCEEDS(update_accepted(accepted, listening));
    CHECK(!is_signalled(event));
    posix_write(client, "x", 1);
    EQUAL(wait_for(event, 20000), WSA_WAIT_EVENT_0);
    WSANETWORKEVENTS events;
    SUCCEEDS(WSPEnumNetworkEvents(accepted, event, &events, &error));
    EQUAL(events.lNetworkEvents, FD_READ);
}

/* ---- Many requests ---- */

enum { MANY = 100 };

struct request {
    OVERLAPPED overlapped;
    SOCKET socket;
    char room[8 + 2 * AREA];
};

static void post(struct request *request, SOCKET listening, DWORD length)
{
    memset(&request->overlapped, 0, sizeof request->overlapped);
    request->socket = overlapped_tcp();
    STARTED(accept_later(listening, request->socket, request->room, length, &request->overlapped));
}

/* A connection, and its number on it. */
static int numbered_client(const struct sockaddr_in *address, int number)
{
    unsigned char byte = (unsigned char)number;
    int client = posix_connect(ntohs(address->sin_port));
    CHECK(client >= 0);
    posix_write(client, &byte, 1);
    return client;
}

static int number_of(SOCKET s)
{
    unsigned char byte;
    DWORD count;
    SUCCEEDS(receive_bytes(s, &byte, 1, &count, 0));
    EQUAL(count, 1);
    return byte;
}

static void serve_in_order(int backlog)
{
    static struct request requests[MANY];
    struct sockaddr_in address;
    DWORD count;
    SOCKET listening = overlapped_listener(backlog, &address);
    int descriptors = 0;
    for (int round = 0; round < 3; round++) {
        int clients[MANY];
        for (int i = 0; i < MANY; i++)
            post(&requests[i], listening, 0);
        for (int i = 0; i < MANY; i++)
            clients[i] = numbered_client(&address, i);
        for (int i = 0; i < MANY; i++) {
            EQUAL(outcome(listening, &requests[i].overlapped, &count), 0);
            EQUAL(number_of(requests[i].socket), i);
        }
        for (int i = 0; i < MANY; i++) {
            SUCCEEDS(WSPCloseSocket(requests[i].socket, &error));
            posix_close(clients[i]);
        }
        /* The first round has made what the engine needs. */
        if (round == 0)
            descriptors = posix_open_descriptors();
        EVENTUALLY(posix_open_descriptors() <= descriptors);
    }
    SUCCEEDS(WSPCloseSocket(listening, &error));
}

TEST(connections_go_to_requests_in_posting_order, "OV.17 NEED-S12")
{
    startup();
    serve_in_order(SOMAXCONN);
}

/* Requests that wait are room beyond the backlog: nobody is refused who could be served at once. */
TEST(requests_are_room_beyond_a_short_backlog, "OV.17 WSPListen.2 NEED-S12")
{
    startup();
    serve_in_order(1);
    serve_in_order(5);
}

TEST(the_backlog_is_kept_when_no_request_waits, "WSPListen.2")
{
    enum { BACKLOG = 3, REQUESTS = 10 };
    static struct request requests[REQUESTS];
    struct sockaddr_in address;
    DWORD count;
    int client;
    startup();
    SOCKET listening = overlapped_listener(BACKLOG, &address);
    EQUAL(posix_admitted(), BACKLOG);
    for (int i = 0; i < REQUESTS; i++) {
        post(&requests[i], listening, 0);
        EQUAL(posix_admitted(), BACKLOG + i + 1);
    }
    for (int i = 0; i < REQUESTS; i++) {
        numbered_client(&address, i);
        EQUAL(outcome(listening, &requests[i].overlapped, &count), 0);
        EQUAL(posix_admitted(), BACKLOG + REQUESTS - i - 1);
    }
    for (int i = 0; i < BACKLOG; i++)
        numbered_client(&address, i);
    /* It takes the library a moment to refuse the next. */
    EVENTUALLY((client = posix_connect(ntohs(address.sin_port))) < 0 || (posix_close(client), 0));
    /* Requests take from the full queue, oldest first, and open it again. */
    for (int i = 0; i < BACKLOG; i++) {
        post(&requests[i], listening, 0);
        EQUAL(outcome(listening, &requests[i].overlapped, &count), 0);
        EQUAL(number_of(requests[i].socket), i);
    }
}

/* One that waits for data does not hold the others up. */
TEST(a_silent_client_holds_nobody_up, "NEED-S12 OV.17")
{
    static struct request requests[3];
    struct sockaddr_in address;
    DWORD count;
    startup();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address);
    for (int i = 0; i < 3; i++)
        post(&requests[i], listening, 8);
    int silent = posix_connect(ntohs(address.sin_port));
    for (int i = 1; i < 3; i++) {
        numbered_client(&address, i);
        EQUAL(outcome(listening, &requests[i].overlapped, &count), 0);
        EQUAL(requests[i].room[0], i);
    }
    EQUAL(connect_time(requests[0].socket), 0);
    CHECK(!HasOverlappedIoCompleted(&requests[0].overlapped));
    posix_write(silent, "late", 4);
    EQUAL(outcome(listening, &requests[0].overlapped, &count), 0);
    EQUAL(count, 4);
}

/* WSPAccept takes part: a blocking listener goes on to block, and one that does not says so. */
TEST(calls_and_requests_share_a_listener, "WSPAccept.7 NEED-S12")
{
    static struct request request;
    struct sockaddr_in address;
    DWORD count;
    startup();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address);
    post(&request, listening, 0);
    set_nonblocking(listening, 1);
    FAILS(WSPAccept(listening, NULL, NULL, NULL, 0, &error), WSAEWOULDBLOCK);
    set_nonblocking(listening, 0);
    numbered_client(&address, 1);
    EQUAL(outcome(listening, &request.overlapped, &count), 0);
    EQUAL(number_of(request.socket), 1);
    numbered_client(&address, 2);
    SOCKET accepted = WSPAccept(listening, NULL, NULL, NULL, 0, &error);
    CHECK(accepted != INVALID_SOCKET);
    EQUAL(number_of(accepted), 2);
}

static void *connect_when_accepting(void *argument)
{
    const int *wanted = argument;
    posix_await_call(wanted[0], posix_poll);
    numbered_client(&(struct sockaddr_in){.sin_port = (unsigned short)wanted[1]}, 3);
    return NULL;
}

/* The kernel does not block on the listener any more, so the call waits for itself. */
TEST(an_accepting_call_blocks_beside_requests, "WSPAccept.7")
{
    static struct request request;
    struct sockaddr_in address;
    startup();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address);
    CHECK(posix_connect(ntohs(address.sin_port)) >= 0);
    post(&request, listening, 0);
    CHECK(HasOverlappedIoCompleted(&request.overlapped));
    int wanted[] = {posix_thread(), address.sin_port};
    pthread_t thread = start_thread(connect_when_accepting, wanted);
    SOCKET accepted = WSPAccept(listening, NULL, NULL, NULL, 0, &error);
    CHECK(accepted != INVALID_SOCKET);
    join_thread(thread);
    EQUAL(number_of(accepted), 3);
}

static int CALLBACK defer(LPWSABUF caller, LPWSABUF caller_data, LPQOS qos, LPQOS group_qos, LPWSABUF callee,
                          LPWSABUF callee_data, GROUP *group, DWORD_PTR data)
{
    (void)caller, (void)caller_data, (void)qos, (void)group_qos, (void)callee, (void)callee_data, (void)group;
    (void)data;
    return CF_DEFER;
}

/* A connection that a condition function has put off is the first in line. */
TEST(a_deferred_connection_goes_to_a_request, "WSPAccept.4 NEED-S12")
{
    static struct request request;
    struct sockaddr_in address;
    DWORD count;
    startup();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address);
    numbered_client(&address, 1);
    numbered_client(&address, 2);
    FAILS(WSPAccept(listening, NULL, NULL, defer, 0, &error), WSATRY_AGAIN);
    post(&request, listening, 0);
    EQUAL(outcome(listening, &request.overlapped, &count), 0);
    EQUAL(number_of(request.socket), 1);
}

/* ---- Ports ---- */

/* The packets are the listener's, whatever becomes of the sockets. */
TEST(packets_come_to_the_listeners_port, "NEED-K1 NEED-S12")
{
    static struct request requests[3];
    struct sockaddr_in address;
    startup();
    HANDLE port = new_port(), other = new_port();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address);
    associate(listening, port, 7);
    for (int i = 0; i < 3; i++)
        post(&requests[i], listening, 8);
    associate(requests[1].socket, other, 8);
    EMPTY(port);
    for (int i = 0; i < 3; i++) {
        int client = numbered_client(&address, i);
        struct packet packet = take(port, 20000);
        EQUAL(packet.succeeded, TRUE);
        EQUAL(packet.key, 7);
        EQUAL(packet.bytes, 1);
        CHECK(packet.overlapped == &requests[i].overlapped);
        /* From now on the socket reports where it belongs. */
        if (i == 1) {
            OVERLAPPED receiving = {0};
            char byte;
            CHECK(receive_later(requests[1].socket, &byte, 1, &receiving) == WSA_IO_PENDING);
            posix_write(client, "x", 1);
            packet = take(other, 20000);
            EQUAL(packet.key, 8);
            CHECK(packet.overlapped == &receiving);
        }
    }
    EMPTY(port);
}

/* A socket that was associated while its request waited for data. */
TEST(an_association_between_connection_and_data_is_kept, "NEED-K1 NEED-S12")
{
    static struct request request;
    struct sockaddr_in address;
    startup();
    HANDLE port = new_port();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address);
    associate(listening, port, 7);
    post(&request, listening, 8);
    int client = posix_connect(ntohs(address.sin_port));
    EVENTUALLY(take(port, 0).overlapped == NULL && connect_time(request.socket) == 0);
    associate(request.socket, port, 8);
    posix_write(client, "data", 4);
    struct packet packet = take(port, 20000);
    EQUAL(packet.key, 7);
    EQUAL(packet.bytes, 4);
    OVERLAPPED receiving = {0};
    char byte;
    CHECK(receive_later(request.socket, &byte, 1, &receiving) == WSA_IO_PENDING);
    posix_write(client, "x", 1);
    packet = take(port, 20000);
    EQUAL(packet.key, 8);
    CHECK(packet.overlapped == &receiving);
}

TEST(the_event_of_a_request_is_signalled, "OV.9 OV.20 NEED-S12")
{
    static struct request request;
    struct sockaddr_in address;
    startup();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address);
    WSAEVENT event = new_event();
    CHECK(WSASetEvent(event));
    request.overlapped.hEvent = event;
    request.socket = overlapped_tcp();
    REFUSED(accept_later(listening, request.socket, request.room, 8, &request.overlapped), WSA_IO_PENDING);
    CHECK(!is_signalled(event));
    numbered_client(&address, 1);
    EQUAL(wait_for(event, 20000), WSA_WAIT_EVENT_0);
    CHECK(HasOverlappedIoCompleted(&request.overlapped));
}

/* ---- The end of a request ---- */

static int is_aborted(const struct request *request)
{
    return HasOverlappedIoCompleted(&request->overlapped) && request->overlapped.OffsetHigh == WSA_OPERATION_ABORTED;
}

/* Two requests, of which the first has its connection and waits for data. */
static SOCKET two_requests(struct request requests[2], struct sockaddr_in *address, int *client)
{
    SOCKET listening = overlapped_listener(SOMAXCONN, address);
    post(&requests[0], listening, 8);
    *client = posix_connect(ntohs(address->sin_port));
    EVENTUALLY(connect_time(requests[0].socket) == 0);
    post(&requests[1], listening, 8);
    return listening;
}

TEST(closing_the_listener_aborts_its_requests, "OV.22 WSPCloseSocket.3 NEED-S12")
{
    static struct request requests[2];
    struct sockaddr_in address;
    int client;
    startup();
    SOCKET listening = two_requests(requests, &address, &client);
    SUCCEEDS(WSPCloseSocket(listening, &error));
    CHECK(is_aborted(&requests[0]) && is_aborted(&requests[1]));
    /* The connection has gone with its request. */
    EQUAL(posix_drain(client, NULL), 0);
    /* Both sockets are as before. */
    listening = overlapped_listener(SOMAXCONN, &address);
    for (int i = 0; i < 2; i++) {
        DWORD count;
        STARTED(accept_later(listening, requests[i].socket, requests[i].room, 8, &requests[i].overlapped));
        numbered_client(&address, i);
        EQUAL(outcome(listening, &requests[i].overlapped, &count), 0);
        EQUAL(requests[i].room[0], i);
    }
}

TEST(closing_the_socket_aborts_its_request, "OV.22 WSPCloseSocket.3 NEED-S12")
{
    static struct request requests[2], third;
    struct sockaddr_in address;
    int client;
    DWORD count;
    startup();
    SOCKET listening = two_requests(requests, &address, &client);
    post(&third, listening, 8);
    for (int i = 0; i < 2; i++) {
        SUCCEEDS(WSPCloseSocket(requests[i].socket, &error));
        CHECK(is_aborted(&requests[i]));
        EQUAL(outcome(listening, &requests[i].overlapped, &count), WSA_OPERATION_ABORTED);
    }
    EQUAL(posix_drain(client, NULL), 0);
    /* The next in line is served. */
    numbered_client(&address, 9);
    EQUAL(outcome(listening, &third.overlapped, &count), 0);
    EQUAL(third.room[0], 9);
}

TEST(requests_are_cancelled, "OV.22 NEED-K1 NEED-S12")
{
    static struct request requests[2];
    struct sockaddr_in address;
    int client;
    DWORD count;
    startup();
    SOCKET listening = two_requests(requests, &address, &client);
    /* They are the listener's, not the sockets'. */
    DENIES(CancelIoEx((HANDLE)requests[0].socket, &requests[0].overlapped), ERROR_NOT_FOUND);
    DENIES(CancelIoEx((HANDLE)requests[0].socket, NULL), ERROR_NOT_FOUND);
    for (int i = 0; i < 2; i++) {
        DOES(CancelIoEx((HANDLE)listening, &requests[i].overlapped));
        CHECK(is_aborted(&requests[i]));
        DENIES(CancelIoEx((HANDLE)listening, &requests[i].overlapped), ERROR_NOT_FOUND);
    }
    EQUAL(posix_drain(client, NULL), 0);
    EQUAL(connect_time(requests[0].socket), -1);
    for (int i = 0; i < 2; i++) {
        STARTED(accept_later(listening, requests[i].socket, requests[i].room, 8, &requests[i].overlapped));
        numbered_client(&address, i + 1);
        EQUAL(outcome(listening, &requests[i].overlapped, &count), 0);
        EQUAL(requests[i].room[0], i + 1);
    }
}

static void *post_two(void *argument)
{
    struct request *requests = argument;
    SOCKET listening = requests[0].socket;
    struct sockaddr_in address;
    int length = sizeof address;
    SUCCEEDS(WSPGetSockName(listening, (struct sockaddr *)&address, &length, &error));
    post(&requests[0], listening, 8);
    CHECK(posix_connect(ntohs(address.sin_port)) >= 0);
    EVENTUALLY(connect_time(requests[0].socket) == 0);
    post(&requests[1], listening, 8);
    return NULL;
}

/* A thread's requests end with it, unless a port is told of them. */
TEST(requests_end_with_their_thread, "OV.19 NEED-S12")
{
    static struct request requests[2], kept[2];
    struct sockaddr_in address;
    startup();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address);
    requests[0].socket = listening;
    join_thread(start_thread(post_two, requests));
    EVENTUALLY(is_aborted(&requests[0]) && is_aborted(&requests[1]));

    HANDLE port = new_port();
    SOCKET associated = overlapped_listener(SOMAXCONN, &address);
    associate(associated, port, 7);
    kept[0].socket = associated;
    join_thread(start_thread(post_two, kept));
    /* The abort of a request that came after these has been told. */
    requests[0].socket = listening;
    join_thread(start_thread(post_two, requests));
    EVENTUALLY(is_aborted(&requests[0]) && is_aborted(&requests[1]));
    EMPTY(port);
    CHECK(!HasOverlappedIoCompleted(&kept[0].overlapped) && !HasOverlappedIoCompleted(&kept[1].overlapped));
}

/* A message that carries a descriptor ends the request's receive early: what follows it has come already. Where the
 * library takes the first before the second is there, nothing is proved; so there are some rounds. */
TEST(bytes_behind_the_first_data_are_received, "NEED-S12 OV.17")
{
    enum { UNIX_AREA = sizeof(struct sockaddr_un) + 16, ROUNDS = 50 };
    static struct {
        char data[64], addresses[2 * UNIX_AREA];
    } room;
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    startup();
    SOCKET listening = WSPSocket(AF_UNIX, SOCK_STREAM, 0, NULL, 0, WSA_FLAG_OVERLAPPED, &error);
    posix_temporary_path(name.sun_path);
    SUCCEEDS(WSPBind(listening, (struct sockaddr *)&name, sizeof name, &error));
    SUCCEEDS(WSPListen(listening, 5, &error));
    for (int i = 0; i < ROUNDS; i++) {
        OVERLAPPED accepting = {0}, receiving = {0};
        char bytes[8];
        DWORD count;
        SOCKET s = WSPSocket(AF_UNIX, SOCK_STREAM, 0, NULL, 0, WSA_FLAG_OVERLAPPED, &error);
        STARTED(AcceptEx(listening, s, &room, sizeof room.data, UNIX_AREA, UNIX_AREA, NULL, &accepting));
        int client = posix_connect_path(name.sun_path);
        EVENTUALLY(connect_time(s) == 0);
        posix_send_descriptor(client, 'a');
        posix_write(client, "bc", 2);
        EQUAL(outcome(listening, &accepting, &count), 0);
        EQUAL(count, 1);
        receive_later(s, bytes, sizeof bytes, &receiving);
        EQUAL(outcome(s, &receiving, &count), 0);
        EQUAL(count, 2);
        CHECK(memcmp(bytes, "bc", 2) == 0);
        posix_close(client);
        SUCCEEDS(WSPCloseSocket(s, &error));
    }
}

/* The last WSPCleanup ends them as well, and tells nobody. */
TEST(cleanup_ends_requests_silently, "WSPCleanup.4 OV.22 NEED-S12")
{
    static struct request requests[2];
    struct sockaddr_in address;
    int client, descriptors = posix_open_descriptors();
    startup();
    WSAEVENT event = new_event();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address);
    for (int i = 0; i < 2; i++) {
        requests[i].overlapped.hEvent = event;
        requests[i].socket = overlapped_tcp();
        STARTED(accept_later(listening, requests[i].socket, requests[i].room, 8, &requests[i].overlapped));
    }
    client = posix_connect(ntohs(address.sin_port));
    EVENTUALLY(connect_time(requests[0].socket) == 0);
    SUCCEEDS(WSPCleanup(&error));
    CHECK(is_aborted(&requests[0]) && is_aborted(&requests[1]));
    CHECK(!is_signalled(event));
    CHECK(WSACloseEvent(event));
    posix_close(client);
    EQUAL(posix_open_descriptors(), descriptors);
}

/* In the child of a fork the sockets are free: the requests are the parent's. */
TEST(requests_stay_with_the_parent, "OV.8 NEED-S12")
{
    static struct request requests[2];
    struct sockaddr_in address, any = loopback(0);
    int client;
    DWORD count;
    startup();
    SOCKET listening = two_requests(requests, &address, &client);
    int child = posix_fork();
    if (child == 0) {
        for (int i = 0; i < 2; i++)
            CHECK(!HasOverlappedIoCompleted(&requests[i].overlapped));
        SUCCEEDS(WSPBind(requests[1].socket, (struct sockaddr *)&any, sizeof any, &error));
        for (int i = 0; i < 2; i++)
            SUCCEEDS(WSPCloseSocket(requests[i].socket, &error));
        SUCCEEDS(WSPCloseSocket(listening, &error));
        for (int i = 0; i < 2; i++)
            CHECK(!HasOverlappedIoCompleted(&requests[i].overlapped));
        exit(0);
    }
    EQUAL(posix_wait(child), 0);
    posix_write(client, "0", 1);
    EQUAL(outcome(listening, &requests[0].overlapped, &count), 0);
    numbered_client(&address, 1);
    /* The child has bound the socket that both had, but the connection has one of its own. */
    EQUAL(outcome(listening, &requests[1].overlapped, &count), 0);
    EQUAL(requests[1].room[0], 1);
}

/* ---- Races ---- */

enum { ROUNDS = 400 };

struct race {
    struct sockaddr_in address;
    SOCKET listening;
    _Atomic int over;
};

static void *keep_connecting(void *argument)
{
    struct race *race = argument;
    for (unsigned i = 0; !race->over; i++) {
        int client = posix_connect(ntohs(race->address.sin_port));
        if (client < 0)
            continue;
        if (i % 3 == 0)
            posix_send(client, "data", 4);
        if (i % 5 == 0)
            posix_reset(client);
        else
            posix_close(client);
    }
    return NULL;
}

/* Whoever is faster, the client or the end: each request ends once, and nothing is left of it. */
TEST(requests_end_once_in_every_race, "OV.22 WSPCloseSocket.3 NEED-S12")
{
    enum { WINDOW = 8 };
    static struct request requests[WINDOW];
    struct race race = {.over = 0};
    int packets = 0, posted = 0;
    startup();
    HANDLE port = new_port();
    race.listening = overlapped_listener(SOMAXCONN, &race.address);
    associate(race.listening, port, 7);
    pthread_t thread = start_thread(keep_connecting, &race);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < WINDOW; i++, posted++)
            post(&requests[i], race.listening, i % 2 ? 8 : 0);
        for (int i = 0; i < WINDOW; i++)
            switch ((round + i) % 4) {
            case 0:
                SUCCEEDS(WSPCloseSocket(requests[i].socket, &error));
                break;
            case 1:
                CancelIoEx((HANDLE)race.listening, &requests[i].overlapped);
                break;
            default:
                break;
            }
        for (int i = 0; i < WINDOW; i++, packets++) {
            struct packet packet = take(port, 20000);
            EQUAL(packet.key, 7);
            CHECK(packet.overlapped != NULL);
            struct request *request = (struct request *)packet.overlapped;
            CHECK(request >= requests && request < requests + WINDOW);
            CHECK(HasOverlappedIoCompleted(packet.overlapped));
            /* A second packet for it would find this. */
            CHECK(request->room[0] != '!');
            request->room[0] = '!';
        }
        for (int i = 0; i < WINDOW; i++) {
            requests[i].room[0] = 0;
            if ((round + i) % 4 != 0)
                SUCCEEDS(WSPCloseSocket(requests[i].socket, &error));
        }
        EMPTY(port);
    }
    race.over = 1;
    join_thread(thread);
    EQUAL(packets, posted);
}

static void *close_listener(void *argument)
{
    SUCCEEDS(WSPCloseSocket(*(SOCKET *)argument, &error));
    return NULL;
}

/* The listener closes while requests come and go: nobody waits for ever, and no descriptor stays. */
TEST(a_listener_closes_under_its_requests, "OV.22 WSPCloseSocket.3 NEED-S12")
{
    enum { REQUESTS = 6 };
    static struct request requests[REQUESTS];
    int descriptors = 0;
    startup();
    for (int round = 0; round < 200; round++) {
        struct sockaddr_in address;
        int clients[REQUESTS];
        SOCKET listening = overlapped_listener(round % 2 ? SOMAXCONN : 2, &address);
        for (int i = 0; i < REQUESTS; i++)
            post(&requests[i], listening, i % 2 ? 8 : 0);
        pthread_t thread = start_thread(close_listener, &listening);
        for (int i = 0; i < REQUESTS; i++)
            clients[i] = posix_connect(ntohs(address.sin_port));
        join_thread(thread);
        for (int i = 0; i < REQUESTS; i++) {
            EVENTUALLY(HasOverlappedIoCompleted(&requests[i].overlapped));
            SUCCEEDS(WSPCloseSocket(requests[i].socket, &error));
            if (clients[i] >= 0)
                posix_close(clients[i]);
        }
        if (round == 0)
            descriptors = posix_open_descriptors();
    }
    EVENTUALLY(posix_open_descriptors() <= descriptors);
}
