/* The catalog of name-space providers. What a process changes, programs that start later see. */
#include "catalog.h"
#include "waits.h"

#include <errno.h>
#include <stdint.h>

static INT install_names(const WCHAR *name, const WCHAR *path, DWORD space, DWORD version, GUID *id)
{
    if (twin)
        return WSCInstallNameSpace32((LPWSTR)name, (LPWSTR)path, space, version, id);
    return WSCInstallNameSpace((LPWSTR)name, (LPWSTR)path, space, version, id);
}

static INT install_names_ex(const WCHAR *name, const WCHAR *path, DWORD space, DWORD version, GUID *id, BLOB *blob)
{
    if (twin)
        return WSCInstallNameSpaceEx32((LPWSTR)name, (LPWSTR)path, space, version, id, blob);
    return WSCInstallNameSpaceEx((LPWSTR)name, (LPWSTR)path, space, version, id, blob);
}

static INT uninstall_names(GUID *id)
{
    if (twin)
        return WSCUnInstallNameSpace32(id);
    return WSCUnInstallNameSpace(id);
}

static INT enable_names(GUID *id, BOOL enable)
{
    if (twin)
        return WSCEnableNSProvider32(id, enable);
    return WSCEnableNSProvider(id, enable);
}

static int reorder_names(GUID *ids, DWORD count)
{
    return twin ? WSCWriteNameSpaceOrder32(ids, count) : WSCWriteNameSpaceOrder(ids, count);
}

static void *bad(void)
{
    return posix_fenced(65536) + 65536 - 4096;
}

/* Each test asks in children, whose view is that of a program that starts then. The functions leave their code in the
 * thread's last error. */
static void of_both(void (*test)(void))
{
    for (twin = 0; twin < 2; twin++) {
        new_catalog();
        in_child(test);
        remove_catalog();
    }
}

/* ---- Enumerating ---- */

/* Room for a few providers, aligned. */
static union {
    WSANAMESPACE_INFOA a[50];
    WSANAMESPACE_INFOW w[50];
    WSANAMESPACE_INFOEXA exa[50];
    WSANAMESPACE_INFOEXW exw[50];
    char bytes[1 << 17];
} room;

/* What a program that starts now sees of the first ones: the identifiers' numbers in their order, 0 at the end; disabled
 * ones are negative. */
static const int *expected;

static void see(void)
{
    DWORD length = sizeof room;
    startup();
    int count = WSCEnumNameSpaceProviders(&length, room.w);
    CHECK(count >= 0);
    for (int i = 0; i < count; i++)
        EQUAL(room.w[i].fActive ? (int)room.w[i].NSProviderId.Data1 : -(int)room.w[i].NSProviderId.Data1, expected[i]);
    EQUAL(expected[count], 0);
}

static void sees(const int *numbers)
{
    expected = numbers;
    in_child(see);
}

static void do_install(void)
{
    GUID id = numbered(1), other = numbered(2), none = numbered(3);
    BYTE bytes[] = {0, 1, 2, 255};
    BLOB blob = {sizeof bytes, bytes}, empty = {0, NULL};
    EQUAL(install_names(wide("names"), wide("%D%/names.so"), NS_DNS, 7, &id), 0);
    LEAVES(install_names(wide("names"), wide("/x.so"), NS_DNS, 7, &id), SOCKET_ERROR, WSANO_RECOVERY);
    EQUAL(install_names_ex(wide("other"), wide("/other.so"), NS_NLA, 0xffffffff, &other, &blob), 0);
    LEAVES(install_names_ex(wide("other"), wide("/x.so"), NS_DNS, 7, &other, NULL), SOCKET_ERROR, WSANO_RECOVERY);
    EQUAL(install_names_ex(wide("third"), wide("/other.so"), NS_NLA, 0, &none, &empty), 0);
}

static int wide_is(const WCHAR *text, const char *expect)
{
    return (uintptr_t)text % sizeof *text == 0 && (char *)text >= room.bytes && same_text(text, expect);
}

