/* The event stream pulled: the descriptor, next_event, order, gaps, and replies that are never dropped. */
#define _GNU_SOURCE
#include "support.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

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

static char *next_event(void) {
  char *event = NULL;
  assert_result(AKOOL_OK, akool_client_next_event(client, patience(10000), &event));
  assert_non_null(event);
  return event;
}

static void assert_no_event(void) {
  char *event = (char *)&event;
  assert_result(AKOOL_OK, akool_client_next_event(client, 0, &event));
  assert_null(event);
}

/* Watches the client's descriptor as an event loop does. */
static bool readable(int64_t milliseconds) {
  struct epoll_event wanted, seen;
  memset(&wanted, 0, sizeof wanted);
  wanted.events = EPOLLIN;
  int loop = epoll_create1(EPOLL_CLOEXEC), descriptor = akool_client_event_fd(client);
  assert_true(loop >= 0 && descriptor >= 0);
  assert_int_equal(0, epoll_ctl(loop, EPOLL_CTL_ADD, descriptor, &wanted));
  int count = epoll_wait(loop, &seen, 1, (int)milliseconds);
  close(loop);
  return count == 1;
}

TEST(nothing_waiting_is_ok_and_null) {
  assert_no_event();
  int64_t start = now_ms();
  char *event = (char *)&event;
  assert_result(AKOOL_OK, akool_client_next_event(client, 100, &event));
  assert_null(event);
  assert_true(now_ms() - start >= 99);
}

TEST(a_reply_comes_as_an_event) {
  uint64_t request = submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, "{\"tag\":\"mine\"}");
  char *event = next_event(), *number = format("%llu", (unsigned long long)request);
  assert_at(event, "/type", "reply");
  assert_at(event, "/request_id", number);
  assert_at(event, "/result", "0");
  assert_at(event, "/tag", "mine");
  assert_true(number_at(event, "/reply/data/credit") > 0);
  assert_true(number_at(event, "/at") > 1.6e12);
  assert_true(number_at(event, "/seq") > 0);
  akool_string_free(event);
  free(number);
  assert_no_event();
}

TEST(a_failure_comes_as_an_event_too) {
  submit(client, "no.such", NULL, NULL);
  char *event = next_event();
  assert_at(event, "/type", "reply");
  assert_at(event, "/reply/error/code", "INVALID_ARGUMENT");
  assert_true(number_at(event, "/result") == AKOOL_ERR_INVALID_ARGUMENT);
  akool_string_free(event);
}

TEST(an_event_may_be_discarded) {
  submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL);
  assert_result(AKOOL_OK, akool_client_next_event(client, patience(10000), NULL));
  assert_no_event();
}

TEST(replies_to_be_waited_for_are_not_events) {
  uint64_t request = submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, "{\"reply\":\"wait\"}");
  call_and_forget(client, AKOOL_OP_ACCOUNT_CREDIT, NULL);
  assert_false(readable(0));
  assert_no_event();
  assert_result(AKOOL_OK, akool_wait(client, request, patience(10000), NULL));
  assert_no_event();
}

/* ---------------------------------------------------------- the descriptor */

TEST(the_descriptor_is_readable_while_events_wait) {
  assert_false(readable(0));
  submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL);
  submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL);
  assert_true(readable(patience(10000)));
  assert_true(readable(0));
  akool_string_free(next_event());
  assert_true(readable(patience(10000)));
  akool_string_free(next_event());
  assert_false(readable(0));
}

TEST(the_descriptor_stays_the_same) {
  int descriptor = akool_client_event_fd(client);
  assert_true(descriptor >= 0);
  submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL);
  akool_string_free(next_event());
  assert_int_equal(descriptor, akool_client_event_fd(client));
}

TEST(taking_a_reply_by_waiting_clears_the_descriptor) {
  uint64_t request = submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL);
  assert_true(readable(patience(10000)));
  assert_result(AKOOL_OK, akool_wait(client, request, 0, NULL));
  assert_false(readable(0));
}

static void ignore_event(akool_client *of, const char *event, void *user_data) {
  (void)of;
  (void)event;
  (void)user_data;
}

TEST(events_have_one_consumer) {
  struct notes *notes = new_notes();
  char *event = (char *)&event;
  assert_result(AKOOL_OK, akool_client_set_status_callback(client, note_event, notes));
  assert_result(AKOOL_ERR_INVALID_ARGUMENT, akool_client_next_event(client, 0, &event));
  assert_null(event);
  submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL);
  assert_at(note_at(notes, 0), "/type", "reply");
  assert_false(readable(0));
  assert_result(AKOOL_OK, akool_client_set_status_callback(client, NULL, NULL));
  submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL);
  assert_true(readable(patience(10000)));
  akool_string_free(next_event());
  assert_int_equal(1, note_count(notes));
  free_notes(notes);
}

