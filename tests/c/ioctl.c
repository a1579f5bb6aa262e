#include "check.h"

#include <errno.h>
#include <sys/syscall.h>

static DWORD returned;

/* A synchronous command. */
static int control(SOCKET s, DWORD code, const void *in, DWORD in_length, void *out, DWORD out_length)
{
    returned = 0xdead;
    return WSPIoctl(s, code, (void *)in, in_length, out, out_length, &returned, NULL, NULL, NULL, &error);
}

/* A UDP socket on loopback; its port goes to `port`. */
static SOCKET bound_udp(unsigned short *port)
{
    SOCKET s = udp();
    *port = ntohs(bind_loopback(s).sin_port);
    return s;
}

static DWORD readable(SOCKET s)
{
    DWORD bytes = 0;
    SUCCEEDS(control(s, FIONREAD, NULL, 0, &bytes, sizeof bytes));
    EQUAL(returned, sizeof bytes);
    return bytes;
}

static SOCKET unix_stream(void)
{
    return open_socket(AF_UNIX, SOCK_STREAM, 0);
}

TEST(handle_is_judged_first, "WSPIoctl.1 OBS.12")
{
    startup();
    FAILS(WSPIoctl(12345, FIONBIO, NULL, 0, NULL, 0, NULL, NULL, NULL, NULL, &error), WSAENOTSOCK);
    SOCKET s = tcp();
    SUCCEEDS(WSPCloseSocket(s, &error));
    FAILS(control(s, 0x12345678, NULL, 0, NULL, 0), WSAENOTSOCK);
}

TEST(unknown_commands_are_invalid, "WSPIoctl.5")
{
    u_long on = 1;
    startup();
    SOCKET s = tcp();
    FAILS(control(s, 0x12345678, &on, sizeof on, &on, sizeof on), WSAEINVAL);
    FAILS(control(s, 0, NULL, 0, NULL, 0), WSAEINVAL);
    /* FIOASYNC has no equivalent here. */
    FAILS(control(s, 0x8004667d, &on, sizeof on, NULL, 0), WSAEINVAL);
}

TEST(codes_say_how_they_use_their_buffers, "WSPIoctl.4")
{
    static const DWORD codes[] = {FIONBIO, SIO_KEEPALIVE_VALS, SIO_ADDRESS_LIST_QUERY, SIO_ROUTING_INTERFACE_QUERY};
    u_long room[64];
    startup();
    SOCKET s = tcp();
    memset(room, 0, sizeof room);
    for (unsigned i = 0; i < sizeof codes / sizeof *codes; i++) {
        /* What is marked as input wants it, what is marked as output wants room: each alone is WSAEFAULT. */
        if (codes[i] & 0x80000000)
            FAILS(control(s, codes[i], NULL, 0, room, sizeof room), WSAEFAULT);
        else
            FAILS(control(s, codes[i], room, sizeof room, NULL, 0), WSAEFAULT);
    }
    EQUAL(SIO_KEEPALIVE_VALS & 0x18000000, 0x18000000);
    EQUAL(SIO_ADDRESS_LIST_QUERY & 0x18000000, 0x08000000);
    EQUAL(SIO_FLUSH & 0x20000000, 0x20000000);
}

TEST(bad_buffers_fault, "WSPIoctl.1 OBS.44")
{
    u_long on = 1;
    DWORD bytes;
    GUID guid = WSAID_CONNECTEX;
    void *wild = (void *)8;
    startup();
    SOCKET s = tcp();
    FAILS(control(s, FIONBIO, NULL, sizeof on, NULL, 0), WSAEFAULT);
    FAILS(control(s, FIONBIO, wild, sizeof on, NULL, 0), WSAEFAULT);
    FAILS(control(s, FIONBIO, &on, 3, NULL, 0), WSAEFAULT);
    FAILS(control(s, FIONREAD, NULL, 0, NULL, sizeof bytes), WSAEFAULT);
    FAILS(control(s, FIONREAD, NULL, 0, wild, sizeof bytes), WSAEFAULT);
    FAILS(control(s, FIONREAD, NULL, 0, &bytes, 3), WSAEFAULT);
    FAILS(control(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &guid, 15, &bytes, 8), WSAEFAULT);
    EQUAL(returned, 0xdead);
    /* The count is needed, and judged before anything is done. */
    FAILS(WSPIoctl(s, FIONBIO, &on, sizeof on, NULL, 0, NULL, NULL, NULL, NULL, &error), WSAEFAULT);
    FAILS(WSPIoctl(s, FIONBIO, &on, sizeof on, NULL, 0, wild, NULL, NULL, NULL, &error), WSAEFAULT);
    FAILS(WSPIoctl(s, SIO_ADDRESS_LIST_CHANGE, NULL, 0, NULL, 0, NULL, NULL, NULL, NULL, &error), WSAEFAULT);
}

