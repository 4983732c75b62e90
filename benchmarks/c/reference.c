/*
 * The reference: one thread, one libcurl multi handle, one pooled easy handle per call in flight.
 * Usage: reference BASE_URL IN_FLIGHT CALLS WARM_UP [WORKLOAD]
 * WORKLOAD: detail (the default), create-and-close, list.
 */
#include "meter.h"
#include "work.h"

#include <stdlib.h>

struct loop {
  CURLM *multi;
  struct work *works;
  long size;
  long started;
  long finished;
};

static void add(struct loop *loop, struct work *work) {
  if (curl_multi_add_handle(loop->multi, work->transfer.easy) != CURLM_OK) bench_fail("curl_multi_add_handle");
}

static void start(struct loop *loop, struct work *work) {
  work_begin(work);
  add(loop, work);
  loop->started++;
}

static struct work *work_of(CURL *easy) {
  struct work *work = NULL;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &work);
  return work;
}

static void proceed(struct loop *loop, struct work *work, CURLcode result, struct meter *meter) {
  enum work_result outcome = work_continue(work, result);
  if (outcome == WORK_CONTINUES) {
    add(loop, work);
    return;
  }
  meter_record(meter, work->transfer.began, outcome == WORK_SUCCEEDED);
  loop->finished++;
  if (loop->started < meter->calls) start(loop, work);
}

static void collect(struct loop *loop, struct meter *meter) {
  CURLMsg *message;
  int left;
  while ((message = curl_multi_info_read(loop->multi, &left))) {
    CURL *easy = message->easy_handle;
    CURLcode result = message->data.result;
    if (message->msg != CURLMSG_DONE) continue;
    curl_multi_remove_handle(loop->multi, easy);
    proceed(loop, work_of(easy), result, meter);
  }
}

static void run(struct loop *loop, struct meter *meter, long calls) {
  int running;
  loop->started = loop->finished = 0;
  meter_start(meter, calls);
  while (loop->started < loop->size && loop->started < calls) start(loop, &loop->works[loop->started]);
  while (loop->finished < calls) {
    if (curl_multi_perform(loop->multi, &running) != CURLM_OK) bench_fail("curl_multi_perform");
    collect(loop, meter);
    if (loop->finished < calls) curl_multi_poll(loop->multi, NULL, 0, 1000, NULL);
  }
  meter_stop(meter);
}

static void open_loop(struct loop *loop, struct work work) {
  long each;
  loop->multi = curl_multi_init();
  loop->works = bench_allocate((size_t)loop->size, sizeof *loop->works);
  for (each = 0; each < loop->size; each++) {
    loop->works[each] = work;
    work_open(&loop->works[each]);
  }
}

static void close_loop(struct loop *loop) {
  long each;
  for (each = 0; each < loop->size; each++) work_close(&loop->works[each]);
  curl_multi_cleanup(loop->multi);
  free(loop->works);
}

int main(int argc, char **argv) {
  struct bench_plan plan = bench_plan(argc, argv);
  struct loop loop = {.size = plan.in_flight};
  struct work work = {.workload = work_named(argc > 5 ? argv[5] : "detail"), .base_url = plan.target};
  struct curl_slist *get_headers, *post_headers;
  struct meter warm_up, meter;
  curl_global_init(CURL_GLOBAL_DEFAULT);
  work.get_headers = get_headers = transfer_headers();
  work.post_headers = post_headers = work_post_headers();
  open_loop(&loop, work);
  run(&loop, &warm_up, plan.warm_up);
  if (warm_up.failed) bench_fail("a call of the warm-up failed");
  run(&loop, &meter, plan.calls);
  meter_print(&meter, NULL);
  close_loop(&loop);
  curl_slist_free_all(get_headers);
  curl_slist_free_all(post_headers);
  free(warm_up.samples);
  curl_global_cleanup();
  return 0;
}