TEST(what_waited_goes_to_the_callback_that_is_set) {
  struct notes *notes = new_notes();
  submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, "{\"tag\":\"early\"}");
  assert_true(readable(patience(10000)));
  assert_result(AKOOL_OK, akool_client_set_status_callback(client, note_event, notes));
  assert_false(readable(0));
  assert_at(note_at(notes, 0), "/tag", "early");
  assert_result(AKOOL_OK, akool_client_set_status_callback(client, NULL, NULL));
  free_notes(notes);
}

static void *pull_forever(void *result) {
  *(akool_result *)result = akool_client_next_event(client, -1, NULL);
  return NULL;
}

TEST(a_setter_wakes_who_pulls) {
  pthread_t thread;
  akool_result result = AKOOL_OK;
  assert_int_equal(0, pthread_create(&thread, NULL, pull_forever, &result));
  assert_result(AKOOL_OK, akool_client_set_status_callback(client, ignore_event, NULL));
  pthread_join(thread, NULL);
  assert_result(AKOOL_ERR_INVALID_ARGUMENT, result);
}

TEST(destroying_wakes_who_pulls) {
  const akool_result sensible[] = {AKOOL_ERR_SHUTTING_DOWN, AKOOL_ERR_BAD_HANDLE};
  for (int i = 0; i < rounds(20); i++) {
    pthread_t thread;
    akool_result result = AKOOL_OK;
    assert_int_equal(0, pthread_create(&thread, NULL, pull_forever, &result));
    end_client(client);
    pthread_join(thread, NULL);
    assert_true(one_of(result, sensible, COUNT(sensible)));
    client = simulated_client();
  }
}

/* ------------------------------------------------------- order and numbers */

TEST(sequence_numbers_have_no_gap_while_nothing_is_dropped) {
  for (int i = 0; i < 100; i++) submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL);
  double last = 0;
  for (int i = 0; i < 100; i++) {
    char *event = next_event();
    double sequence = number_at(event, "/seq");
    assert_true(sequence == last + 1);
    last = sequence;
    akool_string_free(event);
  }
}

#define AVATARS "{" SIMULATOR ",\"simulator\":{\"time_scale\":20},\"polling\":{\"initial_ms\":20,\"maximum_ms\":50}}"

static int make_avatar_client(void **state) {
  (void)state;
  client = client_with(AVATARS);
  return 0;
}

TEST(states_of_an_avatar_come_in_order) {
  const char *expected[] = {"queueing", "processing", "ready"};
  char *avatar = ready_avatar(client, "inOrder");
  for (size_t i = 0; i < COUNT(expected); i++) {
    char *event = next_event();
    assert_at(event, "/type", "avatar.state_changed");
    assert_at(event, "/state", expected[i]);
    assert_true(number_at(event, "/status") == (double)(i + 1));
    assert_true(has(event, "/id"));
    akool_string_free(event);
  }
  assert_no_event();
  akool_string_free(avatar);
}

TEST(a_retry_is_an_event) {
  set_faults(client, "[{\"match\":{\"operation\":\"account.credit\",\"nth\":1},\"fault\":{\"http_status\":503}}]");
  call_and_forget(client, AKOOL_OP_ACCOUNT_CREDIT, NULL);
  char *event = next_event();
  assert_at(event, "/type", "call.retrying");
  assert_at(event, "/operation", AKOOL_OP_ACCOUNT_CREDIT);
  akool_string_free(event);
}

/* ----------------------------------------------------------------- limits */

static int make_narrow_client(void **state) {
  (void)state;
  client = client_with("{" SIMULATOR ",\"max_requests\":4,\"max_events\":2}");
  return 0;
}

static akool_result try_to_submit(void) {
  uint64_t request = 4711;
  return akool_submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, NULL, NULL, &request);
}

TEST(a_reply_has_its_place_before_the_request_leaves) {
  for (int i = 0; i < 4; i++) assert_result(AKOOL_OK, try_to_submit());
  assert_result(AKOOL_ERR_LOCAL_LIMIT, try_to_submit());
  assert_true(readable(patience(10000)));
  for (int i = 0; i < 4; i++) {
    akool_string_free(next_event());
    assert_result(AKOOL_OK, try_to_submit());
    assert_result(AKOOL_ERR_LOCAL_LIMIT, try_to_submit());
  }
  for (int i = 0; i < 4; i++) {
    char *event = next_event();
    assert_at(event, "/type", "reply");
    akool_string_free(event);
  }
  assert_no_event();
}

TEST(what_is_refused_for_want_of_a_place_has_no_number) {
  for (int i = 0; i < 4; i++) assert_result(AKOOL_OK, try_to_submit());
  uint64_t request = 4711;
  char *reply = (char *)&request;
  assert_result(AKOOL_ERR_LOCAL_LIMIT, akool_submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, NULL, NULL, &request));
  assert_true(request == 0);
  assert_result(AKOOL_ERR_LOCAL_LIMIT, akool_call(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, &reply));
  if (reply) assert_failed_reply(reply, AKOOL_ERR_LOCAL_LIMIT, "max_requests");
  akool_string_free(reply);
}

