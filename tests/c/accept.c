/* WSPAccept: the condition function, addresses, inheritance, states. */
#include "check.h"

#include <errno.h>
#include <sys/syscall.h>

static SOCKET accept_any(SOCKET listening)
{
    return WSPAccept(listening, NULL, NULL, NULL, 0, &error);
}

TEST(the_state_is_judged, "WSPAccept.8")
{
    struct sockaddr_in address;
    SOCKET pair[2];
    startup();
    FAILS(accept_any(tcp()), WSAEINVAL);
    SOCKET bound = tcp();
    bind_loopback(bound);
    FAILS(accept_any(bound), WSAEINVAL);
    tcp_pair(pair);
    FAILS(accept_any(pair[0]), WSAEINVAL);
    FAILS(accept_any(pair[1]), WSAEINVAL);
    FAILS(accept_any(udp()), WSAEOPNOTSUPP);
    FAILS(accept_any(INVALID_SOCKET), WSAENOTSOCK);
    SOCKET closed = listener(5, &address);
    SUCCEEDS(WSPCloseSocket(closed, &error));
    FAILS(accept_any(closed), WSAENOTSOCK);
}

/* On a queue that the kernel keeps, and on an exact one. */
static const int backlogs[] = {SOMAXCONN, 5};

TEST(an_empty_queue_would_block, "WSPAccept.7")
{
    struct sockaddr_in address;
    startup();
    for (int i = 0; i < 2; i++) {
        SOCKET listening = listener(backlogs[i], &address);
        set_nonblocking(listening, 1);
        FAILS(accept_any(listening), WSAEWOULDBLOCK);
        CHECK(posix_connect(ntohs(address.sin_port)) >= 0);
        CHECK(accept_any(listening) != INVALID_SOCKET);
        FAILS(accept_any(listening), WSAEWOULDBLOCK);
    }
}

static void *connect_soon(void *port)
{
    CHECK(posix_connect(*(unsigned short *)port) >= 0);
    return NULL;
}

TEST(a_blocking_socket_waits, "WSPAccept.7")
{
    struct sockaddr_in address;
    pthread_t thread;
    startup();
    for (int i = 0; i < 2; i++) {
        SOCKET listening = listener(backlogs[i], &address);
        unsigned short port = ntohs(address.sin_port);
        CHECK(pthread_create(&thread, NULL, connect_soon, &port) == 0);
        CHECK(accept_any(listening) != INVALID_SOCKET);
        pthread_join(thread, NULL);
    }
}

TEST(the_peers_address_is_given, "WSPAccept.10 WSPAccept.11")
{
    struct sockaddr_in address, peer, own;
    int length = sizeof peer, own_length = sizeof own;
    startup();
    SOCKET listening = listener(5, &address), client = tcp();
    SUCCEEDS(connect_to(client, &address));
    memset(&peer, 0xff, sizeof peer);
    SOCKET s = WSPAccept(listening, (struct sockaddr *)&peer, &length, NULL, 0, &error);
    CHECK(s != INVALID_SOCKET);
    EQUAL(length, sizeof peer);
    SUCCEEDS(WSPGetSockName(client, (struct sockaddr *)&own, &own_length, &error));
    CHECK(memcmp(&peer, &own, sizeof own) == 0);
    /* One of the two alone asks for nothing. */
    for (int i = 0; i < 2; i++) {
        length = 77;
        SUCCEEDS(connect_to(tcp(), &address));
        memset(&peer, 0x5a, sizeof peer);
        CHECK(WSPAccept(listening, i == 0 ? (struct sockaddr *)&peer : NULL, i == 1 ? &length : NULL, NULL, 0,
                        &error) != INVALID_SOCKET);
        EQUAL(length, 77);
        EQUAL(peer.sin_family, 0x5a5a);
    }
}

