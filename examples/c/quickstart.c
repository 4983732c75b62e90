/*
 * Quick start: opens a live session, shows what a browser or an app joins with, and closes it again.
 *
 *   cc -std=c99 quickstart.c $(pkg-config --cflags --libs akool) -o quickstart
 *
 *   ./quickstart                       simulated inside this process: no account, nothing is charged
 *   AKOOL_API_KEY=... ./quickstart     the service itself: a session of 60 seconds, refunded when it is closed
 */
#include <akool.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* With the ledger file nothing stays open: should this program be killed, its next start closes what it left. */
#define LEDGER "\"ledger\": {\"file\": \"akool.ledger\"}"
#define REAL "{" LEDGER "}"
#define SIMULATED "{" LEDGER ", \"base_url\": \"simulator:\", \"environment\": false}"

/* The text at a JSON Pointer, to be freed with akool_string_free; NULL when there is none. */
static char *text_at(const char *json, const char *pointer) {
  char *text = NULL;
  if (json) akool_json_get(json, pointer, &text);
  return text;
}

/* Says what happened and what to do about it. */
static void explain(const char *what, akool_result result, const char *reply) {
  char *message = text_at(reply, "/error/message"), *hint = text_at(reply, "/error/hint");
  fprintf(stderr, "%s: %s: %s\n%s\n", what, akool_result_name(result), message ? message : "", hint ? hint : "");
  akool_string_free(message);
  akool_string_free(hint);
}

/* Every call goes this way: an operation, its parameters, and one reply, in which *value is what the caller wants. */
static bool call(akool_client *client, const char *operation, const char *params, const char *pointer, char **value) {
  char *reply;
  akool_result result = akool_call(client, operation, params, NULL, &reply);
  if (result != AKOOL_OK) explain(operation, result, reply);
  *value = result == AKOOL_OK ? text_at(reply, pointer) : NULL;
  if (result == AKOOL_OK && !*value) fprintf(stderr, "%s: the reply has no %s\n", operation, pointer);
  akool_string_free(reply);
  return *value != NULL;
}

/* The avatar_id, as JSON, of an official avatar that can be used now. */
static bool choose_avatar(akool_client *client, char **avatar) {
  char *list, *id = NULL;
  if (!call(client, AKOOL_OP_AVATAR_LIST, NULL, "/data/result", &list)) return false;
  for (int i = 0; i < 100 && !id; i++) {
    char from[32], available[32], avatar_id[32];
    snprintf(from, sizeof from, "/%d/from", i);
    snprintf(available, sizeof available, "/%d/available", i);
    snprintf(avatar_id, sizeof avatar_id, "/%d/avatar_id", i);
    char *is_official = text_at(list, from), *is_free = text_at(list, available);
    if (is_official && is_free && *is_official == '2' && *is_free == 't') id = text_at(list, avatar_id);
    akool_string_free(is_official);
    akool_string_free(is_free);
  }
  akool_string_free(list);
  *avatar = NULL;
  if (!id)
    fprintf(stderr, "No official avatar is available at present.\n");
  else
    akool_json_quote(id, avatar);
  akool_string_free(id);
  return *avatar != NULL;
}

static bool open_session(akool_client *client, const char *avatar, char **session) {
  char params[512], *join, *data; /* What does not fit is no JSON, and refused before anything is sent. */
  snprintf(params, sizeof params, "{\"avatar_id\": %s, \"duration\": 60}", avatar);
  if (!call(client, AKOOL_OP_SESSION_CREATE, params, "/data", &data)) return false;
  *session = text_at(data, "/_id");
  join = text_at(data, "/join");
  if (join) printf("A browser or an app joins with: %s\n", join);
  akool_string_free(join);
  akool_string_free(data);
  return *session != NULL;
}

static bool close_session(akool_client *client, const char *session) {
  char params[128], *state;
  snprintf(params, sizeof params, "{\"id\": \"%s\"}", session);
  bool is_closed = call(client, AKOOL_OP_SESSION_CLOSE, params, "/data/state", &state);
  akool_string_free(state);
  return is_closed;
}

static bool run(akool_client *client) {
  char *before = NULL, *avatar = NULL, *session = NULL, *after = NULL;
  bool is_done = call(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, "/data/credit", &before) &&
                 choose_avatar(client, &avatar) && open_session(client, avatar, &session) &&
                 close_session(client, session) && call(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, "/data/credit", &after);
  if (is_done) printf("The session is closed, and seen to be closed. Credit before: %s, after: %s.\n", before, after);
  akool_string_free(before);
  akool_string_free(avatar);
  akool_string_free(session);
  akool_string_free(after);
  return is_done;
}

int main(int argc, char **argv) {
  bool is_simulated = getenv("AKOOL_API_KEY") == NULL;
  akool_client *client;
  char *error;
  if (argc > 1) {
    fprintf(stderr, "usage: %s\n", argv[0]);
    return 2;
  }
  puts(is_simulated
           ? "SIMULATED: AKOOL_API_KEY is not set, so AKOOL is imitated inside this process; nothing is charged."
           : "REAL: this uses your AKOOL account; 60 seconds are charged, and refunded as far as they are not used.");
  akool_result result = akool_client_create(is_simulated ? SIMULATED : REAL, &client, &error);
  if (result != AKOOL_OK) explain("akool_client_create", result, error);
  akool_string_free(error);
  bool is_done = result == AKOOL_OK && run(client);
  akool_client_destroy(client); /* Closes what is still open, whatever went wrong above. */
  return is_done ? EXIT_SUCCESS : EXIT_FAILURE;
}