/* A command that need not wait is done at once, and tells of its end like any request. */
TEST(overlapped_commands_complete_at_once, "WSPIoctl.1 OV.3 WSPGetOverlappedResult.7")
{
    WSAOVERLAPPED overlapped;
    DWORD bytes = 77, count, flags;
    SOCKET handle;
    startup();
    memset(&overlapped, 0, sizeof overlapped);
    overlapped.Internal = WSS_OPERATION_IN_PROGRESS;
    SOCKET s = WSPSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0, WSA_FLAG_OVERLAPPED, &error);
    CHECK(s != INVALID_SOCKET);
    SUCCEEDS(WSPIoctl(s, FIONREAD, NULL, 0, &bytes, sizeof bytes, &returned, &overlapped, NULL, NULL, &error));
    EQUAL(bytes, 0);
    EQUAL(returned, sizeof bytes);
    EQUAL(WSPGetOverlappedResult(s, &overlapped, &count, FALSE, &flags, &error), TRUE);
    EQUAL(count, sizeof bytes);
    EQUAL(flags, 0);
    /* A socket that is not overlapped ignores the structure, but one command cannot be overlapped at all. */
    s = tcp();
    SUCCEEDS(WSPIoctl(s, FIONREAD, NULL, 0, &bytes, sizeof bytes, &returned, &overlapped, NULL, NULL, &error));
    FAILS(WSPIoctl(s, SIO_BSP_HANDLE_POLL, NULL, 0, &handle, sizeof handle, &returned, &overlapped, NULL, NULL,
                   &error),
          WSAEFAULT);
}

static SOCKET asked_from_callback;
static int callback_answer;

static SOCKET WSPAPI ask_from_callback(DWORD entry, SOCKET proposed, LPINT code)
{
    u_long on = 1;
    (void)entry, (void)code;
    if (asked_from_callback != 0)
        callback_answer = control(asked_from_callback, FIONBIO, &on, sizeof on, NULL, 0) == 0 ? 0 : error;
    return proposed;
}

TEST(callbacks_cannot_control_sockets, "WSPIoctl.1")
{
    WSPUPCALLTABLE upcalls;
    memset(&upcalls, 0, sizeof upcalls);
    upcalls.lpWPUModifyIFSHandle = ask_from_callback;
    EQUAL(WSPStartup(MAKEWORD(2, 2), &data, NULL, upcalls, &procs), 0);
    asked_from_callback = tcp();
    tcp();
    EQUAL(callback_answer, WSAEINPROGRESS);
}

TEST(kernel_failures_are_translated, "WSPIoctl.1")
{
    startup();
    SOCKET s = tcp();
    DWORD bytes;
    posix_inject(SYS_ioctl, ENETDOWN);
    FAILS(control(s, FIONREAD, NULL, 0, &bytes, sizeof bytes), WSAENETDOWN);
}

static SOCKET received_from;
static int receive_answer;

static void *receive_one(void *argument)
{
    char byte;
    DWORD count;
    (void)argument;
    receive_answer = receive_bytes(received_from, &byte, 1, &count, 0) == 0 ? (int)count : -error;
    return NULL;
}

TEST(fionbio_decides_who_waits, "WSPIoctl.2 WSPSocket.3")
{
    struct sockaddr_in address;
    pthread_t thread;
    u_long on = 1, off = 0;
    startup();
    SOCKET listening = listener(5, &address);
    int client = posix_connect(ntohs(address.sin_port));
    received_from = WSPAccept(listening, NULL, NULL, NULL, 0, &error);
    SUCCEEDS(control(received_from, FIONBIO, &on, sizeof on, NULL, 0));
    EQUAL(returned, 0);
    receive_one(NULL);
    EQUAL(receive_answer, -WSAEWOULDBLOCK);
    /* Blocking again: the byte is sent only after the receive has begun to wait. */
    SUCCEEDS(control(received_from, FIONBIO, &off, sizeof off, NULL, 0));
    EQUAL(pthread_create(&thread, NULL, receive_one, NULL), 0);
    posix_wait_until_blocked(1);
    posix_write(client, "x", 1);
    pthread_join(thread, NULL);
    EQUAL(receive_answer, 1);
}

TEST(fionread_counts_a_stream, "WSPIoctl.1")
{
    struct sockaddr_in address;
    char text[4];
    DWORD count;
    startup();
    SOCKET listening = listener(5, &address);
    int client = posix_connect(ntohs(address.sin_port));
    SOCKET s = WSPAccept(listening, NULL, NULL, NULL, 0, &error);
    EQUAL(readable(s), 0);
    posix_write(client, "hello", 5);
    EVENTUALLY(readable(s) == 5);
    SUCCEEDS(receive_bytes(s, text, 4, &count, 0));
    EQUAL(readable(s), 1);
}

