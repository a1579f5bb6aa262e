/* What socket options do, and what they tell about a socket's state. */
#include "check.h"

#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

static int get_int(SOCKET s, int level, int option)
{
    int value = -77, length = sizeof value;
    SUCCEEDS(WSPGetSockOpt(s, level, option, (char *)&value, &length, &error));
    EQUAL(length, sizeof value);
    return value;
}

static int set_int(SOCKET s, int level, int option, int value)
{
    return WSPSetSockOpt(s, level, option, (const char *)&value, sizeof value, &error);
}

static struct linger get_linger(SOCKET s)
{
    struct linger linger;
    int length = sizeof linger;
    SUCCEEDS(WSPGetSockOpt(s, SOL_SOCKET, SO_LINGER, (char *)&linger, &length, &error));
    EQUAL(length, sizeof linger);
    return linger;
}

/* SO_LINGER is a structure of two shorts, off by default, and the inverse of SO_DONTLINGER. */
TEST(linger_and_dontlinger_are_inverse, "WSPGetSockOpt.4 WSPSetSockOpt.4 WSPSetSockOpt.5")
{
    struct linger linger = {1, 73};
    int length = 3;
    startup();
    SOCKET s = tcp();
    EQUAL(sizeof linger, 4);
    EQUAL(get_linger(s).l_onoff, 0);
    EQUAL(get_int(s, SOL_SOCKET, SO_DONTLINGER), 1);
    SUCCEEDS(WSPSetSockOpt(s, SOL_SOCKET, SO_LINGER, (char *)&linger, sizeof linger, &error));
    EQUAL(get_int(s, SOL_SOCKET, SO_DONTLINGER), 0);
    CHECK(get_linger(s).l_onoff != 0);
    EQUAL(get_linger(s).l_linger, 73);
    /* SO_DONTLINGER turns it off, and on again with the time it had. */
    SUCCEEDS(set_int(s, SOL_SOCKET, SO_DONTLINGER, 1));
    EQUAL(get_linger(s).l_onoff, 0);
    SUCCEEDS(set_int(s, SOL_SOCKET, SO_DONTLINGER, 0));
    CHECK(get_linger(s).l_onoff != 0);
    EQUAL(get_linger(s).l_linger, 73);
    /* Any value but zero is on; the time may be zero or the longest. */
    linger.l_onoff = 0x100, linger.l_linger = 0;
    SUCCEEDS(WSPSetSockOpt(s, SOL_SOCKET, SO_LINGER, (char *)&linger, sizeof linger, &error));
    CHECK(get_linger(s).l_onoff != 0);
    EQUAL(get_linger(s).l_linger, 0);
    SUCCEEDS(set_int(s, SOL_SOCKET, SO_DONTLINGER, 1));
    SUCCEEDS(set_int(s, SOL_SOCKET, SO_DONTLINGER, 0));
    EQUAL(get_linger(s).l_linger, 0);
    linger.l_linger = 0xffff;
    SUCCEEDS(WSPSetSockOpt(s, SOL_SOCKET, SO_LINGER, (char *)&linger, sizeof linger, &error));
    EQUAL(get_linger(s).l_linger, 0xffff);
    EQUAL(posix_newest_option("SO_LINGER"), 0);
    FAILS(WSPSetSockOpt(s, SOL_SOCKET, SO_LINGER, (char *)&linger, 3, &error), WSAEFAULT);
    FAILS(WSPSetSockOpt(s, SOL_SOCKET, SO_LINGER, NULL, sizeof linger, &error), WSAEFAULT);
    FAILS(WSPGetSockOpt(s, SOL_SOCKET, SO_LINGER, (char *)&linger, &length, &error), WSAEFAULT);
    EQUAL(length, 3);
}

/* Turned on without ever a time, lingering waits for some time: a reset is for those who ask for it. */
TEST(dontlinger_off_without_a_time_waits, "WSPSetSockOpt.5")
{
    startup();
    SOCKET s = tcp();
    SUCCEEDS(set_int(s, SOL_SOCKET, SO_DONTLINGER, 0));
    CHECK(get_linger(s).l_onoff != 0);
    CHECK(get_linger(s).l_linger > 0);
}

