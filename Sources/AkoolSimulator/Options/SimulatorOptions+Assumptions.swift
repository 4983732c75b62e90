internal import AkoolCore

extension SimulatorOptions {
  /// Every switch that stands for something nobody has confirmed, with what it means and where it is known from.
  static var assumptions: JSON {
    .array(
      entries.filter { $0.kind == .assumption }.map { entry in
        [
          "name": .string(entry.name), "summary": .string(entry.summary), "source": .string(entry.source),
          "documented": entry.documented, "pessimistic": entry.pessimistic, "schema": entry.schema,
        ]
      })
  }
}
