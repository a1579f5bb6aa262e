/* The servers as one writes them for Winsock: requests always under way, and three ways to learn of their end. */
#include <mswsock.h>
#include <ws2kernel.h>

static enum way chosen;
static HANDLE port;
static WSATHREADID self;

static sock server_socket(void)
{
    int error = 0;
    sock s = procs.lpWSPSocket(AF_INET, SOCK_STREAM, 0, NULL, 0, WSA_FLAG_OVERLAPPED, &error);
    MUST(s != INVALID_SOCKET, error);
    return s;
}

static void port_open(void)
{
    port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    MUST(port != NULL, (int)GetLastError());
}

static void port_add(sock s)
{
    MUST(CreateIoCompletionPort((HANDLE)s, port, 0, 0) == port, (int)GetLastError());
}

static void port_close(void)
{
    MUST(CloseHandle(port), (int)GetLastError());
}

/* Calls `finished` with each of some requests that are done. */
static void port_wait(void (*finished)(LPOVERLAPPED overlapped, DWORD error, DWORD bytes))
{
    OVERLAPPED_ENTRY entries[BATCH];
    ULONG count;
    MUST(GetQueuedCompletionStatusEx(port, entries, BATCH, &count, INFINITE, FALSE), (int)GetLastError());
    for (ULONG at = 0; at < count; at++)
        finished(entries[at].lpOverlapped, (DWORD)entries[at].Internal, entries[at].dwNumberOfBytesTransferred);
}

/* ---- Echo ---------------------------------------------------------------------------------------- */

/* Receives and sends in turn. */
static struct connection {
    OVERLAPPED overlapped;
    SOCKET s;
    WSABUF buffer;
    BOOL sends;
    char room[ROOM];
} connections[MOST];

/* That of each connection, as many as have been accepted. */
static WSAEVENT events[WSA_MAXIMUM_WAIT_EVENTS];
static DWORD events_used;

static void server_open(enum way way)
{
    int error = 0;
    chosen = way;
    switch (way) {
    case PORT:
    case SKIPPING_PORT:
        port_open();
        break;
    case EVENTS:
        events_used = 0;
        break;
    case ROUTINES:
        MUST(WPUOpenCurrentThread(&self, &error) == 0, error);
        break;
    }
}

static void CALLBACK routine(DWORD error, DWORD bytes, LPWSAOVERLAPPED overlapped, DWORD flags);

/* Starts the connection's next request. Whether it is done already and nothing else will tell. */
static BOOL start(struct connection *c, DWORD *bytes)
{
    LPWSAOVERLAPPED_COMPLETION_ROUTINE called = chosen == ROUTINES ? routine : NULL;
    int error = 0, answer;
    DWORD flags = 0;
    if (c->sends)
        answer = procs.lpWSPSend(c->s, &c->buffer, 1, bytes, 0, &c->overlapped, called, &self, &error);
    else
        answer = procs.lpWSPRecv(c->s, &c->buffer, 1, bytes, &flags, &c->overlapped, called, &self, &error);
    MUST(answer == 0 || error == WSA_IO_PENDING, error);
    return answer == 0 && (chosen == SKIPPING_PORT || chosen == EVENTS);
}

static void finish(LPOVERLAPPED overlapped, DWORD error, DWORD bytes)
{
    struct connection *c = CONTAINING_RECORD(overlapped, struct connection, overlapped);
    do {
        if (error != 0 || bytes == 0) {
            op_close(c->s);
            /* Nothing more will come of it. */
            c->overlapped.Internal = STATUS_PENDING;
            connected--;
            return;
        }
        echoed += c->sends;
        c->sends = !c->sends;
        c->buffer.len = c->sends ? bytes : ROOM;
    } while (start(c, &bytes));
}

static void CALLBACK routine(DWORD error, DWORD bytes, LPWSAOVERLAPPED overlapped, DWORD flags)
{
    (void)flags;
    finish(overlapped, error, bytes);
}

