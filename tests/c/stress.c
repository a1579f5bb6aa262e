/*
 * 64 sockets at once, each with several overlapped sends and receives outstanding, told of their end in every way
 * there is, while sockets are closed and requests cancelled at random. Each request must end exactly once, and what is
 * received must be what was sent, in its order.
 */
#include "overlapped.h"

#include <ws2kernel.h>

enum { PAIRS = 32, SOCKETS = 2 * PAIRS, RECEIVES = 3, SENDS = 2, REQUESTS = RECEIVES + SENDS, ROOM = 3000 };

/* How a socket's requests tell of their end. */
enum way { PORT, ROUTINE, EVENT };

struct end;

struct request {
    OVERLAPPED overlapped; /* first, so that a routine and a packet find the request */
    struct end *end;
    int is_send;
    /* Posted and not yet ended; how often it has ended since it was posted. */
    int outstanding, endings;
    /* Its place among the socket's receives. */
    unsigned long place;
    DWORD bytes;
    char room[ROOM];
};

/* One end of a connection. */
struct end {
    pthread_mutex_t lock;
    SOCKET s;
    enum way way;
    int number, broken, outstanding;
    struct end *peer;
    struct request requests[REQUESTS];
    /* Offsets in the two streams: what was posted to be sent, what has come and was checked. */
    unsigned long sent, received;
    /* Places of receives: the next to be given, the next to be checked; those that ended before their turn. */
    unsigned long next_place, checked;
    struct request *waiting[RECEIVES];
};

static struct end ends[SOCKETS];
static HANDLE port, routine_thread;
static WSAEVENT wake_event_thread;
static int stopping;
static unsigned long completed, cancelled, closed, bytes_checked;

static char stream_byte(int number, unsigned long offset)
{
    return (char)(offset * 31 + offset / 251 + (unsigned long)number * 7);
}

static unsigned next_random(unsigned *seed)
{
    *seed = *seed * 1103515245 + 12345;
    return *seed >> 16;
}

static void post(struct request *request);

/* A receive has ended: it is checked when all that were posted before it have been. */
static void check_receive(struct end *end, struct request *request)
{
    end->waiting[request->place % RECEIVES] = request;
    while ((request = end->waiting[end->checked % RECEIVES]) != NULL && request->place == end->checked) {
        end->waiting[end->checked++ % RECEIVES] = NULL;
        for (DWORD i = 0; i < request->bytes; i++)
            EQUAL(request->room[i], stream_byte(end->peer->number, end->received + i));
        end->received += request->bytes;
        __atomic_add_fetch(&bytes_checked, request->bytes, __ATOMIC_RELAXED);
    }
}

/* A request has ended, whoever tells of it. */
static void ended(struct request *request, DWORD code, DWORD bytes)
{
    struct end *end = request->end;
    pthread_mutex_lock(&end->lock);
    EQUAL(request->outstanding, 1);
    EQUAL(++request->endings, 1);
    request->outstanding = 0;
    end->outstanding--;
    request->bytes = code == 0 ? bytes : 0;
    __atomic_add_fetch(&completed, 1, __ATOMIC_RELAXED);
    if (!request->is_send)
        check_receive(end, request);
    /* A cancelled receive has taken nothing, so that the stream goes on. */
    int goes_on = code == 0 ? request->is_send || bytes > 0 : code == WSA_OPERATION_ABORTED && !request->is_send;
    if (!goes_on)
        end->broken = 1;
    for (int i = 0; i < REQUESTS && !end->broken && !__atomic_load_n(&stopping, __ATOMIC_SEQ_CST); i++)
        post(&end->requests[i]);
    pthread_mutex_unlock(&end->lock);
}

static void CALLBACK routine(DWORD code, DWORD bytes, LPWSAOVERLAPPED overlapped, DWORD flags)
{
    (void)flags;
    ended((struct request *)overlapped, code, bytes);
}

