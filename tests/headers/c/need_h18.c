/* NEED-H18: names that plain programs want of winsock2.h, ws2tcpip.h and the empty wspiapi.h. */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <wspiapi.h>


typedef char event_is_the_low_word[WSAGETSELECTEVENT(0x00050001) == 1 ? 1 : -1];
typedef char error_is_the_high_word[WSAGETSELECTERROR(0x00050001) == 5 ? 1 : -1];
typedef char a_list_of_two[SIZEOF_SOCKET_ADDRESS_LIST(2) == 40 ? 1 : -1];
typedef char sort_code[SIO_ADDRESS_LIST_SORT == 0xc8000019 ? 1 : -1];

PIN6_PKTINFO info;

USHORT port(struct sockaddr_storage *name);
const char *why(int code);
BOOL same(const struct in6_addr *a, const struct in6_addr *b);
BOOL done(LPWSAOVERLAPPED request);

USHORT port(struct sockaddr_storage *name)
{
    return SS_PORT(name);
}

const char *why(int code)
{
    return gai_strerror(code);
}

BOOL same(const struct in6_addr *a, const struct in6_addr *b)
{
    return IN6_ADDR_EQUAL(a, b);
}

BOOL done(LPWSAOVERLAPPED request)
{
    return HasOverlappedIoCompleted(request);
}
