import AkoolCore
import Testing

@testable import AkoolSimulator

@Suite struct FileTests {
  /// A scene with a recording that is ready, and where its file is.
  private func recorded(_ options: JSON = [:]) throws -> (Scene, path: String) {
    let scene = try Scene(options)
    let body: JSON = ["input_text": "Hello, this is spoken.", "voice_id": "Xb7hH8MSUJpSbSDYk0k2"]
    let id = scene.send("POST", "/api/open/v4/voice/tts", body: body).text("/data/_id")
    scene.advance(20)
    let record = scene.send("GET", "/api/open/v4/voice/resource/detail/\(id)").data?["result"]
    let link = try #require(record?["preview"]?.string)
    #expect(link.hasPrefix(Model.defaultOrigin))
    return (scene, String(link.dropFirst(Model.defaultOrigin.count)))
  }

  private func get(_ scene: Scene, _ path: String, _ headers: (String, String)...) -> Received {
    scene.send("GET", path, headers: headers.map { HTTPHeader($0, $1) })
  }

  @Test func aRecordingIsThereWhenItIsReadyForWhoeverHasTheLink() throws {
    let scene = try Scene()
    let body: JSON = ["input_text": "Hello", "voice_id": "Xb7hH8MSUJpSbSDYk0k2"]
    let id = scene.send("POST", "/api/open/v4/voice/tts", body: body).text("/data/_id")
    #expect(get(scene, "/recording/\(id).mp3").reply.status == 404)
    scene.advance(20)
    let whole = get(scene, "/recording/\(id).mp3")
    #expect(whole.reply.status == 200)
    #expect(whole.header("content-type") == "audio/mpeg" && whole.header("accept-ranges") == "bytes")
    #expect(whole.reply.body.count == 4_800 / 417 * 417 + 417)
    #expect(whole.reply.body.prefix(2) == [0xFF, 0xFB])
    #expect(scene.logLines.last?["operation"] == "file")
  }

  @Test func piecesMakeTheWhole() throws {
    let (scene, path) = try recorded(["recording_bytes": 10_000])
    let whole = get(scene, path).reply.body
    for size in [1, 416, 417, 418, 1_000, 9_999, 20_000] where size > 0 {
      var joined: [UInt8] = []
      while joined.count < whole.count {
        let received = get(scene, path, ("range", "bytes=\(joined.count)-\(joined.count + size - 1)"))
        #expect(received.reply.status == 206)
        let last = min(joined.count + size, whole.count) - 1
        #expect(received.header("content-range") == "bytes \(joined.count)-\(last)/\(whole.count)")
        joined += received.reply.body
        guard size > 100 || joined.count < 2_000 else { break }
      }
      #expect(joined == Array(whole.prefix(joined.count)))
    }
  }

  @Test func otherRangesAreReadAsTheStandardSays() throws {
    let (scene, path) = try recorded(["recording_bytes": 1_000])
    let whole = get(scene, path).reply.body
    #expect(get(scene, path, ("range", "bytes=-100")).reply.body == Array(whole.suffix(100)))
    #expect(get(scene, path, ("range", "bytes=-99999")).reply.body == whole)
    #expect(get(scene, path, ("range", "bytes=1200-")).reply.body == Array(whole.dropFirst(1200)))
    for past in ["bytes=\(whole.count)-", "bytes=99999-999999", "bytes=-0"] {
      let received = get(scene, path, ("range", past))
      #expect(received.reply.status == 416 && received.header("content-range") == "bytes */\(whole.count)")
    }
    for other in ["bytes=5-2", "bytes=a-b", "bytes=0-1,3-4", "pages=1-2", "bytes=-", "bytes=99999999999999999999-"] {
      #expect(get(scene, path, ("range", other)).reply.status == 200)
    }
  }

  @Test func aPartIsOnlyOfTheFileThatItsTagNames() throws {
    let (scene, path) = try recorded()
    let tag = try #require(get(scene, path).header("etag"))
    #expect(get(scene, path, ("range", "bytes=0-9"), ("if-range", tag)).reply.status == 206)
    #expect(get(scene, path, ("range", "bytes=0-9"), ("if-range", "\"another\"")).reply.status == 200)
  }

