#include "check.h"

/* A POSIX client is served by a server that speaks to the SPI: what the library is for. */
TEST(a_connection_is_served, "WSPAccept.2 WSPListen.1 WSPRecv.4 WSPSend.2")
{
    char text[16];
    DWORD count = 0;
    struct sockaddr_in address, peer;
    int length = sizeof peer;
    startup();
    SOCKET listening = listener(SOMAXCONN, &address);
    int client = posix_connect(ntohs(address.sin_port));
    CHECK(client >= 0);
    SOCKET s = WSPAccept(listening, (struct sockaddr *)&peer, &length, NULL, 0, &error);
    CHECK(s != INVALID_SOCKET);
    EQUAL(length, sizeof peer);
    EQUAL(peer.sin_family, AF_INET);
    posix_write(client, "hello", 5);
    SUCCEEDS(receive_bytes(s, text, sizeof text, &count, 0));
    EQUAL(count, 5);
    SUCCEEDS(send_bytes(s, text, 5, &count));
    EQUAL(posix_read(client, text, 5), 5);
    CHECK(memcmp(text, "hello", 5) == 0);
    SUCCEEDS(WSPCloseSocket(s, &error));
    EQUAL(posix_read(client, text, 1), 0);
    FAILS(WSPCloseSocket(s, &error), WSAENOTSOCK);
    SUCCEEDS(WSPCleanup(&error));
    FAILS(WSPListen(listening, 1, &error), WSANOTINITIALISED);
}
