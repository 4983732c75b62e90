// Futures, functions, cancels and many threads.
#include "support.hpp"

#include <atomic>
#include <future>
#include <random>
#include <set>
#include <thread>
#include <vector>

namespace {

const auto nobody = [](const akool::result<akool::json> &) { failed(__FILE__, __LINE__, "called"); };

}  // namespace

TEST(a_future_brings_the_reply) {
  const akool::client client(configuration());
  akool::request request = client.async().account().credit();
  CHECK(request.id() != 0);
  CHECK(request.wait_for(bound));
  CHECK(request.get()->get<double>("/data/credit"));
  std::future<akool::result<akool::json>> future =
      std::move(client.async().session().detail({{"id", no_session}}).future());
  CHECK_EQUAL(future.get().code(), akool::errc::not_found);
}

TEST(a_future_brings_what_was_refused_at_once) {
  const akool::client client(akool::object(configuration()).set("max_requests", 1));
  let_hang(client, "account.credit");
  akool::request first = client.async().account().credit();
  akool::request second = client.async().account().credit();
  CHECK_EQUAL(second.id(), 0u);
  CHECK(second.wait_for(std::chrono::seconds(0)));
  CHECK_EQUAL(second.get().code(), akool::errc::local_limit);
  CHECK(second.cancel());
  CHECK(first.cancel());
}

TEST(a_request_is_cancelled) {
  const akool::client client(configuration());
  let_hang(client, "account.credit");
  akool::request request = client.async().account().credit();
  CHECK(!request.wait_for(std::chrono::milliseconds(20)));
  CHECK(request.cancel());
  CHECK(request.cancel());
  CHECK_EQUAL(request.get().code(), akool::errc::cancelled);
  CHECK(request.cancel());
}

TEST(a_function_is_called_once_with_the_reply) {
  const akool::client client(configuration());
  std::promise<std::string> credit;
  const auto id = client
                      .async([&credit](const akool::result<akool::json> &reply) {
                        credit.set_value(reply.value()["/data/credit"].value_or("none"));
                      })
                      .account()
                      .credit();
  CHECK(id && *id != 0);
  CHECK(std::stod(credit.get_future().get()) > 0);
}

TEST(a_function_is_told_of_the_cancel) {
  const akool::client client(configuration());
  let_hang(client, "account.credit");
  std::promise<akool::errc> code;
  const auto id = client.async([&code](const akool::result<akool::json> &reply) { code.set_value(reply.code()); })
                      .account()
                      .credit();
  CHECK(client.cancel(id.value()));
  CHECK_EQUAL(code.get_future().get(), akool::errc::cancelled);
}

TEST(a_function_is_not_called_for_what_was_refused) {
  const akool::client client(akool::object(configuration()).set("max_requests", 1));
  let_hang(client, "account.credit");
  const akool::request first = client.async().account().credit();
  CHECK_EQUAL(client.async(nobody).account().credit().code(), akool::errc::local_limit);
  CHECK_EQUAL(client.async(nobody).session().create({{"avatar_id", "\xff"}}).code(), akool::errc::invalid_argument);
  CHECK(first.cancel());
}

TEST(one_function_serves_many_requests) {
  const akool::client client(configuration());
  std::atomic<int> calls{0};
  const auto async = client.async([&calls](const akool::result<akool::json> &reply) { calls += reply ? 1 : 0; });
  for (int i = 0; i < 20; ++i) CHECK(async.account().credit());
  CHECK(eventually([&calls] { return calls == 20; }));
}

TEST(requests_are_made_inside_functions) {
  const akool::client client(configuration());
  std::promise<akool::errc> second;
  const auto again = [&second](const akool::result<akool::json> &reply) { second.set_value(reply.code()); };
  const auto first = [inside = client.async(again)](const akool::result<akool::json> &) {
    CHECK(inside.account().credit());
  };
  CHECK(client.async(first).account().credit());
  CHECK_EQUAL(second.get_future().get(), akool::errc::ok);
}

