/*
 * afunix.h - addresses and control codes of AF_UNIX sockets.
 *
 * Windows knows the path names only: no abstract addresses, no socket pairs, no
 * passing of descriptors.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef WS2SPI_AFUNIX_H
#define WS2SPI_AFUNIX_H

#include "winsock2.h"

/* Windows' sockaddr_un and Linux's have one layout, so the system's is used:
   either header may come first, and the structure passes for both. */
#include <sys/un.h>

WS2SPI_BEGIN_C

#ifndef UNIX_PATH_MAX
#define UNIX_PATH_MAX 108
#endif

typedef struct sockaddr_un SOCKADDR_UN, *PSOCKADDR_UN;

#define SIO_AF_UNIX_GETPEERPID        _WSAIOR(IOC_VENDOR, 256)
#define SIO_AF_UNIX_SETBINDPARENTPATH _WSAIOW(IOC_VENDOR, 257)
#define SIO_AF_UNIX_SETCONNPARENTPATH _WSAIOW(IOC_VENDOR, 258)

WS2SPI_STATIC_ASSERT(sizeof(SOCKADDR_UN) == 110, "SOCKADDR_UN");

WS2SPI_END_C

#endif /* WS2SPI_AFUNIX_H */
