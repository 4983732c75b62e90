/* Opens and closes sessions from several threads, as a program does that may be killed at any moment.
 *
 *   worker CONFIGURATION CREATES THREADS SEED [own-room] [cancel] [wait] [hold] [linger] [heartbeat] [patient]
 *
 * Each line of the output is written at once:
 *   asked                  a create is about to be submitted
 *   opened ID              the caller has the session
 *   refused CODE           the caller has none
 *   closed ID | open ID    what session.close said
 *   settled | unsettled    (patient) whether at the end nothing was left to close or to look for
 */
#include <akool.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static akool_client *client;
static atomic_int left;
static int has_own_room, cancels, holds, slot_wait_ms, heartbeats;
static unsigned longest_hold_ms = 30;
static const char *avatars[] = {"dvp_Tristan_cloth2_1080P"};

static unsigned next_random(unsigned *state) {
  *state = *state * 1664525u + 1013904223u;
  return *state >> 8;
}

static void pause_ms(unsigned ms) {
  struct timespec time = {ms / 1000, (long)(ms % 1000) * 1000000L};
  nanosleep(&time, NULL);
}

static void say(const char *what, const char *detail) {
  char line[256];
  int length = snprintf(line, sizeof line, "%s%s%s\n", what, detail[0] ? " " : "", detail);
  /* One write of less than a pipe's atomic size: lines of threads never mix, and a kill leaves whole lines. */
  if (write(1, line, (size_t)length) != length) _exit(3);
}

static akool_result create(unsigned *random, char **reply) {
  char parameters[512];
  unsigned number = next_random(random);
  if (has_own_room)
    snprintf(parameters, sizeof parameters,
             "{\"avatar_id\":\"%s\",\"duration\":%u,\"busy_wait_ms\":5000,\"credentials\":{\"agora_uid\":7,"
             "\"agora_channel\":\"room-%d-%u\",\"agora_token\":\"t\"}}",
             avatars[0], 120 + number % 480, (int)getpid(), number);
  else
    snprintf(parameters, sizeof parameters,
             "{\"avatar_id\":\"%s\",\"duration\":%u,\"busy_wait_ms\":5000,\"slot_wait_ms\":%d%s}", avatars[0],
             120 + number % 480, slot_wait_ms, heartbeats ? ",\"heartbeat_timeout_ms\":6000" : "");
  if (!cancels || next_random(random) % 5) return akool_call(client, "session.create", parameters, NULL, reply);
  uint64_t request;
  *reply = NULL;
  akool_result result =
      akool_submit(client, "session.create", parameters, "{\"reply\":\"wait\"}", NULL, NULL, &request);
  if (result != AKOOL_OK) return result;
  pause_ms(next_random(random) % 20);
  akool_cancel(client, request);
  return akool_wait(client, request, -1, reply);
}

static void close_session(const char *id) {
  char parameters[128];
  snprintf(parameters, sizeof parameters, "{\"id\":\"%s\"}", id);
  akool_result result = akool_call(client, "session.close", parameters, NULL, NULL);
  say(result == AKOOL_OK ? "closed" : "open", id);
}

static void *work(void *seed) {
  unsigned random = *(unsigned *)seed;
  while (atomic_fetch_sub(&left, 1) > 0) {
    char *reply, *id;
    say("asked", "");
    akool_result result = create(&random, &reply);
    if (result == AKOOL_OK && akool_json_get(reply, "/data/_id", &id) == AKOOL_OK) {
      say("opened", id);
      while (holds) pause();
      pause_ms(next_random(&random) % longest_hold_ms);
      if (slot_wait_ms || next_random(&random) % 5) close_session(id);
      akool_string_free(id);
    } else {
      say("refused", akool_result_name(result));
    }
    akool_string_free(reply);
  }
  return NULL;
}

/* Waits until the client has closed and found everything by itself. */
static int settles(void) {
  for (int round = 0; round < 1200; round++) {
    char *reply, *open, *lost;
    if (akool_call(client, "client.stats", NULL, NULL, &reply) != AKOOL_OK) return 0;
    akool_json_get(reply, "/data/closing_sessions", &open);
    akool_json_get(reply, "/data/lost_creates", &lost);
    int is_settled = open && lost && !strcmp(open, "0") && !strcmp(lost, "0");
    akool_string_free(open);
    akool_string_free(lost);
    akool_string_free(reply);
    if (is_settled) return 1;
    pause_ms(50);
  }
  return 0;
}

int main(int count, char **arguments) {
  if (count < 5) return 2;
  int is_patient = 0;
  for (int i = 5; i < count; i++) {
    has_own_room |= !strcmp(arguments[i], "own-room");
    if (!strcmp(arguments[i], "wait")) slot_wait_ms = 20000;
    holds |= !strcmp(arguments[i], "hold");
    if (!strcmp(arguments[i], "linger")) longest_hold_ms = 600;
    heartbeats |= !strcmp(arguments[i], "heartbeat");
    cancels |= !strcmp(arguments[i], "cancel");
    is_patient |= !strcmp(arguments[i], "patient");
  }
  char *error;
  if (akool_client_create(arguments[1], &client, &error) != AKOOL_OK) {
    fprintf(stderr, "%s\n", error);
    return 1;
  }
  atomic_store(&left, atoi(arguments[2]));
  pthread_t threads[64];
  unsigned seeds[64];
  int number = atoi(arguments[3]);
  for (int i = 0; i < number; i++) {
    seeds[i] = (unsigned)atoi(arguments[4]) * 64u + (unsigned)i;
    pthread_create(&threads[i], NULL, work, &seeds[i]);
  }
  for (int i = 0; i < number; i++) pthread_join(threads[i], NULL);
  if (is_patient) {
    akool_call(client, "session.sweep", NULL, NULL, NULL);
    akool_call(client, "session.close_all", "{\"scope\":\"mine\"}", NULL, NULL);
    say(settles() ? "settled" : "unsettled", "");
  }
  akool_client_destroy(client);
  return 0;
}
