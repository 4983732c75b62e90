/* The parts that the files of cases share: texts, a client, a server of
 * loopback, and the counter of instructions. */
#ifndef AKOOL_COMPLEXITY_H
#define AKOOL_COMPLEXITY_H

#include <akool.h>
#include <stddef.h>
#include <stdint.h>

/* A text that grows. It ends with NUL. */
struct text {
  char *bytes;
  size_t length, capacity;
};

void append(struct text *text, const char *bytes, size_t length);
void add(struct text *text, const char *string);
/* Adds a unit `count` times. */
void repeat(struct text *text, const char *unit, size_t count);
/* Adds as printf does, at most 255 bytes. */
__attribute__((format(printf, 2, 3))) void addf(struct text *text, const char *format, ...);
/* Adds a format with one %zu for each number below `count`, with commas between
 * them. */
void number(struct text *text, const char *format, size_t count);
void append_base64(struct text *text, const uint8_t *bytes, size_t length);

/* Ends the program with a message. */
_Noreturn void fail(const char *format, ...);

/* Begins and ends the part of a case that is counted. */
void begin(void);
void end(void);

/* Ends the client of this case. The next one has these members, which begin
 * with a comma. */
void configure(const char *members);
/* The client of this case, at the server below. It is made at the first use. */
akool_client *client(void);

/* Sets the answer to every request. */
void answer_bytes(const char *bytes, size_t length);
/* Sets an answer of these header lines, each with its end, and this body. */
void answer(const char *status, const char *headers, const char *body);
/* Sets the JSON of an answer. */
void answer_json(const char *body);
/* Sets a function that writes the JSON of an answer to a request, given by its
 * first line. */
void answer_by(void (*write)(const char *request, struct text *body));

/* A result that a case leaves open; internal errors and timeouts are never
 * right. */
#define ANY_RESULT (-1)
/* Checks a result, and frees the reply. */
void expect(akool_result wanted, akool_result got, char *reply);
/* Counts one call, with the client of this case. */
void counted_call(const char *operation, const char *parameters, const char *options, akool_result wanted);
/* Counts one call without a client. */
void counted_offline_call(const char *operation, const char *parameters, akool_result wanted);
/* Ends the client and the server's answers of a case. */
void leave_case(void);
/* Counts the creation of a client. */
void counted_create(const char *configuration, akool_result wanted);

/* A case does its work for one size. */
struct complexity_case {
  const char *name;
  void (*run)(size_t size);
};

extern const struct complexity_case text_cases[], parameter_cases[], configuration_cases[], message_cases[],
    webhook_cases[], reply_cases[], list_cases[], event_cases[];

#endif
