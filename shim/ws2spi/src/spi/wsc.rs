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

    /// Replaces a provider's path and entries.
    ///
    /// An entry whose `dwCatalogEntryId` is that of one of the provider's keeps that id and its place; another takes those
    /// of the first one that is left, or comes last with a new id. Entries that are not replaced are removed.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEFAULT, WSAEINVAL (no such provider, no path, no entries, a name without an end
    /// or a chain length that is none), WSANO_RECOVERY (no right; the base provider) or WSA_NOT_ENOUGH_MEMORY. Safe on any
    /// thread. Source: WSCUpdateProvider.1, NEED-C5.
    fn WSCUpdateProvider(
        lpProviderId: *mut GUID,
        lpszProviderDllPath: *const WCHAR,
        lpProtocolInfoList: *const WSAPROTOCOL_INFOW,
        dwNumberOfEntries: DWORD;
        lpErrno
    ) -> c_int {
        transport::update(lpProviderId, lpszProviderDllPath, lpProtocolInfoList, dwNumberOfEntries)
    }

    /// Says what a layered provider does to its traffic.
    ///
    /// `InfoType` is ProviderInfoLspCategories, with `Info` a DWORD of LSP_* bits, `InfoSize` 4 and `Flags` 0.
    ///
    /// Returns 0, or SOCKET_ERROR with ERROR_CALL_NOT_IMPLEMENTED (ProviderInfoAudit), WSAEFAULT, WSAEINVAL (also for a
    /// provider that is not there), WSANO_RECOVERY (no right; the base provider) or WSA_NOT_ENOUGH_MEMORY. Safe on any
    /// thread. Source: WSCSetProviderInfo.1, .2, W.10, W.11.
    fn WSCSetProviderInfo(
        lpProviderId: *mut GUID,
        InfoType: c_int,
        Info: *mut u8,
        InfoSize: usize,
        Flags: DWORD;
        lpErrno
    ) -> c_int {
        transport::set_info(lpProviderId, InfoType, Info, InfoSize, Flags)
    }

    /// Tells what a provider does to its traffic: the LSP_* bits that WSCSetProviderInfo has set, 0 where it has not.
    ///
    /// `InfoSize` is the size of `Info` in bytes, and receives the size that is needed.
    ///
    /// Returns 0, or SOCKET_ERROR with ERROR_CALL_NOT_IMPLEMENTED (ProviderInfoAudit), WSAEFAULT (also for no `Info` or too
    /// little room), WSAEINVAL, WSAEINVALIDPROVIDER, WSANO_RECOVERY or WSA_NOT_ENOUGH_MEMORY. Safe on any thread. Source:
    /// WSCGetProviderInfo.1, .2.
    fn WSCGetProviderInfo(
        lpProviderId: *mut GUID,
        InfoType: c_int,
        Info: *mut u8,
        InfoSize: *mut usize,
        Flags: DWORD;
        lpErrno
    ) -> c_int {
        transport::info(lpProviderId, InfoType, Info, InfoSize, Flags)
    }

    /// Adds to the categories of layers that a program is willing to load.
    ///
    /// The program is known by `Path`, of `PathLength` characters, and unless it is NULL by `Extra`, its arguments, of
    /// `ExtraLength` characters. `PermittedLspCategories` are LSP_* bits; `pPrevPermLspCat`, if not NULL, receives what
    /// they were. Takes effect in programs that start later.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEFAULT, WSAEINVAL (no path, or a text that is none) or WSANO_RECOVERY (no right).
    /// Safe on any thread. Source: WSCSetApplicationCategory.1 to .3.
    fn WSCSetApplicationCategory(
        Path: *const WCHAR,
        PathLength: DWORD,
        Extra: *const WCHAR,
        ExtraLength: DWORD,
        PermittedLspCategories: DWORD,
        pPrevPermLspCat: *mut DWORD;
        lpErrno
    ) -> c_int {
        transport::set_application(Path, PathLength, Extra, ExtraLength, PermittedLspCategories, pPrevPermLspCat)
    }

    /// Tells what categories of layers were permitted for exactly this path and these arguments.
    ///
    /// Returns 0, or SOCKET_ERROR with WSAEFAULT, WSAEINVAL, WSASERVICE_NOT_FOUND (nothing was said of it) or
    /// WSANO_RECOVERY. Safe on any thread. Source: WSCGetApplicationCategory.1 to .3.
    fn WSCGetApplicationCategory(
        Path: *const WCHAR,
        PathLength: DWORD,
        Extra: *const WCHAR,
        ExtraLength: DWORD,
        pPermittedLspCategories: *mut DWORD;
        lpErrno
    ) -> c_int {
        transport::application(Path, PathLength, Extra, ExtraLength, pPermittedLspCategories)
    }
}

spi! { as_code;
    /// Puts the catalog's entries into an order: `lpwdCatalogEntryId` names each of all that there are once. A socket is
    /// made of the first that fits.
    ///
    /// Returns 0, or the code itself: WSAEFAULT, WSAEINVAL (an id is missing, is there twice or is none; nothing has
    /// changed), WSANO_RECOVERY (no right) or WSA_NOT_ENOUGH_MEMORY. Safe on any thread. Source: NEED-C4, NEED-C9.
    fn WSCWriteProviderOrder(lpwdCatalogEntryId: *mut DWORD, dwNumberOfEntries: DWORD) -> c_int {
        transport::reorder(lpwdCatalogEntryId, dwNumberOfEntries)
    }

    /// Would keep a description of a quality of service under a name. There is none on this system, as on Windows since
    /// Vista.
    ///
    /// Returns the code itself: WSAEFAULT, WSAEINVAL (an empty name), else WSANO_RECOVERY. Safe on any thread. Source:
    /// WSCInstallQOSTemplate.4.
    fn WSCInstallQOSTemplate(Guid: *const GUID, QosName: *mut WSABUF, Qos: *mut QOS) -> c_int {
        transport::change_template(Guid, QosName, Some(Qos))
    }

    /// Would remove what WSCInstallQOSTemplate has kept.
    ///
    /// Returns the code itself: WSAEFAULT, WSAEINVAL (an empty name), else WSANO_RECOVERY. Safe on any thread. Source:
    /// WSCRemoveQOSTemplate.1.
    fn WSCRemoveQOSTemplate(Guid: *const GUID, QosName: *mut WSABUF) -> c_int {
        transport::change_template(Guid, QosName, None)
    }
}
