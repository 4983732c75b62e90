/*
 * Forks four children while another thread uses the library for the first time. Each child creates a new client
 * with logging, and makes a call.
 *
 *   fork_at_first_use SEED       ends with 0, or with the worst status of the children
 */
#include "lifecycle.h"

enum { CHILDREN = 4, CHILD_BOUND_S = 20 };

static void on_record(akool_client *of, int32_t level, const char *record, void *user_data) {
  (void)of;
  (void)level;
  (void)record;
  (void)user_data;
}

static int use_library(void) {
  akool_client *client = make_client();
  if (!client) return 1;
  if (akool_client_set_log_callback(client, AKOOL_LOG_DEBUG, on_record, NULL) != AKOOL_OK) return 2;
  if (akool_call(client, AKOOL_OP_AVATAR_LIST, NULL, "{\"timeout_ms\":60000}", NULL) != AKOOL_OK) return 3;
  return akool_client_destroy(client) == AKOOL_OK ? 0 : 4;
}

static void *use_first(void *unused) {
  (void)unused;
  use_library();
  return NULL;
}

int main(int count, char **arguments) {
  unsigned random = count > 1 ? (unsigned)strtoul(arguments[1], NULL, 10) : 1;
  pid_t children[CHILDREN];
  pthread_t user;
  int worst = 0;
  next_random(&random);
  if (pthread_create(&user, NULL, use_first, NULL) != 0) return 90;
  for (int i = 0; i < CHILDREN; i++) {
    pause_us((long)(next_random(&random) % 12000));
    children[i] = fork();
    if (children[i] == 0) _exit(use_library());
  }
  for (int i = 0; i < CHILDREN; i++) {
    int status = finish(children[i], worst == HUNG ? 0 : CHILD_BOUND_S);
    if (status > worst) worst = status;
  }
  _exit(worst);
}
