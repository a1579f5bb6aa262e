/* The catalog of transport providers: enumerated, changed, described. */
#include "catalog.h"

#include <dlfcn.h>
#include <errno.h>

/* ---- The functions and those that mean the same (W.8) ---- */

static int enumerate(INT *numbers, WSAPROTOCOL_INFOW *buffer, DWORD *length)
{
    if (twin)
        return WSCEnumProtocols32(numbers, buffer, length, &error);
    return WSCEnumProtocols(numbers, buffer, length, &error);
}

static int get_path(GUID *id, WCHAR *path, INT *length)
{
    if (twin)
        return WSCGetProviderPath32(id, path, length, &error);
    return WSCGetProviderPath(id, path, length, &error);
}

static int install_provider(GUID *id, const WCHAR *path, WSAPROTOCOL_INFOW *list, DWORD count)
{
    if (twin)
        return WSCInstallProvider64_32(id, path, list, count, &error);
    return WSCInstallProvider(id, path, list, count, &error);
}

static int update(GUID *id, const WCHAR *path, WSAPROTOCOL_INFOW *list, DWORD count)
{
    if (twin)
        return WSCUpdateProvider32(id, path, list, count, &error);
    return WSCUpdateProvider(id, path, list, count, &error);
}

static int deinstall(GUID *id)
{
    if (twin)
        return WSCDeinstallProvider32(id, &error);
    return WSCDeinstallProvider(id, &error);
}

static int set_info(GUID *id, int type, void *info, size_t size, DWORD flags)
{
    if (twin)
        return WSCSetProviderInfo32(id, (WSC_PROVIDER_INFO_TYPE)type, info, size, flags, &error);
    return WSCSetProviderInfo(id, (WSC_PROVIDER_INFO_TYPE)type, info, size, flags, &error);
}

static int get_info(GUID *id, int type, void *info, size_t *size, DWORD flags)
{
    if (twin)
        return WSCGetProviderInfo32(id, (WSC_PROVIDER_INFO_TYPE)type, info, size, flags, &error);
    return WSCGetProviderInfo(id, (WSC_PROVIDER_INFO_TYPE)type, info, size, flags, &error);
}

static int reorder(DWORD *ids, DWORD count)
{
    return twin ? WSCWriteProviderOrder32(ids, count) : WSCWriteProviderOrder(ids, count);
}

/* A pointer to nothing. */
static void *bad(void)
{
    return posix_fenced(65536) + 65536 - 4096;
}

/* ---- Enumerating ---- */

static void enumeration(void)
{
    DWORD length = 0, needed;
    FAILS(enumerate(NULL, NULL, &length), WSAENOBUFS);
    CHECK(length > 0 && length % sizeof(WSAPROTOCOL_INFOW) == 0);
    needed = length;
    memset(entries, 0xa5, sizeof entries);
    length = needed - 1;
    FAILS(enumerate(NULL, entries, &length), WSAENOBUFS);
    EQUAL(length, needed);
    for (unsigned i = 0; i < sizeof entries; i++)
        EQUAL(((unsigned char *)entries)[i], 0xa5);
    int count = enumerate(NULL, entries, &length), hidden = 0;
    EQUAL(count, needed / sizeof *entries);
    for (int i = 0; i < count; i++) {
        EQUAL(entries[i].ProtocolChain.ChainLen, BASE_PROTOCOL);
        EQUAL(entries[i].szProtocol[WSAPROTOCOL_LEN], 0);
        hidden += (entries[i].dwProviderFlags & PFL_HIDDEN) != 0;
    }
    CHECK(hidden > 0);
}

/* Without WSPStartup and without a file. */
TEST(enumeration_asks_for_its_buffer, "WSCEnumProtocols.1 WSCEnumProtocols.2 WSCEnumProtocols.3 NEED-C1 W.1 W.8 W.9")
{
    both(enumeration);
    CHECK(access(catalog_path, F_OK) != 0);
}

static void filters(void)
{
    INT tcp_alone[] = {IPPROTO_TCP, 0}, two[] = {IPPROTO_UDP, IPPROTO_TCP, IPPROTO_UDP, 0}, none[] = {4711, 0},
        nothing[] = {0};
    DWORD length = sizeof entries;
    int all = enumerate(NULL, entries, &length), of_tcp = 0, of_both = 0;
    for (int i = 0; i < all; i++) {
        of_tcp += entries[i].iProtocol == IPPROTO_TCP;
        of_both += entries[i].iProtocol == IPPROTO_TCP || entries[i].iProtocol == IPPROTO_UDP;
    }
    CHECK(of_tcp > 0 && of_both > of_tcp && all > of_both);
    length = 0;
    FAILS(enumerate(tcp_alone, NULL, &length), WSAENOBUFS);
    EQUAL(length, of_tcp * sizeof *entries);
    EQUAL(enumerate(tcp_alone, entries, &length), of_tcp);
    for (int i = 0; i < of_tcp; i++)
        EQUAL(entries[i].iProtocol, IPPROTO_TCP);
    length = sizeof entries;
    EQUAL(enumerate(two, entries, &length), of_both);
    EQUAL(enumerate(none, entries, &length), 0);
    EQUAL(length, 0);
    EQUAL(enumerate(nothing, entries, &length), 0);
}

