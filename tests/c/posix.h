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

/* Sends a datagram to 127.0.0.1:port. */
void posix_send_datagram(unsigned short port, const void *bytes, unsigned long length);

/* Sends one byte out of band. */
void posix_write_urgent(int fd, char byte);

/* The local address that a datagram to `to` would be sent from, both in network order: 0, or -errno. */
int posix_source(unsigned to, unsigned *source);

/* How many addresses of the family the interfaces have, those of the loopback interface or the others. */
int posix_addresses(int ipv6, int loopback);

/* This process, the one that started it, and how many threads it has. */
int posix_process(void);
int posix_parent(void);
int posix_threads(void);

/* This program again, as `program --child ARGUMENT`, its standard input and output on a stream socket that goes to
   `pipe`; its process number. */
int posix_start(const char *argument, int *pipe);

/* Waits until it ends; its exit status, or -1 when a signal ended it. */
int posix_wait(int process);

/* What the kernel has for an option of the process's first socket. */
enum posix_option {
    POSIX_KEEPALIVE,
    POSIX_KEEPIDLE,
    POSIX_KEEPINTVL,
    POSIX_MULTICAST_LOOP,
    POSIX_MULTICAST_TTL,
};
int posix_socket_option(enum posix_option option);

/* The calling thread; waits until a thread of this process sleeps in a system call. */
int posix_thread(void);
void posix_wait_until_asleep(int thread);

/* A millisecond clock that never goes back. */
long long posix_milliseconds(void);

#endif
