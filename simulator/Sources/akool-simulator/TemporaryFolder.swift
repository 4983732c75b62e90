import FoundationEssentials
import Glibc

/// A folder that only this user can read.
struct TemporaryFolder: Sendable {
  private let root: String

  init() throws {
    var template = Array("\(FileManager.default.temporaryDirectory.path)/akool-simulator-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Complaint("cannot make a folder for temporary files") }
    root = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  func path(_ name: String) -> String { "\(root)/\(name)" }

  func remove(_ name: String) { try? FileManager.default.removeItem(atPath: path(name)) }

  func remove() { try? FileManager.default.removeItem(atPath: root) }
}
