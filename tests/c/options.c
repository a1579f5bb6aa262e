/* WSPGetSockOpt and WSPSetSockOpt: every option's default, its values, its sizes and its errors, from one table. */
#include "check.h"

#include <limits.h>

#define TCP4 AF_INET, SOCK_STREAM, IPPROTO_TCP
#define UDP4 AF_INET, SOCK_DGRAM, IPPROTO_UDP
#define TCP6 AF_INET6, SOCK_STREAM, IPPROTO_TCP
#define UDP6 AF_INET6, SOCK_DGRAM, IPPROTO_UDP
#define NAMED(level, name) #name, level, name

/* The default depends on the host. */
#define HOSTS INT_MIN

/* Options that fit an int. Small ones may be passed in a single byte. */
enum size { SMALL = 1, WHOLE = 4 };

static const struct option {
    const char *name;
    int level, option;
    int family, type, protocol;
    enum size size;
    int initial; /* the default */
    int other;   /* a value to set */
    const char *kernel; /* the kernel's name for it, if it must know... */
    int kernel_value;   /* ... this for `other` */
} options[] = {
    {NAMED(SOL_SOCKET, SO_BROADCAST), UDP4, SMALL, 0, 1, "SO_BROADCAST", 1},
    {NAMED(SOL_SOCKET, SO_CONDITIONAL_ACCEPT), TCP4, SMALL, 0, 1, NULL, 0},
    {NAMED(SOL_SOCKET, SO_DEBUG), TCP4, SMALL, 0, 1, NULL, 0},
    {NAMED(SOL_SOCKET, SO_DONTLINGER), TCP4, SMALL, 1, 0, "SO_LINGER", 0},
    {NAMED(SOL_SOCKET, SO_DONTROUTE), UDP4, SMALL, 0, 1, NULL, 0},
    {NAMED(SOL_SOCKET, SO_ERROR), TCP4, WHOLE, 0, WSAECONNREFUSED, NULL, 0},
    {NAMED(SOL_SOCKET, SO_EXCLUSIVEADDRUSE), TCP4, SMALL, 0, 1, "SO_REUSEADDR", 0},
    {NAMED(SOL_SOCKET, SO_KEEPALIVE), TCP4, SMALL, 0, 1, "SO_KEEPALIVE", 1},
    {NAMED(SOL_SOCKET, SO_OOBINLINE), TCP4, SMALL, 0, 1, "SO_OOBINLINE", 1},
    {NAMED(SOL_SOCKET, SO_RANDOMIZE_PORT), TCP4, SMALL, 0, 1, NULL, 0},
    {NAMED(SOL_SOCKET, SO_RCVBUF), TCP4, WHOLE, HOSTS, 30000, "SO_RCVBUF", 60000},
    {NAMED(SOL_SOCKET, SO_RCVBUF), UDP4, WHOLE, HOSTS, 30000, "SO_RCVBUF", 60000},
    {NAMED(SOL_SOCKET, SO_RCVTIMEO), TCP4, WHOLE, 0, 63001, NULL, 0},
    {NAMED(SOL_SOCKET, SO_REUSEADDR), UDP4, SMALL, 0, 1, "SO_REUSEADDR", 0},
    {NAMED(SOL_SOCKET, SO_SNDBUF), TCP4, WHOLE, HOSTS, 30000, "SO_SNDBUF", 60000},
    {NAMED(SOL_SOCKET, SO_SNDBUF), UDP4, WHOLE, HOSTS, 30000, "SO_SNDBUF", 60000},
    {NAMED(SOL_SOCKET, SO_SNDTIMEO), TCP4, WHOLE, 0, 997003, NULL, 0},

    {NAMED(IPPROTO_TCP, TCP_NODELAY), TCP4, SMALL, 0, 1, "TCP_NODELAY", 1},
    {NAMED(IPPROTO_TCP, TCP_NODELAY), TCP6, SMALL, 0, 1, "TCP_NODELAY", 1},
    {NAMED(IPPROTO_TCP, TCP_KEEPALIVE), TCP4, WHOLE, 7200, 3600, "TCP_KEEPIDLE", 3600},
    {NAMED(IPPROTO_TCP, TCP_KEEPIDLE), TCP4, WHOLE, 7200, 60, "TCP_KEEPIDLE", 60},
    {NAMED(IPPROTO_TCP, TCP_KEEPCNT), TCP4, WHOLE, 10, 5, "TCP_KEEPCNT", 5},
    {NAMED(IPPROTO_TCP, TCP_KEEPINTVL), TCP4, WHOLE, 1, 7, "TCP_KEEPINTVL", 7},
    {NAMED(IPPROTO_TCP, TCP_MAXRT), TCP4, WHOLE, 0, 20, "TCP_USER_TIMEOUT", 20000},
    {NAMED(IPPROTO_TCP, TCP_MAXRT), TCP4, WHOLE, 0, -1, "TCP_USER_TIMEOUT", INT_MAX},
    {NAMED(IPPROTO_TCP, TCP_MAXRTMS), TCP4, WHOLE, 0, 1500, "TCP_USER_TIMEOUT", 1500},
    {NAMED(IPPROTO_TCP, TCP_FASTOPEN), TCP4, SMALL, 0, 1, "TCP_FASTOPEN", 256},

    {NAMED(IPPROTO_UDP, UDP_NOCHECKSUM), UDP4, SMALL, 0, 1, "SO_NO_CHECK", 1},
    {NAMED(IPPROTO_UDP, UDP_NOCHECKSUM), UDP6, SMALL, 0, 1, "UDP_NO_CHECK6_TX", 1},
    {NAMED(IPPROTO_UDP, UDP_SEND_MSG_SIZE), UDP4, WHOLE, 0, 1200, "UDP_SEGMENT", 1200},

    {NAMED(IPPROTO_IP, IP_TOS), UDP4, SMALL, 0, 0x20, "IP_TOS", 0x20},
    {NAMED(IPPROTO_IP, IP_TTL), UDP4, SMALL, HOSTS, 5, "IP_TTL", 5},
    {NAMED(IPPROTO_IP, IP_TTL), TCP4, SMALL, HOSTS, 200, "IP_TTL", 200},
    {NAMED(IPPROTO_IP, IP_TTL), UDP6, SMALL, HOSTS, 5, "IP_TTL", 5},
    {NAMED(IPPROTO_IP, IP_DONTFRAGMENT), UDP4, SMALL, 0, 1, "IP_MTU_DISCOVER", 2},
    {NAMED(IPPROTO_IP, IP_MTU_DISCOVER), UDP4, WHOLE, 0, IP_PMTUDISC_DO, "IP_MTU_DISCOVER", 2},
    {NAMED(IPPROTO_IP, IP_MTU_DISCOVER), UDP4, WHOLE, 0, IP_PMTUDISC_DONT, "IP_MTU_DISCOVER", 0},
    {NAMED(IPPROTO_IP, IP_MTU_DISCOVER), UDP4, WHOLE, 0, IP_PMTUDISC_PROBE, "IP_MTU_DISCOVER", 3},
    {NAMED(IPPROTO_IP, IP_UNICAST_IF), UDP4, WHOLE, 0, 0x01000000, "IP_UNICAST_IF", 0x01000000},
    {NAMED(IPPROTO_IP, IP_PKTINFO), UDP4, WHOLE, 0, 1, "IP_PKTINFO", 1},
    {NAMED(IPPROTO_IP, IP_RECVTTL), UDP4, WHOLE, 0, 1, "IP_RECVTTL", 1},
    {NAMED(IPPROTO_IP, IP_RECVTOS), UDP4, WHOLE, 0, 1, "IP_RECVTOS", 1},
    {NAMED(IPPROTO_IP, IP_RECVECN), UDP4, WHOLE, 0, 1, "IP_RECVTOS", 1},
    {NAMED(IPPROTO_IP, IP_MULTICAST_IF), UDP4, WHOLE, 0, 0x0100007f, NULL, 0},
    {NAMED(IPPROTO_IP, IP_MULTICAST_IF), UDP4, WHOLE, 0, 0x01000000, NULL, 0},
    {NAMED(IPPROTO_IP, IP_MULTICAST_TTL), UDP4, SMALL, 1, 9, "IP_MULTICAST_TTL", 9},
    {NAMED(IPPROTO_IP, IP_MULTICAST_LOOP), UDP4, SMALL, 1, 0, "IP_MULTICAST_LOOP", 0},

    {NAMED(IPPROTO_IPV6, IPV6_V6ONLY), TCP6, SMALL, 1, 0, "IPV6_V6ONLY", 0},
    {NAMED(IPPROTO_IPV6, IPV6_UNICAST_HOPS), UDP6, SMALL, HOSTS, 9, "IPV6_UNICAST_HOPS", 9},
    {NAMED(IPPROTO_IPV6, IPV6_DONTFRAG), UDP6, SMALL, 0, 1, "IPV6_DONTFRAG", 1},
    {NAMED(IPPROTO_IPV6, IPV6_MTU_DISCOVER), UDP6, WHOLE, 0, IP_PMTUDISC_DO, "IPV6_MTU_DISCOVER", 2},
    {NAMED(IPPROTO_IPV6, IPV6_UNICAST_IF), UDP6, WHOLE, 0, 1, "IPV6_UNICAST_IF", 0x01000000},
    {NAMED(IPPROTO_IPV6, IPV6_PKTINFO), UDP6, WHOLE, 0, 1, "IPV6_RECVPKTINFO", 1},
    {NAMED(IPPROTO_IPV6, IPV6_HOPLIMIT), UDP6, WHOLE, 0, 1, "IPV6_RECVHOPLIMIT", 1},
    {NAMED(IPPROTO_IPV6, IPV6_TCLASS), UDP6, WHOLE, HOSTS, 0x20, "IPV6_TCLASS", 0x20},
    {NAMED(IPPROTO_IPV6, IPV6_RECVTCLASS), UDP6, WHOLE, 0, 1, "IPV6_RECVTCLASS", 1},
    {NAMED(IPPROTO_IPV6, IPV6_RECVECN), UDP6, WHOLE, 0, 1, "IPV6_RECVTCLASS", 1},
    {NAMED(IPPROTO_IPV6, IPV6_RECVRTHDR), UDP6, WHOLE, 0, 1, "IPV6_RECVRTHDR", 1},
    {NAMED(IPPROTO_IPV6, IPV6_MULTICAST_IF), UDP6, WHOLE, 0, 1, "IPV6_MULTICAST_IF", 1},
    {NAMED(IPPROTO_IPV6, IPV6_MULTICAST_HOPS), UDP6, SMALL, 1, 9, "IPV6_MULTICAST_HOPS", 9},
    {NAMED(IPPROTO_IPV6, IPV6_MULTICAST_LOOP), UDP6, SMALL, 1, 0, "IPV6_MULTICAST_LOOP", 0},
};

