#include "transfer.h"

#include "meter.h"
#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static size_t append(char *bytes, size_t size, size_t count, void *context) {
  struct transfer *transfer = context;
  size_t length = size * count;
  if (transfer->length + length > transfer->capacity) {
    size_t capacity = 2 * (transfer->length + length);
    char *body = realloc(transfer->body, capacity);
    if (!body) return 0;
    transfer->body = body;
    transfer->capacity = capacity;
  }
  memcpy(transfer->body + transfer->length, bytes, length);
  transfer->length += length;
  return length;
}

/* Closes with a reset: thousands of connections in TIME_WAIT after each run would use up the ports of the machine. */
static int close_with_reset(void *context, curl_socket_t socket, curlsocktype purpose) {
  struct linger reset = {.l_onoff = 1, .l_linger = 0};
  (void)context;
  (void)purpose;
  setsockopt(socket, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  return CURL_SOCKOPT_OK;
}

struct curl_slist *transfer_headers(void) {
  struct curl_slist *headers = curl_slist_append(NULL, "x-api-key: bench");
  return curl_slist_append(headers, "Accept: application/json");
}

void transfer_open(struct transfer *transfer, const struct curl_slist *headers) {
  CURL *easy = curl_easy_init();
  if (!easy) bench_fail("no easy handle");
  memset(transfer, 0, sizeof *transfer);
  transfer->easy = easy;
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "libakool-benchmark");
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
  curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, close_with_reset);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 600000L);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, 60000L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
}

static void prepare_url(struct transfer *transfer, const char *url) {
  curl_easy_setopt(transfer->easy, CURLOPT_URL, url);
  transfer->length = 0;
}

void transfer_prepare(struct transfer *transfer, const char *base_url, const char *id) {
  char url[512];
  snprintf(url, sizeof url, "%s/api/open/v4/liveAvatar/session/detail?id=%s", base_url, id);
  prepare_url(transfer, url);
  transfer->began = bench_now();
}

void transfer_prepare_path(struct transfer *transfer, const char *base_url, const char *path, const char *json,
                           const struct curl_slist *headers) {
  char url[512];
  snprintf(url, sizeof url, "%s%s", base_url, path);
  prepare_url(transfer, url);
  curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, headers);
  if (json)
    curl_easy_setopt(transfer->easy, CURLOPT_COPYPOSTFIELDS, json);
  else
    curl_easy_setopt(transfer->easy, CURLOPT_HTTPGET, 1L);
}

/* Prints the first failure of a run: thousands of calls usually fail for one reason. */
static void explain(CURLcode result, long status) {
  static int has_explained;
  if (!has_explained) fprintf(stderr, "first failure: %s, HTTP status %ld\n", curl_easy_strerror(result), status);
  has_explained = 1;
}

int transfer_succeeded(struct transfer *transfer, CURLcode result) {
  long status = 0;
  curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
  if (result == CURLE_OK && status == 200) return 1;
  explain(result, status);
  return 0;
}

double transfer_elapsed_ms(const struct transfer *transfer) { return (double)(bench_now() - transfer->began) / 1e6; }

char *transfer_reply(struct transfer *transfer, CURLcode result) {
  if (!transfer_succeeded(transfer, result)) return NULL;
  return session_reply(transfer->body, transfer->length, transfer_elapsed_ms(transfer));
}

void transfer_close(struct transfer *transfer) {
  curl_easy_cleanup(transfer->easy);
  free(transfer->body);
}

struct transfer *transfer_of(CURL *easy) {
  struct transfer *transfer = NULL;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
  return transfer;
}
