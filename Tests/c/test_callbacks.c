/* Callbacks: on one thread, in order, never after the setter or destroy has returned. */
#define _GNU_SOURCE
#include "support.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

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

static uint64_t submit_to(akool_reply_callback on_reply, void *user_data) {
  uint64_t request = 0;
  assert_result(AKOOL_OK, akool_submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, on_reply, user_data, &request));
  assert_true(request != 0);
  return request;
}

/* ----------------------------------------------------------- one callback */

struct sighting {
  struct gate *done;
  akool_client *client;
  uint64_t request, written;
  akool_result result;
  bool has_credit;
  int thread;
};

static void see(akool_client *of, uint64_t request, akool_result result, const char *reply, void *user_data) {
  struct sighting *sighting = user_data;
  sighting->client = of;
  sighting->request = request;
  sighting->result = result;
  sighting->has_credit = has(reply, "/data/credit");
  sighting->thread = this_thread();
  open_gate(sighting->done);
}

TEST(a_reply_callback_gets_everything) {
  struct sighting sighting = {.done = new_gate()};
  uint64_t request = submit_to(see, &sighting);
  assert_true(pass_gate(sighting.done));
  assert_ptr_equal(client, sighting.client);
  assert_true(sighting.request == request);
  assert_result(AKOOL_OK, sighting.result);
  assert_true(sighting.has_credit);
  assert_int_not_equal(this_thread(), sighting.thread);
  free_gate(sighting.done);
}

static void compare(akool_client *of, uint64_t request, akool_result result, const char *reply, void *user_data) {
  struct sighting *sighting = user_data;
  (void)of;
  (void)result;
  (void)reply;
  sighting->request = request;
  sighting->written = *(volatile uint64_t *)&sighting->written;
  open_gate(sighting->done);
}

TEST(the_request_id_is_written_before_the_callback_can_run) {
  for (int i = 0; i < rounds(2000); i++) {
    struct sighting sighting = {.done = new_gate()};
    /* `written` is where submit puts the id; the callback reads it there. */
    akool_submit(client, "no.such", NULL, NULL, compare, &sighting, &sighting.written);
    assert_true(pass_gate(sighting.done));
    assert_true(sighting.request != 0);
    assert_true(sighting.written == sighting.request);
    free_gate(sighting.done);
  }
}

TEST(without_a_place_for_the_id_the_callback_still_runs) {
  struct sighting sighting = {.done = new_gate()};
  assert_result(AKOOL_OK, akool_submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, see, &sighting, NULL));
  assert_true(pass_gate(sighting.done));
  assert_true(sighting.request != 0);
  free_gate(sighting.done);
}

TEST(bad_parameters_reach_the_callback) {
  struct notes *notes = new_notes();
  assert_result(AKOOL_OK, akool_submit(client, AKOOL_OP_SESSION_CLOSE, "{", NULL, note_reply, notes, NULL));
  assert_non_null(note_at(notes, 0));
  assert_non_null(strstr(note_at(notes, 0), "INVALID_ARGUMENT"));
  free_notes(notes);
}

TEST(a_reply_with_a_callback_cannot_be_waited_for) {
  struct sighting sighting = {.done = new_gate()};
  uint64_t request = submit_to(see, &sighting);
  assert_result(AKOOL_ERR_NOT_FOUND, akool_wait(client, request, patience(1000), NULL));
  assert_true(pass_gate(sighting.done));
  free_gate(sighting.done);
}

TEST(a_cancelled_request_calls_back_once) {
  struct notes *notes = new_notes();
  uint64_t request = 0;
  hold_back(client, AKOOL_OP_SESSION_LIST, 600000);
  akool_submit(client, AKOOL_OP_SESSION_LIST, NULL, NULL, note_reply, notes, &request);
  for (int i = 0; i < 10; i++) akool_cancel(client, request);
  assert_non_null(strstr(note_at(notes, 0), "CANCELLED"));
  end_client(client);
  assert_int_equal(1, note_count(notes));
  free_notes(notes);
  client = simulated_client();
}

