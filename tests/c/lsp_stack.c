/* The sample layers, stacked. */
#include "chain.h"
#include "port.h"
#include "waits.h"

#include <malloc.h>

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

/* Installs layers, the topmost first in the list, which ends with NULL. */
static void stack_up(const char *const *samples)
{
    int count = 0;
    while (samples[count] != NULL)
        count++;
    while (count-- > 0)
        install_layer(samples[count], has_own(samples[count]) ? 0 : XP1_IFS_HANDLES);
}

static int routine_calls;

static void CALLBACK count_call(DWORD code, DWORD bytes, LPWSAOVERLAPPED overlapped, DWORD flags)
{
    CHECK(overlapped != NULL);
    EQUAL(code, 0);
    EQUAL(bytes, 3);
    EQUAL(flags, 0);
    routine_calls++;
}

/* A request ends in each way, whoever it has gone through; the data come as they were sent. */
TEST(requests_go_through_three_layers, "NEED-S8 NEED-S9 NEED-S10 NEED-S11 NEED-K1 OV.9 OV.11 OV.17 LP.3")
{
    static const char *const orders[][4] = {
        {"nonifs", "rewrite", "nonifs", NULL}, {"rewrite", "pass", "nonifs", NULL}, {"pass", "count", "nonifs", NULL},
        {"count", "nonifs", "pass", NULL},     {"pass", "pass", "pass", NULL},
    };
    for (unsigned order = 0; order < sizeof orders / sizeof *orders; order++) {
        enum { REQUESTS = 10 };
        SOCKET pair[2];
        char room[REQUESTS][3];
        DWORD count;
        OVERLAPPED overlapped[REQUESTS] = {0}, by_event = {.hEvent = new_event()}, by_routine = {0};
        WSABUF text = {3, (char *)"Xyz"};
        new_catalog();
        output_of("LSP_COUNT_FILE");
        stack_up(orders[order]);
        winsock();
        winsock_pair(pair);
        receive_overlapped(pair[1], room[0], 3, &by_event, NULL);
        EQUAL(send(pair[0], "abc", 3, 0), 3);
        EQUAL(winsock_outcome(pair[1], &by_event, &count, TRUE), 0);
        CHECK(count == 3 && memcmp(room[0], "abc", 3) == 0);
        routine_calls = 0;
        receive_overlapped(pair[1], room[0], 3, &by_routine, count_call);
        EQUAL(send(pair[0], "DEF", 3, 0), 3);
        while (routine_calls == 0)
            EQUAL(SleepEx(20000, TRUE), WAIT_IO_COMPLETION);
        EQUAL(routine_calls, 1);
        CHECK(memcmp(room[0], "DEF", 3) == 0);
        HANDLE port = new_port();
        associate(pair[1], port, 99);
        for (int i = 0; i < REQUESTS; i++)
            receive_overlapped(pair[1], room[i], 3, &overlapped[i], NULL);
        for (int i = 0; i < REQUESTS; i++) {
            int code = CODE(WSASend(pair[0], &text, 1, NULL, 0, &by_event, NULL));
            CHECK(code == 0 || code == WSA_IO_PENDING);
            EQUAL(winsock_outcome(pair[0], &by_event, &count, TRUE), 0);
            EQUAL(count, 3);
        }
        for (int i = 0; i < REQUESTS; i++) {
            struct packet packet = take(port, INFINITE);
            CHECK(packet.succeeded && packet.bytes == 3 && packet.overlapped == &overlapped[i]);
            CHECK(memcmp(room[i], "Xyz", 3) == 0);
        }
        receive_overlapped(pair[1], room[0], 3, &overlapped[0], NULL);
        EQUAL(CODE(closesocket(pair[1])), 0);
        struct packet packet = take(port, INFINITE);
        CHECK(!packet.succeeded && packet.overlapped == &overlapped[0]);
        EQUAL(packet.code, ERROR_OPERATION_ABORTED);
        SUCCEEDS(WSACleanup());
        remove_copies();
        remove_catalog();
    }
}

