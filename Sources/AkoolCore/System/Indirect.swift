/// A value that lies on the heap, so that whatever holds it is as small as a pointer. It stays a value: who
/// changes it gets one of their own.
struct Indirect<Value: Sendable>: Sendable {
  private var box: Box

  private final class Box: Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
  }

  init(_ value: Value) { box = Box(value) }

  var value: Value {
    get { box.value }
    set { box = Box(newValue) }
  }
}
