internal import CCurl

/// What a transport has done so far.
struct TransportStatistics {
  private(set) var connectionsMade: Int64 = 0
  private(set) var bytesSent: Int64 = 0
  private(set) var bytesReceived: Int64 = 0

  mutating func count(_ handle: CurlHandle) {
    connectionsMade += Int64(handle.long(CURLINFO_NUM_CONNECTS))
    bytesSent += Int64(handle.long(CURLINFO_REQUEST_SIZE)) + handle.offset(CURLINFO_SIZE_UPLOAD_T)
    bytesReceived += Int64(handle.long(CURLINFO_HEADER_SIZE)) + handle.offset(CURLINFO_SIZE_DOWNLOAD_T)
  }

  func json(openConnections: Int) -> JSON {
    [
      "open_connections": .integer(Int64(openConnections)), "connections_made": .integer(connectionsMade),
      "bytes_sent": .integer(bytesSent), "bytes_received": .integer(bytesReceived),
    ]
  }
}
