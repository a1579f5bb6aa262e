/* WSAPoll. */
#include "extension.h"
#include "waits.h"

#include <signal.h>

#define ALL (POLLRDNORM | POLLRDBAND | POLLWRNORM)

/* What one socket is ready for now. */
static int now(SOCKET s, int asked)
{
    WSAPOLLFD element = {s, (SHORT)asked, 0x5555};
    int count = WSAPoll(&element, 1, 0);
    EQUAL(count, element.revents != 0);
    EQUAL(element.fd, s);
    EQUAL(element.events, asked);
    return element.revents;
}

/* What it is ready for when it is. */
static int then(SOCKET s, int asked)
{
    WSAPOLLFD element = {s, (SHORT)asked, 0x5555};
    EQUAL(WSAPoll(&element, 1, -1), 1);
    CHECK(element.revents != 0);
    return element.revents;
}

TEST(a_connection_is_readable_and_writable, "NEED-S13")
{
    char byte;
    DWORD count;
    int peer;
    startup();
    SOCKET s = connect_posix(&peer);
    EQUAL(now(s, ALL), POLLWRNORM);
    EQUAL(now(s, POLLRDNORM), 0);
    EQUAL(now(s, 0), 0);
    posix_write(peer, "x", 1);
    EQUAL(then(s, POLLIN), POLLRDNORM);
    EQUAL(now(s, ALL), POLLRDNORM | POLLWRNORM);
    EQUAL(now(s, POLLOUT), POLLWRNORM);
    EQUAL(now(s, POLLRDBAND), 0);
    SUCCEEDS(receive_bytes(s, &byte, 1, &count, 0));
    EQUAL(now(s, ALL), POLLWRNORM);
    /* Until there is no more room. */
    static char bytes[1 << 20];
    set_nonblocking(s, 1);
    while (send_bytes(s, bytes, sizeof bytes, &count) == 0)
        continue;
    EQUAL(error, WSAEWOULDBLOCK);
    EQUAL(now(s, ALL), 0);
}

TEST(a_wait_is_over_in_time, "NEED-S13")
{
    int peer;
    startup();
    WSAPOLLFD element = {connect_posix(&peer), POLLIN, 77};
    long long start = posix_milliseconds();
    EQUAL(WSAPoll(&element, 1, 50), 0);
    CHECK(posix_milliseconds() - start >= 49);
    EQUAL(element.revents, 0);
    element.revents = 77;
    EQUAL(WSAPoll(&element, 1, 0), 0);
    EQUAL(element.revents, 0);
}

TEST(a_listener_is_readable_when_a_connection_waits, "NEED-S13")
{
    struct sockaddr_in address;
    startup();
    SOCKET kernels = listener(SOMAXCONN, &address);
    EQUAL(now(kernels, ALL), 0);
    posix_connect(ntohs(address.sin_port));
    EQUAL(then(kernels, ALL), POLLRDNORM);
    /* Also one whose queue is the library's. */
    SOCKET own = listener(1, &address);
    posix_connect(ntohs(address.sin_port));
    EQUAL(then(own, ALL), POLLRDNORM);
    EQUAL(now(own, POLLWRNORM), 0);
}

TEST(a_connecting_socket_is_writable_when_connected, "NEED-S13 OBS.22")
{
    struct sockaddr_in address;
    unsigned short port;
    startup();
    /* A listener that takes no more keeps the attempt waiting. */
    int listening = posix_listen_full(&port);
    SOCKET s = tcp();
    EQUAL(now(s, ALL), 0);
    set_nonblocking(s, 1);
    address = loopback(port);
    FAILS(connect_to(s, &address), WSAEWOULDBLOCK);
    EQUAL(now(s, ALL), 0);
    posix_accept(listening);
    EQUAL(then(s, ALL), POLLWRNORM);
    FAILS(connect_to(s, &address), WSAEISCONN);
}