TEST(reuse_and_exclusive_use_exclude_each_other, "OBS.17")
{
    startup();
    SOCKET s = tcp();
    SUCCEEDS(set_int(s, SOL_SOCKET, SO_REUSEADDR, 1));
    FAILS(set_int(s, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, 1), WSAEINVAL);
    EQUAL(get_int(s, SOL_SOCKET, SO_EXCLUSIVEADDRUSE), 0);
    SUCCEEDS(set_int(s, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, 0));
    SUCCEEDS(set_int(s, SOL_SOCKET, SO_REUSEADDR, 0));
    SUCCEEDS(set_int(s, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, 1));
    FAILS(set_int(s, SOL_SOCKET, SO_REUSEADDR, 1), WSAEINVAL);
    EQUAL(get_int(s, SOL_SOCKET, SO_REUSEADDR), 0);
    EQUAL(get_int(s, SOL_SOCKET, SO_EXCLUSIVEADDRUSE), 1);
}

/* SO_REUSEADDR set after binding shares nothing that was bound before. */
TEST(reuse_after_binding_has_no_effect, "WSPSetSockOpt.7")
{
    startup();
    SOCKET first = udp(), second = udp();
    struct sockaddr_in address = bind_loopback(first);
    SUCCEEDS(set_int(first, SOL_SOCKET, SO_REUSEADDR, 1));
    FAILS(WSPBind(second, (struct sockaddr *)&address, sizeof address, &error), WSAEADDRINUSE);
}

TEST(acceptconn_tells_who_listens, "WSPGetSockOpt.3")
{
    struct sockaddr_in address;
    startup();
    SOCKET s = listener(5, &address), client = tcp();
    EQUAL(get_int(s, SOL_SOCKET, SO_ACCEPTCONN), 1);
    EQUAL(get_int(client, SOL_SOCKET, SO_ACCEPTCONN), 0);
}

/* Buffer sizes read back as set, whatever the kernel made of them. */
TEST(buffer_sizes_read_back_as_set, "OBS.34 WSPGetSockOpt.5 WSPSetSockOpt.6")
{
    static const int sizes[] = {0, 1, 4096, 65536, 1 << 30};
    startup();
    SOCKET s = tcp();
    for (int i = 0; i < 5; i++) {
        SUCCEEDS(set_int(s, SOL_SOCKET, SO_RCVBUF, sizes[i]));
        SUCCEEDS(set_int(s, SOL_SOCKET, SO_SNDBUF, sizes[i]));
        EQUAL(get_int(s, SOL_SOCKET, SO_RCVBUF), sizes[i]);
        EQUAL(get_int(s, SOL_SOCKET, SO_SNDBUF), sizes[i]);
    }
    CHECK(posix_newest_option("SO_RCVBUF") < 1 << 30);
    CHECK(posix_newest_option("SO_SNDBUF") >= 65536);
}

/* A size that was not set is one that can be set without changing anything. */
TEST(default_buffer_size_is_the_usable_one, "WSPGetSockOpt.1")
{
    startup();
    SOCKET s = udp();
    int before = posix_newest_option("SO_RCVBUF"), size = get_int(s, SOL_SOCKET, SO_RCVBUF);
    CHECK(size > 0);
    SUCCEEDS(set_int(s, SOL_SOCKET, SO_RCVBUF, size));
    EQUAL(posix_newest_option("SO_RCVBUF"), before);
}

/* SO_RCVTIMEO is in milliseconds, and ends a receive. */
TEST(receive_timeout_ends_a_receive, "OBS.34 WSPRecv.1")
{
    char byte;
    DWORD count;
    SOCKET pair[2];
    startup();
    tcp_pair(pair);
    SUCCEEDS(set_int(pair[0], SOL_SOCKET, SO_RCVTIMEO, 40));
    EQUAL(get_int(pair[0], SOL_SOCKET, SO_RCVTIMEO), 40);
    long long before = posix_milliseconds();
    FAILS(receive_bytes(pair[0], &byte, 1, &count, 0), WSAETIMEDOUT);
    CHECK(posix_milliseconds() - before >= 39);
    CHECK(posix_milliseconds() - before < 20000);
    /* 0 is for ever: data that comes is received. */
    SUCCEEDS(set_int(pair[0], SOL_SOCKET, SO_RCVTIMEO, 0));
    SUCCEEDS(send_bytes(pair[1], "x", 1, &count));
    SUCCEEDS(receive_bytes(pair[0], &byte, 1, &count, 0));
    /* So are 49 days. */
    SUCCEEDS(set_int(pair[0], SOL_SOCKET, SO_RCVTIMEO, -1));
    EQUAL(get_int(pair[0], SOL_SOCKET, SO_RCVTIMEO), -1);
    SUCCEEDS(send_bytes(pair[1], "x", 1, &count));
    SUCCEEDS(receive_bytes(pair[0], &byte, 1, &count, 0));
}

