/* bad_version.c - a layer that only speaks version 1.1.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#include "ifs.h"

int WSPAPI WSPStartup(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW entry, WSPUPCALLTABLE host,
                      LPWSPPROC_TABLE table)
{
    int error = ifs_start(version, data, entry, &host, table);
    if (error == 0)
        data->wVersion = data->wHighVersion = MAKEWORD(1, 1);
    return error;
}
