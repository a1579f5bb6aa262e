//! WSP*: the transport provider's functions.
//!
//! Before the first WSPStartup and after the last WSPCleanup every other function answers WSANOTINITIALISED (C.4); the
//! lists of codes below leave it out.
#![allow(non_snake_case, reason = "the names are the C header's")]

use super::{IntoSafe, mswsock, spi, wpu};
use crate::abi::*;
use crate::base;
use crate::overlapped::Overlapped;
use libc::timeval;
use std::ffi::{c_char, c_int, c_long, c_uint, c_void};

/// Starts the provider for this process and fills the table of its functions.
///
/// `wVersionRequested` is the highest version the caller can use (2.2 is 0x0202); `lpWSPData` receives what the
/// provider offers; `lpProtocolInfo` may be NULL; the entries of `UpcallTable` that are NULL stand for the library's
/// own; `lpProcTable` receives the 30 functions. Every success needs one WSPCleanup.
///
/// Returns 0, or the code itself: WSAVERNOTSUPPORTED, WSAEFAULT, WSAEINPROGRESS. May be called from any thread.
/// Source: WSPStartup.1 to WSPStartup.14.
///
/// # Safety
/// Every pointer is NULL, bad (WSAEFAULT is the answer), or names memory that the caller lets the function use as its
/// page says; the functions in `UpcallTable` stay callable until the last WSPCleanup.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn WSPStartup(
    wVersionRequested: WORD,
    lpWSPData: *mut WSPDATA,
    lpProtocolInfo: *mut WSAPROTOCOL_INFOW,
    UpcallTable: WSPUPCALLTABLE,
    lpProcTable: *mut WSPPROC_TABLE,
) -> c_int {
    // SAFETY: the caller's promise above is what into_safe asks for.
    let (data, info, procs) = unsafe {
        (
            lpWSPData.into_safe(),
            lpProtocolInfo.into_safe(),
            lpProcTable.into_safe(),
        )
    };
    let traced = crate::trace::is_on();
    if traced {
        crate::trace::call(
            "WSPStartup",
            &[
                ("wVersionRequested", &wVersionRequested),
                ("lpWSPData", &data),
                ("lpProtocolInfo", &info),
                ("UpcallTable", &UpcallTable),
                ("lpProcTable", &procs),
            ],
        );
    }
    // The library's own are called without the detour (U.1).
    let upcalls = UpcallTable.without(&wpu::TABLE);
    let result = base::lifecycle::start(wVersionRequested, data, info, &upcalls, procs, &PROC_TABLE);
    let error = result.err();
    let answer = error.map_or(0, |error| error.code());
    if traced {
        crate::trace::answer("WSPStartup", &answer, error);
    }
    answer
}

