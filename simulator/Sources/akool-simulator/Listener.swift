import HummingbirdCore
import HummingbirdHTTP2
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// The listening socket with everything behind it.
struct Listener {
  /// Thousands of clients may connect at once; the kernel cuts this to its own limit.
  private static let backlog = 4096

  let options: ListeningOptions
  let authority: CertificateAuthority?
  let answerer: Answerer
  private let connections = ConnectionTable()

  /// Serves until the process ends.
  func run() async throws {
    let server = try server()
    do {
      try await server.run()
    } catch {
      throw Complaint("cannot listen on \(options.host), port \(options.port): \(error)")
    }
  }

  private func server() throws -> any Service {
    guard let authority else { return server(HTTP1Channel(responder: respond)) }
    let tls = try authority.serverConfiguration()
    return server(try HTTP2UpgradeChannel(tlsConfiguration: tls, responder: respond))
  }

  private func server(_ protocols: some ServerChildChannel) -> any Service {
    let announcement = Announcement(host: options.host, certificateFile: authority?.certificateFile)
    return NumberedChannel(base: protocols, connections: connections).server(
      configuration: ServerConfiguration(
        address: .hostname(options.host, port: options.port), backlog: Self.backlog),
      onServerRunning: { announcement.make(port: $0.localAddress?.port ?? 0) },
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
      logger: Logger(label: "akool-simulator") { _ in SwiftLogNoOpLogHandler() }
    )
  }

  private var respond: HTTPChannelHandler.Responder {
    { [answerer, connections] request, writer, channel in
      guard let connection = connections.connection(of: channel) else { return }
      try await answerer.answer(request, writer, on: connection, channel)
    }
  }
}
