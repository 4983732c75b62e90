#include "command.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Time between two checks of the signals while a call runs. */
#define SLICE_MS 200

static volatile sig_atomic_t interrupted;

static void interrupt(int number) {
  (void)number;
  interrupted = 1;
}

void catch_signals(void) {
  static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = interrupt;
  for (size_t index = 0; index < sizeof numbers / sizeof *numbers; index++) sigaction(numbers[index], &action, NULL);
}

static json_t *parsed(char *reply, akool_result result) {
  json_t *json = reply ? json_loads(reply, JSON_DECODE_ANY, NULL) : NULL;
  akool_string_free(reply);
  if (json) return json;
  return json_pack("{s{ssss}}", "error", "code", akool_result_name(result), "message", "the call could not be made");
}

static void show(const char *line) {
  fprintf(stderr, "\r\033[K%s", line);
  fflush(stderr);
}

/* The state in the latest event, on the last line of the terminal. */
static void show_progress(akool_client *client, int seconds) {
  static const char mill[] = "|/-\\";
  static char state[64] = "waiting";
  char line[128], *text = NULL;
  while (akool_client_next_event(client, 0, &text) == AKOOL_OK && text) {
    json_t *event = json_loads(text, 0, NULL);
    const char *found = json_string_value(json_object_get(event, "state"));
    if (found) snprintf(state, sizeof state, "%s", found);
    json_decref(event);
    akool_string_free(text);
    text = NULL;
  }
  snprintf(line, sizeof line, "%c %s, %d s", mill[seconds % 4], state, seconds);
  show(line);
}

/* Waits for the reply in slices, since a signal does not end a wait. */
static akool_result wait_for_reply(akool_client *client, uint64_t request, bool is_shown, char **reply) {
  for (int slices = 0;; slices++) {
    if (interrupted) akool_cancel(client, request);
    akool_result result = akool_wait(client, request, SLICE_MS, reply);
    if (*reply || result != AKOOL_ERR_TIMEOUT) return result;
    if (is_shown && slices % (1000 / SLICE_MS) == 0) show_progress(client, slices * SLICE_MS / 1000);
  }
}

static json_t *send(akool_client *client, const struct settings *settings, const char *operation,
                    const json_t *parameters, bool is_shown, akool_result *result) {
  char *text = json_dumps(parameters, JSON_COMPACT | JSON_REAL_PRECISION(15)), *reply = NULL;
  json_t *options = json_copy(settings->options);
  json_object_set_new(options, "reply", json_string("wait"));
  char *chosen = json_dumps(options, JSON_COMPACT);
  uint64_t request = 0;
  *result = akool_submit(client, operation, text, chosen, NULL, NULL, &request);
  if (*result == AKOOL_OK) *result = wait_for_reply(client, request, is_shown, &reply);
  free(text);
  free(chosen);
  json_decref(options);
  return parsed(reply, *result);
}

json_t *call(akool_client *client, const struct settings *settings, const char *operation, json_t *parameters,
             akool_result *result) {
  return send(client, settings, operation, parameters, false, result);
}

json_t *call_with_progress(akool_client *client, const struct settings *settings, const char *operation,
                           json_t *parameters, akool_result *result) {
  bool is_shown = !settings->is_quiet && isatty(STDERR_FILENO);
  json_t *reply = send(client, settings, operation, parameters, is_shown, result);
  if (is_shown) show("");
  return reply;
}

void hold_session(akool_client *client, const char *id, const struct settings *settings) {
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