/* Options that can only be read, in a state where the value is known. */
static const struct {
    const char *name;
    int level, option;
    int family, type, protocol;
    int value;
} read_only[] = {
    {NAMED(SOL_SOCKET, SO_ACCEPTCONN), TCP4, 0},
    {NAMED(SOL_SOCKET, SO_ACCEPTCONN), UDP4, 0},
    {NAMED(SOL_SOCKET, SO_CONNECT_TIME), TCP4, -1},
    {NAMED(SOL_SOCKET, SO_GROUP_ID), TCP4, 0},
    {NAMED(SOL_SOCKET, SO_MAX_MSG_SIZE), UDP4, 65507},
    {NAMED(SOL_SOCKET, SO_MAX_MSG_SIZE), UDP6, 65527},
    {NAMED(SOL_SOCKET, SO_TYPE), TCP4, SOCK_STREAM},
    {NAMED(SOL_SOCKET, SO_TYPE), UDP4, SOCK_DGRAM},
    {NAMED(IPPROTO_TCP, TCP_MAXSEG), TCP4, 536},
};

/* What cannot be had here, and what is none. */
static const struct {
    const char *name;
    int level, option;
    int family, type, protocol;
} unsupported[] = {
    {NAMED(SOL_SOCKET, -1), TCP4},
    {NAMED(SOL_SOCKET, 0), UDP4},
    {NAMED(SOL_SOCKET, SO_COMPARTMENT_ID), TCP4},
    {NAMED(SOL_SOCKET, SO_CONNDATA), TCP4},
    {NAMED(SOL_SOCKET, SO_CONNDATALEN), TCP4},
    {NAMED(SOL_SOCKET, SO_CONNOPT), TCP4},
    {NAMED(SOL_SOCKET, SO_CONNOPTLEN), TCP4},
    {NAMED(SOL_SOCKET, SO_DISCDATA), TCP4},
    {NAMED(SOL_SOCKET, SO_DISCDATALEN), TCP4},
    {NAMED(SOL_SOCKET, SO_DISCOPT), TCP4},
    {NAMED(SOL_SOCKET, SO_DISCOPTLEN), TCP4},
    {NAMED(SOL_SOCKET, SO_DONTLINGER), UDP4},
    {NAMED(SOL_SOCKET, SO_LINGER), UDP4},
    {NAMED(SOL_SOCKET, SO_CONDITIONAL_ACCEPT), UDP4},
    {NAMED(SOL_SOCKET, SO_MAXDG), UDP4},
    {NAMED(SOL_SOCKET, SO_MAXPATHDG), UDP4},
    {NAMED(SOL_SOCKET, SO_MAX_MSG_SIZE), TCP4},
    {NAMED(SOL_SOCKET, SO_OPENTYPE), TCP4},
    {NAMED(SOL_SOCKET, SO_ORIGINAL_DST), TCP4},
    {NAMED(SOL_SOCKET, SO_PAUSE_ACCEPT), TCP4},
    {NAMED(SOL_SOCKET, SO_PORT_SCALABILITY), TCP4},
    {NAMED(SOL_SOCKET, SO_RCVLOWAT), TCP4},
    {NAMED(SOL_SOCKET, SO_REUSE_MULTICASTPORT), UDP4},
    {NAMED(SOL_SOCKET, SO_REUSE_UNICASTPORT), TCP4},
    {NAMED(SOL_SOCKET, SO_SNDLOWAT), TCP4},
    {NAMED(SOL_SOCKET, SO_TIMESTAMP), UDP4},
    {NAMED(SOL_SOCKET, SO_TIMESTAMP_ID), UDP4},
    {NAMED(SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT), UDP4},
    {NAMED(SOL_SOCKET, SO_UPDATE_CONNECT_CONTEXT), UDP4},
    {NAMED(SOL_SOCKET, SO_USELOOPBACK), TCP4},
    {NAMED(SOL_SOCKET, PVD_CONFIG), TCP4},
    {NAMED(IPPROTO_TCP, TCP_ATMARK), TCP4},
    {NAMED(IPPROTO_TCP, TCP_CONGESTION_ALGORITHM), TCP4},
    {NAMED(IPPROTO_TCP, TCP_DELAY_FIN_ACK), TCP4},
    {NAMED(IPPROTO_TCP, TCP_FAIL_CONNECT_ON_ICMP_ERROR), TCP4},
    {NAMED(IPPROTO_TCP, TCP_ICMP_ERROR_INFO), TCP4},
    {NAMED(IPPROTO_TCP, TCP_NOSYNRETRIES), TCP4},
    {NAMED(IPPROTO_TCP, TCP_NOURG), TCP4},
    {NAMED(IPPROTO_TCP, TCP_OFFLOAD_PREFERENCE), TCP4},
    {NAMED(IPPROTO_TCP, TCP_STDURG), TCP4},
    {NAMED(IPPROTO_TCP, TCP_TIMESTAMPS), TCP4},
    {NAMED(IPPROTO_TCP, TCP_NODELAY), UDP4},
    {NAMED(IPPROTO_UDP, UDP_CHECKSUM_COVERAGE), UDP4},
    {NAMED(IPPROTO_UDP, UDP_RECV_MAX_COALESCED_SIZE), UDP4},
    {NAMED(IPPROTO_UDP, UDP_NOCHECKSUM), TCP4},
    {NAMED(IPPROTO_IP, IP_ADD_IFLIST), UDP4},
    {NAMED(IPPROTO_IP, IP_DEL_IFLIST), UDP4},
    {NAMED(IPPROTO_IP, IP_GET_IFLIST), UDP4},
    {NAMED(IPPROTO_IP, IP_IFLIST), UDP4},
    {NAMED(IPPROTO_IP, IP_HDRINCL), UDP4},
    {NAMED(IPPROTO_IP, IP_NRT_INTERFACE), UDP4},
    {NAMED(IPPROTO_IP, IP_ORIGINAL_ARRIVAL_IF), UDP4},
    {NAMED(IPPROTO_IP, IP_PKTINFO_EX), UDP4},
    {NAMED(IPPROTO_IP, IP_PROTECTION_LEVEL), UDP4},
    {NAMED(IPPROTO_IP, IP_RECVDSTADDR), UDP4},
    {NAMED(IPPROTO_IP, IP_RECVERR), UDP4},
    {NAMED(IPPROTO_IP, IP_RECVIF), UDP4},
    {NAMED(IPPROTO_IP, IP_RECVRTHDR), UDP4},
    {NAMED(IPPROTO_IP, IP_RTHDR), UDP4},
    {NAMED(IPPROTO_IP, IP_TCLASS), UDP4},
    {NAMED(IPPROTO_IP, IP_USER_MTU), UDP4},
    {NAMED(IPPROTO_IP, IP_WFP_REDIRECT_CONTEXT), UDP4},
    {NAMED(IPPROTO_IP, IP_WFP_REDIRECT_RECORDS), UDP4},
    {NAMED(IPPROTO_IP, IP_ADD_MEMBERSHIP), TCP4},
    {NAMED(IPPROTO_IPV6, IPV6_V6ONLY), TCP4},
    {NAMED(IPPROTO_IPV6, IPV6_ADD_IFLIST), UDP6},
    {NAMED(IPPROTO_IPV6, IPV6_CHECKSUM), UDP6},
    {NAMED(IPPROTO_IPV6, IPV6_DEL_IFLIST), UDP6},
    {NAMED(IPPROTO_IPV6, IPV6_GET_IFLIST), UDP6},
    {NAMED(IPPROTO_IPV6, IPV6_HDRINCL), UDP6},
    {NAMED(IPPROTO_IPV6, IPV6_HOPOPTS), UDP6},
    {NAMED(IPPROTO_IPV6, IPV6_IFLIST), UDP6},
    {NAMED(IPPROTO_IPV6, IPV6_NRT_INTERFACE), UDP6},
    {NAMED(IPPROTO_IPV6, IPV6_PKTINFO_EX), UDP6},
    {NAMED(IPPROTO_IPV6, IPV6_PROTECTION_LEVEL), UDP6},
    {NAMED(IPPROTO_IPV6, IPV6_RECVDSTADDR), UDP6},
    {NAMED(IPPROTO_IPV6, IPV6_RECVERR), UDP6},
    {NAMED(IPPROTO_IPV6, IPV6_RECVIF), UDP6},
    {NAMED(IPPROTO_IPV6, IPV6_RTHDR), UDP6},
    {NAMED(IPPROTO_IPV6, IPV6_USER_MTU), UDP6},
    {NAMED(IPPROTO_IPV6, IPV6_WFP_REDIRECT_CONTEXT), UDP6},
    {NAMED(IPPROTO_IPV6, IPV6_WFP_REDIRECT_RECORDS), UDP6},
    {NAMED(IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP), TCP6},
};

