/*
 * A program that uses libakool while calls of C functions fail. Each step is one line of JSON on stdout.
 *
 *   workload NAME CONFIGURATION [URL FOLDER]     calls, callbacks, save, inside or sweep
 */
#include <akool.h>
#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define AVATAR "{\"avatar_id\":\"dvp_Tristan_cloth2_1080P\",\"duration\":600}"
#define OPTIONS "{\"timeout_ms\":3000}"

static akool_client *client;
static const char *configuration;

static int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void pause_ms(long milliseconds) {
  const struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  nanosleep(&time, NULL);
}

/* Writes a step. `reply` is JSON or NULL. */
static void tell(const char *step, akool_result result, int64_t begun, const char *reply) {
  printf("{\"step\":\"%s\",\"result\":\"%s\",\"ms\":%lld,\"reply\":%s}\n", step, akool_result_name(result),
         (long long)(now_ms() - begun), reply && *reply ? reply : "null");
  fflush(stdout);
}

static void tell_number(const char *step, int number) {
  printf("{\"step\":\"%s\",\"number\":%d}\n", step, number);
  fflush(stdout);
}

static int entries(const char *path) {
  DIR *folder = opendir(path);
  int count = 0;
  while (folder && readdir(folder)) count++;
  if (folder) closedir(folder);
  return count;
}

static int descriptors(void) { return entries("/proc/self/fd"); }
static int threads(void) { return entries("/proc/self/task"); }

/* Makes a call and returns a text of its reply, or NULL. */
static char *call(const char *operation, const char *parameters, const char *pointer) {
  char *reply = NULL, *text = NULL;
  int64_t begun = now_ms();
  akool_result result = akool_call(client, operation, parameters, OPTIONS, &reply);
  tell(operation, result, begun, reply);
  if (result == AKOOL_OK && pointer) akool_json_get(reply, pointer, &text);
  akool_string_free(reply);
  return text;
}

static void call_by_id(const char *operation, const char *id) {
  char parameters[256];
  if (!id) return;
  snprintf(parameters, sizeof parameters, "{\"id\":\"%s\"}", id);
  akool_string_free(call(operation, parameters, NULL));
}

static akool_result make_client(const char *step) {
  char *error = NULL;
  int64_t begun = now_ms();
  akool_result result = akool_client_create(configuration, &client, &error);
  tell(step, result, begun, error);
  akool_string_free(error);
  return result;
}

static void end_client(void) {
  int64_t begun = now_ms();
  akool_result result = akool_client_destroy(client);
  tell("destroy", result, begun, NULL);
  client = NULL;
}

static void take_events(void) {
  char *event = NULL;
  int64_t begun = now_ms();
  akool_result result;
  while ((result = akool_client_next_event(client, 0, &event)) == AKOOL_OK && event) akool_string_free(event);
  tell("events", result, begun, NULL);
}

/* -------------------------------------------------------------- workloads */

/* A body that is longer than the writer's first memory. */
static void create_knowledge(void) {
  char parameters[6000] = "{\"name\":\"long\",\"prompt\":\"";
  size_t length = strlen(parameters);
  memset(parameters + length, 'p', 5000);
  strcpy(parameters + length + 5000, "\"}");
  akool_string_free(call("knowledge.create", parameters, NULL));
}

static void do_calls(void) {
  tell_number("event_fd", akool_client_event_fd(client));
  char *id = call("session.create", AVATAR, "/data/_id");
  call_by_id("session.detail", id);
  call("session.list", NULL, NULL);
  call("avatar.list", NULL, NULL);
  create_knowledge();
  call_by_id("session.close", id);
  akool_string_free(id);
  /* This one is closed by destroy. */
  akool_string_free(call("session.create", AVATAR, "/data/_id"));
  take_events();
}

static atomic_int replies, statuses, records;

static void on_reply(akool_client *of, uint64_t request, akool_result result, const char *reply, void *count) {
  (void)of;
  (void)request;
  tell("on_reply", result, now_ms(), reply);
  atomic_fetch_add((atomic_int *)count, 1);
  atomic_fetch_add(&replies, 1);
}

static void on_status(akool_client *of, const char *event, void *user_data) {
  (void)of;
  (void)event;
  (void)user_data;
  atomic_fetch_add(&statuses, 1);
}

static void on_record(akool_client *of, int32_t level, const char *record, void *user_data) {
  (void)of;
  (void)level;
  (void)record;
  (void)user_data;
  atomic_fetch_add(&records, 1);
}

static const char *const pushed[] = {"session.create", "avatar.list", "session.list", "knowledge.list",
                                     "account.credit"};
enum { PUSHED = sizeof pushed / sizeof *pushed };
static atomic_int counts[PUSHED];
static int accepted[PUSHED];

