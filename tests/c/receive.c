#include "check.h"

#include <sys/syscall.h>

static int receive_buffers(SOCKET s, WSABUF *buffers, DWORD count, DWORD *received, DWORD *flags)
{
    return WSPRecv(s, buffers, count, received, flags, NULL, NULL, NULL, &error);
}

static void set_option(SOCKET s, int name, int value)
{
    SUCCEEDS(WSPSetSockOpt(s, SOL_SOCKET, name, (char *)&value, sizeof value, &error));
}

/* A receive with MSG_OOB of one byte. */
static int receive_urgent(SOCKET s, char *byte, DWORD *received, DWORD flags)
{
    return receive_bytes(s, byte, 1, received, MSG_OOB | flags);
}

/* A thread that receives, and what came of it. */
struct receiver {
    SOCKET s;
    char bytes[100];
    unsigned length;
    DWORD received, flags;
    int answer, code;
    int thread;
    pthread_t handle;
};

static void *receive_once(void *argument)
{
    struct receiver *receiver = argument;
    __atomic_store_n(&receiver->thread, posix_thread(), __ATOMIC_RELEASE);
    receiver->answer =
        receive_bytes(receiver->s, receiver->bytes, receiver->length, &receiver->received, receiver->flags);
    receiver->code = error;
    return NULL;
}

/* Starts it and waits until it blocks in system call `number`. */
static void start(struct receiver *receiver, long number)
{
    if (receiver->length == 0)
        receiver->length = sizeof receiver->bytes;
    EQUAL(pthread_create(&receiver->handle, NULL, receive_once, receiver), 0);
    while (__atomic_load_n(&receiver->thread, __ATOMIC_ACQUIRE) == 0)
        ;
    posix_await_call(receiver->thread, number);
}

static void do_nothing(int signal)
{
    (void)signal;
}

TEST(a_receive_needs_a_connection_or_a_binding, "WSPRecv.1 OBS.24 OBS.12 C.8")
{
    char byte;
    DWORD received = 77;
    struct sockaddr_in address;
    startup();
    SOCKET s = tcp();
    FAILS(receive_bytes(s, &byte, 1, &received, 0), WSAENOTCONN);
    bind_loopback(s);
    FAILS(receive_bytes(s, &byte, 1, &received, 0), WSAENOTCONN);
    FAILS(receive_bytes(listener(5, &address), &byte, 1, &received, 0), WSAENOTCONN);
    FAILS(receive_bytes(udp(), &byte, 1, &received, 0), WSAEINVAL);
    /* The state is judged before the pointers, the handle before both. */
    FAILS(receive_buffers(s, NULL, 1, &received, NULL), WSAENOTCONN);
    FAILS(receive_buffers(udp(), NULL, 1, &received, NULL), WSAEINVAL);
    FAILS(receive_buffers(0x1234, NULL, 0, NULL, NULL), WSAENOTSOCK);
    SUCCEEDS(WSPCloseSocket(s, &error));
    FAILS(receive_bytes(s, &byte, 1, &received, 0), WSAENOTSOCK);
    EQUAL(received, 77);
}

TEST(buffers_fill_in_their_order_without_gaps, "WSPRecv.3 OV.7")
{
    int peer;
    DWORD received = 0, flags = 0;
    char one[3] = "--", two[4] = "---", three[5] = "----";
    WSABUF buffers[] = {{2, one}, {0, NULL}, {3, two}, {4, three}};
    startup();
    SOCKET s = connect_posix(&peer);
    posix_write(peer, "abcdefg", 7);
    SUCCEEDS(receive_buffers(s, buffers, 4, &received, &flags));
    EQUAL(received, 7);
    EQUAL(strcmp(one, "ab"), 0);
    EQUAL(strcmp(two, "cde"), 0);
    EQUAL(strcmp(three, "fg--"), 0);
}

