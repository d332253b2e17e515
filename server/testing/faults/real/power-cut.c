/*
 * Preloaded into a process (LD_PRELOAD), this keeps beside a SQLite store what of it is safe on the disk:
 * a power cut leaves the copies and nothing else.
 *
 * - fsync and fdatasync of a file of the store copy it as it is then. The copy stands for the disk, so
 *   nothing is really synced; what was written and not synced since is in no copy.
 * - unlink of a file of the store drops its copy.
 * - While a control file exists, the disk is full: nothing can be written to a file of the store.
 *
 * Files of the store are those whose path begins with FAULTS_STORE and goes on with nothing, "-wal" or
 * "-journal". The index of the WAL ("-shm") is no part of what a power cut leaves, but a full disk has
 * no room for it either.
 *
 * FAULTS_STORE      path of the database
 * FAULTS_DURABLE    folder that keeps the copies, under the names of the files
 * FAULTS_DISK_FULL  path of the control file
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

/* What follows the database's path; NULL where it is none of the store's files. */
static const char *suffix_of(const char *path) {
  const char *store = getenv("FAULTS_STORE");
  if (!store || !*store) return NULL;
  size_t length = strlen(store);
  return strncmp(path, store, length) == 0 ? path + length : NULL;
}

static int is_kept(const char *path) {
  const char *suffix = suffix_of(path);
  return suffix && (!*suffix || !strcmp(suffix, "-wal") || !strcmp(suffix, "-journal"));
}

static int is_written_by_store(const char *path) {
  const char *suffix = suffix_of(path);
  return is_kept(path) || (suffix && !strcmp(suffix, "-shm"));
}

/* The path behind a descriptor, at most PATH_MAX long; 0 where there is none. */
static int path_of(int fd, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return 1;
}

static int is_disk_full(void) {
  const char *control = getenv("FAULTS_DISK_FULL");
  return control && *control && access(control, F_OK) == 0;
}

static int has_no_room(int fd) {
  char path[PATH_MAX];
  if (!is_disk_full()) return 0;
  return path_of(fd, path) && is_written_by_store(path);
}

static void copy_name(const char *path, const char *ending, char *copy) {
  const char *name = strrchr(path, '/');
  const char *folder = getenv("FAULTS_DURABLE");
  int length = snprintf(copy, PATH_MAX, "%s/%s%s", folder ? folder : "", name ? name + 1 : path, ending);
  if (length >= PATH_MAX) copy[PATH_MAX - 1] = 0;
}

static int copy_bytes(int from, int to) {
  struct stat status;
  if (fstat(from, &status) != 0) return -1;
  loff_t position = 0;
  while (position < status.st_size) {
    size_t left = (size_t)(status.st_size - position);
    ssize_t copied = copy_file_range(from, &position, to, NULL, left, 0);
    if (copied <= 0) return -1;
  }
  return 0;
}

/* A copy takes its name when it is whole: a process that is killed meanwhile leaves the one before. */
static int keep(const char *path) {
  char copy[PATH_MAX], unfinished[PATH_MAX];
  copy_name(path, "", copy);
  copy_name(path, ".unfinished", unfinished);
  int from = open(path, O_RDONLY | O_CLOEXEC);
  int to = open(unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  int failed = from < 0 || to < 0 || copy_bytes(from, to) != 0;
  if (from >= 0) close(from);
  if (to >= 0) close(to);
  if (!failed) failed = rename(unfinished, copy) != 0;
  if (!failed) return 0;
  fprintf(stderr, "power-cut: %s cannot be kept: %s\n", path, strerror(errno));
  abort();
}

static int sync_file(int fd, const char *name) {
  char path[PATH_MAX];
  if (path_of(fd, path) && is_kept(path)) return keep(path);
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  return real(fd);
}

int fsync(int fd) { return sync_file(fd, "fsync"); }
int fdatasync(int fd) { return sync_file(fd, "fdatasync"); }

static void forget(const char *path) {
  char copy[PATH_MAX];
  if (!is_kept(path)) return;
  copy_name(path, "", copy);
  int (*real)(const char *) = (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");
  real(copy);
}

int unlink(const char *path) {
  static int (*real)(const char *);
  if (!real) real = (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");
  int result = real(path);
  if (result == 0) forget(path);
  return result;
}

ssize_t write(int fd, const void *data, size_t size) {
  static ssize_t (*real)(int, const void *, size_t);
  if (!real) real = (ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
  if (!has_no_room(fd)) return real(fd, data, size);
  errno = ENOSPC;
  return -1;
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
  static ssize_t (*real)(int, const void *, size_t, off_t);
  if (!real) real = (ssize_t (*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, "pwrite");
  if (!has_no_room(fd)) return real(fd, data, size, at);
  errno = ENOSPC;
  return -1;
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
  static ssize_t (*real)(int, const void *, size_t, off64_t);
  if (!real) real = (ssize_t (*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
  if (!has_no_room(fd)) return real(fd, data, size, at);
  errno = ENOSPC;
  return -1;
}