static void do_callbacks(void) {
  int64_t begun = now_ms();
  uint64_t request;
  char *reply = NULL;
  int expected = 0;
  tell("set_status_callback", akool_client_set_status_callback(client, on_status, NULL), begun, NULL);
  tell("set_log_callback", akool_client_set_log_callback(client, AKOOL_LOG_DEBUG, on_record, NULL), begun, NULL);
  for (int i = 0; i < PUSHED; i++) {
    const char *parameters = i ? NULL : AVATAR;
    akool_result result = akool_submit(client, pushed[i], parameters, OPTIONS, on_reply, &counts[i], &request);
    tell("submit", result, begun, NULL);
    accepted[i] = result == AKOOL_OK;
    expected += accepted[i];
    if (i == PUSHED - 1 && accepted[i]) akool_cancel(client, request);
  }
  for (int i = 0; i < 400 && atomic_load(&replies) < expected; i++) pause_ms(20);
  tell("all_replies", atomic_load(&replies) == expected ? AKOOL_OK : AKOOL_ERR_TIMEOUT, begun, NULL);
  begun = now_ms();
  akool_result result =
      akool_submit(client, "avatar.list", NULL, "{\"timeout_ms\":3000,\"reply\":\"wait\"}", NULL, NULL, &request);
  tell("submit", result, begun, NULL);
  if (result == AKOOL_OK) tell("wait", akool_wait(client, request, -1, &reply), begun, reply);
  akool_string_free(reply);
}

static void do_save(const char *url, const char *folder) {
  char parameters[1024];
  snprintf(parameters, sizeof parameters, "{\"url\":\"%s\",\"directory\":\"%s\"}", url, folder);
  call("resource.save", parameters, NULL);
  call("resource.list", NULL, NULL);
  call("resource.sweep", NULL, NULL);
}

static void do_inside(void) {
  char *id = call("session.create", AVATAR, "/data/_id");
  call_by_id("session.detail", id);
  call_by_id("session.close", id);
  akool_string_free(id);
  akool_string_free(call("session.create", AVATAR, "/data/_id"));
}

static int is_zero(const char *reply, const char *pointer) {
  char *text = NULL;
  akool_json_get(reply, pointer, &text);
  int result = text && !strcmp(text, "0");
  akool_string_free(text);
  return result;
}

/* Sweeps, and waits until nothing is left to close or to look for. */
static void do_sweep(void) {
  int64_t begun = now_ms();
  call("session.sweep", NULL, NULL);
  for (int i = 0; i < 250; i++, pause_ms(60)) {
    char *reply = NULL;
    akool_result result = akool_call(client, "client.stats", NULL, NULL, &reply);
    int is_settled =
        result == AKOOL_OK && is_zero(reply, "/data/closing_sessions") && is_zero(reply, "/data/lost_creates");
    akool_string_free(reply);
    if (is_settled) return tell("settled", AKOOL_OK, begun, NULL);
  }
  tell("settled", AKOOL_ERR_TIMEOUT, begun, NULL);
}

static void run(const char *name, char **arguments) {
  if (!strcmp(name, "calls")) do_calls();
  if (!strcmp(name, "callbacks")) do_callbacks();
  if (!strcmp(name, "save")) do_save(arguments[0], arguments[1]);
  if (!strcmp(name, "inside")) do_inside();
  if (!strcmp(name, "sweep")) do_sweep();
}

static void tell_leaks(int descriptors_before, int threads_before) {
  int fds, others;
  for (int i = 0; i < 100; i++, pause_ms(20)) {
    fds = descriptors() - descriptors_before;
    others = threads() - threads_before;
    if (fds <= 0 && others <= 0) break;
  }
  tell_number("descriptors_left", fds);
  tell_number("threads_left", others);
}

int main(int count, char **arguments) {
  if (count < 3) return 2;
  configuration = arguments[2];
  int fds = descriptors(), others = threads();
  /* A call fails once, so the second client must work. */
  if (make_client("client_create") != AKOOL_OK && make_client("client_create_again") != AKOOL_OK) return 0;
  run(arguments[1], arguments + 3);
  end_client();
  for (int i = 0; i < PUSHED; i++)
    if (atomic_load(&counts[i]) != accepted[i]) tell_number("replies_wrong", i);
  tell_leaks(fds, others);
  if (!strcmp(arguments[1], "sweep")) return 0;
  /* What failed once must not disturb the next client. */
  if (make_client("client_create_after") != AKOOL_OK && make_client("client_create_again") != AKOOL_OK) return 0;
  char *reply = NULL;
  int64_t begun = now_ms();
  akool_result result = akool_call(client, "avatar.list", NULL, OPTIONS, &reply);
  tell("call_after", result, begun, reply);
  akool_string_free(reply);
  end_client();
  tell_number("end", 0);
  return 0;
}
