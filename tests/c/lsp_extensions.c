/* Extension functions, select, WSAPoll and control codes over a layer with handles of its own, alone and over itself. */
#include "chain.h"
#include "port.h"
#include "waits.h"

#include <dlfcn.h>
#include <fcntl.h>

/* Winsock with so many layers of nonifs.c in the chains of TCP and UDP. */
static void begin(int depth)
{
    new_catalog();
    while (depth-- > 0)
        install_layer("nonifs", 0);
    winsock();
}

static SOCKET new_tcp(void)
{
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    CHECK(s != INVALID_SOCKET);
    return s;
}

/* The code of an extension function that has failed, or is under way. */
#define CODE_OF(call) ((call) ? 0 : WSAGetLastError())

/* ---- Connecting ---- */

struct accepting {
    char data[8], areas[2][sizeof(struct sockaddr_in) + 16];
};

TEST(connections_by_extension_functions, "NEED-S8 NEED-S12 OV.4 OV.6")
{
    struct accepting room = {.data = "-------"};
    LPFN_ACCEPTEX accept_ex;
    LPFN_CONNECTEX connect_ex;
    LPFN_DISCONNECTEX disconnect_ex;
    LPFN_GETACCEPTEXSOCKADDRS get_addresses;
    DWORD count = 77;
    struct sockaddr_in any = loopback(0), peer;
    struct sockaddr *local, *remote;
    int local_length, remote_length, length = sizeof peer;
    OVERLAPPED accepted = {.hEvent = new_event()}, connected = {.hEvent = new_event()};
    begin(2);
    SOCKET listening = winsock_listen(), server = new_tcp(), client = new_tcp();
    struct sockaddr_in address = winsock_name(listening);
    EQUAL(function_of(listening, (GUID)WSAID_ACCEPTEX, &accept_ex), 0);
    EQUAL(function_of(listening, (GUID)WSAID_GETACCEPTEXSOCKADDRS, &get_addresses), 0);
    EQUAL(function_of(client, (GUID)WSAID_CONNECTEX, &connect_ex), 0);
    EQUAL(function_of(client, (GUID)WSAID_DISCONNECTEX, &disconnect_ex), 0);
    EQUAL(CODE_OF(accept_ex(listening, (SOCKET)4, &room, 8, 32, 32, &count, &accepted)), WSAENOTSOCK);
    EQUAL(CODE_OF(accept_ex((SOCKET)4, server, &room, 8, 32, 32, &count, &accepted)), WSAENOTSOCK);
    EQUAL(CODE_OF(accept_ex(listening, server, &room, 8, 32, 32, &count, &accepted)), WSA_IO_PENDING);
    EQUAL(CODE(bind(client, (struct sockaddr *)&any, sizeof any)), 0);
    EQUAL(CODE_OF(connect_ex(client, (struct sockaddr *)&address, sizeof address, "hello", 5, &count, &connected)),
          WSA_IO_PENDING);
    EQUAL(count, 77);
    EQUAL(winsock_outcome(client, &connected, &count, TRUE), 0);
    EQUAL(count, 5);
    EQUAL(winsock_outcome(listening, &accepted, &count, TRUE), 0);
    EQUAL(count, 5);
    CHECK(memcmp(room.data, "hello", 5) == 0);
    get_addresses(&room, 8, 32, 32, &local, &local_length, &remote, &remote_length);
    EQUAL(((struct sockaddr_in *)remote)->sin_port, winsock_name(client).sin_port);
    /* The option names the layer's handle of the listener. */
    EQUAL(CODE(setsockopt(server, SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT, (char *)&server, sizeof server)), WSAEINVAL);
    EQUAL(CODE(setsockopt(server, SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT, (char *)&listening, sizeof listening)), 0);
    EQUAL(CODE(setsockopt(client, SOL_SOCKET, SO_UPDATE_CONNECT_CONTEXT, NULL, 0)), 0);
    EQUAL(CODE(getpeername(server, (struct sockaddr *)&peer, &length)), 0);
    EQUAL(peer.sin_port, winsock_name(client).sin_port);
    carry(server, client, "back");
    EQUAL(CODE_OF(disconnect_ex(client, &connected, 0, 0)), WSA_IO_PENDING);
    EQUAL(winsock_outcome(client, &connected, &count, TRUE), 0);
    EQUAL(recv(server, room.data, 1, 0), 0);
}

