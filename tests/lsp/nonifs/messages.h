/*
 * messages.h - WSPAsyncSelect, whose messages name the socket. The lower provider would name its own, so it is asked for
 * an event instead, one for all sockets, and a thread asks round what has happened and posts for each socket (NEED-S17).
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
#ifndef MESSAGES_H
#define MESSAGES_H

#include "sockets.h"

/* Held while events are selected and while they are looked at, so that nobody finds those of the other. */
static pthread_mutex_t select_lock = PTHREAD_MUTEX_INITIALIZER;
static WSAEVENT something_happened;
static pthread_t messenger;
static BOOL messenger_stops;

/* Posts what has happened to a socket: a connection before that it can be written to (EV.12). */
static inline void post_events(struct own *own)
{
    static const int order[] = {FD_CONNECT_BIT, FD_ACCEPT_BIT, FD_READ_BIT, FD_OOB_BIT, FD_WRITE_BIT, FD_CLOSE_BIT,
                                FD_QOS_BIT, FD_GROUP_QOS_BIT, FD_ROUTING_INTERFACE_CHANGE_BIT,
                                FD_ADDRESS_LIST_CHANGE_BIT};
    WSANETWORKEVENTS events = {0};
    int ignored;
    pthread_mutex_lock(&select_lock);
    HWND window = own->window;
    UINT message = own->message;
    if (window == NULL ||
        own->lower->next.lpWSPEnumNetworkEvents(own->below, NULL, &events, &ignored) == SOCKET_ERROR)
        events.lNetworkEvents = 0;
    pthread_mutex_unlock(&select_lock);
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (events.lNetworkEvents & 1 << order[i])
            host()->lpWPUPostMessage(window, message, own->s,
                                     WSAMAKESELECTREPLY(1 << order[i], events.iErrorCode[order[i]]));
}

static void *post(void *event)
{
    int ignored;
    while (WaitForSingleObject((HANDLE)event, INFINITE) == WAIT_OBJECT_0 &&
           !__atomic_load_n(&messenger_stops, __ATOMIC_ACQUIRE)) {
        host()->lpWPUResetEvent((WSAEVENT)event, &ignored);
        for (size_t place = 0, limit = own_limit(); place < limit; place++) {
            struct own *own = own_at(place);
            if (own != NULL) {
                post_events(own);
                own_leave(own);
            }
        }
    }
    return NULL;
}

/* Under the lock. */
static inline int start_messenger(void)
{
    int error = 0, ignored;
    if (something_happened != NULL)
        return 0;
    something_happened = host()->lpWPUCreateEvent(&error);
    if (something_happened == NULL)
        return error;
    if (pthread_create(&messenger, NULL, post, something_happened) == 0)
        return 0;
    host()->lpWPUCloseEvent(something_happened, &ignored);
    something_happened = NULL;
    return WSAEOPNOTSUPP;
}

/* When all sockets are closed: nobody starts it again then. */
static inline void stop_messenger(void)
{
    int ignored;
    pthread_mutex_lock(&select_lock);
    WSAEVENT event = something_happened;
    something_happened = NULL;
    pthread_mutex_unlock(&select_lock);
    if (event == NULL)
        return;
    __atomic_store_n(&messenger_stops, TRUE, __ATOMIC_RELEASE);
    host()->lpWPUSetEvent(event, &ignored);
    pthread_join(messenger, NULL);
    host()->lpWPUCloseEvent(event, &ignored);
    __atomic_store_n(&messenger_stops, FALSE, __ATOMIC_RELEASE);
}

static int WSPAPI own_async_select(SOCKET s, HWND window, unsigned int message, long events, LPINT error)
{
    if (window == NULL && events != 0) {
        *error = WSAEINVAL;
        return SOCKET_ERROR;
    }
    struct own *own = own_enter(s, error);
    if (own == NULL)
        return SOCKET_ERROR;
    pthread_mutex_lock(&select_lock);
    int answer = SOCKET_ERROR, code = own_is_open(own) ? 0 : WSAENOTSOCK;
    if (code == 0 && events != 0)
        code = start_messenger();
    if (code != 0)
        *error = code;
    else
        answer = own->lower->next.lpWSPEventSelect(own->below, events != 0 ? something_happened : NULL, events, error);
    if (answer == 0) {
        own->window = events != 0 ? window : NULL;
        own->message = message;
    }
    pthread_mutex_unlock(&select_lock);
    own_leave(own);
    return answer;
}

/* Either select ends what the other has begun (EV.2). */
static int WSPAPI own_event_select(SOCKET s, WSAEVENT event, long events, LPINT error)
{
    struct own *own = own_enter(s, error);
    if (own == NULL)
        return SOCKET_ERROR;
    pthread_mutex_lock(&select_lock);
    int answer = own->lower->next.lpWSPEventSelect(own->below, event, events, error);
    if (answer == 0)
        own->window = NULL;
    pthread_mutex_unlock(&select_lock);
    own_leave(own);
    return answer;
}

/* What goes by messages is not to be found here (WSPAsyncSelect.7). */
static int WSPAPI own_enum_network_events(SOCKET s, WSAEVENT event, LPWSANETWORKEVENTS found, LPINT error)
{
    struct own *own = own_enter(s, error);
    if (own == NULL)
        return SOCKET_ERROR;
    int answer = 0;
    pthread_mutex_lock(&select_lock);
    if (own->window == NULL)
        answer = own->lower->next.lpWSPEnumNetworkEvents(own->below, event, found, error);
    else
        found->lNetworkEvents = 0;
    pthread_mutex_unlock(&select_lock);
    own_leave(own);
    return answer;
}

/* An accepted socket posts where the listener does (EV.4); what has happened to it already is looked at once more. */
static inline void inherit_messages(SOCKET accepted, const struct own *listener)
{
    int ignored;
    struct own *own = own_enter(accepted, &ignored);
    if (own == NULL)
        return;
    pthread_mutex_lock(&select_lock);
    own->window = listener->window;
    own->message = listener->message;
    if (own->window != NULL)
        host()->lpWPUSetEvent(something_happened, &ignored);
    pthread_mutex_unlock(&select_lock);
    own_leave(own);
}

#endif
