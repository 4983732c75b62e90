internal import AkoolCore

extension SimulatedService {
  /// Another client opens a session: on the first account, or on that of `uid`. A uid without an account is a
  /// stranger, who can only occupy an avatar. The other members are those of session/create.
  func openForeignSession(_ body: JSONObject) throws(AkoolError) -> JSON {
    do throws(Refusal) {
      let fields = Fields(body)
      let uid = try fields.integer("uid", 1...Int64.max) ?? model.accounts.mainUID
      let parameters = try SessionParameters(fields, model.options)
      let session = try model.open(parameters, Model.Opening(uid: uid, isForeign: true))
      return model.json(session, asOf: model.now, isNew: true)
    } catch { throw AkoolError(error) }
  }

  /// Another client closes the session that `id` names, whoever opened it.
  func closeForeignSession(_ call: AdministrationCall) throws(AkoolError) -> JSON {
    guard let id = call.request.queryValue("id"), let index = model.sessions.index(id: id) else {
      throw AkoolError(model.unknownSession())
    }
    model.startClosing(index, .closedByForeign, request: nil)
    return model.json(model.sessions[index], asOf: model.now)
  }
}
