import Testing

@testable import AkoolCore

@Suite(.timeLimit(.minutes(1))) struct RoomSecretsTests {
  private func token(_ number: Int) -> String { "Zr4Kt9mWd2Vx8Lp5-\(number)-y3Hs6BjTq7Fc1Ga" }

  @Test func tokenOfARoomIsHiddenInErrors() throws {
    let echo = "agora_token secret-token is wrong"
    let test = try TestClient { request, _ in
      if request.url.hasSuffix("/create") { return Answer.session("s1", status: 1) }
      return request.url.hasSuffix("/info") ? Answer.no(1009, echo) : Answer.session("s1", status: 3)
    }
    _ = try test.data("session.create", ["avatar_id": "a"])
    let message = try test.error("account.credit")["message"]?.string ?? ""
    #expect(message.contains("[hidden]") && !message.contains("secret-token"))
    try test.client.destroy()
  }

  @Test func latestRoomsAreKnownWheneverTextsAreSearched() {
    for searchEvery in [1, 7, 1_000] {
      let rooms = RoomSecrets()
      for number in 0..<200 {
        rooms.note(["agora_token": .string(token(number)), "agora_channel": "channel-of-no-secret"])
        if number.isMultiple(of: searchEvery) { _ = rooms.pieces }
      }
      let known = rooms.pieces.reduce(into: Set<UInt64>()) { $0.formUnion($1) }
      for number in 168..<200 {
        #expect(Secrets.pieces(namedIn: ["agora_token": .string(token(number))]).isSubset(of: known))
      }
      #expect(known.isDisjoint(with: Secrets.pieces(namedIn: ["agora_token": "channel-of-no-secret"])))
    }
  }
}
