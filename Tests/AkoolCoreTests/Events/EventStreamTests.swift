import Testing

@testable import AkoolCore

@Suite struct EventStreamTests {
  private func progress(_ subject: String) -> Event {
    Event(.callRetrying, ["name": .string("progress \(subject)")], importance: .progress(subject: subject))
  }

  private func state(_ subject: String, _ name: String? = nil) -> Event {
    Event(.sessionStateChanged, ["name": .string(name ?? "state \(subject)")], importance: .state(subject: subject))
  }

  private func lasting(_ name: String) -> Event { Event(.sessionEnded, ["name": .string(name)]) }

  private func stream(maximum: Int, _ events: [Event]) -> EventStream {
    var stream = EventStream(maximum: maximum)
    for (number, event) in events.enumerated() { stream.append(event, at: Int64(number), order: UInt64(number)) }
    return stream
  }

  /// The names of events and the sizes of gaps, in order.
  private func contents(_ stream: EventStream) -> [String] {
    var (stream, names) = (stream, [String]())
    while let entry = stream.takeFirst() {
      switch entry.item {
      case .event(let event): names.append(event.members["name"]?.string ?? "")
      case .reply(let slot): names.append("reply \(slot.id)")
      case .gap(let count): names.append("gap \(count)")
      }
    }
    return names
  }

  private func slot(_ id: UInt64) -> RequestSlot { RequestSlot(id, .event, tag: nil, deadline: nil, paid: nil) }

  @Test func fullStream_dropsOldestProgress_beforeOlderState() {
    let full = stream(maximum: 3, [state("a"), progress("b"), progress("c"), state("d")])
    #expect(contents(full) == ["state a", "gap 1", "progress c", "state d"])
  }

  @Test func fullStream_dropsOldestState_whenNoProgressIsLeft() {
    let full = stream(maximum: 2, [lasting("end"), state("a"), state("b")])
    #expect(contents(full) == ["end", "gap 1", "state b"])
  }

  @Test func fullStream_dropsObsoleteState_beforeOlderStateOfOtherSubject() {
    let full = stream(maximum: 2, [state("a"), state("b", "early"), state("b", "late")])
    #expect(contents(full) == ["state a", "gap 1", "late"])
  }

  @Test func fullStream_dropsNewProgress_whenOnlyStatesAreQueued() {
    let full = stream(maximum: 2, [state("a"), state("b"), progress("c"), progress("d")])
    #expect(contents(full) == ["state a", "state b", "gap 2"])
  }

  @Test func fullStream_keepsLastingEvents_beyondItsLimit() {
    let full = stream(maximum: 1, [progress("a"), lasting("one"), lasting("two"), state("b"), lasting("three")])
    #expect(contents(full) == ["gap 1", "one", "two", "gap 1", "three"])
  }

  @Test func gap_hasTimeAndOrderOfFirstDropped_whenNeighboursMerge() throws {
    var full = stream(maximum: 1, [progress("a"), progress("b"), progress("c"), lasting("end")])
    let first = full.takeFirst()
    let gap = try #require(first)
    #expect(gap.at == 0 && gap.order == 0)
    #expect(contents(full) == ["end"])
  }

  @Test func gaps_merge_whenReplyBetweenThemIsTaken() {
    var full = EventStream(maximum: 1)
    let reply = slot(7)
    full.append(progress("a"), at: 0, order: 0)
    full.append(replyOf: reply, at: 1, order: 1)
    full.append(progress("b"), at: 2, order: 2)
    full.append(lasting("end"), at: 3, order: 3)
    #expect(full.count == 4)
    full.remove(reply)
    #expect(contents(full) == ["gap 2", "end"])
  }

  @Test func stream_givesMemoryBack_whenItDrainsAfterBurst() {
    var burst = EventStream(maximum: 10_000)
    let slots = (0..<20_000).map { slot(UInt64($0)) }
    for slot in slots { burst.append(replyOf: slot, at: 0, order: slot.id) }
    for slot in slots.dropLast(10).reversed() { burst.remove(slot) }
    #expect(burst.count == 10 && burst.capacity <= 2_048)
    #expect(contents(burst).first == "reply 19990")
  }
}
