/* NEED-H17: the functions that headers define are static inline, so that two sources of one program may
   include them. A static declaration after a definition that is not static is an error. */
#include <mstcpip.h>

static BOOLEAN IN4_ADDR_EQUAL(const IN_ADDR *a, const IN_ADDR *b);
static BOOLEAN IN4_IS_ADDR_LOOPBACK(const IN_ADDR *a);
static VOID IN6ADDR_SETV4MAPPED(SOCKADDR_IN6 *a6, const IN_ADDR *a4, SCOPE_ID scope, USHORT port);
static USHORT INETADDR_PORT(const SOCKADDR *a);
static SCOPE_ID INETADDR_SCOPE_ID(const SOCKADDR *a);
static VOID INETADDR_SETANY(SOCKADDR *a);
static VOID INETADDR_SETLOOPBACK(SOCKADDR *a);

// must not compile: NOT_STATIC
#ifdef NOT_STATIC
int not_static(void);
static int not_static(void);
#endif
