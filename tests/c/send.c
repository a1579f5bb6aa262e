#include "check.h"

#include <errno.h>
#include <sys/syscall.h>

static int send_buffers(SOCKET s, WSABUF *buffers, DWORD count, DWORD *sent, DWORD flags)
{
    return WSPSend(s, buffers, count, sent, flags, NULL, NULL, NULL, &error);
}

static void set_option(SOCKET s, int name, int value)
{
    SUCCEEDS(WSPSetSockOpt(s, SOL_SOCKET, name, (char *)&value, sizeof value, &error));
}

/* A thread that sends, and what came of it. */
struct sender {
    SOCKET s;
    WSABUF *buffers;
    DWORD count, sent;
    int answer, code;
    int thread;
    pthread_t handle;
};

static void *send_all(void *argument)
{
    struct sender *sender = argument;
    __atomic_store_n(&sender->thread, posix_thread(), __ATOMIC_RELEASE);
    sender->answer = send_buffers(sender->s, sender->buffers, sender->count, &sender->sent, 0);
    sender->code = error;
    return NULL;
}

/* Starts it and waits until it blocks in system call `number`. */
static void start(struct sender *sender, long number)
{
    EQUAL(pthread_create(&sender->handle, NULL, send_all, sender), 0);
    while (__atomic_load_n(&sender->thread, __ATOMIC_ACQUIRE) == 0)
        ;
    posix_await_call(sender->thread, number);
}

static void do_nothing(int signal)
{
    (void)signal;
}

static char *pattern(unsigned long length)
{
    char *bytes = malloc(length);
    for (unsigned long i = 0; i < length; i++)
        bytes[i] = (char)(i * 31 + i / 251);
    return bytes;
}

TEST(a_send_needs_a_connection, "WSPSend.1 OBS.24 OBS.12 C.8")
{
    DWORD sent = 77;
    struct sockaddr_in address;
    startup();
    SOCKET s = tcp();
    FAILS(send_bytes(s, "x", 1, &sent), WSAENOTCONN);
    bind_loopback(s);
    FAILS(send_bytes(s, "x", 1, &sent), WSAENOTCONN);
    FAILS(send_bytes(listener(5, &address), "x", 1, &sent), WSAENOTCONN);
    SOCKET datagram = udp();
    FAILS(send_bytes(datagram, "x", 1, &sent), WSAENOTCONN);
    bind_loopback(datagram);
    FAILS(send_bytes(datagram, "x", 1, &sent), WSAENOTCONN);
    /* The state is judged before the pointers, the handle before both. */
    FAILS(send_buffers(s, NULL, 1, &sent, 0x40000000), WSAENOTCONN);
    FAILS(send_buffers(0x1234, NULL, 0, NULL, 0), WSAENOTSOCK);
    SUCCEEDS(WSPCloseSocket(s, &error));
    FAILS(send_bytes(s, "x", 1, &sent), WSAENOTSOCK);
    EQUAL(sent, 77);
}

TEST(buffers_are_the_callers_again_after_the_call, "WSPSend.4 WSPSend.6 OV.7")
{
    int peer;
    DWORD sent = 0;
    char text[] = "text", got[4];
    startup();
    SOCKET s = connect_posix(&peer);
    WSABUF buffers[] = {{2, text}, {2, text + 2}};
    SUCCEEDS(send_buffers(s, buffers, 2, &sent, 0));
    EQUAL(sent, 4);
    memset(text, '-', sizeof text);
    memset(buffers, 0, sizeof buffers);
    EQUAL(posix_read(peer, got, 4), 4);
    CHECK(memcmp(got, "text", 4) == 0);
}

