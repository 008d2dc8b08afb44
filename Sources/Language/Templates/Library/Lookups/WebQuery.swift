/// What `lookup('url', …)` asks a server for.
package struct WebQuery: Sendable, Equatable {
  package struct Header: Sendable, Equatable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package var url: String
  package var headers: [Header] = []
  package var user: String?
  package var password: String?
  /// Whether user and password go with the first request, not only where the server asks for them.
  package var authenticatesAtOnce = false
  package var agent = "ansible-httpget"
  /// Seconds to connect in, and for which nothing may arrive.
  package var timeout = 10.0
  package var followsRedirects = true
  package var checksCertificates = true
  /// A file of the authorities' certificates; nil for the system's.
  package var authorities: String?
  package var ciphers: String?
  /// A socket of this machine to connect to, instead of the URL's host.
  package var socket: String?
  package var usesProxy = true
  package var usesNetrc = true

  package init(url: String) { self.url = url }

  /// The URL without the user and password that it may hold: for messages.
  package var shownURL: String {
    let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count >= 3, let at = parts[2].lastIndex(of: "@") else { return url }
    let host = parts[2][at...].dropFirst()
    return (parts[..<2] + [host] + parts[3...]).joined(separator: "/")
  }
}
