/* The last error of a thread: one slot with two pairs of names. */
#include "check.h"

#include <signal.h>
#include <ws2kernel.h>

/* Whatever one pair leaves, the other finds, also codes that are none of Winsock's, and all 32 bits. */
TEST(both_pairs_of_names_use_one_slot, "NEED-K4")
{
    static const DWORD codes[] = {0, 1, WSA_IO_PENDING, WSAEWOULDBLOCK, 0x20000001, 0x80000000, 0xffffffff};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        SetLastError(codes[i]);
        EQUAL(WSAGetLastError(), (int)codes[i]);
        EQUAL(GetLastError(), codes[i]);
        SetLastError(~codes[i]);
        WSASetLastError((int)codes[i]);
        EQUAL(GetLastError(), codes[i]);
        EQUAL(WSAGetLastError(), (int)codes[i]);
    }
}

/* Before WSPStartup, while started, and after WSPCleanup. */
TEST(the_slot_needs_no_startup, "NEED-K4")
{
    EQUAL(GetLastError(), 0);
    WSASetLastError(WSANOTINITIALISED);
    startup();
    EQUAL(GetLastError(), WSANOTINITIALISED);
    SetLastError(ERROR_MORE_DATA);
    SUCCEEDS(WSPCleanup(&error));
    EQUAL(WSAGetLastError(), ERROR_MORE_DATA);
}

#define THREADS 8
#define ROUNDS 10000

static void *keep_own(void *argument)
{
    DWORD own = (DWORD)(size_t)argument * ROUNDS;
    EQUAL(GetLastError(), 0);
    EQUAL(WSAGetLastError(), 0);
    for (DWORD round = 0; round < ROUNDS; round++) {
        SetLastError(own + round);
        if (round % 100 == 0)
            sched_yield();
        EQUAL(WSAGetLastError(), own + round);
    }
    return NULL;
}

/* A new thread finds 0, whatever the others have. */
TEST(each_thread_has_its_own_slot, "NEED-K4")
{
    pthread_t threads[THREADS];
    SetLastError(WSAEINTR);
    for (size_t i = 0; i < THREADS; i++)
        EQUAL(pthread_create(&threads[i], NULL, keep_own, (void *)(i + 1)), 0);
    for (int i = 0; i < THREADS; i++)
        EQUAL(pthread_join(threads[i], NULL), 0);
    EQUAL(GetLastError(), WSAEINTR);
}

static volatile sig_atomic_t found;

static void use_slot(int number)
{
    (void)number;
    found = (sig_atomic_t)GetLastError();
    SetLastError(WSAEALREADY);
}

/* The handler's slot is that of the thread it interrupts, of one too that had not used it yet. */
static void *interrupt(void *unused)
{
    EQUAL(raise(SIGUSR1), 0);
    EQUAL(found, 0);
    EQUAL(WSAGetLastError(), WSAEALREADY);
    SetLastError(WSAEISCONN);
    EQUAL(raise(SIGUSR1), 0);
    EQUAL(found, WSAEISCONN);
    return unused;
}

TEST(a_signal_handler_uses_the_slot_of_its_thread, "NEED-K4")
{
    pthread_t thread;
    CHECK(signal(SIGUSR1, use_slot) != SIG_ERR);
    SetLastError(WSAEINTR);
    EQUAL(pthread_create(&thread, NULL, interrupt, NULL), 0);
    EQUAL(pthread_join(thread, NULL), 0);
    EQUAL(GetLastError(), WSAEINTR);
}
