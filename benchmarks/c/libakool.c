/*
 * The same calls through libakool.
 * Usage: libakool CONFIGURATION IN_FLIGHT CALLS WARM_UP [MODE [OPERATION PARAMETERS]]
 * MODE: events (akool_submit, replies from akool_client_next_event; the default), callback (akool_submit, a reply
 * callback that submits the next call), call (akool_call on IN_FLIGHT threads).
 * With the operation session.create a call is the create and the session.close of the new session.
 */
#include "meter.h"

#include <akool.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CLOCKS = 1 << 16, PARAMETERS_SIZE = 128 };

struct bench {
  akool_client *client;
  struct meter *meter;
  const char *operation;
  const char *parameters;
  long in_flight;
  int closes; /* every call also closes the session that it created */
  int has_failed;
  /* Begin of requests, by the low bits of their id: events carry the id only. */
  struct {
    uint64_t request, began;
    int is_close;
  } *clocks;
  /* For replies by callback, and for calls on threads. */
  pthread_mutex_t lock;
  pthread_cond_t ended;
  struct slot *slots;
  long started;
  long finished;
};

struct slot {
  struct bench *bench;
  uint64_t began;
  int is_close;
};

static int is_success(struct bench *bench, const char *reply) {
  int succeeded = strcmp(bench->operation, "session.detail") == 0 ? bench_is_session(reply)
                                                                  : reply && strstr(reply, "\"data\":") != NULL;
  if (!succeeded && !bench->has_failed) fprintf(stderr, "first failure: %s\n", reply ? reply : "no reply");
  bench->has_failed |= !succeeded;
  return succeeded;
}

/* Writes the parameters of session.close for the session in a reply to session.create. */
static void write_close(const char *reply, char parameters[PARAMETERS_SIZE]) {
  static const char key[] = "\"_id\":\"";
  const char *id = reply ? strstr(reply, key) : NULL;
  id = id ? id + sizeof key - 1 : "";
  snprintf(parameters, PARAMETERS_SIZE, "{\"id\":\"%.*s\"}", (int)strcspn(id, "\""), id);
}

static void submit(struct bench *bench, const char *operation, const char *parameters, akool_reply_callback on_reply,
                   void *user_data, uint64_t *request) {
  akool_result result = akool_submit(bench->client, operation, parameters, NULL, on_reply, user_data, request);
  if (result != AKOOL_OK) {
    fprintf(stderr, "akool_submit: result %d\n", (int)result);
    exit(1);
  }
}

/* --- events --- */

static void submit_for_event(struct bench *bench, uint64_t began, const char *close) {
  uint64_t request = 0;
  submit(bench, close ? "session.close" : bench->operation, close ? close : bench->parameters, NULL, NULL, &request);
  bench->clocks[request % CLOCKS].request = request;
  bench->clocks[request % CLOCKS].began = began;
  bench->clocks[request % CLOCKS].is_close = close != NULL;
}

/* Reads the request's id as cheaply as a callback gets it: the reply itself is already a string. */
static uint64_t request_of(const char *event) {
  static const char key[] = "\"request_id\":";
  const char *found = strstr(event, key);
  if (!found) bench_fail("a reply event has no request_id");
  found += sizeof key - 1;
  return strtoull(found + (*found == '"'), NULL, 10);
}

/* Returns 1 if the call ended with this event. */
static int handle_event(struct bench *bench, const char *event) {
  uint64_t request, began;
  if (!strstr(event, "\"type\":\"reply\"")) return 0;
  request = request_of(event);
  began = bench->clocks[request % CLOCKS].request == request ? bench->clocks[request % CLOCKS].began : 0;
  if (bench->closes && !bench->clocks[request % CLOCKS].is_close) {
    char close[PARAMETERS_SIZE];
    if (!is_success(bench, event)) bench_fail("session.create failed");
    write_close(event, close);
    submit_for_event(bench, began, close);
    return 0;
  }
  meter_record(bench->meter, began, is_success(bench, event));
  return 1;
}

