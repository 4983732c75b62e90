import Testing

@testable import AkoolCore

/// The event stream and its model, which get the same operations.
private struct StreamPair {
  private var state: MailboxState
  private var model: StreamModel
  private var number: Int64 = 0
  /// Replies that may still be in the stream.
  private var replies: [UInt64] = []

  init(maximum: Int) {
    state = MailboxState(maximumRequests: .max, maximumEvents: maximum)
    model = StreamModel(maximum: maximum)
  }

  mutating func add(_ random: inout SeededGenerator) throws {
    switch Int.random(in: 0..<10, using: &random) {
    case 0..<3: addEvent(.callRetrying, .progress(subject: "\(Int.random(in: 0..<4, using: &random))"))
    case 3..<6: addEvent(.sessionStateChanged, .state(subject: "\(Int.random(in: 0..<4, using: &random))"))
    case 6: addEvent(.sessionEnded, .lasting)
    default: try addReply()
    }
  }

  private mutating func addEvent(_ type: EventType, _ importance: Event.Importance) {
    number += 1
    state.add(Event(type, ["number": .integer(number)], importance: importance), at: 0)
    model.add(number, importance)
  }

  private mutating func addReply() throws {
    let request = try state.reserve(.event, tag: nil, deadline: nil, paid: nil)
    let slot = try #require(state.slots[request])
    slot.stage = .replied(.success([:], meta: [:], raw: nil), at: 0)
    state.add(replyOf: slot, at: 0)
    model.add(reply: request)
    replies.append(request)
  }

  /// Takes a reply from the middle, as a waiting thread does.
  mutating func takeReply(_ random: inout SeededGenerator) {
    guard !replies.isEmpty else { return }
    let request = replies.remove(at: Int.random(in: 0..<replies.count, using: &random))
    guard let slot = state.slots[request] else { return }
    state.take(slot)
    model.remove(reply: request)
  }

  /// Takes the first entry. False when there is none.
  mutating func takeFirst() -> Bool {
    let (found, expected) = (StreamOutput(state.takeEvent()), model.take())
    #expect(found == expected)
    return expected != nil
  }
}

@Suite(.timeLimit(.minutes(2))) struct EventStreamModelTests {
  @Test(arguments: 0..<100) func stream_equalsModel_whenOperationsAreRandom(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var pair = StreamPair(maximum: Int.random(in: 1...8, using: &random))
    for _ in 0..<400 {
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<6: try pair.add(&random)
      case 6..<8: pair.takeReply(&random)
      default: _ = pair.takeFirst()
      }
    }
    while pair.takeFirst() {}
  }

  @Test func stream_equalsModel_whenMemoryIsGivenBack() throws {
    var random = SeededGenerator(seed: 1)
    var pair = StreamPair(maximum: 100)
    for _ in 0..<3 {
      for _ in 0..<2_500 { try pair.add(&random) }
      for _ in 0..<700 { pair.takeReply(&random) }
      for _ in 0..<100 { _ = pair.takeFirst() }
    }
    while pair.takeFirst() {}
  }
}