/* Structures come first, and what they point to lies behind them, in the buffer. */
#define LISTS(function, structures, is, has_blob)                                                                      \
    do {                                                                                                               \
        DWORD length_ = 0, needed_;                                                                                    \
        LEAVES(function(&length_, NULL), SOCKET_ERROR, WSAEFAULT);                                                     \
        CHECK(length_ > 3 * sizeof *structures);                                                                       \
        needed_ = length_;                                                                                             \
        length_ = sizeof room;                                                                                         \
        LEAVES(function(&length_, NULL), SOCKET_ERROR, WSAEFAULT);                                                     \
        EQUAL(length_, needed_);                                                                                       \
        memset(&room, 0xa5, sizeof room);                                                                              \
        length_ = needed_ - 1;                                                                                         \
        LEAVES(function(&length_, structures), SOCKET_ERROR, WSAEFAULT);                                               \
        EQUAL(length_, needed_);                                                                                       \
        for (DWORD i_ = 0; i_ < needed_; i_++)                                                                         \
            EQUAL((unsigned char)room.bytes[i_], 0xa5);                                                                \
        EQUAL(function(&length_, structures), 3);                                                                      \
        EQUAL((unsigned char)room.bytes[needed_], 0xa5);                                                               \
        CHECK(is(structures[0].lpszIdentifier, "names"));                                                              \
        CHECK(is(structures[1].lpszIdentifier, "other"));                                                              \
        CHECK((char *)structures[0].lpszIdentifier >= (char *)&structures[3]);                                         \
        CHECK((char *)structures[2].lpszIdentifier < room.bytes + needed_);                                            \
        EQUAL(structures[0].NSProviderId.Data1, 1);                                                                    \
        EQUAL(structures[0].dwNameSpace, NS_DNS);                                                                      \
        EQUAL(structures[0].fActive, TRUE);                                                                            \
        EQUAL(structures[0].dwVersion, 7);                                                                             \
        EQUAL(structures[1].dwVersion, 0xffffffff);                                                                    \
        has_blob;                                                                                                      \
        LEAVES(function(NULL, structures), SOCKET_ERROR, WSAEFAULT);                                                   \
        LEAVES(function(bad(), structures), SOCKET_ERROR, WSAEFAULT);                                                  \
        length_ = sizeof room;                                                                                         \
        LEAVES(function(&length_, bad()), SOCKET_ERROR, WSAEFAULT);                                                    \
    } while (0)

#define BLOB_OF(structures)                                                                                            \
    do {                                                                                                               \
        const BYTE bytes_[] = {0, 1, 2, 255};                                                                          \
        EQUAL(structures[1].ProviderSpecific.cbSize, sizeof bytes_);                                                   \
        CHECK(memcmp(structures[1].ProviderSpecific.pBlobData, bytes_, sizeof bytes_) == 0);                           \
        CHECK((char *)structures[1].ProviderSpecific.pBlobData >= (char *)&structures[3]);                             \
        CHECK((char *)structures[1].ProviderSpecific.pBlobData < room.bytes + sizeof room);                            \
        EQUAL(structures[0].ProviderSpecific.cbSize, 0);                                                               \
        CHECK(structures[2].ProviderSpecific.pBlobData == NULL);                                                       \
    } while (0)

static int narrow_is(const char *text, const char *expect)
{
    return text >= room.bytes && strcmp(text, expect) == 0;
}

static void enumerate_all(void)
{
    DWORD length = sizeof room;
    LEAVES(WSAEnumNameSpaceProvidersA(&length, room.a), SOCKET_ERROR, WSANOTINITIALISED);
    LEAVES(WSAEnumNameSpaceProvidersW(&length, room.w), SOCKET_ERROR, WSANOTINITIALISED);
    LEAVES(WSAEnumNameSpaceProvidersExA(&length, room.exa), SOCKET_ERROR, WSANOTINITIALISED);
    LEAVES(WSAEnumNameSpaceProvidersExW(&length, room.exw), SOCKET_ERROR, WSANOTINITIALISED);
    LEAVES(WSCEnumNameSpaceProviders32(&length, room.w), SOCKET_ERROR, WSANOTINITIALISED);
    LEAVES(WSCEnumNameSpaceProvidersEx32(&length, room.exw), SOCKET_ERROR, WSANOTINITIALISED);
    startup();
    LISTS(WSAEnumNameSpaceProvidersA, room.a, narrow_is, (void)0);
    LISTS(WSAEnumNameSpaceProvidersW, room.w, wide_is, (void)0);
    LISTS(WSAEnumNameSpaceProvidersExA, room.exa, narrow_is, BLOB_OF(room.exa));
    LISTS(WSAEnumNameSpaceProvidersExW, room.exw, wide_is, BLOB_OF(room.exw));
    LISTS(WSCEnumNameSpaceProviders32, room.w, wide_is, (void)0);
    LISTS(WSCEnumNameSpaceProvidersEx32, room.exw, wide_is, BLOB_OF(room.exw));
    SUCCEEDS(WSPCleanup(&error));
    LEAVES(WSCEnumNameSpaceProviders32(&length, room.w), SOCKET_ERROR, WSANOTINITIALISED);
}

