#include "session.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { JOIN_SECONDS = 300 };

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

static int is_complete(const struct session *session) {
  return session->id && session->stream_type && session->agora_app_id && session->agora_channel;
}

static const char *state_name(json_int_t status) {
  static const char *const names[] = {"queueing", "processing", "ended", "failed"};
  return status >= 1 && status <= 4 ? names[status - 1] : NULL;
}

static void add_state(json_t *data, const struct session *session) {
  const char *state = state_name(session->status);
  if (state) json_object_set_new(data, "state", json_string(state));
}

static char *envelope(json_t *data, const char *operation, int attempts, double elapsed_ms) {
  json_t *reply = json_object(), *meta = json_object();
  char *text;
  json_object_set_new(meta, "operation", json_string(operation));
  json_object_set_new(meta, "attempts", json_integer(attempts));
  json_object_set_new(meta, "elapsed_ms", json_integer((json_int_t)elapsed_ms));
  json_object_set(reply, "data", data);
  json_object_set_new(reply, "meta", meta);
  text = json_dumps(reply, JSON_COMPACT);
  json_decref(reply);
  return text;
}

/* Parses a body; NULL unless AKOOL's code says success. */
static json_t *success(const char *body, size_t length) {
  json_error_t error;
  json_t *root = json_loadb(body, length, 0, &error);
  if (integer(root, "code") == 1000) return root;
  json_decref(root);
  return NULL;
}

char *session_reply(const char *body, size_t length, double elapsed_ms) {
  json_t *root = success(body, length);
  json_t *data = json_object_get(root, "data");
  char *reply = NULL;
  if (json_is_object(data)) {
    struct session session;
    session_read(&session, data);
    add_state(data, &session);
    if (is_complete(&session)) reply = envelope(data, "session.detail", 1, elapsed_ms);
    session_free(&session);
  }
  json_decref(root);
  return reply;
}

char *session_list_reply(const char *body, size_t length, double elapsed_ms) {
  json_t *root = success(body, length);
  json_t *data = json_object_get(root, "data");
  json_t *result = json_object_get(data, "result"), *element;
  struct session *sessions = calloc(json_array_size(result) + 1, sizeof *sessions);
  char *reply = NULL;
  size_t each, complete = 0;
  json_array_foreach(result, each, element) {
    session_read(&sessions[each], element);
    add_state(element, &sessions[each]);
    complete += (size_t)is_complete(&sessions[each]);
  }
  if (json_is_array(result) && complete == json_array_size(result))
    reply = envelope(data, "session.list", 1, elapsed_ms);
  for (each = 0; each < json_array_size(result); each++) session_free(&sessions[each]);
  free(sessions);
  json_decref(root);
  return reply;
}

/* Adds the room of a new session to its data, in the form that is the same for every transport. */
static void add_join(json_t *data, const struct session *session) {
  const json_t *credentials = json_object_get(data, "credentials");
  json_int_t now = (json_int_t)time(NULL) * 1000, expires = now + SESSION_DURATION * 1000;
  json_t *join = json_object();
  json_object_set_new(join, "transport", json_string(session->stream_type));
  json_object_set_new(join, "app_id", json_string(session->agora_app_id));
  json_object_set_new(join, "room", json_string(session->agora_channel));
  json_object_set(join, "token", json_object_get(credentials, "agora_token"));
  json_object_set_new(join, "user_id", json_integer(session->agora_uid));
  json_object_set_new(join, "join_before", json_integer(now + JOIN_SECONDS * 1000));
  json_object_set_new(join, "expires_at", json_integer(expires));
  json_object_set_new(data, "expires_at", json_integer(expires));
  json_object_set_new(data, "join", join);
}

char *session_create_reply(const char *body, size_t length, double elapsed_ms, char id[SESSION_ID_SIZE]) {
  json_t *root = success(body, length);
  json_t *data = json_object_get(root, "data");
  char *reply = NULL;
  if (json_is_object(data)) {
    struct session session;
    session_read(&session, data);
    if (is_complete(&session) && strlen(session.id) < SESSION_ID_SIZE) {
      strcpy(id, session.id);
      add_state(data, &session);
      add_join(data, &session);
      reply = envelope(data, "session.create", 1, elapsed_ms);
    }
    session_free(&session);
  }
  json_decref(root);
  return reply;
}

char *session_close_reply(const char *body, size_t length, double elapsed_ms) {
  json_t *root = success(body, length);
  json_t *data = json_object_get(root, "data");
  char *reply = NULL;
  if (json_is_object(data)) {
    struct session session;
    session_read(&session, data);
    if (is_complete(&session) && session.status >= 3) {
      add_state(data, &session);
      json_object_set_new(data, "already_over", json_false());
      reply = envelope(data, "session.close", 2, elapsed_ms);
    }
    session_free(&session);
  }
  json_decref(root);
  return reply;
}

int session_close_accepted(const char *body, size_t length) {
  json_t *root = success(body, length);
  int accepted = root != NULL;
  json_decref(root);
  return accepted;
}

static char *body_of(json_t *object) {
  char *text = json_dumps(object, JSON_COMPACT);
  json_decref(object);
  return text;
}

char *session_create_body(void) {
  return body_of(json_pack("{s:s, s:i}", "avatar_id", "dvp_Tristan_cloth2_1080P", "duration", SESSION_DURATION));
}

char *session_close_body(const char *id) { return body_of(json_pack("{s:s}", "id", id)); }
