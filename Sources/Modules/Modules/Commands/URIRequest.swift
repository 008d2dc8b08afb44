internal import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// A request that a host sends, by curl or wget.
package struct URIRequest: Sendable {
  package var url: String
  package var method: String
  package var headers: [(name: String, value: String)]
  package var body: String?
  package var user: String?
  package var password: String?
  package var verifiesCertificates: Bool
  package var authority: String?
  /// `all`, `none`, `safe` or `urllib2`.
  package var redirects: String
  /// Seconds.
  package var timeout: Int
  package var socket: String?

  package init(_ arguments: Arguments) throws(ArgumentError) {
    url = try arguments.requiredString("url")
    guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
      throw ArgumentError(argument: "url", "`\(url)` is no http or https URL")
    }
    method = try arguments.string("method")?.uppercased() ?? "GET"
    headers = (try arguments.dictionary("headers") ?? [:]).map { ($0.key, $0.value.description) }
    user = try arguments.string("url_username")
    password = try arguments.string("url_password")
    verifiesCertificates = try arguments.boolean("validate_certs") ?? true
    authority = try arguments.string("ca_path")
    redirects = try arguments.string("follow_redirects") ?? "safe"
    timeout = try arguments.integer("timeout") ?? 30
    socket = try arguments.string("unix_socket")
    let format = try arguments.string("body_format") ?? "raw"
    body = try Self.body(arguments, format)
    let types = [
      "json": "application/json", "form-urlencoded": "application/x-www-form-urlencoded",
    ]
    if body != nil, let type = types[format],
      !headers.contains(where: { $0.name.lowercased() == "content-type" })
    {
      headers.append(("Content-Type", type))
    }
  }

  private static func body(
    _ arguments: Arguments, _ format: String
  ) throws(ArgumentError) -> String? {
    guard let value = arguments.value("body")?.unmarkedDeeply(), value != .null else { return nil }
    if case .string(let text) = value { return text }
    switch format {
    case "json": return JSONText.write(value)
    case "form-urlencoded":
      let fields = try arguments.dictionary("body") ?? [:]
      return fields.map { "\(encode($0.key))=\(encode($0.value.description))" }
        .joined(separator: "&")
    default: return try arguments.string("body")
    }
  }

  private static func encode(_ text: String) -> String {
    text.utf8.map { byte in
      let isPlain =
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || "-._~".utf8.contains(byte)
      if isPlain { return String(UnicodeScalar(byte)) }
      if byte == 0x20 { return "+" }
      return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }.joined()
  }

  /// Whether it only reads, so that a plan may send it.
  package var isReading: Bool { ["GET", "HEAD", "OPTIONS"].contains(method) }

  /// Sends it. What may be secret is in a configuration that curl reads from a pipe, never in its
  /// arguments.
  package var script: String {
    var end = "ORCHESTRATE_END"
    let configuration = configuration
    while configuration.contains(end) { end += "_" }
    return """
      if command -v curl >/dev/null; then
      LC_ALL=C curl -q -K - <<'\(end)'
      \(configuration)
      \(end)
      else
      \(wgetScript)
      fi
      """
  }

  private var configuration: String {
    var lines = [
      "silent", "show-error", "include", "url = \(Self.quote(url))",
      "max-time = \(timeout)", "user-agent = \"ansible-httpget\"",
      "write-out = \"\\n\u{1}%{http_code} %{url_effective}\"", "globoff",
    ]
    if method == "HEAD" {
      lines.append("head")
    } else if method != "GET" || body != nil {
      lines.append("request = \(Self.quote(method))")
    }
    if !verifiesCertificates { lines.append("insecure") }
    if let authority { lines.append("cacert = \(Self.quote(authority))") }
    if let socket { lines.append("unix-socket = \(Self.quote(socket))") }
    if redirects == "all" || redirects == "yes" || redirects == "urllib2"
      || redirects == "safe" && ["GET", "HEAD"].contains(method)
    {
      lines.append("location")
    }
    if let user { lines.append("user = \(Self.quote("\(user):\(password ?? "")"))") }
    for header in headers {
      lines.append("header = \(Self.quote("\(header.name): \(header.value)"))")
    }
    if let body { lines.append("data-raw = \(Self.quote(body))") }
    return lines.joined(separator: "\n")
  }

  /// A value in curl's configuration.
  private static func quote(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      .replacing("\n", with: "\\n").replacing("\r", with: "\\r").replacing("\t", with: "\\t")
    return "\"\(escaped)\""
  }

  /// wget serves plain requests; it gets login and headers from a file of settings on a pipe.
  private var wgetScript: String {
    if !isReading || body != nil || socket != nil {
      return "echo 'uri needs curl on the host for this request' >&2; exit 9"
    }
    var settings = headers.map { "header = \($0.name): \($0.value)" }
    if let user { settings += ["http_user = \(user)", "http_password = \(password ?? "")"] }
    if settings.contains(where: { $0.contains("\n") || $0.contains("ORCHESTRATE_END") }) {
      return "echo 'uri needs curl on the host for this request' >&2; exit 9"
    }
    var words = [
      "wget", "-q", "-S", "-O", "-", "--content-on-error", "-t", "1", "-T", String(timeout),
      "--config=/dev/fd/9",
    ]
    if !verifiesCertificates { words.append("--no-check-certificate") }
    if let authority { words.append("--ca-certificate=\(authority)") }
    if redirects == "none" || redirects == "no" { words.append("--max-redirect=0") }
    if method != "GET" { words.append("--method=\(method)") }
    return """
      command -v wget >/dev/null || { echo 'uri needs curl or wget on the host' >&2; exit 9; }
      e=$(mktemp) || exit 9; b=$(mktemp) || exit 9; trap 'rm -f "$e" "$b"' EXIT
      \(Shell.words(words)) -- \(Shell.quote(url)) > "$b" 2> "$e" 9<<'ORCHESTRATE_END'
      \(settings.joined(separator: "\n"))
      ORCHESTRATE_END
      if grep -q '^  HTTP/' "$e"; then
      sed -n 's/^  //p' "$e" | grep -v '^HTTP/.* 100'; echo; cat "$b"
      printf '\\n\\001%s %s' "$(sed -n 's/^  HTTP[^ ]* \\([0-9]*\\).*/\\1/p' "$e" | tail -n 1)" \(Shell.quote(url))
      else cat "$e" >&2; exit 7; fi
      """
  }
}