/* By name they come to the layer, too. */
TEST(acceptex_by_name, "NEED-S12 NEED-S8 NEED-K1")
{
    struct accepting room;
    DWORD count;
    OVERLAPPED overlapped = {0};
    begin(1);
    SOCKET listening = winsock_listen(), server = new_tcp(), client = new_tcp();
    struct sockaddr_in address = winsock_name(listening);
    HANDLE port = new_port();
    associate(listening, port, 99);
    EQUAL(CODE_OF(AcceptEx(listening, server, &room, 0, 32, 32, &count, &overlapped)), WSA_IO_PENDING);
    EQUAL(CODE(connect(client, (struct sockaddr *)&address, sizeof address)), 0);
    struct packet packet = take(port, INFINITE);
    CHECK(packet.succeeded && packet.overlapped == &overlapped && packet.key == 99);
    carry(client, server, "accepted");
    /* One that closing ends. */
    EQUAL(CODE_OF(AcceptEx(listening, new_tcp(), &room, 0, 32, 32, &count, &overlapped)), WSA_IO_PENDING);
    EQUAL(CODE(closesocket(listening)), 0);
    packet = take(port, INFINITE);
    CHECK(!packet.succeeded && packet.overlapped == &overlapped);
    EQUAL(packet.code, ERROR_OPERATION_ABORTED);
}

/* ---- Files ---- */

/* A file of these bytes. */
static HANDLE new_file(const char *text)
{
    char path[300];
    snprintf(path, sizeof path, "%s/in", catalog_folder);
    strcpy(copies[layers++], path);
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) && lseek(fd, 0, SEEK_SET) == 0);
    HANDLE file = ws2spi_OpenFileDescriptor(fd);
    CHECK(file != INVALID_HANDLE_VALUE);
    close(fd);
    return file;
}

static void receive_text(SOCKET s, const char *expected)
{
    char room[64];
    int length = (int)strlen(expected);
    EQUAL(recv(s, room, length, MSG_WAITALL), length);
    CHECK(memcmp(room, expected, (size_t)length) == 0);
}

TEST(files_go_through_a_layer, "NEED-S8 NEED-S12 NEED-K5")
{
    SOCKET pair[2];
    DWORD count;
    LPFN_TRANSMITPACKETS transmit_packets;
    OVERLAPPED overlapped = {.hEvent = new_event()};
    TRANSMIT_FILE_BUFFERS around = {(void *)"<", 1, (void *)">", 1};
    begin(2);
    HANDLE file = new_file("0123456789");
    winsock_pair(pair);
    EQUAL(CODE_OF(TransmitFile(pair[0], file, 0, 0, NULL, &around, 0)), 0);
    receive_text(pair[1], "<0123456789>");
    overlapped.Offset = 4;
    EQUAL(CODE_OF(TransmitFile(pair[0], file, 3, 0, &overlapped, &around, 0)), WSA_IO_PENDING);
    EQUAL(winsock_outcome(pair[0], &overlapped, &count, TRUE), 0);
    EQUAL(count, 5);
    receive_text(pair[1], "<456>");
    TRANSMIT_PACKETS_ELEMENT packets[2] = {{.dwElFlags = TP_ELEMENT_MEMORY, .cLength = 3, .pBuffer = (void *)"abc"},
                                           {.dwElFlags = TP_ELEMENT_FILE, .cLength = 2, .hFile = file}};
    packets[1].nFileOffset.QuadPart = 8;
    EQUAL(function_of(pair[0], (GUID)WSAID_TRANSMITPACKETS, &transmit_packets), 0);
    EQUAL(CODE_OF(transmit_packets(pair[0], packets, 2, 0, &overlapped, 0)), WSA_IO_PENDING);
    EQUAL(winsock_outcome(pair[0], &overlapped, &count, TRUE), 0);
    receive_text(pair[1], "abc89");
    EQUAL(CODE_OF(TransmitFile((SOCKET)4, file, 0, 0, NULL, NULL, 0)), WSAENOTSOCK);
    CHECK(CloseHandle(file));
}

