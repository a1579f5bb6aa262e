/* WSARecvMsg and WSASendMsg: datagrams with their address and control data. */
#include "extension.h"
#include "waits.h"

static LPFN_WSARECVMSG receive_function;

#define WSARecvMsg (*receive_function)

/* Starts the provider, and asks for WSARecvMsg. */
static void start(void)
{
    static const GUID guid = WSAID_WSARECVMSG;
    startup();
    SOCKET s = udp();
    *(void **)&receive_function = extension_function(s, guid);
    SUCCEEDS(WSPCloseSocket(s, &error));
}

/* A WSAMSG with everything it names. */
struct message {
    WSAMSG message;
    WSABUF buffers[2];
    struct sockaddr_storage name;
    char bytes[64];
    __attribute__((aligned(8))) char control[256];
};

static void empty(struct message *m)
{
    memset(m, 0, sizeof *m);
    m->buffers[0] = (WSABUF){sizeof m->bytes, m->bytes};
    m->message = (WSAMSG){(LPSOCKADDR)&m->name, sizeof m->name, m->buffers, 1, {sizeof m->control, m->control}, 0};
}

/* The data of a control message, which is there once; NULL if it is not. */
static void *control_data(const struct message *m, int level, int type, size_t length)
{
    void *found = NULL;
    for (WSACMSGHDR *c = WSA_CMSG_FIRSTHDR(&m->message); c != NULL; c = WSA_CMSG_NXTHDR(&m->message, c)) {
        CHECK(c->cmsg_len >= sizeof *c);
        if (c->cmsg_level != level || c->cmsg_type != type)
            continue;
        CHECK(found == NULL);
        EQUAL(c->cmsg_len, WSA_CMSG_LEN(length));
        found = WSA_CMSG_DATA(c);
    }
    return found;
}

static int control_int(const struct message *m, int level, int type)
{
    int *found = control_data(m, level, type, sizeof(int));
    return found == NULL ? -1 : *found;
}

/* Sets the message up to be sent to an address. */
static void letter(struct message *m, const char *bytes, const void *to, int length)
{
    empty(m);
    memcpy(&m->name, to, (size_t)length);
    m->message.namelen = length;
    m->buffers[0] = (WSABUF){(ULONG)strlen(bytes), (char *)bytes};
    m->message.Control.len = 0;
}

/* Appends a control message. */
static void add_control(struct message *m, int level, int type, const void *data, size_t length)
{
    char *end = m->control + m->message.Control.len;
    WSACMSGHDR *head = (WSACMSGHDR *)(void *)end;
    *head = (WSACMSGHDR){WSA_CMSG_LEN(length), level, type};
    memcpy(WSA_CMSG_DATA(head), data, length);
    m->message.Control.len += (ULONG)WSA_CMSG_SPACE(length);
}

static void add_int(struct message *m, int level, int type, int value)
{
    add_control(m, level, type, &value, sizeof value);
}

static void set_option(SOCKET s, int level, int name, int value)
{
    SUCCEEDS(WSPSetSockOpt(s, level, name, (char *)&value, sizeof value, &error));
}

/* Receives a message on a blocking socket. */
static void take(SOCKET s, struct message *m)
{
    DWORD count = 0;
    empty(m);
    EQUAL(WSARecvMsg(s, &m->message, &count, NULL, NULL), 0);
}

/* Sends a message that `letter` made. */
static void post(SOCKET s, struct message *m)
{
    DWORD count = 0;
    if (WSASendMsg(s, &m->message, 0, &count, NULL, NULL) != 0)
        fail(__FILE__, __LINE__, "WSASendMsg failed with %d", WSAGetLastError());
    EQUAL(count, m->buffers[0].len);
}

static SOCKET bound(struct sockaddr_in *address)
{
    SOCKET s = udp();
    *address = bind_loopback(s);
    return s;
}

/* Two IPv6 sockets on ::1; the receiver's address goes to `address`. */
static void pair6(SOCKET *receiver, SOCKET *sender, struct sockaddr_in6 *address)
{
    int length = sizeof *address;
    *receiver = open_socket(AF_INET6, SOCK_DGRAM, IPPROTO_UDP);
    *sender = open_socket(AF_INET6, SOCK_DGRAM, IPPROTO_UDP);
    memset(address, 0, sizeof *address);
    address->sin6_family = AF_INET6;
    address->sin6_addr.s6_addr[15] = 1;
    if (WSPBind(*receiver, (struct sockaddr *)address, sizeof *address, &error) != 0)
        SKIP("no IPv6 loopback address");
    SUCCEEDS(WSPGetSockName(*receiver, (struct sockaddr *)address, &length, &error));
}

