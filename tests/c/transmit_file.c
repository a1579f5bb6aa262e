/* TransmitFile. */
#include "transmit.h"

#include <errno.h>
#include <signal.h>

static TRANSMIT_FILE_BUFFERS around(const char *head, const char *tail)
{
    return (TRANSMIT_FILE_BUFFERS){(void *)head, (DWORD)strlen(head), (void *)tail, (DWORD)strlen(tail)};
}

/* By the pointer as well as by name. */
TEST(a_file_is_transmitted_whole, "NEED-S12 NEED-K5")
{
    static const GUID guid = WSAID_TRANSMITFILE;
    struct reader reader;
    int peer;
    startup();
    SOCKET s = connect_posix(&peer);
    LPFN_TRANSMITFILE transmit;
    *(void **)&transmit = extension_function(s, guid);
    read_along(&reader, peer, 0, MUCH);
    DONE(TransmitFile(s, new_handle(MUCH), 0, 0, NULL, NULL, 0));
    join_thread(reader.thread);
    DONE(transmit(s, new_handle(3), 0, 0, NULL, NULL, TF_USE_KERNEL_APC));
    expect(peer, 0, 3);
    /* Nothing at all is something that can be done. */
    DONE(transmit(s, new_handle(0), 0, 0, NULL, NULL, 0));
    DONE(transmit(s, NULL, 0, 0, NULL, NULL, 0));
    SUCCEEDS(WSPCloseSocket(s, &error));
    EQUAL(posix_drain(peer, NULL), 0);
}

TEST(head_and_tail_go_around_the_file, "NEED-S12")
{
    int peer;
    startup();
    SOCKET s = connect_posix(&peer);
    TRANSMIT_FILE_BUFFERS both = around("head", "tail"), head = around("h", ""), tail = around("", "t");
    HANDLE file = new_handle(70000);
    DONE(TransmitFile(s, file, 0, 1000, NULL, &both, TF_WRITE_BEHIND));
    expect_text(peer, "head");
    expect(peer, 0, 70000);
    expect_text(peer, "tail");
    DONE(TransmitFile(s, NULL, 0, 0, NULL, &both, 0));
    DONE(TransmitFile(s, NULL, 0, 0, NULL, &head, 0));
    DONE(TransmitFile(s, NULL, 0, 0, NULL, &tail, 0));
    expect_text(peer, "headtailht");
}

/* Without an OVERLAPPED it begins where the file stands, and leaves it where it ended. */
TEST(the_current_offset_moves_on, "NEED-S12")
{
    int peer, fd = new_file(1000);
    startup();
    SOCKET s = connect_posix(&peer);
    HANDLE file = open_file(fd);
    TRANSMIT_FILE_BUFFERS both = around("head", "tail");
    EQUAL(lseek(fd, 100, SEEK_SET), 100);
    DONE(TransmitFile(s, file, 200, 0, NULL, NULL, 0));
    EQUAL(lseek(fd, 0, SEEK_CUR), 300);
    expect(peer, 100, 200);
    DONE(TransmitFile(s, file, 50, 0, NULL, &both, 0));
    EQUAL(lseek(fd, 0, SEEK_CUR), 350);
    expect_text(peer, "head");
    expect(peer, 300, 50);
    expect_text(peer, "tail");
    DONE(TransmitFile(s, file, 0, 0, NULL, &both, 0));
    EQUAL(lseek(fd, 0, SEEK_CUR), 1000);
    expect_text(peer, "head");
    expect(peer, 350, 650);
    expect_text(peer, "tail");
    DONE(TransmitFile(s, file, 0, 0, NULL, NULL, 0));
    EQUAL(lseek(fd, 1, SEEK_END), 1001);
    REFUSED(TransmitFile(s, file, 0, 0, NULL, NULL, 0), WSAEINVAL);
}

