#include <akool.hpp>

#if defined(__cpp_lib_ranges)
#include <ranges>
static_assert(std::ranges::input_range<akool::event_range>);
#endif

int errors_of_the_other_half();

int errors_of_the_other_half() {
  int errors = 0;
  const akool::result<akool::client> client =
      akool::client::create({{"base_url", "simulator:"}, {"environment", false}});
  if (!client) return 1;
  errors += client->async().account().credit().get() ? 0 : 1;
  errors += client->async([](const akool::result<akool::json> &) {}).account().credit() ? 0 : 1;
  errors += client->on_event([](const akool::event &) {}) && client->on_log(akool::log_level::info, nullptr) ? 0 : 1;
  errors += client->on_event(nullptr) ? 0 : 1;
  for (const akool::event &event : client->events(std::chrono::milliseconds(0))) errors += event.empty() ? 1 : 0;
#if AKOOL_CPP_THROWS
  try {
    client->session().create("{}").value();
    ++errors;
  } catch (const akool::invalid_argument_error &) {
  }
#endif
  return errors;
}
