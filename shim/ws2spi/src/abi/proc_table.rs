//! The two tables of functions that a provider and its host exchange at WSPStartup.

use super::types::*;
use std::ffi::{c_char, c_int, c_long, c_void};

/// Defines a table of nullable C functions with the members in the header's order.
macro_rules! table {
    ($(#[$doc:meta])* $table:ident { $($name:ident: fn($($type:ty),* $(,)?) -> $answer:ty;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy)]
        #[repr(C)]
        pub struct $table {
            $(pub $name: Option<unsafe extern "C" fn($($type),*) -> $answer>,)*
        }

        impl $table {
            /// A table without functions.
            pub const EMPTY: Self = Self { $($name: None),* };

            /// The names of the members that are not NULL.
            pub fn given(&self) -> impl Iterator<Item = &'static str> {
                let members = [$((stringify!($name), self.$name.is_some())),*];
                members.into_iter().filter_map(|(name, is_given)| is_given.then_some(name))
            }

            /// The names of the members that are NULL.
            pub fn missing(&self) -> impl Iterator<Item = &'static str> {
                let members = [$((stringify!($name), self.$name.is_none())),*];
                members.into_iter().filter_map(|(name, is_missing)| is_missing.then_some(name))
            }

            /// The names of the members that `other` has as well, with where they are.
            pub fn shared_with(&self, other: &Self) -> impl Iterator<Item = (&'static str, usize)> {
                let address = |function: Option<usize>| function.unwrap_or(0);
                let members = [$((
                    stringify!($name),
                    address(self.$name.map(|function| function as usize)),
                    address(other.$name.map(|function| function as usize)),
                )),*];
                let shared = |(name, own, others)| (own == others && own != 0).then_some((name, own));
                members.into_iter().filter_map(shared)
            }

            /// Where the functions are, 0 for NULL.
            pub fn addresses(&self) -> Vec<usize> {
                vec![$(self.$name.map_or(0, |function| function as usize)),*]
            }

            /// The table with NULL in place of each function that `other` has there as well.
            pub fn without(&self, other: &Self) -> Self {
                let address = |function: Option<usize>| function.unwrap_or(0);
                Self {
                    $($name: self.$name.filter(|function| {
                        *function as usize != address(other.$name.map(|function| function as usize))
                    })),*
                }
            }
        }

        crate::sys::guard::plain!($table);
    };
}

