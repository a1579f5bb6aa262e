/*
 * The other side of a test, on plain POSIX calls. Kept apart because the headers give many of the names Winsock's
 * meaning. Failures end the process.
 */
#ifndef POSIX_H
#define POSIX_H

/* ---- Streams on 127.0.0.1 ---- */

/* A TCP connection to 127.0.0.1:port, or -errno. */
int posix_connect(unsigned short port);

/* A TCP or a UDP socket that is bound to 127.0.0.1:*port and no more, or -errno; port 0 stands for any, and comes
 * back. */
int posix_bind_tcp(unsigned short *port);
int posix_bind_udp(unsigned short *port);

/* Listens on any port, which goes to `port`; the second has a full queue, so that further connections hang until one
 * of posix_accept. */
int posix_listen(unsigned short *port, int backlog);
int posix_listen_full(unsigned short *port);
int posix_accept(int fd);

/* A connection to the AF_UNIX socket at `path`, and one byte on it that carries a descriptor. */
int posix_connect_path(const char *path);
void posix_send_descriptor(int fd, char byte);

/* Writes all of it; reads until `length` bytes came or the stream ended, and returns how many. */
void posix_write(int fd, const void *bytes, unsigned long length);
unsigned long posix_read(int fd, void *bytes, unsigned long length);

/* One recv, one send: what it gave, or -errno. */
long posix_receive(int fd, void *bytes, unsigned long length);
long posix_send(int fd, const void *bytes, unsigned long length);

/* Sends one byte out of band. */
void posix_urgent(int fd, char byte);

/* Sends a byte and gets one back; 0 or an errno (ECONNRESET also for an end without an answer). */
int posix_exchange(int fd, unsigned char byte, unsigned char *answer);

/* Reads a byte and gives the errno of that, 0 for data or the end of the stream. */
int posix_read_error(int fd);

/* Reads until the stream ends: 0, or -errno when it ends badly. The number of bytes goes to `total`, if not NULL. */
int posix_drain(int fd, unsigned long *total);

/* Closes; the second sends a reset. */
void posix_close(int fd);
void posix_reset(int fd);

/* ---- Datagrams ---- */

/* Sends a datagram of one byte to 127.0.0.1:port; the next datagram's only byte. */
void posix_send_datagram(int fd, char byte, unsigned short port);
char posix_receive_datagram(int fd);

/* Sends a datagram to 127.0.0.1:port from a socket of its own. */
void posix_datagram(unsigned short port, const void *bytes, unsigned long length);

/* Sends a datagram to `group`, out of 127.0.0.1, from a socket of its own that is bound to `source`. */
void posix_send_to_group(const char *source, const char *group, unsigned short port, const void *bytes,
                         unsigned long length);

/* Sends a datagram to a multicast group through the loopback interface; 0 or -errno. The IPv6 group is 16 bytes. */
int posix_multicast(unsigned group, unsigned short port, const void *bytes, unsigned long length);
int posix_multicast6(const void *group, unsigned short port, const void *bytes, unsigned long length);

/* ---- The host ---- */

/* The loopback interface, and whether it has IPv6. */
unsigned posix_loopback_index(void);
int posix_has_ipv6(void);

/* How many addresses of the family the interfaces have, those of the loopback interface or the others. */
int posix_addresses(int ipv6, int loopback);

/* The local address that a datagram to `to` would be sent from, both in network order: 0, or -errno. */
int posix_source(unsigned to, unsigned *source);

/* The name of a file that does not exist, in a folder of its own. */
void posix_temporary_path(char path[100]);

/* ---- Processes ---- */

/* This process, and the one that started it. */
int posix_process(void);
int posix_parent(void);

/* fork(2), and the exit status of the child. */
int posix_fork(void);
int posix_wait(int child);

/* A pipe, and a few bytes into it. */
void posix_pipe(int ends[2]);
void posix_put(int fd, const void *bytes, unsigned long length);

/* Another process, made now, that answers posix_ask with what `answer` says to the question; posix_end ends it, and
 * returns when it is gone. */
int posix_answerer(int (*answer)(int question));
int posix_ask(int process, int question);
void posix_end(int process);

/* This program again, as `program --child ARGUMENT`, its standard input and output on a stream socket that goes to
 * `pipe`; its process number. */
int posix_start(const char *argument, int *pipe);

/* ---- Threads and time ---- */

/* The number of the calling thread, and how many threads the process has. */
int posix_thread(void);
int posix_threads(void);

/* Returns when that thread sleeps in system call `number`: SYS_recvfrom, ...; ppoll(2) passes for posix_poll. */
void posix_await_call(int thread, long number);
extern const long posix_poll, posix_connecting;

/* Waits until so many other threads of the process block in a call on a socket. */
void posix_wait_until_blocked(int threads);

/* Skips the test where a signal does not reach a thread inside of the library: ThreadSanitizer holds it back. */
void posix_need_signals(void);

/* Runs `handler` on that thread, as a signal; interrupted calls do not restart by themselves. */
void posix_signal(int thread, void (*handler)(int));

/* A millisecond clock that never goes back; how many milliseconds the process has kept processors busy. */
long long posix_milliseconds(void);
long long posix_processor_milliseconds(void);

/* ---- Descriptors ---- */

/* How many descriptors the process has open, and how many of them a program that it starts would get. */
int posix_open_descriptors(void);
int posix_inheritable_descriptors(void);

/* Lets the process open `more` descriptors; and as many as the host allows. */
void posix_limit_descriptors(int more);
void posix_unlimit_descriptors(void);

/* The process may open no more descriptors, or again as many as before. */
void posix_forbid_descriptors(int forbid);

/* The int that the kernel keeps for the process's newest socket, by the option's POSIX name ("SO_KEEPALIVE"). */
int posix_newest_option(const char *name);

/* How many connections the kernel lets wait for the process's listening socket. */
int posix_admitted(void);

/* ---- Failures ---- */

/* From now on system call `number` (SYS_listen, ...) fails with `code` in this process (seccomp). */
void posix_inject(long number, int code);

/* `length` bytes, a multiple of the page size, of which the last page can be neither read nor written. */
char *posix_fenced(unsigned long length);

/* From now on the process runs as nobody, if it was root's. */
void posix_drop_privileges(void);

#endif