/* ---- Messages with control data ---- */

TEST(messages_go_through_a_layer, "NEED-S8 NEED-S12 NEED-S13")
{
    SOCKET pair[2];
    char room[8], control[64];
    DWORD count, returned;
    WSABUF text = {5, (char *)"hello"}, buffer = {sizeof room, room};
    LPFN_WSARECVMSG recv_msg;
    struct sockaddr_in from;
    int on = 1;
    OVERLAPPED sent = {.hEvent = new_event()}, received = {.hEvent = new_event()};
    WSAMSG out = {.lpBuffers = &text, .dwBufferCount = 1};
    begin(2);
    winsock_datagrams(pair);
    EQUAL(CODE(setsockopt(pair[1], IPPROTO_IP, IP_PKTINFO, (char *)&on, sizeof on)), 0);
    EQUAL(function_of(pair[1], (GUID)WSAID_WSARECVMSG, &recv_msg), 0);
    for (int i = 0; i < 3; i++) {
        WSAMSG in = {.name = (struct sockaddr *)&from, .namelen = sizeof from, .lpBuffers = &buffer, .dwBufferCount = 1,
                     .Control = {sizeof control, control}};
        WSASENDMSG structure = {.lpMsg = &out, .lpNumberOfBytesSent = &count};
        int code = 77;
        EQUAL(CODE(recv_msg(pair[1], &in, NULL, &received, NULL)), WSA_IO_PENDING);
        switch (i) {
        case 0: /* by name */
            EQUAL(CODE(WSASendMsg(pair[0], &out, 0, &count, NULL, NULL)), 0);
            EQUAL(count, 5);
            break;
        case 1: /* the same, later */
            EQUAL(CODE(WSASendMsg(pair[0], &out, 0, NULL, &sent, NULL)), WSA_IO_PENDING);
            EQUAL(winsock_outcome(pair[0], &sent, &count, TRUE), 0);
            EQUAL(count, 5);
            break;
        case 2: /* what that comes down to */
            EQUAL(CODE(WSAIoctl(pair[0], SIO_EXT_SENDMSG, &structure, sizeof structure, &code, sizeof code, &returned, NULL,
                                NULL)), 0);
            EQUAL(code, 0);
            EQUAL(count, 5);
            EQUAL(CODE(WSAIoctl(pair[0], SIO_EXT_SENDMSG, &structure, 8, &code, sizeof code, &returned, NULL, NULL)),
                  WSAEFAULT);
        }
        EQUAL(winsock_outcome(pair[1], &received, &count, TRUE), 0);
        EQUAL(count, 5);
        CHECK(memcmp(room, "hello", 5) == 0);
        EQUAL(from.sin_port, winsock_name(pair[0]).sin_port);
        WSACMSGHDR *header = WSA_CMSG_FIRSTHDR(&in);
        CHECK(header != NULL && header->cmsg_type == IP_PKTINFO);
    }
}

/* ---- Waiting for several ---- */

static int wait_readable(SOCKET *sockets, int count, fd_set *set, const struct timeval *timeout)
{
    FD_ZERO(set);
    for (int i = 0; i < count; i++)
        FD_SET(sockets[i], set);
    return select(0, set, NULL, NULL, timeout);
}

