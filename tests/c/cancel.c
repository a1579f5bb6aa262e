/* WSPCancelBlockingCall, from a signal handler and from the host's blocking hook. */
#include "every.h"
#include "overlapped.h"

#include <signal.h>

/* What the handler's or hook's WSPCancelBlockingCall answered. */
static volatile int cancelled = 77, cancel_code;

static void cancel(void)
{
    int code = 0;
    cancelled = WSPCancelBlockingCall(&code);
    cancel_code = code;
}

static void on_signal(int signal)
{
    (void)signal;
    cancel();
}

/* A call that blocks in a thread of its own. */
struct blocked {
    void (*call)(SOCKET s);
    SOCKET s;
    int code;
    pthread_t handle;
};

static void *block(void *argument)
{
    struct blocked *blocked = argument;
    error = 0;
    blocked->call(blocked->s);
    blocked->code = error;
    return NULL;
}

static void call_recv(SOCKET s)
{
    char byte;
    DWORD received;
    receive_bytes(s, &byte, 1, &received, 0);
}

static void call_recvfrom(SOCKET s)
{
    char byte;
    WSABUF buffer = {1, &byte};
    DWORD received, flags = 0;
    WSPRecvFrom(s, &buffer, 1, &received, &flags, NULL, NULL, NULL, NULL, NULL, &error);
}

static void call_accept(SOCKET s)
{
    WSPAccept(s, NULL, NULL, NULL, 0, &error);
}

static void call_select(SOCKET s)
{
    fd_set set;
    FD_ZERO(&set);
    FD_SET(s, &set);
    WSPSelect(0, &set, NULL, NULL, NULL, &error);
}

static char much[1 << 24];

/* More than the connection takes; what went is told. */
static DWORD sent;

static void call_send(SOCKET s)
{
    send_bytes(s, much, sizeof much, &sent);
}

static void call_sendto(SOCKET s)
{
    WSABUF buffer = {sizeof much, much};
    WSPSendTo(s, &buffer, 1, &sent, 0, NULL, 0, NULL, NULL, NULL, &error);
}

/* Starts `call`. */
static void start_call(struct blocked *blocked, void (*call)(SOCKET s), SOCKET s, int flags)
{
    struct sigaction action;
    *blocked = (struct blocked){.call = call, .s = s};
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    action.sa_flags = flags;
    EQUAL(sigaction(SIGUSR1, &action, NULL), 0);
    posix_need_signals();
    cancelled = 77;
    EQUAL(pthread_create(&blocked->handle, NULL, block, blocked), 0);
}

/* Cancels the call by a signal; its code. */
static int end_by_signal(struct blocked *blocked)
{
    EQUAL(pthread_kill(blocked->handle, SIGUSR1), 0);
    EQUAL(pthread_join(blocked->handle, NULL), 0);
    EQUAL(cancelled, 0);
    return blocked->code;
}

/* Starts `call`, and cancels it by a signal once it blocks; its code. */
static int cancel_by_signal(void (*call)(SOCKET s), SOCKET s, int flags)
{
    struct blocked blocked;
    start_call(&blocked, call, s, flags);
    posix_wait_until_blocked(1);
    return end_by_signal(&blocked);
}

/* With and without SA_RESTART, by which the kernel would go on with the call. */
#define CANCELS(call, s)                                                                                               \
    do {                                                                                                               \
        EQUAL(cancel_by_signal(call, s, 0), WSAEINTR);                                                                 \
        EQUAL(cancel_by_signal(call, s, SA_RESTART), WSAEINTR);                                                        \
    } while (0)

/* WSPRecv:WSAEINTR WSPRecvFrom:WSAEINTR WSPAccept:WSAEINTR WSPSelect:WSAEINTR WSPSendTo:WSAEINTR */
TEST(a_signal_handler_cancels_every_blocking_call,
     "WSPCancelBlockingCall.1 WSPCancelBlockingCall.2 WSPCancelBlockingCall.3 WSPCancelBlockingCall.5 WSPAccept.16")
{
    struct sockaddr_in address;
    SOCKET pair[2];
    startup();
    SOCKET listening = listener(SOMAXCONN, &address), exact = listener(3, &(struct sockaddr_in){0}), datagrams = udp();
    bind_loopback(datagrams);
    tcp_pair(pair);
    CANCELS(call_recv, pair[0]);
    CANCELS(call_recvfrom, datagrams);
    CANCELS(call_accept, listening);
    CANCELS(call_accept, exact);
    CANCELS(call_select, pair[0]);
    /* What was legal before is legal after it. */
    int client = posix_connect(ntohs(address.sin_port));
    CHECK(client >= 0);
    CHECK(WSPAccept(listening, NULL, NULL, NULL, 0, &error) != INVALID_SOCKET);
}

