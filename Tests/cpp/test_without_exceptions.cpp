// What is different with -fno-exceptions -fno-rtti.
#include "support.hpp"

static_assert(AKOOL_CPP_THROWS == 0);

TEST(errors_are_values) {
  const akool::client client = akool::client::create(configuration()).value();
  const auto reply = client.session().detail({{"id", no_session}});
  CHECK_EQUAL(reply.code(), akool::errc::not_found);
  CHECK(!reply.error().message().empty());
  CHECK_EQUAL(akool::client::create({{"environment", false}}).code(), akool::errc::unauthenticated);
}

TEST(requests_work) {
  const akool::client client = akool::client::create(configuration()).value();
  CHECK(client.async().account().credit().get()->contains("/data/credit"));
  std::promise<bool> replied;
  CHECK(client.async([&replied](const akool::result<akool::json> &reply) { replied.set_value(reply.has_value()); })
            .account()
            .credit());
  CHECK(replied.get_future().get());
}

TEST(events_work) {
  const akool::client client = akool::client::create(configuration()).value();
  CHECK(client.async(nullptr).account().credit());
  for (const akool::event &event : client.events(bound)) {
    CHECK_EQUAL(event.type(), AKOOL_EVENT_REPLY);
    return;
  }
  CHECK(false);
}

TEST(dies_of_the_value_of_an_error) {
  const akool::client client = akool::client::create(configuration()).value();
  client.session().detail({{"id", no_session}}).value();
}

TEST(dies_of_a_client_that_cannot_be_made) { const akool::client client({{"environment", false}}); }

int main(int count, char **names) { return run_tests(count, names); }
