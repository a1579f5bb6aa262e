/* NEED-H19: sizes that providers and library must share, whatever wchar_t is. */
#include <ws2spi.h>

#define SIZE(type, size) typedef char type##_has_##size##_bytes[sizeof(type) == size ? 1 : -1]

SIZE(WSPDATA, 516);
SIZE(WSATHREADID, 16);
SIZE(WSPPROC_TABLE, 240);
SIZE(WSPUPCALLTABLE, 120);
SIZE(NSP_ROUTINE, 88);
SIZE(NSPV2_ROUTINE, 72);
SIZE(WSAPROTOCOL_INFOW, 628);

// must not compile: WRONG_SIZE
#ifdef WRONG_SIZE
SIZE(WSAPROTOCOL_INFOA, 628);
#endif
