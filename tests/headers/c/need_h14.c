/* NEED-H14: _WIN64 is not defined, so installers manage the one catalog there is; the names for Windows'
   second catalog exist nevertheless. */
#include <sporder.h>
#include <ws2spi.h>

#if defined(_WIN64) || defined(_WIN32)
#error "an installer would take the library for a 64-bit Windows, with two catalogs"
#endif

LPWSCENUMPROTOCOLS enum_protocols[] = {WSCEnumProtocols, WSCEnumProtocols32};
LPWSCINSTALLPROVIDER install_provider[] = {WSCInstallProvider, WSCInstallProvider64_32};
LPWSCUPDATEPROVIDER update_provider[] = {WSCUpdateProvider, WSCUpdateProvider32};
LPWSCDEINSTALLPROVIDER deinstall_provider[] = {WSCDeinstallProvider, WSCDeinstallProvider32};
LPWSCGETPROVIDERPATH provider_path[] = {WSCGetProviderPath, WSCGetProviderPath32};
LPWSCWRITEPROVIDERORDER provider_order[] = {WSCWriteProviderOrder, WSCWriteProviderOrder32};
LPWSCWRITENAMESPACEORDER name_space_order[] = {WSCWriteNameSpaceOrder, WSCWriteNameSpaceOrder32};
LPWSCINSTALLNAMESPACE install_name_space[] = {WSCInstallNameSpace, WSCInstallNameSpace32};
LPWSCUNINSTALLNAMESPACE uninstall_name_space[] = {WSCUnInstallNameSpace, WSCUnInstallNameSpace32};
LPWSCENABLENSPROVIDER enable_name_space[] = {WSCEnableNSProvider, WSCEnableNSProvider32};