TEST(send_timeout_ends_a_send, "OBS.34")
{
    static char bytes[1 << 16];
    DWORD count;
    SOCKET pair[2];
    int code = 0;
    startup();
    tcp_pair(pair);
    SUCCEEDS(set_int(pair[0], SOL_SOCKET, SO_SNDBUF, 4096));
    SUCCEEDS(set_int(pair[0], SOL_SOCKET, SO_SNDTIMEO, 40));
    long long before = posix_milliseconds();
    for (int i = 0; i < 4096 && code == 0; i++)
        if (send_bytes(pair[0], bytes, sizeof bytes, &count) != 0)
            code = error;
    EQUAL(code, WSAETIMEDOUT);
    CHECK(posix_milliseconds() - before < 20000);
}

static volatile sig_atomic_t ticks;

static void tick(int signal)
{
    (void)signal;
    if (++ticks > 2000)
        _exit(1);
}

/* Signals that come faster than the timeout, a profiler's, do not make it longer. */
TEST(timeouts_end_calls_that_signals_interrupt, "OBS.34 WSPRecv.4 WSPSend.2")
{
    static char bytes[1 << 23];
    struct itimerval every = {{0, 10000}, {0, 10000}};
    struct sigaction action;
    DWORD count;
    SOCKET pair[2];
    posix_need_signals();
    startup();
    tcp_pair(pair);
    SOCKET datagrams = udp();
    bind_loopback(datagrams);
    SUCCEEDS(set_int(pair[0], SOL_SOCKET, SO_RCVTIMEO, 100));
    SUCCEEDS(set_int(datagrams, SOL_SOCKET, SO_RCVTIMEO, 100));
    SUCCEEDS(set_int(pair[0], SOL_SOCKET, SO_SNDTIMEO, 100));
    memset(&action, 0, sizeof action);
    action.sa_handler = tick;
    action.sa_flags = SA_RESTART;
    EQUAL(sigaction(SIGALRM, &action, NULL), 0);
    EQUAL(setitimer(ITIMER_REAL, &every, NULL), 0);
    long long before = posix_milliseconds();
    FAILS(receive_bytes(pair[0], bytes, 1, &count, 0), WSAETIMEDOUT);
    FAILS(receive_bytes(pair[0], bytes, 8, &count, MSG_WAITALL), WSAETIMEDOUT);
    FAILS(receive_bytes(datagrams, bytes, 1, &count, 0), WSAETIMEDOUT);
    CHECK(posix_milliseconds() - before >= 3 * 99);
    before = posix_milliseconds();
    FAILS(send_bytes(pair[0], bytes, sizeof bytes, &count), WSAETIMEDOUT);
    CHECK(posix_milliseconds() - before >= 99);
}

/* The accepted socket has the listener's options (OBS.36), in its own copy. */
TEST(accepted_socket_takes_options_over, "OBS.36")
{
    struct sockaddr_in address;
    struct linger linger = {1, 9};
    startup();
    SOCKET listening = listener(SOMAXCONN, &address);
    SUCCEEDS(set_int(listening, SOL_SOCKET, SO_RCVTIMEO, 1234));
    SUCCEEDS(set_int(listening, SOL_SOCKET, SO_SNDTIMEO, 4321));
    SUCCEEDS(set_int(listening, SOL_SOCKET, SO_RCVBUF, 30000));
    SUCCEEDS(set_int(listening, SOL_SOCKET, SO_SNDBUF, 20000));
    SUCCEEDS(set_int(listening, SOL_SOCKET, SO_KEEPALIVE, 1));
    SUCCEEDS(set_int(listening, IPPROTO_TCP, TCP_KEEPCNT, 3));
    SUCCEEDS(WSPSetSockOpt(listening, SOL_SOCKET, SO_LINGER, (char *)&linger, sizeof linger, &error));
    int client = posix_connect(ntohs(address.sin_port));
    SOCKET s = WSPAccept(listening, NULL, NULL, NULL, 0, &error);
    CHECK(s != INVALID_SOCKET);
    EQUAL(get_int(s, SOL_SOCKET, SO_RCVTIMEO), 1234);
    EQUAL(get_int(s, SOL_SOCKET, SO_SNDTIMEO), 4321);
    EQUAL(get_int(s, SOL_SOCKET, SO_RCVBUF), 30000);
    EQUAL(get_int(s, SOL_SOCKET, SO_SNDBUF), 20000);
    EQUAL(get_int(s, SOL_SOCKET, SO_KEEPALIVE), 1);
    EQUAL(get_int(s, IPPROTO_TCP, TCP_KEEPCNT), 3);
    EQUAL(get_linger(s).l_linger, 9);
    SUCCEEDS(set_int(s, SOL_SOCKET, SO_RCVTIMEO, 1));
    EQUAL(get_int(listening, SOL_SOCKET, SO_RCVTIMEO), 1234);
    posix_close(client);
}

