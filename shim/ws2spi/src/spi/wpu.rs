//! WPU*: what providers ask of their host. These are the library's own, for hosts that leave it to them; a host may
//! give WSPStartup others (U.1).

#![allow(non_snake_case, reason = "the names are the C header's")]

use super::spi;
use crate::abi::{
    BOOL, DWORD, DWORD_PTR, GUID, HWND, LPBLOCKINGCALLBACK, LPWSAUSERAPC, SOCKET, WCHAR, WSAEVENT,
    WSAOVERLAPPED, WSATHREADID, WSPUPCALLTABLE, fd_set,
};
use crate::catalog::transport;
use crate::sys::guard::UserPointer;
use crate::{base, chain};
use std::ffi::{c_int, c_uint};

/// Tells whether a socket is in a set, which is a count and that many handles.
///
/// Returns 1 if it is, 0 if not. Safe on any thread. Source: WPUFDIsSet.1.
///
/// # Safety
/// `fdset` is NULL, bad (the answer is 0), or names a set that the caller lets the function read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn WPUFDIsSet(s: SOCKET, fdset: *mut fd_set) -> c_int {
    // SAFETY: the caller's promise above.
    base::select::is_member(s, unsafe { UserPointer::new(fdset) }).into()
}

spi! {
    /// Makes an event: it stays signalled until it is reset, and is not signalled yet.
    ///
    /// Returns the event, to be closed with WPUCloseEvent, or NULL (WSA_INVALID_EVENT) with WSA_NOT_ENOUGH_MEMORY. Needs
    /// no WSPStartup. Safe on any thread. Source: WPUCreateEvent.1.
    fn WPUCreateEvent(; lpErrno) -> WSAEVENT {
        base::event::create()
    }

    /// Signals an event, and wakes who waits for it.
    ///
    /// Returns TRUE, or FALSE with WSA_INVALID_HANDLE. Needs no WSPStartup. Safe on any thread. Source: WPUSetEvent.1.
    fn WPUSetEvent(hEvent: WSAEVENT; lpErrno) -> BOOL {
        base::event::set(hEvent.address())
    }

    /// Makes an event nonsignalled.
    ///
    /// Returns TRUE, or FALSE with WSA_INVALID_HANDLE. Needs no WSPStartup. Safe on any thread. Source: WPUResetEvent.1.
    fn WPUResetEvent(hEvent: WSAEVENT; lpErrno) -> BOOL {
        base::event::reset(hEvent.address())
    }

    /// Closes an event. Waits for it go on, but nobody can signal it any more.
    ///
    /// Returns TRUE, or FALSE with WSA_INVALID_HANDLE. Needs no WSPStartup. Safe on any thread. Source: WPUCloseEvent.1.
    fn WPUCloseEvent(hEvent: WSAEVENT; lpErrno) -> BOOL {
        base::event::close(hEvent.address())
    }

    /// Names the calling thread, for those who are to call something on it.
    ///
    /// `lpThreadId` receives the name; its ThreadHandle is what QueueUserAPC takes.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEFAULT, WSAENOBUFS or WSANOTINITIALISED. Every success needs one
    /// WPUCloseThread. Safe on any thread. Source: WPUOpenCurrentThread.1 to .3.
    fn WPUOpenCurrentThread(lpThreadId: *mut WSATHREADID; lpErrno) -> c_int {
        base::apc::open_current_thread(lpThreadId)
    }

    /// Undoes one WPUOpenCurrentThread, on any thread. What was queued still runs.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEFAULT (the structure names no thread, or no longer) or WSANOTINITIALISED.
    /// Source: WPUCloseThread.1, .2.
    fn WPUCloseThread(lpThreadId: *mut WSATHREADID; lpErrno) -> c_int {
        base::apc::close_thread(lpThreadId)
    }

    /// Has `lpfnUserApc(dwContext)` called on a thread when that next waits alertably: in WSAWaitForMultipleEvents,
    /// SleepEx and the like. The structure is not needed after the call.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEFAULT (the structure names no thread, the thread has ended, or there is no
    /// function). Safe on any thread. Source: WPUQueueApc.1 to .3, NEED-S10.
    fn WPUQueueApc(lpThreadId: *mut WSATHREADID, lpfnUserApc: LPWSAUSERAPC, dwContext: DWORD_PTR; lpErrno) -> c_int {
        base::apc::queue(lpThreadId, lpfnUserApc, dwContext)
    }

    /// Makes a socket handle for a provider that has none from the kernel. `dwContext` is kept for
    /// WPUQuerySocketHandleContext.
    ///
    /// Returns the handle, to be closed with WPUCloseSocketHandle, or INVALID_SOCKET with WSAENOBUFS. Safe on any thread.
    /// Source: WPUCreateSocketHandle.1, NEED-S6.
    fn WPUCreateSocketHandle(dwCatalogEntryId: DWORD, dwContext: DWORD_PTR; lpErrno) -> SOCKET {
        chain::layered::create(dwCatalogEntryId, dwContext)
    }

    /// Gives the context of a handle back.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEFAULT or WSAENOTSOCK (not a handle of WPUCreateSocketHandle). Safe on any
    /// thread. Source: WPUQuerySocketHandleContext.1, NEED-S6.
    fn WPUQuerySocketHandleContext(s: SOCKET, lpContext: *mut DWORD_PTR; lpErrno) -> c_int {
        chain::layered::context(s, lpContext)
    }

    /// Closes a handle of WPUCreateSocketHandle.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAENOTSOCK. Safe on any thread. Source: WPUCloseSocketHandle.1, .2, NEED-S6.
    fn WPUCloseSocketHandle(s: SOCKET; lpErrno) -> c_int {
        chain::layered::close(s)
    }

    /// Tells that an overlapped request on a handle of WPUCreateSocketHandle has ended, by its event, or by a packet to
    /// the handle's completion port unless the low bit of `hEvent` is set.
    ///
    /// `InternalHigh` becomes `cbTransferred`, then `Internal` the status of `dwError`. The provider has put the code into
    /// `OffsetHigh` and the flags into `Offset` before.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEFAULT or WSAEINVAL (not a handle of WPUCreateSocketHandle). Safe on any thread.
    /// Source: WPUCompleteOverlappedRequest.1 to .5, NEED-S9.
    fn WPUCompleteOverlappedRequest(
        s: SOCKET,
        lpOverlapped: *mut WSAOVERLAPPED,
        dwError: DWORD,
        cbTransferred: DWORD;
        lpErrno
    ) -> c_int {
        chain::layered::complete(s, lpOverlapped, dwError, cbTransferred)
    }

    /// Registers a new socket: the calls of the Winsock API on it go to the provider of the catalog entry from now on. The
    /// last registration counts.
    ///
    /// Returns the handle to be used, which is the proposed one, or INVALID_SOCKET with WSAEINVAL for what is no socket
    /// and for an entry that there is not. Safe on any thread. Source: WPUModifyIFSHandle.1 to .4, NEED-S5.
    fn WPUModifyIFSHandle(dwCatalogEntryId: DWORD, ProposedHandle: SOCKET; lpErrno) -> SOCKET {
        chain::host::modify_ifs_handle(dwCatalogEntryId, ProposedHandle)
    }

    /// Tells where a provider's library is, as WSCGetProviderPath does: `%NAME%` is not expanded, and the base provider's
    /// is this library itself.
    ///
    /// `lpProviderDllPathLen` is the room in characters, and receives what is needed, with the terminator.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEFAULT (also for too little room), WSAEINVAL (no such provider) or
    /// WSANO_RECOVERY (the catalog cannot be used). Safe on any thread. Source: WPUGetProviderPath.1, .2, NEED-S1.
    fn WPUGetProviderPath(
        lpProviderId: *mut GUID,
        lpszProviderDllPath: *mut WCHAR,
        lpProviderDllPathLen: *mut c_int;
        lpErrno
    ) -> c_int {
        transport::path(lpProviderId, lpszProviderDllPath, lpProviderDllPathLen)
    }

    /// Asks for the routine that a provider is to call while it blocks: there is none, `*lplpfnCallback` becomes NULL.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEFAULT or WSAEINVAL (no such catalog entry). Safe on any thread. Source:
    /// WPUQueryBlockingCallback.1, .3.
    fn WPUQueryBlockingCallback(
        dwCatalogEntryId: DWORD,
        lplpfnCallback: *mut LPBLOCKINGCALLBACK,
        lpdwContext: *mut DWORD_PTR;
        lpErrno
    ) -> c_int {
        chain::host::query_blocking_callback(dwCatalogEntryId, lplpfnCallback, lpdwContext)
    }
}

