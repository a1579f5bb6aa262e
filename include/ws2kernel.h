/*
 * ws2kernel.h - the few kernel functions that go with Winsock, for programs that have no kernel32 of their own.
 *
 * Completion ports, events, waits, APCs and the thread's last error, with Windows' prototypes. Each plain name
 * is bound by an assembler label to the library's function, so that no symbol of the library is one of a
 * host's kernel32: GetLastError() calls ws2spi_GetLastError. A host that brings its own kernel32 does not
 * include this header.
 *
 * A SOCKET is a file handle here: CreateIoCompletionPort((HANDLE)s, port, key, 0). A WSAEVENT is an event
 * handle (NEED-K1, NEED-K2). Functions that fail leave their code in the thread's last error. All are safe on
 * any thread.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef WS2KERNEL_H
#define WS2KERNEL_H

#include "winsock2.h"

WS2SPI_BEGIN_C

/* ---- The thread's last error --------------------------------------------------------------------- */

/* One slot with WSAGetLastError and WSASetLastError (NEED-K4). These two may be called in a signal handler. */
DWORD WINAPI GetLastError(void) __asm__("ws2spi_GetLastError");
void WINAPI SetLastError(DWORD dwErrCode) __asm__("ws2spi_SetLastError");

/* ---- Handles ------------------------------------------------------------------------------------- */

/* Closes an event, a completion port, a thread of WPUOpenCurrentThread, a file of ws2spi_OpenFileDescriptor, or
 * a socket, as WSPCloseSocket does. Who waits for packets of a port that is closed is woken with
 * ERROR_ABANDONED_WAIT_0. */
BOOL WINAPI CloseHandle(HANDLE hObject) __asm__("ws2spi_CloseHandle");

/* ---- Events and waits ---------------------------------------------------------------------------- */

/* A new event; NULL on failure. Events have no names and are not inherited: lpName must be NULL, and
 * lpEventAttributes means nothing. */
HANDLE WINAPI CreateEventA(LPSECURITY_ATTRIBUTES lpEventAttributes, BOOL bManualReset, BOOL bInitialState,
    LPCSTR lpName) __asm__("ws2spi_CreateEventA");
HANDLE WINAPI CreateEventW(LPSECURITY_ATTRIBUTES lpEventAttributes, BOOL bManualReset, BOOL bInitialState,
    LPCWSTR lpName) __asm__("ws2spi_CreateEventW");
#ifdef UNICODE
#define CreateEvent CreateEventW
#else
#define CreateEvent CreateEventA
#endif
BOOL WINAPI SetEvent(HANDLE hEvent) __asm__("ws2spi_SetEvent");
BOOL WINAPI ResetEvent(HANDLE hEvent) __asm__("ws2spi_ResetEvent");

/* Wait for one of up to MAXIMUM_WAIT_OBJECTS events, or for all; dwMilliseconds may be INFINITE. The answer is
 * WAIT_OBJECT_0 plus the place of the event, WAIT_TIMEOUT, WAIT_FAILED, or, where bAlertable lets completion
 * routines and APCs run and some did, WAIT_IO_COMPLETION. */
DWORD WINAPI WaitForSingleObject(HANDLE hHandle, DWORD dwMilliseconds) __asm__("ws2spi_WaitForSingleObject");
DWORD WINAPI WaitForSingleObjectEx(HANDLE hHandle, DWORD dwMilliseconds, BOOL bAlertable)
    __asm__("ws2spi_WaitForSingleObjectEx");
DWORD WINAPI WaitForMultipleObjects(DWORD nCount, const HANDLE *lpHandles, BOOL bWaitAll, DWORD dwMilliseconds)
    __asm__("ws2spi_WaitForMultipleObjects");
DWORD WINAPI WaitForMultipleObjectsEx(DWORD nCount, const HANDLE *lpHandles, BOOL bWaitAll,
    DWORD dwMilliseconds, BOOL bAlertable) __asm__("ws2spi_WaitForMultipleObjectsEx");

/* Waits for the time alone. SleepEx answers 0, or WAIT_IO_COMPLETION. */
void WINAPI Sleep(DWORD dwMilliseconds) __asm__("ws2spi_Sleep");
DWORD WINAPI SleepEx(DWORD dwMilliseconds, BOOL bAlertable) __asm__("ws2spi_SleepEx");

