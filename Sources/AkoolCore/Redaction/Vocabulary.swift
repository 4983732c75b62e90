/// Pieces of the names of fields, which messages have to show.
///
/// A key such as `my-elevenlabs-key` shares a piece with `elevenlabs_settings`; that piece alone is no secret.
enum Vocabulary {
  static let grams: Set<UInt64> = {
    // Credentials of the simulator begin with this word.
    var names: Set<String> = ["simulated"]
    for schema in [ConfigurationSchema.schema, CallOptions.schema] + Catalogue.all.map(\.parameters) {
      collect(schema, &names)
    }
    var found: Set<UInt64> = []
    for name in names {
      // As a field stands in a message: `voice_params.speed`, `urls[0]`.
      for form in [".\(name).", "\(name)["] {
        for reading in CanonicalText(secret: Array(form.utf8)).readings {
          SecretForms.grams(of: reading) { found.insert($0) }
        }
      }
    }
    return found
  }()

  private static func collect(_ schema: ObjectSchema, _ names: inout Set<String>) {
    for field in schema.fields {
      names.insert(field.name)
      collect(field.schema, &names)
    }
  }

  private static func collect(_ schema: Schema, _ names: inout Set<String>) {
    switch schema {
    case .object(let object): collect(object, &names)
    case .array(let element, _), .map(let element): collect(element, &names)
    case .either(let schemas): for schema in schemas { collect(schema, &names) }
    default: break
    }
  }
}
