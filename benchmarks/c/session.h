/* Replies of a C program on jansson that does the same as the library with an answer of AKOOL. */
#ifndef BENCH_SESSION_H
#define BENCH_SESSION_H

#include <stddef.h>

enum { SESSION_ID_SIZE = 64, SESSION_DURATION = 600 };

/*
 * Every session_…_reply function parses a body, checks AKOOL's code, copies the fields of each session, and writes the
 * reply of the library, {"data":{…},"meta":{…}}, which the caller frees. It returns NULL for an answer of another kind.
 */
char *session_reply(const char *body, size_t length, double elapsed_ms);
char *session_list_reply(const char *body, size_t length, double elapsed_ms);
/* Also copies the id of the new session. */
char *session_create_reply(const char *body, size_t length, double elapsed_ms, char id[SESSION_ID_SIZE]);
/* Takes the detail that was read after the close; NULL unless the session has ended. */
char *session_close_reply(const char *body, size_t length, double elapsed_ms);
/* Returns 1 if AKOOL accepted the close. */
int session_close_accepted(const char *body, size_t length);

/* Return the JSON body of a request, which the caller frees. */
char *session_create_body(void);
char *session_close_body(const char *id);

#endif
