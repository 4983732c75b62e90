/* Replies, events and log records that wait. The size is their number. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "complexity.h"

/* Submits calls that fail at once. Returns their numbers when all have ended.
 */
static uint64_t *submit(akool_client *caller, size_t count, const char *options) {
  uint64_t *requests = calloc(count + 1, sizeof *requests), last;
  for (size_t i = 0; i < count; i++)
    if (akool_submit(caller, AKOOL_OP_ACCOUNT_CREDIT, "[]", options, NULL, NULL, &requests[i]) != AKOOL_OK)
      fail("a call was not taken");
  if (akool_submit(caller, AKOOL_OP_ACCOUNT_CREDIT, "[]", "{\"reply\":\"wait\"}", NULL, NULL, &last) != AKOOL_OK)
    fail("a call was not taken");
  char *reply = NULL;
  expect(AKOOL_ERR_INVALID_ARGUMENT, akool_wait(caller, last, -1, &reply), reply);
  return requests;
}

static void take_all(akool_client *caller, const uint64_t *requests, size_t count, int is_reverse) {
  for (size_t i = 0; i < count; i++) {
    char *reply = NULL;
    uint64_t request = requests[is_reverse ? count - 1 - i : i];
    expect(AKOOL_ERR_INVALID_ARGUMENT, akool_wait(caller, request, -1, &reply), reply);
  }
}

static void wait(size_t count, const char *options, int is_reverse) {
  akool_client *caller = client();
  uint64_t *requests = submit(caller, count, options);
  begin();
  take_all(caller, requests, count, is_reverse);
  end();
  free(requests);
}

static void wait_in_order(size_t size) { wait(size, NULL, 0); }
static void wait_in_reverse(size_t size) { wait(size, NULL, 1); }
static void wait_kept(size_t size) { wait(size, "{\"reply\":\"wait\"}", 1); }

static void submit_and_take(size_t size) {
  akool_client *caller = client();
  begin();
  uint64_t *requests = submit(caller, size, "{\"reply\":\"wait\"}");
  take_all(caller, requests, size, 0);
  end();
  free(requests);
}

static void next_event(size_t size) {
  akool_client *caller = client();
  free(submit(caller, size, NULL));
  char *event = NULL;
  begin();
  for (size_t i = 0; i < size; i++) {
    if (akool_client_next_event(caller, -1, &event) != AKOOL_OK || !event) fail("an event is missing");
    akool_string_free(event);
  }
  end();
}

static void cancel_ended(size_t size) {
  akool_client *caller = client();
  uint64_t *requests = submit(caller, size, NULL);
  begin();
  for (size_t i = 0; i < size; i++) akool_cancel(caller, requests[i]);
  end();
  take_all(caller, requests, size, 0);
  free(requests);
}

/* A delivery thread that stands still in its first event. */
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static size_t delivered;
static int is_open;

static void deliver(akool_client *from, const char *event, void *unused) {
  (void)from;
  (void)event;
  (void)unused;
  pthread_mutex_lock(&gate);
  delivered++;
  pthread_cond_broadcast(&changed);
  while (!is_open) pthread_cond_wait(&changed, &gate);
  pthread_mutex_unlock(&gate);
}

static void deliver_log(akool_client *from, int32_t level, const char *record, void *data) {
  (void)level;
  deliver(from, record, data);
}

static void open_gate(size_t expected) {
  pthread_mutex_lock(&gate);
  is_open = 1;
  pthread_cond_broadcast(&changed);
  while (delivered < expected) pthread_cond_wait(&changed, &gate);
  pthread_mutex_unlock(&gate);
}

static void wait_for_first(void) {
  pthread_mutex_lock(&gate);
  while (!delivered) pthread_cond_wait(&changed, &gate);
  pthread_mutex_unlock(&gate);
}

static void close_gate(void) {
  delivered = 0;
  is_open = 0;
}

static void status_backlog(size_t size) {
  akool_client *caller = client();
  close_gate();
  if (akool_client_set_status_callback(caller, deliver, NULL) != AKOOL_OK) fail("no callback");
  free(submit(caller, size, NULL));
  wait_for_first();
  begin();
  open_gate(size);
  end();
  akool_client_set_status_callback(caller, NULL, NULL);
}