/* WSCEnumNameSpaceProviders32:WSAEFAULT WSCEnumNameSpaceProvidersEx32:WSAEFAULT */
TEST(providers_are_enumerated,
     "WSCEnumNameSpaceProviders32.1 WSCEnumNameSpaceProviders32.2 WSCEnumNameSpaceProviders32.3 "
     "WSCEnumNameSpaceProvidersEx32.1 WSCInstallNameSpace.1 WSCInstallNameSpace.2 WSCInstallNameSpaceEx.1 W.2 W.8 W.9")
{
    for (twin = 0; twin < 2; twin++) {
        new_catalog();
        sees((const int[]){0});
        in_child(do_install);
        in_child(enumerate_all);
        remove_catalog();
    }
}

static void enumerate_as_a_program(void)
{
    WSADATA started;
    DWORD length = sizeof room;
    EQUAL(WSAStartup(MAKEWORD(2, 2), &started), 0);
    EQUAL(WSAEnumNameSpaceProvidersW(&length, room.w), 3);
    EQUAL(WSACleanup(), 0);
    LEAVES(WSAEnumNameSpaceProvidersW(&length, room.w), SOCKET_ERROR, WSANOTINITIALISED);
}

TEST(programs_enumerate_providers, "WSCEnumNameSpaceProviders32.1")
{
    new_catalog();
    in_child(do_install);
    in_child(enumerate_as_a_program);
}

/* An identifier that is no text, or not in ASCII. */
static void install_odd_names(void)
{
    GUID id = numbered(1), other = numbered(2);
    WCHAR half[] = {0xd800, 'x', 0}, accent[] = {0xe9, 0x20ac, 0};
    EQUAL(install_names(half, wide("/x.so"), NS_DNS, 1, &id), 0);
    EQUAL(install_names(accent, wide("/x.so"), NS_DNS, 1, &other), 0);
}

static void see_odd_names(void)
{
    DWORD length = sizeof room;
    startup();
    EQUAL(WSAEnumNameSpaceProvidersW(&length, room.w), 2);
    CHECK(room.w[0].lpszIdentifier[0] == 0xd800 && room.w[0].lpszIdentifier[1] == 'x');
    EQUAL(WSAEnumNameSpaceProvidersA(&length, room.a), 2);
    CHECK(strcmp(room.a[0].lpszIdentifier, "\xef\xbf\xbdx") == 0);
    CHECK(strcmp(room.a[1].lpszIdentifier, "\xc3\xa9\xe2\x82\xac") == 0);
}

TEST(identifiers_are_utf16, "WSCEnumNameSpaceProviders32.1")
{
    new_catalog();
    in_child(install_odd_names);
    in_child(see_odd_names);
}

/* ---- Changing ---- */

static void old_view(void)
{
    GUID ids[3] = {numbered(1), numbered(2), numbered(3)};
    /* Before it has looked for the first time. */
    for (int i = 0; i < 3; i++)
        EQUAL(install_names(wide("x"), wide("/x.so"), NS_DNS, 1, &ids[i]), 0);
    expected = (const int[]){0};
    see();
    sees((const int[]){0});
    EQUAL(enable_names(&ids[0], FALSE), 0);
    EQUAL(uninstall_names(&ids[1]), 0);
    see();
}

static void disable(void)
{
    GUID id = numbered(3);
    EQUAL(enable_names(&id, FALSE), 0);
    expected = (const int[]){-1, 3, 0};
    see();
}

static void enable(void)
{
    GUID id = numbered(1);
    EQUAL(enable_names(&id, 4711), 0);
}

static void swap(void)
{
    GUID ids[2] = {numbered(3), numbered(1)};
    EQUAL(reorder_names(ids, 2), 0);
}