TEST(waited_for_replies_hold_their_places_too) {
  uint64_t requests[4];
  for (size_t i = 0; i < 4; i++) requests[i] = submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, "{\"reply\":\"wait\"}");
  assert_result(AKOOL_ERR_LOCAL_LIMIT, try_to_submit());
  assert_result(AKOOL_OK, akool_wait(client, requests[2], patience(10000), NULL));
  assert_result(AKOOL_OK, try_to_submit());
  for (size_t i = 0; i < 4; i++)
    if (i != 2) assert_result(AKOOL_OK, akool_wait(client, requests[i], patience(10000), NULL));
}

/* Ten retries make twenty events for a queue of two; the replies come through, and the gap shows. */
TEST(events_are_dropped_before_replies_and_the_gap_shows) {
  set_faults(client, "[{\"match\":{\"operation\":\"account.credit\"},\"fault\":{\"http_status\":503}}]");
  for (int i = 0; i < 3; i++)
    assert_result(AKOOL_ERR_UNAVAILABLE, akool_call(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, NULL));
  set_faults(client, "[]");
  for (int i = 0; i < 4; i++) assert_result(AKOOL_OK, try_to_submit());
  int replies = 0;
  bool told = false;
  double last = 0;
  while (replies < 4) {
    char *event = next_event();
    double sequence = number_at(event, "/seq");
    assert_true(sequence > last);
    if (is_at(event, "/type", "reply")) replies++;
    if (is_at(event, "/type", "events.dropped")) {
      told = true;
      assert_true(sequence > last + 1 || number_at(event, "/count") > 0);
    }
    last = sequence;
    akool_string_free(event);
  }
  assert_true(told);
  assert_no_event();
}

/* ---------------------------------------------------------------- the end */

TEST(the_reply_of_client_close_is_taken_like_any_other) {
  uint64_t request = submit(client, AKOOL_OP_CLIENT_CLOSE, NULL, NULL);
  char *event = next_event(), *number = format("%llu", (unsigned long long)request);
  assert_at(event, "/type", "reply");
  assert_at(event, "/request_id", number);
  assert_at(event, "/result", "0");
  akool_string_free(event);
  free(number);
}

TEST(replies_that_wait_outlive_client_close) {
  submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, "{\"tag\":\"before\"}");
  assert_true(readable(patience(10000)));
  call_and_forget(client, AKOOL_OP_CLIENT_CLOSE, NULL);
  char *event = next_event();
  assert_at(event, "/tag", "before");
  assert_at(event, "/result", "0");
  akool_string_free(event);
}

#define WITH_CLIENT(test) cmocka_unit_test_setup_teardown(test, make_client, drop_client)
#define WITH_NARROW_CLIENT(test) cmocka_unit_test_setup_teardown(test, make_narrow_client, drop_client)

int main(void) {
  const struct CMUnitTest tests[] = {
      WITH_CLIENT(nothing_waiting_is_ok_and_null),
      WITH_CLIENT(a_reply_comes_as_an_event),
      WITH_CLIENT(a_failure_comes_as_an_event_too),
      WITH_CLIENT(an_event_may_be_discarded),
      WITH_CLIENT(replies_to_be_waited_for_are_not_events),
      WITH_CLIENT(the_descriptor_is_readable_while_events_wait),
      WITH_CLIENT(the_descriptor_stays_the_same),
      WITH_CLIENT(taking_a_reply_by_waiting_clears_the_descriptor),
      WITH_CLIENT(events_have_one_consumer),
      WITH_CLIENT(what_waited_goes_to_the_callback_that_is_set),
      WITH_CLIENT(a_setter_wakes_who_pulls),
      WITH_CLIENT(destroying_wakes_who_pulls),
      WITH_CLIENT(sequence_numbers_have_no_gap_while_nothing_is_dropped),
      cmocka_unit_test_setup_teardown(states_of_an_avatar_come_in_order, make_avatar_client, drop_client),
      WITH_CLIENT(a_retry_is_an_event),
      WITH_NARROW_CLIENT(a_reply_has_its_place_before_the_request_leaves),
      WITH_NARROW_CLIENT(what_is_refused_for_want_of_a_place_has_no_number),
      WITH_NARROW_CLIENT(waited_for_replies_hold_their_places_too),
      WITH_NARROW_CLIENT(events_are_dropped_before_replies_and_the_gap_shows),
      WITH_CLIENT(the_reply_of_client_close_is_taken_like_any_other),
      WITH_CLIENT(replies_that_wait_outlive_client_close),
  };
  return RUN(tests);
}
