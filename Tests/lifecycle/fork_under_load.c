/*
 * Forks children at random moments while threads call over TLS and make clients. In each child the old handle answers
 * FORKED, a new client works, and exit runs the exit handlers.
 *
 *   fork_under_load SEED CHILDREN       ends with 0, or with the worst status of the children
 */
#include "lifecycle.h"

enum { CHILD_BOUND_S = 30 };

static volatile int stop;
static akool_client *shared;

static void *call_always(void *unused) {
  (void)unused;
  while (!stop) akool_call(shared, AKOOL_OP_SESSION_LIST, NULL, NULL, NULL);
  return NULL;
}

static void *make_clients(void *unused) {
  (void)unused;
  while (!stop) {
    akool_client *client = make_client();
    if (!client) continue;
    akool_submit(client, AKOOL_OP_SESSION_LIST, NULL, NULL, NULL, NULL, NULL);
    akool_client_destroy(client);
  }
  return NULL;
}

static void live(void) {
  if (akool_call(shared, AKOOL_OP_SESSION_LIST, NULL, NULL, NULL) != AKOOL_ERR_FORKED) _exit(1);
  akool_client *client = make_client();
  if (!client) _exit(2);
  if (akool_call(client, AKOOL_OP_SESSION_LIST, NULL, "{\"timeout_ms\":60000}", NULL) != AKOOL_OK) _exit(3);
  if (akool_client_destroy(shared) != AKOOL_ERR_FORKED) _exit(4);
  exit(0);
}

int main(int count, char **arguments) {
  unsigned random = count > 1 ? (unsigned)strtoul(arguments[1], NULL, 10) : 1;
  int children = count > 2 ? atoi(arguments[2]) : 30, worst = 0;
  pthread_t threads[3];
  shared = make_client();
  if (!shared || akool_call(shared, AKOOL_OP_SESSION_LIST, NULL, NULL, NULL) != AKOOL_OK) return 90;
  for (int i = 0; i < 3; i++)
    if (pthread_create(&threads[i], NULL, i < 2 ? call_always : make_clients, NULL) != 0) return 91;
  for (int i = 0; i < children && worst < HUNG; i++) {
    pause_us((long)(next_random(&random) % 20000));
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) live();
    int status = finish(child, CHILD_BOUND_S);
    if (status) printf("child %d: %d\n", i, status);
    if (status > worst) worst = status;
  }
  stop = 1;
  for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
  if (akool_client_destroy(shared) != AKOOL_OK) return 92;
  return worst;
}
