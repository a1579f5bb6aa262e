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

/* From now on system call `number` fails with `code` in this process (seccomp). */
void posix_inject(long number, int code);

/* A millisecond clock that never goes back. */
long long posix_milliseconds(void);

/* The int that the kernel keeps for the process's newest socket, by the option's POSIX name ("SO_KEEPALIVE"). */
int posix_newest_option(const char *name);

/* Sends a datagram to `group`, out of 127.0.0.1, from a socket of its own that is bound to `source`. */
void posix_send_to_group(const char *source, const char *group, unsigned short port, const void *bytes,
                         unsigned long length);

#endif
