/* WSPEventSelect and WSPEnumNetworkEvents: what is recorded, when, and how often. */
#include "events.h"
#include "extension.h"

#include <semaphore.h>

/* ---- The registration ---- */

TEST(selecting_makes_a_socket_nonblocking, "EV.1 WSPEventSelect.3")
{
    char byte;
    DWORD count;
    SOCKET pair[2];
    startup();
    tcp_pair(pair);
    SUCCEEDS(WSPEventSelect(pair[0], NULL, 0, &error));
    FAILS(receive_bytes(pair[0], &byte, 1, &count, 0), WSAEWOULDBLOCK);
    select_events(pair[1], FD_CLOSE);
    FAILS(receive_bytes(pair[1], &byte, 1, &count, 0), WSAEWOULDBLOCK);
}

TEST(a_selected_socket_cannot_be_made_blocking, "EV.20")
{
    char byte;
    DWORD count, returned = 0;
    u_long off = 0, on = 1;
    SOCKET pair[2];
    startup();
    tcp_pair(pair);
    WSAEVENT event = select_events(pair[0], FD_CLOSE);
    FAILS(WSPIoctl(pair[0], FIONBIO, &off, sizeof off, NULL, 0, &returned, NULL, NULL, NULL, &error), WSAEINVAL);
    FAILS(receive_bytes(pair[0], &byte, 1, &count, 0), WSAEWOULDBLOCK);
    SUCCEEDS(WSPIoctl(pair[0], FIONBIO, &on, sizeof on, NULL, 0, &returned, NULL, NULL, NULL, &error));
    SUCCEEDS(WSPEventSelect(pair[0], event, 0, &error));
    set_nonblocking(pair[0], 0);
    SUCCEEDS(send_bytes(pair[1], "x", 1, &count));
    SUCCEEDS(receive_bytes(pair[0], &byte, 1, &count, 0));
}

/* The latest mask and object count, and none but they. */
TEST(a_selection_replaces_the_one_before, "EV.2 WSPEventSelect.1 WSPEventSelect.2")
{
    int peer;
    startup();
    SOCKET s = connect_posix(&peer);
    WSAEVENT first = select_events(s, FD_READ | FD_CLOSE);
    WSAEVENT second = select_events(s, FD_READ);
    posix_write(peer, "hello", 5);
    expect(s, second, FD_READ);
    CHECK(!is_signalled(first));
    posix_close(peer);
    expect_quiet(s, second);
    CHECK(!is_signalled(first));
    /* The record is cleared; what was in it and still holds is recorded again. */
    receive_exactly(s, 2, 2, 0);
    EQUAL(wait_for(second, 20000), WSA_WAIT_EVENT_0);
    WSAEVENT third = select_events(s, FD_CLOSE);
    expect(s, third, FD_CLOSE);
    WSAEVENT fourth = select_events(s, FD_READ);
    expect(s, fourth, FD_READ);
    expect_quiet(s, fourth);
}

TEST(an_empty_mask_ends_the_registration, "EV.3 WSPEventSelect.3 WSPEnumNetworkEvents.6")
{
    int peer;
    startup();
    SOCKET s = connect_posix(&peer);
    WSAEVENT event = select_events(s, FD_READ | FD_CLOSE);
    posix_write(peer, "hello", 5);
    EQUAL(wait_for(event, 20000), WSA_WAIT_EVENT_0);
    /* The object does not matter. */
    SUCCEEDS(WSPEventSelect(s, (WSAEVENT)8, 0, &error));
    EQUAL(enumerate(s, event, NULL), 0);
    receive_exactly(s, 2, 2, 0);
    posix_close(peer);
    expect_quiet(s, event);
}

/* The object stays the caller's. */
TEST(closing_ends_the_registration_and_leaves_the_object, "WSPEventSelect.4 WSPCloseSocket.4 EV.17 OBS.38")
{
    SOCKET pair[2];
    startup();
    tcp_pair(pair);
    WSAEVENT event = select_events(pair[0], ALL_EVENTS);
    expect(pair[0], event, FD_CONNECT | FD_WRITE);
    SUCCEEDS(WSPCloseSocket(pair[0], &error));
    settle();
    CHECK(!is_signalled(event));
    EQUAL(WSASetEvent(event), TRUE);
    CHECK(is_signalled(event));
    EQUAL(WSACloseEvent(event), TRUE);
}

static SOCKET accept_now(SOCKET listening)
{
    SOCKET s = WSPAccept(listening, NULL, NULL, NULL, 0, &error);
    CHECK(s != INVALID_SOCKET);
    return s;
}

TEST(an_accepted_socket_has_its_listeners_registration, "EV.4 WSPAccept.6 OBS.36")
{
    char byte;
    DWORD count;
    struct sockaddr_in address;
    startup();
    SOCKET listening = listener(SOMAXCONN, &address);
    WSAEVENT event = select_events(listening, FD_ACCEPT | FD_READ | FD_CLOSE);
    int peer = posix_connect(ntohs(address.sin_port));
    expect(listening, event, FD_ACCEPT);
    SOCKET s = accept_now(listening);
    /* Non-blocking as well. */
    FAILS(receive_bytes(s, &byte, 1, &count, 0), WSAEWOULDBLOCK);
    expect_quiet(listening, event);
    posix_write(peer, "hello", 5);
    expect(s, event, FD_READ);
    EQUAL(enumerate(listening, NULL, NULL), 0);
    /* Its own from now on: the listener's stays. */
    receive_exactly(s, 5, 5, 0);
    WSAEVENT own = select_events(s, FD_CLOSE);
    posix_close(peer);
    expect(s, own, FD_CLOSE);
    CHECK(!is_signalled(event));
    posix_connect(ntohs(address.sin_port));
    expect(listening, event, FD_ACCEPT);
    CHECK(!is_signalled(own));
}

/* Data that has come before the connection was accepted. */
TEST(what_holds_when_a_socket_is_accepted_is_notified, "EV.4 EV.8 EV.12")
{
    struct sockaddr_in address;
    startup();
    SOCKET listening = listener(SOMAXCONN, &address);
    WSAEVENT event = select_events(listening, ALL_EVENTS);
    int peer = posix_connect(ntohs(address.sin_port));
    posix_write(peer, "hello", 5);
    expect(listening, event, FD_ACCEPT);
    SOCKET s = accept_now(listening);
    /* That it is connected is no news. */
    expect(s, event, FD_READ | FD_WRITE);
    expect_quiet(s, event);
}

static SOCKET duplicate_of(SOCKET s)
{
    WSAPROTOCOL_INFOW info;
    SUCCEEDS(WSPDuplicateSocket(s, (DWORD)posix_process(), &info, &error));
    SOCKET other = WSPSocket(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info, 0, 0, &error);
    CHECK(other != INVALID_SOCKET);
    return other;
}

