internal import AkoolCore

/// What a handler has to say when all went well.
struct Answer {
  /// The member `data`; nil for none.
  var data: JSON?
  /// Members beside `data`, and in place of `msg`.
  var top: JSONObject?
  /// What is answered instead of JSON.
  var content: Content?
  /// The id of the session or avatar record concerned, for the request log.
  var subject: String?

  /// A reply that is no envelope: a file.
  struct Content {
    let status: Int
    let type: String
    let headers: [HTTPHeader]
    let body: [UInt8]
  }

  init(_ data: JSON? = nil, subject: String? = nil) {
    self.data = data
    self.subject = subject
  }
}
