package import Templates

/// Asks a server by this machine's curl: there is no TLS in this program but SSH's.
///
/// The request reaches curl by its standard input, so that no process list shows its secrets.
package struct WebFetch {
  private let query: WebQuery
  /// How long all of it may take, in seconds, and how many bytes an answer may have.
  private static let timeLimit = 600
  private static let sizeLimit = 64 << 20

  package init(_ query: WebQuery) { self.query = query }

  /// The body of the answer; throws where there is none, or one of another status than success.
  package func body() throws(TemplateError) -> [UInt8] {
    // `-q`, and first, for what a user's `~/.curlrc` says isn't meant for us.
    var program = Program("/usr/bin/env", ["curl", "-q", "-K", "-"])
    program.input = Array(configuration.utf8)
    program.timeLimit = Self.timeLimit
    program.outputLimit = Self.sizeLimit
    let ending: Program.Ending
    do throws(Program.Problem) {
      ending = try program.run()
    } catch {
      switch error {
      case .unstartable(let reason): throw failure("curl can't be started: \(reason)")
      case .tooSlow: throw failure("not done within \(Self.timeLimit) s")
      case .tooMuch: throw failure("the answer has more than \(Self.sizeLimit >> 20) MiB")
      }
    }
    if ending.status == 127 {
      throw TemplateError(
        .other, "the lookup `url` needs the program curl on this machine", help: "install curl")
    }
    try check(ending)
    return ending.output
  }

  private func check(_ ending: Program.Ending) throws(TemplateError) {
    let said = String(decoding: ending.errors, as: UTF8.self)
    let lines = said.split(whereSeparator: \.isNewline)
    let status = lines.last { $0.hasPrefix("HTTP/") }?.split(separator: " ", maxSplits: 2)
    let code = status.flatMap { $0.count > 1 ? Int($0[1]) : nil }
    let reason = status.flatMap { $0.count > 2 ? String($0[2]) : nil } ?? ""
    switch ending.status {
    case 0:
      if let code, !(200..<300).contains(code) { throw refusal(code, reason) }
    case 28: throw failure("nothing has come for \(query.timeout) s")
    case 47:
      throw refusal(
        code ?? 302,
        "The HTTP server returned a redirect error that would lead to an infinite loop.")
    default:
      let words = lines.last.map { $0.split(separator: " ", maxSplits: 1).last ?? "" } ?? ""
      // The same failure is told alike, however long it took.
      throw failure(String(words).replacing(#/ after \d+ ms/#, with: ""))
    }
  }

  private func refusal(_ code: Int, _ reason: String) -> TemplateError {
    let status = reason.isEmpty ? "\(code)" : "\(code): \(reason)"
    return TemplateError(
      .other, "Received HTTP error for \(query.shownURL): HTTP Error \(status)")
  }

  private func failure(_ reason: String) -> TemplateError {
    TemplateError(.other, "Failed lookup url for \(query.shownURL): \(reason)")
  }

  // MARK: The request

  private var configuration: String {
    let seconds = Int(query.timeout.rounded(.up))
    var lines = [
      "silent", "globoff", "path-as-is", "http1.1", "max-redirs = 10",
      "proto = \"=http,https,ftp,file\"", "proto-redir = \"=http,https,ftp\"",
      "dump-header = \"/dev/stderr\"", #"write-out = "%{stderr}\n%{exitcode} %{errormsg}""#,
      "url = \(Self.quote(query.url))", "user-agent = \(Self.quote(query.agent))",
      "connect-timeout = \(query.timeout)", "speed-time = \(seconds)", "speed-limit = 1",
    ]
    if !query.headers.contains(where: { $0.name.lowercased() == "accept" }) {
      // Takes curl's own away: Ansible sends none.
      lines.append("header = \"Accept:\"")
    }
    for header in headers {
      // curl's own form of a header without a value.
      let text = header.value.isEmpty ? header.name + ";" : "\(header.name): \(header.value)"
      lines.append("header = \(Self.quote(text))")
    }
    if query.followsRedirects { lines.append("location") }
    if let user = query.user {
      lines.append("user = \(Self.quote("\(user):\(query.password ?? "")"))")
    }
    lines.append(query.authenticatesAtOnce ? "basic" : "anyauth")
    if !query.checksCertificates { lines.append("insecure") }
    if let path = query.authorities { lines.append("cacert = \(Self.quote(path))") }
    if let ciphers = query.ciphers { lines.append("ciphers = \(Self.quote(ciphers))") }
    if let path = query.socket { lines.append("unix-socket = \(Self.quote(path))") }
    if !query.usesProxy { lines.append("noproxy = \"*\"") }
    if query.usesNetrc, query.user == nil { lines.append("netrc-optional") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Those given, and of those that Ansible sends what isn't given.
  private var headers: [WebQuery.Header] {
    let given = Set(query.headers.map { $0.name.lowercased() })
    let standard: [WebQuery.Header] = [
      .init("Accept-Encoding", "identity"), .init("Connection", "close"),
    ]
    return query.headers + standard.filter { !given.contains($0.name.lowercased()) }
  }

  private static func quote(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
