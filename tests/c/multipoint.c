#include "check.h"

#include <errno.h>
#include <sys/syscall.h>

enum { LEAF = WSA_FLAG_MULTIPOINT_C_LEAF | WSA_FLAG_MULTIPOINT_D_LEAF };

static SOCKET leaf_of(int family)
{
    SOCKET s = WSPSocket(family, SOCK_DGRAM, IPPROTO_UDP, NULL, 0, LEAF, &error);
    CHECK(s != INVALID_SOCKET);
    return s;
}

static SOCKET leaf(void)
{
    return leaf_of(AF_INET);
}

/* A group that no other test uses at the same time: Linux lets sockets that are no members hear what members hear. */
static unsigned the_group(void)
{
    return 0xefff0000 | (posix_thread() & 0xffff);
}

static struct sockaddr_in group(unsigned short port)
{
    struct sockaddr_in address = loopback(port);
    address.sin_addr.s_addr = htonl(the_group());
    return address;
}

static struct sockaddr_in6 group6(unsigned short port)
{
    struct sockaddr_in6 address;
    memset(&address, 0, sizeof address);
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(port);
    address.sin6_addr.s6_addr[0] = 0xff;
    address.sin6_addr.s6_addr[1] = 0x01;
    address.sin6_addr.s6_addr[15] = 0x57;
    address.sin6_scope_id = posix_loopback_index();
    return address;
}

static SOCKET join_as(SOCKET s, const void *name, int length, DWORD flags)
{
    return WSPJoinLeaf(s, (const struct sockaddr *)name, length, NULL, NULL, NULL, NULL, flags, &error);
}

static SOCKET join_group(SOCKET s, DWORD flags)
{
    struct sockaddr_in address = group(0);
    return join_as(s, &address, sizeof address, flags);
}

/* Whether a datagram waits; one that was sent over loopback has arrived. */
static int has_datagram(SOCKET s)
{
    static const struct timeval at_once = {0, 0};
    fd_set read;
    FD_ZERO(&read);
    FD_SET(s, &read);
    int count = WSPSelect(0, &read, NULL, NULL, &at_once, &error);
    CHECK(count >= 0);
    return count;
}

/* A leaf on the wildcard address and a port of its own; joins go through the loopback interface. */
static SOCKET receiver(unsigned short *port)
{
    struct sockaddr_in address = loopback(0);
    struct in_addr interface = address.sin_addr;
    int length = sizeof address;
    SOCKET s = leaf();
    address.sin_addr.s_addr = 0;
    SUCCEEDS(WSPSetSockOpt(s, IPPROTO_IP, IP_MULTICAST_IF, (char *)&interface, sizeof interface, &error));
    SUCCEEDS(WSPBind(s, (struct sockaddr *)&address, sizeof address, &error));
    SUCCEEDS(WSPGetSockName(s, (struct sockaddr *)&address, &length, &error));
    *port = ntohs(address.sin_port);
    return s;
}

TEST(joining_needs_a_started_provider, "C.4")
{
    FAILS(join_group(4, JL_BOTH), WSANOTINITIALISED);
}

TEST(a_receiver_gets_what_goes_to_the_group, "WSPJoinLeaf.1 WSPJoinLeaf.3 WSPJoinLeaf.6")
{
    unsigned short port;
    startup();
    SOCKET s = receiver(&port);
    if (posix_multicast(the_group(), port, "x", 1) != 0)
        SKIP("this host does not send multicast through its loopback interface");
    EQUAL(has_datagram(s), 0);
    EQUAL(join_group(s, JL_RECEIVER_ONLY), s);
    EQUAL(posix_multicast(the_group(), port, "x", 1), 0);
    EQUAL(has_datagram(s), 1);
    /* It may send, too, but not by WSPSend: it has no destination. */
    DWORD count;
    FAILS(send_bytes(s, "x", 1, &count), WSAENOTCONN);
}

TEST(a_member_of_one_group_gets_no_other, "WSPJoinLeaf.1")
{
    unsigned short port;
    startup();
    SOCKET s = receiver(&port), other = leaf();
    EQUAL(join_group(s, JL_RECEIVER_ONLY), s);
    /* Somebody else on this host is a member of another group. */
    struct sockaddr_in another = group(0), here = loopback(0);
    another.sin_addr.s_addr = htonl(0xeffe0000 | (the_group() & 0xffff));
    SUCCEEDS(WSPBind(other, (struct sockaddr *)&here, sizeof here, &error));
    EQUAL(join_as(other, &another, sizeof another, JL_RECEIVER_ONLY), other);
    if (posix_multicast(ntohl(another.sin_addr.s_addr), port, "x", 1) != 0)
        SKIP("this host does not send multicast through its loopback interface");
    EQUAL(has_datagram(s), 0);
}

