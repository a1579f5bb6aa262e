/* Layers that are installed with their chains in one call. */
#include "catalog.h"

#include <errno.h>

static int install_layer(GUID *id, const WCHAR *path, const WCHAR *name, DWORD flags, WSAPROTOCOL_INFOW *list,
                         DWORD count, DWORD *hidden)
{
    if (twin)
        return WSCInstallProviderAndChains64_32(id, (LPWSTR)path, NULL, (LPWSTR)name, flags, list, count, hidden, &error);
    return WSCInstallProviderAndChains(id, (LPWSTR)path, (LPWSTR)name, flags, list, count, hidden, &error);
}

static void *bad(void)
{
    return posix_fenced(65536) + 65536 - 4096;
}

static void over_all(void)
{
    GUID id = numbered(1);
    DWORD hidden = 0;
    WCHAR path[20];
    int before = all_entries();
    SUCCEEDS(install_layer(&id, wide("%D%/x.so"), wide("Layer"), XP1_IFS_HANDLES, NULL, 0, &hidden));
    EQUAL(all_entries(), 2 * before + 1);
    WSAPROTOCOL_INFOW *layer = &entries[2 * before];
    EQUAL(layer->dwCatalogEntryId, hidden);
    EQUAL(layer->ProtocolChain.ChainLen, LAYERED_PROTOCOL);
    EQUAL(layer->iSocketType, 0);
    EQUAL(layer->iProtocol, 0);
    CHECK(layer->dwProviderFlags & PFL_HIDDEN);
    CHECK(memcmp(&layer->ProviderId, &id, sizeof id) == 0);
    CHECK(same_text(layer->szProtocol, "Layer"));
    /* The chains come first, each under a GUID of its own, and are what they lie over in all else. */
    CHECK(same_text(entries[0].szProtocol, "Layer over [MSAFD Tcpip [TCP/IP]]"));
    for (int i = 0; i < before; i++) {
        WSAPROTOCOL_INFOW chain = entries[i], *base = &entries[before + i];
        EQUAL(chain.ProtocolChain.ChainLen, 2);
        EQUAL(chain.ProtocolChain.ChainEntries[0], hidden);
        EQUAL(chain.ProtocolChain.ChainEntries[1], base->dwCatalogEntryId);
        CHECK(chain.dwServiceFlags1 & XP1_IFS_HANDLES);
        for (int j = 0; j <= 2 * before; j++)
            CHECK(i == j || memcmp(&chain.ProviderId, &entries[j].ProviderId, sizeof id) != 0);
        INT length = 20;
        SUCCEEDS(WSCGetProviderPath(&chain.ProviderId, path, &length, &error));
        CHECK(same_text(path, "%D%/x.so"));
        chain.ProtocolChain = base->ProtocolChain;
        chain.ProviderId = base->ProviderId;
        chain.dwCatalogEntryId = base->dwCatalogEntryId;
        memcpy(chain.szProtocol, base->szProtocol, sizeof chain.szProtocol);
        CHECK(memcmp(&chain, base, sizeof chain) == 0);
    }
}

TEST(a_layer_lies_over_every_base_protocol,
     "WSCInstallProviderAndChains.1 WSCInstallProviderAndChains.2 WSCInstallProviderAndChains.3 "
     "WSCInstallProviderAndChains64_32.1 NEED-C3 NEED-C7 W.1 W.4 W.8")
{
    both(over_all);
}

