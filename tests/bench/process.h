/* A process of the same program beside this one, and what the two tell each other. */
#ifndef PROCESS_H
#define PROCESS_H

#include <stddef.h>
#include <sys/types.h>

struct process {
    pid_t id;
    int line;
};

/* Makes the process. Comes back in both; true in this one. */
int process_start(struct process *process);

/* Tells the other process something; 0 when there is none any more. */
int process_tell(const struct process *process, const void *what, size_t size);

/* Waits until the other tells something of that size; 0 when it tells nothing any more. */
int process_hear(const struct process *process, void *what, size_t size);

/* Tells the other nothing any more, and waits for its end. */
void process_stop(struct process *process);

/*
 * From now on the calling thread is not preempted by one that it wakes, nor those that it starts. Two that share a
 * processor then each do all they can before the other goes on, and how much that is does not hang on chance.
 */
void take_turns(void);

#endif
