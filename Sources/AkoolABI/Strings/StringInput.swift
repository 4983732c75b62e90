internal import AkoolCore
internal import Glibc

/// Reads the strings that C hands in. They are used up before the call returns; nothing is kept of them.
enum StringInput {
  /// The JSON of an argument; NULL is an empty object.
  static func json(_ text: UnsafePointer<CChar>?, _ argument: StaticString) throws(AkoolError) -> JSON {
    guard let text else { return .object(JSONObject()) }
    do throws(JSONError) { return try JSON.parse(bytes(of: text)) } catch { throw fault(error, argument) }
  }

  /// JSON that this library has written: it may nest a little deeper than what it takes from outside.
  static func ownJSON(_ text: UnsafePointer<CChar>?) throws(AkoolError) -> JSON {
    guard let text else { throw AkoolError(.invalidArgument, "json is NULL") }
    do throws(JSONError) { return try JSON.parse(ownText: bytes(of: text)) } catch { throw fault(error, "json") }
  }

  private static func fault(_ error: JSONError, _ argument: StaticString) -> AkoolError {
    if error.kind == .outOfMemory { return AkoolError(.localIO, "there is no memory to read \(argument)") }
    return AkoolError(
      .invalidArgument, "\(argument) is not JSON that can be used: \(error.message), at byte \(error.offset)")
  }

  /// The same for arguments whose faults end the request, not the call.
  static func result(_ text: UnsafePointer<CChar>?, _ argument: StaticString) -> Result<JSON, AkoolError> {
    Result { () throws(AkoolError) in try json(text, argument) }
  }

  /// The text of an argument that must be there.
  static func text(_ text: UnsafePointer<CChar>?, _ argument: StaticString) throws(AkoolError) -> String {
    guard let text else { throw AkoolError(.invalidArgument, "\(argument) is NULL") }
    guard let string = String(validatingCString: text) else {
      throw AkoolError(.invalidArgument, "\(argument) is not valid UTF-8")
    }
    return string
  }

  private static func bytes(of text: UnsafePointer<CChar>) -> UnsafeBufferPointer<UInt8> {
    UnsafeRawBufferPointer(start: text, count: strlen(text)).assumingMemoryBound(to: UInt8.self)
  }
}
