/* Version, names of results, the catalogue, and who frees what. */
#include "support.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
  akool_result result;
  const char *name;
} codes[] = {
    {AKOOL_OK, "OK"},
    {AKOOL_ERR_INVALID_ARGUMENT, "INVALID_ARGUMENT"},
    {AKOOL_ERR_BAD_HANDLE, "BAD_HANDLE"},
    {AKOOL_ERR_WRONG_THREAD, "WRONG_THREAD"},
    {AKOOL_ERR_UNAUTHENTICATED, "UNAUTHENTICATED"},
    {AKOOL_ERR_FORBIDDEN, "FORBIDDEN"},
    {AKOOL_ERR_NOT_FOUND, "NOT_FOUND"},
    {AKOOL_ERR_ALREADY_EXISTS, "ALREADY_EXISTS"},
    {AKOOL_ERR_AVATAR_BUSY, "AVATAR_BUSY"},
    {AKOOL_ERR_RATE_LIMITED, "RATE_LIMITED"},
    {AKOOL_ERR_QUOTA_EXCEEDED, "QUOTA_EXCEEDED"},
    {AKOOL_ERR_SESSION_ENDED, "SESSION_ENDED"},
    {AKOOL_ERR_REMOTE_FAILED, "REMOTE_FAILED"},
    {AKOOL_ERR_UNAVAILABLE, "UNAVAILABLE"},
    {AKOOL_ERR_TIMEOUT, "TIMEOUT"},
    {AKOOL_ERR_CANCELLED, "CANCELLED"},
    {AKOOL_ERR_OUTCOME_UNKNOWN, "OUTCOME_UNKNOWN"},
    {AKOOL_ERR_LOCAL_LIMIT, "LOCAL_LIMIT"},
    {AKOOL_ERR_RESOURCE_EXPIRED, "RESOURCE_EXPIRED"},
    {AKOOL_ERR_BAD_RESPONSE, "BAD_RESPONSE"},
    {AKOOL_ERR_LOCAL_IO, "LOCAL_IO"},
    {AKOOL_ERR_SHUTTING_DOWN, "SHUTTING_DOWN"},
    {AKOOL_ERR_FORKED, "FORKED"},
    {AKOOL_ERR_INTERNAL, "INTERNAL"},
};

TEST(version_is_three_numbers_and_static) {
  unsigned major, minor, patch;
  char rest;
  assert_int_equal(3, sscanf(akool_version(), "%u.%u.%u%c", &major, &minor, &patch, &rest));
  assert_ptr_equal(akool_version(), akool_version());
}

TEST(result_numbers_are_stable_and_named) {
  for (size_t i = 0; i < COUNT(codes); i++) {
    assert_int_equal(i, codes[i].result);
    assert_string_equal(codes[i].name, akool_result_name(codes[i].result));
    assert_ptr_equal(akool_result_name(codes[i].result), akool_result_name(codes[i].result));
  }
}

TEST(unknown_results_have_a_name_too) {
  const akool_result strangers[] = {-1, INT32_MIN, INT32_MAX, (akool_result)COUNT(codes), 4711};
  for (size_t i = 0; i < COUNT(strangers); i++) assert_string_equal("UNKNOWN", akool_result_name(strangers[i]));
}

TEST(freeing_null_is_fine) {
  akool_string_free(NULL);
  assert_non_null(akool_version());
}

static char *catalogue(void) {
  char *json = NULL;
  assert_result(AKOOL_OK, akool_describe(&json));
  assert_non_null(json);
  return json;
}

static void assert_mentions(const char *json, const char *name) {
  char *quoted = format("\"%s\"", name);
  if (!strstr(json, quoted)) fail_msg("the catalogue does not mention %s", name);
  free(quoted);
}

TEST(catalogue_has_every_result_code) {
  char *json = catalogue();
  for (size_t i = 0; i < COUNT(codes); i++) assert_mentions(json, codes[i].name);
  akool_string_free(json);
}

TEST(catalogue_has_every_operation_event_and_key) {
  const char *names[] = {
      AKOOL_OP_AVATAR_CREATE,
      AKOOL_OP_AVATAR_DETAIL,
      AKOOL_OP_AVATAR_LIST,
      AKOOL_OP_AVATAR_WAIT,
      AKOOL_OP_SESSION_CREATE,
      AKOOL_OP_SESSION_CLOSE,
      AKOOL_OP_SESSION_LIST,
      AKOOL_OP_SESSION_DETAIL,
      AKOOL_OP_ACCOUNT_CREDIT,
      AKOOL_OP_REQUEST,
      AKOOL_OP_CLIENT_CLOSE,
      AKOOL_OP_CLIENT_STATS,
      "avatar.state_changed",
      "reply",
      "call.retrying",
      "base_url",
      "api_key",
      "timeout_ms",
      "max_attempts",
      "max_requests",
      "duration",
      "avatar_id",
      "validate",
      "environment",
  };
  char *json = catalogue();
  for (size_t i = 0; i < COUNT(names); i++) assert_mentions(json, names[i]);
  akool_string_free(json);
}

TEST(catalogue_is_json_and_the_callers_own) {
  char *one = catalogue(), *other = catalogue();
  assert_ptr_not_equal(one, other);
  assert_string_equal(one, other);
  char *whole = text_at(one, "");
  assert_string_equal(one, whole);
  akool_string_free(one);
  assert_true(has(other, ""));
  akool_string_free(other);
  akool_string_free(whole);
}

TEST(describe_without_a_place_for_the_answer) {
  const akool_result sensible[] = {AKOOL_OK, AKOOL_ERR_INVALID_ARGUMENT};
  assert_true(one_of(akool_describe(NULL), sensible, COUNT(sensible)));
}

TEST(strings_outlive_their_client) {
  akool_client *client = simulated_client();
  char *reply = call(client, AKOOL_OP_ACCOUNT_CREDIT, NULL);
  end_client(client);
  assert_true(has(reply, "/data/credit"));
  akool_string_free(reply);
}

static void *free_it(void *string) {
  akool_string_free(string);
  return NULL;
}

TEST(strings_may_be_freed_on_another_thread) {
  pthread_t thread;
  char *json = catalogue();
  assert_int_equal(0, pthread_create(&thread, NULL, free_it, json));
  assert_int_equal(0, pthread_join(thread, NULL));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(version_is_three_numbers_and_static),
      cmocka_unit_test(result_numbers_are_stable_and_named),
      cmocka_unit_test(unknown_results_have_a_name_too),
      cmocka_unit_test(freeing_null_is_fine),
      cmocka_unit_test(catalogue_has_every_result_code),
      cmocka_unit_test(catalogue_has_every_operation_event_and_key),
      cmocka_unit_test(catalogue_is_json_and_the_callers_own),
      cmocka_unit_test(describe_without_a_place_for_the_answer),
      cmocka_unit_test(strings_outlive_their_client),
      cmocka_unit_test(strings_may_be_freed_on_another_thread),
  };
  return RUN(tests);
}
