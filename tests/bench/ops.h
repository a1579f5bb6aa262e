/* The operations of one side, and what both do with them in the same way. */
#ifndef OPS_H
#define OPS_H

#if defined(POSIX)
#include "ops_posix.h"
#elif defined(WINSOCK)
#include "ops_winsock.h"
#else
#include "ops_ws2spi.h"
#endif

static inline address loopback(void)
{
    address at;
    memset(&at, 0, sizeof at);
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(0x7f000001);
    return at;
}

/* Bound to 127.0.0.1 and any port; the address it got. */
static inline address bind_loopback(sock s)
{
    address at = loopback();
    op_bind(s, &at);
    op_name(s, &at);
    return at;
}

static sock listening;
static address served;

static inline void open_listener(sock s, int backlog)
{
    listening = s;
    served = bind_loopback(listening);
    op_listen(listening, backlog);
}

static inline void close_listener(void)
{
    op_close(listening);
}

#endif
