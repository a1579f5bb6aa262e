/* bad_short.c - a layer that leaves one function of its table out.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "ifs.h"

int WSPAPI WSPStartup(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW entry, WSPUPCALLTABLE host,
                      LPWSPPROC_TABLE table)
{
    int error = ifs_start(version, data, entry, &host, table);
    if (error == 0)
        table->lpWSPGetQOSByName = NULL;
    return error;
}
