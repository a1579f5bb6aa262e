/* The catalog of transport providers: enumerated, installed, removed. */
#include "catalog.h"

#include <dlfcn.h>

/* ---- Enumerating ---- */

TEST(enumeration_asks_for_its_buffer, "WSCEnumProtocols.1 WSCEnumProtocols.2 WSCEnumProtocols.3 NEED-C1 W.1")
{
    DWORD length = 0, needed;
    new_catalog();
    FAILS(WSCEnumProtocols(NULL, NULL, &length, &error), WSAENOBUFS);
    CHECK(length > 0 && length % sizeof(WSAPROTOCOL_INFOW) == 0);
    needed = length;
    memset(entries, 0xa5, sizeof entries);
    length = needed - 1;
    FAILS(WSCEnumProtocols(NULL, entries, &length, &error), WSAENOBUFS);
    EQUAL(length, needed);
    for (unsigned i = 0; i < sizeof entries; i++)
        EQUAL(((unsigned char *)entries)[i], 0xa5);
    length = needed;
    int count = WSCEnumProtocols(NULL, entries, &length, &error), hidden = 0;
    EQUAL(count, needed / sizeof *entries);
    for (int i = 0; i < count; i++) {
        EQUAL(entries[i].ProtocolChain.ChainLen, BASE_PROTOCOL);
        hidden += (entries[i].dwProviderFlags & PFL_HIDDEN) != 0;
    }
    CHECK(hidden > 0);
}

/* ---- Installing ---- */

TEST(a_provider_is_installed_and_removed,
     "WSCInstallProvider.1 WSCInstallProvider.3 WSCEnumProtocols.4 WSCDeinstallProvider.1 NEED-C2 NEED-C6 W.1")
{
    GUID id = numbered(1);
    new_catalog();
    int before = all_entries();
    WSAPROTOCOL_INFOW info[3] = {like_tcp("base"), like_tcp("layer"), like_tcp("chain")};
    info[1].ProtocolChain.ChainLen = 0;
    info[1].dwProviderFlags |= PFL_HIDDEN;
    info[2].ProtocolChain.ChainLen = 2;
    info[2].ProtocolChain.ChainEntries[0] = 0xfffffffe;
    info[2].ProtocolChain.ChainEntries[1] = 1001;
    SUCCEEDS(WSCInstallProvider(&id, wide("/usr/lib/%LAYER%/x.so"), info, 3, &error));
    EQUAL(all_entries(), before + 3);
    for (int i = 0; i < 3; i++) {
        WSAPROTOCOL_INFOW *found = &entries[before + i];
        CHECK(found->dwCatalogEntryId > 1007);
        EQUAL(found->dwCatalogEntryId, entries[before].dwCatalogEntryId + i);
        CHECK(memcmp(&found->ProviderId, &id, sizeof id) == 0);
        info[i].ProviderId = id;
        info[i].dwCatalogEntryId = found->dwCatalogEntryId;
        CHECK(memcmp(found, &info[i], sizeof *found) == 0);
    }
    SUCCEEDS(WSCDeinstallProvider(&id, &error));
    EQUAL(all_entries(), before);
    FAILS(WSCDeinstallProvider(&id, &error), WSAEINVAL);
}

TEST(an_id_is_given_once, "NEED-C2")
{
    new_catalog();
    DWORD first = install(1, "/x.so", like_tcp("one"));
    GUID id = numbered(1);
    SUCCEEDS(WSCDeinstallProvider(&id, &error));
    CHECK(install(1, "/x.so", like_tcp("two")) > first);
}

/* ---- Paths ---- */

TEST(a_path_is_given_back_as_it_was, "WSCGetProviderPath.1 NEED-C6 W.4")
{
    WCHAR path[100];
    GUID id = numbered(1);
    new_catalog();
    install(1, "%HOME%/x.so", like_tcp("x"));
    int length = 100;
    SUCCEEDS(WSCGetProviderPath(&id, path, &length, &error));
    CHECK(same_text(path, "%HOME%/x.so"));
    EQUAL(length, 12);
    path[11] = 7;
    length = 11;
    FAILS(WSCGetProviderPath(&id, path, &length, &error), WSAEFAULT);
    EQUAL(length, 12);
    EQUAL(path[11], 7);
    SUCCEEDS(WSCGetProviderPath(&id, path, &length, &error));
    id = numbered(2);
    FAILS(WSCGetProviderPath(&id, path, &length, &error), WSAEINVAL);
}

/* A layer loads the base provider, and it is this one: started here, it is started there. */
TEST(the_base_provider_can_be_loaded, "NEED-S1 WPUGetProviderPath.2")
{
    WCHAR path[1000];
    char name[1000];
    new_catalog();
    int count = all_entries();
    for (int i = 0; i < count; i++) {
        int length = 1000;
        SUCCEEDS(WSCGetProviderPath(&entries[i].ProviderId, path, &length, &error));
        for (int unit = 0; unit < length; unit++)
            name[unit] = (char)path[unit];
        EQUAL(name[0], '/');
        void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
        CHECK(library != NULL);
        CHECK((ULONG_PTR)dlsym(library, "WSPStartup") == (ULONG_PTR)WSPStartup);
    }
}

/* ---- Layers with their chains ---- */

TEST(a_layer_is_installed_with_its_chains,
     "WSCInstallProviderAndChains.1 WSCInstallProviderAndChains.2 WSCInstallProviderAndChains.3 NEED-C3 NEED-C7")
{
    GUID id = numbered(1);
    DWORD hidden = 0;
    new_catalog();
    int before = all_entries();
    SUCCEEDS(WSCInstallProviderAndChains(&id, wide("/x.so"), wide("Layer"), XP1_IFS_HANDLES, NULL, 0, &hidden, &error));
    EQUAL(all_entries(), 2 * before + 1);
    EQUAL(entries[2 * before].dwCatalogEntryId, hidden);
    EQUAL(entries[2 * before].ProtocolChain.ChainLen, 0);
    CHECK(same_text(entries[0].szProtocol, "Layer over [MSAFD Tcpip [TCP/IP]]"));
    for (int i = 0; i < before; i++) {
        EQUAL(entries[i].ProtocolChain.ChainLen, 2);
        EQUAL(entries[i].ProtocolChain.ChainEntries[0], hidden);
        EQUAL(entries[i].ProtocolChain.ChainEntries[1], entries[before + i].dwCatalogEntryId);
        EQUAL(entries[i].iProtocol, entries[before + i].iProtocol);
    }
}
