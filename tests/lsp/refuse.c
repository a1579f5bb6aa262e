/*
 * refuse.c - a layer that refuses connections to the addresses that LSP_REFUSE names, with WSAEACCES, as a firewall does:
 *
 *     LSP_REFUSE='127.0.0.1:4711,[::1]:4711'
 *
 * A program connects by WSPConnect, or by the extension function ConnectEx, which it gets by WSPIoctl: so a layer that
 * watches one has to watch the other.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#include "ifs.h"

#include <mswsock.h>

/* Whether the address, as the lower provider writes it, is in the list. */
static int is_refused(struct lower *lower, const struct sockaddr *name, int namelen)
{
    WCHAR wide[256];
    char text[3 * 256 + 2];
    DWORD length = sizeof wide / sizeof *wide;
    int error;
    const char *refused = secure_getenv("LSP_REFUSE");
    if (refused == NULL || lower->next.lpWSPAddressToString((LPSOCKADDR)name, (DWORD)namelen, &lower->below, wide,
                                                            &length, &error) == SOCKET_ERROR)
        return 0; /* what is no address the lower provider refuses itself */
    lower_utf8(wide, text, sizeof text);
    for (size_t part; *refused != '\0'; refused += part + (refused[part] == ',')) {
        part = strcspn(refused, ",");
        if (part == strlen(text) && memcmp(refused, text, part) == 0)
            return 1;
    }
    return 0;
}

static int WSPAPI refuse_connect(SOCKET s, const struct sockaddr *name, int namelen, LPWSABUF caller, LPWSABUF callee,
                                 LPQOS sqos, LPQOS gqos, LPINT error)
{
    struct lower *lower = lower_of(s);
    if (is_refused(lower, name, namelen)) {
        *error = WSAEACCES;
        return SOCKET_ERROR;
    }
    return lower->next.lpWSPConnect(s, name, namelen, caller, callee, sqos, gqos, error);
}

/* An extension function has no lpErrno: the code goes to the thread's last error (NEED-S12). */
static BOOL WSAAPI refuse_connect_ex(SOCKET s, const struct sockaddr *name, int namelen, PVOID bytes, DWORD length,
                                     LPDWORD sent, LPOVERLAPPED overlapped)
{
    struct lower *lower = lower_of(s);
    GUID guid = WSAID_CONNECTEX;
    LPFN_CONNECTEX connect_ex;
    DWORD size;
    int error = WSAEACCES;
    if (is_refused(lower, name, namelen) ||
        lower->next.lpWSPIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &guid, sizeof guid, &connect_ex, sizeof connect_ex,
                               &size, NULL, NULL, NULL, &error) == SOCKET_ERROR) {
        WSASetLastError(error);
        return FALSE;
    }
    return connect_ex(s, name, namelen, bytes, length, sent, overlapped);
}

static int WSPAPI refuse_ioctl(SOCKET s, DWORD code, LPVOID in, DWORD in_length, LPVOID out, DWORD out_length,
                               LPDWORD returned, LPWSAOVERLAPPED overlapped,
                               LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT error)
{
    static const GUID connect_ex = WSAID_CONNECTEX;
    LPFN_CONNECTEX ours = refuse_connect_ex;
    int answer = lower_of(s)->next.lpWSPIoctl(s, code, in, in_length, out, out_length, returned, overlapped, routine,
                                              thread, error);
    if (answer == 0 && code == SIO_GET_EXTENSION_FUNCTION_POINTER && memcmp(in, &connect_ex, sizeof connect_ex) == 0)
        memcpy(out, &ours, sizeof ours);
    return answer;
}

int WSPAPI WSPStartup(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW entry, WSPUPCALLTABLE host,
                      LPWSPPROC_TABLE table)
{
    int error = ifs_start(version, data, entry, &host, table);
    if (error != 0)
        return error;
    lower_describe(data, WS2SPI_W("A layer that refuses connections"));
    table->lpWSPConnect = refuse_connect;
    table->lpWSPIoctl = refuse_ioctl;
    return 0;
}
