//! Functions of the Winsock API: what the headers' macros call, the thread's last error, events and waits. They leave
//! the code of a failure in the thread's last error.

#![allow(non_snake_case, reason = "the names are the C header's")]

use super::spi;
use crate::abi::*;
use crate::base;
use crate::object::thread;
use crate::overlapped::Overlapped;
use crate::sys::guard::UserPointer;
use std::ffi::c_int;

/// What `FD_ISSET` calls: tells whether a socket is in a set.
///
/// Returns 1 if it is, 0 if not. Safe on any thread. Source: NEED-H8, WSPSelect.11.
///
/// # Safety
/// The set is NULL, bad (the answer is 0), or one that the caller lets the function read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __WSAFDIsSet(s: SOCKET, set: *mut fd_set) -> c_int {
    // SAFETY: the caller's promise above.
    base::select::is_member(s, unsafe { UserPointer::new(set) }).into()
}

/// The code of the calling thread's latest failure, as `GetLastError` gives it too.
///
/// Returns the code that `WSASetLastError`, `SetLastError` or a failed call left last; 0 in a new thread. Needs no
/// WSPStartup, cannot fail, and may be called in a signal handler. Source: NEED-K4.
#[unsafe(no_mangle)]
pub extern "C" fn WSAGetLastError() -> c_int {
    thread::last_error().cast_signed()
}

/// Sets what `WSAGetLastError` and `GetLastError` give in the calling thread.
///
/// Needs no WSPStartup, cannot fail, and may be called in a signal handler. Source: NEED-K4.
#[unsafe(no_mangle)]
pub extern "C" fn WSASetLastError(iError: c_int) {
    thread::set_last_error(iError.cast_unsigned());
}

