/* Figures of a run, the same for every program of the benchmark. */
#ifndef BENCH_METER_H
#define BENCH_METER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

#define BENCH_SESSION "6698c9d69cf7b0d61d1b6420"

/* The command line of every program: TARGET IN_FLIGHT CALLS WARM_UP [MODE …]. */
struct bench_plan {
  const char *target; /* base URL, or configuration of the library */
  long in_flight;
  long calls;
  long warm_up;
};

struct meter {
  uint64_t *samples; /* nanoseconds of each call */
  long calls;        /* number of planned calls */
  long timed;        /* number of samples */
  long failed;
  uint64_t started;
  uint64_t ended;
  struct rusage before;
  struct rusage after;
};

uint64_t bench_now(void);
void bench_fail(const char *what) __attribute__((noreturn));
void *bench_allocate(size_t count, size_t size);
struct bench_plan bench_plan(int argc, char **argv);
/* Returns 1 if this reply contains the session that every program asks for. */
int bench_is_session(const char *reply);

/* Starts to measure time and CPU of the whole process. */
void meter_start(struct meter *meter, long calls);
/* Counts a call that began at `began`; zero if its beginning is unknown. */
void meter_record(struct meter *meter, uint64_t began, int succeeded);
void meter_stop(struct meter *meter);
/* Prints one line of JSON; `stats` is JSON to embed, or NULL. */
void meter_print(struct meter *meter, const char *stats);

#endif