TEST(a_list_of_numbers_filters, "WSCEnumProtocols.1")
{
    both(filters);
}

static void bad_enumeration(void)
{
    DWORD length = sizeof entries;
    INT *endless = malloc(sizeof *endless << 17), one = IPPROTO_TCP;
    CHECK(endless != NULL);
    for (int i = 0; i < 1 << 17; i++)
        endless[i] = IPPROTO_TCP;
    FAILS(enumerate(endless, entries, &length), WSAEINVAL);
    free(endless);
    FAILS(enumerate(NULL, entries, NULL), WSAEFAULT);
    FAILS(enumerate(NULL, entries, bad()), WSAEFAULT);
    FAILS(enumerate(NULL, NULL, &length), WSAEFAULT);
    FAILS(enumerate(NULL, bad(), &length), WSAEFAULT);
    FAILS(enumerate(bad(), entries, &length), WSAEFAULT);
    /* Up to the end of the memory, without one of its own. */
    INT *last = (INT *)bad() - 1;
    *last = one;
    FAILS(enumerate(last, entries, &length), WSAEFAULT);
}

TEST(bad_arguments_of_enumeration, "OBS.44")
{
    both(bad_enumeration);
}

/* ---- Installing ---- */

static void installed_and_removed(void)
{
    GUID id = numbered(1);
    int before = all_entries();
    WSAPROTOCOL_INFOW info[3] = {like_tcp("base"), like_tcp("layer"), like_tcp("chain")};
    info[0].dwServiceFlags1 = info[0].dwServiceFlags2 = info[0].dwServiceFlags3 = info[0].dwServiceFlags4 = 0xffffffff;
    info[0].dwProviderFlags = 0x80000001;
    info[0].iAddressFamily = info[0].iSocketType = info[0].iProtocol = -1;
    info[0].iVersion = info[0].iMaxSockAddr = info[0].iMinSockAddr = (int)0x80000000;
    info[0].iProtocolMaxOffset = info[0].iNetworkByteOrder = info[0].iSecurityScheme = 0x7fffffff;
    info[0].dwMessageSize = info[0].dwProviderReserved = 0xfffffffe;
    info[1].ProtocolChain.ChainLen = LAYERED_PROTOCOL;
    info[1].dwProviderFlags |= PFL_HIDDEN;
    info[2].ProtocolChain.ChainLen = 7;
    for (int i = 0; i < 7; i++)
        info[2].ProtocolChain.ChainEntries[i] = 0xffffffff - (DWORD)i;
    /* A name that is no text, and as long as it can be. */
    for (int i = 0; i < WSAPROTOCOL_LEN; i++)
        info[2].szProtocol[i] = (WCHAR)(0xd800 + i);
    info[2].szProtocol[WSAPROTOCOL_LEN] = 0;
    SUCCEEDS(install_provider(&id, wide("/no/such/x.so"), info, 3));
    EQUAL(all_entries(), before + 3);
    for (int i = 0; i < 3; i++) {
        WSAPROTOCOL_INFOW *found = &entries[before + i];
        CHECK(found->dwCatalogEntryId > 1007);
        EQUAL(found->dwCatalogEntryId, entries[before].dwCatalogEntryId + (DWORD)i);
        CHECK(memcmp(&found->ProviderId, &id, sizeof id) == 0);
        info[i].ProviderId = id;
        info[i].dwCatalogEntryId = found->dwCatalogEntryId;
        CHECK(memcmp(found, &info[i], sizeof *found) == 0);
    }
    SUCCEEDS(deinstall(&id));
    EQUAL(all_entries(), before);
    FAILS(deinstall(&id), WSAEINVAL);
}

TEST(a_provider_is_installed_and_removed,
     "WSCInstallProvider.1 WSCInstallProvider.2 WSCInstallProvider.3 WSCInstallProvider.4 WSCInstallProvider.5 "
     "WSCInstallProvider64_32.1 WSCEnumProtocols.2 WSCEnumProtocols.4 WSCDeinstallProvider.1 NEED-C2 NEED-C6 W.1 W.7 W.8")
{
    both(installed_and_removed);
}

static void install_three(void)
{
    GUID id = numbered(7);
    WSAPROTOCOL_INFOW info = like_tcp("x");
    SUCCEEDS(install_provider(&id, wide("/x.so"), &info, 1));
    SUCCEEDS(deinstall(&id));
    SUCCEEDS(install_provider(&id, wide("/x.so"), &info, 1));
}

