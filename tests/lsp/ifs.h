/*
 * ifs.h - a layer whose sockets are the lower provider's own (XP1_IFS_HANDLES).
 *
 * Such a layer hands the lower provider's functions up as they are, and puts its own in place of some. It has to for
 * these nine (NEED-S5): those that give out a socket, which the host has to be told is ours now, those that close it, and
 * those in which an entry of the catalog goes up or down. What it cannot see is what the host does with such a socket
 * past the table: later completions of overlapped requests, WSASendMsg, WSAPoll (WPUModifyIFSHandle.4).
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef IFS_H
#define IFS_H

#include "lower.h"

/* Tells the host that a new socket's calls are to come to us: the last who does that gets them. */
static inline SOCKET ifs_own(struct lower *lower, SOCKET s, LPINT error)
{
    if (s == INVALID_SOCKET)
        return INVALID_SOCKET;
    SOCKET ours = lower->host.lpWPUModifyIFSHandle(lower->id, s, error);
    if (ours == s && lower_note(s, lower))
        return s;
    /* Another value would be one that the lower provider does not know. */
    if (ours != INVALID_SOCKET)
        *error = WSAENOBUFS;
    int ignored;
    lower->next.lpWSPCloseSocket(s, &ignored);
    return INVALID_SOCKET;
}

static SOCKET WSPAPI ifs_socket(int af, int type, int protocol, LPWSAPROTOCOL_INFOW entry, GROUP g, DWORD flags,
                                LPINT error)
{
    WSAPROTOCOL_INFOW below;
    struct lower *lower = lower_for(entry, &below);
    return ifs_own(lower, lower->next.lpWSPSocket(af, type, protocol, &below, g, flags, error), error);
}

static SOCKET WSPAPI ifs_accept(SOCKET s, struct sockaddr *addr, LPINT addrlen, LPCONDITIONPROC condition,
                                DWORD_PTR data, LPINT error)
{
    struct lower *lower = lower_of(s);
    return ifs_own(lower, lower->next.lpWSPAccept(s, addr, addrlen, condition, data, error), error);
}

/* Mostly the answer is the socket itself, which is ours already; a root's is a new one (WSPJoinLeaf.3, .4). */
static SOCKET WSPAPI ifs_join_leaf(SOCKET s, const struct sockaddr *name, int namelen, LPWSABUF caller, LPWSABUF callee,
                                   LPQOS sqos, LPQOS gqos, DWORD flags, LPINT error)
{
    struct lower *lower = lower_of(s);
    SOCKET leaf = lower->next.lpWSPJoinLeaf(s, name, namelen, caller, callee, sqos, gqos, flags, error);
    return leaf == s ? s : ifs_own(lower, leaf, error);
}

static int WSPAPI ifs_close_socket(SOCKET s, LPINT error)
{
    struct lower *lower = lower_of(s);
    int answer = lower->next.lpWSPCloseSocket(s, error);
    if (answer == 0)
        lower_note(s, NULL);
    return answer;
}

static int WSPAPI ifs_duplicate_socket(SOCKET s, DWORD process, LPWSAPROTOCOL_INFOW entry, LPINT error)
{
    return lower_duplicate(lower_of(s), s, process, entry, error);
}

static int WSPAPI ifs_get_sock_opt(SOCKET s, int level, int name, char *value, LPINT length, LPINT error)
{
    return lower_get_option(lower_of(s), s, level, name, value, length, error);
}

static int WSPAPI ifs_cleanup(LPINT error)
{
    return lower_cleanup(NULL, error);
}

/* WSPStartup, but for what a layer does itself: it puts that into the table afterwards. */
static inline int ifs_start(WORD version, LPWSPDATA data, const WSAPROTOCOL_INFOW *entry, const WSPUPCALLTABLE *host,
                            LPWSPPROC_TABLE table)
{
    int error;
    struct lower *lower = lower_start(version, data, entry, host, &error);
    if (lower == NULL)
        return error;
    *table = lower->next;
    table->lpWSPSocket = ifs_socket;
    table->lpWSPAccept = ifs_accept;
    table->lpWSPJoinLeaf = ifs_join_leaf;
    table->lpWSPCloseSocket = ifs_close_socket;
    table->lpWSPDuplicateSocket = ifs_duplicate_socket;
    table->lpWSPGetSockOpt = ifs_get_sock_opt;
    table->lpWSPAddressToString = lower_address_to_string;
    table->lpWSPStringToAddress = lower_string_to_address;
    table->lpWSPCleanup = ifs_cleanup;
    return 0;
}

#endif
