#include "check.h"

#include <errno.h>
#include <sys/syscall.h>

static int bind_to(SOCKET s, const void *address, int length)
{
    return WSPBind(s, (const struct sockaddr *)address, length, &error);
}

static void set_option(SOCKET s, int level, int name, int value)
{
    SUCCEEDS(WSPSetSockOpt(s, level, name, (const char *)&value, sizeof value, &error));
}

static struct sockaddr_in local_name(SOCKET s)
{
    struct sockaddr_in address;
    int length = sizeof address;
    SUCCEEDS(WSPGetSockName(s, (struct sockaddr *)&address, &length, &error));
    return address;
}

static struct sockaddr_in wildcard(unsigned short port)
{
    struct sockaddr_in address = loopback(port);
    address.sin_addr.s_addr = INADDR_ANY;
    return address;
}

static struct sockaddr_in6 loopback6(unsigned short port)
{
    struct sockaddr_in6 address;
    memset(&address, 0, sizeof address);
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(port);
    address.sin6_addr.s6_addr[15] = 1;
    return address;
}

TEST(an_address_is_given_once, "WSPBind.1 WSPBind.4 WSPBind.6")
{
    startup();
    SOCKET both[2] = {tcp(), udp()};
    for (int i = 0; i < 2; i++) {
        struct sockaddr_in address = bind_loopback(both[i]), another = loopback(0);
        CHECK(ntohs(address.sin_port) >= 1024);
        EQUAL(ntohl(address.sin_addr.s_addr), INADDR_LOOPBACK);
        FAILS(bind_to(both[i], &another, sizeof another), WSAEINVAL);
        FAILS(bind_to(both[i], &address, sizeof address), WSAEINVAL);
        EQUAL(local_name(both[i]).sin_port, address.sin_port);
    }
}

TEST(a_connected_socket_has_its_address, "WSPBind.1 WSPBind.4")
{
    SOCKET pair[2];
    struct sockaddr_in address = loopback(0);
    startup();
    tcp_pair(pair);
    FAILS(bind_to(pair[0], &address, sizeof address), WSAEINVAL);
    FAILS(bind_to(pair[1], &address, sizeof address), WSAEINVAL);
}

TEST(the_wildcard_leaves_the_address_open, "WSPBind.5 WSPBind.7")
{
    struct sockaddr_in any = wildcard(0), peer;
    startup();
    listener(5, &peer);
    SOCKET s = tcp();
    SUCCEEDS(bind_to(s, &any, sizeof any));
    struct sockaddr_in before = local_name(s);
    EQUAL(before.sin_addr.s_addr, INADDR_ANY);
    CHECK(before.sin_port != 0);
    SUCCEEDS(connect_to(s, &peer));
    EQUAL(ntohl(local_name(s).sin_addr.s_addr), INADDR_LOOPBACK);
    EQUAL(local_name(s).sin_port, before.sin_port);
}

TEST(addresses_are_read_with_care, "WSPBind.2 WSPBind.3 OBS.3 OBS.12 OBS.15 OBS.16 OBS.44")
{
    startup();
    struct sockaddr_in address = loopback(0);
    struct sockaddr_in6 address6 = loopback6(0);
    SOCKET s = tcp(), s6 = open_socket(AF_INET6, SOCK_STREAM, IPPROTO_TCP);
    FAILS(bind_to(s, NULL, sizeof address), WSAEFAULT);
    FAILS(bind_to(s, (void *)8, sizeof address), WSAEFAULT);
    FAILS(bind_to(s, &address, sizeof address - 1), WSAEFAULT);
    FAILS(bind_to(s, &address, 0), WSAEFAULT);
    FAILS(bind_to(s, &address, -1), WSAEFAULT);
    FAILS(bind_to(s6, &address6, 24), WSAEFAULT);
    FAILS(bind_to(s, &address6, sizeof address6), WSAEFAULT);
    FAILS(bind_to(s6, &address, sizeof address), WSAEFAULT);
    address.sin_family = 77;
    FAILS(bind_to(s, &address, sizeof address), WSAEAFNOSUPPORT);
    address.sin_family = AF_UNSPEC;
    FAILS(bind_to(s, &address, sizeof address), WSAEAFNOSUPPORT);
    FAILS(bind_to(s + 1, NULL, 0), WSAENOTSOCK);
    FAILS(bind_to(INVALID_SOCKET, NULL, 0), WSAENOTSOCK);
    address.sin_family = AF_INET;
    SUCCEEDS(bind_to(s, &address, 1000));
    SUCCEEDS(bind_to(s6, &address6, 1000));
}

