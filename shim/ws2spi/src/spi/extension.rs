//! The extension functions that programs call by name. Each is carried out by whoever serves the socket (NEED-S12): by the
//! function that a layered provider gives for it (SIO_GET_EXTENSION_FUNCTION_POINTER), or by the base provider's, whose
//! arguments and codes stand in `mswsock`. Codes are left in the thread's last error.

#![allow(non_snake_case, reason = "the names are the C header's")]

use super::{mswsock, spi, wsp};
use crate::abi::*;
use crate::chain::call::{Provided, provided};
use crate::chain::{extension, poll};
use crate::error::Result;
use crate::object::thread;
use std::ffi::{c_int, c_void};

/// The function that carries a call on `s` out: `base`, the base provider's, or that of a layered provider. One that gives
/// the function `by_name`, exported here, means the base provider's.
///
/// # Safety
/// `F` is a pointer to a C function, of the type that the header gives the functions of the GUID.
unsafe fn function<F: Copy>(s: SOCKET, guid: GUID, base: F, by_name: usize) -> Result<F> {
    const { assert!(size_of::<F>() == size_of::<usize>(), "a pointer to a function") };
    match extension::function(s, guid, &wsp::PROC_TABLE)? {
        Some(address) if address != by_name => {
            // SAFETY: the provider gave this address, not NULL, as that of its function of the GUID, whose type F is.
            Ok(unsafe { std::mem::transmute_copy(&address) })
        }
        _ => Ok(base),
    }
}

/// What a function has answered that leaves its code in the thread's last error.
fn answered<T: Provided>(answer: T) -> Result<T> {
    provided(answer, thread::last_error().cast_signed())
}

/// Calls an extension function on the socket: `by_name!(WSAID_ACCEPTEX, AcceptEx(s, ...))`.
macro_rules! by_name {
    ($guid:ident, $function:ident($s:expr $(, $argument:expr)* $(,)?) as $type:ty) => {{
        // SAFETY: the type is that of the base provider's function, which is the header's.
        let function = unsafe { function($s, $guid, mswsock::$function as $type, $function as *const () as usize) };
        // SAFETY: the arguments are those of our caller, whose promise holds for who carries the call out.
        function.and_then(|function| answered(unsafe { function($s $(, $argument)*) }))
    }};
}

spi! {
    /// Accepts a connection as an overlapped request: it becomes the connection of a socket that the program has made
    /// for it. Arguments are those of the base provider's function.
    ///
    /// Returns TRUE, or FALSE with WSA_IO_PENDING or a code of that function's. Safe on any thread. Source: NEED-S12.
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
        by_name!(WSAID_ACCEPTEX, AcceptEx(
            sListenSocket,
            sAcceptSocket,
            lpOutputBuffer.raw(),
            dwReceiveDataLength,
            dwLocalAddressLength,
            dwRemoteAddressLength,
            lpdwBytesReceived.raw(),
            lpOverlapped.raw(),
        ) as unsafe extern "C" fn(_, _, _, _, _, _, _, _) -> _)
        .map(drop)
    }

    /// Finds the addresses in a buffer that `AcceptEx` has filled. No socket tells whose buffer it is, so this is the base
    /// provider's function, with its arguments.
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
        // SAFETY: the caller's promise holds for the base provider as for us.
        unsafe {
            mswsock::GetAcceptExSockaddrs(
                lpOutputBuffer.raw(),
                dwReceiveDataLength,
                dwLocalAddressLength,
                dwRemoteAddressLength,
                LocalSockaddr.raw(),
                LocalSockaddrLength.raw(),
                RemoteSockaddr.raw(),
                RemoteSockaddrLength.raw(),
            );
        }
        Ok(())
    }

    /// Sends a file, or a part of it, over a connection, with other bytes before and after it. Arguments are those of the
    /// base provider's function.
    ///
    /// Returns TRUE, or FALSE with WSA_IO_PENDING or a code of that function's. Safe on any thread. Source: NEED-S12,
    /// NEED-K5.
    fn TransmitFile(
        hSocket: SOCKET,
        hFile: HANDLE,
        nNumberOfBytesToWrite: DWORD,
        nNumberOfBytesPerSend: DWORD,
        lpOverlapped: *mut WSAOVERLAPPED,
        lpTransmitBuffers: *mut TRANSMIT_FILE_BUFFERS,
        dwReserved: DWORD,
    ) -> BOOL {
        by_name!(WSAID_TRANSMITFILE, TransmitFile(
            hSocket,
            hFile.raw(),
            nNumberOfBytesToWrite,
            nNumberOfBytesPerSend,
            lpOverlapped.raw(),
            lpTransmitBuffers.raw(),
            dwReserved,
        ) as unsafe extern "C" fn(_, _, _, _, _, _, _) -> _)
        .map(drop)
    }

    /// Sends a datagram, with control data that say how. Arguments are those of the base provider's function. A provider
    /// with handles of its own is asked by SIO_EXT_SENDMSG.
    ///
    /// Returns 0, or SOCKET_ERROR with WSA_IO_PENDING or a code of that function's. Safe on any thread. Source: NEED-S12,
    /// NEED-S13.
    fn WSASendMsg(
        Handle: SOCKET,
        lpMsg: *mut WSAMSG,
        dwFlags: DWORD,
        lpNumberOfBytesSent: *mut DWORD,
        lpOverlapped: *mut WSAOVERLAPPED,
        lpCompletionRoutine: LPWSAOVERLAPPED_COMPLETION_ROUTINE,
    ) -> c_int {
        let layered = extension::send_message(
            Handle,
            lpMsg,
            dwFlags,
            lpNumberOfBytesSent,
            lpOverlapped,
            lpCompletionRoutine,
            &wsp::PROC_TABLE,
        );
        layered.unwrap_or_else(|| {
            by_name!(WSAID_WSASENDMSG, WSASendMsg(
                Handle,
                lpMsg.raw(),
                dwFlags,
                lpNumberOfBytesSent.raw(),
                lpOverlapped.raw(),
                lpCompletionRoutine,
            ) as unsafe extern "C" fn(_, _, _, _, _, _) -> _)
            .map(drop)
        })
    }

    /// Tells what sockets are ready for, waiting until one of them is. Arguments are those of the base provider's function,
    /// which polls all sockets but those that a layered provider has handles of its own for.
    ///
    /// Returns how many elements have something in `revents`, 0 when the time is over, or SOCKET_ERROR with a code of that
    /// function's. Safe on any thread. Source: NEED-S13.
    fn WSAPoll(fdArray: *mut WSAPOLLFD, fds: DWORD, timeout: c_int) -> c_int {
        poll::poll(fdArray, fds, timeout, &wsp::PROC_TABLE)
    }
}
