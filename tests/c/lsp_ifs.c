/* Layers with the system's handles, each alone: pass.c, count.c, refuse.c and extend.c of tests/lsp. */
#include "chain.h"
#include "port.h"
#include "waits.h"

/* The entry that a socket says it is of. */
static WSAPROTOCOL_INFOW info_of(SOCKET s)
{
    WSAPROTOCOL_INFOW info;
    int length = sizeof info;
    SUCCEEDS(getsockopt(s, SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)&info, &length));
    EQUAL(length, sizeof info);
    return info;
}

static int connect_socket(SOCKET s, struct sockaddr_in address)
{
    return CODE(connect(s, (struct sockaddr *)&address, sizeof address));
}

/* ---- A client in another process ---- */

/* `--child [x]PORT`: connects, sends twelve bytes, receives five; cleans up, or with the x just ends. */
__attribute__((constructor)) static void be_the_client(int count, char **arguments)
{
    if (count != 3 || strcmp(arguments[1], "--child") != 0)
        return;
    const char *port = arguments[2] + (arguments[2][0] == 'x');
    char room[5];
    running = "the child";
    winsock();
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    EQUAL(connect_socket(s, loopback((unsigned short)atoi(port))), 0);
    EQUAL(send(s, "twelve bytes", 12, 0), 12);
    EQUAL(recv(s, room, sizeof room, MSG_WAITALL), 5);
    if (port == arguments[2])
        SUCCEEDS(WSACleanup());
    exit(0);
}

/* Runs such a client against a server without Winsock. */
static void run_client(const char *how)
{
    unsigned short port;
    char argument[16], room[12];
    int pipe, listening = posix_listen(&port, 5);
    snprintf(argument, sizeof argument, "%s%u", how, port);
    int child = posix_start(argument, &pipe), peer = posix_accept(listening);
    EQUAL(posix_read(peer, room, sizeof room), 12);
    CHECK(memcmp(room, "twelve bytes", 12) == 0);
    posix_write(peer, "seven", 5);
    EQUAL(posix_wait(child), 0);
    posix_close(peer);
    posix_close(listening);
    posix_close(pipe);
}

/* ---- pass.c ---- */

TEST(a_layer_that_changes_nothing,
     "NEED-S1 NEED-S2 NEED-S3 NEED-S4 NEED-S5 NEED-S7 NEED-S14 NEED-C4 LP.1 LP.2 LP.4 LP.5 WSPStartup.14 WSPSocket.9 "
     "C.5 WPUModifyIFSHandle.1 WPUModifyIFSHandle.2 WPUModifyIFSHandle.3 WPUGetProviderPath.1 WPUGetProviderPath.2")
{
    SOCKET pair[2];
    new_catalog();
    struct layer pass = install_layer("pass", XP1_IFS_HANDLES);
    WSAPROTOCOL_INFOW chain = chain_of(&pass, IPPROTO_TCP);
    winsock();
    winsock_pair(pair);
    for (int i = 0; i < 2; i++) {
        WSAPROTOCOL_INFOW info = info_of(pair[i]);
        CHECK(memcmp(&info, &chain, sizeof info) == 0);
        EQUAL(handle_of(pair[i], SIO_BASE_HANDLE), pair[i]);
        EQUAL(handle_of(pair[i], SIO_BSP_HANDLE_SELECT), pair[i]);
    }
    talk(pair);
    winsock_datagrams(pair);
    EQUAL(info_of(pair[0]).dwCatalogEntryId, chain_of(&pass, IPPROTO_UDP).dwCatalogEntryId);
    carry(pair[0], pair[1], "a datagram");
    SUCCEEDS(WSACleanup());
    EQUAL(CODE(send(pair[0], "x", 1, 0)), WSANOTINITIALISED);
    remove_layer(&pass);
    winsock();
    winsock_pair(pair);
    EQUAL(info_of(pair[0]).dwCatalogEntryId, 1001);
    EQUAL(info_of(pair[0]).ProtocolChain.ChainLen, BASE_PROTOCOL);
    talk(pair);
}

/* What was started is started once, and anew after the end. */
TEST(a_chain_ends_with_the_last_cleanup, "NEED-S3 NEED-S16 WSPCleanup.9 WSPStartup.9")
{
    SOCKET pair[2], kept[2];
    new_catalog();
    const char *file = output_of("LSP_COUNT_FILE");
    install_layer("count", XP1_IFS_HANDLES);
    for (int i = 0; i < 3; i++) {
        winsock();
        winsock();
        winsock_pair(kept);
        SUCCEEDS(WSACleanup());
        carry(kept[0], kept[1], "1234");
        says(file, "");
        winsock_pair(pair);
        talk(pair);
        SUCCEEDS(WSACleanup());
        says(file, "lsp_ifs: 17 bytes out, 17 bytes in\n");
        EQUAL(unlink(file), 0);
        EQUAL(CODE(send(kept[0], "x", 1, 0)), WSANOTINITIALISED);
    }
}