static void server_accept(unsigned long at)
{
    struct connection *c = &connections[at];
    DWORD bytes;
    memset(c, 0, sizeof *c);
    c->s = op_accept(listening);
    c->buffer.buf = c->room;
    c->buffer.len = ROOM;
    switch (chosen) {
    case SKIPPING_PORT:
        MUST(SetFileCompletionNotificationModes((HANDLE)c->s, FILE_SKIP_COMPLETION_PORT_ON_SUCCESS),
             (int)GetLastError());
        /* fall through */
    case PORT:
        port_add(c->s);
        break;
    case EVENTS:
        c->overlapped.hEvent = events[events_used++] = WSACreateEvent();
        MUST(c->overlapped.hEvent != WSA_INVALID_EVENT, WSAGetLastError());
        break;
    case ROUTINES:
        break;
    }
    /* No client sends before all are connected. */
    MUST(!start(c, &bytes), 0);
}

/*
 * The wait names the first event that is set; of the others behind it the requests themselves tell. The event is reset
 * before the request is looked at, so that one that is set late costs a look and is not lost.
 */
static void serve_events(void)
{
    DWORD first = WSAWaitForMultipleEvents(events_used, events, FALSE, WSA_INFINITE, FALSE) - WSA_WAIT_EVENT_0;
    MUST(first < events_used, WSAGetLastError());
    MUST(WSAResetEvent(events[first]), WSAGetLastError());
    for (DWORD at = first; at < events_used; at++) {
        struct connection *c = &connections[at];
        if (HasOverlappedIoCompleted(&c->overlapped)) {
            int error = 0;
            DWORD bytes = 0, flags;
            procs.lpWSPGetOverlappedResult(c->s, &c->overlapped, &bytes, FALSE, &flags, &error);
            finish(&c->overlapped, (DWORD)error, bytes);
        }
    }
}

static void server_serve(void)
{
    switch (chosen) {
    case PORT:
    case SKIPPING_PORT:
        port_wait(finish);
        break;
    case EVENTS:
        serve_events();
        break;
    case ROUTINES:
        MUST(SleepEx(INFINITE, TRUE) == WAIT_IO_COMPLETION, 0);
        break;
    }
}

static void server_close(void)
{
    int error = 0;
    switch (chosen) {
    case PORT:
    case SKIPPING_PORT:
        port_close();
        break;
    case EVENTS:
        while (events_used > 0)
            MUST(WSACloseEvent(events[--events_used]), WSAGetLastError());
        break;
    case ROUTINES:
        MUST(WPUCloseThread(&self, &error) == 0, error);
        break;
    }
}

/* ---- Accept -------------------------------------------------------------------------------------- */

enum { ACCEPTORS = 64, ADDRESS_ROOM = sizeof(address) + 16 };

/* A socket that waits for its connection. */
static struct acceptor {
    OVERLAPPED overlapped;
    SOCKET s;
    char addresses[2 * ADDRESS_ROOM];
} acceptors[ACCEPTORS];

static int accepting;
static LPFN_ACCEPTEX accept_ex;

static void start_accept(struct acceptor *a)
{
    DWORD bytes;
    a->s = server_socket();
    BOOL done = accept_ex(listening, a->s, a->addresses, 0, ADDRESS_ROOM, ADDRESS_ROOM, &bytes, &a->overlapped);
    MUST(done || WSAGetLastError() == WSA_IO_PENDING, WSAGetLastError());
}

static void finish_accept(LPOVERLAPPED overlapped, DWORD error, DWORD bytes)
{
    struct acceptor *a = CONTAINING_RECORD(overlapped, struct acceptor, overlapped);
    (void)bytes;
    if (error == 0) {
        int code = 0;
        MUST(procs.lpWSPSetSockOpt(a->s, SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT, (const char *)&listening,
                                   sizeof listening, &code) == 0,
             code);
        visited++;
    }
    op_close(a->s);
    if (error == 0)
        start_accept(a);
    else
        accepting--;
}

static void acceptor_open(void)
{
    GUID name = WSAID_ACCEPTEX;
    int error = 0;
    DWORD returned = 0;
    MUST(procs.lpWSPIoctl(listening, SIO_GET_EXTENSION_FUNCTION_POINTER, &name, sizeof name, &accept_ex,
                          sizeof accept_ex, &returned, NULL, NULL, NULL, &error) == 0,
         error);
    port_open();
    port_add(listening);
    for (accepting = 0; accepting < ACCEPTORS; accepting++)
        start_accept(&acceptors[accepting]);
}

static void acceptor_serve(void)
{
    port_wait(finish_accept);
}

/* Closing the listener ends the requests on it. */
static void acceptor_close(void)
{
    close_listener();
    while (accepting > 0)
        acceptor_serve();
    port_close();
}