/* What cannot be told is WSAEFAULT, and the connection is still there for the next call. */
TEST(a_bad_address_buffer_loses_nothing, "WSPAccept.10 OBS.44")
{
    struct sockaddr_in address, peer;
    int length = sizeof peer - 1;
    startup();
    SOCKET listening = listener(5, &address);
    CHECK(posix_connect(ntohs(address.sin_port)) >= 0);
    FAILS(WSPAccept(listening, (struct sockaddr *)&peer, &length, NULL, 0, &error), WSAEFAULT);
    EQUAL(length, sizeof peer - 1);
    length = -1;
    FAILS(WSPAccept(listening, (struct sockaddr *)&peer, &length, NULL, 0, &error), WSAEFAULT);
    length = sizeof peer;
    FAILS(WSPAccept(listening, (struct sockaddr *)8, &length, NULL, 0, &error), WSAEFAULT);
    FAILS(WSPAccept(listening, (struct sockaddr *)&peer, (int *)8, NULL, 0, &error), WSAEFAULT);
    FAILS(WSPAccept(listening, NULL, NULL, (LPCONDITIONPROC)8, 0, &error), WSAEFAULT);
    CHECK(WSPAccept(listening, (struct sockaddr *)&peer, &length, NULL, 0, &error) != INVALID_SOCKET);
}

/* What a condition function is to answer, and what it has seen. */
struct decision {
    int answer;
    GROUP group;
    int calls;
    struct sockaddr_in caller, callee;
    int nested; /* the code of a call from inside */
    SOCKET listening;
};

static int CALLBACK decide(LPWSABUF caller, LPWSABUF caller_data, LPQOS sqos, LPQOS gqos, LPWSABUF callee,
                           LPWSABUF callee_data, GROUP *g, DWORD_PTR context)
{
    struct decision *decision = (struct decision *)context;
    int code = 0;
    decision->calls++;
    CHECK(caller->len == sizeof decision->caller && callee->len == sizeof decision->callee);
    memcpy(&decision->caller, caller->buf, caller->len);
    memcpy(&decision->callee, callee->buf, callee->len);
    CHECK(caller_data == NULL || caller_data->len == 0);
    CHECK(sqos == NULL && gqos == NULL);
    EQUAL(callee_data->len, 0);
    *g = decision->group;
    if (WSPAccept(decision->listening, NULL, NULL, NULL, 0, &code) == INVALID_SOCKET)
        decision->nested = code;
    return decision->answer;
}

static SOCKET accept_if(SOCKET listening, struct decision *decision)
{
    decision->listening = listening;
    return WSPAccept(listening, NULL, NULL, decide, (DWORD_PTR)decision, &error);
}

TEST(the_condition_function_accepts, "WSPAccept.1 WSPAccept.2 WSPAccept.12 WSPAccept.13 WSPAccept.14 WSPAccept.15 C.7")
{
    struct sockaddr_in address, own;
    int length = sizeof own;
    startup();
    for (int i = 0; i < 2; i++) {
        struct decision decision = {.answer = CF_ACCEPT};
        SOCKET listening = listener(backlogs[i], &address), client = tcp();
        SUCCEEDS(connect_to(client, &address));
        SOCKET s = accept_if(listening, &decision);
        CHECK(s != INVALID_SOCKET);
        EQUAL(decision.calls, 1);
        EQUAL(decision.nested, WSAEINPROGRESS);
        length = sizeof own;
        SUCCEEDS(WSPGetSockName(client, (struct sockaddr *)&own, &length, &error));
        CHECK(memcmp(&decision.caller, &own, sizeof own) == 0);
        CHECK(memcmp(&decision.callee, &address, sizeof address) == 0);
        SUCCEEDS(WSPCloseSocket(s, &error));
    }
}

TEST(the_condition_function_rejects, "WSPAccept.3 WSPAccept.11")
{
    struct sockaddr_in address, peer;
    startup();
    for (int i = 0; i < 2; i++) {
        struct decision decision = {.answer = CF_REJECT};
        SOCKET listening = listener(backlogs[i], &address);
        int length = sizeof peer, client = posix_connect(ntohs(address.sin_port));
        decision.listening = listening;
        memset(&peer, 0, sizeof peer);
        FAILS(WSPAccept(listening, (struct sockaddr *)&peer, &length, decide, (DWORD_PTR)&decision, &error),
              WSAECONNREFUSED);
        EQUAL(peer.sin_family, AF_INET);
        EQUAL(posix_read_error(client), ECONNRESET);
        set_nonblocking(listening, 1);
        FAILS(accept_any(listening), WSAEWOULDBLOCK);
    }
}

