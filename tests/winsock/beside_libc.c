/* beside_libc.c - a Winsock source that reads libc's headers first, and uses files and pipes as well: the plain names of
 * sockets are Winsock's, and read, write, close stay libc's. */
#include <sys/types.h>
#include <sys/time.h>
#include <sys/select.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <fcntl.h>
#include <winsock2.h>
#include <ws2tcpip.h>

int main(void)
{
    WSADATA data;
    struct sockaddr_in address;
    int length = sizeof address, ends[2];
    char room[16];
    u_long waiting = 0;
    if (WSAStartup(MAKEWORD(2, 2), &data) != 0 || pipe(ends) != 0)
        return 1;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = inet_addr("127.0.0.1");
    SOCKET s = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
    if (s == INVALID_SOCKET || bind(s, (struct sockaddr *)&address, sizeof address) != 0 ||
        getsockname(s, (struct sockaddr *)&address, &length) != 0)
        return 2;
    if (write(ends[1], "through a pipe", 14) != 14 || read(ends[0], room, sizeof room) != 14)
        return 3;
    if (sendto(s, room, 14, 0, (struct sockaddr *)&address, sizeof address) != 14 ||
        ioctlsocket(s, FIONREAD, &waiting) != 0 || waiting != 14)
        return 4;
    fd_set set;
    struct timeval timeout = {20, 0};
    FD_ZERO(&set);
    FD_SET(s, &set);
    if (select(0, &set, NULL, NULL, &timeout) != 1 || !FD_ISSET(s, &set))
        return 5;
    if (recvfrom(s, room, sizeof room, 0, NULL, NULL) != 14 || memcmp(room, "through a pipe", 14) != 0)
        return 6;
    if (close(ends[0]) != 0 || close(ends[1]) != 0 || closesocket(s) != 0 || WSACleanup() != 0)
        return 7;
    printf("done\n");
    return 0;
}