/* A send has sent a part already: it says how much, and the stream goes on from there. With nothing sent it is WSAEINTR.
 * WSPSendTo:WSAEINTR */
TEST(a_cancelled_send_says_how_much_went, "WSPCancelBlockingCall.3 WSPCancelBlockingCall.7 WSPCancelBlockingCall.8")
{
    void (*const calls[])(SOCKET) = {call_send, call_sendto};
    static char bytes[1 << 16];
    startup();
    for (int i = 0; i < 4; i++) {
        SOCKET pair[2];
        DWORD total = 0, received;
        tcp_pair(pair);
        DWORD went = 0;
        int flags = i < 2 ? 0 : SA_RESTART, code;
        /* What has gone may be on its way into the peer's buffers for a while, which makes room for a part of the next. */
        do {
            sent = 0;
            code = cancel_by_signal(calls[i % 2], pair[0], flags);
            CHECK(code != 0 || (sent > 0 && sent < sizeof much));
            went += code == 0 ? sent : 0;
        } while (code == 0);
        EQUAL(code, WSAEINTR);
        CHECK(went > 0);
        SUCCEEDS(WSPShutdown(pair[0], SD_SEND, &error));
        do {
            SUCCEEDS(receive_bytes(pair[1], bytes, sizeof bytes, &received, 0));
            total += received;
        } while (received > 0);
        EQUAL(total, went);
    }
}

/* Nothing of the stream was lost, so the connection need not be reset; and the next call waits as long as it must. */
TEST(a_cancelled_receive_leaves_the_stream_whole, "WSPCancelBlockingCall.6 WSPCancelBlockingCall.7")
{
    SOCKET pair[2];
    char bytes[4];
    DWORD count;
    startup();
    tcp_pair(pair);
    CANCELS(call_recv, pair[0]);
    SUCCEEDS(send_bytes(pair[1], "abc", 3, &count));
    SUCCEEDS(receive_bytes(pair[0], bytes, 3, &count, MSG_WAITALL));
    CHECK(memcmp(bytes, "abc", 3) == 0);
    SUCCEEDS(send_bytes(pair[0], "d", 1, &count));
    SUCCEEDS(receive_bytes(pair[1], bytes, 1, &count, 0));
    int timeout = -1, length = sizeof timeout;
    SUCCEEDS(WSPGetSockOpt(pair[0], SOL_SOCKET, SO_RCVTIMEO, (char *)&timeout, &length, &error));
    EQUAL(timeout, 0);
    SUCCEEDS(WSPCloseSocket(pair[0], &error));
}

static char filled[10];
static DWORD received;

static void call_waitall(SOCKET s)
{
    WSABUF buffer = {sizeof filled, filled};
    DWORD flags = MSG_WAITALL;
    WSPRecv(s, &buffer, 1, &received, &flags, NULL, NULL, NULL, &error);
}

static u_long waiting(SOCKET s)
{
    u_long bytes = 0;
    DWORD count;
    SUCCEEDS(WSPIoctl(s, FIONREAD, NULL, 0, &bytes, sizeof bytes, &count, NULL, NULL, NULL, &error));
    return bytes;
}

/* A call that waits for its turn behind overlapped ones has done a part: it says how much, and the stream goes on from
 * there. */
