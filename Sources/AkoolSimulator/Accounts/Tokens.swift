/// The bearer tokens that are in use.
struct Tokens {
  private struct Token {
    let uid: Int64
    let expiry: Milliseconds
  }

  /// More than anybody needs at a time; the oldest are forgotten beyond it.
  private static let capacity = 100_000

  private var byText: [String: Token] = [:]
  private var inOrder: [String] = []

  mutating func add(_ text: String, uid: Int64, expiry: Milliseconds) {
    if inOrder.count == Self.capacity {
      for text in inOrder.prefix(Self.capacity / 2) { byText[text] = nil }
      inOrder.removeFirst(Self.capacity / 2)
    }
    byText[text] = Token(uid: uid, expiry: expiry)
    inOrder.append(text)
  }

  /// Returns true also for one that has expired.
  func isKnown(_ text: String) -> Bool { byText[text] != nil }

  /// The account of a token that has not expired.
  func uid(_ text: String, at time: Milliseconds) -> Int64? {
    guard let token = byText[text], time < token.expiry else { return nil }
    return token.uid
  }
}
