/* NEED-H15: the words that sources put around declarations are defined, and the headers survive a program
   that has defined the old annotation macros and min and max. */
#define __in
#define __out
#define __inout
#define __in_opt
#define __out_opt
#define __try
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))

#include <ws2spi.h>

#include <afunix.h>
#include <mstcpip.h>
#include <mswsock.h>
#include <nspapi.h>
#include <sporder.h>

typedef VOID (FAR PASCAL *far_pascal)(IN CONST VOID *in, OUT VOID *out OPTIONAL);
typedef VOID (CALLBACK *callback)(VOID);
typedef VOID (WINAPI *winapi)(VOID);
typedef VOID (WSAAPI *wsaapi)(VOID);
typedef VOID (WSPAPI *wspapi)(VOID);

/* One calling convention: each kind of pointer converts to each other. */
callback first(winapi a, wsaapi b, wspapi c);

callback first(winapi a, wsaapi b, wspapi c)
{
    return a ? a : b ? b : c;
}
