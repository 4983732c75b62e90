/*
 * Every request ends exactly once, whatever else happens at that moment: eight threads submit, cancel, wait, take
 * events, set callbacks and destroy clients, in process and, when AKOOL_SIMULATOR_PLAIN_URL names an akool-simulator
 * that nobody else uses meanwhile, over HTTP.
 *
 * AKOOL_TEST_RACES is how many requests are made (100000 unless set), AKOOL_TEST_SEED repeats a run's choices.
 */
#define _GNU_SOURCE
#include "support.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define THREADS 8
#define SLOTS 4
/* A client is destroyed after about so many requests, and a new one takes its place. */
#define REQUESTS_A_CLIENT 100
/* Answers to avatar.list are held back so long: its requests are caught in flight. */
#define SLOW "[{\"match\":{\"operation\":\"avatar.list\"},\"fault\":{\"delay_ms\":2}}]"

/* How a reply may come. */
enum way { BY_CALL, BY_CALLBACK, BY_EVENT, BY_WAIT, BY_EVENT_OR_WAIT, WAYS };

/* One client, from its creation to its end. It outlives its client, so that late calls are made with the old handle. */
struct life {
  akool_client *client;
  /* Held for reading by what must not outlast the client: use of its descriptor, and setting of its callbacks, the
     last of which takes what is left at the end. */
  pthread_rwlock_t use;
  bool is_ending;
  uint64_t latest_request;
  struct record *latest_wait;
  struct life *next;
};

/* What is known of one request. It is found by its tag in events, and by user_data in callbacks. */
struct record {
  enum way way;
  struct life *life;
  uint64_t request, told_request;
  akool_result result;
  int accepted, delivered;
  /* The client was gone before anybody could fetch the reply. */
  int given_up;
  bool is_short;
};

struct worker {
  pthread_t thread;
  uint64_t random;
};

static struct record *records;
static int record_count, next_record;
static struct life *slots[SLOTS];
static struct life *lives;
static const char *base_url;
/* What must not happen, the last of it, and how often. */
static int surprises;
static const char *surprise = "";
static akool_result surprise_result;

static void check(bool expected, const char *what, akool_result result) {
  if (expected) return;
  __atomic_store_n(&surprise, what, __ATOMIC_RELAXED);
  __atomic_store_n(&surprise_result, result, __ATOMIC_RELAXED);
  __atomic_add_fetch(&surprises, 1, __ATOMIC_RELAXED);
}

static uint32_t below(struct worker *worker, uint32_t limit) {
  worker->random = worker->random * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(worker->random >> 33) % limit;
}

/* ---------------------------------------------------------------- outcomes */

/* The client went away while the function was called. */
static bool is_gone(akool_result result) { return result == AKOOL_ERR_BAD_HANDLE || result == AKOOL_ERR_SHUTTING_DOWN; }

static void deliver(struct record *record, uint64_t request, akool_result result) {
  const akool_result outcomes[] = {AKOOL_OK, AKOOL_ERR_CANCELLED, AKOOL_ERR_SHUTTING_DOWN, AKOOL_ERR_TIMEOUT};
  check(one_of(result, outcomes, COUNT(outcomes)), "outcome of a request", result);
  __atomic_store_n(&record->result, result, __ATOMIC_RELAXED);
  __atomic_store_n(&record->told_request, request, __ATOMIC_RELAXED);
  __atomic_add_fetch(&record->delivered, 1, __ATOMIC_RELAXED);
}

static struct record *new_record(enum way way, struct life *life) {
  int index = __atomic_fetch_add(&next_record, 1, __ATOMIC_RELAXED);
  if (index >= record_count) return NULL;
  records[index].way = way;
  records[index].life = life;
  return &records[index];
}

static long number_in(const char *json, const char *pointer) {
  char *value = NULL;
  long number = akool_json_get(json, pointer, &value) == AKOOL_OK ? strtol(value, NULL, 10) : -1;
  akool_string_free(value);
  return number;
}

static void take_event(const char *event) {
  if (!is_at(event, "/type", AKOOL_EVENT_REPLY)) return;
  long tag = number_in(event, "/tag"), result = number_in(event, "/result");
  check(tag >= 0 && tag < record_count, "tag of an event", AKOOL_OK);
  check(has(event, "/reply"), "event without a reply", AKOOL_OK);
  if (tag >= 0 && tag < record_count)
    deliver(&records[tag], (uint64_t)number_in(event, "/request_id"), (akool_result)result);
}

static void on_event(akool_client *client, const char *event, void *user_data) {
  struct life *life = user_data;
  check(client == life->client, "client of an event", AKOOL_OK);
  take_event(event);
}

