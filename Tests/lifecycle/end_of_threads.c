/*
 * Fails when a detached thread uses OpenSSL at its end: exit() may have freed OpenSSL by then.
 *
 * The function of OpenSSL is replaced by the program's own.
 */
#define _GNU_SOURCE
#include "lifecycle.h"

#include <dirent.h>
#include <string.h>

static volatile int is_used_by_watchdog, is_used_by_loop;

void OPENSSL_thread_stop(void) {
  char name[16] = "";
  pthread_getname_np(pthread_self(), name, sizeof name);
  if (!strcmp(name, "akool-watchdog")) is_used_by_watchdog = 1;
  if (!strcmp(name, "akool-io")) is_used_by_loop = 1;
}

static int count_threads(void) {
  DIR *tasks = opendir("/proc/self/task");
  struct dirent *entry;
  int count = 0;
  while (tasks && (entry = readdir(tasks)) != NULL) count += entry->d_name[0] != '.';
  if (tasks) closedir(tasks);
  return count;
}

int main(void) {
  akool_client *client = make_client();
  if (!client || akool_call(client, AKOOL_OP_SESSION_LIST, NULL, NULL, NULL) != AKOOL_OK) return 90;
  int before = count_threads();
  akool_client_destroy(client);
  for (int i = 0; i < 1000 && count_threads() > 1; i++) pause_us(10000);
  if (before < 3 || count_threads() > 1) return 91;
  if (!is_used_by_loop) return 92;
  return is_used_by_watchdog ? CRASHED : 0;
}
