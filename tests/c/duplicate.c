#include "check.h"

#include <errno.h>
#include <sys/syscall.h>

static WSAPROTOCOL_INFOW info;

static int duplicate(SOCKET s, int process)
{
    return WSPDuplicateSocket(s, (DWORD)process, &info, &error);
}

static SOCKET redeem(void)
{
    return WSPSocket(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info, 0, 0, &error);
}

/* `to` receives what `from` sends. */
static void is_one_connection(SOCKET from, SOCKET to)
{
    char text[8];
    DWORD count;
    SUCCEEDS(send_bytes(from, "hello", 5, &count));
    SUCCEEDS(receive_bytes(to, text, sizeof text, &count, 0));
    EQUAL(count, 5);
    CHECK(memcmp(text, "hello", 5) == 0);
}

/*
 * The other process: does one job after the other, each a letter that its standard input brings, and answers each
 * with a number.
 */
enum job {
    REDEEM = 'r',  /* with the structure that follows: the error code, 0 for none */
    ECHO = 'e',    /* sends back what it receives: the number of bytes */
    PORT = 'p',    /* the local port */
    NONBLOCK = 'n', /* makes the socket non-blocking: the error code */
    TRY = 't',     /* a receive: the error code */
    LISTEN = 'l',  /* listens: the error code */
    ACCEPT = 'a',  /* accepts: the error code */
    CONNECT = 'c', /* connects to the port that follows: the error code */
};

static int do_job(char job)
{
    static SOCKET s = INVALID_SOCKET;
    char bytes[16];
    DWORD count = 0;
    struct sockaddr_in address;
    int length = sizeof address;
    unsigned short port;
    u_long on = 1;
    error = 0;
    switch (job) {
    case REDEEM:
        EQUAL(posix_read(0, &info, sizeof info), sizeof info);
        SOCKET got = redeem();
        s = got == INVALID_SOCKET ? s : got;
        return error;
    case ECHO:
        SUCCEEDS(receive_bytes(s, bytes, sizeof bytes, &count, 0));
        SUCCEEDS(send_bytes(s, bytes, count, &count));
        return (int)count;
    case PORT:
        SUCCEEDS(WSPGetSockName(s, (struct sockaddr *)&address, &length, &error));
        return ntohs(address.sin_port);
    case NONBLOCK:
        set_nonblocking(s, on);
        return error;
    case TRY:
        return receive_bytes(s, bytes, sizeof bytes, &count, 0) == 0 ? 0 : error;
    case LISTEN:
        return WSPListen(s, 5, &error) == 0 ? 0 : error;
    case ACCEPT:
        return WSPAccept(s, NULL, NULL, NULL, 0, &error) == INVALID_SOCKET ? error : 0;
    case CONNECT:
        EQUAL(posix_read(0, &port, sizeof port), sizeof port);
        address = loopback(port);
        return connect_to(s, &address) == 0 ? 0 : error;
    }
    return -1;
}

__attribute__((constructor)) static void be_the_child(int count, char **arguments)
{
    char job;
    if (count != 3 || strcmp(arguments[1], "--child") != 0)
        return;
    startup();
    while (posix_read(0, &job, 1) == 1) {
        int answer = do_job(job);
        posix_write(1, &answer, sizeof answer);
    }
    exit(0);
}

static int answer_of(int pipe)
{
    int answer = -1;
    EQUAL(posix_read(pipe, &answer, sizeof answer), sizeof answer);
    return answer;
}

static int ask(int pipe, char job)
{
    posix_write(pipe, &job, 1);
    return answer_of(pipe);
}

static int let_redeem(int pipe)
{
    char job = REDEEM;
    posix_write(pipe, &job, 1);
    posix_write(pipe, &info, sizeof info);
    return answer_of(pipe);
}

