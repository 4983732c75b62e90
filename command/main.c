/* akool: AKOOL's streaming avatars from the command line, on the public interface of libakool. */
#include "command.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "akool [OPTIONS] OPERATION [PARAMETERS] [--NAME VALUE]...   an operation, such as session.list --all\n"
    "akool [OPTIONS] sessions                   what is open, who opened it, and for how long\n"
    "akool [OPTIONS] close-all [--scope SCOPE]  closes sessions: ledger (unless said), mine, account\n"
    "akool [OPTIONS] credit                     the balance\n"
    "akool [OPTIONS] describe [OPERATION]       what there is, and which parameters it takes\n"
    "\n"
    "PARAMETERS is a JSON object, or - for one on standard input. In --NAME a dot leads into an object.\n"
    "A session that session.create opens is closed when you press Ctrl-C.\n"
    "\n"
    "  --config TEXT     the configuration: a JSON object, or the name of a file with one\n"
    "  --ledger FILE     the ledger that your programs share\n"
    "  --simulator       the simulator in this process, instead of AKOOL\n"
    "  --wait            after avatar.create: until the avatar is ready\n"
    "  --timeout SECONDS the deadline of each call\n"
    "  --json            replies as they are, for programs\n"
    "  --yes             does not ask before it closes\n"
    "  --quiet           says nothing about progress\n"
    "  --version, --help\n"
    "\n"
    "Without api_key in the configuration, AKOOL_API_KEY has the key.\n"
    "The exit status is 0, the number of the result (see docs/errors.md), or 64 for a wrong command line.\n";

static int wrong(const char *word, const char *fault) {
  fprintf(stderr, "akool: %s: %s; see akool --help\n", word, fault);
  return USAGE_ERROR;
}

static void configure_ledger(struct settings *settings, const char *file) {
  json_t *ledger = json_object_get(settings->configuration, "ledger");
  if (!ledger) {
    ledger = json_object();
    json_object_set_new(settings->configuration, "ledger", ledger);
  }
  json_object_set_new(ledger, "file", json_string(file));
  /* To look must change nothing. */
  if (!json_object_get(ledger, "sweep_on_start")) json_object_set_new(ledger, "sweep_on_start", json_false());
}

/* Reads one option with a value; 0, or an exit status. */
static int read_option(struct settings *settings, const char *name, const char *value) {
  if (!strcmp(name, "--config")) {
    json_t *given = read_object(value, "--config");
    if (!given) return USAGE_ERROR;
    json_object_update(settings->configuration, given);
    json_decref(given);
  } else if (!strcmp(name, "--ledger")) {
    configure_ledger(settings, value);
  } else {
    char *end;
    double seconds = strtod(value, &end);
    if (*end || !(seconds > 0 && seconds <= 86400)) return wrong(value, "a number of seconds up to 86400 is needed");
    json_object_set_new(settings->options, "timeout_ms", json_integer((json_int_t)(seconds * 1000 + 0.5)));
  }
  return 0;
}

/* Reads what comes before the operation; `*at` is then where that is. 0, or an exit status; -1 to end well. */
static int read_options(struct settings *settings, int count, char **words, int *at) {
  for (*at = 1; *at < count && words[*at][0] == '-'; ++*at) {
    const char *word = words[*at];
    if (!strcmp(word, "--json"))
      settings->as_json = true;
    else if (!strcmp(word, "--wait"))
      settings->waits = true;
    else if (!strcmp(word, "--quiet"))
      settings->is_quiet = true;
    else if (!strcmp(word, "--yes"))
      settings->is_sure = true;
    else if (!strcmp(word, "--simulator"))
      json_object_set_new(settings->configuration, "base_url", json_string("simulator:"));
    else if (!strcmp(word, "--help") || !strcmp(word, "-h"))
      return fputs(usage, stdout), -1;
    else if (!strcmp(word, "--version"))
      return puts(akool_version()), -1;
    else if (strcmp(word, "--config") != 0 && strcmp(word, "--ledger") != 0 && strcmp(word, "--timeout") != 0)
      return wrong(word, "there is no such option");
    else if (*at + 1 == count)
      return wrong(word, "a value is missing");
    else {
      int status = read_option(settings, word, words[++*at]);
      if (status) return status;
    }
  }
  return *at < count ? 0 : wrong("no operation", "one is needed");
}

static int run_operation(akool_client *client, const struct settings *settings, json_t *operation, json_t *parameters) {
  const char *name = json_string_value(json_object_get(operation, "name"));
  akool_result result;
  json_t *reply = call_with_progress(client, settings, name, parameters, &result);
  const char *found = json_string_value(json_object_get(json_object_get(reply, "data"), "_id"));
  char *id = found ? strdup(found) : NULL;
  if (result == AKOOL_OK && settings->waits && id && !strcmp(name, AKOOL_OP_AVATAR_CREATE)) {
    json_t *avatar = json_pack("{ss}", "id", id);
    json_decref(reply);
    reply = call_with_progress(client, settings, AKOOL_OP_AVATAR_WAIT, avatar, &result);
    json_decref(avatar);
  }
  finish(reply, result, settings);
  if (result == AKOOL_OK && id && !strcmp(name, AKOOL_OP_SESSION_CREATE)) hold_session(client, id, settings);
  free(id);
  return result;
}

/* With a client; what is left of the command line begins with the operation. */
static int run(struct settings *settings, json_t *catalogue, int count, char **words) {
  json_t *operation = find_operation(catalogue, words[0]), *parameters = NULL;
  akool_client *client = NULL;
  char *error = NULL;
  if (!operation && !is_command(words[0])) return wrong(words[0], "there is no such operation or command");
  if (operation && !(parameters = read_parameters(operation, count - 1, words + 1))) return USAGE_ERROR;
  char *configuration = json_dumps(settings->configuration, JSON_COMPACT);
  catch_signals();
  int status = akool_client_create(configuration, &client, &error);
  free(configuration);
  if (status != AKOOL_OK) {
    json_t *reply = error ? json_loads(error, 0, NULL) : NULL;
    if (settings->as_json && reply)
      print_json(reply);
    else
      print_error(json_object_get(reply, "error"));
    json_decref(reply);
    akool_string_free(error);
  } else if (operation) {
    status = run_operation(client, settings, operation, parameters);
  } else {
    status = run_command(client, settings, words[0], count - 1, words + 1);
  }
  json_decref(parameters);
  akool_client_destroy(client);
  return status;
}

int main(int count, char **words) {
  struct settings settings = {.configuration = json_object(), .options = json_object()};
  char *text = NULL;
  int at, status = 0;
  setlocale(LC_CTYPE, "");
  status = read_options(&settings, count, words, &at);
  if (!status && akool_describe(&text) == AKOOL_OK) {
    json_t *catalogue = json_loads(text, 0, NULL);
    akool_string_free(text);
    if (!strcmp(words[at], "describe") && count - at <= 2)
      status = describe(catalogue, &settings, at + 1 < count ? words[at + 1] : NULL);
    else
      status = run(&settings, catalogue, count - at, words + at);
    json_decref(catalogue);
  }
  json_decref(settings.configuration);
  json_decref(settings.options);
  return status < 0 ? 0 : status;
}
