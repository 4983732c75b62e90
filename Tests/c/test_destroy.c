/* Ending a client: its sessions are closed, and no thread, descriptor or callback is left. */
#define _GNU_SOURCE
#include "support.h"

#include <fcntl.h>
#include <stdlib.h>

TEST(threads_of_a_client) {
  /* ThreadSanitizer starts a thread of its own with the first one. */
  if (THREAD_SANITIZER) skip();
  int before = thread_count();
  akool_client *client = simulated_client();
  call_and_forget(client, AKOOL_OP_ACCOUNT_CREDIT, NULL);
  assert_true(becomes(thread_count, before + 1));
  struct notes *notes = new_notes();
  assert_result(AKOOL_OK, akool_client_set_status_callback(client, note_event, notes));
  submit(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL);
  assert_non_null(note_at(notes, 0));
  assert_true(becomes(thread_count, before + 2));
  end_client(client);
  assert_true(becomes(thread_count, before));
  free_notes(notes);
}

static void live_a_full_life(void) {
  struct notes *notes = new_notes();
  akool_client *client = simulated_client();
  assert_result(AKOOL_OK, akool_client_set_log_callback(client, 4, note_log, notes));
  assert_result(AKOOL_OK, akool_client_set_status_callback(client, note_event, notes));
  assert_true(akool_client_event_fd(client) >= 0);
  call_and_forget(client, AKOOL_OP_ACCOUNT_CREDIT, NULL);
  hold_back(client, AKOOL_OP_AVATAR_LIST, 60000);
  for (int i = 0; i < 10; i++) submit(client, AKOOL_OP_AVATAR_LIST, NULL, NULL);
  end_client(client);
  free_notes(notes);
}

TEST(after_destroy_no_thread_and_no_descriptor_is_left) {
  live_a_full_life();
  int threads = thread_count(), descriptors = descriptor_count();
  for (int i = 0; i < rounds(50); i++) live_a_full_life();
  assert_true(becomes(thread_count, threads));
  assert_int_equal(descriptors, descriptor_count());
}

static void end_while_waiting(void) {
  akool_client *client = simulated_client();
  call_and_forget(client, AKOOL_OP_AVATAR_CREATE, "{\"url\":\"https://example.com/me.mp4\",\"avatar_id\":\"mine\"}");
  submit(client, AKOOL_OP_AVATAR_WAIT, "{\"avatar_id\":\"mine\"}", NULL);
  /* More than may be in flight at a time, so that some wait for a place. */
  for (int i = 0; i < 200; i++) submit(client, AKOOL_OP_AVATAR_LIST, NULL, NULL);
  call_and_forget(client, AKOOL_OP_ACCOUNT_CREDIT, NULL);
  end_client(client);
}

TEST(what_a_client_still_waited_for_leaves_no_descriptor) {
  end_while_waiting();
  int descriptors = descriptor_count();
  for (int i = 0; i < rounds(50); i++) end_while_waiting();
  assert_int_equal(descriptors, descriptor_count());
}

TEST(our_descriptors_do_not_survive_exec) {
  akool_client *client = simulated_client();
  int flags = fcntl(akool_client_event_fd(client), F_GETFD);
  assert_true(flags >= 0);
  assert_true(flags & FD_CLOEXEC);
  end_client(client);
}

TEST(many_clients_at_once) {
  akool_client *clients[32];
  int threads = thread_count();
  for (size_t i = 0; i < COUNT(clients); i++) clients[i] = simulated_client();
  for (size_t i = 0; i < COUNT(clients); i++) call_and_forget(clients[i], AKOOL_OP_ACCOUNT_CREDIT, NULL);
  for (size_t i = 0; i < COUNT(clients); i++) end_client(clients[i]);
  assert_true(becomes(thread_count, threads));
}

