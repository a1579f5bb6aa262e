/* Programs that are not willing to load every layer. */
#include "chain.h"

/* How the kernel knows this program, and so the catalog. */
static const WCHAR *own_path(void)
{
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    CHECK(length > 0);
    path[length] = '\0';
    return wide(path);
}

static DWORD length_of(const WCHAR *text)
{
    DWORD length = 0;
    while (text[length] != 0)
        length++;
    return length;
}

static void permit(const char *arguments, DWORD categories)
{
    const WCHAR *path = own_path(), *extra = arguments != NULL ? wide(arguments) : NULL;
    SUCCEEDS(WSCSetApplicationCategory(path, length_of(path), extra, extra != NULL ? length_of(extra) : 0, categories,
                                       NULL, &error));
}

static void categorise(const struct layer *layer, DWORD categories)
{
    GUID id = layer->id;
    SUCCEEDS(WSCSetProviderInfo(&id, ProviderInfoLspCategories, (PBYTE)&categories, sizeof categories, 0, &error));
}

/* The entry that a new TCP socket is of. */
static DWORD entry_of_socket(void)
{
    WSAPROTOCOL_INFOW info;
    int length = sizeof info;
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    CHECK(s != INVALID_SOCKET);
    SUCCEEDS(getsockopt(s, SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)&info, &length));
    SUCCEEDS(closesocket(s));
    return info.dwCatalogEntryId;
}

/* What holds is what was said at the first WSAStartup. */
TEST(a_layer_that_is_not_permitted_is_not_loaded, "WSCGetApplicationCategory.4 WSCSetApplicationCategory.3 W.10")
{
    new_catalog();
    struct layer below = install_layer("pass", XP1_IFS_HANDLES), above = install_layer("count", XP1_IFS_HANDLES);
    DWORD top = chain_of(&above, IPPROTO_TCP).dwCatalogEntryId, next = chain_of(&below, IPPROTO_TCP).dwCatalogEntryId;
    categorise(&above, LSP_INSPECTOR | LSP_LOCAL_CACHE);
    categorise(&below, LSP_FIREWALL);
    winsock();
    EQUAL(entry_of_socket(), top);
    permit(NULL, LSP_FIREWALL | LSP_INSPECTOR);
    EQUAL(entry_of_socket(), top);
    winsock();
    EQUAL(entry_of_socket(), top);
    SUCCEEDS(WSACleanup());
    SUCCEEDS(WSACleanup());
    /* One of the upper one's two categories is missing. */
    winsock();
    EQUAL(entry_of_socket(), next);
    SUCCEEDS(WSACleanup());
    /* What is said twice adds up. */
    permit(NULL, LSP_LOCAL_CACHE);
    winsock();
    EQUAL(entry_of_socket(), top);
    SUCCEEDS(WSACleanup());
}

TEST(no_layer_at_all, "WSCGetApplicationCategory.2 WSCGetApplicationCategory.4 W.10")
{
    new_catalog();
    struct layer below = install_layer("pass", XP1_IFS_HANDLES), above = install_layer("count", XP1_IFS_HANDLES);
    DWORD top = chain_of(&above, IPPROTO_TCP).dwCatalogEntryId;
    categorise(&above, LSP_INSPECTOR);
    categorise(&below, LSP_FIREWALL);
    /* Said of the program with other arguments, it is about another one. */
    permit("--other", 0);
    winsock();
    EQUAL(entry_of_socket(), top);
    SUCCEEDS(WSACleanup());
    permit(running, 0);
    winsock();
    EQUAL(entry_of_socket(), 1001);
    SUCCEEDS(WSACleanup());
}

TEST(system_processes_load_only_what_is_known, "W.10")
{
    new_catalog();
    struct layer pass = install_layer("pass", XP1_IFS_HANDLES);
    DWORD top = chain_of(&pass, IPPROTO_TCP).dwCatalogEntryId;
    permit(NULL, LSP_FIREWALL);
    winsock();
    EQUAL(entry_of_socket(), top);
    SUCCEEDS(WSACleanup());
    permit(NULL, LSP_SYSTEM);
    winsock();
    EQUAL(entry_of_socket(), 1001);
    SUCCEEDS(WSACleanup());
    categorise(&pass, LSP_FIREWALL);
    winsock();
    EQUAL(entry_of_socket(), top);
    SUCCEEDS(WSACleanup());
}

/* Some chains name the layers' hidden entries alone: without the upper layer, what leads through the rest serves. */
TEST(a_chain_of_hidden_entries_loses_a_layer, "WSCGetApplicationCategory.4 WSCInstallProvider.1 W.10")
{
    DWORD order[MOST];
    new_catalog();
    struct layer below = install_layer("pass", XP1_IFS_HANDLES), above = install_layer("count", XP1_IFS_HANDLES);
    DWORD rest = chain_of(&below, IPPROTO_TCP).dwCatalogEntryId;
    WSAPROTOCOL_INFOW chain = chain_of(&above, IPPROTO_TCP);
    chain.ProtocolChain = (WSAPROTOCOLCHAIN){3, {above.hidden, below.hidden, 1001}};
    DWORD top = install(77, above.path, chain);
    int count = all_entries();
    order[0] = top;
    for (int i = 0, at = 1; i < count; i++)
        if (entries[i].dwCatalogEntryId != top)
            order[at++] = entries[i].dwCatalogEntryId;
    EQUAL(WSCWriteProviderOrder(order, (DWORD)count), 0);
    categorise(&above, LSP_INSPECTOR);
    categorise(&below, LSP_FIREWALL);
    winsock();
    EQUAL(entry_of_socket(), top);
    SUCCEEDS(WSACleanup());
    permit(NULL, LSP_FIREWALL);
    winsock();
    EQUAL(entry_of_socket(), rest);
    SUCCEEDS(WSACleanup());
    /* Nothing leads through the rest alone: what is below all layers serves. */
    remove_layer(&below);
    winsock();
    EQUAL(entry_of_socket(), 1001);
    SUCCEEDS(WSACleanup());
}
