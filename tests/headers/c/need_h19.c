/* NEED-H19: the sizes that protocols and files rest on. */
#include <winsock2.h>

typedef char size_of_protocol_info_w[sizeof(WSAPROTOCOL_INFOW) == 628 ? 1 : -1];
typedef char size_of_protocol_info_a[sizeof(WSAPROTOCOL_INFOA) == 372 ? 1 : -1];
typedef char size_of_chain[sizeof(WSAPROTOCOLCHAIN) == 4 + 4 * MAX_PROTOCOL_CHAIN && MAX_PROTOCOL_CHAIN == 7 ? 1 : -1];
