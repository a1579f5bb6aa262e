/* WSPListen: every line of its page, and the queue that refuses. */
#include "check.h"

#include <errno.h>
#include <sys/syscall.h>

enum { MANY = 16 };

/* Connects `count` POSIX clients; each sends its number. */
static void connect_clients(int clients[], int count, unsigned short port)
{
    for (int i = 0; i < count; i++) {
        clients[i] = posix_connect(port);
        CHECK(clients[i] >= 0);
        char number = (char)i;
        posix_write(clients[i], &number, 1);
    }
}

/* Accepts a connection and returns the number its client sent. */
static int accept_number(SOCKET listening)
{
    char number = -1;
    DWORD count = 0;
    SOCKET s = WSPAccept(listening, NULL, NULL, NULL, 0, &error);
    CHECK(s != INVALID_SOCKET);
    SUCCEEDS(receive_bytes(s, &number, 1, &count, 0));
    EQUAL(count, 1);
    SUCCEEDS(WSPCloseSocket(s, &error));
    return number;
}

TEST(the_state_is_judged, "WSPListen.1")
{
    struct sockaddr_in address;
    SOCKET pair[2];
    startup();
    FAILS(WSPListen(tcp(), 5, &error), WSAEINVAL);
    SOCKET datagram = udp();
    FAILS(WSPListen(datagram, 5, &error), WSAEOPNOTSUPP);
    bind_loopback(datagram);
    FAILS(WSPListen(datagram, 5, &error), WSAEOPNOTSUPP);
    FAILS(WSPListen(INVALID_SOCKET, 5, &error), WSAENOTSOCK);
    FAILS(WSPListen(0x7ffffff0, 5, &error), WSAENOTSOCK);
    tcp_pair(pair);
    FAILS(WSPListen(pair[0], 5, &error), WSAEISCONN);
    FAILS(WSPListen(pair[1], 5, &error), WSAEISCONN);
    SOCKET closed = listener(1, &address);
    SUCCEEDS(WSPCloseSocket(closed, &error));
    FAILS(WSPListen(closed, 1, &error), WSAENOTSOCK);
}

/* A connected socket is judged connected also when it is bound, shut down or reset. */
TEST(a_connected_socket_never_listens, "WSPListen.1 OBS.2 OBS.21")
{
    SOCKET pair[2];
    startup();
    tcp_pair(pair);
    SUCCEEDS(WSPShutdown(pair[0], SD_BOTH, &error));
    FAILS(WSPListen(pair[0], 5, &error), WSAEISCONN);
    SUCCEEDS(WSPCloseSocket(pair[0], &error));
    FAILS(WSPListen(pair[1], 5, &error), WSAEISCONN);
}

static SOCKET listening_socket;

static int CALLBACK listen_inside(LPWSABUF caller, LPWSABUF caller_data, LPQOS sqos, LPQOS gqos, LPWSABUF callee,
                                  LPWSABUF callee_data, GROUP *g, DWORD_PTR context)
{
    (void)caller, (void)caller_data, (void)sqos, (void)gqos, (void)callee, (void)callee_data, (void)g;
    int code = 0;
    *(int *)context = WSPListen(listening_socket, 5, &code) == SOCKET_ERROR ? code : 0;
    return CF_ACCEPT;
}

TEST(inside_a_callback_it_is_in_progress, "C.7")
{
    struct sockaddr_in address;
    int code = 0;
    startup();
    listening_socket = listener(5, &address);
    CHECK(posix_connect(ntohs(address.sin_port)) >= 0);
    SOCKET s = WSPAccept(listening_socket, NULL, NULL, listen_inside, (DWORD_PTR)&code, &error);
    CHECK(s != INVALID_SOCKET);
    EQUAL(code, WSAEINPROGRESS);
    SUCCEEDS(WSPListen(listening_socket, 5, &error));
}

/* As many as the backlog says wait; the next one is refused, and does not hang. */
static void refuses_beyond(int backlog, int expected)
{
    struct sockaddr_in address;
    int clients[MANY];
    SOCKET listening = listener(backlog, &address);
    unsigned short port = ntohs(address.sin_port);
    connect_clients(clients, expected, port);
    EQUAL(posix_connect(port), -ECONNREFUSED);
    EQUAL(posix_connect(port), -ECONNREFUSED);
    /* Accepting one makes room for one. */
    EQUAL(accept_number(listening), 0);
    int next = posix_connect(port);
    CHECK(next >= 0);
    EQUAL(posix_connect(port), -ECONNREFUSED);
    char number = (char)expected;
    posix_write(next, &number, 1);
    /* All are served, in the order in which they came. */
    for (int i = 1; i <= expected; i++)
        EQUAL(accept_number(listening), i);
    SUCCEEDS(WSPCloseSocket(listening, &error));
}