TEST(duplicates_share_one_registration, "EV.2 WSPDuplicateSocket.7")
{
    int peer;
    startup();
    SOCKET s = connect_posix(&peer), other = duplicate_of(s);
    WSAEVENT first = select_events(s, FD_READ);
    WSAEVENT second = select_events(other, FD_WRITE);
    expect(s, second, FD_WRITE);
    posix_write(peer, "x", 1);
    expect_quiet(other, second);
    CHECK(!is_signalled(first));
    /* It stays while a handle is open. */
    SUCCEEDS(WSPEventSelect(s, first, FD_READ | FD_CLOSE, &error));
    expect(other, first, FD_READ);
    SUCCEEDS(WSPCloseSocket(s, &error));
    receive_exactly(other, 1, 1, 0);
    posix_close(peer);
    expect(other, first, FD_CLOSE);
}

/* ---- Once until enabled ---- */

TEST(an_event_is_quiet_until_it_is_enabled, "EV.5 EV.7 EV.11 WSPRecv.14")
{
    int peer;
    char bytes[100] = "";
    startup();
    SOCKET s = connect_posix(&peer);
    WSAEVENT event = select_events(s, FD_READ);
    expect_quiet(s, event);
    posix_write(peer, bytes, sizeof bytes);
    expect(s, event, FD_READ);
    posix_write(peer, "more", 4);
    await_bytes(s, 104);
    expect_quiet(s, event);
    /* One receive for each notice is enough. */
    receive_exactly(s, 50, 50, 0);
    expect(s, event, FD_READ);
    expect_quiet(s, event);
    receive_exactly(s, 54, 54, 0);
    expect_quiet(s, event);
    posix_write(peer, "again", 5);
    expect(s, event, FD_READ);
}

TEST(looking_at_data_enables_too, "EV.7")
{
    int peer;
    startup();
    SOCKET s = connect_posix(&peer);
    WSAEVENT event = select_events(s, FD_READ);
    posix_write(peer, "x", 1);
    expect(s, event, FD_READ);
    receive_exactly(s, 1, 1, MSG_PEEK);
    expect(s, event, FD_READ);
}

TEST(calls_that_fail_enable_too, "EV.6 WSPRecv.14")
{
    int peer;
    char byte;
    DWORD count;
    startup();
    SOCKET s = connect_posix(&peer);
    WSAEVENT event = select_events(s, FD_READ);
    posix_write(peer, "x", 1);
    expect(s, event, FD_READ);
    FAILS(receive_bytes(s, &byte, 1, &count, MSG_PARTIAL), WSAEOPNOTSUPP);
    expect(s, event, FD_READ);
    DWORD flags = 0;
    FAILS(WSPRecv(s, NULL, 1, &count, &flags, NULL, NULL, NULL, &error), WSAEFAULT);
    expect(s, event, FD_READ);
    FAILS(WSPRecvFrom(s, NULL, 0, &count, &flags, NULL, NULL, NULL, NULL, NULL, &error), WSAEINVAL);
    expect(s, event, FD_READ);
    /* Nothing is left: the failure enables for what comes. */
    receive_exactly(s, 1, 1, 0);
    FAILS(receive_bytes(s, &byte, 1, &count, 0), WSAEWOULDBLOCK);
    expect_quiet(s, event);
    posix_write(peer, "x", 1);
    expect(s, event, FD_READ);
}

TEST(datagrams_are_notified_one_by_one, "EV.5 EV.7 EV.11")
{
    startup();
    SOCKET s = udp();
    struct sockaddr_in address = bind_loopback(s);
    WSAEVENT event = select_events(s, FD_READ | FD_CLOSE);
    posix_datagram(ntohs(address.sin_port), "first", 5);
    posix_datagram(ntohs(address.sin_port), "second", 6);
    expect(s, event, FD_READ);
    expect_quiet(s, event);
    receive_exactly(s, 100, 5, 0);
    expect(s, event, FD_READ);
    receive_exactly(s, 100, 6, 0);
    expect_quiet(s, event);
}

/* An ICMP message that the next receive will report. */
TEST(an_unreachable_port_is_something_to_read, "EV.11 OBS.27")
{
    unsigned short port = 0;
    char byte;
    DWORD count;
    posix_close(posix_bind_udp(&port));
    startup();
    SOCKET s = udp();
    struct sockaddr_in nobody = loopback(port);
    bind_loopback(s);
    SUCCEEDS(connect_to(s, &nobody));
    WSAEVENT event = select_events(s, FD_READ);
    expect_quiet(s, event);
    SUCCEEDS(send_bytes(s, "x", 1, &count));
    expect(s, event, FD_READ);
    FAILS(receive_bytes(s, &byte, 1, &count, 0), WSAECONNRESET);
    expect_quiet(s, event);
}

/* ---- What holds already ---- */

TEST(what_holds_already_is_notified_at_once, "EV.8 EV.11 EV.12 EV.14 EV.15 EV.16")
{
    int peer;
    struct sockaddr_in address;
    startup();
    SOCKET s = connect_posix(&peer);
    posix_write(peer, "hello", 5);
    posix_close(peer);
    await_end(s);
    WSAEVENT event = select_events(s, ALL_EVENTS);
    /* Nobody has to wait for it. */
    CHECK(is_signalled(event));
    EQUAL(enumerate(s, event, NULL), FD_READ | FD_WRITE | FD_CONNECT);
    CHECK(is_signalled(event));
    EQUAL(enumerate(s, event, NULL), FD_CLOSE);
    CHECK(!is_signalled(event));
    SOCKET listening = listener(SOMAXCONN, &address);
    posix_connect(ntohs(address.sin_port));
    await_readable(listening);
    WSAEVENT another = select_events(listening, FD_ACCEPT);
    CHECK(is_signalled(another));
    EQUAL(enumerate(listening, another, NULL), FD_ACCEPT);
}

/* Told is told; only the enabling call makes it news again. */
TEST(selecting_again_is_quiet, "OBS.5")
{
    int peer;
    startup();
    SOCKET s = connect_posix(&peer);
    WSAEVENT event = select_events(s, ALL_EVENTS);
    posix_write(peer, "hello", 5);
    expect(s, event, FD_CONNECT | FD_WRITE | FD_READ);
    SUCCEEDS(WSPEventSelect(s, event, ALL_EVENTS, &error));
    expect_quiet(s, event);
    SUCCEEDS(WSPEventSelect(s, event, 0, &error));
    SUCCEEDS(WSPEventSelect(s, event, ALL_EVENTS, &error));
    expect_quiet(s, event);
    /* Also when it is called while nothing is selected. */
    SUCCEEDS(WSPEventSelect(s, event, 0, &error));
    receive_exactly(s, 2, 2, 0);
    expect_quiet(s, event);
    SUCCEEDS(WSPEventSelect(s, event, ALL_EVENTS, &error));
    expect(s, event, FD_READ);
    expect_quiet(s, event);
}

