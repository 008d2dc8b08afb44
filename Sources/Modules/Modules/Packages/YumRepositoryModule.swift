internal import Hosts
internal import ModuleKit
internal import OrderedCollections
internal import Values

/// Adds and removes repositories of rpms, as sections of `.repo` files.
struct YumRepositoryModule: Module {
  private static let booleans = [
    "countme", "enabled", "enablegroups", "gpgcheck", "module_hotfixes", "repo_gpgcheck",
    "s3_enabled", "skip_if_unavailable", "sslverify",
  ]
  private static let texts = [
    "bandwidth", "cost", "deltarpm_percentage", "failovermethod", "include", "ip_resolve",
    "metadata_expire", "metalink", "mirrorlist", "priority", "proxy", "proxy_username", "retries",
    "sslcacert", "sslclientcert", "sslclientkey", "throttle", "timeout", "username",
  ]
  private static let secrets = ["password", "proxy_password"]
  /// Fields of several values, by what stands between them.
  private static let lists = [
    "baseurl": "\n", "gpgkey": "\n", "exclude": " ", "includepkgs": " ",
  ]
  private static let aliases = [
    "exclude": ["excludepkgs"], "sslcacert": ["ca_cert"], "sslclientcert": ["client_cert"],
    "sslclientkey": ["client_key"], "sslverify": ["validate_certs"],
  ]

  static let documentation = ModuleDocumentation(
    name: "yum_repository",
    summary: "Adds and removes repositories of rpms, as sections of `.repo` files.",
    notes: [
      "The other sections of the file stay, its comments don't, as with Ansible.",
      "What ansible-core has deprecated (`async`, `gpgcakey`, `keepalive`, …) isn't supported.",
    ],
    arguments: [
      ArgumentSpecification("name", .string, "The repository's name for dnf.", isRequired: true),
      ArgumentSpecification("description", .string, "Its name for people."),
      ArgumentSpecification("file", .string, "The file, without `.repo`; `name` by default."),
      ArgumentSpecification(
        "reposdir", .path, "The folder of such files.", default: "/etc/yum.repos.d"),
      ArgumentSpecification(
        "state", .string, "Whether it shall be there.", default: "present",
        choices: ["present", "absent"]),
    ]
      + lists.keys.sorted().map {
        ArgumentSpecification($0, .list, "dnf's `\($0)`.", aliases: aliases[$0] ?? [])
      }
      + booleans.map {
        ArgumentSpecification($0, .boolean, "dnf's `\($0)`.", aliases: aliases[$0] ?? [])
      }
      + texts.map {
        ArgumentSpecification($0, .string, "dnf's `\($0)`.", aliases: aliases[$0] ?? [])
      }
      + secrets.map { ArgumentSpecification($0, .string, "dnf's `\($0)`.", isSecret: true) }
      + ArgumentSpecification.fileAttributes,
    results: [("repo", "Its name."), ("state", "What it shall be.")],
    example: """
      - name: Where kubeadm comes from
        ansible.builtin.yum_repository:
          name: kubernetes
          description: Kubernetes
          baseurl: https://pkgs.k8s.io/core:/stable:/v1.30/rpm/
          gpgkey: https://pkgs.k8s.io/core:/stable:/v1.30/rpm/repodata/repomd.xml.key
          gpgcheck: true
          exclude: [kubelet, kubeadm, kubectl]
      """)

  private let name: String
  private let folder: String
  private let path: String
  private let isPresent: Bool
  /// What the section shall hold, in the order of the names.
  private let fields: OrderedDictionary<String, String>
  private let attributes: AttributeDemand
  private let isSecret: Bool

  init(_ arguments: Arguments) throws(ArgumentError) {
    name = try arguments.requiredString("name")
    folder = try arguments.string("reposdir") ?? "/etc/yum.repos.d"
    path = "\(folder)/\(try arguments.string("file") ?? name).repo"
    isPresent = try arguments.string("state") != "absent"
    attributes = try AttributeDemand(arguments)
    isSecret = Self.secrets.contains(where: arguments.isGiven)
    var fields: [String: String] = [:]
    fields["name"] = try arguments.string("description")
    for key in Self.booleans {
      if let flag = try arguments.boolean(key) { fields[key] = flag ? "1" : "0" }
    }
    for (key, separator) in Self.lists {
      if let items = try arguments.strings(key) {
        fields[key] = items.joined(separator: separator)
      }
    }
    for key in Self.texts + Self.secrets { fields[key] = try arguments.string(key) ?? fields[key] }
    self.fields = OrderedDictionary(
      uniqueKeysWithValues: fields.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    if name.contains("/") || name.contains("]") || name.contains("\n") {
      throw ArgumentError(argument: "name", "`\(name)` can't name a repository")
    }
    guard isPresent else { return }
    if fields["name"] == nil {
      throw ArgumentError("state is present but all of the following are missing: description")
    }
    if fields["baseurl"] == nil, fields["mirrorlist"] == nil, fields["metalink"] == nil {
      throw ArgumentError(
        "state is present but any of the following are missing: baseurl, mirrorlist, metalink")
    }
  }

  struct State: Hashable, Sendable {
    var file: FileStatus
    var folder: FileStatus
  }

  var probe: Probe<State> {
    let folder = FileQuestion(path: folder)
    return Probe<FileStatus>(.content(of: path)).and(Probe<FileStatus>(.file(folder))).map {
      (file, folder) throws(HostError) in State(file: file, folder: folder)
    }
  }

  func diff(from current: State) -> Change {
    var change = fileChange(from: current)
    change.result["repo"] = .string(name)
    change.result["state"] = isPresent ? "present" : "absent"
    change.actions = change.actions.map { action in
      var action = action
      action.touches.append(.packageSources)
      return action
    }
    return change
  }

  private func fileChange(from current: State) -> Change {
    if current.folder.kind != .directory {
      return .failed("Repo directory '\(folder)' does not exist.")
    }
    let before = current.file.content.map { String(decoding: $0, as: UTF8.self) }
    guard let old = RepositoryFile(before ?? "") else {
      return .failed("\(path) is no file of repositories: dnf couldn't read it either")
    }
    var new = old
    new.sections[name] = nil
    if isPresent { new.sections[name] = fields }
    if new.saysTheSame(as: old) {
      guard current.file.exists else { return .satisfied() }
      let missing = attributes.missing(from: current.file)
      return .setting(missing, on: path, current.file)
    }
    // A password of another repository in the file is nobody's to see, either.
    let isSecret =
      isSecret || old.sections.values.contains { Self.secrets.contains(where: $0.keys.contains) }
    if new.sections.isEmpty {
      return Change(
        differences: [Difference(path, .text(before: before, after: nil), isSecret: isSecret)],
        actions: [
          Action(.remove(path: path), touches: [.path(path)], summary: "remove \(path)")
        ], reason: "the repository is there")
    }
    let file = WholeFile(
      path: path, content: .text(new.text), attributes: attributes, isSecret: isSecret)
    return file.change(from: current.file)
  }
}
