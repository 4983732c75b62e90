/*
 * The reference: one thread, one libcurl multi handle, as many pooled easy handles as calls are to be in flight.
 * Usage: reference BASE_URL IN_FLIGHT CALLS WARM_UP
 */
#include "meter.h"
#include "transfer.h"

#include <stdlib.h>

struct loop {
  CURLM *multi;
  const char *base_url;
  struct transfer *transfers;
  long size;
  long started;
  long finished;
};

static void start(struct loop *loop, struct transfer *transfer) {
  transfer_prepare(transfer, loop->base_url, BENCH_SESSION);
  if (curl_multi_add_handle(loop->multi, transfer->easy) != CURLM_OK) bench_fail("curl_multi_add_handle");
  loop->started++;
}

static void finish(struct loop *loop, struct transfer *transfer, CURLcode result, struct meter *meter) {
  char *reply = transfer_reply(transfer, result);
  meter_record(meter, transfer->began, bench_is_session(reply));
  free(reply);
  loop->finished++;
}

static void collect(struct loop *loop, struct meter *meter) {
  CURLMsg *message;
  int left;
  while ((message = curl_multi_info_read(loop->multi, &left))) {
    struct transfer *transfer = transfer_of(message->easy_handle);
    CURLcode result = message->data.result;
    if (message->msg != CURLMSG_DONE) continue;
    curl_multi_remove_handle(loop->multi, transfer->easy);
    finish(loop, transfer, result, meter);
    if (loop->started < meter->calls) start(loop, transfer);
  }
}

static void run(struct loop *loop, struct meter *meter, long calls) {
  int running;
  loop->started = loop->finished = 0;
  meter_start(meter, calls);
  while (loop->started < loop->size && loop->started < calls) start(loop, &loop->transfers[loop->started]);
  while (loop->finished < calls) {
    if (curl_multi_perform(loop->multi, &running) != CURLM_OK) bench_fail("curl_multi_perform");
    collect(loop, meter);
    if (loop->finished < calls) curl_multi_poll(loop->multi, NULL, 0, 1000, NULL);
  }
  meter_stop(meter);
}

int main(int argc, char **argv) {
  struct bench_plan plan = bench_plan(argc, argv);
  struct curl_slist *headers;
  struct loop loop = {.base_url = plan.target, .size = plan.in_flight};
  struct meter warm_up, meter;
  long each;
  curl_global_init(CURL_GLOBAL_DEFAULT);
  headers = transfer_headers();
  loop.multi = curl_multi_init();
  loop.transfers = bench_allocate((size_t)loop.size, sizeof *loop.transfers);
  for (each = 0; each < loop.size; each++) transfer_open(&loop.transfers[each], headers);
  run(&loop, &warm_up, plan.warm_up);
  run(&loop, &meter, plan.calls);
  meter_print(&meter, NULL);
  for (each = 0; each < loop.size; each++) transfer_close(&loop.transfers[each]);
  curl_multi_cleanup(loop.multi);
  curl_slist_free_all(headers);
  free(warm_up.samples);
  free(loop.transfers);
  curl_global_cleanup();
  return 0;
}