/* ---- FD_WRITE ---- */

/* Sends until there is no more room; how many bytes. */
static unsigned long fill(SOCKET s)
{
    static char bytes[1 << 16];
    unsigned long total = 0;
    DWORD count;
    for (;;) {
        error = 0;
        if (send_bytes(s, bytes, sizeof bytes, &count) != 0)
            break;
        total += count;
    }
    EQUAL(error, WSAEWOULDBLOCK);
    return total;
}

TEST(room_is_notified_when_a_send_has_found_none, "EV.12 WSPSend.8")
{
    int peer;
    DWORD count;
    static char bytes[1 << 16];
    startup();
    SOCKET s = connect_posix(&peer);
    WSAEVENT event = select_events(s, FD_WRITE);
    expect(s, event, FD_WRITE);
    /* Not again while there is room. */
    for (int i = 0; i < 3; i++) {
        SUCCEEDS(send_bytes(s, "x", 1, &count));
        expect_quiet(s, event);
    }
    EQUAL(posix_read(peer, bytes, 3), 3);
    for (int round = 0; round < 2; round++) {
        unsigned long total = 0, some;
        /* Some room may return while the last of it is on its way. */
        do {
            total += fill(s);
            settle();
        } while (enumerate(s, event, NULL) == FD_WRITE);
        for (; total > 0; total -= some) {
            some = total < sizeof bytes ? total : sizeof bytes;
            EQUAL(posix_read(peer, bytes, some), some);
        }
        expect(s, event, FD_WRITE);
        expect_quiet(s, event);
    }
}

/* A send enables FD_WRITE for the next selection. */
TEST(a_send_makes_room_news_for_the_next_selection, "EV.6 EV.8 EV.12 OBS.5")
{
    int peer;
    DWORD count;
    startup();
    SOCKET s = connect_posix(&peer);
    WSAEVENT event = select_events(s, FD_WRITE);
    expect(s, event, FD_WRITE);
    SUCCEEDS(send_bytes(s, NULL, 0, &count));
    expect_quiet(s, event);
    SUCCEEDS(WSPEventSelect(s, event, FD_WRITE, &error));
    expect(s, event, FD_WRITE);
    /* As one that fails does. */
    FAILS(WSPSend(s, NULL, 1, &count, 0, NULL, NULL, NULL, &error), WSAEFAULT);
    SUCCEEDS(WSPEventSelect(s, event, FD_WRITE, &error));
    expect(s, event, FD_WRITE);
    SUCCEEDS(WSPEventSelect(s, event, FD_WRITE, &error));
    expect_quiet(s, event);
}

TEST(a_datagram_socket_can_send_at_once, "EV.12")
{
    DWORD count;
    startup();
    SOCKET s = udp();
    WSAEVENT event = select_events(s, FD_WRITE);
    expect(s, event, FD_WRITE);
    struct sockaddr_in address = bind_loopback(s);
    WSABUF buffer = {1, (char *)"x"};
    SUCCEEDS(WSPSendTo(s, &buffer, 1, &count, 0, (struct sockaddr *)&address, sizeof address, NULL, NULL, NULL,
                       &error));
    expect_quiet(s, event);
}

TEST(a_stream_cannot_send_before_it_is_connected, "EV.12 EV.15 EV.16")
{
    startup();
    SOCKET s = tcp();
    WSAEVENT event = select_events(s, ALL_EVENTS);
    expect_quiet(s, event);
    bind_loopback(s);
    SUCCEEDS(WSPEventSelect(s, event, ALL_EVENTS, &error));
    expect_quiet(s, event);
}

/* ---- FD_OOB ---- */

TEST(urgent_data_is_notified_apart, "EV.13 EV.5 EV.7")
{
    int peer;
    startup();
    SOCKET s = connect_posix(&peer);
    WSAEVENT event = select_events(s, FD_OOB | FD_READ);
    posix_urgent(peer, 'u');
    expect(s, event, FD_OOB);
    expect_quiet(s, event);
    /* Any receive enables; it remains. */
    char byte;
    DWORD count;
    FAILS(receive_bytes(s, &byte, 1, &count, 0), WSAEWOULDBLOCK);
    expect(s, event, FD_OOB);
    posix_write(peer, "x", 1);
    expect(s, event, FD_READ);
    receive_exactly(s, 1, 1, 0);
    expect(s, event, FD_OOB);
    SUCCEEDS(receive_bytes(s, &byte, 1, &count, MSG_OOB));
    EQUAL(byte, 'u');
    expect_quiet(s, event);
    posix_urgent(peer, 'v');
    expect(s, event, FD_OOB);
}

TEST(urgent_data_that_waits_is_notified_at_once, "EV.13 EV.8")
{
    int peer;
    startup();
    SOCKET s = connect_posix(&peer);
    posix_urgent(peer, 'u');
    WSAEVENT event = select_events(s, FD_OOB);
    expect(s, event, FD_OOB);
}

TEST(inline_urgent_data_is_data, "EV.11 EV.13")
{
    int peer;
    BOOL on = TRUE;
    startup();
    SOCKET s = connect_posix(&peer);
    SUCCEEDS(WSPSetSockOpt(s, SOL_SOCKET, SO_OOBINLINE, (char *)&on, sizeof on, &error));
    WSAEVENT event = select_events(s, FD_OOB | FD_READ);
    posix_urgent(peer, 'u');
    expect(s, event, FD_READ);
    expect_quiet(s, event);
    receive_exactly(s, 10, 1, 0);
    expect_quiet(s, event);
}

/* ---- FD_ACCEPT ---- */

TEST(a_connection_is_notified_until_all_are_accepted, "EV.14 EV.5 EV.7")
{
    const int backlogs[] = {SOMAXCONN, 5};
    startup();
    for (int i = 0; i < 2; i++) {
        struct sockaddr_in address;
        SOCKET listening = listener(backlogs[i], &address);
        WSAEVENT event = select_events(listening, FD_ACCEPT);
        expect_quiet(listening, event);
        posix_connect(ntohs(address.sin_port));
        posix_connect(ntohs(address.sin_port));
        expect(listening, event, FD_ACCEPT);
        expect_quiet(listening, event);
        accept_now(listening);
        expect(listening, event, FD_ACCEPT);
        SOCKET s = accept_now(listening);
        expect_quiet(listening, event);
        FAILS(WSPAccept(listening, NULL, NULL, NULL, 0, &error), WSAEWOULDBLOCK);
        expect_quiet(listening, event);
        posix_connect(ntohs(address.sin_port));
        expect(listening, event, FD_ACCEPT);
        SUCCEEDS(WSPCloseSocket(s, &error));
        SUCCEEDS(WSPCloseSocket(listening, &error));
    }
}