TEST(a_message_brings_data_and_sender, "NEED-S12 WSPRecvFrom.2 WSPRecv.3")
{
    struct sockaddr_in to, from;
    struct message m;
    DWORD count = 0;
    start();
    SOCKET receiver = bound(&to), sender = bound(&from);
    letter(&m, "one datagram", &to, sizeof to);
    post(sender, &m);
    empty(&m);
    m.buffers[0].len = 3;
    m.buffers[1] = (WSABUF){20, m.bytes + 30};
    m.message.dwBufferCount = 2;
    EQUAL(WSARecvMsg(receiver, &m.message, &count, NULL, NULL), 0);
    EQUAL(count, 12);
    CHECK(memcmp(m.bytes, "one\0", 4) == 0 && memcmp(m.bytes + 30, " datagram\0", 10) == 0);
    EQUAL(m.message.namelen, sizeof from);
    CHECK(memcmp(&m.name, &from, sizeof from) == 0);
    EQUAL(m.message.dwFlags, 0);
    /* No option asks for control data. */
    EQUAL(m.message.Control.len, 0);
    /* Who wants neither name nor control data gives none. */
    letter(&m, "two", &to, sizeof to);
    post(sender, &m);
    empty(&m);
    m.message.name = NULL;
    m.message.namelen = 0;
    m.message.Control = (WSABUF){0, NULL};
    EQUAL(WSARecvMsg(receiver, &m.message, &count, NULL, NULL), 0);
    EQUAL(count, 3);
    EQUAL(m.message.namelen, 0);
    EQUAL(m.message.dwFlags, 0);
}

/* Also a connected socket, and one without a peer, sends and receives messages. */
TEST(messages_go_to_the_peer_of_a_connected_socket, "NEED-S12 WSPSend.1")
{
    struct sockaddr_in to, from;
    struct message m;
    DWORD count = 0;
    start();
    SOCKET receiver = bound(&to), sender = bound(&from);
    letter(&m, "x", &to, sizeof to);
    m.message.name = NULL;
    m.message.namelen = 0;
    LEAVES(WSASendMsg(sender, &m.message, 0, &count, NULL, NULL), SOCKET_ERROR, WSAENOTCONN);
    SUCCEEDS(connect_to(sender, &to));
    post(sender, &m);
    take(receiver, &m);
    EQUAL(m.bytes[0], 'x');
    CHECK(memcmp(&m.name, &from, sizeof from) == 0);
}

TEST(packet_info_tells_where_a_datagram_arrived, "NEED-S12")
{
    struct sockaddr_in any = {.sin_family = AF_INET}, to;
    struct message m;
    int length = sizeof to;
    start();
    SOCKET receiver = udp(), sender = udp();
    SUCCEEDS(WSPBind(receiver, (struct sockaddr *)&any, sizeof any, &error));
    SUCCEEDS(WSPGetSockName(receiver, (struct sockaddr *)&to, &length, &error));
    set_option(receiver, IPPROTO_IP, IP_PKTINFO, 1);
    for (unsigned host = 0x7f000001; host <= 0x7f000003; host++) {
        to.sin_addr.s_addr = htonl(host);
        letter(&m, "x", &to, sizeof to);
        post(sender, &m);
        take(receiver, &m);
        IN_PKTINFO *info = control_data(&m, IPPROTO_IP, IP_PKTINFO, sizeof *info);
        CHECK(info != NULL);
        EQUAL(ntohl(info->ipi_addr.s_addr), host);
        EQUAL(info->ipi_ifindex, posix_loopback_index());
        EQUAL(m.message.Control.len, WSA_CMSG_SPACE(sizeof *info));
        EQUAL(m.message.dwFlags, 0);
    }
    set_option(receiver, IPPROTO_IP, IP_PKTINFO, 0);
    post(sender, (letter(&m, "x", &to, sizeof to), &m));
    take(receiver, &m);
    EQUAL(m.message.Control.len, 0);
}

/* The type of service whole, its lower two bits, and the hops left, each when asked for. */
TEST(header_fields_come_as_control_data, "NEED-S12")
{
    struct sockaddr_in to;
    struct message m;
    start();
    SOCKET receiver = bound(&to), sender = udp();
    set_option(sender, IPPROTO_IP, IP_TTL, 77);
    set_option(sender, IPPROTO_IP, IP_TOS, 0x2a);
    for (int asked = 0; asked < 8; asked++) {
        set_option(receiver, IPPROTO_IP, IP_RECVTTL, asked & 1);
        set_option(receiver, IPPROTO_IP, IP_RECVTOS, asked >> 1 & 1);
        set_option(receiver, IPPROTO_IP, IP_RECVECN, asked >> 2);
        letter(&m, "x", &to, sizeof to);
        post(sender, &m);
        take(receiver, &m);
        EQUAL(control_int(&m, IPPROTO_IP, IP_HOPLIMIT), asked & 1 ? 77 : -1);
        EQUAL(control_int(&m, IPPROTO_IP, IP_TOS), asked & 2 ? 0x2a : -1);
        EQUAL(control_int(&m, IPPROTO_IP, IP_ECN), asked & 4 ? 2 : -1);
        EQUAL(m.message.Control.len, WSA_CMSG_SPACE(sizeof(int)) * (unsigned)__builtin_popcount((unsigned)asked));
    }
}

