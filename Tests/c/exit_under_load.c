/*
 * Ends by returning from main, without destroy, while calls over TLS are under way. test_exit_under_load.py starts
 * it many times; it must neither crash nor hang.
 *
 *   exit_under_load SEED      AKOOL_SIMULATOR_URL and AKOOL_SIMULATOR_CA say where the simulator is
 */
#define _POSIX_C_SOURCE 200809L

#include <akool.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static akool_client *make_client(const char *url, const char *ca_file) {
  char configuration[4096];
  char *quoted_url = NULL, *quoted_file = NULL, *error = NULL;
  akool_client *client = NULL;
  akool_json_quote(url, &quoted_url);
  akool_json_quote(ca_file, &quoted_file);
  snprintf(configuration, sizeof configuration,
           "{\"base_url\":%s,\"ca_file\":%s,\"environment\":false,\"api_key\":\"simulator\",\"max_in_flight\":%d}",
           quoted_url ? quoted_url : "null", quoted_file ? quoted_file : "null", 32);
  if (akool_client_create(configuration, &client, &error) != AKOOL_OK) fprintf(stderr, "%s\n", error ? error : "?");
  akool_string_free(error);
  akool_string_free(quoted_url);
  akool_string_free(quoted_file);
  return client;
}

/* Some exits fall into handshakes, some into full swing. */
static void run_for_a_moment(akool_client *client, unsigned seed) {
  const struct timespec moment = {0, (long)(seed * 2654435761u % 40000000u)};
  if (seed % 3 && akool_call(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, NULL) != AKOOL_OK) exit(3);
  for (int i = 0; i < 200; i++) akool_submit(client, AKOOL_OP_SESSION_LIST, NULL, NULL, NULL, NULL, NULL);
  nanosleep(&moment, NULL);
}

int main(int argc, char **argv) {
  const char *url = getenv("AKOOL_SIMULATOR_URL"), *ca_file = getenv("AKOOL_SIMULATOR_CA");
  unsigned seed = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 1;
  if (!url || !ca_file) return 2;
  for (int i = 0; i < 2; i++) {
    akool_client *client = make_client(url, ca_file);
    if (!client) return 4;
    run_for_a_moment(client, seed + (unsigned)i);
  }
  return 0;
}
