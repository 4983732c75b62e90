internal import AkoolCore

/// The members of a request body, read as the service reads them: null, an empty string and an empty object count
/// as not given, and anything of the wrong kind is 1003.
struct Fields {
  private let object: JSONObject
  private let prefix: String

  init(_ object: JSONObject, under prefix: String = "") {
    self.object = object
    self.prefix = prefix
  }

  /// Names of members that are given.
  var given: [String] { object.keys.filter { value($0) != nil } }

  func value(_ name: String) -> JSON? {
    switch object[name] {
    case nil, .null, .string(""): return nil
    case .object(let members) where members.isEmpty: return nil
    case let value: return value
    }
  }

  func text(_ name: String) throws(Refusal) -> String? {
    guard let value = value(name) else { return nil }
    guard let text = value.string else { throw wrong(name, "must be a string") }
    return text
  }

  func requiredText(_ name: String) throws(Refusal) -> String {
    guard let text = try text(name) else { throw wrong(name, "must not be empty") }
    return text
  }

  func choice(_ name: String, _ choices: Set<String>) throws(Refusal) -> String? {
    guard let text = try text(name) else { return nil }
    guard choices.contains(text) else { throw wrong(name, "is not valid") }
    return text
  }

  func number(_ name: String, _ range: ClosedRange<Double>? = nil) throws(Refusal) -> Double? {
    guard let value = value(name) else { return nil }
    guard let number = value.double else { throw wrong(name, "must be a number") }
    if let range, !range.contains(number) { throw wrong(name, "is out of range") }
    return number
  }

  func integer(_ name: String, _ range: ClosedRange<Int64>) throws(Refusal) -> Int64? {
    guard let value = value(name) else { return nil }
    guard let integer = value.integer else { throw wrong(name, "must be an integer") }
    guard range.contains(integer) else { throw wrong(name, "is out of range") }
    return integer
  }

  func flag(_ name: String) throws(Refusal) -> Bool? {
    guard let value = value(name) else { return nil }
    guard let flag = value.bool else { throw wrong(name, "must be true or false") }
    return flag
  }

  func array(_ name: String) throws(Refusal) -> [JSON]? {
    guard let value = value(name) else { return nil }
    guard let array = value.array else { throw wrong(name, "must be an array") }
    return array
  }

  /// The strings of an array; none when it is not given.
  func texts(_ name: String) throws(Refusal) -> [String] {
    let elements = try array(name) ?? []
    let texts = elements.compactMap(\.string)
    guard texts.count == elements.count else { throw wrong(name, "must be strings") }
    return texts
  }

  /// An address, if it is given.
  func optionalLink(_ name: String) throws(Refusal) -> String? { try value(name) == nil ? nil : link(name) }

  /// An address that must be there.
  func link(_ name: String) throws(Refusal) -> String {
    let url = try requiredText(name)
    let rest = ["https://", "http://"].lazy.filter(url.lowercased().hasPrefix).first.map { url.dropFirst($0.count) }
    guard let rest, let first = rest.first, first != "/" else { throw wrong(name, "must be an http(s) link") }
    return url
  }

  /// Whether a text is given and empty.
  func isEmptyText(_ name: String) -> Bool { object[name] == "" }

  func nested(_ name: String) throws(Refusal) -> Fields? {
    guard let value = value(name) else { return nil }
    guard let object = value.object else { throw wrong(name, "must be an object") }
    return Fields(object, under: prefix + name + ".")
  }

  /// The members as they were sent, those that count as not given left out.
  var json: JSONObject { JSONObject(given.compactMap { name in value(name).map { (name, $0) } }) }

  func wrong(_ name: String, _ fault: String) -> Refusal { .parameter("\(prefix)\(name) \(fault)") }
}
