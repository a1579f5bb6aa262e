/* The echo server as one writes it by hand on io_uring, in plain system calls. */
#include "bench.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#if __has_include(<linux/io_uring.h>)
#include <linux/io_uring.h>
#endif

/* Of what is used the latest. */
#ifndef IORING_SETUP_DEFER_TASKRUN

const char *ring_missing(void)
{
    return "no <linux/io_uring.h> of Linux 6.1 or later";
}

const struct work ring_servers[] = {{NULL, NULL, NULL, NULL}};

#else

enum way {
    /* A request for each receive and send; the kernel is told of many at once, when the server waits. */
    REQUESTS,
    /* The kernel is told of each when it is made, as one must where nobody knows whether the thread waits soon. */
    AT_ONCE,
    /* As REQUESTS, on a ring that does everything when its one thread waits. */
    DEFERRED,
    /* There, receives that go on by themselves, into buffers that the kernel chooses, and plain send(2). */
    MULTISHOT
};

#include "echo.h"

/* As many requests as there are connections, and as many buffers, fit in. */
enum { ENTRIES = 1024, BUFFERS = 1024, GROUP = 1 };

/* The connection's number and this make the `user_data` of a request. */
enum { RECEIVES, SENDS };

static enum way chosen;

static struct {
    int fd;
    struct io_uring_params params;
    char *rings;
    size_t size;
    struct io_uring_sqe *requests;
    /* How many requests the kernel has not been told of. */
    unsigned queued;
} ring;

static struct {
    int s;
    char room[ROOM];
} connections[MOST];

/* From which the kernel chooses for a multishot receive. */
static struct {
    struct io_uring_buf *ring;
    unsigned short tail;
    char room[BUFFERS][ROOM];
} buffers;

/* A word that is shared with the kernel. */
static unsigned *shared(unsigned offset)
{
    return (unsigned *)(void *)(ring.rings + offset);
}

static void *mapped(size_t size, unsigned long long offset)
{
    void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring.fd, (off_t)offset);
    MUST(at != MAP_FAILED, errno);
    return at;
}

/* 0 or an errno. */
static int ring_open(unsigned flags)
{
    struct io_uring_params *p = &ring.params;
    memset(&ring, 0, sizeof ring);
    p->flags = flags;
    ring.fd = (int)syscall(SYS_io_uring_setup, ENTRIES, p);
    if (ring.fd < 0)
        return errno;
    size_t requests = p->sq_off.array + p->sq_entries * sizeof(unsigned);
    size_t completions = p->cq_off.cqes + p->cq_entries * sizeof(struct io_uring_cqe);
    ring.size = requests > completions ? requests : completions;
    ring.rings = mapped(ring.size, IORING_OFF_SQ_RING);
    ring.requests = mapped(p->sq_entries * sizeof *ring.requests, IORING_OFF_SQES);
    for (unsigned at = 0; at < p->sq_entries; at++)
        shared(p->sq_off.array)[at] = at;
    return 0;
}

static void ring_close(void)
{
    munmap(ring.requests, ring.params.sq_entries * sizeof *ring.requests);
    munmap(ring.rings, ring.size);
    op_close(ring.fd);
}

/* Tells the kernel of the requests, and waits until so many have been completed. */
static void ring_enter(unsigned wait)
{
    long taken;
    /* A process that was stopped and goes on has been interrupted. */
    do
        taken = syscall(SYS_io_uring_enter, ring.fd, ring.queued, wait, wait > 0 ? IORING_ENTER_GETEVENTS : 0, NULL, 0);
    while (taken < 0 && errno == EINTR);
    MUST(taken == (long)ring.queued, errno);
    ring.queued = 0;
}

/* A request of zeros, which the kernel is told of with the next ring_enter. */
static struct io_uring_sqe *ring_request(void)
{
    if (ring.queued == ENTRIES)
        ring_enter(0);
    unsigned *tail = shared(ring.params.sq_off.tail);
    struct io_uring_sqe *request = &ring.requests[*tail % ENTRIES];
    memset(request, 0, sizeof *request);
    __atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
    ring.queued++;
    return request;
}

/* 0 or an errno. */
static int buffers_open(void)
{
    struct io_uring_buf_reg reg = {.ring_entries = BUFFERS, .bgid = GROUP};
    buffers.ring = mmap(NULL, BUFFERS * sizeof *buffers.ring, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    MUST(buffers.ring != MAP_FAILED, errno);
    buffers.tail = 0;
    reg.ring_addr = (unsigned long)buffers.ring;
    return syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_PBUF_RING, &reg, 1) == 0 ? 0 : errno;
}

static void buffers_close(void)
{
    munmap(buffers.ring, BUFFERS * sizeof *buffers.ring);
}

static void buffer_give(unsigned short id)
{
    struct io_uring_buf *place = &buffers.ring[buffers.tail++ % BUFFERS];
    place->addr = (unsigned long)buffers.room[id];
    place->len = ROOM;
    place->bid = id;
    /* The tail stands where the first place has nothing. */
    __atomic_store_n(&buffers.ring->resv, buffers.tail, __ATOMIC_RELEASE);
}

static unsigned flags_of(enum way way)
{
    return way == REQUESTS || way == AT_ONCE ? 0 : IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
}