static void ids_are_given_once(void)
{
    DWORD first = install(1, "/x.so", like_tcp("one")), second = install(2, "/y.so", like_tcp("two"));
    GUID id = numbered(2);
    CHECK(second > first);
    SUCCEEDS(deinstall(&id));
    id = numbered(1);
    SUCCEEDS(deinstall(&id));
    /* By whatever process. */
    in_child(install_three);
    CHECK(entry_of(numbered(7)).dwCatalogEntryId > second + 1);
    EQUAL(install(3, "/x.so", like_tcp("three")), second + 3);
}

TEST(an_id_is_given_once, "NEED-C2")
{
    both(ids_are_given_once);
}

static void installed_once(void)
{
    GUID id = numbered(1);
    WSAPROTOCOL_INFOW info = like_tcp("x");
    int before = all_entries();
    SUCCEEDS(install_provider(&id, wide("/x.so"), &info, 1));
    FAILS(install_provider(&id, wide("/y.so"), &info, 1), WSANO_RECOVERY);
    /* The base provider's is taken. */
    id = entries[0].ProviderId;
    FAILS(install_provider(&id, wide("/y.so"), &info, 1), WSANO_RECOVERY);
    EQUAL(all_entries(), before + 1);
}

TEST(a_guid_is_installed_once, "NEED-C2")
{
    both(installed_once);
}

static void bad_installation(void)
{
    GUID id = numbered(1);
    WSAPROTOCOL_INFOW info[2] = {like_tcp("x"), like_tcp("y")};
    WCHAR half[] = {'/', 0xd800, 0}, long_path[4097];
    int before = all_entries();
    FAILS(install_provider(NULL, wide("/x.so"), info, 1), WSAEFAULT);
    FAILS(install_provider(bad(), wide("/x.so"), info, 1), WSAEFAULT);
    FAILS(install_provider(&id, NULL, info, 1), WSAEFAULT);
    FAILS(install_provider(&id, bad(), info, 1), WSAEFAULT);
    FAILS(install_provider(&id, wide("/x.so"), NULL, 1), WSAEFAULT);
    FAILS(install_provider(&id, wide("/x.so"), NULL, 0), WSAEFAULT);
    FAILS(install_provider(&id, wide("/x.so"), bad(), 1), WSAEFAULT);
    FAILS(install_provider(&id, wide("/x.so"), bad(), 0xffffffff), WSAEFAULT);
    FAILS(install_provider(&id, wide("/x.so"), (WSAPROTOCOL_INFOW *)bad() - 1, 2), WSAEFAULT);
    FAILS(install_provider(&id, wide("/x.so"), info, 0), WSAEINVAL);
    FAILS(install_provider(&id, wide(""), info, 1), WSAEINVAL);
    FAILS(install_provider(&id, half, info, 1), WSAEINVAL);
    for (int i = 0; i < 4096; i++)
        long_path[i] = 'x';
    long_path[4096] = 0;
    FAILS(install_provider(&id, long_path, info, 1), WSAEINVAL);
    /* An entry that would break whoever reads it. */
    info[1].ProtocolChain.ChainLen = 8;
    FAILS(install_provider(&id, wide("/x.so"), info, 2), WSAEINVAL);
    info[1].ProtocolChain.ChainLen = -1;
    FAILS(install_provider(&id, wide("/x.so"), info, 2), WSAEINVAL);
    info[1].ProtocolChain.ChainLen = 1;
    for (int i = 0; i <= WSAPROTOCOL_LEN; i++)
        info[1].szProtocol[i] = 'x';
    FAILS(install_provider(&id, wide("/x.so"), info, 2), WSAEINVAL);
    /* More than the catalog has room for. */
    FAILS(install_provider(&id, wide("/x.so"), info, 0xffffffff), WSAENOBUFS);
    EQUAL(all_entries(), before);
    CHECK(access(catalog_path, F_OK) != 0);
}

TEST(bad_arguments_of_installation, "WSCInstallProvider.2 OBS.44")
{
    both(bad_installation);
}

/* ---- Updating and removing ---- */

static void updated(void)
{
    WCHAR path[20];
    INT length = 20;
    GUID id = numbered(2);
    install(1, "/1.so", like_tcp("one"));
    DWORD entry = install(2, "/2.so", like_tcp("two"));
    install(3, "/3.so", like_tcp("three"));
    int count = all_entries(), place = place_of(entry, count);
    WSAPROTOCOL_INFOW info = entries[place];
    info.ProtocolChain.ChainLen = 2;
    info.ProtocolChain.ChainEntries[0] = 1111;
    info.iProtocol = 99;
    SUCCEEDS(update(&id, wide("%NEW%/2.so"), &info, 1));
    EQUAL(all_entries(), count);
    CHECK(memcmp(&entries[place], &info, sizeof info) == 0);
    SUCCEEDS(get_path(&id, path, &length));
    CHECK(same_text(path, "%NEW%/2.so"));
}

