/* WSAConnectByList: the first address of a list that can be reached. */
#include "chain.h"

/* A list of up to four addresses of 127.0.0.1. */
struct list {
    INT count;
    SOCKET_ADDRESS addresses[4];
    struct sockaddr_in names[4];
};

static SOCKET_ADDRESS_LIST *listed(struct list *list, int count, const unsigned short *ports)
{
    list->count = count;
    for (int i = 0; i < count; i++) {
        list->names[i] = loopback(ports[i]);
        list->addresses[i].lpSockaddr = (struct sockaddr *)&list->names[i];
        list->addresses[i].iSockaddrLength = sizeof list->names[i];
    }
    return (SOCKET_ADDRESS_LIST *)list;
}

static SOCKET stream(void)
{
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    CHECK(s != INVALID_SOCKET);
    return s;
}

/* What a receive that cannot go on says: a blocking socket waits for its time-out. */
static int mode_of(SOCKET s)
{
    int moment = 1;
    char byte;
    SUCCEEDS(setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, (char *)&moment, sizeof moment));
    WSASetLastError(0);
    EQUAL(recv(s, &byte, 1, 0), SOCKET_ERROR);
    return WSAGetLastError();
}

/* The third is there; with and without a time-out, blocking and not. */
static void find_the_third(void)
{
    struct list list;
    struct timeval second = {20, 0};
    unsigned short ports[3] = {0, 0, 0};
    int first = posix_bind_tcp(&ports[0]), other = posix_bind_tcp(&ports[1]), listening = posix_listen(&ports[2], 20);
    for (int way = 0; way < 4; way++) {
        SOCKET s = stream();
        u_long nonblocking = way & 1;
        SUCCEEDS(ioctlsocket(s, FIONBIO, &nonblocking));
        struct sockaddr_in local, remote;
        DWORD local_length = sizeof local, remote_length = 100;
        CHECK(WSAConnectByList(s, listed(&list, 3, ports), &local_length, (struct sockaddr *)&local, &remote_length,
                               (struct sockaddr *)&remote, way & 2 ? &second : NULL, NULL));
        EQUAL(local_length, sizeof local);
        EQUAL(remote_length, sizeof remote);
        EQUAL(ntohs(remote.sin_port), ports[2]);
        EQUAL(local.sin_port, winsock_name(s).sin_port);
        int peer = posix_accept(listening);
        char byte;
        posix_write(peer, "x", 1);
        while (recv(s, &byte, 1, 0) != 1)
            EQUAL(WSAGetLastError(), WSAEWOULDBLOCK);
        DWORD_PTR context;
        if (WPUQuerySocketHandleContext(s, &context, &error) == SOCKET_ERROR)
            EQUAL(mode_of(s), nonblocking ? WSAEWOULDBLOCK : WSAETIMEDOUT);
        posix_close(peer);
        SUCCEEDS(closesocket(s));
    }
    posix_close(first), posix_close(other), posix_close(listening);
}

TEST(the_first_that_answers_is_taken, "WSPConnect.1 OBS.19")
{
    winsock();
    find_the_third();
}

TEST(lists_are_tried_through_layers, "WSPConnect.1 NEED-S6")
{
    new_catalog();
    install_layer("nonifs", 0);
    winsock();
    find_the_third();
}

TEST(the_last_failure_is_told, "WSPConnect.3 OBS.19")
{
    struct list list;
    struct timeval second = {20, 0};
    unsigned short ports[2] = {0, 0};
    int first = posix_bind_tcp(&ports[0]), other = posix_bind_tcp(&ports[1]), listening;
    winsock();
    SOCKET s = stream();
    REFUSES_WITH(WSAConnectByList(s, listed(&list, 2, ports), NULL, NULL, NULL, NULL, NULL, NULL), WSAECONNREFUSED);
    REFUSES_WITH(WSAConnectByList(s, listed(&list, 2, ports), NULL, NULL, NULL, NULL, &second, NULL), WSAECONNREFUSED);
    list.addresses[1].iSockaddrLength = 3;
    REFUSES_WITH(WSAConnectByList(s, (SOCKET_ADDRESS_LIST *)&list, NULL, NULL, NULL, NULL, NULL, NULL), WSAEFAULT);
    list.addresses[1].lpSockaddr = NULL;
    REFUSES_WITH(WSAConnectByList(s, (SOCKET_ADDRESS_LIST *)&list, NULL, NULL, NULL, NULL, NULL, NULL), WSAEFAULT);
    /* The socket can still be used. */
    listening = posix_listen(&ports[1], 5);
    CHECK(WSAConnectByList(s, listed(&list, 2, ports), NULL, NULL, NULL, NULL, &second, NULL));
    REFUSES_WITH(WSAConnectByList(s, listed(&list, 2, ports), NULL, NULL, NULL, NULL, NULL, NULL), WSAEISCONN);
    posix_close(first), posix_close(other), posix_close(listening);
}

