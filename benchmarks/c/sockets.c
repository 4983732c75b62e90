/*
 * The reference once more, but event-driven: curl_multi_socket_action and epoll instead of curl_multi_poll.
 * Usage: sockets BASE_URL IN_FLIGHT CALLS WARM_UP
 */
#include "meter.h"
#include "transfer.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { EVENTS_PER_TURN = 256 };

struct loop {
  CURLM *multi;
  int epoll;
  uint64_t timer_at; /* when libcurl wants its timer; 0: never */
  const char *base_url;
  struct transfer *transfers;
  long size;
  long started;
  long finished;
};

static int on_socket(CURL *easy, curl_socket_t socket, int what, void *context, void *known) {
  struct loop *loop = context;
  struct epoll_event event = {.events = 0, .data = {.fd = socket}};
  (void)easy;
  if (what == CURL_POLL_REMOVE) {
    epoll_ctl(loop->epoll, EPOLL_CTL_DEL, socket, NULL);
    return 0;
  }
  event.events = (what & CURL_POLL_IN ? EPOLLIN : 0u) | (what & CURL_POLL_OUT ? EPOLLOUT : 0u);
  epoll_ctl(loop->epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event);
  curl_multi_assign(loop->multi, socket, loop);
  return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *context) {
  struct loop *loop = context;
  (void)multi;
  loop->timer_at = timeout_ms < 0 ? 0 : bench_now() + (uint64_t)timeout_ms * 1000000u;
  return 0;
}

static void start(struct loop *loop, struct transfer *transfer) {
  transfer_prepare(transfer, loop->base_url, BENCH_SESSION);
  if (curl_multi_add_handle(loop->multi, transfer->easy) != CURLM_OK) bench_fail("curl_multi_add_handle");
  loop->started++;
}

static void collect(struct loop *loop, struct meter *meter) {
  CURLMsg *message;
  int left;
  while ((message = curl_multi_info_read(loop->multi, &left))) {
    struct transfer *transfer = transfer_of(message->easy_handle);
    CURLcode result = message->data.result;
    char *reply;
    curl_multi_remove_handle(loop->multi, transfer->easy);
    reply = transfer_reply(transfer, result);
    meter_record(meter, transfer->began, bench_is_session(reply));
    free(reply);
    loop->finished++;
    if (loop->started < meter->calls) start(loop, transfer);
  }
}

static int wait_ms(const struct loop *loop) {
  uint64_t now = bench_now();
  if (!loop->timer_at) return 1000;
  return loop->timer_at <= now ? 0 : (int)((loop->timer_at - now) / 1000000u) + 1;
}

static void turn(struct loop *loop) {
  struct epoll_event events[EVENTS_PER_TURN];
  int each, running, ready = epoll_wait(loop->epoll, events, EVENTS_PER_TURN, wait_ms(loop));
  if (ready < 0 && errno != EINTR) bench_fail("epoll_wait");
  for (each = 0; each < ready; each++) {
    uint32_t got = events[each].events;
    int what = (got & EPOLLIN ? CURL_CSELECT_IN : 0) | (got & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
               (got & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
    curl_multi_socket_action(loop->multi, events[each].data.fd, what, &running);
  }
  if (loop->timer_at && loop->timer_at <= bench_now()) {
    loop->timer_at = 0;
    curl_multi_socket_action(loop->multi, CURL_SOCKET_TIMEOUT, 0, &running);
  }
}

static void run(struct loop *loop, struct meter *meter, long calls) {
  loop->started = loop->finished = 0;
  meter_start(meter, calls);
  while (loop->started < loop->size && loop->started < calls) start(loop, &loop->transfers[loop->started]);
  while (loop->finished < calls) {
    turn(loop);
    collect(loop, meter);
  }
  meter_stop(meter);
}

static void open_loop(struct loop *loop, const struct curl_slist *headers) {
  long each;
  loop->multi = curl_multi_init();
  loop->epoll = epoll_create1(EPOLL_CLOEXEC);
  if (!loop->multi || loop->epoll < 0) bench_fail("no loop");
  curl_multi_setopt(loop->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
  curl_multi_setopt(loop->multi, CURLMOPT_SOCKETDATA, loop);
  curl_multi_setopt(loop->multi, CURLMOPT_TIMERFUNCTION, on_timer);
  curl_multi_setopt(loop->multi, CURLMOPT_TIMERDATA, loop);
  loop->transfers = bench_allocate((size_t)loop->size, sizeof *loop->transfers);
  for (each = 0; each < loop->size; each++) transfer_open(&loop->transfers[each], headers);
}

static void close_loop(struct loop *loop) {
  long each;
  for (each = 0; each < loop->size; each++) transfer_close(&loop->transfers[each]);
  curl_multi_cleanup(loop->multi);
  close(loop->epoll);
  free(loop->transfers);
}

int main(int argc, char **argv) {
  struct bench_plan plan = bench_plan(argc, argv);
  struct loop loop = {.base_url = plan.target, .size = plan.in_flight};
  struct curl_slist *headers;
  struct meter warm_up, meter;
  curl_global_init(CURL_GLOBAL_DEFAULT);
  headers = transfer_headers();
  open_loop(&loop, headers);
  run(&loop, &warm_up, plan.warm_up);
  run(&loop, &meter, plan.calls);
  meter_print(&meter, NULL);
  close_loop(&loop);
  curl_slist_free_all(headers);
  free(warm_up.samples);
  curl_global_cleanup();
  return 0;
}
