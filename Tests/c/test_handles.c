/* Handles are looked up, never dereferenced: whatever is no living handle of this copy is refused. */
#define _GNU_SOURCE
#include "support.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void no_status(akool_client *client, const char *event, void *user_data) {
  (void)client;
  (void)event;
  (void)user_data;
}

/* Every function that takes a handle must answer so, and leave no answer behind. */
static void assert_all(akool_client *handle, akool_result expected) {
  char *reply = (char *)&reply;
  uint64_t request = 4711;
  assert_result(expected, akool_call(handle, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, &reply));
  assert_null(reply);
  assert_result(expected, akool_call(handle, "no.such", "[", "[", NULL));
  assert_result(expected, akool_submit(handle, AKOOL_OP_ACCOUNT_CREDIT, NULL, NULL, NULL, NULL, &request));
  assert_true(request == 0);
  assert_result(expected, akool_submit(handle, NULL, NULL, NULL, NULL, NULL, NULL));
  reply = (char *)&reply;
  assert_result(expected, akool_wait(handle, 1, 0, &reply));
  assert_null(reply);
  reply = (char *)&reply;
  assert_result(expected, akool_client_next_event(handle, 0, &reply));
  assert_null(reply);
  assert_result(expected, akool_cancel(handle, 1));
  assert_result(expected, akool_client_set_status_callback(handle, no_status, NULL));
  assert_result(expected, akool_client_set_log_callback(handle, 4, note_log, NULL));
  assert_int_equal(-1, akool_client_event_fd(handle));
}

TEST(null_is_no_client) {
  assert_all(NULL, AKOOL_ERR_BAD_HANDLE);
  assert_result(AKOOL_OK, akool_client_destroy(NULL));
}

TEST(garbage_is_no_client) {
  int64_t on_the_stack[64] = {0};
  void *on_the_heap = calloc(1, 4096);
  const uintptr_t numbers[] = {1,
                               2,
                               8,
                               16,
                               0x1000,
                               UINTPTR_MAX,
                               UINTPTR_MAX - 7,
                               (uintptr_t)1 << 47,
                               (uintptr_t)1 << 63,
                               0xdeadbeefdeadbeef,
                               (uintptr_t)on_the_stack,
                               (uintptr_t)on_the_heap,
                               (uintptr_t)&no_status,
                               (uintptr_t) "text"};
  akool_client *living = simulated_client();
  for (size_t i = 0; i < COUNT(numbers); i++) {
    assert_all((akool_client *)numbers[i], AKOOL_ERR_BAD_HANDLE);
    assert_result(AKOOL_ERR_BAD_HANDLE, akool_client_destroy((akool_client *)numbers[i]));
  }
  call_and_forget(living, AKOOL_OP_ACCOUNT_CREDIT, NULL);
  end_client(living);
  free(on_the_heap);
}

TEST(neighbours_of_a_handle_are_no_clients) {
  akool_client *living = simulated_client();
  for (int bit = 0; bit < 64; bit++) {
    akool_client *neighbour = (akool_client *)((uintptr_t)living ^ ((uintptr_t)1 << bit));
    assert_result(AKOOL_ERR_BAD_HANDLE, akool_cancel(neighbour, 1));
    if (neighbour) assert_result(AKOOL_ERR_BAD_HANDLE, akool_client_destroy(neighbour));
  }
  call_and_forget(living, AKOOL_OP_ACCOUNT_CREDIT, NULL);
  end_client(living);
}

TEST(a_destroyed_client_is_none_any_more) {
  akool_client *client = simulated_client();
  end_client(client);
  assert_all(client, AKOOL_ERR_BAD_HANDLE);
}

TEST(destroying_twice_is_refused) {
  akool_client *client = simulated_client();
  end_client(client);
  for (int i = 0; i < 3; i++) assert_result(AKOOL_ERR_BAD_HANDLE, akool_client_destroy(client));
}

