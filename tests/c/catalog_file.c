/* The catalog's file: where it is, who may write it, what is wrong with it, and many processes at it at once. */
#include "catalog.h"
#include "waits.h"

#include <errno.h>
#include <signal.h>
#include <sys/statvfs.h>
#include <sys/wait.h>

static char log_path[300];

/* What cannot be told by a code goes to a file; before the first call. */
static void keep_log(void)
{
    snprintf(log_path, sizeof log_path, "%s/log", catalog_folder);
    setenv("WS2SPI_LOG", "error", 1);
    setenv("WS2SPI_LOG_FILE", log_path, 1);
}

static const char *read_text(const char *path)
{
    static char text[1 << 18];
    FILE *file = fopen(path, "r");
    size_t length = file == NULL ? 0 : fread(text, 1, sizeof text - 1, file);
    text[length] = 0;
    if (file != NULL)
        fclose(file);
    return text;
}

/* The log says this; it is emptied. */
static void said(const char *what)
{
    const char *log = read_text(log_path);
    if (strstr(log, what) == NULL)
        fail(__FILE__, __LINE__, "not said: %s\nbut: %s", what, log);
    CHECK(truncate(log_path, 0) == 0);
}

static void set_mode(const char *path, mode_t mode)
{
    CHECK(chmod(path, mode) == 0);
}

static void link_to(const char *target, const char *path)
{
    CHECK(symlink(target, path) == 0);
}

/* Nothing comes of the catalog, and its file stays as it is. */
static void refuses_all(void)
{
    struct stat before, after;
    GUID id = numbered(99), known = numbered(1);
    WCHAR path[100];
    INT length = 100;
    DWORD bits = 1, room = sizeof entries, none = 0;
    size_t size = 4;
    WSAPROTOCOL_INFOW info;
    memset(&info, 0, sizeof info);
    CHECK(lstat(catalog_path, &before) == 0);
    FAILS(WSCEnumProtocols(NULL, entries, &room, &error), WSANO_RECOVERY);
    FAILS(WSCGetProviderPath(&known, path, &length, &error), WSANO_RECOVERY);
    FAILS(WSCInstallProvider(&id, wide("/x.so"), &info, 1, &error), WSANO_RECOVERY);
    FAILS(WSCInstallProviderAndChains(&id, wide("/x.so"), wide("X"), 0, NULL, 0, NULL, &error), WSANO_RECOVERY);
    FAILS(WSCUpdateProvider(&known, wide("/x.so"), &info, 1, &error), WSANO_RECOVERY);
    FAILS(WSCDeinstallProvider(&known, &error), WSANO_RECOVERY);
    FAILS(WSCSetProviderInfo(&known, ProviderInfoLspCategories, (BYTE *)&bits, 4, 0, &error), WSANO_RECOVERY);
    FAILS(WSCGetProviderInfo(&known, ProviderInfoLspCategories, (BYTE *)&bits, &size, 0, &error), WSANO_RECOVERY);
    FAILS(WSCGetProviderInfo32(&known, ProviderInfoLspCategories, (BYTE *)&bits, &size, 0, &error), WSANO_RECOVERY);
    FAILS(WSCSetApplicationCategory(wide("/x"), 2, NULL, 0, 1, NULL, &error), WSANO_RECOVERY);
    FAILS(WSCGetApplicationCategory(wide("/x"), 2, NULL, 0, &bits, &error), WSANO_RECOVERY);
    EQUAL(WSCWriteProviderOrder(&none, 1), WSANO_RECOVERY);
    CHECK(lstat(catalog_path, &after) == 0);
    EQUAL(after.st_ino, before.st_ino);
    EQUAL(after.st_size, before.st_size);
    EQUAL(after.st_mode, before.st_mode);
    EQUAL(after.st_mtim.tv_sec, before.st_mtim.tv_sec);
    EQUAL(after.st_mtim.tv_nsec, before.st_mtim.tv_nsec);
}

