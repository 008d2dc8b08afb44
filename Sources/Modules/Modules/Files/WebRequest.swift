internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Values

/// A request for a URL as shell: by the host's curl, or its wget where nothing secret is sent.
///
/// What may be secret reaches curl by its standard input, so that no process list shows it.
struct WebRequest: Hashable, Sendable {
  private(set) var url: String
  var headers: [String: String] = [:]
  var user: String?
  var password: String?
  var checksCertificates = true
  var usesProxy = true
  var agent = "ansible-httpget"
  /// Seconds to connect in, and for which nothing may arrive.
  var timeout = 10
  /// Whether the URL itself must not be shown.
  var hidesURL = false

  init(_ arguments: Arguments) throws(ArgumentError) {
    url = try arguments.requiredString("url")
    user = try arguments.string("url_username")
    password = try arguments.string("url_password")
    checksCertificates = try arguments.boolean("validate_certs") ?? true
    usesProxy = try arguments.boolean("use_proxy") ?? true
    agent = try arguments.string("http_agent") ?? agent
    timeout = max(1, try arguments.integer("timeout") ?? timeout)
    for (name, value) in try arguments.dictionary("headers") ?? [:] {
      headers[name] = value.description
    }
    hidesURL = arguments.isSecret("url")
    var texts = [url, user ?? "", password ?? "", agent]
    for (name, value) in headers { texts += [name, value] }
    if texts.contains(where: { $0.utf8.contains { $0 == 10 || $0 == 13 || $0 == 0 } }) {
      throw ArgumentError("a line break can't be part of a request")
    }
  }

  /// A request without anything secret.
  init(url: String, checksCertificates: Bool = true) {
    self.url = url
    self.checksCertificates = checksCertificates
  }

  /// The same request for another URL.
  func with(url: String) -> WebRequest {
    var other = self
    other.url = url
    return other
  }

  /// The URL, or what stands for it where it is secret or holds a password.
  var shownURL: String {
    if hidesURL { return "(secret)" }
    let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count >= 3, let at = parts[2].lastIndex(of: "@") else { return url }
    let host = "(secret)" + parts[2][at...]
    return (parts[..<2] + [host[...]] + parts[3...]).joined(separator: "/")
  }

  /// Shell that writes the body to what the word `output` expands to.
  func download(to output: String) -> String {
    let plain = headers.isEmpty && user == nil && password == nil && !hidesURL
    var lines = [
      "if command -v curl >/dev/null; then",
      "curl -K - -o \(output) <<'END_OF_REQUEST'", configuration, "END_OF_REQUEST",
    ]
    if plain {
      let check = checksCertificates ? "" : " --no-check-certificate"
      lines += [
        "elif command -v wget >/dev/null; then",
        "wget -q -T \(timeout) -U \(Shell.quote(agent))\(check) -O \(output) -- "
          + Shell.quote(url),
        "else echo 'neither curl nor wget is here' >&2; exit 1; fi",
      ]
    } else {
      lines.append("else echo 'curl is needed where headers or passwords are sent' >&2; exit 1; fi")
    }
    return lines.joined(separator: "\n")
  }

  /// Shell that prints the status of a request for what is newer than a file.
  func status(newerThan path: String) -> String {
    """
    exec 2>/dev/null
    curl -K - -I -z \(Shell.quote(path)) -o /dev/null -w '%{http_code}' <<'END_OF_REQUEST'
    \(configuration)
    END_OF_REQUEST
    """
  }

  private var configuration: String {
    var lines = [
      "fail", "silent", "show-error", "location", "url = \(Self.quote(url))",
      "user-agent = \(Self.quote(agent))", "connect-timeout = \(timeout)",
      "speed-time = \(timeout)", "speed-limit = 1",
    ]
    for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
      lines.append("header = \(Self.quote("\(name): \(value)"))")
    }
    if let user { lines.append("user = \(Self.quote("\(user):\(password ?? "")"))") }
    if !checksCertificates { lines.append("insecure") }
    if !usesProxy { lines.append("noproxy = \"*\"") }
    return lines.joined(separator: "\n")
  }

  private static func quote(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
