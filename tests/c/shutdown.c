#include "check.h"

#include <errno.h>
#include <sys/syscall.h>

/* Waits until a byte has arrived. */
static void await_data(SOCKET s)
{
    char byte;
    DWORD seen = 0;
    SUCCEEDS(receive_bytes(s, &byte, 1, &seen, MSG_PEEK));
    EQUAL(seen, 1);
}

TEST(shutdown_needs_a_connection_on_streams_only, "WSPShutdown.1 WSPShutdown.4 OBS.12 C.8")
{
    int peer;
    startup();
    SOCKET s = tcp(), datagram = udp();
    FAILS(WSPShutdown(s, SD_BOTH, &error), WSAENOTCONN);
    FAILS(WSPShutdown(s, 3, &error), WSAENOTCONN);
    bind_loopback(s);
    FAILS(WSPShutdown(s, SD_SEND, &error), WSAENOTCONN);
    SUCCEEDS(WSPListen(s, 5, &error));
    FAILS(WSPShutdown(s, SD_RECEIVE, &error), WSAENOTCONN);
    FAILS(WSPShutdown(0x1234, 3, &error), WSAENOTSOCK);
    SUCCEEDS(WSPShutdown(datagram, SD_BOTH, &error));
    s = connect_posix(&peer);
    FAILS(WSPShutdown(s, 3, &error), WSAEINVAL);
    FAILS(WSPShutdown(s, -1, &error), WSAEINVAL);
    FAILS(WSPShutdown(datagram, 3, &error), WSAEINVAL);
    /* A refused shutdown has shut nothing. */
    SUCCEEDS(send_bytes(s, "x", 1, NULL));
    SUCCEEDS(WSPCloseSocket(s, &error));
    FAILS(WSPShutdown(s, SD_BOTH, &error), WSAENOTSOCK);
}

TEST(the_end_of_sending_reaches_the_peer, "WSPShutdown.3 WSPSend.7 OBS.25")
{
    int peer;
    char bytes[10];
    DWORD count = 0;
    startup();
    SOCKET s = connect_posix(&peer);
    SUCCEEDS(send_bytes(s, "last", 4, &count));
    SUCCEEDS(WSPShutdown(s, SD_SEND, &error));
    FAILS(send_bytes(s, "x", 1, &count), WSAESHUTDOWN);
    EQUAL(posix_read(peer, bytes, 5), 4);
    /* The other direction goes on. */
    posix_write(peer, "answer", 6);
    SUCCEEDS(receive_bytes(s, bytes, 6, &count, MSG_WAITALL));
    EQUAL(count, 6);
    SUCCEEDS(WSPShutdown(s, SD_SEND, &error));
    FAILS(send_bytes(s, "x", 1, &count), WSAESHUTDOWN);
}

TEST(shutting_both_directions, "WSPShutdown.3 WSPSend.7 WSPRecv.13 OBS.25 OBS.14 WSPShutdown.5")
{
    int peer;
    char byte;
    DWORD count = 0;
    struct sockaddr_in name;
    int length = sizeof name;
    startup();
    SOCKET s = connect_posix(&peer);
    SUCCEEDS(WSPShutdown(s, SD_BOTH, &error));
    EQUAL(posix_receive(peer, &byte, 1), 0);
    FAILS(send_bytes(s, "x", 1, &count), WSAESHUTDOWN);
    FAILS(receive_bytes(s, &byte, 1, &count, 0), WSAESHUTDOWN);
    /* The handle is still open, and its names are known. */
    SUCCEEDS(WSPGetPeerName(s, (struct sockaddr *)&name, &length, &error));
    SUCCEEDS(WSPShutdown(s, SD_BOTH, &error));
    SUCCEEDS(WSPCloseSocket(s, &error));
}

TEST(shutdown_after_both_sides_have_closed, "WSPShutdown.3 WSPShutdown.5")
{
    int peer;
    char byte;
    DWORD count = 77;
    startup();
    SOCKET s = connect_posix(&peer);
    SUCCEEDS(WSPShutdown(s, SD_SEND, &error));
    EQUAL(posix_receive(peer, &byte, 1), 0);
    posix_close(peer);
    SUCCEEDS(receive_bytes(s, &byte, 1, &count, 0));
    EQUAL(count, 0);
    SUCCEEDS(WSPShutdown(s, SD_BOTH, &error));
    FAILS(receive_bytes(s, &byte, 1, &count, 0), WSAESHUTDOWN);
    FAILS(send_bytes(s, "x", 1, &count), WSAESHUTDOWN);
}

