/*
 * The whole job, as a person runs it: AKOOL_WHOLE_JOB is the command (conftest.py sets it). The tests over HTTP need
 * a simulator without TLS (AKOOL_SIMULATOR_PLAIN_URL, or AKOOL_SIMULATOR_URL) and are skipped without it.
 */
#define _GNU_SOURCE
#include "support.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct run {
  char text[65536]; /* all it printed, both streams */
  int status;
};

static int start(const char *arguments, FILE **output) {
  int ends[2];
  char *command = format("exec %s %s", getenv("AKOOL_WHOLE_JOB"), arguments);
  assert_int_equal(0, pipe(ends));
  fflush(NULL);
  int pid = fork();
  if (pid == 0) {
    dup2(ends[1], STDOUT_FILENO);
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(99);
  }
  close(ends[1]);
  *output = fdopen(ends[0], "r");
  free(command);
  return pid;
}

/* Runs it, and presses Ctrl-C when it prints `moment` (NULL: never). */
static struct run run_job(const char *arguments, const char *moment) {
  static char line[4096];
  struct run run;
  FILE *output = NULL;
  size_t length = 0;
  int pid = start(arguments, &output);
  memset(&run, 0, sizeof run);
  while (fgets(line, sizeof line, output)) {
    length += (size_t)snprintf(run.text + length, sizeof run.text - length, "%s", line);
    assert_true(length < sizeof run.text);
    if (!moment || !strstr(line, moment)) continue;
    kill(pid, SIGINT);
    moment = NULL;
  }
  fclose(output);
  run.status = finish_child(pid);
  return run;
}

static void assert_says(const struct run *run, const char *needle) {
  if (!strstr(run->text, needle)) fail_msg("“%s” is not in:\n%s", needle, run->text);
}

static void assert_does_not_say(const struct run *run, const char *needle) {
  if (strstr(run->text, needle)) fail_msg("“%s” is in:\n%s", needle, run->text);
}

static void assert_whole_job(const struct run *run) {
  const char *const landmarks[] = {
      "nothing is charged", "processing", "ready",     "transport", "token", "taken in advance", "(ours)",
      "seen to be closed",  "after",      "Refunded:", "Done."};
  const char *place = run->text;
  assert_memory_equal("SIMULATED", run->text, 9);
  assert_true(strstr(run->text, "nothing is charged") < strchr(run->text, '\n'));
  for (size_t i = 0; i < COUNT(landmarks); i++) {
    place = strstr(place, landmarks[i]);
    if (!place) fail_msg("“%s” does not come in its turn in:\n%s", landmarks[i], run->text);
  }
  assert_int_equal(0, run->status);
}

/* Runs first of all: a key in the environment must not turn a simulated run into a real one. */
static int pretend_to_have_a_key(void **state) {
  (void)state;
  return setenv("AKOOL_API_KEY", "not-to-be-used", 1);
}

static int forget_the_key(void **state) {
  (void)state;
  return unsetenv("AKOOL_API_KEY");
}

TEST(simulated_it_ends_with_the_refund) {
  struct run run = run_job("", NULL);
  assert_whole_job(&run);
  assert_int_equal(0, access("akool.ledger", F_OK));
}

TEST(ctrl_c_while_the_avatar_is_made) {
  struct run run = run_job("", "Make an avatar");
  assert_says(&run, "CANCELLED");
  assert_says(&run, "Stopped by Ctrl-C.");
  assert_does_not_say(&run, "Open a session");
  assert_int_equal(1, run.status);
}

TEST(ctrl_c_while_the_session_is_open_closes_it) {
  const char *moments[] = {"Open a session", "transport", "taken in advance", "(ours)"};
  for (size_t i = 0; i < COUNT(moments); i++) {
    struct run run = run_job("", moments[i]);
    assert_says(&run, "Ctrl-C");
    if (strstr(run.text, "transport")) assert_says(&run, "seen to be closed");
    if (strstr(run.text, "transport")) assert_says(&run, "Refunded:");
    assert_true(run.status == 0 || run.status == 1);
  }
}

