#include "check.h"

#include <errno.h>
#include <sys/syscall.h>

static SOCKET make(int family, int type, int protocol)
{
    return WSPSocket(family, type, protocol, NULL, 0, 0, &error);
}

/* A socket is of the type that it behaves as. */
static int type_of(SOCKET s, int family)
{
    struct sockaddr_in address = loopback(0);
    struct sockaddr_in6 address6;
    memset(&address6, 0, sizeof address6);
    address6.sin6_family = AF_INET6;
    if (family == AF_INET)
        SUCCEEDS(WSPBind(s, (struct sockaddr *)&address, sizeof address, &error));
    else
        SUCCEEDS(WSPBind(s, (struct sockaddr *)&address6, sizeof address6, &error));
    error = 0;
    if (WSPListen(s, 1, &error) == 0)
        return SOCK_STREAM;
    EQUAL(error, WSAEOPNOTSUPP);
    return SOCK_DGRAM;
}

TEST(what_is_left_open_is_deduced, "WSPSocket.1 WSPSocket.2 OBS.11")
{
    static const struct {
        int family, type, protocol, given_family, given_type;
    } cases[] = {
        {AF_INET, SOCK_STREAM, IPPROTO_TCP, AF_INET, SOCK_STREAM},
        {AF_INET, SOCK_STREAM, 0, AF_INET, SOCK_STREAM},
        {AF_INET, SOCK_DGRAM, IPPROTO_UDP, AF_INET, SOCK_DGRAM},
        {AF_INET, SOCK_DGRAM, 0, AF_INET, SOCK_DGRAM},
        {AF_INET, 0, IPPROTO_TCP, AF_INET, SOCK_STREAM},
        {AF_INET, 0, IPPROTO_UDP, AF_INET, SOCK_DGRAM},
        {AF_INET, 0, 0, AF_INET, SOCK_STREAM},
        {AF_INET6, SOCK_STREAM, 0, AF_INET6, SOCK_STREAM},
        {AF_INET6, SOCK_DGRAM, IPPROTO_UDP, AF_INET6, SOCK_DGRAM},
        {AF_INET6, 0, IPPROTO_UDP, AF_INET6, SOCK_DGRAM},
        {0, SOCK_STREAM, 0, AF_INET, SOCK_STREAM},
        {0, SOCK_DGRAM, 0, AF_INET, SOCK_DGRAM},
        {0, 0, IPPROTO_TCP, AF_INET, SOCK_STREAM},
        {0, 0, IPPROTO_UDP, AF_INET, SOCK_DGRAM},
    };
    startup();
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        SOCKET s = make(cases[i].family, cases[i].type, cases[i].protocol);
        CHECK(s != INVALID_SOCKET);
        EQUAL(type_of(s, cases[i].given_family), cases[i].given_type);
    }
    CHECK(make(AF_UNIX, SOCK_STREAM, 0) != INVALID_SOCKET);
    CHECK(make(AF_UNIX, 0, 0) != INVALID_SOCKET);
}