/* ---- Damage ---- */

/* A file with this text is refused, and the log says in which line, if in one, what, and what to do. */
static void refuses_text(const char *text, const char *where, const char *what)
{
    char expected_[400];
    write_file(catalog_path, text, strlen(text));
    refuses_all();
    snprintf(expected_, sizeof expected_, "%s%s%s: ", catalog_path, *where != 0 ? ":" : "", where);
    const char *log = read_text(log_path);
    if (strstr(log, expected_) == NULL || strstr(log, what) == NULL || strstr(log, "move the file away") == NULL)
        fail(__FILE__, __LINE__, "not said: %s%s\nbut: %s", expected_, what, log);
    CHECK(truncate(log_path, 0) == 0);
}

#define ORDER "order = [1001, 1002, 1003, 1004, 1005, 1006, 1007"
#define HEAD "format = 1\nnext_id = 1101\n"
#define PROVIDER "[[provider]]\nid = \"{00000001-1234-5678-0102-030405060708}\"\npath = \"/x.so\"\n"
#define ENTRY                                                                                                          \
    "[[provider.protocol]]\nid = 1100\nname = \"x\"\nchain_length = 1\nservice_flags = 0\nprovider_flags = 0\n"         \
    "version = 2\nfamily = 2\ntype = 1\nprotocol = 6\nmax_address = 16\nmin_address = 16\nmessage_size = 0\n"

TEST(what_is_wrong_with_a_file_is_said, "")
{
    new_catalog();
    keep_log();
    refuses_text("", "1", "format");
    refuses_text("\n\nwhat is this\n", "3", "");
    refuses_text("format = 2\n", "1", "format 2");
    refuses_text("format = 1\n\xff\n", "2", "UTF-8");
    refuses_text(HEAD ORDER ", 1100]\n", "3", "1100");
    refuses_text(HEAD ORDER ", 1007]\n", "3", "1007");
    refuses_text(HEAD ORDER "]\n" PROVIDER ENTRY, "3", "1100");
    refuses_text(HEAD ORDER ", 1100]\n" PROVIDER ENTRY ENTRY, "21", "second");
    refuses_text(HEAD ORDER ", 1100]\n" PROVIDER ENTRY PROVIDER, "21", "second");
    refuses_text(HEAD ORDER ", 1100]\n" PROVIDER ENTRY "chain = [1, 2, 3, 4, 5, 6, 7, 8]\n", "10", "7");
    refuses_text(HEAD ORDER ", 1100]\n" PROVIDER ENTRY "surprise = 1\n", "20", "surprise");
    refuses_text(HEAD ORDER ", 1100]\n" PROVIDER "[[provider.protocol]]\nid = 1100\nna", "9", "");
    /* A key of a hundred parts, whose place the parser does not tell. */
    char deep[300] = "format = 1\n";
    for (int i = 0; i < 99; i++)
        strcat(deep, "a.");
    refuses_text(strcat(deep, "a = 1\n"), "", "recursion limit");
    /* In order, it is used. */
    write_file(catalog_path, HEAD ORDER ", 1100]\n" PROVIDER ENTRY, strlen(HEAD ORDER ", 1100]\n" PROVIDER ENTRY));
    CHECK(same_text(entry_of(numbered(1)).szProtocol, "x"));
    unlink(log_path);
}

/* However much of it is left. */
TEST(a_truncated_file_is_refused, "")
{
    new_catalog();
    keep_log();
    install(1, "/x.so", like_tcp("one"));
    install(2, "/y.so", like_tcp("two"));
    char *whole = strdup(read_text(catalog_path));
    size_t length = strlen(whole);
    CHECK(length > 500);
    for (size_t left = 0; left < length - 1; left += left < 600 ? 37 : 7) {
        write_file(catalog_path, whole, left);
        DWORD room = sizeof entries;
        FAILS(WSCEnumProtocols(NULL, entries, &room, &error), WSANO_RECOVERY);
    }
    write_file(catalog_path, whole, length / 2);
    refuses_all();
    write_file(catalog_path, whole, length);
    CHECK(same_text(entry_of(numbered(2)).szProtocol, "two"));
    unlink(log_path);
    free(whole);
}

