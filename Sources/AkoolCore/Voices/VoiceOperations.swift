/// The operations on voices and on recordings that are made with them.
enum VoiceOperations {
  static let all = [
    list, listV3, detail, delete, clone, textToSpeech, change, resourceList, resourceDetail,
  ]

  private static let listing = Endpoint.get("/api/open/v4/voice/list")
  private static let oldListing = Endpoint.get("/api/open/v3/voice/list")
  private static let reading = Endpoint.get("/api/open/v4/voice/detail/{_id}")
  private static let deletion = Endpoint.post("/api/open/v4/voice/del")
  private static let cloning = Endpoint.post("/api/open/v4/voice/clone")
  private static let speaking = Endpoint.post("/api/open/v4/voice/tts")
  private static let changing = Endpoint.post("/api/open/v4/voice/change")
  private static let recordings = Endpoint.get("/api/open/v4/voice/resource/list")
  private static let recording = Endpoint.get("/api/open/v4/voice/resource/detail/{_id}")
  /// Of the simulator.
  private static let (exampleVoice, exampleID): (JSON, JSON) = ("Xb7hH8MSUJpSbSDYk0k2", "6698c9d69cf7b0d61d1b7001")

  /// Members that the lists of this page have beside their elements.
  private static let place: [Field] = [
    .optional("page", .anyInteger, "Number of the page; absent with all."),
    .optional("size", .anyInteger, "Elements per page; absent with all."),
  ]

  static let list = Operation(
    "voice.list", "Lists voices: yours, or AKOOL's.", endpoint: listing,
    parameters: VoiceSchemas.filters + Paging.fields(defaultSize: 10, maximumSize: nil),
    result: Paging.result(of: VoiceSchemas.voice, place), evidence: .documented("§3.2"),
    example: ["type": "2", "support_stream": 1, "size": 10],
    disagreements: [
      "support_stream is 1 or 2 in the query, true or false in replies: always true or false in replies",
      "tables call type, page and size strings: type is taken as both, page and size as numbers",
      "tables list update_time, samples lack it: it may be absent",
    ],
    check: Paging.check,
    body: { client, call, parameters async throws(AkoolError) -> JSON in
      try await client.list(PagedList(listing, size: 100, VoiceNormaliser.normalise), parameters, call)
    })

  static let listV3 = Operation(
    "voice.list_v3", "Lists voices as AKOOL's older interface has them.", endpoint: oldListing,
    parameters: [.optional("from", .integer(minimum: 3, maximum: 4), "3 AKOOL's, 4 yours; all if absent.")],
    result: Paging.result(of: VoiceSchemas.oldVoice), evidence: .documented("§3.2"), example: ["from": 3],
    disagreements: ["data is a bare array: always {result} here"],
    request: { parameters, _ in oldListing.request(parameters, .safe) },
    body: { client, call, _ async throws(AkoolError) -> JSON in
      try await client.page(call.endpointRequest(), call, VoiceNormaliser.normalise)
    })

  static let detail = Operation(
    "voice.detail", "Reads a voice.", endpoint: reading,
    parameters: [.required("_id", VoiceSchemas.id, "The _id of the voice's record, not its voice_id.")],
    result: VoiceSchemas.voice, evidence: .documented("§3.2"), example: ["_id": exampleID],
    request: { parameters, _ in reading.request(parameters, .safe) },
    body: { client, call, _ async throws(AkoolError) -> JSON in
      try await client.record("voice", call.endpointRequest(), call, VoiceNormaliser.normalise)
    })

