// A kiosk that shows an avatar all day, and survives being killed.
//
//   ./kiosk [LEDGER]
//
// Every session is written down in the ledger file before it is opened. When the machine loses power or the program is
// killed, the next start closes what is still open and gets the rest of its credit back. Have it started again whenever
// it ends (systemd: Restart=always). Stop it with Ctrl-C.
#include "connect.hpp"

#include <chrono>

namespace {

akool::object configuration(const char *ledger) {
  return {
      // What the last run left is closed below, where it is waited for.
      {"ledger", {{"file", ledger}, {"sweep_on_start", false}}},
      // A mistake in this program can cost no more than this: twice what it needs, since sessions overlap.
      {"limits", {{"open_sessions", 2}, {"seconds_per_hour", 7200}}},
  };
}

/// Before the paid time ends another session is opened; the event session.handover_ready brings its room.
void prepare_successor(const akool::client &client, const std::string &session) {
  client.session().handover({{"id", session}}).value();
}

void open(const akool::client &client) {
  const akool::object parameters{{"avatar_id", free_avatar(client)}, {"duration", 600}};
  const std::string session = client.session().create(parameters, {{"tag", "kiosk"}}).value()["/data/_id"].value();
  std::cout << "open: " << session << std::endl;
  prepare_successor(client, session);
}

void hear(const akool::client &client, const akool::event &event) {
  const std::string id = event["/id"].value_or("");
  if (event.type() == AKOOL_EVENT_SESSION_ENDED)
    std::cout << "ended: " << id << " (" << event["/reason"].value_or("") << ")" << std::endl;
  if (event.type() == AKOOL_EVENT_SESSION_HANDOVER_READY) {
    std::cout << "the screen moves to: " << event["/join/room"].value_or("") << std::endl;
    prepare_successor(client, id);
  }
  if (event.type() == AKOOL_EVENT_SESSION_HANDOVER_FAILED) throw std::runtime_error(event["/message"].value_or(""));
}

void run(const char *ledger) {
  const akool::client client = connect(configuration(ledger));
  std::cout << "closed after the last run: " << client.session().sweep().value()["/data/swept"].value() << std::endl;
  open(client);
  while (!interrupted)
    if (const auto event = client.next_event(std::chrono::milliseconds(100)).value()) hear(client, *event);
  std::cout << "closed: " << client.close().value()["/data/closed"].value() << std::endl;
}

}  // namespace

int main(int count, char **arguments) {
  listen_for_interrupts();
  return run_example([count, arguments] { run(count > 1 ? arguments[1] : "kiosk.ledger"); });
}
