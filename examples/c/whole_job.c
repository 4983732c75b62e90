/*
 * The whole job: from an avatar video to a closed and refunded live session. quickstart.c is the short one.
 *
 *   cc -std=c99 whole_job.c $(pkg-config --cflags --libs akool) -o whole_job
 *
 *   ./whole_job                       simulated inside this process: no key, no network, nothing is charged
 *   ./whole_job --base-url URL        simulated by an akool-simulator that listens at URL
 *   ./whole_job --real                the real service; needs AKOOL_API_KEY and costs credit
 *   ./whole_job --real --upload URL   the same with an avatar of your own, made from the video at URL
 *
 * Start reading at run(), which is the whole job, and at ask(), which is how a call is made.
 *
 * A real run is always asked for by name. Without --real this program reads no AKOOL_* variable, so a key
 * that happens to be in the environment is not used and cannot be charged.
 */
#define _POSIX_C_SOURCE 200809L

#include <akool.h>

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SIMULATED_VIDEO "https://example.com/me-talking-for-a-minute.mp4"
#define SIMULATED_SECONDS 600
#define REAL_SECONDS 60

/* What the command line asked for, and what has been reached so far. */
struct demo {
  bool real;
  const char *base_url; /* NULL: in process, or with --real the address of AKOOL */
  const char *video;    /* the video to upload; NULL: take an official avatar */
  int seconds;          /* how long a session to pay for */

  akool_client *client;
  char *avatar_id;
  char *session_id; /* not NULL while a session is open */
  double credit_before, credit_during, credit_after;
};

/* ---------------------------------------------------------------- output */

static const char *bold = "", *dim = "", *green = "", *red = "", *plain = "";

static void use_colours(void) {
  const char *terminal = getenv("TERM");
  if (!isatty(STDOUT_FILENO) || getenv("NO_COLOR") || !terminal || strcmp(terminal, "dumb") == 0) return;
  bold = "\033[1m";
  dim = "\033[2m";
  green = "\033[32m";
  red = "\033[31m";
  plain = "\033[0m";
}

static void headline(int number, const char *title) { printf("\n%s%d  %s%s\n", bold, number, title, plain); }

static void line(const char *label, const char *value) { printf("   %s%-14s%s %s\n", dim, label, plain, value); }

static double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ------------------------------------------------------- reading replies */

/* The value at a JSON Pointer: strings without their quotes. NULL when there is none. Free it. */
static char *text_at(const char *json, const char *pointer) {
  char *value = NULL;
  if (json) akool_json_get(json, pointer, &value);
  return value;
}

static double number_at(const char *json, const char *pointer) {
  char *value = text_at(json, pointer);
  double number = value ? strtod(value, NULL) : 0;
  akool_string_free(value);
  return number;
}

static bool text_is(const char *json, const char *pointer, const char *expected) {
  char *value = text_at(json, pointer);
  bool same = value && strcmp(value, expected) == 0;
  akool_string_free(value);
  return same;
}

static void show(const char *label, const char *json, const char *pointer) {
  char *value = text_at(json, pointer);
  if (value) line(label, value);
  akool_string_free(value);
}

/*
 * The one place where failures end: says what happened and what to do about it. `error`, which may be NULL,
 * is what the library says about it. Returns whether there was no failure.
 */
static bool succeeded(akool_result result, const char *what, const char *error) {
  if (result == AKOOL_OK) return true;
  char *message = text_at(error, "/error/message");
  char *hint = text_at(error, "/error/hint");
  fflush(stdout);
  fprintf(stderr, "\n   %s%s: %s%s\n", red, what, akool_result_name(result), plain);
  if (message) fprintf(stderr, "   %s\n", message);
  if (hint) fprintf(stderr, "   %s\n", hint);
  akool_string_free(message);
  akool_string_free(hint);
  return false;
}

/* A text as a JSON string, to be put into parameters. NULL when it is not UTF-8. Free it. */
static char *quoted(const char *text) {
  char *json = NULL;
  succeeded(akool_json_quote(text, &json), text, NULL);
  return json;
}

/* ---------------------------------------------------------------- Ctrl-C */

/* The handler does nothing but note it: no function of the library may be called in a signal handler. */
static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal_number) {
  (void)signal_number;
  interrupted = 1;
}

static void listen_for_interrupts(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_interrupt;
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
}

/* Returns false as soon as Ctrl-C was pressed. */
static bool pause_for(double seconds) {
  const struct timespec slice = {0, 50 * 1000 * 1000};
  double end = seconds_now() + seconds;
  while (!interrupted && seconds_now() < end) nanosleep(&slice, NULL);
  return !interrupted;
}

/* ------------------------------------------------------------ one call */

enum ctrl_c { CANCELS_IT, WAITS_FOR_IT };

