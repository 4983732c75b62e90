// Quick start: opens a live session, shows what a browser or an app joins with, and closes it again.
//
//   c++ -std=c++17 quickstart.cpp $(pkg-config --cflags --libs akool) -o quickstart
//
//   ./quickstart                       simulated inside this process: no account, nothing is charged
//   AKOOL_API_KEY=... ./quickstart     the service itself: a session of 60 seconds, refunded when it is closed
#include <akool.hpp>

#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>

namespace {

bool is_simulated() { return std::getenv("AKOOL_API_KEY") == nullptr; }

void introduce() {
  std::cout
      << (is_simulated()
              ? "SIMULATED: AKOOL_API_KEY is not set, so AKOOL is imitated inside this process; nothing is charged."
              : "REAL: this uses your AKOOL account; a session of 60 seconds is charged, and refunded as far as it "
                "is not used.")
      << std::endl;
}

/// With the ledger file nothing stays open: should this program be killed, its next start closes what it left.
akool::object configuration() {
  akool::object settings{{"ledger", {{"file", "akool.ledger"}}}};
  if (is_simulated()) settings.set("base_url", "simulator:");
  return settings;
}

std::string credit(const akool::client &client) { return client.account().credit().value()["/data/credit"].value(); }

/// An official avatar that can be used now.
std::string free_avatar(const akool::client &client) {
  const akool::json avatars = client.avatar().list({{"all", true}}).value();
  for (const akool::json &avatar : avatars.elements("/data/result"))
    if (avatar.get<int>("/from") == 2 && avatar.get<bool>("/available") == true) return avatar["/avatar_id"].value();
  throw std::runtime_error("no official avatar is available at present");
}

void run() {
  const akool::client client(configuration());
  const std::string before = credit(client);

  const akool::json session = client.session().create({{"avatar_id", free_avatar(client)}, {"duration", 60}}).value();
  std::cout << "A browser or an app joins with: " << session["/data/join"].value() << "\n";

  client.session().close({{"id", session["/data/_id"].value()}}).value();
  std::cout << "The session is closed, and seen to be closed. Credit before: " << before
            << ", after: " << credit(client) << "." << std::endl;
}

}  // namespace

int main() {
  introduce();
  try {
    run();
  } catch (const std::exception &failure) {  // An akool::exception's what() has name, message and hint.
    std::cerr << failure.what() << std::endl;
    return EXIT_FAILURE;
  }
}
