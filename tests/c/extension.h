/* Functions that a program asks for by GUID. */
#ifndef EXTENSION_H
#define EXTENSION_H

#include "check.h"
#include "waits.h"

/* The function that SIO_GET_EXTENSION_FUNCTION_POINTER gives for a GUID. */
UNUSED static void *extension_function(SOCKET s, GUID guid)
{
    void *function = NULL;
    DWORD returned = 0;
    SUCCEEDS(WSPIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &guid, sizeof guid, &function, sizeof function, &returned,
                      NULL, NULL, NULL, &error));
    EQUAL(returned, sizeof function);
    CHECK(function != NULL);
    return function;
}

#endif
