/* What tests of events, waits and APCs share. */
#ifndef WAITS_H
#define WAITS_H

#include "check.h"

#include <sys/syscall.h>

/* A call that leaves its code in the thread's last error fails with `code` and gives `answer`. */
#define LEAVES(call, answer, code)                                                                                     \
    do {                                                                                                               \
        WSASetLastError(0);                                                                                            \
        long long answer_ = (long long)(call);                                                                         \
        if (answer_ != (long long)(answer) || WSAGetLastError() != (int)(code))                                        \
            fail(__FILE__, __LINE__, "%s gave %lld and left %d, not %s", #call, answer_, WSAGetLastError(), #code);    \
    } while (0)

UNUSED static WSAEVENT new_event(void)
{
    WSAEVENT event = WSACreateEvent();
    CHECK(event != WSA_INVALID_EVENT);
    return event;
}

/* How a wait for one event for so many milliseconds ends. */
UNUSED static DWORD wait_for(WSAEVENT event, DWORD milliseconds)
{
    return WSAWaitForMultipleEvents(1, &event, FALSE, milliseconds, FALSE);
}

UNUSED static int is_signalled(WSAEVENT event)
{
    return wait_for(event, 0) == WSA_WAIT_EVENT_0;
}

UNUSED static pthread_t start_thread(void *(*run)(void *), void *argument)
{
    pthread_t thread;
    EQUAL(pthread_create(&thread, NULL, run, argument), 0);
    return thread;
}

UNUSED static void *join_thread(pthread_t thread)
{
    void *answer = NULL;
    EQUAL(pthread_join(thread, &answer), 0);
    return answer;
}

/* Returns when the thread of that number (posix_thread) sleeps in a wait, while no socket has overlapped requests. */
UNUSED static void await_wait(int thread)
{
    posix_await_call(thread, SYS_futex);
}

#endif
