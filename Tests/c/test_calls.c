/* Calls: the shape of replies, what is checked before anything is sent, and the options of a call. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

static akool_client *client;

static int make_client(void **state) {
  (void)state;
  client = client_with("{" SIMULATOR
                       ",\"simulator\":{\"time_scale\":100},"
                       "\"polling\":{\"initial_ms\":20,\"maximum_ms\":50}}");
  return 0;
}

static int drop_client(void **state) {
  (void)state;
  return akool_client_destroy(client) == AKOOL_OK ? 0 : -1;
}

TEST(a_success_has_data_and_meta) {
  char *reply = call(client, AKOOL_OP_ACCOUNT_CREDIT, NULL);
  assert_true(number_at(reply, "/data/credit") > 0);
  assert_at(reply, "/meta/operation", AKOOL_OP_ACCOUNT_CREDIT);
  assert_at(reply, "/meta/attempts", "1");
  assert_true(number_at(reply, "/meta/elapsed_ms") >= 0);
  assert_at(reply, "/meta/simulated", "true");
  akool_string_free(reply);
}

TEST(a_failure_has_error_and_meta) {
  char *reply = NULL;
  assert_result(AKOOL_ERR_NOT_FOUND,
                akool_call(client, AKOOL_OP_SESSION_DETAIL, "{\"id\":\"666d3006247f07725af0f884\"}", NULL, &reply));
  assert_failed_reply(reply, AKOOL_ERR_NOT_FOUND, NULL);
  assert_true(number_at(reply, "/error/akool_code") > 1000);
  assert_at(reply, "/error/http_status", "200");
  assert_at(reply, "/error/retryable", "false");
  assert_at(reply, "/meta/operation", AKOOL_OP_SESSION_DETAIL);
  akool_string_free(reply);
}

TEST(null_and_empty_parameters_are_the_same) {
  call_and_forget(client, AKOOL_OP_AVATAR_LIST, NULL);
  call_and_forget(client, AKOOL_OP_AVATAR_LIST, "{}");
  akool_string_free(call_with(client, AKOOL_OP_AVATAR_LIST, " {\n} ", "{}"));
}

TEST(a_reply_may_be_discarded) {
  assert_result(AKOOL_OK, akool_call(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, NULL));
  assert_result(AKOOL_ERR_INVALID_ARGUMENT, akool_call(client, AKOOL_OP_SESSION_CLOSE, NULL, NULL, NULL));
}

TEST(every_operation_works) {
  char *avatar = ready_avatar(client, "everyOperation");
  char *create = format("{\"avatar_id\":\"%s\",\"duration\":60}", avatar);
  char *session = call(client, AKOOL_OP_SESSION_CREATE, create);
  char *id = text_at(session, "/data/_id"), *by_id = format("{\"id\":\"%s\"}", id);
  char *by_avatar = format("{\"avatar_id\":\"%s\"}", avatar);
  call_and_forget(client, AKOOL_OP_AVATAR_DETAIL, by_avatar);
  call_and_forget(client, AKOOL_OP_AVATAR_LIST, NULL);
  call_and_forget(client, AKOOL_OP_SESSION_DETAIL, by_id);
  call_and_forget(client, AKOOL_OP_SESSION_LIST, NULL);
  call_and_forget(client, AKOOL_OP_SESSION_CLOSE, by_id);
  call_and_forget(client, AKOOL_OP_CLIENT_STATS, NULL);
  call_and_forget(client, AKOOL_OP_REQUEST, "{\"method\":\"GET\",\"path\":\"/api/open/v3/faceswap/quota/info\"}");
  akool_string_free(avatar);
  akool_string_free(session);
  akool_string_free(id);
  free(create);
  free(by_id);
  free(by_avatar);
}

/* ------------------------------------------------------- names and shapes */

TEST(unknown_operations_name_the_nearest) {
  const struct {
    const char *operation, *nearest;
  } wrong[] = {
      {"session.crate", "session.create"}, {"sesion.close", "session.close"},     {"avatar.wiat", "avatar.wait"},
      {"Session.List", "session.list"},    {"account.credits", "account.credit"},
  };
  for (size_t i = 0; i < COUNT(wrong); i++) {
    assert_call_fails(client, wrong[i].operation, NULL, NULL, AKOOL_ERR_INVALID_ARGUMENT, wrong[i].operation);
    assert_call_fails(client, wrong[i].operation, NULL, NULL, AKOOL_ERR_INVALID_ARGUMENT, wrong[i].nearest);
  }
}

