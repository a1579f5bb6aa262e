/* NEED-H17: the helpers that our headers define are static inline, so that each source may have its own: an inline
   definition with external linkage would not link here in C, where none of them is inlined. */
#include <ws2tcpip.h>

int (*volatile equal)(const struct in6_addr *, const struct in6_addr *) = IN6_ADDR_EQUAL;
void (*volatile set_any)(struct sockaddr_in6 *) = IN6ADDR_SETANY;
ULONGLONG (*volatile to_network)(ULONGLONG) = htonll;

int main(void)
{
    struct in6_addr address = IN6ADDR_LOOPBACK_INIT;
    struct sockaddr_in6 name;

    set_any(&name);
    if (name.sin6_family != AF_INET6 || !IN6_IS_ADDR_UNSPECIFIED(&name.sin6_addr))
        return 1;
    if (!IN6_IS_ADDR_LOOPBACK(&address) || equal(&address, &name.sin6_addr))
        return 2;
    return ntohll(to_network(42)) == 42 ? 0 : 3;
}
