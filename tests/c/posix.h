/*
 * The other side of a test, on plain POSIX calls. Kept apart because the headers give many of the names Winsock's
 * meaning. Failures end the process.
 */
#ifndef POSIX_H
#define POSIX_H

/* A TCP connection to 127.0.0.1:port, or -errno. */
int posix_connect(unsigned short port);

/* Listens on 127.0.0.1; the port goes to `port`. */
int posix_listen(unsigned short *port, int backlog);

int posix_accept(int fd);

/* Writes all of it; reads until `length` bytes came or the stream ended, and returns how many. */
void posix_write(int fd, const void *bytes, unsigned long length);
unsigned long posix_read(int fd, void *bytes, unsigned long length);

/* Closes; the second sends a reset. */
void posix_close(int fd);
void posix_reset(int fd);

/* How many descriptors the process has open. */
int posix_open_descriptors(void);

/* System calls for posix_inject. */
extern const long POSIX_LISTEN, POSIX_ACCEPT;

/* From now on system call `number` fails with `code` in this process (seccomp). */
void posix_inject(long number, int code);

/* Reads a byte and gives the errno of that, 0 for data or the end of the stream. */
int posix_read_error(int fd);

/* How many threads the process has. */
int posix_threads(void);

/* A pipe, and a few bytes into it. */
void posix_pipe(int ends[2]);
void posix_put(int fd, const void *bytes, unsigned long length);

/* fork(2), and the exit status of the child. */
int posix_fork(void);
int posix_wait(int child);

/* Lets the process open `more` descriptors; and as many as the host allows. */
void posix_limit_descriptors(int more);
void posix_unlimit_descriptors(void);

/* A millisecond clock that never goes back. */
long long posix_milliseconds(void);

#endif
