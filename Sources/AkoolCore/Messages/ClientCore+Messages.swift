/// Large messages are worked on off the loop; the loop alone has the streams.
extension ClientCore {
  func encodeMessage(_ parameters: JSONObject, _ call: CallContext) async throws(AkoolError) -> JSON {
    let encoder = MessageEncoder(parameters, wallMilliseconds: loop.clock.wallMilliseconds)
    guard encoder.isLarge else { return try encoder.encode(&messages, loop.clock.now, .never) }
    let draft = try await service.offload(call, "cutting a message") { flag in
      Result { () throws(AkoolError) in try encoder.draft(WorkStop(flag: flag)) }
    }.get()
    let times = encoder.times(draft, &messages, loop.clock.now)
    return try await service.offload(call, "writing the frames of a message") { flag in
      Result { () throws(AkoolError) in try encoder.reply(draft, times, WorkStop(flag: flag)) }
    }.get()
  }

  func decodeMessage(_ parameters: JSONObject, _ call: CallContext) async throws(AkoolError) -> JSON {
    let decoder = MessageDecoder(parameters)
    guard decoder.isLarge else { return decoder.items(decoder.frame, &messages, loop.clock.now) }
    let frame = try await service.offload(call, "reading a message") { _ in decoder.frame }
    return decoder.items(frame, &messages, loop.clock.now)
  }
}