  @Test func filesOfDifferentRecordingsDiffer() throws {
    let one = GeneratedFile(id: "a", atLeast: 1_000)
    let other = GeneratedFile(id: "b", atLeast: 1_000)
    #expect(one.bytes(0..<one.size) != other.bytes(0..<one.size) && one.tag != other.tag)
    #expect(one.bytes(0..<one.size) == GeneratedFile(id: "a", atLeast: 1_000).bytes(0..<one.size))
    #expect(one.bytes(417..<834) != one.bytes(834..<1_251))
  }

  @Test(
    arguments: [
      ("tts", ["input_text": "Hello, this is spoken.", "extra_options": ["audio_setting": ["format": "wav"]]]),
      ("change", ["source_voice_file": "https://example.com/me.mp3", "voice_options": ["file_format": "wav"]]),
    ] as [(String, JSONObject)])
  func recording_isAWAVFile_whenThatWasOrdered(operation: String, body: JSONObject) throws {
    let scene = try Scene()
    var body = body
    body["voice_id"] = "Xb7hH8MSUJpSbSDYk0k2"
    let id = scene.send("POST", "/api/open/v4/voice/\(operation)", body: .object(body)).text("/data/_id")
    scene.advance(20)
    let link = scene.send("GET", "/api/open/v4/voice/resource/detail/\(id)").text("/data/result/preview")
    #expect(link.hasSuffix("/\(id).wav"))
    let path = String(link.dropFirst(Model.defaultOrigin.count))
    let whole = get(scene, path)
    #expect(whole.reply.status == 200 && whole.header("content-type") == "audio/wav")
    let bytes = whole.reply.body
    #expect(bytes.prefix(4).elementsEqual("RIFF".utf8) && bytes[8..<16].elementsEqual("WAVEfmt ".utf8))
    #expect(number(bytes[4..<8]) == bytes.count - 8 && number(bytes[40..<44]) == bytes.count - 44)
    let seconds = Double(bytes.count - 44) / Double(number(bytes[28..<32]))
    #expect(abs(seconds - (operation == "tts" ? 22 : 100) * 0.06) < 0.02)
    for range in [0..<10, 40..<50, 30..<1_000, 44..<45, 683..<685] {
      let part = get(scene, path, ("range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)"))
      #expect(part.reply.body == Array(bytes[range]))
    }
    #expect(get(scene, path.dropLast(3) + "mp3").reply.status == 404)
  }

  private func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reversed().reduce(0) { $0 << 8 | Int($1) } }

  @Test func theyAreGoneAfterSevenDays() throws {
    let (scene, path) = try recorded()
    scene.advance(7 * 86_400 - 21)
    #expect(get(scene, path).reply.status == 200)
    scene.advance(1)
    let gone = get(scene, path, ("range", "bytes=0-9"))
    #expect(gone.reply.status == 404 && gone.header("content-type") == "application/xml")
    scene.change(["gone_file_status": 403])
    #expect(get(scene, path).reply.status == 403)
  }

  @Test func linksLeadToWhereTheClientFoundTheService() throws {
    let service = SimulatedService(options: try SimulatorOptions(json: ["voice_processing_s": 0]))
    var request = SimulatedRequest(method: "GET", target: "/api/open/v4/voice/list?type=2", headers: Scene.key)
    request.origin = "https://127.0.0.1:8443"
    let voice = Received(service.handle(request)).data?["result"]?[0]
    let preview = try #require(voice?["preview"]?.string)
    #expect(preview.hasPrefix("https://127.0.0.1:8443/voice/"))
    let file = SimulatedRequest(method: "GET", target: String(preview.dropFirst("https://127.0.0.1:8443".count)))
    #expect(service.handle(file).status == 200)
  }

  @Test func faultsMeetFilesToo() throws {
    let (scene, path) = try recorded()
    scene.fault(["operation": "file"], ["http_status": 503])
    #expect(get(scene, path).reply.status == 503)
    scene.fault(["operation": "file"], ["reset": "after_handling"])
    #expect(get(scene, path).reply.delivery.form == .reset)
  }
}
