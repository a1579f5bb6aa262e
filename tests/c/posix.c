#define _GNU_SOURCE
#include "posix.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
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

void posix_send_datagram(unsigned short port, const void *bytes, unsigned long length)
{
    int fd = must(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket");
    struct sockaddr_in address = loopback(port);
    must((int)sendto(fd, bytes, length, 0, (struct sockaddr *)&address, sizeof address), "sendto");
    must(close(fd), "close");
}

void posix_write_urgent(int fd, char byte)
{
    must((int)send(fd, &byte, 1, MSG_OOB | MSG_NOSIGNAL), "MSG_OOB");
}

int posix_source(unsigned to, unsigned *source)
{
    int fd = must(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket");
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(9), .sin_addr = {to}};
    socklen_t length = sizeof address;
    int answer = connect(fd, (struct sockaddr *)&address, sizeof address) == 0 ? 0 : -errno;
    must(getsockname(fd, (struct sockaddr *)&address, &length), "getsockname");
    *source = address.sin_addr.s_addr;
    must(close(fd), "close");
    return answer;
}

int posix_addresses(int ipv6, int loopback)
{
    int count = 0;
    struct ifaddrs *first;
    must(getifaddrs(&first), "getifaddrs");
    for (struct ifaddrs *entry = first; entry != NULL; entry = entry->ifa_next)
        count += entry->ifa_addr != NULL && entry->ifa_addr->sa_family == (ipv6 ? AF_INET6 : AF_INET) &&
                 (entry->ifa_flags & IFF_UP) != 0 && ((entry->ifa_flags & IFF_LOOPBACK) != 0) == loopback;
    freeifaddrs(first);
    return count;
}

int posix_process(void)
{
    return (int)getpid();
}

int posix_parent(void)
{
    return (int)getppid();
}

int posix_threads(void)
{
    struct stat about;
    must(stat("/proc/self/task", &about), "/proc/self/task");
    return (int)about.st_nlink - 2;
}

int posix_start(const char *argument, int *pipe)
{
    int ends[2];
    must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), "socketpair");
    int process = must(fork(), "fork");
    if (process == 0) {
        must(dup2(ends[1], 0), "dup2");
        must(dup2(ends[1], 1), "dup2");
        execl("/proc/self/exe", "program", "--child", argument, NULL);
        _exit(127);
    }
    must(close(ends[1]), "close");
    *pipe = ends[0];
    return process;
}

int posix_wait(int process)
{
    int status;
    must(waitpid(process, &status, 0), "waitpid");
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int posix_socket_option(enum posix_option option)
{
    static const struct {
        int level, name;
    } options[] = {
        [POSIX_KEEPALIVE] = {SOL_SOCKET, SO_KEEPALIVE},
        [POSIX_KEEPIDLE] = {IPPROTO_TCP, TCP_KEEPIDLE},
        [POSIX_KEEPINTVL] = {IPPROTO_TCP, TCP_KEEPINTVL},
        [POSIX_MULTICAST_LOOP] = {IPPROTO_IP, IP_MULTICAST_LOOP},
        [POSIX_MULTICAST_TTL] = {IPPROTO_IP, IP_MULTICAST_TTL},
    };
    struct stat about;
    int fd = 3, value = 0;
    socklen_t length = sizeof value;
    while (fd < 1000 && (fstat(fd, &about) != 0 || !S_ISSOCK(about.st_mode)))
        fd++;
    must(getsockopt(fd, options[option].level, options[option].name, &value, &length), "getsockopt");
    return value;
}

int posix_thread(void)
{
    return (int)syscall(SYS_gettid);
}

void posix_wait_until_asleep(int thread)
{
    char path[64], state = 'R';
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", thread);
    while (state != 'S') {
        FILE *file = fopen(path, "r");
        if (file == NULL || fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
            must(-1, path);
        fclose(file);
        sched_yield();
    }
}

long long posix_milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}