table! {
    /// What a provider offers: the transport functions (C.10).
    WSPPROC_TABLE {
        lpWSPAccept: fn(SOCKET, *mut SOCKADDR, *mut c_int, LPCONDITIONPROC, DWORD_PTR, *mut c_int) -> SOCKET;
        lpWSPAddressToString: fn(*mut SOCKADDR, DWORD, *mut WSAPROTOCOL_INFOW, *mut WCHAR, *mut DWORD, *mut c_int) -> c_int;
        lpWSPAsyncSelect: fn(SOCKET, HWND, u32, c_long, *mut c_int) -> c_int;
        lpWSPBind: fn(SOCKET, *const SOCKADDR, c_int, *mut c_int) -> c_int;
        lpWSPCancelBlockingCall: fn(*mut c_int) -> c_int;
        lpWSPCleanup: fn(*mut c_int) -> c_int;
        lpWSPCloseSocket: fn(SOCKET, *mut c_int) -> c_int;
        lpWSPConnect: fn(SOCKET, *const SOCKADDR, c_int, *mut WSABUF, *mut WSABUF, *mut QOS, *mut QOS, *mut c_int) -> c_int;
        lpWSPDuplicateSocket: fn(SOCKET, DWORD, *mut WSAPROTOCOL_INFOW, *mut c_int) -> c_int;
        lpWSPEnumNetworkEvents: fn(SOCKET, WSAEVENT, *mut WSANETWORKEVENTS, *mut c_int) -> c_int;
        lpWSPEventSelect: fn(SOCKET, WSAEVENT, c_long, *mut c_int) -> c_int;
        lpWSPGetOverlappedResult: fn(SOCKET, *mut WSAOVERLAPPED, *mut DWORD, BOOL, *mut DWORD, *mut c_int) -> BOOL;
        lpWSPGetPeerName: fn(SOCKET, *mut SOCKADDR, *mut c_int, *mut c_int) -> c_int;
        lpWSPGetSockName: fn(SOCKET, *mut SOCKADDR, *mut c_int, *mut c_int) -> c_int;
        lpWSPGetSockOpt: fn(SOCKET, c_int, c_int, *mut c_char, *mut c_int, *mut c_int) -> c_int;
        lpWSPGetQOSByName: fn(SOCKET, *mut WSABUF, *mut QOS, *mut c_int) -> BOOL;
        lpWSPIoctl: fn(SOCKET, DWORD, *mut c_void, DWORD, *mut c_void, DWORD, *mut DWORD, *mut WSAOVERLAPPED, LPWSAOVERLAPPED_COMPLETION_ROUTINE, *mut WSATHREADID, *mut c_int) -> c_int;
        lpWSPJoinLeaf: fn(SOCKET, *const SOCKADDR, c_int, *mut WSABUF, *mut WSABUF, *mut QOS, *mut QOS, DWORD, *mut c_int) -> SOCKET;
        lpWSPListen: fn(SOCKET, c_int, *mut c_int) -> c_int;
        lpWSPRecv: fn(SOCKET, *mut WSABUF, DWORD, *mut DWORD, *mut DWORD, *mut WSAOVERLAPPED, LPWSAOVERLAPPED_COMPLETION_ROUTINE, *mut WSATHREADID, *mut c_int) -> c_int;
        lpWSPRecvDisconnect: fn(SOCKET, *mut WSABUF, *mut c_int) -> c_int;
        lpWSPRecvFrom: fn(SOCKET, *mut WSABUF, DWORD, *mut DWORD, *mut DWORD, *mut SOCKADDR, *mut c_int, *mut WSAOVERLAPPED, LPWSAOVERLAPPED_COMPLETION_ROUTINE, *mut WSATHREADID, *mut c_int) -> c_int;
        lpWSPSelect: fn(c_int, *mut fd_set, *mut fd_set, *mut fd_set, *const libc::timeval, *mut c_int) -> c_int;
        lpWSPSend: fn(SOCKET, *mut WSABUF, DWORD, *mut DWORD, DWORD, *mut WSAOVERLAPPED, LPWSAOVERLAPPED_COMPLETION_ROUTINE, *mut WSATHREADID, *mut c_int) -> c_int;
        lpWSPSendDisconnect: fn(SOCKET, *mut WSABUF, *mut c_int) -> c_int;
        lpWSPSendTo: fn(SOCKET, *mut WSABUF, DWORD, *mut DWORD, DWORD, *const SOCKADDR, c_int, *mut WSAOVERLAPPED, LPWSAOVERLAPPED_COMPLETION_ROUTINE, *mut WSATHREADID, *mut c_int) -> c_int;
        lpWSPSetSockOpt: fn(SOCKET, c_int, c_int, *const c_char, c_int, *mut c_int) -> c_int;
        lpWSPShutdown: fn(SOCKET, c_int, *mut c_int) -> c_int;
        lpWSPSocket: fn(c_int, c_int, c_int, *mut WSAPROTOCOL_INFOW, GROUP, DWORD, *mut c_int) -> SOCKET;
        lpWSPStringToAddress: fn(*mut WCHAR, c_int, *mut WSAPROTOCOL_INFOW, *mut SOCKADDR, *mut c_int, *mut c_int) -> c_int;
    }
}

table! {
    /// What the host offers a provider: the upcalls (U.2).
    WSPUPCALLTABLE {
        lpWPUCloseEvent: fn(WSAEVENT, *mut c_int) -> BOOL;
        lpWPUCloseSocketHandle: fn(SOCKET, *mut c_int) -> c_int;
        lpWPUCreateEvent: fn(*mut c_int) -> WSAEVENT;
        lpWPUCreateSocketHandle: fn(DWORD, DWORD_PTR, *mut c_int) -> SOCKET;
        lpWPUFDIsSet: fn(SOCKET, *mut fd_set) -> c_int;
        lpWPUGetProviderPath: fn(*mut GUID, *mut WCHAR, *mut c_int, *mut c_int) -> c_int;
        lpWPUModifyIFSHandle: fn(DWORD, SOCKET, *mut c_int) -> SOCKET;
        lpWPUPostMessage: fn(HWND, u32, usize, isize) -> BOOL;
        lpWPUQueryBlockingCallback: fn(DWORD, *mut LPBLOCKINGCALLBACK, *mut DWORD_PTR, *mut c_int) -> c_int;
        lpWPUQuerySocketHandleContext: fn(SOCKET, *mut DWORD_PTR, *mut c_int) -> c_int;
        lpWPUQueueApc: fn(*mut WSATHREADID, LPWSAUSERAPC, DWORD_PTR, *mut c_int) -> c_int;
        lpWPUResetEvent: fn(WSAEVENT, *mut c_int) -> BOOL;
        lpWPUSetEvent: fn(WSAEVENT, *mut c_int) -> BOOL;
        lpWPUOpenCurrentThread: fn(*mut WSATHREADID, *mut c_int) -> c_int;
        lpWPUCloseThread: fn(*mut WSATHREADID, *mut c_int) -> c_int;
    }
}
