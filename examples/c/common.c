#define _POSIX_C_SOURCE 200809L

#include "common.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---------------------------------------------------------------- the client */

bool is_simulated(void) { return getenv("AKOOL_API_KEY") == NULL; }

static void introduce(void) {
  const char *address = getenv("AKOOL_BASE_URL");
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (is_simulated())
    puts("SIMULATED: AKOOL_API_KEY is not set, so AKOOL is imitated inside this process; nothing is charged.");
  else
    printf("AKOOL at %s: sessions cost credit.\n", address ? address : "https://openapi.akool.com");
}

akool_client *connect_to_akool(const char *settings) {
  akool_client *client = NULL;
  char *error = NULL;
  const char *service = "\"environment\": true";
  if (is_simulated()) service = "\"base_url\": \"simulator:\", \"environment\": false";
  char *configuration = format("{%s%s%s}", service, settings ? ", " : "", settings ? settings : "");
  introduce();
  if (!configuration) return NULL;
  akool_result result = akool_client_create(configuration, &client, &error);
  if (result != AKOOL_OK) explain("akool_client_create", result, error);
  akool_string_free(error);
  free(configuration);
  return client;
}

/* --------------------------------------------------------------------- calls */

void explain(const char *what, akool_result result, const char *json) {
  char *message = text_at(json, "/error/message"), *hint = text_at(json, "/error/hint");
  fflush(stdout);
  fprintf(stderr, "%s: %s\n", what, akool_result_name(result));
  if (message) fprintf(stderr, "%s\n", message);
  if (hint) fprintf(stderr, "%s\n", hint);
  akool_string_free(message);
  akool_string_free(hint);
}

uint64_t submit(akool_client *client, const char *operation, const char *params, const char *options) {
  uint64_t request = 0;
  if (!options) options = "{\"reply\": \"wait\"}"; /* Kept for akool_wait: it is not among the events. */
  akool_result result = akool_submit(client, operation, params, options, NULL, NULL, &request);
  if (result != AKOOL_OK) explain(operation, result, NULL);
  return request;
}

/* Waits in slices, so that Ctrl-C is noticed: signals interrupt no function of the library. */
char *finish(akool_client *client, uint64_t request, const char *operation, void (*meanwhile)(akool_client *)) {
  char *reply = NULL;
  akool_result result;
  if (!request) return NULL;
  do {
    if (interrupted) akool_cancel(client, request);
    result = akool_wait(client, request, 100, &reply);
    if (meanwhile) meanwhile(client);
  } while (result == AKOOL_ERR_TIMEOUT && !reply); /* The time-out of the call itself comes with a reply. */
  if (result == AKOOL_OK) return reply;
  explain(operation, result, reply);
  akool_string_free(reply);
  return NULL;
}

char *call(akool_client *client, const char *operation, const char *params) {
  return finish(client, submit(client, operation, params, NULL), operation, NULL);
}

char *free_avatar(akool_client *client) {
  char *found = NULL, *list = call(client, AKOOL_OP_AVATAR_LIST, "{\"size\": 100}");
  for (int i = 0; list && !found && i < 100; i++) {
    char *avatar = text_at(list, "/data/result/%d", i);
    if (text_is(avatar, "/from", "2") && text_is(avatar, "/available", "true")) found = text_at(avatar, "/avatar_id");
    akool_string_free(avatar);
  }
  if (list && !found) fprintf(stderr, "No official avatar is available at present.\n");
  akool_string_free(list);
  return found;
}

/* ---------------------------------------------------------------------- JSON */

char *text_at(const char *json, const char *pointer, ...) {
  char place[256], *value = NULL;
  va_list arguments;
  va_start(arguments, pointer);
  int length = vsnprintf(place, sizeof place, pointer, arguments);
  va_end(arguments);
  if (json && length >= 0 && (size_t)length < sizeof place) akool_json_get(json, place, &value);
  return value;
}

bool text_is(const char *json, const char *pointer, const char *expected) {
  char *value = text_at(json, "%s", pointer);
  bool is_same = value && strcmp(value, expected) == 0;
  akool_string_free(value);
  return is_same;
}

char *quoted(const char *text) {
  char *json = NULL;
  akool_result result = akool_json_quote(text, &json);
  if (result != AKOOL_OK) fprintf(stderr, "%s: this text is not UTF-8\n", akool_result_name(result));
  return json;
}

char *format(const char *pattern, ...) {
  va_list arguments, again;
  va_start(arguments, pattern);
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, pattern, arguments);
  char *text = length < 0 ? NULL : malloc((size_t)length + 1);
  if (text)
    vsnprintf(text, (size_t)length + 1, pattern, again);
  else
    fprintf(stderr, "There is no memory.\n");
  va_end(again);
  va_end(arguments);
  return text;
}

/* -------------------------------------------------------------------- Ctrl-C */

volatile sig_atomic_t interrupted;

static void on_interrupt(int signal_number) {
  (void)signal_number;
  interrupted = 1;
}

void listen_for_interrupts(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_interrupt;
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
}

bool pause_ms(long milliseconds) {
  const long slice = 50;
  for (; milliseconds > 0 && !interrupted; milliseconds -= slice) {
    const struct timespec rest = {0, (milliseconds < slice ? milliseconds : slice) * 1000000};
    nanosleep(&rest, NULL);
  }
  return !interrupted;
}