TEST(one_process_has_two_handles_of_one_socket,
     "WSPDuplicateSocket.1 WSPDuplicateSocket.3 WSPDuplicateSocket.5 WSPDuplicateSocket.6 WSPSocket.6")
{
    SOCKET pair[2];
    char byte;
    DWORD count;
    startup();
    tcp_pair(pair);
    SUCCEEDS(duplicate(pair[0], posix_process()));
    EQUAL(info.iAddressFamily, AF_INET);
    EQUAL(info.iSocketType, SOCK_STREAM);
    EQUAL(info.iProtocol, IPPROTO_TCP);
    CHECK(info.dwProviderReserved != 0);
    SOCKET other = redeem();
    CHECK(other != INVALID_SOCKET && other != pair[0]);
    is_one_connection(other, pair[1]);
    is_one_connection(pair[1], pair[0]);
    set_nonblocking(other, 1);
    FAILS(receive_bytes(pair[0], &byte, 1, &count, 0), WSAEWOULDBLOCK);
    SUCCEEDS(WSPShutdown(other, SD_SEND, &error));
    FAILS(send_bytes(pair[0], "x", 1, &count), WSAESHUTDOWN);
}

TEST(source_may_close_first, "WSPDuplicateSocket.4")
{
    SOCKET pair[2];
    startup();
    tcp_pair(pair);
    SUCCEEDS(duplicate(pair[0], posix_process()));
    SUCCEEDS(WSPCloseSocket(pair[0], &error));
    SOCKET other = redeem();
    CHECK(other != INVALID_SOCKET);
    is_one_connection(other, pair[1]);
    /* The other order: the duplicate goes, the first handle stays. */
    SUCCEEDS(duplicate(pair[1], posix_process()));
    SUCCEEDS(WSPCloseSocket(redeem(), &error));
    is_one_connection(other, pair[1]);
    /* The last handle ends the connection. */
    char byte;
    DWORD count;
    SUCCEEDS(WSPCloseSocket(other, &error));
    SUCCEEDS(receive_bytes(pair[1], &byte, 1, &count, 0));
    EQUAL(count, 0);
}

struct receiver {
    SOCKET s;
    int thread, answer, code;
    char byte;
};

static void *receive_one(void *argument)
{
    struct receiver *receiver = argument;
    DWORD count;
    __atomic_store_n(&receiver->thread, posix_thread(), __ATOMIC_SEQ_CST);
    receiver->answer = receive_bytes(receiver->s, &receiver->byte, 1, &count, 0);
    receiver->code = error;
    return NULL;
}

/* Starts a receive in a thread of its own; returns when it waits. */
static pthread_t start_receiver(struct receiver *receiver, SOCKET s)
{
    pthread_t thread;
    memset(receiver, 0, sizeof *receiver);
    receiver->s = s;
    EQUAL(pthread_create(&thread, NULL, receive_one, receiver), 0);
    while (__atomic_load_n(&receiver->thread, __ATOMIC_SEQ_CST) == 0)
        continue;
    posix_await_call(receiver->thread, posix_poll);
    return thread;
}

TEST(closing_one_handle_leaves_the_others, "WSPDuplicateSocket.4 WSPCloseSocket.2")
{
    SOCKET pair[2];
    struct receiver receiver;
    DWORD count;
    startup();
    tcp_pair(pair);
    SUCCEEDS(duplicate(pair[0], posix_process()));
    SOCKET other = redeem();
    /* Those who wait on the handle that is closed come back; the connection stays. */
    pthread_t thread = start_receiver(&receiver, other);
    SUCCEEDS(WSPCloseSocket(other, &error));
    pthread_join(thread, NULL);
    EQUAL(receiver.answer, SOCKET_ERROR);
    EQUAL(receiver.code, WSAEINTR);
    is_one_connection(pair[1], pair[0]);
    /* Those who wait on the other one go on. */
    SUCCEEDS(duplicate(pair[0], posix_process()));
    other = redeem();
    thread = start_receiver(&receiver, pair[0]);
    SUCCEEDS(WSPCloseSocket(other, &error));
    SUCCEEDS(send_bytes(pair[1], "x", 1, &count));
    pthread_join(thread, NULL);
    EQUAL(receiver.answer, 0);
    EQUAL(receiver.byte, 'x');
}

static int listens;

/* Accepts or receives until the call ends; its code. */
static void *block(void *s)
{
    char byte;
    DWORD count;
    error = 0;
    if (listens)
        WSPAccept(*(SOCKET *)s, NULL, NULL, NULL, 0, &error);
    else
        receive_bytes(*(SOCKET *)s, &byte, 1, &count, 0);
    return (void *)(size_t)error;
}

/* How a socket ends on whose first handle a thread blocked before there was a second. */
enum ending { FIRST_FIRST, SECOND_FIRST, OFFER_LAST, CLEANUP };

