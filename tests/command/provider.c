/* A provider that never starts, and, by a macro, what else can be wrong with one. */
#include <ws2spi.h>

#include <stdlib.h>

/* Declared in the header, so that it is exported unless the file says otherwise. */
int WSPAPI WSPShutdown(SOCKET s, int how, LPINT lpErrno)
{
    (void)s;
    (void)how;
    *lpErrno = WSAEOPNOTSUPP;
    return SOCKET_ERROR;
}

#ifdef CRASHES
__attribute__((constructor)) static void crash(void)
{
    abort();
}
#endif

#ifdef EXITS
__attribute__((constructor)) static void leave(void)
{
    exit(0);
}
#endif

#ifdef UNRESOLVED
int nobody_has_this(void);
#define RESULT nobody_has_this()
#else
#define RESULT WSASYSNOTREADY
#endif

#ifndef WITHOUT_WSPSTARTUP
int WSPAPI WSPStartup(WORD wVersionRequested, LPWSPDATA lpWSPData, LPWSAPROTOCOL_INFOW lpProtocolInfo,
                      WSPUPCALLTABLE UpcallTable, LPWSPPROC_TABLE lpProcTable)
{
    (void)wVersionRequested;
    (void)lpWSPData;
    (void)lpProtocolInfo;
    (void)UpcallTable;
    lpProcTable->lpWSPShutdown = WSPShutdown;
    return RESULT;
}
#endif