/* Keep-alive probes as Windows does, ten of them, a second apart, until the program says otherwise. */
TEST(keep_alive_has_windows_times, "WSPSetSockOpt.8")
{
    startup();
    SOCKET s = tcp();
    SUCCEEDS(set_int(s, SOL_SOCKET, SO_KEEPALIVE, 1));
    EQUAL(posix_newest_option("SO_KEEPALIVE"), 1);
    EQUAL(posix_newest_option("TCP_KEEPIDLE"), 7200);
    EQUAL(posix_newest_option("TCP_KEEPCNT"), 10);
    EQUAL(posix_newest_option("TCP_KEEPINTVL"), 1);
    SUCCEEDS(set_int(s, IPPROTO_TCP, TCP_KEEPINTVL, 20));
    SUCCEEDS(set_int(s, SOL_SOCKET, SO_KEEPALIVE, 0));
    SUCCEEDS(set_int(s, SOL_SOCKET, SO_KEEPALIVE, 1));
    EQUAL(posix_newest_option("TCP_KEEPINTVL"), 20);
    EQUAL(posix_newest_option("TCP_KEEPCNT"), 10);
}

/* What SIO_KEEPALIVE_VALS has set, SO_KEEPALIVE leaves. */
TEST(keep_alive_has_the_times_of_the_command, "WSPSetSockOpt.8")
{
    struct tcp_keepalive wanted = {1, 60000, 5000};
    DWORD returned;
    startup();
    SOCKET s = tcp();
    SUCCEEDS(WSPIoctl(s, SIO_KEEPALIVE_VALS, &wanted, sizeof wanted, NULL, 0, &returned, NULL, NULL, NULL, &error));
    SUCCEEDS(set_int(s, SOL_SOCKET, SO_KEEPALIVE, 1));
    EQUAL(get_int(s, IPPROTO_TCP, TCP_KEEPIDLE), 60);
    EQUAL(get_int(s, IPPROTO_TCP, TCP_KEEPINTVL), 5);
    EQUAL(get_int(s, IPPROTO_TCP, TCP_KEEPCNT), 10);
}

TEST(keep_alive_on_a_reset_connection_is_refused, "WSPSetSockOpt.8")
{
    struct sockaddr_in address;
    startup();
    SOCKET listening = listener(SOMAXCONN, &address);
    int client = posix_connect(ntohs(address.sin_port));
    SOCKET s = WSPAccept(listening, NULL, NULL, NULL, 0, &error);
    CHECK(s != INVALID_SOCKET);
    SUCCEEDS(set_int(s, SOL_SOCKET, SO_KEEPALIVE, 1));
    posix_reset(client);
    /* Loopback delivers the reset at its own time. */
    long long limit = posix_milliseconds() + 20000;
    while (set_int(s, SOL_SOCKET, SO_KEEPALIVE, 1) == 0)
        CHECK(posix_milliseconds() < limit);
    EQUAL(error, WSAENOTCONN);
    FAILS(set_int(s, SOL_SOCKET, SO_KEEPALIVE, 0), WSAENOTCONN);
}

/* A connection that has ended in good order was not reset. */
TEST(keep_alive_after_the_peer_has_gone_is_accepted, "WSPSetSockOpt.8")
{
    char byte;
    DWORD count = 1;
    SOCKET pair[2];
    startup();
    tcp_pair(pair);
    SUCCEEDS(WSPCloseSocket(pair[1], &error));
    SUCCEEDS(receive_bytes(pair[0], &byte, 1, &count, 0));
    EQUAL(count, 0);
    SUCCEEDS(set_int(pair[0], SOL_SOCKET, SO_KEEPALIVE, 1));
}

