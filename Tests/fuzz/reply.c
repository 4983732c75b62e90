/*
 * The reading of replies. The first byte chooses the operation; the rest is what a server answers, as a body if the
 * second byte is even, else from the status line on.
 */
#include "fuzz.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct {
  const char *operation, *parameters;
} calls[] = {
    {AKOOL_OP_ACCOUNT_CREDIT, "{}"},
    {AKOOL_OP_AVATAR_LIST, "{\"all\":true,\"limit\":50}"},
    {AKOOL_OP_AVATAR_DETAIL, "{\"id\":\"66a1a02d591ad336275eda62\"}"},
    {AKOOL_OP_SESSION_LIST, "{\"all\":true,\"limit\":50}"},
    {AKOOL_OP_SESSION_DETAIL, "{\"id\":\"6698c9d69cf7b0d61d1b6420\"}"},
    {AKOOL_OP_KNOWLEDGE_LIST, "{}"},
    {AKOOL_OP_VOICE_LIST, "{\"type\":\"2\"}"},
    {AKOOL_OP_VOICE_RESOURCE_DETAIL, "{\"_id\":\"66a1a02d591ad336275eda62\"}"},
    {AKOOL_OP_VOICE_DELETE, "{\"_ids\":[\"66a1a02d591ad336275eda62\"]}"},
    {AKOOL_OP_LANGUAGE_LIST, "{}"},
};

static int listener;
static akool_client *client;
static struct text answer;
/* Guards `answer`: a client that has read enough may be gone while the rest is still being written. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *serve(void *unused) {
  (void)unused;
  for (;;) {
    int connection = accept(listener, NULL, NULL);
    char request[8192];
    size_t length = 0;
    ssize_t count;
    while (length < sizeof request - 1 &&
           (count = read(connection, request + length, sizeof request - 1 - length)) > 0) {
      length += (size_t)count;
      request[length] = '\0';
      if (strstr(request, "\r\n\r\n")) break;
    }
    struct text copy = {0};
    pthread_mutex_lock(&lock);
    append(&copy, answer.bytes, answer.length);
    pthread_mutex_unlock(&lock);
    for (size_t sent = 0; sent < copy.length; sent += (size_t)count) {
      count = send(connection, copy.bytes + sent, copy.length - sent, MSG_NOSIGNAL);
      if (count <= 0) break;
    }
    shutdown(connection, SHUT_WR);
    close(connection);
    free(copy.bytes);
  }
  return NULL;
}

static void begin(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  char configuration[256];
  pthread_t thread;
  listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 16)) abort();
  getsockname(listener, (struct sockaddr *)&address, &size);
  snprintf(configuration, sizeof configuration,
           "{\"base_url\":\"http://127.0.0.1:%d\",\"api_key\":\"fuzzing-key\",\"environment\":false,\"max_attempts\":1,"
           "\"timeout_ms\":2000}",
           ntohs(address.sin_port));
  if (akool_client_create(configuration, &client, NULL) != AKOOL_OK) abort();
  pthread_create(&thread, NULL, serve, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 2) return 0;
  if (!client) begin();
  char head[128];
  snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %zu\r\n\r\n",
           size - 2);
  pthread_mutex_lock(&lock);
  answer.length = 0;
  append_string(&answer, data[1] & 1 ? "" : head);
  append(&answer, (const char *)data + 2, size - 2);
  pthread_mutex_unlock(&lock);
  size_t number = data[0] % (sizeof calls / sizeof *calls);
  char *reply = NULL;
  akool_result result = akool_call(client, calls[number].operation, calls[number].parameters, "{\"raw\":true}", &reply);
  check(result, reply);
  return 0;
}
