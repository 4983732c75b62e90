/* Waiting and cancelling: every request ends exactly once, however many ask for its end. */
#include "support.h"

#include <pthread.h>
#include <stdlib.h>

#define HELD AKOOL_OP_SESSION_LIST
#define QUIET "{\"reply\":\"wait\"}"

static akool_client *client;

static int make_client(void **state) {
  (void)state;
  client = simulated_client();
  return 0;
}

static int drop_client(void **state) {
  (void)state;
  return akool_client_destroy(client) == AKOOL_OK ? 0 : -1;
}

/* A request that the simulator does not answer before it is cancelled. */
static uint64_t held_request(const char *options) {
  hold_back(client, HELD, 600000);
  return submit(client, HELD, NULL, options);
}

static void assert_ends(uint64_t request, akool_result expected) {
  char *reply = NULL;
  assert_result(expected, akool_wait(client, request, patience(10000), &reply));
  assert_non_null(reply);
  if (expected != AKOOL_OK) assert_failed_reply(reply, expected, NULL);
  akool_string_free(reply);
}

static void assert_gone(uint64_t request) {
  char *reply = (char *)&reply;
  assert_result(AKOOL_ERR_NOT_FOUND, akool_wait(client, request, 0, &reply));
  assert_null(reply);
}

TEST(a_wait_returns_the_reply) {
  uint64_t request = submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, QUIET);
  assert_ends(request, AKOOL_OK);
  assert_gone(request);
}

TEST(without_options_a_reply_can_be_waited_for_too) {
  uint64_t request = submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL);
  assert_ends(request, AKOOL_OK);
  char *event = (char *)&event;
  assert_result(AKOOL_OK, akool_client_next_event(client, 0, &event));
  assert_null(event);
}

TEST(a_wait_that_timed_out_may_be_repeated) {
  uint64_t request = held_request(QUIET);
  for (int i = 0; i < 3; i++) {
    char *reply = (char *)&reply;
    assert_result(AKOOL_ERR_TIMEOUT, akool_wait(client, request, i * 5, &reply));
    assert_null(reply);
  }
  assert_result(AKOOL_OK, akool_cancel(client, request));
  assert_ends(request, AKOOL_ERR_CANCELLED);
}

TEST(a_wait_takes_no_longer_than_it_may) {
  uint64_t request = held_request(QUIET);
  int64_t start = now_ms();
  assert_result(AKOOL_ERR_TIMEOUT, akool_wait(client, request, 150, NULL));
  int64_t taken = now_ms() - start;
  assert_true(taken >= 149);
  assert_true(taken < 150 + patience(1000));
}

TEST(a_negative_time_out_waits_for_the_end) {
  uint64_t request = submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, QUIET);
  char *reply = NULL;
  assert_result(AKOOL_OK, akool_wait(client, request, -1, &reply));
  assert_true(has(reply, "/data/credit"));
  akool_string_free(reply);
  request = submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, QUIET);
  assert_result(AKOOL_OK, akool_wait(client, request, INT64_MIN, NULL));
}

TEST(the_longest_time_out_does_not_overflow) {
  uint64_t request = submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, QUIET);
  assert_result(AKOOL_OK, akool_wait(client, request, INT64_MAX, NULL));
}

TEST(unknown_requests_are_not_found) {
  const uint64_t strangers[] = {0, 1000000, UINT64_MAX, (uint64_t)1 << 63};
  for (size_t i = 0; i < COUNT(strangers); i++) assert_gone(strangers[i]);
}

TEST(a_discarded_reply_is_gone) {
  uint64_t request = submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, QUIET);
  assert_result(AKOOL_OK, akool_wait(client, request, patience(10000), NULL));
  assert_gone(request);
}

TEST(bad_parameters_end_the_request) {
  uint64_t request = submit(client, AKOOL_OP_SESSION_CLOSE, "{\"ID\":1}", QUIET);
  assert_ends(request, AKOOL_ERR_INVALID_ARGUMENT);
  assert_gone(request);
}

/* --------------------------------------------------------------- cancelling */

TEST(cancelling_is_idempotent) {
  uint64_t request = held_request(QUIET);
  for (int i = 0; i < 5; i++) assert_result(AKOOL_OK, akool_cancel(client, request));
  assert_ends(request, AKOOL_ERR_CANCELLED);
  assert_gone(request);
  assert_result(AKOOL_OK, akool_cancel(client, request));
  assert_gone(request);
}

TEST(cancelling_what_is_unknown_or_over_is_fine) {
  assert_result(AKOOL_OK, akool_cancel(client, 0));
  assert_result(AKOOL_OK, akool_cancel(client, UINT64_MAX));
  uint64_t request = submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL);
  char *event = NULL;
  assert_result(AKOOL_OK, akool_client_next_event(client, patience(10000), &event));
  assert_at(event, "/result", "0");
  akool_string_free(event);
  assert_result(AKOOL_OK, akool_cancel(client, request));
  assert_gone(request);
}

TEST(cancelling_after_the_end_does_not_change_the_outcome) {
  uint64_t request = submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL);
  char *marker = call(client, AKOOL_OP_ACCOUNT_CREDIT, NULL);
  akool_string_free(marker);
  /* Both were queued one after the other, so the first is over too, or as good as. */
  akool_cancel(client, request);
  char *reply = NULL;
  akool_result result = akool_wait(client, request, patience(10000), &reply);
  assert_non_null(reply);
  assert_true(result == AKOOL_OK || result == AKOOL_ERR_CANCELLED);
  assert_true(has(reply, result == AKOOL_OK ? "/data" : "/error"));
  akool_string_free(reply);
  assert_gone(request);
}