TEST(a_blocking_send_returns_when_everything_is_taken, "WSPSend.2 OBS.31")
{
    enum { LENGTH = 64 << 20 };
    int peer;
    startup();
    char *bytes = pattern(LENGTH), *got = malloc(LENGTH);
    WSABUF buffer = {LENGTH, bytes};
    struct sender sender = {.s = connect_posix(&peer), .buffers = &buffer, .count = 1};
    start(&sender, SYS_sendto);
    /* Signals cut the kernel's calls short; the caller does not see it. */
    for (unsigned long done = 0; done < LENGTH; done += LENGTH / 64) {
        if (done < LENGTH / 8)
            posix_signal(sender.thread, do_nothing);
        EQUAL(posix_read(peer, got + done, LENGTH / 64), LENGTH / 64);
    }
    pthread_join(sender.handle, NULL);
    EQUAL(sender.answer, 0);
    EQUAL(sender.sent, LENGTH);
    CHECK(memcmp(bytes, got, LENGTH) == 0);
    free(bytes);
    free(got);
}

TEST(a_blocking_send_takes_any_number_of_buffers, "WSPSend.2 OBS.31 WSPSend.1")
{
    enum { COUNT = 3000, LENGTH = 1000 };
    int peer;
    startup();
    char *bytes = pattern(COUNT * LENGTH), *got = malloc(COUNT * LENGTH);
    WSABUF *buffers = calloc(COUNT, sizeof *buffers);
    unsigned total = 0;
    for (unsigned i = 0; i < COUNT; i++) {
        /* Of many lengths, some empty. */
        unsigned length = i % 7 == 0 ? 0 : LENGTH - i % 13;
        buffers[i].len = length;
        buffers[i].buf = bytes + total;
        total += length;
    }
    struct sender sender = {.s = connect_posix(&peer), .buffers = buffers, .count = COUNT};
    set_option(sender.s, SO_SNDBUF, 4096);
    start(&sender, SYS_sendmsg);
    EQUAL(posix_read(peer, got, total), total);
    pthread_join(sender.handle, NULL);
    EQUAL(sender.answer, 0);
    EQUAL(sender.sent, total);
    CHECK(memcmp(bytes, got, total) == 0);
    free(buffers);
    free(bytes);
    free(got);
}

TEST(a_nonblocking_send_takes_what_fits, "WSPSend.2 OBS.29 OV.1")
{
    enum { LENGTH = 64 << 20 };
    int peer, answer;
    DWORD sent = 0;
    unsigned long total = 0;
    startup();
    char *bytes = pattern(LENGTH), *got = malloc(LENGTH);
    SOCKET s = connect_posix(&peer);
    set_nonblocking(s, 1);
    SUCCEEDS(send_bytes(s, bytes, LENGTH, &sent));
    CHECK(sent > 0 && sent < LENGTH);
    total += sent;
    /* Scattered, in more batches than one. */
    WSABUF buffers[200];
    do {
        for (int i = 0; i < 200; i++) {
            buffers[i].len = 100;
            buffers[i].buf = bytes + total + 100 * i;
        }
        error = 0;
        sent = 77;
        answer = send_buffers(s, buffers, 200, &sent, 0);
        if (answer == 0) {
            CHECK(sent > 0 && sent <= 200 * 100);
            total += sent;
        }
    } while (answer == 0 && total < LENGTH - 200 * 100);
    EQUAL(answer, SOCKET_ERROR);
    EQUAL(error, WSAEWOULDBLOCK);
    EQUAL(sent, 77);
    FAILS(send_bytes(s, "x", 1, &sent), WSAEWOULDBLOCK);
    EQUAL(sent, 77);
    SUCCEEDS(WSPShutdown(s, SD_SEND, &error));
    EQUAL(posix_read(peer, got, LENGTH), total);
    CHECK(memcmp(bytes, got, total) == 0);
    free(bytes);
    free(got);
}

TEST(a_send_timeout_ends_a_blocking_send, "WSPSend.2")
{
    int peer;
    DWORD sent = 77;
    char *bytes;
    startup();
    SOCKET s = connect_posix(&peer);
    set_option(s, SO_SNDTIMEO, 50);
    bytes = pattern(64 << 20);
    long long before = posix_milliseconds();
    FAILS(send_bytes(s, bytes, 64 << 20, &sent), WSAETIMEDOUT);
    CHECK(posix_milliseconds() - before >= 50);
    EQUAL(sent, 77);
    free(bytes);
}