/* Starts the request unless it is under way, or was not checked yet. */
static void post(struct request *request)
{
    static __thread unsigned seed;
    struct end *end = request->end;
    DWORD bytes = 0, flags = 0;
    if (request->outstanding)
        return;
    if (!request->is_send && end->next_place >= end->checked + RECEIVES)
        return;
    if (!request->is_send && end->waiting[request->place % RECEIVES] == request)
        return;
    WSABUF buffer = {1 + next_random(&seed) % ROOM, request->room};
    WSAEVENT event = request->overlapped.hEvent;
    request->outstanding = 1;
    request->endings = 0;
    end->outstanding++;
    error = 0;
    if (request->is_send) {
        for (ULONG i = 0; i < buffer.len; i++)
            request->room[i] = stream_byte(end->number, end->sent + i);
        end->sent += buffer.len;
        WSPSend(end->s, &buffer, 1, &bytes, 0, &request->overlapped, end->way == ROUTINE ? routine : NULL, NULL, &error);
    } else {
        request->place = end->next_place++;
        WSPRecv(end->s, &buffer, 1, &bytes, &flags, &request->overlapped, end->way == ROUTINE ? routine : NULL, NULL,
                &error);
    }
    EQUAL(request->overlapped.hEvent == event, 1);
    if (error != 0 && error != WSA_IO_PENDING) {
        /* Nothing was started: nobody will be told. */
        request->outstanding = 0;
        end->outstanding--;
        end->broken = 1;
        if (!request->is_send)
            end->next_place--;
    }
}

static void post_all(struct end *end)
{
    pthread_mutex_lock(&end->lock);
    for (int i = 0; i < REQUESTS && !end->broken; i++)
        post(&end->requests[i]);
    pthread_mutex_unlock(&end->lock);
}

static void CALLBACK post_from_routine_thread(ULONG_PTR end)
{
    post_all((struct end *)end);
}

/* ---- The threads that are told ---- */

static void *serve_port(void *unused)
{
    for (;;) {
        DWORD bytes = 0;
        ULONG_PTR key = 0;
        OVERLAPPED *overlapped = NULL;
        BOOL success = GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, INFINITE);
        if (overlapped == NULL)
            return unused;
        struct request *request = (struct request *)overlapped;
        EQUAL(key, (ULONG_PTR)request->end);
        ended(request, success ? 0 : overlapped->OffsetHigh, bytes);
    }
}

static int routine_thread_ready;

static void *serve_routines(void *unused)
{
    WSATHREADID id;
    SUCCEEDS(WPUOpenCurrentThread(&id, &error));
    routine_thread = id.ThreadHandle;
    __atomic_store_n(&routine_thread_ready, 1, __ATOMIC_SEQ_CST);
    while (SleepEx(20, TRUE) != 0 || __atomic_load_n(&stopping, __ATOMIC_SEQ_CST) != 2)
        continue;
    SUCCEEDS(WPUCloseThread(&id, &error));
    return unused;
}

static void *serve_events(void *unused)
{
    WSAEVENT events[WSA_MAXIMUM_WAIT_EVENTS];
    struct request *of[WSA_MAXIMUM_WAIT_EVENTS];
    DWORD count = 1;
    events[0] = wake_event_thread;
    for (int i = 0; i < SOCKETS; i++)
        for (int j = 0; j < REQUESTS && ends[i].way == EVENT; j++) {
            of[count] = &ends[i].requests[j];
            events[count++] = ends[i].requests[j].overlapped.hEvent;
        }
    for (;;) {
        DWORD bytes, flags, answer = WSAWaitForMultipleEvents(count, events, FALSE, WSA_INFINITE, FALSE);
        CHECK(answer < WSA_WAIT_EVENT_0 + count);
        struct request *request = of[answer - WSA_WAIT_EVENT_0];
        if (answer == WSA_WAIT_EVENT_0)
            return unused;
        CHECK(WSAResetEvent(events[answer - WSA_WAIT_EVENT_0]));
        /* The event was set after the request had ended. */
        CHECK(HasOverlappedIoCompleted(&request->overlapped));
        error = 0;
        bytes = (DWORD)request->overlapped.InternalHigh;
        flags = request->overlapped.OffsetHigh;
        ended(request, flags, bytes);
    }
}

/* ---- The life of a connection ---- */

static void open_end(struct end *end, SOCKET s)
{
    end->s = s;
    end->broken = 0;
    end->sent = end->received = end->next_place = end->checked = 0;
    memset(end->waiting, 0, sizeof end->waiting);
    if (end->way == PORT)
        CHECK(CreateIoCompletionPort((HANDLE)s, port, (ULONG_PTR)end, 0) == port);
}

static void open_pair(struct end *end)
{
    struct sockaddr_in address;
    SOCKET listening = overlapped_tcp(), connecting = overlapped_tcp();
    address = bind_loopback(listening);
    SUCCEEDS(WSPListen(listening, SOMAXCONN, &error));
    SUCCEEDS(connect_to(connecting, &address));
    SOCKET accepted = WSPAccept(listening, NULL, NULL, NULL, 0, &error);
    CHECK(accepted != INVALID_SOCKET);
    SUCCEEDS(WSPCloseSocket(listening, &error));
    open_end(end, connecting);
    open_end(end->peer, accepted);
    for (struct end *each = end;; each = end->peer) {
        if (each->way == ROUTINE)
            CHECK(QueueUserAPC(post_from_routine_thread, routine_thread, (ULONG_PTR)each));
        else
            post_all(each);
        if (each == end->peer)
            break;
    }
}

