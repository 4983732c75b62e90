/* Texts that grow. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complexity.h"

void append(struct text *text, const char *bytes, size_t length) {
  if (text->length + length + 1 > text->capacity) {
    text->capacity = 2 * (text->length + length + 1);
    text->bytes = realloc(text->bytes, text->capacity);
    if (!text->bytes) fail("out of memory");
  }
  if (length) memcpy(text->bytes + text->length, bytes, length);
  text->length += length;
  text->bytes[text->length] = '\0';
}

void add(struct text *text, const char *string) { append(text, string, strlen(string)); }

void repeat(struct text *text, const char *unit, size_t count) {
  size_t length = strlen(unit);
  for (size_t i = 0; i < count; i++) append(text, unit, length);
}

void addf(struct text *text, const char *format, ...) {
  char buffer[256];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(buffer, sizeof buffer, format, arguments);
  va_end(arguments);
  if (length < 0 || (size_t)length >= sizeof buffer) fail("a text of %d bytes is too long for addf", length);
  append(text, buffer, (size_t)length);
}

void number(struct text *text, const char *format, size_t count) {
  const char *place = strstr(format, "%zu");
  for (size_t i = 0; i < count; i++) {
    if (i) add(text, ",");
    for (const char *from = format; place; from = place + 3, place = strstr(from, "%zu")) {
      append(text, from, (size_t)(place - from));
      addf(text, "%zu", i);
      if (!strstr(place + 3, "%zu")) {
        add(text, place + 3);
        break;
      }
    }
    place = strstr(format, "%zu");
  }
}

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
