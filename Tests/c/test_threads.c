/* Eight threads at once: calling, cancelling, waiting, pulling, setting, destroying and making clients. */
#define _GNU_SOURCE
#include "support.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define THREADS 8
#define SLOTS 3

static akool_client *slots[SLOTS];

struct worker {
  pthread_t thread;
  uint32_t random;
  int steps, submitted, called_back, surprises;
  akool_result surprise;
};

static uint32_t next_random(struct worker *worker) {
  worker->random ^= worker->random << 13;
  worker->random ^= worker->random >> 17;
  worker->random ^= worker->random << 5;
  return worker->random;
}

/* What any call may answer while others destroy its client. */
static void judge(struct worker *worker, akool_result result) {
  const akool_result expected[] = {AKOOL_OK,
                                   AKOOL_ERR_BAD_HANDLE,
                                   AKOOL_ERR_SHUTTING_DOWN,
                                   AKOOL_ERR_TIMEOUT,
                                   AKOOL_ERR_CANCELLED,
                                   AKOOL_ERR_NOT_FOUND,
                                   AKOOL_ERR_LOCAL_LIMIT,
                                   AKOOL_ERR_INVALID_ARGUMENT};
  if (one_of(result, expected, COUNT(expected))) return;
  worker->surprises++;
  worker->surprise = result;
}

static void count_reply(akool_client *client, uint64_t request, akool_result result, const char *reply,
                        void *user_data) {
  struct worker *worker = user_data;
  (void)client;
  if (request == 0 || !reply || result == AKOOL_ERR_INTERNAL) __sync_add_and_fetch(&worker->surprises, 1);
  __sync_add_and_fetch(&worker->called_back, 1);
}

static void submit_one(struct worker *worker, akool_client *client, bool cancel) {
  uint64_t request = 0;
  akool_result result = akool_submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, count_reply, worker, &request);
  judge(worker, result);
  if (result == AKOOL_OK) worker->submitted++;
  if (cancel) judge(worker, akool_cancel(client, request));
}

static void submit_and_wait(struct worker *worker, akool_client *client) {
  uint64_t request = 0;
  akool_result result = akool_submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, NULL, NULL, &request);
  judge(worker, result);
  if (result == AKOOL_OK) judge(worker, akool_wait(client, request, next_random(worker) % 3, NULL));
}

static void replace(struct worker *worker, int slot) {
  akool_client *fresh = NULL;
  if (akool_client_create("{" SIMULATOR ",\"max_requests\":64}", &fresh, NULL) != AKOOL_OK) worker->surprises++;
  akool_client *old = __atomic_exchange_n(&slots[slot], fresh, __ATOMIC_RELAXED);
  judge(worker, akool_client_destroy(old));
}

static void ignore_event(akool_client *client, const char *event, void *user_data) {
  (void)client;
  (void)event;
  (void)user_data;
}

static void set_status(struct worker *worker, akool_client *client, akool_status_callback callback) {
  judge(worker, akool_client_set_status_callback(client, callback, NULL));
}

static void step(struct worker *worker) {
  int slot = (int)(next_random(worker) % SLOTS);
  akool_client *client = __atomic_load_n(&slots[slot], __ATOMIC_RELAXED);
  switch (next_random(worker) % 12) {
    case 0:
      judge(worker, akool_call(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, NULL));
      break;
    case 1:
    case 2:
      submit_one(worker, client, true);
      break;
    case 3:
    case 4:
      submit_one(worker, client, false);
      break;
    case 5:
    case 6:
      submit_and_wait(worker, client);
      break;
    case 7:
      judge(worker, akool_client_next_event(client, next_random(worker) % 2, NULL));
      break;
    case 8:
      set_status(worker, client, next_random(worker) % 2 ? ignore_event : NULL);
      break;
    case 9:
      judge(worker, akool_cancel(client, next_random(worker) % 100));
      break;
    case 10:
      judge(worker, akool_call(client, "no.such", "{", NULL, NULL));
      break;
    default:
      replace(worker, slot);
      break;
  }
}

static void *work(void *argument) {
  struct worker *worker = argument;
  for (int i = 0; i < worker->steps; i++) step(worker);
  return NULL;
}

static void run(struct worker *workers, void *(*job)(void *), int steps) {
  for (int i = 0; i < THREADS; i++) {
    workers[i] = (struct worker){.random = 2463534242u + (uint32_t)i * 7919u, .steps = steps};
    assert_int_equal(0, pthread_create(&workers[i].thread, NULL, job, &workers[i]));
  }
  for (int i = 0; i < THREADS; i++) assert_int_equal(0, pthread_join(workers[i].thread, NULL));
}

static void assert_no_surprise(const struct worker *workers) {
  for (int i = 0; i < THREADS; i++) {
    if (workers[i].surprises) print_error("thread %d: %s\n", i, akool_result_name(workers[i].surprise));
    assert_int_equal(0, workers[i].surprises);
  }
}

