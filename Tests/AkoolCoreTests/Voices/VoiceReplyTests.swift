import Testing

@testable import AkoolCore

/// Replies in the shapes of AKOOL's documentation.
@Suite(.timeLimit(.minutes(1))) struct VoiceReplyTests {
  static let voice: JSON = [
    "_id": "66a1a02d591ad336275eda01", "uid": 100_010, "team_id": "team-1", "voice_id": "voice-1", "gender": "Male",
    "language": "Polish", "locale": "pl", "name": "Mine", "preview": "https://example.com/p.mp3",
    "text": "A preview.", "duration": 9_822, "status": 3, "create_time": 1_750_000_000_000,
    "style": ["Authoritative", "Calm"], "scenario": ["Advertisement"], "age": ["Elderly", "Middle"],
    "deduction_credit": 0, "webhookUrl": "", "voice_model_name": "Akool Multilingual 3", "support_stream": true,
  ]

  static let oldVoice: JSON = [
    "_id": "66a1a02d591ad336275eda02", "create_time": 1_750_000_000_000, "uid": 1, "from": 3, "voice_id": "voice-2",
    "gender": "Female", "accent": "american", "name": "Nora", "description": "calm", "useCase": "news", "type": 1,
    "preview": "https://example.com/n.mp3", "__v": 0,
  ]

  static let clone: JSON = [
    "uid": 100_010, "team_id": "team-1", "voice_id": .null, "gender": "Male", "name": "Mine", "preview": .null,
    "text": "A preview.", "duration": 8_064, "status": 1, "create_time": 1_750_000_000_000, "style": ["Calm"],
    "scenario": ["Advertisement"], "age": ["Elderly"], "deduction_credit": 0, "webhookUrl": "",
    "source_voice_file": "https://example.com/me.webm", "_id": "66a1a02d591ad336275eda03",
  ]

  static let speech: JSON = [
    "create_time": 1_750_000_000_000, "uid": 100_010, "team_id": "team-1", "input_text": "Hello.", "preview": .null,
    "status": 1, "webhookUrl": "", "duration": 0, "file_name": "a.mp3", "gender": "Male", "deduction_credit": 1.5,
    "name": "a", "_id": "66a1a02d591ad336275eda04", "voice_model_id": "66a1a02d591ad336275eda01",
    "voice_id": "voice-1",
    "voice_options": [
      "stability": 0.7, "similarity_boost": 0.5, "style": 0.6, "speed": 0.8, "speaker_boost": false,
      "emotion": "happy", "volume": 50,
    ],
  ]

  static let change: JSON = [
    "create_time": 1_750_000_000_000, "uid": 100_010, "team_id": "team-1",
    "source_voice_file": "https://example.com/me.mp3", "preview": .null, "status": 1, "webhookUrl": "",
    "duration": 12_800, "file_name": "me.mp3", "gender": "Female", "deduction_credit": 0.512, "name": "b",
    "_id": "66a1a02d591ad336275eda05", "voice_model_id": "66a1a02d591ad336275eda01", "voice_id": "voice-1",
    "voice_options": ["stability": 0.7, "similarity_boost": 0.5, "style": 0.6, "speaker_boost": false],
  ]

  static let record: JSON = [
    "_id": "66a1a02d591ad336275eda04", "create_time": 1_750_000_000_000, "update_time": 1_750_000_005_000,
    "uid": 100_010, "team_id": "team-1", "rate": "100%", "preview": "https://example.com/a.mp3", "status": 3,
    "webhookUrl": "", "duration": 12_852, "file_name": "a.mp3", "gender": "Female", "deduction_credit": 0.9,
    "name": "a", "input_text": "Hello.", "__v": 0,
  ]

  static let detail: JSON = [
    "_id": "66a1a02d591ad336275eda06", "create_time": 1_750_000_000_000, "update_time": 0, "uid": 100_010,
    "team_id": "team-1", "input_text": "Hello.", "rate": "100%", "status": 1, "webhookUrl": "", "duration": 0,
    "file_name": "c.mp3", "gender": "Male", "deduction_credit": 0.5, "name": "c", "priority": 2,
    "language_code": "pt", "__v": 0, "preview": .null,
  ]

  private static let order: JSON = ["voice_id": "voice-1", "source_voice_file": "https://example.com/me.mp3"]

  @Test(
    arguments: [
      ("voice.list", ["type": "1"], page(voice), page(stated(voice, "ready"))),
      ("voice.list_v3", ["from": 3], [oldVoice], ["result": [oldVoice]]),
      ("voice.detail", ["_id": "a"], voice, stated(voice, "ready")),
      ("voice.clone", ["source_voice_file": "https://example.com/me.webm"], clone, stated(clone, "queueing")),
      ("voice.tts", ["input_text": "Hello.", "voice_id": "voice-1"], speech, stated(speech, "queueing")),
      ("voice.change", order, change, stated(change, "queueing")),
      ("voice.resource_list", ["type": "1"], page(record), page(stated(record, "ready"))),
      ("voice.resource_detail", ["_id": "a"], ["result": detail], stated(detail, "queueing")),
    ] as [(String, JSON, JSON, JSON)])
  func replies_keepEveryDocumentedMember(_ operation: String, _ parameters: JSON, _ data: JSON, _ result: JSON) throws {
    let test = try TestClient { _, _ in Answer.ok(data) }
    let reply = try test.data(operation, parameters)
    #expect(reply == result)
    var validator = SchemaValidator()
    validator.check(reply, try Catalogue.operation(operation).result, at: "data")
    #expect(validator.faults.map(\.message) == [])
    #expect(Self.unlisted(reply, try Catalogue.operation(operation).result) == [])
    try test.client.destroy()
  }

  @Test func deletion_namesWhatWasRefused() throws {
    let refused: JSON = ["_id": "66a1a02d591ad336275eda07", "msg": "not found"]
    let data: JSON = ["successIds": ["66a1a02d591ad336275eda03"], "noPermissionVoices": [refused]]
    var validator = SchemaValidator()
    validator.check(data, try Catalogue.operation("voice.delete").result, at: "data")
    #expect(validator.faults.isEmpty)
  }

  private static func page(_ element: JSON) -> JSON { ["result": [element], "count": 1, "page": 1, "size": 10] }

  private static func stated(_ record: JSON, _ state: String) -> JSON {
    var object = record.object ?? [:]
    object["state"] = .string(state)
    return .object(object)
  }

  /// Members of a value that its schema does not list.
  private static func unlisted(_ value: JSON, _ schema: Schema) -> [String] {
    switch schema {
    case .array(let element, _): return (value.array ?? []).flatMap { unlisted($0, element) }
    case .object(let object):
      return (value.object?.members ?? []).flatMap { name, member in
        object.field(name).map { unlisted(member, $0.schema) } ?? [name]
      }
    default: return []
    }
  }
}
