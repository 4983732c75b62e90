/*
 * A server of loopback, and the client of a case. The server's instructions are
 * counted with the library's, so it does a constant amount of work for each
 * block of bytes.
 */
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "complexity.h"

static int port;
static akool_client *made;
static struct text configuration;
static struct text reply;
static void (*writer)(const char *request, struct text *body);
/* Guards `reply` and `writer`. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void send_all(int connection, const char *bytes, size_t length) {
  for (size_t sent = 0; sent < length;) {
    ssize_t count = send(connection, bytes + sent, length - sent, MSG_NOSIGNAL);
    if (count <= 0) return;
    sent += (size_t)count;
  }
}

static void write_head(struct text *text, const char *status, const char *headers, size_t length) {
  text->length = 0;
  add(text, "HTTP/1.1 ");
  add(text, status);
  add(text, "\r\n");
  add(text, headers);
  addf(text, "content-length: %zu\r\n\r\n", length);
}

static void send_answer(int connection, const char *request) {
  struct text copy = {0}, body = {0};
  pthread_mutex_lock(&lock);
  if (writer) {
    writer(request, &body);
    write_head(&copy, "200 OK", "content-type: application/json\r\n", body.length);
    append(&copy, body.bytes, body.length);
  } else {
    append(&copy, reply.bytes, reply.length);
  }
  pthread_mutex_unlock(&lock);
  send_all(connection, copy.bytes, copy.length);
  free(copy.bytes);
  free(body.bytes);
}

/* Reads one request. False at the end of the connection. */
static int read_request(int connection, char *head, size_t capacity) {
  static const char mark[] = "\r\n\r\n", name[] = "content-length:";
  char block[65536];
  size_t kept = 0, matched = 0, named = 0, body = 0, is_body = 0;
  int reads_number = 0;
  for (;;) {
    /* The head a byte at a time, so that nothing of the body is in it; the body
     * in blocks. */
    ssize_t count = recv(connection, block, is_body ? sizeof block : 1, 0);
    if (count <= 0) return 0;
    if (is_body) {
      body -= (size_t)count < body ? (size_t)count : body;
      if (!body) return 1;
      continue;
    }
    char byte = block[0], lower = (char)(byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte);
    if (kept + 1 < capacity) head[kept++] = byte;
    head[kept] = '\0';
    if (reads_number && byte >= '0' && byte <= '9') body = body * 10 + (size_t)(byte - '0');
    if (byte == '\n') reads_number = 0;
    named = lower == name[named] ? named + 1 : lower == name[0];
    if (!name[named]) {
      reads_number = 1;
      named = 0;
    }
    matched = byte == mark[matched] ? matched + 1 : byte == mark[0];
    if (mark[matched]) continue;
    if (!body) return 1;
    is_body = 1;
  }
}

static void *serve(void *context) {
  int connection = (int)(intptr_t)context;
  char head[4096];
  while (read_request(connection, head, sizeof head)) send_answer(connection, head);
  close(connection);
  return NULL;
}

static void *accept_all(void *context) {
  int listener = (int)(intptr_t)context;
  for (;;) {
    pthread_t thread;
    int connection = accept(listener, NULL, NULL);
    if (connection >= 0 && !pthread_create(&thread, NULL, serve, (void *)(intptr_t)connection)) pthread_detach(thread);
  }
  return NULL;
}

static void start_server(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  pthread_t thread;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 16)) fail("no server");
  getsockname(listener, (struct sockaddr *)&address, &size);
  port = ntohs(address.sin_port);
  if (pthread_create(&thread, NULL, accept_all, (void *)(intptr_t)listener)) fail("no thread");
}

void configure(const char *members) {
  leave_case();
  add(&configuration, members);
}

akool_client *client(void) {
  struct text text = {0};
  char *error = NULL;
  if (made) return made;
  if (!port) start_server();
  /* No time limit ends a case: callgrind makes everything fifty times slower.
   */
  addf(&text,
       "{\"base_url\":\"http://"
       "127.0.0.1:%d\",\"environment\":false,\"attempt_timeout_ms\":3600000,",
       port);
  add(&text,
      "\"connect_timeout_ms\":3600000,\"timeout_ms\":3600000,\"max_"
      "attempts\":1,\"low_speed_bytes_per_s\":0");
  if (!configuration.length || !strstr(configuration.bytes, "\"api_key\""))
    add(&text, ",\"api_key\":\"complexity-key-0123456789\"");
  append(&text, configuration.bytes, configuration.length);
  add(&text, "}");
  akool_result result = akool_client_create(text.bytes, &made, &error);
  expect(AKOOL_OK, result, error);
  free(text.bytes);
  return made;
}

void leave_case(void) {
  akool_client_destroy(made);
  made = NULL;
  configuration.length = 0;
  pthread_mutex_lock(&lock);
  writer = NULL;
  pthread_mutex_unlock(&lock);
}

void answer_bytes(const char *bytes, size_t length) {
  pthread_mutex_lock(&lock);
  writer = NULL;
  reply.length = 0;
  append(&reply, bytes, length);
  pthread_mutex_unlock(&lock);
}

void answer(const char *status, const char *headers, const char *body) {
  struct text text = {0};
  write_head(&text, status, headers, strlen(body));
  add(&text, body);
  answer_bytes(text.bytes, text.length);
  free(text.bytes);
}

void answer_json(const char *body) { answer("200 OK", "content-type: application/json\r\n", body); }

void answer_by(void (*write)(const char *request, struct text *body)) {
  pthread_mutex_lock(&lock);
  writer = write;
  pthread_mutex_unlock(&lock);
}
