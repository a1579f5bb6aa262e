/* NEED-H9: with WS2SPI_USE_WS_PREFIX the plain names are POSIX's and Winsock's wear WS_, side by side. */
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE /* struct addrinfo */
#endif
#ifndef WS2SPI_USE_WS_PREFIX
#define WS2SPI_USE_WS_PREFIX
#endif
#include <winsock2.h>
#include <ws2tcpip.h>

#include <netdb.h>
#include <poll.h>
#include <sys/select.h>
#include <sys/socket.h>

typedef char two_families[WS_AF_INET6 == 23 && AF_INET6 == 10 ? 1 : -1];
typedef char two_sets[sizeof(WS_fd_set) == 520 && sizeof(fd_set) == 128 ? 1 : -1];
typedef char two_lingers[sizeof(struct WS_linger) == 4 && sizeof(struct linger) == 8 ? 1 : -1];
typedef char two_levels[WS_SOL_SOCKET == 0xffff && SOL_SOCKET == 1 ? 1 : -1];

int (*posix_bind)(int, const struct sockaddr *, unsigned int);
int (WSAAPI *winsock_bind)(SOCKET, const struct sockaddr *, int) = WS_bind;
struct addrinfo posix_hints;
struct WS_addrinfo winsock_hints;
