import Testing

@testable import AkoolCore

@Suite struct MailboxStateTests {
  private func withRecords(_ count: Int) -> MailboxState {
    var state = MailboxState(maximumRequests: 100_000, maximumEvents: 10)
    state.logLevel = .debug
    state.logHandler = { _ in }
    for number in 0..<count { state.add(log: .integer(Int64(number)), at: Int64(number)) }
    return state
  }

  private func takeRecords(_ state: inout MailboxState) -> [JSON] {
    var records: [JSON] = []
    while case .log(_, let record)? = state.takeDelivery() { records.append(record) }
    return records
  }

  @Test func logRecords_areCounted_whenTooManyArePending() {
    var state = withRecords(MailboxState.maximumBacklog + 3)
    let records = takeRecords(&state)
    #expect(records.count == MailboxState.maximumBacklog + 1)
    #expect(records.last?["dropped"] == 3 && records.last?["level"] == "warning")
    #expect(records.last?["at"]?.integer == Int64(MailboxState.maximumBacklog))
    state.add(log: "later", at: 0)
    let later = takeRecords(&state)
    #expect(later == ["later"])
  }

  @Test func droppedRecords_areReportedAsError_whenOnlyErrorsAreLogged() {
    var state = withRecords(MailboxState.maximumBacklog + 1)
    state.logLevel = .error
    let records = takeRecords(&state)
    #expect(records.last?["level"] == "error")
  }

  @Test func takeDelivery_skipsRecords_whenLogHandlerIsCleared() throws {
    var state = withRecords(MailboxState.maximumBacklog + 1)
    let request = try state.reserve(.event, tag: nil, deadline: nil, paid: nil)
    let slot = try #require(state.slots[request])
    state.addCallback(.reply(slot, .success([:], meta: [:], raw: nil), { _, _ in }))
    state.logHandler = nil
    let kinds = (0..<2).map { _ in state.takeDelivery()?.kind }
    #expect(kinds == [.reply, nil])
  }

  @Test func deliveries_comeInOrderOfArrival_fromBothQueues() throws {
    var state = withRecords(1)
    state.statusHandler = { _ in }
    state.add(Event(.creditLow, [:]), at: 0)
    state.add(log: "second", at: 0)
    let kinds = (0..<3).map { _ in state.takeDelivery()?.kind }
    #expect(kinds == [.log, .status, .log])
  }

  @Test func slots_giveMemoryBack_whenRequestsEndAfterBurst() throws {
    var state = withRecords(0)
    for _ in 0..<20_000 { _ = try state.reserve(.wait, tag: nil, deadline: nil, paid: nil) }
    for request in 1...UInt64(19_990) {
      let slot = try #require(state.slots[request])
      state.take(slot)
    }
    #expect(state.slots.count == 10 && state.slots.capacity <= 2_048)
    #expect(state.slots.keys.sorted() == Array(19_991...20_000))
  }
}
