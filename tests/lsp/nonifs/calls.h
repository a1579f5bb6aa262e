/*
 * calls.h - the functions of the table, and WSPStartup but for the name of the layer.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef CALLS_H
#define CALLS_H

#include "control.h"
#include "messages.h"

/* ---- Sockets come and go ---- */

/* The lower socket can do overlapped I/O in any case: its requests are ours (NEED-S7). */
static SOCKET WSPAPI own_socket(int af, int type, int protocol, LPWSAPROTOCOL_INFOW entry, GROUP g, DWORD flags,
                                LPINT error)
{
    WSAPROTOCOL_INFOW handed;
    unsigned ends = own_ended();
    struct lower *lower = lower_for(entry, &handed);
    if (!lower_is_started(lower)) { /* the provider below may go on for others */
        *error = WSANOTINITIALISED;
        return INVALID_SOCKET;
    }
    SOCKET below = lower->next.lpWSPSocket(af, type, protocol, &handed, g, flags | WSA_FLAG_OVERLAPPED, error);
    return own_create(lower, below, (flags & WSA_FLAG_OVERLAPPED) != 0, ends, error);
}

static SOCKET WSPAPI own_accept(SOCKET s, struct sockaddr *addr, LPINT addrlen, LPCONDITIONPROC condition,
                                DWORD_PTR data, LPINT error)
{
    unsigned ends = own_ended();
    struct own *own = own_enter(s, error);
    if (own == NULL)
        return INVALID_SOCKET;
    SOCKET below = own->lower->next.lpWSPAccept(own->below, addr, addrlen, condition, data, error);
    SOCKET accepted = own_create(own->lower, below, own->overlapped, ends, error);
    if (accepted != INVALID_SOCKET)
        inherit_messages(accepted, own);
    own_leave(own);
    return accepted;
}

static SOCKET WSPAPI own_join_leaf(SOCKET s, const struct sockaddr *name, int namelen, LPWSABUF caller, LPWSABUF callee,
                                   LPQOS sqos, LPQOS gqos, DWORD flags, LPINT error)
{
    unsigned ends = own_ended();
    struct own *own = own_enter(s, error);
    if (own == NULL)
        return INVALID_SOCKET;
    SOCKET leaf = own->lower->next.lpWSPJoinLeaf(own->below, name, namelen, caller, callee, sqos, gqos, flags, error);
    leaf = leaf == own->below ? s : own_create(own->lower, leaf, own->overlapped, ends, error);
    own_leave(own);
    return leaf;
}

/* Our handle stays until the requests that this aborts have been told of. */
static int WSPAPI own_close_socket(SOCKET s, LPINT error)
{
    struct own *own = own_enter(s, error);
    if (own == NULL)
        return SOCKET_ERROR;
    int answer = own->lower->next.lpWSPCloseSocket(own->below, error);
    if (answer == 0 && !own_retire(own)) {
        answer = SOCKET_ERROR;
        *error = WSAENOTSOCK;
    }
    own_leave(own);
    return answer;
}

static int WSPAPI own_duplicate_socket(SOCKET s, DWORD process, LPWSAPROTOCOL_INFOW entry, LPINT error)
{
    struct own *own = own_enter(s, error);
    if (own == NULL)
        return SOCKET_ERROR;
    int answer = lower_duplicate(own->lower, own->below, process, entry, error);
    own_leave(own);
    return answer;
}

/* ---- Data ---- */

static int WSPAPI own_send(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags,
                           LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
                           LPWSATHREADID thread, LPINT error)
{
    struct call call;
    int answer = SOCKET_ERROR;
    if (!call_begin(&call, s, FALSE, overlapped, routine, thread, NULL, 0, error))
        return SOCKET_ERROR;
    *error = WSAENOBUFS;
    if (call_out(&call, &buffers, &count))
        answer = call.own->lower->next.lpWSPSend(call.own->below, buffers, count, call_bytes(&call, sent), flags,
                                                 call.below, NULL, thread, error);
    return call_end(&call, answer, sent, NULL, 0, error);
}

static int WSPAPI own_send_to(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags,
                              const struct sockaddr *to, int to_length, LPWSAOVERLAPPED overlapped,
                              LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT error)
{
    struct call call;
    int answer = SOCKET_ERROR;
    if (!call_begin(&call, s, FALSE, overlapped, routine, thread, NULL, 0, error))
        return SOCKET_ERROR;
    *error = WSAENOBUFS;
    if (call_out(&call, &buffers, &count))
        answer = call.own->lower->next.lpWSPSendTo(call.own->below, buffers, count, call_bytes(&call, sent), flags, to,
                                                   to_length, call.below, NULL, thread, error);
    return call_end(&call, answer, sent, NULL, 0, error);
}

