#include "check.h"

static QOS quality;

static BOOL by_name(SOCKET s, const WCHAR *text, ULONG bytes)
{
    WSABUF buffer = {bytes, (char *)text};
    return WSPGetQOSByName(s, &buffer, &quality, &error);
}

TEST(no_template_bears_a_name, "WSPGetQOSByName.1 WSPGetQOSByName.3")
{
    static const WCHAR g711[] = {'G', '7', '1', '1', 0};
    startup();
    FAILS(by_name(udp(), g711, sizeof g711), WSAEINVAL);
    FAILS(by_name(udp(), g711, 2 * sizeof *g711), WSAEINVAL);
}

TEST(the_list_of_names_is_empty, "WSPGetQOSByName.2")
{
    WCHAR names[4] = {0, 'x', 'x', 'x'};
    WSABUF buffer = {sizeof names, (char *)names};
    startup();
    /* lpQOS is ignored. */
    EQUAL(WSPGetQOSByName(udp(), &buffer, NULL, &error), TRUE);
    EQUAL(names[0], 0);
    EQUAL(names[1], 'x');
}

TEST(bad_handles_and_pointers, "WSPGetQOSByName.4 OBS.12 OBS.44")
{
    static const WCHAR name[] = {'a', 0};
    WCHAR empty = 0;
    WSABUF buffer = {sizeof name, (char *)name}, wild = {8, (char *)8}, shorter = {1, (char *)&empty};
    startup();
    SOCKET s = udp();
    FAILS(WSPGetQOSByName(12345, NULL, NULL, &error), WSAENOTSOCK);
    FAILS(WSPGetQOSByName(s, NULL, &quality, &error), WSAEFAULT);
    FAILS(WSPGetQOSByName(s, &wild, &quality, &error), WSAEFAULT);
    FAILS(WSPGetQOSByName(s, &shorter, &quality, &error), WSAEFAULT);
    FAILS(WSPGetQOSByName(s, &buffer, NULL, &error), WSAEFAULT);
    FAILS(WSPGetQOSByName(s, &buffer, (QOS *)8, &error), WSAEFAULT);
}
