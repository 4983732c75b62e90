/* What glibc offers and Swift's Glibc module does not show. */
#ifndef AKOOL_CLINUX_SHIM_H
#define AKOOL_CLINUX_SHIM_H

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static inline int akool_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }
static inline int akool_socket_cloexec(int family, int type, int protocol) {
  return socket(family, type | SOCK_CLOEXEC, protocol);
}
static inline int akool_errno(void) { return errno; }

/* glibc declares these for _GNU_SOURCE only, and that macro would make this module's types differ from Glibc's. */
int pthread_setname_np(pthread_t thread, const char *name);

static inline int akool_name_thread(pthread_t thread, const char *name) { return pthread_setname_np(thread, name); }
/* The POSIX strerror_r: always fills the buffer, whatever feature macros choose. */
int __xpg_strerror_r(int number, char *buffer, size_t length);
static inline int akool_describe_errno(int number, char *buffer, size_t length) {
  return __xpg_strerror_r(number, buffer, length);
}

#endif