static void end_blocked(SOCKET s, enum ending ending)
{
    pthread_t thread;
    void *code;
    SOCKET other = INVALID_SOCKET;
    CHECK(pthread_create(&thread, NULL, block, &s) == 0);
    posix_wait_until_blocked(1);
    SUCCEEDS(duplicate(s, posix_process()));
    if (ending != OFFER_LAST)
        CHECK((other = redeem()) != INVALID_SOCKET);
    if (ending == SECOND_FIRST)
        SUCCEEDS(WSPCloseSocket(other, &error));
    if (ending != CLEANUP)
        SUCCEEDS(WSPCloseSocket(s, &error));
    if (ending == FIRST_FIRST)
        SUCCEEDS(WSPCloseSocket(other, &error));
    if (ending == CLEANUP || ending == OFFER_LAST)
        SUCCEEDS(WSPCleanup(&error));
    pthread_join(thread, &code);
    EQUAL((size_t)code, WSAEINTR);
    if (ending == CLEANUP || ending == OFFER_LAST)
        startup();
}

/* Nothing is left of the socket then: whoever blocks comes back, and the peer sees the end. */
TEST(last_handle_ends_who_blocked_before_there_were_two, "WSPCloseSocket.2 WSPCleanup.3 WSPDuplicateSocket.4")
{
    struct sockaddr_in address;
    int peer;
    startup();
    for (enum ending ending = FIRST_FIRST; ending <= CLEANUP; ending++) {
        listens = 0;
        end_blocked(connect_posix(&peer), ending);
        /* At the last cleanup the end that wakes the thread may come before the reset. */
        int end = posix_drain(peer, NULL);
        CHECK(end == 0 || (ending == CLEANUP && end == -ECONNRESET));
        SOCKET s = udp();
        bind_loopback(s);
        end_blocked(s, ending);
        listens = 1;
        end_blocked(listener(SOMAXCONN, &address), ending);
        EQUAL(posix_connect(ntohs(address.sin_port)), -ECONNREFUSED);
        end_blocked(listener(5, &address), ending);
        EQUAL(posix_connect(ntohs(address.sin_port)), -ECONNREFUSED);
    }
}

/* A socket that had two handles, and has one. */
static SOCKET once_duplicated(SOCKET s)
{
    SUCCEEDS(duplicate(s, posix_process()));
    SOCKET other = redeem();
    CHECK(other != INVALID_SOCKET);
    SUCCEEDS(WSPCloseSocket(s, &error));
    return other;
}

TEST(with_one_handle_left_a_backlog_is_exact_again, "WSPListen.5 WSPDuplicateSocket.4")
{
    startup();
    SOCKET s = tcp();
    struct sockaddr_in address = bind_loopback(s);
    s = once_duplicated(s);
    SUCCEEDS(WSPListen(s, 2, &error));
    CHECK(posix_connect(ntohs(address.sin_port)) >= 0);
    CHECK(posix_connect(ntohs(address.sin_port)) >= 0);
    EQUAL(posix_connect(ntohs(address.sin_port)), -ECONNREFUSED);
}

TEST(cleanup_resets_a_duplicated_connection, "WSPCleanup.5 WSPDuplicateSocket.4")
{
    int once, twice;
    startup();
    once_duplicated(connect_posix(&once));
    SUCCEEDS(duplicate(connect_posix(&twice), posix_process()));
    CHECK(redeem() != INVALID_SOCKET);
    SUCCEEDS(WSPCleanup(&error));
    EQUAL(posix_drain(once, NULL), -ECONNRESET);
    EQUAL(posix_drain(twice, NULL), -ECONNRESET);
}

TEST(structure_works_once, "WSPDuplicateSocket.2")
{
    startup();
    SOCKET s = udp();
    SUCCEEDS(duplicate(s, posix_process()));
    CHECK(redeem() != INVALID_SOCKET);
    FAILS(redeem(), WSAEINVAL);
    /* A number that was never given. */
    SUCCEEDS(duplicate(s, posix_process()));
    info.dwProviderReserved ^= 1;
    FAILS(redeem(), WSAEINVAL);
}

