#include "client.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

/* What is handed out in one go, so that other work of the event loop gets its turn. */
enum { MAX_EVENTS = 512, MAX_BYTES = 1 << 20 };

/*
 * A client ends in steps, each begun by the one before: the poll is closed on the loop's thread, the library's client
 * is destroyed on a thread of libuv's pool (it may block), then back on the loop's thread everything is let go.
 */
struct client {
  napi_env env;
  napi_ref on_events;
  napi_async_cleanup_hook_handle cleanup;
  akool_client *handle;
  uv_poll_t *poll;
  uv_work_t destroying;
  bool is_ending;
  bool is_gone;
  bool is_dropped;   /* JavaScript holds no reference any more */
  bool is_torn_down; /* the environment ends: no JavaScript may run */
  char *text;
  size_t length, capacity;
};

akool_client *client_handle(const struct client *client) { return client->is_ending ? NULL : client->handle; }

static void free_when_unused(struct client *client) {
  if (!client->is_gone || !client->is_dropped) return;
  free(client->text);
  free(client);
}

/* ---- events ---- */

static bool append(struct client *client, const char *text, size_t length) {
  if (client->length + length > client->capacity) {
    size_t capacity = 2 * (client->length + length) + 4096;
    char *grown = realloc(client->text, capacity);
    if (!grown) return false;
    client->text = grown;
    client->capacity = capacity;
  }
  memcpy(client->text + client->length, text, length);
  client->length += length;
  return true;
}

/* Collects events as a JSON array. Returns how many; there may be more when the limits are reached. */
static size_t collect(struct client *client) {
  size_t count = 0;
  char *event = NULL;
  client->length = 0;
  while (count < MAX_EVENTS && client->length < MAX_BYTES &&
         library.next_event(client->handle, 0, &event) == AKOOL_OK && event) {
    bool good = append(client, count ? "," : "[", 1) && append(client, event, strlen(event));
    library.string_free(event);
    if (!good) napi_fatal_error("akool", NAPI_AUTO_LENGTH, "out of memory", NAPI_AUTO_LENGTH);
    count++;
  }
  if (count && !append(client, "]", 1)) napi_fatal_error("akool", NAPI_AUTO_LENGTH, "out of memory", NAPI_AUTO_LENGTH);
  return count;
}

/* What a listener throws is an uncaught exception, as with every other event of node. */
static void report_exception(napi_env env) {
  napi_value exception;
  bool is_pending = false;
  if (napi_is_exception_pending(env, &is_pending) != napi_ok || !is_pending) return;
  if (napi_get_and_clear_last_exception(env, &exception) == napi_ok) napi_fatal_exception(env, exception);
}

static void tell(struct client *client, bool is_gone) {
  napi_env env = client->env;
  napi_handle_scope scope;
  napi_value global, function, argument;
  if (client->is_torn_down || napi_open_handle_scope(env, &scope) != napi_ok) return;
  bool good = napi_get_global(env, &global) == napi_ok &&
              napi_get_reference_value(env, client->on_events, &function) == napi_ok &&
              (is_gone ? napi_get_undefined(env, &argument)
                       : napi_create_string_utf8(env, client->text, client->length, &argument)) == napi_ok;
  if (good) napi_make_callback(env, NULL, global, function, 1, &argument, NULL);
  report_exception(env);
  napi_close_handle_scope(env, scope);
}

static void on_readable(uv_poll_t *poll, int status, int events) {
  struct client *client = poll->data;
  (void)status;
  (void)events;
  if (!client->is_ending && collect(client)) tell(client, false);
}

void client_keep_alive(struct client *client, bool is_kept) {
  if (client->is_ending) return;
  if (is_kept)
    uv_ref((uv_handle_t *)client->poll);
  else
    uv_unref((uv_handle_t *)client->poll);
}

/* ---- the end ---- */

static void let_go(struct client *client) {
  client->handle = NULL;
  tell(client, true);
  napi_delete_reference(client->env, client->on_events);
  napi_remove_async_cleanup_hook(client->cleanup); /* may call client_drop */
  client->is_gone = true;
  free_when_unused(client);
}

static void destroy(uv_work_t *work) {
  struct client *client = work->data;
  library.client_destroy(client->handle);
}

static void on_destroyed(uv_work_t *work, int status) {
  (void)status;
  let_go(work->data);
}

static void on_poll_closed(uv_handle_t *poll) {
  struct client *client = poll->data;
  uv_loop_t *loop = poll->loop;
  free(poll);
  client->destroying.data = client;
  if (uv_queue_work(loop, &client->destroying, destroy, on_destroyed) == 0) return;
  destroy(&client->destroying);
  let_go(client);
}

/* The library's descriptor must leave the loop before it is closed: its number may be used again at once. */
static void begin_end(struct client *client) {
  if (client->is_ending) return;
  client->is_ending = true;
  uv_poll_stop(client->poll);
  uv_close((uv_handle_t *)client->poll, on_poll_closed);
}

void client_end(struct client *client) {
  while (!client->is_ending && collect(client)) tell(client, false);
  begin_end(client);
}

/* All clients begin to close their sessions before the first is waited for. */
static void on_environment_end(napi_async_cleanup_hook_handle cleanup, void *data) {
  struct client *client = data;
  (void)cleanup;
  client->is_torn_down = true;
  if (!client->is_ending) library.submit(client->handle, AKOOL_OP_CLIENT_CLOSE, NULL, NULL, NULL, NULL, NULL);
  begin_end(client);
}

void client_drop(napi_env env, void *data, void *hint) {
  struct client *client = data;
  (void)env;
  (void)hint;
  client->is_dropped = true;
  if (!client->is_gone) begin_end(client);
  free_when_unused(client);
}

/* ---- the beginning ---- */

static bool watch(struct client *client) {
  uv_loop_t *loop;
  int fd = library.event_fd(client->handle);
  if (fd < 0 || napi_get_uv_event_loop(client->env, &loop) != napi_ok) return false;
  client->poll = calloc(1, uv_handle_size(UV_POLL));
  if (!client->poll || uv_poll_init(loop, client->poll, fd) != 0) {
    free(client->poll);
    return false;
  }
  client->poll->data = client;
  uv_poll_start(client->poll, UV_READABLE, on_readable);
  uv_unref((uv_handle_t *)client->poll);
  return true;
}

static bool attach(struct client *client, napi_value on_events) {
  if (napi_create_reference(client->env, on_events, 1, &client->on_events) != napi_ok) return false;
  if (napi_add_async_cleanup_hook(client->env, on_environment_end, client, &client->cleanup) == napi_ok) {
    if (watch(client)) return true;
    napi_remove_async_cleanup_hook(client->cleanup);
  }
  napi_delete_reference(client->env, client->on_events);
  return false;
}

akool_result client_open(napi_env env, const char *config_json, napi_value on_events, struct client **client,
                         char **error_json) {
  struct client *made = calloc(1, sizeof *made);
  *error_json = NULL;
  if (!made) return AKOOL_ERR_LOCAL_IO;
  made->env = env;
  akool_result result = library.client_create(config_json, &made->handle, error_json);
  if (result == AKOOL_OK && !attach(made, on_events)) {
    library.client_destroy(made->handle);
    result = AKOOL_ERR_LOCAL_IO;
  }
  if (result != AKOOL_OK) free(made);
  *client = result == AKOOL_OK ? made : NULL;
  return result;
}