  static let delete = Operation(
    "voice.delete", "Deletes voices you cloned. Some may be refused while others are deleted: the reply tells.",
    endpoint: deletion,
    parameters: [.required("_ids", .array(of: VoiceSchemas.id), "The _ids of the voices' records.")],
    result: VoiceSchemas.deletion, safety: .once, evidence: .documented("§3.2"), example: ["_ids": [exampleID]],
    disagreements: [
      "a partial failure has code 1000 and a sentence as msg: read noPermissionVoices",
      "the reference says POST, its samples send DELETE: POST is sent",
    ],
    request: { parameters, _ in deletion.request(parameters, .once) },
    body: { client, call, _ async throws(AkoolError) -> JSON in
      let request = try call.endpointRequest()
      let envelope = try await client.service.send(request, call)
      guard envelope.data.object != nil else {
        throw ReplyFaults.missing("list of what was deleted", request, envelope.data)
      }
      return envelope.data
    })

  static let clone = Operation(
    "voice.clone", "Makes a voice of a recording. It has a voice_id once voice.detail says ready.", endpoint: cloning,
    parameters: VoiceSchemas.cloning, result: VoiceSchemas.clone, safety: .paid, evidence: .documented("§3.2"),
    example: ["source_voice_file": "https://example.com/me.mp3", "name": "My voice"],
    disagreements: ["in July 2025 text was required, later it is not documented: it may be given"],
    request: { parameters, _ in cloning.request(parameters, .paid) },
    body: { client, call, _ async throws(AkoolError) -> JSON in
      try await client.record("voice", call.endpointRequest(), call, VoiceNormaliser.normalise)
    })

  static let textToSpeech = Operation(
    "voice.tts", "Has a text spoken. The recording is ready once voice.resource_detail says so.", endpoint: speaking,
    parameters: SpeechSchemas.speech,
    result: RecordingSchemas.speech, safety: .paid, evidence: .documented("§3.2"),
    example: ["input_text": "Hello!", "voice_id": exampleVoice],
    disagreements: [
      "pitch is in extra_options in the table, beside it in the samples: both places are taken",
      "voice_id is required, but timber_weights count only without it: an empty voice_id is taken with them",
    ],
    check: SpeechSchemas.checkVoice,
    request: { parameters, _ in speaking.request(parameters, .paid) },
    body: { client, call, _ async throws(AkoolError) -> JSON in
      try await client.record("recording", call.endpointRequest(), call, VoiceNormaliser.recording)
    })

  static let change = Operation(
    "voice.change", "Has a recording spoken by another voice. It is ready once voice.resource_detail says so.",
    endpoint: changing,
    parameters: SpeechSchemas.change,
    result: RecordingSchemas.change, safety: .paid, evidence: .documented("§3.2"),
    example: ["voice_id": exampleVoice, "source_voice_file": "https://example.com/me.mp3"],
    request: { parameters, _ in changing.request(parameters, .paid) },
    body: { client, call, _ async throws(AkoolError) -> JSON in
      try await client.record("recording", call.endpointRequest(), call, VoiceNormaliser.recording)
    })

  static let resourceList = Operation(
    "voice.resource_list", "Lists the recordings that voice.tts or voice.change made.", endpoint: recordings,
    parameters: [.required("type", VoiceSchemas.kind, "1 of voice.tts, 2 of voice.change.")]
      + Paging.fields(defaultSize: 10, maximumSize: nil),
    result: Paging.result(of: RecordingSchemas.listed, place), evidence: .documented("§3.2"),
    example: ["type": "1", "size": 10],
    check: Paging.check,
    body: { client, call, parameters async throws(AkoolError) -> JSON in
      try await client.list(PagedList(recordings, size: 100, VoiceNormaliser.normalise), parameters, call)
    })

  static let resourceDetail = Operation(
    "voice.resource_detail", "Reads a recording that voice.tts or voice.change made.", endpoint: recording,
    parameters: [.required("_id", VoiceSchemas.id, "The _id of the recording.")],
    result: RecordingSchemas.detailed, evidence: .documented("§3.2"), example: ["_id": "6698c9d69cf7b0d61d1b7101"],
    disagreements: ["the record is data.result, not data: always the record itself here"],
    request: { parameters, _ in recording.request(parameters, .safe) },
    body: { client, call, _ async throws(AkoolError) -> JSON in
      try await client.record("recording", call.endpointRequest(), call, VoiceNormaliser.recording)
    })
}
