#include "meter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

uint64_t bench_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void bench_fail(const char *what) {
  fprintf(stderr, "%s\n", what);
  exit(1);
}

void *bench_allocate(size_t count, size_t size) {
  void *memory = calloc(count, size);
  if (!memory) bench_fail("out of memory");
  return memory;
}

int bench_is_session(const char *reply) { return reply && strstr(reply, "_id\":\"" BENCH_SESSION "\"") != NULL; }

static long positive(const char *text, const char *name, long least) {
  char *end;
  long value = strtol(text, &end, 10);
  if (*text == '\0' || *end != '\0' || value < least) bench_fail(name);
  return value;
}

struct bench_plan bench_plan(int argc, char **argv) {
  struct bench_plan plan;
  if (argc < 5) bench_fail("usage: PROGRAM TARGET IN_FLIGHT CALLS WARM_UP [MODE …]");
  plan.target = argv[1];
  plan.in_flight = positive(argv[2], "IN_FLIGHT is no number above 0", 1);
  plan.calls = positive(argv[3], "CALLS is no number above 0", 1);
  plan.warm_up = positive(argv[4], "WARM_UP is no number from 0", 0);
  return plan;
}

void meter_start(struct meter *meter, long calls) {
  meter->samples = bench_allocate((size_t)calls + 1, sizeof *meter->samples);
  meter->calls = calls;
  meter->timed = meter->failed = 0;
  getrusage(RUSAGE_SELF, &meter->before);
  meter->started = bench_now();
}

void meter_record(struct meter *meter, uint64_t began, int succeeded) {
  if (began && meter->timed < meter->calls) meter->samples[meter->timed++] = bench_now() - began;
  meter->failed += !succeeded;
}

void meter_stop(struct meter *meter) {
  meter->ended = bench_now();
  getrusage(RUSAGE_SELF, &meter->after);
}

static int ascending(const void *left, const void *right) {
  uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
  return (a > b) - (a < b);
}

static double percentile(const struct meter *meter, double share) {
  if (meter->timed == 0) return 0;
  return (double)meter->samples[(long)(share * (double)(meter->timed - 1))] / 1e3;
}

static double elapsed_us(struct timeval from, struct timeval to) {
  return (double)(to.tv_sec - from.tv_sec) * 1e6 + (double)(to.tv_usec - from.tv_usec);
}

void meter_print(struct meter *meter, const char *stats) {
  qsort(meter->samples, (size_t)meter->timed, sizeof *meter->samples, ascending);
  printf("{\"calls\":%ld,\"failed\":%ld,\"timed\":%ld,\"seconds\":%.9f,", meter->calls, meter->failed, meter->timed,
         (double)(meter->ended - meter->started) / 1e9);
  printf("\"user_us\":%.0f,\"system_us\":%.0f,", elapsed_us(meter->before.ru_utime, meter->after.ru_utime),
         elapsed_us(meter->before.ru_stime, meter->after.ru_stime));
  printf("\"switches\":%ld,\"peak_rss_kb\":%ld,",
         meter->after.ru_nvcsw + meter->after.ru_nivcsw - meter->before.ru_nvcsw - meter->before.ru_nivcsw,
         meter->after.ru_maxrss);
  printf("\"p50_us\":%.3f,\"p99_us\":%.3f,\"max_us\":%.3f,\"stats\":%s}\n", percentile(meter, 0.5),
         percentile(meter, 0.99), percentile(meter, 1.0), stats ? stats : "null");
  free(meter->samples);
}