static void stay_in_reply(akool_client *of, uint64_t request, akool_result result, const char *reply, void *user_data) {
  (void)of;
  (void)request;
  (void)result;
  (void)reply;
  pass_gate(user_data);
}

/* A callback that hangs must not make the library hoard replies: four places, one callback that runs. */
TEST(replies_that_wait_for_their_callback_hold_their_places) {
  struct gate *leave = new_gate(), *never = new_gate();
  akool_client *narrow = client_with("{" SIMULATOR ",\"max_requests\":4}");
  int accepted = 0;
  for (int i = 0; i < 50; i++) {
    accepted += akool_submit(narrow, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, stay_in_reply, leave, NULL) == AKOOL_OK;
    pass_gate_within(never, 2);
  }
  assert_in_range(accepted, 4, 5);
  open_gate(leave);
  end_client(narrow);
  free_gate(leave);
  free_gate(never);
}

/* ------------------------------------------------------ one thread, in order */

struct order {
  int thread, strangers, running, overlaps;
  double last;
  int disorder, count;
  struct gate *done;
};

static void check_thread(struct order *order) {
  if (!order->thread) order->thread = this_thread();
  if (order->thread != this_thread()) order->strangers++;
}

static void check_event(akool_client *of, const char *event, void *user_data) {
  struct order *order = user_data;
  (void)of;
  if (__sync_add_and_fetch(&order->running, 1) != 1) order->overlaps++;
  check_thread(order);
  char *sequence = NULL;
  akool_json_get(event, "/seq", &sequence);
  double number = sequence ? strtod(sequence, NULL) : 0;
  akool_string_free(sequence);
  if (number <= order->last) order->disorder++;
  order->last = number;
  if (++order->count == 200) open_gate(order->done);
  __sync_sub_and_fetch(&order->running, 1);
}

static void check_log(akool_client *of, int32_t level, const char *record, void *user_data) {
  struct order *order = user_data;
  (void)of;
  (void)level;
  (void)record;
  if (__sync_add_and_fetch(&order->running, 1) != 1) order->overlaps++;
  check_thread(order);
  __sync_sub_and_fetch(&order->running, 1);
}

static void check_reply(akool_client *of, uint64_t request, akool_result result, const char *reply, void *user_data) {
  (void)request;
  check_log(of, result, reply, user_data);
}

TEST(all_callbacks_run_on_one_thread_in_order) {
  struct order order = {.done = new_gate()};
  assert_result(AKOOL_OK, akool_client_set_log_callback(client, 4, check_log, &order));
  assert_result(AKOOL_OK, akool_client_set_status_callback(client, check_event, &order));
  for (int i = 0; i < 200; i++) {
    submit_to(check_reply, &order);
    submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL);
  }
  assert_true(pass_gate(order.done));
  end_client(client);
  assert_int_equal(200, order.count);
  assert_int_equal(0, order.strangers + order.overlaps + order.disorder);
  assert_int_not_equal(this_thread(), order.thread);
  free_gate(order.done);
  client = simulated_client();
}

/* --------------------------------------------------------------- the setter */

struct stay {
  struct gate *entered, *leave;
  volatile bool left;
};

static struct stay new_stay(void) { return (struct stay){.entered = new_gate(), .leave = new_gate()}; }

static void free_stay(struct stay *stay) {
  free_gate(stay->entered);
  free_gate(stay->leave);
}

static void stay_inside(akool_client *of, const char *event, void *user_data) {
  struct stay *stay = user_data;
  (void)of;
  (void)event;
  open_gate(stay->entered);
  pass_gate(stay->leave);
  stay->left = true;
}

struct setting {
  pthread_t thread;
  akool_status_callback next;
  void *user_data;
  struct gate *returned;
  akool_result result;
};

