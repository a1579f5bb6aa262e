//! WSA*: the Winsock API, by which programs use what providers offer. A function here leads its call to whoever serves
//! the socket (`chain`), and leaves the code of a failure in the thread's last error.
//!
//! Before the first WSAStartup and after the last WSACleanup every other function answers WSANOTINITIALISED; the lists of
//! codes below leave it out. They name what the base provider answers; a layered one may have more.

#![allow(non_snake_case, reason = "the names are the C header's")]

use super::berkeley::buffer;
use super::{spi, wpu, wsp};
use crate::abi::*;
use crate::chain::call::{self, provider};
use crate::chain::protocols::{self, narrow, widen};
use crate::chain::startup::{self, Host};
use crate::chain::{self, choose, connect_list};
use crate::error::{Result, WsaError};
use crate::object::{apc, thread};
use crate::sys::guard::UserPointer;
use libc::timeval;
use std::ffi::{c_char, c_int, c_long, c_void};

/// What the library is to providers.
static HOST: Host = Host {
    procs: &wsp::PROC_TABLE,
    upcalls: &wpu::TABLE,
    startup: wsp::WSPStartup,
};

/// Calls a function of the provider that serves a socket: `served!(lpWSPListen(s, backlog))`.
macro_rules! served {
    ($function:ident($s:expr $(, $argument:expr)* $(,)?)) => {
        $crate::chain::serving($s, &$crate::spi::wsp::PROC_TABLE)
            .and_then(|procs| $crate::chain::call::provider!(procs, $function($s $(, $argument)*)))
    };
}

/// [`served`] for functions that may complete later, which are also told who calls (NEED-S10).
macro_rules! served_later {
    ($function:ident($s:expr $(, $argument:expr)*; $overlapped:expr, $routine:expr)) => {
        $crate::chain::serving($s, &$crate::spi::wsp::PROC_TABLE).and_then(|procs| {
            let mut caller = $crate::spi::winsock::Caller::of(procs, $overlapped, $routine)?;
            let (overlapped, routine) = ($overlapped.raw(), $routine);
            $crate::chain::call::provider!(
                procs,
                $function($s $(, $argument)*, overlapped, routine, caller.name())
            )
        })
    };
}

pub(super) use served;

/// The calling thread as providers know it.
pub(super) struct Caller(Option<WSATHREADID>);

impl Caller {
    /// Nobody, where nothing completes later, and for the base provider, which knows by itself.
    #[inline]
    pub(super) fn of(
        procs: &WSPPROC_TABLE,
        overlapped: UserPointer<WSAOVERLAPPED>,
        routine: LPWSAOVERLAPPED_COMPLETION_ROUTINE,
    ) -> Result<Self> {
        let is_later = !overlapped.is_null() || routine.is_some();
        if is_later && !std::ptr::eq(procs, &wsp::PROC_TABLE) {
            apc::current_id().map(|id| Self(Some(id)))
        } else {
            Ok(Self(None))
        }
    }

    pub(super) fn name(&mut self) -> *mut WSATHREADID {
        self.0.as_mut().map_or(std::ptr::null_mut(), std::ptr::from_mut)
    }
}

/// The structure at a pointer that may be NULL.
fn optional<T: crate::sys::guard::Plain>(pointer: UserPointer<T>) -> Result<Option<T>> {
    pointer
        .non_null()
        .map(UserPointer::read)
        .transpose()
        .map_err(WsaError::from)
}

/// Has the provider that fits make a socket.
pub(super) fn make_socket(
    family: c_int,
    kind: c_int,
    protocol: c_int,
    info: Option<WSAPROTOCOL_INFOW>,
    group: GROUP,
    flags: DWORD,
) -> Result<SOCKET> {
    let choice = choose::for_socket(family, kind, protocol, info)?;
    let mut entry = choice.entry;
    let entry = entry.as_mut().map_or(std::ptr::null_mut(), std::ptr::from_mut);
    provider!(
        choice.procs,
        lpWSPSocket(family, kind, protocol, entry, group, flags)
    )
}