TEST(structure_names_its_protocol, "WSPDuplicateSocket.9 NEED-S15")
{
    startup();
    SUCCEEDS(duplicate(udp(), posix_process()));
    WSAPROTOCOL_INFOW good = info;
    /* The entry of a layer, or of another protocol. */
    info.dwCatalogEntryId = 77;
    FAILS(redeem(), WSAEINVAL);
    info.dwCatalogEntryId = good.dwCatalogEntryId - 1;
    FAILS(redeem(), WSAEINVAL);
    info = good;
    CHECK(redeem() != INVALID_SOCKET);
}

TEST(another_process_gets_the_socket, "WSPDuplicateSocket.1 WSPDuplicateSocket.4 WSPDuplicateSocket.6 WSPSocket.6")
{
    SOCKET pair[2];
    char text[8];
    DWORD count;
    int pipe;
    startup();
    tcp_pair(pair);
    int child = posix_start("", &pipe);
    SUCCEEDS(duplicate(pair[0], child));
    SUCCEEDS(WSPCloseSocket(pair[0], &error));
    EQUAL(let_redeem(pipe), 0);
    SUCCEEDS(send_bytes(pair[1], "hello", 5, &count));
    EQUAL(ask(pipe, ECHO), 5);
    SUCCEEDS(receive_bytes(pair[1], text, sizeof text, &count, 0));
    EQUAL(count, 5);
    CHECK(memcmp(text, "hello", 5) == 0);
    /* The process was the last to hold the connection. */
    posix_close(pipe);
    EQUAL(posix_wait(child), 0);
    SUCCEEDS(receive_bytes(pair[1], text, sizeof text, &count, 0));
    EQUAL(count, 0);
}

TEST(both_processes_use_the_socket, "WSPDuplicateSocket.6")
{
    SOCKET pair[2];
    DWORD count;
    char text[8];
    int pipe;
    startup();
    tcp_pair(pair);
    SUCCEEDS(duplicate(pair[0], posix_start("", &pipe)));
    EQUAL(let_redeem(pipe), 0);
    is_one_connection(pair[0], pair[1]);
    SUCCEEDS(send_bytes(pair[1], "abc", 3, &count));
    EQUAL(ask(pipe, ECHO), 3);
    SUCCEEDS(receive_bytes(pair[1], text, sizeof text, &count, 0));
    EQUAL(count, 3);
    is_one_connection(pair[1], pair[0]);
}

TEST(another_process_can_use_the_structure_once, "WSPDuplicateSocket.2")
{
    int pipe;
    startup();
    SUCCEEDS(duplicate(udp(), posix_start("", &pipe)));
    EQUAL(let_redeem(pipe), 0);
    EQUAL(let_redeem(pipe), WSAEINVAL);
}

TEST(only_the_named_process_gets_the_socket, "WSPDuplicateSocket.2")
{
    int pipe, wrong;
    startup();
    SOCKET s = udp();
    posix_start("", &wrong);
    SUCCEEDS(duplicate(s, posix_start("", &pipe)));
    EQUAL(let_redeem(wrong), WSAEINVAL);
    FAILS(redeem(), WSAEINVAL);
    /* Their attempts have not used it up. */
    EQUAL(let_redeem(pipe), 0);
    /* What is for this process is not for others. */
    SUCCEEDS(duplicate(s, posix_process()));
    EQUAL(let_redeem(pipe), WSAEINVAL);
    CHECK(redeem() != INVALID_SOCKET);
}

TEST(nobody_by_that_number, "WSPDuplicateSocket.2")
{
    int pipe;
    startup();
    SOCKET s = udp();
    FAILS(duplicate(s, 0), WSAEINVAL);
    FAILS(duplicate(s, -1), WSAEINVAL);
    FAILS(duplicate(s, 0x7fffffff), WSAEINVAL);
    int child = posix_start("", &pipe);
    posix_close(pipe);
    EQUAL(posix_wait(child), 0);
    FAILS(duplicate(s, child), WSAEINVAL);
}