TEST(a_sender_sends_to_the_group_and_receives_nothing, "WSPJoinLeaf.1")
{
    unsigned short port, own;
    DWORD count;
    startup();
    SOCKET s = receiver(&port), sender = receiver(&own);
    struct sockaddr_in address = group(port);
    EQUAL(join_as(s, &address, sizeof address, JL_RECEIVER_ONLY), s);
    EQUAL(join_as(sender, &address, sizeof address, JL_SENDER_ONLY), sender);
    SUCCEEDS(send_bytes(sender, "hello", 5, &count));
    EQUAL(count, 5);
    EQUAL(has_datagram(s), 1);
    posix_multicast(the_group(), own, "x", 1);
    EQUAL(has_datagram(sender), 0);
}

TEST(members_that_do_both_hear_each_other, "WSPJoinLeaf.1")
{
    unsigned short port;
    DWORD count;
    startup();
    SOCKET s = receiver(&port);
    struct sockaddr_in address = group(port);
    EQUAL(join_as(s, &address, sizeof address, JL_BOTH), s);
    /* Its own datagram comes back, which a connected socket would drop: it is not from the group's address. */
    SUCCEEDS(send_bytes(s, "hello", 5, &count));
    EQUAL(has_datagram(s), 1);
    char text[8];
    SUCCEEDS(receive_bytes(s, text, sizeof text, &count, 0));
    EQUAL(count, 5);
    EQUAL(posix_multicast(the_group(), port, "x", 1), 0);
    EQUAL(has_datagram(s), 1);
}

TEST(ipv6_groups_are_joined_too, "WSPJoinLeaf.1")
{
    startup();
    if (posix_loopback_index() == 0 || !posix_has_ipv6())
        SKIP("this host has no IPv6");
    SOCKET s = leaf_of(AF_INET6);
    struct sockaddr_in6 any, address;
    int length = sizeof any;
    memset(&any, 0, sizeof any);
    any.sin6_family = AF_INET6;
    SUCCEEDS(WSPBind(s, (struct sockaddr *)&any, sizeof any, &error));
    SUCCEEDS(WSPGetSockName(s, (struct sockaddr *)&any, &length, &error));
    address = group6(ntohs(any.sin6_port));
    EQUAL(join_as(s, &address, sizeof address, JL_RECEIVER_ONLY), s);
    if (posix_multicast6(&address.sin6_addr, ntohs(any.sin6_port), "x", 1) != 0)
        SKIP("this host does not send IPv6 multicast through its loopback interface");
    EQUAL(has_datagram(s), 1);
}

TEST(an_unbound_leaf_is_bound, "WSPJoinLeaf.2")
{
    struct sockaddr_in address;
    int length = sizeof address;
    startup();
    SOCKET s = leaf();
    FAILS(WSPGetSockName(s, (struct sockaddr *)&address, &length, &error), WSAEINVAL);
    EQUAL(join_group(s, JL_SENDER_ONLY), s);
    SUCCEEDS(WSPGetSockName(s, (struct sockaddr *)&address, &length, &error));
    EQUAL(address.sin_addr.s_addr, 0);
    CHECK(address.sin_port != 0);
}

TEST(only_leaves_join, "WSPJoinLeaf.2")
{
    startup();
    FAILS(join_group(udp(), JL_BOTH), WSAEINVAL);
    FAILS(join_group(tcp(), JL_BOTH), WSAEINVAL);
    FAILS(join_group(INVALID_SOCKET, JL_BOTH), WSAENOTSOCK);
}

TEST(the_flags_are_one_of_three, "WSPJoinLeaf.1")
{
    startup();
    SOCKET s = leaf();
    FAILS(join_group(s, 0), WSAEINVAL);
    FAILS(join_group(s, 3), WSAEINVAL);
    FAILS(join_group(s, JL_BOTH | JL_SENDER_ONLY), WSAEINVAL);
    FAILS(join_group(s, 8), WSAEINVAL);
}

TEST(the_name_must_be_a_group, "WSPJoinLeaf.1")
{
    startup();
    SOCKET s = leaf();
    struct sockaddr_in wildcard = loopback(7), host = loopback(7), good = group(7);
    struct sockaddr_in6 other = group6(7);
    wildcard.sin_addr.s_addr = 0;
    FAILS(join_as(s, &wildcard, sizeof wildcard, JL_BOTH), WSAEADDRNOTAVAIL);
    FAILS(join_as(s, &host, sizeof host, JL_BOTH), WSAEADDRNOTAVAIL);
    FAILS(join_as(s, &other, sizeof other, JL_BOTH), WSAEAFNOSUPPORT);
    FAILS(join_as(s, &good, sizeof good - 1, JL_BOTH), WSAEFAULT);
    FAILS(join_as(s, &good, 1, JL_BOTH), WSAEFAULT);
    FAILS(join_as(s, &good, -1, JL_BOTH), WSAEFAULT);
    FAILS(join_as(s, NULL, sizeof good, JL_BOTH), WSAEFAULT);
    FAILS(join_as(s, (void *)8, sizeof good, JL_BOTH), WSAEFAULT);
    /* Nothing of that has joined it. */
    EQUAL(join_as(s, &good, sizeof good, JL_SENDER_ONLY), s);
}