/* Also beyond what 32 bits can say. The file's own offset plays no part. */
TEST(an_overlapped_holds_the_offset, "NEED-S12")
{
    static const unsigned long long places[] = {0, 1, 4095, 4096, 99999, 100000};
    int peer, fd = new_file(100000);
    unsigned char bytes[16];
    DWORD count;
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    HANDLE file = open_file(fd);
    EQUAL(lseek(fd, 777, SEEK_SET), 777);
    for (unsigned i = 0; i < sizeof places / sizeof *places; i++) {
        for (DWORD asked = 0; asked < 2; asked++) {
            unsigned long left = (unsigned long)(100000 - places[i]), expected = asked && left ? 1 : left;
            OVERLAPPED overlapped = {.Offset = (DWORD)places[i]};
            STARTED(TransmitFile(s, file, asked, 0, &overlapped, NULL, 0));
            EQUAL(outcome(s, &overlapped, &count), 0);
            EQUAL(count, expected);
            expect(peer, places[i], expected);
        }
    }
    OVERLAPPED beyond = {.Offset = 100001}, overlapped = {.Offset = 5, .OffsetHigh = 1};
    REFUSED(TransmitFile(s, file, 0, 0, &beyond, NULL, 0), WSAEINVAL);
    REFUSED(TransmitFile(s, file, 1, 0, &overlapped, NULL, 0), WSAEINVAL);
    EQUAL(lseek(fd, 0, SEEK_CUR), 777);
    fill(bytes, 5, sizeof bytes);
    if (pwrite(fd, bytes, sizeof bytes, (1LL << 32) + 5) != sizeof bytes)
        SKIP("no files of this size");
    overlapped = (OVERLAPPED){.Offset = 5, .OffsetHigh = 1};
    STARTED(TransmitFile(s, file, 0, 0, &overlapped, NULL, 0));
    EQUAL(outcome(s, &overlapped, &count), 0);
    EQUAL(count, sizeof bytes);
    expect(peer, 5, sizeof bytes);
    /* A file has no more than it has. */
    overlapped = (OVERLAPPED){.Offset = 15, .OffsetHigh = 1};
    STARTED(TransmitFile(s, file, 2147483646, 0, &overlapped, NULL, 0));
    EQUAL(outcome(s, &overlapped, &count), 0);
    EQUAL(count, 6);
    expect(peer, 15, 6);
    /* A socket that is not overlapped waits, and begins there all the same. */
    int other;
    SOCKET plain = connect_posix(&other);
    overlapped = (OVERLAPPED){.Offset = 7};
    DONE(TransmitFile(plain, file, 9, 0, &overlapped, NULL, 0));
    expect(other, 7, 9);
}

/* Head, file and tail together. */
TEST(no_call_transmits_more_than_31_bits_less_2, "NEED-S12")
{
    char tail[] = "xy";
    OVERLAPPED overlapped = {0};
    int peer, fd = new_file(0);
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    HANDLE file = open_file(fd);
    if (ftruncate(fd, 2147483647) != 0)
        SKIP("no files of this size");
    TRANSMIT_FILE_BUFFERS one = {NULL, 0, tail, 1};
    REFUSED(TransmitFile(s, file, 0, 0, NULL, NULL, 0), WSAEINVAL);
    REFUSED(TransmitFile(s, file, 0, 0, &overlapped, NULL, 0), WSAEINVAL);
    REFUSED(TransmitFile(s, file, 2147483647, 0, NULL, NULL, 0), WSAEINVAL);
    REFUSED(TransmitFile(s, file, 0xffffffff, 0, NULL, NULL, 0), WSAEINVAL);
    REFUSED(TransmitFile(s, file, 2147483646, 0, NULL, &one, 0), WSAEINVAL);
    /* One less would be tried. */
    overlapped = (OVERLAPPED){.Offset = 1};
    REFUSED(TransmitFile(s, file, 0, 0, &overlapped, NULL, 0), WSA_IO_PENDING);
    SUCCEEDS(WSPCloseSocket(s, &error));
    EQUAL(overlapped.OffsetHigh, WSA_OPERATION_ABORTED);
}

