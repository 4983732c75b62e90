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
  void *owner; /* whatever asked for it */
};

/* The header lines of every request; to be freed with curl_slist_free_all. */
struct curl_slist *transfer_headers(void);
void transfer_open(struct transfer *transfer, const struct curl_slist *headers);
/* Makes the handle ready for a session detail of this id; adding it to a multi handle is the caller's part. */
void transfer_prepare(struct transfer *transfer, const char *base_url, const char *id);
/* The reply (to be freed), or NULL when the transfer failed. */
char *transfer_reply(struct transfer *transfer, CURLcode result);
void transfer_close(struct transfer *transfer);

/* The transfer of a finished easy handle. */
struct transfer *transfer_of(CURL *easy);

#endif
