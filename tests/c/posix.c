#define _GNU_SOURCE
#include "posix.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
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

/* LeakSanitizer asks at the end whether not to look: in a fork's child, where the memory of the parent's threads and
 * requests is nobody's, and where it could not start what looks. */
static int nobody_looks_for_leaks;
int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
    return nobody_looks_for_leaks;
}

static struct sockaddr_in loopback(unsigned short port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/* The sum of what `of` says of each number that is an entry of `folder`, but for the descriptor it is read through. */
static int sum(const char *folder, int (*of)(int number))
{
    int sum = 0;
    DIR *directory = opendir(folder);
    if (directory == NULL)
        must(-1, folder);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        int number = atoi(entry->d_name);
        if (entry->d_name[0] != '.' && number != dirfd(directory))
            sum += of(number);
    }
    closedir(directory);
    return sum;
}

static int one(int number)
{
    (void)number;
    return 1;
}

/* ---- Streams on 127.0.0.1 ---- */

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

int posix_listen(unsigned short *port, int backlog)
{
    *port = 0;
    int fd = must(posix_bind_tcp(port), "bind");
    must(listen(fd, backlog), "listen");
    return fd;
}

int posix_listen_full(unsigned short *port)
{
    int fd = posix_listen(port, 0);
    must(posix_connect(*port), "connect");
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

long posix_receive(int fd, void *bytes, unsigned long length)
{
    ssize_t got = recv(fd, bytes, length, 0);
    return got < 0 ? -errno : got;
}

long posix_send(int fd, const void *bytes, unsigned long length)
{
    ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);
    return sent < 0 ? -errno : sent;
}

void posix_urgent(int fd, char byte)
{
    must((int)send(fd, &byte, 1, MSG_OOB | MSG_NOSIGNAL), "send");
}

int posix_connect_path(const char *path)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    int fd = must(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    snprintf(name.sun_path, sizeof name.sun_path, "%s", path);
    must(connect(fd, (struct sockaddr *)&name, sizeof name), "connect");
    return fd;
}

void posix_send_descriptor(int fd, char byte)
{
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof(int))];
    } control = {.header = {.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int))}};
    struct iovec bytes = {&byte, 1};
    struct msghdr message = {
        .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    memcpy(CMSG_DATA(&control.header), &fd, sizeof fd);
    must((int)sendmsg(fd, &message, MSG_NOSIGNAL), "sendmsg");
}

int posix_exchange(int fd, unsigned char byte, unsigned char *answer)
{
    if (send(fd, &byte, 1, MSG_NOSIGNAL) != 1)
        return errno;
    ssize_t got = read(fd, answer, 1);
    return got < 0 ? errno : got == 0 ? ECONNRESET : 0;
}

int posix_read_error(int fd)
{
    char byte;
    ssize_t got = read(fd, &byte, 1);
    return got < 0 ? errno : 0;
}