TEST(an_update_leaves_id_and_place, "WSCUpdateProvider.1 NEED-C5 W.4")
{
    both(updated);
}

static void bad_update(void)
{
    GUID id = numbered(1), other = numbered(2);
    WSAPROTOCOL_INFOW info = like_tcp("x");
    install(1, "/x.so", info);
    FAILS(update(&other, wide("/x.so"), &info, 1), WSAEINVAL);
    FAILS(update(&id, wide("/x.so"), &info, 0), WSAEINVAL);
    FAILS(update(&id, wide(""), &info, 1), WSAEINVAL);
    FAILS(update(NULL, wide("/x.so"), &info, 1), WSAEFAULT);
    FAILS(update(&id, NULL, &info, 1), WSAEFAULT);
    FAILS(update(&id, wide("/x.so"), NULL, 1), WSAEFAULT);
    FAILS(update(&id, wide("/x.so"), bad(), 1), WSAEFAULT);
    FAILS(update(&id, wide("/x.so"), &info, 5000), WSA_NOT_ENOUGH_MEMORY);
    /* What is built in stays what it is. */
    other = like_tcp("").ProviderId;
    FAILS(update(&other, wide("/x.so"), &info, 1), WSANO_RECOVERY);
    FAILS(deinstall(&other), WSANO_RECOVERY);
    FAILS(deinstall(NULL), WSAEFAULT);
    FAILS(deinstall(bad()), WSAEFAULT);
    CHECK(same_text(entry_of(id).szProtocol, "x"));
}

TEST(bad_arguments_of_update_and_removal, "OBS.44")
{
    both(bad_update);
}

/* The provider's own file is its installer's to remove. */
TEST(the_library_is_left_alone, "W.7")
{
    char path[300];
    GUID id = numbered(1);
    new_catalog();
    snprintf(path, sizeof path, "%s/x.so", catalog_folder);
    write_file(path, "x", 1);
    install(1, path, like_tcp("x"));
    SUCCEEDS(WSCDeinstallProvider(&id, &error));
    CHECK(unlink(path) == 0);
}

/* ---- The order ---- */

static void ordered(void)
{
    DWORD ids[MOST], longer[MOST];
    install(1, "/x.so", like_tcp("one"));
    DWORD last = install(2, "/x.so", like_tcp("two"));
    int count = all_entries();
    EQUAL(entries[count - 1].dwCatalogEntryId, last);
    for (int i = 0; i < count; i++)
        longer[i] = ids[i] = entries[count - 1 - i].dwCatalogEntryId;
    EQUAL(reorder(ids, (DWORD)count), 0);
    EQUAL(all_entries(), count);
    for (int i = 0; i < count; i++)
        EQUAL(entries[i].dwCatalogEntryId, ids[i]);
    /* One is missing, is there twice, is none, is too many. */
    EQUAL(reorder(ids, (DWORD)count - 1), WSAEINVAL);
    EQUAL(reorder(ids, 0), WSAEINVAL);
    longer[count] = longer[0];
    EQUAL(reorder(longer, (DWORD)count + 1), WSAEINVAL);
    longer[count] = 4711;
    EQUAL(reorder(longer, (DWORD)count + 1), WSAEINVAL);
    longer[3] = longer[2];
    EQUAL(reorder(longer, (DWORD)count), WSAEINVAL);
    longer[3] = 4711;
    EQUAL(reorder(longer, (DWORD)count), WSAEINVAL);
    EQUAL(reorder(ids, 0xffffffff), WSAEINVAL);
    EQUAL(reorder(NULL, (DWORD)count), WSAEFAULT);
    EQUAL(reorder(bad(), (DWORD)count), WSAEFAULT);
    EQUAL(reorder(bad(), 0xffffffff), WSAEFAULT);
    EQUAL(all_entries(), count);
    for (int i = 0; i < count; i++)
        EQUAL(entries[i].dwCatalogEntryId, ids[i]);
    /* What is new comes last, and what is left keeps its order. */
    last = install(3, "/x.so", like_tcp("three"));
    GUID id = numbered(1);
    SUCCEEDS(deinstall(&id));
    EQUAL(all_entries(), count);
    EQUAL(entries[count - 1].dwCatalogEntryId, last);
    EQUAL(entries[0].dwCatalogEntryId, ids[0]);
    EQUAL(entries[1].dwCatalogEntryId, ids[2]);
}

TEST(the_order_is_written, "WSCEnumProtocols.4 NEED-C4 NEED-C9")
{
    both(ordered);
}

/* ---- Paths ---- */