const char *ring_missing(void)
{
    int error = ring_open(flags_of(MULTISHOT));
    if (error == 0) {
        error = buffers_open();
        buffers_close();
        ring_close();
    }
    return error == 0 ? NULL : strerror(error);
}

/* ---- The server ---------------------------------------------------------------------------------- */

static sock server_socket(void)
{
    return op_socket(SOCK_STREAM);
}

static void server_open(enum way way)
{
    chosen = way;
    int error = ring_open(flags_of(way));
    MUST(error == 0, error);
    if (way == MULTISHOT) {
        error = buffers_open();
        MUST(error == 0, error);
        for (unsigned short id = 0; id < BUFFERS; id++)
            buffer_give(id);
    }
}

static void request_made(void)
{
    if (chosen == AT_ONCE)
        ring_enter(0);
}

/* `more`: data is known to be there, so that it is not waited for first. */
static void start_receive(unsigned long at, int more)
{
    struct io_uring_sqe *request = ring_request();
    request->opcode = IORING_OP_RECV;
    request->fd = connections[at].s;
    request->ioprio = more ? 0 : IORING_RECVSEND_POLL_FIRST;
    request->user_data = at << 1 | RECEIVES;
    if (chosen == MULTISHOT) {
        request->ioprio |= IORING_RECV_MULTISHOT;
        request->flags = IOSQE_BUFFER_SELECT;
        request->buf_group = GROUP;
    } else {
        request->addr = (unsigned long)connections[at].room;
        request->len = ROOM;
    }
    request_made();
}

static void start_send(unsigned long at, unsigned length)
{
    struct io_uring_sqe *request = ring_request();
    request->opcode = IORING_OP_SEND;
    request->fd = connections[at].s;
    request->msg_flags = MSG_NOSIGNAL | MSG_WAITALL;
    request->addr = (unsigned long)connections[at].room;
    request->len = length;
    request->user_data = at << 1 | SENDS;
    request_made();
}

static void server_accept(unsigned long at)
{
    connections[at].s = op_accept(listening);
    start_receive(at, 0);
}

static void received(unsigned long at, int bytes, unsigned flags)
{
    if (bytes == -ENOBUFS) {
        start_receive(at, 1);
        return;
    }
    MUST(bytes >= 0 || bytes == -ECONNRESET, -bytes);
    if (bytes <= 0) {
        op_close(connections[at].s);
        connected--;
        return;
    }
    if (chosen != MULTISHOT) {
        start_send(at, (unsigned)bytes);
        return;
    }
    unsigned short id = flags >> IORING_CQE_BUFFER_SHIFT;
    op_send(connections[at].s, buffers.room[id], (unsigned)bytes);
    echoed++;
    buffer_give(id);
    if (!(flags & IORING_CQE_F_MORE))
        start_receive(at, 1);
}

static void server_serve(void)
{
    ring_enter(1);
    const struct io_cqring_offsets *offsets = &ring.params.cq_off;
    const struct io_uring_cqe *completions = (const struct io_uring_cqe *)(const void *)shared(offsets->cqes);
    unsigned tail = __atomic_load_n(shared(offsets->tail), __ATOMIC_ACQUIRE), head = *shared(offsets->head);
    for (; head != tail; head++) {
        const struct io_uring_cqe *done = &completions[head % ring.params.cq_entries];
        unsigned long at = done->user_data >> 1;
        if ((done->user_data & 1) == RECEIVES) {
            received(at, done->res, done->flags);
        } else {
            MUST(done->res > 0, -done->res);
            echoed++;
            start_receive(at, 0);
        }
    }
    __atomic_store_n(shared(offsets->head), head, __ATOMIC_RELEASE);
}

static void server_close(void)
{
    ring_close();
    if (chosen == MULTISHOT)
        buffers_close();
}

/* -------------------------------------------------------------------------------------------------- */

ECHO(REQUESTS, 1)
ECHO(REQUESTS, 64)
ECHO(REQUESTS, 1000)
ECHO(AT_ONCE, 1)
ECHO(AT_ONCE, 64)
ECHO(AT_ONCE, 1000)
ECHO(DEFERRED, 1)
ECHO(DEFERRED, 64)
ECHO(DEFERRED, 1000)
ECHO(MULTISHOT, 1)
ECHO(MULTISHOT, 64)
ECHO(MULTISHOT, 1000)

const struct work ring_servers[] = {
    {"ring-1", open_REQUESTS_1, run_echo, close_echo},
    {"ring-64", open_REQUESTS_64, run_echo, close_echo},
    {"ring-1000", open_REQUESTS_1000, run_echo, close_echo},
    {"ring-at-once-1", open_AT_ONCE_1, run_echo, close_echo},
    {"ring-at-once-64", open_AT_ONCE_64, run_echo, close_echo},
    {"ring-at-once-1000", open_AT_ONCE_1000, run_echo, close_echo},
    {"ring-deferred-1", open_DEFERRED_1, run_echo, close_echo},
    {"ring-deferred-64", open_DEFERRED_64, run_echo, close_echo},
    {"ring-deferred-1000", open_DEFERRED_1000, run_echo, close_echo},
    {"ring-multishot-1", open_MULTISHOT_1, run_echo, close_echo},
    {"ring-multishot-64", open_MULTISHOT_64, run_echo, close_echo},
    {"ring-multishot-1000", open_MULTISHOT_1000, run_echo, close_echo},
    {NULL, NULL, NULL, NULL},
};

#endif
