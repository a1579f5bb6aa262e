/* both.c - one program, one file, with both kinds of sockets: the plain names are POSIX's here, Winsock's have a prefix.
 * They talk to each other, and neither takes the other's for its own. */
#define WS2SPI_USE_WS_PREFIX
#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <poll.h>
#include <unistd.h>
#include <winsock2.h>
#include <ws2tcpip.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define CHECK(condition)                                                                                              \
    do {                                                                                                              \
        if (!(condition)) {                                                                                           \
            fprintf(stderr, "line %d: %s, errno %d, WSA %d\n", __LINE__, #condition, errno, WSAGetLastError());       \
            return 1;                                                                                                 \
        }                                                                                                             \
    } while (0)

int main(void)
{
    WSADATA data;
    char room[16];
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    /* libc's, which knows no WSAStartup. */
    int listening = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(listening >= 0 && listening < 1024);
    CHECK(bind(listening, (struct sockaddr *)&address, sizeof address) == 0);
    CHECK(listen(listening, 5) == 0);
    CHECK(getsockname(listening, (struct sockaddr *)&address, &length) == 0);

    CHECK(WS_socket(WS_AF_INET, WS_SOCK_STREAM, 0) == INVALID_SOCKET && WSAGetLastError() == WSANOTINITIALISED);
    CHECK(WSAStartup(MAKEWORD(2, 2), &data) == 0);
    SOCKET s = WS_socket(WS_AF_INET, WS_SOCK_STREAM, WS_IPPROTO_TCP);
    CHECK(s != INVALID_SOCKET && s >= 1024);
    CHECK(WS_connect(s, (struct sockaddr *)&address, sizeof address) == 0);
    int accepted = accept(listening, NULL, NULL);
    CHECK(accepted >= 0);

    CHECK(send(accepted, "posix", 5, 0) == 5);
    CHECK(WS_recv(s, room, sizeof room, 0) == 5 && memcmp(room, "posix", 5) == 0);
    CHECK(WS_send(s, "winsock", 7, 0) == 7);
    CHECK(recv(accepted, room, sizeof room, 0) == 7 && memcmp(room, "winsock", 7) == 0);

    /* Each with its own sets, and polls. */
    fd_set set;
    FD_ZERO(&set);
    FD_SET(accepted, &set);
    CHECK(select(accepted + 1, NULL, &set, NULL, NULL) == 1 && FD_ISSET(accepted, &set));
    WS_fd_set sockets;
    WS_FD_ZERO(&sockets);
    WS_FD_SET(s, &sockets);
    CHECK(WS_select(0, NULL, &sockets, NULL, NULL) == 1 && WS_FD_ISSET(s, &sockets));
    struct pollfd polled = {accepted, POLLOUT, 0};
    CHECK(poll(&polled, 1, 0) == 1 && polled.revents == POLLOUT);
    WSAPOLLFD polled_socket = {s, WS_POLLOUT, 0};
    CHECK(WSAPoll(&polled_socket, 1, 0) == 1 && polled_socket.revents == WS_POLLOUT);

    /* Neither is the other's. */
    CHECK(send((int)s, "x", 1, MSG_NOSIGNAL) == -1 && errno == EBADF);
    CHECK(WS_send((SOCKET)accepted, "x", 1, 0) == SOCKET_ERROR && WSAGetLastError() == WSAENOTSOCK);
    CHECK(close(accepted) == 0);
    CHECK(WS_recv(s, room, sizeof room, 0) == 0);
    CHECK(closesocket(s) == 0 && WSACleanup() == 0 && close(listening) == 0);
    printf("done\n");
    return 0;
}
