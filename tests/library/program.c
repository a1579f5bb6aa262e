/* What every way of linking must be able to run: a server and its client in one, over loopback. */
#include <ws2spi.h>

#include <stdio.h>
#include <string.h>

static int failed(const char *what, int code)
{
    fprintf(stderr, "%s failed with %d\n", what, code);
    return 1;
}

int main(void)
{
    WSPDATA data;
    WSPPROC_TABLE table;
    WSPUPCALLTABLE upcalls;
    struct sockaddr_in address;
    int length = sizeof address, error = 0;
    char text[8] = "";
    DWORD count = 0, flags = 0;
    WSABUF out = {6, "hello"}, in = {sizeof text, text};

    memset(&upcalls, 0, sizeof upcalls);
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if ((error = WSPStartup(MAKEWORD(2, 2), &data, NULL, upcalls, &table)) != 0)
        return failed("WSPStartup", error);
    SOCKET server = WSPSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0, 0, &error);
    SOCKET client = table.lpWSPSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0, 0, &error);
    if (WSPBind(server, (struct sockaddr *)&address, sizeof address, &error) != 0)
        return failed("WSPBind", error);
    if (WSPListen(server, 5, &error) != 0)
        return failed("WSPListen", error);
    if (WSPGetSockName(server, (struct sockaddr *)&address, &length, &error) != 0)
        return failed("WSPGetSockName", error);
    if (WSPConnect(client, (struct sockaddr *)&address, length, NULL, NULL, NULL, NULL, &error) != 0)
        return failed("WSPConnect", error);
    SOCKET accepted = WSPAccept(server, NULL, NULL, NULL, 0, &error);
    if (accepted == INVALID_SOCKET)
        return failed("WSPAccept", error);
    if (WSPSend(client, &out, 1, &count, 0, NULL, NULL, NULL, &error) != 0)
        return failed("WSPSend", error);
    if (WSPRecv(accepted, &in, 1, &count, &flags, NULL, NULL, NULL, &error) != 0)
        return failed("WSPRecv", error);
    printf("%s, %u bytes\n", text, (unsigned)count);
    if (WSPCleanup(&error) != 0)
        return failed("WSPCleanup", error);
    if (WSPListen(server, 5, &error) != SOCKET_ERROR || error != WSANOTINITIALISED)
        return failed("WSPListen after WSPCleanup", error);
    return 0;
}