TEST(what_cannot_be_transmitted_is_refused, "NEED-S12 OBS.12 OBS.44")
{
    int peer, ends[2];
    OVERLAPPED overlapped = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    HANDLE file = new_handle(10), closed = new_handle(10);
    CHECK(CloseHandle(closed));
    REFUSED(TransmitFile(s + 1, NULL, 0, 0, NULL, (void *)8, 99), WSAENOTSOCK);
    REFUSED(TransmitFile(udp(), NULL, 0, 0, NULL, (void *)8, 99), WSAEINVAL);
    REFUSED(TransmitFile(tcp(), file, 0, 0, NULL, (void *)8, 99), WSAENOTCONN);
    REFUSED(TransmitFile(s, file, 0, 0, NULL, NULL, TF_REUSE_SOCKET), WSAEINVAL);
    REFUSED(TransmitFile(s, file, 0, 0, NULL, NULL, 0x40), WSAEINVAL);
    REFUSED(TransmitFile(s, file, 0, 0, NULL, (void *)8, 0), WSAEFAULT);
    REFUSED(TransmitFile(s, file, 0, 0, (void *)8, NULL, 0), WSAEFAULT);
    TRANSMIT_FILE_BUFFERS head = {NULL, 1, NULL, 0}, tail = {NULL, 0, NULL, 1};
    REFUSED(TransmitFile(s, file, 0, 0, NULL, &head, 0), WSAEFAULT);
    REFUSED(TransmitFile(s, file, 0, 0, NULL, &tail, 0), WSAEFAULT);
    tail.Tail = (void *)8;
    REFUSED(TransmitFile(s, NULL, 0, 0, NULL, &tail, 0), WSAEFAULT);
    REFUSED(TransmitFile(s, closed, 0, 0, NULL, NULL, 0), WSA_INVALID_HANDLE);
    REFUSED(TransmitFile(s, INVALID_HANDLE_VALUE, 0, 0, NULL, NULL, 0), WSA_INVALID_HANDLE);
    REFUSED(TransmitFile(s, (HANDLE)s, 0, 0, NULL, NULL, 0), WSA_INVALID_HANDLE);
    posix_pipe(ends);
    REFUSED(TransmitFile(s, open_file(ends[0]), 5, 0, NULL, NULL, 0), WSAEINVAL);
    /* None of these has sent anything, or begun a request. */
    EQUAL(overlapped.Internal, 0);
    DONE(TransmitFile(s, file, 0, 0, NULL, NULL, 0));
    expect(peer, 0, 10);
    SUCCEEDS(WSPShutdown(s, SD_SEND, &error));
    REFUSED(TransmitFile(s, file, 0, 0, NULL, NULL, 0), WSAESHUTDOWN);
    EQUAL(posix_drain(peer, NULL), 0);
    SUCCEEDS(WSPCleanup(&error));
    REFUSED(TransmitFile(s, file, 0, 0, NULL, NULL, 0), WSANOTINITIALISED);
}

/* Files and sends, in posting order, each whole. The memory of the arrays is the call's. */
TEST(files_and_sends_go_out_in_posting_order, "NEED-S12 OV.4 OV.6 OV.17 OV.20")
{
    enum { REQUESTS = 12, SIZE = 2 << 20 };
    static OVERLAPPED overlapped[REQUESTS];
    static unsigned char bytes[SIZE];
    DWORD count;
    int peer, pending = 0;
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    fill(bytes, 0, SIZE);
    WSAEVENT event = new_event();
    CHECK(WSASetEvent(event));
    overlapped[REQUESTS - 1].hEvent = event;
    for (int i = 0; i < REQUESTS; i++) {
        if (i % 3 == 2) {
            pending += send_later(s, bytes, SIZE, &overlapped[i]) == WSA_IO_PENDING;
            continue;
        }
        HANDLE file = new_handle(SIZE);
        TRANSMIT_FILE_BUFFERS both = around("<", ">");
        STARTED(TransmitFile(s, file, 0, 0, &overlapped[i], &both, 0));
        pending += WSAGetLastError() == WSA_IO_PENDING;
        memset(&both, 0x11, sizeof both);
        /* The request keeps the file. */
        CHECK(CloseHandle(file));
    }
    CHECK(pending > 0);
    CHECK(!is_signalled(event));
    for (int i = 0; i < REQUESTS; i++) {
        if (i % 3 != 2)
            expect_text(peer, "<");
        expect(peer, 0, SIZE);
        if (i % 3 != 2)
            expect_text(peer, ">");
    }
    EQUAL(wait_for(event, WSA_INFINITE), WSA_WAIT_EVENT_0);
    for (int i = 0; i < REQUESTS; i++) {
        EQUAL(outcome(s, &overlapped[i], &count), 0);
        EQUAL(count, i % 3 == 2 ? SIZE : SIZE + 2);
    }
}

