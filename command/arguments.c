#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

json_t *read_object(const char *text, const char *what) {
  json_error_t fault;
  json_t *object;
  if (text[0] == '{')
    object = json_loads(text, JSON_REJECT_DUPLICATES, &fault);
  else if (!strcmp(text, "-"))
    object = json_loadf(stdin, JSON_REJECT_DUPLICATES, &fault);
  else
    object = json_load_file(text, JSON_REJECT_DUPLICATES, &fault);
  if (!object) {
    fprintf(stderr, "akool: %s: %s (line %d)\n", what, fault.text, fault.line);
    return NULL;
  }
  if (json_is_object(object)) return object;
  fprintf(stderr, "akool: %s: a JSON object is needed\n", what);
  json_decref(object);
  return NULL;
}

static bool is_type(json_t *schema, const char *type) {
  const char *own = json_string_value(json_object_get(schema, "type"));
  return own && !strcmp(own, type);
}

/* The schema of a member, whose name may lead into objects; NULL when the catalogue does not know it. */
static json_t *member_schema(json_t *schema, const char *name) {
  const char *dot = strchr(name, '.');
  char head[128];
  if (!dot) return json_object_get(json_object_get(schema, "properties"), name);
  if ((size_t)(dot - name) >= sizeof head) return NULL;
  memcpy(head, name, (size_t)(dot - name));
  head[dot - name] = '\0';
  return member_schema(json_object_get(json_object_get(schema, "properties"), head), dot + 1);
}

/* A word as the catalogue wants it: text where it says text, else JSON where the word is some. */
static json_t *value_of(json_t *schema, const char *word) {
  json_t *value = NULL;
  if (!is_type(schema, "string")) value = json_loads(word, JSON_DECODE_ANY, NULL);
  return value ? value : json_string(word);
}

static void set_member(json_t *object, const char *name, json_t *value) {
  const char *dot = strchr(name, '.');
  if (!dot) {
    json_object_set_new(object, name, value);
    return;
  }
  char *head = strndup(name, (size_t)(dot - name));
  json_t *inner = json_object_get(object, head);
  if (!json_is_object(inner)) {
    json_object_set_new(object, head, json_object());
    inner = json_object_get(object, head);
  }
  set_member(inner, dot + 1, value);
  free(head);
}

/* Reads `--name value`, `--name=value` or, for what is true or false, `--name`; how many words that took, or 0. */
static int read_member(json_t *parameters, json_t *schema, int count, char **words) {
  char *name = strdup(words[0] + 2), *equals = strchr(name, '=');
  int used = 1;
  if (equals) *equals = '\0';
  json_t *member = member_schema(schema, name);
  if (equals) {
    set_member(parameters, name, value_of(member, equals + 1));
  } else if (is_type(member, "boolean") &&
             (count < 2 || (strcmp(words[1], "true") != 0 && strcmp(words[1], "false") != 0))) {
    set_member(parameters, name, json_true());
  } else if (count < 2) {
    fprintf(stderr, "akool: %s: a value is missing\n", words[0]);
    used = 0;
  } else {
    set_member(parameters, name, value_of(member, words[1]));
    used = 2;
  }
  free(name);
  return used;
}

json_t *read_parameters(json_t *operation, int count, char **words) {
  json_t *schema = json_object_get(operation, "parameters"), *parameters = json_object();
  for (int at = 0; at < count;) {
    int used = 0;
    if (!strncmp(words[at], "--", 2) && words[at][2]) {
      used = read_member(parameters, schema, count - at, words + at);
    } else if (words[at][0] == '{' || !strcmp(words[at], "-")) {
      json_t *object = read_object(words[at], "parameters");
      used = object && !json_object_update(parameters, object);
      json_decref(object);
    } else {
      fprintf(stderr, "akool: \"%s\" is neither a parameter (--name value) nor a JSON object\n", words[at]);
    }
    if (!used) {
      json_decref(parameters);
      return NULL;
    }
    at += used;
  }
  return parameters;
}