static void on_reply(akool_client *client, uint64_t request, akool_result result, const char *reply, void *user_data);

/* ---------------------------------------------------------------- requests */

static akool_result submit_record(struct record *record, const char *operation) {
  char options[96];
  akool_reply_callback callback = record->way == BY_CALLBACK ? on_reply : NULL;
  snprintf(options, sizeof options, "{\"tag\":\"%ld\",\"reply\":\"%s\",\"timeout_ms\":%d}", (long)(record - records),
           record->way == BY_WAIT ? "wait" : "event", record->is_short ? 1 : 20000);
  akool_result result =
      akool_submit(record->life->client, operation, NULL, options, callback, record, &record->request);
  check(result == AKOOL_OK || result == AKOOL_ERR_LOCAL_LIMIT || is_gone(result), "submit", result);
  record->accepted = result == AKOOL_OK;
  if (result == AKOOL_OK) __atomic_store_n(&record->life->latest_request, record->request, __ATOMIC_RELAXED);
  return result;
}

/* Some replies lead to another request from inside the callback, where waiting must be refused. */
static void on_reply(akool_client *client, uint64_t request, akool_result result, const char *reply, void *user_data) {
  struct record *record = user_data;
  check(reply != NULL && client == record->life->client, "reply of a callback", result);
  deliver(record, request, result);
  if (request % 4) return;
  akool_result waited = akool_wait(client, request, 0, NULL);
  check(waited == AKOOL_ERR_WRONG_THREAD || is_gone(waited), "wait inside a callback", waited);
  struct record *another = new_record(BY_CALLBACK, record->life);
  if (another) submit_record(another, AKOOL_OP_ACCOUNT_CREDIT);
}

static void call_record(struct record *record, const char *operation) {
  char *reply = NULL;
  const char *options = record->is_short ? "{\"timeout_ms\":1}" : "{\"timeout_ms\":20000}";
  akool_result result = akool_call(record->life->client, operation, NULL, options, &reply);
  record->accepted = reply != NULL;
  if (reply)
    deliver(record, 0, result);
  else
    check(result == AKOOL_ERR_LOCAL_LIMIT || is_gone(result), "refused call", result);
  akool_string_free(reply);
}

/* True when it need not be tried again. */
static bool wait_once(struct record *record, int64_t timeout_ms) {
  char *reply = NULL;
  akool_result result = akool_wait(record->life->client, record->request, timeout_ms, &reply);
  if (reply)
    deliver(record, record->request, result);
  else if (is_gone(result))
    __atomic_store_n(&record->given_up, 1, __ATOMIC_RELAXED);
  else
    check(result == AKOOL_ERR_TIMEOUT || result == AKOOL_ERR_NOT_FOUND, "wait", result);
  bool is_over = reply || result != AKOOL_ERR_TIMEOUT;
  akool_string_free(reply);
  return is_over;
}

static void cancel(struct life *life, uint64_t request) {
  akool_result result = akool_cancel(life->client, request);
  check(result == AKOOL_OK || result == AKOOL_ERR_BAD_HANDLE, "cancel", result);
}

/* Another thread may take the reply first; then this one hears NOT_FOUND. */
static void wait_for(struct worker *worker, struct record *record) {
  __atomic_store_n(&record->life->latest_wait, record, __ATOMIC_RELEASE);
  if (record->way == BY_EVENT_OR_WAIT)
    wait_once(record, below(worker, 2));
  else if (below(worker, 2))
    wait_once(record, -1);
  else
    while (!wait_once(record, 1)) {
    }
}

static void request(struct worker *worker, struct life *life) {
  struct record *record = new_record((enum way)below(worker, WAYS), life);
  const char *operation = below(worker, 2) ? AKOOL_OP_ACCOUNT_CREDIT : AKOOL_OP_AVATAR_LIST;
  if (!record) return;
  record->is_short = below(worker, 8) == 0;
  if (record->way == BY_CALL) {
    call_record(record, operation);
    return;
  }
  if (submit_record(record, operation) != AKOOL_OK) return;
  if (below(worker, 3) == 0) cancel(life, record->request);
  if (record->way == BY_WAIT || record->way == BY_EVENT_OR_WAIT) wait_for(worker, record);
}

/* -------------------------------------------------------------- meanwhile */

static void take_events(struct life *life, int64_t timeout_ms) {
  char *event = NULL;
  akool_result result;
  while ((result = akool_client_next_event(life->client, timeout_ms, &event)) == AKOOL_OK && event) {
    take_event(event);
    akool_string_free(event);
  }
  check(result == AKOOL_OK || result == AKOOL_ERR_INVALID_ARGUMENT || is_gone(result), "next event", result);
}

