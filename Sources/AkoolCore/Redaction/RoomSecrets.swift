/// Credentials of the latest rooms of a client: replies may mention them. Any thread.
///
/// A session that opens costs no more than an append. The pieces are made when a text is searched, once for each room.
final class RoomSecrets: Sendable {
  /// Number of rooms in one generation. The two latest generations are kept.
  private static let generation = 32

  private struct State {
    var unread: [JSON] = []
    var recent: Set<UInt64> = []
    var earlier: Set<UInt64> = []
    /// Number of rooms in `recent`.
    var count = 0
  }

  private let state = Guarded(State())

  func note(_ room: JSON) {
    state.withLock {
      $0.unread.append(room)
      if $0.unread.count > 2 * Self.generation { $0.unread.removeFirst(Self.generation) }
    }
  }

  /// The pieces of each generation.
  var pieces: [Set<UInt64>] {
    state.withLock { state in
      for room in state.unread {
        if state.count == Self.generation { (state.earlier, state.recent, state.count) = (state.recent, [], 0) }
        state.recent.formUnion(Secrets.pieces(namedIn: room))
        state.count += 1
      }
      state.unread = []
      return [state.earlier, state.recent]
    }
  }
}