TEST(a_full_queue_refuses, "WSPListen.2 WSPListen.5")
{
    startup();
    refuses_beyond(1, 1);
    refuses_beyond(2, 2);
    refuses_beyond(5, 5);
}

/* Also where the kernel gives the process no means to hold requests back (a socket filter on TCP). */
TEST(a_full_queue_refuses_without_privileges, "WSPListen.5")
{
    posix_drop_privileges();
    startup();
    refuses_beyond(1, 1);
    refuses_beyond(3, 3);
}

TEST(the_nearest_legal_backlog_is_taken, "WSPListen.4")
{
    startup();
    refuses_beyond(0, 1);
}

TEST(more_than_the_literal_range_is_two_hundred, "WSPListen.4")
{
    struct sockaddr_in address;
    startup();
    SOCKET listening = listener(1000, &address);
    for (int i = 0; i < 200; i++)
        CHECK(posix_connect(ntohs(address.sin_port)) >= 0);
    EQUAL(posix_connect(ntohs(address.sin_port)), -ECONNREFUSED);
    SUCCEEDS(WSPCloseSocket(listening, &error));
}

/* SOMAXCONN and its hints take what the host gives: far more than the literal range. */
TEST(the_provider_chooses_a_large_backlog, "WSPListen.2")
{
    struct sockaddr_in address;
    startup();
    SOCKET listening = listener(SOMAXCONN, &address);
    for (int i = 0; i < 210; i++)
        CHECK(posix_connect(ntohs(address.sin_port)) >= 0);
    SUCCEEDS(WSPCloseSocket(listening, &error));
    listening = listener(SOMAXCONN_HINT(300), &address);
    for (int i = 0; i < 210; i++)
        CHECK(posix_connect(ntohs(address.sin_port)) >= 0);
    SUCCEEDS(WSPCloseSocket(listening, &error));
}

TEST(a_smaller_backlog_resets_the_excess, "WSPListen.3 OBS.1")
{
    struct sockaddr_in address;
    int clients[5];
    startup();
    SOCKET listening = listener(5, &address);
    unsigned short port = ntohs(address.sin_port);
    connect_clients(clients, 5, port);
    SUCCEEDS(WSPListen(listening, 2, &error));
    for (int i = 2; i < 5; i++)
        EQUAL(posix_read_error(clients[i]), ECONNRESET);
    EQUAL(posix_connect(port), -ECONNREFUSED);
    EQUAL(accept_number(listening), 0);
    EQUAL(accept_number(listening), 1);
    /* And it goes on with the new backlog. */
    connect_clients(clients, 2, port);
    EQUAL(posix_connect(port), -ECONNREFUSED);
}

TEST(a_smaller_backlog_resets_also_what_the_kernel_was_left, "WSPListen.3")
{
    struct sockaddr_in address;
    int clients[5];
    startup();
    SOCKET listening = listener(SOMAXCONN, &address);
    connect_clients(clients, 5, ntohs(address.sin_port));
    SUCCEEDS(WSPListen(listening, 1, &error));
    for (int i = 1; i < 5; i++)
        EQUAL(posix_read_error(clients[i]), ECONNRESET);
    EQUAL(accept_number(listening), 0);
}

/* Also after the same one was set again, which costs one system call then. */
TEST(a_smaller_backlog_resets_the_excess_in_the_kernels_queue, "WSPListen.3")
{
    struct sockaddr_in address;
    int clients[5];
    setenv("WS2SPI_BACKLOG", "kernel", 1);
    startup();
    SOCKET listening = listener(5, &address);
    for (int again = 0; again < 3; again++)
        SUCCEEDS(WSPListen(listening, 5, &error));
    connect_clients(clients, 5, ntohs(address.sin_port));
    SUCCEEDS(WSPListen(listening, 2, &error));
    for (int i = 2; i < 5; i++)
        EQUAL(posix_read_error(clients[i]), ECONNRESET);
    EQUAL(accept_number(listening), 0);
    EQUAL(accept_number(listening), 1);
}

