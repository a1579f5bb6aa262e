/*
 * requests.h - overlapped requests (NEED-S8 to NEED-S11).
 *
 * The lower provider is given a structure of our own instead of the program's, and reports its end as a packet to our
 * completion port. A thread takes the packet, does what a layer does with data, and tells the program: by its completion
 * routine, or its event or port. What a program finds in its structure at the end is our convention, which our
 * WSPGetOverlappedResult reads: the code in OffsetHigh, the flags in Offset (OV.21).
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef REQUESTS_H
#define REQUESTS_H

#include "sockets.h"

#include <limits.h>
#include <time.h>
#include <unistd.h>

/* What this layer does to data on their way out, and back in; NULL for nothing. Set when it is loaded. */
static void (*rewrite_out)(char *bytes, size_t length);
static void (*rewrite_in)(char *bytes, size_t length);

struct request {
    WSAOVERLAPPED below; /* the lower provider's; first, since a packet brings its address */
    struct own *own;
    LPWSAOVERLAPPED program;
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine;
    WSATHREADID thread; /* a copy: the caller's may go (OV.12) */
    BOOL thread_is_ours;
    DWORD code, bytes, flags;
    char *copy;       /* of what is sent, rewritten */
    DWORD count;      /* of the buffers that receive, copied: the caller's array may go (OV.7) */
    WSABUF buffers[];
};

/* ---- The end of a request ---- */

static inline void request_free(struct request *request)
{
    int ignored;
    if (request->thread_is_ours)
        host()->lpWPUCloseThread(&request->thread, &ignored);
    free(request->copy);
    free(request);
}

/* Runs on the program's thread, when that waits alertably (OV.11, OV.13). */
static void CALLBACK request_call(DWORD_PTR context)
{
    struct request *request = (struct request *)context;
    request->routine(request->code, request->bytes, request->program, request->flags);
    request_free(request);
}

static void received(const WSABUF *buffers, DWORD count, size_t bytes)
{
    for (DWORD i = 0; rewrite_in != NULL && i < count && bytes > 0; i++) {
        size_t part = bytes < buffers[i].len ? bytes : buffers[i].len;
        rewrite_in(buffers[i].buf, part);
        bytes -= part;
    }
}

/* What is counted down when a request has ended; the last WSPCleanup waits for it, and has nobody told (WSPCleanup.4). */
static unsigned requests_under_way;
static BOOL requests_are_silent;
static pthread_cond_t requests_ended = PTHREAD_COND_INITIALIZER;

/* A request has ended, or has not begun after all. */
static inline void request_count_down(void)
{
    pthread_mutex_lock(&own_lock);
    requests_under_way--;
    pthread_cond_broadcast(&requests_ended);
    pthread_mutex_unlock(&own_lock);
}

/* Tells the program. `code`, `bytes` and `flags` are in the request. */
static inline void request_end(struct request *request)
{
    struct own *own = request->own;
    LPWSAOVERLAPPED program = request->program;
    int ignored;
    received(request->buffers, request->count, request->bytes);
    if (program != NULL) {
        program->Offset = request->flags;
        program->OffsetHigh = request->code;
    }
    pthread_mutex_lock(&own_lock);
    BOOL silent = requests_are_silent;
    pthread_mutex_unlock(&own_lock);
    /* That fails when the host has closed our handle, as it may after WSPCleanup: then only the status says so. */
    if (!silent && request->routine == NULL &&
        WPUCompleteOverlappedRequest(own->s, program, request->code, request->bytes, &ignored) == 0) {
        request_free(request);
    } else {
        if (program != NULL) {
            program->InternalHigh = request->bytes;
            __atomic_store_n(&program->Internal, request->code, __ATOMIC_RELEASE);
        }
        if (silent || request->routine == NULL ||
            host()->lpWPUQueueApc(&request->thread, request_call, (DWORD_PTR)request, &ignored) != 0)
            request_free(request);
    }
    own_leave(own);
    request_count_down();
}

/* ---- The thread that takes packets ---- */

static HANDLE port;
static pthread_t worker;
static pid_t worker_process; /* a child of a fork has no such thread, and needs one of its own */

static void *work(void *taken)
{
    DWORD bytes;
    ULONG_PTR key;
    LPOVERLAPPED overlapped;
    for (;;) {
        BOOL well = GetQueuedCompletionStatus((HANDLE)taken, &bytes, &key, &overlapped, INFINITE);
        if (overlapped == NULL) /* the packet that stops us, or the port is gone */
            return NULL;
        struct request *request = (struct request *)overlapped;
        struct own *own = request->own;
        int error = 0;
        if (!own->lower->next.lpWSPGetOverlappedResult(own->below, overlapped, &request->bytes, FALSE, &request->flags,
                                                       &error)) {
            /* A socket that was closed meanwhile can no longer be asked; the packet says what matters. */
            if (error == WSAENOTSOCK)
                error = well ? 0 : WSA_OPERATION_ABORTED;
            request->bytes = bytes;
        }
        request->code = (DWORD)error;
        request_end(request);
    }
}

