/*
 * What only the kernel can cause: shortages, networks that are down, policies that forbid. Each row has one system call
 * fail in a process of its own, and names the code that the function answers with.
 */
#include "check.h"

#include <errno.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Not every processor's Linux has the older call. */
#ifdef SYS_poll
#define POLL SYS_poll
#else
#define POLL 0
#endif

struct row {
    const char *function;
    void (*call)(const struct row *row);
    /* The system call that fails, and one that may be used instead of it. */
    long number, other;
    int kernel, code;
};

/* From here on the row's calls fail, and `call` is to answer `failure` with the row's code. */
#define FAILS_WITH(row, failure, call)                                                                                 \
    do {                                                                                                               \
        posix_inject((row)->number, (row)->kernel);                                                                    \
        if ((row)->other != 0)                                                                                         \
            posix_inject((row)->other, (row)->kernel);                                                                 \
        error = 0;                                                                                                     \
        CHECK((call) == (failure));                                                                                    \
        EQUAL(error, (row)->code);                                                                                     \
    } while (0)

static void call_socket(const struct row *row)
{
    FAILS_WITH(row, INVALID_SOCKET, WSPSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0, 0, &error));
}

static void call_socket_of_datagrams(const struct row *row)
{
    FAILS_WITH(row, INVALID_SOCKET, WSPSocket(AF_INET6, SOCK_DGRAM, IPPROTO_UDP, NULL, 0, 0, &error));
}

static void call_bind(const struct row *row)
{
    struct sockaddr_in address = loopback(0);
    SOCKET s = tcp();
    FAILS_WITH(row, SOCKET_ERROR, WSPBind(s, (struct sockaddr *)&address, sizeof address, &error));
}

static void call_listen(const struct row *row)
{
    SOCKET s = tcp();
    bind_loopback(s);
    FAILS_WITH(row, SOCKET_ERROR, WSPListen(s, SOMAXCONN, &error));
}

/* A connection is there to be accepted. */
static void call_accept(const struct row *row)
{
    struct sockaddr_in address;
    SOCKET s = listener(SOMAXCONN, &address);
    CHECK(posix_connect(ntohs(address.sin_port)) >= 0);
    FAILS_WITH(row, INVALID_SOCKET, WSPAccept(s, NULL, NULL, NULL, 0, &error));
}

static void call_connect(const struct row *row)
{
    struct sockaddr_in address;
    listener(SOMAXCONN, &address);
    SOCKET s = tcp();
    FAILS_WITH(row, SOCKET_ERROR, connect_to(s, &address));
}

static SOCKET connected(void)
{
    SOCKET pair[2];
    tcp_pair(pair);
    return pair[0];
}

static void call_send(const struct row *row)
{
    DWORD sent;
    SOCKET s = connected();
    FAILS_WITH(row, SOCKET_ERROR, send_bytes(s, "x", 1, &sent));
}

static void call_send_datagram(const struct row *row)
{
    struct sockaddr_in address = bind_loopback(udp());
    WSABUF buffer = {1, (char *)"x"};
    DWORD sent;
    SOCKET s = udp();
    SUCCEEDS(connect_to(s, &address));
    FAILS_WITH(row, SOCKET_ERROR, WSPSend(s, &buffer, 1, &sent, 0, NULL, NULL, NULL, &error));
}

static void call_sendto(const struct row *row)
{
    struct sockaddr_in address = bind_loopback(udp());
    WSABUF buffer = {1, (char *)"x"};
    DWORD sent;
    SOCKET s = udp();
    FAILS_WITH(row, SOCKET_ERROR,
               WSPSendTo(s, &buffer, 1, &sent, 0, (struct sockaddr *)&address, sizeof address, NULL, NULL, NULL, &error));
}

static void call_sendto_on_stream(const struct row *row)
{
    WSABUF buffer = {1, (char *)"x"};
    DWORD sent;
    SOCKET s = connected();
    FAILS_WITH(row, SOCKET_ERROR, WSPSendTo(s, &buffer, 1, &sent, 0, NULL, 0, NULL, NULL, NULL, &error));
}

static void call_recv(const struct row *row)
{
    char byte;
    DWORD received;
    SOCKET s = connected();
    FAILS_WITH(row, SOCKET_ERROR, receive_bytes(s, &byte, 1, &received, 0));
}

static int receive_from(SOCKET s)
{
    char byte;
    WSABUF buffer = {1, &byte};
    DWORD received, flags = 0;
    return WSPRecvFrom(s, &buffer, 1, &received, &flags, NULL, NULL, NULL, NULL, NULL, &error);
}

