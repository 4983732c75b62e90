internal import AkoolCore
internal import Glibc

extension JSON {
  /// Lends the JSON text to C; inside it U+0000 is an escape, so nothing is cut.
  func withCString(_ body: (UnsafePointer<CChar>) -> Void) {
    guard let text = serializedCString() else { return }
    body(text)
    free(text)
  }
}
