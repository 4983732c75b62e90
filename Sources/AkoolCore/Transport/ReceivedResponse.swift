/// The received parts of one response, each of bounded size.
struct ReceivedResponse {
  /// A response's header lines together are never longer; endless ones end here.
  static let maximumHeaderBytes = 65_536
  /// A server that announces more than it sends takes no more memory than this.
  private static let maximumReserve: Int64 = 1_048_576

  /// Largest body that is not compared with what came over the wire, in bytes.
  private static let smallBody = 262_144
  /// Number of bytes that one compressed byte may stand for. JSON has less than 30.
  static let mostInflation = 200

  /// Why the rest is not wanted.
  enum Refusal {
    case tooLarge
    /// A few bytes become so many that unpacking them would hold the I/O thread.
    case inflated
    /// Status 101: the server speaks another protocol from here on.
    case switchesProtocol
  }

  private let maximumBodyBytes: Int64
  private(set) var body: [UInt8] = []
  private(set) var headers: [HTTPHeader] = []
  private(set) var headerBytes = 0
  /// True once the empty line behind the header lines has come.
  private(set) var isHeadComplete = false
  private(set) var refusal: Refusal?

  init(maximumBodyBytes: Int64) { self.maximumBodyBytes = maximumBodyBytes }

  /// Makes room for another response.
  mutating func reset() {
    self = ReceivedResponse(maximumBodyBytes: maximumBodyBytes)
    // With what Swift adds it stays below the size that malloc keeps at hand for each thread.
    body.reserveCapacity(512)
    headers.reserveCapacity(4)
  }

  var byteCount: Int { headerBytes + body.count }

  /// Takes a part of the body; false when it is refused.
  ///
  /// - Parameters:
  ///   - announced: Length of the whole body, or negative.
  ///   - onWire: Number of bytes that have come, compressed as they are.
  mutating func append(
    body bytes: UnsafeRawBufferPointer, announced: @autoclosure () -> Int64, onWire: @autoclosure () -> Int64
  ) -> Bool {
    let size = body.count + bytes.count
    guard Int64(size) <= maximumBodyBytes else { return refuse(.tooLarge) }
    if size > Self.smallBody, size / Self.mostInflation > max(1, onWire()) { return refuse(.inflated) }
    if body.isEmpty { reserve(announced(), beyond: bytes.count) }
    body.append(contentsOf: bytes)
    return true
  }

  /// A body in several parts gets its memory in one piece: growing to it would take up to three times as much.
  private mutating func reserve(_ announced: Int64, beyond firstPart: Int) {
    let size = min(announced, maximumBodyBytes, Self.maximumReserve)
    if size > Int64(firstPart) { body.reserveCapacity(Int(size)) }
  }

  /// Takes a header line; false when it is refused.
  mutating func append(headerLine bytes: UnsafeRawBufferPointer) -> Bool {
    headerBytes += bytes.count
    guard headerBytes <= Self.maximumHeaderBytes else { return refuse(.tooLarge) }
    // A status line: no header's name begins with "HTTP/".
    if bytes.count > 4, bytes[0] == UInt8(ascii: "H"), bytes[4] == UInt8(ascii: "/") { return begin(bytes) }
    if bytes.count <= 2, bytes.first.map({ $0 == 0x0D || $0 == 0x0A }) == true { isHeadComplete = true }
    if let header = HeaderLine.parse(bytes) { headers.append(header) }
    return true
  }

  private mutating func begin(_ statusLine: UnsafeRawBufferPointer) -> Bool {
    headers.removeAll(keepingCapacity: true)
    isHeadComplete = false
    return HeaderLine.status(statusLine) == 101 ? refuse(.switchesProtocol) : true
  }

  private mutating func refuse(_ reason: Refusal) -> Bool {
    refusal = reason
    return false
  }
}
