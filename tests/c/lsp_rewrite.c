/* A layer that rewrites data: rewrite.c of tests/lsp. */
#include "chain.h"
#include "port.h"
#include "waits.h"

static struct layer rewrite;

static void begin(void)
{
    new_catalog();
    rewrite = install_layer("rewrite", 0);
    winsock();
}

/* A connected socket of the layer's; its POSIX peer goes to `peer`. */
static SOCKET with_peer(int *peer)
{
    unsigned short port;
    int listening = posix_listen(&port, 1);
    struct sockaddr_in address = loopback(port);
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    EQUAL(CODE(connect(s, (struct sockaddr *)&address, sizeof address)), 0);
    *peer = posix_accept(listening);
    posix_close(listening);
    return s;
}

static void peer_reads(int peer, const char *expected)
{
    char room[64];
    EQUAL(posix_read(peer, room, strlen(expected)), strlen(expected));
    CHECK(memcmp(room, expected, strlen(expected)) == 0);
}

TEST(what_goes_out_is_rewritten, "WPUCreateSocketHandle.4 OV.7 WSPSend.6")
{
    int peer;
    char text[] = "Hello, World 42!";
    WSABUF buffers[3] = {{5, text}, {0, NULL}, {11, text + 5}};
    DWORD count;
    OVERLAPPED overlapped = {.hEvent = new_event()};
    begin();
    SOCKET s = with_peer(&peer);
    EQUAL(CODE(WSASend(s, buffers, 3, &count, 0, NULL, NULL)), 0);
    EQUAL(count, 16);
    peer_reads(peer, "Uryyb, Jbeyq 42!");
    EQUAL(CODE(WSASend(s, buffers, 3, NULL, 0, &overlapped, NULL)), WSA_IO_PENDING);
    EQUAL(winsock_outcome(s, &overlapped, &count, TRUE), 0);
    EQUAL(count, 16);
    peer_reads(peer, "Uryyb, Jbeyq 42!");
    /* The program's own is not changed. */
    CHECK(strcmp(text, "Hello, World 42!") == 0);
    buffers[0].len = buffers[1].len = buffers[2].len = 0x7fffffff;
    EQUAL(CODE(WSASend(s, buffers, 3, &count, 0, NULL, NULL)), WSAENOBUFS);
    EQUAL(CODE(WSASend(s, buffers, 3, &count, 0, &overlapped, NULL)), WSAENOBUFS);
    CHECK(HasOverlappedIoCompleted(&overlapped));
    EQUAL(send(s, NULL, 0, 0), 0);
}

TEST(what_comes_in_is_rewritten_back, "WPUCreateSocketHandle.4 OV.7 WSPRecv.3")
{
    int peer;
    char first[5], rest[8] = "-------";
    WSABUF buffers[2] = {{sizeof first, first}, {sizeof rest, rest}};
    DWORD count, flags = 0;
    OVERLAPPED overlapped = {.hEvent = new_event()};
    begin();
    SOCKET s = with_peer(&peer);
    posix_write(peer, "Uryyb, J", 8);
    EQUAL(recv(s, first, 2, MSG_PEEK), 2);
    CHECK(memcmp(first, "He", 2) == 0);
    EQUAL(CODE(WSARecv(s, buffers, 2, &count, &flags, NULL, NULL)), 0);
    EQUAL(count, 8);
    CHECK(memcmp(first, "Hello", 5) == 0 && memcmp(rest, ", W----", 8) == 0);
    EQUAL(CODE(WSARecv(s, buffers, 2, &count, &flags, &overlapped, NULL)), WSA_IO_PENDING);
    memset(buffers, 0xff, sizeof buffers);
    posix_write(peer, "nopqrst", 7);
    EQUAL(winsock_outcome(s, &overlapped, &count, TRUE), 0);
    EQUAL(count, 7);
    CHECK(memcmp(first, "abcde", 5) == 0 && memcmp(rest, "fgW----", 8) == 0);
}

