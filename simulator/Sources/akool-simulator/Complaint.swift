import AkoolCore

/// Why the simulator does not start, in words for the person who typed the command.
struct Complaint: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }

  init(_ error: AkoolError) {
    description = error.hint.map { "\(error.message) (\($0))" } ?? error.message
  }
}