TEST(state_travels_and_stays_shared, "WSPDuplicateSocket.5")
{
    SOCKET pair[2];
    struct sockaddr_in address;
    DWORD count;
    char byte;
    int length = sizeof address, pipe;
    startup();
    tcp_pair(pair);
    SUCCEEDS(WSPGetSockName(pair[0], (struct sockaddr *)&address, &length, &error));
    set_nonblocking(pair[0], 1);
    SUCCEEDS(duplicate(pair[0], posix_start("", &pipe)));
    EQUAL(let_redeem(pipe), 0);
    EQUAL(ask(pipe, PORT), ntohs(address.sin_port));
    EQUAL(ask(pipe, TRY), WSAEWOULDBLOCK);
    /* Afterwards too, in both directions. */
    set_nonblocking(pair[0], 0);
    SUCCEEDS(send_bytes(pair[1], "x", 1, &count));
    EQUAL(ask(pipe, TRY), 0);
    EQUAL(ask(pipe, NONBLOCK), 0);
    FAILS(receive_bytes(pair[0], &byte, 1, &count, 0), WSAEWOULDBLOCK);
}

TEST(what_the_other_process_makes_of_it_is_learnt, "WSPDuplicateSocket.5")
{
    struct sockaddr_in address, other_address;
    char job = CONNECT;
    int length = sizeof address, pipe;
    unsigned short port;
    startup();
    int child = posix_start("", &pipe);
    /* It listens. */
    SOCKET s = tcp();
    address = bind_loopback(s);
    SUCCEEDS(duplicate(s, child));
    EQUAL(let_redeem(pipe), 0);
    EQUAL(ask(pipe, LISTEN), 0);
    int client = posix_connect(ntohs(address.sin_port));
    CHECK(client >= 0);
    SOCKET accepted = WSPAccept(s, NULL, NULL, NULL, 0, &error);
    CHECK(accepted != INVALID_SOCKET);
    /* It connects, and so binds. */
    posix_listen(&port, 5);
    s = tcp();
    SUCCEEDS(duplicate(s, child));
    EQUAL(let_redeem(pipe), 0);
    FAILS(WSPGetPeerName(s, (struct sockaddr *)&other_address, &length, &error), WSAENOTCONN);
    posix_write(pipe, &job, 1);
    posix_write(pipe, &port, sizeof port);
    EQUAL(answer_of(pipe), 0);
    SUCCEEDS(WSPGetPeerName(s, (struct sockaddr *)&other_address, &length, &error));
    EQUAL(ntohs(other_address.sin_port), port);
    SUCCEEDS(WSPGetSockName(s, (struct sockaddr *)&other_address, &length, &error));
}

TEST(full_queue_goes_back_to_the_kernel, "WSPDuplicateSocket.5 WSPDuplicateSocket.6")
{
    struct sockaddr_in address;
    int pipe;
    startup();
    /* Started first: a fork gives the queue back too. */
    int child = posix_start("", &pipe);
    /* The exact backlog is used up, and has taken the socket out of the kernel's hands. */
    SOCKET s = listener(1, &address);
    CHECK(posix_connect(ntohs(address.sin_port)) >= 0);
    EVENTUALLY(posix_connect(ntohs(address.sin_port)) < 0);
    /* The other process can get at those who come now, this one still at who came before. */
    SUCCEEDS(duplicate(s, child));
    EQUAL(let_redeem(pipe), 0);
    CHECK(posix_connect(ntohs(address.sin_port)) >= 0);
    EQUAL(ask(pipe, ACCEPT), 0);
    CHECK(WSPAccept(s, NULL, NULL, NULL, 0, &error) != INVALID_SOCKET);
}

TEST(nothing_is_left_of_an_offer, "WSPDuplicateSocket.2")
{
    SOCKET pair[2];
    char byte;
    DWORD count;
    int pipe;
    startup();
    tcp_pair(pair);
    int child = posix_start("", &pipe), descriptors = posix_open_descriptors();
    /* Fetched. */
    SUCCEEDS(duplicate(pair[0], child));
    EQUAL(let_redeem(pipe), 0);
    EVENTUALLY(posix_threads() == 1);
    EQUAL(posix_open_descriptors(), descriptors);
    /* Never fetched: the process ends. */
    SUCCEEDS(duplicate(pair[0], child));
    EQUAL(posix_threads(), 2);
    SUCCEEDS(WSPCloseSocket(pair[0], &error));
    posix_close(pipe);
    EQUAL(posix_wait(child), 0);
    SUCCEEDS(receive_bytes(pair[1], &byte, 1, &count, 0));
    EQUAL(count, 0);
    EVENTUALLY(posix_threads() == 1);
    EVENTUALLY(posix_open_descriptors() == descriptors - 2);
}

