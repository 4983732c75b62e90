/* Making a client: configuration, credentials, and what is said when they are wrong. */
#define _GNU_SOURCE
#include "support.h"

#include <stdlib.h>
#include <string.h>

static const char *const variables[] = {"AKOOL_API_KEY", "AKOOL_TOKEN", "AKOOL_CLIENT_ID", "AKOOL_CLIENT_SECRET",
                                        "AKOOL_BASE_URL"};

static int forget_variables(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(variables); i++) unsetenv(variables[i]);
  return 0;
}

TEST(a_client_is_made_and_ended) {
  akool_client *client = simulated_client();
  end_client(client);
}

TEST(no_configuration_and_no_key_names_the_variables) {
  assert_refused(NULL, AKOOL_ERR_UNAUTHENTICATED, "AKOOL_API_KEY");
  assert_refused("{}", AKOOL_ERR_UNAUTHENTICATED, "AKOOL_CLIENT_ID");
  assert_refused("{}", AKOOL_ERR_UNAUTHENTICATED, "AKOOL_TOKEN");
}

TEST(the_environment_counts_unless_it_is_switched_off) {
  setenv("AKOOL_API_KEY", "from-the-environment", 1);
  end_client(client_with(NULL));
  end_client(client_with("{}"));
  assert_refused("{\"environment\":false}", AKOOL_ERR_UNAUTHENTICATED, NULL);
  unsetenv("AKOOL_API_KEY");
}

TEST(the_base_url_may_come_from_the_environment) {
  setenv("AKOOL_BASE_URL", "simulator:", 1);
  akool_client *client = client_with("{}");
  char *reply = call(client, AKOOL_OP_ACCOUNT_CREDIT, NULL);
  assert_at(reply, "/meta/simulated", "true");
  akool_string_free(reply);
  end_client(client);
  unsetenv("AKOOL_BASE_URL");
}

TEST(keys_that_cannot_be_keys_are_refused_without_an_echo) {
  const char *wrong[] = {"s3cr3t key", "Bearer s3cr3t", "s3cr3t\\n", "\\ts3cr3t", " s3cr3t", "s3cr3t\\u0007"};
  for (size_t i = 0; i < COUNT(wrong); i++) {
    char *configuration = format("{\"environment\":false,\"api_key\":\"%s\"}", wrong[i]), *error = NULL;
    akool_client *client = NULL;
    akool_result result = akool_client_create(configuration, &client, &error);
    assert_result(AKOOL_ERR_INVALID_ARGUMENT, result);
    assert_failed_reply(error, result, "api_key");
    assert_null(strstr(error, "s3cr3t"));
    akool_string_free(error);
    free(configuration);
  }
}

TEST(unknown_keys_are_named_with_the_nearest_valid_one) {
  assert_refused("{" SIMULATOR ",\"api_kye\":\"x\"}", AKOOL_ERR_INVALID_ARGUMENT, "api_kye");
  assert_refused("{" SIMULATOR ",\"api_kye\":\"x\"}", AKOOL_ERR_INVALID_ARGUMENT, "api_key");
  assert_refused("{" SIMULATOR ",\"timeout\":1}", AKOOL_ERR_INVALID_ARGUMENT, "timeout_ms");
  assert_refused("{" SIMULATOR ",\"polling\":{\"initial\":1}}", AKOOL_ERR_INVALID_ARGUMENT, "initial_ms");
  assert_refused("{" SIMULATOR ",\"simulator\":{\"time_skale\":1}}", AKOOL_ERR_INVALID_ARGUMENT, "time_scale");
}

