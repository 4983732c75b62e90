/* fork: the old handle answers FORKED in the child, a new client works there, the parent notices nothing. */
#define _GNU_SOURCE
#include "support.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static void no_status(akool_client *client, const char *event, void *user_data) {
  (void)client;
  (void)event;
  (void)user_data;
}

/* Children do not assert, they count what is wrong; the exit status is the number of the first fault. */
#define EXPECT(number, condition)    \
  do {                               \
    if (!(condition)) return number; \
  } while (0)

static int old_handle_is_forked(void *argument) {
  akool_client *client = argument;
  char *reply = (char *)argument;
  uint64_t request = 4711;
  EXPECT(1, akool_call(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, &reply) == AKOOL_ERR_FORKED);
  EXPECT(2, reply == NULL || is_at(reply, "/error/code", "FORKED"));
  akool_string_free(reply);
  EXPECT(3, akool_submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, NULL, NULL, &request) == AKOOL_ERR_FORKED);
  EXPECT(4, request == 0);
  EXPECT(5, akool_wait(client, 1, -1, NULL) == AKOOL_ERR_FORKED);
  EXPECT(6, akool_client_next_event(client, -1, NULL) == AKOOL_ERR_FORKED);
  EXPECT(7, akool_cancel(client, 1) == AKOOL_ERR_FORKED);
  EXPECT(8, akool_client_set_status_callback(client, no_status, NULL) == AKOOL_ERR_FORKED);
  EXPECT(9, akool_client_set_log_callback(client, 4, note_log, NULL) == AKOOL_ERR_FORKED);
  EXPECT(10, akool_client_event_fd(client) == -1);
  EXPECT(11, akool_client_destroy(client) == AKOOL_ERR_FORKED);
  return 0;
}

static int new_client_works(void *argument) {
  (void)argument;
  akool_client *client = NULL;
  EXPECT(1, akool_client_create("{" SIMULATOR "}", &client, NULL) == AKOOL_OK);
  EXPECT(2, akool_call(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, NULL) == AKOOL_OK);
  EXPECT(3, akool_client_event_fd(client) >= 0);
  EXPECT(4, akool_client_destroy(client) == AKOOL_OK);
  EXPECT(5, akool_client_destroy(client) == AKOOL_ERR_BAD_HANDLE);
  EXPECT(6, becomes(thread_count, 1));
  return 0;
}

static int new_client_beside_the_old_one(void *argument) {
  akool_client *fresh = NULL;
  EXPECT(1, akool_client_create("{" SIMULATOR "}", &fresh, NULL) == AKOOL_OK);
  EXPECT(2, fresh != argument);
  EXPECT(3, akool_cancel(argument, 1) == AKOOL_ERR_FORKED);
  EXPECT(4, akool_call(fresh, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, NULL) == AKOOL_OK);
  EXPECT(5, akool_client_destroy(argument) == AKOOL_ERR_FORKED);
  EXPECT(6, akool_client_destroy(fresh) == AKOOL_OK);
  return 0;
}

static int grandchild_works_too(void *argument) {
  akool_client *client = NULL;
  (void)argument;
  EXPECT(1, akool_client_create("{" SIMULATOR "}", &client, NULL) == AKOOL_OK);
  EXPECT(2, in_child(old_handle_is_forked, client) == 0);
  EXPECT(3, in_child(new_client_works, NULL) == 0);
  EXPECT(4, akool_call(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, NULL) == AKOOL_OK);
  EXPECT(5, akool_client_destroy(client) == AKOOL_OK);
  return 0;
}

/* Ends by exit, so that the exit handlers run in a process whose threads did not survive the fork. */
static int leave_by_exit(void *argument) {
  akool_client *client = NULL;
  (void)argument;
  if (akool_client_create("{" SIMULATOR "}", &client, NULL) != AKOOL_OK) _exit(1);
  if (akool_submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, NULL, NULL, NULL) != AKOOL_OK) _exit(2);
  exit(0);
}

static int leave_by_exit_without_a_client(void *argument) {
  (void)argument;
  exit(0);
}

TEST(the_old_handle_is_forked) {
  akool_client *client = simulated_client();
  submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL);
  assert_int_equal(0, in_child(old_handle_is_forked, client));
  call_and_forget(client, AKOOL_OP_ACCOUNT_CREDIT, NULL);
  end_client(client);
}