/*
 * Makes one call and returns its reply, to be freed; on failure explains it and returns NULL.
 *
 * akool_call() does this in one line. Waiting in slices instead lets Ctrl-C cancel the call. What is paid
 * for, or gives money back, is not cancelled halfway: its reply tells which session is open.
 */
static char *ask(struct demo *demo, const char *operation, const char *params, enum ctrl_c ctrl_c) {
  const char *options = "{\"reply\": \"wait\", \"timeout_ms\": 60000}";
  if (strcmp(operation, AKOOL_OP_AVATAR_WAIT) == 0) options = "{\"reply\": \"wait\", \"timeout_ms\": 1800000}";

  uint64_t request = 0;
  char *reply = NULL;
  akool_result result = akool_submit(demo->client, operation, params, options, NULL, NULL, &request);
  if (!succeeded(result, operation, NULL)) return NULL;
  do {
    if (interrupted && ctrl_c == CANCELS_IT) akool_cancel(demo->client, request);
    result = akool_wait(demo->client, request, 100, &reply);
  } while (result == AKOOL_ERR_TIMEOUT && reply == NULL); /* a call's own time-out comes with a reply */
  if (succeeded(result, operation, reply)) return reply;
  akool_string_free(reply);
  return NULL;
}

static bool read_credit(struct demo *demo, double *credit, enum ctrl_c ctrl_c) {
  char *reply = ask(demo, AKOOL_OP_ACCOUNT_CREDIT, NULL, ctrl_c);
  *credit = number_at(reply, "/data/credit");
  akool_string_free(reply);
  return reply != NULL;
}

/* ------------------------------------------------------------- the avatar */

/* Runs on a thread of the library, one event at a time. The text belongs to the library: copy what you keep. */
static void on_status(akool_client *client, const char *event, void *user_data) {
  (void)client;
  const double *started = user_data;
  if (!text_is(event, "/type", AKOOL_EVENT_AVATAR_STATE_CHANGED)) return;
  char *state = text_at(event, "/state");
  if (state) printf("   %s%-14s%s at %4.1f s\n", green, state, plain, seconds_now() - *started);
  akool_string_free(state);
}

/* Uploading takes one call; then AKOOL processes the video, which avatar.wait watches. */
static char *create_avatar(struct demo *demo) {
  char params[4096];
  char *url = quoted(demo->video);
  if (!url) return NULL;
  snprintf(params, sizeof params, "{\"avatar_id\": \"wholejob%ld\", \"url\": %s}", (long)time(NULL), url);
  akool_string_free(url);
  return ask(demo, AKOOL_OP_AVATAR_CREATE, params, CANCELS_IT);
}

static char *wait_until_ready(struct demo *demo, const char *avatar) {
  char params[256];
  char *id = text_at(avatar, "/data/_id");
  snprintf(params, sizeof params, "{\"id\": \"%s\"}", id ? id : "");
  akool_string_free(id);
  return ask(demo, AKOOL_OP_AVATAR_WAIT, params, CANCELS_IT);
}

/*
 * Clearing a callback returns when it has finished for good, so that its user data may go away. Events that
 * it had no time for can be pulled from then on.
 */
static void stop_watching(struct demo *demo, double *started) {
  char *event = NULL;
  akool_client_set_status_callback(demo->client, NULL, NULL);
  while (akool_client_next_event(demo->client, 0, &event) == AKOOL_OK && event) {
    on_status(demo->client, event, started);
    akool_string_free(event);
  }
}

static bool upload_avatar(struct demo *demo) {
  double started = seconds_now();
  headline(2, "Make an avatar from a video");
  line("video", demo->video);
  akool_client_set_status_callback(demo->client, on_status, &started);
  char *avatar = create_avatar(demo);
  char *ready = avatar ? wait_until_ready(demo, avatar) : NULL;
  stop_watching(demo, &started);
  demo->avatar_id = ready ? text_at(avatar, "/data/avatar_id") : NULL;
  if (ready) show("avatar_id", avatar, "/data/avatar_id");
  akool_string_free(avatar);
  akool_string_free(ready);
  return demo->avatar_id != NULL;
}

/* The id of the avatar at this place of the list, when it is official and free. */
static char *usable_avatar(const char *list, int index) {
  char official[64], available[64], avatar_id[64];
  snprintf(official, sizeof official, "/data/result/%d/from", index);
  snprintf(available, sizeof available, "/data/result/%d/available", index);
  snprintf(avatar_id, sizeof avatar_id, "/data/result/%d/avatar_id", index);
  if (!text_is(list, official, "2") || !text_is(list, available, "true")) return NULL;
  return text_at(list, avatar_id);
}

