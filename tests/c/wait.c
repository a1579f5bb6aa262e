/* WSAWaitForMultipleEvents: one or all, how long, and what is refused. */
#include "overlapped.h"
#include "waits.h"

#include <ws2kernel.h>

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

/* However many wait for it. */
static void wake_all(void)
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

TEST(a_signal_wakes_all_who_wait, "WPUSetEvent.1 WPUCreateEvent.1")
{
    wake_all();
}

/* Also while requests are pending, and another thread sees to them. */
TEST(a_signal_wakes_all_beside_a_driver, "WPUSetEvent.1 WPUCreateEvent.1")
{
    int peer;
    char room;
    OVERLAPPED overlapped = {.hEvent = new_event()};
    struct waiter driver = {&overlapped.hEvent, 1, FALSE, 0, 0, 0};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    EQUAL(receive_later(s, &room, 1, &overlapped), WSA_IO_PENDING);
    pthread_t thread = start_thread(run_wait, &driver);
    EVENTUALLY(__atomic_load_n(&driver.thread, __ATOMIC_SEQ_CST) != 0);
    posix_await_call(driver.thread, SYS_epoll_pwait);
    wake_all();
    posix_write(peer, "x", 1);
    join_thread(thread);
    EQUAL(driver.answer, WSA_WAIT_EVENT_0);
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

/* After a fork there are two of each event, and nobody waits in the child. */
TEST(a_forked_child_has_events_of_its_own, "NEED-K2")
{
    WSAEVENT events[2];
    new_events(events, 2);
    struct waiter waiter = {events, 2, FALSE, 0, 0, 0};
    pthread_t thread = start_wait(&waiter);
    int child = posix_fork();
    if (child == 0) {
        WSASetEvent(events[0]);
        EQUAL(WSAWaitForMultipleEvents(2, events, FALSE, WSA_INFINITE, FALSE), WSA_WAIT_EVENT_0);
        WSAResetEvent(events[0]);
        EQUAL(WSAWaitForMultipleEvents(2, events, FALSE, 1, FALSE), WSA_WAIT_TIMEOUT);
        EQUAL(WSACloseEvent(events[0]), TRUE);
        exit(0);
    }
    EQUAL(posix_wait(child), 0);
    CHECK(!is_signalled(events[0]));
    WSASetEvent(events[1]);
    join_thread(thread);
    EQUAL(waiter.answer, WSA_WAIT_EVENT_0 + 1);
}

/* ---- Hand-overs ---- */

/* How often two threads hand over to each other, unless that takes longer than PATIENCE milliseconds. WS2SPI_ALL_ROUNDS in
 * the environment takes the time. */
enum { ROUNDS = 500000, PATIENCE = 3000 };

static WSAEVENT ping, pong;
static long handed;
static _Atomic long last_round;

static void *answer_pings(void *unused)
{
    for (long i = 0; i < last_round; i++) {
        EQUAL(wait_for(ping, WSA_INFINITE), WSA_WAIT_EVENT_0);
        WSAResetEvent(ping);
        EQUAL(handed, 2 * i + 1);
        handed++;
        WSASetEvent(pong);
    }
    return unused;
}

/* Each of a million signals wakes the other thread: one that was lost would hang the test. */
TEST(no_signal_is_lost, "WPUSetEvent.1 WPUResetEvent.1 NEED-K2")
{
    int takes_its_time = getenv("WS2SPI_ALL_ROUNDS") != NULL;
    long long start = posix_milliseconds(), busy = posix_processor_milliseconds();
    ping = new_event();
    pong = new_event();
    last_round = ROUNDS;
    pthread_t thread = start_thread(answer_pings, NULL);
    for (long i = 0; i < last_round; i++) {
        EQUAL(handed, 2 * i);
        /* The other thread sees this before it sees the signal. */
        if (!takes_its_time && i % 1000 == 0 && posix_milliseconds() - start > PATIENCE)
            last_round = i + 1;
        handed++;
        WSASetEvent(ping);
        EQUAL(wait_for(pong, WSA_INFINITE), WSA_WAIT_EVENT_0);
        WSAResetEvent(pong);
    }
    join_thread(thread);
    EQUAL(handed, 2 * last_round);
    long long took = posix_milliseconds() - start;
    printf("%ld hand-overs in %lld ms; processor time %.2f of that\n", handed, took,
           (double)(posix_processor_milliseconds() - busy) / (double)(took + 1));
}

/* ---- Events that reset themselves, and the kernel's names ---- */

TEST(an_event_may_reset_itself, "NEED-K2")
{
    HANDLE manual = CreateEventA(NULL, TRUE, TRUE, NULL), automatic = CreateEventW(NULL, FALSE, TRUE, NULL);
    CHECK(manual != NULL && automatic != NULL);
    for (int i = 0; i < 3; i++) {
        EQUAL(WaitForSingleObject(manual, 0), WAIT_OBJECT_0);
        EQUAL(WaitForSingleObject(automatic, 0), i == 0 ? WAIT_OBJECT_0 : WAIT_TIMEOUT);
    }
    CHECK(SetEvent(automatic));
    CHECK(SetEvent(automatic));
    EQUAL(WaitForSingleObjectEx(automatic, INFINITE, TRUE), WAIT_OBJECT_0);
    EQUAL(WaitForSingleObjectEx(automatic, 1, TRUE), WAIT_TIMEOUT);
    CHECK(SetEvent(automatic));
    CHECK(ResetEvent(automatic));
    EQUAL(WaitForSingleObject(automatic, 0), WAIT_TIMEOUT);
    EQUAL(WaitForSingleObject(CreateEventA(NULL, FALSE, FALSE, NULL), 0), WAIT_TIMEOUT);
    CHECK(CloseHandle(manual) && CloseHandle(automatic));
    LEAVES(SetEvent(manual), FALSE, ERROR_INVALID_HANDLE);
    LEAVES(ResetEvent(automatic), FALSE, ERROR_INVALID_HANDLE);
    LEAVES((LONG_PTR)CreateEventA(NULL, TRUE, TRUE, "named"), 0, ERROR_INVALID_PARAMETER);
    WCHAR name[] = {'n', 0};
    LEAVES((LONG_PTR)CreateEventW(NULL, TRUE, TRUE, name), 0, ERROR_INVALID_PARAMETER);
}

TEST(the_kernels_waits_judge_as_winsocks, "NEED-K2")
{
    HANDLE events[MOST + 1];
    new_events(events, MOST + 1);
    LEAVES(WaitForSingleObject(NULL, 0), WAIT_FAILED, ERROR_INVALID_HANDLE);
    LEAVES(WaitForSingleObjectEx((HANDLE)3, 0, TRUE), WAIT_FAILED, ERROR_INVALID_HANDLE);
    LEAVES(WaitForMultipleObjects(0, events, FALSE, 0), WAIT_FAILED, ERROR_INVALID_PARAMETER);
    LEAVES(WaitForMultipleObjectsEx(MOST + 1, events, FALSE, 0, TRUE), WAIT_FAILED, ERROR_INVALID_PARAMETER);
    LEAVES(WaitForMultipleObjects(1, NULL, FALSE, 0), WAIT_FAILED, ERROR_NOACCESS);
    EQUAL(WaitForMultipleObjects(MOST, events, FALSE, 0), WAIT_TIMEOUT);
    SetEvent(events[5]);
    EQUAL(WaitForMultipleObjects(MOST, events, FALSE, INFINITE), WAIT_OBJECT_0 + 5);
    EQUAL(WaitForMultipleObjectsEx(MOST, events, TRUE, 0, TRUE), WAIT_TIMEOUT);
}

/* A wait for one takes the lowest alone; one for all takes none unless it takes all. */
TEST(a_wait_takes_what_ends_it, "NEED-K2")
{
    HANDLE events[3];
    for (int i = 0; i < 3; i++)
        events[i] = CreateEventA(NULL, FALSE, i < 2, NULL);
    EQUAL(WaitForMultipleObjects(3, events, TRUE, 0), WAIT_TIMEOUT);
    EQUAL(WaitForMultipleObjects(3, events, TRUE, 1), WAIT_TIMEOUT);
    EQUAL(WaitForMultipleObjects(3, events, FALSE, INFINITE), WAIT_OBJECT_0);
    EQUAL(WaitForMultipleObjects(3, events, FALSE, INFINITE), WAIT_OBJECT_0 + 1);
    EQUAL(WaitForMultipleObjects(3, events, FALSE, 0), WAIT_TIMEOUT);
    for (int i = 0; i < 3; i++)
        SetEvent(events[i]);
    EQUAL(WaitForMultipleObjects(3, events, TRUE, INFINITE), WAIT_OBJECT_0);
    EQUAL(WaitForMultipleObjects(3, events, FALSE, 0), WAIT_TIMEOUT);
}

/* Threads that wait for one signal each: as many go on as were signalled, and none twice. */
enum { WAITERS = 4, SIGNALS = 4000 };
static HANDLE turn, taken;
static int turns;

static void *take_turns(void *unused)
{
    for (;;) {
        EQUAL(WaitForSingleObject(turn, INFINITE), WAIT_OBJECT_0);
        if (turns == SIGNALS) {
            SetEvent(turn);
            return unused;
        }
        turns++;
        SetEvent(taken);
    }
}

TEST(a_signal_goes_to_one_thread, "NEED-K2")
{
    pthread_t threads[WAITERS];
    turn = CreateEventA(NULL, FALSE, FALSE, NULL);
    taken = CreateEventA(NULL, FALSE, FALSE, NULL);
    for (int i = 0; i < WAITERS; i++)
        threads[i] = start_thread(take_turns, NULL);
    for (int i = 0; i < SIGNALS; i++) {
        EQUAL(turns, i);
        SetEvent(turn);
        EQUAL(WaitForSingleObject(taken, INFINITE), WAIT_OBJECT_0);
    }
    EQUAL(turns, SIGNALS);
    SetEvent(turn);
    for (int i = 0; i < WAITERS; i++)
        join_thread(threads[i]);
}

/* Philosophers: each needs two neighbouring forks at once, whichever it names first, and puts them back. With a fork in
 * one hand and none in the other two would wait for ever; with a signal lost so would all. */
enum { PHILOSOPHERS = 3, MEALS = 4000 };
static HANDLE forks[PHILOSOPHERS];
static int users[PHILOSOPHERS], meals[PHILOSOPHERS];

static void *eat(void *place)
{
    int left = (int)(long)place, right = (left + 1) % PHILOSOPHERS;
    HANDLE both[2] = {forks[left], forks[right]};
    for (int i = 0; i < MEALS; i++) {
        EQUAL(WaitForMultipleObjects(2, both, TRUE, INFINITE), WAIT_OBJECT_0);
        EQUAL(users[left]++ + users[right]++, 0);
        meals[left]++;
        users[left]--;
        users[right]--;
        SetEvent(both[i & 1]);
        SetEvent(both[!(i & 1)]);
    }
    return NULL;
}

TEST(waits_for_all_share_their_events, "NEED-K2")
{
    pthread_t threads[PHILOSOPHERS];
    for (int i = 0; i < PHILOSOPHERS; i++)
        forks[i] = CreateEventA(NULL, FALSE, TRUE, NULL);
    for (int i = 0; i < PHILOSOPHERS; i++)
        threads[i] = start_thread(eat, (void *)(long)i);
    for (int i = 0; i < PHILOSOPHERS; i++)
        join_thread(threads[i]);
    for (int i = 0; i < PHILOSOPHERS; i++)
        EQUAL(meals[i], MEALS);
    EQUAL(WaitForMultipleObjects(PHILOSOPHERS, forks, TRUE, 0), WAIT_OBJECT_0);
}

TEST(sleeping_lasts_as_long_as_it_says, "NEED-K3")
{
    for (int alertable = -1; alertable < 2; alertable++) {
        long long start = posix_milliseconds();
        if (alertable < 0)
            Sleep(40);
        else
            EQUAL(SleepEx(40, alertable), 0);
        CHECK(posix_milliseconds() - start >= 39);
    }
}

/* ---- Events of requests ---- */

/* The event of a request is nonsignalled while the request runs. The waiting thread carries the request out. */
TEST(a_request_signals_its_event, "OV.9 OV.20 OBS.40")
{
    int peers[MOST];
    char room[MOST];
    WSAEVENT events[MOST];
    SOCKET sockets[MOST];
    OVERLAPPED overlapped[MOST];
    memset(overlapped, 0, sizeof overlapped);
    startup();
    new_events(events, MOST);
    for (int i = 0; i < MOST; i++) {
        sockets[i] = overlapped_with_peer(&peers[i]);
        overlapped[i].hEvent = events[i];
        WSASetEvent(events[i]);
        EQUAL(receive_later(sockets[i], &room[i], 1, &overlapped[i]), WSA_IO_PENDING);
    }
    EQUAL(WSAWaitForMultipleEvents(MOST, events, FALSE, 0, FALSE), WSA_WAIT_TIMEOUT);
    for (int i = MOST - 1; i >= 0; i -= 7) {
        posix_write(peers[i], "x", 1);
        EQUAL(WSAWaitForMultipleEvents(MOST, events, FALSE, WSA_INFINITE, FALSE), WSA_WAIT_EVENT_0 + i);
        CHECK(HasOverlappedIoCompleted(&overlapped[i]));
        /* The next resets it. */
        EQUAL(receive_later(sockets[i], &room[i], 1, &overlapped[i]), WSA_IO_PENDING);
        CHECK(!is_signalled(events[i]));
    }
    /* One that fails at the end, too; and the low bit is not part of the handle. */
    SUCCEEDS(WSPCloseSocket(sockets[9], &error));
    EQUAL(WSAWaitForMultipleEvents(MOST, events, FALSE, WSA_INFINITE, FALSE), WSA_WAIT_EVENT_0 + 9);
    WSAResetEvent(events[9]);
    OVERLAPPED low_bit = {.hEvent = (HANDLE)((char *)events[9] + 1)};
    EQUAL(send_later(sockets[3], "x", 1, &low_bit), 0);
    CHECK(is_signalled(events[9]));
}

/* A program that only looks, and never waits, gets on as well. */
TEST(polling_carries_requests_out, "OV.9 OBS.40")
{
    int peer;
    char room;
    OVERLAPPED overlapped = {.hEvent = new_event()};
    startup();
    SOCKET s = overlapped_with_peer(&peer);
    for (int i = 0; i < 100; i++) {
        EQUAL(receive_later(s, &room, 1, &overlapped), WSA_IO_PENDING);
        posix_write(peer, "x", 1);
        while (wait_for(overlapped.hEvent, 0) == WSA_WAIT_TIMEOUT)
            continue;
        CHECK(HasOverlappedIoCompleted(&overlapped));
    }
}