TEST(a_huge_file_is_refused, "")
{
    char more[4096];
    new_catalog();
    keep_log();
    install(1, "/x.so", like_tcp("x"));
    /* Of nothing but comments, and of nothing. */
    memset(more, '#', sizeof more);
    int fd = open(catalog_path, O_WRONLY | O_APPEND);
    for (int i = 0; i < 4097; i++)
        EQUAL(write(fd, more, sizeof more), sizeof more);
    close(fd);
    refuses_all();
    said(catalog_path);
    write_file(catalog_path, "", 0);
    CHECK(truncate(catalog_path, 1ll << 40) == 0);
    refuses_all();
    unlink(log_path);
}

TEST(what_is_no_file_is_refused, "")
{
    new_catalog();
    keep_log();
    CHECK(mkdir(catalog_path, 0755) == 0);
    refuses_all();
    said(catalog_path);
    CHECK(rmdir(catalog_path) == 0);
    /* Nobody writes into it, and nobody waits for that. */
    CHECK(mkfifo(catalog_path, 0644) == 0);
    refuses_all();
    said(catalog_path);
    unlink(log_path);
}

/* ---- Where it is ---- */

static char home[260], user_path[300];

/* A user without a catalog, who is not root. */
static void new_user(void)
{
    if (access("/etc/ws2spi/catalog.toml", F_OK) == 0)
        SKIP("the host has a catalog");
    posix_drop_privileges();
    new_catalog();
    unsetenv("WS2SPI_CATALOG");
    unsetenv("XDG_CONFIG_HOME");
    snprintf(home, sizeof home, "%s", catalog_folder);
    setenv("HOME", home, 1);
    snprintf(user_path, sizeof user_path, "%s/.config/ws2spi/catalog.toml", home);
}

static void remove_user(void)
{
    char path[300];
    unlink(user_path);
    snprintf(path, sizeof path, "%s/.config/ws2spi/catalog.toml.lock", home);
    unlink(path);
    snprintf(path, sizeof path, "%s/.config/ws2spi", home);
    rmdir(path);
    snprintf(path, sizeof path, "%s/.config", home);
    rmdir(path);
}

TEST(the_first_change_makes_the_users_catalog, "NEED-C2")
{
    struct stat found;
    new_user();
    int before = all_entries();
    CHECK(access(user_path, F_OK) != 0);
    install(1, "/x.so", like_tcp("x"));
    CHECK(access(user_path, F_OK) == 0);
    EQUAL(all_entries(), before + 1);
    CHECK(stat(user_path, &found) == 0);
    EQUAL(found.st_mode & 0777, 0644);
    /* Another that is named counts alone. */
    setenv("WS2SPI_CATALOG", catalog_path, 1);
    EQUAL(all_entries(), before);
    install(2, "/x.so", like_tcp("y"));
    CHECK(access(catalog_path, F_OK) == 0);
    setenv("WS2SPI_CATALOG", "", 1);
    EQUAL(all_entries(), before + 1);
    CHECK(same_text(entry_of(numbered(1)).szProtocol, "x"));
    /* Where users keep their settings elsewhere. */
    setenv("XDG_CONFIG_HOME", "/nowhere", 1);
    EQUAL(all_entries(), before);
    setenv("XDG_CONFIG_HOME", "not/absolute", 1);
    EQUAL(all_entries(), before + 1);
    remove_user();
}

