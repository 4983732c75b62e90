internal import AkoolCore

/// What goes wrong with one request.
struct Fault: Sendable {
  /// When the connection is reset, seen from the handling of the request.
  enum Reset: String, Sendable, CaseIterable {
    case beforeHandling = "before_handling"
    case afterHandling = "after_handling"
  }

  var delayMilliseconds: Int64 = 0
  var status: Int?
  var headers: [HTTPHeader] = []
  var body: String? { didSet { hasJSONBody = body.map { (try? JSON.parse($0)) != nil } ?? false } }
  private(set) var hasJSONBody = false
  var code: Int64?
  var message: String?
  var truncatedBodyBytes: Int?
  var dripMilliseconds: Int64?
  var reset: Reset?
  /// No reply ever comes, and the connection stays open.
  var isWithheld = false
  /// The request is handled only so long afterwards. The connection is reset, unless there is a reply of the fault.
  var handledLater: Milliseconds?
  /// The request arrives once more, so long afterwards.
  var duplicatedAfter: Milliseconds?
  /// A list answers this page, whichever is asked for.
  var pageNumber: Int?
  /// A page of a list begins so many entries later; below 0 earlier.
  var pageShift = 0
  /// The answer has `data: null`.
  var nullsData = false
  /// Values to put into the answer, by JSON Pointer.
  var changes: [JSONObject.Member] = []
  /// Members to take out of the answer, by JSON Pointer.
  var removals: [String] = []
  /// Success is answered, and nothing done unless the request is also handled later or duplicated.
  var isLost = false
  /// Time after which a session fails that the request or its duplicate opens.
  var sessionFailsAfter: Milliseconds?
  /// Says whether the request is handled, where the other members leave that open.
  var isHandledExplicitly: Bool?
  /// As it was given, for the request log.
  let json: JSON

  /// A fault that replaces the answer keeps the request from being handled, unless `handled` says otherwise.
  var isHandled: Bool {
    if reset == .beforeHandling || handledLater != nil || isLost { return false }
    if reset == .afterHandling { return true }
    return isHandledExplicitly ?? !replacesReply
  }

  var replacesReply: Bool { status != nil || code != nil || body != nil || isLost }

  var delivery: SimulatedDelivery { SimulatedDelivery(delayMilliseconds: delayMilliseconds, form: form) }

  private var form: SimulatedDelivery.Form {
    if isWithheld { return .withheld }
    if reset != nil || (handledLater != nil && !replacesReply) { return .reset }
    if let truncatedBodyBytes { return .truncated(bodyBytes: truncatedBodyBytes) }
    if let dripMilliseconds { return .dripped(millisecondsPerByte: dripMilliseconds) }
    return .complete
  }
}
