/* The parts of the program akool. */
#ifndef AKOOL_COMMAND_H
#define AKOOL_COMMAND_H

#include <akool.h>
#include <jansson.h>
#include <stdbool.h>

/* The exit status of a command line that makes no sense; results of libakool are their own numbers, which are lower. */
#define USAGE_ERROR 64

/* What the command line says before the operation. */
struct settings {
  json_t *configuration;
  json_t *options;
  bool as_json, waits, is_quiet, is_sure;
};

/* arguments.c */

/*
 * The parameters of an operation from the words behind its name: an object as JSON text, or `-` for one on standard
 * input, and `--name value`, where a dot in the name leads into an object. Types are those of the catalogue. NULL when
 * something is wrong, which has been said on standard error.
 */
json_t *read_parameters(json_t *operation, int count, char **words);
/* A JSON object that is given as text, or, unless it begins with a brace, in a file. NULL as above. */
json_t *read_object(const char *text, const char *what);

/* output.c */

void print_json(const json_t *value);
/* Data for people: a table for a list, lines for an object. */
void print_data(const json_t *data);
void print_error(const json_t *error);
/* Prints a reply and lets go of it. What it returns is what the call returned: the program's exit status. */
int finish(json_t *reply, akool_result result, const struct settings *settings);
/* Rows with these members, under these heads; both end with NULL. */
void print_table(const json_t *rows, const char *const *members, const char *const *heads);

/* calls.c */

/* Returns the reply as JSON, never NULL, and in `*result` the result of the call. A signal cancels the call. */
json_t *call(akool_client *client, const struct settings *settings, const char *operation, json_t *parameters,
             akool_result *result);
/* From here on SIGINT, SIGTERM, SIGHUP and SIGQUIT end what runs in order: calls are cancelled, sessions are closed. */
void catch_signals(void);
/* The same, with progress on the last line of the terminal. */
json_t *call_with_progress(akool_client *client, const struct settings *settings, const char *operation,
                           json_t *parameters, akool_result *result);
/* Keeps a session open until it ends or the user does, and tells what happens to it. */
void hold_session(akool_client *client, const char *id, const struct settings *settings);

/* commands.c */

/* Whether a word is a command of its own, and running it. */
bool is_command(const char *word);
int run_command(akool_client *client, const struct settings *settings, const char *word, int count, char **words);
int describe(json_t *catalogue, const struct settings *settings, const char *operation);
json_t *find_operation(json_t *catalogue, const char *name);

#endif