static void paths(void)
{
    WCHAR path[100];
    GUID id = numbered(1);
    install(1, "%HOME%/x.so", like_tcp("x"));
    INT length = 100;
    SUCCEEDS(get_path(&id, path, &length));
    CHECK(same_text(path, "%HOME%/x.so"));
    EQUAL(length, 12);
    path[11] = 7;
    length = 11;
    FAILS(get_path(&id, path, &length), WSAEFAULT);
    EQUAL(length, 12);
    EQUAL(path[11], 7);
    SUCCEEDS(get_path(&id, path, &length));
    EQUAL(path[11], 0);
    length = -1;
    FAILS(get_path(&id, path, &length), WSAEFAULT);
    length = 100;
    FAILS(get_path(&id, NULL, &length), WSAEFAULT);
    FAILS(get_path(&id, bad(), &length), WSAEFAULT);
    FAILS(get_path(&id, path, NULL), WSAEFAULT);
    FAILS(get_path(NULL, path, &length), WSAEFAULT);
    id = numbered(2);
    FAILS(get_path(&id, path, &length), WSAEINVAL);
}

TEST(a_path_is_given_back_as_it_was, "WSCGetProviderPath.1 NEED-C6 W.4")
{
    both(paths);
}

/* From a provider it is asked by another name. */
TEST(a_provider_asks_for_paths, "WPUGetProviderPath.1 WPUGetProviderPath.2")
{
    WCHAR path[100];
    GUID id;
    new_catalog();
    install(1, "%HOME%/x.so", like_tcp("x"));
    int count = all_entries();
    id = entries[count - 1].ProviderId;
    INT length = 11;
    FAILS(WPUGetProviderPath(&id, path, &length, &error), WSAEFAULT);
    EQUAL(length, 12);
    SUCCEEDS(WPUGetProviderPath(&id, path, &length, &error));
    CHECK(same_text(path, "%HOME%/x.so"));
    FAILS(WPUGetProviderPath(&id, NULL, &length, &error), WSAEFAULT);
    id = numbered(2);
    FAILS(WPUGetProviderPath(&id, path, &length, &error), WSAEINVAL);
}

static void base_path(void)
{
    WCHAR path[1000];
    char name[1000];
    int count = all_entries();
    for (int i = 0; i < count; i++) {
        INT length = 1000;
        SUCCEEDS(get_path(&entries[i].ProviderId, path, &length));
        for (int unit = 0; unit < length; unit++)
            name[unit] = (char)path[unit];
        EQUAL(name[0], '/');
        void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
        CHECK(library != NULL);
        CHECK((ULONG_PTR)dlsym(library, "WSPStartup") == (ULONG_PTR)WSPStartup);
    }
}

/* A layer loads the base provider, and finds this one, not another copy. */
TEST(the_base_provider_can_be_loaded, "NEED-S1 WPUGetProviderPath.2")
{
    both(base_path);
    /* Also when the catalog cannot be read. */
    new_catalog();
    GUID tcp_id = like_tcp("").ProviderId;
    damage_catalog();
    WCHAR path[1000];
    INT length = 1000;
    SUCCEEDS(WSCGetProviderPath(&tcp_id, path, &length, &error));
}

/* ---- Being loaded ---- */

static int at_load, path_at_load, descriptors_at_load;
static WCHAR loaded_path[1000];

/* As a provider's entry code runs when an installer loads it to ask for its GUID: before main, without a socket. */
__attribute__((constructor)) static void when_loaded(void)
{
    DWORD length = 0;
    INT room = 1000;
    GUID id = {0xe70f1aa0, 0xab8b, 0x11cf, {0x8c, 0xa3, 0x00, 0x80, 0x5f, 0x48, 0xa1, 0x92}};
    int before = posix_open_descriptors();
    at_load = WSCEnumProtocols(NULL, NULL, &length, &error) == SOCKET_ERROR ? error : 0;
    path_at_load = WPUGetProviderPath(&id, loaded_path, &room, &error);
    descriptors_at_load = posix_open_descriptors() - before;
    error = 0;
}

TEST(a_provider_can_be_loaded_without_sockets, "NEED-C8 NEED-C1")
{
    WCHAR path[1000];
    INT room = 1000;
    new_catalog();
    GUID id = like_tcp("").ProviderId;
    EQUAL(at_load, WSAENOBUFS);
    EQUAL(path_at_load, 0);
    EQUAL(descriptors_at_load, 0);
    EQUAL(posix_threads(), 1);
    SUCCEEDS(WSCGetProviderPath(&id, path, &room, &error));
    CHECK(memcmp(path, loaded_path, (size_t)room * sizeof *path) == 0);
}

/* ---- What providers do ---- */

