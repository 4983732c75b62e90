#define _GNU_SOURCE
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double factor(void) {
  const char *slowness = getenv("AKOOL_TEST_SLOWNESS");
  double value = slowness ? strtod(slowness, NULL) : 1;
  return value >= 1 ? value : 1;
}

int rounds(int full) { return getenv("AKOOL_TEST_REDUCED") ? (full + 9) / 10 : full; }

int races(void) {
  const char *given = getenv("AKOOL_TEST_RACES");
  int count = given ? (int)strtol(given, NULL, 10) : 0;
  return count > 0 ? count : rounds(100000);
}

int64_t patience(int64_t milliseconds) { return (int64_t)((double)milliseconds * factor()); }

void announce(const char *test) { print_message("running: %s\n", test); }

void prepare_run(void) {
  const char *only = getenv("AKOOL_TEST_ONLY");
  /* A crash loses what is still in the buffer. */
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (only) cmocka_set_test_filter(only);
}

void check_result(akool_result expected, akool_result actual, const char *what, const char *file, int line) {
  if (expected == actual) return;
  print_error("%s: %s, not %s\n", what, akool_result_name(actual), akool_result_name(expected));
  _fail(file, line);
}

bool one_of(akool_result result, const akool_result *allowed, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (allowed[i] == result) return true;
  return false;
}

/* ---------------------------------------------------------------- clients */

akool_client *client_with(const char *configuration) {
  akool_client *client = NULL;
  char *error = NULL;
  akool_result result = akool_client_create(configuration, &client, &error);
  if (error) print_error("%s\n", error);
  akool_string_free(error);
  assert_result(AKOOL_OK, result);
  assert_non_null(client);
  return client;
}

akool_client *simulated_client(void) { return client_with("{" SIMULATOR "}"); }

void end_client(akool_client *client) { assert_result(AKOOL_OK, akool_client_destroy(client)); }

void assert_refused(const char *configuration, akool_result expected, const char *needle) {
  akool_client *client = (akool_client *)&client;
  char *error = NULL;
  akool_result result = akool_client_create(configuration, &client, &error);
  if (result != expected) print_error("configuration: %.200s\n%s\n", configuration, error ? error : "");
  assert_result(expected, result);
  assert_null(client);
  assert_failed_reply(error, expected, needle);
  akool_string_free(error);
}

/* ------------------------------------------------------------------ calls */

char *call_with(akool_client *client, const char *operation, const char *parameters, const char *options) {
  char *reply = NULL;
  akool_result result = akool_call(client, operation, parameters, options, &reply);
  if (result != AKOOL_OK) print_error("%s %s: %s\n", operation, parameters, reply ? reply : "no reply");
  assert_result(AKOOL_OK, result);
  assert_non_null(reply);
  assert_true(has(reply, "/data"));
  assert_false(has(reply, "/error"));
  return reply;
}

char *call(akool_client *client, const char *operation, const char *parameters) {
  return call_with(client, operation, parameters, NULL);
}

void call_and_forget(akool_client *client, const char *operation, const char *parameters) {
  akool_string_free(call(client, operation, parameters));
}

void assert_failed_reply(const char *reply, akool_result expected, const char *needle) {
  assert_non_null(reply);
  assert_false(has(reply, "/data"));
  assert_at(reply, "/error/code", akool_result_name(expected));
  char *message = text_at(reply, "/error/message");
  assert_true(message[0] != '\0');
  akool_string_free(message);
  if (!needle || strstr(reply, needle)) return;
  print_error("“%s” is not in %.500s\n", needle, reply);
  fail();
}

void assert_call_fails(akool_client *client, const char *operation, const char *parameters, const char *options,
                       akool_result expected, const char *needle) {
  char *reply = NULL;
  akool_result result = akool_call(client, operation, parameters, options, &reply);
  if (result != expected) print_error("%s %.200s: %.500s\n", operation, parameters, reply ? reply : "no reply");
  assert_result(expected, result);
  assert_failed_reply(reply, expected, needle);
  akool_string_free(reply);
}

