/*
 * Makes copies of the strings that the library hands out, so that a sanitizer watches them: it sees what is not freed,
 * is freed twice, or is used afterwards. The library itself is not built with it. Linked in with --wrap.
 */
#define _POSIX_C_SOURCE 200809L

#include <akool.h>

#include <stdlib.h>
#include <string.h>

void __real_akool_string_free(char *string);

static void copy(char **string) {
  char *original = string ? *string : NULL;
  if (!original) return;
  *string = strdup(original);
  __real_akool_string_free(original);
}

void __wrap_akool_string_free(char *string);
void __wrap_akool_string_free(char *string) { free(string); }

#define WRAP(name, out, parameters, arguments)     \
  akool_result __real_##name parameters;           \
  akool_result __wrap_##name parameters;           \
  akool_result __wrap_##name parameters {          \
    akool_result result = __real_##name arguments; \
    copy(out);                                     \
    return result;                                 \
  }

WRAP(akool_describe, json, (char **json), (json))
WRAP(akool_json_get, value, (const char *json, const char *pointer, char **value), (json, pointer, value))
WRAP(akool_json_quote, json, (const char *text, char **json), (text, json))
WRAP(akool_client_create, error, (const char *settings, akool_client **client, char **error), (settings, client, error))
WRAP(akool_wait, reply, (akool_client * client, uint64_t request, int64_t timeout, char **reply),
     (client, request, timeout, reply))
WRAP(akool_call, reply,
     (akool_client * client, const char *operation, const char *parameters, const char *options, char **reply),
     (client, operation, parameters, options, reply))
WRAP(akool_client_next_event, event, (akool_client * client, int64_t timeout, char **event), (client, timeout, event))
