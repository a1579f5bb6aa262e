/*
 * lower.h - what every layered provider does first and last: it finds the entry below its own in the chain, loads and
 * starts that entry's provider, knows which socket came from where, and passes WSPCleanup on.
 *
 * All of it is static, so that a provider is one file and one command:
 *
 *     cc -shared -fPIC -Wl,-Bsymbolic -o pass.so pass.c $(pkg-config --cflags --libs ws2spi)
 *
 * A file's variables are those of one layer: to stand twice in a chain it has to be installed as two copies.
 *
 * Two things that a provider has to see to itself:
 *
 *   - Calls may come after its WSPCleanup, on any thread. WSPCleanup ends calls that block, so nobody can wait for all of
 *     them before it; and who was just about to call may do so when it is over. Such a call may fail (WSANOTINITIALISED,
 *     WSAENOTSOCK), but has to find in place whatever it looks at. What it leaves behind nobody cleans up.
 *   - An exception of C++ must not leave its functions, nor the completion routines and threads that it hands to others:
 *     it would pass through code that is not C++ and cannot unwind. A provider in C++ catches all in each of them, and
 *     answers a code.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef LOWER_H
#define LOWER_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* dladdr, secure_getenv */
#endif

#include <ws2spi.h>

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One chain that we stand in, and the provider below us there. Once it is in the list it stays there, and but for the
 * counts it stays as it is, even after WSPCleanup; nor is a library ever unloaded. For a call that WSPCleanup has cut off
 * may still be on its way out, and one that another thread had begun before may only now come in, and look for it: that
 * one finds the provider below, which answers WSANOTINITIALISED or WSAENOTSOCK, as it is to. The next WSPStartup in the
 * chain finds it again, so that the list does not grow with each. */
struct lower {
    WSAPROTOCOL_INFOW entry; /* the chain's, as we were handed it: what our sockets are of */
    WSAPROTOCOL_INFOW below; /* what the lower provider is handed in its place */
    DWORD id;                /* the entry by which the host knows us */
    WSPUPCALLTABLE host;     /* what the host does for us */
    WSPPROC_TABLE next;      /* what the lower provider does for us */
    unsigned startups;       /* of ours that WSPCleanup has not ended; read without the lock */
    unsigned ending;         /* how often WSPCleanup has still to clean up below */
    struct lower *newer;
};

static pthread_mutex_t lower_lock = PTHREAD_MUTEX_INITIALIZER;
static struct lower *lowers; /* the oldest first; those that have ended, too */

static pid_t lower_ending; /* the process in which the last WSPCleanup runs now, or 0: a forked child has none */
static pthread_cond_t lower_ended = PTHREAD_COND_INITIALIZER;

/* Whether a chain is one that we are started in. Another thread's WSPCleanup may be about to change that. */
static inline int lower_is_started(const struct lower *lower)
{
    return __atomic_load_n(&lower->startups, __ATOMIC_ACQUIRE) > 0;
}

/* ---- The path of a provider's library ---- */

enum { LOWER_PATH = 4096 };

/* UTF-16 as UTF-8; what does not fit is cut off. */
static inline void lower_utf8(const WCHAR *from, char *to, size_t room)
{
    char *end = to + room - 1;
    while (*from != 0) {
        unsigned long c = *from++;
        if (c >= 0xd800 && c < 0xdc00 && *from >= 0xdc00 && *from < 0xe000)
            c = 0x10000 + ((c - 0xd800) << 10) + (*from++ - 0xdc00u);
        int more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
        if (end - to <= more)
            break;
        *to++ = (char)(more == 0 ? c : (0xf00u >> more & 0xf0) | c >> 6 * more);
        while (more-- > 0)
            *to++ = (char)(0x80 | (c >> 6 * more & 0x3f));
    }
    *to = '\0';
}

/* Puts the environment's values in for %NAME%; a name without a value stays as it is. */
static inline void lower_expand(const char *from, char *to, size_t room)
{
    char *end = to + room - 1;
    while (*from != '\0' && to < end) {
        const char *close = *from == '%' ? strchr(from + 1, '%') : NULL;
        char name[64] = "";
        if (close != NULL && (size_t)(close - from) <= sizeof name)
            memcpy(name, from + 1, (size_t)(close - from) - 1);
        const char *value = name[0] != '\0' ? secure_getenv(name) : NULL;
        if (value == NULL) {
            *to++ = *from++;
            continue;
        }
        while (*value != '\0' && to < end)
            *to++ = *value++;
        from = close + 1;
    }
    *to = '\0';
}

