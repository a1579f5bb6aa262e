/* Addresses as text, numbers in network order, names and codes, by the Winsock API. */
#include "waits.h"
#include "winsock.h"

#include <unistd.h>

/* Strings of 16-bit units, whatever wchar_t is. */
static WCHAR *wide(const char *text)
{
    static WCHAR units[8][400];
    static unsigned next;
    WCHAR *to = units[next++ % 8];
    for (unsigned i = 0; (to[i] = (unsigned char)text[i]) != 0; i++)
        continue;
    return to;
}

static int same(const WCHAR *units, const char *text)
{
    for (; *units == (unsigned char)*text; units++, text++)
        if (*text == 0)
            return 1;
    return 0;
}

/* A text of which nothing lies behind the end. */
static char *at_the_end(const char *text)
{
    char *pages = posix_fenced(8192);
    return strcpy(pages + 4096 - strlen(text) - 1, text);
}

/* ---- WSAAddressToString, WSAStringToAddress ---- */

static const struct {
    const char *text;
    int family;
} addresses[] = {
    {"127.0.0.1", AF_INET},     {"1.2.3.4:80", AF_INET},    {"::1", AF_INET6},
    {"[::1]:65535", AF_INET6},  {"fe80::1%3", AF_INET6},    {"[fe80::1%3]:80", AF_INET6},
    {"/run/echo.sock", AF_UNIX}, {"/run/\xc3\xa4.sock", AF_UNIX},
};

TEST(addresses_become_text_and_text_addresses, "WSPAddressToString.1 WSPStringToAddress.1 OBS.43")
{
    winsock();
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        struct sockaddr_storage narrow, broad;
        int length = sizeof narrow, broad_length = sizeof broad;
        char text[128];
        WCHAR units[128];
        DWORD room = sizeof text, broad_room = 128;
        SUCCEEDS(WSAStringToAddressA((char *)addresses[i].text, addresses[i].family, NULL, (struct sockaddr *)&narrow,
                                     &length));
        EQUAL(narrow.ss_family, addresses[i].family);
        SUCCEEDS(WSAAddressToStringA((struct sockaddr *)&narrow, (DWORD)length, NULL, text, &room));
        CHECK(strcmp(text, addresses[i].text) == 0);
        EQUAL(room, strlen(text) + 1);
        /* The same in 16 bits. */
        SUCCEEDS(WSAAddressToStringW((struct sockaddr *)&narrow, (DWORD)length, NULL, units, &broad_room));
        SUCCEEDS(WSAStringToAddressW(units, addresses[i].family, NULL, (struct sockaddr *)&broad, &broad_length));
        EQUAL(broad_length, length);
        CHECK(memcmp(&narrow, &broad, (size_t)length) == 0);
    }
}

/* Lengths are characters, which in UTF-8 are bytes, with the NUL. */
TEST(the_needed_length_is_told, "WSPAddressToString.2 WSPStringToAddress.3 OBS.43")
{
    struct sockaddr_in in = loopback(80);
    struct sockaddr_un path = {.sun_family = AF_UNIX, .sun_path = "/\xc3\xa4"};
    char text[32] = "untouched";
    WCHAR units[32] = {'u', 0};
    winsock();
    for (DWORD given = 0; given < 13; given++) {
        DWORD room = given;
        FAILS_WITH(WSAAddressToStringA((struct sockaddr *)&in, sizeof in, NULL, text, &room), WSAEFAULT);
        EQUAL(room, 13);
        room = given;
        FAILS_WITH(WSAAddressToStringW((struct sockaddr *)&in, sizeof in, NULL, units, &room), WSAEFAULT);
        EQUAL(room, 13);
    }
    CHECK(strcmp(text, "untouched") == 0 && units[0] == 'u');
    DWORD room = 13;
    SUCCEEDS(WSAAddressToStringA((struct sockaddr *)&in, sizeof in, NULL, text, &room));
    CHECK(strcmp(text, "127.0.0.1:80") == 0);
    room = 3;
    FAILS_WITH(WSAAddressToStringA((struct sockaddr *)&path, sizeof path, NULL, text, &room), WSAEFAULT);
    EQUAL(room, 4);
    SUCCEEDS(WSAAddressToStringW((struct sockaddr *)&path, sizeof path, NULL, units, &room));
    EQUAL(room, 3);
    EQUAL(units[1], 0xe4);
    int length = 3;
    FAILS_WITH(WSAStringToAddressA((char *)"1.2.3.4", AF_INET, NULL, (struct sockaddr *)&in, &length), WSAEFAULT);
    EQUAL(length, sizeof in);
    length = 3;
    FAILS_WITH(WSAStringToAddressW(wide("1.2.3.4"), AF_INET, NULL, (struct sockaddr *)&in, &length), WSAEFAULT);
    EQUAL(length, sizeof in);
}

