/* One client of the library in one JavaScript environment: the main thread's or a worker's. */
#ifndef AKOOL_NODE_CLIENT_H
#define AKOOL_NODE_CLIENT_H

#include "library.h"

#include <node_api.h>

struct client;

/*
 * Makes a client whose events go to the function `on_events`: as the text of a JSON array, several at a time, and
 * `undefined` when the client is gone. On failure `*error_json` is the library's, to be freed with string_free.
 */
akool_result client_open(napi_env env, const char *config_json, napi_value on_events, struct client **client,
                         char **error_json);

/* The library's handle; NULL once the client is being ended. */
akool_client *client_handle(const struct client *client);

/* Whether the client keeps the process alive. It does not at first. */
void client_keep_alive(struct client *client, bool is_kept);

/* Hands out what events there are, then ends the client without blocking; `on_events` hears when it is gone. */
void client_end(struct client *client);

/* JavaScript has dropped the client: a napi_finalize. */
void client_drop(napi_env env, void *client, void *hint);

#endif
