/*
 *     bench MEASURE WORK THREADS PROCESSORS SLICES MICROSECONDS
 *
 * prints one line per slice: two figures, `-` where there is none. Nothing is judged here.
 *
 *     pair        nanoseconds per pass through POSIX, through the SPI, in slices that take turns
 *     winsock     the same through the Winsock API
 *     pass-N      nanoseconds per pass through the Winsock API on the base provider, on N layers of tests/lsp/pass.c
 *     count-N     the same, of tests/lsp/count.c
 *     catalog-N   the same through the SPI, and through the Winsock API with N entries before the one that fits
 *     apart       as pair, each side in a process of its own: a thread of one does not make calls of the other dearer
 *     ring        the same with a server on io_uring in the place of the SPI's, or `missing` and why there is none
 *     alone       - , nanoseconds per pass through the SPI
 *     first       - , nanoseconds of the first pass in this process
 *     scaling     time per pass with two threads at it, in units of the time with one: POSIX, SPI
 *     difference  nanoseconds per pass through the SPI of WORK-baseline and of WORK
 *     memory      bytes that stay resident per pass: POSIX, SPI
 *
 * PROCESSORS: 1 holds everything on one processor, 2 leaves the threads to the scheduler. A slice lasts about
 * MICROSECONDS; both sides make the same number of passes.
 */
#define _GNU_SOURCE
#include "bench.h"
#include "clients.h"
#include "process.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

void stop(const char *failed, const char *file, int line, int code)
{
    fprintf(stderr, "%s:%d: not true: %s (error %d)\n", file, line, failed, code);
    exit(1);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

enum { TABLES = 3 };

static const struct work *const posix[TABLES] = {posix_work, posix_servers, posix_events};
static const struct work *const ws2spi[TABLES] = {ws2spi_work, ws2spi_servers, ws2spi_events};
static const struct work *const ring[TABLES] = {ring_servers};
static const struct work *const winsock[TABLES] = {winsock_work};

/* The number at the end of a measure's name; 0 for none. */
static int number(const char *measure, const char *name)
{
    size_t length = strlen(name);
    return strncmp(measure, name, length) == 0 ? atoi(measure + length) : 0;
}

static const struct work *find(const struct work *const side[TABLES], const char *name, const char *suffix)
{
    size_t length = strlen(name);
    for (int table = 0; table < TABLES && side[table] != NULL; table++)
        for (const struct work *work = side[table]; work->name != NULL; work++)
            if (strncmp(work->name, name, length) == 0 && strcmp(work->name + length, suffix) == 0)
                return work;
    stop("the work is known", name, 0, 0);
}

/* The benchmark sees no Winsock header: see catalog.h. */
void catalog_fill(const char *layer, int layers, int entries);
extern int winsock_layers;

/* ---- Processors ---------------------------------------------------------------------------------- */

static cpu_set_t allowed;

/* Holds the calling thread on the `index`th allowed processor, and the threads that it starts. */
static void hold(int index)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    index %= CPU_COUNT(&allowed);
    for (int processor = 0; processor < CPU_SETSIZE; processor++)
        if (CPU_ISSET(processor, &allowed) && index-- == 0)
            CPU_SET(processor, &one);
    sched_setaffinity(0, sizeof one, &one);
}

/* ---- A slice ------------------------------------------------------------------------------------- */

struct partner {
    const struct work *work;
    unsigned long count;
    double elapsed;
    pthread_barrier_t begin, end;
};

static double timed(const struct work *work, unsigned long count, int thread)
{
    double begin = now();
    work->run(count, thread);
    return now() - begin;
}

static void *second_thread(void *argument)
{
    struct partner *partner = argument;
    hold(1);
    pthread_barrier_wait(&partner->begin);
    if (partner->count > 0)
        partner->elapsed = timed(partner->work, partner->count, 1);
    pthread_barrier_wait(&partner->end);
    return NULL;
}

/*
 * Nanoseconds per pass. With a partner there is a second thread on a processor of its own, which does the work too or
 * only sleeps: that a process has a second thread makes its system calls dearer.
 */
static double slice(const struct work *work, unsigned long count, int partner, int partner_works)
{
    double elapsed;
    if (work->open != NULL)
        work->open();
    work->run(count / 16 + 1, 0);
    if (!partner) {
        elapsed = timed(work, count, 0);
    } else {
        struct partner second = {work, partner_works ? count : 0, 0, {{0}}, {{0}}};
        pthread_t thread;
        pthread_barrier_init(&second.begin, NULL, 2);
        pthread_barrier_init(&second.end, NULL, 2);
        hold(0);
        MUST(pthread_create(&thread, NULL, second_thread, &second) == 0, 0);
        pthread_barrier_wait(&second.begin);
        elapsed = timed(work, count, 0);
        pthread_barrier_wait(&second.end);
        pthread_join(thread, NULL);
        if (partner_works)
            elapsed = (elapsed + second.elapsed) / 2;
    }
    if (work->close != NULL)
        work->close();
    return elapsed / (double)count;
}

/* So many passes that a slice lasts about `nanoseconds`. */
static unsigned long passes(const struct work *work, double nanoseconds, int partner)
{
    unsigned long count = 1;
    for (;;) {
        double elapsed = slice(work, count, partner, 0) * (double)count;
        if (elapsed > nanoseconds / 4) {
            double scaled = (double)count * nanoseconds / elapsed;
            return scaled < 1 ? 1 : (unsigned long)scaled;
        }
        count *= 2;
    }
}

