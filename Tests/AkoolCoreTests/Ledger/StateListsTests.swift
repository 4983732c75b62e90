import Testing

@testable import AkoolCore

@Suite struct StateListsTests {
  @Test(
    arguments: [
      ("a WHERE state IN ('open', 'lost') AND b", "a WHERE (state = 'open' OR state = 'lost') AND b"),
      ("state IN ('x')", "(state = 'x')"), ("state = 'open'", "state = 'open'"), ("state IN ('x'", "state IN ('x'"),
      ("", ""), ("state IN ('a','b') state IN ('c')", "(state = 'a' OR state = 'b') (state = 'c')"),
    ]) func lists_becomeComparisons(_ sql: String, _ expected: String)
  {
    #expect(StateLists.compared(sql) == expected)
  }

  @Test func indexes_serve_whenListsAreComparisons() throws {
    let ledger = try SQLiteLedger(file: nil)
    for table in ["intents", "sessions"] {
      let states = table == "intents" ? "'open', 'lost', 'unknown'" : "'open', 'closing'"
      let plan = try ledger.database.rows(
        "EXPLAIN QUERY PLAN SELECT * FROM \(table) WHERE account = 'a' AND state IN (\(states))"
      ) { $0.text(3) ?? "" }
      #expect(plan.contains { $0.contains("USING INDEX \(table)_open") }, "\(plan)")
    }
  }
}
