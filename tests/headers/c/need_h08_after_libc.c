/* NEED-H8: after a libc header the program's FD_SETSIZE is told from libc's by its definition. */
#include <stdlib.h>
#undef FD_SETSIZE
#define FD_SETSIZE 1024
#include <winsock2.h>

typedef char size_of_fd_set[sizeof(fd_set) == 8 + 1024 * sizeof(SOCKET) ? 1 : -1];
