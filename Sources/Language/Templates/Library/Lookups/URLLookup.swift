internal import Values

/// `lookup('url', …)`: the contents of URLs, in lines or whole.
struct URLLookup {
  static let all = [
    Lookup("url") { (call) throws(TemplateError) in
      let lookup = URLLookup(call: call)
      var values: [Value] = []
      for (term, url) in zip(call.terms, call.texts) {
        guard term.unmarked().isText else {
          throw TemplateError(
            .type, "the lookup `url` needs URLs, not \(term.pythonTypeName)")
        }
        let bytes = try call.resources.fetch(try lookup.query(url))
        let splits = try lookup.flag("split_lines", default: true)
        values += (splits ? lines(bytes) : [bytes[...]]).map {
          .string(String(decoding: $0, as: UTF8.self))
        }
      }
      return values
    }
  ]

  private let call: LookupCall

  /// Lines of bytes, which end by fewer characters than those of text.
  private static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex { $0 == 10 || $0 == 13 } ?? bytes.count
      lines.append(bytes[start..<end])
      let isPair = end + 1 < bytes.count && bytes[end] == 13 && bytes[end + 1] == 10
      start = end + (isPair ? 2 : 1)
    }
    return lines
  }

  private func query(_ url: String) throws(TemplateError) -> WebQuery {
    try Self.check(url)
    var query = WebQuery(url: url)
    query.headers = try headers()
    if try flag("force") { query.headers.append(.init("Cache-Control", "no-cache")) }
    query.user = call.text("username")
    query.password = call.text("password")
    query.authenticatesAtOnce = try flag("force_basic_auth")
    query.agent = try text("http_agent") ?? query.agent
    query.timeout = try timeout() ?? query.timeout
    query.followsRedirects = try followsRedirects()
    query.checksCertificates = try flag("validate_certs", default: true)
    query.authorities = try text("ca_path")
    query.ciphers = try ciphers()
    query.socket = try text("unix_socket")
    query.usesProxy = try flag("use_proxy", default: true)
    query.usesNetrc = try flag("use_netrc", default: true)
    try refuse()
    let parts =
      [query.user, query.password, query.agent, query.ciphers, query.socket, query.authorities]
      .compactMap(\.self) + query.headers.flatMap { [$0.name, $0.value] }
    guard !parts.contains(where: { $0.unicodeScalars.contains { $0.value < 32 } }) else {
      throw TemplateError(.other, "a control character can't be part of a request")
    }
    return query
  }

  private static func check(_ url: String) throws(TemplateError) {
    let scheme = url.split(separator: ":", maxSplits: 1).first ?? ""
    guard ["http", "https", "ftp", "file"].contains(scheme.lowercased()), url.contains("://") else {
      throw TemplateError(
        .other, "unknown url type: \(PythonText.repr(url))",
        help: "begin it with http:// or https://")
    }
    guard let bad = url.unicodeScalars.first(where: { $0.value <= 32 || $0.value == 127 }) else {
      return
    }
    let path = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).dropFirst(
      3)
    throw TemplateError(
      .other,
      "URL can't contain control characters. \(PythonText.repr("/" + (path.first ?? ""))) "
        + "(found at least \(PythonText.repr(String(bad))))",
      help: "pass it through the filter `urlencode`")
  }

  // MARK: Options

  /// An option, or the variable that stands for it, or the environment's; nil where nobody says.
  private func option(_ name: String) throws(TemplateError) -> Value? {
    if let value = call.options[name], value != .null { return value.unmarkedDeeply() }
    guard !Self.givenAlone.contains(name) else { return nil }
    let variable = "ansible_lookup_url_" + (Self.shortNames[name] ?? name)
    if let operand = try call.evaluator.context.lookUp(variable), !operand.isUndefined {
      let value = try call.evaluator.value(of: operand)
      guard value.firstUnknown == nil else {
        throw TemplateError(.other, "`\(variable)` isn't known yet")
      }
      return value.unmarkedDeeply()
    }
    return call.resources.environment(variable.uppercased()).map { .string($0) }
  }

  private static let givenAlone: Set = [
    "headers", "split_lines", "use_proxy", "validate_certs", "username", "password",
  ]
  private static let shortNames = [
    "http_agent": "agent", "unredirected_headers": "unredir_headers",
  ]

  private func text(_ name: String) throws(TemplateError) -> String? {
    try option(name).map(PythonText.str)
  }

  private func flag(_ name: String, default standard: Bool = false) throws(TemplateError) -> Bool {
    try option(name).map(NumberFilters.boolean) ?? standard
  }

  private func headers() throws(TemplateError) -> [WebQuery.Header] {
    guard let given = try option("headers") else { return [] }
    guard case .dict(let dict) = given else {
      throw TemplateError(
        .type, "Invalid value provided for 'dictionary': \(PythonText.repr(given))",
        help: "write headers={'Accept': 'text/plain'}")
    }
    return dict.map { .init(PythonText.str($0.key), PythonText.str($0.value)) }
  }

  private func timeout() throws(TemplateError) -> Double? {
    guard let given = try option("timeout") else { return nil }
    guard let seconds = Double(PythonText.str(given)), seconds > 0, seconds < 1e6 else {
      throw TemplateError(
        .type, "Invalid value provided for 'float': \(PythonText.repr(given))",
        help: "`timeout` is in seconds")
    }
    return seconds
  }

  private func followsRedirects() throws(TemplateError) -> Bool {
    let word = try text("follow_redirects") ?? "urllib2"
    switch word.lowercased() {
    case "all", "safe", "urllib2", "yes", "true": return true
    case "none", "no", "false": return false
    default:
      throw TemplateError(
        .other,
        "Invalid value \(PythonText.repr(word)) for config 'follow_redirects' for 'url' lookup plugin.",
        help: "use all, none, safe or urllib2")
    }
  }

  private func ciphers() throws(TemplateError) -> String? {
    switch try option("ciphers") {
    case .list(let items)?: items.map(PythonText.str).joined(separator: ":")
    case let other?: PythonText.str(other).replacing(",", with: ":")
    case nil: nil
    }
  }

  /// Refuses what curl can't do as Ansible does it.
  private func refuse() throws(TemplateError) {
    if try flag("use_gssapi") {
      throw TemplateError(.other, "the lookup `url` has no GSSAPI", help: "leave `use_gssapi` out")
    }
    if let kept = try option("unredirected_headers"), kept.isTruthy {
      throw TemplateError(
        .other, "the lookup `url` can't leave headers out of redirected requests",
        help: "use follow_redirects='none', and leave `unredirected_headers` out")
    }
  }
}
