/*
 * Work that is done in several ways: through POSIX, through the SPI and through the Winsock API, by the same source.
 * rows.c is compiled once per side and gives `posix_work`, `ws2spi_work` and `winsock_work`; bench.c measures them.
 */
#ifndef BENCH_H
#define BENCH_H

struct work {
    const char *name;
    /* What the work needs; made before each slice and taken away after it, outside of the measured time. */
    void (*open)(void);
    /* The measured loop, `count` times. `thread` tells two threads apart that do it at once. */
    void (*run)(unsigned long count, int thread);
    void (*close)(void);
};

/* Each ends with an entry without a name. */
extern const struct work posix_work[], posix_servers[], posix_events[];
extern const struct work ws2spi_work[], ws2spi_servers[], ws2spi_events[];
extern const struct work winsock_work[];

/* Servers on io_uring; why there are none, NULL where there are. */
extern const struct work ring_servers[];
const char *ring_missing(void);

/* What a side needs before any work: nothing, WSPStartup, WSAStartup. */
void posix_start(void);
void ws2spi_start(void);
void winsock_start(void);

__attribute__((noreturn)) void stop(const char *failed, const char *file, int line, int code);

#define MUST(condition, code)                                                                                          \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            stop(#condition, __FILE__, __LINE__, (code));                                                              \
    } while (0)

#endif
