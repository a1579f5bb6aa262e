/* WSAWaitForMultipleEvents: one or all, how long, and what is refused. */
#include "waits.h"

enum { MOST = WSA_MAXIMUM_WAIT_EVENTS };

static void new_events(WSAEVENT *events, int count)
{
    for (int i = 0; i < count; i++)
        events[i] = new_event();
}

TEST(one_of_many_ends_a_wait_lowest_first, "NEED-K2")
{
    WSAEVENT events[MOST];
    new_events(events, MOST);
    EQUAL(WSAWaitForMultipleEvents(MOST, events, FALSE, 0, FALSE), WSA_WAIT_TIMEOUT);
    for (int i = MOST - 1; i >= 0; i--) {
        WSASetEvent(events[i]);
        EQUAL(WSAWaitForMultipleEvents(MOST, events, FALSE, WSA_INFINITE, FALSE), WSA_WAIT_EVENT_0 + i);
    }
    EQUAL(WSAWaitForMultipleEvents(1, events, FALSE, WSA_INFINITE, FALSE), WSA_WAIT_EVENT_0);
}

TEST(a_wait_for_all_needs_all, "NEED-K2")
{
    WSAEVENT events[MOST];
    new_events(events, MOST);
    for (int i = 0; i < MOST; i++) {
        EQUAL(WSAWaitForMultipleEvents(MOST, events, TRUE, 0, FALSE), WSA_WAIT_TIMEOUT);
        WSASetEvent(events[i]);
    }
    EQUAL(WSAWaitForMultipleEvents(MOST, events, TRUE, WSA_INFINITE, FALSE), WSA_WAIT_EVENT_0);
    /* They are as before. */
    EQUAL(WSAWaitForMultipleEvents(MOST, events, TRUE, 0, FALSE), WSA_WAIT_EVENT_0);
}

TEST(a_bad_wait_fails, "NEED-K2")
{
    WSAEVENT events[MOST + 1], closed = new_event();
    new_events(events, MOST + 1);
    WSASetEvent(events[0]);
    WSACloseEvent(closed);
    LEAVES(WSAWaitForMultipleEvents(0, events, FALSE, 0, FALSE), WSA_WAIT_FAILED, WSA_INVALID_PARAMETER);
    LEAVES(WSAWaitForMultipleEvents(MOST + 1, events, FALSE, 0, FALSE), WSA_WAIT_FAILED, WSA_INVALID_PARAMETER);
    LEAVES(WSAWaitForMultipleEvents(~0u, events, FALSE, 0, FALSE), WSA_WAIT_FAILED, WSA_INVALID_PARAMETER);
    LEAVES(WSAWaitForMultipleEvents(1, NULL, FALSE, 0, FALSE), WSA_WAIT_FAILED, WSAEFAULT);
    /* Also where another event would end the wait. */
    const WSAEVENT bad[] = {NULL, closed, (WSAEVENT)0x7ffffffc, (WSAEVENT)~(ULONG_PTR)0};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        events[MOST - 1] = bad[i];
        LEAVES(WSAWaitForMultipleEvents(MOST, events, FALSE, 0, FALSE), WSA_WAIT_FAILED, WSA_INVALID_HANDLE);
        LEAVES(WSAWaitForMultipleEvents(MOST, events, TRUE, 0, FALSE), WSA_WAIT_FAILED, WSA_INVALID_HANDLE);
    }
}

/* One event may stand twice in a wait for one, not in a wait for all. */
TEST(an_event_may_stand_twice, "NEED-K2")
{
    WSAEVENT events[3];
    new_events(events, 2);
    events[2] = events[0];
    EQUAL(WSAWaitForMultipleEvents(3, events, FALSE, 1, FALSE), WSA_WAIT_TIMEOUT);
    WSASetEvent(events[2]);
    EQUAL(WSAWaitForMultipleEvents(3, events, FALSE, WSA_INFINITE, FALSE), WSA_WAIT_EVENT_0);
    WSASetEvent(events[1]);
    LEAVES(WSAWaitForMultipleEvents(3, events, TRUE, WSA_INFINITE, FALSE), WSA_WAIT_FAILED, WSA_INVALID_PARAMETER);
}

