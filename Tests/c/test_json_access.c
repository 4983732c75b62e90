/* akool_json_get and akool_json_quote: a C program reads and builds JSON without a JSON library. */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DOCUMENT                                                                                               \
  "{\"a\":{\"b\":[10,{\"c\":\"deep\"}]},\"text\":\"say \\\"hi\\\"\\n\\u00e9\\ud83d\\ude00\",\"\":\"no name\"," \
  "\"x/y\":1,\"m~n\":2,\"~1\":3,\"nil\":null,\"yes\":true,\"price\":1.1,\"big\":9007199254740993,"             \
  "\"tiny\":1e-7,\"minus\":-5,\"none\":\"\",\"list\":[]}"

static const struct {
  const char *pointer, *expected;
} present[] = {
    {"/a/b/0", "10"},
    {"/a/b/1/c", "deep"},
    {"/a/b", "[10,{\"c\":\"deep\"}]"},
    {"/a/b/1", "{\"c\":\"deep\"}"},
    {"/text", "say \"hi\"\n\xc3\xa9\xf0\x9f\x98\x80"},
    {"/", "no name"},
    {"/x~1y", "1"},
    {"/m~0n", "2"},
    {"/~01", "3"},
    {"/nil", "null"},
    {"/yes", "true"},
    {"/price", "1.1"},
    {"/big", "9007199254740993"},
    {"/minus", "-5"},
    {"/none", ""},
    {"/list", "[]"},
};

TEST(values_by_pointer) {
  for (size_t i = 0; i < COUNT(present); i++) assert_at(DOCUMENT, present[i].pointer, present[i].expected);
  assert_true(number_at(DOCUMENT, "/tiny") == 1e-7);
}

TEST(the_empty_pointer_is_the_whole) {
  assert_at("  [1, 2]  ", "", "[1,2]");
  assert_at("\"text\"", "", "text");
  assert_at("0", "", "0");
}

TEST(nothing_there_is_not_found) {
  const char *absent[] = {"/b",
                          "/a/b/2",
                          "/a/b/-1",
                          "/a/b/01",
                          "/a/b/-",
                          "/a/b/+1",
                          "/a/b/",
                          "/yes/x",
                          "/nil/0",
                          "/text/0",
                          "/a/b/99999999999999999999",
                          "/A",
                          "//"};
  for (size_t i = 0; i < COUNT(absent); i++) {
    char *value = (char *)absent;
    assert_result(AKOOL_ERR_NOT_FOUND, akool_json_get(DOCUMENT, absent[i], &value));
    assert_null(value);
  }
}

TEST(a_pointer_begins_with_a_slash) {
  const char *wrong[] = {"a", "a/b", " /a", "#/a", "\xff"};
  for (size_t i = 0; i < COUNT(wrong); i++) {
    char *value = (char *)wrong;
    assert_result(AKOOL_ERR_INVALID_ARGUMENT, akool_json_get(DOCUMENT, wrong[i], &value));
    assert_null(value);
  }
}

TEST(what_is_not_json_is_refused) {
  const char *wrong[] = {"",
                         " ",
                         "{",
                         "}",
                         "[1,]",
                         "{\"a\":1,}",
                         "nul",
                         "'a'",
                         "\"",
                         "\"\\u12\"",
                         "01",
                         "+1",
                         "{\"a\" 1}",
                         "[1] [2]",
                         "\"\xff\"",
                         "\"\xc0\xaf\"",
                         "\"\xed\xa0\x80\"",
                         "\"\xf5\x80\x80\x80\"",
                         "\"\x01\"",
                         "NaN",
                         "/* c */ 1",
                         "01e5"};
  for (size_t i = 0; i < COUNT(wrong); i++) {
    char *value = (char *)wrong;
    akool_result result = akool_json_get(wrong[i], "", &value);
    if (result != AKOOL_ERR_INVALID_ARGUMENT) print_error("text: %s\n", wrong[i]);
    assert_result(AKOOL_ERR_INVALID_ARGUMENT, result);
    assert_null(value);
  }
}

/* Replies hold what servers sent, halves of surrogate pairs and doubled names included. */
TEST(what_servers_send_is_read_leniently) {
  assert_at("{\"a\":\"x\\ud83dy\"}", "/a", "x\xef\xbf\xbdy");
  assert_at("{\"a\":1,\"a\":2}", "/a", "2");
}

TEST(nulls_are_refused) {
  char *value = (char *)&value;
  assert_result(AKOOL_ERR_INVALID_ARGUMENT, akool_json_get(NULL, "", &value));
  assert_null(value);
  value = (char *)&value;
  assert_result(AKOOL_ERR_INVALID_ARGUMENT, akool_json_get("{}", NULL, &value));
  assert_null(value);
  value = (char *)&value;
  assert_result(AKOOL_ERR_INVALID_ARGUMENT, akool_json_quote(NULL, &value));
  assert_null(value);
}