/* Values that an option does not have. */
static const struct {
    const char *name;
    int level, option;
    int family, type, protocol;
    int value;
    int code;
} out_of_range[] = {
    {NAMED(IPPROTO_TCP, TCP_KEEPALIVE), TCP4, 0, WSAEINVAL},
    {NAMED(IPPROTO_TCP, TCP_KEEPCNT), TCP4, 0, WSAEINVAL},
    {NAMED(IPPROTO_TCP, TCP_KEEPCNT), TCP4, 1000, WSAEINVAL},
    {NAMED(IPPROTO_TCP, TCP_KEEPINTVL), TCP4, 0, WSAEINVAL},
    {NAMED(IPPROTO_TCP, TCP_MAXRT), TCP4, -2, WSAEINVAL},
    {NAMED(IPPROTO_TCP, TCP_MAXRT), TCP4, INT_MAX, WSAEINVAL},
    {NAMED(IPPROTO_TCP, TCP_EXPEDITED_1122), TCP4, 1, WSAENOPROTOOPT},
    {NAMED(IPPROTO_TCP, TCP_BSDURGENT), TCP4, 0, WSAENOPROTOOPT},
    {NAMED(IPPROTO_UDP, UDP_SEND_MSG_SIZE), UDP4, 0x10000, WSAEINVAL},
    {NAMED(IPPROTO_IP, IP_TOS), UDP4, 0x100, WSAEINVAL},
    {NAMED(IPPROTO_IP, IP_TTL), UDP4, 0, WSAEINVAL},
    {NAMED(IPPROTO_IP, IP_TTL), UDP4, 0x100, WSAEINVAL},
    {NAMED(IPPROTO_IP, IP_MULTICAST_TTL), UDP4, 0x100, WSAEINVAL},
    {NAMED(IPPROTO_IP, IP_MULTICAST_IF), UDP4, 0x010200c0, WSAEADDRNOTAVAIL}, /* 192.0.2.1 is nobody's */
    {NAMED(IPPROTO_IP, IP_MTU_DISCOVER), UDP4, 4, WSAEINVAL},
    {NAMED(IPPROTO_IP, IP_RECEIVE_BROADCAST), UDP4, 0, WSAENOPROTOOPT},
    {NAMED(IPPROTO_IPV6, IPV6_UNICAST_HOPS), UDP6, 0x100, WSAEINVAL},
    {NAMED(IPPROTO_IPV6, IPV6_MULTICAST_HOPS), UDP6, 0x100, WSAEINVAL},
    {NAMED(SOL_SOCKET, SO_DONTROUTE), UDP6, 1, WSAENOPROTOOPT},
    {NAMED(SOL_SOCKET, SO_GROUP_PRIORITY), TCP4, 1, WSAENOPROTOOPT},
};

