/* What tests of completion ports share. */
#ifndef PORT_H
#define PORT_H

#include "overlapped.h"

#include <ws2kernel.h>

/* A function of the kernel's succeeds: its answer is TRUE, or a handle. */
#define DOES(call)                                                                                                     \
    do {                                                                                                               \
        SetLastError(0);                                                                                               \
        if (!(call))                                                                                                   \
            fail(__FILE__, __LINE__, "%s failed with %u", #call, GetLastError());                                      \
    } while (0)

/* It fails, with FALSE, NULL or INVALID_HANDLE_VALUE, and leaves `code` in the thread's last error. */
#define DENIES(call, code)                                                                                             \
    do {                                                                                                               \
        SetLastError(0);                                                                                               \
        long long answer_ = (long long)(call);                                                                         \
        DWORD code_ = GetLastError();                                                                                  \
        if (answer_ != 0 && answer_ != -1)                                                                             \
            fail(__FILE__, __LINE__, "%s gave %lld instead of failing with %s", #call, answer_, #code);                \
        if (code_ != (DWORD)(code))                                                                                    \
            fail(__FILE__, __LINE__, "%s failed with %u, not with %s (%u)", #call, code_, #code, (DWORD)(code));       \
    } while (0)

#define NO_FILE INVALID_HANDLE_VALUE

/* A new port. */
UNUSED static HANDLE new_port(void)
{
    HANDLE port = CreateIoCompletionPort(NO_FILE, NULL, 0, 0);
    CHECK(port != NULL);
    return port;
}

/* Has `s` report to `port`. */
UNUSED static void associate(SOCKET s, HANDLE port, ULONG_PTR key)
{
    CHECK(CreateIoCompletionPort((HANDLE)s, port, key, 0) == port);
}

/* An overlapped socket with `port` and `key`; its POSIX peer goes to `peer`. */
UNUSED static SOCKET associated_with_peer(HANDLE port, ULONG_PTR key, int *peer)
{
    SOCKET s = overlapped_with_peer(peer);
    associate(s, port, key);
    return s;
}

/* How many bytes can be received at once. */
UNUSED static u_long bytes_waiting(SOCKET s)
{
    u_long bytes = 0;
    DWORD count;
    SUCCEEDS(WSPIoctl(s, FIONREAD, NULL, 0, &bytes, sizeof bytes, &count, NULL, NULL, NULL, &error));
    return bytes;
}

/* What came out of a port. */
struct packet {
    BOOL succeeded;
    DWORD code, bytes;
    ULONG_PTR key;
    OVERLAPPED *overlapped;
};

/* The next packet, waiting for it; without one, what was there before comes back, and a NULL. */
UNUSED static struct packet take(HANDLE port, DWORD milliseconds)
{
    struct packet packet = {.bytes = 0xabcdef, .key = 0xfedcba, .overlapped = (OVERLAPPED *)1};
    SetLastError(0);
    packet.succeeded = GetQueuedCompletionStatus(port, &packet.bytes, &packet.key, &packet.overlapped, milliseconds);
    packet.code = GetLastError();
    return packet;
}

/* The port has no packet now. */
#define EMPTY(port)                                                                                                    \
    do {                                                                                                               \
        struct packet none_ = take(port, 0);                                                                           \
        EQUAL(none_.succeeded, FALSE);                                                                                 \
        EQUAL(none_.code, WAIT_TIMEOUT);                                                                               \
        CHECK(none_.overlapped == NULL);                                                                               \
    } while (0)

#endif