/* Connections that the library has taken over from the kernel, which does not know of them any more. */
TEST(connections_in_a_full_queue_are_notified, "EV.14 WSPListen.5")
{
    enum { BACKLOG = 3 };
    struct sockaddr_in address;
    startup();
    SOCKET listening = listener(BACKLOG, &address);
    WSAEVENT event = select_events(listening, FD_ACCEPT);
    for (int i = 0; i < BACKLOG; i++)
        CHECK(posix_connect(ntohs(address.sin_port)) >= 0);
    /* The queue is full when a client is refused. */
    int refused;
    EVENTUALLY((refused = posix_connect(ntohs(address.sin_port))) < 0 || (posix_reset(refused), 0));
    for (int i = 0; i < BACKLOG; i++) {
        expect(listening, event, FD_ACCEPT);
        accept_now(listening);
    }
}

static int CALLBACK put_off(LPWSABUF caller, LPWSABUF caller_data, LPQOS sqos, LPQOS gqos, LPWSABUF callee,
                            LPWSABUF callee_data, GROUP *g, DWORD_PTR answer)
{
    (void)caller, (void)caller_data, (void)sqos, (void)gqos, (void)callee, (void)callee_data, (void)g;
    return (int)answer;
}

TEST(putting_a_decision_off_does_not_enable, "EV.6 WSPAccept.4")
{
    struct sockaddr_in address;
    startup();
    SOCKET listening = listener(SOMAXCONN, &address);
    WSAEVENT event = select_events(listening, FD_ACCEPT);
    posix_connect(ntohs(address.sin_port));
    expect(listening, event, FD_ACCEPT);
    FAILS(WSPAccept(listening, NULL, NULL, put_off, CF_DEFER, &error), WSATRY_AGAIN);
    expect_quiet(listening, event);
    /* Any other failure does. */
    FAILS(WSPAccept(listening, NULL, NULL, put_off, 77, &error), WSAEINVAL);
    expect(listening, event, FD_ACCEPT);
    FAILS(WSPAccept(listening, NULL, NULL, put_off, CF_REJECT, &error), WSAECONNREFUSED);
    expect_quiet(listening, event);
}

/* What a thread is in the middle of deciding, while another finds nothing. */
static sem_t asked, answered;

static int CALLBACK put_off_later(LPWSABUF caller, LPWSABUF caller_data, LPQOS sqos, LPQOS gqos, LPWSABUF callee,
                                  LPWSABUF callee_data, GROUP *g, DWORD_PTR context)
{
    sem_post(&asked);
    sem_wait(&answered);
    return put_off(caller, caller_data, sqos, gqos, callee, callee_data, g, context);
}

static void *decide_later(void *listening)
{
    FAILS(WSPAccept((SOCKET)listening, NULL, NULL, put_off_later, CF_DEFER, &error), WSATRY_AGAIN);
    return NULL;
}

TEST(a_connection_that_is_put_back_is_notified, "EV.14 EV.6")
{
    const int backlogs[] = {SOMAXCONN, 5};
    sem_init(&asked, 0, 0);
    sem_init(&answered, 0, 0);
    startup();
    for (int i = 0; i < 2; i++) {
        struct sockaddr_in address;
        SOCKET listening = listener(backlogs[i], &address);
        WSAEVENT event = select_events(listening, FD_ACCEPT);
        posix_connect(ntohs(address.sin_port));
        expect(listening, event, FD_ACCEPT);
        pthread_t thread = start_thread(decide_later, (void *)listening);
        sem_wait(&asked);
        FAILS(WSPAccept(listening, NULL, NULL, NULL, 0, &error), WSAEWOULDBLOCK);
        expect_quiet(listening, event);
        sem_post(&answered);
        join_thread(thread);
        expect(listening, event, FD_ACCEPT);
        accept_now(listening);
    }
}

/* ---- FD_CONNECT ---- */

static SOCKET nonblocking_tcp(void)
{
    SOCKET s = tcp();
    set_nonblocking(s, 1);
    return s;
}

TEST(a_connection_is_notified_when_it_stands, "EV.15 EV.12 WSPConnect.4")
{
    unsigned short port;
    startup();
    int listening = posix_listen(&port, 5);
    struct sockaddr_in address = loopback(port);
    SOCKET s = tcp();
    WSAEVENT event = select_events(s, ALL_EVENTS);
    error = 0;
    if (connect_to(s, &address) != 0)
        EQUAL(error, WSAEWOULDBLOCK);
    expect(s, event, FD_CONNECT | FD_WRITE);
    expect_quiet(s, event);
    int peer = posix_accept(listening);
    posix_write(peer, "hello", 5);
    expect(s, event, FD_READ);
}

/* Selected after the attempt has begun, and after it has ended. */
TEST(a_connection_that_stands_already_is_notified, "EV.15 EV.8")
{
    unsigned short port;
    startup();
    int listening = posix_listen(&port, 5);
    struct sockaddr_in address = loopback(port);
    SOCKET s = nonblocking_tcp();
    connect_to(s, &address);
    WSAEVENT event = select_events(s, FD_CONNECT);
    expect(s, event, FD_CONNECT);
    SOCKET blocking = tcp();
    SUCCEEDS(connect_to(blocking, &address));
    WSAEVENT another = select_events(blocking, FD_CONNECT | FD_CLOSE);
    expect(blocking, another, FD_CONNECT);
    expect_quiet(blocking, another);
    posix_close(listening);
}

static struct sockaddr_in nobody(void)
{
    unsigned short port = 0;
    posix_close(posix_bind_tcp(&port));
    return loopback(port);
}

/* The code stays for SO_ERROR, and the attempt can be repeated. */
TEST(a_refused_connection_is_notified_with_its_code, "EV.15 EV.21 OBS.4 OBS.19 OBS.23 WSPConnect.4")
{
    struct sockaddr_in address = nobody();
    startup();
    SOCKET s = tcp();
    WSAEVENT event = select_events(s, ALL_EVENTS);
    for (int round = 0; round < 3; round++) {
        FAILS(connect_to(s, &address), WSAEWOULDBLOCK);
        /* WSPEnumNetworkEvents:FD_CONNECT:WSAECONNREFUSED */
        expect_code(s, event, FD_CONNECT, WSAECONNREFUSED);
        expect_quiet(s, event);
        int code = 0, length = sizeof code;
        SUCCEEDS(WSPGetSockOpt(s, SOL_SOCKET, SO_ERROR, (char *)&code, &length, &error));
        EQUAL(code, WSAECONNREFUSED);
    }
    /* Also to who selects it only now. */
    SOCKET late = nonblocking_tcp();
    FAILS(connect_to(late, &address), WSAEWOULDBLOCK);
    settle();
    WSAEVENT another = select_events(late, FD_CONNECT);
    expect_code(late, another, FD_CONNECT, WSAECONNREFUSED);
}

