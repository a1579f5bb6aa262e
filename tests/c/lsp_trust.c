/* What is loaded into a process must be out of others' reach, and so must be what says so. */
#include "chain.h"

#include <limits.h>

static int socket_code(void)
{
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    return s == INVALID_SOCKET ? WSAGetLastError() : 0;
}

/* What a socket gets from a process that starts now. */
static int code_now(void)
{
    winsock();
    int code = socket_code();
    SUCCEEDS(WSACleanup());
    return code;
}

static void set_mode(const char *path, mode_t mode)
{
    EQUAL(chmod(path, mode), 0);
}

/* Moves the layer's entry to another path; it is the same library. */
static void lead_to(const struct layer *layer, const char *path)
{
    GUID ids[3] = {layer->id, chain_of(layer, IPPROTO_TCP).ProviderId, chain_of(layer, IPPROTO_UDP).ProviderId};
    for (int i = 0; i < 3; i++) {
        WSAPROTOCOL_INFOW entry = entry_of(ids[i]);
        SUCCEEDS(WSCUpdateProvider(&ids[i], wide(path), &entry, 1, &error));
    }
}

TEST(a_library_that_others_can_write_is_not_loaded, "WSASocketW:WSAEPROVIDERFAILEDINIT")
{
    new_catalog();
    struct layer layer = install_layer("pass", XP1_IFS_HANDLES);
    EQUAL(code_now(), 0);
    set_mode(layer.path, 0666);
    EQUAL(code_now(), WSAEPROVIDERFAILEDINIT);
    set_mode(layer.path, 0620);
    EQUAL(code_now(), WSAEPROVIDERFAILEDINIT);
    set_mode(layer.path, 0600);
    EQUAL(code_now(), 0);
}

TEST(nor_is_one_in_a_folder_that_others_can_write, "WSASocketW:WSAEPROVIDERFAILEDINIT")
{
    new_catalog();
    struct layer layer = install_layer("pass", XP1_IFS_HANDLES);
    /* The catalog is there as well, so the process must have started before. */
    winsock();
    set_mode(catalog_folder, 0777);
    EQUAL(socket_code(), WSAEPROVIDERFAILEDINIT);
    /* Each can remove only what is theirs, as in /tmp. */
    set_mode(catalog_folder, 01777);
    EQUAL(socket_code(), 0);
    set_mode(catalog_folder, 0700);
    SUCCEEDS(WSACleanup());
    remove_layer(&layer);
}

TEST(a_relative_path_is_not_loaded, "W.4 WSASocketW:WSAEPROVIDERFAILEDINIT")
{
    new_catalog();
    struct layer layer = install_layer("pass", XP1_IFS_HANDLES);
    EQUAL(chdir(catalog_folder), 0);
    const char *name = strrchr(layer.path, '/') + 1;
    lead_to(&layer, name);
    EQUAL(code_now(), WSAEPROVIDERFAILEDINIT);
    /* What becomes absolute once it is expanded is loaded. */
    char expanded[400];
    snprintf(expanded, sizeof expanded, "%%LSP_TEST_FOLDER%%/%s", name);
    lead_to(&layer, expanded);
    EQUAL(code_now(), WSAEPROVIDERFAILEDINIT);
    CHECK(setenv("LSP_TEST_FOLDER", catalog_folder, 1) == 0);
    EQUAL(code_now(), 0);
}

TEST(a_link_counts_as_what_it_leads_through, "WSASocketW:WSAEPROVIDERFAILEDINIT")
{
    char open[300], link[340];
    new_catalog();
    struct layer layer = install_layer("pass", XP1_IFS_HANDLES);
    snprintf(open, sizeof open, "%s/open", catalog_folder);
    snprintf(link, sizeof link, "%s/link.so", open);
    EQUAL(mkdir(open, 0700), 0);
    EQUAL(symlink(layer.path, link), 0);
    lead_to(&layer, link);
    EQUAL(code_now(), 0);
    set_mode(open, 0777);
    EQUAL(code_now(), WSAEPROVIDERFAILEDINIT);
    set_mode(open, 0700);
    set_mode(layer.path, 0666);
    EQUAL(code_now(), WSAEPROVIDERFAILEDINIT);
    EQUAL(unlink(link), 0);
    EQUAL(rmdir(open), 0);
}

TEST(a_library_of_somebody_elses_is_not_loaded, "WSASocketW:WSAEPROVIDERFAILEDINIT")
{
    if (geteuid() != 0)
        SKIP("only root can give a file away");
    new_catalog();
    struct layer layer = install_layer("pass", XP1_IFS_HANDLES);
    EQUAL(chown(layer.path, 65534, (gid_t)-1), 0);
    EQUAL(code_now(), WSAEPROVIDERFAILEDINIT);
    EQUAL(chown(layer.path, 0, (gid_t)-1), 0);
    EQUAL(code_now(), 0);
}

/* A catalog that cannot be used must not pass for an empty one: a layer that filters would be missing. */
TEST(winsock_does_not_start_on_a_bad_catalog, "WSAStartup:WSASYSNOTREADY")
{
    WSADATA started;
    new_catalog();
    install_layer("pass", XP1_IFS_HANDLES);
    set_mode(catalog_path, 0666);
    EQUAL(WSAStartup(MAKEWORD(2, 2), &started), WSASYSNOTREADY);
    EQUAL(socket_code(), WSANOTINITIALISED);
    set_mode(catalog_path, 0600);
    EQUAL(code_now(), 0);
    EQUAL(truncate(catalog_path, 300), 0);
    EQUAL(WSAStartup(MAKEWORD(2, 2), &started), WSASYSNOTREADY);
    /* What goes past the catalog works. */
    startup();
    CHECK(WSPSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0, 0, &error) != INVALID_SOCKET);
}
