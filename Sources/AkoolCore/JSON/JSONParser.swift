internal import CJansson

/// Parses JSON text with jansson into `JSON`.
struct JSONParser {
  /// Whose text it is decides what to do where the JSON standard leaves a choice.
  enum Source {
    /// Written by the embedding program: whatever is doubtful is its mistake and is reported.
    case caller
    /// Sent by a server: of duplicate keys the last counts, half a surrogate pair becomes U+FFFD.
    case server
    /// Written by this library: what a server sent, with a few levels of ours around it.
    case library

    var maximumDepth: Int { self == .library ? 72 : 64 }
  }

  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  static func parse(_ text: UnsafeBufferPointer<UInt8>, from source: Source) throws(JSONError) -> JSON {
    let start = text.starts(with: byteOrderMark) ? byteOrderMark.count : 0
    let body = UnsafeBufferPointer(rebasing: text[start...])
    var scanner = JSONScanner(body, maximumDepth: source.maximumDepth)
    try scanner.scan()
    guard let first = scanner.loneSurrogates.first else { return try load(body, source) }
    if source == .caller {
      throw JSONError(message: "half of a UTF-16 surrogate pair; write the whole character", offset: first)
    }
    return try loadRepaired(body, scanner.loneSurrogates)
  }

  private static func loadRepaired(
    _ text: UnsafeBufferPointer<UInt8>, _ surrogates: [Int]
  ) throws(JSONError) -> JSON {
    var repaired = Array(text)
    for offset in surrogates { repaired.replaceSubrange(offset..<offset + 6, with: Array("\\ufffd".utf8)) }
    let outcome = repaired.withUnsafeBufferPointer { bytes in
      Result { () throws(JSONError) in try load(bytes, .server) }
    }
    return try outcome.get()
  }

  private static func load(_ text: UnsafeBufferPointer<UInt8>, _ source: Source) throws(JSONError) -> JSON {
    var flags = Int(JSON_DECODE_ANY | JSON_ALLOW_NUL)
    if source == .caller { flags |= Int(JSON_REJECT_DUPLICATES) }
    var failure = json_error_t()
    guard let base = text.baseAddress, text.count > 0 else {
      throw JSONError(message: "empty text, where JSON was expected", offset: 0)
    }
    let parsed = base.withMemoryRebound(to: CChar.self, capacity: text.count) {
      json_loadb($0, text.count, flags, &failure)
    }
    guard let parsed else { throw JanssonFailure(failure, text).error }
    defer { akool_json_release(parsed) }
    return JanssonReader.value(parsed)
  }
}

extension JSON {
  /// Parses text that the embedding program wrote: duplicate keys and lone surrogates are errors.
  public static func parse(_ text: UnsafeBufferPointer<UInt8>) throws(JSONError) -> JSON {
    try JSONParser.parse(text, from: .caller)
  }

  /// Parses text that this library wrote.
  package static func parse(ownText text: UnsafeBufferPointer<UInt8>) throws(JSONError) -> JSON {
    try JSONParser.parse(text, from: .library)
  }

  /// Parses text that the embedding program wrote.
  public static func parse(_ text: String) throws(JSONError) -> JSON {
    try parse(bytes: Array(text.utf8), from: .caller)
  }

  /// Parses text that a server sent: the last of duplicate keys counts, lone surrogates become U+FFFD.
  public static func parse(serverBytes bytes: [UInt8]) throws(JSONError) -> JSON {
    try parse(bytes: bytes, from: .server)
  }

  private static func parse(bytes: [UInt8], from source: JSONParser.Source) throws(JSONError) -> JSON {
    try bytes.withUnsafeBufferPointer { text in
      Result { () throws(JSONError) in try JSONParser.parse(text, from: source) }
    }.get()
  }
}
