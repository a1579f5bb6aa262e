/*
 * The servers as one writes them by hand on epoll: every socket registered once, edge-triggered, and no call that is
 * not needed.
 */
#include <sys/epoll.h>

static int queue;
static struct epoll_event ready[BATCH];

static void queue_add(int s)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.fd = s};
    MUST(epoll_ctl(queue, EPOLL_CTL_ADD, s, &event) == 0, errno);
}

/* How many are ready. */
static int queue_wait(void)
{
    int count;
    /* A process that was stopped and goes on has been interrupted. */
    do
        count = epoll_wait(queue, ready, BATCH, -1);
    while (count < 0 && errno == EINTR);
    MUST(count > 0, errno);
    return count;
}

static void queue_open(void)
{
    queue = epoll_create1(EPOLL_CLOEXEC);
    MUST(queue >= 0, errno);
}

/* ---- Echo ---------------------------------------------------------------------------------------- */

static sock server_socket(void)
{
    return op_socket(SOCK_STREAM);
}

static void server_open(enum way way)
{
    (void)way;
    queue_open();
}

static void server_accept(unsigned long at)
{
    int s = accept4(listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    (void)at;
    MUST(s >= 0, errno);
    queue_add(s);
}

/* A receive that does not fill the room has taken all there was. */
static void echo(int s)
{
    char room[ROOM];
    ssize_t came;
    do {
        came = recv(s, room, ROOM, 0);
        if (came <= 0) {
            MUST(came == 0 || errno == ECONNRESET || errno == EAGAIN, errno);
            if (came < 0 && errno == EAGAIN)
                return;
            op_close(s);
            connected--;
            return;
        }
        op_send(s, room, (unsigned)came);
        echoed++;
    } while (came == ROOM);
}

static void server_serve(void)
{
    for (int count = queue_wait(), at = 0; at < count; at++)
        echo(ready[at].data.fd);
}

static void server_close(void)
{
    op_close(queue);
}

/* ---- Accept -------------------------------------------------------------------------------------- */

static void acceptor_open(void)
{
    op_nonblocking(listening);
    queue_open();
    queue_add(listening);
}

/* Takes all that wait: the next edge comes with the next connection. */
static void acceptor_serve(void)
{
    queue_wait();
    for (;;) {
        address from;
        socklen_t length = sizeof from;
        int s = accept4(listening, (struct sockaddr *)&from, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (s < 0)
            break;
        op_close(s);
        visited++;
    }
    MUST(errno == EAGAIN, errno);
}

static void acceptor_close(void)
{
    close_listener();
    op_close(queue);
}
