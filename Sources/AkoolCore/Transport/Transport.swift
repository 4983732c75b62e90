/// Carries requests to the service: over libcurl, or to the simulator in this process.
///
/// A transport belongs to one event loop. Every call to it and every completion happen on that loop's thread.
public protocol Transport: AnyObject {
  /// Whether replies come from the simulator; reported as `meta.simulated`.
  var isSimulated: Bool { get }

  /// How many transfers can start without making a connection first.
  var readyConnections: Int { get }

  /// Called on the loop when `readyConnections` has grown without the end of a transfer.
  var onReadyConnection: (() -> Void)? { get set }

  /// Starts a transfer. `completion` is called exactly once, never before `start` has returned, unless the
  /// transfer is cancelled first. The transport keeps no time limit of its own but that of connecting.
  func start(_ request: HTTPRequest, completion: @escaping (TransferOutcome) -> Void) -> any Transfer

  /// Cancels what is under way, closes connections and frees everything. Nothing is started afterwards.
  func shutDown()
}

/// A transfer that is under way.
public protocol Transfer: AnyObject {
  /// Ends the transfer at once; its completion is not called. Returns whether the server may have the
  /// request. After completion it does nothing.
  @discardableResult func cancel() -> Delivery
}

/// Whether a request can have reached the server.
public enum Delivery: Sendable, Equatable {
  /// It certainly has not: repeating is safe whatever it does.
  case notSent
  /// It may have, in whole or in part.
  case maybeSent
}

/// How a transfer ended.
public enum TransferOutcome: Sendable {
  /// A complete response, of whatever status.
  case response(HTTPResponse)
  /// No complete response.
  case failure(TransferFailure)
}

/// Why a transfer has no response.
public struct TransferFailure: Error, Sendable, Equatable {
  /// What went wrong, as far as callers act on it.
  public enum Kind: String, Sendable {
    /// The host name does not resolve.
    case nameResolution = "name_resolution"
    /// No connection: refused, unreachable, or not made within the connect time-out.
    case connection
    /// The proxy refuses to connect.
    case proxy
    /// No complete response within the time of one attempt.
    case silence
    /// The TLS handshake or the verification of the certificate failed.
    case tls
    /// The connection broke before the response was complete.
    case broken
    /// The response is larger than `max_body_bytes`, or its headers are endless.
    case tooLarge = "too_large"
    /// The response is not HTTP that can be understood.
    case malformed
    /// A redirect that may not be followed.
    case redirect
    /// The request cannot be sent as it is: a bad URL, proxy or interface.
    case unusable
    /// This machine lacks memory, descriptors or another resource.
    case local
  }

  /// What went wrong.
  public var kind: Kind
  /// In words, without secrets.
  public var message: String
  /// Whether the server may have the request.
  public var delivery: Delivery

  /// A failure of these parts.
  public init(_ kind: Kind, _ message: String, delivery: Delivery) {
    self.kind = kind
    self.message = message
    self.delivery = delivery
  }
}
