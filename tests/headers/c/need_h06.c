/* NEED-H6: SOCKET_ERROR and INVALID_SOCKET as macros of Windows' values; a SOCKET is unsigned, as wide as a pointer and
   passes through a HANDLE. */
#include <winsock2.h>

#if SOCKET_ERROR != -1
#error "SOCKET_ERROR"
#endif

typedef char invalid_is_the_greatest[INVALID_SOCKET == (SOCKET)-1 && INVALID_SOCKET > 0 ? 1 : -1];
typedef char as_wide_as_a_pointer[sizeof(SOCKET) == sizeof(HANDLE) ? 1 : -1];

SOCKET there_and_back(SOCKET s);

SOCKET there_and_back(SOCKET s)
{
    HANDLE h = (HANDLE)s;

    return (SOCKET)h;
}
