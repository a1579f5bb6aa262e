#define _GNU_SOURCE
#include "posix.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

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

void posix_urgent(int fd, char byte)
{
    must((int)send(fd, &byte, 1, MSG_OOB | MSG_NOSIGNAL), "send");
}

unsigned posix_loopback_index(void)
{
    return if_nametoindex("lo");
}

int posix_has_ipv6(void)
{
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int has = fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0;
    if (fd >= 0)
        close(fd);
    return has;
}

static int send_once(int fd, const void *bytes, unsigned long length, const void *address, socklen_t size)
{
    int answer = sendto(fd, bytes, length, 0, address, size) < 0 ? -errno : 0;
    close(fd);
    return answer;
}

int posix_send_to_group(unsigned group, unsigned short port, const void *bytes, unsigned long length)
{
    int fd = must(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket");
    struct sockaddr_in address = loopback(port);
    must(setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &address.sin_addr, sizeof address.sin_addr), "IP_MULTICAST_IF");
    address.sin_addr.s_addr = htonl(group);
    return send_once(fd, bytes, length, &address, sizeof address);
}

int posix_send_to_group6(const void *group, unsigned short port, const void *bytes, unsigned long length)
{
    int fd = must(socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket");
    int interface = (int)posix_loopback_index();
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    must(setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &interface, sizeof interface), "IPV6_MULTICAST_IF");
    memcpy(&address.sin6_addr, group, sizeof address.sin6_addr);
    return send_once(fd, bytes, length, &address, sizeof address);
}

int posix_thread(void)
{
    return (int)syscall(SYS_gettid);
}

#ifdef SYS_poll
const long posix_poll = SYS_poll;
#else
const long posix_poll = SYS_ppoll;
#endif

void posix_await_call(int thread, long number)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/syscall", thread);
    for (;;) {
        char text[32] = "";
        FILE *file = fopen(path, "re");
        if (file == NULL)
            must(-1, path);
        char *read = fgets(text, sizeof text, file);
        fclose(file);
        long now = read != NULL && text[0] != 'r' ? strtol(text, NULL, 10) : -1;
        if (now == number || (number == posix_poll && now == SYS_ppoll))
            return;
        sched_yield();
    }
}

void posix_signal(int thread, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};
    must(sigaction(SIGUSR1, &action, NULL), "sigaction");
    must((int)syscall(SYS_tgkill, getpid(), thread, SIGUSR1), "tgkill");
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

static long long milliseconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

long long posix_milliseconds(void)
{
    return milliseconds(CLOCK_MONOTONIC);
}

long long posix_processor_milliseconds(void)
{
    return milliseconds(CLOCK_PROCESS_CPUTIME_ID);
}
