public import AkoolCore

/// An amount of credit, exact to a millionth, so that charges and refunds always add up.
public struct Credit: Sendable, Equatable, Comparable {
  /// Millionths of a credit.
  public var micros: Int64

  /// No credit.
  public static let zero = Credit(micros: 0)

  /// An amount in millionths.
  public init(micros: Int64) { self.micros = micros }

  /// The nearest amount. The caller has bounded the number.
  init(credits: Double) { micros = Int64((credits * 1_000_000).rounded()) }

  /// The number of credits as JSON has it: an integer where it is whole.
  public var json: JSON {
    micros % 1_000_000 == 0 ? .integer(micros / 1_000_000) : .number(Double(micros) / 1_000_000)
  }

  /// What a span of time costs at this amount per second; a started millionth counts.
  func price(of span: Milliseconds) -> Credit { Credit(micros: (micros &* span &+ 999) / 1000) }

  /// Smaller amounts come first.
  public static func < (left: Credit, right: Credit) -> Bool { left.micros < right.micros }

  static func + (left: Credit, right: Credit) -> Credit { Credit(micros: left.micros &+ right.micros) }
  static func - (left: Credit, right: Credit) -> Credit { Credit(micros: left.micros &- right.micros) }
  static func += (left: inout Credit, right: Credit) { left = left + right }
  static func -= (left: inout Credit, right: Credit) { left = left - right }
}
