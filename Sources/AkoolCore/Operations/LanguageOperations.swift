/// The operation on languages.
enum LanguageOperations {
  static let all = [list]

  private static let listing = Endpoint.get("/api/open/v3/language/list")

  static let list = Operation(
    "language.list", "Lists the languages that sessions and voices can be asked for.", endpoint: listing,
    result: .object(
      ObjectSchema(
        [
          .required(
            "result",
            .array(
              of: .object(
                ObjectSchema(
                  [
                    .optional("lang_code", .text, "The code, as en or zh-CN-shandong."),
                    .optional("lang_name", .text, "The name in English."),
                    .optional("url", .text, "A picture of a flag."),
                  ], isOpen: true))), "The languages.")
        ], isOpen: true)),
    evidence: .documented("§3.3"),
    disagreements: ["the list is called lang_list, unlike all others: always result here"],
    request: { parameters, _ in listing.request(parameters, .safe) },
    body: { client, call, _ async throws(AkoolError) -> JSON in
      try await client.page(call.endpointRequest(), call) { $0 }
    })
}
