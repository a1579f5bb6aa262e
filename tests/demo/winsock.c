/*
 * A program as it was written for Windows: it starts Winsock, connects to itself, says something and hears it back.
 * Which providers carry that is none of its business.
 *
 *     cc winsock.c $(pkg-config --cflags --libs ws2spi) && ./a.out
 */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
    static const char text[] = "Hello, Winsock";
    char heard[64];
    WSADATA data;
    SOCKADDR_IN address = {0};
    int length = sizeof address, count;
    SOCKET listening, client, server;

    if (WSAStartup(MAKEWORD(2, 2), &data) != 0)
        return 1;
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listening = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    client = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    if (listening == INVALID_SOCKET || client == INVALID_SOCKET ||
        bind(listening, (SOCKADDR *)&address, sizeof address) == SOCKET_ERROR ||
        listen(listening, 1) == SOCKET_ERROR ||
        getsockname(listening, (SOCKADDR *)&address, &length) == SOCKET_ERROR ||
        connect(client, (SOCKADDR *)&address, sizeof address) == SOCKET_ERROR ||
        (server = accept(listening, NULL, NULL)) == INVALID_SOCKET ||
        send(client, text, (int)strlen(text), 0) == SOCKET_ERROR ||
        (count = recv(server, heard, sizeof heard, 0)) == SOCKET_ERROR) {
        fprintf(stderr, "error %d\n", WSAGetLastError());
        return 1;
    }
    printf("%.*s\n", count, heard);
    closesocket(server);
    closesocket(client);
    closesocket(listening);
    return WSACleanup();
}