static void bad_orders(void)
{
    GUID ids[3] = {numbered(1), numbered(3), numbered(1)}, twice[2] = {numbered(1), numbered(1)},
         none[2] = {numbered(1), numbered(4)};
    EQUAL(reorder_names(ids, 1), WSAEINVAL);
    EQUAL(reorder_names(ids, 3), WSAEINVAL);
    EQUAL(reorder_names(twice, 2), WSAEINVAL);
    EQUAL(reorder_names(none, 2), WSAEINVAL);
    EQUAL(reorder_names(ids, 0), WSAEINVAL);
    EQUAL(reorder_names(ids, 0xffffffff), WSAEINVAL);
    EQUAL(reorder_names(NULL, 2), WSAEFAULT);
    EQUAL(reorder_names(bad(), 2), WSAEFAULT);
    EQUAL(reorder_names(bad(), 0xffffffff), WSAEFAULT);
}

/* A running program keeps its view; the next one has the new. */
TEST(changes_are_for_programs_that_start_later,
     "WSCEnableNSProvider.1 WSCEnableNSProvider.2 WSCUnInstallNameSpace.1 WSCInstallNameSpace.2 W.5 NEED-C4 NEED-C9")
{
    for (twin = 0; twin < 2; twin++) {
        new_catalog();
        in_child(old_view);
        sees((const int[]){-1, 3, 0});
        in_child(disable);
        sees((const int[]){-1, -3, 0});
        in_child(enable);
        sees((const int[]){1, -3, 0});
        in_child(swap);
        sees((const int[]){-3, 1, 0});
        in_child(bad_orders);
        sees((const int[]){-3, 1, 0});
        remove_catalog();
    }
}

/* ---- Failing ---- */

static void bad_arguments(void)
{
    GUID id = numbered(1);
    WCHAR half[] = {0xd800, 0};
    BLOB nowhere = {4, NULL}, huge = {0xffffffff, (BYTE *)room.bytes};
    LEAVES(install_names(NULL, wide("/x.so"), NS_DNS, 1, &id), SOCKET_ERROR, WSAEINVAL);
    LEAVES(install_names(wide("x"), NULL, NS_DNS, 1, &id), SOCKET_ERROR, WSAEINVAL);
    LEAVES(install_names(wide("x"), wide("/x.so"), NS_DNS, 1, NULL), SOCKET_ERROR, WSAEINVAL);
    LEAVES(install_names(wide("x"), wide("/x.so"), NS_DNS, 1, bad()), SOCKET_ERROR, WSAEINVAL);
    LEAVES(install_names(wide(""), wide("/x.so"), NS_DNS, 1, &id), SOCKET_ERROR, WSAEINVAL);
    LEAVES(install_names(wide("x"), wide(""), NS_DNS, 1, &id), SOCKET_ERROR, WSAEINVAL);
    LEAVES(install_names(wide("x"), half, NS_DNS, 1, &id), SOCKET_ERROR, WSAEINVAL);
    LEAVES(install_names(wide("x"), wide("/x.so"), NS_ALL, 1, &id), SOCKET_ERROR, WSAEINVAL);
    LEAVES(install_names_ex(wide("x"), NULL, NS_DNS, 1, &id, NULL), SOCKET_ERROR, WSAEINVAL);
    LEAVES(install_names_ex(wide("x"), wide("/x.so"), NS_DNS, 1, &id, bad()), SOCKET_ERROR, WSAEINVAL);
    LEAVES(install_names_ex(wide("x"), wide("/x.so"), NS_DNS, 1, &id, &nowhere), SOCKET_ERROR, WSAEINVAL);
    LEAVES(install_names_ex(wide("x"), wide("/x.so"), NS_DNS, 1, &id, &huge), SOCKET_ERROR, WSAEINVAL);
    LEAVES(uninstall_names(&id), SOCKET_ERROR, WSAEINVAL);
    LEAVES(uninstall_names(NULL), SOCKET_ERROR, WSAEFAULT);
    LEAVES(uninstall_names(bad()), SOCKET_ERROR, WSAEFAULT);
    LEAVES(enable_names(&id, TRUE), SOCKET_ERROR, WSAEINVAL);
    LEAVES(enable_names(NULL, TRUE), SOCKET_ERROR, WSAEFAULT);
    LEAVES(enable_names(bad(), TRUE), SOCKET_ERROR, WSAEFAULT);
    CHECK(access(catalog_path, F_OK) != 0);
}

TEST(bad_arguments_about_name_spaces, "W.2 OBS.44")
{
    of_both(bad_arguments);
}

