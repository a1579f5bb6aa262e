/*
 * select_ifs.c - a layer that tells of each WSPSelect: it adds a line with the number of sockets to the file that
 * LSP_SELECT_FILE names.
 *
 *     ifs 2
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#include "ifs.h"
#include "select_tell.h"

static int WSPAPI telling_select(int count, FD_SET *read, FD_SET *write, FD_SET *except, const struct timeval *timeout,
                                 LPINT error)
{
    tell_select("ifs", read, write, except);
    return lower_any()->next.lpWSPSelect(count, read, write, except, timeout, error);
}

int WSPAPI WSPStartup(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW entry, WSPUPCALLTABLE host,
                      LPWSPPROC_TABLE table)
{
    int error = ifs_start(version, data, entry, &host, table);
    if (error == 0)
        table->lpWSPSelect = telling_select;
    return error;
}
