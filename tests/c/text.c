#include "check.h"

#include <sys/mman.h>

/* Strings of 16-bit units, whatever wchar_t is. */
static WCHAR *wide(const char *text)
{
    static WCHAR units[8][400];
    static unsigned next;
    WCHAR *to = units[next++ % 8];
    for (unsigned i = 0; (to[i] = (unsigned char)text[i]) != 0; i++)
        ;
    return to;
}

static int same(const WCHAR *units, const char *text)
{
    for (; *units == (unsigned char)*text; units++, text++)
        if (*text == 0)
            return 1;
    return 0;
}

/* What is in a piece of memory of that many bytes, behind which there is none. */
static void *at_the_end(const void *bytes, unsigned length)
{
    char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(mprotect(pages + 4096, 4096, PROT_NONE) == 0);
    return memcpy(pages + 4096 - length, bytes, length);
}

static int to_string(const void *address, DWORD length, WCHAR *text, DWORD *text_length)
{
    return WSPAddressToString((struct sockaddr *)address, length, NULL, text, text_length, &error);
}

static int to_address(const char *text, int family, void *address, int *length)
{
    return WSPStringToAddress(wide(text), family, NULL, (struct sockaddr *)address, length, &error);
}

static struct sockaddr_in ipv4(u_long address, u_short port)
{
    struct sockaddr_in in;
    memset(&in, 0, sizeof in);
    in.sin_family = AF_INET;
    in.sin_port = htons(port);
    in.sin_addr.s_addr = htonl(address);
    return in;
}

static struct sockaddr_in6 ipv6_loopback(u_short port, u_long scope)
{
    struct sockaddr_in6 in;
    memset(&in, 0, sizeof in);
    in.sin6_family = AF_INET6;
    in.sin6_port = htons(port);
    in.sin6_addr.s6_addr[15] = 1;
    in.sin6_scope_id = scope;
    return in;
}

/* The entry that a socket was made from, as a layer would pass it on. */
static WSAPROTOCOL_INFOW entry(DWORD id, GUID provider)
{
    WSAPROTOCOL_INFOW info;
    memset(&info, 0, sizeof info);
    info.dwCatalogEntryId = id;
    info.ProviderId = provider;
    return info;
}

static const GUID tcpip = {0xe70f1aa0, 0xab8b, 0x11cf, {0x8c, 0xa3, 0x00, 0x80, 0x5f, 0x48, 0xa1, 0x92}};
static const GUID tcpip6 = {0xf9eab0c0, 0x26d4, 0x11d0, {0xbb, 0xbf, 0x00, 0xaa, 0x00, 0x6c, 0x34, 0xe4}};

TEST(both_need_a_started_provider, "C.4")
{
    WCHAR text[64];
    DWORD room = 64;
    struct sockaddr_in in = ipv4(1, 0);
    int length = sizeof in;
    FAILS(to_string(&in, sizeof in, text, &room), WSANOTINITIALISED);
    FAILS(to_address("1", AF_INET, &in, &length), WSANOTINITIALISED);
}

TEST(every_part_of_an_address_is_printed, "WSPAddressToString.1 WSPAddressToString.2 OBS.43")
{
    WCHAR text[64];
    DWORD room = 64;
    startup();
    struct sockaddr_in in = ipv4(0x01020304, 0);
    SUCCEEDS(to_string(&in, sizeof in, text, &room));
    CHECK(same(text, "1.2.3.4"));
    EQUAL(room, 8);
    in = ipv4(0xffffffff, 65535);
    room = 64;
    SUCCEEDS(to_string(&in, sizeof in, text, &room));
    CHECK(same(text, "255.255.255.255:65535"));
    EQUAL(room, 22);
    struct sockaddr_in6 in6 = ipv6_loopback(0, 0);
    room = 64;
    SUCCEEDS(to_string(&in6, sizeof in6, text, &room));
    CHECK(same(text, "::1"));
    EQUAL(room, 4);
    in6 = ipv6_loopback(80, 4660);
    room = 64;
    SUCCEEDS(to_string(&in6, sizeof in6, text, &room));
    CHECK(same(text, "[::1%4660]:80"));
    EQUAL(room, 14);
}

TEST(a_path_is_its_own_text, "WSPAddressToString.1 WSPStringToAddress.3")
{
    WCHAR text[128];
    DWORD room = 128;
    struct sockaddr_un un;
    int length = sizeof un;
    startup();
    memset(&un, 0xab, sizeof un);
    SUCCEEDS(to_address("/run/echo", AF_UNIX, &un, &length));
    EQUAL(length, sizeof un);
    EQUAL(un.sun_family, AF_UNIX);
    EQUAL(strcmp(un.sun_path, "/run/echo"), 0);
    SUCCEEDS(to_string(&un, sizeof un, text, &room));
    CHECK(same(text, "/run/echo"));
}