/* Runs pfnAPC(dwData) on a thread when that next waits alertably. hThread is the ThreadHandle that
 * WPUOpenCurrentThread gives. 0 on failure. */
DWORD WINAPI QueueUserAPC(PAPCFUNC pfnAPC, HANDLE hThread, ULONG_PTR dwData) __asm__("ws2spi_QueueUserAPC");

/* ---- Overlapped requests ------------------------------------------------------------------------- */

/* Cancels what the calling thread has requested of a file; CancelIoEx one request of any thread, or with NULL
 * all of them. What is cancelled completes as ERROR_OPERATION_ABORTED. */
BOOL WINAPI CancelIo(HANDLE hFile) __asm__("ws2spi_CancelIo");
BOOL WINAPI CancelIoEx(HANDLE hFile, LPOVERLAPPED lpOverlapped) __asm__("ws2spi_CancelIoEx");

/* What became of a request. FALSE with ERROR_IO_INCOMPLETE while it runs and bWait is FALSE, and FALSE with the
 * system code of a request that failed. */
BOOL WINAPI GetOverlappedResult(HANDLE hFile, LPOVERLAPPED lpOverlapped, LPDWORD lpNumberOfBytesTransferred,
    BOOL bWait) __asm__("ws2spi_GetOverlappedResult");

/* ---- Completion ports ---------------------------------------------------------------------------- */

/* Associates a file with a port, once for good; without a file (INVALID_HANDLE_VALUE), or without a port (NULL),
 * it makes a new port. The port, or NULL. */
HANDLE WINAPI CreateIoCompletionPort(HANDLE FileHandle, HANDLE ExistingCompletionPort, ULONG_PTR CompletionKey,
    DWORD NumberOfConcurrentThreads) __asm__("ws2spi_CreateIoCompletionPort");

/* Takes a packet from a port. FALSE with *lpOverlapped NULL: there was none (WAIT_TIMEOUT, or the port is gone).
 * FALSE with *lpOverlapped set: the request failed, and the last error is its system code. */
BOOL WINAPI GetQueuedCompletionStatus(HANDLE CompletionPort, LPDWORD lpNumberOfBytesTransferred,
    PULONG_PTR lpCompletionKey, LPOVERLAPPED *lpOverlapped, DWORD dwMilliseconds)
    __asm__("ws2spi_GetQueuedCompletionStatus");

/* Takes up to ulCount packets, whatever became of their requests: each entry's Internal is its status. */
BOOL WINAPI GetQueuedCompletionStatusEx(HANDLE CompletionPort, LPOVERLAPPED_ENTRY lpCompletionPortEntries,
    ULONG ulCount, PULONG ulNumEntriesRemoved, DWORD dwMilliseconds, BOOL fAlertable)
    __asm__("ws2spi_GetQueuedCompletionStatusEx");

/* Queues a packet that comes out as it was put in; lpOverlapped need not point to anything. */
BOOL WINAPI PostQueuedCompletionStatus(HANDLE CompletionPort, DWORD dwNumberOfBytesTransferred,
    ULONG_PTR dwCompletionKey, LPOVERLAPPED lpOverlapped) __asm__("ws2spi_PostQueuedCompletionStatus");

/* Flags: FILE_SKIP_COMPLETION_PORT_ON_SUCCESS, no packet for a request that succeeds at once;
 * FILE_SKIP_SET_EVENT_ON_HANDLE. They stay until the file is closed. */
BOOL WINAPI SetFileCompletionNotificationModes(HANDLE FileHandle, UCHAR Flags)
    __asm__("ws2spi_SetFileCompletionNotificationModes");

/* ---- Between POSIX and Windows ------------------------------------------------------------------- */

/* A file handle, as TransmitFile takes one, for an open descriptor (NEED-K5); INVALID_HANDLE_VALUE on failure.
 * The descriptor is duplicated: it stays the caller's, and shares its position with the handle. CloseHandle
 * closes the handle. */
HANDLE WINAPI ws2spi_OpenFileDescriptor(int fd);

/* Names the function that delivers the messages of WSPAsyncSelect where WSPStartup was given no table with a
 * WPUPostMessage (NEED-S17); NULL for none. It is called on any thread, and answers whether it took the
 * message. */
void WINAPI ws2spi_SetPostMessage(BOOL (CALLBACK *post)(HWND hWnd, UINT Msg, WPARAM wParam, LPARAM lParam));

WS2SPI_END_C

