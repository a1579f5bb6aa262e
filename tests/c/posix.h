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

/* Sends one byte out of band. */
void posix_urgent(int fd, char byte);

/* The number of the calling thread, for the two functions below. */
int posix_thread(void);

/* Returns when that thread sleeps in system call `number`. */
void posix_await_call(int thread, long number);

/* Runs `handler` on that thread, as a signal; interrupted calls do not restart by themselves. */
void posix_signal(int thread, void (*handler)(int));

/* One recv, one send: what it gave, or -errno. */
long posix_receive(int fd, void *bytes, unsigned long length);
long posix_send(int fd, const void *bytes, unsigned long length);

/* `length` bytes, a multiple of the page size, of which the last page can be neither read nor written. */
char *posix_fenced(unsigned long length);

/* Closes; the second sends a reset. */
void posix_close(int fd);
void posix_reset(int fd);

/* How many descriptors the process has open. */
int posix_open_descriptors(void);

/* From now on system call `number` fails with `code` in this process (seccomp). */
void posix_inject(long number, int code);

/* A millisecond clock that never goes back. */
long long posix_milliseconds(void);

#endif
