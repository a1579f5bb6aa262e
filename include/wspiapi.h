/*
 * wspiapi.h - nothing of its own any more: getaddrinfo() and its kin are always there (NEED-H18).
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef WSPIAPI_H
#define WSPIAPI_H

#include "ws2tcpip.h"

#endif /* WSPIAPI_H */
