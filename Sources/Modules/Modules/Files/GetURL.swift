internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Values

/// `get_url`: a file from the web.
struct GetURL: Module {
  static let documentation = ModuleDocumentation(
    name: "get_url",
    summary: "Makes the host download a file.",
    notes: [
      "The host needs curl, or wget where neither headers nor passwords are sent.",
      "Give a `checksum`: then a file that has it costs no request. Without, the server is asked "
        + "whether it has something newer, and what arrives counts as a change only if it differs.",
      "In a folder the file gets the URL's last name; a name that the server proposes isn't used.",
    ],
    arguments: [
      ArgumentSpecification("url", .string, "HTTP, HTTPS, FTP or file URL.", isRequired: true),
      ArgumentSpecification("dest", .path, "The file on the host, or a folder.", isRequired: true),
      ArgumentSpecification(
        "checksum", .string, "`sha256:DIGEST`, or `sha256:URL` of a list of digests."),
      ArgumentSpecification("force", .boolean, "Download in any case.", default: false),
      ArgumentSpecification("timeout", .integer, "Seconds without an answer.", default: 10),
      ArgumentSpecification("headers", .dictionary, "Headers to send."),
      ArgumentSpecification(
        "url_username", .string, "For HTTP authentication.", aliases: ["username"]),
      ArgumentSpecification(
        "url_password", .string, "For HTTP authentication.", aliases: ["password"], isSecret: true),
      ArgumentSpecification(
        "force_basic_auth", .boolean, "Taken for compatibility; it is always so.", default: false),
      ArgumentSpecification("validate_certs", .boolean, "Check certificates.", default: true),
      ArgumentSpecification("use_proxy", .boolean, "Use the host's proxy.", default: true),
      ArgumentSpecification(
        "http_agent", .string, "What the client calls itself.", default: "ansible-httpget"),
    ] + WriteOptions.specifications.filter { $0.name != "validate" },
    results: [
      ("dest", "Where the file is."), ("url", "What was asked for."),
      ("checksum_dest", "SHA-1 of the file."), ("checksum_src", "SHA-1 of what arrived."),
      ("size", "Its size."), ("backup_file", "The old file, where `backup` kept one."),
    ],
    example: """
      - get_url:
          url: https://example.org/containerd.tar.gz
          dest: /usr/local/src/containerd.tar.gz
          checksum: sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
      """)

  /// What is there, and what is known about what the server has.
  struct State: Sendable {
    var place: Destination
    /// The digest that the file must have; nil where none is asked for.
    var wanted: String?
    /// The digest of the file that is there, of the same kind.
    var present: String?
    /// Whether the server says that it has nothing newer.
    var isFresh = false
  }

  private let request: WebRequest
  private let dest: String
  private let checksum: Checksum?
  private let isForced: Bool
  private let keepsBackup: Bool
  private let attributes: AttributeDemand

  init(_ arguments: Arguments) throws(ArgumentError) {
    request = try WebRequest(arguments)
    dest = try arguments.requiredString("dest")
    checksum = try Checksum(arguments)
    isForced = try arguments.boolean("force") ?? false
    keepsBackup = try arguments.boolean("backup") ?? false
    attributes = try AttributeDemand(arguments)
    if attributes.mode?.form == .preserve {
      throw ArgumentError(argument: "mode", "what is downloaded has no mode to preserve")
    }
  }

  /// The last name in the URL's path.
  private var fileName: String {
    let path = request.url.prefix { $0 != "?" && $0 != "#" }
    let parts = path.split(separator: "/").dropFirst(2)
    return parts.last.map(String.init) ?? "index.html"
  }

  var probe: Probe<State> {
    Destination.probe(dest, baseName: fileName, followsLinks: true).then {
      (place) throws(HostError) in
      if let checksum { return compared(place, checksum) }
      guard place.status.kind == .file, !isForced else { return Probe(State(place: place)) }
      let question = Question(
        script: request.status(newerThan: place.path),
        about: [.url(request.url), .path(place.path)])
      return Probe(
        Query<State>(question) { (output) throws(HostError) in
          State(place: place, isFresh: output.text == "304")
        })
    }
  }

  private func compared(_ place: Destination, _ checksum: Checksum) -> Probe<State> {
    let word = Shell.quote(place.path)
    let own = Query<String?>(
      "[ -f \(word) ] && \(DigestProgram.command(checksum.algorithm, word)) || :",
      about: [.path(place.path)]
    ) { (output) throws(HostError) in
      FactSections.words(output.text.replacing("\n", with: " ")).first
    }
    switch checksum.source {
    case .digest(let digest):
      return Probe(own).map { State(place: place, wanted: digest, present: $0) }
    case .list(let url):
      let list = Query<String>(
        request.with(url: url).download(to: "-"), about: [.url(url)]
      ) { (output) throws(HostError) in
        guard output.status == 0 else {
          throw HostError(.probeFailed, "can't get \(url): \(output.errorText)", output: output)
        }
        return output.text
      }
      return Probe(own).and(Probe(list)).map { (present, list) throws(HostError) in
        guard let wanted = Checksum.find(fileName, in: list) else {
          throw HostError(.probeFailed, "\(url) has no digest for \(fileName)")
        }
        return State(place: place, wanted: wanted, present: present)
      }
    }
  }

