import AkoolCore
import Testing

@Suite struct JSONPointerTests {
  let document: JSON = ["a": ["b": [10, ["c": "x"]]], "": 1, "m~n": 2, "o/p": 3, "~1": 4]

  @Test(
    arguments: [
      ("/a/b/0", JSON.integer(10)), ("/a/b/1/c", "x"), ("/", 1), ("/m~0n", 2), ("/o~1p", 3), ("/~01", 4),
    ] as [(String, JSON)])
  func finds(_ pointer: String, _ expected: JSON) { #expect(document.value(at: pointer) == expected) }

  @Test(arguments: [
    "a", "/x", "/a/b/2", "/a/b/-", "/a/b/01", "/a/b/+1", "/a/b/99999999999999999999", "/a/b/0/c", "/a/b/-1",
  ])
  func findsNothing(_ pointer: String) { #expect(document.value(at: pointer) == nil) }

  @Test func emptyPointerIsTheWhole() { #expect(document.value(at: "") == document) }
}