/* Under the lock: who tells of the last end may still be at work on it. */
static int value_of(struct end *end, const int *value)
{
    pthread_mutex_lock(&end->lock);
    int now = *value;
    pthread_mutex_unlock(&end->lock);
    return now;
}

/* Closes one end, waits until every request of both has ended, and closes the other. */
static void close_pair(struct end *end)
{
    pthread_mutex_lock(&end->lock);
    end->broken = 1;
    pthread_mutex_unlock(&end->lock);
    SUCCEEDS(WSPCloseSocket(end->s, &error));
    EVENTUALLY(value_of(end, &end->outstanding) == 0);
    EVENTUALLY(__atomic_load_n(&stopping, __ATOMIC_SEQ_CST) || value_of(end->peer, &end->peer->broken));
    SUCCEEDS(WSPCloseSocket(end->peer->s, &error));
    EVENTUALLY(value_of(end->peer, &end->peer->outstanding) == 0);
}

static void stress(long long milliseconds)
{
    enum { THREADS = 4 };
    pthread_t threads[THREADS];
    unsigned seed = (unsigned)posix_process();
    int descriptors = posix_open_descriptors();
    startup();
    port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    CHECK(port != NULL);
    wake_event_thread = WSACreateEvent();
    for (int i = 0; i < SOCKETS; i++) {
        struct end *end = &ends[i];
        pthread_mutex_init(&end->lock, NULL);
        end->number = i;
        end->peer = &ends[i ^ 1];
        end->way = i % 16 == 1 ? EVENT : i % 4 == 3 ? ROUTINE : PORT;
        for (int j = 0; j < REQUESTS; j++) {
            end->requests[j].end = end;
            end->requests[j].is_send = j >= RECEIVES;
            if (end->way == EVENT)
                end->requests[j].overlapped.hEvent = WSACreateEvent();
        }
    }
    CHECK(pthread_create(&threads[0], NULL, serve_port, NULL) == 0);
    CHECK(pthread_create(&threads[1], NULL, serve_port, NULL) == 0);
    CHECK(pthread_create(&threads[2], NULL, serve_routines, NULL) == 0);
    CHECK(pthread_create(&threads[3], NULL, serve_events, NULL) == 0);
    EVENTUALLY(__atomic_load_n(&routine_thread_ready, __ATOMIC_SEQ_CST));
    for (int i = 0; i < SOCKETS; i += 2)
        open_pair(&ends[i]);
    for (long long end = posix_milliseconds() + milliseconds; posix_milliseconds() < end;) {
        struct end *victim = &ends[next_random(&seed) % SOCKETS];
        struct request *request = &victim->requests[next_random(&seed) % RECEIVES];
        if (next_random(&seed) % 64 == 0) {
            close_pair(victim);
            closed++;
            open_pair(&ends[victim->number & ~1]);
        } else {
            cancelled += CancelIoEx((HANDLE)victim->s, &request->overlapped);
        }
    }
    __atomic_store_n(&stopping, 1, __ATOMIC_SEQ_CST);
    for (int i = 0; i < SOCKETS; i += 2) {
        close_pair(&ends[i]);
    }
    __atomic_store_n(&stopping, 2, __ATOMIC_SEQ_CST);
    CHECK(CloseHandle(port));
    CHECK(WSASetEvent(wake_event_thread));
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < SOCKETS; i++)
        for (int j = 0; j < REQUESTS; j++) {
            EQUAL(ends[i].requests[j].outstanding, 0);
            if (ends[i].way == EVENT)
                CHECK(WSACloseEvent(ends[i].requests[j].overlapped.hEvent));
        }
    CHECK(WSACloseEvent(wake_event_thread));
    SUCCEEDS(WSPCleanup(&error));
    EQUAL(posix_open_descriptors(), descriptors);
    printf("%lu requests, %lu cancelled, %lu connections closed, %lu bytes checked\n", completed, cancelled, closed,
           bytes_checked);
    CHECK(completed > 0 && cancelled > 0 && closed > 0 && bytes_checked > 0);
}

TEST(every_request_ends_once, "OV.17 OV.22 OV.4 NEED-S8 NEED-K1")
{
    const char *seconds = getenv("STRESS_SECONDS");
    stress(seconds != NULL ? 1000LL * atoi(seconds) : 2000);
}