  func diff(from current: State) -> Change {
    let place = current.place
    switch place.status.kind {
    case .directory: return .failed("\(place.path) is a folder")
    case .other: return .failed("\(place.path) is neither a file nor a folder; it is left alone")
    case .absent, .file, .link: break
    }
    let isRight = current.wanted.map { $0 == current.present } ?? current.isFresh
    if place.status.kind == .file, isRight, !isForced || current.wanted != nil {
      var change = Change.setting(
        attributes.missing(from: place.status), on: place.path, place.status)
      change.result.merge(base(place)) { $1 }
      return change
    }
    return download(current)
  }

  private func download(_ current: State) -> Change {
    let place = current.place
    let missing =
      place.status.kind == .file ? attributes.missing(from: place.status) : FileAttributes()
    let script = RemoteFileScript(
      path: place.path, attributes: attributes.all(over: place.status),
      keepsBackup: keepsBackup && place.status.exists)
    var fill = request.download(to: "\"$new\"") + " || exit 1"
    if let checksum, let wanted = current.wanted {
      let found = DigestProgram.command(checksum.algorithm, "\"$new\"")
      fill += """

        found=$(\(found)); [ "$found" = \(Shell.quote(wanted)) ] || {
        echo "the file's \(checksum.algorithm) is $found, not \(wanted)" >&2; exit 1; }
        """
    }
    fill += "\nif [ -f \"$path\" ] && cmp -s -- \"$new\" \"$path\"; then echo same; exit 0; fi\n:"
    let report = "\nprintf 'saved %s\\n' \"$(\(DigestProgram.command("sha1", "\"$path\"")))\""
    var actions = [
      Action(
        .run(Command(script.replace(by: fill) + report, isContained: true)),
        touches: [.path(place.path)], summary: "download \(request.shownURL) to \(place.path)")
    ]
    actions += Change.setting(missing, on: place.path, place.status).actions
    let before =
      place.status.exists ? current.present.map { "digest \($0.prefix(12))" } ?? "file" : "(absent)"
    let after = current.wanted.map { "digest \($0.prefix(12))" } ?? "as downloaded"
    let state = attributes.all(over: place.status)
    return Change(
      differences: [Difference(place.path, .attribute(before: before, after: after))]
        + AttributeDemand.differences(from: place.status, to: state),
      actions: actions,
      reason: !place.status.exists
        ? "file missing" : current.wanted == nil ? "may be out of date" : "digest differs",
      result: base(place), unknownResults: ["checksum_dest", "checksum_src", "size"]
    ) { outputs in
      Self.completion(outputs.first?.text ?? "", hasAttributes: !missing.isEmpty)
    }
  }

  private static func completion(_ text: String, hasAttributes: Bool) -> Completion {
    var completion = Completion(result: ["msg": "OK"])
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      if line == "same" { completion.changed = hasAttributes }
      if line.hasPrefix("backup_file=") {
        completion.result["backup_file"] = .string(String(line.dropFirst(12)))
      }
      if words.count == 2, words[0] == "saved" {
        completion.result["checksum_dest"] = .string(words[1])
        completion.result["checksum_src"] = .string(words[1])
      }
    }
    return completion
  }

  private func base(_ place: Destination) -> OrderedDictionary<String, Value> {
    ["dest": .string(place.path), "url": .string(request.shownURL), "state": "file"]
  }
}

/// `sha256:DIGEST` or `sha256:URL`.
struct Checksum: Hashable, Sendable {
  enum Source: Hashable, Sendable {
    case digest(String)
    case list(url: String)
  }

  let algorithm: String
  let source: Source

  init?(_ arguments: Arguments) throws(ArgumentError) {
    guard let text = try arguments.string("checksum"), !text.isEmpty else { return nil }
    let parts = text.split(separator: ":", maxSplits: 1).map(FactSections.strip)
    guard parts.count == 2, DigestProgram.names.contains(parts[0].lowercased()) else {
      throw ArgumentError(
        argument: "checksum",
        "`checksum` must be \(DigestProgram.names.joined(separator: ", ")) with a colon and a "
          + "digest or URL"
      )
    }
    algorithm = parts[0].lowercased()
    source = parts[1].contains("://") ? .list(url: parts[1]) : .digest(parts[1].lowercased())
  }

  /// The digest that a list such as sha256sum's has for a file; a lone digest is meant for any.
  static func find(_ name: String, in list: String) -> String? {
    let lines = list.split { $0 == "\n" || $0 == "\r\n" }.map { FactSections.words(String($0)) }
    if lines.count == 1, lines[0].count == 1 { return lines[0][0].lowercased() }
    for words in lines where words.count >= 2 {
      // `NAME`, `*NAME` (binary) and `./NAME`, alone or behind folders.
      if words.dropFirst().contains(where: {
        RemotePath.baseName($0.hasPrefix("*") ? String($0.dropFirst()) : $0) == name
      }) {
        return words[0].lowercased()
      }
    }
    return nil
  }
}