static void over_the_topmost(void)
{
    GUID ids[6], one_more = numbered(99);
    DWORD hidden[6], below = 1001;
    int before = all_entries();
    WSAPROTOCOL_INFOW wish[3];
    /* Only family, type and protocol count, and each once. */
    memset(wish, 0x55, sizeof wish);
    for (int i = 0; i < 3; i++) {
        wish[i].iAddressFamily = AF_INET;
        wish[i].iSocketType = i == 1 ? SOCK_DGRAM : SOCK_STREAM;
        wish[i].iProtocol = i == 1 ? IPPROTO_UDP : IPPROTO_TCP;
    }
    for (int i = 0; i < 6; i++) {
        char name[2] = {(char)('a' + i), 0};
        ids[i] = numbered((unsigned)i + 1);
        SUCCEEDS(install_layer(&ids[i], wide("/x.so"), wide(name), 0, wish, 3, &hidden[i]));
        EQUAL(all_entries(), before + 3 * (i + 1));
        WSAPROTOCOLCHAIN *chain = &entries[0].ProtocolChain;
        EQUAL(entries[0].iProtocol, IPPROTO_TCP);
        EQUAL(entries[1].iProtocol, IPPROTO_UDP);
        EQUAL(entries[0].dwServiceFlags1 & XP1_IFS_HANDLES, 0);
        EQUAL(chain->ChainLen, i + 2);
        EQUAL(chain->ChainEntries[0], hidden[i]);
        EQUAL(chain->ChainEntries[1], below);
        EQUAL(chain->ChainEntries[i + 1], 1001);
        below = entries[0].dwCatalogEntryId;
    }
    /* Seven is the most. */
    FAILS(install_layer(&one_more, wide("/x.so"), wide("too many"), 0, wish, 1, NULL), WSANO_RECOVERY);
    EQUAL(all_entries(), before + 18);
    /* Over the base provider's own there is room. */
    SUCCEEDS(install_layer(&one_more, wide("/x.so"), wide("below all"), 0, NULL, 0, NULL));
    EQUAL(all_entries(), before + 18 + before + 1);
    EQUAL(entries[0].ProtocolChain.ChainEntries[1], 1001);
}

TEST(layers_pile_up, "WSCInstallProviderAndChains.3 WSCInstallProviderAndChains.4 WSCInstallProviderAndChains.6 NEED-C3")
{
    both(over_the_topmost);
}

static void refused(void)
{
    GUID id = numbered(1), other = numbered(2), base = like_tcp("").ProviderId;
    WSAPROTOCOL_INFOW wish = like_tcp(""), none = wish;
    WCHAR half[] = {0xd800, 0}, longest[300], too_long[300], named[300];
    DWORD hidden = 77;
    none.iProtocol = 4711;
    int before = all_entries();
    for (int i = 0; i < 260; i++)
        longest[i] = too_long[i] = named[i] = 'x';
    longest[259] = too_long[260] = named[256] = 0;
    FAILS(install_layer(NULL, wide("/x.so"), wide("X"), 0, NULL, 0, NULL), WSAEINVAL);
    FAILS(install_layer(&id, wide(""), wide("X"), 0, NULL, 0, NULL), WSAEINVAL);
    FAILS(install_layer(&id, half, wide("X"), 0, NULL, 0, NULL), WSAEINVAL);
    FAILS(install_layer(&id, too_long, wide("X"), 0, NULL, 0, NULL), WSAEINVAL);
    FAILS(install_layer(&id, wide("/x.so"), wide(""), 0, NULL, 0, NULL), WSAEINVAL);
    FAILS(install_layer(&id, wide("/x.so"), named, 0, NULL, 0, NULL), WSAEINVAL);
    FAILS(install_layer(&id, wide("/x.so"), wide("X"), 0, &wish, 0, NULL), WSAEINVAL);
    FAILS(install_layer(&id, wide("/x.so"), wide("X"), 0, &none, 1, NULL), WSAEINVAL);
    FAILS(install_layer(&base, wide("/x.so"), wide("X"), 0, NULL, 0, NULL), WSAEINVAL);
    FAILS(install_layer(bad(), wide("/x.so"), wide("X"), 0, NULL, 0, NULL), WSAEFAULT);
    FAILS(install_layer(&id, NULL, wide("X"), 0, NULL, 0, NULL), WSAEFAULT);
    FAILS(install_layer(&id, wide("/x.so"), bad(), 0, NULL, 0, NULL), WSAEFAULT);
    FAILS(install_layer(&id, wide("/x.so"), wide("X"), 0, bad(), 1, NULL), WSAEFAULT);
    FAILS(install_layer(&id, wide("/x.so"), wide("X"), 0, NULL, 0, bad()), WSAEFAULT);
    FAILS(install_layer(&id, wide("/x.so"), wide("X"), 0, &wish, 0xffffffff, NULL), WSAENOBUFS);
    EQUAL(all_entries(), before);
    CHECK(access(catalog_path, F_OK) != 0);
    named[255] = 0;
    SUCCEEDS(install_layer(&id, longest, named, 0, &wish, 1, &hidden));
    CHECK(hidden != 77);
    /* The same again, and another with its GUID, its name, or both. */
    FAILS(install_layer(&id, longest, named, 0, &wish, 1, NULL), WSANO_RECOVERY);
    FAILS(install_layer(&id, longest, wide("Y"), 0, &wish, 1, NULL), WSAEINVAL);
    FAILS(install_layer(&other, longest, named, 0, &wish, 1, NULL), WSAEINVAL);
    FAILS(install_layer(&id, wide("/y.so"), named, 0, &wish, 1, NULL), WSAEINVAL);
    EQUAL(all_entries(), before + 2);
}