/* The catalog is in a folder that there is not yet; that is made with this mode. */
static void makes_folder(const char *folder, mode_t mode)
{
    char path[300], lock[320];
    struct stat found;
    snprintf(path, sizeof path, "%s/catalog.toml", folder);
    snprintf(lock, sizeof lock, "%s.lock", path);
    setenv("WS2SPI_CATALOG", path, 1);
    install(1, "/x.so", like_tcp("x"));
    CHECK(stat(folder, &found) == 0);
    EQUAL(found.st_mode & 0777, mode);
    CHECK(unlink(path) == 0 && unlink(lock) == 0 && rmdir(folder) == 0);
}

/* Where the group may change new files unless told otherwise, it may not the folders of the catalog. Root's are for all to
 * read. */
TEST(the_umask_does_not_matter_to_new_folders, "")
{
    char folder[300];
    struct stat found;
    umask(002);
    if (geteuid() == 0) {
        new_catalog();
        snprintf(folder, sizeof folder, "%s/roots", catalog_folder);
        makes_folder(folder, 0755);
        remove_catalog();
    }
    new_user();
    install(1, "/x.so", like_tcp("x"));
    entry_of(numbered(1));
    CHECK(stat(user_path, &found) == 0);
    EQUAL(found.st_mode & 0777, 0644);
    static const char *const made[] = {".config", ".config/ws2spi"};
    for (int i = 0; i < 2; i++) {
        snprintf(folder, sizeof folder, "%s/%s", home, made[i]);
        CHECK(stat(folder, &found) == 0);
        EQUAL(found.st_mode & 0777, 0700);
    }
    remove_user();
}

TEST(without_a_home_there_is_no_place, "")
{
    GUID id = numbered(1);
    new_user();
    WSAPROTOCOL_INFOW info = like_tcp("x");
    unsetenv("HOME");
    FAILS(WSCInstallProvider(&id, wide("/x.so"), &info, 1, &error), WSANO_RECOVERY);
    setenv("WS2SPI_CATALOG", "catalog.toml", 1);
    FAILS(WSCInstallProvider(&id, wide("/x.so"), &info, 1, &error), WSANO_RECOVERY);
    CHECK(access("catalog.toml", F_OK) != 0);
}

/* Whether there is one there or not: what was meant by it depends on the folder. */
TEST(a_relative_path_is_that_of_no_catalog, "")
{
    GUID id = numbered(1);
    WSADATA data;
    WCHAR path[100];
    INT length = 100;
    DWORD room = sizeof entries;
    new_catalog();
    keep_log();
    WSAPROTOCOL_INFOW info = like_tcp("x");
    CHECK(chdir(catalog_folder) == 0);
    for (int exists = 0; exists < 2; exists++) {
        setenv("WS2SPI_CATALOG", "catalog.toml", 1);
        FAILS(WSCEnumProtocols(NULL, entries, &room, &error), WSANO_RECOVERY);
        said("catalog.toml: not an absolute path; the catalog is not used");
        FAILS(WSCGetProviderPath(&id, path, &length, &error), WSANO_RECOVERY);
        FAILS(WSCInstallProvider(&id, wide("/x.so"), &info, 1, &error), WSANO_RECOVERY);
        EQUAL(WSAStartup(MAKEWORD(2, 2), &data), WSASYSNOTREADY);
        CHECK(access("catalog.toml", F_OK) == (exists ? 0 : -1));
        setenv("WS2SPI_CATALOG", catalog_path, 1);
        if (!exists)
            install(1, "/x.so", info);
    }
    EQUAL(WSAStartup(MAKEWORD(2, 2), &data), 0);
    EQUAL(WSACleanup(), 0);
    unlink(log_path);
}

/* A file may be called anything. */
TEST(the_name_of_the_file_need_not_be_text, "")
{
    new_catalog();
    char *end = strrchr(catalog_path, '/');
    strcpy(end, "/\xff");
    setenv("WS2SPI_CATALOG", catalog_path, 1);
    install(1, "/x.so", like_tcp("x"));
    CHECK(access(catalog_path, F_OK) == 0);
    entry_of(numbered(1));
}