TEST(fionread_counts_all_datagrams, "OBS.8")
{
    unsigned short port;
    char big[1400];
    DWORD total = 0;
    startup();
    SOCKET s = bound_udp(&port);
    EQUAL(readable(s), 0);
    memset(big, 'x', sizeof big);
    posix_datagram(port, "abc", 3);
    posix_datagram(port, "", 0);
    posix_datagram(port, "hello", 5);
    EVENTUALLY(readable(s) == 8);
    /* More than are counted at a time. */
    for (int i = 0; i < 70; i++)
        posix_datagram(port, big, 100);
    EVENTUALLY(readable(s) == 7008);
    /* Counting takes nothing, and leaves the order alone. */
    set_nonblocking(s, 1);
    for (DWORD count; receive_bytes(s, big, sizeof big, &count, 0) == 0;) {
        if (total == 0)
            EQUAL(count, 3);
        total += count;
    }
    EQUAL(total, 7008);
    EQUAL(readable(s), 0);
}

TEST(siocatmark_is_true_without_urgent_data, "OBS.7")
{
    struct sockaddr_in address;
    BOOL mark = 7;
    char text[4];
    DWORD count;
    startup();
    SOCKET listening = listener(5, &address);
    int client = posix_connect(ntohs(address.sin_port));
    SOCKET s = WSPAccept(listening, NULL, NULL, NULL, 0, &error);
    SUCCEEDS(control(s, SIOCATMARK, NULL, 0, &mark, sizeof mark));
    EQUAL(returned, sizeof mark);
    EQUAL(mark, TRUE);
    posix_write(client, "ab", 2);
    EVENTUALLY(readable(s) == 2);
    SUCCEEDS(control(s, SIOCATMARK, NULL, 0, &mark, sizeof mark));
    EQUAL(mark, TRUE);
    posix_urgent(client, '!');
    EVENTUALLY(control(s, SIOCATMARK, NULL, 0, &mark, sizeof mark) == 0 && mark == FALSE);
    /* At the mark the urgent byte still waits. */
    SUCCEEDS(receive_bytes(s, text, 2, &count, 0));
    SUCCEEDS(control(s, SIOCATMARK, NULL, 0, &mark, sizeof mark));
    EQUAL(mark, FALSE);
    /* And when the data behind it was read, until it is read itself. */
    posix_write(client, "cd", 2);
    SUCCEEDS(receive_bytes(s, text, 2, &count, 0));
    SUCCEEDS(control(s, SIOCATMARK, NULL, 0, &mark, sizeof mark));
    EQUAL(mark, FALSE);
    SUCCEEDS(receive_bytes(s, text, 1, &count, MSG_OOB));
    EQUAL(text[0], '!');
    SUCCEEDS(control(s, SIOCATMARK, NULL, 0, &mark, sizeof mark));
    EQUAL(mark, TRUE);
    FAILS(control(s, SIOCATMARK, NULL, 0, &mark, 3), WSAEFAULT);
    FAILS(control(udp(), SIOCATMARK, NULL, 0, &mark, sizeof mark), WSAEINVAL);
}

TEST(keep_alive_takes_times, "WSPIoctl.1")
{
    struct tcp_keepalive values = {1, 1500, 20};
    BOOL on = TRUE;
    startup();
    SOCKET s = tcp();
    SUCCEEDS(control(s, SIO_KEEPALIVE_VALS, &values, sizeof values, NULL, 0));
    EQUAL(returned, 0);
    EQUAL(posix_newest_option("SO_KEEPALIVE"), 1);
    EQUAL(posix_newest_option("TCP_KEEPIDLE"), 2);
    EQUAL(posix_newest_option("TCP_KEEPINTVL"), 1);
    /* A time of 0 leaves what was set. */
    values.keepalivetime = 0;
    values.keepaliveinterval = 7000;
    SUCCEEDS(control(s, SIO_KEEPALIVE_VALS, &values, sizeof values, NULL, 0));
    EQUAL(posix_newest_option("TCP_KEEPIDLE"), 2);
    EQUAL(posix_newest_option("TCP_KEEPINTVL"), 7);
    /* SO_KEEPALIVE uses its defaults unless times were set. */
    SUCCEEDS(WSPSetSockOpt(s, SOL_SOCKET, SO_KEEPALIVE, (char *)&on, sizeof on, &error));
    EQUAL(posix_newest_option("TCP_KEEPIDLE"), 2);
    EQUAL(posix_newest_option("TCP_KEEPINTVL"), 7);
    values.onoff = 0;
    SUCCEEDS(control(s, SIO_KEEPALIVE_VALS, &values, sizeof values, NULL, 0));
    EQUAL(posix_newest_option("SO_KEEPALIVE"), 0);
    FAILS(control(s, SIO_KEEPALIVE_VALS, &values, 11, NULL, 0), WSAEFAULT);
    FAILS(control(udp(), SIO_KEEPALIVE_VALS, &values, sizeof values, NULL, 0), WSAEINVAL);
    FAILS(control(unix_stream(), SIO_KEEPALIVE_VALS, &values, sizeof values, NULL, 0), WSAEINVAL);
}