/* SO_ERROR may be set, and reading does not clear it. */
TEST(so_error_stays, "OBS.4 OBS.35")
{
    startup();
    SOCKET s = tcp();
    EQUAL(get_int(s, SOL_SOCKET, SO_ERROR), 0);
    SUCCEEDS(set_int(s, SOL_SOCKET, SO_ERROR, WSAECONNABORTED));
    EQUAL(get_int(s, SOL_SOCKET, SO_ERROR), WSAECONNABORTED);
    EQUAL(get_int(s, SOL_SOCKET, SO_ERROR), WSAECONNABORTED);
    SUCCEEDS(set_int(s, SOL_SOCKET, SO_ERROR, 0));
    EQUAL(get_int(s, SOL_SOCKET, SO_ERROR), 0);
}

/* An address where nobody listens, kept free of listeners by a socket that is bound to it. */
static struct sockaddr_in refusing(void)
{
    return bind_loopback(tcp());
}

/* A refused non-blocking connect shows in SO_ERROR, as a Winsock code, however often it is read, until a connect
 * succeeds. */
TEST(so_error_tells_of_a_refused_connect, "OBS.4 C.9")
{
    struct sockaddr_in nobody, somebody;
    startup();
    nobody = refusing();
    SOCKET s = tcp();
    SOCKET listening = listener(5, &somebody);
    CHECK(listening != INVALID_SOCKET);
    set_nonblocking(s, 1);
    if (connect_to(s, &nobody) == 0)
        fail(__FILE__, __LINE__, "connected to nobody");
    long long limit = posix_milliseconds() + 20000;
    while (get_int(s, SOL_SOCKET, SO_ERROR) == 0)
        CHECK(posix_milliseconds() < limit);
    EQUAL(get_int(s, SOL_SOCKET, SO_ERROR), WSAECONNREFUSED);
    EQUAL(get_int(s, SOL_SOCKET, SO_ERROR), WSAECONNREFUSED);
    set_nonblocking(s, 0);
    SUCCEEDS(connect_to(s, &somebody));
    EQUAL(get_int(s, SOL_SOCKET, SO_ERROR), 0);
}

/* A blocking connect says itself how it ended. */
TEST(so_error_is_silent_after_a_blocking_connect, "OBS.4")
{
    startup();
    struct sockaddr_in nobody = refusing();
    SOCKET s = tcp();
    FAILS(connect_to(s, &nobody), WSAECONNREFUSED);
    EQUAL(get_int(s, SOL_SOCKET, SO_ERROR), 0);
}

TEST(connect_time_counts_from_the_connection, "OBS.35")
{
    SOCKET pair[2];
    char byte;
    DWORD count;
    startup();
    EQUAL(get_int(tcp(), SOL_SOCKET, SO_CONNECT_TIME), -1);
    long long before = posix_milliseconds();
    tcp_pair(pair);
    for (int i = 0; i < 2; i++) {
        int seconds = get_int(pair[i], SOL_SOCKET, SO_CONNECT_TIME);
        CHECK(seconds >= 0);
        CHECK(seconds <= (posix_milliseconds() - before) / 1000);
    }
    /* It counts seconds: a receive lets one pass. */
    SUCCEEDS(set_int(pair[0], SOL_SOCKET, SO_RCVTIMEO, 1000));
    FAILS(receive_bytes(pair[0], &byte, 1, &count, 0), WSAETIMEDOUT);
    CHECK(get_int(pair[0], SOL_SOCKET, SO_CONNECT_TIME) >= 1);
    CHECK(get_int(pair[0], SOL_SOCKET, SO_CONNECT_TIME) <= (posix_milliseconds() - before) / 1000);
}