static void run_events(struct bench *bench, long calls) {
  long started, finished = 0;
  for (started = 0; started < bench->in_flight && started < calls; started++)
    submit_for_event(bench, bench_now(), NULL);
  while (finished < calls) {
    char *event = NULL;
    int has_ended;
    if (akool_client_next_event(bench->client, 60000, &event) != AKOOL_OK || !event)
      bench_fail("akool_client_next_event: no event");
    has_ended = handle_event(bench, event);
    akool_string_free(event);
    finished += has_ended;
    if (has_ended && started < calls) {
      started++;
      submit_for_event(bench, bench_now(), NULL);
    }
  }
}

/* --- callback --- */

static void on_reply(akool_client *client, uint64_t request, akool_result result, const char *reply, void *user_data);

static void submit_for_callback(struct slot *slot) {
  uint64_t request;
  slot->began = bench_now();
  slot->is_close = 0;
  submit(slot->bench, slot->bench->operation, slot->bench->parameters, on_reply, slot, &request);
}

static void submit_close(struct slot *slot, const char *reply) {
  char close[PARAMETERS_SIZE];
  uint64_t request;
  write_close(reply, close);
  slot->is_close = 1;
  submit(slot->bench, "session.close", close, on_reply, slot, &request);
}

static void on_reply(akool_client *client, uint64_t request, akool_result result, const char *reply, void *user_data) {
  struct slot *slot = user_data;
  struct bench *bench = slot->bench;
  int more, has_ended;
  (void)client;
  (void)request;
  if (bench->closes && !slot->is_close) {
    if (result != AKOOL_OK) bench_fail("session.create failed");
    submit_close(slot, reply);
    return;
  }
  pthread_mutex_lock(&bench->lock);
  meter_record(bench->meter, slot->began, result == AKOOL_OK && is_success(bench, reply));
  more = bench->started < bench->meter->calls;
  bench->started += more;
  has_ended = ++bench->finished == bench->meter->calls;
  pthread_mutex_unlock(&bench->lock);
  if (more) submit_for_callback(slot);
  if (has_ended) pthread_cond_signal(&bench->ended);
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

static akool_result call_once(struct bench *bench, char **reply) {
  akool_result result = akool_call(bench->client, bench->operation, bench->parameters, NULL, reply);
  char close[PARAMETERS_SIZE];
  if (!bench->closes || result != AKOOL_OK) return result;
  write_close(*reply, close);
  akool_string_free(*reply);
  return akool_call(bench->client, "session.close", close, NULL, reply);
}

/* Returns 0 once every call was begun. */
static int begin_call(struct bench *bench) {
  int more;
  pthread_mutex_lock(&bench->lock);
  more = bench->started < bench->meter->calls;
  bench->started += more;
  pthread_mutex_unlock(&bench->lock);
  return more;
}

static void *call_repeatedly(void *context) {
  struct bench *bench = context;
  while (begin_call(bench)) {
    uint64_t began_at = bench_now();
    char *reply = NULL;
    akool_result result = call_once(bench, &reply);
    pthread_mutex_lock(&bench->lock);
    meter_record(bench->meter, began_at, result == AKOOL_OK && is_success(bench, reply));
    pthread_mutex_unlock(&bench->lock);
    akool_string_free(reply);
  }
  return NULL;
}

/* One thread of the calls is the caller's own. */
static void run_call(struct bench *bench) {
  long each, others = bench->in_flight - 1;
  pthread_t *threads = bench_allocate((size_t)others + 1, sizeof *threads);
  bench->started = 0;
  for (each = 0; each < others; each++)
    if (pthread_create(&threads[each], NULL, call_repeatedly, bench) != 0) bench_fail("pthread_create");
  call_repeatedly(bench);
  for (each = 0; each < others; each++) pthread_join(threads[each], NULL);
  free(threads);
}

/* --- */

static void run(struct bench *bench, struct meter *meter, const char *mode, long calls) {
  bench->meter = meter;
  meter_start(meter, calls);
  if (strcmp(mode, "call") == 0)
    run_call(bench);
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
    bench.closes = strcmp(bench.operation, "session.create") == 0;
  }
  bench.in_flight = plan.in_flight;
  open_bench(&bench, plan.target);
  run(&bench, &warm_up, mode, plan.warm_up);
  if (warm_up.failed) bench_fail("a call of the warm-up failed");
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
