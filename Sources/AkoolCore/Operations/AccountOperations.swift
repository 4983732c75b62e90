/// The operations on the account.
enum AccountOperations {
  static let all = [credit]

  static let balance = Endpoint.get("/api/open/v3/faceswap/quota/info")

  static let credit = Operation(
    "account.credit", "Reads the credit balance of the account.", endpoint: balance,
    result: .object(
      ObjectSchema([.required("credit", .number(), "The balance; fractions are possible.")], isOpen: true)),
    evidence: .documented("§3.4"),
    request: { parameters, _ in balance.request(parameters, .safe) },
    body: { client, call, _ async throws(AkoolError) -> JSON in
      let envelope = try await client.service.send(call.endpointRequest(), call)
      guard envelope.data.object != nil else {
        throw ReplyFaults.missing("balance", balance, envelope.data)
      }
      return envelope.data
    })
}
