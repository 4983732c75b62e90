import Testing

@testable import AkoolCore

@Suite struct RequestURLTests {
  private static let create = "/api/open/v4/liveAvatar/session/create"

  private func target(_ path: String, _ base: String = "https://service.example") throws -> RequestURL {
    let configuration: JSON = ["api_key": "k", "base_url": .string(base), "environment": false]
    return try RequestURL(path, try ConfigurationReader.read(configuration))
  }

  private func refusal(_ path: String, _ base: String = "https://service.example") -> String {
    let error = #expect(throws: AkoolError.self) { try target(path, base) }
    #expect(error?.code == .invalidArgument)
    return error?.message ?? ""
  }

  @Test(arguments: [
    "", "/", "//", "/.", "/x/..", ".", "%2e", "%20", "%00", ";v=1", "?a=1", "%3Fa=1", "%23a", "#a", "?/../..",
  ])
  func path_isRefusedAsPaid_whenSomethingIsBehindIt(_ tail: String) {
    #expect(refusal(Self.create + tail).contains("session.create"))
  }

  @Test(arguments: [
    "//api/open/v4/liveAvatar/session/create", "/api/open/v4/liveAvatar/session//create",
    "/api/open/v4/liveAvatar/session/./create", "/api/open/v4/liveAvatar/session/x/../create",
    "/api/open/v4/liveAvatar/session/x/%2E%2e/create", "/api/open/v4/liveAvatar/session/x//../../create",
    "/api/open/v4/liveAvatar/session%2Fcreate", "/api/open/v4/liveAvatar/session\\create",
    "/api/open/v4/liveAvatar/session%5Ccreate", "/api/open/v4/liveAvatar/session/%2525%36%33reate",
    "/api/open/v4/liveAvatar/session/%2563reate", "/API/open/v4/liveavatar/session/CREATE",
    "/api/open/v3/liveAvatar/session/create", "/../.." + "/api/open/v4/liveAvatar/session/create",
    "/api/open/v4/liveAvatar/session/x;/..;/create",
  ])
  func path_isRefusedAsPaid_whenItIsSpeltInAnotherWay(_ path: String) {
    #expect(refusal(path).contains("session.create"))
  }

  @Test(arguments: [
    ("https://g.example/gateway", "/api/open/v4/liveAvatar/session/create"),
    ("https://g.example/gateway", "/../api/open/v4/liveAvatar/session/create"),
    ("https://g.example/api/open", "/v4/liveAvatar/session/create"),
    ("https://g.example/api/open/v4/liveAvatar/session/create", "?a=1"),
    ("simulator:", "/api/open/v4/liveAvatar/session/create"),
  ])
  func path_isRefusedAsPaid_whenBaseAndPathTogetherArePaid(_ base: String, _ path: String) {
    #expect(refusal(path, base).contains("session.create"))
  }

  @Test(arguments: [
    "@other.example/x", "x:y@other.example/x", ":8443/x", ".evil.test/x", "。evil.test/x", "\\@other.example/x",
    "%2F@other.example/x", "/x y", "/x\r\nx-evil: 1", "/x\0y", "/" + String(repeating: "a", count: 4_096),
  ])
  func path_isRefused_whenTheURLHasAnotherOriginOrIsNone(_ path: String) {
    #expect(refusal(path).unicodeScalars.count < 400)
  }

  @Test(arguments: ["/../x", "/%2e%2e/x", "/..%2Fx", "x"])
  func path_isRefused_whenItLeadsOutOfTheBasePath(_ path: String) {
    #expect(!refusal(path, "https://g.example/gateway").isEmpty)
  }

  @Test(arguments: [
    ("/users/@me", "/users/@me"), ("/a:b@c/d", "/a:b@c/d"), ("/a%2Fb", "/a%2Fb"), ("/.", "/"),
    ("/v2/api/open/v4/liveAvatar/session/create", "/v2/api/open/v4/liveAvatar/session/create"),
    ("/api/open/v4/liveAvatar/session/create/../list", "/api/open/v4/liveAvatar/session/list"),
    ("/api/open/v4/liveAvatar/session/created", "/api/open/v4/liveAvatar/session/created"),
    ("/x/..%2F../session/creates", "/x/..%2F../session/creates"),
  ])
  func path_isSentAsLibcurlNormalisesIt_whenItIsHarmless(_ path: String, _ sent: String) throws {
    #expect(try target(path).path == sent)
  }

  @Test func query_isKept_whenItCameWithThePath() throws {
    let target = try target("/x?next=http://evil.test/", "https://g.example/base")
    #expect(target.path == "/x" && target.query == "next=http://evil.test/")
  }

  @Test func encoding_isRemovedInAllLayers_whenLayersMeet() {
    #expect(PathSpellings.plain("/%%36%33").contains("/c"))
    #expect(PathSpellings.plain("/%" + String(repeating: "25", count: 1_000) + "63") == ["/c"])
  }
}