/* The default where it cannot be otherwise. */
static const struct {
    const char *name;
    int level, option;
    int family, type, protocol;
    int value;
} fixed[] = {
    {NAMED(IPPROTO_TCP, TCP_BSDURGENT), TCP4, 1},
    {NAMED(IPPROTO_TCP, TCP_EXPEDITED_1122), TCP4, 0},
    {NAMED(IPPROTO_IP, IP_RECEIVE_BROADCAST), UDP4, 1},
    {NAMED(SOL_SOCKET, SO_GROUP_PRIORITY), TCP4, 0},
};

#define EACH(row, table) (__typeof__(&*table) row = table; row < table + sizeof table / sizeof *table; row++)

/* A socket of the row's kind, or INVALID_SOCKET on a host without IPv6. */
#define SOCKET_FOR(row) WSPSocket((row)->family, (row)->type, (row)->protocol, NULL, 0, 0, &error)
#define MISSING(s, row) ((s) == INVALID_SOCKET && (row)->family == AF_INET6 && error == WSAEAFNOSUPPORT)

#define EXPECT(row, actual, expected, what)                                                                            \
    do {                                                                                                               \
        long long actual_ = (actual), expected_ = (expected);                                                          \
        if (actual_ != expected_)                                                                                      \
            fail(__FILE__, __LINE__, "%s: %s is %lld, not %lld (error %d)", (row)->name, what, actual_, expected_,     \
                 error);                                                                                               \
    } while (0)