TEST(messages_over_ipv6_have_their_own_control_data, "NEED-S12")
{
    struct sockaddr_in6 to, from;
    struct message m;
    SOCKET receiver, sender;
    start();
    pair6(&receiver, &sender, &to);
    set_option(sender, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 78);
    set_option(sender, IPPROTO_IPV6, IPV6_TCLASS, 0x2b);
    for (int asked = 0; asked < 16; asked++) {
        set_option(receiver, IPPROTO_IPV6, IPV6_PKTINFO, asked & 1);
        set_option(receiver, IPPROTO_IPV6, IPV6_HOPLIMIT, asked >> 1 & 1);
        set_option(receiver, IPPROTO_IPV6, IPV6_RECVTCLASS, asked >> 2 & 1);
        set_option(receiver, IPPROTO_IPV6, IPV6_RECVECN, asked >> 3);
        letter(&m, "x", &to, sizeof to);
        post(sender, &m);
        take(receiver, &m);
        EQUAL(m.message.namelen, sizeof from);
        memcpy(&from, &m.name, sizeof from);
        EQUAL(from.sin6_family, AF_INET6);
        CHECK(memcmp(&from.sin6_addr, &to.sin6_addr, sizeof to.sin6_addr) == 0);
        IN6_PKTINFO *info = control_data(&m, IPPROTO_IPV6, IPV6_PKTINFO, sizeof *info);
        EQUAL(info != NULL, asked & 1);
        if (info != NULL) {
            CHECK(memcmp(&info->ipi6_addr, &to.sin6_addr, sizeof to.sin6_addr) == 0);
            EQUAL(info->ipi6_ifindex, posix_loopback_index());
        }
        EQUAL(control_int(&m, IPPROTO_IPV6, IPV6_HOPLIMIT), asked & 2 ? 78 : -1);
        EQUAL(control_int(&m, IPPROTO_IPV6, IPV6_TCLASS), asked & 4 ? 0x2b : -1);
        EQUAL(control_int(&m, IPPROTO_IPV6, IPV6_ECN), asked & 8 ? 3 : -1);
    }
}

/* One message fits, the next does not: it is left out, and the flag says so. The data are whole. */
TEST(control_data_without_room_are_cut_off, "NEED-S12")
{
    struct sockaddr_in to;
    struct message m;
    DWORD count = 0;
    start();
    SOCKET receiver = bound(&to), sender = udp();
    set_option(sender, IPPROTO_IP, IP_TTL, 77);
    set_option(receiver, IPPROTO_IP, IP_RECVTTL, 1);
    set_option(receiver, IPPROTO_IP, IP_RECVTOS, 1);
    for (unsigned room = 0; room <= 2 * WSA_CMSG_SPACE(sizeof(int)); room++) {
        letter(&m, "x", &to, sizeof to);
        post(sender, &m);
        empty(&m);
        memset(m.control, 0x55, sizeof m.control);
        m.message.Control.len = room;
        EQUAL(WSARecvMsg(receiver, &m.message, &count, NULL, NULL), 0);
        EQUAL(count, 1);
        unsigned whole = room / WSA_CMSG_SPACE(sizeof(int));
        EQUAL(m.message.Control.len, whole * WSA_CMSG_SPACE(sizeof(int)));
        EQUAL(m.message.dwFlags, whole < 2 ? MSG_CTRUNC : 0);
        for (unsigned i = m.message.Control.len; i < sizeof m.control; i++)
            EQUAL(m.control[i], 0x55);
    }
}

TEST(a_message_longer_than_the_buffers_is_cut_off, "NEED-S12 OBS.28")
{
    struct sockaddr_in to, from;
    struct message m;
    DWORD count = 0;
    start();
    SOCKET receiver = bound(&to), sender = bound(&from);
    letter(&m, "too long", &to, sizeof to);
    post(sender, &m);
    letter(&m, "next", &to, sizeof to);
    post(sender, &m);
    empty(&m);
    m.buffers[0].len = 3;
    LEAVES(WSARecvMsg(receiver, &m.message, &count, NULL, NULL), SOCKET_ERROR, WSAEMSGSIZE);
    EQUAL(count, 3);
    CHECK(memcmp(m.bytes, "too\0", 4) == 0);
    EQUAL(m.message.dwFlags, MSG_TRUNC);
    CHECK(memcmp(&m.name, &from, sizeof from) == 0);
    take(receiver, &m);
    CHECK(memcmp(m.bytes, "next", 4) == 0);
}

TEST(peeking_leaves_the_message, "NEED-S12")
{
    struct sockaddr_in to;
    struct message m;
    OVERLAPPED overlapped = {0};
    DWORD count = 0;
    start();
    SOCKET sender = udp();
    SOCKET receiver = WSPSocket(AF_INET, SOCK_DGRAM, IPPROTO_UDP, NULL, 0, WSA_FLAG_OVERLAPPED, &error);
    to = bind_loopback(receiver);
    letter(&m, "x", &to, sizeof to);
    post(sender, &m);
    for (int i = 0; i < 3; i++) {
        empty(&m);
        m.message.dwFlags = i < 2 ? MSG_PEEK : 0;
        EQUAL(WSARecvMsg(receiver, &m.message, &count, NULL, NULL), 0);
        EQUAL(count, 1);
        EQUAL(m.bytes[0], 'x');
        EQUAL(m.message.dwFlags, 0);
    }
    /* It is for synchronous calls, and the only flag. */
    empty(&m);
    m.message.dwFlags = MSG_PEEK;
    LEAVES(WSARecvMsg(receiver, &m.message, NULL, &overlapped, NULL), SOCKET_ERROR, WSAEOPNOTSUPP);
    for (DWORD flag = 1; flag != 0; flag <<= 1) {
        m.message.dwFlags = flag;
        if (flag != MSG_PEEK)
            LEAVES(WSARecvMsg(receiver, &m.message, &count, NULL, NULL), SOCKET_ERROR, WSAEOPNOTSUPP);
    }
}

