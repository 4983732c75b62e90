/* The moment in which a request is submitted, met by a cancel or by the end of its client. */
#define _GNU_SOURCE
#include "support.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#define THREADS 8

static akool_client *client;
static int accepted, replied, unknown;

static void run(pthread_t *threads, int count, void *(*job)(void *)) {
  for (int i = 0; i < count; i++) assert_int_equal(0, pthread_create(&threads[i], NULL, job, NULL));
}

static void join(pthread_t *threads, int count) {
  for (int i = 0; i < count; i++) assert_int_equal(0, pthread_join(threads[i], NULL));
}

/* ------------------------------------------------ submitted as the client ends */

struct place {
  uint64_t request;
};

/* The number is in its place before the reply can come. */
static void count_reply(akool_client *from, uint64_t request, akool_result result, const char *reply, void *user_data) {
  struct place *place = user_data;
  (void)from;
  (void)reply;
  (void)result;
  if (place->request != request) __atomic_add_fetch(&unknown, 1, __ATOMIC_RELAXED);
  __atomic_add_fetch(&replied, 1, __ATOMIC_RELAXED);
  free(place);
}

static void *submit_until_the_end(void *unused) {
  akool_result result = AKOOL_OK;
  while (result == AKOOL_OK || result == AKOOL_ERR_LOCAL_LIMIT) {
    struct place *place = calloc(1, sizeof *place);
    if (!place) abort();
    result = akool_submit(client, AKOOL_OP_CLIENT_STATS, NULL, NULL, count_reply, place, &place->request);
    if (result == AKOOL_OK)
      __atomic_add_fetch(&accepted, 1, __ATOMIC_RELAXED);
    else
      free(place);
    if (result == AKOOL_ERR_LOCAL_LIMIT) sched_yield();
  }
  return unused;
}

TEST(what_was_accepted_as_the_client_ends_has_its_reply) {
  pthread_t threads[THREADS];
  for (int i = 0; i < races() / 10; i++) {
    accepted = replied = unknown = 0;
    client = client_with("{" SIMULATOR ",\"max_requests\":256}");
    run(threads, THREADS, submit_until_the_end);
    end_client(client);
    join(threads, THREADS);
    assert_int_equal(accepted, replied);
    assert_int_equal(0, unknown);
  }
}

/* --------------------------------------------- cancelled before it is started */

static uint64_t next_request;

static void *cancel_in_advance(void *unused) {
  uint64_t request;
  while ((request = __atomic_load_n(&next_request, __ATOMIC_RELAXED)) != 0) akool_cancel(client, request);
  return unused;
}

TEST(a_cancel_that_meets_the_submit_is_not_lost) {
  pthread_t threads[1];
  client = simulated_client();
  hold_back(client, "avatar.list", 60000);
  next_request = submit(client, AKOOL_OP_AVATAR_LIST, NULL, "{\"reply\":\"wait\"}") + 1;
  run(threads, 1, cancel_in_advance);
  int lost = 0;
  for (int i = 0; i < races() / 5 && !lost; i++) {
    uint64_t request = submit(client, AKOOL_OP_AVATAR_LIST, NULL, "{\"reply\":\"wait\",\"timeout_ms\":5000}");
    assert_result(AKOOL_OK, akool_cancel(client, request));
    lost += akool_wait(client, request, -1, NULL) != AKOOL_ERR_CANCELLED;
    __atomic_store_n(&next_request, request + 1, __ATOMIC_RELAXED);
  }
  __atomic_store_n(&next_request, 0, __ATOMIC_RELAXED);
  join(threads, 1);
  end_client(client);
  assert_int_equal(0, lost);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_was_accepted_as_the_client_ends_has_its_reply),
      cmocka_unit_test(a_cancel_that_meets_the_submit_is_not_lost),
  };
  return RUN(tests);
}