TEST(only_the_host_s_own_addresses, "WSPBind.9 OBS.15")
{
    startup();
    SOCKET both[2] = {tcp(), udp()};
    for (int i = 0; i < 2; i++) {
        struct sockaddr_in address = loopback(0);
        address.sin_addr.s_addr = INADDR_BROADCAST;
        FAILS(bind_to(both[i], &address, sizeof address), WSAEADDRNOTAVAIL);
        /* TEST-NET-1 */
        address.sin_addr.s_addr = htonl(0xc0000201);
        FAILS(bind_to(both[i], &address, sizeof address), WSAEADDRNOTAVAIL);
        address.sin_port = htons(4711);
        FAILS(bind_to(both[i], &address, sizeof address), WSAEADDRNOTAVAIL);
        /* It is as unbound as before. */
        int length = sizeof address;
        FAILS(WSPGetSockName(both[i], (struct sockaddr *)&address, &length, &error), WSAEINVAL);
        bind_loopback(both[i]);
    }
}

TEST(ipv4_in_ipv6_needs_both_families, "OBS.16")
{
    startup();
    SOCKET s = open_socket(AF_INET6, SOCK_STREAM, IPPROTO_TCP);
    struct sockaddr_in6 mapped = loopback6(0);
    unsigned char bytes[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1};
    memcpy(&mapped.sin6_addr, bytes, sizeof bytes);
    FAILS(bind_to(s, &mapped, sizeof mapped), WSAEADDRNOTAVAIL);
    set_option(s, IPPROTO_IPV6, IPV6_V6ONLY, 0);
    SUCCEEDS(bind_to(s, &mapped, sizeof mapped));
}

TEST(the_families_do_not_meet, "WSPBind.8 OBS.16")
{
    startup();
    SOCKET s = tcp(), s6 = open_socket(AF_INET6, SOCK_STREAM, IPPROTO_TCP), both;
    struct sockaddr_in any = wildcard(0);
    SUCCEEDS(bind_to(s, &any, sizeof any));
    struct sockaddr_in6 any6 = loopback6(ntohs(local_name(s).sin_port));
    any6.sin6_addr.s6_addr[15] = 0;
    SUCCEEDS(bind_to(s6, &any6, sizeof any6));
    SUCCEEDS(WSPCloseSocket(s6, &error));
    both = open_socket(AF_INET6, SOCK_STREAM, IPPROTO_TCP);
    set_option(both, IPPROTO_IPV6, IPV6_V6ONLY, 0);
    FAILS(bind_to(both, &any6, sizeof any6), WSAEADDRINUSE);
}

/* What holds the port: bound, listening, or connected from it. */
static SOCKET owner_in(int state, int type, struct sockaddr_in *address)
{
    struct sockaddr_in peer;
    SOCKET s = open_socket(AF_INET, type, 0);
    *address = bind_loopback(s);
    if (state == 1)
        SUCCEEDS(WSPListen(s, 5, &error));
    if (state == 2) {
        listener(5, &peer);
        SUCCEEDS(connect_to(s, &peer));
    }
    return s;
}

TEST(a_live_owner_keeps_its_port, "WSPBind.8")
{
    startup();
    for (int state = 0; state < 3; state++) {
        struct sockaddr_in address;
        SOCKET owner = owner_in(state, SOCK_STREAM, &address), s = tcp();
        unsigned short port = ntohs(address.sin_port);
        FAILS(bind_to(s, &address, sizeof address), WSAEADDRINUSE);
        FAILS(bind_to(s, &address, sizeof address), WSAEADDRINUSE);
        CHECK(posix_bind_tcp(&port) < 0);
        SUCCEEDS(WSPCloseSocket(owner, &error));
        SUCCEEDS(bind_to(s, &address, sizeof address));
    }
    struct sockaddr_in address;
    SOCKET owner = owner_in(0, SOCK_DGRAM, &address), s = udp();
    FAILS(bind_to(s, &address, sizeof address), WSAEADDRINUSE);
    SUCCEEDS(WSPCloseSocket(owner, &error));
    SUCCEEDS(bind_to(s, &address, sizeof address));
}