TEST(a_real_run_without_a_key_says_what_is_missing) {
  struct run run = run_job("--real", NULL);
  assert_memory_equal("REAL", run.text, 4);
  assert_says(&run, "UNAUTHENTICATED");
  assert_says(&run, "AKOOL_API_KEY");
  assert_int_equal(1, run.status);
}

TEST(a_wrong_flag_shows_the_usage) {
  const char *wrong[] = {"--rael", "--base-url", "x", "--upload"};
  for (size_t i = 0; i < COUNT(wrong); i++) {
    struct run run = run_job(wrong[i], NULL);
    assert_memory_equal("usage:", run.text, 6);
    assert_int_equal(2, run.status);
  }
}

TEST(a_wrong_address_says_so) {
  struct run run = run_job("--base-url http://127.0.0.1:1", NULL);
  assert_memory_equal("SIMULATED", run.text, 9);
  assert_says(&run, "UNAVAILABLE");
  assert_int_equal(1, run.status);
}

/* ---------------------------------------------------------------- over HTTP */

static const char *simulator(void) {
  const char *plain = getenv("AKOOL_SIMULATOR_PLAIN_URL"), *url = getenv("AKOOL_SIMULATOR_URL");
  if (plain) return plain;
  return url && strncmp(url, "http://", 7) == 0 ? url : NULL;
}

TEST(over_http_it_does_the_same) {
  if (!simulator()) skip();
  char *arguments = format("--base-url %s", simulator());
  struct run run = run_job(arguments, NULL);
  assert_whole_job(&run);
  free(arguments);
}

static int take_the_simulators_key(void **state) {
  (void)state;
  return setenv("AKOOL_API_KEY", "simulator", 1);
}

TEST(a_real_run_says_what_it_costs_before_it_does_it) {
  if (!simulator()) skip();
  char *arguments = format("--real --base-url %s", simulator());
  struct run run = run_job(arguments, "Starting in 5 seconds");
  assert_memory_equal("REAL", run.text, 4);
  assert_says(&run, "This costs credit.");
  assert_says(&run, "60 seconds");
  assert_says(&run, "Stopped by Ctrl-C.");
  assert_does_not_say(&run, "Open a session");
  free(arguments);
}

TEST(a_real_run_takes_an_official_avatar_and_closes_at_ctrl_c) {
  if (!simulator()) skip();
  char *arguments = format("--real --base-url %s", simulator());
  struct run run = run_job(arguments, "join now");
  assert_says(&run, "Choose an official avatar");
  assert_says(&run, "Open a session of 60 seconds");
  assert_says(&run, "seen to be closed");
  assert_says(&run, "Refunded:");
  assert_does_not_say(&run, "Make an avatar");
  free(arguments);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(simulated_it_ends_with_the_refund, pretend_to_have_a_key, forget_the_key),
      cmocka_unit_test(ctrl_c_while_the_avatar_is_made),
      cmocka_unit_test(ctrl_c_while_the_session_is_open_closes_it),
      cmocka_unit_test(a_real_run_without_a_key_says_what_is_missing),
      cmocka_unit_test(a_wrong_flag_shows_the_usage),
      cmocka_unit_test(a_wrong_address_says_so),
      cmocka_unit_test(over_http_it_does_the_same),
      cmocka_unit_test_setup_teardown(a_real_run_says_what_it_costs_before_it_does_it, take_the_simulators_key,
                                      forget_the_key),
      cmocka_unit_test_setup_teardown(a_real_run_takes_an_official_avatar_and_closes_at_ctrl_c, take_the_simulators_key,
                                      forget_the_key),
  };
  if (!getenv("AKOOL_WHOLE_JOB")) return 97;
  return RUN(tests);
}
