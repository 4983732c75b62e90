/*
 * Garbage for every argument: whatever comes in, a result code comes out, and the client goes on working.
 * The random part is the same in every run; a failure prints the text that did it.
 */
#include "support.h"

#include <stdio.h>
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

static uint32_t seed = 20250601;

static uint32_t next_random(void) {
  seed ^= seed << 13;
  seed ^= seed >> 17;
  seed ^= seed << 5;
  return seed;
}

static const char *const invalid_utf8[] = {
    "\x80",
    "\xbf",
    "\xff",
    "\xfe",
    "\xc0\x80",
    "\xc1\xbf",
    "\xc3",
    "\xe4\xbd",
    "\xf0\x9f\x98",
    "\xe0\x80\x80",
    "\xe0\x9f\xbf",
    "\xed\xa0\x80",
    "\xed\xbf\xbf",
    "\xf0\x80\x80\x80",
    "\xf4\x90\x80\x80",
    "\xf5\x80\x80\x80",
    "\xf8\x88\x80\x80\x80",
    "\xfc\x84\x80\x80\x80\x80",
    "\xc3\xc3",
    "a\xe4z",
};

/* -------------------------------------------------------- one thing at a time */

TEST(invalid_utf8_everywhere) {
  for (size_t i = 0; i < COUNT(invalid_utf8); i++) {
    char *object = format("{\"id\":\"%s\"}", invalid_utf8[i]), *key = format("{\"%s\":1}", invalid_utf8[i]);
    char *configuration = format("{" SIMULATOR ",\"api_key\":\"%s\"}", invalid_utf8[i]);
    assert_call_fails(client, invalid_utf8[i], NULL, NULL, AKOOL_ERR_INVALID_ARGUMENT, NULL);
    assert_call_fails(client, AKOOL_OP_SESSION_DETAIL, object, NULL, AKOOL_ERR_INVALID_ARGUMENT, NULL);
    assert_call_fails(client, AKOOL_OP_SESSION_DETAIL, key, NULL, AKOOL_ERR_INVALID_ARGUMENT, NULL);
    assert_call_fails(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, key, AKOOL_ERR_INVALID_ARGUMENT, NULL);
    assert_refused(configuration, AKOOL_ERR_INVALID_ARGUMENT, NULL);
    free(object);
    free(key);
    free(configuration);
  }
}

TEST(nulls_in_every_combination) {
  for (int mask = 0; mask < 32; mask++) {
    const char *operation = mask & 1 ? AKOOL_OP_ACCOUNT_CREDIT : NULL, *empty = "{}";
    const char *parameters = mask & 2 ? empty : NULL, *options = mask & 4 ? empty : NULL;
    akool_result expected = operation ? AKOOL_OK : AKOOL_ERR_INVALID_ARGUMENT;
    char *reply = NULL;
    uint64_t request = 0;
    assert_result(expected, akool_call(client, operation, parameters, options, mask & 8 ? &reply : NULL));
    if (reply && expected) assert_failed_reply(reply, expected, NULL);
    akool_string_free(reply);
    akool_result result =
        akool_submit(client, operation, parameters, options, NULL, client, mask & 16 ? &request : NULL);
    if (operation) assert_result(AKOOL_OK, result);
    if (result == AKOOL_OK) assert_result(AKOOL_OK, akool_client_next_event(client, patience(10000), NULL));
  }
}

TEST(very_long_names) {
  char *name = nested("session.create", 100000);
  char *key = format("{\"%s\":1}", name), *value = format("{\"id\":\"%s\"}", name);
  assert_call_fails(client, name, NULL, NULL, AKOOL_ERR_INVALID_ARGUMENT, NULL);
  assert_call_fails(client, AKOOL_OP_SESSION_DETAIL, key, NULL, AKOOL_ERR_INVALID_ARGUMENT, NULL);
  assert_call_fails(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, key, AKOOL_ERR_INVALID_ARGUMENT, NULL);
  char *reply = NULL;
  assert_true(akool_call(client, AKOOL_OP_SESSION_DETAIL, value, NULL, &reply) != AKOOL_OK);
  assert_true(has(reply, "/error/message"));
  akool_string_free(reply);
  free(name);
  free(key);
  free(value);
}

