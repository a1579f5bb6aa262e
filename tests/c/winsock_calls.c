/* The functions of the Winsock API over the base provider: that each finds its way, and its most telling failure. The
 * functions below have tests of their own, with all their rules. */
#include "winsock.h"

#include <signal.h>
#include <unistd.h>
#include <ws2kernel.h>

/* Two connected TCP sockets: pair[0] connected, pair[1] was accepted. */
static void connected_pair(SOCKET pair[2])
{
    SOCKET listening = winsock_listen();
    struct sockaddr_in address = winsock_name(listening);
    pair[0] = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    SUCCEEDS(connect(pair[0], (struct sockaddr *)&address, sizeof address));
    pair[1] = accept(listening, NULL, NULL);
    CHECK(pair[1] != INVALID_SOCKET);
    SUCCEEDS(closesocket(listening));
}

/* A bound UDP socket, connected to itself. */
static SOCKET datagrams(void)
{
    struct sockaddr_in address = loopback(0);
    SOCKET s = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
    SUCCEEDS(bind(s, (struct sockaddr *)&address, sizeof address));
    address = winsock_name(s);
    SUCCEEDS(connect(s, (struct sockaddr *)&address, sizeof address));
    return s;
}

/* ---- Sockets ---- */

TEST(sockets_are_made_by_every_name, "NEED-C3 NEED-C4 NEED-S7 OBS.11")
{
    WSAPROTOCOL_INFOA info[16];
    DWORD size = sizeof info;
    winsock();
    static const struct {
        int family, type, protocol;
    } good[] = {
        {AF_INET, SOCK_STREAM, IPPROTO_TCP}, {AF_INET, SOCK_STREAM, 0}, {AF_INET, SOCK_DGRAM, IPPROTO_UDP},
        {AF_INET6, SOCK_STREAM, 0},          {AF_INET6, SOCK_DGRAM, 0}, {AF_UNIX, SOCK_STREAM, 0},
        {AF_INET, 0, IPPROTO_TCP},           {AF_INET, 0, 0},           {0, SOCK_STREAM, IPPROTO_TCP},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        SOCKET s = socket(good[i].family, good[i].type, good[i].protocol);
        CHECK(s != INVALID_SOCKET);
        SUCCEEDS(closesocket(s));
    }
    FAILS_WITH(socket(77, SOCK_STREAM, 0), WSAEAFNOSUPPORT);
    FAILS_WITH(socket(AF_INET, 77, 0), WSAESOCKTNOSUPPORT);
    FAILS_WITH(socket(AF_INET, SOCK_STREAM, 77), WSAEPROTONOSUPPORT);
    FAILS_WITH(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP), WSAEPROTOTYPE);
    FAILS_WITH(socket(0, 0, 0), WSAEINVAL);
    int count = WSAEnumProtocolsA(NULL, info, &size);
    CHECK(count >= 5);
    for (int i = 0; i < count; i++) {
        int type, length = sizeof type;
        SOCKET s = WSASocketA(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info[i], 0, 0);
        CHECK(s != INVALID_SOCKET || WSAGetLastError() == WSAEACCES); /* raw */
        if (s == INVALID_SOCKET)
            continue;
        SUCCEEDS(getsockopt(s, SOL_SOCKET, SO_TYPE, (char *)&type, &length));
        EQUAL(type, info[i].iSocketType);
        SUCCEEDS(closesocket(s));
    }
    FAILS_WITH(WSASocketW(AF_INET, SOCK_STREAM, 0, (WSAPROTOCOL_INFOW *)(ULONG_PTR)16, 0, 0), WSAEFAULT);
    FAILS_WITH(WSASocketA(AF_INET, SOCK_STREAM, 0, (WSAPROTOCOL_INFOA *)(ULONG_PTR)16, 0, 0), WSAEFAULT);
    FAILS_WITH(WSASocketW(AF_INET, SOCK_STREAM, 0, NULL, 0, 0x80000000), WSAEINVAL);
}

