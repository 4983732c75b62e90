/// Brings the shapes in which avatars come to one.
enum AvatarNormaliser {
  /// One avatar, from an object or an array with one object.
  static func record(_ data: JSON, _ endpoint: Endpoint) throws(AkoolError) -> JSONObject {
    guard let object = data.object ?? data[0]?.object else {
      throw data.array?.isEmpty == true
        ? AkoolError(
          .notFound, "\(endpoint.method) \(endpoint.path): no such avatar",
          hint: "Check the id, and that it belongs to this account.")
        : ReplyFaults.missing("avatar", endpoint, data)
    }
    return normalise(object)
  }

  @Sendable static func normalise(_ avatar: JSONObject) -> JSONObject {
    var avatar = avatar
    Normaliser.identifier(&avatar)
    Normaliser.state(&avatar, AvatarSchemas.states)
    return avatar
  }
}
