import AkoolCore
import AkoolSimulator
import Testing

@Suite struct CredentialTests {
  private func credentials(_ scene: Scene, _ type: String, _ own: JSON = [:]) -> JSONObject? {
    scene.createSession([
      "avatar_id": .string(Scene.avatar), "stream_type": .string(type), "credentials": own,
    ]).data?["credentials"]?.object
  }

  @Test func agoraHasFourMembers() throws {
    let credentials = try #require(credentials(try Scene(), "agora"))
    #expect(credentials.keys == ["agora_uid", "agora_app_id", "agora_channel", "agora_token"])
    #expect(credentials["agora_uid"] == 100_000)
    for name in ["agora_app_id", "agora_channel", "agora_token"] {
      #expect(credentials[name]?.string?.hasPrefix("SIMULATED-") == true, "\(name)")
    }
  }

  @Test func livekitHasFiveMembersAndAJWT() throws {
    let credentials = try #require(credentials(try Scene(["join_token_lifetime_s": 90]), "livekit"))
    #expect(
      credentials.keys == [
        "livekit_url", "livekit_token", "livekit_room_name", "livekit_client_identity", "livekit_server_identity",
      ])
    #expect(credentials["livekit_url"]?.string?.hasPrefix("wss://") == true)
    let parts = credentials["livekit_token"]?.string?.split(separator: ".") ?? []
    try #require(parts.count == 3)
    let claims = try JSON.parse(serverBytes: Base64URL.decode(parts[1]))
    #expect(claims["exp"] == .integer(Scene.start / 1000 + 90))
    #expect(claims["sub"]?.string?.hasPrefix("SIMULATED-") == true)
    #expect(claims.value(at: "/video/room") == credentials["livekit_room_name"])
  }

  @Test func trtcHasTwoSetsOfNames() throws {
    let scene = try Scene(["official_avatars_shared": true])
    let names = try #require(credentials(scene, "trtc"))
    #expect(names.keys == ["trtc_app_id", "trtc_room_id", "trtc_user_id", "trtc_user_sig"])
    scene.change(["trtc_names": "trtc_sdk"])
    let others = try #require(credentials(scene, "trtc"))
    #expect(others.keys == ["trtc_sdk_app_id", "trtc_sdk_room_id", "trtc_sdk_user_id", "trtc_sdk_user_sig"])
    #expect(others["trtc_sdk_app_id"] == 1_400_000_000)
  }

  @Test func everySessionHasItsOwnRoom() throws {
    let scene = try Scene(["official_avatars_shared": true])
    #expect(credentials(scene, "agora")?["agora_channel"] != credentials(scene, "agora")?["agora_channel"])
  }

  static let own: [(String, JSON)] = [
    ("agora", ["agora_uid": 5, "agora_channel": "mine", "agora_token": "t"]),
    ("livekit", ["livekit_url": "wss://example.com", "livekit_token": "t", "livekit_room_name": "mine"]),
    (
      "trtc",
      ["trtc_sdk_app_id": 5, "trtc_sdk_room_id": "mine", "trtc_sdk_user_id": "u", "trtc_sdk_user_sig": "s"]
    ),
  ]

  @Test(arguments: own) func theCallersOwnAreEchoed(type: String, own: JSON) throws {
    let scene = try Scene(["official_avatars_shared": true])
    let echoed = try #require(credentials(scene, type, own))
    #expect(echoed.members.map(\.value) == own.object?.members.map(\.value))
    scene.change(["own_credentials_echoed": false])
    #expect(credentials(scene, type, own) == nil)
  }

  @Test(arguments: own) func theCallersOwnMustBeComplete(type: String, own: JSON) throws {
    let scene = try Scene()
    let required = type == "livekit" ? ["livekit_url", "livekit_token"] : own.object?.keys ?? []
    for name in required {
      for wrong in [nil, "", true] as [JSON?] {
        var lacking = own.object ?? JSONObject()
        lacking[name] = wrong
        #expect(credentials(scene, type, .object(lacking)) == nil, "\(name)")
      }
    }
    #expect(scene.books["charged"] == 0)
  }

  @Test func theyMustBeThoseOfTheStreamType() throws {
    #expect(credentials(try Scene(), "livekit", Self.own[0].1) == nil)
  }

  @Test func onlyDocumentedMembersComeBack() throws {
    let own: JSON = [
      "livekit_url": "wss://example.com", "livekit_token": "t", "audio_input_source": "audio_track", "more": 1,
    ]
    #expect(credentials(try Scene(), "livekit", own)?.keys == ["livekit_url", "livekit_token"])
  }

  @Test func theDecember2024NameIsASwitch() throws {
    let data = try Scene(["credentials_name": "stream_urls"]).createSession().data
    #expect(data?["credentials"] == nil)
    #expect(data?["stream_urls"]?["agora_channel"] != nil)
  }

  @Test func theStreamTypeCanBeAbsent() throws {
    #expect(try Scene(["stream_type_answered": false]).createSession().data?["stream_type"] == nil)
  }

  @Test func anotherClientCanBeInTheSameRoom() throws {
    let scene = try Scene()
    let room: JSON = ["agora_uid": 7, "agora_channel": "my-room", "agora_token": "t"]
    let mine = scene.createSession([
      "avatar_id": .string(Scene.avatar), "stream_type": "agora", "credentials": room,
    ])
    let others = scene.admin("POST", "session", ["avatar_id": "dvp_Emma_agora", "credentials": room])
    #expect(mine.code == 1000 && others["_id"]?.string != nil)
    let rooms = (scene.sessions().data?["result"]?.array ?? []).map { $0["credentials"]?["agora_channel"] }
    #expect(rooms == ["my-room", "my-room"])
  }
}
