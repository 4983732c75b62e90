/// Simulated time: milliseconds since 1970, or a span of them.
typealias Milliseconds = Int64

extension Milliseconds {
  /// Whole seconds as milliseconds. Options and parameters are bounded, so that this cannot overflow.
  static func seconds(_ count: Int64) -> Milliseconds { count &* 1000 }

  /// The last instant that the simulator can reach, in 2106: an ObjectId has four bytes for the time.
  static let endOfTime: Milliseconds = 4_294_967_295_000
}
