internal import Hosts
internal import NIOCore
internal import NIOPosix

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// Finds a name's addresses, of one family where that's wanted, away from the event loops.
struct NameLookup: Resolver, Sendable {
  let eventLoop: any EventLoop
  let family: SSHSettings.AddressFamily

  /// Where blocking calls wait: a name server that is silent must not hold up other hosts.
  static let threads: NIOThreadPool = {
    let pool = NIOThreadPool(numberOfThreads: 16)
    pool.start()
    return pool
  }()

  /// What a blocking call gives, made on one of those threads.
  static func waiting<Value: Sendable>(
    _ body: @escaping @Sendable () throws(HostError) -> Value
  ) async throws(HostError) -> Value {
    let result: Result<Value, HostError> = await withCheckedContinuation { continuation in
      threads.submit { _ in
        do throws(HostError) { continuation.resume(returning: .success(try body())) } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    }
    return try result.get()
  }

  func initiateAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
    query(host, port, AF_INET, isWanted: family != .inet6)
  }

  func initiateAAAAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
    query(host, port, AF_INET6, isWanted: family != .inet)
  }

  func cancelQueries() {}

  /// The number of a service of TCP in the system's database.
  static func port(ofService name: String) -> Int? {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    guard name.first?.isLetter == true, getaddrinfo("127.0.0.1", name, &hints, &found) == 0 else {
      return nil
    }
    defer { freeaddrinfo(found) }
    return found.flatMap { Self.address($0.pointee)?.port }
  }

  private func query(
    _ host: String, _ port: Int, _ family: Int32, isWanted: Bool
  ) -> EventLoopFuture<[SocketAddress]> {
    guard isWanted else { return eventLoop.makeSucceededFuture([]) }
    return Self.threads.runIfActive(eventLoop: eventLoop) {
      Self.addresses(of: host, port, family)
    }
  }

  private static func addresses(of host: String, _ port: Int, _ family: Int32) -> [SocketAddress] {
    var hints = addrinfo()
    hints.ai_family = family
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, String(port), &hints, &found) == 0 else { return [] }
    defer { freeaddrinfo(found) }
    var addresses: [SocketAddress] = []
    var next = found
    while let entry = next {
      if let address = address(entry.pointee) { addresses.append(address) }
      next = entry.pointee.ai_next
    }
    return addresses
  }

  private static func address(_ entry: addrinfo) -> SocketAddress? {
    guard let bytes = UnsafeRawPointer(entry.ai_addr) else { return nil }
    switch entry.ai_family {
    case AF_INET: return SocketAddress(bytes.loadUnaligned(as: sockaddr_in.self))
    case AF_INET6: return SocketAddress(bytes.loadUnaligned(as: sockaddr_in6.self))
    default: return nil
    }
  }
}
