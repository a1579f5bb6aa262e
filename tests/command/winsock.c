/* A Winsock program that knows nothing of ws2spi: a client sends a message over TCP, and a server sends it back. */
#include <winsock2.h>

#include <stdio.h>
#include <string.h>

static int failed(const char *what)
{
    fprintf(stderr, "%s failed with %d\n", what, WSAGetLastError());
    WSACleanup();
    return 1;
}

int main(void)
{
    static const char message[] = "hello";
    char text[16] = "";
    WSADATA data;
    struct sockaddr_in address;
    int length = sizeof address;

    if (WSAStartup(MAKEWORD(2, 2), &data) != 0)
        return 1;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    SOCKET listening = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    SOCKET client = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    if (listening == INVALID_SOCKET || client == INVALID_SOCKET)
        return failed("socket");
    if (bind(listening, (struct sockaddr *)&address, sizeof address) == SOCKET_ERROR || listen(listening, 1) == SOCKET_ERROR ||
        getsockname(listening, (struct sockaddr *)&address, &length) == SOCKET_ERROR)
        return failed("listen");
    if (connect(client, (struct sockaddr *)&address, length) == SOCKET_ERROR)
        return failed("connect");
    SOCKET server = accept(listening, NULL, NULL);
    if (server == INVALID_SOCKET)
        return failed("accept");
    if (send(client, message, 5, 0) != 5 || recv(server, text, 5, MSG_WAITALL) != 5 || send(server, text, 5, 0) != 5 ||
        recv(client, text, 5, MSG_WAITALL) != 5)
        return failed("transfer");
    closesocket(server);
    closesocket(client);
    closesocket(listening);
    puts(text);
    return WSACleanup() == 0 ? 0 : 1;
}
