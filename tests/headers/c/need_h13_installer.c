/* NEED-H13: installers define LPWSCINSTALLPROVIDERANDCHAINS themselves, so ws2spi.h does not; and the const
   of path and list may differ from the SDK's as long as an installer's calls compile. */
#include <ws2spi.h>

typedef int(WSPAPI *LPWSCINSTALLPROVIDERANDCHAINS)(LPGUID lpProviderId, const LPWSTR lpszProviderDllPath,
                                                   const LPWSTR lpszLspName, DWORD dwServiceFlags,
                                                   const LPWSAPROTOCOL_INFOW lpProtocolInfoList,
                                                   DWORD dwNumberOfEntries, LPDWORD lpdwCatalogEntryId,
                                                   LPINT lpErrno);

LPWSCINSTALLPROVIDERANDCHAINS install_and_chains = WSCInstallProviderAndChains;

int install(GUID *id, WCHAR *path, const WCHAR *constant_path, WSAPROTOCOL_INFOW *entries, DWORD count);

int install(GUID *id, WCHAR *path, const WCHAR *constant_path, WSAPROTOCOL_INFOW *entries, DWORD count)
{
    int error = 0;
    if (WSCInstallProvider(id, path, entries, count, &error) == SOCKET_ERROR)
        return error;
    if (WSCUpdateProvider(id, constant_path, entries, count, &error) == SOCKET_ERROR)
        return error;
    return WSCDeinstallProvider(id, &error) == SOCKET_ERROR ? error : 0;
}
