/* NEED-H14: no header says that this is Windows. */
#include <winsock2.h>
#include <ws2tcpip.h>

#if defined(_WIN64) || defined(_WIN32) || defined(WIN32)
#error "this is not Windows"
#endif
