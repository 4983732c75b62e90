/* One pooled easy handle with the buffer of its response. */
#ifndef BENCH_TRANSFER_H
#define BENCH_TRANSFER_H

#include <curl/curl.h>
#include <stdint.h>

struct transfer {
  CURL *easy;
  char *body;
  size_t length;
  size_t capacity;
  uint64_t began;
  void *owner; /* caller's data */
};

/* Returns the header lines of every request; free them with curl_slist_free_all. */
struct curl_slist *transfer_headers(void);
void transfer_open(struct transfer *transfer, const struct curl_slist *headers);
/* Prepares the handle for a session detail of this id; the caller adds it to a multi handle. */
void transfer_prepare(struct transfer *transfer, const char *base_url, const char *id);
/* Prepares the handle for a GET, or a POST if there is JSON to send. libcurl copies `json`. */
void transfer_prepare_path(struct transfer *transfer, const char *base_url, const char *path, const char *json,
                           const struct curl_slist *headers);
/* Returns 1 if the transfer ended with HTTP status 200. */
int transfer_succeeded(struct transfer *transfer, CURLcode result);
/* Returns milliseconds since `began`. */
double transfer_elapsed_ms(const struct transfer *transfer);
/* Returns the reply to a session detail, which the caller frees, or NULL if the transfer failed. */
char *transfer_reply(struct transfer *transfer, CURLcode result);
void transfer_close(struct transfer *transfer);

/* Returns the transfer of a finished easy handle. */
struct transfer *transfer_of(CURL *easy);

#endif
