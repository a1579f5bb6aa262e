/*
 * An echo server written against the Winsock service provider interface: it starts the provider, takes its procedure
 * table, and serves one client on loopback. Nothing in it knows that it runs on POSIX.
 *
 *     cc echo.c $(pkg-config --cflags --libs ws2spi) && WS2SPI_LOG=trace ./a.out
 */
#include <ws2spi.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static WSPPROC_TABLE spi;

static void check(int succeeded, const char *what, int error)
{
    if (!succeeded) {
        fprintf(stderr, "%s failed with WSA error %d\n", what, error);
        exit(1);
    }
}

int main(void)
{
    WSPDATA data;
    WSPUPCALLTABLE upcalls;
    struct sockaddr_in address;
    int error = 0, length = sizeof address;

    /* A table of NULLs: the library's own upcalls. */
    memset(&upcalls, 0, sizeof upcalls);
    error = WSPStartup(MAKEWORD(2, 2), &data, NULL, upcalls, &spi);
    check(error == 0, "WSPStartup", error);

    SOCKET listening = spi.lpWSPSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0, 0, &error);
    check(listening != INVALID_SOCKET, "WSPSocket", error);

    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    check(spi.lpWSPBind(listening, (struct sockaddr *)&address, sizeof address, &error) == 0, "WSPBind", error);
    check(spi.lpWSPListen(listening, 5, &error) == 0, "WSPListen", error);
    check(spi.lpWSPGetSockName(listening, (struct sockaddr *)&address, &length, &error) == 0, "WSPGetSockName", error);
    printf("listening on port %d\n", ntohs(address.sin_port));
    fflush(stdout);

    SOCKET client = spi.lpWSPAccept(listening, NULL, NULL, NULL, 0, &error);
    check(client != INVALID_SOCKET, "WSPAccept", error);
    for (;;) {
        char bytes[512];
        WSABUF buffer = {sizeof bytes, bytes};
        DWORD count = 0, flags = 0;
        int outcome = spi.lpWSPRecv(client, &buffer, 1, &count, &flags, NULL, NULL, NULL, &error);
        check(outcome == 0, "WSPRecv", error);
        if (count == 0)
            break;
        buffer.len = count;
        outcome = spi.lpWSPSend(client, &buffer, 1, &count, 0, NULL, NULL, NULL, &error);
        check(outcome == 0, "WSPSend", error);
    }
    check(spi.lpWSPCloseSocket(client, &error) == 0, "WSPCloseSocket", error);
    check(spi.lpWSPCloseSocket(listening, &error) == 0, "WSPCloseSocket", error);
    check(spi.lpWSPCleanup(&error) == 0, "WSPCleanup", error);
    return 0;
}
