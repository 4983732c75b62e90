/// The version of this library.
public enum Version {
  /// `major.minor.patch`.
  public static let string: StaticString = "0.1.0"
}