TEST(what_is_no_operation_at_all) {
  const char *wrong[] = {"", " ", "x", "session", "session.create ", "session.create\n", "\xff\xfe", "*"};
  for (size_t i = 0; i < COUNT(wrong); i++)
    assert_call_fails(client, wrong[i], NULL, NULL, AKOOL_ERR_INVALID_ARGUMENT, NULL);
}

TEST(unknown_parameters_and_options_name_the_nearest) {
  const char *session = "{\"avatar_idd\":\"x\"}";
  assert_call_fails(client, AKOOL_OP_SESSION_CREATE, session, NULL, AKOOL_ERR_INVALID_ARGUMENT, "avatar_idd");
  assert_call_fails(client, AKOOL_OP_SESSION_CREATE, session, NULL, AKOOL_ERR_INVALID_ARGUMENT, "did you mean");
  assert_call_fails(client, AKOOL_OP_SESSION_LIST, "{\"sizes\":1}", NULL, AKOOL_ERR_INVALID_ARGUMENT, "\\\"size\\\"");
  assert_call_fails(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, "{\"timeot_ms\":5}", AKOOL_ERR_INVALID_ARGUMENT,
                    "timeot_ms");
  assert_call_fails(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, "{\"timeot_ms\":5}", AKOOL_ERR_INVALID_ARGUMENT,
                    "timeout_ms");
}

TEST(parameters_and_options_are_json_objects) {
  const char *wrong[] = {"",
                         "[]",
                         "null",
                         "3",
                         "\"x\"",
                         "{",
                         "{}}",
                         "{\"a\":}",
                         "\xff",
                         "{\"id\":\"\xc3\x28\"}",
                         "{\"id\":\"1\",\"id\":\"2\"}",
                         "{\"id\":\"\\ud800\"}"};
  for (size_t i = 0; i < COUNT(wrong); i++) {
    assert_call_fails(client, AKOOL_OP_SESSION_DETAIL, wrong[i], NULL, AKOOL_ERR_INVALID_ARGUMENT, NULL);
    assert_call_fails(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, wrong[i], AKOOL_ERR_INVALID_ARGUMENT, NULL);
  }
}

TEST(ten_megabytes_of_brackets) {
  const char *openers[] = {"[", "{\"id\":", "[{\"id\":"};
  for (size_t i = 0; i < COUNT(openers); i++) {
    char *deep = nested(openers[i], TEN_MEGABYTES / strlen(openers[i]));
    assert_call_fails(client, AKOOL_OP_SESSION_DETAIL, deep, NULL, AKOOL_ERR_INVALID_ARGUMENT, NULL);
    assert_call_fails(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, deep, AKOOL_ERR_INVALID_ARGUMENT, NULL);
    assert_call_fails(client, deep, NULL, NULL, AKOOL_ERR_INVALID_ARGUMENT, NULL);
    assert_refused(deep, AKOOL_ERR_INVALID_ARGUMENT, NULL);
    free(deep);
  }
}

/* ------------------------------------------------- limits, checked at home */

#define CREATE AKOOL_OP_AVATAR_CREATE, "{\"url\":\"https://example.com/a.mp4\","
#define SESSION AKOOL_OP_SESSION_CREATE, "{\"avatar_id\":\"dvp_Tristan_cloth2_1080P\","