/* ---- Statuses ------------------------------------------------------------------------------------ */

/* What Internal says of a request that has finished (STATUS_PENDING: it has not): an NTSTATUS, negative where
 * the request failed. */
#ifndef STATUS_SUCCESS
#define STATUS_SUCCESS ((LONG)0x00000000)
#endif
#ifndef STATUS_BUFFER_OVERFLOW
#define STATUS_BUFFER_OVERFLOW ((LONG)0x80000005)
#endif
#ifndef STATUS_ACCESS_VIOLATION
#define STATUS_ACCESS_VIOLATION ((LONG)0xc0000005)
#endif
#ifndef STATUS_INVALID_HANDLE
#define STATUS_INVALID_HANDLE ((LONG)0xc0000008)
#endif
#ifndef STATUS_INVALID_PARAMETER
#define STATUS_INVALID_PARAMETER ((LONG)0xc000000d)
#endif
#ifndef STATUS_ACCESS_DENIED
#define STATUS_ACCESS_DENIED ((LONG)0xc0000022)
#endif
#ifndef STATUS_INSUFFICIENT_RESOURCES
#define STATUS_INSUFFICIENT_RESOURCES ((LONG)0xc000009a)
#endif
#ifndef STATUS_DEVICE_NOT_READY
#define STATUS_DEVICE_NOT_READY ((LONG)0xc00000a3)
#endif
#ifndef STATUS_PIPE_DISCONNECTED
#define STATUS_PIPE_DISCONNECTED ((LONG)0xc00000b0)
#endif
#ifndef STATUS_IO_TIMEOUT
#define STATUS_IO_TIMEOUT ((LONG)0xc00000b5)
#endif
#ifndef STATUS_NOT_SUPPORTED
#define STATUS_NOT_SUPPORTED ((LONG)0xc00000bb)
#endif
#ifndef STATUS_UNEXPECTED_NETWORK_ERROR
#define STATUS_UNEXPECTED_NETWORK_ERROR ((LONG)0xc00000c4)
#endif
#ifndef STATUS_CANCELLED
#define STATUS_CANCELLED ((LONG)0xC0000120)
#endif
#ifndef STATUS_INVALID_CONNECTION
#define STATUS_INVALID_CONNECTION ((LONG)0xc0000140)
#endif
#ifndef STATUS_INVALID_ADDRESS_COMPONENT
#define STATUS_INVALID_ADDRESS_COMPONENT ((LONG)0xc0000207)
#endif
#ifndef STATUS_ADDRESS_ALREADY_EXISTS
#define STATUS_ADDRESS_ALREADY_EXISTS ((LONG)0xc000020a)
#endif
#ifndef STATUS_CONNECTION_RESET
#define STATUS_CONNECTION_RESET ((LONG)0xc000020d)
#endif
#ifndef STATUS_CONNECTION_REFUSED
#define STATUS_CONNECTION_REFUSED ((LONG)0xc0000236)
#endif
#ifndef STATUS_GRACEFUL_DISCONNECT
#define STATUS_GRACEFUL_DISCONNECT ((LONG)0xc0000237)
#endif
#ifndef STATUS_CONNECTION_ACTIVE
#define STATUS_CONNECTION_ACTIVE ((LONG)0xc000023b)
#endif
#ifndef STATUS_NETWORK_UNREACHABLE
#define STATUS_NETWORK_UNREACHABLE ((LONG)0xc000023c)
#endif
#ifndef STATUS_HOST_UNREACHABLE
#define STATUS_HOST_UNREACHABLE ((LONG)0xc000023d)
#endif
#ifndef STATUS_REQUEST_ABORTED
#define STATUS_REQUEST_ABORTED ((LONG)0xc0000240)
#endif
#ifndef STATUS_CONNECTION_ABORTED
#define STATUS_CONNECTION_ABORTED ((LONG)0xc0000241)
#endif
#ifndef STATUS_HOST_DOWN
#define STATUS_HOST_DOWN ((LONG)0xc0000350)
#endif
#ifndef STATUS_HOPLIMIT_EXCEEDED
#define STATUS_HOPLIMIT_EXCEEDED ((LONG)0xc000a012)
#endif
#ifndef STATUS_PROTOCOL_NOT_SUPPORTED
#define STATUS_PROTOCOL_NOT_SUPPORTED ((LONG)0xc000a013)
#endif

#endif /* WS2KERNEL_H */