/* A synchronous one comes after those that are pending. */
TEST(a_synchronous_file_waits_for_its_turn, "NEED-S12 OV.17")
{
    OVERLAPPED overlapped = {0};
    struct reader reader;
    DWORD count;
    int peer;
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    REFUSED(TransmitFile(s, new_handle(MUCH), 0, 0, &overlapped, NULL, 0), WSA_IO_PENDING);
    read_along(&reader, peer, 0, MUCH);
    DONE(TransmitFile(s, new_handle(10), 0, 0, NULL, NULL, 0));
    join_thread(reader.thread);
    expect(peer, 0, 10);
    EQUAL(outcome(s, &overlapped, &count), 0);
    EQUAL(count, MUCH);
}

/* A prefix has gone out, which is exact. */
TEST(a_file_is_cancelled_on_its_way, "NEED-S12 OV.22")
{
    OVERLAPPED overlapped = {0}, next = {0};
    unsigned long total = 0;
    DWORD count;
    int peer;
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    REFUSED(TransmitFile(s, new_handle(MUCH), 0, 0, &overlapped, NULL, 0), WSA_IO_PENDING);
    REFUSED(TransmitFile(s, new_handle(MUCH), 0, 0, &next, NULL, TF_DISCONNECT), WSA_IO_PENDING);
    expect(peer, 0, 100000);
    CHECK(CancelIoEx((HANDLE)s, NULL));
    EQUAL(outcome(s, &overlapped, &count), WSA_OPERATION_ABORTED);
    EQUAL(outcome(s, &next, &count), WSA_OPERATION_ABORTED);
    /* The connection goes on, as the request that was to end it did not come to its own end. */
    HANDLE none = new_handle(0);
    DONE(TransmitFile(s, none, 0, 0, NULL, NULL, 0));
    SUCCEEDS(WSPShutdown(s, SD_SEND, &error));
    static unsigned char got[MUCH];
    for (unsigned long came; (came = posix_read(peer, got + total, sizeof got - total)) > 0;)
        total += came;
    CHECK(total + 100000 < MUCH);
    for (unsigned long i = 0; i < total; i++)
        if (got[i] != byte_at(100000 + i))
            EQUAL(i, -1);
}

/* Whoever closes the socket ends the request, or the call. */
TEST(closing_ends_a_file_on_its_way, "NEED-S12 OV.22 WSPCloseSocket.2")
{
    OVERLAPPED overlapped = {0};
    int peer;
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    REFUSED(TransmitFile(s, new_handle(MUCH), 0, 0, &overlapped, NULL, 0), WSA_IO_PENDING);
    SUCCEEDS(WSPCloseSocket(s, &error));
    CHECK(HasOverlappedIoCompleted(&overlapped));
    EQUAL(overlapped.OffsetHigh, WSA_OPERATION_ABORTED);
}

struct call {
    SOCKET s;
    HANDLE file;
    int thread;
    int code;
};

static void *transmit_in_thread(void *argument)
{
    struct call *call = argument;
    WSASetLastError(0);
    __atomic_store_n(&call->thread, posix_thread(), __ATOMIC_RELEASE);
    BOOL done = TransmitFile(call->s, call->file, 0, 0, NULL, NULL, 0);
    call->code = WSAGetLastError();
    CHECK(done == (call->code == 0));
    return NULL;
}

static void wait_in_thread(struct call *call, pthread_t *thread, long number)
{
    *thread = start_thread(transmit_in_thread, call);
    EVENTUALLY(__atomic_load_n(&call->thread, __ATOMIC_ACQUIRE) != 0);
    posix_await_call(call->thread, number);
}