TEST(what_does_not_go_together_has_its_code, "WSPSocket.1 OBS.11")
{
    static const struct {
        int family, type, protocol, code;
    } cases[] = {
        {77, SOCK_STREAM, IPPROTO_TCP, WSAEAFNOSUPPORT},
        {77, 77, 77, WSAEAFNOSUPPORT},
        {-2, SOCK_STREAM, 0, WSAEAFNOSUPPORT},
        {AF_INET, 77, 0, WSAESOCKTNOSUPPORT},
        {AF_INET, SOCK_SEQPACKET, 0, WSAESOCKTNOSUPPORT},
        {AF_INET, SOCK_RDM, 77, WSAESOCKTNOSUPPORT},
        {AF_UNIX, SOCK_DGRAM, 0, WSAESOCKTNOSUPPORT},
        {AF_UNIX, SOCK_STREAM, 77, WSAEPROTONOSUPPORT},
        {AF_INET, SOCK_STREAM, 77, WSAEPROTONOSUPPORT},
        {AF_INET6, SOCK_DGRAM, 77, WSAEPROTONOSUPPORT},
        {AF_INET, SOCK_STREAM, IPPROTO_UDP, WSAEPROTOTYPE},
        {AF_INET6, SOCK_DGRAM, IPPROTO_TCP, WSAEPROTOTYPE},
        {0, 0, 0, WSAEINVAL},
        {FROM_PROTOCOL_INFO, SOCK_STREAM, 0, WSAEINVAL},
        {AF_INET, FROM_PROTOCOL_INFO, 0, WSAEINVAL},
        {AF_INET, SOCK_STREAM, FROM_PROTOCOL_INFO, WSAEINVAL},
    };
    startup();
    int before = posix_open_descriptors();
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        error = 0;
        CHECK(make(cases[i].family, cases[i].type, cases[i].protocol) == INVALID_SOCKET);
        if (error != cases[i].code)
            fail(__FILE__, __LINE__, "case %u gave %d, not %d", i, error, cases[i].code);
    }
    EQUAL(posix_open_descriptors(), before);
}

/* The base provider's entry for a protocol, as the catalog has it. */
static WSAPROTOCOL_INFOW entry(DWORD id, int family, int type, int protocol)
{
    static const GUID tcpip = {0xe70f1aa0, 0xab8b, 0x11cf, {0x8c, 0xa3, 0x00, 0x80, 0x5f, 0x48, 0xa1, 0x92}};
    static const GUID tcpip6 = {0xf9eab0c0, 0x26d4, 0x11d0, {0xbb, 0xbf, 0x00, 0xaa, 0x00, 0x6c, 0x34, 0xe4}};
    WSAPROTOCOL_INFOW info;
    memset(&info, 0, sizeof info);
    info.ProviderId = family == AF_INET ? tcpip : tcpip6;
    info.dwCatalogEntryId = id;
    info.iAddressFamily = family;
    info.iSocketType = type;
    info.iProtocol = protocol;
    return info;
}

TEST(an_entry_of_the_catalog_decides, "WSPSocket.2")
{
    startup();
    const int any = FROM_PROTOCOL_INFO;
    WSAPROTOCOL_INFOW udp4 = entry(1002, AF_INET, SOCK_DGRAM, IPPROTO_UDP);
    WSAPROTOCOL_INFOW tcp6 = entry(1004, AF_INET6, SOCK_STREAM, IPPROTO_TCP);
    EQUAL(type_of(WSPSocket(any, any, any, &udp4, 0, 0, &error), AF_INET), SOCK_DGRAM);
    EQUAL(type_of(WSPSocket(any, any, any, &tcp6, 0, 0, &error), AF_INET6), SOCK_STREAM);
    EQUAL(type_of(WSPSocket(0, 0, any, &udp4, 0, 0, &error), AF_INET), SOCK_DGRAM);
    EQUAL(type_of(WSPSocket(0, 0, 0, &tcp6, 0, 0, &error), AF_INET6), SOCK_STREAM);
    EQUAL(type_of(WSPSocket(AF_INET, SOCK_DGRAM, IPPROTO_UDP, &udp4, 0, 0, &error), AF_INET), SOCK_DGRAM);
    FAILS(WSPSocket(AF_INET6, any, any, &udp4, 0, 0, &error), WSAEAFNOSUPPORT);
    FAILS(WSPSocket(any, SOCK_STREAM, any, &udp4, 0, 0, &error), WSAESOCKTNOSUPPORT);
    FAILS(WSPSocket(any, any, IPPROTO_TCP, &udp4, 0, 0, &error), WSAEPROTONOSUPPORT);
    /* Another provider's, one that nobody has, and none at all. */
    udp4.ProviderId.Data1++;
    FAILS(WSPSocket(any, any, any, &udp4, 0, 0, &error), WSAEINVAL);
    tcp6.dwCatalogEntryId = 99;
    FAILS(WSPSocket(any, any, any, &tcp6, 0, 0, &error), WSAEINVAL);
    FAILS(WSPSocket(AF_INET, SOCK_STREAM, 0, (LPWSAPROTOCOL_INFOW)8, 0, 0, &error), WSAEFAULT);
}

