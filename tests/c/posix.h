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

/* Sends one byte out of band. */
void posix_urgent(int fd, char byte);

/* The loopback interface, and whether it has IPv6. */
unsigned posix_loopback_index(void);
int posix_has_ipv6(void);

/* Sends a datagram to a multicast group through the loopback interface; 0 or -errno. The IPv6 group is 16 bytes. */
int posix_send_to_group(unsigned group, unsigned short port, const void *bytes, unsigned long length);
int posix_send_to_group6(const void *group, unsigned short port, const void *bytes, unsigned long length);

/* The number of the calling thread, for the two functions below. */
int posix_thread(void);

/* Returns when that thread sleeps in system call `number`; ppoll(2) passes for posix_poll. */
void posix_await_call(int thread, long number);
extern const long posix_poll;

/* Runs `handler` on that thread, as a signal; interrupted calls do not restart by themselves. */
void posix_signal(int thread, void (*handler)(int));

/* How many descriptors the process has open. */
int posix_open_descriptors(void);

/* From now on system call `number` fails with `code` in this process (seccomp). */
void posix_inject(long number, int code);

/* A millisecond clock that never goes back. */
long long posix_milliseconds(void);

/* How many milliseconds the process has kept processors busy. */
long long posix_processor_milliseconds(void);

#endif