/* Addresses are read and written by whoever serves the family, who gets the entry that is below it. */
TEST(addresses_pass_through_a_chain, "LP.1 LP.3 LP.4")
{
    static const char *const samples[] = {"pass", "nonifs", "pass", NULL};
    struct sockaddr_in address = loopback(4711), back;
    WCHAR text[40];
    DWORD length = 40;
    int size = sizeof back;
    new_catalog();
    stack_up(samples);
    winsock();
    EQUAL(CODE(WSAAddressToStringW((struct sockaddr *)&address, sizeof address, NULL, text, &length)), 0);
    CHECK(same_text(text, "127.0.0.1:4711"));
    EQUAL(CODE(WSAStringToAddressW(text, AF_INET, NULL, (struct sockaddr *)&back, &size)), 0);
    EQUAL(back.sin_port, address.sin_port);
    struct layer top = {.hidden = 0};
    int count = all_entries();
    for (int i = 0; i < count && top.hidden == 0; i++)
        if (entries[i].ProtocolChain.ChainLen == 4)
            top.hidden = entries[i].ProtocolChain.ChainEntries[0];
    WSAPROTOCOL_INFOW chain = chain_of(&top, IPPROTO_UDP), base = entries[place_of(1002, count)];
    length = 40;
    EQUAL(CODE(WSAAddressToStringW((struct sockaddr *)&address, sizeof address, &chain, text, &length)), 0);
    CHECK(same_text(text, "127.0.0.1:4711"));
    length = 40;
    EQUAL(CODE(WSAAddressToStringW((struct sockaddr *)&address, sizeof address, &base, text, &length)), 0);
}

/* Over every protocol there is. */
TEST(a_layer_over_every_protocol, "NEED-C7 WSCInstallProviderAndChains.3 LP.4")
{
    static const struct {
        int family, type;
    } kinds[] = {{AF_INET, SOCK_STREAM}, {AF_INET, SOCK_DGRAM}, {AF_INET6, SOCK_STREAM}, {AF_INET6, SOCK_DGRAM},
                 {AF_UNIX, SOCK_STREAM}};
    GUID id = numbered(1);
    char path[600];
    DWORD hidden;
    WSAPROTOCOL_INFOW info;
    new_catalog();
    snprintf(path, sizeof path, "%s/count.so", catalog_folder);
    strcpy(copies[layers++], path);
    snprintf(path, sizeof path, "%s/count.so", LSP_FOLDER);
    copy_file(path, copies[0]);
    SUCCEEDS(WSCInstallProviderAndChains(&id, wide(copies[0]), wide("All"), XP1_IFS_HANDLES, NULL, 0, &hidden, &error));
    const char *file = output_of("LSP_COUNT_FILE");
    winsock();
    for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        int length = sizeof info;
        SOCKET s = socket(kinds[i].family, kinds[i].type, 0);
        CHECK(s != INVALID_SOCKET);
        SUCCEEDS(getsockopt(s, SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)&info, &length));
        EQUAL(info.iAddressFamily, kinds[i].family);
        EQUAL(info.iSocketType, kinds[i].type);
        EQUAL(info.ProtocolChain.ChainEntries[0], hidden);
        EQUAL(CODE(closesocket(s)), 0);
    }
    SUCCEEDS(WSACleanup());
    says(file, "lsp_stack: 0 bytes out, 0 bytes in\n");
    remove_copies();
}

/* What lies below a layer can be gone, or have no chain any more. */
TEST(a_chain_with_a_hole_is_told, "LP.2 NEED-S1 WSASocketW:WSAEPROVIDERFAILEDINIT")
{
    new_catalog();
    struct layer lower = install_layer("pass", XP1_IFS_HANDLES), upper = install_layer("pass", XP1_IFS_HANDLES);
    remove_layer(&lower);
    winsock();
    EQUAL(socket(AF_INET, SOCK_STREAM, IPPROTO_TCP), INVALID_SOCKET);
    EQUAL(WSAGetLastError(), WSAEPROVIDERFAILEDINIT);
    SUCCEEDS(WSACleanup());
    remove_layer(&upper);
    winsock();
    CHECK(socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) != INVALID_SOCKET);
}

