//! The kernel's names that go with Winsock's, as `include/ws2kernel.h` binds them: `GetLastError` is
//! `ws2spi_GetLastError` here, so that no symbol of ours is one of a host that brings its own kernel.

#![allow(non_snake_case, reason = "the names are the C header's")]

use super::{spi, wsp};
use crate::abi::{
    BOOL, DWORD, DWORD_PTR, HANDLE, LPOVERLAPPED, LPWPUPOSTMESSAGE, LPWSAUSERAPC, OVERLAPPED_ENTRY,
};
use crate::error::{Result, status};
use crate::object::thread;
use crate::{base, chain};
use std::ffi::{c_char, c_int, c_void};

/// What the kernel calls a code.
fn in_system_codes<T>(result: Result<T>) -> Result<T> {
    result.map_err(|code| status::system(status::win32(code)))
}

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
    /// `ws2spi_OpenFileDescriptor`, or a socket, which is closed as by WSPCloseSocket: a handle that a layered provider has
    /// made by that provider.
    ///
    /// Threads that wait at a closed port are woken (ERROR_ABANDONED_WAIT_0); its packets, and those still to come from
    /// sockets that are associated with it, go nowhere.
    ///
    /// Returns TRUE, or FALSE with ERROR_INVALID_HANDLE, or the system code that WSPCloseSocket's stands for. Safe on any
    /// thread. Source: NEED-K1, NEED-K2.
    fn ws2spi_CloseHandle(hObject: HANDLE) -> BOOL {
        chain::layered::close_handle(hObject, &wsp::PROC_TABLE)
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

spi! {
    /// `CreateEventA`: makes an event, which resets itself with the first wait that it ends unless `bManualReset` is
    /// TRUE, and is signalled already if `bInitialState` is. `lpEventAttributes` means nothing.
    ///
    /// Returns the event, to be closed with CloseHandle, or NULL with ERROR_INVALID_PARAMETER for a name, as events have
    /// none, or ERROR_NOT_ENOUGH_MEMORY. Needs no WSPStartup. Safe on any thread. Source: NEED-K2.
    fn ws2spi_CreateEventA(
        _lpEventAttributes: *const c_void,
        bManualReset: BOOL,
        bInitialState: BOOL,
        lpName: *const c_char,
    ) -> HANDLE {
        base::event::create_unnamed(bManualReset, bInitialState, lpName.is_null())
    }

    /// `CreateEventW`: as `CreateEventA`.
    ///
    /// Returns the event, or NULL with ERROR_INVALID_PARAMETER or ERROR_NOT_ENOUGH_MEMORY. Needs no WSPStartup. Safe on
    /// any thread. Source: NEED-K2.
    fn ws2spi_CreateEventW(
        _lpEventAttributes: *const c_void,
        bManualReset: BOOL,
        bInitialState: BOOL,
        lpName: *const u16,
    ) -> HANDLE {
        base::event::create_unnamed(bManualReset, bInitialState, lpName.is_null())
    }

    /// `SetEvent`: signals an event, and wakes who waits for it.
    ///
    /// Returns TRUE, or FALSE with ERROR_INVALID_HANDLE. Needs no WSPStartup. Safe on any thread. Source: NEED-K2.
    fn ws2spi_SetEvent(hEvent: HANDLE) -> BOOL {
        base::event::set(hEvent.address())
    }

    /// `ResetEvent`: makes an event nonsignalled.
    ///
    /// Returns TRUE, or FALSE with ERROR_INVALID_HANDLE. Needs no WSPStartup. Safe on any thread. Source: NEED-K2.
    fn ws2spi_ResetEvent(hEvent: HANDLE) -> BOOL {
        base::event::reset(hEvent.address())
    }

    /// `WaitForSingleObject`: waits for an event for at most `dwMilliseconds` (INFINITE: without end).
    ///
    /// Returns WAIT_OBJECT_0, WAIT_TIMEOUT, or WAIT_FAILED with ERROR_INVALID_HANDLE. Needs no WSPStartup. Safe on any
    /// thread. Source: NEED-K2.
    fn ws2spi_WaitForSingleObject(hHandle: HANDLE, dwMilliseconds: DWORD) -> DWORD {
        base::wait::for_event(hHandle.address(), dwMilliseconds, BOOL::FALSE)
    }

    /// `WaitForSingleObjectEx`: the same; with `bAlertable` completion routines and APCs may run, and end the wait.
    ///
    /// Returns WAIT_OBJECT_0, WAIT_TIMEOUT, WAIT_IO_COMPLETION, or WAIT_FAILED with ERROR_INVALID_HANDLE. Needs no
    /// WSPStartup. Safe on any thread. Source: NEED-K2, NEED-K3.
    fn ws2spi_WaitForSingleObjectEx(hHandle: HANDLE, dwMilliseconds: DWORD, bAlertable: BOOL) -> DWORD {
        base::wait::for_event(hHandle.address(), dwMilliseconds, bAlertable)
    }

    /// `WaitForMultipleObjects`: waits for one of `nCount` events (1 to 64), or for all of them if `bWaitAll` says so.
    ///
    /// Returns WAIT_OBJECT_0 plus the lowest place of a signalled event (plus 0 for all), WAIT_TIMEOUT, or WAIT_FAILED
    /// with ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER (also for one event twice in a wait for all) or
    /// ERROR_NOACCESS. Needs no WSPStartup. Safe on any thread. Source: NEED-K2.
    fn ws2spi_WaitForMultipleObjects(
        nCount: DWORD,
        lpHandles: *const HANDLE,
        bWaitAll: BOOL,
        dwMilliseconds: DWORD,
    ) -> DWORD {
        in_system_codes(base::wait::for_events(nCount, lpHandles.cast(), bWaitAll, dwMilliseconds, BOOL::FALSE))
    }

    /// `WaitForMultipleObjectsEx`: the same; with `bAlertable` completion routines and APCs may run, and end the wait.
    ///
    /// Returns WAIT_OBJECT_0 plus a place, WAIT_TIMEOUT, WAIT_IO_COMPLETION, or WAIT_FAILED with ERROR_INVALID_HANDLE,
    /// ERROR_INVALID_PARAMETER or ERROR_NOACCESS. Needs no WSPStartup. Safe on any thread. Source: NEED-K2, NEED-K3.
    fn ws2spi_WaitForMultipleObjectsEx(
        nCount: DWORD,
        lpHandles: *const HANDLE,
        bWaitAll: BOOL,
        dwMilliseconds: DWORD,
        bAlertable: BOOL,
    ) -> DWORD {
        in_system_codes(base::wait::for_events(nCount, lpHandles.cast(), bWaitAll, dwMilliseconds, bAlertable))
    }

    /// `SleepEx`: lets `dwMilliseconds` pass (INFINITE: without end; 0: gives the processor to another thread); with
    /// `bAlertable` completion routines and APCs may run, and end that.
    ///
    /// Returns 0, or WAIT_IO_COMPLETION. Cannot fail. Needs no WSPStartup. Safe on any thread. Source: NEED-K3.
    fn ws2spi_SleepEx(dwMilliseconds: DWORD, bAlertable: BOOL) -> DWORD {
        Ok(base::wait::sleep(dwMilliseconds, bAlertable))
    }

    /// `QueueUserAPC`: has `pfnAPC` called with `dwData` on a thread when that next waits alertably. `hThread` is the
    /// ThreadHandle of a WSATHREADID that WPUOpenCurrentThread has filled.
    ///
    /// Returns nonzero, or 0 with ERROR_INVALID_HANDLE (also for a thread that has ended) or ERROR_INVALID_PARAMETER for
    /// no function. Safe on any thread. Source: NEED-K3, WPUQueueApc.1.
    fn ws2spi_QueueUserAPC(pfnAPC: LPWSAUSERAPC, hThread: HANDLE, dwData: usize) -> DWORD {
        base::apc::queue_to_handle(hThread.address(), pfnAPC, dwData)
    }
}

/// Names the function that delivers the messages of WSPAsyncSelect where WSPStartup was given no table with a
/// WPUPostMessage; NULL for none. It is called on any thread, and answers whether it took the message.
///
/// Cannot fail. Needs no WSPStartup. Safe on any thread. Source: NEED-S17, WPUPostMessage.1.
///
/// # Safety
/// The function stays callable until another is named.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ws2spi_SetPostMessage(post: LPWPUPOSTMESSAGE) {
    crate::upcall::set_deliver(post);
}

/// `Sleep`: lets `dwMilliseconds` pass (INFINITE: without end; 0: gives the processor to another thread).
///
/// Cannot fail. Needs no WSPStartup. Safe on any thread. Source: NEED-K3.
#[unsafe(no_mangle)]
pub extern "C" fn ws2spi_Sleep(dwMilliseconds: DWORD) {
    base::wait::sleep(dwMilliseconds, BOOL::FALSE);
}
