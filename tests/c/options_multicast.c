/* Socket options that join and leave multicast groups. Loopback only. */
#include "check.h"

#define GROUP_ADDRESS "239.255.77.1"
#define LOOPBACK_INDEX 1

static struct in_addr in(const char *text)
{
    unsigned a, b, c, d;
    struct in_addr address;
    CHECK(sscanf(text, "%u.%u.%u.%u", &a, &b, &c, &d) == 4);
    address.s_addr = htonl(a << 24 | b << 16 | c << 8 | d);
    return address;
}

/* A UDP socket bound to the wildcard address, whose receives end; its port goes to `port`. */
static SOCKET member(unsigned short *port)
{
    struct sockaddr_in address = loopback(0);
    int length = sizeof address, limit = 20000;
    SOCKET s = udp();
    address.sin_addr.s_addr = 0;
    SUCCEEDS(WSPBind(s, (struct sockaddr *)&address, sizeof address, &error));
    SUCCEEDS(WSPGetSockName(s, (struct sockaddr *)&address, &length, &error));
    SUCCEEDS(WSPSetSockOpt(s, SOL_SOCKET, SO_RCVTIMEO, (char *)&limit, sizeof limit, &error));
    *port = ntohs(address.sin_port);
    return s;
}

/* Whether a datagram from `source` to the group reaches `s`. Another one to `s` itself comes after it. */
static int hears(SOCKET s, unsigned short port, const char *source)
{
    char byte = 0;
    DWORD count = 0;
    int heard = 0;
    posix_send_to_group(source, GROUP_ADDRESS, port, "g", 1);
    posix_send_to_group("127.0.0.1", "127.0.0.1", port, "e", 1);
    for (;;) {
        SUCCEEDS(receive_bytes(s, &byte, 1, &count, 0));
        EQUAL(count, 1);
        if (byte == 'e')
            return heard;
        heard++;
    }
}

static int set(SOCKET s, int level, int option, const void *value, int length)
{
    return WSPSetSockOpt(s, level, option, value, length, &error);
}

/* The interface is named by an address or by its index, as 0.x.x.x. */
TEST(membership_is_joined_and_left, "WSPSetSockOpt.1")
{
    const char *interfaces[] = {"127.0.0.1", "0.0.0.1"};
    startup();
    for (int i = 0; i < 2; i++) {
        unsigned short port;
        struct ip_mreq wanted = {in(GROUP_ADDRESS), in(interfaces[i])};
        SOCKET s = member(&port);
        EQUAL(hears(s, port, "127.0.0.1"), 0);
        SUCCEEDS(set(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &wanted, sizeof wanted));
        EQUAL(hears(s, port, "127.0.0.1"), 1);
        SUCCEEDS(set(s, IPPROTO_IP, IP_DROP_MEMBERSHIP, &wanted, sizeof wanted));
        EQUAL(hears(s, port, "127.0.0.1"), 0);
        FAILS(set(s, IPPROTO_IP, IP_DROP_MEMBERSHIP, &wanted, sizeof wanted), WSAEADDRNOTAVAIL);
        SUCCEEDS(WSPCloseSocket(s, &error));
    }
}

/* A socket that is no member hears nothing of a group, although another one on the host is. */
TEST(groups_are_heard_by_their_members_only, "WSPSetSockOpt.1")
{
    unsigned short port, ports;
    struct ip_mreq wanted = {in(GROUP_ADDRESS), in("127.0.0.1")};
    startup();
    SOCKET s = member(&port), other = member(&ports);
    SUCCEEDS(set(other, IPPROTO_IP, IP_ADD_MEMBERSHIP, &wanted, sizeof wanted));
    EQUAL(hears(other, ports, "127.0.0.1"), 1);
    EQUAL(hears(s, port, "127.0.0.1"), 0);
}