static void bad_pointers(SOCKET s, int (*call)(SOCKET, WSAMSG *, DWORD *))
{
    struct message m;
    DWORD count;
    LEAVES(call(s, NULL, &count), SOCKET_ERROR, WSAEFAULT);
    LEAVES(call(s, (WSAMSG *)8, &count), SOCKET_ERROR, WSAEFAULT);
    empty(&m);
    LEAVES(call(s, &m.message, NULL), SOCKET_ERROR, WSAEFAULT);
    m.message.name = NULL;
    LEAVES(call(s, &m.message, &count), SOCKET_ERROR, WSAEFAULT);
    empty(&m);
    m.message.namelen = sizeof(struct sockaddr_in) - 1;
    ((struct sockaddr_in *)&m.name)->sin_family = AF_INET;
    LEAVES(call(s, &m.message, &count), SOCKET_ERROR, WSAEFAULT);
    empty(&m);
    m.message.Control.buf = NULL;
    struct sockaddr_in to = loopback(9);
    memcpy(&m.name, &to, sizeof to);
    LEAVES(call(s, &m.message, &count), SOCKET_ERROR, WSAEFAULT);
    empty(&m);
    m.message.Control.len = 0;
    memcpy(&m.name, &to, sizeof to);
    m.message.lpBuffers = NULL;
    LEAVES(call(s, &m.message, &count), SOCKET_ERROR, WSAEFAULT);
    m.message.lpBuffers = m.buffers;
    m.message.dwBufferCount = 0;
    LEAVES(call(s, &m.message, &count), SOCKET_ERROR, WSAEINVAL);
    /* The handle comes first. */
    LEAVES(call(s + 1, NULL, NULL), SOCKET_ERROR, WSAENOTSOCK);
    LEAVES(call(tcp(), NULL, NULL), SOCKET_ERROR, WSAEOPNOTSUPP);
}

static int receive_call(SOCKET s, WSAMSG *message, DWORD *count)
{
    return WSARecvMsg(s, message, count, NULL, NULL);
}

static int send_call(SOCKET s, WSAMSG *message, DWORD *count)
{
    return WSASendMsg(s, message, 0, count, NULL, NULL);
}

TEST(what_cannot_be_received_is_refused, "NEED-S12 OBS.12 OBS.24 OBS.25 OBS.44")
{
    struct sockaddr_in address;
    struct message m;
    DWORD count;
    empty(&m);
    start();
    SOCKET s = bound(&address), unbound = udp();
    bad_pointers(s, receive_call);
    LEAVES(WSARecvMsg(unbound, &m.message, &count, NULL, NULL), SOCKET_ERROR, WSAEINVAL);
    set_nonblocking(s, 1);
    LEAVES(WSARecvMsg(s, &m.message, &count, NULL, NULL), SOCKET_ERROR, WSAEWOULDBLOCK);
    set_nonblocking(s, 0);
    set_option(s, SOL_SOCKET, SO_RCVTIMEO, 1);
    LEAVES(WSARecvMsg(s, &m.message, &count, NULL, NULL), SOCKET_ERROR, WSAETIMEDOUT);
    SUCCEEDS(WSPShutdown(s, SD_RECEIVE, &error));
    LEAVES(WSARecvMsg(s, &m.message, &count, NULL, NULL), SOCKET_ERROR, WSAESHUTDOWN);
    SUCCEEDS(WSPCleanup(&error));
    LEAVES(WSARecvMsg(s, &m.message, &count, NULL, NULL), SOCKET_ERROR, WSANOTINITIALISED);
}

TEST(an_unreachable_port_is_reported_once, "NEED-S12 OBS.27")
{
    struct sockaddr_in gone, mine;
    struct message m;
    DWORD count;
    start();
    SOCKET s = bound(&mine);
    SUCCEEDS(WSPCloseSocket(bound(&gone), &error));
    SUCCEEDS(connect_to(s, &gone));
    letter(&m, "x", &gone, sizeof gone);
    post(s, &m);
    LEAVES(WSARecvMsg(s, &m.message, &count, NULL, NULL), SOCKET_ERROR, WSAECONNRESET);
    set_nonblocking(s, 1);
    empty(&m);
    LEAVES(WSARecvMsg(s, &m.message, &count, NULL, NULL), SOCKET_ERROR, WSAEWOULDBLOCK);
}

/* From the first call on, whether the program asks for packet information or not. */
TEST(flags_tell_what_was_sent_to_many, "NEED-S12")
{
    struct sockaddr_in any = {.sin_family = AF_INET}, to;
    struct ip_mreq group = {{.S_un.S_addr = htonl(0xefff1234)}, {.S_un.S_addr = htonl(0x7f000001)}};
    struct message m;
    int length = sizeof to;
    DWORD count;
    start();
    SOCKET receiver = udp(), sender = udp();
    SUCCEEDS(WSPBind(receiver, (struct sockaddr *)&any, sizeof any, &error));
    SUCCEEDS(WSPGetSockName(receiver, (struct sockaddr *)&to, &length, &error));
    SUCCEEDS(WSPSetSockOpt(receiver, IPPROTO_IP, IP_ADD_MEMBERSHIP, (char *)&group, sizeof group, &error));
    if (posix_multicast(0xefff1234, ntohs(to.sin_port), "m", 1) != 0)
        SKIP("no multicast on the loopback interface");
    take(receiver, &m);
    EQUAL(m.bytes[0], 'm');
    EQUAL(m.message.dwFlags, MSG_MCAST);
    EQUAL(m.message.Control.len, 0);
    to.sin_addr.s_addr = htonl(0x7fffffff);
    letter(&m, "b", &to, sizeof to);
    LEAVES(WSASendMsg(sender, &m.message, 0, &count, NULL, NULL), SOCKET_ERROR, WSAEACCES);
    set_option(sender, SOL_SOCKET, SO_BROADCAST, 1);
    post(sender, &m);
    take(receiver, &m);
    EQUAL(m.bytes[0], 'b');
    EQUAL(m.message.dwFlags, MSG_BCAST);
    to.sin_addr.s_addr = htonl(0x7f000001);
    letter(&m, "u", &to, sizeof to);
    post(sender, &m);
    take(receiver, &m);
    EQUAL(m.message.dwFlags, 0);
    int on = 1;
    length = sizeof on;
    SUCCEEDS(WSPGetSockOpt(receiver, IPPROTO_IP, IP_PKTINFO, (char *)&on, &length, &error));
    EQUAL(on, 0);
}

