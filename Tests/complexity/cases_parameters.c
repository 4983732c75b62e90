/* Parameters and options of a call. */
#include <stdlib.h>

#include "complexity.h"

static const char ok[] = "{\"code\":1000,\"msg\":\"OK\",\"data\":{}}";
static const char refused[] = "{\"code\":1003,\"msg\":\"this is refused: complexity-key-0123456789\"}";

/* Counts a call, and frees its parameters. */
static void given(const char *operation, struct text *parameters, const char *options, akool_result wanted) {
  counted_call(operation, parameters->bytes, options, wanted);
  free(parameters->bytes);
}

/* Sends a body with the operation `request`. */
static void post(const char *start, const char *unit, size_t count, const char *tail, const char *response,
                 akool_result wanted) {
  struct text text = {0};
  answer_json(response);
  add(&text, "{\"method\":\"POST\",\"path\":\"/x\",\"body\":");
  add(&text, start);
  repeat(&text, unit, count);
  add(&text, tail);
  add(&text, "}");
  given(AKOOL_OP_REQUEST, &text, NULL, wanted);
}

static void post_numbered(const char *start, const char *format, size_t count, const char *tail, const char *response,
                          akool_result wanted) {
  struct text text = {0};
  number(&text, format, count);
  post(start, text.bytes, 1, tail, response, wanted);
  free(text.bytes);
}

static void unknown_keys(size_t size, const char *format, const char *options, akool_result wanted) {
  struct text text = {0};
  answer_json(
      "{\"code\":1000,\"msg\":\"OK\",\"data\":{\"_id\":"
      "\"66a1a02d591ad336275eda62\"}}");
  add(&text, "{\"name\":\"n\",");
  number(&text, format, size);
  add(&text, "}");
  given(AKOOL_OP_KNOWLEDGE_CREATE, &text, options, wanted);
}

static void unknown_strict(size_t size) { unknown_keys(size, "\"member%zu\":1", NULL, AKOOL_ERR_INVALID_ARGUMENT); }
static void unknown_similar(size_t size) { unknown_keys(size, "\"nam%zu\":1", NULL, AKOOL_ERR_INVALID_ARGUMENT); }
static void unknown_warn(size_t size) { unknown_keys(size, "\"member%zu\":1", "{\"validate\":\"warn\"}", AKOOL_OK); }
static void unknown_off(size_t size) { unknown_keys(size, "\"member%zu\":1", "{\"validate\":\"off\"}", AKOOL_OK); }
static void unknown_secrets(size_t size) {
  unknown_keys(size, "\"api_key%zu\":\"secret-value-%zu\"", NULL, AKOOL_ERR_INVALID_ARGUMENT);
}

static void long_unknown_key(size_t size) {
  struct text text = {0};
  add(&text, "{\"");
  repeat(&text, "abcdefgh", size / 8);
  add(&text, "\":1}");
  given(AKOOL_OP_ACCOUNT_CREDIT, &text, NULL, AKOOL_ERR_INVALID_ARGUMENT);
}

static void extra(size_t size, const char *operation, const char *response, akool_result wanted) {
  struct text text = {0};
  answer_json(response);
  add(&text, "{\"extra_params\":{");
  number(&text, "\"member%zu\":\"%zu\"", size);
  add(&text, "}}");
  given(operation, &text, NULL, wanted);
}

static void extra_body(size_t size) {
  struct text text = {0};
  answer_json(
      "{\"code\":1000,\"msg\":\"OK\",\"data\":{\"_id\":"
      "\"66a1a02d591ad336275eda62\"}}");
  add(&text, "{\"name\":\"n\",\"extra_params\":{");
  number(&text, "\"member%zu\":\"%zu\"", size);
  add(&text, "}}");
  given(AKOOL_OP_KNOWLEDGE_CREATE, &text, NULL, AKOOL_OK);
}
static void extra_query(size_t size) { extra(size, AKOOL_OP_LANGUAGE_LIST, ok, AKOOL_ERR_BAD_RESPONSE); }
static void extra_refused(size_t size) { extra(size, AKOOL_OP_LANGUAGE_LIST, refused, AKOOL_ERR_INVALID_ARGUMENT); }

static void duplicate_keys(size_t size) {
  struct text text = {0};
  add(&text, "{\"a\":1");
  repeat(&text, ",\"a\":1", size);
  add(&text, "}");
  given(AKOOL_OP_ACCOUNT_CREDIT, &text, NULL, AKOOL_ERR_INVALID_ARGUMENT);
}

static void not_json(size_t size) {
  struct text text = {0};
  add(&text, "{");
  repeat(&text, "\"a\":[],", size / 7);
  given(AKOOL_OP_ACCOUNT_CREDIT, &text, NULL, AKOOL_ERR_INVALID_ARGUMENT);
}

static void long_number(size_t size) {
  struct text text = {0};
  add(&text, "{\"a\":");
  repeat(&text, "1234567890", size / 10);
  add(&text, "}");
  given(AKOOL_OP_ACCOUNT_CREDIT, &text, NULL, ANY_RESULT);
}

