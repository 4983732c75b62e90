// Events, pulled and pushed, and log records.
#include "support.hpp"

#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <poll.h>

namespace {

constexpr std::chrono::milliseconds none{0};

/// Makes one event of type reply.
void cause_an_event(const akool::client &client) { CHECK(client.async(nullptr).account().credit()); }

/// What a function has heard, for other threads to look at.
class heard {
 public:
  void add(const std::string &text) {
    const std::lock_guard<std::mutex> lock(mutex_);
    texts_.push_back(text);
  }
  std::size_t count() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return texts_.size();
  }
  std::vector<std::string> texts() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return texts_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> texts_;
};

}  // namespace

TEST(a_loop_takes_events_in_order) {
  const akool::client client(configuration());
  for (int i = 0; i < 3; ++i) cause_an_event(client);
  std::uint64_t seq = 0, count = 0;
  for (const akool::event &event : client.events(bound)) {
    CHECK_EQUAL(event.type(), AKOOL_EVENT_REPLY);
    CHECK(event.seq() > seq);
    seq = event.seq();
    if (++count == 3) break;
  }
  CHECK_EQUAL(count, 3u);
}

TEST(a_loop_ends_when_it_is_quiet) {
  const akool::client client(configuration());
  cause_an_event(client);
  int count = 0;
  for (const akool::event &event : client.events(std::chrono::milliseconds(1500))) count += event.empty() ? 0 : 1;
  CHECK_EQUAL(count, 1);
  for (const akool::event &event : client.events(none)) failed(__FILE__, __LINE__, event.text());
}

TEST(a_loop_is_stopped_by_another_thread) {
  const akool::client client(configuration());
  akool::event_range events = client.events();
  auto stopper = std::async(std::launch::async, [&events] {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    events.stop();
  });
  for (const akool::event &event : events) failed(__FILE__, __LINE__, event.text());
  stopper.get();
  for (const akool::event &event : events) failed(__FILE__, __LINE__, event.text());
}

TEST(a_loop_ends_with_its_client) {
  auto client = std::make_unique<akool::client>(configuration());
  akool::event_range events = client->events();
  auto loop = std::async(std::launch::async, [&events] {
    for (const akool::event &event : events) CHECK(!event.empty());
  });
  client.reset();
  CHECK(loop.wait_for(bound) == std::future_status::ready);
}

TEST(a_loop_survives_a_move) {
  akool::client first(configuration());
  akool::event_range events = first.events(bound);
  const akool::client second(std::move(first));
  cause_an_event(second);
  CHECK(events.begin()->type() == AKOOL_EVENT_REPLY);
}

TEST(a_loop_throws_when_a_function_takes_the_events) {
  const akool::client client(configuration());
  CHECK(client.on_event([](const akool::event &) {}));
  CHECK_EQUAL(client.next_event(none).code(), akool::errc::invalid_argument);
  try {
    for (const akool::event &event : client.events()) CHECK(!event.empty());
    CHECK(false);
  } catch (const akool::invalid_argument_error &) {
  }
}

TEST(events_are_pulled_one_by_one) {
  const akool::client client(configuration());
  CHECK(!client.next_event(none).value());
  cause_an_event(client);
  const auto event = client.next_event(bound).value();
  CHECK(event && event->contains("/reply/data"));
}

TEST(the_descriptor_is_readable_while_events_wait) {
  const akool::client client(configuration());
  pollfd waiting{client.event_fd(), POLLIN, 0};
  CHECK(waiting.fd >= 0);
  CHECK_EQUAL(::poll(&waiting, 1, 0), 0);
  cause_an_event(client);
  CHECK_EQUAL(::poll(&waiting, 1, 60000), 1);
  CHECK(client.next_event(none).value());
  CHECK_EQUAL(::poll(&waiting, 1, 0), 0);
}

