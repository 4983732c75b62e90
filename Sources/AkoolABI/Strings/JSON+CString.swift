internal import AkoolCore

extension JSON {
  /// Lends the JSON text to C; inside it U+0000 is an escape, so nothing is cut.
  func withCString(_ body: (UnsafePointer<CChar>) -> Void) {
    var bytes = serializedBytes()
    bytes.append(0)
    bytes.withUnsafeBytes { text in
      if let start = text.assumingMemoryBound(to: CChar.self).baseAddress { body(start) }
    }
  }
}
