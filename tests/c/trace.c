/*
 * The trace channel: WS2SPI_LOG=trace prints each call with its arguments, then what it answered, to standard error
 * or to the file that WS2SPI_LOG_FILE names. The setting is read at the first call, so each test sets it before.
 */
#include "check.h"

#include <sys/syscall.h>
#include <unistd.h>

static char path[64];

/* Standard error goes into a pipe from now on; the pipe's end. */
static int catch_errors(void)
{
    int ends[2];
    EQUAL(pipe(ends), 0);
    CHECK(dup2(ends[1], 2) == 2);
    close(ends[1]);
    return ends[0];
}

/* What went to standard error since; it goes nowhere any more. */
static const char *caught_errors(int end)
{
    static char text[4096];
    ssize_t length, total = 0;
    close(2);
    while ((length = read(end, text + total, sizeof text - 1 - (size_t)total)) > 0)
        total += length;
    text[total] = 0;
    return text;
}

/* The log goes to a file, which `read_log` reads. */
static void log_to_file(const char *level)
{
    snprintf(path, sizeof path, "/tmp/ws2spi-trace-%d", (int)getpid());
    remove(path);
    setenv("WS2SPI_LOG_FILE", path, 1);
    setenv("WS2SPI_LOG", level, 1);
}

static const char *read_log(void)
{
    static char text[1 << 20];
    FILE *file = fopen(path, "r");
    size_t length = file == NULL ? 0 : fread(text, 1, sizeof text - 1, file);
    text[length] = 0;
    if (file != NULL)
        fclose(file);
    remove(path);
    return text;
}

/* How often `text` stands in the log. */
static int times(const char *log, const char *text)
{
    int count = 0;
    while ((log = strstr(log, text)) != NULL) {
        count++;
        log += strlen(text);
    }
    return count;
}

#define LOGGED(log, text)                                                                                              \
    do {                                                                                                               \
        if (times(log, text) != 1)                                                                                     \
            fail(__FILE__, __LINE__, "%d times instead of once: %s\nin\n%s", times(log, text), text, log);             \
    } while (0)

TEST(calls_are_logged_with_arguments_and_answers, "WS2SPI_LOG")
{
    char expected[256];
    DWORD on = 1, returned = 0;
    log_to_file("trace");
    startup();
    SOCKET s = tcp();
    FAILS(WSPListen(s, 7, &error), WSAEINVAL);
    SUCCEEDS(WSPIoctl(s, FIONBIO, &on, sizeof on, NULL, 0, &returned, NULL, NULL, NULL, &error));
    FAILS(WSPSetSockOpt(s, SOL_SOCKET, 0x7abc, (char *)&on, sizeof on, NULL), 0);
    FAILS(WSPSocket(AF_INET, SOCK_STREAM, IPPROTO_UDP, NULL, 0, WSA_FLAG_OVERLAPPED, &error), WSAEPROTOTYPE);
    SUCCEEDS(WSPCleanup(&error));
    const char *log = read_log();
    snprintf(expected, sizeof expected, "Call WSPStartup(wVersionRequested=0x202, lpWSPData=%p, lpProtocolInfo=NULL, "
             "UpcallTable={}, lpProcTable=%p)\n", (void *)&data, (void *)&procs);
    LOGGED(log, expected);
    LOGGED(log, "Ret  WSPStartup() = 0\n");
    snprintf(expected, sizeof expected, "Call WSPSocket(af=2, type=1, protocol=6, lpProtocolInfo=NULL, g=0, dwFlags=0x0, "
             "lpErrno=%p)\n", (void *)&error);
    LOGGED(log, expected);
    snprintf(expected, sizeof expected, "Ret  WSPSocket() = %#llx\n", (unsigned long long)s);
    LOGGED(log, expected);
    snprintf(expected, sizeof expected, "Call WSPListen(s=%#llx, backlog=7, lpErrno=%p)\n", (unsigned long long)s,
             (void *)&error);
    LOGGED(log, expected);
    LOGGED(log, "Ret  WSPListen() = -1 WSAEINVAL (10022)\n");
    snprintf(expected, sizeof expected, "Call WSPIoctl(s=%#llx, dwIoControlCode=0x8004667e, lpvInBuffer=%p, cbInBuffer=4, "
             "lpvOutBuffer=NULL, cbOutBuffer=0, lpcbBytesReturned=%p, lpOverlapped=NULL, lpCompletionRoutine=NULL, "
             "lpThreadId=NULL, lpErrno=%p)\n", (unsigned long long)s, (void *)&on, (void *)&returned, (void *)&error);
    LOGGED(log, expected);
    LOGGED(log, "level=0xffff, optname=0x7abc, ");
    LOGGED(log, "Ret  WSPSetSockOpt() = -1 WSAENOPROTOOPT (10042)\n");
    LOGGED(log, "Ret  WSPSocket() = INVALID_SOCKET WSAEPROTOTYPE (10041)\n");
    LOGGED(log, "Ret  WSPCleanup() = 0\n");
    /* One line each: what was called, and what it answered. */
    EQUAL(times(log, "Call "), 7);
    EQUAL(times(log, "Ret  "), 7);
    EQUAL(times(log, "\n"), 14);
}

