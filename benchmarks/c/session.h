/* What a C program does with the answer to a session detail, done with jansson. */
#ifndef BENCH_SESSION_H
#define BENCH_SESSION_H

#include <stddef.h>

/*
 * Parses the body, checks AKOOL's code, copies the session's fields out, and writes the same reply the library gives:
 * {"data":{…,"state"},"meta":{…}}. The result is the caller's to free; NULL when the answer is not a session.
 */
char *session_reply(const char *body, size_t length, double elapsed_ms);

#endif
