import FoundationEssentials
import NIOSSL

/// A certificate authority for one run, with the server's certificate, in a folder of its own.
///
/// Made by the `openssl` command: a certificate library would add half as much again to the build.
struct CertificateAuthority: Sendable {
  private static let lifetimeDays = "30"

  private static let keyName = "ca.key"

  private let folder: TemporaryFolder
  /// Where clients find the authority's certificate (PEM).
  let certificateFile: String
  private let serverCertificateFile: String
  private let serverKeyFile: String

  /// - Parameter names: host names and IP addresses that the server is called by.
  init(names: [String]) throws {
    folder = try TemporaryFolder()
    certificateFile = folder.path("ca.pem")
    serverCertificateFile = folder.path("server.pem")
    serverKeyFile = folder.path("server.key")
    do {
      try makeAuthority()
      try makeServerCertificate(names)
      // Nobody is to sign anything else that a client would trust.
      folder.remove(Self.keyName)
    } catch {
      remove()
      throw error
    }
  }

  /// What the server needs to prove who it is.
  func serverConfiguration() throws -> TLSConfiguration {
    let chain = try NIOSSLCertificate.fromPEMFile(serverCertificateFile).map(NIOSSLCertificateSource.certificate)
    let key = try NIOSSLPrivateKey(file: serverKeyFile, format: .pem)
    return .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
  }

  /// Removes all files; clients that have not read the certificate by then come too late.
  func remove() { folder.remove() }

  private var authorityKeyFile: String { folder.path(Self.keyName) }

  private func makeAuthority() throws {
    try OpenSSL.run(
      [
        "req", "-x509", "-days", Self.lifetimeDays, "-subj", "/CN=akool-simulator throw-away authority",
        "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
        "-out", certificateFile,
      ] + Self.newKey(authorityKeyFile))
  }

  private func makeServerCertificate(_ names: [String]) throws {
    let alternatives = names.map { Self.isAddress($0) ? "IP:\($0)" : "DNS:\($0)" }.joined(separator: ",")
    try OpenSSL.run(
      [
        "req", "-x509", "-days", Self.lifetimeDays, "-subj", "/CN=akool-simulator",
        "-CA", certificateFile, "-CAkey", authorityKeyFile,
        "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "keyUsage=critical,digitalSignature",
        "-addext", "extendedKeyUsage=serverAuth", "-addext", "subjectAltName=\(alternatives)",
        "-out", serverCertificateFile,
      ] + Self.newKey(serverKeyFile))
  }

  private static func newKey(_ file: String) -> [String] {
    ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-keyout", file]
  }

  private static func isAddress(_ name: String) -> Bool {
    name.contains(":") || name.split(separator: ".").allSatisfy { UInt8($0) != nil }
  }
}