static int get(SOCKET s, int level, int option, void *value, int *length)
{
    error = 0;
    return WSPGetSockOpt(s, level, option, value, length, &error) == 0 ? 0 : error;
}

static int set(SOCKET s, int level, int option, const void *value, int length)
{
    error = 0;
    return WSPSetSockOpt(s, level, option, value, length, &error) == 0 ? 0 : error;
}

/* Each option has its default, takes a value and gives it back, in the kernel too, and goes back to its default. */
TEST(options_have_defaults_and_keep_values,
     "WSPGetSockOpt.1 WSPGetSockOpt.2 WSPGetSockOpt.5 WSPSetSockOpt.1 WSPSetSockOpt.2 WSPSetSockOpt.3 WSPSetSockOpt.6 "
     "WSPSetSockOpt.7 OBS.34 OBS.35")
{
    startup();
    for EACH (row, options) {
        SOCKET s = SOCKET_FOR(row);
        int value = ~row->initial, length = sizeof value, initial;
        if (MISSING(s, row))
            continue;
        EXPECT(row, get(s, row->level, row->option, &value, &length), 0, "getting the default");
        EXPECT(row, length, 4, "the length");
        if (row->initial != HOSTS)
            EXPECT(row, value, row->initial, "the default");
        initial = value;
        EXPECT(row, set(s, row->level, row->option, &row->other, 4), 0, "setting");
        EXPECT(row, get(s, row->level, row->option, &value, &length), 0, "getting");
        EXPECT(row, value, row->other, "the value");
        if (row->kernel != NULL)
            EXPECT(row, posix_newest_option(row->kernel), row->kernel_value, row->kernel);
        EXPECT(row, set(s, row->level, row->option, &initial, 4), 0, "setting back");
        EXPECT(row, get(s, row->level, row->option, &value, &length), 0, "getting the default again");
        EXPECT(row, value, initial, "the default again");
        SUCCEEDS(WSPCloseSocket(s, &error));
    }
}