TEST(a_short_text_buffer_learns_what_is_needed, "WSPAddressToString.2 OBS.43")
{
    WCHAR text[22];
    startup();
    struct sockaddr_in in = ipv4(0x01020304, 80);
    for (DWORD room = 0; room < 11; room++) {
        DWORD length = room;
        memset(text, 0xab, sizeof text);
        FAILS(to_string(&in, sizeof in, text, &length), WSAEFAULT);
        EQUAL(length, 11);
        EQUAL(text[0], 0xabab);
    }
    DWORD length = 0;
    FAILS(to_string(&in, sizeof in, NULL, &length), WSAEFAULT);
    EQUAL(length, 11);
    /* Exactly enough, in a buffer that is not one character longer. */
    WCHAR *exact = at_the_end(text, 22);
    SUCCEEDS(to_string(&in, sizeof in, exact, &length));
    EQUAL(length, 11);
    CHECK(same(exact, "1.2.3.4:80"));
}

TEST(what_is_no_address_has_no_text, "WSPAddressToString.1 OBS.16")
{
    WCHAR text[64];
    DWORD room = 64;
    startup();
    struct sockaddr_in in = ipv4(1, 1);
    struct sockaddr_in6 in6 = ipv6_loopback(1, 0);
    FAILS(to_string(&in, 0, text, &room), WSAEINVAL);
    FAILS(to_string(&in, 1, text, &room), WSAEINVAL);
    FAILS(to_string(&in, sizeof in - 1, text, &room), WSAEINVAL);
    FAILS(to_string(&in6, 24, text, &room), WSAEINVAL);
    in.sin_family = AF_UNSPEC;
    FAILS(to_string(&in, sizeof in, text, &room), WSAEINVAL);
    in.sin_family = 999;
    FAILS(to_string(&in, sizeof in, text, &room), WSAEINVAL);
    EQUAL(room, 64);
    /* Longer is welcome. */
    in.sin_family = AF_INET;
    SUCCEEDS(to_string(&in, 0xffffffff, text, &room));
}

TEST(bad_pointers_fault_when_printing, "OBS.44")
{
    WCHAR text[64];
    DWORD room = 64;
    startup();
    struct sockaddr_in in = ipv4(1, 1);
    FAILS(to_string((void *)8, sizeof in, text, &room), WSAEFAULT);
    FAILS(to_string(NULL, sizeof in, text, &room), WSAEFAULT);
    FAILS(to_string(at_the_end(&in, 4), sizeof in, text, &room), WSAEFAULT);
    FAILS(to_string(&in, sizeof in, (WCHAR *)8, &room), WSAEFAULT);
    FAILS(to_string(&in, sizeof in, text, (DWORD *)8), WSAEFAULT);
    FAILS(WSPAddressToString((struct sockaddr *)&in, sizeof in, (WSAPROTOCOL_INFOW *)8, text, &room, &error),
          WSAEFAULT);
}

TEST(only_our_own_entries_are_taken, "WSPAddressToString.3 WSPStringToAddress.4 WSPStringToAddress.5 LP.1 LP.4")
{
    WCHAR text[64];
    DWORD room = 64;
    startup();
    struct sockaddr_in in = ipv4(0x01020304, 0);
    int length = sizeof in;
    WSAPROTOCOL_INFOW ours = entry(1001, tcpip), other_family = entry(1004, tcpip6), foreign = entry(1001, tcpip6);
    SUCCEEDS(WSPAddressToString((struct sockaddr *)&in, sizeof in, &ours, text, &room, &error));
    FAILS(WSPAddressToString((struct sockaddr *)&in, sizeof in, &other_family, text, &room, &error), WSAEINVAL);
    FAILS(WSPAddressToString((struct sockaddr *)&in, sizeof in, &foreign, text, &room, &error), WSAEINVAL);
    SUCCEEDS(WSPStringToAddress(wide("1"), AF_INET, &ours, (struct sockaddr *)&in, &length, &error));
    SUCCEEDS(WSPStringToAddress(wide("1"), AF_UNSPEC, &ours, (struct sockaddr *)&in, &length, &error));
    FAILS(WSPStringToAddress(wide("1"), AF_INET, &other_family, (struct sockaddr *)&in, &length, &error), WSAEINVAL);
    FAILS(WSPStringToAddress(wide("1"), AF_INET, &foreign, (struct sockaddr *)&in, &length, &error), WSAEINVAL);
    FAILS(WSPStringToAddress(wide("1"), AF_INET, (WSAPROTOCOL_INFOW *)8, (struct sockaddr *)&in, &length, &error),
          WSAEFAULT);
}

TEST(missing_parts_have_defaults, "WSPStringToAddress.1 OBS.43 OBS.13")
{
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    int length = sizeof in;
    startup();
    memset(&in, 0xab, sizeof in);
    SUCCEEDS(to_address("10.1", AF_INET, &in, &length));
    struct sockaddr_in expected = ipv4(0x0a000001, 0);
    EQUAL(memcmp(&in, &expected, sizeof in), 0);
    EQUAL(length, sizeof in);
    SUCCEEDS(to_address("0x7f.1:010", AF_INET, &in, &length));
    expected = ipv4(0x7f000001, 8);
    EQUAL(memcmp(&in, &expected, sizeof in), 0);
    length = 100;
    memset(&in6, 0xab, sizeof in6);
    SUCCEEDS(to_address("::1", AF_INET6, &in6, &length));
    struct sockaddr_in6 expected6 = ipv6_loopback(0, 0);
    EQUAL(memcmp(&in6, &expected6, sizeof in6), 0);
    EQUAL(length, sizeof in6);
    SUCCEEDS(to_address("[::1%3]:80", AF_INET6, &in6, &length));
    expected6 = ipv6_loopback(80, 3);
    EQUAL(memcmp(&in6, &expected6, sizeof in6), 0);
}

