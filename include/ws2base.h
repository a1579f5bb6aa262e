/*
 * ws2base.h - the Windows base types that Winsock's declarations stand on.
 *
 * This is not windows.h and does not replace one: a port that brings its own may include both. Macros are
 * given only where they are missing, typedefs are spelt as on 64-bit Windows, and WS2BASE_H tells a port
 * which types it need not supply.
 *
 * Widths are Windows' (NEED-H1): LONG, ULONG, DWORD, BOOL are 32 bits although the platform's long has 64,
 * WCHAR is a 16-bit unit. _WIN32 and _WIN64 are not defined (NEED-H14).
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef WS2BASE_H
#define WS2BASE_H

#include <stddef.h>
#include <string.h>

#if !defined(__SIZEOF_POINTER__) || __SIZEOF_POINTER__ != 8
#error "ws2spi describes 64-bit Winsock; it needs a 64-bit target"
#endif

/* ---- Linkage and calling convention -------------------------------------------------------------- */

/* The calling convention of everything that the library exports and of every callback it takes. This is
 * the one place that holds it; today it is the platform's own. */
#ifndef WS2SPI_ABI
#define WS2SPI_ABI
#endif

/* Empty on this platform but defined, since sources say them (NEED-H15). */
#ifndef FAR
#define FAR
#endif
#ifndef NEAR
#define NEAR
#endif
#ifndef PASCAL
#define PASCAL WS2SPI_ABI
#endif
#ifndef WINAPI
#define WINAPI WS2SPI_ABI
#endif
#ifndef WINAPIV
#define WINAPIV WS2SPI_ABI
#endif
#ifndef APIENTRY
#define APIENTRY WS2SPI_ABI
#endif
#ifndef CALLBACK
#define CALLBACK WS2SPI_ABI
#endif
#ifndef WSAAPI
#define WSAAPI WS2SPI_ABI
#endif
#ifndef WSPAPI
#define WSPAPI WS2SPI_ABI
#endif
#ifndef IN
#define IN
#endif
#ifndef OUT
#define OUT
#endif
#ifndef OPTIONAL
#define OPTIONAL
#endif

#ifndef CONST
#define CONST const
#endif
#ifndef VOID
#define VOID void
#endif

#ifndef EXTERN_C
#ifdef __cplusplus
#define EXTERN_C extern "C"
#else
#define EXTERN_C extern
#endif
#endif

/* Brackets around C declarations. */
#ifdef __cplusplus
#define WS2SPI_BEGIN_C extern "C" {
#define WS2SPI_END_C }
#else
#define WS2SPI_BEGIN_C
#define WS2SPI_END_C
#endif

/* A condition that the compiler checks; in C99, which has none, another build's compiler does. */
#if defined(__cplusplus)
#define WS2SPI_STATIC_ASSERT(condition, text) static_assert(condition, text)
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define WS2SPI_STATIC_ASSERT(condition, text) _Static_assert(condition, text)
#else
#define WS2SPI_STATIC_ASSERT(condition, text) struct ws2spi_static_assert
#endif

WS2SPI_BEGIN_C

/* ---- Integers ------------------------------------------------------------------------------------ */

typedef char CHAR;
typedef unsigned char BYTE;
typedef unsigned char UCHAR;
typedef BYTE BOOLEAN;
typedef short SHORT;
typedef unsigned short USHORT;
typedef unsigned short WORD;
typedef int INT;
typedef unsigned int UINT;
typedef int BOOL;
typedef int LONG;
typedef unsigned int ULONG;
typedef unsigned int DWORD;
typedef long long LONGLONG;
typedef unsigned long long ULONGLONG;
typedef ULONGLONG DWORDLONG;

typedef signed char INT8;
typedef unsigned char UINT8;
typedef short INT16;
typedef unsigned short UINT16;
typedef int INT32;
typedef unsigned int UINT32;
typedef long long INT64;
typedef unsigned long long UINT64;
typedef int LONG32;
typedef unsigned int ULONG32;
typedef unsigned int DWORD32;
typedef long long LONG64;
typedef unsigned long long ULONG64;
typedef unsigned long long DWORD64;

/* As wide as a pointer; DWORD_PTR and ULONG_PTR are one type (NEED-H1). */
typedef long long INT_PTR;
typedef unsigned long long UINT_PTR;
typedef long long LONG_PTR;
typedef unsigned long long ULONG_PTR;
typedef ULONG_PTR DWORD_PTR;
typedef ULONG_PTR SIZE_T;
typedef LONG_PTR SSIZE_T;

typedef WORD ATOM;
typedef WORD LANGID;
typedef DWORD LCID;
typedef DWORD COLORREF;
typedef LONG HRESULT;

/* ---- Characters ---------------------------------------------------------------------------------- */