TEST(a_reply_that_cannot_be_waited_for_inside_a_callback_is_had_later) {
  std::promise<akool::request> later;
  const akool::client client(configuration());
  const akool::client other(configuration());
  akool::request of_this = client.async().account().credit();
  CHECK(of_this.wait_for(bound));
  const auto run = [&](const akool::result<akool::json> &) {
    CHECK_EQUAL(of_this.get().code(), akool::errc::ok);  // It is there.
    CHECK_EQUAL(other.async().account().credit().get().code(), akool::errc::ok);
    akool::request request = client.async().account().credit();
    CHECK_EQUAL(request.get().code(), akool::errc::wrong_thread);
    later.set_value(std::move(request));
  };
  CHECK(client.async(run).account().credit());
  CHECK_EQUAL(later.get_future().get().get().code(), akool::errc::ok);
}

TEST(a_reply_cannot_be_waited_for_inside_an_event) {
  std::promise<akool::errc> event, record;
  std::atomic_flag told = ATOMIC_FLAG_INIT;
  const akool::client client(configuration());
  const auto look = [async = client.async()] { return async.account().credit().get().code(); };
  CHECK(client.on_event([&](const akool::event &) { event.set_value(look()); }));
  CHECK(client.async(nullptr).account().credit());
  CHECK_EQUAL(event.get_future().get(), akool::errc::wrong_thread);
  CHECK(client.on_log(akool::log_level::debug, [&](akool::log_level, const akool::json &) {
    if (!told.test_and_set()) record.set_value(look());
  }));
  CHECK(client.account().credit());
  CHECK_EQUAL(record.get_future().get(), akool::errc::wrong_thread);
}

TEST(a_reply_may_come_as_an_event) {
  const akool::client client(configuration());
  const std::uint64_t id = client.async(nullptr).account().credit({}, {{"tag", "mine"}}).value();
  for (const akool::event &event : client.events(bound)) {
    if (event.type() != AKOOL_EVENT_REPLY) continue;
    CHECK_EQUAL(event.get<std::uint64_t>("/request_id"), std::optional<std::uint64_t>(id));
    CHECK(event.contains("/reply/data/credit"));
    return;
  }
  CHECK(false);
}

TEST(options_are_handed_on) {
  const akool::client client(configuration());
  let_hang(client, "account.credit");
  CHECK_EQUAL(client.account().credit({}, {{"timeout_ms", 50}}).code(), akool::errc::timeout);
  CHECK_EQUAL(client.call(AKOOL_OP_LANGUAGE_LIST, {}, {{"tag", "t"}}).value()["/meta/tag"],
              std::optional<std::string>("t"));
}

TEST(a_thousand_requests_end_once_whenever_they_are_cancelled) {
  const akool::client client(configuration());
  constexpr int requests = 1000;
  std::vector<std::atomic<int>> ended(requests);
  std::atomic<int> unexpected{0};
  std::mt19937 random(4711);
  admin(client, "POST", "faults",
        R"({"rules": [{"match": {"operation": "account.credit"}, "fault": {"delay_ms": 2}}]})");
  for (int i = 0; i < requests; ++i) {
    const auto note = [&ended, &unexpected, i](const akool::result<akool::json> &reply) {
      ++ended[static_cast<std::size_t>(i)];
      if (reply.code() != akool::errc::ok && reply.code() != akool::errc::cancelled) ++unexpected;
    };
    const auto id = client.async(note).account().credit();
    CHECK(id);
    if (random() % 2 == 0) continue;
    if (random() % 2 == 0) std::this_thread::sleep_for(std::chrono::microseconds(random() % 3000));
    CHECK(client.cancel(*id));
  }
  CHECK(eventually([&ended] {
    for (const auto &count : ended)
      if (count == 0) return false;
    return true;
  }));
  for (const auto &count : ended) CHECK_EQUAL(count.load(), 1);
  CHECK_EQUAL(unexpected.load(), 0);
}

TEST(many_threads_share_a_client) {
  const akool::client client(configuration());
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&client, &good, thread] {
      for (int i = 0; i < 25; ++i) {
        akool::request request = client.async().account().credit();
        if (thread % 2 == 0) good += client.account().credit() ? 1 : 0;
        good += request.get() ? 1 : 0;
        CHECK(client.on_event(i % 2 ? [](const akool::event &) {} : akool::event_function()));
      }
    });
  }
  for (std::thread &thread : threads) thread.join();
  CHECK_EQUAL(good.load(), 8 * 25 + 4 * 25);
}

int main(int count, char **names) { return run_tests(count, names); }