TEST(a_cancel_is_prompt_wherever_the_request_is) {
  const char *operations[] = {AKOOL_OP_SESSION_LIST, AKOOL_OP_ACCOUNT_CREDIT, AKOOL_OP_AVATAR_LIST};
  for (size_t i = 0; i < COUNT(operations); i++) {
    hold_back(client, operations[i], 600000);
    uint64_t request = submit(client, operations[i], NULL, QUIET);
    int64_t start = now_ms();
    akool_cancel(client, request);
    assert_ends(request, AKOOL_ERR_CANCELLED);
    assert_true(now_ms() - start < patience(1000));
  }
}

/* ------------------------------------------------------------- many threads */

struct waiter {
  pthread_t thread;
  uint64_t request;
  struct gate *started;
  akool_result result;
  bool replied;
};

static void *wait_for_it(void *argument) {
  struct waiter *waiter = argument;
  char *reply = NULL;
  open_gate(waiter->started);
  waiter->result = akool_wait(client, waiter->request, patience(20000), &reply);
  waiter->replied = reply != NULL;
  akool_string_free(reply);
  return NULL;
}

static void start_waiters(struct waiter *waiters, size_t count, uint64_t request) {
  for (size_t i = 0; i < count; i++) {
    waiters[i].request = request;
    waiters[i].started = new_gate();
    assert_int_equal(0, pthread_create(&waiters[i].thread, NULL, wait_for_it, &waiters[i]));
    assert_true(pass_gate(waiters[i].started));
  }
}

static int join_waiters(struct waiter *waiters, size_t count) {
  int replies = 0;
  for (size_t i = 0; i < count; i++) {
    pthread_join(waiters[i].thread, NULL);
    free_gate(waiters[i].started);
    replies += waiters[i].replied;
  }
  return replies;
}

TEST(of_many_waiters_exactly_one_gets_the_reply) {
  for (int round = 0; round < rounds(20); round++) {
    struct waiter waiters[8];
    uint64_t request = held_request(round % 2 ? QUIET : NULL);
    start_waiters(waiters, COUNT(waiters), request);
    akool_cancel(client, request);
    assert_int_equal(1, join_waiters(waiters, COUNT(waiters)));
    for (size_t i = 0; i < COUNT(waiters); i++)
      assert_result(waiters[i].replied ? AKOOL_ERR_CANCELLED : AKOOL_ERR_NOT_FOUND, waiters[i].result);
  }
}

TEST(a_waiter_and_the_event_stream_do_not_both_get_it) {
  for (int round = 0; round < rounds(200); round++) {
    uint64_t request = submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL);
    struct waiter waiter;
    start_waiters(&waiter, 1, request);
    char *event = NULL;
    bool taken = false;
    for (akool_result result = AKOOL_OK; !event && !taken && result != AKOOL_ERR_NOT_FOUND;) {
      result = akool_wait(client, request, 0, NULL);
      taken = result == AKOOL_OK;
      if (result == AKOOL_ERR_TIMEOUT) akool_client_next_event(client, 1, &event);
    }
    assert_int_equal(1, join_waiters(&waiter, 1) + (event != NULL) + taken);
    if (event) assert_at(event, "/type", "reply");
    akool_string_free(event);
    assert_gone(request);
  }
}

TEST(destroying_wakes_those_who_wait) {
  const akool_result sensible[] = {AKOOL_ERR_SHUTTING_DOWN, AKOOL_ERR_CANCELLED, AKOOL_ERR_BAD_HANDLE};
  for (int round = 0; round < rounds(20); round++) {
    struct waiter waiter;
    uint64_t request = held_request(QUIET);
    start_waiters(&waiter, 1, request);
    end_client(client);
    join_waiters(&waiter, 1);
    assert_true(one_of(waiter.result, sensible, COUNT(sensible)));
    client = simulated_client();
  }
}

#define WITH_CLIENT(test) cmocka_unit_test_setup_teardown(test, make_client, drop_client)

int main(void) {
  const struct CMUnitTest tests[] = {
      WITH_CLIENT(a_wait_returns_the_reply),
      WITH_CLIENT(without_options_a_reply_can_be_waited_for_too),
      WITH_CLIENT(a_wait_that_timed_out_may_be_repeated),
      WITH_CLIENT(a_wait_takes_no_longer_than_it_may),
      WITH_CLIENT(a_negative_time_out_waits_for_the_end),
      WITH_CLIENT(the_longest_time_out_does_not_overflow),
      WITH_CLIENT(unknown_requests_are_not_found),
      WITH_CLIENT(a_discarded_reply_is_gone),
      WITH_CLIENT(bad_parameters_end_the_request),
      WITH_CLIENT(cancelling_is_idempotent),
      WITH_CLIENT(cancelling_what_is_unknown_or_over_is_fine),
      WITH_CLIENT(cancelling_after_the_end_does_not_change_the_outcome),
      WITH_CLIENT(a_cancel_is_prompt_wherever_the_request_is),
      WITH_CLIENT(of_many_waiters_exactly_one_gets_the_reply),
      WITH_CLIENT(a_waiter_and_the_event_stream_do_not_both_get_it),
      WITH_CLIENT(destroying_wakes_those_who_wait),
  };
  return RUN(tests);
}