/* A 16-bit unit that L"" yields where wchar_t has 16 bits (-fshort-wchar) and u"" elsewhere (NEED-H4).
 * WS2SPI_W("text") is the literal that fits, TEXT("text") the one that fits TCHAR. */
#if defined(__SIZEOF_WCHAR_T__) && __SIZEOF_WCHAR_T__ == 2
typedef wchar_t WCHAR;
#define WS2SPI_W_(text) L##text
#elif defined(__cplusplus)
typedef char16_t WCHAR;
#define WS2SPI_W_(text) u##text
#else
typedef __CHAR16_TYPE__ WCHAR;
#define WS2SPI_W_(text) u##text
#endif
#define WS2SPI_W(text) WS2SPI_W_(text)

typedef CHAR *PCHAR;
typedef CHAR *PSTR;
typedef CHAR *LPSTR;
typedef const CHAR *PCSTR;
typedef const CHAR *LPCSTR;
typedef WCHAR *PWCHAR;
typedef WCHAR *LPWCH;
typedef WCHAR *PWSTR;
typedef WCHAR *LPWSTR;
typedef const WCHAR *PCWSTR;
typedef const WCHAR *LPCWSTR;

#ifdef UNICODE
typedef WCHAR TCHAR;
typedef LPWSTR LPTSTR;
typedef LPCWSTR LPCTSTR;
#ifndef TEXT
#define TEXT(text) WS2SPI_W(text)
#endif
#else
typedef char TCHAR;
typedef LPSTR LPTSTR;
typedef LPCSTR LPCTSTR;
#ifndef TEXT
#define TEXT(text) text
#endif
#endif

/* ---- Pointers and handles ------------------------------------------------------------------------ */

typedef void *PVOID;
typedef void *LPVOID;
typedef const void *LPCVOID;
typedef BYTE *PBYTE;
typedef BYTE *LPBYTE;
typedef BOOLEAN *PBOOLEAN;
typedef UCHAR *PUCHAR;
typedef USHORT *PUSHORT;
typedef WORD *PWORD;
typedef WORD *LPWORD;
typedef int *PINT;
typedef int *LPINT;
typedef unsigned int *PUINT;
typedef BOOL *PBOOL;
typedef BOOL *LPBOOL;
typedef LONG *LPLONG;
typedef ULONG *PULONG;
typedef DWORD *PDWORD;
typedef DWORD *LPDWORD;
typedef ULONG_PTR *PULONG_PTR;
typedef ULONG_PTR *PDWORD_PTR;
typedef ULONG_PTR *PSIZE_T;

typedef void *HANDLE;
typedef HANDLE *PHANDLE;
typedef HANDLE *LPHANDLE;

/* A handle type of its own: a pointer to a structure that nobody ever completes. */
#ifndef DECLARE_HANDLE
#define DECLARE_HANDLE(name) struct name##__; typedef struct name##__ *name
#endif
DECLARE_HANDLE(HWND);
DECLARE_HANDLE(HINSTANCE);
typedef HINSTANCE HMODULE;

typedef UINT_PTR WPARAM;
typedef LONG_PTR LPARAM;
typedef LONG_PTR LRESULT;

typedef INT_PTR (WINAPI *FARPROC)(void);
typedef INT_PTR (WINAPI *NEARPROC)(void);
typedef INT_PTR (WINAPI *PROC)(void);
typedef VOID (CALLBACK *PAPCFUNC)(ULONG_PTR Parameter);

#ifndef INVALID_HANDLE_VALUE
#define INVALID_HANDLE_VALUE ((HANDLE)(LONG_PTR)-1)
#endif

/* ---- GUID ---------------------------------------------------------------------------------------- */

#ifndef GUID_DEFINED
#define GUID_DEFINED
typedef struct _GUID {
    ULONG Data1;
    USHORT Data2;
    USHORT Data3;
    UCHAR Data4[8];
} GUID;
#endif
typedef GUID *LPGUID;
typedef const GUID *LPCGUID;
typedef GUID IID;
typedef IID *LPIID;
typedef GUID CLSID;
typedef CLSID *LPCLSID;

#ifndef _REFGUID_DEFINED
#define _REFGUID_DEFINED
#ifdef __cplusplus
#define REFGUID const GUID &
#else
#define REFGUID const GUID *
#endif
#endif

/* DEFINE_GUID declares a GUID, and defines it in the source that said INITGUID before. Weak, since
 * several may. */
#ifndef DEFINE_GUID
#ifdef INITGUID
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8)                                      \
    EXTERN_C const GUID name __attribute__((__weak__));                                                  \
    const GUID name = {l, w1, w2, {b1, b2, b3, b4, b5, b6, b7, b8}}
