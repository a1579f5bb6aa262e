/*
 * ws2kernel.h - the few kernel functions that go with Winsock, for programs that have no kernel32 of their own.
 *
 * Each plain name is bound by an assembler label to the library's ws2spi_ function (GetLastError is the symbol
 * ws2spi_GetLastError), so the library's symbols clash with no host's kernel32. A host that brings one does not
 * include this header.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef WS2KERNEL_H
#define WS2KERNEL_H

#include "winsock2.h"

WS2SPI_BEGIN_C

/* ---- The thread's last error ---------------------------------------------------------------------- */

/* One slot with WSAGetLastError and WSASetLastError (NEED-K4). May be used in a signal handler. */
DWORD WINAPI GetLastError(void) __asm__("ws2spi_GetLastError");
void WINAPI SetLastError(DWORD dwErrCode) __asm__("ws2spi_SetLastError");

WS2SPI_END_C

#endif /* WS2KERNEL_H */
