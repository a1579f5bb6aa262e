/* WSPAsyncSelect: the messages that are posted, to whom, and in which order. */
#include "events.h"

#include <semaphore.h>
#include <ws2kernel.h>

enum { MESSAGE = 0x0401, ROOM = 64 };

#define WINDOW ((HWND)(ULONG_PTR)0x77)

/* A window's messages, in the order of their posting. */
static struct message {
    HWND window;
    UINT message;
    WPARAM socket;
    LPARAM what;
} posted[ROOM];
static int count_posted, taken, refusals;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static BOOL CALLBACK post(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    BOOL answer = TRUE;
    pthread_mutex_lock(&lock);
    if (refusals > 0) {
        refusals--;
        answer = FALSE;
    } else {
        CHECK(count_posted < ROOM);
        posted[count_posted++] = (struct message){window, message, wparam, lparam};
    }
    pthread_mutex_unlock(&lock);
    return answer;
}

/* Has the next messages refused, beside those that were to be before; how many are. */
static int refuse(int more)
{
    pthread_mutex_lock(&lock);
    int count = refusals += more;
    pthread_mutex_unlock(&lock);
    return count;
}

static int messages(void)
{
    pthread_mutex_lock(&lock);
    int count = count_posted - taken;
    pthread_mutex_unlock(&lock);
    return count;
}

/* The next message is about this event of this socket, with this code. */
static void expect_message(SOCKET s, int event, int code)
{
    EVENTUALLY(messages() > 0);
    struct message *message = &posted[taken++];
    CHECK(message->window == WINDOW);
    EQUAL(message->message, MESSAGE);
    EQUAL(message->socket, s);
    EQUAL(WSAGETSELECTEVENT(message->what), event);
    EQUAL(WSAGETSELECTERROR(message->what), code);
    EQUAL(message->what, MAKELONG(event, code));
}

static void expect_no_message(void)
{
    settle();
    EQUAL(messages(), 0);
}

/* Starts with a host that posts messages. */
static void startup_with_windows(void)
{
    WSPUPCALLTABLE host;
    memset(&host, 0, sizeof host);
    host.lpWPUPostMessage = post;
    EQUAL(WSPStartup(MAKEWORD(2, 2), &data, NULL, host, &procs), 0);
}

static void select_messages(SOCKET s, long events)
{
    SUCCEEDS(WSPAsyncSelect(s, WINDOW, MESSAGE, events, &error));
}

TEST(each_event_is_a_message_of_its_own, "WSPAsyncSelect.1 WSPAsyncSelect.2 WSPAsyncSelect.3 EV.8 EV.17")
{
    int peer;
    startup_with_windows();
    SOCKET s = connect_posix(&peer);
    posix_write(peer, "x", 1);
    posix_close(peer);
    await_end(s);
    select_messages(s, ALL_EVENTS);
    expect_message(s, FD_CONNECT, 0);
    expect_message(s, FD_READ, 0);
    expect_message(s, FD_WRITE, 0);
    expect_message(s, FD_CLOSE, 0);
    expect_no_message();
}

TEST(messages_do_not_flood, "WSPAsyncSelect.4 EV.5 EV.7 WSPRecv.14")
{
    int peer;
    startup_with_windows();
    SOCKET s = connect_posix(&peer);
    select_messages(s, FD_READ);
    expect_no_message();
    posix_write(peer, "hello", 5);
    expect_message(s, FD_READ, 0);
    posix_write(peer, "hello", 5);
    expect_no_message();
    await_bytes(s, 10);
    receive_exactly(s, 5, 5, 0);
    expect_message(s, FD_READ, 0);
    receive_exactly(s, 5, 5, 0);
    expect_no_message();
}

/* A window that takes no message now may take it later. */
TEST(a_message_that_was_not_taken_is_posted_again, "WSPAsyncSelect.4")
{
    int peer;
    startup_with_windows();
    SOCKET s = connect_posix(&peer);
    refuse(1);
    select_messages(s, FD_WRITE | FD_CLOSE);
    /* Whatever happens to the socket is a chance. */
    posix_write(peer, "x", 1);
    expect_message(s, FD_WRITE, 0);
    expect_no_message();
    refuse(1);
    posix_close(peer);
    EVENTUALLY(refuse(0) == 0);
    receive_exactly(s, 1, 1, 0);
    expect_message(s, FD_CLOSE, 0);
    expect_no_message();
}