#else
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8) EXTERN_C const GUID name
#endif
#endif

WS2SPI_END_C

#ifndef IsEqualGUID
#ifdef __cplusplus
static inline BOOL IsEqualGUID(REFGUID a, REFGUID b)
{
    return !memcmp(&a, &b, sizeof(GUID));
}
#else
#define IsEqualGUID(a, b) (!memcmp((a), (b), sizeof(GUID)))
#endif
#endif
#ifndef IsEqualIID
#define IsEqualIID(a, b) IsEqualGUID(a, b)
#endif
#ifndef IsEqualCLSID
#define IsEqualCLSID(a, b) IsEqualGUID(a, b)
#endif

#ifdef __cplusplus
#ifndef _SYS_GUID_OPERATOR_EQ_
#define _SYS_GUID_OPERATOR_EQ_
static inline bool operator==(REFGUID a, REFGUID b)
{
    return !memcmp(&a, &b, sizeof(GUID));
}
static inline bool operator!=(REFGUID a, REFGUID b)
{
    return !(a == b);
}
#endif
#endif

WS2SPI_BEGIN_C

/* ---- Structures ---------------------------------------------------------------------------------- */

typedef struct _FILETIME {
    DWORD dwLowDateTime;
    DWORD dwHighDateTime;
} FILETIME;

typedef union _LARGE_INTEGER {
    __extension__ struct {
        DWORD LowPart;
        LONG HighPart;
    };
    struct {
        DWORD LowPart;
        LONG HighPart;
    } u;
    LONGLONG QuadPart;
} LARGE_INTEGER;
typedef LARGE_INTEGER *PLARGE_INTEGER;

typedef union _ULARGE_INTEGER {
    __extension__ struct {
        DWORD LowPart;
        DWORD HighPart;
    };
    struct {
        DWORD LowPart;
        DWORD HighPart;
    } u;
    ULONGLONG QuadPart;
} ULARGE_INTEGER;

typedef struct _SECURITY_ATTRIBUTES {
    DWORD nLength;
    LPVOID lpSecurityDescriptor;
    BOOL bInheritHandle;
} SECURITY_ATTRIBUTES, *LPSECURITY_ATTRIBUTES;

/* An overlapped request (NEED-H5). Internal is STATUS_PENDING while it runs. */
typedef struct _OVERLAPPED {
    ULONG_PTR Internal;
    ULONG_PTR InternalHigh;
    __extension__ union {
        __extension__ struct {
            DWORD Offset;
            DWORD OffsetHigh;
        };
        PVOID Pointer;
    };
    HANDLE hEvent;
} OVERLAPPED, *LPOVERLAPPED;

/* What one dequeued completion packet tells. */
typedef struct _OVERLAPPED_ENTRY {
    ULONG_PTR lpCompletionKey;
    LPOVERLAPPED lpOverlapped;
    ULONG_PTR Internal;
    DWORD dwNumberOfBytesTransferred;
} OVERLAPPED_ENTRY, *LPOVERLAPPED_ENTRY;

#ifndef HasOverlappedIoCompleted
#define HasOverlappedIoCompleted(lpOverlapped) (((DWORD)(lpOverlapped)->Internal) != STATUS_PENDING)
#endif

#ifndef _tagBLOB_DEFINED
#define _tagBLOB_DEFINED
/* Bytes of a meaning that only their two ends know. */
typedef struct tagBLOB {
    ULONG cbSize;
    BYTE *pBlobData;
} BLOB, *LPBLOB;
#endif

WS2SPI_END_C

/* ---- Constants ----------------------------------------------------------------------------------- */

#ifndef FALSE
#define FALSE 0
#endif
#ifndef TRUE
#define TRUE 1
#endif
#ifndef MAX_PATH
#define MAX_PATH 260
#endif
#ifndef ANYSIZE_ARRAY
#define ANYSIZE_ARRAY 1
#endif

#ifndef MAXCHAR
#define MAXCHAR 0x7f
#endif
#ifndef MAXSHORT
#define MAXSHORT 0x7fff
#endif
#ifndef MAXLONG
#define MAXLONG 0x7fffffff
#endif
#ifndef MAXBYTE
#define MAXBYTE 0xff
#endif
#ifndef MAXWORD
#define MAXWORD 0xffff
#endif
#ifndef MAXDWORD
#define MAXDWORD 0xffffffffU
#endif
#ifndef MAXULONG
#define MAXULONG 0xffffffffU
#endif
#ifndef MAX_NATURAL_ALIGNMENT
#define MAX_NATURAL_ALIGNMENT 8ULL
#endif
#ifndef MEMORY_ALLOCATION_ALIGNMENT
#define MEMORY_ALLOCATION_ALIGNMENT 16
#endif