static SOCKET overlapped_udp(struct sockaddr_in *address)
{
    SOCKET s = WSPSocket(AF_INET, SOCK_DGRAM, IPPROTO_UDP, NULL, 0, WSA_FLAG_OVERLAPPED, &error);
    CHECK(s != INVALID_SOCKET);
    *address = bind_loopback(s);
    return s;
}

/* A send may be the call that hears of an unreachable port. Which one does is chance, so there are some rounds. */
TEST(an_unreachable_port_ends_a_waiting_request, "OBS.27 NEED-S12 OV.6")
{
    struct sockaddr_in mine, to;
    unsigned short dead = 0;
    struct message m, sent;
    DWORD count = 0;
    start();
    posix_close(posix_bind_udp(&dead));
    SOCKET s = overlapped_udp(&mine);
    bound(&to);
    for (int i = 0; i < 50; i++) {
        OVERLAPPED overlapped = {0};
        struct sockaddr_in nobody = loopback(dead);
        empty(&m);
        LEAVES(WSARecvMsg(s, &m.message, NULL, &overlapped, NULL), SOCKET_ERROR, WSA_IO_PENDING);
        letter(&sent, "x", &nobody, sizeof nobody);
        post(s, &sent);
        letter(&sent, "x", &to, sizeof to);
        post(s, &sent);
        EQUAL(outcome(s, &overlapped, &count), WSAECONNRESET);
    }
}

/* The array of buffers is the call's; the rest is filled when the datagram has come. */
TEST(messages_are_received_later, "NEED-S12 OV.3 OV.4 OV.6 OV.7 OV.17 OV.20")
{
    enum { REQUESTS = 20 };
    static struct message m[REQUESTS];
    static OVERLAPPED overlapped[REQUESTS];
    struct sockaddr_in to, from;
    DWORD count = 77, flags;
    start();
    SOCKET receiver = overlapped_udp(&to), sender = bound(&from);
    WSAEVENT event = new_event();
    CHECK(WSASetEvent(event));
    set_option(receiver, IPPROTO_IP, IP_RECVTTL, 1);
    set_option(sender, IPPROTO_IP, IP_TTL, 77);
    for (int i = 0; i < REQUESTS; i++) {
        empty(&m[i]);
        m[i].buffers[0].len = i == 7 ? 1 : 60;
        overlapped[i].hEvent = i == REQUESTS - 1 ? event : NULL;
        LEAVES(WSARecvMsg(receiver, &m[i].message, &count, &overlapped[i], NULL), SOCKET_ERROR, WSA_IO_PENDING);
        memset(m[i].buffers, 0x11, sizeof m[i].buffers);
    }
    EQUAL(count, 77);
    CHECK(!is_signalled(event));
    for (int i = 0; i < REQUESTS; i++) {
        struct message out;
        char bytes[3] = {(char)('a' + i), 'z', 0};
        letter(&out, bytes, &to, sizeof to);
        post(sender, &out);
    }
    EQUAL(wait_for(event, WSA_INFINITE), WSA_WAIT_EVENT_0);
    for (int i = 0; i < REQUESTS; i++) {
        CHECK(HasOverlappedIoCompleted(&overlapped[i]));
        if (i == 7) {
            FAILS(WSPGetOverlappedResult(receiver, &overlapped[i], &count, FALSE, &flags, &error), WSAEMSGSIZE);
            EQUAL(overlapped[i].InternalHigh, 1);
            EQUAL(m[i].message.dwFlags, MSG_TRUNC);
        } else {
            CHECK(WSPGetOverlappedResult(receiver, &overlapped[i], &count, FALSE, &flags, &error));
            EQUAL(count, 2);
            EQUAL(flags, 0);
            EQUAL(m[i].message.dwFlags, 0);
        }
        EQUAL(m[i].bytes[0], 'a' + i);
        EQUAL(m[i].message.namelen, sizeof from);
        CHECK(memcmp(&m[i].name, &from, sizeof from) == 0);
        EQUAL(control_int(&m[i], IPPROTO_IP, IP_HOPLIMIT), 77);
    }
    /* One that has come already. */
    struct message out;
    letter(&out, "now", &to, sizeof to);
    post(sender, &out);
    EQUAL(WSARecvMsg(receiver, (empty(&m[0]), &m[0].message), &count, &overlapped[0], NULL), 0);
    EQUAL(count, 3);
}