/* Connected before writable, also where one wait finds both (EV.12). */
TEST(a_connection_is_told_before_room_to_send, "EV.12 EV.15")
{
    unsigned short port;
    startup_with_windows();
    int listening = posix_listen(&port, 5);
    struct sockaddr_in address = loopback(port);
    for (int round = 0; round < 5; round++) {
        SOCKET s = tcp();
        select_messages(s, ALL_EVENTS);
        expect_no_message();
        connect_to(s, &address);
        int peer = posix_accept(listening);
        expect_message(s, FD_CONNECT, 0);
        expect_message(s, FD_WRITE, 0);
        posix_write(peer, "x", 1);
        expect_message(s, FD_READ, 0);
        posix_reset(peer);
        /* WSPAsyncSelect:FD_CLOSE:WSAECONNRESET */
        expect_message(s, FD_CLOSE, WSAECONNRESET);
        expect_no_message();
        taken = count_posted = 0;
    }
}

static int connect_as(SOCKET s, const struct sockaddr_in *address, int length)
{
    return WSPConnect(s, (const struct sockaddr *)address, length, NULL, NULL, NULL, NULL, &error);
}

/* WSPAsyncSelect:FD_CONNECT:WSAECONNREFUSED WSPAsyncSelect:FD_CONNECT:WSAEAFNOSUPPORT
 * WSPAsyncSelect:FD_CONNECT:WSAEFAULT WSPAsyncSelect:FD_CONNECT:WSAEINVAL WSPAsyncSelect:FD_CONNECT:WSAEISCONN */
TEST(failures_to_connect_are_told_with_their_codes, "EV.15 EV.21 WSPAsyncSelect.2")
{
    int peer;
    unsigned short port = 0;
    posix_close(posix_bind_tcp(&port));
    startup_with_windows();
    struct sockaddr_in address = loopback(port), other = address;
    other.sin_family = AF_INET6;
    SOCKET s = tcp();
    select_messages(s, FD_CONNECT | FD_WRITE);
    FAILS(connect_to(s, &address), WSAEWOULDBLOCK);
    expect_message(s, FD_CONNECT, WSAECONNREFUSED);
    FAILS(connect_as(s, &other, sizeof other), WSAEAFNOSUPPORT);
    expect_message(s, FD_CONNECT, WSAEAFNOSUPPORT);
    FAILS(connect_as(s, &address, 4), WSAEFAULT);
    expect_message(s, FD_CONNECT, WSAEFAULT);
    SOCKET listening = listener(5, &address);
    select_messages(listening, FD_CONNECT);
    FAILS(connect_to(listening, &address), WSAEINVAL);
    expect_message(listening, FD_CONNECT, WSAEINVAL);
    SOCKET connected = connect_posix(&peer);
    select_messages(connected, FD_CONNECT);
    expect_message(connected, FD_CONNECT, 0);
    FAILS(connect_to(connected, &address), WSAEISCONN);
    expect_message(connected, FD_CONNECT, WSAEISCONN);
    expect_no_message();
}

TEST(the_kernels_reasons_are_told, "EV.21")
{
    const struct {
        int errno_, code;
    } rows[] = {
        {101, WSAENETUNREACH}, /* WSPAsyncSelect:FD_CONNECT:WSAENETUNREACH */
        {105, WSAENOBUFS},     /* WSPAsyncSelect:FD_CONNECT:WSAENOBUFS */
        {110, WSAETIMEDOUT},   /* WSPAsyncSelect:FD_CONNECT:WSAETIMEDOUT */
    };
    const size_t count = sizeof rows / sizeof *rows;
    for (size_t i = 0; i < count; i++) {
        int child = posix_fork();
        if (child == 0) {
            startup_with_windows();
            struct sockaddr_in address = loopback(9);
            SOCKET s = tcp();
            select_messages(s, FD_CONNECT);
            posix_inject(SYS_connect, rows[i].errno_);
            FAILS(connect_to(s, &address), rows[i].code);
            expect_message(s, FD_CONNECT, rows[i].code);
            exit(0);
        }
        EQUAL(posix_wait(child), 0);
    }
}

TEST(other_ends_of_a_connection_have_other_codes, "EV.22 EV.17")
{
    const struct {
        int errno_, code;
    } rows[] = {
        {110, WSAECONNABORTED}, /* WSPAsyncSelect:FD_CLOSE:WSAECONNABORTED */
        {100, WSAENETDOWN},     /* WSPAsyncSelect:FD_CLOSE:WSAENETDOWN */
    };
    const size_t count = sizeof rows / sizeof *rows;
    for (size_t i = 0; i < count; i++) {
        int child = posix_fork();
        if (child == 0) {
            int peer;
            startup_with_windows();
            SOCKET s = connect_posix(&peer);
            posix_close(peer);
            await_end(s);
            posix_inject(SYS_recvfrom, rows[i].errno_);
            select_messages(s, FD_CLOSE);
            expect_message(s, FD_CLOSE, rows[i].code);
            exit(0);
        }
        EQUAL(posix_wait(child), 0);
    }
}

