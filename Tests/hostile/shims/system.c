/* A system that refuses threads and whose calendar jumps, when the child says so. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "hostile.h"

typedef int (*create_function)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

static int refuses_threads;
static long calendar_s;
static int is_calendar_wild;

/** Refuses new threads from now on, or no longer. */
void hostile_refuse_threads(int refuses) { refuses_threads = refuses; }

/** Moves the calendar; it then also jumps by a day to and fro between any two readings if it is wild. */
void hostile_shift_calendar(long seconds, int is_wild) {
  calendar_s = seconds;
  is_calendar_wild = is_wild;
}

static long shift(void) {
  static long readings;
  return calendar_s + (is_calendar_wild && __sync_add_and_fetch(&readings, 1) % 2 ? 86400 : 0);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *context) {
  static create_function real;
  if (!real) *(void **)&real = hostile_real(NULL, "pthread_create");
  return refuses_threads ? EAGAIN : real(thread, attributes, start, context);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  int result = (int)syscall(SYS_clock_gettime, clock, now);
  if (result == 0 && clock == CLOCK_REALTIME) now->tv_sec += shift();
  hostile_clock_was_read();
  return result;
}

int gettimeofday(struct timeval *now, void *zone) {
  int result = (int)syscall(SYS_gettimeofday, now, zone);
  if (result == 0) now->tv_sec += shift();
  return result;
}

time_t time(time_t *out) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (out) *out = now.tv_sec;
  return now.tv_sec;
}