spi! {
    /// Makes an event: it stays signalled until it is reset, and is not signalled yet. It is one of WPUCreateEvent.
    ///
    /// Returns the event, to be closed with WSACloseEvent, or NULL (WSA_INVALID_EVENT) with WSA_NOT_ENOUGH_MEMORY. Needs
    /// no WSPStartup. Safe on any thread. Source: WPUCreateEvent.1, NEED-K2.
    fn WSACreateEvent() -> WSAEVENT {
        base::event::create()
    }

    /// Signals an event, and wakes who waits for it.
    ///
    /// Returns TRUE, or FALSE with WSA_INVALID_HANDLE. Needs no WSPStartup. Safe on any thread. Source: WPUSetEvent.1,
    /// NEED-K2.
    fn WSASetEvent(hEvent: WSAEVENT) -> BOOL {
        base::event::set(hEvent.address())
    }

    /// Makes an event nonsignalled.
    ///
    /// Returns TRUE, or FALSE with WSA_INVALID_HANDLE. Needs no WSPStartup. Safe on any thread. Source:
    /// WPUResetEvent.1, NEED-K2.
    fn WSAResetEvent(hEvent: WSAEVENT) -> BOOL {
        base::event::reset(hEvent.address())
    }

    /// Closes an event. Waits for it go on, but nobody can signal it any more.
    ///
    /// Returns TRUE, or FALSE with WSA_INVALID_HANDLE. Needs no WSPStartup. Safe on any thread. Source:
    /// WPUCloseEvent.1, NEED-K2.
    fn WSACloseEvent(hEvent: WSAEVENT) -> BOOL {
        base::event::close(hEvent.address())
    }

    /// Waits for one of `cEvents` events (1 to 64), or for all of them if `fWaitAll` says so, for at most `dwTimeout`
    /// milliseconds (WSA_INFINITE: without end; 0: not at all). `fAlertable`: completion routines and APCs may run, and
    /// end the wait. The waiting thread carries out overlapped requests that can go on.
    ///
    /// Returns WSA_WAIT_EVENT_0 plus the lowest place of a signalled event (plus 0 for all), WSA_WAIT_TIMEOUT,
    /// WSA_WAIT_IO_COMPLETION, or WSA_WAIT_FAILED with WSAEFAULT, WSA_INVALID_HANDLE or WSA_INVALID_PARAMETER (also for
    /// one event twice in a wait for all). Needs no WSPStartup. Safe on any thread. Source: NEED-K2, NEED-K3, OBS.40.
    fn WSAWaitForMultipleEvents(
        cEvents: DWORD,
        lphEvents: *const WSAEVENT,
        fWaitAll: BOOL,
        dwTimeout: DWORD,
        fAlertable: BOOL,
    ) -> DWORD {
        base::wait::for_events(cEvents, lphEvents.cast(), fWaitAll, dwTimeout, fAlertable)
    }

    /// Tells what sockets are ready for, waiting until one of them is.
    ///
    /// `fdArray` has `fds` elements. Each names a socket (`fd`) and what is asked of it (`events`: POLLRDNORM, POLLRDBAND,
    /// POLLWRNORM, POLLIN and POLLOUT, or 0), and receives what holds of that (`revents`), and besides, asked or not:
    /// POLLHUP when the peer has ended the connection, with POLLERR when it has broken, both also when a connection
    /// attempt has failed; POLLERR when the socket was closed meanwhile; POLLNVAL when `fd` is no socket, which also
    /// ends the wait at once. An element whose `fd` is negative is ignored but for a POLLNVAL. A listening socket is
    /// POLLRDNORM when a connection waits, a connecting one POLLWRNORM when it is connected. `timeout` is in
    /// milliseconds; 0 does not wait, negative waits for ever.
    ///
    /// Returns how many elements have something in `revents`, 0 when the time is over, or SOCKET_ERROR with WSAEFAULT,
    /// WSAEINPROGRESS, WSAEINTR, WSAEINVAL (no array, other events, no socket among them), WSAENETDOWN or WSAENOBUFS; then
    /// nothing is written. Safe on any thread. Source: NEED-S13, OBS.22, OBS.23, OBS.27, OBS.30.
    fn WSAPoll(fdArray: *mut WSAPOLLFD, fds: DWORD, timeout: c_int) -> c_int {
        base::poll::poll(fdArray, fds, timeout)
    }

    /// Sends a datagram, with control data that say how.
    ///
    /// `Handle` is a datagram or raw socket. `lpMsg` is only read: `lpBuffers` (`dwBufferCount` of them) are the datagram;
    /// `name` (`namelen` bytes) is where it goes, NULL for the peer; `Control` may have one message (WSACMSGHDR) each of
    /// IP_PKTINFO, IP_HOPLIMIT, IP_TOS, IP_ECN, on an IPv6 socket also of IPV6_PKTINFO, IPV6_HOPLIMIT, IPV6_TCLASS and
    /// IPV6_ECN, and UDP_SEND_MSG_SIZE. `dwFlags` is 0 or MSG_DONTROUTE, which has no effect. `lpNumberOfBytesSent` may be
    /// NULL only with an `lpOverlapped`. With `lpOverlapped` or `lpCompletionRoutine` on an overlapped socket the call
    /// does not wait; only the buffers' contents must stay until the request has ended.
    ///
    /// Returns 0, or SOCKET_ERROR with WSA_IO_PENDING, WSAEACCES, WSAEADDRNOTAVAIL, WSAEAFNOSUPPORT, WSAECONNRESET,
    /// WSAEFAULT, WSAEINPROGRESS, WSAEINTR, WSAEINVAL (control data), WSAEMSGSIZE, WSAENETDOWN, WSAENETUNREACH,
    /// WSAENOBUFS, WSAENOTCONN, WSAENOTSOCK, WSAEOPNOTSUPP (a stream, other flags), WSAESHUTDOWN, WSAETIMEDOUT or
    /// WSAEWOULDBLOCK. Safe on any thread; requests go out in posting order. Source: NEED-S12, NEED-S13, OV.1 to OV.24,
    /// WSPSendTo.1.
    fn WSASendMsg(
        Handle: SOCKET,
        lpMsg: *mut WSAMSG,
        dwFlags: DWORD,
        lpNumberOfBytesSent: *mut DWORD,
        lpOverlapped: *mut WSAOVERLAPPED,
        lpCompletionRoutine: LPWSAOVERLAPPED_COMPLETION_ROUTINE,
    ) -> c_int {
        base::transfer::send_with_control(
            Handle,
            lpMsg,
            dwFlags,
            lpNumberOfBytesSent,
            Overlapped::new(lpOverlapped, lpCompletionRoutine, UserPointer::from_address(0)),
        )
    }
}