static void without_rights(void)
{
    GUID id = numbered(1), other = numbered(9);
    do_install();
    may_only_read();
    LEAVES(install_names(wide("x"), wide("/x.so"), NS_DNS, 1, &other), SOCKET_ERROR, WSAEACCES);
    LEAVES(install_names_ex(wide("x"), wide("/x.so"), NS_DNS, 1, &other, NULL), SOCKET_ERROR, WSAEACCES);
    LEAVES(uninstall_names(&id), SOCKET_ERROR, WSANO_RECOVERY);
    LEAVES(enable_names(&id, FALSE), SOCKET_ERROR, WSASYSCALLFAILURE);
    GUID ids[3] = {numbered(3), numbered(2), numbered(1)};
    EQUAL(reorder_names(ids, 3), WSANO_RECOVERY);
}

static void need_rights(void)
{
    in_child(without_rights);
    sees((const int[]){1, 2, 3, 0});
}

TEST(changing_needs_rights, "W.3 WSCEnableNSProvider.2")
{
    of_both(need_rights);
}

static void without_memory(void)
{
    GUID id = numbered(1), other = numbered(9);
    DWORD length = sizeof room;
    do_install();
    posix_inject(SYS_openat, ENOMEM);
    LEAVES(install_names(wide("x"), wide("/x.so"), NS_DNS, 1, &other), SOCKET_ERROR, WSA_NOT_ENOUGH_MEMORY);
    LEAVES(install_names_ex(wide("x"), wide("/x.so"), NS_DNS, 1, &other, NULL), SOCKET_ERROR, WSA_NOT_ENOUGH_MEMORY);
    LEAVES(uninstall_names(&id), SOCKET_ERROR, WSA_NOT_ENOUGH_MEMORY);
    LEAVES(enable_names(&id, FALSE), SOCKET_ERROR, WSA_NOT_ENOUGH_MEMORY);
    startup();
    EQUAL(WSAEnumNameSpaceProvidersW(&length, room.w), 0);
}

static void see_without_memory(void)
{
    DWORD length = sizeof room;
    startup();
    posix_inject(SYS_openat, ENOMEM);
    LEAVES(WSCEnumNameSpaceProviders32(&length, room.w), SOCKET_ERROR, WSA_NOT_ENOUGH_MEMORY);
    LEAVES(WSCEnumNameSpaceProvidersEx32(&length, room.exw), SOCKET_ERROR, WSA_NOT_ENOUGH_MEMORY);
}

static void without_disk(void)
{
    GUID id = numbered(1), other = numbered(9);
    posix_inject(SYS_fsync, EIO);
    LEAVES(install_names(wide("x"), wide("/x.so"), NS_DNS, 1, &other), SOCKET_ERROR, WSASYSCALLFAILURE);
    LEAVES(install_names_ex(wide("x"), wide("/x.so"), NS_DNS, 1, &other, NULL), SOCKET_ERROR, WSASYSCALLFAILURE);
    LEAVES(uninstall_names(&id), SOCKET_ERROR, WSASYSCALLFAILURE);
    LEAVES(enable_names(&id, FALSE), SOCKET_ERROR, WSASYSCALLFAILURE);
}

static void system_fails(void)
{
    in_child(without_memory);
    in_child(without_disk);
    in_child(see_without_memory);
    sees((const int[]){1, 2, 3, 0});
}

TEST(failures_of_the_system_leave_the_catalog, "")
{
    of_both(system_fails);
}

static void damaged(void)
{
    GUID id = numbered(1);
    DWORD length = sizeof room;
    damage_catalog();
    LEAVES(install_names(wide("x"), wide("/x.so"), NS_DNS, 1, &id), SOCKET_ERROR, WSANO_RECOVERY);
    LEAVES(install_names_ex(wide("x"), wide("/x.so"), NS_DNS, 1, &id, NULL), SOCKET_ERROR, WSANO_RECOVERY);
    LEAVES(uninstall_names(&id), SOCKET_ERROR, WSANO_RECOVERY);
    LEAVES(enable_names(&id, TRUE), SOCKET_ERROR, WSASYSCALLFAILURE);
    EQUAL(reorder_names(&id, 1), WSANO_RECOVERY);
    startup();
    LEAVES(WSAEnumNameSpaceProvidersW(&length, room.w), SOCKET_ERROR, WSANO_RECOVERY);
    LEAVES(WSCEnumNameSpaceProvidersEx32(&length, room.exw), SOCKET_ERROR, WSANO_RECOVERY);
}

TEST(a_damaged_catalog_is_left_as_it_is, "W.2")
{
    of_both(damaged);
}
