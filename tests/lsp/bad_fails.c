/* bad_fails.c - a layer that cannot be started.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0 */
#include <ws2spi.h>

int WSPAPI WSPStartup(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW entry, WSPUPCALLTABLE host,
                      LPWSPPROC_TABLE table)
{
    (void)version, (void)data, (void)entry, (void)host, (void)table;
    return WSASYSNOTREADY;
}