TEST(unnamed_worlds_are_private_and_named_ones_are_shared) {
  akool_client *alone = simulated_client();
  akool_client *one = client_with("{\"environment\":false,\"base_url\":\"simulator:shared\"}");
  akool_client *other = client_with("{\"environment\":false,\"base_url\":\"simulator:shared\"}");
  const char *avatar = "{\"avatar_id\":\"shared1\",\"url\":\"https://example.com/a.mp4\"}";
  char *reply = call(one, AKOOL_OP_AVATAR_CREATE, avatar);
  char *id = text_at(reply, "/data/_id"), *parameters = format("{\"id\":\"%s\"}", id);
  call_and_forget(other, AKOOL_OP_AVATAR_DETAIL, parameters);
  assert_call_fails(alone, AKOOL_OP_AVATAR_DETAIL, parameters, NULL, AKOOL_ERR_NOT_FOUND, NULL);
  end_client(alone);
  end_client(one);
  end_client(other);
  akool_string_free(reply);
  akool_string_free(id);
  free(parameters);
}

static void open_session(akool_client *client) {
  char *avatar = ready_avatar(client, "leftOpen");
  char *parameters = format("{\"avatar_id\":\"%s\",\"duration\":600}", avatar);
  call_and_forget(client, AKOOL_OP_SESSION_CREATE, parameters);
  akool_string_free(avatar);
  free(parameters);
}

#define FAST "\"simulator\":{\"time_scale\":100},\"polling\":{\"initial_ms\":20,\"maximum_ms\":50}"

static void assert_destroy_closes(void (*end)(akool_client *), const char *world) {
  char *configuration = format("{\"environment\":false,\"base_url\":\"simulator:%s\"," FAST "}", world);
  akool_client *watcher = client_with(configuration), *client = client_with(configuration);
  open_session(client);
  char *books = call(watcher, AKOOL_OP_REQUEST, "{\"method\":\"GET\",\"path\":\"/_simulator/books\"}");
  assert_at(books, "/data/open_sessions", "1");
  akool_string_free(books);
  end(client);
  books = call(watcher, AKOOL_OP_REQUEST, "{\"method\":\"GET\",\"path\":\"/_simulator/books\"}");
  assert_at(books, "/data/open_sessions", "0");
  assert_true(number_at(books, "/data/refunded") > 0);
  akool_string_free(books);
  end_client(watcher);
  free(configuration);
}

TEST(destroy_closes_the_sessions_of_its_client) { assert_destroy_closes(end_client, "destroyed"); }

static void close_and_end(akool_client *client) {
  call_and_forget(client, AKOOL_OP_CLIENT_CLOSE, NULL);
  assert_call_fails(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, AKOOL_ERR_SHUTTING_DOWN, NULL);
  end_client(client);
}

TEST(closing_by_operation_does_the_same_and_ends_calls) { assert_destroy_closes(close_and_end, "closed"); }

TEST(destroy_leaves_foreign_sessions_alone) {
  const char *configuration = "{\"environment\":false,\"base_url\":\"simulator:foreign\"," FAST "}";
  akool_client *owner = client_with(configuration), *other = client_with(configuration);
  open_session(owner);
  call_and_forget(other, AKOOL_OP_SESSION_LIST, NULL);
  end_client(other);
  char *books = call(owner, AKOOL_OP_REQUEST, "{\"method\":\"GET\",\"path\":\"/_simulator/books\"}");
  assert_at(books, "/data/open_sessions", "1");
  akool_string_free(books);
  end_client(owner);
}

TEST(destroy_is_bounded_when_nothing_answers) {
  akool_client *client = client_with("{" SIMULATOR ",\"close_timeout_ms\":300," FAST "}");
  open_session(client);
  hold_back(client, AKOOL_OP_SESSION_CLOSE, 60000);
  int64_t start = now_ms();
  end_client(client);
  assert_true(now_ms() - start < 300 + patience(1500));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(threads_of_a_client),
      cmocka_unit_test(after_destroy_no_thread_and_no_descriptor_is_left),
      cmocka_unit_test(what_a_client_still_waited_for_leaves_no_descriptor),
      cmocka_unit_test(our_descriptors_do_not_survive_exec),
      cmocka_unit_test(many_clients_at_once),
      cmocka_unit_test(unnamed_worlds_are_private_and_named_ones_are_shared),
      cmocka_unit_test(destroy_closes_the_sessions_of_its_client),
      cmocka_unit_test(closing_by_operation_does_the_same_and_ends_calls),
      cmocka_unit_test(destroy_leaves_foreign_sessions_alone),
      cmocka_unit_test(destroy_is_bounded_when_nothing_answers),
  };
  return RUN(tests);
}