static void call_recvfrom(const struct row *row)
{
    SOCKET s = udp();
    bind_loopback(s);
    FAILS_WITH(row, SOCKET_ERROR, receive_from(s));
}

static void call_recvfrom_on_stream(const struct row *row)
{
    SOCKET s = connected();
    FAILS_WITH(row, SOCKET_ERROR, receive_from(s));
}

static void call_shutdown(const struct row *row)
{
    SOCKET s = connected();
    FAILS_WITH(row, SOCKET_ERROR, WSPShutdown(s, SD_SEND, &error));
}

static void call_send_disconnect(const struct row *row)
{
    SOCKET s = connected();
    FAILS_WITH(row, SOCKET_ERROR, WSPSendDisconnect(s, NULL, &error));
}

/* Shut for sending already, so that the kernel is to end receiving too. */
static void call_receive_disconnect(const struct row *row)
{
    SOCKET s = connected();
    SUCCEEDS(WSPShutdown(s, SD_SEND, &error));
    FAILS_WITH(row, SOCKET_ERROR, WSPRecvDisconnect(s, NULL, &error));
}

static void call_getsockname(const struct row *row)
{
    struct sockaddr_in address;
    int length = sizeof address;
    SOCKET s = tcp();
    bind_loopback(s);
    FAILS_WITH(row, SOCKET_ERROR, WSPGetSockName(s, (struct sockaddr *)&address, &length, &error));
}

static void call_getpeername(const struct row *row)
{
    struct sockaddr_in address;
    int length = sizeof address;
    SOCKET s = connected();
    FAILS_WITH(row, SOCKET_ERROR, WSPGetPeerName(s, (struct sockaddr *)&address, &length, &error));
}

static void call_getsockopt(const struct row *row)
{
    int value, length = sizeof value;
    SOCKET s = connected();
    FAILS_WITH(row, SOCKET_ERROR, WSPGetSockOpt(s, IPPROTO_TCP, TCP_NODELAY, (char *)&value, &length, &error));
}

static void call_setsockopt(const struct row *row)
{
    int on = 1;
    SOCKET s = connected();
    FAILS_WITH(row, SOCKET_ERROR, WSPSetSockOpt(s, IPPROTO_TCP, TCP_NODELAY, (char *)&on, sizeof on, &error));
}

static void call_ioctl(const struct row *row)
{
    u_long count;
    DWORD returned;
    SOCKET s = tcp();
    FAILS_WITH(row, SOCKET_ERROR,
               WSPIoctl(s, FIONREAD, NULL, 0, &count, sizeof count, &returned, NULL, NULL, NULL, &error));
}

static void call_select(const struct row *row)
{
    struct timeval now = {0, 0};
    fd_set set;
    FD_ZERO(&set);
    FD_SET(connected(), &set);
    FAILS_WITH(row, SOCKET_ERROR, WSPSelect(0, &set, NULL, NULL, &now, &error));
}

static void call_join_leaf(const struct row *row)
{
    struct sockaddr_in group = loopback(0);
    group.sin_addr.s_addr = htonl(0xefc80101); /* 239.200.1.1 */
    group.sin_port = htons(4000);
    SOCKET s = WSPSocket(AF_INET, SOCK_DGRAM, IPPROTO_UDP, NULL, 0,
                         WSA_FLAG_MULTIPOINT_C_LEAF | WSA_FLAG_MULTIPOINT_D_LEAF, &error);
    CHECK(s != INVALID_SOCKET);
    bind_loopback(s);
    FAILS_WITH(row, INVALID_SOCKET,
               WSPJoinLeaf(s, (struct sockaddr *)&group, sizeof group, NULL, NULL, NULL, NULL, JL_RECEIVER_ONLY, &error));
}

/* Not bound, so that joining binds it. */
static void call_join_leaf_unbound(const struct row *row)
{
    struct sockaddr_in group = loopback(0);
    group.sin_addr.s_addr = htonl(0xefc80101); /* 239.200.1.1 */
    group.sin_port = htons(4000);
    SOCKET s = WSPSocket(AF_INET, SOCK_DGRAM, IPPROTO_UDP, NULL, 0,
                         WSA_FLAG_MULTIPOINT_C_LEAF | WSA_FLAG_MULTIPOINT_D_LEAF, &error);
    CHECK(s != INVALID_SOCKET);
    FAILS_WITH(row, INVALID_SOCKET,
               WSPJoinLeaf(s, (struct sockaddr *)&group, sizeof group, NULL, NULL, NULL, NULL, JL_RECEIVER_ONLY, &error));
}

