/* What selecting and enumerating network events say of handles that are none, and inside callbacks. */
#include "overlapped.h"

static WSANETWORKEVENTS events;

TEST(no_socket_has_no_events, "OBS.12")
{
    startup();
    FAILS(WSPEventSelect(0x1234560, WSACreateEvent(), FD_READ, &error), WSAENOTSOCK);
    FAILS(WSPEnumNetworkEvents(0x1234560, NULL, NULL, &error), WSAENOTSOCK);
    FAILS(WSPAsyncSelect(0x1234560, NULL, 0, FD_READ, &error), WSAENOTSOCK);
    /* An event is no socket either. */
    FAILS(WSPEventSelect((SOCKET)WSACreateEvent(), NULL, 0, &error), WSAENOTSOCK);
}

static SOCKET in_callback;
static int asked;

static SOCKET WSPAPI ask_from_callback(DWORD entry, SOCKET proposed, LPINT code)
{
    (void)entry, (void)code;
    if (in_callback != 0) {
        DWORD count, flags;
        OVERLAPPED overlapped = {0};
        FAILS(WSPEventSelect(in_callback, NULL, FD_READ, &error), WSAEINPROGRESS);
        FAILS(WSPEnumNetworkEvents(in_callback, NULL, &events, &error), WSAEINPROGRESS);
        FAILS(WSPAsyncSelect(in_callback, NULL, 0, FD_READ, &error), WSAEINPROGRESS);
        FAILS(WSPGetOverlappedResult(in_callback, &overlapped, &count, FALSE, &flags, &error), WSAEINPROGRESS);
        asked++;
    }
    return proposed;
}

TEST(callbacks_select_nothing, "C.7")
{
    WSPUPCALLTABLE upcalls;
    memset(&upcalls, 0, sizeof upcalls);
    upcalls.lpWPUModifyIFSHandle = ask_from_callback;
    EQUAL(WSPStartup(MAKEWORD(2, 2), &data, NULL, upcalls, &procs), 0);
    in_callback = overlapped_tcp();
    overlapped_tcp();
    EQUAL(asked, 1);
}