static void described(void)
{
    GUID id = numbered(1), none = numbered(2), base = like_tcp("").ProviderId;
    DWORD bits = 77;
    size_t size = sizeof bits;
    install(1, "/x.so", like_tcp("x"));
    /* Nothing was said yet. */
    SUCCEEDS(get_info(&id, ProviderInfoLspCategories, &bits, &size, 0));
    EQUAL(bits, 0);
    SUCCEEDS(get_info(&base, ProviderInfoLspCategories, &bits, &size, 0));
    EQUAL(bits, 0);
    const DWORD sets[] = {LSP_INSPECTOR,      LSP_REDIRECTOR,      LSP_PROXY,       LSP_FIREWALL, LSP_INBOUND_MODIFY,
                          LSP_OUTBOUND_MODIFY, LSP_CRYPTO_COMPRESS, LSP_LOCAL_CACHE, LSP_SYSTEM,  0x800000ff, 0};
    for (unsigned i = 0; i < sizeof sets / sizeof *sets; i++) {
        bits = sets[i];
        SUCCEEDS(set_info(&id, ProviderInfoLspCategories, &bits, sizeof bits, 0));
        bits = 77;
        size = 100;
        SUCCEEDS(get_info(&id, ProviderInfoLspCategories, &bits, &size, 0));
        EQUAL(bits, sets[i]);
        EQUAL(size, sizeof bits);
    }
    /* How much room it takes. */
    size = 0;
    FAILS(get_info(&id, ProviderInfoLspCategories, NULL, &size, 0), WSAEFAULT);
    EQUAL(size, 4);
    size = 3;
    bits = 77;
    FAILS(get_info(&id, ProviderInfoLspCategories, &bits, &size, 0), WSAEFAULT);
    EQUAL(size, 4);
    EQUAL(bits, 77);
    FAILS(get_info(&id, ProviderInfoLspCategories, bad(), &size, 0), WSAEFAULT);
    FAILS(get_info(&id, ProviderInfoLspCategories, &bits, NULL, 0), WSAEFAULT);
    FAILS(get_info(NULL, ProviderInfoLspCategories, &bits, &size, 0), WSAEFAULT);
    FAILS(set_info(NULL, ProviderInfoLspCategories, &bits, 4, 0), WSAEFAULT);
    FAILS(set_info(&id, ProviderInfoLspCategories, NULL, 4, 0), WSAEFAULT);
    FAILS(set_info(&id, ProviderInfoLspCategories, bad(), 4, 0), WSAEFAULT);
    /* What else there is to say. */
    FAILS(get_info(&id, ProviderInfoAudit, &bits, &size, 0), ERROR_CALL_NOT_IMPLEMENTED);
    FAILS(set_info(&id, ProviderInfoAudit, &bits, 4, 0), ERROR_CALL_NOT_IMPLEMENTED);
    FAILS(get_info(&id, 2, &bits, &size, 0), WSAEINVAL);
    FAILS(set_info(&id, -1, &bits, 4, 0), WSAEINVAL);
    FAILS(get_info(&id, ProviderInfoLspCategories, &bits, &size, 1), WSAEINVAL);
    FAILS(set_info(&id, ProviderInfoLspCategories, &bits, 4, 1), WSAEINVAL);
    FAILS(set_info(&id, ProviderInfoLspCategories, &bits, 3, 0), WSAEINVAL);
    FAILS(set_info(&id, ProviderInfoLspCategories, &bits, 5, 0), WSAEINVAL);
    /* Of whom. */
    FAILS(get_info(&none, ProviderInfoLspCategories, &bits, &size, 0), WSAEINVALIDPROVIDER);
    FAILS(set_info(&none, ProviderInfoLspCategories, &bits, 4, 0), WSAEINVAL);
    FAILS(set_info(&base, ProviderInfoLspCategories, &bits, 4, 0), WSANO_RECOVERY);
}

TEST(what_a_layer_does_is_kept,
     "WSCSetProviderInfo.1 WSCSetProviderInfo.2 WSCGetProviderInfo.1 WSCGetProviderInfo.2 W.10 W.11")
{
    EQUAL(ProviderInfoLspCategories, 0);
    EQUAL(ProviderInfoAudit, 1);
    both(described);
}

/* ---- What programs admit ---- */

static int permit(const char *path, const char *extra, DWORD bits, DWORD *before)
{
    return WSCSetApplicationCategory(path == NULL ? NULL : wide(path), path == NULL ? 0 : (DWORD)strlen(path),
                                     extra == NULL ? NULL : wide(extra), extra == NULL ? 99 : (DWORD)strlen(extra), bits,
                                     before, &error);
}

static int permitted(const char *path, const char *extra, DWORD *bits)
{
    return WSCGetApplicationCategory(path == NULL ? NULL : wide(path), path == NULL ? 0 : (DWORD)strlen(path),
                                     extra == NULL ? NULL : wide(extra), extra == NULL ? 99 : (DWORD)strlen(extra), bits,
                                     &error);
}