TEST(nowhere_to_put_it_does_no_harm) {
  const akool_result sensible[] = {AKOOL_OK, AKOOL_ERR_INVALID_ARGUMENT};
  assert_true(one_of(akool_json_get("{}", "", NULL), sensible, COUNT(sensible)));
  assert_true(one_of(akool_json_quote("x", NULL), sensible, COUNT(sensible)));
  assert_result(AKOOL_ERR_INVALID_ARGUMENT, akool_json_get(NULL, NULL, NULL));
  assert_result(AKOOL_ERR_INVALID_ARGUMENT, akool_json_quote(NULL, NULL));
}

TEST(depth_is_limited_however_long_the_text) {
  const char *openers[] = {"[", "{\"a\":", "[{\"a\":"};
  for (size_t i = 0; i < COUNT(openers); i++) {
    char *value = (char *)openers, *deep = nested(openers[i], TEN_MEGABYTES / strlen(openers[i]));
    assert_result(AKOOL_ERR_INVALID_ARGUMENT, akool_json_get(deep, "/0", &value));
    assert_null(value);
    free(deep);
  }
}

TEST(long_pointers_do_no_harm) {
  char *value = NULL, *deep = nested("/0", TEN_MEGABYTES / 2);
  assert_result(AKOOL_ERR_NOT_FOUND, akool_json_get("[[[]]]", deep, &value));
  assert_null(value);
  free(deep);
}

/* U+0000 cannot be in a C string: a value that holds it is never handed out cut off. */
TEST(a_value_with_a_nul_is_not_cut) {
  char *value = NULL;
  akool_result result = akool_json_get("{\"a\":\"x\\u0000y\"}", "/a", &value);
  assert_true(result != AKOOL_OK || strcmp(value, "x") != 0);
  akool_string_free(value);
}

/* ------------------------------------------------------------------ quote */

static void assert_quoted(const char *text, const char *expected) {
  char *json = NULL;
  assert_result(AKOOL_OK, akool_json_quote(text, &json));
  assert_string_equal(expected, json);
  akool_string_free(json);
}

TEST(quoting_escapes_what_json_wants) {
  assert_quoted("", "\"\"");
  assert_quoted("plain", "\"plain\"");
  assert_quoted("a\"b\\c/d", "\"a\\\"b\\\\c/d\"");
  assert_quoted("\n\t\r\b\f\x01\x1f", "\"\\n\\t\\r\\b\\f\\u0001\\u001f\"");
  assert_quoted("\xc3\xa9\xe4\xbd\xa0\xf0\x9f\x98\x80\x7f", "\"\xc3\xa9\xe4\xbd\xa0\xf0\x9f\x98\x80\x7f\"");
}

TEST(what_is_quoted_reads_back) {
  char text[260];
  size_t length = 0;
  for (int byte = 1; byte < 128; byte++) text[length++] = (char)byte;
  strcpy(text + length, "\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf");
  char *json = NULL;
  assert_result(AKOOL_OK, akool_json_quote(text, &json));
  assert_at(json, "", text);
  akool_string_free(json);
}

TEST(quoting_refuses_what_is_not_utf8) {
  const char *wrong[] = {"\xff",
                         "a\x80",
                         "\xc3",
                         "\xc0\x80",
                         "\xe0\x80\x80",
                         "\xed\xa0\x80",
                         "\xf4\x90\x80\x80",
                         "\xf8\x88\x80\x80\x80",
                         "ok\xe4\xbd",
                         "\xfe\xfe"};
  for (size_t i = 0; i < COUNT(wrong); i++) {
    char *json = (char *)wrong;
    assert_result(AKOOL_ERR_INVALID_ARGUMENT, akool_json_quote(wrong[i], &json));
    assert_null(json);
  }
}

TEST(ten_megabytes_make_the_round_trip) {
  char *text = nested("q\"\n", TEN_MEGABYTES / 3), *json = NULL;
  assert_result(AKOOL_OK, akool_json_quote(text, &json));
  char *back = text_at(json, "");
  assert_true(strcmp(text, back) == 0);
  free(text);
  akool_string_free(json);
  akool_string_free(back);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(values_by_pointer),
      cmocka_unit_test(the_empty_pointer_is_the_whole),
      cmocka_unit_test(nothing_there_is_not_found),
      cmocka_unit_test(a_pointer_begins_with_a_slash),
      cmocka_unit_test(what_is_not_json_is_refused),
      cmocka_unit_test(what_servers_send_is_read_leniently),
      cmocka_unit_test(nulls_are_refused),
      cmocka_unit_test(nowhere_to_put_it_does_no_harm),
      cmocka_unit_test(depth_is_limited_however_long_the_text),
      cmocka_unit_test(long_pointers_do_no_harm),
      cmocka_unit_test(a_value_with_a_nul_is_not_cut),
      cmocka_unit_test(quoting_escapes_what_json_wants),
      cmocka_unit_test(what_is_quoted_reads_back),
      cmocka_unit_test(quoting_refuses_what_is_not_utf8),
      cmocka_unit_test(ten_megabytes_make_the_round_trip),
  };
  return RUN(tests);
}