TEST(what_is_no_address_is_refused, "WSPAddressToString.1 WSPStringToAddress.4 OBS.44")
{
    static const char *const bad[] = {"", " ", "1.2.3.4.5", "1.2.3.4:0", "::1", "localhost", "\xff\xfe", "1.2.3.\xc3"};
    struct sockaddr_in in = loopback(80);
    char text[64], long_text[1000];
    DWORD room = sizeof text;
    int length = sizeof in;
    winsock();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char *end = at_the_end(bad[i]);
        FAILS_WITH(WSAStringToAddressA(end, AF_INET, NULL, (struct sockaddr *)&in, &length), WSAEINVAL);
        FAILS_WITH(WSAStringToAddressW(wide(bad[i]), AF_INET, NULL, (struct sockaddr *)&in, &length), WSAEINVAL);
    }
    memset(long_text, '1', sizeof long_text);
    FAILS_WITH(WSAStringToAddressA(long_text, AF_INET, NULL, (struct sockaddr *)&in, &length), WSAEINVAL);
    FAILS_WITH(WSAStringToAddressA((char *)"1.2.3.4", 77, NULL, (struct sockaddr *)&in, &length), WSAEINVAL);
    FAILS_WITH(WSAStringToAddressA(NULL, AF_INET, NULL, (struct sockaddr *)&in, &length), WSAEFAULT);
    FAILS_WITH(WSAStringToAddressW((WCHAR *)(ULONG_PTR)16, AF_INET, NULL, (struct sockaddr *)&in, &length), WSAEFAULT);
    FAILS_WITH(WSAStringToAddressA((char *)"1.2.3.4", AF_INET, NULL, NULL, &length), WSAEFAULT);
    FAILS_WITH(WSAStringToAddressA((char *)"1.2.3.4", AF_INET, NULL, (struct sockaddr *)&in, NULL), WSAEFAULT);
    FAILS_WITH(WSAStringToAddressA((char *)"1.2.3.4", AF_INET, (WSAPROTOCOL_INFOA *)(ULONG_PTR)16, (struct sockaddr *)&in,
                                   &length), WSAEFAULT);
    in.sin_family = 77;
    FAILS_WITH(WSAAddressToStringA((struct sockaddr *)&in, sizeof in, NULL, text, &room), WSAEINVAL);
    in.sin_family = AF_INET;
    FAILS_WITH(WSAAddressToStringA((struct sockaddr *)&in, sizeof in - 1, NULL, text, &room), WSAEINVAL);
    FAILS_WITH(WSAAddressToStringA((struct sockaddr *)&in, 1, NULL, text, &room), WSAEINVAL);
    FAILS_WITH(WSAAddressToStringA(NULL, sizeof in, NULL, text, &room), WSAEFAULT);
    FAILS_WITH(WSAAddressToStringA((struct sockaddr *)&in, sizeof in, NULL, NULL, &room), WSAEFAULT);
    FAILS_WITH(WSAAddressToStringA((struct sockaddr *)&in, sizeof in, NULL, text, NULL), WSAEFAULT);
}