/* Overlapped requests and events are the base provider's: the layer is not asked. */
TEST(overlapped_requests_go_past_it, "WSCInstallProviderAndChains64_32.4 WPUModifyIFSHandle.4 NEED-S5 NEED-K1 OV.4 OV.9")
{
    SOCKET pair[2];
    char room[8];
    DWORD count, flags = 0;
    WSABUF buffer = {sizeof room, room};
    WSAEVENT event = new_event();
    OVERLAPPED by_event = {.hEvent = event}, by_port = {0};
    new_catalog();
    const char *file = output_of("LSP_COUNT_FILE");
    install_layer("count", XP1_IFS_HANDLES);
    winsock();
    winsock_pair(pair);
    EQUAL(CODE(WSARecv(pair[1], &buffer, 1, &count, &flags, &by_event, NULL)), WSA_IO_PENDING);
    EQUAL(send(pair[0], "first", 5, 0), 5);
    EQUAL(wait_for(event, 10000), WSA_WAIT_EVENT_0);
    CHECK(WSAGetOverlappedResult(pair[1], &by_event, &count, FALSE, &flags));
    EQUAL(count, 5);
    HANDLE port = new_port();
    associate(pair[1], port, 99);
    EQUAL(CODE(WSARecv(pair[1], &buffer, 1, &count, &flags, &by_port, NULL)), WSA_IO_PENDING);
    EQUAL(send(pair[0], "2nd", 3, 0), 3);
    struct packet packet = take(port, INFINITE);
    CHECK(packet.succeeded && packet.overlapped == &by_port && packet.key == 99);
    EQUAL(packet.bytes, 3);
    /* A request that succeeds at once it does see. */
    EQUAL(CODE(WSASend(pair[1], &buffer, 1, NULL, 0, &by_port, NULL)), 0);
    EQUAL(take(port, INFINITE).bytes, sizeof room);
    SUCCEEDS(WSACleanup());
    says(file, "lsp_ifs: 16 bytes out, 0 bytes in\n");
}

TEST(a_duplicate_finds_its_chain, "NEED-S15 LP.1 WSPDuplicateSocket.1 WSPSocket.6")
{
    SOCKET pair[2];
    WSAPROTOCOL_INFOW info;
    new_catalog();
    const char *file = output_of("LSP_COUNT_FILE");
    struct layer count = install_layer("count", XP1_IFS_HANDLES);
    winsock();
    winsock_pair(pair);
    SUCCEEDS(WSADuplicateSocketW(pair[0], (DWORD)posix_process(), &info));
    EQUAL(info.dwCatalogEntryId, chain_of(&count, IPPROTO_TCP).dwCatalogEntryId);
    CHECK(info.dwProviderReserved != 0);
    SOCKET duplicate = WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info, 0,
                                  WSA_FLAG_OVERLAPPED);
    CHECK(duplicate != INVALID_SOCKET && duplicate != pair[0]);
    EQUAL(CODE(closesocket(pair[0])), 0);
    carry(duplicate, pair[1], "duplicated");
    EQUAL(info_of(duplicate).dwCatalogEntryId, info.dwCatalogEntryId);
    SUCCEEDS(WSACleanup());
    says(file, "lsp_ifs: 10 bytes out, 10 bytes in\n");
}

/* ---- count.c ---- */

TEST(bytes_are_counted, "NEED-S5 NEED-S16 WSPCleanup.1")
{
    SOCKET pair[2], datagrams[2];
    char room[16];
    new_catalog();
    const char *file = output_of("LSP_COUNT_FILE");
    struct layer count = install_layer("count", XP1_IFS_HANDLES);
    winsock();
    winsock_pair(pair);
    winsock_datagrams(datagrams); /* of a second chain: the socket says through which a call goes on */
    carry(pair[0], pair[1], "12345");
    carry(datagrams[0], datagrams[1], "123");
    EQUAL(send(pair[1], "12", 2, 0), 2);
    EQUAL(recv(pair[0], room, sizeof room, MSG_PEEK), 2); /* and there they stay */
    EQUAL(recv(pair[0], room, sizeof room, 0), 2);
    struct sockaddr_in to = winsock_name(datagrams[0]);
    EQUAL(sendto(datagrams[1], "1234", 4, 0, (struct sockaddr *)&to, sizeof to), 4);
    EQUAL(recvfrom(datagrams[0], room, sizeof room, 0, NULL, NULL), 4);
    says(file, "");
    SUCCEEDS(WSACleanup());
    says(file, "lsp_ifs: 14 bytes out, 14 bytes in\n");
    remove_layer(&count);
    winsock();
    winsock_pair(pair);
    talk(pair);
    SUCCEEDS(WSACleanup());
    says(file, "lsp_ifs: 14 bytes out, 14 bytes in\n");
}