/* ---- Whom it is trusted from ---- */

TEST(a_file_that_others_can_write_is_refused, "")
{
    new_catalog();
    keep_log();
    install(1, "/x.so", like_tcp("x"));
    const mode_t modes[] = {0666, 0664, 0646};
    for (int i = 0; i < 3; i++) {
        set_mode(catalog_path, modes[i]);
        refuses_all();
        said("chmod go-w");
        set_mode(catalog_path, 0644);
        entry_of(numbered(1));
    }
    unlink(log_path);
}

TEST(a_folder_that_others_can_write_is_refused, "")
{
    GUID id = numbered(2);
    new_catalog();
    keep_log();
    install(1, "/x.so", like_tcp("x"));
    set_mode(catalog_folder, 0777);
    refuses_all();
    said(catalog_folder);
    /* Nor is a new one made there. */
    WSAPROTOCOL_INFOW info;
    memset(&info, 0, sizeof info);
    CHECK(unlink(catalog_path) == 0);
    FAILS(WSCInstallProvider(&id, wide("/x.so"), &info, 1, &error), WSANO_RECOVERY);
    CHECK(access(catalog_path, F_OK) != 0);
    /* As long as only one's own can be removed there, it is good enough. */
    set_mode(catalog_folder, 01777);
    install(1, "/x.so", like_tcp("x"));
    set_mode(catalog_folder, 0700);
    unlink(log_path);
}

TEST(what_belongs_to_another_is_refused, "")
{
    if (geteuid() != 0)
        SKIP("not root");
    new_catalog();
    keep_log();
    install(1, "/x.so", like_tcp("x"));
    CHECK(chown(catalog_path, 12345, (gid_t)-1) == 0);
    refuses_all();
    said("belongs to user 12345");
    CHECK(chown(catalog_path, 0, (gid_t)-1) == 0);
    CHECK(chown(catalog_folder, 12345, (gid_t)-1) == 0);
    refuses_all();
    said("belongs to user 12345");
    CHECK(chown(catalog_folder, 0, (gid_t)-1) == 0);
    entry_of(numbered(1));
    /* The lock, which its owner could hold for ever. */
    char lock[300];
    GUID id = numbered(2);
    WSAPROTOCOL_INFOW info = like_tcp("x");
    snprintf(lock, sizeof lock, "%s.lock", catalog_path);
    CHECK(chown(lock, 12345, (gid_t)-1) == 0);
    FAILS(WSCInstallProvider(&id, wide("/x.so"), &info, 1, &error), WSANO_RECOVERY);
    unlink(log_path);
}

TEST(a_link_counts_as_what_it_leads_to, "")
{
    char folder[300], target[300];
    struct stat found;
    new_catalog();
    keep_log();
    install(1, "/x.so", like_tcp("x"));
    snprintf(folder, sizeof folder, "%s/in", catalog_folder);
    snprintf(target, sizeof target, "%s/in/target", catalog_folder);
    CHECK(mkdir(folder, 0755) == 0);
    CHECK(rename(catalog_path, target) == 0);
    link_to("in/target", catalog_path);
    entry_of(numbered(1));
    /* A change is one of the target. */
    install(2, "/x.so", like_tcp("y"));
    CHECK(lstat(catalog_path, &found) == 0);
    CHECK(S_ISLNK(found.st_mode));
    CHECK(strstr(read_text(target), "{00000002") != NULL);
    /* The link is fine, what it leads through is not. */
    set_mode(folder, 0777);
    refuses_all();
    said(folder);
    set_mode(folder, 0755);
    set_mode(target, 0666);
    refuses_all();
    said(target);
    CHECK(unlink(target) == 0);
    snprintf(target, sizeof target, "%s/in/target.lock", catalog_folder);
    unlink(target);
    rmdir(folder);
    unlink(log_path);
}