TEST(functions_survive_moves) {
  heard events, records;
  akool::client first(configuration());
  CHECK(first.on_event([&events](const akool::event &event) { events.add(event.type()); }));
  CHECK(first.on_log(akool::log_level::debug, [&records](akool::log_level level, const akool::json &record) {
    CHECK(level <= akool::log_level::debug && record.contains("/message"));
    records.add(record.text());
  }));
  akool::client second(std::move(first));
  akool::client third(configuration("simulator:other"));
  third = std::move(second);
  cause_an_event(third);
  CHECK(eventually([&] { return events.count() == 1 && records.count() > 0; }));
  CHECK_EQUAL(events.texts()[0], AKOOL_EVENT_REPLY);
}

TEST(a_function_is_replaced_for_good) {
  const akool::client client(configuration());
  heard second;
  {
    auto first = std::make_shared<heard>();
    CHECK(client.on_event([first](const akool::event &event) { first->add(event.type()); }));
    cause_an_event(client);
    CHECK(eventually([&first] { return first->count() == 1; }));
    CHECK(client.on_event([&second](const akool::event &event) { second.add(event.type()); }));
    CHECK_EQUAL(first.use_count(), 1);
  }
  cause_an_event(client);
  CHECK(eventually([&second] { return second.count() == 1; }));
  CHECK(client.on_event(nullptr));
  cause_an_event(client);
  CHECK(client.next_event(bound).value());
  CHECK_EQUAL(second.count(), 1u);
}

TEST(a_function_replaces_itself) {
  const akool::client client(configuration());
  heard second;
  auto captured = std::make_shared<std::string>("still here");
  CHECK(client.on_event([&client, &second, captured](const akool::event &) {
    CHECK(client.on_event([&second](const akool::event &event) { second.add(event.type()); }));
    second.add(*captured);
  }));
  cause_an_event(client);
  CHECK(eventually([&second] { return second.count() == 1; }));
  cause_an_event(client);
  CHECK(eventually([&second] { return second.count() == 2; }));
  CHECK_EQUAL(second.texts()[0], "still here");
  CHECK(eventually([&captured] { return captured.use_count() == 1; }));
}

TEST(a_function_is_replaced_inside_and_outside_at_once) {
  const akool::client client(configuration());
  for (int round = 1; round <= 10; ++round) {
    std::promise<void> running;
    std::atomic<bool> replacing{false};
    std::atomic<int> calls{0};
    const auto count = [&calls, captured = std::vector<int>(100, 1)](const akool::event &) {
      calls += captured.at(99);
    };
    CHECK(client.on_event([&](const akool::event &) {
      running.set_value();
      while (!replacing) std::this_thread::yield();
      std::this_thread::sleep_for(std::chrono::milliseconds(2));  // The other is most likely set by now, and waits.
      CHECK(client.on_event(count));
    }));
    cause_an_event(client);
    running.get_future().get();
    replacing = true;
    CHECK(client.on_event(count));
    cause_an_event(client);
    CHECK(eventually([&calls] { return calls == 1; }));
    CHECK(client.on_event(nullptr));
  }
}

TEST(log_records_have_a_level) {
  const akool::client client(configuration());
  heard records;
  const auto note = [&records](akool::log_level level, const akool::json &) {
    records.add(level == akool::log_level::debug ? "debug" : "above");
  };
  CHECK_EQUAL(client.on_log(static_cast<akool::log_level>(99), note).code(), akool::errc::invalid_argument);
  CHECK(client.on_log(akool::log_level::error, note));
  CHECK(client.account().credit());
  CHECK(client.on_log(akool::log_level::debug, note));
  CHECK_EQUAL(records.count(), 0u);
  CHECK(client.account().credit());
  CHECK(eventually([&records] { return records.count() > 0; }));
  CHECK(client.on_log(akool::log_level::off, nullptr));
}

TEST(dies_when_a_reply_function_throws) {
  const akool::client client(configuration());
  CHECK(
      client.async([](const akool::result<akool::json> &) { throw std::runtime_error("thrown"); }).account().credit());
  std::this_thread::sleep_for(bound);
}

TEST(dies_when_an_event_function_throws) {
  const akool::client client(configuration());
  CHECK(client.on_event([](const akool::event &) { throw std::runtime_error("thrown"); }));
  cause_an_event(client);
  std::this_thread::sleep_for(bound);
}

int main(int count, char **names) { return run_tests(count, names); }
