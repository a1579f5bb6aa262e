/*
 * The other end of the servers in servers.c: a process of its own, in plain POSIX calls, the same whoever serves. It
 * does the least that can be done, so that the figures are the servers'.
 */
#ifndef CLIENTS_H
#define CLIENTS_H

/* Makes the process; ends it. */
void clients_start(void);
void clients_stop(void);

/* Something the clients do to the server at `port` (in network order) of 127.0.0.1. */
typedef void clients_task(unsigned short port, unsigned long count);

/* So many connections, in order, which stay. */
clients_task clients_connect;
/* So many times: 64 bytes on every connection, and 64 bytes back from every one. */
clients_task clients_exchange;
/* Resets all connections. */
clients_task clients_leave;
/* So many connections that stay until the server closes them, up to 64 at once. */
clients_task clients_visit;

/* Has the clients begin; waits until they are done. */
void clients_begin(clients_task *task, unsigned short port, unsigned long count);
void clients_finish(void);

#endif