/* Has a socket report to our port, and counts a request: 0, or the error. The thread is made for the first
 * (WSPStartup.13). On a socket that was closed meanwhile none begins, since the last WSPCleanup may have stopped it. */
static inline int request_port(struct own *own)
{
    int error = 0;
    pthread_mutex_lock(&own_lock);
    if (own->closed) {
        pthread_mutex_unlock(&own_lock);
        return WSAENOTSOCK;
    }
    if (port == NULL)
        port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    if (port == NULL)
        error = WSAENOBUFS;
    if (error == 0 && worker_process != getpid()) {
        error = pthread_create(&worker, NULL, work, port) == 0 ? 0 : WSAEOPNOTSUPP;
        worker_process = error == 0 ? getpid() : 0;
    }
    if (error == 0 && own->reports == NO_PORT) {
        if (CreateIoCompletionPort((HANDLE)own->below, port, 0, 0) != NULL)
            own->reports = HAS_PORT;
        else if (GetLastError() == ERROR_INVALID_PARAMETER)
            own->reports = PORT_REFUSED; /* it has one: no packet will come */
        else
            error = GetLastError() == ERROR_INVALID_HANDLE ? WSAENOTSOCK : WSAENOBUFS; /* closed meanwhile */
    }
    if (error == 0)
        requests_under_way++;
    pthread_mutex_unlock(&own_lock);
    return error;
}

/* The last WSPCleanup: five seconds for what is under way, and the thread. */
static inline void request_stop(void)
{
    struct timespec limit;
    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_sec += 5;
    pthread_mutex_lock(&own_lock);
    int waited = 0;
    while (requests_under_way > 0 && waited == 0)
        waited = pthread_cond_timedwait(&requests_ended, &own_lock, &limit);
    BOOL has_worker = worker_process == getpid() && waited == 0;
    HANDLE ended = port;
    requests_are_silent = FALSE;
    worker_process = 0;
    if (waited == 0)
        port = NULL;
    pthread_mutex_unlock(&own_lock);
    if (has_worker) {
        PostQueuedCompletionStatus(ended, 0, 0, NULL);
        pthread_join(worker, NULL);
    }
    if (ended != NULL && waited == 0)
        CloseHandle(ended);
}

/* ---- The way of a call that may complete later ---- */

struct call {
    struct own *own;
    struct request *request; /* NULL if all is done when the call returns */
    LPWSAOVERLAPPED below;   /* for the lower provider, or NULL */
    DWORD bytes, flags;
    char *copy;
    WSABUF one;
};

/* What is kept until such a call has ended; NULL, and the error. */
static inline struct request *request_new(struct own *own, LPWSAOVERLAPPED program,
                                          LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread,
                                          const WSABUF *buffers, DWORD count, LPINT error)
{
    count = rewrite_in != NULL && buffers != NULL ? count : 0;
    struct request *request = calloc(1, sizeof *request + count * sizeof *buffers);
    *error = WSAENOBUFS;
    if (request == NULL)
        return NULL;
    request->own = own;
    request->program = program;
    request->routine = routine;
    if (count > 0)
        memcpy(request->buffers, buffers, count * sizeof *buffers);
    request->count = count;
    if (routine != NULL && thread != NULL)
        request->thread = *thread;
    else if (routine != NULL && host()->lpWPUOpenCurrentThread(&request->thread, error) == SOCKET_ERROR)
        return request_free(request), NULL;
    request->thread_is_ours = routine != NULL && thread == NULL;
    return request;
}

/* Begins a call on `s`; `buffers` are those that receive. FALSE if it has failed already. Otherwise the lower provider is
 * called with `own->below` and `below`, and then call_end. */
static inline BOOL call_begin(struct call *call, SOCKET s, BOOL always, LPWSAOVERLAPPED program,
                              LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, const WSABUF *buffers,
                              DWORD count, LPINT error)
{
    *call = (struct call){.own = own_enter(s, error)};
    if (call->own == NULL)
        return FALSE;
    if ((program == NULL && routine == NULL) || (!call->own->overlapped && !always))
        return TRUE;
    int code = request_port(call->own);
    if (code == 0) {
        call->request = request_new(call->own, program, routine, thread, buffers, count, &code);
        if (call->request == NULL)
            request_count_down();
    }
    if (call->request == NULL) {
        *error = code;
        own_leave(call->own);
        return FALSE;
    }
    if (call->own->reports == HAS_PORT)
        call->below = &call->request->below;
    if (program != NULL) {
        WSAEVENT event = (WSAEVENT)((ULONG_PTR)program->hEvent & ~(ULONG_PTR)1);
        program->Internal = WSS_OPERATION_IN_PROGRESS;
        program->InternalHigh = 0;
        if (routine == NULL && event != NULL)
            host()->lpWPUResetEvent(event, &code);
    }
    pthread_mutex_lock(&own_lock);
    call->own->uses++; /* the request's */
    pthread_mutex_unlock(&own_lock);
    return TRUE;
}

