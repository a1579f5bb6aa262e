//! What is declared and not built: functions that no program finds missing when it links, and that fail as their pages say
//! functions of their kind fail. None of them ever answers success.
//!
//! - Name resolution and name spaces: WSASYSNOTREADY, the code of a service that is not there.
//! - What stands on them, asked about a query that there cannot be: the code for a handle that names none.
//! - What POSIX has nothing for, and what is asked for too seldom: WSAEOPNOTSUPP.
//!
//! Before the first WSAStartup and after the last WSACleanup all answer WSANOTINITIALISED, if their pages do not exempt them,
//! and inside a callback WSAEINPROGRESS. They look at no argument, and are safe on any thread.

#![allow(non_snake_case, reason = "the names are the C header's")]

use super::{Answer, spi};
use crate::abi::*;
use crate::chain::startup::check_started;
use crate::error::{Result, WsaError};
use crate::object::thread::{self, check_not_in_progress};
use libc::timeval;
use std::ffi::{c_char, c_int, c_void};

/// What no function here gives.
enum Never {}

impl Answer<Never> for c_int {
    fn success(value: Never) -> Self {
        match value {}
    }

    fn failure() -> Self {
        SOCKET_ERROR
    }
}

impl Answer<Never> for BOOL {
    fn success(value: Never) -> Self {
        match value {}
    }

    fn failure() -> Self {
        Self::FALSE
    }
}

impl<T> Answer<Never> for *mut T {
    fn success(value: Never) -> Self {
        match value {}
    }

    fn failure() -> Self {
        std::ptr::null_mut()
    }
}

fn refuse(code: WsaError) -> Result<Never> {
    check_started()?;
    check_not_in_progress()?;
    Err(code)
}

/// [`refuse`] for functions whose answer is the code; it is the thread's last error as well.
fn refuse_by_answer(code: WsaError) -> Result<c_int> {
    let code = refuse(code).err().unwrap_or(code).code();
    thread::set_last_error(code.cast_unsigned());
    Ok(code)
}