TEST(what_arrives_after_both_are_shut_is_answered_with_a_reset, "WSPShutdown.2")
{
    int peer;
    char byte;
    startup();
    SOCKET s = connect_posix(&peer);
    SUCCEEDS(WSPShutdown(s, SD_BOTH, &error));
    EQUAL(posix_receive(peer, &byte, 1), 0);
    /* A peer that goes on sending learns it: EPIPE is Linux' word for a reset after the end of the stream. */
    long answer;
    do {
        answer = posix_send(peer, "x", 1);
    } while (answer == 1);
    EQUAL(answer, -EPIPE);
}

TEST(unread_data_resets_the_connection, "OBS.9 WSPShutdown.2 OBS.25 WSPRecv.13")
{
    static const int hows[] = {SD_RECEIVE, SD_BOTH};
    startup();
    for (int i = 0; i < 2; i++) {
        int peer;
        char byte;
        DWORD count = 0;
        SOCKET s = connect_posix(&peer);
        posix_write(peer, "unread", 6);
        await_data(s);
        SUCCEEDS(WSPShutdown(s, hows[i], &error));
        EQUAL(posix_receive(peer, &byte, 1), -ECONNRESET);
        FAILS(receive_bytes(s, &byte, 1, &count, 0), WSAESHUTDOWN);
        FAILS(send_bytes(s, "x", 1, &count), hows[i] == SD_BOTH ? WSAESHUTDOWN : WSAECONNABORTED);
        posix_close(peer);
        SUCCEEDS(WSPCloseSocket(s, &error));
    }
}

TEST(nothing_unread_resets_nothing, "WSPShutdown.2 WSPRecvDisconnect.2")
{
    int peer;
    char byte;
    DWORD count = 0;
    startup();
    SOCKET s = connect_posix(&peer);
    SUCCEEDS(WSPShutdown(s, SD_RECEIVE, &error));
    FAILS(receive_bytes(s, &byte, 1, &count, 0), WSAESHUTDOWN);
    SUCCEEDS(send_bytes(s, "x", 1, &count));
    EQUAL(posix_receive(peer, &byte, 1), 1);
}

TEST(arriving_data_resets_the_connection_when_sending_finds_it, "WSPShutdown.2")
{
    int peer, answer;
    char bytes[100];
    DWORD count = 0;
    startup();
    SOCKET s = connect_posix(&peer);
    SUCCEEDS(WSPShutdown(s, SD_RECEIVE, &error));
    posix_write(peer, "late", 4);
    do {
        error = 0;
        answer = send_bytes(s, "x", 1, &count);
    } while (answer == 0);
    EQUAL(error, WSAECONNABORTED);
    FAILS(send_bytes(s, "x", 1, &count), WSAECONNABORTED);
    long received;
    do {
        received = posix_receive(peer, bytes, sizeof bytes);
    } while (received > 0);
    EQUAL(received, -ECONNRESET);
}

struct receiver {
    SOCKET s;
    int thread, answer;
    char byte;
    DWORD received;
};

static void *receive_one(void *argument)
{
    struct receiver *receiver = argument;
    __atomic_store_n(&receiver->thread, posix_thread(), __ATOMIC_RELEASE);
    receiver->answer = receive_bytes(receiver->s, &receiver->byte, 1, &receiver->received, 0);
    return NULL;
}

TEST(a_waiting_receive_survives, "OBS.9")
{
    int peer;
    pthread_t handle;
    startup();
    struct receiver receiver = {.s = connect_posix(&peer)};
    EQUAL(pthread_create(&handle, NULL, receive_one, &receiver), 0);
    while (__atomic_load_n(&receiver.thread, __ATOMIC_ACQUIRE) == 0)
        ;
    posix_await_call(receiver.thread, SYS_recvfrom);
    SUCCEEDS(WSPShutdown(receiver.s, SD_RECEIVE, &error));
    FAILS(receive_bytes(receiver.s, &receiver.byte, 1, &receiver.received, 0), WSAESHUTDOWN);
    posix_write(peer, "x", 1);
    pthread_join(handle, NULL);
    EQUAL(receiver.answer, 0);
    EQUAL(receiver.received, 1);
    EQUAL(receiver.byte, 'x');
}

TEST(shutdown_never_waits, "WSPShutdown.5 WSPSendDisconnect.4 WSPRecvDisconnect.4")
{
    int peer;
    DWORD sent = 0;
    LINGER linger = {1, 30};
    char *bytes = calloc(1, 64 << 20);
    startup();
    SOCKET s = connect_posix(&peer);
    SUCCEEDS(WSPSetSockOpt(s, SOL_SOCKET, SO_LINGER, (char *)&linger, sizeof linger, &error));
    /* More than the peer, which does not read, has room for. */
    set_nonblocking(s, 1);
    SUCCEEDS(send_bytes(s, bytes, 64 << 20, &sent));
    set_nonblocking(s, 0);
    long long before = posix_milliseconds();
    SUCCEEDS(WSPRecvDisconnect(s, NULL, &error));
    SUCCEEDS(WSPSendDisconnect(s, NULL, &error));
    SUCCEEDS(WSPShutdown(s, SD_BOTH, &error));
    CHECK(posix_milliseconds() - before < 15000);
    /* Nor does it lose what was sent, or close the handle. */
    SUCCEEDS(WSPSetSockOpt(s, SOL_SOCKET, SO_DONTLINGER, (char *)&(BOOL){TRUE}, sizeof(BOOL), &error));
    EQUAL(posix_read(peer, bytes, 64 << 20), sent);
    SUCCEEDS(WSPCloseSocket(s, &error));
    free(bytes);
}

