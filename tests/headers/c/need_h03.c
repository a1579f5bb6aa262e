/* NEED-H3: u_long has 32 bits to the end of the program, whatever libc header comes after; ULONG * and u_long * are
   one type, and FIONBIO holds the size 4. */
#include <stdlib.h>
#include <winsock2.h>
#include <sys/types.h>
#include <unistd.h>

typedef char width_of_u_long[sizeof(u_long) == 4 ? 1 : -1];
extern u_long same_u_long;
extern ULONG same_u_long;

#if FIONBIO != 0x8004667e || ((FIONBIO >> 16) & IOCPARM_MASK) != 4
#error "FIONBIO"
#endif

int nonblocking(SOCKET s);

int nonblocking(SOCKET s)
{
    u_long on = 1;
    ULONG off = 0;

    return ioctlsocket(s, FIONBIO, &on) + ioctlsocket(s, FIONBIO, &off);
}
