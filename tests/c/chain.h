/* Chains of the sample layers (tests/lsp) in a catalog of the test's own, each installed from a copy of its own. */
#ifndef CHAIN_H
#define CHAIN_H

#include "catalog.h"
#include "winsock.h"

/* An installed layer: its GUID, the id of its hidden entry, its file. */
struct layer {
    GUID id;
    DWORD hidden;
    char path[300];
};

static char copies[64][300];
static unsigned layers;

static void remove_copies(void)
{
    for (unsigned i = 0; i < layers; i++)
        unlink(copies[i]);
}

/* `from`, as a file in the folder of the catalog. */
static void copy_file(const char *from, const char *to)
{
    static char bytes[1 << 16];
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    CHECK(in != NULL && out != NULL);
    for (size_t count; (count = fread(bytes, 1, sizeof bytes, in)) > 0;)
        CHECK(fwrite(bytes, 1, count, out) == count);
    fclose(in);
    EQUAL(fclose(out), 0);
    EQUAL(chmod(to, 0600), 0);
}

/* Installs a sample over the topmost entries of TCP and UDP over IPv4; `flags` are XP1_IFS_HANDLES or 0. */
UNUSED static struct layer install_layer(const char *sample, DWORD flags)
{
    struct layer layer = {.id = numbered(0x1000 + layers)};
    char from[600], name[100];
    WSAPROTOCOL_INFOW over[2];
    snprintf(from, sizeof from, "%s/%s.so", LSP_FOLDER, sample);
    snprintf(layer.path, sizeof layer.path, "%s/%u-%s.so", catalog_folder, layers, sample);
    snprintf(name, sizeof name, "%s %u", sample, layers);
    copy_file(from, layer.path);
    if (layers == 0)
        atexit(remove_copies);
    strcpy(copies[layers++], layer.path);
    int count = all_entries();
    over[0] = entries[place_of(1001, count)];
    over[1] = entries[place_of(1002, count)];
    SUCCEEDS(WSCInstallProviderAndChains(&layer.id, wide(layer.path), wide(name), flags, over, 2, &layer.hidden, &error));
    return layer;
}

/* The entry of the layer's chain over a protocol, as it is in the catalog. */
UNUSED static WSAPROTOCOL_INFOW chain_of(const struct layer *layer, int protocol)
{
    int count = all_entries();
    for (int i = 0; i < count; i++)
        if (entries[i].ProtocolChain.ChainLen > BASE_PROTOCOL &&
            entries[i].ProtocolChain.ChainEntries[0] == layer->hidden && entries[i].iProtocol == protocol)
            return entries[i];
    CHECK(!"such a chain");
    return entries[0];
}

/* Removes a layer with its chains, and looks whether it is gone. */
UNUSED static void remove_layer(const struct layer *layer)
{
    GUID chains[16];
    int found = 0, count = all_entries();
    for (int i = 0; i < count; i++)
        if (entries[i].ProtocolChain.ChainLen > BASE_PROTOCOL &&
            entries[i].ProtocolChain.ChainEntries[0] == layer->hidden)
            chains[found++] = entries[i].ProviderId;
    CHECK(found > 0);
    for (int i = 0; i < found; i++)
        SUCCEEDS(WSCDeinstallProvider(&chains[i], &error));
    GUID id = layer->id;
    SUCCEEDS(WSCDeinstallProvider(&id, &error));
    EQUAL(all_entries(), count - found - 1);
    EQUAL(place_of(layer->hidden, count - found - 1), -1);
}

/* ---- Clients and servers, by Winsock ---- */

/* The code of a call of Winsock's that fails. */
#define CODE(call) ((call) == SOCKET_ERROR ? WSAGetLastError() : 0)

/* Two connected TCP sockets of the topmost chain: pair[0] connected, pair[1] was accepted. */
UNUSED static void winsock_pair(SOCKET pair[2])
{
    SOCKET listening = winsock_listen();
    struct sockaddr_in address = winsock_name(listening);
    pair[0] = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    CHECK(pair[0] != INVALID_SOCKET);
    EQUAL(CODE(connect(pair[0], (struct sockaddr *)&address, sizeof address)), 0);
    pair[1] = accept(listening, NULL, NULL);
    CHECK(pair[1] != INVALID_SOCKET);
    EQUAL(CODE(closesocket(listening)), 0);
}