TEST(a_posix_owner_keeps_its_port, "WSPBind.8")
{
    unsigned short bound = 0, listening = 0, udp_port = 0;
    startup();
    CHECK(posix_bind_tcp(&bound) >= 0);
    posix_listen(&listening, 5);
    CHECK(posix_bind_udp(&udp_port) >= 0);
    struct sockaddr_in address = loopback(bound);
    FAILS(bind_to(tcp(), &address, sizeof address), WSAEADDRINUSE);
    address = loopback(listening);
    FAILS(bind_to(tcp(), &address, sizeof address), WSAEADDRINUSE);
    address = loopback(udp_port);
    FAILS(bind_to(udp(), &address, sizeof address), WSAEADDRINUSE);
}

/* The other process: binds to the port it is asked for with the options in the upper half, and says how that went. */
enum { REUSE = 1 << 16, EXCLUSIVE = 1 << 17, UDP = 1 << 18, WILDCARD = 1 << 19, LISTEN = 1 << 20 };

static SOCKET bind_as_asked(int question)
{
    struct sockaddr_in address = question & WILDCARD ? wildcard((unsigned short)question)
                                                     : loopback((unsigned short)question);
    SOCKET s = question & UDP ? udp() : tcp();
    if (question & REUSE)
        set_option(s, SOL_SOCKET, SO_REUSEADDR, 1);
    if (question & EXCLUSIVE)
        set_option(s, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, 1);
    error = 0;
    if (bind_to(s, &address, sizeof address) == 0 && question & LISTEN)
        WSPListen(s, 5, &error);
    return s;
}

static int bind_elsewhere(int question)
{
    static int started;
    if (!started++)
        startup();
    SOCKET s = bind_as_asked(question);
    int said = error;
    SUCCEEDS(WSPCloseSocket(s, &error));
    return said;
}

TEST(another_process_s_owner_keeps_its_port, "WSPBind.8 OBS.18")
{
    int elsewhere = posix_answerer(bind_elsewhere);
    startup();
    for (int state = 0; state < 3; state++) {
        struct sockaddr_in address;
        SOCKET owner = owner_in(state, SOCK_STREAM, &address);
        EQUAL(posix_ask(elsewhere, ntohs(address.sin_port)), WSAEADDRINUSE);
        EQUAL(posix_ask(elsewhere, ntohs(address.sin_port) | EXCLUSIVE), WSAEADDRINUSE);
        SUCCEEDS(WSPCloseSocket(owner, &error));
        EQUAL(posix_ask(elsewhere, ntohs(address.sin_port)), 0);
    }
    for (int type = 0; type <= UDP; type += UDP) {
        SOCKET owner = bind_as_asked(type | REUSE);
        int port = ntohs(local_name(owner).sin_port);
        EQUAL(posix_ask(elsewhere, port | type), WSAEADDRINUSE);
        EQUAL(posix_ask(elsewhere, port | type | REUSE), 0);
    }
}

/* A server that closes first leaves its port in TIME_WAIT, which a plain bind(2) cannot have. */
TEST(a_server_can_come_back_at_once, "WSPBind.8")
{
    char byte;
    int elsewhere = posix_answerer(bind_elsewhere);
    startup();
    struct sockaddr_in address;
    SOCKET listening = listener(5, &address);
    unsigned short port = ntohs(address.sin_port);
    int client = posix_connect(port);
    SOCKET s = WSPAccept(listening, NULL, NULL, NULL, 0, &error);
    CHECK(s != INVALID_SOCKET);
    SUCCEEDS(WSPCloseSocket(s, &error));
    EQUAL(posix_read(client, &byte, 1), 0);
    posix_close(client);
    SUCCEEDS(WSPCloseSocket(listening, &error));
    CHECK(posix_bind_tcp(&port) < 0);
    EQUAL(posix_ask(elsewhere, port | LISTEN), 0);
    SOCKET again = tcp();
    SUCCEEDS(bind_to(again, &address, sizeof address));
    /* And then has it alone. */
    FAILS(bind_to(tcp(), &address, sizeof address), WSAEADDRINUSE);
    EQUAL(posix_ask(elsewhere, port), WSAEADDRINUSE);
    SUCCEEDS(WSPListen(again, 5, &error));
    CHECK(posix_connect(port) >= 0);
    FAILS(bind_to(tcp(), &address, sizeof address), WSAEADDRINUSE);
    EQUAL(posix_ask(elsewhere, port), WSAEADDRINUSE);
}

