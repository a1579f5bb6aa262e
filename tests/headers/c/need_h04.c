/* NEED-H4: WCHAR is 16 bits and matches L"" where wchar_t has 16, u"" elsewhere; no structure's size depends on it. */
#include <winsock2.h>

typedef char width_of_wchar[sizeof(WCHAR) == 2 ? 1 : -1];
typedef char size_of_protocol_info[sizeof(WSAPROTOCOL_INFOW) == 628 ? 1 : -1];
typedef char size_of_tchar[sizeof(TCHAR) == 1 ? 1 : -1];

#if __SIZEOF_WCHAR_T__ == 2
LPCWSTR wide = L"ws2_32";
extern WCHAR same_unit;
extern wchar_t same_unit;
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
LPCWSTR wide = u"ws2_32";
LPCWSTR by_macro = WS2SPI_W("ws2_32");
#endif
LPCTSTR text = TEXT("ws2_32");