/* Who may read what is not for the change to decide; a new one is for all to read. */
TEST(a_change_keeps_the_mode, "")
{
    struct stat found;
    new_catalog();
    umask(077);
    install(1, "/x.so", like_tcp("x"));
    CHECK(stat(catalog_path, &found) == 0);
    EQUAL(found.st_mode & 0777, 0644);
    set_mode(catalog_path, 0600);
    install(2, "/x.so", like_tcp("y"));
    CHECK(stat(catalog_path, &found) == 0);
    EQUAL(found.st_mode & 0777, 0600);
    char lock[300];
    snprintf(lock, sizeof lock, "%s.lock", catalog_path);
    CHECK(stat(lock, &found) == 0);
    EQUAL(found.st_mode & 0777, 0600);
}

/* ---- A program with other rights than its user's ---- */

/* This program, as `program --look`: whether it sees a certain provider. */
__attribute__((constructor)) static void look(int count, char **arguments)
{
    DWORD length = sizeof entries;
    if (count != 2 || strcmp(arguments[1], "--look") != 0)
        return;
    int found = WSCEnumProtocols(NULL, entries, &length, &error);
    for (int i = 0; i < found; i++)
        if (entries[i].ProviderId.Data1 == 4711)
            _exit(42);
    _exit(found > 0 ? 43 : 1);
}

/* Whether the program, run as its user by nobody, sees the provider of the catalog that is named to it. */
static int program_sees(const char *program)
{
    int child = posix_fork();
    if (child == 0) {
        posix_drop_privileges();
        execl(program, program, "--look", NULL);
        _exit(1);
    }
    return posix_wait(child);
}

TEST(a_set_id_program_does_not_look_at_the_users_catalog, "")
{
    static char bytes[1 << 24];
    char program[300];
    struct statvfs mount;
    if (geteuid() != 0)
        SKIP("not root");
    new_catalog();
    if (statvfs(catalog_folder, &mount) != 0 || mount.f_flag & ST_NOSUID)
        SKIP("no set-id programs on this file system");
    install(4711, "/x.so", like_tcp("x"));
    set_mode(catalog_folder, 0755);
    int from = open("/proc/self/exe", O_RDONLY);
    ssize_t length = read(from, bytes, sizeof bytes);
    CHECK(from >= 0 && length > 0 && length < (ssize_t)sizeof bytes);
    snprintf(program, sizeof program, "%s/program", catalog_folder);
    write_file(program, bytes, (size_t)length);
    set_mode(program, 0755);
    int plain = program_sees(program);
    if (plain == 1 || plain == 127) {
        unlink(program);
        SKIP("nobody may not run the test or load the library");
    }
    EQUAL(plain, 42);
    /* Root's, whom it trusts as ever, but not the environment of who started it. */
    set_mode(program, 04755);
    EQUAL(program_sees(program), 43);
    /* The same for the user's own, by HOME. */
    char folder[260], path[300];
    snprintf(folder, sizeof folder, "%s/ws2spi", catalog_folder);
    CHECK(mkdir(folder, 0755) == 0);
    snprintf(path, sizeof path, "%s/catalog.toml", folder);
    CHECK(rename(catalog_path, path) == 0);
    unsetenv("WS2SPI_CATALOG");
    setenv("XDG_CONFIG_HOME", catalog_folder, 1);
    set_mode(program, 0755);
    EQUAL(program_sees(program), 42);
    set_mode(program, 04755);
    EQUAL(program_sees(program), 43);
    unlink(path);
    rmdir(folder);
    unlink(program);
}

/* ---- Many at once ---- */

static void install_fifty(unsigned first)
{
    for (unsigned i = 0; i < 50; i++) {
        GUID id = numbered(first + i);
        WSAPROTOCOL_INFOW info;
        memset(&info, 0, sizeof info);
        info.ProtocolChain.ChainLen = 1;
        SUCCEEDS(WSCInstallProvider(&id, wide("/x.so"), &info, 1, &error));
    }
}

