/* What tests of network events share. */
#ifndef EVENTS_H
#define EVENTS_H

#include "waits.h"

/* Every event that there is. */
enum { ALL_EVENTS = FD_ALL_EVENTS };

/* A selection of the test's socket for an event object of its own. */
UNUSED static WSAEVENT select_events(SOCKET s, long events)
{
    WSAEVENT event = new_event();
    SUCCEEDS(WSPEventSelect(s, event, events, &error));
    return event;
}

/* What WSPEnumNetworkEvents reports now; the object is reset. `codes`, if not NULL, receives the codes. */
UNUSED static long enumerate(SOCKET s, WSAEVENT event, int codes[FD_MAX_EVENTS])
{
    WSANETWORKEVENTS events;
    memset(&events, 0xff, sizeof events);
    SUCCEEDS(WSPEnumNetworkEvents(s, event, &events, &error));
    for (int i = 0; i < FD_MAX_EVENTS; i++) {
        /* WSPEnumNetworkEvents.5 */
        if (!(events.lNetworkEvents & 1 << i))
            EQUAL(events.iErrorCode[i], -1);
        else if (codes != NULL)
            codes[i] = events.iErrorCode[i];
    }
    return events.lNetworkEvents;
}

/* Returns when everything that has happened to sockets by now has been looked at. */
UNUSED static void settle(void)
{
    static SOCKET s;
    static WSAEVENT event;
    static unsigned short port;
    char byte;
    DWORD count;
    if (s == 0) {
        s = udp();
        port = ntohs(bind_loopback(s).sin_port);
        event = select_events(s, FD_READ);
    }
    posix_datagram(port, "x", 1);
    EQUAL(wait_for(event, 20000), WSA_WAIT_EVENT_0);
    EQUAL(enumerate(s, event, NULL), FD_READ);
    SUCCEEDS(receive_bytes(s, &byte, 1, &count, 0));
}

/* The object is signalled, or soon will be, for exactly these events. They come one after the other if the test is
 * slower than the library, so they are gathered. */
UNUSED static void expect_codes(SOCKET s, WSAEVENT event, long expected, int codes[FD_MAX_EVENTS])
{
    long found = 0;
    while (found != expected) {
        EQUAL(wait_for(event, 20000), WSA_WAIT_EVENT_0);
        long more = enumerate(s, event, codes);
        EQUAL(more & found, 0);
        found |= more;
        EQUAL(found & ~expected, 0);
    }
}

UNUSED static void expect(SOCKET s, WSAEVENT event, long expected)
{
    int codes[FD_MAX_EVENTS];
    expect_codes(s, event, expected, codes);
    for (int i = 0; i < FD_MAX_EVENTS; i++)
        if (expected & 1 << i)
            EQUAL(codes[i], 0);
}

/* One event comes with this code. */
UNUSED static void expect_code(SOCKET s, WSAEVENT event, long expected, int code)
{
    int codes[FD_MAX_EVENTS];
    int position = 0;
    expect_codes(s, event, expected, codes);
    while (!(expected & 1 << position))
        position++;
    EQUAL(codes[position], code);
}

/* Nothing is recorded, and the object not signalled. */
UNUSED static void expect_quiet(SOCKET s, WSAEVENT event)
{
    settle();
    CHECK(!is_signalled(event));
    EQUAL(enumerate(s, NULL, NULL), 0);
}

/* Returns when so many bytes wait to be read. */
UNUSED static void await_bytes(SOCKET s, unsigned expected)
{
    u_long waiting;
    DWORD returned;
    EVENTUALLY(WSPIoctl(s, FIONREAD, NULL, 0, &waiting, sizeof waiting, &returned, NULL, NULL, NULL, &error) == 0 &&
               waiting == expected);
}

/* Returns when the peer's end has arrived. */
UNUSED static void await_end(SOCKET s)
{
    DWORD version = 0, returned;
    TCP_INFO_v0 info;
    EVENTUALLY(WSPIoctl(s, SIO_TCP_INFO, &version, sizeof version, &info, sizeof info, &returned, NULL, NULL, NULL,
                        &error) == 0 &&
               info.State == TCPSTATE_CLOSE_WAIT);
}

/* Returns when the socket is readable, to WSPSelect. */
UNUSED static void await_readable(SOCKET s)
{
    struct timeval limit = {20, 0};
    fd_set read;
    FD_ZERO(&read);
    FD_SET(s, &read);
    EQUAL(WSPSelect(0, &read, NULL, NULL, &limit, &error), 1);
}

/* A receive of up to `length` bytes brings this many. */
UNUSED static void receive_exactly(SOCKET s, unsigned length, unsigned expected, DWORD flags)
{
    char bytes[256];
    DWORD count;
    CHECK(length <= sizeof bytes);
    SUCCEEDS(receive_bytes(s, bytes, length, &count, flags));
    EQUAL(count, expected);
}

#endif
