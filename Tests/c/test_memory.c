/*
 * Memory: what calls, events and clients take is given back. Measured, since leak checkers cannot read Swift's
 * pointers; so the tests are skipped under them, where the allocator tells nothing.
 */
#define _GNU_SOURCE
#include "support.h"

#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>

/* Bytes in use; a single arena (see main), so that those of all threads count. */
static size_t bytes_in_use(void) { return mallinfo2().uordblks; }

static akool_client *client;

static void make_a_call(void) { call_and_forget(client, AKOOL_OP_AVATAR_LIST, "{\"size\":5}"); }

static void make_a_failing_call(void) {
  akool_call(client, AKOOL_OP_SESSION_CREATE, "{\"avatar_idd\":1}", "{\"tag\":\"x\"}", NULL);
  akool_call(client, "no.such", "[", NULL, NULL);
}

static void take_an_event(void) {
  char *event = NULL;
  submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL);
  assert_result(AKOOL_OK, akool_client_next_event(client, patience(10000), &event));
  akool_string_free(event);
}

static void cancel_a_call(void) {
  uint64_t request = submit(client, AKOOL_OP_SESSION_LIST, NULL, "{\"reply\":\"wait\"}");
  akool_cancel(client, request);
  akool_wait(client, request, -1, NULL);
}

static void set_a_callback(void) {
  struct notes *notes = new_notes();
  assert_result(AKOOL_OK, akool_client_set_status_callback(client, note_event, notes));
  submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL);
  assert_non_null(note_at(notes, 0));
  assert_result(AKOOL_OK, akool_client_set_status_callback(client, NULL, NULL));
  free_notes(notes);
}

static void read_json(void) {
  char *value = NULL;
  assert_result(AKOOL_OK, akool_json_get("{\"a\":[{\"b\":\"a string that is too long to be inline\"}]}", "/a", &value));
  akool_string_free(value);
  assert_true(akool_json_get("[", "", &value) != AKOOL_OK);
}

static void live_and_die(void) {
  akool_client *other = simulated_client();
  call_and_forget(other, AKOOL_OP_ACCOUNT_CREDIT, NULL);
  hold_back(other, AKOOL_OP_SESSION_LIST, 600000);
  for (int i = 0; i < 5; i++) submit(other, AKOOL_OP_SESSION_LIST, NULL, NULL);
  end_client(other);
}

static void be_refused(void) { assert_refused("{\"base_url\":5}", AKOOL_ERR_INVALID_ARGUMENT, NULL); }

/* Bytes that `action` leaves behind each time, once everything that is made only once is made. */
static double growth(void (*action)(void), int times) {
  for (int i = 0; i < times; i++) action();
  size_t before = bytes_in_use();
  for (int i = 0; i < 4 * times; i++) action();
  size_t after = bytes_in_use();
  return ((double)after - (double)before) / (4.0 * times);
}

static void assert_gives_back(void (*action)(void), int times, double allowed) {
  if (bytes_in_use() == 0) skip();
  double left = growth(action, times);
  if (left > allowed) print_error("%.1f bytes are left each time\n", left);
  assert_true(left <= allowed);
}

TEST(calls) { assert_gives_back(make_a_call, 3000, 8); }
TEST(failing_calls) { assert_gives_back(make_a_failing_call, 1000, 8); }
TEST(events) { assert_gives_back(take_an_event, 3000, 8); }
TEST(cancelled_calls) { assert_gives_back(cancel_a_call, 3000, 8); }
TEST(callbacks) { assert_gives_back(set_a_callback, 1000, 8); }
TEST(json) { assert_gives_back(read_json, 1000, 0); }
TEST(clients) { assert_gives_back(live_and_die, 100, 64); }
TEST(refusals) { assert_gives_back(be_refused, 300, 0); }

/* ------------------------------------------------------------------ floods */

static long peak_in_kilobytes(void) {
  struct rusage usage;
  assert_int_equal(0, getrusage(RUSAGE_SELF, &usage));
  return usage.ru_maxrss;
}

static void *cancel_what_is_not_there(void *unused) {
  (void)unused;
  for (int i = 0; i < 250000; i++) akool_cancel(client, UINT64_MAX);
  return NULL;
}

TEST(a_flood_of_cancels_is_not_hoarded) {
  pthread_t threads[4];
  if (bytes_in_use() == 0) skip();
  long before = peak_in_kilobytes();
  for (size_t i = 0; i < COUNT(threads); i++)
    assert_int_equal(0, pthread_create(&threads[i], NULL, cancel_what_is_not_there, NULL));
  for (size_t i = 0; i < COUNT(threads); i++) pthread_join(threads[i], NULL);
  long grown = peak_in_kilobytes() - before;
  if (grown >= 16384) print_error("a million cancels took %ld KB\n", grown);
  assert_true(grown < 16384);
}

static int make_client(void **state) {
  (void)state;
  /* A simulator that does not keep what it was asked. */
  client = client_with("{" SIMULATOR ",\"simulator\":{\"log_capacity\":1}}");
  return 0;
}

static int drop_client(void **state) {
  (void)state;
  return akool_client_destroy(client) == AKOOL_OK ? 0 : -1;
}

#define WITH_CLIENT(test) cmocka_unit_test_setup_teardown(test, make_client, drop_client)

int main(void) {
  const struct CMUnitTest tests[] = {
      WITH_CLIENT(calls),           WITH_CLIENT(failing_calls), WITH_CLIENT(events),
      WITH_CLIENT(cancelled_calls), WITH_CLIENT(callbacks),     WITH_CLIENT(a_flood_of_cancels_is_not_hoarded),
      cmocka_unit_test(json),       cmocka_unit_test(clients),  cmocka_unit_test(refusals),
  };
  mallopt(M_ARENA_MAX, 1);
  return RUN(tests);
}
