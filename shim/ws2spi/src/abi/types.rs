//! Structures and scalar types.

use crate::sys::guard::plain;
use std::ffi::c_void;

/// A socket handle; the table in `object` gives it its meaning.
pub type SOCKET = usize;
pub type GROUP = u32;
pub type DWORD = u32;
pub type WORD = u16;
pub type INT = i32;
pub type WCHAR = u16;
pub type DWORD_PTR = usize;
pub type HANDLE = *mut c_void;

/// What no handle is; of [`HANDLE`]'s width.
pub const INVALID_HANDLE_VALUE: usize = usize::MAX;

pub type HWND = *mut c_void;
pub type WSAEVENT = HANDLE;
pub type LPOVERLAPPED = *mut WSAOVERLAPPED;

/// C's `BOOL`, a type of its own so that a function's answer follows from its return type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct BOOL(pub i32);

impl BOOL {
    pub const FALSE: Self = Self(0);
    pub const TRUE: Self = Self(1);
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[repr(C)]
pub struct GUID {
    pub Data1: u32,
    pub Data2: u16,
    pub Data3: u16,
    pub Data4: [u8; 8],
}

#[derive(Clone, Copy)]
#[repr(C)]
pub struct WSABUF {
    pub len: u32,
    pub buf: *mut u8,
}

/// A datagram with its address and control data.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct WSAMSG {
    pub name: *mut SOCKADDR,
    pub namelen: i32,
    pub lpBuffers: *mut WSABUF,
    pub dwBufferCount: u32,
    pub Control: WSABUF,
    pub dwFlags: u32,
}

#[derive(Clone, Copy)]
#[repr(C)]
pub struct WSAOVERLAPPED {
    pub Internal: usize,
    pub InternalHigh: usize,
    pub Offset: u32,
    pub OffsetHigh: u32,
    pub hEvent: HANDLE,
}

#[derive(Clone, Copy)]
#[repr(C)]
pub struct OVERLAPPED_ENTRY {
    pub lpCompletionKey: usize,
    pub lpOverlapped: *mut WSAOVERLAPPED,
    pub Internal: usize,
    pub dwNumberOfBytesTransferred: u32,
}

/// What TransmitFile sends before and after the file.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct TRANSMIT_FILE_BUFFERS {
    pub Head: *mut c_void,
    pub HeadLength: u32,
    pub Tail: *mut c_void,
    pub TailLength: u32,
}

/// A part of what TransmitPackets sends: of a file, or of memory, whose address stands where a file's offset does.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct TRANSMIT_PACKETS_ELEMENT {
    pub dwElFlags: u32,
    pub cLength: u32,
    pub nFileOffset: i64,
    pub hFile: HANDLE,
}

#[derive(Clone, Copy)]
#[repr(C)]
pub struct WSATHREADID {
    pub ThreadHandle: HANDLE,
    pub Reserved: DWORD_PTR,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(C)]