static const struct row rows[] = {
    {"WSPSocket", call_socket, SYS_socket, 0, ENETDOWN, WSAENETDOWN},
    {"WSPSocket", call_socket, SYS_socket, 0, ENOBUFS, WSAENOBUFS},
    {"WSPSocket", call_socket, SYS_socket, 0, ENOMEM, WSAENOBUFS},
    {"WSPSocket", call_socket, SYS_socket, 0, EMFILE, WSAEMFILE},
    {"WSPSocket", call_socket, SYS_socket, 0, ENFILE, WSAEMFILE},
    {"WSPSocket", call_socket, SYS_socket, 0, EAFNOSUPPORT, WSAEAFNOSUPPORT},
    {"WSPSocket", call_socket, SYS_socket, 0, EACCES, WSAEACCES},
    {"WSPSocket", call_socket, SYS_socket, 0, EPERM, WSAEACCES},
    {"WSPSocket", call_socket_of_datagrams, SYS_setsockopt, 0, ENOMEM, WSAENOBUFS},
    {"WSPBind", call_bind, SYS_bind, 0, ENETDOWN, WSAENETDOWN},
    {"WSPBind", call_bind, SYS_bind, 0, ENOBUFS, WSAENOBUFS},
    {"WSPBind", call_bind, SYS_bind, 0, ENOMEM, WSAENOBUFS},
    {"WSPBind", call_bind, SYS_bind, 0, EADDRNOTAVAIL, WSAEADDRNOTAVAIL},
    {"WSPBind", call_bind, SYS_bind, 0, EACCES, WSAEACCES},
    {"WSPListen", call_listen, SYS_listen, 0, ENETDOWN, WSAENETDOWN},
    {"WSPListen", call_listen, SYS_listen, 0, ENOBUFS, WSAENOBUFS},
    {"WSPListen", call_listen, SYS_listen, 0, ENOMEM, WSAENOBUFS},
    {"WSPListen", call_listen, SYS_listen, 0, EMFILE, WSAEMFILE},
    {"WSPListen", call_listen, SYS_listen, 0, EADDRINUSE, WSAEADDRINUSE},
    {"WSPAccept", call_accept, SYS_accept4, 0, ENETDOWN, WSAENETDOWN},
    {"WSPAccept", call_accept, SYS_accept4, 0, ENOBUFS, WSAENOBUFS},
    {"WSPAccept", call_accept, SYS_accept4, 0, ENOMEM, WSAENOBUFS},
    {"WSPAccept", call_accept, SYS_accept4, 0, EMFILE, WSAEMFILE},
    {"WSPAccept", call_accept, SYS_accept4, 0, ENFILE, WSAEMFILE},
    {"WSPAccept", call_accept, SYS_accept4, 0, ECONNABORTED, WSAECONNRESET},
    {"WSPAccept", call_accept, SYS_accept4, 0, EPROTO, WSAECONNRESET},
    {"WSPAccept", call_accept, SYS_accept4, 0, EPERM, WSAEACCES},
    {"WSPConnect", call_connect, SYS_connect, 0, ENETDOWN, WSAENETDOWN},
    {"WSPConnect", call_connect, SYS_connect, 0, ENOBUFS, WSAENOBUFS},
    {"WSPConnect", call_connect, SYS_connect, 0, ENOMEM, WSAENOBUFS},
    {"WSPConnect", call_connect, SYS_connect, 0, ENETUNREACH, WSAENETUNREACH},
    {"WSPConnect", call_connect, SYS_connect, 0, EHOSTUNREACH, WSAENETUNREACH},
    {"WSPConnect", call_connect, SYS_connect, 0, ETIMEDOUT, WSAETIMEDOUT},
    {"WSPConnect", call_connect, SYS_connect, 0, ECONNREFUSED, WSAECONNREFUSED},
    {"WSPConnect", call_connect, SYS_connect, 0, ECONNRESET, WSAECONNREFUSED},
    {"WSPConnect", call_connect, SYS_connect, 0, EADDRINUSE, WSAEADDRINUSE},
    {"WSPConnect", call_connect, SYS_connect, 0, EACCES, WSAEACCES},
    {"WSPConnect", call_connect, SYS_connect, 0, EPERM, WSAEACCES},
    {"WSPSend", call_send, SYS_sendto, SYS_sendmsg, ENETDOWN, WSAENETDOWN},
    {"WSPSend", call_send, SYS_sendto, SYS_sendmsg, ENOBUFS, WSAENOBUFS},
    {"WSPSend", call_send, SYS_sendto, SYS_sendmsg, ENOMEM, WSAENOBUFS},
    {"WSPSend", call_send, SYS_sendto, SYS_sendmsg, ENETRESET, WSAENETRESET},
    {"WSPSend", call_send, SYS_sendto, SYS_sendmsg, ECONNABORTED, WSAECONNABORTED},
    {"WSPSend", call_send, SYS_sendto, SYS_sendmsg, ECONNRESET, WSAECONNRESET},
    {"WSPSend", call_send, SYS_sendto, SYS_sendmsg, ETIMEDOUT, WSAETIMEDOUT},
    {"WSPSend", call_send_datagram, SYS_sendto, SYS_sendmsg, EACCES, WSAEACCES},
    {"WSPSend", call_send_datagram, SYS_sendto, SYS_sendmsg, EPERM, WSAEACCES},
    {"WSPSend", call_send_datagram, SYS_sendto, SYS_sendmsg, ENETUNREACH, WSAENETUNREACH},
    {"WSPSendTo", call_sendto, SYS_sendto, SYS_sendmsg, ENETDOWN, WSAENETDOWN},
    {"WSPSendTo", call_sendto, SYS_sendto, SYS_sendmsg, ENOBUFS, WSAENOBUFS},
    {"WSPSendTo", call_sendto, SYS_sendto, SYS_sendmsg, ENOMEM, WSAENOBUFS},
    {"WSPSendTo", call_sendto, SYS_sendto, SYS_sendmsg, EACCES, WSAEACCES},
    {"WSPSendTo", call_sendto, SYS_sendto, SYS_sendmsg, ENETUNREACH, WSAENETUNREACH},
    {"WSPSendTo", call_sendto, SYS_sendto, SYS_sendmsg, EADDRNOTAVAIL, WSAEADDRNOTAVAIL},
    {"WSPSendTo", call_sendto_on_stream, SYS_sendto, SYS_sendmsg, ENETRESET, WSAENETRESET},
    {"WSPSendTo", call_sendto_on_stream, SYS_sendto, SYS_sendmsg, ECONNABORTED, WSAECONNABORTED},
    {"WSPSendTo", call_sendto_on_stream, SYS_sendto, SYS_sendmsg, ECONNRESET, WSAECONNRESET},
    {"WSPRecv", call_recv, SYS_recvfrom, SYS_recvmsg, ENETDOWN, WSAENETDOWN},
    {"WSPRecv", call_recv, SYS_recvfrom, SYS_recvmsg, ENOMEM, WSAENOBUFS},
    {"WSPRecv", call_recv, SYS_recvfrom, SYS_recvmsg, ENETRESET, WSAENETRESET},
    {"WSPRecv", call_recv, SYS_recvfrom, SYS_recvmsg, ECONNABORTED, WSAECONNABORTED},
    {"WSPRecv", call_recv, SYS_recvfrom, SYS_recvmsg, ECONNRESET, WSAECONNRESET},
    {"WSPRecv", call_recv, SYS_recvfrom, SYS_recvmsg, ETIMEDOUT, WSAETIMEDOUT},
    {"WSPRecvFrom", call_recvfrom, SYS_recvfrom, SYS_recvmsg, ENETDOWN, WSAENETDOWN},
    {"WSPRecvFrom", call_recvfrom, SYS_recvfrom, SYS_recvmsg, ENOMEM, WSAENOBUFS},
    {"WSPRecvFrom", call_recvfrom_on_stream, SYS_recvfrom, SYS_recvmsg, ENETRESET, WSAENETRESET},
    {"WSPRecvFrom", call_recvfrom_on_stream, SYS_recvfrom, SYS_recvmsg, ECONNRESET, WSAECONNRESET},
    {"WSPShutdown", call_shutdown, SYS_shutdown, 0, ENETDOWN, WSAENETDOWN},
    {"WSPShutdown", call_shutdown, SYS_shutdown, 0, ENOMEM, WSAENOBUFS},
    {"WSPSendDisconnect", call_send_disconnect, SYS_shutdown, 0, ENETDOWN, WSAENETDOWN},
    {"WSPRecvDisconnect", call_receive_disconnect, SYS_shutdown, 0, ENETDOWN, WSAENETDOWN},
    {"WSPGetSockName", call_getsockname, SYS_getsockname, 0, ENETDOWN, WSAENETDOWN},
    {"WSPGetSockName", call_getsockname, SYS_getsockname, 0, ENOBUFS, WSAENOBUFS},
    {"WSPGetPeerName", call_getpeername, SYS_getpeername, SYS_getsockopt, ENETDOWN, WSAENETDOWN},
    {"WSPGetPeerName", call_getpeername, SYS_getpeername, SYS_getsockopt, ENOBUFS, WSAENOBUFS},
    {"WSPGetSockOpt", call_getsockopt, SYS_getsockopt, 0, ENETDOWN, WSAENETDOWN},
    {"WSPGetSockOpt", call_getsockopt, SYS_getsockopt, 0, EOPNOTSUPP, WSAENOPROTOOPT},
    {"WSPSetSockOpt", call_setsockopt, SYS_setsockopt, 0, ENETDOWN, WSAENETDOWN},
    {"WSPSetSockOpt", call_setsockopt, SYS_setsockopt, 0, ENOMEM, WSAENOBUFS},
    {"WSPSetSockOpt", call_setsockopt, SYS_setsockopt, 0, EPERM, WSAEACCES},
    {"WSPIoctl", call_ioctl, SYS_ioctl, 0, ENETDOWN, WSAENETDOWN},
    {"WSPIoctl", call_ioctl, SYS_ioctl, 0, ENOTTY, WSAEINVAL},
    {"WSPSelect", call_select, SYS_ppoll, POLL, ENETDOWN, WSAENETDOWN},
    {"WSPSelect", call_select, SYS_ppoll, POLL, ENOMEM, WSAEFAULT},
    {"WSPJoinLeaf", call_join_leaf, SYS_setsockopt, 0, ENETDOWN, WSAENETDOWN},
    {"WSPJoinLeaf", call_join_leaf, SYS_setsockopt, 0, ENOBUFS, WSAENOBUFS},
    {"WSPJoinLeaf", call_join_leaf, SYS_setsockopt, 0, ENODEV, WSAENETUNREACH},
    {"WSPJoinLeaf", call_join_leaf_unbound, SYS_bind, 0, EADDRINUSE, WSAEADDRINUSE},
};

