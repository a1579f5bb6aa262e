//! The kernel's names that go with Winsock's, as `include/ws2kernel.h` binds them: `GetLastError` is
//! `ws2spi_GetLastError` here, so that no symbol of ours is one of a host that brings its own kernel.

#![allow(non_snake_case, reason = "the names are the C header's")]

use super::spi;
use crate::abi::{BOOL, DWORD, HANDLE, LPPOSTMESSAGE, LPWSAUSERAPC};
use crate::base;
use crate::error::{Result, WsaError, status};
use crate::object::thread;
use std::ffi::{c_char, c_void};

/// What the kernel calls a code.
fn system_code<T>(result: Result<T>) -> Result<T> {
    result.map_err(|code| WsaError::from_code(status::win32(code).cast_signed()))
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
        system_code(base::wait::for_events(nCount, lpHandles.cast(), bWaitAll, dwMilliseconds, BOOL::FALSE))
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
        system_code(base::wait::for_events(nCount, lpHandles.cast(), bWaitAll, dwMilliseconds, bAlertable))
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
pub unsafe extern "C" fn ws2spi_SetPostMessage(post: LPPOSTMESSAGE) {
    crate::upcall::set_deliver(post);
}

/// `Sleep`: lets `dwMilliseconds` pass (INFINITE: without end; 0: gives the processor to another thread).
///
/// Cannot fail. Needs no WSPStartup. Safe on any thread. Source: NEED-K3.
#[unsafe(no_mangle)]
pub extern "C" fn ws2spi_Sleep(dwMilliseconds: DWORD) {
    base::wait::sleep(dwMilliseconds, BOOL::FALSE);
}