TEST(a_client_can_use_its_port_again, "WSPBind.8")
{
    unsigned short port;
    char byte;
    startup();
    int listening = posix_listen(&port, 5);
    struct sockaddr_in peer = loopback(port);
    /* Closed at once, and shut down before. */
    for (int shut = 0; shut < 2; shut++) {
        SOCKET s = tcp();
        struct sockaddr_in address = bind_loopback(s);
        SUCCEEDS(connect_to(s, &peer));
        int accepted = posix_accept(listening);
        FAILS(bind_to(tcp(), &address, sizeof address), WSAEADDRINUSE);
        SUCCEEDS(shut ? WSPShutdown(s, SD_SEND, &error) : WSPCloseSocket(s, &error));
        EQUAL(posix_read(accepted, &byte, 1), 0);
        posix_close(accepted);
        if (shut)
            SUCCEEDS(WSPCloseSocket(s, &error));
        port = ntohs(address.sin_port);
        CHECK(posix_bind_tcp(&port) < 0);
        SOCKET again = tcp();
        SUCCEEDS(bind_to(again, &address, sizeof address));
        FAILS(bind_to(tcp(), &address, sizeof address), WSAEADDRINUSE);
    }
}

TEST(connections_do_not_keep_their_listener_s_port, "WSPBind.8")
{
    struct sockaddr_in address;
    startup();
    SOCKET listening = listener(5, &address);
    CHECK(posix_connect(ntohs(address.sin_port)) >= 0);
    CHECK(WSPAccept(listening, NULL, NULL, NULL, 0, &error) != INVALID_SOCKET);
    SUCCEEDS(WSPCloseSocket(listening, &error));
    SOCKET again = tcp();
    SUCCEEDS(bind_to(again, &address, sizeof address));
    SUCCEEDS(WSPListen(again, 5, &error));
    CHECK(posix_connect(ntohs(address.sin_port)) >= 0);
    CHECK(WSPAccept(again, NULL, NULL, NULL, 0, &error) != INVALID_SOCKET);
}

TEST(an_exclusive_listener_s_connections_keep_its_port, "WSPBind.8 OBS.18")
{
    startup();
    SOCKET listening = bind_as_asked(EXCLUSIVE | LISTEN);
    struct sockaddr_in address = local_name(listening);
    CHECK(posix_connect(ntohs(address.sin_port)) >= 0);
    SOCKET accepted = WSPAccept(listening, NULL, NULL, NULL, 0, &error);
    CHECK(accepted != INVALID_SOCKET);
    SUCCEEDS(WSPCloseSocket(listening, &error));
    FAILS(bind_to(tcp(), &address, sizeof address), WSAEADDRINUSE);
    SUCCEEDS(WSPCloseSocket(accepted, &error));
    SUCCEEDS(bind_to(tcp(), &address, sizeof address));
}