/* A deferred connection stays first: the same one is presented again, before those behind it. */
TEST(the_condition_function_defers, "WSPAccept.4 WSPAccept.11")
{
    struct sockaddr_in address, peer;
    startup();
    for (int i = 0; i < 2; i++) {
        struct decision decision = {.answer = CF_DEFER};
        SOCKET listening = listener(backlogs[i], &address);
        int length = sizeof peer, first = posix_connect(ntohs(address.sin_port)),
            second = posix_connect(ntohs(address.sin_port));
        posix_write(first, "1", 1);
        posix_write(second, "2", 1);
        decision.listening = listening;
        FAILS(WSPAccept(listening, (struct sockaddr *)&peer, &length, decide, (DWORD_PTR)&decision, &error),
              WSATRY_AGAIN);
        CHECK(memcmp(&peer, &decision.caller, sizeof peer) == 0);
        unsigned short deferred = decision.caller.sin_port;
        FAILS(accept_if(listening, &decision), WSATRY_AGAIN);
        EQUAL(decision.caller.sin_port, deferred);
        EQUAL(decision.calls, 2);
        for (char expected = '1'; expected <= '2'; expected++) {
            char got = 0;
            DWORD count;
            SOCKET s = accept_any(listening);
            CHECK(s != INVALID_SOCKET);
            SUCCEEDS(receive_bytes(s, &got, 1, &count, 0));
            EQUAL(got, expected);
        }
    }
}

/* First also before those that have left the kernel's queue with it. */
TEST(a_deferred_connection_stays_before_all_others, "WSPAccept.4")
{
    struct sockaddr_in address;
    startup();
    struct decision decision = {.answer = CF_DEFER};
    SOCKET listening = listener(2, &address);
    posix_write(posix_connect(ntohs(address.sin_port)), "1", 1);
    posix_write(posix_connect(ntohs(address.sin_port)), "2", 1);
    /* Full: both have been taken over before the third is refused. */
    EQUAL(posix_connect(ntohs(address.sin_port)), -ECONNREFUSED);
    FAILS(accept_if(listening, &decision), WSATRY_AGAIN);
    for (char expected = '1'; expected <= '2'; expected++) {
        char got = 0;
        DWORD count;
        SUCCEEDS(receive_bytes(accept_any(listening), &got, 1, &count, 0));
        EQUAL(got, expected);
    }
}

TEST(any_other_answer_is_invalid, "WSPAccept.5 OBS.10")
{
    struct sockaddr_in address;
    startup();
    SOCKET listening = listener(5, &address);
    CHECK(posix_connect(ntohs(address.sin_port)) >= 0);
    struct decision other = {.answer = 7}, group = {.answer = CF_ACCEPT, .group = 5};
    FAILS(accept_if(listening, &other), WSAEINVAL);
    FAILS(accept_if(listening, &group), WSAEINVAL);
    EQUAL(group.nested, WSAEINPROGRESS);
    /* Nothing was decided, so the connection is still there. */
    CHECK(accept_any(listening) != INVALID_SOCKET);
}

/* A full exact queue stays exact while the condition function decides. */
TEST(a_deferred_connection_keeps_its_place, "WSPAccept.4 WSPListen.5")
{
    struct sockaddr_in address;
    startup();
    SOCKET listening = listener(2, &address);
    unsigned short port = ntohs(address.sin_port);
    CHECK(posix_connect(port) >= 0);
    struct decision decision = {.answer = CF_DEFER};
    FAILS(accept_if(listening, &decision), WSATRY_AGAIN);
    CHECK(posix_connect(port) >= 0);
    EQUAL(posix_connect(port), -ECONNREFUSED);
    FAILS(accept_if(listening, &decision), WSATRY_AGAIN);
    EQUAL(posix_connect(port), -ECONNREFUSED);
    decision.answer = CF_REJECT;
    FAILS(accept_if(listening, &decision), WSAECONNREFUSED);
    CHECK(posix_connect(port) >= 0);
    EQUAL(posix_connect(port), -ECONNREFUSED);
}

/* A condition function that takes its time: it says that it was asked, and answers when it is let. */
struct deliberation {
    int asked[2], let[2];
    SOCKET listening;
};

