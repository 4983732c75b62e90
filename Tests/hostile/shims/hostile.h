/* Preloaded into the child process: an outside world that misbehaves, and a meter of the library's loops. */
#ifndef HOSTILE_H
#define HOSTILE_H

#include <stdint.h>

#define HOSTILE_LOOPS 16

/** Figures that survive the process: they live in the file that HOSTILE_METER names. */
struct hostile_meter {
  uint64_t longest_ns; /* longest iteration of any loop thread, run-queue delay deducted */
  uint64_t iterations;
  uint64_t resolving; /* threads inside getaddrinfo now */
  uint64_t most_resolving;
  uint64_t resolved;
  uint64_t spun_ns; /* processor time that loop threads used after they had freed their multi handle */
  struct {
    uint64_t since_ns; /* start of the iteration under way; 0 while the loop sleeps */
    uint64_t delay_ns;
  } loops[HOSTILE_LOOPS];
};

extern struct hostile_meter *hostile_meter;

/** Returns the monotonic clock in nanoseconds, past the replaced functions. */
uint64_t hostile_now(void);
/** Notes that this thread reads the clock, as a loop does once an iteration. */
void hostile_clock_was_read(void);
/** Sleeps, past the replaced functions. */
void hostile_sleep_ms(long milliseconds);
/** Looks a function up in the library that has it. */
void *hostile_real(const char *library, const char *name);
/** Returns the number after the first colon of a setting such as "slow:600", or 0. */
long hostile_number(const char *setting);

#endif
