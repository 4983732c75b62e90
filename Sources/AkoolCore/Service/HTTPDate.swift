/// Reads the dates of HTTP headers, as `Sun, 06 Nov 1994 08:49:37 GMT`.
enum HTTPDate {
  private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

  /// Unix time in milliseconds, or nil when the text is no such date.
  static func milliseconds(_ text: String) -> Int64? {
    let parts = text.split(whereSeparator: { $0 == " " || $0 == "," || $0 == "-" }).map(String.init)
    guard parts.count >= 5, let day = Int64(parts[1]), let year = Int64(parts[3]),
      let month = months.firstIndex(of: parts[2].lowercased()), let seconds = timeOfDay(parts[4]),
      (1...31).contains(day), (1970...9999).contains(year)
    else { return nil }
    return (days(year, Int64(month) + 1, day) * 86_400 + seconds) * 1000
  }

  private static func timeOfDay(_ text: String) -> Int64? {
    let parts = text.split(separator: ":").map { Int64($0) }
    guard parts.count == 3, let hours = parts[0], let minutes = parts[1], let seconds = parts[2],
      (0...23).contains(hours), (0...59).contains(minutes), (0...60).contains(seconds)
    else { return nil }
    return hours * 3600 + minutes * 60 + seconds
  }

  /// Days since 1970-01-01 in the Gregorian calendar; years begin in March, so that leap days come last.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month > 2 ? year : year - 1
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}

/// Time that a server asks to wait before the next request.
enum RetryAfter {
  /// `retry-after-ms`, or `Retry-After` as seconds or as a date against the server's own `Date`.
  ///
  /// - Parameter now: The calendar's time, for replies without a `Date`.
  static func milliseconds(_ response: HTTPResponse, now: Int64) -> Int64? {
    if let text = response.header("retry-after-ms"), let value = Double(text), value >= 0, value < 1e12 {
      return Int64(value.rounded(.up))
    }
    guard let text = response.header("retry-after") else { return nil }
    if let seconds = Double(text), seconds >= 0, seconds < 1e9 { return Int64((seconds * 1000).rounded(.up)) }
    guard let moment = HTTPDate.milliseconds(text) else { return nil }
    return max(0, moment - (response.header("date").flatMap(HTTPDate.milliseconds) ?? now))
  }
}
