internal import AkoolCore

extension Model {
  static let languageRoutes: [Route] = [
    Route("GET", "/api/open/v3/language/list", "language.list") { (_, _) throws(Refusal) in
      Answer(["lang_list": .array(languages.map(entry))])
    }
  ]

  /// Name of a language; its code if the list lacks it.
  static func languageName(_ code: String) -> String { languages.first { $0.code == code }?.name ?? code }

  private static let languages: [(code: String, name: String)] = [
    ("en", "English"), ("fr", "French"), ("de", "German"), ("es", "Spanish"), ("it", "Italian"), ("pt", "Portuguese"),
    ("pl", "Polish"), ("tr", "Turkish"), ("ru", "Russian"), ("ja", "Japanese"), ("ko", "Korean"), ("zh", "Chinese"),
    ("zh-CN-shandong", "Chinese (Shandong)"), ("ar", "Arabic"), ("hi", "Hindi"), ("af-ZA", "Afrikaans (South Africa)"),
  ]

  private static func entry(_ code: String, _ name: String) -> JSON {
    [
      "lang_code": .string(code), "lang_name": .string(name),
      "url": .string("https://simulated.example.com/flag/\(code).png"),
    ]
  }
}
