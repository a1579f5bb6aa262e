/* When providers start and end, from several threads at once. */
#include "chain.h"
#include "waits.h"

static int running_threads = 1;

static void *open_sockets(void *unused)
{
    while (__atomic_load_n(&running_threads, __ATOMIC_RELAXED))
        closesocket(socket(AF_INET, SOCK_STREAM, IPPROTO_TCP));
    return unused;
}

/* A call that makes something keeps its provider started until it returns, whoever ends Winsock meanwhile. */
TEST(a_provider_ends_when_its_last_call_has_returned, "NEED-S3 NEED-S16 C.4")
{
    new_catalog();
    const char *file = output_of("LSP_LATE_FILE");
    install_layer("bad_late", XP1_IFS_HANDLES);
    fflush(NULL);
    int child = posix_fork();
    if (child == 0) {
        pthread_t threads[3];
        for (int i = 0; i < 3; i++)
            threads[i] = start_thread(open_sockets, NULL);
        for (long long end = posix_milliseconds() + 500; posix_milliseconds() < end;) {
            winsock();
            EQUAL(socket(AF_INET, SOCK_STREAM, IPPROTO_TCP), INVALID_SOCKET);
            EQUAL(WSAGetLastError(), WSAENOBUFS);
            SUCCEEDS(WSACleanup());
        }
        __atomic_store_n(&running_threads, 0, __ATOMIC_RELAXED);
        for (int i = 0; i < 3; i++)
            join_thread(threads[i]);
        layers = 0; /* the parent removes the files */
        strcpy(catalog_folder, "/nowhere");
        strcpy(catalog_path, "/nowhere/at/all");
        exit(0);
    }
    EQUAL(posix_wait(child), 0);
    says(file, "late 0, twice 0, cleaned up\n");
}

static void *open_datagrams(void *unused)
{
    EQUAL(CODE(closesocket(socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP))), 0);
    return unused;
}

/* Two threads that start two providers, each of which needs the other: one of them is told, and nobody waits for ever. */
TEST(providers_that_need_each_other_do_not_wait_for_ever, "NEED-S2 NEED-S3 WSASocketW:WSAEINPROGRESS")
{
    new_catalog();
    const char *file = output_of("LSP_CROSS_FILE");
    install_layer("bad_cross", XP1_IFS_HANDLES);
    winsock();
    pthread_t other = start_thread(open_datagrams, NULL);
    EQUAL(CODE(closesocket(socket(AF_INET, SOCK_STREAM, IPPROTO_TCP))), 0);
    join_thread(other);
    says(file, "10036\n0\n");
    SUCCEEDS(WSACleanup());
}