/* socket() makes overlapped sockets, WSASocket those that are asked for. */
TEST(socket_is_overlapped, "OV.1 OV.2")
{
    char byte;
    OVERLAPPED overlapped = {0};
    WSABUF buffer = {1, &byte};
    DWORD count, flags = 0;
    u_long on = 1;
    winsock();
    SOCKET s = datagrams(), plain = WSASocketW(AF_INET, SOCK_DGRAM, 0, NULL, 0, 0);
    FAILS_WITH(WSARecv(s, &buffer, 1, &count, &flags, &overlapped, NULL), WSA_IO_PENDING);
    struct sockaddr_in address = loopback(0);
    SUCCEEDS(bind(plain, (struct sockaddr *)&address, sizeof address));
    SUCCEEDS(ioctlsocket(plain, FIONBIO, &on));
    OVERLAPPED other = {0};
    FAILS_WITH(WSARecv(plain, &buffer, 1, &count, &flags, &other, NULL), WSAEWOULDBLOCK);
    SUCCEEDS(closesocket(s));
}

TEST(names_options_and_modes, "OBS.12 OBS.13 NEED-H3")
{
    struct sockaddr_in address = loopback(0), peer;
    int length = sizeof peer, value = 1, value_length = sizeof value;
    u_long on = 1, waiting = 77;
    char byte;
    winsock();
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP), pair[2];
    FAILS_WITH(getsockname(s, (struct sockaddr *)&peer, &length), WSAEINVAL);
    FAILS_WITH(listen(s, 5), WSAEINVAL);
    FAILS_WITH(bind(s, (struct sockaddr *)&address, 3), WSAEFAULT);
    FAILS_WITH(bind(s, NULL, sizeof address), WSAEFAULT);
    SUCCEEDS(bind(s, (struct sockaddr *)&address, sizeof address));
    FAILS_WITH(bind(s, (struct sockaddr *)&address, sizeof address), WSAEINVAL);
    length = 3;
    FAILS_WITH(getsockname(s, (struct sockaddr *)&peer, &length), WSAEFAULT);
    length = sizeof peer;
    FAILS_WITH(getpeername(s, (struct sockaddr *)&peer, &length), WSAENOTCONN);
    FAILS_WITH(accept(s, NULL, NULL), WSAEINVAL);
    SUCCEEDS(setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, (char *)&value, sizeof value));
    value = 0;
    SUCCEEDS(getsockopt(s, SOL_SOCKET, SO_KEEPALIVE, (char *)&value, &value_length));
    EQUAL(value, 1);
    FAILS_WITH(getsockopt(s, SOL_SOCKET, 0x12345, (char *)&value, &value_length), WSAENOPROTOOPT);
    FAILS_WITH(setsockopt(s, 0x12345, 1, (char *)&value, sizeof value), WSAEINVAL);
    FAILS_WITH(setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, NULL, 4), WSAEFAULT);
    connected_pair(pair);
    SUCCEEDS(getpeername(pair[0], (struct sockaddr *)&peer, &length));
    EQUAL(peer.sin_port, winsock_name(pair[1]).sin_port);
    FAILS_WITH(connect(pair[0], (struct sockaddr *)&peer, sizeof peer), WSAEISCONN);
    SUCCEEDS(ioctlsocket(pair[0], FIONBIO, &on));
    FAILS_WITH(recv(pair[0], &byte, 1, 0), WSAEWOULDBLOCK);
    EQUAL(send(pair[1], "123", 3, 0), 3);
    EVENTUALLY(ioctlsocket(pair[0], FIONREAD, &waiting) == 0 && waiting == 3);
    FAILS_WITH(ioctlsocket(pair[0], (long)0x12345, &on), WSAEINVAL);
    FAILS_WITH(ioctlsocket(pair[0], FIONREAD, NULL), WSAEFAULT);
    FAILS_WITH(shutdown(pair[0], 3), WSAEINVAL);
    SUCCEEDS(shutdown(pair[0], SD_SEND));
    FAILS_WITH(send(pair[0], "x", 1, 0), WSAESHUTDOWN);
    SUCCEEDS(closesocket(pair[0]));
    FAILS_WITH(closesocket(pair[0]), WSAENOTSOCK);
}

