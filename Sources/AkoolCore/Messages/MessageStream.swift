/// What is known of one conversation: the pace of what is sent, acknowledgements that are due, messages on their way in.
/// A hostile peer can make it hold about a megabyte.
struct MessageStream {
  private static let maximumOpen = 64
  private static let maximumUnits = 262_144
  private static let maximumRemembered = 256
  /// When a message of which nothing more comes is given up, in milliseconds.
  private static let idleLimit: Int64 = 30_000

  /// Whose message it is. Both sides may use the same mid.
  private struct Key: Hashable {
    let from: String
    let mid: String
  }

  private struct DueAck {
    let command: String
    let sentAt: Instant
    let dueAt: Instant
  }

  var pacer = SendPacer()
  private var open: [Key: ChatAssembly] = [:]
  /// Messages that are over, the latest last: what still comes of them is late.
  private var over: [Key] = []
  private var acks: [String: DueAck] = [:]

  // MARK: Sending

  mutating func expectAck(_ mid: String, _ command: String, sentAt: Instant, timeout: Int64) {
    if acks.count >= Self.maximumRemembered, let oldest = acks.min(by: { $0.value.dueAt < $1.value.dueAt })?.key {
      acks[oldest] = nil
    }
    acks[mid] = DueAck(command: command, sentAt: sentAt, dueAt: sentAt.adding(milliseconds: timeout))
  }

  // MARK: Receiving

  /// What a frame says.
  mutating func receive(_ frame: MessageFrame, _ now: Instant) -> [JSON] {
    switch frame {
    case .chat(let chat): return receive(chat, now)
    case .ack(let ack): return [acknowledged(ack, now)]
    case .other(let item): return [item]
    }
  }

  /// What has become due without a frame: gaps that did not close, acknowledgements that did not come.
  mutating func overdue(_ now: Instant, gapTimeout: Int64) -> [JSON] {
    var items: [JSON] = []
    for key in open.keys.sorted(by: { ($0.mid, $0.from) < ($1.mid, $1.from) }) {
      guard var chat = open[key] else { continue }
      if chat.lastFrameAt.adding(milliseconds: max(gapTimeout, Self.idleLimit)) <= now {
        chat.giveUp()
      } else if let since = chat.waitingSince, since.adding(milliseconds: gapTimeout) <= now {
        chat.skipGap(now)
      } else {
        continue
      }
      items.append(tell(&chat, key))
    }
    for (mid, ack) in acks.sorted(by: { $0.value.dueAt < $1.value.dueAt }) where ack.dueAt <= now {
      acks[mid] = nil
      items.append([
        "kind": "ack_missing", "mid": .string(mid), "cmd": .string(ack.command),
        "after_ms": .integer(now.milliseconds(after: ack.sentAt)),
      ])
    }
    return items
  }

  private mutating func receive(_ frame: MessageFrame.Chat, _ now: Instant) -> [JSON] {
    let key = Key(from: frame.from, mid: frame.mid)
    guard !over.contains(key) else { return [Self.item("duplicate", key, frame)] }
    var chat = open.removeValue(forKey: key) ?? ChatAssembly(now)
    switch chat.take(frame.units, index: frame.index, isLast: frame.isLast, now) {
    case .taken: break
    case .duplicate:
      open[key] = chat
      return [Self.item("duplicate", key, frame)]
    case .refused(let reason):
      if !chat.isEmpty { open[key] = chat }
      return [MessageFrame.unknown(reason, mid: frame.mid)]
    }
    let item = tell(&chat, key)
    return [item] + makeRoom(except: key)
  }

  private mutating func tell(_ chat: inout ChatAssembly, _ key: Key) -> JSON {
    var item = JSONObject([
      ("kind", "chat"), ("from", .string(key.from)), ("mid", .string(key.mid)), ("text", .string(chat.takeNews())),
      ("complete", .bool(chat.isComplete)),
    ])
    if chat.isComplete {
      item["message"] = .string(SplitText.text(of: chat.units))
      finish(key)
    } else {
      open[key] = chat
    }
    if chat.hasGap { item["gap"] = true }
    return .object(item)
  }

  private mutating func finish(_ key: Key) {
    open[key] = nil
    over.append(key)
    if over.count > Self.maximumRemembered { over.removeFirst() }
  }

  /// Drops what is too much: the largest message, or of too many the one that was quiet for longest.
  private mutating func makeRoom(except key: Key) -> [JSON] {
    var items: [JSON] = []
    while open.values.reduce(0, { $0 + $1.size }) > Self.maximumUnits,
      let largest = open.max(by: { $0.value.size < $1.value.size })?.key
    {
      items.append(drop(largest, "the message is too large"))
    }
    while open.count > Self.maximumOpen,
      let oldest = open.filter({ $0.key != key }).min(by: { $0.value.lastFrameAt < $1.value.lastFrameAt })?.key
    {
      items.append(drop(oldest, "too many messages are incomplete"))
    }
    return items
  }

  private mutating func drop(_ key: Key, _ reason: String) -> JSON {
    finish(key)
    return ["kind": "dropped", "from": .string(key.from), "mid": .string(key.mid), "reason": .string(reason)]
  }

  private mutating func acknowledged(_ ack: MessageFrame.Ack, _ now: Instant) -> JSON {
    var item = JSONObject([
      ("kind", "ack"), ("mid", .string(ack.mid)), ("cmd", .string(ack.command)), ("code", .integer(ack.code)),
      ("ok", .bool(ack.code == AkoolCode.success)),
    ])
    item["msg"] = ack.message.map(JSON.string)
    let due = acks.removeValue(forKey: ack.mid)
    item["expected"] = .bool(due != nil)
    if let due { item["after_ms"] = .integer(now.milliseconds(after: due.sentAt)) }
    return .object(item)
  }

  private static func item(_ kind: String, _ key: Key, _ frame: MessageFrame.Chat) -> JSON {
    var item = JSONObject([("kind", .string(kind)), ("from", .string(key.from)), ("mid", .string(key.mid))])
    item["idx"] = frame.index.map { .integer(Int64($0)) }
    return .object(item)
  }
}

/// The conversations of a client. The one that was quiet for longest makes room for a new one.
struct MessageStreams {
  private static let maximum = 1_024

  private var streams: [String: (stream: MessageStream, used: UInt64)] = [:]
  private var uses: UInt64 = 0

  /// Moves a conversation out, until `keep`. Without a name there is nothing to remember.
  @inline(never)
  mutating func take(_ name: String?) -> MessageStream {
    name.flatMap { streams.removeValue(forKey: $0)?.stream } ?? MessageStream()
  }

  /// Puts a conversation back.
  @inline(never)
  mutating func keep(_ stream: MessageStream, as name: String?) {
    guard let name else { return }
    uses += 1
    streams[name] = (stream, uses)
    if streams.count > Self.maximum, let oldest = streams.min(by: { $0.value.used < $1.value.used })?.key {
      streams[oldest] = nil
    }
  }
}