static void poll_events(struct life *life) {
  pthread_rwlock_rdlock(&life->use);
  struct pollfd waiting = {life->is_ending ? -1 : akool_client_event_fd(life->client), POLLIN, 0};
  if (!life->is_ending) check(waiting.fd >= 0, "descriptor", waiting.fd);
  bool is_readable = !life->is_ending && poll(&waiting, 1, 1) == 1;
  if (is_readable) check(waiting.revents == POLLIN, "state of the descriptor", waiting.revents);
  pthread_rwlock_unlock(&life->use);
  if (is_readable) take_events(life, 0);
}

static void change_callback(struct worker *worker, struct life *life) {
  pthread_rwlock_rdlock(&life->use);
  akool_status_callback callback = below(worker, 3) ? NULL : on_event;
  if (!life->is_ending) {
    akool_result result = akool_client_set_status_callback(life->client, callback, life);
    check(result == AKOOL_OK, "set status callback", result);
  }
  pthread_rwlock_unlock(&life->use);
}

static void join_a_wait(struct worker *worker, struct life *life) {
  struct record *record = __atomic_load_n(&life->latest_wait, __ATOMIC_ACQUIRE);
  if (record) wait_once(record, below(worker, 3));
}

/* Also of requests whose number nobody has told yet: they go up by one. */
static void cancel_any(struct worker *worker, struct life *life) {
  cancel(life, __atomic_load_n(&life->latest_request, __ATOMIC_RELAXED) + below(worker, 4));
}

/* ------------------------------------------------------------------- lives */

static void make_slow(akool_client *client) {
  akool_result result =
      akool_call(client, AKOOL_OP_REQUEST,
                 "{\"method\":\"POST\",\"path\":\"/_simulator/faults\",\"body\":{\"rules\":" SLOW "}}", NULL, NULL);
  check(result == AKOOL_OK, "setting the faults", result);
}

static struct life *new_life(void) {
  struct life *life = calloc(1, sizeof *life);
  char *configuration = format("{\"base_url\":\"%s\",\"environment\":false,\"max_requests\":256%s}", base_url,
                               strcmp(base_url, "simulator:") == 0 ? "" : ",\"api_key\":\"simulator\"");
  if (!life) abort();
  pthread_rwlock_init(&life->use, NULL);
  akool_result result = akool_client_create(configuration, &life->client, NULL);
  check(result == AKOOL_OK, "create", result);
  free(configuration);
  make_slow(life->client);
  do life->next = __atomic_load_n(&lives, __ATOMIC_RELAXED);
  while (!__sync_bool_compare_and_swap(&lives, life->next, life));
  return life;
}

/* The last status callback takes the events that are left, the replies of this end among them. */
static void end_life(struct life *life) {
  pthread_rwlock_wrlock(&life->use);
  life->is_ending = true;
  akool_result result = akool_client_set_status_callback(life->client, on_event, life);
  pthread_rwlock_unlock(&life->use);
  check(result == AKOOL_OK, "set the last status callback", result);
  result = akool_client_destroy(life->client);
  check(result == AKOOL_OK, "destroy", result);
}

static void replace(int slot) {
  struct life *old = __atomic_exchange_n(&slots[slot], new_life(), __ATOMIC_ACQ_REL);
  end_life(old);
}

static void step(struct worker *worker) {
  int slot = (int)below(worker, SLOTS);
  struct life *life = __atomic_load_n(&slots[slot], __ATOMIC_ACQUIRE);
  request(worker, life);
  switch (below(worker, 8)) {
    case 0:
      take_events(life, 0);
      break;
    case 1:
      take_events(life, 1);
      break;
    case 2:
      poll_events(life);
      break;
    case 3:
      change_callback(worker, life);
      break;
    case 4:
      join_a_wait(worker, life);
      break;
    case 5:
      cancel_any(worker, life);
      break;
    default:
      break;
  }
  if (below(worker, REQUESTS_A_CLIENT) == 0) replace(slot);
}

static void *work(void *argument) {
  while (__atomic_load_n(&next_record, __ATOMIC_RELAXED) < record_count) step(argument);
  return NULL;
}

/* -------------------------------------------------------------- the books */

struct books {
  int accepted, given_up, by_way[WAYS];
  int ok, cancelled, shutting_down, timed_out;
};

