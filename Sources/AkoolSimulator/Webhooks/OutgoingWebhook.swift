/// A webhook on its way out, which the HTTP front posts.
public struct OutgoingWebhook: Sendable {
  /// Its place among all webhooks of the service.
  public let number: Int
  /// Where to post it.
  public let url: String
  /// The JSON to post.
  public let body: [UInt8]
}

extension SimulatedWorld {
  /// The webhooks that are due now, each once: tell with `webhook(_:wasAnswered:)` what came of it. In process nobody
  /// takes them; there `GET /_simulator/webhooks` shows them.
  public func takeDueWebhooks() -> [OutgoingWebhook] {
    withService { service in
      service.catchUp()
      return service.model.takeDueWebhooks()
    }
  }

  /// Notes what a webhook was answered with; it is due again unless that was 200.
  ///
  /// - Parameter status: the HTTP status; nil where there was no answer.
  public func webhook(_ number: Int, wasAnswered status: Int?) {
    withService { service in
      service.catchUp()
      service.model.webhook(number, wasAnswered: status)
    }
  }
}