TEST(accepted_sockets_send_to_the_same_window, "EV.4 WSPAccept.6 OBS.36 WSPAsyncSelect.2")
{
    struct sockaddr_in address;
    startup_with_windows();
    SOCKET listening = listener(SOMAXCONN, &address);
    select_messages(listening, FD_ACCEPT | FD_READ | FD_WRITE);
    int peer = posix_connect(ntohs(address.sin_port));
    expect_message(listening, FD_ACCEPT, 0);
    SOCKET s = WSPAccept(listening, NULL, NULL, NULL, 0, &error);
    CHECK(s != INVALID_SOCKET);
    expect_message(s, FD_WRITE, 0);
    posix_write(peer, "x", 1);
    expect_message(s, FD_READ, 0);
    expect_no_message();
}

/* A window that has not heard of it. */
TEST(selecting_messages_again_tells_again, "EV.8")
{
    int peer;
    startup_with_windows();
    SOCKET s = connect_posix(&peer);
    select_messages(s, ALL_EVENTS);
    expect_message(s, FD_CONNECT, 0);
    expect_message(s, FD_WRITE, 0);
    select_messages(s, ALL_EVENTS);
    expect_message(s, FD_WRITE, 0);
    expect_no_message();
}

TEST(messages_and_records_replace_each_other, "EV.2 EV.3 WSPAsyncSelect.5 WSPAsyncSelect.7 WSPEnumNetworkEvents.6")
{
    int peer;
    startup_with_windows();
    SOCKET s = connect_posix(&peer);
    WSAEVENT event = select_events(s, FD_READ);
    select_messages(s, FD_READ);
    posix_write(peer, "x", 1);
    expect_message(s, FD_READ, 0);
    CHECK(!is_signalled(event));
    /* What is posted is not recorded; the object that is named is reset all the same. */
    EQUAL(WSASetEvent(event), TRUE);
    EQUAL(enumerate(s, event, NULL), 0);
    CHECK(!is_signalled(event));
    /* Nor what the window has not taken yet. */
    refuse(1000);
    select_messages(s, FD_READ);
    EQUAL(enumerate(s, NULL, NULL), 0);
    receive_exactly(s, 1, 1, 0);
    refuse(-1000);
    SUCCEEDS(WSPEventSelect(s, event, FD_READ, &error));
    posix_write(peer, "x", 1);
    expect(s, event, FD_READ);
    expect_no_message();
    select_messages(s, FD_CLOSE);
    SUCCEEDS(WSPAsyncSelect(s, NULL, 0, 0, &error));
    receive_exactly(s, 1, 1, 0);
    posix_close(peer);
    expect_no_message();
    CHECK(!is_signalled(event));
}

TEST(a_closed_socket_sends_nothing, "WSPCloseSocket.2 WSPCloseSocket.4 EV.17")
{
    int peer;
    startup_with_windows();
    SOCKET s = connect_posix(&peer);
    select_messages(s, FD_READ | FD_CLOSE);
    SUCCEEDS(WSPCloseSocket(s, &error));
    expect_no_message();
    s = connect_posix(&peer);
    select_messages(s, FD_READ | FD_CLOSE);
    SUCCEEDS(WSPCleanup(&error));
    EQUAL(messages(), 0);
}

static sem_t in_window, released;

static BOOL CALLBACK post_slowly(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    sem_post(&in_window);
    sem_wait(&released);
    return post(window, message, wparam, lparam);
}

static void *select_all(void *s)
{
    select_messages((SOCKET)s, ALL_EVENTS);
    return NULL;
}

/* Nor what waits for its turn to be posted when the socket is closed. */
TEST(a_closed_socket_leaves_nothing_to_be_sent, "WSPCloseSocket.2 WSPCloseSocket.4")
{
    int peer;
    sem_init(&in_window, 0, 0);
    sem_init(&released, 0, 0);
    startup();
    ws2spi_SetPostMessage(post_slowly);
    SOCKET s = connect_posix(&peer);
    pthread_t thread = start_thread(select_all, (void *)s);
    sem_wait(&in_window);
    SUCCEEDS(WSPCloseSocket(s, &error));
    sem_post(&released);
    join_thread(thread);
    expect_message(s, FD_CONNECT, 0);
    EQUAL(messages(), 0);
}

