// A conversation: message.encode makes the frames to send in the room, message.decode reads those that come.
//
//   ./conversation "What shall the avatar say?"
//
// The frames travel through your RTC SDK (Agora, LiveKit, TRTC). Here the simulated avatar stands in for the room.
#include "connect.hpp"

#include <chrono>
#include <thread>
#include <vector>

namespace {

constexpr const char *transport = "agora";

std::string default_text() {
  std::string text;
  for (int i = 0; i < 60; ++i) text += "Hello! This text is long enough for several frames. ";
  return text;
}

class conversation {
 public:
  explicit conversation(const akool::client &client) : client_(client) {
    const akool::object parameters{
        {"avatar_id", free_avatar(client)}, {"duration", 60}, {"stream_type", transport}, {"mode_type", 1}};
    session_ = client.session().create(parameters).value()["/data/_id"].value();
  }

  /// Sends a message and shows the answers. What belongs together is remembered under the name of the stream.
  void say(const char *type, akool::object message = {}) const {
    message.set("type", type).set("transport", transport).set("stream", session_);
    const auto chunks = client_.message().encode(message).value().elements("/data/chunks");
    std::cout << "sending " << type << " in " << chunks.size() << " frame(s)\n";
    for (const std::string &frame : send_to_room(chunks)) hear(frame);
  }

 private:
  /// Sends frames when each is due, as an RTC SDK's data channel would, and returns what the avatar answers.
  std::vector<std::string> send_to_room(const std::vector<akool::json> &chunks) const {
    const auto begun = std::chrono::steady_clock::now();
    std::vector<std::string> frames, answers;
    for (const akool::json &chunk : chunks) {
      std::this_thread::sleep_until(begun + std::chrono::milliseconds(chunk.get<int>("/send_after_ms").value_or(0)));
      frames.push_back(chunk["/payload"].value());
    }
    const akool::object body{{"id", session_}, {"frames", frames}};
    const auto reply = client_.request({{"method", "POST"}, {"path", "/_simulator/room"}, {"body", body}}).value();
    for (const akool::json &frame : reply.elements("/data/frames")) answers.push_back(frame[""].value());
    return answers;
  }

  void hear(const std::string &frame) const {
    const akool::json decoded = client_.message().decode({{"stream", session_}, {"payload", frame}}).value();
    for (const akool::json &item : decoded.elements("/data/items")) show(item);
  }

  /// Text comes in pieces, then as a whole; commands are acknowledged; the avatar reports what it does.
  static void show(const akool::json &item) {
    const std::string kind = item["/kind"].value_or("");
    if (kind == "chat" && item.get<bool>("/complete") == true)
      std::cout << item["/from"].value_or("") << ": " << item["/message"].value_or("").substr(0, 60)
                << "... complete\n";
    if (kind == "ack") std::cout << item["/cmd"].value_or("") << ": " << item["/msg"].value_or("acknowledged") << "\n";
    if (kind == "event") std::cout << "event: " << item["/event"].value_or("") << "\n";
  }

  const akool::client &client_;
  std::string session_;
};

}  // namespace

int main(int count, char **arguments) {
  return run_example([count, arguments] {
    const akool::client client = connect();
    if (!is_simulated())
      throw std::runtime_error("This example needs the simulated room: run it without AKOOL_API_KEY.");
    const conversation avatar(client);
    avatar.say("set-params", {{"data", {{"mode", 1}, {"lang", "en"}}}});
    avatar.say("chat", {{"text", count > 1 ? arguments[1] : default_text()}});
    avatar.say("interrupt");
  });
}
