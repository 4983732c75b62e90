/*
 * The same calls through libakool.
 * Usage: libakool CONFIGURATION IN_FLIGHT CALLS WARM_UP [MODE [OPERATION PARAMETERS]]
 * MODE: events (akool_submit, replies from akool_client_next_event; the default), callback (akool_submit, a reply
 * callback that submits the next call), call (akool_call, one after the other; IN_FLIGHT is not used).
 */
#include "meter.h"

#include <akool.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CLOCKS = 1 << 16 };

struct bench {
  akool_client *client;
  struct meter *meter;
  const char *operation;
  const char *parameters;
  long in_flight;
  int has_failed;
  /* When requests began, by the low bits of their id: events carry the id only. */
  struct {
    uint64_t request, began;
  } *clocks;
  /* For replies by callback. */
  pthread_mutex_t lock;
  pthread_cond_t ended;
  struct slot *slots;
  long started;
  long finished;
};

struct slot {
  struct bench *bench;
  uint64_t began;
};

static int is_success(struct bench *bench, const char *reply) {
  int succeeded = strcmp(bench->operation, "session.detail") == 0
                      ? bench_is_session(reply)
                      : reply && strstr(reply, "\"data\":") && !strstr(reply, "\"error\":");
  if (!succeeded && !bench->has_failed) fprintf(stderr, "first failure: %s\n", reply ? reply : "no reply");
  bench->has_failed |= !succeeded;
  return succeeded;
}

static void submit(struct bench *bench, akool_reply_callback on_reply, void *user_data, uint64_t *request) {
  akool_result result =
      akool_submit(bench->client, bench->operation, bench->parameters, NULL, on_reply, user_data, request);
  if (result != AKOOL_OK) {
    fprintf(stderr, "akool_submit: result %d\n", (int)result);
    exit(1);
  }
}

/* --- events --- */

static void submit_for_event(struct bench *bench) {
  uint64_t request = 0, began = bench_now();
  submit(bench, NULL, NULL, &request);
  bench->clocks[request % CLOCKS].request = request;
  bench->clocks[request % CLOCKS].began = began;
}

/* Good enough for a benchmark, and as cheap as a callback's argument: the reply itself is already a string. */
static uint64_t began(const struct bench *bench, const char *event) {
  static const char key[] = "\"request_id\":";
  const char *found = strstr(event, key);
  uint64_t request;
  if (!found) return 0;
  found += sizeof key - 1;
  request = strtoull(found + (*found == '"'), NULL, 10);
  return bench->clocks[request % CLOCKS].request == request ? bench->clocks[request % CLOCKS].began : 0;
}

static void run_events(struct bench *bench, long calls) {
  long started, finished = 0;
  for (started = 0; started < bench->in_flight && started < calls; started++) submit_for_event(bench);
  while (finished < calls) {
    char *event = NULL;
    if (akool_client_next_event(bench->client, 60000, &event) != AKOOL_OK || !event)
      bench_fail("akool_client_next_event: no event");
    if (strstr(event, "\"type\":\"reply\"")) {
      meter_record(bench->meter, began(bench, event), is_success(bench, event));
      finished++;
      if (started < calls) {
        started++;
        submit_for_event(bench);
      }
    }
    akool_string_free(event);
  }
}

/* --- callback --- */

static void on_reply(akool_client *client, uint64_t request, akool_result result, const char *reply, void *user_data);

static void submit_for_callback(struct slot *slot) {
  uint64_t request;
  slot->began = bench_now();
  submit(slot->bench, on_reply, slot, &request);
}

static void on_reply(akool_client *client, uint64_t request, akool_result result, const char *reply, void *user_data) {
  struct slot *slot = user_data;
  struct bench *bench = slot->bench;
  int more, over;
  (void)client;
  (void)request;
  pthread_mutex_lock(&bench->lock);
  meter_record(bench->meter, slot->began, result == AKOOL_OK && is_success(bench, reply));
  more = bench->started < bench->meter->calls;
  bench->started += more;
  over = ++bench->finished == bench->meter->calls;
  pthread_mutex_unlock(&bench->lock);
  if (more) submit_for_callback(slot);
  if (over) pthread_cond_signal(&bench->ended);
}

static void run_callback(struct bench *bench, long calls) {
  long each, first = calls < bench->in_flight ? calls : bench->in_flight;
  bench->started = first;
  bench->finished = 0;
  for (each = 0; each < first; each++) submit_for_callback(&bench->slots[each]);
  pthread_mutex_lock(&bench->lock);
  while (bench->finished < calls) pthread_cond_wait(&bench->ended, &bench->lock);
  pthread_mutex_unlock(&bench->lock);
}

/* --- call --- */

static void run_call(struct bench *bench, long calls) {
  long each;
  for (each = 0; each < calls; each++) {
    uint64_t began_at = bench_now();
    char *reply = NULL;
    akool_result result = akool_call(bench->client, bench->operation, bench->parameters, NULL, &reply);
    meter_record(bench->meter, began_at, result == AKOOL_OK && is_success(bench, reply));
    akool_string_free(reply);
  }
}

/* --- */

static void run(struct bench *bench, struct meter *meter, const char *mode, long calls) {
  bench->meter = meter;
  meter_start(meter, calls);
  if (strcmp(mode, "call") == 0)
    run_call(bench, calls);
  else if (strcmp(mode, "callback") == 0)
    run_callback(bench, calls);
  else
    run_events(bench, calls);
  meter_stop(meter);
}

static void open_bench(struct bench *bench, const char *configuration) {
  char *error = NULL;
  long each;
  if (akool_client_create(configuration, &bench->client, &error) != AKOOL_OK)
    bench_fail(error ? error : "akool_client_create");
  pthread_mutex_init(&bench->lock, NULL);
  pthread_cond_init(&bench->ended, NULL);
  bench->clocks = bench_allocate(CLOCKS, sizeof *bench->clocks);
  bench->slots = bench_allocate((size_t)bench->in_flight, sizeof *bench->slots);
  for (each = 0; each < bench->in_flight; each++) bench->slots[each].bench = bench;
}

int main(int argc, char **argv) {
  struct bench_plan plan = bench_plan(argc, argv);
  const char *mode = argc > 5 ? argv[5] : "events";
  struct bench bench = {.operation = "session.detail", .parameters = "{\"id\":\"" BENCH_SESSION "\"}"};
  struct meter warm_up, meter;
  char *stats = NULL;
  if (argc > 7) {
    bench.operation = argv[6];
    bench.parameters = argv[7];
  }
  bench.in_flight = plan.in_flight;
  open_bench(&bench, plan.target);
  run(&bench, &warm_up, mode, plan.warm_up);
  run(&bench, &meter, mode, plan.calls);
  akool_call(bench.client, "client.stats", NULL, NULL, &stats);
  meter_print(&meter, stats);
  akool_string_free(stats);
  if (akool_client_destroy(bench.client) != AKOOL_OK) bench_fail("akool_client_destroy");
  free(warm_up.samples);
  free(bench.clocks);
  free(bench.slots);
  return 0;
}
