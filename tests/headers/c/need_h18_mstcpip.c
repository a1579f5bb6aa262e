/* NEED-H18: the functions on addresses that plain samples use, and what they answer. */
#include <winsock2.h>
#include <ws2tcpip.h>

#include <mstcpip.h>
#include <stdlib.h>

#define CHECK(condition) \
    if (!(condition)) return __LINE__

static int ipv4(void)
{
    SOCKADDR_IN a;
    IN_ADDR other;
    memset(&a, 0xA5, sizeof a);
    a.sin_family = AF_INET;
    INETADDR_SETANY((SOCKADDR *)&a);
    CHECK(a.sin_family == AF_INET);
    CHECK(a.sin_port == 0 && a.sin_addr.s_addr == IN4ADDR_ANY);
    CHECK(INETADDR_ISANY((SOCKADDR *)&a) && !INETADDR_ISLOOPBACK((SOCKADDR *)&a));

    INETADDR_SETLOOPBACK((SOCKADDR *)&a);
    CHECK(a.sin_addr.s_addr == IN4ADDR_LOOPBACK);
    CHECK(INETADDR_ISLOOPBACK((SOCKADDR *)&a) && !INETADDR_ISANY((SOCKADDR *)&a));

    SS_PORT(&a) = htons(4711);
    CHECK(INETADDR_PORT((SOCKADDR *)&a) == htons(4711));
    CHECK(INETADDR_SCOPE_ID((SOCKADDR *)&a).Value == 0);

    other = a.sin_addr;
    CHECK(IN4_ADDR_EQUAL(&a.sin_addr, &other));
    other.s_addr = htonl(0x7F000002);
    CHECK(!IN4_ADDR_EQUAL(&a.sin_addr, &other) && IN4_IS_ADDR_LOOPBACK(&other));
    other.s_addr = htonl(0xAC1F0001);
    CHECK(IN4_IS_ADDR_RFC1918(&other) && !IN4_IS_ADDR_LINKLOCAL(&other));
    other.s_addr = htonl(0xAC200001);
    CHECK(!IN4_IS_ADDR_RFC1918(&other));
    other.s_addr = htonl(0xA9FE0001);
    CHECK(IN4_IS_ADDR_LINKLOCAL(&other));
    other.s_addr = htonl(0xE00000FB);
    CHECK(IN4_IS_ADDR_MULTICAST(&other) && IN4_IS_ADDR_MC_LINKLOCAL(&other));
    return 0;
}

static int ipv6(void)
{
    SOCKADDR_IN6 a;
    IN6_ADDR other;
    memset(&a, 0xA5, sizeof a);
    a.sin6_family = AF_INET6;
    INETADDR_SETANY((SOCKADDR *)&a);
    CHECK(a.sin6_family == AF_INET6 && a.sin6_flowinfo == 0 && a.sin6_scope_id == 0);
    CHECK(INETADDR_ISANY((SOCKADDR *)&a));

    INETADDR_SETLOOPBACK((SOCKADDR *)&a);
    CHECK(INETADDR_ISLOOPBACK((SOCKADDR *)&a) && !INETADDR_ISANY((SOCKADDR *)&a));
    other = a.sin6_addr;
    CHECK(IN6_ADDR_EQUAL(&a.sin6_addr, &other));

    a.sin6_scope_id = 5;
    SS_PORT(&a) = htons(4711);
    CHECK(INETADDR_SCOPE_ID((SOCKADDR *)&a).Value == 5);
    CHECK(INETADDR_PORT((SOCKADDR *)&a) == htons(4711));
    return 0;
}

static int v4_mapped(void)
{
    static const UCHAR expected[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 192, 0, 2, 1};
    SOCKADDR_IN6 a;
    IN_ADDR v4;
    SCOPE_ID scope;
    scope.Value = 7;
    v4.s_addr = htonl(0xC0000201);
    IN6ADDR_SETV4MAPPED(&a, &v4, scope, htons(80));
    CHECK(a.sin6_family == AF_INET6 && a.sin6_port == htons(80) && a.sin6_scope_id == 7);
    CHECK(memcmp(&a.sin6_addr, expected, sizeof expected) == 0);
    CHECK(IN6ADDR_ISV4MAPPED(&a) && INETADDR_ISV4MAPPED((SOCKADDR *)&a));
    IN6ADDR_SETLOOPBACK(&a);
    CHECK(!IN6ADDR_ISV4MAPPED(&a));
    return 0;
}

int main(void)
{
    return ipv4() || ipv6() || v4_mapped();
}