static int CALLBACK deliberate(LPWSABUF caller, LPWSABUF caller_data, LPQOS sqos, LPQOS gqos, LPWSABUF callee,
                               LPWSABUF callee_data, GROUP *g, DWORD_PTR context)
{
    struct deliberation *deliberation = (struct deliberation *)context;
    char byte;
    (void)caller, (void)caller_data, (void)sqos, (void)gqos, (void)callee, (void)callee_data, (void)g;
    posix_put(deliberation->asked[1], "a", 1);
    posix_read(deliberation->let[0], &byte, 1);
    return CF_ACCEPT;
}

static void *accept_slowly(void *context)
{
    struct deliberation *deliberation = context;
    CHECK(WSPAccept(deliberation->listening, NULL, NULL, deliberate, (DWORD_PTR)context, &error) != INVALID_SOCKET);
    return NULL;
}

static void *accept_another(void *listening)
{
    CHECK(accept_any(*(SOCKET *)listening) != INVALID_SOCKET);
    return NULL;
}

/* While another thread decides about as many connections as may wait, none can come. */
TEST(nothing_comes_while_every_place_is_being_decided_about, "WSPAccept.7 WSPSelect.4")
{
    struct deliberation deliberation;
    struct sockaddr_in address;
    struct timeval at_once = {0, 0};
    fd_set set;
    char byte;
    pthread_t slow, waiting;
    startup();
    posix_pipe(deliberation.asked);
    posix_pipe(deliberation.let);
    SOCKET listening = deliberation.listening = listener(1, &address);
    unsigned short port = ntohs(address.sin_port);
    CHECK(posix_connect(port) >= 0);
    EQUAL(posix_connect(port), -ECONNREFUSED);
    pthread_create(&slow, NULL, accept_slowly, &deliberation);
    posix_read(deliberation.asked[0], &byte, 1);
    set_nonblocking(listening, 1);
    FAILS(accept_any(listening), WSAEWOULDBLOCK);
    FD_ZERO(&set);
    FD_SET(listening, &set);
    EQUAL(WSPSelect(0, &set, NULL, NULL, &at_once, &error), 0);
    set_nonblocking(listening, 0);
    pthread_create(&waiting, NULL, accept_another, &listening);
    posix_wait_until_blocked(1);
    long long busy = posix_processor_milliseconds();
    struct timeval moment = {0, 300000};
    FD_ZERO(&set);
    FD_SET(listening, &set);
    EQUAL(WSPSelect(0, &set, NULL, NULL, &moment, &error), 0);
    CHECK(posix_processor_milliseconds() - busy < 150);
    posix_put(deliberation.let[1], "l", 1);
    pthread_join(slow, NULL);
    CHECK(posix_connect(port) >= 0);
    pthread_join(waiting, NULL);
}

TEST(the_new_socket_has_the_listeners_properties, "WSPAccept.6 OBS.36")
{
    struct sockaddr_in address;
    int value = 0, length = sizeof value;
    char byte;
    DWORD count;
    startup();
    for (int i = 0; i < 2; i++) {
        SOCKET listening = listener(backlogs[i], &address);
        int timeout = 1234, buffer = 40000, on = 1;
        struct linger linger = {1, 5}, got;
        SUCCEEDS(WSPSetSockOpt(listening, SOL_SOCKET, SO_RCVTIMEO, (char *)&timeout, sizeof timeout, &error));
        SUCCEEDS(WSPSetSockOpt(listening, SOL_SOCKET, SO_RCVBUF, (char *)&buffer, sizeof buffer, &error));
        SUCCEEDS(WSPSetSockOpt(listening, SOL_SOCKET, SO_KEEPALIVE, (char *)&on, sizeof on, &error));
        SUCCEEDS(WSPSetSockOpt(listening, SOL_SOCKET, SO_LINGER, (char *)&linger, sizeof linger, &error));
        set_nonblocking(listening, 1);
        /* Two, so that with the exact queue at least one comes out of the socket's own. */
        for (int j = 0; j < 5; j++)
            CHECK(posix_connect(ntohs(address.sin_port)) >= 0);
        for (int j = 0; j < 5; j++) {
            SOCKET s;
            while ((s = accept_any(listening)) == INVALID_SOCKET)
                EQUAL(error, WSAEWOULDBLOCK);
            length = sizeof value;
            SUCCEEDS(WSPGetSockOpt(s, SOL_SOCKET, SO_RCVTIMEO, (char *)&value, &length, &error));
            EQUAL(value, 1234);
            SUCCEEDS(WSPGetSockOpt(s, SOL_SOCKET, SO_RCVBUF, (char *)&value, &length, &error));
            EQUAL(value, 40000);
            SUCCEEDS(WSPGetSockOpt(s, SOL_SOCKET, SO_KEEPALIVE, (char *)&value, &length, &error));
            CHECK(value != 0);
            length = sizeof got;
            SUCCEEDS(WSPGetSockOpt(s, SOL_SOCKET, SO_LINGER, (char *)&got, &length, &error));
            EQUAL(got.l_linger, 5);
            FAILS(receive_bytes(s, &byte, 1, &count, 0), WSAEWOULDBLOCK);
            /* It cannot itself accept. */
            FAILS(accept_any(s), WSAEINVAL);
        }
    }
}

