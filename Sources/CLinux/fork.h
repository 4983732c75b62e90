/* The gate between fork and the library: no thread is inside the library's code while the process forks. When exit()
 * has had its time with the library, the gate is closed for the library's threads.
 *
 * Each object file has separate state, so only one Swift file calls these functions, from functions that are not
 * inlined. In C because it has to work before any Swift code of the library has run: a child that inherits a half
 * initialised Swift global waits for it forever. All state is initialised statically. */
#ifndef AKOOL_CLINUX_FORK_H
#define AKOOL_CLINUX_FORK_H

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* glibc declares it for _GNU_SOURCE only. Without it, readers that come all the time keep fork waiting. */
#define AKOOL_PREFER_FORK 2
int pthread_rwlockattr_setkind_np(pthread_rwlockattr_t *attributes, int kind);

struct akool_fork_state {
  pthread_rwlock_t gate;
  unsigned long count;
  int is_held;
  int is_closed;
};

static inline struct akool_fork_state *akool_fork_state(void) {
  static struct akool_fork_state state;
  return &state;
}

/* How many times the calling thread has entered. */
static inline int *akool_fork_depth(void) {
  static __thread int depth;
  return &depth;
}

/* True on threads of the library, which stop where they are when the gate is closed. */
static inline int *akool_fork_is_stoppable(void) {
  static __thread int is_stoppable;
  return &is_stoppable;
}

static inline void akool_fork_open_gate(void) {
  pthread_rwlockattr_t attributes;
  pthread_rwlockattr_init(&attributes);
  pthread_rwlockattr_setkind_np(&attributes, AKOOL_PREFER_FORK);
  pthread_rwlock_init(&akool_fork_state()->gate, &attributes);
  pthread_rwlockattr_destroy(&attributes);
}

/* Waits until no thread is inside, at most some milliseconds: what stays inside longer waits for the kernel, and holds
 * no lock that others need. */
static inline int akool_fork_wait_until_empty(long milliseconds) {
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_nsec += milliseconds * 1000000;
  until.tv_sec += until.tv_nsec / 1000000000;
  until.tv_nsec %= 1000000000;
  return pthread_rwlock_timedwrlock(&akool_fork_state()->gate, &until) == 0;
}

static inline void akool_fork_prepare(void) {
  struct akool_fork_state *state = akool_fork_state();
  /* Registered twice in a child that interrupted the registration. */
  if (state->is_held || *akool_fork_depth() > 0) return;
  state->is_held = akool_fork_wait_until_empty(250);
}

static inline void akool_fork_in_parent(void) {
  struct akool_fork_state *state = akool_fork_state();
  if (state->is_held) {
    state->is_held = 0;
    pthread_rwlock_unlock(&state->gate);
  }
}

/* The lock knows its owner by a thread number, which the child does not share: the child gets a new one. */
static inline void akool_fork_in_child(void) {
  struct akool_fork_state *state = akool_fork_state();
  memset(&state->gate, 0, sizeof state->gate);
  akool_fork_open_gate();
  state->is_held = 0;
  state->is_closed = 0;
  __atomic_fetch_add(&state->count, 1, __ATOMIC_RELAXED);
}

static inline void akool_fork_watch(void) {
  akool_fork_open_gate();
  pthread_atfork(akool_fork_prepare, akool_fork_in_parent, akool_fork_in_child);
}

/* pthread_once is safe against fork: a child that interrupts it runs it again. */
static inline void akool_fork_watch_once(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, akool_fork_watch);
}

static inline void akool_fork_enter(void) {
  if ((*akool_fork_depth())++ > 0) return;
  akool_fork_watch_once();
  pthread_rwlock_rdlock(&akool_fork_state()->gate);
}

static inline void akool_fork_leave(void) {
  if (--(*akool_fork_depth()) == 0) pthread_rwlock_unlock(&akool_fork_state()->gate);
}

/* Leaves for as long as the thread waits, and returns what akool_fork_return takes. */
static inline int akool_fork_pause(void) {
  int depth = *akool_fork_depth();
  if (depth > 0) {
    *akool_fork_depth() = 0;
    pthread_rwlock_unlock(&akool_fork_state()->gate);
  }
  return depth;
}

static inline void akool_fork_return(int depth) {
  if (depth == 0) return;
  pthread_rwlock_rdlock(&akool_fork_state()->gate);
  if (*akool_fork_is_stoppable() && __atomic_load_n(&akool_fork_state()->is_closed, __ATOMIC_RELAXED)) {
    pthread_rwlock_unlock(&akool_fork_state()->gate);
    for (;;) pause();
  }
  *akool_fork_depth() = depth;
}

/* To be called first on each thread of the library. */
static inline void akool_fork_mark_thread(void) { *akool_fork_is_stoppable() = 1; }

/* From now on no thread of the library comes back inside, except the calling one. Not inside. */
static inline void akool_fork_close(void) {
  /* Part of the time that exit() may take. */
  int is_held = akool_fork_wait_until_empty(150);
  *akool_fork_is_stoppable() = 0;
  __atomic_store_n(&akool_fork_state()->is_closed, 1, __ATOMIC_RELAXED);
  if (is_held) pthread_rwlock_unlock(&akool_fork_state()->gate);
}

/* How many forks lie between this process and the one that loaded the library. */
static inline unsigned long akool_fork_count(void) {
  return __atomic_load_n(&akool_fork_state()->count, __ATOMIC_RELAXED);
}

#endif