TEST(address_list_names_the_hosts_addresses, "WSPIoctl.1")
{
    char room[8192] __attribute__((aligned(8)));
    SOCKET_ADDRESS_LIST *list = (SOCKET_ADDRESS_LIST *)room;
    startup();
    for (int ipv6 = 0; ipv6 <= 1; ipv6++) {
        int family = ipv6 ? AF_INET6 : AF_INET, size = ipv6 ? 28 : 16;
        int expected = posix_addresses(ipv6, 0) ? posix_addresses(ipv6, 0) : posix_addresses(ipv6, 1);
        SOCKET s = WSPSocket(family, SOCK_STREAM, IPPROTO_TCP, NULL, 0, 0, &error);
        if (s == INVALID_SOCKET && ipv6)
            return;
        SUCCEEDS(control(s, SIO_ADDRESS_LIST_QUERY, NULL, 0, room, sizeof room));
        EQUAL(list->iAddressCount, expected);
        EQUAL(returned, 8 + expected * (16 + size));
        for (int i = 0; i < expected; i++) {
            struct sockaddr_storage address;
            SOCKET_ADDRESS *entry = &list->Address[i];
            EQUAL(entry->iSockaddrLength, size);
            CHECK((char *)entry->lpSockaddr >= (char *)&list->Address[expected]);
            CHECK((char *)entry->lpSockaddr + size <= room + returned);
            EQUAL(entry->lpSockaddr->sa_family, family);
            /* Each can be bound to. */
            memcpy(&address, entry->lpSockaddr, (size_t)size);
            SOCKET other = open_socket(family, SOCK_DGRAM, IPPROTO_UDP);
            SUCCEEDS(WSPBind(other, (struct sockaddr *)&address, size, &error));
        }
        DWORD needed = returned;
        FAILS(control(s, SIO_ADDRESS_LIST_QUERY, NULL, 0, room, needed - 1), WSAEFAULT);
        EQUAL(returned, needed);
        FAILS(control(s, SIO_ADDRESS_LIST_QUERY, NULL, 0, NULL, 0), WSAEFAULT);
        EQUAL(returned, needed);
    }
    FAILS(control(unix_stream(), SIO_ADDRESS_LIST_QUERY, NULL, 0, room, sizeof room), WSAEINVAL);
}

TEST(address_list_is_sorted_by_reach, "WSPIoctl.1")
{
    struct sockaddr_in near = loopback(1);
    struct sockaddr_in6 nowhere;
    char room[256] __attribute__((aligned(8)));
    SOCKET_ADDRESS_LIST *sorted = (SOCKET_ADDRESS_LIST *)room;
    struct {
        INT count;
        SOCKET_ADDRESS address[2];
    } list;
    startup();
    SOCKET s = open_socket(AF_INET6, SOCK_STREAM, IPPROTO_TCP);
    /* A link-local address without its link cannot be reached. */
    memset(&nowhere, 0, sizeof nowhere);
    nowhere.sin6_family = AF_INET6;
    nowhere.sin6_addr.s6_addr[0] = 0xfe;
    nowhere.sin6_addr.s6_addr[1] = 0x80;
    nowhere.sin6_addr.s6_addr[15] = 1;
    list.count = 2;
    list.address[0].lpSockaddr = (struct sockaddr *)&nowhere;
    list.address[0].iSockaddrLength = sizeof nowhere;
    list.address[1].lpSockaddr = (struct sockaddr *)&near;
    list.address[1].iSockaddrLength = sizeof near;
    SUCCEEDS(control(s, SIO_ADDRESS_LIST_SORT, &list, sizeof list, room, sizeof room));
    EQUAL(sorted->iAddressCount, 2);
    EQUAL(sorted->Address[0].lpSockaddr->sa_family, AF_INET);
    CHECK(memcmp(sorted->Address[0].lpSockaddr, &near, sizeof near) == 0);
    CHECK(memcmp(sorted->Address[1].lpSockaddr, &nowhere, sizeof nowhere) == 0);
    list.count = 3;
    FAILS(control(s, SIO_ADDRESS_LIST_SORT, &list, sizeof list, room, sizeof room), WSAEFAULT);
    list.count = -1;
    FAILS(control(s, SIO_ADDRESS_LIST_SORT, &list, sizeof list, room, sizeof room), WSAEINVAL);
    list.count = 2;
    list.address[1].lpSockaddr = NULL;
    FAILS(control(s, SIO_ADDRESS_LIST_SORT, &list, sizeof list, room, sizeof room), WSAEFAULT);
}