static int WSPAPI own_recv(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD bytes, LPDWORD flags,
                           LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine,
                           LPWSATHREADID thread, LPINT error)
{
    struct call call;
    if (!call_begin(&call, s, FALSE, overlapped, routine, thread, buffers, count, error))
        return SOCKET_ERROR;
    int answer = call.own->lower->next.lpWSPRecv(call.own->below, buffers, count, call_bytes(&call, bytes),
                                                 call_flags(&call, flags), call.below, NULL, thread, error);
    return call_end(&call, answer, bytes, buffers, count, error);
}

static int WSPAPI own_recv_from(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD bytes, LPDWORD flags,
                                struct sockaddr *from, LPINT from_length, LPWSAOVERLAPPED overlapped,
                                LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT error)
{
    struct call call;
    if (!call_begin(&call, s, FALSE, overlapped, routine, thread, buffers, count, error))
        return SOCKET_ERROR;
    int answer = call.own->lower->next.lpWSPRecvFrom(call.own->below, buffers, count, call_bytes(&call, bytes),
                                                     call_flags(&call, flags), from, from_length, call.below, NULL,
                                                     thread, error);
    return call_end(&call, answer, bytes, buffers, count, error);
}

/* ---- Options ---- */

static int WSPAPI own_get_sock_opt(SOCKET s, int level, int name, char *value, LPINT length, LPINT error)
{
    struct own *own = own_enter(s, error);
    if (own == NULL)
        return SOCKET_ERROR;
    int answer = lower_get_option(own->lower, own->below, level, name, value, length, error);
    own_leave(own);
    return answer;
}

/* One option's value is a socket: the listener of AcceptEx. */
static int WSPAPI own_set_sock_opt(SOCKET s, int level, int name, const char *value, int length, LPINT error)
{
    struct own *listener = NULL, *own = own_enter(s, error);
    if (own == NULL)
        return SOCKET_ERROR;
    BOOL accepts = level == SOL_SOCKET && name == SO_UPDATE_ACCEPT_CONTEXT && value != NULL &&
                   length >= (int)sizeof(SOCKET);
    SOCKET listening;
    if (accepts) {
        memcpy(&listening, value, sizeof listening);
        listener = own_enter(listening, error);
        if (listener == NULL) {
            own_leave(own);
            return SOCKET_ERROR;
        }
        value = (const char *)&listener->below;
    }
    int answer = own->lower->next.lpWSPSetSockOpt(own->below, level, name, value, length, error);
    if (listener != NULL) {
        if (answer == 0)
            inherit_messages(s, listener);
        own_leave(listener);
    }
    own_leave(own);
    return answer;
}

/* ---- What only has its socket translated ---- */

static int WSPAPI own_bind(SOCKET s, const struct sockaddr *name, int namelen, LPINT error)
{
    BELOW(SOCKET_ERROR, lpWSPBind, name, namelen, error);
}

static int WSPAPI own_listen(SOCKET s, int backlog, LPINT error)
{
    BELOW(SOCKET_ERROR, lpWSPListen, backlog, error);
}

static int WSPAPI own_connect(SOCKET s, const struct sockaddr *name, int namelen, LPWSABUF caller, LPWSABUF callee,
                              LPQOS sqos, LPQOS gqos, LPINT error)
{
    BELOW(SOCKET_ERROR, lpWSPConnect, name, namelen, caller, callee, sqos, gqos, error);
}

static int WSPAPI own_shutdown(SOCKET s, int how, LPINT error)
{
    BELOW(SOCKET_ERROR, lpWSPShutdown, how, error);
}

static int WSPAPI own_send_disconnect(SOCKET s, LPWSABUF data, LPINT error)
{
    BELOW(SOCKET_ERROR, lpWSPSendDisconnect, data, error);
}

static int WSPAPI own_recv_disconnect(SOCKET s, LPWSABUF data, LPINT error)
{
    BELOW(SOCKET_ERROR, lpWSPRecvDisconnect, data, error);
}

static int WSPAPI own_get_sock_name(SOCKET s, struct sockaddr *name, LPINT namelen, LPINT error)
{
    BELOW(SOCKET_ERROR, lpWSPGetSockName, name, namelen, error);
}

static int WSPAPI own_get_peer_name(SOCKET s, struct sockaddr *name, LPINT namelen, LPINT error)
{
    BELOW(SOCKET_ERROR, lpWSPGetPeerName, name, namelen, error);
}

