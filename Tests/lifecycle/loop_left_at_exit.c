/*
 * Fails when a loop that did not end in time goes on after exit() has freed what libcurl and OpenSSL need.
 *
 * The functions of libcurl are replaced: during the exit a loop sleeps for longer than exit() waits for it.
 */
#define _GNU_SOURCE
#include "lifecycle.h"

#include <dlfcn.h>

static volatile int is_exiting, is_over, has_slept, is_used;

int curl_multi_poll(void *multi, void *extra, unsigned count, int milliseconds, int *ready) {
  int (*poll)(void *, void *, unsigned, int, int *);
  *(void **)&poll = dlsym(RTLD_NEXT, "curl_multi_poll");
  int result = poll(multi, extra, count, milliseconds, ready);
  if (is_exiting && !__sync_lock_test_and_set(&has_slept, 1)) pause_us(3500000);
  return result;
}

int curl_multi_perform(void *multi, int *running) {
  int (*perform)(void *, int *);
  *(void **)&perform = dlsym(RTLD_NEXT, "curl_multi_perform");
  if (is_over) is_used = 1;
  return perform(multi, running);
}

/* Registered before the library's handler and OpenSSL's, so it runs after them. */
static void finish_exit(void) {
  is_over = 1;
  pause_us(3000000);
  _exit(!has_slept ? 91 : is_used ? CRASHED : 0);
}

static void begin_exit(void) { is_exiting = 1; }

int main(void) {
  const char *parameters = "{\"avatar_id\":\"dvp_Tristan_cloth2_1080P\",\"duration\":600}";
  atexit(finish_exit);
  akool_client *client = make_client();
  /* The exit closes it: the loop has to wait for the reply. */
  if (!client || akool_call(client, AKOOL_OP_SESSION_CREATE, parameters, NULL, NULL) != AKOOL_OK) return 90;
  atexit(begin_exit);
  return 0;
}
