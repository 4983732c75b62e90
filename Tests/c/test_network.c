/* Servers that do not do their part, each one a socket of this test. */
#define _GNU_SOURCE
#include "support.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int listener(char *url, size_t size) {
  struct sockaddr_in address;
  socklen_t length = sizeof address;
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_true(descriptor >= 0);
  assert_int_equal(0, bind(descriptor, (struct sockaddr *)&address, sizeof address));
  assert_int_equal(0, listen(descriptor, 8));
  assert_int_equal(0, getsockname(descriptor, (struct sockaddr *)&address, &length));
  snprintf(url, size, "http://127.0.0.1:%d", ntohs(address.sin_port));
  return descriptor;
}

static bool somebody_came(int descriptor, int milliseconds) {
  struct pollfd waiting = {descriptor, POLLIN, 0};
  return poll(&waiting, 1, milliseconds) == 1;
}

TEST(creating_and_destroying_needs_no_network) {
  char url[64];
  int descriptor = listener(url, sizeof url);
  char *configuration = format("{\"environment\":false,\"api_key\":\"k\",\"base_url\":\"%s\"}", url);
  akool_client *client = client_with(configuration);
  end_client(client);
  assert_false(somebody_came(descriptor, 0));
  close(descriptor);
  free(configuration);
}

TEST(a_warm_client_connects_by_itself) {
  char url[64];
  int descriptor = listener(url, sizeof url);
  char *configuration = format("{\"environment\":false,\"api_key\":\"k\",\"base_url\":\"%s\",\"warm\":true}", url);
  akool_client *client = client_with(configuration);
  assert_true(somebody_came(descriptor, (int)patience(5000)));
  end_client(client);
  close(descriptor);
  free(configuration);
}

TEST(a_server_that_never_answers_ends_at_the_deadline) {
  char url[64];
  int descriptor = listener(url, sizeof url);
  char *configuration = format("{\"environment\":false,\"api_key\":\"k\",\"base_url\":\"%s\"}", url);
  akool_client *client = client_with(configuration);
  int64_t start = now_ms();
  assert_call_fails(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, "{\"timeout_ms\":300}", AKOOL_ERR_TIMEOUT, NULL);
  int64_t taken = now_ms() - start;
  assert_true(taken >= 300);
  assert_true(taken < 300 + patience(1500));
  end_client(client);
  close(descriptor);
  free(configuration);
}

TEST(a_closed_port_is_unavailable) {
  char url[64];
  close(listener(url, sizeof url));
  char *configuration = format("{\"environment\":false,\"api_key\":\"k\",\"base_url\":\"%s\"}", url);
  akool_client *client = client_with(configuration);
  assert_call_fails(client, AKOOL_OP_ACCOUNT_CREDIT, NULL, "{\"timeout_ms\":5000}", AKOOL_ERR_UNAVAILABLE, "127.0.0.1");
  end_client(client);
  free(configuration);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(creating_and_destroying_needs_no_network),
      cmocka_unit_test(a_warm_client_connects_by_itself),
      cmocka_unit_test(a_server_that_never_answers_ends_at_the_deadline),
      cmocka_unit_test(a_closed_port_is_unavailable),
  };
  return RUN(tests);
}
