#include "clients.h"
#include "bench.h"
#include "process.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 1000, MESSAGE = 64, VISITORS = 64 };

struct order {
    /* The two processes are one program, so that a function has the same address in both. */
    clients_task *task;
    unsigned short port;
    unsigned long count;
};

static struct process process;

void clients_start(void)
{
    struct order order;
    if (process_start(&process))
        return;
    take_turns();
    while (process_hear(&process, &order, sizeof order)) {
        order.task(order.port, order.count);
        process_tell(&process, "", 1);
    }
    _exit(0);
}

void clients_stop(void)
{
    process_stop(&process);
}

void clients_begin(clients_task *task, unsigned short port, unsigned long count)
{
    const struct order order = {task, port, count};
    MUST(process_tell(&process, &order, sizeof order), errno);
}

void clients_finish(void)
{
    char done;
    MUST(process_hear(&process, &done, 1), errno);
}

/* ---- What they do -------------------------------------------------------------------------------- */

static int client[MOST];
static unsigned long clients;

/* Closes by a reset, which leaves no connection in TIME_WAIT, or they would use the ports up. */
static int connected(unsigned short port)
{
    const struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = port, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    const struct linger reset = {1, 0};
    int s = socket(AF_INET, SOCK_STREAM, 0);
    MUST(s >= 0, errno);
    MUST(setsockopt(s, SOL_SOCKET, SO_LINGER, &reset, sizeof reset) == 0, errno);
    MUST(connect(s, (const struct sockaddr *)&at, sizeof at) == 0, errno);
    return s;
}

void clients_connect(unsigned short port, unsigned long count)
{
    MUST(count <= MOST, 0);
    for (clients = 0; clients < count; clients++)
        client[clients] = connected(port);
}

/* Looks first at the connection that is likely to be answered last: then all others have been, and the server was not
 * disturbed in between. */
void clients_exchange(unsigned short port, unsigned long count)
{
    char message[MESSAGE] = {0};
    (void)port;
    while (count-- > 0) {
        for (unsigned long at = 0; at < clients; at++)
            MUST(send(client[at], message, MESSAGE, MSG_NOSIGNAL) == MESSAGE, errno);
        for (unsigned long at = clients; at-- > 0;)
            MUST(recv(client[at], message, MESSAGE, MSG_WAITALL) == MESSAGE, errno);
    }
}

void clients_leave(unsigned short port, unsigned long count)
{
    (void)port, (void)count;
    while (clients > 0)
        close(client[--clients]);
}

void clients_visit(unsigned short port, unsigned long count)
{
    char none;
    while (count > 0) {
        clients_connect(port, count < VISITORS ? count : VISITORS);
        count -= clients;
        for (unsigned long at = clients; at-- > 0;)
            MUST(recv(client[at], &none, 1, 0) == 0, errno);
        clients_leave(0, 0);
    }
}
