/* What lib/native.js sees. Arguments are checked in JavaScript; what is still wrong here throws a TypeError. */
#include "client.h"

#include <stdlib.h>
#include <string.h>

static napi_value refuse(napi_env env, const char *message) {
  napi_throw_type_error(env, NULL, message);
  return NULL;
}

static bool arguments(napi_env env, napi_callback_info info, size_t count, napi_value *values) {
  size_t given = count;
  if (napi_get_cb_info(env, info, &given, values, NULL, NULL) == napi_ok && given >= count) return true;
  refuse(env, "too few arguments");
  return false;
}

/* A copy of a string, to be freed; NULL for undefined, and with an exception for what a C string cannot hold. */
static bool text(napi_env env, napi_value value, char **copy) {
  napi_valuetype type;
  size_t length, written;
  *copy = NULL;
  if (napi_typeof(env, value, &type) == napi_ok && type == napi_undefined) return true;
  if (napi_get_value_string_utf8(env, value, NULL, 0, &length) != napi_ok) return refuse(env, "not a string"), false;
  *copy = malloc(length + 1);
  if (!*copy) return refuse(env, "out of memory"), false;
  if (napi_get_value_string_utf8(env, value, *copy, length + 1, &written) == napi_ok && strlen(*copy) == length)
    return true;
  free(*copy);
  *copy = NULL;
  return refuse(env, "a string with U+0000"), false;
}

static struct client *client(napi_env env, napi_value value) {
  void *found = NULL;
  if (napi_get_value_external(env, value, &found) != napi_ok) refuse(env, "not a client");
  return found;
}

static napi_value number(napi_env env, double value) {
  napi_value result = NULL;
  napi_create_double(env, value, &result);
  return result;
}

static napi_value string(napi_env env, const char *value) {
  napi_value result = NULL;
  napi_create_string_utf8(env, value, NAPI_AUTO_LENGTH, &result);
  return result;
}

/* load(path, bridge): undefined, or why not. */
static napi_value load(napi_env env, napi_callback_info info) {
  napi_value values[2];
  char *path, *bridge, error[1024];
  if (!arguments(env, info, 2, values) || !text(env, values[0], &path)) return NULL;
  if (!text(env, values[1], &bridge)) return free(path), NULL;
  bool good = path && bridge && library_load(path, bridge, error, sizeof error);
  free(path);
  free(bridge);
  return good ? NULL : string(env, error);
}

static napi_value version(napi_env env, napi_callback_info info) {
  (void)info;
  if (!library.version) return refuse(env, "not loaded");
  return string(env, library.version());
}

/* describe(): the catalogue as text, or null. */
static napi_value describe(napi_env env, napi_callback_info info) {
  char *json = NULL;
  napi_value result = NULL;
  (void)info;
  if (!library.describe) return refuse(env, "not loaded");
  if (library.describe(&json) != AKOOL_OK) return napi_get_null(env, &result), result;
  result = string(env, json);
  library.string_free(json);
  return result;
}

/* open(config, onEvents): the client, or the text of an error, or the number of a result that has no text. */
static napi_value open_client(napi_env env, napi_callback_info info) {
  napi_value values[2], result = NULL;
  struct client *opened;
  char *config, *error;
  if (!library.client_create) return refuse(env, "not loaded");
  if (!arguments(env, info, 2, values) || !text(env, values[0], &config)) return NULL;
  akool_result outcome = client_open(env, config, values[1], &opened, &error);
  free(config);
  if (outcome == AKOOL_OK) {
    if (napi_create_external(env, opened, client_drop, NULL, &result) != napi_ok) client_drop(env, opened, NULL);
    return result;
  }
  result = error ? string(env, error) : number(env, outcome);
  library.string_free(error);
  return result;
}

/* submit(client, operation, params, options): the number of the request, or the negative of a result. */
static napi_value submit(napi_env env, napi_callback_info info) {
  napi_value values[4];
  char *texts[3] = {NULL, NULL, NULL};
  uint64_t request = 0;
  if (!arguments(env, info, 4, values)) return NULL;
  struct client *target = client(env, values[0]);
  bool good = target != NULL;
  for (int i = 0; good && i < 3; i++) good = text(env, values[i + 1], &texts[i]);
  akool_result result = AKOOL_ERR_INVALID_ARGUMENT;
  if (good) result = library.submit(client_handle(target), texts[0], texts[1], texts[2], NULL, NULL, &request);
  for (int i = 0; i < 3; i++) free(texts[i]);
  return good ? number(env, result == AKOOL_OK ? (double)request : -(double)result) : NULL;
}

/* cancel(client, request) */
static napi_value cancel(napi_env env, napi_callback_info info) {
  napi_value values[2];
  double request;
  if (!arguments(env, info, 2, values)) return NULL;
  struct client *target = client(env, values[0]);
  if (!target || napi_get_value_double(env, values[1], &request) != napi_ok) return NULL;
  if (client_handle(target)) library.cancel(client_handle(target), (uint64_t)request);
  return NULL;
}

/* keepAlive(client, boolean) */
static napi_value keep_alive(napi_env env, napi_callback_info info) {
  napi_value values[2];
  bool is_kept;
  if (!arguments(env, info, 2, values)) return NULL;
  struct client *target = client(env, values[0]);
  if (target && napi_get_value_bool(env, values[1], &is_kept) == napi_ok) client_keep_alive(target, is_kept);
  return NULL;
}

/* end(client) */
static napi_value end(napi_env env, napi_callback_info info) {
  napi_value values[1];
  if (!arguments(env, info, 1, values)) return NULL;
  struct client *target = client(env, values[0]);
  if (target) client_end(target);
  return NULL;
}

NAPI_MODULE_INIT() {
  const napi_property_descriptor functions[] = {
      {"load", NULL, load, NULL, NULL, NULL, napi_enumerable, NULL},
      {"version", NULL, version, NULL, NULL, NULL, napi_enumerable, NULL},
      {"describe", NULL, describe, NULL, NULL, NULL, napi_enumerable, NULL},
      {"open", NULL, open_client, NULL, NULL, NULL, napi_enumerable, NULL},
      {"submit", NULL, submit, NULL, NULL, NULL, napi_enumerable, NULL},
      {"cancel", NULL, cancel, NULL, NULL, NULL, napi_enumerable, NULL},
      {"keepAlive", NULL, keep_alive, NULL, NULL, NULL, napi_enumerable, NULL},
      {"end", NULL, end, NULL, NULL, NULL, napi_enumerable, NULL},
  };
  napi_define_properties(env, exports, sizeof functions / sizeof *functions, functions);
  return exports;
}