TEST(select_translates_both_ways, "NEED-S13 WSPSelect.3 WSPSelect.9 OBS.42")
{
    static const struct timeval at_once;
    SOCKET pair[2], own[3];
    fd_set set, write, empty;
    begin(2);
    winsock_pair(pair);
    own[0] = pair[0];
    own[1] = pair[1];
    own[2] = socket(AF_INET6, SOCK_DGRAM, IPPROTO_UDP); /* in no chain */
    EQUAL(wait_readable(own, 3, &set, &at_once), 0);
    EQUAL(send(pair[0], "x", 1, 0), 1);
    EQUAL(wait_readable(own, 3, &set, NULL), 1);
    EQUAL(set.fd_count, 1);
    EQUAL(set.fd_array[0], pair[1]);
    FD_ZERO(&write);
    FD_SET(pair[0], &write);
    FD_ZERO(&empty);
    FD_SET(pair[0], &empty);
    EQUAL(select(0, &set, &write, &empty, NULL), 2);
    CHECK(FD_ISSET(pair[1], &set) && FD_ISSET(pair[0], &write));
    EQUAL(empty.fd_count, 0);
    EQUAL(CODE(closesocket(pair[0])), 0);
    EQUAL(CODE(wait_readable(pair, 2, &set, &at_once)), WSAENOTSOCK);
    EQUAL(set.fd_count, 2);
}

/* Starts a layer a second time, as another provider above it would; its table. */
static WSPPROC_TABLE start_again(const struct layer *layer)
{
    static const WSPUPCALLTABLE host = {
        WPUCloseEvent, WPUCloseSocketHandle, WPUCreateEvent, WPUCreateSocketHandle, WPUFDIsSet, WPUGetProviderPath,
        WPUModifyIFSHandle, WPUPostMessage, WPUQueryBlockingCallback, WPUQuerySocketHandleContext, WPUQueueApc,
        WPUResetEvent, WPUSetEvent, WPUOpenCurrentThread, WPUCloseThread,
    };
    WSAPROTOCOL_INFOW chain = chain_of(layer, IPPROTO_TCP);
    void *library = dlopen(layer->path, RTLD_NOW | RTLD_LOCAL), *symbol = dlsym(library, "WSPStartup");
    LPWSPSTARTUP start;
    CHECK(symbol != NULL);
    memcpy(&start, &symbol, sizeof start);
    EQUAL(start(MAKEWORD(2, 2), &data, &chain, host, &procs), 0);
    EQUAL(data.wVersion, MAKEWORD(2, 2));
    CHECK(same_text(data.szDescription, "A layer with handles of its own"));
    return procs;
}

/* The provider's own select, as the older rule has it: its handles and, unchanged, foreign ones. */
TEST(a_layers_select_takes_foreign_sockets, "NEED-S13 NEED-S3 NEED-H8 OBS.42 WSPStartup.9 WSPStartup.7")
{
    static const struct timeval at_once;
    enum { MANY = 100 }; /* more than FD_SETSIZE */
    struct {
        UINT fd_count;
        SOCKET fd_array[MANY];
    } set = {.fd_count = MANY}, before;
    SOCKET pair[2];
    new_catalog();
    struct layer nonifs = install_layer("nonifs", 0);
    winsock();
    winsock_pair(pair);
    WSPPROC_TABLE layer = start_again(&nonifs);
    for (int i = 0; i < MANY; i++)
        set.fd_array[i] = i % 2 == 0 ? new_tcp() : socket(AF_INET6, SOCK_DGRAM, IPPROTO_UDP);
    set.fd_array[97] = set.fd_array[42] = pair[1];
    EQUAL(send(pair[0], "x", 1, 0), 1);
    before = set;
    EQUAL(layer.lpWSPSelect(0, (fd_set *)&set, NULL, NULL, NULL, &error), 2);
    EQUAL(set.fd_count, 2); /* it was in there twice */
    CHECK(set.fd_array[0] == pair[1] && set.fd_array[1] == pair[1]);
    set = before;
    EQUAL(layer.lpWSPSelect(0, NULL, NULL, (fd_set *)&set, &at_once, &error), 0);
    EQUAL(set.fd_count, 0);
    set = before;
    EQUAL(CODE(closesocket(set.fd_array[10])), 0);
    FAILS(layer.lpWSPSelect(0, (fd_set *)&set, NULL, NULL, NULL, &error), WSAENOTSOCK);
    CHECK(memcmp(&set, &before, sizeof set) == 0);
    FAILS(layer.lpWSPSelect(0, NULL, NULL, NULL, NULL, &error), WSAEINVAL);
    /* One cleanup of two. */
    char byte;
    SUCCEEDS(layer.lpWSPCleanup(&error));
    EQUAL(recv(pair[1], &byte, 1, 0), 1);
    talk(pair);
    SUCCEEDS(WSACleanup());
    FAILS(layer.lpWSPCleanup(&error), WSANOTINITIALISED);
}

