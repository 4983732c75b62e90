/*
 * Counts the instructions of cases at several sizes, under callgrind. Arguments: `CASE SIZE SIZE ...`, again and again
 * with `--` between them. Each size makes one dump, labelled "CASE SIZE". The first size of a case also runs once
 * uncounted, so that nothing is initialised in a count. `--stack BYTES` before them sets the stacks of threads.
 * `--list` writes the names of all cases.
 */
#define _GNU_SOURCE
#include "complexity.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <valgrind/callgrind.h>

static const struct complexity_case *const groups[] = {text_cases,    parameter_cases, configuration_cases,
                                                       message_cases, webhook_cases,   reply_cases,
                                                       list_cases,    event_cases};
static char label[128];

void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fprintf(stderr, "%s: ", label);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  exit(1);
}

void begin(void) { CALLGRIND_ZERO_STATS; }

void end(void) { CALLGRIND_DUMP_STATS_AT(label); }

void expect(akool_result wanted, akool_result got, char *reply) {
  int is_right = got == wanted;
  if (wanted == ANY_RESULT) is_right = got != AKOOL_ERR_INTERNAL && got != AKOOL_ERR_TIMEOUT;
  const char *name = wanted == ANY_RESULT ? "any result" : akool_result_name(wanted);
  if (!is_right) fail("%s instead of %s: %.2000s", akool_result_name(got), name, reply ? reply : "no reply");
  akool_string_free(reply);
}

void counted_call(const char *operation, const char *parameters, const char *options, akool_result wanted) {
  akool_client *caller = client();
  char *reply = NULL;
  begin();
  akool_result result = akool_call(caller, operation, parameters, options, &reply);
  end();
  expect(wanted, result, reply);
}

void counted_offline_call(const char *operation, const char *parameters, akool_result wanted) {
  char *reply = NULL;
  begin();
  akool_result result = akool_call(NULL, operation, parameters, NULL, &reply);
  end();
  expect(wanted, result, reply);
}

void counted_create(const char *configuration, akool_result wanted) {
  akool_client *made = NULL;
  char *error = NULL;
  begin();
  akool_result result = akool_client_create(configuration, &made, &error);
  end();
  expect(wanted, result, error);
  akool_client_destroy(made);
}

/* Sets the stack size of all threads to come. */
static void set_stack(size_t bytes) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  if (pthread_attr_setstacksize(&attributes, bytes) || pthread_setattr_default_np(&attributes)) fail("no such stack");
}

static const struct complexity_case *find(const char *name) {
  for (size_t group = 0; group < sizeof groups / sizeof *groups; group++)
    for (const struct complexity_case *one = groups[group]; one->name; one++)
      if (!strcmp(one->name, name)) return one;
  fail("no such case: %s", name);
}

int main(int count, char **words) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  if (count == 2 && !strcmp(words[1], "--list")) {
    for (size_t group = 0; group < sizeof groups / sizeof *groups; group++)
      for (const struct complexity_case *one = groups[group]; one->name; one++) puts(one->name);
    return 0;
  }
  int index = 1;
  if (count > 2 && !strcmp(words[1], "--stack")) {
    set_stack((size_t)atol(words[2]));
    index = 3;
  }
  for (; index < count; index++) {
    const struct complexity_case *one = find(words[index]);
    for (int is_first = 1; index + 1 < count && strcmp(words[index + 1], "--") != 0; index++) {
      size_t size = (size_t)atol(words[index + 1]);
      if (is_first) {
        snprintf(label, sizeof label, "%s warming", one->name);
        one->run(size);
        is_first = 0;
      }
      snprintf(label, sizeof label, "%s %zu", one->name, size);
      one->run(size);
    }
    leave_case();
    index++;
  }
  return 0;
}