TEST(send_flags_are_judged, "WSPSend.5 WSPSendTo.3 OBS.30")
{
    int peer;
    DWORD sent = 0;
    char got[8];
    WSABUF buffer = {1, "x"};
    startup();
    SOCKET s = connect_posix(&peer);
    FAILS(send_buffers(s, &buffer, 1, &sent, MSG_PARTIAL), WSAEOPNOTSUPP);
    FAILS(send_buffers(s, &buffer, 1, &sent, MSG_PEEK), WSAEOPNOTSUPP);
    FAILS(send_buffers(s, &buffer, 1, &sent, 0x40000000), WSAEOPNOTSUPP);
    SUCCEEDS(send_buffers(s, &buffer, 1, &sent, MSG_DONTROUTE));
    EQUAL(sent, 1);
    EQUAL(posix_read(peer, got, 1), 1);
    SOCKET datagram = udp();
    struct sockaddr_in to = bind_loopback(udp());
    SUCCEEDS(connect_to(datagram, &to));
    FAILS(send_buffers(datagram, &buffer, 1, &sent, MSG_OOB), WSAEOPNOTSUPP);
    FAILS(send_buffers(datagram, &buffer, 1, &sent, MSG_PARTIAL), WSAEOPNOTSUPP);
    FAILS(WSPSendTo(datagram, &buffer, 1, &sent, MSG_OOB, (struct sockaddr *)&to, sizeof to, NULL, NULL, NULL, &error),
          WSAEOPNOTSUPP);
    SUCCEEDS(send_buffers(datagram, &buffer, 1, &sent, MSG_DONTROUTE));
}

TEST(urgent_data_is_the_last_byte_of_all_buffers, "WSPSend.5 OBS.30")
{
    SOCKET pair[2];
    DWORD sent = 0, received = 0, flags = MSG_OOB;
    char bytes[100], got[200];
    WSABUF buffers[100], into = {sizeof got, got};
    startup();
    tcp_pair(pair);
    memset(bytes, 'n', sizeof bytes);
    bytes[99] = 'U';
    for (int i = 0; i < 100; i++) {
        buffers[i].len = 1;
        buffers[i].buf = bytes + i;
    }
    SUCCEEDS(send_buffers(pair[0], buffers, 100, &sent, MSG_OOB));
    EQUAL(sent, 100);
    SUCCEEDS(WSPRecv(pair[1], &into, 1, &received, &flags, NULL, NULL, NULL, &error));
    EQUAL(received, 1);
    EQUAL(got[0], 'U');
    SUCCEEDS(receive_bytes(pair[1], got, 99, &received, MSG_WAITALL));
    EQUAL(received, 99);
    EQUAL(memchr(got, 'U', 99) == NULL, 1);
}

TEST(a_reset_is_remembered, "OBS.26 C.11")
{
    int peer;
    char byte;
    DWORD count = 77;
    startup();
    SOCKET s = connect_posix(&peer);
    posix_reset(peer);
    FAILS(receive_bytes(s, &byte, 1, &count, 0), WSAECONNRESET);
    for (int i = 0; i < 3; i++) {
        FAILS(send_bytes(s, "x", 1, &count), WSAECONNRESET);
        FAILS(receive_bytes(s, &byte, 1, &count, 0), WSAECONNRESET);
    }
    EQUAL(count, 77);
}

TEST(a_reset_that_sending_finds_is_remembered, "OBS.26")
{
    int peer;
    char byte;
    DWORD sent = 0;
    startup();
    SOCKET s = connect_posix(&peer);
    posix_close(peer);
    /* The first bytes draw the reset, since nobody is there to read them; no signal comes of it. */
    int answer;
    do {
        error = 0;
        answer = send_bytes(s, "x", 1, &sent);
    } while (answer == 0);
    EQUAL(error, WSAECONNRESET);
    FAILS(receive_bytes(s, &byte, 1, &sent, 0), WSAECONNRESET);
    FAILS(send_bytes(s, "x", 1, &sent), WSAECONNRESET);
}

