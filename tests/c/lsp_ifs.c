/* Layers with the system's handles: pass.c, count.c, refuse.c and extend.c of tests/lsp, each alone. */
#include "chain.h"

TEST(a_layer_that_changes_nothing,
     "NEED-S1 NEED-S2 NEED-S3 NEED-S4 NEED-S5 NEED-S7 NEED-C4 LP.1 LP.2 LP.4 LP.5 WSPStartup.14 WSPSocket.9 C.5 "
     "WPUModifyIFSHandle.1 WPUModifyIFSHandle.3")
{
    SOCKET pair[2];
    WSAPROTOCOL_INFOW info;
    int length = sizeof info;
    new_catalog();
    struct layer pass = install_layer("pass", XP1_IFS_HANDLES);
    winsock();
    winsock_pair(pair);
    WSAPROTOCOL_INFOW chain = chain_of(&pass, IPPROTO_TCP);
    for (int i = 0; i < 2; i++) {
        SUCCEEDS(getsockopt(pair[i], SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)&info, &length));
        EQUAL(info.dwCatalogEntryId, chain.dwCatalogEntryId);
    }
    talk(pair);
    SUCCEEDS(WSACleanup());
    remove_layer(&pass);
}
