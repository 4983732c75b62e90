// What the other examples share: a client of the service if there is a key, otherwise of the simulator.
#ifndef CONNECT_HPP
#define CONNECT_HPP

#include <akool.hpp>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>

inline bool is_simulated() { return std::getenv("AKOOL_API_KEY") == nullptr; }

/// Says whose client it is, and makes it.
inline akool::client connect(akool::object configuration = {}) {
  const char *address = std::getenv("AKOOL_BASE_URL");
  if (is_simulated()) {
    std::cout << "SIMULATED: AKOOL_API_KEY is not set, so AKOOL is imitated inside this process; nothing is charged."
              << std::endl;
    configuration.set("base_url", "simulator:");
  } else {
    std::cout << "AKOOL at " << (address ? address : "https://openapi.akool.com") << ": sessions cost credit."
              << std::endl;
  }
  return akool::client(configuration);
}

/// An official avatar that can be used now.
inline std::string free_avatar(const akool::client &client) {
  const akool::json avatars = client.avatar().list({{"all", true}}).value();
  for (const akool::json &avatar : avatars.elements("/data/result"))
    if (avatar.get<int>("/from") == 2 && avatar.get<bool>("/available") == true) return avatar["/avatar_id"].value();
  throw std::runtime_error("no official avatar is available at present");
}

/// Set by Ctrl-C. The handler does nothing else: no function of the library may be called in one.
inline volatile std::sig_atomic_t interrupted = 0;

inline void listen_for_interrupts() {
  std::signal(SIGINT, [](int) { interrupted = 1; });
  std::signal(SIGTERM, [](int) { interrupted = 1; });
}

/// Runs a program and says what went wrong. Returns the exit status.
template <typename Program>
int run_example(Program program) {
  try {
    program();
    return EXIT_SUCCESS;
  } catch (const std::exception &failure) {  // An akool::exception's what() has name, message and hint.
    std::cerr << failure.what() << std::endl;
    return EXIT_FAILURE;
  }
}

#endif
