internal import AkoolCore

/// Why a handle leads to nothing.
enum HandleFault: Error, Equatable {
  /// NULL, garbage, destroyed, being destroyed by another thread, or from another copy of the library.
  case unknown
  /// Made before a fork, in the process that forked; its threads are not in this process.
  case forked

  var error: AkoolError {
    switch self {
    case .unknown: return AkoolError(.badHandle, "not the handle of a living client")
    case .forked: return AkoolError(.forked, "the client belongs to the process that forked")
    }
  }
}