uint64_t submit(akool_client *client, const char *operation, const char *parameters, const char *options) {
  uint64_t request = 0;
  assert_result(AKOOL_OK, akool_submit(client, operation, parameters, options, NULL, NULL, &request));
  assert_true(request != 0);
  return request;
}

/* ------------------------------------------------------------------- JSON */

char *text_at(const char *json, const char *pointer) {
  char *value = NULL;
  assert_non_null(json);
  if (akool_json_get(json, pointer, &value) == AKOOL_OK) return value;
  print_error("nothing at %s in %.500s\n", pointer, json);
  fail();
  return NULL;
}

double number_at(const char *json, const char *pointer) {
  char *text = text_at(json, pointer), *end = NULL;
  double number = strtod(text, &end);
  bool whole = end != text && *end == '\0';
  akool_string_free(text);
  assert_true(whole);
  return number;
}

bool is_at(const char *json, const char *pointer, const char *expected) {
  char *value = NULL;
  bool same = akool_json_get(json, pointer, &value) == AKOOL_OK && strcmp(value, expected) == 0;
  akool_string_free(value);
  return same;
}

bool has(const char *json, const char *pointer) {
  char *value = NULL;
  bool found = akool_json_get(json, pointer, &value) == AKOOL_OK;
  akool_string_free(value);
  return found;
}

void assert_at(const char *json, const char *pointer, const char *expected) {
  char *value = text_at(json, pointer);
  bool same = strcmp(value, expected) == 0;
  if (!same) print_error("%s is “%s”, not “%s”\n", pointer, value, expected);
  akool_string_free(value);
  assert_true(same);
}

char *format(const char *pattern, ...) {
  va_list arguments;
  char *text = NULL;
  va_start(arguments, pattern);
  int length = vasprintf(&text, pattern, arguments);
  va_end(arguments);
  if (length < 0) abort();
  return text;
}

char *nested(const char *open, size_t levels) {
  size_t width = strlen(open);
  char *text = malloc(width * levels + 1);
  if (!text) abort();
  for (size_t i = 0; i < levels; i++) memcpy(text + i * width, open, width);
  text[width * levels] = '\0';
  return text;
}

/* -------------------------------------------------------------- simulator */

void set_faults(akool_client *client, const char *rules) {
  char *parameters = format("{\"method\":\"POST\",\"path\":\"/_simulator/faults\",\"body\":{\"rules\":%s}}", rules);
  call_and_forget(client, AKOOL_OP_REQUEST, parameters);
  free(parameters);
}

void hold_back(akool_client *client, const char *operation, int milliseconds) {
  char *rules = format("[{\"match\":{\"operation\":\"%s\"},\"fault\":{\"delay_ms\":%d}}]", operation, milliseconds);
  set_faults(client, rules);
  free(rules);
}

void advance_clock(akool_client *client, int seconds) {
  char *parameters =
      format("{\"method\":\"POST\",\"path\":\"/_simulator/clock\",\"body\":{\"advance_s\":%d}}", seconds);
  call_and_forget(client, AKOOL_OP_REQUEST, parameters);
  free(parameters);
}

int received(akool_client *client) {
  char *reply = call(client, AKOOL_OP_REQUEST, "{\"method\":\"GET\",\"path\":\"/_simulator/requests\"}");
  int count = (int)number_at(reply, "/data/count");
  akool_string_free(reply);
  return count;
}

char *ready_avatar(akool_client *client, const char *avatar_id) {
  char *parameters = format("{\"avatar_id\":\"%s\",\"url\":\"https://example.com/me.mp4\"}", avatar_id);
  char *created = call(client, AKOOL_OP_AVATAR_CREATE, parameters);
  char *id = text_at(created, "/data/_id"), *name = text_at(created, "/data/avatar_id");
  char *wait = format("{\"id\":\"%s\"}", id);
  call_and_forget(client, AKOOL_OP_AVATAR_WAIT, wait);
  free(parameters);
  free(wait);
  akool_string_free(created);
  akool_string_free(id);
  return name;
}
