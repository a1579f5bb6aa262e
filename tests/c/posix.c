#define _GNU_SOURCE
#include "posix.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

const long POSIX_LISTEN = SYS_listen, POSIX_ACCEPT = SYS_accept4;

static int must(int answer, const char *what)
{
    if (answer < 0) {
        perror(what);
        exit(1);
    }
    return answer;
}

static struct sockaddr_in loopback(unsigned short port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int posix_connect(unsigned short port)
{
    int fd = must(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    struct sockaddr_in address = loopback(port);
    /* A connection that is neither taken nor refused is a failure to be seen, not waited for. */
    struct timeval limit = {.tv_sec = 20};
    must(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit), "SO_SNDTIMEO");
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        int code = errno;
        close(fd);
        return -code;
    }
    return fd;
}

int posix_listen(unsigned short *port, int backlog)
{
    int fd = must(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    struct sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    must(bind(fd, (struct sockaddr *)&address, sizeof address), "bind");
    must(listen(fd, backlog), "listen");
    must(getsockname(fd, (struct sockaddr *)&address, &length), "getsockname");
    *port = ntohs(address.sin_port);
    return fd;
}

int posix_accept(int fd)
{
    return must(accept(fd, NULL, NULL), "accept");
}

void posix_write(int fd, const void *bytes, unsigned long length)
{
    while (length > 0) {
        ssize_t written = send(fd, bytes, length, MSG_NOSIGNAL);
        must((int)written, "send");
        bytes = (const char *)bytes + written;
        length -= (unsigned long)written;
    }
}

unsigned long posix_read(int fd, void *bytes, unsigned long length)
{
    unsigned long total = 0;
    while (total < length) {
        ssize_t got = read(fd, (char *)bytes + total, length - total);
        must((int)got, "read");
        if (got == 0)
            break;
        total += (unsigned long)got;
    }
    return total;
}

void posix_close(int fd)
{
    must(close(fd), "close");
}

void posix_reset(int fd)
{
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    must(setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), "SO_LINGER");
    must(close(fd), "close");
}

int posix_open_descriptors(void)
{
    int count = 0;
    DIR *directory = opendir("/proc/self/fd");
    if (directory == NULL)
        must(-1, "/proc/self/fd");
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(directory);
    return count - 1; /* the directory's own */
}

void posix_inject(long number, int code)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)code),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = sizeof filter / sizeof *filter, .filter = filter};
    must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
    must(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), "seccomp");
}

long long posix_milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

int posix_read_error(int fd)
{
    char byte;
    ssize_t got = read(fd, &byte, 1);
    return got < 0 ? errno : 0;
}

int posix_threads(void)
{
    int count = 0;
    DIR *directory = opendir("/proc/self/task");
    if (directory == NULL)
        must(-1, "/proc/self/task");
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(directory);
    return count;
}

int posix_fork(void)
{
    fflush(NULL);
    return must(fork(), "fork");
}

int posix_wait(int child)
{
    int status = 0;
    must(waitpid(child, &status, 0), "waitpid");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void posix_limit_descriptors(int more)
{
    struct rlimit limit;
    must(getrlimit(RLIMIT_NOFILE, &limit), "getrlimit");
    /* The limit is on the number, so it is set behind the lowest free one. */
    int lowest = must(dup(2), "dup");
    close(lowest);
    limit.rlim_cur = (rlim_t)(lowest + more);
    must(setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
}

void posix_unlimit_descriptors(void)
{
    struct rlimit limit;
    must(getrlimit(RLIMIT_NOFILE, &limit), "getrlimit");
    limit.rlim_cur = limit.rlim_max;
    must(setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
}

void posix_pipe(int ends[2])
{
    must(pipe2(ends, O_CLOEXEC), "pipe");
}

void posix_put(int fd, const void *bytes, unsigned long length)
{
    must((int)write(fd, bytes, length), "write");
}