TEST(a_new_client_in_the_child_works) {
  akool_client *client = simulated_client();
  call_and_forget(client, AKOOL_OP_ACCOUNT_CREDIT, NULL);
  for (int i = 0; i < rounds(50); i++) assert_int_equal(0, in_child(new_client_works, NULL));
  call_and_forget(client, AKOOL_OP_ACCOUNT_CREDIT, NULL);
  end_client(client);
}

TEST(old_and_new_are_told_apart) {
  akool_client *client = simulated_client();
  assert_int_equal(0, in_child(new_client_beside_the_old_one, client));
  end_client(client);
}

TEST(grandchildren_too) {
  akool_client *client = simulated_client();
  assert_int_equal(0, in_child(grandchild_works_too, NULL));
  end_client(client);
}

TEST(a_child_may_exit) {
  akool_client *client = simulated_client();
  call_and_forget(client, AKOOL_OP_ACCOUNT_CREDIT, NULL);
  assert_int_equal(0, in_child(leave_by_exit_without_a_client, NULL));
  assert_int_equal(0, in_child(leave_by_exit, NULL));
  call_and_forget(client, AKOOL_OP_ACCOUNT_CREDIT, NULL);
  end_client(client);
}

/* ------------------------------------------------------------- in a callback */

static volatile pid_t forked;

static void fork_and_return(akool_client *client, const char *event, void *user_data) {
  (void)client;
  (void)event;
  (void)user_data;
  if (!forked) forked = fork();
}

static int has_forked(void) { return forked > 0; }

TEST(a_child_that_returns_from_a_callback_ends) {
  akool_client *client = simulated_client();
  forked = 0;
  assert_int_equal(AKOOL_OK, akool_client_set_status_callback(client, fork_and_return, NULL));
  assert_int_equal(AKOOL_OK, akool_submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, NULL, NULL, NULL));
  assert_true(becomes(has_forked, 1));
  assert_int_equal(0, finish_child(forked));
  call_and_forget(client, AKOOL_OP_ACCOUNT_CREDIT, NULL);
  end_client(client);
}

/* ------------------------------------------------------------- without standard streams */

static int standard_streams_stay_closed(void *argument) {
  akool_client *client = NULL;
  int problem = 0;
  (void)argument;
  for (int i = 0; i < 3; i++) close(i);
  if (akool_client_create("{\"base_url\": \"http://127.0.0.1:9\", \"api_key\": \"k\", \"environment\": false,"
                          " \"max_attempts\": 1, \"timeout_ms\": 2000}",
                          &client, NULL) != AKOOL_OK)
    return 1;
  akool_call(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, NULL);
  akool_client_event_fd(client);
  for (int i = 0; i < 3; i++)
    if (fcntl(i, F_GETFD) != -1) problem = 2 + i;
  akool_client_destroy(client);
  return problem;
}

TEST(descriptors_of_a_client_are_never_the_standard_ones) {
  assert_int_equal(0, in_child(standard_streams_stay_closed, NULL));
}

/* ------------------------------------------------------------- under load */

static volatile bool stop;

static void *load(void *client) {
  while (!stop) akool_call(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, NULL);
  return NULL;
}

static void *churn(void *unused) {
  (void)unused;
  while (!stop) {
    akool_client *client = NULL;
    if (akool_client_create("{" SIMULATOR "}", &client, NULL) == AKOOL_OK) akool_client_destroy(client);
  }
  return NULL;
}

TEST(forking_while_others_call_and_create) {
  akool_client *client = simulated_client();
  pthread_t callers[3];
  stop = false;
  for (int i = 0; i < 3; i++)
    assert_int_equal(0, pthread_create(&callers[i], NULL, i < 2 ? load : churn, i < 2 ? client : NULL));
  int failures = 0;
  for (int i = 0; i < rounds(50); i++) {
    if (in_child(old_handle_is_forked, client) != 0) failures++;
    if (in_child(new_client_works, NULL) != 0) failures++;
  }
  stop = true;
  for (int i = 0; i < 3; i++) pthread_join(callers[i], NULL);
  assert_int_equal(0, failures);
  end_client(client);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_old_handle_is_forked),
      cmocka_unit_test(a_new_client_in_the_child_works),
      cmocka_unit_test(old_and_new_are_told_apart),
      cmocka_unit_test(grandchildren_too),
      cmocka_unit_test(a_child_may_exit),
      cmocka_unit_test(a_child_that_returns_from_a_callback_ends),
      cmocka_unit_test(descriptors_of_a_client_are_never_the_standard_ones),
      cmocka_unit_test(forking_while_others_call_and_create),
  };
  return RUN(tests);
}