TEST(the_family_can_be_found_out, "WSPStringToAddress.2")
{
    struct sockaddr_in6 any;
    int length = sizeof any;
    startup();
    SUCCEEDS(to_address("1.2.3.4:5", AF_UNSPEC, &any, &length));
    EQUAL(any.sin6_family, AF_INET);
    EQUAL(length, sizeof(struct sockaddr_in));
    length = sizeof any;
    SUCCEEDS(to_address("[::1]:5", AF_UNSPEC, &any, &length));
    EQUAL(any.sin6_family, AF_INET6);
    EQUAL(length, sizeof any);
}

TEST(a_short_address_buffer_learns_what_is_needed, "WSPStringToAddress.3 OBS.43")
{
    struct sockaddr_in6 any;
    startup();
    const int bad[] = {15, 1, 0, -1};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        int length = bad[i];
        memset(&any, 0xab, sizeof any);
        FAILS(to_address("1.2.3.4", AF_INET, &any, &length), WSAEFAULT);
        EQUAL(length, sizeof(struct sockaddr_in));
        EQUAL((u_short)any.sin6_family, 0xabab);
    }
    int length = 27;
    FAILS(to_address("::1", AF_UNSPEC, &any, &length), WSAEFAULT);
    EQUAL(length, sizeof any);
    /* The room is judged before the text. */
    length = 0;
    FAILS(to_address("", AF_INET, &any, &length), WSAEFAULT);
    EQUAL(length, sizeof(struct sockaddr_in));
}

TEST(what_cannot_be_read_is_refused, "WSPStringToAddress.4")
{
    struct sockaddr_in6 any;
    int length = sizeof any;
    startup();
    memset(&any, 0xab, sizeof any);
    FAILS(to_address("", AF_INET, &any, &length), WSAEINVAL);
    FAILS(to_address("localhost", AF_INET, &any, &length), WSAEINVAL);
    FAILS(to_address("localhost", AF_UNSPEC, &any, &length), WSAEINVAL);
    FAILS(to_address("1.2.3.4:0", AF_INET, &any, &length), WSAEINVAL);
    FAILS(to_address("::1", AF_INET, &any, &length), WSAEINVAL);
    FAILS(to_address("1.2.3.4", AF_INET6, &any, &length), WSAEINVAL);
    FAILS(to_address("1.2.3.4", 999, &any, &length), WSAEINVAL);
    WCHAR lone_surrogate[] = {'1', 0xd800, 0};
    FAILS(WSPStringToAddress(lone_surrogate, AF_INET, NULL, (struct sockaddr *)&any, &length, &error), WSAEINVAL);
    EQUAL(length, sizeof any);
    EQUAL((u_short)any.sin6_family, 0xabab);
}

TEST(a_text_without_end_is_refused, "WSPStringToAddress.4 OBS.44")
{
    static WCHAR endless[300];
    struct sockaddr_in in;
    int length = sizeof in;
    startup();
    for (unsigned i = 0; i < 300; i++)
        endless[i] = '1';
    FAILS(WSPStringToAddress(endless, AF_INET, NULL, (struct sockaddr *)&in, &length, &error), WSAEINVAL);
    /* It ends where the memory does: without the NUL a fault, with it good. */
    FAILS(WSPStringToAddress(at_the_end(wide("1.1"), 6), AF_INET, NULL, (struct sockaddr *)&in, &length, &error),
          WSAEFAULT);
    SUCCEEDS(WSPStringToAddress(at_the_end(wide("1.1"), 8), AF_INET, NULL, (struct sockaddr *)&in, &length, &error));
}

TEST(bad_pointers_fault_when_reading, "OBS.44")
{
    struct sockaddr_in in;
    int length = sizeof in;
    startup();
    FAILS(WSPStringToAddress(NULL, AF_INET, NULL, (struct sockaddr *)&in, &length, &error), WSAEFAULT);
    FAILS(WSPStringToAddress((WCHAR *)8, AF_INET, NULL, (struct sockaddr *)&in, &length, &error), WSAEFAULT);
    FAILS(to_address("1", AF_INET, NULL, &length), WSAEFAULT);
    FAILS(to_address("1", AF_INET, (void *)8, &length), WSAEFAULT);
    FAILS(to_address("1", AF_INET, &in, NULL), WSAEFAULT);
    FAILS(to_address("1", AF_INET, &in, (int *)8), WSAEFAULT);
    EQUAL(length, sizeof in);
}