TEST(flags_are_judged, "WSPSocket.4")
{
    enum {
        C_ROOT = WSA_FLAG_MULTIPOINT_C_ROOT,
        C_LEAF = WSA_FLAG_MULTIPOINT_C_LEAF,
        D_ROOT = WSA_FLAG_MULTIPOINT_D_ROOT,
        D_LEAF = WSA_FLAG_MULTIPOINT_D_LEAF
    };
    startup();
    static const DWORD good[] = {0, WSA_FLAG_OVERLAPPED, WSA_FLAG_NO_HANDLE_INHERIT,
                                 WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT};
    for (unsigned i = 0; i < sizeof good / sizeof *good; i++)
        CHECK(WSPSocket(AF_INET, SOCK_STREAM, 0, NULL, 0, good[i], &error) != INVALID_SOCKET);
    CHECK(WSPSocket(AF_INET, SOCK_DGRAM, 0, NULL, 0, C_LEAF | D_LEAF, &error) != INVALID_SOCKET);
    CHECK(WSPSocket(AF_INET6, SOCK_DGRAM, 0, NULL, 0, C_LEAF | D_LEAF | 1, &error) != INVALID_SOCKET);
    /* One of each; roots and streams have no part in IP multicast. */
    static const DWORD bad[] = {C_LEAF,
                                D_LEAF,
                                C_ROOT | C_LEAF | D_LEAF,
                                C_LEAF | D_ROOT | D_LEAF,
                                C_ROOT | D_LEAF,
                                C_LEAF | D_ROOT,
                                C_ROOT | D_ROOT,
                                0x20,
                                0x200,
                                0x80000000};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++)
        FAILS(WSPSocket(AF_INET, SOCK_DGRAM, 0, NULL, 0, bad[i], &error), WSAEINVAL);
    FAILS(WSPSocket(AF_INET, SOCK_STREAM, 0, NULL, 0, C_LEAF | D_LEAF, &error), WSAEINVAL);
    /* What cannot be had is not promised. */
    FAILS(WSPSocket(AF_INET, SOCK_STREAM, 0, NULL, 0, WSA_FLAG_REGISTERED_IO, &error), WSAEINVAL);
    FAILS(WSPSocket(AF_INET, SOCK_STREAM, 0, NULL, 0, WSA_FLAG_ACCESS_SYSTEM_SECURITY, &error), WSAEINVAL);
}

TEST(there_are_no_groups, "WSPSocket.1")
{
    startup();
    FAILS(WSPSocket(AF_INET, SOCK_STREAM, 0, NULL, 1, 0, &error), WSAEINVAL);
    FAILS(WSPSocket(AF_INET, SOCK_STREAM, 0, NULL, 0xffffffff, 0, &error), WSAEINVAL);
}

TEST(a_null_error_is_tolerated, "C.1")
{
    startup();
    CHECK(WSPSocket(77, 77, 77, NULL, 0, 0, NULL) == INVALID_SOCKET);
    CHECK(WSPSocket(77, 77, 77, NULL, 0, 0, (LPINT)8) == INVALID_SOCKET);
}

TEST(handles_fit_an_int_and_are_not_inherited, "C.5 WSPSocket.7")
{
    startup();
    int inheritable = posix_inheritable_descriptors(), open = posix_open_descriptors();
    SOCKET sockets[100];
    for (int i = 0; i < 100; i++) {
        sockets[i] = make(AF_INET, i % 2 ? SOCK_STREAM : SOCK_DGRAM, 0);
        CHECK(sockets[i] != 0 && sockets[i] % 4 == 0 && sockets[i] < 0x80000000);
        for (int j = 0; j < i; j++)
            CHECK(sockets[i] != sockets[j]);
    }
    EQUAL(posix_open_descriptors(), open + 100);
    EQUAL(posix_inheritable_descriptors(), inheritable);
    for (int i = 0; i < 100; i++)
        SUCCEEDS(WSPCloseSocket(sockets[i], &error));
    EQUAL(posix_open_descriptors(), open);
}

