internal import AkoolCore
internal import Glibc

/// Where a function puts a string for its caller, who frees it with `akool_string_free`.
struct StringOutput {
  private let destination: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?

  /// Sets the caller's pointer to NULL, whatever comes next. NULL: the caller does not want the string.
  init(_ destination: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) {
    self.destination = destination
    destination?.pointee = nil
  }

  /// For functions that would be pointless without.
  func require(_ argument: StaticString) throws(AkoolError) {
    if destination == nil { throw AkoolError(.invalidArgument, "\(argument) is NULL") }
  }

  func put(_ json: JSON) throws(AkoolError) {
    guard let destination else { return }
    guard let text = json.serializedCString() else { throw AkoolError(.localIO, "out of memory") }
    destination.pointee = text
  }

  /// Bytes that hold no NUL.
  func put(bytes: [UInt8]) throws(AkoolError) {
    guard let destination else { return }
    guard let copy = malloc(bytes.count + 1) else { throw AkoolError(.localIO, "out of memory") }
    copy.copyMemory(from: bytes, byteCount: bytes.count)
    copy.storeBytes(of: 0, toByteOffset: bytes.count, as: UInt8.self)
    destination.pointee = copy.assumingMemoryBound(to: CChar.self)
  }
}
