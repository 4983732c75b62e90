// The life of a client: made, moved, destroyed, anywhere.
#include "support.hpp"

#include <atomic>
#include <future>
#include <memory>
#include <type_traits>

#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr const char *world = "simulator:world";

akool::result<akool::json> open_session(const akool::client &client) {
  return client.session().create({{"avatar_id", avatar}, {"duration", 600}});
}

/// What is done inside a callback of the client, on its delivery thread.
void inside_a_callback(const akool::client &client, std::function<void()> action) {
  std::promise<void> done;
  const auto run = [&done, action](const akool::result<akool::json> &) {
    action();
    done.set_value();
  };
  CHECK(client.async(run).account().credit());
  done.get_future().get();
}

}  // namespace

TEST(a_client_can_be_moved_and_not_copied) {
  static_assert(!std::is_copy_constructible_v<akool::client> && !std::is_copy_assignable_v<akool::client>);
  static_assert(std::is_nothrow_move_constructible_v<akool::client> &&
                std::is_nothrow_move_assignable_v<akool::client>);
  static_assert(!std::is_convertible_v<akool::object, akool::client>);
}

TEST(a_client_that_cannot_be_made_is_an_error) {
  CHECK_EQUAL(akool::client::create({{"environment", false}}).code(), akool::errc::unauthenticated);
  const auto misspelt = akool::client::create({{"api_kee", "x"}});
  CHECK_EQUAL(misspelt.code(), akool::errc::invalid_argument);
  CHECK(misspelt.error().what().find("api_key") != std::string::npos);
}

TEST(the_constructor_throws) {
  try {
    const akool::client client({{"environment", false}});
    CHECK(false);
  } catch (const akool::unauthenticated_error &thrown) {
    CHECK(thrown.error().message().size() > 10);
  }
}

TEST(the_environment_configures) {
  ::setenv("AKOOL_BASE_URL", "simulator:", 1);
  const akool::client client;
  CHECK(client.account().credit());
}

TEST(destroying_closes_sessions) {
  const akool::client witness(configuration(world));
  {
    const akool::client client(configuration(world));
    CHECK(open_session(client));
    CHECK_EQUAL(open_sessions(witness), 1);
  }
  CHECK_EQUAL(open_sessions(witness), 0);
}

TEST(a_moved_client_goes_on) {
  akool::client first(configuration(world));
  CHECK(open_session(first));
  akool_client *const handle = first.native_handle();
  akool::client second(std::move(first));
  CHECK(second.native_handle() == handle);
  CHECK_EQUAL(open_sessions(second), 1);
  akool::client third(configuration("simulator:other"));
  third = std::move(second);
  CHECK(third.native_handle() == handle);
  CHECK_EQUAL(open_sessions(third), 1);
}

TEST(a_client_without_a_handle_says_so) {
  akool::client client(configuration());
  const akool::client taken(std::move(client));
  // NOLINTBEGIN(bugprone-use-after-move): the point of the test.
  CHECK(client.native_handle() == nullptr);
  CHECK_EQUAL(client.account().credit().code(), akool::errc::bad_handle);
  CHECK(!client.account().credit().error().message().empty());
  CHECK_EQUAL(client.async().account().credit().get().code(), akool::errc::bad_handle);
  CHECK_EQUAL(client.async([](const akool::result<akool::json> &) { CHECK(false); }).account().credit().code(),
              akool::errc::bad_handle);
  CHECK_EQUAL(client.next_event(std::chrono::milliseconds(0)).code(), akool::errc::bad_handle);
  CHECK_EQUAL(client.on_event([](const akool::event &) {}).code(), akool::errc::bad_handle);
  CHECK_EQUAL(client.on_log(akool::log_level::info, [](akool::log_level, const akool::json &) {}).code(),
              akool::errc::bad_handle);
  CHECK_EQUAL(client.cancel(1).code(), akool::errc::bad_handle);
  CHECK_EQUAL(client.event_fd(), -1);
  for (const akool::event &event : client.events()) failed(__FILE__, __LINE__, event.text());
  // NOLINTEND
}

TEST(assigning_ends_the_client_that_was_there) {
  const akool::client witness(configuration(world));
  akool::client client(configuration(world));
  CHECK(open_session(client));
  client = akool::client(configuration("simulator:other"));
  CHECK_EQUAL(open_sessions(witness), 0);
  akool::client &same = client;
  client = std::move(same);
  CHECK(client.account().credit());
}

TEST(copies_of_operations_outlive_the_client) {
  auto client = std::make_unique<akool::client>(configuration());
  const auto async = client->async();
  const akool::operations<akool::blocking> waiting = *client;
  const auto session = client->session();
  client.reset();
  CHECK_EQUAL(async.account().credit().get().code(), akool::errc::bad_handle);
  CHECK_EQUAL(waiting.account().credit().code(), akool::errc::bad_handle);
  CHECK_EQUAL(session.list().code(), akool::errc::bad_handle);
}

TEST(waiting_inside_a_callback_is_refused) {
  const akool::client client(configuration());
  inside_a_callback(client, [&client] {
    CHECK_EQUAL(client.account().credit().code(), akool::errc::wrong_thread);
    CHECK_EQUAL(client.next_event(std::chrono::milliseconds(5)).code(), akool::errc::wrong_thread);
  });
}