static void *set_callback(void *argument) {
  struct setting *setting = argument;
  setting->result = akool_client_set_status_callback(client, setting->next, setting->user_data);
  open_gate(setting->returned);
  return NULL;
}

static void start_setting(struct setting *setting, akool_status_callback next, void *user_data) {
  setting->next = next;
  setting->user_data = user_data;
  setting->returned = new_gate();
  assert_int_equal(0, pthread_create(&setting->thread, NULL, set_callback, setting));
}

static void finish_setting(struct setting *setting) {
  pthread_join(setting->thread, NULL);
  assert_result(AKOOL_OK, setting->result);
  free_gate(setting->returned);
}

TEST(a_setter_returns_after_the_previous_callback) {
  struct stay stay = new_stay();
  struct setting setting;
  assert_result(AKOOL_OK, akool_client_set_status_callback(client, stay_inside, &stay));
  submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL);
  assert_true(pass_gate(stay.entered));
  start_setting(&setting, NULL, NULL);
  assert_false(pass_gate_within(setting.returned, 50));
  open_gate(stay.leave);
  assert_true(pass_gate(setting.returned));
  assert_true(stay.left);
  finish_setting(&setting);
  free_stay(&stay);
}

/* The new callback waits for what the caller does after the setter has returned: no deadlock. */
TEST(a_setter_does_not_wait_for_the_new_callback) {
  struct stay first = new_stay(), second = new_stay();
  struct setting setting;
  assert_result(AKOOL_OK, akool_client_set_status_callback(client, stay_inside, &first));
  for (int i = 0; i < 5; i++) submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL);
  assert_true(pass_gate(first.entered));
  start_setting(&setting, stay_inside, &second);
  assert_false(pass_gate_within(setting.returned, 50));
  open_gate(first.leave);
  assert_true(pass_gate(second.entered));
  bool returned = pass_gate_within(setting.returned, patience(2000));
  open_gate(second.leave);
  finish_setting(&setting);
  assert_true(returned);
  assert_result(AKOOL_OK, akool_client_set_status_callback(client, NULL, NULL));
  free_stay(&first);
  free_stay(&second);
}

TEST(what_a_callback_had_no_time_for_waits) {
  struct stay stay = new_stay();
  struct setting setting;
  assert_result(AKOOL_OK, akool_client_set_status_callback(client, stay_inside, &stay));
  for (int i = 0; i < 5; i++) submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL);
  assert_true(pass_gate(stay.entered));
  start_setting(&setting, NULL, NULL);
  assert_false(pass_gate_within(setting.returned, 50));
  open_gate(stay.leave);
  finish_setting(&setting);
  for (int i = 0; i < 4; i++) {
    char *event = NULL;
    assert_result(AKOOL_OK, akool_client_next_event(client, patience(10000), &event));
    assert_at(event, "/type", "reply");
    akool_string_free(event);
  }
  free_stay(&stay);
}

TEST(after_a_setter_the_old_user_data_may_go) {
  for (int i = 0; i < rounds(200); i++) {
    struct notes *notes = new_notes();
    assert_result(AKOOL_OK, akool_client_set_status_callback(client, note_event, notes));
    submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL);
    if (i % 2) assert_non_null(note_at(notes, 0));
    assert_result(AKOOL_OK, akool_client_set_status_callback(client, NULL, NULL));
    free_notes(notes);
  }
}

TEST(setting_nothing_where_nothing_was_is_fine) {
  assert_result(AKOOL_OK, akool_client_set_status_callback(client, NULL, NULL));
  assert_result(AKOOL_OK, akool_client_set_log_callback(client, 0, NULL, NULL));
  assert_result(AKOOL_OK, akool_client_set_log_callback(client, 4, NULL, NULL));
}

/* ------------------------------------------------------- from the inside */

struct inside {
  struct gate *done;
  akool_client *other;
  akool_result wait, call, destroy, next_event, submit, cancel, setter, other_call;
  int descriptor;
  struct notes *notes;
};

