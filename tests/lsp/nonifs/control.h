/*
 * control.h - WSPIoctl, WSPSelect: where sockets go in and out by the way, and so have to be translated.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef CONTROL_H
#define CONTROL_H

#include "extensions.h"

/* ---- Control codes ---- */

/* SIO_EXT_POLL: WSAPoll on our handles. The lower ones may lie over layers again, which WSAPoll finds out. */
static inline int poll_below(WSAPOLLDATA *polled, LPINT error)
{
    WSAPOLLFD *below = malloc((polled->fds + 1) * sizeof *below);
    struct own **owns = malloc((polled->fds + 1) * sizeof *owns);
    *error = WSAENOBUFS;
    int result = SOCKET_ERROR, ignored;
    if (below != NULL && owns != NULL) {
        for (ULONG i = 0; i < polled->fds; i++) {
            below[i] = polled->fdArray[i];
            owns[i] = own_enter(below[i].fd, &ignored);
            if (owns[i] != NULL)
                below[i].fd = owns[i]->below;
        }
        result = WSAPoll(below, polled->fds, polled->timeout);
        *error = result == SOCKET_ERROR ? WSAGetLastError() : 0;
        for (ULONG i = 0; i < polled->fds; i++) {
            if (result != SOCKET_ERROR)
                polled->fdArray[i].revents = below[i].revents;
            if (owns[i] != NULL)
                own_leave(owns[i]);
        }
    }
    free(below);
    free(owns);
    polled->result = result;
    return result == SOCKET_ERROR ? SOCKET_ERROR : 0;
}

/* Puts an answer into the caller's buffer: 0, or the error. */
static inline int put_answer(const void *answer, DWORD size, LPVOID out, DWORD out_length, LPDWORD returned)
{
    if (out == NULL || out_length < size || returned == NULL)
        return WSAEFAULT;
    memcpy(out, answer, size);
    *returned = size;
    return 0;
}

/* The codes that we answer ourselves (NEED-S12, NEED-S13): 0, an error, or -1 for the lower provider's. */
static inline int answer_control(struct own *own, DWORD code, LPVOID in, DWORD in_length, LPVOID out, DWORD out_length,
                                 LPDWORD returned, BOOL later)
{
    void *function;
    int error = 0;
    switch (code) {
    case SIO_BSP_HANDLE_POLL:
        if (later)
            return WSAEFAULT;
        /* fallthrough */
    case SIO_BSP_HANDLE:
        return put_answer(&own->s, sizeof own->s, out, out_length, returned);
    case SIO_QUERY_TARGET_PNP_HANDLE:
        return put_answer(&own->below, sizeof own->below, out, out_length, returned);
    case SIO_GET_EXTENSION_FUNCTION_POINTER:
        if (in == NULL || in_length < sizeof(GUID))
            return WSAEFAULT;
        error = extension_function(own, in, &function);
        return error != 0 ? error : put_answer(&function, sizeof function, out, out_length, returned);
    case SIO_EXT_SENDMSG:
        if (in == NULL || in_length < sizeof(WSASENDMSG))
            return WSAEFAULT;
        const WSASENDMSG *message = in;
        if (own_send_msg(own->s, message->lpMsg, message->dwFlags, message->lpNumberOfBytesSent, message->lpOverlapped,
                         message->lpCompletionRoutine) == SOCKET_ERROR)
            error = WSAGetLastError();
        int put = put_answer(&error, sizeof error, out, out_length, returned);
        return error != 0 ? error : put;
    case SIO_EXT_POLL:
        if (in == NULL || in_length < sizeof(WSAPOLLDATA) || out == NULL || returned == NULL ||
            (in_length - sizeof(WSAPOLLDATA)) / sizeof(WSAPOLLFD) < ((WSAPOLLDATA *)in)->fds || out_length < in_length)
            return WSAEFAULT;
        memmove(out, in, in_length);
        *returned = in_length;
        return poll_below(out, &error) == 0 ? 0 : error;
    default:
        return -1;
    }
}

/* What passes on reaches the base provider in the end: SIO_BASE_HANDLE, and SIO_BSP_HANDLE_SELECT, since select is for the
 * handles of base providers (NEED-S13, NEED-S14). */
