/* akool_json_get and akool_json_quote. */
#include <stdlib.h>

#include "complexity.h"

static void counted_get(struct text *json, const char *pointer, akool_result wanted) {
  char *value = NULL;
  begin();
  akool_result result = akool_json_get(json->bytes, pointer, &value);
  end();
  expect(wanted, result, value);
  free(json->bytes);
}

static void counted_quote(const char *unit, size_t count) {
  struct text text = {0};
  char *json = NULL;
  repeat(&text, unit, count);
  begin();
  akool_result result = akool_json_quote(text.bytes, &json);
  end();
  expect(AKOOL_OK, result, json);
  free(text.bytes);
}

/* Reads a string of a repeated unit. */
static void get_string(const char *unit, size_t count, akool_result wanted) {
  struct text json = {0};
  add(&json, "{\"a\":\"");
  repeat(&json, unit, count);
  add(&json, "\"}");
  counted_get(&json, "/a", wanted);
}

static void quote_plain(size_t size) { counted_quote("abcdefgh", size / 8); }
static void quote_escapes(size_t size) { counted_quote("\"\\\n\x01", size / 4); }
static void quote_unicode(size_t size) { counted_quote("\xC3\xA9\xF0\x9F\x98\x80\xCC\x81", size / 8); }

static void get_plain(size_t size) { get_string("abcdefgh", size / 8, AKOOL_OK); }
static void get_escapes(size_t size) { get_string("\\n\\\"\\/\\u0041", size / 12, AKOOL_OK); }
static void get_surrogates(size_t size) { get_string("\\ud83d\\ude00", size / 12, AKOOL_OK); }
static void get_lone_surrogates(size_t size) { get_string("\\ud83d", size / 6, AKOOL_OK); }
static void get_combining(size_t size) { get_string("e\xCC\x81", size / 3, AKOOL_OK); }

static void get_members(size_t size) {
  struct text json = {0}, pointer = {0};
  add(&json, "{");
  number(&json, "\"member%zu\":%zu", size);
  add(&json, "}");
  addf(&pointer, "/member%zu", size - 1);
  counted_get(&json, pointer.bytes, AKOOL_OK);
  free(pointer.bytes);
}

static void get_elements(size_t size) {
  struct text json = {0}, pointer = {0};
  add(&json, "[");
  number(&json, "{\"a\":[%zu]}", size);
  add(&json, "]");
  addf(&pointer, "/%zu/a/0", size - 1);
  counted_get(&json, pointer.bytes, AKOOL_OK);
  free(pointer.bytes);
}

static void get_duplicates(size_t size) {
  struct text json = {0};
  add(&json, "{\"a\":0");
  repeat(&json, ",\"a\":0", size);
  add(&json, "}");
  counted_get(&json, "/a", AKOOL_OK);
}

static void get_whole(size_t size) {
  struct text json = {0};
  add(&json, "{\"a\":[");
  number(&json, "{\"b\":\"%zu\",\"c\":1.5}", size);
  add(&json, "]}");
  counted_get(&json, "", AKOOL_OK);
}

static void get_nested(size_t size) {
  struct text json = {0};
  add(&json, "[0");
  for (size_t i = 0; i < size; i++) {
    add(&json, ",");
    repeat(&json, "[", 60);
    repeat(&json, "]", 60);
  }
  add(&json, "]");
  counted_get(&json, "/0", AKOOL_OK);
}

static void get_too_deep(size_t size) {
  struct text json = {0};
  repeat(&json, "[", 100 + size);
  repeat(&json, "]", 100 + size);
  counted_get(&json, "/0", AKOOL_ERR_INVALID_ARGUMENT);
}

static void get_blanks(size_t size) {
  struct text json = {0};
  repeat(&json, " \n", size / 2);
  add(&json, "1");
  counted_get(&json, "", AKOOL_OK);
}

static void get_numbers(size_t size) {
  struct text json = {0};
  add(&json, "[0");
  repeat(&json, ",-1.25e-7,123456789012", size);
  add(&json, "]");
  counted_get(&json, "", AKOOL_OK);
}

static void get_long_integer(size_t size) {
  struct text json = {0};
  repeat(&json, "12345678", size / 8);
  counted_get(&json, "", ANY_RESULT);
}

static void get_long_fraction(size_t size) {
  struct text json = {0};
  add(&json, "0.");
  repeat(&json, "12345678", size / 8);
  counted_get(&json, "", AKOOL_OK);
}

static void get_cut(size_t size) {
  struct text json = {0};
  add(&json, "[");
  repeat(&json, "\"abc\",", size / 6);
  counted_get(&json, "", AKOOL_ERR_INVALID_ARGUMENT);
}

static void get_open_strings(size_t size) {
  struct text json = {0};
  repeat(&json, "\"", size + 1 - size % 2);
  counted_get(&json, "", AKOOL_ERR_INVALID_ARGUMENT);
}

static void get_by_pointer(const char *unit, size_t count) {
  struct text json = {0}, pointer = {0};
  add(&json, "{\"a\":[1]}");
  repeat(&pointer, unit, count);
  counted_get(&json, pointer.bytes, AKOOL_ERR_NOT_FOUND);
  free(pointer.bytes);
}

static void get_long_name(size_t size) {
  struct text json = {0}, pointer = {0};
  add(&pointer, "/");
  repeat(&pointer, "~1~0name", size / 8);
  add(&json, "{\"");
  repeat(&json, "/~name", size / 8);
  add(&json, "\":1}");
  counted_get(&json, pointer.bytes, AKOOL_OK);
  free(pointer.bytes);
}

static void get_steps(size_t size) { get_by_pointer("/", size); }
static void get_named_steps(size_t size) { get_by_pointer("/a", size); }

static void get_digits(size_t size) {
  struct text json = {0}, pointer = {0};
  add(&json, "[1]");
  add(&pointer, "/");
  repeat(&pointer, "9", size);
  counted_get(&json, pointer.bytes, AKOOL_ERR_NOT_FOUND);
  free(pointer.bytes);
}

const struct complexity_case text_cases[] = {{"quote plain", quote_plain},
                                             {"quote escapes", quote_escapes},
                                             {"quote unicode", quote_unicode},
                                             {"get plain", get_plain},
                                             {"get escapes", get_escapes},
                                             {"get surrogates", get_surrogates},
                                             {"get lone surrogates", get_lone_surrogates},
                                             {"get combining marks", get_combining},
                                             {"get members", get_members},
                                             {"get elements", get_elements},
                                             {"get duplicates", get_duplicates},
                                             {"get whole", get_whole},
                                             {"get nested", get_nested},
                                             {"get too deep", get_too_deep},
                                             {"get blanks", get_blanks},
                                             {"get numbers", get_numbers},
                                             {"get long integer", get_long_integer},
                                             {"get long fraction", get_long_fraction},
                                             {"get cut text", get_cut},
                                             {"get open strings", get_open_strings},
                                             {"get long name", get_long_name},
                                             {"get steps", get_steps},
                                             {"get named steps", get_named_steps},
                                             {"get digits", get_digits},
                                             {NULL, NULL}};