/* The interface towards `to` (in network order) is what the kernel's routing says. */
static void route_agrees(SOCKET s, unsigned to)
{
    struct sockaddr_in target = loopback(0), source;
    unsigned expected;
    target.sin_addr.s_addr = to;
    int answer = posix_source(to, &expected);
    if (answer == 0) {
        SUCCEEDS(control(s, SIO_ROUTING_INTERFACE_QUERY, &target, sizeof target, &source, sizeof source));
        EQUAL(returned, sizeof source);
        EQUAL(source.sin_family, AF_INET);
        EQUAL(source.sin_port, 0);
        EQUAL(source.sin_addr.s_addr, expected);
        SUCCEEDS(control(s, SIO_FIND_ROUTE, &target, sizeof target, NULL, 0));
    } else {
        FAILS(control(s, SIO_ROUTING_INTERFACE_QUERY, &target, sizeof target, &source, sizeof source),
              WSAENETUNREACH);
        FAILS(control(s, SIO_FIND_ROUTE, &target, sizeof target, NULL, 0), WSAENETUNREACH);
    }
}

TEST(routing_interface_is_the_kernels, "WSPIoctl.1")
{
    struct sockaddr_in target = loopback(0), source;
    startup();
    SOCKET s = tcp();
    route_agrees(s, target.sin_addr.s_addr);
    route_agrees(s, htonl(0x7f000002));
    route_agrees(s, htonl(0xc6336401)); /* 198.51.100.1 */
    route_agrees(s, htonl(0xe00000fb)); /* 224.0.0.251 */
    FAILS(control(s, SIO_ROUTING_INTERFACE_QUERY, &target, sizeof target, &source, 15), WSAEFAULT);
    EQUAL(returned, sizeof source);
    FAILS(control(s, SIO_ROUTING_INTERFACE_QUERY, &target, 15, &source, sizeof source), WSAEFAULT);
    target.sin_family = AF_INET6;
    FAILS(control(s, SIO_ROUTING_INTERFACE_QUERY, &target, sizeof target, &source, sizeof source), WSAEINVAL);
    target.sin_family = AF_INET;
    target.sin_addr.s_addr = 0;
    FAILS(control(s, SIO_ROUTING_INTERFACE_QUERY, &target, sizeof target, &source, sizeof source), WSAEINVAL);
    FAILS(control(unix_stream(), SIO_ROUTING_INTERFACE_QUERY, &target, sizeof target, &source, sizeof source),
          WSAEINVAL);
}

TEST(no_route_is_unreachable, "WSPIoctl.1")
{
    struct sockaddr_in target = loopback(0), source;
    startup();
    SOCKET s = tcp();
    posix_inject(SYS_connect, ENETUNREACH);
    FAILS(control(s, SIO_ROUTING_INTERFACE_QUERY, &target, sizeof target, &source, sizeof source), WSAENETUNREACH);
}

TEST(no_network_is_down, "WSPIoctl.1")
{
    struct sockaddr_in target = loopback(0), source;
    startup();
    SOCKET s = tcp();
    posix_inject(SYS_connect, ENETDOWN);
    FAILS(control(s, SIO_ROUTING_INTERFACE_QUERY, &target, sizeof target, &source, sizeof source), WSAENETDOWN);
}

TEST(interface_list_describes_addresses, "WSPIoctl.1")
{
    INTERFACE_INFO list[64];
    int loopbacks = 0;
    startup();
    SOCKET s = udp();
    SUCCEEDS(control(s, SIO_GET_INTERFACE_LIST, NULL, 0, list, sizeof list));
    EQUAL(returned % sizeof *list, 0);
    int count = (int)(returned / sizeof *list);
    CHECK(count >= posix_addresses(0, 0) + posix_addresses(0, 1));
    for (int i = 0; i < count; i++) {
        EQUAL(list[i].iiAddress.AddressIn.sin_family, AF_INET);
        EQUAL(list[i].iiNetmask.AddressIn.sin_family, AF_INET);
        if (list[i].iiAddress.AddressIn.sin_addr.s_addr == htonl(0x7f000001)) {
            loopbacks++;
            EQUAL(list[i].iiFlags & (IFF_UP | IFF_LOOPBACK | IFF_POINTTOPOINT | IFF_BROADCAST), IFF_UP | IFF_LOOPBACK);
            EQUAL(list[i].iiNetmask.AddressIn.sin_addr.s_addr, htonl(0xff000000));
        } else if (list[i].iiFlags & IFF_BROADCAST) {
            CHECK(list[i].iiBroadcastAddress.AddressIn.sin_addr.s_addr != 0);
        }
    }
    EQUAL(loopbacks, 1);
    FAILS(control(s, SIO_GET_INTERFACE_LIST, NULL, 0, list, (DWORD)sizeof *list * (DWORD)count - 1), WSAEFAULT);
    FAILS(control(unix_stream(), SIO_GET_INTERFACE_LIST, NULL, 0, list, sizeof list), WSAEINVAL);
    FAILS(control(s, SIO_GET_INTERFACE_LIST_EX, NULL, 0, list, sizeof list), WSAEOPNOTSUPP);
}

