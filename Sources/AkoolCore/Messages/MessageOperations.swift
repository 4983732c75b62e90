/// The operations for what is said in a room. They send nothing: the program's own SDK does.
enum MessageOperations {
  static let all = [encode, decode]

  static let encode = Operation(
    "message.encode", "Makes the frames to send in a session's room, and says when to send each.",
    parameters: MessageSchemas.encoding, result: MessageSchemas.encoded, evidence: .documented("§6"),
    example: ["transport": "agora", "type": "chat", "text": "Hello!"],
    disagreements: [
      "AKOOL's own splitter can cut a character in two: frames are cut between code points here",
      "one sample has the settings in pld.params: they are sent in pld.data",
      "some samples lack mid: every message has one here",
      "the guide sends 950 bytes and 6000 a second, the demo 960 and 5760, or 7680 for trtc: 950 and 6000 here for agora, 960 and 5760 for livekit, 960 and 7680 for trtc",
    ],
    check: check,
    offline: { parameters, stop throws(AkoolError) in
      var streams = MessageStreams()
      let encoder = MessageEncoder(parameters, wallMilliseconds: WallClock.milliseconds)
      return try encoder.encode(&streams, .now, stop)
    },
    body: { client, call, parameters async throws(AkoolError) -> JSON in
      try await client.encodeMessage(parameters, call)
    })

  static let decode = Operation(
    "message.decode", "Reads a frame that came in a session's room. Without a frame it tells what is overdue.",
    parameters: MessageSchemas.decoding, result: MessageSchemas.decoded, evidence: .documented("§6"),
    example: [
      "payload":
        "{\"v\":2,\"type\":\"chat\",\"mid\":\"msg-1\",\"idx\":0,\"fin\":true,\"pld\":{\"from\":\"bot\",\"text\":\"Hello!\"}}"
    ],
    disagreements: [
      "one sample looks for fin in pld: it is read there too",
      "AKOOL's splitter cuts characters in two: the halves are joined here",
      "an acknowledgement is told from a command by its code; early clients waited for a type cmd",
    ],
    check: checkFrame,
    offline: { parameters, _ throws(AkoolError) in
      var streams = MessageStreams()
      let decoder = MessageDecoder(parameters)
      return decoder.items(decoder.frame, &streams, .now)
    },
    body: { client, call, parameters async throws(AkoolError) -> JSON in
      try await client.decodeMessage(parameters, call)
    })

  @Sendable private static func check(_ parameters: JSONObject, _ validator: inout SchemaValidator) {
    let type = parameters["type"]?.string ?? ""
    let needs = ["chat": "text", "set-params": "data", "set-action": "data"][type]
    for name in ["text", "data"] where MessageSchemas.types.contains(type) {
      if name == needs, parameters[name] == nil { validator.report(name, "is required for \(type)") }
      if name != needs, parameters[name] != nil { validator.report(name, "does not go with \(type)") }
    }
    let gestures: Set = ["action", "expression"]
    for key in parameters["data"]?.object?.keys ?? [] where type == "set-params" || type == "set-action" {
      let isGesture = gestures.contains(key)
      if isGesture != (type == "set-action") { validator.report("data.\(key)", "does not go with \(type)") }
    }
    let limits = TransportLimits(parameters["transport"]?.string ?? "", parameters["limits"])
    if limits.bytesPerSecond > 0, limits.bytesPerSecond < limits.frameBytes {
      validator.report(
        "limits.bytes_per_second", "is \(limits.bytesPerSecond), less than the \(limits.frameBytes) bytes of one frame")
    }
  }

  @Sendable private static func checkFrame(_ parameters: JSONObject, _ validator: inout SchemaValidator) {
    switch (parameters["payload"], parameters["payload_base64"]) {
    case (.some, .some): validator.report("payload_base64", "must not be given together with payload")
    case (nil, nil) where parameters["stream"] == nil:
      validator.report("payload", "is required, or payload_base64; only with a stream it can be left out")
    default: break
    }
    if let text = parameters["payload_base64"]?.string, Base64.decode(text) == nil {
      validator.report("payload_base64", "is not base64")
    }
  }
}
