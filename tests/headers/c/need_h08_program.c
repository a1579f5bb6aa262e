/* NEED-H8: the program's FD_SETSIZE is kept, also one that equals libc's and whatever libc header follows. */
#define FD_SETSIZE 1024
#include <winsock2.h>
#include <sys/select.h>
#include <stdlib.h>

#if FD_SETSIZE != 1024
#error "FD_SETSIZE"
#endif

typedef char size_of_fd_set[sizeof(fd_set) == 8 + 1024 * sizeof(SOCKET) ? 1 : -1];