TEST(broadcast_address_is_for_ipv4_datagrams, "WSPIoctl.1")
{
    struct sockaddr_in address;
    startup();
    SUCCEEDS(control(udp(), SIO_GET_BROADCAST_ADDRESS, NULL, 0, &address, sizeof address));
    EQUAL(returned, sizeof address);
    EQUAL(address.sin_family, AF_INET);
    EQUAL(address.sin_addr.s_addr, 0xffffffff);
    FAILS(control(udp(), SIO_GET_BROADCAST_ADDRESS, NULL, 0, &address, 15), WSAEFAULT);
    FAILS(control(tcp(), SIO_GET_BROADCAST_ADDRESS, NULL, 0, &address, sizeof address), WSAEINVAL);
}

TEST(handles_of_the_base_are_its_own, "WSPIoctl.1 NEED-S13 NEED-S14")
{
    static const DWORD codes[] = {SIO_BASE_HANDLE, SIO_BSP_HANDLE, SIO_BSP_HANDLE_SELECT, SIO_BSP_HANDLE_POLL};
    startup();
    SOCKET s = tcp();
    for (unsigned i = 0; i < sizeof codes / sizeof *codes; i++) {
        SOCKET handle = 0;
        SUCCEEDS(control(s, codes[i], NULL, 0, &handle, sizeof handle));
        EQUAL(returned, sizeof handle);
        EQUAL(handle, s);
        FAILS(control(s, codes[i], NULL, 0, &handle, sizeof handle - 1), WSAEFAULT);
        FAILS(control(s, codes[i], NULL, 0, NULL, 0), WSAEFAULT);
    }
}

/* The provider's own: the exported functions of these names lead to whoever serves the socket, and back to a layer that
 * calls what is below it. */
TEST(extension_functions_are_known_by_guid, "NEED-S12")
{
    static const GUID known[] = {WSAID_ACCEPTEX,       WSAID_GETACCEPTEXSOCKADDRS, WSAID_CONNECTEX,
                                 WSAID_DISCONNECTEX,   WSAID_TRANSMITFILE,         WSAID_TRANSMITPACKETS,
                                 WSAID_WSAPOLL,        WSAID_WSARECVMSG,           WSAID_WSASENDMSG};
    enum { KNOWN = sizeof known / sizeof *known };
    void (*const exported[])(void) = {(void (*)(void))AcceptEx, (void (*)(void))GetAcceptExSockaddrs,
                                      (void (*)(void))TransmitFile, (void (*)(void))WSAPoll,
                                      (void (*)(void))WSASendMsg};
    void *functions[KNOWN] = {NULL};
    GUID unknown = WSAID_CONNECTEX;
    unknown.Data1 ^= 1;
    startup();
    SOCKET s = tcp();
    FAILS(control(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &unknown, sizeof unknown, &functions[0], sizeof functions[0]),
          WSAEINVAL);
    FAILS(control(s, SIO_GET_EXTENSION_FUNCTION_POINTER, (void *)&known[0], sizeof known[0], &functions[0], 4), WSAEFAULT);
    CHECK(functions[0] == NULL);
    for (int i = 0; i < KNOWN; i++) {
        SUCCEEDS(control(s, SIO_GET_EXTENSION_FUNCTION_POINTER, (void *)&known[i], sizeof known[i], &functions[i],
                         sizeof functions[i]));
        EQUAL(returned, sizeof functions[i]);
        CHECK(functions[i] != NULL);
        for (int other = 0; other < i; other++)
            CHECK(functions[other] != functions[i]);
        for (unsigned name = 0; name < sizeof exported / sizeof *exported; name++)
            CHECK(memcmp(&functions[i], &exported[name], sizeof functions[i]) != 0);
    }
}

