/// A name for a file that a server's URL suggests, made harmless: it stays inside the directory whatever it was.
enum ResourceName {
  private static let maximumLength = 150

  /// The last part of the path, of plain characters only; `resource` where nothing is left of it.
  static func suggested(by url: String) -> String {
    let path = URLParts(url)?.path ?? ""
    let last = path.split(separator: "/", omittingEmptySubsequences: true).last ?? ""
    var name = String(decoding: last.utf8.map { isPlain($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
    while let first = name.first, first == "." || first == "-" { name.removeFirst() }
    if name.utf8.count > maximumLength { name = String(name.suffix(maximumLength)) }
    return name.isEmpty ? "resource" : name
  }

  /// The same name for the same address in every run and every process, and another one for another address.
  static func unique(for address: String) throws(AkoolError) -> String {
    try AccountKey.digest(address) + "-" + suggested(by: address)
  }

  /// What is wrong with a name that the caller chose, or nil.
  static func fault(_ name: String) -> String? {
    if name == "." || name == ".." { return "must be the name of a file" }
    if name.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == 0 }) {
      return "must be a name only; the folder goes into directory"
    }
    return name.utf8.count > 200 ? "has \(name.utf8.count) bytes, at most 200 are allowed" : nil
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): return true
    default: return false
    }
  }
}
