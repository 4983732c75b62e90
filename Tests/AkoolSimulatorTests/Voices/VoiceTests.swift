import AkoolCore
import Testing

@testable import AkoolSimulator

@Suite struct VoiceTests {
  private func list(_ scene: Scene, _ query: String) -> JSON? {
    scene.send("GET", "/api/open/v4/voice/list?\(query)").data
  }

  @Test func filtersWhatItLists() throws {
    let scene = try Scene()
    #expect(list(scene, "type=2")?["count"] == 7)
    #expect(list(scene, "type=2&support_stream=2")?["count"] == 2)
    #expect(list(scene, "type=2&gender=male")?["count"] == 3)
    #expect(list(scene, "type=2&scenario=News,Advertisement")?["count"] == 4)
    #expect(list(scene, "type=2&name=AD")?["count"] == 1)
    #expect(list(scene, "type=2&page=2&size=5")?["result"]?.array?.count == 2)
    #expect(list(scene, "type=1")?["count"] == 0)
    for wrong in ["", "type=3", "type=2&support_stream=3", "type=2&size=0"] {
      #expect(scene.send("GET", "/api/open/v4/voice/list?\(wrong)").code == 1003)
    }
  }

  @Test func aCloneBecomesReady() throws {
    let scene = try Scene()
    let body: JSON = ["source_voice_file": "https://example.com/me.mp3", "voice_options": ["gender": ["Male"]]]
    let clone = scene.send("POST", "/api/open/v4/voice/clone", body: body).data
    #expect(clone?["status"] == 1 && clone?["voice_id"] == .null && clone?["gender"] == "Male")
    let path = "/api/open/v4/voice/detail/\(clone?["_id"]?.string ?? "")"
    scene.advance(10)
    #expect(scene.send("GET", path).data?["status"] == 2)
    scene.advance(10)
    #expect(scene.send("GET", path).data?["voice_id"]?.string?.hasPrefix("SIMULATED-") == true)
    #expect(list(scene, "type=1")?["count"] == 1)
    #expect(scene.send("GET", "/api/open/v3/voice/list?from=4").data?.array?.count == 1)
  }

  @Test func deletesOnlyOwnClones() throws {
    let scene = try Scene()
    let clone = scene.send("POST", "/api/open/v4/voice/clone", body: ["source_voice_file": "https://a.b/c"])
    let id = JSON.string(clone.text("/data/_id"))
    let reply = scene.send("POST", "/api/open/v4/voice/del", body: ["_ids": [id, "6698c9d69cf7b0d61d1b7001"]])
    #expect(reply.json["msg"] == "Delete voice successfully")
    #expect(reply.data?["successIds"] == [id])
    #expect(reply.data?["noPermissionVoices"]?[0]?["_id"] == "6698c9d69cf7b0d61d1b7001")
    #expect(scene.send("POST", "/api/open/v4/voice/del", body: ["_ids": []]).code == 1003)
    // AKOOL's samples send DELETE.
    let again = scene.send("DELETE", "/api/open/v4/voice/del", body: ["_ids": [id]])
    #expect(again.data?["successIds"] == [] && again.data?["noPermissionVoices"]?[0]?["_id"] == id)
  }

  @Test func speechCostsAndIsReadyLater() throws {
    let scene = try Scene(["credit": 10, "credit_per_1000_characters": 4])
    let text = JSON.string(String(repeating: "é", count: 500))
    let made = scene.send(
      "POST", "/api/open/v4/voice/tts", body: ["input_text": text, "voice_id": "Xb7hH8MSUJpSbSDYk0k2"])
    #expect(made.data?["status"] == 1 && scene.credit == 8)
    let path = "/api/open/v4/voice/resource/detail/\(made.text("/data/_id"))"
    scene.advance(20)
    #expect(scene.send("GET", path).data?["result"]?["preview"]?.string?.hasPrefix("https://") == true)
    #expect(scene.send("GET", "/api/open/v4/voice/resource/list?type=1").data?["count"] == 1)
    #expect(scene.send("GET", "/api/open/v4/voice/resource/list?type=2").data?["count"] == 0)
    #expect(scene.books["recordings"]?[0]?["charged"] == 2)
  }

  @Test func refusesUnknownVoicesLongTextsAndEmptyPurses() throws {
    let scene = try Scene(["credit": 1, "speech_max_characters": 1000])
    func speak(_ text: String, _ voice: String) -> Int64? {
      scene.send("POST", "/api/open/v4/voice/tts", body: ["input_text": .string(text), "voice_id": .string(voice)]).code
    }
    #expect(speak("a", "nobody") == 1008)
    #expect(speak(String(repeating: "a", count: 1001), "Xb7hH8MSUJpSbSDYk0k2") == 1003)
    #expect(speak(String(repeating: "a", count: 1000), "Xb7hH8MSUJpSbSDYk0k2") == 1104)
    #expect(scene.send("GET", "/api/open/v4/voice/resource/detail/none").code == 1014)
    #expect(scene.send("GET", "/api/open/v4/voice/detail/").reply.status == 404)
  }

  @Test func languagesAreListed() throws {
    let languages = try Scene().send("GET", "/api/open/v3/language/list").data?["lang_list"]
    #expect(languages?.array?.contains { $0["lang_code"] == "zh-CN-shandong" } == true)
  }
}
