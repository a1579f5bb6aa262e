//! The base provider's extension functions: what WSPIoctl's SIO_GET_EXTENSION_FUNCTION_POINTER gives. Those that have a
//! name in C besides are exported by `extension`, which looks first who serves the socket; these do not look, since a layer
//! that calls what the base provider has given it must not be led back to itself. Their codes are left in the thread's last
//! error (NEED-S12).

#![allow(non_snake_case, reason = "the names are the C header's")]

use super::spi;
use crate::abi::*;
use crate::base::ioctl::ExtensionFunction;
use crate::base::{self, extension};
use crate::overlapped::Overlapped;
use crate::sys::guard::UserPointer;
use std::ffi::{c_int, c_void};

/// What SIO_GET_EXTENSION_FUNCTION_POINTER gives.
pub(super) const FUNCTIONS: &[ExtensionFunction] = &[
    ExtensionFunction::new(WSAID_ACCEPTEX, AcceptEx as *const ()),
    ExtensionFunction::new(WSAID_GETACCEPTEXSOCKADDRS, GetAcceptExSockaddrs as *const ()),
    ExtensionFunction::new(WSAID_CONNECTEX, ConnectEx as *const ()),
    ExtensionFunction::new(WSAID_DISCONNECTEX, DisconnectEx as *const ()),
    ExtensionFunction::new(WSAID_TRANSMITFILE, TransmitFile as *const ()),
    ExtensionFunction::new(WSAID_TRANSMITPACKETS, TransmitPackets as *const ()),
    ExtensionFunction::new(WSAID_WSAPOLL, WSAPoll as *const ()),
    ExtensionFunction::new(WSAID_WSARECVMSG, WSARecvMsg as *const ()),
    ExtensionFunction::new(WSAID_WSASENDMSG, WSASendMsg as *const ()),
];