TEST(connections_are_refused_and_asked_about, "WSPConnect.3 WSPAccept.1")
{
    unsigned short port = 0;
    int bound = posix_bind_tcp(&port);
    struct sockaddr_in nobody = loopback(port), address;
    QOS qos;
    WSABUF name = {4, (char *)"none"};
    winsock();
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    FAILS_WITH(connect(s, (struct sockaddr *)&nobody, sizeof nobody), WSAECONNREFUSED);
    FAILS_WITH(WSAConnect(s, (struct sockaddr *)&nobody, sizeof nobody, NULL, NULL, NULL, NULL), WSAECONNREFUSED);
    FAILS_WITH(WSAConnect(s, (struct sockaddr *)&nobody, 3, NULL, NULL, NULL, NULL), WSAEFAULT);
    SOCKET listening = winsock_listen();
    address = winsock_name(listening);
    SUCCEEDS(WSAConnect(s, (struct sockaddr *)&address, sizeof address, NULL, NULL, NULL, NULL));
    int length = 3;
    FAILS_WITH(WSAAccept(listening, (struct sockaddr *)&address, &length, NULL, 0), WSAEFAULT);
    FAILS_WITH(WSAJoinLeaf(s, (struct sockaddr *)&address, sizeof address, NULL, NULL, NULL, NULL, JL_BOTH), WSAEINVAL);
    REFUSES_WITH(WSAGetQOSByName(s, &name, &qos), WSAEINVAL);
    posix_close(bound);
}

static int CALLBACK reject(LPWSABUF caller, LPWSABUF caller_data, LPQOS sqos, LPQOS gqos, LPWSABUF callee,
                           LPWSABUF callee_data, GROUP *group, DWORD_PTR context)
{
    (void)caller, (void)caller_data, (void)sqos, (void)gqos, (void)callee, (void)callee_data, (void)group;
    EQUAL(context, 4711);
    /* From inside a callback nothing can be done. */
    FAILS_WITH(socket(AF_INET, SOCK_STREAM, IPPROTO_TCP), WSAEINPROGRESS);
    FAILS_WITH(select(0, NULL, NULL, NULL, NULL), WSAEINPROGRESS);
    FAILS_WITH(WSACleanup(), WSAEINPROGRESS);
    char name[8];
    FAILS_WITH(gethostname(name, sizeof name), WSAEINPROGRESS);
    WSADATA told;
    EQUAL(WSAStartup(MAKEWORD(2, 2), &told), WSAEINPROGRESS);
    return CF_REJECT;
}

TEST(a_condition_function_may_reject, "WSPAccept.4 C.7")
{
    winsock();
    SOCKET listening = winsock_listen(), s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    struct sockaddr_in address = winsock_name(listening);
    SUCCEEDS(connect(s, (struct sockaddr *)&address, sizeof address));
    FAILS_WITH(WSAAccept(listening, NULL, NULL, reject, 4711), WSAECONNREFUSED);
}

/* ---- Data ---- */