/* The source stands before the interface. */
TEST(membership_of_one_source, "WSPSetSockOpt.1")
{
    const char *interfaces[] = {"127.0.0.1", "0.0.0.1"};
    startup();
    for (int i = 0; i < 2; i++) {
        unsigned short port;
        struct ip_mreq_source wanted = {in(GROUP_ADDRESS), in("127.0.0.2"), in(interfaces[i])};
        SOCKET s = member(&port);
        SUCCEEDS(set(s, IPPROTO_IP, IP_ADD_SOURCE_MEMBERSHIP, &wanted, sizeof wanted));
        EQUAL(hears(s, port, "127.0.0.2"), 1);
        EQUAL(hears(s, port, "127.0.0.1"), 0);
        SUCCEEDS(set(s, IPPROTO_IP, IP_DROP_SOURCE_MEMBERSHIP, &wanted, sizeof wanted));
        EQUAL(hears(s, port, "127.0.0.2"), 0);
        SUCCEEDS(WSPCloseSocket(s, &error));
    }
}

TEST(sources_are_blocked_and_unblocked, "WSPSetSockOpt.1")
{
    const char *interfaces[] = {"127.0.0.1", "0.0.0.1"};
    startup();
    for (int i = 0; i < 2; i++) {
        unsigned short port;
        struct ip_mreq group = {in(GROUP_ADDRESS), in(interfaces[i])};
        struct ip_mreq_source unwanted = {in(GROUP_ADDRESS), in("127.0.0.2"), in(interfaces[i])};
        SOCKET s = member(&port);
        SUCCEEDS(set(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group));
        SUCCEEDS(set(s, IPPROTO_IP, IP_BLOCK_SOURCE, &unwanted, sizeof unwanted));
        EQUAL(hears(s, port, "127.0.0.2"), 0);
        EQUAL(hears(s, port, "127.0.0.1"), 1);
        SUCCEEDS(set(s, IPPROTO_IP, IP_UNBLOCK_SOURCE, &unwanted, sizeof unwanted));
        EQUAL(hears(s, port, "127.0.0.2"), 1);
        SUCCEEDS(WSPCloseSocket(s, &error));
    }
}

static void put_in(SOCKADDR_STORAGE *storage, const char *text)
{
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr = in(text);
    memcpy(storage, &address, sizeof address);
}

/* MCAST_* say the same for every family. */
TEST(groups_are_joined_by_address, "WSPSetSockOpt.1")
{
    unsigned short port;
    struct group_req group;
    struct group_source_req source;
    startup();
    SOCKET s = member(&port);
    memset(&group, 0, sizeof group);
    memset(&source, 0, sizeof source);
    group.gr_interface = source.gsr_interface = LOOPBACK_INDEX;
    put_in(&group.gr_group, GROUP_ADDRESS);
    put_in(&source.gsr_group, GROUP_ADDRESS);
    put_in(&source.gsr_source, "127.0.0.2");
    SUCCEEDS(set(s, IPPROTO_IP, MCAST_JOIN_GROUP, &group, sizeof group));
    EQUAL(hears(s, port, "127.0.0.2"), 1);
    SUCCEEDS(set(s, IPPROTO_IP, MCAST_BLOCK_SOURCE, &source, sizeof source));
    EQUAL(hears(s, port, "127.0.0.2"), 0);
    SUCCEEDS(set(s, IPPROTO_IP, MCAST_UNBLOCK_SOURCE, &source, sizeof source));
    EQUAL(hears(s, port, "127.0.0.2"), 1);
    SUCCEEDS(set(s, IPPROTO_IP, MCAST_LEAVE_GROUP, &group, sizeof group));
    EQUAL(hears(s, port, "127.0.0.2"), 0);
    SUCCEEDS(set(s, IPPROTO_IP, MCAST_JOIN_SOURCE_GROUP, &source, sizeof source));
    EQUAL(hears(s, port, "127.0.0.2"), 1);
    EQUAL(hears(s, port, "127.0.0.1"), 0);
    SUCCEEDS(set(s, IPPROTO_IP, MCAST_LEAVE_SOURCE_GROUP, &source, sizeof source));
    EQUAL(hears(s, port, "127.0.0.2"), 0);
}

