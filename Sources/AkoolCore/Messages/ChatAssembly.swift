/// One chat message on its way in, whose frames may come out of order, twice, or never.
struct ChatAssembly {
  /// What a frame brought.
  enum Outcome: Equatable {
    case taken
    case duplicate
    /// It cannot belong to the message.
    case refused(String)
  }

  /// The most frames that wait for an earlier one.
  static let maximumWaiting = 1_024

  private(set) var lastFrameAt: Instant
  private(set) var waitingSince: Instant?
  private(set) var hasGap = false
  private(set) var units: [UInt16] = []
  private var waiting: [Int: [UInt16]] = [:]
  private var next = 0
  private var last: Int?
  private var told = 0

  init(_ now: Instant) { lastFrameAt = now }

  private var waitingSize = 0

  /// What the message takes in memory, in UTF-16 units.
  var size: Int { units.count + waitingSize }
  var isEmpty: Bool { next == 0 && waiting.isEmpty }
  var isComplete: Bool { last.map { next > $0 } ?? false }

  /// `index` is nil where the frame does not say: then it is the next.
  mutating func take(_ text: [UInt16], index: Int?, isLast: Bool, _ now: Instant) -> Outcome {
    let index = index ?? next
    if index < next || waiting[index] != nil { return .duplicate }
    if let last, index > last { return .refused("its idx is behind the last one of the message") }
    if isLast, waiting.keys.contains(where: { $0 > index }) {
      return .refused("it calls itself the last of the message, and is not")
    }
    guard waiting.count < Self.maximumWaiting else { return .refused("too many frames wait for an earlier one") }
    lastFrameAt = now
    if isLast { last = index }
    waiting[index] = text
    waitingSize += text.count + 16
    drain(now)
    return .taken
  }

  /// Goes on behind what is missing.
  mutating func skipGap(_ now: Instant) {
    guard let first = waiting.keys.min() else { return }
    next = first
    hasGap = true
    drain(now)
  }

  /// Takes the message as it is.
  mutating func giveUp() {
    while let first = waiting.keys.min() {
      next = first
      drain(lastFrameAt)
    }
    hasGap = true
    last = next - 1
  }

  private mutating func drain(_ now: Instant) {
    while let text = waiting.removeValue(forKey: next) {
      units += text
      waitingSize -= text.count + 16
      next += 1
    }
    waitingSince = waiting.isEmpty ? nil : waitingSince ?? now
  }

  /// What has become readable since the last time. A character of which only the first half is there waits.
  mutating func takeNews() -> String {
    var end = units.count
    if !isComplete, end > told, SplitText.isFirstHalf(units[end - 1]) { end -= 1 }
    defer { told = end }
    return SplitText.text(of: units[told..<end])
  }
}