TEST(any_number_of_buffers_takes_what_is_there, "WSPRecv.3 WSPRecv.4")
{
    enum { COUNT = 3000 };
    SOCKET pair[2];
    DWORD received = 0, flags = 0, sent = 0, total = 0;
    char bytes[COUNT], got[COUNT + 100];
    WSABUF buffers[COUNT + 100];
    startup();
    tcp_pair(pair);
    for (int i = 0; i < COUNT; i++)
        bytes[i] = (char)(i * 7 + i / 256);
    for (int i = 0; i < COUNT + 100; i++) {
        buffers[i].len = 1;
        buffers[i].buf = got + i;
    }
    SUCCEEDS(send_bytes(pair[0], bytes, COUNT, &sent));
    /* All of it is there: looking says so, with as many buffers. */
    while (received < COUNT) {
        flags = MSG_PEEK;
        SUCCEEDS(receive_buffers(pair[1], buffers, COUNT + 100, &received, &flags));
    }
    CHECK(memcmp(bytes, got, COUNT) == 0);
    memset(got, 0, sizeof got);
    flags = 0;
    SUCCEEDS(receive_buffers(pair[1], buffers, COUNT + 100, &total, &flags));
    EQUAL(total, COUNT);
    CHECK(memcmp(bytes, got, COUNT) == 0);
}

TEST(a_blocking_receive_waits_for_one_byte, "WSPRecv.4")
{
    int peer;
    startup();
    struct receiver receiver = {.s = connect_posix(&peer)};
    start(&receiver, SYS_recvfrom);
    /* A signal does not end it. */
    posix_signal(receiver.thread, do_nothing);
    posix_await_call(receiver.thread, SYS_recvfrom);
    posix_write(peer, "x", 1);
    pthread_join(receiver.handle, NULL);
    EQUAL(receiver.answer, 0);
    EQUAL(receiver.received, 1);
    EQUAL(receiver.bytes[0], 'x');
}

TEST(a_nonblocking_receive_does_not_wait, "WSPRecv.4 OBS.29")
{
    int peer;
    char byte = '-';
    DWORD received = 77;
    WSABUF buffers[] = {{1, &byte}, {1, &byte}};
    DWORD flags = 0;
    startup();
    SOCKET s = connect_posix(&peer), datagram = udp();
    set_nonblocking(s, 1);
    FAILS(receive_bytes(s, &byte, 1, &received, 0), WSAEWOULDBLOCK);
    FAILS(receive_bytes(s, &byte, 1, &received, MSG_PEEK), WSAEWOULDBLOCK);
    FAILS(receive_bytes(s, &byte, 1, &received, MSG_OOB), WSAEWOULDBLOCK);
    FAILS(receive_buffers(s, buffers, 2, &received, &flags), WSAEWOULDBLOCK);
    set_nonblocking(datagram, 1);
    bind_loopback(datagram);
    FAILS(receive_bytes(datagram, &byte, 1, &received, 0), WSAEWOULDBLOCK);
    EQUAL(received, 77);
    EQUAL(byte, '-');
}

TEST(a_receive_timeout_ends_a_blocking_receive, "WSPRecv.4")
{
    int peer;
    char byte;
    DWORD received = 77;
    startup();
    SOCKET s = connect_posix(&peer), datagram = udp();
    set_option(s, SO_RCVTIMEO, 50);
    set_option(datagram, SO_RCVTIMEO, 50);
    bind_loopback(datagram);
    long long before = posix_milliseconds();
    FAILS(receive_bytes(s, &byte, 1, &received, 0), WSAETIMEDOUT);
    CHECK(posix_milliseconds() - before >= 50);
    FAILS(receive_bytes(datagram, &byte, 1, &received, 0), WSAETIMEDOUT);
    FAILS(receive_urgent(s, &byte, &received, 0), WSAETIMEDOUT);
    CHECK(posix_milliseconds() - before >= 150);
    EQUAL(received, 77);
    posix_write(peer, "x", 1);
    SUCCEEDS(receive_bytes(s, &byte, 1, &received, 0));
}