/* The kernel's number for AF_INET6 is another one. */
TEST(ipv6_groups_are_joined_and_left, "WSPSetSockOpt.1")
{
    struct ipv6_mreq wanted;
    struct group_req group;
    struct sockaddr_in6 address;
    startup();
    SOCKET s = WSPSocket(AF_INET6, SOCK_DGRAM, IPPROTO_UDP, NULL, 0, 0, &error);
    if (s == INVALID_SOCKET && error == WSAEAFNOSUPPORT)
        SKIP("no IPv6");
    memset(&wanted, 0, sizeof wanted);
    memset(&group, 0, sizeof group);
    memset(&address, 0, sizeof address);
    wanted.ipv6mr_multiaddr.s6_addr[0] = 0xff;
    wanted.ipv6mr_multiaddr.s6_addr[1] = 0x12;
    wanted.ipv6mr_multiaddr.s6_addr[15] = 0x77;
    wanted.ipv6mr_interface = LOOPBACK_INDEX;
    address.sin6_family = AF_INET6;
    address.sin6_addr = wanted.ipv6mr_multiaddr;
    group.gr_interface = LOOPBACK_INDEX;
    memcpy(&group.gr_group, &address, sizeof address);
    /* Each option leaves what the other has joined. */
    SUCCEEDS(set(s, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, &wanted, sizeof wanted));
    SUCCEEDS(set(s, IPPROTO_IPV6, MCAST_LEAVE_GROUP, &group, sizeof group));
    FAILS(set(s, IPPROTO_IPV6, IPV6_DROP_MEMBERSHIP, &wanted, sizeof wanted), WSAEADDRNOTAVAIL);
    SUCCEEDS(set(s, IPPROTO_IPV6, MCAST_JOIN_GROUP, &group, sizeof group));
    SUCCEEDS(set(s, IPPROTO_IPV6, IPV6_DROP_MEMBERSHIP, &wanted, sizeof wanted));
    FAILS(set(s, IPPROTO_IPV6, MCAST_LEAVE_GROUP, &group, sizeof group), WSAEADDRNOTAVAIL);
}

TEST(membership_judges_what_it_is_given, "WSPGetSockOpt.3 WSPSetSockOpt.9")
{
    static const int names[] = {IP_ADD_MEMBERSHIP, IP_DROP_MEMBERSHIP, IP_ADD_SOURCE_MEMBERSHIP,
                                IP_DROP_SOURCE_MEMBERSHIP, IP_BLOCK_SOURCE, IP_UNBLOCK_SOURCE,
                                MCAST_JOIN_GROUP, MCAST_LEAVE_GROUP, MCAST_BLOCK_SOURCE,
                                MCAST_UNBLOCK_SOURCE, MCAST_JOIN_SOURCE_GROUP, MCAST_LEAVE_SOURCE_GROUP};
    static const int sizes[] = {8, 8, 12, 12, 12, 12, 136, 136, 264, 264, 264, 264};
    char bytes[264] = {0};
    struct ip_mreq wanted = {in("10.1.2.3"), in("127.0.0.1")};
    startup();
    SOCKET s = udp();
    for (int i = 0; i < 12; i++) {
        int length = sizeof bytes;
        FAILS(WSPGetSockOpt(s, IPPROTO_IP, names[i], bytes, &length, &error), WSAENOPROTOOPT);
        FAILS(set(s, IPPROTO_IP, names[i], bytes, sizes[i] - 1), WSAEFAULT);
        FAILS(set(s, IPPROTO_IP, names[i], NULL, sizes[i]), WSAEFAULT);
        FAILS(set(s, IPPROTO_IP, names[i], (void *)8, sizes[i]), WSAEFAULT);
    }
    /* Not a group; not an interface of this host. */
    FAILS(set(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &wanted, sizeof wanted), WSAEINVAL);
    wanted.imr_multiaddr = in(GROUP_ADDRESS);
    wanted.imr_interface = in("192.0.2.1");
    FAILS(set(s, IPPROTO_IP, IP_ADD_MEMBERSHIP, &wanted, sizeof wanted), WSAEADDRNOTAVAIL);
}
