/* NEED-H10: what a program calls as listen, accept, select, ... is the library's WS_listen, WS_accept, WS_select. The
   stand-ins of those names here are what the calls reach, and libc's functions are not. */
#include <winsock2.h>

int WSAAPI WS_listen(SOCKET s, int backlog)
{
    return (int)s + backlog;
}

int WSAAPI WS_shutdown(SOCKET s, int how)
{
    return (int)s * how;
}

int WSAAPI WS_select(int nfds, fd_set *read, fd_set *write, fd_set *except, const TIMEVAL *timeout)
{
    return nfds + (read != NULL) + (write != NULL) + (except != NULL) + (timeout != NULL);
}

int main(void)
{
    int (WSAAPI *pointer)(SOCKET, int) = listen;
    fd_set set;

    FD_ZERO(&set);
    if (listen(40, 2) != 42 || pointer(4, 3) != 7)
        return 1;
    if (shutdown(21, SD_BOTH) != 42)
        return 2;
    return select(40, &set, NULL, &set, NULL) == 42 ? 0 : 3;
}