/* Every line of Windows' table for two sockets of one user: who holds the port, who wants it, what that gives. */
TEST(sharing_follows_the_table, "WSPBind.8 OBS.18")
{
    enum { W = WILDCARD, S = 0, OK = 0, INUSE = WSAEADDRINUSE, DENIED = WSAEACCES };
    static const struct {
        int held, wanted, code;
    } table[] = {
        {W, W, INUSE},
        {S, W, OK},
        {W, S, OK},
        {S, S, INUSE},
        {W, W | REUSE, DENIED},
        {S, W | REUSE, OK},
        {W, S | REUSE, OK},
        {S, S | REUSE, DENIED},
        {W, W | EXCLUSIVE, INUSE},
        {S, W | EXCLUSIVE, INUSE},
        {W, S | EXCLUSIVE, OK},
        {S, S | EXCLUSIVE, INUSE},
        {W | REUSE, W, INUSE},
        {S | REUSE, W, OK},
        {W | REUSE, S, OK},
        {S | REUSE, S, INUSE},
        {W | REUSE, W | REUSE, OK},
        {S | REUSE, W | REUSE, OK},
        {W | REUSE, S | REUSE, OK},
        {S | REUSE, S | REUSE, OK},
        {W | REUSE, W | EXCLUSIVE, INUSE},
        {S | REUSE, W | EXCLUSIVE, INUSE},
        {W | REUSE, S | EXCLUSIVE, OK},
        {S | REUSE, S | EXCLUSIVE, INUSE},
        {W | EXCLUSIVE, W, INUSE},
        {S | EXCLUSIVE, W, OK},
        {W | EXCLUSIVE, S, DENIED},
        {S | EXCLUSIVE, S, INUSE},
        {W | EXCLUSIVE, W | REUSE, DENIED},
        {S | EXCLUSIVE, W | REUSE, OK},
        {W | EXCLUSIVE, S | REUSE, DENIED},
        {S | EXCLUSIVE, S | REUSE, DENIED},
        {W | EXCLUSIVE, W | EXCLUSIVE, INUSE},
        {S | EXCLUSIVE, W | EXCLUSIVE, INUSE},
        {W | EXCLUSIVE, S | EXCLUSIVE, DENIED},
        {S | EXCLUSIVE, S | EXCLUSIVE, INUSE},
    };
    startup();
    for (unsigned line = 0; line < sizeof table / sizeof *table; line++)
        for (int type = 0; type <= (LISTEN | UDP); type += LISTEN / 4) {
            if (type != 0 && type != UDP && type != LISTEN)
                continue;
            SOCKET owner = bind_as_asked(table[line].held | type);
            EQUAL(error, 0);
            SOCKET s = bind_as_asked(table[line].wanted | type | ntohs(local_name(owner).sin_port));
            if (error != table[line].code)
                fail(__FILE__, __LINE__, "line %u, type %x: %d, not %d", line, type, error, table[line].code);
            SUCCEEDS(WSPCloseSocket(s, &error));
            SUCCEEDS(WSPCloseSocket(owner, &error));
        }
}

TEST(the_specific_address_is_served_first, "OBS.18 WSPBind.10 WSPListen.7")
{
    startup();
    for (int order = 0; order < 2; order++) {
        SOCKET first = bind_as_asked(LISTEN | (order ? WILDCARD : 0));
        EQUAL(error, 0);
        unsigned short port = ntohs(local_name(first).sin_port);
        SOCKET second = bind_as_asked(LISTEN | port | (order ? 0 : WILDCARD));
        EQUAL(error, 0);
        SOCKET specific = order ? second : first, general = order ? first : second;
        set_nonblocking(specific, 1);
        set_nonblocking(general, 1);
        for (int i = 0; i < 3; i++) {
            CHECK(posix_connect(port) >= 0);
            CHECK(WSPAccept(specific, NULL, NULL, NULL, 0, &error) != INVALID_SOCKET);
            FAILS(WSPAccept(general, NULL, NULL, NULL, 0, &error), WSAEWOULDBLOCK);
        }
        /* What they share, nobody else does, not even with SO_REUSEADDR. */
        bind_as_asked(port);
        EQUAL(error, WSAEADDRINUSE);
        bind_as_asked(port | REUSE);
        EQUAL(error, WSAEACCES);
        SUCCEEDS(WSPCloseSocket(specific, &error));
        CHECK(posix_connect(port) >= 0);
        CHECK(WSPAccept(general, NULL, NULL, NULL, 0, &error) != INVALID_SOCKET);
    }
}

TEST(the_option_counts_at_bind_time, "WSPBind.8")
{
    startup();
    SOCKET owner = bind_as_asked(0);
    set_option(owner, SOL_SOCKET, SO_REUSEADDR, 1);
    bind_as_asked(ntohs(local_name(owner).sin_port) | REUSE);
    EQUAL(error, WSAEACCES);
}

static struct sockaddr_un unix_name(void)
{
    struct sockaddr_un name;
    char path[100];
    memset(&name, 0, sizeof name);
    name.sun_family = AF_UNIX;
    posix_temporary_path(path);
    memcpy(name.sun_path, path, sizeof path);
    return name;
}