TEST(multicast_senders_choose_loopback_and_scope, "WSPIoctl.1")
{
    BOOL off = FALSE;
    int scope = 5;
    startup();
    SOCKET s = udp();
    SUCCEEDS(control(s, SIO_MULTIPOINT_LOOPBACK, &off, sizeof off, NULL, 0));
    EQUAL(posix_newest_option("IP_MULTICAST_LOOP"), 0);
    SUCCEEDS(control(s, SIO_MULTICAST_SCOPE, &scope, sizeof scope, NULL, 0));
    EQUAL(posix_newest_option("IP_MULTICAST_TTL"), 5);
    scope = 256;
    FAILS(control(s, SIO_MULTICAST_SCOPE, &scope, sizeof scope, NULL, 0), WSAEINVAL);
    scope = -1;
    FAILS(control(s, SIO_MULTICAST_SCOPE, &scope, sizeof scope, NULL, 0), WSAEINVAL);
    FAILS(control(s, SIO_MULTICAST_SCOPE, &scope, 3, NULL, 0), WSAEFAULT);
    FAILS(control(tcp(), SIO_MULTICAST_SCOPE, &scope, sizeof scope, NULL, 0), WSAEINVAL);
    FAILS(control(tcp(), SIO_MULTIPOINT_LOOPBACK, &off, sizeof off, NULL, 0), WSAEINVAL);
}

TEST(udp_reset_reports_are_for_datagrams, "WSPIoctl.1")
{
    BOOL off = FALSE;
    startup();
    SUCCEEDS(control(udp(), SIO_UDP_CONNRESET, &off, sizeof off, NULL, 0));
    FAILS(control(udp(), SIO_UDP_CONNRESET, &off, 3, NULL, 0), WSAEFAULT);
    FAILS(control(tcp(), SIO_UDP_CONNRESET, &off, sizeof off, NULL, 0), WSAEINVAL);
}

TEST(optional_commands_are_unknown_options, "WSPIoctl.1")
{
    static const DWORD codes[] = {SIO_ASSOCIATE_HANDLE, SIO_ENABLE_CIRCULAR_QUEUEING, SIO_FLUSH,
                                  SIO_GET_QOS,          SIO_SET_QOS,                  SIO_TRANSLATE_HANDLE};
    char room[256] = {0};
    startup();
    for (unsigned i = 0; i < sizeof codes / sizeof *codes; i++) {
        FAILS(control(udp(), codes[i], room, sizeof room, room, sizeof room), WSAENOPROTOOPT);
        FAILS(control(tcp(), codes[i], room, sizeof room, room, sizeof room), WSAENOPROTOOPT);
    }
}

TEST(what_cannot_be_carried_out_says_so, "WSPIoctl.1")
{
    static const DWORD codes[] = {SIO_ACQUIRE_PORT_RESERVATION,   SIO_RELEASE_PORT_RESERVATION,
                                  SIO_ASSOCIATE_PORT_RESERVATION, SIO_LOOPBACK_FAST_PATH,
                                  SIO_TCP_INITIAL_RTO,            SIO_UDP_NETRESET,
                                  SIO_QUERY_TARGET_PNP_HANDLE,    SIO_SET_COMPATIBILITY_MODE,
                                  SIO_CPU_AFFINITY};
    static const DWORD invalid_when_short[] = {SIO_QUERY_RSS_SCALABILITY_INFO, SIO_QUERY_WFP_ALE_ENDPOINT_HANDLE};
    char room[256] = {0};
    startup();
    SOCKET s = tcp();
    for (unsigned i = 0; i < sizeof codes / sizeof *codes; i++)
        FAILS(control(s, codes[i], room, sizeof room, room, sizeof room), WSAEOPNOTSUPP);
    for (unsigned i = 0; i < 2; i++) {
        FAILS(control(s, invalid_when_short[i], NULL, 0, NULL, 8), WSAEINVAL);
        FAILS(control(s, invalid_when_short[i], NULL, 0, room, 0), WSAEINVAL);
        FAILS(control(s, invalid_when_short[i], NULL, 0, room, 8), WSAEOPNOTSUPP);
    }
}

TEST(notices_make_a_nonblocking_socket_come_back, "WSPIoctl.2 WSPIoctl.3")
{
    struct sockaddr_in any = loopback(0);
    startup();
    SOCKET s = tcp();
    any.sin_addr.s_addr = 0;
    set_nonblocking(s, 1);
    FAILS(control(s, SIO_ADDRESS_LIST_CHANGE, NULL, 0, NULL, 0), WSAEWOULDBLOCK);
    FAILS(control(s, SIO_ROUTING_INTERFACE_CHANGE, &any, sizeof any, NULL, 0), WSAEWOULDBLOCK);
    FAILS(control(s, SIO_ROUTING_INTERFACE_CHANGE, &any, 15, NULL, 0), WSAEFAULT);
}

