/* What tests of TransmitFile and TransmitPackets share. */
#ifndef TRANSMIT_H
#define TRANSMIT_H

#include "extension.h"
#include "waits.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <ws2kernel.h>

/* What stands at a place of every file and memory: differs between neighbours, blocks and pages. */
UNUSED static unsigned char byte_at(unsigned long long place)
{
    unsigned long long mixed = (place + 1) * 0x9e3779b97f4a7c15ULL;
    return (unsigned char)(mixed >> 56 ^ mixed >> 23);
}

UNUSED static void fill(unsigned char *bytes, unsigned long long from, unsigned long length)
{
    for (unsigned long i = 0; i < length; i++)
        bytes[i] = byte_at(from + i);
}

/* A descriptor of a file of so many bytes. */
UNUSED static int new_file(unsigned long length)
{
    int fd = (int)syscall(SYS_memfd_create, "transmitted", 1);
    CHECK(fd >= 0);
    if (ftruncate(fd, (off_t)length) != 0)
        SKIP("no room for the file");
    if (length > 0) {
        unsigned char *bytes = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        CHECK(bytes != MAP_FAILED);
        fill(bytes, 0, length);
        munmap(bytes, length);
    }
    return fd;
}

/* The same as a handle. */
UNUSED static HANDLE open_file(int fd)
{
    HANDLE file = ws2spi_OpenFileDescriptor(fd);
    CHECK(file != INVALID_HANDLE_VALUE);
    return file;
}

UNUSED static HANDLE new_handle(unsigned long length)
{
    int fd = new_file(length);
    HANDLE file = open_file(fd);
    close(fd);
    return file;
}

/* Reads so many bytes, which are those from that place on. */
UNUSED static void expect(int peer, unsigned long long from, unsigned long length)
{
    static unsigned char got[1 << 16];
    while (length > 0) {
        unsigned long some = length < sizeof got ? length : sizeof got;
        unsigned long came = posix_read(peer, got, some);
        if (came != some)
            fail(__FILE__, __LINE__, "the stream ended at %llu, %lu bytes early", from + came, length - came);
        for (unsigned long i = 0; i < some; i++)
            if (got[i] != byte_at(from + i))
                fail(__FILE__, __LINE__, "byte %llu is %d, not %d", from + i, got[i], byte_at(from + i));
        from += some;
        length -= some;
    }
}

UNUSED static void expect_text(int peer, const char *text)
{
    char got[100];
    unsigned long length = strlen(text);
    EQUAL(posix_read(peer, got, length), length);
    CHECK(memcmp(got, text, length) == 0);
}

/* A thread that reads what `expect` expects. */
struct reader {
    int peer;
    unsigned long long from;
    unsigned long length;
    pthread_t thread;
};

UNUSED static void *run_reader(void *argument)
{
    struct reader *reader = argument;
    expect(reader->peer, reader->from, reader->length);
    return NULL;
}

UNUSED static void read_along(struct reader *reader, int peer, unsigned long long from, unsigned long length)
{
    reader->peer = peer;
    reader->from = from;
    reader->length = length;
    reader->thread = start_thread(run_reader, reader);
}

/* More than a connection takes while nobody reads. */
#define MUCH (24UL << 20)

#endif