static BOOL WSPAPI own_get_qos_by_name(SOCKET s, LPWSABUF name, LPQOS qos, LPINT error)
{
    BELOW(FALSE, lpWSPGetQOSByName, name, qos, error);
}

/* The thread's blocking call is in some provider below. */
static int WSPAPI own_cancel_blocking_call(LPINT error)
{
    int answer = SOCKET_ERROR;
    *error = WSANOTINITIALISED;
    for (struct lower *lower = __atomic_load_n(&lowers, __ATOMIC_ACQUIRE); lower != NULL && answer != 0;
         lower = __atomic_load_n(&lower->newer, __ATOMIC_ACQUIRE))
        if (lower_is_started(lower))
            answer = lower->next.lpWSPCancelBlockingCall(error);
    return answer;
}

/* ---- The end ---- */

/* Closes what is left, with a reset, and has nobody told of the requests that this ends (WSPCleanup.3 to .5, NEED-S16). */
static void own_end(void)
{
    static const LINGER at_once = {1, 0};
    int ignored;
    pthread_mutex_lock(&own_lock);
    own_ends++;
    requests_are_silent = TRUE;
    pthread_mutex_unlock(&own_lock);
    for (size_t place = 0, limit = own_limit(); place < limit; place++) {
        struct own *own = own_at(place);
        if (own == NULL)
            continue;
        own->lower->next.lpWSPSetSockOpt(own->below, SOL_SOCKET, SO_LINGER, (const char *)&at_once, sizeof at_once,
                                         &ignored);
        own->lower->next.lpWSPCloseSocket(own->below, &ignored);
        own_retire(own);
        own_leave(own);
    }
    stop_messenger();
    request_stop();
}

static int WSPAPI own_cleanup(LPINT error)
{
    return lower_cleanup(own_end, error);
}

static pid_t started_in;

/* A program that ends without WSACleanup. What a forked child has are its parent's sockets too, so it leaves them. */
__attribute__((destructor)) static void own_at_exit(void)
{
    int ignored;
    while (__atomic_load_n(&started_in, __ATOMIC_RELAXED) == getpid() && lower_cleanup(own_end, &ignored) == 0)
        continue;
}

static inline int own_start(WORD version, LPWSPDATA data, const WSAPROTOCOL_INFOW *entry, const WSPUPCALLTABLE *upcalls,
                            LPWSPPROC_TABLE table)
{
    int error;
    struct lower *lower = lower_start(version, data, entry, upcalls, &error);
    if (lower == NULL)
        return error;
    __atomic_store_n(&started_in, getpid(), __ATOMIC_RELAXED);
    __atomic_store_n(&own_host, &lower->host, __ATOMIC_RELEASE);
    *table = (WSPPROC_TABLE){
        .lpWSPAccept = own_accept,
        .lpWSPAddressToString = lower_address_to_string,
        .lpWSPAsyncSelect = own_async_select,
        .lpWSPBind = own_bind,
        .lpWSPCancelBlockingCall = own_cancel_blocking_call,
        .lpWSPCleanup = own_cleanup,
        .lpWSPCloseSocket = own_close_socket,
        .lpWSPConnect = own_connect,
        .lpWSPDuplicateSocket = own_duplicate_socket,
        .lpWSPEnumNetworkEvents = own_enum_network_events,
        .lpWSPEventSelect = own_event_select,
        .lpWSPGetOverlappedResult = own_get_overlapped_result,
        .lpWSPGetPeerName = own_get_peer_name,
        .lpWSPGetSockName = own_get_sock_name,
        .lpWSPGetSockOpt = own_get_sock_opt,
        .lpWSPGetQOSByName = own_get_qos_by_name,
        .lpWSPIoctl = own_ioctl,
        .lpWSPJoinLeaf = own_join_leaf,
        .lpWSPListen = own_listen,
        .lpWSPRecv = own_recv,
        .lpWSPRecvDisconnect = own_recv_disconnect,
        .lpWSPRecvFrom = own_recv_from,
        .lpWSPSelect = own_select,
        .lpWSPSend = own_send,
        .lpWSPSendDisconnect = own_send_disconnect,
        .lpWSPSendTo = own_send_to,
        .lpWSPSetSockOpt = own_set_sock_opt,
        .lpWSPShutdown = own_shutdown,
        .lpWSPSocket = own_socket,
        .lpWSPStringToAddress = lower_string_to_address,
    };
    return 0;
}

#endif
