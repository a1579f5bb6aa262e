/* A network of the test's own, where addresses and routes can be changed. */
#ifndef NETWORK_H
#define NETWORK_H

#include "check.h"

#include <sys/syscall.h>
#include <unistd.h>

/* Linux' numbers, whose headers do not go with Winsock's. */
enum { LINUX_NEWUSER = 0x10000000, LINUX_NEWNET = 0x40000000 };
enum { LINUX_SIOCSIFFLAGS = 0x8914, LINUX_SIOCSIFADDR = 0x8916 };
enum { LINUX_RTM_NEWROUTE = 24, LINUX_RTM_DELROUTE = 25 };

static int network_socket = -1;

/* struct ifreq. */
struct interface_request {
    char name[16];
    union {
        unsigned short flags;
        struct {
            unsigned short family;
            unsigned short port;
            unsigned address;
        } address;
        char room[24];
    } value;
};

/* struct in6_ifreq. */
struct interface6_request {
    unsigned char address[16];
    unsigned prefix;
    int interface;
};

static void request(unsigned long number, void *argument, const char *what)
{
    if (syscall(SYS_ioctl, network_socket, number, argument) != 0)
        fail(__FILE__, __LINE__, "%s: errno from the kernel", what);
}

static void set_up(const char *name, int up)
{
    struct interface_request interface = {0};
    strcpy(interface.name, name);
    interface.value.flags = up ? 1 : 0;
    request(LINUX_SIOCSIFFLAGS, &interface, "SIOCSIFFLAGS");
}

/* Moves the process, which has one thread, into a network of its own with nothing but the loopback interface. */
UNUSED static void own_network(void)
{
    if (syscall(SYS_unshare, LINUX_NEWUSER | LINUX_NEWNET) != 0 && syscall(SYS_unshare, LINUX_NEWNET) != 0)
        SKIP("the host allows no network of the process's own");
    network_socket = (int)syscall(SYS_socket, 2, 2, 0);
    CHECK(network_socket >= 0);
    set_up("lo", 1);
}

/* Gives the loopback interface the IPv4 address 10.1.1.`number`, or takes it away. Routes to it come and go with it. */
UNUSED static void set_address(int number, int there)
{
    struct interface_request interface = {0};
    sprintf(interface.name, "lo:%d", number);
    if (!there) {
        set_up(interface.name, 0);
        return;
    }
    interface.value.address.family = 2;
    interface.value.address.address = htonl(0x0a010100u + (unsigned)number);
    request(LINUX_SIOCSIFADDR, &interface, "SIOCSIFADDR");
}

/* Gives it the IPv6 address fd00::`number`; 0 if the host has no IPv6. */
UNUSED static int add_address6(int number)
{
    struct interface6_request interface = {{0xfd}, 128, (int)posix_loopback_index()};
    interface.address[15] = (unsigned char)number;
    int s = (int)syscall(SYS_socket, 10, 2, 0);
    if (s < 0)
        return 0;
    long answer = syscall(SYS_ioctl, s, LINUX_SIOCSIFADDR, &interface);
    close(s);
    return answer == 0;
}

/* Adds a route through it to 10.2.`number`.0/24, or takes it away; no address changes. */
UNUSED static void set_route(int number, int there)
{
    struct {
        unsigned length;
        unsigned short kind, flags;
        unsigned sequence, sender;
        unsigned char family, to_bits, from_bits, service, table, protocol, scope, type;
        unsigned route_flags;
        unsigned short to_length, to_kind;
        unsigned to;
        unsigned short out_length, out_kind;
        unsigned out;
    } message = {
        .length = sizeof message,
        .kind = there ? LINUX_RTM_NEWROUTE : LINUX_RTM_DELROUTE,
        /* NLM_F_REQUEST, NLM_F_ACK and NLM_F_CREATE. */
        .flags = there ? 0x405 : 0x5,
        .family = 2,
        .to_bits = 24,
        /* RT_TABLE_MAIN, RTPROT_STATIC, RT_SCOPE_LINK, RTN_UNICAST. */
        .table = 254,
        .protocol = 4,
        .scope = 253,
        .type = 1,
        .to_length = 8,
        .to_kind = 1, /* RTA_DST */
        .to = htonl(0x0a020000u + ((unsigned)number << 8)),
        .out_length = 8,
        .out_kind = 4, /* RTA_OIF */
        .out = posix_loopback_index(),
    };
    struct {
        unsigned length;
        unsigned short kind, flags;
        unsigned sequence, sender;
        int code;
        char rest[1000];
    } answer;
    int s = (int)syscall(SYS_socket, 16, 3, 0);
    CHECK(s >= 0);
    CHECK(write(s, &message, sizeof message) == (ssize_t)sizeof message);
    CHECK(read(s, &answer, sizeof answer) >= 20);
    EQUAL(answer.kind, 2); /* NLMSG_ERROR */
    EQUAL(answer.code, 0);
    close(s);
}

#endif
