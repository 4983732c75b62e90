// Hands a session to Agora's native SDK, and moves to the next session when the token is about to expire.
//
//   ./agora
//
// libakool opens the room; the SDK joins it and has the sound and picture. Here a stand-in takes the SDK's place, so
// that the example compiles without it; rtc_engine says what belongs into each function.
#include "connect.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <thread>

namespace {

/// What the SDK joins with: data.join of session.create, join of session.handover_ready.
struct room {
  explicit room(const akool::json &join)
      : app_id(join["/app_id"].value()),
        channel(join["/room"].value()),
        token(join["/token"].value()),
        user_id(join["/user_id"].value()) {}

  std::string app_id, channel, token, user_id;
};

/// What this program needs of an RTC SDK. With Agora's (4.x) it is written with agora::rtc::IRtcEngineEx:
///
///     join    createAgoraRtcEngine, initialize with app_id (once), then
///             joinChannelEx(token, RtcConnection(channel, user_id), options, handler)
///     leave   leaveChannelEx(RtcConnection(channel, user_id))
///     token_will_expire   called by IRtcEngineEventHandlerEx::onTokenPrivilegeWillExpire, some 30 s ahead
class rtc_engine {
 public:
  virtual ~rtc_engine() = default;
  virtual void join(const room &where, std::function<void()> token_will_expire) = 0;
  virtual void leave(const room &where) = 0;
};

/// Takes the SDK's place: its first token expires soon.
class stand_in : public rtc_engine {
 public:
  ~stand_in() override {
    if (sdk_.joinable()) sdk_.join();
  }

  void join(const room &where, std::function<void()> token_will_expire) override {
    std::cout << "joined " << where.channel << std::endl;
    if (!sdk_.joinable()) sdk_ = std::thread(token_will_expire);
  }

  void leave(const room &where) override { std::cout << "left " << where.channel << std::endl; }

 private:
  std::thread sdk_;  // The SDK calls from threads of its own, too.
};

/// One avatar on the screen, in one room after the other.
class show {
 public:
  show(const akool::client &client, rtc_engine &engine) : client_(client), engine_(engine) {}

  void begin() {
    const akool::object parameters{{"avatar_id", free_avatar(client_)}, {"duration", 600}, {"stream_type", "agora"}};
    const akool::json session = client_.session().create(parameters).value();
    enter(session["/data/_id"].value(), session.get<akool::json>("/data/join").value());
  }

  /// In the thread that takes the events.
  void hear(const akool::event &event) {
    if (event.type() == AKOOL_EVENT_SESSION_HANDOVER_READY) move(event);
    if (event.type() == AKOOL_EVENT_SESSION_HANDOVER_FAILED) throw std::runtime_error(event["/message"].value_or(""));
  }

  bool has_moved() const { return moved_; }

 private:
  /// The two rooms overlap, so the picture does not go away. The library closes the old session.
  void move(const akool::event &event) {
    const auto old = rooms_.extract(event["/replaces"].value());
    enter(event["/id"].value(), event.get<akool::json>("/join").value());
    if (!old.empty()) engine_.leave(old.mapped());
    moved_ = true;
  }

  /// AKOOL renews no tokens, so there is nothing to hand to renewToken: another session has to follow. With a lead_ms
  /// that is longer than any session it is opened now.
  void enter(const std::string &session, const akool::json &join) {
    const room &entered = rooms_.emplace(session, room(join)).first->second;
    engine_.join(entered, [async = client_.async(report), session] {  // On a thread of the SDK: nothing may wait here.
      std::cout << "the token expires soon" << std::endl;
      const auto sent = async.session().handover({{"id", session}, {"lead_ms", 3600000}, {"overlap_ms", 0}});
      if (!sent) std::cerr << sent.error() << std::endl;
    });
  }

  static void report(const akool::result<akool::json> &reply) {
    if (!reply) std::cerr << reply.error() << std::endl;
  }

  const akool::client &client_;
  rtc_engine &engine_;
  std::map<std::string, room> rooms_;
  bool moved_ = false;
};

}  // namespace

int main() {
  listen_for_interrupts();
  return run_example([] {
    const akool::client client = connect({{"ledger", {{"file", "agora.ledger"}}}});
    stand_in engine;
    show avatar(client, engine);
    avatar.begin();
    while (!interrupted && !avatar.has_moved())
      if (const auto event = client.next_event(std::chrono::milliseconds(100)).value()) avatar.hear(*event);
  });
}
