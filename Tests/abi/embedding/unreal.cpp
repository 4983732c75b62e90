// Runs the snippet for Unreal: a session is opened, and its reply comes as an event of some frame.
#include "snippet.h"

#include <unistd.h>

int main() {
  FAkoolClient Wrong;
  if (Wrong.Start(FString(TEXT("{\"base_url\": 1}"))) || Wrong.IsTickable()) return 1;

  std::string Reply;
  FAkoolClient Client;
  if (!Client.Start(FString(TEXT("{\"base_url\": \"simulator:\", \"environment\": false}")))) return 2;
  Client.OnEvent = [&Reply](const FString &Event) {
    const std::string Text = Narrow(*Event);
    if (Text.find("\"type\":\"reply\"") != std::string::npos) Reply = Text;
  };
  const FString Parameters(TEXT("{\"avatar_id\": \"dvp_Tristan_cloth2_1080P\", \"duration\": 60}"));
  if (Client.Submit(AKOOL_OP_SESSION_CREATE, Parameters) == 0) return 3;
  // Frames, for half a minute at most.
  for (int Frame = 0; Frame < 3000 && Reply.empty(); ++Frame) {
    Client.Tick(0.01f);
    usleep(10000);
  }
  std::puts(Reply.c_str());
  return Reply.empty() ? 4 : 0;
}