TEST(data_by_every_name, "WSPSend.1 WSPRecv.1 WSPSendTo.1 WSPRecvFrom.1 OBS.28")
{
    char room[8], other[8];
    struct sockaddr_in from, address;
    int length = sizeof from, in_out = 0;
    DWORD count = 77, flags = 0;
    WSABUF two[2] = {{2, (char *)"he"}, {3, (char *)"llo"}}, into[2] = {{2, room}, {6, other}};
    winsock();
    SOCKET pair[2], s = datagrams();
    connected_pair(pair);
    SUCCEEDS(WSASend(pair[0], two, 2, &count, 0, NULL, NULL));
    EQUAL(count, 5);
    SUCCEEDS(WSARecv(pair[1], into, 2, &count, &flags, NULL, NULL));
    EQUAL(count, 5);
    CHECK(memcmp(room, "he", 2) == 0 && memcmp(other, "llo", 3) == 0);
    FAILS_WITH(WSASend(pair[0], NULL, 1, &count, 0, NULL, NULL), WSAEFAULT);
    FAILS_WITH(WSARecv(pair[1], into, 2, &count, NULL, NULL, NULL), WSAEFAULT);
    FAILS_WITH(send(pair[0], NULL, 5, 0), WSAEFAULT);
    EQUAL(send(pair[0], "peek", 4, 0), 4);
    EQUAL(recv(pair[1], room, sizeof room, MSG_PEEK), 4);
    EQUAL(recv(pair[1], room, sizeof room, 0), 4);
    FAILS_WITH(recv(pair[1], NULL, 5, 0x12345000), WSAEOPNOTSUPP);
    address = winsock_name(s);
    EQUAL(sendto(s, "12345", 5, 0, (struct sockaddr *)&address, sizeof address), 5);
    EQUAL(recvfrom(s, room, sizeof room, 0, (struct sockaddr *)&from, &length), 5);
    EQUAL(from.sin_port, address.sin_port);
    SUCCEEDS(WSASendTo(s, two, 2, &count, 0, (struct sockaddr *)&address, sizeof address, NULL, NULL));
    SUCCEEDS(WSARecvFrom(s, into, 2, &count, &flags, (struct sockaddr *)&from, &length, NULL, NULL));
    EQUAL(count, 5);
    FAILS_WITH(sendto(s, "x", 1, 0, (struct sockaddr *)&address, 3), WSAEFAULT);
    /* Too long: recv fails with a part, WSARecvEx says that it is one. */
    EQUAL(send(s, "12345678", 8, 0), 8);
    FAILS_WITH(recv(s, room, 4, 0), WSAEMSGSIZE);
    CHECK(memcmp(room, "1234", 4) == 0);
    EQUAL(send(s, "abcdefgh", 8, 0), 8);
    EQUAL(WSARecvEx(s, room, 4, &in_out), 4);
    EQUAL(in_out, MSG_PARTIAL);
    CHECK(memcmp(room, "abcd", 4) == 0);
    EQUAL(send(s, "whole", 5, 0), 5);
    in_out = MSG_PEEK;
    EQUAL(WSARecvEx(s, room, sizeof room, &in_out), 5);
    EQUAL(in_out & MSG_PARTIAL, 0);
    in_out = 0;
    EQUAL(WSARecvEx(s, room, sizeof room, &in_out), 5);
    EQUAL(in_out, 0);
    FAILS_WITH(WSARecvEx(s, room, sizeof room, NULL), WSAEFAULT);
    /* The end. */
    SUCCEEDS(WSASendDisconnect(pair[0], NULL));
    EQUAL(recv(pair[1], room, sizeof room, 0), 0);
    in_out = 0;
    EQUAL(WSARecvEx(pair[1], room, sizeof room, &in_out), 0);
    SUCCEEDS(WSARecvDisconnect(pair[1], NULL));
    FAILS_WITH(recv(pair[1], room, sizeof room, 0), WSAESHUTDOWN);
    FAILS_WITH(WSASendDisconnect(socket(AF_INET, SOCK_STREAM, 0), NULL), WSAENOTCONN);
}

