/*
 * select_tell.h - how select_ifs.c and select_own.c tell of a WSPSelect.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef SELECT_TELL_H
#define SELECT_TELL_H

#include "lower.h"

static inline void tell_select(const char *who, const FD_SET *read, const FD_SET *write, const FD_SET *except)
{
    const FD_SET *sets[3] = {read, write, except};
    const char *path = secure_getenv("LSP_SELECT_FILE");
    FILE *file = path != NULL ? fopen(path, "a") : NULL;
    unsigned sockets = 0;
    for (int i = 0; i < 3; i++)
        sockets += sets[i] != NULL ? sets[i]->fd_count : 0;
    if (file != NULL) {
        fprintf(file, "%s %u\n", who, sockets);
        fclose(file);
    }
}

#endif