TEST(messages_stay_short_whatever_was_given) {
  char *name = nested("x", 1000000), *reply = NULL;
  akool_call(client, name, NULL, NULL, &reply);
  assert_non_null(reply);
  assert_true(strlen(reply) < 4096);
  akool_string_free(reply);
  free(name);
}

TEST(strings_are_not_kept) {
  for (int i = 0; i < rounds(200); i++) {
    char *operation = format("%s", AKOOL_OP_SESSION_LIST), *parameters = format("{\"page\":%d}", i + 1);
    char *options = format("{\"tag\":\"%d\"}", i);
    submit(client, operation, parameters, options);
    memset(operation, 'x', strlen(operation));
    memset(parameters, 'x', strlen(parameters));
    memset(options, 'x', strlen(options));
    free(operation);
    free(parameters);
    free(options);
  }
  for (int i = 0; i < rounds(200); i++) {
    char *event = NULL;
    assert_result(AKOOL_OK, akool_client_next_event(client, patience(10000), &event));
    assert_at(event, "/result", "0");
    akool_string_free(event);
  }
}

TEST(numbers_at_the_edges) {
  const char *numbers[] = {"0",
                           "-0",
                           "-1",
                           "1e308",
                           "1e309",
                           "-1e308",
                           "9223372036854775807",
                           "9223372036854775808",
                           "-9223372036854775808",
                           "-9223372036854775809",
                           "1e-400",
                           "0.0",
                           "3600.5",
                           "4294967296"};
  for (size_t i = 0; i < COUNT(numbers); i++) {
    char *parameters = format("{\"avatar_id\":\"nobody\",\"duration\":%s}", numbers[i]);
    char *list = format("{\"page\":%s,\"size\":%s}", numbers[i], numbers[i]);
    char *options = format("{\"timeout_ms\":%s,\"max_attempts\":%s}", numbers[i], numbers[i]);
    assert_call_fails(client, AKOOL_OP_SESSION_CREATE, parameters, NULL, AKOOL_ERR_INVALID_ARGUMENT, NULL);
    akool_call(client, AKOOL_OP_SESSION_LIST, list, NULL, NULL);
    akool_call(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, options, NULL);
    free(parameters);
    free(list);
    free(options);
  }
  call_and_forget(client, AKOOL_OP_ACCOUNT_CREDIT, NULL);
}

/* ---------------------------------------------------------------- at random */

static const char *const seeds[] = {
    "{\"avatar_id\":\"abc\",\"duration\":600,\"voice_params\":{\"speed\":1.0,\"pron_map\":{\"akool\":\"ai ku er\"}}}",
    "{\"id\":\"666d3006247f07725af0f884\",\"extra_params\":{\"a\":[1,2,{\"b\":null}]}}",
    "{\"method\":\"GET\",\"path\":\"/x\",\"query\":{\"a\":\"b\"},\"body\":{\"c\":[true,false]}}",
    "{" SIMULATOR ",\"timeout_ms\":1000,\"max_attempts\":2,\"polling\":{\"initial_ms\":100},\"resolve\":[\"a:1:b\"]}",
    "{\"timeout_ms\":500,\"tag\":\"t\",\"headers\":{\"x-a\":\"b\"},\"raw\":true,\"trace\":true,\"validate\":\"warn\"}",
    "\"\\u00e9\\ud83d\\ude00\\n\"",
};