static int are_there(unsigned first, unsigned count, int before)
{
    int all = all_entries();
    EQUAL(all, before + (int)count);
    for (int i = before; i < all; i++) {
        CHECK(entries[i].ProviderId.Data1 >= first && entries[i].ProviderId.Data1 < first + count);
        for (int j = 0; j < i; j++) {
            CHECK(entries[i].dwCatalogEntryId != entries[j].dwCatalogEntryId);
            CHECK(entries[i].ProviderId.Data1 != entries[j].ProviderId.Data1);
        }
    }
    return all;
}

/* Nobody is told of WSAEINPROGRESS: the others are waited for. */
TEST(two_processes_install_at_once, "WSCInstallProvider.1 NEED-C2 NEED-C9")
{
    new_catalog();
    int before = all_entries(), children[2];
    for (unsigned i = 0; i < 2; i++) {
        children[i] = posix_fork();
        if (children[i] == 0) {
            install_fifty(1000 + 50 * i);
            _exit(0);
        }
    }
    for (int i = 0; i < 2; i++)
        EQUAL(posix_wait(children[i]), 0);
    are_there(1000, 100, before);
}

static void *install_in_thread(void *first)
{
    install_fifty((unsigned)(ULONG_PTR)first);
    return NULL;
}

TEST(two_threads_install_at_once, "WSCInstallProvider.1 NEED-C2")
{
    new_catalog();
    int before = all_entries();
    pthread_t other = start_thread(install_in_thread, (void *)1050);
    install_fifty(1000);
    join_thread(other);
    are_there(1000, 100, before);
}

/* Installs and removes until it is killed. */
static int start_writer(void)
{
    int child = posix_fork();
    if (child == 0) {
        GUID id = numbered(1);
        WSAPROTOCOL_INFOW info = like_tcp("x");
        for (;;) {
            SUCCEEDS(WSCInstallProvider(&id, wide("/x.so"), &info, 1, &error));
            SUCCEEDS(WSCDeinstallProvider(&id, &error));
        }
    }
    return child;
}

static void kill_writer(int child)
{
    int status;
    CHECK(kill(child, SIGKILL) == 0);
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
}

TEST(readers_never_see_half_a_catalog, "")
{
    new_catalog();
    int before = all_entries(), child = start_writer(), with = 0, without = 0;
    while (with < 50 || without < 50) {
        int count = all_entries();
        CHECK(count == before || count == before + 1);
        if (count == before)
            without++;
        else
            with++;
    }
    kill_writer(child);
}

/* Whenever a writer ends, what is there is whole, and can be changed. */
TEST(a_writer_that_is_killed_does_no_harm, "")
{
    new_catalog();
    int before = all_entries();
    for (unsigned i = 0; i < 20; i++) {
        int child = start_writer(), seen = 0;
        for (unsigned looks = 0; looks < 1 + i * 3; looks++)
            seen = all_entries();
        kill_writer(child);
        seen = all_entries();
        CHECK(seen == before || seen == before + 1);
        GUID id = numbered(1);
        if (seen > before)
            SUCCEEDS(WSCDeinstallProvider(&id, &error));
    }
    install(2, "/x.so", like_tcp("y"));
    EQUAL(all_entries(), before + 1);
}

/* What one left behind that was killed at the wrong moment. */
TEST(leftovers_do_no_harm, "")
{
    char left[300];
    new_catalog();
    snprintf(left, sizeof left, "%s.new", catalog_path);
    write_file(left, "half a", 6);
    install(1, "/x.so", like_tcp("x"));
    CHECK(access(left, F_OK) != 0);
    /* A link that somebody put there is not followed. */
    link_to("victim", left);
    install(2, "/x.so", like_tcp("x"));
    snprintf(left, sizeof left, "%s/victim", catalog_folder);
    CHECK(access(left, F_OK) != 0);
}