pub struct LINGER {
    pub l_onoff: u16,
    pub l_linger: u16,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct WSAPROTOCOLCHAIN {
    pub ChainLen: i32,
    pub ChainEntries: [u32; 7],
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct WSAPROTOCOL_INFOW {
    pub dwServiceFlags1: u32,
    pub dwServiceFlags2: u32,
    pub dwServiceFlags3: u32,
    pub dwServiceFlags4: u32,
    pub dwProviderFlags: u32,
    pub ProviderId: GUID,
    pub dwCatalogEntryId: u32,
    pub ProtocolChain: WSAPROTOCOLCHAIN,
    pub iVersion: i32,
    pub iAddressFamily: i32,
    pub iMaxSockAddr: i32,
    pub iMinSockAddr: i32,
    pub iSocketType: i32,
    pub iProtocol: i32,
    pub iProtocolMaxOffset: i32,
    pub iNetworkByteOrder: i32,
    pub iSecurityScheme: i32,
    pub dwMessageSize: u32,
    pub dwProviderReserved: u32,
    pub szProtocol: [u16; 256],
}

impl WSAPROTOCOL_INFOW {
    /// All zeros.
    pub const EMPTY: Self = Self {
        dwServiceFlags1: 0,
        dwServiceFlags2: 0,
        dwServiceFlags3: 0,
        dwServiceFlags4: 0,
        dwProviderFlags: 0,
        ProviderId: GUID {
            Data1: 0,
            Data2: 0,
            Data3: 0,
            Data4: [0; 8],
        },
        dwCatalogEntryId: 0,
        ProtocolChain: WSAPROTOCOLCHAIN {
            ChainLen: 0,
            ChainEntries: [0; 7],
        },
        iVersion: 0,
        iAddressFamily: 0,
        iMaxSockAddr: 0,
        iMinSockAddr: 0,
        iSocketType: 0,
        iProtocol: 0,
        iProtocolMaxOffset: 0,
        iNetworkByteOrder: 0,
        iSecurityScheme: 0,
        dwMessageSize: 0,
        dwProviderReserved: 0,
        szProtocol: [0; 256],
    };
}

/// [`WSAPROTOCOL_INFOW`] with the name in 8-bit characters.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct WSAPROTOCOL_INFOA {
    pub dwServiceFlags1: u32,
    pub dwServiceFlags2: u32,
    pub dwServiceFlags3: u32,
    pub dwServiceFlags4: u32,
    pub dwProviderFlags: u32,
    pub ProviderId: GUID,
    pub dwCatalogEntryId: u32,
    pub ProtocolChain: WSAPROTOCOLCHAIN,
    pub iVersion: i32,
    pub iAddressFamily: i32,
    pub iMaxSockAddr: i32,
    pub iMinSockAddr: i32,
    pub iSocketType: i32,
    pub iProtocol: i32,
    pub iProtocolMaxOffset: i32,
    pub iNetworkByteOrder: i32,
    pub iSecurityScheme: i32,
    pub dwMessageSize: u32,
    pub dwProviderReserved: u32,
    pub szProtocol: [u8; 256],
}

/// What WSAStartup tells.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct WSADATA {
    pub wVersion: u16,
    pub wHighVersion: u16,
    pub iMaxSockets: u16,
    pub iMaxUdpDg: u16,
    pub lpVendorInfo: *mut u8,
    pub szDescription: [u8; 257],
    pub szSystemStatus: [u8; 129],
}

/// Bytes of a meaning that only their two ends know.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct BLOB {
    pub cbSize: u32,
    pub pBlobData: *mut u8,
}

/// A name-space provider, as enumerated.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct WSANAMESPACE_INFOA {
    pub NSProviderId: GUID,
    pub dwNameSpace: u32,
    pub fActive: BOOL,
    pub dwVersion: u32,
    pub lpszIdentifier: *mut u8,
}

#[derive(Clone, Copy)]
#[repr(C)]
pub struct WSANAMESPACE_INFOW {
    pub NSProviderId: GUID,
    pub dwNameSpace: u32,
    pub fActive: BOOL,
    pub dwVersion: u32,
    pub lpszIdentifier: *mut u16,
}

#[derive(Clone, Copy)]
#[repr(C)]
pub struct WSANAMESPACE_INFOEXA {
    pub NSProviderId: GUID,
    pub dwNameSpace: u32,
    pub fActive: BOOL,
    pub dwVersion: u32,
    pub lpszIdentifier: *mut u8,
    pub ProviderSpecific: BLOB,
}

#[derive(Clone, Copy)]
#[repr(C)]
pub struct WSANAMESPACE_INFOEXW {
    pub NSProviderId: GUID,
    pub dwNameSpace: u32,
    pub fActive: BOOL,
    pub dwVersion: u32,
    pub lpszIdentifier: *mut u16,
    pub ProviderSpecific: BLOB,
}

#[derive(Clone, Copy)]
#[repr(C)]
pub struct WSPDATA {
    pub wVersion: u16,
    pub wHighVersion: u16,
    pub szDescription: [u16; 256],
}

impl WSPDATA {
    /// All zeros.
    pub const EMPTY: Self = Self {
        wVersion: 0,
        wHighVersion: 0,
        szDescription: [0; 256],
    };
}

#[derive(Clone, Copy)]
#[repr(C)]
pub struct FLOWSPEC {
    pub TokenRate: u32,
    pub TokenBucketSize: u32,
    pub PeakBandwidth: u32,
    pub Latency: u32,
    pub DelayVariation: u32,
    pub ServiceType: u32,
    pub MaxSduSize: u32,
    pub MinimumPolicedSize: u32,
}

