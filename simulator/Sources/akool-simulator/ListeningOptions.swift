import ArgumentParser

/// Address and encryption.
struct ListeningOptions: ParsableArguments {
  @Option(help: "The address to listen on.")
  var host = "127.0.0.1"

  @Option(help: "The TCP port; 0 takes a free one.")
  var port = 8787

  @Flag(help: "Speak TLS (HTTP/1.1 and HTTP/2) with the certificate of a throw-away authority; needs openssl.")
  var tls = false

  @Option(help: ArgumentHelp("A further name for the certificate; may be repeated.", valueName: "name"))
  var tlsName: [String] = []

  /// Everything that a client may call this server by.
  var certificateNames: [String] {
    var seen: Set<String> = []
    return (["localhost", "127.0.0.1", "::1", host] + tlsName).filter { seen.insert($0).inserted }
  }

  func validate() throws {
    guard (0...65_535).contains(port) else { throw ValidationError("--port must be from 0 to 65535, not \(port)") }
  }
}