static const struct {
  const char *operation, *parameters, *field, *limit;
} refused[] = {
    {AKOOL_OP_SESSION_CREATE, "{}", "avatar_id", NULL},
    {SESSION "\"duration\":3601}", "duration", "3600"},
    {SESSION "\"duration\":0}", "duration", NULL},
    {SESSION "\"duration\":-5}", "duration", NULL},
    {SESSION "\"duration\":\"600\"}", "duration", "number"},
    {SESSION "\"voice_params\":{\"speed\":0.79}}", "speed", "0.8"},
    {SESSION "\"voice_params\":{\"speed\":1.21}}", "speed", "1.2"},
    {SESSION "\"voice_params\":{\"turn_detection\":{\"threshold\":1.5}}}", "threshold", "1"},
    {SESSION "\"voice_params\":{\"turn_detection\":{\"type\":\"vad\"}}}", "type", "server_vad"},
    {SESSION "\"voice_params\":{\"elevenlabs_settings\":{\"stability\":2}}}", "stability", "1"},
    {SESSION "\"mode_type\":9}", "mode_type", NULL},
    {SESSION "\"stream_type\":\"webrtc\"}", "stream_type", "livekit"},
    {SESSION "\"stream_type\":\"agora\",\"credentials\":{\"agora_uid\":1,\"agora_channel\":\"c\"}}", "agora_token",
     NULL},
    {SESSION "\"credentials\":{\"agora_channel\":\"c\",\"agora_token\":\"t\"}}", "agora_uid", NULL},
    {SESSION "\"stream_type\":\"livekit\",\"credentials\":{\"livekit_url\":\"wss://x.example\"}}", "livekit_token",
     NULL},
    {SESSION "\"stream_type\":\"trtc\",\"credentials\":{\"trtc_sdk_app_id\":1,\"trtc_sdk_room_id\":\"r\","
             "\"trtc_sdk_user_id\":\"u\"}}",
     "trtc_sdk_user_sig", NULL},
    {SESSION "\"scene_mode\":\"fast_dialogue\",\"voice_params\":{\"voice_id\":\"bella\"}}", "voice_id", "alloy"},
    {CREATE "\"avatar_id\":\"with_underscore\"}", "avatar_id", "_"},
    {CREATE "\"avatar_id\":\"umlaut\xc3\xa4\"}", "avatar_id", NULL},
    {CREATE "\"avatar_id\":\"\"}", "avatar_id", NULL},
    {AKOOL_OP_AVATAR_CREATE, "{\"avatar_id\":\"ok\"}", "url", NULL},
    {AKOOL_OP_AVATAR_CREATE, "{\"avatar_id\":\"ok\",\"url\":\"ftp://example.com/a.mp4\"}", "url", "http"},
    {CREATE "\"avatar_id\":\"ok\",\"url_from\":3}", "url_from", NULL},
    {AKOOL_OP_AVATAR_LIST, "{\"size\":101}", "size", "100"},
    {AKOOL_OP_AVATAR_LIST, "{\"page\":0}", "page", "1"},
    {AKOOL_OP_AVATAR_LIST, "{\"platform\":\"web\"}", "platform", "aigc"},
    {AKOOL_OP_AVATAR_DETAIL, "{}", "id", NULL},
    {AKOOL_OP_AVATAR_WAIT, "{}", "id", NULL},
    {AKOOL_OP_SESSION_LIST, "{\"status\":5}", "status", "4"},
    {AKOOL_OP_SESSION_DETAIL, "{}", "id", NULL},
    {AKOOL_OP_SESSION_CLOSE, "{\"id\":17}", "id", "string"},
    {AKOOL_OP_SESSION_CLOSE, "{\"id\":\"\"}", "id", NULL},
    {AKOOL_OP_REQUEST, "{\"method\":\"GET\",\"path\":\"no-slash\"}", "path", NULL},
    {AKOOL_OP_REQUEST, "{\"method\":\"get it\",\"path\":\"/x\"}", "method", NULL},
    {AKOOL_OP_REQUEST,
     "{\"method\":\"POST\",\"path\":\"/api/open/v4/liveAvatar/session/create\",\"body\":{\"avatar_id\":\"a\"}}",
     "session.create", NULL},
};

TEST(limits_are_checked_before_anything_is_sent) {
  int before = received(client);
  for (size_t i = 0; i < COUNT(refused); i++) {
    assert_call_fails(client, refused[i].operation, refused[i].parameters, NULL, AKOOL_ERR_INVALID_ARGUMENT,
                      refused[i].field);
    assert_call_fails(client, refused[i].operation, refused[i].parameters, NULL, AKOOL_ERR_INVALID_ARGUMENT,
                      refused[i].limit);
  }
  assert_int_equal(before, received(client));
}

TEST(checks_can_be_switched_off) {
  int before = received(client);
  char *reply = NULL;
  akool_call(client, AKOOL_OP_SESSION_LIST, "{\"brand_new\":1}", "{\"validate\":\"off\"}", &reply);
  assert_at(reply, "/meta/operation", AKOOL_OP_SESSION_LIST);
  akool_string_free(reply);
  akool_call(client, AKOOL_OP_SESSION_LIST, "{\"brand_new\":1}", "{\"validate\":\"warn\"}", NULL);
  assert_int_equal(before + 2, received(client));
}