TEST(what_the_kernel_lacks_is_said, "C.2 WSPListen.6 WSPAccept.9 WSPAccept.17 WSPSelect.8")
{
    int wrong = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int status = 0;
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0) {
            alarm(10);
            startup();
            rows[i].call(&rows[i]);
            _exit(0);
        }
        EQUAL(waitpid(child, &status, 0), child);
        if (status != 0) {
            fprintf(stderr, "%s when system call %ld fails with %d: status %#x\n", rows[i].function, rows[i].number,
                    rows[i].kernel, status);
            wrong++;
        }
    }
    EQUAL(wrong, 0);
}

/* No descriptor is left in the process: real limits instead of injected ones. */
TEST(no_descriptors_are_left, "WSPAccept.9 WSPListen.6")
{
    struct sockaddr_in address;
    startup();
    SOCKET s = listener(SOMAXCONN, &address);
    int client = posix_connect(ntohs(address.sin_port));
    CHECK(client >= 0);
    posix_limit_descriptors(0);
    FAILS(WSPSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0, 0, &error), WSAEMFILE);
    FAILS(WSPAccept(s, NULL, NULL, NULL, 0, &error), WSAEMFILE);
    /* The connection has waited. */
    posix_unlimit_descriptors();
    CHECK(WSPAccept(s, NULL, NULL, NULL, 0, &error) != INVALID_SOCKET);
    set_nonblocking(s, 1);
    posix_limit_descriptors(0);
    /* Nothing is queued, so that nothing is missing. */
    FAILS(WSPAccept(s, NULL, NULL, NULL, 0, &error), WSAEWOULDBLOCK);
}

/* The wait of a call that must not block in the kernel ends when it cannot wait. */
TEST(a_wait_that_cannot_be_is_no_endless_one, "C.2")
{
    SOCKET pair[2];
    WSAPROTOCOL_INFOW info;
    char byte;
    DWORD received;
    startup();
    tcp_pair(pair);
    SUCCEEDS(WSPDuplicateSocket(pair[0], (DWORD)getpid(), &info, &error));
    CHECK(WSPSocket(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info, 0, 0, &error) != INVALID_SOCKET);
    posix_inject(SYS_ppoll, ENOMEM);
    FAILS(receive_bytes(pair[0], &byte, 1, &received, 0), WSAENOBUFS);
}
