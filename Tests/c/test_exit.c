/*
 * Process exit at any moment is safe, with destroy and without it; afterwards every function answers
 * SHUTTING_DOWN. Each ending runs in a process of its own: this program, started again with its name.
 */
#define _GNU_SOURCE
#include "support.h"

#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char myself[PATH_MAX];
static akool_client *client;

static void make_busy_client(void) {
  if (akool_client_create("{" SIMULATOR "}", &client, NULL) != AKOOL_OK) _exit(90);
  for (int i = 0; i < 50; i++) akool_submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, NULL, NULL, NULL);
}

/* ---------------------------------------------------------------- endings */

static int return_from_main(void) {
  make_busy_client();
  return 0;
}

static int destroy_first(void) {
  make_busy_client();
  return akool_client_destroy(client) == AKOOL_OK ? 0 : 1;
}

static int quick_exit_at_once(void) {
  make_busy_client();
  _exit(0);
}

static void *call_exit(void *unused) {
  (void)unused;
  exit(0);
}

static int exit_on_another_thread(void) {
  pthread_t thread;
  make_busy_client();
  pthread_create(&thread, NULL, call_exit, NULL);
  akool_client_next_event(client, -1, NULL);
  pthread_join(thread, NULL);
  return 1;
}

static void exit_inside(akool_client *of, uint64_t request, akool_result result, const char *reply, void *user_data) {
  (void)of;
  (void)request;
  (void)result;
  (void)reply;
  (void)user_data;
  exit(0);
}

static int exit_inside_a_callback(void) {
  make_busy_client();
  akool_submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, exit_inside, NULL, NULL);
  sleep(UINT_MAX);
  return 1;
}

static void stay_forever(akool_client *of, const char *event, void *user_data) {
  (void)of;
  (void)event;
  open_gate(user_data);
  sleep(UINT_MAX);
}

static int exit_while_a_callback_hangs(void) {
  struct gate *entered = new_gate();
  make_busy_client();
  akool_client_set_status_callback(client, stay_forever, entered);
  return pass_gate(entered) ? 0 : 1;
}

static void *wait_forever(void *request) {
  akool_wait(client, *(uint64_t *)request, -1, NULL);
  sleep(UINT_MAX);
  return NULL;
}

static int exit_while_others_wait(void) {
  static uint64_t request;
  pthread_t thread;
  make_busy_client();
  hold_back(client, AKOOL_OP_SESSION_LIST, 600000);
  akool_submit(client, AKOOL_OP_SESSION_LIST, NULL, "{\"reply\":\"wait\"}", NULL, NULL, &request);
  pthread_create(&thread, NULL, wait_forever, &request);
  return 0;
}

static int terminated_by_a_signal(void) {
  make_busy_client();
  raise(SIGTERM);
  return 1;
}

/* Registered before the library's own handler, so it runs after it, as C++ destructors do. */
static void call_late(void) {
  const akool_result sensible[] = {AKOOL_ERR_SHUTTING_DOWN, AKOOL_ERR_BAD_HANDLE};
  akool_client *another = NULL;
  char *reply = NULL;
  if (akool_call(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, &reply) != AKOOL_ERR_SHUTTING_DOWN) _exit(1);
  if (akool_submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, NULL, NULL, NULL) != AKOOL_ERR_SHUTTING_DOWN) _exit(2);
  if (akool_wait(client, 1, -1, NULL) != AKOOL_ERR_SHUTTING_DOWN) _exit(3);
  if (akool_client_next_event(client, -1, NULL) != AKOOL_ERR_SHUTTING_DOWN) _exit(4);
  if (akool_client_create("{" SIMULATOR "}", &another, NULL) != AKOOL_ERR_SHUTTING_DOWN || another) _exit(5);
  if (!one_of(akool_client_destroy(client), sensible, COUNT(sensible))) _exit(6);
  if (!one_of(akool_client_destroy(client), sensible, COUNT(sensible))) _exit(7);
  if (strcmp(akool_result_name(AKOOL_ERR_SHUTTING_DOWN), "SHUTTING_DOWN") != 0) _exit(8);
  akool_string_free(reply);
}

static int call_after_the_exit_handler(void) {
  if (atexit(call_late) != 0) return 9;
  make_busy_client();
  return 0;
}

static const struct {
  const char *name;
  int (*run)(void);
} endings[] = {
    {"return_from_main", return_from_main},
    {"destroy_first", destroy_first},
    {"quick_exit_at_once", quick_exit_at_once},
    {"exit_on_another_thread", exit_on_another_thread},
    {"exit_inside_a_callback", exit_inside_a_callback},
    {"exit_while_a_callback_hangs", exit_while_a_callback_hangs},
    {"exit_while_others_wait", exit_while_others_wait},
    {"terminated_by_a_signal", terminated_by_a_signal},
    {"call_after_the_exit_handler", call_after_the_exit_handler},
};

/* -------------------------------------------------------------- the tests */

static int end_so(const char *name) {
  fflush(NULL);
  int pid = fork();
  if (pid == 0) {
    execl(myself, myself, name, (char *)NULL);
    _exit(99);
  }
  return finish_child(pid);
}

static void assert_ends(const char *name, int expected) {
  for (int i = 0; i < rounds(10); i++) assert_int_equal(expected, end_so(name));
}

TEST(returning_from_main_without_destroy) { assert_ends("return_from_main", 0); }
TEST(destroying_before_the_end) { assert_ends("destroy_first", 0); }
TEST(leaving_without_exit_handlers) { assert_ends("quick_exit_at_once", 0); }
TEST(exiting_on_another_thread) { assert_ends("exit_on_another_thread", 0); }
TEST(exiting_inside_a_callback) { assert_ends("exit_inside_a_callback", 0); }
TEST(exiting_while_others_wait) { assert_ends("exit_while_others_wait", 0); }
TEST(a_signal_still_ends_the_process) { assert_ends("terminated_by_a_signal", -1); }
TEST(late_calls_are_refused) { assert_ends("call_after_the_exit_handler", 0); }

TEST(a_callback_that_hangs_delays_the_exit_for_a_moment_only) {
  int64_t start = now_ms();
  assert_int_equal(0, end_so("exit_while_a_callback_hangs"));
  assert_true(now_ms() - start < patience(10000));
}

TEST(no_signal_handler_is_changed) {
  struct sigaction before[32], after;
  for (int number = 1; number < 32; number++) sigaction(number, NULL, &before[number]);
  end_client(simulated_client());
  for (int number = 1; number < 32; number++) {
    sigaction(number, NULL, &after);
    assert_ptr_equal(before[number].sa_handler, after.sa_handler);
  }
}

static int run_ending(const char *name) {
  for (size_t i = 0; i < COUNT(endings); i++)
    if (strcmp(endings[i].name, name) == 0) return endings[i].run();
  return 98;
}

int main(int argc, char **argv) {
  if (argc > 1) return run_ending(argv[1]);
  if (readlink("/proc/self/exe", myself, sizeof myself - 1) < 0) return 97;
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(returning_from_main_without_destroy),
      cmocka_unit_test(destroying_before_the_end),
      cmocka_unit_test(leaving_without_exit_handlers),
      cmocka_unit_test(exiting_on_another_thread),
      cmocka_unit_test(exiting_inside_a_callback),
      cmocka_unit_test(exiting_while_others_wait),
      cmocka_unit_test(a_signal_still_ends_the_process),
      cmocka_unit_test(late_calls_are_refused),
      cmocka_unit_test(a_callback_that_hangs_delays_the_exit_for_a_moment_only),
      cmocka_unit_test(no_signal_handler_is_changed),
  };
  return RUN(tests);
}