/* The buffers that go out: the caller's, or one with a rewritten copy of them, which are not ours to change. FALSE without
 * memory for that: then the call has failed. */
static inline BOOL call_out(struct call *call, LPWSABUF *buffers, DWORD *count)
{
    size_t length = 0, at = 0;
    if (rewrite_out == NULL || *buffers == NULL)
        return TRUE;
    for (DWORD i = 0; i < *count; i++)
        length += (*buffers)[i].len;
    char *copy = length <= INT_MAX ? malloc(length + 1) : NULL;
    if (copy == NULL)
        return FALSE;
    for (DWORD i = 0; i < *count; at += (*buffers)[i++].len)
        if ((*buffers)[i].len > 0) /* a buffer for nothing need not point anywhere */
            memcpy(copy + at, (*buffers)[i].buf, (*buffers)[i].len);
    rewrite_out(copy, length);
    call->one = (WSABUF){(ULONG)length, copy};
    *buffers = &call->one;
    *count = *count > 0 ? 1 : 0;
    *(call->request != NULL ? &call->request->copy : &call->copy) = copy;
    return TRUE;
}

/* Where the lower provider puts the count: NULL only where the caller gives no place to a call that needs one. */
static inline LPDWORD call_bytes(struct call *call, LPDWORD bytes)
{
    return call->request == NULL && bytes == NULL ? NULL : &call->bytes;
}

/* Where it finds and puts the flags. A request's come with its end: those of the caller are left alone (OV.4). */
static inline LPDWORD call_flags(struct call *call, LPDWORD flags)
{
    if (call->request == NULL || flags == NULL)
        return flags;
    call->flags = *flags;
    return &call->flags;
}

/* Ends a call with the lower provider's answer, and gives ours. What it has accepted is told of later, even if it is done
 * already: its packet comes in any case (NEED-S8). */
static inline int call_end(struct call *call, int answer, LPDWORD bytes, const WSABUF *buffers, DWORD count,
                           LPINT error)
{
    struct request *request = call->request;
    if (request == NULL) {
        /* A datagram that was too long has come as far as there was room. */
        if (answer == 0 || *error == WSAEMSGSIZE) {
            received(buffers, count, call->bytes);
            if (bytes != NULL)
                *bytes = call->bytes;
        }
    } else if (answer == SOCKET_ERROR && *error != WSA_IO_PENDING) {
        if (request->program != NULL)
            request->program->Internal = 0;
        request_free(request);
        own_leave(call->own);
        request_count_down();
    } else {
        if (call->below == NULL) { /* without a port it was done synchronously */
            request->bytes = call->bytes;
            request->flags = call->flags;
            request_end(request);
        }
        answer = SOCKET_ERROR;
        *error = WSA_IO_PENDING;
    }
    free(call->copy);
    own_leave(call->own);
    return answer;
}

/* What became of a request (NEED-S11). To wait for its end it needs an event (WSPGetOverlappedResult.4). */
static BOOL WSPAPI own_get_overlapped_result(SOCKET s, LPWSAOVERLAPPED program, LPDWORD bytes, BOOL wait, LPDWORD flags,
                                             LPINT error)
{
    struct own *own = own_enter(s, error);
    if (own == NULL)
        return FALSE;
    own_leave(own);
    HANDLE event = program != NULL ? (HANDLE)((ULONG_PTR)program->hEvent & ~(ULONG_PTR)1) : NULL;
    *error = program == NULL || bytes == NULL || flags == NULL ? WSAEFAULT : 0;
    while (*error == 0 && __atomic_load_n(&program->Internal, __ATOMIC_ACQUIRE) == WSS_OPERATION_IN_PROGRESS) {
        if (!wait)
            *error = WSA_IO_INCOMPLETE;
        else if (event == NULL || WaitForSingleObject(event, INFINITE) != WAIT_OBJECT_0)
            *error = WSA_INVALID_HANDLE;
    }
    if (*error == 0)
        *error = (int)program->OffsetHigh;
    if (*error != 0)
        return FALSE;
    *bytes = (DWORD)program->InternalHigh;
    *flags = program->Offset;
    return TRUE;
}

#endif
