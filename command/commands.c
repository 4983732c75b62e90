#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int credit(akool_client *client, const struct settings *settings) {
  akool_result result;
  json_t *none = json_object(), *reply = call(client, settings, AKOOL_OP_ACCOUNT_CREDIT, none, &result);
  json_decref(none);
  if (settings->as_json || result != AKOOL_OK) return finish(reply, result, settings);
  printf("%.2f\n", json_number_value(json_object_get(json_object_get(reply, "data"), "credit")));
  json_decref(reply);
  return result;
}

/* ---------------------------------------------------------------- sessions */

/* An ObjectId begins with the time at which it was made. */
static void put_time(json_t *row, const char *id) {
  char digits[9] = "", text[32];
  if (!id || strlen(id) != 24) return;
  memcpy(digits, id, 8);
  time_t moment = (time_t)strtoul(digits, NULL, 16);
  strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", localtime(&moment));
  json_object_set_new(row, "opened", json_string(text));
}

static void put_owner(json_t *row, const json_t *entry) {
  json_t *process = json_object_get(entry, "process_id"), *host = json_object_get(entry, "host");
  char text[300] = "not in the ledger";
  if (entry) snprintf(text, sizeof text, "a program that is gone");
  if (process && host)
    snprintf(text, sizeof text, "%s, process %lld%s", json_string_value(host), (long long)json_integer_value(process),
             json_is_false(json_object_get(entry, "alive")) ? " (gone)" : "");
  json_object_set_new(row, "opened_by", json_string(text));
  json_t *left = json_object_get(entry, "seconds_left");
  if (left) json_object_set(row, "seconds_left", left);
  json_t *tag = json_object_get(entry, "tag");
  if (tag) json_object_set(row, "tag", tag);
}

static const json_t *find(const json_t *rows, const char *id) {
  size_t index;
  json_t *row;
  json_array_foreach(rows, index, row) {
    const char *own = json_string_value(json_object_get(row, "_id"));
    if (own && id && !strcmp(own, id)) return row;
  }
  return NULL;
}

/* What AKOOL lists as open, with what the ledger knows of it. */
static json_t *open_sessions(akool_client *client, const struct settings *settings, json_t **reply,
                             akool_result *result) {
  json_t *rows = json_array(), *none = json_object();
  json_t *known = call(client, settings, AKOOL_OP_LEDGER_SESSIONS, none, result);
  for (int status = 1; status <= 2 && *result == AKOOL_OK; status++) {
    json_t *parameters = json_pack("{sisb}", "status", status, "all", 1), *session;
    size_t index;
    json_decref(*reply);
    *reply = call(client, settings, AKOOL_OP_SESSION_LIST, parameters, result);
    json_decref(parameters);
    json_array_foreach(json_object_get(json_object_get(*reply, "data"), "result"), index, session) {
      const char *id = json_string_value(json_object_get(session, "_id"));
      json_t *row =
          json_pack("{sO?sO?sO?}", "_id", json_object_get(session, "_id"), "state", json_object_get(session, "state"),
                    "stream_type", json_object_get(session, "stream_type"));
      put_time(row, id);
      put_owner(row, find(json_object_get(json_object_get(known, "data"), "result"), id));
      json_array_append_new(rows, row);
    }
  }
  if (*result != AKOOL_OK && !*reply) *reply = json_incref(known);
  json_decref(known);
  json_decref(none);
  return rows;
}

static int sessions(akool_client *client, const struct settings *settings) {
  static const char *const members[] = {"_id",       "state", "stream_type",  "opened",
                                        "opened_by", "tag",   "seconds_left", NULL};
  static const char *const heads[] = {"session", "state", "room", "opened", "opened by", "tag", "seconds left", NULL};
  akool_result result;
  json_t *reply = NULL, *rows = open_sessions(client, settings, &reply, &result);
  if (result != AKOOL_OK) {
    json_decref(rows);
    return finish(reply, result, settings);
  }
  if (settings->as_json)
    print_json(rows);
  else if (!json_array_size(rows))
    puts("No session is open.");
  else
    print_table(rows, members, heads);
  json_decref(rows);
  json_decref(reply);
  return result;
}

/* --------------------------------------------------------------- close-all */

static bool agrees(size_t count, const struct settings *settings) {
  char answer[8] = "";
  if (settings->is_sure) return true;
  fprintf(stderr, "Close %zu session%s? [y/N] ", count, count == 1 ? "" : "s");
  return fgets(answer, sizeof answer, stdin) && (answer[0] == 'y' || answer[0] == 'Y');
}