TEST(wrong_kinds_of_values_are_named) {
  const struct {
    const char *member, *key;
  } wrong[] = {
      {"\"timeout_ms\":\"soon\"", "timeout_ms"},
      {"\"timeout_ms\":-1", "timeout_ms"},
      {"\"timeout_ms\":1e300", "timeout_ms"},
      {"\"timeout_ms\":1.5", "timeout_ms"},
      {"\"max_attempts\":0", "max_attempts"},
      {"\"max_requests\":-3", "max_requests"},
      {"\"api_key\":5", "api_key"},
      {"\"ca_file\":[]", "ca_file"},
      {"\"ip_family\":\"ipv5\"", "ip_family"},
      {"\"validate\":\"perhaps\"", "validate"},
      {"\"resolve\":\"host\"", "resolve"},
      {"\"polling\":7", "polling"},
      {"\"simulator\":[]", "simulator"},
      {"\"http_version\":\"3\"", "http_version"},
      {"\"warm\":\"yes\"", "warm"},
      {"\"max_in_flight\":9223372036854775807", "max_in_flight"},
  };
  for (size_t i = 0; i < COUNT(wrong); i++) {
    char *configuration = format("{" SIMULATOR ",%s}", wrong[i].member);
    assert_refused(configuration, AKOOL_ERR_INVALID_ARGUMENT, wrong[i].key);
    free(configuration);
  }
}

TEST(a_configuration_is_a_json_object) {
  const char *wrong[] = {"", "[]", "null", "7", "\"text\"", "{", "{]", "nonsense", "\xff\xfe", "{\"\xc3\x28\":1}"};
  for (size_t i = 0; i < COUNT(wrong); i++) assert_refused(wrong[i], AKOOL_ERR_INVALID_ARGUMENT, NULL);
}

TEST(base_urls_are_checked) {
  const char *wrong[] = {
      "http://example.com", "ftp://127.0.0.1", "example.com",        "",
      "https://",           "https://a b/",    "file:///etc/passwd", "https://user:pass@example.com"};
  for (size_t i = 0; i < COUNT(wrong); i++) {
    char *configuration = format("{\"environment\":false,\"api_key\":\"k\",\"base_url\":\"%s\"}", wrong[i]);
    assert_refused(configuration, AKOOL_ERR_INVALID_ARGUMENT, "base_url");
    free(configuration);
  }
  end_client(
      client_with("{\"environment\":false,\"api_key\":\"k\",\"base_url\":\"http://example.com\","
                  "\"allow_insecure_http\":true}"));
  end_client(client_with("{\"environment\":false,\"api_key\":\"k\",\"base_url\":\"http://127.0.0.1:1\"}"));
}

TEST(nulls_for_the_answers) {
  akool_client *client = NULL;
  assert_result(AKOOL_OK, akool_client_create("{" SIMULATOR "}", &client, NULL));
  end_client(client);
  assert_result(AKOOL_ERR_INVALID_ARGUMENT, akool_client_create("[", &client, NULL));
  assert_null(client);
}

TEST(without_a_place_for_the_handle_nothing_is_made) {
  int threads = thread_count();
  char *error = NULL;
  assert_result(AKOOL_ERR_INVALID_ARGUMENT, akool_client_create("{" SIMULATOR "}", NULL, &error));
  assert_failed_reply(error, AKOOL_ERR_INVALID_ARGUMENT, NULL);
  akool_string_free(error);
  assert_result(AKOOL_ERR_INVALID_ARGUMENT, akool_client_create(NULL, NULL, NULL));
  assert_true(becomes(thread_count, threads));
}

TEST(success_leaves_no_error) {
  akool_client *client = NULL;
  char *error = (char *)&client;
  assert_result(AKOOL_OK, akool_client_create("{" SIMULATOR "}", &client, &error));
  assert_null(error);
  end_client(client);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_client_is_made_and_ended),
      cmocka_unit_test_setup(no_configuration_and_no_key_names_the_variables, forget_variables),
      cmocka_unit_test_setup(the_environment_counts_unless_it_is_switched_off, forget_variables),
      cmocka_unit_test_setup(the_base_url_may_come_from_the_environment, forget_variables),
      cmocka_unit_test(keys_that_cannot_be_keys_are_refused_without_an_echo),
      cmocka_unit_test(unknown_keys_are_named_with_the_nearest_valid_one),
      cmocka_unit_test(wrong_kinds_of_values_are_named),
      cmocka_unit_test(a_configuration_is_a_json_object),
      cmocka_unit_test(base_urls_are_checked),
      cmocka_unit_test(nulls_for_the_answers),
      cmocka_unit_test(without_a_place_for_the_handle_nothing_is_made),
      cmocka_unit_test(success_leaves_no_error),
  };
  return RUN(tests);
}
