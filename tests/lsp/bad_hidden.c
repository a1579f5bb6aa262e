/* bad_hidden.c - a layer whose functions have the names of the interface, linked without -Wl,-Bsymbolic: the dynamic
 * linker takes the library's own WSPSend for the layer's.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "ifs.h"

int WSPAPI WSPSend(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags, LPWSAOVERLAPPED overlapped,
                   LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread, LPINT error)
{
    return lower_of(s)->next.lpWSPSend(s, buffers, count, sent, flags, overlapped, routine, thread, error);
}

int WSPAPI WSPStartup(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW entry, WSPUPCALLTABLE host,
                      LPWSPPROC_TABLE table)
{
    int error = ifs_start(version, data, entry, &host, table);
    if (error == 0)
        table->lpWSPSend = WSPSend;
    return error;
}