TEST(a_joined_leaf_does_not_join_again, "WSPJoinLeaf.8")
{
    startup();
    SOCKET s = leaf();
    EQUAL(join_group(s, JL_SENDER_ONLY), s);
    FAILS(join_group(s, JL_SENDER_ONLY), WSAEISCONN);
    FAILS(join_group(s, JL_BOTH), WSAEISCONN);
}

TEST(a_failed_join_can_be_repeated, "WSPJoinLeaf.9")
{
    startup();
    SOCKET s = leaf();
    struct sockaddr_in here = bind_loopback(s);
    FAILS(join_as(s, &here, sizeof here, JL_BOTH), WSAEADDRNOTAVAIL);
    EQUAL(join_group(s, JL_BOTH), s);
}

TEST(data_for_the_session_is_ignored, "WSPJoinLeaf.1 WSPJoinLeaf.11 WSPConnect.10")
{
    WSABUF data_in = {3, "abc"}, data_out = {3, NULL};
    startup();
    SOCKET s = leaf();
    struct sockaddr_in address = group(7);
    EQUAL(WSPJoinLeaf(s, (struct sockaddr *)&address, sizeof address, &data_in, &data_out, NULL, NULL, JL_SENDER_ONLY,
                      &error),
          s);
    EQUAL(data_out.len, 3);
}

TEST(a_quality_that_cannot_be_had_is_refused, "WSPJoinLeaf.11 WSPConnect.12")
{
    QOS quality;
    startup();
    SOCKET s = leaf();
    struct sockaddr_in address = group(7);
    memset(&quality, 0, sizeof quality);
    quality.SendingFlowspec.ServiceType = SERVICETYPE_GUARANTEED;
    FAILS(WSPJoinLeaf(s, (struct sockaddr *)&address, sizeof address, NULL, NULL, &quality, NULL, JL_SENDER_ONLY,
                      &error),
          WSAEOPNOTSUPP);
    FAILS(WSPJoinLeaf(s, (struct sockaddr *)&address, sizeof address, NULL, NULL, (QOS *)8, NULL, JL_SENDER_ONLY,
                      &error),
          WSAEFAULT);
    quality.SendingFlowspec.ServiceType = SERVICETYPE_BESTEFFORT;
    EQUAL(WSPJoinLeaf(s, (struct sockaddr *)&address, sizeof address, NULL, NULL, &quality, NULL, JL_SENDER_ONLY,
                      &error),
          s);
}

/* The kernel's refusals. */
static void refused(long call, int code, int expected)
{
    SOCKET s = leaf();
    posix_inject(call, code);
    FAILS(join_group(s, JL_RECEIVER_ONLY), expected);
}

TEST(a_taken_address_is_in_use, "WSPJoinLeaf.1 WSPConnect.13")
{
    startup();
    refused(SYS_bind, EADDRINUSE, WSAEADDRINUSE);
}

TEST(the_network_may_be_down, "WSPJoinLeaf.1")
{
    startup();
    refused(SYS_setsockopt, ENETDOWN, WSAENETDOWN);
}

TEST(there_may_be_no_way_to_the_group, "WSPJoinLeaf.9")
{
    startup();
    refused(SYS_setsockopt, ENODEV, WSAENETUNREACH);
}

TEST(there_may_be_no_room_for_another_group, "WSPJoinLeaf.1")
{
    startup();
    refused(SYS_setsockopt, ENOBUFS, WSAENOBUFS);
}

/* A host whose blocking hook joins, too. */
static SOCKET joining;
static int code_in_hook;

static BOOL CALLBACK hook(DWORD_PTR context)
{
    (void)context;
    struct sockaddr_in address = group(7);
    if (WSPJoinLeaf(joining, (struct sockaddr *)&address, sizeof address, NULL, NULL, NULL, NULL, JL_SENDER_ONLY,
                    &code_in_hook) != INVALID_SOCKET)
        code_in_hook = 0;
    return FALSE;
}

static int WSPAPI query_hook(DWORD entry, LPBLOCKINGCALLBACK *callback, PDWORD_PTR context, LPINT code)
{
    (void)entry;
    (void)code;
    *callback = hook;
    *context = 0;
    return 0;
}

TEST(a_callback_cannot_join, "C.7")
{
    WSPUPCALLTABLE table;
    fd_set read;
    memset(&table, 0, sizeof table);
    table.lpWPUQueryBlockingCallback = query_hook;
    EQUAL(WSPStartup(MAKEWORD(2, 2), &data, NULL, table, &procs), 0);
    joining = leaf();
    FD_ZERO(&read);
    FD_SET(joining, &read);
    FAILS(WSPSelect(0, &read, NULL, NULL, NULL, &error), WSAEINTR);
    EQUAL(code_in_hook, WSAEINPROGRESS);
    EQUAL(join_group(joining, JL_SENDER_ONLY), joining);
}
