/* NEED-H5: OVERLAPPED is WSAOVERLAPPED, with the members of Windows. */
#include <winsock2.h>

extern OVERLAPPED same_request;
extern WSAOVERLAPPED same_request;
extern LPOVERLAPPED same_pointer;
extern LPWSAOVERLAPPED same_pointer;

#define AT(member, offset) typedef char at_##member[offsetof(OVERLAPPED, member) == (offset) ? 1 : -1]
AT(Internal, 0);
AT(InternalHigh, 8);
AT(Offset, 16);
AT(OffsetHigh, 20);
AT(Pointer, 16);
AT(hEvent, 24);

BOOL completed(const OVERLAPPED *request);

BOOL completed(const OVERLAPPED *request)
{
    return HasOverlappedIoCompleted(request);
}