/* ---- The other process --------------------------------------------------------------------------- */

static struct process other;

struct order {
    const struct work *work;
    unsigned long count;
};

/* Makes the process that the SPI has to itself, with clients of its own. */
static void start_other(void)
{
    struct order order;
    if (process_start(&other))
        return;
    clients_start();
    ws2spi_start();
    while (process_hear(&other, &order, sizeof order)) {
        double cost = slice(order.work, order.count, 0, 0);
        process_tell(&other, &cost, sizeof cost);
    }
    clients_stop();
    exit(0);
}

/* A slice over there. */
static double slice_apart(const struct work *work, unsigned long count)
{
    const struct order order = {work, count};
    double cost;
    MUST(process_tell(&other, &order, sizeof order) && process_hear(&other, &cost, sizeof cost), 0);
    return cost;
}

/* ---- Memory -------------------------------------------------------------------------------------- */

static double resident(void)
{
    char line[128];
    double kilobytes = 0;
    FILE *rollup = fopen("/proc/self/smaps_rollup", "r");
    MUST(rollup != NULL, 0);
    while (fgets(line, sizeof line, rollup) != NULL)
        if (sscanf(line, "Rss: %lf", &kilobytes) == 1)
            break;
    fclose(rollup);
    return kilobytes * 1024;
}

/* How much a side's memory grows per pass, while all stays open: 10,000 passes, or what the host lets a process open. */
static double growth(const struct work *work, unsigned long descriptors)
{
    const unsigned long passes = descriptors < 10064 ? descriptors - 64 : 10000;
    work->run(16, 0);
    work->close();
    resident();
    double before = resident();
    work->run(passes, 0);
    double after = resident();
    work->close();
    return (after - before) / (double)passes;
}

/* ---- All slices ---------------------------------------------------------------------------------- */

static void measure_alone(const struct work *ours, int slices, double duration, int partner)
{
    unsigned long count = passes(ours, duration, partner);
    for (int at = 0; at < slices; at++)
        printf("- %f\n", slice(ours, count, partner, partner));
}

static void compare(const char *measure, const char *name, int slices, double duration, int partner)
{
    int on_ring = strcmp(measure, "ring") == 0, apart = on_ring || strcmp(measure, "apart") == 0;
    int scaling = strcmp(measure, "scaling") == 0;
    int passing = number(measure, "pass-"), counting = number(measure, "count-"), layers = passing + counting;
    int entries = number(measure, "catalog-");
    int by_winsock = layers > 0 || entries > 0 || strcmp(measure, "winsock") == 0;
    const struct work *ours = find(on_ring ? ring : by_winsock ? winsock : ws2spi, name, "");
    const struct work *theirs = strcmp(measure, "difference") == 0 ? find(ws2spi, name, "-baseline")
                                : layers > 0                       ? ours
                                                                   : find(entries > 0 ? ws2spi : posix, name, "");
    if (by_winsock) {
        catalog_fill(passing > 0 ? "pass" : "count", layers, entries);
        winsock_start();
    }
    winsock_layers = layers > 0 ? 0 : -1;
    unsigned long count = passes(theirs, duration, partner);
    winsock_layers = layers > 0 ? layers : -1;
    if (apart)
        slice_apart(ours, count);
    else
        passes(ours, duration, partner);
    for (int at = 0; at < slices; at++) {
        const struct work *side[2] = {theirs, ours};
        double cost[2];
        /* Who goes first changes each time, so that a drift favours nobody. */
        for (int turn = 0; turn < 2; turn++) {
            int which = (at + turn) % 2;
            winsock_layers = layers > 0 ? which * layers : -1;
            double alone = scaling ? slice(side[which], count, partner, 0) : 1;
            cost[which] = apart && which == 1 ? slice_apart(ours, count)
                                              : slice(side[which], count, partner, partner) / alone;
        }
        printf("%f %f\n", cost[0], cost[1]);
    }
}

/* -------------------------------------------------------------------------------------------------- */

int main(int arguments, char **argument)
{
    MUST(arguments == 7, arguments);
    const char *measure = argument[1], *name = argument[2];
    int partner = atoi(argument[3]) == 2, slices = atoi(argument[5]);
    int on_ring = strcmp(measure, "ring") == 0, apart = on_ring || strcmp(measure, "apart") == 0;
    const char *missing = on_ring ? ring_missing() : NULL;
    double duration = atof(argument[6]) * 1000;
    struct rlimit limit;

    sched_getaffinity(0, sizeof allowed, &allowed);
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (atoi(argument[4]) == 1)
        hold(0);

    if (strcmp(measure, "first") == 0) {
        printf("- %f\n", timed(find(ws2spi, name, ""), 1, 0));
        return 0;
    }
    if (missing != NULL) {
        printf("missing io_uring: %s\n", missing);
        return 0;
    }
    if (apart)
        start_other();
    clients_start();
    posix_start();
    if (!apart)
        ws2spi_start();
    if (strcmp(measure, "memory") == 0) {
        double theirs = growth(find(posix, name, ""), limit.rlim_cur);
        printf("%f %f\n", theirs, growth(find(ws2spi, name, ""), limit.rlim_cur));
    } else if (strcmp(measure, "alone") == 0) {
        measure_alone(find(ws2spi, name, ""), slices, duration, partner);
    } else {
        compare(measure, name, slices, duration, partner);
    }
    clients_stop();
    if (apart)
        process_stop(&other);
    return 0;
}
