/* NEED-H7: struct timeval is libc's, TIMEVAL is its name, and select takes it. */
#include <winsock2.h>
#include <sys/time.h>

extern TIMEVAL same_time;
extern struct timeval same_time;

int wait_once(fd_set *set);

int wait_once(fd_set *set)
{
    struct timeval now;

    gettimeofday(&now, NULL);
    return select(0, set, NULL, NULL, &now);
}
