//! The kernel's names that go with Winsock's, as `include/ws2kernel.h` binds them: `GetLastError` is
//! `ws2spi_GetLastError` here, so that no symbol of ours is one of a host that brings its own kernel.

#![allow(non_snake_case, reason = "the names are the C header's")]

use super::spi;
use crate::abi::{BOOL, DWORD, DWORD_PTR, HANDLE, LPOVERLAPPED, OVERLAPPED_ENTRY};
use crate::base;
use crate::object::thread;
use std::ffi::c_int;

/// `GetLastError`: the code of the calling thread's latest failure, as `WSAGetLastError` gives it too.
///
/// Returns the code that `SetLastError`, `WSASetLastError` or a failed call left last; 0 in a new thread. Needs no
/// WSPStartup, cannot fail, and may be called in a signal handler. Source: NEED-K4.
#[unsafe(no_mangle)]
pub extern "C" fn ws2spi_GetLastError() -> u32 {
    thread::last_error()
}

/// `SetLastError`: sets what `GetLastError` and `WSAGetLastError` give in the calling thread.
///
/// Needs no WSPStartup, cannot fail, and may be called in a signal handler. Source: NEED-K4.
#[unsafe(no_mangle)]
pub extern "C" fn ws2spi_SetLastError(dwErrCode: u32) {
    thread::set_last_error(dwErrCode);
}

