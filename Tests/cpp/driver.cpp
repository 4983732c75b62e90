// Runs the scenarios of Tests/conformance through this binding: a JSON object per line in, one per line out.
#include <akool.hpp>

#include <cxxabi.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <typeinfo>
#include <vector>

namespace {

using outcome = akool::result<akool::json>;

struct driven {
  std::string name;
  akool::client client;
  std::map<std::uint64_t, akool::request> requests;
};

std::vector<std::unique_ptr<driven>> clients;

std::string class_of(const akool::error &error) {
  try {
    akool::raise(error);
  } catch (const akool::exception &thrown) {
    const std::unique_ptr<char, void (*)(void *)> name(
        abi::__cxa_demangle(typeid(thrown).name(), nullptr, nullptr, nullptr), std::free);
    const std::string whole = name.get();
    return whole.substr(whole.rfind(':') + 1);
  }
}

akool::object answer(const outcome &ended) {
  if (ended) return {{"result", "OK"}, {"reply", *ended}};
  const akool::error error = ended.error();
  const akool::value reply = error.reply().empty() ? akool::value(nullptr) : akool::value(error.reply());
  return {{"result", error.name()}, {"reply", reply}, {"class", class_of(error)}};
}

template <typename T>
akool::object answer_without_reply(const akool::result<T> &ended) {
  if (ended) return {{"result", "OK"}};
  return {{"result", ended.error().name()}, {"class", class_of(ended.error())}};
}

/// A member that is an object; without members where there is none.
akool::object object_at(const akool::json &line, const char *pointer) {
  return line.get<akool::json>(pointer).value_or(akool::json("{}"));
}

std::uint64_t request_in(const akool::json &line) { return line.get<std::uint64_t>("/request").value_or(0); }

std::chrono::milliseconds timeout_in(const akool::json &line) {
  return std::chrono::milliseconds(line.get<std::int64_t>("/timeout_ms").value_or(0));
}

akool::object create(const akool::json &line) {
  akool::result<akool::client> made = akool::client::create(object_at(line, "/config"));
  if (!made) return answer(made.error());
  clients.push_back(std::unique_ptr<driven>(new driven{line["/client"].value_or(""), std::move(made).value(), {}}));
  return {{"result", "OK"}};
}

akool::object call(driven &on, const akool::json &line) {
  return answer(
      on.client.call(line["/operation"].value_or(""), object_at(line, "/params"), object_at(line, "/options")));
}

akool::object submit(driven &on, const akool::json &line) {
  const std::string operation = line["/operation"].value_or("");
  const akool::object parameters = object_at(line, "/params"), options = object_at(line, "/options");
  if (line["/options/reply"] == "event") {
    const auto id = on.client.async(nullptr).call(operation, parameters, options);
    return id ? akool::object{{"result", "OK"}, {"request", *id}} : answer_without_reply(id);
  }
  akool::request request = on.client.async().call(operation, parameters, options);
  const std::uint64_t id = request.id();
  if (id == 0) return answer(request.get());
  on.requests.emplace(id, std::move(request));
  return {{"result", "OK"}, {"request", id}};
}

akool::object wait(driven &on, const akool::json &line) {
  const auto found = on.requests.find(request_in(line));
  if (found == on.requests.end()) return answer(akool::error(akool::errc::not_found));
  if (!found->second.wait_for(timeout_in(line))) return answer(akool::error(akool::errc::timeout));
  const outcome ended = found->second.get();
  on.requests.erase(found);
  return answer(ended);
}

akool::object next_event(driven &on, const akool::json &line) {
  const auto next = on.client.next_event(timeout_in(line));
  if (!next) return answer_without_reply(next);
  return {{"result", "OK"}, {"event", *next ? akool::value(**next) : akool::value(nullptr)}};
}

akool::object answer(const akool::json &line) {
  const std::string what = line["/do"].value_or("");
  if (what == "create") return create(line);
  const auto found = std::find_if(clients.begin(), clients.end(), [&line](const std::unique_ptr<driven> &entry) {
    return entry->name == line["/client"].value_or("");
  });
  if (found == clients.end()) return answer(akool::error(akool::errc::bad_handle));
  driven &on = **found;
  if (what == "call") return call(on, line);
  if (what == "submit") return submit(on, line);
  if (what == "wait") return wait(on, line);
  if (what == "cancel") return answer_without_reply(on.client.cancel(request_in(line)));
  if (what == "next_event") return next_event(on, line);
  if (what != "destroy") return answer(akool::error(akool::errc::invalid_argument));
  clients.erase(found);
  return {{"result", "OK"}};
}

}  // namespace

int main() {
  for (std::string text; std::getline(std::cin, text);) {
    const akool::json line(text);
    akool::object told = answer(line);
    std::cout << told.set("id", akool::json(line["/id"].value_or("null"))).text() << std::endl;
  }
  while (!clients.empty()) clients.pop_back();
}