/* More buffers than the kernel takes at once make one message, synchronous or overlapped, before it and after. */
TEST(any_number_of_buffers_makes_one_message, "NEED-S12 WSPRecv.3 WSPSendTo.3 OBS.28 OV.7")
{
    enum { MANY = 3000 };
    static WSABUF out_buffers[MANY], in_buffers[MANY];
    static char out[MANY], in[MANY];
    struct sockaddr_in to, from;
    struct message letter_out, m;
    start();
    SOCKET receiver = overlapped_udp(&to), sender = overlapped_udp(&from);
    for (int i = 0; i < MANY; i++) {
        out[i] = (char)(i * 7 + i / 256 + 1);
        out_buffers[i] = (WSABUF){1, out + i};
        in_buffers[i] = (WSABUF){1, in + i};
    }
    /* Overlapped or not, with the receive first, and with one buffer too few. */
    for (int i = 0; i < 8; i++) {
        OVERLAPPED sends = {0}, receives = {0};
        int is_overlapped = i & 1, pending = is_overlapped && i & 2, is_cut = i & 4;
        DWORD count = 0, room = is_cut ? MANY - 1 : MANY;
        memset(in, 0, sizeof in);
        letter(&letter_out, "", &to, sizeof to);
        letter_out.message.lpBuffers = out_buffers;
        letter_out.message.dwBufferCount = MANY;
        empty(&m);
        m.message.lpBuffers = in_buffers;
        m.message.dwBufferCount = room;
        for (int step = 0; step < 2; step++) {
            if (step == pending) {
                EQUAL(WSASendMsg(sender, &letter_out.message, 0, &count, is_overlapped ? &sends : NULL, NULL), 0);
                EQUAL(count, MANY);
                continue;
            }
            int answer = WSARecvMsg(receiver, &m.message, &count, is_overlapped ? &receives : NULL, NULL);
            int code = answer == 0 ? 0 : WSAGetLastError();
            if (is_overlapped) {
                CHECK(code == (pending || is_cut ? WSA_IO_PENDING : 0));
            } else {
                EQUAL(code, is_cut ? WSAEMSGSIZE : 0);
                EQUAL(count, room);
            }
        }
        if (is_overlapped) {
            EQUAL(outcome(receiver, &receives, &count), is_cut ? WSAEMSGSIZE : 0);
            EQUAL(receives.InternalHigh, room);
        }
        EQUAL(m.message.dwFlags, is_cut ? MSG_TRUNC : 0);
        CHECK(memcmp(&m.name, &from, sizeof from) == 0);
        CHECK(memcmp(in, out, room) == 0 && (!is_cut || in[room] == 0));
    }
}

static DWORD routine_error, routine_count, routine_flags;
static int routine_calls;

static void CALLBACK routine(DWORD code, DWORD count, LPWSAOVERLAPPED overlapped, DWORD flags)
{
    CHECK(overlapped == NULL || HasOverlappedIoCompleted(overlapped));
    routine_calls++;
    routine_error = code;
    routine_count = count;
    routine_flags = flags;
}

TEST(a_routine_hears_of_the_flags, "NEED-S12 OV.11 OV.15 OV.16")
{
    struct sockaddr_in to;
    struct message m, out;
    OVERLAPPED overlapped = {0};
    start();
    SOCKET receiver = overlapped_udp(&to), sender = udp();
    WSAEVENT event = new_event();
    empty(&m);
    m.buffers[0].len = 2;
    LEAVES(WSARecvMsg(receiver, &m.message, NULL, &overlapped, routine), SOCKET_ERROR, WSA_IO_PENDING);
    letter(&out, "long", &to, sizeof to);
    post(sender, &out);
    EQUAL(WSAWaitForMultipleEvents(1, &event, FALSE, WSA_INFINITE, TRUE), WSA_WAIT_IO_COMPLETION);
    EQUAL(routine_calls, 1);
    EQUAL(routine_error, WSAEMSGSIZE);
    EQUAL(routine_count, 2);
    EQUAL(routine_flags, MSG_TRUNC);
    /* A routine alone asks for overlapped work, too (OV.1). */
    LEAVES(WSARecvMsg(receiver, (empty(&m), &m.message), &to.sin_addr.s_addr, NULL, routine), SOCKET_ERROR,
           WSA_IO_PENDING);
    SUCCEEDS(WSPCloseSocket(receiver, &error));
    EQUAL(WSAWaitForMultipleEvents(1, &event, FALSE, WSA_INFINITE, TRUE), WSA_WAIT_IO_COMPLETION);
    EQUAL(routine_calls, 2);
    EQUAL(routine_error, WSA_OPERATION_ABORTED);
}