TEST(a_failed_attempt_shows_whatever_is_asked, "NEED-S13 OBS.23")
{
    struct sockaddr_in address;
    startup();
    /* Bound, and not listening: nobody else gets the port. */
    SOCKET taken = tcp(), s = tcp();
    address = bind_loopback(taken);
    set_nonblocking(s, 1);
    int answer = connect_to(s, &address);
    CHECK(answer == -1 && (error == WSAEWOULDBLOCK || error == WSAECONNREFUSED));
    EQUAL(then(s, ALL), POLLERR | POLLHUP | POLLWRNORM);
    EQUAL(now(s, POLLRDNORM), POLLERR | POLLHUP);
    EQUAL(now(s, 0), POLLERR | POLLHUP);
    /* Until the next attempt. */
    SUCCEEDS(WSPListen(taken, 5, &error));
    answer = connect_to(s, &address);
    CHECK(answer == 0 || error == WSAEWOULDBLOCK);
    EQUAL(then(s, ALL), POLLWRNORM);
}

/* The end is told while data wait, too. */
TEST(a_graceful_end_is_a_hang_up, "NEED-S13")
{
    char byte;
    DWORD count;
    int peer;
    startup();
    SOCKET s = connect_posix(&peer);
    posix_write(peer, "x", 1);
    posix_close(peer);
    EQUAL(then(s, 0), POLLHUP);
    EQUAL(now(s, ALL), POLLHUP | POLLRDNORM | POLLWRNORM);
    SUCCEEDS(receive_bytes(s, &byte, 1, &count, 0));
    EQUAL(now(s, POLLRDNORM), POLLHUP | POLLRDNORM);
    SUCCEEDS(receive_bytes(s, &byte, 1, &count, 0));
    EQUAL(count, 0);
}

TEST(a_reset_is_a_hang_up_and_an_error, "NEED-S13 OBS.26")
{
    char byte;
    DWORD count;
    int peer;
    startup();
    SOCKET s = connect_posix(&peer);
    posix_reset(peer);
    EQUAL(then(s, 0), POLLHUP | POLLERR);
    EQUAL(now(s, POLLRDNORM | POLLWRNORM), POLLHUP | POLLERR | POLLRDNORM | POLLWRNORM);
    /* Also when a call has met it. */
    FAILS(receive_bytes(s, &byte, 1, &count, 0), WSAECONNRESET);
    EQUAL(now(s, 0), POLLHUP | POLLERR);
    EQUAL(now(s, POLLRDNORM), POLLHUP | POLLERR | POLLRDNORM);
}

TEST(urgent_data_are_in_the_priority_band, "NEED-S13 OBS.30")
{
    BOOL on = TRUE;
    int peer;
    startup();
    SOCKET s = connect_posix(&peer);
    EQUAL(now(s, POLLRDBAND), 0);
    posix_urgent(peer, '!');
    EQUAL(then(s, POLLRDBAND), POLLRDBAND);
    EQUAL(now(s, POLLRDNORM), 0);
    /* In line they are data like others. */
    s = connect_posix(&peer);
    SUCCEEDS(WSPSetSockOpt(s, SOL_SOCKET, SO_OOBINLINE, (char *)&on, sizeof on, &error));
    posix_urgent(peer, '!');
    EQUAL(then(s, POLLIN), POLLRDNORM);
}

TEST(datagram_sockets_are_polled, "NEED-S13 OBS.27")
{
    struct sockaddr_in address;
    DWORD count;
    char byte;
    startup();
    SOCKET s = udp(), gone = udp();
    EQUAL(now(s, ALL), POLLWRNORM);
    address = bind_loopback(s);
    EQUAL(now(s, ALL), POLLWRNORM);
    posix_datagram(ntohs(address.sin_port), "x", 1);
    EQUAL(then(s, POLLIN), POLLRDNORM);
    SUCCEEDS(receive_bytes(s, &byte, 1, &count, 0));
    EQUAL(now(s, POLLIN), 0);
    /* What a receive would report at once. */
    address = bind_loopback(gone);
    SUCCEEDS(WSPCloseSocket(gone, &error));
    SUCCEEDS(connect_to(s, &address));
    SUCCEEDS(send_bytes(s, "x", 1, &count));
    EQUAL(then(s, POLLIN), POLLRDNORM);
    FAILS(receive_bytes(s, &byte, 1, &count, 0), WSAECONNRESET);
    EQUAL(now(s, POLLIN), 0);
}