/* Some bytes of the text changed, removed, doubled, or cut off. */
static char *mutated(const char *text) {
  static const char pieces[] = "{}[]\",:\\/0123456789-+.eEtfnu \t\n\xff\x80\xc3\xed";
  char *copy = format("%s%s", text, text);
  size_t length = strlen(text);
  copy[length] = '\0';
  for (uint32_t changes = 1 + next_random() % 4; changes > 0 && length > 0; changes--) {
    size_t place = next_random() % length;
    switch (next_random() % 4) {
      case 0:
        copy[place] = pieces[next_random() % (sizeof pieces - 1)];
        break;
      case 1:
        memmove(copy + place, copy + place + 1, length - place);
        length--;
        break;
      case 2:
        memmove(copy + place + 1, copy + place, length - place + 1);
        length++;
        break;
      default:
        if (next_random() % 8 == 0) copy[length = place] = '\0';
        break;
    }
  }
  return copy;
}

/* A result is OK with data, or another one with an error of that name. */
static bool agree(akool_result result, const char *reply) {
  if (result == AKOOL_OK) return has(reply, "/data");
  return result != AKOOL_ERR_INTERNAL && is_at(reply, "/error/code", akool_result_name(result));
}

static void try_call(const char *text) {
  static const char *const operations[] = {AKOOL_OP_SESSION_CREATE, AKOOL_OP_SESSION_CLOSE, AKOOL_OP_SESSION_LIST,
                                           AKOOL_OP_AVATAR_CREATE,  AKOOL_OP_AVATAR_DETAIL, AKOOL_OP_REQUEST};
  const char *operation = operations[next_random() % COUNT(operations)];
  bool as_options = next_random() % 4 == 0;
  char *reply = NULL;
  akool_result result = akool_call(client, as_options ? AKOOL_OP_ACCOUNT_CREDIT : operation, as_options ? NULL : text,
                                   as_options ? text : NULL, &reply);
  if (!agree(result, reply)) print_error("%s\n%s\n%s\n", operation, text, reply ? reply : "no reply");
  assert_true(agree(result, reply));
  akool_string_free(reply);
}

static void try_configuration(const char *text) {
  akool_client *made = NULL;
  char *error = NULL;
  akool_result result = akool_client_create(text, &made, &error);
  assert_true((result == AKOOL_OK) == (made != NULL));
  assert_true((result == AKOOL_OK) == (error == NULL));
  if (made) end_client(made);
  akool_string_free(error);
}

TEST(mutated_parameters_and_options) {
  for (int i = 0; i < rounds(5000); i++) {
    char *text = mutated(seeds[next_random() % COUNT(seeds)]);
    try_call(text);
    free(text);
  }
  call_and_forget(client, AKOOL_OP_ACCOUNT_CREDIT, NULL);
}

TEST(mutated_configurations) {
  for (int i = 0; i < rounds(500); i++) {
    char *text = mutated(seeds[3]);
    try_configuration(text);
    free(text);
  }
}

TEST(mutated_json_and_pointers) {
  const akool_result expected[] = {AKOOL_OK, AKOOL_ERR_NOT_FOUND, AKOOL_ERR_INVALID_ARGUMENT};
  for (int i = 0; i < rounds(20000); i++) {
    char *text = mutated(seeds[next_random() % COUNT(seeds)]), *pointer = mutated("/extra_params/a/2/b~0~1");
    char *value = (char *)seeds;
    akool_result result = akool_json_get(text, next_random() % 2 ? pointer : "", &value);
    assert_true(one_of(result, expected, COUNT(expected)));
    assert_true((result == AKOOL_OK) == (value != NULL));
    akool_string_free(value);
    free(text);
    free(pointer);
  }
}

#define WITH_CLIENT(test) cmocka_unit_test_setup_teardown(test, make_client, drop_client)

int main(void) {
  const struct CMUnitTest tests[] = {
      WITH_CLIENT(invalid_utf8_everywhere),
      WITH_CLIENT(nulls_in_every_combination),
      WITH_CLIENT(very_long_names),
      WITH_CLIENT(messages_stay_short_whatever_was_given),
      WITH_CLIENT(strings_are_not_kept),
      WITH_CLIENT(numbers_at_the_edges),
      WITH_CLIENT(mutated_parameters_and_options),
      cmocka_unit_test(mutated_configurations),
      cmocka_unit_test(mutated_json_and_pointers),
  };
  return RUN(tests);
}