/* Also who has sent nothing learns of it at once, by a reset. */
TEST(a_smaller_backlog_resets_idle_clients_too, "WSPListen.3")
{
    struct sockaddr_in address;
    int clients[3];
    startup();
    SOCKET listening = listener(3, &address);
    for (int i = 0; i < 3; i++) {
        clients[i] = posix_connect(ntohs(address.sin_port));
        CHECK(clients[i] >= 0);
    }
    SUCCEEDS(WSPListen(listening, 1, &error));
    EQUAL(posix_read_error(clients[1]), ECONNRESET);
    EQUAL(posix_read_error(clients[2]), ECONNRESET);
}

TEST(a_larger_backlog_admits_more, "WSPListen.3")
{
    struct sockaddr_in address;
    int clients[MANY];
    startup();
    SOCKET listening = listener(1, &address);
    unsigned short port = ntohs(address.sin_port);
    connect_clients(clients, 1, port);
    EQUAL(posix_connect(port), -ECONNREFUSED);
    SUCCEEDS(WSPListen(listening, 3, &error));
    connect_clients(clients + 1, 2, port);
    EQUAL(posix_connect(port), -ECONNREFUSED);
    SUCCEEDS(WSPListen(listening, SOMAXCONN, &error));
    connect_clients(clients + 3, 10, port);
    EQUAL(accept_number(listening), 0);
    EQUAL(accept_number(listening), 0); /* each batch counts anew */
    EQUAL(accept_number(listening), 1);
    for (int i = 0; i < 10; i++)
        EQUAL(accept_number(listening), i);
}

/* The same backlog again changes nothing, however full the queue is. */
TEST(the_same_backlog_again_keeps_everything, "WSPListen.3")
{
    struct sockaddr_in address;
    int clients[3];
    startup();
    SOCKET listening = listener(3, &address);
    connect_clients(clients, 3, ntohs(address.sin_port));
    EQUAL(posix_connect(ntohs(address.sin_port)), -ECONNREFUSED);
    SUCCEEDS(WSPListen(listening, 3, &error));
    EQUAL(posix_connect(ntohs(address.sin_port)), -ECONNREFUSED);
    for (int i = 0; i < 3; i++)
        EQUAL(accept_number(listening), i);
}

TEST(the_queue_fills_and_empties_many_times, "WSPListen.5 WSPListen.6")
{
    struct sockaddr_in address, after;
    int clients[2], length = sizeof after;
    startup();
    SOCKET listening = listener(2, &address);
    for (int round = 0; round < 5; round++) {
        connect_clients(clients, 2, ntohs(address.sin_port));
        EQUAL(posix_connect(ntohs(address.sin_port)), -ECONNREFUSED);
        EQUAL(accept_number(listening), 0);
        EQUAL(accept_number(listening), 1);
    }
    SUCCEEDS(WSPGetSockName(listening, (struct sockaddr *)&after, &length, &error));
    EQUAL(after.sin_port, address.sin_port);
}

/* A port that the kernel chose, at a connect that was refused, stays the listener's when its queue was full. */
TEST(a_port_of_the_kernels_choice_is_kept, "WSPListen.5 OBS.19")
{
    struct sockaddr_in address, nobody;
    int length = sizeof address;
    startup();
    SOCKET s = tcp(), reserved = tcp();
    nobody = bind_loopback(reserved);
    FAILS(connect_to(s, &nobody), WSAECONNREFUSED);
    SUCCEEDS(WSPListen(s, 1, &error));
    SUCCEEDS(WSPGetSockName(s, (struct sockaddr *)&address, &length, &error));
    unsigned short port = ntohs(address.sin_port);
    for (int round = 0; round < 3; round++) {
        CHECK(posix_connect(port) >= 0);
        EQUAL(posix_connect(port), -ECONNREFUSED);
        SUCCEEDS(WSPCloseSocket(WSPAccept(s, NULL, NULL, NULL, 0, &error), &error));
    }
}

