import AkoolCore
import AkoolSimulator
import Testing

@Suite struct AvatarUploadTests {
  @Test func theRecordHasTheDocumentedMembers() throws {
    let data = try #require(try Scene().createAvatar().data?.object)
    #expect(
      data.keys == [
        "_id", "disabled", "uid", "type", "from", "status", "sort", "create_time", "name", "avatar_id", "url",
        "modify_url", "gender", "thumbnailUrl", "crop_arr",
      ])
    #expect(data["status"] == 1)
    #expect(data["from"] == 3)
    #expect(data["create_time"] == .integer(Scene.start))
    #expect(data["avatar_id"] == "myAvatar")
  }

  @Test func processingTakesItsSimulatedTime() throws {
    let scene = try Scene(["avatar_queue_s": 5, "avatar_processing_s": 30])
    let id = scene.createAvatar().text("/data/_id")
    #expect(scene.avatarStatus(id) == 1)
    scene.advance(4)
    #expect(scene.avatarStatus(id) == 1)
    scene.advance(1)
    #expect(scene.avatarStatus(id) == 2)
    scene.advance(29)
    #expect(scene.avatarStatus(id) == 2)
    scene.advance(1)
    #expect(scene.avatarStatus(id) == 3)
  }

  @Test func aURLCanAskForFailure() throws {
    let scene = try Scene()
    let id = scene.createAvatar(url: "https://example.com/please-fail.mp4").text("/data/_id")
    scene.advance(34)
    #expect(scene.avatarStatus(id) == 2)
    scene.advance(1)
    #expect(scene.avatarStatus(id) == 4)
  }

  @Test func theMarkOfFailureIsAnOption() throws {
    let scene = try Scene(["avatar_failure_mark": ""])
    let id = scene.createAvatar(url: "https://example.com/please-fail.mp4").text("/data/_id")
    scene.advance(35)
    #expect(scene.avatarStatus(id) == 3)
  }

  @Test func aStuckAvatarStaysWhereItIs() throws {
    let scene = try Scene(["stuck_avatar_status": 2])
    let id = scene.createAvatar().text("/data/_id")
    scene.advance(10_000)
    #expect(scene.avatarStatus(id) == 2)
    scene.change(["stuck_avatar_status": 0])
    #expect(scene.avatarStatus(id) == 3)
  }

  @Test func anAvatarIDIsTakenForEver() throws {
    let scene = try Scene()
    #expect(scene.createAvatar("one").code == 1000)
    #expect(scene.createAvatar("one").code == 1222)
    #expect(scene.createAvatar("two").code == 1000)
  }

  @Test func theNumberOfUploadsCanBeLimited() throws {
    let scene = try Scene(["max_uploads": 1])
    #expect(scene.createAvatar("one").code == 1000)
    #expect(scene.createAvatar("two").code == 1223)
  }

  @Test(
    arguments: [
      ["url": .null], ["url": ""], ["url": "example.com/me.mp4"], ["url": "ftp://example.com/me.mp4"],
      ["url": "https://"], ["url": 7], ["avatar_id": .null], ["avatar_id": "dvp_Tristan"], ["avatar_id": "a-b"],
      ["avatar_id": "é"], ["type": .null], ["type": 3], ["type": "3"], ["type": true], ["url_from": .null],
      ["url_from": 0], ["url_from": 3], ["name": 5],
    ] as [JSON])
  func aWrongParameterIs1003(change: JSON) throws {
    let scene = try Scene()
    #expect(scene.createAvatar(change).code == 1003)
    #expect(scene.createAvatar().code == 1000)
  }

  @Test func aBodyThatIsNoJSONObjectIs1003() throws {
    let scene = try Scene()
    for body in ["", "{", "[]", "nonsense"] {
      #expect(scene.send("POST", "/api/open/v3/avatar/create", bytes: Array(body.utf8)).code == 1003)
    }
  }

  @Test func theNameMayBeMissingUnlessTheYAMLCounts() throws {
    let scene = try Scene()
    #expect(scene.createAvatar("one", ["name": .null]).text("/data/name") == "one")
    scene.change(["avatar_name_required": true])
    #expect(scene.createAvatar("two", ["name": .null]).code == 1003)
  }

  @Test func numbersMayBeStringsAsTheTablesHaveIt() throws {
    let scene = try Scene()
    #expect(scene.createAvatar("one", ["type": "2", "url_from": "1"]).json.value(at: "/data/type") == 2)
    scene.change(["avatar_type_text_accepted": false])
    #expect(scene.createAvatar("two", ["type": "2"]).code == 1003)
  }

  @Test func theAnswerCanBeAnArray() throws {
    let scene = try Scene(["avatar_create_shape": "array"])
    #expect(scene.createAvatar().text("/data/0/avatar_id") == "myAvatar")
  }

  @Test func whoCannotPayCannotUpload() throws {
    #expect(try Scene(["account_state": "unpaid"]).createAvatar().code == 1103)
    #expect(try Scene(["account_state": "unsubscribed"]).createAvatar().code == 1213)
  }
}

extension Scene {
  fileprivate func createAvatar(_ more: JSON) -> Received {
    createAvatar("myAvatar", url: "https://example.com/me.mp4", more)
  }
}
