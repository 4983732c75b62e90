/*
 * What the C tests share. Every test file is a program of its own: one noun, one group.
 *
 * Assertions of cmocka jump out of the test function, so they belong on the main thread only; callbacks,
 * other threads and forked children note what they saw, and the test asserts it afterwards.
 */
#ifndef AKOOL_TEST_SUPPORT_H
#define AKOOL_TEST_SUPPORT_H

#include <akool.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
/* Defines a test. Its name is announced before it runs: Tests/support/cmocka.py finds the test that crashed by that. */
#define TEST(name)                                         \
  static void name##_body(void);                           \
  static void name(void **state __attribute__((unused))) { \
    announce(#name);                                       \
    name##_body();                                         \
  }                                                        \
  static void name##_body(void)
void announce(const char *test);

#define THREAD_SANITIZER 0
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#undef THREAD_SANITIZER
#define THREAD_SANITIZER 1
#endif
#endif

#define SIMULATOR "\"base_url\":\"simulator:\",\"environment\":false"

/* Runs all tests of a program, or the one that AKOOL_TEST_ONLY names. pytest stops a program that hangs. */
#define RUN(tests) (prepare_run(), cmocka_run_group_tests(tests, NULL, NULL))
void prepare_run(void);

/* Rounds of a repeated test; a tenth of them when AKOOL_TEST_REDUCED is set, as pytest does without --whole. */
int rounds(int full);
/* How often the tests of races race: AKOOL_TEST_RACES, else rounds(100000). */
int races(void);
/* A time limit, longer where everything is slower (AKOOL_TEST_SLOWNESS, a factor). */
int64_t patience(int64_t milliseconds);

/* Results. The message names both codes. */
#define assert_result(expected, actual) check_result(expected, actual, #actual, __FILE__, __LINE__)
void check_result(akool_result expected, akool_result actual, const char *what, const char *file, int line);
bool one_of(akool_result result, const akool_result *allowed, size_t count);

/* Clients. */
akool_client *simulated_client(void);
akool_client *client_with(const char *configuration);
void end_client(akool_client *client);
/* Creating must fail so, and the message must hold `needle` (NULL: any). */
void assert_refused(const char *configuration, akool_result expected, const char *needle);

/* Calls. Replies are checked to agree with the result; the caller frees what is returned. */
char *call(akool_client *client, const char *operation, const char *parameters);
char *call_with(akool_client *client, const char *operation, const char *parameters, const char *options);
void call_and_forget(akool_client *client, const char *operation, const char *parameters);
void assert_call_fails(akool_client *client, const char *operation, const char *parameters, const char *options,
                       akool_result expected, const char *needle);
void assert_failed_reply(const char *reply, akool_result expected, const char *needle);
uint64_t submit(akool_client *client, const char *operation, const char *parameters, const char *options);

/* JSON. `text_at` and friends fail the test when there is nothing at the pointer. */
char *text_at(const char *json, const char *pointer);
double number_at(const char *json, const char *pointer);
bool is_at(const char *json, const char *pointer, const char *expected);
bool has(const char *json, const char *pointer);
void assert_at(const char *json, const char *pointer, const char *expected);
/* printf into memory of its own, to be freed with free(). */
char *format(const char *pattern, ...) __attribute__((format(printf, 1, 2)));
/* `open` repeated `levels` times. Free it. */
char *nested(const char *open, size_t levels);
#define TEN_MEGABYTES ((size_t)10 * 1024 * 1024)

/* The simulator behind the client. */
void set_faults(akool_client *client, const char *rules);
/* Answers to this operation are held back so long. */
void hold_back(akool_client *client, const char *operation, int milliseconds);
void advance_clock(akool_client *client, int seconds);
/* How many requests the simulator has received, those of the test's own instruments left out. */
int received(akool_client *client);
/* Makes an avatar and waits until it is ready: its avatar_id. Free it with akool_string_free. */
char *ready_avatar(akool_client *client, const char *avatar_id);

/* The process. */
int64_t now_ms(void);
int thread_count(void);
int descriptor_count(void);
/* True as soon as the count is so; false when patience ends. For what other threads do in their own time. */
bool becomes(int (*count)(void), int expected);
int this_thread(void);
/* Runs `child` in a forked process: its exit status, or -1 when it died of a signal or hung. */
int in_child(int (*child)(void *), void *argument);
/* Waits for a child: its exit status, -1 when a signal ended it, -2 when it had to be killed. */
int finish_child(int pid);

/* A gate: closed until someone opens it. For holding a callback where it is, without sleeping. */
struct gate;
struct gate *new_gate(void);
void free_gate(struct gate *gate);
void open_gate(struct gate *gate);
/* False when it did not open in time. */
bool pass_gate(struct gate *gate);
bool pass_gate_within(struct gate *gate, int64_t milliseconds);

/* A queue of texts that callbacks write and tests read. */
struct notes;
struct notes *new_notes(void);
void free_notes(struct notes *notes);
void note(struct notes *notes, const char *text);
/* The text at this place, once it is there; NULL when patience ends. Belongs to the notes. */
const char *note_at(struct notes *notes, size_t index);
size_t note_count(struct notes *notes);

/* A status callback that notes every event; user_data is the notes. */
void note_event(akool_client *client, const char *event, void *user_data);
/* A log callback that notes every record. */
void note_log(akool_client *client, int32_t level, const char *record, void *user_data);
/* A reply callback that notes "REQUEST RESULT REPLY". */
void note_reply(akool_client *client, uint64_t request, akool_result result, const char *reply, void *user_data);

#endif