#[derive(Clone, Copy)]
#[repr(C)]
pub struct QOS {
    pub SendingFlowspec: FLOWSPEC,
    pub ReceivingFlowspec: FLOWSPEC,
    pub ProviderSpecific: WSABUF,
}

/// The fixed part of Winsock's `fd_set`: a count, then that many handles.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct fd_set {
    pub fd_count: u32,
    pub fd_array: [SOCKET; 64],
}

/// One socket of WSAPoll's.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct WSAPOLLFD {
    pub fd: SOCKET,
    pub events: i16,
    pub revents: i16,
}

/// What SIO_EXT_POLL is given and answers; the array has `fds` elements.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct WSAPOLLDATA {
    pub result: i32,
    pub fds: u32,
    pub timeout: i32,
    /// Where the array begins, which has no length of its own.
    pub padding: [WSAPOLLFD; 0],
}

#[derive(Clone, Copy)]
#[repr(C)]
pub struct WSANETWORKEVENTS {
    pub lNetworkEvents: i32,
    pub iErrorCode: [i32; 10],
}

/// An IPv4 address in network order, passed by value.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct IN_ADDR {
    pub s_addr: u32,
}

/// An address whose family, the first two bytes, tells the rest.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct SOCKADDR {
    pub sa_family: u16,
    pub sa_data: [u8; 14],
}

plain!(
    GUID,
    WSABUF,
    WSAMSG,
    TRANSMIT_FILE_BUFFERS,
    TRANSMIT_PACKETS_ELEMENT,
    WSAOVERLAPPED,
    OVERLAPPED_ENTRY,
    WSATHREADID,
    LINGER,
    WSAPROTOCOLCHAIN,
    WSAPROTOCOL_INFOW,
    WSAPROTOCOL_INFOA,
    WSADATA,
    BLOB,
    WSANAMESPACE_INFOA,
    WSANAMESPACE_INFOW,
    WSANAMESPACE_INFOEXA,
    WSANAMESPACE_INFOEXW,
    WSPDATA,
    FLOWSPEC,
    QOS,
    WSAPOLLFD,
    WSAPOLLDATA,
    WSANETWORKEVENTS,
    SOCKADDR,
);

/// The condition function of WSPAccept.
pub type LPCONDITIONPROC = Option<
    unsafe extern "C" fn(
        lpCallerId: *mut WSABUF,
        lpCallerData: *mut WSABUF,
        lpSQOS: *mut QOS,
        lpGQOS: *mut QOS,
        lpCalleeId: *mut WSABUF,
        lpCalleeData: *mut WSABUF,
        g: *mut GROUP,
        dwCallbackData: DWORD_PTR,
    ) -> i32,
>;

/// What an overlapped operation calls when it completes (OV.15).
pub type LPWSAOVERLAPPED_COMPLETION_ROUTINE = Option<
    unsafe extern "C" fn(dwError: u32, cbTransferred: u32, lpOverlapped: *mut WSAOVERLAPPED, dwFlags: u32),
>;

/// The hook a provider calls while it blocks; FALSE cancels the call.
pub type LPBLOCKINGCALLBACK = Option<unsafe extern "C" fn(dwContext: DWORD_PTR) -> BOOL>;

/// What delivers the messages of WSPAsyncSelect (`ws2spi_SetPostMessage`).
pub type LPWPUPOSTMESSAGE =
    Option<unsafe extern "C" fn(hWnd: HWND, Msg: u32, wParam: usize, lParam: isize) -> BOOL>;

/// What WPUQueueApc runs.
pub type LPWSAUSERAPC = Option<unsafe extern "C" fn(dwContext: DWORD_PTR)>;

/// What SIO_EXT_SENDMSG is given.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct WSASENDMSG {
    pub lpMsg: *mut WSAMSG,
    pub dwFlags: u32,
    pub lpNumberOfBytesSent: *mut u32,
    pub lpOverlapped: *mut WSAOVERLAPPED,
    pub lpCompletionRoutine: LPWSAOVERLAPPED_COMPLETION_ROUTINE,
}