/* The catalog has paths as they were installed: whoever loads a library expands its path (WPUGetProviderPath.1). */
static inline int lower_path(const WSPUPCALLTABLE *host, GUID provider, char path[LOWER_PATH])
{
    WCHAR wide[LOWER_PATH];
    char text[LOWER_PATH];
    int length = LOWER_PATH, error = 0;
    if (host->lpWPUGetProviderPath(&provider, wide, &length, &error) == SOCKET_ERROR)
        return error;
    lower_utf8(wide, text, sizeof text);
    lower_expand(text, path, LOWER_PATH);
    return 0;
}

/* ---- The next entry ---- */

static inline const WSAPROTOCOL_INFOW *lower_entry(const WSAPROTOCOL_INFOW *entries, int count, DWORD id)
{
    for (int i = 0; i < count; i++)
        if (entries[i].dwCatalogEntryId == id)
            return &entries[i];
    return NULL;
}

/* Whether something was loaded from the file at `path`. */
static inline int lower_is_from(const void *something, const char *path)
{
    Dl_info loaded;
    struct stat one, other;
    return dladdr(something, &loaded) != 0 && stat(loaded.dli_fname, &one) == 0 && stat(path, &other) == 0 &&
           one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/* Whether we are the provider of an entry: the samples are installed under any GUID, so they know themselves by the
 * file that the catalog names for it. A provider that has a GUID of its own would compare that. */
static inline int lower_is_us(const WSPUPCALLTABLE *host, const WSAPROTOCOL_INFOW *entry)
{
    char path[LOWER_PATH];
    return entry != NULL && entry->ProtocolChain.ChainLen != BASE_PROTOCOL &&
           lower_path(host, entry->ProviderId, path) == 0 && lower_is_from(&lowers, path);
}

/* Loads the provider of an entry and finds its WSPStartup. A layer that has none would show the base provider's, which it
 * is linked to. */
static inline int lower_load(const WSPUPCALLTABLE *host, const WSAPROTOCOL_INFOW *entry, LPWSPSTARTUP *start)
{
    char path[LOWER_PATH];
    int error = lower_path(host, entry->ProviderId, path);
    if (error != 0)
        return error;
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    void *symbol = library != NULL ? dlsym(library, "WSPStartup") : NULL;
    if (symbol == NULL || (entry->ProtocolChain.ChainLen != BASE_PROTOCOL && !lower_is_from(symbol, path)))
        return WSAEPROVIDERFAILEDINIT;
    memcpy(start, &symbol, sizeof symbol); /* C has no cast from data to functions */
    return 0;
}

/* The whole catalog, hidden entries too (WSCEnumProtocols.2); to be freed. The count, or -1 with the error. */
static inline int lower_catalog(WSAPROTOCOL_INFOW **entries, int *error)
{
    DWORD length = 0;
    int count;
    *entries = NULL;
    while ((count = WSCEnumProtocols(NULL, *entries, &length, error)) == SOCKET_ERROR) {
        free(*entries);
        *entries = NULL;
        if (*error != WSAENOBUFS)
            return -1;
        *entries = malloc(length); /* and again, should somebody install a provider meanwhile */
        if (*entries == NULL) {
            *error = WSA_NOT_ENOUGH_MEMORY;
            return -1;
        }
    }
    return count;
}

/* Finds our place in the chain, and what is to be started below us (LP.2 to LP.4). */
static inline int lower_find(struct lower *lower, LPWSPSTARTUP *start)
{
    WSAPROTOCOL_INFOW *entries;
    const WSAPROTOCOLCHAIN *chain = &lower->entry.ProtocolChain;
    int error = 0, count = lower_catalog(&entries, &error), ours = -1;
    if (count < 0)
        return error;
    for (int i = 0; i < chain->ChainLen && i < MAX_PROTOCOL_CHAIN; i++)
        if (lower_is_us(&lower->host, lower_entry(entries, count, chain->ChainEntries[i])))
            ours = i; /* the last: a chain may name both our hidden entry and a chain entry of ours */
    const WSAPROTOCOL_INFOW *next = NULL;
    if (ours >= 0 && ours + 1 < chain->ChainLen && ours + 1 < MAX_PROTOCOL_CHAIN)
        next = lower_entry(entries, count, chain->ChainEntries[ours + 1]);
    error = WSAEPROVIDERFAILEDINIT;
    if (next != NULL) {
        /* A base provider is handed its own entry and never learns of chains; a layer finds itself in the chain's. */
        lower->below = next->ProtocolChain.ChainLen == BASE_PROTOCOL ? *next : lower->entry;
        lower->id = ours == 0 ? lower->entry.dwCatalogEntryId : chain->ChainEntries[ours];
        error = lower_load(&lower->host, next, start);
    }
    free(entries);
    return error;
}

/* ---- Start-up and cleanup ---- */

/* Each entry of the table has to be there, also one that only fails (NEED-S4). */
static inline int lower_is_whole(const WSPPROC_TABLE *table)
{
    void *entries[sizeof *table / sizeof(void *)];
    memcpy(entries, table, sizeof entries);
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
        if (entries[i] == NULL)
            return 0;
    return 1;
}

/* The chain in the list that `fresh` is another startup in: one that is started now, or else one that has ended and was
 * just the same. Those who still look at that find nothing changed. Under the lock. */
static inline struct lower *lower_known(const struct lower *fresh)
{
    struct lower *same = NULL;
    for (struct lower *lower = lowers; lower != NULL; lower = lower->newer) {
        if (lower->entry.dwCatalogEntryId != fresh->entry.dwCatalogEntryId)
            continue;
        if (lower->startups > 0)
            return lower;
        /* The members before the counts, each of which has no gaps. */
        if (memcmp(&lower->entry, &fresh->entry, sizeof fresh->entry) == 0 &&
            memcmp(&lower->below, &fresh->below, sizeof fresh->below) == 0 && lower->id == fresh->id &&
            memcmp(&lower->host, &fresh->host, sizeof fresh->host) == 0 &&
            memcmp(&lower->next, &fresh->next, sizeof fresh->next) == 0)
            same = lower;
    }
    return same;
}

/* Starts the provider below us in the chain of `entry`, which is what WSPStartup of a layer is for: NULL, and the error,
 * if that cannot be done. */
static inline struct lower *lower_start(WORD version, LPWSPDATA data, const WSAPROTOCOL_INFOW *entry,
                                        const WSPUPCALLTABLE *host, int *error)
{
    struct lower *fresh = calloc(1, sizeof *fresh);
    LPWSPSTARTUP start = NULL;
    *error = WSA_NOT_ENOUGH_MEMORY;
    if (fresh == NULL)
        return NULL;
    *error = WSAEPROVIDERFAILEDINIT;
    if (entry != NULL && entry->ProtocolChain.ChainLen > BASE_PROTOCOL) { /* we are nobody's base */
        fresh->entry = *entry;
        fresh->host = *host;
        *error = lower_find(fresh, &start);
    }
    if (*error == 0)
        *error = start(version, data, &fresh->below, *host, &fresh->next);
    if (*error == 0 && !lower_is_whole(&fresh->next)) {
        int ignored;
        if (fresh->next.lpWSPCleanup != NULL)
            fresh->next.lpWSPCleanup(&ignored);
        *error = WSAEINVALIDPROCTABLE;
    }
    if (*error != 0) {
        free(fresh);
        return NULL;
    }
    /* No lock was held while the other provider ran. Each of our startups is one of its own. */
    pthread_mutex_lock(&lower_lock);
    while (lower_ending == getpid()) /* what ends is not to take with it what has just begun */
        pthread_cond_wait(&lower_ended, &lower_lock);
    struct lower *lower = lower_known(fresh);
    int known = lower != NULL;
    if (!known) {
        struct lower **place = &lowers;
        while (*place != NULL)
            place = &(*place)->newer;
        __atomic_store_n(place, fresh, __ATOMIC_RELEASE);
        lower = fresh;
    }
    __atomic_store_n(&lower->startups, lower->startups + 1, __ATOMIC_RELEASE);
    pthread_mutex_unlock(&lower_lock);
    if (known)
        free(fresh);
    return lower;
}

/* What a layer calls itself. */
static inline void lower_describe(LPWSPDATA data, const WCHAR *description)
{
    size_t length = 0;
    for (; description[length] != 0 && length < WSPDESCRIPTION_LEN; length++)
        data->szDescription[length] = description[length];
    data->szDescription[length] = 0;
}

static inline void lower_forget_sockets(void);

/* WSPCleanup: the last one cleans up below, as often as we were started (NEED-S16). `last`, which may be NULL, is called
 * before that, while the providers below still work. */
static inline int lower_cleanup(void (*last)(void), LPINT error)
{
    static unsigned cleanups;
    unsigned startups = 0;
    pthread_mutex_lock(&lower_lock);
    for (struct lower *lower = lowers; lower != NULL; lower = lower->newer)
        startups += lower->startups;
    int ends = startups > 0 && ++cleanups == startups;
    if (ends) { /* from here on it is no other's to end, and a WSPStartup waits */
        cleanups = 0;
        lower_ending = getpid();
        for (struct lower *lower = lowers; lower != NULL; lower = lower->newer) {
            lower->ending = lower->startups;
            __atomic_store_n(&lower->startups, 0, __ATOMIC_RELEASE);
        }
        lower_forget_sockets();
    }
    pthread_mutex_unlock(&lower_lock);
    if (startups == 0) {
        *error = WSANOTINITIALISED;
        return SOCKET_ERROR;
    }
    if (!ends)
        return 0;
    if (last != NULL)
        last();
    int answer = 0;
    for (struct lower *lower = lowers; lower != NULL; lower = lower->newer)
        for (; lower->ending > 0; lower->ending--)
            if (lower->next.lpWSPCleanup(error) == SOCKET_ERROR)
                answer = SOCKET_ERROR;
    pthread_mutex_lock(&lower_lock);
    lower_ending = 0;
    pthread_cond_broadcast(&lower_ended);
    pthread_mutex_unlock(&lower_lock);
    return answer;
}

/* ---- Which provider is below a call ---- */

/* None of these says that there is no provider: a call may come after WSPCleanup (see above), and then gets one that has
 * ended. NULL they would only give before the first WSPStartup has returned, when nobody has our functions. */

/* Any of the providers that are started now, or else one that was. */
static inline struct lower *lower_any(void)
{
    struct lower *first = __atomic_load_n(&lowers, __ATOMIC_ACQUIRE), *lower = first;
    while (lower != NULL && !lower_is_started(lower))
        lower = __atomic_load_n(&lower->newer, __ATOMIC_ACQUIRE);
    return lower != NULL ? lower : first;
}

/* For calls that come with an entry; what is to be handed down in its place goes to `below` (LP.1). */
static inline struct lower *lower_for(const WSAPROTOCOL_INFOW *entry, WSAPROTOCOL_INFOW *below)
{
    struct lower *found = NULL;
    for (struct lower *lower = __atomic_load_n(&lowers, __ATOMIC_ACQUIRE); entry != NULL && lower != NULL;
         lower = __atomic_load_n(&lower->newer, __ATOMIC_ACQUIRE)) {
        if (lower->entry.dwCatalogEntryId != entry->dwCatalogEntryId)
            continue;
        found = lower;
        if (lower_is_started(lower))
            break;
    }
    if (found == NULL)
        found = lower_any();
    *below = found->below;
    if (entry != NULL)
        below->dwProviderReserved = entry->dwProviderReserved; /* a socket that was duplicated (NEED-S15) */
    return found;
}

/* For calls that come with a socket. No call says by which chain it came, so whose sockets are whose has to be noted;
 * those of the first chain in the list, often the only one, are not. */
struct lower_socket {
    SOCKET s;
    struct lower *lower;
    struct lower_socket *next;
};

static struct lower_socket *lower_sockets[256];

static inline struct lower_socket **lower_find_socket(SOCKET s)
{
    struct lower_socket **place = &lower_sockets[s / 4 % 256]; /* handles are multiples of four */
    while (*place != NULL && (*place)->s != s)
        place = &(*place)->next;
    return place;
}

static inline int lower_is_alone(const struct lower *first)
{
    return first == NULL || __atomic_load_n(&first->newer, __ATOMIC_ACQUIRE) == NULL;
}

/* Notes that `s` is of `lower`; NULL when it is closed. Without memory for that, 0. What a call notes that comes after
 * WSPCleanup is overwritten when `s` means another socket. */
static inline int lower_note(SOCKET s, struct lower *lower)
{
    struct lower *first = __atomic_load_n(&lowers, __ATOMIC_ACQUIRE);
    if (lower_is_alone(first))
        return 1;
    pthread_mutex_lock(&lower_lock);
    struct lower_socket **place = lower_find_socket(s), *noted = *place;
    if (lower == first || lower == NULL) {
        if (noted != NULL)
            *place = noted->next;
        free(noted);
        noted = NULL;
    } else {
        if (noted == NULL)
            *place = noted = calloc(1, sizeof *noted);
        if (noted != NULL)
            *noted = (struct lower_socket){s, lower, noted->next};
    }
    pthread_mutex_unlock(&lower_lock);
    return noted != NULL || lower == first || lower == NULL;
}

/* Whose a socket is; after WSPCleanup that may be another provider, which does not know it. */
static inline struct lower *lower_of(SOCKET s)
{
    struct lower *first = __atomic_load_n(&lowers, __ATOMIC_ACQUIRE);
    if (lower_is_alone(first))
        return first;
    pthread_mutex_lock(&lower_lock);
    struct lower_socket *noted = *lower_find_socket(s);
    struct lower *lower = noted != NULL ? noted->lower : first;
    pthread_mutex_unlock(&lower_lock);
    return lower;
}

static inline void lower_forget_sockets(void)
{
    for (size_t i = 0; i < sizeof lower_sockets / sizeof *lower_sockets; i++)
        while (lower_sockets[i] != NULL) {
            struct lower_socket *next = lower_sockets[i]->next;
            free(lower_sockets[i]);
            lower_sockets[i] = next;
        }
}

/* ---- What every layer passes down alike ---- */

static INT WSPAPI lower_address_to_string(LPSOCKADDR address, DWORD length, LPWSAPROTOCOL_INFOW entry, LPWSTR text,
                                          LPDWORD text_length, LPINT error)
{
    WSAPROTOCOL_INFOW below;
    struct lower *lower = lower_for(entry, &below);
    return lower->next.lpWSPAddressToString(address, length, &below, text, text_length, error);
}

static INT WSPAPI lower_string_to_address(LPWSTR text, INT family, LPWSAPROTOCOL_INFOW entry, LPSOCKADDR address,
                                          LPINT length, LPINT error)
{
    WSAPROTOCOL_INFOW below;
    struct lower *lower = lower_for(entry, &below);
    return lower->next.lpWSPStringToAddress(text, family, &below, address, length, error);
}

/* The process that is to get a socket finds its way to us by our entry, and to the socket by what the base provider has
 * put into it (NEED-S15). */
static inline int lower_duplicate(struct lower *lower, SOCKET below, DWORD process, LPWSAPROTOCOL_INFOW entry,
                                  LPINT error)
{
    int answer = lower->next.lpWSPDuplicateSocket(below, process, entry, error);
    if (answer == 0) {
        DWORD reserved = entry->dwProviderReserved;
        *entry = lower->entry;
        entry->dwProviderReserved = reserved;
    }
    return answer;
}

/* A socket is of the chain that it was made through (NEED-S14). */
static inline int lower_get_option(struct lower *lower, SOCKET below, int level, int name, char *value, LPINT length,
                                   LPINT error)
{
    int answer = lower->next.lpWSPGetSockOpt(below, level, name, value, length, error);
    if (answer != 0 || level != SOL_SOCKET)
        return answer;
    if (name == SO_PROTOCOL_INFOW) {
        memcpy(value, &lower->entry, sizeof lower->entry);
    } else if (name == SO_PROTOCOL_INFOA) { /* which differs in the name, at its end */
        WSAPROTOCOL_INFOA narrow;
        memcpy(&narrow, &lower->entry, offsetof(WSAPROTOCOL_INFOA, szProtocol));
        lower_utf8(lower->entry.szProtocol, narrow.szProtocol, sizeof narrow.szProtocol);
        memcpy(value, &narrow, sizeof narrow);
    }
    return answer;
}

#endif
