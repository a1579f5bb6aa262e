/* NEED-H16: winsock2.h alone brings the core types. */
#include <winsock2.h>

struct everything {
    BOOL a;
    BYTE b;
    CHAR c;
    WORD d;
    DWORD e;
    INT f;
    UINT g;
    LONG h;
    ULONG i;
    PVOID j;
    LPVOID k;
    LPINT l;
    LPDWORD m;
    HANDLE n;
    HWND o;
    WPARAM p;
    LPARAM q;
    WCHAR r;
    LPSTR s;
    LPCSTR t;
    LPWSTR u;
    LPCWSTR v;
    GUID w;
    LPGUID x;
    DWORD_PTR y;
    ULONG_PTR z;
    PDWORD_PTR last;
};