/* Small options take one byte and more; the others need all four. What is longer is welcome. */
TEST(options_judge_lengths, "WSPGetSockOpt.2 WSPSetSockOpt.9 OBS.35")
{
    startup();
    for EACH (row, options) {
        SOCKET s = SOCKET_FOR(row);
        unsigned char bytes[16], small = (unsigned char)row->other;
        int length, whole;
        if (MISSING(s, row))
            continue;
        for (int size = 0; size < 4; size++) {
            int enough = row->size == SMALL && size > 0;
            memset(bytes, 0xee, sizeof bytes);
            length = size;
            EXPECT(row, get(s, row->level, row->option, bytes, &length), enough ? 0 : WSAEFAULT, "a short get");
            EXPECT(row, length, enough ? 1 : size, "the length of a short get");
            EXPECT(row, bytes[1], 0xee, "the byte behind");
            if (!enough)
                EXPECT(row, bytes[0], 0xee, "the byte of a failed get");
            EXPECT(row, set(s, row->level, row->option, &small, size), enough ? 0 : WSAEFAULT, "a short set");
            if (enough) {
                length = sizeof whole;
                EXPECT(row, get(s, row->level, row->option, &whole, &length), 0, "getting what a byte has set");
                EXPECT(row, whole, small, "what a byte has set");
            }
        }
        length = sizeof bytes;
        memset(bytes, 0xee, sizeof bytes);
        EXPECT(row, get(s, row->level, row->option, bytes, &length), 0, "a long get");
        EXPECT(row, length, 4, "the length of a long get");
        EXPECT(row, bytes[4], 0xee, "the byte behind the value");
        memset(bytes, 0, sizeof bytes);
        memcpy(bytes, &row->other, 4);
        EXPECT(row, set(s, row->level, row->option, bytes, sizeof bytes), 0, "a long set");
        EXPECT(row, set(s, row->level, row->option, bytes, -1), WSAEFAULT, "a set with a negative length");
        length = -1;
        EXPECT(row, get(s, row->level, row->option, bytes, &length), WSAEFAULT, "a get with a negative length");
        SUCCEEDS(WSPCloseSocket(s, &error));
    }
}

