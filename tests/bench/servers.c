/* Servers in one thread, which wait for many connections at once; the clients are clients.c's. */
#include "clients.h"
#include "ops.h"
#include "process.h"

enum { MOST = 1000, ROOM = 512, BATCH = 256 };

/* Winsock's ways to learn of completions. On epoll there is one way, whatever is asked for. */
enum way { PORT, SKIPPING_PORT, EVENTS, ROUTINES };

/* How many connections there are, and how many messages have gone back. */
static unsigned long connected, echoed;
/* How many visitors have come and gone. */
static unsigned long visited;

#ifdef POSIX
#include "servers_posix.h"
#else
#include "servers_ws2spi.h"
#endif

/* ---- Echo ---------------------------------------------------------------------------------------- */

static void open_echo(enum way way, unsigned long count)
{
    take_turns();
    open_listener(server_socket(), SOMAXCONN);
    clients_begin(clients_connect, served.sin_port, count);
    server_open(way);
    for (connected = 0; connected < count; connected++)
        server_accept(connected);
    clients_finish();
    close_listener();
}

/* Once: a message on every connection. */
static void run_echo(unsigned long count, int thread)
{
    unsigned long goal = echoed + count * connected;
    (void)thread;
    clients_begin(clients_exchange, 0, count);
    while (echoed < goal)
        server_serve();
    clients_finish();
}

static void close_echo(void)
{
    clients_begin(clients_leave, 0, 0);
    while (connected > 0)
        server_serve();
    clients_finish();
    server_close();
}

#define ECHO(way, count)                                                                                               \
    static void open_##way##_##count(void)                                                                             \
    {                                                                                                                  \
        open_echo(way, count);                                                                                         \
    }

ECHO(PORT, 1)
ECHO(PORT, 64)
ECHO(PORT, 1000)
ECHO(SKIPPING_PORT, 1)
ECHO(SKIPPING_PORT, 64)
ECHO(SKIPPING_PORT, 1000)
ECHO(EVENTS, 1)
ECHO(EVENTS, 64)
ECHO(ROUTINES, 1)
ECHO(ROUTINES, 64)
ECHO(ROUTINES, 1000)

/* ---- Accept -------------------------------------------------------------------------------------- */

static void open_accept(void)
{
    take_turns();
    open_listener(server_socket(), SOMAXCONN);
    acceptor_open();
}

/* Once: a client connects, the server accepts and closes, the client closes. */
static void run_accept(unsigned long count, int thread)
{
    unsigned long goal = visited + count;
    (void)thread;
    clients_begin(clients_visit, served.sin_port, count);
    while (visited < goal)
        acceptor_serve();
    clients_finish();
}

/* -------------------------------------------------------------------------------------------------- */

const struct work SIDE(servers)[] = {
    {"echo-port-1", open_PORT_1, run_echo, close_echo},
    {"echo-port-64", open_PORT_64, run_echo, close_echo},
    {"echo-port-1000", open_PORT_1000, run_echo, close_echo},
    {"echo-skip-1", open_SKIPPING_PORT_1, run_echo, close_echo},
    {"echo-skip-64", open_SKIPPING_PORT_64, run_echo, close_echo},
    {"echo-skip-1000", open_SKIPPING_PORT_1000, run_echo, close_echo},
    {"echo-events-1", open_EVENTS_1, run_echo, close_echo},
    {"echo-events-64", open_EVENTS_64, run_echo, close_echo},
    {"echo-routines-1", open_ROUTINES_1, run_echo, close_echo},
    {"echo-routines-64", open_ROUTINES_64, run_echo, close_echo},
    {"echo-routines-1000", open_ROUTINES_1000, run_echo, close_echo},
    {"accept", open_accept, run_accept, acceptor_close},
    {NULL, NULL, NULL, NULL},
};