static bool choose_avatar(struct demo *demo) {
  headline(2, "Choose an official avatar");
  char *list = ask(demo, AKOOL_OP_AVATAR_LIST, "{\"size\": 100}", CANCELS_IT);
  for (int i = 0; list && !demo->avatar_id && i < 100; i++) demo->avatar_id = usable_avatar(list, i);
  if (demo->avatar_id)
    line("avatar_id", demo->avatar_id);
  else if (list)
    fprintf(stderr, "\n   No official avatar is available at present.\n");
  akool_string_free(list);
  return demo->avatar_id != NULL;
}

/* ------------------------------------------------------------ the session */

/* All that a browser or an app needs to join. It holds no secret of your account: send it on as it is. */
static void show_join(const char *reply) {
  static const char *const members[] = {"transport", "app_id",  "url",         "room",
                                        "token",     "user_id", "join_before", "expires_at"};
  char pointer[64];
  printf("\n   What a browser or an app joins with (data.join):\n");
  for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
    snprintf(pointer, sizeof pointer, "/data/join/%s", members[i]);
    show(members[i], reply, pointer);
  }
}

static bool open_session(struct demo *demo) {
  char params[1024], title[64];
  snprintf(title, sizeof title, "Open a session of %d seconds", demo->seconds);
  headline(3, title);
  char *avatar_id = quoted(demo->avatar_id);
  if (!avatar_id) return false;
  snprintf(params, sizeof params, "{\"avatar_id\": %s, \"duration\": %d}", avatar_id, demo->seconds);
  akool_string_free(avatar_id);

  char *reply = interrupted ? NULL : ask(demo, AKOOL_OP_SESSION_CREATE, params, WAITS_FOR_IT);
  demo->session_id = text_at(reply, "/data/_id");
  if (reply) {
    show("session", reply, "/data/_id");
    show_join(reply);
  }
  akool_string_free(reply);
  return demo->session_id != NULL;
}

static bool show_charge(struct demo *demo) {
  if (!read_credit(demo, &demo->credit_during, WAITS_FOR_IT)) return false;
  printf("\n   %s%-14s%s %.2f   (%.2f taken in advance)\n", dim, "credit now", plain, demo->credit_during,
         demo->credit_before - demo->credit_during);
  return true;
}

static bool list_sessions(struct demo *demo) {
  char pointer[64];
  headline(4, "List the account's sessions");
  char *list = ask(demo, AKOOL_OP_SESSION_LIST, "{\"size\": 10}", CANCELS_IT);
  for (int i = 0; list && i < 10; i++) {
    snprintf(pointer, sizeof pointer, "/data/result/%d/_id", i);
    char *id = text_at(list, pointer);
    snprintf(pointer, sizeof pointer, "/data/result/%d/state", i);
    char *state = text_at(list, pointer);
    if (id)
      printf("   %s%-14s%s %s%s\n", dim, state ? state : "", plain, id,
             demo->session_id && strcmp(id, demo->session_id) == 0 ? "   (ours)" : "");
    akool_string_free(id);
    akool_string_free(state);
  }
  akool_string_free(list);
  return list != NULL;
}

/* When the refund is booked is AKOOL's affair: look a few times. */
static void wait_for_refund(struct demo *demo) {
  const struct timespec slice = {0, 500 * 1000 * 1000};
  for (int look = 0; look < 20; look++) {
    if (!read_credit(demo, &demo->credit_after, WAITS_FOR_IT)) return;
    if (demo->credit_after > demo->credit_during) return;
    nanosleep(&slice, NULL);
  }
}

static bool close_session(struct demo *demo) {
  char params[256];
  headline(5, interrupted ? "Ctrl-C: close the session" : "Close the session");
  snprintf(params, sizeof params, "{\"id\": \"%s\"}", demo->session_id);
  char *reply = ask(demo, AKOOL_OP_SESSION_CLOSE, params, WAITS_FOR_IT);
  bool closed = reply != NULL;
  if (closed) line("session", "closed, and seen to be closed");
  akool_string_free(reply);
  akool_string_free(demo->session_id);
  demo->session_id = NULL;
  return closed;
}

static bool show_refund(struct demo *demo) {
  double taken = demo->credit_before - demo->credit_during;
  wait_for_refund(demo);
  double refunded = demo->credit_after - demo->credit_during;
  printf("\n   %s%-14s%s %10.2f\n", dim, "credit before", plain, demo->credit_before);
  printf("   %s%-14s%s %10.2f\n", dim, "during", plain, demo->credit_during);
  printf("   %s%-14s%s %10.2f\n", dim, "after", plain, demo->credit_after);
  if (taken <= 0 || refunded <= 0) {
    printf("\n   %sNo refund to be seen yet.%s AKOOL's documents do not say when it is booked.\n", bold, plain);
    return demo->real;
  }
  printf("\n   %sRefunded: %.2f of %.2f%s, %.0f of %d seconds were not used.\n", green, refunded, taken, plain,
         refunded / taken * demo->seconds, demo->seconds);
  return true;
}

/* ---------------------------------------------------------------- the job */

