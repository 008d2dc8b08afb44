internal import OrderedCollections
internal import Values

/// The parts of an address, as Python's `urlsplit` cuts it.
struct URLParts {
  private(set) var scheme = ""
  private(set) var network = ""
  private(set) var path = ""
  private(set) var query = ""
  private(set) var fragment = ""

  /// Line breaks and tabs are passed over, as in browsers; brackets must be those of an address.
  init(_ text: String) throws(TemplateError) {
    let text = String(text.unicodeScalars.filter { !"\t\r\n".unicodeScalars.contains($0) })
    var rest = text[...]
    if let colon = rest.firstIndex(of: ":"), colon != rest.startIndex,
      rest[..<colon].allSatisfy({ $0.isLetter || $0.isNumber || "+-.".contains($0) }),
      rest.first?.isLetter == true
    {
      scheme = rest[..<colon].lowercased()
      rest = rest[rest.index(after: colon)...]
    }
    if rest.hasPrefix("//") {
      rest = rest.dropFirst(2)
      let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
      network = String(rest[..<end])
      guard network.contains("[") == network.contains("]") else {
        throw TemplateError(.other, "Invalid IPv6 URL")
      }
      rest = rest[end...]
    }
    if let hash = rest.firstIndex(of: "#") {
      fragment = String(rest[rest.index(after: hash)...])
      rest = rest[..<hash]
    }
    if let mark = rest.firstIndex(of: "?") {
      query = String(rest[rest.index(after: mark)...])
      rest = rest[..<mark]
    }
    path = String(rest)
  }

  private var user: Substring? {
    network.lastIndex(of: "@").map { network[..<$0] }
  }

  private var address: Substring {
    network.lastIndex(of: "@").map { network[network.index(after: $0)...] } ?? network[...]
  }

  /// Without brackets and port, in lowercase.
  var host: String {
    if address.hasPrefix("["), let end = address.firstIndex(of: "]") {
      return address[..<end].dropFirst().lowercased()
    }
    return address.prefix { $0 != ":" }.lowercased()
  }

  private func port() throws(TemplateError) -> Int? {
    let rest =
      address.hasPrefix("[")
      ? address.firstIndex(of: "]").map { address[$0...].dropFirst() } ?? "" : address
    guard let digits = rest.firstIndex(of: ":").map({ rest[$0...].dropFirst() }), !digits.isEmpty
    else { return nil }
    guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let port = Int(digits) else {
      throw TemplateError(
        .other, "Port could not be cast to integer value as \(PythonText.repr(String(digits)))")
    }
    guard port <= 65_535 else { throw TemplateError(.other, "Port out of range 0-65535") }
    return port
  }

  /// All parts as Ansible's `urlsplit` names them.
  func value() throws(TemplateError) -> Value {
    let names = user?.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false) ?? []
    let secret: Value = names.count > 1 ? .string(String(names[1])) : .null
    return .object([
      "fragment": .string(fragment), "hostname": host.isEmpty ? .null : .string(host),
      "netloc": .string(network), "password": secret, "path": .string(path),
      "port": try port().map { .int($0) } ?? .null, "query": .string(query),
      "scheme": .string(scheme), "username": names.first.map { .string(String($0)) } ?? .null,
    ])
  }
}
