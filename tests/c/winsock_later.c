/* Functions that are declared and not built: each fails as functions of its kind do, and none says that all went well. */
#include "waits.h"
#include "winsock.h"

#include <nspapi.h>

/* Each answers its value for failure (`code` is left), or the code itself. */
#define EVERY_FAILURE(X)                                                                                               \
    X(gethostbyaddr("abcd", 4, AF_INET), 0, WSASYSNOTREADY)                                                            \
    X(gethostbyname("localhost"), 0, WSASYSNOTREADY)                                                                   \
    X(getservbyport(htons(80), "tcp"), 0, WSASYSNOTREADY)                                                              \
    X(getservbyname("http", "tcp"), 0, WSASYSNOTREADY)                                                                 \
    X(getprotobynumber(6), 0, WSASYSNOTREADY)                                                                          \
    X(getprotobyname("tcp"), 0, WSASYSNOTREADY)                                                                        \
    X(WSAConnectByNameA(s, text, text, NULL, NULL, NULL, NULL, NULL, NULL), 0, WSASYSNOTREADY)                         \
    X(WSAConnectByNameW(s, units, units, NULL, NULL, NULL, NULL, NULL, NULL), 0, WSASYSNOTREADY)                       \
    X(WSAAsyncGetServByName(window, 1, text, text, text, 10), 0, WSASYSNOTREADY)                                       \
    X(WSAAsyncGetServByPort(window, 1, 80, text, text, 10), 0, WSASYSNOTREADY)                                         \
    X(WSAAsyncGetProtoByName(window, 1, text, text, 10), 0, WSASYSNOTREADY)                                            \
    X(WSAAsyncGetProtoByNumber(window, 1, 6, text, 10), 0, WSASYSNOTREADY)                                             \
    X(WSAAsyncGetHostByName(window, 1, text, text, 10), 0, WSASYSNOTREADY)                                             \
    X(WSAAsyncGetHostByAddr(window, 1, text, 4, AF_INET, text, 10), 0, WSASYSNOTREADY)                                 \
    X(WSACancelAsyncRequest(handle), -1, WSAEINVAL)                                                                    \
    X(WSALookupServiceBeginA(NULL, LUP_RETURN_ALL, &handle), -1, WSASYSNOTREADY)                                       \
    X(WSALookupServiceBeginW(NULL, LUP_RETURN_ALL, &handle), -1, WSASYSNOTREADY)                                       \
    X(WSALookupServiceNextA(handle, 0, &number, NULL), -1, WSA_INVALID_HANDLE)                                         \
    X(WSALookupServiceNextW(handle, 0, &number, NULL), -1, WSA_INVALID_HANDLE)                                         \
    X(WSALookupServiceEnd(handle), -1, WSA_INVALID_HANDLE)                                                             \
    X(WSANSPIoctl(handle, 0, NULL, 0, NULL, 0, &number, NULL), -1, WSA_INVALID_HANDLE)                                 \
    X(WSASetServiceA(NULL, RNRSERVICE_REGISTER, 0), -1, WSASYSNOTREADY)                                                \
    X(WSASetServiceW(NULL, RNRSERVICE_REGISTER, 0), -1, WSASYSNOTREADY)                                                \
    X(WSAInstallServiceClassA(NULL), -1, WSASYSNOTREADY)                                                               \
    X(WSAInstallServiceClassW(NULL), -1, WSASYSNOTREADY)                                                               \
    X(WSARemoveServiceClass(&id), -1, WSASYSNOTREADY)                                                                  \
    X(WSAGetServiceClassInfoA(&id, &id, &number, NULL), -1, WSASYSNOTREADY)                                            \
    X(WSAGetServiceClassInfoW(&id, &id, &number, NULL), -1, WSASYSNOTREADY)                                            \
    X(WSAGetServiceClassNameByClassIdA(&id, text, &number), -1, WSASYSNOTREADY)                                        \
    X(WSAGetServiceClassNameByClassIdW(&id, units, &number), -1, WSASYSNOTREADY)                                       \
    X(GetAddressByNameA(0, &id, text, NULL, 0, NULL, NULL, &number, NULL, NULL), -1, WSASYSNOTREADY)                   \
    X(GetAddressByNameW(0, &id, units, NULL, 0, NULL, NULL, &number, NULL, NULL), -1, WSASYSNOTREADY)                  \
    X(GetTypeByNameA(text, &id), -1, WSASYSNOTREADY)                                                                   \
    X(GetTypeByNameW(units, &id), -1, WSASYSNOTREADY)                                                                  \
    X(GetNameByTypeA(&id, text, 10), -1, WSASYSNOTREADY)                                                               \
    X(GetNameByTypeW(&id, units, 10), -1, WSASYSNOTREADY)                                                              \
    X(SetServiceA(0, 0, 0, NULL, NULL, &number), -1, WSASYSNOTREADY)                                                   \
    X(SetServiceW(0, 0, 0, NULL, NULL, &number), -1, WSASYSNOTREADY)                                                   \
    X(GetServiceA(0, &id, text, 0, NULL, &number, NULL), -1, WSASYSNOTREADY)                                           \
    X(GetServiceW(0, &id, units, 0, NULL, &number, NULL), -1, WSASYSNOTREADY)                                          \
    X(EnumProtocolsA(NULL, NULL, &number), -1, WSAEOPNOTSUPP)                                                          \
    X(EnumProtocolsW(NULL, NULL, &number), -1, WSAEOPNOTSUPP)                                                          \
    X(WSAProviderConfigChange(&handle, NULL, NULL), -1, WSAEOPNOTSUPP)                                                 \
    X(WSASetBlockingHook(NULL), 0, WSAEOPNOTSUPP)                                                                      \
    X(WSAUnhookBlockingHook(), -1, WSAEOPNOTSUPP)                                                                      \
    X(WSASetSocketSecurity(s, NULL, 0, NULL, NULL), -1, WSAEOPNOTSUPP)                                                 \
    X(WSAQuerySocketSecurity(s, NULL, 0, NULL, NULL, NULL, NULL), -1, WSAEOPNOTSUPP)                                   \
    X(WSASetSocketPeerTargetName(s, NULL, 0, NULL, NULL), -1, WSAEOPNOTSUPP)                                           \
    X(WSAImpersonateSocketPeer(s, NULL, 0), -1, WSAEOPNOTSUPP)                                                         \
    X(WSARevertImpersonation(), -1, WSAEOPNOTSUPP)                                                                     \
    X(getaddrinfo("localhost", "80", NULL, &found), ITSELF, WSASYSNOTREADY)                                            \
    X(GetAddrInfoW(units, units, NULL, &wide_found), ITSELF, WSASYSNOTREADY)                                           \
    X(GetAddrInfoExA(text, text, NS_ALL, NULL, NULL, &found_ex, NULL, NULL, NULL, NULL), ITSELF, WSASYSNOTREADY)       \
    X(GetAddrInfoExW(units, units, NS_ALL, NULL, NULL, &wide_found_ex, NULL, NULL, NULL, NULL), ITSELF, WSASYSNOTREADY) \
    X(SetAddrInfoExA(text, text, NULL, 0, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL), ITSELF, WSASYSNOTREADY)           \
    X(SetAddrInfoExW(units, units, NULL, 0, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL), ITSELF, WSASYSNOTREADY)         \
    X(GetAddrInfoExCancel(&handle), ITSELF, WSA_INVALID_HANDLE)                                                        \
    X(GetAddrInfoExOverlappedResult(&overlapped), ITSELF, WSAEINVAL)                                                   \
    X(getnameinfo((struct sockaddr *)&address, sizeof address, text, 10, text, 10, 0), ITSELF, WSASYSNOTREADY)         \
    X(GetNameInfoW((struct sockaddr *)&address, sizeof address, units, 10, units, 10, 0), ITSELF, WSASYSNOTREADY)      \
    X(ProcessSocketNotifications(handle, 0, NULL, 0, 0, NULL, &number), ITSELF, WSAEOPNOTSUPP)

