/* Faults: those of the library's own look at bad pointers, and those of the program, which stay the program's. */
#include "check.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static sigjmp_buf back;
static volatile int handled;
static void *volatile fault_address;

static void on_fault(int signal, siginfo_t *info, void *context)
{
    (void)context;
    handled = signal;
    fault_address = info->si_addr;
    siglongjmp(back, 1);
}

static void on_plain_fault(int signal)
{
    handled = signal;
    siglongjmp(back, 1);
}

static void touch(volatile char *address)
{
    *address = 1;
}

/* A page that cannot be touched. */
static char *page(void)
{
    char *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(page != MAP_FAILED);
    return page;
}

static void handle(int signal, struct sigaction action)
{
    EQUAL(sigaction(signal, &action, NULL), 0);
}

TEST(the_programs_handler_gets_the_programs_faults, "OBS.44")
{
    struct sigaction action;
    char *bad = page();
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO;
    handle(SIGSEGV, action);
    startup();
    for (int round = 0; round < 3; round++) {
        handled = 0;
        if (sigsetjmp(back, 1) == 0)
            touch(bad + round);
        EQUAL(handled, SIGSEGV);
        CHECK(fault_address == bad + round);
        /* The library's own look stays its own. */
        handled = 0;
        FAILS(WSPBind(tcp(), (struct sockaddr *)(void *)bad, 16, &error), WSAEFAULT);
        EQUAL(handled, 0);
    }
}

TEST(a_plain_handler_gets_its_faults_too, "OBS.44")
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_plain_fault;
    handle(SIGSEGV, action);
    startup();
    if (sigsetjmp(back, 1) == 0)
        touch(page());
    EQUAL(handled, SIGSEGV);
}

/* A file that ends before its mapping does: SIGBUS. */
TEST(memory_that_is_gone_is_a_fault, "OBS.44")
{
    FILE *file = tmpfile();
    struct sigaction action;
    CHECK(file != NULL);
    char *gone = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file), 0);
    CHECK(gone != MAP_FAILED);
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO;
    handle(SIGBUS, action);
    startup();
    FAILS(WSPBind(tcp(), (struct sockaddr *)(void *)gone, 16, &error), WSAEFAULT);
    EQUAL(handled, 0);
    if (sigsetjmp(back, 1) == 0)
        touch(gone);
    EQUAL(handled, SIGBUS);
}

/* How a child that does `what` ends. */
static int end_of(void (*what)(void))
{
    int status = 0;
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        alarm(10);
        startup();
        what();
        _exit(0);
    }
    EQUAL(waitpid(child, &status, 0), child);
    return status;
}

static void crash(void)
{
    touch(page());
}

static void be_sent_a_fault(void)
{
    kill(getpid(), SIGSEGV);
}

static void fault_in_the_library(void)
{
    FAILS(WSPBind(tcp(), (struct sockaddr *)(void *)page(), 16, &error), WSAEFAULT);
}

TEST(a_crash_is_a_crash, "OBS.44")
{
    int status = end_of(crash);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
    status = end_of(be_sent_a_fault);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
    EQUAL(end_of(fault_in_the_library), 0);
}

TEST(the_guard_can_be_left_out, "OBS.44")
{
    struct sigaction action;
    setenv("WS2SPI_GUARD", "off", 1);
    startup();
    EQUAL(sigaction(SIGSEGV, NULL, &action), 0);
    CHECK(action.sa_handler == SIG_DFL);
    EQUAL(sigaction(SIGBUS, NULL, &action), 0);
    CHECK(action.sa_handler == SIG_DFL);
    /* NULL needs no guard. */
    FAILS(WSPBind(tcp(), NULL, 16, &error), WSAEFAULT);
}

/* The guard costs nothing but its handler, which comes once. */
TEST(the_guard_is_installed_once, "OBS.44")
{
    struct sigaction first, second;
    startup();
    const char *features = getenv("WS2SPI_TEST_FEATURES");
    if (features != NULL && strstr(features, "portable") != NULL)
        SKIP("the portable guard is the kernel's");
    EQUAL(sigaction(SIGSEGV, NULL, &first), 0);
    startup();
    EQUAL(sigaction(SIGSEGV, NULL, &second), 0);
    CHECK(first.sa_sigaction == second.sa_sigaction && first.sa_handler != SIG_DFL);
    fault_in_the_library();
}