/* SO_PROTOCOL_INFO is the catalog entry, from which another such socket can be made. */
TEST(protocol_info_is_the_catalog_entry, "WSPGetSockOpt.3 NEED-S14")
{
    static const struct {
        int family, type, protocol;
    } kinds[] = {{AF_INET, SOCK_STREAM, IPPROTO_TCP}, {AF_INET, SOCK_DGRAM, IPPROTO_UDP}};
    startup();
    for (int i = 0; i < 2; i++) {
        WSAPROTOCOL_INFOW wide;
        WSAPROTOCOL_INFOA narrow;
        int length = sizeof wide, short_length = sizeof wide - 1;
        SOCKET s = open_socket(kinds[i].family, kinds[i].type, kinds[i].protocol);
        SUCCEEDS(WSPGetSockOpt(s, SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)&wide, &length, &error));
        EQUAL(length, sizeof wide);
        EQUAL(wide.iAddressFamily, kinds[i].family);
        EQUAL(wide.iSocketType, kinds[i].type);
        EQUAL(wide.iProtocol, kinds[i].protocol);
        EQUAL(wide.ProtocolChain.ChainLen, BASE_PROTOCOL);
        CHECK(wide.dwCatalogEntryId != 0);
        length = sizeof narrow;
        SUCCEEDS(WSPGetSockOpt(s, SOL_SOCKET, SO_PROTOCOL_INFOA, (char *)&narrow, &length, &error));
        EQUAL(length, sizeof narrow);
        EQUAL(narrow.dwCatalogEntryId, wide.dwCatalogEntryId);
        CHECK(memcmp(&narrow, &wide, offsetof(WSAPROTOCOL_INFOA, szProtocol)) == 0);
        CHECK(wide.szProtocol[0] != 0);
        for (int letter = 0; letter < WSAPROTOCOL_LEN; letter++)
            EQUAL((unsigned char)narrow.szProtocol[letter], wide.szProtocol[letter]);
        FAILS(WSPGetSockOpt(s, SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)&wide, &short_length, &error), WSAEFAULT);
        EQUAL(short_length, sizeof wide - 1);
        FAILS(WSPSetSockOpt(s, SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)&wide, sizeof wide, &error), WSAENOPROTOOPT);
        SOCKET other =
            WSPSocket(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &wide, 0, 0, &error);
        CHECK(other != INVALID_SOCKET);
        EQUAL(get_int(other, SOL_SOCKET, SO_TYPE), kinds[i].type);
    }
}

/* SO_BSP_STATE gives both addresses, the type and the protocol in one piece. */
TEST(bsp_state_names_both_ends, "WSPGetSockOpt.2")
{
    union {
        CSADDR_INFO info;
        char bytes[256];
    } state;
    struct sockaddr_in address, local;
    int length = sizeof state, local_length = sizeof local;
    startup();
    SOCKET listening = listener(5, &address), s = tcp();
    SUCCEEDS(WSPGetSockOpt(s, SOL_SOCKET, SO_BSP_STATE, state.bytes, &length, &error));
    EQUAL(length, sizeof state.info);
    CHECK(state.info.LocalAddr.lpSockaddr == NULL);
    CHECK(state.info.RemoteAddr.lpSockaddr == NULL);
    SUCCEEDS(connect_to(s, &address));
    SUCCEEDS(WSPGetSockName(s, (struct sockaddr *)&local, &local_length, &error));
    length = sizeof state;
    SUCCEEDS(WSPGetSockOpt(s, SOL_SOCKET, SO_BSP_STATE, state.bytes, &length, &error));
    EQUAL(length, sizeof state.info + 2 * sizeof address);
    EQUAL(state.info.iSocketType, SOCK_STREAM);
    EQUAL(state.info.iProtocol, IPPROTO_TCP);
    EQUAL(state.info.LocalAddr.iSockaddrLength, sizeof local);
    CHECK(memcmp(state.info.LocalAddr.lpSockaddr, &local, sizeof local) == 0);
    EQUAL(state.info.RemoteAddr.iSockaddrLength, sizeof address);
    CHECK(memcmp(state.info.RemoteAddr.lpSockaddr, &address, sizeof address) == 0);
    length = sizeof state.info + 2 * sizeof address - 1;
    FAILS(WSPGetSockOpt(s, SOL_SOCKET, SO_BSP_STATE, state.bytes, &length, &error), WSAEFAULT);
    SUCCEEDS(WSPCloseSocket(listening, &error));
}