TEST(fork_leaves_offers_to_the_parent, "WSPDuplicateSocket.2")
{
    int pipe;
    startup();
    SOCKET s = udp();
    SUCCEEDS(duplicate(s, posix_start("", &pipe)));
    WSAPROTOCOL_INFOW abroad = info;
    SUCCEEDS(duplicate(s, posix_process()));
    int child = posix_fork();
    if (child == 0)
        exit(redeem() == INVALID_SOCKET && error == WSAEINVAL ? 0 : 1);
    EQUAL(posix_wait(child), 0);
    CHECK(redeem() != INVALID_SOCKET);
    info = abroad;
    EQUAL(let_redeem(pipe), 0);
}

TEST(cleanup_withdraws_offers, "WSPCleanup.5")
{
    int pipe;
    int child = posix_start("", &pipe), descriptors = posix_open_descriptors();
    startup();
    SOCKET s = udp();
    SUCCEEDS(duplicate(s, posix_process()));
    SUCCEEDS(duplicate(s, child));
    SUCCEEDS(WSPCleanup(&error));
    EVENTUALLY(posix_threads() == 1);
    EVENTUALLY(posix_open_descriptors() == descriptors);
    EQUAL(let_redeem(pipe), WSAEINVAL);
}

static SOCKET shown;
static int callback_answer;

static SOCKET WSPAPI see_handle(DWORD entry, SOCKET proposed, LPINT code)
{
    (void)entry, (void)code;
    if (shown != 0)
        callback_answer = duplicate(shown, posix_process()) == 0 ? 0 : error;
    shown = proposed;
    return proposed;
}

TEST(host_is_shown_the_new_handle, "WSPDuplicateSocket.8 C.5 C.7")
{
    WSPUPCALLTABLE upcalls;
    memset(&upcalls, 0, sizeof upcalls);
    upcalls.lpWPUModifyIFSHandle = see_handle;
    EQUAL(WSPStartup(MAKEWORD(2, 2), &data, NULL, upcalls, &procs), 0);
    SOCKET s = udp();
    SUCCEEDS(duplicate(s, posix_process()));
    SOCKET other = redeem();
    CHECK(other != s);
    EQUAL(shown, other);
    EQUAL(callback_answer, WSAEINPROGRESS);
}

TEST(bad_handles_and_pointers_are_refused, "WSPDuplicateSocket.1 OBS.12 OBS.44")
{
    startup();
    FAILS(WSPDuplicateSocket(12345, 0, NULL, &error), WSAENOTSOCK);
    SOCKET s = udp();
    FAILS(WSPDuplicateSocket(s, (DWORD)posix_process(), NULL, &error), WSAEFAULT);
    FAILS(WSPDuplicateSocket(s, (DWORD)posix_process(), (WSAPROTOCOL_INFOW *)8, &error), WSAEFAULT);
    /* Nothing is begun for them. */
    FAILS(WSPDuplicateSocket(s, (DWORD)posix_parent(), NULL, &error), WSAEFAULT);
    EQUAL(posix_threads(), 1);
    SUCCEEDS(WSPCloseSocket(s, &error));
    FAILS(duplicate(s, posix_process()), WSAENOTSOCK);
}

TEST(no_network_has_no_duplicates, "WSPDuplicateSocket.1")
{
    startup();
    SOCKET s = udp();
    posix_inject(SYS_socket, ENETDOWN);
    FAILS(duplicate(s, posix_parent()), WSAENETDOWN);
}

TEST(no_descriptors_for_a_duplicate, "WSPDuplicateSocket.1")
{
    startup();
    SOCKET s = udp();
    posix_inject(SYS_socket, EMFILE);
    FAILS(duplicate(s, posix_parent()), WSAEMFILE);
}

TEST(no_memory_for_a_duplicate, "WSPDuplicateSocket.1")
{
    startup();
    SOCKET s = udp();
    int descriptors = posix_open_descriptors();
    posix_inject(SYS_clone3, EAGAIN);
    posix_inject(SYS_clone, EAGAIN);
    FAILS(duplicate(s, posix_parent()), WSAENOBUFS);
    EQUAL(posix_open_descriptors(), descriptors);
}
