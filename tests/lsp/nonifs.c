/*
 * nonifs.c - a layer that gives every socket a handle of its own and changes nothing. It sees all: later completions of
 * overlapped requests, extension functions, polls; see the files in nonifs:
 *
 *     sockets.h     handles
 *     requests.h    overlapped requests
 *     extensions.h  extension functions
 *     control.h     control codes and sets of sockets
 *     messages.h    WSPAsyncSelect
 *     calls.h       the other functions, and the table
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#include "nonifs/calls.h"

int WSPAPI WSPStartup(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW entry, WSPUPCALLTABLE host,
                      LPWSPPROC_TABLE table)
{
    int error = own_start(version, data, entry, &host, table);
    if (error == 0)
        lower_describe(data, WS2SPI_W("A layer with handles of its own"));
    return error;
}
