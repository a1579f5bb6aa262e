#define _GNU_SOURCE
#include "process.h"
#include "bench.h"

#include <errno.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

int process_start(struct process *process)
{
    int ends[2];
    MUST(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0, errno);
    process->id = fork();
    MUST(process->id >= 0, errno);
    int here = process->id != 0;
    process->line = ends[here];
    close(ends[!here]);
    return here;
}

int process_tell(const struct process *process, const void *what, size_t size)
{
    return send(process->line, what, size, MSG_NOSIGNAL) == (ssize_t)size;
}

int process_hear(const struct process *process, void *what, size_t size)
{
    return recv(process->line, what, size, 0) == (ssize_t)size;
}

void process_stop(struct process *process)
{
    close(process->line);
    waitpid(process->id, NULL, 0);
}

void take_turns(void)
{
    const struct sched_param none = {0};
    MUST(sched_setscheduler(0, SCHED_BATCH, &none) == 0, errno);
}
