/* Layers that cannot be loaded or started, the bad_*.c of tests/lsp, alone and below another. */
#include "chain.h"

static int socket_code(void)
{
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    return s == INVALID_SOCKET ? WSAGetLastError() : 0;
}

/* What a socket gets of a catalog with that layer; nothing is left when it is removed. */
static void gives(const char *sample, int code)
{
    SOCKET pair[2];
    struct layer bad = install_layer(sample, XP1_IFS_HANDLES);
    winsock();
    EQUAL(socket_code(), code);
    EQUAL(socket_code(), code);
    CHECK(socket(AF_INET6, SOCK_DGRAM, IPPROTO_UDP) != INVALID_SOCKET); /* the layer is not in that chain */
    SUCCEEDS(WSACleanup());
    struct layer pass = install_layer("pass", XP1_IFS_HANDLES);
    winsock();
    EQUAL(socket_code(), WSAEPROVIDERFAILEDINIT);
    SUCCEEDS(WSACleanup());
    remove_layer(&pass);
    remove_layer(&bad);
    winsock();
    winsock_pair(pair);
    talk(pair);
    SUCCEEDS(WSACleanup());
}

TEST(a_table_with_a_gap_is_refused, "NEED-S4 C.10 WSASocketW:WSAEINVALIDPROCTABLE")
{
    new_catalog();
    gives("bad_short", WSAEINVALIDPROCTABLE);
}

/* Its WSPSend would never be called, and nobody would know. */
TEST(a_function_that_the_linker_hides_is_told, "NEED-S4 NEED-H12 WSASocketW:WSAEINVALIDPROCTABLE")
{
    new_catalog();
    install_layer("bad_hidden", XP1_IFS_HANDLES);
    winsock();
    EQUAL(socket_code(), WSAEINVALIDPROCTABLE);
    SUCCEEDS(WSACleanup());
}

TEST(an_old_version_is_refused, "WSPStartup.6 WSASocketW:WSAEINVALIDPROVIDER")
{
    new_catalog();
    struct layer bad = install_layer("bad_version", XP1_IFS_HANDLES);
    winsock();
    EQUAL(socket_code(), WSAEINVALIDPROVIDER);
    SUCCEEDS(WSACleanup());
    remove_layer(&bad);
    winsock();
    EQUAL(socket_code(), 0);
}

TEST(a_start_that_fails_is_told, "NEED-S3 WSASocketW:WSAEPROVIDERFAILEDINIT")
{
    new_catalog();
    gives("bad_fails", WSAEPROVIDERFAILEDINIT);
}

/* The base provider's, which the library shows by the way, does not count. */
TEST(a_library_without_a_start_is_none, "C.3 NEED-S1")
{
    new_catalog();
    gives("bad_none", WSAEPROVIDERFAILEDINIT);
}

TEST(what_cannot_be_loaded_is_told, "NEED-S1 W.7")
{
    new_catalog();
    struct layer gone = install_layer("pass", XP1_IFS_HANDLES);
    EQUAL(unlink(gone.path), 0);
    winsock();
    EQUAL(socket_code(), WSAEPROVIDERFAILEDINIT);
    SUCCEEDS(WSACleanup());
    FILE *file = fopen(gone.path, "w");
    fputs("not a library\n", file);
    fclose(file);
    EQUAL(chmod(gone.path, 0600), 0);
    winsock();
    EQUAL(socket_code(), WSAEPROVIDERFAILEDINIT);
    struct layer over = install_layer("pass", XP1_IFS_HANDLES);
    SUCCEEDS(WSACleanup());
    winsock();
    EQUAL(socket_code(), WSAEPROVIDERFAILEDINIT);
    SUCCEEDS(WSACleanup());
    remove_layer(&over);
    remove_layer(&gone);
    winsock();
    EQUAL(socket_code(), 0);
}

/* It lists and changes the catalog and starts Winsock; only its own protocol it cannot open before it has started. */
TEST(a_layer_may_call_while_it_starts, "NEED-S2 NEED-C2 W.5 W.9")
{
    SOCKET pair[2];
    new_catalog();
    const char *file = output_of("LSP_CALLS_FILE");
    install_layer("bad_calls", XP1_IFS_HANDLES);
    winsock();
    winsock_pair(pair);
    says(file, "list 10055, install 0, remove 0, start 0, socket 10036\n"); /* WSAENOBUFS, WSAEINPROGRESS */
    talk(pair);
    SUCCEEDS(WSACleanup());
    EQUAL(unlink(file), 0);
    struct layer pass = install_layer("pass", XP1_IFS_HANDLES);
    winsock();
    winsock_pair(pair);
    says(file, "list 10055, install 0, remove 0, start 0, socket 10036\n");
    talk(pair);
    SUCCEEDS(WSACleanup());
    remove_layer(&pass);
}
