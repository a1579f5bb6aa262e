/* AcceptEx, GetAcceptExSockaddrs and SO_UPDATE_ACCEPT_CONTEXT. */
#include "extension.h"

/* The request waits, a client comes, and the socket is connected. */
TEST(a_request_waits_for_a_connection, "NEED-S12 OV.4 OV.21")
{
    static char room[2 * AREA];
    struct sockaddr_in address;
    OVERLAPPED overlapped = {0};
    DWORD count = 77;
    startup();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address), accepting = overlapped_tcp();
    REFUSED(AcceptEx(listening, accepting, room, 0, AREA, AREA, &count, &overlapped), WSA_IO_PENDING);
    EQUAL(overlapped.Internal, WSS_OPERATION_IN_PROGRESS);
    EQUAL(connect_time(accepting), -1);
    int client = posix_connect(ntohs(address.sin_port));
    EQUAL(outcome(listening, &overlapped, &count), 0);
    EQUAL(count, 0);
    EQUAL(connect_time(accepting), 0);
    posix_write(client, "hello", 5);
    char bytes[8];
    OVERLAPPED receiving = {0};
    int code = receive_later(accepting, bytes, sizeof bytes, &receiving);
    CHECK(code == 0 || code == WSA_IO_PENDING);
    EQUAL(outcome(accepting, &receiving, &count), 0);
    EQUAL(count, 5);
    CHECK(memcmp(bytes, "hello", 5) == 0);
}

/* A client that is there already: the call itself brings it. */
TEST(a_request_completes_at_once, "NEED-S12 OV.3")
{
    static char room[2 * AREA];
    struct sockaddr_in address;
    OVERLAPPED overlapped = {0};
    DWORD count = 77;
    startup();
    SOCKET listening = overlapped_listener(SOMAXCONN, &address), accepting = overlapped_tcp();
    int client = posix_connect(ntohs(address.sin_port));
    CHECK(client >= 0);
    DONE(AcceptEx(listening, accepting, room, 0, AREA, AREA, &count, &overlapped));
    EQUAL(count, 0);
    CHECK(HasOverlappedIoCompleted(&overlapped));
}
