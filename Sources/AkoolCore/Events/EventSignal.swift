internal import CLinux
internal import Glibc

/// An eventfd that is readable while events are queued. The mailbox's lock guards it.
final class EventSignal {
  private(set) var descriptor: Int32
  private var isSet = false
  /// True once the host asked for the descriptor: keeping it up to date costs two system calls an event.
  private var isWatched = false
  private var isWanted = false

  init() throws(AkoolError) {
    descriptor = akool_eventfd()
    guard descriptor >= 0 else { throw SystemErrors.noEventDescriptor() }
  }

  deinit { close() }

  /// Closes the descriptor at the end of the client, also where a thread of it goes on.
  func close() {
    isWatched = false
    if descriptor >= 0 { _ = Glibc.close(descriptor) }
    descriptor = -1
  }

  /// Keeps the descriptor up to date from now on.
  func watch() {
    isWatched = true
    apply()
  }

  func set(_ wanted: Bool) {
    isWanted = wanted
    if isWatched { apply() }
  }

  private func apply() {
    guard isWanted != isSet else { return }
    isSet = isWanted
    var value: UInt64 = 1
    if isSet { _ = write(descriptor, &value, 8) } else { _ = read(descriptor, &value, 8) }
  }
}