TEST(control_codes_and_functions, "WSPIoctl.1 NEED-S12 NEED-S14")
{
    u_long on = 1, waiting;
    DWORD count = 77;
    GUID connect_guid = WSAID_CONNECTEX, poll_guid = WSAID_WSAPOLL, accept_guid = WSAID_ACCEPTEX,
         message_guid = WSAID_WSASENDMSG;
    LPFN_CONNECTEX connect_ex;
    LPFN_WSAPOLL poll_function;
    LPFN_ACCEPTEX accept_ex;
    LPFN_WSASENDMSG send_message;
    winsock();
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP), base;
    SUCCEEDS(WSAIoctl(s, FIONBIO, &on, sizeof on, NULL, 0, &count, NULL, NULL));
    SUCCEEDS(WSAIoctl(s, FIONREAD, NULL, 0, &waiting, sizeof waiting, &count, NULL, NULL));
    EQUAL(count, sizeof waiting);
    SUCCEEDS(WSAIoctl(s, SIO_BASE_HANDLE, NULL, 0, &base, sizeof base, &count, NULL, NULL));
    EQUAL(base, s);
    FAILS_WITH(WSAIoctl(s, FIONREAD, NULL, 0, &waiting, 3, &count, NULL, NULL), WSAEFAULT);
    FAILS_WITH(WSAIoctl(s, 0x12345, NULL, 0, NULL, 0, &count, NULL, NULL), WSAEINVAL);
    SUCCEEDS(WSAIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &connect_guid, sizeof connect_guid, &connect_ex,
                      sizeof connect_ex, &count, NULL, NULL));
    REFUSES_WITH(connect_ex(s, NULL, 0, NULL, 0, NULL, NULL), WSA_INVALID_PARAMETER);
    /* What the base provider gives does not look who serves the socket, so it is another function than the one by name. */
    SUCCEEDS(WSAIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &poll_guid, sizeof poll_guid, &poll_function,
                      sizeof poll_function, &count, NULL, NULL));
    SUCCEEDS(WSAIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &accept_guid, sizeof accept_guid, &accept_ex,
                      sizeof accept_ex, &count, NULL, NULL));
    SUCCEEDS(WSAIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &message_guid, sizeof message_guid, &send_message,
                      sizeof send_message, &count, NULL, NULL));
    CHECK(poll_function != WSAPoll && accept_ex != AcceptEx && send_message != WSASendMsg);
    WSAPOLLFD polled = {datagrams(), POLLWRNORM, 0};
    EQUAL(poll_function(&polled, 1, 0), 1);
    REFUSES_WITH(accept_ex(s, s, NULL, 0, 32, 32, NULL, NULL), WSA_INVALID_PARAMETER);
    FAILS_WITH(send_message(s, NULL, 0, NULL, NULL, NULL), WSAEOPNOTSUPP); /* a stream */
}

/* ---- Overlapped ---- */

static int routines;

static void CALLBACK count_routine(DWORD code, DWORD bytes, LPWSAOVERLAPPED overlapped, DWORD flags)
{
    (void)overlapped, (void)flags;
    EQUAL(code, 0);
    EQUAL(bytes, 5);
    routines++;
}

TEST(requests_complete_by_every_means, "OV.9 OV.11 OV.15 NEED-K1 NEED-K3")
{
    char room[8];
    DWORD count = 77, flags = 77, zero = 0;
    ULONG_PTR key;
    WSABUF buffer = {sizeof room, room};
    OVERLAPPED overlapped = {.hEvent = WSACreateEvent()}, by_port = {0}, by_routine = {0}, *found;
    winsock();
    SOCKET pair[2], other[2];
    connected_pair(pair);
    connected_pair(other);
    FAILS_WITH(WSARecv(pair[1], &buffer, 1, &count, &zero, &overlapped, NULL), WSA_IO_PENDING);
    REFUSES_WITH(WSAGetOverlappedResult(pair[1], &overlapped, &count, FALSE, &flags), WSA_IO_INCOMPLETE);
    EQUAL(send(pair[0], "hello", 5, 0), 5);
    CHECK(WSAGetOverlappedResult(pair[1], &overlapped, &count, TRUE, &flags));
    CHECK(count == 5 && flags == 0);
    CHECK(GetOverlappedResult((HANDLE)pair[1], &overlapped, &count, FALSE));
    REFUSES_WITH(WSAGetOverlappedResult(pair[1], NULL, &count, FALSE, &flags), WSAEFAULT);
    FAILS_WITH(WSARecv(pair[1], &buffer, 1, &count, &zero, &by_routine, count_routine), WSA_IO_PENDING);
    EQUAL(send(pair[0], "again", 5, 0), 5);
    while (routines == 0)
        EQUAL(SleepEx(INFINITE, TRUE), WAIT_IO_COMPLETION);
    HANDLE port = CreateIoCompletionPort((HANDLE)other[1], NULL, 99, 0);
    CHECK(port != NULL);
    FAILS_WITH(WSARecv(other[1], &buffer, 1, &count, &zero, &by_port, NULL), WSA_IO_PENDING);
    EQUAL(send(other[0], "third", 5, 0), 5);
    CHECK(GetQueuedCompletionStatus(port, &count, &key, &found, INFINITE));
    CHECK(count == 5 && key == 99 && found == &by_port);
    CHECK(CloseHandle((HANDLE)other[1]));
    FAILS_WITH(closesocket(other[1]), WSAENOTSOCK);
    CHECK(CloseHandle(port));
    CHECK(!CloseHandle(port));
    CHECK(WSACloseEvent(overlapped.hEvent));
}

