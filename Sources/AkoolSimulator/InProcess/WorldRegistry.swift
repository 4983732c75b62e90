public import AkoolCore

/// The worlds of this process that have a name. They live as long as the process does.
public enum WorldRegistry {
  private struct Entry {
    let world: SimulatedWorld
    let options: JSON

    func taken(by others: JSON, _ name: String) throws(AkoolError) -> SimulatedWorld {
      guard others == options || others == [:] else {
        throw AkoolError(
          .invalidArgument, "configuration: simulator: \"simulator:\(name)\" runs already, with other options",
          hint: "Give no simulator options, the same ones, or another name.")
      }
      return world
    }
  }

  private static let entries = Locked<[String: Entry]> { [:] }

  /// The world of a name, made with these options by whoever comes first; a new one of its own for an empty name.
  ///
  /// - Parameter options: the configuration's `simulator`. Who comes later gives none, or the same ones.
  public static func world(named name: String, options: JSON) throws(AkoolError) -> SimulatedWorld {
    if name.isEmpty { return SimulatedWorld(options: try SimulatorOptions(inProcess: options)) }
    return try entries.withLock { (entries) throws(AkoolError) in
      if let entry = entries[name] { return try entry.taken(by: options, name) }
      let world = SimulatedWorld(options: try SimulatorOptions(inProcess: options))
      entries[name] = Entry(world: world, options: options)
      return world
    }
  }
}
