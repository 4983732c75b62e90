/// The transfers under way. Adding and removing takes constant time, and no order depends on addresses in memory.
struct RunningTransfers {
  private var handles: [CurlHandle] = []
  private var count: UInt64 = 0

  var isEmpty: Bool { handles.isEmpty }

  /// In the order in which they began.
  var inOrder: [CurlHandle] { handles.sorted { $0.number < $1.number } }

  mutating func add(_ handle: CurlHandle) {
    count += 1
    handle.number = count
    handle.position = handles.count
    handles.append(handle)
  }

  /// Removes a transfer; false when it is not under way.
  mutating func remove(_ handle: CurlHandle) -> Bool {
    guard let position = handle.position else { return false }
    handle.position = nil
    let last = handles.removeLast()
    if last !== handle {
      handles[position] = last
      last.position = position
    }
    return true
  }

  /// The transfer of an easy handle.
  func find(_ easy: UnsafeMutableRawPointer?) -> CurlHandle? { handles.first { $0.easy == easy } }
}
