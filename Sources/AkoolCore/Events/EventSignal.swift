internal import CLinux
internal import Glibc

/// An eventfd that is readable while events wait. The mailbox's lock guards it.
final class EventSignal {
  let descriptor: Int32
  private var isSet = false

  init() throws(AkoolError) {
    descriptor = akool_eventfd()
    guard descriptor >= 0 else {
      throw AkoolError(
        .localIO, "cannot create an event descriptor: \(SystemError.last)",
        hint: "Raise the limit of open files (ulimit -n).", isRetryable: true)
    }
  }

  deinit { close(descriptor) }

  func set(_ wanted: Bool) {
    guard wanted != isSet else { return }
    isSet = wanted
    var value: UInt64 = 1
    if wanted { _ = write(descriptor, &value, 8) } else { _ = read(descriptor, &value, 8) }
  }
}
