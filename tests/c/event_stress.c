/*
 * Connections whose two ends do nothing but react to their events: one send or receive for each that is told. The
 * writer sends while there is room, and ends; two readers share the other end, while another thread keeps selecting its
 * events anew. If one event is lost, somebody waits for ever.
 */
#include "events.h"

#include <sched.h>

enum { PAIRS = 4, READERS = 2, LONGEST = 1 << 16, MILLISECONDS = 3000 };

/* One connection, and what has become of it. */
struct connection {
    SOCKET writer, reader;
    WSAEVENT writable, readable;
    unsigned seed;
    long total, received;
    unsigned sum_sent, sum_received;
    int closed, over;
};

static unsigned next_random(unsigned *seed)
{
    *seed = *seed * 1103515245 + 12345;
    return *seed >> 16;
}

/* Small buffers, so that there often is no room. */
static SOCKET with_small_buffers(SOCKET s)
{
    int size = 4096;
    SUCCEEDS(WSPSetSockOpt(s, SOL_SOCKET, SO_SNDBUF, (char *)&size, sizeof size, &error));
    SUCCEEDS(WSPSetSockOpt(s, SOL_SOCKET, SO_RCVBUF, (char *)&size, sizeof size, &error));
    return s;
}

static long await_events(SOCKET s, WSAEVENT event, int codes[FD_MAX_EVENTS])
{
    if (wait_for(event, 20000) != WSA_WAIT_EVENT_0)
        return -1;
    return enumerate(s, event, codes);
}

static void *write_all(void *argument)
{
    struct connection *connection = argument;
    unsigned seed = connection->seed;
    unsigned char bytes[3000];
    long left = connection->total;
    while (left > 0) {
        long events = await_events(connection->writer, connection->writable, NULL);
        CHECK(events >= 0);
        while (events & FD_WRITE && left > 0) {
            DWORD count;
            unsigned length = 1 + next_random(&seed) % sizeof bytes;
            if (length > left)
                length = (unsigned)left;
            for (unsigned i = 0; i < length; i++)
                bytes[i] = (unsigned char)next_random(&seed);
            error = 0;
            if (send_bytes(connection->writer, bytes, length, &count) != 0) {
                EQUAL(error, WSAEWOULDBLOCK);
                break;
            }
            for (unsigned i = 0; i < count; i++)
                connection->sum_sent += bytes[i];
            left -= count;
        }
    }
    if (seed & 0x10000)
        SUCCEEDS(WSPShutdown(connection->writer, SD_SEND, &error));
    else
        SUCCEEDS(WSPCloseSocket(connection->writer, &error));
    return NULL;
}

static int is_over(struct connection *connection)
{
    return __atomic_load_n(&connection->closed, __ATOMIC_SEQ_CST) &&
           __atomic_load_n(&connection->received, __ATOMIC_SEQ_CST) == connection->total;
}

static void *read_some(void *argument)
{
    struct connection *connection = argument;
    unsigned seed = connection->seed + (unsigned)posix_thread();
    unsigned char bytes[2000];
    while (!is_over(connection)) {
        int codes[FD_MAX_EVENTS];
        DWORD count;
        long events = await_events(connection->reader, connection->readable, codes);
        if (events < 0)
            fail(__FILE__, __LINE__, "waits for ever: %ld of %ld bytes, closed %d", connection->received,
                 connection->total, connection->closed);
        if (events & FD_CLOSE) {
            EQUAL(codes[FD_CLOSE_BIT], 0);
            EQUAL(events & FD_READ, 0);
            EQUAL(__atomic_exchange_n(&connection->closed, 1, __ATOMIC_SEQ_CST), 0);
        }
        if (events & FD_READ) {
            error = 0;
            if (receive_bytes(connection->reader, bytes, 1 + next_random(&seed) % sizeof bytes, &count, 0) == 0) {
                unsigned sum = 0;
                for (unsigned i = 0; i < count; i++)
                    sum += bytes[i];
                __atomic_add_fetch(&connection->sum_received, sum, __ATOMIC_SEQ_CST);
                __atomic_add_fetch(&connection->received, count, __ATOMIC_SEQ_CST);
            } else {
                EQUAL(error, WSAEWOULDBLOCK);
            }
        }
    }
    /* The other reader may sleep. */
    EQUAL(WSASetEvent(connection->readable), TRUE);
    return NULL;
}

static void *select_again(void *argument)
{
    struct connection *connection = argument;
    while (!__atomic_load_n(&connection->over, __ATOMIC_SEQ_CST)) {
        SUCCEEDS(WSPEventSelect(connection->reader, connection->readable, FD_READ | FD_CLOSE, &error));
        sched_yield();
    }
    return NULL;
}

static void run_connection(unsigned *seed, SOCKET listening, const struct sockaddr_in *address)
{
    struct connection connection = {.seed = next_random(seed), .total = next_random(seed) % LONGEST};
    pthread_t threads[READERS + 1];
    connection.writer = with_small_buffers(tcp());
    SUCCEEDS(connect_to(connection.writer, address));
    connection.reader = WSPAccept(listening, NULL, NULL, NULL, 0, &error);
    CHECK(connection.reader != INVALID_SOCKET);
    connection.writable = select_events(connection.writer, FD_WRITE);
    connection.readable = select_events(connection.reader, FD_READ | FD_CLOSE);
    for (int i = 0; i < READERS; i++)
        threads[i] = start_thread(read_some, &connection);
    threads[READERS] = start_thread(select_again, &connection);
    write_all(&connection);
    for (int i = 0; i < READERS; i++)
        join_thread(threads[i]);
    EQUAL(connection.sum_received, connection.sum_sent);
    /* Nothing comes after the end. */
    __atomic_store_n(&connection.over, 1, __ATOMIC_SEQ_CST);
    join_thread(threads[READERS]);
    EQUAL(enumerate(connection.reader, connection.readable, NULL), 0);
    error = 0;
    WSPCloseSocket(connection.writer, &error);
    SUCCEEDS(WSPCloseSocket(connection.reader, &error));
    EQUAL(WSACloseEvent(connection.readable), TRUE);
    EQUAL(WSACloseEvent(connection.writable), TRUE);
}

static void *run_connections(void *argument)
{
    unsigned seed = (unsigned)(ULONG_PTR)argument * 7919 + (unsigned)posix_milliseconds();
    struct sockaddr_in address;
    SOCKET listening = with_small_buffers(tcp());
    address = bind_loopback(listening);
    SUCCEEDS(WSPListen(listening, SOMAXCONN, &error));
    long long end = posix_milliseconds() + MILLISECONDS;
    long rounds = 0;
    while (posix_milliseconds() < end) {
        run_connection(&seed, listening, &address);
        rounds++;
    }
    SUCCEEDS(WSPCloseSocket(listening, &error));
    return (void *)(ULONG_PTR)rounds;
}

TEST(who_only_reacts_to_events_misses_nothing, "EV.5 EV.7 EV.12 EV.16 EV.17 OBS.38 WSPEnumNetworkEvents.2")
{
    pthread_t threads[PAIRS];
    ULONG_PTR rounds = 0;
    startup();
    for (ULONG_PTR i = 0; i < PAIRS; i++)
        threads[i] = start_thread(run_connections, (void *)i);
    for (int i = 0; i < PAIRS; i++)
        rounds += (ULONG_PTR)join_thread(threads[i]);
    CHECK(rounds >= PAIRS);
    printf("%lu connections\n", (unsigned long)rounds);
    SUCCEEDS(WSPCleanup(&error));
    EVENTUALLY(posix_threads() == 1);
}
