/* NEED-H2: the event masks of WSPAsyncSelect and WSPEventSelect are the keyword `long`. A provider that
   spells them so converts to the table's types; one that says LONG, which has 32 bits, does not. */
// must not compile: MASK_IS_LONG32
#include <ws2spi.h>

#ifdef MASK_IS_LONG32
typedef LONG mask;
#else
typedef long mask;
#endif

typedef int (*async_select)(SOCKET s, HWND hWnd, unsigned int wMsg, mask lEvent, LPINT lpErrno);
typedef int (*event_select)(SOCKET s, WSAEVENT hEventObject, mask lNetworkEvents, LPINT lpErrno);

WSPPROC_TABLE fill(async_select async, event_select event);

WSPPROC_TABLE fill(async_select async, event_select event)
{
    WSPPROC_TABLE table;
    memset(&table, 0, sizeof table);
    table.lpWSPAsyncSelect = async;
    table.lpWSPEventSelect = event;
    return table;
}

async_select exported_async_select = WSPAsyncSelect;
event_select exported_event_select = WSPEventSelect;
