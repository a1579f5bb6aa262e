// NEED-H6: SOCKET_ERROR has its parentheses, for the constructor-style initialiser of the sample.
#include <winsock2.h>

#define TEXT_OF(value) #value
#define TEXT_OF_EXPANSION(value) TEXT_OF(value)
static_assert(sizeof(TEXT_OF_EXPANSION(SOCKET_ERROR)) == sizeof("(-1)"), "parentheses");

int result SOCKET_ERROR;