static void try_everything(akool_client *of, uint64_t request, akool_result result, const char *reply,
                           void *user_data) {
  struct inside *inside = user_data;
  uint64_t mine = 0;
  (void)result;
  (void)reply;
  inside->wait = akool_wait(of, request, 0, NULL);
  inside->call = akool_call(of, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, NULL);
  inside->destroy = akool_client_destroy(of);
  inside->next_event = akool_client_next_event(of, 10, NULL);
  inside->submit = akool_submit(of, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, note_reply, inside->notes, &mine);
  inside->cancel = akool_cancel(of, mine);
  inside->setter = akool_client_set_status_callback(of, note_event, inside->notes);
  inside->descriptor = akool_client_event_fd(of);
  inside->other_call = akool_call(inside->other, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, NULL);
  open_gate(inside->done);
}

TEST(what_may_be_called_from_a_callback) {
  struct inside inside = {.done = new_gate(), .other = simulated_client(), .notes = new_notes()};
  submit_to(try_everything, &inside);
  assert_true(pass_gate(inside.done));
  assert_result(AKOOL_ERR_WRONG_THREAD, inside.wait);
  assert_result(AKOOL_ERR_WRONG_THREAD, inside.call);
  assert_result(AKOOL_ERR_WRONG_THREAD, inside.destroy);
  assert_result(AKOOL_ERR_WRONG_THREAD, inside.next_event);
  assert_result(AKOOL_OK, inside.submit);
  assert_result(AKOOL_OK, inside.cancel);
  assert_result(AKOOL_OK, inside.setter);
  assert_result(AKOOL_OK, inside.other_call);
  assert_true(inside.descriptor >= 0);
  assert_non_null(note_at(inside.notes, 0));
  call_and_forget(client, AKOOL_OP_ACCOUNT_CREDIT, NULL);
  end_client(client);
  end_client(inside.other);
  free_notes(inside.notes);
  free_gate(inside.done);
  client = simulated_client();
}

static void replace_myself(akool_client *of, const char *event, void *user_data) {
  note(user_data, "first");
  (void)event;
  akool_client_set_status_callback(of, note_event, user_data);
}

TEST(a_setter_inside_a_callback_takes_effect_without_waiting) {
  struct notes *notes = new_notes();
  assert_result(AKOOL_OK, akool_client_set_status_callback(client, replace_myself, notes));
  submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL);
  submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL);
  assert_string_equal("first", note_at(notes, 0));
  assert_at(note_at(notes, 1), "/type", "reply");
  assert_result(AKOOL_OK, akool_client_set_status_callback(client, NULL, NULL));
  free_notes(notes);
}

/* ------------------------------------------------------------------- the end */

struct ending {
  pthread_t thread;
  struct gate *returned;
  akool_result result;
};

static void *destroy_it(void *argument) {
  struct ending *ending = argument;
  ending->result = akool_client_destroy(client);
  open_gate(ending->returned);
  return NULL;
}

TEST(destroy_returns_when_no_callback_runs) {
  struct stay stay = new_stay();
  struct ending ending = {.returned = new_gate()};
  assert_result(AKOOL_OK, akool_client_set_status_callback(client, stay_inside, &stay));
  submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL);
  assert_true(pass_gate(stay.entered));
  assert_int_equal(0, pthread_create(&ending.thread, NULL, destroy_it, &ending));
  assert_false(pass_gate_within(ending.returned, 50));
  open_gate(stay.leave);
  pthread_join(ending.thread, NULL);
  assert_result(AKOOL_OK, ending.result);
  assert_true(stay.left);
  free_gate(ending.returned);
  free_stay(&stay);
  client = simulated_client();
}

TEST(every_request_calls_back_before_destroy_returns) {
  for (int i = 0; i < rounds(20); i++) {
    struct notes *notes = new_notes();
    hold_back(client, AKOOL_OP_SESSION_LIST, 600000);
    for (int j = 0; j < 20; j++)
      akool_submit(client, j % 2 ? AKOOL_OP_SESSION_LIST : AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, note_reply, notes,
                   NULL);
    end_client(client);
    assert_int_equal(20, note_count(notes));
    free_notes(notes);
    client = simulated_client();
  }
}

