//! WSC* and WSA* of the catalog of name-space providers. They leave the code of a failure in the thread's last error
//! (W.2). What is changed is for programs that start later (W.5).

#![allow(non_snake_case, reason = "the names are the C header's")]

use super::spi;
use crate::abi::*;
use crate::base::lifecycle;
use crate::catalog::names;
use crate::chain::startup;
use crate::error::Result;
use crate::sys::guard::UserPointer;
use std::ffi::c_int;

/// The list, once Winsock is started: by WSAStartup, or by WSPStartup where a program uses the base provider directly.
pub(super) fn enumerate<T: names::Listed>(length: UserPointer<u32>, buffer: UserPointer<T>) -> Result<i32> {
    startup::check_started().or_else(|_| lifecycle::check_started())?;
    names::enumerate(length, buffer)
}

spi! {
    /// Installs a name-space provider, one call for each name space, under a GUID of its own. It takes part in queries.
    ///
    /// `lpszIdentifier` is what people call it, `lpszPathName` its library (`%NAME%` is kept), `dwNameSpace` is NS_*.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEACCES (no right), WSAEINVAL (also for a bad pointer), WSANO_RECOVERY (the GUID is
    /// there already, the catalog cannot be used), WSASYSCALLFAILURE or WSA_NOT_ENOUGH_MEMORY. Safe on any thread. Source:
    /// WSCInstallNameSpace.1, .2, W.2 to W.5.
    fn WSCInstallNameSpace(
        lpszIdentifier: *mut WCHAR,
        lpszPathName: *mut WCHAR,
        dwNameSpace: DWORD,
        dwVersion: DWORD,
        lpProviderId: *mut GUID,
    ) -> INT {
        names::install(
            lpszIdentifier,
            lpszPathName,
            dwNameSpace,
            dwVersion,
            lpProviderId,
            UserPointer::from_address(0),
        )
    }

    /// Installs a name-space provider as WSCInstallNameSpace does, with at most 64 KiB that only the provider understands,
    /// if `lpProviderInfo` is not NULL.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEACCES, WSAEINVAL, WSANO_RECOVERY, WSASYSCALLFAILURE or WSA_NOT_ENOUGH_MEMORY.
    /// Safe on any thread. Source: WSCInstallNameSpaceEx.1.
    fn WSCInstallNameSpaceEx(
        lpszIdentifier: *mut WCHAR,
        lpszPathName: *mut WCHAR,
        dwNameSpace: DWORD,
        dwVersion: DWORD,
        lpProviderId: *mut GUID,
        lpProviderInfo: *mut BLOB,
    ) -> c_int {
        names::install(lpszIdentifier, lpszPathName, dwNameSpace, dwVersion, lpProviderId, lpProviderInfo)
    }

    /// Removes a name-space provider.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEFAULT, WSAEINVAL (no such provider), WSANO_RECOVERY (no right),
    /// WSASYSCALLFAILURE or WSA_NOT_ENOUGH_MEMORY. Safe on any thread. Source: WSCUnInstallNameSpace.1.
    fn WSCUnInstallNameSpace(lpProviderId: *mut GUID) -> INT {
        names::uninstall(lpProviderId)
    }

    /// Has a name-space provider take part in queries and registration, or not.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEFAULT, WSAEINVAL (no such provider), WSASYSCALLFAILURE (also without the right to
    /// change the catalog) or WSA_NOT_ENOUGH_MEMORY. Safe on any thread. Source: WSCEnableNSProvider.1, .2.
    fn WSCEnableNSProvider(lpProviderId: *mut GUID, fEnable: BOOL) -> INT {
        names::enable(lpProviderId, fEnable)
    }

    /// Lists the name-space providers, with names in 8-bit characters (UTF-8).
    ///
    /// `lpnspBuffer` receives a structure for each, one after the other, and behind them what they point to;
    /// `lpdwBufferLength` is its size in bytes, and receives the size that is needed if it is too small.
    ///
    /// Returns how many there are, or SOCKET_ERROR with WSAEFAULT (no buffer, or a short one), WSANOTINITIALISED or
    /// WSA_NOT_ENOUGH_MEMORY; WSANO_RECOVERY if the catalog cannot be used. Safe on any thread. Source:
    /// WSCEnumNameSpaceProviders32.1 to .3.
    fn WSAEnumNameSpaceProvidersA(lpdwBufferLength: *mut DWORD, lpnspBuffer: *mut WSANAMESPACE_INFOA) -> INT {
        enumerate(lpdwBufferLength, lpnspBuffer)
    }

    /// Lists the name-space providers, as WSAEnumNameSpaceProvidersA does, with names in UTF-16.
    ///
    /// Returns how many there are, or SOCKET_ERROR with WSAEFAULT (no buffer, or a short one), WSANOTINITIALISED or
    /// WSA_NOT_ENOUGH_MEMORY; WSANO_RECOVERY if the catalog cannot be used. Safe on any thread. Source:
    /// WSCEnumNameSpaceProviders32.1 to .3.
    fn WSAEnumNameSpaceProvidersW(lpdwBufferLength: *mut DWORD, lpnspBuffer: *mut WSANAMESPACE_INFOW) -> INT {
        enumerate(lpdwBufferLength, lpnspBuffer)
    }

    /// Lists the name-space providers, as WSAEnumNameSpaceProvidersA does, each with what WSCInstallNameSpaceEx was given
    /// for it.
    ///
    /// Returns how many there are, or SOCKET_ERROR with WSAEFAULT (no buffer, or a short one), WSANOTINITIALISED or
    /// WSA_NOT_ENOUGH_MEMORY; WSANO_RECOVERY if the catalog cannot be used. Safe on any thread. Source:
    /// WSCEnumNameSpaceProvidersEx32.1.
    fn WSAEnumNameSpaceProvidersExA(lpdwBufferLength: *mut DWORD, lpnspBuffer: *mut WSANAMESPACE_INFOEXA) -> INT {
        enumerate(lpdwBufferLength, lpnspBuffer)
    }

    /// Lists the name-space providers, as WSAEnumNameSpaceProvidersExA does, with names in UTF-16.
    ///
    /// Returns how many there are, or SOCKET_ERROR with WSAEFAULT (no buffer, or a short one), WSANOTINITIALISED or
    /// WSA_NOT_ENOUGH_MEMORY; WSANO_RECOVERY if the catalog cannot be used. Safe on any thread. Source:
    /// WSCEnumNameSpaceProvidersEx32.1.
    fn WSAEnumNameSpaceProvidersExW(lpdwBufferLength: *mut DWORD, lpnspBuffer: *mut WSANAMESPACE_INFOEXW) -> INT {
        enumerate(lpdwBufferLength, lpnspBuffer)
    }
}

spi! { as_code;
    /// Puts the name-space providers into an order: `lpProviderId` names each of all that there are once.
    ///
    /// Returns 0, or the code itself: WSAEFAULT, WSAEINVAL (a GUID is missing, is there twice or is none; nothing has
    /// changed), WSANO_RECOVERY (no right) or WSA_NOT_ENOUGH_MEMORY. Safe on any thread. Source: NEED-C4, NEED-C9.
    fn WSCWriteNameSpaceOrder(lpProviderId: *mut GUID, dwNumberOfEntries: DWORD) -> c_int {
        names::reorder(lpProviderId, dwNumberOfEntries)
    }
}