static bool ended_once(const struct record *record) {
  if (!record->accepted) return record->delivered == 0;
  if (record->way != BY_CALL && record->delivered && record->told_request != record->request) return false;
  if (record->result == AKOOL_ERR_TIMEOUT && !record->is_short) return false;
  return record->delivered == 1 || (record->delivered == 0 && record->way == BY_WAIT && record->given_up);
}

static void enter(struct books *books, const struct record *record) {
  books->accepted += record->accepted;
  books->given_up += record->accepted && !record->delivered;
  if (!record->delivered) return;
  books->by_way[record->way]++;
  books->ok += record->result == AKOOL_OK;
  books->cancelled += record->result == AKOOL_ERR_CANCELLED;
  books->shutting_down += record->result == AKOOL_ERR_SHUTTING_DOWN;
  books->timed_out += record->result == AKOOL_ERR_TIMEOUT;
}

static struct books close_books(void) {
  struct books books = {0};
  int wrong = 0;
  for (int i = 0; i < record_count; i++) {
    enter(&books, &records[i]);
    if (ended_once(&records[i])) continue;
    if (wrong++ < 10)
      print_error("request %d, way %d: accepted %d, delivered %d, given up %d, %s\n", i, (int)records[i].way,
                  records[i].accepted, records[i].delivered, records[i].given_up, akool_result_name(records[i].result));
  }
  assert_int_equal(0, wrong);
  return books;
}

static void print_books(const struct books *books) {
  print_message(
      "figures: %d requests on %s: %d by call, %d by callback, %d by event, %d by wait, %d by either; "
      "%d OK, %d CANCELLED, %d SHUTTING_DOWN, %d TIMEOUT; %d refused, %d given up\n",
      record_count, base_url, books->by_way[BY_CALL], books->by_way[BY_CALLBACK], books->by_way[BY_EVENT],
      books->by_way[BY_WAIT], books->by_way[BY_EVENT_OR_WAIT], books->ok, books->cancelled, books->shutting_down,
      books->timed_out, record_count - books->accepted, books->given_up);
}

static uint64_t seed(void) {
  const char *given = getenv("AKOOL_TEST_SEED");
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  uint64_t value = given ? strtoull(given, NULL, 10) : (uint64_t)now.tv_sec * 1000003 + (uint64_t)now.tv_nsec;
  print_message("figures: seed %llu\n", (unsigned long long)value);
  return value;
}

static void run_threads(void) {
  struct worker workers[THREADS];
  uint64_t first = seed();
  for (int i = 0; i < THREADS; i++) {
    workers[i].random = first + (uint64_t)i * 0x9e3779b97f4a7c15u;
    assert_int_equal(0, pthread_create(&workers[i].thread, NULL, work, &workers[i]));
  }
  for (int i = 0; i < THREADS; i++) assert_int_equal(0, pthread_join(workers[i].thread, NULL));
}

static void free_all(void) {
  while (lives) {
    struct life *life = lives;
    lives = life->next;
    pthread_rwlock_destroy(&life->use);
    free(life);
  }
  free(records);
}

/* Nothing is shown by a race in which one of the sides never came. Few requests may well miss each other. */
static void assert_all_seen(const struct books *books) {
  if (record_count < 10000) return;
  for (int i = 0; i < WAYS; i++) assert_true(books->by_way[i] > 0);
  assert_true(books->ok > 0);
  assert_true(books->cancelled > 0);
  assert_true(books->shutting_down > 0);
  assert_true(books->timed_out > 0);
}

static void race(const char *url) {
  base_url = url;
  surprises = next_record = 0;
  record_count = races();
  records = calloc((size_t)record_count, sizeof *records);
  assert_non_null(records);
  for (int i = 0; i < SLOTS; i++) slots[i] = new_life();
  run_threads();
  for (int i = 0; i < SLOTS; i++) end_life(slots[i]);
  if (surprises) print_error("%s: %s\n", surprise, akool_result_name(surprise_result));
  assert_int_equal(0, surprises);
  struct books books = close_books();
  print_books(&books);
  assert_all_seen(&books);
  free_all();
}

TEST(each_request_ends_once_in_process) {
  end_client(simulated_client());
  int threads = thread_count(), descriptors = descriptor_count();
  race("simulator:");
  assert_true(becomes(thread_count, threads));
  assert_int_equal(descriptors, descriptor_count());
}

TEST(each_request_ends_once_over_http) {
  const char *url = getenv("AKOOL_SIMULATOR_PLAIN_URL");
  if (!url) skip();
  race(url);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_request_ends_once_in_process),
      cmocka_unit_test(each_request_ends_once_over_http),
  };
  return RUN(tests);
}