TEST(polls_go_to_the_layer, "NEED-S13")
{
    SOCKET pair[2];
    DWORD returned;
    begin(2);
    winsock_pair(pair);
    char room[sizeof(WSAPOLLDATA) + 3 * sizeof(WSAPOLLFD)] __attribute__((aligned(8))) = "";
    WSAPOLLDATA *data = (WSAPOLLDATA *)room;
    data->fds = 3;
    WSAPOLLFD rows[3] = {{pair[0], POLLOUT, 0}, {pair[1], POLLIN, 0}, {socket(AF_INET6, SOCK_DGRAM, 0), POLLIN, 0}};
    EQUAL(send(pair[0], "x", 1, 0), 1);
    EQUAL(WSAPoll(rows + 1, 2, 20000), 1);
    EQUAL(WSAPoll(rows, 3, 0), 2);
    EQUAL(rows[0].revents, POLLOUT);
    EQUAL(rows[1].revents, POLLRDNORM);
    EQUAL(rows[2].revents, 0);
    EQUAL(rows[1].fd, pair[1]);
    memcpy(data->fdArray, rows, sizeof rows);
    data->fdArray[0].revents = data->fdArray[1].revents = 0;
    EQUAL(CODE(WSAIoctl(pair[0], SIO_EXT_POLL, room, sizeof room, room, sizeof room, &returned, NULL, NULL)), 0);
    EQUAL(returned, sizeof room);
    EQUAL(data->result, 2);
    EQUAL(data->fdArray[0].revents, POLLOUT);
    EQUAL(data->fdArray[1].revents, POLLRDNORM);
    EQUAL(data->fdArray[1].fd, pair[1]);
    data->fds = 4;
    EQUAL(CODE(WSAIoctl(pair[0], SIO_EXT_POLL, room, sizeof room, room, sizeof room, &returned, NULL, NULL)),
          WSAEFAULT);
    EQUAL(CODE(closesocket(pair[1])), 0);
    EQUAL(WSAPoll(rows, 2, 0), 2);
    EQUAL(rows[1].revents, POLLNVAL);
}

/* ---- Control codes ---- */

TEST(control_codes_that_wait, "NEED-S8 OV.4 WSPIoctl.1")
{
    SOCKET handle = 0;
    DWORD count = 77;
    OVERLAPPED overlapped = {.hEvent = new_event()};
    begin(2);
    SOCKET s = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
    EQUAL(CODE(WSAIoctl(s, SIO_ADDRESS_LIST_CHANGE, NULL, 0, NULL, 0, &count, &overlapped, NULL)), WSA_IO_PENDING);
    EQUAL(count, 77);
    EQUAL(winsock_outcome(s, &overlapped, &count, FALSE), WSA_IO_INCOMPLETE);
    EQUAL(CODE(closesocket(s)), 0);
    EQUAL(wait_for(overlapped.hEvent, 20000), WSA_WAIT_EVENT_0);
    EQUAL(overlapped.OffsetHigh, WSA_OPERATION_ABORTED);
    /* What the layer answers itself. */
    s = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
    EQUAL(CODE(WSAIoctl(s, SIO_BSP_HANDLE_POLL, NULL, 0, &handle, sizeof handle, &count, &overlapped, NULL)), WSAEFAULT);
    EQUAL(CODE(WSAIoctl(s, SIO_BSP_HANDLE, NULL, 0, &handle, sizeof handle, &count, &overlapped, NULL)), WSA_IO_PENDING);
    EQUAL(winsock_outcome(s, &overlapped, &count, TRUE), 0);
    EQUAL(count, sizeof handle);
    EQUAL(handle, s);
    EQUAL(CODE(WSAIoctl(s, 0x12345678, NULL, 0, NULL, 0, &count, NULL, NULL)), WSAEINVAL);
    CHECK(handle_of(s, SIO_QUERY_TARGET_PNP_HANDLE) != s);
}