/* Whoever looks first decides the attempt; the event comes all the same. */
TEST(an_attempt_that_a_call_has_settled_is_notified, "EV.15 EV.19 WSPSelect.10")
{
    struct sockaddr_in address = nobody();
    startup();
    SOCKET s = tcp();
    WSAEVENT event = select_events(s, FD_CONNECT);
    FAILS(connect_to(s, &address), WSAEWOULDBLOCK);
    struct timeval limit = {20, 0};
    fd_set except;
    FD_ZERO(&except);
    FD_SET(s, &except);
    EQUAL(WSPSelect(0, NULL, NULL, &except, &limit, &error), 1);
    expect_code(s, event, FD_CONNECT, WSAECONNREFUSED);
    expect_quiet(s, event);
}

static int connect_as(SOCKET s, const struct sockaddr_in *address, int length)
{
    return WSPConnect(s, (const struct sockaddr *)address, length, NULL, NULL, NULL, NULL, &error);
}

/* Failures that the call itself tells are notified as well. */
TEST(a_connect_that_fails_at_once_is_notified, "EV.15 EV.21")
{
    SOCKET pair[2];
    startup();
    struct sockaddr_in address = loopback(9), other = address, wildcard = loopback(9);
    other.sin_family = AF_INET6;
    wildcard.sin_addr.s_addr = 0;
    SOCKET s = tcp();
    WSAEVENT event = select_events(s, ALL_EVENTS);
    FAILS(connect_as(s, &other, sizeof other), WSAEAFNOSUPPORT);
    /* WSPEnumNetworkEvents:FD_CONNECT:WSAEAFNOSUPPORT */
    expect_code(s, event, FD_CONNECT, WSAEAFNOSUPPORT);
    FAILS(connect_as(s, &address, 4), WSAEFAULT);
    expect_code(s, event, FD_CONNECT, WSAEFAULT);
    FAILS(connect_as(s, &wildcard, sizeof wildcard), WSAEADDRNOTAVAIL);
    expect_code(s, event, FD_CONNECT, WSAEADDRNOTAVAIL);
    SOCKET listening = listener(5, &address);
    WSAEVENT another = select_events(listening, FD_CONNECT);
    FAILS(connect_as(listening, &address, sizeof address), WSAEINVAL);
    expect_code(listening, another, FD_CONNECT, WSAEINVAL);
    tcp_pair(pair);
    WSAEVENT third = select_events(pair[0], FD_CONNECT);
    expect(pair[0], third, FD_CONNECT);
    FAILS(connect_as(pair[0], &address, sizeof address), WSAEISCONN);
    expect_code(pair[0], third, FD_CONNECT, WSAEISCONN);
}

/* The network's own reasons, from the kernel's mouth. */
TEST(the_kernels_reasons_are_notified, "EV.15 EV.21")
{
    const struct {
        int errno_, code;
    } rows[] = {
        {101, WSAENETUNREACH}, /* WSPEnumNetworkEvents:FD_CONNECT:WSAENETUNREACH */
        {105, WSAENOBUFS},     /* WSPEnumNetworkEvents:FD_CONNECT:WSAENOBUFS */
        {110, WSAETIMEDOUT},   /* WSPEnumNetworkEvents:FD_CONNECT:WSAETIMEDOUT */
    };
    const size_t count = sizeof rows / sizeof *rows;
    for (size_t i = 0; i < count; i++) {
        int child = posix_fork();
        if (child == 0) {
            startup();
            struct sockaddr_in address = loopback(9);
            SOCKET s = tcp();
            WSAEVENT event = select_events(s, FD_CONNECT);
            posix_inject(SYS_connect, rows[i].errno_);
            FAILS(connect_to(s, &address), rows[i].code);
            expect_code(s, event, FD_CONNECT, rows[i].code);
            exit(0);
        }
        EQUAL(posix_wait(child), 0);
    }
}

TEST(datagram_sockets_connect_at_once, "EV.15 EV.12")
{
    struct sockaddr_in address = loopback(9);
    startup();
    SOCKET s = udp();
    WSAEVENT event = select_events(s, FD_CONNECT | FD_WRITE);
    expect(s, event, FD_WRITE);
    for (int round = 0; round < 2; round++) {
        SUCCEEDS(connect_to(s, &address));
        CHECK(is_signalled(event));
        expect(s, event, FD_CONNECT | FD_WRITE);
        expect_quiet(s, event);
    }
    FAILS(connect_as(s, &address, 4), WSAEFAULT);
    expect_code(s, event, FD_CONNECT, WSAEFAULT);
}

TEST(a_join_is_notified, "EV.15 WSPJoinLeaf.6 WSPJoinLeaf.7")
{
    startup();
    SOCKET s = WSPSocket(AF_INET, SOCK_DGRAM, IPPROTO_UDP, NULL, 0,
                         WSA_FLAG_MULTIPOINT_C_LEAF | WSA_FLAG_MULTIPOINT_D_LEAF, &error);
    CHECK(s != INVALID_SOCKET);
    bind_loopback(s);
    WSAEVENT event = select_events(s, FD_CONNECT);
    expect_quiet(s, event);
    struct sockaddr_in group = loopback(9);
    FAILS(WSPJoinLeaf(s, (struct sockaddr *)&group, sizeof group, NULL, NULL, NULL, NULL, JL_BOTH, &error),
          WSAEADDRNOTAVAIL);
    expect_code(s, event, FD_CONNECT, WSAEADDRNOTAVAIL);
    group.sin_addr.s_addr = htonl(0xe00000fb);
    EQUAL(WSPJoinLeaf(s, (struct sockaddr *)&group, sizeof group, NULL, NULL, NULL, NULL, JL_BOTH, &error), s);
    expect(s, event, FD_CONNECT);
}

/* ---- FD_CLOSE ---- */

TEST(a_graceful_end_is_notified_once, "EV.16 EV.17 EV.5")
{
    int peer;
    startup();
    SOCKET s = connect_posix(&peer);
    WSAEVENT event = select_events(s, FD_READ | FD_CLOSE);
    expect_quiet(s, event);
    posix_close(peer);
    expect(s, event, FD_CLOSE);
    receive_exactly(s, 1, 0, 0);
    receive_exactly(s, 1, 0, 0);
    expect_quiet(s, event);
    SUCCEEDS(WSPEventSelect(s, event, FD_READ | FD_CLOSE, &error));
    expect_quiet(s, event);
}