TEST(closing_ends_a_call_that_transmits, "NEED-S12 WSPCloseSocket.2")
{
    struct call call = {0};
    pthread_t thread;
    int peer;
    startup();
    call.s = connect_posix(&peer);
    call.file = new_handle(MUCH);
    /* The kernel does the waiting. */
    wait_in_thread(&call, &thread, SYS_sendfile);
    SUCCEEDS(WSPCloseSocket(call.s, &error));
    join_thread(thread);
    EQUAL(call.code, WSAEINTR);
}

static void cancel(int signal)
{
    int code;
    (void)signal;
    WSPCancelBlockingCall(&code);
}

TEST(a_call_that_transmits_is_cancelled, "NEED-S12 WSPCancelBlockingCall.3")
{
    struct call call = {0};
    pthread_t thread;
    int peer;
    startup();
    call.s = connect_posix(&peer);
    call.file = new_handle(MUCH);
    wait_in_thread(&call, &thread, SYS_sendfile);
    posix_signal(call.thread, cancel);
    join_thread(thread);
    EQUAL(call.code, WSAEINTR);
}

/* A broken connection is a code, and no signal. */
TEST(a_reset_ends_a_file_on_its_way, "NEED-S12 OBS.26")
{
    OVERLAPPED overlapped = {0};
    DWORD count;
    int peer;
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    REFUSED(TransmitFile(s, new_handle(MUCH), 0, 0, &overlapped, NULL, 0), WSA_IO_PENDING);
    posix_reset(peer);
    EQUAL(outcome(s, &overlapped, &count), WSAECONNRESET);
    HANDLE file = new_handle(10);
    REFUSED(TransmitFile(s, file, 0, 0, NULL, NULL, 0), WSAECONNRESET);
    /* The same for a call that waits. */
    struct call call = {0};
    pthread_t thread;
    call.s = connect_posix(&peer);
    call.file = new_handle(MUCH);
    wait_in_thread(&call, &thread, SYS_sendfile);
    posix_reset(peer);
    join_thread(thread);
    EQUAL(call.code, WSAECONNRESET);
    REFUSED(TransmitFile(call.s, file, 0, 0, NULL, NULL, 0), WSAECONNRESET);
}

/* A signal of the program's own that waits to be let in is none of ours. */
TEST(a_sigpipe_of_the_programs_own_stays, "NEED-S12")
{
    sigset_t set, pending;
    int peer;
    startup();
    SOCKET s = connect_posix(&peer);
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    DONE(TransmitFile(s, new_handle(10), 0, 0, NULL, NULL, 0));
    sigpending(&pending);
    CHECK(!sigismember(&pending, SIGPIPE));
    pthread_kill(pthread_self(), SIGPIPE);
    DONE(TransmitFile(s, new_handle(10), 0, 0, NULL, NULL, 0));
    sigpending(&pending);
    CHECK(sigismember(&pending, SIGPIPE));
    pthread_sigmask(SIG_BLOCK, NULL, &set);
    CHECK(sigismember(&set, SIGPIPE));
}

TEST(disconnecting_ends_sending_after_the_file, "NEED-S12 WSPShutdown.2")
{
    OVERLAPPED overlapped = {0};
    struct reader reader;
    DWORD count;
    char byte;
    int peer;
    startup();
    SOCKET s = overlapped_with_peer(&peer), plain = connect_posix(&reader.peer);
    REFUSED(TransmitFile(s, new_handle(MUCH), 0, 0, &overlapped, NULL, TF_DISCONNECT), WSA_IO_PENDING);
    expect(peer, 0, MUCH);
    EQUAL(posix_drain(peer, NULL), 0);
    EQUAL(outcome(s, &overlapped, &count), 0);
    EQUAL(count, MUCH);
    REFUSED(TransmitFile(s, new_handle(10), 0, 0, NULL, NULL, 0), WSAESHUTDOWN);
    FAILS(send_bytes(s, "x", 1, &count), WSAESHUTDOWN);
    posix_write(peer, "y", 1);
    SUCCEEDS(receive_bytes(s, &byte, 1, &count, 0));
    EQUAL(byte, 'y');
    read_along(&reader, reader.peer, 0, MUCH);
    DONE(TransmitFile(plain, new_handle(MUCH), 0, 0, NULL, NULL, TF_DISCONNECT));
    join_thread(reader.thread);
    EQUAL(posix_drain(reader.peer, NULL), 0);
    FAILS(send_bytes(plain, "x", 1, &count), WSAESHUTDOWN);
}

