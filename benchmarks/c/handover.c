/*
 * The reference with a thread hand-over: a caller's thread asks, a loop's thread does the transfers, and the replies
 * come back to the caller. At one in flight this is a blocking call.
 * Usage: handover BASE_URL IN_FLIGHT CALLS WARM_UP
 */
#include "meter.h"
#include "transfer.h"

#include <pthread.h>
#include <stdlib.h>

struct job {
  struct job *next;
  const char *id;
  char *reply;
  uint64_t began;
};

/* A queue in which the consumer takes everything at once. */
struct queue {
  struct job *first;
  struct job **last;
};

struct worker {
  CURLM *multi;
  const char *base_url;
  struct curl_slist *headers;
  struct transfer *idle; /* free transfers, linked through `owner` */
  pthread_mutex_t lock;
  pthread_cond_t replied;
  struct queue asked;
  struct queue answered;
  int stopping;
};

static void queue_empty(struct queue *queue) {
  queue->first = NULL;
  queue->last = &queue->first;
}

/* Returns whether the queue was empty: only then somebody may be asleep. */
static int queue_push(struct queue *queue, struct job *job) {
  int was_empty = queue->first == NULL;
  job->next = NULL;
  *queue->last = job;
  queue->last = &job->next;
  return was_empty;
}

static struct job *queue_take_all(struct queue *queue) {
  struct job *jobs = queue->first;
  queue_empty(queue);
  return jobs;
}

static struct transfer *idle_transfer(struct worker *worker) {
  struct transfer *transfer = worker->idle;
  if (transfer) {
    worker->idle = transfer->owner;
    return transfer;
  }
  transfer = bench_allocate(1, sizeof *transfer);
  transfer_open(transfer, worker->headers);
  return transfer;
}

static void begin(struct worker *worker, struct job *jobs) {
  struct job *job, *next;
  for (job = jobs; job; job = next) {
    struct transfer *transfer = idle_transfer(worker);
    next = job->next;
    transfer->owner = job;
    transfer_prepare(transfer, worker->base_url, job->id);
    if (curl_multi_add_handle(worker->multi, transfer->easy) != CURLM_OK) bench_fail("curl_multi_add_handle");
  }
}

static void hand_back(struct worker *worker, struct job *job) {
  int was_empty;
  pthread_mutex_lock(&worker->lock);
  was_empty = queue_push(&worker->answered, job);
  pthread_mutex_unlock(&worker->lock);
  if (was_empty) pthread_cond_signal(&worker->replied);
}

static void collect(struct worker *worker) {
  CURLMsg *message;
  int left;
  while ((message = curl_multi_info_read(worker->multi, &left))) {
    struct transfer *transfer = transfer_of(message->easy_handle);
    struct job *job = transfer->owner;
    CURLcode result = message->data.result;
    curl_multi_remove_handle(worker->multi, transfer->easy);
    job->reply = transfer_reply(transfer, result);
    transfer->owner = worker->idle;
    worker->idle = transfer;
    hand_back(worker, job);
  }
}

static void *work(void *context) {
  struct worker *worker = context;
  int running, stopping = 0;
  while (!stopping) {
    struct job *jobs;
    pthread_mutex_lock(&worker->lock);
    jobs = queue_take_all(&worker->asked);
    stopping = worker->stopping;
    pthread_mutex_unlock(&worker->lock);
    begin(worker, jobs);
    curl_multi_perform(worker->multi, &running);
    collect(worker);
    if (!stopping) curl_multi_poll(worker->multi, NULL, 0, 1000, NULL);
  }
  return NULL;
}

static void ask(struct worker *worker, struct job *job) {
  int was_empty;
  job->began = bench_now();
  pthread_mutex_lock(&worker->lock);
  was_empty = queue_push(&worker->asked, job);
  pthread_mutex_unlock(&worker->lock);
  if (was_empty) curl_multi_wakeup(worker->multi);
}

static struct job *await_replies(struct worker *worker) {
  struct job *jobs;
  pthread_mutex_lock(&worker->lock);
  while (!worker->answered.first) pthread_cond_wait(&worker->replied, &worker->lock);
  jobs = queue_take_all(&worker->answered);
  pthread_mutex_unlock(&worker->lock);
  return jobs;
}

static void run(struct worker *worker, struct job *jobs, long in_flight, struct meter *meter, long calls) {
  long started, finished = 0;
  meter_start(meter, calls);
  for (started = 0; started < in_flight && started < calls; started++) ask(worker, &jobs[started]);
  while (finished < calls) {
    struct job *job, *next;
    for (job = await_replies(worker); job; job = next) {
      next = job->next;
      meter_record(meter, job->began, bench_is_session(job->reply));
      free(job->reply);
      finished++;
      if (started < calls) {
        started++;
        ask(worker, job);
      }
    }
  }
  meter_stop(meter);
}

static void stop(struct worker *worker, pthread_t thread) {
  pthread_mutex_lock(&worker->lock);
  worker->stopping = 1;
  pthread_mutex_unlock(&worker->lock);
  curl_multi_wakeup(worker->multi);
  pthread_join(thread, NULL);
  while (worker->idle) {
    struct transfer *transfer = worker->idle;
    worker->idle = transfer->owner;
    transfer_close(transfer);
    free(transfer);
  }
  curl_multi_cleanup(worker->multi);
  curl_slist_free_all(worker->headers);
}

int main(int argc, char **argv) {
  struct bench_plan plan = bench_plan(argc, argv);
  struct worker worker = {
      .base_url = plan.target, .lock = PTHREAD_MUTEX_INITIALIZER, .replied = PTHREAD_COND_INITIALIZER};
  struct job *jobs = bench_allocate((size_t)plan.in_flight, sizeof *jobs);
  struct meter warm_up, meter;
  pthread_t thread;
  long each;
  curl_global_init(CURL_GLOBAL_DEFAULT);
  worker.headers = transfer_headers();
  worker.multi = curl_multi_init();
  queue_empty(&worker.asked);
  queue_empty(&worker.answered);
  for (each = 0; each < plan.in_flight; each++) jobs[each].id = BENCH_SESSION;
  if (pthread_create(&thread, NULL, work, &worker) != 0) bench_fail("pthread_create");
  run(&worker, jobs, plan.in_flight, &warm_up, plan.warm_up);
  run(&worker, jobs, plan.in_flight, &meter, plan.calls);
  meter_print(&meter, NULL);
  stop(&worker, thread);
  free(warm_up.samples);
  free(jobs);
  curl_global_cleanup();
  return 0;
}
