/*
 * select_own.c - a layer with handles of its own, as nonifs.c, that does not know WSASendMsg by its GUID, and has another
 * answer to where select is to run (SIO_BSP_HANDLE_SELECT), and to polls. LSP_SELECT says which:
 *
 *     own       its own handle, so that its WSPSelect is called, of which it tells in LSP_SELECT_FILE
 *     refuse    WSAEOPNOTSUPP, with the same effect
 *     base      the lower provider's handle, for select and for WSAPoll
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#include "nonifs/calls.h"
#include "select_tell.h"

static int WSPAPI telling_select(int count, FD_SET *read, FD_SET *write, FD_SET *except, const struct timeval *timeout,
                                 LPINT error)
{
    tell_select("own", read, write, except);
    return own_select(count, read, write, except, timeout, error);
}

static int WSPAPI answering_ioctl(SOCKET s, DWORD code, LPVOID in, DWORD in_length, LPVOID out, DWORD out_length,
                                  LPDWORD returned, LPWSAOVERLAPPED overlapped,
                                  LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT error)
{
    static const GUID message_guid = WSAID_WSASENDMSG;
    const char *answer = secure_getenv("LSP_SELECT");
    if (code == SIO_GET_EXTENSION_FUNCTION_POINTER && in_length >= sizeof(GUID) &&
        memcmp(in, &message_guid, sizeof(GUID)) == 0) {
        *error = WSAEINVAL;
        return SOCKET_ERROR;
    }
    if (answer == NULL)
        answer = "own";
    if (strcmp(answer, "base") == 0 && code == SIO_BSP_HANDLE_POLL)
        code = SIO_BSP_HANDLE_SELECT;
    if (code == SIO_BSP_HANDLE_SELECT && strcmp(answer, "own") == 0)
        code = SIO_BSP_HANDLE;
    if (code == SIO_BSP_HANDLE_SELECT && strcmp(answer, "refuse") == 0) {
        *error = WSAEOPNOTSUPP;
        return SOCKET_ERROR;
    }
    return own_ioctl(s, code, in, in_length, out, out_length, returned, overlapped, routine, thread, error);
}

int WSPAPI WSPStartup(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW entry, WSPUPCALLTABLE host,
                      LPWSPPROC_TABLE table)
{
    int error = own_start(version, data, entry, &host, table);
    if (error == 0) {
        table->lpWSPSelect = telling_select;
        table->lpWSPIoctl = answering_ioctl;
    }
    return error;
}