TEST(datagrams_are_rewritten, "WPUCreateSocketHandle.4 OBS.28 NEED-S12")
{
    SOCKET pair[2];
    char room[8] = "";
    DWORD count, flags = 0;
    WSABUF small = {3, room}, text = {5, (char *)"Hello"};
    LPFN_WSARECVMSG recv_msg;
    LPFN_WSASENDMSG send_msg;
    WSAMSG out = {.lpBuffers = &text, .dwBufferCount = 1}, in = {.lpBuffers = &small, .dwBufferCount = 1};
    begin();
    winsock_datagrams(pair);
    carry(pair[0], pair[1], "there");
    SOCKET base = handle_of(pair[1], SIO_BASE_HANDLE);
    EQUAL(send(pair[0], "Hello", 5, 0), 5);
    EQUAL(receive_bytes(base, room, sizeof room, &count, 0), 0);
    CHECK(count == 5 && memcmp(room, "Uryyb", 5) == 0);
    /* As much as there was room for. */
    EQUAL(send(pair[0], "Hello", 5, 0), 5);
    EQUAL(CODE(WSARecv(pair[1], &small, 1, &count, &flags, NULL, NULL)), WSAEMSGSIZE);
    EQUAL(count, 3);
    CHECK(memcmp(room, "Helyb", 5) == 0);
    /* Messages. */
    EQUAL(function_of(pair[0], (GUID)WSAID_WSASENDMSG, &send_msg), 0);
    EQUAL(function_of(pair[1], (GUID)WSAID_WSARECVMSG, &recv_msg), 0);
    EQUAL(CODE(send_msg(pair[0], &out, 0, &count, NULL, NULL)), 0);
    EQUAL(count, 5);
    small.len = sizeof room;
    EQUAL(CODE(recv_msg(pair[1], &in, &count, NULL, NULL)), 0);
    CHECK(count == 5 && memcmp(room, "Hello", 5) == 0);
    EQUAL(CODE(send_msg(pair[0], NULL, 0, &count, NULL, NULL)), WSAEFAULT);
    EQUAL(CODE(send_msg(pair[0], &out, 0, NULL, NULL, NULL)), WSAEFAULT);
    EQUAL(CODE(recv_msg(pair[1], NULL, &count, NULL, NULL)), WSAEFAULT);
}

/* What goes by other functions is rewritten as well, or refused. */
TEST(extension_functions_are_no_way_round, "NEED-S12 NEED-S8")
{
    struct {
        char data[8], addresses[2][sizeof(struct sockaddr_in) + 16];
    } room = {.data = "-------"};
    LPFN_ACCEPTEX accept_ex;
    LPFN_CONNECTEX connect_ex;
    LPFN_TRANSMITFILE transmit_file;
    LPFN_TRANSMITPACKETS transmit_packets;
    DWORD count;
    struct sockaddr_in any = loopback(0);
    OVERLAPPED accepted = {.hEvent = new_event()}, connected = {.hEvent = new_event()};
    begin();
    SOCKET listening = winsock_listen(), server = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP),
           client = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    struct sockaddr_in address = winsock_name(listening);
    EQUAL(function_of(listening, (GUID)WSAID_ACCEPTEX, &accept_ex), 0);
    EQUAL(function_of(client, (GUID)WSAID_CONNECTEX, &connect_ex), 0);
    EQUAL(accept_ex(listening, server, &room, sizeof room.data, sizeof *room.addresses, sizeof *room.addresses, &count,
                    &accepted), FALSE);
    EQUAL(WSAGetLastError(), WSA_IO_PENDING);
    EQUAL(CODE(bind(client, (struct sockaddr *)&any, sizeof any)), 0);
    char text[] = "Hello";
    EQUAL(connect_ex(client, (struct sockaddr *)&address, sizeof address, text, 5, &count, &connected), FALSE);
    EQUAL(WSAGetLastError(), WSA_IO_PENDING);
    EQUAL(winsock_outcome(client, &connected, &count, TRUE), 0);
    EQUAL(count, 5);
    EQUAL(winsock_outcome(listening, &accepted, &count, TRUE), 0);
    EQUAL(count, 5);
    CHECK(memcmp(room.data, "Hello--", 8) == 0 && strcmp(text, "Hello") == 0);
    EQUAL(function_of(client, (GUID)WSAID_TRANSMITFILE, &transmit_file), WSAEOPNOTSUPP);
    EQUAL(function_of(client, (GUID)WSAID_TRANSMITPACKETS, &transmit_packets), WSAEOPNOTSUPP);
    carry(server, client, "back");
}

/* Between two programs nothing has happened, whatever they say. */
TEST(two_programs_understand_each_other, "NEED-S6 NEED-S8")
{
    SOCKET pair[2];
    begin();
    winsock_pair(pair);
    talk(pair);
    SUCCEEDS(WSACleanup());
    remove_layer(&rewrite);
}