TEST(fields_newer_than_the_library_go_through_extra_params) {
  int before = received(client);
  call_and_forget(client, AKOOL_OP_SESSION_LIST, "{\"extra_params\":{\"brand_new\":\"1\"}}");
  assert_int_equal(before + 1, received(client));
}

TEST(ids_that_are_read_may_hold_more_than_ids_that_are_made) {
  char *reply = call(client, AKOOL_OP_AVATAR_DETAIL, "{\"avatar_id\":\"dvp_Tristan_cloth2_1080P\"}");
  assert_at(reply, "/data/avatar_id", "dvp_Tristan_cloth2_1080P");
  akool_string_free(reply);
}

/* ---------------------------------------------------------------- options */

TEST(the_tag_comes_back) {
  char *reply = call_with(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, "{\"tag\":\"visitor 7\"}");
  assert_non_null(strstr(reply, "visitor 7"));
  akool_string_free(reply);
}

TEST(raw_adds_the_untouched_body) {
  char *reply = call_with(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, "{\"raw\":true}");
  assert_non_null(strstr(reply, "1000"));
  assert_non_null(strstr(reply, "\"raw\""));
  akool_string_free(reply);
  reply = call(client, AKOOL_OP_ACCOUNT_CREDIT, NULL);
  assert_null(strstr(reply, "\"raw\""));
  akool_string_free(reply);
}

TEST(a_trace_lists_every_attempt) {
  set_faults(client, "[{\"match\":{\"operation\":\"account.credit\",\"nth\":1},\"fault\":{\"http_status\":503}}]");
  char *reply = call_with(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, "{\"trace\":true}");
  assert_at(reply, "/meta/attempts", "2");
  assert_at(reply, "/meta/trace/0/http_status", "503");
  assert_true(has(reply, "/meta/trace/1"));
  assert_false(has(reply, "/meta/trace/2"));
  akool_string_free(reply);
}

TEST(attempts_can_be_limited) {
  set_faults(client, "[{\"match\":{\"operation\":\"account.credit\"},\"fault\":{\"http_status\":503}}]");
  int before = received(client);
  assert_call_fails(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, "{\"max_attempts\":1}", AKOOL_ERR_UNAVAILABLE, NULL);
  assert_int_equal(before + 1, received(client));
}

TEST(the_deadline_covers_everything_and_others_go_on) {
  hold_back(client, AKOOL_OP_SESSION_LIST, 60000);
  uint64_t held = submit(client, AKOOL_OP_SESSION_LIST, NULL, "{\"reply\":\"wait\",\"timeout_ms\":400}");
  int64_t start = now_ms();
  call_and_forget(client, AKOOL_OP_ACCOUNT_CREDIT, NULL);
  char *reply = NULL;
  assert_result(AKOOL_ERR_TIMEOUT, akool_wait(client, held, patience(10000), &reply));
  assert_failed_reply(reply, AKOOL_ERR_TIMEOUT, NULL);
  assert_true(now_ms() - start < 400 + patience(1500));
  akool_string_free(reply);
}

TEST(a_paid_create_without_an_answer_is_not_repeated) {
  char *avatar = ready_avatar(client, "paidOnce");
  char *create = format("{\"avatar_id\":\"%s\",\"duration\":60}", avatar), *reply = NULL;
  set_faults(client, "[{\"match\":{\"operation\":\"session.create\"},\"fault\":{\"reset\":\"after_handling\"}}]");
  akool_result result = akool_call(client, AKOOL_OP_SESSION_CREATE, create, NULL, &reply);
  assert_result(AKOOL_ERR_OUTCOME_UNKNOWN, result);
  assert_failed_reply(reply, AKOOL_ERR_OUTCOME_UNKNOWN, NULL);
  assert_at(reply, "/meta/attempts", "1");
  char *books = call(client, AKOOL_OP_REQUEST, "{\"method\":\"GET\",\"path\":\"/_simulator/books\"}");
  assert_true(has(books, "/data/sessions/0"));
  assert_false(has(books, "/data/sessions/1"));
  akool_string_free(books);
  akool_string_free(reply);
  akool_string_free(avatar);
  free(create);
}

