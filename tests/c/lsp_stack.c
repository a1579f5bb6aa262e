/* The sample layers, stacked. */
#include "chain.h"

/* Whether a layer has handles of its own. */
static int has_own(const char *sample)
{
    return strcmp(sample, "nonifs") == 0 || strcmp(sample, "rewrite") == 0;
}

/* What the layers see of one conversation, in whatever order they lie. */
TEST(three_layers_of_any_kind,
     "LP.2 LP.3 LP.4 LP.5 NEED-S3 NEED-S5 NEED-S6 NEED-S14 NEED-S16 NEED-C3 NEED-C7 U.4 U.5")
{
    static const char *const orders[][3] = {
        {"pass", "count", "refuse"},    {"count", "pass", "extend"},     {"pass", "pass", "count"},
        {"count", "count", "count"},    {"nonifs", "count", "pass"},     {"nonifs", "nonifs", "nonifs"},
        {"pass", "count", "nonifs"},    {"count", "nonifs", "count"},    {"rewrite", "nonifs", "count"},
        {"rewrite", "pass", "rewrite"}, {"extend", "rewrite", "refuse"},
    };
    SOCKET pair[2], base;
    DWORD count;
    new_catalog();
    const char *file = output_of("LSP_COUNT_FILE");
    for (unsigned order = 0; order < sizeof orders / sizeof *orders; order++) {
        struct layer stack[3];
        char expected[200] = "";
        int own = 0;
        for (int i = 2; i >= 0; i--) {
            const char *sample = orders[order][i];
            stack[i] = install_layer(sample, has_own(sample) ? 0 : XP1_IFS_HANDLES);
            own += has_own(sample);
            if (strcmp(sample, "count") == 0)
                strcat(expected, "lsp_stack: 13 bytes out, 13 bytes in\n");
        }
        winsock();
        winsock_pair(pair);
        WSAPROTOCOL_INFOW info, chain = chain_of(&stack[0], IPPROTO_TCP);
        int length = sizeof info;
        EQUAL(chain.ProtocolChain.ChainLen, 4);
        EQUAL(chain.ProtocolChain.ChainEntries[3], 1001);
        EQUAL((chain.dwServiceFlags1 & XP1_IFS_HANDLES) != 0, !has_own(orders[order][0]));
        SUCCEEDS(getsockopt(pair[1], SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)&info, &length));
        EQUAL(info.dwCatalogEntryId, chain.dwCatalogEntryId);
        SUCCEEDS(WSAIoctl(pair[1], SIO_BASE_HANDLE, NULL, 0, &base, sizeof base, &count, NULL, NULL));
        EQUAL(base == pair[1], own == 0);
        talk(pair);
        says(file, "");
        SUCCEEDS(WSACleanup());
        says(file, expected);
        if (*expected != '\0')
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
    EQUAL(posix_threads(), 1);
}