static int shown;
static DWORD shown_entry;
static SOCKET shown_handle;
static int refuse_with;

static SOCKET WSPAPI show(DWORD entry_id, SOCKET proposed, LPINT code)
{
    shown++;
    shown_entry = entry_id;
    shown_handle = proposed;
    if (refuse_with < 0)
        return proposed;
    *code = refuse_with;
    return INVALID_SOCKET;
}

TEST(the_host_is_shown_every_handle, "C.5 WSPSocket.7 WSPStartup.11")
{
    WSPUPCALLTABLE host;
    memset(&host, 0, sizeof host);
    host.lpWPUModifyIFSHandle = show;
    EQUAL(WSPStartup(MAKEWORD(2, 2), &data, NULL, host, &procs), 0);
    refuse_with = -1;
    SOCKET s = tcp();
    EQUAL(shown, 1);
    EQUAL(shown_entry, 1001);
    EQUAL(shown_handle, s);
    s = udp();
    EQUAL(shown, 2);
    EQUAL(shown_entry, 1002);
    EQUAL(shown_handle, s);
    /* What the host does not accept is gone. */
    int open = posix_open_descriptors();
    refuse_with = WSAEINVAL;
    FAILS(make(AF_INET, SOCK_STREAM, 0), WSAEINVAL);
    refuse_with = WSAENOBUFS;
    FAILS(make(AF_INET, SOCK_STREAM, 0), WSAENOBUFS);
    refuse_with = 0;
    FAILS(make(AF_INET, SOCK_STREAM, 0), WSAEINVAL);
    EQUAL(shown, 5);
    EQUAL(posix_open_descriptors(), open);
    FAILS(WSPCloseSocket(shown_handle, &error), WSAENOTSOCK);
}

TEST(without_descriptors, "WSPSocket.1")
{
    startup();
    posix_forbid_descriptors(1);
    FAILS(make(AF_INET, SOCK_STREAM, 0), WSAEMFILE);
    posix_forbid_descriptors(0);
    CHECK(make(AF_INET, SOCK_STREAM, 0) != INVALID_SOCKET);
}

static void injected(int errno_, int code)
{
    startup();
    posix_inject(SYS_socket, errno_);
    FAILS(make(AF_INET, SOCK_STREAM, 0), code);
    FAILS(make(AF_INET6, SOCK_DGRAM, 0), code);
}

TEST(no_network, "WSPSocket.1")
{
    injected(ENETDOWN, WSAENETDOWN);
}

TEST(no_buffers, "WSPSocket.1")
{
    injected(ENOBUFS, WSAENOBUFS);
}

TEST(no_memory, "WSPSocket.1")
{
    injected(ENOMEM, WSAENOBUFS);
}

TEST(raw_sockets_need_the_right, "WSPSocket.8")
{
    startup();
    error = 0;
    if (make(AF_INET, SOCK_RAW, 255) == INVALID_SOCKET)
        EQUAL(error, WSAEACCES);
    /* Linux has no raw socket for all protocols at once. */
    FAILS(make(AF_INET, SOCK_RAW, 0), WSAEPROTONOSUPPORT);
    FAILS(make(AF_INET, SOCK_RAW, 100000), WSAEPROTONOSUPPORT);
    posix_inject(SYS_socket, EPERM);
    FAILS(make(AF_INET, SOCK_RAW, 255), WSAEACCES);
    FAILS(make(AF_INET6, SOCK_RAW, 58), WSAEACCES);
}
