//! WSC*: the catalog of transport providers, for those who install them. None needs a WSPStartup, and what one changes
//! the next WSCEnumProtocols shows (NEED-C1, NEED-C2).
//!
//! Changing needs the right to write the catalog's file and its folder. What is wrong with a catalog that cannot be used
//! (WSANO_RECOVERY) is said in the log, `WS2SPI_LOG=error`.

#![allow(non_snake_case, reason = "the names are the C header's")]

use super::spi;
use crate::abi::*;
use crate::catalog::transport;
use std::ffi::c_int;

spi! {
    /// Lists the catalog's entries in their order: base protocols, layers and chains, hidden ones too.
    ///
    /// `lpiProtocols` is NULL for all, or a list of protocol numbers that ends with 0. `lpProtocolBuffer` receives the
    /// entries; `lpdwBufferLength` is its size in bytes, and receives the size that is needed.
    ///
    /// Returns the number of entries, or SOCKET_ERROR with WSAEFAULT, WSAEINVAL (a list without an end), WSAENOBUFS (the
    /// buffer is too small, and untouched) or WSANO_RECOVERY. Safe on any thread. Source: WSCEnumProtocols.1 to .4,
    /// NEED-C1.
    fn WSCEnumProtocols(
        lpiProtocols: *mut c_int,
        lpProtocolBuffer: *mut WSAPROTOCOL_INFOW,
        lpdwBufferLength: *mut DWORD;
        lpErrno
    ) -> c_int {
        transport::enumerate(lpiProtocols, lpProtocolBuffer, lpdwBufferLength)
    }

    /// Tells where a provider's library is, as it was installed: `%NAME%` is not expanded. The base provider's is this
    /// library itself.
    ///
    /// `lpProviderDllPathLen` is the room in characters, and receives what is needed, with the terminator.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEFAULT (also for too little room), WSAEINVAL (no such provider) or
    /// WSANO_RECOVERY. Safe on any thread. Source: WSCGetProviderPath.1, NEED-C6, NEED-S1.
    fn WSCGetProviderPath(
        lpProviderId: *mut GUID,
        lpszProviderDllPath: *mut WCHAR,
        lpProviderDllPathLen: *mut c_int;
        lpErrno
    ) -> c_int {
        transport::path(lpProviderId, lpszProviderDllPath, lpProviderDllPathLen)
    }

    /// Installs a transport provider with its entries, which come last in the order. All get the provider's GUID and new
    /// ids; the rest is taken as it is.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEFAULT, WSAEINVAL (no path, no entries, a name without an end or a chain length
    /// that is none), WSAENOBUFS (no room in the catalog), WSANO_RECOVERY (the GUID is there already, no right),
    /// WSASYSCALLFAILURE or WSA_NOT_ENOUGH_MEMORY. Safe on any thread and beside other processes, which are waited for.
    /// Source: WSCInstallProvider.1 to .5, W.1 to W.7, NEED-C2.
    fn WSCInstallProvider(
        lpProviderId: *mut GUID,
        lpszProviderDllPath: *const WCHAR,
        lpProtocolInfoList: *const WSAPROTOCOL_INFOW,
        dwNumberOfEntries: DWORD;
        lpErrno
    ) -> c_int {
        transport::install(lpProviderId, lpszProviderDllPath, lpProtocolInfoList, dwNumberOfEntries)
    }

    /// Installs a layered provider: its hidden entry, and first in the order chains over other entries.
    ///
    /// `lpszProviderDllPath` has at most MAX_PATH characters, `lpszLspName` at most WSAPROTOCOL_LEN. `dwServiceFlags`:
    /// XP1_IFS_HANDLES or 0. `lpProtocolInfoList` is NULL for a chain over the base entry of each protocol, or names by
    /// family, type and protocol whose topmost entries to lie over. `lpdwCatalogEntryId`, if not NULL, receives the id of
    /// the hidden entry. The chains have GUIDs of their own, and the same path.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEFAULT, WSAEINVAL (no GUID, a bad path or name, an empty list, a GUID or name
    /// that another provider has, nothing to lie over), WSAENOBUFS, WSANO_RECOVERY (installed already, no right, a chain of
    /// more than MAX_PROTOCOL_CHAIN) or WSASYSCALLFAILURE. Safe on any thread and beside other processes, which are waited
    /// for. Source: WSCInstallProviderAndChains.1 to .8, NEED-C3, NEED-C7.
    fn WSCInstallProviderAndChains(
        lpProviderId: *mut GUID,
        lpszProviderDllPath: *const WCHAR,
        lpszLspName: *const WCHAR,
        dwServiceFlags: DWORD,
        lpProtocolInfoList: *mut WSAPROTOCOL_INFOW,
        dwNumberOfEntries: DWORD,
        lpdwCatalogEntryId: *mut DWORD;
        lpErrno
    ) -> c_int {
        transport::install_with_chains(
            lpProviderId,
            lpszProviderDllPath,
            lpszLspName,
            dwServiceFlags,
            lpProtocolInfoList,
            dwNumberOfEntries,
            lpdwCatalogEntryId,
        )
    }

    /// Removes a provider with all its entries. Chains over them stay; whose they are is their installer's to know.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEFAULT, WSAEINVAL (no such provider), WSANO_RECOVERY (no right; the base
    /// provider) or WSA_NOT_ENOUGH_MEMORY. Safe on any thread. Source: WSCDeinstallProvider.1, W.3 to W.7, NEED-C6.
    fn WSCDeinstallProvider(lpProviderId: *mut GUID; lpErrno) -> c_int {
        transport::deinstall(lpProviderId)
    }
}
