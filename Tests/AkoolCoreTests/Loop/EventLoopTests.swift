import Glibc
import Testing

@testable import AkoolCore

@Suite(.timeLimit(.minutes(1))) struct EventLoopTests {
  /// What happens on the loop's thread.
  private final class Diary: @unchecked Sendable {
    // Written on the loop's thread alone, and read after that thread has ended.
    var rounds = 0
    var roundsBeforeTheNext: Int?
  }

  /// A turn that took longer than a timer's interval must not make that timer due for ever.
  @Test func aTimerThatIsSetAnewLetsOthersHaveTheirTurn() throws {
    let loop = try EventLoop()
    let (diary, done) = (Diary(), Gate())
    @Sendable func setAnew() {
      loop.schedule(afterMilliseconds: 1) {
        diary.rounds += 1
        if diary.rounds == 1 {
          loop.post {
            diary.roundsBeforeTheNext = diary.rounds
            done.open()
          }
        }
        if diary.rounds < 1_000 { setAnew() }
      }
    }
    loop.post {
      usleep(20_000)
      setAnew()
    }
    done.wait()
    loop.stopAndJoin()
    #expect(diary.roundsBeforeTheNext == 1)
  }
}