TEST(network_events_are_told_of, "EV.4 WSPEnumNetworkEvents.1 WSPEventSelect.1")
{
    char byte;
    WSANETWORKEVENTS events;
    WSAEVENT event = WSACreateEvent();
    winsock();
    SOCKET pair[2];
    connected_pair(pair);
    SUCCEEDS(WSAEventSelect(pair[1], event, FD_READ | FD_CLOSE));
    EQUAL(send(pair[0], "x", 1, 0), 1);
    EQUAL(WSAWaitForMultipleEvents(1, &event, FALSE, WSA_INFINITE, FALSE), WSA_WAIT_EVENT_0);
    SUCCEEDS(WSAEnumNetworkEvents(pair[1], event, &events));
    EQUAL(events.lNetworkEvents, FD_READ);
    EQUAL(recv(pair[1], &byte, 1, 0), 1);
    FAILS_WITH(WSAEventSelect(pair[1], (WSAEVENT)(ULONG_PTR)4, FD_READ), WSAEINVAL);
    FAILS_WITH(WSAEventSelect(pair[1], event, 1L << 40), WSAEINVAL);
    FAILS_WITH(WSAAsyncSelect(pair[1], NULL, 0, FD_READ), WSAEINVAL);
    FAILS_WITH(WSAEnumNetworkEvents(pair[1], NULL, NULL), WSAEFAULT);
}

/* ---- Sets and polls ---- */

TEST(select_takes_three_sets, "WSPSelect.2 WSPSelect.3 WSPSelect.4 WSPSelect.5 WSPSelect.7 WSPSelect.8 WSPSelect.9 OBS.42")
{
    fd_set readable, writable, failed;
    struct timeval zero = {0, 0}, bad = {0, -1};
    winsock();
    SOCKET pair[2], s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    connected_pair(pair);
    FD_ZERO(&readable), FD_ZERO(&writable), FD_ZERO(&failed);
    FD_SET(pair[0], &readable), FD_SET(pair[1], &readable);
    FD_SET(pair[0], &writable);
    FD_SET(pair[0], &failed);
    EQUAL(send(pair[0], "x", 1, 0), 1);
    EQUAL(select(0, &readable, NULL, NULL, NULL), 1);
    CHECK(FD_ISSET(pair[1], &readable) && !FD_ISSET(pair[0], &readable));
    EQUAL(select(0, &readable, &writable, &failed, &zero), 2);
    CHECK(FD_ISSET(pair[1], &readable) && FD_ISSET(pair[0], &writable) && failed.fd_count == 0);
    FD_ZERO(&readable);
    FD_SET(pair[0], &readable);
    EQUAL(select(0, &readable, NULL, NULL, &zero), 0);
    EQUAL(readable.fd_count, 0);
    FAILS_WITH(select(0, NULL, NULL, NULL, &zero), WSAEINVAL);
    FAILS_WITH(select(0, &readable, NULL, NULL, &zero), WSAEINVAL); /* empty */
    FD_SET(pair[0], &readable), FD_SET(s + 1, &readable);
    FAILS_WITH(select(0, &readable, NULL, NULL, &zero), WSAENOTSOCK);
    EQUAL(readable.fd_count, 2);
    FAILS_WITH(select(0, (fd_set *)(ULONG_PTR)16, NULL, NULL, &zero), WSAEFAULT);
    FAILS_WITH(select(0, &writable, NULL, NULL, &bad), WSAEINVAL);
    FAILS_WITH(select(0, &writable, NULL, NULL, (struct timeval *)(ULONG_PTR)16), WSAEFAULT);
}

