// NEED-H3: a C++ program may hand ioctlsocket a real unsigned long, of 64 bits here: the answer is stored whole, and a
// null pointer still means the function itself.
#include <winsock2.h>

extern "C" int ioctlsocket(SOCKET, LONG, ULONG *argp)
{
    if (!argp)
        return SOCKET_ERROR;
    *argp += 41;
    return 0;
}

int main()
{
    unsigned long wide = 1;
    ULONG narrow = 1;

    if (ioctlsocket(4, FIONREAD, &wide) != 0 || wide != 42)
        return 1;
    if (ioctlsocket(4, FIONREAD, &narrow) != 0 || narrow != 42)
        return 2;
    return ioctlsocket(4, FIONREAD, nullptr) == SOCKET_ERROR ? 0 : 3;
}
