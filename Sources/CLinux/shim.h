/* What glibc offers and Swift's Glibc module does not show. */
#ifndef AKOOL_CLINUX_SHIM_H
#define AKOOL_CLINUX_SHIM_H

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Moves a descriptor above 2: a host that closed its standard streams would write into it. -1 on failure. */
static inline int akool_above_stdio(int descriptor) {
  int above, failure;
  if (descriptor < 0 || descriptor > 2) return descriptor;
  above = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
  failure = errno;
  close(descriptor);
  errno = failure;
  return above;
}
/* Fills the standard descriptors that the host has closed, so that what follows gets others. Returns which. */
static inline int akool_fill_stdio(void) {
  int filled = 0, descriptor;
  for (descriptor = 0; descriptor < 3; descriptor++)
    if (fcntl(descriptor, F_GETFD) == -1 && errno == EBADF && open("/dev/null", O_RDWR | O_CLOEXEC) == descriptor)
      filled |= 1 << descriptor;
  return filled;
}
static inline void akool_free_stdio(int filled) {
  int descriptor;
  for (descriptor = 0; descriptor < 3; descriptor++)
    if (filled & 1 << descriptor) close(descriptor);
}
/* A file without a name that holds some bytes. -1 on failure. */
static inline int akool_memory_file(const void *bytes, size_t count) {
  const char *rest = (const char *)bytes;
  int descriptor = akool_above_stdio((int)syscall(SYS_memfd_create, "akool", 1u /* MFD_CLOEXEC */));
  if (descriptor < 0) return -1;
  while (count > 0) {
    ssize_t written = write(descriptor, rest, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      close(descriptor);
      return -1;
    }
    rest += written;
    count -= (size_t)written;
  }
  return descriptor;
}
/* A socket that takes none of the standard descriptors. */
static inline int akool_socket(int family, int type, int protocol) {
  return akool_above_stdio(socket(family, type | SOCK_CLOEXEC, protocol));
}
static inline int akool_eventfd(void) { return akool_above_stdio(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)); }
/* Locks of an open file, not of the process; the macro needs _GNU_SOURCE. */
static inline int akool_ofd_getlk(void) { return 36; }
static inline int akool_ofd_setlk(void) { return 37; }
/* Fails with EEXIST where rename would replace. */
static inline int akool_rename_noreplace(int folder, const char *from, const char *to) {
  return (int)syscall(SYS_renameat2, folder, from, folder, to, 1u);
}
/* Waits for a condition on the monotonic clock, at most so long. The kernel's own clock is read: a program may fake the
 * one of the C library, and the wait would end immediately or never. */
static inline int akool_wait(pthread_cond_t *condition, pthread_mutex_t *mutex, uint64_t nanoseconds) {
  const uint64_t longest = 1000000000000000000u, second = 1000000000u;
  struct timespec until = {0, 0};
  if (nanoseconds > longest) nanoseconds = longest;
  syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &until);
  nanoseconds += (uint64_t)until.tv_nsec;
  until.tv_sec += (time_t)(nanoseconds / second);
  until.tv_nsec = (long)(nanoseconds % second);
  return pthread_cond_timedwait(condition, mutex, &until);
}
/* Gives free memory back to the system, where malloc can. */
static inline void akool_trim_memory(void) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}
static inline int akool_errno(void) { return errno; }

/* A number that threads read while another one writes it. */
static inline unsigned long akool_load(const unsigned long *number) {
  return __atomic_load_n(number, __ATOMIC_RELAXED);
}
static inline void akool_store(unsigned long *number, unsigned long value) {
  __atomic_store_n(number, value, __ATOMIC_RELAXED);
}

/* glibc declares these for _GNU_SOURCE only, and that macro would make this module's types differ from Glibc's. */
int pthread_setname_np(pthread_t thread, const char *name);

static inline int akool_name_thread(pthread_t thread, const char *name) { return pthread_setname_np(thread, name); }
/* The POSIX strerror_r: always fills the buffer, whatever feature macros choose. */
int __xpg_strerror_r(int number, char *buffer, size_t length);
static inline int akool_describe_errno(int number, char *buffer, size_t length) {
  return __xpg_strerror_r(number, buffer, length);
}

#endif