TEST(polls_go_the_same_way, "NEED-S13")
{
    winsock();
    SOCKET pair[2];
    connected_pair(pair);
    WSAPOLLFD polled[3] = {{pair[0], POLLRDNORM | POLLWRNORM, 0}, {pair[1], POLLRDNORM, 0}, {INVALID_SOCKET, POLLRDNORM, 0}};
    EQUAL(send(pair[0], "x", 1, 0), 1);
    EQUAL(WSAPoll(&polled[1], 1, -1), 1);
    EQUAL(WSAPoll(polled, 3, 0), 2);
    EQUAL(polled[0].revents, POLLWRNORM);
    EQUAL(polled[1].revents, POLLRDNORM);
    FAILS_WITH(WSAPoll(polled, 0, 0), WSAEINVAL);
    FAILS_WITH(WSAPoll(NULL, 1, 0), WSAEINVAL);
    FAILS_WITH(WSAPoll((WSAPOLLFD *)(ULONG_PTR)16, 1, 0), WSAEFAULT);
}

/* ---- Cancelling ---- */

static SOCKET blocked_on;
static int cancelled, was_blocking;

static void cancel(int signal)
{
    (void)signal;
    was_blocking = WSAIsBlocking();
    cancelled = WSACancelBlockingCall();
}

static int thread_number;

static void *receive(void *unused)
{
    char byte;
    __atomic_store_n(&thread_number, posix_thread(), __ATOMIC_RELEASE);
    FAILS_WITH(recv(blocked_on, &byte, 1, 0), WSAEINTR);
    return unused;
}

TEST(a_blocking_call_is_cancelled, "WSPCancelBlockingCall.1 WSPCancelBlockingCall.3")
{
    SOCKET pair[2];
    pthread_t thread;
    int number;
    posix_need_signals();
    FAILS_WITH(WSACancelBlockingCall(), WSANOTINITIALISED);
    winsock();
    FAILS_WITH(WSACancelBlockingCall(), WSAEINVAL);
    CHECK(!WSAIsBlocking());
    connected_pair(pair);
    blocked_on = pair[0];
    EQUAL(pthread_create(&thread, NULL, receive, NULL), 0);
    while ((number = __atomic_load_n(&thread_number, __ATOMIC_ACQUIRE)) == 0)
        sched_yield();
    posix_wait_until_blocked(1);
    posix_signal(number, cancel);
    EQUAL(pthread_join(thread, NULL), 0);
    EQUAL(cancelled, 0);
    CHECK(was_blocking);
    /* The socket is as before. */
    char byte;
    EQUAL(send(pair[1], "x", 1, 0), 1);
    EQUAL(recv(pair[0], &byte, 1, 0), 1);
}

/* ---- The protocols ---- */