TEST(bad_arguments_of_layers, "WSCInstallProviderAndChains.5 WSCInstallProviderAndChains.6 OBS.44")
{
    both(refused);
    /* The library for 32-bit programs, if one is named. */
    GUID id = numbered(1);
    new_catalog();
    FAILS(WSCInstallProviderAndChains64_32(&id, wide("/x.so"), bad(), wide("X"), 0, NULL, 0, NULL, &error), WSAEFAULT);
    FAILS(WSCInstallProviderAndChains64_32(&id, wide("/x.so"), wide(""), wide("X"), 0, NULL, 0, NULL, &error), WSAEINVAL);
    SUCCEEDS(
        WSCInstallProviderAndChains64_32(&id, wide("/x.so"), wide("/32/x.so"), wide("X"), 0, NULL, 0, NULL, &error));
}

static void without_disk(void)
{
    GUID id = numbered(1);
    posix_inject(SYS_fsync, EIO);
    FAILS(install_layer(&id, wide("/x.so"), wide("X"), 0, NULL, 0, NULL), WSASYSCALLFAILURE);
}

static void without_memory(void)
{
    GUID id = numbered(1);
    posix_inject(SYS_openat, ENOMEM);
    FAILS(install_layer(&id, wide("/x.so"), wide("X"), 0, NULL, 0, NULL), WSAENOBUFS);
}

static void system_fails(void)
{
    int before = all_entries();
    in_child(without_disk);
    in_child(without_memory);
    EQUAL(all_entries(), before);
}

TEST(failures_of_the_system_leave_the_catalog, "WSCInstallProviderAndChains.6")
{
    both(system_fails);
}

/* An installer of old does the same one by one. */
TEST(a_layer_is_installed_one_by_one, "NEED-C2 NEED-C3 NEED-C4 NEED-C5 NEED-C7")
{
    GUID hidden_id = numbered(1), chain_id = numbered(2), ifs_id = numbered(3);
    DWORD ids[MOST];
    new_catalog();
    WSAPROTOCOL_INFOW hidden = like_tcp("Layer"), chain = like_tcp("Layer over TCP");
    hidden.ProtocolChain.ChainLen = 0;
    hidden.dwProviderFlags |= PFL_HIDDEN;
    hidden.iSocketType = hidden.iProtocol = 0;
    SUCCEEDS(WSCInstallProvider(&hidden_id, wide("/x.so"), &hidden, 1, &error));
    chain.ProtocolChain.ChainLen = 2;
    chain.ProtocolChain.ChainEntries[0] = entry_of(hidden_id).dwCatalogEntryId;
    chain.ProtocolChain.ChainEntries[1] = 1001;
    SUCCEEDS(WSCInstallProvider(&chain_id, wide("/x.so"), &chain, 1, &error));
    int count = all_entries(), to = 1;
    for (int i = 0; i < count; i++)
        if (memcmp(&entries[i].ProviderId, &chain_id, sizeof chain_id) != 0)
            ids[to++] = entries[i].dwCatalogEntryId;
        else
            ids[0] = entries[i].dwCatalogEntryId;
    EQUAL(WSCWriteProviderOrder(ids, (DWORD)count), 0);
    /* A layer of another kind is put below: the chain is told of it, and stays where it is. */
    hidden.szProtocol[0] = 'l';
    SUCCEEDS(WSCInstallProvider(&ifs_id, wide("/ifs.so"), &hidden, 1, &error));
    chain = entry_of(chain_id);
    chain.ProtocolChain.ChainLen = 3;
    chain.ProtocolChain.ChainEntries[1] = entry_of(ifs_id).dwCatalogEntryId;
    chain.ProtocolChain.ChainEntries[2] = 1001;
    SUCCEEDS(WSCUpdateProvider(&chain_id, wide("/x.so"), &chain, 1, &error));
    EQUAL(all_entries(), count + 1);
    CHECK(memcmp(&entries[0], &chain, sizeof chain) == 0);
    EQUAL(entries[0].dwCatalogEntryId, ids[0]);
    /* An order from before is refused. */
    EQUAL(WSCWriteProviderOrder(ids, (DWORD)count), WSAEINVAL);
}
