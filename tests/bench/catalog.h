/* The catalog of the benchmark: layers that pass everything through, and entries that are only looked at. */
#ifndef CATALOG_H
#define CATALOG_H

#include <ws2spi.h>

/* Installs `layers` copies of a layer, from the folder that BENCH_LAYERS names, one above the other, over TCP and UDP, and
 * puts `entries` that fit no socket of the benchmark before all others. */
void catalog_fill(const char *layer, int layers, int entries);

/* How many layers sockets have from now on; -1 for what the catalog's order gives. */
extern int winsock_layers;

/* The entry of a socket with that many layers, to be given to WSASocketW. */
LPWSAPROTOCOL_INFOW winsock_entry(int type);

#endif
