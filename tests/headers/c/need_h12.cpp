// NEED-H12: ws2spi.h declares the providers' entries with C linkage, so that a definition which does not say
// so is exported under its plain name. Were it not so, the declarations at the end would contradict.
#include <ws2spi.h>

int WSPAPI WSPStartup(WORD, LPWSPDATA, LPWSAPROTOCOL_INFOW, WSPUPCALLTABLE, LPWSPPROC_TABLE)
{
    return WSASYSNOTREADY;
}

INT WSAAPI NSPStartup(LPGUID, LPNSP_ROUTINE)
{
    return SOCKET_ERROR;
}

extern "C" int WSPAPI WSPStartup(WORD, LPWSPDATA, LPWSAPROTOCOL_INFOW, WSPUPCALLTABLE, LPWSPPROC_TABLE);
extern "C" INT WSAAPI NSPStartup(LPGUID, LPNSP_ROUTINE);

// A function that the header does not know has C++ linkage: the check above can fail.
// must not compile: OWN_STARTUP
#ifdef OWN_STARTUP
int OwnStartup(WORD)
{
    return 0;
}
extern "C" int OwnStartup(WORD);
#endif
