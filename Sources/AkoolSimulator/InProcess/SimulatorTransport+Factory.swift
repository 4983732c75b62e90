public import AkoolCore

extension SimulatorTransport {
  /// Makes the transport of a client whose base URL begins with `simulator:`, for `Client`'s transport factory.
  ///
  /// ```swift
  /// let client = try Client(
  ///   configuration: ["base_url": "simulator:demo"], transportFactory: SimulatorTransport.make(configuration:loop:))
  /// ```
  ///
  /// - Returns: nil for any other base URL.
  public static func make(
    configuration: Configuration, loop: EventLoop
  ) throws(AkoolError) -> sending (any Transport)? {
    guard configuration.isSimulated else { return nil }
    let world = try WorldRegistry.world(
      named: try name(inBaseURL: configuration.baseURL), options: configuration.simulator)
    return SimulatorTransport(world: world, loop: loop)
  }

  /// `simulator:` and `simulator:NAME`; a path has no place there.
  static func name(inBaseURL url: String) throws(AkoolError) -> String {
    var name = url.dropFirst("simulator:".count)
    if name.hasPrefix("//") { name = name.dropFirst(2) }
    let isValid = name.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "-._".utf8.contains(byte)
    }
    guard isValid else {
      throw AkoolError(
        .invalidArgument,
        "configuration: base_url: the name behind simulator: has other characters than A-Z a-z 0-9 - . _")
    }
    return String(name)
  }
}
