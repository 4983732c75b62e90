internal import CJansson

/// Parses JSON text with jansson into `JSON`.
struct JSONParser {
  /// The author of a text decides where the JSON standard leaves a choice.
  enum Source {
    /// Written by the embedding program: what is doubtful is its mistake and is reported.
    case caller
    /// Sent by a server: of duplicate keys the last counts, half a surrogate pair becomes U+FFFD.
    case server
    /// Written by this library from what a server sent.
    case library

    var limits: JSONLimits { self == .library ? .own : .outside }
  }

  /// Size of texts whose tree is freed while it is copied, in bytes.
  private static let largeText = 262_144
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private let source: Source
  private let cancel: CancelFlag?

  init(_ source: Source, cancel: CancelFlag? = nil) {
    self.source = source
    self.cancel = cancel
  }

  func parse(_ text: UnsafeBufferPointer<UInt8>) throws(JSONError) -> JSON {
    let start = text.starts(with: Self.byteOrderMark) ? Self.byteOrderMark.count : 0
    let body = UnsafeBufferPointer(rebasing: text[start...])
    var scanner = JSONScanner(body, source.limits, cancel: cancel)
    try scanner.scan()
    let repair = JSONRepair(body, scanner.unreadable)
    guard repair.isNeeded else { return try load(body, repair) }
    if source == .caller, let half = repair.firstHalf {
      throw JSONError("half of a UTF-16 surrogate pair; write the whole character", at: half)
    }
    return try repair.makeCopy().withUnsafeBufferPointer { copy in
      Result { () throws(JSONError) in try load(copy, repair) }
    }.get()
  }

  /// Loads a text or its repaired copy.
  private func load(_ text: UnsafeBufferPointer<UInt8>, _ repair: JSONRepair) throws(JSONError) -> JSON {
    guard let base = text.baseAddress, text.count > 0 else {
      throw JSONError("empty text, where JSON was expected", at: 0)
    }
    var failure = json_error_t()
    let parsed = base.withMemoryRebound(to: CChar.self, capacity: text.count) {
      json_loadb($0, text.count, flags, &failure)
    }
    guard let parsed else { throw JanssonFailure(failure, repair).error }
    defer { akool_json_release(parsed) }
    var reader = JanssonReader(hasMarks: repair.isNeeded, frees: text.count >= Self.largeText, cancel: cancel)
    return try reader.value(parsed)
  }

  private var flags: Int {
    Int(JSON_DECODE_ANY | JSON_ALLOW_NUL) | (source == .caller ? Int(JSON_REJECT_DUPLICATES) : 0)
  }
}

extension JSON {
  /// Parses text that the embedding program wrote: duplicate keys and lone surrogates are errors.
  public static func parse(_ text: UnsafeBufferPointer<UInt8>) throws(JSONError) -> JSON {
    try JSONParser(.caller).parse(text)
  }

  /// Parses text that this library wrote.
  package static func parse(ownText text: UnsafeBufferPointer<UInt8>) throws(JSONError) -> JSON {
    try JSONParser(.library).parse(text)
  }

  /// Parses text that the embedding program wrote.
  public static func parse(_ text: String) throws(JSONError) -> JSON {
    try parse(bytes: Array(text.utf8), with: JSONParser(.caller))
  }

  /// Parses text that a server sent: the last of duplicate keys counts, lone surrogates become U+FFFD.
  ///
  /// A flag that another thread sets ends the parsing early, with an error of the kind `cancelled`.
  public static func parse(serverBytes bytes: [UInt8], cancel: CancelFlag? = nil) throws(JSONError) -> JSON {
    try parse(bytes: bytes, with: JSONParser(.server, cancel: cancel))
  }

  private static func parse(bytes: [UInt8], with parser: JSONParser) throws(JSONError) -> JSON {
    try bytes.withUnsafeBufferPointer { text in
      Result { () throws(JSONError) in try parser.parse(text) }
    }.get()
  }
}
