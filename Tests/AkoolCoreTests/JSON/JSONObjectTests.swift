import Testing

@testable import AkoolCore

@Suite(.timeLimit(.minutes(1))) struct JSONObjectTests {
  /// More than can be done in time when each look-up walks the members.
  private static let many = 100_000

  private func large(_ count: Int) -> JSONObject {
    JSONObject((0..<count).map { ("member\($0)", JSON.integer(Int64($0))) })
  }

  @Test func object_isAsSmallAsAnArray() {
    #expect(MemoryLayout<JSONObject>.size == MemoryLayout<[JSON]>.size)
  }

  @Test func object_matchesSimpleList_whenChangedAtRandom() {
    var random = SeededGenerator(seed: 11)
    for pool in [5, 33, 40, 300] {
      var object = JSONObject()
      var reference: [(key: String, value: JSON)] = []
      for step in 0..<3_000 {
        let key = "key\(Int.random(in: 0..<pool, using: &random))"
        let value: JSON? = Int.random(in: 0..<4, using: &random) == 0 ? nil : .integer(Int64(step))
        object[key] = value
        let place = reference.firstIndex { $0.key == key }
        if let place, let value { reference[place].value = value }
        if let place, value == nil { reference.remove(at: place) }
        if place == nil, let value { reference.append((key, value)) }
        #expect(object[key] == value)
      }
      #expect(object.keys == reference.map(\.key))
      #expect(reference.allSatisfy { object[$0.key] == $0.value })
      #expect(object["absent"] == nil)
    }
  }

  @Test func object_isBuiltReadAndMergedInTime_whenItHasManyMembers() {
    var object = large(Self.many)
    #expect((0..<Self.many).allSatisfy { object["member\($0)"] == .integer(Int64($0)) })
    object.merge(JSONObject((0..<Self.many).map { ("member\($0 * 2)", JSON.bool(true)) }))
    #expect(object.count == Self.many * 3 / 2)
    #expect(object["member\(Self.many)"] == true)
    #expect(object["member1"] == 1)
  }

  @Test func objects_areEqual_whenOrderDiffers() throws {
    for count in [3, 32, 33, Self.many] {
      let object = large(count)
      let reversed = JSONObject(object.members.reversed().map { ($0.key, $0.value) })
      #expect(object == reversed)
      var changed = reversed
      changed["member0"] = "other"
      #expect(object != changed)
      changed["member0"] = nil
      changed["other"] = 0
      #expect(object != changed)
      #expect(reversed["member0"] == 0)
    }
  }

  @Test func copy_staysAsItWas_whenOriginalChanges() {
    for count in [1, 32, 33, 200] {
      var object = large(count)
      let copy = object
      object["member0"] = "changed"
      object["new"] = 1
      object["member\(count - 1)"] = nil
      #expect(copy == large(count))
      #expect(copy["new"] == nil)
    }
  }

  @Test func parsedObject_findsEveryMember_whenItHasMany() throws {
    let text = JSON.object(large(1_000)).serialized()
    let parsed = try JSON.parse(text).object ?? JSONObject()
    #expect((0..<1_000).allSatisfy { parsed["member\($0)"] == .integer(Int64($0)) })
    #expect(parsed == large(1_000))
  }

  /// é as one character and as two, and two marks in both orders: the same text in Swift, other names in JSON.
  @Test func names_differ_whenTheirBytesDo() {
    for filler in [0, 100] {
      var object = large(filler)
      for (number, name) in ["\u{E9}", "e\u{301}", "a\u{323}\u{307}", "a\u{307}\u{323}", ""].enumerated() {
        object[name] = .integer(Int64(number))
      }
      #expect(object.count == filler + 5)
      #expect(object["\u{E9}"] == 0)
      #expect(object["e\u{301}"] == 1)
      #expect(object["a\u{323}\u{307}"] == 2)
      #expect(object["a\u{307}\u{323}"] == 3)
      #expect(object[""] == 4)
    }
  }
}