/* NULL and unreadable memory are WSAEFAULT for every option. */
TEST(options_judge_pointers, "WSPGetSockOpt.2 WSPSetSockOpt.9 OBS.44")
{
    void *bad[] = {NULL, (void *)8};
    startup();
    for EACH (row, options) {
        SOCKET s = SOCKET_FOR(row);
        int value, length = sizeof value;
        if (MISSING(s, row))
            continue;
        for (int i = 0; i < 2; i++) {
            EXPECT(row, get(s, row->level, row->option, bad[i], &length), WSAEFAULT, "a get into bad memory");
            EXPECT(row, length, 4, "the length after a failed get");
            EXPECT(row, get(s, row->level, row->option, &value, bad[i]), WSAEFAULT, "a get with a bad length");
            EXPECT(row, set(s, row->level, row->option, bad[i], 4), WSAEFAULT, "a set from bad memory");
        }
        SUCCEEDS(WSPCloseSocket(s, &error));
    }
}

TEST(read_only_options_are_read_and_not_set, "WSPGetSockOpt.1 WSPGetSockOpt.3 WSPSetSockOpt.2 OBS.35")
{
    startup();
    for EACH (row, read_only) {
        SOCKET s = SOCKET_FOR(row);
        int value = ~row->value, length = sizeof value;
        if (MISSING(s, row))
            continue;
        EXPECT(row, get(s, row->level, row->option, &value, &length), 0, "getting");
        EXPECT(row, value, row->value, "the value");
        EXPECT(row, length, 4, "the length");
        EXPECT(row, set(s, row->level, row->option, &value, 4), WSAENOPROTOOPT, "setting");
        SUCCEEDS(WSPCloseSocket(s, &error));
    }
}