TEST(protocols_are_listed, "NEED-C3 WSCEnumProtocols.2")
{
    WSAPROTOCOL_INFOW info[16];
    WSAPROTOCOL_INFOA narrow[16];
    int only_tcp[] = {IPPROTO_TCP, 0}, none[] = {12345, 0};
    DWORD size = 0, whole;
    winsock();
    FAILS_WITH(WSAEnumProtocolsW(NULL, NULL, &size), WSAENOBUFS);
    CHECK(size > 0 && size % sizeof *info == 0);
    whole = size--;
    FAILS_WITH(WSAEnumProtocolsW(NULL, info, &size), WSAENOBUFS);
    EQUAL(size, whole);
    int count = WSAEnumProtocolsW(NULL, info, &size);
    EQUAL(count, whole / sizeof *info);
    for (int i = 0; i < count; i++)
        EQUAL(info[i].dwProviderFlags & PFL_HIDDEN, 0);
    size = sizeof info;
    EQUAL(WSAEnumProtocolsW(only_tcp, info, &size), 2);
    EQUAL(info[1].iProtocol, IPPROTO_TCP);
    size = sizeof narrow;
    EQUAL(WSAEnumProtocolsA(only_tcp, narrow, &size), 2);
    EQUAL(narrow[0].dwCatalogEntryId, info[0].dwCatalogEntryId);
    size = sizeof info;
    EQUAL(WSAEnumProtocolsW(none, info, &size), 0);
    /* A list of numbers has an end. */
    static int endless[(1 << 16) + 1];
    for (int i = 0; i < 1 << 16; i++)
        endless[i] = IPPROTO_TCP;
    FAILS_WITH(WSAEnumProtocolsW(endless, info, &size), WSAEINVAL);
    endless[(1 << 16) - 1] = 0;
    EQUAL(WSAEnumProtocolsW(endless, info, &size), 2);
    FAILS_WITH(WSAEnumProtocolsW(NULL, info, NULL), WSAEFAULT);
    FAILS_WITH(WSAEnumProtocolsW((int *)(ULONG_PTR)16, info, &size), WSAEFAULT);
    size = sizeof info;
    FAILS_WITH(WSAEnumProtocolsW(NULL, NULL, &size), WSAEFAULT);
}

/* ---- Extension functions by name ---- */

TEST(extension_functions_by_name, "NEED-S12 NEED-K5")
{
    enum { AREA_SIZE = sizeof(struct sockaddr_in) + 16 };
    char room[2 * AREA_SIZE], path[100], text[8];
    DWORD count = 0, flags;
    struct sockaddr *local, *remote;
    int local_length, remote_length;
    OVERLAPPED overlapped = {.hEvent = WSACreateEvent()};
    winsock();
    SOCKET listening = winsock_listen(), accepted = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP),
           client = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    struct sockaddr_in address = winsock_name(listening);
    REFUSES_WITH(AcceptEx(listening, accepted, room, 0, AREA_SIZE, AREA_SIZE, &count, &overlapped), WSA_IO_PENDING);
    SUCCEEDS(connect(client, (struct sockaddr *)&address, sizeof address));
    CHECK(WSAGetOverlappedResult(listening, &overlapped, &count, TRUE, &flags));
    GetAcceptExSockaddrs(room, 0, AREA_SIZE, AREA_SIZE, &local, &local_length, &remote, &remote_length);
    EQUAL(((struct sockaddr_in *)remote)->sin_port, winsock_name(client).sin_port);
    EQUAL(((struct sockaddr_in *)local)->sin_port, address.sin_port);
    REFUSES_WITH(AcceptEx(listening, listening, NULL, 0, 1, 1, &count, NULL), WSA_INVALID_PARAMETER);
    posix_temporary_path(path);
    FILE *file = fopen(path, "w+");
    CHECK(file != NULL && fputs("of file", file) >= 0 && fflush(file) == 0);
    HANDLE handle = (HANDLE)ws2spi_OpenFileDescriptor(fileno(file));
    rewind(file);
    CHECK(TransmitFile(client, handle, 0, 0, NULL, NULL, 0));
    EQUAL(recv(accepted, text, sizeof text, 0), 7);
    CHECK(memcmp(text, "of file", 7) == 0);
    REFUSES_WITH(TransmitFile(listening, handle, 0, 0, NULL, NULL, 0), WSAENOTCONN);
    CHECK(CloseHandle(handle));
    fclose(file);
    unlink(path);
    SOCKET s = datagrams();
    WSABUF buffer = {5, (char *)"hello"};
    WSAMSG message = {.lpBuffers = &buffer, .dwBufferCount = 1};
    SUCCEEDS(WSASendMsg(s, &message, 0, &count, NULL, NULL));
    EQUAL(count, 5);
    EQUAL(recv(s, text, sizeof text, 0), 5);
    FAILS_WITH(WSASendMsg(client, &message, 0, &count, NULL, NULL), WSAEOPNOTSUPP);
}
