/* Preloaded: kills the process at a step, counted over everything that reaches the disk or the network. The step is
 * KILL_AT_STEP; odd ones kill before the call, even ones after it. */
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long steps;

static long step(void) {
  static long target = -1;
  if (target < 0) target = getenv("KILL_AT_STEP") ? atol(getenv("KILL_AT_STEP")) : 0;
  long now = atomic_fetch_add(&steps, 1) + 1;
  if (target && now == target && target % 2) kill(getpid(), SIGKILL);
  return target && now == target;
}

#define WRAP(type, name, parameters, arguments)           \
  type name parameters {                                  \
    static type(*real) parameters;                        \
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, #name); \
    long is_last = step();                                \
    type result = real arguments;                         \
    if (is_last) kill(getpid(), SIGKILL);                 \
    return result;                                        \
  }

WRAP(ssize_t, pwrite64, (int fd, const void *data, size_t size, off64_t offset), (fd, data, size, offset))
WRAP(ssize_t, pwrite, (int fd, const void *data, size_t size, off_t offset), (fd, data, size, offset))
WRAP(int, fsync, (int fd), (fd))
WRAP(int, fdatasync, (int fd), (fd))
WRAP(int, ftruncate64, (int fd, off64_t size), (fd, size))
WRAP(int, unlink, (const char *path), (path))
WRAP(ssize_t, send, (int fd, const void *data, size_t size, int flags), (fd, data, size, flags))
WRAP(ssize_t, recv, (int fd, void *data, size_t size, int flags), (fd, data, size, flags))
