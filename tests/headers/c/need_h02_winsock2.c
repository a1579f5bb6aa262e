/* NEED-H2: the event masks of WSAAsyncSelect and WSAEventSelect are the keyword `long`; the record of what happened
   keeps its 32 bits. */
// must not compile: MASK_IS_LONG32
#include <winsock2.h>

#ifdef MASK_IS_LONG32
typedef LONG mask;
#else
typedef long mask;
#endif

int (WSAAPI *async_select)(SOCKET s, HWND hWnd, u_int wMsg, mask lEvent) = WSAAsyncSelect;
int (WSAAPI *event_select)(SOCKET s, WSAEVENT hEventObject, mask lNetworkEvents) = WSAEventSelect;

typedef char size_of_events[sizeof(WSANETWORKEVENTS) == 44 ? 1 : -1];