/* The entry of a socket, as WSAEnumProtocols shows it, and one of another family. */
TEST(an_entry_may_be_named, "LP.1 WSPAddressToString.3 WSPStringToAddress.2")
{
    WSAPROTOCOL_INFOW infos[16];
    WSAPROTOCOL_INFOA narrow[16];
    DWORD size = sizeof infos, narrow_size = sizeof narrow, room;
    struct sockaddr_in in;
    char text[64];
    winsock();
    int count = WSAEnumProtocolsW(NULL, infos, &size);
    EQUAL(WSAEnumProtocolsA(NULL, narrow, &narrow_size), count);
    CHECK(count > 0);
    for (int i = 0; i < count; i++) {
        int length = sizeof in, is_ipv4 = infos[i].iAddressFamily == AF_INET;
        EQUAL(WSAStringToAddressW(wide("1.2.3.4"), AF_INET, &infos[i], (struct sockaddr *)&in, &length),
              is_ipv4 ? 0 : SOCKET_ERROR);
        in = loopback(0);
        room = sizeof text;
        EQUAL(WSAAddressToStringA((struct sockaddr *)&in, sizeof in, &narrow[i], text, &room), is_ipv4 ? 0 : SOCKET_ERROR);
    }
    infos[0].dwCatalogEntryId = 4711;
    infos[0].ProviderId.Data1 ^= 1;
    int length = sizeof in;
    FAILS_WITH(WSAStringToAddressW(wide("1.2.3.4"), AF_INET, &infos[0], (struct sockaddr *)&in, &length), WSAEINVAL);
}

/* ---- Numbers ---- */

TEST(numbers_are_in_network_order, "NEED-S14 OBS.12")
{
    u_long number;
    u_short half;
    winsock();
    SOCKET s = socket(AF_INET6, SOCK_DGRAM, 0);
    SUCCEEDS(WSAHtonl(s, 0x01020304, &number));
    EQUAL(number, htonl(0x01020304));
    SUCCEEDS(WSANtohl(s, htonl(0x01020304), &number));
    EQUAL(number, 0x01020304);
    SUCCEEDS(WSAHtons(s, 0x0102, &half));
    EQUAL(half, htons(0x0102));
    SUCCEEDS(WSANtohs(s, htons(0x0102), &half));
    EQUAL(half, 0x0102);
    FAILS_WITH(WSAHtonl(s, 1, NULL), WSAEFAULT);
    FAILS_WITH(WSAHtons(s, 1, NULL), WSAEFAULT);
    FAILS_WITH(WSANtohl(s, 1, NULL), WSAEFAULT);
    FAILS_WITH(WSANtohs(s, 1, NULL), WSAEFAULT);
    FAILS_WITH(WSAHtonl(s + 1, 1, NULL), WSAENOTSOCK);
    EQUAL(htonll(0x0102030405060708), (ULONGLONG)htonl(0x05060708) << 32 | htonl(0x01020304));
}

/* ---- inet_* ---- */