/* Without descriptors the pending connections wait; when there are some again, all goes on. */
TEST(without_descriptors_connections_wait, "WSPListen.6 WSPAccept.9")
{
    struct sockaddr_in address;
    int clients[3];
    startup();
    SOCKET listening = listener(3, &address);
    connect_clients(clients, 2, ntohs(address.sin_port));
    posix_limit_descriptors(0);
    FAILS(WSPAccept(listening, NULL, NULL, NULL, 0, &error), WSAEMFILE);
    SUCCEEDS(WSPListen(listening, 3, &error));
    posix_unlimit_descriptors();
    connect_clients(clients + 2, 1, ntohs(address.sin_port));
    EQUAL(accept_number(listening), 0);
    EQUAL(accept_number(listening), 1);
    EQUAL(accept_number(listening), 0);
}

/* A client that fills the queue when there is no descriptor to take it over with is served later. */
TEST(a_queue_that_fills_without_descriptors_is_kept, "WSPListen.6 WSPAccept.9")
{
    struct sockaddr_in address;
    int start[2];
    char number = 7;
    unsigned short port;
    startup();
    posix_pipe(start);
    int child = posix_fork();
    if (child == 0) {
        posix_read(start[0], &port, sizeof port);
        int client = posix_connect(port);
        posix_write(client, &number, 1);
        _Exit(posix_read_error(client));
    }
    SOCKET listening = listener(1, &address);
    posix_limit_descriptors(0);
    port = ntohs(address.sin_port);
    posix_put(start[1], &port, sizeof port);
    /* Blocks until the connection is there, then has no descriptor for it. */
    FAILS(WSPAccept(listening, NULL, NULL, NULL, 0, &error), WSAEMFILE);
    posix_unlimit_descriptors();
    EQUAL(accept_number(listening), 7);
    EQUAL(posix_wait(child), 0);
}

/* The watching thread is there only while it is needed. */
TEST(the_watching_thread_goes_with_the_last_such_socket, "WSPStartup.13")
{
    struct sockaddr_in address;
    startup();
    int before = posix_threads();
    SOCKET kernels = listener(SOMAXCONN, &address);
    EQUAL(posix_threads(), before);
    SOCKET first = listener(5, &address), second = listener(5, &address);
    EQUAL(posix_threads(), before + 1);
    SUCCEEDS(WSPCloseSocket(first, &error));
    SUCCEEDS(WSPListen(second, SOMAXCONN, &error));
    for (long long end = posix_milliseconds() + 10000; posix_threads() != before;)
        CHECK(posix_milliseconds() < end);
    SUCCEEDS(WSPCloseSocket(kernels, &error));
}

/* The child of a fork shares the queue, so it is the kernel's again. */
TEST(a_forked_child_can_accept, "WSPListen.6")
{
    struct sockaddr_in address;
    startup();
    SOCKET listening = listener(2, &address);
    int child = posix_fork();
    if (child == 0)
        _Exit(accept_number(listening) + accept_number(listening));
    for (int i = 0; i < 2; i++) {
        char number = 5;
        posix_write(posix_connect(ntohs(address.sin_port)), &number, 1);
    }
    EQUAL(posix_wait(child), 10);
    SUCCEEDS(WSPListen(listening, 2, &error));
    SUCCEEDS(WSPCloseSocket(listening, &error));
}

TEST(the_queue_of_an_ipv6_socket_refuses_too, "WSPListen.5")
{
    struct sockaddr_in6 address;
    int length = sizeof address;
    startup();
    memset(&address, 0, sizeof address);
    address.sin6_family = AF_INET6;
    address.sin6_addr.s6_addr[15] = 1;
    SOCKET listening = open_socket(AF_INET6, SOCK_STREAM, 0);
    if (WSPBind(listening, (struct sockaddr *)&address, sizeof address, &error) != 0)
        SKIP("no IPv6 here");
    SUCCEEDS(WSPGetSockName(listening, (struct sockaddr *)&address, &length, &error));
    SUCCEEDS(WSPListen(listening, 1, &error));
    SOCKET first = open_socket(AF_INET6, SOCK_STREAM, 0), second = open_socket(AF_INET6, SOCK_STREAM, 0);
    SUCCEEDS(WSPConnect(first, (struct sockaddr *)&address, sizeof address, NULL, NULL, NULL, NULL, &error));
    FAILS(WSPConnect(second, (struct sockaddr *)&address, sizeof address, NULL, NULL, NULL, NULL, &error),
          WSAECONNREFUSED);
    SUCCEEDS(WSPCloseSocket(WSPAccept(listening, NULL, NULL, NULL, 0, &error), &error));
    SUCCEEDS(WSPConnect(second, (struct sockaddr *)&address, sizeof address, NULL, NULL, NULL, NULL, &error));
}

