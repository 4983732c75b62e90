import Testing

@testable import AkoolCore

@Suite(.timeLimit(.minutes(1))) struct ThreadIdentityTests {
  @Test func aThreadThatComesAfterTheLoopsIsNotTakenForIt() throws {
    for _ in 0..<20 {
      let loop = try EventLoop()
      loop.stopAndJoin()
      #expect(try LaterThreads.count { loop.isCurrent } == 0)
    }
  }
}