TEST(the_end_comes_apart_from_the_data, "EV.17 EV.16 OBS.38")
{
    int peer;
    startup();
    SOCKET s = connect_posix(&peer);
    posix_write(peer, "hello", 5);
    posix_close(peer);
    await_end(s);
    WSAEVENT event = select_events(s, FD_READ | FD_CLOSE);
    EQUAL(enumerate(s, event, NULL), FD_READ);
    /* The object is signalled for what is left. */
    CHECK(is_signalled(event));
    /* A receive that leaves data enables FD_READ, which comes first again. */
    receive_exactly(s, 3, 3, 0);
    EQUAL(enumerate(s, event, NULL), FD_READ);
    CHECK(is_signalled(event));
    receive_exactly(s, 3, 2, 0);
    EQUAL(enumerate(s, event, NULL), FD_CLOSE);
    expect_quiet(s, event);
    receive_exactly(s, 3, 0, 0);
    expect_quiet(s, event);
}

TEST(the_end_is_recorded_while_data_remains, "OBS.38")
{
    int peer;
    startup();
    SOCKET s = connect_posix(&peer);
    WSAEVENT event = select_events(s, FD_READ | FD_CLOSE);
    posix_write(peer, "hello", 5);
    expect(s, event, FD_READ);
    posix_close(peer);
    expect(s, event, FD_CLOSE);
    receive_exactly(s, 3, 3, 0);
    expect(s, event, FD_READ);
    receive_exactly(s, 3, 2, 0);
    expect_quiet(s, event);
    /* Without interest in the data too. */
    SOCKET other = connect_posix(&peer);
    WSAEVENT another = select_events(other, FD_CLOSE);
    posix_write(peer, "hello", 5);
    posix_close(peer);
    expect(other, another, FD_CLOSE);
    receive_exactly(other, 10, 5, 0);
}

/* What this side does about it is no end. */
TEST(ending_ones_own_side_is_not_notified, "EV.16")
{
    const int how[] = {SD_SEND, SD_BOTH};
    startup();
    for (int i = 0; i < 2; i++) {
        int peer;
        SOCKET s = connect_posix(&peer);
        WSAEVENT event = select_events(s, FD_READ | FD_CLOSE);
        SUCCEEDS(WSPShutdown(s, how[i], &error));
        expect_quiet(s, event);
        /* The peer answers with its own end. */
        posix_close(peer);
        expect(s, event, FD_CLOSE);
        expect_quiet(s, event);
    }
}

TEST(a_reset_is_notified_with_its_code, "EV.16 EV.17 EV.22 OBS.6")
{
    int peer;
    char byte;
    DWORD count;
    startup();
    SOCKET s = connect_posix(&peer);
    WSAEVENT event = select_events(s, FD_READ | FD_WRITE | FD_CLOSE);
    expect(s, event, FD_WRITE);
    posix_reset(peer);
    /* WSPEnumNetworkEvents:FD_CLOSE:WSAECONNRESET */
    expect_code(s, event, FD_CLOSE, WSAECONNRESET);
    expect_quiet(s, event);
    FAILS(receive_bytes(s, &byte, 1, &count, 0), WSAECONNRESET);
    FAILS(send_bytes(s, &byte, 1, &count), WSAECONNRESET);
    expect_quiet(s, event);
    /* Selected only afterwards, and met by a call before. */
    SOCKET late = connect_posix(&peer);
    posix_reset(peer);
    FAILS(receive_bytes(late, &byte, 1, &count, 0), WSAECONNRESET);
    WSAEVENT another = select_events(late, FD_READ | FD_WRITE | FD_CLOSE);
    expect_code(late, another, FD_CLOSE, WSAECONNRESET);
    expect_quiet(late, another);
}

/* What had come before the reset can still be read. */
TEST(a_reset_leaves_what_had_come, "EV.16 OBS.26 OBS.38")
{
    int peer;
    char byte;
    DWORD count;
    startup();
    SOCKET s = connect_posix(&peer);
    WSAEVENT event = select_events(s, FD_READ | FD_CLOSE);
    posix_write(peer, "hello", 5);
    expect(s, event, FD_READ);
    posix_reset(peer);
    expect_code(s, event, FD_CLOSE, WSAECONNRESET);
    receive_exactly(s, 10, 5, 0);
    FAILS(receive_bytes(s, &byte, 1, &count, 0), WSAECONNRESET);
    expect_quiet(s, event);
}

TEST(other_ends_of_a_connection_have_other_codes, "EV.17 EV.22 OBS.6")
{
    const struct {
        int errno_, code, later;
    } rows[] = {
        /* The kernel gives up, for want of an answer. WSPEnumNetworkEvents:FD_CLOSE:WSAECONNABORTED */
        {110, WSAECONNABORTED, WSAETIMEDOUT},
        /* WSPEnumNetworkEvents:FD_CLOSE:WSAENETDOWN */
        {100, WSAENETDOWN, WSAENETDOWN},
    };
    const size_t count = sizeof rows / sizeof *rows;
    for (size_t i = 0; i < count; i++) {
        int child = posix_fork();
        if (child == 0) {
            int peer, codes[FD_MAX_EVENTS];
            char byte;
            DWORD received;
            startup();
            SOCKET s = connect_posix(&peer);
            posix_close(peer);
            await_end(s);
            posix_inject(SYS_recvfrom, rows[i].errno_);
            WSAEVENT event = select_events(s, FD_READ | FD_CLOSE);
            CHECK(is_signalled(event));
            EQUAL(enumerate(s, event, codes), FD_CLOSE);
            EQUAL(codes[FD_CLOSE_BIT], rows[i].code);
            FAILS(receive_bytes(s, &byte, 1, &received, 0), rows[i].later);
            exit(0);
        }
        EQUAL(posix_wait(child), 0);
    }
}

/* ---- Enumerating ---- */

TEST(the_record_is_given_once, "WSPEnumNetworkEvents.1 WSPEnumNetworkEvents.4 WSPEventSelect.5")
{
    int peer, codes[FD_MAX_EVENTS];
    startup();
    SOCKET s = connect_posix(&peer);
    EQUAL(enumerate(s, NULL, NULL), 0);
    posix_write(peer, "x", 1);
    await_bytes(s, 1);
    WSAEVENT event = select_events(s, FD_READ | FD_WRITE);
    EQUAL(enumerate(s, event, codes), FD_READ | FD_WRITE);
    EQUAL(codes[FD_READ_BIT], 0);
    EQUAL(codes[FD_WRITE_BIT], 0);
    EQUAL(enumerate(s, event, NULL), 0);
    CHECK(!is_signalled(event));
}