/* Sends all of a text, and receives it on the other side. */
UNUSED static void carry(SOCKET from, SOCKET to, const char *text)
{
    char room[1000];
    int length = (int)strlen(text), received = 0;
    EQUAL(send(from, text, length, 0), length);
    while (received < length) {
        int count = recv(to, room + received, (int)sizeof room - received, 0);
        CHECK(count > 0);
        received += count;
    }
    EQUAL(received, length);
    CHECK(memcmp(room, text, (size_t)length) == 0);
}

/* Both directions, and the end of the connection. */
UNUSED static void talk(SOCKET pair[2])
{
    char byte;
    carry(pair[0], pair[1], "there");
    carry(pair[1], pair[0], "and back");
    EQUAL(CODE(shutdown(pair[0], SD_SEND)), 0);
    EQUAL(recv(pair[1], &byte, 1, 0), 0);
    EQUAL(CODE(closesocket(pair[0])), 0);
    EQUAL(CODE(closesocket(pair[1])), 0);
    EQUAL(CODE(send(pair[0], "x", 1, 0)), WSAENOTSOCK);
}

/* Two UDP sockets of the topmost chain, connected to each other. */
UNUSED static void winsock_datagrams(SOCKET pair[2])
{
    for (int i = 0; i < 2; i++) {
        struct sockaddr_in address = loopback(0);
        pair[i] = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
        CHECK(pair[i] != INVALID_SOCKET);
        EQUAL(CODE(bind(pair[i], (struct sockaddr *)&address, sizeof address)), 0);
    }
    for (int i = 0; i < 2; i++) {
        struct sockaddr_in other = winsock_name(pair[!i]);
        EQUAL(CODE(connect(pair[i], (struct sockaddr *)&other, sizeof other)), 0);
    }
}

/* The handle that a control code gives for a socket. */
UNUSED static SOCKET handle_of(SOCKET s, DWORD code)
{
    SOCKET handle = 0;
    DWORD count = 0;
    EQUAL(CODE(WSAIoctl(s, code, NULL, 0, &handle, sizeof handle, &count, NULL, NULL)), 0);
    EQUAL(count, sizeof handle);
    return handle;
}

/* The function of the socket's provider goes to `function`; the code, 0 for none. */
UNUSED static int function_of(SOCKET s, GUID guid, void *function)
{
    DWORD count = 0;
    int code = CODE(WSAIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &guid, sizeof guid, function, sizeof(void *), &count,
                             NULL, NULL));
    EQUAL(count, code == 0 ? sizeof(void *) : 0);
    return code;
}

/* ---- Overlapped requests ---- */

/* A receive that waits, or has to: the caller's variables stay as they are. */
UNUSED static void receive_overlapped(SOCKET s, void *room, ULONG length, OVERLAPPED *overlapped,
                               LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    WSABUF buffer = {length, room};
    DWORD count = 77, flags = 0;
    EQUAL(CODE(WSARecv(s, &buffer, 1, &count, &flags, overlapped, routine)), WSA_IO_PENDING);
    EQUAL(count, 77);
    memset(&buffer, 0xff, sizeof buffer); /* it is not needed any more (OV.7) */
}

/* How a request has ended, or the code that says that it has not. */
UNUSED static int winsock_outcome(SOCKET s, OVERLAPPED *overlapped, DWORD *count, BOOL wait)
{
    DWORD flags = 99;
    int code = WSAGetOverlappedResult(s, overlapped, count, wait, &flags) ? 0 : WSAGetLastError();
    if (code == 0)
        EQUAL(flags, 0);
    return code;
}

/* ---- What layers write ---- */

/* A file in the catalog's folder, named by an environment variable; its path. */
UNUSED static const char *output_of(const char *variable)
{
    strcpy(copies[layers], catalog_folder);
    strcat(copies[layers], "/");
    strcat(copies[layers], variable);
    CHECK(setenv(variable, copies[layers], 1) == 0);
    if (layers == 0)
        atexit(remove_copies);
    return copies[layers++];
}

/* What is in a file; empty if there is none. */
UNUSED static const char *text_of(const char *path)
{
    static char text[4096];
    FILE *file = fopen(path, "r");
    size_t length = file != NULL ? fread(text, 1, sizeof text - 1, file) : 0;
    text[length] = '\0';
    if (file != NULL)
        fclose(file);
    return text;
}

UNUSED static void says(const char *path, const char *expected)
{
    if (strcmp(text_of(path), expected) != 0)
        fail(__FILE__, __LINE__, "%s says '%s', not '%s'", path, text_of(path), expected);
}

#endif