spi! {
    /// Takes the first pending connection of a listening socket.
    ///
    /// `s` listens; `addr` receives the peer's address and `addrlen` (in: the size of the buffer in bytes, out: of the
    /// address) its length, either may be NULL; `lpfnCondition`, if not NULL, runs on this thread with `dwCallbackData`
    /// and decides with CF_ACCEPT, CF_REJECT or CF_DEFER. A blocking socket waits while nothing is pending.
    ///
    /// Returns the new socket, or INVALID_SOCKET with WSAECONNREFUSED, WSAECONNRESET, WSAEFAULT, WSAEINTR,
    /// WSAEINPROGRESS, WSAEINVAL, WSAEMFILE, WSAENETDOWN, WSAENOBUFS, WSAENOTSOCK, WSAEOPNOTSUPP, WSATRY_AGAIN or
    /// WSAEWOULDBLOCK; WSAEACCES where a policy of the host forbids it. May be called from any number of threads.
    /// Source: WSPAccept.1 to WSPAccept.17.
    fn WSPAccept(
        s: SOCKET,
        addr: *mut SOCKADDR,
        addrlen: *mut c_int,
        lpfnCondition: LPCONDITIONPROC,
        dwCallbackData: DWORD_PTR;
        lpErrno
    ) -> SOCKET {
        base::accept::accept(s, addr, addrlen, lpfnCondition, dwCallbackData)
    }

    /// Writes an address as text.
    ///
    /// `lpsaAddress` has `dwAddressLength` bytes; `lpProtocolInfo` is NULL or an entry of this provider;
    /// `lpszAddressString` receives UTF-16 with its terminator; `lpdwAddressStringLength` is its size in characters,
    /// in: of the buffer, out: of the text with its terminator, or what is needed.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEFAULT, WSAEINPROGRESS or WSAEINVAL. Safe on any thread. Source:
    /// WSPAddressToString.1 to .3, OBS.43.
    fn WSPAddressToString(
        lpsaAddress: *mut SOCKADDR,
        dwAddressLength: DWORD,
        lpProtocolInfo: *mut WSAPROTOCOL_INFOW,
        lpszAddressString: *mut WCHAR,
        lpdwAddressStringLength: *mut DWORD;
        lpErrno
    ) -> c_int {
        base::text::address_to_string(
            lpsaAddress,
            dwAddressLength,
            lpProtocolInfo,
            lpszAddressString,
            lpdwAddressStringLength,
        )
    }

    /// Has a message posted for each network event of a socket, which becomes non-blocking.
    ///
    /// `hWnd` is the window and `wMsg` the message; `wParam` is then `s`, and `lParam` the event in its low half and the
    /// event's code in its high half. `lEvent` is a mask of FD_*; 0 ends the registration, and window and message do not
    /// matter. It takes the place of an earlier WSPAsyncSelect or WSPEventSelect. Messages go through the host's
    /// WPUPostMessage, or what ws2spi_SetPostMessage has named, on any thread.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEINPROGRESS, WSAEINVAL (an event that there is not; no window, or nobody who
    /// takes messages), WSAENETDOWN (no memory or descriptor for it) or WSAENOTSOCK. Safe on any thread. Source:
    /// WSPAsyncSelect.1 to .7, EV.1 to EV.22.
    fn WSPAsyncSelect(s: SOCKET, hWnd: HWND, wMsg: c_uint, lEvent: c_long; lpErrno) -> c_int {
        base::events::async_select(s, hWnd.address(), wMsg, lEvent)
    }

    /// Gives an unbound socket a local address.
    ///
    /// `name` has `namelen` bytes of the socket's family; the wildcard address and port 0 leave the choice to the
    /// provider.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEACCES, WSAEADDRINUSE, WSAEADDRNOTAVAIL, WSAEAFNOSUPPORT, WSAEFAULT,
    /// WSAEINPROGRESS, WSAEINVAL, WSAENETDOWN, WSAENOBUFS or WSAENOTSOCK. Safe on any thread. Source: WSPBind.1 to .10,
    /// OBS.3, OBS.15 to OBS.18.
    fn WSPBind(s: SOCKET, name: *const SOCKADDR, namelen: c_int; lpErrno) -> c_int {
        base::bind::bind(s, name, namelen)
    }

    /// Cancels the blocking call that the calling thread is in: from its blocking hook, or from a signal handler.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEINVAL when there is none. The cancelled call ends with WSAEINTR. Source:
    /// WSPCancelBlockingCall.1 to .8.
    fn WSPCancelBlockingCall(; lpErrno) -> c_int {
        base::blocking::cancel()
    }

    /// Ends one WSPStartup; the last one resets and closes every socket that is still open.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEINPROGRESS. Safe on any thread. Source: WSPCleanup.1 to .10.
    fn WSPCleanup(; lpErrno) -> c_int {
        base::lifecycle::cleanup()
    }

    /// Closes a socket. Calls of other threads that block on it end with WSAEINTR.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEINPROGRESS, WSAENOTSOCK or, on a non-blocking socket with a linger time that
    /// cannot finish at once, WSAEWOULDBLOCK. Safe on any thread. Source: WSPCloseSocket.1 to .10.
    fn WSPCloseSocket(s: SOCKET; lpErrno) -> c_int {
        base::close::close(s)
    }

    /// Connects a stream socket, or sets or dissolves the peer of a datagram socket.
    ///
    /// `name` has `namelen` bytes; `lpCallerData` must be NULL or empty on stream sockets, whose protocols carry none;
    /// `lpCalleeData`, if not NULL, gets length 0; `lpSQOS` must be NULL, as no flow specification can be honoured;
    /// `lpGQOS` is reserved.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEACCES, WSAEADDRINUSE, WSAEADDRNOTAVAIL, WSAEAFNOSUPPORT, WSAEALREADY,
    /// WSAECONNREFUSED, WSAEFAULT, WSAEINPROGRESS, WSAEINTR, WSAEINVAL, WSAEISCONN, WSAENETDOWN, WSAENETUNREACH,
    /// WSAENOBUFS, WSAENOTSOCK, WSAEOPNOTSUPP, WSAEPROTONOSUPPORT, WSAETIMEDOUT or WSAEWOULDBLOCK. Safe on any thread.
    /// Source: WSPConnect.1 to .13, OBS.19 to OBS.24.
    fn WSPConnect(
        s: SOCKET,
        name: *const SOCKADDR,
        namelen: c_int,
        lpCallerData: *mut WSABUF,
        lpCalleeData: *mut WSABUF,
        lpSQOS: *mut QOS,
        _lpGQOS: *mut QOS;
        lpErrno
    ) -> c_int {
        base::connect::connect(s, name, namelen, lpCallerData, lpCalleeData, lpSQOS)
    }

    /// Describes a socket so that the process `dwProcessId` can open it again with WSPSocket.
    ///
    /// `lpProtocolInfo` receives the description, which works once and in that process only.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEFAULT, WSAEINPROGRESS, WSAEINVAL, WSAEMFILE, WSAENETDOWN, WSAENOBUFS or
    /// WSAENOTSOCK. Safe on any thread. Source: WSPDuplicateSocket.1 to .9.
    fn WSPDuplicateSocket(
        s: SOCKET,
        dwProcessId: DWORD,
        lpProtocolInfo: *mut WSAPROTOCOL_INFOW;
        lpErrno
    ) -> c_int {
        base::duplicate::duplicate(s, dwProcessId, lpProtocolInfo)
    }

    /// Reports the network events that were recorded since the last call, and clears the record.
    ///
    /// `hEventObject` is reset unless it is NULL; what is recorded later signals it again. `lpNetworkEvents` receives the
    /// mask of the events, and in `iErrorCode`, by the number of its bit, the code of each; the other elements stay.
    /// FD_CLOSE is never reported together with FD_READ, but by the next call.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEFAULT, WSAEINPROGRESS, WSAEINVAL (`hEventObject` is no event) or WSAENOTSOCK,
    /// and nothing is cleared or reset. Safe on any thread. Source: WSPEnumNetworkEvents.1 to .6, EV.17, OBS.37.
    fn WSPEnumNetworkEvents(
        s: SOCKET,
        hEventObject: WSAEVENT,
        lpNetworkEvents: *mut WSANETWORKEVENTS;
        lpErrno
    ) -> c_int {
        base::events::enumerate(s, hEventObject.address(), lpNetworkEvents)
    }

    /// Has the network events of a socket recorded, and an event object signalled for each. The socket becomes
    /// non-blocking.
    ///
    /// `hEventObject` is the event object, which stays the caller's; `lNetworkEvents` a mask of FD_*, of which 0 ends the
    /// registration, whatever the object. It takes the place of an earlier WSPEventSelect or WSPAsyncSelect, and clears
    /// the record. The object is signalled through the host's WPUSetEvent, on any thread.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEINPROGRESS, WSAEINVAL (an event that there is not, or `hEventObject` is none),
    /// WSAENETDOWN (no memory or descriptor for it) or WSAENOTSOCK. Safe on any thread. Source: WSPEventSelect.1 to .5,
    /// EV.1 to EV.22.
    fn WSPEventSelect(s: SOCKET, hEventObject: WSAEVENT, lNetworkEvents: c_long; lpErrno) -> c_int {
        base::events::event_select(s, hEventObject.address(), lNetworkEvents)
    }

    /// Gives the outcome of an overlapped operation.
    ///
    /// `lpOverlapped` is the structure that the operation on `s` was started with; `fWait` says whether to wait for its
    /// end, which takes a valid `hEvent`; `lpcbTransfer` receives the number of bytes, `lpdwFlags` what `lpFlags` of a
    /// receive would hold. Both are written only with TRUE.
    ///
    /// Returns TRUE when the operation has succeeded, or FALSE with WSA_IO_INCOMPLETE while it runs, the code that it
    /// failed with, WSAEFAULT, WSAEINPROGRESS, WSA_INVALID_HANDLE or WSAENOTSOCK. Safe on any thread. Source:
    /// WSPGetOverlappedResult.1 to .7, OV.21.
    fn WSPGetOverlappedResult(
        s: SOCKET,
        lpOverlapped: *mut WSAOVERLAPPED,
        lpcbTransfer: *mut DWORD,
        fWait: BOOL,
        lpdwFlags: *mut DWORD;
        lpErrno
    ) -> BOOL {
        base::result::overlapped_result(s, lpOverlapped, lpcbTransfer, fWait, lpdwFlags)
    }

    /// Gives the address of a socket's peer.
    ///
    /// `name` receives it; `namelen` is in: the size of the buffer in bytes, out: of the address.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEACCES, WSAEFAULT, WSAEINPROGRESS, WSAENETDOWN, WSAENOBUFS, WSAENOTCONN or
    /// WSAENOTSOCK. Safe on any thread. Source: WSPGetPeerName.1 to .3, OBS.12, OBS.14.
    fn WSPGetPeerName(s: SOCKET, name: *mut SOCKADDR, namelen: *mut c_int; lpErrno) -> c_int {
        base::names::peer(s, name, namelen)
    }

    /// Gives the local address of a socket.
    ///
    /// `name` receives it; `namelen` is in: the size of the buffer in bytes, out: of the address.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEACCES, WSAEFAULT, WSAEINPROGRESS, WSAEINVAL, WSAENETDOWN, WSAENOBUFS or
    /// WSAENOTSOCK. Safe on any thread. Source: WSPGetSockName.1 to .4, OBS.12, OBS.13.
    fn WSPGetSockName(s: SOCKET, name: *mut SOCKADDR, namelen: *mut c_int; lpErrno) -> c_int {
        base::names::local(s, name, namelen)
    }

    /// Reads an option.
    ///
    /// `optval` receives the value of option `optname` at `level`; `optlen` is in: the size of the buffer in bytes,
    /// out: of the value.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEACCES, WSAEFAULT, WSAEINPROGRESS, WSAEINVAL, WSAENETDOWN, WSAENOBUFS,
    /// WSAENOPROTOOPT or WSAENOTSOCK; IP_MTU and IPV6_MTU also with WSAENOTCONN. Safe on any thread. Source:
    /// WSPGetSockOpt.1 to .6, OBS.4, OBS.34, OBS.35.
    fn WSPGetSockOpt(
        s: SOCKET,
        level: c_int,
        optname: c_int,
        optval: *mut c_char,
        optlen: *mut c_int;
        lpErrno
    ) -> c_int {
        base::options::get(s, level, optname, optval.cast(), optlen)
    }

    /// Looks for a quality-of-service template. There is none: a name is WSAEINVAL, and the list of names is empty.
    ///
    /// `lpQOSName` holds a UTF-16 name, or an empty one to be overwritten with the list; `lpQOS` would receive the
    /// template.
    ///
    /// Returns TRUE, or FALSE with WSAEFAULT, WSAEINPROGRESS, WSAEINVAL or WSAENOTSOCK. Safe on any thread. Source:
    /// WSPGetQOSByName.1 to .4.
    fn WSPGetQOSByName(s: SOCKET, lpQOSName: *mut WSABUF, lpQOS: *mut QOS; lpErrno) -> BOOL {
        base::qos::by_name(s, lpQOSName, lpQOS)
    }

    /// Controls a socket.
    ///
    /// `dwIoControlCode` takes `cbInBuffer` bytes at `lpvInBuffer`, gives at most `cbOutBuffer` bytes at
    /// `lpvOutBuffer`, and their number in `lpcbBytesReturned`. With `lpOverlapped` or `lpCompletionRoutine` on an
    /// overlapped socket a command that has to wait goes on after the call (WSA_IO_PENDING).
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEACCES, WSAEFAULT, WSAEINPROGRESS, WSAEINVAL, WSAENETDOWN, WSAENOBUFS,
    /// WSAENOPROTOOPT, WSAENOTCONN, WSAENOTSOCK, WSAEOPNOTSUPP or WSAEWOULDBLOCK; commands about routes also with
    /// WSAEMFILE or WSAENETUNREACH. Safe on any thread. Source: WSPIoctl.1 to .5.
    fn WSPIoctl(
        s: SOCKET,
        dwIoControlCode: DWORD,
        lpvInBuffer: *mut c_void,
        cbInBuffer: DWORD,
        lpvOutBuffer: *mut c_void,
        cbOutBuffer: DWORD,
        lpcbBytesReturned: *mut DWORD,
        lpOverlapped: *mut WSAOVERLAPPED,
        lpCompletionRoutine: LPWSAOVERLAPPED_COMPLETION_ROUTINE,
        lpThreadId: *mut WSATHREADID;
        lpErrno
    ) -> c_int {
        base::ioctl::ioctl(
            s,
            dwIoControlCode,
            base::ioctl::Buffers {
                input: lpvInBuffer.cast(),
                input_length: cbInBuffer,
                output: lpvOutBuffer.cast(),
                output_length: cbOutBuffer,
                returned: lpcbBytesReturned,
            },
            Overlapped::new(lpOverlapped, lpCompletionRoutine, lpThreadId),
            mswsock::FUNCTIONS,
        )
    }

    /// Joins a multicast group.
    ///
    /// `s` is a datagram socket with WSA_FLAG_MULTIPOINT_C_LEAF and D_LEAF; `name` (`namelen` bytes) is the group;
    /// `dwFlags` is JL_SENDER_ONLY, JL_RECEIVER_ONLY or JL_BOTH; the rest is as for WSPConnect.
    ///
    /// Returns `s`, or INVALID_SOCKET with WSAEACCES, WSAEADDRINUSE, WSAEADDRNOTAVAIL, WSAEAFNOSUPPORT, WSAEFAULT,
    /// WSAEINPROGRESS, WSAEINVAL, WSAEISCONN, WSAENETDOWN, WSAENETUNREACH, WSAENOBUFS, WSAENOTSOCK or WSAEOPNOTSUPP.
    /// Safe on any thread. Source: WSPJoinLeaf.1 to .11.
    fn WSPJoinLeaf(
        s: SOCKET,
        name: *const SOCKADDR,
        namelen: c_int,
        lpCallerData: *mut WSABUF,
        lpCalleeData: *mut WSABUF,
        lpSQOS: *mut QOS,
        _lpGQOS: *mut QOS,
        dwFlags: DWORD;
        lpErrno
    ) -> SOCKET {
        base::multipoint::join_leaf(s, name, namelen, lpCallerData, lpCalleeData, lpSQOS, dwFlags)
    }

    /// Makes a bound, unconnected stream socket accept connections; again: changes its backlog.
    ///
    /// `backlog` is how many connections may wait: 1 to 200 are kept to exactly, the next one sees WSAECONNREFUSED;
    /// other values mean the nearest legal one; SOMAXCONN and SOMAXCONN_HINT(n) leave the queue to the kernel.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEACCES, WSAEADDRINUSE, WSAEINPROGRESS, WSAEINVAL, WSAEISCONN, WSAEMFILE,
    /// WSAENETDOWN, WSAENOBUFS, WSAENOTSOCK or WSAEOPNOTSUPP. Safe on any thread. Source: WSPListen.1 to WSPListen.7.
    fn WSPListen(s: SOCKET, backlog: c_int; lpErrno) -> c_int {
        base::listen::listen(s, backlog)
    }

    /// Receives from a connected stream socket or a bound datagram socket.
    ///
    /// `lpBuffers` has `dwBufferCount` buffers, at least one; `lpNumberOfBytesRecvd` (may be NULL) receives the count;
    /// `lpFlags` holds MSG_* in and out. With both `lpOverlapped` and `lpCompletionRoutine` NULL the call is
    /// synchronous; else, on an overlapped socket, it may go on after the call (WSA_IO_PENDING), and the end is told by
    /// `lpOverlapped`'s event, the socket's completion port, or the routine on the calling thread.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEACCES, WSAECONNABORTED, WSAECONNRESET, WSAEFAULT, WSAEINPROGRESS, WSAEINTR,
    /// WSAEINVAL, WSAEMSGSIZE, WSAENETDOWN, WSAENETRESET, WSAENOBUFS, WSAENOTCONN, WSAENOTSOCK, WSAEOPNOTSUPP,
    /// WSAESHUTDOWN, WSAETIMEDOUT or WSAEWOULDBLOCK. Safe on any thread. Source: WSPRecv.1 to .14, OBS.24 to OBS.31.
    fn WSPRecv(
        s: SOCKET,
        lpBuffers: *mut WSABUF,
        dwBufferCount: DWORD,
        lpNumberOfBytesRecvd: *mut DWORD,
        lpFlags: *mut DWORD,
        lpOverlapped: *mut WSAOVERLAPPED,
        lpCompletionRoutine: LPWSAOVERLAPPED_COMPLETION_ROUTINE,
        lpThreadId: *mut WSATHREADID;
        lpErrno
    ) -> c_int {
        base::transfer::receive(
            s,
            lpBuffers,
            dwBufferCount,
            lpNumberOfBytesRecvd,
            lpFlags,
            Overlapped::new(lpOverlapped, lpCompletionRoutine, lpThreadId),
        )
    }

    /// Ends receiving on a connected stream socket. TCP has no disconnect data to give.
    ///
    /// `lpInboundDisconnectData` is NULL or a buffer, which TCP cannot fill (WSAENOPROTOOPT).
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEACCES, WSAEFAULT, WSAEINPROGRESS, WSAEINVAL, WSAENETDOWN, WSAENOBUFS,
    /// WSAENOPROTOOPT, WSAENOTCONN or WSAENOTSOCK. Safe on any thread. Source: WSPRecvDisconnect.1 to .5.
    fn WSPRecvDisconnect(s: SOCKET, lpInboundDisconnectData: *mut WSABUF; lpErrno) -> c_int {
        base::shutdown::receive_disconnect(s, lpInboundDisconnectData)
    }

    /// Receives a datagram and its sender's address; on a stream socket the same as WSPRecv.
    ///
    /// As WSPRecv, and `lpFrom` receives the address, `lpFromlen` (in: the size of the buffer in bytes, out: of the
    /// address) its length; either may be NULL.
    ///
    /// Returns 0, or SOCKET_ERROR with the codes of WSPRecv. Safe on any thread. Source: WSPRecvFrom.1 to .8, OBS.27,
    /// OBS.28, OBS.32.
    fn WSPRecvFrom(
        s: SOCKET,
        lpBuffers: *mut WSABUF,
        dwBufferCount: DWORD,
        lpNumberOfBytesRecvd: *mut DWORD,
        lpFlags: *mut DWORD,
        lpFrom: *mut SOCKADDR,
        lpFromlen: *mut c_int,
        lpOverlapped: *mut WSAOVERLAPPED,
        lpCompletionRoutine: LPWSAOVERLAPPED_COMPLETION_ROUTINE,
        lpThreadId: *mut WSATHREADID;
        lpErrno
    ) -> c_int {
        base::transfer::receive_from(
            s,
            lpBuffers,
            dwBufferCount,
            lpNumberOfBytesRecvd,
            lpFlags,
            base::transfer::From { name: lpFrom, length: lpFromlen },
            Overlapped::new(lpOverlapped, lpCompletionRoutine, lpThreadId),
        )
    }

    /// Waits until sockets are ready.
    ///
    /// Each set is NULL or a count and that many handles, and is rewritten to those that are ready: `readfds` to
    /// receive or accept, `writefds` to send or just connected, `exceptfds` with urgent data or a failed connect.
    /// `timeout` NULL waits for ever; `nfds` is ignored.
    ///
    /// Returns how many are ready over all sets, 0 when the time is over, or SOCKET_ERROR with WSAEFAULT,
    /// WSAEINPROGRESS, WSAEINTR, WSAEINVAL, WSAENETDOWN or WSAENOTSOCK. Safe on any thread. Source: WSPSelect.1 to .12,
    /// OBS.22, OBS.23, OBS.42.
    fn WSPSelect(
        _nfds: c_int,
        readfds: *mut fd_set,
        writefds: *mut fd_set,
        exceptfds: *mut fd_set,
        timeout: *const timeval;
        lpErrno
    ) -> c_int {
        base::select::select(readfds, writefds, exceptfds, timeout)
    }

    /// Sends on a connected socket.
    ///
    /// `lpBuffers` has `dwBufferCount` buffers; `lpNumberOfBytesSent` (may be NULL) receives the count; `dwFlags` is
    /// MSG_DONTROUTE and, on streams, MSG_OOB. With both `lpOverlapped` and `lpCompletionRoutine` NULL the call is
    /// synchronous; else, on an overlapped socket, it may go on after the call (WSA_IO_PENDING), and the end is told by
    /// `lpOverlapped`'s event, the socket's completion port, or the routine on the calling thread.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEACCES, WSAECONNABORTED, WSAECONNRESET, WSAEFAULT, WSAEINPROGRESS, WSAEINTR,
    /// WSAEINVAL, WSAEMSGSIZE, WSAENETDOWN, WSAENETRESET, WSAENETUNREACH, WSAENOBUFS, WSAENOTCONN, WSAENOTSOCK,
    /// WSAEOPNOTSUPP, WSAESHUTDOWN, WSAETIMEDOUT or WSAEWOULDBLOCK. Safe on any thread. Source: WSPSend.1 to .9,
    /// OBS.25, OBS.26, OBS.31.
    fn WSPSend(
        s: SOCKET,
        lpBuffers: *mut WSABUF,
        dwBufferCount: DWORD,
        lpNumberOfBytesSent: *mut DWORD,
        dwFlags: DWORD,
        lpOverlapped: *mut WSAOVERLAPPED,
        lpCompletionRoutine: LPWSAOVERLAPPED_COMPLETION_ROUTINE,
        lpThreadId: *mut WSATHREADID;
        lpErrno
    ) -> c_int {
        base::transfer::send(
            s,
            lpBuffers,
            dwBufferCount,
            lpNumberOfBytesSent,
            dwFlags,
            Overlapped::new(lpOverlapped, lpCompletionRoutine, lpThreadId),
        )
    }

    /// Ends sending on a connected stream socket. TCP carries no disconnect data.
    ///
    /// `lpOutboundDisconnectData` must be NULL (WSAENOPROTOOPT otherwise).
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEACCES, WSAEFAULT, WSAEINPROGRESS, WSAEINVAL, WSAENETDOWN, WSAENOBUFS,
    /// WSAENOPROTOOPT, WSAENOTCONN or WSAENOTSOCK. Safe on any thread. Source: WSPSendDisconnect.1 to .4.
    fn WSPSendDisconnect(s: SOCKET, lpOutboundDisconnectData: *mut WSABUF; lpErrno) -> c_int {
        base::shutdown::send_disconnect(s, lpOutboundDisconnectData)
    }

    /// Sends a datagram to an address; on a stream socket the same as WSPSend.
    ///
    /// As WSPSend, and `lpTo` (`iTolen` bytes) is the destination of this datagram; NULL on a connected socket.
    ///
    /// Returns 0, or SOCKET_ERROR with the codes of WSPSend, WSAEADDRNOTAVAIL, WSAEAFNOSUPPORT or WSAEDESTADDRREQ.
    /// Safe on any thread. Source: WSPSendTo.1 to .5, OBS.32, OBS.33.
    fn WSPSendTo(
        s: SOCKET,
        lpBuffers: *mut WSABUF,
        dwBufferCount: DWORD,
        lpNumberOfBytesSent: *mut DWORD,
        dwFlags: DWORD,
        lpTo: *const SOCKADDR,
        iTolen: c_int,
        lpOverlapped: *mut WSAOVERLAPPED,
        lpCompletionRoutine: LPWSAOVERLAPPED_COMPLETION_ROUTINE,
        lpThreadId: *mut WSATHREADID;
        lpErrno
    ) -> c_int {
        base::transfer::send_to(
            s,
            lpBuffers,
            dwBufferCount,
            lpNumberOfBytesSent,
            dwFlags,
            base::transfer::To { name: lpTo, length: iTolen },
            Overlapped::new(lpOverlapped, lpCompletionRoutine, lpThreadId),
        )
    }

    /// Sets an option.
    ///
    /// `optval` has `optlen` bytes: the value of option `optname` at `level`.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEACCES, WSAEFAULT, WSAEINPROGRESS, WSAEINVAL, WSAENETDOWN, WSAENETRESET,
    /// WSAENOBUFS, WSAENOPROTOOPT, WSAENOTCONN or WSAENOTSOCK; options that name an interface or a group also with
    /// WSAEADDRNOTAVAIL. Safe on any thread. Source: WSPSetSockOpt.1 to .9, OBS.17, OBS.34, OBS.35.
    fn WSPSetSockOpt(
        s: SOCKET,
        level: c_int,
        optname: c_int,
        optval: *const c_char,
        optlen: c_int;
        lpErrno
    ) -> c_int {
        base::options::set(s, level, optname, optval.cast(), optlen)
    }

    /// Ends receiving (`how` SD_RECEIVE), sending (SD_SEND) or both (SD_BOTH); the socket stays open.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEACCES, WSAEINPROGRESS, WSAEINVAL, WSAENETDOWN, WSAENOBUFS, WSAENOTCONN or
    /// WSAENOTSOCK. Never blocks; safe on any thread. Source: WSPShutdown.1 to .5, OBS.9, OBS.25.
    fn WSPShutdown(s: SOCKET, how: c_int; lpErrno) -> c_int {
        base::shutdown::shutdown(s, how)
    }

    /// Creates a socket.
    ///
    /// `af`, `type` and `protocol` are Winsock's numbers, 0 for any, FROM_PROTOCOL_INFO for what `lpProtocolInfo`
    /// says, which is NULL, an entry of this provider, or what WSPDuplicateSocket filled in. `g` is reserved: 0.
    /// `dwFlags` is WSA_FLAG_*.
    ///
    /// Returns the socket, which blocks, or INVALID_SOCKET with WSAEACCES, WSAEAFNOSUPPORT, WSAEFAULT, WSAEINPROGRESS,
    /// WSAEINVAL, WSAEMFILE, WSAENETDOWN, WSAENOBUFS, WSAEPROTONOSUPPORT, WSAEPROTOTYPE or WSAESOCKTNOSUPPORT. Safe on
    /// any thread. Source: WSPSocket.1 to .9, OBS.11.
    fn WSPSocket(
        af: c_int,
        r#type: c_int,
        protocol: c_int,
        lpProtocolInfo: *mut WSAPROTOCOL_INFOW,
        g: GROUP,
        dwFlags: DWORD;
        lpErrno
    ) -> SOCKET {
        base::create::socket(af, r#type, protocol, lpProtocolInfo, g, dwFlags)
    }

    /// Reads an address from text.
    ///
    /// `AddressString` is terminated UTF-16; `AddressFamily` is the family, or AF_UNSPEC to find out;
    /// `lpProtocolInfo` is NULL or an entry of this provider; `lpAddress` receives the address; `lpAddressLength` is
    /// in: the size of the buffer in bytes, out: of the address, or what is needed.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEFAULT, WSAEINPROGRESS or WSAEINVAL. Safe on any thread. Source:
    /// WSPStringToAddress.1 to .5, OBS.43.
    fn WSPStringToAddress(
        AddressString: *mut WCHAR,
        AddressFamily: c_int,
        lpProtocolInfo: *mut WSAPROTOCOL_INFOW,
        lpAddress: *mut SOCKADDR,
        lpAddressLength: *mut c_int;
        lpErrno
    ) -> c_int {
        base::text::string_to_address(AddressString, AddressFamily, lpProtocolInfo, lpAddress, lpAddressLength)
    }
}

/// The functions that WSPStartup hands out, in the order of the table (C.10).
pub(super) static PROC_TABLE: WSPPROC_TABLE = WSPPROC_TABLE {
    lpWSPAccept: Some(WSPAccept),
    lpWSPAddressToString: Some(WSPAddressToString),
    lpWSPAsyncSelect: Some(WSPAsyncSelect),
    lpWSPBind: Some(WSPBind),
    lpWSPCancelBlockingCall: Some(WSPCancelBlockingCall),
    lpWSPCleanup: Some(WSPCleanup),
    lpWSPCloseSocket: Some(WSPCloseSocket),
    lpWSPConnect: Some(WSPConnect),
    lpWSPDuplicateSocket: Some(WSPDuplicateSocket),
    lpWSPEnumNetworkEvents: Some(WSPEnumNetworkEvents),
    lpWSPEventSelect: Some(WSPEventSelect),
    lpWSPGetOverlappedResult: Some(WSPGetOverlappedResult),
    lpWSPGetPeerName: Some(WSPGetPeerName),
    lpWSPGetSockName: Some(WSPGetSockName),
    lpWSPGetSockOpt: Some(WSPGetSockOpt),
    lpWSPGetQOSByName: Some(WSPGetQOSByName),
    lpWSPIoctl: Some(WSPIoctl),
    lpWSPJoinLeaf: Some(WSPJoinLeaf),
    lpWSPListen: Some(WSPListen),
    lpWSPRecv: Some(WSPRecv),
    lpWSPRecvDisconnect: Some(WSPRecvDisconnect),
    lpWSPRecvFrom: Some(WSPRecvFrom),
    lpWSPSelect: Some(WSPSelect),
    lpWSPSend: Some(WSPSend),
    lpWSPSendDisconnect: Some(WSPSendDisconnect),
    lpWSPSendTo: Some(WSPSendTo),
    lpWSPSetSockOpt: Some(WSPSetSockOpt),
    lpWSPShutdown: Some(WSPShutdown),
    lpWSPSocket: Some(WSPSocket),
    lpWSPStringToAddress: Some(WSPStringToAddress),
};
