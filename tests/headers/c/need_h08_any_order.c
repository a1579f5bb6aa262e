/* NEED-H8: WS_FD_SETSIZE is heeded in every order, FD_SETSIZE redefined by a libc header or not. */
#define FD_SETSIZE 256
#define WS_FD_SETSIZE 256
#include <stdlib.h>
#include <winsock2.h>

#if FD_SETSIZE != 256
#error "FD_SETSIZE"
#endif

typedef char size_of_fd_set[sizeof(fd_set) == 8 + 256 * sizeof(SOCKET) ? 1 : -1];