/* The reasons for which a library's entry point is called. */
#ifndef DLL_PROCESS_ATTACH
#define DLL_PROCESS_ATTACH 1
#define DLL_THREAD_ATTACH 2
#define DLL_THREAD_DETACH 3
#define DLL_PROCESS_DETACH 0
#endif

#ifndef DUPLICATE_CLOSE_SOURCE
#define DUPLICATE_CLOSE_SOURCE 1
#endif
#ifndef DUPLICATE_SAME_ACCESS
#define DUPLICATE_SAME_ACCESS 2
#endif
#ifndef HANDLE_FLAG_INHERIT
#define HANDLE_FLAG_INHERIT 1
#endif
#ifndef HANDLE_FLAG_PROTECT_FROM_CLOSE
#define HANDLE_FLAG_PROTECT_FROM_CLOSE 2
#endif
#ifndef FILE_SKIP_COMPLETION_PORT_ON_SUCCESS
#define FILE_SKIP_COMPLETION_PORT_ON_SUCCESS 1
#endif
#ifndef FILE_SKIP_SET_EVENT_ON_HANDLE
#define FILE_SKIP_SET_EVENT_ON_HANDLE 2
#endif

/* Waits and their answers (WAIT_TIMEOUT is an error code, in ws2err.h). */
#ifndef INFINITE
#define INFINITE 0xffffffffU
#endif
#ifndef MAXIMUM_WAIT_OBJECTS
#define MAXIMUM_WAIT_OBJECTS 64
#endif
#ifndef STATUS_WAIT_0
#define STATUS_WAIT_0 0x00000000U
#endif
#ifndef STATUS_ABANDONED_WAIT_0
#define STATUS_ABANDONED_WAIT_0 0x00000080U
#endif
#ifndef STATUS_USER_APC
#define STATUS_USER_APC 0x000000c0U
#endif
#ifndef STATUS_TIMEOUT
#define STATUS_TIMEOUT 0x00000102U
#endif
#ifndef STATUS_PENDING
#define STATUS_PENDING 0x00000103U
#endif
#ifndef WAIT_OBJECT_0
#define WAIT_OBJECT_0 STATUS_WAIT_0
#endif
#ifndef WAIT_ABANDONED
#define WAIT_ABANDONED STATUS_ABANDONED_WAIT_0
#endif
#ifndef WAIT_ABANDONED_0
#define WAIT_ABANDONED_0 STATUS_ABANDONED_WAIT_0
#endif
#ifndef WAIT_IO_COMPLETION
#define WAIT_IO_COMPLETION STATUS_USER_APC
#endif
#ifndef WAIT_FAILED
#define WAIT_FAILED 0xffffffffU
#endif

/* Where a program's own window messages begin. */
#ifndef WM_NULL
#define WM_NULL 0x0000
#endif
#ifndef WM_USER
#define WM_USER 0x0400
#endif
#ifndef WM_APP
#define WM_APP 0x8000
#endif

/* ---- Words made and taken apart ------------------------------------------------------------------ */

#ifndef MAKEWORD
#define MAKEWORD(low, high) \
    ((WORD)(((BYTE)((DWORD_PTR)(low) & 0xff)) | ((WORD)((BYTE)((DWORD_PTR)(high) & 0xff))) << 8))
#endif
#ifndef MAKELONG
#define MAKELONG(low, high) \
    ((LONG)(((WORD)((DWORD_PTR)(low) & 0xffff)) | ((DWORD)((WORD)((DWORD_PTR)(high) & 0xffff))) << 16))
#endif
#ifndef LOWORD
#define LOWORD(value) ((WORD)((DWORD_PTR)(value) & 0xffff))
#endif
#ifndef HIWORD
#define HIWORD(value) ((WORD)(((DWORD_PTR)(value) >> 16) & 0xffff))
#endif
#ifndef LOBYTE
#define LOBYTE(value) ((BYTE)((DWORD_PTR)(value) & 0xff))
#endif
#ifndef HIBYTE
#define HIBYTE(value) ((BYTE)(((DWORD_PTR)(value) >> 8) & 0xff))
#endif
#ifndef MAKEWPARAM
#define MAKEWPARAM(low, high) ((WPARAM)(DWORD)MAKELONG(low, high))
#endif
#ifndef MAKELPARAM
#define MAKELPARAM(low, high) ((LPARAM)(DWORD)MAKELONG(low, high))
#endif
#ifndef FIELD_OFFSET
#define FIELD_OFFSET(type, field) ((LONG)offsetof(type, field))
#endif
#ifndef CONTAINING_RECORD
#define CONTAINING_RECORD(address, type, field) ((type *)((PCHAR)(address) - offsetof(type, field)))
#endif

#endif /* WS2BASE_H */
