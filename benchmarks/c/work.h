/* Work of the reference: the requests of one call, one after the other, and the reply of each step. */
#ifndef BENCH_WORK_H
#define BENCH_WORK_H

#include "session.h"
#include "transfer.h"

enum workload {
  WORK_DETAIL,           /* GET detail */
  WORK_CREATE_AND_CLOSE, /* POST create, POST close, GET detail until the session has ended */
  WORK_LIST              /* GET list of 100 sessions */
};

/* One call in flight. */
struct work {
  struct transfer transfer;
  enum workload workload;
  const char *base_url;
  const struct curl_slist *get_headers;
  const struct curl_slist *post_headers;
  int step;
  char id[SESSION_ID_SIZE];
};

/* Returns the workload of this name; ends the program if there is none. */
enum workload work_named(const char *name);
/* Returns the header lines of a POST; free them with curl_slist_free_all. */
struct curl_slist *work_post_headers(void);
void work_open(struct work *work);
/* Prepares the first request of a call. */
void work_begin(struct work *work);

enum work_result { WORK_CONTINUES, WORK_SUCCEEDED, WORK_FAILED };
/* Handles the response of a step, and prepares the next request unless the call ended. */
enum work_result work_continue(struct work *work, CURLcode result);
void work_close(struct work *work);

#endif
