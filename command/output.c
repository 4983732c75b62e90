#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define MOST_COLUMNS 8
#define WIDEST 48
#define WIDEST_LAST 200

void print_json(const json_t *value) {
  json_dumpf(value, stdout, JSON_INDENT(2) | JSON_ENCODE_ANY);
  putchar('\n');
}

/* A value in one line, without what could move the cursor: the words are a server's. The caller frees it. */
static char *shown(const json_t *value) {
  char *text;
  if (!value || json_is_null(value))
    text = strdup("-");
  else if (json_is_string(value))
    text = strdup(json_string_value(value));
  else
    text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
  for (unsigned char *byte = (unsigned char *)text; *byte; byte++) {
    /* C1 controls are C2 80 to C2 9F in UTF-8. */
    if (*byte == 0xC2 && byte[1] >= 0x80 && byte[1] < 0xA0) *byte = byte[1] = '?';
    if (*byte < 0x20 || *byte == 0x7F) *byte = '?';
  }
  return text;
}

/* How many columns of the terminal a text takes, and where to cut it to take at most `most`. */
static int width(const char *text, int most, size_t *end) {
  mbstate_t state = {0};
  int columns = 0;
  size_t at = 0, length = strlen(text);
  while (at < length) {
    wchar_t character;
    size_t bytes = mbrtowc(&character, text + at, length - at, &state);
    if (bytes == (size_t)-1 || bytes == (size_t)-2) bytes = 1, character = L'?', memset(&state, 0, sizeof state);
    int more = wcwidth(character) > 0 ? wcwidth(character) : 0;
    if (columns + more > most) break;
    columns += more;
    at += bytes;
  }
  if (end) *end = at;
  return columns;
}

static void print_cell(const char *text, int columns, bool is_last) {
  size_t end;
  int used = width(text, columns, &end);
  printf("%.*s", (int)end, text);
  if (!is_last) printf("%*s", columns - used + 2, "");
}

void print_table(const json_t *rows, const char *const *members, const char *const *heads) {
  size_t count = 0, row;
  json_t *entry;
  int widths[MOST_COLUMNS + 1] = {0};
  while (members[count] && count < MOST_COLUMNS) count++;
  for (size_t i = 0; i < count; i++) widths[i] = width(heads[i], WIDEST, NULL);
  json_array_foreach(rows, row, entry) {
    for (size_t i = 0; i < count; i++) {
      char *text = shown(json_object_get(entry, members[i]));
      int needed = width(text, i + 1 == count ? WIDEST_LAST : WIDEST, NULL);
      if (needed > widths[i]) widths[i] = needed;
      free(text);
    }
  }
  for (size_t i = 0; i < count; i++) print_cell(heads[i], widths[i], i + 1 == count);
  putchar('\n');
  json_array_foreach(rows, row, entry) {
    for (size_t i = 0; i < count; i++) {
      char *text = shown(json_object_get(entry, members[i]));
      print_cell(text, widths[i], i + 1 == count);
      free(text);
    }
    putchar('\n');
  }
}

/* The columns of a list that nobody has chosen: the first plain members that occur. */
static void print_list(const json_t *rows) {
  const char *members[MOST_COLUMNS + 1] = {NULL};
  size_t count = 0, row;
  json_t *entry;
  json_array_foreach(rows, row, entry) {
    const char *name;
    json_t *value;
    json_object_foreach(entry, name, value) {
      bool is_known = json_is_object(value) || json_is_array(value);
      for (size_t i = 0; i < count; i++) is_known = is_known || !strcmp(members[i], name);
      if (!is_known && count < MOST_COLUMNS) members[count++] = name;
    }
  }
  if (count) print_table(rows, members, members);
}

void print_data(const json_t *data) {
  const json_t *rows = json_is_array(data) ? data : json_object_get(data, "result");
  const char *name;
  json_t *value;
  if (json_is_array(rows)) {
    print_list(rows);
    printf("%zu of %lld\n", json_array_size(rows),
           (long long)(json_object_get(data, "count") ? json_integer_value(json_object_get(data, "count"))
                                                      : (json_int_t)json_array_size(rows)));
    if (json_is_false(json_object_get(data, "complete"))) puts("There is more.");
    return;
  }
  if (!json_is_object(data)) {
    if (data && !json_is_null(data)) print_json(data);
    return;
  }
  json_object_foreach((json_t *)data, name, value) {
    char *text = shown(value);
    printf("%-20s  %s\n", name, text);
    free(text);
  }
}

void print_error(const json_t *error) {
  char *code = shown(json_object_get(error, "code")), *message = shown(json_object_get(error, "message"));
  char *hint = shown(json_object_get(error, "hint"));
  fprintf(stderr, "akool: %s: %s\n", code, message);
  size_t index;
  json_t *fault;
  json_array_foreach(json_object_get(error, "details"), index, fault) {
    char *field = shown(json_object_get(fault, "field")), *text = shown(json_object_get(fault, "fault"));
    if (json_array_size(json_object_get(error, "details")) > 1) fprintf(stderr, "       %s: %s\n", field, text);
    free(field);
    free(text);
  }
  if (json_object_get(error, "hint")) fprintf(stderr, "       %s\n", hint);
  free(code);
  free(message);
  free(hint);
}

int finish(json_t *reply, akool_result result, const struct settings *settings) {
  if (settings->as_json)
    print_json(reply);
  else if (result == AKOOL_OK)
    print_data(json_object_get(reply, "data"));
  else
    print_error(json_object_get(reply, "error"));
  fflush(stdout);
  json_decref(reply);
  return result;
}
