internal import AkoolCore

extension Model {
  /// Makes appointments for what is to be told of a recording or a clone.
  func arrangeWebhooks(_ url: String?, _ id: String, _ uid: Int64, _ progress: AvatarProgress) {
    guard let url else { return }
    if options.webhookWhileProcessing { agenda.add(.tell(url, id, uid, status: 2), at: progress.processingAt) }
    agenda.add(.tell(url, id, uid, status: progress.fails ? 4 : 3), at: progress.doneAt)
  }

  /// Writes a webhook that is to be sent at once.
  func tell(_ url: String, _ id: String, _ uid: Int64, status: Int64) {
    guard let account = accounts[uid] else { return }
    var content = JSONObject([("_id", .string(id)), ("status", .integer(status)), ("type", "audio")])
    if status == 3 { content["url"] = linkOfSubject(id).map(JSON.string) }
    let signer = WebhookSigner(clientID: account.clientID, clientSecret: account.clientSecret)
    let nonce = String(random.next() % 100_000)
    let body = signer.body(.object(content), timestamp: now, nonce: nonce)
    webhooks.append(Webhook(url: url, subject: id, body: body, state: body == nil ? .unsigned : .due, dueAt: now))
  }

  private func linkOfSubject(_ id: String) -> String? {
    recordings.first { $0.id == id }.map(link) ?? voices.first { $0.id == id }.map(link)
  }

  // MARK: Sending them

  /// Those whose time has come; whoever takes them says afterwards what came of it.
  func takeDueWebhooks() -> [OutgoingWebhook] {
    webhooks.indices.filter { webhooks[$0].state == .due && webhooks[$0].dueAt <= now }.map { number in
      webhooks[number].state = .sent
      webhooks[number].attempts += 1
      return OutgoingWebhook(
        number: number, url: webhooks[number].url, body: webhooks[number].body?.serializedBytes() ?? [])
    }
  }

  /// - Parameter status: the HTTP status of the answer; nil for no answer.
  func webhook(_ number: Int, wasAnswered status: Int?) {
    guard webhooks.indices.contains(number), webhooks[number].state == .sent else { return }
    webhooks[number].lastStatus = status
    if status == 200 {
      webhooks[number].state = .delivered
    } else if webhooks[number].attempts >= options.webhookAttempts {
      webhooks[number].state = .failed
    } else {
      webhooks[number].state = .due
      webhooks[number].dueAt = now + .seconds(options.webhookRetrySeconds)
    }
  }
}
