/* NEED-H15: the annotations of old sources are defined and empty; a program that empties the newer ones breaks
   nothing, nor does one that has macros min and max. */
#define __in
#define __out
#define __inout
#define __in_opt
#define __try if (1)
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#include <winsock2.h>
#include <ws2tcpip.h>

#define TEXT_OF(...) #__VA_ARGS__
#define IS_EMPTY(name, ...) typedef char empty_##name[sizeof(TEXT_OF(__VA_ARGS__)) == 1 ? 1 : -1]
IS_EMPTY(far, FAR);
IS_EMPTY(pascal, PASCAL);
IS_EMPTY(in, IN);
IS_EMPTY(out, OUT);
IS_EMPTY(optional, OPTIONAL);

VOID FAR PASCAL notify(IN CONST char FAR *text, OUT OPTIONAL int FAR *length);
int CALLBACK routine(IN int value);
int WINAPI entry(IN int value);
int WSAAPI function(IN int value);
int WSPAPI procedure(IN int value);