static void long_operation(size_t size) {
  struct text text = {0};
  repeat(&text, "account.", size / 8);
  counted_call(text.bytes, NULL, NULL, AKOOL_ERR_INVALID_ARGUMENT);
  free(text.bytes);
}

static void body_string(size_t size) { post("{\"a\":\"", "abcdefgh", size / 8, "\"}", ok, AKOOL_OK); }
static void body_escapes(size_t size) { post("{\"a\":\"", "\\n\\u0001\\\"\\/", size / 12, "\"}", ok, AKOOL_OK); }
static void body_surrogates(size_t size) { post("{\"a\":\"", "\\ud83d\\ude00", size / 12, "\"}", ok, AKOOL_OK); }
static void body_combining(size_t size) { post("{\"a\":\"", "e\xCC\x81", size / 3, "\"}", ok, AKOOL_OK); }
static void body_numbers(size_t size) { post("[0", ",1.5e-3,-123456789", size, "]", ok, AKOOL_OK); }
static void body_members(size_t size) { post_numbered("{", "\"m%zu\":%zu", size, "}", ok, AKOOL_OK); }
static void body_elements(size_t size) { post_numbered("[", "{\"a\":[\"%zu\"]}", size, "]", ok, AKOOL_OK); }
static void body_long_names(size_t size) {
  post_numbered("{", "\"a-name-of-many-letters-that-says-a-lot-about-its-value-%zu\":0", size, "}", ok, AKOOL_OK);
}
static void body_nested(size_t size) {
  post("[0",
       ",[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[0]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
       "]]]]]]]]]]]",
       size, "]", ok, AKOOL_OK);
}

/* Members whose names say that they are secret. */
static void secrets(size_t size) {
  post_numbered("{", "\"api_key_%zu\":\"secret-value-%zu\"", size, "}", ok, AKOOL_OK);
}
static void secrets_refused(size_t size) {
  post_numbered("{", "\"api_key_%zu\":\"secret-value-%zu\"", size, "}", refused, AKOOL_ERR_INVALID_ARGUMENT);
}
static void secret_list_refused(size_t size) {
  post_numbered("{\"tokens\":[", "\"secret/value/%zu\"", size, "]}", refused, AKOOL_ERR_INVALID_ARGUMENT);
}
static void long_secret_refused(size_t size) {
  post("{\"token\":\"", "secret/+", size / 8, "\"}", refused, AKOOL_ERR_INVALID_ARGUMENT);
}

/* The query of the operation `request`. */
static void query(size_t size, const char *format, const char *response, akool_result wanted) {
  struct text text = {0};
  answer_json(response);
  add(&text, "{\"method\":\"GET\",\"path\":\"/x\",\"query\":{");
  number(&text, format, size);
  add(&text, "}}");
  given(AKOOL_OP_REQUEST, &text, NULL, wanted);
}
static void query_members(size_t size) { query(size, "\"m%zu\":\"/%zu\"", ok, AKOOL_OK); }
static void query_refused(size_t size) { query(size, "\"m%zu\":\"/%zu\"", refused, AKOOL_ERR_INVALID_ARGUMENT); }

/* A path, which has at most 8 192 characters. */
static void path(const char *unit, size_t count, const char *response, akool_result wanted) {
  struct text text = {0};
  answer_json(response);
  add(&text, "{\"method\":\"GET\",\"path\":\"/x");
  repeat(&text, unit, count);
  add(&text, "\"}");
  given(AKOOL_OP_REQUEST, &text, NULL, wanted);
}
static void path_long(size_t size) { path("/abcdefg", size / 8, ok, AKOOL_OK); }
static void path_slashes(size_t size) { path("/", size, ok, AKOOL_OK); }
static void path_query(size_t size) {
  struct text parts = {0};
  add(&parts, "?a=b");
  for (size_t i = 0; i < size / 8; i++) addf(&parts, "&a=%05zu", i);
  path(parts.bytes, 1, refused, AKOOL_ERR_INVALID_ARGUMENT);
  free(parts.bytes);
}

static void urls(size_t size, const char *format, akool_result wanted) {
  struct text text = {0};
  answer_json(
      "{\"code\":1000,\"msg\":\"OK\",\"data\":{\"_id\":"
      "\"66a1a02d591ad336275eda62\"}}");
  add(&text, "{\"name\":\"n\",\"urls\":[");
  number(&text, format, size);
  add(&text, "]}");
  given(AKOOL_OP_KNOWLEDGE_CREATE, &text, NULL, wanted);
}
static void array_of_urls(size_t size) { urls(size, "\"https://a.example/%zu\"", AKOOL_OK); }
static void array_of_faults(size_t size) { urls(size, "%zu", AKOOL_ERR_INVALID_ARGUMENT); }
static void array_of_non_urls(size_t size) { urls(size, "\"ftp://a.example/%zu\"", AKOOL_ERR_INVALID_ARGUMENT); }

