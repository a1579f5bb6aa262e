/*
 * pass.c - a layer that changes nothing. The host calls the lower provider's own functions, all but those that a layer
 * cannot do without: see ifs.h. What it costs to be in a chain is what this one costs.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#include "ifs.h"

int WSPAPI WSPStartup(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW entry, WSPUPCALLTABLE host,
                      LPWSPPROC_TABLE table)
{
    int error = ifs_start(version, data, entry, &host, table);
    if (error == 0)
        lower_describe(data, WS2SPI_W("A layer that changes nothing"));
    return error;
}
