package import Hosts
package import ModuleKit
internal import OrderedCollections
internal import Values

/// Adds and removes package repositories, as `.sources` files.
package struct Deb822RepositoryModule: Module {
  private static let booleans = [
    "allow_downgrade_to_insecure", "allow_insecure", "allow_weak", "by_hash", "check_date",
    "check_valid_until", "enabled", "pdiffs", "trusted",
  ]
  private static let lists = [
    "architectures", "components", "exclude", "include", "languages", "suites", "targets", "uris",
  ]

  package static let documentation = ModuleDocumentation(
    name: "deb822_repository", summary: "Adds and removes apt repositories, as `.sources` files.",
    notes: [
      "A `signed_by` URL is fetched by the host, with curl or wget, where the key isn't there yet; "
        + "a key that is there is kept.",
      "It doesn't bring the lists of packages; `apt` with `update_cache: true` does.",
    ],
    arguments: [
      ArgumentSpecification("name", .string, "The repository's name.", isRequired: true),
      ArgumentSpecification(
        "state", .string, "Whether it shall be there.", default: "present",
        choices: ["present", "absent"]),
      ArgumentSpecification("types", .list, "`deb` and `deb-src`.", default: ["deb"]),
      ArgumentSpecification(
        "signed_by", .string, "The key's path, fingerprint, URL, or text."),
      ArgumentSpecification("date_max_future", .integer, "Seconds of clock skew to accept."),
      ArgumentSpecification("inrelease_path", .string, "Path of the InRelease file."),
      ArgumentSpecification("mode", .mode, "Permissions of the file.", default: "0644"),
      ArgumentSpecification(
        "install_python_debian", .boolean, "Without meaning; nothing is needed.",
        default: false),
    ]
      + booleans.map { ArgumentSpecification($0, .boolean, "apt's \(field($0)).") }
      + lists.map { ArgumentSpecification($0, .list, "apt's \(field($0)).") },
    results: [
      ("dest", "The file."), ("repo", "Its content."), ("key_filename", "The key's file."),
    ],
    example: """
      - name: Where kubeadm comes from
        ansible.builtin.deb822_repository:
          name: kubernetes
          uris: https://pkgs.k8s.io/core:/stable:/v1.30/deb/
          suites: /
          signed_by: https://pkgs.k8s.io/core:/stable:/v1.30/deb/Release.key
      """)

  /// `allow_weak` is apt's `Allow-Weak`.
  private static func field(_ name: String) -> String {
    if name == "uris" { return "URIs" }
    if name == "name" { return "X-Repolib-Name" }
    return name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }
      .joined(separator: "-")
  }

  private let slug: String
  private let isPresent: Bool
  private let fields: [String: String]
  /// A URL to fetch the key from.
  private let keyURL: String?
  private let mode: UInt16

  package init(_ arguments: Arguments) throws(ArgumentError) {
    let name = try arguments.requiredString("name")
    slug = Self.slug(of: name)
    isPresent = try arguments.string("state") != "absent"
    var fields = ["name": name]
    for key in Self.booleans {
      if let flag = try arguments.boolean(key) { fields[key] = flag ? "yes" : "no" }
    }
    for key in Self.lists + ["types"] {
      if let items = try arguments.strings(key) { fields[key] = items.joined(separator: " ") }
    }
    for key in ["date_max_future", "inrelease_path"] {
      if let text = try arguments.string(key) { fields[key] = text }
    }
    var url: String?
    if let key = try arguments.string("signed_by") {
      if key.hasPrefix("http://") || key.hasPrefix("https://") {
        url = key
      } else {
        fields["signed_by"] = Self.folded(key)
      }
    }
    keyURL = url
    self.fields = fields
    if slug.isEmpty {
      throw ArgumentError(argument: "name", "`\(name)` makes no file name")
    }
    if isPresent {
      for needed in ["uris", "suites"] where fields[needed] == nil {
        throw ArgumentError(argument: needed, "`deb822_repository` needs `\(needed)`")
      }
    }
    guard let mode = UInt16(try arguments.string("mode") ?? "0644", radix: 8), mode <= 0o7777 else {
      throw arguments.mismatch("mode", "octal digits in quotes")
    }
    self.mode = mode
  }

  /// By Ansible's rule: small letters, digits and `-`; spaces and `_` become one `-`.
  private static func slug(of name: String) -> String {
    var slug = ""
    var isGap = false
    for character in name.lowercased() {
      if character.isWhitespace || character == "_" {
        isGap = true
      } else if character.isASCII, character.isLetter || character.isNumber || character == "-" {
        if isGap { slug += "-" }
        isGap = false
        slug.append(character)
      }
    }
    return slug
  }

  /// A text of several lines as a field holds it: indented, `.` for an empty line.
  private static func folded(_ text: String) -> String {
    let lines = text.withoutFinalNewlines.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.count == 1 { return text.trimmed }
    return "\n"
      + lines.map { "    " + ($0.allSatisfy(\.isWhitespace) ? "." : $0) }
      .joined(separator: "\n")
  }

  private var path: String { "/etc/apt/sources.list.d/\(slug).sources" }
  private func keyPath(_ suffix: String) -> String { "/etc/apt/keyrings/\(slug).\(suffix)" }

  /// The fields in the order of their arguments' names.
  private func text(key: String?) -> String {
    var fields = fields
    if let key { fields["signed_by"] = key }
    return fields.keys.sorted().map { name in
      let value = fields[name] ?? ""
      return "\(Self.field(name)):\(value.hasPrefix("\n") ? "" : " ")\(value)\n"
    }.joined()
  }

  package struct State: Hashable, Sendable {
    package var file: FileStatus
    /// `asc` or `gpg`: what the key's file is, or is to be; nil where there is none.
    package var keySuffix: String?
    package var hasKey: Bool
  }

  package var probe: Probe<State> {
    Probe<FileStatus>(.content(of: path)).and(keyProbe).map { (file, key) throws(HostError) in
      State(file: file, keySuffix: key?.suffix, hasKey: key?.isThere ?? false)
    }
  }

  private var keyProbe: Probe<(suffix: String, isThere: Bool)?> {
    let find = """
      for s in asc gpg; do if [ -e /etc/apt/keyrings/\(slug).$s ]; then echo "there $s"; exit 0; fi; done

      """
    var script = find
    if let keyURL, isPresent {
      script += """
        k=$(\(Download.script(keyURL)) | head -c 4096 | tr -d '\\000') || exit 1
        if [ -z "$k" ]; then echo "no key at "\(Shell.quote(keyURL)) >&2; exit 1; fi
        case $k in *'BEGIN PGP PUBLIC KEY'*) echo absent asc;; *) echo absent gpg;; esac
        """
    } else if isPresent {
      return Probe(nil)
    }
    let query = Query<(suffix: String, isThere: Bool)?>(
      script,
      about: [.path("/etc/apt/keyrings/\(slug).asc"), .path("/etc/apt/keyrings/\(slug).gpg")]
    ) { (output) throws(HostError) in
      if output.status != 0 {
        throw HostError(.probeFailed, "Could not fetch signed_by key: \(output.complaint)")
      }
      let words = output.text.split(whereSeparator: \.isWhitespace)
      return words.count == 2 ? (String(words[1]), words[0] == "there") : nil
    }
    return Probe<(suffix: String, isThere: Bool)?>(query)
  }

  package func diff(from current: State) -> Change {
    let key = current.keySuffix.map(keyPath)
    let before = current.file.content.map { String(decoding: $0, as: UTF8.self) }
    var change = Change()
    if isPresent {
      let after = text(key: keyURL == nil ? nil : key)
      if let keyURL, let key, !current.hasKey {
        change.actions.append(fetch(keyURL, to: key))
        change.differences.append(Difference(key, .attribute(before: "absent", after: keyURL)))
      }
      if before != after || current.file.mode != mode {
        change.differences.append(Difference(path, .text(before: before, after: after)))
        let write = FileWrite(
          path: path, content: .text(after), attributes: FileAttributes(mode: mode))
        change.actions.append(
          Action(.write(write), touches: [.path(path), .packageSources], summary: "write \(path)"))
      }
      change.result["repo"] = .string(after)
    } else {
      for (file, isThere) in [(path, current.file.exists), (key ?? "", current.hasKey)]
      where isThere {
        change.differences.append(
          Difference(file, .attribute(before: "present", after: "absent")))
        change.actions.append(
          Action(
            .remove(path: file), touches: [.path(file), .packageSources], summary: "remove \(file)")
        )
      }
      change.result["repo"] = .null
    }
    change.reason = change.differences.map(\.label).joined(separator: ", ")
    change.result["dest"] = .string(path)
    change.result["key_filename"] = keyURL == nil ? .null : key.map { .string($0) } ?? .null
    return change
  }

  private func fetch(_ url: String, to path: String) -> Action {
    let script = """
      mkdir -p /etc/apt/keyrings || exit 1
      t=$(mktemp /etc/apt/keyrings/.key.XXXXXX) || exit 1; trap 'rm -f "$t"' EXIT
      \(Download.script(url)) > "$t" && [ -s "$t" ] && chmod 644 "$t" && mv "$t" \(Shell.quote(path))
      """
    return Action(
      .run(Command(script)), touches: [.path(path)], summary: "fetch \(url) to \(path)")
  }
}

/// Fetches what a URL holds, by what the host has for that.
enum Download {
  /// A shell command that writes it to standard output, and fails where the server does.
  static func script(_ url: String) -> String {
    let word = Shell.quote(url)
    return "if command -v curl >/dev/null; then curl -fsSL --max-time 60 -- \(word); "
      + "else wget -q -T 60 -O - -- \(word); fi"
  }
}
