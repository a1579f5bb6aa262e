/* Events that one thread sets and another waits for. */
#include "bench.h"
#include "process.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* Two of each kind, each with: open, set, wait (until it is set, and reset it), reset, close. */
#ifdef POSIX

#include <errno.h>
#include <linux/futex.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SIDE(name) posix_##name

static int eventfds[2];

static inline void eventfd_open(int which)
{
    eventfds[which] = eventfd(0, EFD_CLOEXEC);
    MUST(eventfds[which] >= 0, errno);
}

static inline void eventfd_set(int which)
{
    const uint64_t one = 1;
    MUST(write(eventfds[which], &one, sizeof one) == sizeof one, errno);
}

static inline void eventfd_wait(int which)
{
    uint64_t count;
    MUST(read(eventfds[which], &count, sizeof count) == sizeof count, errno);
}

static inline void eventfd_reset(int which)
{
    eventfd_wait(which);
}

static inline void eventfd_close(int which)
{
    close(eventfds[which]);
}

/* A word, and no system call unless somebody sleeps or has to. */
enum { CLEAR, SET, AWAITED };

static struct {
    _Alignas(64) atomic_int word;
} futexes[2];

static inline void futex_open(int which)
{
    atomic_store(&futexes[which].word, CLEAR);
}

static inline void futex_set(int which)
{
    atomic_int *word = &futexes[which].word;
    if (atomic_exchange(word, SET) == AWAITED)
        syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static inline void futex_reset(int which)
{
    int set = SET;
    atomic_compare_exchange_strong(&futexes[which].word, &set, CLEAR);
}

static inline void futex_wait(int which)
{
    atomic_int *word = &futexes[which].word;
    for (int seen = CLEAR; (seen = atomic_load(word)) != SET;)
        if (seen == AWAITED || atomic_compare_exchange_strong(word, &seen, AWAITED))
            syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, AWAITED, NULL, NULL, 0);
    futex_reset(which);
}

static inline void futex_close(int which)
{
    (void)which;
}

#else

#include <winsock2.h>

#define SIDE(name) ws2spi_##name

static WSAEVENT wsas[2];

static inline void wsa_open(int which)
{
    wsas[which] = WSACreateEvent();
    MUST(wsas[which] != WSA_INVALID_EVENT, WSAGetLastError());
}

static inline void wsa_set(int which)
{
    MUST(WSASetEvent(wsas[which]), WSAGetLastError());
}

static inline void wsa_reset(int which)
{
    MUST(WSAResetEvent(wsas[which]), WSAGetLastError());
}

static inline void wsa_wait(int which)
{
    MUST(WSAWaitForMultipleEvents(1, &wsas[which], FALSE, WSA_INFINITE, FALSE) == WSA_WAIT_EVENT_0,
         WSAGetLastError());
    wsa_reset(which);
}

static inline void wsa_close(int which)
{
    MUST(WSACloseEvent(wsas[which]), WSAGetLastError());
}

#endif

static pthread_t peer;
static atomic_int leaving;

#define KIND(kind)                                                                                                     \
    static void kind##_open_both(void)                                                                                 \
    {                                                                                                                  \
        kind##_open(0);                                                                                                \
        kind##_open(1);                                                                                                \
    }                                                                                                                  \
    static void kind##_close_both(void)                                                                                \
    {                                                                                                                  \
        kind##_close(1);                                                                                               \
        kind##_close(0);                                                                                               \
    }                                                                                                                  \
    /* Nobody waits. */                                                                                                \
    static void kind##_alone(unsigned long count, int thread)                                                          \
    {                                                                                                                  \
        (void)thread;                                                                                                  \
        while (count-- > 0) {                                                                                          \
            kind##_set(0);                                                                                             \
            kind##_reset(0);                                                                                           \
        }                                                                                                              \
    }                                                                                                                  \
    /* One thread sets what the other waits for, and the other way round. */                                           \
    static void *kind##_peer(void *argument)                                                                           \
    {                                                                                                                  \
        while (kind##_wait(0), !atomic_load(&leaving))                                                                 \
            kind##_set(1);                                                                                             \
        return argument;                                                                                               \
    }                                                                                                                  \
    static void kind##_open_peer(void)                                                                                 \
    {                                                                                                                  \
        take_turns();                                                                                                  \
        kind##_open_both();                                                                                            \
        atomic_store(&leaving, 0);                                                                                     \
        MUST(pthread_create(&peer, NULL, kind##_peer, NULL) == 0, 0);                                                  \
    }                                                                                                                  \
    static void kind##_to_and_fro(unsigned long count, int thread)                                                     \
    {                                                                                                                  \
        (void)thread;                                                                                                  \
        while (count-- > 0) {                                                                                          \
            kind##_set(0);                                                                                             \
            kind##_wait(1);                                                                                            \
        }                                                                                                              \
    }                                                                                                                  \
    static void kind##_close_peer(void)                                                                                \
    {                                                                                                                  \
        atomic_store(&leaving, 1);                                                                                     \
        kind##_set(0);                                                                                                 \
        pthread_join(peer, NULL);                                                                                      \
        kind##_close_both();                                                                                           \
    }

#define WORK(kind, other)                                                                                              \
    {"event-alone-" other, kind##_open_both, kind##_alone, kind##_close_both},                                         \
    {                                                                                                                  \
        "event-" other, kind##_open_peer, kind##_to_and_fro, kind##_close_peer                                         \
    }

#ifdef POSIX
KIND(eventfd)
KIND(futex)
#else
KIND(wsa)
#endif

const struct work SIDE(events)[] = {
#ifdef POSIX
    WORK(eventfd, "eventfd"),
    WORK(futex, "futex"),
#else
    WORK(wsa, "eventfd"),
    WORK(wsa, "futex"),
#endif
    {NULL, NULL, NULL, NULL},
};