/* The source, the interface and the header of one datagram, without a change of the socket. */
TEST(control_data_say_how_a_message_goes, "NEED-S12 NEED-S13")
{
    struct sockaddr_in to, any = {.sin_family = AF_INET};
    struct sockaddr_in *from;
    struct message m, in;
    start();
    SOCKET receiver = bound(&to), sender = udp();
    from = (struct sockaddr_in *)&in.name;
    SUCCEEDS(WSPBind(sender, (struct sockaddr *)&any, sizeof any, &error));
    set_option(receiver, IPPROTO_IP, IP_RECVTTL, 1);
    set_option(receiver, IPPROTO_IP, IP_RECVTOS, 1);
    set_option(sender, IPPROTO_IP, IP_TTL, 40);
    set_option(sender, IPPROTO_IP, IP_TOS, 0x20);
    IN_PKTINFO info = {{.S_un.S_addr = htonl(0x7f000002)}, 0};

    letter(&m, "a", &to, sizeof to);
    add_control(&m, IPPROTO_IP, IP_PKTINFO, &info, sizeof info);
    post(sender, &m);
    take(receiver, &in);
    EQUAL(ntohl(from->sin_addr.s_addr), 0x7f000002);
    EQUAL(control_int(&in, IPPROTO_IP, IP_HOPLIMIT), 40);

    info.ipi_ifindex = (UINT)posix_loopback_index();
    letter(&m, "b", &to, sizeof to);
    add_int(&m, IPPROTO_IP, IP_TTL, 41);
    add_control(&m, IPPROTO_IP, IP_PKTINFO, &info, sizeof info);
    add_int(&m, IPPROTO_IP, IP_TOS, 0x44);
    post(sender, &m);
    take(receiver, &in);
    EQUAL(ntohl(from->sin_addr.s_addr), 0x7f000002);
    EQUAL(control_int(&in, IPPROTO_IP, IP_HOPLIMIT), 41);
    EQUAL(control_int(&in, IPPROTO_IP, IP_TOS), 0x44);

    letter(&m, "c", &to, sizeof to);
    add_int(&m, IPPROTO_IP, IP_HOPLIMIT, 42);
    add_int(&m, IPPROTO_IP, IP_ECN, 1);
    post(sender, &m);
    take(receiver, &in);
    EQUAL(ntohl(from->sin_addr.s_addr), 0x7f000001);
    EQUAL(control_int(&in, IPPROTO_IP, IP_HOPLIMIT), 42);
    EQUAL(control_int(&in, IPPROTO_IP, IP_TOS), 0x21);

    letter(&m, "d", &to, sizeof to);
    add_int(&m, IPPROTO_IP, IP_ECN, 2);
    add_int(&m, IPPROTO_IP, IP_TOS, 0x48);
    post(sender, &m);
    take(receiver, &in);
    EQUAL(control_int(&in, IPPROTO_IP, IP_TOS), 0x4a);

    letter(&m, "e", &to, sizeof to);
    post(sender, &m);
    take(receiver, &in);
    EQUAL(control_int(&in, IPPROTO_IP, IP_HOPLIMIT), 40);
    EQUAL(control_int(&in, IPPROTO_IP, IP_TOS), 0x20);
}

TEST(control_data_say_how_a_message_goes_over_ipv6, "NEED-S12 NEED-S13")
{
    struct sockaddr_in6 to;
    struct message m, in;
    SOCKET receiver, sender;
    start();
    pair6(&receiver, &sender, &to);
    set_option(receiver, IPPROTO_IPV6, IPV6_HOPLIMIT, 1);
    set_option(receiver, IPPROTO_IPV6, IPV6_RECVTCLASS, 1);
    IN6_PKTINFO info = {to.sin6_addr, (ULONG)posix_loopback_index()};
    letter(&m, "a", &to, sizeof to);
    add_control(&m, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof info);
    add_int(&m, IPPROTO_IPV6, IPV6_HOPLIMIT, 43);
    add_int(&m, IPPROTO_IPV6, IPV6_TCLASS, 0x50);
    add_int(&m, IPPROTO_IPV6, IPV6_ECN, 1);
    post(sender, &m);
    take(receiver, &in);
    EQUAL(control_int(&in, IPPROTO_IPV6, IPV6_HOPLIMIT), 43);
    EQUAL(control_int(&in, IPPROTO_IPV6, IPV6_TCLASS), 0x51);
    /* An address that is not the host's. */
    info.ipi6_addr.s6_addr[0] = 0x20;
    letter(&m, "b", &to, sizeof to);
    add_control(&m, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof info);
    DWORD count;
    EQUAL(WSASendMsg(sender, &m.message, 0, &count, NULL, NULL), SOCKET_ERROR);
}

TEST(one_message_goes_as_several_datagrams, "NEED-S12")
{
    static char bytes[2500];
    struct sockaddr_in to;
    struct message m;
    DWORD count = 0;
    start();
    SOCKET receiver = bound(&to), sender = udp();
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 7);
    letter(&m, "", &to, sizeof to);
    m.buffers[0] = (WSABUF){sizeof bytes, bytes};
    DWORD size = 1000;
    add_control(&m, IPPROTO_UDP, UDP_SEND_MSG_SIZE, &size, sizeof size);
    post(sender, &m);
    for (unsigned sent = 0; sent < sizeof bytes; sent += count) {
        char got[2000];
        SUCCEEDS(receive_bytes(receiver, got, sizeof got, &count, 0));
        EQUAL(count, sent < 2000 ? 1000 : 500);
        CHECK(memcmp(got, bytes + sent, count) == 0);
    }
}

