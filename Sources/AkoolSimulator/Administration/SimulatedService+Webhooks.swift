internal import AkoolCore

extension SimulatedService {
  /// Every webhook with its body and what came of it.
  func webhooks() -> JSON {
    ["webhooks": .array(model.webhooks.indices.map { model.webhooks[$0].json($0) })]
  }
}
