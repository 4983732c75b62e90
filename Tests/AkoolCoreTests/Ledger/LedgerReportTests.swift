import AkoolCore
import Testing

@Suite(.timeLimit(.minutes(1))) struct LedgerReportTests {
  @Test func theLedgerReportsByDayAvatarTagAndOutcome() throws {
    let scene = try SessionScene(["credits_per_second": 0.5])
    let id = try scene.create(options: ["tag": "lobby"])
    scene.clock.advance(milliseconds: 9_500)
    _ = try scene.test.data("session.close", ["id": .string(id)])
    _ = try scene.create()
    let end = try scene.event("session.ended", within: 1)
    #expect(end?["seconds_used"] == 10 && end?["seconds_refunded"] == 90 && end?["credits_used"]?.double == 5)
    let report = try scene.test.data("ledger.report")
    #expect(report["durable"] == false && report["estimated"] == true)
    let rows = report["rows"]?.array ?? []
    #expect(rows.count == 2)
    let closed = rows.first { $0["outcome"] == "closed" }
    #expect(
      closed == [
        "day": "2026-01-01", "avatar_id": "a", "outcome": "closed", "tag": "lobby", "sessions": 1, "seconds_paid": 100,
        "seconds_used": 10, "seconds_refunded": 90, "seconds_recovered": 0,
      ])
    #expect(report["total"]?["sessions"] == 2 && report["total"]?["seconds_paid"] == 200)
    let later = JSON.integer(scene.clock.wallMilliseconds + 1)
    #expect(try scene.test.data("ledger.report", ["from": later, "to": later])["rows"] == [])
    try scene.test.client.destroy()
  }
}
