/*
 * Echo servers in one thread, and what they have in common; the clients are clients.c's. Who includes this brings
 * `enum way`, the ways to serve that there are, and the functions below.
 */
#ifndef ECHO_H
#define ECHO_H

#include "clients.h"
#include "ops.h"
#include "process.h"

enum { MOST = 1000, ROOM = 512 };

/* How many connections there are, and how many messages have gone back. */
static unsigned long connected, echoed;

/* The socket to listen on. */
static sock server_socket(void);
/* Before the first connection. */
static void server_open(enum way way);
/* Takes the next connection, the `at`th. */
static void server_accept(unsigned long at);
/* Waits, and serves what there is. */
static void server_serve(void);
/* After the last connection. */
static void server_close(void);

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

#endif