TEST(no_secret_comes_back) {
  akool_client *secretive = client_with("{" SIMULATOR
                                        ",\"api_key\":\"sesame-4711\","
                                        "\"simulator\":{\"api_key\":\"another\"}}");
  char *reply = NULL;
  assert_result(AKOOL_ERR_UNAUTHENTICATED,
                akool_call(secretive, AKOOL_OP_ACCOUNT_CREDIT, NULL, "{\"trace\":true,\"raw\":true}", &reply));
  assert_failed_reply(reply, AKOOL_ERR_UNAUTHENTICATED, NULL);
  assert_null(strstr(reply, "sesame"));
  akool_string_free(reply);
  end_client(secretive);
}

TEST(some_operations_need_no_client) {
  char *reply = NULL, *payload = NULL;
  const char *message = "{\"transport\":\"agora\",\"type\":\"chat\",\"text\":\"Hello \\ud83d\\ude00\",\"mid\":\"m\"}";
  assert_result(AKOOL_OK, akool_call(NULL, AKOOL_OP_MESSAGE_ENCODE, message, "{\"tag\":\"t\"}", &reply));
  assert_at(reply, "/meta/tag", "t");
  assert_result(AKOOL_OK, akool_json_get(reply, "/data/chunks/0/payload", &payload));
  assert_non_null(strstr(payload, "\"text\":\"Hello \xF0\x9F\x98\x80\""));
  akool_string_free(payload);
  akool_string_free(reply);
  assert_result(AKOOL_ERR_INVALID_ARGUMENT, akool_call(NULL, AKOOL_OP_MESSAGE_ENCODE, "{}", NULL, &reply));
  assert_failed_reply(reply, AKOOL_ERR_INVALID_ARGUMENT, "transport");
  akool_string_free(reply);
  assert_result(AKOOL_ERR_FORBIDDEN,
                akool_call(NULL, AKOOL_OP_WEBHOOK_VERIFY,
                           "{\"body\":{},\"client_id\":\"i\",\"client_secret\":\"0123456789abcdef\"}", NULL, &reply));
  assert_failed_reply(reply, AKOOL_ERR_FORBIDDEN, NULL);
  assert_null(strstr(reply, "0123456789abcdef"));
  akool_string_free(reply);
}

TEST(all_others_need_one) {
  char *reply = (char *)1;
  assert_result(AKOOL_ERR_BAD_HANDLE, akool_call(NULL, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, &reply));
  assert_null(reply);
  assert_result(AKOOL_ERR_BAD_HANDLE, akool_submit(NULL, AKOOL_OP_MESSAGE_ENCODE, "{}", NULL, NULL, NULL, NULL));
}

#define WITH_CLIENT(test) cmocka_unit_test_setup_teardown(test, make_client, drop_client)

int main(void) {
  const struct CMUnitTest tests[] = {
      WITH_CLIENT(a_success_has_data_and_meta),
      WITH_CLIENT(a_failure_has_error_and_meta),
      WITH_CLIENT(null_and_empty_parameters_are_the_same),
      WITH_CLIENT(a_reply_may_be_discarded),
      WITH_CLIENT(every_operation_works),
      WITH_CLIENT(unknown_operations_name_the_nearest),
      WITH_CLIENT(what_is_no_operation_at_all),
      WITH_CLIENT(unknown_parameters_and_options_name_the_nearest),
      WITH_CLIENT(parameters_and_options_are_json_objects),
      WITH_CLIENT(ten_megabytes_of_brackets),
      WITH_CLIENT(limits_are_checked_before_anything_is_sent),
      WITH_CLIENT(checks_can_be_switched_off),
      WITH_CLIENT(fields_newer_than_the_library_go_through_extra_params),
      WITH_CLIENT(ids_that_are_read_may_hold_more_than_ids_that_are_made),
      WITH_CLIENT(the_tag_comes_back),
      WITH_CLIENT(raw_adds_the_untouched_body),
      WITH_CLIENT(a_trace_lists_every_attempt),
      WITH_CLIENT(attempts_can_be_limited),
      WITH_CLIENT(the_deadline_covers_everything_and_others_go_on),
      WITH_CLIENT(a_paid_create_without_an_answer_is_not_repeated),
      WITH_CLIENT(no_secret_comes_back),
      cmocka_unit_test(some_operations_need_no_client),
      cmocka_unit_test(all_others_need_one),
  };
  return RUN(tests);
}