TEST(inet_addr_reads_every_form, "OBS.43 NEED-H18")
{
    static const struct {
        const char *text;
        unsigned address;
    } good[] = {
        {"1.2.3.4", 0x01020304},   {"0", 0},           {"1", 1},          {"1.2", 0x01000002},     {"1.2.3", 0x01020003},
        {"0x7f.1", 0x7f000001},    {"010.1", 0x08000001}, {"0x7f000001", 0x7f000001}, {"1.65536", 0x01010000},
        {"", INADDR_ANY},          {" ", INADDR_ANY},  {"1.2.3.4 ", 0x01020304}, {"1.2.3.4\tand more", 0x01020304},
        {"255.255.255.255", INADDR_NONE},
    };
    static const char *const bad[] = {"1.2.3.4.5", "a", "1.2.3.4:80", "256.1.1.1", " 1.2.3.4", "1..2", "-1", "1.2.3.4x",
                                      "\xff", "111111111111111111111111111111111111111111111111111111111111111111111111"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        EQUAL(inet_addr(at_the_end(good[i].text)), htonl(good[i].address));
    WSASetLastError(4711);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        EQUAL(inet_addr(at_the_end(bad[i])), INADDR_NONE);
    EQUAL(WSAGetLastError(), 4711);
    LEAVES(inet_addr(NULL), INADDR_NONE, WSAEFAULT);
    LEAVES(inet_addr((char *)(ULONG_PTR)16), INADDR_NONE, WSAEFAULT);
}

static void *another_text(void *unused)
{
    struct in_addr in = {.s_addr = htonl(0x05060708)};
    CHECK(strcmp(inet_ntoa(in), "5.6.7.8") == 0);
    return unused;
}

TEST(inet_ntoa_has_a_text_for_each_thread, "NEED-H18")
{
    struct in_addr in = {.s_addr = htonl(0x01020304)}, all = {.s_addr = INADDR_NONE};
    char *text = inet_ntoa(in);
    CHECK(strcmp(text, "1.2.3.4") == 0);
    join_thread(start_thread(another_text, NULL));
    CHECK(strcmp(text, "1.2.3.4") == 0);
    CHECK(inet_ntoa(all) == text);
    CHECK(strcmp(text, "255.255.255.255") == 0);
    in.s_addr = 0;
    CHECK(strcmp(inet_ntoa(in), "0.0.0.0") == 0);
}

TEST(inet_pton_reads_standard_forms, "OBS.43 NEED-H18")
{
    static const char *const bad[] = {"", "1", "1.2.3", "1.2.3.4.5", "1.2.3.4:80", "0x1.2.3.4", "256.1.1.1", "1.2.3.4 ",
                                      " 1.2.3.4", "a.b.c.d", "\xff"};
    static const char *const bad6[] = {"", "1.2.3.4", ":1", "1::2::3", "::1%1", "[::1]", "::1 ", "12345::"};
    struct in_addr in;
    struct in6_addr in6, loop = IN6ADDR_LOOPBACK_INIT;
    EQUAL(inet_pton(AF_INET, "1.2.3.4", &in), 1);
    EQUAL(in.s_addr, htonl(0x01020304));
    EQUAL(InetPtonW(AF_INET, wide("4.3.2.1"), &in), 1);
    EQUAL(in.s_addr, htonl(0x04030201));
    EQUAL(inet_pton(AF_INET6, "::1", &in6), 1);
    CHECK(memcmp(&in6, &loop, sizeof in6) == 0);
    EQUAL(InetPtonW(AF_INET6, wide("::ffff:1.2.3.4"), &in6), 1);
    EQUAL(in6.s6_addr[15], 4);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        LEAVES(inet_pton(AF_INET, at_the_end(bad[i]), &in), 0, 0);
        EQUAL(InetPtonW(AF_INET, wide(bad[i]), &in), 0);
    }
    for (size_t i = 0; i < sizeof bad6 / sizeof *bad6; i++)
        EQUAL(inet_pton(AF_INET6, at_the_end(bad6[i]), &in6), 0);
    EQUAL(in.s_addr, htonl(0x04030201));
    /* A letter whose lower half is a digit's. */
    WCHAR trick[] = {'1', '.', '2', '.', '3', '.', 0x100 + '4', 0};
    EQUAL(InetPtonW(AF_INET, trick, &in), 0);
    FAILS_WITH(inet_pton(AF_UNIX, "1.2.3.4", &in), WSAEAFNOSUPPORT);
    FAILS_WITH(InetPtonW(0, wide("1.2.3.4"), &in), WSAEAFNOSUPPORT);
    FAILS_WITH(inet_pton(AF_INET, NULL, &in), WSAEFAULT);
    FAILS_WITH(inet_pton(AF_INET, "1.2.3.4", NULL), WSAEFAULT);
    FAILS_WITH(InetPtonW(AF_INET6, wide("::"), (void *)(ULONG_PTR)16), WSAEFAULT);
}