spi! {
    unexported;

    /// Accepts a connection as an overlapped request: it becomes the connection of a socket that the program has made
    /// for it.
    ///
    /// `sListenSocket` listens; `sAcceptSocket` is of the same protocol and neither bound nor connected nor waiting for
    /// another connection. `lpOutputBuffer` has `dwReceiveDataLength` bytes for the first data, then
    /// `dwLocalAddressLength` and `dwRemoteAddressLength` bytes for the two addresses, each at least 16 more than an
    /// address of the family has; `GetAcceptExSockaddrs` finds what is there. With room for data the request ends when
    /// the first data has come, or the stream has ended; with none as soon as there is a connection. `lpOverlapped`
    /// tells of its end to whom the requests of `sListenSocket` report; `lpdwBytesReceived` (may be NULL) receives the
    /// count only when the call itself brings it.
    ///
    /// Until SO_UPDATE_ACCEPT_CONTEXT is set, the accepted socket only sends, receives, disconnects and is closed.
    /// Closing either socket ends the request with WSA_OPERATION_ABORTED.
    ///
    /// Returns TRUE, or FALSE with WSA_IO_PENDING when the request goes on, or WSA_INVALID_PARAMETER (no OVERLAPPED),
    /// WSAECONNRESET, WSAEFAULT, WSAEINPROGRESS, WSAEINVAL, WSAEMFILE, WSAENETDOWN, WSAENOBUFS, WSAENOTSOCK or
    /// WSAEOPNOTSUPP. May be called from any number of threads; connections go to requests in posting order.
    /// Source: NEED-S12, OV.3 to OV.9, OV.17, OV.22, WSPAccept.8.
    fn AcceptEx(
        sListenSocket: SOCKET,
        sAcceptSocket: SOCKET,
        lpOutputBuffer: *mut c_void,
        dwReceiveDataLength: DWORD,
        dwLocalAddressLength: DWORD,
        dwRemoteAddressLength: DWORD,
        lpdwBytesReceived: *mut DWORD,
        lpOverlapped: *mut WSAOVERLAPPED,
    ) -> BOOL {
        extension::accept(
            sListenSocket,
            sAcceptSocket,
            extension::Areas {
                buffer: lpOutputBuffer.cast(),
                data: dwReceiveDataLength as usize,
                local: dwLocalAddressLength as usize,
                remote: dwRemoteAddressLength as usize,
            },
            lpdwBytesReceived,
            lpOverlapped,
        )
    }

    /// Finds the addresses in a buffer that `AcceptEx` has filled.
    ///
    /// The buffer and its three lengths are as they were given to `AcceptEx`. `LocalSockaddr` and `RemoteSockaddr`
    /// receive pointers into it, `LocalSockaddrLength` and `RemoteSockaddrLength` the addresses' lengths in bytes; a
    /// result whose pointer is NULL is left out.
    ///
    /// Returns nothing; with a bad pointer the last error is WSAEFAULT. Safe on any thread. Source: NEED-S12.
    fn GetAcceptExSockaddrs(
        lpOutputBuffer: *mut c_void,
        dwReceiveDataLength: DWORD,
        dwLocalAddressLength: DWORD,
        dwRemoteAddressLength: DWORD,
        LocalSockaddr: *mut *mut SOCKADDR,
        LocalSockaddrLength: *mut c_int,
        RemoteSockaddr: *mut *mut SOCKADDR,
        RemoteSockaddrLength: *mut c_int,
    ) -> () {
        let areas = extension::Areas {
            buffer: lpOutputBuffer.cast(),
            data: dwReceiveDataLength as usize,
            local: dwLocalAddressLength as usize,
            remote: dwRemoteAddressLength as usize,
        };
        areas.find(
            (LocalSockaddr.cast(), LocalSockaddrLength),
            (RemoteSockaddr.cast(), RemoteSockaddrLength),
        )
    }

    /// Sends a file, or a part of it, over a connection, with other bytes before and after it.
    ///
    /// `hSocket` is a connected stream. `hFile` is a handle of `ws2spi_OpenFileDescriptor` for a regular file, or NULL to
    /// send only what `lpTransmitBuffers` (may be NULL) names. `nNumberOfBytesToWrite` bytes go, fewer if the file ends
    /// before, and with 0 all to its end; they begin at the offset that `lpOverlapped` holds, or with none at the file's
    /// current byte offset, which moves on. `nNumberOfBytesPerSend` is a hint without effect. Of `dwReserved`, which is a
    /// set of flags, TF_DISCONNECT ends the connection when all is on its way, as DisconnectEx does, with TF_REUSE_SOCKET
    /// so that the socket can be used again: then the request ends when the peer has ended too. TF_WRITE_BEHIND and
    /// TF_USE_* have no effect.
    /// All of it together is at most 2147483646 bytes.
    ///
    /// With `lpOverlapped` on an overlapped socket the call does not wait; the request goes out in posting order with
    /// sends. The file may be closed meanwhile, the memory must stay. Without, the call waits until all is on its way,
    /// whether the socket blocks or not.
    ///
    /// Returns TRUE, or FALSE with WSA_IO_PENDING, WSA_INVALID_HANDLE (`hFile`), WSAECONNABORTED, WSAECONNRESET, WSAEFAULT,
    /// WSAEINPROGRESS, WSAEINTR, WSAEINVAL (no stream, too many bytes, an offset beyond the file, a file that is not
    /// regular, flags), WSAENETDOWN, WSAENETRESET, WSAENOBUFS, WSAENOTCONN, WSAENOTSOCK, WSAESHUTDOWN or WSAETIMEDOUT.
    /// Safe on any thread. Source: NEED-S12, NEED-K5, OV.1 to OV.24.
    fn TransmitFile(
        hSocket: SOCKET,
        hFile: HANDLE,
        nNumberOfBytesToWrite: DWORD,
        nNumberOfBytesPerSend: DWORD,
        lpOverlapped: *mut WSAOVERLAPPED,
        lpTransmitBuffers: *mut TRANSMIT_FILE_BUFFERS,
        dwReserved: DWORD,
    ) -> BOOL {
        let _ = nNumberOfBytesPerSend;
        extension::transmit_file(
            hSocket,
            hFile,
            nNumberOfBytesToWrite,
            lpOverlapped,
            lpTransmitBuffers,
            dwReserved,
        )
    }

    /// Sends bytes of files and of memory over a connection, or as datagrams to the peer, in one request.
    ///
    /// `hSocket` is a connected stream or datagram socket. `lpPacketArray` has `nElementCount` elements, each with
    /// `cLength` bytes: TP_ELEMENT_MEMORY of memory, which must stay until the request has ended, TP_ELEMENT_FILE (the
    /// default) of a regular file (a handle of `ws2spi_OpenFileDescriptor`) from an offset on, -1 for the current one,
    /// which moves on; fewer if the file ends before, with 0 all to its end. On a datagram socket the elements up to one
    /// with TP_ELEMENT_EOP are a datagram, or several of `nSendSize` bytes unless that is 0 or 0xffffffff. `dwFlags` are
    /// those of TransmitFile; TF_DISCONNECT and TF_REUSE_SOCKET are for streams. `lpOverlapped` is as for TransmitFile,
    /// its offset without meaning. All of it together is at most 2147483646 bytes.
    ///
    /// Returns TRUE, or FALSE with WSA_IO_PENDING, WSA_INVALID_HANDLE (`hFile`), WSAECONNABORTED, WSAECONNRESET, WSAEFAULT,
    /// WSAEINPROGRESS, WSAEINTR, WSAEINVAL (elements, flags, too many bytes, an offset beyond the file), WSAEMSGSIZE,
    /// WSAENETDOWN, WSAENETRESET, WSAENOBUFS, WSAENOTCONN, WSAENOTSOCK, WSAESHUTDOWN or WSAETIMEDOUT. Safe on any thread.
    /// Source: NEED-S12, NEED-K5, OV.1 to OV.24, WSPSend.3.
    fn TransmitPackets(
        hSocket: SOCKET,
        lpPacketArray: *mut TRANSMIT_PACKETS_ELEMENT,
        nElementCount: DWORD,
        nSendSize: DWORD,
        lpOverlapped: *mut WSAOVERLAPPED,
        dwFlags: DWORD,
    ) -> BOOL {
        extension::transmit_packets(
            hSocket,
            lpPacketArray,
            nElementCount,
            nSendSize,
            lpOverlapped,
            dwFlags,
        )
    }

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

    /// Connects a bound stream socket and sends the first data, as one overlapped request.
    ///
    /// `name` (`namelen` bytes) is where to; `lpSendBuffer`, if not NULL, has `dwSendDataLength` bytes to send once the
    /// connection stands. `lpOverlapped` tells of the request's end; `lpdwBytesSent` (may be NULL) receives the count
    /// only when the call itself brings it.
    ///
    /// Until SO_UPDATE_CONNECT_CONTEXT is set, the socket only sends, receives, disconnects and is closed. After a
    /// failure another connection may be tried.
    ///
    /// Returns TRUE, or FALSE with WSA_IO_PENDING when the request goes on, or WSA_INVALID_PARAMETER (no OVERLAPPED),
    /// WSAEACCES, WSAEADDRINUSE, WSAEADDRNOTAVAIL, WSAEAFNOSUPPORT, WSAEALREADY, WSAECONNREFUSED, WSAEFAULT,
    /// WSAEINPROGRESS, WSAEINVAL (not bound, or listening), WSAEISCONN, WSAENETDOWN, WSAENETUNREACH, WSAENOBUFS,
    /// WSAENOTSOCK, WSAEOPNOTSUPP or WSAETIMEDOUT; late failures have the same codes. Safe on any thread.
    /// Source: NEED-S12, OV.3 to OV.9, OV.22, WSPConnect.13.
    fn ConnectEx(
        s: SOCKET,
        name: *const SOCKADDR,
        namelen: c_int,
        lpSendBuffer: *mut c_void,
        dwSendDataLength: DWORD,
        lpdwBytesSent: *mut DWORD,
        lpOverlapped: *mut WSAOVERLAPPED,
    ) -> BOOL {
        let data = extension::FirstData {
            buffer: lpSendBuffer.cast(),
            length: dwSendDataLength,
            sent: lpdwBytesSent,
        };
        extension::connect(s, name, namelen, data, lpOverlapped)
    }

    /// Ends a connection, and if wished readies the socket for another one.
    ///
    /// `s` is a connected stream. Sending ends behind the overlapped sends that were posted before. With `dwFlags` 0
    /// that is all; with TF_REUSE_SOCKET the request waits until the peer has ended too, passes over what still comes,
    /// and leaves a socket for AcceptEx, or, still bound, for ConnectEx where it was bound before. `dwReserved` is 0.
    /// `lpOverlapped` (may be NULL) tells of the end; without it, or on a socket without WSA_FLAG_OVERLAPPED, the call
    /// waits.
    ///
    /// Returns TRUE, or FALSE with WSA_IO_PENDING when the request goes on, or WSAEFAULT, WSAEINPROGRESS, WSAEINTR,
    /// WSAEINVAL, WSAEMFILE, WSAENETDOWN, WSAENOBUFS, WSAENOTCONN, WSAENOTSOCK or WSAEOPNOTSUPP. Safe on any thread.
    /// Source: NEED-S12, OV.1 to OV.9, OV.17, OV.22.
    fn DisconnectEx(
        s: SOCKET,
        lpOverlapped: *mut WSAOVERLAPPED,
        dwFlags: DWORD,
        dwReserved: DWORD,
    ) -> BOOL {
        extension::disconnect(s, lpOverlapped, dwFlags, dwReserved)
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
