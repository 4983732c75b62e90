import Testing

@testable import AkoolCore

@Suite(.timeLimit(.minutes(1))) struct ResolverTests {
  /// A name service that answers once a test opens `isOpen`.
  private final class SlowService: @unchecked Sendable {
    // `names` is guarded by `lock`.
    private let lock = Lock()
    private var names: [String] = []
    let isOpen = Gate()

    var asked: [String] { lock.withLock { names } }

    func answer(_ name: HostName) -> NameAnswer {
      lock.withLock { names.append(name.text) }
      isOpen.wait()
      return .addresses(["192.0.2.1"])
    }
  }

  /// Counts answers.
  private final class Answers: @unchecked Sendable {
    // `count` is guarded by `lock`.
    private let lock = Lock()
    private var count = 0
    let all: Gate
    private let expected: Int

    init(expecting expected: Int) {
      self.expected = expected
      all = Gate()
    }

    func note() {
      let isLast = lock.withLock {
        count += 1
        return count == expected
      }
      if isLast { all.open() }
    }

    var received: Int { lock.withLock { count } }
  }

  private func name(_ text: String) -> HostName { HostName(text: text, family: .any) }

  @Test func lookup_isShared_whenOneNameIsAskedForTwice() throws {
    let (service, answers) = (SlowService(), Answers(expecting: 20))
    let resolver = Resolver(generation: 0) { service.answer($0) }
    for _ in 0..<20 { _ = try resolver.resolve(name("a.test")) { _ in answers.note() } }
    service.isOpen.open()
    answers.all.wait()
    #expect(service.asked == ["a.test"])
  }

  @Test func lookups_takeFourThreads_whenManyNamesAreAskedFor() throws {
    let (service, answers) = (SlowService(), Answers(expecting: 50))
    let resolver = Resolver(generation: 0) { service.answer($0) }
    for number in 0..<50 { _ = try resolver.resolve(name("\(number).test")) { _ in answers.note() } }
    while service.asked.count < Resolver.maximumThreads {}
    #expect(service.asked.count == Resolver.maximumThreads)
    #expect(resolver.queuedCount == 50 - Resolver.maximumThreads)
    service.isOpen.open()
    answers.all.wait()
    #expect(answers.received == 50)
  }

  @Test func nothingIsKept_whenAllWaitsAreCancelled() throws {
    let (service, answers) = (SlowService(), Answers(expecting: 1))
    let resolver = Resolver(generation: 0) { service.answer($0) }
    for number in 0..<1_000 {
      let host = name("\(number).test")
      resolver.cancel(try resolver.resolve(host) { _ in answers.note() }, host)
    }
    #expect(resolver.queuedCount == 0)
    service.isOpen.open()
    _ = try resolver.resolve(name("last.test")) { _ in answers.note() }
    answers.all.wait()
    #expect(answers.received == 1)
    #expect(service.asked.count <= Resolver.maximumThreads + 1)
  }

  @Test func waiter_keepsNothingAlive_whenItIsCancelled() {
    final class Client: Sendable {}
    weak var seen: Client?
    let waiter: NameWaiter
    do {
      let client = Client()
      seen = client
      waiter = NameWaiter { _ in _ = client }
    }
    #expect(seen != nil)
    waiter.cancel()
    #expect(seen == nil)
  }
}
