/* bad_late.c - a layer that counts how often its WSPSocket is called before its WSPStartup or after its WSPCleanup, and its
 * WSPStartup once more before that. The library's last words go to the file that LSP_LATE_FILE names.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "ifs.h"

#include <stdatomic.h>

static atomic_int is_started, late, twice, cleanups;
static WSPPROC_TABLE below;

static SOCKET WSPAPI late_socket(int family, int type, int protocol, LPWSAPROTOCOL_INFOW entry, GROUP group, DWORD flags,
                                 LPINT error)
{
    (void)family, (void)type, (void)protocol, (void)entry, (void)group, (void)flags;
    atomic_fetch_add(&late, !atomic_load(&is_started));
    *error = WSAENOBUFS;
    return INVALID_SOCKET;
}

static int WSPAPI late_cleanup(LPINT error)
{
    atomic_store(&is_started, 0);
    atomic_fetch_add(&cleanups, 1);
    return below.lpWSPCleanup(error);
}

int WSPAPI WSPStartup(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW entry, WSPUPCALLTABLE host,
                      LPWSPPROC_TABLE table)
{
    int error = ifs_start(version, data, entry, &host, table);
    if (error != 0)
        return error;
    below = *table;
    table->lpWSPSocket = late_socket;
    table->lpWSPCleanup = late_cleanup;
    atomic_fetch_add(&twice, atomic_exchange(&is_started, 1));
    return 0;
}

__attribute__((destructor)) static void tell(void)
{
    const char *path = secure_getenv("LSP_LATE_FILE");
    FILE *file = path != NULL ? fopen(path, "w") : NULL;
    if (file == NULL)
        return;
    fprintf(file, "late %d, twice %d, %s\n", late, twice, cleanups > 0 ? "cleaned up" : "never");
    fclose(file);
}