/* Makes log records: a warning for each call. */
static void log_records(akool_client *caller, size_t count) {
  answer_json("{\"code\":1000,\"data\":{\"lang_list\":[]}}");
  for (size_t i = 0; i < count; i++) {
    char *reply = NULL;
    akool_result result = akool_call(caller, AKOOL_OP_LANGUAGE_LIST, "{\"a\":1}", "{\"validate\":\"warn\"}", &reply);
    expect(AKOOL_OK, result, reply);
  }
}

static void log_backlog(size_t size) {
  akool_client *caller = client();
  close_gate();
  if (akool_client_set_log_callback(caller, AKOOL_LOG_DEBUG, deliver_log, NULL) != AKOOL_OK) fail("no callback");
  log_records(caller, size);
  wait_for_first();
  begin();
  open_gate(size);
  end();
  akool_client_set_log_callback(caller, AKOOL_LOG_OFF, NULL, NULL);
}

/* Records whose callback is gone when their turn comes. */
static void cleared_log_backlog(size_t size) {
  akool_client *caller = client();
  close_gate();
  if (akool_client_set_log_callback(caller, AKOOL_LOG_DEBUG, deliver_log, NULL) != AKOOL_OK) fail("no callback");
  if (akool_client_set_status_callback(caller, deliver, NULL) != AKOOL_OK) fail("no callback");
  free(submit(caller, 1, NULL));
  wait_for_first();
  log_records(caller, size);
  akool_client_set_log_callback(caller, AKOOL_LOG_OFF, NULL, NULL);
  free(submit(caller, 1, NULL));
  begin();
  open_gate(2);
  end();
  akool_client_set_status_callback(caller, NULL, NULL);
}

static void long_record(size_t size) {
  answer_json("{\"code\":1000,\"data\":{\"_id\":\"66a1a02d591ad336275eda62\"}}");
  akool_client *caller = client();
  struct text parameters = {0};
  char *reply = NULL;
  close_gate();
  if (akool_client_set_log_callback(caller, AKOOL_LOG_DEBUG, deliver_log, NULL) != AKOOL_OK) fail("no callback");
  add(&parameters, "{\"");
  repeat(&parameters, "://a:b@", size / 7);
  add(&parameters, "\":1}");
  begin();
  akool_result result =
      akool_call(caller, AKOOL_OP_KNOWLEDGE_CREATE, parameters.bytes, "{\"validate\":\"warn\"}", &reply);
  open_gate(1);
  end();
  expect(AKOOL_OK, result, reply);
  akool_client_set_log_callback(caller, AKOOL_LOG_OFF, NULL, NULL);
  free(parameters.bytes);
}

/* One event for each avatar.wait. The program takes none, and the queue has room for half of them. */
static size_t avatars;

static void write_avatar(const char *request, struct text *body) {
  (void)request;
  addf(body, "{\"code\":1000,\"data\":{\"_id\":\"a%zu\",\"status\":3}}", avatars++);
}

static void full_queue(size_t size) {
  struct text members = {0};
  addf(&members, ",\"max_events\":%zu", size);
  configure(members.bytes);
  free(members.bytes);
  answer_by(write_avatar);
  akool_client *caller = client();
  for (size_t half = 0; half < 2; half++) {
    if (half) begin();
    for (size_t i = 0; i < size; i++) {
      char *reply = NULL;
      expect(AKOOL_OK, akool_call(caller, AKOOL_OP_AVATAR_WAIT, "{\"id\":\"a\"}", NULL, &reply), reply);
    }
  }
  end();
}

const struct complexity_case event_cases[] = {{"wait in order", wait_in_order},
                                              {"wait in reverse", wait_in_reverse},
                                              {"wait for kept replies", wait_kept},
                                              {"submit and wait", submit_and_take},
                                              {"next event", next_event},
                                              {"cancel ended requests", cancel_ended},
                                              {"status backlog", status_backlog},
                                              {"log backlog", log_backlog},
                                              {"log backlog cleared", cleared_log_backlog},
                                              {"log long record", long_record},
                                              {"event queue full", full_queue},
                                              {NULL, NULL}};
