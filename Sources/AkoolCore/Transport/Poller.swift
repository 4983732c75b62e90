internal import CLinux
internal import Glibc

/// epoll and an eventfd that interrupts it. Only `wake` may be called from other threads.
final class Poller {
  /// Few at a time: with many new TLS connections each one is a handshake's work, and timers wait meanwhile.
  private static let capacity = 16

  private let epoll: Int32
  private let wakeUp: Int32
  private let events: UnsafeMutablePointer<epoll_event>
  private var readyIndices: [Int] = []
  private var watched: Set<Int32> = []

  init() throws(AkoolError) {
    epoll = akool_epoll_create()
    wakeUp = akool_eventfd()
    events = .allocate(capacity: Self.capacity)
    guard epoll >= 0, wakeUp >= 0 else {
      throw AkoolError(
        .localIO, "cannot create an epoll or event descriptor: \(SystemError.last)",
        hint: "Raise the limit of open files (ulimit -n).", isRetryable: true)
    }
    _ = akool_epoll_control(epoll, EPOLL_CTL_ADD, wakeUp, EPOLLIN.rawValue)
  }

  deinit {
    if epoll >= 0 { close(epoll) }
    if wakeUp >= 0 { close(wakeUp) }
    events.deallocate()
  }

  func wake() {
    var one: UInt64 = 1
    _ = write(wakeUp, &one, 8)
  }

  func watch(_ descriptor: Int32, events: UInt32) {
    if events == 0 {
      if watched.remove(descriptor) != nil { _ = akool_epoll_control(epoll, EPOLL_CTL_DEL, descriptor, 0) }
    } else if watched.insert(descriptor).inserted {
      add(descriptor, events)
    } else if akool_epoll_control(epoll, EPOLL_CTL_MOD, descriptor, events) != 0 {
      // The descriptor was closed and its number used again: epoll has forgotten it.
      add(descriptor, events)
    }
  }

  private func add(_ descriptor: Int32, _ events: UInt32) {
    if akool_epoll_control(epoll, EPOLL_CTL_ADD, descriptor, events) != 0 {
      _ = akool_epoll_control(epoll, EPOLL_CTL_MOD, descriptor, events)
    }
  }

  /// Returns how many descriptors are ready, the wake-up not counted. A negative time waits for ever.
  func wait(milliseconds: Int32) -> Int {
    readyIndices.removeAll(keepingCapacity: true)
    let count = epoll_wait(epoll, events, Int32(Self.capacity), milliseconds)
    guard count > 0 else { return 0 }
    for index in 0..<Int(count) {
      if akool_epoll_descriptor(events + index) == wakeUp { drain() } else { readyIndices.append(index) }
    }
    return readyIndices.count
  }

  func event(_ index: Int) -> (descriptor: Int32, events: UInt32) {
    let event = events + readyIndices[index]
    return (akool_epoll_descriptor(event), event.pointee.events)
  }

  private func drain() {
    var count: UInt64 = 0
    _ = read(wakeUp, &count, 8)
  }
}
