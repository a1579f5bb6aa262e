/* Events: made, signalled, reset, closed. No test starts the provider: events need none. */
#include "waits.h"

TEST(an_event_stays_signalled_until_it_is_reset, "WPUCreateEvent.1 WPUSetEvent.1 WPUResetEvent.1 WPUCloseEvent.1")
{
    WSAEVENT event = WPUCreateEvent(&error);
    CHECK(event != WSA_INVALID_EVENT);
    CHECK(!is_signalled(event));
    EQUAL(WPUSetEvent(event, &error), TRUE);
    EQUAL(WPUSetEvent(event, &error), TRUE);
    CHECK(is_signalled(event));
    CHECK(is_signalled(event));
    EQUAL(WPUResetEvent(event, &error), TRUE);
    CHECK(!is_signalled(event));
    EQUAL(WPUResetEvent(event, &error), TRUE);
    EQUAL(WPUCloseEvent(event, &error), TRUE);
}

/* The functions of both names work on the same events. */
TEST(the_api_and_the_spi_have_the_same_events, "NEED-K2")
{
    WSAEVENT ours = WPUCreateEvent(&error), theirs = new_event();
    CHECK(ours != theirs);
    EQUAL(WSASetEvent(ours), TRUE);
    CHECK(is_signalled(ours) && !is_signalled(theirs));
    EQUAL(WPUSetEvent(theirs, &error), TRUE);
    EQUAL(WSAResetEvent(ours), TRUE);
    CHECK(!is_signalled(ours) && is_signalled(theirs));
    EQUAL(WSACloseEvent(ours), TRUE);
    EQUAL(WPUCloseEvent(theirs, &error), TRUE);
}

static void check_invalid(WSAEVENT event)
{
    FAILS(WPUSetEvent(event, &error), ERROR_INVALID_HANDLE);
    FAILS(WPUResetEvent(event, &error), WSA_INVALID_HANDLE);
    FAILS(WPUCloseEvent(event, &error), WSA_INVALID_HANDLE);
    LEAVES(WSASetEvent(event), FALSE, WSA_INVALID_HANDLE);
    LEAVES(WSAResetEvent(event), FALSE, WSA_INVALID_HANDLE);
    LEAVES(WSACloseEvent(event), FALSE, WSA_INVALID_HANDLE);
}

TEST(what_is_no_event_is_refused, "WPUSetEvent.1 WPUResetEvent.1 WPUCloseEvent.1")
{
    WSAEVENT closed = new_event(), another = new_event();
    EQUAL(WSACloseEvent(closed), TRUE);
    check_invalid(NULL);
    check_invalid(closed);
    check_invalid((WSAEVENT)((char *)another + 1));
    check_invalid((WSAEVENT)~(ULONG_PTR)0);
    check_invalid((WSAEVENT)0x12345678);
    /* Nor is a socket. */
    startup();
    SOCKET s = tcp();
    check_invalid((WSAEVENT)s);
    FAILS(WSPCloseSocket((SOCKET)another, &error), WSAENOTSOCK);
    SUCCEEDS(WSPCloseSocket(s, &error));
    EQUAL(WSACloseEvent(another), TRUE);
}

/* A NULL lpErrno is tolerated. */
TEST(the_code_may_go_nowhere, "C.1")
{
    EQUAL(WPUSetEvent(NULL, NULL), FALSE);
    EQUAL(WPUCloseEvent(WPUCreateEvent(NULL), NULL), TRUE);
}

/* There is an end to them, and a new start. */
TEST(events_run_out, "WPUCreateEvent.1")
{
    WSAEVENT last = NULL, event;
    error = 0;
    while ((event = WPUCreateEvent(&error)) != NULL)
        last = event;
    EQUAL(error, WSA_NOT_ENOUGH_MEMORY);
    FAILS((LONG_PTR)WPUCreateEvent(&error), WSA_NOT_ENOUGH_MEMORY);
    LEAVES((LONG_PTR)WSACreateEvent(), 0, WSA_NOT_ENOUGH_MEMORY);
    EQUAL(WPUCloseEvent(last, &error), TRUE);
    CHECK(WPUCreateEvent(&error) != NULL);
}

static void *close_them(void *events)
{
    long closed = 0;
    for (WSAEVENT *event = events; *event != NULL; event++)
        closed += WSACloseEvent(*event);
    return (void *)closed;
}

TEST(an_event_is_closed_once, "WPUCloseEvent.1")
{
    enum { EVENTS = 5000 };
    static WSAEVENT events[EVENTS + 1];
    for (int i = 0; i < EVENTS; i++)
        events[i] = new_event();
    pthread_t other = start_thread(close_them, events);
    long closed = (long)close_them(events);
    closed += (long)join_thread(other);
    EQUAL(closed, EVENTS);
}