static int WSPAPI own_ioctl(SOCKET s, DWORD code, LPVOID in, DWORD in_length, LPVOID out, DWORD out_length,
                            LPDWORD returned, LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
                            LPWSATHREADID thread, LPINT error)
{
    struct call call;
    if (!call_begin(&call, s, FALSE, overlapped, routine, thread, NULL, 0, error))
        return SOCKET_ERROR;
    int answer = answer_control(call.own, code, in, in_length, out, out_length, call_bytes(&call, returned),
                                call.request != NULL);
    if (answer == -1) {
        answer = call.own->lower->next.lpWSPIoctl(call.own->below, code, in, in_length, out, out_length,
                                                  call_bytes(&call, returned), call.below, NULL, thread, error);
    } else {
        call.below = NULL; /* it is done already */
        *error = answer;
        answer = answer == 0 ? 0 : SOCKET_ERROR;
    }
    return call_end(&call, answer, returned, NULL, 0, error);
}

/* ---- Sets ---- */

/* A set of the program's, and the same with the lower provider's handles. Other sockets pass as they are: whose they are
 * the lower provider will say. */
struct translated {
    FD_SET *program, *below;
    UINT count;
    struct {
        SOCKET s, below;
        struct own *own;
    } *pairs;
};

static inline BOOL translate(struct translated *set, FD_SET *program, struct lower **lower)
{
    int ignored;
    *set = (struct translated){.program = program};
    if (program == NULL)
        return TRUE;
    /* A program may have larger sets than our compiler knows (NEED-H8). */
    set->below = malloc(sizeof(FD_SET) + program->fd_count * sizeof(SOCKET));
    set->pairs = malloc((program->fd_count + 1) * sizeof *set->pairs);
    if (set->below == NULL || set->pairs == NULL)
        return FALSE;
    SOCKET *handles = set->below->fd_array;
    set->count = set->below->fd_count = program->fd_count;
    for (UINT i = 0; i < set->count; i++) {
        SOCKET s = ((SOCKET *)program->fd_array)[i];
        struct own *own = own_enter(s, &ignored);
        set->pairs[i].s = s;
        set->pairs[i].own = own;
        set->pairs[i].below = handles[i] = own != NULL ? own->below : s;
        if (own != NULL && *lower == NULL)
            *lower = own->lower;
    }
    return TRUE;
}

/* Back, if the lower provider has left its answer in the set. */
static inline void translate_back(struct translated *set, BOOL answered)
{
    UINT ready = 0;
    for (UINT i = 0; answered && set->program != NULL && i < set->below->fd_count; i++) {
        SOCKET below = ((SOCKET *)set->below->fd_array)[i];
        for (UINT j = 0; j < set->count; j++) {
            if (set->pairs[j].below == below) {
                ((SOCKET *)set->program->fd_array)[ready++] = set->pairs[j].s;
                break;
            }
        }
    }
    if (answered && set->program != NULL)
        set->program->fd_count = ready;
    for (UINT i = 0; set->pairs != NULL && i < set->count; i++)
        if (set->pairs[i].own != NULL)
            own_leave(set->pairs[i].own);
    free(set->pairs);
    free(set->below);
}

static int WSPAPI own_select(int count, FD_SET *read, FD_SET *write, FD_SET *except, const struct timeval *timeout,
                             LPINT error)
{
    struct translated sets[3] = {0};
    struct lower *lower = NULL;
    int answer = SOCKET_ERROR;
    BOOL whole = translate(&sets[0], read, &lower) && translate(&sets[1], write, &lower) &&
                 translate(&sets[2], except, &lower);
    if (lower == NULL)
        lower = lower_any(); /* it refuses what is nobody's */
    if (whole)
        answer = lower->next.lpWSPSelect(count, sets[0].below, sets[1].below, sets[2].below, timeout, error);
    else
        *error = WSAEFAULT; /* WSPSelect.8 */
    for (int i = 0; i < 3; i++)
        translate_back(&sets[i], answer != SOCKET_ERROR);
    return answer;
}

#endif
