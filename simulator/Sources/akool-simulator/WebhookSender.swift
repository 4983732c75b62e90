import AkoolSimulator
import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Posts the webhooks of the service when they are due.
struct WebhookSender: Sendable {
  /// How often to look, in real time.
  private static let pause = Duration.milliseconds(50)
  private static let timeout = TimeAmount.seconds(10)

  let world: SimulatedWorld

  /// Sends until it is cancelled.
  func run() async {
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    // What cannot be reached is tried again as the service does it, not by the client.
    configuration.connectionPool.retryConnectionEstablishment = false
    let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    await withTaskGroup(of: Void.self) { group in
      while !Task.isCancelled {
        for webhook in world.takeDueWebhooks() {
          group.addTask { world.webhook(webhook.number, wasAnswered: await post(webhook, client)) }
        }
        do { try await Task.sleep(for: Self.pause) } catch { break }
      }
    }
    // Nobody is left to hear of a failure.
    try? await client.shutdown()
  }

  /// The status of the answer; nil for none.
  private func post(_ webhook: OutgoingWebhook, _ client: HTTPClient) async -> Int? {
    var request = HTTPClientRequest(url: webhook.url)
    request.method = .POST
    request.headers.add(name: "content-type", value: "application/json")
    request.body = .bytes(ByteBuffer(bytes: webhook.body))
    guard let response = try? await client.execute(request, timeout: Self.timeout) else { return nil }
    return Int(response.status.code)
  }
}