/* Said before anything is spent. */
static bool announce_costs(const struct demo *demo) {
  if (!demo->real) return true;
  printf(
      "\n   %sThis costs credit.%s AKOOL charges all %d seconds of the session when it opens, about 6 credits\n"
      "   a minute by one Business customer's account (your plan may differ), and refunds the unused ones\n"
      "   when it is closed. ",
      bold, plain, demo->seconds);
  if (demo->video) printf("For the upload of the video, AKOOL's documents name no price.");
  printf("\n   Starting in 5 seconds; Ctrl-C now costs nothing.\n");
  return pause_for(5);
}

static bool use_session(struct demo *demo) {
  bool good = show_charge(demo) && !interrupted && list_sessions(demo);
  if (good && demo->real) printf("\n   Open for 30 seconds: join now. Ctrl-C closes it at once.\n");
  return good && pause_for(demo->real ? 30 : 1);
}

static bool run(struct demo *demo) {
  headline(1, "Look at the credit");
  if (!read_credit(demo, &demo->credit_before, CANCELS_IT)) return false;
  printf("   %s%-14s%s %.2f\n", dim, "credit", plain, demo->credit_before);

  if (!announce_costs(demo)) return false;
  if (!(demo->video ? upload_avatar(demo) : choose_avatar(demo))) return false;
  if (!open_session(demo)) return false;
  bool used = use_session(demo);
  bool closed = close_session(demo);
  return closed && show_refund(demo) && used;
}

/* ------------------------------------------------------------ the client */

/*
 * A client is made from a configuration in JSON. The simplest is {}: key and address from the environment. With the
 * ledger file nothing stays open: should this program be killed, its next start closes what it left.
 */
static bool write_configuration(const struct demo *demo, char *json, size_t size) {
  const char *simulated = ", \"environment\": false, \"polling\": {\"initial_ms\": 200, \"maximum_ms\": 500}, ";
  const char *settings = demo->base_url ? "\"api_key\": \"simulator\"" : "\"simulator\": {\"time_scale\": 10}";
  const char *address = demo->base_url ? demo->base_url : demo->real ? NULL : "simulator:";
  char *url = address ? quoted(address) : NULL;
  if (address && !url) return false;
  int length = snprintf(json, size, "{\"ledger\": {\"file\": \"akool.ledger\"}%s%s%s%s}", url ? ", \"base_url\": " : "",
                        url ? url : "", demo->real ? "" : simulated, demo->real ? "" : settings);
  akool_string_free(url);
  return length > 0 && (size_t)length < size;
}

static bool create_client(struct demo *demo) {
  char configuration[4096];
  char *error = NULL;
  if (!write_configuration(demo, configuration, sizeof configuration)) return false;
  akool_result result = akool_client_create(configuration, &demo->client, &error);
  bool created = succeeded(result, "client", error);
  akool_string_free(error);
  return created;
}

static void introduce(const struct demo *demo) {
  if (demo->real)
    printf("%sREAL: this uses your AKOOL account and costs credit.%s\n", bold, plain);
  else
    printf("%sSIMULATED: an imitation of AKOOL %s; nothing is charged.%s\n", bold,
           demo->base_url ? "behind a base URL" : "inside this process", plain);
  printf("libakool %s, unofficial and not affiliated with AKOOL\n", akool_version());
}

static bool parse_arguments(struct demo *demo, int count, char **arguments) {
  for (int i = 1; i < count; i++) {
    if (strcmp(arguments[i], "--real") == 0)
      demo->real = true;
    else if (strcmp(arguments[i], "--base-url") == 0 && i + 1 < count)
      demo->base_url = arguments[++i];
    else if (strcmp(arguments[i], "--upload") == 0 && i + 1 < count)
      demo->video = arguments[++i];
    else
      return false;
  }
  if (!demo->real && !demo->video) demo->video = SIMULATED_VIDEO;
  demo->seconds = demo->real ? REAL_SECONDS : SIMULATED_SECONDS;
  return true;
}

int main(int argc, char **argv) {
  struct demo demo;
  memset(&demo, 0, sizeof demo);
  if (!parse_arguments(&demo, argc, argv)) {
    fprintf(stderr, "usage: %s [--real] [--base-url URL] [--upload URL]\n", argv[0]);
    return 2;
  }
  setvbuf(stdout, NULL, _IOLBF, 0);
  use_colours();
  listen_for_interrupts();
  introduce(&demo);

  bool good = create_client(&demo) && run(&demo);
  /* Closes what is still open, whatever went wrong above, and returns when no callback can run any more. */
  akool_client_destroy(demo.client);
  akool_string_free(demo.avatar_id);
  akool_string_free(demo.session_id);
  printf("\n%s\n", good ? "Done." : interrupted ? "Stopped by Ctrl-C." : "Not finished.");
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
