/*
 * Exits at a random moment under TLS load, in one of several manners.
 *
 *   exit_at_random SEED [destroy]       with "destroy", another thread is in akool_client_destroy at that moment
 */
#include "lifecycle.h"

#include <string.h>

static akool_client *clients[2];
static volatile int is_exiting;

static void *exit_here(void *unused) {
  (void)unused;
  exit(0);
}

static void on_reply(akool_client *of, uint64_t request, akool_result result, const char *reply, void *user_data) {
  (void)of;
  (void)request;
  (void)result;
  (void)reply;
  (void)user_data;
  /* Two threads must not call exit: it is undefined. */
  if (!__sync_lock_test_and_set(&is_exiting, 1)) exit(0);
}

static void *make_another(void *unused) {
  (void)unused;
  akool_client *client = make_client();
  if (client) akool_call(client, AKOOL_OP_SESSION_LIST, NULL, NULL, NULL);
  pause();
  return NULL;
}

static void *destroy(void *client) {
  akool_client_destroy(client);
  pause();
  return NULL;
}

static void load(akool_client *client, int calls) {
  for (int i = 0; i < calls; i++) akool_submit(client, AKOOL_OP_SESSION_LIST, NULL, NULL, NULL, NULL, NULL);
}

/* Their closes are under way when the process exits. */
static void open_sessions(akool_client *client) {
  const char *parameters = "{\"avatar_id\":\"dvp_Tristan_cloth2_1080P\",\"duration\":600}";
  for (int i = 0; i < 4; i++)
    if (akool_call(client, AKOOL_OP_SESSION_CREATE, parameters, "{\"timeout_ms\":60000}", NULL) != AKOOL_OK) _exit(93);
}

static int end_while_destroying(unsigned *random) {
  pthread_t threads[2];
  for (int i = 0; i < 2; i++) open_sessions(clients[i]);
  for (int i = 0; i < 2; i++)
    if (pthread_create(&threads[i], NULL, destroy, clients[i]) != 0) return 91;
  pause_us((long)(next_random(random) % 4000));
  return 0;
}

static int end_somehow(unsigned *random) {
  pthread_t thread;
  unsigned manner = next_random(random) % 4;
  pause_us((long)(next_random(random) % 40000));
  if (manner == 1 && pthread_create(&thread, NULL, make_another, NULL) != 0) return 91;
  if (manner == 2) {
    if (pthread_create(&thread, NULL, exit_here, NULL) != 0) return 92;
    pause();
  }
  if (manner == 3) {
    akool_submit(clients[0], AKOOL_OP_SESSION_LIST, NULL, NULL, on_reply, NULL, NULL);
    pause();
  }
  if (manner == 1) pause_us((long)(next_random(random) % 5000));
  return 0;
}

int main(int count, char **arguments) {
  unsigned random = count > 1 ? (unsigned)strtoul(arguments[1], NULL, 10) : 1;
  next_random(&random);
  for (int i = 0; i < 2; i++) {
    clients[i] = make_client();
    if (!clients[i]) return 90;
    if (next_random(&random) % 3) akool_call(clients[i], AKOOL_OP_SESSION_LIST, NULL, NULL, NULL);
  }
  if (count > 2 && !strcmp(arguments[2], "destroy")) return end_while_destroying(&random);
  for (int i = 0; i < 2; i++) load(clients[i], 100);
  return end_somehow(&random);
}
