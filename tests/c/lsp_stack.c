/* The sample layers, stacked. */
#include "chain.h"

/* What the layers see of one conversation, in whatever order they lie. */
TEST(three_layers_with_the_systems_handles, "LP.2 LP.3 LP.4 LP.5 NEED-S3 NEED-S5 NEED-S14 NEED-S16 NEED-C3 NEED-C7")
{
    static const char *const orders[][3] = {
        {"pass", "count", "refuse"}, {"count", "pass", "extend"}, {"pass", "pass", "count"}, {"count", "count", "count"},
    };
    SOCKET pair[2], base;
    DWORD count;
    new_catalog();
    const char *file = output_of("LSP_COUNT_FILE");
    for (unsigned order = 0; order < sizeof orders / sizeof *orders; order++) {
        struct layer stack[3];
        char expected[200] = "";
        for (int i = 2; i >= 0; i--) {
            stack[i] = install_layer(orders[order][i], XP1_IFS_HANDLES);
            if (strcmp(orders[order][i], "count") == 0)
                strcat(expected, "lsp_stack: 13 bytes out, 13 bytes in\n");
        }
        winsock();
        winsock_pair(pair);
        WSAPROTOCOL_INFOW info, chain = chain_of(&stack[0], IPPROTO_TCP);
        int length = sizeof info;
        EQUAL(chain.ProtocolChain.ChainLen, 4);
        EQUAL(chain.ProtocolChain.ChainEntries[3], 1001);
        SUCCEEDS(getsockopt(pair[1], SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)&info, &length));
        EQUAL(info.dwCatalogEntryId, chain.dwCatalogEntryId);
        SUCCEEDS(WSAIoctl(pair[1], SIO_BASE_HANDLE, NULL, 0, &base, sizeof base, &count, NULL, NULL));
        EQUAL(base, pair[1]);
        talk(pair);
        says(file, "");
        SUCCEEDS(WSACleanup());
        says(file, expected);
        EQUAL(unlink(file), 0);
        /* From the top, and from below. */
        for (int i = 0; i < 3; i++)
            remove_layer(&stack[order % 2 == 0 ? i : 2 - i]);
        winsock();
        winsock_pair(pair);
        talk(pair);
        SUCCEEDS(WSACleanup());
        says(file, "");
    }
}
