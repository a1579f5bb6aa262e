/*
 * count.c - a layer that counts the bytes that its process sends and receives.
 *
 * The last WSPCleanup, or else the end of the process, adds a line to the file that LSP_COUNT_FILE names, or prints it on
 * standard error:
 *
 *     client: 12 bytes out, 5 bytes in
 *
 * Counted is what a call has done by the time it returns. A request that completes later, WSASendMsg, and the extension
 * functions (AcceptEx, TransmitFile ...) go past a layer with the system's handles; nonifs.h shows how to see them.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#include "ifs.h"

#include <errno.h>
#include <stdatomic.h>

static atomic_ullong bytes_out, bytes_in;
static atomic_int unreported;

static void report(void)
{
    unsigned long long out = atomic_exchange(&bytes_out, 0), in = atomic_exchange(&bytes_in, 0);
    if (!atomic_exchange(&unreported, 0))
        return;
    const char *path = secure_getenv("LSP_COUNT_FILE");
    FILE *file = path != NULL ? fopen(path, "a") : NULL;
    fprintf(file != NULL ? file : stderr, "%s: %llu bytes out, %llu bytes in\n", program_invocation_short_name, out, in);
    if (file != NULL)
        fclose(file);
}

__attribute__((destructor)) static void report_at_exit(void)
{
    report();
}

/* What a process has counted before it forks it reports itself. */
static void begin_anew(void)
{
    atomic_store(&bytes_out, 0);
    atomic_store(&bytes_in, 0);
}

__attribute__((constructor)) static void begin(void)
{
    pthread_atfork(NULL, NULL, begin_anew);
}

static int WSPAPI count_send(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags,
                             LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
                             LPWSATHREADID thread, LPINT error)
{
    DWORD own; /* the caller need not want to know */
    sent = sent != NULL ? sent : &own;
    int answer = lower_of(s)->next.lpWSPSend(s, buffers, count, sent, flags, overlapped, routine, thread, error);
    if (answer == 0)
        atomic_fetch_add(&bytes_out, *sent);
    return answer;
}

static int WSPAPI count_send_to(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags,
                                const struct sockaddr *to, int to_length, LPWSAOVERLAPPED overlapped,
                                LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT error)
{
    DWORD own;
    sent = sent != NULL ? sent : &own;
    int answer = lower_of(s)->next.lpWSPSendTo(s, buffers, count, sent, flags, to, to_length, overlapped, routine,
                                               thread, error);
    if (answer == 0)
        atomic_fetch_add(&bytes_out, *sent);
    return answer;
}

static int WSPAPI count_recv(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags,
                             LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
                             LPWSATHREADID thread, LPINT error)
{
    DWORD own, asked = flags != NULL ? *flags : 0;
    received = received != NULL ? received : &own;
    int answer = lower_of(s)->next.lpWSPRecv(s, buffers, count, received, flags, overlapped, routine, thread, error);
    if (answer == 0 && (asked & MSG_PEEK) == 0)
        atomic_fetch_add(&bytes_in, *received);
    return answer;
}

static int WSPAPI count_recv_from(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags,
                                  struct sockaddr *from, LPINT from_length, LPWSAOVERLAPPED overlapped,
                                  LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT error)
{
    DWORD own, asked = flags != NULL ? *flags : 0;
    received = received != NULL ? received : &own;
    int answer = lower_of(s)->next.lpWSPRecvFrom(s, buffers, count, received, flags, from, from_length, overlapped,
                                                 routine, thread, error);
    if (answer == 0 && (asked & MSG_PEEK) == 0)
        atomic_fetch_add(&bytes_in, *received);
    return answer;
}

static int WSPAPI count_cleanup(LPINT error)
{
    return lower_cleanup(report, error);
}

int WSPAPI WSPStartup(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW entry, WSPUPCALLTABLE host,
                      LPWSPPROC_TABLE table)
{
    int error = ifs_start(version, data, entry, &host, table);
    if (error != 0)
        return error;
    atomic_store(&unreported, 1);
    lower_describe(data, WS2SPI_W("A layer that counts bytes"));
    table->lpWSPSend = count_send;
    table->lpWSPSendTo = count_send_to;
    table->lpWSPRecv = count_recv;
    table->lpWSPRecvFrom = count_recv_from;
    table->lpWSPCleanup = count_cleanup;
    return 0;
}