TEST(inet_ntop_writes_them, "OBS.43 NEED-H18")
{
    struct in_addr in = {.s_addr = htonl(0x01020304)};
    struct in6_addr in6;
    char text[INET6_ADDRSTRLEN];
    WCHAR units[INET6_ADDRSTRLEN];
    CHECK(inet_ntop(AF_INET, &in, text, sizeof text) == text);
    CHECK(strcmp(text, "1.2.3.4") == 0);
    CHECK(InetNtopW(AF_INET, &in, units, 8) == units);
    CHECK(same(units, "1.2.3.4"));
    EQUAL(inet_pton(AF_INET6, "fe80::5efe:1.2.3.4", &in6), 1);
    CHECK(inet_ntop(AF_INET6, &in6, text, sizeof text) == text);
    CHECK(strcmp(text, "fe80::5efe:1.2.3.4") == 0);
    REFUSES_WITH(inet_ntop(AF_INET, &in, text, 7), WSA_INVALID_PARAMETER);
    REFUSES_WITH(inet_ntop(AF_INET, &in, text, 0), WSA_INVALID_PARAMETER);
    REFUSES_WITH(inet_ntop(AF_INET, &in, NULL, 64), WSA_INVALID_PARAMETER);
    REFUSES_WITH(InetNtopW(AF_INET, &in, units, 7), WSA_INVALID_PARAMETER);
    REFUSES_WITH(inet_ntop(AF_UNIX, &in, text, 64), WSAEAFNOSUPPORT);
    REFUSES_WITH(inet_ntop(AF_INET, NULL, text, 64), WSAEFAULT);
    REFUSES_WITH(inet_ntop(AF_INET, &in, (char *)(ULONG_PTR)16, 64), WSAEFAULT);
    CHECK(strcmp(text, "fe80::5efe:1.2.3.4") == 0);
}

/* ---- Names and codes ---- */

TEST(the_host_has_a_name, "NEED-H9")
{
    char kernels[256], name[256], short_name[4] = "abc";
    WCHAR units[256];
    FILE *file = fopen("/proc/sys/kernel/hostname", "r");
    CHECK(file != NULL && fscanf(file, "%255s", kernels) == 1);
    fclose(file);
    winsock();
    SUCCEEDS(gethostname(name, sizeof name));
    CHECK(strcmp(name, kernels) == 0);
    SUCCEEDS(gethostname(name, (int)strlen(kernels) + 1));
    SUCCEEDS(GetHostNameW(units, 256));
    CHECK(same(units, kernels));
    FAILS_WITH(gethostname(name, (int)strlen(kernels)), WSAEFAULT);
    FAILS_WITH(gethostname(short_name, 0), WSAEFAULT);
    FAILS_WITH(gethostname(short_name, -1), WSAEFAULT);
    FAILS_WITH(gethostname(NULL, 256), WSAEFAULT);
    FAILS_WITH(GetHostNameW(NULL, 256), WSAEFAULT);
    CHECK(strcmp(short_name, "abc") == 0);
}

TEST(codes_have_a_text, "NEED-H18")
{
    char first[256];
    strcpy(first, gai_strerrorA(EAI_NONAME));
    CHECK(strlen(first) > 0 && strcmp(first, gai_strerrorA(EAI_AGAIN)) != 0);
    CHECK(same(gai_strerrorW(EAI_NONAME), first));
    /* A code of nobody's. */
    CHECK(strstr(gai_strerrorA(12345), "12345") != NULL);
    CHECK(strlen(gai_strerrorA(-1)) > 0 && strlen(gai_strerrorA(0)) > 0);
}
