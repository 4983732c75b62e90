// Results, errors and the exceptions they become.
#include "support.hpp"

#include <cxxabi.h>

#include <memory>
#include <typeinfo>

namespace {

std::string class_of(const std::exception &thrown) {
  const std::unique_ptr<char, void (*)(void *)> name(
      abi::__cxa_demangle(typeid(thrown).name(), nullptr, nullptr, nullptr), std::free);
  const std::string whole = name.get();
  return whole.substr(whole.rfind(':') + 1);
}

std::string thrown_for(akool::errc code) {
  try {
    akool::result<int>(akool::error(code)).value();
  } catch (const akool::exception &thrown) {
    CHECK_EQUAL(thrown.code(), code);
    return class_of(thrown);
  }
  return "nothing";
}

std::string lower(std::string text) {
  for (char &c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

akool::json catalogue() {
  char *text = nullptr;
  CHECK(akool_describe(&text) == AKOOL_OK);
  return akool::json(akool::detail::take(text));
}

}  // namespace

TEST(every_result_has_its_class_of_exception) {
  std::size_t seen = 0;
  for (const akool::json &entry : catalogue().elements("/results")) {
    const std::string name = entry["/name"].value_or("");
    const auto code = static_cast<akool::errc>(entry.get<int>("/value").value_or(-1));
    CHECK_EQUAL(akool::name(code), name);
    CHECK_EQUAL(akool::summary(code), entry["/summary"].value_or(""));
    if (code == akool::errc::ok) continue;
    CHECK_EQUAL(thrown_for(code), lower(name) + "_error");
    ++seen;
  }
  CHECK(seen >= 23);
}

TEST(a_result_of_a_newer_library_is_an_exception_without_a_class) {
  CHECK_EQUAL(thrown_for(static_cast<akool::errc>(4711)), "exception");
  CHECK_EQUAL(akool::error(static_cast<akool::errc>(4711)).name(), std::string("UNKNOWN"));
}

TEST(exceptions_have_families) {
  const akool::error busy(akool::errc::avatar_busy);
  try {
    akool::raise(busy);
  } catch (const akool::state_error &thrown) {
    CHECK_EQUAL(thrown.error().name(), std::string("AVATAR_BUSY"));
  }
  static_assert(std::is_base_of_v<akool::usage_error, akool::invalid_argument_error>);
  static_assert(std::is_base_of_v<akool::account_error, akool::quota_exceeded_error>);
  static_assert(std::is_base_of_v<akool::service_error, akool::outcome_unknown_error>);
  static_assert(std::is_base_of_v<akool::exception, akool::cancelled_error>);
  static_assert(std::is_base_of_v<std::runtime_error, akool::exception>);
}

TEST(an_error_tells_what_the_reply_tells) {
  const akool::client client(configuration());
  const auto reply = client.session().detail({{"id", no_session}}, {{"tag", "mine"}});
  CHECK(!reply);
  const akool::error error = reply.error();
  CHECK_EQUAL(error.code(), akool::errc::not_found);
  CHECK(!error.message().empty());
  CHECK(!error.hint().empty());
  CHECK(error.akool_code() && *error.akool_code() > 1000);
  CHECK_EQUAL(error.http_status(), std::optional<int>(200));
  CHECK(!error.retryable());
  CHECK(!error.retry_after());
  CHECK_EQUAL(error.reply()["/meta/tag"], std::optional<std::string>("mine"));
  CHECK_EQUAL(error.what().find("NOT_FOUND: "), 0u);
  CHECK(error.what().find(error.hint()) != std::string::npos);
  CHECK_EQUAL(shown(error), error.what());
}

TEST(an_error_tells_how_long_to_wait) {
  const akool::error error(akool::errc::rate_limited,
                           akool::json(R"({"error": {"retryable": true, "retry_after_ms": 1500}})"));
  CHECK(error.retryable());
  CHECK(error.retry_after() == std::chrono::milliseconds(1500));
  CHECK(!error.message().empty());
}

TEST(an_error_has_details) {
  const akool::client client(configuration());
  const auto reply = client.session().create("{}");
  CHECK_EQUAL(reply.error().details()["/0/field"], std::optional<std::string>("avatar_id"));
}

TEST(an_exception_says_what_the_error_says) {
  const akool::client client(configuration());
  const auto reply = client.session().detail({{"id", no_session}});
  try {
    reply.value();
    CHECK(false);
  } catch (const akool::not_found_error &thrown) {
    CHECK_EQUAL(thrown.what(), reply.error().what());
    CHECK_EQUAL(thrown.error().akool_code(), reply.error().akool_code());
  }
}

TEST(a_result_hands_out_its_value) {
  akool::result<std::string> good(std::string("value"));
  CHECK(good && good.has_value());
  CHECK_EQUAL(*good, "value");
  CHECK_EQUAL(good->size(), 5u);
  CHECK_EQUAL(good.code(), akool::errc::ok);
  CHECK_EQUAL(good.error().code(), akool::errc::ok);
  CHECK_EQUAL(good.value_or("other"), "value");
  CHECK_EQUAL(std::move(good).value(), "value");
  const akool::result<std::string> bad(akool::error(akool::errc::timeout));
  CHECK(!bad);
  CHECK_EQUAL(bad.value_or("other"), "other");
  akool::result<void>().value();
}

TEST(looking_at_what_is_not_there_throws_too) {
  akool::result<std::string> bad(akool::error(akool::errc::timeout));
  int thrown = 0;
  try {
    *bad += "x";
  } catch (const akool::timeout_error &) {
    ++thrown;
  }
  try {
    bad->clear();
  } catch (const akool::timeout_error &) {
    ++thrown;
  }
  try {
    akool::result<void>(akool::error(akool::errc::timeout)).value();
  } catch (const akool::timeout_error &) {
    ++thrown;
  }
  CHECK_EQUAL(thrown, 3);
}

TEST(nothing_tells_a_secret) {
  const std::string secret = "canary-5f0f6d1c9a";
  const auto refused = akool::client::create({{"api_key", secret + "\n"}, {"environment", false}});
  CHECK(!refused);
  CHECK(refused.error().what().find(secret) == std::string::npos);
  CHECK(refused.error().reply().text().find(secret) == std::string::npos);
}

int main(int count, char **names) { return run_tests(count, names); }
