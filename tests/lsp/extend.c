/*
 * extend.c - a layer with extension functions of its own. A program asks a socket for each by its GUID, so a layer can
 * put its own in place socket by socket; here ConnectEx and WSARecvMsg of IPv4 and IPv6 sockets, which add a line to the
 * file that LSP_EXTEND_FILE names, or to standard error, and do what the lower provider's do:
 *
 *     ConnectEx with 5 bytes
 *     WSARecvMsg got 12 bytes
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#include "ifs.h"

#include <mswsock.h>

static void note(const char *what, DWORD bytes)
{
    const char *path = secure_getenv("LSP_EXTEND_FILE");
    FILE *file = path != NULL ? fopen(path, "a") : NULL;
    fprintf(file != NULL ? file : stderr, "%s %u bytes\n", what, bytes);
    if (file != NULL)
        fclose(file);
}

/* The lower provider's function for this socket goes to `function`; 0, or the error. */
static int lower_function(SOCKET s, GUID guid, void *function)
{
    DWORD size;
    int error = 0;
    if (lower_of(s)->next.lpWSPIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &guid, sizeof guid, function, sizeof(void *),
                                     &size, NULL, NULL, NULL, &error) == SOCKET_ERROR)
        WSASetLastError(error); /* where a program looks after an extension function (NEED-S12) */
    return error;
}

static BOOL WSAAPI extend_connect_ex(SOCKET s, const struct sockaddr *name, int namelen, PVOID bytes, DWORD length,
                                     LPDWORD sent, LPOVERLAPPED overlapped)
{
    LPFN_CONNECTEX connect_ex;
    if (lower_function(s, (GUID)WSAID_CONNECTEX, &connect_ex) != 0)
        return FALSE;
    note("ConnectEx with", bytes != NULL ? length : 0);
    return connect_ex(s, name, namelen, bytes, length, sent, overlapped);
}

static INT WSAAPI extend_recv_msg(SOCKET s, LPWSAMSG message, LPDWORD received, LPWSAOVERLAPPED overlapped,
                                  LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    LPFN_WSARECVMSG recv_msg;
    DWORD own;
    if (lower_function(s, (GUID)WSAID_WSARECVMSG, &recv_msg) != 0)
        return SOCKET_ERROR;
    received = received != NULL ? received : &own;
    INT answer = recv_msg(s, message, received, overlapped, routine);
    if (answer == 0)
        note("WSARecvMsg got", *received);
    return answer;
}

static int WSPAPI extend_ioctl(SOCKET s, DWORD code, LPVOID in, DWORD in_length, LPVOID out, DWORD out_length,
                               LPDWORD returned, LPWSAOVERLAPPED overlapped,
                               LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT error)
{
    static const GUID connect_guid = WSAID_CONNECTEX, recv_msg_guid = WSAID_WSARECVMSG;
    LPFN_CONNECTEX connect_ex = extend_connect_ex;
    LPFN_WSARECVMSG recv_msg = extend_recv_msg;
    struct lower *lower = lower_of(s);
    int answer = lower->next.lpWSPIoctl(s, code, in, in_length, out, out_length, returned, overlapped, routine, thread,
                                        error);
    if (answer != 0 || code != SIO_GET_EXTENSION_FUNCTION_POINTER || lower->entry.iAddressFamily == AF_UNIX)
        return answer;
    if (memcmp(in, &connect_guid, sizeof(GUID)) == 0)
        memcpy(out, &connect_ex, sizeof connect_ex);
    else if (memcmp(in, &recv_msg_guid, sizeof(GUID)) == 0)
        memcpy(out, &recv_msg, sizeof recv_msg);
    return answer;
}

int WSPAPI WSPStartup(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW entry, WSPUPCALLTABLE host,
                      LPWSPPROC_TABLE table)
{
    int error = ifs_start(version, data, entry, &host, table);
    if (error != 0)
        return error;
    lower_describe(data, WS2SPI_W("A layer with extension functions of its own"));
    table->lpWSPIoctl = extend_ioctl;
    return 0;
}
