//! The extension functions: what a program gets by WSPIoctl's SIO_GET_EXTENSION_FUNCTION_POINTER, and may also call by
//! name as `mswsock.h` declares it. Their codes are left in the thread's last error (NEED-S12).

#![allow(non_snake_case, reason = "the names are the C header's")]

use super::spi;
use super::wsa::WSASendMsg;
use crate::abi::*;
use crate::base;
use crate::base::ioctl::ExtensionFunction;
use crate::overlapped::Overlapped;
use crate::sys::guard::UserPointer;
use std::ffi::c_int;

/// What SIO_GET_EXTENSION_FUNCTION_POINTER gives.
pub(super) const FUNCTIONS: &[ExtensionFunction] = &[
    ExtensionFunction::new(WSAID_WSARECVMSG, WSARecvMsg as *const ()),
    ExtensionFunction::new(WSAID_WSASENDMSG, WSASendMsg as *const ()),
];

spi! {
    unexported;

    /// Receives a datagram with its sender, and control data about its arrival.
    ///
    /// `s` is a bound datagram or raw socket. `lpMsg` is in and out: `lpBuffers` (`dwBufferCount` of them) are filled in
    /// their order; `name` receives the sender's address, `namelen` is the room for it and then its length; `Control`
    /// receives messages (WSACMSGHDR) as the socket's options ask for them (IP_PKTINFO, IP_RECVTTL, IP_RECVTOS,
    /// IP_RECVECN and IPv6's), its `len` is the room and then what they take; `dwFlags` is 0 or MSG_PEEK (synchronous
    /// calls alone), then MSG_TRUNC, MSG_CTRUNC, MSG_BCAST and MSG_MCAST as it came. `name` and `Control.buf` may be NULL
    /// with a length of 0. `lpdwNumberOfBytesRecvd` may be NULL only with an `lpOverlapped`. With `lpOverlapped` or
    /// `lpCompletionRoutine` on an overlapped socket the call does not wait, and `lpMsg` and what it names must stay
    /// until the request has ended; the buffers' array need not.
    ///
    /// Returns 0, or SOCKET_ERROR with WSA_IO_PENDING, WSAECONNRESET, WSAEFAULT, WSAEINPROGRESS, WSAEINTR, WSAEINVAL
    /// (not bound, no buffer), WSAEMSGSIZE (the datagram is cut off), WSAENETDOWN, WSAENOTSOCK, WSAEOPNOTSUPP (a stream,
    /// other flags), WSAESHUTDOWN, WSAETIMEDOUT or WSAEWOULDBLOCK. Safe on any thread; requests are filled in posting
    /// order. Source: NEED-S12, OV.1 to OV.24, WSPRecvFrom.2, OBS.28.
    fn WSARecvMsg(
        s: SOCKET,
        lpMsg: *mut WSAMSG,
        lpdwNumberOfBytesRecvd: *mut DWORD,
        lpOverlapped: *mut WSAOVERLAPPED,
        lpCompletionRoutine: LPWSAOVERLAPPED_COMPLETION_ROUTINE,
    ) -> c_int {
        base::transfer::receive_message(
            s,
            lpMsg,
            lpdwNumberOfBytesRecvd,
            Overlapped::new(lpOverlapped, lpCompletionRoutine, UserPointer::from_address(0)),
        )
    }
}
