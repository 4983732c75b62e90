// Has a text spoken and saves the recording before it is gone: AKOOL keeps generated files for seven days.
//
//   ./save [FOLDER]
//
// A save that broke off goes on where it was when it is asked for again.
#include "connect.hpp"

#include <chrono>
#include <filesystem>
#include <thread>

namespace {

/// The id of a recording that AKOOL is making.
std::string record(const akool::client &client, const std::string &text) {
  const akool::json voices = client.voice().list({{"type", "2"}, {"support_stream", 1}}).value();
  const std::string voice = voices["/data/result/0/voice_id"].value();
  return client.voice().tts({{"input_text", text}, {"voice_id", voice}}).value()["/data/_id"].value();
}

/// Where the recording is, as soon as it is ready.
std::string wait_until_ready(const akool::client &client, const std::string &id) {
  for (;;) {
    const akool::json recording = client.voice().resource_detail({{"_id", id}}).value();
    if (recording["/data/state"] == "ready") return recording["/data/preview"].value();
    if (recording["/data/state"] == "failed") throw std::runtime_error("AKOOL could not make the recording");
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
  }
}

void save(const akool::client &client, const std::string &url, const std::string &folder) {
  akool::request saving = client.async().resource().save({{"url", url}, {"directory", folder}, {"overwrite", true}});
  while (!saving.wait_for(std::chrono::milliseconds(100)))
    for (const akool::event &event : client.events(std::chrono::milliseconds(0)))
      if (event.type() == AKOOL_EVENT_RESOURCE_DOWNLOADING)
        std::cout << "  " << event["/bytes"].value_or("?") << " of " << event["/total"].value_or("?") << " bytes\n";
  const akool::json saved = saving.get().value();
  std::cout << "saved: " << saved["/data/path"].value() << ", " << saved["/data/bytes"].value() << " bytes, SHA-256 "
            << saved["/data/sha256"].value() << "\n";
}

void run(const std::string &folder) {
  std::filesystem::create_directories(folder);
  const akool::object quick{{"simulator", {{"time_scale", 20}}}};
  const akool::client client = connect(is_simulated() ? quick : akool::object());
  const std::string url = wait_until_ready(client, record(client, "Hello from C++!"));
  std::cout << "ready: " << url << "\n";
  save(client, url, folder);
}

}  // namespace

int main(int count, char **arguments) {
  return run_example([count, arguments] { run(count > 1 ? arguments[1] : "recordings"); });
}