TEST(everything_at_once) {
  struct worker workers[THREADS];
  end_client(simulated_client());
  int threads = thread_count();
  int descriptors = descriptor_count();
  for (int i = 0; i < SLOTS; i++) slots[i] = simulated_client();
  run(workers, work, rounds(1500));
  for (int i = 0; i < SLOTS; i++) end_client(slots[i]);
  assert_no_surprise(workers);
  for (int i = 0; i < THREADS; i++) assert_int_equal(workers[i].submitted, workers[i].called_back);
  assert_true(becomes(thread_count, threads));
  assert_int_equal(descriptors, descriptor_count());
}

/* ------------------------------------------------- one client, exact books */

static void *use_one(void *argument) {
  struct worker *worker = argument;
  for (int i = 0; i < worker->steps; i++) {
    char *reply = NULL;
    uint64_t request = 0;
    if (akool_call(slots[0], AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, &reply) != AKOOL_OK) worker->surprises++;
    if (!has(reply, "/data/credit")) worker->surprises++;
    akool_string_free(reply);
    akool_result result = akool_submit(slots[0], AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, NULL, NULL, &request);
    worker->submitted += result == AKOOL_OK;
    worker->called_back += akool_wait(slots[0], request, -1, NULL) == AKOOL_OK;
  }
  return NULL;
}

TEST(one_client_serves_many_threads) {
  struct worker workers[THREADS];
  slots[0] = simulated_client();
  run(workers, use_one, rounds(200));
  assert_no_surprise(workers);
  for (int i = 0; i < THREADS; i++) {
    assert_int_equal(rounds(200), workers[i].submitted);
    assert_int_equal(workers[i].submitted, workers[i].called_back);
  }
  char *event = NULL;
  assert_result(AKOOL_OK, akool_client_next_event(slots[0], 0, &event));
  assert_null(event);
  end_client(slots[0]);
}

/* --------------------------------------------------------- all destroy one */

static void *destroy_slot(void *argument) {
  struct worker *worker = argument;
  akool_result result = akool_client_destroy(slots[0]);
  if (result == AKOOL_OK)
    worker->called_back = 1;
  else if (result != AKOOL_ERR_BAD_HANDLE && result != AKOOL_ERR_SHUTTING_DOWN)
    worker->surprises++;
  return NULL;
}

TEST(of_many_that_destroy_one_client_one_does) {
  for (int i = 0; i < rounds(100); i++) {
    struct worker workers[THREADS];
    slots[0] = simulated_client();
    assert_result(AKOOL_OK, akool_client_set_status_callback(slots[0], ignore_event, NULL));
    submit(slots[0], AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL);
    run(workers, destroy_slot, 1);
    assert_no_surprise(workers);
    int destroyed = 0;
    for (int j = 0; j < THREADS; j++) destroyed += workers[j].called_back;
    assert_int_equal(1, destroyed);
  }
}

/* ------------------------------------------------ calls as the client ends */

/* Bounded, so that a library which hoards cancels fails the test and does not eat the machine's memory. */
#define MOST_CANCELS 200000

static void *cancel_until_the_end(void *argument) {
  struct worker *worker = argument;
  const struct timespec moment = {0, worker->steps};
  for (int i = rounds(MOST_CANCELS); i > 0 && akool_cancel(slots[0], 5) == AKOOL_OK; i--)
    if (worker->steps) nanosleep(&moment, NULL);
  return NULL;
}

static void destroy_under(struct worker *workers, int threads, int pause_in_nanoseconds) {
  slots[0] = simulated_client();
  for (int i = 0; i < threads; i++) {
    workers[i] = (struct worker){.steps = pause_in_nanoseconds};
    assert_int_equal(0, pthread_create(&workers[i].thread, NULL, cancel_until_the_end, &workers[i]));
  }
  call_and_forget(slots[0], AKOOL_OP_ACCOUNT_CREDIT, NULL);
  int64_t start = now_ms();
  end_client(slots[0]);
  int64_t taken = now_ms() - start;
  for (int i = 0; i < threads; i++) assert_int_equal(0, pthread_join(workers[i].thread, NULL));
  assert_true(taken < patience(3000));
}

TEST(calls_that_come_as_the_client_ends_leave_nothing) {
  struct worker workers[THREADS];
  end_client(simulated_client());
  int descriptors = descriptor_count();
  for (int i = 0; i < rounds(200); i++) destroy_under(workers, 4, 20000);
  assert_int_equal(descriptors, descriptor_count());
}

TEST(a_flood_of_cancels_does_not_hold_up_the_end) {
  struct worker workers[THREADS];
  for (int i = 0; i < rounds(10); i++) destroy_under(workers, 4, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(everything_at_once),
      cmocka_unit_test(one_client_serves_many_threads),
      cmocka_unit_test(of_many_that_destroy_one_client_one_does),
      cmocka_unit_test(calls_that_come_as_the_client_ends_leave_nothing),
      cmocka_unit_test(a_flood_of_cancels_does_not_hold_up_the_end),
  };
  return RUN(tests);
}
