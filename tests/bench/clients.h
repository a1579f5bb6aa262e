/*
 * The other end of the servers in servers.c: a process of its own, in plain POSIX calls, the same whoever serves. It
 * does the least that can be done, so that the figures are the servers'.
 */
#ifndef CLIENTS_H
#define CLIENTS_H

/* Makes the process, which ends with this one. */
void clients_start(void);

/*
 * From now on the calling thread is not preempted by whom it wakes. Clients and server, on one processor, then each do
 * all they can before the other goes on, and how much that is does not hang on chance.
 */
void take_turns(void);

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