/* They are told at once, and count; negative ones do not. */
TEST(invalid_handles_are_told, "NEED-S13")
{
    int peer;
    startup();
    SOCKET s = connect_posix(&peer), closed = tcp();
    SUCCEEDS(WSPCloseSocket(closed, &error));
    WSAEVENT event = new_event();
    WSAPOLLFD elements[] = {
        {(SOCKET)-1, POLLPRI, 0},    {closed, POLLIN, 0}, {s, POLLIN, 0}, {(SOCKET)event, 0, 0},
        {(SOCKET)(INT_PTR)-8, 0, 0}, {s + 1, ALL, 0},     {0, ALL, 0},    {0xffffffff, ALL, 0},
    };
    EQUAL(WSAPoll(elements, 8, -1), 5);
    for (int i = 0; i < 8; i++)
        EQUAL(elements[i].revents, i == 2 ? 0 : POLLNVAL);
    /* Without them there is nothing to tell. */
    EQUAL(WSAPoll(elements + 2, 1, 0), 0);
    WSAPOLLFD rest[] = {{(SOCKET)-1, 0, 0}, {s, POLLIN, 0}, {(SOCKET)-1, 0, 0}};
    EQUAL(WSAPoll(rest, 3, 20), 0);
    EQUAL(rest[0].revents, POLLNVAL);
    EQUAL(rest[1].revents, 0);
    posix_write(peer, "x", 1);
    EQUAL(WSAPoll(rest, 3, -1), 1);
    EQUAL(rest[1].revents, POLLRDNORM);
}

TEST(what_cannot_be_polled_is_refused, "NEED-S13 OBS.44")
{
    int peer;
    startup();
    SOCKET s = connect_posix(&peer);
    WSAPOLLFD elements[] = {{s, POLLOUT, 77}, {(SOCKET)-1, POLLOUT, 77}, {12345, POLLOUT, 77}};
    LEAVES(WSAPoll(NULL, 1, 0), SOCKET_ERROR, WSAEINVAL);
    LEAVES(WSAPoll(elements, 0, 0), SOCKET_ERROR, WSAEINVAL);
    LEAVES(WSAPoll((WSAPOLLFD *)8, 1, 0), SOCKET_ERROR, WSAEFAULT);
    /* No socket is among them. */
    LEAVES(WSAPoll(elements + 1, 1, 0), SOCKET_ERROR, WSAEINVAL);
    LEAVES(WSAPoll(elements + 1, 2, -1), SOCKET_ERROR, WSAEINVAL);
    /* Everything that is not asked for. */
    for (int bit = 0; bit < 16; bit++) {
        elements[0].events = (SHORT)(POLLOUT | 1 << bit);
        if ((ALL & 1 << bit) == 0)
            LEAVES(WSAPoll(elements, 3, 0), SOCKET_ERROR, WSAEINVAL);
    }
    /* Nothing was written. */
    for (int i = 0; i < 3; i++)
        EQUAL(elements[i].revents, 77);
    /* The last element lies beyond what can be read. */
    WSAPOLLFD *fenced = (WSAPOLLFD *)(void *)(posix_fenced(8192) + 4096) - 2;
    fenced[0] = (WSAPOLLFD){s, POLLOUT, 77};
    fenced[1] = fenced[0];
    LEAVES(WSAPoll(fenced, 3, 0), SOCKET_ERROR, WSAEFAULT);
    EQUAL(fenced[0].revents, 77);
    EQUAL(WSAPoll(fenced, 2, 0), 2);
    SUCCEEDS(WSPCleanup(&error));
    LEAVES(WSAPoll(elements, 3, 0), SOCKET_ERROR, WSANOTINITIALISED);
}