TEST(bad_memory_is_a_fault, "OBS.44 OBS.29")
{
    int peer;
    DWORD sent = 77;
    char got[4];
    WSABUF good = {1, "x"}, *unreadable = (WSABUF *)8;
    startup();
    SOCKET s = connect_posix(&peer);
    FAILS(send_buffers(s, NULL, 1, &sent, 0), WSAEFAULT);
    FAILS(send_buffers(s, unreadable, 1, &sent, 0), WSAEFAULT);
    FAILS(send_buffers(s, NULL, 2, &sent, 0), WSAEFAULT);
    FAILS(send_bytes(s, (void *)8, 1, &sent), WSAEFAULT);
    FAILS(send_bytes(s, NULL, 1, &sent), WSAEFAULT);
    /* An array of 255 buffers of which the last cannot be read: nothing goes out. */
    enum { PAGE = 4096, FIT = PAGE / sizeof(WSABUF) };
    WSABUF *fenced = (WSABUF *)posix_fenced(2 * PAGE);
    for (unsigned i = 0; i < FIT; i++)
        fenced[i] = good;
    FAILS(send_buffers(s, fenced, FIT + 1, &sent, 0), WSAEFAULT);
    EQUAL(sent, 77);
    FAILS(send_buffers(s, &good, 0, &sent, 0), WSAEINVAL);
    SUCCEEDS(send_bytes(s, NULL, 0, &sent));
    EQUAL(sent, 0);
    SUCCEEDS(send_buffers(s, &good, 1, NULL, 0));
    SUCCEEDS(WSPShutdown(s, SD_SEND, &error));
    EQUAL(posix_read(peer, got, 4), 1);
}

TEST(overlapped_arguments_ask_for_overlapped_work, "OV.1 OV.2")
{
    SOCKET pair[2];
    DWORD count = 0, flags = 0;
    char byte;
    WSABUF buffer = {1, "x"}, into = {1, &byte};
    WSAOVERLAPPED overlapped;
    struct sockaddr_in address;
    memset(&overlapped, 0, sizeof overlapped);
    startup();
    /* Without WSA_FLAG_OVERLAPPED they are ignored. */
    tcp_pair(pair);
    SUCCEEDS(WSPSend(pair[0], &buffer, 1, &count, 0, &overlapped, NULL, NULL, &error));
    EQUAL(count, 1);
    SUCCEEDS(WSPRecv(pair[1], &into, 1, &count, &flags, &overlapped, NULL, NULL, &error));
    EQUAL(count, 1);
    /* With it, NULL and NULL is a synchronous call. */
    SOCKET listening = listener(5, &address);
    SOCKET s = WSPSocket(AF_INET, SOCK_STREAM, 0, NULL, 0, WSA_FLAG_OVERLAPPED, &error);
    SUCCEEDS(connect_to(s, &address));
    SOCKET accepted = WSPAccept(listening, NULL, NULL, NULL, 0, &error);
    SUCCEEDS(send_bytes(s, "y", 1, &count));
    SUCCEEDS(receive_bytes(accepted, &byte, 1, &count, 0));
    EQUAL(byte, 'y');
}

/* What the kernel says when networking fails, and when a connection has died. */
static void injected(long number, int code, int send_code, int receive_code, int later)
{
    int peer;
    char byte;
    DWORD count = 77;
    startup();
    SOCKET s = connect_posix(&peer), other = connect_posix(&peer);
    posix_inject(number, code);
    if (send_code != 0) {
        FAILS(send_bytes(s, "x", 1, &count), send_code);
        if (later != 0)
            FAILS(send_bytes(s, "x", 1, &count), later);
    }
    if (receive_code != 0) {
        FAILS(receive_bytes(other, &byte, 1, &count, 0), receive_code);
        if (later != 0)
            FAILS(receive_bytes(other, &byte, 1, &count, 0), later);
    }
    EQUAL(count, 77);
}

TEST(networking_that_is_down_is_told_to_a_sender, "WSPSend.9")
{
    injected(SYS_sendto, ENETDOWN, WSAENETDOWN, 0, 0);
}

