/*
 * A process that is number 1 of its PID namespace makes a client and forks a child that is number 1 of another
 * namespace. The child exits immediately: it does not wait for the parent's client, whose close timeout is longer than
 * the bound.
 *
 *   pid_one       ends with the child's status, HUNG, or NOT_PERMITTED where namespaces are refused
 */
#define _GNU_SOURCE
#include "lifecycle.h"

#include <sched.h>

enum { CHILD_BOUND_S = 15 };

/* Forks a child into a new PID namespace. Returns its pid, 0 in the child, -1 where that is refused. */
static pid_t fork_apart(void) { return unshare(CLONE_NEWPID) == 0 ? fork() : -1; }

static int run_as_first(void) {
  akool_client *client = NULL;
  const char *configuration = "{\"base_url\":\"simulator:\",\"environment\":false,\"close_timeout_ms\":60000}";
  if (getpid() != 1 || akool_client_create(configuration, &client, NULL) != AKOOL_OK) return 90;
  if (akool_call(client, AKOOL_OP_AVATAR_LIST, NULL, NULL, NULL) != AKOOL_OK) return 91;
  pid_t child = fork_apart();
  if (child == 0) exit(getpid() == 1 ? 0 : 92);
  if (child < 0) return NOT_PERMITTED;
  int status = finish(child, CHILD_BOUND_S);
  akool_client_destroy(client);
  return status;
}

int main(void) {
  pid_t first = fork_apart();
  if (first < 0) return NOT_PERMITTED;
  if (first == 0) _exit(run_as_first());
  return finish(first, 3 * CHILD_BOUND_S);
}
