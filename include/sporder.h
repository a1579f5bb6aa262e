/*
 * sporder.h - the order of the catalog's entries.
 *
 * The first entry that suits a request gets it, so a layered provider puts its
 * own entries first. Each call names every current entry exactly once and
 * returns 0 or the error itself.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef WS2SPI_SPORDER_H
#define WS2SPI_SPORDER_H

#include "winsock2.h"

WS2SPI_BEGIN_C

int WSAAPI WSCWriteProviderOrder(LPDWORD lpwdCatalogEntryId, DWORD dwNumberOfEntries);
int WSAAPI WSCWriteNameSpaceOrder(LPGUID lpProviderId, DWORD dwNumberOfEntries);

typedef int (WSAAPI *LPWSCWRITEPROVIDERORDER)(LPDWORD lpwdCatalogEntryId, DWORD dwNumberOfEntries);
typedef int (WSAAPI *LPWSCWRITENAMESPACEORDER)(LPGUID lpProviderId, DWORD dwNumberOfEntries);

/* The 32-bit catalog of a 64-bit Windows. */
int WSAAPI WSCWriteProviderOrder32(LPDWORD lpwdCatalogEntryId, DWORD dwNumberOfEntries);
int WSAAPI WSCWriteNameSpaceOrder32(LPGUID lpProviderId, DWORD dwNumberOfEntries);

WS2SPI_END_C

#endif /* WS2SPI_SPORDER_H */