/* What the account has, shown first: some of it may be somebody else's. */
static json_t *ids_of_account(akool_client *client, const struct settings *settings, akool_result *result) {
  json_t *parameters = json_pack("{ss}", "scope", "account"), *ids = NULL, *row;
  json_t *reply = call(client, settings, AKOOL_OP_SESSION_CLOSE_ALL, parameters, result);
  json_t *rows = json_object_get(json_object_get(reply, "data"), "would_close");
  size_t index;
  json_decref(parameters);
  if (*result != AKOOL_OK) {
    finish(reply, *result, settings);
    return NULL;
  }
  if (!settings->as_json) print_data(rows);
  if (json_array_size(rows) && agrees(json_array_size(rows), settings)) {
    ids = json_array();
    json_array_foreach(rows, index, row) json_array_append(ids, json_object_get(row, "_id"));
  }
  json_decref(reply);
  return ids;
}

static int close_all(akool_client *client, const struct settings *settings, const char *scope) {
  akool_result result = AKOOL_OK;
  json_t *parameters = json_pack("{ss}", "scope", scope);
  if (!strcmp(scope, "account")) {
    json_t *ids = ids_of_account(client, settings, &result);
    if (!ids) {
      json_decref(parameters);
      return result;
    }
    json_object_set_new(parameters, "ids", ids);
  }
  json_t *reply = call(client, settings, AKOOL_OP_SESSION_CLOSE_ALL, parameters, &result);
  json_decref(parameters);
  if (settings->as_json || result != AKOOL_OK) return finish(reply, result, settings);
  json_t *data = json_object_get(reply, "data");
  size_t pending = json_array_size(json_object_get(data, "pending"));
  printf("%zu closed", json_array_size(json_object_get(data, "closed")));
  printf(pending ? ", %zu not seen closed yet\n" : "\n", pending);
  json_decref(reply);
  return result;
}

/* ---------------------------------------------------------------- describe */

json_t *find_operation(json_t *catalogue, const char *name) {
  size_t index;
  json_t *operation;
  json_array_foreach(json_object_get(catalogue, "operations"), index, operation) {
    if (!strcmp(json_string_value(json_object_get(operation, "name")), name)) return operation;
  }
  return NULL;
}

static void describe_operation(json_t *operation) {
  static const char *const members[] = {"name", "type", "meaning", NULL};
  static const char *const heads[] = {"parameter", "type", "meaning", NULL};
  json_t *schema = json_object_get(operation, "parameters"), *rows = json_array(), *member;
  json_t *required = json_object_get(schema, "required"), *entry;
  const char *name;
  printf("%s\n%s\n\n", json_string_value(json_object_get(operation, "name")),
         json_string_value(json_object_get(operation, "summary")));
  json_object_foreach(json_object_get(schema, "properties"), name, member) {
    size_t index;
    bool is_required = false;
    char shown[160];
    json_array_foreach(required, index, entry) is_required = is_required || !strcmp(json_string_value(entry), name);
    snprintf(shown, sizeof shown, "--%s%s", name, is_required ? " (required)" : "");
    const char *type = json_string_value(json_object_get(member, "type"));
    json_array_append_new(rows, json_pack("{sssssO?}", "name", shown, "type", type ? type : "any", "meaning",
                                          json_object_get(member, "description")));
  }
  print_table(rows, members, heads);
  json_decref(rows);
}

int describe(json_t *catalogue, const struct settings *settings, const char *name) {
  static const char *const members[] = {"name", "summary", NULL};
  static const char *const heads[] = {"operation", "what it does", NULL};
  json_t *operation = name ? find_operation(catalogue, name) : NULL;
  if (name && !operation) {
    fprintf(stderr, "akool: there is no operation %s; `akool describe` lists them\n", name);
    return USAGE_ERROR;
  }
  if (settings->as_json)
    print_json(operation ? operation : catalogue);
  else if (operation)
    describe_operation(operation);
  else
    print_table(json_object_get(catalogue, "operations"), members, heads);
  return 0;
}

/* ---------------------------------------------------------------- choosing */

bool is_command(const char *word) {
  return !strcmp(word, "sessions") || !strcmp(word, "credit") || !strcmp(word, "close-all");
}

int run_command(akool_client *client, const struct settings *settings, const char *word, int count, char **words) {
  const char *scope = "ledger";
  if (!strcmp(word, "close-all") && count == 2 && !strcmp(words[0], "--scope")) scope = words[1], count = 0;
  if (count) {
    fprintf(stderr, "akool: %s: \"%s\" makes no sense here\n", word, words[0]);
    return USAGE_ERROR;
  }
  if (!strcmp(word, "sessions")) return sessions(client, settings);
  if (!strcmp(word, "credit")) return credit(client, settings);
  return close_all(client, settings, scope);
}