spi! {
    /// Starts the use of Winsock, and reads the catalog, as which it stays until the last WSACleanup.
    ///
    /// `wVersionRequested` is the highest version that the program can use (2.2 is 0x0202; every version from 1.0 is
    /// served); `lpWSAData` receives the version to be used, the highest there is, and what the library calls itself. Every
    /// success needs one WSACleanup.
    ///
    /// Returns 0, or the code itself: WSAVERNOTSUPPORTED, WSASYSNOTREADY (the catalog cannot be read), WSAEFAULT or
    /// WSAEINPROGRESS. Safe on any thread. Source: W.5, WSCGetApplicationCategory.4.
    fn WSAStartup(wVersionRequested: WORD, lpWSAData: *mut WSADATA) -> c_int {
        startup::start(wVersionRequested, lpWSAData, &HOST).map_or_else(|code| Ok(code.code()), |()| Ok(0))
    }

    /// Undoes one WSAStartup. The last one has every provider clean up, which ends what is still open.
    ///
    /// Returns 0, or SOCKET_ERROR with WSANOTINITIALISED or WSAEINPROGRESS. Safe on any thread. Source: NEED-S16.
    fn WSACleanup() -> c_int {
        startup::cleanup()
    }

    /// Makes a socket.
    ///
    /// `af`, `type` and `protocol` say what is wanted, 0 where anything will do, FROM_PROTOCOL_INFO for what
    /// `lpProtocolInfo` says. That names a catalog entry (or what WSADuplicateSocket has filled); with NULL the first entry
    /// that fits serves. `g` is 0; `dwFlags` are WSA_FLAG_*.
    ///
    /// Returns the socket, or INVALID_SOCKET with WSAEACCES, WSAEAFNOSUPPORT, WSAEFAULT, WSAEINPROGRESS, WSAEINVAL,
    /// WSAEINVALIDPROCTABLE, WSAEINVALIDPROVIDER, WSAEMFILE, WSAENETDOWN, WSAENOBUFS, WSAEPROTONOSUPPORT, WSAEPROTOTYPE,
    /// WSAEPROVIDERFAILEDINIT or WSAESOCKTNOSUPPORT. Safe on any thread. Source: NEED-C3, NEED-C4, NEED-S7, NEED-S15.
    fn WSASocketW(
        af: c_int,
        r#type: c_int,
        protocol: c_int,
        lpProtocolInfo: *mut WSAPROTOCOL_INFOW,
        g: GROUP,
        dwFlags: DWORD,
    ) -> SOCKET {
        startup::check_started()
            .and_then(|()| optional(lpProtocolInfo))
            .and_then(|info| make_socket(af, r#type, protocol, info, g, dwFlags))
    }

    /// As WSASocketW; the name in `lpProtocolInfo` is UTF-8.
    ///
    /// Returns as WSASocketW does. Safe on any thread. Source: NEED-C3, NEED-C4, NEED-S7, NEED-S15.
    fn WSASocketA(
        af: c_int,
        r#type: c_int,
        protocol: c_int,
        lpProtocolInfo: *mut WSAPROTOCOL_INFOA,
        g: GROUP,
        dwFlags: DWORD,
    ) -> SOCKET {
        startup::check_started()
            .and_then(|()| optional(lpProtocolInfo))
            .and_then(|info| make_socket(af, r#type, protocol, info.as_ref().map(widen), g, dwFlags))
    }

    /// Fills in what another process, or this one, needs to make another handle of the socket by WSASocketW.
    ///
    /// `dwProcessId` is the other process; it can use `lpProtocolInfo` once.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEFAULT, WSAEINPROGRESS, WSAEINVAL, WSAEMFILE, WSAENETDOWN, WSAENOBUFS or
    /// WSAENOTSOCK. Safe on any thread. Source: WSPDuplicateSocket.1, NEED-S15.
    fn WSADuplicateSocketW(s: SOCKET, dwProcessId: DWORD, lpProtocolInfo: *mut WSAPROTOCOL_INFOW) -> c_int {
        served!(lpWSPDuplicateSocket(s, dwProcessId, lpProtocolInfo.raw()))
    }

    /// As WSADuplicateSocketW; the name in `lpProtocolInfo` is UTF-8.
    ///
    /// Returns as WSADuplicateSocketW does. Safe on any thread. Source: WSPDuplicateSocket.1, NEED-S15.
    fn WSADuplicateSocketA(s: SOCKET, dwProcessId: DWORD, lpProtocolInfo: *mut WSAPROTOCOL_INFOA) -> c_int {
        let mut info = WSAPROTOCOL_INFOW::EMPTY;
        served!(lpWSPDuplicateSocket(s, dwProcessId, &mut info))
            .and_then(|_| Ok(lpProtocolInfo.write(narrow(&info))?))
    }

    /// Takes the first pending connection of a listening socket, if the condition function agrees.
    ///
    /// Arguments are those of WSPAccept.
    ///
    /// Returns the new socket, or INVALID_SOCKET with a code of WSPAccept's. Safe on any thread. Source: WSPAccept.1 to .17.
    fn WSAAccept(
        s: SOCKET,
        addr: *mut SOCKADDR,
        addrlen: *mut c_int,
        lpfnCondition: LPCONDITIONPROC,
        dwCallbackData: DWORD_PTR,
    ) -> SOCKET {
        served!(lpWSPAccept(s, addr.raw(), addrlen.raw(), lpfnCondition, dwCallbackData))
    }

    /// Connects a socket to a peer. Arguments are those of WSPConnect.
    ///
    /// Returns 0, or SOCKET_ERROR with a code of WSPConnect's. Safe on any thread. Source: WSPConnect.1 to .13.
    fn WSAConnect(
        s: SOCKET,
        name: *const SOCKADDR,
        namelen: c_int,
        lpCallerData: *mut WSABUF,
        lpCalleeData: *mut WSABUF,
        lpSQOS: *mut QOS,
        lpGQOS: *mut QOS,
    ) -> c_int {
        served!(lpWSPConnect(
            s,
            name.raw(),
            namelen,
            lpCallerData.raw(),
            lpCalleeData.raw(),
            lpSQOS.raw(),
            lpGQOS.raw()
        ))
    }

    /// Joins a multipoint session. Arguments are those of WSPJoinLeaf.
    ///
    /// Returns a socket, or INVALID_SOCKET with a code of WSPJoinLeaf's. Safe on any thread. Source: WSPJoinLeaf.1 to .10.
    fn WSAJoinLeaf(
        s: SOCKET,
        name: *const SOCKADDR,
        namelen: c_int,
        lpCallerData: *mut WSABUF,
        lpCalleeData: *mut WSABUF,
        lpSQOS: *mut QOS,
        lpGQOS: *mut QOS,
        dwFlags: DWORD,
    ) -> SOCKET {
        served!(lpWSPJoinLeaf(
            s,
            name.raw(),
            namelen,
            lpCallerData.raw(),
            lpCalleeData.raw(),
            lpSQOS.raw(),
            lpGQOS.raw(),
            dwFlags
        ))
    }

    /// Sends on a connected socket, at once or later. Arguments are those of WSPSend.
    ///
    /// Returns 0, or SOCKET_ERROR with WSA_IO_PENDING or a code of WSPSend's. Safe on any thread. Source: WSPSend.1 to .9,
    /// OV.1 to OV.24.
    fn WSASend(
        s: SOCKET,
        lpBuffers: *mut WSABUF,
        dwBufferCount: DWORD,
        lpNumberOfBytesSent: *mut DWORD,
        dwFlags: DWORD,
        lpOverlapped: *mut WSAOVERLAPPED,
        lpCompletionRoutine: LPWSAOVERLAPPED_COMPLETION_ROUTINE,
    ) -> c_int {
        served_later!(lpWSPSend(
            s, lpBuffers.raw(), dwBufferCount, lpNumberOfBytesSent.raw(), dwFlags;
            lpOverlapped, lpCompletionRoutine
        ))
    }

    /// Sends a datagram to an address, at once or later. Arguments are those of WSPSendTo.
    ///
    /// Returns 0, or SOCKET_ERROR with WSA_IO_PENDING or a code of WSPSendTo's. Safe on any thread. Source: WSPSendTo.1 to
    /// .9, OV.1 to OV.24.
    fn WSASendTo(
        s: SOCKET,
        lpBuffers: *mut WSABUF,
        dwBufferCount: DWORD,
        lpNumberOfBytesSent: *mut DWORD,
        dwFlags: DWORD,
        lpTo: *const SOCKADDR,
        iTolen: c_int,
        lpOverlapped: *mut WSAOVERLAPPED,
        lpCompletionRoutine: LPWSAOVERLAPPED_COMPLETION_ROUTINE,
    ) -> c_int {
        served_later!(lpWSPSendTo(
            s, lpBuffers.raw(), dwBufferCount, lpNumberOfBytesSent.raw(), dwFlags, lpTo.raw(), iTolen;
            lpOverlapped, lpCompletionRoutine
        ))
    }

    /// Receives on a socket, at once or later. Arguments are those of WSPRecv.
    ///
    /// Returns 0, or SOCKET_ERROR with WSA_IO_PENDING or a code of WSPRecv's. Safe on any thread. Source: WSPRecv.1 to .14,
    /// OV.1 to OV.24.
    fn WSARecv(
        s: SOCKET,
        lpBuffers: *mut WSABUF,
        dwBufferCount: DWORD,
        lpNumberOfBytesRecvd: *mut DWORD,
        lpFlags: *mut DWORD,
        lpOverlapped: *mut WSAOVERLAPPED,
        lpCompletionRoutine: LPWSAOVERLAPPED_COMPLETION_ROUTINE,
    ) -> c_int {
        served_later!(lpWSPRecv(
            s, lpBuffers.raw(), dwBufferCount, lpNumberOfBytesRecvd.raw(), lpFlags.raw();
            lpOverlapped, lpCompletionRoutine
        ))
    }

    /// Receives, and tells from whom, at once or later. Arguments are those of WSPRecvFrom.
    ///
    /// Returns 0, or SOCKET_ERROR with WSA_IO_PENDING or a code of WSPRecvFrom's. Safe on any thread. Source: WSPRecvFrom.1
    /// to .9, OV.1 to OV.24.
    fn WSARecvFrom(
        s: SOCKET,
        lpBuffers: *mut WSABUF,
        dwBufferCount: DWORD,
        lpNumberOfBytesRecvd: *mut DWORD,
        lpFlags: *mut DWORD,
        lpFrom: *mut SOCKADDR,
        lpFromlen: *mut c_int,
        lpOverlapped: *mut WSAOVERLAPPED,
        lpCompletionRoutine: LPWSAOVERLAPPED_COMPLETION_ROUTINE,
    ) -> c_int {
        served_later!(lpWSPRecvFrom(
            s,
            lpBuffers.raw(),
            dwBufferCount,
            lpNumberOfBytesRecvd.raw(),
            lpFlags.raw(),
            lpFrom.raw(),
            lpFromlen.raw();
            lpOverlapped, lpCompletionRoutine
        ))
    }

    /// Controls a socket. Arguments are those of WSPIoctl.
    ///
    /// Returns 0, or SOCKET_ERROR with WSA_IO_PENDING or a code of WSPIoctl's. Safe on any thread. Source: WSPIoctl.1 to
    /// .12, OV.1 to OV.24.
    fn WSAIoctl(
        s: SOCKET,
        dwIoControlCode: DWORD,
        lpvInBuffer: *mut c_void,
        cbInBuffer: DWORD,
        lpvOutBuffer: *mut c_void,
        cbOutBuffer: DWORD,
        lpcbBytesReturned: *mut DWORD,
        lpOverlapped: *mut WSAOVERLAPPED,
        lpCompletionRoutine: LPWSAOVERLAPPED_COMPLETION_ROUTINE,
    ) -> c_int {
        served_later!(lpWSPIoctl(
            s,
            dwIoControlCode,
            lpvInBuffer.raw(),
            cbInBuffer,
            lpvOutBuffer.raw(),
            cbOutBuffer,
            lpcbBytesReturned.raw();
            lpOverlapped, lpCompletionRoutine
        ))
    }

    /// Tells how an overlapped request has ended. Arguments are those of WSPGetOverlappedResult.
    ///
    /// Returns TRUE, or FALSE with WSA_IO_INCOMPLETE or the code of the request. Safe on any thread. Source:
    /// WSPGetOverlappedResult.1 to .9, NEED-S11.
    fn WSAGetOverlappedResult(
        s: SOCKET,
        lpOverlapped: *mut WSAOVERLAPPED,
        lpcbTransfer: *mut DWORD,
        fWait: BOOL,
        lpdwFlags: *mut DWORD,
    ) -> BOOL {
        served!(lpWSPGetOverlappedResult(s, lpOverlapped.raw(), lpcbTransfer.raw(), fWait, lpdwFlags.raw()))
            .map(drop)
    }

    /// Has an event signalled when something of `lNetworkEvents` (FD_*) happens to a socket.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEINPROGRESS, WSAEINVAL, WSAENETDOWN or WSAENOTSOCK. Safe on any thread. Source:
    /// EV.1 to EV.22, WSPEventSelect.1.
    fn WSAEventSelect(s: SOCKET, hEventObject: WSAEVENT, lNetworkEvents: c_long) -> c_int {
        served!(lpWSPEventSelect(s, hEventObject.raw().cast(), lNetworkEvents))
    }

    /// Tells what has happened to a socket since the last call, and makes an event nonsignalled if one is given.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEFAULT, WSAEINPROGRESS, WSAEINVAL, WSAENETDOWN or WSAENOTSOCK. Safe on any
    /// thread. Source: WSPEnumNetworkEvents.1 to .6.
    fn WSAEnumNetworkEvents(s: SOCKET, hEventObject: WSAEVENT, lpNetworkEvents: *mut WSANETWORKEVENTS) -> c_int {
        served!(lpWSPEnumNetworkEvents(s, hEventObject.raw().cast(), lpNetworkEvents.raw()))
    }

    /// Has a message posted when something of `lEvent` (FD_*) happens to a socket (`ws2spi_SetPostMessage` says how).
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEINPROGRESS, WSAEINVAL, WSAENETDOWN or WSAENOTSOCK. Safe on any
    /// thread. Source: WSPAsyncSelect.1, NEED-S17.
    fn WSAAsyncSelect(s: SOCKET, hWnd: HWND, wMsg: u32, lEvent: c_long) -> c_int {
        served!(lpWSPAsyncSelect(s, hWnd.raw().cast(), wMsg, lEvent))
    }

    /// Ends sending. `lpOutboundDisconnectData` is NULL: no protocol here sends data with the end.
    ///
    /// Returns 0, or SOCKET_ERROR with a code of WSPSendDisconnect's. Safe on any thread. Source: WSPSendDisconnect.1.
    fn WSASendDisconnect(s: SOCKET, lpOutboundDisconnectData: *mut WSABUF) -> c_int {
        served!(lpWSPSendDisconnect(s, lpOutboundDisconnectData.raw()))
    }

    /// Ends receiving. `lpInboundDisconnectData` is NULL: no protocol here sends data with the end.
    ///
    /// Returns 0, or SOCKET_ERROR with a code of WSPRecvDisconnect's. Safe on any thread. Source: WSPRecvDisconnect.1.
    fn WSARecvDisconnect(s: SOCKET, lpInboundDisconnectData: *mut WSABUF) -> c_int {
        served!(lpWSPRecvDisconnect(s, lpInboundDisconnectData.raw()))
    }

    /// Asks for a named quality of service: no protocol here has any.
    ///
    /// Returns FALSE with a code of WSPGetQOSByName's. Safe on any thread. Source: WSPGetQOSByName.1.
    fn WSAGetQOSByName(s: SOCKET, lpQOSName: *mut WSABUF, lpQOS: *mut QOS) -> BOOL {
        served!(lpWSPGetQOSByName(s, lpQOSName.raw(), lpQOS.raw())).map(drop)
    }

    /// Tells which protocols can be opened: those of the base provider, and chains of layers.
    ///
    /// `lpiProtocols` is NULL for all, or a list of at most 65535 protocol numbers that ends with 0; `lpProtocolBuffer` has
    /// `*lpdwBufferLength` bytes, which become what is needed if that is too short.
    ///
    /// Returns how many there are, or SOCKET_ERROR with WSAEFAULT, WSAEINPROGRESS, WSAEINVAL or WSAENOBUFS. Safe on any
    /// thread. Source: WSCEnumProtocols.2, NEED-C3.
    fn WSAEnumProtocolsW(
        lpiProtocols: *mut c_int,
        lpProtocolBuffer: *mut WSAPROTOCOL_INFOW,
        lpdwBufferLength: *mut DWORD,
    ) -> c_int {
        protocols::enumerate(lpiProtocols, lpProtocolBuffer, lpdwBufferLength, |entry| *entry)
    }

    /// As WSAEnumProtocolsW; names are UTF-8.
    ///
    /// Returns as WSAEnumProtocolsW does. Safe on any thread. Source: WSCEnumProtocols.2, NEED-C3.
    fn WSAEnumProtocolsA(
        lpiProtocols: *mut c_int,
        lpProtocolBuffer: *mut WSAPROTOCOL_INFOA,
        lpdwBufferLength: *mut DWORD,
    ) -> c_int {
        protocols::enumerate(lpiProtocols, lpProtocolBuffer, lpdwBufferLength, narrow)
    }

    /// Connects a stream socket to the first address of a list that can be reached.
    ///
    /// `SocketAddressList` has addresses of the socket's family. `LocalAddress` and `RemoteAddress`, which may be NULL,
    /// receive those of the connection; `*LocalAddressLength` and `*RemoteAddressLength` are the room in bytes, and become
    /// their lengths. `timeout` is for all attempts together; NULL waits as long as the protocol does. `Reserved` is NULL.
    ///
    /// A handle that a layered provider has made is blocking after a call with a timeout.
    ///
    /// Returns TRUE, or FALSE with WSAEFAULT, WSAEINPROGRESS, WSAEINVAL (no stream, no addresses), WSAENOTSOCK, WSAETIMEDOUT
    /// (the attempt goes on) or the code with which WSPConnect has failed last. Safe on any thread. Source: WSPConnect.1.
    fn WSAConnectByList(
        s: SOCKET,
        SocketAddressList: *mut SOCKET_ADDRESS_LIST,
        LocalAddressLength: *mut DWORD,
        LocalAddress: *mut SOCKADDR,
        RemoteAddressLength: *mut DWORD,
        RemoteAddress: *mut SOCKADDR,
        timeout: *const timeval,
        Reserved: *mut WSAOVERLAPPED,
    ) -> BOOL {
        let local = connect_list::Room {
            address: LocalAddress,
            length: LocalAddressLength,
        };
        let remote = connect_list::Room {
            address: RemoteAddress,
            length: RemoteAddressLength,
        };
        connect_list::connect(s, SocketAddressList, (local, remote), timeout, Reserved, &wsp::PROC_TABLE)
    }

    /// Receives up to `len` bytes as `recv` does, with MSG_* in and out: a datagram that is cut off is no failure, but has
    /// MSG_PARTIAL in `*flags`.
    ///
    /// Returns how many came, 0 at the end of a stream, or SOCKET_ERROR with a code of WSPRecv's. Safe on any thread.
    /// Source: WSPRecv.1, OBS.28.
    fn WSARecvEx(s: SOCKET, buf: *mut c_char, len: c_int, flags: *mut c_int) -> c_int {
        chain::serving(s, &wsp::PROC_TABLE)
            .and_then(|procs| call::receive_in_part(procs, s, buffer(buf, len), flags.cast()))
    }

    /// Ends the blocking call that the calling thread is in: from a signal handler.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEINVAL (there is none). May be called in a signal handler. Source:
    /// WSPCancelBlockingCall.1.
    fn WSACancelBlockingCall() -> c_int {
        startup::check_started()
            .and_then(|()| provider!(wsp::PROC_TABLE, lpWSPCancelBlockingCall()))
    }
}

/// Whether the calling thread is in a blocking call, and so this is a signal handler.
///
/// Returns TRUE or FALSE. Needs no WSAStartup, cannot fail, and may be called in a signal handler. Source: C.7.
#[unsafe(no_mangle)]
pub extern "C" fn WSAIsBlocking() -> BOOL {
    BOOL(thread::is_blocking().into())
}
