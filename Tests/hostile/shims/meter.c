/* Measures iterations of the loop: from the return of curl_multi_poll to the next return of curl_multi_perform or the
 * next curl_multi_poll, whichever comes first. Exact, and without samples. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "hostile.h"

#define CURL "libcurl.so.4"

static struct hostile_meter unmapped;
struct hostile_meter *hostile_meter = &unmapped;
static int saves_descriptors;
static pthread_key_t ends;
static int next_loop;
static __thread int loop; /* number of this thread's loop, from 1 */
static __thread int schedstat = -1;
static __thread uint64_t retired_ns; /* processor time at which this loop freed its multi handle */

typedef int (*poll_function)(void *, void *, unsigned int, int, int *);
typedef int (*perform_function)(void *, int *);
typedef int (*cleanup_function)(void *);

uint64_t hostile_now(void) {
  struct timespec now;
  syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void hostile_sleep_ms(long milliseconds) {
  struct timespec pause = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  while (syscall(SYS_nanosleep, &pause, &pause) != 0) continue;
}

void *hostile_real(const char *library, const char *name) {
  /* The library may be outside the global scope: Python loads it with RTLD_LOCAL. */
  void *handle = library ? dlopen(library, RTLD_LAZY | RTLD_NOLOAD) : RTLD_NEXT;
  return dlsym(handle, name);
}

long hostile_number(const char *setting) {
  const char *colon = strchr(setting, ':');
  return colon ? strtol(colon + 1, NULL, 10) : 0;
}

/** Measures processor time only from now on, so that new loops take no descriptor. */
void hostile_save_descriptors(void) { saves_descriptors = 1; }

static uint64_t processor_time(void) {
  struct timespec used;
  syscall(SYS_clock_gettime, CLOCK_THREAD_CPUTIME_ID, &used);
  return (uint64_t)used.tv_sec * 1000000000u + (uint64_t)used.tv_nsec;
}

void hostile_clock_was_read(void) {
  if (!retired_ns) return;
  uint64_t now = processor_time();
  __sync_add_and_fetch(&hostile_meter->spun_ns, now - retired_ns);
  retired_ns = now;
}

/** Time that this thread has waited for a processor; less its processor time where that cannot be read. */
static uint64_t waited(uint64_t now) {
  char text[96];
  ssize_t length = schedstat < 0 ? -1 : pread(schedstat, text, sizeof text - 1, 0);
  unsigned long long ran, delay;
  if (length > 0) {
    text[length] = 0;
    if (sscanf(text, "%llu %llu", &ran, &delay) == 2) return delay;
  }
  return now - processor_time();
}

static void begin_iteration(void) {
  uint64_t now = hostile_now();
  hostile_meter->loops[loop - 1].delay_ns = waited(now);
  hostile_meter->loops[loop - 1].since_ns = now;
}

static void end_iteration(void) {
  uint64_t since = hostile_meter->loops[loop - 1].since_ns;
  if (since == 0) return;
  uint64_t now = hostile_now();
  uint64_t busy = now - since, idle = waited(now) - hostile_meter->loops[loop - 1].delay_ns;
  hostile_meter->loops[loop - 1].since_ns = 0;
  if (idle < busy && busy - idle > hostile_meter->longest_ns) hostile_meter->longest_ns = busy - idle;
  hostile_meter->iterations++;
}

static void thread_ended(void *unused) {
  (void)unused;
  end_iteration();
  if (schedstat >= 0) close(schedstat);
}

static int is_loop(void) {
  char name[16] = "";
  if (loop) return loop <= HOSTILE_LOOPS;
  if (pthread_getname_np(pthread_self(), name, sizeof name) != 0 || strcmp(name, "akool-io") != 0) return 0;
  loop = __sync_add_and_fetch(&next_loop, 1);
  if (loop > HOSTILE_LOOPS) return 0;
  if (!saves_descriptors) schedstat = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
  pthread_setspecific(ends, &ends);
  return 1;
}

int curl_multi_poll(void *multi, void *extra, unsigned int count, int milliseconds, int *ready) {
  static poll_function real;
  if (!real) *(void **)&real = hostile_real(CURL, "curl_multi_poll");
  if (!is_loop()) return real(multi, extra, count, milliseconds, ready);
  end_iteration();
  int result = real(multi, extra, count, milliseconds, ready);
  begin_iteration();
  return result;
}

int curl_multi_perform(void *multi, int *running) {
  static perform_function real;
  if (!real) *(void **)&real = hostile_real(CURL, "curl_multi_perform");
  int result = real(multi, running);
  if (is_loop()) {
    end_iteration();
    begin_iteration();
  }
  return result;
}

/** After this a loop has nothing to wait for: it counts as spinning, not as stalled. */
int curl_multi_cleanup(void *multi) {
  static cleanup_function real;
  if (!real) *(void **)&real = hostile_real(CURL, "curl_multi_cleanup");
  int result = real(multi);
  if (is_loop()) {
    end_iteration();
    retired_ns = processor_time();
  }
  return result;
}

__attribute__((constructor)) static void map_meter(void) {
  const char *path = getenv("HOSTILE_METER");
  pthread_key_create(&ends, thread_ended);
  if (!path) return;
  int file = open(path, O_RDWR | O_CLOEXEC);
  void *map = mmap(NULL, sizeof *hostile_meter, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (map != MAP_FAILED) hostile_meter = map;
  close(file);
}