/* A wildcard bind in conflict shows at the latest here. */
TEST(the_kernels_errors_are_translated, "WSPListen.7 WSPBind.10")
{
    startup();
    SOCKET s = tcp();
    bind_loopback(s);
    posix_inject(SYS_listen, EADDRINUSE);
    FAILS(WSPListen(s, 5, &error), WSAEADDRINUSE);
}

TEST(no_buffers_for_listening, "WSPListen.6")
{
    startup();
    SOCKET s = tcp();
    bind_loopback(s);
    posix_inject(SYS_listen, ENOBUFS);
    FAILS(WSPListen(s, SOMAXCONN, &error), WSAENOBUFS);
}

TEST(no_network_for_listening, "WSPListen.6")
{
    startup();
    SOCKET s = tcp();
    bind_loopback(s);
    posix_inject(SYS_listen, ENETDOWN);
    FAILS(WSPListen(s, SOMAXCONN, &error), WSAENETDOWN);
}

TEST(no_descriptors_for_listening, "WSPListen.6")
{
    startup();
    SOCKET s = tcp();
    bind_loopback(s);
    posix_inject(SYS_listen, EMFILE);
    FAILS(WSPListen(s, SOMAXCONN, &error), WSAEMFILE);
}

/* Many clients, few places, several threads that accept: everybody is served once, after however many tries. */
enum { CLIENTS = 6, ROUNDS = 30, ACCEPTORS = 3 };

static unsigned char served[CLIENTS * ROUNDS];
static unsigned short busy_port;

static void *accept_all(void *listening)
{
    for (;;) {
        unsigned char number;
        DWORD count;
        SOCKET s = WSPAccept(*(SOCKET *)listening, NULL, NULL, NULL, 0, &error);
        if (s == INVALID_SOCKET) {
            EQUAL(error, WSAEINTR);
            return NULL;
        }
        if (receive_bytes(s, &number, 1, &count, 0) != 0 || count != 1) {
            /* The client was told otherwise and has gone; it comes again. */
            SUCCEEDS(WSPCloseSocket(s, &error));
            continue;
        }
        __atomic_fetch_add(&served[number], 1, __ATOMIC_RELAXED);
        SUCCEEDS(send_bytes(s, &number, 1, &count));
        SUCCEEDS(WSPCloseSocket(s, &error));
    }
}

static void *connect_again_and_again(void *first)
{
    for (int round = 0; round < ROUNDS; round++) {
        unsigned char number = (unsigned char)(*(int *)first + round), answer = 0;
        int client, code;
        do {
            /* Who comes at the very moment when the last place is taken may learn only from a reset that it was. */
            while ((client = posix_connect(busy_port)) < 0)
                CHECK(client == -ECONNREFUSED || client == -ECONNRESET);
            code = posix_exchange(client, number, &answer);
            CHECK(code == 0 || code == ECONNRESET || code == EPIPE);
            posix_close(client);
        } while (code != 0);
        EQUAL(answer, number);
    }
    return NULL;
}

TEST(every_client_is_served_once, "WSPListen.5 WSPListen.6 WSPAccept.1")
{
    struct sockaddr_in address;
    pthread_t acceptors[ACCEPTORS], clients[CLIENTS];
    int first[CLIENTS];
    startup();
    SOCKET listening = listener(2, &address);
    busy_port = ntohs(address.sin_port);
    for (int i = 0; i < ACCEPTORS; i++)
        CHECK(pthread_create(&acceptors[i], NULL, accept_all, &listening) == 0);
    for (int i = 0; i < CLIENTS; i++) {
        first[i] = i * ROUNDS;
        CHECK(pthread_create(&clients[i], NULL, connect_again_and_again, &first[i]) == 0);
    }
    for (int i = 0; i < CLIENTS; i++)
        pthread_join(clients[i], NULL);
    /* Who waits is told of the close by WSAEINTR; who came after it would find no socket. */
    posix_wait_until_blocked(ACCEPTORS);
    SUCCEEDS(WSPCloseSocket(listening, &error));
    for (int i = 0; i < ACCEPTORS; i++)
        pthread_join(acceptors[i], NULL);
    for (int i = 0; i < CLIENTS * ROUNDS; i++)
        EQUAL(served[i], 1);
}
