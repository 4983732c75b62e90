/*
 * How late calls end whose deadline passes: all of them meet a server that never answers.
 * Usage: deadline CONFIGURATION IN_FLIGHT CALLS DEADLINE_MS
 */
#include "meter.h"

#include <akool.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct bench {
  struct meter meter;
  pthread_mutex_t lock;
  pthread_cond_t ended;
  long finished;
};

struct slot {
  struct bench *bench;
  uint64_t due;
};

static void on_reply(akool_client *client, uint64_t request, akool_result result, const char *reply, void *user_data) {
  struct slot *slot = user_data;
  struct bench *bench = slot->bench;
  int is_late_enough = bench_now() >= slot->due;
  (void)client;
  (void)request;
  if (result != AKOOL_ERR_TIMEOUT) fprintf(stderr, "no time-out: %s\n", reply ? reply : "no reply");
  pthread_mutex_lock(&bench->lock);
  meter_record(&bench->meter, is_late_enough ? slot->due : 0, result == AKOOL_ERR_TIMEOUT);
  bench->finished++;
  pthread_cond_signal(&bench->ended);
  pthread_mutex_unlock(&bench->lock);
}

static void run_batch(struct bench *bench, akool_client *client, struct slot *slots, long count, long deadline_ms) {
  char options[64];
  long each;
  snprintf(options, sizeof options, "{\"timeout_ms\":%ld}", deadline_ms);
  bench->finished = 0;
  for (each = 0; each < count; each++) {
    uint64_t request;
    slots[each].bench = bench;
    slots[each].due = bench_now() + (uint64_t)deadline_ms * 1000000u;
    if (akool_submit(client, "account.credit", NULL, options, on_reply, &slots[each], &request) != AKOOL_OK)
      bench_fail("akool_submit");
  }
  pthread_mutex_lock(&bench->lock);
  while (bench->finished < count) pthread_cond_wait(&bench->ended, &bench->lock);
  pthread_mutex_unlock(&bench->lock);
}

int main(int argc, char **argv) {
  struct bench_plan plan = bench_plan(argc, argv);
  struct bench bench = {.lock = PTHREAD_MUTEX_INITIALIZER, .ended = PTHREAD_COND_INITIALIZER};
  struct slot *slots = bench_allocate((size_t)plan.in_flight, sizeof *slots);
  akool_client *client;
  char *error = NULL;
  long left;
  if (akool_client_create(plan.target, &client, &error) != AKOOL_OK) bench_fail(error ? error : "akool_client_create");
  meter_start(&bench.meter, plan.calls);
  for (left = plan.calls; left > 0; left -= plan.in_flight)
    run_batch(&bench, client, slots, left < plan.in_flight ? left : plan.in_flight, plan.warm_up);
  meter_stop(&bench.meter);
  meter_print(&bench.meter, NULL);
  if (akool_client_destroy(client) != AKOOL_OK) bench_fail("akool_client_destroy");
  free(slots);
  return 0;
}
