/// Words of this library's own, by their pieces: the names of fields, which messages have to name.
///
/// A key such as `my-elevenlabs-key` shares a piece with `elevenlabs_settings`; on its own that piece tells nothing.
enum Vocabulary {
  static let grams: Set<UInt64> = {
    var found: Set<UInt64> = []
    collect(Catalogue.description, &found)
    return found
  }()

  private static func collect(_ json: JSON, _ found: inout Set<UInt64>) {
    switch json {
    case .object(let object):
      for (key, value) in object.members {
        // As it stands in the place of a field: `voice_params.speed`, `urls[0]`.
        for form in [".\(key).", "\(key)["] { SecretForms.visitText(form) { found.insert($0) } }
        collect(value, &found)
      }
    case .array(let elements): for element in elements { collect(element, &found) }
    default: break
    }
  }
}
