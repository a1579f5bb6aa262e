/* NEED-H8: fd_set is a counted array of 64 by both its names though libc's FD_SETSIZE was there first, and FD_SET
   ignores duplicates and what does not fit. */
#include <stdlib.h>
#include <sys/select.h>
#include <winsock2.h>

#if FD_SETSIZE != 64
#error "libc's FD_SETSIZE leaked in"
#endif

typedef char size_of_fd_set[sizeof(fd_set) == 520 ? 1 : -1];
extern fd_set same_set;
extern struct fd_set same_set;

int main(void)
{
    fd_set set;
    unsigned i;

    FD_ZERO(&set);
    FD_SET(8, &set);
    FD_SET(4, &set);
    FD_SET(8, &set);
    if (set.fd_count != 2 || set.fd_array[0] != 8 || set.fd_array[1] != 4)
        return 1;
    FD_CLR(8, &set);
    FD_CLR(8, &set);
    if (set.fd_count != 1 || set.fd_array[0] != 4)
        return 2;
    for (i = 1; i <= 2 * FD_SETSIZE; i++)
        FD_SET(4 * i, &set);
    return set.fd_count == FD_SETSIZE ? 0 : 3;
}