/* A connected socket of AcceptEx's, and its POSIX peer. */
static void accept_with(SOCKET listening, const struct sockaddr_in *address, SOCKET s, int *peer)
{
    static char room[2 * AREA];
    OVERLAPPED overlapped = {0};
    DWORD count;
    *peer = posix_connect(ntohs(address->sin_port));
    STARTED(accept_later(listening, s, room, 0, &overlapped));
    EQUAL(outcome(listening, &overlapped, &count), 0);
    SUCCEEDS(update_accepted(s, listening));
}

/* The request is over when the peer has ended, too; then the socket takes another connection. */
TEST(a_socket_is_used_again_after_the_file, "NEED-S12 OV.4 OV.22")
{
    struct sockaddr_in address;
    DWORD count;
    int peer;
    startup();
    SOCKET listening = overlapped_listener(5, &address), s = overlapped_tcp();
    for (int round = 0; round < 4; round++) {
        OVERLAPPED overlapped = {0};
        TRANSMIT_FILE_BUFFERS both = around("<", ">");
        accept_with(listening, &address, s, &peer);
        REFUSED(TransmitFile(s, new_handle(5000), 0, 0, &overlapped, &both, TF_DISCONNECT | TF_REUSE_SOCKET),
                WSA_IO_PENDING);
        FAILS(send_bytes(s, "x", 1, &count), WSAESHUTDOWN);
        expect_text(peer, "<");
        expect(peer, 0, 5000);
        expect_text(peer, ">");
        EQUAL(posix_drain(peer, NULL), 0);
        CHECK(!HasOverlappedIoCompleted(&overlapped));
        posix_write(peer, "what nobody receives", 20);
        posix_close(peer);
        EQUAL(outcome(s, &overlapped, &count), 0);
        EQUAL(count, 5002);
    }
    /* Cancelled while it waits for the peer it leaves a connection that has ended. */
    OVERLAPPED overlapped = {0};
    accept_with(listening, &address, s, &peer);
    REFUSED(TransmitFile(s, new_handle(10), 0, 0, &overlapped, NULL, TF_DISCONNECT | TF_REUSE_SOCKET), WSA_IO_PENDING);
    expect(peer, 0, 10);
    EQUAL(posix_drain(peer, NULL), 0);
    CHECK(CancelIoEx((HANDLE)s, &overlapped));
    EQUAL(outcome(s, &overlapped, &count), WSA_OPERATION_ABORTED);
    FAILS(send_bytes(s, "x", 1, &count), WSAESHUTDOWN);
}

struct ending {
    int peer;
    unsigned long length;
};

static void *read_and_end(void *argument)
{
    struct ending *ending = argument;
    expect(ending->peer, 0, ending->length);
    EQUAL(posix_drain(ending->peer, NULL), 0);
    posix_close(ending->peer);
    return NULL;
}

/* Also in calls that wait; a socket that is not overlapped is connected and used again as any. */
TEST(a_waiting_call_leaves_a_socket_to_be_used_again, "NEED-S12")
{
    struct sockaddr_in address;
    struct ending ending;
    unsigned short port;
    startup();
    int listening = posix_listen(&port, 5);
    SOCKET s = tcp();
    address = loopback(port);
    for (int round = 0; round < 4; round++) {
        SUCCEEDS(connect_to(s, &address));
        ending = (struct ending){posix_accept(listening), round % 2 ? MUCH : 10};
        pthread_t thread = start_thread(read_and_end, &ending);
        DONE(TransmitFile(s, new_handle(ending.length), 0, 0, NULL, NULL, TF_DISCONNECT | TF_REUSE_SOCKET));
        join_thread(thread);
    }
}