TEST(what_cannot_be_sent_is_refused, "NEED-S12 OBS.12 OBS.20 OBS.25 OBS.44 WSPSend.3")
{
    static char long_one[70000];
    struct sockaddr_in to, wildcard = {.sin_family = AF_INET};
    struct message m;
    DWORD count;
    start();
    SOCKET receiver = bound(&to), s = udp();
    bad_pointers(s, send_call);
#define CANNOT(code) LEAVES(WSASendMsg(s, &m.message, 0, &count, NULL, NULL), SOCKET_ERROR, code)
    /* Control data that are unknown, of the other family, too short, out of range, or cut off. */
    letter(&m, "x", &to, sizeof to);
    add_int(&m, IPPROTO_IP, 99, 1);
    CANNOT(WSAEINVAL);
    letter(&m, "x", &to, sizeof to);
    add_int(&m, IPPROTO_IPV6, IPV6_HOPLIMIT, 1);
    CANNOT(WSAEINVAL);
    letter(&m, "x", &to, sizeof to);
    add_control(&m, IPPROTO_IP, IP_PKTINFO, "1234567", 7);
    CANNOT(WSAEINVAL);
    for (int value = -1; value <= 256; value += 257) {
        letter(&m, "x", &to, sizeof to);
        add_int(&m, IPPROTO_IP, IP_TTL, value);
        CANNOT(WSAEINVAL);
        letter(&m, "x", &to, sizeof to);
        add_int(&m, IPPROTO_IP, IP_TOS, value);
        CANNOT(WSAEINVAL);
        letter(&m, "x", &to, sizeof to);
        add_int(&m, IPPROTO_IP, IP_ECN, value);
        CANNOT(WSAEINVAL);
    }
    letter(&m, "x", &to, sizeof to);
    add_int(&m, IPPROTO_IP, IP_TTL, 5);
    for (m.message.Control.len = 1; m.message.Control.len < WSA_CMSG_LEN(sizeof(int)); m.message.Control.len++)
        CANNOT(WSAEINVAL);
    /* Addresses and lengths as WSPSendTo has them. */
    letter(&m, "x", &wildcard, sizeof wildcard);
    CANNOT(WSAEADDRNOTAVAIL);
    letter(&m, "x", &to, sizeof to);
    ((struct sockaddr_in *)&m.name)->sin_family = AF_INET6;
    CANNOT(WSAEAFNOSUPPORT);
    letter(&m, "x", &to, sizeof to);
    m.buffers[0] = (WSABUF){sizeof long_one, long_one};
    CANNOT(WSAEMSGSIZE);
    /* Flags that datagrams do not have. */
    letter(&m, "x", &to, sizeof to);
    for (DWORD flag = 1; flag != 0; flag <<= 1)
        if (flag != MSG_DONTROUTE)
            LEAVES(WSASendMsg(s, &m.message, flag, &count, NULL, NULL), SOCKET_ERROR, WSAEOPNOTSUPP);
    EQUAL(WSASendMsg(s, &m.message, MSG_DONTROUTE, &count, NULL, NULL), 0);
    take(receiver, &m);
    EQUAL(m.bytes[0], 'x');
    /* Of all these nothing else has come. */
    set_nonblocking(receiver, 1);
    LEAVES(WSARecvMsg(receiver, (empty(&m), &m.message), &count, NULL, NULL), SOCKET_ERROR, WSAEWOULDBLOCK);
    SUCCEEDS(WSPShutdown(s, SD_SEND, &error));
    letter(&m, "x", &to, sizeof to);
    CANNOT(WSAESHUTDOWN);
    SUCCEEDS(WSPCleanup(&error));
    CANNOT(WSANOTINITIALISED);
}

TEST(messages_are_sent_with_an_overlapped, "NEED-S12 OV.3 OV.7 OV.9")
{
    struct sockaddr_in to, from;
    struct message m, in;
    DWORD count = 0, flags = 1;
    start();
    SOCKET receiver = bound(&to), sender = overlapped_udp(&from);
    OVERLAPPED overlapped = {.hEvent = new_event()};
    letter(&m, "later", &to, sizeof to);
    add_int(&m, IPPROTO_IP, IP_TTL, 44);
    set_option(receiver, IPPROTO_IP, IP_RECVTTL, 1);
    int answer = WSASendMsg(sender, &m.message, 0, NULL, &overlapped, NULL);
    CHECK(answer == 0 || WSAGetLastError() == WSA_IO_PENDING);
    m.message.name->sa_family = 0;
    memset(m.buffers, 0x11, sizeof m.buffers);
    memset(m.control, 0x11, sizeof m.control);
    EQUAL(wait_for(overlapped.hEvent, WSA_INFINITE), WSA_WAIT_EVENT_0);
    CHECK(WSPGetOverlappedResult(sender, &overlapped, &count, FALSE, &flags, &error));
    EQUAL(count, 5);
    EQUAL(flags, 0);
    take(receiver, &in);
    CHECK(memcmp(in.bytes, "later", 5) == 0);
    EQUAL(control_int(&in, IPPROTO_IP, IP_HOPLIMIT), 44);
    letter(&m, "x", &to, sizeof to);
    m.buffers[0].len = 70000;
    LEAVES(WSASendMsg(sender, &m.message, 0, NULL, &overlapped, NULL), SOCKET_ERROR, WSAEMSGSIZE);
}

/* While datagrams are left FD_READ is told again, once for each receive. */
TEST(messages_reenable_their_events, "NEED-S12 EV.6 EV.7")
{
    struct sockaddr_in to;
    struct message m;
    WSANETWORKEVENTS events;
    start();
    SOCKET receiver = bound(&to), sender = udp();
    WSAEVENT event = new_event();
    SUCCEEDS(WSPEventSelect(receiver, event, FD_READ, &error));
    for (int i = 0; i < 3; i++) {
        letter(&m, "x", &to, sizeof to);
        post(sender, &m);
    }
    for (int i = 0; i < 3; i++) {
        EQUAL(wait_for(event, 20000), WSA_WAIT_EVENT_0);
        SUCCEEDS(WSPEnumNetworkEvents(receiver, event, &events, &error));
        EQUAL(events.lNetworkEvents, FD_READ);
        CHECK(!is_signalled(event));
        take(receiver, &m);
    }
    CHECK(!is_signalled(event));
}