TEST(unix_paths, "WSPBind.2 WSPBind.8 WSPBind.9")
{
    struct sockaddr_un name, read;
    int length = sizeof read;
    startup();
    name = unix_name();
    SOCKET s = open_socket(AF_UNIX, SOCK_STREAM, 0), other = open_socket(AF_UNIX, SOCK_STREAM, 0);
    SUCCEEDS(bind_to(s, &name, sizeof name));
    SUCCEEDS(WSPGetSockName(s, (struct sockaddr *)&read, &length, &error));
    CHECK(strcmp(read.sun_path, name.sun_path) == 0);
    FAILS(bind_to(other, &name, sizeof name), WSAEADDRINUSE);
    strcat(name.sun_path, "/below");
    FAILS(bind_to(other, &name, sizeof name), WSAEADDRNOTAVAIL);
    strcpy(name.sun_path, "/nowhere/at all");
    FAILS(bind_to(other, &name, sizeof name), WSAEADDRNOTAVAIL);
    memset(name.sun_path, 'x', sizeof name.sun_path);
    FAILS(bind_to(other, &name, sizeof name), WSAEFAULT);
    FAILS(bind_to(tcp(), &name, sizeof name), WSAEFAULT);
    /* Without a path Linux chooses a name that no file has. */
    memset(name.sun_path, 0, sizeof name.sun_path);
    SUCCEEDS(bind_to(other, &name, sizeof name));
    SUCCEEDS(WSPListen(other, 1, &error));
}

static void injected(int errno_, int code)
{
    struct sockaddr_in any = loopback(0), port = loopback(4711);
    startup();
    SOCKET s = tcp(), u = udp();
    posix_inject(SYS_bind, errno_);
    FAILS(bind_to(s, &any, sizeof any), code);
    FAILS(bind_to(s, &port, sizeof port), code);
    FAILS(bind_to(u, &any, sizeof any), code);
}

TEST(no_network, "WSPBind.1")
{
    injected(ENETDOWN, WSAENETDOWN);
}

TEST(no_buffers, "WSPBind.1")
{
    injected(ENOBUFS, WSAENOBUFS);
}

enum { RACERS = 4, ROUNDS = 200 };
static SOCKET raced;
static pthread_barrier_t race_barrier;
static int race_won;

static void *race(void *unused)
{
    (void)unused;
    struct sockaddr_in any = loopback(0);
    for (int round = 0; round < ROUNDS; round++) {
        pthread_barrier_wait(&race_barrier);
        error = 0;
        if (bind_to(raced, &any, sizeof any) == 0)
            __atomic_add_fetch(&race_won, 1, __ATOMIC_RELAXED);
        else
            EQUAL(error, WSAEINVAL);
        pthread_barrier_wait(&race_barrier);
    }
    return NULL;
}

TEST(of_many_threads_one_binds, "WSPBind.4")
{
    pthread_t threads[RACERS];
    startup();
    pthread_barrier_init(&race_barrier, NULL, RACERS + 1);
    for (int i = 0; i < RACERS; i++)
        pthread_create(&threads[i], NULL, race, NULL);
    for (int round = 0; round < ROUNDS; round++) {
        raced = tcp();
        pthread_barrier_wait(&race_barrier);
        pthread_barrier_wait(&race_barrier);
        SUCCEEDS(WSPCloseSocket(raced, &error));
    }
    for (int i = 0; i < RACERS; i++)
        pthread_join(threads[i], NULL);
    EQUAL(race_won, ROUNDS);
}

/* A listener whose queue is full does not listen for the kernel. */
TEST(a_full_listener_keeps_its_port, "WSPBind.8 WSPListen.5")
{
    int elsewhere = posix_answerer(bind_elsewhere);
    struct sockaddr_in address;
    startup();
    SOCKET listening = listener(1, &address);
    unsigned short port = ntohs(address.sin_port);
    CHECK(posix_connect(port) >= 0);
    while (posix_connect(port) >= 0)
        continue;
    EQUAL(posix_ask(elsewhere, port), WSAEADDRINUSE);
    FAILS(bind_to(tcp(), &address, sizeof address), WSAEADDRINUSE);
    CHECK(WSPAccept(listening, NULL, NULL, NULL, 0, &error) != INVALID_SOCKET);
    CHECK(posix_connect(port) >= 0);
}
