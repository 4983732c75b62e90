/* What the fuzz targets share. Each is a libFuzzer program that feeds its input to libakool.so through the C interface.
 */
#ifndef AKOOL_FUZZ_H
#define AKOOL_FUZZ_H

#include <akool.h>
#include <stddef.h>
#include <stdint.h>

/* A text that grows. It ends with NUL. */
struct text {
  char *bytes;
  size_t length, capacity;
};

void append(struct text *text, const char *bytes, size_t length);
void append_string(struct text *text, const char *string);
/* In base64, without quotes. */
void append_base64(struct text *text, const uint8_t *bytes, size_t length);

/* Ends the program when a result is none that the call may have, or when the reply is not one JSON object. */
void check(akool_result result, char *reply);

#endif