TEST(the_end_of_the_stream_is_zero_bytes_for_ever, "WSPRecv.8")
{
    int peer;
    char bytes[10];
    DWORD received = 77;
    startup();
    SOCKET s = connect_posix(&peer);
    posix_write(peer, "end", 3);
    posix_close(peer);
    SUCCEEDS(receive_bytes(s, bytes, sizeof bytes, &received, MSG_WAITALL));
    EQUAL(received, 3);
    for (int i = 0; i < 3; i++) {
        received = 77;
        SUCCEEDS(receive_bytes(s, bytes, sizeof bytes, &received, 0));
        EQUAL(received, 0);
    }
}

TEST(an_abortive_end_is_a_reset, "WSPRecv.8 OBS.26")
{
    int peer;
    startup();
    struct receiver receiver = {.s = connect_posix(&peer)};
    start(&receiver, SYS_recvfrom);
    posix_reset(peer);
    pthread_join(receiver.handle, NULL);
    EQUAL(receiver.answer, SOCKET_ERROR);
    EQUAL(receiver.code, WSAECONNRESET);
    FAILS(receive_bytes(receiver.s, receiver.bytes, 1, &receiver.received, 0), WSAECONNRESET);
}

TEST(looking_takes_nothing, "WSPRecv.10")
{
    int peer;
    char bytes[10];
    DWORD received = 0, flags = MSG_PEEK;
    WSABUF buffers[] = {{1, bytes}, {9, bytes + 1}};
    startup();
    SOCKET s = connect_posix(&peer);
    posix_write(peer, "abc", 3);
    SUCCEEDS(receive_bytes(s, bytes, 1, &received, MSG_PEEK));
    EQUAL(received, 1);
    SUCCEEDS(receive_buffers(s, buffers, 2, &received, &flags));
    EQUAL(received, 3);
    EQUAL(flags, 0);
    memset(bytes, 0, sizeof bytes);
    SUCCEEDS(receive_bytes(s, bytes, sizeof bytes, &received, 0));
    EQUAL(received, 3);
    CHECK(memcmp(bytes, "abc", 3) == 0);
}

TEST(receive_flags_are_judged, "WSPRecv.11 WSPRecv.12 OBS.30 OV.3")
{
    int peer;
    char byte;
    DWORD received = 77, flags;
    WSABUF buffer = {1, &byte};
    startup();
    SOCKET s = connect_posix(&peer), datagram = udp();
    bind_loopback(datagram);
    posix_write(peer, "x", 1);
    FAILS(receive_bytes(s, &byte, 1, &received, MSG_PARTIAL), WSAEOPNOTSUPP);
    FAILS(receive_bytes(s, &byte, 1, &received, MSG_DONTROUTE), WSAEOPNOTSUPP);
    FAILS(receive_bytes(s, &byte, 1, &received, 0x40000000), WSAEOPNOTSUPP);
    FAILS(receive_bytes(s, &byte, 1, &received, MSG_WAITALL | MSG_PEEK), WSAEOPNOTSUPP);
    FAILS(receive_bytes(s, &byte, 1, &received, MSG_WAITALL | MSG_OOB), WSAEOPNOTSUPP);
    FAILS(receive_bytes(datagram, &byte, 1, &received, MSG_OOB), WSAEOPNOTSUPP);
    FAILS(receive_bytes(datagram, &byte, 1, &received, MSG_WAITALL), WSAEOPNOTSUPP);
    set_nonblocking(s, 1);
    FAILS(receive_bytes(s, &byte, 1, &received, MSG_WAITALL), WSAEOPNOTSUPP);
    set_nonblocking(s, 0);
    EQUAL(received, 77);
    /* What comes back says how the data was. */
    flags = MSG_WAITALL;
    SUCCEEDS(receive_buffers(s, &buffer, 1, &received, &flags));
    EQUAL(flags, 0);
    posix_urgent(peer, 'u');
    flags = MSG_OOB;
    SUCCEEDS(receive_buffers(s, &buffer, 1, &received, &flags));
    EQUAL(flags, MSG_OOB);
}

