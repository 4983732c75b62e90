/// What makes the handles of one copy of the library mean nothing to another.
enum Salt {
  static func random() -> UInt64 { UInt64.random(in: .min ... .max) }
}
