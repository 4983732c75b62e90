/* Random moments, clients of the simulator with TLS, and children that must end. */
#ifndef AKOOL_TEST_LIFECYCLE_H
#define AKOOL_TEST_LIFECYCLE_H

#include <akool.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define UNUSED __attribute__((unused))

enum { HUNG = 40, CRASHED = 41, NOT_PERMITTED = 77 };

UNUSED static void pause_us(long microseconds) {
  const struct timespec time = {microseconds / 1000000, microseconds % 1000000 * 1000};
  nanosleep(&time, NULL);
}

UNUSED static unsigned next_random(unsigned *state) {
  *state = *state * 1664525u + 1013904223u;
  return *state >> 8;
}

/* A client with room for many transfers; "simulator:" when no simulator with TLS is named. */
UNUSED static akool_client *make_client(void) {
  const char *url = getenv("AKOOL_SIMULATOR_URL"), *ca_file = getenv("AKOOL_SIMULATOR_CA");
  char configuration[4096];
  akool_client *client = NULL;
  char *error = NULL;
  if (url && ca_file)
    snprintf(configuration, sizeof configuration,
             "{\"base_url\":\"%s\",\"ca_file\":\"%s\",\"environment\":false,\"api_key\":\"simulator\","
             "\"max_in_flight\":32,\"close_timeout_ms\":1000}",
             url, ca_file);
  else
    snprintf(configuration, sizeof configuration, "{\"base_url\":\"simulator:\",\"environment\":false}");
  if (akool_client_create(configuration, &client, &error) != AKOOL_OK) fprintf(stderr, "%s\n", error ? error : "?");
  akool_string_free(error);
  return client;
}

/* Waits for a child, at most some seconds. Returns its exit status, HUNG or CRASHED. */
UNUSED static int finish(pid_t child, int seconds) {
  int status;
  if (child < 0) return CRASHED;
  for (int i = 0; i < seconds * 100; i++, pause_us(10000)) {
    pid_t done = waitpid(child, &status, WNOHANG);
    if (done == child) return WIFEXITED(status) ? WEXITSTATUS(status) : CRASHED;
  }
  kill(child, SIGKILL);
  waitpid(child, &status, 0);
  return HUNG;
}

#endif
