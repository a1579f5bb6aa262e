/* NEED-H9: a Winsock program compiles when the standard headers come before ours. */
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <winsock2.h>
#include <ws2tcpip.h>

#include "need_h09_talk.h"
