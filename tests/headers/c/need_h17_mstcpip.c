/* NEED-H17: mstcpip.h needs nothing but winsock2.h before it. */
#include <winsock2.h>

#include <mstcpip.h>

struct tcp_keepalive keepalive = {1, 7200000, 1000};
DWORD codes[] = {SIO_KEEPALIVE_VALS, SIO_RCVALL};
RCVALL_VALUE mode = RCVALL_ON;
