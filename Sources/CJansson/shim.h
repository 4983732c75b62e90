/* Functions for what jansson offers as macros or hides in macros' bodies. */
#ifndef AKOOL_CJANSSON_SHIM_H
#define AKOOL_CJANSSON_SHIM_H

#include <jansson.h>

static inline json_type akool_json_type(const json_t *value) { return json_typeof(value); }
/* The caller must be the only one that holds `value`, on one thread. */
static inline void akool_json_release(json_t *value) { json_decref(value); }

#endif