/* ----------------------------------------------------------------- the log */

TEST(the_log_has_levels) {
  struct notes *notes = new_notes();
  assert_result(AKOOL_OK, akool_client_set_log_callback(client, 4, note_log, notes));
  call_and_forget(client, AKOOL_OP_ACCOUNT_CREDIT, NULL);
  assert_non_null(note_at(notes, 0));
  assert_true(has(note_at(notes, 0), "/message"));
  assert_result(AKOOL_OK, akool_client_set_log_callback(client, 0, note_log, notes));
  size_t count = note_count(notes);
  call_and_forget(client, AKOOL_OP_ACCOUNT_CREDIT, NULL);
  end_client(client);
  assert_int_equal(count, note_count(notes));
  free_notes(notes);
  client = simulated_client();
}

TEST(levels_that_do_not_exist_are_refused) {
  const int32_t wrong[] = {-1, 5, INT32_MIN, INT32_MAX};
  for (size_t i = 0; i < COUNT(wrong); i++)
    assert_result(AKOOL_ERR_INVALID_ARGUMENT, akool_client_set_log_callback(client, wrong[i], note_log, NULL));
}

TEST(no_secret_is_logged) {
  struct notes *notes = new_notes();
  const char *pair = "\"client_id\":\"who-4711\",\"client_secret\":\"sesame-4711\"";
  char *configuration = format("{" SIMULATOR ",%s,\"simulator\":{%s}}", pair, pair);
  akool_client *secretive = client_with(configuration);
  free(configuration);
  assert_result(AKOOL_OK, akool_client_set_log_callback(secretive, 4, note_log, notes));
  call_and_forget(secretive, AKOOL_OP_ACCOUNT_CREDIT, NULL);
  end_client(secretive);
  assert_true(note_count(notes) > 0);
  for (size_t i = 0; i < note_count(notes); i++) assert_null(strstr(note_at(notes, i), "sesame"));
  free_notes(notes);
}

#define WITH_CLIENT(test) cmocka_unit_test_setup_teardown(test, make_client, drop_client)

int main(void) {
  const struct CMUnitTest tests[] = {
      WITH_CLIENT(a_reply_callback_gets_everything),
      WITH_CLIENT(the_request_id_is_written_before_the_callback_can_run),
      WITH_CLIENT(without_a_place_for_the_id_the_callback_still_runs),
      WITH_CLIENT(bad_parameters_reach_the_callback),
      WITH_CLIENT(a_reply_with_a_callback_cannot_be_waited_for),
      WITH_CLIENT(a_cancelled_request_calls_back_once),
      cmocka_unit_test(replies_that_wait_for_their_callback_hold_their_places),
      WITH_CLIENT(all_callbacks_run_on_one_thread_in_order),
      WITH_CLIENT(a_setter_returns_after_the_previous_callback),
      WITH_CLIENT(a_setter_does_not_wait_for_the_new_callback),
      WITH_CLIENT(what_a_callback_had_no_time_for_waits),
      WITH_CLIENT(after_a_setter_the_old_user_data_may_go),
      WITH_CLIENT(setting_nothing_where_nothing_was_is_fine),
      WITH_CLIENT(what_may_be_called_from_a_callback),
      WITH_CLIENT(a_setter_inside_a_callback_takes_effect_without_waiting),
      WITH_CLIENT(destroy_returns_when_no_callback_runs),
      WITH_CLIENT(every_request_calls_back_before_destroy_returns),
      WITH_CLIENT(the_log_has_levels),
      WITH_CLIENT(levels_that_do_not_exist_are_refused),
      WITH_CLIENT(no_secret_is_logged),
  };
  return RUN(tests);
}