TEST(a_cancelled_call_in_turn_says_what_it_has_done,
     "WSPCancelBlockingCall.3 WSPCancelBlockingCall.7 WSPCancelBlockingCall.8 OBS.31 OV.17")
{
    static char bytes[1 << 16];
    int peer;
    char first[3];
    unsigned long total = 0;
    DWORD count;
    struct blocked blocked;
    OVERLAPPED receive = {0}, send = {0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    posix_take_little(peer);
    EQUAL(receive_later(s, first, sizeof first, &receive), WSA_IO_PENDING);
    start_call(&blocked, call_waitall, s, 0);
    posix_write(peer, "abcdefg", 7);
    EVENTUALLY(HasOverlappedIoCompleted(&receive) && waiting(s) == 0);
    EQUAL(end_by_signal(&blocked), 0);
    EQUAL(received, 4);
    CHECK(memcmp(filled, "defg", 5) == 0);

    EQUAL(send_later(s, much, sizeof much, &send), WSA_IO_PENDING);
    start_call(&blocked, call_send, s, 0);
    while (total < sizeof much)
        total += posix_read(peer, bytes, sizeof bytes);
    /* One byte of the call's own. */
    EQUAL(posix_read(peer, bytes, 1), 1);
    EQUAL(end_by_signal(&blocked), 0);
    CHECK(sent > 0 && sent < sizeof much);
    EQUAL(outcome(s, &send, &count), 0);
    SUCCEEDS(WSPShutdown(s, SD_SEND, &error));
    EQUAL(posix_drain(peer, &total), 0);
    EQUAL(total, sent - 1);
}

TEST(without_a_blocking_call_there_is_none_to_cancel, "WSPCancelBlockingCall.1")
{
    SOCKET pair[2];
    FAILS(WSPCancelBlockingCall(&error), WSANOTINITIALISED);
    startup();
    FAILS(WSPCancelBlockingCall(&error), WSAEINVAL);
    tcp_pair(pair);
    set_nonblocking(pair[0], 1);
    FAILS(receive_bytes(pair[0], &(char){0}, 1, &(DWORD){0}, 0), WSAEWOULDBLOCK);
    FAILS(WSPCancelBlockingCall(&error), WSAEINVAL);
    /* Other threads' calls are not this one's. */
    struct blocked blocked = {.call = call_recv, .s = pair[1]};
    EQUAL(pthread_create(&blocked.handle, NULL, block, &blocked), 0);
    posix_wait_until_blocked(1);
    FAILS(WSPCancelBlockingCall(&error), WSAEINVAL);
    SUCCEEDS(send_bytes(pair[0], "x", 1, &(DWORD){0}));
    EQUAL(pthread_join(blocked.handle, NULL), 0);
    EQUAL(blocked.code, 0);
}

/* The host's hook: what it does and answers while a call blocks. */
static void (*in_hook)(void);
static BOOL hook_answer;
static int hook_ran;

static BOOL CALLBACK hook(DWORD_PTR context)
{
    EQUAL(context, 4711);
    hook_ran++;
    if (in_hook != NULL)
        in_hook();
    return hook_answer;
}

static int WSPAPI query_hook(DWORD entry, LPBLOCKINGCALLBACK *callback, PDWORD_PTR context, LPINT code)
{
    (void)entry, (void)code;
    *callback = hook;
    *context = 4711;
    return 0;
}

static void startup_with_hook(void (*does)(void), BOOL answers)
{
    WSPUPCALLTABLE upcalls;
    memset(&upcalls, 0, sizeof upcalls);
    upcalls.lpWPUQueryBlockingCallback = query_hook;
    in_hook = does;
    hook_answer = answers;
    EQUAL(WSPStartup(MAKEWORD(2, 2), &data, NULL, upcalls, &procs), 0);
}

/* The call ends with WSAEINTR, after the hook has run. */
#define ENDS(call, s)                                                                                                  \
    do {                                                                                                               \
        hook_ran = 0;                                                                                                  \
        error = 0;                                                                                                     \
        call(s);                                                                                                       \
        EQUAL(error, WSAEINTR);                                                                                        \
        CHECK(hook_ran > 0);                                                                                           \
    } while (0)

static void every_blocking_call_ends(void)
{
    struct sockaddr_in address;
    SOCKET pair[2], datagrams = udp(), listening = listener(SOMAXCONN, &address);
    bind_loopback(datagrams);
    tcp_pair(pair);
    ENDS(call_recv, pair[0]);
    ENDS(call_recvfrom, datagrams);
    ENDS(call_accept, listening);
    ENDS(call_select, pair[0]);
}

TEST(a_hook_that_answers_false_ends_the_call,
     "WSPCancelBlockingCall.2 WSPCancelBlockingCall.3 WSPStartup.11 WPUQueryBlockingCallback.2")
{
    startup_with_hook(NULL, FALSE);
    every_blocking_call_ends();
}

TEST(a_hook_cancels_the_call_it_runs_in, "WSPCancelBlockingCall.2 WSPCancelBlockingCall.3")
{
    startup_with_hook(cancel, TRUE);
    every_blocking_call_ends();
    EQUAL(cancelled, 0);
}

static int feeder;

static void feed_and_cancel(void)
{
    posix_write(feeder, "x", 1);
    in_hook = NULL;
    cancel();
}

/* The data came first, or the cancelling did: either way nothing is lost, and only WSAEINTR proves a cancel. */
TEST(a_call_that_finished_first_may_succeed, "WSPCancelBlockingCall.8")
{
    struct sockaddr_in address;
    char byte = 0;
    DWORD received = 0;
    startup_with_hook(feed_and_cancel, TRUE);
    SOCKET listening = listener(SOMAXCONN, &address);
    feeder = posix_connect(ntohs(address.sin_port));
    SOCKET s = WSPAccept(listening, NULL, NULL, NULL, 0, &error);
    CHECK(s != INVALID_SOCKET);
    if (receive_bytes(s, &byte, 1, &received, 0) != 0) {
        EQUAL(error, WSAEINTR);
        SUCCEEDS(receive_bytes(s, &byte, 1, &received, 0));
    }
    EQUAL(cancelled, 0);
    EQUAL(byte, 'x');
}

static void call_everything(void)
{
    WSPUPCALLTABLE none;
    WSPDATA other;
    WSPPROC_TABLE table;
    memset(&none, 0, sizeof none);
    for (size_t i = 0; i < FUNCTIONS; i++) {
        ANSWERS(i, 12345, 0, WSAEINPROGRESS);
        ANSWERS(i, 12345, 1, WSAEINPROGRESS);
    }
    EQUAL(WSPStartup(MAKEWORD(2, 2), &other, NULL, none, &table), WSAEINPROGRESS);
}

/* WSPStartup:WSAEINPROGRESS WSPAccept:WSAEINPROGRESS WSPBind:WSAEINPROGRESS WSPCloseSocket:WSAEINPROGRESS
 * WSPConnect:WSAEINPROGRESS WSPDuplicateSocket:WSAEINPROGRESS WSPGetPeerName:WSAEINPROGRESS
 * WSPGetSockName:WSAEINPROGRESS WSPGetSockOpt:WSAEINPROGRESS WSPIoctl:WSAEINPROGRESS WSPJoinLeaf:WSAEINPROGRESS
 * WSPListen:WSAEINPROGRESS WSPRecv:WSAEINPROGRESS WSPRecvDisconnect:WSAEINPROGRESS WSPRecvFrom:WSAEINPROGRESS
 * WSPSelect:WSAEINPROGRESS WSPSend:WSAEINPROGRESS WSPSendDisconnect:WSAEINPROGRESS WSPSendTo:WSAEINPROGRESS
 * WSPSetSockOpt:WSAEINPROGRESS WSPShutdown:WSAEINPROGRESS WSPSocket:WSAEINPROGRESS */
TEST(nothing_can_be_called_out_of_a_hook, "C.7")
{
    SOCKET pair[2];
    startup_with_hook(call_everything, FALSE);
    tcp_pair(pair);
    ENDS(call_recv, pair[0]);
    /* And everything can again afterwards. */
    in_hook = NULL;
    SUCCEEDS(send_bytes(pair[0], "x", 1, &(DWORD){0}));
}

static void on_signal_call_everything(int signal)
{
    (void)signal;
    call_everything();
    cancel();
}

TEST(nothing_can_be_called_out_of_a_handler_that_interrupts_a_call, "C.7")
{
    SOCKET pair[2];
    struct sigaction action;
    struct blocked blocked = {.call = call_recv};
    startup();
    tcp_pair(pair);
    blocked.s = pair[0];
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal_call_everything;
    EQUAL(sigaction(SIGUSR1, &action, NULL), 0);
    posix_need_signals();
    EQUAL(pthread_create(&blocked.handle, NULL, block, &blocked), 0);
    posix_wait_until_blocked(1);
    EQUAL(pthread_kill(blocked.handle, SIGUSR1), 0);
    EQUAL(pthread_join(blocked.handle, NULL), 0);
    EQUAL(cancelled, 0);
    EQUAL(blocked.code, WSAEINTR);
}

static void ignore(int signal)
{
    (void)signal;
}

/* EINTR is never seen: a signal that cancels nothing leaves the call waiting. */
TEST(other_signals_end_nothing, "WSPCancelBlockingCall.1")
{
    SOCKET pair[2];
    struct blocked blocked = {.call = call_recv};
    struct sigaction action;
    startup();
    tcp_pair(pair);
    blocked.s = pair[0];
    memset(&action, 0, sizeof action);
    action.sa_handler = ignore;
    EQUAL(sigaction(SIGUSR1, &action, NULL), 0);
    posix_need_signals();
    EQUAL(pthread_create(&blocked.handle, NULL, block, &blocked), 0);
    for (int i = 0; i < 20; i++) {
        posix_wait_until_blocked(1);
        EQUAL(pthread_kill(blocked.handle, SIGUSR1), 0);
    }
    SUCCEEDS(send_bytes(pair[1], "x", 1, &(DWORD){0}));
    EQUAL(pthread_join(blocked.handle, NULL), 0);
    EQUAL(blocked.code, 0);
}
