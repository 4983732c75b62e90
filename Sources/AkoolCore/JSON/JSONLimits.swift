/// Bounds of one JSON text. Together with its size they bound the memory and the stack that it takes.
struct JSONLimits {
  let depth: Int
  /// Maximum number of strings, names of members, numbers, booleans and nulls.
  let scalars: Int
  /// Maximum number of objects and arrays.
  let containers: Int

  /// Bounds of texts from servers and from callers.
  static let outside = JSONLimits(depth: 64, scalars: 1_000_000, containers: 100_000)

  /// Bounds of texts that this library wrote: a reply adds a few levels to a server's text, and holds the text twice
  /// with the option `raw`.
  static let own = JSONLimits(depth: 72, scalars: 2_100_000, containers: 210_000)
}
