/*
 * ws2posix.h - libc's own network headers, first and out of the way (NEED-H9, NEED-H10).
 *
 * Winsock and POSIX share names and disagree on what they mean. Every header of libc that holds such a name
 * is included here, before Winsock's is given, so that a later #include of it adds nothing. Then libc's
 * macros leave; Winsock's headers define WS_ names and, at their end, give each its plain name.
 *
 *   types, constants   by macro: struct hostent is struct WS_hostent, AF_INET6 is WS_AF_INET6 (23)
 *   functions          by assembler label: connect() is the library's WS_connect, no macro involved.
 *                      For that libc's declaration must not be in sight, so it is renamed while libc's
 *                      header is read. Where the program had read that header before, the plain name is a
 *                      macro instead; in C++ select and bind are overloads even then, so that std::bind
 *                      and members named select are left alone.
 *
 * With WS2SPI_USE_WS_PREFIX defined the plain names stay POSIX's, and Winsock's are the WS_ ones.
 *
 * struct sockaddr and struct timeval are libc's in both cases: the former is the same, the latter stays so
 * that a program can use one clock (NEED-H7). htonl, htons, ntohl and ntohs are libc's too.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef WS2POSIX_H
#define WS2POSIX_H

/*
 * How many sockets an fd_set holds (NEED-H8): 64, or what the program defined FD_SETSIZE to be before.
 * libc's own FD_SETSIZE rests on __FD_SETSIZE, by which it is told from the program's. One case cannot be
 * told: FD_SETSIZE on the command line and a libc header before this one, which redefines it unseen; there
 * 64 holds. A program that needs that order defines WS_FD_SETSIZE, which is heeded in every order.
 */
#if !defined(WS2SPI_USE_WS_PREFIX) && !defined(WS_FD_SETSIZE) && defined(FD_SETSIZE)
#pragma push_macro("__FD_SETSIZE")
#undef __FD_SETSIZE
#define __FD_SETSIZE 0
#if FD_SETSIZE + 0 != 0
#define WS2SPI_PROGRAM_FD_SETSIZE
#endif
#pragma pop_macro("__FD_SETSIZE")
#endif

#ifdef WS2SPI_PROGRAM_FD_SETSIZE
#pragma push_macro("FD_SETSIZE")
#undef FD_SETSIZE
#endif

/* ---- libc's headers, their functions renamed ----------------------------------------------------- */

#ifndef WS2SPI_USE_WS_PREFIX

/* What the program has read already cannot be renamed any more. */
#ifdef _SYS_SELECT_H
#define WS2SPI_LIBC_SELECT
#endif
#ifdef _SYS_SOCKET_H
#define WS2SPI_LIBC_SOCKET
#endif
#ifdef _ARPA_INET_H
#define WS2SPI_LIBC_INET
#endif
#ifdef _NETDB_H
#define WS2SPI_LIBC_NETDB
#endif
#ifdef _UNISTD_H
#define WS2SPI_LIBC_UNISTD
#endif

#define select ws2spi_libc_select
#define accept ws2spi_libc_accept
#define bind ws2spi_libc_bind
#define connect ws2spi_libc_connect
#define getpeername ws2spi_libc_getpeername
#define getsockname ws2spi_libc_getsockname
#define getsockopt ws2spi_libc_getsockopt
#define listen ws2spi_libc_listen
#define recv ws2spi_libc_recv
#define recvfrom ws2spi_libc_recvfrom
#define send ws2spi_libc_send
#define sendto ws2spi_libc_sendto
#define setsockopt ws2spi_libc_setsockopt
#define shutdown ws2spi_libc_shutdown
#define socket ws2spi_libc_socket
#define inet_addr ws2spi_libc_inet_addr
#define inet_ntoa ws2spi_libc_inet_ntoa
#define inet_ntop ws2spi_libc_inet_ntop
#define inet_pton ws2spi_libc_inet_pton
#define freeaddrinfo ws2spi_libc_freeaddrinfo
#define gai_strerror ws2spi_libc_gai_strerror
#define getaddrinfo ws2spi_libc_getaddrinfo
#define gethostbyaddr ws2spi_libc_gethostbyaddr
#define gethostbyname ws2spi_libc_gethostbyname
#define getnameinfo ws2spi_libc_getnameinfo
#define getprotobyname ws2spi_libc_getprotobyname
#define getprotobynumber ws2spi_libc_getprotobynumber
#define getservbyname ws2spi_libc_getservbyname
#define getservbyport ws2spi_libc_getservbyport
#define gethostname ws2spi_libc_gethostname

#endif /* WS2SPI_USE_WS_PREFIX */

#include <sys/types.h>
#include <sys/time.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/ioctl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <arpa/inet.h>
#include <netdb.h>
#include <poll.h>
#include <unistd.h>

#ifndef WS2SPI_USE_WS_PREFIX

#undef select
#undef accept
#undef bind
#undef connect
#undef getpeername
#undef getsockname
#undef getsockopt
#undef listen
#undef recv
#undef recvfrom
#undef send
#undef sendto
#undef setsockopt
#undef shutdown
#undef socket
#undef inet_addr
#undef inet_ntoa
#undef inet_ntop
#undef inet_pton
#undef freeaddrinfo
#undef gai_strerror
#undef getaddrinfo
#undef gethostbyaddr
#undef gethostbyname
#undef getnameinfo
#undef getprotobyname
#undef getprotobynumber
#undef getservbyname
#undef getservbyport
#undef gethostname

#endif /* WS2SPI_USE_WS_PREFIX */

/* The name of a function that libc has too: declared with the type of the library's WS_ function and
 * bound to it by an assembler label. */
#define WS2SPI_PLAIN_FUNCTION(name) extern __typeof__(WS_##name) name __asm__("WS_" #name)

/* ---- libc's macros, gone ------------------------------------------------------------------------- */

#ifndef WS2SPI_USE_WS_PREFIX

#undef FD_SETSIZE
#ifdef WS2SPI_PROGRAM_FD_SETSIZE
#pragma pop_macro("FD_SETSIZE")
#define WS_FD_SETSIZE FD_SETSIZE
#endif

#include "ws2undef.h"

#endif /* WS2SPI_USE_WS_PREFIX */

#ifndef WS_FD_SETSIZE
#define WS_FD_SETSIZE 64
#endif

#endif /* WS2POSIX_H */
