import AkoolCore
import Testing

@Suite struct ResultCodeTests {
  @Test func resultCodesAreTheirNumbers() {
    for (index, entry) in ResultCode.all.enumerated() { #expect(entry.code.rawValue == Int32(index)) }
    #expect(ResultCode(rawValue: 999).name == "UNKNOWN" && ResultCode(rawValue: -1).name == "UNKNOWN")
  }
}
