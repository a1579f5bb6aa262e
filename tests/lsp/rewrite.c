/*
 * rewrite.c - a layer that sends letters moved on by thirteen places (a as n, N as A), and moves what it receives by as
 * many, back. Two programs above it understand each other; one without it reads gibberish.
 *
 * Data can be changed only by who sees them all: so the layer has handles of its own, as nonifs.c. What a program sends
 * stays as it is, and a copy goes out, which lives until the request has ended; what a program receives is changed where
 * it lies, when the request has ended. Files (TransmitFile, TransmitPackets) it does not send.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#include "nonifs/calls.h"

static void rot13(char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        char first = bytes[i] >= 'a' && bytes[i] <= 'z' ? 'a' : 'A';
        if (bytes[i] >= first && bytes[i] < first + 26)
            bytes[i] = (char)(first + (bytes[i] - first + 13) % 26);
    }
}

__attribute__((constructor)) static void begin(void)
{
    rewrite_out = rewrite_in = rot13;
}

int WSPAPI WSPStartup(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW entry, WSPUPCALLTABLE host,
                      LPWSPPROC_TABLE table)
{
    int error = own_start(version, data, entry, &host, table);
    if (error == 0)
        lower_describe(data, WS2SPI_W("A layer that rewrites data"));
    return error;
}
