/// The lines that tell scripts where the simulator listens.
struct Announcement: Sendable {
  let host: String
  let certificateFile: String?

  func make(port: Int) {
    let scheme = certificateFile == nil ? "http" : "https"
    let address = host.contains(":") ? "[\(host)]" : host
    var lines = "akool-simulator listening on \(scheme)://\(address):\(port)\n"
    if let certificateFile { lines += "ca certificate: \(certificateFile)\n" }
    // Unbuffered, and in one piece, so that a reader of a pipe sees it at once.
    StandardStream.output.write(lines)
  }
}