TEST(a_client_may_be_destroyed_inside_its_reply) {
  const akool::client witness(configuration(world));
  auto client = std::make_shared<akool::client>(configuration(world));
  CHECK(open_session(*client));
  const akool::client &alive = *client;
  inside_a_callback(alive, [&client] { client.reset(); });
  CHECK(eventually([&witness] { return open_sessions(witness) == 0; }));
}

TEST(a_client_may_be_destroyed_inside_its_event) {
  const akool::client witness(configuration(world));
  auto client = std::make_unique<akool::client>(configuration(world));
  std::atomic<int> events{0};
  const std::string session = open_session(*client).value()["/data/_id"].value();
  CHECK(open_session(*client).code() == akool::errc::avatar_busy);
  auto big = std::make_shared<std::string>(1000, 'x');
  CHECK(client->on_event([&events, &client, big](const akool::event &) {
    ++events;
    client.reset();
    CHECK_EQUAL(big->size(), 1000u);  // What the function captured is still there.
  }));
  CHECK(client->async().session().close({{"id", session}}).id() != 0);
  CHECK(eventually([&] { return open_sessions(witness) == 0 && events > 0; }));
  CHECK(eventually([&big] { return big.use_count() == 1; }));
  CHECK_EQUAL(events.load(), 1);
}

TEST(a_client_may_be_destroyed_inside_its_log) {
  auto client = std::make_unique<akool::client>(configuration());
  std::atomic<bool> logged{false};
  CHECK(client->on_log(akool::log_level::debug, [&](akool::log_level, const akool::json &) {
    client.reset();
    logged = true;
  }));
  const akool::request request = client->async().account().credit();
  CHECK(request.wait_for(bound));
  CHECK(eventually([&logged] { return logged.load(); }));
}

TEST(the_last_owner_may_be_a_callback) {
  std::weak_ptr<akool::client> watched;
  {
    auto client = std::make_shared<akool::client>(configuration());
    watched = client;
    let_hang(*client, "account.credit");
    CHECK(client->async([client](const akool::result<akool::json> &) {}).account().credit({}, {{"timeout_ms", 50}}));
  }
  CHECK(eventually([&watched] { return watched.expired(); }));
}

TEST(requests_end_with_their_client) {
  auto client = std::make_unique<akool::client>(configuration());
  let_hang(*client, "account.credit");
  akool::request request = client->async().account().credit();
  akool::errc told = akool::errc::ok;
  CHECK(client->async([&told](const akool::result<akool::json> &reply) { told = reply.code(); }).account().credit());
  client.reset();
  CHECK_EQUAL(told, akool::errc::shutting_down);
  CHECK_EQUAL(request.get().code(), akool::errc::shutting_down);
}

TEST(events_come_until_the_client_is_gone) {
  const auto heard = std::make_shared<std::string>();
  {
    const akool::client client(configuration());
    CHECK(open_session(client));
    CHECK(client.on_event([heard](const akool::event &event) { *heard += event.type() + " "; }));
  }
  CHECK_EQUAL(*heard, std::string(AKOOL_EVENT_SESSION_ENDED) + " ");
  CHECK_EQUAL(heard.use_count(), 1);
}

TEST(a_child_process_is_told) {
  const akool::client client(configuration());
  const pid_t child = ::fork();
  if (child == 0) {
    const bool forked = client.account().credit().code() == akool::errc::forked;
    ::_exit(forked ? 0 : 1);
  }
  int status = 1;
  CHECK(::waitpid(child, &status, 0) == child);
  CHECK_EQUAL(status, 0);
}

TEST(what_needs_no_client_works_without) {
  const auto encoded = akool::offline().message().encode({{"transport", "agora"}, {"type", "interrupt"}});
  CHECK(encoded->contains("/data/chunks/0/payload"));
  CHECK_EQUAL(akool::offline().account().credit().code(), akool::errc::bad_handle);
}

namespace {
/// Outlives what is made after it.
struct last_of_all {
  std::unique_ptr<akool::client> client;
  ~last_of_all() {
    if (!client) return;
    const akool::errc code = client->account().credit().code();
    if (code != akool::errc::shutting_down) failed(__FILE__, __LINE__, akool::name(code));
  }
};
last_of_all until_the_end;  // Made before the library's exit handler, so destroyed when that has run.

/// What a function uses that may still run.
struct never_destroyed {
  ~never_destroyed() { failed(__FILE__, __LINE__, "destroyed"); }
};
}  // namespace

TEST(a_static_client_may_be_destroyed_after_the_library_has_ended) {
  until_the_end.client = std::make_unique<akool::client>(configuration());
  CHECK(until_the_end.client->on_event([used = std::make_shared<never_destroyed>()](const akool::event &) {}));
  CHECK(open_session(*until_the_end.client));
}

TEST(a_static_client_may_be_destroyed_before_the_library_has_ended) {
  static const akool::client client(configuration());
  CHECK(client.on_event([](const akool::event &) {}));
  CHECK(open_session(client));
}

int main(int count, char **names) { return run_tests(count, names); }
