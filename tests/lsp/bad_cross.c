/* bad_cross.c - a layer whose TCP waits for its UDP to start, and the other way round: each WSPStartup opens a socket of the
 * other protocol, once both have begun. The file that LSP_CROSS_FILE names gets what becomes of that.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "ifs.h"

#include <stdatomic.h>

static pthread_barrier_t both;
static atomic_int starts;

__attribute__((constructor)) static void prepare(void)
{
    pthread_barrier_init(&both, NULL, 2);
}

int WSPAPI WSPStartup(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW entry, WSPUPCALLTABLE host,
                      LPWSPPROC_TABLE table)
{
    if (atomic_fetch_add(&starts, 1) < 2)
        pthread_barrier_wait(&both);
    SOCKET s = socket(AF_INET, entry->iSocketType == SOCK_DGRAM ? SOCK_STREAM : SOCK_DGRAM, 0);
    FILE *file = fopen(secure_getenv("LSP_CROSS_FILE"), "a");
    if (file != NULL) {
        fprintf(file, "%d\n", s == INVALID_SOCKET ? WSAGetLastError() : 0);
        fclose(file);
    }
    if (s != INVALID_SOCKET)
        closesocket(s);
    return ifs_start(version, data, entry, &host, table);
}
