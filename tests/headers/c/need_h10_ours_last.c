/* NEED-H10 where libc declared its own functions first: need_h10.c, whose int main(void) runs here too, after those
   headers. */
#include <sys/socket.h>
#include <sys/select.h>
#include <unistd.h>

#include "need_h10.c"