static BOOL CALLBACK no_hook(DWORD_PTR context)
{
    return context == 0;
}

static int WSPAPI query_hook(DWORD entry, LPBLOCKINGCALLBACK *hook, PDWORD_PTR context, LPINT code)
{
    (void)entry, (void)context, (void)code;
    *hook = no_hook;
    return SOCKET_ERROR;
}

TEST(the_hosts_upcalls_are_logged, "WS2SPI_LOG")
{
    WSPUPCALLTABLE upcalls;
    memset(&upcalls, 0, sizeof upcalls);
    upcalls.lpWPUQueryBlockingCallback = query_hook;
    log_to_file("trace");
    EQUAL(WSPStartup(MAKEWORD(2, 2), &data, NULL, upcalls, &procs), 0);
    EQUAL(WSPStartup(MAKEWORD(1, 1), &data, NULL, upcalls, &procs), WSAVERNOTSUPPORTED);
    const char *log = read_log();
    EQUAL(times(log, "UpcallTable={lpWPUQueryBlockingCallback}"), 2);
    LOGGED(log, "Ret  WSPStartup() = 10092 WSAVERNOTSUPPORTED (10092)\n");
}

TEST(standard_error_takes_the_log, "WS2SPI_LOG")
{
    int end = catch_errors();
    unsetenv("WS2SPI_LOG_FILE");
    setenv("WS2SPI_LOG", "trace", 1);
    FAILS(WSPCleanup(&error), WSANOTINITIALISED);
    const char *text = caught_errors(end);
    LOGGED(text, "Ret  WSPCleanup() = -1 WSANOTINITIALISED (10093)\n");
    EQUAL(times(text, "\n"), 2);
}

static void nothing_is_logged(const char *level)
{
    int end = catch_errors();
    log_to_file(level);
    startup();
    FAILS(WSPListen(tcp(), 7, &error), WSAEINVAL);
    SUCCEEDS(WSPCleanup(&error));
    EQUAL(strlen(caught_errors(end)), 0);
    EQUAL(strlen(read_log()), 0);
}

TEST(nothing_is_logged_when_off, "WS2SPI_LOG")
{
    nothing_is_logged("off");
}

TEST(nothing_is_logged_for_an_unknown_level, "WS2SPI_LOG")
{
    nothing_is_logged("verbose");
}

/* An errno that no page knows becomes a code, and is worth a line to who wants to hear of errors. */
TEST(an_unexpected_errno_is_logged, "WS2SPI_LOG")
{
    log_to_file("error");
    startup();
    SOCKET s = tcp();
    bind_loopback(s);
    posix_inject(SYS_listen, 18); /* EXDEV */
    FAILS(WSPListen(s, 5, &error), WSAENETDOWN);
    const char *log = read_log();
    LOGGED(log, "errno 18 is unexpected from Listen; answering WSAENETDOWN (10050)\n");
    EQUAL(times(log, "\n"), 1);
}

#define THREADS 4
#define ROUNDS 400

static void *call_often(void *unused)
{
    for (int round = 0; round < ROUNDS; round++)
        FAILS(WSPListen(12345, round, &error), WSAENOTSOCK);
    return unused;
}

/* Lines of many threads do not run into each other. */
TEST(lines_are_not_torn, "WS2SPI_LOG")
{
    pthread_t threads[THREADS];
    int calls = 0, returns = 0;
    log_to_file("trace");
    startup();
    for (int i = 0; i < THREADS; i++)
        EQUAL(pthread_create(&threads[i], NULL, call_often, NULL), 0);
    for (int i = 0; i < THREADS; i++)
        EQUAL(pthread_join(threads[i], NULL), 0);
    char *log = (char *)read_log();
    for (char *line = strtok(log, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        int process, thread, backlog, parsed = 0;
        char address[32];
        if (strstr(line, "WSPStartup") != NULL)
            continue;
        if (sscanf(line, "ws2spi:%d:%d Call WSPListen(s=0x3039, backlog=%d, lpErrno=%31[0-9a-fx])%n", &process, &thread,
                   &backlog, address, &parsed) == 4 && parsed == (int)strlen(line))
            calls++;
        else if (sscanf(line, "ws2spi:%d:%d Ret  WSPListen() = -1 WSAENOTSOCK (10038)%n", &process, &thread, &parsed) ==
                     2 && parsed == (int)strlen(line))
            returns++;
        else
            fail(__FILE__, __LINE__, "torn: %s", line);
    }
    EQUAL(calls, THREADS * ROUNDS);
    EQUAL(returns, THREADS * ROUNDS);
}