/* Without an OVERLAPPED the call is over when the file is, whether the socket blocks or not. */
TEST(a_non_blocking_socket_waits_as_well, "NEED-S12")
{
    struct reader reader;
    int peer;
    startup();
    SOCKET s = connect_posix(&peer);
    set_nonblocking(s, 1);
    read_along(&reader, peer, 0, MUCH);
    DONE(TransmitFile(s, new_handle(MUCH), 0, 0, NULL, NULL, 0));
    join_thread(reader.thread);
}

static void transmit_much(SOCKET s, int peer)
{
    OVERLAPPED overlapped = {0};
    struct reader reader;
    DWORD count;
    read_along(&reader, peer, 0, MUCH);
    DONE(TransmitFile(s, new_handle(MUCH), 0, 0, NULL, NULL, 0));
    join_thread(reader.thread);
    REFUSED(TransmitFile(s, new_handle(MUCH), 0, 0, &overlapped, NULL, 0), WSA_IO_PENDING);
    expect(peer, 0, MUCH);
    EQUAL(outcome(s, &overlapped, &count), 0);
    EQUAL(count, MUCH);
}

/* sendfile(2) does not take every file, and not every kernel has it. */
TEST(files_are_copied_where_the_kernel_does_not_send_them, "NEED-S12")
{
    int peer;
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    posix_inject(SYS_sendfile, EINVAL);
    transmit_much(s, peer);
}

/* The descriptor of a socket that another process has cannot be kept from blocking. */
TEST(a_socket_abroad_transmits, "NEED-S12 WSPDuplicateSocket.5")
{
    WSAPROTOCOL_INFOW info;
    int peer, one = 1;
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    OVERLAPPED overlapped = {0};
    DWORD count;
    /* It was used that way before. */
    STARTED(TransmitFile(s, new_handle(10), 0, 0, &overlapped, NULL, 0));
    EQUAL(outcome(s, &overlapped, &count), 0);
    expect(peer, 0, 10);
    SUCCEEDS(WSPDuplicateSocket(s, (DWORD)posix_parent(), &info, &error));
    transmit_much(s, peer);
    /* It blocks as before. */
    SUCCEEDS(WSPSetSockOpt(s, SOL_SOCKET, SO_RCVTIMEO, (char *)&one, sizeof one, &error));
    FAILS(receive_bytes(s, &one, 1, &count, 0), WSAETIMEDOUT);
}

TEST(a_duplicate_transmits, "NEED-S12 WSPDuplicateSocket.5")
{
    WSAPROTOCOL_INFOW info;
    int peer;
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    SUCCEEDS(WSPDuplicateSocket(s, (DWORD)posix_process(), &info, &error));
    SOCKET other = WSPSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP, &info, 0, WSA_FLAG_OVERLAPPED, &error);
    CHECK(other != INVALID_SOCKET);
    transmit_much(other, peer);
}

static void *receive_in_thread(void *argument)
{
    SOCKET s = *(SOCKET *)argument;
    char byte = 0;
    DWORD count;
    SUCCEEDS(receive_bytes(s, &byte, 1, &count, 0));
    EQUAL(byte, 'z');
    return NULL;
}

/* A blocking socket does, though its descriptor does not any more; and one that does not can be changed at any time. */
TEST(a_socket_that_transmits_still_blocks, "NEED-S12 WSPRecv.6 OV.1")
{
    OVERLAPPED overlapped = {0};
    DWORD count;
    char byte;
    int peer, milliseconds = 30;
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    /* One call waits in the kernel already. */
    pthread_t early = start_thread(receive_in_thread, &s);
    posix_wait_until_blocked(1);
    REFUSED(TransmitFile(s, new_handle(MUCH), 0, 0, &overlapped, NULL, 0), WSA_IO_PENDING);
    pthread_t late = start_thread(receive_in_thread, &s);
    posix_write(peer, "z", 1);
    posix_write(peer, "z", 1);
    join_thread(early);
    join_thread(late);
    expect(peer, 0, MUCH);
    EQUAL(outcome(s, &overlapped, &count), 0);
    set_nonblocking(s, 1);
    FAILS(receive_bytes(s, &byte, 1, &count, 0), WSAEWOULDBLOCK);
    set_nonblocking(s, 0);
    SUCCEEDS(WSPSetSockOpt(s, SOL_SOCKET, SO_RCVTIMEO, (char *)&milliseconds, sizeof milliseconds, &error));
    FAILS(receive_bytes(s, &byte, 1, &count, 0), WSAETIMEDOUT);
    /* A send waits until all is taken. */
    static unsigned char bytes[MUCH];
    struct reader reader;
    fill(bytes, 0, MUCH);
    read_along(&reader, peer, 0, MUCH);
    SUCCEEDS(send_bytes(s, bytes, MUCH, &count));
    EQUAL(count, MUCH);
    join_thread(reader.thread);
}