TEST(ending_sending_with_senddisconnect, "WSPSendDisconnect.1 WSPSendDisconnect.2 WSPSendDisconnect.3 OBS.12")
{
    int peer;
    char byte;
    DWORD count = 0;
    WSABUF goodbye = {3, "bye"};
    startup();
    FAILS(WSPSendDisconnect(tcp(), NULL, &error), WSAENOTCONN);
    FAILS(WSPSendDisconnect(tcp(), (WSABUF *)8, &error), WSAENOTCONN);
    FAILS(WSPSendDisconnect(0x1234, NULL, &error), WSAENOTSOCK);
    SOCKET s = connect_posix(&peer);
    FAILS(WSPSendDisconnect(s, &goodbye, &error), WSAENOPROTOOPT);
    FAILS(WSPSendDisconnect(s, (WSABUF *)8, &error), WSAEFAULT);
    SUCCEEDS(send_bytes(s, "x", 1, &count));
    SUCCEEDS(WSPSendDisconnect(s, NULL, &error));
    EQUAL(posix_receive(peer, &byte, 1), 1);
    EQUAL(posix_receive(peer, &byte, 1), 0);
    FAILS(send_bytes(s, "x", 1, &count), WSAESHUTDOWN);
    posix_write(peer, "y", 1);
    SUCCEEDS(receive_bytes(s, &byte, 1, &count, 0));
    SUCCEEDS(WSPCloseSocket(s, &error));
    FAILS(WSPSendDisconnect(s, NULL, &error), WSAENOTSOCK);
}

TEST(ending_receiving_with_recvdisconnect, "WSPRecvDisconnect.1 WSPRecvDisconnect.2 WSPRecvDisconnect.3 OBS.12")
{
    int peer;
    char byte;
    DWORD count = 0;
    WSABUF data_of_peer = {1, &byte};
    startup();
    FAILS(WSPRecvDisconnect(tcp(), NULL, &error), WSAENOTCONN);
    FAILS(WSPRecvDisconnect(tcp(), (WSABUF *)8, &error), WSAENOTCONN);
    FAILS(WSPRecvDisconnect(0x1234, NULL, &error), WSAENOTSOCK);
    SOCKET s = connect_posix(&peer);
    FAILS(WSPRecvDisconnect(s, &data_of_peer, &error), WSAENOPROTOOPT);
    FAILS(WSPRecvDisconnect(s, (WSABUF *)8, &error), WSAEFAULT);
    /* The usual way: the peer has closed, and a receive has said so. */
    posix_close(peer);
    SUCCEEDS(receive_bytes(s, &byte, 1, &count, 0));
    EQUAL(count, 0);
    SUCCEEDS(WSPRecvDisconnect(s, NULL, &error));
    FAILS(receive_bytes(s, &byte, 1, &count, 0), WSAESHUTDOWN);
    SUCCEEDS(WSPCloseSocket(s, &error));
    FAILS(WSPRecvDisconnect(s, NULL, &error), WSAENOTSOCK);
}

TEST(shutting_where_networking_is_down, "WSPShutdown.3 WSPSendDisconnect.1")
{
    int peer;
    startup();
    SOCKET s = connect_posix(&peer), other = connect_posix(&peer);
    posix_inject(SYS_shutdown, ENETDOWN);
    FAILS(WSPShutdown(s, SD_SEND, &error), WSAENETDOWN);
    FAILS(WSPSendDisconnect(other, NULL, &error), WSAENETDOWN);
    /* What failed has shut nothing. */
    SUCCEEDS(send_bytes(s, "x", 1, NULL));
}

/* The socket stays connected, so it is not for use anew. */
TEST(a_disconnected_socket_is_not_connected_again, "WSPRecvDisconnect.5 WSPSendDisconnect.4 OBS.21")
{
    SOCKET pair[2];
    startup();
    SOCKET other = tcp();
    struct sockaddr_in address = bind_loopback(other);
    SUCCEEDS(WSPListen(other, 5, &error));
    tcp_pair(pair);
    SUCCEEDS(WSPRecvDisconnect(pair[0], NULL, &error));
    SUCCEEDS(WSPSendDisconnect(pair[0], NULL, &error));
    FAILS(connect_to(pair[0], &address), WSAEISCONN);
}
