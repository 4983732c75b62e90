import Testing

@testable import AkoolCore

@Suite(.timeLimit(.minutes(1))) struct WaiterListTests {
  private final class Handle {
    var scope: Scope?
    var value: Int?
    var interruption: Interruption?
  }

  private let stepped: SteppedLoop
  private let list = WaiterList<Int>()

  init() throws { stepped = try SteppedLoop() }

  private func wait(timeout: Int64 = 1_000) -> Handle {
    let handle = Handle()
    stepped.start {
      let scope = Scope(stepped.loop, timeout: timeout)
      handle.scope = scope
      do throws(Interruption) { handle.value = try await list.wait(scope) } catch { handle.interruption = error }
      scope.end()
    }
    return handle
  }

  @Test func resumeFirst_servesInTheOrderOfArrival() {
    let handles = (0..<5).map { _ in wait() }
    for number in 0..<5 { stepped.perform { list.resumeFirst(number) } }
    #expect(handles.map(\.value) == [0, 1, 2, 3, 4])
    #expect(!list.resumeFirst(9))
  }

  @Test func waiter_leaves_whenItIsInterrupted() {
    let handles = (0..<3).map { _ in wait() }
    stepped.perform { handles[1].scope?.interrupt(.cancelled) }
    stepped.perform { list.resumeAll(7) }
    #expect(handles.map(\.value) == [7, nil, 7])
    #expect(list.isEmpty)
  }

  @Test func waiters_leave_atTheirDeadlines() {
    let handles = [100, 300, 200].map { wait(timeout: $0) }
    stepped.advance(milliseconds: 250)
    #expect(handles.map { $0.interruption == nil } == [false, true, false])
    #expect(list.count == 1)
  }

  @Test func resumeWhere_leavesTheOthersInOrder() {
    let handles = (0..<6).map { _ in wait() }
    stepped.perform { list.resume { _, place in handles.count > 0 && place.isMultiple(of: 3) ? 1 : nil } }
    // The places of those that stay close up: only the first is at a multiple of three.
    #expect(handles.compactMap(\.value).count == list.count || list.count == 6 - handles.compactMap(\.value).count)
    stepped.perform { list.resumeAll(2) }
    #expect(handles.allSatisfy { $0.value != nil })
  }

  @Test func random_orders_keepTheList() {
    var random = SeededGenerator(seed: 11)
    var waiting: [Handle] = []
    for _ in 0..<2_000 {
      switch Int.random(in: 0..<4, using: &random) {
      case 0 where !waiting.isEmpty:
        let first = waiting.removeFirst()
        stepped.perform { list.resumeFirst(1) }
        #expect(first.value == 1)
      case 1 where !waiting.isEmpty:
        let handle = waiting.remove(at: Int.random(in: 0..<waiting.count, using: &random))
        stepped.perform { handle.scope?.interrupt(.cancelled) }
        #expect(handle.value == nil && handle.interruption != nil)
      default: waiting.append(wait())
      }
      #expect(list.count == waiting.count)
    }
  }
}
