/*
 * sockets.h - handles of our own, each for a socket of the lower provider's.
 *
 * The host makes our handles (WPUCreateSocketHandle) and keeps a number with each, by which we find what belongs to it:
 * its place in a table. A place is in use until the last call and the last request that know of it have ended; only then
 * its handle ends too. So a handle never means another socket under a call's feet, and a request that closing has
 * aborted can still be told of (NEED-S6).
 *
 * The last WSPCleanup closes all of them, while calls of other threads may be under way, or only come in. What such a
 * call would begin anew nobody would end, so it looks whether that has happened where it begins something: a socket
 * (own_create), a request (request_port), the thread that posts (own_async_select).
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef SOCKETS_H
#define SOCKETS_H

#include "../lower.h"

#include <mswsock.h>
#include <ws2kernel.h>

/* A socket: the two handles, and what we have to know of it. */
struct own {
    SOCKET s;     /* ours */
    SOCKET below; /* the lower provider's */
    struct lower *lower;
    unsigned uses; /* one for being open, one each for calls and requests under way */
    BOOL closed;
    BOOL overlapped;                                  /* the program has asked for that (OV.2) */
    enum { NO_PORT, HAS_PORT, PORT_REFUSED } reports; /* whether `below` reports to our completion port */
    HWND window;                                      /* where WSPAsyncSelect posts, or NULL */
    UINT message;
    size_t place; /* its number */
    struct own *next_free;
};

/* Guards the places and what is in them but for the handles, which stay while a place is in use. */
static pthread_mutex_t own_lock = PTHREAD_MUTEX_INITIALIZER;
static struct own **own_places;
static size_t own_count;
static struct own *own_free;

static unsigned own_ends; /* how often the last WSPCleanup has come */

static const WSPUPCALLTABLE *own_host; /* what the host does for us, as it said last (U.1) */

static inline const WSPUPCALLTABLE *host(void)
{
    return __atomic_load_n(&own_host, __ATOMIC_ACQUIRE);
}

/* ---- Using a socket ---- */

/* The socket of a handle, to be left again; NULL with WSAENOTSOCK if it is none of ours. A number that another layer
 * keeps with a handle of its own may name a place too, but the handle in it is not that one. */
static inline struct own *own_enter(SOCKET s, LPINT error)
{
    DWORD_PTR place;
    struct own *own = NULL;
    if (host()->lpWPUQuerySocketHandleContext(s, &place, error) == SOCKET_ERROR)
        return NULL;
    pthread_mutex_lock(&own_lock);
    if (place < own_count && own_places[place]->s == s && !own_places[place]->closed) {
        own = own_places[place];
        own->uses++;
    }
    pthread_mutex_unlock(&own_lock);
    if (own == NULL)
        *error = WSAENOTSOCK;
    return own;
}

/* The open socket in a place, to be left again, or NULL. */
static inline struct own *own_at(size_t place)
{
    struct own *own = NULL;
    pthread_mutex_lock(&own_lock);
    if (place < own_count && own_places[place]->s != INVALID_SOCKET && !own_places[place]->closed) {
        own = own_places[place];
        own->uses++;
    }
    pthread_mutex_unlock(&own_lock);
    return own;
}

/* Whether nobody has closed a socket that a call is on. The answer holds as long as a lock that who closes takes after
 * that. */
static inline BOOL own_is_open(const struct own *own)
{
    pthread_mutex_lock(&own_lock);
    BOOL open = !own->closed;
    pthread_mutex_unlock(&own_lock);
    return open;
}

static inline unsigned own_ended(void)
{
    pthread_mutex_lock(&own_lock);
    unsigned ends = own_ends;
    pthread_mutex_unlock(&own_lock);
    return ends;
}

static inline size_t own_limit(void)
{
    pthread_mutex_lock(&own_lock);
    size_t count = own_count;
    pthread_mutex_unlock(&own_lock);
    return count;
}

static inline void own_leave(struct own *own)
{
    SOCKET ended = INVALID_SOCKET;
    int ignored;
    pthread_mutex_lock(&own_lock);
    if (--own->uses == 0) {
        ended = own->s;
        own->s = INVALID_SOCKET;
        own->next_free = own_free;
        own_free = own;
    }
    pthread_mutex_unlock(&own_lock);
    if (ended != INVALID_SOCKET)
        host()->lpWPUCloseSocketHandle(ended, &ignored);
}

/* ---- The life of a socket ---- */

/* A place that is not in use; NULL without memory. */
static inline struct own *own_vacancy(void)
{
    pthread_mutex_lock(&own_lock);
    struct own *own = own_free;
    if (own != NULL) {
        own_free = own->next_free;
    } else {
        struct own **more = realloc(own_places, (own_count + 1) * sizeof *more);
        if (more != NULL)
            own_places = more;
        own = more != NULL ? malloc(sizeof *own) : NULL;
        if (own != NULL) {
            own->s = INVALID_SOCKET;
            own->place = own_count;
            own_places[own_count++] = own;
        }
    }
    pthread_mutex_unlock(&own_lock);
    return own;
}

/* Our handle for a socket that the lower provider has made, which is closed if there can be none. `ends` is what own_ended
 * gave before: the last WSPCleanup that has come since then does not know of the socket. */
static inline SOCKET own_create(struct lower *lower, SOCKET below, BOOL overlapped, unsigned ends, LPINT error)
{
    if (below == INVALID_SOCKET)
        return INVALID_SOCKET;
    struct own *own = own_vacancy();
    SOCKET s = INVALID_SOCKET;
    *error = WSAENOBUFS;
    if (own != NULL)
        s = lower->host.lpWPUCreateSocketHandle(lower->id, own->place, error);
    pthread_mutex_lock(&own_lock);
    BOOL late = s != INVALID_SOCKET && own_ends != ends;
    if (s != INVALID_SOCKET && !late) {
        *own = (struct own){.s = s, .below = below, .lower = lower, .uses = 1, .overlapped = overlapped,
                            .place = own->place};
    } else if (own != NULL) {
        own->next_free = own_free;
        own_free = own;
    }
    pthread_mutex_unlock(&own_lock);
    int ignored;
    if (late) {
        lower->host.lpWPUCloseSocketHandle(s, &ignored);
        *error = WSANOTINITIALISED;
        s = INVALID_SOCKET;
    }
    if (s == INVALID_SOCKET)
        lower->next.lpWSPCloseSocket(below, &ignored);
    return s;
}

/* Takes a socket out of use, for one of those who might: FALSE for the others. */
static inline BOOL own_retire(struct own *own)
{
    pthread_mutex_lock(&own_lock);
    BOOL first = !own->closed;
    own->closed = TRUE;
    pthread_mutex_unlock(&own_lock);
    if (first)
        own_leave(own);
    return first;
}

/* Calls the lower provider's function with its socket in the place of ours, and returns its answer. */
#define BELOW(failure, function, ...)                                                                                  \
    do {                                                                                                               \
        struct own *own_ = own_enter(s, error);                                                                        \
        if (own_ == NULL)                                                                                              \
            return failure;                                                                                            \
        __typeof__(failure) answer_ = own_->lower->next.function(own_->below, __VA_ARGS__);                            \
        own_leave(own_);                                                                                               \
        return answer_;                                                                                                \
    } while (0)

#endif