/* The time is for all of them together. */
TEST(time_runs_out, "WSPConnect.3")
{
    struct list list;
    struct timeval moment = {0, 20000};
    unsigned short port;
    int full = posix_listen_full(&port);
    unsigned short ports[3] = {port, port, port};
    winsock();
    SOCKET s = stream();
    REFUSES_WITH(WSAConnectByList(s, listed(&list, 3, ports), NULL, NULL, NULL, NULL, &moment, NULL), WSAETIMEDOUT);
    SUCCEEDS(closesocket(s));
    posix_close(full);
}

TEST(what_makes_no_sense_is_refused, "OBS.12 OBS.44")
{
    struct list list;
    struct timeval bad = {0, 1000000};
    struct sockaddr_in name;
    DWORD little = sizeof name - 1, enough = sizeof name;
    OVERLAPPED overlapped;
    unsigned short port;
    int listening = posix_listen(&port, 5);
    winsock();
    SOCKET s = stream(), datagram = socket(AF_INET, SOCK_DGRAM, 0);
    SOCKET_ADDRESS_LIST *one = listed(&list, 1, &port);
    REFUSES_WITH(WSAConnectByList(s + 1, one, NULL, NULL, NULL, NULL, NULL, NULL), WSAENOTSOCK);
    REFUSES_WITH(WSAConnectByList(datagram, one, NULL, NULL, NULL, NULL, NULL, NULL), WSAEINVAL);
    REFUSES_WITH(WSAConnectByList(s, NULL, NULL, NULL, NULL, NULL, NULL, NULL), WSAEFAULT);
    REFUSES_WITH(WSAConnectByList(s, one, NULL, NULL, NULL, NULL, NULL, &overlapped), WSAEINVAL);
    REFUSES_WITH(WSAConnectByList(s, one, NULL, NULL, NULL, NULL, &bad, NULL), WSAEINVAL);
    REFUSES_WITH(WSAConnectByList(s, one, NULL, NULL, NULL, NULL, (struct timeval *)(ULONG_PTR)16, NULL), WSAEFAULT);
    REFUSES_WITH(WSAConnectByList(s, one, &little, (struct sockaddr *)&name, NULL, NULL, NULL, NULL), WSAEFAULT);
    REFUSES_WITH(WSAConnectByList(s, one, NULL, NULL, &little, (struct sockaddr *)&name, NULL, NULL), WSAEFAULT);
    REFUSES_WITH(WSAConnectByList(s, one, (DWORD *)(ULONG_PTR)16, (struct sockaddr *)&name, NULL, NULL, NULL, NULL),
                 WSAEFAULT);
    list.count = 0;
    REFUSES_WITH(WSAConnectByList(s, one, NULL, NULL, NULL, NULL, NULL, NULL), WSAEINVAL);
    list.count = -1;
    REFUSES_WITH(WSAConnectByList(s, one, NULL, NULL, NULL, NULL, NULL, NULL), WSAEINVAL);
    list.count = 0x7fffffff;
    REFUSES_WITH(WSAConnectByList(s, one, NULL, NULL, NULL, NULL, NULL, NULL), WSAEFAULT);
    /* None of that has connected it, and what is not wanted is not told. */
    list.count = 1;
    CHECK(WSAConnectByList(s, one, &enough, NULL, NULL, (struct sockaddr *)&name, NULL, NULL));
    EQUAL(enough, sizeof name);
    posix_close(listening);
}