TEST(waitall_fills_the_buffers, "OBS.31")
{
    int peer;
    char more[60];
    startup();
    struct receiver receiver = {.s = connect_posix(&peer), .flags = MSG_WAITALL};
    memset(more, 'b', sizeof more);
    posix_write(peer, "aaaaaaaaaa", 10);
    start(&receiver, SYS_recvmsg);
    /* A signal cuts the kernel's call short after ten bytes. */
    posix_signal(receiver.thread, do_nothing);
    posix_await_call(receiver.thread, SYS_recvmsg);
    posix_write(peer, more, 60);
    posix_write(peer, more, 60);
    pthread_join(receiver.handle, NULL);
    EQUAL(receiver.answer, 0);
    EQUAL(receiver.received, 100);
    EQUAL(receiver.bytes[9], 'a');
    EQUAL(receiver.bytes[99], 'b');
}

TEST(waitall_stops_at_the_end_of_the_stream, "OBS.31")
{
    int peer;
    startup();
    struct receiver receiver = {.s = connect_posix(&peer), .flags = MSG_WAITALL};
    posix_write(peer, "abc", 3);
    start(&receiver, SYS_recvmsg);
    posix_close(peer);
    pthread_join(receiver.handle, NULL);
    EQUAL(receiver.answer, 0);
    EQUAL(receiver.received, 3);
}

TEST(a_receive_of_nothing, "OBS.29")
{
    int peer;
    char byte = '-';
    DWORD received = 77, flags = 0;
    startup();
    SOCKET s = connect_posix(&peer), datagram = udp();
    bind_loopback(datagram);
    FAILS(receive_buffers(s, NULL, 0, &received, &flags), WSAEINVAL);
    FAILS(receive_buffers(datagram, NULL, 0, &received, &flags), WSAEINVAL);
    EQUAL(received, 77);
    posix_write(peer, "x", 1);
    SUCCEEDS(receive_bytes(s, NULL, 0, &received, 0));
    EQUAL(received, 0);
    SUCCEEDS(receive_bytes(s, &byte, 1, &received, 0));
    EQUAL(received, 1);
    EQUAL(byte, 'x');
}

TEST(receiving_into_bad_memory_is_a_fault, "OBS.44 OBS.29")
{
    int peer;
    char byte = '-';
    DWORD received = 77, flags = 0;
    WSABUF good = {1, &byte};
    startup();
    SOCKET s = connect_posix(&peer);
    posix_write(peer, "x", 1);
    FAILS(receive_buffers(s, NULL, 1, &received, &flags), WSAEFAULT);
    FAILS(receive_buffers(s, (WSABUF *)8, 1, &received, &flags), WSAEFAULT);
    FAILS(receive_buffers(s, (WSABUF *)8, 2, &received, &flags), WSAEFAULT);
    FAILS(receive_buffers(s, &good, 1, &received, NULL), WSAEFAULT);
    FAILS(receive_buffers(s, &good, 1, &received, (DWORD *)8), WSAEFAULT);
    FAILS(receive_bytes(s, (void *)8, 1, &received, 0), WSAEFAULT);
    enum { PAGE = 4096, FIT = PAGE / sizeof(WSABUF) };
    WSABUF *fenced = (WSABUF *)posix_fenced(2 * PAGE);
    for (unsigned i = 0; i < FIT; i++)
        fenced[i] = good;
    FAILS(receive_buffers(s, fenced, FIT + 1, &received, &flags), WSAEFAULT);
    EQUAL(received, 77);
    EQUAL(byte, '-');
    SUCCEEDS(receive_buffers(s, &good, 1, NULL, &flags));
    EQUAL(byte, 'x');
}

TEST(a_streams_sender_is_not_told, "WSPRecvFrom.3 OBS.32")
{
    int peer;
    char byte;
    DWORD received = 0, flags = 0;
    struct sockaddr_in from;
    int length = 3;
    WSABUF buffer = {1, &byte};
    startup();
    SOCKET s = connect_posix(&peer);
    memset(&from, 0x55, sizeof from);
    posix_write(peer, "xy", 2);
    SUCCEEDS(WSPRecvFrom(s, &buffer, 1, &received, &flags, (struct sockaddr *)&from, &length, NULL, NULL, NULL, &error));
    EQUAL(received, 1);
    EQUAL(length, 3);
    EQUAL(from.sin_port, 0x5555);
    SUCCEEDS(WSPRecvFrom(s, &buffer, 1, &received, &flags, (struct sockaddr *)8, NULL, NULL, NULL, NULL, &error));
    EQUAL(byte, 'y');
}