TEST(what_a_program_admits_adds_up,
     "WSCSetApplicationCategory.1 WSCSetApplicationCategory.2 WSCGetApplicationCategory.1 WSCGetApplicationCategory.2 "
     "WSCGetApplicationCategory.3 W.10")
{
    DWORD bits = 77;
    new_catalog();
    FAILS(permitted("/bin/x", NULL, &bits), WSASERVICE_NOT_FOUND);
    EQUAL(bits, 77);
    SUCCEEDS(permit("/bin/x", NULL, LSP_PROXY, &bits));
    EQUAL(bits, 0);
    SUCCEEDS(permit("/bin/x", NULL, LSP_SYSTEM | LSP_PROXY, &bits));
    EQUAL(bits, LSP_PROXY);
    SUCCEEDS(permit("/bin/x", NULL, 0, NULL));
    SUCCEEDS(permitted("/bin/x", NULL, &bits));
    EQUAL(bits, LSP_SYSTEM | LSP_PROXY);
    /* With arguments it is another program. */
    FAILS(permitted("/bin/x", "-k", &bits), WSASERVICE_NOT_FOUND);
    SUCCEEDS(permit("/bin/x", "-k", LSP_FIREWALL, &bits));
    EQUAL(bits, 0);
    SUCCEEDS(permitted("/bin/x", "-k", &bits));
    EQUAL(bits, LSP_FIREWALL);
    SUCCEEDS(permitted("/bin/x", NULL, &bits));
    EQUAL(bits, LSP_SYSTEM | LSP_PROXY);
    /* The length is what counts. */
    SUCCEEDS(WSCGetApplicationCategory(wide("/bin/xyz"), 6, NULL, 0, &bits, &error));
    FAILS(WSCGetApplicationCategory(wide("/bin/x"), 5, NULL, 0, &bits, &error), WSASERVICE_NOT_FOUND);
}

TEST(bad_arguments_about_programs, "OBS.44")
{
    DWORD bits = 77;
    WCHAR half[] = {0xd800};
    new_catalog();
    SUCCEEDS(permit("/bin/x", NULL, 1, NULL));
    FAILS(permit(NULL, NULL, 1, &bits), WSAEFAULT);
    FAILS(permitted(NULL, NULL, &bits), WSAEFAULT);
    FAILS(permit("", NULL, 1, &bits), WSAEINVAL);
    FAILS(permitted("", NULL, &bits), WSAEINVAL);
    FAILS(permit("/bin/x", NULL, 1, bad()), WSAEFAULT);
    FAILS(permitted("/bin/x", NULL, NULL), WSAEFAULT);
    FAILS(permitted("/bin/x", NULL, bad()), WSAEFAULT);
    FAILS(WSCSetApplicationCategory(bad(), 3, NULL, 0, 1, NULL, &error), WSAEFAULT);
    FAILS(WSCGetApplicationCategory(bad(), 0xffffffff, NULL, 0, &bits, &error), WSAEFAULT);
    FAILS(WSCSetApplicationCategory(wide("/bin/x"), 6, bad(), 1, 1, NULL, &error), WSAEFAULT);
    FAILS(WSCSetApplicationCategory(half, 1, NULL, 0, 1, NULL, &error), WSAEINVAL);
    FAILS(WSCGetApplicationCategory(wide("/bin/x"), 7, NULL, 0, &bits, &error), WSAEINVAL);
    FAILS(WSCSetApplicationCategory(wide("/bin/x"), 0xffffffff, NULL, 0, 1, NULL, &error), WSAEINVAL);
    SUCCEEDS(permitted("/bin/x", NULL, &bits));
    EQUAL(bits, 1);
}

/* ---- Rights ---- */

static void refused_everywhere(void)
{
    GUID id = numbered(1), other = numbered(2);
    DWORD bits = 1, ids[MOST];
    size_t size = 4;
    WSAPROTOCOL_INFOW info = entry_of(id);
    may_only_read();
    int count = all_entries();
    for (int i = 0; i < count; i++)
        ids[count - 1 - i] = entries[i].dwCatalogEntryId;
    FAILS(install_provider(&other, wide("/x.so"), &info, 1), WSANO_RECOVERY);
    FAILS(update(&id, wide("/y.so"), &info, 1), WSANO_RECOVERY);
    FAILS(deinstall(&id), WSANO_RECOVERY);
    FAILS(set_info(&id, ProviderInfoLspCategories, &bits, 4, 0), WSANO_RECOVERY);
    FAILS(permit("/bin/x", NULL, 1, NULL), WSANO_RECOVERY);
    FAILS(WSCInstallProviderAndChains(&other, wide("/x.so"), wide("X"), 0, NULL, 0, NULL, &error), WSANO_RECOVERY);
    FAILS(WSCInstallProviderAndChains64_32(&other, wide("/x.so"), NULL, wide("X"), 0, NULL, 0, NULL, &error),
          WSANO_RECOVERY);
    EQUAL(reorder(ids, (DWORD)count), WSANO_RECOVERY);
    /* Reading it is another matter. */
    EQUAL(all_entries(), count);
    EQUAL(entries[0].dwCatalogEntryId, ids[count - 1]);
    SUCCEEDS(get_info(&id, ProviderInfoLspCategories, &bits, &size, 0));
}