TEST(a_wait_lasts_as_long_as_it_says, "NEED-K2")
{
    WSAEVENT events[MOST];
    new_events(events, MOST);
    const DWORD counts[] = {1, 2, MOST};
    for (int i = 0; i < 3; i++)
        for (int all = 0; all < 2; all++) {
            long long start = posix_milliseconds();
            EQUAL(WSAWaitForMultipleEvents(counts[i], events, all, 40, FALSE), WSA_WAIT_TIMEOUT);
            /* Both clocks are cut off to whole milliseconds. */
            CHECK(posix_milliseconds() - start >= 39);
        }
}

struct waiter {
    WSAEVENT *events;
    DWORD count;
    BOOL all;
    int thread;
    DWORD answer;
    /* What `may_end` was when the wait ended. */
    int ended_rightly;
};

static int may_end;

static void *run_wait(void *argument)
{
    struct waiter *waiter = argument;
    __atomic_store_n(&waiter->thread, posix_thread(), __ATOMIC_SEQ_CST);
    waiter->answer = WSAWaitForMultipleEvents(waiter->count, waiter->events, waiter->all, WSA_INFINITE, FALSE);
    waiter->ended_rightly = __atomic_load_n(&may_end, __ATOMIC_SEQ_CST);
    return NULL;
}

static pthread_t start_wait(struct waiter *waiter)
{
    pthread_t thread = start_thread(run_wait, waiter);
    EVENTUALLY(__atomic_load_n(&waiter->thread, __ATOMIC_SEQ_CST) != 0);
    await_wait(waiter->thread);
    return thread;
}

TEST(a_signal_wakes_who_waits, "WPUSetEvent.1")
{
    WSAEVENT events[MOST];
    new_events(events, MOST);
    for (int i = 0; i < MOST; i += 9) {
        struct waiter waiter = {events, MOST, FALSE, 0, 0, 0};
        pthread_t thread = start_wait(&waiter);
        WSASetEvent(events[i]);
        join_thread(thread);
        EQUAL(waiter.answer, WSA_WAIT_EVENT_0 + i);
        WSAResetEvent(events[i]);
    }
}

/* Whoever waits for it, and however many. */
TEST(a_signal_wakes_all_who_wait, "WPUSetEvent.1 WPUCreateEvent.1")
{
    enum { WAITERS = 8 };
    WSAEVENT events[WAITERS + 1];
    struct waiter waiters[WAITERS];
    pthread_t threads[WAITERS];
    new_events(events, WAITERS + 1);
    for (int i = 0; i < WAITERS; i++) {
        waiters[i] = (struct waiter){events + i, 2 + (WAITERS - i - 1), FALSE, 0, 0, 0};
        threads[i] = start_wait(&waiters[i]);
    }
    WSASetEvent(events[WAITERS]);
    for (int i = 0; i < WAITERS; i++) {
        join_thread(threads[i]);
        EQUAL(waiters[i].answer, WSA_WAIT_EVENT_0 + WAITERS - i);
    }
}

/* All at once: an event that was signalled for a while does not count. */
TEST(a_wait_for_all_needs_all_at_once, "NEED-K2")
{
    WSAEVENT events[2];
    new_events(events, 2);
    struct waiter waiter = {events, 2, TRUE, 0, 0, 0};
    pthread_t thread = start_wait(&waiter);
    WSASetEvent(events[0]);
    WSAResetEvent(events[0]);
    WSASetEvent(events[1]);
    await_wait(waiter.thread);
    __atomic_store_n(&may_end, 1, __ATOMIC_SEQ_CST);
    WSASetEvent(events[0]);
    join_thread(thread);
    EQUAL(waiter.answer, WSA_WAIT_EVENT_0);
    CHECK(waiter.ended_rightly);
    CHECK(is_signalled(events[0]) && is_signalled(events[1]));
}

/* Nobody can signal an event by a handle that is closed, but the wait goes on and its other events count. */
TEST(a_wait_outlives_a_handle, "WPUCloseEvent.1")
{
    WSAEVENT events[2];
    new_events(events, 2);
    struct waiter waiter = {events, 2, FALSE, 0, 0, 0};
    pthread_t thread = start_wait(&waiter);
    EQUAL(WSACloseEvent(events[0]), TRUE);
    LEAVES(WSASetEvent(events[0]), FALSE, WSA_INVALID_HANDLE);
    /* A new event is another one, whatever its handle. */
    WSAEVENT another = new_event();
    WSASetEvent(another);
    WSASetEvent(events[1]);
    join_thread(thread);
    EQUAL(waiter.answer, WSA_WAIT_EVENT_0 + 1);
}
