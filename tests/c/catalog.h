/*
 * A catalog of the test's own: each test names a file in a new folder before its first call, so that neither other tests
 * nor the user's own catalog are touched.
 */
#ifndef CATALOG_H
#define CATALOG_H

#include "check.h"

#include <sporder.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MOST 1200

static char catalog_folder[200], catalog_path[240];

static int catalog_owner;

UNUSED static void remove_catalog(void)
{
    static const char *const names[] = {"", ".lock", ".new"};
    char path[300];
    if (getpid() != catalog_owner)
        return;
    chmod(catalog_folder, 0700);
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s%s", catalog_path, names[i]);
        unlink(path);
    }
    rmdir(catalog_folder);
}

/* There is no catalog yet; the first change makes it. */
UNUSED static void new_catalog(void)
{
    const char *folder = getenv("TMPDIR");
    snprintf(catalog_folder, sizeof catalog_folder, "%s/ws2spi-catalog-XXXXXX",
             folder != NULL && strlen(folder) < 100 ? folder : "/tmp");
    CHECK(mkdtemp(catalog_folder) != NULL);
    snprintf(catalog_path, sizeof catalog_path, "%s/catalog.toml", catalog_folder);
    CHECK(setenv("WS2SPI_CATALOG", catalog_path, 1) == 0);
    if (catalog_owner == 0)
        atexit(remove_catalog);
    catalog_owner = getpid();
}

/* Which of two functions of one meaning a test calls: WSCX or WSCX32 (W.8). */
static int twin;

/* Runs a test with each, on a new catalog. */
UNUSED static void both(void (*test)(void))
{
    for (twin = 0; twin < 2; twin++) {
        new_catalog();
        test();
        remove_catalog();
    }
}

/* Does something in a process that ends then. */
UNUSED static void in_child(void (*work)(void))
{
    int child = posix_fork();
    if (child == 0) {
        work();
        _exit(0);
    }
    EQUAL(posix_wait(child), 0);
}

/* From now on the process may read the catalog but not write it. */
UNUSED static void may_only_read(void)
{
    CHECK(chmod(catalog_folder, 0555) == 0);
    posix_drop_privileges();
}

/* Changes the catalog's file. */
UNUSED static void write_file(const char *path, const void *bytes, size_t length)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    CHECK(fd >= 0);
    EQUAL(write(fd, bytes, length), length);
    close(fd);
}

UNUSED static void damage_catalog(void)
{
    write_file(catalog_path, "format = 1\nnot a catalog\n", 25);
}

/* A text as the interface has it. */
UNUSED static WCHAR *wide(const char *text)
{
    static WCHAR units[8][5000];
    static int next;
    WCHAR *to = units[next++ % 8];
    int i;
    for (i = 0; text[i] != 0 && i < 4999; i++)
        to[i] = (unsigned char)text[i];
    to[i] = 0;
    return to;
}

UNUSED static int same_text(const WCHAR *units, const char *text)
{
    int i = 0;
    while (text[i] != 0 && units[i] == (WCHAR)(unsigned char)text[i])
        i++;
    return text[i] == 0 && units[i] == 0;
}

/* A GUID of a test's: the same for the same number. */
UNUSED static GUID numbered(unsigned number)
{
    GUID id = {number, 0x1234, 0x5678, {1, 2, 3, 4, 5, 6, 7, 8}};
    return id;
}

/* All entries, in their order; how many. */
static WSAPROTOCOL_INFOW entries[MOST];

UNUSED static int all_entries(void)
{
    DWORD length = sizeof entries;
    int count = WSCEnumProtocols(NULL, entries, &length, &error);
    CHECK(count >= 0);
    EQUAL(length, count * sizeof *entries);
    return count;
}

/* The place of the entry with that id, after all_entries; -1 for none. */
UNUSED static int place_of(DWORD id, int count)
{
    for (int i = 0; i < count; i++)
        if (entries[i].dwCatalogEntryId == id)
            return i;
    return -1;
}

/* The entry of a provider, from the file; it must be its only one. */
UNUSED static WSAPROTOCOL_INFOW entry_of(GUID id)
{
    int found = -1, count = all_entries();
    for (int i = 0; i < count; i++)
        if (memcmp(&entries[i].ProviderId, &id, sizeof id) == 0) {
            CHECK(found == -1);
            found = i;
        }
    CHECK(found >= 0);
    return entries[found];
}

/* An entry like that of TCP over IPv4, under another name. */
UNUSED static WSAPROTOCOL_INFOW like_tcp(const char *name)
{
    DWORD length = sizeof entries;
    CHECK(WSCEnumProtocols(NULL, entries, &length, &error) > 0);
    for (int i = 0; i < MOST; i++) {
        if (entries[i].dwCatalogEntryId == 1001) {
            WSAPROTOCOL_INFOW info = entries[i];
            memset(info.szProtocol, 0, sizeof info.szProtocol);
            for (int unit = 0; name[unit] != 0 && unit < WSAPROTOCOL_LEN; unit++)
                info.szProtocol[unit] = (unsigned char)name[unit];
            return info;
        }
    }
    CHECK(!"TCP");
    return entries[0];
}

/* Installs a provider of one entry; its id. */
UNUSED static DWORD install(unsigned number, const char *path, WSAPROTOCOL_INFOW info)
{
    GUID id = numbered(number);
    SUCCEEDS(WSCInstallProvider(&id, wide(path), &info, 1, &error));
    return entry_of(id).dwCatalogEntryId;
}

#endif
