#include "session.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct session {
  char *id;
  json_int_t uid;
  json_int_t type;
  json_int_t status;
  char *stream_type;
  json_int_t agora_uid;
  char *agora_app_id;
  char *agora_channel;
};

static char *copy_string(const json_t *object, const char *key) {
  const char *text = json_string_value(json_object_get(object, key));
  return text ? strdup(text) : NULL;
}

static json_int_t integer(const json_t *object, const char *key) {
  return json_integer_value(json_object_get(object, key));
}

static void session_read(struct session *session, const json_t *data) {
  const json_t *credentials = json_object_get(data, "credentials");
  session->id = copy_string(data, "_id");
  session->uid = integer(data, "uid");
  session->type = integer(data, "type");
  session->status = integer(data, "status");
  session->stream_type = copy_string(data, "stream_type");
  session->agora_uid = integer(credentials, "agora_uid");
  session->agora_app_id = copy_string(credentials, "agora_app_id");
  session->agora_channel = copy_string(credentials, "agora_channel");
}

static void session_free(struct session *session) {
  free(session->id);
  free(session->stream_type);
  free(session->agora_app_id);
  free(session->agora_channel);
}

static const char *state_name(json_int_t status) {
  static const char *const names[] = {"queueing", "processing", "ended", "failed"};
  return status >= 1 && status <= 4 ? names[status - 1] : NULL;
}

static char *envelope(json_t *data, const struct session *session, double elapsed_ms) {
  json_t *reply = json_object(), *meta = json_object();
  const char *state = state_name(session->status);
  char *text;
  if (state) json_object_set_new(data, "state", json_string(state));
  json_object_set_new(meta, "operation", json_string("session.detail"));
  json_object_set_new(meta, "attempts", json_integer(1));
  json_object_set_new(meta, "elapsed_ms", json_integer((json_int_t)elapsed_ms));
  json_object_set(reply, "data", data);
  json_object_set_new(reply, "meta", meta);
  text = json_dumps(reply, JSON_COMPACT);
  json_decref(reply);
  return text;
}

char *session_reply(const char *body, size_t length, double elapsed_ms) {
  json_error_t error;
  json_t *root = json_loadb(body, length, 0, &error);
  json_t *data = json_object_get(root, "data");
  char *reply = NULL;
  if (integer(root, "code") == 1000 && json_is_object(data)) {
    struct session session;
    session_read(&session, data);
    if (session.id && session.stream_type && session.agora_app_id && session.agora_channel)
      reply = envelope(data, &session, elapsed_ms);
    session_free(&session);
  }
  json_decref(root);
  return reply;
}