TEST(closing_the_socket_ends_a_receive, "WSPCloseSocket.2")
{
    int peer;
    startup();
    struct receiver receiver = {.s = connect_posix(&peer)};
    start(&receiver, SYS_recvfrom);
    SUCCEEDS(WSPCloseSocket(receiver.s, &error));
    pthread_join(receiver.handle, NULL);
    EQUAL(receiver.answer, SOCKET_ERROR);
    EQUAL(receiver.code, WSAEINTR);
}


static void cancel(int signal)
{
    int code = 0;
    (void)signal;
    WSPCancelBlockingCall(&code);
}

TEST(a_cancelled_receive_is_interrupted, "WSPCancelBlockingCall.3")
{
    int peer;
    startup();
    struct receiver receiver = {.s = connect_posix(&peer)};
    start(&receiver, SYS_recvfrom);
    posix_signal(receiver.thread, cancel);
    pthread_join(receiver.handle, NULL);
    EQUAL(receiver.answer, SOCKET_ERROR);
    EQUAL(receiver.code, WSAEINTR);
}

TEST(urgent_data_is_read_apart, "WSPRecv.11 OBS.30")
{
    int peer;
    char byte, bytes[10];
    DWORD received = 0;
    startup();
    SOCKET s = connect_posix(&peer);
    set_nonblocking(s, 1);
    FAILS(receive_urgent(s, &byte, &received, 0), WSAEWOULDBLOCK);
    set_nonblocking(s, 0);
    posix_write(peer, "a", 1);
    posix_urgent(peer, 'U');
    posix_write(peer, "b", 1);
    SUCCEEDS(receive_urgent(s, &byte, &received, MSG_PEEK));
    EQUAL(byte, 'U');
    byte = '-';
    SUCCEEDS(receive_urgent(s, &byte, &received, 0));
    EQUAL(received, 1);
    EQUAL(byte, 'U');
    SUCCEEDS(receive_bytes(s, bytes, 2, &received, MSG_WAITALL));
    EQUAL(received, 2);
    CHECK(memcmp(bytes, "ab", 2) == 0);
    set_nonblocking(s, 1);
    FAILS(receive_urgent(s, &byte, &received, 0), WSAEWOULDBLOCK);
}

TEST(urgent_data_stays_when_reading_passes_it, "OBS.30")
{
    int peer;
    char byte, bytes[10];
    DWORD received = 0;
    startup();
    SOCKET s = connect_posix(&peer);
    /* The program shows that it cares. */
    set_nonblocking(s, 1);
    FAILS(receive_urgent(s, &byte, &received, 0), WSAEWOULDBLOCK);
    set_nonblocking(s, 0);
    for (int i = 0; i < 3; i++) {
        posix_write(peer, "n", 1);
        posix_urgent(peer, (char)('1' + i));
        posix_write(peer, "m", 1);
        SUCCEEDS(receive_bytes(s, bytes, 1, &received, 0));
        EQUAL(bytes[0], 'n');
        SUCCEEDS(receive_bytes(s, bytes, 1, &received, MSG_WAITALL));
        EQUAL(bytes[0], 'm');
    }
    for (int i = 0; i < 3; i++) {
        SUCCEEDS(receive_urgent(s, &byte, &received, MSG_PEEK));
        SUCCEEDS(receive_urgent(s, &byte, &received, 0));
        EQUAL(byte, '1' + i);
    }
}

TEST(a_receive_of_urgent_data_waits, "WSPRecv.11 WSPRecv.4")
{
    int peer;
    startup();
    struct receiver receiver = {.s = connect_posix(&peer), .flags = MSG_OOB};
    start(&receiver, posix_poll);
    posix_write(peer, "n", 1);
    posix_urgent(peer, 'U');
    pthread_join(receiver.handle, NULL);
    EQUAL(receiver.answer, 0);
    EQUAL(receiver.received, 1);
    EQUAL(receiver.bytes[0], 'U');
}