/* Whether a program cleans up, as it should, or not. */
TEST(an_unchanged_program_is_counted, "NEED-S16 WSPCleanup.8 NEED-C2 NEED-C5")
{
    new_catalog();
    const char *file = output_of("LSP_COUNT_FILE");
    struct layer count = install_layer("count", XP1_IFS_HANDLES);
    run_client("");
    says(file, "program: 12 bytes out, 5 bytes in\n");
    run_client("x");
    says(file, "program: 12 bytes out, 5 bytes in\nprogram: 12 bytes out, 5 bytes in\n");
    remove_layer(&count);
    run_client("");
    says(file, "program: 12 bytes out, 5 bytes in\nprogram: 12 bytes out, 5 bytes in\n");
}

/* ---- refuse.c ---- */

/* ConnectEx of the socket's provider. */
static BOOL connect_ex(SOCKET s, struct sockaddr_in address, OVERLAPPED *overlapped)
{
    LPFN_CONNECTEX function;
    DWORD count;
    struct sockaddr_in own = loopback(0);
    EQUAL(function_of(s, (GUID)WSAID_CONNECTEX, &function), 0);
    SUCCEEDS(bind(s, (struct sockaddr *)&own, sizeof own));
    return function(s, (struct sockaddr *)&address, sizeof address, "hello", 5, &count, overlapped);
}

TEST(connections_are_refused, "NEED-S12 NEED-S5 LP.1")
{
    char text[40];
    OVERLAPPED overlapped = {.hEvent = new_event()};
    DWORD count, flags;
    new_catalog();
    SOCKET s[4], guarded, open;
    struct layer refuse = install_layer("refuse", XP1_IFS_HANDLES);
    winsock();
    guarded = winsock_listen();
    open = winsock_listen();
    snprintf(text, sizeof text, "10.1.2.3:4,127.0.0.1:%u", ntohs(winsock_name(guarded).sin_port));
    setenv("LSP_REFUSE", text, 1);
    for (int i = 0; i < 4; i++)
        CHECK((s[i] = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)) != INVALID_SOCKET);
    EQUAL(connect_socket(s[0], winsock_name(guarded)), WSAEACCES);
    EQUAL(connect_socket(s[0], winsock_name(open)), 0);
    EQUAL(connect_ex(s[1], winsock_name(guarded), &overlapped), FALSE);
    EQUAL(WSAGetLastError(), WSAEACCES);
    EQUAL(overlapped.Internal, 0);
    CHECK(connect_ex(s[2], winsock_name(open), &overlapped) || WSAGetLastError() == WSA_IO_PENDING);
    EQUAL(WSAGetOverlappedResult(s[2], &overlapped, &count, TRUE, &flags) ? 0 : WSAGetLastError(), 0);
    EQUAL(count, 5);
    SUCCEEDS(WSACleanup());
    remove_layer(&refuse);
    winsock();
    guarded = winsock_listen();
    snprintf(text, sizeof text, "127.0.0.1:%u", ntohs(winsock_name(guarded).sin_port));
    setenv("LSP_REFUSE", text, 1);
    EQUAL(connect_socket(socket(AF_INET, SOCK_STREAM, IPPROTO_TCP), winsock_name(guarded)), 0);
}

/* ---- extend.c ---- */

TEST(extension_functions_are_a_sockets_own, "NEED-S12")
{
    LPFN_WSARECVMSG recv_msg;
    LPFN_ACCEPTEX accept_ex;
    DWORD count, flags;
    SOCKET datagrams[2];
    char room[16];
    WSABUF buffer = {sizeof room, room};
    WSAMSG message = {.lpBuffers = &buffer, .dwBufferCount = 1};
    OVERLAPPED overlapped = {.hEvent = new_event()};
    new_catalog();
    const char *file = output_of("LSP_EXTEND_FILE");
    struct layer extend = install_layer("extend", XP1_IFS_HANDLES);
    winsock();
    winsock_datagrams(datagrams);
    EQUAL(function_of(datagrams[1], (GUID)WSAID_WSARECVMSG, &recv_msg), 0);
    EQUAL(send(datagrams[0], "1234567", 7, 0), 7);
    EQUAL(CODE(recv_msg(datagrams[1], &message, &count, NULL, NULL)), 0);
    EQUAL(count, 7);
    says(file, "WSARecvMsg got 7 bytes\n");
    EQUAL(CODE(recv_msg((SOCKET)4, &message, &count, NULL, NULL)), WSAENOTSOCK);
    SOCKET listening = winsock_listen(), s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    CHECK(connect_ex(s, winsock_name(listening), &overlapped) || WSAGetLastError() == WSA_IO_PENDING);
    CHECK(WSAGetOverlappedResult(s, &overlapped, &count, TRUE, &flags));
    says(file, "WSARecvMsg got 7 bytes\nConnectEx with 5 bytes\n");
    /* A function that the layer leaves alone is the base provider's. */
    EQUAL(function_of(s, (GUID)WSAID_ACCEPTEX, &accept_ex), 0);
    EQUAL(accept_ex((SOCKET)4, s, room, 0, 32, 32, &count, &overlapped), FALSE);
    EQUAL(WSAGetLastError(), WSAENOTSOCK);
    EQUAL(function_of(s, numbered(1), &accept_ex), WSAEINVAL);
    SUCCEEDS(WSACleanup());
    remove_layer(&extend);
}