/* ---- Many at once ---- */

static void *open_and_talk(void *unused)
{
    SOCKET pair[2];
    for (int i = 0; i < 5; i++) {
        winsock();
        winsock_pair(pair);
        talk(pair);
        SUCCEEDS(WSACleanup());
    }
    return unused;
}

/* They start the same providers; each keeps them started for itself, whoever else comes and goes. */
TEST(threads_start_and_end_chains, "NEED-S2 NEED-S3 NEED-S16")
{
    static const char *const samples[] = {"count", "nonifs", "pass", NULL};
    enum { THREADS = 8 };
    pthread_t threads[THREADS];
    new_catalog();
    output_of("LSP_COUNT_FILE");
    stack_up(samples);
    for (int i = 0; i < THREADS; i++)
        threads[i] = start_thread(open_and_talk, NULL);
    for (int i = 0; i < THREADS; i++)
        join_thread(threads[i]);
    EQUAL(posix_threads(), 1);
}

/* ---- The end of a chain, while others are in it ---- */

static long long end_of_round;

static int round_goes_on(void)
{
    return posix_milliseconds() < end_of_round;
}

static void *start_and_end(void *unused)
{
    WSADATA started;
    while (round_goes_on()) {
        EQUAL(WSAStartup(MAKEWORD(2, 2), &started), 0);
        closesocket(socket(AF_INET, SOCK_STREAM, IPPROTO_TCP));
        SUCCEEDS(WSACleanup());
    }
    return unused;
}

/* The code of a call that has succeeded, or come too late, or failed with `expected`. */
static void may_be_late(int code, int expected)
{
    if (code != 0 && code != WSANOTINITIALISED && code != WSAENOTSOCK)
        EQUAL(code, expected);
}

/* Calls of each kind, by somebody who has not started Winsock, so that it can end at any moment. */
static void *use_until_the_end(void *unused)
{
    static const struct timeval at_once = {0, 0};
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
    CHECK(event != NULL);
    while (round_goes_on()) {
        OVERLAPPED overlapped = {.hEvent = event};
        struct sockaddr_in address = loopback(0);
        WCHAR text[40];
        char byte;
        WSABUF room = {1, &byte};
        DWORD length = 40, count, flags = 0;
        SOCKET s = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
        may_be_late(CODE(WSAAddressToStringW((struct sockaddr *)&address, sizeof address, NULL, text, &length)), 0);
        if (s == INVALID_SOCKET) {
            may_be_late(WSAGetLastError(), 0);
            continue;
        }
        may_be_late(CODE(bind(s, (struct sockaddr *)&address, sizeof address)), 0);
        may_be_late(CODE(send(s, "x", 1, 0)), WSAENOTCONN);
        FD_SET set = {1, {s}};
        int ready = select(0, NULL, &set, NULL, &at_once);
        CHECK(ready == SOCKET_ERROR || ready == 1);
        may_be_late(ready == SOCKET_ERROR ? WSAGetLastError() : 0, 0);
        int code = CODE(WSARecv(s, &room, 1, &count, &flags, &overlapped, NULL));
        may_be_late(code, WSA_IO_PENDING);
        may_be_late(CODE(closesocket(s)), 0);
        /* WSACleanup has nobody told of a request, but ends it (WSPCleanup.4). */
        if (code == WSA_IO_PENDING)
            EVENTUALLY(HasOverlappedIoCompleted(&overlapped));
    }
    CHECK(CloseHandle(event));
    return unused;
}

/* All of it by one thread, which works. */
static void begin_and_end(void)
{
    SOCKET pair[2];
    winsock();
    winsock_pair(pair);
    talk(pair);
    SUCCEEDS(WSACleanup());
}

