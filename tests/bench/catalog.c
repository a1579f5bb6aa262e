#include "catalog.h"

#include "bench.h"

#include <sporder.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 512, DEEPEST = 3 };

static WSAPROTOCOL_INFOW all[MOST];
static int count;

static void look(void)
{
    DWORD length = sizeof all;
    int error = 0;
    count = WSCEnumProtocols(NULL, all, &length, &error);
    MUST(count > 0, error);
}

static LPWSAPROTOCOL_INFOW find(int family, int type, int chain)
{
    for (int i = 0; i < count; i++)
        if (all[i].iAddressFamily == family && all[i].iSocketType == type && all[i].ProtocolChain.ChainLen == chain)
            return &all[i];
    stop("the entry is there", __FILE__, __LINE__, chain);
}

static GUID numbered(unsigned number)
{
    GUID id = {number, 0x5732, 0x5350, {'b', 'e', 'n', 'c', 'h', 0, 0, 0}};
    return id;
}

static void widen(const char *text, WCHAR *to, int room)
{
    while (room-- > 1 && *text != 0)
        *to++ = (unsigned char)*text++;
    *to = 0;
}

static void install_layer(const char *layer, int number)
{
    char text[512];
    WCHAR path[512], name[32];
    GUID id = numbered((unsigned)number);
    int error = 0;
    DWORD entry;
    snprintf(text, sizeof text, "%s/%s-%d.so", getenv("BENCH_LAYERS"), layer, number);
    widen(text, path, 512);
    snprintf(text, sizeof text, "%s %d", layer, number);
    widen(text, name, 32);
    WSAPROTOCOL_INFOW over[2] = {*find(AF_INET, SOCK_STREAM, 1), *find(AF_INET, SOCK_DGRAM, 1)};
    MUST(WSCInstallProviderAndChains(&id, path, name, XP1_IFS_HANDLES, over, 2, &entry, &error) == 0, error);
}

/* Chains over TCP of IPv6, whose layer is never loaded. */
static void install_entries(int entries)
{
    static WSAPROTOCOL_INFOW chains[MOST];
    DWORD order[MOST];
    WCHAR path[] = {'/', 'n', 'o', 'n', 'e', 0};
    GUID id = numbered(1000), layer = numbered(1001);
    int error = 0;
    WSAPROTOCOL_INFOW entry = *find(AF_INET6, SOCK_STREAM, 1);
    entry.ProtocolChain.ChainLen = LAYERED_PROTOCOL;
    MUST(WSCInstallProvider(&layer, path, &entry, 1, &error) == 0, error);
    look();
    DWORD base = entry.dwCatalogEntryId, dummy = find(AF_INET6, SOCK_STREAM, LAYERED_PROTOCOL)->dwCatalogEntryId;
    entry.ProtocolChain = (WSAPROTOCOLCHAIN){2, {dummy, base}};
    for (int i = 0; i < entries; i++)
        chains[i] = entry;
    MUST(WSCInstallProvider(&id, path, chains, (DWORD)entries, &error) == 0, error);
    look();
    int at = 0;
    for (int first = 1; first >= 0; first--)
        for (int i = 0; i < count; i++)
            if ((memcmp(&all[i].ProviderId, &id, sizeof id) == 0) == first)
                order[at++] = all[i].dwCatalogEntryId;
    error = WSCWriteProviderOrder(order, (DWORD)at);
    MUST(error == 0, error);
}

int winsock_layers = -1;

static WSAPROTOCOL_INFOW chosen[DEEPEST + 1][2];

void catalog_fill(const char *layer, int layers, int entries)
{
    look();
    for (int i = 1; i <= layers; i++)
        install_layer(layer, i);
    if (entries > 0)
        install_entries(entries);
    look();
    for (int depth = 0; depth <= layers; depth++) {
        chosen[depth][0] = *find(AF_INET, SOCK_STREAM, depth + 1);
        chosen[depth][1] = *find(AF_INET, SOCK_DGRAM, depth + 1);
    }
}

LPWSAPROTOCOL_INFOW winsock_entry(int type)
{
    return winsock_layers < 0 ? NULL : &chosen[winsock_layers][type == SOCK_DGRAM];
}
