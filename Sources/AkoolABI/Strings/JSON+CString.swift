internal import AkoolCore
internal import Glibc

extension JSON {
  /// Lends the JSON text to C; inside it U+0000 is an escape, so nothing is cut.
  ///
  /// - Returns: False when there is no memory for the text.
  func withCString(_ body: (UnsafePointer<CChar>) -> Void) -> Bool {
    guard let text = serializedCString() else { return false }
    body(text)
    free(text)
    return true
  }
}