static void too_long(size_t size) {
  struct text text = {0};
  add(&text, "{\"name\":\"n\",\"prompt\":\"");
  repeat(&text, "abcdefg\xC3\xA9", (12000 + size) / 9);
  add(&text, "\"}");
  given(AKOOL_OP_KNOWLEDGE_CREATE, &text, NULL, AKOOL_ERR_INVALID_ARGUMENT);
}

static void wrong_choice(size_t size) {
  struct text text = {0};
  add(&text, "{\"avatar_id\":\"a\",\"stream_type\":\"");
  repeat(&text, "agora", size / 5);
  add(&text, "\"}");
  given(AKOOL_OP_SESSION_CREATE, &text, NULL, AKOOL_ERR_INVALID_ARGUMENT);
}

static void map_members(size_t size) {
  struct text text = {0};
  add(&text,
      "{\"avatar_id\":\"a\",\"stream_type\":\"x\",\"voice_params\":{"
      "\"pron_map\":{");
  number(&text, "\"word%zu\":\"w%zu\"", size);
  add(&text, "}}}");
  given(AKOOL_OP_SESSION_CREATE, &text, NULL, AKOOL_ERR_INVALID_ARGUMENT);
}

/* Options. */
static void options(size_t size, const char *start, const char *format, const char *tail, const char *response,
                    akool_result wanted) {
  struct text text = {0};
  answer_json(response);
  add(&text, start);
  number(&text, format, size);
  add(&text, tail);
  counted_call(AKOOL_OP_REQUEST, "{\"method\":\"GET\",\"path\":\"/x\"}", text.bytes, wanted);
  free(text.bytes);
}
static void option_headers(size_t size) {
  options(size, "{\"headers\":{", "\"x-%zu\":\"value-%zu\"", "}}", ok, AKOOL_OK);
}
static void option_headers_refused(size_t size) {
  options(size, "{\"headers\":{", "\"x-%zu\":\"value-%zu\"", "}}", refused, AKOOL_ERR_INVALID_ARGUMENT);
}
static void option_unknown(size_t size) { options(size, "{", "\"member%zu\":1", "}", ok, AKOOL_ERR_INVALID_ARGUMENT); }

static void long_option(size_t size, const char *start, const char *tail) {
  struct text text = {0};
  add(&text, start);
  repeat(&text, "abcdefgh", (9000 + size) / 8);
  add(&text, tail);
  counted_call(AKOOL_OP_ACCOUNT_CREDIT, NULL, text.bytes, AKOOL_ERR_INVALID_ARGUMENT);
  free(text.bytes);
}
static void option_tag(size_t size) { long_option(size, "{\"tag\":\"", "\"}"); }
static void option_header(size_t size) { long_option(size, "{\"headers\":{\"x-a\":\"", "\"}}"); }
static void option_header_name(size_t size) { long_option(size, "{\"headers\":{\"", "\\n\":\"\"}}"); }

const struct complexity_case parameter_cases[] = {{"unknown keys", unknown_strict},
                                                  {"unknown keys like known ones", unknown_similar},
                                                  {"unknown keys with validate warn", unknown_warn},
                                                  {"unknown keys with validate off", unknown_off},
                                                  {"unknown keys with secrets", unknown_secrets},
                                                  {"unknown long key", long_unknown_key},
                                                  {"extra_params in a body", extra_body},
                                                  {"extra_params in a query", extra_query},
                                                  {"extra_params refused", extra_refused},
                                                  {"duplicate keys", duplicate_keys},
                                                  {"parameters not json", not_json},
                                                  {"parameters long number", long_number},
                                                  {"operation long name", long_operation},
                                                  {"body string", body_string},
                                                  {"body escapes", body_escapes},
                                                  {"body surrogates", body_surrogates},
                                                  {"body combining marks", body_combining},
                                                  {"body numbers", body_numbers},
                                                  {"body members", body_members},
                                                  {"body elements", body_elements},
                                                  {"body long names", body_long_names},
                                                  {"body nested", body_nested},
                                                  {"secrets", secrets},
                                                  {"secrets refused", secrets_refused},
                                                  {"secret list refused", secret_list_refused},
                                                  {"secret long refused", long_secret_refused},
                                                  {"query members", query_members},
                                                  {"query members refused", query_refused},
                                                  {"path long", path_long},
                                                  {"path slashes", path_slashes},
                                                  {"path query refused", path_query},
                                                  {"array of urls", array_of_urls},
                                                  {"array of faults", array_of_faults},
                                                  {"array of non-urls", array_of_non_urls},
                                                  {"string too long", too_long},
                                                  {"string no choice", wrong_choice},
                                                  {"map members", map_members},
                                                  {"options headers", option_headers},
                                                  {"options headers refused", option_headers_refused},
                                                  {"options unknown keys", option_unknown},
                                                  {"options long tag", option_tag},
                                                  {"options long header", option_header},
                                                  {"options long header name", option_header_name},
                                                  {NULL, NULL}};
