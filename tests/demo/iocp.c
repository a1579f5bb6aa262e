#include <ws2kernel.h>
#include <ws2spi.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* A connection has one request at a time: a receive, or the send that gives back what came. */
struct connection {
    OVERLAPPED overlapped;
    SOCKET socket;
    BOOL sending;
    char bytes[4096];
};

static HANDLE port;

static void start(struct connection *connection, BOOL sending, DWORD length)
{
    WSABUF buffer = {length, connection->bytes};
    DWORD count, flags = 0;
    int error = 0;
    connection->overlapped = (OVERLAPPED){0};
    connection->sending = sending;
    if (sending)
        WSPSend(connection->socket, &buffer, 1, &count, 0, &connection->overlapped, NULL, NULL, &error);
    else
        WSPRecv(connection->socket, &buffer, 1, &count, &flags, &connection->overlapped, NULL, NULL, &error);
    if (error != 0 && error != WSA_IO_PENDING) /* nothing was started; otherwise, now or later, a packet comes */
        PostQueuedCompletionStatus(port, 0, (ULONG_PTR)connection, &connection->overlapped);
}

static void *serve(void *unused)
{
    DWORD count;
    struct connection *connection;
    OVERLAPPED *overlapped;
    while (GetQueuedCompletionStatus(port, &count, (ULONG_PTR *)&connection, &overlapped, INFINITE) || overlapped) {
        if (count > 0) {
            start(connection, !connection->sending, connection->sending ? sizeof connection->bytes : count);
        } else {
            CloseHandle((HANDLE)connection->socket);
            free(connection);
        }
    }
    return unused;
}

int main(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int error, length = sizeof address;
    WSPUPCALLTABLE upcalls = {0};
    WSPPROC_TABLE spi;
    WSPDATA data;

    WSPStartup(MAKEWORD(2, 2), &data, NULL, upcalls, &spi);
    SOCKET listening = WSPSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0, WSA_FLAG_OVERLAPPED, &error);
    WSPBind(listening, (struct sockaddr *)&address, sizeof address, &error);
    WSPListen(listening, SOMAXCONN, &error);
    WSPGetSockName(listening, (struct sockaddr *)&address, &length, &error);
    printf("listening on port %d\n", ntohs(address.sin_port));
    fflush(stdout);

    port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    for (int i = 0; i < 2; i++)
        pthread_create(&(pthread_t){0}, NULL, serve, NULL);
    for (SOCKET client; (client = WSPAccept(listening, NULL, NULL, NULL, 0, &error)) != INVALID_SOCKET;) {
        struct connection *connection = calloc(1, sizeof *connection);
        connection->socket = client;
        CreateIoCompletionPort((HANDLE)client, port, (ULONG_PTR)connection, 0);
        start(connection, FALSE, sizeof connection->bytes);
    }
    return 1;
}