/* What is gone cannot be sent; the request ends with what was there. */
TEST(a_file_that_shrinks_ends_early, "NEED-S12")
{
    OVERLAPPED overlapped = {0};
    unsigned long total = 0;
    DWORD count;
    int peer, fd = new_file(MUCH);
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    TRANSMIT_FILE_BUFFERS tail = around("", "tail");
    REFUSED(TransmitFile(s, open_file(fd), 0, 0, &overlapped, &tail, TF_DISCONNECT), WSA_IO_PENDING);
    EQUAL(ftruncate(fd, 1), 0);
    EQUAL(posix_drain(peer, &total), 0);
    EQUAL(outcome(s, &overlapped, &count), 0);
    CHECK(count < MUCH);
    EQUAL(total, count);
}

/* A routine is no part of TransmitFile, but a port is. */
TEST(a_port_hears_of_a_file, "NEED-S12 NEED-K1")
{
    OVERLAPPED overlapped = {0}, *found;
    ULONG_PTR key;
    DWORD count;
    int peer;
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    HANDLE port = CreateIoCompletionPort((HANDLE)s, NULL, 77, 0);
    CHECK(port != NULL);
    REFUSED(TransmitFile(s, new_handle(MUCH), 0, 0, &overlapped, NULL, 0), WSA_IO_PENDING);
    expect(peer, 0, 1000);
    struct reader reader;
    read_along(&reader, peer, 1000, MUCH - 1000);
    CHECK(GetQueuedCompletionStatus(port, &count, &key, &found, INFINITE));
    EQUAL(count, MUCH);
    EQUAL(key, 77);
    CHECK(found == &overlapped);
    join_thread(reader.thread);
}

TEST(a_unix_stream_takes_files, "NEED-S12")
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char path[100];
    DWORD count;
    OVERLAPPED overlapped = {0};
    startup();
    posix_temporary_path(path);
    memcpy(address.sun_path, path, strlen(path) + 1);
    SOCKET listening = open_socket(AF_UNIX, SOCK_STREAM, 0);
    SUCCEEDS(WSPBind(listening, (struct sockaddr *)&address, sizeof address, &error));
    SUCCEEDS(WSPListen(listening, 1, &error));
    SOCKET s = WSPSocket(AF_UNIX, SOCK_STREAM, 0, NULL, 0, WSA_FLAG_OVERLAPPED, &error);
    CHECK(s != INVALID_SOCKET);
    SUCCEEDS(WSPConnect(s, (struct sockaddr *)&address, sizeof address, NULL, NULL, NULL, NULL, &error));
    SOCKET peer = WSPAccept(listening, NULL, NULL, NULL, 0, &error);
    CHECK(peer != INVALID_SOCKET);
    STARTED(TransmitFile(s, new_handle(2000000), 0, 0, &overlapped, NULL, 0));
    unsigned char got[1000];
    for (unsigned long total = 0; total < 2000000; total += count) {
        SUCCEEDS(receive_bytes(peer, got, sizeof got, &count, 0));
        CHECK(count > 0);
        for (DWORD i = 0; i < count; i++)
            EQUAL(got[i], byte_at(total + i));
    }
    EQUAL(outcome(s, &overlapped, &count), 0);
    EQUAL(count, 2000000);
}
