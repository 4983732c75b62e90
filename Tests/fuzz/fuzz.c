#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void append(struct text *text, const char *bytes, size_t length) {
  if (text->length + length + 1 > text->capacity) {
    text->capacity = 2 * (text->length + length + 1);
    text->bytes = realloc(text->bytes, text->capacity);
    if (!text->bytes) abort();
  }
  if (length) memcpy(text->bytes + text->length, bytes, length);
  text->length += length;
  text->bytes[text->length] = '\0';
}

void append_string(struct text *text, const char *string) { append(text, string, strlen(string)); }

void append_base64(struct text *text, const uint8_t *bytes, size_t length) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t i = 0; i < length; i += 3) {
    size_t left = length - i;
    uint32_t three =
        (uint32_t)bytes[i] << 16 | (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) | (left > 2 ? bytes[i + 2] : 0);
    char four[4] = {digits[three >> 18], digits[three >> 12 & 63], left > 1 ? digits[three >> 6 & 63] : '=',
                    left > 2 ? digits[three & 63] : '='};
    append(text, four, 4);
  }
}

void check(akool_result result, char *reply) {
  char *meta = NULL;
  const char *wrong = NULL;
  if (!reply)
    wrong = "no reply";
  else if (result == AKOOL_ERR_INTERNAL)
    wrong = "an internal error";
  else if (akool_json_get(reply, "/meta/operation", &meta) != AKOOL_OK)
    wrong = "a reply that is not one JSON object";
  akool_string_free(meta);
  if (wrong) {
    fprintf(stderr, "%s: %s: %s\n", wrong, akool_result_name(result), reply ? reply : "");
    abort();
  }
  akool_string_free(reply);
}
