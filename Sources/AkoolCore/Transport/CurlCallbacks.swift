internal import CCurl
internal import Glibc

// libcurl's callbacks. They run on the I/O thread, inside curl_multi_perform. File-scope functions:
// a closure might carry a hidden check of an actor that is not there.

func receiveBody(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let context, let bytes else { return 0 }
  let handle = Unmanaged<CurlHandle>.fromOpaque(context).takeUnretainedValue()
  return handle.append(body: UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
}

func receiveHeader(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let context, let bytes else { return 0 }
  let handle = Unmanaged<CurlHandle>.fromOpaque(context).takeUnretainedValue()
  return handle.append(headerLine: UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
}

func sendBody(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let context, let bytes else { return 0 }
  let handle = Unmanaged<CurlHandle>.fromOpaque(context).takeUnretainedValue()
  return handle.read(into: bytes, capacity: size * count)
}

func beginRequest(
  _ context: UnsafeMutableRawPointer?, _ remote: UnsafeMutablePointer<CChar>?, _ local: UnsafeMutablePointer<CChar>?,
  _ remotePort: Int32, _ localPort: Int32
) -> Int32 {
  guard let context else { return CURL_PREREQFUNC_ABORT }
  let handle = Unmanaged<CurlHandle>.fromOpaque(context).takeUnretainedValue()
  return handle.mayBegin() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}

func openSocket(
  _ context: UnsafeMutableRawPointer?, _ purpose: curlsocktype, _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
  guard let context, let address = address?.pointee else { return -1 }
  return Unmanaged<CurlHandle>.fromOpaque(context).takeUnretainedValue().connect(to: address)
}

func closeSocket(_ context: UnsafeMutableRawPointer?, _ descriptor: curl_socket_t) -> Int32 {
  guard let context else { return close(descriptor) }
  Unmanaged<TransportSockets>.fromOpaque(context).takeUnretainedValue().willClose(descriptor)
  return close(descriptor)
}
