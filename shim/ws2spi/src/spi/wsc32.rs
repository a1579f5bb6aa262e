//! The names that on a 64-bit Windows act on the catalog of 32-bit programs, or on both. Here there is one catalog, which
//! they act on: each does what the function without the number does (W.8).

#![allow(non_snake_case, reason = "the names are the C header's")]

use super::spi;
use super::wsc_names::enumerate;
use crate::abi::*;
use crate::catalog::{names, transport};
use crate::sys::guard::UserPointer;
use std::ffi::c_int;

spi! {
    /// What [`WSCEnumProtocols`](super::wsc::WSCEnumProtocols) does.
    fn WSCEnumProtocols32(
        lpiProtocols: *mut c_int,
        lpProtocolBuffer: *mut WSAPROTOCOL_INFOW,
        lpdwBufferLength: *mut DWORD;
        lpErrno
    ) -> c_int {
        transport::enumerate(lpiProtocols, lpProtocolBuffer, lpdwBufferLength)
    }

    /// What [`WSCGetProviderPath`](super::wsc::WSCGetProviderPath) does.
    fn WSCGetProviderPath32(
        lpProviderId: *mut GUID,
        lpszProviderDllPath: *mut WCHAR,
        lpProviderDllPathLen: *mut c_int;
        lpErrno
    ) -> c_int {
        transport::path(lpProviderId, lpszProviderDllPath, lpProviderDllPathLen)
    }

    /// What [`WSCUpdateProvider`](super::wsc::WSCUpdateProvider) does.
    fn WSCUpdateProvider32(
        lpProviderId: *mut GUID,
        lpszProviderDllPath: *const WCHAR,
        lpProtocolInfoList: *const WSAPROTOCOL_INFOW,
        dwNumberOfEntries: DWORD;
        lpErrno
    ) -> c_int {
        transport::update(lpProviderId, lpszProviderDllPath, lpProtocolInfoList, dwNumberOfEntries)
    }

    /// What [`WSCDeinstallProvider`](super::wsc::WSCDeinstallProvider) does.
    fn WSCDeinstallProvider32(lpProviderId: *mut GUID; lpErrno) -> c_int {
        transport::deinstall(lpProviderId)
    }

    /// What [`WSCSetProviderInfo`](super::wsc::WSCSetProviderInfo) does.
    fn WSCSetProviderInfo32(
        lpProviderId: *mut GUID,
        InfoType: c_int,
        Info: *mut u8,
        InfoSize: usize,
        Flags: DWORD;
        lpErrno
    ) -> c_int {
        transport::set_info(lpProviderId, InfoType, Info, InfoSize, Flags)
    }

    /// What [`WSCGetProviderInfo`](super::wsc::WSCGetProviderInfo) does.
    fn WSCGetProviderInfo32(
        lpProviderId: *mut GUID,
        InfoType: c_int,
        Info: *mut u8,
        InfoSize: *mut usize,
        Flags: DWORD;
        lpErrno
    ) -> c_int {
        transport::info(lpProviderId, InfoType, Info, InfoSize, Flags)
    }

    /// What [`WSCInstallProvider`](super::wsc::WSCInstallProvider) does.
    fn WSCInstallProvider64_32(
        lpProviderId: *mut GUID,
        lpszProviderDllPath: *const WCHAR,
        lpProtocolInfoList: *const WSAPROTOCOL_INFOW,
        dwNumberOfEntries: DWORD;
        lpErrno
    ) -> c_int {
        transport::install(lpProviderId, lpszProviderDllPath, lpProtocolInfoList, dwNumberOfEntries)
    }

    /// Installs a layered provider, as [`WSCInstallProviderAndChains`](super::wsc::WSCInstallProviderAndChains) does.
    /// `lpszProviderDllPath32`, the library for 32-bit programs, must be a path unless it is NULL, and has no use.
    ///
    /// Returns what that returns. Source: WSCInstallProviderAndChains64_32.1, .4.
    fn WSCInstallProviderAndChains64_32(
        lpProviderId: *mut GUID,
        lpszProviderDllPath: *const WCHAR,
        lpszProviderDllPath32: *const WCHAR,
        lpszLspName: *const WCHAR,
        dwServiceFlags: DWORD,
        lpProtocolInfoList: *mut WSAPROTOCOL_INFOW,
        dwNumberOfEntries: DWORD,
        lpdwCatalogEntryId: *mut DWORD;
        lpErrno
    ) -> c_int {
        transport::check_second_path(lpszProviderDllPath32).and_then(|()| {
            transport::install_with_chains(
            lpProviderId,
            lpszProviderDllPath,
            lpszLspName,
            dwServiceFlags,
            lpProtocolInfoList,
            dwNumberOfEntries,
            lpdwCatalogEntryId,
        )
        })
    }

    /// What [`WSCInstallNameSpace`](super::wsc_names::WSCInstallNameSpace) does.
    fn WSCInstallNameSpace32(
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

    /// What [`WSCInstallNameSpaceEx`](super::wsc_names::WSCInstallNameSpaceEx) does.
    fn WSCInstallNameSpaceEx32(
        lpszIdentifier: *mut WCHAR,
        lpszPathName: *mut WCHAR,
        dwNameSpace: DWORD,
        dwVersion: DWORD,
        lpProviderId: *mut GUID,
        lpProviderInfo: *mut BLOB,
    ) -> c_int {
        names::install(lpszIdentifier, lpszPathName, dwNameSpace, dwVersion, lpProviderId, lpProviderInfo)
    }

    /// What [`WSCUnInstallNameSpace`](super::wsc_names::WSCUnInstallNameSpace) does.
    fn WSCUnInstallNameSpace32(lpProviderId: *mut GUID) -> INT {
        names::uninstall(lpProviderId)
    }

    /// What [`WSCEnableNSProvider`](super::wsc_names::WSCEnableNSProvider) does.
    fn WSCEnableNSProvider32(lpProviderId: *mut GUID, fEnable: BOOL) -> INT {
        names::enable(lpProviderId, fEnable)
    }

    /// What [`WSAEnumNameSpaceProvidersW`](super::wsc_names::WSAEnumNameSpaceProvidersW) does.
    fn WSCEnumNameSpaceProviders32(lpdwBufferLength: *mut DWORD, lpnspBuffer: *mut WSANAMESPACE_INFOW) -> INT {
        enumerate(lpdwBufferLength, lpnspBuffer)
    }

    /// What [`WSAEnumNameSpaceProvidersExW`](super::wsc_names::WSAEnumNameSpaceProvidersExW) does.
    fn WSCEnumNameSpaceProvidersEx32(lpdwBufferLength: *mut DWORD, lpnspBuffer: *mut WSANAMESPACE_INFOEXW) -> INT {
        enumerate(lpdwBufferLength, lpnspBuffer)
    }
}

spi! { as_code;
    /// What [`WSCWriteProviderOrder`](super::wsc::WSCWriteProviderOrder) does.
    fn WSCWriteProviderOrder32(lpwdCatalogEntryId: *mut DWORD, dwNumberOfEntries: DWORD) -> c_int {
        transport::reorder(lpwdCatalogEntryId, dwNumberOfEntries)
    }

    /// What [`WSCWriteNameSpaceOrder`](super::wsc_names::WSCWriteNameSpaceOrder) does.
    fn WSCWriteNameSpaceOrder32(lpProviderId: *mut GUID, dwNumberOfEntries: DWORD) -> c_int {
        names::reorder(lpProviderId, dwNumberOfEntries)
    }
}