static void need_rights(void)
{
    install(1, "/x.so", like_tcp("x"));
    in_child(refused_everywhere);
}

TEST(changing_needs_rights, "W.3 WSCSetApplicationCategory.3 WSCSetProviderInfo.2")
{
    both(need_rights);
}

/* ---- What the system refuses ---- */

static void without_memory(void)
{
    GUID id = numbered(1), other = numbered(2);
    DWORD bits = 1;
    size_t size = 4;
    WSAPROTOCOL_INFOW info = entry_of(id);
    posix_inject(SYS_openat, ENOMEM);
    FAILS(install_provider(&other, wide("/x.so"), &info, 1), WSA_NOT_ENOUGH_MEMORY);
    FAILS(update(&id, wide("/x.so"), &info, 1), WSA_NOT_ENOUGH_MEMORY);
    FAILS(deinstall(&id), WSA_NOT_ENOUGH_MEMORY);
    FAILS(set_info(&id, ProviderInfoLspCategories, &bits, 4, 0), WSA_NOT_ENOUGH_MEMORY);
    FAILS(get_info(&id, ProviderInfoLspCategories, &bits, &size, 0), WSA_NOT_ENOUGH_MEMORY);
    FAILS(permit("/bin/x", NULL, 1, NULL), WSANO_RECOVERY);
    FAILS(enumerate(NULL, entries, &bits), WSAENOBUFS);
}

static void without_disk(void)
{
    GUID id = numbered(1), other = numbered(2);
    DWORD bits = 1;
    WSAPROTOCOL_INFOW info = entry_of(id);
    posix_inject(SYS_fsync, EIO);
    FAILS(install_provider(&other, wide("/x.so"), &info, 1), WSASYSCALLFAILURE);
    FAILS(update(&id, wide("/y.so"), &info, 1), WSANO_RECOVERY);
    FAILS(deinstall(&id), WSANO_RECOVERY);
    FAILS(set_info(&id, ProviderInfoLspCategories, &bits, 4, 0), WSANO_RECOVERY);
    FAILS(permit("/bin/x", NULL, 1, NULL), WSANO_RECOVERY);
}

static void system_fails(void)
{
    int before;
    char left[300];
    struct stat found;
    install(1, "/x.so", like_tcp("x"));
    before = all_entries();
    in_child(without_memory);
    in_child(without_disk);
    EQUAL(all_entries(), before);
    CHECK(same_text(entry_of(numbered(1)).szProtocol, "x"));
    /* Nothing half done lies about. */
    snprintf(left, sizeof left, "%s.new", catalog_path);
    CHECK(stat(left, &found) != 0);
    install(2, "/x.so", like_tcp("y"));
}

TEST(failures_of_the_system_leave_the_catalog, "")
{
    both(system_fails);
}

/* ---- Templates ---- */

/* There is no quality of service to have templates of. */
TEST(templates_are_not_supported, "WSCInstallQOSTemplate.4 WSCRemoveQOSTemplate.1 OBS.44")
{
    GUID id = numbered(1);
    QOS qos;
    char text[] = "G711";
    WSABUF name = {4, text}, empty = {0, text}, nowhere = {4, NULL};
    memset(&qos, 0, sizeof qos);
    EQUAL(WSCInstallQOSTemplate(&id, &name, &qos), WSANO_RECOVERY);
    EQUAL(WSCInstallQOSTemplate(NULL, &name, &qos), WSANO_RECOVERY);
    EQUAL(WSCRemoveQOSTemplate(&id, &name), WSANO_RECOVERY);
    EQUAL(WSCRemoveQOSTemplate(NULL, &name), WSANO_RECOVERY);
    EQUAL(WSCInstallQOSTemplate(&id, &empty, &qos), WSAEINVAL);
    EQUAL(WSCRemoveQOSTemplate(&id, &empty), WSAEINVAL);
    EQUAL(WSCInstallQOSTemplate(bad(), &name, &qos), WSAEFAULT);
    EQUAL(WSCInstallQOSTemplate(&id, NULL, &qos), WSAEFAULT);
    EQUAL(WSCInstallQOSTemplate(&id, &nowhere, &qos), WSAEFAULT);
    EQUAL(WSCInstallQOSTemplate(&id, &name, NULL), WSAEFAULT);
    EQUAL(WSCRemoveQOSTemplate(bad(), &name), WSAEFAULT);
    EQUAL(WSCRemoveQOSTemplate(&id, NULL), WSAEFAULT);
    EQUAL(WSCRemoveQOSTemplate(&id, &nowhere), WSAEFAULT);
}
