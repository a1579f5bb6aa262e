// NEED-H4 in C++: char16_t where wchar_t has 32 bits; with UNICODE the unsuffixed names are the wide ones.
#define UNICODE
#include <winsock2.h>
#include <ws2tcpip.h>

static_assert(sizeof(WCHAR) == 2 && sizeof(TCHAR) == 2, "16 bits");
static_assert(sizeof(WSAPROTOCOL_INFO) == 628, "the wide structure");

#if __SIZEOF_WCHAR_T__ == 2
LPCWSTR wide = L"ws2_32";
#else
LPCWSTR wide = u"ws2_32";
#endif
LPCTSTR text = TEXT("ws2_32");
LPFN_WSASOCKETW wide_socket = WSASocket;