TEST(elements_of_other_events_stay, "WSPEnumNetworkEvents.5 OBS.37")
{
    int peer;
    startup();
    SOCKET s = connect_posix(&peer);
    /* An older client's array ends early: here at the end of what may be touched. */
    char *fence = posix_fenced(8192) + 4096;
    WSANETWORKEVENTS *events = (WSANETWORKEVENTS *)(fence - sizeof(LONG) - 2 * sizeof(int));
    memset(events, 0x5a, sizeof(LONG) + 2 * sizeof(int));
    WSAEVENT event = select_events(s, FD_WRITE);
    SUCCEEDS(WSPEnumNetworkEvents(s, event, events, &error));
    EQUAL(events->lNetworkEvents, FD_WRITE);
    EQUAL(events->iErrorCode[FD_READ_BIT], 0x5a5a5a5a);
    EQUAL(events->iErrorCode[FD_WRITE_BIT], 0);
}

TEST(without_an_object_none_is_reset, "OBS.37 WSPEnumNetworkEvents.2")
{
    int peer;
    startup();
    SOCKET s = connect_posix(&peer);
    WSAEVENT event = select_events(s, FD_WRITE), other = new_event();
    EQUAL(WSASetEvent(other), TRUE);
    EQUAL(enumerate(s, NULL, NULL), FD_WRITE);
    CHECK(is_signalled(event));
    /* The one that is named is reset, whichever it is. */
    EQUAL(enumerate(s, other, NULL), 0);
    CHECK(!is_signalled(other));
    CHECK(is_signalled(event));
}

TEST(a_failed_enumeration_changes_nothing, "WSPEnumNetworkEvents.3 OBS.44")
{
    int peer;
    WSANETWORKEVENTS events;
    startup();
    SOCKET s = connect_posix(&peer);
    WSAEVENT event = select_events(s, FD_WRITE);
    FAILS(WSPEnumNetworkEvents(s, (WSAEVENT)s, &events, &error), WSAEINVAL);
    FAILS(WSPEnumNetworkEvents(s, event, NULL, &error), WSAEFAULT);
    FAILS(WSPEnumNetworkEvents(s, event, (LPWSANETWORKEVENTS)8, &error), WSAEFAULT);
    CHECK(is_signalled(event));
    EQUAL(enumerate(s, event, NULL), FD_WRITE);
}

TEST(bad_selections_are_refused, "EV.2")
{
    int peer;
    startup();
    SOCKET s = connect_posix(&peer);
    WSAEVENT event = select_events(s, FD_READ), closed = new_event();
    EQUAL(WSACloseEvent(closed), TRUE);
    FAILS(WSPEventSelect(s, NULL, FD_READ, &error), WSAEINVAL);
    FAILS(WSPEventSelect(s, closed, FD_READ, &error), WSAEINVAL);
    FAILS(WSPEventSelect(s, (WSAEVENT)s, FD_READ, &error), WSAEINVAL);
    FAILS(WSPEventSelect(s, event, 1 << FD_MAX_EVENTS, &error), WSAEINVAL);
    FAILS(WSPEventSelect(s, event, -1, &error), WSAEINVAL);
    FAILS(WSPEventSelect(s, event, (long)FD_READ | 1L << 40, &error), WSAEINVAL);
    /* The one before is still there. */
    posix_write(peer, "x", 1);
    expect(s, event, FD_READ);
}

TEST(without_means_to_watch_nothing_is_selected, "WSPEventSelect.1")
{
    SOCKET pair[2];
    startup();
    tcp_pair(pair);
    WSAEVENT event = new_event();
    posix_inject(SYS_epoll_create1, 24);
    FAILS(WSPEventSelect(pair[0], event, FD_READ, &error), WSAENETDOWN);
    SUCCEEDS(WSPEventSelect(pair[0], event, 0, &error));
    CHECK(!is_signalled(event));
}

/* ---- Beside other calls ---- */

TEST(wspselect_has_no_effect_on_events, "EV.19 WSPSelect.10")
{
    int peer;
    startup();
    SOCKET s = connect_posix(&peer);
    posix_write(peer, "x", 1);
    await_bytes(s, 1);
    WSAEVENT event = select_events(s, FD_READ | FD_WRITE);
    struct timeval none = {0, 0};
    fd_set read, write;
    for (int i = 0; i < 2; i++) {
        FD_ZERO(&read);
        FD_ZERO(&write);
        FD_SET(s, &read);
        FD_SET(s, &write);
        EQUAL(WSPSelect(0, &read, &write, NULL, &none, &error), 2);
        if (i == 0)
            expect(s, event, FD_READ | FD_WRITE);
        else
            expect_quiet(s, event);
    }
}

TEST(a_pending_receive_takes_data_before_events_tell_of_it, "OBS.39")
{
    int peer;
    char room[16];
    DWORD count;
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    WSAEVENT event = select_events(s, FD_READ | FD_CLOSE);
    EQUAL(receive_later(s, room, 5, &overlapped), WSA_IO_PENDING);
    posix_write(peer, "hello", 5);
    EQUAL(outcome(s, &overlapped, &count), 0);
    EQUAL(count, 5);
    expect_quiet(s, event);
    /* What it leaves is told. */
    EQUAL(receive_later(s, room, 5, &overlapped), WSA_IO_PENDING);
    posix_write(peer, "hello again", 11);
    EQUAL(outcome(s, &overlapped, &count), 0);
    expect(s, event, FD_READ);
    expect_quiet(s, event);
}

/* Also where somebody looks before the request could take it. */
TEST(data_that_a_request_is_about_to_take_is_not_told, "OBS.39")
{
    int peer;
    char room[16];
    DWORD count;
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    WSAEVENT event = select_events(s, FD_READ);
    for (int i = 0; i < 300; i++) {
        OVERLAPPED overlapped = {0};
        EQUAL(receive_later(s, room, sizeof room, &overlapped), WSA_IO_PENDING);
        posix_write(peer, "x", 1);
        SUCCEEDS(WSPEventSelect(s, event, FD_READ, &error));
        EQUAL(outcome(s, &overlapped, &count), 0);
        EQUAL(enumerate(s, event, NULL), 0);
    }
    expect_quiet(s, event);
}

/* An overlapped receive enables like every other, when it is called and when it has ended. */
TEST(an_overlapped_receive_enables, "WSPRecv.14 EV.6 EV.7 OBS.39")
{
    int peer;
    char room[16];
    DWORD count;
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    WSAEVENT event = select_events(s, FD_READ);
    posix_write(peer, "hello", 5);
    expect(s, event, FD_READ);
    EQUAL(receive_later(s, room, 2, &overlapped), 0);
    expect(s, event, FD_READ);
    EQUAL(receive_later(s, room, 3, &overlapped), 0);
    expect_quiet(s, event);
    /* Pending when the data comes, of which it leaves some. */
    EQUAL(receive_later(s, room, 2, &overlapped), WSA_IO_PENDING);
    posix_write(peer, "hello", 5);
    EQUAL(outcome(s, &overlapped, &count), 0);
    expect(s, event, FD_READ);
    EQUAL(receive_later(s, room, 3, &overlapped), 0);
    expect_quiet(s, event);
}

