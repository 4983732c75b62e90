/* What the other examples share: a client, calls that explain their failures, a little JSON, and Ctrl-C. */
#ifndef COMMON_H
#define COMMON_H

#include <akool.h>

#include <signal.h>
#include <stdbool.h>

/* Whether there is no AKOOL_API_KEY, so that AKOOL is imitated inside this process. */
bool is_simulated(void);

/*
 * Says whether the client is simulated, and makes it. `settings` are members of the configuration, as
 * "\"limits\": {\"open_sessions\": 2}", or NULL. NULL when it failed, which was told.
 */
akool_client *connect_to_akool(const char *settings);

/*
 * Makes a call and returns its reply, to be freed with akool_string_free. On failure tells what happened and returns
 * NULL. Ctrl-C cancels it. `params` may be NULL.
 */
char *call(akool_client *client, const char *operation, const char *params);

/*
 * The same in two halves. What submit() returns goes to finish(), which waits for the reply and calls `meanwhile`, if
 * there is one, several times a second.
 */
uint64_t submit(akool_client *client, const char *operation, const char *params, const char *options);
char *finish(akool_client *client, uint64_t request, const char *operation, void (*meanwhile)(akool_client *));

/* Tells on standard error what a result and its reply or error, which may be NULL, say. */
void explain(const char *what, akool_result result, const char *json);

/* The avatar_id of an official avatar that can be used now. Free it with akool_string_free. NULL: told. */
char *free_avatar(akool_client *client);

/*
 * The value at a JSON Pointer, which is written as with printf; strings have no quotes. Free it with
 * akool_string_free. NULL when there is none, or `json` is NULL.
 */
char *text_at(const char *json, const char *pointer, ...) __attribute__((format(printf, 2, 3)));

/* Whether the text at a pointer is this. */
bool text_is(const char *json, const char *pointer, const char *expected);

/* A text as a JSON string. Free it with akool_string_free. NULL when it is not UTF-8, which was told. */
char *quoted(const char *text);

/* printf into memory of its own, to be freed with free. NULL when there is none. */
char *format(const char *pattern, ...) __attribute__((format(printf, 1, 2)));

/* Set by Ctrl-C and SIGTERM. The handler does nothing else: no function of the library may be called in one. */
extern volatile sig_atomic_t interrupted;
void listen_for_interrupts(void);

/* Sleeps; false when it was interrupted. */
bool pause_ms(long milliseconds);

#endif