spi! {
    /// `CreateIoCompletionPort`: makes a completion port, associates a file with one, or both.
    ///
    /// `FileHandle` is an overlapped socket, or INVALID_HANDLE_VALUE for a port alone; `ExistingCompletionPort` a port, or
    /// NULL for a new one; `CompletionKey` comes out with each packet of the file. How many threads run at a time is left
    /// to the scheduler: `NumberOfConcurrentThreads` means nothing.
    ///
    /// Returns the port, or NULL with ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER (the socket is not overlapped or has a
    /// port already; a port without a file) or ERROR_NO_SYSTEM_RESOURCES. Needs no WSPStartup; safe on any thread. Source:
    /// NEED-K1, NEED-S8.
    fn ws2spi_CreateIoCompletionPort(
        FileHandle: HANDLE,
        ExistingCompletionPort: HANDLE,
        CompletionKey: DWORD_PTR,
        NumberOfConcurrentThreads: DWORD,
    ) -> HANDLE {
        let _ = NumberOfConcurrentThreads;
        base::port::create(FileHandle, ExistingCompletionPort, CompletionKey)
    }

    /// `GetQueuedCompletionStatus`: takes a packet from a port, waiting for one up to `dwMilliseconds`, or for ever
    /// (INFINITE).
    ///
    /// `lpNumberOfBytesTransferred`, `lpCompletionKey` and `lpOverlapped` receive the packet; without one `lpOverlapped`
    /// gets NULL and the others stay.
    ///
    /// Returns TRUE, or FALSE with a packet and the system code that its request failed with, or FALSE without a packet
    /// and WAIT_TIMEOUT, ERROR_ABANDONED_WAIT_0 (the port was closed meanwhile), ERROR_INVALID_HANDLE or ERROR_NOACCESS (a
    /// bad pointer; the packet stays). Needs no WSPStartup; safe on any thread. Source: NEED-K1, NEED-S8.
    fn ws2spi_GetQueuedCompletionStatus(
        CompletionPort: HANDLE,
        lpNumberOfBytesTransferred: *mut DWORD,
        lpCompletionKey: *mut DWORD_PTR,
        lpOverlapped: *mut LPOVERLAPPED,
        dwMilliseconds: DWORD,
    ) -> BOOL {
        base::port::dequeue(
            CompletionPort,
            lpNumberOfBytesTransferred,
            lpCompletionKey,
            lpOverlapped,
            dwMilliseconds,
        )
    }

    /// `GetQueuedCompletionStatusEx`: takes up to `ulCount` packets from a port, waiting for the first up to
    /// `dwMilliseconds`, or for ever (INFINITE).
    ///
    /// `lpCompletionPortEntries` receives them, with the status (NTSTATUS) of each request in `Internal`;
    /// `ulNumEntriesRemoved` how many. `fAlertable` lets APCs run when the call would have to wait, which ends it.
    ///
    /// Returns TRUE whatever became of the requests, or FALSE with WAIT_TIMEOUT, WAIT_IO_COMPLETION, ERROR_ABANDONED_WAIT_0
    /// (the port was closed meanwhile), ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER (a count of 0) or ERROR_NOACCESS (a
    /// bad pointer; the packets stay). Needs no WSPStartup; safe on any thread. Source: NEED-K1, NEED-K3.
    fn ws2spi_GetQueuedCompletionStatusEx(
        CompletionPort: HANDLE,
        lpCompletionPortEntries: *mut OVERLAPPED_ENTRY,
        ulCount: DWORD,
        ulNumEntriesRemoved: *mut DWORD,
        dwMilliseconds: DWORD,
        fAlertable: BOOL,
    ) -> BOOL {
        base::port::dequeue_many(
            CompletionPort,
            lpCompletionPortEntries,
            ulCount,
            ulNumEntriesRemoved,
            dwMilliseconds,
            fAlertable,
        )
    }

    /// `PostQueuedCompletionStatus`: queues a packet, which comes out of the port as it was put in.
    ///
    /// `lpOverlapped` is not looked at, and may be any number.
    ///
    /// Returns TRUE, or FALSE with ERROR_INVALID_HANDLE. Needs no WSPStartup; safe on any thread. Source: NEED-K1.
    fn ws2spi_PostQueuedCompletionStatus(
        CompletionPort: HANDLE,
        dwNumberOfBytesTransferred: DWORD,
        dwCompletionKey: DWORD_PTR,
        lpOverlapped: LPOVERLAPPED,
    ) -> BOOL {
        base::port::post(CompletionPort, dwNumberOfBytesTransferred, dwCompletionKey, lpOverlapped)
    }

    /// `SetFileCompletionNotificationModes`: what is left out when a request of a socket succeeds at once.
    ///
    /// `Flags` has FILE_SKIP_COMPLETION_PORT_ON_SUCCESS (1) for no packet then, and FILE_SKIP_SET_EVENT_ON_HANDLE (2), which
    /// changes nothing, since a socket's handle cannot be waited for. Modes stay until the socket is closed.
    ///
    /// Returns TRUE, or FALSE with ERROR_INVALID_HANDLE or ERROR_INVALID_PARAMETER (another flag, or the socket is not
    /// overlapped). Safe on any thread. Source: NEED-K1.
    fn ws2spi_SetFileCompletionNotificationModes(FileHandle: HANDLE, Flags: u8) -> BOOL {
        base::port::set_modes(FileHandle, Flags)
    }

    /// `CloseHandle`: closes an event, a completion port, a thread of WPUOpenCurrentThread, a file of
    /// `ws2spi_OpenFileDescriptor`, or a socket, which is closed as by WSPCloseSocket.
    ///
    /// Threads that wait at a closed port are woken (ERROR_ABANDONED_WAIT_0); its packets, and those still to come from
    /// sockets that are associated with it, go nowhere.
    ///
    /// Returns TRUE, or FALSE with ERROR_INVALID_HANDLE, or the system code that WSPCloseSocket's stands for. Safe on any
    /// thread. Source: NEED-K1, NEED-K2.
    fn ws2spi_CloseHandle(hObject: HANDLE) -> BOOL {
        base::handle::close(hObject)
    }

    /// `GetOverlappedResult`: how a request has ended, waiting for its end if `bWait` says so, with or without an event.
    ///
    /// `lpNumberOfBytesTransferred` receives the number of bytes, also of a request that failed.
    ///
    /// Returns TRUE, or FALSE with ERROR_IO_INCOMPLETE while the request runs, the system code that it failed with,
    /// ERROR_INVALID_HANDLE (`hFile` is no socket, and there is something to wait for) or ERROR_NOACCESS. Safe on any
    /// thread. Source: OV.21, NEED-K1.
    fn ws2spi_GetOverlappedResult(
        hFile: HANDLE,
        lpOverlapped: LPOVERLAPPED,
        lpNumberOfBytesTransferred: *mut DWORD,
        bWait: BOOL,
    ) -> BOOL {
        base::result::system_result(hFile, lpOverlapped, lpNumberOfBytesTransferred, bWait)
    }

    /// `CancelIo`: ends what the calling thread has requested of a socket: the requests complete as
    /// ERROR_OPERATION_ABORTED, unless they were faster.
    ///
    /// Returns TRUE, also when there is nothing to cancel, or FALSE with ERROR_INVALID_HANDLE. Safe on any thread. Source:
    /// OV.22, NEED-K1.
    fn ws2spi_CancelIo(hFile: HANDLE) -> BOOL {
        base::handle::cancel_own(hFile)
    }

    /// `CancelIoEx`: ends the request of a socket that `lpOverlapped` was given for, or with NULL all of them, whichever
    /// thread has started them: they complete as ERROR_OPERATION_ABORTED, unless they were faster.
    ///
    /// Returns TRUE, or FALSE with ERROR_NOT_FOUND (there is no such request) or ERROR_INVALID_HANDLE. Safe on any thread.
    /// Source: OV.22, NEED-K1.
    fn ws2spi_CancelIoEx(hFile: HANDLE, lpOverlapped: LPOVERLAPPED) -> BOOL {
        base::handle::cancel(hFile, lpOverlapped)
    }

    /// A file handle for an open descriptor, as TransmitFile takes one. The descriptor is duplicated: it stays the
    /// caller's, and shares its position with the handle, which CloseHandle closes.
    ///
    /// Returns the handle, or INVALID_HANDLE_VALUE with ERROR_INVALID_HANDLE (`fd` is not open) or
    /// ERROR_TOO_MANY_OPEN_FILES. Needs no WSPStartup; safe on any thread. Source: NEED-K5.
    fn ws2spi_OpenFileDescriptor(fd: c_int) -> usize {
        base::handle::open_file(fd)
    }
}
