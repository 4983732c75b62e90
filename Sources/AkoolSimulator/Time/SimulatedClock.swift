/// Turns real time into simulated time: scaled, or standing still until it is stepped.
struct SimulatedClock {
  private(set) var scale: Double
  private(set) var isStepped: Bool
  private let source: () -> Int64
  private var realAnchor: Int64
  private var anchor: Milliseconds

  /// - Parameter source: a monotonic clock in milliseconds.
  init(start: Milliseconds, scale: Double, isStepped: Bool, source: @escaping () -> Int64) {
    self.scale = scale
    self.isStepped = isStepped
    self.source = source
    realAnchor = source()
    anchor = start
  }

  var now: Milliseconds {
    guard !isStepped else { return anchor }
    let elapsed = Double(max(0, source() &- realAnchor)) * scale
    return Self.bounded(Double(anchor) + elapsed)
  }

  mutating func advance(by span: Milliseconds) {
    settle()
    anchor = Self.bounded(Double(anchor) + Double(span))
  }

  mutating func run(scale: Double) {
    settle()
    self.scale = scale
    isStepped = false
  }

  mutating func stop() {
    settle()
    isStepped = true
  }

  private mutating func settle() {
    anchor = now
    realAnchor = source()
  }

  private static func bounded(_ time: Double) -> Milliseconds {
    time < Double(Milliseconds.endOfTime) ? Milliseconds(time) : .endOfTime
  }
}