/// Posts a message to a window, by the function that `ws2spi_SetPostMessage` has named.
///
/// Returns whether that took it; FALSE without one. Safe on any thread. Source: WPUPostMessage.1, NEED-S17.
#[unsafe(no_mangle)]
pub extern "C" fn WPUPostMessage(hWnd: HWND, Msg: c_uint, wParam: usize, lParam: isize) -> BOOL {
    BOOL(chain::host::post_message(hWnd as usize, Msg, wParam, lParam).into())
}

/// The upcalls that every provider is given, in the order of the table (U.2).
pub(super) static TABLE: WSPUPCALLTABLE = WSPUPCALLTABLE {
    lpWPUCloseEvent: Some(WPUCloseEvent),
    lpWPUCloseSocketHandle: Some(WPUCloseSocketHandle),
    lpWPUCreateEvent: Some(WPUCreateEvent),
    lpWPUCreateSocketHandle: Some(WPUCreateSocketHandle),
    lpWPUFDIsSet: Some(WPUFDIsSet),
    lpWPUGetProviderPath: Some(WPUGetProviderPath),
    lpWPUModifyIFSHandle: Some(WPUModifyIFSHandle),
    lpWPUPostMessage: Some(WPUPostMessage),
    lpWPUQueryBlockingCallback: Some(WPUQueryBlockingCallback),
    lpWPUQuerySocketHandleContext: Some(WPUQuerySocketHandleContext),
    lpWPUQueueApc: Some(WPUQueueApc),
    lpWPUResetEvent: Some(WPUResetEvent),
    lpWPUSetEvent: Some(WPUSetEvent),
    lpWPUOpenCurrentThread: Some(WPUOpenCurrentThread),
    lpWPUCloseThread: Some(WPUCloseThread),
};