/* More than a select set holds; and each element says what it was asked, however often a socket is there. */
TEST(many_elements_are_polled, "NEED-S13")
{
    enum { COUNT = 1500 };
    static WSAPOLLFD elements[COUNT];
    int peers[3];
    SOCKET sockets[3];
    startup();
    for (int i = 0; i < 3; i++)
        sockets[i] = connect_posix(&peers[i]);
    posix_write(peers[1], "x", 1);
    EQUAL(then(sockets[1], POLLIN), POLLRDNORM);
    for (int size = 3; size <= COUNT; size += COUNT - 3) {
        static const SHORT asked[] = {POLLOUT, POLLIN, 0, POLLIN | POLLOUT};
        int expected = 0;
        for (int i = 0; i < size; i++)
            elements[i] = (WSAPOLLFD){sockets[i % 3], asked[i / 3 % 4], 77};
        int count = WSAPoll(elements, (ULONG)size, -1);
        for (int i = 0; i < size; i++) {
            int found = elements[i].events & POLLWRNORM;
            if (i % 3 == 1)
                found |= elements[i].events & POLLRDNORM;
            EQUAL(elements[i].revents, found);
            expected += found != 0;
        }
        EQUAL(count, expected);
    }
}

struct wait {
    WSAPOLLFD elements[2];
    int thread, count, code;
};

static void *poll_in_thread(void *argument)
{
    struct wait *wait = argument;
    WSASetLastError(0);
    __atomic_store_n(&wait->thread, posix_thread(), __ATOMIC_RELEASE);
    wait->count = WSAPoll(wait->elements, 2, -1);
    wait->code = WSAGetLastError();
    return NULL;
}

static pthread_t begin_wait(struct wait *wait, SOCKET first, SOCKET second)
{
    *wait = (struct wait){.elements = {{first, POLLIN, 0}, {second, POLLIN, 0}}};
    pthread_t thread = start_thread(poll_in_thread, wait);
    EVENTUALLY(__atomic_load_n(&wait->thread, __ATOMIC_ACQUIRE) != 0);
    posix_await_call(wait->thread, posix_poll);
    return thread;
}

static void cancel(int signal)
{
    int code;
    (void)signal;
    WSPCancelBlockingCall(&code);
}

TEST(a_wait_ends_when_something_happens, "NEED-S13 WSPCancelBlockingCall.3")
{
    struct wait wait;
    int first, second;
    startup();
    SOCKET a = connect_posix(&first), b = connect_posix(&second);
    pthread_t thread = begin_wait(&wait, a, b);
    posix_write(second, "x", 1);
    join_thread(thread);
    EQUAL(wait.count, 1);
    EQUAL(wait.elements[0].revents, 0);
    EQUAL(wait.elements[1].revents, POLLRDNORM);
    char byte;
    DWORD count;
    SUCCEEDS(receive_bytes(b, &byte, 1, &count, 0));
    /* A socket that is closed meanwhile is an error of that socket's. */
    thread = begin_wait(&wait, a, b);
    SUCCEEDS(WSPCloseSocket(a, &error));
    join_thread(thread);
    EQUAL(wait.count, 1);
    EQUAL(wait.elements[0].revents, POLLERR);
    EQUAL(wait.elements[1].revents, 0);
    thread = begin_wait(&wait, b, b);
    posix_signal(wait.thread, cancel);
    join_thread(thread);
    EQUAL(wait.count, SOCKET_ERROR);
    EQUAL(wait.code, WSAEINTR);
}

/* A closed listener hangs in no queue of the kernel's. */
TEST(a_wait_ends_when_a_listener_is_closed, "NEED-S13")
{
    struct sockaddr_in address;
    struct wait wait;
    int peer;
    startup();
    SOCKET listening = listener(1, &address), other = connect_posix(&peer);
    pthread_t thread = begin_wait(&wait, listening, other);
    SUCCEEDS(WSPCloseSocket(listening, &error));
    join_thread(thread);
    EQUAL(wait.count, 1);
    EQUAL(wait.elements[0].revents, POLLERR);
}

TEST(the_base_provider_polls_by_pointer_too, "NEED-S12 NEED-S13")
{
    static const GUID guid = WSAID_WSAPOLL;
    LPFN_WSAPOLL function;
    DWORD returned;
    SOCKET handle = 0;
    int peer;
    startup();
    SOCKET s = connect_posix(&peer);
    *(void **)&function = extension_function(s, guid);
    SUCCEEDS(WSPIoctl(s, SIO_BSP_HANDLE_POLL, NULL, 0, &handle, sizeof handle, &returned, NULL, NULL, NULL, &error));
    WSAPOLLFD element = {handle, POLLOUT, 0};
    EQUAL(function(&element, 1, -1), 1);
    EQUAL(element.revents, POLLWRNORM);
}