/* A call that one thread has begun may reach a layer when the WSPCleanup of another has been there. */
TEST(chains_end_while_others_are_in_them, "NEED-S16 WSPCleanup.1 WSPCleanup.4")
{
    static const char *const stacks[][3] = {{"pass"}, {"count"}, {"nonifs"}, {"nonifs", "pass"}};
    enum { USERS = 3, LENGTH = 400 };
    for (unsigned i = 0; i < sizeof stacks / sizeof *stacks; i++) {
        pthread_t threads[USERS + 1];
        new_catalog();
        output_of("LSP_COUNT_FILE");
        stack_up(stacks[i]);
        begin_and_end();
        int descriptors = posix_open_descriptors();
        end_of_round = posix_milliseconds() + LENGTH;
        for (int j = 0; j < USERS + 1; j++)
            threads[j] = start_thread(j == 0 ? start_and_end : use_until_the_end, NULL);
        for (int j = 0; j < USERS + 1; j++)
            join_thread(threads[j]);
        begin_and_end();
        EQUAL(posix_open_descriptors(), descriptors);
        EQUAL(posix_threads(), 1);
        remove_copies();
        remove_catalog();
    }
}

/* A layer that is started again finds again what it has kept of the chain. */
TEST(startups_leave_nothing_behind, "NEED-S16 WSPCleanup.1")
{
    static const char *const stacks[][2] = {{"pass"}, {"nonifs"}};
    enum { STARTUPS = 200 };
    for (unsigned i = 0; i < sizeof stacks / sizeof *stacks; i++) {
        new_catalog();
        stack_up(stacks[i]);
        for (int j = 0; j < 10; j++)
            begin_and_end();
        size_t before = mallinfo2().uordblks;
        for (int j = 0; j < STARTUPS; j++)
            begin_and_end();
        CHECK(mallinfo2().uordblks <= before + STARTUPS * 400);
        remove_copies();
        remove_catalog();
    }
}

/* ---- Closing ---- */

static SOCKET target[2];

/* Requests on a socket that another thread closes. */
static void *request_until_closed(void *unused)
{
    static __thread char room[8];
    static __thread OVERLAPPED overlapped;
    WSAEVENT event = new_event();
    (void)unused;
    for (;;) {
        WSABUF buffer = {sizeof room, room};
        DWORD count, flags = 0;
        overlapped = (OVERLAPPED){.hEvent = event};
        int code = CODE(WSARecv(target[1], &buffer, 1, &count, &flags, &overlapped, NULL));
        if (code == WSAENOTSOCK)
            break;
        if (code != WSA_IO_PENDING && code != WSAECONNABORTED)
            EQUAL(code, WSAECONNRESET);
        if (code != WSA_IO_PENDING)
            continue;
        EQUAL(wait_for(event, 20000), WSA_WAIT_EVENT_0);
        if (overlapped.OffsetHigh == WSA_OPERATION_ABORTED)
            break;
    }
    WSACloseEvent(event);
    return NULL;
}

static void *send_until_closed(void *unused)
{
    (void)unused;
    while (CODE(send(target[0], "x", 1, 0)) == 0)
        continue;
    return NULL;
}

TEST(closing_races_with_requests, "NEED-S6 NEED-S8 OV.22 WSPCloseSocket.3 C.8")
{
    static const char *const samples[] = {"rewrite", "nonifs", NULL};
    new_catalog();
    stack_up(samples);
    winsock();
    for (int i = 0; i < 20; i++) {
        pthread_t threads[4];
        winsock_pair(target);
        for (int j = 0; j < 4; j++)
            threads[j] = start_thread(j < 2 ? request_until_closed : send_until_closed, NULL);
        carry(target[1], target[0], "now");
        EQUAL(CODE(closesocket(target[1])), 0);
        EQUAL(CODE(closesocket(target[0])), 0);
        for (int j = 0; j < 4; j++)
            join_thread(threads[j]);
    }
    SUCCEEDS(WSACleanup());
    EQUAL(posix_threads(), 1);
}
