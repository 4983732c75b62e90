/* A disk that misbehaves below the folder HOSTILE_DISK_FOLDER. HOSTILE_DISK is silent:CALLS (after so many calls),
 * slow:MILLISECONDS, full, broken (EIO at writes), unsynced (EIO at fsync), unreadable or short. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "hostile.h"

static int is(const char *way, const char *name) { return strncmp(way, name, strlen(name)) == 0; }

/** Returns how the disk of this descriptor misbehaves, or NULL. */
static const char *way_of(int descriptor) {
  const char *way = getenv("HOSTILE_DISK"), *folder = getenv("HOSTILE_DISK_FOLDER");
  char link[64], path[4096];
  if (!way || !folder) return NULL;
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return NULL;
  path[length] = 0;
  return strncmp(path, folder, strlen(folder)) == 0 ? way : NULL;
}

static void delay(const char *way) {
  static long calls;
  if (is(way, "slow")) hostile_sleep_ms(hostile_number(way));
  if (is(way, "silent") && __sync_add_and_fetch(&calls, 1) > hostile_number(way)) hostile_sleep_ms(60000);
}

static int refuses_write(const char *way, size_t *count) {
  delay(way);
  if (is(way, "short") && *count > 1) *count /= 2;
  if (is(way, "full")) errno = ENOSPC;
  if (is(way, "broken")) errno = EIO;
  return is(way, "full") || is(way, "broken");
}

static int refuses_sync(int descriptor) {
  const char *way = way_of(descriptor);
  if (!way) return 0;
  delay(way);
  if (is(way, "unsynced")) errno = EIO;
  return is(way, "unsynced");
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
  const char *way = way_of(descriptor);
  if (way && refuses_write(way, &count)) return -1;
  return syscall(SYS_write, descriptor, bytes, count);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
  const char *way = way_of(descriptor);
  if (way && refuses_write(way, &count)) return -1;
  return syscall(SYS_pwrite64, descriptor, bytes, count, offset);
}

ssize_t pread64(int descriptor, void *bytes, size_t count, off64_t offset) {
  const char *way = way_of(descriptor);
  if (way) {
    delay(way);
    if (is(way, "unreadable")) return errno = EIO, -1;
  }
  return syscall(SYS_pread64, descriptor, bytes, count, offset);
}

/* The same functions under the names that Swift uses. */
ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
  return pwrite64(descriptor, bytes, count, offset);
}

ssize_t pread(int descriptor, void *bytes, size_t count, off_t offset) {
  return pread64(descriptor, bytes, count, offset);
}

int fsync(int descriptor) { return refuses_sync(descriptor) ? -1 : (int)syscall(SYS_fsync, descriptor); }
int fdatasync(int descriptor) { return refuses_sync(descriptor) ? -1 : (int)syscall(SYS_fdatasync, descriptor); }
