/* The Winsock API over the base provider alone, with the plain names that a Winsock source uses. */
#include "winsock.h"

TEST(a_program_serves_and_asks_by_winsock, "NEED-H10 C.2")
{
    char room[8];
    struct sockaddr_in peer;
    int length = sizeof peer;
    winsock();
    SOCKET listening = winsock_listen(), client = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    CHECK(client != INVALID_SOCKET);
    struct sockaddr_in address = winsock_name(listening);
    SUCCEEDS(connect(client, (struct sockaddr *)&address, sizeof address));
    SOCKET server = accept(listening, (struct sockaddr *)&peer, &length);
    CHECK(server != INVALID_SOCKET);
    EQUAL(peer.sin_port, winsock_name(client).sin_port);
    EQUAL(send(client, "hello", 5, 0), 5);
    EQUAL(recv(server, room, sizeof room, 0), 5);
    CHECK(memcmp(room, "hello", 5) == 0);
    SUCCEEDS(shutdown(client, SD_SEND));
    EQUAL(recv(server, room, sizeof room, 0), 0);
    SUCCEEDS(closesocket(client));
    SUCCEEDS(closesocket(server));
    SUCCEEDS(closesocket(listening));
    SUCCEEDS(WSACleanup());
}