enum { ITSELF = 0x7777 };

#define CHECK_FAILURE(call_, answer_, code_) expect((long long)(call_), #call_, answer_, all != 0 ? all : (code_));

static void expect(long long answer, const char *call, int failure, int code)
{
    if (answer != (failure == ITSELF ? code : failure) || WSAGetLastError() != code)
        fail(__FILE__, __LINE__, "%s gave %lld and left %d, not %d", call, answer, WSAGetLastError(), code);
    WSASetLastError(0);
}

/* Calls each of them, which leave their code, or `all` if that is not 0. */
static void call_all(int all)
{
    SOCKET s = 4;
    HWND window = (HWND)&s;
    HANDLE handle = NULL;
    GUID id = {0, 0, 0, {0}};
    DWORD number = 0;
    char text[64] = "localhost";
    WCHAR units[64] = {'l', 0};
    OVERLAPPED overlapped = {0};
    struct sockaddr_in address = loopback(80);
    ADDRINFOA *found = (ADDRINFOA *)&number;
    ADDRINFOW *wide_found = NULL;
    ADDRINFOEXA *found_ex = NULL;
    ADDRINFOEXW *wide_found_ex = NULL;
    WSASetLastError(0);
    EVERY_FAILURE(CHECK_FAILURE)
    /* Nothing was given. */
    CHECK(found == (ADDRINFOA *)&number && wide_found == NULL && handle == NULL && number == 0);
    CHECK(strcmp(text, "localhost") == 0);
}

TEST(what_is_not_built_fails_as_its_kind_does, "C.2 C.4")
{
    call_all(WSANOTINITIALISED);
    winsock();
    call_all(0);
    SUCCEEDS(WSACleanup());
    call_all(WSANOTINITIALISED);
}

/* A NULL may be freed everywhere. */
TEST(there_is_nothing_to_free, "C.2")
{
    WSASetLastError(4711);
    freeaddrinfo(NULL);
    FreeAddrInfoW(NULL);
    FreeAddrInfoEx(NULL);
    FreeAddrInfoExW(NULL);
    EQUAL(WSAGetLastError(), 4711);
}

TEST(nobody_can_be_advertised, "A.3 WSAAdvertiseProvider.1 WSAProviderCompleteAsyncCall.1 WSAUnadvertiseProvider.1")
{
    static const GUID id = {1, 2, 3, {4}};
    static const NSPV2_ROUTINE empty;
    NSP_ROUTINE routines;
    memset(&routines, 0, sizeof routines);
    FAILS_WITH(WSAAdvertiseProvider(&id, &empty), WSANOTINITIALISED);
    FAILS_WITH(WSAProviderCompleteAsyncCall((HANDLE)&routines, 0), WSANOTINITIALISED);
    winsock();
    FAILS_WITH(WSAAdvertiseProvider(NULL, &empty), WSAEINVAL);
    FAILS_WITH(WSAAdvertiseProvider(&id, NULL), WSAEINVAL);
    FAILS_WITH(WSAAdvertiseProvider(&id, &empty), WSASYSNOTREADY);
    FAILS_WITH(WSAProviderCompleteAsyncCall(NULL, 0), WSAEINVAL);
    FAILS_WITH(WSAUnadvertiseProvider(NULL), WSAEINVAL);
    /* A provider of names that has no start of its own finds the library's. */
    FAILS_WITH(NSPStartup((GUID *)&id, &routines), WSASYSNOTREADY);
    EQUAL(routines.cbSize, 0);
}