/* IP_OPTIONS are the header's own bytes. */
TEST(ip_options_are_kept, "WSPGetSockOpt.2 WSPSetSockOpt.9")
{
    static const char no_operation[4] = {1, 1, 1, 1};
    char bytes[64];
    int length = sizeof bytes;
    startup();
    SOCKET s = udp();
    SUCCEEDS(WSPGetSockOpt(s, IPPROTO_IP, IP_OPTIONS, bytes, &length, &error));
    EQUAL(length, 0);
    SUCCEEDS(WSPSetSockOpt(s, IPPROTO_IP, IP_OPTIONS, no_operation, sizeof no_operation, &error));
    length = sizeof bytes;
    SUCCEEDS(WSPGetSockOpt(s, IPPROTO_IP, IP_OPTIONS, bytes, &length, &error));
    EQUAL(length, sizeof no_operation);
    CHECK(memcmp(bytes, no_operation, sizeof no_operation) == 0);
    FAILS(WSPSetSockOpt(s, IPPROTO_IP, IP_OPTIONS, bytes, 41, &error), WSAEINVAL);
    SUCCEEDS(WSPSetSockOpt(s, IPPROTO_IP, IP_OPTIONS, NULL, 0, &error));
    length = sizeof bytes;
    SUCCEEDS(WSPGetSockOpt(s, IPPROTO_IP, IP_OPTIONS, bytes, &length, &error));
    EQUAL(length, 0);
}

/* The path's MTU is known once there is a path. */
TEST(mtu_needs_a_peer, "WSPGetSockOpt.3")
{
    int value, length = sizeof value;
    startup();
    SOCKET s = udp(), peer = udp();
    FAILS(WSPGetSockOpt(s, IPPROTO_IP, IP_MTU, (char *)&value, &length, &error), WSAENOTCONN);
    struct sockaddr_in address = bind_loopback(peer);
    SUCCEEDS(connect_to(s, &address));
    CHECK(get_int(s, IPPROTO_IP, IP_MTU) >= 576);
    FAILS(set_int(s, IPPROTO_IP, IP_MTU, 1500), WSAENOPROTOOPT);
}

static int called_back;

/* Runs inside WSPAccept, and calls back into the provider. */
static int CALLBACK calls_back(LPWSABUF caller, LPWSABUF caller_data, LPQOS quality, LPQOS group_quality,
                               LPWSABUF callee, LPWSABUF callee_data, GROUP *group, DWORD_PTR context)
{
    SOCKET s = *(SOCKET *)context;
    int value = 1, length = sizeof value;
    (void)caller, (void)caller_data, (void)quality, (void)group_quality, (void)callee, (void)callee_data, (void)group;
    FAILS(WSPGetSockOpt(s, SOL_SOCKET, SO_TYPE, (char *)&value, &length, &error), WSAEINPROGRESS);
    FAILS(WSPSetSockOpt(s, SOL_SOCKET, SO_DEBUG, (char *)&value, length, &error), WSAEINPROGRESS);
    FAILS(WSPGetSockOpt(INVALID_SOCKET, 0, 0, NULL, NULL, &error), WSAEINPROGRESS);
    called_back++;
    return CF_ACCEPT;
}

TEST(options_inside_a_callback_are_refused, "C.7")
{
    struct sockaddr_in address;
    startup();
    SOCKET s = listener(5, &address);
    int client = posix_connect(ntohs(address.sin_port));
    CHECK(WSPAccept(s, NULL, NULL, calls_back, (DWORD_PTR)&s, &error) != INVALID_SOCKET);
    EQUAL(called_back, 1);
    EQUAL(get_int(s, SOL_SOCKET, SO_DEBUG), 0);
    posix_close(client);
}

/* What the kernel says of a network that has failed is passed on: the rows of the pages that loopback cannot show. */
TEST(get_passes_a_failed_network_on, "C.1")
{
    int value, length = sizeof value;
    startup();
    SOCKET s = tcp();
    posix_inject(SYS_getsockopt, ENETDOWN);
    FAILS(WSPGetSockOpt(s, SOL_SOCKET, SO_BROADCAST, (char *)&value, &length, &error), WSAENETDOWN);
}

TEST(set_passes_a_failed_network_on, "C.1")
{
    startup();
    SOCKET s = tcp();
    posix_inject(SYS_setsockopt, ENETDOWN);
    FAILS(set_int(s, SOL_SOCKET, SO_BROADCAST, 1), WSAENETDOWN);
}

TEST(set_passes_a_dead_connection_on, "WSPSetSockOpt.8")
{
    SOCKET pair[2];
    startup();
    tcp_pair(pair);
    posix_inject(SYS_setsockopt, ENETRESET);
    FAILS(set_int(pair[0], SOL_SOCKET, SO_KEEPALIVE, 1), WSAENETRESET);
}