/* One thread posts at a time, so that messages come in their order; nobody waits for a slow window. */
TEST(a_slow_window_holds_nobody_up, "EV.12 WSPAsyncSelect.3")
{
    int peer;
    sem_init(&in_window, 0, 0);
    sem_init(&released, 0, 0);
    startup();
    ws2spi_SetPostMessage(post_slowly);
    SOCKET s = connect_posix(&peer);
    pthread_t thread = start_thread(select_all, (void *)s);
    sem_wait(&in_window);
    posix_write(peer, "hello", 5);
    await_bytes(s, 5);
    receive_exactly(s, 2, 2, 0);
    EQUAL(messages(), 0);
    for (int i = 0; i < 3; i++)
        sem_post(&released);
    expect_message(s, FD_CONNECT, 0);
    expect_message(s, FD_READ, 0);
    expect_message(s, FD_WRITE, 0);
    join_thread(thread);
    expect_no_message();
}

/* The window's function is a callback like others. */
static BOOL CALLBACK call_back(HWND window, UINT message, WPARAM s, LPARAM lparam)
{
    WSANETWORKEVENTS events;
    FAILS(WSPAsyncSelect(s, window, message, FD_READ, &error), WSAEINPROGRESS);
    FAILS(WSPEventSelect(s, NULL, 0, &error), WSAEINPROGRESS);
    FAILS(WSPEnumNetworkEvents(s, NULL, &events, &error), WSAEINPROGRESS);
    return post(window, message, s, lparam);
}

TEST(nothing_can_be_called_while_a_message_is_posted, "C.7")
{
    int peer;
    startup();
    ws2spi_SetPostMessage(call_back);
    SOCKET s = connect_posix(&peer);
    select_messages(s, FD_WRITE);
    expect_message(s, FD_WRITE, 0);
}

TEST(what_is_no_socket_is_refused, "C.8")
{
    WSANETWORKEVENTS events;
    startup_with_windows();
    FAILS(WSPAsyncSelect(4, WINDOW, MESSAGE, FD_READ, &error), WSAENOTSOCK);
    FAILS(WSPEventSelect(4, NULL, 0, &error), WSAENOTSOCK);
    FAILS(WSPEnumNetworkEvents(4, NULL, &events, &error), WSAENOTSOCK);
}

TEST(messages_make_a_socket_nonblocking, "EV.1 EV.20")
{
    int peer;
    char byte;
    DWORD count, returned;
    u_long off = 0;
    startup_with_windows();
    SOCKET s = connect_posix(&peer);
    SUCCEEDS(WSPAsyncSelect(s, NULL, 0, 0, &error));
    FAILS(receive_bytes(s, &byte, 1, &count, 0), WSAEWOULDBLOCK);
    set_nonblocking(s, 0);
    select_messages(s, FD_CLOSE);
    FAILS(receive_bytes(s, &byte, 1, &count, 0), WSAEWOULDBLOCK);
    FAILS(WSPIoctl(s, FIONBIO, &off, sizeof off, NULL, 0, &returned, NULL, NULL, NULL, &error), WSAEINVAL);
}

/* Without a host that has windows the program names who delivers messages. */
TEST(the_program_delivers_messages_itself, "NEED-S17 WSPAsyncSelect.6")
{
    int peer;
    startup();
    SOCKET s = connect_posix(&peer);
    FAILS(WSPAsyncSelect(s, WINDOW, MESSAGE, FD_WRITE, &error), WSAEINVAL);
    ws2spi_SetPostMessage(post);
    select_messages(s, FD_WRITE);
    expect_message(s, FD_WRITE, 0);
    ws2spi_SetPostMessage(NULL);
    FAILS(WSPAsyncSelect(s, WINDOW, MESSAGE, FD_WRITE, &error), WSAEINVAL);
}

TEST(bad_selections_are_refused, "WSPAsyncSelect.6")
{
    int peer;
    startup_with_windows();
    SOCKET s = connect_posix(&peer);
    FAILS(WSPAsyncSelect(s, NULL, MESSAGE, FD_READ, &error), WSAEINVAL);
    FAILS(WSPAsyncSelect(s, WINDOW, MESSAGE, 1 << FD_MAX_EVENTS, &error), WSAEINVAL);
    FAILS(WSPAsyncSelect(s, WINDOW, MESSAGE, -1, &error), WSAEINVAL);
    posix_inject(SYS_epoll_create1, 24);
    FAILS(WSPAsyncSelect(s, WINDOW, MESSAGE, FD_READ, &error), WSAENETDOWN);
    EQUAL(messages(), 0);
}
