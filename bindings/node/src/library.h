/* libakool, loaded at run time: the addon must decide how its symbols are bound. */
#ifndef AKOOL_NODE_LIBRARY_H
#define AKOOL_NODE_LIBRARY_H

#include <akool.h>
#include <stdbool.h>
#include <stddef.h>

struct library {
  __typeof__(akool_version) *version;
  __typeof__(akool_describe) *describe;
  __typeof__(akool_string_free) *string_free;
  __typeof__(akool_client_create) *client_create;
  __typeof__(akool_client_destroy) *client_destroy;
  __typeof__(akool_submit) *submit;
  __typeof__(akool_cancel) *cancel;
  __typeof__(akool_client_next_event) *next_event;
  __typeof__(akool_client_event_fd) *event_fd;
};

/* Valid after library_load has returned true, for the rest of the process. */
extern struct library library;

/*
 * Loads the library once for all threads of the process; later calls return what the first success left.
 *
 * `path` is a file, or a bare name for the loader to look for. `bridge` is the file of bridge.c. On failure `error`
 * tells why, in the loader's words where they are the loader's.
 */
bool library_load(const char *path, const char *bridge, char *error, size_t size);

#endif
