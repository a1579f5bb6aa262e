// select_server.c : an echo server on one thread, and two clients to try it, as Winsock programs have been written
// since 1995. Nothing in here knows of ws2spi.
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#define FD_SETSIZE 128

#include <winsock2.h>
#include <ws2tcpip.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma comment(lib, "ws2_32.lib")

static void die(const char *what)
{
    fprintf(stderr, "%s failed: %d\n", what, WSAGetLastError());
    WSACleanup();
    exit(1);
}

static SOCKET make_listener(SOCKADDR_IN *address)
{
    int length = sizeof(*address);
    BOOL yes = TRUE;
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    if (s == INVALID_SOCKET)
        die("socket");
    memset(address, 0, sizeof(*address));
    address->sin_family = AF_INET;
    address->sin_addr.s_addr = inet_addr("127.0.0.1");
    address->sin_port = htons(0);
    if (setsockopt(s, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, (const char *)&yes, sizeof(yes)) == SOCKET_ERROR)
        die("setsockopt");
    if (bind(s, (SOCKADDR *)address, sizeof(*address)) == SOCKET_ERROR)
        die("bind");
    if (listen(s, SOMAXCONN) == SOCKET_ERROR)
        die("listen");
    if (getsockname(s, (SOCKADDR *)address, &length) == SOCKET_ERROR)
        die("getsockname");
    return s;
}

static SOCKET make_client(const SOCKADDR_IN *address)
{
    u_long nonblocking = 1;
    SOCKET s = socket(AF_INET, SOCK_STREAM, 0);
    if (s == INVALID_SOCKET)
        die("socket");
    if (ioctlsocket(s, FIONBIO, &nonblocking) == SOCKET_ERROR)
        die("ioctlsocket");
    if (connect(s, (const SOCKADDR *)address, sizeof(*address)) == SOCKET_ERROR &&
        WSAGetLastError() != WSAEWOULDBLOCK)
        die("connect");
    return s;
}

int main(void)
{
    static const char text[] = "hello, winsock";
    WSADATA wsaData;
    SOCKADDR_IN address;
    SOCKET listener, clients[2], served[2];
    int sent[2] = {0, 0}, received[2] = {0, 0}, count = 0, i, done = 0;
    char buffer[512];

    if (WSAStartup(MAKEWORD(2, 2), &wsaData) != 0)
        return 1;
    if (LOBYTE(wsaData.wVersion) != 2 || HIBYTE(wsaData.wVersion) != 2) {
        WSACleanup();
        return 1;
    }
    listener = make_listener(&address);
    for (i = 0; i < 2; i++)
        clients[i] = make_client(&address);

    while (done < 2) {
        fd_set readfds, writefds, exceptfds;
        struct timeval timeout;
        int ready;

        FD_ZERO(&readfds);
        FD_ZERO(&writefds);
        FD_ZERO(&exceptfds);
        FD_SET(listener, &readfds);
        for (i = 0; i < count; i++)
            FD_SET(served[i], &readfds);
        for (i = 0; i < 2; i++) {
            if (clients[i] == INVALID_SOCKET)
                continue;
            FD_SET(clients[i], &readfds);
            FD_SET(clients[i], &exceptfds);
            if (!sent[i])
                FD_SET(clients[i], &writefds);
        }
        timeout.tv_sec = 20;
        timeout.tv_usec = 0;
        ready = select(0, &readfds, &writefds, &exceptfds, &timeout);
        if (ready == SOCKET_ERROR || ready == 0)
            die("select");

        if (FD_ISSET(listener, &readfds)) {
            SOCKADDR_IN peer;
            int length = sizeof(peer);
            served[count] = accept(listener, (SOCKADDR *)&peer, &length);
            if (served[count] == INVALID_SOCKET)
                die("accept");
            printf("connection from %s\n", inet_ntoa(peer.sin_addr));
            count++;
        }
        for (i = 0; i < count; i++) {
            if (FD_ISSET(served[i], &readfds)) {
                int n = recv(served[i], buffer, sizeof(buffer), 0);
                if (n == SOCKET_ERROR)
                    die("recv");
                if (n == 0) {
                    closesocket(served[i]);
                    served[i--] = served[--count];
                    done++;
                } else if (send(served[i], buffer, n, 0) != n) {
                    die("send");
                }
            }
        }
        for (i = 0; i < 2; i++) {
            if (clients[i] == INVALID_SOCKET)
                continue;
            if (FD_ISSET(clients[i], &exceptfds))
                die("connection");
            if (FD_ISSET(clients[i], &writefds)) {
                if (send(clients[i], text, (int)strlen(text), 0) != (int)strlen(text))
                    die("send");
                sent[i] = 1;
            }
            if (FD_ISSET(clients[i], &readfds)) {
                int n = recv(clients[i], buffer + received[i], (int)(sizeof(buffer) - received[i]), 0);
                if (n <= 0)
                    die("recv");
                received[i] += n;
                if (received[i] == (int)strlen(text)) {
                    shutdown(clients[i], SD_BOTH);
                    closesocket(clients[i]);
                    clients[i] = INVALID_SOCKET;
                }
            }
        }
    }
    closesocket(listener);
    if (WSACleanup() == SOCKET_ERROR)
        return 1;
    printf("done\n");
    return 0;
}