TEST(a_stale_handle_does_not_come_to_life_again) {
  akool_client *stale = simulated_client();
  end_client(stale);
  for (int i = 0; i < rounds(300); i++) {
    akool_client *living = simulated_client();
    assert_ptr_not_equal(stale, living);
    assert_result(AKOOL_ERR_BAD_HANDLE, akool_cancel(stale, 1));
    assert_result(AKOOL_ERR_BAD_HANDLE, akool_client_destroy(stale));
    assert_result(AKOOL_OK, akool_cancel(living, 1));
    end_client(living);
    stale = living;
  }
}

/* ------------------------------------------------ another copy of the library */

static void copy_file(const char *from, const char *to) {
  char buffer[65536];
  FILE *source = fopen(from, "rb"), *target = fopen(to, "wb");
  assert_true(source && target);
  for (size_t length; (length = fread(buffer, 1, sizeof buffer, source)) > 0;)
    assert_true(fwrite(buffer, 1, length, target) == length);
  fclose(source);
  assert_int_equal(0, fclose(target));
}

/* The addresses of functions come from dlsym as void pointers, which ISO C will not cast. */
static void find(void *library, const char *name, void *function) {
  void *address = dlsym(library, name);
  assert_non_null(address);
  memcpy(function, &address, sizeof address);
}

TEST(a_handle_of_another_copy_of_the_library_is_foreign) {
  akool_result (*create)(const char *, akool_client **, char **);
  akool_result (*destroy)(akool_client *), (*cancel)(akool_client *, uint64_t);
  akool_client *ours = simulated_client(), *theirs = NULL;
  const char *(*version)(void) = akool_version;
  void *address;
  Dl_info info;
  char path[] = "/tmp/akool-copy-XXXXXX";
  memcpy(&address, &version, sizeof address);
  assert_true(dladdr(address, &info) != 0);
  int descriptor = mkstemp(path);
  assert_true(descriptor >= 0);
  close(descriptor);
  copy_file(info.dli_fname, path);
  void *copy = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  unlink(path);
  if (!copy) fail_msg("%s", dlerror());
  find(copy, "akool_client_create", &create);
  find(copy, "akool_client_destroy", &destroy);
  find(copy, "akool_cancel", &cancel);
  assert_result(AKOOL_OK, create("{" SIMULATOR "}", &theirs, NULL));
  assert_all(theirs, AKOOL_ERR_BAD_HANDLE);
  assert_result(AKOOL_ERR_BAD_HANDLE, akool_client_destroy(theirs));
  assert_result(AKOOL_ERR_BAD_HANDLE, cancel(ours, 1));
  assert_result(AKOOL_ERR_BAD_HANDLE, destroy(ours));
  assert_result(AKOOL_OK, destroy(theirs));
  end_client(ours);
}

/* `-z nodelete`: unloading leaves the code where its threads and exit handler need it. */
TEST(unloading_does_no_harm) {
  const char *(*version)(void) = akool_version;
  void *address;
  Dl_info info;
  memcpy(&address, &version, sizeof address);
  assert_true(dladdr(address, &info) != 0);
  void *library = dlopen(info.dli_fname, RTLD_NOW);
  assert_non_null(library);
  assert_int_equal(0, dlclose(library));
  assert_non_null(dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD));
  assert_true(akool_version()[0] != '\0');
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(null_is_no_client),
      cmocka_unit_test(garbage_is_no_client),
      cmocka_unit_test(neighbours_of_a_handle_are_no_clients),
      cmocka_unit_test(a_destroyed_client_is_none_any_more),
      cmocka_unit_test(destroying_twice_is_refused),
      cmocka_unit_test(a_stale_handle_does_not_come_to_life_again),
      cmocka_unit_test(a_handle_of_another_copy_of_the_library_is_foreign),
      cmocka_unit_test(unloading_does_no_harm),
  };
  return RUN(tests);
}