TEST(a_pending_accept_takes_a_connection_before_events_tell_of_it, "OBS.39 EV.14")
{
    const int backlogs[] = {SOMAXCONN, 5};
    startup();
    for (int i = 0; i < 2; i++) {
        struct sockaddr_in address;
        char room[2 * AREA];
        DWORD count;
        OVERLAPPED overlapped = {0};
        SOCKET listening = overlapped_listener(backlogs[i], &address);
        WSAEVENT event = select_events(listening, FD_ACCEPT);
        STARTED(accept_later(listening, overlapped_tcp(), room, 0, &overlapped));
        posix_connect(ntohs(address.sin_port));
        EQUAL(outcome(listening, &overlapped, &count), 0);
        expect_quiet(listening, event);
        posix_connect(ntohs(address.sin_port));
        expect(listening, event, FD_ACCEPT);
        accept_now(listening);
        expect_quiet(listening, event);
    }
}

TEST(an_overlapped_accept_enables, "EV.14 EV.6 EV.7")
{
    const int backlogs[] = {SOMAXCONN, 5};
    startup();
    for (int i = 0; i < 2; i++) {
        struct sockaddr_in address;
        char room[2 * AREA];
        DWORD count;
        OVERLAPPED overlapped = {0};
        SOCKET listening = overlapped_listener(backlogs[i], &address);
        WSAEVENT event = select_events(listening, FD_ACCEPT);
        for (int round = 0; round < 2; round++) {
            posix_connect(ntohs(address.sin_port));
            expect(listening, event, FD_ACCEPT);
            STARTED(accept_later(listening, overlapped_tcp(), room, 0, &overlapped));
            EQUAL(outcome(listening, &overlapped, &count), 0);
            expect_quiet(listening, event);
        }
        /* What the request has left is told of again. */
        posix_connect(ntohs(address.sin_port));
        expect(listening, event, FD_ACCEPT);
        posix_connect(ntohs(address.sin_port));
        expect_quiet(listening, event);
        STARTED(accept_later(listening, overlapped_tcp(), room, 0, &overlapped));
        EQUAL(outcome(listening, &overlapped, &count), 0);
        expect(listening, event, FD_ACCEPT);
    }
}

TEST(an_overlapped_connect_is_notified_like_every_other, "EV.15 EV.12")
{
    unsigned short port;
    DWORD count;
    OVERLAPPED overlapped = {0};
    startup();
    posix_listen(&port, 5);
    struct sockaddr_in address = loopback(port);
    SOCKET s = overlapped_tcp();
    bind_loopback(s);
    WSAEVENT event = select_events(s, ALL_EVENTS);
    STARTED(connect_later(s, &address, NULL, 0, NULL, &overlapped));
    EQUAL(outcome(s, &overlapped, &count), 0);
    expect(s, event, FD_CONNECT | FD_WRITE);
    expect_quiet(s, event);
}

/* ---- The host's events ---- */

static int host_set, host_reset;

static BOOL WSPAPI set_of_host(WSAEVENT event, int *code)
{
    (void)code;
    __atomic_add_fetch((int *)event, 1, __ATOMIC_SEQ_CST);
    __atomic_add_fetch(&host_set, 1, __ATOMIC_SEQ_CST);
    return TRUE;
}

static BOOL WSPAPI reset_of_host(WSAEVENT event, int *code)
{
    host_reset++;
    *code = ERROR_INVALID_HANDLE;
    if (event == (WSAEVENT)4)
        return FALSE;
    __atomic_store_n((int *)event, 0, __ATOMIC_SEQ_CST);
    return TRUE;
}

/* With a table of its own the host's functions signal and reset, and only it knows its events. */
TEST(the_hosts_events_are_signalled_through_its_table, "WSPStartup.11 WSPEventSelect.1 WSPEnumNetworkEvents.2")
{
    int peer, event = 0;
    WSANETWORKEVENTS events;
    WSPUPCALLTABLE host;
    memset(&host, 0, sizeof host);
    host.lpWPUSetEvent = set_of_host;
    host.lpWPUResetEvent = reset_of_host;
    EQUAL(WSPStartup(MAKEWORD(2, 2), &data, NULL, host, &procs), 0);
    SOCKET s = connect_posix(&peer);
    SUCCEEDS(WSPEventSelect(s, (WSAEVENT)&event, FD_READ | FD_WRITE, &error));
    EQUAL(event, 1);
    EQUAL(enumerate(s, (WSAEVENT)&event, NULL), FD_WRITE);
    EQUAL(event, 0);
    EQUAL(host_reset, 1);
    posix_write(peer, "x", 1);
    EVENTUALLY(__atomic_load_n(&event, __ATOMIC_SEQ_CST) == 1);
    /* The host refuses: nothing has changed. */
    FAILS(WSPEnumNetworkEvents(s, (WSAEVENT)4, &events, &error), WSAEINVAL);
    EQUAL(enumerate(s, (WSAEVENT)&event, NULL), FD_READ);
    EQUAL(event, 0);
    EQUAL(host_set, 2);
    receive_exactly(s, 1, 1, 0);
    SUCCEEDS(WSPCleanup(&error));
    EQUAL(host_set, 2);
}

/* ---- The end of everything ---- */

TEST(cleanup_ends_registrations_quietly, "WSPCleanup.3")
{
    SOCKET pair[2];
    int descriptors = posix_open_descriptors();
    startup();
    tcp_pair(pair);
    WSAEVENT event = select_events(pair[0], FD_READ | FD_CLOSE);
    SUCCEEDS(WSPEventSelect(pair[1], event, FD_READ | FD_CLOSE, &error));
    SUCCEEDS(WSPCleanup(&error));
    CHECK(!is_signalled(event));
    EVENTUALLY(posix_threads() == 1);
    EQUAL(posix_open_descriptors(), descriptors);
}

/* A child has the socket, and no registration; the parent's goes on. */
TEST(a_forked_child_selects_for_itself, "EV.2")
{
    int peer;
    startup();
    SOCKET s = connect_posix(&peer);
    WSAEVENT event = select_events(s, FD_READ);
    int child = posix_fork();
    if (child == 0) {
        EQUAL(enumerate(s, event, NULL), 0);
        SUCCEEDS(WSPEventSelect(s, event, FD_WRITE, &error));
        expect(s, event, FD_WRITE);
        exit(0);
    }
    EQUAL(posix_wait(child), 0);
    posix_write(peer, "x", 1);
    expect(s, event, FD_READ);
}