TEST(options_that_cannot_be_otherwise_keep_their_value, "WSPGetSockOpt.1 WSPSetSockOpt.9")
{
    startup();
    for EACH (row, fixed) {
        SOCKET s = SOCKET_FOR(row);
        int value = ~row->value, length = sizeof value, other = !row->value;
        EXPECT(row, get(s, row->level, row->option, &value, &length), 0, "getting");
        EXPECT(row, value, row->value, "the value");
        EXPECT(row, set(s, row->level, row->option, &value, 4), 0, "setting what it is");
        EXPECT(row, set(s, row->level, row->option, &other, 4), WSAENOPROTOOPT, "setting something else");
        SUCCEEDS(WSPCloseSocket(s, &error));
    }
}

TEST(values_out_of_range_are_refused, "WSPSetSockOpt.3 WSPSetSockOpt.9")
{
    startup();
    for EACH (row, out_of_range) {
        SOCKET s = SOCKET_FOR(row);
        int before = 0, after = 0, length = 4;
        if (MISSING(s, row))
            continue;
        EXPECT(row, get(s, row->level, row->option, &before, &length), 0, "getting");
        EXPECT(row, set(s, row->level, row->option, &row->value, 4), row->code, "setting");
        EXPECT(row, get(s, row->level, row->option, &after, &length), 0, "getting after the failure");
        EXPECT(row, after, before, "the value after the failure");
        SUCCEEDS(WSPCloseSocket(s, &error));
    }
}

TEST(unsupported_options_are_refused, "WSPGetSockOpt.3 WSPSetSockOpt.9")
{
    startup();
    for EACH (row, unsupported) {
        SOCKET s = SOCKET_FOR(row);
        char bytes[1024] = {1};
        int length = sizeof bytes;
        if (MISSING(s, row))
            continue;
        EXPECT(row, get(s, row->level, row->option, bytes, &length), WSAENOPROTOOPT, "getting");
        EXPECT(row, length, sizeof bytes, "the length");
        EXPECT(row, set(s, row->level, row->option, bytes, sizeof bytes), WSAENOPROTOOPT, "setting");
        SUCCEEDS(WSPCloseSocket(s, &error));
    }
}

TEST(unknown_levels_are_refused, "WSPGetSockOpt.3 WSPSetSockOpt.9")
{
    static const int levels[] = {-1, 1, 2, 255, 0x7fff, SOL_IP, SOL_IPV6};
    int value = 1, length = sizeof value;
    startup();
    SOCKET s = tcp();
    for (unsigned i = 0; i < sizeof levels / sizeof *levels; i++) {
        FAILS(WSPGetSockOpt(s, levels[i], 1, (char *)&value, &length, &error), WSAEINVAL);
        FAILS(WSPSetSockOpt(s, levels[i], 1, (char *)&value, length, &error), WSAEINVAL);
    }
}

/* The handle is judged first. */
TEST(bad_handles_are_refused, "WSPGetSockOpt.1 OBS.12 C.8")
{
    int value = 0, length = sizeof value;
    FAILS(WSPGetSockOpt(4, SOL_SOCKET, SO_TYPE, NULL, NULL, &error), WSANOTINITIALISED);
    FAILS(WSPSetSockOpt(4, SOL_SOCKET, SO_TYPE, NULL, 0, &error), WSANOTINITIALISED);
    startup();
    SOCKET s = tcp();
    SUCCEEDS(WSPCloseSocket(s, &error));
    SOCKET bad[] = {s, 0, INVALID_SOCKET, 0x7ffffffc};
    for (int i = 0; i < 4; i++) {
        FAILS(WSPGetSockOpt(bad[i], SOL_SOCKET, SO_TYPE, (char *)&value, &length, &error), WSAENOTSOCK);
        FAILS(WSPGetSockOpt(bad[i], -1, -1, NULL, NULL, &error), WSAENOTSOCK);
        FAILS(WSPSetSockOpt(bad[i], SOL_SOCKET, SO_DEBUG, (char *)&value, length, &error), WSAENOTSOCK);
        FAILS(WSPSetSockOpt(bad[i], -1, -1, NULL, 0, &error), WSAENOTSOCK);
    }
    /* A NULL lpErrno is tolerated. */
    EQUAL(WSPGetSockOpt(s, SOL_SOCKET, SO_TYPE, (char *)&value, &length, NULL), SOCKET_ERROR);
}
