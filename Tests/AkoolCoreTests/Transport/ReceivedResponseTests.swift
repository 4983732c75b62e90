import Testing

@testable import AkoolCore

@Suite struct ReceivedResponseTests {
  private func take(_ lines: [String]) -> (ReceivedResponse, isWanted: Bool) {
    var response = ReceivedResponse(maximumBodyBytes: 1_024)
    var isWanted = true
    for line in lines where isWanted {
      isWanted = Array(line.utf8).withUnsafeBytes { response.append(headerLine: $0) }
    }
    return (response, isWanted)
  }

  @Test func headers_areThoseOfTheLastResponse_whenOthersCameBefore() {
    let (response, isWanted) = take([
      "HTTP/1.1 100 Continue\r\n", "date: a\r\n", "\r\n", "HTTP/1.1 200 OK\r\n", "Date:  b \r\n", "\r\n",
    ])
    #expect(isWanted && response.isHeadComplete)
    #expect(response.headers == [HTTPHeader("date", "b")])
  }

  @Test(arguments: ["HTTP/1.1 101 Switching\r\n", "HTTP/1.0 101\r\n"])
  func response_isRefused_whenItsStatusIs101(_ line: String) {
    #expect(take([line]).0.refusal == .switchesProtocol)
  }

  @Test func head_isIncomplete_whenTheEmptyLineHasNotCome() {
    #expect(!take(["HTTP/1.1 200 OK\r\n", "date: a\r\n"]).0.isHeadComplete)
  }

  @Test func response_isRefused_whenItsHeadersAreTooLong() {
    let lines = [String](repeating: "x: " + String(repeating: "a", count: 1_000) + "\r\n", count: 100)
    #expect(take(lines).0.refusal == .tooLarge)
  }

  @Test func response_isRefused_whenItsBodyIsTooLong() {
    var response = ReceivedResponse(maximumBodyBytes: 10)
    let bytes = [UInt8](repeating: 0, count: 11)
    #expect(!bytes.withUnsafeBytes { response.append(body: $0, announced: -1, onWire: 1) })
    #expect(response.refusal == .tooLarge)
  }

  @Test func response_isRefused_whenFewBytesBecomeMany() {
    func take(_ size: Int, onWire: Int64) -> ReceivedResponse.Refusal? {
      var response = ReceivedResponse(maximumBodyBytes: 16_777_216)
      let bytes = [UInt8](repeating: 0, count: 16_384)
      for _ in 0..<size / bytes.count where response.refusal == nil {
        _ = bytes.withUnsafeBytes { response.append(body: $0, announced: -1, onWire: onWire) }
      }
      return response.refusal
    }
    #expect(take(262_144, onWire: 1) == nil)
    #expect(take(327_680, onWire: 1) == .inflated)
    #expect(take(8_388_608, onWire: 41_944) == nil)
    #expect(take(8_388_608, onWire: 41_000) == .inflated)
  }

  @Test func text_isCutToOneShortLine_whenItIsLongOrHasControls() {
    #expect(ShortText.line("a\r\nb") == "a  b")
    #expect(ShortText.line(String(repeating: "é", count: 300)).unicodeScalars.count == 201)
    #expect(ShortText.line("e" + String(repeating: "\u{301}", count: 40_000)).utf8.count <= 803)
    #expect(ShortText.line(String(repeating: "😀", count: 300)).utf8.count <= 803)
  }
}
