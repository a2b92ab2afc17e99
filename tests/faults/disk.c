/* A disk that fails, or forgets what was not synced, or a machine that stops: loaded before the
 * C library (LD_PRELOAD), it counts the calls that make something last.
 *
 *   DISK_FOLDER   only files below it count
 *   DISK_CALLS    which calls: any of "sync", "write", "name" (rename, link, unlink), in one word
 *   DISK_AT       at which of them, from 1 on
 *   DISK_DO       "kill" stops the process there; a number is the errno that the call fails with
 *   DISK_FOR      for so many calls on end (with an errno; 1 if it is not set)
 *   DISK_SHADOW   a folder that always holds what has been synced, as it was when it was
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long calls;

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int path_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, 4095);
    if (length < 0) return 0;
    path[length] = 0;
    const char *folder = getenv("DISK_FOLDER");
    return folder && strncmp(path, folder, strlen(folder)) == 0 && !strstr(path, "-shm");
}

static int in_folder(const char *path) {
    char real[4096], folder[4096];
    const char *wanted = getenv("DISK_FOLDER");
    if (!wanted) return 0;
    if (path[0] == '/') return strncmp(path, wanted, strlen(wanted)) == 0;
    if (!getcwd(folder, sizeof folder / 2)) return 0;
    snprintf(real, sizeof real, "%.2000s/%.2000s", folder, path);
    return strncmp(real, wanted, strlen(wanted)) == 0;
}

/* Whether this call is to fail; does not return where the machine is to stop. */
static int fails(const char *kind) {
    const char *kinds = getenv("DISK_CALLS"), *at = getenv("DISK_AT"), *what = getenv("DISK_DO");
    if (!kinds || !at || !what || !strstr(kinds, kind)) return 0;
    pthread_mutex_lock(&lock);
    long now = ++calls, first = atol(at);
    pthread_mutex_unlock(&lock);
    if (strcmp(what, "kill") == 0) {
        if (now == first) raise(SIGKILL);
        return 0;
    }
    const char *times = getenv("DISK_FOR");
    if (now < first || now >= first + (times ? atol(times) : 1)) return 0;
    errno = atoi(what);
    return 1;
}

static void copy(int from, const char *to) {
    char buffer[65536], temporary[4200];
    snprintf(temporary, sizeof temporary, "%s.tmp", to);
    int out = open(temporary, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ssize_t length;
    off_t place = 0;
    while ((length = pread(from, buffer, sizeof buffer, place)) > 0) {
        if (NEXT(write)(out, buffer, length) != length) abort();
        place += length;
    }
    close(out);
    NEXT(rename)(temporary, to);
}

/* Note what a sync has made safe: the bytes of a file, or the names in a folder. */
static void note(int fd, const char *path) {
    const char *shadow = getenv("DISK_SHADOW");
    struct stat status;
    char name[4200];
    if (!shadow || fstat(fd, &status)) return;
    pthread_mutex_lock(&lock);
    if (S_ISREG(status.st_mode)) {
        char own[4096];
        snprintf(own, sizeof own, "/proc/self/fd/%d", fd);
        int again = open(own, O_RDONLY);
        snprintf(name, sizeof name, "%s/%lu", shadow, (unsigned long)status.st_ino);
        if (again >= 0) { copy(again, name); close(again); }
    } else if (S_ISDIR(status.st_mode)) {
        snprintf(name, sizeof name, "%s/%lu.names", shadow, (unsigned long)status.st_ino);
        char temporary[4210];
        snprintf(temporary, sizeof temporary, "%s.tmp", name);
        FILE *list = fopen(temporary, "w");
        DIR *folder = opendir(path);
        struct dirent *entry;
        while (list && folder && (entry = readdir(folder)))
            fprintf(list, "%lu %s\n", (unsigned long)entry->d_ino, entry->d_name);
        if (folder) closedir(folder);
        if (list) { fclose(list); NEXT(rename)(temporary, name); }
    }
    pthread_mutex_unlock(&lock);
}

static int synced(int fd, int (*sync)(int)) {
    char path[4096];
    if (!path_of(fd, path)) return sync(fd);
    if (fails("sync")) return -1;
    int result = sync(fd);
    if (result == 0) note(fd, path);
    return result;
}

int fsync(int fd) { return synced(fd, NEXT(fsync)); }
int fdatasync(int fd) { return synced(fd, NEXT(fdatasync)); }

#define WRITES(fd) char path[4096]; if (path_of(fd, path) && fails("write")) return -1
ssize_t write(int fd, const void *data, size_t size) { WRITES(fd); return NEXT(write)(fd, data, size); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { WRITES(fd); return NEXT(pwrite)(fd, data, size, at); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) { WRITES(fd); return NEXT(pwrite64)(fd, data, size, at); }

int rename(const char *old, const char *new) {
    if (in_folder(new) && fails("name")) return -1;
    return NEXT(rename)(old, new);
}
int link(const char *old, const char *new) {
    if (in_folder(new) && fails("name")) return -1;
    return NEXT(link)(old, new);
}
int unlink(const char *path) {
    if (in_folder(path) && fails("name")) return -1;
    return NEXT(unlink)(path);
}
