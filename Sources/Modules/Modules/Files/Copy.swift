internal import Cryptography
internal import Hosts
internal import ModuleKit
internal import Values

/// `copy`: a file, a folder or a text of the controller, or a file of the host itself.
struct Copy: Module {
  static let documentation = ModuleDocumentation(
    name: "copy",
    summary: "Puts a file, a folder or a text on the host.",
    notes: [
      "A file that already holds the content isn't sent; up to a megabyte is compared and shown "
        + "as a diff, what is bigger by its SHA-256.",
      "`src` is looked for in the role's `files/`, then beside the play. A folder's content alone "
        + "is copied where `src` ends with a slash.",
      "Vaulted files arrive decrypted, and are shown nowhere.",
    ],
    arguments: [
      ArgumentSpecification("src", .path, "A file or folder of the controller."),
      ArgumentSpecification(
        "content", .any, "What the file shall hold; data is written as JSON.",
        acceptsUnknown: true),
      ArgumentSpecification("dest", .path, "The file or folder on the host.", isRequired: true),
      ArgumentSpecification(
        "remote_src", .boolean, "`src` is a path on the host.", default: false),
      ArgumentSpecification(
        "force", .boolean, "Replace a file that differs.", default: true, aliases: ["thirsty"]),
      ArgumentSpecification("directory_mode", .mode, "Permissions of folders that are made."),
      ArgumentSpecification("follow", .boolean, "Write through a link at `dest`.", default: false),
      ArgumentSpecification(
        "local_follow", .boolean, "Copy what links in `src` lead to.", default: true),
      ArgumentSpecification(
        "decrypt", .boolean, "Decrypt vaulted files.", default: true),
      ArgumentSpecification("checksum", .string, "SHA-1 that `src` must have."),
    ] + WriteOptions.specifications,
    results: [
      ("dest", "Where the file is."), ("checksum", "SHA-1 of the content."),
      ("backup_file", "The old file, where `backup` kept one."),
    ],
    example: """
      - copy:
          content: "{{ keepalived_password }}"
          dest: /etc/keepalived/password
          mode: '0600'
      """)

  private let source: any CopySource

  init(_ arguments: Arguments) throws(ArgumentError) {
    let hasContent = arguments.isGiven("content")
    guard hasContent != arguments.isGiven("src") else {
      throw ArgumentError(
        argument: hasContent ? "content" : nil,
        hasContent
          ? "`src` and `content` can't both be given" : "`copy` needs `src` or `content`")
    }
    for name in ["local_follow", "decrypt"] where try arguments.boolean(name) == false {
      throw ArgumentError(argument: name, "`\(name): false` isn't supported")
    }
    if try arguments.boolean("remote_src") ?? false {
      source = try RemoteCopy(arguments)
      return
    }
    if hasContent {
      source = try SingleCopy(content: arguments)
      return
    }
    let name = try arguments.requiredString("src")
    let files = arguments.context.files
    let path: String
    do { path = try files.locate(name, in: "files") } catch {
      throw ArgumentError(argument: "src", error.message, help: error.help)
    }
    if files.isFolder(path) == true {
      source = try FolderCopy(path, keepsName: !name.hasSuffix("/"), arguments)
    } else {
      source = try SingleCopy(file: path, arguments)
    }
  }

  /// The state is the change already: what is asked depends on the kind of source.
  var probe: Probe<Change> { source.probe }

  func diff(from current: Change) -> Change { current }
}

/// One of the things that `copy` copies.
protocol CopySource: Sendable {
  /// What to look at, and what it leads to.
  var probe: Probe<Change> { get }
}

/// A text or one file of the controller.
struct SingleCopy: CopySource {
  private let dest: String
  private let baseName: String?
  private let local: LocalContent
  private let options: WriteOptions
  private let folderMode: FileMode?
  private let isForced: Bool
  private let follows: Bool

  /// What `content` gives.
  init(content arguments: Arguments) throws(ArgumentError) {
    let value = arguments.value("content") ?? ""
    try self.init(LocalContent.value(value, arguments), baseName: nil, arguments)
  }

  /// A file at a path of the controller.
  init(file path: String, _ arguments: Arguments) throws(ArgumentError) {
    let mode = try FileMode(arguments)
    let local = try LocalContent.file(
      path, arguments.context.files, wantsMode: mode?.form == .preserve)
    try Self.check(local, against: arguments.string("checksum"))
    try self.init(local, baseName: RemotePath.baseName(path), arguments)
  }

  private init(
    _ local: LocalContent, baseName: String?, _ arguments: Arguments
  ) throws(ArgumentError) {
    dest = try arguments.requiredString("dest")
    self.baseName = baseName
    self.local = local
    options = try WriteOptions(arguments)
    folderMode = try FileMode(arguments, "directory_mode")
    isForced = try arguments.boolean("force") ?? true
    follows = try arguments.boolean("follow") ?? false
  }

  private static func check(
    _ local: LocalContent, against checksum: String?
  ) throws(ArgumentError) {
    guard let checksum, let found = local.sha1 else { return }
    if found == checksum.lowercased() { return }
    throw ArgumentError(
      argument: "checksum", "the file's SHA-1 is \(found), not \(checksum)",
      help: "see whether it is the file that you meant")
  }

  var probe: Probe<Change> {
    Destination.probe(
      dest, baseName: baseName, followsLinks: follows, comparedBy: local.comparison
    ).map { change(at: $0) }
  }

  private func change(at place: Destination) -> Change {
    if !isForced, place.status.exists { return .satisfied(place.status.result()) }
    if baseName == nil, place.status.kind == .directory {
      return .failed("`content` can't be written to the folder \(place.path)")
    }
    var file = options.file(
      place.path, local.content, isSecret: local.isSecret, sourceMode: local.mode)
    file.large = local.large
    return place.change(to: file, folderMode: folderMode)
  }
}
