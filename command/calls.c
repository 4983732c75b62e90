#include "command.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted;

static void interrupt(int number) {
  (void)number;
  interrupted = 1;
}

static void catch_signals(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = interrupt;
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
}

static json_t *parsed(char *reply, akool_result result) {
  json_t *json = reply ? json_loads(reply, JSON_DECODE_ANY, NULL) : NULL;
  akool_string_free(reply);
  if (json) return json;
  return json_pack("{s{ssss}}", "error", "code", akool_result_name(result), "message", "the call could not be made");
}

json_t *call(akool_client *client, const struct settings *settings, const char *operation, json_t *parameters,
             akool_result *result) {
  char *text = json_dumps(parameters, JSON_COMPACT), *options = json_dumps(settings->options, JSON_COMPACT);
  char *reply = NULL;
  *result = akool_call(client, operation, text, options, &reply);
  free(text);
  free(options);
  return parsed(reply, *result);
}

static void show(const char *line) {
  fprintf(stderr, "\r\033[K%s", line);
  fflush(stderr);
}

/* What an event says about progress, on the last line of the terminal. */
static void show_event(const json_t *event, int seconds) {
  static const char mill[] = "|/-\\";
  const char *state = json_string_value(json_object_get(event, "state"));
  static char last[64] = "waiting";
  char line[128];
  if (state) snprintf(last, sizeof last, "%s", state);
  snprintf(line, sizeof line, "%c %s, %d s", mill[seconds % 4], last, seconds);
  show(line);
}

json_t *call_with_progress(akool_client *client, const struct settings *settings, const char *operation,
                           json_t *parameters, akool_result *result) {
  if (settings->is_quiet || !isatty(STDERR_FILENO)) return call(client, settings, operation, parameters, result);
  char *text = json_dumps(parameters, JSON_COMPACT), *reply = NULL;
  json_t *options = json_copy(settings->options);
  json_object_set_new(options, "reply", json_string("wait"));
  char *chosen = json_dumps(options, JSON_COMPACT);
  uint64_t request = 0;
  catch_signals();
  *result = akool_submit(client, operation, text, chosen, NULL, NULL, &request);
  free(text);
  free(chosen);
  json_decref(options);
  for (int seconds = 0; *result == AKOOL_OK; seconds++) {
    char *event = NULL;
    if (interrupted) akool_cancel(client, request);
    *result = akool_wait(client, request, 1000, &reply);
    if (reply || *result != AKOOL_ERR_TIMEOUT) break;
    *result = AKOOL_OK;
    json_t *news = NULL;
    while (akool_client_next_event(client, 0, &event) == AKOOL_OK && event) {
      json_decref(news);
      news = json_loads(event, 0, NULL);
      akool_string_free(event);
      event = NULL;
    }
    show_event(news, seconds);
    json_decref(news);
  }
  show("");
  return parsed(reply, *result);
}

void hold_session(akool_client *client, const char *id, const struct settings *settings) {
  catch_signals();
  if (!settings->is_quiet) fprintf(stderr, "The session is open and costs credit until you press Ctrl-C.\n");
  while (!interrupted) {
    char *text = NULL;
    if (akool_client_next_event(client, 500, &text) != AKOOL_OK) return;
    json_t *event = text ? json_loads(text, 0, NULL) : NULL;
    akool_string_free(text);
    const char *type = json_string_value(json_object_get(event, "type"));
    const char *about = json_string_value(json_object_get(event, "id"));
    bool is_over = type && about && !strcmp(type, "session.ended") && !strcmp(about, id);
    if (type && about && !settings->is_quiet) {
      if (settings->as_json)
        print_json(event);
      else
        fprintf(stderr, "%s\n", type);
    }
    json_decref(event);
    if (is_over) return;
  }
  if (!settings->is_quiet) fprintf(stderr, "Closing the session.\n");
}