int posix_drain(int fd, unsigned long *total)
{
    static char block[65536];
    unsigned long sum = 0;
    ssize_t got;
    while ((got = read(fd, block, sizeof block)) > 0)
        sum += (unsigned long)got;
    if (total != NULL)
        *total = sum;
    return got < 0 ? -errno : 0;
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

/* ---- Datagrams ---- */

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

void posix_datagram(unsigned short port, const void *bytes, unsigned long length)
{
    int fd = must(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket");
    struct sockaddr_in address = loopback(port);
    must((int)sendto(fd, bytes, length, 0, (struct sockaddr *)&address, sizeof address), "sendto");
    must(close(fd), "close");
}

void posix_send_to_group(const char *source, const char *group, unsigned short port, const void *bytes,
                         unsigned long length)
{
    int fd = must(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket");
    struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct in_addr out = {.s_addr = htonl(INADDR_LOOPBACK)};
    inet_pton(AF_INET, source, &from.sin_addr);
    inet_pton(AF_INET, group, &to.sin_addr);
    must(bind(fd, (struct sockaddr *)&from, sizeof from), "bind");
    must(setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &out, sizeof out), "IP_MULTICAST_IF");
    must((int)sendto(fd, bytes, length, 0, (struct sockaddr *)&to, sizeof to), "sendto");
    close(fd);
}

static int send_once(int fd, const void *bytes, unsigned long length, const void *address, socklen_t size)
{
    int answer = sendto(fd, bytes, length, 0, address, size) < 0 ? -errno : 0;
    close(fd);
    return answer;
}

int posix_multicast(unsigned group, unsigned short port, const void *bytes, unsigned long length)
{
    int fd = must(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket");
    struct sockaddr_in address = loopback(port);
    must(setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &address.sin_addr, sizeof address.sin_addr), "IP_MULTICAST_IF");
    address.sin_addr.s_addr = htonl(group);
    return send_once(fd, bytes, length, &address, sizeof address);
}

int posix_multicast6(const void *group, unsigned short port, const void *bytes, unsigned long length)
{
    int fd = must(socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket");
    int interface = (int)posix_loopback_index();
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    must(setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &interface, sizeof interface), "IPV6_MULTICAST_IF");
    memcpy(&address.sin6_addr, group, sizeof address.sin6_addr);
    return send_once(fd, bytes, length, &address, sizeof address);
}

/* ---- The host ---- */

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

void posix_temporary_path(char path[100])
{
    const char *folder = getenv("TMPDIR");
    snprintf(path, 80, "%s/ws2spi-XXXXXX", folder != NULL && strlen(folder) < 60 ? folder : "/tmp");
    if (mkdtemp(path) == NULL)
        must(-1, "mkdtemp");
    strcat(path, "/socket");
}

/* ---- Processes ---- */

int posix_process(void)
{
    return (int)getpid();
}

int posix_parent(void)
{
    return (int)getppid();
}

int posix_fork(void)
{
    fflush(NULL);
    int child = must(fork(), "fork");
    nobody_looks_for_leaks |= child == 0;
    return child;
}

int posix_wait(int child)
{
    int status = 0;
    must(waitpid(child, &status, 0), "waitpid");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void posix_pipe(int ends[2])
{
    must(pipe2(ends, O_CLOEXEC), "pipe");
}

void posix_put(int fd, const void *bytes, unsigned long length)
{
    must((int)write(fd, bytes, length), "write");
}

int posix_answerer(int (*answer)(int question))
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

/* ---- Threads and time ---- */

int posix_thread(void)
{
    return (int)syscall(SYS_gettid);
}

#ifndef __has_feature
#define __has_feature(feature) 0
#endif

/* ThreadSanitizer has a thread of its own. */
static const int of_sanitizer = __has_feature(thread_sanitizer);

static void *nothing(void *unused)
{
    return unused;
}

/* It comes with the first of the program's. */
__attribute__((constructor)) static void start_thread_of_sanitizer(void)
{
    pthread_t first;
    if (of_sanitizer && pthread_create(&first, NULL, nothing, NULL) == 0)
        pthread_join(first, NULL);
}

int posix_threads(void)
{
    return sum("/proc/self/task", one) - of_sanitizer;
}

const long posix_connecting = SYS_connect;

/* The one that the library uses where there is no time limit. */
#ifdef SYS_poll
const long posix_poll = SYS_poll;
#else
const long posix_poll = SYS_ppoll;
#endif

/* The system call that a thread of this process sleeps in; -1 for none, or when the thread has ended. */
static long current_call(int thread)
{
    char path[64], text[32] = "";
    snprintf(path, sizeof path, "/proc/self/task/%d/syscall", thread);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return -1;
    char *line = fgets(text, sizeof text, file);
    fclose(file);
    return line != NULL && text[0] != 'r' ? strtol(text, NULL, 10) : -1;
}

void posix_await_call(int thread, long number)
{
    for (;;) {
        long now = current_call(thread);
        if (now == number || (number == posix_poll && now == SYS_ppoll))
            return;
        sched_yield();
    }
}

static int is_other_and_blocked(int thread)
{
    const long calls[] = {SYS_recvfrom, SYS_recvmsg, SYS_accept4, SYS_sendto,
                          SYS_sendmsg,  SYS_connect, posix_poll,  SYS_ppoll};
    if (thread == getpid())
        return 0;
    long now = current_call(thread);
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (now == calls[i])
            return 1;
    return 0;
}

void posix_wait_until_blocked(int threads)
{
    for (long long end = posix_milliseconds() + 20000; posix_milliseconds() < end; sched_yield())
        if (sum("/proc/self/task", is_other_and_blocked) >= threads)
            return;
    fputs("no thread blocks\n", stderr);
    exit(1);
}

void posix_need_signals(void)
{
    if (!of_sanitizer)
        return;
    puts("skipped: ThreadSanitizer holds signals back");
    exit(77);
}

void posix_signal(int thread, void (*handler)(int))
{
    posix_need_signals();
    struct sigaction action = {.sa_handler = handler};
    must(sigaction(SIGUSR1, &action, NULL), "sigaction");
    must((int)syscall(SYS_tgkill, getpid(), thread, SIGUSR1), "tgkill");
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

/* ---- Descriptors ---- */

int posix_open_descriptors(void)
{
    return sum("/proc/self/fd", one);
}

static int is_inheritable(int fd)
{
    return (must(fcntl(fd, F_GETFD), "fcntl") & FD_CLOEXEC) == 0;
}

int posix_inheritable_descriptors(void)
{
    return sum("/proc/self/fd", is_inheritable);
}

void posix_limit_descriptors(int more)
{
    struct rlimit limit;
    nobody_looks_for_leaks = 1;
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

/* The highest descriptor of the process that is a socket. */
static int newest_socket(void)
{
    int newest = -1;
    DIR *directory = opendir("/proc/self/fd");
    if (directory == NULL)
        must(-1, "/proc/self/fd");
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        int fd = atoi(entry->d_name), kind;
        socklen_t length = sizeof kind;
        if (fd > newest && getsockopt(fd, SOL_SOCKET, SO_TYPE, &kind, &length) == 0)
            newest = fd;
    }
    closedir(directory);
    return newest;
}

int posix_newest_option(const char *name)
{
#define OPTION(level, name) {#name, level, name}
    static const struct {
        const char *name;
        int level, number;
    } options[] = {
        OPTION(SOL_SOCKET, SO_BROADCAST),      OPTION(SOL_SOCKET, SO_KEEPALIVE),
        OPTION(SOL_SOCKET, SO_LINGER),         OPTION(SOL_SOCKET, SO_NO_CHECK),
        OPTION(SOL_SOCKET, SO_OOBINLINE),      OPTION(SOL_SOCKET, SO_RCVBUF),
        OPTION(SOL_SOCKET, SO_REUSEADDR),      OPTION(SOL_SOCKET, SO_SNDBUF),
        OPTION(IPPROTO_TCP, TCP_NODELAY),      OPTION(IPPROTO_TCP, TCP_KEEPIDLE),
        OPTION(IPPROTO_TCP, TCP_KEEPINTVL),    OPTION(IPPROTO_TCP, TCP_KEEPCNT),
        OPTION(IPPROTO_TCP, TCP_USER_TIMEOUT), OPTION(IPPROTO_TCP, TCP_FASTOPEN),
        OPTION(IPPROTO_UDP, UDP_SEGMENT),      OPTION(IPPROTO_UDP, UDP_NO_CHECK6_TX),
        OPTION(IPPROTO_IP, IP_TOS),            OPTION(IPPROTO_IP, IP_TTL),
        OPTION(IPPROTO_IP, IP_MTU_DISCOVER),   OPTION(IPPROTO_IP, IP_UNICAST_IF),
        OPTION(IPPROTO_IP, IP_PKTINFO),        OPTION(IPPROTO_IP, IP_RECVTTL),
        OPTION(IPPROTO_IP, IP_RECVTOS),        OPTION(IPPROTO_IP, IP_MULTICAST_TTL),
        OPTION(IPPROTO_IP, IP_MULTICAST_LOOP), OPTION(IPPROTO_IPV6, IPV6_UNICAST_HOPS),
        OPTION(IPPROTO_IPV6, IPV6_V6ONLY),     OPTION(IPPROTO_IPV6, IPV6_DONTFRAG),
        OPTION(IPPROTO_IPV6, IPV6_TCLASS),     OPTION(IPPROTO_IPV6, IPV6_MTU_DISCOVER),
        OPTION(IPPROTO_IPV6, IPV6_UNICAST_IF), OPTION(IPPROTO_IPV6, IPV6_RECVPKTINFO),
        OPTION(IPPROTO_IPV6, IPV6_RECVRTHDR),  OPTION(IPPROTO_IPV6, IPV6_RECVHOPLIMIT),
        OPTION(IPPROTO_IPV6, IPV6_RECVTCLASS), OPTION(IPPROTO_IPV6, IPV6_MULTICAST_IF),
        OPTION(IPPROTO_IPV6, IPV6_MULTICAST_HOPS), OPTION(IPPROTO_IPV6, IPV6_MULTICAST_LOOP),
    };
#undef OPTION
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        int value = 0;
        socklen_t length = sizeof value;
        if (strcmp(options[i].name, name) != 0)
            continue;
        must(getsockopt(newest_socket(), options[i].level, options[i].number, &value, &length), name);
        return value;
    }
    fprintf(stderr, "posix_newest_option does not know %s\n", name);
    exit(1);
}

int posix_admitted(void)
{
    int highest = newest_socket(), admitted = -1;
    for (int fd = 0; fd <= highest; fd++) {
        int listens = 0;
        struct tcp_info info;
        socklen_t length = sizeof listens;
        if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length) != 0 || !listens)
            continue;
        length = sizeof info;
        /* Of a listening socket the field is its backlog, to which the kernel adds one. */
        must(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length), "TCP_INFO");
        admitted = (int)info.tcpi_sacked + 1;
    }
    return admitted;
}

/* ---- Failures ---- */

void posix_inject(long number, int code)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)code),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = sizeof filter / sizeof *filter, .filter = filter};
    nobody_looks_for_leaks = 1;
    must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
    must(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), "seccomp");
}

char *posix_fenced(unsigned long length)
{
    unsigned long page = (unsigned long)sysconf(_SC_PAGESIZE);
    char *memory = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        must(-1, "mmap");
    must(mprotect(memory + length - page, page, PROT_NONE), "mprotect");
    return memory;
}

void posix_drop_privileges(void)
{
    enum { NOBODY = 65534 };
    if (geteuid() == 0) {
        must(setgid(NOBODY), "setgid");
        must(setuid(NOBODY), "setuid");
    }
}