TEST(the_listener_stays_open, "WSPAccept.6")
{
    struct sockaddr_in address;
    startup();
    SOCKET listening = listener(5, &address);
    for (int i = 0; i < 3; i++) {
        CHECK(posix_connect(ntohs(address.sin_port)) >= 0);
        SUCCEEDS(WSPCloseSocket(accept_any(listening), &error));
    }
}

/* Without a descriptor an empty queue still is just that: it would block. */
TEST(descriptors_are_missed_only_when_a_connection_is_there, "WSPAccept.9")
{
    struct sockaddr_in address;
    startup();
    SOCKET listening = listener(SOMAXCONN, &address);
    set_nonblocking(listening, 1);
    SOCKET client = tcp();
    posix_limit_descriptors(0);
    FAILS(accept_any(listening), WSAEWOULDBLOCK);
    SUCCEEDS(connect_to(client, &address));
    FAILS(accept_any(listening), WSAEMFILE);
    posix_unlimit_descriptors();
    CHECK(accept_any(listening) != INVALID_SOCKET);
}

/* A peer that has reset the connection before it was accepted. */
TEST(a_connection_that_was_dropped_is_reset, "WSPAccept.17")
{
    startup();
    struct sockaddr_in address;
    SOCKET listening = listener(SOMAXCONN, &address);
    posix_inject(SYS_accept4, ECONNABORTED);
    FAILS(accept_any(listening), WSAECONNRESET);
}

TEST(a_withdrawn_request_is_refused_access, "WSPAccept.17")
{
    startup();
    struct sockaddr_in address;
    SOCKET listening = listener(SOMAXCONN, &address);
    posix_inject(SYS_accept4, EPERM);
    FAILS(accept_any(listening), WSAEACCES);
}

TEST(no_buffers_for_accepting, "WSPAccept.1")
{
    startup();
    struct sockaddr_in address;
    SOCKET listening = listener(SOMAXCONN, &address);
    posix_inject(SYS_accept4, ENOBUFS);
    FAILS(WSPAccept(listening, NULL, NULL, NULL, 0, &error), WSAENOBUFS);
}

TEST(no_network_for_accepting, "WSPAccept.1")
{
    startup();
    struct sockaddr_in address;
    SOCKET listening = listener(SOMAXCONN, &address);
    posix_inject(SYS_accept4, ENETDOWN);
    FAILS(WSPAccept(listening, NULL, NULL, NULL, 0, &error), WSAENETDOWN);
}

static void *accept_until_closed(void *listening)
{
    EQUAL(WSPAccept(*(SOCKET *)listening, NULL, NULL, NULL, 0, &error), INVALID_SOCKET);
    EQUAL(error, WSAEINTR);
    return NULL;
}

TEST(closing_ends_a_blocked_accept, "WSPCloseSocket.2")
{
    struct sockaddr_in address;
    pthread_t thread;
    startup();
    for (int i = 0; i < 2; i++) {
        SOCKET listening = listener(backlogs[i], &address);
        CHECK(pthread_create(&thread, NULL, accept_until_closed, &listening) == 0);
        posix_wait_until_blocked(1);
        SUCCEEDS(WSPCloseSocket(listening, &error));
        pthread_join(thread, NULL);
    }
}
