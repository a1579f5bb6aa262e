//! The Winsock API under the names of Berkeley's, which the headers bind to `WS_socket` and so on, so that libc's stay
//! libc's (NEED-H10). What is said in `winsock` holds here too.

#![allow(non_snake_case, reason = "the names are the C header's")]

use super::winsock::{make_socket, served};
use super::{spi, wsp};
use crate::abi::*;
use crate::chain;
use crate::sys::guard::UserPointer;
use libc::timeval;
use std::ffi::{c_char, c_int};
use std::ptr::null_mut;

/// One buffer as providers take it.
pub(super) fn buffer(bytes: UserPointer<c_char>, length: c_int) -> WSABUF {
    WSABUF {
        len: length.cast_unsigned(),
        buf: bytes.raw().cast(),
    }
}

spi! {
    /// `socket`: makes a socket that can do overlapped I/O.
    ///
    /// `af`, `type` and `protocol` say what is wanted, 0 where anything will do.
    ///
    /// Returns the socket, or INVALID_SOCKET with a code of WSASocketW's. Safe on any thread. Source: NEED-C3, NEED-C4.
    fn WS_socket(af: c_int, r#type: c_int, protocol: c_int) -> SOCKET {
        make_socket(af, r#type, protocol, None, 0, WSA_FLAG_OVERLAPPED)
    }

    /// `bind`: gives a socket its local address, of `namelen` bytes.
    ///
    /// Returns 0, or SOCKET_ERROR with a code of WSPBind's. Safe on any thread. Source: WSPBind.1.
    fn WS_bind(s: SOCKET, name: *const SOCKADDR, namelen: c_int) -> c_int {
        served!(lpWSPBind(s, name.raw(), namelen))
    }

    /// `listen`: lets connections come in, `backlog` of which may wait.
    ///
    /// Returns 0, or SOCKET_ERROR with a code of WSPListen's. Safe on any thread. Source: WSPListen.1 to .7.
    fn WS_listen(s: SOCKET, backlog: c_int) -> c_int {
        served!(lpWSPListen(s, backlog))
    }

    /// `accept`: takes the first pending connection; `addr` (may be NULL) has `*addrlen` bytes for the peer's address.
    ///
    /// Returns the new socket, or INVALID_SOCKET with a code of WSPAccept's. Safe on any thread. Source: WSPAccept.1.
    fn WS_accept(s: SOCKET, addr: *mut SOCKADDR, addrlen: *mut c_int) -> SOCKET {
        served!(lpWSPAccept(s, addr.raw(), addrlen.raw(), None, 0))
    }

    /// `connect`: connects a socket to a peer's address, of `namelen` bytes.
    ///
    /// Returns 0, or SOCKET_ERROR with a code of WSPConnect's. Safe on any thread. Source: WSPConnect.1.
    fn WS_connect(s: SOCKET, name: *const SOCKADDR, namelen: c_int) -> c_int {
        served!(lpWSPConnect(s, name.raw(), namelen, null_mut(), null_mut(), null_mut(), null_mut()))
    }

    /// Closes a socket.
    ///
    /// Returns 0, or SOCKET_ERROR with a code of WSPCloseSocket's. Safe on any thread. Source: WSPCloseSocket.1.
    fn closesocket(s: SOCKET) -> c_int {
        served!(lpWSPCloseSocket(s))
    }

    /// `shutdown`: ends receiving (SD_RECEIVE), sending (SD_SEND), or both (SD_BOTH).
    ///
    /// Returns 0, or SOCKET_ERROR with a code of WSPShutdown's. Safe on any thread. Source: WSPShutdown.1.
    fn WS_shutdown(s: SOCKET, how: c_int) -> c_int {
        served!(lpWSPShutdown(s, how))
    }

    /// `send`: sends `len` bytes on a connected socket. `flags` are MSG_*.
    ///
    /// Returns how many went, or SOCKET_ERROR with a code of WSPSend's. Safe on any thread. Source: WSPSend.1.
    fn WS_send(s: SOCKET, buf: *const c_char, len: c_int, flags: c_int) -> c_int {
        let (mut buffer, mut sent) = (buffer(buf, len), 0);
        served!(lpWSPSend(s, &mut buffer, 1, &mut sent, flags.cast_unsigned(), null_mut(), None, null_mut()))
            .map(|_| sent.cast_signed())
    }

    /// `sendto`: sends `len` bytes to an address of `tolen` bytes. `flags` are MSG_*.
    ///
    /// Returns how many went, or SOCKET_ERROR with a code of WSPSendTo's. Safe on any thread. Source: WSPSendTo.1.
    fn WS_sendto(
        s: SOCKET,
        buf: *const c_char,
        len: c_int,
        flags: c_int,
        to: *const SOCKADDR,
        tolen: c_int,
    ) -> c_int {
        let (mut buffer, mut sent) = (buffer(buf, len), 0);
        served!(lpWSPSendTo(
            s,
            &mut buffer,
            1,
            &mut sent,
            flags.cast_unsigned(),
            to.raw(),
            tolen,
            null_mut(),
            None,
            null_mut()
        ))
        .map(|_| sent.cast_signed())
    }

    /// `recv`: receives up to `len` bytes. `flags` are MSG_*.
    ///
    /// Returns how many came, 0 at the end of a stream, or SOCKET_ERROR with a code of WSPRecv's. Safe on any thread.
    /// Source: WSPRecv.1.
    fn WS_recv(s: SOCKET, buf: *mut c_char, len: c_int, flags: c_int) -> c_int {
        let (mut buffer, mut received, mut flags) = (buffer(buf, len), 0, flags.cast_unsigned());
        served!(lpWSPRecv(s, &mut buffer, 1, &mut received, &mut flags, null_mut(), None, null_mut()))
            .map(|_| received.cast_signed())
    }

    /// `recvfrom`: receives up to `len` bytes, and tells from whom; `from` (may be NULL) has `*fromlen` bytes.
    ///
    /// Returns how many came, 0 at the end of a stream, or SOCKET_ERROR with a code of WSPRecvFrom's. Safe on any thread.
    /// Source: WSPRecvFrom.1.
    fn WS_recvfrom(
        s: SOCKET,
        buf: *mut c_char,
        len: c_int,
        flags: c_int,
        from: *mut SOCKADDR,
        fromlen: *mut c_int,
    ) -> c_int {
        let (mut buffer, mut received, mut flags) = (buffer(buf, len), 0, flags.cast_unsigned());
        served!(lpWSPRecvFrom(
            s,
            &mut buffer,
            1,
            &mut received,
            &mut flags,
            from.raw(),
            fromlen.raw(),
            null_mut(),
            None,
            null_mut()
        ))
        .map(|_| received.cast_signed())
    }

    /// `select`: waits until a socket of up to three sets is ready, and leaves those in the sets.
    ///
    /// `readfds`, `writefds` and `exceptfds` may be NULL, but one has a socket; `timeout` NULL waits for ever; `nfds` means
    /// nothing. With handles of layered providers' own in the sets their providers say what is to be waited for.
    ///
    /// Returns how many members are left, 0 when the time is over, or SOCKET_ERROR with a code of WSPSelect's. Safe on any
    /// thread. Source: WSPSelect.1 to .12, NEED-S13.
    fn WS_select(
        nfds: c_int,
        readfds: *mut fd_set,
        writefds: *mut fd_set,
        exceptfds: *mut fd_set,
        timeout: *const timeval,
    ) -> c_int {
        chain::select::select(nfds, [readfds, writefds, exceptfds], timeout, &wsp::PROC_TABLE)
    }

    /// `getsockname`: tells the local address; `name` has `*namelen` bytes.
    ///
    /// Returns 0, or SOCKET_ERROR with a code of WSPGetSockName's. Safe on any thread. Source: WSPGetSockName.1.
    fn WS_getsockname(s: SOCKET, name: *mut SOCKADDR, namelen: *mut c_int) -> c_int {
        served!(lpWSPGetSockName(s, name.raw(), namelen.raw()))
    }

    /// `getpeername`: tells the peer's address; `name` has `*namelen` bytes.
    ///
    /// Returns 0, or SOCKET_ERROR with a code of WSPGetPeerName's. Safe on any thread. Source: WSPGetPeerName.1.
    fn WS_getpeername(s: SOCKET, name: *mut SOCKADDR, namelen: *mut c_int) -> c_int {
        served!(lpWSPGetPeerName(s, name.raw(), namelen.raw()))
    }

    /// `getsockopt`: tells an option; `optval` has `*optlen` bytes.
    ///
    /// Returns 0, or SOCKET_ERROR with a code of WSPGetSockOpt's. Safe on any thread. Source: WSPGetSockOpt.1.
    fn WS_getsockopt(s: SOCKET, level: c_int, optname: c_int, optval: *mut c_char, optlen: *mut c_int) -> c_int {
        served!(lpWSPGetSockOpt(s, level, optname, optval.raw(), optlen.raw()))
    }

    /// `setsockopt`: sets an option to what the `optlen` bytes at `optval` say.
    ///
    /// Returns 0, or SOCKET_ERROR with a code of WSPSetSockOpt's. Safe on any thread. Source: WSPSetSockOpt.1.
    fn WS_setsockopt(s: SOCKET, level: c_int, optname: c_int, optval: *const c_char, optlen: c_int) -> c_int {
        served!(lpWSPSetSockOpt(s, level, optname, optval.raw(), optlen))
    }

    /// Controls a socket: FIONBIO and FIONREAD among others, with one number to give or to get.
    ///
    /// Returns 0, or SOCKET_ERROR with a code of WSPIoctl's. Safe on any thread. Source: WSPIoctl.1, NEED-H3.
    fn ioctlsocket(s: SOCKET, cmd: i32, argp: *mut u32) -> c_int {
        let (number, size, mut returned) = (argp.raw().cast(), size_of::<u32>() as u32, 0);
        served!(lpWSPIoctl(
            s,
            cmd.cast_unsigned(),
            number,
            size,
            number,
            size,
            &mut returned,
            null_mut(),
            None,
            null_mut()
        ))
    }
}
