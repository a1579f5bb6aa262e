/* Servers in one thread, which wait for many connections at once. */
/* Winsock's ways to learn of completions. On epoll there is one way, whatever is asked for. */
enum way { PORT, SKIPPING_PORT, EVENTS, ROUTINES };

#include "echo.h"

enum { BATCH = 256 };

/* How many visitors have come and gone. */
static unsigned long visited;

#ifdef POSIX
#include "servers_posix.h"
#else
#include "servers_ws2spi.h"
#endif

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
#ifdef POSIX
    /* What those of uring.c are measured against. */
    {"ring-1", open_PORT_1, run_echo, close_echo},
    {"ring-64", open_PORT_64, run_echo, close_echo},
    {"ring-1000", open_PORT_1000, run_echo, close_echo},
    {"ring-at-once-1", open_PORT_1, run_echo, close_echo},
    {"ring-at-once-64", open_PORT_64, run_echo, close_echo},
    {"ring-at-once-1000", open_PORT_1000, run_echo, close_echo},
    {"ring-deferred-1", open_PORT_1, run_echo, close_echo},
    {"ring-deferred-64", open_PORT_64, run_echo, close_echo},
    {"ring-deferred-1000", open_PORT_1000, run_echo, close_echo},
    {"ring-multishot-1", open_PORT_1, run_echo, close_echo},
    {"ring-multishot-64", open_PORT_64, run_echo, close_echo},
    {"ring-multishot-1000", open_PORT_1000, run_echo, close_echo},
#endif
    {NULL, NULL, NULL, NULL},
};
