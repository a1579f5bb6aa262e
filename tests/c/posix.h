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

/* A TCP or a UDP socket that is bound to 127.0.0.1:*port and no more, or -errno; port 0 stands for any, and comes
 * back. */
int posix_bind_tcp(unsigned short *port);
int posix_bind_udp(unsigned short *port);

/* Sends a datagram of one byte to 127.0.0.1:port; the next datagram's only byte. */
void posix_send_datagram(int fd, char byte, unsigned short port);
char posix_receive_datagram(int fd);

/* A listener on 127.0.0.1 whose queue is full: further connections hang until one of posix_accept. */
int posix_listen_full(unsigned short *port);

/* The name of a file that does not exist, in a folder of its own. */
void posix_temporary_path(char path[100]);

/* Another process, made now, that answers posix_ask with what `answer` says to the question. */
int posix_fork(int (*answer)(int question));
int posix_ask(int process, int question);

/* Ends that process, and returns when it is gone. */
void posix_end(int process);

/* The process may open no more descriptors, or again as many as before. */
void posix_forbid_descriptors(int forbid);

/* Writes all of it; reads until `length` bytes came or the stream ended, and returns how many. */
void posix_write(int fd, const void *bytes, unsigned long length);
unsigned long posix_read(int fd, void *bytes, unsigned long length);

/* Closes; the second sends a reset. */
void posix_close(int fd);
void posix_reset(int fd);

/* Reads until the stream ends: 0, or -errno when it ends badly. The number of bytes goes to `total`. */
int posix_drain(int fd, unsigned long *total);
extern const int posix_econnreset;

/* Sends one byte out of band. */
void posix_urgent(int fd, char byte);

/* The number of the calling thread, for the two functions below. */
int posix_thread(void);

/* Returns when that thread sleeps in system call `number` (posix_ppoll, ...). */
void posix_await_call(int thread, long number);
extern const long posix_ppoll, posix_connecting;

/* Runs `handler` on that thread, as a signal; interrupted calls do not restart by themselves. */
void posix_signal(int thread, void (*handler)(int));

/* How many descriptors the process has open, and how many of them a program that it starts would get. */
int posix_open_descriptors(void);
int posix_inheritable_descriptors(void);

/* From now on system call `number` fails with `code` in this process (seccomp). */
void posix_inject(long number, int code);
extern const int posix_enetdown, posix_enobufs, posix_etimedout, posix_ehostunreach, posix_eperm, posix_enomem;

/* A millisecond clock that never goes back. */
long long posix_milliseconds(void);

/* How many milliseconds the process has kept processors busy. */
long long posix_processor_milliseconds(void);

#endif