TEST(networking_that_is_down_is_told_to_a_receiver, "WSPRecv.1")
{
    injected(SYS_recvfrom, ENETDOWN, 0, WSAENETDOWN, 0);
}

TEST(no_buffer_space_is_told, "WSPSend.9")
{
    injected(SYS_sendto, ENOBUFS, WSAENOBUFS, 0, 0);
}

TEST(data_that_could_not_be_delivered_breaks_the_connection_for_a_sender, "C.12")
{
    injected(SYS_sendto, ETIMEDOUT, WSAETIMEDOUT, 0, WSAETIMEDOUT);
}

TEST(data_that_could_not_be_delivered_breaks_the_connection_for_a_receiver, "C.12")
{
    injected(SYS_recvfrom, ETIMEDOUT, 0, WSAETIMEDOUT, WSAETIMEDOUT);
}

TEST(an_unreachable_peer_aborts_the_connection_for_a_sender, "C.12")
{
    injected(SYS_sendto, EHOSTUNREACH, WSAECONNABORTED, 0, WSAETIMEDOUT);
}

TEST(an_unreachable_peer_aborts_the_connection_for_a_receiver, "C.12")
{
    injected(SYS_recvfrom, EHOSTUNREACH, 0, WSAECONNABORTED, WSAETIMEDOUT);
}

static void kept_alive(long number, int sending)
{
    int peer;
    char byte;
    DWORD count = 77;
    startup();
    SOCKET s = connect_posix(&peer);
    set_option(s, SO_KEEPALIVE, 1);
    posix_inject(number, ETIMEDOUT);
    if (sending)
        FAILS(send_bytes(s, "x", 1, &count), WSAENETRESET);
    else
        FAILS(receive_bytes(s, &byte, 1, &count, 0), WSAENETRESET);
    FAILS(send_bytes(s, "x", 1, &count), WSAENOTCONN);
    FAILS(receive_bytes(s, &byte, 1, &count, 0), WSAENOTCONN);
}

TEST(keep_alive_tells_the_send_in_progress, "WSPGetSockOpt.6 WSPSend.9")
{
    kept_alive(SYS_sendto, 1);
}

TEST(keep_alive_tells_the_receive_in_progress, "WSPGetSockOpt.6")
{
    kept_alive(SYS_recvfrom, 0);
}

/* Calls each function from inside a callback. */
static SOCKET WSPAPI from_inside(DWORD entry, SOCKET s, int *code)
{
    (void)entry;
    (void)code;
    char byte;
    DWORD count = 0, flags = 0;
    WSABUF buffer = {1, &byte};
    FAILS(WSPSend(s, &buffer, 1, &count, 0, NULL, NULL, NULL, &error), WSAEINPROGRESS);
    FAILS(WSPSendTo(s, &buffer, 1, &count, 0, NULL, 0, NULL, NULL, NULL, &error), WSAEINPROGRESS);
    FAILS(WSPRecv(s, &buffer, 1, &count, &flags, NULL, NULL, NULL, &error), WSAEINPROGRESS);
    FAILS(WSPRecvFrom(s, &buffer, 1, &count, &flags, NULL, NULL, NULL, NULL, NULL, &error), WSAEINPROGRESS);
    FAILS(WSPShutdown(s, SD_BOTH, &error), WSAEINPROGRESS);
    FAILS(WSPSendDisconnect(s, NULL, &error), WSAEINPROGRESS);
    FAILS(WSPRecvDisconnect(s, NULL, &error), WSAEINPROGRESS);
    return s;
}

TEST(no_data_moves_inside_a_callback, "C.7")
{
    WSPUPCALLTABLE table;
    memset(&table, 0, sizeof table);
    table.lpWPUModifyIFSHandle = from_inside;
    EQUAL(WSPStartup(MAKEWORD(2, 2), &data, NULL, table, &procs), 0);
    SUCCEEDS(WSPShutdown(udp(), SD_BOTH, &error));
}
