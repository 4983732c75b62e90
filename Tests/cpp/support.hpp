// The little that the C++ tests need: TEST(name) { CHECK(...); }. A program runs the one test whose name it is given.
#ifndef AKOOL_TEST_SUPPORT_HPP
#define AKOOL_TEST_SUPPORT_HPP

#include <akool.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <thread>

// For what is never late but on a broken library.
inline constexpr std::chrono::seconds bound{60};

inline std::map<std::string, void (*)()> &all_tests() {
  static std::map<std::string, void (*)()> tests;
  return tests;
}

struct registered {
  registered(const char *name, void (*test)()) { all_tests().emplace(name, test); }
};

#define TEST(name)                                        \
  static void name();                                     \
  static const registered registered_##name{#name, name}; \
  static void name()

inline void failed(const char *file, int line, const std::string &what) {
  std::cerr << file << ":" << line << ": " << what << std::endl;
  std::_Exit(1);
}

template <typename T>
std::string shown(const T &value) {
  std::ostringstream stream;
  stream << std::boolalpha << value;
  return stream.str();
}

inline std::string shown(akool::errc value) { return akool::name(value); }

template <typename T>
std::string shown(const std::optional<T> &value) {
  return value ? shown(*value) : "nothing";
}

#define CHECK(condition)                                                 \
  do {                                                                   \
    if (!(condition)) failed(__FILE__, __LINE__, "not so: " #condition); \
  } while (false)

#define CHECK_EQUAL(actual, expected)                                                             \
  do {                                                                                            \
    const auto is = actual;                                                                       \
    const auto should_be = expected;                                                              \
    if (!(is == should_be))                                                                       \
      failed(__FILE__, __LINE__, #actual " is " + shown(is) + ", should be " + shown(should_be)); \
  } while (false)

/// Looks until it holds, for as long as the bound.
template <typename Condition>
bool eventually(Condition condition) {
  const auto end = std::chrono::steady_clock::now() + bound;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

inline akool::object configuration(const char *world = "simulator:") {
  return {{"base_url", world}, {"environment", false}};
}

inline const char *const avatar = "dvp_Tristan_cloth2_1080P";
inline const char *const no_session = "6698c9d69cf7b0d61d1b6420";

inline akool::json admin(const akool::client &client, const char *method, const std::string &path,
                         const char *body = nullptr) {
  akool::object parameters{{"method", method}, {"path", "/_simulator/" + path}};
  if (body) parameters.set("body", akool::json(body));
  return client.request(parameters).value();
}

inline int open_sessions(const akool::client &client) {
  return admin(client, "GET", "books").get<int>("/data/open_sessions").value_or(-1);
}

/// Requests of an operation are not answered before their time is over.
inline void let_hang(const akool::client &client, const char *operation) {
  const std::string rule =
      std::string(R"({"rules": [{"match": {"operation": ")") + operation + R"("}, "fault": {"hang": true}}]})";
  admin(client, "POST", "faults", rule.c_str());
}

inline int run_tests(int count, char **names) {
  const auto found = count == 2 ? all_tests().find(names[1]) : all_tests().end();
  if (found == all_tests().end()) {
    for (const auto &entry : all_tests()) std::cout << entry.first << "\n";
    return 2;
  }
  found->second();
  return 0;
}

#endif
