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
#include <sched.h>
#include <signal.h>
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

static int bind_loopback(int type, unsigned short *port)
{
    int fd = must(socket(AF_INET, type | SOCK_CLOEXEC, 0), "socket");
    struct sockaddr_in address = loopback(*port);
    socklen_t length = sizeof address;
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        int code = errno;
        close(fd);
        return -code;
    }
    must(getsockname(fd, (struct sockaddr *)&address, &length), "getsockname");
    *port = ntohs(address.sin_port);
    return fd;
}

int posix_bind_tcp(unsigned short *port)
{
    return bind_loopback(SOCK_STREAM, port);
}

int posix_bind_udp(unsigned short *port)
{
    return bind_loopback(SOCK_DGRAM, port);
}

void posix_send_datagram(int fd, char byte, unsigned short port)
{
    struct sockaddr_in address = loopback(port);
    must((int)sendto(fd, &byte, 1, 0, (struct sockaddr *)&address, sizeof address), "sendto");
}

char posix_receive_datagram(int fd)
{
    char byte;
    must((int)recv(fd, &byte, 1, 0), "recv");
    return byte;
}

int posix_listen_full(unsigned short *port)
{
    int fd = posix_listen(port, 0);
    must(posix_connect(*port), "connect");
    return fd;
}

void posix_temporary_path(char path[100])
{
    const char *folder = getenv("TMPDIR");
    snprintf(path, 80, "%s/ws2spi-XXXXXX", folder != NULL && strlen(folder) < 60 ? folder : "/tmp");
    if (mkdtemp(path) == NULL)
        must(-1, "mkdtemp");
    strcat(path, "/socket");
}

int posix_fork(int (*answer)(int question))
{
    int pair[2], question;
    must(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), "socketpair");
    pid_t process = fork();
    must(process, "fork");
    if (process != 0) {
        close(pair[1]);
        return pair[0];
    }
    close(pair[0]);
    while (recv(pair[1], &question, sizeof question, 0) == sizeof question) {
        int said = answer(question);
        must((int)send(pair[1], &said, sizeof said, MSG_NOSIGNAL), "send");
    }
    _exit(0);
}

int posix_ask(int process, int question)
{
    int said;
    must((int)send(process, &question, sizeof question, MSG_NOSIGNAL), "send");
    if (recv(process, &said, sizeof said, 0) != sizeof said) {
        fputs("the other process has ended\n", stderr);
        exit(1);
    }
    return said;
}

void posix_end(int process)
{
    posix_close(process);
    must(wait(NULL), "wait");
}

void posix_forbid_descriptors(int forbid)
{
    static struct rlimit before;
    if (forbid) {
        must(getrlimit(RLIMIT_NOFILE, &before), "getrlimit");
        struct rlimit none = {.rlim_cur = 0, .rlim_max = before.rlim_max};
        must(setrlimit(RLIMIT_NOFILE, &none), "setrlimit");
    } else {
        must(setrlimit(RLIMIT_NOFILE, &before), "setrlimit");
    }
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

int posix_drain(int fd, unsigned long *total)
{
    char bytes[4096];
    ssize_t got;
    for (*total = 0; (got = read(fd, bytes, sizeof bytes)) > 0;)
        *total += (unsigned long)got;
    return got < 0 ? -errno : 0;
}

void posix_urgent(int fd, char byte)
{
    must((int)send(fd, &byte, 1, MSG_OOB | MSG_NOSIGNAL), "send");
}

int posix_thread(void)
{
    return (int)syscall(SYS_gettid);
}

const long posix_ppoll = SYS_ppoll, posix_connecting = SYS_connect;

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
        if (read != NULL && text[0] != 'r' && strtol(text, NULL, 10) == number)
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

static int count_descriptors(int unwanted_flags)
{
    int count = 0;
    DIR *directory = opendir("/proc/self/fd");
    if (directory == NULL)
        must(-1, "/proc/self/fd");
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        int fd = atoi(entry->d_name);
        if (entry->d_name[0] != '.' && fd != dirfd(directory))
            count += (must(fcntl(fd, F_GETFD), "fcntl") & unwanted_flags) == 0;
    }
    closedir(directory);
    return count;
}

int posix_open_descriptors(void)
{
    return count_descriptors(0);
}

int posix_inheritable_descriptors(void)
{
    return count_descriptors(FD_CLOEXEC);
}

const int posix_enetdown = ENETDOWN, posix_enobufs = ENOBUFS, posix_etimedout = ETIMEDOUT,
          posix_ehostunreach = EHOSTUNREACH, posix_eperm = EPERM, posix_enomem = ENOMEM, posix_econnreset = ECONNRESET;

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