/// Exports functions that answer a code: in the thread's last error, with the value that says so (`fails`), or as the value
/// itself (`answers`).
macro_rules! later {
    (@answer fails $code:ident) => { refuse(WsaError::$code) };
    (@answer answers $code:ident) => { refuse_by_answer(WsaError::$code) };
    ($(
        $(#[$doc:meta])*
        fn $name:ident($($argument:ident: $type:ty),* $(,)?) -> $answer:ty, $how:ident $code:ident;
    )*) => {
        spi! {
            $(
                $(#[$doc])*
                fn $name($($argument: $type),*) -> $answer {
                    let _ = ($($argument,)*);
                    later!(@answer $how $code)
                }
            )*
        }
    };
}

// ---- Hosts, services and protocols by name ----

later! {
    /// `gethostbyaddr`: NULL with WSASYSNOTREADY.
    fn WS_gethostbyaddr(addr: *const c_char, len: c_int, r#type: c_int) -> *mut c_void, fails WSASYSNOTREADY;
    /// `gethostbyname`: NULL with WSASYSNOTREADY.
    fn WS_gethostbyname(name: *const c_char) -> *mut c_void, fails WSASYSNOTREADY;
    /// `getservbyport`: NULL with WSASYSNOTREADY.
    fn WS_getservbyport(port: c_int, proto: *const c_char) -> *mut c_void, fails WSASYSNOTREADY;
    /// `getservbyname`: NULL with WSASYSNOTREADY.
    fn WS_getservbyname(name: *const c_char, proto: *const c_char) -> *mut c_void, fails WSASYSNOTREADY;
    /// `getprotobynumber`: NULL with WSASYSNOTREADY.
    fn WS_getprotobynumber(number: c_int) -> *mut c_void, fails WSASYSNOTREADY;
    /// `getprotobyname`: NULL with WSASYSNOTREADY.
    fn WS_getprotobyname(name: *const c_char) -> *mut c_void, fails WSASYSNOTREADY;
    /// `getaddrinfo`: answers WSASYSNOTREADY.
    fn WS_getaddrinfo(
        nodename: *const c_char,
        servname: *const c_char,
        hints: *const c_void,
        res: *mut *mut c_void,
    ) -> c_int, answers WSASYSNOTREADY;
    /// `getaddrinfo` in UTF-16: answers WSASYSNOTREADY.
    fn GetAddrInfoW(
        pNodeName: *const WCHAR,
        pServiceName: *const WCHAR,
        pHints: *const c_void,
        ppResult: *mut *mut c_void,
    ) -> c_int, answers WSASYSNOTREADY;
    /// `getaddrinfo` by a name space: answers WSASYSNOTREADY.
    fn GetAddrInfoExA(
        pName: *const c_char,
        pServiceName: *const c_char,
        dwNameSpace: DWORD,
        lpNspId: *mut GUID,
        pHints: *const c_void,
        ppResult: *mut *mut c_void,
        timeout: *mut timeval,
        lpOverlapped: LPOVERLAPPED,
        lpCompletionRoutine: *mut c_void,
        lpNameHandle: *mut HANDLE,
    ) -> c_int, answers WSASYSNOTREADY;
    /// As GetAddrInfoExA, in UTF-16.
    fn GetAddrInfoExW(
        pName: *const WCHAR,
        pServiceName: *const WCHAR,
        dwNameSpace: DWORD,
        lpNspId: *mut GUID,
        pHints: *const c_void,
        ppResult: *mut *mut c_void,
        timeout: *mut timeval,
        lpOverlapped: LPOVERLAPPED,
        lpCompletionRoutine: *mut c_void,
        lpNameHandle: *mut HANDLE,
    ) -> c_int, answers WSASYSNOTREADY;
    /// Ends a query of GetAddrInfoExW: answers WSA_INVALID_HANDLE, as there are none.
    fn GetAddrInfoExCancel(lpHandle: *mut HANDLE) -> c_int, answers WSA_INVALID_HANDLE;
    /// The outcome of a query of GetAddrInfoExW: answers WSAEINVAL, as there are none.
    fn GetAddrInfoExOverlappedResult(lpOverlapped: LPOVERLAPPED) -> c_int, answers WSAEINVAL;
    /// Registers a name in a name space: answers WSASYSNOTREADY.
    fn SetAddrInfoExA(
        pName: *const c_char,
        pServiceName: *const c_char,
        pAddresses: *mut SOCKET_ADDRESS,
        dwAddressCount: DWORD,
        lpBlob: *mut c_void,
        dwFlags: DWORD,
        dwNameSpace: DWORD,
        lpNspId: *mut GUID,
        timeout: *mut timeval,
        lpOverlapped: LPOVERLAPPED,
        lpCompletionRoutine: *mut c_void,
        lpNameHandle: *mut HANDLE,
    ) -> c_int, answers WSASYSNOTREADY;
    /// As SetAddrInfoExA, in UTF-16.
    fn SetAddrInfoExW(
        pName: *const WCHAR,
        pServiceName: *const WCHAR,
        pAddresses: *mut SOCKET_ADDRESS,
        dwAddressCount: DWORD,
        lpBlob: *mut c_void,
        dwFlags: DWORD,
        dwNameSpace: DWORD,
        lpNspId: *mut GUID,
        timeout: *mut timeval,
        lpOverlapped: LPOVERLAPPED,
        lpCompletionRoutine: *mut c_void,
        lpNameHandle: *mut HANDLE,
    ) -> c_int, answers WSASYSNOTREADY;
    /// `getnameinfo`: answers WSASYSNOTREADY.
    fn WS_getnameinfo(
        sa: *const SOCKADDR,
        salen: c_int,
        host: *mut c_char,
        hostlen: DWORD,
        serv: *mut c_char,
        servlen: DWORD,
        flags: c_int,
    ) -> c_int, answers WSASYSNOTREADY;
    /// `getnameinfo` in UTF-16: answers WSASYSNOTREADY.
    fn GetNameInfoW(
        pSockaddr: *const SOCKADDR,
        SockaddrLength: c_int,
        pNodeBuffer: *mut WCHAR,
        NodeBufferSize: DWORD,
        pServiceBuffer: *mut WCHAR,
        ServiceBufferSize: DWORD,
        Flags: c_int,
    ) -> c_int, answers WSASYSNOTREADY;
    /// Connects to a host by name: FALSE with WSASYSNOTREADY.
    fn WSAConnectByNameA(
        s: SOCKET,
        nodename: *const c_char,
        servicename: *const c_char,
        LocalAddressLength: *mut DWORD,
        LocalAddress: *mut SOCKADDR,
        RemoteAddressLength: *mut DWORD,
        RemoteAddress: *mut SOCKADDR,
        timeout: *const timeval,
        Reserved: *mut WSAOVERLAPPED,
    ) -> BOOL, fails WSASYSNOTREADY;
    /// As WSAConnectByNameA, in UTF-16.
    fn WSAConnectByNameW(
        s: SOCKET,
        nodename: *mut WCHAR,
        servicename: *mut WCHAR,
        LocalAddressLength: *mut DWORD,
        LocalAddress: *mut SOCKADDR,
        RemoteAddressLength: *mut DWORD,
        RemoteAddress: *mut SOCKADDR,
        timeout: *const timeval,
        Reserved: *mut WSAOVERLAPPED,
    ) -> BOOL, fails WSASYSNOTREADY;
}

spi! {
    /// `freeaddrinfo`: `getaddrinfo` has given nothing yet that could be freed.
    fn WS_freeaddrinfo(_pAddrInfo: *mut c_void) -> () {
        Ok(())
    }

    /// As `freeaddrinfo`, for GetAddrInfoW.
    fn FreeAddrInfoW(_pAddrInfo: *mut c_void) -> () {
        Ok(())
    }

    /// As `freeaddrinfo`, for GetAddrInfoExA.
    fn FreeAddrInfoEx(_pAddrInfo: *mut c_void) -> () {
        Ok(())
    }

    /// As `freeaddrinfo`, for GetAddrInfoExW.
    fn FreeAddrInfoExW(_pAddrInfo: *mut c_void) -> () {
        Ok(())
    }
}

// ---- The same by window message ----

later! {
    /// NULL with WSASYSNOTREADY.
    fn WSAAsyncGetServByName(
        hWnd: HWND,
        wMsg: u32,
        name: *const c_char,
        proto: *const c_char,
        buf: *mut c_char,
        buflen: c_int,
    ) -> HANDLE, fails WSASYSNOTREADY;
    /// NULL with WSASYSNOTREADY.
    fn WSAAsyncGetServByPort(
        hWnd: HWND,
        wMsg: u32,
        port: c_int,
        proto: *const c_char,
        buf: *mut c_char,
        buflen: c_int,
    ) -> HANDLE, fails WSASYSNOTREADY;
    /// NULL with WSASYSNOTREADY.
    fn WSAAsyncGetProtoByName(
        hWnd: HWND,
        wMsg: u32,
        name: *const c_char,
        buf: *mut c_char,
        buflen: c_int,
    ) -> HANDLE, fails WSASYSNOTREADY;
    /// NULL with WSASYSNOTREADY.
    fn WSAAsyncGetProtoByNumber(
        hWnd: HWND,
        wMsg: u32,
        number: c_int,
        buf: *mut c_char,
        buflen: c_int,
    ) -> HANDLE, fails WSASYSNOTREADY;
    /// NULL with WSASYSNOTREADY.
    fn WSAAsyncGetHostByName(
        hWnd: HWND,
        wMsg: u32,
        name: *const c_char,
        buf: *mut c_char,
        buflen: c_int,
    ) -> HANDLE, fails WSASYSNOTREADY;
    /// NULL with WSASYSNOTREADY.
    fn WSAAsyncGetHostByAddr(
        hWnd: HWND,
        wMsg: u32,
        addr: *const c_char,
        len: c_int,
        r#type: c_int,
        buf: *mut c_char,
        buflen: c_int,
    ) -> HANDLE, fails WSASYSNOTREADY;
    /// Ends a query of WSAAsyncGet*: SOCKET_ERROR with WSAEINVAL, as there are none.
    fn WSACancelAsyncRequest(hAsyncTaskHandle: HANDLE) -> c_int, fails WSAEINVAL;
}

// ---- Name spaces ----

later! {
    /// Begins a query: SOCKET_ERROR with WSASYSNOTREADY.
    fn WSALookupServiceBeginA(
        lpqsRestrictions: *mut c_void,
        dwControlFlags: DWORD,
        lphLookup: *mut HANDLE,
    ) -> c_int, fails WSASYSNOTREADY;
    /// As WSALookupServiceBeginA, in UTF-16.
    fn WSALookupServiceBeginW(
        lpqsRestrictions: *mut c_void,
        dwControlFlags: DWORD,
        lphLookup: *mut HANDLE,
    ) -> c_int, fails WSASYSNOTREADY;
    /// The next result of a query: SOCKET_ERROR with WSA_INVALID_HANDLE, as there are none.
    fn WSALookupServiceNextA(
        hLookup: HANDLE,
        dwControlFlags: DWORD,
        lpdwBufferLength: *mut DWORD,
        lpqsResults: *mut c_void,
    ) -> c_int, fails WSA_INVALID_HANDLE;
    /// As WSALookupServiceNextA, in UTF-16.
    fn WSALookupServiceNextW(
        hLookup: HANDLE,
        dwControlFlags: DWORD,
        lpdwBufferLength: *mut DWORD,
        lpqsResults: *mut c_void,
    ) -> c_int, fails WSA_INVALID_HANDLE;
    /// Ends a query: SOCKET_ERROR with WSA_INVALID_HANDLE, as there are none.
    fn WSALookupServiceEnd(hLookup: HANDLE) -> c_int, fails WSA_INVALID_HANDLE;
    /// Controls a query: SOCKET_ERROR with WSA_INVALID_HANDLE, as there are none.
    fn WSANSPIoctl(
        hLookup: HANDLE,
        dwControlCode: DWORD,
        lpvInBuffer: *mut c_void,
        cbInBuffer: DWORD,
        lpvOutBuffer: *mut c_void,
        cbOutBuffer: DWORD,
        lpcbBytesReturned: *mut DWORD,
        lpCompletion: *mut c_void,
    ) -> c_int, fails WSA_INVALID_HANDLE;
    /// Registers a service, or removes it: SOCKET_ERROR with WSASYSNOTREADY.
    fn WSASetServiceA(
        lpqsRegInfo: *mut c_void,
        essoperation: c_int,
        dwControlFlags: DWORD,
    ) -> c_int, fails WSASYSNOTREADY;
    /// As WSASetServiceA, in UTF-16.
    fn WSASetServiceW(
        lpqsRegInfo: *mut c_void,
        essoperation: c_int,
        dwControlFlags: DWORD,
    ) -> c_int, fails WSASYSNOTREADY;
    /// Installs a class of services: SOCKET_ERROR with WSASYSNOTREADY.
    fn WSAInstallServiceClassA(lpServiceClassInfo: *mut c_void) -> c_int, fails WSASYSNOTREADY;
    /// As WSAInstallServiceClassA, in UTF-16.
    fn WSAInstallServiceClassW(lpServiceClassInfo: *mut c_void) -> c_int, fails WSASYSNOTREADY;
    /// Removes a class of services: SOCKET_ERROR with WSASYSNOTREADY.
    fn WSARemoveServiceClass(lpServiceClassId: *mut GUID) -> c_int, fails WSASYSNOTREADY;
    /// Tells of a class of services: SOCKET_ERROR with WSASYSNOTREADY.
    fn WSAGetServiceClassInfoA(
        lpProviderId: *mut GUID,
        lpServiceClassId: *mut GUID,
        lpdwBufSize: *mut DWORD,
        lpServiceClassInfo: *mut c_void,
    ) -> c_int, fails WSASYSNOTREADY;
    /// As WSAGetServiceClassInfoA, in UTF-16.
    fn WSAGetServiceClassInfoW(
        lpProviderId: *mut GUID,
        lpServiceClassId: *mut GUID,
        lpdwBufSize: *mut DWORD,
        lpServiceClassInfo: *mut c_void,
    ) -> c_int, fails WSASYSNOTREADY;
    /// The name of a class of services: SOCKET_ERROR with WSASYSNOTREADY.
    fn WSAGetServiceClassNameByClassIdA(
        lpServiceClassId: *mut GUID,
        lpszServiceClassName: *mut c_char,
        lpdwBufferLength: *mut DWORD,
    ) -> c_int, fails WSASYSNOTREADY;
    /// As WSAGetServiceClassNameByClassIdA, in UTF-16.
    fn WSAGetServiceClassNameByClassIdW(
        lpServiceClassId: *mut GUID,
        lpszServiceClassName: *mut WCHAR,
        lpdwBufferLength: *mut DWORD,
    ) -> c_int, fails WSASYSNOTREADY;
}

spi! {
    /// The name-space provider's start, which a library for one exports: SOCKET_ERROR with WSASYSNOTREADY, WSAStartup or
    /// not. Source: NSPStartup.1.
    fn NSPStartup(_lpProviderId: *mut GUID, _lpnspRoutines: *mut c_void) -> c_int {
        Err::<Never, _>(WsaError::WSASYSNOTREADY)
    }

    /// Makes a name-space provider of this process known: SOCKET_ERROR with WSAEINVAL for a NULL, else WSASYSNOTREADY.
    /// Source: WSAAdvertiseProvider.1.
    fn WSAAdvertiseProvider(puuidProviderId: *const GUID, pNSPv2Routine: *const c_void) -> c_int {
        refuse(if puuidProviderId.is_null() || pNSPv2Routine.is_null() {
            WsaError::WSAEINVAL
        } else {
            WsaError::WSASYSNOTREADY
        })
    }

    /// Undoes WSAAdvertiseProvider: SOCKET_ERROR with WSAEINVAL, as nothing was advertised. Source: WSAUnadvertiseProvider.1.
    fn WSAUnadvertiseProvider(_puuidProviderId: *const GUID) -> c_int {
        refuse(WsaError::WSAEINVAL)
    }

    /// Tells the end of a call that an advertised provider has been asked for: SOCKET_ERROR with WSAEINVAL, as nobody has
    /// asked. Source: WSAProviderCompleteAsyncCall.1.
    fn WSAProviderCompleteAsyncCall(_hAsyncCall: HANDLE, _iRetCode: c_int) -> c_int {
        refuse(WsaError::WSAEINVAL)
    }
}

// ---- Winsock 1's name spaces (nspapi.h) ----

later! {
    /// SOCKET_ERROR with WSASYSNOTREADY.
    fn GetAddressByNameA(
        dwNameSpace: DWORD,
        lpServiceType: *mut GUID,
        lpServiceName: *mut c_char,
        lpiProtocols: *mut c_int,
        dwResolution: DWORD,
        lpServiceAsyncInfo: *mut c_void,
        lpCsaddrBuffer: *mut c_void,
        lpdwBufferLength: *mut DWORD,
        lpAliasBuffer: *mut c_char,
        lpdwAliasBufferLength: *mut DWORD,
    ) -> c_int, fails WSASYSNOTREADY;
    /// As GetAddressByNameA, in UTF-16.
    fn GetAddressByNameW(
        dwNameSpace: DWORD,
        lpServiceType: *mut GUID,
        lpServiceName: *mut WCHAR,
        lpiProtocols: *mut c_int,
        dwResolution: DWORD,
        lpServiceAsyncInfo: *mut c_void,
        lpCsaddrBuffer: *mut c_void,
        lpdwBufferLength: *mut DWORD,
        lpAliasBuffer: *mut WCHAR,
        lpdwAliasBufferLength: *mut DWORD,
    ) -> c_int, fails WSASYSNOTREADY;
    /// SOCKET_ERROR with WSASYSNOTREADY.
    fn GetTypeByNameA(lpServiceName: *mut c_char, lpServiceType: *mut GUID) -> c_int, fails WSASYSNOTREADY;
    /// As GetTypeByNameA, in UTF-16.
    fn GetTypeByNameW(lpServiceName: *mut WCHAR, lpServiceType: *mut GUID) -> c_int, fails WSASYSNOTREADY;
    /// SOCKET_ERROR with WSASYSNOTREADY.
    fn GetNameByTypeA(
        lpServiceType: *mut GUID,
        lpServiceName: *mut c_char,
        dwNameLength: DWORD,
    ) -> c_int, fails WSASYSNOTREADY;
    /// As GetNameByTypeA, in UTF-16.
    fn GetNameByTypeW(
        lpServiceType: *mut GUID,
        lpServiceName: *mut WCHAR,
        dwNameLength: DWORD,
    ) -> c_int, fails WSASYSNOTREADY;
    /// SOCKET_ERROR with WSASYSNOTREADY.
    fn SetServiceA(
        dwNameSpace: DWORD,
        dwOperation: DWORD,
        dwFlags: DWORD,
        lpServiceInfo: *mut c_void,
        lpServiceAsyncInfo: *mut c_void,
        lpdwStatusFlags: *mut DWORD,
    ) -> c_int, fails WSASYSNOTREADY;
    /// As SetServiceA, in UTF-16.
    fn SetServiceW(
        dwNameSpace: DWORD,
        dwOperation: DWORD,
        dwFlags: DWORD,
        lpServiceInfo: *mut c_void,
        lpServiceAsyncInfo: *mut c_void,
        lpdwStatusFlags: *mut DWORD,
    ) -> c_int, fails WSASYSNOTREADY;
    /// SOCKET_ERROR with WSASYSNOTREADY.
    fn GetServiceA(
        dwNameSpace: DWORD,
        lpGuid: *mut GUID,
        lpServiceName: *mut c_char,
        dwProperties: DWORD,
        lpBuffer: *mut c_void,
        lpdwBufferSize: *mut DWORD,
        lpServiceAsyncInfo: *mut c_void,
    ) -> c_int, fails WSASYSNOTREADY;
    /// As GetServiceA, in UTF-16.
    fn GetServiceW(
        dwNameSpace: DWORD,
        lpGuid: *mut GUID,
        lpServiceName: *mut WCHAR,
        dwProperties: DWORD,
        lpBuffer: *mut c_void,
        lpdwBufferSize: *mut DWORD,
        lpServiceAsyncInfo: *mut c_void,
    ) -> c_int, fails WSASYSNOTREADY;
    /// SOCKET_ERROR with WSAEOPNOTSUPP: WSAEnumProtocols tells more.
    fn EnumProtocolsA(
        lpiProtocols: *mut c_int,
        lpProtocolBuffer: *mut c_void,
        lpdwBufferLength: *mut DWORD,
    ) -> c_int, fails WSAEOPNOTSUPP;
    /// As EnumProtocolsA, in UTF-16.
    fn EnumProtocolsW(
        lpiProtocols: *mut c_int,
        lpProtocolBuffer: *mut c_void,
        lpdwBufferLength: *mut DWORD,
    ) -> c_int, fails WSAEOPNOTSUPP;
}

// ---- What there is nothing for ----

later! {
    /// Tells when the catalog changes: SOCKET_ERROR with WSAEOPNOTSUPP. Nobody tells of a change of the file yet.
    fn WSAProviderConfigChange(
        lpNotificationHandle: *mut HANDLE,
        lpOverlapped: *mut WSAOVERLAPPED,
        lpCompletionRoutine: LPWSAOVERLAPPED_COMPLETION_ROUTINE,
    ) -> c_int, fails WSAEOPNOTSUPP;
    /// Readiness by completion port: answers WSAEOPNOTSUPP.
    fn ProcessSocketNotifications(
        completionPort: HANDLE,
        registrationCount: u32,
        registrationInfos: *mut c_void,
        timeoutMs: u32,
        completionCount: u32,
        completionPortEntries: *mut OVERLAPPED_ENTRY,
        receivedEntryCount: *mut u32,
    ) -> c_int, answers WSAEOPNOTSUPP;
    /// Winsock 1's blocking hook: NULL with WSAEOPNOTSUPP, as in Winsock 2.
    fn WSASetBlockingHook(lpBlockFunc: *mut c_void) -> *mut c_void, fails WSAEOPNOTSUPP;
    /// Winsock 1's blocking hook: SOCKET_ERROR with WSAEOPNOTSUPP, as in Winsock 2.
    fn WSAUnhookBlockingHook() -> c_int, fails WSAEOPNOTSUPP;
    /// IPsec for a socket: SOCKET_ERROR with WSAEOPNOTSUPP.
    fn WSASetSocketSecurity(
        Socket: SOCKET,
        SecuritySettings: *const c_void,
        SecuritySettingsLen: u32,
        Overlapped: *mut WSAOVERLAPPED,
        CompletionRoutine: LPWSAOVERLAPPED_COMPLETION_ROUTINE,
    ) -> c_int, fails WSAEOPNOTSUPP;
    /// IPsec of a socket: SOCKET_ERROR with WSAEOPNOTSUPP.
    fn WSAQuerySocketSecurity(
        Socket: SOCKET,
        SecurityQueryTemplate: *const c_void,
        SecurityQueryTemplateLen: u32,
        SecurityQueryInfo: *mut c_void,
        SecurityQueryInfoLen: *mut u32,
        Overlapped: *mut WSAOVERLAPPED,
        CompletionRoutine: LPWSAOVERLAPPED_COMPLETION_ROUTINE,
    ) -> c_int, fails WSAEOPNOTSUPP;
    /// Who an IPsec peer is to be: SOCKET_ERROR with WSAEOPNOTSUPP.
    fn WSASetSocketPeerTargetName(
        Socket: SOCKET,
        PeerTargetName: *const c_void,
        PeerTargetNameLen: u32,
        Overlapped: *mut WSAOVERLAPPED,
        CompletionRoutine: LPWSAOVERLAPPED_COMPLETION_ROUTINE,
    ) -> c_int, fails WSAEOPNOTSUPP;
    /// Takes an IPsec peer's rights: SOCKET_ERROR with WSAEOPNOTSUPP.
    fn WSAImpersonateSocketPeer(
        Socket: SOCKET,
        PeerAddress: *const SOCKADDR,
        peerAddressLen: u32,
    ) -> c_int, fails WSAEOPNOTSUPP;
    /// Gives an IPsec peer's rights back: SOCKET_ERROR with WSAEOPNOTSUPP.
    fn WSARevertImpersonation() -> c_int, fails WSAEOPNOTSUPP;
}