TEST(a_receive_of_urgent_data_ends_with_the_stream, "WSPRecv.8 WSPRecv.11")
{
    int peer;
    startup();
    struct receiver receiver = {.s = connect_posix(&peer), .flags = MSG_OOB};
    start(&receiver, posix_poll);
    posix_close(peer);
    pthread_join(receiver.handle, NULL);
    EQUAL(receiver.answer, 0);
    EQUAL(receiver.received, 0);
    struct receiver other = {.s = connect_posix(&peer), .flags = MSG_OOB};
    start(&other, posix_poll);
    posix_reset(peer);
    pthread_join(other.handle, NULL);
    EQUAL(other.answer, SOCKET_ERROR);
    EQUAL(other.code, WSAECONNRESET);
    FAILS(send_bytes(other.s, "x", 1, &other.received), WSAECONNRESET);
}

TEST(inline_urgent_data_is_no_longer_apart, "OBS.30")
{
    int peer;
    char byte, bytes[10];
    DWORD received = 77;
    startup();
    SOCKET s = connect_posix(&peer);
    set_option(s, SO_OOBINLINE, 1);
    posix_write(peer, "a", 1);
    posix_urgent(peer, 'U');
    FAILS(receive_urgent(s, &byte, &received, 0), WSAEINVAL);
    EQUAL(received, 77);
    SUCCEEDS(receive_bytes(s, bytes, 2, &received, MSG_WAITALL));
    EQUAL(received, 2);
    CHECK(memcmp(bytes, "aU", 2) == 0);
}

TEST(unix_streams_transfer_too, "WSPSend.2 WSPRecv.4 WSPSend.5 WSPRecv.11 OBS.26")
{
    struct sockaddr_un address;
    DWORD count = 0;
    char bytes[10];
    WSABUF buffer = {1, bytes};
    startup();
    SOCKET listening = open_socket(AF_UNIX, SOCK_STREAM, 0);
    memset(&address, 0, sizeof address);
    address.sun_family = AF_UNIX;
    /* A name in the abstract name space: no file stays behind. */
    snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "ws2spi-receive-%d", posix_thread());
    SUCCEEDS(WSPBind(listening, (struct sockaddr *)&address, sizeof address, &error));
    SUCCEEDS(WSPListen(listening, 5, &error));
    SOCKET s = open_socket(AF_UNIX, SOCK_STREAM, 0);
    SUCCEEDS(WSPConnect(s, (struct sockaddr *)&address, sizeof address, NULL, NULL, NULL, NULL, &error));
    SOCKET accepted = WSPAccept(listening, NULL, NULL, NULL, 0, &error);
    CHECK(accepted != INVALID_SOCKET);
    SUCCEEDS(send_bytes(s, "abc", 3, &count));
    EQUAL(count, 3);
    SUCCEEDS(receive_bytes(accepted, bytes, 2, &count, MSG_PEEK));
    SUCCEEDS(receive_bytes(accepted, bytes, sizeof bytes, &count, 0));
    EQUAL(count, 3);
    CHECK(memcmp(bytes, "abc", 3) == 0);
    FAILS(WSPSend(s, &buffer, 1, &count, MSG_OOB, NULL, NULL, NULL, &error), WSAEOPNOTSUPP);
    FAILS(receive_urgent(s, bytes, &count, 0), WSAEOPNOTSUPP);
    SUCCEEDS(WSPShutdown(s, SD_SEND, &error));
    FAILS(send_bytes(s, "x", 1, &count), WSAESHUTDOWN);
    SUCCEEDS(receive_bytes(accepted, bytes, 1, &count, 0));
    EQUAL(count, 0);
    SUCCEEDS(WSPCloseSocket(s, &error));
    FAILS(send_bytes(accepted, "x", 1, &count), WSAECONNRESET);
    FAILS(receive_bytes(accepted, bytes, 1, &count, 0), WSAECONNRESET);
}