TEST(raw_sockets_cannot_receive_all, "WSPIoctl.1")
{
    DWORD mode = RCVALL_ON;
    startup();
    FAILS(control(udp(), SIO_RCVALL, &mode, sizeof mode, NULL, 0), WSAEINVAL);
    SOCKET s = WSPSocket(AF_INET, SOCK_RAW, IPPROTO_ICMP, NULL, 0, 0, &error);
    if (s == INVALID_SOCKET)
        SKIP("raw sockets need privileges");
    FAILS(control(s, SIO_RCVALL, &mode, sizeof mode, NULL, 0), WSAEOPNOTSUPP);
    mode = RCVALL_OFF;
    SUCCEEDS(control(s, SIO_RCVALL, &mode, sizeof mode, NULL, 0));
    mode = RCVALL_SOCKETLEVELONLY;
    SUCCEEDS(control(s, SIO_RCVALL, &mode, sizeof mode, NULL, 0));
    mode = 4;
    FAILS(control(s, SIO_RCVALL, &mode, sizeof mode, NULL, 0), WSAEINVAL);
}

TEST(tcp_tells_about_the_connection, "WSPIoctl.1")
{
    SOCKET pair[2];
    DWORD version = 0, sent;
    ULONG backlog = 0;
    TCP_INFO_v0 info;
    startup();
    tcp_pair(pair);
    SUCCEEDS(send_bytes(pair[0], "hello", 5, &sent));
    EVENTUALLY(readable(pair[1]) == 5);
    SUCCEEDS(control(pair[0], SIO_TCP_INFO, &version, sizeof version, &info, sizeof info));
    EQUAL(returned, sizeof info);
    EQUAL(info.State, TCPSTATE_ESTABLISHED);
    CHECK(info.Mss > 0);
    EQUAL(info.BytesOut, 5);
    SUCCEEDS(control(pair[1], SIO_TCP_INFO, &version, sizeof version, &info, sizeof info));
    EQUAL(info.BytesIn, 5);
    SUCCEEDS(control(tcp(), SIO_TCP_INFO, &version, sizeof version, &info, sizeof info));
    EQUAL(info.State, TCPSTATE_CLOSED);
    FAILS(control(pair[0], SIO_TCP_INFO, &version, sizeof version, &info, sizeof info - 1), WSAEFAULT);
    version = 2;
    FAILS(control(pair[0], SIO_TCP_INFO, &version, sizeof version, &info, sizeof info), WSAEINVAL);
    SUCCEEDS(control(pair[0], SIO_IDEAL_SEND_BACKLOG_QUERY, NULL, 0, &backlog, sizeof backlog));
    CHECK(backlog > 0);
    FAILS(control(pair[0], SIO_IDEAL_SEND_BACKLOG_CHANGE, NULL, 0, NULL, 0), WSAEOPNOTSUPP);
    set_nonblocking(pair[0], 1);
    FAILS(control(pair[0], SIO_IDEAL_SEND_BACKLOG_CHANGE, NULL, 0, NULL, 0), WSAEWOULDBLOCK);
    FAILS(control(tcp(), SIO_IDEAL_SEND_BACKLOG_QUERY, NULL, 0, &backlog, sizeof backlog), WSAENOTCONN);
    FAILS(control(udp(), SIO_IDEAL_SEND_BACKLOG_QUERY, NULL, 0, &backlog, sizeof backlog), WSAEINVAL);
}

TEST(unix_sockets_know_the_peers_process, "WSPIoctl.1")
{
    struct sockaddr_un address;
    ULONG process = 0;
    startup();
    memset(&address, 0, sizeof address);
    address.sun_family = AF_UNIX;
    snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "ws2spi-test-peer-process-%d", posix_thread());
    SOCKET listening = unix_stream(), client = unix_stream();
    SUCCEEDS(WSPBind(listening, (struct sockaddr *)&address, sizeof address, &error));
    SUCCEEDS(WSPListen(listening, 5, &error));
    FAILS(control(client, SIO_AF_UNIX_GETPEERPID, NULL, 0, &process, sizeof process), WSAENOTCONN);
    SUCCEEDS(WSPConnect(client, (struct sockaddr *)&address, sizeof address, NULL, NULL, NULL, NULL, &error));
    SUCCEEDS(control(client, SIO_AF_UNIX_GETPEERPID, NULL, 0, &process, sizeof process));
    EQUAL(process, posix_thread());
    FAILS(control(tcp(), SIO_AF_UNIX_GETPEERPID, NULL, 0, &process, sizeof process), WSAEINVAL);
}
