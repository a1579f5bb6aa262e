/*
 * bad_calls.c - a layer that calls back while it is being started: it counts the catalog, installs a provider, starts
 * Winsock and opens a socket. What became of that it adds, as a line of codes, to the file that LSP_CALLS_FILE names.
 * Then it is a layer like pass.c.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#include "ifs.h"

int WSPAPI WSPStartup(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW entry, WSPUPCALLTABLE host,
                      LPWSPPROC_TABLE table)
{
    GUID guid = {0xbadca115, 0, 0, {0}};
    WSAPROTOCOL_INFOW own = *entry;
    DWORD length = 0;
    WSADATA winsock;
    int listed = 0, installed = 0, removed = 0, opened = 0;

    if (WSCEnumProtocols(NULL, NULL, &length, &listed) != SOCKET_ERROR)
        listed = 0;
    if (WSCInstallProvider(&guid, WS2SPI_W("/nowhere/bad_calls.so"), &own, 1, &installed) == 0)
        installed = 0;
    if (WSCDeinstallProvider(&guid, &removed) == 0)
        removed = 0;
    int started = WSAStartup(MAKEWORD(2, 2), &winsock);
    SOCKET s = WSASocketW(entry->iAddressFamily, entry->iSocketType, entry->iProtocol, NULL, 0, 0);
    if (s == INVALID_SOCKET)
        opened = WSAGetLastError();
    else
        closesocket(s);
    if (started == 0)
        WSACleanup();

    const char *path = secure_getenv("LSP_CALLS_FILE");
    FILE *file = path != NULL ? fopen(path, "a") : NULL;
    if (file != NULL) {
        fprintf(file, "list %d, install %d, remove %d, start %d, socket %d\n", listed, installed, removed, started,
                opened);
        fclose(file);
    }
    return ifs_start(version, data, entry, &host, table);
}
